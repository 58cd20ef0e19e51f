//! Which parts make up a workbook: its sheets, its strings, its styles, its tables.

use std::collections::BTreeSet;
use std::io::Read;

use super::package::{Package, Relation};
use super::styles::number;
use super::xml::{Fault, Token, Xml};
use crate::reader::book::inflate::TooMuch;
use crate::reader::book::{SheetName, Table};
use crate::row::Area;

/// A sheet: how it is called, and where it lies.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// How the workbook lists it.
    pub(super) name: SheetName,
    /// The name of its part.
    pub(crate) part: String,
}

impl Sheet {
    /// Whether this is its name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.name == name
    }
}

/// What the main part of a workbook says.
#[derive(Debug, Default)]
pub(crate) struct Workbook {
    /// Its main part.
    pub(crate) main: String,
    /// The worksheets in their order.
    pub(crate) sheets: Vec<Sheet>,
    /// Whether days are counted from 1904.
    pub(super) from_1904: bool,
    /// The part of the shared strings.
    pub(super) strings: Option<String>,
    /// The part of the styles.
    pub(crate) styles: Option<String>,
}

impl Workbook {
    /// Reads the parts that say which parts there are.
    pub(crate) fn read(package: &mut Package) -> Result<Self, Fault> {
        let main = package
            .relations("")?
            .into_iter()
            .find(|relation| relation.kind == "officeDocument")
            .map_or_else(|| "xl/workbook.xml".to_owned(), |relation| relation.target);
        let relations = package.relations(&main)?;
        let most = package.limits().members;
        let Some(xml) = package.small(&main)? else { return Err(no_workbook()) };
        let mut workbook = read_main(xml, &relations, most)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        // A part that nothing points to is still found where every program puts it.
        let part = |kind: &str, usual: &str| {
            let named = relations.iter().find(|relation| relation.kind == kind);
            let name = named.map_or_else(|| format!("{folder}/{usual}"), |one| one.target.clone());
            package.has(&name).then_some(name)
        };
        workbook.strings = part("sharedStrings", "sharedStrings.xml");
        workbook.styles = part("styles", "styles.xml");
        workbook.main = main;
        Ok(workbook)
    }

    /// The tables of all sheets.
    pub(super) fn tables(&self, package: &mut Package) -> Result<Vec<Table>, Fault> {
        let mut tables = Vec::new();
        let mut asked = BTreeSet::new();
        for sheet in &self.sheets {
            if !asked.insert(&sheet.part) {
                continue;
            }
            for relation in package.relations(&sheet.part)? {
                if relation.kind == "table"
                    && let Some(xml) = package.small(&relation.target)?
                    && let Some(table) = read_table(xml, &sheet.name.name)?
                {
                    tables.push(table);
                }
                package.few(tables.len(), "tables")?;
            }
        }
        Ok(tables)
    }
}

fn no_workbook() -> Fault {
    Fault::broken("it is a zip archive, but a part that every workbook has is missing")
}

fn read_main(
    mut xml: Xml<impl Read>,
    relations: &[Relation],
    most: u64,
) -> Result<Workbook, Fault> {
    let mut workbook = Workbook::default();
    let mut any = false;
    loop {
        match xml.advance()? {
            Token::End => break,
            Token::Open => {
                let attributes = xml.attributes();
                match xml.name() {
                    b"workbook" => any = true,
                    // An extension with the same name says nothing of days.
                    b"workbookPr" if attributes.clone().get(b"date1904")?.is_some() => {
                        workbook.from_1904 = attributes.flag(b"date1904")?;
                    }
                    b"sheet" => workbook.sheets.extend(sheet(&xml, relations)?),
                    _ => {}
                }
            }
            _ => {}
        }
        if workbook.sheets.len() as u64 > most {
            let why = format!("it has more than {most} sheets");
            return Err(TooMuch { why, setting: "members" }.into());
        }
    }
    if any { Ok(workbook) } else { Err(no_workbook()) }
}

