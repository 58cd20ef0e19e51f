//! The frozen structs of version 1, which the JSON report and the one of JSON Lines share, and how they
//! are made of what was found.

use serde::Serialize;

use super::returned::{ReturnedV1, returned};
use crate::cause::{Cause, Cure};
use crate::error::Result;
use crate::finding::Finding;
use crate::mapping::{Confidence, Role};
use crate::report::{Added, Head, Sheet, Summary, failed};
use crate::row::letters;

#[derive(Serialize)]
pub(in crate::report) struct InputV1<'a> {
    path: String,
    format: &'a str,
    unpacked: Option<&'a str>,
    encoding: Option<&'a str>,
    delimiter: Option<&'a str>,
    quote: Option<char>,
    sheet: Option<&'a str>,
    header_row: u32,
    columns: Vec<ColumnV1<'a>>,
    made: Vec<MadeV1<'a>>,
}

/// A value that the recipe makes.
#[derive(Serialize)]
pub(in crate::report) struct MadeV1<'a> {
    field: &'a str,
    how: &'a str,
}

#[derive(Serialize)]
pub(in crate::report) struct ColumnV1<'a> {
    index: usize,
    letter: String,
    header: &'a str,
    field: Option<&'a str>,
    why: &'a str,
    confidence: Option<&'a str>,
    suggestion: Option<&'a str>,
    proof: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::report) struct FindingV1<'a> {
    code: &'a str,
    severity: &'a str,
    input: u16,
    sheet: Option<&'a str>,
    row: u32,
    line: Option<u32>,
    cell: Option<String>,
    column: Option<&'a str>,
    field: Option<&'a str>,
    value: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    fix: Option<FixV1<'a>>,
    known: bool,
}

#[derive(Serialize)]
pub(in crate::report) struct FixV1<'a> {
    before: &'a str,
    after: &'a str,
    applied: bool,
}

#[derive(Serialize)]
pub(in crate::report) struct CauseV1<'a> {
    code: &'a str,
    severity: &'a str,
    input: u16,
    column: Option<&'a str>,
    count: u64,
    message: &'a str,
    first: Vec<u32>,
    known: bool,
    rows: u64,
    clears: u64,
    from: Option<u32>,
    to: Option<u32>,
    runs: Vec<[u32; 2]>,
    other_rows: u64,
    values: Vec<ValueV1<'a>>,
    other_values: u64,
    cure: Option<CureV1<'a>>,
}

#[derive(Serialize)]
pub(in crate::report) struct ValueV1<'a> {
    value: &'a str,
    count: u64,
    suggestion: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::report) struct CureV1<'a> {
    flag: Option<&'a str>,
    text: &'a str,
    repairs: Option<u64>,
    clears: Option<u64>,
}

#[derive(Serialize)]
pub(in crate::report) struct BaselineV1<'a> {
    written: &'a str,
    known: u64,
    gone: u64,
}

#[derive(Serialize)]
pub(in crate::report) struct TurnedOffV1 {
    code: &'static str,
    count: u64,
}

#[derive(Serialize)]
pub(in crate::report) struct CountsV1 {
    rows: u64,
    valid: u64,
    rejected: u64,
    skipped: u64,
}

#[derive(Serialize)]
pub(in crate::report) struct RunV1<'a> {
    id: &'a str,
    folder: String,
    resume: Option<&'a str>,
}

#[derive(Serialize)]
pub(in crate::report) struct DeliveryV1 {
    accepted: u64,
    rejected_by_target: u64,
    unknown: u64,
    unverified: u64,
    not_sent: u64,
    retries: u64,
    after: Option<AfterV1>,
}

#[derive(Serialize)]
pub(in crate::report) struct AfterV1 {
    added: u64,
    refused: u64,
    unknown: u64,
    not_sent: u64,
}

/// An input.
pub(in crate::report) fn input(sheet: &Sheet) -> InputV1<'_> {
    let facts = &sheet.facts;
    let columns = sheet.mapping.columns.iter().zip(&sheet.fields).enumerate();
    InputV1 {
        path: facts.path.display().to_string(),
        format: facts.format,
        unpacked: facts.unpacked.as_deref(),
        encoding: facts.encoding,
        delimiter: facts.delimiter.as_deref(),
        quote: facts.quote,
        sheet: facts.sheet.as_deref(),
        header_row: facts.header_row,
        columns: columns
            .map(|(index, (column, field))| ColumnV1 {
                index,
                letter: letters(index),
                header: &column.header,
                field: field.as_deref(),
                why: match &column.role {
                    Role::Unused(reason) => reason,
                    _ => &column.why,
                },
                confidence: column.confidence.map(Confidence::word),
                suggestion: column.suggestion.as_deref(),
                proof: column.proof.as_deref(),
            })
            .collect(),
        made: sheet.made.iter().map(|(how, field)| MadeV1 { field, how }).collect(),
    }
}

