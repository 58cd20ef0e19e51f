//! The parts that list the others: what the workbook, its sheet and the package say of the parts that a
//! copy adds.

use std::io::Read;

use super::sink::{Act, Sink, attribute, close, escape, rewrite, tag};
use super::styles::prefix_of;
use super::{Outcome, order};
use crate::reader::parts::{Package, Token, Xml};
use crate::row::{Area, letters};

/// What all relations are written in.
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// The kinds of parts that a copy adds: the last word of the relation, and the type of its content.
pub(super) const SHEET: (&str, &str) =
    ("worksheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml");
/// See [`SHEET`].
pub(super) const STYLES: (&str, &str) =
    ("styles", "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml");
/// See [`SHEET`].
pub(super) const NOTES: (&str, &str) =
    ("comments", "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml");
/// See [`SHEET`].
pub(super) const SHAPES: (&str, &str) =
    ("vmlDrawing", "application/vnd.openxmlformats-officedocument.vmlDrawing");
/// The folder of digital signatures, which hold for the workbook as it was.
pub(super) const SIGNATURES: &str = "_xmlsignatures/";

/// In which words a workbook speaks: those of the first edition of the standard, or its strict ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) main: &'static str,
    pub(super) relations: &'static str,
}

/// The words that nearly all use.
pub(super) const USUAL: Words = Words {
    main: "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    relations: "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
};
/// The strict ones.
pub(super) const STRICT: Words = Words {
    main: "http://purl.oclc.org/ooxml/spreadsheetml/main",
    relations: "http://purl.oclc.org/ooxml/officeDocument/relationships",
};

/// A part that a copy adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Added {
    /// Its name in the archive.
    pub(super) part: String,
    /// The id by which it is spoken of.
    pub(super) id: String,
    pub(super) kind: (&'static str, &'static str),
}

/// A name for a part that no part has: `before`, a number, `ending`.
pub(super) fn free_name(package: &Package, before: &str, ending: &str) -> String {
    let mut number = 1_u32;
    loop {
        let name = format!("{before}{number}{ending}");
        if !package.has(&name) {
            return name;
        }
        number += 1;
    }
}

/// An id that no relation of a part has.
pub(super) fn free_id(package: &mut Package, part: &str, number: u32) -> Outcome<String> {
    let known = package.relations(part)?;
    let mut number = number;
    loop {
        let id = format!("rIdUpsheet{number}");
        if known.iter().all(|relation| relation.id != id) {
            return Ok(id);
        }
        number += 10;
    }
}

/// The name of the part in which a part speaks of others.
pub(super) fn relations_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let slash = if folder.is_empty() { "" } else { "/" };
    format!("{folder}{slash}_rels/{name}.rels")
}

/// Copies what a part says of others, with parts more; a part without any gets some.
pub(super) fn write_relations<R: Read>(
    xml: Option<&mut Xml<R>>,
    added: &[&Added],
    words: Words,
    sink: &mut Sink<'_>,
) -> Outcome<()> {
    let list = |prefix: &str, out: &mut Vec<u8>| {
        for one in added {
            out.extend_from_slice(format!("<{prefix}Relationship").as_bytes());
            attribute(out, "Id", &one.id);
            attribute(out, "Type", &format!("{}/{}", words.relations, one.kind.0));
            attribute(out, "Target", &format!("/{}", one.part));
            out.extend_from_slice(b"/>");
        }
    };
    let Some(xml) = xml else {
        let out = sink.room()?;
        out.extend_from_slice(format!("<Relationships xmlns=\"{RELATIONS}\">").as_bytes());
        list("", out);
        close(out, b"Relationships");
        return Ok(());
    };
    rewrite(xml, sink, &mut |xml, token, out| match token {
        Token::Open if xml.depth() == 1 && xml.is_hollow() => {
            tag(out, xml.whole_name(), xml.attributes(), &[])?;
            out.push(b'>');
            Ok(Act::Written)
        }
        // A signature holds for the workbook as it was.
        Token::Open
            if xml
                .attributes()
                .get(b"Type")?
                .is_some_and(|kind| kind.ends_with(b"/digital-signature/origin")) =>
        {
            Ok(Act::Drop)
        }
        Token::Close if xml.depth() == 0 => {
            // The prefix of the list is that of its entries.
            list(&prefix_of_end(xml), out);
            Ok(Act::Keep)
        }
        _ => Ok(Act::Keep),
    })
}

/// The prefix of the element that ends.
fn prefix_of_end(xml: &Xml<impl Read>) -> String {
    let raw = xml.raw();
    prefix_of(raw.strip_prefix(b"</").unwrap_or_default())
}

/// Copies the list of types, with the types of parts more.
pub(super) fn write_types<R: Read>(
    xml: &mut Xml<R>,
    added: &[&Added],
    sink: &mut Sink<'_>,
) -> Outcome<()> {
    let mut endings = Vec::new();
    rewrite(xml, sink, &mut |xml, token, out| {
        match token {
            Token::Open if xml.name() == b"Default" => {
                endings.extend(xml.attributes().text(b"Extension")?);
            }
            Token::Open if xml.name() == b"Override" => {
                let name = xml.attributes().text(b"PartName")?.unwrap_or_default();
                if name.trim_start_matches('/').to_ascii_lowercase().starts_with(SIGNATURES) {
                    return Ok(Act::Drop);
                }
                let kind = xml.attributes().text(b"ContentType")?.unwrap_or_default();
                // A template that is given back is a workbook.
                if kind.ends_with(".template.main+xml") {
                    tag(out, xml.whole_name(), xml.attributes(), &[b"ContentType"])?;
                    let kind = kind.replace(".template.main+xml", ".sheet.main+xml");
                    attribute(out, "ContentType", &kind);
                    out.push(b'>');
                    return Ok(Act::Written);
                }
            }
            Token::Close if xml.depth() == 0 => {
                let prefix = prefix_of_end(xml);
                let shapes = added.iter().any(|one| one.kind == SHAPES);
                if shapes && !endings.iter().any(|ending| ending.eq_ignore_ascii_case("vml")) {
                    out.extend_from_slice(format!("<{prefix}Default Extension=\"vml\"").as_bytes());
                    attribute(out, "ContentType", SHAPES.1);
                    out.extend_from_slice(b"/>");
                }
                for one in added.iter().filter(|one| one.kind != SHAPES) {
                    out.extend_from_slice(format!("<{prefix}Override").as_bytes());
                    attribute(out, "PartName", &format!("/{}", one.part));
                    attribute(out, "ContentType", one.kind.1);
                    out.extend_from_slice(b"/>");
                }
            }
            _ => {}
        }
        Ok(Act::Keep)
    })
}

