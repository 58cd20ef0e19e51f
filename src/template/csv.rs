//! The sheet as CSV: the header and the example, and nothing of what only a workbook can hold.

use super::Sheet;
use crate::error::{Error, Result};
use crate::visible::disarm;

/// Makes it: after RFC 4180, in UTF-8. Excel takes a file for UTF-8 only behind a byte order mark, which
/// stands there where a letter needs it.
pub(super) fn make(sheet: &Sheet) -> Result<Vec<u8>> {
    // A field may have the name that somebody gave it; a header is found again by its letters.
    let headers = sheet.columns.iter().map(|column| disarm(&column.header));
    let example = sheet.columns.iter().map(|column| disarm(&column.example));
    let rows = [headers.collect::<Vec<_>>(), example.collect()];
    let plain = rows.iter().flatten().all(|text| text.is_ascii());
    let mark = if plain { Vec::new() } else { b"\xEF\xBB\xBF".to_vec() };
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(mark);
    let failed = |error: &dyn std::fmt::Display| {
        Error::usage(format!("the sheet cannot be written as CSV: {error}"), "take --format xlsx")
    };
    for row in rows {
        writer
            .write_record(row.iter().map(|text| text.as_bytes()))
            .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}
