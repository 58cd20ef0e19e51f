//! What the values of a column say about what it is for.
//!
//! A column is looked at in the first rows of the input. Its values can speak for a field that no
//! header names, and against one that its header names; where they are blank, they say nothing.

use std::collections::BTreeMap;
use std::hash::RandomState;
use std::net::Ipv4Addr;

use hashbrown::HashMap;

use super::Sheet;
use super::labels::beside_phone_label;
use crate::recipe::key;
use crate::record::{Field, Kind};
use crate::row::{Cell, CellKind};
use crate::spelling::normalise;

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

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
enum Shape {
    YesNo,
    Email,
    Date {
        year: Option<u16>,
    },
    /// A day without a year.
    Yearless,
    Url,
    Phone {
        /// Whether it is written as one.
        dialled: bool,
    },
    Number {
        /// Whether it has three digits at most.
        small: bool,
    },
    /// Without any digit or `@`.
    Prose {
        salutation: bool,
        gender: bool,
    },
    Other,
}

impl Shape {
    fn of(cell: Cell<'_>) -> Self {
        let text = cell.text.trim();
        if cell.kind == CellKind::Bool || is_yes_or_no(text) {
            Self::YesNo
        } else if looks_like_address(text) {
            Self::Email
        } else if cell.kind == CellKind::Date || is_date(text) {
            Self::Date { year: year_of(text) }
        } else if is_yearless(text) {
            Self::Yearless
        } else if text.starts_with("http://") || text.starts_with("https://") {
            Self::Url
        } else if let Some(dialled) = phone(text) {
            Self::Phone { dialled }
        } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Number { small: text.len() <= 3 }
        } else if is_decimal(text) {
            Self::Number { small: false }
        } else if text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@') {
            Self::Other
        } else if text.len() <= 12 {
            let word = normalise(text);
            let is_of = |words: &[&str]| words.contains(&word.as_str());
            Self::Prose { salutation: is_of(SALUTATIONS), gender: is_of(GENDERS) }
        } else {
            Self::Prose { salutation: false, gender: false }
        }
    }
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
        let mut knows = |text| *seen.entry(text).or_insert_with(|| (sheet.knows_word)(field, text));
        for row in sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
            let text = row.cell(column).text.trim();
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

const SALUTATIONS: &[&str] = &[
    "m",
    "mr",
    "mister",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "rev",
    "sir",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
    "herr",
    "frau",
    "me",
    "lady",
    "lord",
    "fr",
    "capt",
    "hon",
    "docteur",
    "pr",
    "sr",
    "sra",
    "mmemlle",
    "mmonsieur",
];

const GENDERS: &[&str] = &[
    "m",
    "f",
    "h",
    "w",
    "male",
    "female",
    "man",
    "woman",
    "homme",
    "femme",
    "masculin",
    "feminin",
    "maennlich",
    "mannlich",
    "weiblich",
    "other",
    "autre",
    "nonbinary",
    "nonbinaire",
];

/// Whether a text is one that programs write for nothing.
fn is_nothing(text: &str) -> bool {
    const WORDS: &[&str] =
        &["null", "n/a", "na", "none", "nil", "nan", "\\n", "#n/a", "-", "--", "?", "unknown"];
    text.len() <= 7 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_yes_or_no(text: &str) -> bool {
    const WORDS: &[&str] =
        &["yes", "no", "y", "n", "true", "false", "oui", "non", "ja", "nein", "on", "off"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text looks like an e-mail address, with or without a name beside it. Whether it is a
/// good one is another question.
fn looks_like_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty() && domain.contains(['.', ',']) && text.len() < 320 && !local.contains('/')
}

/// Whether a text may be a phone number, and if so whether it is written as one.
fn phone(text: &str) -> Option<bool> {
    // `tel:`, `p:` or `Mobile` beside it says that it is one; a letter without a colon may be that of an id.
    let bare = beside_phone_label(text);
    let named = bare.is_some() && text.contains(':');
    let text = bare.unwrap_or(text);
    // Degrees of latitude and addresses of computers are no phone numbers.
    if text.contains('.') && (text.parse::<f64>().is_ok() || text.parse::<Ipv4Addr>().is_ok()) {
        return None;
    }
    let mut digits = 0_usize;
    let mut signs = 0_usize;
    for c in text.chars() {
        match c {
            c if c.is_ascii_digit() => digits += 1,
            '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}' | '\'' => signs += 1,
            _ => return None,
        }
    }
    let led = named || text.starts_with(['+', '0', '(']) || text.starts_with("'+");
    (7..=15).contains(&digits).then_some(led || signs > 0)
}

/// Whether a text has the shape of a date: three groups of digits, or a month's name among digits.
fn is_date(text: &str) -> bool {
    if !(6..=40).contains(&text.len()) || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let spaced: Vec<&str> = text.split(' ').collect();
    let day = text.split([' ', 'T', ',']).find(|part| !part.is_empty()).unwrap_or(text);
    let groups: Vec<&str> = if spaced.len() == 3 {
        spaced.into_iter().map(|part| part.trim_end_matches('.')).collect()
    } else {
        day.trim_end_matches('.').split(['/', '-', '.']).collect()
    };
    let digits = |group: &&str| {
        (1..=4).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    let year = |group: Option<&&str>| group.is_some_and(|group| group.len() == 4);
    if groups.len() == 3 && groups.iter().all(digits) {
        let lengths: usize = groups.iter().map(|group| group.len()).sum();
        return lengths <= 8 && (year(groups.first()) || year(groups.last()) || lengths <= 6);
    }
    ["年", "月", "日"].iter().all(|part| text.contains(part)) || names_month(text)
}

/// Whether a text is a number with a point or comma in it.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split_once(['.', ',']).is_some_and(|(whole, part)| digits(whole) && digits(part))
}

/// Whether a text is a day of any year, as birthdays are often kept: `31/01`, `12 Mar`.
fn is_yearless(text: &str) -> bool {
    if text.len() > 20 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let number = |group: &str| {
        (1..=2).contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_digit())
    };
    // With points it is one only where one stands behind it: `2.5` is a number.
    let parts = match text.strip_suffix('.') {
        Some(text) => text.split_once('.'),
        None => text.split_once(['/', '-']),
    };
    parts.is_some_and(|(one, other)| number(one) && number(other)) || is_day_of_month(text)
}

/// Words that begin as a month does, in lower case.
const MONTHS: &[&str] = &[
    "jan", "feb", "fev", "fév", "mar", "mär", "apr", "avr", "mai", "may", "jun", "juin", "jul",
    "juil", "aug", "aoû", "aou", "sep", "oct", "okt", "nov", "dec", "déc", "dez",
];

fn names_month(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 2);
    let month = |word: &str| {
        let word = word.to_lowercase();
        MONTHS.iter().any(|month| word.starts_with(month))
    };
    (3..=8).contains(&digits) && words().count() <= 2 && words().any(month)
}

