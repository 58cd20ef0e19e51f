//! Omneo: loyalty profiles, by the asynchronous profile batch matched by e-mail address.
//!
//! Sources: "Batch Profiles" and "Profiles API overview" of the vendor's API reference, its guides,
//! and the types of its public client. The batch answers with an id; the id is followed until each
//! profile has a verdict.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value as Json;

use super::{
    Answer, Credential, Kind as TargetKind, Method, Overrides, Progress, Request, Target, Verdict,
    excerpt, judge_status,
};
use crate::batch::{Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::Around;
use crate::mapping::{Schema, words};
use crate::recipe::Recipe;
use crate::record::{Beside, Choice, DateForm, Field, Kind, PhoneForm, Value, Words};

const BATCH: &str = "Omneo \"Batch Profiles\"";
const OVERVIEW: &str = "Omneo \"Profiles API overview\"";
const CORE: &str = "Omneo \"Core fields\"";
const ADDRESSES: &str = "Omneo \"Addresses\"";
const COMMS: &str = "Omneo \"Comms preferences\"";

/// The target as it can be chosen.
pub static KIND: TargetKind = TargetKind { id: "omneo", title: "Omneo", fields: FIELDS, configure };

/// The vendor's limit on profiles in a batch ("Batch Profiles": 1 - 500 elements).
const MOST_PROFILES: usize = 500;

const fn word(word: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Value::Text(word), label: word, words }
}

const GENDERS: &[Choice] = &[
    word("female", &["f", "woman", "girl", "femme", "feminin", "fille", "she", "w"]),
    word("male", &["m", "man", "boy", "h", "homme", "masculin", "garcon", "he"]),
    word(
        "withheld",
        &[
            "prefernottosay",
            "prefernotsay",
            "rathernotsay",
            "prefersnottosay",
            "undisclosed",
            "prefernottoanswer",
            "nepasrepondre",
            "decline",
            "declinetoanswer",
            "notspecified",
        ],
    ),
    word(
        "other",
        &["o", "nonbinary", "nb", "x", "autre", "nonbinaire", "diverse", "genderfluid", "they"],
    ),
];

const TYPES: &[Choice] = &[
    word("temporary", &[]),
    word("pending", &[]),
    word("active", &[]),
    word("dependant", &[]),
    word("incomplete", &[]),
];

const fn month(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Value::Integer(value), label, words }
}

/// Months by number and by name.
const MONTHS: &[Choice] = &[
    month(1, "January", &["01", "jan", "janvier", "janv", "januar", "enero"]),
    month(2, "February", &["02", "feb", "fevrier", "fev", "februar", "febrero"]),
    month(3, "March", &["03", "mar", "mars", "marz", "marzo"]),
    month(4, "April", &["04", "apr", "avril", "avr", "abril"]),
    month(5, "May", &["05", "mai", "mayo"]),
    month(6, "June", &["06", "jun", "juin", "juni", "junio"]),
    month(7, "July", &["07", "jul", "juillet", "juil", "juli", "julio"]),
    month(8, "August", &["08", "aug", "aout", "agosto"]),
    month(9, "September", &["09", "sep", "sept", "septembre", "septiembre"]),
    month(10, "October", &["oct", "octobre", "oktober", "octubre"]),
    month(11, "November", &["nov", "novembre", "noviembre"]),
    month(12, "December", &["dec", "decembre", "dezember", "diciembre"]),
];

/// An address is sent whole or not at all ("No partial addresses").
const WHOLE: &[Beside] = &[
    Beside::Needs("addresses.1.address_line_1"),
    Beside::Needs("addresses.1.city"),
    Beside::Needs("addresses.1.postcode"),
    Beside::Needs("addresses.1.country"),
];

