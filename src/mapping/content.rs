//! What the values of a column say about what it is for.
//!
//! A column is looked at in the first rows of the input. Its values can speak for a field that no
//! header names, and against one that its header names; where they are blank, they say nothing.

use std::collections::BTreeMap;
use std::hash::RandomState;

use hashbrown::HashMap;

use super::Sheet;
use super::shape::Shape;
use crate::recipe::key;
use crate::record::{Field, Kind};
use crate::row::CellKind;

/// What was seen in one column, in numbers of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    /// Rows that hold anything in any column.
    pub(super) rows: usize,
    /// Cells that are not blank.
    pub(super) filled: usize,
    emails: usize,
    /// Numbers that may be phone numbers, and those among them that are written as such.
    phones: usize,
    dialled: usize,
    dates: usize,
    /// Days without a year: `31/01`.
    yearless: usize,
    /// Numbers of up to three digits.
    small: usize,
    numbers: usize,
    yes_no: usize,
    urls: usize,
    /// Without any digit or `@`.
    prose: usize,
    salutations: usize,
    genders: usize,
    /// The years of the dates.
    years: Option<(u16, u16)>,
    /// How many different values there are.
    distinct: usize,
    /// A value.
    example: String,
}

/// What the values of a column say about a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Opinion {
    /// There are none in the first rows.
    Blank,
    /// They are of the field's kind, or the kind says nothing of its values.
    For,
    /// Fewer than four in five are of its kind: so many of a hundred.
    Partly(usize),
    /// They are something else, for this reason.
    Against(String),
}

/// How many cells are looked at; a table of 200 columns is known by its first thousand rows.
const CELLS: usize = 200_000;
/// So many equal values are no slip where people have values of their own.
const SAME: usize = 10;
/// Fewer values than that prove nothing against a header.
pub(super) const ENOUGH: usize = 3;

impl Profile {
    /// Looks at the columns of a sheet, in its first rows: fewer of them where it is very wide.
    pub(super) fn all(sheet: &Sheet<'_>) -> Vec<Self> {
        let mut profiles = vec![Self::default(); sheet.headers.len()];
        // Most columns have few values, or the same again and again: each is looked at once.
        let mut values: Vec<HashMap<&str, (CellKind, Shape), RandomState>> =
            vec![HashMap::default(); sheet.headers.len()];
        let mut rows = 0;
        let most = (CELLS / sheet.headers.len().max(1)).max(50);
        for row in sheet.sample.iter().filter(|row| !row.is_blank()).take(most) {
            rows += 1;
            for ((cell, profile), values) in row.cells().zip(&mut profiles).zip(&mut values) {
                if cell.is_blank() || is_nothing(cell.text.trim()) {
                    continue;
                }
                let text = cell.text.trim();
                let (kind, shape) =
                    values.entry(text).or_insert_with(|| (cell.kind, Shape::of(cell)));
                if *kind != cell.kind {
                    (*kind, *shape) = (cell.kind, Shape::of(cell));
                }
                profile.see(text, *shape);
            }
        }
        for (profile, values) in profiles.iter_mut().zip(values) {
            profile.rows = rows;
            profile.distinct = values.len();
        }
        profiles
    }

    fn see(&mut self, text: &str, shape: Shape) {
        if self.filled == 0 {
            self.example = text.chars().take(40).collect();
        }
        self.filled += 1;
        match shape {
            Shape::YesNo => self.yes_no += 1,
            Shape::Email => self.emails += 1,
            Shape::Date { year } => {
                self.dates += 1;
                if let Some(year) = year {
                    let (first, last) = self.years.unwrap_or((year, year));
                    self.years = Some((first.min(year), last.max(year)));
                }
            }
            Shape::Yearless => self.yearless += 1,
            Shape::Url => self.urls += 1,
            Shape::Phone { dialled } => {
                self.phones += 1;
                self.dialled += usize::from(dialled);
            }
            Shape::Number { small } => {
                self.numbers += 1;
                self.small += usize::from(small);
            }
            Shape::Prose { salutation, gender } => {
                self.prose += 1;
                self.salutations += usize::from(salutation);
                self.genders += usize::from(gender);
            }
            Shape::Other => {}
        }
    }

    /// How many of a hundred rows hold a value.
    pub(super) fn filled_share(&self) -> usize {
        percent(self.filled, self.rows)
    }

    /// Whether it is blank, or holds one value again and again.
    pub(super) fn says_nothing(&self) -> bool {
        self.filled == 0 || self.filled >= ENOUGH && self.distinct == 1
    }

    /// How many of a hundred values are different ones.
    pub(super) fn distinct_share(&self) -> usize {
        percent(self.distinct, self.filled)
    }

    /// How many of a hundred values are e-mail addresses.
    pub(super) fn email_share(&self) -> usize {
        percent(self.emails, self.filled)
    }

    /// How many of a hundred values are of a kind; nothing where the kind does not show.
    pub(super) fn share_of(&self, kind: &Kind) -> Option<usize> {
        let of = match kind {
            Kind::Email => self.emails,
            Kind::Phone(_) => self.phones,
            Kind::Date(_) | Kind::Moment(_) => self.dates,
            Kind::Url => self.urls,
            _ => return None,
        };
        Some(percent(of, self.filled))
    }

    /// Whether nearly all values are numbers, most of them written as phone numbers are.
    pub(super) fn is_of_phones(&self) -> bool {
        self.filled > 0 && self.phones * 10 >= self.filled * 9 && self.dialled * 2 > self.filled
    }

