//! The Omneo side: batches of profiles that are queued, worked off and reported item by item.

mod batch;
mod list;
mod merge;
mod rules;
mod search;
mod shape;
mod status;
mod view;

use axum::http::header::ALLOW;
use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::call::{Call, Reply, Stop};
use super::part::Setup;
use super::store::{People, Person};
use super::variants::{
    BadProfile, BatchId, BatchPath, Batches, Omneo, Presence, Rights, StatusBatch, Strictness,
};

pub(super) use batch::{pending, work};

const TARGET: &str = "omneo";

/// Decides a call and does what it asks for.
pub(super) fn answer(setup: &Setup, call: &Call, db: &Connection) -> rusqlite::Result<Reply> {
    Stop::settle(route(setup, call, db))
}

/// An error as Laravel words it; Omneo documents no shape of its own.
pub(super) fn refusal(status: StatusCode, message: &str) -> Reply {
    Reply::new(status, json!({"message": message}), format!("refused: {message}"))
}

/// A validation error: one message for one field.
fn invalid(field: &str, message: &str) -> Reply {
    let mut errors = Map::new();
    errors.insert(field.to_owned(), json!([message]));
    let body = json!({"message": message, "errors": errors});
    Reply::new(StatusCode::UNPROCESSABLE_ENTITY, body, format!("refused: {message}"))
}

/// Whether a path writes, its method, and its work.
type Route<'w> = (bool, Method, &'w dyn Fn() -> Result<Reply, Stop>);

fn route(setup: &Setup, call: &Call, db: &Connection) -> Result<Reply, Stop> {
    let rules = &setup.variants.omneo;
    let people = People { db, target: TARGET };
    let path = call.path.strip_prefix("/api/v3/").unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let gone = |presence: Presence| presence == Presence::Absent;
    let found: Option<Route<'_>> = match *parts.as_slice() {
        ["profiles"] => Some((false, Method::GET, &|| list::profiles(call, people, rules))),
        ["profiles", "batch.json"] if rules.batch_path == BatchPath::Plain => None,
        ["profiles", "batch"] if rules.batch_path == BatchPath::Json => None,
        ["profiles", "batch.json" | "batch"] => {
            Some((true, Method::POST, &|| enqueue(call, db, rules)))
        }
        ["profile", "status", "batch.json"] if rules.status_batch != StatusBatch::Absent => {
            Some((true, Method::POST, &|| status::enqueue(call, db, rules)))
        }
        ["profiles", "search-id"] if gone(rules.search_id) => None,
        ["profiles", "search-id"] => {
            Some((false, Method::POST, &|| search::by_id(call, people, rules)))
        }
        ["profiles", "availability"] if gone(rules.availability) => None,
        ["profiles", "availability"] => {
            Some((false, Method::POST, &|| search::availability(call, people, rules)))
        }
        ["identities", "search"] if !gone(rules.identity_search) => {
            Some((false, Method::GET, &|| search::identities(call, people)))
        }
        ["statuses"] => Some((false, Method::GET, &|| Ok(list::statuses(call, rules)))),
        ["profiles", id] if !id.is_empty() => {
            Some((false, Method::GET, &|| one(id, call, people, rules)))
        }
        ["batches", id] if !id.is_empty() => Some((false, Method::GET, &|| report(id, db, rules))),
        _ => None,
    };
    let Some((writes, method, work)) = found else {
        return Ok(refusal(StatusCode::NOT_FOUND, "Not Found"));
    };
    if call.method != method {
        let message = format!(
            "The {} method is not supported for this route. Supported methods: {method}.",
            call.method,
        );
        let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, &message);
        return Ok(reply.with_header(ALLOW, method.to_string()));
    }
    let given = call.header("Authorization").and_then(|value| value.strip_prefix("Bearer "));
    if given != Some(&setup.omneo_token) {
        return Ok(refusal(StatusCode::UNAUTHORIZED, "Unauthenticated."));
    }
    match rules.rights {
        Rights::Write => work(),
        Rights::Read if !writes => work(),
        Rights::Read | Rights::None => {
            Ok(refusal(StatusCode::FORBIDDEN, "Invalid scope(s) provided."))
        }
    }
}

