//! Where in the rows of a file the table of people stands: below which titles its header is, how
//! many rows the header has, and where another table begins.

mod below;
#[cfg(test)]
mod tests;
mod titles;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use self::below::{Tables, next_table};
pub use self::below::{heads_another, is_footer, is_of_notes, is_rule};
use self::titles::top;
use super::ours::{self, Found, Ours};
use super::{Confidence, HeaderRows};
pub(super) use crate::mapping::is_usual as is_known_header;
use crate::row::{Area, Row, Rows, letters};
use crate::spelling::normalise;

/// How many rows of the beginning may stand above the header.
const ABOVE: usize = 30;
/// How many titles may stand above a table that is too small to show how wide it is.
const TITLES: usize = 6;
/// How many rows a header may have.
const DEEPEST: usize = 3;

/// The part of the rows that is the table, for every row behind its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The last row of the header; the people stand behind it.
    pub after: u32,
    /// The last row that may belong to the table.
    pub bottom: u32,
    /// The first column of the table.
    pub left: usize,
    /// The last column that may belong to the table.
    pub right: usize,
    /// Whether these are rejected rows that we wrote, whose cells are put back as they were.
    pub reload: bool,
    /// Our columns, in a workbook that was checked before.
    pub ours: Ours,
}

impl Default for Extent {
    /// Everything.
    fn default() -> Self {
        Self {
            after: 0,
            bottom: u32::MAX,
            left: 0,
            right: usize::MAX,
            reload: false,
            ours: Ours::default(),
        }
    }
}

impl Extent {
    /// Whether a column was added by us: a reason, or one of an earlier check. None of them is data of
    /// people, and reports that hand rows back leave them out.
    pub fn is_added(&self, column: usize) -> bool {
        self.reload && column == 0 || self.ours.has(column)
    }

    /// Whether none was.
    pub fn is_as_given(&self) -> bool {
        !self.reload && self.ours == Ours::default()
    }

    /// The part of the rows that a person named.
    pub(super) fn of(area: Option<Area>) -> Self {
        area.map_or_else(Self::default, |area| Self {
            after: area.top - 1,
            bottom: area.bottom,
            left: area.left as usize,
            right: area.right as usize,
            reload: false,
            ours: Ours::default(),
        })
    }
}

/// A header that was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    /// The first row of it; 0 when the table has none.
    pub(super) first: u32,
    /// The last row of it; 0 when the table has none.
    pub(super) last: u32,
    /// The line of the first row in a text file.
    pub(super) line: u32,
    /// What stands over each column; rows of a header of several are joined with a space.
    pub(super) names: Vec<String>,
    /// For each column of a header of several rows, what stands in the single rows.
    pub(super) parts: Vec<Vec<String>>,
    /// Why it is the header.
    pub(super) why: String,
    /// How sure that is.
    pub(super) confidence: Confidence,
    /// Our columns, in a sheet that was checked before.
    pub(super) own: Option<Box<Found>>,
}

impl Header {
    /// The same header, its columns named by other readings of its rows, in which merged cells have
    /// their value.
    pub(super) fn named_by(self, rows: &Rows) -> Self {
        let is_header = |row: &Row<'_>| (self.first..=self.last).contains(&row.at.row);
        let lines: Vec<Row<'_>> = rows.iter().filter(is_header).collect();
        if self.last == 0 || lines.is_empty() {
            self
        } else {
            let header = joined(&lines, self.why, self.confidence);
            self.own.into_iter().fold(header, |header, own| own.named(header))
        }
    }
}

/// What a cell looks like, before anyone knows what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Blank,
    Email,
    /// Numbers, dates, phone numbers: digits and what stands between them.
    Figures,
    /// A number that may be a year, as headers over figures are.
    Year,
    Text,
}

