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
    explanation: "The number was stored as a number and shown in exponent form, or lost digits behind the fifteenth. The missing digits cannot be brought back.",
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
    explanation: "The formula in the cell failed, so there is no value.",
    example: "#N/A",
    cure: "Repair the formula, or clear the cell.",
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

/// `header-duplicate`
pub static HEADER_DUPLICATE: Code = Code {
    id: "header-duplicate",
    severity: Severity::Warning,
    title: "headers stand over more than one column",
    explanation: "Two columns have the same header, so the header alone does not say which is meant. The first of them is used.",
    example: "\"Phone\" over columns D and F",
    cure: "Rename one of them, or name the column by its letter: --map 'F=phone'.",
};

/// `header-empty`
pub static HEADER_EMPTY: Code = Code {
    id: "header-empty",
    severity: Severity::Warning,
    title: "columns hold values and have no header",
    explanation: "Nothing says what these values are, so they are not used.",
    example: "notes beside the last column",
    cure: "Give the column a header, or name it by its letter: --map 'G=FIELD'.",
};

/// `header-none`
pub static HEADER_NONE: Code = Code {
    id: "header-none",
    severity: Severity::Warning,
    title: "tables have no header",
    explanation: "The first row holds an address, or figures where the rows below hold figures: it is taken for a person, not for a header, so that nobody is lost. Columns are called by their letters.",
    example: "ada@example.org on the first row",
    cure: "Map columns by letter (--map 'A=email'), add a header row, or say which row is the header with --header-row N.",
};

/// `table-next`
pub static TABLE_NEXT: Code = Code {
    id: "table-next",
    severity: Severity::Warning,
    title: "another table begins below",
    explanation: "Further down, a row of headers begins a table with other columns. Its rows are not those of the table that is read, and are left alone.",
    example: "a list of equipment below the list of people",
    cure: "Read it in a run of its own, with --table 2 or --range; if its rows are people of the first table, take the row of headers out.",
};

