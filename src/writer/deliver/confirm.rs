//! What is done about people whose outcome no answer told: they are read back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::next::Next;
use super::send::{Unlearned, is_open};
use super::work::{Work, age};
use super::{Deliver, Fate, Halt, LONGEST_PAUSE, Step, Stopped, all, lock};
use crate::journal::{Doubt, Outcome, Planned};
use crate::target::ConfirmBy;
use crate::writer::watch::{Event, Wait};

/// Those of a request of whom a look said nothing good.
#[derive(Default)]
pub(super) struct Left {
    /// Whom the target does not have.
    pub(super) absent: Vec<usize>,
    /// How many could not be looked for.
    unseen: usize,
}

fn is_queued(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Queued { .. })
}

impl Deliver<'_> {
    /// Whether reading people back is of any use, and wanted.
    pub(super) fn reads_back(&self) -> bool {
        self.channel.reads_back() && self.channel.confirm().by != ConfirmBy::None
    }

    /// Whether somebody is queued.
    pub(super) fn is_any_queued(&self) -> bool {
        self.order.journal.tally(self.channel.leg()).unverified > 0
    }

    /// Those of the files with people who are queued, and how many these are.
    fn queued_files<'p>(&self, files: &[&'p Planned]) -> Step<Vec<(&'p Planned, usize)>> {
        if !self.is_any_queued() {
            return Ok(Vec::new());
        }
        let queued: BTreeMap<u32, usize> =
            self.order.journal.queued(self.channel.leg())?.into_iter().collect();
        let held = files.iter().filter_map(|file| Some((*file, *queued.get(&file.number)?)));
        Ok(held.collect())
    }

    /// Reads queued people back until all of them are found as sent or the time is over. It is done
    /// for all together, when the queue has had the time of the whole delivery.
    pub(super) fn confirm(&self, files: &[&Planned]) -> Step {
        if !self.reads_back() {
            return Ok(());
        }
        let until = Instant::now() + self.channel.confirm().within;
        let mut pause = self.order.rules.pause;
        loop {
            let held = self.queued_files(files)?;
            if held.is_empty() {
                return Ok(());
            }
            self.wait(Wait::Queue, pause);
            if self.order.pace.is_stopped() {
                return Ok(());
            }
            let people = held.iter().map(|(_, waiting)| waiting).sum();
            self.watch.event(&Event::ReadingBack { people });
            for (file, _) in &held {
                let work = Work::open(self.order, self.channel, file)?;
                let mut settle = lock(&self.settle);
                for person in work.sent(&work.those(is_queued)) {
                    settle.want(person);
                }
            }
            lock(&self.settle).fetch()?;
            let mut hope = false;
            for (file, _) in &held {
                hope |= self.confirm_one(file)?;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            if !hope || Instant::now() + pause > until {
                return Ok(());
            }
        }
    }

    /// Gives the people of one file what the last look says of them. Tells whether another look may say
    /// more.
    fn confirm_one(&self, file: &Planned) -> Step<bool> {
        let mut work = Work::open(self.order, self.channel, file)?;
        let mut changes = Vec::new();
        let mut hope = false;
        for place in work.those(is_queued) {
            let (Some(person), Some(Outcome::Queued { ticket, .. })) =
                (work.person(place), work.outcome(place))
            else {
                continue;
            };
            let fate = lock(&self.settle).fate(person)?;
            hope |= matches!(fate, Fate::Absent | Fate::Differs(_));
            let outcome = match in_words(fate) {
                Some(why) => Outcome::Queued { ticket: ticket.clone(), why },
                None => Outcome::Accepted,
            };
            changes.push((place, outcome));
        }
        self.note(&mut work, &changes)?;
        if work.is_settled() {
            let mut learnt = lock(&self.learnt);
            learnt.standing.requests += 1;
            let standing = learnt.standing;
            drop(learnt);
            self.watch.event(&Event::Settled { batch: file.number, standing });
        }
        Ok(hope)
    }

    /// The outcome of a request was not learned. Those who are found as sent have landed. Others are
    /// sent again where that is allowed and their fate could be seen: after an update by a key whoever
    /// is left, after a creation those whom the target does not have.
    pub(super) fn unlearned(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        what: Unlearned,
    ) -> Step<Vec<Next>> {
        let Unlearned { why, answered, exhausted, until, lost } = what;
        if self.is_over() && !answered {
            return self.gave_up(work, why, false).map(|()| Vec::new());
        }
        // What the target may still be at work on would not be found yet.
        let pause = if answered { Duration::ZERO } else { self.pause_after(work.held_back) };
        // A reading that begins when that is over sees what there was to be seen.
        let late = until.filter(|until| *until > Instant::now() + pause);
        let left = self.look(work, chosen, &why, pause)?;
        work.held_back += 1;
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        // Who asks for it has people mailed once more.
        let lost = (lost || self.order.rules.resend_unknown) && work.held_back == 1;
        let mut again = self.again(work, chosen, &left, lost);
        if again.is_empty() && left.unseen == 0 {
            return Ok(Vec::new());
        }
        let blind = left.unseen > 0;
        if exhausted || (blind && self.is_careful()) || work.held_back >= self.order.rules.attempts
        {
            return self.gave_up(work, why, !blind).map(|()| Vec::new());
        }
        if let (Some(until), false) = (late, again.is_empty()) {
            self.wait(Wait::Late, until.saturating_duration_since(Instant::now()));
            let left = self.look(work, &again, &why, Duration::ZERO)?;
            if self.order.pace.is_stopped() {
                return Err(Halt::Run(Stopped::Interrupted));
            }
            if left.unseen > 0 {
                return self.gave_up(work, why, false).map(|()| Vec::new());
            }
            again = self.again(work, &again, &left, lost);
            if again.is_empty() {
                return Ok(Vec::new());
            }
        }
        if blind {
            self.wait(Wait::Retry, self.pause_after(work.held_back));
        }
        Ok(vec![Next::Again(again)])
    }

    /// Whether an earlier attempt may have landed somebody who is refused now, and that can be seen.
    pub(super) fn may_have_landed(&self, work: &Work<'_>, place: usize) -> bool {
        work.is_in_doubt(place) && self.reads_back()
    }

    /// Looks for people who were refused now, and may have landed by an earlier attempt: who is found as sent has. The
    /// others whom the look has seen are sent once more, and a refusal counts then.
    pub(super) fn look_first(
        &self,
        work: &mut Work<'_>,
        doubtful: &[(usize, String)],
    ) -> Step<Vec<Next>> {
        let Some((_, why)) = doubtful.first() else { return Ok(Vec::new()) };
        let places: Vec<usize> = doubtful.iter().map(|(place, _)| *place).collect();
        self.look(work, &places, why, Duration::ZERO)?;
        let mut left = work.among(&places, |outcome| !outcome.is_settled());
        if left.is_empty() {
            return Ok(Vec::new());
        }
        // A target that loses one answer and refuses the next would be asked without end.
        work.held_back += 1;
        if work.held_back >= self.order.rules.attempts {
            return self.gave_up(work, why.clone(), true).map(|()| Vec::new());
        }
        left.retain(|place| work.is_looked_for(*place));
        Ok(if left.is_empty() { Vec::new() } else { vec![Next::Again(left)] })
    }

    /// Those whom another request may take, after a look: by a key whoever is left, else whom the target
    /// does not have. Who is there otherwise than sent would be mailed an invitation with each: that is only done for
    /// a request that was `lost`.
    fn again(&self, work: &Work<'_>, chosen: &[usize], left: &Left, lost: bool) -> Vec<usize> {
        if self.channel.repeatable() && (lost || !self.channel.invites()) {
            return work.among(chosen, |outcome| !outcome.is_settled());
        }
        left.absent.clone()
    }

    /// Until when an earlier request with some of these may yet have its effect, by the journal.
    pub(super) fn late_of(&self, work: &Work<'_>, chosen: &[usize]) -> Step<Option<Instant>> {
        let doubtful = self.order.journal.doubtful(self.channel.leg(), work.number())?;
        let is_one = |doubt: &&Doubt| {
            is_open(doubt.status) && doubt.people.iter().any(|place| chosen.contains(place))
        };
        let late = self.order.rules.late;
        // One that nobody gave up might have been waited for as long again.
        let left = |doubt: &Doubt| {
            let most = if doubt.is_over { late } else { late * 2 };
            most.saturating_sub(age(doubt.at))
        };
        let longest = doubtful.iter().filter(is_one).map(left).max();
        Ok(longest.map(|left| Instant::now() + left))
    }

    /// Looks for people in the target, after a pause. Each is accepted or unknown afterwards.
    pub(super) fn look(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        why: &str,
        pause: Duration,
    ) -> Step<Left> {
        let mut left = Left::default();
        let why = without_look(why);
        if !self.reads_back() {
            left.unseen = chosen.len();
            self.note(work, &all(chosen, &Outcome::Unknown(why.to_owned())))?;
            return Ok(left);
        }
        self.wait(Wait::Retry, pause);
        if self.order.pace.is_stopped() {
            return Ok(left);
        }
        self.watch.event(&Event::ReadingBack { people: chosen.len() });
        let (mut changes, mut seen) = (Vec::new(), Vec::new());
        {
            // One look at a time: those of other workers wait for it.
            let mut settle = lock(&self.settle);
            for person in work.sent(chosen) {
                settle.want(person);
            }
            settle.fetch()?;
            for &place in chosen {
                let Some(person) = work.person(place) else { continue };
                let fate = settle.fate(person)?;
                match &fate {
                    Fate::Absent => left.absent.push(place),
                    Fate::Unknown(_) => left.unseen += 1,
                    Fate::AsSent | Fate::Differs(_) => {}
                }
                if !matches!(fate, Fate::Unknown(_)) {
                    seen.push(place);
                }
                let outcome = in_words(fate)
                    .map_or(Outcome::Accepted, |words| Outcome::Unknown(format!("{why}; {words}")));
                changes.push((place, outcome));
            }
        }
        if changes.iter().any(|(_, outcome)| *outcome == Outcome::Accepted) {
            self.welcome(work);
        }
        self.note(work, &changes)?;
        work.looked(seen);
        Ok(left)
    }
}

/// Why an outcome is not known, without what an earlier look said: it holds no longer.
fn without_look(why: &str) -> &str {
    let ends = ["; read back, and ", "; not read back: "].map(|look| why.find(look));
    let end = ends.into_iter().flatten().min().unwrap_or(why.len());
    why.get(..end).unwrap_or(why)
}

/// What a look says of somebody who was not found as sent.
pub fn in_words(fate: Fate) -> Option<String> {
    match fate {
        Fate::AsSent => None,
        Fate::Absent => Some("read back, and not found".to_owned()),
        Fate::Differs(fields) => {
            Some(format!("read back, and {} otherwise than sent", fields.join(", ")))
        }
        Fate::Unknown(why) => Some(format!("not read back: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_look_said_is_not_said_again() {
        for fate in [Fate::Absent, Fate::Differs(vec!["x".into()]), Fate::Unknown("late".into())] {
            let why = format!("no answer; {}", in_words(fate).unwrap());
            assert_eq!(without_look(&why), "no answer", "{why}");
            assert_eq!(without_look(&format!("{why}; {why}")), "no answer");
        }
        assert_eq!(without_look("read back, and what then"), "read back, and what then");
    }
}
