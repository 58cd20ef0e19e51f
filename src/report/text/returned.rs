//! What became of a workbook that was checked before: on the page, in a few lines.

use super::Text;
use super::page::{Page, Tone};
use super::words::{counted, grouped};
use crate::report::Summary;
use crate::returned::{Columns, Returned};
use crate::row::letters;
use crate::visible::visible;

/// How many cells, rows and kinds of findings are named; all of them stand in the other reports.
const NAMED: usize = 8;

impl Text {
    /// What is otherwise in inputs that were checked before.
    pub(super) fn came_back(&self, page: &mut Page, summary: &Summary) {
        for returned in &summary.returned {
            let sheet = self.head.sheets.get(usize::from(returned.input));
            let name = sheet.map_or_else(String::new, |sheet| sheet.facts.file_name());
            let line = format!("{} was checked before: {}", visible(&name), rows(returned));
            page.put(Some(Tone::Strong), "· ", &line);
            page.gap();
            let (cured, remaining, new) = returned.findings();
            if cured + remaining + new > 0 {
                let (is_are, remain) = (if new == 1 { "is" } else { "are" }, grouped(remaining));
                let line = format!(
                    "{} cured, {remain} {}, {} {is_are} new",
                    counted(cured, "finding is", "findings are"),
                    if remaining == 1 { "remains" } else { "remain" },
                    grouped(new)
                );
                page.put(None, "  ", &line);
            }
            kinds(page, returned);
            beside(page, returned);
            if !returned.columns.are_same() {
                let header = |column: &u16| {
                    let columns = sheet.map(|sheet| sheet.mapping.columns.as_slice());
                    let column = columns.and_then(|columns| columns.get(usize::from(*column)));
                    column.map_or_else(String::new, |column| visible(&column.header))
                };
                page.put(None, "  columns: ", &columns(&returned.columns, &header));
            }
            page.gap();
        }
    }
}

/// The kinds of findings of which some are cured or new.
fn kinds(page: &mut Page, returned: &Returned) {
    let told: Vec<_> = returned.codes.iter().filter(|code| code.cured + code.new > 0).collect();
    for code in told.iter().take(NAMED) {
        let parts = [(code.cured, "cured"), (code.remaining, "remain"), (code.new, "new")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(count, word)| format!("{} {word}", grouped(*count))).collect();
        page.put(None, "    ", &format!("{}: {}", visible(&code.code), parts.join(", ")));
    }
    let more = told.len().saturating_sub(NAMED);
    if more > 0 {
        page.put(None, "    ", &format!("… {more} more kinds: --format json lists them all"));
    }
}

/// Whether anything else changed.
fn beside(page: &mut Page, returned: &Returned) {
    let cells = returned.beside.len() as u64;
    if cells == 0 {
        page.put(None, "  ", "nothing else changed: no cell that had no finding is otherwise");
        return;
    }
    let named = returned.beside.iter().take(NAMED);
    let mut named: Vec<String> =
        named.map(|(row, column)| format!("{}{row}", letters(usize::from(*column)))).collect();
    let more = cells.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("… {} more: --format json names them all", grouped(more)));
    }
    let cells = counted(cells, "cell", "cells");
    let line = format!("{cells} changed that had no finding: {}", named.join(", "));
    page.put(Some(Tone::Odd), "  ! ", &line);
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
