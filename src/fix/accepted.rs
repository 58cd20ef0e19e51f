//! The plan as it comes back: the lines that were accepted, for one file, in its order.
//!
//! It is read as any table is, because it may come back from a spreadsheet program with another
//! delimiter, encoding or order of columns, or as a workbook.

use std::ops::ControlFlow;
use std::path::Path;

use super::guard::bare;
use super::texts::{Place, Texts, Words};
use super::{CERTAIN, column};
use crate::error::{Error, Result};
use crate::reader::{self, HeaderRows, Input, Options};
use crate::row::{Row, column_of, letters};
use crate::spelling::nearest;
use crate::validate::yes_or_no;

/// An accepted line of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Where it stands in the plan: its line, or its row in a workbook.
    pub at: u32,
    /// The row of its cell, as a spreadsheet counts.
    pub row: u32,
    /// The column of its cell, from 0.
    pub column: usize,
    file: usize,
    sheet: usize,
    rule: usize,
    before: Place,
    after: Place,
    certain: bool,
}

/// The accepted lines of a plan.
#[derive(Debug, Default)]
pub struct Accepted {
    /// The lines for the file, by row and column, one for each cell.
    pub lines: Vec<Line>,
    /// Lines of the plan in all.
    pub all: u64,
    /// Lines for the file that nobody has accepted.
    pub left: u64,
    /// Lines for the file that are certain and gave way to another accepted value of their cell.
    pub replaced: u64,
    /// Lines for other files.
    pub others: u64,
    texts: Texts,
    files: Words,
    sheets: Words,
    rules: Words,
    /// For each file, its lines that nobody has accepted.
    unaccepted: Vec<u64>,
}

