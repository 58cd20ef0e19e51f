//! One payload file under way: its people as they stand in it, and what is known of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::Order;
use crate::batch::hex;
use crate::error::{Error, Result};
use crate::journal::{Outcome, Planned};

/// A payload file under way.
pub(super) struct Work<'a> {
    entry: &'a Planned,
    pub(super) people: Vec<Box<RawValue>>,
    /// The outcome of each, as the journal has it.
    pub(super) outcomes: Vec<Outcome>,
    /// When the first attempt of unknown outcome of each was made, in Unix milliseconds.
    since: Vec<Option<i64>>,
    /// Those who were looked for since they were last sent.
    looked: BTreeSet<usize>,
    /// How often the target had answered when this file was put back, if it was.
    pub(super) put_back: Option<u64>,
    /// How often in a row a request that may not simply be sent again had no answer.
    pub(super) held_back: u32,
}

impl<'a> Work<'a> {
    /// Reads the file and what the journal knows of its people.
    pub(super) fn open(order: &Order<'_>, entry: &'a Planned) -> Result<Self> {
        let people = read(order.folder, entry)?;
        let known = order.journal.people(entry.number)?;
        let since = known.iter().map(|one| one.since).collect();
        let outcomes = known.into_iter().map(|one| one.outcome).collect();
        let looked = BTreeSet::new();
        Ok(Self { entry, people, outcomes, since, looked, put_back: None, held_back: 0 })
    }

    /// The number of the file.
    pub(super) fn number(&self) -> u32 {
        self.entry.number
    }

    /// Whether everybody in it has landed or was refused.
    pub(super) fn is_settled(&self) -> bool {
        self.outcomes.iter().all(Outcome::is_settled)
    }

    /// The places of people with such an outcome.
    pub(super) fn those(&self, is: impl Fn(&Outcome) -> bool) -> Vec<usize> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes.filter(|(_, outcome)| is(outcome)).map(|(place, _)| place).collect()
    }

    /// The same among a few.
    pub(super) fn among(&self, chosen: &[usize], is: impl Fn(&Outcome) -> bool) -> Vec<usize> {
        let of = |place: &usize| self.outcomes.get(*place).is_some_and(&is);
        chosen.iter().copied().filter(of).collect()
    }

    /// Queued people by their tickets, each as they were sent together.
    pub(super) fn tickets(&self) -> Vec<(String, Vec<usize>)> {
        let mut tickets: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, outcome) in self.outcomes.iter().enumerate() {
            if let Outcome::Queued { ticket: Some(ticket), .. } = outcome {
                tickets.entry(ticket).or_default().push(place);
            }
        }
        tickets.into_iter().map(|(ticket, chosen)| (ticket.to_owned(), chosen)).collect()
    }

    /// The people at these places, as they are sent.
    pub(super) fn sent(&self, chosen: &[usize]) -> Vec<&RawValue> {
        chosen.iter().filter_map(|&place| self.people.get(place).map(AsRef::as_ref)).collect()
    }

    /// What is known of these people now, to be given back to them when a request did nothing.
    pub(super) fn unchanged(&self, chosen: &[usize]) -> Vec<(usize, Outcome)> {
        let of = |&place: &usize| self.outcomes.get(place).map(|outcome| (place, outcome.clone()));
        chosen.iter().filter_map(of).collect()
    }

    /// These people were looked for, and what was found is known.
    pub(super) fn looked(&mut self, chosen: impl IntoIterator<Item = usize>) {
        self.looked.extend(chosen);
    }

    /// These people were sent, and may have landed by it.
    pub(super) fn sent_in_doubt(&mut self, chosen: &[usize]) {
        for place in chosen {
            self.looked.remove(place);
        }
    }

    /// Why it is not known whether an earlier request with some of these has landed, if nobody has
    /// looked since.
    pub(super) fn doubt(&self, chosen: &[usize]) -> Option<String> {
        let doubted = self
            .among(chosen, |outcome| matches!(outcome, Outcome::Unknown(_) | Outcome::InFlight));
        let unseen = doubted.iter().any(|place| !self.looked.contains(place));
        unseen.then(|| self.why(&doubted))
    }

    /// These people as they were last sent together, so that each request has the bytes that it had.
    pub(super) fn as_sent(&self, order: &Order<'_>, chosen: &[usize]) -> Result<Vec<Vec<usize>>> {
        let mut left: BTreeSet<usize> = chosen.iter().copied().collect();
        let mut groups = Vec::new();
        for request in order.journal.together(self.number())?.into_iter().rev() {
            let group: Vec<usize> =
                request.into_iter().filter(|place| left.remove(place)).collect();
            if !group.is_empty() {
                groups.push(group);
            }
        }
        groups.reverse();
        if !left.is_empty() {
            groups.push(left.into_iter().collect());
        }
        Ok(groups)
    }

    /// Why the outcome of these people is not known.
    pub(super) fn why(&self, chosen: &[usize]) -> String {
        let told = chosen.iter().find_map(|&place| match self.outcomes.get(place) {
            Some(Outcome::Unknown(why)) => Some(why.clone()),
            _ => None,
        });
        told.unwrap_or_else(|| "upsheet was stopped while the request was under way".to_owned())
    }

    /// Whether the first attempt of unknown outcome of one of these was made longer ago than this.
    pub(super) fn is_older_than(&self, chosen: &[usize], window: Duration) -> bool {
        let since = chosen.iter().filter_map(|&place| self.since.get(place).copied().flatten());
        let Some(since) = since.min() else { return false };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        // A clock that was put back makes an attempt of the future: that is not long ago.
        let since = Duration::from_millis(u64::try_from(since).unwrap_or(0));
        now.saturating_sub(since) > window
    }
}

/// The people of a payload file, each as it stands there.
///
/// # Errors
/// When the file is not there, or not as it was planned.
pub fn read(folder: &Path, entry: &Planned) -> Result<Vec<Box<RawValue>>> {
    let path = folder.join(&entry.file);
    let failed = |source| Error::Output { path: path.clone(), action: "read", source };
    let mut bytes = Vec::new();
    // Whoever is sent must be there to be sent again, also after a loss of power.
    File::open(&path)
        .and_then(|mut file| {
            file.sync_all()?;
            file.read_to_end(&mut bytes)
        })
        .map_err(failed)?;
    let damaged = || {
        failed(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the payload file was changed after it was written",
        ))
    };
    if hex(&Sha256::digest(&bytes)) != entry.sha256 {
        return Err(damaged());
    }
    let body: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let people = body
        .values()
        .filter_map(|value| serde_json::from_str::<Vec<Box<RawValue>>>(value.get()).ok())
        .find(|people| people.len() == entry.places.len());
    people.ok_or_else(damaged)
}
