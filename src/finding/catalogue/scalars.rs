//! Findings about choices, numbers and other short values.

use super::super::{Code, Severity};

/// `choice-unknown`
pub static CHOICE_UNKNOWN: Code = Code {
    id: "choice-unknown",
    severity: Severity::Error,
    title: "words are not among the choices",
    explanation: "The target takes only certain values for this field. Words for them are known in English and French; others can be taught in the recipe.",
    example: "Dragon under \"Gender\"",
    cure: "Use one of the choices that the message lists, or add the word to [values.FIELD] in the recipe. A new option of a custom field is learned by `upsheet fields`, which renews the lock file.",
};

/// `number-syntax`
pub static NUMBER_SYNTAX: Code = Code {
    id: "number-syntax",
    severity: Severity::Error,
    title: "numbers cannot be read",
    explanation: "The field takes a number: a whole one, or one with a fraction where the target has fractions.",
    example: "twelve",
    cure: "Write digits only, with a point before a fraction.",
};

/// `number-ambiguous`
pub static NUMBER_AMBIGUOUS: Code = Code {
    id: "number-ambiguous",
    severity: Severity::Error,
    title: "numbers may be read in two ways",
    explanation: "A comma before exactly three digits stands between thousands in some countries and before a fraction in others.",
    example: "1,234",
    cure: "Write 1234 or 1.234; or let the spreadsheet program store it as a number.",
};

/// `coordinates-syntax`
pub static COORDINATES_SYNTAX: Code = Code {
    id: "coordinates-syntax",
    severity: Severity::Error,
    title: "places are not a latitude and a longitude",
    explanation: "The field takes two numbers in degrees, latitude (-90 to 90) before longitude (-180 to 180).",
    example: "95.2, 10",
    cure: "Write both with a comma between: 42.1458, -71.4391.",
};

/// `json-syntax`
pub static JSON_SYNTAX: Code = Code {
    id: "json-syntax",
    severity: Severity::Error,
    title: "values are not the JSON that the field takes",
    explanation: "The field takes a value written as JSON: an object, a list, or any value, as `upsheet targets` says.",
    example: "{size: 12}",
    cure: "Put names and texts into double quotes: {\"size\": 12}.",
};

/// `number-range`
pub static NUMBER_RANGE: Code = Code {
    id: "number-range",
    severity: Severity::Error,
    title: "numbers lie outside the possible",
    explanation: "The field takes numbers between two bounds only: a day of a month lies between 1 and 31, a year of birth between 1900 and this one.",
    example: "32 under \"Day of birth\"",
    cure: "Correct the number.",
};

/// `bool-syntax`
pub static BOOL_SYNTAX: Code = Code {
    id: "bool-syntax",
    severity: Severity::Error,
    title: "yes-or-no values cannot be read",
    explanation: "The field takes yes or no: true/false, 1/0, ✓/✗, checked/unchecked, and yes or no in the languages of Western Europe.",
    example: "perhaps",
    cure: "Write yes or no.",
};

/// `url-syntax`
pub static URL_SYNTAX: Code = Code {
    id: "url-syntax",
    severity: Severity::Error,
    title: "web addresses are not web addresses",
    explanation: "The field takes an address that begins with http:// or https:// and has a host that there can be, without spaces. Other beginnings are refused: javascript: and data: run something, file: shows a file of whoever reads it.",
    example: "www.example.org",
    cure: "Write the whole address with https:// in front; the message proposes it where that is all it lacks.",
};

/// `currency-unknown`
pub static CURRENCY_UNKNOWN: Code = Code {
    id: "currency-unknown",
    severity: Severity::Error,
    title: "currencies are not ISO 4217 codes",
    explanation: "Currencies are named by three letters. Names and signs that mean one currency alone (Euro, €, A$) are understood; dollars, francs and £ are money of several countries, and codes such as DEM are money no more.",
    example: "dollars",
    cure: "Write AUD, NZD, EUR, …",
};

/// `country-unknown`
pub static COUNTRY_UNKNOWN: Code = Code {
    id: "country-unknown",
    severity: Severity::Error,
    title: "countries are not known",
    explanation: "A country is named by its code of two or three letters (ISO 3166-1) or by its name in English, French, German or Spanish. A name that two countries share, such as Congo or Korea, stands for neither.",
    example: "Narnia",
    cure: "Write the code of two letters: AU, NZ, FR, …",
};

/// `words-dashed`
pub static WORDS_DASHED: Code = Code {
    id: "words-dashed",
    severity: Severity::Fix,
    title: "words have spaces, for which the target writes dashes",
    explanation: "A tag has no spaces in Omneo (\"Tags\"): one that is sent with them is stored with dashes. It is sent as it will be stored, so that what is read back is what was sent.",
    example: "gift card → gift-card",
    cure: "Nothing to do; two tags that differ only in this become one.",
};
