//! `rows`: the table exactly as it was read, the header first.

use std::io::{BufWriter, IsTerminal as _, Write as _};
use std::ops::ControlFlow;

use serde::Serialize;

use crate::error::{Error, ExitStatus, Result};
use crate::finding::{self, Finding};
use crate::mojibake;
use crate::plan::Job;
use crate::reader::{self, Input};
use crate::report;
use crate::row::{CellKind, Location, Mark, Quotes, Row, letters};
use crate::visible::{self, harmless};

/// In which form rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One object with all rows and what was wrong with the reading.
    Json,
    /// One row a line.
    Jsonl,
    /// CSV after RFC 4180.
    Csv,
}

/// What `rows` does.
#[derive(Clone, Debug)]
pub struct Rows {
    /// The input and how to read it.
    pub job: Job,
    /// The form.
    pub form: Form,
    /// At most this many rows behind the header.
    pub limit: Option<u64>,
}

#[derive(Serialize)]
struct RowV1<'a> {
    row: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    cells: Vec<&'a str>,
}

#[derive(Serialize)]
struct FindingV1<'a> {
    code: &'a str,
    severity: &'a str,
    row: u32,
    line: Option<u32>,
    cell: Option<String>,
    message: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixV1<'a>>,
}

#[derive(Serialize)]
struct FixV1<'a> {
    before: &'a str,
    after: &'a str,
    applied: bool,
}

struct Printer {
    out: BufWriter<std::io::Stdout>,
    form: Form,
    csv: csv::Writer<Vec<u8>>,
    any: bool,
    findings: Vec<Finding>,
    width: usize,
    /// The row that would come next if no row were blank.
    next: u32,
    /// Whether it is for the eyes of a person, whose cursor must not be moved by a cell.
    seen: bool,
}

/// Writes the rows of the input.
///
/// # Errors
/// When the input cannot be read, or the output is closed before its end.
pub fn rows(plan: &Rows) -> Result<ExitStatus> {
    let mut inputs = plan.job.open_inputs()?;
    let [input] = inputs.as_mut_slice() else {
        return Err(Error::usage("`rows` shows one file", "call it once for each file"));
    };
    let mut printer = Printer {
        out: BufWriter::new(std::io::stdout()),
        form: plan.form,
        csv: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()),
        any: false,
        findings: Vec::new(),
        width: input.headers.len(),
        next: 0,
        seen: std::io::stdout().is_terminal(),
    };
    match print_all(input, plan.limit, &mut printer) {
        Err(Error::StdoutClosed) => Ok(ExitStatus::Guard),
        Err(error) => Err(error),
        Ok(()) => Ok(ExitStatus::Good),
    }
}

