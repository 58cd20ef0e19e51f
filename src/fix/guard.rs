//! Cells of a plan, kept from the spreadsheet program in which the plan is read.
//!
//! A program that opens a CSV takes `=1+1` for a formula, `+61412000111` for a number and `1/2` for a day,
//! and saves what it made of them. Such a cell gets an apostrophe in front, by which it stays text, and
//! which is taken off when the plan is read.

use std::borrow::Cow;

use crate::visible::disarm;

/// The most letters that a date, a time, an amount or a truth has in any language that is known here.
const LETTERS: usize = 14;

/// Words that programs take for truth values.
const TRUTHS: &[&str] =
    &["falsch", "false", "falso", "faux", "true", "verdadero", "vero", "vrai", "wahr"];

/// A cell that a spreadsheet program leaves as it is.
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if is_at_risk(text) { format!("'{text}").into() } else { text.into() }
}

/// A cell as it was before it was guarded; one that somebody typed without an apostrophe stays.
pub(super) fn bare(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_at_risk(rest)).unwrap_or(text)
}

/// Whether a program may take the text for anything else. It does not matter for that how many
/// apostrophes stand in front.
fn is_at_risk(text: &str) -> bool {
    let body = text.trim_start_matches('\'');
    matches!(disarm(body), Cow::Owned(_)) || is_other_than_text(body)
}

/// Whether a program may take it for a number, a day, a time or a truth.
fn is_other_than_text(text: &str) -> bool {
    let text = text.trim();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let number = text.contains(char::is_numeric) && letters <= LETTERS && !text.contains('@');
    number || TRUTHS.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_change_stays_text() {
        for (text, expected) in [
            ("+61412000111", "'+61412000111"),
            ("0412000111", "'0412000111"),
            ("1985-03-04", "'1985-03-04"),
            ("4 March 1985", "'4 March 1985"),
            ("12E3", "'12E3"),
            ("true", "'true"),
            ("=1+1", "'=1+1"),
            ("'=1+1", "''=1+1"),
            ("'42", "''42"),
            ("Ada", "Ada"),
            ("'Ada", "'Ada"),
            ("ada1@example.org", "ada1@example.org"),
            ("", ""),
        ] {
            assert_eq!(guarded(text), expected, "{text}");
            assert_eq!(bare(&guarded(text)), text);
        }
        assert_eq!(bare("42"), "42", "typed by a person");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_was_guarded_comes_back(text in "[' \"\t]{0,3}[-=+@]{0,2}[0-9a-zé,;'\" \n.-]{0,16}") {
            let safe = guarded(&text);
            prop_assert_eq!(bare(&safe), text.as_str());
        }
    }
}
