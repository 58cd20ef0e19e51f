//! The notes of a sheet: those that there are, and those that a copy adds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;

use memchr::memmem;

use super::sink::{Sink, attribute, close, spelled, tag};
use super::spool::{Changes, Spool};
use super::styles::prefix_of;
use super::survey::count;
use super::{Change, Outcome, RowChanges};
use crate::reader::parts::{Fault, Token, Xml};
use crate::row::{column_of, letters};

/// By whom our notes are.
const AUTHOR: &str = "upsheet";
/// What stands between a person's note and what we add to it.
const BETWEEN: &str = "\n\nupsheet: ";
/// How what we add begins, where a program parted its lines.
const ADDED: &str = "upsheet: ";
/// By whom the notes are behind which a conversation stands.
const TALK: &str = "tc=";

/// The place of a cell: its row from 1, its column from 0.
type At = (u32, u32);

/// What there is in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    /// A note of a person.
    Note,
    /// A note of ours from an earlier copy.
    Ours,
    /// A conversation.
    Talk,
}

/// The notes of a sheet.
#[derive(Debug)]
pub(super) struct Notes {
    there: BTreeMap<At, There>,
    /// What is added to notes that are there, or takes the place of ours.
    more: BTreeMap<At, String>,
    /// Notes of cells that have none.
    new: Spool,
    any: bool,
    authors: u32,
    /// Our number among the authors, where we are one.
    own: Option<u32>,
}