impl Look {
    fn of(text: &str) -> Self {
        let text = text.trim();
        let mut digits = 0_usize;
        let mut other = false;
        for c in text.chars() {
            if c.is_ascii_digit() {
                digits += 1;
            } else if !matches!(
                c,
                ' ' | '+' | '-' | '.' | ',' | '/' | ':' | '(' | ')' | '%' | '$' | '€' | '£'
            ) {
                other = true;
            }
        }
        let exponent = || text.parse::<f64>().is_ok() && digits > 0;
        let moment = || {
            text.len() >= 10
                && text
                    .bytes()
                    .filter(|byte| !byte.is_ascii_digit())
                    .all(|byte| b"-:TZ.+ ".contains(&byte))
        };
        if text.is_empty() {
            Self::Blank
        } else if !other
            && digits == 4
            && text.len() == 4
            && (text.starts_with("19") || text.starts_with("20"))
        {
            Self::Year
        } else if digits > 0 && (!other || exponent() || moment()) {
            Self::Figures
        } else if is_address(text) {
            Self::Email
        } else {
            Self::Text
        }
    }

    fn is_typed(self) -> bool {
        matches!(self, Self::Email | Self::Figures)
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace)
    })
}

/// What most filled cells of a column look like, for the columns of some rows.
fn looks<'a>(rows: impl Iterator<Item = Row<'a>>) -> Vec<Option<Look>> {
    let mut counts: Vec<[usize; 4]> = Vec::new();
    for row in rows {
        if counts.len() < row.len() {
            counts.resize(row.len(), [0; 4]);
        }
        for (cell, counts) in row.cells().zip(&mut counts) {
            let [emails, figures, years, texts] = counts;
            match Look::of(cell.text) {
                Look::Blank => {}
                Look::Email => *emails += 1,
                Look::Figures => *figures += 1,
                Look::Year => *years += 1,
                Look::Text => *texts += 1,
            }
        }
    }
    let most = |[emails, figures, years, texts]: [usize; 4]| {
        let all = emails + figures + years + texts;
        let is = |part: usize| all > 0 && part * 10 >= all * 6;
        if is(emails) {
            Some(Look::Email)
        } else if is(years) {
            Some(Look::Year)
        } else if is(figures + years) {
            Some(Look::Figures)
        } else if is(texts) {
            Some(Look::Text)
        } else {
            None
        }
    };
    counts.into_iter().map(most).collect()
}

/// How the cells of a row compare with the columns below it.
#[derive(Clone, Copy, Debug, Default)]
struct Contrast {
    /// Text above a column of addresses or figures.
    unlike: usize,
    /// An address above addresses, or figures above figures.
    alike: usize,
    /// Filled cells.
    filled: usize,
}

fn contrast(row: &Row<'_>, below: &[Option<Look>]) -> Contrast {
    let mut contrast = Contrast::default();
    for (cell, column) in row.cells().zip(below) {
        let look = Look::of(cell.text);
        contrast.filled += usize::from(look != Look::Blank);
        match column {
            Some(Look::Email) if look == Look::Email => contrast.alike += 1,
            Some(Look::Figures) if look == Look::Figures => contrast.alike += 1,
            Some(Look::Year) if matches!(look, Look::Year | Look::Figures) => contrast.alike += 1,
            Some(Look::Email | Look::Figures | Look::Year) if look == Look::Text => {
                contrast.unlike += 1;
            }
            _ => {}
        }
    }
    contrast
}

fn filled(row: &Row<'_>) -> usize {
    row.cells().filter(|cell| !cell.is_blank()).count()
}

/// Whether a cell of the row is an e-mail address: no header is one, whatever else stands beside it.
fn holds_address(row: &Row<'_>) -> bool {
    row.cells().any(|cell| Look::of(cell.text) == Look::Email)
}

fn known(row: &Row<'_>) -> usize {
    row.cells().filter(|cell| is_known_header(cell.text)).count()
}

/// The most frequent number of cells and how many rows have it.
pub(super) fn usual_width(rows: &Rows) -> Option<(usize, usize)> {
    most_frequent(rows.iter().filter(|row| !row.is_blank()).map(|row| row.len()))
}

fn most_frequent(numbers: impl Iterator<Item = usize>) -> Option<(usize, usize)> {
    let mut counts = BTreeMap::new();
    for number in numbers {
        *counts.entry(number).or_insert(0_usize) += 1;
    }
    counts.into_iter().max_by_key(|&(number, count)| (count, number))
}

