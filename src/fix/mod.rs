//! The plan of repairs: each one that is known, a line of a CSV in which a person says yes or no; and its
//! way into a copy of the file.
//!
//! `check --fix-plan` writes the plan ([`KIND`]), a person accepts lines of it, `fix` reads it
//! ([`Accepted`]), holds it against the file ([`survey()`]) and writes the copy. A line says what its cell
//! held and what it is to hold, so that a plan for another state of the file changes nothing.

mod accepted;
mod copy;
mod guard;
#[cfg(test)]
mod properties;
mod propose;
mod survey;
mod texts;

pub use self::accepted::{Accepted, Line, is_answered};
pub use self::copy::{can_copy, copy, name_of_copy};
pub use self::propose::{Counts, KIND, count, plan};
pub use self::survey::{State, Survey, survey};

/// The columns of a plan, in their order.
pub(crate) mod column {
    /// Whether the repair is to be made.
    pub(crate) const ACCEPT: &str = "accept";
    /// The file, as it was named to `check`.
    pub(crate) const FILE: &str = "file";
    /// The sheet of a workbook.
    pub(crate) const SHEET: &str = "sheet";
    /// The cell: `C4`.
    pub(crate) const CELL: &str = "cell";
    /// What stands in the cell.
    pub(crate) const BEFORE: &str = "before";
    /// What is to stand there.
    pub(crate) const AFTER: &str = "after";
    /// The kinds of the findings that it repairs.
    pub(crate) const RULE: &str = "rule";
    /// How sure it is.
    pub(crate) const CONFIDENCE: &str = "confidence";
    /// All of them.
    pub(crate) const ALL: [&str; 13] = [
        ACCEPT, FILE, SHEET, CELL, "row", "line", "column", "field", BEFORE, AFTER, RULE,
        CONFIDENCE, "why",
    ];
}

/// The word for a repair that is made whenever the row is sent.
pub(crate) const CERTAIN: &str = "certain";
/// The word for one that a person has to decide about.
pub(crate) const LIKELY: &str = "likely";
