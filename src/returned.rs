//! A workbook that came back: our columns in it, and what they keep of each row.
//!
//! A checked workbook gets three columns more. Two are for people: what became of the row, and why. The
//! third is hidden and is for us: a [`Record`] of the row as it was checked. It moves with its row when
//! somebody sorts, deletes or inserts rows, so that a corrected workbook is known again row by row. What it
//! keeps of a cell is a tag, not the value; the value stands in the same row.

mod columns;
mod compare;
mod outcome;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::hash::Hasher as _;

use siphasher::sip::SipHasher24;

pub use self::columns::Columns;
pub use self::compare::{Comparison, Then};
pub use self::outcome::{Cured, OfCode, Returned};
use crate::finding::{Code, Finding};
use crate::row::Row;

/// The header of the column that says what became of a row.
pub const STATUS: &str = "Status (upsheet)";
/// The header of the column that says why.
pub const FINDINGS: &str = "Findings (upsheet)";
/// How the header of the hidden column begins; behind it stand the tags of the other headers.
pub const RECORD: &str = "Record (upsheet)";

/// The header of the column that files of rejected people have in front of those of their sheet.
pub const REASON: &str = "reason";

/// The sheet of a checked workbook that is no table of people.
pub const SUMMARY: &str = "Summary (upsheet)";
/// The words on that sheet behind which it says how many rows of people the workbook had, …
pub const ROWS: &str = "rows of people in this workbook";
/// … and below which row of the file they stood.
pub const BELOW: &str = "below row";

/// How a record begins: its form.
const FORM: &str = "1";
/// The letters of tags, six bits each.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// Letters of a tag: 24 bits.
const LENGTH: usize = 4;

/// Whether a header is that of a column of ours.
pub fn is_ours(header: &str) -> bool {
    let header = header.trim();
    header == STATUS || header == FINDINGS || is_record(header)
}

/// Whether a header is that of the hidden column.
pub fn is_record(header: &str) -> bool {
    header.trim().starts_with(RECORD)
}

/// What is kept of a text: the same for equal texts, and another for others but one time in 16 million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(u32);

impl Tag {
    /// The tag of a text, without what programs change in it when they save it.
    pub fn of(text: &str) -> Self {
        Self((hash(plain(text).as_bytes()) & 0xff_ffff) as u32)
    }

    fn write(self, out: &mut String) {
        for place in (0..LENGTH).rev() {
            let index = (self.0 >> (6 * place)) & 63;
            let letter = LETTERS.get(index as usize).copied().unwrap_or(b'A');
            out.push(char::from(letter));
        }
    }

    fn parse(text: &[u8]) -> Option<Self> {
        text.iter()
            .try_fold(0_u32, |sum, letter| {
                let digit = LETTERS.iter().position(|known| known == letter)?;
                Some(sum << 6 | u32::try_from(digit).ok()?)
            })
            .map(Self)
    }
}

/// A public key: a tag protects nothing, it tells one text from another.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0x7570_7368_6565_7431, 0x7265_7475_726e_6564);
    hasher.write(bytes);
    hasher.finish()
}

/// What became of a row when it was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Was {
    /// Ready to be sent.
    Ready,
    /// Rejected.
    Rejected,
    /// Skipped.
    Skipped,
}

impl Was {
    const ALL: [(Self, char); 3] =
        [(Self::Ready, 'r'), (Self::Rejected, 'x'), (Self::Skipped, 's')];
}

/// A finding of a row, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The code's id. One that this version does not know is kept as it is.
    pub code: String,
    /// The column among those of the sheet, ours not counted; nothing for one about the row.
    pub column: Option<u16>,
}

impl Found {
    /// What is kept of a finding; `ours` tells which columns are not counted.
    pub fn of(finding: &Finding, ours: &dyn Fn(usize) -> bool) -> Self {
        let counted = |column: u16| {
            let before = (0..usize::from(column)).filter(|column| ours(*column)).count();
            column.saturating_sub(u16::try_from(before).unwrap_or(u16::MAX))
        };
        Self { code: finding.code.id.to_owned(), column: finding.column.map(counted) }
    }

