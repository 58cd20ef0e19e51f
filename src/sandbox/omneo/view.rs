//! How Omneo shows a profile (Omneo "Profiles API overview"), with what it computes itself.

use serde_json::{Map, Value, json};

use super::super::rule;
use super::super::store::Person;
use super::super::variants::{GenderCase, NumberForm, Omneo, TimeForm};
use super::rules::{BIRTHDAY, entries, identity};

/// Properties that are shown as they were stored, or null.
const PLAIN: [&str; 25] = [
    "title",
    "first_name",
    "last_name",
    "email",
    "gender",
    "currency",
    "mobile_phone",
    "secondary_phone",
    "birth_day",
    "birth_month",
    "birth_year",
    "company",
    "occupation",
    "avatar_url",
    "joined_location_id",
    "joined_location_external_id",
    "joined_location_external_code",
    "preferred_location_id",
    "preferred_location_external_id",
    "preferred_location_external_code",
    "region_id",
    "region",
    "region_country",
    "region_state",
    "profile_type",
];

/// Properties that are shown as they were stored, or as an empty list.
const LISTS: [&str; 7] = [
    "tags",
    "statuses",
    "custom_attributes",
    "dates_attributes",
    "addresses",
    "regions",
    "organisations",
];

/// A profile as it is read.
pub(super) fn profile(person: &Person, rules: &Omneo) -> Value {
    let body = &person.body;
    let stored = |name: &str| body.get(name).cloned();
    let word = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let mut shown = Map::new();
    for name in PLAIN {
        shown.insert(name.into(), stored(name).unwrap_or_default());
    }
    for name in LISTS {
        shown.insert(name.into(), stored(name).unwrap_or_else(|| json!([])));
    }
    let time = |stored: &str| time(stored, rules.times);
    if rules.gender_shown == GenderCase::Upper {
        shown.insert(
            "gender".into(),
            stored("gender").map_or(Value::Null, |_| word("gender").to_uppercase().into()),
        );
    }
    if rules.birth_shown == NumberForm::String {
        let text = |name: &str| stored(name).map_or(Value::Null, |part| part.to_string().into());
        shown.extend(BIRTHDAY.map(|name| (name.to_owned(), text(name))));
    }
    let full_name = format!("{} {}", word("first_name"), word("last_name"));
    let joined = stored("joined_at").and_then(|at| Some(time(at.as_str()?)));
    let attributes = body.get("attributes").and_then(Value::as_object);
    let mut attributes = attributes.cloned().unwrap_or_default();
    attributes.insert("comms".into(), comms(body));
    let address = entries(body, "addresses")
        .find(|entry| entry.get("is_default") == Some(&Value::Bool(true)));
    shown.extend([
        ("id".into(), json!(person.id)),
        ("external_id".into(), external_id(person)),
        ("full_name".into(), json!(full_name.trim())),
        ("mobile_phone_e164".into(), stored("mobile_phone").unwrap_or_default()),
        ("birth_date".into(), json!(birth_date(body))),
        ("joined_at".into(), json!(joined)),
        ("identities".into(), identities(body)),
        ("attributes".into(), attributes.into()),
        ("address".into(), address.cloned().unwrap_or_default()),
        ("tier_handle".into(), Value::Null),
        ("created_at".into(), json!(time(&person.created_at))),
        ("updated_at".into(), json!(time(&person.updated_at))),
    ]);
    shown.into()
}

/// The identifier of the primary identity, for which the sandbox takes the first.
pub(super) fn external_id(person: &Person) -> Value {
    let first = entries(&person.body, "identities").find_map(identity);
    json!(first.map(|(_, identifier)| identifier))
}

/// A time as the answers write it: UTC, without saying so (Omneo "Profiles API overview").
pub(super) fn time(stored: &str, form: TimeForm) -> String {
    let form = match form {
        TimeForm::Plain => "%Y-%m-%d %H:%M:%S",
        TimeForm::Iso => "%Y-%m-%dT%H:%M:%SZ",
    };
    stored
        .parse::<jiff::Timestamp>()
        .map_or_else(|_| stored.to_owned(), |time| time.strftime(form).to_string())
}

fn birth_date(body: &Map<String, Value>) -> Option<String> {
    let part = |name: &str| body.get(name).and_then(Value::as_i64);
    let (year, month, day) = (part("birth_year")?, part("birth_month")?, part("birth_day")?);
    let date = format!("{year:04}-{month:02}-{day:02}");
    rule::date(&date).map(|_| date)
}

fn identities(body: &Map<String, Value>) -> Value {
    entries(body, "identities")
        .filter_map(Value::as_object)
        .enumerate()
        .map(|(index, entry)| {
            let mut entry = entry.clone();
            entry.insert("is_primary".into(), json!(index == 0));
            Value::from(entry)
        })
        .collect()
}

/// Consent comes in at two places of a batch and is shown at one.
fn comms(body: &Map<String, Value>) -> Value {
    let nested = body.get("attributes").and_then(|attributes| attributes.get("comms"));
    let both = [nested, body.get("comms_attributes")];
    let all: Map<String, Value> = both
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stored_is_shown_with_what_follows_from_it() {
        let body = json!({
            "first_name": "Ann", "last_name": "Lee", "email": "a@l.org",
            "birth_day": 1, "birth_month": 5, "birth_year": 1990,
            "joined_at": "2023-11-07T05:31:56+10:00",
            "identities": [{"handle": "pos", "identifier": "77"}],
            "comms_attributes": {"email_promo": true},
            "addresses": [{"city": "Perth"}, {"city": "Cork", "is_default": true}],
        });
        let person = Person {
            id: "p".into(),
            email_key: "a@l.org".into(),
            body: body.as_object().unwrap().clone(),
            created_at: "2024-01-02T03:04:05.678901Z".into(),
            updated_at: "2024-01-02T03:04:05.678901Z".into(),
        };
        let shown = profile(&person, &Omneo::default());
        for (pointer, expected) in [
            ("/full_name", json!("Ann Lee")),
            ("/external_id", json!("77")),
            ("/birth_date", json!("1990-05-01")),
            ("/joined_at", json!("2023-11-06 19:31:56")),
            ("/created_at", json!("2024-01-02 03:04:05")),
            ("/identities/0/is_primary", json!(true)),
            ("/attributes/comms/email_promo", json!(true)),
            ("/address/city", json!("Cork")),
            ("/gender", json!(null)),
            ("/tags", json!([])),
        ] {
            assert_eq!(shown.pointer(pointer), Some(&expected), "{pointer}");
        }
    }
}