/// Finds the header among the first rows of a table: what the user says, else what the rows show.
/// Nothing when the user named a row that is not there, or when there is no row at all.
pub(super) fn find(sample: &Rows, wanted: Option<HeaderRows>, first: u32) -> Option<Header> {
    let Some(own) = ours::find(sample) else { return find_plain(sample, wanted, first) };
    let plain = ours::without(sample.clone(), own.ours);
    let mut header = find_plain(&plain, wanted, first)?;
    // Our headers stand on the header: they tell it where the rows do not.
    if wanted.is_none() && !(header.first..=header.last).contains(&own.row) {
        let only = HeaderRows::Rows { first: own.row, last: own.row };
        header = find_plain(&plain, Some(only), first)?;
        "the columns of an earlier check are named on it".clone_into(&mut header.why);
        header.confidence = Confidence::Certain;
    }
    Some(own.named(header))
}

fn find_plain(sample: &Rows, wanted: Option<HeaderRows>, first: u32) -> Option<Header> {
    let rows: Vec<Row<'_>> =
        sample.iter().filter(|row| row.at.row >= first && !row.is_blank()).collect();
    match wanted {
        Some(HeaderRows::Rows { first, last }) => {
            let named: Vec<Row<'_>> =
                sample.iter().filter(|row| (first..=last).contains(&row.at.row)).collect();
            let is_last = |row: &&Row<'_>| row.at.row == last;
            named.last().filter(is_last)?;
            Some(joined(&named, "named by --header-row or the recipe".to_owned(), Confidence::Said))
        }
        Some(HeaderRows::None) => Some(lettered(
            &rows,
            "named by --header-row or the recipe".to_owned(),
            Confidence::Said,
        )),
        None => Some(search(&rows)?),
    }
}