    /// Its kind, where this version knows it.
    pub fn kind(&self) -> Option<&'static Code> {
        Code::find(&self.code)
    }
}

/// What is kept of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The row in which it stood, as a spreadsheet counts.
    pub row: u32,
    /// What became of it.
    pub was: Was,
    /// The tags of its cells, up to the last that is not blank.
    pub cells: Vec<Tag>,
    /// A tag of all of them together, of 64 bits.
    pub whole: u64,
    /// What was found in it.
    pub found: Vec<Found>,
}

impl Record {
    /// What is kept of a row; `ours` tells which columns are not counted.
    pub fn of(row: &Row<'_>, was: Was, findings: &[Finding], ours: &dyn Fn(usize) -> bool) -> Self {
        let cells = row.cells().enumerate().filter(|(column, _)| !ours(*column));
        let texts: Vec<&str> = cells.map(|(_, cell)| cell.text).collect();
        let (cells, whole) = tags(&texts);
        let found = findings.iter().map(|finding| Found::of(finding, ours)).collect();
        Self { row: row.at.row, was, cells, whole, found }
    }

    /// As it stands in its cell.
    pub fn write(&self) -> String {
        let mut text = String::new();
        let was = Was::ALL.iter().find(|(was, _)| *was == self.was).map_or('r', |(_, word)| *word);
        // Writing to a String cannot fail.
        let _ = write!(text, "{FORM} {} {was} {:016x} ", self.row, self.whole);
        text.push(':');
        for tag in &self.cells {
            tag.write(&mut text);
        }
        for found in &self.found {
            let _ = match found.column {
                Some(column) => write!(text, " {}@{column}", found.code),
                None => write!(text, " {}", found.code),
            };
        }
        text
    }

    /// The record that stands in a cell; nothing for a text of another kind or of a later form.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.trim().split(' ');
        if words.next() != Some(FORM) {
            return None;
        }
        let row = words.next()?.parse().ok()?;
        let word = words.next()?;
        let was = Was::ALL.iter().find(|(_, known)| word.chars().eq([*known]))?.0;
        let whole = u64::from_str_radix(words.next()?, 16).ok()?;
        let cells = parse_tags(words.next()?.strip_prefix(':')?)?;
        let found = words.map(|word| {
            let (code, column) = match word.split_once('@') {
                Some((code, column)) => (code, Some(column.parse().ok()?)),
                None => (word, None),
            };
            Some(Found { code: code.to_owned(), column })
        });
        Some(Self { row, was, cells, whole, found: found.collect::<Option<_>>()? })
    }
}

/// The tags of some texts up to the last that is not blank, and the one of all together.
pub fn tags(texts: &[&str]) -> (Vec<Tag>, u64) {
    let texts = filled(texts);
    (texts.iter().map(|text| Tag::of(text)).collect(), whole(texts))
}

/// The tag of some texts together. Blank ones at the end do not count.
fn whole(texts: &[&str]) -> u64 {
    let mut all = Vec::new();
    for text in filled(texts) {
        let text = plain(text);
        all.extend_from_slice(&(text.len() as u64).to_le_bytes());
        all.extend_from_slice(text.as_bytes());
    }
    hash(&all)
}

fn filled<'a, 'b>(texts: &'a [&'b str]) -> &'a [&'b str] {
    let last = texts.iter().rposition(|text| !text.trim().is_empty()).map_or(0, |last| last + 1);
    texts.get(..last).unwrap_or_default()
}

/// A text without what programs change in it when they save it: spaces around it, which no reader of people
/// heeds, and the sign with which some end their lines.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.contains('\r') { text.replace('\r', "").into() } else { text.into() }
}

/// What the header of the hidden column keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The tags of the other headers.
    pub headers: Vec<Tag>,
    /// Whether the file that was checked counted its days from 1904; nothing where it did not tell. Nothing at all
    /// where the header does not say it.
    pub dates_1904: Option<Option<bool>>,
}

