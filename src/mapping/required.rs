//! What stops the run: a required field without a column, with the columns that could be meant.

use std::fmt::Write as _;

use super::{Mapping, Role, Schema, Sheet};
use crate::error::{Error, Result};
use crate::record::{Field, Kind, Need};
use crate::spelling::nearest;
use crate::visible::visible;

pub(super) fn check_required(schema: &Schema, sheet: &Sheet<'_>, mapping: &Mapping) -> Result<()> {
    let missing: Vec<(usize, &Field)> = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(index, field)| {
            field.need == Need::Required && mapping.column_of(*index).is_none()
        })
        .collect();
    let Some((_, first)) = missing.first() else { return Ok(()) };
    let names: Vec<String> = missing.iter().map(|(_, field)| format!("`{}`", field.name)).collect();
    let free: Vec<(usize, &str)> = mapping
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| matches!(column.role, Role::Unused(_)) && !column.header.is_empty())
        .map(|(index, column)| (index, column.header.as_str()))
        .collect();
    let mut help = String::new();
    for (_, field) in &missing {
        if let Some((header, share)) = by_content(field, sheet, &free) {
            let _ = writeln!(
                help,
                "{header:?} holds addresses in {share} % of its rows: use it with --map \
                 '{header}={}'",
                field.name
            );
        } else if let Some(near) = nearest(&field.name, free.iter().map(|(_, header)| *header)) {
            let _ = writeln!(help, "if {near:?} is it: --map '{near}={}'", field.name);
        }
    }
    if help.is_empty() {
        let _ = write!(
            help,
            "name the column with --map 'COLUMN={}', or add it to the sheet; if the header is on \
             another row, say which with --header-row N",
            first.name
        );
    }
    Err(Error::Mapping {
        message: format!(
            "{} has no column for {}\n{}",
            sheet.name,
            names.join(" and "),
            headers_line(sheet)
        ),
        help: help.trim_end().to_owned(),
    })
}

/// The unused column whose content says that it is the field, with the share of its rows.
fn by_content<'a>(
    field: &Field,
    sheet: &Sheet<'_>,
    free: &[(usize, &'a str)],
) -> Option<(&'a str, usize)> {
    if !matches!(field.kind, Kind::Email) {
        return None;
    }
    free.iter()
        .filter_map(|&(index, header)| {
            let cells = sheet.sample.iter().map(|row| row.cell(index));
            let (mut filled, mut fit) = (0_usize, 0_usize);
            for cell in cells.filter(|cell| !cell.is_blank()) {
                filled += 1;
                fit += usize::from(cell.text.contains('@'));
            }
            let share = (fit * 100).checked_div(filled)?;
            (share >= 50).then_some((header, share))
        })
        .max_by_key(|(_, share)| *share)
}

pub(super) fn headers_line(sheet: &Sheet<'_>) -> String {
    let headers: Vec<String> = sheet
        .headers
        .iter()
        .map(|header| header.trim())
        .filter(|header| !header.is_empty())
        .map(visible)
        .collect();
    let list = headers.join(", ");
    if sheet.header_row == 0 {
        return format!("its first row looks like a person, so its columns go by letters: {list}");
    }
    format!("the header on row {} has: {list}", sheet.header_row)
}
