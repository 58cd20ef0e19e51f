//! The Vome side: the profile list and the three bulk writes, each of them all or nothing.

mod record;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::header::{ALLOW, LOCATION};
use axum::http::{Method, StatusCode};
use rusqlite::{Connection, params};
use serde_json::{Map, Value, json};

use super::Tally;
use super::call::{Call, Reply, Stop};
use super::rule::{Fault, Kind};
use super::store::{Page, People, Person, email_key, identify};
use record::{Envelope, Identifier, Record};

const TARGET: &str = "vome";

/// What a path and a method ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    List,
    Create,
    Update,
    Upsert,
}

/// Vome "The Profile object", "Write Operations".
static ROUTES: [(&str, Method, Action); 4] = [
    ("/api/profiles/", Method::GET, Action::List),
    ("/api/profiles/bulk-create/", Method::POST, Action::Create),
    ("/api/profiles/bulk-update/", Method::PUT, Action::Update),
    ("/api/profiles/bulk-upsert/", Method::PUT, Action::Upsert),
];

/// Decides a call and does what it asks for.
pub(super) fn answer(key: &str, call: &Call, db: &Connection) -> rusqlite::Result<Reply> {
    Stop::settle(route(key, call, People { db, target: TARGET }))
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

fn route(key: &str, call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let slashed = format!("{}/", call.path.trim_end_matches('/'));
    let Some((path, method, action)) = ROUTES.iter().find(|(path, ..)| *path == slashed) else {
        return Ok(refusal(StatusCode::NOT_FOUND, None, "there is no such path", None));
    };
    if call.path != *path {
        // As Django does, which loses the body of a write on the way.
        let query = call.line.split_once('?').map_or_else(String::new, |(_, q)| format!("?{q}"));
        let reply = Reply::new(StatusCode::MOVED_PERMANENTLY, Value::Null, "sent to the slash");
        return Ok(reply.with_header(LOCATION, format!("{path}{query}")));
    }
    if call.header("API-KEY") != Some(key) {
        let message = "the API-KEY header is missing or wrong";
        return Ok(refusal(StatusCode::UNAUTHORIZED, None, message, None));
    }
    if call.method != *method {
        let message = format!("this path takes {method} only");
        let reply = refusal(StatusCode::METHOD_NOT_ALLOWED, None, &message, None);
        return Ok(reply.with_header(ALLOW, method.to_string()));
    }
    match action {
        Action::List => list(call, people),
        action => bulk(*action, call, people),
    }
}

/// One page of profiles: `limit` 1-100, 10 unless told (Vome "Pagination").
fn list(call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let mut page = Page { number: 1, size: 10 };
    for (name, value) in &call.query {
        let (slot, most) = match name.as_str() {
            "page" => (&mut page.number, u64::MAX),
            "limit" => (&mut page.size, 100),
            _ => return Err(refused(&Fault::invalid("is not a known parameter").under(name))),
        };
        *slot = value
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| refused(&Fault::invalid("is out of range").under(name)))?;
    }
    let count = people.count()?;
    let last = count.div_ceil(page.size).max(1);
    if page.number > last {
        return Ok(refusal(StatusCode::NOT_FOUND, None, "there is no such page", Some("page")));
    }
    let fields = known_fields(people.db)?;
    let today = call.at.get(..10).and_then(super::rule::date).unwrap_or_default();
    let results: Vec<Value> =
        people.page(page)?.iter().map(|person| view::profile(person, &fields, today)).collect();
    let link = |number: u64| {
        json!(format!("{}/api/profiles/?page={number}&limit={}", call.origin(), page.size))
    };
    let body = json!({
        "count": count,
        "next": if page.number < last { link(page.number + 1) } else { Value::Null },
        "previous": if page.number > 1 { link(page.number - 1) } else { Value::Null },
        "results": results,
    });
    let effect = format!("listed {}", results.len());
    Ok(Reply::new(StatusCode::OK, body, effect))
}