fn search(rows: &[Row<'_>]) -> Option<Header> {
    let people = speaks_of_people(rows);
    let (at, why) = top(rows, people)?;
    let row = rows.get(at)?;
    let below = rows.get(at + 1..).unwrap_or_default();
    let columns = looks(below.iter().copied());
    let seen = contrast(row, &columns);
    // Each look at its words costs.
    let known = known(row);
    if (known == 0 || holds_address(row)) && is_data(row, &seen, below) {
        let why = format!("row {} looks like the rows below it", row.at.row);
        return Some(lettered(rows, why, Confidence::Likely));
    }
    let mut lines = vec![*row];
    while let (Some(next), true) = (rows.get(at + lines.len()), lines.len() < DEEPEST) {
        let below = rows.get(at + lines.len() + 1..).unwrap_or_default();
        if !is_continued(&lines, next, below, people) {
            break;
        }
        lines.push(*next);
    }
    let sure = known >= 2 || seen.unlike >= 2 && seen.alike == 0 && at == 0;
    let confidence = if sure { Confidence::Certain } else { Confidence::Likely };
    let why = match (lines.len(), known) {
        (1, 0) => why,
        (1, 1) => format!("{why}; one of its cells is a usual header"),
        (1, known) => format!("{why}; {known} of its cells are usual headers"),
        (several, _) => format!("{why}; {several} rows head the columns together"),
    };
    Some(joined(&lines, why, confidence))
}

/// Whether the rows are of a table of people, as far as they show it: two usual headers on a row, or
/// a column of addresses. What other sheets look like is too manifold to find their headers by
/// their shape.
fn speaks_of_people(rows: &[Row<'_>]) -> bool {
    rows.iter().take(ABOVE).any(|row| known(row) >= 2)
        || looks(rows.iter().copied()).contains(&Some(Look::Email))
}

/// Whether a row that should be the header is a row of data: its cells look like the columns below
/// in every column that has a look of its own.
fn is_data(row: &Row<'_>, seen: &Contrast, below: &[Row<'_>]) -> bool {
    let several = below.len() >= 2;
    holds_address(row)
        || several && seen.unlike == 0 && seen.alike > 0 && seen.alike * 2 >= seen.filled
}

/// Whether a row goes on with the header of the rows above it: it holds no data, columns below it
/// have looks that it has not, and the row above leaves cells for it to fill.
fn is_continued(lines: &[Row<'_>], next: &Row<'_>, below: &[Row<'_>], people: bool) -> bool {
    let Some(last) = lines.last() else { return false };
    let is_text = next.at.line > 0;
    let adjacent = next.at.row == last.at.row + 1;
    let texts = |row: &Row<'_>| -> Vec<String> {
        row.cells().map(|cell| cell.text.trim().to_owned()).collect()
    };
    if !adjacent || below.is_empty() {
        return false;
    }
    let (above, own) = (texts(last), texts(next));
    let columns = looks(below.iter().copied());
    let seen = contrast(next, &columns);
    let blank = |text: Option<&String>| text.is_none_or(String::is_empty);
    let fills = own.iter().enumerate().any(|(at, text)| !text.is_empty() && blank(above.get(at)));
    let stands_in = |text: &String| {
        ["na", "none", "unknown", "null", ""].contains(&normalise(text).as_str())
            && !text.is_empty()
    };
    fills
        && seen.alike == 0
        && seen.unlike > 0
        && if people {
            // Forms put what is asked above, and what each column holds below it.
            seen.unlike * 2 >= seen.filled || known(next) >= 2
        } else {
            is_text && seen.unlike == seen.filled
        }
        && !own.iter().any(stands_in)
}

/// A header of the given rows, one or several. A cell that heads a group of columns counts for
/// each of them.
fn joined(lines: &[Row<'_>], why: String, confidence: Confidence) -> Header {
    let width = lines.iter().map(Row::len).max().unwrap_or(0);
    let mut names = Vec::with_capacity(width);
    let mut parts = Vec::with_capacity(width);
    let text = |line: &Row<'_>, column: usize| reading(line, column).trim().to_owned();
    // For each line, the cell that heads the group at hand.
    let mut groups: Vec<String> = vec![String::new(); lines.len()];
    for column in 0..width {
        if let [line] = lines {
            names.push(reading(line, column).to_owned());
            continue;
        }
        let mut own = Vec::new();
        for (depth, line) in lines.iter().enumerate() {
            let here = text(line, column);
            let below = lines.iter().skip(depth + 1).any(|line| !text(line, column).is_empty());
            if let Some(group) = groups.get_mut(depth) {
                if !here.is_empty() || !below {
                    group.clone_from(&here);
                }
                // A cell heads a group only where cells below it tell its columns apart.
                if !below {
                    group.clear();
                }
                own.push(if here.is_empty() && below { group.clone() } else { here });
            }
        }
        own.retain(|part| !part.is_empty());
        // A cell that is merged over both rows says one thing.
        own.dedup();
        names.push(own.join(" "));
        parts.push(own);
    }
    let (first, last) = (lines.first(), lines.last());
    Header {
        first: first.map_or(0, |row| row.at.row),
        last: last.map_or(0, |row| row.at.row),
        line: first.map_or(0, |row| row.at.line),
        names,
        parts,
        why,
        confidence,
        own: None,
    }
}

/// What a cell of a header reads: one that is damaged may be text in another encoding.
fn reading<'a>(line: &Row<'a>, column: usize) -> &'a str {
    line.reading(column).unwrap_or(line.cell(column).text)
}

/// The header of a table that has none: its columns are called by their letters.
fn lettered(rows: &[Row<'_>], why: String, confidence: Confidence) -> Header {
    let width = most_frequent(rows.iter().map(Row::len)).map_or(0, |(width, _)| width);
    let line = rows.first().map_or(0, |row| row.at.line);
    Header { line, names: (0..width).map(letters).collect(), why, confidence, ..Header::default() }
}

/// Headers that stand over more than one column, each with its columns.
pub(super) fn doubled(names: &[String]) -> Vec<(String, Vec<usize>)> {
    let mut columns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (column, name) in names.iter().enumerate() {
        let name = name.trim();
        if !name.is_empty() {
            columns.entry(name).or_default().push(column);
        }
    }
    let several = columns.into_iter().filter(|(_, columns)| columns.len() > 1);
    several.map(|(name, columns)| (name.to_owned(), columns)).collect()
}

/// Columns that hold something and have no header.
pub(super) fn nameless(names: &[String], sample: &Rows) -> Vec<usize> {
    let blank = |column: &usize| names.get(*column).is_none_or(|name| name.trim().is_empty());
    let mut found = BTreeSet::new();
    for row in sample.iter() {
        for (column, cell) in row.cells().take(names.len()).enumerate() {
            if blank(&column) && !cell.is_blank() {
                found.insert(column);
            }
        }
    }
    found.into_iter().collect()
}
