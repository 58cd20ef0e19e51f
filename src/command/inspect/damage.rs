//! What the first rows of a column hold, and what spreadsheets did to it: one line for each kind.

use std::fmt::Write as _;

use serde::Serialize;

use crate::finding::{self, Finding};
use crate::plan::Opened;
use crate::reader::Input;
use crate::row::{CellKind, Mark, letters};

/// What was seen in one column.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// How many cells are of each kind, blank ones left out.
    pub(super) types: Types,
    /// How many of its cells are results of formulas.
    pub(super) formulas: u64,
    /// What was damaged in it.
    pub(super) damage: Vec<Damage>,
}

/// How many cells of a column are of each kind.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Types {
    #[serde(skip_serializing_if = "is_zero")]
    text: u64,
    #[serde(skip_serializing_if = "is_zero")]
    number: u64,
    #[serde(skip_serializing_if = "is_zero")]
    date: u64,
    #[serde(skip_serializing_if = "is_zero")]
    boolean: u64,
    #[serde(skip_serializing_if = "is_zero")]
    error: u64,
    #[serde(skip_serializing_if = "is_zero")]
    damaged: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// One kind of damage in one column.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Damage {
    code: &'static str,
    severity: &'static str,
    count: u64,
    /// The first rows that have it.
    first: Vec<u32>,
}

/// What was seen in the columns of an input, and in how many rows.
pub(super) type Columns = (Vec<Seen>, usize);

/// How many rows are named for one kind of damage.
const NAMED: usize = 5;

/// What kinds of cells the columns of an input have in its first rows.
pub(super) fn types(input: &Input) -> Columns {
    let mut columns = vec![Seen::default(); input.headers.len()];
    for row in input.sample.iter() {
        for (column, (cell, seen)) in row.cells().zip(&mut columns).enumerate() {
            seen.formulas += u64::from(row.has_mark(column, Mark::Formula));
            let types = &mut seen.types;
            let count = match cell.kind {
                _ if cell.is_blank() => continue,
                CellKind::Text => &mut types.text,
                CellKind::Number => &mut types.number,
                CellKind::Date => &mut types.date,
                CellKind::Bool => &mut types.boolean,
                CellKind::Error => &mut types.error,
                CellKind::Damaged => &mut types.damaged,
            };
            *count += 1;
        }
    }
    (columns, input.sample.iter().filter(|row| !row.is_blank()).count())
}

/// The same, with the damage that the judge finds in the first rows of each input.
pub(super) fn look(opened: &Opened) -> Vec<Columns> {
    let inputs = opened.inputs.iter();
    inputs
        .map(|input| {
            let (mut columns, rows) = types(input);
            let judged = opened.rules.judge(input.sample.clone(), &|_| false);
            for finding in judged.findings.iter().filter(|it| finding::DAMAGE.contains(&it.code)) {
                let seen = finding.column.and_then(|column| columns.get_mut(usize::from(column)));
                if let Some(seen) = seen {
                    count(&mut seen.damage, finding);
                }
            }
            (columns, rows)
        })
        .collect()
}

fn count(damage: &mut Vec<Damage>, finding: &Finding) {
    let code = finding.code;
    let place = damage.iter_mut().find(|known| known.code == code.id);
    match place {
        Some(known) => {
            known.count += 1;
            if known.first.len() < NAMED {
                known.first.push(finding.at.row);
            }
        }
        None => damage.push(Damage {
            code: code.id,
            severity: finding.severity.word(),
            count: 1,
            first: vec![finding.at.row],
        }),
    }
}

/// The damage of the columns as lines of the page; `rows` is how many rows were looked at.
pub(super) fn describe(columns: &[Seen], rows: usize, page: &mut String) {
    for (index, seen) in columns.iter().enumerate().filter(|(_, seen)| seen.formulas > 0) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "  formulas    column {}: {} in the first {rows} rows; their stored results are read",
            letters(index),
            seen.formulas
        );
    }
    if columns.iter().all(|seen| seen.damage.is_empty()) {
        return;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(page, "  damage      in the first {rows} rows");
    for (index, seen) in columns.iter().enumerate() {
        for damage in &seen.damage {
            let letter = letters(index);
            let mut cells: Vec<String> =
                damage.first.iter().map(|row| format!("{letter}{row}")).collect();
            let more = damage.count - damage.first.len() as u64;
            if more > 0 {
                cells.push(format!("… {more} more"));
            }
            let _ = writeln!(
                page,
                "    {letter:>3}  {:>4}  {} ({})  {}",
                damage.count,
                damage.code,
                damage.severity,
                cells.join(", ")
            );
        }
    }
}
