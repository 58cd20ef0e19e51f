//! How a message names another row: by its number, and by its file where that is another one.

use crate::report::Head;
use crate::row::Location;

/// The names of the inputs.
#[derive(Debug, Default)]
pub(super) struct Places {
    names: Vec<String>,
}

impl Places {
    pub(super) fn new(head: &Head) -> Self {
        Self { names: head.sheets.iter().map(|sheet| sheet.facts.file_name()).collect() }
    }

    /// A row, as it is named in a finding about another one.
    pub(super) fn name(&self, here: Location, there: Location) -> String {
        match self.names.get(usize::from(there.input)) {
            Some(name) if here.input != there.input => format!("row {} of {name}", there.row),
            _ => format!("row {}", there.row),
        }
    }
}
