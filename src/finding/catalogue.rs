//! The catalogue of findings: one constant for each kind, and the one list of them all.

use super::{Code, Severity};

/// `required-missing`
pub static REQUIRED_MISSING: Code = Code {
    id: "required-missing",
    severity: Severity::Error,
    title: "people lack a value that the target requires",
    explanation: "The target refuses a person without this field: Vome needs a first name, a last name and an e-mail address to create a profile; Omneo needs an e-mail address to match by.",
    example: "a blank cell under \"Last Name\"",
    cure: "Fill the cell in. If the value stands in another column, map that column with --map.",
};

/// `wanted-missing`
pub static WANTED_MISSING: Code = Code {
    id: "wanted-missing",
    severity: Severity::Warning,
    title: "people lack a value that the target fills with a stand-in",
    explanation: "The target takes people without this value, but writes something of its own in its place: Omneo calls people without a name Unknown.",
    example: "a blank cell under \"Last name\"",
    cure: "Fill the cell in if the value is known.",
};

/// `no-people`
pub static NO_PEOPLE: Code = Code {
    id: "no-people",
    severity: Severity::Warning,
    title: "there is nothing to import",
    explanation: "The header was found, but no row below it holds anything. An export without people looks like this, and so does the wrong sheet.",
    example: "a header row alone",
    cure: "Check that the right file and sheet were given; export again if people are missing.",
};

/// `email-syntax`
pub static EMAIL_SYNTAX: Code = Code {
    id: "email-syntax",
    severity: Severity::Error,
    title: "e-mail addresses are not addresses",
    explanation: "An address must have one @, a local part without leading, trailing or doubled dots, and a domain with a dot and a real ending. Quoted local parts and IP addresses are refused: profile systems send mail to these addresses and match people by them.",
    example: "tomas@example,org",
    cure: "Correct the address; the message names the character in the way.",
};

/// `email-several`
pub static EMAIL_SEVERAL: Code = Code {
    id: "email-several",
    severity: Severity::Error,
    title: "cells hold several e-mail addresses",
    explanation: "One person has one address in the target, and it is the key by which the person is found. Which of several is meant cannot be guessed.",
    example: "ann@example.org; bob@example.org",
    cure: "Keep one address in the cell, or put each person on a row of their own.",
};

/// `email-repaired`
pub static EMAIL_REPAIRED: Code = Code {
    id: "email-repaired",
    severity: Severity::Fix,
    title: "e-mail addresses were wrapped in something else",
    explanation: "The cell holds one address inside a link or a display name, as copying from a mail program leaves it. Only the address is used.",
    example: "mailto:ada@example.org",
    cure: "Nothing to do; correct the sheet if it is used elsewhere too.",
};

/// `email-role`
pub static EMAIL_ROLE: Code = Code {
    id: "email-role",
    severity: Severity::Warning,
    title: "e-mail addresses belong to a role, not a person",
    explanation: "Mailboxes such as info@ or office@ are read by several people. The profile will belong to whoever reads them, and a second person with the same mailbox cannot be imported.",
    example: "info@example.org",
    cure: "Ask for a personal address if the profile is for one person.",
};

/// `email-typo`
pub static EMAIL_TYPO: Code = Code {
    id: "email-typo",
    severity: Severity::Warning,
    title: "e-mail domains look mistyped",
    explanation: "The domain is one slip away from a mail provider that millions use. The address is sent as it stands: nothing is changed on a guess.",
    example: "ada@gmial.com",
    cure: "Compare with the suggestion and correct the sheet if it is right.",
};

/// `duplicate`
pub static DUPLICATE: Code = Code {
    id: "duplicate",
    severity: Severity::Error,
    title: "values that must be unique are used twice",
    explanation: "Two rows that name the same person would overwrite each other in the target, in an order nobody sees. Addresses are compared trimmed and without regard to case. The first row is kept.",
    example: "ADA@example.org on row 44, ada@example.org on row 12",
    cure: "Remove one of the rows, or choose with --on-duplicate first, last or merge.",
};

/// `duplicate-skipped`
pub static DUPLICATE_SKIPPED: Code = Code {
    id: "duplicate-skipped",
    severity: Severity::Warning,
    title: "rows were left out because another row has the same key",
    explanation: "You asked with --on-duplicate that only one of several rows with the same key is sent.",
    example: "row 44, by --on-duplicate first",
    cure: "Nothing to do; compare the two rows if they differ.",
};

