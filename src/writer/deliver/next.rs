//! What is left to do about people once a request was judged: a list, and not calls within calls, because a target may
//! refuse thousands of a request one after the other.

use super::work::Work;
use super::{Deliver, Step, send};
use crate::failpoint::Way;
use crate::journal::Outcome;

/// One thing that is to be done.
#[derive(Debug)]
pub(super) enum Next {
    /// They are sent in one request, or in several where they do not fit into one.
    Send(Vec<usize>),
    /// The same of those who were put off, or of whom nothing is known: another attempt.
    Again(Vec<usize>),
    /// These were to be settled by now, and a debug build may be told to send them again.
    Sent(Vec<usize>),
    /// A refusal told so many others from these: where none of them was taken either, it was not the fault of whom it
    /// named.
    Weigh { others: Vec<usize>, refused: usize, why: String },
}

impl Next {
    /// Each half on its own.
    pub(super) fn halves(chosen: &[usize]) -> Vec<Self> {
        let (left, right) = chosen.split_at(chosen.len() / 2);
        vec![Self::Send(left.to_vec()), Self::Sent(left.to_vec()), Self::Send(right.to_vec())]
    }
}

impl Deliver<'_> {
    /// Sends `chosen` of the people in one request, or in several when it is refused, until each has an
    /// outcome or nothing more can be done about it.
    pub(super) fn settle(&self, work: &mut Work<'_>, chosen: &[usize]) -> Step {
        self.go_on(work, vec![Next::Send(chosen.to_vec())])
    }

    /// Does what is left to do, in order; what comes of one thing goes before the others.
    pub(super) fn go_on(&self, work: &mut Work<'_>, next: Vec<Next>) -> Step {
        let mut left: Vec<Next> = next.into_iter().rev().collect();
        while let Some(next) = left.pop() {
            let then = match next {
                Next::Send(chosen) => self.send_or_part(work, &chosen, false)?,
                Next::Again(chosen) => self.send_or_part(work, &chosen, true)?,
                Next::Sent(chosen) => {
                    self.once_more(Way::SplitTwice, work, &chosen);
                    Vec::new()
                }
                Next::Weigh { others, refused, why } => {
                    let is_taken = |outcome: &Outcome| {
                        matches!(outcome, Outcome::Accepted | Outcome::Queued { .. })
                    };
                    if work.among(&others, is_taken).is_empty() {
                        self.hopeless(refused, &why)?;
                    }
                    Vec::new()
                }
            };
            left.extend(then.into_iter().rev());
        }
        Ok(())
    }

    /// Sends people in one request, and says what is to be done next. Those who do not fit into one are only parted.
    fn send_or_part(&self, work: &mut Work<'_>, chosen: &[usize], again: bool) -> Step<Vec<Next>> {
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(limits) = self.channel.limits() {
            let frame = self.order.frame.head.len() + self.order.frame.tail.len();
            let portions = work.portions(chosen, limits, frame);
            if portions.len() > 1 {
                let next = if again { Next::Again } else { Next::Send };
                return Ok(portions.into_iter().map(next).collect());
            }
        }
        match self.send(work, chosen, again)? {
            send::Sent::Verdict(open, verdict) => self.judge(work, chosen, open, verdict),
            send::Sent::Unlearned(what) => self.unlearned(work, chosen, what),
            send::Sent::Never => Ok(Vec::new()),
        }
    }
}
