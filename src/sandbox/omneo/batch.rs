//! A batch from the queue to its report: each profile lands or fails on its own.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Value, json};

use super::super::Tally;
use super::super::rule::Fault;
use super::super::store::{self, Miss, People, Person, email_key, identify};
use super::super::variants::{
    BatchId, Batches, IdentityClash, ItemError, ItemExternalId, Items, MixedStatus, MobileClash,
    NumberForm, Omneo,
};
use super::rules::{Find, Sent};
use super::{TARGET, merge, rules, status, view};

/// What became of one profile, and which one it is.
pub(super) enum Landing {
    Created(Person),
    Updated(Person),
    Unchanged(Person),
}

/// Puts a batch into the queue; its frame has been checked.
pub(super) fn create(
    db: &Connection,
    body: &Value,
    at: &str,
    form: BatchId,
) -> rusqlite::Result<String> {
    let next = "SELECT coalesce(max(seq), 0) + 1 FROM batch";
    let seq: i64 = db.prepare_cached(next)?.query_row([], |row| row.get(0))?;
    let sent = body.to_string();
    let id = match form {
        BatchId::Number => seq.to_string(),
        BatchId::Text | BatchId::Absent => identify(&[TARGET, "batch", &seq.to_string(), &sent]),
    };
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
pub(in super::super) fn work(
    db: &Connection,
    id: &str,
    at: &str,
    rules: &Omneo,
) -> rusqlite::Result<Tally> {
    let mut tally = Tally::default();
    let sql = "SELECT sent, items FROM batch WHERE id = ?1 AND status = 'pending'";
    let waiting = db
        .prepare_cached(sql)?
        .query_row([id], |row| Ok((store::json::<Value>(row, 0)?, store::json(row, 1)?)))
        .optional()?;
    let Some((body, mut items)): Option<(Value, Vec<Map<String, Value>>)> = waiting else {
        return Ok(tally);
    };
    // Only a batch of profiles has a criterion; the other kind is one of statuses.
    let criteria = body.get("match_criteria").and_then(Value::as_str);
    let people = People { db, target: TARGET };
    let (mut success, mut failed) = (0, 0);
    for (item, profile) in items.iter_mut().zip(profiles(&body)) {
        let landed = match criteria {
            Some(criteria) => rules::read(profile, criteria, rules)
                .map_err(Miss::Fault)
                .and_then(|sent| land(people, sent, at, rules)),
            None => status::add(people, profile, at, rules),
        };
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
                item.insert("error".into(), error(&fault, rules));
                continue;
            }
            Err(Miss::Store(cause)) => return Err(cause),
        };
        success += 1;
        let external = match rules.item_external_id {
            ItemExternalId::Identity => view::external_id(&person),
            ItemExternalId::Email => person.body.get("email").cloned().unwrap_or_default(),
            ItemExternalId::ProfileId => json!(person.id),
            ItemExternalId::Nothing => Value::Null,
        };
        item.insert("status".into(), json!("success"));
        item.insert("external_id".into(), external);
        item.insert("entity_id".into(), json!(person.id));
    }
    let lost = success == 0 || failed > 0 && rules.mixed_status == MixedStatus::Failed;
    let status = if lost { "failed" } else { "success" };
    let sql = "UPDATE batch SET status = ?2, success = ?3, failed = ?4, items = ?5, sent = NULL,
        updated_at = ?6, created = ?7, updated = ?8, unchanged = ?9, refused = ?10 WHERE id = ?1";
    let items = Value::from(items).to_string();
    let [created, updated, unchanged, refused] = tally.people().map(store::integer);
    let values =
        params![id, status, success, failed, items, at, created, updated, unchanged, refused];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(tally)
}

/// A batch as its endpoint shows it (Omneo "Add Batch Items").
pub(super) fn report(db: &Connection, id: &str, rules: &Omneo) -> rusqlite::Result<Option<Value>> {
    let sql = "SELECT status, total, success, failed, items, created_at, updated_at
        FROM batch WHERE id = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let report = statement.query_row([id], |row| {
        let (total, success, failed): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let mut status: String = row.get(0)?;
        let mut items: Vec<Value> = store::json(row, 4)?;
        let (mut done, mut landed, mut lost) = (success + failed, success, failed);
        if rules.batches == Batches::Pending {
            "pending".clone_into(&mut status);
            (done, landed, lost) = (0, 0, 0);
            items.clear();
        }
        let count = |count: i64| match rules.counts {
            NumberForm::Number => json!(count),
            NumberForm::String => json!(count.to_string()),
        };
        let time = |at: String| view::time(&at, rules.times);
        let mut shown = json!({
            "id": id,
            "import_job_id": null,
            "entity_type": "profile",
            "total_count": count(total),
            "processed_count": count(done),
            "success_count": count(landed),
            "failed_count": count(lost),
            "status": status,
            "created_at": time(row.get(5)?),
            "updated_at": time(row.get(6)?),
        });
        match rules.items {
            Items::InOrder => {}
            Items::Reversed => items.reverse(),
            Items::FailedOnly => items.retain(|item| item["status"] == "failed"),
            Items::Absent => return Ok(shown),
        }
        if let Some(map) = shown.as_object_mut() {
            map.insert("items".into(), items.into());
        }
        Ok(shown)
    });
    report.optional()
}

