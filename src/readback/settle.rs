//! What delivery asks of reading back: whether people whose outcome no answer told have landed.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Found, Order, Seen, fetch};
use crate::error::Result;
use crate::target::Target;
use crate::target::directory::Wanted;
use crate::writer::api::Client;
use crate::writer::deliver::{Fate, Settle};
use crate::writer::pace::Pace;

/// Reads people back for a delivery.
pub struct Reader<'a> {
    target: &'a dyn Target,
    client: &'a Client,
    pace: &'a Pace<'a>,
    attempts: u32,
    wanted: Vec<Wanted>,
    found: Option<Found>,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("wanted", &self.wanted.len()).finish_non_exhaustive()
    }
}

impl<'a> Reader<'a> {
    /// Reads from the target of the delivery, in its rhythm, with as many attempts of a request.
    pub fn new(
        target: &'a dyn Target,
        client: &'a Client,
        pace: &'a Pace<'a>,
        attempts: u32,
    ) -> Self {
        Self { target, client, pace, attempts, wanted: Vec::new(), found: None }
    }

    fn key(&self, sent: &Json) -> Option<Wanted> {
        self.target.directory().wanted(sent)
    }
}

pub(super) fn open(person: &RawValue) -> Json {
    // It was cut out of JSON that we wrote.
    serde_json::from_str(person.get()).unwrap_or_default()
}

impl Settle for Reader<'_> {
    fn want(&mut self, person: &RawValue) {
        let wanted = self.key(&open(person));
        self.wanted.extend(wanted);
    }

    fn fetch(&mut self) -> Result<()> {
        let wanted = std::mem::take(&mut self.wanted);
        let order = Order {
            wanted: &wanted,
            // What became of people a moment ago is what is asked for.
            cache: None,
            pace: self.pace,
            attempts: self.attempts,
            progress: &|_, _| {},
        };
        self.found = Some(fetch(self.target, self.client, &order)?);
        Ok(())
    }

    fn fate(&mut self, person: &RawValue) -> Result<Fate> {
        let sent = open(person);
        let unknown = |why: &str| Ok(Fate::Unknown(why.to_owned()));
        let (Some(found), Some(wanted)) = (&self.found, self.key(&sent)) else {
            return unknown("they have no key to be found by");
        };
        Ok(match found.look(&wanted.key)? {
            Seen::Absent => Fate::Absent,
            Seen::One(profile) => {
                let differences = self.target.directory().differences(&sent, &profile);
                if differences.is_empty() {
                    Fate::AsSent
                } else {
                    Fate::Differs(differences.into_iter().map(|one| one.field).collect())
                }
            }
            Seen::Several(profiles) => {
                Fate::Unknown(format!("{} profiles have their key", profiles.len()))
            }
            Seen::Unknown(why) => Fate::Unknown(why),
        })
    }
}
