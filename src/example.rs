//! What stands in the example row of a sheet to fill in, and how it is known again: by an address that
//! nobody can have.

use std::borrow::Cow;

use crate::record::{Field, Kind};

/// The domain of the example's addresses. No domain ends in `.invalid` (RFC 2606, section 2), so no
/// person has an address in it.
pub const DOMAIN: &str = "@upsheet.invalid";

/// The example's address.
pub const EMAIL: &str = "kim.sample@upsheet.invalid";

/// The example's id, where people are found by one: none that a system gives.
pub const ID: &str = "EXAMPLE-0";

/// What stands in columns that the recipe makes values of.
pub const TEXT: &str = "Sample";

/// The day on which the example was born. Its day cannot be a month, so it reads one way only.
pub const DAY: &str = "1990-05-31";

/// What the example has for a field; `key` tells whether people are found by it.
pub fn value(field: &Field, key: bool) -> Cow<'static, str> {
    Cow::Borrowed(match field.kind {
        Kind::Email => EMAIL,
        Kind::Text if key => ID,
        Kind::Text | Kind::Name => text(field),
        Kind::Phone(_) => "+61 491 570 006",
        Kind::Date(_) => DAY,
        Kind::Moment => "2026-01-31T09:30:00Z",
        Kind::Choice(choices) => choices.first().map_or(TEXT, |choice| choice.label),
        Kind::Integer => return integer(field).to_string().into(),
        Kind::Bool => "yes",
        Kind::Url => "https://example.org/kim",
        Kind::Currency => "AUD",
        Kind::Country => "Australia",
    })
}

fn text(field: &Field) -> &'static str {
    match field.name.as_ref() {
        "first_name" => "Kim",
        "last_name" => "Sample",
        "title" => "Ms",
        _ if field.code => "A0123",
        _ if matches!(field.kind, Kind::Name) => "Kim Sample",
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
pub fn is_address(text: &str) -> bool {
    let text = text.trim().as_bytes();
    let end = text.len().checked_sub(DOMAIN.len()).and_then(|from| text.get(from..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(DOMAIN.as_bytes()))
}
