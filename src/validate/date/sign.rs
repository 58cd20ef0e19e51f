//! What dates of numbers say about the order of their parts: `31/05/1988` has the day first.

use super::numeric::{calendar, number, numbers, plain, year_behind};
use super::tokens::{Piece, pieces};
use super::{besides, time};
use crate::validate::fold::fold;

/// What a numeric date with the year at one end says about the order of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Sign {
    /// Only the day can stand first.
    DayFirst,
    /// Only the month can stand first.
    MonthFirst,
    /// Either can.
    Either,
}

/// What a text says about the order of day and month; nothing if it is no such date.
pub(in crate::validate) fn sign(text: &str) -> Option<Sign> {
    let text = fold(text.trim())?;
    let [a, b, c] = match plain(&text) {
        Some(parts) => parts,
        // Nothing else that is a date of numbers begins otherwise.
        None if !text.starts_with(|c: char| c.is_alphanumeric()) => return None,
        None => {
            let mut pieces = pieces(&text)?;
            without_time(&mut pieces)?;
            let (rest, _) = besides(&pieces);
            match rest {
                [only] => year_behind(only.number()?)?,
                rest => numbers(rest)?,
            }
        }
    };
    // Two digits at either end may be the year: 15-07-02 proves nothing.
    if a.len() > 2 || b.len() > 2 || c.len() != 4 {
        return None;
    }
    let (first, second, year) = (number(a)?, number(b)?, number(c)?);
    // A day that the calendar has not proves nothing.
    let exists = |month, day| calendar(year, month, day).is_ok();
    match (first, second) {
        (13..=31, 1..=12) if exists(second, first) => Some(Sign::DayFirst),
        (1..=12, 13..=31) if exists(first, second) => Some(Sign::MonthFirst),
        (1..=12, 1..=12) => Some(Sign::Either),
        _ => None,
    }
}

/// Takes the time of day off a date of numbers.
pub(super) fn without_time(pieces: &mut Vec<Piece<'_>>) -> Option<()> {
    if let Some(found) = time::find(pieces).ok()? {
        if found.from > 0 && found.to < pieces.len() {
            return None;
        }
        pieces.drain(found.from..found.to);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("31051988", Some(Sign::DayFirst)),
            ("05311988", Some(Sign::MonthFirst)),
            ("05061988", Some(Sign::Either)),
            ("31021988", None),
            ("19880531", None),
            ("Tue 31/05/1988", Some(Sign::DayFirst)),
            ("31.05.1988 г.", Some(Sign::DayFirst)),
        ] {
            assert_eq!(sign(text), expected, "{text}");
        }
    }
}
