//! Findings that are the cause of others.

use super::super::{Code, Severity};

/// `row-shifted`
pub static ROW_SHIFTED: Code = Code {
    id: "row-shifted",
    severity: Severity::Error,
    title: "rows are shifted: their cells stand in wrong columns",
    explanation: "The cells of the row do not fit the headers over them, but all of them fit when they are read one or two columns further on: a cell was inserted or deleted, or a delimiter stands inside an unquoted cell. Single values that happen to fit would be sent into the wrong fields, so the row is rejected as a whole. What is said of its cells follows from the shift.",
    example: "a phone number under \"E-mail\", the address in the column to its left",
    cure: "Move the cells of these rows back under their headers; in a text file, quote the cell that holds the delimiter.",
};
