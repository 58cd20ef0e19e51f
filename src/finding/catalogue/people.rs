//! Findings about people: what is missing, who stands there twice, what their names are.

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

/// `duplicate`
pub static DUPLICATE: Code = Code {
    id: "duplicate",
    severity: Severity::Error,
    title: "values that must be unique are used twice",
    explanation: "Two rows that name the same person would overwrite each other in the target, in an order nobody sees. E-mail addresses are compared trimmed, without regard to case, and with the domain in ASCII; phone numbers by their digits; ids exactly. The first row is kept.",
    example: "ADA@example.org on row 44, ada@example.org on row 12",
    cure: "Remove one of the rows, or choose with --on-duplicate first, last or merge.",
};

/// `duplicate-conflict`
pub static DUPLICATE_CONFLICT: Code = Code {
    id: "duplicate-conflict",
    severity: Severity::Error,
    title: "rows have the keys of several people",
    explanation: "One value of the row is that of one earlier row, another value that of a second one. No choice of --on-duplicate can say whose row it is: the target would change one person and refuse the other's value, or mix the two.",
    example: "row 5 with the e-mail address of row 2 and the mobile phone of row 3",
    cure: "Find out whose row it is and correct the other value.",
};

/// `duplicate-refused`
pub static DUPLICATE_REFUSED: Code = Code {
    id: "duplicate-refused",
    severity: Severity::Warning,
    title: "values that are refused read as those of other rows",
    explanation: "The value of one of the rows is refused for the way in which it is written, but it names the same mailbox or id as the other row. Once it is corrected, the person stands there twice. The row whose value is good is not rejected for it.",
    example: "\"ada\"@example.org on row 12, ada@example.org on row 44",
    cure: "Remove one of the rows, instead of correcting it.",
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
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. A later value replaces an earlier one, a blank replaces nothing: what sending the rows one after another would have left. The row that is named carries the person.",
    example: "row 12, joined into row 44",
    cure: "Nothing to do; duplicate-replaced and duplicate-filled say what became of each field.",
};

/// `duplicate-joined`
pub static DUPLICATE_JOINED: Code = Code {
    id: "duplicate-joined",
    severity: Severity::Info,
    title: "people were put together from several rows",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. This is the last row of the person, which the others were joined into.",
    example: "row 44, put together with row 12",
    cure: "Nothing to do; duplicate-replaced and duplicate-filled say what became of each field.",
};

/// `duplicate-replaced`
pub static DUPLICATE_REPLACED: Code = Code {
    id: "duplicate-replaced",
    severity: Severity::Warning,
    title: "values of joined rows differed, and the later one is sent",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. They have different values in this column: the later row's is sent, the earlier one is lost.",
    example: "\"Ada\" of row 12 → \"Ada M.\"",
    cure: "Compare the two values; correct the later row if the earlier one was right.",
};

/// `duplicate-filled`
pub static DUPLICATE_FILLED: Code = Code {
    id: "duplicate-filled",
    severity: Severity::Info,
    title: "blanks were filled from an earlier row of the same person",
    explanation: "You asked with --on-duplicate merge that rows with the same key become one person. The last row of the person is blank in this column, so the value of an earlier one is sent.",
    example: "blank here → \"1 Rowan Court\" of row 12",
    cure: "Nothing to do.",
};

/// `likely-same-address`
pub static LIKELY_ADDRESS: Code = Code {
    id: "likely-same-address",
    severity: Severity::Warning,
    title: "addresses differ only in a tag or in dots",
    explanation: "You asked with --warn-likely for rows that are likely one person. Most providers deliver ada+club@… to ada@…, and Gmail pays no regard to dots and is googlemail.com too. For the target they are two addresses, so both rows are sent.",
    example: "ada+club@example.org on row 44, ada@example.org on row 12",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-same-person`
pub static LIKELY_PERSON: Code = Code {
    id: "likely-same-person",
    severity: Severity::Warning,
    title: "people have the same name and day of birth",
    explanation: "You asked with --warn-likely for rows that are likely one person. Names are compared without case, accents and punctuation, first and last name in either order. Both rows are sent.",
    example: "Ada Lark, 1990-04-01, on rows 12 and 44 with different addresses",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-same-phone`
pub static LIKELY_PHONE: Code = Code {
    id: "likely-same-phone",
    severity: Severity::Warning,
    title: "people have the same phone number and family name",
    explanation: "You asked with --warn-likely for rows that are likely one person. A family may share a number; one person with two addresses looks the same. Both rows are sent.",
    example: "Lark, +61 491 570 006, on rows 12 and 44",
    cure: "Keep one of the rows if they are one person.",
};

/// `likely-shared-mailbox`
pub static LIKELY_SHARED: Code = Code {
    id: "likely-shared-mailbox",
    severity: Severity::Warning,
    title: "one address stands beside several names",
    explanation: "You asked with --warn-likely for rows that are likely one person. Here it is the other way round: households and couples share a mailbox, and the target takes them for one person, because the address is what it knows them by. With --on-duplicate merge they would become one.",
    example: "Ada Lark and Otis Lark, both with lark@example.org",
    cure: "Give each person an address of their own; a tag (lark+otis@example.org) reaches the same mailbox at most providers.",
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
