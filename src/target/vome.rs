//! Vome: volunteers, by `bulk-upsert` matched by e-mail address.
//!
//! Sources: "Write Operations", "Create profiles", "The Profile object" and "Errors" of the vendor's
//! API documentation, and its help centre's page on formatting an import. Where they contradict
//! each other the default is the one that cannot mail anybody or create anybody twice, and a
//! setting overrides it.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    Answer, Credential, Kind as TargetKind, Method, Overrides, Progress, Purpose, Request, Target,
    Verdict, excerpt, judge_status,
};
use crate::batch::{Frame, Limits};
use crate::error::Result;
use crate::layout::Around;
use crate::mapping::{Schema, words};
use crate::recipe::Recipe;
use crate::record::{Beside, Choice, DateForm, Field, Kind, PhoneForm, Value, Words};

const WRITE: &str = "Vome \"Write Operations\"";
const CREATE: &str = "Vome \"Create profiles\"";
const PROFILE: &str = "Vome \"The Profile object\"";
const FORMAT: &str = "Vome help centre, formatting an import";

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind { id: "vome", title: "Vome", fields: FIELDS, configure };

const fn code(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Value::Integer(value), label, words }
}

const GENDERS: &[Choice] = &[
    code(0, "Male", &["m", "man", "boy", "h", "homme", "masculin", "garcon", "mr", "he"]),
    code(1, "Female", &["f", "woman", "girl", "femme", "feminin", "fille", "she", "w"]),
    code(
        2,
        "Other",
        &[
            "o",
            "nonbinary",
            "nb",
            "x",
            "autre",
            "nonbinaire",
            "diverse",
            "genderqueer",
            "genderfluid",
            "agender",
            "they",
            "nongendered",
        ],
    ),
    code(
        3,
        "Rather not say",
        &[
            "prefernottosay",
            "prefernotsay",
            "prefersnottosay",
            "prefernottoanswer",
            "withheld",
            "notsaid",
            "undisclosed",
            "nepasrepondre",
            "preferenepasrepondre",
            "jepreferenepasrepondre",
            "neveutpasrepondre",
            "decline",
            "declinetoanswer",
        ],
    ),
];

const OCCUPATIONS: &[Choice] = &[
    code(
        0,
        "Student",
        &["etudiant", "etudiante", "pupil", "highschoolstudent", "universitystudent", "eleve"],
    ),
    code(
        1,
        "Professional",
        &["professionnel", "professionnelle", "employed", "working", "employe", "employee"],
    ),
    code(2, "Retiree", &["retired", "retraite", "retraitee", "pensioner"]),
    code(3, "Other", &["autre"]),
];