/// One of the three bulk writes.
fn bulk(action: Action, call: &Call, people: People<'_>) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, None, &cause.message, None))?;
    // The records array has a name of its own on create (Vome "Create profiles") and another on
    // the other two (Vome "Write Operations").
    let key = if action == Action::Create { "users_data" } else { "volunteers_data" };
    let sent = body.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let refuse = |mut reply: Box<Reply>| {
        reply.tally.refused = sent as u64;
        Stop::Refused(reply)
    };
    land(action, key, &body, call, people).map_err(|stop| match stop {
        Stop::Refused(reply) => refuse(reply),
        store @ Stop::Store(_) => store,
    })
}

fn land(
    action: Action,
    key: &str,
    body: &Value,
    call: &Call,
    people: People<'_>,
) -> Result<Reply, Stop> {
    let envelope = record::envelope(body, key).map_err(|fault| refused(&fault))?;
    let fields = known_fields(people.db)?;
    let mut work = Work { action, people, call, envelope, fields, tally: Tally::default() };
    let (mut met, mut seen) = (0, BTreeSet::new());
    let records = work.envelope.records;
    for (index, value) in records.iter().enumerate() {
        let placed = |fault: Fault| refused(&fault.at(index).under(key));
        let record = record::read(value, &work.envelope.identifier).map_err(placed)?;
        // ND in the documents; two answers for one person cannot both be meant.
        if let Some(key) = record.key.clone()
            && !seen.insert(key)
        {
            let fault = Fault::invalid("identifies the same person as an earlier record");
            return Err(placed(fault.under(work.envelope.identifier.path())));
        }
        met += u64::from(work.one(record).map_err(|miss| match miss {
            Miss::Fault(fault) => placed(fault),
            Miss::Store(cause) => Stop::Store(cause),
        })?);
    }
    let created = work.tally.created;
    let updated = if action == Action::Create { 0 } else { met };
    let message = format!("{created} profiles created, {updated} profiles updated.");
    let body = json!({"message": message, "created": created, "updated": updated});
    Ok(Reply::new(StatusCode::OK, body, work.tally.to_string()).with_tally(work.tally))
}

/// What one call needs to land its records.
struct Work<'c> {
    action: Action,
    people: People<'c>,
    call: &'c Call,
    envelope: Envelope<'c>,
    /// The names of the custom fields by their ids.
    fields: BTreeMap<String, String>,
    tally: Tally,
}

/// Why one record did not land.
enum Miss {
    Fault(Fault),
    Store(rusqlite::Error),
}

impl From<Fault> for Miss {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<rusqlite::Error> for Miss {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

impl Work<'_> {
    /// Lands one record; true when it met somebody who was there before.
    fn one(&mut self, mut record: Record) -> Result<bool, Miss> {
        let found = self.find(&record)?;
        if self.action == Action::Create {
            // All three are asked for, whether or not the person exists (Vome "Create profiles").
            record.is_complete()?;
        }
        match found {
            // "Profiles will only be created if they do not already exist."
            Some(_) if self.action == Action::Create => {
                self.tally.unchanged += 1;
                Ok(true)
            }
            Some(person) => {
                self.resolve_fields(&mut record)?;
                self.update(&person, &record)?;
                Ok(true)
            }
            None if self.action == Action::Update => {
                self.tally.refused += 1;
                Ok(false)
            }
            None => {
                record.is_complete()?;
                self.resolve_fields(&mut record)?;
                self.create(&record)?;
                Ok(false)
            }
        }
    }

    fn find(&self, record: &Record) -> Result<Option<Person>, Miss> {
        let identifier = &self.envelope.identifier;
        let Some(key) = &record.key else {
            // On create the e-mail address still tells whether somebody is there.
            return match &record.email {
                Some(email) if self.action == Action::Create => {
                    Ok(self.people.by_email(&email_key(email))?)
                }
                _ => Err(Fault::missing().under(identifier.path()).into()),
            };
        };
        match identifier {
            Identifier::Email => Ok(self.people.by_email(key)?),
            Identifier::Id => Ok(self.people.by_id(key)?),
            Identifier::Custom(field) => {
                let mut found = self.people.by_alias(&record::alias(field), key)?;
                if found.len() > 1 {
                    let fault = Fault::conflict("is the value of more than one profile");
                    return Err(fault.under(identifier.path()).into());
                }
                Ok(found.pop())
            }
        }
    }

