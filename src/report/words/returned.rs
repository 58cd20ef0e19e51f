//! What became of a workbook that was checked before, in a few lines.

use super::{counted, grouped};
use crate::report::{Head, Summary};
use crate::returned::{Columns, Returned};
use crate::row::letters;
use crate::visible::visible;

/// How many cells, rows and kinds of findings are named; all of them stand in the other reports.
const NAMED: usize = 8;

/// What is said of an input that was checked before.
pub(in crate::report) struct CameBack {
    /// What became of its rows.
    pub(in crate::report) headline: String,
    /// Of its findings, if it had or has any.
    pub(in crate::report) findings: Option<String>,
    /// Of the kinds of findings of which some are cured or new.
    pub(in crate::report) kinds: Vec<String>,
    /// Whether anything else changed, and whether that is to be looked at.
    pub(in crate::report) beside: (bool, String),
    /// What is otherwise about its columns, if anything is.
    pub(in crate::report) columns: Option<String>,
}

/// What is otherwise in each input that was checked before.
pub(in crate::report) fn came_back(head: &Head, summary: &Summary) -> Vec<CameBack> {
    let inputs = summary.returned.iter().map(|returned| {
        let sheet = head.sheets.get(usize::from(returned.input));
        let name = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
        let header = |column: &u16| {
            let columns = sheet.map(|sheet| sheet.mapping.columns.as_slice());
            let column = columns.and_then(|columns| columns.get(usize::from(*column)));
            column.map_or_else(String::new, |column| visible(&column.header))
        };
        let columns = &returned.columns;
        CameBack {
            headline: format!("{} was checked before: {}", visible(&name), rows(returned)),
            findings: findings(returned),
            kinds: kinds(returned),
            beside: beside(returned),
            columns: (!columns.are_same()).then(|| self::columns(columns, &header)),
        }
    });
    inputs.collect()
}

fn findings(returned: &Returned) -> Option<String> {
    let (cured, remaining, new) = returned.findings();
    let (remain, is_are) =
        (if remaining == 1 { "remains" } else { "remain" }, if new == 1 { "is" } else { "are" });
    let cured_words = counted(cured, "finding is", "findings are");
    let line = format!(
        "{cured_words} cured, {} {remain}, {} {is_are} new",
        grouped(remaining),
        grouped(new)
    );
    (cured + remaining + new > 0).then_some(line)
}

/// The kinds of findings of which some are cured or new.
fn kinds(returned: &Returned) -> Vec<String> {
    let told: Vec<_> = returned.codes.iter().filter(|code| code.cured + code.new > 0).collect();
    let named = told.iter().take(NAMED).map(|code| {
        let parts = [(code.cured, "cured"), (code.remaining, "remain"), (code.new, "new")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(count, word)| format!("{} {word}", grouped(*count))).collect();
        format!("{}: {}", visible(&code.code), parts.join(", "))
    });
    let mut named: Vec<String> = named.collect();
    let more = told.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("… {more} more kinds: --format json lists them all"));
    }
    named
}

/// Whether anything else changed.
fn beside(returned: &Returned) -> (bool, String) {
    let cells = returned.beside.len() as u64;
    if cells == 0 {
        let words = "nothing else changed: no cell that had no finding is otherwise";
        return (false, words.to_owned());
    }
    let named = returned.beside.iter().take(NAMED);
    let mut named: Vec<String> =
        named.map(|(row, column)| format!("{}{row}", letters(usize::from(*column)))).collect();
    let more = cells.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("… {} more: --format json names them all", grouped(more)));
    }
    let cells = counted(cells, "cell", "cells");
    (true, format!("{cells} changed that had no finding: {}", named.join(", ")))
}

/// What became of the rows, in a line.
fn rows(returned: &Returned) -> String {
    let Returned { unchanged, changed, new, copies, unrecognised, .. } = *returned;
    let mut said = vec![
        format!("{} as {}", counted(unchanged, "row", "rows"), it_was(unchanged)),
        format!("{} changed", grouped(changed)),
        format!("{} new", grouped(new)),
    ];
    if copies > 0 {
        said.push(format!("of them {}", counted(copies, "copy", "copies")));
    }
    if unrecognised > 0 {
        said.push(format!("{} whose record cannot be read", grouped(unrecognised)));
    }
    match returned.gone {
        Some(gone) => said.push(format!("{} gone{}", grouped(gone), which(returned))),
        None => said.push("whether rows are gone is not known".to_owned()),
    }
    if returned.sorted {
        said.push("in another order".to_owned());
    }
    said.join(", ")
}

fn it_was(count: u64) -> &'static str {
    if count == 1 { "it was" } else { "they were" }
}

/// The rows that are gone, where they are known.
fn which(returned: &Returned) -> String {
    let runs = returned.gone_rows.iter().take(NAMED);
    let mut named: Vec<String> = runs
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from} to {to}") })
        .collect();
    if named.is_empty() {
        return String::new();
    }
    if returned.gone_rows.len() > NAMED {
        named.push("…".to_owned());
    }
    format!(" (then row {})", named.join(", "))
}

/// What is otherwise about the columns.
fn columns(columns: &Columns, header: &dyn Fn(&u16) -> String) -> String {
    let named = |columns: &[u16], what: &str| {
        let names: Vec<String> = columns
            .iter()
            .map(|column| format!("{} \"{}\"", letters(usize::from(*column)), header(column)))
            .collect();
        (!names.is_empty()).then(|| format!("{} {what}", names.join(", ")))
    };
    let removed: Vec<String> =
        columns.removed.iter().map(|column| letters(usize::from(*column))).collect();
    let gone = format!(
        "{} of then {} gone",
        removed.join(", "),
        match removed.len() {
            1 => "is",
            _ => "are",
        }
    );
    let parts = [
        named(&columns.added, "added"),
        named(&columns.renamed, "with another header"),
        (!removed.is_empty()).then_some(gone),
        columns.moved.then(|| "in another order".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<String>>().join("; ")
}