/// What the workbook itself says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Main {
    /// The names of all its sheets, those of charts included.
    pub(super) sheets: Vec<String>,
    /// The largest number of a sheet.
    pub(super) last: u32,
    /// Whether it speaks in strict words.
    pub(super) strict: bool,
}

impl Main {
    /// Reads the main part.
    pub(super) fn read(mut xml: Xml<impl Read>) -> Outcome<Self> {
        let mut main = Self::default();
        loop {
            match xml.advance()? {
                Token::End => return Ok(main),
                Token::Open if xml.name() == b"workbook" && xml.depth() == 1 => {
                    for one in xml.attributes() {
                        main.strict |= one?.1 == STRICT.main.as_bytes();
                    }
                }
                Token::Open if xml.name() == b"sheet" && xml.depth() == 3 => {
                    main.sheets.extend(xml.attributes().text(b"name")?);
                    main.last = main.last.max(super::survey::count(&xml, b"sheetId")?);
                }
                _ => {}
            }
        }
    }

    /// A name for a sheet that no sheet has.
    pub(super) fn free_sheet(&self, name: &str) -> String {
        let taken =
            |name: &str| self.sheets.iter().any(|one| one.to_lowercase() == name.to_lowercase());
        let mut free = name.to_owned();
        let mut number = 2;
        while taken(&free) {
            free = format!("{name} {number}");
            number += 1;
        }
        free
    }
}

/// What is said of the filter of a sheet under a name that programs know.
pub(super) struct Filtered {
    /// The place of the sheet among all.
    pub(super) index: usize,
    pub(super) sheet: String,
    pub(super) area: Area,
}

/// Copies the main part, with a sheet more and the area of a filter as it is now.
pub(super) fn write_main<R: Read>(
    xml: &mut Xml<R>,
    page: Option<(&str, u32, &Added)>,
    filtered: Option<&Filtered>,
    words: Words,
    sink: &mut Sink<'_>,
) -> Outcome<()> {
    const NAME: &str = "_xlnm._FilterDatabase";
    let mut next = 0;
    let mut prefix = String::new();
    let mut waiting = filtered;
    let names = order::place(order::WORKBOOK, b"definedNames", "extLst");
    let name = |one: &Filtered, prefix: &str, out: &mut Vec<u8>| {
        out.extend_from_slice(format!("<{prefix}definedName name=\"{NAME}\"").as_bytes());
        attribute(out, "localSheetId", &one.index.to_string());
        out.extend_from_slice(b" hidden=\"1\">");
        let left = letters(one.area.left as usize);
        let right = letters(one.area.right as usize);
        escape(out, &format!("'{}'!", one.sheet.replace('\'', "''")));
        let (top, bottom) = (one.area.top, one.area.bottom);
        escape(out, &format!("${left}${top}:${right}${bottom}"));
        close(out, format!("{prefix}definedName").as_bytes());
    };
    rewrite(xml, sink, &mut |xml, token, out| {
        let depth = xml.depth();
        let list = |waiting: &mut Option<&Filtered>, out: &mut Vec<u8>| {
            if let Some(one) = waiting.take() {
                out.extend_from_slice(format!("<{prefix}definedNames>").as_bytes());
                name(one, &prefix, out);
                close(out, format!("{prefix}definedNames").as_bytes());
            }
        };
        match token {
            Token::Open if depth == 2 => {
                let place = order::place(order::WORKBOOK, xml.name(), "fileVersion");
                if next <= names && place > names {
                    list(&mut waiting, out);
                }
                next = next.max(place + 1);
            }
            Token::Open if depth == 1 => prefix = prefix_of(xml.whole_name()),
            Token::Open if depth == 3 && xml.name() == b"definedName" => {
                let is_it =
                    xml.attributes().get(b"name")?.is_some_and(|one| one == NAME.as_bytes());
                let own = filtered.is_some_and(|one| {
                    let index = one.index.to_string();
                    let named = xml.attributes().get(b"localSheetId").ok().flatten();
                    named == Some(index.as_bytes())
                });
                if is_it && own {
                    return Ok(Act::Drop);
                }
            }
            Token::Close if depth == 1 && xml.name() == b"definedNames" => {
                if let Some(one) = waiting.take() {
                    name(one, &prefix, out);
                }
            }
            Token::Close if depth == 1 && xml.name() == b"sheets" => {
                if let Some((sheet, number, part)) = page {
                    out.extend_from_slice(format!("<{prefix}sheet").as_bytes());
                    attribute(out, "name", sheet);
                    attribute(out, "sheetId", &number.to_string());
                    attribute(out, "xmlns:r", words.relations);
                    attribute(out, "r:id", &part.id);
                    out.extend_from_slice(b"/>");
                }
            }
            Token::Close if depth == 0 => list(&mut waiting, out),
            _ => {}
        }
        Ok(Act::Keep)
    })
}
