//! Office Open XML workbooks: which parts they are made of, and the rows of their sheets.
//!
//! Nothing here goes through a general library for workbooks. What an import of people needs to know
//! (hidden rows, merged cells, zeros in front, formulas without a result) stands beside the cells,
//! and a file from anywhere must not cost more than its table is worth.

mod ahead;
mod kept;
mod number;
#[cfg(test)]
mod oracle;
mod package;
pub(crate) mod parts;
mod plain;
#[cfg(test)]
mod properties;
mod sheet;
mod strings;
mod styles;
mod survey;
mod text;
mod workbook;
mod xml;

use std::io::Read;

use self::kept::{Keeper, Kept};
use self::package::Package;
use self::sheet::Context;
use self::styles::Styles;
use self::workbook::Workbook;
use self::xml::{Fault, Xml};
use super::archive::{self, Archive};
use super::guard::Bound;
use super::kind::Kind;
use super::limits::Limits;
use super::strings::Strings;
use super::{Book, Chunks, Layout, SheetName, Table};
use super::{Emit, Format, Input, Options, Origin, too_much, unreadable};
use crate::error::{Error, Result};

/// Office Open XML workbooks: `.xlsx` and `.xlsm`.
pub(in crate::reader) struct Xlsx;

impl Format for Xlsx {
    fn id(&self) -> &'static str {
        "xlsx"
    }

    fn reads(&self, kind: Kind) -> bool {
        kind == Kind::Xlsx
    }

    fn open(&self, origin: Origin, options: &Options) -> Result<Input> {
        let archive = archive::open(&origin, &options.limits)?;
        let archive =
            archive.ok_or_else(|| unreadable(&origin.path, "its archive is damaged or cut off"))?;
        let beside = |workbook: &Workbook| {
            let sheet = likely_sheet(workbook, &origin, options)?;
            Some((archive::open(&origin, &options.limits).ok()??, sheet))
        };
        let book = XlsxBook::open(archive, &options.limits, beside);
        let book = book.map_err(|fault| damaged(&origin, &fault))?;
        super::open(Box::new(book), self.id(), origin, options)
    }
}

fn damaged(origin: &Origin, fault: &Fault) -> Error {
    use std::io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    match fault {
        Fault::TooMuch(much) => too_much(origin, much),
        Fault::Broken(why) => unreadable(&origin.path, why.as_str()),
        // What cannot be inflated is reported as a fault of reading.
        Fault::Io(source)
            if matches!(source.kind(), InvalidData | InvalidInput | Other | UnexpectedEof) =>
        {
            unreadable(&origin.path, "its archive is damaged or cut off")
        }
        Fault::Io(source) => origin.io(std::io::Error::new(source.kind(), source.to_string())),
    }
}

/// The part of the sheet that will be asked for, where the workbook's list of sheets says it.
fn likely_sheet(workbook: &Workbook, origin: &Origin, options: &Options) -> Option<String> {
    if options.table.is_some() {
        return None;
    }
    let names: Vec<SheetName> = workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let chosen = super::choose(&names, origin, options.sheet.as_deref()).ok()?;
    workbook.sheets.iter().find(|one| one.is_called(&chosen.sheet)).map(|one| one.part.clone())
}

struct XlsxBook {
    package: Package,
    workbook: Workbook,
    strings: Strings,
    styles: Styles,
    /// What a sheet says beside its cells, by its part, where it was read with the strings.
    surveyed: Option<(String, Result<Surveyed, Fault>)>,
    /// The rows of the sheet that was surveyed last, by its part, where they could be kept.
    kept: Option<(String, Kept)>,
}

/// What a sheet says beside its cells, and its rows where they could be kept.
type Surveyed = (Layout, Option<Kept>);

