//! The user's own workbook back: each part as it was, and on the sheet that was read the bad cells
//! coloured and noted, with our columns behind the last.

use std::io::Write as _;

use super::fresh::{SUMMARY_WIDTHS, was};
use super::summary::{self, Cell};
use super::words;
use crate::error::Result;
use crate::finding::{Finding, Severity, starts_with_code};
use crate::patch::{Book, Change, Column, Done, Ink, Job, Look, Page, RowChanges, Spool, Words};
use crate::reader::Origin;
use crate::report::{Head, Judged, Output, Report, Sheet, Summary, failed};
use crate::returned::{self, Record};
use crate::validate::Fate;

/// How wide our columns are, in characters.
const WIDTHS: [u32; 3] = [18, 80, 10];

/// Our columns: where they stand, and whether they are new.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    column: u32,
    new: bool,
}

pub(super) struct Own {
    output: Output,
    input: u16,
    head: Head,
    work: Option<Work>,
}

/// What is done while the rows come.
struct Work {
    book: Book,
    spool: Spool,
    /// The places of status, findings and record.
    places: [Place; 3],
    /// What stands over them.
    headers: [String; 3],
}

impl Own {
    pub(super) fn new(output: Output, input: u16) -> Self {
        Self { output, input, head: Head::default(), work: None }
    }

    fn sheet(&self) -> Option<&Sheet> {
        self.head.sheets.get(usize::from(self.input))
    }
}

impl Work {
    /// Opens the workbook, and finds the places of our columns: those that it has from an earlier check,
    /// else behind the last that it uses.
    fn begin(sheet: &Sheet, origin: &Origin, output: &Output) -> Result<Self> {
        let facts = &sheet.facts;
        let name = facts.sheet.as_deref().unwrap_or_default();
        let book = Book::open(origin, &facts.limits, name, facts.header_row)?;
        let columns: Vec<&str> =
            sheet.mapping.columns.iter().map(|column| column.header.as_str()).collect();
        let others: Vec<&str> =
            columns.iter().copied().filter(|header| !returned::is_ours(header)).collect();
        let headers = [
            returned::STATUS.to_owned(),
            returned::FINDINGS.to_owned(),
            returned::record_header(&others, facts.dates_1904),
        ];
        let is: [fn(&str) -> bool; 3] = [
            |header| header.trim() == returned::STATUS,
            |header| header.trim() == returned::FINDINGS,
            returned::is_record,
        ];
        let known = is.map(|is| columns.iter().position(|header| is(header)));
        let missing = known.iter().filter(|known| known.is_none()).count();
        let mut free = book.first_free(u32::try_from(missing).unwrap_or(0))?;
        let places = known.map(|known| {
            let known = known.and_then(|column| u32::try_from(column).ok());
            let mut next = || {
                free += 1;
                Place { column: free - 1, new: true }
            };
            known.map_or_else(&mut next, |column| Place { column, new: false })
        });
        let mut spool = Spool::new(output.folder.as_deref()).map_err(failed)?;
        if facts.header_row > 0 {
            let old = places.iter().zip(&headers).filter(|(place, _)| !place.new);
            let cells = old.map(|(place, text)| cell(*place, text, None));
            let changes = RowChanges { row: facts.header_row, cells: sorted(cells.collect()) };
            if !changes.cells.is_empty() {
                spool.push(&changes).map_err(failed)?;
            }
        }
        Ok(Self { book, spool, places, headers })
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let Judged { row, fate, findings } = judged;
        let places = self.places;
        let ours = |column: usize| {
            places.iter().any(|place| !place.new && place.column as usize == column)
        };
        let [status, found, record] = places;
        let mut cells: Vec<Change> = words::notes(findings)
            .into_iter()
            .filter(|note| !ours(usize::from(note.column)))
            .map(|note| Change {
                column: u32::from(note.column),
                look: look(note.severity),
                note: Some(note.text),
                ..Change::default()
            })
            .collect();
        let kept = Record::of(&row, was(fate), findings, &ours).write();
        // A record that is longer than a cell could not be read again.
        let kept = if kept.len() > words::LONGEST_CELL { "" } else { &kept };
        cells.push(cell(status, words::status(fate, findings), row_look(fate, findings)));
        cells.push(cell(found, &words::findings(findings), None));
        cells.push(cell(record, kept, None));
        let changes = RowChanges { row: row.at.row, cells: sorted(cells) };
        self.spool.push(&changes).map_err(failed)
    }

