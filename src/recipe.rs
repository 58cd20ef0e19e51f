//! `upsheet.toml`: what the user decided once and for all.
//!
//! A recipe is strict: a key that is not known is an error with its place in the file. Each section
//! that every recipe may have is read by a file of this room; those of the targets are kept as they are
//! and read by the target that they belong to.

mod columns;
pub mod edit;
mod fields;
mod filter;
mod phones;
mod pins;
mod policy;
mod reading;
mod sending;
mod source;
mod template;
mod test_row;
mod values;
mod word;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use self::columns::ColumnRule;
pub use self::fields::{FieldRule, Given, Made};
pub use self::filter::Filter;
pub use self::phones::Phones;
pub use self::pins::Pins;
pub use self::policy::{Blank, DateOrder, Likely, OnDuplicate, Policy, Unique, Zone};
pub use self::reading::{Reading, Said};
pub use self::sending::Sending;
use self::source::Source;
pub use self::template::{Fault, Part, Piece, Template};
pub use self::test_row::{Expected, TestRow};
pub use self::values::ValueMap;
pub use self::word::{Form, Word, key, quoted};
use crate::error::{Error, Result};
use crate::spelling::nearest;

/// A recipe as written, checked for shape but not yet held against a target or a file.
#[derive(Clone, Debug, Default)]
pub struct Recipe {
    /// Where it was read from.
    pub path: Option<PathBuf>,
    /// `target = "vome"`.
    pub target: Option<String>,
    /// `[columns]`: header to field, in the order of the file.
    pub columns: Vec<ColumnRule>,
    /// `[fields]`, and what `[columns]` says of the values of fields.
    pub fields: Vec<FieldRule>,
    /// `[values.FIELD]`: word to value.
    pub values: Vec<ValueMap>,
    /// `[policy]`.
    pub policy: Policy,
    /// `[phones]`.
    pub phones: Phones,
    /// `[reading]`.
    pub reading: Reading,
    /// `[sending]`.
    pub sending: Sending,
    /// `[pins]`, if there are any.
    pub pins: Option<Pins>,
    /// `[[tests]]`.
    pub tests: Vec<TestRow>,
    /// `[severity]`: kinds of findings with what they are to be.
    pub severity: BTreeMap<Spanned<String>, Spanned<String>>,
    source: Source,
    sections: BTreeMap<String, Range<usize>>,
}

