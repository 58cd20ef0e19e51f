//! Sends the payload files of a run and puts every person into exactly one of five outcomes.
//!
//! What counts as landed is decided by the target's judge on a whole answer, never by a status
//! alone. An upsert whose outcome is unknown is sent again with the same bytes; when that does not
//! settle it, its people are `unknown`. A refusal that names nobody is narrowed down by halves
//! until the person stands alone, and the others go through.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::api::{Client, Failure, Reply};
use super::files::Entry;
use super::retry::{Attempts, Cause};
use crate::batch::{Frame, hex};
use crate::error::{Error, Result};
use crate::row::Location;
use crate::target::{self, Answer, Fate, Progress, Target, Verdict};

/// What became of one person who was ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The target says that the person has landed.
    Accepted,
    /// The target refused the person, in these words.
    Refused(String),
    /// The person was sent and the outcome was not learned.
    Unknown(String),
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
    /// How long queued work is followed.
    pub follow_for: Duration,
}

/// Takes each person's outcome, in file order within a request, and progress after each request.
pub trait Watch {
    /// One person's outcome.
    ///
    /// # Errors
    /// When it cannot be recorded; the delivery stops.
    fn outcome(&mut self, batch: &Entry, at: Location, outcome: &Outcome) -> Result<()>;

    /// A request has been settled.
    fn progress(&mut self, done: usize, of: usize, tally: &Tally);
}

/// After so many refusals, one by one and without any success, the request itself is at fault.
const HOPELESS: usize = 8;

struct Deliver<'a> {
    target: &'a dyn Target,
    client: &'a Client,
    order: &'a Order<'a>,
    frame: Frame,
    tally: Tally,
    last: Option<Instant>,
    /// Whether the target has ever taken anything, in this delivery.
    welcomed: bool,
    /// How many people it has refused, one by one.
    refused: usize,
    /// Whether a request has ever gone out.
    reached: bool,
    seed: u64,
}

