//! A workbook that is to be copied: its parts, and what its sheet has already.

use super::survey::{Survey, area, count, survey};
use super::{Outcome, Trouble};
use crate::error::{Error, Result};
use crate::reader::parts::{self, Bound, LAST_COLUMN, Package, Token, Workbook};
use crate::reader::{Limits, Origin};
use crate::row::{Area, letters};

/// An opened workbook of which one sheet is to be changed.
pub(crate) struct Book {
    pub(super) package: Package,
    pub(super) origin: Origin,
    pub(super) workbook: Workbook,
    /// The name of the sheet and of its part.
    pub(super) sheet: String,
    pub(super) part: String,
    pub(super) survey: Survey,
    pub(super) tables: Vec<Table>,
    /// The parts of its notes and of their shapes.
    pub(super) notes: Option<String>,
    pub(super) shapes: Option<String>,
}

/// A table of the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    /// Its part.
    pub(super) part: String,
    pub(super) area: Area,
    /// Whether it has a header, whose cells are the names of its columns.
    pub(super) headed: bool,
    /// Whether columns can be added: it has a header, and no other program fills it.
    pub(super) open: bool,
    /// The headers of its columns, in small letters.
    pub(super) names: Vec<String>,
    /// The largest id of its columns.
    pub(super) last: u32,
    /// The rows of totals at its end.
    pub(super) totals: u32,
}

impl Book {
    /// Opens a workbook and looks at its sheet, with the row of the header or 0.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn open(origin: &Origin, limits: &Limits, sheet: &str, header: u32) -> Result<Self> {
        let package = parts::open(origin, limits)?;
        Self::look(package, origin, sheet, header).map_err(|trouble| failed(origin, trouble))
    }

    fn look(mut package: Package, origin: &Origin, sheet: &str, header: u32) -> Outcome<Self> {
        let workbook = Workbook::read(&mut package)?;
        let part = workbook.sheets.iter().find(|one| one.is_called(sheet));
        let part = part.map(|one| one.part.clone()).ok_or_else(parts::missing)?;
        let bound = Bound::sheet(package.limits());
        let xml = package.part(&part, bound)?.ok_or_else(parts::missing)?;
        let survey = survey(xml, header)?;
        let mut book = Self {
            package,
            origin: origin.clone(),
            workbook,
            sheet: sheet.to_owned(),
            part,
            survey,
            tables: Vec::new(),
            notes: None,
            shapes: None,
        };
        book.look_beside()?;
        Ok(book)
    }

    /// Looks at the parts that the sheet speaks of.
    fn look_beside(&mut self) -> Outcome<()> {
        for relation in self.package.relations(&self.part)? {
            if !self.package.has(&relation.target) {
                continue;
            }
            match relation.kind.as_str() {
                "table" => {
                    if let Some(table) = table(&mut self.package, &relation.target)? {
                        self.survey.free = self.survey.free.max(table.area.right.saturating_add(1));
                        self.tables.push(table);
                    }
                }
                "comments" => self.notes = Some(relation.target),
                "vmlDrawing" if self.survey.shapes.as_ref() == Some(&relation.id) => {
                    self.shapes = Some(relation.target);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a workbook has macros, which programs run only from a file that ends with `.xlsm`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn has_macros(origin: &Origin, limits: &Limits) -> Result<bool> {
        let mut package = parts::open(origin, limits)?;
        let main = Workbook::read(&mut package).map_err(Trouble::Read);
        main.and_then(|workbook| has_macros(&mut package, &workbook.main))
            .map_err(|trouble| failed(origin, trouble))
    }

    /// The first of some columns behind everything that the sheet holds.
    ///
    /// # Errors
    /// When there is no room for so many.
    pub(crate) fn first_free(&self, columns: u32) -> Result<u32> {
        let first = self.survey.free;
        if first + columns > LAST_COLUMN {
            let last = letters(first.saturating_sub(1) as usize);
            return Err(Error::usage(
                format!(
                    "sheet {:?} of {:?} holds something as far as column {last}, so there is no room \
                     for {columns} columns behind it",
                    self.sheet, self.origin.path
                ),
                "delete what stands far to the right of the table, or ask for another form of the \
                 report, such as --report rejects.csv",
            ));
        }
        Ok(first)
    }
}

/// The error for a copy that failed.
pub(super) fn failed(origin: &Origin, trouble: Trouble) -> Error {
    match trouble {
        Trouble::Read(fault) => parts::damaged(origin, &fault),
        Trouble::Write(source) => {
            Error::Output { path: "the copy of the workbook".into(), action: "write", source }
        }
    }
}

/// Whether a workbook says that it has macros.
fn has_macros(package: &mut Package, main: &str) -> Outcome<bool> {
    let Some(mut xml) = package.small("[Content_Types].xml")? else { return Ok(false) };
    let (mut of_main, mut of_ending) = (None, None);
    loop {
        match xml.advance()? {
            Token::End => break,
            Token::Open => {
                let kind = xml.attributes().text(b"ContentType")?;
                let named = xml.attributes().text(b"PartName")?;
                let is_main = |name: String| {
                    name.trim_start_matches('/').eq_ignore_ascii_case(main.trim_start_matches('/'))
                };
                if xml.name() == b"Override" && named.is_some_and(is_main) {
                    of_main = kind;
                } else if xml.name() == b"Default"
                    && xml.attributes().get(b"Extension")?.is_some_and(|one| one == b"xml")
                {
                    of_ending = kind;
                }
            }
            _ => {}
        }
    }
    let kind = of_main.or(of_ending);
    Ok(kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("macroenabled")))
}

fn table(package: &mut Package, part: &str) -> Outcome<Option<Table>> {
    let Some(mut xml) = package.small(part)? else { return Ok(None) };
    let mut found: Option<Table> = None;
    loop {
        match xml.advance()? {
            Token::End => return Ok(found),
            Token::Open if xml.name() == b"table" && found.is_none() => {
                let Some(area) = area(&xml, b"ref")? else { return Ok(None) };
                let header = xml.attributes().get(b"headerRowCount")?;
                let kind = xml.attributes().get(b"tableType")?;
                let plain = kind.is_none_or(|kind| kind == b"worksheet");
                let headed = header.is_none_or(|count| count == b"1");
                found = Some(Table {
                    part: part.to_owned(),
                    area,
                    headed,
                    open: plain && headed,
                    names: Vec::new(),
                    last: 0,
                    totals: count(&xml, b"totalsRowCount")?,
                });
            }
            Token::Open if xml.name() == b"tableColumn" => {
                let (name, id) = (xml.attributes().text(b"name")?, count(&xml, b"id")?);
                if let Some(table) = &mut found {
                    table.names.extend(name.map(|name| name.to_lowercase()));
                    table.last = table.last.max(id);
                }
            }
            _ => {}
        }
    }
}