    fn create(&mut self, record: &Record) -> Result<(), Miss> {
        let email = record.email.as_deref().unwrap_or_default();
        let email_key = email_key(email);
        self.refuse_taken_email(&email_key)?;
        let id = match &record.id {
            // The create example carries an id; a person who is found by it must be found again.
            Some(id) if self.people.by_id(id)?.is_none() => id.clone(),
            Some(_) => return Err(taken("id")),
            None => self.people.free_id(&email_key)?,
        };
        let at = self.call.at.clone();
        let mut person =
            Person { id, email_key, body: Map::new(), created_at: at.clone(), updated_at: at };
        record::merge(&mut person.body, record, &person.updated_at);
        self.people.insert(&person)?;
        let aliases = record::aliases(&person.body);
        self.people.realias(&person.id, &BTreeSet::new(), &aliases)?;
        if self.envelope.invite {
            let sql =
                "INSERT INTO invitation (target, email, language, at) VALUES (?1, ?2, ?3, ?4)";
            let values = params![TARGET, email, self.envelope.language, self.call.at];
            self.people.db.prepare_cached(sql)?.execute(values)?;
        }
        self.tally.created += 1;
        Ok(())
    }

    fn update(&mut self, before: &Person, record: &Record) -> Result<(), Miss> {
        if record.id.as_ref().is_some_and(|id| *id != before.id) {
            return Err(taken("id"));
        }
        let mut after = before.clone();
        record::merge(&mut after.body, record, &self.call.at);
        if let Some(email) = &record.email {
            after.email_key = email_key(email);
        }
        if after == *before {
            self.tally.unchanged += 1;
            return Ok(());
        }
        if after.email_key != before.email_key {
            self.refuse_taken_email(&after.email_key)?;
        }
        after.updated_at.clone_from(&self.call.at);
        self.people.replace(&after)?;
        let (old, new) = (record::aliases(&before.body), record::aliases(&after.body));
        self.people.realias(&after.id, &old, &new)?;
        self.tally.updated += 1;
        Ok(())
    }

    /// "The email address must be unique across profiles in your database" (Vome "Create profiles").
    fn refuse_taken_email(&self, key: &str) -> Result<(), Miss> {
        if self.people.by_email(key)?.is_some() { Err(taken("email")) } else { Ok(()) }
    }

    /// Gives every custom value the id of its field, and remembers fields not seen before.
    ///
    /// In life an administrator makes the fields first; here a field exists once it is used.
    fn resolve_fields(&mut self, record: &mut Record) -> Result<(), Miss> {
        for custom in &mut record.custom {
            if custom.id.is_empty() {
                let name = custom.name.to_lowercase();
                let known = self.fields.iter().find(|(_, known)| known.to_lowercase() == name);
                custom.id = known.map_or_else(
                    || identify(&[TARGET, "custom field", &name]),
                    |(id, _)| id.clone(),
                );
            }
            let known = self.fields.get(&custom.id);
            if known.is_none_or(|known| known.is_empty() && !custom.name.is_empty()) {
                let sql = "INSERT OR REPLACE INTO custom_field (id, name) VALUES (?1, ?2)";
                let values = params![custom.id, custom.name];
                self.people.db.prepare_cached(sql)?.execute(values)?;
                self.fields.insert(custom.id.clone(), custom.name.clone());
            }
        }
        Ok(())
    }
}

fn taken(field: &str) -> Miss {
    let fault = Fault::conflict("belongs to another profile");
    Miss::Fault(fault.under(field).under("profile_data"))
}

fn refused(fault: &Fault) -> Stop {
    let (status, code) = match fault.kind {
        Kind::Missing => (StatusCode::BAD_REQUEST, "missing_field"),
        Kind::Invalid => (StatusCode::BAD_REQUEST, "invalid_field"),
        Kind::Conflict => (StatusCode::CONFLICT, "conflict"),
    };
    let message = format!("{} {}", fault.path, fault.message);
    refusal(status, Some(code), message.trim_start(), Some(&fault.path)).into()
}

fn known_fields(db: &Connection) -> rusqlite::Result<BTreeMap<String, String>> {
    let mut statement = db.prepare_cached("SELECT id, name FROM custom_field")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