/// `duplicate-merged`
pub static DUPLICATE_MERGED: Code = Code {
    id: "duplicate-merged",
    severity: Severity::Warning,
    title: "rows were joined into another row with the same key",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. A later value replaces an earlier one, a blank replaces nothing: what sending the rows one after another would have left.",
    example: "row 12, joined into row 44",
    cure: "Nothing to do; the message lists the fields that differed.",
};

/// `duplicate-joined`
pub static DUPLICATE_JOINED: Code = Code {
    id: "duplicate-joined",
    severity: Severity::Info,
    title: "people were put together from several rows",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. This is the row that the others were joined into, and its values replaced some of theirs.",
    example: "row 44, which row 12 was joined into",
    cure: "Nothing to do; the message lists the fields that differed.",
};

/// `phone-syntax`
pub static PHONE_SYNTAX: Code = Code {
    id: "phone-syntax",
    severity: Severity::Error,
    title: "phone numbers are not phone numbers",
    explanation: "A phone number has 7 to 15 digits (ITU-T E.164 allows 15 at most), an optional + in front, and only spaces, brackets, dots, dashes or slashes between.",
    example: "call me",
    cure: "Correct the number; text beside it belongs in another column.",
};

/// `phone-no-country`
pub static PHONE_NO_COUNTRY: Code = Code {
    id: "phone-no-country",
    severity: Severity::Error,
    title: "phone numbers lack their country code",
    explanation: "The target stores numbers in international form (+61412323123). A national number can be completed only when its country is known; guessing would reach a stranger.",
    example: "0412 323 123",
    cure: "Write the numbers with + and country code, or name the country with --default-region AU.",
};

/// `phone-extension`
pub static PHONE_EXTENSION: Code = Code {
    id: "phone-extension",
    severity: Severity::Fix,
    title: "phone numbers had an extension",
    explanation: "The target stores numbers in international form, which has no place for an extension. The number is sent without it.",
    example: "+61 2 5550 1234 ext. 12",
    cure: "Put the extension into another column if it matters.",
};

/// `phone-invalid`
pub static PHONE_INVALID: Code = Code {
    id: "phone-invalid",
    severity: Severity::Error,
    title: "phone numbers do not exist in their country",
    explanation: "No number of that country has this length or beginning, by the country's numbering plan. A digit is missing, too much, or wrong.",
    example: "+61 412 323",
    cure: "Ask for the number again; if the country is wrong, write the country code.",
};

/// `phone-damaged`
pub static PHONE_NUMBER_DAMAGED: Code = Code {
    id: "phone-damaged",
    severity: Severity::Error,
    title: "phone numbers were damaged by a spreadsheet",
    explanation: "The number was stored as a number and shown in exponent form, or the spreadsheet made a date of it. The missing digits cannot be brought back. An exponent form that shows every digit is repaired.",
    example: "6.1412E+10",
    cure: "Format the column as text in the original file and export again.",
};

/// `date-syntax`
pub static DATE_SYNTAX: Code = Code {
    id: "date-syntax",
    severity: Severity::Error,
    title: "dates cannot be read",
    explanation: "Dates are read as YYYY-MM-DD, as a date cell of a workbook, or with the month's name; other orders when the column's own values prove which, or --date-order says it.",
    example: "soon",
    cure: "Write the date as YYYY-MM-DD.",
};

/// `date-impossible`
pub static DATE_IMPOSSIBLE: Code = Code {
    id: "date-impossible",
    severity: Severity::Error,
    title: "dates do not exist",
    explanation: "The calendar has no such day.",
    example: "31/02/1990",
    cure: "Correct the day, the month or the year.",
};

/// `date-ambiguous`
pub static DATE_AMBIGUOUS: Code = Code {
    id: "date-ambiguous",
    severity: Severity::Error,
    title: "dates can be read in two ways",
    explanation: "05/06/1988 is the fifth of June to some and the sixth of May to others. Guessing cell by cell would give a part of the people a wrong birthday.",
    example: "05/06/1988",
    cure: "Say which it is for the whole file: --date-order dmy or --date-order mdy.",
};

/// `date-range`
pub static DATE_RANGE: Code = Code {
    id: "date-range",
    severity: Severity::Error,
    title: "dates lie outside the possible",
    explanation: "A date of birth cannot lie in the future, nor before 1900.",
    example: "2999-01-01",
    cure: "Correct the year.",
};