/// What Vome takes, in the order of its payload.
pub static FIELDS: &[Field] = &[
    Field::new("emergency_contact_name", Kind::Text, "emergency_contact.name")
        .words(Words {
            sure: &[
                "emergency contact name",
                "emergency contact",
                "emergency contact full name",
                "personne à contacter",
                "personne à prévenir",
            ],
            maybe: &[],
        })
        .source(CREATE, ""),
    Field::new(
        "emergency_contact_phone",
        Kind::Phone(PhoneForm::Digits),
        "emergency_contact.phone_number",
    )
    .words(Words {
        sure: &["emergency contact mobile", "emergency contact phone", "primary emergency phone"],
        maybe: &["home emergency phone", "work emergency phone"],
    })
    .beside(&[Beside::Wants("emergency_contact_name")])
    .source(CREATE, ""),
    Field::new("emergency_contact_relationship", Kind::Text, "emergency_contact.relationship")
        .words(Words { sure: &["emergency contact relationship"], maybe: &["relationship"] })
        .source(CREATE, ""),
    Field::new("medical_information", Kind::Text, "medical_information.description")
        .words(Words {
            sure: &[
                "medical information",
                "medical conditions",
                "medical notes",
                "medical description",
                "allergies",
                "medical conditions allergies",
                "medical allergies",
            ],
            maybe: &[],
        })
        .beside(&[Beside::OnlyWith { other: "has_medical_info", codes: &[1] }])
        .source(CREATE, "has_medical_info is sent as true beside it"),
    Field::new("has_medical_info", Kind::Bool, "medical_information.has_medical_info")
        .words(Words { sure: &["has medical information"], maybe: &[] })
        .source(CREATE, "derived from medical_information when not mapped"),
    Field::new("occupation", Kind::Choice(OCCUPATIONS), "occupation_info.occupation")
        .words(words::OCCUPATION)
        .source(PROFILE, "a code 0-3; words are understood"),
    Field::new(
        "occupation_institution_name",
        Kind::Text,
        "occupation_info.occupation_institution_name",
    )
    .words(words::COMPANY)
    .beside(&[Beside::OnlyWith { other: "occupation", codes: &[0, 1] }])
    .source(PROFILE, "only applicable to students and professionals"),
    Field::new("first_name", Kind::Name, "profile_data.first_name")
        .words(words::FIRST_NAME)
        .required()
        .source(CREATE, ""),
    Field::new("last_name", Kind::Name, "profile_data.last_name")
        .words(words::LAST_NAME)
        .required()
        .source(CREATE, ""),
    Field::new("email", Kind::Email, "profile_data.email")
        .words(words::EMAIL)
        .required()
        .unique()
        .source(WRITE, "the username in Vome, and the match key"),
    Field::new("phone_number", Kind::Phone(PhoneForm::Digits), "profile_data.phone_number")
        .words(words::PHONE)
        .source(FORMAT, "digits, with a leading + if there is one; 7 to 15 of them"),
    Field::new("date_of_birth", Kind::Date(DateForm::Iso), "profile_data.date_of_birth")
        .words(words::BIRTH_DATE)
        .born()
        .source(PROFILE, "not in the future, not before 1900"),
    Field::new("gender", Kind::Choice(GENDERS), "profile_data.gender")
        .words(words::GENDER)
        .source(PROFILE, "a code 0-3; words are understood"),
    Field::new("address", Kind::Text, "profile_data.address")
        .words(words::ADDRESS)
        .source(CREATE, "one text"),
];

/// `custom:NAME` is the custom field of that name.
fn custom(name: &str) -> Option<Field> {
    let label = name.strip_prefix("custom:")?.trim();
    if label.is_empty() {
        return None;
    }
    Some(Field {
        name: format!("custom:{label}").into(),
        ..Field::new("", Kind::Text, "custom_field_data.1")
            .source(CREATE, "a custom field, as text")
    })
}

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
            api_key_file: None,
        }
    }
}

/// Vome, set up.
#[derive(Debug)]
struct Vome {
    settings: Settings,
    batch_size: usize,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("vome")?;
    let usual = match overrides.purpose {
        Purpose::Sending => 50,
        Purpose::Files => 500,
    };
    let batch_size = overrides.batch_size.or(settings.batch_size).unwrap_or(usual);
    if let Some(url) = &overrides.base_url {
        settings.base_url.clone_from(url);
        settings.rate = 0.0;
    }
    super::check_settings("vome", batch_size, None, settings.rate)?;
    if let Some(file) = &mut settings.api_key_file {
        *file = super::beside_recipe(recipe, file);
    }
    Ok(Box::new(Vome { settings, batch_size }))
}