    /// Writes the copy.
    fn end(&mut self, sheet: &Sheet, lines: &[summary::Line], output: &mut Output) -> Result<()> {
        let page = |done: &Done| page(lines, done);
        let new = self.places.iter().zip(&self.headers).zip(WIDTHS).zip([false, false, true]);
        let columns = new.filter(|(((place, _), _), _)| place.new);
        let columns = columns
            .map(|(((_, header), width), hidden)| (Column { width, hidden }, header.clone()));
        let named =
            sheet.mapping.columns.iter().position(|column| !column.header.trim().is_empty());
        let left = named.unwrap_or(sheet.facts.extent.left);
        let job = Job {
            header: sheet.facts.header_row,
            left: u32::try_from(left).unwrap_or(0),
            columns: columns.collect(),
            page: Some((returned::SUMMARY, &page)),
            is_ours: starts_with_code,
            folder: output.folder.as_deref(),
        };
        let mut changes = self.spool.read().map_err(failed)?;
        self.book.copy(&job, &mut || changes.next(), &mut output.out)?;
        output.out.flush().map_err(failed)
    }
}

/// A cell of ours.
fn cell(place: Place, text: &str, look: Option<Look>) -> Change {
    Change { column: place.column, text: Some(text.to_owned()), look, ..Change::default() }
}

fn sorted(mut cells: Vec<Change>) -> Vec<Change> {
    cells.sort_by_key(|cell| cell.column);
    cells
}

/// How a cell looks of which that is said.
pub(super) fn look(severity: Severity) -> Option<Look> {
    match severity {
        Severity::Error => Some(Look::Error),
        Severity::Warning => Some(Look::Warning),
        Severity::Fix => Some(Look::Repair),
        Severity::Info => None,
    }
}

/// How the status of a row looks.
fn row_look(fate: Fate, findings: &[Finding]) -> Option<Look> {
    let has = |severity| findings.iter().any(|finding| finding.severity == severity);
    match fate {
        Fate::Rejected => Some(Look::Error),
        Fate::Ready if has(Severity::Warning) => Some(Look::Warning),
        Fate::Ready if has(Severity::Fix) => Some(Look::Repair),
        Fate::Ready | Fate::Skipped | Fate::NextTable => None,
    }
}

/// The Summary sheet.
fn page(lines: &[summary::Line], done: &Done) -> Page {
    let words = |cell: &Cell| match cell.clone() {
        Cell::Title(text) => Words::Text(Ink::Title, text),
        Cell::Header(text) => Words::Text(Ink::Header, text),
        Cell::Text(text) => Words::Text(Ink::Text, text),
        Cell::Quiet(text) => Words::Text(Ink::Quiet, text),
        Cell::Number(number) => Words::Number(number),
        Cell::Blank => Words::Blank,
    };
    let mut lines: Vec<Vec<Words>> =
        lines.iter().map(|line| line.iter().map(words).collect()).collect();
    if done.unnoted > 0 {
        let said = "cells with a conversation get no note: what was found there stands in the row";
        lines.push(Vec::new());
        lines.push(vec![Words::Text(Ink::Text, said.to_owned()), Words::Number(done.unnoted)]);
    }
    Page { widths: SUMMARY_WIDTHS.iter().map(|width| u32::from(*width)).collect(), lines }
}

impl Report for Own {
    fn begin(&mut self, head: &Head) -> Result<()> {
        self.head = head.clone();
        if let Some(sheet) = self.sheet()
            && let Some(origin) = sheet.origin()
        {
            self.work = Some(Work::begin(sheet, origin, &self.output)?);
        }
        Ok(())
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        match &mut self.work {
            Some(work) if judged.row.at.input == self.input => work.row(judged),
            _ => Ok(()),
        }
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        let lines = summary::lines(&self.head, self.input, summary);
        let sheet = self.head.sheets.get(usize::from(self.input));
        match (&mut self.work, sheet) {
            (Some(work), Some(sheet)) => work.end(sheet, &lines, &mut self.output),
            _ => Ok(()),
        }
    }
}
