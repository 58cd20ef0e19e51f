//! What stops the run: a required field without a column, with the columns that could be meant.

use super::content::Profile;
use super::left_open::{Order, orders};
use super::rivals::named;
use super::{
    Column, FULL_NAME, Mapping, NO_FIELD, NameOrder, Role, Schema, Sheet, flag_name, full_name,
    is_usual,
};
use crate::error::{Error, Result};
use crate::record::{Field, Kind, Need};
use crate::returned;
use crate::spelling::{nearest, normalise};
use crate::visible::visible;

pub(super) fn check_required(schema: &Schema, sheet: &Sheet<'_>, mapping: &Mapping) -> Result<()> {
    let missing: Vec<(usize, &Field)> = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(index, field)| {
            field.need == Need::Required
                && mapping.column_of(*index).is_none()
                && !mapping.makes(*index)
        })
        .collect();
    let Some((_, first)) = missing.first() else { return Ok(()) };
    let names: Vec<String> = missing.iter().map(|(_, field)| format!("`{}`", field.name)).collect();
    let help = hints(schema, sheet, mapping, &missing).join("\n");
    let help = if let Some(delimiter) = in_one_cell(sheet) {
        format!(
            "all columns stand in one: its cells hold {delimiter:?} between their parts, as whole lines in \
             quotes or lines pasted into a sheet do; export the people again, or take each line apart \
             (in a spreadsheet program: text to columns)"
        )
    } else if help.is_empty() {
        format!(
            "name the column with --map 'COLUMN={}', or add it to the sheet; if the header is on \
             another row, say which with --header-row N",
            first.name
        )
    } else {
        help
    };
    Err(Error::Mapping {
        message: format!(
            "{} has no column for {}\n{}",
            sheet.name,
            names.join(" and "),
            headers_line(sheet)
        ),
        help,
    })
}

/// What stands between several usual headers that share the only cell of the header.
fn in_one_cell(sheet: &Sheet<'_>) -> Option<char> {
    let mut headers = sheet.headers.iter().filter(|header| !header.trim().is_empty());
    let (Some(only), None) = (headers.next(), headers.next()) else { return None };
    let parts = |delimiter: &char| {
        let parts = only.split(*delimiter).map(|part| part.trim_matches(['"', ' ']));
        parts.filter(|part| is_usual(part)).count()
    };
    [',', ';', '\t', '|'].into_iter().find(|delimiter| parts(delimiter) >= 2)
}

/// What could be meant: one line for each missing field that anything speaks for.
fn hints(
    schema: &Schema,
    sheet: &Sheet<'_>,
    mapping: &Mapping,
    missing: &[(usize, &Field)],
) -> Vec<String> {
    let unused = |column: &Column| matches!(column.role, Role::Unused(_));
    let free: Vec<(usize, &Column)> =
        mapping.columns.iter().enumerate().filter(|(_, column)| unused(column)).collect();
    let flag =
        |index: usize, name: &str| format!("--map '{}={name}'", flag_name(sheet.headers, index));
    let mut hints = Vec::new();
    // A full name that was refused says so once, for both names.
    let is_name = |field: &Field| field.is("first_name") || field.is("last_name");
    let is_full = |column: &Column| column.suggestion.as_deref().and_then(full_name).is_some();
    let full = free.iter().find(|(_, column)| is_full(column));
    if let Some((index, Column { header, role: Role::Unused(why), .. })) = full
        && missing.iter().any(|(_, field)| is_name(field))
    {
        let unordered = mapping.unordered.iter().find(|open| open.column == *index);
        let ways = match unordered {
            Some(open) => open.help.clone(),
            None if NameOrder::under(header) == NameOrder::Shown => {
                orders(&|order| flag(*index, order), Order::Untold)
            }
            None => format!("if the given name stands first: {}", flag(*index, FULL_NAME)),
        };
        hints.push(format!("{header:?} is not used: {why}; {ways}"));
    }
    let told = !hints.is_empty();
    for (place, field) in missing.iter().filter(|(_, field)| !(told && is_name(field))) {
        let refused = free.iter().find(|(_, column)| {
            column.suggestion.as_deref() == Some(&*field.name)
                && !matches!(&column.role, Role::Unused(why) if why.starts_with(NO_FIELD))
        });
        if let Some((index, Column { header, role: Role::Unused(why), .. })) = refused {
            let flag = flag(*index, &field.name);
            hints.push(format!("{header:?} is not used: {why}; if it is right: {flag}"));
        } else if let Some((index, share)) = by_content(field, sheet, &free) {
            let header = named(sheet, index);
            let flag = flag(index, &field.name);
            hints.push(format!(
                "{header} holds addresses in {share} % of its rows: use it with {flag}"
            ));
        } else if let Some(index) = by_address(schema, sheet, mapping, *place, &free) {
            let letter = named(sheet, index);
            let part = if schema.find("first_name") == Some(*place) { "first" } else { "last" };
            let flag = flag(index, &field.name);
            hints.push(format!(
                "{letter} holds the {part} part of the addresses: if it is it, {flag}"
            ));
        } else {
            let headers = free.iter().filter(|(_, column)| !column.header.is_empty());
            let mut names = headers.map(|(_, column)| column.header.as_str());
            if let Some(near) = nearest(&field.name, &mut names) {
                hints.push(format!("if {near:?} is it: --map '{near}={}'", field.name));
            }
        }
    }
    let cures = missing.iter().map(|(_, field)| field.cure).filter(|cure| !cure.is_empty());
    hints.extend(cures.map(str::to_owned));
    hints
}

