//! Sends the payload files of a run and puts every person into exactly one of five outcomes.
//!
//! What counts as landed is decided by the target's judge on a whole answer, never by a status
//! alone. What is not known after that:
//!
//! | request | outcome not known | then |
//! |---|---|---|
//! | an update by a key | when it was sent with the same bytes as often as is allowed | its people are read back: who is found as sent has landed |
//! | the same, with a success of a form that nobody knows, or with invitations | at once | as above; the others are sent again |
//! | one that creates | at once | its people are read back, and only those whom the target does not have are sent once more |
//! | one that was queued | when its state is not to be had in time | its people are read back when everything is sent; others stay queued, unverified |
//!
//! A refusal that names nobody is narrowed down by halves until the person stands alone, and the
//! others go through. Reading back is done by others ([`Settle`]): this room only sends.

mod confirm;
mod each;
mod send;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use self::confirm::Held;
use self::send::Sent;
use super::api::Client;
use super::files::Entry;
use super::pace::Pace;
use crate::batch::{Frame, hex};
use crate::error::{Error, Result};
use crate::row::Location;
use crate::target::{ConfirmBy, Named, Target, Verdict};

/// What became of one person who was ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target says that the person has landed, or shows the person as sent.
    Accepted,
    /// The target refused the person, in these words.
    Refused(String),
    /// The person was sent and the outcome was not learned.
    Unknown(String),
    /// The target has taken the person into a queue; what became of it was not learned.
    Queued {
        /// The target's id for the work, where it gave one.
        ticket: Option<String>,
        /// Why it was not learned.
        why: String,
    },
    /// The person was not sent.
    NotSent,
}

/// The counts of a delivery: together they are the people who were ready.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Landed.
    pub accepted: u64,
    /// Refused by the target.
    pub refused: u64,
    /// Sent, outcome not learned.
    pub unknown: u64,
    /// Of those, how many are queued, unverified.
    pub unverified: u64,
    /// Not sent.
    pub not_sent: u64,
    /// Requests that were sent again.
    pub retries: u64,
}

/// How a delivery ended.
#[derive(Debug)]
pub struct Delivered {
    /// The counts.
    pub tally: Tally,
    /// Why it ended before its end, if it did.
    pub stopped: Option<Stopped>,
}

/// Why a delivery ended early.
#[derive(Debug)]
pub enum Stopped {
    /// By the user.
    Interrupted,
    /// No request can succeed: an error of the run, shown as such.
    Error(Error),
    /// The target did not answer, or asked for patience too long.
    GaveUp(String),
}

/// What a delivery needs to know.
#[derive(Debug)]
pub struct Order<'a> {
    /// The folder of the run.
    pub folder: &'a Path,
    /// Its payload files.
    pub entries: &'a [Entry],
    /// Set when the user wants to stop.
    pub stop: &'a AtomicBool,
    /// Attempts of one request.
    pub attempts: u32,
    /// The pause before queued work is asked for again, and before people are read back; it doubles
    /// up to half a minute.
    pub pause: Duration,
}

/// Takes each person's outcome, in file order within a request, and progress after each request.
/// Requests come in file order, but those whose people have to be read back come last.
pub trait Watch {
    /// One person's outcome.
    ///
    /// # Errors
    /// When it cannot be recorded; the delivery stops.
    fn outcome(&mut self, batch: &Entry, at: Location, outcome: &Outcome) -> Result<()>;

    /// A request has been settled.
    fn progress(&mut self, done: usize, of: usize, tally: &Tally);

    /// So many people are about to be read back.
    fn reading_back(&mut self, people: usize);
}

/// Looks up in the target what became of people whose outcome no answer told.
pub trait Settle {
    /// Wants to know about this person.
    fn want(&mut self, person: &RawValue);

    /// Looks for everybody who is wanted.
    ///
    /// # Errors
    /// When what was found cannot be kept; that the target does not answer is a [`Fate`].
    fn fetch(&mut self) -> Result<()>;

    /// What was found of a person who was wanted before the last [`fetch`](Self::fetch).
    ///
    /// # Errors
    /// When what was found cannot be read.
    fn fate(&mut self, person: &RawValue) -> Result<Fate>;
}

/// What a look into the target says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Every field that was sent is there as it was sent.
    AsSent,
    /// Somebody has the person's key, but these fields are otherwise.
    Differs(Vec<String>),
    /// Nobody has the key.
    Absent,
    /// It cannot be told, for this reason.
    Unknown(String),
}

/// After so many people were refused, and none was taken, the request itself is at fault.
const HOPELESS: usize = 8;

/// The longest pause between two looks at the same thing.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