    /// Whether all values are days on which people of several ages may be born.
    pub(super) fn is_of_births(&self) -> bool {
        let spread = self.years.is_some_and(|(first, last)| {
            (1900..1995).contains(&first) && last >= first + 10 && last <= 2020
        });
        self.filled >= ENOUGH && self.dates * 10 >= self.filled * 9 && spread
    }

    /// Whether half of the values or more are a yes or a no: what its header asks, not what it names.
    pub(super) fn is_of_answers(&self) -> bool {
        self.yes_no * 2 >= self.filled
    }

    /// A value, cut.
    pub(super) fn example(&self) -> &str {
        &self.example
    }

    /// Whether nearly all values are words for two genders or more.
    pub(super) fn is_of_genders(&self) -> bool {
        self.filled >= ENOUGH && self.genders * 10 >= self.filled * 9 && self.distinct > 1
    }

    /// What the values say about a field.
    pub(super) fn opinion(&self, field: &Field) -> Opinion {
        if self.filled == 0 {
            return Opinion::Blank;
        }
        // "Title" heads forms of address as well as jobs.
        let heads = |phrase| field.words.sure.contains(&phrase);
        if heads("job title") && self.salutations * 2 >= self.filled {
            let why = format!("its values, such as {:?}, are forms of address", self.example);
            return Opinion::Against(why);
        }
        if heads("salutation") && self.salutations * 2 < self.filled {
            let why = format!("its values, such as {:?}, are no forms of address", self.example);
            return Opinion::Against(why);
        }
        if field.unique && self.distinct == 1 && self.filled >= SAME {
            let why = format!("all of its {} values are {:?}", self.filled, self.example);
            return Opinion::Against(why);
        }
        let other = match field.kind {
            Kind::Email => {
                self.numbers + self.dates + self.yearless + self.urls + self.repeated_prose()
            }
            Kind::Phone(_) => self.emails + self.dates + self.urls + self.prose + self.small,
            Kind::Date(_) | Kind::Moment(_) => {
                self.emails + self.urls + self.dialled + self.small + self.prose + self.yearless
            }
            Kind::Name => {
                self.emails + self.dates + self.yearless + self.urls + self.phones + self.numbers
            }
            Kind::Url => self.emails + self.dates,
            _ => 0,
        };
        let free = matches!(
            field.kind,
            Kind::Bool
                | Kind::Choice(_)
                | Kind::Choices(_)
                | Kind::Words
                | Kind::Json(_)
                | Kind::Text
        );
        let other = if free { other } else { other + self.yes_no };
        if self.filled >= ENOUGH && other * 10 >= self.filled * 8 {
            let kind = field.kind.word();
            let why = format!("its values, such as {:?}, are no {kind} values", self.example);
            return Opinion::Against(why);
        }
        match self.share_of(&field.kind) {
            Some(share) if share < 80 => Opinion::Partly(share),
            _ => Opinion::For,
        }
    }

    /// Values without digits, where they are a few words again and again: a status, not a person's.
    fn repeated_prose(&self) -> usize {
        if self.distinct * 3 <= self.filled { self.prose } else { 0 }
    }
}

/// The words of a column beside those that a choice field knows. A column of job titles is not a
/// column of occupation codes, whatever its title.
#[derive(Debug, Default)]
pub(super) struct Words {
    filled: usize,
    known: usize,
    /// The different ones that the field does not know, in the order in which they come.
    pub(super) unknown: Vec<String>,
}

impl Words {
    /// Looks at a column in the first rows.
    pub(super) fn of(sheet: &Sheet<'_>, field: &Field, column: usize) -> Self {
        let mut words = Self::default();
        // What is known is looked up once for each word, of which there are few.
        let mut seen: BTreeMap<&str, bool> = BTreeMap::new();
        let knows = |text: &str| (sheet.knows_word)(field, text);
        // Beside M and F these are genders, too: of whom depends on the language.
        let is_letter =
            |text: &str| matches!(text, "V" | "v" | "N" | "n") && knows("m") && knows("f");
        let mut knows = |text| *seen.entry(text).or_insert_with(|| knows(text) || is_letter(text));
        for row in sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
            let text = row.cell(column).text.trim();
            if is_fault(text) {
                continue;
            }
            words.filled += 1;
            if knows(text) || row.stored(column).is_some_and(&mut knows) {
                words.known += 1;
            } else if !words.unknown.iter().any(|word| word == text) {
                words.unknown.push(text.to_owned());
            }
        }
        words
    }

    /// What they say about the field.
    pub(super) fn opinion(&self, field: &Field) -> Opinion {
        if self.known * 2 >= self.filled {
            return if self.filled == 0 { Opinion::Blank } else { Opinion::For };
        }
        let example = self.unknown.first().map_or("", String::as_str);
        let name = &field.name;
        Opinion::Against(format!(
            "its values, such as {example:?}, are not those of `{name}`; teach them under \
             [values.{}] in the recipe",
            key(name)
        ))
    }
}

/// So many of a hundred; none of none.
pub(super) fn percent(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// Whether a text is one that programs write for nothing.
fn is_nothing(text: &str) -> bool {
    const WORDS: &[&str] =
        &["null", "n/a", "na", "none", "nil", "nan", "\\n", "-", "--", "?", "unknown"];
    text.len() <= 7 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) || is_fault(text)
}

/// Whether a text stands for a value that a spreadsheet could not reckon out, or had no room to show: it says nothing
/// of what the others are.
fn is_fault(text: &str) -> bool {
    const FAULTS: &[&str] =
        &["#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"];
    let Some(rest) = text.strip_prefix('#') else { return false };
    FAULTS.iter().any(|fault| text.eq_ignore_ascii_case(fault))
        || rest.len() > 1 && rest.bytes().all(|byte| byte == b'#')
}
