//! Dates: read in the forms that are certain, refused where two readings are possible.
//!
//! `YYYY-MM-DD` and dates of numbers alone are read without taking them apart; `date/` reads the others.

mod era;
mod numeric;
mod sign;
mod time;
mod tokens;
mod week;
mod worded;
mod words;

use std::borrow::Cow;

use jiff::civil::{Date, Weekday};

use self::numeric::{calendar, compact, complete, iso, number, numbers, numeric, plain};
pub(super) use self::numeric::{plain_day, with_zero};
pub(super) use self::sign::{Sign, sign};
use self::tokens::{Piece, pieces};
use self::worded::No;
pub(super) use self::words::{is_month, is_usual_month};
use super::fold::fold;
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

/// A date that was read, and what is to be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) date: Date,
    /// Whether its year had two digits.
    pub(super) completed: bool,
    /// Whether a time of day other than midnight stands beside it.
    pub(super) timed: bool,
    /// The day of the week that stands beside it, where the date falls on another one.
    pub(super) weekday: Option<Weekday>,
}

impl Read {
    /// A date as it stands.
    pub(super) fn plain(date: Date) -> Self {
        Self { date, completed: false, timed: false, weekday: None }
    }

    /// The same beside the name of a day of the week.
    fn beside(self, said: Option<i8>) -> Self {
        let said = said.and_then(|day| Weekday::from_monday_one_offset(day).ok());
        Self { weekday: said.filter(|said| *said != self.date.weekday()), ..self }
    }
}

/// Reads a date. `order` is what is known about numeric dates; without it a numeric date is read
/// only when one reading is possible. A year of two digits is read only with an order or beside the
/// name of a month, as the latest year that does not lie behind `today`.
pub(super) fn read(text: &str, order: Option<DateOrder>, today: Date) -> Result<Read, Fault> {
    if let Some(date) = iso(text) {
        return date.map(Read::plain);
    }
    if let Some(parts) = plain(text) {
        return numeric(parts, order, today);
    }
    let text = fold(text).ok_or_else(no_form)?;
    let mut pieces = pieces(&text).ok_or_else(no_form)?;
    let timed = match time::find(&pieces) {
        Ok(None) => false,
        Ok(Some(found)) => {
            let at_end = found.from == 0 || found.to == pieces.len();
            pieces.drain(found.from..found.to);
            if !at_end && is_numeric(&pieces) {
                return Err(no_form());
            }
            !found.is_midnight
        }
        Err(()) => return Err(no_form()),
    };
    let (rest, said) = besides(&pieces);
    let read = if let Some(parts) = numbers(rest) {
        numeric(parts, order, today)?.beside(said)
    } else if let Some(read) = compact(rest, order, today) {
        read?.beside(said)
    } else if let Some(date) = week::read(&pieces) {
        Read::plain(date)
    } else if let Some(date) = era::read(&pieces) {
        // Its last sign is a Sunday too.
        Read::plain(date?)
    } else if let Some(date) = era::read(rest) {
        Read::plain(date?).beside(said)
    } else if is_numeric(&pieces) {
        return Err(match pieces.iter().filter(|piece| piece.number().is_some()).count() {
            0..3 => no_parts(),
            _ => no_form(),
        });
    } else {
        with_month(&pieces, order, today)?
    };
    Ok(Read { timed, ..read })
}

fn no_form() -> Fault {
    Fault::Syntax("it does not have the form of a date".into())
}

fn no_parts() -> Fault {
    Fault::Syntax("it does not have a day, a month and a year".into())
}

/// A date whose month is a word.
fn with_month(pieces: &[Piece<'_>], order: Option<DateOrder>, today: Date) -> Result<Read, Fault> {
    let parts = worded::read(pieces, order).map_err(|no| match no {
        No::Form => no_form(),
        No::Part => no_parts(),
        No::ShortYear => Fault::Syntax("its year does not have four digits".into()),
    })?;
    let (Some(year), Some(day)) = (number(parts.year), number(parts.day)) else {
        return Err(no_form());
    };
    let completed = parts.year.len() == 2;
    let year = if completed { complete(year, today) } else { year };
    let date = calendar(year, parts.month, day)?;
    Ok(Read { completed, ..Read::plain(date) }.beside(parts.weekday))
}

/// A date of numbers without what stands beside it, a day of the week at one end (`Thu 31/05/1990`,
/// `1990/5/31 (木)`) and the word for a year at the other (`31.05.1990 г.`), and that day.
fn besides<'p, 'a>(pieces: &'p [Piece<'a>]) -> (&'p [Piece<'a>], Option<i8>) {
    let day = |piece: &Piece<'_>| worded::weekday(piece.word()?);
    match pieces {
        [word, rest @ ..] if let Some(day) = day(word) => match rest {
            [sign, rest @ ..] if sign.is(',') || sign.is('.') => (rest, Some(day)),
            _ => (rest, Some(day)),
        },
        [rest @ .., open, word, close] if open.is('(') && close.is(')') => match day(word) {
            Some(day) => (rest, Some(day)),
            None => (pieces, None),
        },
        [rest @ .., word] if let Some(day) = day(word) => match rest {
            [rest @ .., sign] if sign.is(',') => (rest, Some(day)),
            _ => (rest, Some(day)),
        },
        [rest @ .., word] if is_year_word(word) => (rest, None),
        [rest @ .., word, point] if is_year_word(word) && point.is('.') => (rest, None),
        _ => (pieces, None),
    }
}