/// One sheet of the list; nothing for sheets of charts, dialogs and macros.
fn sheet(xml: &Xml<impl Read>, relations: &[Relation]) -> Result<Option<Sheet>, Fault> {
    let mut id = None;
    for one in xml.attributes() {
        let (name, value) = one?;
        // The prefix is the writer's choice; the attribute without one is another.
        if name.ends_with(b":id") {
            id = Some(String::from_utf8_lossy(value).into_owned());
        }
    }
    let Some(name) = xml.attributes().text(b"name")? else { return Ok(None) };
    let hidden = xml.attributes().get(b"state")?.is_some_and(|state| state != b"visible");
    // A module of macros from before Excel 97 stays in the list, hidden, and has no part.
    if hidden && id.as_deref() == Some("") {
        return Ok(None);
    }
    let relation = relations.iter().find(|relation| Some(&relation.id) == id.as_ref());
    let Some(relation) = relation else {
        return Err(no_workbook());
    };
    if relation.kind != "worksheet" {
        return Ok(None);
    }
    let part = relation.target.clone();
    Ok(Some(Sheet { name: SheetName { name, hidden }, part }))
}

fn read_table(mut xml: Xml<impl Read>, sheet: &str) -> Result<Option<Table>, Fault> {
    loop {
        match xml.advance()? {
            Token::End => return Ok(None),
            Token::Open if xml.name() == b"table" => break,
            _ => {}
        }
    }
    let shown = xml.attributes().text(b"displayName")?;
    let name = if shown.is_some() { shown } else { xml.attributes().text(b"name")? };
    let area = xml.attributes().text(b"ref")?.and_then(|text| Area::parse(&text));
    let (Some(name), Some(mut area)) = (name, area) else { return Ok(None) };
    let totals = number(xml.attributes().get(b"totalsRowCount")?).unwrap_or(0);
    area.bottom = area.bottom.saturating_sub(totals).max(area.top);
    let header = number(xml.attributes().get(b"headerRowCount")?) != Some(0);
    Ok(Some(Table { name, sheet: sheet.to_owned(), area, header }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::Limits;
    use crate::reader::book::guard::Bound;

    fn relation(id: &str, kind: &str, target: &str) -> Relation {
        Relation { id: id.to_owned(), kind: kind.to_owned(), target: target.to_owned() }
    }

    #[test]
    fn sheets_are_listed_whatever_the_order_and_prefix_of_their_attributes() {
        let xml = r#"<x:workbook xmlns:x="m" xmlns:q="r"><x:workbookPr date1904='true'/>
            <x:sheets><x:sheet q:id="b" sheetId="1" name="A &amp; B"/>
            <x:sheet name="chart" q:id="c"/><x:sheet name="Module1" state="veryHidden" q:id=""/><x:sheet state="veryHidden" name="lists" q:id="a"/></x:sheets>
            <x:extLst><x:workbookPr chartTrackingRefBase="1"/></x:extLst></x:workbook>"#;
        let relations = [
            relation("a", "worksheet", "xl/1.xml"),
            relation("b", "worksheet", "xl/2.xml"),
            relation("c", "chartsheet", "xl/3.xml"),
        ];
        let xml = Xml::new(xml.as_bytes(), Bound::sheet(&Limits::default())).unwrap();
        let workbook = read_main(xml, &relations, 9).unwrap();
        let sheets: Vec<_> = workbook
            .sheets
            .iter()
            .map(|sheet| (sheet.name.name.as_str(), sheet.name.hidden, sheet.part.as_str()))
            .collect();
        assert_eq!(sheets, [("A & B", false, "xl/2.xml"), ("lists", true, "xl/1.xml")]);
        assert!(workbook.from_1904);
    }

    #[test]
    fn tables_end_before_their_totals() {
        let xml = r#"<table displayName="People" name="t" ref="B3:F20" totalsRowCount="1"/>"#;
        let table =
            read_table(Xml::new(xml.as_bytes(), Bound::sheet(&Limits::default())).unwrap(), "S")
                .unwrap()
                .unwrap();
        assert_eq!((table.name.as_str(), table.area.to_string().as_str()), ("People", "B3:F19"));
        assert!(table.header);
    }
}