/// From when files count days, as the header of the hidden column says it.
const DAYS: [(Option<bool>, &str); 3] =
    [(None, "unsaid"), (Some(false), "1900"), (Some(true), "1904")];

/// The header of the hidden column: it keeps the other headers, so that columns which were moved are found
/// again, and from when the file counted days, which a workbook made of it cannot say.
pub fn record_header(headers: &[&str], dates_1904: Option<bool>) -> String {
    let days = DAYS.iter().find(|(known, _)| *known == dates_1904).map_or("", |(_, word)| word);
    let mut text = format!("{RECORD} {FORM} {days} :");
    for header in headers {
        Tag::of(header).write(&mut text);
    }
    text
}

/// What such a header keeps; nothing where it was changed.
pub fn parse_header(text: &str) -> Option<Kept> {
    let rest = text.trim().strip_prefix(RECORD)?.trim().strip_prefix(FORM)?;
    let (days, tags) = rest.split_once(':')?;
    let days = days.trim();
    let said = DAYS.iter().find(|(_, word)| *word == days).map(|(known, _)| *known);
    let is_known = days.is_empty() || said.is_some();
    Some(Kept { headers: parse_tags(tags)?, dates_1904: said }).filter(|_| is_known)
}

fn parse_tags(text: &str) -> Option<Vec<Tag>> {
    if !text.len().is_multiple_of(LENGTH) {
        return None;
    }
    text.as_bytes().chunks(LENGTH).map(Tag::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{EMAIL_SYNTAX, REQUIRED_MISSING};
    use crate::row::{CellKind, Location, Rows};

    fn row(cells: &[&str]) -> Rows {
        let mut rows = Rows::default();
        for cell in cells {
            rows.push_cell(cell, CellKind::Text);
        }
        rows.end_row(Location { row: 17, ..Location::default() });
        rows
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let rows = row(&["Ada", "our own", "ada@example", " "]);
        let at = Location { row: 17, ..Location::default() };
        let findings = [
            Finding::new(&EMAIL_SYNTAX, at, "no address").column(Some(2)),
            Finding::new(&REQUIRED_MISSING, at, "nothing there"),
        ];
        let ours = |column: usize| column == 1;
        let record = Record::of(&rows.get(0).unwrap(), Was::Rejected, &findings, &ours);
        assert_eq!(record.cells, [Tag::of("Ada"), Tag::of("ada@example")]);
        let text = record.write();
        assert!(text.starts_with("1 17 x "), "{text}");
        assert!(text.ends_with(" email-syntax@1 required-missing"), "{text}");
        assert_eq!(Record::parse(&text), Some(record));
        for other in ["", "2 17 x 0 :", "1 17 q 0 :", "1 17 x 0 :AAA", "1 x", "Ada"] {
            assert_eq!(Record::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_header_keeps_the_others() {
        let headers = vec![Tag::of("Name"), Tag::of("E-mail")];
        for dates_1904 in [None, Some(false), Some(true)] {
            let header = record_header(&["Name", "E-mail"], dates_1904);
            assert!(is_ours(&header) && is_record(&header));
            let kept = Kept { headers: headers.clone(), dates_1904: Some(dates_1904) };
            assert_eq!(parse_header(&header), Some(kept));
        }
        let earlier = record_header(&["Name", "E-mail"], None).replace("unsaid ", "");
        assert_eq!(parse_header(&earlier), Some(Kept { headers, dates_1904: None }));
        assert_eq!(parse_header("Record (upsheet) 1 1902 :"), None);
        assert!(!is_ours("Status"));
        assert_eq!(parse_header("Record (upsheet)"), None);
    }

    #[test]
    fn texts_that_run_together_differently_have_other_tags() {
        assert_ne!(tags(&["ab", "c"]).1, tags(&["a", "bc"]).1);
        assert_eq!(tags(&["a ", "", " "]), tags(&["a"]));
        assert_eq!(tags(&["a\r\nb"]), tags(&["a\nb"]), "as a spreadsheet ends lines");
        assert_ne!(tags(&["", "a"]).1, tags(&["a"]).1);
    }
}
