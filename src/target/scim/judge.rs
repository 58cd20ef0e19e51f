//! What a SCIM server's answers mean.
//!
//! A bulk response lists an operation for each of the request's, in any order, found by its `bulkId`
//! (RFC 7644 section 3.7). Statuses come as text, as numbers, and as objects with a `code` from
//! servers that grew up with SCIM 1.1; names of attributes are compared without regard to case
//! (RFC 7643 section 2.1).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::target::{Answer, Judged, Sent, Verdict, excerpt, judge_status};

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
    if answer.status == 202 && (answer.body.is_empty() || body.is_object()) {
        // RFC 7644 knows no such answer; servers that work bulk requests off later give it.
        return Verdict::Taken;
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

/// What the operations that the answer lists say of each person.
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
    let find = |own: &Operation| {
        // Only creations have to be answered with their bulkId.
        let by_path = || {
            let id = own.path.strip_prefix("/Users/")?;
            let ends =
                |location: &str| location.rsplit_once("/Users/").is_some_and(|it| it.1 == id);
            answered.iter().find(|(key, _)| ends(key)).map(|(_, one)| *one)
        };
        answered.get(own.bulk_id.as_str()).copied().or_else(by_path).flatten()
    };
    let found: Vec<Option<Judged>> = sent
        .people()
        .into_iter()
        .map(|person| {
            let own = serde_json::from_str::<Operation>(person.get()).ok()?;
            if own.bulk_id.is_empty() { None } else { find(&own).map(judge_one) }
        })
        .collect();
    let missing = "the answer does not say what became of it";
    if found.iter().all(Option::is_none) {
        return Verdict::Ambiguous { why: missing.to_owned() };
    }
    let silent = || Judged::Unknown(missing.to_owned());
    let all: Vec<Judged> = found.into_iter().map(|one| one.unwrap_or_else(silent)).collect();
    if all.iter().all(|one| *one == Judged::Landed) {
        return Verdict::Accepted;
    }
    match all.first() {
        Some(Judged::Later(why)) if all.iter().all(|one| matches!(one, Judged::Later(_))) => {
            Verdict::Later { after: None, why: why.clone() }
        }
        _ => Verdict::Each(all),
    }
}

/// What one operation's status means for its person.
fn judge_one(operation: &Json) -> Judged {
    let response = get(operation, "response").unwrap_or(&Json::Null);
    let said = detail(response);
    let because = |status: u16| said.clone().unwrap_or_else(|| format!("status {status}"));
    match status(operation) {
        Some(200 | 201 | 204) => Judged::Landed,
        Some(status @ 409) => Judged::Exists(format!("already there: {}", because(status))),
        Some(status @ 429) => Judged::Later(because(status)),
        Some(status @ 408) => Judged::Unknown(because(status)),
        // At 501 nothing was done either; the server cannot do such things at all.
        Some(status @ (300..=499 | 501)) => Judged::Refused(because(status)),
        Some(status) => Judged::Unknown(because(status)),
        None => Judged::Unknown("its operation has no status".to_owned()),
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
pub(super) fn get<'j>(body: &'j Json, name: &str) -> Option<&'j Json> {
    let map = body.as_object()?;
    map.get(name)
        .or_else(|| map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, it)| it))
}
