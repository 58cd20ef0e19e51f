//! What a delivery does wrong when it is told to, in debug builds only (`failpoint.rs`): the matrix of faults
//! must notice each of these ways, else it proves nothing.

use super::work::Work;
use super::{Deliver, all};
use crate::error::Result;
use crate::failpoint::{Way, is_broken};
use crate::journal::{Attempt, Begin, Class, End, Outcome};
use crate::target::Verdict;

impl Deliver<'_> {
    /// Puts a request down as under way.
    pub(super) fn begin(&self, begin: &Begin<'_>) -> Result<Attempt> {
        if is_broken(Way::NoInFlight) {
            return Ok(Attempt(0));
        }
        let attempt = self.order.journal.begin(begin)?;
        if is_broken(Way::DoneBeforeAnswer) {
            let outcomes = all(begin.people, &Outcome::Accepted);
            let end = End { status: None, class: Class::Accepted, why: None, outcomes: &outcomes };
            self.order.journal.end(attempt, &end)?;
        }
        Ok(attempt)
    }

    /// Puts down what became of a request.
    pub(super) fn end(&self, batch: u32, attempt: Attempt, end: &End<'_>) -> Result<()> {
        if is_broken(Way::NoInFlight) {
            return self.order.journal.note(self.channel.leg(), batch, end.outcomes);
        }
        if is_broken(Way::DoneBeforeAnswer) {
            return Ok(());
        }
        if is_broken(Way::SwallowRefusals) {
            let outcomes: Vec<_> = end.outcomes.iter().map(swallowed).collect();
            return self.order.journal.end(attempt, &End { outcomes: &outcomes, ..end.clone() });
        }
        self.order.journal.end(attempt, end)
    }

    /// The bytes of an attempt: those of the request.
    pub(super) fn bytes(
        &self,
        body: &[u8],
        work: &Work<'_>,
        chosen: &[usize],
        attempt: u32,
    ) -> Vec<u8> {
        if attempt < 2 || !is_broken(Way::OtherPeople) {
            return body.to_vec();
        }
        let mut others = chosen.to_vec();
        others.pop();
        others.extend((0..work.outcomes.len()).find(|place| !chosen.contains(place)));
        work.body(self.order, &others).map(|(body, _)| body.to_vec()).unwrap_or_default()
    }

    /// Sends people who were sent already, past the journal.
    pub(super) fn once_more(&self, way: Way, work: &Work<'_>, chosen: &[usize]) {
        if is_broken(way) {
            let Ok((body, _)) = work.body(self.order, chosen) else { return };
            // Nobody listens to what comes of it.
            let _ = self.client.send(&self.channel.request(), Some(body.to_vec()));
        }
    }
}

/// The verdict of an answer, or what is taken for one.
pub(super) fn verdict(success: bool, judge: impl FnOnce() -> Verdict) -> Verdict {
    if success && is_broken(Way::AnySuccess) { Verdict::Accepted } else { judge() }
}

fn swallowed((place, outcome): &(usize, Outcome)) -> (usize, Outcome) {
    match outcome {
        Outcome::Refused(_) => (*place, Outcome::Accepted),
        other => (*place, other.clone()),
    }
}
