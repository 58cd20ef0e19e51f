//! Findings about values by the rules of their kinds.

use super::super::{Code, Severity};

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

/// `date-order-open`
pub static DATE_ORDER_OPEN: Code = Code {
    id: "date-order-open",
    severity: Severity::Warning,
    title: "columns of dates do not show whether day or month stands first",
    explanation: "Every date of the column can be read with the day first or with the month first, and none has a day beyond the twelfth. The dates that mean something else in each order are refused, whoever wrote them has to say which it is.",
    example: "05/06/1988 and 01/02/1990, and no 31/05/1988",
    cure: "Say it for the file with --date-order dmy or --date-order mdy, or write it down with inspect --pin on a file that proves it.",
};

/// `date-order-mixed`
pub static DATE_ORDER_MIXED: Code = Code {
    id: "date-order-mixed",
    severity: Severity::Warning,
    title: "columns of dates mix two orders",
    explanation: "Some dates of the column can only have the day first, others only the month: two people filled it in, or a spreadsheet turned round those that it could. Dates that can be read either way are refused.",
    example: "31/05/1988 on row 5, 05/31/1990 on row 9",
    cure: "Correct the dates of one of them in the sheet. If one order is a slip, say the other with --date-order.",
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