impl Target for Vome {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        Schema::new(FIELDS, custom)
    }

    fn match_field(&self) -> &'static str {
        match self.settings.matched_by {
            Match::Email => "email",
        }
    }

    fn around(&self, used: &[Field], field: &Field) -> Around {
        if let Some(label) = field.name.strip_prefix("custom:") {
            let label = Json::from(label);
            return Around {
                before: format!("{{\"custom_field_name\":{label},\"custom_field_user_value\":"),
                after: "}".to_owned(),
            };
        }
        let derive = field.name == "medical_information"
            && !used.iter().any(|other| other.name == "has_medical_info");
        let after = if derive { ",\"has_medical_info\":true" } else { "" };
        Around { before: String::new(), after: after.to_owned() }
    }

    fn frame(&self) -> Frame {
        let settings = &self.settings;
        let mut unique = serde_json::Map::new();
        unique.insert("identifier_type".to_owned(), json!(0));
        if settings.unique_field_key != UniqueFieldKey::UniqueId {
            unique.insert("unique_custom_field".to_owned(), json!(""));
        }
        if settings.unique_field_key != UniqueFieldKey::UniqueCustomField {
            unique.insert("unique_id".to_owned(), json!(""));
        }
        let language = settings.invite.language.map(|language| match language {
            Language::English => "EN",
            Language::French => "FR",
        });
        let head = format!(
            "{{\"unique_identifier\":{},\"invite_user_to_vome\":{},\"invite_language\":{},\
             \"invite_message\":{},{}:[",
            Json::from(unique),
            settings.invite.enabled,
            Json::from(language),
            Json::from(settings.invite.message.clone()),
            Json::from(settings.records_key.as_str()),
        );
        Frame { head: head.into_bytes(), tail: b"]}".to_vec() }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        Ok(self.settings.base_url.clone())
    }

    fn credential(&self) -> Credential {
        Credential {
            variable: "VOME_API_KEY",
            file: self.settings.api_key_file.clone(),
            header: "API-KEY",
            prefix: "",
        }
    }

    fn interval(&self) -> Duration {
        super::interval(self.settings.rate)
    }

    fn request(&self) -> Request {
        match self.settings.operation {
            Operation::Upsert => Request {
                method: match self.settings.upsert.method {
                    Verb::Post => Method::Post,
                    Verb::Put => Method::Put,
                },
                path: self.settings.upsert.path.clone(),
            },
        }
    }

    /// 200 is documented as success, its body is not: any whole JSON object counts as read. Errors
    /// are `{"error":{"type","code","message","param"}}`; a place in the list of people inside
    /// `param` names the person.
    fn judge(&self, answer: Answer<'_>, people: usize) -> Verdict {
        let body: Option<Json> = serde_json::from_slice(answer.body).ok();
        let error = body.as_ref().and_then(|body| body.get("error"));
        if answer.status == 200 || answer.status == 201 {
            let error = error.filter(|error| !error.is_null());
            return match (&body, error) {
                (Some(Json::Object(body)), None) if !speaks_of_failure(body) => Verdict::Accepted,
                (Some(Json::Object(_)), _) => {
                    Verdict::Ambiguous { why: "a success that speaks of an error".to_owned() }
                }
                _ => Verdict::Ambiguous { why: "a success without a readable body".to_owned() },
            };
        }
        let text = |key: &str| error.and_then(|error| error.get(key)).and_then(Json::as_str);
        let why = match text("message") {
            Some(message) => match text("param") {
                Some(param) => format!("{message} ({param})"),
                None => message.to_owned(),
            },
            None => excerpt(answer),
        };
        match judge_status(answer, why) {
            Verdict::Refused { why, .. } => {
                let person = text("param")
                    .and_then(|param| place(param, &self.settings.records_key))
                    .filter(|&place| place < people);
                Verdict::Refused { why, person }
            }
            other => other,
        }
    }

    fn follow(&self, _ticket: &str) -> Request {
        Request { method: Method::Get, path: "/api/profiles/".to_owned() }
    }

    fn judge_follow(&self, answer: Answer<'_>, _people: usize) -> Progress {
        // Vome answers at once; there is nothing to follow.
        Progress::Done(Verdict::Ambiguous { why: excerpt(answer) })
    }

    fn side_effects(&self) -> String {
        if self.settings.invite.enabled {
            "Vome mails an invitation to everybody sent".to_owned()
        } else {
            "none: invitations are off".to_owned()
        }
    }

    fn invites(&self) -> bool {
        self.settings.invite.enabled
    }
}

/// Whether a body whose form is not documented says in one of the usual ways that something failed.
fn speaks_of_failure(body: &serde_json::Map<String, Json>) -> bool {
    let says_something = |value: &Json| match value {
        Json::Null | Json::Bool(false) => false,
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::String(text) => !text.is_empty(),
        Json::Array(list) => !list.is_empty(),
        Json::Object(map) => !map.is_empty(),
        Json::Bool(true) => true,
    };
    let bad = ["errors", "failed", "failures", "failed_count", "rejected", "invalid"];
    bad.iter().any(|key| body.get(*key).is_some_and(says_something))
        || body.get("success").is_some_and(|value| *value == Json::Bool(false))
}

