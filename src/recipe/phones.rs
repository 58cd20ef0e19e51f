//! `[phones]`: how phone numbers are read.

use serde::Deserialize;
use toml::Spanned;

/// `[phones]`: how phone numbers are read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phones {
    /// The country of national numbers, by its ISO 3166-1 code.
    pub default_region: Option<Spanned<String>>,
    /// The column that holds each person's country, by its header or letter; `-` for none.
    pub region_column: Option<Spanned<String>>,
}
