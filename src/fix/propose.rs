//! The plan as it is written: a line for each repair that is known, in the order of the file.
//!
//! A repair that is made whenever its row is sent is certain and accepted beforehand; one that is only
//! proposed is likely, and waits for a person. The file begins with a byte-order mark, because it is made
//! to be opened in a spreadsheet program.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use super::guard::guarded;
use super::{CERTAIN, LIKELY, column};
use crate::error::{Error, Result};
use crate::finding::{self, Finding, Severity};
use crate::report::{self, Head, Judged, Kind, Output, Report, Summary};
use crate::row::{Location, letters};

/// The plan as a report of `check`.
pub static KIND: Kind = Kind {
    id: "fixes",
    ending: None,
    about: "the repairs that are known, to be accepted line by line",
    to_stdout: false,
    shareable: false,
    open,
    further: None,
};

fn open(output: Output) -> Box<dyn Report> {
    plan(output, Rc::default())
}

/// How many lines a plan has for each input.
pub type Counts = Rc<RefCell<Vec<u64>>>;

/// Writes the plan, and counts its lines.
pub fn plan(output: Output, lines: Counts) -> Box<dyn Report> {
    let crlf = csv::Terminator::CRLF;
    let writer = csv::WriterBuilder::new().terminator(crlf).from_writer(output.out);
    Box::new(Proposals { lines, writer: Some(writer), inputs: Vec::new() })
}

/// Counts the lines that a plan would have, and writes none.
pub fn count(lines: Counts) -> Box<dyn Report> {
    Box::new(Proposals { lines, writer: None, inputs: Vec::new() })
}

/// What the plan says of an input.
struct Input {
    file: String,
    sheet: String,
    headers: Vec<String>,
    /// Whether its header is one row, whose cells can be changed.
    one_header: bool,
}

struct Proposals {
    /// Nothing where lines are only counted.
    writer: Option<csv::Writer<Box<dyn Write>>>,
    lines: Counts,
    inputs: Vec<Input>,
}

/// One line of it.
struct Proposal<'a> {
    column: u16,
    field: &'a str,
    before: &'a str,
    after: String,
    rules: Vec<&'static str>,
    certain: bool,
    why: Vec<&'a str>,
}

impl Proposals {
    fn write(&mut self, at: Location, proposal: &Proposal<'_>) -> Result<()> {
        let Proposal { column, field, before, after, rules, certain, why } = proposal;
        if let Some(count) = self.lines.borrow_mut().get_mut(usize::from(at.input)) {
            *count += 1;
        }
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let Some(input) = self.inputs.get(usize::from(at.input)) else { return Ok(()) };
        let place = usize::from(*column);
        let cell = format!("{}{}", letters(place), at.row);
        let line = if at.line > 0 { at.line.to_string() } else { String::new() };
        let header = input.headers.get(place).map(String::as_str).unwrap_or_default();
        let (accept, confidence) = if *certain { ("yes", CERTAIN) } else { ("", LIKELY) };
        // A column beyond ZZ may be called like a month.
        let named = if place < 702 { cell.as_str().into() } else { guarded(&cell) };
        let (rules, why, row) = (rules.join(", "), why.join("; "), at.row.to_string());
        let record = [
            accept.into(),
            guarded(&input.file),
            guarded(&input.sheet),
            named,
            row.as_str().into(),
            line.as_str().into(),
            guarded(header),
            guarded(field),
            guarded(before),
            guarded(after),
            rules.as_str().into(),
            confidence.into(),
            guarded(&why),
        ];
        writer.write_record(record.iter().map(|cell| cell.as_bytes())).map_err(failed)
    }

    fn write_all(
        &mut self,
        at: Location,
        findings: &[Finding],
        read: impl Fn(u16) -> Option<String>,
    ) -> Result<()> {
        let mut columns: Vec<u16> = findings.iter().filter_map(|finding| finding.column).collect();
        columns.sort_unstable();
        columns.dedup();
        for column in columns {
            let Some(before) = read(column) else { continue };
            for proposal in proposals(at, findings, column, &before) {
                self.write(at, &proposal)?;
            }
        }
        Ok(())
    }
}

/// What is proposed for a cell: what is certain comes to one line, in which each repair has built on
/// those before it, and each likely value is a line of its own.
fn proposals<'a>(
    at: Location,
    findings: &'a [Finding],
    column: u16,
    before: &'a str,
) -> Vec<Proposal<'a>> {
    let own = findings.iter().filter(|finding| {
        // A cell under a merged one has no value of its own.
        (finding.at.input, finding.at.row) == (at.input, at.row)
            && finding.column == Some(column)
            && finding.code != &finding::CELL_MERGED
            // Of a value that was made of a part of the cell no repair of the cell follows.
            && finding.value.as_ref() == before
    });
    let mut lines: Vec<Proposal<'a>> = Vec::new();
    for finding in own {
        let made = finding.fix.as_ref();
        let certain = made.is_some_and(|fix| fix.applied) && finding.severity == Severity::Fix;
        let readings = finding.readings.iter().flatten().map(AsRef::as_ref);
        for after in made.map(|fix| fix.after.as_ref()).into_iter().chain(readings) {
            // What is certain builds on the repairs before it.
            let built = lines.iter().find(|line| certain && line.certain);
            let after = written(finding, built.map_or(before, |line| &line.after), after);
            let rule = finding.code.id;
            let same = lines.iter_mut().find(|line| {
                if certain { line.certain } else { !line.certain && line.after == after }
            });
            match same {
                Some(line) => {
                    line.after = after;
                    line.rules.push(rule);
                    line.why.push(&finding.message);
                }
                None => lines.push(Proposal {
                    column,
                    field: finding.field.as_deref().unwrap_or_default(),
                    before,
                    after,
                    rules: vec![rule],
                    certain,
                    why: vec![&finding.message],
                }),
            }
        }
    }
    lines.retain(|line| line.after != before);
    lines
}