/// What reads a section into its place.
type Read = fn(&mut Recipe, &Source, Spanned<DeValue<'_>>) -> Result<()>;

/// Every key and section that any recipe may have. To add one: its place in [`Recipe`], its line here,
/// and its file if it is more than a value.
static OWN: &[(&str, Read)] = &[
    ("target", |recipe, source, value| {
        recipe.target = Some(source.read(value)?);
        Ok(())
    }),
    ("columns", columns::read),
    ("fields", fields::read),
    ("values", values::read),
    ("tests", test_row::read),
    ("policy", |recipe, source, value| {
        recipe.policy = source.read(value)?;
        Ok(())
    }),
    ("phones", |recipe, source, value| {
        recipe.phones = source.read(value)?;
        Ok(())
    }),
    ("reading", |recipe, source, value| {
        recipe.reading = source.read(value)?;
        Ok(())
    }),
    ("sending", sending::read),
    ("pins", |recipe, source, value| {
        recipe.pins = Some(source.read(value)?);
        Ok(())
    }),
    ("severity", |recipe, source, value| {
        recipe.severity = source.read(value)?;
        Ok(())
    }),
];

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
        // What marks a text as UTF-8 is no part of its first line.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let source = Source { name: name.to_owned(), text };
        let mut recipe = Self { path: Some(PathBuf::from(name)), ..Self::default() };
        let table = DeTable::parse(&source.text).map_err(|error| source.wrong(&error))?;
        for (key, value) in table.into_inner() {
            match OWN.iter().find(|(name, _)| *name == key.get_ref().as_ref()) {
                Some((_, read)) => read(&mut recipe, &source, value)?,
                None => {
                    recipe.sections.insert(key.get_ref().to_string(), key.span());
                }
            }
        }
        recipe.source = source;
        Ok(recipe)
    }

    /// The section of one target, in that target's own type; its default when it is not there.
    ///
    /// # Errors
    /// [`Error::Recipe`] with a span when a key is unknown or of the wrong type.
    pub fn section<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        if !self.sections.contains_key(name) {
            return Ok(T::default());
        }
        let source = &self.source;
        let table = DeTable::parse(&source.text).map_err(|error| source.wrong(&error))?;
        for (key, value) in table.into_inner() {
            if key.get_ref().as_ref() == name {
                return source.read(value);
            }
        }
        Ok(T::default())
    }

    /// The recipe as it was written.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// Refuses top-level keys that neither the recipe nor any target knows.
    ///
    /// # Errors
    /// [`Error::Recipe`] at the first unknown key.
    pub fn check_sections(&self, targets: &[&str]) -> Result<()> {
        for (name, span) in &self.sections {
            if targets.contains(&name.as_str()) {
                continue;
            }
            let own = OWN.iter().map(|(name, _)| *name);
            let known: Vec<&str> = own.chain(targets.iter().copied()).collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known at this place: {}", known.join(", ")),
            };
            let message = format!("the recipe has no key `{name}`");
            return Err(self.error(message, span.clone(), Some(help)));
        }
        Ok(())
    }

    /// The error for a value of the recipe that means nothing where it stands.
    pub fn refuse(&self, key: &str, said: &Spanned<Said>, why: &str) -> Error {
        let message = format!("`{key}` cannot be {}", said.get_ref());
        self.error(message, said.span(), Some(why.to_owned()))
    }

    /// The error for a name in the recipe that does not exist where it stands.
    pub fn unknown(&self, name: &Spanned<String>, message: String, help: String) -> Error {
        self.error(message, name.span(), Some(help))
    }

    /// An error about a setting, shown where the recipe has it: the section, its key, and perhaps keys
    /// below. It stays as it is where the recipe does not say the setting.
    pub fn at(&self, keys: &[&str], error: Error) -> Error {
        match error {
            Error::Usage { message, help } => match self.place(keys) {
                Some(span) => self.error(message, span, help),
                None => Error::Usage { message, help },
            },
            other => other,
        }
    }

    /// Where the value of a setting stands: at the last of these keys that is there, of a section not
    /// without one of its own.
    fn place(&self, keys: &[&str]) -> Option<Range<usize>> {
        let root = DeTable::parse(&self.source.text).ok()?.into_inner();
        let (mut table, mut found) = (&root, None);
        for (depth, wanted) in keys.iter().enumerate() {
            let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == wanted) else {
                break;
            };
            if depth > 0 || keys.len() == 1 {
                found = Some(value.span());
            }
            match value.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => break,
            }
        }
        found
    }

    /// An error about a place in the recipe, with its cure.
    pub fn error(&self, message: String, span: Range<usize>, help: Option<String>) -> Error {
        self.source.error(message, span, help)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

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
        assert_eq!(recipe.columns[0].header.text, "Z");
        assert_eq!(recipe.columns[0].field.text, "last_name");
        let [map] = recipe.values.as_slice() else { panic!("{:?}", recipe.values) };
        let words: Vec<_> = map.words.iter().map(|(a, b)| (&*a.text, &*b.text)).collect();
        assert_eq!(words, [("F", "1"), ("X", "other")]);
        assert_eq!(recipe.policy.blank, Blank::Clear);
        assert_eq!(recipe.policy.on_duplicate, OnDuplicate::Last);
        assert_eq!(recipe.section::<Settings>("vome").unwrap().batch_size, Some(20));
        assert_eq!(recipe.section::<Settings>("omneo").unwrap(), Settings::default());
        recipe.check_sections(&["vome"]).unwrap();
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reading_of_a_recipe(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14),
        ) {
            let text: String = pieces.concat();
            match parse(&text) {
                Ok(recipe) => {
                    let spans = recipe.fields.iter().map(|rule| rule.field.span.clone());
                    for span in spans.chain(recipe.tests.iter().map(|test| test.span.clone())) {
                        prop_assert!(text.get(span).is_some());
                    }
                }
                Err(Error::Recipe { span, .. }) => {
                    prop_assert!(span.offset() + span.len() <= text.len() + 1);
                }
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
    }

    /// What recipes are made of.
    const PIECES: &[&str] = &[
        "[columns]\n",
        "[fields]\n",
        "[fields.email]\n",
        "[values.gender]\n",
        "[policy]\n",
        "[[tests]]\n",
        "[sending]\n",
        "timeout = ",
        "\"15m\"\n",
        "[vome]\n",
        "\"é\" = ",
        "email = ",
        "template = ",
        "constant = ",
        "join = ",
        "with = ",
        "when = ",
        "default = ",
        "blank = ",
        "split = ",
        "into = ",
        "field = ",
        "row = ",
        "gives = ",
        "rejects = ",
        "clears = ",
        "\"{A|ascii}.{b}\"\n",
        "'{{\"}\"}'\n",
        "\"{\"\n",
        "\"blank\"\n",
        "\"clear\"\n",
        "[\"a\", \"é\"]\n",
        "[]\n",
        "{ a = 1 }\n",
        "{ ",
        " }\n",
        ", ",
        "1\n",
        "1990-01-02\n",
        "true\n",
        "\"\"\"\né\"\"\"\n",
        "\"\\u00e9{\"\n",
        "\"*\" = ",
        "é",
    ];

    #[test]
    fn a_setting_that_no_request_could_follow_is_shown_where_it_stands() {
        let text = "target = \"vme\"\n[vome]\nrate = -1\nrecords_key = { upsert = \"\" }\n";
        let recipe = parse(text).unwrap();
        let at = |keys: &[&str]| match recipe.at(keys, Error::usage("no", "cure")) {
            Error::Recipe { span, help, .. } => {
                assert_eq!(help.as_deref(), Some("cure"));
                text.get(span.offset()..span.offset() + span.len())
            }
            _ => None,
        };
        assert_eq!(at(&["target"]), Some("\"vme\""));
        assert_eq!(at(&["vome", "rate"]), Some("-1"));
        assert_eq!(at(&["vome", "records_key", "upsert"]), Some("\"\""));
        assert_eq!(at(&["vome", "records_key", "create"]), Some("{ upsert = \"\" }"));
        assert_eq!(at(&["vome", "page_size"]), None);
        assert_eq!(at(&["omneo", "rate"]), None);
    }

    #[test]
    fn types_are_named_in_words() {
        let error = parse("[vome]\nbatch_size = \"50\"\n").unwrap().section::<Settings>("vome");
        let message = error.unwrap_err().to_string();
        assert!(
            message.ends_with("string \"50\", expected a whole number that is not negative"),
            "{message}"
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
            ("[policy]\nunique = [3]\n", "expected the name of a field", 19),
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
