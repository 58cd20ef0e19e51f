//! Dates with the month in letters: `3rd of May 2001`, `Wed, July 10, '96`, `13 Septiembre, 2014`, and
//! those of East Asia, whose parts are named by letters.

use super::tokens::{Piece, Token};
use super::words;
use crate::recipe::DateOrder;
use crate::spelling::normalise;

/// What was read: the digits of each part, and the day of the week that stands beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worded<'a> {
    pub(super) year: &'a str,
    pub(super) month: i16,
    pub(super) day: &'a str,
    pub(super) weekday: Option<i8>,
}

/// Why it is no such date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum No {
    /// It has no form of a date.
    Form,
    /// It lacks a day, a month or a year.
    Part,
    /// Its year has two digits, and nothing tells it from the day.
    ShortYear,
}

/// Words between the parts of a date, which say nothing.
const BETWEEN: &[&str] = &[
    "of", "the", "on", "de", "del", "d", "den", "der", "le", "el", "il", "la", "feira", "year",
    "ad", "m", "gada", "г", "год", "года", "р", "року", "в",
];
/// What stands behind the number of a day.
const ORDINALS: &[&str] =
    &["st", "nd", "rd", "th", "er", "re", "e", "eme", "o", "a", "te", "de", "го"];

/// A number of a date.
#[derive(Clone, Copy)]
struct Number<'a> {
    digits: &'a str,
    apostrophe: bool,
    ordinal: bool,
}

impl Number<'_> {
    /// Whether it can only be a year.
    fn is_year(&self) -> bool {
        let value: u32 = self.digits.parse().unwrap_or(0);
        !self.ordinal
            && match self.digits.len() {
                4 => true,
                2 => self.apostrophe || value == 0 || value > 31,
                _ => false,
            }
    }

    fn is_day(&self) -> bool {
        self.digits.len() <= 2 && !self.apostrophe
    }
}

/// Reads a date without its time of day.
pub(super) fn read<'a>(pieces: &[Piece<'a>], order: Option<DateOrder>) -> Result<Worded<'a>, No> {
    if let Some(date) = east_asian(pieces).or_else(|| vietnamese(pieces)) {
        return Ok(date);
    }
    let taken = take(pieces)?;
    let (month, weekday) = taken.names()?;
    let [first, second] = taken.numbers.as_slice() else { return Err(No::Part) };
    let (year, day) = match month.before {
        0 if second.is_year() || second.digits.len() == 2 && first.is_day() => (second, first),
        1 if first.is_year() && !second.is_year() => (first, second),
        1 if second.is_year() && !first.is_year() => (second, first),
        1 => match order {
            Some(DateOrder::Ymd) => (first, second),
            Some(DateOrder::Dmy | DateOrder::Mdy) => (second, first),
            None if first.digits.len().max(second.digits.len()) <= 2 => return Err(No::ShortYear),
            None => return Err(No::Form),
        },
        // `1990. gada 3. maijs`
        2 if first.digits.len() == 4 && !second.is_year() => (first, second),
        _ => return Err(No::Form),
    };
    if !day.is_day() || !matches!(year.digits.len(), 2 | 4) || year.ordinal {
        return Err(No::Form);
    }
    Ok(Worded { year: year.digits, month: i16::from(month.number), day: day.digits, weekday })
}

/// A word that names a month, a day of the week, or either.
#[derive(Clone, Copy)]
struct Name {
    month: Option<i8>,
    weekday: Option<i8>,
    /// How many numbers stand before it.
    before: usize,
}

#[derive(Clone, Copy)]
struct Month {
    number: i8,
    before: usize,
}

#[derive(Default)]
struct Taken<'a> {
    numbers: Vec<Number<'a>>,
    names: Vec<Name>,
}

impl Taken<'_> {
    /// The month and the day of the week. `mar` is March, and Tuesday where another word is a month.
    fn names(&self) -> Result<(Month, Option<i8>), No> {
        let certain = |name: &&Name| name.month.is_some() && name.weekday.is_none();
        let mut certain_months = self.names.iter().filter(certain);
        let either = || self.names.iter().rfind(|name| name.month.is_some());
        let chosen = match (certain_months.next(), certain_months.next()) {
            (Some(month), None) => month,
            (None, _) => either().ok_or(No::Part)?,
            _ => return Err(No::Form),
        };
        let mut others = self.names.iter().filter(|name| !std::ptr::eq(*name, chosen));
        let (weekday, more) = (others.next(), others.next());
        let weekday = match weekday {
            Some(name) => Some(name.weekday.filter(|_| more.is_none()).ok_or(No::Form)?),
            None => None,
        };
        let number = chosen.month.ok_or(No::Part)?;
        Ok((Month { number, before: chosen.before }, weekday))
    }
}

