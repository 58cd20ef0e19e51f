//! A checked workbook: the table as it was read, with what was found in it.
//!
//! Who gave a workbook of XML parts gets it back, changed in some cells; every other input becomes a fresh
//! one. Each input has a workbook of its own.

mod fresh;
mod notes;
mod own;
mod summary;
mod words;

use std::path::{Path, PathBuf};

use self::fresh::Fresh;
use self::own::Own;
use super::tables::tag;
use super::{Further, Head, Judged, Kind, Output, Report, Sheet, Summary};
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::patch::Book;

/// The form.
pub(super) static KIND: Kind = Kind {
    id: "xlsx",
    ending: Some("xlsx"),
    about: "the table as a workbook: bad cells coloured and noted, a status to filter by, a summary",
    to_stdout: false,
    shareable: false,
    open: |output| open(output, 0),
    further: Some(Further { files, open }),
};

/// The ending of a workbook with macros: programs run them from no other.
pub(super) const WITH_MACROS: &str = "xlsm";

/// Makes the workbook of one input.
fn open(output: Output, input: usize) -> Box<dyn Report> {
    let input = u16::try_from(input).unwrap_or(u16::MAX);
    Box::new(Checked { input, output: Some(output), report: None })
}

/// The files of all inputs: the first has the name that was given, the others stand beside it.
fn files(head: &Head, path: &Path) -> Result<Vec<PathBuf>> {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let mut files = Vec::new();
    for (number, sheet) in (1..).zip(&head.sheets) {
        let wanted = if has_macros(sheet)? { WITH_MACROS } else { "xlsx" };
        if number > 1 {
            let tag = tag(number, &sheet.facts.path);
            files.push(path.with_file_name(format!("{stem}.{tag}.{wanted}")));
        } else if ending == wanted {
            files.push(path.to_owned());
        } else {
            let has = if wanted == WITH_MACROS { "has macros" } else { "has no macros" };
            return Err(Error::usage(
                format!(
                    "{:?} {has}, and a spreadsheet program opens its copy only as .{wanted}",
                    sheet.facts.path
                ),
                format!("name the report {:?}", path.with_extension(wanted)),
            ));
        }
    }
    Ok(files)
}

/// Whether the workbook of an input will have macros: those that it has.
fn has_macros(sheet: &Sheet) -> Result<bool> {
    match sheet.origin() {
        Some(origin) => Book::has_macros(origin, &sheet.facts.limits),
        None => Ok(false),
    }
}

/// The workbook of one input.
struct Checked {
    input: u16,
    output: Option<Output>,
    report: Option<Box<dyn Report>>,
}

impl Report for Checked {
    fn begin(&mut self, head: &Head) -> Result<()> {
        let Some(sheet) = head.sheets.get(usize::from(self.input)) else {
            return Err(Error::usage(
                "a checked workbook is made while the rows of the input are read, and they are not read \
                 now",
                "every row with its outcome: `upsheet results RUN --format xlsx`",
            ));
        };
        let Some(output) = self.output.take() else { return Ok(()) };
        let mut report: Box<dyn Report> = match sheet.origin() {
            Some(_) => Box::new(Own::new(output, self.input)),
            None => Box::new(Fresh::new(output, self.input)),
        };
        report.begin(head)?;
        self.report = Some(report);
        Ok(())
    }

    fn note(&mut self, finding: &Finding) -> Result<()> {
        self.report.as_mut().map_or(Ok(()), |report| report.note(finding))
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        self.report.as_mut().map_or(Ok(()), |report| report.row(judged))
    }

    fn takes_all(&self) -> bool {
        true
    }

    fn end(&mut self, summary: &Summary) -> Result<()> {
        self.report.as_mut().map_or(Ok(()), |report| report.end(summary))
    }
}
