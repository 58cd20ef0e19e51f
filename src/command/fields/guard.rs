//! Before a push: whether the custom fields that it uses are still what the lock file says.
//!
//! Profiles are read until each of these fields has been seen; what is otherwise by the field's id stops
//! the push, by name, before anything is sent. A renamed field would get the values of another, an option
//! that is gone would be refused or made anew. Nobody's values are looked at, except that those about to be
//! sent are searched for an option that is gone.

use std::path::Path;
use std::time::{Duration, Instant};

use super::gather::{Progress, gather};
use super::show::count;
use crate::command::tell;
use crate::error::{Error, Result};
use crate::lock::{Account, Change, Entry, What, changes, named};
use crate::plan::Job;
use crate::target::{Choosable, Custom, Target};
use crate::visible::visible;
use crate::writer::api::Client;
use crate::writer::pace::Pace;

/// What is about to be sent.
pub(in crate::command) struct Shipment<'a> {
    /// The run folder.
    pub(in crate::command) folder: &'a Path,
    /// The files of its requests.
    pub(in crate::command) files: &'a [&'a str],
    /// The fields that people are sent with.
    pub(in crate::command) fields: &'a [String],
}

/// Waits until the next request keeps its distance from the last one that was made in looking.
pub(in crate::command) fn keep_distance(
    pace: &Pace<'_>,
    interval: Duration,
    looked: Option<Instant>,
) {
    if let Some(looked) = looked {
        pace.rest(interval.saturating_sub(looked.elapsed()));
    }
}

/// Stops a push that would write into custom fields which are not what they were. Tells when the last
/// request was made, where there was any, because the next one keeps its distance from it.
///
/// # Errors
/// [`Error::Guard`] with everything that is otherwise and the command that renews the lock; and when
/// the profiles cannot be read.
pub(in crate::command) fn guard(
    job: &Job,
    target: &dyn Target,
    client: &Client,
    shipment: &Shipment<'_>,
    quiet: bool,
) -> Result<Option<Instant>> {
    let id = target.kind().id;
    let Some(custom) = target.custom().filter(|custom| custom.check) else { return Ok(None) };
    let Some(lock) = &job.lock else { return Ok(None) };
    let Some(account) = lock.account(id) else { return Ok(None) };
    let used = used(shipment.fields, target.match_field(), account, &custom);
    if used.is_empty() {
        return Ok(None);
    }
    let base = target.base_url()?;
    if account.base_url != base {
        return Err(stopped(
            job,
            &format!(
                "{:?} was read from {}, and this push goes to {base}: its custom fields may be \
                 others",
                lock.path, account.base_url
            ),
        ));
    }
    let skip = format!(" (check_fields = false under [{id}] skips this)");
    let mut progress = Progress::new(quiet, "looking at the custom fields of", target.kind().title);
    let gathered = gather(target, client, &job.stop, &custom, &mut |harvest, far| {
        progress.tell(harvest, far, Some(&skip));
        // One that nobody had a value in may never be shown; one page is enough to look for it.
        let mut expected = used.iter().filter(|entry| entry.profiles > 0);
        expected.all(|entry| harvest.has_seen(&entry.definition))
    })?;
    let looked = Instant::now();
    let mut wrong = Vec::new();
    for change in changes(&used, &gathered.harvest.fields()) {
        match &change.what {
            What::New { .. } | What::OptionNew { .. } => {}
            What::NotSeen { had: 0 } => tell(&format!(
                "warning: {change} (in {}). If it was deleted, take it out of the lock: {}",
                count(gathered.harvest.profiles, "profile"),
                job.fields_line(Some("--drop-unseen"))
            )),
            what => match what.lost_option() {
                Some(option) if !is_sent(shipment, &custom, &used, &change, option)? => {}
                _ => wrong.push(change.to_string()),
            },
        }
    }
    if wrong.is_empty() {
        return Ok(Some(looked));
    }
    let lock = visible(&lock.path.display().to_string());
    Err(stopped(
        job,
        &format!(
            "the custom fields of {} are not what {lock} of {} says\n{}",
            target.kind().title,
            account.read_on,
            wrong.join("\n")
        ),
    ))
}

fn stopped(job: &Job, message: &str) -> Error {
    Error::Guard {
        message: message.to_owned(),
        help: format!(
            "nothing was sent. Look at what is otherwise: {}; write it into the lock: {}; then check \
             the file again",
            job.fields_line(Some("--check")),
            job.fields_line(None)
        ),
    }
}

/// The fields of the lock that this push writes into or finds people by.
fn used(fields: &[String], match_field: &str, account: &Account, custom: &Custom) -> Vec<Entry> {
    let mut used: Vec<Entry> = Vec::new();
    for name in fields.iter().map(String::as_str).chain([match_field]) {
        let entry = name.strip_prefix(custom.prefix).and_then(|name| named(&account.fields, name));
        if let Some(entry) = entry.filter(|entry| !used.contains(entry)) {
            used.push(entry.clone());
        }
    }
    used
}

/// Whether somebody in the requests chooses this option of the field.
fn is_sent(
    shipment: &Shipment<'_>,
    custom: &Custom,
    used: &[Entry],
    change: &Change,
    option: &Choosable,
) -> Result<bool> {
    let definition = used
        .iter()
        .map(|entry| &entry.definition)
        .find(|definition| definition.id == change.id && definition.name == change.field);
    let Some(definition) = definition else { return Ok(false) };
    for file in shipment.files {
        let path = shipment.folder.join(file);
        let failed = |source| Error::Output { path: path.clone(), action: "read", source };
        let bytes = std::fs::read(&path).map_err(failed)?;
        let body = serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))?;
        if people(&body).any(|person| (custom.sends)(person, definition, option)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The people in a request: the entries of its one list of objects.
fn people(body: &serde_json::Value) -> impl Iterator<Item = &serde_json::Value> {
    let lists = body.as_object().into_iter().flat_map(|body| body.values());
    lists.filter_map(serde_json::Value::as_array).flatten().filter(|person| person.is_object())
}
