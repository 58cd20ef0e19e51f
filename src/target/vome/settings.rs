//! `[vome]`: what the documents contradict each other about or leave open, and what is sent unless the
//! recipe says otherwise.

use std::path::PathBuf;

use serde::Deserialize;

/// Invitations: `[vome.invite]`. Vome mails everybody in the request when they are on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Invite {
    /// Whether people are invited to claim their profile.
    pub enabled: bool,
    /// `EN` or `FR`.
    pub language: Option<Language>,
    /// A message in HTML.
    pub message: Option<String>,
}

/// A language in which Vome invites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Language {
    /// English.
    #[serde(rename = "EN")]
    English,
    /// French.
    #[serde(rename = "FR")]
    French,
}

/// What a call does with people who exist or do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Creates those who are new and updates those who are not.
    #[default]
    Upsert,
}

/// By what Vome finds a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Match {
    /// The e-mail address.
    #[default]
    Email,
}

/// The key under which the match block names a custom field; the documents have two names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UniqueFieldKey {
    /// As in every example.
    #[default]
    UniqueCustomField,
    /// As in the specification.
    UniqueId,
    /// Both.
    Both,
}

/// A request's method in the recipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// `POST`
    Post,
    /// `PUT`
    #[default]
    Put,
}

/// `[vome.upsert]`: the endpoint; the documents print two.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoint {
    /// The method.
    pub method: Verb,
    /// The path behind the base URL.
    pub path: String,
}

impl Default for Endpoint {
    fn default() -> Self {
        Self { method: Verb::Put, path: "/api/profiles/bulk-upsert/".to_owned() }
    }
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
    /// The key of the list of people: the documents have three names for it.
    pub records_key: String,
    /// The key of the custom field in the match block.
    pub unique_field_key: UniqueFieldKey,
    /// The endpoint.
    pub upsert: Endpoint,
    /// Invitations.
    pub invite: Invite,
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
            operation: Operation::Upsert,
            matched_by: Match::Email,
            records_key: "volunteers_data".to_owned(),
            unique_field_key: UniqueFieldKey::UniqueCustomField,
            upsert: Endpoint::default(),
            invite: Invite::default(),
            batch_size: None,
            batch_bytes: 1024 * 1024,
            rate: 1.0,
            page_size: 100,
            api_key_file: None,
        }
    }
}