impl Accepted {
    /// Reads a plan, and keeps what is for one file: the only one of the plan, or the one of that name.
    ///
    /// # Errors
    /// When the plan cannot be read, is no plan, or says two things of a cell.
    pub fn read(plan: &Path, file: &Path) -> Result<Self> {
        let mut input = open(plan)?;
        let name = input.facts.name();
        if let Some((row, _)) = &input.facts.next_table {
            return Err(Error::usage(
                format!("{name}: another table begins on row {row}, and a plan is one table"),
                "delete what stands below the plan",
            ));
        }
        let columns = Columns::of(&input, &name)?;
        let extent = input.facts.extent;
        let mut accepted = Self::default();
        let mut taken = Ok(());
        input.read(&mut |chunk| {
            let rows = reader::parse(chunk, extent);
            taken = rows
                .iter()
                .filter(|row| !row.is_blank())
                .try_for_each(|row| accepted.take(&columns, &row, &name));
            if taken.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        taken?;
        accepted.keep(file, &name)?;
        accepted.settle(&name)?;
        Ok(accepted)
    }

    /// What the cell of a line held when the plan was made.
    pub fn before(&self, line: &Line) -> &str {
        self.texts.get(line.before)
    }

    /// What it is to hold.
    pub fn after(&self, line: &Line) -> &str {
        self.texts.get(line.after)
    }

    /// The kinds of findings that a line cures.
    pub fn rule(&self, line: &Line) -> &str {
        self.rules.get(line.rule)
    }

    /// The sheet that the lines are about; nothing where they name none.
    ///
    /// # Errors
    /// When they are about several.
    pub fn sheet(&self) -> Result<Option<&str>> {
        let mut named = self.lines.iter().filter(|line| !self.sheets.get(line.sheet).is_empty());
        let Some(first) = named.next() else { return Ok(None) };
        if let Some(other) = named.find(|line| line.sheet != first.sheet) {
            return Err(Error::usage(
                format!(
                    "the plan is about two sheets of the file: {:?}, and {:?} on line {}",
                    self.sheets.get(first.sheet),
                    self.sheets.get(other.sheet),
                    other.at
                ),
                "fix one sheet after the other, each with a plan of its own",
            ));
        }
        Ok(Some(self.sheets.get(first.sheet)))
    }

    /// Takes a line of the plan.
    fn take(&mut self, columns: &Columns, row: &Row<'_>, name: &str) -> Result<()> {
        let at = if row.at.line > 0 { row.at.line } else { row.at.row };
        let text = |column: usize| bare(row.cell(column).text);
        self.all += 1;
        let file = self.files.number(columns.file.map(text).unwrap_or_default());
        let wrong = |column: usize, what: String, help: String| {
            let place = format!("{name}, line {at}, column {}", letters(column));
            Err(Error::usage(format!("{place}: {what}"), help))
        };
        let said = text(columns.accept).trim();
        match yes_or_no(said) {
            Some(true) => {}
            None if !said.is_empty() => {
                let what = format!("{said:?} is neither yes nor no");
                return wrong(columns.accept, what, "write yes, no, or nothing".to_owned());
            }
            Some(false) | None => {
                self.unaccepted.resize(self.files.all().len().max(self.unaccepted.len()), 0);
                if let Some(left) = self.unaccepted.get_mut(file) {
                    *left += 1;
                }
                return Ok(());
            }
        }
        let cell = text(columns.cell).trim();
        let Some((row_of_cell, column_of_cell)) = place_of(cell) else {
            let what = format!("{cell:?} is no cell");
            return wrong(columns.cell, what, "write it as C4, or make the plan anew".to_owned());
        };
        let sheet = self.sheets.number(columns.sheet.map(text).unwrap_or_default());
        let rule = self.rules.number(columns.rule.map(text).unwrap_or_default());
        let certain = columns.is_certain(row);
        let before = self.texts.add(text(columns.before));
        let after = self.texts.add(text(columns.after));
        let (row, column) = (row_of_cell, column_of_cell);
        self.lines.push(Line { at, row, column, file, sheet, rule, before, after, certain });
        Ok(())
    }

    /// Leaves out what is for other files.
    fn keep(&mut self, file: &Path, name: &str) -> Result<()> {
        let wanted = file.display().to_string();
        let last = |path: &str| Path::new(path).file_name().map(std::ffi::OsStr::to_owned);
        let files = self.files.all();
        let found = match files {
            [] => return Ok(()),
            // The file may have got another name, and its cells tell whether it is the one.
            [_] => 0,
            _ => {
                let exact = files.iter().position(|path| *path == wanted);
                let same = |path: &String| last(path) == last(&wanted);
                let alike = || {
                    files
                        .iter()
                        .position(same)
                        .filter(|_| files.iter().filter(|path| same(path)).count() == 1)
                };
                exact.or_else(alike).ok_or_else(|| {
                    let list: Vec<String> = files.iter().map(|path| format!("{path:?}")).collect();
                    Error::usage(
                        format!(
                            "{name} is about {} files, and {wanted:?} is none of them",
                            files.len()
                        ),
                        format!(
                            "they are {}; name one of them as it is called there",
                            list.join(", ")
                        ),
                    )
                })?
            }
        };
        let accepted = self.lines.len();
        self.lines.retain(|line| line.file == found);
        self.left = self.unaccepted.get(found).copied().unwrap_or(0);
        let left = self.unaccepted.iter().sum::<u64>() - self.left;
        self.others = (accepted - self.lines.len()) as u64 + left;
        Ok(())
    }

    /// Puts the lines in the order of the file, one for each cell. What is certain gives way to what
    /// somebody has chosen.
    fn settle(&mut self, name: &str) -> Result<()> {
        self.lines.sort_by_key(|line| (line.row, line.column, line.certain, line.at));
        let mut lines: Vec<Line> = Vec::with_capacity(self.lines.len());
        for line in std::mem::take(&mut self.lines) {
            let last =
                lines.last().filter(|last| (last.row, last.column) == (line.row, line.column));
            let Some(last) = last else {
                lines.push(line);
                continue;
            };
            let same = self.texts.get(last.after) == self.texts.get(line.after)
                && self.texts.get(last.before) == self.texts.get(line.before);
            if !same && last.certain == line.certain {
                let cell = format!("{}{}", letters(line.column), line.row);
                return Err(Error::usage(
                    format!(
                        "{name}, line {}: {cell} is to become {:?}, and {:?} by line {}",
                        line.at,
                        self.texts.get(line.after),
                        self.texts.get(last.after),
                        last.at
                    ),
                    "accept one of the two lines",
                ));
            }
            self.replaced += 1;
        }
        self.lines = lines;
        Ok(())
    }
}

/// Opens a plan as a table, with its header on top.
fn open(plan: &Path) -> Result<Input> {
    let row = HeaderRows::Rows { first: 1, last: 1 };
    reader::open(plan, 0, &Options { header_row: Some(row), ..Options::default() })
}

/// Whether a file is a plan in which somebody has answered: a line is accepted, or not, otherwise than it
/// was when it was written.
pub fn is_answered(plan: &Path) -> bool {
    let Ok(mut input) = open(plan) else { return false };
    let Ok(columns) = Columns::of(&input, "") else { return false };
    let extent = input.facts.extent;
    let mut answered = false;
    let read = input.read(&mut |chunk| {
        answered = reader::parse(chunk, extent).iter().any(|row| columns.is_answer(&row));
        if answered { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    read.is_ok() && answered
}

/// Which column of a plan is which.
struct Columns {
    accept: usize,
    cell: usize,
    before: usize,
    after: usize,
    file: Option<usize>,
    sheet: Option<usize>,
    rule: Option<usize>,
    confidence: Option<usize>,
}

impl Columns {
    fn of(input: &Input, name: &str) -> Result<Self> {
        let headers: Vec<String> =
            input.headers.iter().map(|header| header.trim().to_lowercase()).collect();
        let find = |wanted: &str| headers.iter().position(|header| header == wanted);
        let need = |wanted: &str| {
            find(wanted).ok_or_else(|| {
                let near = nearest(wanted, headers.iter().map(String::as_str));
                Error::usage(
                    format!("{name} is no plan of repairs: it has no column {wanted:?}"),
                    match near {
                        Some(near) => format!("is it the column {near:?}? Then call it {wanted:?}"),
                        None => "`upsheet check FILE --fix-plan PLAN` makes one".to_owned(),
                    },
                )
            })
        };
        Ok(Self {
            accept: need(column::ACCEPT)?,
            cell: need(column::CELL)?,
            before: need(column::BEFORE)?,
            after: need(column::AFTER)?,
            file: find(column::FILE),
            sheet: find(column::SHEET),
            rule: find(column::RULE),
            confidence: find(column::CONFIDENCE),
        })
    }
}

impl Columns {
    fn is_certain(&self, row: &Row<'_>) -> bool {
        self.confidence.is_some_and(|column| bare(row.cell(column).text).trim() == CERTAIN)
    }

    fn is_answer(&self, row: &Row<'_>) -> bool {
        let said = bare(row.cell(self.accept).text).trim();
        if self.is_certain(row) { yes_or_no(said) != Some(true) } else { !said.is_empty() }
    }
}

/// The row and the column of a cell: `C4`.
fn place_of(cell: &str) -> Option<(u32, usize)> {
    let digits = cell.find(|c: char| c.is_ascii_digit())?;
    let (column, row) = cell.split_at_checked(digits)?;
    let row = row.parse::<u32>().ok().filter(|row| *row > 0)?;
    Some((row, usize::try_from(column_of(column)?).ok()?))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(plan: &[u8], file: &str) -> Result<Accepted> {
        let mut on_disk = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        on_disk.write_all(plan).unwrap();
        Accepted::read(on_disk.path(), Path::new(file))
    }

    fn shown(accepted: &Accepted) -> Vec<(u32, usize, &str, &str)> {
        let line = |line| (accepted.before(line), accepted.after(line));
        accepted.lines.iter().map(|one| (one.row, one.column, line(one).0, line(one).1)).collect()
    }

    #[test]
    fn accepted_lines_come_back_in_the_order_of_the_file() {
        let plan = "accept,file,sheet,cell,before,after,rule,confidence\r\n\
            yes,a.csv,,C4,'0412,'+61412,phone-repaired,certain\r\n\
            ,a.csv,,A2,x,y,email-typo,likely\r\n\
            Ja,a.csv,,B2,'=x,=x,text-repaired,certain\r\n";
        let accepted = read(plan.as_bytes(), "elsewhere/renamed.csv").unwrap();
        assert_eq!(shown(&accepted), [(2, 1, "=x", "=x"), (4, 2, "0412", "+61412")]);
        assert_eq!((accepted.all, accepted.left, accepted.others), (3, 1, 0));
        // As a spreadsheet program of another country saves it, columns moved.
        let moved = "\u{feff}after;before;cell;accept\r\n+61412;'0412;C4;x\r\n";
        assert_eq!(shown(&read(moved.as_bytes(), "a.csv").unwrap()), [(4, 2, "0412", "+61412")]);
        let empty = read(b"\xef\xbb\xbfaccept,file,sheet,cell,before,after\r\n", "a.csv").unwrap();
        assert!(empty.lines.is_empty());
    }

    #[test]
    fn a_choice_takes_the_place_of_what_is_certain() {
        let plan = "accept,cell,before,after,confidence\nyes,A2, x,x,certain\nyes,A2, x,y,likely\n";
        let accepted = read(plan.as_bytes(), "a.csv").unwrap();
        assert_eq!(shown(&accepted), [(2, 0, " x", "y")]);
        assert_eq!(accepted.replaced, 1);
    }

    #[test]
    fn of_several_files_the_named_one_is_taken() {
        let plan =
            "accept,file,cell,before,after\ny,in/a.csv,A2,1,2\ny,b.csv,A2,3,4\n,b.csv,A3,3,4\n";
        let accepted = read(plan.as_bytes(), "b.csv").unwrap();
        assert_eq!(shown(&accepted), [(2, 0, "3", "4")]);
        assert_eq!((accepted.left, accepted.others), (1, 1));
        assert_eq!(shown(&read(plan.as_bytes(), "other/a.csv").unwrap()), [(2, 0, "1", "2")]);
        assert!(read(plan.as_bytes(), "c.csv").unwrap_err().to_string().contains("2 files"));
    }

    #[test]
    fn a_wrong_plan_is_refused_by_its_place() {
        for (plan, expected) in [
            ("accept,cell,before,after\nmaybe,A2,x,y\n", "line 2, column A: \"maybe\""),
            (
                "accept,cell,before,after\nyes,A2,x,y\nyes,22,x,y\n",
                "line 3, column B: \"22\" is no cell",
            ),
            ("accept,cell,before,after\nyes,A0,x,y\n", "\"A0\" is no cell"),
            ("accept,cell,before,after\nyes,A2,x,y\nyes,A2,x,z\n", "by line 2"),
            ("name,email,before,after\nyes,A2,x,y\n", "has no column \"accept\""),
        ] {
            let error = read(plan.as_bytes(), "a.csv").unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(error.status(), crate::error::ExitStatus::Usage);
        }
    }
}
