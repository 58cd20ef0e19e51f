//! `upsheet.toml`: what the user decided once and for all.
//!
//! A recipe is strict: a key that is not known is an error with its place in the file. The
//! sections of the targets are kept as they are and read by the target that they belong to.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use miette::NamedSource;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result};
use crate::spelling::nearest;

/// What happens to later rows with a key that an earlier row has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDuplicate {
    /// The first row is kept, the later ones are rejected as errors.
    #[default]
    Reject,
    /// The first row is kept, the later ones are skipped with a warning.
    First,
    /// The last row is kept, the earlier ones are skipped with a warning.
    Last,
    /// The rows become one person: later values replace earlier ones, blanks replace nothing.
    Merge,
}

/// What a blank cell means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blank {
    /// Leave the field in the target alone: the key is omitted.
    #[default]
    Keep,
    /// Clear the field in the target: the key is sent as `null`.
    Clear,
}

/// In which order the parts of a numeric date stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

/// `[policy]`: decisions that hold for every column.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// What a blank cell means.
    pub blank: Blank,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// The order of numeric dates, when it is known.
    pub date_order: Option<DateOrder>,
}

/// `[phones]`: how phone numbers are read.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Phones {
    /// The column that holds each person's country, by its header or letter; `-` for none.
    pub region_column: Option<String>,
}

/// What the recipe says a word of a column stands for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Meaning {
    /// A code of the target.
    Code(i64),
    /// A word of the target.
    Word(String),
}

/// A value that may be written as a number or as text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Said {
    /// `header_row = 3`
    Number(i64),
    /// `header_row = "2-3"`
    Text(String),
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// `[reading]`: how files are read, as the flags of the same names say it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reading {
    /// `--sheet`
    pub sheet: Option<Spanned<Said>>,
    /// `--range`
    pub range: Option<Spanned<Said>>,
    /// `--table`
    pub table: Option<Spanned<Said>>,
    /// `--header-row`
    pub header_row: Option<Spanned<Said>>,
    /// `--delimiter`
    pub delimiter: Option<Spanned<Said>>,
    /// `--quote`
    pub quote: Option<Spanned<Said>>,
    /// `--encoding`
    pub encoding: Option<Spanned<Said>>,
    /// `--hidden`
    pub hidden: Option<Spanned<Said>>,
}

/// `[pins]`: how a file was read, to which later ones are held. Every value as `inspect` shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pins {
    /// The kind of file.
    pub format: Option<String>,
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// The delimiter of a text file.
    pub delimiter: Option<String>,
    /// The quote of a text file, or `none`.
    pub quote: Option<String>,
    /// The escape of a text file.
    pub escape: Option<String>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the header, `N-M` for several, or `none`.
    pub header: Option<String>,
    /// The headers of all columns.
    pub columns: Option<Vec<String>>,
    /// The order of numeric dates, by header.
    pub dates: BTreeMap<String, DateOrder>,
}

impl Pins {
    /// What can be pinned beside the columns, in the order in which it is written.
    pub const WHAT: [&str; 7] =
        ["format", "encoding", "delimiter", "quote", "escape", "sheet", "header"];

    /// Pins a decision by its name; one that cannot be pinned is left out.
    pub fn set(&mut self, what: &str, value: String) {
        let place = match what {
            "format" => &mut self.format,
            "encoding" => &mut self.encoding,
            "delimiter" => &mut self.delimiter,
            "quote" => &mut self.quote,
            "escape" => &mut self.escape,
            "sheet" => &mut self.sheet,
            "header" => &mut self.header,
            _ => return,
        };
        *place = Some(value);
    }

    /// The pinned value of a decision.
    pub fn get(&self, what: &str) -> Option<&str> {
        let place = match what {
            "format" => &self.format,
            "encoding" => &self.encoding,
            "delimiter" => &self.delimiter,
            "quote" => &self.quote,
            "escape" => &self.escape,
            "sheet" => &self.sheet,
            "header" => &self.header,
            _ => return None,
        };
        place.as_deref()
    }
}

