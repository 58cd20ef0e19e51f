//! An answer that says of each person of a request what became of it.

use std::sync::atomic::Ordering;

use super::send::Open;
use super::work::Work;
use super::{Deliver, Halt, LONGEST_PAUSE, Step, Stopped};
use crate::journal::{Class, Outcome};
use crate::target::Judged;
use crate::writer::watch::Wait;

impl Deliver<'_> {
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
                // Such as those of an earlier push: nothing is wrong with the requests.
                Judged::Exists(why) => {
                    self.welcome(work);
                    *outcome = Outcome::Refused(why);
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
        let Some(why) = because else { return Ok(()) };
        if self.target.repeatable() && unknown.len() < chosen.len() {
            again.extend(unknown);
        } else if !unknown.is_empty() {
            let left = self.look(work, &unknown, &why, self.order.rules.pause)?;
            if !self.target.repeatable() {
                again.extend(left.absent);
            }
        }
        if self.order.pace.is_stopped() {
            return Err(Halt(Stopped::Interrupted));
        }
        if !settled && work.among(chosen, Outcome::is_settled).is_empty() {
            work.held_back += 1;
            if work.held_back >= self.order.rules.attempts {
                return self.gave_up(why);
            }
        }
        if again.is_empty() {
            return Ok(());
        }
        again.sort_unstable();
        self.retries.fetch_add(1, Ordering::Relaxed);
        let pause = self.order.rules.pause * (1 << work.held_back.min(4));
        self.wait(Wait::Retry, pause.min(LONGEST_PAUSE));
        self.settle(work, &again)
    }
}