/// What Omneo takes, in the order of its payload.
pub static FIELDS: &[Field] = &[
    Field::new("first_name", Kind::Name, "first_name")
        .words(words::FIRST_NAME)
        .wanted()
        .source(CORE, "Omneo writes Unknown when it creates somebody without"),
    Field::new("last_name", Kind::Name, "last_name")
        .words(words::LAST_NAME)
        .wanted()
        .source(CORE, "Omneo writes Unknown when it creates somebody without"),
    Field::new("email", Kind::Email, "email")
        .words(words::EMAIL)
        .required()
        .unique()
        .source(OVERVIEW, "the match key; unique over all profiles"),
    Field::new("title", Kind::Text, "title")
        .words(Words { sure: &["salutation", "name salutation", "title"], maybe: &[] })
        .source(OVERVIEW, ""),
    Field::new("gender", Kind::Choice(GENDERS), "gender")
        .words(words::GENDER)
        .source(OVERVIEW, "lower case"),
    Field::new("currency", Kind::Currency, "currency")
        .words(Words { sure: &["currency", "currency code", "devise"], maybe: &[] })
        .source(OVERVIEW, "must be configured in the tenant"),
    Field::new("profile_type", Kind::Choice(TYPES), "profile_type")
        .source(OVERVIEW, "deleted and system are refused"),
    Field::new("joined_at", Kind::Moment, "joined_at")
        .words(Words {
            sure: &["joined", "join date", "joined date", "member since", "signup date"],
            maybe: &[],
        })
        .source(BATCH, "RFC 3339; a date alone is midnight UTC"),
    Field::new("mobile_phone", Kind::Phone(PhoneForm::E164), "mobile_phone")
        .words(words::MOBILE_PHONE)
        .unique()
        .source(OVERVIEW, "E.164; unique over all profiles"),
    Field::new("secondary_phone", Kind::Phone(PhoneForm::E164), "secondary_phone")
        .words(words::SECONDARY_PHONE)
        .source(CORE, "E.164"),
    Field::new(
        "birth_date",
        Kind::Date(DateForm::Parts(["birth_day", "birth_month", "birth_year"])),
        "birth_date",
    )
    .words(words::BIRTH_DATE)
    .born()
    .source(OVERVIEW, "sent as birth_day, birth_month and birth_year"),
    Field::new("birth_date.day", Kind::Integer, "birth_day")
        .words(Words { sure: &["dayofbirth", "jourdenaissance"], maybe: &[] })
        .range(1, 31)
        .beside(&[
            Beside::InsteadOf("birth_date"),
            Beside::Needs("birth_date.month"),
            Beside::DayOf { month: "birth_date.month", year: "birth_date.year" },
        ])
        .source(OVERVIEW, "with its month, where birth_date is not mapped"),
    Field::new("birth_date.month", Kind::Choice(MONTHS), "birth_month")
        .words(Words { sure: &["birthmonth", "monthofbirth", "moisdenaissance"], maybe: &[] })
        .beside(&[Beside::InsteadOf("birth_date"), Beside::Needs("birth_date.day")])
        .source(OVERVIEW, "with its day, where birth_date is not mapped"),
    Field::new("birth_date.year", Kind::Integer, "birth_year")
        .words(Words {
            sure: &["birthyear", "yearofbirth", "anneedenaissance", "geburtsjahr"],
            maybe: &[],
        })
        .born()
        .beside(&[Beside::InsteadOf("birth_date"), Beside::Wants("birth_date.month")])
        .source(OVERVIEW, "optional beside day and month"),
    Field::new("company", Kind::Text, "company").words(words::COMPANY).source(OVERVIEW, ""),
    Field::new("occupation", Kind::Text, "occupation")
        .words(words::OCCUPATION)
        .source(OVERVIEW, ""),
    Field::new("avatar_url", Kind::Url, "avatar_url")
        .words(Words {
            sure: &["avatar", "profile picture", "photo url", "picture url"],
            maybe: &[],
        })
        .source(OVERVIEW, ""),
    Field::new("joined_location_external_id", Kind::Text, "joined_location_external_id")
        .code()
        .source(BATCH, "the location must exist"),
    Field::new("preferred_location_external_id", Kind::Text, "preferred_location_external_id")
        .code()
        .source(BATCH, "the location must exist"),
    Field::new("addresses.1.address_line_1", Kind::Text, "addresses.1.address_line_1")
        .beside(WHOLE)
        .source(ADDRESSES, "only with city, postcode and country; mapped by --map alone"),
    Field::new("addresses.1.address_line_2", Kind::Text, "addresses.1.address_line_2")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.city", Kind::Text, "addresses.1.city")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.state", Kind::Text, "addresses.1.state")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.postcode", Kind::Text, "addresses.1.postcode")
        .code()
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.country", Kind::Country, "addresses.1.country")
        .beside(WHOLE)
        .source(ADDRESSES, "a code of ISO 3166-1; names are understood"),
    Field::new("email_promo", Kind::Bool, "comms_attributes.email_promo")
        .source(COMMS, "whether the person takes advertising by e-mail"),
    Field::new("sms_promo", Kind::Bool, "comms_attributes.sms_promo")
        .source(COMMS, "whether the person takes advertising by SMS"),
    Field::new("email_benefits", Kind::Bool, "comms_attributes.email_benefits").source(COMMS, ""),
    Field::new(
        "email_consent_updated_at",
        Kind::Moment,
        "comms_attributes.email_consent_updated_at",
    )
    .beside(&[Beside::Needs("email_promo")])
    .source(COMMS, "when the person said so; only with email_promo, never for corrections"),
    Field::new("sms_consent_updated_at", Kind::Moment, "comms_attributes.sms_consent_updated_at")
        .beside(&[Beside::Needs("sms_promo")])
        .source(COMMS, "when the person said so; only with sms_promo, never for corrections"),
];

