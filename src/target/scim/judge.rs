//! What a SCIM server's answers mean.
//!
//! A bulk response lists an operation for each of the request's, in any order, found by its `bulkId`
//! (RFC 7644 section 3.7). Statuses come as text, as numbers, and as objects with a `code` from
//! servers that grew up with SCIM 1.1; names of attributes are compared without regard to case
//! (RFC 7643 section 2.1).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::target::{Answer, Fate, Sent, Verdict, excerpt, judge_status};

/// What is known of an operation that was sent.
#[derive(Deserialize)]
struct Operation {
    #[serde(rename = "bulkId", default)]
    bulk_id: String,
    #[serde(default)]
    path: String,
}

/// What an answer to a bulk request means for each of its people.
pub(super) fn judge(answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
    let body: Json = serde_json::from_slice(answer.body).unwrap_or(Json::Null);
    if answer.status == 202 {
        // RFC 7644 knows no such answer; servers that work bulk requests off later give it.
        return Verdict::Queued { ticket: "taken for later".to_owned() };
    }
    if (200..300).contains(&answer.status) {
        return match get(&body, "Operations") {
            Some(Json::Array(operations)) => each(operations, sent),
            _ => Verdict::Ambiguous { why: "a success without a bulk response".to_owned() },
        };
    }
    let why = detail(&body).unwrap_or_else(|| excerpt(answer));
    match answer.status {
        404 | 405 | 501 => Verdict::Stop {
            why,
            help: "bulk requests are optional in SCIM: /ServiceProviderConfig says under \
                   bulk.supported whether this server takes them; else check base_url and \
                   bulk_path under [scim]"
                .to_owned(),
        },
        _ => judge_status(answer, why),
    }
}

/// The fates of people, by the operations that the answer lists.
fn each(operations: &[Json], sent: Sent<'_>) -> Verdict {
    let mut answered: BTreeMap<&str, Option<&Json>> = BTreeMap::new();
    for operation in operations {
        let keys = [get(operation, "bulkId"), get(operation, "location")];
        for key in keys.into_iter().flatten().filter_map(Json::as_str) {
            // Two answers for one operation are none.
            let twice = answered.contains_key(key);
            answered.insert(key, if twice { None } else { Some(operation) });
        }
    }
    let fates: Vec<Fate> = sent
        .iter()
        .map(|person| {
            let own: Option<Operation> = serde_json::from_str(person.get()).ok();
            let own = own.filter(|own| !own.bulk_id.is_empty());
            let found = own.and_then(|own| {
                // Only creations have to be answered with their bulkId.
                let by_path = || {
                    let (_, id) = own.path.rsplit_once("/Users/")?;
                    let end = format!("/Users/{id}");
                    answered.iter().find(|(key, _)| key.ends_with(&end)).map(|(_, one)| *one)
                };
                answered.get(own.bulk_id.as_str()).copied().or_else(by_path).flatten()
            });
            found.map_or_else(
                || Fate::Unknown("the answer does not say what became of it".to_owned()),
                fate,
            )
        })
        .collect();
    summarise(fates)
}

/// One verdict where all share it and the line knows what to do with it as a whole.
fn summarise(fates: Vec<Fate>) -> Verdict {
    let first = fates.first().cloned();
    let same = |test: fn(&Fate) -> bool| !fates.is_empty() && fates.iter().all(test);
    match first {
        Some(Fate::Landed) if same(|fate| matches!(fate, Fate::Landed)) => Verdict::Accepted,
        Some(Fate::Later(why)) if same(|fate| matches!(fate, Fate::Later(_))) => {
            Verdict::Later { after: None, why }
        }
        Some(Fate::Unknown(why)) if same(|fate| matches!(fate, Fate::Unknown(_))) => {
            Verdict::Ambiguous { why }
        }
        _ => Verdict::Each(fates),
    }
}

/// What one operation's status means for its person.
fn fate(operation: &Json) -> Fate {
    let response = get(operation, "response").unwrap_or(&Json::Null);
    let said = detail(response);
    let because = |status: u16| said.clone().unwrap_or_else(|| format!("status {status}"));
    match status(operation) {
        Some(200 | 201 | 204) => Fate::Landed,
        Some(status @ 409) => Fate::Refused(format!("already there: {}", because(status))),
        Some(status @ 429) => Fate::Later(because(status)),
        // Nothing was done; the server cannot do such things at all.
        Some(status @ 501) => Fate::Refused(because(status)),
        Some(status @ 408) => Fate::Unknown(because(status)),
        Some(status @ 300..=499) => Fate::Refused(because(status)),
        Some(status) => Fate::Unknown(because(status)),
        None => Fate::Unknown("its operation has no status".to_owned()),
    }
}

/// `"201"`, `201` or `{"code":"201"}`.
fn status(operation: &Json) -> Option<u16> {
    let number = |value: &Json| match value {
        Json::String(text) => text.trim().parse().ok(),
        Json::Number(number) => number.as_u64().and_then(|number| u16::try_from(number).ok()),
        _ => None,
    };
    let status = get(operation, "status")?;
    number(get(status, "code").unwrap_or(status))
}

/// What an error says (RFC 7644 section 3.12): its detail, with the keyword of its kind. SCIM 1.1
/// had a list of `Errors` with a `description`.
fn detail(body: &Json) -> Option<String> {
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
    let old = || {
        let first = get(body, "Errors").and_then(|errors| errors.get(0))?;
        text(get(first, "description"))
    };
    let kind = text(get(body, "scimType"));
    match text(get(body, "detail")).filter(|detail| !detail.is_empty()).or_else(old) {
        Some(detail) => Some(match kind {
            Some(kind) => format!("{detail} ({kind})"),
            None => detail,
        }),
        None => kind,
    }
}

/// A member of an object, without regard to the case of its name.
fn get<'j>(body: &'j Json, name: &str) -> Option<&'j Json> {
    let map = body.as_object()?;
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, it)| it))
}
