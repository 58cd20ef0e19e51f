//! Dates: read in the forms that are certain, refused where two readings are possible.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::recipe::DateOrder;

/// Why a text is no date.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It has no form of a date.
    Syntax(Cow<'static, str>),
    /// The calendar has no such day.
    Impossible(Cow<'static, str>),
    /// Day and month can be read either way.
    Ambiguous,
}

/// Month names of English and French, as they begin (normalised, without accents).
const MONTHS: &[(&str, i8)] = &[
    ("janv", 1),
    ("jan", 1),
    ("fev", 2),
    ("feb", 2),
    ("mars", 3),
    ("mar", 3),
    ("avr", 4),
    ("apr", 4),
    ("mai", 5),
    ("may", 5),
    ("juin", 6),
    ("jun", 6),
    ("juil", 7),
    ("jul", 7),
    ("aou", 8),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];
/// Their full forms: a word must be the beginning of one of them.
const MONTH_WORDS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "sept",
];

/// What a numeric date with the year at one end says about the order of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Only the day can stand first.
    DayFirst,
    /// Only the month can stand first.
    MonthFirst,
    /// Either can.
    Either,
}

/// What a text says about the order of day and month; nothing if it is no such date.
pub(super) fn sign(text: &str) -> Option<Sign> {
    let text = without_time(text.trim());
    if !same_separators(text) {
        return None;
    }
    let [a, b, c] = parts(text)?;
    let (first, second, year) = (number(a)?, number(b)?, number(c)?);
    // A day that the calendar has not proves nothing.
    let exists = |month, day| calendar(year, month, day).is_ok();
    // Two digits at either end may be the year: 15-07-02 proves nothing.
    if a.len() > 2 || b.len() > 2 || c.len() != 4 {
        return None;
    }
    match (first, second) {
        (13..=31, 1..=12) if exists(second, first) => Some(Sign::DayFirst),
        (1..=12, 13..=31) if exists(first, second) => Some(Sign::MonthFirst),
        (1..=12, 1..=12) => Some(Sign::Either),
        _ => None,
    }
}

/// A date that was read, and whether its year had two digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) date: Date,
    pub(super) completed: bool,
}

/// Reads a date. `order` is what is known about numeric dates; without it a numeric date is read
/// only when one reading is possible. A year of two digits is read only with an order, as the
/// latest year that does not lie behind `today`.
pub(super) fn read(text: &str, order: Option<DateOrder>, today: Date) -> Result<Read, Fault> {
    if let Some(date) = iso(text) {
        return date.map(|date| Read { date, completed: false });
    }
    let short = without_time(text);
    if let Some(order) = order.filter(|_| same_separators(short))
        && let Some([a, b, c]) = parts(short)
    {
        let (year, rest) = match order {
            DateOrder::Ymd => (a, [b, c]),
            DateOrder::Dmy => (c, [b, a]),
            DateOrder::Mdy => (c, [a, b]),
        };
        if let ([Some(month), Some(day)], 2, Some(short)) =
            (rest.map(number), year.len(), number(year))
            && a.len() <= 2
        {
            let century = today.year() - today.year() % 100;
            let year = century + short;
            let year = if year > today.year() { year - 100 } else { year };
            return calendar(year, month, day).map(|date| Read { date, completed: true });
        }
    }
    whole(text, order).map(|date| Read { date, completed: false })
}

fn whole(text: &str, order: Option<DateOrder>) -> Result<Date, Fault> {
    let text = without_time(text);
    if let Some(date) = iso(text).or_else(|| compact(text)) {
        return date;
    }
    let Some([a, b, c]) = parts(text) else {
        return Err(Fault::Syntax("it does not have a day, a month and a year".into()));
    };
    if let Some(month) = month_word(a) {
        return named(b, month, c);
    }
    if let Some(month) = month_word(b) {
        return if a.len() == 4 { named(c, month, a) } else { named(a, month, c) };
    }
    // Numbers with spaces or two kinds of signs between them are no date that anybody writes.
    if !same_separators(text) {
        return Err(Fault::Syntax("it does not have the form of a date".into()));
    }
    let numbers = [number(a), number(b), number(c)];
    let [Some(first), Some(second), Some(third)] = numbers else {
        return Err(Fault::Syntax("it does not have the form of a date".into()));
    };
    if a.len() == 4 {
        return calendar(first, second, third);
    }
    if c.len() != 4 {
        return Err(Fault::Syntax("its year does not have four digits".into()));
    }
    match order {
        Some(DateOrder::Dmy) => calendar(third, second, first),
        Some(DateOrder::Mdy) => calendar(third, first, second),
        Some(DateOrder::Ymd) => {
            Err(Fault::Syntax("its year does not stand first, as the date order says".into()))
        }
        None if first == second => calendar(third, first, second),
        None if first > 12 => calendar(third, second, first),
        None if second > 12 => calendar(third, first, second),
        None => Err(Fault::Ambiguous),
    }
}

