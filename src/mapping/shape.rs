//! What a value looks like by itself, whatever stands around it.

use std::net::Ipv4Addr;

use super::labels::beside_phone_label;
use crate::row::{Cell, CellKind};
use crate::spelling::normalise;

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
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
    /// That of the value in a cell.
    pub(super) fn of(cell: Cell<'_>) -> Self {
        let text = cell.text.trim();
        if cell.kind == CellKind::Bool || is_yes_or_no(text) {
            Self::YesNo
        } else if cell.kind != CellKind::Date && is_of_words(text) {
            Self::of_words(text)
        } else if looks_like_address(text) {
            Self::Email
        } else if cell.kind == CellKind::Date || is_date(text) {
            Self::Date { year: year_of(text) }
        } else if is_yearless(text) {
            Self::Yearless
        } else if is_link(text) {
            Self::Url
        } else if let Some(dialled) = phone(text) {
            Self::Phone { dialled }
        } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Number { small: text.len() <= 3 }
        } else if is_decimal(text) {
            Self::Number { small: false }
        } else {
            Self::Other
        }
    }

    /// That of a text without any digit or `@`: most values of a list of people, and none of what
    /// else a value may look like.
    fn of_words(text: &str) -> Self {
        if is_link(text) {
            return Self::Url;
        }
        let word = if text.len() <= 12 { normalise(text) } else { String::new() };
        let is_of = |words: &[&str]| words.contains(&word.as_str());
        Self::Prose { salutation: is_of(SALUTATIONS), gender: is_of(GENDERS) }
    }
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

fn is_yes_or_no(text: &str) -> bool {
    const WORDS: &[&str] =
        &["yes", "no", "y", "n", "true", "false", "oui", "non", "ja", "nein", "on", "off"];
    text.len() <= 5 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether there is no digit and no `@` in a text.
fn is_of_words(text: &str) -> bool {
    !text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@')
}

fn is_link(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
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
            ("Larkspur", "prose"),
            ("https://ada@example/larkspur1", "url"),
            ("https://example.org/larkspur", "url"),
            ("Avenue du Maréchal-Foch", "prose"),
            ("Mrs.", "prose"),
            ("Hall 7", "other"),
        ] {
            let seen = match Shape::of(Cell { text, kind: CellKind::Text }) {
                Shape::Email => "email",
                Shape::Phone { .. } => "phone",
                Shape::Date { .. } => "date",
                Shape::YesNo => "yes",
                Shape::Yearless => "yearless",
                Shape::Url => "url",
                Shape::Prose { .. } => "prose",
                _ => "other",
            };
            assert_eq!(seen, sort, "{text}");
        }
    }
}
