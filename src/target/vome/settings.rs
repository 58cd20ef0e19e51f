//! `[vome]`: what the documents contradict each other about or leave open, and what is sent unless the
//! recipe says otherwise. `docs/vome.md` gives the reason for each.

use std::path::PathBuf;

use serde::Deserialize;

use super::custom::{Declared, Encoding};
use super::invite::Invite;
use crate::error::{Error, Result};
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
            other => match other.strip_prefix(super::custom::PREFIX).map(str::trim) {
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
#[serde(untagged, expecting = "a text, or a table with create, update and upsert")]
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

/// `[vome]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is.
    pub base_url: String,
    /// What a call does.
    pub operation: Operation,
    /// By what it finds people.
    #[serde(rename = "match")]
    pub matched_by: Match,
    /// The id of the custom field that people are found by, where no definition says it.
    pub match_field_id: Option<String>,
    /// The key of the list of people.
    pub records_key: Option<RecordsKey>,
    /// The key of the custom field in the match block.
    pub unique_field_key: Option<UniqueFieldKey>,
    /// The endpoints.
    pub endpoints: Endpoints,
    /// Whether `profile_data.id` is sent.
    pub send_profile_id: Option<bool>,
    /// Invitations.
    pub invite: Invite,
    /// How codes are written.
    pub enum_encoding: EnumEncoding,
    /// How `has_medical_info` is written.
    pub bool_encoding: BoolEncoding,
    /// The codes of genders.
    pub gender_map: GenderMap,
    /// Whether `gender_text` may be sent.
    pub gender_text: bool,
    /// The codes of occupations.
    pub occupation_map: OccupationMap,
    /// With which codes of `occupation` an institution goes.
    pub institution_codes: Option<Vec<i64>>,
    /// How phone numbers are written.
    pub phone: Phone,
    /// The key of the coordinates.
    pub coordinates_key: String,
    /// How they are written.
    pub coordinates_as: CoordinatesAs,
    /// Custom fields that the recipe declares.
    pub custom_fields: Vec<Declared>,
    /// How the values of custom fields are written, by type.
    pub custom_encoding: Encoding,
    /// Whether a selection takes what is none of its options.
    pub allow_unknown_options: bool,
    /// What a success without a body means.
    pub empty_answer: EmptyAnswer,
    /// Whom the counts of an answer count.
    pub counts: Counts,
    /// People in a request: 50 where it is sent, 500 in a payload file. The vendor documents no
    /// limit.
    pub batch_size: Option<usize>,
    /// Bytes in a request.
    pub batch_bytes: usize,
    /// Requests a second. The vendor documents no number.
    pub rate: f64,
    /// Profiles on a page when they are read, 1 to 100.
    pub page_size: u64,
    /// A file of mode 0600 that holds the key.
    pub api_key_file: Option<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "https://api.vomevolunteer.com".to_owned(),
            operation: Operation::default(),
            matched_by: Match::default(),
            match_field_id: None,
            records_key: None,
            unique_field_key: None,
            endpoints: Endpoints::default(),
            send_profile_id: None,
            invite: Invite::default(),
            enum_encoding: EnumEncoding::default(),
            bool_encoding: BoolEncoding::default(),
            gender_map: GenderMap::default(),
            gender_text: false,
            occupation_map: OccupationMap::default(),
            institution_codes: None,
            phone: Phone::default(),
            coordinates_key: "address_coordinates".to_owned(),
            coordinates_as: CoordinatesAs::default(),
            custom_fields: Vec::new(),
            custom_encoding: Encoding::default(),
            allow_unknown_options: false,
            empty_answer: EmptyAnswer::default(),
            counts: Counts::default(),
            batch_size: None,
            batch_bytes: 1024 * 1024,
            rate: 1.0,
            page_size: 100,
            api_key_file: None,
        }
    }
}

