//! An answer that says of each person of a request what became of it, or whom it refuses.

use serde_json::value::RawValue;

use super::{Deliver, LONGEST_PAUSE, Outcome, Stopped, mark};
use crate::error::Result;
use crate::target::{Judged, Named};

impl Deliver<'_> {
    /// Those whom a refusal names have their outcome. Nothing was taken of the others: they are sent
    /// again, in halves where nobody is named.
    pub(super) fn settle_named(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        named: &[Named],
    ) -> Result<Option<Stopped>> {
        let mut refused = Vec::new();
        let mut rest = chosen.to_vec();
        for Named { place, why, exists } in named {
            let Some(&one) = chosen.get(*place) else { continue };
            mark(outcomes, &[one], &Outcome::Refused(why.clone()));
            rest.retain(|other| *other != one);
            // Such as those of an earlier push: nothing is wrong with the requests.
            if *exists {
                self.welcome();
            } else {
                refused.push(why);
            }
        }
        // A list that leaves others out tells people apart: whether these are taken says whose the
        // fault is.
        let told_apart = refused.len() > 1 && !rest.is_empty();
        let many = refused.len();
        let stopped = match refused.first() {
            Some(why) if !told_apart => self.hopeless(many, why),
            _ => None,
        };
        if stopped.is_some() || rest.is_empty() {
            return Ok(stopped);
        }
        let stopped = if rest.len() == chosen.len() {
            self.halve(people, chosen, outcomes)?
        } else {
            self.settle(people, &rest, outcomes)?
        };
        let taken = |one: &usize| {
            matches!(outcomes.get(*one), Some(Outcome::Accepted | Outcome::Queued { .. }))
        };
        match refused.first() {
            Some(why) if told_apart && stopped.is_none() && !rest.iter().any(taken) => {
                Ok(self.hopeless(many, why))
            }
            _ => Ok(stopped),
        }
    }

    /// Gives each of them its outcome. Those whom the target put off are sent again, after a pause. Of
    /// whom it cannot say what became: an update is sent again with them; after a creation they are read
    /// back, and sent again when the target does not have them. Several requests in a row that settled
    /// nobody end the delivery.
    pub(super) fn settle_each(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        judged: Vec<Judged>,
    ) -> Result<Option<Stopped>> {
        let mut again = Vec::new();
        let mut unknown = Vec::new();
        let mut refused = Vec::new();
        let mut because = None;
        for (&one, judged) in chosen.iter().zip(judged) {
            match judged {
                Judged::Landed => {
                    self.welcome();
                    mark(outcomes, &[one], &Outcome::Accepted);
                }
                Judged::Refused(why) => {
                    mark(outcomes, &[one], &Outcome::Refused(why.clone()));
                    refused.push(why);
                }
                // Such as those of an earlier push: nothing is wrong with the requests.
                Judged::Exists(why) => {
                    self.welcome();
                    mark(outcomes, &[one], &Outcome::Refused(why));
                }
                Judged::Later(why) => {
                    again.push(one);
                    because.get_or_insert(why);
                }
                Judged::Unknown(why) => {
                    mark(outcomes, &[one], &Outcome::Unknown(why.clone()));
                    unknown.push(one);
                    because.get_or_insert(why);
                }
            }
        }
        let hopeless = refused.first().and_then(|why| self.hopeless(refused.len(), why));
        let Some(why) = because.filter(|_| hopeless.is_none()) else { return Ok(hopeless) };
        if self.target.repeatable() && unknown.len() < chosen.len() {
            again.extend(unknown);
        } else if !unknown.is_empty() {
            let left = self.look(people, &unknown, outcomes, &why, self.order.pause)?;
            if !self.target.repeatable() {
                again.extend(left.absent);
            }
        }
        if self.pace.is_stopped() {
            return Ok(Some(Stopped::Interrupted));
        }
        let is_settled = |one: &usize| {
            matches!(outcomes.get(*one), Some(Outcome::Accepted | Outcome::Refused(_)))
        };
        if !chosen.iter().any(is_settled) {
            self.held_back += 1;
            if self.held_back >= self.order.attempts {
                return Ok(Some(self.gave_up(why)));
            }
        }
        if again.is_empty() {
            return Ok(None);
        }
        again.sort_unstable();
        self.tally.retries += 1;
        self.pace.rest((self.order.pause * (1 << self.held_back.min(4))).min(LONGEST_PAUSE));
        self.settle(people, &again, outcomes)
    }
}