/// A repair as it stands in a cell. A year of four digits goes where the two stood: what the other dates of
/// the column say about the order of day and month rests on dates such as this one.
fn written(finding: &Finding, before: &str, after: &str) -> String {
    let plain = || after.to_owned();
    if finding.code != &finding::DATE_CENTURY {
        return plain();
    }
    let Some(year) = after.get(..4) else { return plain() };
    let Some(short) = year.get(2..) else { return plain() };
    let before = before.trim();
    match before.strip_suffix(short) {
        Some(front) if front.ends_with(['/', '.', '-', ' ']) && !before.starts_with(short) => {
            format!("{front}{year}")
        }
        _ => plain(),
    }
}

impl Report for Proposals {
    fn begin(&mut self, head: &Head) -> Result<()> {
        let input = |sheet: &report::Sheet| {
            let facts = &sheet.facts;
            let columns = sheet.mapping.columns.iter();
            Input {
                file: facts.path.display().to_string(),
                sheet: facts.sheet.clone().unwrap_or_default(),
                headers: columns.map(|column| column.header.clone()).collect(),
                one_header: facts.header_row > 0 && facts.header_first == facts.header_row,
            }
        };
        self.inputs = head.sheets.iter().map(input).collect();
        *self.lines.borrow_mut() = vec![0; self.inputs.len()];
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut header: Vec<String> = column::ALL.map(str::to_owned).to_vec();
        if let Some(first) = header.first_mut() {
            first.insert(0, '\u{feff}');
        }
        writer.write_record(header).map_err(failed)
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        let input = self.inputs.get(usize::from(finding.at.input));
        if !input.is_some_and(|input| input.one_header) || finding.code != &finding::HEADER_DAMAGED
        {
            return Ok(());
        }
        let read = |_| Some(finding.value.to_string());
        self.write_all(finding.at, std::slice::from_ref(finding), read)
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let row = judged.row;
        // A value that a formula makes, or a merged cell, is not put right in this cell.
        let own = |column: &usize| row.marks(*column).next().is_none();
        let read = |column| {
            let column = Some(usize::from(column)).filter(own)?;
            Some(row.cell(column).text.to_owned())
        };
        self.write_all(judged.row.at, judged.findings, read)
    }

    fn end(&mut self, _summary: &Summary) -> Result<()> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        writer.flush().map_err(report::failed)
    }
}

fn failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => report::failed(source),
        other => report::failed(std::io::Error::other(format!("{other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_takes_the_place_of_its_two_digits_where_that_is_certain() {
        let finding = Finding::new(&finding::DATE_CENTURY, Location::default(), "");
        for (before, after, expected) in [
            ("25/12/85", "1985-12-25", "25/12/1985"),
            (" 25.12.85 ", "1985-12-25", "25.12.1985"),
            ("4 March 85", "1985-03-04", "4 March 1985"),
            ("85-12-25", "1985-12-25", "1985-12-25"),
            // The day may be the year.
            ("12/11/12", "2012-11-12", "2012-11-12"),
            ("251285", "1985-12-25", "1985-12-25"),
        ] {
            assert_eq!(written(&finding, before, after), expected, "{before}");
        }
    }

    #[test]
    fn repairs_of_a_cell_are_one_line_and_proposals_are_beside_it() {
        let at = Location { row: 2, ..Location::default() };
        let on = |code, after: &str, applied| {
            Finding::new(code, at, "why").column(Some(1)).value(" x ").fix(after, applied)
        };
        let findings = [
            on(&finding::TEXT_REPAIRED, "x", true),
            on(&finding::EMAIL_REPAIRED, "y", true),
            on(&finding::EMAIL_TYPO, "z", false),
            on(&finding::NUMBER_PADDED, "elsewhere", true).value("42"),
        ];
        let lines = proposals(at, &findings, 1, " x ");
        let said: Vec<_> = lines
            .iter()
            .map(|line| (line.after.as_str(), line.rules.len(), line.certain))
            .collect();
        assert_eq!(said, [("y", 2, true), ("z", 1, false)]);
        assert!(proposals(at, &findings, 2, " x ").is_empty());
    }

    #[test]
    fn a_year_is_completed_in_what_the_repairs_before_it_left() {
        let at = Location { row: 2, ..Location::default() };
        for before in ["'25/12/85", "=\"25/12/85\""] {
            let on = |code, after: &str| {
                Finding::new(code, at, "why").column(Some(1)).value(before).fix(after, true)
            };
            let findings = [
                on(&finding::TEXT_UNWRAPPED, "25/12/85"),
                on(&finding::DATE_CENTURY, "1985-12-25"),
            ];
            let lines = proposals(at, &findings, 1, before);
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].after, "25/12/1985", "{before}");
        }
    }
}
