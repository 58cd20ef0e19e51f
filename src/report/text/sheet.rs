//! How an input was read and what its columns are for, at the head of the page.

use super::page::{Page, Tone};
use crate::mapping::{Column, Confidence, NO_FIELD, OURS, Role};
use crate::report::Sheet;
use crate::report::words::about_input;
use crate::visible::visible;

/// What is said of an input.
pub(super) fn sheet_lines(page: &mut Page, sheet: &Sheet, people: u64) {
    let name = visible(&sheet.facts.file_name());
    let about = about_input(sheet, people);
    let parts: Vec<&str> =
        std::iter::once(name.as_str()).chain(about.iter().map(String::as_str)).collect();
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

/// How sure a column is, where that is less than certain: a page of certainties stays calm.
fn doubt(column: &Column) -> Option<String> {
    let confidence = column.confidence?;
    match confidence {
        Confidence::Stated | Confidence::Certain => None,
        Confidence::Likely if column.why == "header" => Some(confidence.word().to_owned()),
        _ => Some(format!("{}: {}", confidence.word(), column.why)),
    }
}