/// `date-century`
pub static DATE_CENTURY: Code = Code {
    id: "date-century",
    severity: Severity::Fix,
    title: "years of two digits were completed",
    explanation: "The year has two digits. It is read as the latest year that does not lie in the future: 08 as 2008, 45 as 1945.",
    example: "31/05/88",
    cure: "Look at the years of people older than a hundred; write years with four digits.",
};

/// `choice-unknown`
pub static CHOICE_UNKNOWN: Code = Code {
    id: "choice-unknown",
    severity: Severity::Error,
    title: "words are not among the choices",
    explanation: "The target takes only certain values for this field. Words for them are known in English and French; others can be taught in the recipe.",
    example: "Dragon under \"Gender\"",
    cure: "Use one of the choices that the message lists, or add the word to [values.FIELD] in the recipe.",
};

/// `number-syntax`
pub static NUMBER_SYNTAX: Code = Code {
    id: "number-syntax",
    severity: Severity::Error,
    title: "numbers cannot be read",
    explanation: "The field takes a whole number.",
    example: "twelve",
    cure: "Write digits only.",
};

/// `bool-syntax`
pub static BOOL_SYNTAX: Code = Code {
    id: "bool-syntax",
    severity: Severity::Error,
    title: "yes-or-no values cannot be read",
    explanation: "The field takes yes or no: true/false, yes/no, oui/non, 1/0.",
    example: "perhaps",
    cure: "Write yes or no.",
};

/// `datetime-syntax`
pub static DATETIME_SYNTAX: Code = Code {
    id: "datetime-syntax",
    severity: Severity::Error,
    title: "date-times cannot be read",
    explanation: "The field takes a moment: RFC 3339 with a zone (2024-05-01T09:30:00Z), or a date.",
    example: "noon",
    cure: "Write 2024-05-01T09:30:00Z.",
};

/// `url-syntax`
pub static URL_SYNTAX: Code = Code {
    id: "url-syntax",
    severity: Severity::Error,
    title: "web addresses are not web addresses",
    explanation: "The field takes an address that begins with http:// or https://.",
    example: "www.example.org",
    cure: "Write the whole address with https:// in front.",
};

/// `currency-unknown`
pub static CURRENCY_UNKNOWN: Code = Code {
    id: "currency-unknown",
    severity: Severity::Error,
    title: "currencies are not ISO 4217 codes",
    explanation: "Currencies are named by three letters.",
    example: "dollars",
    cure: "Write AUD, NZD, EUR, …",
};

/// `text-repaired`
pub static TEXT_REPAIRED: Code = Code {
    id: "text-repaired",
    severity: Severity::Fix,
    title: "cells held invisible characters",
    explanation: "No-break spaces, zero-width characters, control characters and doubled spaces come from web pages and word processors. They make equal values unequal, so they are taken out.",
    example: "Ada\\u{a0}",
    cure: "Nothing to do; correct the sheet if it is used elsewhere too.",
};

/// `text-hidden`
pub static TEXT_HIDDEN: Code = Code {
    id: "text-hidden",
    severity: Severity::Error,
    title: "characters that nobody sees stand inside values",
    explanation: "Control characters, zero-width characters and marks that turn the direction of text round stand inside the value, not only at its edges. Taking them out would change a name or a key that people are matched by, so the row is left out until somebody has looked.",
    example: "An\\u{200b}na",
    cure: "Type the value again; the message shows it without the hidden characters.",
};

/// `name-placeholder`
pub static NAME_PLACEHOLDER: Code = Code {
    id: "name-placeholder",
    severity: Severity::Warning,
    title: "names look like stand-ins",
    explanation: "A name of digits only, or a word such as test or n/a, is hardly a person's name.",
    example: "test",
    cure: "Fill in the name, or remove the row.",
};

/// `name-split`
pub static NAME_SPLIT: Code = Code {
    id: "name-split",
    severity: Severity::Error,
    title: "full names cannot be split with certainty",
    explanation: "The target wants first and last name apart. A full name is split only when it has exactly one given name and one family name; anything else would be a guess.",
    example: "Anna Maria van Dyck",
    cure: "Give first and last name a column each.",
};

/// `cell-error`
pub static CELL_ERROR: Code = Code {
    id: "cell-error",
    severity: Severity::Error,
    title: "cells hold a spreadsheet error",
    explanation: "The formula in the cell failed, or the column was too narrow for the number, so there is no value: only what the spreadsheet shows in its place. An export to CSV keeps nothing else.",
    example: "#N/A, or ########",
    cure: "Repair the formula or widen the column, and export again; or clear the cell.",
};

