//! The three bulk writes: what becomes of each record.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use rusqlite::params;
use serde_json::{Map, Value};

use super::super::Tally;
use super::super::call::{Call, Reply, Stop};
use super::super::rule::Fault;
use super::super::store::{self, Miss, People, Person};
use super::super::variants::{
    CreateId, Existing, RecordsKey, Twice, UniqueKey, UnknownField, Unmatched, UpsertEndpoint,
    Vome, WrongKey,
};
use super::answer::{Landed, Outcome, success};
use super::custom::Fields;
use super::definition::{self, FieldKind};
use super::record::{self, Envelope, Identifier, Record};
use super::{Action, TARGET, refusal, refused};

const KEYS: [&str; 3] = ["users_data", "volunteers_data", "user_data"];

/// One of the three bulk writes.
pub(super) fn bulk(
    action: Action,
    call: &Call,
    people: People<'_>,
    rules: &Vome,
) -> Result<Reply, Stop> {
    let body = call.json().map_err(|cause| refusal(cause.status, None, &cause.message, None))?;
    let key = records_key(action, &body, rules);
    let sent = body.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let landed = if body.get(key).is_none() && rules.wrong_key == WrongKey::Ignored {
        let mut reply = success(&Landed::default(), rules);
        "no known key, nothing done".clone_into(&mut reply.effect);
        Ok(reply)
    } else if rules.most_rows > 0 && sent as u64 > rules.most_rows {
        let status = StatusCode::from_u16(rules.too_many_status);
        let message = format!("{key} holds more than {} records", rules.most_rows);
        let status = status.unwrap_or(StatusCode::PAYLOAD_TOO_LARGE);
        Err(refusal(status, None, &message, Some(key)).into())
    } else {
        land(action, key, &body, call, people, rules)
    };
    match landed {
        Ok(mut reply) => {
            reply.records = sent;
            Ok(reply)
        }
        Err(Stop::Refused(mut reply)) => {
            reply.records = sent;
            reply.tally = Tally { refused: sent as u64, ..Tally::default() };
            Err(Stop::Refused(reply))
        }
        Err(store) => Err(store),
    }
}

/// The name of the records array: one on create (Vome "Create profiles"), another on the other two
/// (Vome "Write Operations").
fn records_key(action: Action, body: &Value, rules: &Vome) -> &'static str {
    let key = match action {
        // The page that prints this endpoint for an upsert prints the key of the upsert with it.
        Action::Upsert if rules.upsert == UpsertEndpoint::Post => RecordsKey::Any,
        Action::Create => rules.create_key,
        Action::Update => rules.update_key,
        Action::Upsert | Action::List => rules.upsert_key,
    };
    match key {
        RecordsKey::Users => "users_data",
        RecordsKey::Volunteers => "volunteers_data",
        RecordsKey::User => "user_data",
        RecordsKey::Any => {
            KEYS.into_iter().find(|key| body.get(key).is_some()).unwrap_or("volunteers_data")
        }
    }
}

fn land(
    action: Action,
    key: &str,
    body: &Value,
    call: &Call,
    people: People<'_>,
    rules: &Vome,
) -> Result<Reply, Stop> {
    let envelope = record::envelope(body, key, rules).map_err(|fault| refused(&fault))?;
    let fields = Fields { all: definition::known(people.db)?, changed: Vec::new() };
    let mut work = Work { action, people, call, rules, envelope, fields, seen: BTreeSet::new() };
    work.check_identifier().map_err(|fault| refused(&fault.under("unique_identifier")))?;
    let mut landed = Landed::default();
    let records = work.envelope.records;
    for (index, value) in records.iter().enumerate() {
        let placed = |fault: Fault| fault.at(index).under(key);
        match store::within(people.db, || work.one(value)) {
            Ok(outcome) => landed.take(index, &outcome, action, rules),
            Err(Miss::Store(cause)) => return Err(Stop::Store(cause)),
            Err(Miss::Fault(fault)) => {
                // What a record that failed had brought along is gone with it.
                work.fields.all = definition::known(people.db)?;
                work.fields.changed.clear();
                landed.miss(index, placed(fault), rules)?;
            }
        }
    }
    Ok(success(&landed, rules))
}

