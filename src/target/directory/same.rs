//! When what a profile shows is what was sent, though it is written in another way.
//!
//! | compared as | what is the same | why |
//! |---|---|---|
//! | anything | nothing and the ways to show it: null, an empty text or list | no document says how a cleared field is shown |
//! | text | NFC, trimmed, line ends | they are lost on the way through forms |
//! | folded text | the same without regard to case | Omneo shows names in title case |
//! | phone | the digits | signs are for readers |
//! | e-mail | [the same mailbox](super::Key::email) | |
//! | number, flag | a number, or its digits as text; yes and no as words | the documents print both |
//! | day | the day in front of a time | |
//! | moment | the second, as UTC where no zone is written | Omneo writes `2021-01-27 00:00:00` |
//! | country | by its code of ISO 3166-1 | Omneo takes `AU` and shows `Australia` |

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization as _;

use super::Key;
use crate::validate;

/// In what way a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum As {
    /// By what the JSON itself says it is.
    Any,
    /// Text, to the letter.
    Text,
    /// Text without regard to case.
    Folded,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A number, also where it is written as text.
    Number,
    /// Yes or no, also where it is written as a word.
    Flag,
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// A country, by its name or code.
    Country,
    /// A latitude and a longitude, as numbers or text.
    Coordinates,
    /// A gender in words.
    Gender,
}

impl As {
    /// Whether a value that was sent is what the profile shows.
    pub(crate) fn same(self, sent: &Json, found: &Json) -> bool {
        if is_nothing(sent) || is_nothing(found) {
            // No document says what a profile shows that has no flag.
            let off = |value: &Json| self == Self::Flag && flag(value) == Some(false);
            return (is_nothing(sent) || off(sent)) && (is_nothing(found) || off(found));
        }
        if sent == found {
            return true;
        }
        match self {
            Self::Any => any(sent, found),
            Self::Coordinates => coordinates(sent, found),
            Self::Flag => both(sent, found, flag),
            Self::Number => {
                both(sent, found, number)
                    || both(sent, found, |value| scalar(value).map(|text| folded(&text)))
            }
            _ => match (scalar(sent), scalar(found)) {
                (Some(sent), Some(found)) => self.same_text(&sent, &found),
                _ => false,
            },
        }
    }

    fn same_text(self, sent: &str, found: &str) -> bool {
        let equal = |form: &dyn Fn(&str) -> Option<String>| {
            form(sent).is_some_and(|sent| form(found).is_some_and(|found| sent == found))
        };
        if plain(sent) == plain(found) {
            return true;
        }
        match self {
            Self::Folded => folded(sent) == folded(found),
            Self::Email => Key::email(sent).is_some_and(|key| Some(key) == Key::email(found)),
            Self::Phone => equal(&digits),
            Self::Day => equal(&day),
            Self::Moment => moment(sent).is_some_and(|at| Some(at) == moment(found)),
            Self::Country => {
                folded(sent) == folded(found)
                    || validate::country(sent)
                        .is_some_and(|code| Some(code) == validate::country(found))
            }
            Self::Gender => gender(sent) == gender(found),
            Self::Text | Self::Any | Self::Number | Self::Flag | Self::Coordinates => false,
        }
    }
}

/// Whether a value shows that there is none.
pub(crate) fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.trim().is_empty(),
        Json::Array(list) => list.iter().all(is_nothing),
        Json::Object(map) => map.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Whether all that was sent is in what is found: the keys of an object, the entries of a list.
pub(crate) fn includes(sent: &Json, found: &Json) -> bool {
    match (sent, found) {
        (Json::Object(sent), Json::Object(found)) => {
            sent.iter().all(|(key, sent)| includes(sent, found.get(key).unwrap_or(&Json::Null)))
        }
        (Json::Array(sent), Json::Array(found)) => {
            sent.iter().all(|sent| found.iter().any(|found| includes(sent, found)))
        }
        _ => As::Any.same(sent, found),
    }
}

/// By what the values themselves are.
fn any(sent: &Json, found: &Json) -> bool {
    match (sent, found) {
        (Json::Bool(_), _) | (_, Json::Bool(_)) => both(sent, found, flag),
        (Json::Number(_), _) | (_, Json::Number(_)) => both(sent, found, number),
        (Json::String(sent), Json::String(found)) => {
            plain(sent) == plain(found) || second(sent).is_some_and(|at| Some(at) == second(found))
        }
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| As::Any.same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            let keys =
                |map: &serde_json::Map<String, Json>| map.keys().cloned().collect::<Vec<_>>();
            keys(a) == keys(b) && a.values().zip(b.values()).all(|(a, b)| As::Any.same(a, b))
        }
        _ => false,
    }
}

/// Whether both values read as something, and as the same.
fn both<T: PartialEq>(sent: &Json, found: &Json, read: impl Fn(&Json) -> Option<T>) -> bool {
    read(sent).is_some_and(|sent| Some(sent) == read(found))
}

