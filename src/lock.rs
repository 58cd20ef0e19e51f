//! `upsheet.lock`: the custom fields of an account as its profiles showed them, so that every run
//! judges values by them and a push notices when they have changed.
//!
//! A lock is strict, as a recipe is: a key that is not known is an error with its place in the file.
//! It holds names of fields and of options, and nothing about people.

mod changes;
mod written;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use miette::NamedSource;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use self::changes::{Change, Unseen, What, changes, named, renewed};
use crate::error::{Error, Result, in_words};
use crate::spelling::nearest;
use crate::target::{self, Choosable, Definition, Type};
use crate::visible::{in_place, visible};

/// The form of the file.
const VERSION: u32 = 1;
/// The name of the file that is used unasked.
pub const USUAL: &str = "upsheet.lock";

/// A lock file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Where it lies.
    pub path: PathBuf,
    /// What it says of the account at each target, by the target's id.
    pub accounts: BTreeMap<String, Account>,
}

/// The custom fields of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Where the API is from which they were read.
    pub base_url: String,
    /// The day on which they were read.
    pub read_on: Date,
    /// How many profiles were read.
    pub profiles: u64,
    /// The fields, by name.
    pub fields: Vec<Entry>,
}

/// One field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub definition: Definition,
    /// Whether it is shown in the usual view of the account.
    pub active: bool,
    /// In how many profiles it had a value; 0 where none showed it.
    pub profiles: u64,
}

/// `[TARGET]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountV1 {
    base_url: String,
    read_on: Spanned<String>,
    profiles: u64,
    #[serde(default)]
    fields: Vec<Spanned<EntryV1>>,
}

/// `[[TARGET.fields]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryV1 {
    id: Option<String>,
    name: String,
    #[serde(rename = "type")]
    of: Type,
    #[serde(default)]
    options: Vec<Choosable>,
    #[serde(default = "yes")]
    active: bool,
    profiles: u64,
}

fn yes() -> bool {
    true
}

impl Lock {
    /// The lock that is named, else the usual one beside the recipe (in the current folder without
    /// one), if it is there.
    ///
    /// # Errors
    /// When it cannot be read, or says something that it cannot say.
    pub fn find(named: Option<&Path>, recipe: Option<&Path>) -> Result<Option<Self>> {
        let path = Self::place(named, recipe);
        if named.is_none() && !path.exists() {
            return Ok(None);
        }
        Self::load(&path).map(Some)
    }

    /// Where the lock lies or would lie.
    pub fn place(named: Option<&Path>, recipe: Option<&Path>) -> PathBuf {
        let beside =
            || recipe.map_or_else(|| PathBuf::from(USUAL), |path| path.with_file_name(USUAL));
        named.map_or_else(beside, Path::to_owned)
    }

    /// Reads a lock file.
    ///
    /// # Errors
    /// [`Error::LockIo`] when it cannot be read, [`Error::Lock`] with a span when it is wrong.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| Error::LockIo { path: path.to_owned(), source })?;
        Self::parse(text, path)
    }

    fn parse(text: String, path: &Path) -> Result<Self> {
        let source = Source { name: path.display().to_string(), text };
        let mut lock = Self { path: path.to_owned(), ..Self::default() };
        let table = DeTable::parse(&source.text).map_err(|error| source.wrong(&error))?;
        let mut version = None;
        for (key, value) in table.into_inner() {
            let name = key.get_ref().to_string();
            if name == "version" {
                let span = value.span();
                version = Some(source.read::<u32>(value)?);
                check_version(&source, version, span)?;
            } else if target::ALL.iter().any(|kind| kind.id == name) {
                let account = source.read::<AccountV1>(value)?;
                lock.accounts.insert(name, account.read(&source)?);
            } else {
                let known = target::ALL.iter().map(|kind| kind.id).chain(["version"]);
                let help = nearest(&name, known).map(|near| format!("did you mean `{near}`?"));
                let message = format!("the lock file has no key `{name}`");
                return Err(source.error(message, key.span(), help.unwrap_or_else(renew)));
            }
        }
        check_version(&source, version, 0..0)?;
        Ok(lock)
    }

    /// What it says of the account at a target.
    pub fn account(&self, target: &str) -> Option<&Account> {
        self.accounts.get(target)
    }

    /// The definitions of the account at a target.
    pub fn definitions(&self, target: &str) -> Vec<Definition> {
        let fields = self.account(target).map(|account| account.fields.as_slice());
        fields.unwrap_or_default().iter().map(|entry| entry.definition.clone()).collect()
    }
}

fn check_version(source: &Source, version: Option<u32>, span: Range<usize>) -> Result<()> {
    let message = match version {
        Some(VERSION) => return Ok(()),
        Some(other) => {
            format!("the lock file has the form {other}, this program knows {VERSION}")
        }
        None => format!("the lock file does not say `version = {VERSION}`"),
    };
    Err(source.error(message, span, renew()))
}