impl XlsxBook {
    /// Reads what all sheets share. `beside` opens the archive again and names the part of a sheet,
    /// which is looked through while a large table of strings is read.
    fn open(
        archive: Archive,
        limits: &Limits,
        beside: impl FnOnce(&Workbook) -> Option<(Archive, String)>,
    ) -> Result<Self, Fault> {
        let mut package = Package::open(archive, limits)?;
        let workbook = Workbook::read(&mut package)?;
        let (mut strings, mut surveyed) = (None, None);
        if let Some(name) = &workbook.strings {
            let beside = package.is_large(name).then(|| beside(&workbook)).flatten();
            strings = std::thread::scope(|scope| {
                // Without a thread, it is looked through later.
                let survey = beside.and_then(|(archive, sheet)| {
                    let work = move || {
                        let layout = Package::open(archive, limits)
                            .and_then(|mut package| survey_part(&mut package, &sheet));
                        (sheet, layout)
                    };
                    let thread = std::thread::Builder::new().name("survey".to_owned());
                    thread.spawn_scoped(scope, work).ok()
                });
                let read = |xml: Xml<&mut dyn Read>| strings::read(xml, limits);
                let strings = package.stream(name, Bound::strings(limits), read);
                surveyed = survey.and_then(|survey| survey.join().ok());
                strings
            })?;
        }
        let styles = match &workbook.styles {
            Some(name) => package.small(name)?.map(Styles::read).transpose()?,
            None => None,
        };
        let (strings, styles) = (strings.unwrap_or_default(), styles.unwrap_or_default());
        Ok(Self { package, workbook, strings, styles, surveyed, kept: None })
    }

    /// The part of a sheet.
    fn part(&self, sheet: &str) -> Result<String, Fault> {
        let found = self.workbook.sheets.iter().find(|one| one.name.name == sheet);
        found.map(|one| one.part.clone()).ok_or_else(missing)
    }

    fn read_rows(
        &mut self,
        sheet: &str,
        after: u32,
        input: u16,
        emit: &mut Emit<'_>,
    ) -> Result<(), Fault> {
        let part = self.part(sheet)?;
        let limits = *self.package.limits();
        let context = Context {
            strings: &self.strings,
            styles: &self.styles,
            from_1904: self.workbook.from_1904,
            limits: &limits,
            input,
        };
        if let Some((_, kept)) = self.kept.as_ref().filter(|(kept, _)| *kept == part) {
            return kept.read(context, after, Chunks::new(emit));
        }
        let read = |xml: Xml<&mut dyn Read>| sheet::read(xml, context, after, Chunks::new(emit));
        self.package.stream(&part, Bound::sheet(&limits), read)?.ok_or_else(missing)
    }

    fn survey(&mut self, sheet: &str) -> Result<Layout, Fault> {
        let part = self.part(sheet)?;
        let (layout, kept) = match self.surveyed.take() {
            Some((surveyed, found)) if surveyed == part => found?,
            _ => survey_part(&mut self.package, &part)?,
        };
        self.kept = kept.map(|kept| (part, kept));
        Ok(layout)
    }
}

fn survey_part(package: &mut Package, part: &str) -> Result<Surveyed, Fault> {
    let bound = Bound::sheet(package.limits());
    let keeper = Keeper::of(package.packed(part));
    package.stream(part, bound, |xml| survey::survey(xml, keeper))?.ok_or_else(missing)
}

fn missing() -> Fault {
    Fault::broken("it is a zip archive, but a part that every workbook has is missing")
}

impl Book for XlsxBook {
    fn dates_1904(&self) -> Option<bool> {
        Some(self.workbook.from_1904)
    }

    fn sheets(&self) -> Vec<SheetName> {
        self.workbook.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    fn layout(&mut self, origin: &Origin, sheet: &str) -> Result<Layout> {
        self.survey(sheet).map_err(|fault| damaged(origin, &fault))
    }

    fn tables(&mut self, origin: &Origin) -> Result<Vec<Table>> {
        self.workbook.tables(&mut self.package).map_err(|fault| damaged(origin, &fault))
    }

    fn read(
        &mut self,
        origin: &Origin,
        sheet: &str,
        after: u32,
        emit: &mut Emit<'_>,
    ) -> Result<()> {
        self.read_rows(sheet, after, origin.index, emit).map_err(|fault| damaged(origin, &fault))
    }
}