/// A recipe as written, checked for shape but not yet held against a target or a file.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    /// Where it was read from.
    pub path: Option<PathBuf>,
    /// `target = "vome"`.
    pub target: Option<String>,
    /// `[columns]`: header to field, in the order of the file.
    pub columns: Vec<(String, String)>,
    /// `[values.FIELD]`: word to value.
    pub values: BTreeMap<String, BTreeMap<String, Meaning>>,
    /// `[policy]`.
    pub policy: Policy,
    /// `[phones]`.
    pub phones: Phones,
    /// `[reading]`.
    pub reading: Reading,
    /// `[pins]`, if there are any.
    pub pins: Option<Pins>,
    text: String,
    sections: BTreeMap<String, Range<usize>>,
}

impl Recipe {
    /// Reads a recipe file.
    ///
    /// # Errors
    /// [`Error::RecipeIo`] when it cannot be read, [`Error::Recipe`] with a span when it is wrong.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::RecipeIo { path: path.to_owned(), source })?;
        let mut recipe = Self::parse(text, &path.display().to_string())?;
        recipe.path = Some(path.to_owned());
        Ok(recipe)
    }

    /// Reads a recipe from text; `name` stands in error messages.
    ///
    /// # Errors
    /// [`Error::Recipe`] with a span.
    pub fn parse(text: String, name: &str) -> Result<Self> {
        let mut recipe = Self { path: Some(PathBuf::from(name)), text, ..Self::default() };
        let text = recipe.text.clone();
        let table = DeTable::parse(&text).map_err(|error| recipe.wrong(&error))?;
        for (key, value) in table.into_inner() {
            match key.get_ref().as_ref() {
                "target" => recipe.target = Some(recipe.read(value)?),
                "columns" => recipe.columns = recipe.read_columns(value)?,
                "values" => recipe.values = recipe.read(value)?,
                "policy" => recipe.policy = recipe.read(value)?,
                "phones" => recipe.phones = recipe.read(value)?,
                "reading" => recipe.reading = recipe.read(value)?,
                "pins" => recipe.pins = Some(recipe.read(value)?),
                other => {
                    recipe.sections.insert(other.to_owned(), key.span());
                }
            }
        }
        Ok(recipe)
    }

    fn read<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>) -> Result<T> {
        T::deserialize(value.into_deserializer()).map_err(|error| self.wrong(&error))
    }

    fn read_columns(&self, value: Spanned<DeValue<'_>>) -> Result<Vec<(String, String)>> {
        // The table keeps the order of the file only through the spans of its keys.
        let mut columns = Vec::new();
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            return Err(self.error(
                "[columns] is not a table".to_owned(),
                span,
                Some("write it as [columns] with lines \"HEADER\" = \"FIELD\"".to_owned()),
            ));
        };
        for (key, value) in table {
            let field: String = self.read(value)?;
            columns.push((key.span().start, key.get_ref().to_string(), field));
        }
        columns.sort();
        Ok(columns.into_iter().map(|(_, header, field)| (header, field)).collect())
    }

    /// The section of one target, in that target's own type; its default when it is not there.
    ///
    /// # Errors
    /// [`Error::Recipe`] with a span when a key is unknown or of the wrong type.
    pub fn section<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        if !self.sections.contains_key(name) {
            return Ok(T::default());
        }
        let table = DeTable::parse(&self.text).map_err(|error| self.wrong(&error))?;
        for (key, value) in table.into_inner() {
            if key.get_ref().as_ref() == name {
                return self.read(value);
            }
        }
        Ok(T::default())
    }

    /// Refuses top-level keys that neither the recipe nor any target knows.
    ///
    /// # Errors
    /// [`Error::Recipe`] at the first unknown key.
    pub fn check_sections(&self, targets: &[&str]) -> Result<()> {
        const OWN: [&str; 7] =
            ["target", "columns", "values", "policy", "phones", "reading", "pins"];
        for (name, span) in &self.sections {
            if targets.contains(&name.as_str()) {
                continue;
            }
            let known = OWN.iter().chain(targets);
            let help = match nearest(name, known.clone().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "known at this place: {}",
                    known.copied().collect::<Vec<_>>().join(", ")
                ),
            };
            return Err(self.error(
                format!("the recipe has no key `{name}`"),
                span.clone(),
                Some(help),
            ));
        }
        Ok(())
    }

    /// The error for a value of the recipe that means nothing where it stands.
    pub fn refuse(&self, key: &str, said: &Spanned<Said>, why: &str) -> Error {
        let message = format!("`{key}` cannot be {}", said.get_ref());
        self.error(message, said.span(), Some(why.to_owned()))
    }

    fn wrong(&self, error: &toml::de::Error) -> Error {
        let span = error.span().unwrap_or(0..0);
        self.error(format!("the recipe is wrong: {}", error.message()), span, None)
    }

    fn error(&self, message: String, span: Range<usize>, help: Option<String>) -> Error {
        let name = self.path.as_ref().map_or_else(String::new, |path| path.display().to_string());
        Error::Recipe {
            message,
            text: NamedSource::new(name, masked(&self.text)),
            span: span.into(),
            help,
        }
    }
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
            shown.push_str(value);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Recipe> {
        Recipe::parse(text.to_owned(), "upsheet.toml")
    }

    #[derive(Debug, Default, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields, default)]
    struct Settings {
        batch_size: Option<usize>,
    }

    #[test]
    fn a_recipe_keeps_the_order_of_its_columns() {
        let recipe = parse(
            "target = \"vome\"\n[columns]\n\"Z\" = \"last_name\"\n\"A\" = \"email\"\n[values.gender]\nF = 1\nX = \"other\"\n[policy]\nblank = \"clear\"\non_duplicate = \"last\"\n[vome]\nbatch_size = 20\n",
        )
        .unwrap();
        assert_eq!(recipe.target.as_deref(), Some("vome"));
        assert_eq!(recipe.columns[0], ("Z".to_owned(), "last_name".to_owned()));
        assert_eq!(recipe.values["gender"]["F"], Meaning::Code(1));
        assert_eq!(recipe.values["gender"]["X"], Meaning::Word("other".to_owned()));
        assert_eq!(recipe.policy.blank, Blank::Clear);
        assert_eq!(recipe.policy.on_duplicate, OnDuplicate::Last);
        assert_eq!(recipe.section::<Settings>("vome").unwrap().batch_size, Some(20));
        assert_eq!(recipe.section::<Settings>("omneo").unwrap(), Settings::default());
        recipe.check_sections(&["vome"]).unwrap();
    }

    #[test]
    fn a_secret_in_a_recipe_is_not_repeated() {
        assert_eq!(
            masked("api_key = \"aé\"\nrecords_key = \"a\"\napi_key_file = \"k\"\nTOKEN='x'\n[a]\n"),
            "api_key = \"***\"\nrecords_key = \"a\"\napi_key_file = \"k\"\nTOKEN='*'\n[a]\n"
        );
    }

    #[test]
    fn mistakes_are_shown_where_they_stand() {
        for (text, part, place) in [
            ("[polcy]\nblank = \"keep\"\n", "no key `polcy`", 1),
            ("[policy]\nblnk = \"keep\"\n", "unknown field", 9),
            ("target = 3\n", "invalid type", 9),
            ("[vome]\nbatch_size = \"x\"\n", "invalid type", 20),
            ("target = \"vome\n", "", 9),
        ] {
            let error = parse(text)
                .and_then(|recipe| {
                    recipe.check_sections(&["vome"])?;
                    recipe.section::<Settings>("vome")
                })
                .unwrap_err();
            let Error::Recipe { message, span, .. } = error else { panic!("{text}") };
            assert!(message.contains(part), "{message} lacks {part}");
            assert!(span.offset().abs_diff(place) <= 5, "{text}: {span:?}");
        }
    }
}