impl Settings {
    /// The key of the list of people. "Create profiles" has one, the example of "Write Operations"
    /// another.
    pub fn records_key(&self) -> &str {
        let said = self.records_key.as_ref().and_then(|key| key.of(self.operation));
        said.unwrap_or(match self.operation {
            Operation::Create => "users_data",
            Operation::Update | Operation::Upsert => "volunteers_data",
        })
    }

    /// Method and path of the operation. Source: Vome "Write Operations".
    pub fn endpoint(&self) -> (Method, String) {
        let (said, verb, path) = match self.operation {
            Operation::Create => (&self.endpoints.create, Verb::Post, "/api/profiles/bulk-create/"),
            Operation::Update => (&self.endpoints.update, Verb::Put, "/api/profiles/bulk-update/"),
            Operation::Upsert => (&self.endpoints.upsert, Verb::Put, "/api/profiles/bulk-upsert/"),
        };
        let path = said.path.clone().unwrap_or_else(|| path.to_owned());
        (said.method.unwrap_or(verb).method(), path)
    }

    /// The keys of the custom field in the match block. Where there is one, a key that is missed
    /// would create people twice, so that both are sent.
    pub fn unique_field_key(&self) -> UniqueFieldKey {
        let usual = match self.matched_by {
            Match::Custom(_) => UniqueFieldKey::Both,
            Match::Email | Match::Id => UniqueFieldKey::UniqueCustomField,
        };
        self.unique_field_key.unwrap_or(usual)
    }

    /// Whether `profile_data.id` may be sent.
    pub fn sends_profile_id(&self) -> bool {
        self.send_profile_id.unwrap_or(self.operation != Operation::Create)
    }

    /// With which codes of `occupation` an institution goes: those of students and professionals.
    pub fn institution_codes(&self) -> Vec<i64> {
        let map = self.occupation_map;
        self.institution_codes.clone().unwrap_or_else(|| vec![map.student, map.professional])
    }

    /// Refuses what no request could follow.
    ///
    /// # Errors
    /// [`Error::Usage`] with what to write instead.
    pub fn check(&self) -> Result<()> {
        let refused = |message: String, help: &str| Err(Error::usage(message, help));
        let is_key = |text: &str| {
            !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        for (name, key) in
            [("records_key", self.records_key()), ("coordinates_key", &self.coordinates_key)]
        {
            if !is_key(key) {
                return refused(
                    format!("`{name}` under [vome] cannot be {key:?}"),
                    "give a key of letters, digits and underscores, such as users_data",
                );
            }
        }
        let (_, path) = self.endpoint();
        if !path.starts_with('/') {
            return refused(
                format!("the path {path:?} of an endpoint does not begin with /"),
                "write it as /api/profiles/bulk-upsert/, under [vome.endpoints]",
            );
        }
        for (name, mut codes) in [
            ("gender_map", self.gender_map.codes()),
            ("occupation_map", self.occupation_map.codes()),
        ] {
            codes.sort_unstable();
            if codes.windows(2).any(|pair| pair.first() == pair.last()) {
                return refused(
                    format!("two words of `{name}` under [vome] have one code"),
                    "give each of them a code of its own",
                );
            }
        }
        if self.matched_by == Match::Id && !self.sends_profile_id() {
            return refused(
                "people are to be found by their Vome ID, which is not sent".to_owned(),
                "match by email, or set send_profile_id = true under [vome]; a create needs that, as \
                 profiles that do not exist have no id yet",
            );
        }
        if self.match_field_id.is_some() && !matches!(self.matched_by, Match::Custom(_)) {
            return refused(
                "match_field_id names a custom field, but people are not matched by one".to_owned(),
                "add match = \"custom:NAME\" under [vome], or take match_field_id out",
            );
        }
        let encoding = &self.custom_encoding;
        if self.allow_unknown_options && encoding.sends_option_ids() {
            return refused(
                "an option that is not known has no id that could be sent".to_owned(),
                "take allow_unknown_options out under [vome], or send the texts of options",
            );
        }
        Ok(())
    }
}
