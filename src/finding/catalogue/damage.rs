//! Findings about what spreadsheets and exports did to values.

use super::super::{Code, Severity};

/// `phone-damaged`
pub static PHONE_NUMBER_DAMAGED: Code = Code {
    id: "phone-damaged",
    severity: Severity::Error,
    title: "phone numbers were damaged by a spreadsheet",
    explanation: "The number was stored as a number and shown in exponent form, or the spreadsheet made a date of it. The missing digits cannot be brought back. An exponent form that shows every digit is repaired.",
    example: "6.1412E+10",
    cure: "Format the column as text in the original file and export again.",
};

/// `text-repaired`
pub static TEXT_REPAIRED: Code = Code {
    id: "text-repaired",
    severity: Severity::Fix,
    title: "cells held invisible characters",
    explanation: "No-break spaces, zero-width characters, control characters and doubled spaces come from web pages and word processors. They make equal values unequal, so they are taken out.",
    example: "Ada\\u{a0} → Ada",
    cure: "Nothing to do; correct the sheet if it is used elsewhere too.",
};

/// `text-hidden`
pub static TEXT_HIDDEN: Code = Code {
    id: "text-hidden",
    severity: Severity::Error,
    title: "characters that nobody sees stand inside values",
    explanation: "Control characters, zero-width characters and marks that turn the direction of text round stand inside the value, not only at its edges. Taking them out would change a name or a key that people are matched by, so the row is left out until somebody has looked. Phone numbers and dates are read without marks that change none of their digits.",
    example: "An\\u{200b}na",
    cure: "Type the value again; the message shows it without the hidden characters.",
};

/// `digits-lost`
pub static DIGITS_LOST: Code = Code {
    id: "digits-lost",
    severity: Severity::Error,
    title: "ids and codes lost digits in a spreadsheet",
    explanation: "A spreadsheet keeps 15 digits of a number and shows long ones in exponent form; an export keeps what is shown. The other digits are gone, and an id with other digits is somebody else's. The same form in a column of names is what became of some other value.",
    example: "6.1412E+10, or 1234567890123450000",
    cure: "Ask the owner to format the column as text, to fetch the values from their source again, and to export again.",
};

/// `value-as-date`
pub static VALUE_AS_DATE: Code = Code {
    id: "value-as-date",
    severity: Severity::Error,
    title: "values were turned into dates by a spreadsheet",
    explanation: "A spreadsheet takes 3-5, 1/2 or MARCH5 for a date when it is typed or opened. Several values become the same date, so which one it was cannot be known. The other values of the column are ids or codes and no dates, or it is a column of names.",
    example: "5-Mar among 3-4 and 7-8, or 1-Sep under \"First name\"",
    cure: "Ask the owner to format the column as text, to type the value again, and to export again.",
};

/// `date-serial`
pub static DATE_SERIAL: Code = Code {
    id: "date-serial",
    severity: Severity::Fix,
    title: "dates were day numbers of a spreadsheet",
    explanation: "Spreadsheets store a date as the number of days since the beginning of 1900, or of 1904 in old workbooks of the Mac, and show the number when the cell is not formatted as a date. It is read as a date where the column proves it: its other cells are date cells, or all of its values are such numbers.",
    example: "29251 → 1980-01-31",
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
    example: "61491570006.0 → 61491570006, 0.30000000000000004 → 0.3",
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
    explanation: "A spreadsheet takes 0491570006 for a number and drops the zero. It is put back only where that is proven: by other values of the column, all of one length and some with their zeros, or by the numbering plan or the postcodes of the country of --default-region. A day of seven digits that end in a year has lost the zero of its first number.",
    example: "491570006 among 0491570006 and 0491570110 → 0491570006",
    cure: "Nothing to do; format the column as text if the sheet is used elsewhere too.",
};

/// `zeros-doubtful`
pub static ZEROS_DOUBTFUL: Code = Code {
    id: "zeros-doubtful",
    severity: Severity::Warning,
    title: "values may have lost leading zeros",
    explanation: "An id or a postcode is shorter than the others of its column, or a phone number of eight or nine digits is a number cell. A spreadsheet drops the zeros in front of a number, but no value of the column proves that some begin with zeros. It is sent as it stands. A phone number that may have lost the zero of a national number, or the + in front of the code of its country, is read as a national one.",
    example: "800 among postcodes of four digits",
    cure: "Compare it with the source. For phone numbers and postcodes --default-region AU says whose they are; else ask the owner to format the column as text and to export again.",
};

/// `text-unwrapped`
pub static TEXT_UNWRAPPED: Code = Code {
    id: "text-unwrapped",
    severity: Severity::Fix,
    title: "values were wrapped in signs that are no part of them",
    explanation: "Exports write =\"0491570006\" or put an apostrophe in front to keep a spreadsheet from changing a number. Others quote a name twice, so that its quotation marks become a part of it. Only the value inside is used.",
    example: "=\"0491570006\" → 0491570006",
    cure: "Nothing to do.",
};

/// `blank-word`
pub static BLANK_WORD: Code = Code {
    id: "blank-word",
    severity: Severity::Fix,
    title: "words for nothing were read as blank",
    explanation: "Databases and programs write NULL, \\N, None, nan or undefined for a value that is not there. NULL, (null), \\N, NaN and <NA> are read as blank in every field but names, for Null is a surname; null, nan, None, NaT and undefined only in fields that take values of a certain form, such as dates and phone numbers, and in ids, for None may be an answer. Where a text would say that there is something (medical_information of Vome), words for none in several languages are read as blank, too.",
    example: "NULL under \"Date of birth\" → blank",
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

/// `number-padded`
pub static NUMBER_PADDED: Code = Code {
    id: "number-padded",
    severity: Severity::Fix,
    title: "numbers were read as their number format shows them",
    explanation: "A number format such as 00000 or 000-00 shows zeros and signs that are not part of the number: the cell holds 800, and people see 00800. What people see is what the owner of the file meant, so it is sent. Fields that take whole numbers or yes and no get the number itself, and fields of choices whichever of both they know, without a finding.",
    example: "800 shown as 00800 → 00800",
    cure: "Nothing to do; if the number itself is meant, give its cells the number format General.",
};