fn custom(_name: &str) -> Option<Field> {
    None
}

/// `[omneo]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where the API is: `https://api.TENANT.getomneo.com/api/v3`.
    pub base_url: Option<String>,
    /// By what Omneo finds people: `email`.
    pub match_criteria: MatchCriteria,
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
    /// A file of mode 0600 that holds the token.
    pub api_key_file: Option<PathBuf>,
}

/// By what Omneo finds a profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchCriteria {
    /// The e-mail address.
    #[default]
    Email,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: None,
            match_criteria: MatchCriteria::Email,
            batch_path: "/profiles/batch.json".to_owned(),
            batch_size: MOST_PROFILES,
            batch_bytes: 4 * 1024 * 1024,
            rate: 2.0,
            items_in_order: false,
            api_key_file: None,
        }
    }
}

/// Omneo, set up.
#[derive(Debug)]
struct Omneo {
    settings: Settings,
}

fn configure(recipe: &Recipe, overrides: &Overrides) -> Result<Box<dyn Target>> {
    let mut settings: Settings = recipe.section("omneo")?;
    if let Some(size) = overrides.batch_size {
        settings.batch_size = size;
    }
    if let Some(url) = &overrides.base_url {
        settings.base_url = Some(url.clone());
        settings.rate = 0.0;
    }
    super::check_settings("omneo", settings.batch_size, Some(MOST_PROFILES), settings.rate)?;
    if let Some(file) = &mut settings.api_key_file {
        *file = super::beside_recipe(recipe, file);
    }
    Ok(Box::new(Omneo { settings }))
}

