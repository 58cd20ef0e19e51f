//! What is said of an input: how it is called, and how it was read.

use super::counted;
use crate::mapping::{Column, OURS, Role};
use crate::reader::Facts;
use crate::report::{Head, Sheet};
use crate::visible::visible;

/// How the inputs are called: by their file names, where these tell them apart.
pub(in crate::report) fn names(head: &Head) -> Vec<String> {
    let files: Vec<String> = head.sheets.iter().map(|sheet| sheet.facts.file_name()).collect();
    let named = head.sheets.iter().zip(&files).map(|(sheet, file)| {
        let twice = files.iter().filter(|other| *other == file).count() > 1;
        if twice { sheet.facts.path.display().to_string() } else { file.clone() }
    });
    named.collect()
}

/// How an input was read, in parts, behind its name: `sheet "People"`, `header on row 1`, …
pub(in crate::report) fn about_input(sheet: &Sheet, people: u64) -> Vec<String> {
    let facts = &sheet.facts;
    let mut parts = Vec::new();
    if let Some(sheet) = &facts.sheet {
        parts.push(format!("sheet \"{}\"", visible(sheet)));
    }
    if let (Some(delimiter), Some(encoding)) = (&facts.delimiter, facts.encoding) {
        parts.push(format!("{encoding}, {}", delimiter_word(delimiter)));
    }
    parts.push(header_place(facts));
    let columns = sheet.mapping.columns.iter().filter(|column| !is_own(column)).count();
    let columns = counted(columns as u64, "column", "columns");
    parts.push(format!("{}, {columns}", counted(people, "person", "people")));
    parts
}

/// Whether a column is one of an earlier check.
pub(in crate::report) fn is_own(column: &Column) -> bool {
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