struct Deliver<'a> {
    target: &'a dyn Target,
    client: &'a Client,
    order: &'a Order<'a>,
    settle: &'a mut dyn Settle,
    watch: &'a mut dyn Watch,
    pace: Pace<'a>,
    frame: Frame,
    tally: Tally,
    /// Whether the target has ever taken anything, in this delivery.
    welcomed: bool,
    /// How many people it has refused, each with a verdict of its own.
    refused: usize,
    /// Whether a request has ever gone out.
    reached: bool,
    /// How often in a row a creation had no answer.
    held_back: u32,
    /// Whether queued work was not done in time.
    slow: bool,
    seed: u64,
}

/// Sends every payload of the order, one request at a time.
///
/// # Errors
/// Only when an outcome cannot be recorded or a file of the run cannot be read; what the target or
/// the network does is told in [`Delivered`].
pub fn deliver(
    target: &dyn Target,
    client: &Client,
    order: &Order<'_>,
    settle: &mut dyn Settle,
    watch: &mut dyn Watch,
) -> Result<Delivered> {
    let mut deliver = Deliver {
        target,
        client,
        order,
        settle,
        watch,
        pace: Pace::new(target.interval(), order.stop),
        frame: target.frame(),
        tally: Tally::default(),
        welcomed: false,
        refused: 0,
        reached: false,
        held_back: 0,
        slow: false,
        seed: u64::from(std::process::id()),
    };
    let mut stopped = None;
    let mut held = Vec::new();
    for (index, entry) in order.entries.iter().enumerate() {
        if stopped.is_none() && deliver.pace.is_stopped() {
            stopped = Some(Stopped::Interrupted);
        }
        let outcomes = if stopped.is_some() {
            vec![Outcome::NotSent; entry.places.len()]
        } else {
            let people = read(order.folder, entry)?;
            let mut outcomes = vec![Outcome::NotSent; people.len()];
            let all: Vec<usize> = (0..people.len()).collect();
            stopped = deliver.settle(&people, &all, &mut outcomes)?;
            outcomes
        };
        if deliver.is_to_be_confirmed(&outcomes) {
            held.push(Held { entry, outcomes });
        } else {
            deliver.tell(entry, &outcomes)?;
        }
        if stopped.is_none() {
            deliver.watch.progress(index + 1, order.entries.len(), &deliver.tally);
        }
    }
    if !matches!(stopped, Some(Stopped::Interrupted | Stopped::Error(_))) {
        deliver.confirm(&mut held)?;
    }
    for Held { entry, outcomes } in &held {
        deliver.tell(entry, outcomes)?;
    }
    if stopped.is_none() && !held.is_empty() && deliver.pace.is_stopped() {
        stopped = Some(Stopped::Interrupted);
    }
    Ok(Delivered { tally: deliver.tally, stopped })
}

/// The people of a payload file, each as it stands there.
fn read(folder: &Path, entry: &Entry) -> Result<Vec<Box<RawValue>>> {
    let path = folder.join(&entry.file);
    let failed = |source| Error::Output { path: path.clone(), action: "read", source };
    let bytes = std::fs::read(&path).map_err(failed)?;
    let damaged = || {
        failed(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the payload file was changed after it was written",
        ))
    };
    if hex(&Sha256::digest(&bytes)) != entry.sha256 {
        return Err(damaged());
    }
    let body: std::collections::BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let people = body
        .values()
        .filter_map(|value| serde_json::from_str::<Vec<Box<RawValue>>>(value.get()).ok())
        .find(|people| people.len() == entry.places.len());
    people.ok_or_else(damaged)
}

/// Gives the same outcome to several people.
fn mark(outcomes: &mut [Outcome], chosen: &[usize], outcome: &Outcome) {
    for &one in chosen {
        if let Some(place) = outcomes.get_mut(one) {
            *place = outcome.clone();
        }
    }
}