fn header(head: &Head, input: u16, column: Option<u16>) -> Option<&str> {
    let sheet = head.sheets.get(usize::from(input))?;
    let column = sheet.mapping.columns.get(usize::from(column?))?;
    Some(&column.header)
}

/// A finding.
pub(in crate::report) fn finding<'a>(head: &'a Head, finding: &'a Finding) -> FindingV1<'a> {
    let at = finding.at;
    let sheet = head.sheets.get(usize::from(at.input));
    FindingV1 {
        code: finding.code.id,
        severity: finding.severity.word(),
        input: at.input,
        sheet: sheet.and_then(|sheet| sheet.facts.sheet.as_deref()),
        row: at.row,
        line: (at.line > 0).then_some(at.line),
        cell: finding.column.map(|column| format!("{}{}", letters(usize::from(column)), at.row)),
        column: header(head, at.input, finding.column),
        field: finding.field.as_deref(),
        value: &finding.value,
        message: &finding.message,
        help: finding.help.as_deref(),
        fix: finding.fix.as_ref().map(|fix| FixV1 {
            before: &finding.value,
            after: &fix.after,
            applied: fix.applied,
        }),
        known: finding.known,
    }
}

/// A cause.
pub(in crate::report) fn cause<'a>(head: &'a Head, cause: &'a Cause) -> CauseV1<'a> {
    let runs: Vec<[u32; 2]> = cause.runs.iter().map(|run| [run.from.0, run.to.0]).collect();
    // One run has a beginning and an end; of several, each has.
    let (from, to) = match runs.as_slice() {
        &[[from, to]] if cause.beyond == 0 => (Some(from), Some(to)),
        _ => (None, None),
    };
    let values = cause.words.iter().map(|word| ValueV1 {
        value: &word.text,
        count: word.count,
        suggestion: word.suggestion.as_deref(),
    });
    let cure = cause.cure.as_ref().map(|Cure { flag, text, repairs, clears }| CureV1 {
        flag: flag.as_deref(),
        text,
        repairs: *repairs,
        clears: *clears,
    });
    CauseV1 {
        code: cause.code.id,
        severity: cause.severity.word(),
        input: cause.input,
        column: header(head, cause.input, cause.column),
        count: cause.count,
        message: &cause.message,
        first: cause.first.iter().map(|&(row, _)| row).collect(),
        known: cause.known,
        rows: cause.rows,
        clears: cause.clears,
        from,
        to,
        runs,
        other_rows: cause.beyond,
        values: values.collect(),
        other_values: cause.other_words,
        cure,
    }
}

/// The counts, the run, what became of those who were sent by it, and what else the end knows.
#[derive(Serialize)]
pub(in crate::report) struct EndV1<'a> {
    pub(in crate::report) counts: CountsV1,
    pub(in crate::report) run: Option<RunV1<'a>>,
    pub(in crate::report) delivery: Option<DeliveryV1>,
    pub(in crate::report) denied: u64,
    pub(in crate::report) baseline: Option<BaselineV1<'a>>,
    pub(in crate::report) turned_off: Vec<TurnedOffV1>,
    /// Only of a run in which something was checked before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::report) returned: Vec<ReturnedV1<'a>>,
}

/// The end of a report.
pub(in crate::report) fn ending(summary: &Summary) -> EndV1<'_> {
    let counts = summary.counts;
    let off = summary.turned_off.iter();
    EndV1 {
        counts: CountsV1 {
            rows: counts.rows,
            valid: counts.valid,
            rejected: counts.rejected,
            skipped: counts.skipped,
        },
        run: summary.run.as_ref().map(|run| RunV1 {
            id: &run.id,
            folder: run.folder.display().to_string(),
            resume: run.resume.as_deref(),
        }),
        delivery: summary.delivery.map(|tally| DeliveryV1 {
            accepted: tally.accepted,
            rejected_by_target: tally.refused,
            unknown: tally.unknown,
            unverified: tally.unverified,
            not_sent: tally.not_sent,
            retries: tally.retries,
            after: summary.added.map(|Added { tally, .. }| AfterV1 {
                added: tally.accepted,
                refused: tally.refused,
                unknown: tally.unknown,
                not_sent: tally.not_sent,
            }),
        }),
        denied: summary.denied,
        baseline: summary.baseline.as_ref().map(|baseline| BaselineV1 {
            written: &baseline.written,
            known: baseline.known,
            gone: baseline.gone,
        }),
        turned_off: off.map(|&(code, count)| TurnedOffV1 { code: code.id, count }).collect(),
        returned: summary.returned.iter().map(returned).collect(),
    }
}

/// A value as JSON.
pub(in crate::report) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| failed(error.into()))
}
