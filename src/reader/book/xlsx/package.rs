//! A workbook as an archive of parts: finding a part, and what a part says it belongs to.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};

use zip::ZipWriter;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::ahead;
use super::xml::{Fault, Token, Xml};
use crate::reader::Limits;
use crate::reader::book::archive::Archive;
use crate::reader::book::guard::{Bound, MOST_OTHER};
use crate::reader::book::inflate::TooMuch;

/// Bytes from which on a part, compressed, is worth a thread.
const LARGE: u64 = 128 * 1024;

/// A part being read.
pub(crate) type Part<'a> = Xml<ZipFile<'a, BufReader<File>>>;

/// An archive and the names of its parts.
pub(crate) struct Package {
    archive: Archive,
    /// Where each part stands, by its name in the form of [`plain`].
    places: BTreeMap<String, usize>,
    /// Bytes that parts may still take that only speak of others.
    left: u64,
    limits: Limits,
}

/// What one part says about another.
#[derive(Debug)]
pub(crate) struct Relation {
    /// By what the part speaks of it.
    pub(crate) id: String,
    /// The last word of its type: `worksheet`, `styles`, …
    pub(crate) kind: String,
    /// The name of the other part.
    pub(crate) target: String,
}

impl Package {
    /// Lists the parts of an archive.
    pub(super) fn open(archive: Archive, limits: &Limits) -> Result<Self, Fault> {
        let mut places = BTreeMap::new();
        let mut twice = archive.has_duplicate_names();
        for (place, name) in archive.file_names_raw().enumerate() {
            let name = plain(&String::from_utf8_lossy(name));
            if name.split('/').any(|step| step == "..") {
                let why = "a part of it is named by a path that leads out of it";
                return Err(Fault::broken(why));
            }
            twice |= places.insert(name, place).is_some();
        }
        if twice {
            return Err(Fault::broken(
                "it has two parts of one name, so which counts is not known",
            ));
        }
        Ok(Self { archive, places, left: MOST_OTHER, limits: *limits })
    }