/// The text of a single value.
pub(crate) fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A text without what no reader sees.
fn plain(text: &str) -> String {
    text.trim().replace("\r\n", "\n").nfc().collect()
}

/// A text without regard to case.
pub(crate) fn folded(text: &str) -> String {
    plain(text).to_lowercase().nfc().collect()
}

fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// The day in front of a time: `2004-05-03`.
pub(super) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let day = text.get(..10)?;
    let rest = text.get(10..)?;
    let date: jiff::civil::Date = day.parse().ok()?;
    (rest.is_empty() || rest.starts_with(['T', ' '])).then(|| date.to_string())
}

/// A moment to the second; one without a zone is UTC, a day alone its midnight.
pub(super) fn moment(text: &str) -> Option<i64> {
    whole_moment(text).map(Timestamp::as_second)
}

/// A moment as it is shown, with the part of a second.
pub(super) fn whole_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    exact_moment(text).or_else(|| utc(&format!("{}T00:00:00", day(text)?)))
}

/// A day that is shown, in a format.
pub(crate) fn day_as(shown: &str, format: &str) -> Option<String> {
    let date: jiff::civil::Date = day(shown)?.parse().ok()?;
    jiff::fmt::strtime::format(format, date).ok()
}

/// A moment that is shown, in a format and in UTC.
pub(crate) fn moment_as(shown: &str, format: &str) -> Option<String> {
    let shown = shown.trim();
    let at = shown.parse::<Timestamp>().ok().or_else(|| utc(shown))?;
    jiff::fmt::strtime::format(format, at).ok()
}

/// A day that is shown, in a format from which the same day can be read again.
pub(crate) fn day_written(shown: &str, format: &str) -> Option<String> {
    let written = day_as(shown, format)?;
    let read = jiff::fmt::strtime::parse(format, &written).ok()?.to_date().ok()?;
    (read.to_string() == day(shown)?).then_some(written)
}

/// A moment that is shown, in a format from which the same moment can be read again; where that cuts a part of a second,
/// in the same with that part, and at last as the format has it.
pub(crate) fn moment_written(shown: &str, format: &str) -> Option<String> {
    let own = exact_moment(shown)?;
    let written = |format: &str| -> Option<(String, Timestamp)> {
        let written = moment_as(shown, format)?;
        let read = jiff::fmt::strtime::parse(format, &written).ok()?;
        let at = read.to_timestamp().ok().or_else(|| {
            let civil = read.to_datetime().ok()?;
            civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        });
        Some((written, at?))
    };
    let plain = written(format);
    let is_own = |(_, at): &(String, Timestamp)| *at == own;
    if let Some((text, _)) = plain.clone().filter(is_own) {
        return Some(text);
    }
    let whole = written(&format.replacen("%S", "%S%.f", 1)).filter(is_own);
    let cut = || plain.filter(|(_, at)| at.as_second() == own.as_second());
    whole.or_else(cut).map(|(text, _)| text)
}

/// The second of a moment that says its time of day.
fn second(text: &str) -> Option<i64> {
    exact_moment(text).map(Timestamp::as_second)
}

/// A moment that says its time of day.
fn exact_moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() < 16 || !text.contains(':') {
        return None;
    }
    text.parse::<Timestamp>().ok().or_else(|| utc(text))
}