fn print_all(input: &mut Input, limit: Option<u64>, printer: &mut Printer) -> Result<()> {
    if printer.form == Form::Json {
        printer.put(b"{\"version\":1,\"rows\":[")?;
    }
    let header_row = input.facts.header_row;
    let header = Location {
        row: header_row.max(1),
        line: input.facts.header_line.unwrap_or(0),
        ..Location::default()
    };
    if header_row > 0 {
        let cells: Vec<String> = input.headers.clone();
        printer.row(header, cells.iter().map(String::as_str).collect())?;
    }
    printer.findings.extend(input.notes(header));
    let headers = input.telling_headers();
    let extent = input.facts.extent;
    printer.next = extent.after + 1;
    let mut left = limit;
    let mut failed = None;
    input.read(&mut |chunk| {
        let rows = reader::parse(chunk, extent);
        for row in rows.iter() {
            if row.is_hidden() {
                let message = "the row is hidden and left out, as --hidden skip says";
                printer.findings.push(Finding::new(&finding::ROW_HIDDEN, row.at, message));
                continue;
            }
            if left == Some(0) {
                return ControlFlow::Break(());
            }
            if reader::heads_another(&headers, &row) {
                printer.findings.push(reader::next_table(&row));
                return ControlFlow::Break(());
            }
            left = left.map(|left| left - 1);
            printer.note(&row);
            let cells = row.cells().map(|cell| cell.text).collect();
            let printed = printer.blank_rows(row.at).and_then(|()| printer.row(row.at, cells));
            if let Err(error) = printed {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    match failed {
        Some(error) => Err(error),
        None => printer.end(),
    }
}

impl Printer {
    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(report::failed)
    }

    fn row(&mut self, at: Location, cells: Vec<&str>) -> Result<()> {
        if self.form == Form::Csv {
            // Writing into memory cannot fail.
            let _ = self.csv.write_record(&cells);
            let _ = self.csv.flush();
            let bytes = std::mem::replace(
                &mut self.csv,
                csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()),
            );
            let bytes = bytes.into_inner().unwrap_or_default();
            if self.seen {
                return self.put(harmless(&String::from_utf8_lossy(&bytes)).as_bytes());
            }
            return self.put(&bytes);
        }
        let row = RowV1 { row: at.row, line: (at.line > 0).then_some(at.line), cells };
        let text = serde_json::to_string(&row).map_err(|error| report::failed(error.into()))?;
        match self.form {
            Form::Json => self.put(if self.any { b",\n" } else { b"\n" })?,
            Form::Jsonl | Form::Csv => {}
        }
        self.any = true;
        self.put(visible::json(&text).as_bytes())?;
        if self.form == Form::Jsonl { self.put(b"\n") } else { Ok(()) }
    }

    /// Writes the rows that the file leaves out because they are blank, in JSON as rows without
    /// cells, so that every row stands at its number.
    fn blank_rows(&mut self, at: Location) -> Result<()> {
        let first = self.next;
        self.next = at.row + 1;
        if self.form != Form::Json || at.line > 0 {
            return Ok(());
        }
        (first..at.row).try_for_each(|row| self.row(Location { row, ..at }, Vec::new()))
    }

    /// Keeps what was wrong with the reading of a row.
    fn note(&mut self, row: &Row<'_>) {
        for (column, cell) in (0_u16..).zip(row.cells()) {
            let (code, message) = match cell.kind {
                CellKind::Damaged => (
                    &finding::CELL_DAMAGED,
                    "the encoding is wrong: some bytes of the cell are not text in it",
                ),
                CellKind::Error => (&finding::CELL_ERROR, "the cell holds an error, not a value"),
                _ => {
                    let wreck = mojibake::wreck(cell.text);
                    let found = wreck.map(|wreck| wreck.finding(row.at, cell.text));
                    self.findings.extend(found.map(|found| found.column(Some(column))));
                    continue;
                }
            };
            let mut found =
                Finding::new(code, row.at, message).column(Some(column)).value(cell.text);
            if let Some(reading) = row.reading(usize::from(column)) {
                found = found.help(mojibake::as_windows(reading)).fix(reading, false);
            }
            self.findings.push(found);
        }
        for column in (0_u16..).take(row.len()) {
            if row.has_mark(usize::from(column), Mark::NoResult) {
                let message = "the cell holds a formula whose result is not stored";
                let found = Finding::new(&finding::FORMULA_NO_RESULT, row.at, message);
                self.findings.push(found.column(Some(column)));
            }
        }
        let quotes = match row.quotes() {
            Some(Quotes::Open) => Some((
                &finding::QUOTE_OPEN,
                "a quote opens in this row and is never closed; its quotes were read as text",
            )),
            Some(Quotes::Stray) => {
                Some((&finding::QUOTE_STRAY, "a quote stands inside a cell and was taken as text"))
            }
            None => None,
        };
        if let Some((code, message)) = quotes {
            self.findings.push(Finding::new(code, row.at, message));
        }
        if row.at.line > 0 && row.len() != self.width {
            let code =
                if row.len() > self.width { &finding::ROW_LONG } else { &finding::ROW_SHORT };
            let message = format!("the row has {} cells, the header {}", row.len(), self.width);
            self.findings.push(Finding::new(code, row.at, message));
        }
    }

    fn end(&mut self) -> Result<()> {
        if self.form == Form::Json {
            let findings = std::mem::take(&mut self.findings);
            let list: Vec<FindingV1<'_>> = findings
                .iter()
                .map(|finding| FindingV1 {
                    code: finding.code.id,
                    severity: finding.severity.word(),
                    row: finding.at.row,
                    line: (finding.at.line > 0).then_some(finding.at.line),
                    cell: finding.column.map(|column| {
                        format!("{}{}", letters(usize::from(column)), finding.at.row)
                    }),
                    message: &finding.message,
                    value: &finding.value,
                    help: finding.help.as_deref(),
                    fix: finding.fix.as_ref().map(|fix| FixV1 {
                        before: &finding.value,
                        after: &fix.after,
                        applied: fix.applied,
                    }),
                })
                .collect();
            let text =
                serde_json::to_string(&list).map_err(|error| report::failed(error.into()))?;
            let text = visible::json(&text);
            self.put(format!("\n],\"findings\":{text}}}\n").as_bytes())?;
        }
        self.out.flush().map_err(report::failed)
    }
}