impl Deliver<'_> {
    /// Counts and tells the outcomes of a request.
    fn tell(&mut self, entry: &Entry, outcomes: &[Outcome]) -> Result<()> {
        for (at, outcome) in entry.places.iter().zip(outcomes) {
            match outcome {
                Outcome::Accepted => self.tally.accepted += 1,
                Outcome::Refused(_) => self.tally.refused += 1,
                Outcome::Unknown(_) => self.tally.unknown += 1,
                Outcome::Queued { .. } => {
                    self.tally.unknown += 1;
                    self.tally.unverified += 1;
                }
                Outcome::NotSent => self.tally.not_sent += 1,
            }
            self.watch.outcome(entry, *at, outcome)?;
        }
        Ok(())
    }

    /// Sends `chosen` of the people in one request, or in several when it is refused, until each
    /// has an outcome. Returns why the delivery has to end, if it has to.
    fn settle(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
    ) -> Result<Option<Stopped>> {
        let sent: Vec<&RawValue> =
            chosen.iter().filter_map(|&one| people.get(one).map(AsRef::as_ref)).collect();
        let body = self.frame.splice(sent.iter().map(|person| person.get().as_bytes()));
        let reply = self.send(&body, &sent);
        // Whoever is left is sent from in here, and so on: their bodies would all be kept.
        drop(body);
        let verdict = match reply {
            Sent::Verdict(verdict) => verdict,
            Sent::Unlearned(what) => return self.unlearned(people, chosen, outcomes, what),
            Sent::Never(why) => return Ok(Some(why)),
        };
        match verdict {
            Verdict::Accepted => {
                self.welcome();
                mark(outcomes, chosen, &Outcome::Accepted);
                Ok(None)
            }
            Verdict::Partial { refused } => {
                if refused.len() < chosen.len() {
                    self.welcome();
                }
                mark(outcomes, chosen, &Outcome::Accepted);
                let (many, first) = (refused.len(), refused.first().map(|(_, why)| why.clone()));
                for (place, why) in refused {
                    let one: Vec<usize> = chosen.get(place).copied().into_iter().collect();
                    mark(outcomes, &one, &Outcome::Refused(why));
                }
                Ok(first.and_then(|why| self.hopeless(many, &why)))
            }
            Verdict::Each(judged) => self.settle_each(people, chosen, outcomes, judged),
            Verdict::Unsorted { why, landed } => {
                if landed > 0 {
                    self.welcome();
                }
                if let [_] = chosen {
                    mark(outcomes, chosen, &Outcome::Refused(why.clone()));
                    return Ok(self.hopeless(1, &why));
                }
                self.sort(people, chosen, outcomes, why)
            }
            Verdict::Refused { why, exists, mut named } => {
                if let [_] = chosen {
                    named = vec![Named { place: 0, why, exists }];
                }
                self.settle_named(people, chosen, outcomes, &named)
            }
            Verdict::TooLarge => {
                let why = "the request is too large for the target".to_owned();
                if let [_] = chosen {
                    mark(outcomes, chosen, &Outcome::Refused(why.clone()));
                    return Ok(self.hopeless(1, &why));
                }
                self.halve(people, chosen, outcomes)
            }
            // Nothing of this request was taken: what was known of its people before still holds.
            Verdict::Stop { why, help } => {
                let title = self.target.kind().title;
                Ok(Some(Stopped::Error(Error::TargetRefused { title, why, help })))
            }
            // Neither leaves `send` as a verdict.
            Verdict::Ambiguous { why } | Verdict::Later { why, .. } => {
                mark(outcomes, chosen, &Outcome::Unknown(why.clone()));
                Ok(Some(self.gave_up(why)))
            }
            Verdict::Queued { ticket } => {
                let why = match self.target.confirm().by {
                    ConfirmBy::None => "not looked for, as the recipe says".to_owned(),
                    _ => "the target did not say what became of it".to_owned(),
                };
                mark(outcomes, chosen, &Outcome::Queued { ticket: Some(ticket), why });
                Ok(None)
            }
            Verdict::Taken => {
                let why = "the target gave no id to ask for".to_owned();
                mark(outcomes, chosen, &Outcome::Queued { ticket: None, why });
                Ok(None)
            }
        }
    }

    /// Settles each half on its own.
    fn halve(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
    ) -> Result<Option<Stopped>> {
        let (left, right) = chosen.split_at(chosen.len() / 2);
        match self.settle(people, left, outcomes)? {
            None => self.settle(people, right, outcomes),
            stopped => Ok(stopped),
        }
    }

    /// The target has taken something.
    fn welcome(&mut self) {
        self.welcomed = true;
        self.held_back = 0;
    }

    /// Counts refusals, one by one or all in one answer. When a target that has taken nothing yet
    /// refuses one person after the other, the fault is hardly theirs: the run stops.
    fn hopeless(&mut self, people: usize, why: &str) -> Option<Stopped> {
        self.refused += people;
        let refused = self.refused;
        (!self.welcomed && refused >= HOPELESS).then(|| {
            Stopped::Error(Error::TargetRefused {
                title: self.target.kind().title,
                why: format!("it refused each of the first {refused} people: {why}"),
                help: "the request as a whole seems wrong, not its people; compare the recipe's \
                       settings with the target's documents"
                    .to_owned(),
            })
        })
    }

    /// The end of a delivery that got no answer: by the user's wish, if that came before.
    fn gave_up(&self, why: String) -> Stopped {
        if self.pace.is_stopped() { Stopped::Interrupted } else { Stopped::GaveUp(why) }
    }
}
