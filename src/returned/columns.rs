//! The columns of a checked workbook, found again among those of now.

use super::Tag;

/// What is otherwise about the columns of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// Those that were not there, as they stand now.
    pub added: Vec<u16>,
    /// Those that are gone, as they stood then, ours not counted.
    pub removed: Vec<u16>,
    /// Those with another header, as they stand now.
    pub renamed: Vec<u16>,
    /// Whether they stand in another order.
    pub moved: bool,
}

impl Columns {
    /// Whether nothing is otherwise.
    pub fn are_same(&self) -> bool {
        *self == Self::default()
    }
}

/// Finds the columns of then among those of now: by their headers, and one with another header between its
/// old neighbours.
pub(super) fn align(then: &[Tag], now: &[(u16, Tag)]) -> (Vec<Option<u16>>, Columns) {
    if then.is_empty() {
        // What the headers were is lost: they are taken to be the same.
        return (now.iter().map(|(column, _)| Some(*column)).collect(), Columns::default());
    }
    let mut found: Vec<Option<usize>> = vec![None; then.len()];
    let mut used = vec![false; now.len()];
    let is_free = |used: &[bool], at: usize| used.get(at) == Some(&false);
    let take = |used: &mut Vec<bool>, at: usize| {
        if let Some(place) = used.get_mut(at) {
            *place = true;
        }
    };
    for (slot, tag) in found.iter_mut().zip(then) {
        let at =
            now.iter().enumerate().position(|(at, (_, other))| other == tag && is_free(&used, at));
        if let Some(at) = at {
            *slot = Some(at);
            take(&mut used, at);
        }
    }
    let moved = !found.iter().flatten().is_sorted();
    let mut renamed = Vec::new();
    for column in 0..found.len() {
        if found.get(column).copied().flatten().is_some() {
            continue;
        }
        let left = match column.checked_sub(1) {
            None => Some(0),
            Some(before) => found.get(before).copied().flatten().map(|at| at + 1),
        };
        let right = match found.get(column + 1) {
            None => now.len().checked_sub(1),
            Some(after) => after.and_then(|at| at.checked_sub(1)),
        };
        let at = left.filter(|at| is_free(&used, *at)).or(right.filter(|at| is_free(&used, *at)));
        if let (Some(at), Some(slot)) = (at, found.get_mut(column)) {
            *slot = Some(at);
            take(&mut used, at);
            renamed.extend(now.get(at).map(|(column, _)| *column));
        }
    }
    let column = |at: usize| now.get(at).map(|(column, _)| *column);
    let places: Vec<Option<u16>> = found.iter().map(|at| at.and_then(column)).collect();
    let gone = (0_u16..).zip(&places).filter(|(_, place)| place.is_none());
    let removed = gone.map(|(column, _)| column).collect();
    let added = now.iter().zip(&used).filter(|(_, used)| !**used).map(|((at, _), _)| *at).collect();
    (places, Columns { added, removed, renamed, moved })
}
