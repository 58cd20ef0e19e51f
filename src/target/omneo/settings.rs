//! `[omneo]`: what the documents leave open, and what is sent unless the recipe says otherwise.
//!
//! `docs/omneo.md` has each setting with its default and the reason for it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::target::ConfirmBy;

/// The vendor's limit on profiles in a batch ("Batch Profiles": 1 - 500 elements).
pub const MOST_PROFILES: usize = 500;

/// The match criterion that is no handle of an identity.
pub const BY_EMAIL: &str = "email";

/// `[omneo]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is: `https://api.TENANT.getomneo.com/api/v3`.
    pub base_url: Option<String>,
    /// By what Omneo finds people: `email`, or the handle of an identity.
    pub match_criteria: String,
    /// The path of the batch endpoint; the documents print two.
    pub batch_path: String,
    /// People in a request, 1 to 500.
    pub batch_size: usize,
    /// Bytes in a request.
    pub batch_bytes: usize,
    /// Requests a second. The vendor documents no number.
    pub rate: f64,
    /// Whether the items of a finished batch stand in the order sent. The vendor does not say so;
    /// with `true` a batch of which some failed need not be sent again in halves.
    pub items_in_order: bool,
    /// How it is learned what became of the people in a queued batch.
    pub confirm: ConfirmBy,
    /// For how many seconds queued work is followed.
    pub follow_for: u64,
    /// Profiles on a page when they are read, 1 to 100. The vendor documents no limit.
    pub page_size: u64,
    /// A file of mode 0600 that holds the token.
    pub api_key_file: Option<PathBuf>,
    /// Handles of identities whose columns are found by their headers.
    pub identities: Vec<String>,
    /// Fields without which nobody is sent.
    pub require: Vec<String>,
    /// Custom attributes of the tenant: namespace, handle and type.
    pub custom_attributes: BTreeMap<String, BTreeMap<String, AttributeType>>,
    /// How values of custom attributes are written.
    pub custom_value: CustomValue,
    /// Whether tags are sent.
    pub tags_mode: TagsMode,
    /// Whether statuses are sent, and how.
    pub statuses_mode: StatusesMode,
    /// How the parts of a birth date are written.
    pub birth_encoding: BirthEncoding,
    /// How the country of an address is written.
    pub country_as: CountryAs,
    /// What `meta` and `appearance` are.
    pub meta_as: MetaAs,
    /// Whether the times of consent in the sheet are those at which the customers acted themselves.
    pub consent_is_customer_act: bool,
    /// Where times of consent go.
    pub consent: Consent,
    /// How regions are named.
    pub region_style: RegionStyle,
    /// How many of the three ways to name a location one person may use.
    pub location_refs: LocationRefs,
    /// Types of profiles beside the five that anybody may import.
    pub allow_types: Vec<GuardedType>,
    /// What the tenant does with a mobile number that another profile has.
    pub mobile_clash: MobileClash,
    /// Whether it is asked beforehand whose the identities are. Where nothing is said, it is when people are
    /// matched by e-mail address.
    pub identity_precheck: Option<bool>,
}

/// The types of custom attributes, as the vendor's client has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttributeType {
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// A number, perhaps with a fraction.
    Float,
    /// Yes or no.
    Boolean,
    /// Any JSON.
    Json,
    /// Several texts.
    Array,
}

impl AttributeType {
    /// Each type with its word.
    pub(super) const ALL: [(&'static str, Self); 6] = [
        ("string", Self::String),
        ("integer", Self::Integer),
        ("float", Self::Float),
        ("boolean", Self::Boolean),
        ("json", Self::Json),
        ("array", Self::Array),
    ];

    /// The word for it in payloads and recipes.
    pub(super) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, own)| *own == self).map_or("string", |(word, _)| word)
    }
}

/// How values of custom attributes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomValue {
    /// As the JSON value of their type.
    #[default]
    Native,
    /// As text.
    String,
}

/// What becomes of tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagsMode {
    /// They are not sent.
    #[default]
    Refuse,
    /// Those of the sheet take the place of all that a person has.
    Replace,
}

/// What becomes of statuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusesMode {
    /// They are added to those that a person has, once the profiles have landed.
    #[default]
    Add,
    /// They are not sent.
    Refuse,
    /// They are sent in the batch.
    Batch,
}

/// How the parts of a birth date are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BirthEncoding {
    /// As numbers.
    #[default]
    Integer,
    /// As text.
    String,
}

/// How the country of an address is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountryAs {
    /// Its code of two letters.
    #[default]
    Alpha2,
    /// Its name in English.
    Name,
    /// As it stands in the sheet.
    Asis,
}

/// What `meta` and `appearance` are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetaAs {
    /// Objects.
    #[default]
    Object,
    /// Lists of texts.
    List,
}

/// Where times of consent go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Into `comms_attributes`, beside the promotions that they are about.
    #[default]
    CommsAttributes,
    /// Into `attributes.comms`.
    Attributes,
    /// Into either, each by a field of its own.
    Both,
}

/// How regions are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionStyle {
    /// One by `region_id` or `region_handle`, several by `regions`; not both for one person.
    #[default]
    Auto,
    /// One only.
    Single,
    /// By the list only.
    List,
    /// In any way, nothing held against it.
    Any,
}

/// How many of the three ways to name a location one person may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationRefs {
    /// One: which of several counts is not documented.
    #[default]
    One,
    /// Any.
    Any,
}

/// A type of profile that is imported only where the recipe allows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardedType {
    /// Takes the person out of sight.
    Deleted,
    /// Omneo's own.
    System,
}

/// What the tenant does with a mobile number that another profile has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MobileClash {
    /// It refuses the person.
    #[default]
    Error,
    /// It keeps the number as the secondary one.
    Secondary,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            match_criteria: BY_EMAIL.to_owned(),
            batch_path: "/profiles/batch.json".to_owned(),
            batch_size: MOST_PROFILES,
            batch_bytes: 4 * 1024 * 1024,
            rate: 2.0,
            items_in_order: false,
            confirm: ConfirmBy::Poll,
            follow_for: 300,
            page_size: 100,
            api_key_file: None,
            identities: Vec::new(),
            require: vec![BY_EMAIL.to_owned()],
            custom_attributes: BTreeMap::new(),
            custom_value: CustomValue::Native,
            tags_mode: TagsMode::Refuse,
            statuses_mode: StatusesMode::Add,
            birth_encoding: BirthEncoding::Integer,
            country_as: CountryAs::Alpha2,
            meta_as: MetaAs::Object,
            consent_is_customer_act: false,
            consent: Consent::CommsAttributes,
            region_style: RegionStyle::Auto,
            location_refs: LocationRefs::One,
            allow_types: Vec::new(),
            mobile_clash: MobileClash::Error,
            identity_precheck: None,
        }
    }
}

impl Settings {
    /// The identity by which Omneo finds people; none where it does so by e-mail address.
    pub(super) fn match_handle(&self) -> Option<&str> {
        Some(self.match_criteria.as_str()).filter(|criteria| *criteria != BY_EMAIL)
    }

    /// The handles that the recipe names: that of the match first.
    pub(super) fn handles(&self) -> impl Iterator<Item = &str> {
        let own = self.identities.iter().map(String::as_str);
        let matched = self.match_handle();
        matched.into_iter().chain(own.filter(move |handle| Some(*handle) != matched))
    }
}
