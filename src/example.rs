//! What stands in the example row of a sheet to fill in, and how it is known again: by an address that
//! nobody can have.

use std::borrow::Cow;

use crate::record::{Choice, Field, JsonForm, Kind};
use crate::spelling::normalise;

/// The domain of the example's addresses. No domain ends in `.invalid` (RFC 2606, section 2), so no
/// person has an address in it.
pub const DOMAIN: &str = "@upsheet.invalid";

/// The example's address.
pub const EMAIL: &str = "kim.sample@upsheet.invalid";

/// The example's id, where people are found by one: none that a system gives.
pub const ID: &str = "EXAMPLE-0";

/// The hidden sheet of a workbook to fill in that holds the words of its long lists, and nobody.
pub const LISTS: &str = "upsheet lists";

/// What stands where a first and a last name stand in one cell.
pub const FULL_NAME: &str = "Kim Sample";

/// The same where the family name may stand first: a comma shows that it does.
pub const FULL_NAME_TURNED: &str = "Sample, Kim";

/// What stands in columns of which nothing more is known, such as those that the recipe makes values of.
pub const TEXT: &str = "Sample";

/// The day on which the example was born. Its day cannot be a month, so it reads one way only.
pub const DAY: &str = "1990-05-31";

/// What texts the names of fields ask for, by what is in the last part of them, in normal form; the first
/// that is there counts. They have to read as what their header says, or the header would not be believed.
const TEXTS: &[(&str, &str)] = &[
    ("firstname", "Kim"),
    ("middlename", "Lee"),
    ("lastname", "Sample"),
    ("contactname", "Robin Sample"),
    ("displayname", "Kim Sample"),
    ("nickname", "Kim"),
    ("language", "en"),
    ("locale", "en-AU"),
    ("timezone", "Australia/Melbourne"),
    ("honorificprefix", "Ms"),
    ("relationship", "Sister"),
    ("postcode", "3000"),
    ("postalcode", "3000"),
    ("city", "Melbourne"),
    ("locality", "Melbourne"),
    ("state", "Victoria"),
    ("region", "Victoria"),
    ("line2", "Unit 2"),
    ("address", "1 Sample Street"),
    ("medical", "Asthma"),
    ("institution", "Sample College"),
    ("company", "Sample College"),
    ("occupation", "Teacher"),
    ("title", "Ms"),
];

/// What the example has for a field; `key` tells whether people are found by it.
pub fn value(field: &Field, key: bool) -> Cow<'static, str> {
    let text = match &field.kind {
        Kind::Email => EMAIL,
        _ if key => ID,
        Kind::Text | Kind::Name => text(field),
        Kind::Phone(_) => "+61 491 570 006",
        Kind::Date(_) => DAY,
        Kind::Moment(_) => "2026-01-31T09:30:00Z",
        Kind::Choice(choices) => return labels(choices, 1),
        Kind::Choices(choices) => return labels(choices, 2),
        Kind::Words => "sample; example",
        Kind::Integer => return integer(field).to_string().into(),
        Kind::Decimal => match field.range {
            Some((least, _)) => return least.to_string().into(),
            None => "12.5",
        },
        Kind::Bool => "yes",
        Kind::Url => "https://example.org/kim",
        Kind::Currency => "AUD",
        Kind::Country => "Australia",
        Kind::Coordinates => "51.5007, -0.1246",
        Kind::Json(JsonForm::Object) => r#"{"sample":"yes"}"#,
        Kind::Json(JsonForm::Array) => r#"["sample"]"#,
        Kind::Json(JsonForm::Any) => r#""sample""#,
    };
    text.into()
}

/// The example's text for a field where nobody else has it: one of several words with its name in them.
pub fn own_text(field: &Field) -> Option<&'static str> {
    Some(text(field)).filter(|text| text.contains(' ') && text.contains(TEXT))
}

/// The first labels of a list.
fn labels(choices: &[Choice], most: usize) -> Cow<'static, str> {
    let labels: Vec<&str> = choices.iter().take(most).map(|choice| &*choice.label).collect();
    if labels.is_empty() { TEXT.into() } else { labels.join("; ").into() }
}

fn text(field: &Field) -> &'static str {
    let name = if field.alias.is_empty() { &*field.name } else { field.alias };
    let last = normalise(name.rsplit('.').next().unwrap_or(name));
    let asked = TEXTS.iter().find(|(word, _)| last.contains(word));
    match asked {
        // "Title" heads jobs as well as forms of address.
        Some(("title", _)) if field.words.sure.contains(&"job title") => "Teacher",
        // What an account calls its own fields says nothing certain.
        Some((_, text)) if field.label.is_none() && !field.name.contains(':') => text,
        _ if field.code => "A0123",
        _ if matches!(field.kind, Kind::Name) => FULL_NAME,
        _ => TEXT,
    }
}

fn integer(field: &Field) -> i64 {
    match field.range {
        _ if field.born => 1990,
        Some((least, most)) => most.min(least.saturating_add(30)),
        None => 12,
    }
}

/// Whether a text is an address of the example.
#[inline]
pub fn is_address(text: &str) -> bool {
    // The last letter settles it for nearly every address.
    let last = text.as_bytes().last();
    !last.is_none_or(|last| last.is_ascii_alphabetic() && !matches!(last, b'd' | b'D'))
        && ends(text)
}

fn ends(text: &str) -> bool {
    let text = text.trim().as_bytes();
    let end = text.len().checked_sub(DOMAIN.len()).and_then(|from| text.get(from..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(DOMAIN.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_reserved_domain_are_the_examples() {
        for (text, expected) in [
            (EMAIL, true),
            (" Kim.Sample@UPSHEET.Invalid\u{a0}", true),
            ("ada@example.org", false),
            ("ada@upsheet.invalid.org", false),
            ("ada@mine.invalid", false),
            ("d", false),
            ("é", false),
            ("", false),
        ] {
            assert_eq!(is_address(text), expected, "{text:?}");
        }
    }
}
