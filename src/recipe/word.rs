//! One value of a recipe as text: what a person means does not depend on the quotes around it.

use std::fmt::Write as _;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::source::Source;
use crate::error::Result;

/// How a value is written in the recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// `"text"`
    #[default]
    Text,
    /// `42` or `4.5`
    Number,
    /// `true` or `false`
    Bool,
    /// `1990-05-31`
    Date,
}

/// A text, number, date, yes or no of the recipe: its text, how it is written, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// How it is written.
    pub form: Form,
    /// Where it stands.
    pub span: Range<usize>,
}

impl Source {
    /// A value that may be written in any of the [forms](Form).
    pub(super) fn word(&self, value: Spanned<DeValue<'_>>) -> Result<Word> {
        let span = value.span();
        let (text, form) = match value.get_ref() {
            DeValue::String(text) => (text.to_string(), Form::Text),
            DeValue::Integer(_) => (self.read::<i64>(value)?.to_string(), Form::Number),
            DeValue::Float(number) => (number.as_str().to_owned(), Form::Number),
            DeValue::Boolean(yes) => (yes.to_string(), Form::Bool),
            DeValue::Datetime(when) => (when.to_string(), Form::Date),
            DeValue::Array(_) | DeValue::Table(_) => {
                return Err(self.error(
                    "one value is needed here, not a list or a table".to_owned(),
                    span,
                    Some("write a text in quotes, a number, a date, true or false".to_owned()),
                ));
            }
        };
        Ok(Word { text, form, span })
    }

    /// A value that must be text.
    pub(super) fn text(&self, value: Spanned<DeValue<'_>>) -> Result<Word> {
        if !matches!(value.get_ref(), DeValue::String(_)) {
            let help = Some("put it in quotes".to_owned());
            return Err(self.error("a text is needed here".to_owned(), value.span(), help));
        }
        let text: Spanned<String> = self.read(value)?;
        Ok(Word { span: text.span(), text: text.into_inner(), form: Form::Text })
    }

    /// The lines of a table in the order of the file, keys as words.
    pub(super) fn table<'v>(
        &self,
        value: Spanned<DeValue<'v>>,
        example: &str,
    ) -> Result<Vec<(Word, Spanned<DeValue<'v>>)>> {
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            let help = Some(format!("write it as {example}"));
            return Err(self.error("a table is needed here".to_owned(), span, help));
        };
        // A table keeps the order of the file only through the places of its keys.
        let mut lines: Vec<_> = table
            .into_iter()
            .map(|(key, value)| {
                let word =
                    Word { span: key.span(), text: key.into_inner().into(), form: Form::Text };
                (word, value)
            })
            .collect();
        lines.sort_by_key(|(key, _)| key.span.start);
        Ok(lines)
    }

    /// The values of a list; one value is a list of one.
    pub(super) fn list(&self, value: Spanned<DeValue<'_>>) -> Result<Vec<Word>> {
        match value.get_ref() {
            DeValue::Array(_) => {}
            _ => return Ok(vec![self.text(value)?]),
        }
        let DeValue::Array(items) = value.into_inner() else { return Ok(Vec::new()) };
        items.into_iter().map(|item| self.text(item)).collect()
    }

    /// The place of a part of a text of the recipe; the whole text where it is written with escapes.
    pub(super) fn inside(&self, word: &Word, part: Range<usize>) -> Range<usize> {
        let written = self.text.get(word.span.clone()).unwrap_or_default();
        let inner = written
            .strip_prefix(['"', '\''])
            .and_then(|rest| rest.strip_suffix(['"', '\'']))
            .filter(|inner| *inner == word.text);
        match inner {
            Some(inner) => {
                let first = word.span.start + 1;
                first + part.start..first + part.end.min(inner.len()).max(part.start)
            }
            None => word.span.clone(),
        }
    }

    /// The error for a key that a table of the recipe does not have.
    pub(super) fn unknown_key(&self, key: &Word, known: &[&str]) -> crate::error::Error {
        let help = match crate::spelling::nearest(&key.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known at this place: {}", known.join(", ")),
        };
        let message = format!("there is no key `{}` at this place", key.text);
        self.error(message, key.span.clone(), Some(help))
    }
}

/// A key of the recipe, in quotes where it needs them.
pub fn key(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !text.is_empty() && text.chars().all(bare) { text.to_owned() } else { quoted(text) }
}

/// A text as TOML has it on one line, whatever is in it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_keys_and_texts_of_the_recipe() {
        for (text, as_key, as_text) in [
            ("profile_type", "profile_type", "\"profile_type\""),
            ("custom:T-shirt size", "\"custom:T-shirt size\"", "\"custom:T-shirt size\""),
            ("a \"b\" \\ c\n", "\"a \\\"b\\\" \\\\ c\\u000A\"", "\"a \\\"b\\\" \\\\ c\\u000A\""),
            ("", "\"\"", "\"\""),
        ] {
            assert_eq!(key(text), as_key);
            assert_eq!(quoted(text), as_text);
            let line = format!("{} = {}", key(text), quoted(text));
            let table: toml::Table = line.parse().unwrap();
            assert_eq!(table.get(text).and_then(toml::Value::as_str), Some(text));
        }
    }
}