impl Target for Omneo {
    fn kind(&self) -> &'static TargetKind {
        &KIND
    }

    fn schema(&self) -> Schema {
        Schema::new(FIELDS, custom)
    }

    fn match_field(&self) -> &'static str {
        match self.settings.match_criteria {
            MatchCriteria::Email => "email",
        }
    }

    fn around(&self, _used: &[Field], _field: &Field) -> Around {
        Around::default()
    }

    fn frame(&self) -> Frame {
        let head = format!("{{\"match_criteria\":\"{}\",\"profiles\":[", self.match_field());
        Frame { head: head.into_bytes(), tail: b"]}".to_vec() }
    }

    fn limits(&self) -> Limits {
        Limits { rows: self.settings.batch_size, bytes: self.settings.batch_bytes }
    }

    fn base_url(&self) -> Result<String> {
        self.settings.base_url.clone().ok_or_else(|| {
            Error::usage(
                "the recipe does not say where this Omneo tenant is",
                "add [omneo] base_url = \"https://api.TENANT.getomneo.com/api/v3\" to upsheet.toml",
            )
        })
    }

    fn credential(&self) -> Credential {
        Credential {
            variable: "OMNEO_TOKEN",
            file: self.settings.api_key_file.clone(),
            header: "Authorization",
            prefix: "Bearer ",
        }
    }

    fn interval(&self) -> Duration {
        super::interval(self.settings.rate)
    }

    fn request(&self) -> Request {
        Request { method: Method::Post, path: self.settings.batch_path.clone() }
    }

    /// Any 2xx with `data.batch_id` is a queued batch; nothing else is a success.
    fn judge(&self, answer: Answer<'_>, _people: usize) -> Verdict {
        let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
        if (200..300).contains(&answer.status) {
            return match body.pointer("/data/batch_id") {
                Some(Json::String(ticket)) if is_ticket(ticket) => {
                    Verdict::Queued { ticket: ticket.clone() }
                }
                Some(Json::Number(ticket)) => Verdict::Queued { ticket: ticket.to_string() },
                _ => Verdict::Ambiguous { why: "a success without a batch_id".to_owned() },
            };
        }
        judge_status(answer, message(&body).unwrap_or_else(|| excerpt(answer)))
    }

    fn follow(&self, ticket: &str) -> Request {
        Request { method: Method::Get, path: format!("/batches/{ticket}") }
    }

    /// A batch is done when its status is no longer `pending`. What stands in which order in the
    /// list of items is not documented, so items are believed one by one only when the recipe says
    /// that they stand in the order sent; otherwise a batch of which some failed is settled by
    /// sending its halves.
    fn judge_follow(&self, answer: Answer<'_>, people: usize) -> Progress {
        match answer.status {
            200 => {}
            // The work is under way; that its state is not to be had says nothing of it.
            401 | 403 | 404 => {
                return Progress::Done(Verdict::Ambiguous { why: excerpt(answer) });
            }
            _ => return Progress::Pending,
        }
        let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
        let Some(data) = body.get("data") else {
            return Progress::Done(Verdict::Ambiguous {
                why: "the batch's state has no readable form".to_owned(),
            });
        };
        let status = data.get("status").and_then(Json::as_str).unwrap_or("").to_lowercase();
        if status == "pending" || status.is_empty() {
            return Progress::Pending;
        }
        let items = data.get("items").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let failed = count(data.get("failed_count"));
        let landed = count(data.get("success_count"));
        let reasons = reasons(items);
        let sums_up = landed.zip(failed).is_some_and(|(landed, failed)| landed + failed == people)
            && (items.len() != people || reasons.len() == failed.unwrap_or(0));
        let verdict = match failed {
            _ if !sums_up => Verdict::Ambiguous {
                why: format!(
                    "the batch is done ({landed:?} landed, {failed:?} failed of {people}), but its \
                     answer contradicts itself"
                ),
            },
            Some(0) if status == "success" => Verdict::Accepted,
            Some(0) => Verdict::Ambiguous {
                why: format!("the batch ended as {status:?}, but says that nobody failed"),
            },
            _ if items.len() == people && (self.settings.items_in_order || people == 1) => {
                Verdict::Partial { refused: reasons }
            }
            _ => Verdict::Unsorted {
                why: reasons
                    .into_iter()
                    .next()
                    .map_or_else(|| "no reason given".to_owned(), |(_, why)| why),
                landed: landed.unwrap_or(0),
            },
        };
        Progress::Done(verdict)
    }

    fn side_effects(&self) -> String {
        "the tenant's webhooks and reactions on profile changes fire".to_owned()
    }

    fn invites(&self) -> bool {
        false
    }
}

/// The places and reasons of the items that failed.
fn reasons(items: &[Json]) -> Vec<(usize, String)> {
    items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.get("status").and_then(Json::as_str) != Some("success"))
        .map(|(place, item)| {
            let why = match item.get("error") {
                Some(Json::String(text)) => text.clone(),
                Some(Json::Null) | None => "no reason given".to_owned(),
                Some(other) => other.to_string(),
            };
            (place, why)
        })
        .collect()
}

