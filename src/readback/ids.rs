//! The target's own ids of people who have landed.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::settle::open;
use super::{Found, Order, Seen, Short, fetch};
use crate::error::Result;
use crate::target::directory::Wanted;
use crate::target::{Directory, Target};
use crate::writer::after::Ids;
use crate::writer::api::Client;
use crate::writer::pace::Pace;

/// The id of the profile that a person as sent has landed in, or why it is not known.
///
/// # Errors
/// When the file of the profiles cannot be read.
pub fn profile_id(
    found: &Found,
    directory: &dyn Directory,
    sent: &Json,
) -> Result<Result<String, String>> {
    let Some(wanted) = directory.wanted(sent) else {
        return Ok(Err("the person has no key to be found by".to_owned()));
    };
    Ok(match found.look(&wanted.key)? {
        Seen::One(profile) => {
            directory.id(&profile).ok_or_else(|| "the profile is shown without its id".to_owned())
        }
        Seen::Absent => Err("the profile was not found".to_owned()),
        Seen::Several(profiles) => Err(format!("{} profiles have this key", profiles.len())),
        Seen::Unknown(why) => Err(why),
    })
}

/// Whose profiles are to be found.
pub struct Landed<'a> {
    target: &'a dyn Target,
    wanted: Vec<Wanted>,
    people: usize,
    found: Option<Found>,
}

impl std::fmt::Debug for Landed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Landed").field("people", &self.people).finish_non_exhaustive()
    }
}

impl<'a> Landed<'a> {
    /// Nobody's yet.
    pub fn of(target: &'a dyn Target) -> Self {
        Self { target, wanted: Vec::new(), people: 0, found: None }
    }

    /// Takes in a person as sent.
    pub fn add(&mut self, person: &RawValue) {
        self.people += 1;
        self.wanted.extend(self.target.directory().wanted(&open(person)));
    }

    /// How many people were taken in.
    pub fn people(&self) -> usize {
        self.people
    }

    /// Reads them all. Tells whether the user stopped it; what the target does is told for each.
    ///
    /// # Errors
    /// When what was found cannot be kept.
    pub fn read(&mut self, client: &Client, pace: &Pace<'_>, attempts: u32) -> Result<bool> {
        let wanted = std::mem::take(&mut self.wanted);
        let order = Order { wanted: &wanted, cache: None, pace, attempts, progress: &|_, _| {} };
        let found = fetch(self.target, client, &order)?;
        let interrupted = found.ended == Some(Short::Interrupted);
        self.found = Some(found);
        Ok(interrupted)
    }
}

impl Ids for Landed<'_> {
    fn id(&mut self, person: &RawValue) -> Result<Result<String, String>> {
        match &self.found {
            Some(found) => profile_id(found, self.target.directory(), &open(person)),
            None => Ok(Err("the profile was not looked for".to_owned())),
        }
    }
}
