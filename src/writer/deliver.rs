//! Sends the payload files of a run and puts every person into exactly one of five outcomes.
//!
//! What counts as landed is decided by the target's judge on a whole answer, never by a status
//! alone, and by the journal: a request is in it before its first byte leaves, and an outcome before it
//! counts. What is not known after an answer:
//!
//! | request | outcome not known | then |
//! |---|---|---|
//! | an update by a key | when it was sent with the same bytes as often as is allowed | its people are read back: who is found as sent has landed; while the target answers nothing at all, the others are tried again later |
//! | the same, refused after an attempt that may have landed | at once | as above; the others are sent again, and a refusal counts then |
//! | the same, with a success of a form that nobody knows, or with invitations | at once | as above; the others are sent again |
//! | one that creates | at once | its people are read back, and only those whom the target does not have are sent once more; where nobody answered, those whom it still does not have when a late effect is no longer to be feared |
//! | one that was queued | when its state is not to be had in time | its people are read back when everything is sent; others stay queued, unverified |
//! | any of them, when the process was killed while it was under way | when the run is resumed | as above; past the resend window nobody is sent again unasked |
//!
//! What people are sent once they have landed goes the same way, as another [`Channel`]. It is not read
//! back: where its outcome is not known, it stays so until the run is carried on.
//!
//! Several workers each settle one payload file at a time, and a few more have the next ones ready (`slot`). In an outage they do not use up one file after
//! the other: see `patience`. The first request of a run goes alone, with
//! one person in it, so that a mistake in all requests costs one person's doubt and not that of many. A
//! refusal that names nobody is narrowed down by halves until the person stands alone, and the others
//! go through. Reading back is done by others ([`Settle`]): this room only sends.

mod channel;
mod confirm;
mod each;
mod judge;
mod line;
mod next;
mod patience;
#[cfg(test)]
mod properties;
mod sabotage;
mod send;
mod slot;
mod work;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::value::RawValue;

pub use self::channel::{Body, Channel, People};
pub use self::confirm::in_words;
use self::patience::Heard;
use self::slot::{Slot, Slots};
use self::work::Work;
pub use self::work::read as people_of;
pub(super) use self::work::{damaged, failed, lasting};
use super::api::Client;
use super::pace::Pace;
use super::watch::{Event, Standing, Watch};
use crate::batch::Frame;
use crate::error::{Error, Result};
use crate::failpoint::{Point, hit};
use crate::journal::{Journal, Outcome, Planned, Tally};
use crate::target::Verdict;

/// How a delivery ended.
#[derive(Debug)]
pub struct Delivered {
    /// The counts of the whole run, as the journal has them.
    pub tally: Tally,
    /// Why it ended before its end, if it did.
    pub stopped: Option<Stopped>,
    /// People whose outcome is not known and who were not sent again, because that was too long ago.
    pub stale: u64,
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
    /// The journal or a file of the run cannot be used any more.
    Broken(Error),
}

/// By what rules a delivery goes.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Attempts of one request.
    pub attempts: u32,
    /// How long nobody who was sent may be answered until the run is given up; at none, the first
    /// request whose attempts are used up ends it.
    pub give_up_after: Duration,
    /// Requests that may be under way at once.
    pub concurrency: usize,
    /// Whether the first request carries one person.
    pub canary: bool,
    /// How long after its first attempt a request of unknown outcome may be sent again unasked.
    pub resend_window: Duration,
    /// Whether it may be sent again however long ago that was.
    pub resend_unknown: bool,
    /// How long a request that nobody answered may take to have its effect all the same: before that is
    /// over, nobody in it who is not there is created or mailed by another one.
    pub late: Duration,
    /// The pause before queued work is asked for again, and before people are read back; it doubles
    /// up to half a minute.
    pub pause: Duration,
}

/// What a delivery needs to know.
#[derive(Debug)]
pub struct Order<'a> {
    /// The folder of the run.
    pub folder: &'a Path,
    /// Its journal.
    pub journal: &'a Journal,
    /// What stands around the people in each of its requests.
    pub frame: Frame,
    /// The rhythm of requests, of all who send to the target.
    pub pace: &'a Pace<'a>,
    /// The rules.
    pub rules: Rules,
}