/// Whether a text is a month's name or its short form beside one number, as `12 Mar` and `1. Mai` are.
fn is_day_of_month(text: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "ch", "er", "et", "i", "il", "ile", "ier", "l", "li", "ne", "ni", "ober", "obre", "r",
        "rier", "ruar", "ruary", "s", "st", "t", "tember", "tembre", "uar", "uary", "ust", "vier",
        "z", "ember", "embre", "y", "e", "let", "",
    ];
    let mut parts = text.split([' ', '-', '.', '/']).filter(|part| !part.is_empty());
    let (Some(one), Some(other), None) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let number = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let month = |part: &str| {
        let word = part.to_lowercase();
        let ending =
            |month: &&str| word.strip_prefix(*month).is_some_and(|it| ENDINGS.contains(&it));
        MONTHS.iter().any(ending)
    };
    number(one) && month(other) || month(one) && number(other)
}

/// The year of a date, where four digits in a row say it.
fn year_of(text: &str) -> Option<u16> {
    text.split(|c: char| !c.is_ascii_digit())
        .find(|group| group.len() == 4)
        .and_then(|group| group.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_by_their_shape() {
        for (text, sort) in [
            ("ada@example.org", "email"),
            ("Ada Larkspur <ada@example.org>", "email"),
            ("ada@example,org", "email"),
            ("@ada", "other"),
            ("0491 570 006", "phone"),
            ("+61 (0)491 570 006", "phone"),
            ("5551234567", "phone"),
            ("p:+61491570006", "phone"),
            ("Mobile: 0491 570 006", "phone"),
            ("Tel.: +1 506 555 0110", "phone"),
            ("Tel. 0491 570 006", "phone"),
            ("0491 570 006 (mobile)", "phone"),
            ("Fax: 0491 570 006", "other"),
            ("12:30:15", "other"),
            ("id:0491570006", "other"),
            ("31/05/1988", "date"),
            ("1988-05-31T00:00:00Z", "date"),
            ("5.6.88", "date"),
            ("12 mai 1988", "date"),
            ("May 5, 1988", "date"),
            ("Mayfair 12", "other"),
            ("192.168.1.1", "other"),
            ("-122.2930000", "other"),
            ("Marchmont Road 10", "other"),
            ("42", "other"),
            ("31/01", "yearless"),
            ("1.2.", "yearless"),
            ("12 Mar", "yearless"),
            ("Mar-12", "yearless"),
            ("1. Mai", "yearless"),
            ("31 December", "yearless"),
            ("March 12", "yearless"),
            ("1/2/3", "other"),
            ("2.5", "other"),
            ("3.14159", "other"),
            ("yes", "yes"),
            ("Larkspur", "other"),
        ] {
            let seen = match Shape::of(Cell { text, kind: CellKind::Text }) {
                Shape::Email => "email",
                Shape::Phone { .. } => "phone",
                Shape::Date { .. } => "date",
                Shape::YesNo => "yes",
                Shape::Yearless => "yearless",
                _ => "other",
            };
            assert_eq!(seen, sort, "{text}");
        }
    }
}