    /// Whether there is such a part.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.places.contains_key(&plain(name))
    }

    /// How many parts there are.
    pub(crate) fn count(&self) -> usize {
        self.archive.len()
    }

    /// Where a part stands among all.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(&plain(name)).copied()
    }

    /// The name of a part as the archive writes it.
    pub(crate) fn name(&self, place: usize) -> Option<String> {
        let name = self.archive.name_for_index(place)?;
        name.ok().map(std::borrow::Cow::into_owned)
    }

    /// Copies a part into another archive without unpacking it.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub(crate) fn copy<W: Write + Seek>(
        &mut self,
        place: usize,
        to: &mut ZipWriter<W>,
    ) -> Result<(), ZipError> {
        to.raw_copy_file(self.archive.by_index_raw(place)?)
    }

    /// What reading may cost.
    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Refuses more of something than an archive may have members.
    pub(super) fn few(&self, count: usize, what: &str) -> Result<(), Fault> {
        let most = self.limits.members;
        if count as u64 <= most {
            return Ok(());
        }
        let why = format!("it has more than {most} {what}");
        Err(TooMuch { why, setting: "members" }.into())
    }

    /// Opens a part that is no XML; nothing when there is no such part. What passes the bound is left out.
    pub(crate) fn bytes(&mut self, name: &str) -> Result<Option<impl Read>, Fault> {
        let Some(&place) = self.places.get(&plain(name)) else { return Ok(None) };
        let most = self.limits.unpacked();
        let member = self.archive.by_index(place).map_err(|error| zip_fault(&error))?;
        Ok(Some(member.take(most)))
    }

    /// Opens a part that only speaks of others; nothing when there is no such part.
    pub(crate) fn small(&mut self, name: &str) -> Result<Option<Part<'_>>, Fault> {
        self.part(name, Bound::fixed(MOST_OTHER, &self.limits))
    }

    /// Opens a part within its bounds; nothing when there is no such part.
    pub(crate) fn part(&mut self, name: &str, bound: Bound) -> Result<Option<Part<'_>>, Fault> {
        let Some(&place) = self.places.get(&plain(name)) else { return Ok(None) };
        let member = self.archive.by_index(place).map_err(|error| zip_fault(&error))?;
        Xml::new(member, bound).map(Some)
    }

    /// Whether there is such a part, and it is worth a thread.
    pub(super) fn is_large(&mut self, name: &str) -> bool {
        self.packed(name) >= LARGE
    }

    /// How many bytes a part takes in the archive; none where there is no such part.
    pub(super) fn packed(&mut self, name: &str) -> u64 {
        let Some(&place) = self.places.get(&plain(name)) else { return 0 };
        self.archive.by_index_raw(place).map_or(0, |member| member.compressed_size())
    }

    /// Reads a part within its bounds, a large one with a thread of its own that inflates it; nothing when
    /// there is no such part.
    pub(super) fn stream<T>(
        &mut self,
        name: &str,
        bound: Bound,
        work: impl FnOnce(Xml<&mut dyn Read>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let Some(&place) = self.places.get(&plain(name)) else { return Ok(None) };
        let mut member = self.archive.by_index(place).map_err(|error| zip_fault(&error))?;
        if member.compressed_size() < LARGE {
            let input: &mut dyn Read = &mut member;
            return work(Xml::new(input, bound)?).map(Some);
        }
        ahead::read(member, |input| work(Xml::new(input, bound)?))?.map(Some)
    }

    /// What a part says about others; nothing when it says nothing. The empty name is the package.
    pub(crate) fn relations(&mut self, of: &str) -> Result<Vec<Relation>, Fault> {
        let (folder, name) = of.rsplit_once('/').unwrap_or(("", of));
        let (before, limits) = (self.left, self.limits);
        let bound = Bound::fixed(before, &limits);
        let Some(mut xml) = self.part(&format!("{folder}/_rels/{name}.rels"), bound)? else {
            return Ok(Vec::new());
        };
        let mut relations = Vec::new();
        loop {
            match xml.advance()? {
                Token::End => break,
                Token::Open if xml.name() == b"Relationship" => {
                    let attributes = xml.attributes();
                    let external = attributes
                        .clone()
                        .get(b"TargetMode")?
                        .is_some_and(|mode| mode == b"External");
                    let (Some(id), Some(kind), Some(target), false) = (
                        attributes.clone().text(b"Id")?,
                        attributes.clone().text(b"Type")?,
                        attributes.text(b"Target")?,
                        external,
                    ) else {
                        continue;
                    };
                    if relations.len() as u64 == limits.members {
                        let why = format!("it has more than {} parts", limits.members);
                        return Err(TooMuch { why, setting: "members" }.into());
                    }
                    let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                    relations.push(Relation { id, kind, target: resolve(folder, &target) });
                }
                _ => {}
            }
        }
        let read = bound.most - xml.left();
        drop(xml);
        self.left = before - read;
        Ok(relations)
    }
}

/// The name of a part as names are compared: case and the kind of slash do not count.
fn plain(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// The part that a target means, seen from a folder.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let mut steps: Vec<&str> = if target.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|step| !step.is_empty()).collect()
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

fn zip_fault(error: &ZipError) -> Fault {
    match error {
        ZipError::Io(source) => Fault::Io(std::io::Error::new(source.kind(), source.to_string())),
        ZipError::UnsupportedArchive(what) if what.contains("Password") => {
            Fault::broken("its parts are protected by a password")
        }
        ZipError::UnsupportedArchive(what) => {
            Fault::Broken(format!("its archive is of a kind that no spreadsheet writes ({what})"))
        }
        _ => Fault::broken("its archive is damaged or cut off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_the_writers_of_workbooks_mean_them() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../tables/table1.xml", "xl/tables/table1.xml"),
            ("xl", r"worksheets\sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("", "./xl//workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
        assert_eq!(plain(r"\XL\Workbook.xml"), "xl/workbook.xml");
    }
}