/// Looks up in the target what became of people whose outcome no answer told.
pub trait Settle: Send {
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

/// What ends work before its end.
#[derive(Debug)]
enum Halt {
    /// That of all workers.
    Run(Stopped),
    /// That on one payload file: it is put back, and tried again when the target answers.
    File,
}

type Step<T = ()> = Result<T, Halt>;

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Run(Stopped::Broken(error))
    }
}

/// What all workers share.
struct Deliver<'a> {
    channel: &'a dyn Channel,
    client: &'a Client,
    order: &'a Order<'a>,
    /// The files in which everybody was as not sent when the delivery began.
    fresh: BTreeSet<u32>,
    settle: Mutex<&'a mut dyn Settle>,
    watch: &'a dyn Watch,
    learnt: Mutex<Learnt>,
    /// Requests that are under way.
    under_way: AtomicUsize,
    /// Files in the line that nobody is at.
    waiting: AtomicUsize,
    slots: Slots,
    retries: AtomicU64,
    seed: AtomicU64,
}

/// What has been learnt of the target, and where the run stands.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing learnt by itself")]
struct Learnt {
    standing: Standing,
    /// Whether the target has ever taken anything, in this delivery.
    welcomed: bool,
    /// How many people it has refused, each with a verdict of its own.
    refused: usize,
    /// Whether a request has ever gone out.
    reached: bool,
    /// What was heard of those who were sent.
    heard: Heard,
    /// People who are not sent again unasked, by payload file.
    stale: BTreeMap<u32, u64>,
    /// Whether queued work was not done in time.
    slow: bool,
    /// Whether it was said that the user wants to stop.
    draining: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What a panicking worker leaves behind is counts and flags, each right by itself.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sends everybody of the run's plan who is not settled in the channel's leg.
///
/// # Errors
/// Only when the journal cannot be read at the beginning; what the target, the network or the disk does
/// later is told in [`Delivered`].
pub fn deliver(
    channel: &dyn Channel,
    client: &Client,
    order: &Order<'_>,
    settle: &mut dyn Settle,
    watch: &dyn Watch,
) -> Result<Delivered> {
    let plan = order.journal.plan()?;
    let leg = channel.leg();
    let retries = order.journal.tally(leg).retries;
    let tally = order.journal.tally_of(leg)?;
    let (left, concerned) = order.journal.open_files(leg)?;
    let deliver = Deliver {
        channel,
        client,
        order,
        fresh: left.iter().filter(|file| file.fresh).map(|file| file.number).collect(),
        settle: Mutex::new(settle),
        watch,
        learnt: Mutex::default(),
        under_way: AtomicUsize::new(0),
        waiting: AtomicUsize::new(0),
        slots: Slots::new(order.rules.concurrency.max(1)),
        retries: AtomicU64::new(retries),
        seed: AtomicU64::new(u64::from(std::process::id())),
    };
    let numbers: BTreeSet<u32> = left.iter().map(|file| file.number).collect();
    let open: Vec<&Planned> = plan.iter().filter(|file| numbers.contains(&file.number)).collect();
    {
        let mut learnt = lock(&deliver.learnt);
        // An earlier process may have learnt it.
        learnt.welcomed = tally.accepted > 0;
        learnt.standing = Standing {
            requests: concerned.saturating_sub(open.len() as u64),
            of_requests: concerned,
            accepted: tally.accepted,
            refused: tally.refused,
            unknown: tally.unknown,
            not_sent: tally.not_sent,
            retries,
        };
        let standing = learnt.standing;
        watch.event(&Event::Began {
            requests: open.len() as u64,
            people: standing.unknown + standing.not_sent,
            standing,
        });
    }
    let stopped = deliver.all(&open).err().and_then(|halt| match halt {
        Halt::Run(stopped) => Some(stopped),
        Halt::File => None,
    });
    let (standing, stale) = {
        let learnt = lock(&deliver.learnt);
        (learnt.standing, learnt.stale.values().sum())
    };
    watch.event(&Event::Ended { standing });
    let mut tally = order.journal.tally_of(leg)?;
    tally.retries = deliver.retries.load(Ordering::Relaxed);
    let is_done = tally.unknown + tally.not_sent == 0;
    // Reading back may have settled everybody after all.
    let stopped = stopped.filter(|why| !(is_done && matches!(why, Stopped::GaveUp(_))));
    Ok(Delivered { tally, stopped, stale })
}

/// What is said of queued work, of some of its people only. Where it does not say who is meant, they stay queued:
/// those of whom more is known may have been found as sent without it.
fn of_some(verdict: Verdict, ticket: String, (whole, chosen): (&[usize], &[usize])) -> Verdict {
    let place = |of_whole: usize| {
        let person = whole.get(of_whole)?;
        chosen.iter().position(|own| own == person)
    };
    match verdict {
        verdict if whole.len() == chosen.len() => verdict,
        Verdict::Accepted => Verdict::Accepted,
        Verdict::Partial { refused } => {
            let own =
                refused.into_iter().filter_map(|(of_whole, why)| Some((place(of_whole)?, why)));
            Verdict::Partial { refused: own.collect() }
        }
        _ => Verdict::Queued { ticket },
    }
}

impl Deliver<'_> {
    /// Settles the people of one payload file who are not settled.
    fn file<'w>(
        &self,
        entry: &'w Planned,
        slot: &'w Slot<'w>,
        put_back: Option<u64>,
        canary: bool,
    ) -> Step {
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        // Of a file that nobody has been at since, there is nothing to ask the journal.
        let is_fresh = put_back.is_none() && self.fresh.contains(&entry.number);
        let open = if is_fresh { Work::fresh } else { Work::open };
        let mut work = open(self.order, self.channel, entry)?;
        work.put_back = put_back;
        work.slot = Some(slot);
        if !work.is_fresh() {
            // What is asked of those who were sent before is under way, too.
            work.take_slot();
        }
        self.leave_out(&mut work)?;
        let done = self.open_ends(&mut work).and_then(|()| {
            let fresh = work.those(|outcome| *outcome == Outcome::NotSent);
            match fresh.split_first() {
                Some((first, rest)) if canary && !rest.is_empty() => {
                    self.settle(&mut work, &[*first])?;
                    let rest: Vec<usize> = rest.to_vec();
                    self.settle(&mut work, &rest)
                }
                _ => self.settle(&mut work, &fresh),
            }
        });
        if done.is_ok() {
            let standing = {
                let mut learnt = lock(&self.learnt);
                learnt.standing.requests += u64::from(work.is_settled());
                learnt.standing
            };
            self.watch.event(&Event::Settled { batch: entry.number, standing });
        }
        done
    }

    /// Whether a request of unknown outcome may create or mail somebody twice when it is sent again.
    fn is_careful(&self) -> bool {
        !self.channel.repeatable() || self.channel.invites()
    }

    /// Notes of those for whom there is nothing to send why that is so, and leaves them out.
    fn leave_out(&self, work: &mut Work<'_>) -> Step {
        let lacking = std::mem::take(&mut work.lacking);
        let changes: Vec<(usize, Outcome)> =
            lacking.iter().map(|(place, why)| (*place, Outcome::Unknown(why.clone()))).collect();
        self.note(work, &changes)?;
        work.leave_out(&changes);
        Ok(())
    }

    /// Settles people whom an earlier process has sent without learning what became of them.
    fn open_ends(&self, work: &mut Work<'_>) -> Step {
        let rules = self.order.rules;
        let is_stale = |work: &Work<'_>, chosen: &[usize]| {
            !rules.resend_unknown && work.is_older_than(chosen, rules.resend_window)
        };
        // What would be sent again need not be waited for.
        let queued = work.those(|outcome| matches!(outcome, Outcome::Queued { .. }));
        let again =
            (rules.resend_unknown || !self.channel.reads_back()) && !is_stale(work, &queued);
        for (ticket, chosen) in work.tickets() {
            let is_old = is_stale(work, &chosen);
            // What is said of work is said of all who were sent with it, though some were found since.
            let whole = work.sent_with(self.order, self.channel, &chosen)?;
            let places: Vec<usize> = whole.iter().map(|(place, _)| *place).collect();
            let sent: Vec<&RawValue> = whole.iter().map(|(_, person)| &**person).collect();
            let verdict = self.follow(ticket.clone(), &sent, !again);
            let verdict = of_some(verdict, ticket, (&places, &chosen));
            let next = self.judge(work, &chosen, None, verdict)?;
            // Whoever is left open by it is only looked for, below.
            if !is_old {
                self.go_on(work, next)?;
            }
        }
        let in_doubt = work.those(|outcome| match outcome {
            Outcome::Unknown(_) | Outcome::InFlight => true,
            Outcome::Queued { .. } => again,
            _ => false,
        });
        if in_doubt.is_empty() {
            return Ok(());
        }
        let why = work.why(&in_doubt);
        if is_stale(work, &in_doubt) {
            self.look(work, &in_doubt, &why, Duration::ZERO)?;
            let left = work.among(&in_doubt, |outcome| !outcome.is_settled());
            lock(&self.learnt).stale.insert(work.number(), left.len() as u64);
            return Ok(());
        }
        if !self.is_careful() {
            for together in work.as_sent(self.order, self.channel.leg(), &in_doubt)? {
                self.settle(work, &together)?;
            }
            return Ok(());
        }
        let until = self.late_of(work, &in_doubt)?;
        let lost = work.among(&in_doubt, |it| *it != Outcome::InFlight).is_empty();
        let what = send::Unlearned { why, answered: false, exhausted: false, until, lost };
        let next = self.unlearned(work, &in_doubt, what)?;
        self.go_on(work, next)
    }

    /// Gives people outcomes that no answer to a request told, durably, and counts them.
    fn note(&self, work: &mut Work<'_>, changes: &[(usize, Outcome)]) -> Step {
        if changes.is_empty() {
            return Ok(());
        }
        hit(Point::BeforeNote);
        self.order.journal.note(self.channel.leg(), work.number(), changes)?;
        self.count(work, changes);
        Ok(())
    }

    /// Counts outcomes that the journal has.
    fn count(&self, work: &mut Work<'_>, changes: &[(usize, Outcome)]) {
        let mut learnt = lock(&self.learnt);
        let standing = &mut learnt.standing;
        for (place, outcome) in changes {
            let Some(Some(old)) = work.outcomes.get_mut(*place) else { continue };
            *count_of(standing, old) -= 1;
            *count_of(standing, outcome) += 1;
            old.clone_from(outcome);
        }
        standing.retries = self.retries.load(Ordering::Relaxed);
    }

    /// The target has taken something.
    fn welcome(&self, work: &mut Work<'_>) {
        lock(&self.learnt).welcomed = true;
        work.held_back = 0;
    }

    /// Counts refusals, one by one or all in one answer. When a target that has taken nothing yet
    /// refuses one person after the other, the fault is hardly theirs: the run stops.
    fn hopeless(&self, people: usize, why: &str) -> Step {
        let mut learnt = lock(&self.learnt);
        learnt.refused += people;
        let refused = learnt.refused;
        if learnt.welcomed || refused < HOPELESS {
            return Ok(());
        }
        Err(Halt::Run(Stopped::Error(Error::TargetRefused {
            title: self.channel.target().kind().title,
            why: format!("it refused each of the first {refused} people: {why}"),
            help: "the request as a whole seems wrong, not its people; compare the recipe's settings with \
                   the target's documents, and push again: a resume keeps the recipe of the run, and \
                   sends nobody who was refused"
                .to_owned(),
        })))
    }
}

fn count_of<'a>(standing: &'a mut Standing, outcome: &Outcome) -> &'a mut u64 {
    match outcome {
        Outcome::Accepted => &mut standing.accepted,
        Outcome::Refused(_) => &mut standing.refused,
        Outcome::Unknown(_) | Outcome::InFlight | Outcome::Queued { .. } => &mut standing.unknown,
        Outcome::NotSent => &mut standing.not_sent,
    }
}

/// The same outcome for several people.
fn all(chosen: &[usize], outcome: &Outcome) -> Vec<(usize, Outcome)> {
    chosen.iter().map(|&place| (place, outcome.clone())).collect()
}
