//! Where in the rows of a file the table of people stands: below which titles its header is.

use crate::mapping::words;
use crate::row::{Row, Rows};
use crate::spelling::normalise;

/// How many rows of the beginning may stand above the header.
const ABOVE: usize = 30;

/// The row of the header: what the user says, else the first row that is not blank. Where that row
/// is far narrower than the table, as titles and notes are, the first row with two headers that are
/// known words takes its place.
pub(super) fn header_row(rows: &Rows, wanted: Option<u32>, first: u32) -> Option<Row<'_>> {
    if let Some(wanted) = wanted {
        return rows.iter().find(|row| row.at.row == wanted);
    }
    let candidates =
        || rows.iter().filter(move |row| row.at.row >= first && !row.is_blank()).take(ABOVE);
    let filled = |row: &Row<'_>| row.cells().filter(|cell| !cell.is_blank()).count();
    let known = |row: &Row<'_>| row.cells().filter(|cell| is_known_header(cell.text)).count() >= 2;
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        *counts.entry(filled(&row)).or_insert(0_usize) += 1;
    }
    let usual = counts.into_iter().max_by_key(|&(filled, rows)| (rows, filled));
    let usual = usual.map_or(1, |(filled, _)| filled);
    let first_row = candidates().next()?;
    // A header as wide as the table needs no other proof.
    if usual < 3 || filled(&first_row) > 1 && filled(&first_row) * 2 >= usual {
        return Some(first_row);
    }
    candidates().find(known).or(Some(first_row))
}

/// Whether a header is one of the words that people write for the fields they all have.
pub(super) fn is_known_header(text: &str) -> bool {
    let plain = normalise(text);
    [words::FIRST_NAME, words::LAST_NAME, words::EMAIL, words::PHONE, words::BIRTH_DATE]
        .iter()
        .any(|words| words.sure.contains(&plain.as_str()))
}

/// The most frequent number of cells and how many rows have it.
pub(super) fn usual_width(rows: &Rows) -> Option<(usize, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|row| !row.is_blank()) {
        *counts.entry(row.len()).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|&(width, count)| (count, width))
}
