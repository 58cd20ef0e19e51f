//! What is done about people whose outcome no answer told: they are read back.

use std::time::{Duration, Instant};

use serde_json::value::RawValue;

use super::{Deliver, Fate, LONGEST_PAUSE, Outcome, Stopped, mark, read};
use crate::error::Result;
use crate::target::ConfirmBy;
use crate::writer::files::Entry;

/// A request with people who are queued and not yet confirmed.
pub(super) struct Held<'a> {
    pub(super) entry: &'a Entry,
    pub(super) outcomes: Vec<Outcome>,
}

impl Held<'_> {
    fn waiting(&self) -> impl Iterator<Item = usize> {
        let outcomes = self.outcomes.iter().enumerate();
        outcomes
            .filter(|(_, outcome)| matches!(outcome, Outcome::Queued { .. }))
            .map(|(place, _)| place)
    }
}

/// Those of a request of whom a look said nothing good.
#[derive(Default)]
struct Left {
    /// Whom the target does not have.
    absent: Vec<usize>,
    /// How many could not be looked for.
    unseen: usize,
}

impl Deliver<'_> {
    /// Whether somebody is queued who is to be read back.
    pub(super) fn is_to_be_confirmed(&self, outcomes: &[Outcome]) -> bool {
        self.target.confirm().by != ConfirmBy::None
            && outcomes.iter().any(|outcome| matches!(outcome, Outcome::Queued { .. }))
    }

    /// Reads queued people back until all of them are found as sent or the time is over. It is done
    /// for all together, when the queue has had the time of the whole delivery.
    pub(super) fn confirm(&mut self, held: &mut [Held<'_>]) -> Result<()> {
        let until = Instant::now() + self.target.confirm().within;
        let mut pause = self.order.pause;
        loop {
            let waiting: usize = held.iter().map(|one| one.waiting().count()).sum();
            if waiting == 0 {
                return Ok(());
            }
            self.pace.rest(pause);
            if self.pace.is_stopped() {
                return Ok(());
            }
            self.watch.reading_back(waiting);
            for one in held.iter() {
                let people = read(self.order.folder, one.entry)?;
                one.waiting().filter_map(|place| people.get(place)).for_each(|person| {
                    self.settle.want(person);
                });
            }
            self.settle.fetch()?;
            self.pace.count();
            let mut hope = false;
            for one in held.iter_mut() {
                hope |= self.confirm_one(one)?;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            if !hope || Instant::now() + pause > until {
                return Ok(());
            }
        }
    }

    /// Gives the people of one request what the last look says of them. Tells whether another look
    /// may say more.
    fn confirm_one(&mut self, held: &mut Held<'_>) -> Result<bool> {
        let people = read(self.order.folder, held.entry)?;
        let mut hope = false;
        for (person, outcome) in people.iter().zip(&mut held.outcomes) {
            let Outcome::Queued { why, .. } = outcome else { continue };
            let fate = self.settle.fate(person)?;
            hope |= matches!(fate, Fate::Absent | Fate::Differs(_));
            match in_words(fate) {
                Some(words) => *why = words,
                None => *outcome = Outcome::Accepted,
            }
        }
        Ok(hope)
    }

    /// The outcome of a request was not learned. Those who are found as sent have landed. An update
    /// by a key was sent often enough before; of a creation, those whom the target does not have are
    /// sent again.
    pub(super) fn unlearned(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        why: String,
    ) -> Result<Option<Stopped>> {
        // What the target is still at work on would not be found yet.
        let pause = self.order.pause * (1 << self.held_back.min(4));
        let left = self.look(people, chosen, outcomes, &why, pause.min(LONGEST_PAUSE))?;
        self.held_back += 1;
        let again = left.absent;
        if self.pace.is_stopped() {
            return Ok(Some(Stopped::Interrupted));
        }
        let repeatable = self.target.repeatable();
        if again.is_empty() && left.unseen == 0 && !repeatable {
            return Ok(None);
        }
        let settled = chosen.iter().all(|&one| outcomes.get(one) == Some(&Outcome::Accepted));
        if repeatable && settled {
            return Ok(None);
        }
        if repeatable || left.unseen > 0 || self.held_back >= self.order.attempts {
            return Ok(Some(self.gave_up(why)));
        }
        self.tally.retries += 1;
        self.settle(people, &again, outcomes)
    }

    /// Some have landed, and it is not known who. By a key the halves are simply sent again; where
    /// that would create somebody twice, or mail somebody twice, those who are found as sent are left
    /// out of it.
    pub(super) fn sort(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        why: String,
    ) -> Result<Option<Stopped>> {
        let repeatable = self.target.repeatable();
        if repeatable && !self.target.invites() {
            // All of them were sent: who is not settled by the halves stays unknown.
            mark(outcomes, chosen, &Outcome::Unknown(why));
            return self.halve(people, chosen, outcomes);
        }
        let left = self.look(people, chosen, outcomes, &why, Duration::ZERO)?;
        if self.pace.is_stopped() {
            return Ok(Some(Stopped::Interrupted));
        }
        let again = left.absent;
        if again.is_empty() {
            return Ok(None);
        }
        if again.len() < chosen.len() {
            return self.settle(people, &again, outcomes);
        }
        self.halve(people, &again, outcomes)
    }

    /// Looks for people in the target, after a pause. Each is accepted or unknown afterwards.
    fn look(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        why: &str,
        pause: Duration,
    ) -> Result<Left> {
        mark(outcomes, chosen, &Outcome::Unknown(why.to_owned()));
        let mut left = Left::default();
        if self.target.confirm().by == ConfirmBy::None {
            left.unseen = chosen.len();
            return Ok(left);
        }
        self.pace.rest(pause);
        if self.pace.is_stopped() {
            return Ok(left);
        }
        self.watch.reading_back(chosen.len());
        for person in chosen.iter().filter_map(|&one| people.get(one)) {
            self.settle.want(person);
        }
        self.settle.fetch()?;
        self.pace.count();
        for &one in chosen {
            let (Some(person), Some(outcome)) = (people.get(one), outcomes.get_mut(one)) else {
                continue;
            };
            let fate = self.settle.fate(person)?;
            match &fate {
                Fate::Absent => left.absent.push(one),
                Fate::Unknown(_) => left.unseen += 1,
                Fate::AsSent | Fate::Differs(_) => {}
            }
            *outcome = match in_words(fate) {
                Some(words) => Outcome::Unknown(format!("{why}; {words}")),
                None => {
                    self.welcomed = true;
                    self.held_back = 0;
                    Outcome::Accepted
                }
            };
        }
        Ok(left)
    }
}

/// What a look says of somebody who was not found as sent.
fn in_words(fate: Fate) -> Option<String> {
    match fate {
        Fate::AsSent => None,
        Fate::Absent => Some("read back, and not found".to_owned()),
        Fate::Differs(fields) => {
            Some(format!("read back, and {} otherwise than sent", fields.join(", ")))
        }
        Fate::Unknown(why) => Some(format!("not read back: {why}")),
    }
}