/// Tells the parts apart, and refuses what stands in no date.
fn take<'a>(pieces: &[Piece<'a>]) -> Result<Taken<'a>, No> {
    let mut taken = Taken::default();
    let mut signs = 0;
    let mut words = 0;
    let mut apostrophe = false;
    let mut open = None;
    for (index, piece) in pieces.iter().enumerate() {
        let last = index + 1 == pieces.len();
        match piece.token {
            Token::Number(digits) => {
                let apostrophe = std::mem::take(&mut apostrophe);
                if apostrophe && (piece.gap || digits.len() != 2) {
                    return Err(No::Form);
                }
                taken.numbers.push(Number { digits, apostrophe, ordinal: false });
                signs = 0;
            }
            Token::Word(word) => {
                let plain = normalise(word);
                let behind = index.checked_sub(1).and_then(|at| pieces.get(at)?.number());
                let number = taken.numbers.last_mut().filter(|_| behind.is_some() && !piece.gap);
                if let Some(number) = number.filter(|_| ORDINALS.contains(&plain.as_str())) {
                    number.ordinal = true;
                    continue;
                }
                let month = words::month(word).or_else(|| words::roman_month(word));
                let weekday = words::weekday(word);
                if month.is_some() || weekday.is_some() {
                    let before = taken.numbers.len();
                    taken.names.push(Name { month, weekday, before });
                } else if BETWEEN.contains(&plain.as_str()) || plain == "am" && index == 0 {
                    words += 1;
                } else {
                    return Err(No::Form);
                }
                signs = 0;
            }
            Token::Sign(bracket @ ('[' | '(')) if open.is_none() => {
                open = Some(if bracket == '[' { ']' } else { ')' });
            }
            Token::Sign(bracket) if open == Some(bracket) => open = None,
            Token::Sign('\'') if !apostrophe => apostrophe = true,
            Token::Sign(sign @ ('-' | '/' | '.' | ',')) => {
                signs += 1;
                let edge = index == 0 || last && matches!(sign, '-' | '/');
                if edge || signs > 2 {
                    return Err(No::Form);
                }
            }
            Token::Sign(_) => return Err(No::Form),
        }
    }
    let whole = open.is_none() && !apostrophe && words <= 3;
    if whole { Ok(taken) } else { Err(No::Form) }
}

/// `2014年9月4日`, `2014년 9월 4일 (목)`.
fn east_asian<'a>(pieces: &[Piece<'a>]) -> Option<Worded<'a>> {
    let [year, year_sign, month, month_sign, day, rest @ ..] = pieces else { return None };
    let year = year.number().filter(|year| year.len() == 4)?;
    let month: i16 = month.number().filter(|month| month.len() <= 2)?.parse().ok()?;
    let day = day.number().filter(|day| day.len() <= 2)?;
    let is = |piece: Option<&Piece<'_>>, words: [&str; 2]| {
        piece.and_then(|piece| piece.word()).is_some_and(|word| words.contains(&word))
    };
    if !is(Some(year_sign), ["年", "년"]) || !is(Some(month_sign), ["月", "월"]) {
        return None;
    }
    let rest = if is(rest.first(), ["日", "일"]) { rest.get(1..)? } else { rest };
    let weekday = match rest {
        [] => None,
        [open, word, close] if open.is('(') && close.is(')') => Some(of_east_asia(word.word()?)?),
        [word] => Some(of_east_asia(word.word()?)?),
        _ => return None,
    };
    Some(Worded { year, month, day, weekday })
}

/// `ngày 3 tháng 5 năm 1990`, `3 tháng 5, 1990`.
fn vietnamese<'a>(pieces: &[Piece<'a>]) -> Option<Worded<'a>> {
    let is =
        |piece: &Piece<'_>, name: &str| piece.word().is_some_and(|word| normalise(word) == name);
    let pieces = match pieces {
        [first, rest @ ..] if is(first, "ngay") => rest,
        whole => whole,
    };
    let [day, sign, month, between, year] = pieces else { return None };
    let whole = is(sign, "thang") && (is(between, "nam") || between.is(',') || between.is('/'));
    let day = day.number().filter(|day| whole && day.len() <= 2)?;
    let month = month.number().filter(|month| month.len() <= 2)?.parse().ok()?;
    let year = year.number().filter(|year| year.len() == 4)?;
    Some(Worded { year, month, day, weekday: None })
}

/// The day of the week that a word names, from Monday as 1.
pub(super) fn weekday(word: &str) -> Option<i8> {
    words::weekday(word).or_else(|| of_east_asia(word))
}

/// The day of the week that letters of East Asia name.
fn of_east_asia(word: &str) -> Option<i8> {
    let short = word
        .trim_start_matches("星期")
        .trim_start_matches('周')
        .trim_end_matches("曜日")
        .trim_end_matches("요일");
    let days = [
        ["月", "一", "월"],
        ["火", "二", "화"],
        ["水", "三", "수"],
        ["木", "四", "목"],
        ["金", "五", "금"],
        ["土", "六", "토"],
        ["日", "天", "일"],
    ];
    (1_i8..).zip(days).find(|(_, words)| words.contains(&short)).map(|(day, _)| day)
}
