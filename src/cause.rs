//! Root causes: findings folded into what made them, with what curing it would clear.
//!
//! Findings come in file order; what is kept of them are counts, the first places, and a bounded
//! number of different words. Which cure helps was tried on every single value before
//! (`validate/remedy.rs`): here it is only counted.

mod cure;
mod gather;
mod key;
mod words;

use std::borrow::Cow;

pub use self::gather::Causes;
pub(crate) use self::key::Key;
use crate::finding::{Code, Severity};

/// Findings that have one cause.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Which kind.
    pub code: &'static Code,
    /// How bad.
    pub severity: Severity,
    /// Which input.
    pub input: u16,
    /// Which column; `None` for findings about rows.
    pub column: Option<u16>,
    /// Whether a baseline accepts these findings.
    pub known: bool,
    /// How many findings it explains.
    pub count: u64,
    /// In how many rows.
    pub rows: u64,
    /// How many people have no other error: they are ready when it is cured.
    pub clears: u64,
    /// What is the matter, in one line.
    pub message: Cow<'static, str>,
    /// The first rows that have it: row and line.
    pub first: Vec<Place>,
    /// The rows that have it, end to end, where that says more than single rows; not all of them when
    /// there are more than [`RUNS`].
    pub runs: Vec<Run>,
    /// Rows in runs that are not listed.
    pub beyond: u64,
    /// The words or values that make it up, the most frequent first, where they repeat.
    pub words: Vec<Word>,
    /// Findings whose word is not among these.
    pub other_words: u64,
    /// What would cure it, if anything is known to.
    pub cure: Option<Cure>,
}

/// A row and its line in a text file.
pub type Place = (u32, u32);

/// Rows that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first of them.
    pub from: Place,
    /// The last of them.
    pub to: Place,
}

/// A word that stands in many cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word, as it stands in the first of them.
    pub text: String,
    /// How many findings it makes.
    pub count: u64,
    /// What was perhaps meant.
    pub suggestion: Option<String>,
}

/// What cures a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cure {
    /// The flag that does it, if one does.
    pub flag: Option<String>,
    /// What to do, in one line or, for the recipe, in several.
    pub text: String,
    /// How many of the findings it was seen to clear.
    pub repairs: Option<u64>,
    /// How many people were seen to become ready by it.
    pub clears: Option<u64>,
}

/// How many rows a cause names.
pub const FIRST: usize = 5;
/// How many runs of rows a cause names.
pub const RUNS: usize = 8;