fn renew() -> String {
    "`upsheet fields` writes the file; move this one away and write it anew".to_owned()
}

impl AccountV1 {
    fn read(self, source: &Source) -> Result<Account> {
        let read_on = self.read_on.get_ref().parse().map_err(|_| {
            let message = format!("{:?} is no date", self.read_on.get_ref());
            source.error(message, self.read_on.span(), "write it as 2026-11-26".to_owned())
        })?;
        let mut fields: Vec<Entry> = Vec::with_capacity(self.fields.len());
        for field in self.fields {
            let span = field.span();
            let EntryV1 { id, name, of, options, active, profiles } = field.into_inner();
            let twice = fields.iter().any(|known| match (&known.definition.id, &id) {
                (Some(known), Some(id)) => known == id,
                (None, None) => known.definition.name == name,
                _ => false,
            });
            if twice {
                let message = format!("the lock file has the field {name:?} twice");
                return Err(source.error(message, span, "take one of the two out".to_owned()));
            }
            let definition = Definition { id, name, of, options };
            fields.push(Entry { definition, active, profiles });
        }
        Ok(Account { base_url: self.base_url, read_on, profiles: self.profiles, fields })
    }
}

/// The text of a lock file, with the name under which messages show it.
struct Source {
    name: String,
    text: String,
}

impl Source {
    fn read<T: DeserializeOwned>(&self, value: Spanned<DeValue<'_>>) -> Result<T> {
        T::deserialize(value.into_deserializer()).map_err(|error| self.wrong(&error))
    }

    fn wrong(&self, error: &toml::de::Error) -> Error {
        let message = format!("the lock file is wrong: {}", in_words(error.message()));
        self.error(message, error.span().unwrap_or(0..0), renew())
    }

    fn error(&self, message: String, span: Range<usize>, help: String) -> Error {
        let text = NamedSource::new(visible(&self.name), in_place(&self.text));
        Error::Lock { message, text, span: span.into(), help }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Lock> {
        Lock::parse(text.to_owned(), Path::new("upsheet.lock"))
    }

    const ACCOUNT: &str =
        "version = 1\n[vome]\nbase_url = \"u\"\nread_on = \"2026-11-26\"\nprofiles = 2\n";

    #[test]
    fn mistakes_are_shown_where_they_stand() {
        let field = |text: &str| format!("{ACCOUNT}[[vome.fields]]\n{text}");
        for (text, part, place) in [
            (String::new(), "does not say `version = 1`", ""),
            ("version = 2\n".to_owned(), "has the form 2, this program knows 1", "2"),
            ("version = 1\n[vom]\n".to_owned(), "no key `vom`", "vom"),
            ("version = 1\n[vome]\n".to_owned(), "missing field `base_url`", "[vome]"),
            (format!("{ACCOUNT}pages = 3\n"), "unknown field `pages`", "pages"),
            (ACCOUNT.replace("2026-11-26", "today"), "\"today\" is no date", "\"today\""),
            (
                field("name = \"F\"\ntype = \"colour\"\nprofiles = 0\n"),
                "unknown variant `colour`",
                "\"colour\"",
            ),
            (field("name = \"F\"\nkind = 1\n"), "unknown field `kind`", "kind"),
            (
                field(
                    "id = \"1\"\nname = \"F\"\ntype = \"url\"\nprofiles = 0\n[[vome.fields]]\nid = \"1\"\nname = \"G\"\ntype = \"url\"\nprofiles = 0\n",
                ),
                "the field \"G\" twice",
                "[[vome.fields]]",
            ),
            ("<<<<<<< ours\nversion = 1\n".to_owned(), "the lock file is wrong", "<"),
        ] {
            let error = parse(&text).unwrap_err();
            let Error::Lock { message, span, .. } = error else { panic!("{text}: {error}") };
            assert!(message.contains(part), "{message} lacks {part}");
            let shown = text.get(span.offset()..span.offset() + span.len()).unwrap();
            assert!(shown.starts_with(place) || place.starts_with(shown), "{text}: {shown:?}");
        }
    }

    #[test]
    fn the_usual_lock_lies_beside_the_recipe() {
        let place = |named: Option<&str>, recipe: Option<&str>| {
            Lock::place(named.map(Path::new), recipe.map(Path::new)).display().to_string()
        };
        assert_eq!(place(None, None), "upsheet.lock");
        assert_eq!(place(None, Some("upsheet.toml")), "upsheet.lock");
        assert_eq!(place(None, Some("a/b.toml")), "a/upsheet.lock");
        assert_eq!(place(Some("c.lock"), Some("a/b.toml")), "c.lock");
        let none = Lock::find(None, Some(Path::new("/there/is/no/such/recipe.toml")));
        assert_eq!(none.unwrap(), None);
        let named = Lock::find(Some(Path::new("/there/is/no/such.lock")), None);
        assert!(matches!(named, Err(Error::LockIo { .. })));
    }
}
