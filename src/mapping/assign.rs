//! Which field a column is for that nobody named: the clearest pairs of a header and a field first.

use super::content::misfit;
use super::header::likeness;
use super::{FULL_NAME, Role, Schema, Sheet, overlaps, words};
use crate::mojibake;
use crate::spelling::normalise;

/// Pairs the columns that nobody named with the fields that nobody took, the clearest pairs first.
pub(super) fn assign_by_header(
    schema: &Schema,
    sheet: &Sheet<'_>,
    columns: &mut [Option<(Role, &'static str)>],
) {
    let full_name = match (schema.find("first_name"), schema.find("last_name")) {
        (Some(first), Some(last)) if schema.find(FULL_NAME).is_none() => {
            Some(Role::FullName { first, last })
        }
        _ => None,
    };
    // (strength, column, place in the table) sorts the clearest pair first, and is deterministic.
    let mut pairs: Vec<(u8, usize, usize, Role)> = Vec::new();
    for (index, header) in sheet.headers.iter().enumerate() {
        let meant = mojibake::original(header);
        let plain = normalise(meant.as_ref().map_or(header.as_str(), |(meant, _)| meant));
        if plain.is_empty() {
            continue;
        }
        for (place, field) in schema.fields().iter().enumerate() {
            let parts = sheet.parts.get(index).into_iter().flatten();
            let by_part = parts
                .filter_map(|part| likeness(&normalise(part), &field.name, field.words))
                .map(|strength| strength.max(1));
            let strength = likeness(&plain, &field.name, field.words).into_iter().chain(by_part);
            if let Some(strength) = strength.min() {
                pairs.push((strength, index, place, Role::Field(place)));
            }
        }
        if let Some(role) = &full_name
            && let Some(strength) = likeness(&plain, FULL_NAME, words::FULL_NAME)
        {
            // A full name is the last resort: two columns of their own are always surer.
            pairs.push((strength + 3, index, usize::MAX, role.clone()));
        }
    }
    pairs.sort_by_key(|(strength, index, place, _)| (*strength, *place, *index));
    for (strength, index, _, role) in pairs {
        let free = columns.get(index).is_some_and(Option::is_none);
        let taken = columns.iter().flatten().any(|(other, _)| overlaps(other, &role));
        if !free {
            continue;
        }
        let decided = if taken {
            continue;
        } else if let Some(reason) = misfit(schema, sheet, index, &role) {
            (Role::Unused(reason), "content")
        } else {
            (role, if strength == 0 { "the field's name" } else { "header" })
        };
        if let Some(place) = columns.get_mut(index) {
            *place = Some(decided);
        }
    }
}