/// `row-footer`
pub static ROW_FOOTER: Code = Code {
    id: "row-footer",
    severity: Severity::Info,
    title: "rows are sums or notes, not people",
    explanation: "The row lacks everything that a person needs and begins with a word such as Total or Exported on. It is skipped.",
    example: "Total: 120 volunteers",
    cure: "Nothing to do.",
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

/// `text-mojibake`
pub static TEXT_MOJIBAKE: Code = Code {
    id: "text-mojibake",
    severity: Severity::Error,
    title: "texts were read in the wrong encoding before they came into the file",
    explanation: "The text was UTF-8, some program took it for another encoding and saved what it saw, so that `José` stands in the file as `JosÃ©`. The message has what it should read. It is not repaired by itself, because a name is its owner's, and the same program may have harmed what cannot be seen.",
    example: "JosÃ©",
    cure: "Export again from the system that has the right text, as UTF-8, and do not open and save the file in between. Where that cannot be done, put in the proposed text.",
};

/// `text-lost`
pub static TEXT_LOST: Code = Code {
    id: "text-lost",
    severity: Severity::Error,
    title: "texts have letters that were lost before the file was written",
    explanation: "The mark U+FFFD stands in the file where a program could not read a letter. Which letter it was, the file no longer says; sending it would store a name with a hole.",
    example: "Jos\u{fffd}",
    cure: "Export again from the system that has the right text, or type the value again.",
};

/// `text-escaped`
pub static TEXT_ESCAPED: Code = Code {
    id: "text-escaped",
    severity: Severity::Warning,
    title: "texts have letters written as codes",
    explanation: "A code of a web page (`&eacute;`), of an address of the net (`%C3%A9`) or of a mail (`=C3=A9`) stands where a letter belongs. It is sent as it stands.",
    example: "Jos&eacute;",
    cure: "Put in the proposed text, or export from a system that writes letters as letters.",
};

/// `text-holed`
pub static TEXT_HOLED: Code = Code {
    id: "text-holed",
    severity: Severity::Warning,
    title: "words have question marks inside",
    explanation: "Programs write a question mark for a letter that their encoding lacks. Which letter it was cannot be known; the text is sent as it stands.",
    example: "M?ller",
    cure: "Look the word up where it came from, and export in UTF-8.",
};

/// `header-damaged`
pub static HEADER_DAMAGED: Code = Code {
    id: "header-damaged",
    severity: Severity::Warning,
    title: "headers have letters that were read in the wrong encoding",
    explanation: "The header was harmed as texts are harmed (see text-mojibake and cell-damaged). Its column is found by what the header should read.",
    example: "PrÃ©nom",
    cure: "Check that the column is mapped as it should be. Export again as UTF-8; people's values in this file are likely to be harmed as well.",
};

/// `file-mojibake`
pub static FILE_MOJIBAKE: Code = Code {
    id: "file-mojibake",
    severity: Severity::Warning,
    title: "files were saved after they had been read in the wrong encoding",
    explanation: "Most of the words with accents in this file, or its headers, are UTF-8 that was taken for another encoding and saved so. The file says truly what it holds, so no choice of encoding brings the letters back.",
    example: "a UTF-8 export that was opened as Windows text and saved as UTF-8",
    cure: "--encoding cannot cure it. Export again from the system that has the right text, as UTF-8, and import that file without opening and saving it in between; in Excel use Data, From Text/CSV with origin 65001 (UTF-8).",
};

/// `rows-hidden`
pub static ROWS_HIDDEN: Code = Code {
    id: "rows-hidden",
    severity: Severity::Warning,
    title: "sheets have hidden rows that hold something",
    explanation: "Rows are hidden by a filter, by grouping or by hand. Whoever looked at the sheet before it was exported did not see them, and may not want these people imported; or a filter was forgotten and they belong to the rest. They are read like the other rows unless you say otherwise.",
    example: "rows 5\u{2013}37, hidden by a filter",
    cure: "Leave them out with --hidden skip, or clear the filter in the sheet so that what is seen is what is read.",
};

/// `columns-hidden`
pub static COLUMNS_HIDDEN: Code = Code {
    id: "columns-hidden",
    severity: Severity::Warning,
    title: "sheets have hidden columns",
    explanation: "Columns of the table are hidden. They are read like the others, so that a hidden column of e-mail addresses still finds its people, unless you say otherwise.",
    example: "column D, hidden",
    cure: "Leave them out with --hidden skip, leave one out with --map 'COLUMN=-', or show them in the sheet.",
};

/// `row-hidden`
pub static ROW_HIDDEN: Code = Code {
    id: "row-hidden",
    severity: Severity::Info,
    title: "hidden rows were left out",
    explanation: "You asked with --hidden skip that rows that nobody sees in the sheet are left out.",
    example: "row 12, by --hidden skip",
    cure: "Nothing to do; --hidden include reads them.",
};

/// `sheets-hidden`
pub static SHEETS_HIDDEN: Code = Code {
    id: "sheets-hidden",
    severity: Severity::Info,
    title: "workbooks have hidden sheets",
    explanation: "A workbook may hold sheets that are not shown: lists for drop-downs, old versions, notes. One is read only when --sheet names it, or when there is no other.",
    example: "a hidden sheet \"Lists\"",
    cure: "Nothing to do, unless the people stand on it: then name it with --sheet.",
};

/// `cell-merged`
pub static CELL_MERGED: Code = Code {
    id: "cell-merged",
    severity: Severity::Fix,
    title: "blank cells were given the value of the merged cell that they lie under",
    explanation: "A cell that is merged over several rows is stored once, with the first of them; in the file the others are blank. A person who looks at the sheet sees the value beside each row, so each row is given it.",
    example: "\"Sydney\" merged over rows 2 to 5",
    cure: "Nothing to do, if the value is meant for every row; else unmerge the cells in the sheet.",
};

/// `formula-no-result`
pub static FORMULA_NO_RESULT: Code = Code {
    id: "formula-no-result",
    severity: Severity::Error,
    title: "formulas have no stored result",
    explanation: "The cell holds a formula, and the program that wrote the file did not compute it. Formulas are not computed here, so what the cell would show is not known. It is not taken for blank.",
    example: "=A2&\" \"&B2, written by a script",
    cure: "Open the file in a spreadsheet program, save it there, and give that file.",
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
    &DATE_SYNTAX,
    &DATE_IMPOSSIBLE,
    &DATE_AMBIGUOUS,
    &DATE_RANGE,
    &DATE_CENTURY,
    &CHOICE_UNKNOWN,
    &NUMBER_SYNTAX,
    &BOOL_SYNTAX,
    &DATETIME_SYNTAX,
    &URL_SYNTAX,
    &CURRENCY_UNKNOWN,
    &TEXT_REPAIRED,
    &TEXT_HIDDEN,
    &TEXT_MOJIBAKE,
    &TEXT_LOST,
    &TEXT_ESCAPED,
    &TEXT_HOLED,
    &NAME_PLACEHOLDER,
    &NAME_SPLIT,
    &CELL_ERROR,
    &CELL_DAMAGED,
    &CELL_MERGED,
    &FORMULA_NO_RESULT,
    &ROW_LONG,
    &ROW_SHORT,
    &ENCODING_GUESSED,
    &FILE_MOJIBAKE,
    &HEADER_DAMAGED,
    &QUOTE_OPEN,
    &QUOTE_STRAY,
    &HEADER_WIDTH,
    &HEADER_DUPLICATE,
    &HEADER_EMPTY,
    &HEADER_NONE,
    &TABLE_NEXT,
    &ROW_FOOTER,
    &ROW_HEADER,
    &ROWS_HIDDEN,
    &COLUMNS_HIDDEN,
    &ROW_HIDDEN,
    &SHEETS_HIDDEN,
    &FIELD_UNSUITED,
];
