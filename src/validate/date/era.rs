//! Days in the eras of Japan: `昭和55年3月4日`, `令和元年5月1日`, `S55.3.4`, `H2/5/31`.

use jiff::civil::{Date, date};

use super::tokens::{Piece, Token};
use super::{Fault, calendar, number};

/// An era: its name, its letter, and its first day.
struct Era(&'static str, &'static str, Date);

/// The eras of those who may be alive, the latest one first.
const ERAS: &[Era] = &[
    Era("令和", "R", date(2019, 5, 1)),
    Era("平成", "H", date(1989, 1, 8)),
    Era("昭和", "S", date(1926, 12, 25)),
    Era("大正", "T", date(1912, 7, 30)),
    Era("明治", "M", date(1868, 1, 25)),
];

/// The day that a year of an era, a month and a day name; nothing where the text has another form.
pub(super) fn read(pieces: &[Piece<'_>]) -> Option<Result<Date, Fault>> {
    let [first, rest @ ..] = pieces else { return None };
    let word = first.word()?;
    let named = |era: &&Era| word.starts_with(era.0) || word == era.1;
    let at = ERAS.iter().position(|era| named(&era))?;
    let Era(name, letter, begin) = ERAS.get(at)?;
    let is = |piece: &Piece<'_>, word: &str| piece.word() == Some(word);
    let (year, month, day) = match rest {
        // Their first year has a word of its own.
        [month, m, day, d]
            if word.strip_prefix(name) == Some("元年") && is(m, "月") && is(d, "日") =>
        {
            (1, short(month)?, short(day)?)
        }
        [year, y, month, m, day, d]
            if word == *name && is(y, "年") && is(m, "月") && is(d, "日") =>
        {
            (number(short(year)?)?, short(month)?, short(day)?)
        }
        [year, one, month, two, day]
            if (word == *name || word == *letter)
                && one == two
                && matches!(one.token, Token::Sign('.' | '/' | '-'))
                && rest.iter().all(|piece| !piece.gap) =>
        {
            (number(short(year)?)?, short(month)?, short(day)?)
        }
        _ => return None,
    };
    let (month, day) = (number(month)?, number(day)?);
    Some(calendar(begin.year() - 1 + year, month, day).and_then(|day| {
        let next = at.checked_sub(1).and_then(|later| ERAS.get(later));
        let is_within = year > 0 && day >= *begin && next.is_none_or(|next| day < next.2);
        if is_within {
            Ok(day)
        } else {
            Err(Fault::Impossible(format!("{name} has no such day").into()))
        }
    }))
}

/// A number of one digit or two.
fn short<'a>(piece: &Piece<'a>) -> Option<&'a str> {
    piece.number().filter(|digits| digits.len() <= 2)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::pieces;
    use super::*;

    #[test]
    fn days_of_eras_are_days() {
        for (text, expected) in [
            ("昭和55年3月4日", Some("1980-03-04")),
            ("平成2年5月31日", Some("1990-05-31")),
            ("令和元年5月1日", Some("2019-05-01")),
            ("昭和 55年 3月 4日", Some("1980-03-04")),
            ("S55.3.4", Some("1980-03-04")),
            ("H2/5/31", Some("1990-05-31")),
            ("R01-12-31", Some("2019-12-31")),
            ("昭和55.3.4", Some("1980-03-04")),
            ("T15.12.24", Some("1926-12-24")),
            ("S64.1.7", Some("1989-01-07")),
            // Days before an era, and behind it, are none of it.
            ("S64.1.8", Some("no")),
            ("平成元年1月7日", Some("no")),
            ("S55.2.30", Some("no")),
            ("S0.3.4", Some("no")),
            ("S 55.3.4", None),
            ("S55.3/4", None),
            ("S1955.3.4", None),
            ("S55.3.1980", None),
            ("昭和55年3月", None),
            ("X55.3.4", None),
            ("1980年3月4日", None),
        ] {
            let day = read(&pieces(text).unwrap());
            let day = day.map(|day| day.map_or("no".to_owned(), |day| day.to_string()));
            assert_eq!(day.as_deref(), expected, "{text}");
        }
    }
}