/// `cell-damaged`
pub static CELL_DAMAGED: Code = Code {
    id: "cell-damaged",
    severity: Severity::Error,
    title: "cells hold bytes that are not text in the file's encoding",
    explanation: "The file is not wholly in the encoding in which it was read, so letters are missing here. Sending it would store a name with a hole.",
    example: "Jos\\u{fffd}",
    cure: "Export the sheet again as UTF-8, or name its encoding.",
};

/// `row-long`
pub static ROW_LONG: Code = Code {
    id: "row-long",
    severity: Severity::Error,
    title: "rows have more cells than the header",
    explanation: "A delimiter inside an unquoted cell pushes everything after it one column to the right. The values under the headers are then not theirs.",
    example: "an address with a comma, without quotes",
    cure: "Quote the cell that holds the delimiter.",
};

/// `row-short`
pub static ROW_SHORT: Code = Code {
    id: "row-short",
    severity: Severity::Warning,
    title: "rows have fewer cells than the header",
    explanation: "The cells at the end are taken as blank. A line break inside an unquoted cell looks the same.",
    example: "a row cut in two",
    cure: "Check that the row is whole.",
};

/// `encoding-guessed`
pub static ENCODING_GUESSED: Code = Code {
    id: "encoding-guessed",
    severity: Severity::Warning,
    title: "files are in an encoding that had to be guessed",
    explanation: "The bytes are not UTF-8 and nothing in the file says what they are. The encoding was chosen by the letters that it gives; a wrong choice turns names into other names.",
    example: "a CSV saved by Excel without the UTF-8 option",
    cure: "Look at the sample words in the message. If they are wrong, say the encoding with --encoding, or export as UTF-8.",
};

/// `quote-open`
pub static QUOTE_OPEN: Code = Code {
    id: "quote-open",
    severity: Severity::Error,
    title: "quotes are opened and never closed",
    explanation: "A quote opens a cell and is not closed where a cell can end. The line was read by itself, with its quotes as text, so that the people behind it are not lost; whether its cells are what was meant cannot be known.",
    example: "\"Smith, Ann,ann@example.org",
    cure: "Close the quote, or double it if it is part of the text.",
};

/// `quote-stray`
pub static QUOTE_STRAY: Code = Code {
    id: "quote-stray",
    severity: Severity::Warning,
    title: "quotes stand where no quote belongs",
    explanation: "A quote stands inside a cell that is not quoted, or text stands behind a closing quote. It was taken as text, as most programs do.",
    example: "5\" nails",
    cure: "Quote the whole cell and double the quote inside it, if that is not what was meant.",
};

/// `header-width`
pub static HEADER_WIDTH: Code = Code {
    id: "header-width",
    severity: Severity::Warning,
    title: "the header is not as wide as the rows",
    explanation: "Most rows have another number of cells than the header, so some headers may stand over the wrong values.",
    example: "a header of 11 cells over rows of 12",
    cure: "Look at the header line: a delimiter is missing or too much.",
};

/// `row-header`
pub static ROW_HEADER: Code = Code {
    id: "row-header",
    severity: Severity::Info,
    title: "rows repeat the header",
    explanation: "The header stands again between the people, as printing or joining sheets leaves it. Such a row is skipped.",
    example: "First name, Last name, E-mail",
    cure: "Nothing to do.",
};

/// `field-unsuited`
pub static FIELD_UNSUITED: Code = Code {
    id: "field-unsuited",
    severity: Severity::Warning,
    title: "values stand where they do not apply",
    explanation: "The target takes this field only together with another one. The value is sent as it stands.",
    example: "an institution for a retiree",
    cure: "Check the other field.",
};

/// `digits-lost`
pub static DIGITS_LOST: Code = Code {
    id: "digits-lost",
    severity: Severity::Error,
    title: "ids and codes lost digits in a spreadsheet",
    explanation: "A spreadsheet keeps 15 digits of a number and shows long ones in exponent form; an export keeps what is shown. The other digits are gone, and an id with other digits is somebody else's.",
    example: "6.1412E+10, or 1234567890123450000",
    cure: "Ask the owner to format the column as text, to fetch the values from their source again, and to export again.",
};

