//! One request, sent until its outcome is known or nothing more can be done about it, and followed when
//! the target has only queued it.

use std::time::Instant;

use super::{Deliver, LONGEST_PAUSE, Stopped};
use crate::error::Error;
use crate::target::{self, Answer, ConfirmBy, Progress, Verdict};
use crate::writer::api::{Failure, Reply};
use crate::writer::pace::Turn;
use crate::writer::retry::{Attempts, Cause};

/// What came of a request.
pub(super) enum Sent {
    Verdict(Verdict),
    /// It may have been taken; what became of it has to be looked for.
    Unlearned(Unlearned),
    /// Nothing of it was taken, and the delivery ends.
    Never(Stopped),
}

/// A request whose outcome was not learned.
pub(super) struct Unlearned {
    /// What came instead of an answer.
    pub(super) why: String,
    /// The target has worked on it: its answer says so, though not what came of it.
    pub(super) answered: bool,
    /// It was sent as often as is allowed.
    pub(super) exhausted: bool,
}

fn answer(reply: &Reply) -> Answer<'_> {
    Answer { status: reply.status, retry_after: reply.retry_after, body: &reply.body }
}

impl Deliver<'_> {
    /// Sends one body until its outcome is known or there have been enough attempts. Where a second
    /// time would create or mail somebody twice, or a success has a form that nobody knows and would
    /// have it again, the target is looked into first.
    pub(super) fn send(&mut self, body: &[u8], people: target::Sent<'_>) -> Sent {
        self.seed = self.seed.wrapping_add(1);
        let mut attempts = Attempts::new(self.order.attempts, self.seed);
        let mut unknown: Option<String> = None;
        let careful = !self.target.repeatable() || self.target.invites();
        let unlearned =
            |why, answered, exhausted| Sent::Unlearned(Unlearned { why, answered, exhausted });
        loop {
            if self.pace.turn() == Turn::Stopped && unknown.is_none() {
                return Sent::Never(Stopped::Interrupted);
            }
            attempts.made();
            let reply = self.client.send(&self.target.request(), Some(body.to_vec()));
            let (cause, why) = match reply {
                Ok(reply) => {
                    self.reached = true;
                    let success = (200..300).contains(&reply.status);
                    let verdict = match self.target.judge(answer(&reply), people) {
                        Verdict::Queued { ticket } => self.follow(ticket, people),
                        verdict => verdict,
                    };
                    match verdict {
                        Verdict::Later { after, why } => (Cause::Throttled(after), (why, false)),
                        Verdict::Ambiguous { why } if success => {
                            return unlearned(why, true, false);
                        }
                        Verdict::Ambiguous { why } => (Cause::Transient, (why, true)),
                        // An earlier attempt may have landed: a refusal now proves nothing of it.
                        Verdict::Stop { why, .. } | Verdict::Refused { why, .. }
                            if unknown.is_some() =>
                        {
                            return unlearned(why, false, true);
                        }
                        verdict => return Sent::Verdict(verdict),
                    }
                }
                Err(Failure::NotSent(why)) => (Cause::Transient, (why, false)),
                Err(Failure::Unanswered(why)) => {
                    self.reached = true;
                    (Cause::Transient, (why, true))
                }
            };
            let (why, sent) = why;
            if sent {
                unknown = Some(why.clone());
                if careful {
                    return unlearned(why, false, false);
                }
            }
            let stopping = self.pace.is_stopped();
            match attempts.pause(cause).filter(|_| !stopping) {
                Some(pause) => {
                    self.tally.retries += 1;
                    self.pace.rest(pause);
                }
                None => {
                    return match unknown {
                        Some(why) => unlearned(why, false, true),
                        None if stopping => Sent::Never(Stopped::Interrupted),
                        None if !self.reached => {
                            let url = self.target.base_url().unwrap_or_default();
                            let title = self.target.kind().title;
                            Sent::Never(Stopped::Error(Error::Unreachable { title, url, why }))
                        }
                        None => Sent::Never(self.gave_up(why)),
                    };
                }
            }
        }
    }

    /// Asks for queued work until it is done or the time is over. When the target has once been too
    /// slow, later work is asked for only once: it waits behind what is not done yet.
    fn follow(&mut self, ticket: String, people: target::Sent<'_>) -> Verdict {
        let confirm = self.target.confirm();
        if confirm.by != ConfirmBy::Poll {
            return Verdict::Queued { ticket };
        }
        let until = Instant::now() + confirm.within;
        let mut pause = self.order.pause;
        loop {
            // What is under way is asked for once more, even when the user wants to stop.
            let _ = self.pace.turn();
            let reply = self.client.send(&self.target.follow(&ticket), None);
            let mut asked = None;
            if let Ok(reply) = reply {
                asked = reply.retry_after;
                if let Progress::Done(verdict) = self.target.judge_follow(answer(&reply), people) {
                    // The work is under way whatever this answer was: sending it again would only do
                    // it twice, so what cannot be told is told by reading back.
                    return match verdict {
                        Verdict::Ambiguous { .. } => Verdict::Queued { ticket },
                        verdict => verdict,
                    };
                }
            }
            let wait = asked.unwrap_or(pause).max(pause);
            let late = Instant::now() + wait > until;
            if late || self.slow || self.pace.is_stopped() {
                self.slow |= late;
                return Verdict::Queued { ticket };
            }
            self.pace.rest(wait);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
