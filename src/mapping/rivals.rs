//! Two columns for one field: which one is better, and why.

use super::Sheet;
use super::content::{Profile, percent};
use crate::record::Field;
use crate::row::letters;
use crate::visible::visible;

/// By how many of a hundred a column must be ahead of another.
const AHEAD: usize = 30;

/// Which of some columns is the best one for a field, with the reason; nothing where no reason tells
/// them apart. What the values show decides: of the right kind, not blank, not one for everybody.
pub(super) fn best(
    sheet: &Sheet<'_>,
    profiles: &[Profile],
    field: &Field,
    columns: &[usize],
) -> Option<(usize, String)> {
    let first = *columns.first()?;
    if columns.len() == 1 || profiles.iter().all(|profile| profile.rows == 0) {
        return Some((first, String::new()));
    }
    columns.iter().find_map(|&column| {
        let mut why = String::new();
        for &other in columns.iter().filter(|other| **other != column) {
            let reason = ahead(sheet, profiles, field, column, other)?;
            if why.is_empty() {
                why = reason;
            }
        }
        Some((column, why))
    })
}

/// Why a column is better than another.
fn ahead(
    sheet: &Sheet<'_>,
    profiles: &[Profile],
    field: &Field,
    column: usize,
    other: usize,
) -> Option<String> {
    let (own, theirs) = (profiles.get(column)?, profiles.get(other)?);
    let name = named(sheet, other);
    if own.filled > 0 && theirs.filled == 0 {
        return Some(format!("{name} is blank in the first {} rows", theirs.rows));
    }
    if own.filled == 0 {
        return (theirs.filled == 0 && column < other).then(|| format!("as blank as {name}"));
    }
    if let (Some(fit), Some(other_fit)) = (own.share_of(&field.kind), theirs.share_of(&field.kind))
        && fit >= 50
        && fit >= other_fit + AHEAD
    {
        let kind = field.kind.word();
        return Some(format!("{fit} % of its values are {kind} values, {other_fit} % of {name}"));
    }
    let (distinct, other_distinct) = (own.distinct_share(), theirs.distinct_share());
    if field.unique && own.filled >= 3 && distinct >= 80 && other_distinct <= 50 {
        return Some(format!("its values differ from row to row, those of {name} repeat"));
    }
    let (filled, other_filled) = (own.filled_share(), theirs.filled_share());
    if filled >= other_filled + AHEAD {
        return Some(format!("filled in {filled} % of rows, {name} in {other_filled} %"));
    }
    let same = sheet
        .sample
        .iter()
        .filter(|row| !row.is_blank())
        .all(|row| row.cell(column).text.trim() == row.cell(other).text.trim());
    (same && column < other).then(|| format!("{name} holds the same"))
}

/// How a column is called among others: by its header, and its letter.
pub(super) fn named(sheet: &Sheet<'_>, column: usize) -> String {
    let header = sheet.headers.get(column).map_or("", |header| header.trim());
    format!("\"{}\" (column {})", visible(header), letters(column))
}

/// What is known of a column that might be taken, in a few words.
pub(super) fn told(
    sheet: &Sheet<'_>,
    profiles: &[Profile],
    field: &Field,
    column: usize,
) -> String {
    let Some(profile) = profiles.get(column) else { return named(sheet, column) };
    let fit = match profile.share_of(&field.kind) {
        Some(share) => format!(", {share} % of its values are {} values", field.kind.word()),
        None => String::new(),
    };
    let filled = percent(profile.filled, profile.rows);
    format!("{}: filled in {filled} % of rows{fit}", named(sheet, column))
}
