//! Result files as CSV: a file for each part, the reason first. An apostrophe keeps spreadsheets from
//! taking a cell for a formula; the reader takes it off again (`reader::reload`).

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use super::{Begin, Files, Form, Part, Told};
use crate::error::{Error, Result};
use crate::reader::reload::{REASON, disarm, record};

/// The form.
pub(super) static FORM: Form = Form { id: "csv", open };

/// One file.
struct Out {
    path: PathBuf,
    writer: csv::Writer<BufWriter<File>>,
}

impl Out {
    fn record<'a>(&mut self, reason: &str, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        let record = record(reason, cells.map(disarm).collect());
        self.writer
            .write_record(record.iter().map(|cell| cell.as_bytes()))
            .map_err(|error| self.failed(error.into()))
    }

    fn failed(&self, source: std::io::Error) -> Error {
        Error::Output { path: self.path.clone(), action: "write", source }
    }
}

/// The files of each part, one for each table.
struct Sheets(Vec<(Part, Vec<Out>)>);

fn open(begin: Begin<'_>) -> Result<Box<dyn Files>> {
    let Begin { place, parts, tables, .. } = begin;
    let mut sheets = Vec::new();
    for &part in parts {
        let mut files = Vec::new();
        for table in tables {
            let (path, file) = place.file(&table.file(part.word(), "csv"))?;
            let writer = csv::WriterBuilder::new().flexible(true).from_writer(BufWriter::new(file));
            let mut out = Out { path, writer };
            out.record(REASON, table.headers.iter().map(String::as_str))?;
            files.push(out);
        }
        sheets.push((part, files));
    }
    Ok(Box::new(Sheets(sheets)))
}

impl Files for Sheets {
    fn row(&mut self, told: Told<'_>) -> Result<()> {
        let files = self.0.iter_mut().find(|(part, _)| *part == told.part);
        match files.and_then(|(_, files)| files.get_mut(told.table)) {
            Some(out) => out.record(told.reason, told.record.cells()),
            None => Ok(()),
        }
    }

    fn finish(self: Box<Self>) -> Result<()> {
        for mut out in self.0.into_iter().flat_map(|(_, files)| files) {
            if let Err(error) = out.writer.flush() {
                return Err(out.failed(error));
            }
        }
        Ok(())
    }
}
