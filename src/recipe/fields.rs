//! `[fields.NAME]`: values that come from no single column, and what a blank means for one field.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::Recipe;
use super::policy::Blank;
use super::source::Source;
use super::template::{Part, Piece, Template};
use super::word::{Form, Word};
use crate::error::Result;

/// What the recipe says of the values of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldRule {
    /// The field.
    pub field: Word,
    /// Its value, where no column fills it.
    pub given: Option<Given>,
    /// `when = "blank"`: the value is made only for people whose cell is blank.
    pub only_blank: bool,
    /// The value of people who have none.
    pub default: Option<Word>,
    /// What a blank means for this field, and where it is said.
    pub blank: Option<(Blank, Range<usize>)>,
}

/// A value that comes from no column of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The same for everybody.
    Constant(Word),
    /// Made of columns and fields.
    Made(Made),
}

/// What a value is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// A text with the values of columns and fields.
    Template(Template, Range<usize>),
    /// Columns and fields one behind the other; blank ones are left out.
    Join {
        /// The columns and fields.
        parts: Vec<Part>,
        /// What stands between two of them.
        with: String,
        /// Where it is said.
        span: Range<usize>,
    },
    /// A part of a column.
    Split {
        /// The column, by its header.
        column: Word,
        /// What stands between the parts, any one of these.
        by: Vec<String>,
        /// Which part, from 0.
        place: usize,
        /// How many parts there are.
        of: usize,
    },
}

impl Given {
    /// Where the recipe says it.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Constant(word) => word.span.clone(),
            Self::Made(Made::Template(_, span) | Made::Join { span, .. }) => span.clone(),
            Self::Made(Made::Split { column, .. }) => column.span.clone(),
        }
    }
}

/// Reads `[fields]`: `NAME = "a text or a template"`, or a table for each field.
pub(super) fn read(
    recipe: &mut Recipe,
    source: &Source,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    for (field, value) in source.table(value, "[fields.NAME], or [fields] with NAME = \"VALUE\"")? {
        let rule = if matches!(value.get_ref(), DeValue::Table(_)) {
            long(source, field, value)?
        } else {
            let given = Some(text_or_template(source, source.word(value)?)?);
            FieldRule { field, given, ..FieldRule::default() }
        };
        recipe.fields.push(rule);
    }
    Ok(())
}

/// `blank = "keep"` or `"clear"`, with its place.
pub(super) fn blank(source: &Source, value: Spanned<DeValue<'_>>) -> Result<(Blank, Range<usize>)> {
    let span = value.span();
    Ok((source.read(value)?, span))
}

/// A text without braces is a constant, one with them a template.
fn text_or_template(source: &Source, word: Word) -> Result<Given> {
    if word.form != Form::Text {
        return Ok(Given::Constant(word));
    }
    let template = template(source, &word)?;
    Ok(match template.constant() {
        Some(text) => Given::Constant(Word { text: text.to_owned(), ..word }),
        None => Given::Made(Made::Template(template, word.span)),
    })
}

/// Takes a template apart; its parts have their places in the recipe.
fn template(source: &Source, word: &Word) -> Result<Template> {
    let mut template = Template::parse(&word.text).map_err(|fault| {
        source.error(fault.message, source.inside(word, fault.span), Some(fault.help))
    })?;
    for piece in &mut template.pieces {
        if let Piece::Part(part) = piece {
            part.span = source.inside(word, part.span.clone());
        }
    }
    Ok(template)
}

fn long(source: &Source, field: Word, value: Spanned<DeValue<'_>>) -> Result<FieldRule> {
    const KEYS: [&str; 7] = ["constant", "template", "join", "with", "when", "default", "blank"];
    let mut rule = FieldRule { field, ..FieldRule::default() };
    let mut with: Option<Word> = None;
    let mut when: Option<Word> = None;
    for (key, value) in source.table(value, "[fields.NAME]")? {
        let given = match key.text.as_str() {
            "constant" => Given::Constant(source.word(value)?),
            "template" => {
                let word = source.text(value)?;
                Given::Made(Made::Template(template(source, &word)?, word.span))
            }
            "join" => Given::Made(Made::Join {
                parts: source.list(value)?.into_iter().map(part).collect(),
                with: " ".to_owned(),
                span: key.span.clone(),
            }),
            "with" => {
                with = Some(source.text(value)?);
                continue;
            }
            "when" => {
                when = Some(source.text(value)?);
                continue;
            }
            "default" => {
                rule.default = Some(source.word(value)?);
                continue;
            }
            "blank" => {
                rule.blank = Some(blank(source, value)?);
                continue;
            }
            "column" => {
                let help = "columns are named under [columns]: \"HEADER\" = \"FIELD\"";
                let message = "a field does not name its column".to_owned();
                return Err(source.error(message, key.span, Some(help.to_owned())));
            }
            _ => return Err(source.unknown_key(&key, &KEYS)),
        };
        if rule.given.replace(given).is_some() {
            let help = "keep one of constant, template and join";
            let message = format!("`{}` has two sources", rule.field.text);
            return Err(source.error(message, key.span, Some(help.to_owned())));
        }
    }
    settle_with(source, &mut rule, with)?;
    settle_when(source, &mut rule, when)?;
    if rule.given.is_none() && rule.default.is_none() && rule.blank.is_none() {
        let help = "give it a constant, a template, a join, a default, or what a blank means";
        let message = format!("nothing is said of `{}`", rule.field.text);
        return Err(source.error(message, rule.field.span, Some(help.to_owned())));
    }
    Ok(rule)
}

fn part(name: Word) -> Part {
    Part { name: name.text, filters: Vec::new(), span: name.span }
}

fn settle_with(source: &Source, rule: &mut FieldRule, said: Option<Word>) -> Result<()> {
    let error = |message: &str, span: Range<usize>, help: &str| {
        Err(source.error(message.to_owned(), span, Some(help.to_owned())))
    };
    match (&mut rule.given, said) {
        (Some(Given::Made(Made::Join { parts, span, .. })), _) if parts.is_empty() => {
            error("nothing to join", span.clone(), "name headers: join = [\"Street\", \"City\"]")
        }
        (Some(Given::Made(Made::Join { with, .. })), Some(said)) => {
            *with = said.text;
            Ok(())
        }
        (_, Some(said)) => {
            error("`with` goes with join and nothing else", said.span, "take it out, or add a join")
        }
        (_, None) => Ok(()),
    }
}

fn settle_when(source: &Source, rule: &mut FieldRule, said: Option<Word>) -> Result<()> {
    let Some(said) = said else { return Ok(()) };
    let error = |message: String, help: &str| {
        Err(source.error(message, said.span.clone(), Some(help.to_owned())))
    };
    match said.text.as_str() {
        "blank" if rule.given.is_none() => {
            error("`when` needs a value that is made".to_owned(), "a default needs no when")
        }
        "blank" => {
            rule.only_blank = true;
            Ok(())
        }
        "always" => Ok(()),
        other => error(
            format!("`when` cannot be {other:?}"),
            "write \"blank\" to make the value only where the cell is blank, or leave it out",
        ),
    }
}
