//! The Omneo side: batches of profiles that are queued, worked off and reported item by item.

mod batch;
mod merge;
mod rules;
mod view;

use axum::http::header::ALLOW;
use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::call::{Call, Reply, Stop};
use super::store::{Page, People, email_key};

pub(super) use batch::{pending, work};

const TARGET: &str = "omneo";
/// "Required array length: 1 - 500 elements" (Omneo "Batch Profiles").
const BATCH_LIMIT: usize = 500;

/// Decides a call and does what it asks for.
pub(super) fn answer(token: &str, call: &Call, db: &Connection) -> rusqlite::Result<Reply> {
    Stop::settle(route(token, call, db))
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

fn route(token: &str, call: &Call, db: &Connection) -> Result<Reply, Stop> {
    let people = People { db, target: TARGET };
    let path = call.path.strip_prefix("/api/v3/").unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    let (method, work): (_, &dyn Fn() -> Result<Reply, Stop>) = match *parts.as_slice() {
        ["profiles"] => (Method::GET, &|| list(call, people)),
        ["profiles", "batch.json"] => (Method::POST, &|| enqueue(call, db)),
        ["profiles", id] if !id.is_empty() => (Method::GET, &|| show(id, people)),
        ["batches", id] if !id.is_empty() => (Method::GET, &|| report(id, db)),
        _ => return Ok(refusal(StatusCode::NOT_FOUND, "Not Found")),
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
    if given != Some(token) {
        return Ok(refusal(StatusCode::UNAUTHORIZED, "Unauthenticated."));
    }
    work()
}

/// Takes a batch in. Only its frame is checked here; its profiles are judged one by one later.
fn enqueue(call: &Call, db: &Connection) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, &cause.message))?;
    let sent = body.get("profiles").and_then(Value::as_array).map_or(0, Vec::len);
    match frame(&body) {
        Ok(()) => {
            let id = batch::create(db, &body, &call.at)?;
            let message = "Profiles queued for batch import.";
            let answer = json!({"data": {"message": message, "batch_id": id}});
            let mut reply = Reply::new(StatusCode::ACCEPTED, answer, format!("queued {sent}"));
            reply.queue = Some(id);
            Ok(reply)
        }
        Err((field, message)) => {
            let mut reply = invalid(&field, &message);
            reply.tally.refused = sent as u64;
            Ok(reply)
        }
    }
}

/// What must be right for a batch to be queued: the field at fault, and the message.
fn frame(body: &Value) -> Result<(), (String, String)> {
    let fault = |field: &str, message: &str| Err((field.to_owned(), message.to_owned()));
    let Some(map) = body.as_object() else {
        return fault("profiles", "The body must be an object.");
    };
    if let Some(name) = map.keys().find(|name| !["match_criteria", "profiles"].contains(&&***name))
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
        Some(Value::Array(profiles)) if profiles.len() > BATCH_LIMIT => {
            fault("profiles", "The profiles may not have more than 500 items.")
        }
        Some(Value::Array(_)) => Ok(()),
        Some(_) => fault("profiles", "The profiles must be an array."),
    }
}

fn report(id: &str, db: &Connection) -> Result<Reply, Stop> {
    match batch::report(db, id)? {
        Some(data) => Ok(Reply::new(StatusCode::OK, json!({"data": data}), "showed a batch")),
        None => Ok(refusal(StatusCode::NOT_FOUND, "There is no such batch.")),
    }
}

fn show(id: &str, people: People<'_>) -> Result<Reply, Stop> {
    match people.by_id(id)? {
        Some(person) => {
            let body = json!({"data": view::profile(&person)});
            Ok(Reply::new(StatusCode::OK, body, "showed a profile"))
        }
        None => Ok(refusal(StatusCode::NOT_FOUND, "There is no such profile.")),
    }
}

/// One page of profiles, or the one with an e-mail address (Omneo SDK: `page[number]`,
/// `page[size]`, `filter[email]`). The largest size is not documented; 100 is the sandbox's.
fn list(call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let mut page = Page { number: 1, size: 15 };
    let mut email = None;
    for (name, value) in &call.query {
        let (slot, most) = match name.as_str() {
            "page[number]" => (&mut page.number, u64::MAX),
            "page[size]" => (&mut page.size, 100),
            "filter[email]" => {
                email = Some(value);
                continue;
            }
            // A filter that is passed over in silence would answer with everybody.
            _ => return Ok(invalid(name, &format!("The {name} parameter is not known."))),
        };
        match value.parse() {
            Ok(number) if (1..=most).contains(&number) => *slot = number,
            _ => return Ok(invalid(name, &format!("The {name} is out of range."))),
        }
    }
    let (total, found) = match email {
        Some(email) => {
            let found = people.by_email(&email_key(email))?;
            let total = u64::from(found.is_some());
            (total, found.into_iter().filter(|_| page.number == 1).collect())
        }
        None => (people.count()?, people.page(page)?),
    };
    let path = format!("{}/api/v3/profiles", call.origin());
    let last = total.div_ceil(page.size).max(1);
    let link =
        |number| json!(format!("{path}?page%5Bnumber%5D={number}&page%5Bsize%5D={}", page.size));
    let from = page.number.saturating_sub(1).saturating_mul(page.size).saturating_add(1);
    let to = from.saturating_add(found.len() as u64).saturating_sub(1);
    let edge = |number: u64| if found.is_empty() { Value::Null } else { json!(number) };
    let body = json!({
        "data": found.iter().map(view::profile).collect::<Vec<_>>(),
        "links": {
            "first": link(1),
            "last": link(last),
            "prev": if page.number > 1 { link(page.number - 1) } else { Value::Null },
            "next": if page.number < last { link(page.number + 1) } else { Value::Null },
        },
        "meta": {
            "current_page": page.number,
            "from": edge(from),
            "last_page": last,
            "path": path,
            "per_page": page.size,
            "to": edge(to),
            "total": total,
        },
    });
    Ok(Reply::new(StatusCode::OK, body, format!("listed {}", found.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_refused_for_the_field_at_fault() {
        let many = |count: usize| vec![json!({}); count];
        assert_eq!(frame(&json!({"match_criteria": "email", "profiles": many(1)})), Ok(()));
        assert_eq!(frame(&json!({"match_criteria": "pos", "profiles": many(500)})), Ok(()));
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
            assert_eq!(frame(&body).unwrap_err().0, field, "{body}");
        }
    }
}