impl Notes {
    /// Reads which cells have notes.
    pub(super) fn read(
        xml: Option<Xml<impl Read>>,
        is_ours: fn(&str) -> bool,
        folder: Option<&Path>,
    ) -> Outcome<Self> {
        let mut notes = Self {
            there: BTreeMap::new(),
            more: BTreeMap::new(),
            new: Spool::new(folder)?,
            any: false,
            authors: 0,
            own: None,
        };
        let Some(mut xml) = xml else { return Ok(notes) };
        let (mut talks, mut nobodies) = (BTreeSet::new(), BTreeSet::new());
        // A note of nobody, whose words have not come yet.
        let mut doubtful = None;
        loop {
            match xml.advance()? {
                Token::End => return Ok(notes),
                Token::Open if xml.name() == b"author" => {
                    let mut name = String::new();
                    xml.read_text(&mut name)?;
                    if name == AUTHOR {
                        notes.own = Some(notes.authors);
                    }
                    if name.starts_with(TALK) {
                        talks.insert(notes.authors);
                    }
                    if name.trim().is_empty() {
                        nobodies.insert(notes.authors);
                    }
                    notes.authors += 1;
                }
                Token::Open if xml.name() == b"comment" => {
                    let author = count(&xml, b"authorId")?;
                    let there = match author {
                        author if talks.contains(&author) => There::Talk,
                        author if notes.own == Some(author) => There::Ours,
                        _ => There::Note,
                    };
                    if let Some(at) = at(&xml)? {
                        notes.there.insert(at, there);
                        doubtful = nobodies.contains(&author).then_some(at);
                    }
                }
                Token::Open if xml.name() == b"t" => {
                    let Some(at) = doubtful.take() else { continue };
                    let mut words = String::new();
                    xml.read_text(&mut words)?;
                    if is_ours(&words) {
                        notes.there.insert(at, There::Ours);
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds a note. `false` where there can be none.
    pub(super) fn add(&mut self, row: u32, column: u32, text: &str) -> io::Result<bool> {
        match self.there.get(&(row, column)) {
            Some(There::Talk) => return Ok(false),
            Some(_) => {
                self.more.insert((row, column), text.to_owned());
            }
            None => {
                let cell = Change { column, note: Some(text.to_owned()), ..Change::default() };
                self.new.push(&RowChanges { row, cells: vec![cell] })?;
                self.any = true;
            }
        }
        Ok(true)
    }

    /// Whether cells get notes that had none.
    pub(super) fn has_new(&self) -> bool {
        self.any
    }

    /// Whether the part of the notes stays as it is.
    pub(super) fn is_unchanged(&self) -> bool {
        !self.any && self.more.is_empty() && !self.there.values().any(|one| *one == There::Ours)
    }

    /// Whether the shapes of the notes stay as they are.
    pub(super) fn are_shapes_unchanged(&self) -> bool {
        !self.any && self.gone().next().is_none()
    }

    /// The notes that are new, in order.
    pub(super) fn new_ones(&mut self) -> io::Result<Changes> {
        self.new.read()
    }

    /// The notes of an earlier copy that are in this one no more.
    pub(super) fn gone(&self) -> impl Iterator<Item = At> {
        let ours = self.there.iter().filter(|(_, there)| **there == There::Ours);
        ours.map(|(at, _)| *at).filter(|at| !self.more.contains_key(at))
    }

    /// Writes the part, made of the one that there is.
    pub(super) fn write<R: Read>(
        &mut self,
        xml: Option<Xml<R>>,
        main: &str,
        sink: &mut Sink<'_>,
    ) -> Outcome<()> {
        if let Some(mut xml) = xml {
            return self.write_changed(&mut xml, sink);
        }
        let out = sink.room()?;
        out.extend_from_slice(format!("<comments xmlns=\"{main}\"><authors>").as_bytes());
        out.extend_from_slice(
            format!("<author>{AUTHOR}</author></authors><commentList>").as_bytes(),
        );
        self.write_new("", sink)?;
        sink.room()?.extend_from_slice(b"</commentList></comments>");
        Ok(())
    }

    fn own(&self) -> u32 {
        self.own.unwrap_or(self.authors)
    }

    fn write_new(&mut self, p: &str, sink: &mut Sink<'_>) -> Outcome<()> {
        let own = self.own();
        let mut new = self.new.read()?;
        while let Some(changes) = new.next()? {
            for cell in &changes.cells {
                let text = cell.note.as_deref().unwrap_or_default();
                write_note(sink.room()?, p, (changes.row, cell.column), own, text);
            }
        }
        Ok(())
    }

    fn write_changed<R: Read>(&mut self, xml: &mut Xml<R>, sink: &mut Sink<'_>) -> Outcome<()> {
        let mut p = String::new();
        // A list without content that gets some.
        let mut opened = None;
        loop {
            let token = xml.advance()?;
            let is_list = matches!(xml.name(), b"authors" | b"commentList");
            match token {
                Token::End => return Ok(()),
                Token::Open if xml.name() == b"comment" => self.comment(xml, &p, sink)?,
                Token::Open if is_list && xml.is_hollow() => {
                    let name = xml.whole_name().to_vec();
                    let out = sink.room()?;
                    tag(out, &name, xml.attributes(), &[])?;
                    out.push(b'>');
                    opened = Some(name);
                }
                Token::Close if is_list => {
                    if xml.name() == b"commentList" {
                        self.write_new(&p, sink)?;
                    } else if self.own.is_none() {
                        let author = format!("<{p}author>{AUTHOR}</{p}author>");
                        sink.room()?.extend_from_slice(author.as_bytes());
                    }
                    match opened.take() {
                        Some(name) => close(sink.room()?, &name),
                        None => sink.room()?.extend_from_slice(xml.raw()),
                    }
                }
                _ => {
                    if token == Token::Open && xml.depth() == 1 {
                        p = prefix_of(xml.whole_name());
                    }
                    sink.room()?.extend_from_slice(xml.raw());
                }
            }
        }
    }

    /// Copies one note.
    fn comment<R: Read>(&mut self, xml: &mut Xml<R>, p: &str, sink: &mut Sink<'_>) -> Outcome<()> {
        let at = at(xml)?;
        let more = at.and_then(|at| self.more.get(&at));
        let there = at.and_then(|at| self.there.get(&at));
        if let (Some(at), Some(There::Ours)) = (at, there) {
            xml.skip()?;
            if let Some(text) = more {
                write_note(sink.room()?, p, at, self.own(), text);
            }
            return Ok(());
        }
        sink.room()?.extend_from_slice(xml.raw());
        let depth = xml.depth();
        loop {
            let token = xml.advance()?;
            if token == Token::Open && xml.name() == b"text" && there == Some(&There::Note) {
                text(xml, p, more.map(String::as_str), sink.room()?)?;
                continue;
            }
            sink.room()?.extend_from_slice(xml.raw());
            if token == Token::End || xml.depth() < depth {
                return Ok(());
            }
        }
    }
}

/// Copies the text of a person's note without what an earlier copy added, and adds what there is now.
fn text<R: Read>(xml: &mut Xml<R>, p: &str, more: Option<&str>, out: &mut Vec<u8>) -> Outcome<()> {
    let name = xml.whole_name().to_vec();
    tag(out, &name, xml.attributes(), &[])?;
    out.push(b'>');
    let depth = xml.depth();
    let (mut run, mut behind, mut first) = (Vec::new(), Vec::new(), true);
    loop {
        let token = xml.advance()?;
        if token == Token::End || xml.depth() < depth {
            break;
        }
        if token != Token::Open {
            continue;
        }
        let kind = xml.name().to_vec();
        run.clear();
        run.extend_from_slice(xml.raw());
        let words = raw_element(xml, &mut run)?;
        if !first && words.trim_start_matches('\n').starts_with(ADDED) {
            // A program that parts a text into its lines leaves one of ours in the run before.
            if !words.starts_with(BETWEEN) {
                let ends = [format!("</{p}t></{p}r>"), format!("</{p}t>")];
                let end = ends.iter().find(|end| out.ends_with(end.as_bytes()));
                if let Some(end) = end {
                    out.truncate(out.len() - end.len());
                    trim_end(out);
                    out.extend_from_slice(end.as_bytes());
                }
            }
            continue;
        }
        first = false;
        if words.contains(BETWEEN) {
            cut(&mut run);
        }
        match kind.as_slice() {
            b"t" if more.is_some() => {
                out.extend_from_slice(format!("<{p}r>").as_bytes());
                out.extend_from_slice(&run);
                close(out, format!("{p}r").as_bytes());
            }
            b"r" | b"t" => out.extend_from_slice(&run),
            _ => behind.extend_from_slice(&run),
        }
    }
    if let Some(more) = more {
        write_run(out, p, &format!("{BETWEEN}{more}"));
    }
    out.extend_from_slice(&behind);
    close(out, &name);
    Ok(())
}

/// Takes what we added out of a run, where a program made one of what a person wrote and of ours.
fn cut(run: &mut Vec<u8>) {
    let Some(start) = memmem::rfind(run, ADDED.as_bytes()) else { return };
    let behind = run.get(start..).and_then(|rest| memmem::find(rest, b"</"));
    let rest = behind.and_then(|length| run.get(start + length..)).unwrap_or_default().to_vec();
    run.truncate(start);
    trim_end(run);
    run.extend_from_slice(&rest);
}

/// Takes ends of lines from the end of a text as it stands in XML.
fn trim_end(out: &mut Vec<u8>) {
    let ends = [b"\n".as_slice(), b"&#10;", b"&#xA;", b"&#xa;"];
    while let Some(end) = ends.iter().find(|end| out.ends_with(end)) {
        out.truncate(out.len() - end.len());
    }
}

/// Appends the element that was opened last as it stands, and gives the text in it.
fn raw_element<R: Read>(xml: &mut Xml<R>, out: &mut Vec<u8>) -> Outcome<String> {
    let (depth, mut words) = (xml.depth(), String::new());
    loop {
        let token = xml.advance()?;
        if token == Token::End {
            return Err(Fault::broken("its notes break off").into());
        }
        if token == Token::Text {
            crate::reader::parts::decode(xml.text(), &mut words)?;
        }
        out.extend_from_slice(xml.raw());
        if xml.depth() < depth {
            return Ok(words);
        }
    }
}

fn at(xml: &Xml<impl Read>) -> Outcome<Option<At>> {
    let Some(text) = xml.attributes().text(b"ref")? else { return Ok(None) };
    let split = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let parts = text.split_at_checked(split);
    let found = parts.and_then(|(column, row)| Some((row.parse().ok()?, column_of(column)?)));
    Ok(found)
}

fn write_note(out: &mut Vec<u8>, p: &str, (row, column): At, author: u32, text: &str) {
    out.extend_from_slice(format!("<{p}comment").as_bytes());
    let mut place = String::new();
    place.push_str(&letters(column as usize));
    place.push_str(&row.to_string());
    attribute(out, "ref", &place);
    attribute(out, "authorId", &author.to_string());
    out.extend_from_slice(format!("><{p}text>").as_bytes());
    write_run(out, p, text);
    out.extend_from_slice(format!("</{p}text></{p}comment>").as_bytes());
}

fn write_run(out: &mut Vec<u8>, p: &str, text: &str) {
    let head = format!(
        "<{p}r><{p}rPr><{p}sz val=\"9\"/><{p}color indexed=\"81\"/><{p}rFont val=\"Tahoma\"/>\
         <{p}family val=\"2\"/></{p}rPr><{p}t xml:space=\"preserve\">"
    );
    out.extend_from_slice(head.as_bytes());
    spelled(out, text);
    out.extend_from_slice(format!("</{p}t></{p}r>").as_bytes());
}