/// What is said of a fault in an item.
fn error(fault: &Fault, rules: &Omneo) -> Value {
    match rules.item_error {
        ItemError::Text => json!(explain(fault)),
        ItemError::Map => {
            let field = if fault.path.is_empty() { "profile" } else { &fault.path };
            let mut map = Map::new();
            map.insert(field.to_owned(), json!([explain(fault)]));
            map.into()
        }
    }
}

/// The faults of a batch that is refused as a whole, as Laravel words them: `profiles.3.email`.
pub(super) fn faults(body: &Value, rules: &Omneo) -> Map<String, Value> {
    let criteria = body.get("match_criteria").and_then(Value::as_str).unwrap_or_default();
    let mut errors = Map::new();
    for (index, profile) in profiles(body).iter().enumerate() {
        if let Err(fault) = rules::read(profile, criteria, rules) {
            let path = fault.path.replace('[', ".").replace(']', "");
            let dot = if path.is_empty() { "" } else { "." };
            errors.insert(format!("profiles.{index}{dot}{path}"), json!([explain(&fault)]));
        }
    }
    errors
}

pub(super) fn profiles(body: &Value) -> &[Value] {
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
fn land(people: People<'_>, mut sent: Sent, at: &str, rules: &Omneo) -> Result<Landing, Miss> {
    let key = email_key(&sent.email, rules.email_match);
    let found = match &sent.find {
        Find::Email => match people.by_email(&key)? {
            None if rules.identity_clash == IdentityClash::Routes => by_identity(people, &sent)?,
            found => found,
        },
        Find::Identity { handle, identifier } => {
            people.by_alias(&merge::alias(handle), identifier)?.pop()
        }
    };
    if rules.mobile_clash == MobileClash::Secondary {
        yield_mobile(people, found.as_ref(), &mut sent.body)?;
    }
    let Some(before) = found else {
        let id = people.free_id(&key)?;
        let body = merge::create(&sent.body, rules);
        let (created_at, updated_at) = (at.to_owned(), at.to_owned());
        let person = Person { id, email_key: key, body, created_at, updated_at };
        refuse_taken(people, None, &person)?;
        people.insert(&person)?;
        people.realias(&person.id, &BTreeSet::new(), &merge::aliases(&person.body))?;
        return Ok(Landing::Created(person));
    };
    let mut after = before.clone();
    merge::merge(&mut after.body, &sent.body, rules);
    after.email_key = key;
    write(people, before, after, at)
}

/// Writes a profile that may have changed.
pub(super) fn write(
    people: People<'_>,
    before: Person,
    mut after: Person,
    at: &str,
) -> Result<Landing, Miss> {
    if after == before {
        return Ok(Landing::Unchanged(before));
    }
    refuse_taken(people, Some(&before), &after)?;
    at.clone_into(&mut after.updated_at);
    people.replace(&after)?;
    people.realias(&after.id, &merge::aliases(&before.body), &merge::aliases(&after.body))?;
    Ok(Landing::Updated(after))
}

/// The profile that has one of the identities sent.
fn by_identity(people: People<'_>, sent: &Sent) -> rusqlite::Result<Option<Person>> {
    for entry in rules::entries(&sent.body, "identities") {
        if let Some((handle, identifier)) = rules::identity(entry)
            && let Some(person) = people.by_alias(&merge::alias(handle), identifier)?.pop()
        {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

/// Makes a mobile number that is somebody else's the second number.
fn yield_mobile(
    people: People<'_>,
    found: Option<&Person>,
    body: &mut Map<String, Value>,
) -> rusqlite::Result<()> {
    let Some(number) = body.get(merge::MOBILE).and_then(Value::as_str) else { return Ok(()) };
    let others = people.by_alias(merge::MOBILE, number)?;
    if others.iter().any(|other| found.is_none_or(|found| found.id != other.id))
        && let Some(number) = body.remove(merge::MOBILE)
    {
        body.insert("secondary_phone".into(), number);
    }
    Ok(())
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
