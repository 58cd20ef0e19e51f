//! `[reading]`: how files are read.

use serde::Deserialize;
use toml::Spanned;

/// A value that may be written as a number or as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a text or a whole number")]
pub enum Said {
    /// `header_row = 3`
    Number(i64),
    /// `header_row = "2-3"`
    Text(String),
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// `[reading]`: how files are read, as the flags of the same names say it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// `--sheet`
    pub sheet: Option<Spanned<Said>>,
    /// `--range`
    pub range: Option<Spanned<Said>>,
    /// `--table`
    pub table: Option<Spanned<Said>>,
    /// `--header-row`
    pub header_row: Option<Spanned<Said>>,
    /// `--delimiter`
    pub delimiter: Option<Spanned<Said>>,
    /// `--quote`
    pub quote: Option<Spanned<Said>>,
    /// `--encoding`
    pub encoding: Option<Spanned<Said>>,
    /// `--hidden`
    pub hidden: Option<Spanned<Said>>,
}
