//! The time of day beside a date, which many exports write and which a field for days leaves out.

use super::tokens::{Piece, Token};
use super::words;
use crate::spelling::normalise;

/// Where a time of day stands among the parts of a date, and whether it is midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Time {
    /// Its first part, and the first one behind it.
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) is_midnight: bool,
}

/// Zones by their names.
const ZONES: &[&str] = &[
    "z", "utc", "gmt", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "wet", "west",
    "cet", "cest", "eet", "eest", "bst", "ist", "msk", "aest", "aedt", "acst", "awst", "nzst",
    "nzdt", "jst", "kst", "mez", "mesz",
];
const MIDNIGHTS: &[&str] = &["midnight", "minuit", "mitternacht", "medianoche", "mezzanotte"];
const NOONS: &[&str] = &["noon", "midday", "midi", "mittag", "mediodia", "mezzogiorno"];
/// Words between a date and its time.
const BEFORE: &[&str] = &["at", "um", "a", "kl", "alle", "ore", "om", "en", "o", "в", "о"];

/// What stands at a place.
#[derive(Clone, Copy)]
struct Parts<'p, 'a>(&'p [Piece<'a>]);

impl<'a> Parts<'_, 'a> {
    fn at(self, index: usize) -> Option<Piece<'a>> {
        self.0.get(index).copied()
    }

    /// A number of at most so many digits and at most this value; the first part of a time may
    /// have a space before it, the others not.
    fn number(self, index: usize, digits: usize, most: u32) -> Option<u32> {
        let number = self.at(index)?.number().filter(|number| number.len() <= digits)?;
        number.parse().ok().filter(|value| *value <= most)
    }

    fn glued(self, index: usize) -> Option<Piece<'a>> {
        self.at(index).filter(|piece| !piece.gap)
    }

    fn word(self, index: usize) -> Option<String> {
        self.at(index)?.word().map(normalise)
    }

    fn is_word(self, index: usize, among: &[&str]) -> bool {
        self.word(index).is_some_and(|word| among.contains(&word.as_str()))
    }

    fn is_glued_sign(self, index: usize, sign: char) -> bool {
        self.glued(index).is_some_and(|piece| piece.is(sign))
    }
}

