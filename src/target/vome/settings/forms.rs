//! The words that settings of `[vome]` may have.

use serde::Deserialize;

use crate::target::vome::custom::PREFIX;
use crate::target::{Method, Operation};

/// By what Vome finds a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Match {
    /// The e-mail address.
    #[default]
    Email,
    /// The id that Vome gave the profile.
    Id,
    /// A custom field of the type Unique ID, by its name or its id.
    Custom(String),
}

impl TryFrom<String> for Match {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.trim() {
            "email" => Ok(Self::Email),
            "id" => Ok(Self::Id),
            other => match other.strip_prefix(PREFIX).map(str::trim) {
                Some(name) if !name.is_empty() => Ok(Self::Custom(name.to_owned())),
                _ => Err(format!(
                    "Vome finds people by email, id or custom:NAME (a custom field of the type \
                     Unique ID), not by {text:?}"
                )),
            },
        }
    }
}

/// One value for each operation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Each {
    /// For `create`.
    create: Option<String>,
    /// For `update`.
    update: Option<String>,
    /// For `upsert`.
    upsert: Option<String>,
}

/// The key of the list of people, for which the documents have three names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "the key is one text, or a table of texts for create, update and upsert"
)]
pub enum RecordsKey {
    /// The same for every operation.
    All(String),
    /// Some operations have one of their own.
    Own(Each),
}

impl RecordsKey {
    /// The key of one operation, where it is said.
    pub fn of(&self, operation: Operation) -> Option<&str> {
        match self {
            Self::All(key) => Some(key),
            Self::Own(each) => match operation {
                Operation::Create => each.create.as_deref(),
                Operation::Update => each.update.as_deref(),
                Operation::Upsert => each.upsert.as_deref(),
            },
        }
    }
}

/// The key under which the match block names a custom field; the documents have two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UniqueFieldKey {
    /// As in every example.
    UniqueCustomField,
    /// As in the specification.
    UniqueId,
    /// Both.
    Both,
}

/// A request's method in the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

impl Verb {
    /// The same of a request.
    pub fn method(self) -> Method {
        match self {
            Self::Post => Method::Post,
            Self::Put => Method::Put,
        }
    }
}

/// `[vome.endpoints.upsert]` and its like: what of an endpoint is not the usual.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoint {
    /// The method.
    pub method: Option<Verb>,
    /// The path behind the base URL.
    pub path: Option<String>,
}

/// `[vome.endpoints]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Of `create`.
    pub create: Endpoint,
    /// Of `update`.
    pub update: Endpoint,
    /// Of `upsert`, for which the documents print two.
    pub upsert: Endpoint,
}

/// How the codes of gender and occupation are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EnumEncoding {
    /// As in the examples.
    #[default]
    Integer,
    /// As the attributes are typed.
    String,
}

/// How yes and no are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BoolEncoding {
    /// `true`, as profiles show it.
    #[default]
    Native,
    /// `"true"`, as the examples write it.
    String,
}

/// The codes of `gender`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GenderMap {
    /// Male.
    pub male: i64,
    /// Female.
    pub female: i64,
    /// Other.
    pub other: i64,
    /// Rather not say.
    pub rather_not_say: i64,
}

impl GenderMap {
    /// In the order of the list.
    pub fn codes(self) -> [i64; 4] {
        [self.male, self.female, self.other, self.rather_not_say]
    }
}

impl Default for GenderMap {
    fn default() -> Self {
        Self { male: 0, female: 1, other: 2, rather_not_say: 3 }
    }
}

/// The codes of `occupation`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OccupationMap {
    /// Student.
    pub student: i64,
    /// Professional.
    pub professional: i64,
    /// Retiree.
    pub retiree: i64,
    /// Other.
    pub other: i64,
}

impl OccupationMap {
    /// In the order of the list.
    pub fn codes(self) -> [i64; 4] {
        [self.student, self.professional, self.retiree, self.other]
    }
}

impl Default for OccupationMap {
    fn default() -> Self {
        Self { student: 0, professional: 1, retiree: 2, other: 3 }
    }
}

/// How phone numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phone {
    /// A leading `+` if there is one, and digits.
    #[default]
    Digits,
    /// `+`, country code, number; a national number needs its country.
    E164,
    /// As the sheet has it, if it is a number.
    AsIs,
}

/// How latitude and longitude are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CoordinatesAs {
    /// As in the examples.
    #[default]
    Strings,
    /// As JSON numbers.
    Numbers,
}

/// What a success without a body means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmptyAnswer {
    /// Nobody can say.
    #[default]
    Unknown,
    /// That everybody has landed.
    Accepted,
}

/// Whom the counts of an answer count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// Everybody who was created or found.
    #[default]
    Matched,
    /// Only those of whom something changed.
    Changed,
}
