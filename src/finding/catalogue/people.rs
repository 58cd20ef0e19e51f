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

/// `field-unsuited`
pub static FIELD_UNSUITED: Code = Code {
    id: "field-unsuited",
    severity: Severity::Warning,
    title: "values stand where they do not apply",
    explanation: "The target takes this field only together with another one. The value is sent as it stands.",
    example: "an institution for a retiree",
    cure: "Check the other field.",
};
