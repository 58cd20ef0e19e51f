//! `[pins]`: what later files are held to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::DateOrder;

/// `[pins]`: how a file was read, to which later ones are held. Every value as `inspect` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pins {
    /// The kind of file.
    pub format: Option<String>,
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// The delimiter of a text file.
    pub delimiter: Option<String>,
    /// The quote of a text file, or `none`.
    pub quote: Option<String>,
    /// The escape of a text file.
    pub escape: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the header, `N-M` for several, or `none`.
    pub header: Option<String>,
    /// The headers of all columns.
    pub columns: Option<Vec<String>>,
    /// The order of numeric dates, by header.
    pub dates: BTreeMap<String, DateOrder>,
}

impl Pins {
    /// What can be pinned beside the columns, in the order in which it is written.
    pub const WHAT: [&str; 7] =
        ["format", "encoding", "delimiter", "quote", "escape", "sheet", "header"];

    /// Pins a decision by its name; one that cannot be pinned is left out.
    pub fn set(&mut self, what: &str, value: String) {
        let place = match what {
            "format" => &mut self.format,
            "encoding" => &mut self.encoding,
            "delimiter" => &mut self.delimiter,
            "quote" => &mut self.quote,
            "escape" => &mut self.escape,
            "sheet" => &mut self.sheet,
            "header" => &mut self.header,
            _ => return,
        };
        *place = Some(value);
    }

    /// The pinned value of a decision.
    pub fn get(&self, what: &str) -> Option<&str> {
        let place = match what {
            "format" => &self.format,
            "encoding" => &self.encoding,
            "delimiter" => &self.delimiter,
            "quote" => &self.quote,
            "escape" => &self.escape,
            "sheet" => &self.sheet,
            "header" => &self.header,
            _ => return None,
        };
        place.as_deref()
    }
}