/// The three parts of a date: between two parts stand one sign, spaces, or a comma and spaces.
fn parts(text: &str) -> Option<[&str; 3]> {
    let is_sign = |c: char| matches!(c, '/' | '-' | '.' | ',') || c.is_whitespace();
    let mut found = [""; 3];
    let mut rest = text;
    for (index, place) in found.iter_mut().enumerate() {
        let end = if index == 2 { rest.len() } else { rest.find(is_sign)? };
        let (part, behind) = rest.split_at_checked(end)?;
        if part.is_empty() || part.contains(is_sign) {
            return None;
        }
        *place = part;
        let between = behind.len() - behind.trim_start_matches(is_sign).len();
        let signs = behind.get(..between)?;
        if signs.chars().filter(|c| !c.is_whitespace()).count() > 1 {
            return None;
        }
        rest = behind.get(between..)?;
    }
    Some(found)
}

/// Whether one and the same sign stands between the numbers, without spaces around it.
fn same_separators(text: &str) -> bool {
    let mut signs = text.chars().filter(|c| !c.is_ascii_digit());
    let (first, second) = (signs.next(), signs.next());
    first == second && first.is_some_and(|sign| sign != ',') && signs.next().is_none()
}

/// `YYYY-MM-DD`, the form of nearly every date: read without taking it apart.
fn iso(text: &str) -> Option<Result<Date, Fault>> {
    let bytes = text.as_bytes();
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = bytes else { return None };
    let digits = |digits: &[&u8]| {
        digits.iter().try_fold(0_i16, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i16::from(**byte - b'0'))
        })
    };
    let year = digits(&[y1, y2, y3, y4])?;
    let month = digits(&[m1, m2])?;
    let day = digits(&[d1, d2])?;
    Some(calendar(year, month, day))
}

/// Whether a text is a day in this form, with or without a time.
pub(super) fn is_iso(text: &str) -> bool {
    iso(without_time(text)).is_some_and(|date| date.is_ok())
}

/// Cuts off the time of day, which many exports put behind a date: the field takes the day.
fn without_time(text: &str) -> &str {
    let Some(at) = text.find(['T', ' ']).filter(|_| text.contains(':')) else { return text };
    // The time stands behind the last space or T in front of the first colon.
    let colon = text.find(':').unwrap_or(text.len());
    let start = text.get(..colon).and_then(|before| before.rfind(['T', ' '])).unwrap_or(at);
    let (Some(date), Some(time)) = (text.get(..start), text.get(start + 1..)) else { return text };
    let time = time.trim_end_matches('Z');
    let time = time.rfind(['+', '-']).and_then(|zone| time.get(..zone)).unwrap_or(time).trim_end();
    let time = ["AM", "PM", "am", "pm"]
        .iter()
        .find_map(|half| time.strip_suffix(half))
        .unwrap_or(time)
        .trim_end();
    let mut parts = time.split(':');
    let is_part = |part: &str, most: u32| {
        let whole = part.split(['.', ',']).next().unwrap_or("");
        (1..=2).contains(&whole.len())
            && part.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','))
            && whole.parse::<u32>().is_ok_and(|number| number <= most)
    };
    let hour = parts.next().is_some_and(|part| is_part(part, 24));
    if hour && parts.all(|part| is_part(part, 60)) { date.trim_end() } else { text }
}

/// `YYYYMMDD`, the basic form of ISO 8601.
fn compact(text: &str) -> Option<Result<Date, Fault>> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to)?.parse().ok();
    digits.then(|| Some(calendar(part(0, 4)?, part(4, 6)?, part(6, 8)?)))?
}