/// What one call needs to land its records.
struct Work<'c> {
    action: Action,
    people: People<'c>,
    call: &'c Call,
    rules: &'c Vome,
    envelope: Envelope<'c>,
    fields: Fields,
    /// The keys of the records that came before.
    seen: BTreeSet<String>,
}

impl Work<'_> {
    /// "The field type would be Unique ID" (Vome "Write Operations"); a field that came to be by
    /// being used has no type, and any will do.
    fn check_identifier(&self) -> Result<(), Fault> {
        let Identifier::Custom(id) = &self.envelope.identifier else { return Ok(()) };
        let key = match self.rules.unique_key {
            UniqueKey::Id => "unique_id",
            UniqueKey::CustomField | UniqueKey::Either => "unique_custom_field",
        };
        match self.fields.get(id) {
            Some(known) if known.kind.is_none_or(|kind| kind == FieldKind::UniqueId) => Ok(()),
            Some(_) => Err(Fault::invalid("is not a field of the type Unique ID").under(key)),
            None if self.rules.unknown_field == UnknownField::Created => Ok(()),
            None => Err(Fault::invalid("is not a custom field").under(key)),
        }
    }

    /// Lands one record.
    fn one(&mut self, value: &Value) -> Result<Outcome, Miss> {
        let mut record = record::read(value, self.rules)?;
        self.resolve(&mut record)?;
        let email_key = |email: &str| store::email_key(email, self.rules.email_match);
        let key = record.key(&self.envelope.identifier, email_key);
        // Not documented; two answers for one person cannot both be meant.
        if let Some(key) = &key
            && !self.seen.insert(key.clone())
            && self.rules.twice == Twice::BadRow
        {
            let fault = Fault::invalid("identifies the same person as an earlier record");
            return Err(fault.under(self.envelope.identifier.path()).into());
        }
        let found = self.find(&record, key.as_deref())?;
        if self.action == Action::Create {
            // All three are asked for, whether or not the person exists (Vome "Create profiles").
            record.is_complete()?;
        }
        match (self.action, found) {
            (Action::Create, Some(_)) if self.rules.existing == Existing::Conflict => {
                let path = self.envelope.identifier.path();
                Err(Fault::conflict("belongs to a profile that exists").under(path).into())
            }
            (Action::Create, Some(_)) if self.rules.existing == Existing::Refused => {
                let path = self.envelope.identifier.path();
                Err(Fault::invalid("already exists").under(path).into())
            }
            (Action::Update, None) if self.rules.unmatched == Unmatched::BadRow => {
                let path = self.envelope.identifier.path();
                Err(Fault::not_found("is of no profile").under(path).into())
            }
            // "Only created if they do not already exist" (Vome "Create profiles").
            (Action::Create, Some(_)) | (Action::Update, None) => Ok(Outcome::Passed),
            (_, Some(before)) => self.update(&before, &record),
            (_, None) => {
                record.is_complete()?;
                self.create(&record)
            }
        }
    }

    fn find(&self, record: &Record, key: Option<&str>) -> Result<Option<Person>, Miss> {
        let identifier = &self.envelope.identifier;
        let Some(key) = key else {
            // On create the e-mail address still tells whether somebody is there.
            return match &record.email {
                Some(email) if self.action == Action::Create => {
                    Ok(self.people.by_email(&self.email_key(email))?)
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

    fn email_key(&self, email: &str) -> String {
        store::email_key(email, self.rules.email_match)
    }

    fn create(&mut self, record: &Record) -> Result<Outcome, Miss> {
        let email = record.email.as_deref().unwrap_or_default();
        let email_key = self.email_key(email);
        self.refuse_taken_email(&email_key)?;
        let id = match (&record.id, self.rules.create_id) {
            // The create example carries an id; a person who is found by it must be found again.
            (Some(id), CreateId::Taken) if self.people.by_id(id)?.is_none() => id.clone(),
            (Some(_), CreateId::Taken) => return Err(taken("id")),
            (Some(_), CreateId::Refused) => {
                let fault = Fault::invalid("cannot be chosen");
                return Err(fault.under("id").under("profile_data").into());
            }
            (Some(_), CreateId::Ignored) | (None, _) => self.people.free_id(&email_key)?,
        };
        let at = self.call.at.clone();
        let mut person =
            Person { id, email_key, body: Map::new(), created_at: at.clone(), updated_at: at };
        record::merge(&mut person.body, record, &person.updated_at, self.rules.omitted);
        self.refuse_taken_ids(&person)?;
        self.people.insert(&person)?;
        let aliases = record::aliases(&person.body);
        self.people.realias(&person.id, &BTreeSet::new(), &aliases)?;
        if self.envelope.invite {
            let sql = "INSERT INTO invitation (target, email, language, at, message)
                VALUES (?1, ?2, ?3, ?4, ?5)";
            let Envelope { language, message, .. } = self.envelope;
            let values = params![TARGET, email, language, self.call.at, message];
            self.people.db.prepare_cached(sql)?.execute(values)?;
        }
        Ok(Outcome::Created(person.id))
    }

    fn update(&mut self, before: &Person, record: &Record) -> Result<Outcome, Miss> {
        if record.id.as_ref().is_some_and(|id| *id != before.id) {
            return Err(taken("id"));
        }
        let mut after = before.clone();
        record::merge(&mut after.body, record, &self.call.at, self.rules.omitted);
        if let Some(email) = &record.email {
            after.email_key = self.email_key(email);
        }
        if after == *before {
            return Ok(Outcome::Unchanged(after.id));
        }
        if after.email_key != before.email_key {
            self.refuse_taken_email(&after.email_key)?;
        }
        self.refuse_taken_ids(&after)?;
        after.updated_at.clone_from(&self.call.at);
        self.people.replace(&after)?;
        let (old, new) = (record::aliases(&before.body), record::aliases(&after.body));
        self.people.realias(&after.id, &old, &new)?;
        Ok(Outcome::Updated(after.id))
    }

    /// "The email address must be unique across profiles in your database" (Vome "Create profiles").
    fn refuse_taken_email(&self, key: &str) -> Result<(), Miss> {
        if self.people.by_email(key)?.is_some() { Err(taken("email")) } else { Ok(()) }
    }

    /// The value of a field of the type Unique ID is nobody else's.
    fn refuse_taken_ids(&self, person: &Person) -> Result<(), Miss> {
        let unique = |known: &&definition::Known| known.kind == Some(FieldKind::UniqueId);
        for field in self.fields.all.iter().filter(unique) {
            let alias = record::alias(&field.id);
            let values = record::aliases(&person.body);
            for (_, value) in values.iter().filter(|(name, _)| *name == alias) {
                let found = self.people.by_alias(&alias, value)?;
                if found.iter().any(|other| other.id != person.id) {
                    let fault = Fault::conflict("holds a unique id of another profile");
                    return Err(fault.under("custom_field_data").into());
                }
            }
        }
        Ok(())
    }

    /// Finds the field of every custom value, and remembers fields and options not seen before.
    fn resolve(&mut self, record: &mut Record) -> Result<(), Miss> {
        let mut kept = Vec::with_capacity(record.custom.len());
        for (index, mut custom) in std::mem::take(&mut record.custom).into_iter().enumerate() {
            let resolved = self.fields.resolve(&mut custom, self.rules);
            if resolved.map_err(|fault| fault.at(index).under("custom_field_data"))? {
                kept.push(custom);
            }
        }
        record.custom = kept;
        for id in std::mem::take(&mut self.fields.changed) {
            if let Some(known) = self.fields.get(&id) {
                definition::save(self.people.db, known)?;
            }
        }
        Ok(())
    }
}

fn taken(field: &str) -> Miss {
    let fault = Fault::conflict("belongs to another profile");
    Miss::Fault(fault.under(field).under("profile_data"))
}
