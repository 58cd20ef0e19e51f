//! Bulk requests: many operations, each of which lands or fails on its own (RFC 7644 section 3.7).

use std::collections::BTreeSet;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::Tally;
use super::super::call::{Call, Reply, Stop};
use super::super::rule::Fault;
use super::super::store::{People, Person};
use super::super::variants::{Order, Scim, StatusForm, Strain, Support, Work};
use super::{error, explain, kind_of, refusal, user};

const REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
const RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// Why one operation failed.
enum Miss {
    /// Status, keyword and text.
    Refused(u16, Option<&'static str>, String),
    Store(rusqlite::Error),
}

impl From<Fault> for Miss {
    fn from(fault: Fault) -> Self {
        let (status, kind) = kind_of(&fault);
        Self::Refused(status, kind, explain(&fault))
    }
}

impl From<rusqlite::Error> for Miss {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

fn syntax(detail: impl Into<String>) -> Miss {
    Miss::Refused(400, Some("invalidSyntax"), detail.into())
}

/// Where a user lies now, with which status, and what that did.
struct Landing {
    id: String,
    status: u16,
    tally: Tally,
}

/// Takes a bulk request in and does its operations one by one.
pub(super) fn answer(call: &Call, people: People<'_>, rules: &Scim) -> Result<Reply, Stop> {
    let body = call.json_as(super::MEDIA).map_err(|cause| refusal(cause.status, &cause.message))?;
    let operations = match frame(&body, rules) {
        Ok(operations) => operations,
        Err((status, detail)) => {
            let sent = body.get("Operations").and_then(Value::as_array).map_or(0, Vec::len);
            let mut reply = refusal(status, &detail);
            reply.tally.refused = sent as u64;
            reply.records = sent;
            return Ok(reply);
        }
    };
    let most_errors = body.get("failOnErrors").and_then(Value::as_u64);
    let (mut answers, mut tally, mut failed) = (Vec::new(), Tally::default(), 0);
    let mut seen = BTreeSet::new();
    for (index, operation) in operations.iter().enumerate() {
        // The standard's own limit on what goes wrong: what comes behind it is not done.
        if most_errors.is_some_and(|most| failed >= most) {
            break;
        }
        let strain = if index % 3 == 2 { rules.strain } else { Strain::None };
        let done = match strain {
            Strain::Later => Err(Miss::Refused(429, None, "Too many requests.".to_owned())),
            Strain::Fails => Err(Miss::Refused(500, None, "Something went wrong.".to_owned())),
            Strain::None | Strain::Silent => perform(operation, call, people, rules, &mut seen),
        };
        let mut answer = Map::new();
        for key in ["method", "bulkId"] {
            answer.extend(operation.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        let status = match done {
            Ok(landing) => {
                tally.add(landing.tally);
                let location = user::location(&landing.id, &call.origin());
                answer.insert("location".to_owned(), json!(location));
                landing.status
            }
            Err(Miss::Refused(status, kind, detail)) => {
                tally.refused += 1;
                failed += 1;
                answer.insert("response".to_owned(), error(status, kind, &detail));
                status
            }
            Err(Miss::Store(cause)) => return Err(cause.into()),
        };
        answer.insert("status".to_owned(), write_status(status, rules.status_form));
        if strain != Strain::Silent {
            answers.push(Value::Object(answer));
        }
    }
    if rules.order == Order::Reversed {
        answers.reverse();
    }
    let effect = format!("bulk of {}: {tally}", operations.len());
    let mut reply = match rules.work {
        Work::AtOnce => {
            let body = json!({"schemas": [RESPONSE], "Operations": answers});
            Reply::new(StatusCode::OK, body, effect)
        }
        Work::Deferred => Reply::new(StatusCode::ACCEPTED, Value::Null, effect),
    };
    reply.records = operations.len();
    Ok(reply.with_tally(tally))
}

/// What must be right for a request to be worked at all.
fn frame<'b>(body: &'b Value, rules: &Scim) -> Result<&'b [Value], (StatusCode, String)> {
    let bad = |detail: &str| Err((StatusCode::BAD_REQUEST, detail.to_owned()));
    let is_request = body.get("schemas").and_then(Value::as_array);
    if is_request.is_none_or(|schemas| !schemas.iter().any(|schema| schema == REQUEST)) {
        return bad("schemas does not list the schema of bulk requests.");
    }
    match body.get("Operations").and_then(Value::as_array) {
        Some(operations) if operations.len() as u64 > rules.most_operations => {
            let detail = format!("The request exceeds maxOperations ({}).", rules.most_operations);
            Err((StatusCode::PAYLOAD_TOO_LARGE, detail))
        }
        Some(operations) => Ok(operations),
        None => bad("Operations is missing."),
    }
}

fn write_status(status: u16, form: StatusForm) -> Value {
    match form {
        StatusForm::Text => json!(status.to_string()),
        StatusForm::Number => json!(status),
        StatusForm::Object => json!({"code": status}),
    }
}

/// Does one operation.
fn perform(
    operation: &Value,
    call: &Call,
    people: People<'_>,
    rules: &Scim,
    seen: &mut BTreeSet<String>,
) -> Result<Landing, Miss> {
    let text = |key: &str| operation.get(key).and_then(Value::as_str).unwrap_or_default();
    let (method, path, bulk_id) = (text("method"), text("path"), text("bulkId"));
    if !bulk_id.is_empty() && !seen.insert(bulk_id.to_owned()) {
        return Err(syntax("The bulkId is there twice."));
    }
    let data = operation.get("data").unwrap_or(&Value::Null);
    match (method, path.strip_prefix("/Users")) {
        ("POST", Some("")) if bulk_id.is_empty() => Err(syntax("The bulkId is missing.")),
        ("POST", Some("")) => create(data, call, people),
        ("PUT" | "PATCH", Some(id)) if id.len() > 1 => {
            let id = id.strip_prefix('/').map(decode).unwrap_or_default();
            let before = people.by_id(&id)?;
            let before = before.ok_or_else(|| Fault::not_found("is not there"))?;
            let body = match method {
                "PUT" => user::read(data)?,
                _ if rules.patch == Support::Absent => {
                    let detail = "PATCH is not supported.".to_owned();
                    return Err(Miss::Refused(501, None, detail));
                }
                _ => patched(&before, data)?,
            };
            update(before, body, call, people)
        }
        _ => Err(syntax("This method or path is not supported.")),
    }
}

/// The text that a part of a path stands for (RFC 3986 section 2.1).
fn decode(part: &str) -> String {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let coded = behind.get(..2).filter(|_| *first == b'%');
        let coded = coded.and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = coded.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = byte.and_then(|_| behind.get(2..)).unwrap_or(behind);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn create(data: &Value, call: &Call, people: People<'_>) -> Result<Landing, Miss> {
    let body = user::read(data)?;
    let key = user::key_of(&body);
    if people.by_email(&key)?.is_some() {
        return Err(Fault::conflict("is in use").under("userName").into());
    }
    let id = people.free_id(&key)?;
    let (created_at, updated_at) = (call.at.clone(), call.at.clone());
    let person = Person { id, email_key: key, body, created_at, updated_at };
    people.insert(&person)?;
    let tally = Tally { created: 1, ..Tally::default() };
    Ok(Landing { id: person.id, status: 201, tally })
}

/// A user with the changes of a PATCH; the stand-in knows those without a path.
fn patched(before: &Person, data: &Value) -> Result<Map<String, Value>, Miss> {
    let schemas = data.get("schemas").and_then(Value::as_array);
    if schemas.is_none_or(|schemas| !schemas.iter().any(|schema| schema == PATCH)) {
        return Err(syntax("schemas does not list the schema of changes."));
    }
    let operations = data.get("Operations").and_then(Value::as_array);
    let mut body = before.body.clone();
    for operation in operations.ok_or_else(|| syntax("Operations is missing."))? {
        let adds = match operation.get("op").and_then(Value::as_str) {
            Some("add") => true,
            Some("replace") => false,
            _ => return Err(syntax("This op is not supported.")),
        };
        let change = operation.get("value").and_then(Value::as_object);
        let change = change.filter(|_| operation.get("path").is_none());
        let change = change.ok_or_else(|| syntax("Only changes without a path are supported."))?;
        user::change(&mut body, change, adds);
    }
    user::check(&body)?;
    Ok(body)
}

fn update(
    before: Person,
    body: Map<String, Value>,
    call: &Call,
    people: People<'_>,
) -> Result<Landing, Miss> {
    let email_key = user::key_of(&body);
    if email_key != before.email_key && people.by_email(&email_key)?.is_some() {
        return Err(Fault::conflict("is in use").under("userName").into());
    }
    let after = Person { email_key, body, updated_at: call.at.clone(), ..before.clone() };
    if after.body == before.body {
        let tally = Tally { unchanged: 1, ..Tally::default() };
        return Ok(Landing { id: before.id, status: 200, tally });
    }
    people.replace(&after)?;
    let tally = Tally { updated: 1, ..Tally::default() };
    Ok(Landing { id: after.id, status: 200, tally })
}