/// `value-as-date`
pub static VALUE_AS_DATE: Code = Code {
    id: "value-as-date",
    severity: Severity::Error,
    title: "values were turned into dates by a spreadsheet",
    explanation: "A spreadsheet takes 3-5, 1/2 or MARCH5 for a date when it is typed or opened. Several values become the same date, so which one it was cannot be known. The other values of the column are ids or codes and no dates, or it is a column of names.",
    example: "5-Mar among 3-4 and 7-8",
    cure: "Ask the owner to format the column as text, to type the value again, and to export again.",
};

/// `date-serial`
pub static DATE_SERIAL: Code = Code {
    id: "date-serial",
    severity: Severity::Fix,
    title: "dates were day numbers of a spreadsheet",
    explanation: "Spreadsheets store a date as the number of days since the beginning of 1900, or of 1904 in old workbooks of the Mac, and show the number when the cell is not formatted as a date. It is read as a date where the column proves it: its other cells are date cells, or all of its values are such numbers.",
    example: "29251, read as 1980-01-31",
    cure: "Nothing to do; format the column as dates if the sheet is used elsewhere too.",
};

/// `date-serial-system`
pub static DATE_SERIAL_SYSTEM: Code = Code {
    id: "date-serial-system",
    severity: Severity::Warning,
    title: "dates were day numbers that could be counted from two beginnings",
    explanation: "The column holds day numbers, and the file does not say whether they count from 1900, as nearly all spreadsheets do, or from 1904, as old workbooks of the Mac do. They are read from 1900; from 1904 every date would be four years and a day later, and nothing in the column speaks against it.",
    example: "29251: 1980-01-31, or 1984-02-01",
    cure: "Compare one person with a birthday that you know. If the dates are four years too early, ask the owner to format the column as dates and to export again.",
};

/// `date-serial-unproven`
pub static DATE_SERIAL_UNPROVEN: Code = Code {
    id: "date-serial-unproven",
    severity: Severity::Error,
    title: "dates are numbers, perhaps day numbers of a spreadsheet",
    explanation: "The number could be a date that a spreadsheet stored as a count of days, but the other values of the column do not prove it, so it could as well be a slip.",
    example: "29251 among dates as text",
    cure: "Ask the owner to format the column as dates (YYYY-MM-DD) and to export again.",
};

/// `number-repaired`
pub static NUMBER_REPAIRED: Code = Code {
    id: "number-repaired",
    severity: Severity::Fix,
    title: "numbers were written in the way of a program",
    explanation: "A program wrote a phone number, an id or another number as it writes decimal numbers: in exponent form with all digits, with .0 behind it, with signs between thousands, or with the tail that binary fractions have. The digits are all there; the rest was taken out.",
    example: "61491570006.0, 6.1491570006E+10, 0.30000000000000004",
    cure: "Nothing to do; format the column as text if the sheet is used elsewhere too.",
};

/// `number-doubtful`
pub static NUMBER_DOUBTFUL: Code = Code {
    id: "number-doubtful",
    severity: Severity::Warning,
    title: "numbers may have lost digits in a spreadsheet",
    explanation: "The value looks like one that a spreadsheet has shortened: an exponent form in a column of digits, or zeros behind the fifteenth digit. It may also be what was meant. It is sent as it stands.",
    example: "12E3 among 10233 and 10891",
    cure: "Compare it with the source. If digits are missing, format the column as text and export again.",
};

/// `zeros-restored`
pub static ZEROS_RESTORED: Code = Code {
    id: "zeros-restored",
    severity: Severity::Fix,
    title: "leading zeros were put back",
    explanation: "A spreadsheet takes 0491570006 for a number and drops the zero. It is put back only where that is proven: by other values of the column, all of one length and some with their zeros, or by the numbering plan or the postcodes of the country of --default-region.",
    example: "491570006 among 0491570006 and 0491570110",
    cure: "Nothing to do; format the column as text if the sheet is used elsewhere too.",
};

/// `zeros-doubtful`
pub static ZEROS_DOUBTFUL: Code = Code {
    id: "zeros-doubtful",
    severity: Severity::Warning,
    title: "values may have lost leading zeros",
    explanation: "An id or a postcode is shorter than the others of its column, or a phone number of eight or nine digits is a number cell. A spreadsheet drops the zeros in front of a number, but no value of the column proves that some begin with zeros. It is sent as it stands.",
    example: "800 among postcodes of four digits",
    cure: "Compare it with the source. For phone numbers and postcodes --default-region AU says whose they are; else ask the owner to format the column as text and to export again.",
};