/// Sends every payload of the order, one request at a time.
///
/// # Errors
/// Only when an outcome cannot be recorded or a payload file cannot be read; what the target or
/// the network does is told in [`Delivered`].
pub fn deliver(
    target: &dyn Target,
    client: &Client,
    order: &Order<'_>,
    watch: &mut dyn Watch,
) -> Result<Delivered> {
    let mut deliver = Deliver {
        target,
        client,
        order,
        frame: target.frame(),
        tally: Tally::default(),
        last: None,
        welcomed: false,
        refused: 0,
        reached: false,
        seed: u64::from(std::process::id()),
    };
    let mut stopped = None;
    for (index, entry) in order.entries.iter().enumerate() {
        if stopped.is_none() && order.stop.load(Ordering::Relaxed) {
            stopped = Some(Stopped::Interrupted);
        }
        let outcomes = if stopped.is_some() {
            vec![Outcome::NotSent; entry.places.len()]
        } else {
            let people = read(order.folder, entry)?;
            let mut outcomes = vec![Outcome::NotSent; people.len()];
            let all: Vec<usize> = (0..people.len()).collect();
            stopped = deliver.settle(&people, &all, &mut outcomes);
            outcomes
        };
        for (at, outcome) in entry.places.iter().zip(&outcomes) {
            deliver.count(outcome);
            watch.outcome(entry, *at, outcome)?;
        }
        if stopped.is_none() {
            watch.progress(index + 1, order.entries.len(), &deliver.tally);
        }
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

impl Deliver<'_> {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.tally.accepted += 1,
            Outcome::Refused(_) => self.tally.refused += 1,
            Outcome::Unknown(_) => self.tally.unknown += 1,
            Outcome::NotSent => self.tally.not_sent += 1,
        }
    }

    /// Sends `chosen` of the people in one request, or in several when it is refused, until each
    /// has an outcome. Returns why the delivery has to end, if it has to.
    fn settle(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
    ) -> Option<Stopped> {
        let sent: Vec<&RawValue> =
            chosen.iter().filter_map(|&one| people.get(one).map(AsRef::as_ref)).collect();
        let body = self.frame.splice(sent.iter().map(|person| person.get().as_bytes()));
        let mark = |outcomes: &mut [Outcome], chosen: &[usize], outcome: &Outcome| {
            for &one in chosen {
                if let Some(place) = outcomes.get_mut(one) {
                    *place = outcome.clone();
                }
            }
        };
        match self.send(&body, &sent) {
            Sent::Verdict(Verdict::Accepted) => {
                self.welcomed = true;
                mark(outcomes, chosen, &Outcome::Accepted);
                None
            }
            Sent::Verdict(Verdict::Partial { refused }) => {
                self.welcomed |= refused.len() < chosen.len();
                mark(outcomes, chosen, &Outcome::Accepted);
                for (place, why) in refused {
                    let one: Vec<usize> = chosen.get(place).copied().into_iter().collect();
                    mark(outcomes, &one, &Outcome::Refused(why));
                }
                None
            }
            Sent::Verdict(Verdict::Each(fates)) => {
                let mut later = Vec::new();
                for (&one, fate) in chosen.iter().zip(fates) {
                    let outcome = match fate {
                        Fate::Landed => Outcome::Accepted,
                        Fate::Refused(why) => Outcome::Refused(why),
                        Fate::Unknown(why) => Outcome::Unknown(why),
                        Fate::Later(_) => {
                            later.push(one);
                            continue;
                        }
                    };
                    self.welcomed |= outcome == Outcome::Accepted;
                    mark(outcomes, &[one], &outcome);
                }
                // Fewer each time: of a request that is put off as a whole the verdict is another.
                if later.is_empty() || later.len() == chosen.len() {
                    return None;
                }
                self.settle(people, &later, outcomes)
            }
            Sent::Verdict(Verdict::Unsorted { why, landed }) => {
                self.welcomed |= landed > 0;
                if let [_] = chosen {
                    mark(outcomes, chosen, &Outcome::Refused(why.clone()));
                    return self.hopeless(&why);
                }
                // All of them were sent: who is not settled by the halves stays unknown.
                mark(outcomes, chosen, &Outcome::Unknown(why));
                self.halve(people, chosen, outcomes)
            }
            Sent::Verdict(Verdict::Refused { why, person }) => {
                if let [_] = chosen {
                    mark(outcomes, chosen, &Outcome::Refused(why.clone()));
                    return self.hopeless(&why);
                }
                if let Some(named) = person.and_then(|place| chosen.get(place)).copied() {
                    mark(outcomes, &[named], &Outcome::Refused(why.clone()));
                    if let Some(stopped) = self.hopeless(&why) {
                        return Some(stopped);
                    }
                    let rest: Vec<usize> =
                        chosen.iter().copied().filter(|&one| one != named).collect();
                    return self.settle(people, &rest, outcomes);
                }
                self.halve(people, chosen, outcomes)
            }
            Sent::Verdict(Verdict::TooLarge) => {
                let why = "the request is too large for the target".to_owned();
                if let [_] = chosen {
                    mark(outcomes, chosen, &Outcome::Refused(why));
                    return None;
                }
                self.halve(people, chosen, outcomes)
            }
            // Nothing of this request was taken: what was known of its people before still holds.
            Sent::Verdict(Verdict::Stop { why, help }) => {
                let title = self.target.kind().title;
                Some(Stopped::Error(Error::TargetRefused { title, why, help }))
            }
            Sent::Verdict(Verdict::Ambiguous { why } | Verdict::Later { why, .. }) => {
                mark(outcomes, chosen, &Outcome::Unknown(why.clone()));
                Some(self.gave_up(why))
            }
            Sent::Verdict(Verdict::Queued { ticket }) => {
                let why = format!("queued as {ticket}; the target did not say in time how it went");
                mark(outcomes, chosen, &Outcome::Unknown(why));
                None
            }
            Sent::Never(why) => Some(why),
        }
    }

    /// Settles each half on its own.
    fn halve(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
    ) -> Option<Stopped> {
        let (left, right) = chosen.split_at(chosen.len() / 2);
        self.settle(people, left, outcomes).or_else(|| self.settle(people, right, outcomes))
    }

    /// Counts a refusal. When a target that has taken nothing yet refuses one person after the
    /// other, the fault is hardly theirs: the run stops.
    fn hopeless(&mut self, why: &str) -> Option<Stopped> {
        self.refused += 1;
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
        if self.order.stop.load(Ordering::Relaxed) {
            Stopped::Interrupted
        } else {
            Stopped::GaveUp(why)
        }
    }

    /// Sends one body until its outcome is known or there have been enough attempts.
    fn send(&mut self, body: &[u8], people: target::Sent<'_>) -> Sent {
        self.seed = self.seed.wrapping_add(1);
        let mut attempts = Attempts::new(self.order.attempts, self.seed);
        let mut unknown: Option<String> = None;
        loop {
            self.wait_for_turn();
            if self.order.stop.load(Ordering::Relaxed) && unknown.is_none() {
                return Sent::Never(Stopped::Interrupted);
            }
            attempts.made();
            let reply = self.client.send(&self.target.request(), Some(body.to_vec()));
            let (cause, why) = match reply {
                Ok(reply) => {
                    self.reached = true;
                    let verdict = match self.target.judge(answer(&reply), people) {
                        Verdict::Queued { ticket } => self.follow(ticket, people),
                        verdict => verdict,
                    };
                    match verdict {
                        Verdict::Later { after, why } => (Cause::Throttled(after), (why, false)),
                        Verdict::Ambiguous { why } => (Cause::Transient, (why, true)),
                        // An earlier attempt may have landed: a refusal now proves nothing of it.
                        Verdict::Stop { why, .. } if unknown.is_some() => {
                            return Sent::Verdict(Verdict::Ambiguous { why });
                        }
                        Verdict::Refused { why, .. } if unknown.is_some() => {
                            return Sent::Verdict(Verdict::Ambiguous { why });
                        }
                        verdict => return Sent::Verdict(verdict),
                    }
                }
                Err(Failure::NotSent(why)) => (Cause::Transient, (why, false)),
                Err(Failure::Unanswered(why)) => {
                    self.reached = true;
                    (Cause::Transient, (why, true))
                }
            };
            let (why, sent) = why;
            if sent {
                unknown = Some(why.clone());
            }
            let stopping = self.order.stop.load(Ordering::Relaxed);
            match attempts.pause(cause).filter(|_| !stopping) {
                Some(pause) => {
                    self.tally.retries += 1;
                    self.rest(pause);
                }
                None => {
                    return match unknown {
                        Some(why) => Sent::Verdict(Verdict::Ambiguous { why }),
                        None if stopping => Sent::Never(Stopped::Interrupted),
                        None if !self.reached => {
                            let url = self.target.base_url().unwrap_or_default();
                            let title = self.target.kind().title;
                            Sent::Never(Stopped::Error(Error::Unreachable { title, url, why }))
                        }
                        None => Sent::Never(self.gave_up(why)),
                    };
                }
            }
        }
    }

    /// Asks for queued work until it is done or the time is over.
    fn follow(&mut self, ticket: String, people: target::Sent<'_>) -> Verdict {
        let until = Instant::now() + self.order.follow_for;
        let mut pause = Duration::from_millis(20);
        loop {
            self.wait_for_turn();
            let reply = self.client.send(&self.target.follow(&ticket), None);
            if let Ok(reply) = reply
                && let Progress::Done(verdict) = self.target.judge_follow(answer(&reply), people)
            {
                // The work is under way whatever this answer was: sending it again would only do
                // it twice, so what cannot be told stays unknown.
                return match verdict {
                    Verdict::Ambiguous { .. } => Verdict::Queued { ticket },
                    verdict => verdict,
                };
            }
            if Instant::now() + pause > until || self.order.stop.load(Ordering::Relaxed) {
                return Verdict::Queued { ticket };
            }
            self.rest(pause);
            pause = (pause * 2).min(Duration::from_secs(30));
        }
    }

    fn wait_for_turn(&mut self) {
        let interval = self.target.interval();
        if let Some(last) = self.last {
            self.rest(interval.saturating_sub(last.elapsed()));
        }
        self.last = Some(Instant::now());
    }

    /// Sleeps, but not through the user's wish to stop.
    fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        while !self.order.stop.load(Ordering::Relaxed) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
    }
}

enum Sent {
    Verdict(Verdict),
    /// Nothing of it was taken, and the delivery ends.
    Never(Stopped),
}

fn answer(reply: &Reply) -> Answer<'_> {
    Answer { status: reply.status, retry_after: reply.retry_after, body: &reply.body }
}
