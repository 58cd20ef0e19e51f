//! An answer that says of each person of a request what became of it.

use serde_json::value::RawValue;

use super::{Deliver, LONGEST_PAUSE, Outcome, Stopped, mark};
use crate::error::Result;
use crate::target::Judged;

impl Deliver<'_> {
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