/// Takes a batch in. Only its frame is checked here, unless one bad profile is to fail the call;
/// its profiles are judged one by one later.
fn enqueue(call: &Call, db: &Connection, rules: &Omneo) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, &cause.message))?;
    let sent = batch::profiles(&body).len();
    let refused = |mut reply: Reply| {
        reply.tally.refused = sent as u64;
        reply.records = sent;
        Ok(reply)
    };
    if let Err((field, message)) = frame(&body, rules) {
        return refused(invalid(&field, &message));
    }
    if rules.bad_row == BadProfile::Call {
        let errors = batch::faults(&body, rules);
        if !errors.is_empty() {
            let message = "The given data was invalid.";
            let count = errors.len();
            let body = json!({"message": message, "errors": errors});
            let effect = format!("refused: {count} profiles are not valid");
            return refused(Reply::new(StatusCode::UNPROCESSABLE_ENTITY, body, effect));
        }
    }
    let id = batch::create(db, &body, &call.at, rules.batch_id)?;
    let mut data = Map::new();
    data.insert("message".into(), json!("Profiles queued for batch import."));
    match rules.batch_id {
        BatchId::Text => drop(data.insert("batch_id".into(), json!(id))),
        BatchId::Number => drop(data.insert("batch_id".into(), json!(id.parse::<u64>().ok()))),
        BatchId::Absent => {}
    }
    let status = StatusCode::from_u16(rules.success_status).unwrap_or(StatusCode::ACCEPTED);
    let body = if rules.success_status == 204 { Value::Null } else { json!({"data": data}) };
    let mut reply = Reply::new(status, body, format!("queued {sent}"));
    reply.records = sent;
    reply.queue = Some(id);
    Ok(reply)
}

/// What must be right for a batch to be queued: the field at fault, and the message.
fn frame(body: &Value, rules: &Omneo) -> Result<(), (String, String)> {
    let fault = |field: &str, message: &str| Err((field.to_owned(), message.to_owned()));
    let Some(map) = body.as_object() else {
        return fault("profiles", "The body must be an object.");
    };
    let unknown = map.keys().find(|name| !["match_criteria", "profiles"].contains(&&***name));
    if let Some(name) = unknown
        && rules.unknown_key == Strictness::Refused
    {
        return fault(name, &format!("The {name} field is not known."));
    }
    let criteria = map.get("match_criteria");
    if criteria.is_none_or(super::rule::is_blank) {
        return fault("match_criteria", "The match_criteria field is required.");
    }
    if !criteria.is_some_and(Value::is_string) {
        return fault("match_criteria", "The match_criteria must be a string.");
    }
    match map.get("profiles") {
        None | Some(Value::Null) => fault("profiles", "The profiles field is required."),
        Some(Value::Array(profiles)) if profiles.is_empty() => {
            fault("profiles", "The profiles must have at least 1 items.")
        }
        Some(Value::Array(profiles)) if profiles.len() as u64 > rules.most_rows => {
            let most = rules.most_rows;
            fault("profiles", &format!("The profiles may not have more than {most} items."))
        }
        Some(Value::Array(_)) => Ok(()),
        Some(_) => fault("profiles", "The profiles must be an array."),
    }
}

fn report(id: &str, db: &Connection, rules: &Omneo) -> Result<Reply, Stop> {
    match rules.batches {
        Batches::Absent => return Ok(refusal(StatusCode::NOT_FOUND, "Not Found")),
        Batches::Forbidden => {
            return Ok(refusal(StatusCode::FORBIDDEN, "Invalid scope(s) provided."));
        }
        Batches::Present | Batches::Pending => {}
    }
    match batch::report(db, id, rules)? {
        Some(data) => Ok(Reply::new(StatusCode::OK, json!({"data": data}), "showed a batch")),
        None => Ok(refusal(StatusCode::NOT_FOUND, "There is no such batch.")),
    }
}

/// The profile with an id, or with the identifier of an identity (`identity[handle]`, Omneo
/// "Working with profiles").
fn one(id: &str, call: &Call, people: People<'_>, rules: &Omneo) -> Result<Reply, Stop> {
    let handle = call.query.iter().find(|(name, _)| name == "identity[handle]");
    let found = match handle {
        Some((_, handle)) => people.by_alias(&merge::alias(handle), id)?.pop(),
        None => people.by_id(id)?,
    };
    Ok(show(found.as_ref(), rules))
}

fn show(person: Option<&Person>, rules: &Omneo) -> Reply {
    match person {
        Some(person) => {
            let body = json!({"data": view::profile(person, rules)});
            Reply::new(StatusCode::OK, body, "showed a profile")
        }
        None => refusal(StatusCode::NOT_FOUND, "There is no such profile."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_refused_for_the_field_at_fault() {
        let rules = Omneo::default();
        let many = |count: usize| vec![json!({}); count];
        assert_eq!(frame(&json!({"match_criteria": "email", "profiles": many(1)}), &rules), Ok(()));
        assert_eq!(frame(&json!({"match_criteria": "pos", "profiles": many(500)}), &rules), Ok(()));
        for (body, field) in [
            (json!([]), "profiles"),
            (json!({"profiles": many(1)}), "match_criteria"),
            (json!({"match_criteria": " ", "profiles": many(1)}), "match_criteria"),
            (json!({"match_criteria": 1, "profiles": many(1)}), "match_criteria"),
            (json!({"match_criteria": "email"}), "profiles"),
            (json!({"match_criteria": "email", "profiles": {}}), "profiles"),
            (json!({"match_criteria": "email", "profiles": []}), "profiles"),
            (json!({"match_criteria": "email", "profiles": many(501)}), "profiles"),
            (json!({"match_criteria": "email", "profiles": many(1), "dry": true}), "dry"),
        ] {
            assert_eq!(frame(&body, &rules).unwrap_err().0, field, "{body}");
        }
    }
}
