//! What Vome's answers mean.

use serde_json::Value as Json;

use crate::target::{Answer, Verdict, excerpt, judge_status};

/// 200 is documented as success, its body is not: any whole JSON object counts as read. Errors
/// are `{"error":{"type","code","message","param"}}`; a place in the list of people inside
/// `param` names the person.
pub(super) fn judge(answer: Answer<'_>, people: usize, records_key: &str) -> Verdict {
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
                .and_then(|param| place(param, records_key))
                .filter(|&place| place < people);
            Verdict::Refused { why, person }
        }
        other => other,
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
