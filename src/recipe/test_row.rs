//! `[[tests]]`: rows with the people that they must give, judged before every import.
//!
//! A test row stands alone: it is judged by the recipe and the rules, and what other rows of a file
//! prove does not count for it.

use std::fmt::Write as _;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::Recipe;
use super::source::Source;
use super::word::{Form, Word};
use crate::error::Result;

/// One test row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestRow {
    /// Its name, or its number among the test rows.
    pub name: String,
    /// Cells by header; the others are blank.
    pub cells: Vec<(Word, Word)>,
    /// What must come of it.
    pub expected: Expected,
    /// Where the recipe says what must come of it.
    pub span: Range<usize>,
}

/// What must come of a test row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A person with these values and no others.
    Person {
        /// Values by field.
        gives: Vec<(Word, Word)>,
        /// Fields that are cleared in the target.
        clears: Vec<Word>,
    },
    /// A rejection with these codes and no others.
    Rejected(Vec<Word>),
}

/// Reads `[[tests]]`.
pub(super) fn read(
    recipe: &mut Recipe,
    source: &Source,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    let span = value.span();
    let DeValue::Array(rows) = value.into_inner() else {
        let help = "write each test row under a [[tests]] of its own".to_owned();
        return Err(source.error("tests are a list".to_owned(), span, Some(help)));
    };
    for (number, row) in (1..).zip(rows) {
        recipe.tests.push(test_row(source, number, row)?);
    }
    Ok(())
}

fn test_row(source: &Source, number: usize, value: Spanned<DeValue<'_>>) -> Result<TestRow> {
    const KEYS: [&str; 5] = ["name", "row", "gives", "clears", "rejects"];
    let whole = value.span();
    let (mut name, mut row) = (None, None);
    let (mut gives, mut clears, mut rejects) = (None, Vec::new(), None);
    for (key, value) in source.table(value, "[[tests]]")? {
        match key.text.as_str() {
            "name" => name = Some(source.text(value)?.text),
            "row" => row = Some(words(source, value, "row = { \"HEADER\" = \"CELL\" }")?),
            "gives" => {
                gives = Some((key, words(source, value, "gives = { FIELD = \"VALUE\" }")?));
            }
            "clears" => clears = source.list(value)?,
            "rejects" => rejects = Some((key, source.list(value)?)),
            _ => return Err(source.unknown_key(&key, &KEYS)),
        }
    }
    let error = |message: &str, span: Range<usize>, help: &str| {
        Err(source.error(message.to_owned(), span, Some(help.to_owned())))
    };
    let Some(cells) = row else {
        return error("a test row has no row", whole, "add row = { \"HEADER\" = \"CELL\" }");
    };
    let (expected, span) = match (gives, rejects) {
        (Some((key, gives)), None) => (Expected::Person { gives, clears }, key.span),
        (None, Some((key, _))) if !clears.is_empty() => {
            return error("nobody is rejected and cleared", key.span, "keep gives and clears");
        }
        (None, Some((key, codes))) => (Expected::Rejected(codes), key.span),
        (Some(_), Some((key, _))) => {
            return error("a test row gives a person or is rejected", key.span, "keep one of them");
        }
        (None, None) => {
            let help = "add gives = { FIELD = \"VALUE\" } or rejects = [\"CODE\"]";
            return error("a test row does not say what must come of it", whole, help);
        }
    };
    let name = name.map_or_else(|| format!("test row {number}"), |name| format!("test {name:?}"));
    Ok(TestRow { name, cells, expected, span })
}

fn words(source: &Source, value: Spanned<DeValue<'_>>, example: &str) -> Result<Vec<(Word, Word)>> {
    let lines = source.table(value, example)?;
    lines.into_iter().map(|(key, value)| Ok((key, source.word(value)?))).collect()
}

impl TestRow {
    /// The text of a test row, as it stands in a recipe: cells by header, and the values that they
    /// must give. Numbers, yes and no are written without quotes.
    pub fn written(name: &str, cells: &[(&str, &str)], gives: &[(&str, Word)]) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut text = format!("[[tests]]\nname = {}\n", quoted(name));
        let list = |items: Vec<String>| {
            if items.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", items.join(", ")) }
        };
        let cells = cells.iter().map(|(key, cell)| format!("{} = {}", quoted(key), quoted(cell)));
        let gives = gives.iter().map(|(field, value)| {
            let value = match value.form {
                Form::Number | Form::Bool => value.text.clone(),
                Form::Text | Form::Date => quoted(&value.text),
            };
            format!("{} = {value}", quoted(field))
        });
        // Writing to a String cannot fail.
        let _ = writeln!(text, "row = {}", list(cells.collect()));
        let _ = writeln!(text, "gives = {}", list(gives.collect()));
        text
    }
}