fn is_year_word(piece: &Piece<'_>) -> bool {
    piece.word().is_some_and(|word| matches!(word, "г" | "год" | "года" | "р" | "року"))
}

/// Whether no letter is among the parts.
fn is_numeric(pieces: &[Piece<'_>]) -> bool {
    pieces.iter().all(|piece| piece.word().is_none())
}

/// Whether a text is a day in this form, with or without a time.
pub(super) fn is_iso(text: &str) -> bool {
    let Some((day, rest)) = text.split_at_checked(10) else { return false };
    if iso(day).is_none_or(|date| date.is_err()) {
        return false;
    }
    let time = rest.strip_prefix(['T', ' ']).unwrap_or(rest);
    rest.is_empty() || time.len() < rest.len() && is_time(time)
}

/// Whether a text is a time of day and nothing else.
fn is_time(text: &str) -> bool {
    pieces(text).is_some_and(|pieces| time::alone(&pieces).is_some())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str, order: Option<DateOrder>) -> Result<Date, Fault> {
        super::read(text, order, date(2026, 11, 22)).map(|read| read.date)
    }

    #[test]
    fn a_day_of_the_week_may_contradict_its_date() {
        let read = |text| super::read(text, None, date(2026, 11, 22)).unwrap();
        assert_eq!(read("Sun 9th Aug, 2015").weekday, None);
        assert_eq!(read("Tues 9th Aug, 2015").weekday, Some(Weekday::Tuesday));
        assert_eq!(read("Thu 31/05/1990").weekday, None);
        assert_eq!(read("Fri 31/05/1990").weekday, Some(Weekday::Friday));
        assert!(read("3 May 2001 6 pm").timed && !read("3 May 2001 0:00").timed);
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
            ("31051990", None, "1990-05-31"),
            ("平成26年9月4日", None, "2014-09-04"),
            ("昭和55年3月4日(火)", None, "1980-03-04"),
            ("05061990", Some(DateOrder::Dmy), "1990-06-05"),
            ("05062005", Some(DateOrder::Mdy), "2005-05-06"),
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
            ("2003-09-25T10", None, "2003-09-25"),
            ("20030925T104941", None, "2003-09-25"),
            ("Wed, July 10, '96", None, "1996-07-10"),
            ("3rd of May 2001", None, "2001-05-03"),
            ("[Sept] 04, 2014.", None, "2014-09-04"),
            ("Thu Sep 25 10:36:28 2003", None, "2003-09-25"),
            ("0:01:02 on July 4, 1976", None, "1976-07-04"),
            (
                "Thu Sep 25 2003 10:36:28 GMT+0200 (Central European Summer Time)",
                None,
                "2003-09-25",
            ),
            ("1996.July.10 AD 12:08 PM", None, "1996-07-10"),
            ("13NOV2017", None, "2017-11-13"),
            ("13-Nov-17", Some(DateOrder::Dmy), "2017-11-13"),
            ("13-Nov-17", Some(DateOrder::Ymd), "2013-11-17"),
            ("5 May 90", None, "1990-05-05"),
            ("May 5 09", None, "2009-05-05"),
            ("December 13, 2014 at midnight", None, "2014-12-13"),
            ("April 9, 2013 at 6:11 a.m.", None, "2013-04-09"),
            ("8:25 a.m. Dec. 12, 2014", None, "2014-12-12"),
            ("Martes 21 de Octubre de 2014", None, "2014-10-21"),
            ("sexta-feira, 10 de junho de 2014 14:52", None, "2014-06-10"),
            ("22 janvier 2015 à 14h40", None, "2015-01-22"),
            ("mar 3 mai 2014", None, "2014-05-03"),
            ("3 mar 2014", None, "2014-03-03"),
            ("21 сентября 2021г., вторник", None, "2021-09-21"),
            ("18.10.14 um 22:56 Uhr", Some(DateOrder::Dmy), "2014-10-18"),
            ("11. 12. 2014, 08:45:39", Some(DateOrder::Dmy), "2014-12-11"),
            ("29.01.2008.", None, "2008-01-29"),
            ("2014年9月4日", None, "2014-09-04"),
            ("2016年3月20日(日) 21時40分", None, "2016-03-20"),
            ("2014년 9월 4일", None, "2014-09-04"),
            ("３１/０１/１９８０", None, "1980-01-31"),
            ("٣١/٠١/١٩٨٠", None, "1980-01-31"),
            ("17.Şubat.2014, 17:51", None, "2014-02-17"),
            ("Thu, 31/05/1990", None, "1990-05-31"),
            ("Do. 31.05.1990 10:49", None, "1990-05-31"),
            ("1990/05/31 (Thu)", None, "1990-05-31"),
            ("1990-05-31(木)", None, "1990-05-31"),
            ("31/05/1990, jeudi", None, "1990-05-31"),
            ("31.05.1990 г.", None, "1990-05-31"),
            ("1990-05-31t10:49:41z", None, "1990-05-31"),
            ("1990-05-31 24:00", None, "1990-05-31"),
            ("\u{200e}31\u{200e}/\u{200e}05\u{200e}/\u{200e}1990", None, "1990-05-31"),
            ("1990. gada 31. maijs", None, "1990-05-31"),
            ("1990-W22-4", None, "1990-05-31"),
            ("31.V.1990", None, "1990-05-31"),
            ("31 XII 1990", None, "1990-12-31"),
            ("1990. V. 31.", None, "1990-05-31"),
            ("1990 m. gegužės 31 d.", None, "1990-05-31"),
            ("ngày 31 tháng 5 năm 1990", None, "1990-05-31"),
            ("31 พฤษภาคม 1990", None, "1990-05-31"),
            ("٣١ مايو ١٩٩٠", None, "1990-05-31"),
            ("310590", Some(DateOrder::Dmy), "1990-05-31"),
            ("053190", Some(DateOrder::Mdy), "1990-05-31"),
            ("900531", Some(DateOrder::Ymd), "1990-05-31"),
        ] {
            assert_eq!(
                read(text, order).map(|date| date.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
        assert_eq!(read("05/06/1990", None), Err(Fault::Ambiguous));
        assert_eq!(read("05061990", None), Err(Fault::Ambiguous));
        assert!(matches!(read("05061990", Some(DateOrder::Ymd)), Err(Fault::Syntax(_))));
        // That may be September 2020 as well.
        assert!(matches!(read("202009", Some(DateOrder::Dmy)), Err(Fault::Syntax(_))));
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
            "310590",
            "1990-05-31T24:01",
            "1990-05-31 24:00:01",
            "Thu Thu 31/05/1990",
            "31.XIII.1990",
            "31.v.1990",
            "31 V May 1990",
            "31 tháng 5",
            "some 31/05/1990",
            "12-Mar-05",
            "03 25 Sep",
            "3 lip 2001",
            "3 May June 2001",
            "3 May 2001 2002",
            "3 May 01999",
            "May 2001",
            "3 May '9",
            "'96 May 3 1996",
            "3 de de de de May 2001",
            "25 10:36 09 2003",
            "1990-05-31 10:00 11:00",
            "3 May 2001 B.C.",
            "(3 May 2001",
            "31 / 05/1990",
            "1980-01-31X",
            "29.01-2008.",
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

    /// Names of months, some of which people write in several ways.
    const NAMES: [&str; 12] = [
        "Jan", "févr.", "March", "abril", "Mai", "juni", "July", "août", "Sept", "ottobre", "Nov",
        "Dezember",
    ];

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,40}", order in 0..4_usize) {
            let orders = [None, Some(DateOrder::Ymd), Some(DateOrder::Dmy), Some(DateOrder::Mdy)];
            if let Ok(read) = super::read(&text, orders[order], date(2026, 11, 22)) {
                // What was written reads as itself.
                let again = super::read(&read.date.to_string(), orders[order], date(2026, 11, 22));
                proptest::prop_assert_eq!(again, Ok(Read::plain(read.date)));
            }
            let _ = (sign(&text), is_iso(&text));
        }

        #[test]
        fn what_looks_like_a_date_breaks_nothing(
            text in "[0-9]{1,4}[-/. ,:T']{0,2}(May|mar|3|12|2014|de|at|am|Z|年)[-/. ,:T']{0,2}[0-9]{0,4}( (10:49|6 pm|noon|GMT\\+02)){0,2}",
        ) {
            if let Ok(first) = read(&text, None) {
                proptest::prop_assert_eq!(read(&first.to_string(), None), Ok(first));
            }
        }

        #[test]
        fn an_accepted_date_is_what_it_says(
            day in 1..=28_i8,
            month in 1..=12_i8,
            year in 1900..=2026_i16,
            sign in 0..4_usize,
            time in 0..4_usize,
        ) {
            let expected = date(year, month, day);
            let sign = ["/", "-", ".", " "][sign];
            let time = ["", " 10:49", " 12:01:02 pm", " 00:00:00+02:00"][time];
            let name = NAMES[usize::try_from(month - 1).unwrap()];
            for (text, order) in [
                (format!("{day}{sign}{month}{sign}{year}{time}"), Some(DateOrder::Dmy)),
                (format!("{month:02}{sign}{day:02}{sign}{year}{time}"), Some(DateOrder::Mdy)),
                (format!("{year}{sign}{month}{sign}{day}{time}"), None),
                (format!("{year}{month:02}{day:02}{time}"), None),
                (format!("{day}{sign}{name}{sign}{year}{time}"), None),
                (format!("{name} {day}, {year}{time}"), None),
                (format!("{year}-{name}-{day:02}{time}"), None),
            ] {
                proptest::prop_assert_eq!(read(&text, order), Ok(expected), "{}", text);
            }
        }
    }
}
