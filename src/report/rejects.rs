//! The rejected rows as a CSV: the reason first, then the columns as they were, so that the rows
//! can be put right and loaded again.
//!
//! A cell that a spreadsheet would take for a formula gets an apostrophe in front (CWE-1236).

use std::io::Write;

use super::{Head, Judged, Kind, Report, Style, Summary, failed};
use crate::error::Result;
use crate::finding::{Finding, Severity};
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
    Box::new(Rejects { writer, head: Head::default(), input: None })
}

struct Rejects {
    writer: csv::Writer<Box<dyn Write>>,
    head: Head,
    /// The input whose header stands above.
    input: Option<u16>,
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
        self.head = head.clone();
        Ok(())
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        if judged.fate != Fate::Rejected {
            return Ok(());
        }
        let input = judged.row.at.input;
        if self.input != Some(input) {
            self.input = Some(input);
            let headers: Vec<String> = self
                .head
                .sheets
                .get(usize::from(input))
                .map(|sheet| {
                    sheet.mapping.columns.iter().map(|column| column.header.clone()).collect()
                })
                .unwrap_or_default();
            let names = headers.iter().map(|header| safe(header));
            self.record(std::iter::once(REASON.into()).chain(names))?;
        }
        let reasons: Vec<String> = judged
            .findings
            .iter()
            .filter(|finding| finding.code.severity == Severity::Error)
            .map(|finding| match &finding.field {
                Some(field) => format!("{field}: {}", finding.message),
                None => finding.message.to_string(),
            })
            .collect();
        let reason = reasons.join("; ");
        let cells = judged.row.cells().map(|cell| safe(cell.text));
        self.record(std::iter::once(safe(&reason)).chain(cells))
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
