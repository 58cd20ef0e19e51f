//! The endpoints that find a profile without changing it.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::call::{Call, Reply, Stop};
use super::super::store::{People, Person, email_key};
use super::super::variants::{Availability, Omneo};
use super::rules::{entries, identity};
use super::{invalid, merge, refusal, show, view};

/// `POST /profiles/search-id` with `type`, a handle or `profile_id`, and `id`; never more than one
/// (Omneo "Search by ID"). What it answers for nobody is inferred.
pub(super) fn by_id(call: &Call, people: People<'_>, rules: &Omneo) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, &cause.message))?;
    let word = |name: &str| {
        let word = body.get(name).and_then(Value::as_str).filter(|word| !word.trim().is_empty());
        word.ok_or_else(|| invalid(name, &format!("The {name} field is required.")))
    };
    let (kind, id) = (word("type")?, word("id")?);
    let found = match kind {
        "profile_id" => people.by_id(id)?,
        handle => people.by_alias(&merge::alias(handle), id)?.pop(),
    };
    Ok(show(found.as_ref(), rules))
}

/// `GET /identities/search?handle=&identifier=` (Omneo "Working with identities"); the form of its
/// entries is inferred.
pub(super) fn identities(call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let word = |name: &str| {
        let found = call.query.iter().find(|(known, value)| known == name && !value.is_empty());
        found
            .map(|(_, value)| value.as_str())
            .ok_or_else(|| invalid(name, &format!("The {name} field is required.")))
    };
    let (handle, identifier) = (word("handle")?, word("identifier")?);
    let found = people.by_alias(&merge::alias(handle), identifier)?;
    let entry = |person: &Person| {
        let same = |entry: &&Value| identity(entry) == Some((handle, identifier));
        let mut entry = entries(&person.body, "identities").find(same)?.as_object()?.clone();
        entry.insert("profile_id".into(), json!(person.id));
        Some(Value::from(entry))
    };
    let data: Vec<Value> = found.iter().filter_map(entry).collect();
    Ok(Reply::new(StatusCode::OK, json!({"data": data}), "searched identities"))
}

/// `POST /profiles/availability` with an e-mail address, a mobile number or both (Omneo "Check
/// availability", whose prose and example disagree on the meaning of `available`).
pub(super) fn availability(call: &Call, people: People<'_>, rules: &Omneo) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, &cause.message))?;
    let mut data = Map::new();
    for name in ["email", merge::MOBILE] {
        let Some(value) = body.get(name).and_then(Value::as_str) else { continue };
        let found = if name == merge::MOBILE {
            people.by_alias(name, value)?.pop()
        } else {
            people.by_email(&email_key(value, rules.email_match))?
        };
        let free = found.is_none();
        let available = match rules.available_when {
            Availability::Example => free,
            Availability::Prose => !free,
        };
        let profile = found.map(|person| {
            let shown = view::profile(&person, rules);
            json!({"id": person.id, "full_name": shown.get("full_name")})
        });
        data.insert(name.into(), json!({"available": available, "profile": profile}));
    }
    if data.is_empty() {
        return Ok(invalid("email", "The email or the mobile_phone field is required."));
    }
    Ok(Reply::new(StatusCode::OK, json!({"data": data}), "checked availability"))
}