/// `text-unwrapped`
pub static TEXT_UNWRAPPED: Code = Code {
    id: "text-unwrapped",
    severity: Severity::Fix,
    title: "values were wrapped so that a spreadsheet takes them for text",
    explanation: "Exports write =\"0491570006\" or put an apostrophe in front to keep a spreadsheet from changing a number. Only the value inside is used.",
    example: "=\"0491570006\"",
    cure: "Nothing to do.",
};

/// `blank-word`
pub static BLANK_WORD: Code = Code {
    id: "blank-word",
    severity: Severity::Fix,
    title: "words for nothing were read as blank",
    explanation: "Databases and programs write NULL, \\N, None, nan or undefined for a value that is not there. NULL, (null), \\N, NaN and <NA> are read as blank in every field but names, for Null is a surname; null, nan, None, NaT and undefined only in fields that take values of a certain form, such as dates and phone numbers, and in ids, for None may be an answer.",
    example: "NULL under \"Date of birth\"",
    cure: "Nothing to do. A word that means something can be taught under [values.FIELD] in the recipe.",
};

/// `text-cut`
pub static TEXT_CUT: Code = Code {
    id: "text-cut",
    severity: Severity::Warning,
    title: "texts were probably cut off at 255 characters",
    explanation: "Several texts of the column have exactly 255 characters and none has more. Old exports and database drivers cut text off there without a word. It is sent as it stands.",
    example: "a note that ends in the middle of a w",
    cure: "Look at the end of the text. Ask the owner for another export, such as XLSX or CSV from the source itself.",
};

/// Every kind of finding, in the order in which `explain` lists them.
pub static ALL: &[&Code] = &[
    &REQUIRED_MISSING,
    &WANTED_MISSING,
    &NO_PEOPLE,
    &EMAIL_SYNTAX,
    &EMAIL_SEVERAL,
    &EMAIL_REPAIRED,
    &EMAIL_ROLE,
    &EMAIL_TYPO,
    &DUPLICATE,
    &DUPLICATE_SKIPPED,
    &DUPLICATE_MERGED,
    &DUPLICATE_JOINED,
    &PHONE_SYNTAX,
    &PHONE_NO_COUNTRY,
    &PHONE_EXTENSION,
    &PHONE_INVALID,
    &PHONE_NUMBER_DAMAGED,
    &DIGITS_LOST,
    &NUMBER_REPAIRED,
    &NUMBER_DOUBTFUL,
    &ZEROS_RESTORED,
    &ZEROS_DOUBTFUL,
    &VALUE_AS_DATE,
    &TEXT_UNWRAPPED,
    &BLANK_WORD,
    &TEXT_CUT,
    &DATE_SYNTAX,
    &DATE_IMPOSSIBLE,
    &DATE_AMBIGUOUS,
    &DATE_RANGE,
    &DATE_CENTURY,
    &DATE_SERIAL,
    &DATE_SERIAL_SYSTEM,
    &DATE_SERIAL_UNPROVEN,
    &CHOICE_UNKNOWN,
    &NUMBER_SYNTAX,
    &BOOL_SYNTAX,
    &DATETIME_SYNTAX,
    &URL_SYNTAX,
    &CURRENCY_UNKNOWN,
    &TEXT_REPAIRED,
    &TEXT_HIDDEN,
    &NAME_PLACEHOLDER,
    &NAME_SPLIT,
    &CELL_ERROR,
    &CELL_DAMAGED,
    &ROW_LONG,
    &ROW_SHORT,
    &ENCODING_GUESSED,
    &QUOTE_OPEN,
    &QUOTE_STRAY,
    &HEADER_WIDTH,
    &ROW_HEADER,
    &FIELD_UNSUITED,
];

/// What spreadsheets, exports and copying do to values, repaired or lost: what `inspect` counts for
/// each column.
pub static DAMAGE: &[&Code] = &[
    &PHONE_NUMBER_DAMAGED,
    &DIGITS_LOST,
    &NUMBER_REPAIRED,
    &NUMBER_DOUBTFUL,
    &ZEROS_RESTORED,
    &ZEROS_DOUBTFUL,
    &VALUE_AS_DATE,
    &TEXT_UNWRAPPED,
    &BLANK_WORD,
    &TEXT_CUT,
    &DATE_SERIAL,
    &DATE_SERIAL_SYSTEM,
    &DATE_SERIAL_UNPROVEN,
    &TEXT_REPAIRED,
    &TEXT_HIDDEN,
    &CELL_ERROR,
    &CELL_DAMAGED,
];
