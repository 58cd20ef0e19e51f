//! The copy of a file with other texts in some of its cells, for each kind of file that can be changed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::finding::starts_with_code;
use crate::patch::{Book, Change, Job, RowChanges};
use crate::reader::{Edit, Facts, Input, Limits};

/// Refuses a file of which no copy with changes can be made, and a name by which the copy would not be
/// opened as what it is.
///
/// # Errors
/// When it is so; with what to do instead.
pub fn can_copy(facts: &Facts, copy: &Path) -> Result<()> {
    let refused = |why: String, help: &str| {
        Err(Error::usage(format!("{:?} cannot be fixed: {why}", facts.path), help))
    };
    if let Some(unpacked) = &facts.unpacked {
        let help = "unpack it, check what was in it, and fix that";
        return refused(format!("it is compressed ({unpacked})"), help);
    }
    let ending = copy.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is = |endings: &[&str]| ending.as_deref().is_some_and(|ending| endings.contains(&ending));
    match facts.format {
        "csv" if is(&["xlsx", "xlsm", "xlsb", "xls", "ods"]) => {
            refused("it is text, and its copy is no workbook".to_owned(), "name the copy .csv")
        }
        "xlsx" if !is(&["xlsx", "xlsm"]) => refused(
            "its copy is a workbook".to_owned(),
            "name the copy .xlsx, or .xlsm with macros",
        ),
        "csv" | "xlsx" => Ok(()),
        other => refused(
            format!("cells of {} files cannot be changed", other.to_uppercase()),
            "save it as XLSX, check that, and fix that",
        ),
    }
}

/// How the copy of a file may be called: beside it, with the ending of what it is. Nothing where no copy can
/// be made.
pub fn name_of_copy(facts: &Facts) -> Option<PathBuf> {
    let file = &facts.path;
    let mut name = file.file_stem()?.to_owned();
    name.push(".fixed");
    let as_it_is = |ending: &std::ffi::OsStr| {
        let mut name = name.clone();
        name.push(".");
        name.push(ending);
        Some(file.with_file_name(name)).filter(|copy| can_copy(facts, copy).is_ok())
    };
    let own = match file.extension() {
        Some(ending) => as_it_is(ending),
        None => Some(file.with_file_name(&name)).filter(|copy| can_copy(facts, copy).is_ok()),
    };
    own.or_else(|| as_it_is(facts.format.as_ref()))
}

/// Writes the copy; the edits are in the order of the file.
///
/// # Errors
/// When a text cannot stand in its cell, the file cannot be read, or the copy cannot be written.
pub fn copy(
    input: &mut Input,
    limits: &Limits,
    edits: &[Edit<'_>],
    to: &Path,
    out: &mut dyn Write,
) -> Result<()> {
    let facts = &input.facts;
    match (&facts.origin, &facts.sheet) {
        (Some(origin), Some(sheet)) => {
            of_its_kind(Book::has_macros(origin, limits)?, to)?;
            let mut book = Book::open(origin, limits, sheet, 0)?;
            let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
            let job = Job {
                header: 0,
                left: 0,
                columns: Vec::new(),
                page: None,
                is_ours: starts_with_code,
                folder,
            };
            let mut left = edits.iter().peekable();
            let mut next = || {
                let Some(first) = left.peek().copied() else { return Ok(None) };
                let mut row = RowChanges { row: first.row, cells: Vec::new() };
                while let Some(edit) = left.next_if(|edit| edit.row == first.row) {
                    row.cells.push(change(edit)?);
                }
                Ok(Some(row))
            };
            book.copy(&job, &mut next, out).map(|_| ())
        }
        _ => input.rewrite(edits, out),
    }
}

/// Programs open a workbook with macros only under its own ending, and no other under that.
fn of_its_kind(has_macros: bool, to: &Path) -> Result<()> {
    let macros = to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsm"));
    match (has_macros, macros) {
        (true, false) => Err(Error::usage("the workbook has macros", "name the copy .xlsm")),
        (false, true) => Err(Error::usage("the workbook has no macros", "name the copy .xlsx")),
        _ => Ok(()),
    }
}

fn change(edit: &Edit<'_>) -> io::Result<Change> {
    let column = u32::try_from(edit.column).map_err(io::Error::other)?;
    Ok(Change { column, text: Some(edit.text.to_owned()), ..Change::default() })
}
