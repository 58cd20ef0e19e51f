//! The text of a recipe, and errors that point into it.

use std::ops::Range;

use miette::NamedSource;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::DeValue;

use crate::error::{Error, Result, in_words};
use crate::spelling::nearest;
use crate::visible::{in_place, visible};

/// The text of a recipe, with the name under which messages show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) text: String,
}

impl Source {
    /// A value in a type of ours.
    pub(super) fn read<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>) -> Result<T> {
        T::deserialize(value.into_deserializer()).map_err(|error| self.wrong(&error))
    }

    /// The error for what is no TOML, or not in the form of a section.
    pub(super) fn wrong(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or(0..0);
        let near = meant(error.message()).map(|near| format!("did you mean `{near}`?"));
        let help = error.message().contains("unquoted key").then(|| {
            "a name with spaces, colons or accents stands in quotes: [values.\"custom:Shirt size\"]"
                .to_owned()
        });
        self.error(
            format!("the recipe is wrong: {}", in_words(error.message())),
            span,
            near.or(help),
        )
    }

    /// An error about a place in the recipe.
    pub(super) fn error(&self, message: String, span: Range<usize>, help: Option<String>) -> Error {
        let (text, span) = narrowed(&masked(&self.text), span);
        let text = NamedSource::new(visible(&self.name), in_place(&text));
        Error::Recipe { message, text, span: span.into(), help }
    }
}

/// A text whose lines end where nobody reads on, and where a place in it is then: of the line with the
/// place all is left that stands in front of it.
fn narrowed(text: &str, span: Range<usize>) -> (String, Range<usize>) {
    /// So many bytes of a line are shown, and of what stands behind a place in one.
    const SHOWN: usize = 160;
    let mut shown = String::with_capacity(text.len());
    let (mut first, mut last) = (span.start, span.end);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']);
        let lines = start..start + line.len();
        let in_front = if lines.contains(&span.start) { span.start - start } else { 0 };
        // The sign for the rest takes no more room than the rest.
        let is_long = content.len() > in_front + SHOWN + '…'.len_utf8();
        let cut =
            if is_long { content.floor_char_boundary(in_front + SHOWN) } else { content.len() };
        let begin = shown.len();
        shown.push_str(content.get(..cut).unwrap_or_default());
        if cut < content.len() {
            shown.push('…');
        }
        for (old, new) in [(span.start, &mut first), (span.end, &mut last)] {
            if lines.contains(&old) || old == text.len() {
                *new = (begin + (old - start)).min(shown.len());
            }
        }
        shown.push_str(line.get(content.len()..).unwrap_or_default());
        start += line.len();
    }
    (shown, first..last)
}

/// Which of the names that an error lists was perhaps meant: the first name in it is the one that is
/// unknown.
fn meant(message: &str) -> Option<&str> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    nearest(unknown, names)
}

/// The text of a recipe as it may be shown: what stands behind a key that sounds like a secret is
/// starred out, byte for byte, so that places stay right. No secret belongs there, but people try.
fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (key, value) = line.split_at(line.find('=').unwrap_or(line.len()));
        let name = key.to_lowercase();
        let sounds_secret = ["key", "token", "secret", "password"];
        let is_secret = sounds_secret.iter().any(|word| name.trim_end().ends_with(word))
            && !["records_key", "unique_field_key"].contains(&name.trim());
        shown.push_str(key);
        if !is_secret {
            shown.push_str(&without_user(value));
            continue;
        }
        for c in value.chars() {
            match c {
                '=' | '"' | '\'' | ' ' | '\n' | '\r' => shown.push(c),
                c => (0..c.len_utf8()).for_each(|_| shown.push('*')),
            }
        }
    }
    shown
}

/// A line whose web address shows no user name and no password, byte for byte as long.
fn without_user(value: &str) -> String {
    let parts = value.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.rsplit_once('@')?;
        Some(format!("{scheme}://{}@{host}", "*".repeat(user.len())))
    });
    parts.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_long_lines_only_the_beginning_is_shown() {
        let long = |before: usize, behind: usize| {
            let text = format!(
                "a = \"{}\"\nb = '{}{}'\nc = 1\n",
                "é".repeat(400),
                "x".repeat(before),
                "y".repeat(behind)
            );
            let start = text.find("b = ").unwrap() + 5 + before;
            (text.clone(), start..start + behind.min(8))
        };
        for (before, behind) in [(0, 2), (3, 900), (700, 900), (0, 8), (155, 8)] {
            let (text, span) = long(before, behind);
            let (shown, place) = narrowed(&text, span.clone());
            assert_eq!(shown.get(place), text.get(span), "{before} {behind}");
            assert!(shown.ends_with("\nc = 1\n"), "{shown}");
            assert!(shown.len() < before + 500, "{}", shown.len());
        }
        let text = format!("a = \"{}\"\nb = 2", "x".repeat(900));
        let (shown, place) = narrowed(&text, 4..906);
        assert!(shown.get(place).unwrap().ends_with("xx…"), "{shown}");
        assert_eq!(narrowed("ab\r\nc", 5..5), ("ab\r\nc".to_owned(), 5..5));
        let text = format!("{}\nb = 2", "x".repeat(161));
        assert_eq!(narrowed(&text, 166..166), (text.clone(), 166..166), "it never grows");
    }

    #[test]
    fn a_secret_in_a_recipe_is_not_repeated() {
        assert_eq!(
            masked("base_url = \"https://ué:p/w@a.org\"\n"),
            "base_url = \"https://*******@a.org\"\n"
        );
        assert_eq!(
            masked("api_key = \"aé\"\nrecords_key = \"a\"\napi_key_file = \"k\"\nTOKEN='x'\n[a]\n"),
            "api_key = \"***\"\nrecords_key = \"a\"\napi_key_file = \"k\"\nTOKEN='*'\n[a]\n"
        );
    }
}
