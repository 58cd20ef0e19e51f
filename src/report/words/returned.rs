//! What became of workbooks that were checked before, in a few lines for people: the page on the terminal,
//! the page for the browser and the one in Markdown say the same.

use super::{counted, grouped};
use crate::report::{Head, Summary};
use crate::returned::{Columns, Returned};
use crate::row::letters;
use crate::visible::visible;

/// How many cells, rows, columns and kinds of findings are named; all of them stand in the JSON report.
const NAMED: usize = 8;

/// A line, by what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::report) enum Line {
    /// Which input, and what became of its rows.
    Rows(String),
    /// More of it.
    Plain(String),
    /// A kind of findings.
    Kind(String),
    /// What nobody had asked for.
    Odd(String),
}

/// What is otherwise in each input that was checked before.
pub(in crate::report) fn came_back(head: &Head, summary: &Summary) -> Vec<Vec<Line>> {
    let inputs = (0_u16..).zip(&head.sheets);
    let said = inputs.filter_map(|(input, sheet)| {
        let name = visible(&sheet.facts.file_name());
        if let Some(returned) = summary.returned.iter().find(|one| one.input == input) {
            let header = |column: u16| {
                let column = sheet.mapping.columns.get(usize::from(column));
                column.map_or_else(String::new, |column| visible(&column.header))
            };
            return Some(of(&name, returned, &header));
        }
        let is_lost = sheet.facts.extent.ours.any();
        is_lost.then(|| vec![Line::Rows(format!("{name} was checked before: {LOST}"))])
    });
    said.collect()
}

/// What is said where the hidden column is gone.
const LOST: &str = "its hidden column \"Record (upsheet)\" is gone, so what is cured and what else changed is \
                    not known";

fn of(name: &str, returned: &Returned, header: &dyn Fn(u16) -> String) -> Vec<Line> {
    let mut lines = vec![Line::Rows(format!("{name} was checked before: {}", rows(returned)))];
    let (cured, remaining, new) = returned.findings();
    if cured + remaining + new > 0 {
        lines.push(Line::Plain(format!(
            "{} cured, {} {}, {} {} new",
            counted(cured, "finding is", "findings are"),
            grouped(remaining),
            if remaining == 1 { "remains" } else { "remain" },
            grouped(new),
            if new == 1 { "is" } else { "are" },
        )));
    }
    kinds(&mut lines, returned);
    for (what, runs) in [("changed", &returned.changed_rows), ("new", &returned.new_rows)] {
        if !runs.is_empty() {
            let word =
                if matches!(runs.as_slice(), [(from, to)] if from == to) { "row" } else { "rows" };
            lines.push(Line::Plain(format!("{what}: {word} {}", named_runs(runs))));
        }
    }
    lines.push(beside(returned));
    if !returned.columns.are_same() {
        lines.push(Line::Plain(format!("columns: {}", columns(&returned.columns, header))));
    }
    lines
}

/// The kinds of findings of which some are cured or new.
fn kinds(lines: &mut Vec<Line>, returned: &Returned) {
    let told: Vec<_> = returned.codes.iter().filter(|code| code.cured + code.new > 0).collect();
    for code in told.iter().take(NAMED) {
        let parts = [(code.cured, "cured"), (code.remaining, "remain"), (code.new, "new")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(count, word)| format!("{} {word}", grouped(*count))).collect();
        lines.push(Line::Kind(format!("{}: {}", visible(&code.code), parts.join(", "))));
    }
    let more = told.len().saturating_sub(NAMED);
    if more > 0 {
        let kinds = counted(more as u64, "more kind", "more kinds");
        lines.push(Line::Kind(format!("… {kinds}: --format json lists them all")));
    }
}

/// Whether anything else changed.
fn beside(returned: &Returned) -> Line {
    let cells = returned.beside.len() as u64;
    if returned.nothing_else() {
        return Line::Plain(
            "nothing else changed: no cell that had no finding is otherwise".to_owned(),
        );
    }
    if cells == 0 {
        let of = if returned.unrecognised > 0 { ", of the rows that are known" } else { "" };
        return Line::Plain(format!("no cell changed that had no finding{of}"));
    }
    let named = returned.beside.iter().take(NAMED);
    let mut named: Vec<String> =
        named.map(|(row, column)| format!("{}{row}", letters(usize::from(*column)))).collect();
    let more = cells.saturating_sub(named.len() as u64);
    if more > 0 {
        named.push(format!("… {} more: --format json names them all", grouped(more)));
    }
    let cells = counted(cells, "cell", "cells");
    Line::Odd(format!("{cells} changed that had no finding: {}", named.join(", ")))
}

/// What became of the rows, in a line.
fn rows(returned: &Returned) -> String {
    let Returned { unchanged, changed, new, copies, unrecognised, .. } = *returned;
    let it_was = if unchanged == 1 { "it was" } else { "they were" };
    let copies = match copies {
        0 => String::new(),
        _ => format!(" ({})", counted(copies, "copy", "copies")),
    };
    let mut said = vec![
        format!("{} as {it_was}", counted(unchanged, "row", "rows")),
        format!("{} changed", grouped(changed)),
        format!("{} new{copies}", grouped(new)),
    ];
    if unrecognised > 0 {
        said.push(format!("{} whose record cannot be read", grouped(unrecognised)));
    }
    match returned.gone {
        Some(gone) => said.push(format!("{} gone{}", grouped(gone), which(&returned.gone_rows))),
        None => said.push("whether rows are gone is not known".to_owned()),
    }
    if returned.sorted {
        said.push("in another order".to_owned());
    }
    said.join(", ")
}

/// The rows that are gone, where they are known.
fn which(gone: &[(u32, u32)]) -> String {
    match gone {
        [] => String::new(),
        [(from, to)] if from == to => format!(" (it was row {from})"),
        _ => format!(" (they were rows {})", named_runs(gone)),
    }
}

/// Some rows, as runs.
fn named_runs(runs: &[(u32, u32)]) -> String {
    let mut named: Vec<String> = runs
        .iter()
        .take(NAMED)
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from} to {to}") })
        .collect();
    let rest = runs.get(NAMED..).unwrap_or_default().iter();
    let more: u64 = rest.map(|(from, to)| u64::from(to.saturating_sub(*from)) + 1).sum();
    if more > 0 {
        named.push(format!("… {} more", grouped(more)));
    }
    named.join(", ")
}

/// What is otherwise about the columns.
fn columns(columns: &Columns, header: &dyn Fn(u16) -> String) -> String {
    let list = |columns: &[u16], name: &dyn Fn(u16) -> String| {
        let mut names: Vec<String> =
            columns.iter().take(NAMED).map(|column| name(*column)).collect();
        let more = columns.len().saturating_sub(NAMED);
        if more > 0 {
            names.push(format!("… {more} more"));
        }
        names.join(", ")
    };
    let letter = |column: u16| letters(usize::from(column));
    let headed = |column: u16| format!("{} \"{}\"", letter(column), header(column));
    let said = |columns: &[u16], what: &str| {
        (!columns.is_empty()).then(|| format!("{} {what}", list(columns, &headed)))
    };
    let gone = match columns.removed.as_slice() {
        [] => None,
        [one] => Some(format!("one is gone (it was {})", letter(*one))),
        several => {
            Some(format!("{} are gone (they were {})", several.len(), list(several, &letter)))
        }
    };
    let parts = [
        said(&columns.added, "added"),
        said(&columns.renamed, "with another header"),
        gone,
        columns.moved.then(|| "in another order".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<String>>().join("; ")
}
