//! The SCIM side: users by bulk requests, one by one and page by page (RFC 7644).

mod bulk;
mod list;
mod user;

use axum::http::header::{ALLOW, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::call::{Call, Reply, Stop};
use super::part::Setup;
use super::rule::{Fault, Kind};
use super::store::People;
use super::variants::{Scim, Support};

const TARGET: &str = "scim";
/// Where the part lies.
pub(super) const PREFIX: &str = "/scim/v2";
/// The media type of requests and answers (RFC 7644 section 3.1).
const MEDIA: &str = "application/scim+json";

/// Decides a call and does what it asks for.
pub(super) fn answer(setup: &Setup, call: &Call, db: &Connection) -> rusqlite::Result<Reply> {
    Stop::settle(route(setup, call, db)).map(|reply| reply.with_media(MEDIA))
}

/// An error in the standard's form (RFC 7644 section 3.12).
pub(super) fn refusal(status: StatusCode, detail: &str) -> Reply {
    Reply::new(status, error(status.as_u16(), None, detail), format!("refused: {detail}"))
        .with_media(MEDIA)
}

/// The resource of an error.
fn error(status: u16, kind: Option<&str>, detail: &str) -> Value {
    let mut error = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "detail": detail,
        "status": status.to_string(),
    });
    if let (Some(kind), Some(map)) = (kind, error.as_object_mut()) {
        map.insert("scimType".to_owned(), json!(kind));
    }
    error
}

/// The status and the keyword of a fault (RFC 7644 section 3.12, table 9).
fn kind_of(fault: &Fault) -> (u16, Option<&'static str>) {
    match fault.kind {
        Kind::Missing | Kind::Invalid => (400, Some("invalidValue")),
        Kind::Conflict => (409, Some("uniqueness")),
        Kind::NotFound => (404, None),
    }
}

/// A fault as the text of an error; it names attributes, never their values.
fn explain(fault: &Fault) -> String {
    match fault.path.as_str() {
        "" => format!("The resource {}.", fault.message),
        path => format!("The attribute {path} {}.", fault.message),
    }
}

fn route(setup: &Setup, call: &Call, db: &Connection) -> Result<Reply, Stop> {
    let rules = &setup.variants.scim;
    let people = People { db, target: TARGET };
    let path = call.path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let (method, work): (Method, &dyn Fn() -> Result<Reply, Stop>) = match *parts.as_slice() {
        ["Bulk"] if rules.bulk == Support::Absent => {
            let detail = "Bulk requests are not supported.";
            return Ok(refusal(StatusCode::NOT_IMPLEMENTED, detail));
        }
        ["Bulk"] => (Method::POST, &|| bulk::answer(call, people, rules)),
        ["Users"] => (Method::GET, &|| list::users(call, people, rules)),
        ["Users", id] if !id.is_empty() => (Method::GET, &|| one(id, call, people)),
        ["ServiceProviderConfig"] => (Method::GET, &|| Ok(provider(rules))),
        _ => return Ok(refusal(StatusCode::NOT_FOUND, "There is no such endpoint.")),
    };
    if call.method != method {
        let detail = format!("{} is not supported here.", call.method);
        let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, &detail);
        return Ok(reply.with_header(ALLOW, method.to_string()));
    }
    let given = call.header("Authorization").and_then(|value| value.strip_prefix("Bearer "));
    if given != Some(&setup.omneo_token) {
        let detail = "The token is missing or not known.";
        let reply = refusal(StatusCode::UNAUTHORIZED, detail);
        return Ok(reply.with_header(WWW_AUTHENTICATE, "Bearer".to_owned()));
    }
    work()
}

fn one(id: &str, call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    match people.by_id(id)? {
        Some(person) => {
            let body = user::resource(&person, &call.origin());
            Ok(Reply::new(StatusCode::OK, body, "showed a user"))
        }
        None => Ok(refusal(StatusCode::NOT_FOUND, "There is no such user.")),
    }
}

/// What this server can do (RFC 7643 section 5).
fn provider(rules: &Scim) -> Reply {
    let bulk = rules.bulk == Support::Present;
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": rules.patch == Support::Present},
        "bulk": {
            "supported": bulk,
            "maxOperations": rules.most_operations,
            "maxPayloadSize": rules.most_bytes,
        },
        "filter": {"supported": true, "maxResults": rules.page_cap},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": false},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "Any request carries the sandbox's token.",
        }],
    });
    Reply::new(StatusCode::OK, body, "showed what is supported")
}
