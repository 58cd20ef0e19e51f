//! Findings about choices, numbers and other short values.

use super::super::{Code, Severity};

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
