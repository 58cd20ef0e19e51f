//! `[phones]`: how phone numbers are read.

use serde::Deserialize;

/// `[phones]`: how phone numbers are read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phones {
    /// The column that holds each person's country, by its header or letter; `-` for none.
    pub region_column: Option<String>,
}
