//! The Vome side: the profile list and the three bulk writes.

mod custom;
pub(in crate::sandbox) mod definition;
mod record;
mod view;
mod write;

use axum::http::header::{ALLOW, LOCATION};
use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::call::{Call, Reply, Stop};
use super::part::Setup;
use super::rule::{Fault, Kind};
use super::store::{Page, People};
use super::variants::{Links, OverCap, Rights, UpsertEndpoint, Vome};

const TARGET: &str = "vome";

/// What a path and a method ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    List,
    Create,
    Update,
    Upsert,
}

const BULK_CREATE: &str = "/api/profiles/bulk-create/";
const BULK_UPSERT: &str = "/api/profiles/bulk-upsert/";

/// Vome "The Profile object", "Write Operations".
static ROUTES: [(&str, Method, Action); 4] = [
    ("/api/profiles/", Method::GET, Action::List),
    (BULK_CREATE, Method::POST, Action::Create),
    ("/api/profiles/bulk-update/", Method::PUT, Action::Update),
    (BULK_UPSERT, Method::PUT, Action::Upsert),
];

/// Decides a call and does what it asks for.
pub(super) fn answer(setup: &Setup, call: &Call, db: &Connection) -> rusqlite::Result<Reply> {
    Stop::settle(route(setup, call, People { db, target: TARGET }))
}

/// A refusal that names no field.
pub(super) fn refuse(status: StatusCode, message: &str) -> Reply {
    refusal(status, None, message, None)
}

/// An error in the documented shape (Vome "Errors").
pub(super) fn refusal(
    status: StatusCode,
    code: Option<&str>,
    message: &str,
    param: Option<&str>,
) -> Reply {
    let kind = match status.as_u16() {
        401 | 403 => "authentication_error",
        429 => "rate_limit_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    };
    let mut error = Map::new();
    error.insert("type".into(), kind.into());
    error.insert("message".into(), message.into());
    for (name, value) in [("code", code), ("param", param)] {
        error.extend(value.map(|value| (name.to_owned(), value.into())));
    }
    Reply::new(status, json!({"error": error}), format!("refused: {message}"))
}

fn route(setup: &Setup, call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let rules = &setup.variants.vome;
    let slashed = format!("{}/", call.path.trim_end_matches('/'));
    let gone = |path: &str| {
        let absent = matches!(rules.upsert, UpsertEndpoint::Absent | UpsertEndpoint::Post);
        absent && path == BULK_UPSERT
    };
    let found = ROUTES.iter().find(|(path, ..)| *path == slashed && !gone(path));
    let Some((path, method, action)) = found else {
        return Ok(refuse(StatusCode::NOT_FOUND, "there is no such path"));
    };
    if call.path != *path {
        // As Django does, which loses the body of a write on the way.
        let query = call.line.split_once('?').map_or_else(String::new, |(_, q)| format!("?{q}"));
        let reply = Reply::new(StatusCode::MOVED_PERMANENTLY, Value::Null, "sent to the slash");
        return Ok(reply.with_header(LOCATION, format!("{path}{query}")));
    }
    if call.header("API-KEY") != Some(&setup.vome_key) {
        let message = "the API-KEY header is missing or wrong";
        return Ok(refuse(StatusCode::UNAUTHORIZED, message));
    }
    let closed = rules.upsert == UpsertEndpoint::NotAllowed && *path == BULK_UPSERT;
    if call.method != *method || closed {
        let allowed = if closed { &Method::OPTIONS } else { method };
        let message = format!("this path takes {allowed} only");
        let reply = refuse(StatusCode::METHOD_NOT_ALLOWED, &message);
        return Ok(reply.with_header(ALLOW, allowed.to_string()));
    }
    let may = match rules.rights {
        Rights::Write => true,
        Rights::Read => *action == Action::List,
        Rights::None => false,
    };
    if !may {
        return Ok(refuse(StatusCode::FORBIDDEN, "the key may not do this"));
    }
    match action {
        Action::List => list(call, people, rules),
        Action::Create if rules.upsert == UpsertEndpoint::Post => {
            write::bulk(Action::Upsert, call, people, rules)
        }
        action => write::bulk(*action, call, people, rules),
    }
}

/// One page of profiles: `limit` 1-100, 10 unless told (Vome "Pagination").
fn list(call: &Call, people: People<'_>, rules: &Vome) -> Result<Reply, Stop> {
    let mut page = Page { number: 1, size: rules.page_default };
    let most = match rules.over_cap {
        OverCap::Refused => rules.page_cap,
        OverCap::Capped => u64::MAX,
    };
    for (name, value) in &call.query {
        let (slot, most) = match name.as_str() {
            "page" => (&mut page.number, u64::MAX),
            "limit" => (&mut page.size, most),
            _ => return Err(refused(&Fault::invalid("is not a known parameter").under(name))),
        };
        *slot = value
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| refused(&Fault::invalid("is out of range").under(name)))?;
    }
    page.size = page.size.min(rules.page_cap);
    let count = people.count()?;
    let last = count.div_ceil(page.size).max(1);
    if page.number > last {
        return Ok(refusal(StatusCode::NOT_FOUND, None, "there is no such page", Some("page")));
    }
    let fields = definition::known(people.db)?;
    let today = call.at.get(..10).and_then(super::rule::date).unwrap_or_default();
    let results: Vec<Value> = people
        .page(page)?
        .iter()
        .map(|person| view::profile(person, &fields, today, rules))
        .collect();
    let link = |number: u64| {
        let origin = match rules.links {
            Links::Own => call.origin(),
            Links::Vendor | Links::Odd => "http://api.vomevolunteer.com".to_owned(),
        };
        json!(format!("{origin}/api/profiles/?page={number}&limit={}", page.size))
    };
    // The example asks for page 20 of 791 people, has no next page, and a previous one of 79.
    let (next, previous) = match rules.links {
        Links::Odd => (Value::Null, link(last.saturating_mul(4) - 1)),
        Links::Own | Links::Vendor => (
            if page.number < last { link(page.number + 1) } else { Value::Null },
            if page.number > 1 { link(page.number - 1) } else { Value::Null },
        ),
    };
    let body = json!({"count": count, "next": next, "previous": previous, "results": results});
    let effect = format!("listed {}", results.len());
    Ok(Reply::new(StatusCode::OK, body, effect))
}

fn refused(fault: &Fault) -> Stop {
    let (status, code) = standing(fault);
    refusal(status, Some(code), &explain(fault), Some(&fault.path)).into()
}

/// The status and the code of a fault.
fn standing(fault: &Fault) -> (StatusCode, &'static str) {
    match fault.kind {
        Kind::Missing => (StatusCode::BAD_REQUEST, "missing_field"),
        Kind::Invalid => (StatusCode::BAD_REQUEST, "invalid_field"),
        Kind::Conflict => (StatusCode::CONFLICT, "conflict"),
        Kind::NotFound => (StatusCode::NOT_FOUND, "not_found"),
    }
}

fn explain(fault: &Fault) -> String {
    format!("{} {}", fault.path, fault.message).trim_start().to_owned()
}
