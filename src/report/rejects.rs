//! The rejected rows as a CSV: the reason first, then the columns as they were, so that the rows
//! can be put right and loaded again.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front, which the reader
//! takes off again (`reader::reload`). Rows of inputs whose headers differ do not share a file: see
//! `report/tables.rs`.

use std::io::Write;

use super::tables::files;
use super::{Further, Head, Judged, Kind, Output, Report, Summary, failed, reason};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::reader::Extent;
use crate::reader::reload::{self, REASON, disarm};
use crate::validate::Fate;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "rejects",
    ending: Some("csv"),
    about: "the rejected rows with their reasons, to be put right and loaded again",
    to_stdout: true,
    shareable: false,
    open: |output| open(output, 0),
    further: Some(Further { files: |head, path| Ok(files(head, path)), open }),
};

/// Makes the report of one table.
fn open(output: Output, table: usize) -> Box<dyn Report> {
    // Quoted throughout, so that a program that splits at other marks finds no cell inside a cell.
    let quoted = csv::QuoteStyle::Always;
    let writer =
        csv::WriterBuilder::new().flexible(true).quote_style(quoted).from_writer(output.out);
    Box::new(Rejects { writer, table, is_alone: output.folder.is_none(), inputs: Vec::new() })
}

struct Rejects {
    writer: csv::Writer<Box<dyn Write>>,
    /// Which of the tables it holds.
    table: usize,
    /// Whether nothing can lie beside it, as beside standard output.
    is_alone: bool,
    /// For each input, whether it is in the table, and which of its columns are not its own.
    inputs: Vec<(bool, Extent)>,
}

impl Rejects {
    fn record<'a>(&mut self, reason: &str, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        let record = reload::record(reason, cells.map(disarm).collect());
        self.writer.write_record(record.iter().map(|cell| cell.as_bytes())).map_err(csv_failed)
    }
}

fn csv_failed(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => failed(source),
        other => failed(std::io::Error::other(format!("{other:?}"))),
    }
}

impl Report for Rejects {
    fn begin(&mut self, head: &Head) -> Result<()> {
        if head.sheets.is_empty() {
            return Err(Error::usage(
                "rejected rows are written while the rows of the input are read, and they are not read now",
                "the rows with their reasons: `upsheet results RUN --only failed`",
            ));
        }
        let (tables, places) = head.tables();
        if self.is_alone && tables.len() > 1 {
            return Err(Error::usage(
                "the headers of the inputs differ, and standard output holds the rejected rows of one table",
                "--report FILE.csv writes a file for each",
            ));
        }
        let inputs = places.iter().zip(&head.sheets);
        self.inputs =
            inputs.map(|(table, sheet)| (*table == self.table, sheet.facts.extent)).collect();
        let headers = tables.get(self.table).map(|own| own.headers.as_slice()).unwrap_or_default();
        self.record(REASON, headers.iter().map(String::as_str))
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        let input = self.inputs.get(usize::from(judged.row.at.input)).copied();
        let Some((true, extent)) = input.filter(|_| judged.fate == Fate::Rejected) else {
            return Ok(());
        };
        // A reason of an earlier run gives way to the new one.
        let cells = judged.row.cells().enumerate();
        let cells = cells.filter(|(column, _)| !extent.is_added(*column));
        let cells = cells.map(|(_, cell)| cell.text);
        self.record(&reason(judged.fate, judged.findings), cells)
    }

    fn end(&mut self, _summary: &Summary) -> Result<()> {
        self.writer.flush().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use proptest::prelude::*;

    use super::*;
    use crate::finding::REQUIRED_MISSING;
    use crate::mapping::{Column, Mapping};
    use crate::reader::{self, HeaderRows, Options};
    use crate::report::Sheet;
    use crate::row::{CellKind, Location, Rows};

    /// Writes one rejected row under some headers, and gives the file and what is read back from it.
    fn there_and_back(headers: &[String], cells: &[String]) -> (Vec<u8>, Vec<String>, Vec<String>) {
        let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        let mut report =
            (KIND.open)(Output::to_file(file.reopen().unwrap(), &std::env::temp_dir()));
        let columns = headers.iter().map(|header| Column::unmapped(header));
        let mapping = Mapping { columns: columns.collect(), ..Mapping::default() };
        let sheet = Sheet { mapping, ..Sheet::default() };
        report.begin(&Head { sheets: vec![sheet], ..Head::default() }).unwrap();
        let mut rows = Rows::default();
        for cell in cells {
            rows.push_cell(cell, CellKind::Text);
        }
        let at = Location { row: 2, line: 2, ..Location::default() };
        rows.end_row(at);
        let findings = [Finding::new(&REQUIRED_MISSING, at, "email is blank")];
        let row = rows.get(0).unwrap();
        report.row(Judged { row, fate: Fate::Rejected, findings: &findings }).unwrap();
        report.end(&Summary::default()).unwrap();
        let options = Options {
            delimiter: Some(",".into()),
            header_row: Some(HeaderRows::Rows { first: 1, last: 1 }),
            encoding: Some("utf-8".to_owned()),
            ..Options::default()
        };
        let mut input = reader::open(file.path(), 0, &options).unwrap();
        let mut read = Vec::new();
        let extent = input.facts.extent;
        input
            .read(&mut |chunk| {
                for row in reader::parse(chunk, extent).iter() {
                    read.extend(row.cells().skip(1).map(|cell| cell.text.to_owned()));
                }
                ControlFlow::Continue(())
            })
            .unwrap();
        (std::fs::read(file.path()).unwrap(), input.headers.split_off(1), read)
    }

    /// What fails is written into a test by hand, not into a file.
    fn config() -> ProptestConfig {
        ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
    }

    /// Cells near those that spreadsheets take for formulas.
    fn cell() -> impl Strategy<Value = String> {
        "['\"]{0,2}[ \t\r\n]{0,1}[-=+@＝＋－＠|%]{0,2}[0-9a-zé,;'\" \n-]{0,8}"
    }

    proptest! {
        #![proptest_config(config())]
        #[test]
        fn what_was_rejected_comes_back_as_it_was(
            cells in prop::collection::vec(cell(), 3),
            header in "['=+-]{0,2}[a-z]{1,6}",
        ) {
            let headers = ["a".to_owned(), header, "c".to_owned()];
            let (file, names, read) = there_and_back(&headers, &cells);
            prop_assert_eq!(&names[..], &headers[..]);
            prop_assert_eq!(&read[..], &cells[..]);
            // What a spreadsheet would see of it: no cell begins a formula.
            let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(&file[..]);
            for cell in table.records().flatten().flat_map(|record| {
                record.iter().map(str::to_owned).collect::<Vec<_>>()
            }) {
                let seen = cell.trim_start_matches([' ', '"']);
                let number = seen.strip_prefix(['+', '-']).is_some_and(|rest| {
                    rest.trim_end().chars().all(|c| c.is_ascii_digit() || " ,()".contains(c))
                });
                let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
                let formula = seen.starts_with(signs);
                prop_assert!(!formula || number, "{:?}", cell);
            }
        }
    }
}
