//! A batch from the queue to its report: each profile lands or fails on its own.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Value, json};

use super::super::Tally;
use super::super::rule::Fault;
use super::super::store::{self, People, Person, email_key, identify};
use super::rules::{Find, Sent};
use super::{TARGET, merge, rules, view};

/// What became of one profile, and which one it is.
enum Landing {
    Created(Person),
    Updated(Person),
    Unchanged(Person),
}

/// Why one profile did not land.
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

/// Puts a batch into the queue; its frame has been checked.
pub(super) fn create(db: &Connection, body: &Value, at: &str) -> rusqlite::Result<String> {
    let next = "SELECT coalesce(max(seq), 0) + 1 FROM batch";
    let seq: i64 = db.prepare_cached(next)?.query_row([], |row| row.get(0))?;
    let sent = body.to_string();
    let id = identify(&[TARGET, "batch", &seq.to_string(), &sent]);
    let items: Vec<Value> = profiles(body)
        .iter()
        .enumerate()
        .map(|(index, _)| {
            json!({"id": format!("{seq}-{}", index + 1), "status": "pending",
            "entity_id": null, "external_id": null, "error": null})
        })
        .collect();
    let sql =
        "INSERT INTO batch (seq, id, target, status, total, items, sent, created_at, updated_at)
        VALUES (?1, ?2, ?3, 'pending', ?4, ?5, ?6, ?7, ?7)";
    let total = store::integer(items.len());
    let values = params![seq, id, TARGET, total, Value::from(items).to_string(), sent, at];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(id)
}

/// The batches that still wait, oldest first: those a stop has cut off.
pub(in super::super) fn pending(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT id FROM batch WHERE status = 'pending' ORDER BY seq")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Works a batch off and writes its report.
pub(in super::super) fn work(db: &Connection, id: &str, at: &str) -> rusqlite::Result<Tally> {
    let mut tally = Tally::default();
    let sql = "SELECT sent, items FROM batch WHERE id = ?1 AND status = 'pending'";
    let waiting = db
        .prepare_cached(sql)?
        .query_row([id], |row| Ok((store::json::<Value>(row, 0)?, store::json(row, 1)?)))
        .optional()?;
    let Some((body, mut items)): Option<(Value, Vec<Map<String, Value>>)> = waiting else {
        return Ok(tally);
    };
    let criteria = body.get("match_criteria").and_then(Value::as_str).unwrap_or_default();
    let people = People { db, target: TARGET };
    let (mut success, mut failed) = (0, 0);
    for (item, profile) in items.iter_mut().zip(profiles(&body)) {
        let landed = rules::read(profile, criteria)
            .map_err(Miss::Fault)
            .and_then(|sent| land(people, &sent, at));
        let person = match landed {
            Ok(Landing::Created(person)) => {
                tally.created += 1;
                person
            }
            Ok(Landing::Updated(person)) => {
                tally.updated += 1;
                person
            }
            Ok(Landing::Unchanged(person)) => {
                tally.unchanged += 1;
                person
            }
            Err(Miss::Fault(fault)) => {
                tally.refused += 1;
                failed += 1;
                item.insert("status".into(), json!("failed"));
                item.insert("error".into(), json!(explain(&fault)));
                continue;
            }
            Err(Miss::Store(cause)) => return Err(cause),
        };
        success += 1;
        item.insert("status".into(), json!("success"));
        item.insert("external_id".into(), view::external_id(&person));
        item.insert("entity_id".into(), json!(person.id));
    }
    let status = if success == 0 { "failed" } else { "success" };
    let sql = "UPDATE batch SET status = ?2, success = ?3, failed = ?4, items = ?5, sent = NULL,
        updated_at = ?6 WHERE id = ?1";
    let items = Value::from(items).to_string();
    db.prepare_cached(sql)?.execute(params![id, status, success, failed, items, at])?;
    Ok(tally)
}

/// A batch as its endpoint shows it (Omneo "Batch items").
pub(super) fn report(db: &Connection, id: &str) -> rusqlite::Result<Option<Value>> {
    let sql = "SELECT status, total, success, failed, items, created_at, updated_at
        FROM batch WHERE id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let report = statement.query_row([id], |row| {
        let (total, success, failed): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(json!({
            "id": id,
            "import_job_id": null,
            "entity_type": "profile",
            "total_count": total,
            "processed_count": success + failed,
            "success_count": success,
            "failed_count": failed,
            "status": row.get::<_, String>(0)?,
            "created_at": view::time(&row.get::<_, String>(5)?),
            "updated_at": view::time(&row.get::<_, String>(6)?),
            "items": store::json::<Value>(row, 4)?,
        }))
    });
    report.optional()
}

fn profiles(body: &Value) -> &[Value] {
    body.get("profiles").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A fault as the text of an item.
fn explain(fault: &Fault) -> String {
    match (fault.path.as_str(), fault.message.as_str()) {
        // The one text that the vendor shows (Omneo "Core profile fields").
        (merge::MOBILE, EXISTS) => EXISTS.to_owned(),
        ("", message) => format!("The profile {message}."),
        (path, message) => format!("The {path} {message}."),
    }
}

const EXISTS: &str = "The phone number exists";

/// Creates a profile, or merges into the one that is found.
fn land(people: People<'_>, sent: &Sent<'_>, at: &str) -> Result<Landing, Miss> {
    let found = match sent.find {
        Find::Email => people.by_email(&email_key(sent.email))?,
        Find::Identity { handle, identifier } => {
            people.by_alias(&merge::alias(handle), identifier)?.pop()
        }
    };
    let Some(before) = found else {
        let email_key = email_key(sent.email);
        let id = people.free_id(&email_key)?;
        let body = merge::create(sent.body);
        let (created_at, updated_at) = (at.to_owned(), at.to_owned());
        let person = Person { id, email_key, body, created_at, updated_at };
        refuse_taken(people, None, &person)?;
        people.insert(&person)?;
        people.realias(&person.id, &BTreeSet::new(), &merge::aliases(&person.body))?;
        return Ok(Landing::Created(person));
    };
    let mut after = before.clone();
    merge::merge(&mut after.body, sent.body);
    after.email_key = email_key(sent.email);
    if after == before {
        return Ok(Landing::Unchanged(before));
    }
    refuse_taken(people, Some(&before), &after)?;
    at.clone_into(&mut after.updated_at);
    people.replace(&after)?;
    people.realias(&after.id, &merge::aliases(&before.body), &merge::aliases(&after.body))?;
    Ok(Landing::Updated(after))
}

/// E-mail, mobile number and identities are each unique over all profiles (Omneo "Profiles API
/// overview", "Identities"). All of it is asked before anything is written.
fn refuse_taken(people: People<'_>, before: Option<&Person>, after: &Person) -> Result<(), Miss> {
    if before.is_none_or(|before| before.email_key != after.email_key)
        && people.by_email(&after.email_key)?.is_some()
    {
        return Err(Fault::conflict("has already been taken").under("email").into());
    }
    let known = before.map(|before| merge::aliases(&before.body)).unwrap_or_default();
    for (name, value) in merge::aliases(&after.body).difference(&known) {
        if people.by_alias(name, value)?.is_empty() {
            continue;
        }
        let fault = if name == merge::MOBILE {
            Fault::conflict(EXISTS).under(merge::MOBILE)
        } else {
            Fault::conflict("hold one that has already been taken").under("identities")
        };
        return Err(fault.into());
    }
    Ok(())
}