/// Finds the one time of day; `Err` when something looks like one and is none, or when two do.
pub(super) fn find(pieces: &[Piece<'_>]) -> Result<Option<Time>, ()> {
    let parts = Parts(pieces);
    if let Some(zone) = behind_day(parts) {
        return Ok(Some(zone));
    }
    let mut found = None;
    let mut index = 0;
    while index < pieces.len() {
        match at(parts, index)? {
            Some(time) if found.is_none() => {
                index = time.to;
                found = Some(time);
            }
            Some(_) => return Err(()),
            None => index += 1,
        }
    }
    Ok(found.map(|time| widened(parts, time)))
}

/// The zone of a day alone, as XML writes it: `1990-02-03Z`, `1990-02-03-08:00`. It leaves the day as it is.
fn behind_day(parts: Parts<'_, '_>) -> Option<Time> {
    const DAY: usize = 5;
    let digits = |at: usize| parts.glued(at).and_then(Piece::number).map(str::len);
    let line = |at: usize| parts.is_glued_sign(at, '-');
    let day = parts.at(0)?.number()?.len() == 4 && line(1) && line(3);
    if !day || digits(2) != Some(2) || digits(4) != Some(2) {
        return None;
    }
    let sign = parts.is_glued_sign(DAY, '+') || line(DAY);
    let to = match parts.glued(DAY)?.word() {
        Some("Z" | "z") => DAY + 1,
        None if sign && parts.is_glued_sign(DAY + 2, ':') => offset(parts, DAY + 1)?,
        _ => return None,
    };
    (to == parts.0.len()).then_some(Time { from: DAY, to, is_midnight: true })
}

/// With the word or the comma between date and time.
fn widened(parts: Parts<'_, '_>, time: Time) -> Time {
    let before = |from: usize| from.checked_sub(1).and_then(|at| parts.at(at));
    let mut from = time.from;
    // `kl. 10:30`
    if before(from).is_some_and(|piece| piece.is('.'))
        && from > 1
        && parts.is_word(from - 2, &["kl"])
    {
        from -= 1;
    }
    if from > 0 && parts.is_word(from - 1, BEFORE) {
        from -= 1;
    }
    if before(from).is_some_and(|piece| piece.is(',')) {
        from -= 1;
    }
    // `2:21 p.m., December 11, 2014`
    let comma = from == 0 && parts.at(time.to).is_some_and(|piece| piece.is(','));
    Time { from, to: time.to + usize::from(comma), ..time }
}

fn at(parts: Parts<'_, '_>, from: usize) -> Result<Option<Time>, ()> {
    if parts.is_word(from, MIDNIGHTS) {
        return Ok(Some(Time { from, to: from + 1, is_midnight: true }));
    }
    if parts.is_word(from, NOONS) {
        return Ok(Some(Time { from, to: from + 1, is_midnight: false }));
    }
    let Some(piece) = parts.at(from) else { return Ok(None) };
    // `오전 9:00:00`, `午前10時30分`: in East Asia the half of the day stands in front.
    if let Some(late) = half_in_front(piece) {
        let read = counted(parts, from + 1, Some(late));
        let read = read.or_else(|| half_clock(parts, from + 1, Some(late)));
        return read.map(|read| Some(zoned(parts, from, read))).ok_or(());
    }
    // `T` between a date and its time, with nothing around it.
    if matches!(piece.word(), Some("T" | "t")) && !piece.gap && from > 0 {
        let read = basic(parts, from + 1).or_else(|| clock(parts, from + 1));
        return read.map(|read| Some(zoned(parts, from, read))).ok_or(());
    }
    if piece.number().is_none() {
        return Ok(None);
    }
    if parts.is_glued_sign(from + 1, ':') {
        return clock(parts, from).map(|read| Some(zoned(parts, from, read))).ok_or(());
    }
    Ok(spoken(parts, from).map(|read| zoned(parts, from, read)))
}

/// A time that was read: the first part behind it, and whether it is midnight.
type Clock = (usize, bool);

/// `10`, `1049` or `104941` behind a `T`.
fn basic(parts: Parts<'_, '_>, from: usize) -> Option<Clock> {
    let digits = parts.glued(from)?.number()?;
    if parts.is_glued_sign(from + 1, ':') || !matches!(digits.len(), 2 | 4 | 6) {
        return None;
    }
    let part = |from: usize, most: u32| {
        let part = digits.get(from..from + 2).unwrap_or("00");
        part.parse::<u32>().ok().filter(|value| *value <= most)
    };
    let (hour, minute, second) = (part(0, 24)?, part(2, 59)?, part(4, 60)?);
    if hour == 24 && minute + second > 0 {
        return None;
    }
    Some((fraction(parts, from + 1), hour % 24 + minute + second == 0))
}

/// `10:49`, `10:49:41`, `10:49:41.502`, `10:49 pm`.
fn clock(parts: Parts<'_, '_>, from: usize) -> Option<Clock> {
    half_clock(parts, from, None)
}

/// The same behind a word that says which half of the day it is, and whether it is the second.
fn half_clock(parts: Parts<'_, '_>, from: usize, late: Option<bool>) -> Option<Clock> {
    let hour = parts.number(from, 2, 24)?;
    let pair = |sign: usize, most: u32| {
        let two = parts.glued(sign + 1)?.number().is_some_and(|digits| digits.len() == 2);
        parts.number(sign + 1, 2, most).filter(|_| two)
    };
    let minute = pair(from + 1, 59)?;
    let mut to = from + 3;
    let mut second = 0;
    if parts.is_glued_sign(to, ':') {
        second = pair(to, 60)?;
        to = fraction(parts, to + 2);
    }
    // The day ends at 24:00.
    if hour == 24 && minute + second > 0 {
        return None;
    }
    let (to, hour) = match late {
        Some(late) => (to, of_day(hour, late)),
        None => half(parts, to, hour),
    };
    Some((to, hour % 24 + minute + second == 0))
}

/// Behind the digits of a fraction, if there is one.
fn fraction(parts: Parts<'_, '_>, at: usize) -> usize {
    let is_sign = parts.is_glued_sign(at, '.') || parts.is_glued_sign(at, ',');
    let digits = parts.glued(at + 1).is_some_and(|piece| piece.number().is_some());
    if is_sign && digits { at + 2 } else { at }
}

/// The hour of the day behind `am` or `pm`; as it is without.
fn half(parts: Parts<'_, '_>, at: usize, hour: u32) -> (usize, u32) {
    meridiem(parts, at).map_or((at, hour), |(to, late)| (to, of_day(hour, late)))
}

/// The hour of the day. A clock of 24 hours with the half of the day beside it is written by programs too.
fn of_day(hour: u32, late: bool) -> u32 {
    match (hour, late) {
        (12, false) => 0,
        (0..12, true) => hour + 12,
        _ => hour,
    }
}

/// Whether a word in front of a time is that of the second half of the day.
fn half_in_front(piece: Piece<'_>) -> Option<bool> {
    match piece.word()? {
        "오전" | "上午" | "午前" => Some(false),
        "오후" | "下午" | "午後" => Some(true),
        _ => None,
    }
}

/// `am`, `p.m.`: the first part behind it, and whether it is the second half of the day.
fn meridiem(parts: Parts<'_, '_>, at: usize) -> Option<(usize, bool)> {
    match parts.word(at)?.as_str() {
        "am" | "πμ" => Some((at + 1, false)),
        "pm" | "μμ" => Some((at + 1, true)),
        half @ ("a" | "p" | "π" | "μ")
            if parts.is_glued_sign(at + 1, '.') && parts.is_word(at + 2, &["m", "μ"]) =>
        {
            let to = if parts.is_glued_sign(at + 3, '.') { at + 4 } else { at + 3 };
            Some((to, matches!(half, "p" | "μ")))
        }
        _ => None,
    }
}

/// `10h11`, `22 Uhr`, `6 pm`, `21時40分`.
fn spoken(parts: Parts<'_, '_>, from: usize) -> Option<Clock> {
    let hour = parts.number(from, 2, 24)?;
    if let Some((to, late)) = meridiem(parts, from + 1).filter(|_| (1..=12).contains(&hour)) {
        return Some((to, hour == 12 && !late));
    }
    match parts.word(from + 1)?.as_str() {
        "uhr" => Some((from + 2, hour % 24 == 0)),
        "h" => match parts.number(from + 2, 2, 59).filter(|_| parts.glued(from + 2).is_some()) {
            Some(minute) => Some((from + 3, hour % 24 + minute == 0)),
            None => Some((from + 2, hour % 24 == 0)),
        },
        _ => counted(parts, from, None),
    }
}

/// `21時40分`, `9시 30분`, `10时`, with the seconds too; `late` as for [`half_clock`].
fn counted(parts: Parts<'_, '_>, from: usize, late: Option<bool>) -> Option<Clock> {
    let part = |at: usize, most: u32, words: &[&str]| {
        parts.number(at, 2, most).filter(|_| {
            parts.at(at + 1).and_then(Piece::word).is_some_and(|word| words.contains(&word))
        })
    };
    let hour = part(from, 24, &["時", "时", "点", "點", "시"])?;
    let minute = part(from + 2, 59, &["分", "분"]);
    let second = minute.and_then(|_| part(from + 4, 60, &["秒", "초"]));
    let rest = minute.unwrap_or(0) + second.unwrap_or(0);
    // Behind the half of a day it ends at 24:00; without one some count on into the night: 24時30分.
    if hour == 24 && rest > 0 && late.is_some() {
        return None;
    }
    let hour = late.map_or(hour, |late| of_day(hour, late));
    let to = from + 2 + 2 * (usize::from(minute.is_some()) + usize::from(second.is_some()));
    Some((to, hour % 24 + rest == 0))
}

/// With its zone, if one stands behind it: `Z`, `UTC`, `+02:00`, `GMT+0200 (…)`.
fn zoned(parts: Parts<'_, '_>, from: usize, (mut to, is_midnight): Clock) -> Time {
    if parts.is_word(to, &["uhr"]) {
        to += 1;
    }
    let named = parts.at(to).and_then(Piece::word).is_some_and(is_zone);
    to += usize::from(named);
    let signed = parts.at(to).is_some_and(|piece| piece.is('+') || piece.is('-'));
    if signed && let Some(behind) = offset(parts, to + 1) {
        to = behind;
    }
    // `(Central European Summer Time)` behind it, as JavaScript writes.
    if parts.at(to).is_some_and(|piece| piece.is('('))
        && let Some(close) = parts.0.iter().skip(to).position(|piece| piece.is(')'))
        && parts.0.iter().skip(to).take(close).all(|piece| piece.number().is_none())
        && to + close + 1 == parts.0.len()
    {
        to += close + 1;
    }
    Time { from, to, is_midnight }
}

/// Whether a word names a zone: a known one, or capitals that name nothing else of a date.
fn is_zone(word: &str) -> bool {
    let known = ZONES.contains(&word.to_ascii_lowercase().as_str());
    let capitals = word.bytes().all(|byte| byte.is_ascii_uppercase());
    let other = || words::month(word).is_some() || words::weekday(word).is_some();
    known || capitals && (3..=5).contains(&word.len()) && !other()
}

/// Behind `2`, `02`, `0200` or `02:00`.
fn offset(parts: Parts<'_, '_>, at: usize) -> Option<usize> {
    let digits = parts.glued(at)?.number()?;
    let hours = digits.get(..digits.len().min(2))?;
    hours.parse::<u32>().ok().filter(|hours| *hours <= 14)?;
    let minutes = |text: &str| matches!(text, "00" | "15" | "30" | "45");
    match digits.len() {
        2 if parts.is_glued_sign(at + 1, ':') => {
            let text = parts.glued(at + 2)?.number()?;
            minutes(text).then_some(at + 3)
        }
        1 | 2 => Some(at + 1),
        4 => minutes(digits.get(2..)?).then_some(at + 1),
        _ => None,
    }
}

/// Whether parts are nothing but a time of day, and whether that is midnight.
pub(super) fn alone(pieces: &[Piece<'_>]) -> Option<bool> {
    let first = pieces.first()?;
    let time = find(pieces).ok()??;
    let whole = time.from == 0 && time.to == pieces.len();
    (whole && matches!(first.token, Token::Number(_) | Token::Word(_) | Token::Sign(',')))
        .then_some(time.is_midnight)
}

#[cfg(test)]
mod tests {
    use super::super::tokens::pieces;
    use super::*;

    #[test]
    fn times_are_told_from_dates() {
        for (text, rest, is_midnight) in [
            ("Thu Sep 25 10:36:28 2003", "Thu Sep 25 2003", false),
            ("July 4 at 6:11 a.m.", "July 4", false),
            ("May 1, 12:00:00 AM", "May 1", true),
            ("20 Mar 2013 10h11", "20 Mar 2013", false),
            ("1 May 2013 à 14h", "1 May 2013", false),
            ("December 13 at midnight", "December 13", true),
            ("May 1 10:00 GMT+0200 (Central European Summer Time)", "May 1", false),
            ("May 1 10:00:00.123-03:00", "May 1", false),
            ("2:21 p.m., December 11, 2014", "December 11, 2014", false),
            ("Thu Sep 25 10:36:28 BRST 2003", "Thu Sep 25 2003", false),
            ("10:36 SEP 25 2003", "SEP 25 2003", false),
            ("May 1 10:00 UTC+3", "May 1", false),
            ("julio 5, 2015 en 1:04 pm", "julio 5, 2015", false),
            ("10 May 2001", "10 May 2001", true),
            ("1990-02-03Z", "1990-02-03", true),
            ("1990-02-03+01:00", "1990-02-03", true),
            ("1990-02-03-08:00", "1990-02-03", true),
            ("1990-02-03 오전 12:00:00", "1990-02-03", true),
            ("1990/2/3 上午 12:00:00", "1990/2/3", true),
            ("1990年2月3日 午前10時30分", "1990年2月3日", false),
            ("1990-02-03 오전 9시 30분", "1990-02-03", false),
            ("1990-02-03 오전 12시 0분 0초", "1990-02-03", true),
            ("1990年2月3日 午後0時", "1990年2月3日", false),
            ("1990年2月3日 21時40分15秒", "1990年2月3日", false),
            ("1990年2月3日 24時30分", "1990年2月3日", false),
            ("2024. 2. 3 오후 12:00:00", "2024. 2. 3", false),
            ("3/2/1990 12:00:00 π.μ.", "3/2/1990", true),
            ("3/2/1990 12:00:00 μμ", "3/2/1990", false),
        ] {
            let all = pieces(text).unwrap();
            let time = find(&all).unwrap_or_else(|()| panic!("{text}"));
            let (from, to) = time.map_or((0, 0), |time| (time.from, time.to));
            let mut left = all.clone();
            left.drain(from..to);
            let want: Vec<_> = pieces(rest).unwrap().iter().map(|piece| piece.token).collect();
            assert_eq!(left.iter().map(|piece| piece.token).collect::<Vec<_>>(), want, "{text}");
            assert_eq!(time.is_none_or(|time| time.is_midnight), is_midnight, "{text}");
        }
        for bad in ["99:00", "10:9", "10:61", "1:00 2:00", "10:00:99", "오전", "오전 9"] {
            assert_eq!(find(&pieces(bad).unwrap()), Err(()), "{bad}");
        }
    }
}
