//! The rejected rows as a CSV: the reason first, then the columns as they were, so that the rows
//! can be put right and loaded again.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).

use std::io::Write;

use super::{Head, Judged, Kind, Report, Style, Summary, failed, reasons};
use crate::error::Result;
use crate::finding::Finding;
use crate::validate::Fate;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "rejects",
    ending: "csv",
    about: "the rejected rows with their reasons, to be put right and loaded again",
    open,
};

/// The header of the column that we add.
const REASON: &str = "reason";

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

/// A cell that no spreadsheet takes for a formula. Numbers with a sign, as phones have, stay.
fn safe(text: &str) -> std::borrow::Cow<'_, str> {
    let first = text.trim_start().trim_start_matches(['"', '\'']).chars().next();
    let formula = match first {
        Some('=' | '@' | '＝' | '＠' | '＋' | '－' | '|' | '%') => true,
        Some('+' | '-') => !text
            .trim()
            .chars()
            .skip(1)
            .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '.' | '-' | '/')),
        _ => text.starts_with(['\t', '\r', '\n', '\0']),
    };
    if formula { format!("'{text}").into() } else { text.into() }
}

impl Rejects {
    fn record<'a>(&mut self, cells: impl Iterator<Item = std::borrow::Cow<'a, str>>) -> Result<()> {
        for cell in cells {
            self.writer.write_field(cell.as_bytes()).map_err(csv_failed)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(csv_failed)
    }
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
            let names = headers.iter().map(|header| safe(header));
            self.record(std::iter::once(REASON.into()).chain(names))?;
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
        let mut cells = vec![std::borrow::Cow::Borrowed(""); self.headers.len()];
        let mut beyond = Vec::new();
        for (column, cell) in judged.row.cells().enumerate() {
            let place = places.and_then(|places| places.get(column));
            match place.and_then(|&place| cells.get_mut(place)) {
                Some(place) => *place = safe(cell.text),
                None => beyond.push(safe(cell.text)),
            }
        }
        self.record(std::iter::once(safe(&reason)).chain(cells).chain(beyond))
    }

    fn end(&mut self, _summary: &Summary) -> Result<()> {
        self.writer.flush().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_phones_are_not() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =x", "'  =x"),
            ("\"=x", "'\"=x"),
            ("+cmd|x", "'+cmd|x"),
            ("-2+3+cmd", "'-2+3+cmd"),
            ("\tx", "'\tx"),
            ("＝1", "'＝1"),
            ("+61 412 323 123", "+61 412 323 123"),
            ("-12.5", "-12.5"),
            ("Ada", "Ada"),
            ("", ""),
        ] {
            assert_eq!(safe(cell), expected, "{cell:?}");
        }
    }
}
