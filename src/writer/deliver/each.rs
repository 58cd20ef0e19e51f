//! An answer that says of each person of a request what became of it, or whom it refuses.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::send::Open;
use super::work::Work;
use super::{Deliver, Halt, Step, Stopped};
use crate::journal::{Class, Outcome};
use crate::target::{Judged, Named};
use crate::writer::watch::Wait;

impl Deliver<'_> {
    /// Those whom a refusal names have their outcome. Nothing was taken of the others: they are sent
    /// again, in halves where nobody is named.
    pub(super) fn settle_named(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Option<Open>,
        why: &str,
        named: &[Named],
    ) -> Step {
        let mut changes = work.unchanged(chosen);
        let mut refused = Vec::new();
        let mut doubtful = Vec::new();
        let mut rest = chosen.to_vec();
        for Named { place, why, exists } in named {
            let Some((one, outcome)) = changes.get_mut(*place) else { continue };
            rest.retain(|other| other != one);
            match outcome {
                // It may be there because an earlier attempt has landed.
                Outcome::Unknown(_) if *exists => doubtful.push(*one),
                _ => *outcome = Outcome::Refused(why.clone()),
            }
            // Such as those of an earlier push: nothing is wrong with the requests.
            if *exists {
                self.welcome(work);
            } else {
                refused.push(why);
            }
        }
        self.conclude(work, open, (Class::Refused, Some(why)), &changes)?;
        if !doubtful.is_empty() {
            self.look(work, &doubtful, why, Duration::ZERO)?;
        }
        // A list that leaves others out tells people apart: whether these are taken says whose the
        // fault is.
        let told_apart = refused.len() > 1 && !rest.is_empty();
        match refused.first() {
            Some(why) if !told_apart => self.hopeless(refused.len(), why)?,
            _ => {}
        }
        if rest.len() == chosen.len() {
            return self.halve(work, chosen);
        }
        self.settle(work, &rest)?;
        let taken =
            |outcome: &Outcome| matches!(outcome, Outcome::Accepted | Outcome::Queued { .. });
        match refused.first() {
            Some(why) if told_apart && work.among(&rest, taken).is_empty() => {
                self.hopeless(refused.len(), why)
            }
            _ => Ok(()),
        }
    }

    /// Gives each of them its outcome. Those whom the target put off are sent again, after a pause. Of
    /// whom it cannot say what became: an update is sent again with them; after a creation they are read
    /// back, and sent again when the target does not have them. Several requests in a row that settled
    /// nobody end the work on their file.
    pub(super) fn settle_each(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Option<Open>,
        judged: Vec<Judged>,
    ) -> Step {
        let mut again = Vec::new();
        let mut unknown = Vec::new();
        let mut refused = Vec::new();
        let mut because = None;
        let (mut doubtful, mut exists) = (Vec::new(), None);
        let mut changes = work.unchanged(chosen);
        for ((place, outcome), judged) in changes.iter_mut().zip(judged) {
            match judged {
                Judged::Landed => {
                    self.welcome(work);
                    *outcome = Outcome::Accepted;
                }
                Judged::Refused(why) => {
                    refused.push(why.clone());
                    *outcome = Outcome::Refused(why);
                }
                // Such as those of an earlier push: nothing is wrong with the requests. It may be there
                // because an earlier attempt has landed.
                Judged::Exists(why) => {
                    self.welcome(work);
                    match outcome {
                        Outcome::Unknown(_) => {
                            doubtful.push(*place);
                            exists.get_or_insert(why);
                        }
                        _ => *outcome = Outcome::Refused(why),
                    }
                }
                Judged::Later(why) => {
                    again.push(*place);
                    because.get_or_insert(why);
                }
                Judged::Unknown(why) => {
                    *outcome = Outcome::Unknown(why.clone());
                    unknown.push(*place);
                    because.get_or_insert(why);
                }
            }
        }
        let settled = changes.iter().any(|(_, outcome)| outcome.is_settled());
        self.conclude(work, open, (Class::Partial, because.as_deref()), &changes)?;
        if let Some(why) = refused.first() {
            self.hopeless(refused.len(), why)?;
        }
        if let Some(why) = exists {
            self.look(work, &doubtful, &why, Duration::ZERO)?;
        }
        let Some(why) = because else { return Ok(()) };
        if !self.is_careful() && unknown.len() < chosen.len() {
            again.extend(unknown);
        } else if !unknown.is_empty() {
            let left = self.look(work, &unknown, &why, self.order.rules.pause)?;
            if self.target.repeatable() {
                again.extend(work.among(&unknown, |outcome| !outcome.is_settled()));
            } else {
                again.extend(left.absent);
            }
        }
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        if !settled && work.among(chosen, Outcome::is_settled).is_empty() {
            work.held_back += 1;
            if work.held_back >= self.order.rules.attempts {
                return self.gave_up(work, why, true);
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        again.sort_unstable();
        self.retries.fetch_add(1, Ordering::Relaxed);
        self.wait(Wait::Retry, self.pause_after(work.held_back));
        self.settle(work, &again)
    }
}