fn number(text: &str) -> Option<i16> {
    (matches!(text.len(), 1 | 2 | 4) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

pub(super) fn month_word(text: &str) -> Option<i8> {
    if text.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let word = crate::spelling::normalise(text);
    let known = word.len() >= 3 && MONTH_WORDS.iter().any(|full| full.starts_with(&word));
    MONTHS.iter().find(|(start, _)| known && word.starts_with(start)).map(|&(_, month)| month)
}

fn named(day: &str, month: i8, year: &str) -> Result<Date, Fault> {
    let ordinal = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = day.get(ordinal.len()..).unwrap_or_default();
    let suffix_fits = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er");
    match (number(ordinal), number(year)) {
        (Some(day), Some(number)) if year.len() == 4 && suffix_fits && ordinal.len() <= 2 => {
            calendar(number, i16::from(month), day)
        }
        (Some(_), Some(_)) => Err(Fault::Syntax("its year does not have four digits".into())),
        _ => Err(Fault::Syntax("it does not have the form of a date".into())),
    }
}

fn calendar(year: i16, month: i16, day: i16) -> Result<Date, Fault> {
    if !(1..=12).contains(&month) {
        return Err(Fault::Impossible(format!("there is no month {month}").into()));
    }
    if year < 1 {
        return Err(Fault::Impossible("there is no year 0".into()));
    }
    let narrow = |number: i16| i8::try_from(number).unwrap_or(i8::MAX);
    Date::new(year, narrow(month), narrow(day))
        .map_err(|_| Fault::Impossible(format!("{year}-{month:02} has no day {day}").into()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<Date, Fault> {
        super::read(text, order, date(2026, 11, 22)).map(|read| read.date)
    }

    #[test]
    fn the_order_is_told_by_days_beyond_twelve() {
        for (text, expected) in [
            ("31/05/1988", Some(Sign::DayFirst)),
            ("05/31/1988", Some(Sign::MonthFirst)),
            ("05/31/88", None),
            ("05/06/1988", Some(Sign::Either)),
            ("1988-05-31", None),
            ("32/05/1988", None),
            ("31/02/1988", None),
            ("3 May 1988", None),
        ] {
            assert_eq!(sign(text), expected, "{text}");
        }
    }

    #[test]
    fn years_of_two_digits_are_completed_only_with_an_order() {
        for (text, order, expected) in [
            ("9/1/08", DateOrder::Mdy, "2008-09-01"),
            ("31/05/45", DateOrder::Dmy, "1945-05-31"),
            ("15-07-02", DateOrder::Ymd, "2015-07-02"),
        ] {
            assert_eq!(
                read(text, Some(order)).map(|date| date.to_string()),
                Ok(expected.to_owned())
            );
        }
        assert!(matches!(read("31/05/45", None), Err(Fault::Syntax(_))));
    }

    #[test]
    fn dates_are_read_where_they_are_certain() {
        for (text, order, expected) in [
            ("1990-05-31", None, "1990-05-31"),
            ("1990-05-31 00:00:00", None, "1990-05-31"),
            ("1990-05-31T00:00:00.000Z", None, "1990-05-31"),
            ("1990-05-31T10:49:41.5+02:00", None, "1990-05-31"),
            ("31/05/1990 12:00:00 AM", None, "1990-05-31"),
            ("19900531", None, "1990-05-31"),
            ("1990/5/3", None, "1990-05-03"),
            ("31/05/1990", None, "1990-05-31"),
            ("05/31/1990", None, "1990-05-31"),
            ("5.5.1990", None, "1990-05-05"),
            ("05/06/1990", Some(DateOrder::Dmy), "1990-06-05"),
            ("05/06/1990", Some(DateOrder::Mdy), "1990-05-06"),
            ("3 May 1990", None, "1990-05-03"),
            ("May 3rd, 1990", None, "1990-05-03"),
            ("3-Feb-1990", None, "1990-02-03"),
            ("1er août 1990", None, "1990-08-01"),
            ("14 juillet 1990", None, "1990-07-14"),
            ("29/02/2000", None, "2000-02-29"),
        ] {
            assert_eq!(
                read(text, order).map(|date| date.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
        assert_eq!(read("05/06/1990", None), Err(Fault::Ambiguous));
        for bad in ["1990-02-30", "31/31/1990", "1985-13-01", "0000-00-00", "31/02/1990"] {
            assert!(
                matches!(read(bad, None), Err(Fault::Impossible(_))),
                "{bad}: {:?}",
                read(bad, None)
            );
        }
        for bad in ["2020 -01-01", "2020-001-01", "2020-01--01", "-2023/05/24", "2020-01/02"] {
            assert!(
                matches!(read(bad, None), Err(Fault::Syntax(_))),
                "{bad}: {:?}",
                read(bad, None)
            );
        }
        for bad in [
            "1990-05-31 99:00",
            "10:00",
            "199005311",
            "not a date",
            "1990/1",
            "19900",
            "soon",
            "5/6/90",
            "3 Marble 1990",
            "",
        ] {
            assert!(
                matches!(read(bad, None), Err(Fault::Syntax(_))),
                "{bad}: {:?}",
                read(bad, None)
            );
        }
    }
}
