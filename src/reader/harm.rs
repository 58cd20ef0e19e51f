//! Headers and whole files that were harmed by a wrong encoding before they came to us.

use super::Input;
use crate::finding::{self, Finding};
use crate::mojibake;
use crate::row::Location;

/// What is to be said of harmed headers, and of a file that is harmed as a whole.
pub(super) fn notes(input: &Input, at: Location) -> Vec<Finding> {
    let mut notes = Vec::new();
    let note = |column: usize, header: &str, message: String| {
        Finding::new(&finding::HEADER_DAMAGED, at, message)
            .column(u16::try_from(column).ok())
            .value(header)
    };
    let mut scrambled = 0;
    for (column, header) in input.headers.iter().enumerate() {
        if input.facts.header_damaged.contains(&column) {
            let message = if header.contains('\u{fffd}') {
                format!("the header {header:?} has bytes that are no text in the file's encoding")
            } else {
                format!("the header has bytes of windows-1252 and was read as {header:?}")
            };
            let help = "if the column is not the one that it looks like, map it with --map";
            notes.push(note(column, header, message).help(help));
        } else if let Some((meant, how)) = mojibake::original(header) {
            scrambled += 1;
            let message = format!("the header was read as {how} once too often");
            let help = format!("its column is taken for {meant:?}");
            notes.push(note(column, header, message).help(help).fix(&meant, false));
        }
    }
    let cells = || {
        let rows = input.sample.iter().flat_map(|row| row.cells());
        rows.map(|cell| cell.text).filter(|text| !text.is_ascii())
    };
    let harmed = cells().filter(|text| mojibake::original(text).is_some()).count();
    let share = harmed * 2 > cells().count() && harmed > 2;
    if scrambled > 0 || share {
        let message = format!(
            "the text was read in the wrong encoding and saved before: {scrambled} headers and {harmed} cells of the first rows show it"
        );
        let help = "--encoding cannot cure it: export again as UTF-8 and do not open and save the \
                    file in between";
        notes.push(Finding::new(&finding::FILE_MOJIBAKE, at, message).help(help));
    }
    notes
}
