//! The batch of statuses, which adds where the batch of profiles may replace (Omneo "Statuses").

use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::super::call::{Call, Reply, Stop};
use super::super::rule::{self, Fault, Field, Form, optional, required};
use super::super::store::{Miss, People};
use super::super::variants::{Omneo, SetMode, StatusBatch};
use super::batch::Landing;
use super::{batch, invalid, merge, refusal, rules};

const ENTRY: &[Field] = &[required("profile_id", Form::Text), optional("statuses", Form::Texts)];

/// Takes a batch of statuses in.
pub(super) fn enqueue(call: &Call, db: &Connection, variants: &Omneo) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, &cause.message))?;
    let sent = batch::profiles(&body).len();
    let fault = match body.as_object() {
        None => Some("The body must be an object."),
        Some(map) if map.keys().any(|name| name != "profiles") => {
            Some("The body holds a field that is not known.")
        }
        Some(_) if sent == 0 => Some("The profiles field is required."),
        Some(_) => None,
    };
    if let Some(message) = fault {
        let mut reply = invalid("profiles", message);
        reply.records = sent;
        return Ok(reply);
    }
    let id = batch::create(db, &body, &call.at, variants.batch_id)?;
    let answer = json!({"data": {"message": "Statuses queued.", "batch_id": id}});
    let mut reply = Reply::new(StatusCode::ACCEPTED, answer, format!("queued {sent}"));
    reply.records = sent;
    // A batch that nobody works off.
    reply.queue = (variants.status_batch != StatusBatch::Pending).then_some(id);
    Ok(reply)
}

/// Adds the statuses of one entry to its profile.
pub(super) fn add(
    people: People<'_>,
    entry: &Value,
    at: &str,
    variants: &Omneo,
) -> Result<Landing, Miss> {
    let map = rule::object(entry, ENTRY)?;
    let id = map.get("profile_id").and_then(Value::as_str).unwrap_or_default();
    let Some(before) = people.by_id(id)? else {
        return Err(Fault::invalid("is of no profile").under("profile_id").into());
    };
    let mut statuses = rules::entries(map, "statuses").cloned().collect();
    rules::keep_known(&mut statuses, variants)?;
    let mut after = before.clone();
    let all = merge::set(after.body.remove("statuses"), &statuses, SetMode::Add);
    after.body.insert("statuses".into(), all);
    batch::write(people, before, after, at)
}
