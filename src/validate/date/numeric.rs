//! Dates of numbers: three with a sign between them, or all digits in one.

use jiff::civil::Date;

use super::tokens::{Piece, Token};
use super::{Fault, Read, no_form};
use crate::recipe::DateOrder;

/// A date of three numbers.
pub(super) fn numeric(
    [a, b, c]: [&str; 3],
    order: Option<DateOrder>,
    today: Date,
) -> Result<Read, Fault> {
    let (Some(first), Some(second), Some(third)) = (number(a), number(b), number(c)) else {
        return Err(no_form());
    };
    if a.len() == 4 {
        return calendar(first, second, third).map(Read::plain);
    }
    if c.len() != 4 {
        let (year, month, day) = match order {
            Some(DateOrder::Ymd) => (a, second, third),
            Some(DateOrder::Dmy) => (c, second, first),
            Some(DateOrder::Mdy) => (c, first, second),
            None => ("", 0, 0),
        };
        return match number(year).filter(|_| year.len() == 2) {
            Some(short) => calendar(complete(short, today), month, day)
                .map(|date| Read { completed: true, ..Read::plain(date) }),
            None => Err(Fault::Syntax("its year does not have four digits".into())),
        };
    }
    let date = match order {
        Some(DateOrder::Dmy) => calendar(third, second, first),
        Some(DateOrder::Mdy) => calendar(third, first, second),
        Some(DateOrder::Ymd) => {
            Err(Fault::Syntax("its year does not stand first, as the date order says".into()))
        }
        None if first == second => calendar(third, first, second),
        None if first > 12 => calendar(third, second, first),
        None if second > 12 => calendar(third, first, second),
        None => Err(Fault::Ambiguous),
    };
    date.map(Read::plain)
}

/// The latest year with these two digits that does not lie behind `today`.
pub(super) fn complete(short: i16, today: Date) -> i16 {
    let year = today.year() - today.year() % 100 + short;
    if year > today.year() { year - 100 } else { year }
}

/// Three numbers with one sign between them, which may be a space: what most dates beside
/// `YYYY-MM-DD` are.
pub(super) fn plain(text: &str) -> Option<[&str; 3]> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (a, rest) = text.split_at_checked(digits(text))?;
    let sign = rest.bytes().next().filter(|sign| matches!(sign, b'/' | b'-' | b'.' | b' '))?;
    let (b, rest) = rest.get(1..).and_then(|rest| rest.split_at_checked(digits(rest)))?;
    let c = rest.get(1..).filter(|_| rest.as_bytes().first() == Some(&sign))?;
    let whole = digits(c) == c.len() && ![a, b, c].iter().any(|part| part.is_empty());
    whole.then_some([a, b, c])
}

/// The numbers of a date without its time: between them stands twice the same sign with the same
/// space. A point behind the last one belongs to points between them.
pub(super) fn numbers<'a>(pieces: &[Piece<'a>]) -> Option<[&'a str; 3]> {
    let pieces = match pieces {
        [dotted @ .., last] if last.is('.') && dotted.len() == 5 => {
            dotted.get(1).filter(|piece| piece.is('.'))?;
            dotted
        }
        whole => whole,
    };
    match pieces {
        [a, b, c] if b.gap && c.gap => Some([a.number()?, b.number()?, c.number()?]),
        [a, first, b, second, c] => {
            let signs = matches!(first.token, Token::Sign('/' | '-' | '.'));
            let same = first == second && b.gap == c.gap && signs;
            same.then(|| Some([a.number()?, b.number()?, c.number()?]))?
        }
        _ => None,
    }
}

/// A date in the form of nearly every date, if that is what the text is.
#[inline]
pub(in crate::validate) fn plain_day(text: &str) -> Option<Date> {
    iso(text)?.ok()
}

/// `YYYY-MM-DD`, the form of nearly every date: read without taking it apart.
pub(super) fn iso(text: &str) -> Option<Result<Date, Fault>> {
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

/// `YYYYMMDD`, the basic form of ISO 8601, or the same with the year behind: no year of this century and the last
/// one begins as a month does. Six digits are a day only where their order is known.
pub(super) fn compact(
    pieces: &[Piece<'_>],
    order: Option<DateOrder>,
    today: Date,
) -> Option<Result<Read, Fault>> {
    let [only] = pieces else { return None };
    let digits = only.number()?;
    if digits.len() == 6 && order.is_some() && !is_year_and_month(digits) {
        let (first, rest) = digits.split_at_checked(2)?;
        let (second, third) = rest.split_at_checked(2)?;
        return Some(numeric([first, second, third], order, today));
    }
    if digits.len() != 8 {
        return None;
    }
    if let Some(parts) = year_behind(digits) {
        return Some(numeric(parts, order, today));
    }
    let number = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
    Some(calendar(number(0, 4)?, number(4, 6)?, number(6, 8)?).map(Read::plain))
}

/// The parts of `DDMMYYYY` or `MMDDYYYY`.
pub(super) fn year_behind(digits: &str) -> Option<[&str; 3]> {
    let (rest, year) = digits.split_at_checked(4).filter(|_| digits.len() == 8)?;
    let (first, second) = rest.split_at_checked(2)?;
    (year.starts_with("19") || year.starts_with("20")).then_some([first, second, year])
}

/// Whether six digits may be `YYYYMM`.
pub(super) fn is_year_and_month(digits: &str) -> bool {
    let month = digits.get(4..).and_then(|month| month.parse().ok()).unwrap_or(0);
    (digits.starts_with("19") || digits.starts_with("20")) && (1..=12).contains(&month)
}

/// The eight digits of `DDMMYYYY` or `MMDDYYYY` of which a spreadsheet has dropped the zero in front. `YYYYDDD` is
/// none: the days of a year that it counts look like the end of a year only where the order is not known.
pub(in crate::validate) fn with_zero(text: &str, order: Option<DateOrder>) -> Option<String> {
    let digits = text.len() == 7 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = text.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0_u16);
    let day = text.get(4..).and_then(|day| day.parse().ok()).unwrap_or(0_u16);
    let counted = (1900..2100).contains(&year) && (1..=366).contains(&day);
    if !digits || text.starts_with('0') || counted && order.is_none() {
        return None;
    }
    let whole = format!("0{text}");
    year_behind(&whole)?;
    Some(whole)
}

pub(super) fn number(text: &str) -> Option<i16> {
    (matches!(text.len(), 1 | 2 | 4) && text.bytes().all(|b| b.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

pub(super) fn calendar(year: i16, month: i16, day: i16) -> Result<Date, Fault> {
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
    use super::*;

    #[test]
    fn days_of_seven_digits_have_lost_a_zero_where_nothing_else_is_as_likely() {
        for (text, order, expected) in [
            ("5311988", None, Some("05311988")),
            ("5061988", None, Some("05061988")),
            ("2012015", Some(DateOrder::Dmy), Some("02012015")),
            // The fifteenth day of 2012.
            ("2012015", None, None),
            ("0531988", None, None),
            ("5311788", None, None),
            ("531198", None, None),
            ("531198x", None, None),
        ] {
            assert_eq!(with_zero(text, order).as_deref(), expected, "{text}");
        }
    }
}