/// The place in `volunteers_data[3].profile_data.email`.
fn place(param: &str, key: &str) -> Option<usize> {
    let rest = param.strip_prefix(key)?;
    let digits = match rest.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => rest.strip_prefix('.')?.split('.').next()?,
    };
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vome(recipe: &str) -> Box<dyn Target> {
        let recipe = Recipe::parse(recipe.to_owned(), "upsheet.toml").unwrap();
        configure(&recipe, &Overrides::default()).unwrap()
    }

    #[test]
    fn answers_are_judged() {
        let vome = vome("");
        let refused = |why: &str, person| Verdict::Refused { why: why.to_owned(), person };
        for (status, body, expected) in [
            (200, r#"{"message":"ok"}"#, Verdict::Accepted),
            (201, "{}", Verdict::Accepted),
            (200, "", Verdict::Ambiguous { why: "a success without a readable body".to_owned() }),
            (
                200,
                r#"{"message":"o"#,
                Verdict::Ambiguous { why: "a success without a readable body".to_owned() },
            ),
            (
                200,
                "<html>",
                Verdict::Ambiguous { why: "a success without a readable body".to_owned() },
            ),
            (
                200,
                r#"{"error":{"message":"x"}}"#,
                Verdict::Ambiguous { why: "a success that speaks of an error".to_owned() },
            ),
            (
                400,
                r#"{"error":{"type":"invalid_request_error","code":"missing_field","message":"no email","param":"volunteers_data[3].profile_data.email"}}"#,
                refused("no email (volunteers_data[3].profile_data.email)", Some(3)),
            ),
            (
                400,
                r#"{"error":{"message":"no","param":"volunteers_data.0.email"}}"#,
                refused("no (volunteers_data.0.email)", Some(0)),
            ),
            (
                400,
                r#"{"error":{"message":"no","param":"volunteers_data[99]"}}"#,
                refused("no (volunteers_data[99])", None),
            ),
            (400, "oops", refused("status 400: oops", None)),
            (409, "", refused("status 409", None)),
            (413, "", Verdict::TooLarge),
            (429, "", Verdict::Later { after: None, why: "status 429".to_owned() }),
            (503, "", Verdict::Ambiguous { why: "status 503".to_owned() }),
            (200, r#"{"error":null,"errors":[],"failed":0}"#, Verdict::Accepted),
            (
                200,
                r#"{"success":false,"failed":12}"#,
                Verdict::Ambiguous { why: "a success that speaks of an error".to_owned() },
            ),
            (500, "", Verdict::Ambiguous { why: "status 500".to_owned() }),
            (502, "", Verdict::Ambiguous { why: "status 502".to_owned() }),
            (504, "", Verdict::Ambiguous { why: "status 504".to_owned() }),
            (408, "", Verdict::Ambiguous { why: "status 408".to_owned() }),
            (204, "", Verdict::Ambiguous { why: "status 204".to_owned() }),
        ] {
            let answer = Answer { status, retry_after: None, body: body.as_bytes() };
            assert_eq!(vome.judge(answer, 50), expected, "{status} {body}");
        }
        for status in [301, 302, 307, 308, 401, 403, 404, 405] {
            let answer = Answer { status, retry_after: None, body: b"" };
            assert!(matches!(vome.judge(answer, 1), Verdict::Stop { .. }), "{status}");
        }
    }

    #[test]
    fn nobody_is_invited_unless_the_recipe_says_so() {
        let text = |recipe: &str| String::from_utf8(vome(recipe).frame().head).unwrap();
        assert_eq!(
            text(""),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":""},"invite_user_to_vome":false,"invite_language":null,"invite_message":null,"volunteers_data":["#
        );
        assert!(!vome("").invites());
        let on = "[vome]\nrecords_key = \"user_data\"\nunique_field_key = \"both\"\n[vome.invite]\nenabled = true\nlanguage = \"FR\"\nmessage = \"<p>\\\"Salut\\\"</p>\"\n";
        assert_eq!(
            text(on),
            r#"{"unique_identifier":{"identifier_type":0,"unique_custom_field":"","unique_id":""},"invite_user_to_vome":true,"invite_language":"FR","invite_message":"<p>\"Salut\"</p>","user_data":["#
        );
        assert!(vome(on).invites());
    }

    #[test]
    fn custom_fields_are_named() {
        let vome = vome("");
        let field = custom("custom:T-shirt \"size\"").unwrap();
        assert_eq!(
            vome.around(&[], &field).before,
            r#"{"custom_field_name":"T-shirt \"size\"","custom_field_user_value":"#
        );
        assert!(custom("custom:").is_none());
        assert!(custom("shirt").is_none());
    }
}
