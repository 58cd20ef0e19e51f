//! `[values.FIELD]`: what the words of a sheet stand for.

use serde::Deserialize;

/// What the recipe says a word of a column stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Meaning {
    /// A code of the target.
    Code(i64),
    /// A word of the target.
    Word(String),
}
