//! What became of workbooks that were checked before, as the frozen JSON form has it.

use serde::Serialize;

use crate::returned::Returned;
use crate::row::letters;

#[derive(Serialize)]
pub(in crate::report) struct ReturnedV1<'a> {
    input: u16,
    unchanged: u64,
    changed: u64,
    new: u64,
    copies: u64,
    changed_rows: &'a [(u32, u32)],
    new_rows: &'a [(u32, u32)],
    unrecognised: u64,
    gone: Option<u64>,
    gone_rows: &'a [(u32, u32)],
    sorted: bool,
    columns: ColumnsV1,
    cured: u64,
    remaining: u64,
    new_findings: u64,
    codes: Vec<CodeV1<'a>>,
    cured_at: Vec<CuredV1<'a>>,
    corrected: u64,
    changed_without_finding: Vec<String>,
}

#[derive(Serialize)]
struct ColumnsV1 {
    added: Vec<String>,
    removed: Vec<String>,
    renamed: Vec<String>,
    moved: bool,
}

#[derive(Serialize)]
struct CodeV1<'a> {
    code: &'a str,
    cured: u64,
    remaining: u64,
    new: u64,
}

#[derive(Serialize)]
struct CuredV1<'a> {
    code: &'a str,
    row: u32,
    cell: Option<String>,
}

/// One input.
pub(in crate::report) fn returned(returned: &Returned) -> ReturnedV1<'_> {
    let letter = |column: &u16| letters(usize::from(*column));
    let cell = |row: u32, column: u16| format!("{}{row}", letter(&column));
    let columns = &returned.columns;
    let (cured, remaining, new_findings) = returned.findings();
    let code = |number: u16| returned.codes.get(usize::from(number));
    ReturnedV1 {
        input: returned.input,
        unchanged: returned.unchanged,
        changed: returned.changed,
        new: returned.new,
        copies: returned.copies,
        changed_rows: &returned.changed_rows,
        new_rows: &returned.new_rows,
        unrecognised: returned.unrecognised,
        gone: returned.gone,
        gone_rows: &returned.gone_rows,
        sorted: returned.sorted,
        columns: ColumnsV1 {
            added: columns.added.iter().map(letter).collect(),
            removed: columns.removed.iter().map(letter).collect(),
            renamed: columns.renamed.iter().map(letter).collect(),
            moved: columns.moved,
        },
        cured,
        remaining,
        new_findings,
        codes: returned
            .codes
            .iter()
            .map(|code| CodeV1 {
                code: &code.code,
                cured: code.cured,
                remaining: code.remaining,
                new: code.new,
            })
            .collect(),
        cured_at: returned
            .cured
            .iter()
            .map(|cured| CuredV1 {
                code: code(cured.code).map_or("", |code| code.code.as_str()),
                row: cured.row,
                cell: cured.column.map(|column| cell(cured.row, column)),
            })
            .collect(),
        corrected: returned.corrected,
        changed_without_finding: returned
            .beside
            .iter()
            .map(|&(row, column)| cell(row, column))
            .collect(),
    }
}
