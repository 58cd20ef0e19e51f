//! Days that are counted in weeks: `1990-W18-4`, `1990W184` (ISO 8601).

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::tokens::Piece;

/// The day that a year, a week and a day of the week name; nothing where the text has another form or the year has
/// no such week. A week alone is no day.
pub(super) fn read(pieces: &[Piece<'_>]) -> Option<Date> {
    let [first, rest @ ..] = pieces else { return None };
    let year = first.number().filter(|year| year.len() == 4)?;
    let is_week = |piece: &Piece<'_>| !piece.gap && matches!(piece.word(), Some("W" | "w"));
    let dash = |piece: &Piece<'_>| !piece.gap && piece.is('-');
    let (week, day) = match rest {
        [one, w, week, two, day] if dash(one) && is_week(w) && dash(two) => {
            (week.number()?, day.number().filter(|_| !week.gap && !day.gap)?)
        }
        [w, both] if is_week(w) && !both.gap => both.number()?.split_at_checked(2)?,
        _ => return None,
    };
    let day = day.parse().ok().filter(|_| week.len() == 2 && day.len() == 1)?;
    let day = Weekday::from_monday_one_offset(day).ok()?;
    ISOWeekDate::new(year.parse().ok()?, week.parse().ok()?, day).ok().map(Date::from)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::pieces;
    use super::*;

    #[test]
    fn weeks_with_their_day_are_days() {
        for (text, expected) in [
            ("1990-W18-4", Some("1990-05-03")),
            ("1990W184", Some("1990-05-03")),
            ("2020-W53-7", Some("2021-01-03")),
            ("2021-W53-1", None),
            ("1990-W00-1", None),
            ("1990-W18-8", None),
            ("1990-W18-0", None),
            ("1990-W18", None),
            ("1990-W1-4", None),
            ("1990 W184", None),
            ("1990-W184", None),
            ("90-W18-4", None),
        ] {
            let day = read(&pieces(text).unwrap()).map(|day| day.to_string());
            assert_eq!(day.as_deref(), expected, "{text}");
        }
    }
}