/// The unused column whose content says that it is the field, with the share of its rows.
fn by_content(
    field: &Field,
    sheet: &Sheet<'_>,
    free: &[(usize, &Column)],
) -> Option<(usize, usize)> {
    if !matches!(field.kind, Kind::Email) {
        return None;
    }
    let profiles = Profile::all(sheet);
    free.iter()
        .filter_map(|&(index, _)| Some((index, profiles.get(index)?.email_share())))
        .filter(|(_, share)| *share >= 50)
        .max_by_key(|(index, share)| (*share, std::cmp::Reverse(*index)))
}

/// The unused column that holds the first, or the last, part of the addresses of most people:
/// `ada.larkspur@example.org` tells names from other words, though not which of them is the given one.
fn by_address(
    schema: &Schema,
    sheet: &Sheet<'_>,
    mapping: &Mapping,
    place: usize,
    free: &[(usize, &Column)],
) -> Option<usize> {
    let email = mapping.column_of(schema.find("email")?)?;
    let is_first = schema.find("first_name") == Some(place);
    if !is_first && schema.find("last_name") != Some(place) {
        return None;
    }
    let held = |column: usize| {
        let (mut parted, mut held) = (0_usize, 0_usize);
        for row in sheet.sample.iter() {
            let local = row.cell(email).text.split('@').next().unwrap_or_default();
            let Some((first, last)) = local.split_once(['.', '_', '-']) else { continue };
            let part = normalise(if is_first { first } else { last });
            parted += 1;
            held += usize::from(!part.is_empty() && part == normalise(row.cell(column).text));
        }
        parted >= 2 && held * 2 > parted
    };
    free.iter().map(|(index, _)| *index).find(|&index| held(index))
}

/// How many headers a message shows, and so many characters of each.
const MOST_HEADERS: usize = 200;
const LONGEST_HEADER: usize = 120;

pub(super) fn headers_line(sheet: &Sheet<'_>) -> String {
    let headers: Vec<&str> = sheet
        .headers
        .iter()
        .map(|header| header.trim())
        .filter(|header| !header.is_empty() && !returned::is_ours(header))
        .collect();
    let shown = headers.iter().take(MOST_HEADERS).map(|header| {
        let short: String = header.chars().take(LONGEST_HEADER).collect();
        let more = if short.len() < header.len() { "…" } else { "" };
        visible(&short) + more
    });
    let mut list = shown.collect::<Vec<String>>().join(", ");
    if let Some(more) = headers.len().checked_sub(MOST_HEADERS).filter(|more| *more > 0) {
        list = format!("{list}, … and {more} more");
    }
    if sheet.header_row == 0 {
        return format!("its first row looks like a person, so its columns go by letters: {list}");
    }
    format!("the header on row {} has: {list}", sheet.header_row)
}
