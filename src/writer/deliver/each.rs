//! An answer that says of each person of a request what became of it.

use serde_json::value::RawValue;

use super::{Deliver, Outcome, Stopped, mark};
use crate::error::Result;
use crate::target::Judged;

impl Deliver<'_> {
    /// Gives each of them its outcome. Those whom the target put off are sent again. Of whom it cannot
    /// say what became: an update is sent again with them; after a creation they are read back, and
    /// sent again when the target does not have them. Each time there are fewer of them, or it ends.
    pub(super) fn settle_each(
        &mut self,
        people: &[Box<RawValue>],
        chosen: &[usize],
        outcomes: &mut [Outcome],
        judged: Vec<Judged>,
    ) -> Result<Option<Stopped>> {
        let mut again = Vec::new();
        let mut open: Vec<(usize, String)> = Vec::new();
        for (&one, judged) in chosen.iter().zip(judged) {
            match judged {
                Judged::Landed => {
                    self.welcome();
                    mark(outcomes, &[one], &Outcome::Accepted);
                }
                Judged::Refused(why) => mark(outcomes, &[one], &Outcome::Refused(why)),
                Judged::Later(_) => again.push(one),
                Judged::Unknown(why) => {
                    mark(outcomes, &[one], &Outcome::Unknown(why.clone()));
                    open.push((one, why));
                }
            }
        }
        let unknown: Vec<usize> = open.iter().map(|(one, _)| *one).collect();
        if let Some((_, why)) = open.into_iter().next() {
            if self.target.repeatable() && unknown.len() < chosen.len() {
                again.extend(unknown);
            } else {
                let left = self.look(people, &unknown, outcomes, &why, self.order.pause)?;
                if !self.target.repeatable() {
                    again.extend(left.absent);
                }
            }
        }
        if self.pace.is_stopped() {
            return Ok(Some(Stopped::Interrupted));
        }
        if again.is_empty() || again.len() >= chosen.len() {
            return Ok(None);
        }
        again.sort_unstable();
        self.tally.retries += 1;
        self.settle(people, &again, outcomes)
    }
}
