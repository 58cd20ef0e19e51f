//! The frozen JSON form, version 1: `schemas/report.v1.schema.json`. Findings are written as they
//! come; the counts stand at the end, because only the end knows them.

use std::io::{BufRead, Write};

use serde::Serialize;

use super::{Added, Head, Judged, Kind, Output, Report, Sheet, Summary, failed};
use crate::cause::{Cause, Cure};
use crate::error::Result;
use crate::finding::Finding;
use crate::mapping::{Confidence, Role};
use crate::row::letters;
use crate::visible;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "json",
    ending: Some("json"),
    about: "one JSON object, its form is frozen",
    to_stdout: true,
    shareable: true,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    Box::new(Json { out: output.out, head: Head::default(), any: false })
}

struct Json {
    out: Box<dyn Write>,
    head: Head,
    any: bool,
}

#[derive(Serialize)]
struct InputV1<'a> {
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
struct MadeV1<'a> {
    field: &'a str,
    how: &'a str,
}

#[derive(Serialize)]
struct ColumnV1<'a> {
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
struct FindingV1<'a> {
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
struct FixV1<'a> {
    before: &'a str,
    after: &'a str,
    applied: bool,
}

#[derive(Serialize)]
struct CauseV1<'a> {
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
struct ValueV1<'a> {
    value: &'a str,
    count: u64,
    suggestion: Option<&'a str>,
}

#[derive(Serialize)]
struct CureV1<'a> {
    flag: Option<&'a str>,
    text: &'a str,
    repairs: Option<u64>,
    clears: Option<u64>,
}

#[derive(Serialize)]
struct BaselineV1<'a> {
    written: &'a str,
    known: u64,
    gone: u64,
}

#[derive(Serialize)]
struct TurnedOffV1 {
    code: &'static str,
    count: u64,
}

#[derive(Serialize)]
struct CountsV1 {
    rows: u64,
    valid: u64,
    rejected: u64,
    skipped: u64,
}

#[derive(Serialize)]
struct RunV1<'a> {
    id: &'a str,
    folder: String,
    resume: Option<&'a str>,
}

#[derive(Serialize)]
struct DeliveryV1 {
    accepted: u64,
    rejected_by_target: u64,
    unknown: u64,
    unverified: u64,
    not_sent: u64,
    retries: u64,
    after: Option<AfterV1>,
}

#[derive(Serialize)]
struct AfterV1 {
    added: u64,
    refused: u64,
    unknown: u64,
    not_sent: u64,
}

fn input(sheet: &Sheet) -> InputV1<'_> {
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

impl Json {
    fn header(&self, input: u16, column: Option<u16>) -> Option<&str> {
        let sheet = self.head.sheets.get(usize::from(input))?;
        let column = sheet.mapping.columns.get(usize::from(column?))?;
        Some(&column.header)
    }

    fn finding<'a>(&'a self, finding: &'a Finding) -> FindingV1<'a> {
        let at = finding.at;
        let sheet = self.head.sheets.get(usize::from(at.input));
        FindingV1 {
            code: finding.code.id,
            severity: finding.severity.word(),
            input: at.input,
            sheet: sheet.and_then(|sheet| sheet.facts.sheet.as_deref()),
            row: at.row,
            line: (at.line > 0).then_some(at.line),
            cell: finding
                .column
                .map(|column| format!("{}{}", letters(usize::from(column)), at.row)),
            column: self.header(at.input, finding.column),
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

    fn cause<'a>(&'a self, cause: &'a Cause) -> CauseV1<'a> {
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
            column: self.header(cause.input, cause.column),
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

    fn put(&mut self, text: &str) -> Result<()> {
        self.out.write_all(visible::json(text).as_bytes()).map_err(failed)
    }
}

fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| failed(error.into()))
}

/// How the lines begin that say what became of those who were sent. Each of these values has a line of
/// its own, and no finding begins like that.
const RUN: &str = "\"run\":";
const DELIVERY: &str = "\"delivery\":";

/// The run, and what became of those who were sent by it.
fn sent(summary: &Summary) -> Result<[String; 2]> {
    let run = summary.run.as_ref().map(|run| RunV1 {
        id: &run.id,
        folder: run.folder.display().to_string(),
        resume: run.resume.as_deref(),
    });
    let delivery = summary.delivery.map(|tally| DeliveryV1 {
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
    });
    Ok([json(&run)?, json(&delivery)?])
}

/// Copies a report, with what is known by now of those who were sent.
///
/// # Errors
/// When it cannot be read or written.
pub(crate) fn renew(from: impl BufRead, mut to: impl Write, summary: &Summary) -> Result<()> {
    let [run, delivery] = sent(summary)?;
    for line in from.split(b'\n') {
        let line = line.map_err(failed)?;
        let new = if line.starts_with(RUN.as_bytes()) {
            Some(format!("{RUN}{run},"))
        } else if line.starts_with(DELIVERY.as_bytes()) {
            Some(format!("{DELIVERY}{delivery},"))
        } else {
            None
        };
        match new {
            Some(text) => to.write_all(visible::json(&text).as_bytes()),
            None => to.write_all(&line),
        }
        .and_then(|()| to.write_all(b"\n"))
        .map_err(failed)?;
    }
    to.flush().map_err(failed)
}

impl Report for Json {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        let inputs: Vec<InputV1<'_>> = head.sheets.iter().map(input).collect();
        let inputs = json(&inputs)?;
        self.put(&format!("{{\"version\":1,\"inputs\":{inputs},\n\"findings\":["))
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        let text = json(&self.finding(finding))?;
        self.put(if self.any { ",\n" } else { "\n" })?;
        self.any = true;
        self.put(&text)
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        judged.findings.iter().try_for_each(|finding| self.note(finding))
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let causes: Vec<CauseV1<'_>> =
            summary.causes.iter().map(|cause| self.cause(cause)).collect();
        let causes = json(&causes)?;
        let counts = summary.counts;
        let counts = json(&CountsV1 {
            rows: counts.rows,
            valid: counts.valid,
            rejected: counts.rejected,
            skipped: counts.skipped,
        })?;
        let [run, delivery] = sent(summary)?;
        let baseline = json(&summary.baseline.as_ref().map(|baseline| BaselineV1 {
            written: &baseline.written,
            known: baseline.known,
            gone: baseline.gone,
        }))?;
        let off = summary.turned_off.iter();
        let off: Vec<TurnedOffV1> =
            off.map(|&(code, count)| TurnedOffV1 { code: code.id, count }).collect();
        let off = json(&off)?;
        let denied = summary.denied;
        self.put(&format!(
            "\n],\n\"causes\":{causes},\n\"counts\":{counts},\n{RUN}{run},\n{DELIVERY}{delivery},\n\
             \"denied\":{denied},\n\"baseline\":{baseline},\n\"turned_off\":{off}}}\n"
        ))?;
        self.out.flush().map_err(failed)
    }
}
