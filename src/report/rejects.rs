//! The rejected rows as a CSV: the reason first, then the columns as they were, so that the rows
//! can be put right and loaded again.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front, which the reader
//! takes off again (`reader::reload`).

use std::borrow::Cow;
use std::io::Write;

use super::{Head, Judged, Kind, Report, Style, Summary, failed, reasons};
use crate::error::Result;
use crate::finding::Finding;
use crate::reader::reload::{self, REASON, disarm};
use crate::validate::Fate;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "rejects",
    ending: "csv",
    about: "the rejected rows with their reasons, to be put right and loaded again",
    open,
};

fn open(out: Box<dyn Write>, _style: Style) -> Box<dyn Report> {
    let writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    Box::new(Rejects { writer, columns: Vec::new(), headers: Vec::new(), begun: false })
}

struct Rejects {
    writer: csv::Writer<Box<dyn Write>>,
    /// For each input, where each of its columns stands in the table.
    columns: Vec<Vec<usize>>,
    /// The headers of all inputs, each once.
    headers: Vec<String>,
    /// Whether the header has been written.
    begun: bool,
}

impl Rejects {
    fn record<'a>(&mut self, cells: impl Iterator<Item = Cow<'a, str>>) -> Result<()> {
        for cell in cells {
            self.writer.write_field(cell.as_bytes()).map_err(csv_failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(csv_failed)
    }
}

/// The columns of the written table whose cells got an apostrophe; the reason stands in the first.
fn disarmed(cells: &[Cow<'_, str>]) -> Vec<usize> {
    let owned = |cell: &Cow<'_, str>| matches!(cell, Cow::Owned(_));
    cells.iter().enumerate().filter(|(_, cell)| owned(cell)).map(|(at, _)| at + 1).collect()
}

fn csv_failed(error: csv::Error) -> crate::error::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(source) => failed(source),
        other => failed(std::io::Error::other(format!("{other:?}"))),
    }
}

impl Report for Rejects {
    fn begin(&mut self, head: &Head) -> Result<()> {
        for sheet in &head.sheets {
            let mut places = Vec::new();
            for column in &sheet.mapping.columns {
                let same = |place: &usize| {
                    self.headers.get(*place) == Some(&column.header) && !places.contains(place)
                };
                let place = (0..self.headers.len()).find(same).unwrap_or_else(|| {
                    self.headers.push(column.header.clone());
                    self.headers.len() - 1
                });
                places.push(place);
            }
            self.columns.push(places);
        }
        Ok(())
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        if judged.fate != Fate::Rejected {
            return Ok(());
        }
        if !self.begun {
            self.begun = true;
            let headers = self.headers.clone();
            let names: Vec<_> = headers.iter().map(|header| disarm(header)).collect();
            let reason = with_mark(REASON, &disarmed(&names));
            self.record(std::iter::once(reason.into()).chain(names))?;
        }
        let reasons: Vec<String> = reasons(judged.findings)
            .map(|finding| match &finding.field {
                Some(field) => format!("{field}: {}", finding.message),
                None => finding.message.to_string(),
            })
            .collect();
        let reason = reasons.join("; ");
        // Each cell stands under its own header; what is beyond the header stays beyond it.
        let places = self.columns.get(usize::from(judged.row.at.input));
        let mut cells = vec![Cow::Borrowed(""); self.headers.len()];
        let mut beyond = Vec::new();
        for (column, cell) in judged.row.cells().enumerate() {
            let place = places.and_then(|places| places.get(column));
            match place.and_then(|&place| cells.get_mut(place)) {
                Some(place) => *place = disarm(cell.text),
                None => beyond.push(disarm(cell.text)),
            }
        }
        cells.append(&mut beyond);
        let reason = disarm(&with_mark(&reason, &disarmed(&cells))).into_owned();
        self.record(std::iter::once(reason.into()).chain(cells))
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
        let mut report = (KIND.open)(Box::new(file.reopen().unwrap()), Style::default());
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
                    rest.trim_end().chars().all(|c| c.is_ascii_digit() || " -".contains(c))
                });
                let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'];
                let formula = seen.starts_with(signs);
                prop_assert!(!formula || number, "{:?}", cell);
            }
        }
    }
}
