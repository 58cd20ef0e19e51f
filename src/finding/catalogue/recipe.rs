//! Findings about what the recipe says of values: words, parts of a column, fields to clear.

use super::super::{Code, Severity};

/// `value-other`
pub static VALUE_OTHER: Code = Code {
    id: "value-other",
    severity: Severity::Warning,
    title: "words that nobody knows got the value that the recipe has for them",
    explanation: "The value map of this field has a line \"*\", and the word is neither in the map nor one that the field takes. The recipe's value is sent in its place.",
    example: "Dragon under \"Gender\", with \"*\" = 3 in [values.gender]",
    cure: "Add the word to [values.FIELD] in the recipe if it stands for something else, or correct the cell.",
};

/// `value-split`
pub static VALUE_SPLIT: Code = Code {
    id: "value-split",
    severity: Severity::Error,
    title: "values have not as many parts as the recipe splits them into",
    explanation: "The recipe splits this column into several fields. A value is split only when it has exactly one part for each of them; anything else would be a guess.",
    example: "Lyon under \"Place\", split into a city and a country",
    cure: "Correct the cell, or give each part a column of its own.",
};

/// `clear-refused`
pub static CLEAR_REFUSED: Code = Code {
    id: "clear-refused",
    severity: Severity::Error,
    title: "cells ask to clear a value that nobody can be without",
    explanation: "The cell holds the word that clears a field in the target, but the target requires the field or finds people by it; or it stands in a list of which the row has nothing else, so that there is no entry in which that could be said.",
    example: "#CLEAR under \"E-mail\"",
    cure: "Write the value into the cell, or remove the row; what stands in a list is emptied in the target.",
};
