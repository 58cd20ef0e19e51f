//! What the values of a column say about what it is for.

use super::{Role, Schema, Sheet};
use crate::record::Kind;

/// Why the content of a column speaks against a field that its header suggests: a column of job
/// titles is not a column of occupation codes, whatever its title.
pub(super) fn misfit(
    schema: &Schema,
    sheet: &Sheet<'_>,
    column: usize,
    role: &Role,
) -> Option<String> {
    let Role::Field(index) = role else { return None };
    let field = schema.field(*index)?;
    if !matches!(field.kind, Kind::Choice(_)) {
        return None;
    }
    let mut known = 0_usize;
    let mut example = None;
    let mut filled = 0_usize;
    for row in sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
        let cell = row.cell(column);
        filled += 1;
        let knows = |text: &str| (sheet.knows_word)(field, text);
        if knows(cell.text) || row.stored(column).is_some_and(knows) {
            known += 1;
        } else if example.is_none() {
            example = Some(cell.text);
        }
    }
    (filled > 0 && known * 2 < filled).then(|| {
        format!(
            "its values, such as {:?}, are not those of `{}`; teach them under [values.{}] in the \
             recipe",
            example.unwrap_or_default(),
            field.name,
            field.name
        )
    })
}