fn utc(text: &str) -> Option<Timestamp> {
    let civil: DateTime = text.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

pub(super) fn flag(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(yes) => Some(*yes),
        Json::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Json::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A number in its shortest form, so that figures of any length compare: `12.50` is `12.5`.
fn number(value: &Json) -> Option<String> {
    let text = match value {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    if rest.contains(['e', 'E']) {
        let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
        return number(&Json::String(format!("{float}")));
    }
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + part.len() == 0 || !is_digits(whole) || !is_digits(part) {
        return None;
    }
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let sign = if whole.is_empty() && part.is_empty() { "" } else { sign };
    Some(format!("{sign}{whole}.{part}"))
}

/// Two figures that lie as near as no map can show apart (a hundredth of a metre).
fn coordinates(sent: &Json, found: &Json) -> bool {
    let pair = |value: &Json| -> Option<[f64; 2]> {
        let list: Vec<f64> = value
            .as_array()?
            .iter()
            .map(|one| scalar(one)?.trim().parse::<f64>().ok())
            .collect::<Option<_>>()?;
        list.try_into().ok()
    };
    match (pair(sent), pair(found)) {
        (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-7),
        _ => false,
    }
}

/// Lower case; one client of the vendor spells `withheld` with a slip.
pub(super) fn gender(text: &str) -> String {
    match folded(text).as_str() {
        "witheld" => "withheld".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_in_another_way_is_the_same_and_nothing_else_is() {
        for (way, sent, found, expected) in [
            (As::Text, json!("Ada"), json!("Ada "), true),
            (As::Text, json!("Ada"), json!("ada"), false),
            (As::Text, json!("José"), json!("Jose\u{301}"), true),
            (As::Text, json!("a\r\nb"), json!("a\nb"), true),
            (As::Text, json!(null), json!(""), true),
            (As::Text, json!(null), json!("Ada"), false),
            (As::Text, json!("Ada"), json!(null), false),
            (As::Text, json!("007"), json!("7"), false),
            (As::Text, json!("7"), json!(7), true),
            (As::Folded, json!("ada mCfee"), json!("Ada Mcfee"), true),
            (As::Folded, json!("Ada"), json!("Ida"), false),
            (As::Email, json!("Ada@example.ORG"), json!("ada@example.org"), true),
            (As::Email, json!("ada@example.org"), json!("ida@example.org"), false),
            (As::Phone, json!("+15145555555"), json!("+1 (514) 555-5555"), true),
            (As::Phone, json!("+15145555555"), json!("5145555555"), false),
            (As::Number, json!(5), json!("05"), true),
            (As::Number, json!("12.50"), json!(12.5), true),
            (As::Number, json!("-0"), json!(0), true),
            (As::Number, json!("1e3"), json!(1000), true),
            (As::Number, json!("12345678901234567890123"), json!("12345678901234567890124"), false),
            (As::Number, json!(1), json!(2), false),
            (As::Number, json!("x"), json!("y"), false),
            (As::Flag, json!(true), json!("true"), true),
            (As::Flag, json!("false"), json!(false), true),
            (As::Flag, json!(false), json!(null), true),
            (As::Flag, json!(true), json!(null), false),
            (As::Flag, json!(null), json!(false), true),
            (As::Flag, json!(null), json!(true), false),
            (As::Day, json!("2004-05-03"), json!("2004-05-03T00:00:00Z"), true),
            (As::Day, json!("2004-05-03"), json!("2004-05-04"), false),
            (As::Day, json!("2004-05-03"), json!("2004-05-031"), false),
            (As::Moment, json!("2021-01-27T00:00:00Z"), json!("2021-01-27 00:00:00"), true),
            (As::Moment, json!("2021-01-27T10:00:00+10:00"), json!("2021-01-27 00:00:00"), true),
            (As::Moment, json!("2021-01-27T00:00:00Z"), json!("2021-01-27"), true),
            (As::Moment, json!("2021-01-27T00:00:00Z"), json!("2021-01-27T00:00:00.000000Z"), true),
            (As::Moment, json!("2021-01-27T00:00:00Z"), json!("2021-01-27 00:00:01"), false),
            (As::Country, json!("AU"), json!("Australia"), true),
            (As::Country, json!("AU"), json!("AUS"), true),
            (As::Country, json!("AU"), json!("Austria"), false),
            (As::Country, json!("Nowhere"), json!("nowhere"), true),
            (As::Gender, json!("withheld"), json!("WITHELD"), true),
            (As::Gender, json!("female"), json!("Female"), true),
            (As::Gender, json!("female"), json!("male"), false),
            (
                As::Coordinates,
                json!(["40.7567681", "-73.6996"]),
                json!([40.756_768_1, -73.6996]),
                true,
            ),
            (As::Coordinates, json!(["40.7", "-73.6"]), json!(["-73.6", "40.7"]), false),
            (As::Coordinates, json!(["40.7"]), json!(["40.7", "1"]), false),
            (As::Any, json!(true), json!("true"), true),
            (As::Any, json!(12), json!("12.0"), true),
            (As::Any, json!("007"), json!("7"), false),
            (As::Any, json!("2024-09-19T17:35:35Z"), json!("2024-09-19T17:35:35.210435Z"), true),
            (As::Any, json!("1234567890123456"), json!("1234567890123457"), false),
            (As::Any, json!(["a", "b"]), json!(["a", "b"]), true),
            (As::Any, json!(["a", "b"]), json!(["a"]), false),
            (As::Any, json!({"a": 1}), json!({"a": "1"}), true),
            (As::Any, json!({"a": 1}), json!({"a": 1, "b": 2}), false),
        ] {
            assert_eq!(way.same(&sent, &found), expected, "{way:?} {sent} {found}");
        }
    }

    #[test]
    fn what_was_sent_must_be_in_what_is_found() {
        for (sent, found, expected) in [
            (json!(["a"]), json!(["b", "a"]), true),
            (json!(["a", "c"]), json!(["b", "a"]), false),
            (json!({"a": 1}), json!({"a": 1, "b": 2}), true),
            (json!({"a": {"b": "x"}}), json!({"a": {"b": "x", "c": 1}}), true),
            (json!({"a": 1}), json!({}), false),
            (json!([{"h": "a"}]), json!([{"h": "b"}, {"h": "a", "id": 3}]), true),
        ] {
            assert_eq!(includes(&sent, &found), expected, "{sent} {found}");
        }
    }
}
