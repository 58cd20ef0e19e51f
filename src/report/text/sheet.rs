//! How an input was read and what its columns are for, at the head of the page.

use std::fmt::Write as _;

use super::page::{Page, Tone};
use super::words::counted;
use crate::mapping::{Column, Confidence, NO_FIELD, OURS, Role};
use crate::reader::Facts;
use crate::report::Sheet;
use crate::visible::visible;

/// What is said of an input.
pub(super) fn sheet_lines(page: &mut Page, sheet: &Sheet, people: u64) {
    let facts = &sheet.facts;
    let mut line = visible(&facts.file_name());
    if let Some(sheet) = &facts.sheet {
        let _ = write!(line, " › sheet \"{}\"", visible(sheet));
    }
    if let (Some(delimiter), Some(encoding)) = (&facts.delimiter, facts.encoding) {
        let _ = write!(line, " › {encoding}, {}", delimiter_word(delimiter));
    }
    let own = sheet.mapping.columns.iter().filter(|column| !is_own(column));
    let _ = write!(
        line,
        " › {} › {}, {}",
        header_place(facts),
        counted(people, "person", "people"),
        counted(own.count() as u64, "column", "columns")
    );
    let parts: Vec<&str> = line.split(" › ").collect();
    page.put_items(Some(Tone::Strong), "", &parts, " › ");
    let used: Vec<String> = sheet
        .mapping
        .columns
        .iter()
        .zip(&sheet.fields)
        .filter_map(|(column, field)| {
            let doubt = doubt(column);
            let said = doubt.iter().chain(&column.proof).map(|text| visible(text));
            let said = said.collect::<Vec<String>>().join("; ");
            let said = if said.is_empty() { said } else { format!(" ({said})") };
            Some(format!("{} → {}{said}", visible(&column.header), field.as_deref()?))
        })
        .chain(sheet.made.iter().map(|(how, field)| format!("{} → {field}", visible(how))))
        .collect();
    listed(page, "  mapped    ", &used, " · ");
    let unused: Vec<String> = sheet
        .mapping
        .columns
        .iter()
        .filter_map(|column| match &column.role {
            // Of ours there is a line of its own.
            Role::Unused(reason) if !column.header.is_empty() && reason != OURS => {
                let header = visible(&column.header);
                Some(if reason == NO_FIELD {
                    format!("\"{header}\"")
                } else {
                    format!("\"{header}\" ({})", visible(reason))
                })
            }
            _ => None,
        })
        .collect();
    listed(page, "  not used  ", &unused, ", ");
}

/// Items behind a label, where there are any.
fn listed(page: &mut Page, label: &str, items: &[String], between: &str) {
    if !items.is_empty() {
        page.put_items(None, label, items, between);
    }
}

/// Whether a column is one of an earlier check.
pub(super) fn is_own(column: &Column) -> bool {
    matches!(&column.role, Role::Unused(reason) if reason == OURS)
}

/// Where the header stands, in words.
fn header_place(facts: &Facts) -> String {
    match (facts.header_first, facts.header_row) {
        (_, 0) => "no header".to_owned(),
        (first, last) if first == last => format!("header on row {last}"),
        (first, last) => format!("header on rows {first} to {last}"),
    }
}

fn delimiter_word(delimiter: &str) -> String {
    match delimiter {
        "," => "comma".to_owned(),
        ";" => "semicolon".to_owned(),
        "\t" => "tab".to_owned(),
        "|" => "pipe".to_owned(),
        " " => "space".to_owned(),
        other => format!("{other:?}"),
    }
}

/// How sure a column is, where that is less than certain: a page of certainties stays calm.
fn doubt(column: &Column) -> Option<String> {
    let confidence = column.confidence?;
    match confidence {
        Confidence::Stated | Confidence::Certain => None,
        Confidence::Likely if column.why == "header" => Some(confidence.word().to_owned()),
        _ => Some(format!("{}: {}", confidence.word(), column.why)),
    }
}
