//! How a value that a profile shows is written, so that it can be sent again.
//!
//! A profile shows what was written in its own way ([`super::same`] compares the two): a number as text, a
//! moment without its zone. What is sent again has the form in which the field was sent before.

use serde_json::Value as Json;

use super::same::{As, day, flag, gender, is_nothing, scalar, whole_moment};
use crate::validate;

/// A value that was shown, in the form of one that was sent for the same field; nothing where nobody knows how
/// it is written, or where nothing is shown.
pub(crate) fn sendable(way: As, like: &Json, shown: &Json) -> Option<Json> {
    if is_nothing(shown) {
        return None;
    }
    match way {
        As::Flag => flag(shown).map(|on| in_form(like, &on.to_string())).unwrap_or_default(),
        As::Coordinates => coordinates(like, shown),
        As::Day => in_form(like, &day(shown.as_str()?)?),
        As::Moment => in_form(like, &whole_moment(shown.as_str()?)?.to_string()),
        As::Country => {
            let shown = scalar(shown)?;
            in_form(like, validate::country(&shown).unwrap_or(&shown))
        }
        As::Gender => in_form(like, &gender(shown.as_str()?)),
        As::Any | As::Text | As::Folded | As::Email | As::Phone | As::Number => {
            in_form(like, &scalar(shown)?)
        }
    }
}

/// A text as the kind of value that another one is. Where that is empty, its kind is not known, and it is
/// text.
fn in_form(like: &Json, text: &str) -> Option<Json> {
    match like {
        Json::Bool(_) => text.parse().ok().map(Json::Bool),
        Json::Number(_) => number(text),
        Json::String(_) | Json::Null => Some(text.into()),
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// The number of a text, which may have zeros in front, as the parts of a day have.
fn number(text: &str) -> Option<Json> {
    let (sign, digits) = text.split_at(usize::from(text.starts_with('-')));
    let short = digits.trim_start_matches('0');
    let zero = if short.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
    let zero = if short.len() < digits.len() || digits.starts_with('.') { zero } else { "" };
    serde_json::from_str(&format!("{sign}{zero}{short}")).ok().filter(Json::is_number)
}

fn coordinates(like: &Json, shown: &Json) -> Option<Json> {
    let of = like.get(0).cloned().unwrap_or_else(|| "".into());
    let shown = shown.as_array().filter(|shown| shown.len() == 2)?;
    shown.iter().map(|one| in_form(&of, &scalar(one)?)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_is_written_in_the_form_of_what_was_sent_and_means_the_same() {
        for (way, like, shown, expected) in [
            (As::Text, json!("x"), json!("Ada"), Some(json!("Ada"))),
            (As::Text, json!("x"), json!(7), Some(json!("7"))),
            (As::Text, json!("x"), json!(""), None),
            (As::Text, json!("x"), json!(["Ada"]), None),
            (As::Text, json!(null), json!("Ada"), Some(json!("Ada"))),
            (As::Any, json!(1), json!(2), Some(json!(2))),
            (As::Any, json!({"a": 1}), json!({"a": 2}), None),
            (As::Number, json!(5), json!("6"), Some(json!(6))),
            (As::Number, json!(5), json!("06"), Some(json!(6))),
            (As::Number, json!(5), json!("-00.5"), Some(json!(-0.5))),
            (As::Number, json!(5), json!("00"), Some(json!(0))),
            (As::Number, json!(5), json!("six"), None),
            (As::Number, json!(5), json!("-"), None),
            (As::Number, json!("5"), json!(6.5), Some(json!("6.5"))),
            (As::Flag, json!(true), json!("no"), Some(json!(false))),
            (As::Flag, json!("true"), json!(0), Some(json!("false"))),
            (As::Flag, json!(true), json!("perhaps"), None),
            (
                As::Day,
                json!("2004-05-03"),
                json!("2003-01-02T00:00:00Z"),
                Some(json!("2003-01-02")),
            ),
            (As::Day, json!("2004-05-03"), json!("May"), None),
            (
                As::Moment,
                json!("2021-01-27T00:00:00Z"),
                json!("2020-02-03 04:05:06"),
                Some(json!("2020-02-03T04:05:06Z")),
            ),
            (
                As::Moment,
                json!("2021-01-27T00:00:00Z"),
                json!("2020-02-03T04:05:06.210435Z"),
                Some(json!("2020-02-03T04:05:06.210435Z")),
            ),
            (As::Country, json!("AU"), json!("Austria"), Some(json!("AT"))),
            (As::Country, json!("AU"), json!("Nowhere"), Some(json!("Nowhere"))),
            (As::Gender, json!("male"), json!("WITHELD"), Some(json!("withheld"))),
            (As::Coordinates, json!(["1", "2"]), json!([3.5, 4]), Some(json!(["3.5", "4"]))),
            (As::Coordinates, json!([1, 2]), json!(["3.5", "4"]), Some(json!([3.5, 4]))),
            (As::Coordinates, json!(["1", "2"]), json!([3.5]), None),
        ] {
            let written = sendable(way, &like, &shown);
            assert_eq!(written, expected, "{way:?} {like} {shown}");
            if let Some(written) = written {
                assert!(way.same(&written, &shown), "{way:?} {written} {shown}");
            }
        }
    }
}