/// A ticket becomes a part of a path, so it must be a plain word.
fn is_ticket(ticket: &str) -> bool {
    !ticket.is_empty()
        && ticket.len() <= 100
        && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Counts are numbers in one document and strings in another.
fn count(value: Option<&Json>) -> Option<usize> {
    match value? {
        Json::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// `{"message":…,"errors":{"field":["…"]}}`, as far as it is there.
fn message(body: &Json) -> Option<String> {
    let errors = body.get("errors").and_then(Json::as_object).map(|errors| {
        let lines: Vec<String> = errors
            .iter()
            .map(|(field, messages)| {
                let first = messages.get(0).and_then(Json::as_str).unwrap_or("refused");
                format!("{field}: {first}")
            })
            .collect();
        lines.join("; ")
    });
    errors
        .filter(|text| !text.is_empty())
        .or_else(|| body.get("message").and_then(Json::as_str).map(str::to_owned))
        .or_else(|| body.get("error").and_then(Json::as_str).map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn omneo() -> Box<dyn Target> {
        configure(&Recipe::default(), &Overrides::default()).unwrap()
    }

    #[test]
    fn answers_are_judged() {
        for (status, body, expected) in [
            (
                202,
                r#"{"data":{"message":"queued","batch_id":"ab-1"}}"#,
                Verdict::Queued { ticket: "ab-1".to_owned() },
            ),
            (200, r#"{"data":{"batch_id":7}}"#, Verdict::Queued { ticket: "7".to_owned() }),
            (
                200,
                r#"{"data":{"batch_id":"../x"}}"#,
                Verdict::Ambiguous { why: "a success without a batch_id".to_owned() },
            ),
            (200, "", Verdict::Ambiguous { why: "a success without a batch_id".to_owned() }),
            (
                422,
                r#"{"message":"bad","errors":{"profiles":["too many"]}}"#,
                Verdict::Refused { why: "profiles: too many".to_owned(), person: None },
            ),
            (413, "", Verdict::TooLarge),
            (500, "x", Verdict::Ambiguous { why: "status 500: x".to_owned() }),
        ] {
            let answer = Answer { status, retry_after: None, body: body.as_bytes() };
            assert_eq!(omneo().judge(answer, 2), expected, "{status} {body}");
        }
        let answer = Answer { status: 401, retry_after: None, body: b"" };
        assert!(matches!(omneo().judge(answer, 1), Verdict::Stop { .. }));
    }

    #[test]
    fn a_batch_is_followed_to_a_verdict_for_each_profile() {
        let done = |verdict| Progress::Done(verdict);
        for (body, expected) in [
            (r#"{"data":{"status":"pending"}}"#, Progress::Pending),
            (
                r#"{"data":{"status":"success","success_count":"2","failed_count":"0"}}"#,
                done(Verdict::Accepted),
            ),
            (
                r#"{"data":{"status":"success","success_count":1,"failed_count":1,"items":[{"status":"success"},{"status":"failed","error":"The phone number exists"}]}}"#,
                done(Verdict::Unsorted { why: "The phone number exists".to_owned(), landed: 1 }),
            ),
            (
                r#"{"data":{"status":"failed","success_count":0,"failed_count":2}}"#,
                done(Verdict::Unsorted { why: "no reason given".to_owned(), landed: 0 }),
            ),
        ] {
            let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
            assert_eq!(omneo().judge_follow(answer, 2), expected, "{body}");
        }
        let recipe = Recipe::parse("[omneo]\nitems_in_order = true\n".to_owned(), "r").unwrap();
        let ordered = configure(&recipe, &Overrides::default()).unwrap();
        let body = r#"{"data":{"status":"failed","success_count":1,"failed_count":1,"items":[{"status":"success"},{"status":"failed","error":"x"}]}}"#;
        let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
        let refused = vec![(1, "x".to_owned())];
        assert_eq!(ordered.judge_follow(answer, 2), done(Verdict::Partial { refused }));
        for status in [413, 429, 500, 502] {
            let answer = Answer { status, retry_after: None, body: b"" };
            assert_eq!(omneo().judge_follow(answer, 2), Progress::Pending, "{status}");
        }
        for body in [
            "",
            r#"{"data":{"status":"failed","success_count":2,"failed_count":0}}"#,
            r#"{"data":{"status":"success","success_count":2,"failed_count":0,"items":[{"status":"failed"},{"status":"success"}]}}"#,
            r#"{"data":{"status":"success","success_count":1,"failed_count":0,"items":[{"status":"success"}]}}"#,
        ] {
            let answer = Answer { status: 200, retry_after: None, body: body.as_bytes() };
            let progress = omneo().judge_follow(answer, 2);
            assert!(matches!(progress, Progress::Done(Verdict::Ambiguous { .. })), "{body}");
        }
    }

    #[test]
    fn a_batch_never_holds_more_than_500() {
        let many = Overrides { batch_size: Some(501), ..Overrides::default() };
        assert!(configure(&Recipe::default(), &many).is_err());
        let none = Overrides { batch_size: Some(0), ..Overrides::default() };
        assert!(configure(&Recipe::default(), &none).is_err());
        assert_eq!(omneo().limits().rows, 500);
    }
}
