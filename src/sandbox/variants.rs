//! Where the documents leave a question open, or contradict each other, the stand-in can be told
//! how to behave: each such choice is a variant with a name, its values and its source.
//!
//! A variant is a field of [`Vome`], [`Omneo`] or [`Scim`]; the macros below take its documentation, its
//! source and its default from one place, so that the page `docs/sandbox.md` cannot differ from
//! what the program does.

mod omneo;
mod scim;
mod vome;

use std::fmt::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::faults::Faults;
pub use super::vome::definition::{Definition, FieldKind, FieldOption};
pub use omneo::*;
pub use scim::*;
pub use vome::*;

/// Defines an enum whose words are the values of a variant.
macro_rules! words {
    ($(#[doc = $about:literal])+ $name:ident { $($(#[doc = $doc:literal])+ $case:ident = $word:literal,)+ }) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $case,)+
        }

        impl $crate::sandbox::variants::Values for $name {
            const VALUES: &'static [(&'static str, &'static str)] =
                &[$(($word, concat!($($doc),+))),+];
        }
    };
}

/// Defines the variants of one part of the sandbox: the struct, its defaults and their table.
macro_rules! variants {
    (
        $(#[doc = $about:literal])+ $name:ident in $part:literal, $keys:ident {
            $($(#[doc = $doc:literal])+ #[source = $source:literal] $key:ident: $kind:ty = $default:expr,)+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[doc = $doc])+ #[doc = concat!("\n\nSource: ", $source, ".")] pub $key: $kind,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($key: $default,)+ }
            }
        }

        /// The table of the variants of this part.
        pub(super) const $keys: &[$crate::sandbox::variants::Key] = &[$($crate::sandbox::variants::Key {
            name: concat!($part, ".", stringify!($key)),
            about: concat!($($doc),+),
            source: $source,
            values: <$kind as $crate::sandbox::variants::Values>::VALUES,
        }),+];
    };
}

pub(super) use {variants, words};

/// How the sandbox behaves, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Variants {
    /// The Vome part.
    pub vome: Vome,
    /// The Omneo part.
    pub omneo: Omneo,
    /// The SCIM part.
    pub scim: Scim,
    /// The custom fields of Vome. When there are any, they replace those of the data folder.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Definition>,
    /// What goes wrong on the way, by a plan of its own.
    #[serde(skip)]
    pub faults: Option<Faults>,
}

/// One variant, as `docs/sandbox.md` and the error messages list it.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// `vome.records_key`.
    pub name: &'static str,
    /// What it decides.
    pub about: &'static str,
    /// The document that leaves it open, or that the default follows.
    pub source: &'static str,
    /// Its values with what they mean; a single one in angle brackets stands for a kind of value.
    pub values: &'static [(&'static str, &'static str)],
}

/// The values that a variant of this type can have.
pub(crate) trait Values {
    /// Each with what it means.
    const VALUES: &'static [(&'static str, &'static str)];
}

impl Values for bool {
    const VALUES: &'static [(&'static str, &'static str)] = &[("true", "true"), ("false", "false")];
}

impl Values for u64 {
    const VALUES: &'static [(&'static str, &'static str)] = &[("<number>", "<number>")];
}

impl Values for u16 {
    const VALUES: &'static [(&'static str, &'static str)] = &[("<status>", "<status>")];
}

impl Values for String {
    const VALUES: &'static [(&'static str, &'static str)] = &[("<text>", "<text>")];
}

impl Values for Vec<String> {
    const VALUES: &'static [(&'static str, &'static str)] = &[("<list>", "<list>")];
}

words! {
    /// What a write key may do.
    Rights {
        /// read and write
        Write = "write",
        /// read only; a write is answered with 403
        Read = "read",
        /// nothing; everything is answered with 403
        None = "none",
    }
}

words! {
    /// How a 429 says when to come back.
    RetryAfter {
        /// it does not
        None = "none",
        /// `Retry-After` in seconds
        Seconds = "seconds",
        /// `Retry-After` as an HTTP date
        Date = "date",
    }
}

