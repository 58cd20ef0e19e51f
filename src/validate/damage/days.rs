//! Days that have become numbers, and what is no day and has become one.

use jiff::civil::Date;
use jiff::{Span, civil};

use super::is_digits;
use crate::validate::date;

/// Day numbers that are believed: 1902-09-26 to 2064-04-08. Smaller numbers are hardly ever days.
pub(super) const DAYS: std::ops::RangeInclusive<u32> = 1_000..=60_000;
/// Numbers that are years, and not day numbers, to everybody who reads them.
pub(super) const YEARS: std::ops::RangeInclusive<u32> = 1_900..=2_100;

/// The day number in a text, without its time of day. Years are none.
pub(in crate::validate) fn day_number(text: &str) -> Option<u32> {
    let (days, time) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    if !(4..=5).contains(&days.len()) || !is_digits(days) || !is_digits(time) {
        return None;
    }
    let days = days.parse().ok()?;
    (DAYS.contains(&days) && !(YEARS.contains(&days) && text.len() == 4)).then_some(days)
}

/// Where day numbers count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum System {
    /// 1 is 1900-01-01, and the year 1900 has a 29 February, which later days must allow for.
    From1900,
    /// 0 is 1904-01-01.
    From1904,
}

impl System {
    /// Its name in messages.
    pub(in crate::validate) fn word(self) -> &'static str {
        match self {
            Self::From1900 => "1900",
            Self::From1904 => "1904",
        }
    }

    /// The day with a number that [`day_number`] gave.
    pub(in crate::validate) fn day(self, number: u32) -> Option<Date> {
        let zero = match self {
            Self::From1900 => civil::date(1899, 12, 30),
            Self::From1904 => civil::date(1904, 1, 1),
        };
        zero.checked_add(Span::new().try_days(number).ok()?).ok()
    }
}

/// Whether a text is a date, or what spreadsheets make of an id such as `3-5` or `MARCH5`: `5-Mar`,
/// `Mar-05`. Months in capitals are the beginnings of codes.
pub(in crate::validate) fn is_date(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric());
    if !begins || text.len() > 30 || !text.contains(['-', '/', '.']) {
        return false;
    }
    date::sign(text).is_some() || date::is_iso(text) || is_short_date(text)
}

/// Whether a text where a name belongs is a date, or what a spreadsheet makes of one: `1-Sep`, `Sep-24`, `01. Mai`,
/// `set/25`. Beside a number every month is one, in whatever language.
pub(in crate::validate) fn is_date_for_name(text: &str) -> bool {
    if is_date(text) {
        return true;
    }
    if text.len() > 30 || !text.contains(['-', '/', '.']) {
        return false;
    }
    let mut parts = text.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty());
    let (Some(a), Some(b), c, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str| matches!(part.len(), 1 | 2 | 4) && is_digits(part);
    let month = |part: &str| part.chars().all(char::is_alphabetic) && date::is_month(part);
    match c {
        None => number(a) && month(b) || month(a) && number(b),
        Some(c) => number(c) && (number(a) && month(b) || month(a) && number(b)),
    }
}

/// `5-Mar`, `Mar-05`, `5-Mar-24`.
pub(super) fn is_short_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (Some(a), Some(b), c, None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let number = |part: &str| part.len() <= 2 && is_digits(part);
    let month = |part: &str| part.chars().any(char::is_lowercase) && date::is_usual_month(part);
    match c {
        None => number(a) && month(b) || month(a) && number(b),
        Some(c) => number(a) && month(b) && is_digits(c) && matches!(c.len(), 2 | 4),
    }
}

#[cfg(test)]
mod tests {
    use super::super::is_odd_name;
    use super::*;

    #[test]
    fn day_numbers_are_days_and_years_are_not() {
        let day = |text| Some(System::From1900.day(day_number(text)?)?.to_string());
        for (text, expected) in [
            ("29251", Some("1980-01-31")),
            ("29251.5", Some("1980-01-31")),
            ("45000", Some("2023-03-15")),
            ("60000", Some("2064-04-08")),
            ("1980", None),
            ("2001", None),
            ("60", None),
            ("0", None),
            ("-1", None),
            ("19800131", None),
            ("60001", None),
            ("29251.x", None),
        ] {
            assert_eq!(day(text).as_deref(), expected, "{text}");
        }
        let other = System::From1904.day(29_251 - 1_462).unwrap();
        assert_eq!(other.to_string(), "1980-01-31");
    }

    #[test]
    fn dates_are_told_from_codes_that_look_like_them() {
        for date in
            ["5-Mar", "Mar-05", "05-mars", "5-Mar-24", "1/2/2024", "2024-03-05", "31/12/1990"]
        {
            assert!(is_date(date), "{date}");
        }
        for code in ["3-5", "MAR-05", "FIN-03", "SEPT2", "12-34", "Marble-5", "5-10-15", "Mar", "-"]
        {
            assert!(!is_date(code), "{code}");
        }
    }

    #[test]
    fn dates_are_told_from_names() {
        for date in [
            "1-Sep",
            "Sep-24",
            "Mar-01",
            "SEPT-01",
            "01. Mai",
            "01-sept.",
            "set/25",
            "5-Ago",
            "1-mrt",
            "01.wrz",
            "1. Sep. 2024",
            "2024-09-01",
            "01/02/2024",
            "1.9.2024",
            "2024-09-01 00:00:00",
        ] {
            assert!(is_date_for_name(date) && is_odd_name(date), "{date}");
        }
        for name in [
            "Mar",
            "Jan-Peter",
            "Mai-Lin",
            "Jan 2",
            "Anna-2",
            "J. R. R.",
            "3.14",
            "1/2",
            "12-34",
            "Otto-1a",
            "St. 1",
            "May",
            "Jan.",
            "A-1-B",
            "C-3PO",
        ] {
            assert!(!is_date_for_name(name), "{name}");
        }
    }
}