words! {
    /// Whether something that is not in the documents is refused.
    Strictness {
        /// refused
        Refused = "refused",
        /// passed over in silence
        Ignored = "ignored",
    }
}

words! {
    /// What `null` does to a value that is there.
    Null {
        /// the value is cleared
        Clears = "clears",
        /// the value is kept
        Ignored = "ignored",
    }
}

words! {
    /// What a page size above the cap does.
    OverCap {
        /// the request is refused
        Refused = "refused",
        /// the cap is taken in its place
        Capped = "capped",
    }
}

words! {
    /// How e-mail addresses are compared.
    EmailMatch {
        /// without regard to case
        Insensitive = "insensitive",
        /// letter by letter
        Sensitive = "sensitive",
    }
}

words! {
    /// Whether an endpoint is there.
    Presence {
        /// it answers
        Present = "present",
        /// 404
        Absent = "absent",
    }
}

words! {
    /// How a number is written in JSON.
    NumberForm {
        /// as a number
        Number = "number",
        /// as a string
        String = "string",
    }
}

words! {
    /// How a value may be sent.
    Encoding {
        /// as a JSON value of its own type
        Native = "native",
        /// as a string
        String = "string",
        /// in either way
        Either = "either",
    }
}

/// Why variants cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// A file could not be read.
    #[error("cannot read `{path}`: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file does not say what it has to.
    #[error("`{path}` is not a file of variants: {why}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong with it, and where.
        why: String,
    },
    /// A setting is not of the form `key=value`, or there is no such key or value.
    #[error("{why}")]
    Setting {
        /// What is wrong with it, with what there is.
        why: String,
    },
}

impl Variants {
    /// Every variant, in the order of the documents.
    pub fn keys() -> impl Iterator<Item = &'static Key> {
        VOME_KEYS.iter().chain(OMNEO_KEYS).chain(SCIM_KEYS)
    }

    /// Reads a file of variants, in which `[vome]`, `[omneo]`, `[scim]` and `[[fields]]` may stand.
    ///
    /// # Errors
    /// When the file cannot be read, or names what there is not.
    pub fn read(path: &Path) -> Result<Self, Unusable> {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| Unusable::File { path: name(), source })?;
        toml::from_str::<Self>(&text)
            .map_err(|error| error.to_string())
            .and_then(|variants| variants.check().map(|()| variants))
            .map_err(|why| Unusable::Content { path: name(), why: why.trim_end().to_owned() })
    }

    /// Reads a file of nothing but `[[fields]]`, at least one.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub fn read_fields(path: &Path) -> Result<Vec<Definition>, Unusable> {
        let read = Self::read(path)?;
        let why = match (read.fields.is_empty(), Self { fields: Vec::new(), ..read.clone() }) {
            (true, _) => "it has no [[fields]]",
            (false, rest) if rest != Self::default() => "it may hold [[fields]] alone",
            _ => return Ok(read.fields),
        };
        Err(Unusable::Content { path: path.display().to_string(), why: why.to_owned() })
    }

    /// Sets one variant by `key=value`, such as `vome.success_status=201`.
    ///
    /// # Errors
    /// When there is no such key or value; the message lists what there is.
    pub fn set(&mut self, setting: &str) -> Result<(), Unusable> {
        let wrong = |why: String| Unusable::Setting { why };
        let Some((name, value)) = setting.split_once('=') else {
            return Err(wrong(format!("the variant `{setting}` is not of the form key=value")));
        };
        let (name, value) = (name.trim(), value.trim());
        let Some(key) = Self::keys().find(|key| key.name == name) else {
            let meant = match nearest(name) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", names()),
            };
            return Err(wrong(format!("there is no variant `{name}`; {meant}")));
        };
        let bad = || {
            let values: Vec<&str> = key.values.iter().map(|(value, _)| *value).collect();
            wrong(format!("`{name}` cannot be `{value}`; it takes {}", values.join(", ")))
        };
        let taken = self.replaced(name, value).filter(|variants| variants.check().is_ok());
        *self = taken.ok_or_else(bad)?;
        Ok(())
    }

    /// These variants with another value for one of them.
    fn replaced(&self, name: &str, value: &str) -> Option<Self> {
        let mut table = toml::Table::try_from(self).ok()?;
        let (part, key) = name.split_once('.')?;
        let part = table.get_mut(part)?.as_table_mut()?;
        let before = part.get(key)?;
        let value = match before {
            toml::Value::String(_) => toml::Value::String(value.to_owned()),
            toml::Value::Array(_) => {
                let words = value.split(',').map(str::trim).filter(|word| !word.is_empty());
                words.map(|word| toml::Value::String(word.to_owned())).collect::<Vec<_>>().into()
            }
            toml::Value::Integer(_) => toml::Value::Integer(value.parse().ok()?),
            toml::Value::Boolean(_) => toml::Value::Boolean(value.parse().ok()?),
            _ => return None,
        };
        part.insert(key.to_owned(), value);
        let replaced: Self = table.try_into().ok()?;
        Some(Self { faults: self.faults.clone(), ..replaced })
    }

    /// What the types cannot say: statuses are statuses, pages hold somebody, ids are told apart.
    fn check(&self) -> Result<(), String> {
        let within = |name: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(format!("{name} = {value} is not between {least} and {most}"))
            }
        };
        let Self { vome, omneo, scim, fields, faults: _ } = self;
        within("vome.success_status", vome.success_status.into(), 200, 299)?;
        within("vome.too_many_status", vome.too_many_status.into(), 400, 499)?;
        within("omneo.success_status", omneo.success_status.into(), 200, 299)?;
        for (name, cap) in [
            ("vome.page_cap", vome.page_cap),
            ("vome.page_default", vome.page_default),
            ("omneo.page_cap", omneo.page_cap),
            ("omneo.page_default", omneo.page_default),
            ("omneo.most_rows", omneo.most_rows),
            ("scim.page_cap", scim.page_cap),
            ("scim.page_default", scim.page_default),
            ("scim.most_operations", scim.most_operations),
        ] {
            within(name, cap, 1, 100_000)?;
        }
        within("vome.rate_window_ms", vome.rate_window_ms, 1, 86_400_000)?;
        within("omneo.rate_window_ms", omneo.rate_window_ms, 1, 86_400_000)?;
        within("scim.rate_window_ms", scim.rate_window_ms, 1, 86_400_000)?;
        within("omneo.queue_ms", omneo.queue_ms, 0, 86_400_000)?;
        if vome.multi_separator.trim().is_empty() {
            return Err("vome.multi_separator is empty".to_owned());
        }
        super::vome::definition::check(fields)
    }
}

/// The variant that was perhaps meant.
fn nearest(name: &str) -> Option<&'static str> {
    Variants::keys()
        .map(|key| (strsim::jaro_winkler(name, key.name), key.name))
        .filter(|(likeness, _)| *likeness >= 0.9)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The names of all variants, for a message.
fn names() -> String {
    let names: Vec<&str> = Variants::keys().map(|key| key.name).collect();
    names.join(", ")
}

/// The table of `docs/sandbox.md`: each variant with its values, its default and its source.
pub fn table() -> String {
    let defaults = toml::Table::try_from(Variants::default()).unwrap_or_default();
    let mut page =
        String::from("| variant | what it decides | values | source |\n|---|---|---|---|\n");
    for key in Variants::keys() {
        let default =
            key.name.split_once('.').and_then(|(part, name)| defaults.get(part)?.get(name));
        let default = default.map(|value| match value {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let default = default.unwrap_or_default();
        let mut values: Vec<String> = Vec::new();
        for (value, about) in key.values {
            let mark = if *value == default { "**" } else { "" };
            let about = about.trim();
            let about = if about == *value { String::new() } else { format!(": {about}") };
            values.push(format!("{mark}`{value}`{mark}{about}"));
        }
        if key.values.len() == 1 {
            values.push(format!("**`{default}`**"));
        }
        // Writing to a String cannot fail.
        let _ = writeln!(
            page,
            "| `{}` |{} | {} | {} |",
            key.name,
            key.about,
            values.join("<br>"),
            key.source
        );
    }
    page
}
