//! One request, sent until its outcome is known or nothing more can be done about it, and followed when
//! the target has only queued it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::sabotage;
use super::work::Work;
use super::{Deliver, Halt, LONGEST_PAUSE, Step, Stopped, all, lock};
use crate::error::Error;
use crate::failpoint::{Point, Way, hit};
use crate::journal::{Attempt, Begin, Class, Outcome};
use crate::target::{self, Answer, ConfirmBy, Judged, Progress, Verdict};
use crate::writer::api::{Failure, Reply};
use crate::writer::pace::Turn;
use crate::writer::retry::{Attempts, Cause};
use crate::writer::watch::{Event, Wait};

/// What came of a request.
pub(super) enum Sent {
    /// The target's word, and the attempt that it closes; none where that is closed already.
    Verdict(Option<Open>, Verdict),
    /// It may have been taken; what became of it has to be looked for.
    Unlearned(Unlearned),
    /// Nothing of it was taken, as often as it was sent.
    Never,
}

/// An attempt that was answered, or is not any more, and is not closed in the journal.
pub(super) struct Open {
    pub(super) attempt: Attempt,
    pub(super) status: Option<u16>,
    began: Instant,
    took: Duration,
}

/// A request whose outcome was not learned.
pub(super) struct Unlearned {
    /// What came instead of an answer.
    pub(super) why: String,
    /// The target has worked on it: its answer says so, though not what came of it.
    pub(super) answered: bool,
    /// It was sent as often as is allowed.
    pub(super) exhausted: bool,
    /// Until when it may yet have its effect, where it was not the target that answered.
    pub(super) until: Option<Instant>,
    /// Whether it had no answer, or one that says that it failed: it may well have done nothing.
    pub(super) lost: bool,
}

/// Whether this status, or none, leaves open that the target is still at work: nobody answered, or one on
/// the way to it that lost patience.
pub(super) fn is_open(status: Option<u16>) -> bool {
    matches!(status, None | Some(408 | 502 | 504 | 520..=524))
}

fn answer(reply: &Reply) -> Answer<'_> {
    Answer { status: reply.status, retry_after: reply.retry_after, body: &reply.body }
}

/// Whether an answer speaks of each person, and settles none.
fn puts_everybody_off(verdict: &Verdict) -> bool {
    let open = |judged: &Judged| matches!(judged, Judged::Later(_) | Judged::Unknown(_));
    matches!(verdict, Verdict::Each(judged) if judged.iter().all(open))
}

/// What there is to say when people were sent as often as they may be: that it may have been taken, or, where that
/// cannot be, something else.
fn exhausted(doubt: Option<String>, otherwise: impl FnOnce() -> Step<Sent>) -> Step<Sent> {
    let Some(why) = doubt else { return otherwise() };
    let (answered, exhausted, until, lost) = (false, true, None, false);
    Ok(Sent::Unlearned(Unlearned { why, answered, exhausted, until, lost }))
}

/// A verdict that speaks of other people than those who were sent says nothing of them.
fn sound(verdict: Verdict, people: usize) -> Verdict {
    let sound = match &verdict {
        Verdict::Each(judged) => judged.len() == people,
        Verdict::Partial { refused } => refused.iter().all(|(place, _)| *place < people),
        _ => true,
    };
    if sound {
        return verdict;
    }
    Verdict::Ambiguous { why: "the answer speaks of other people than were sent".to_owned() }
}

/// Some people of a payload, as they are sent.
struct Request<'c> {
    chosen: &'c [usize],
    /// Whether it is another attempt to settle them.
    again: bool,
    body: Arc<Vec<u8>>,
    digest: String,
    attempts: Attempts,
    /// Why they may have been taken although nobody said so: what an earlier process, an earlier request of this
    /// one or an earlier attempt has left in doubt.
    doubt: Option<String>,
}

/// What came of an attempt.
enum Heard {
    /// Something that ends the sending.
    Sent(Sent),
    /// Nothing that settles anybody.
    Failed(Open, Failed),
}

/// What an attempt that settled nobody means for the next one.
enum Failed {
    /// Nothing was taken.
    Not(Cause, String),
    /// It may have been taken.
    Perhaps(String),
}

impl Deliver<'_> {
    /// Sends people in one request until its outcome is known or there have been enough attempts. Where
    /// a second time would create or mail somebody twice, or a success has a form that nobody knows and
    /// would have it again, the target is looked into first.
    /// With `again` it is another attempt to settle them.
    pub(super) fn send(&self, work: &mut Work<'_>, chosen: &[usize], again: bool) -> Step<Sent> {
        let (body, digest) = work.body(self.order, chosen)?;
        let seed = self.seed.fetch_add(1, Ordering::Relaxed);
        let attempts = Attempts::new(self.order.rules.attempts, seed);
        let doubt = if self.is_careful() || !self.reads_back() { None } else { work.doubt(chosen) };
        let mut request = Request { chosen, again, body, digest, attempts, doubt };
        let pace = self.order.pace;
        work.take_slot();
        loop {
            if pace.turn() == Turn::Stopped {
                return exhausted(request.doubt, || Err(Halt::Run(Stopped::Interrupted)));
            }
            let (open, reply) = self.attempt(work, &mut request)?;
            let heard = match reply {
                Ok(reply) => self.hear(work, &request, open, &reply)?,
                Err(failure) => self.miss(open, failure),
            };
            let (open, failed) = match heard {
                Heard::Sent(sent) => return Ok(sent),
                Heard::Failed(open, failed) => (open, failed),
            };
            let (cause, why) = match failed {
                Failed::Not(cause, why) => {
                    let class = match cause {
                        Cause::Throttled(_) => Class::Later,
                        Cause::Transient => Class::NotSent,
                    };
                    let changes = work.unchanged(chosen);
                    self.conclude(work, Some(open), (class, Some(&why)), &changes)?;
                    (cause, why)
                }
                Failed::Perhaps(why) => {
                    let until =
                        is_open(open.status).then(|| Instant::now() + self.order.rules.late);
                    self.leave_in_doubt(work, chosen, open, (Class::Ambiguous, &why))?;
                    if self.is_careful() {
                        let (answered, exhausted, lost) = (false, false, true);
                        let what = Unlearned { why, answered, exhausted, until, lost };
                        return Ok(Sent::Unlearned(what));
                    }
                    request.doubt = Some(why.clone());
                    (Cause::Transient, why)
                }
            };
            let stopping = pace.is_stopped();
            match request.attempts.pause(cause).filter(|_| !stopping && !self.is_over()) {
                Some(pause) => {
                    let asked = matches!(cause, Cause::Throttled(_));
                    self.wait(if asked { Wait::Throttled } else { Wait::Retry }, pause);
                }
                None if stopping => {
                    return exhausted(request.doubt, || Err(Halt::Run(Stopped::Interrupted)));
                }
                None => return exhausted(request.doubt, || self.never(work, why)),
            }
        }
    }

    /// Sends a request once, on record before it leaves.
    fn attempt(
        &self,
        work: &Work<'_>,
        request: &mut Request<'_>,
    ) -> Step<(Open, Result<Reply, Failure>)> {
        request.attempts.made();
        let number = request.attempts.count() + u32::from(request.again);
        let batch = work.number();
        let begin = Begin {
            leg: self.channel.leg(),
            batch,
            people: request.chosen,
            bytes: request.body.len(),
            sha256: request.digest.clone(),
            number,
        };
        hit(Point::BeforeBegin);
        let attempt = self.begin(&begin)?;
        hit(Point::AfterBegin);
        self.retries.fetch_add(u64::from(number > 1), Ordering::Relaxed);
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let people = request.chosen.len();
        self.watch.event(&Event::Sent { batch, people, attempt: number });
        let began = Instant::now();
        let bytes = self.bytes(&request.body, work, request.chosen, number);
        let reply = self.client.send(&self.channel.request(), Some(bytes));
        let status = reply.as_ref().ok().map(|reply| reply.status);
        Ok((Open { attempt, status, began, took: began.elapsed() }, reply))
    }

    /// What an answer says of the people of a request.
    fn hear(
        &self,
        work: &mut Work<'_>,
        request: &Request<'_>,
        open: Open,
        reply: &Reply,
    ) -> Step<Heard> {
        let chosen = request.chosen;
        lock(&self.learnt).reached = true;
        let success = (200..300).contains(&reply.status);
        let verdict = {
            let people = work.group(chosen);
            let judge = || sound(self.channel.judge(answer(reply), &people), chosen.len());
            sabotage::verdict(success, judge)
        };
        if matches!(verdict, Verdict::Accepted) {
            self.once_more(Way::ResendAccepted, work, chosen);
        }
        let (class, why, exhausted) = match verdict {
            Verdict::Later { after, why } => {
                self.order.pace.throttled(after);
                self.heard_nothing(open.began);
                return Ok(Heard::Failed(open, Failed::Not(Cause::Throttled(after), why)));
            }
            Verdict::Ambiguous { why } if !success => {
                self.order.pace.failed();
                self.heard_nothing(open.began);
                return Ok(Heard::Failed(open, Failed::Perhaps(why)));
            }
            Verdict::Ambiguous { why } => (Class::Ambiguous, why, false),
            // An earlier attempt may have landed: a refusal now proves nothing of it.
            Verdict::Refused { why, .. } if request.doubt.is_some() => {
                (Class::Refused, why, !self.reads_back())
            }
            Verdict::Queued { ticket } => {
                self.heard();
                return self.queued(work, chosen, open, ticket).map(Heard::Sent);
            }
            verdict => {
                if puts_everybody_off(&verdict) {
                    self.order.pace.failed();
                    self.heard_nothing(open.began);
                } else {
                    self.heard();
                }
                if matches!(verdict, Verdict::Accepted | Verdict::Partial { .. }) {
                    // The next one need not wait until the journal has it.
                    work.leave_slot();
                }
                return Ok(Heard::Sent(Sent::Verdict(Some(open), verdict)));
            }
        };
        self.heard();
        self.leave_in_doubt(work, chosen, open, (class, &why))?;
        let unlearned = Unlearned { why, answered: true, exhausted, until: None, lost: false };
        Ok(Heard::Sent(Sent::Unlearned(unlearned)))
    }

    /// What it means that no answer came.
    fn miss(&self, open: Open, failure: Failure) -> Heard {
        let failed = match failure {
            Failure::NotSent(why) => Failed::Not(Cause::Transient, why),
            Failure::Unanswered(why) => {
                lock(&self.learnt).reached = true;
                Failed::Perhaps(why)
            }
        };
        self.order.pace.failed();
        self.heard_nothing(open.began);
        Heard::Failed(open, failed)
    }

    /// Keeps that nobody knows what an attempt has done.
    fn leave_in_doubt(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Open,
        (class, why): (Class, &str),
    ) -> Step {
        let changes = all(chosen, &Outcome::Unknown(why.to_owned()));
        self.conclude(work, Some(open), (class, Some(why)), &changes)?;
        work.sent_in_doubt(chosen);
        Ok(())
    }

    /// Nothing of a request was taken, as often as it was sent.
    fn never(&self, work: &Work<'_>, why: String) -> Step<Sent> {
        let reached = lock(&self.learnt).reached;
        if reached {
            self.gave_up(work, why, false)?;
            return Ok(Sent::Never);
        }
        let url = self.channel.target().base_url().unwrap_or_default();
        let title = self.channel.target().kind().title;
        Err(Halt::Run(Stopped::Error(Error::Unreachable { title, url, why })))
    }

    /// The target has taken a request into its queue: that is kept, and then the work is followed.
    fn queued(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Open,
        ticket: String,
    ) -> Step<Sent> {
        let why = "the target has not said yet what became of it".to_owned();
        let queued = Outcome::Queued { ticket: Some(ticket.clone()), why };
        self.conclude(work, Some(open), (Class::Queued, None), &all(chosen, &queued))?;
        let verdict = {
            let people = work.group(chosen);
            self.follow(ticket, &people, true)
        };
        Ok(Sent::Verdict(None, verdict))
    }

    /// Tells that an attempt is over.
    pub(super) fn answered(&self, batch: u32, open: &Open, class: Class) {
        let Open { status, took, .. } = *open;
        self.watch.event(&Event::Answered { batch, status, class: class.word(), took });
        if self.order.pace.is_stopped() {
            let told = std::mem::replace(&mut lock(&self.learnt).draining, true);
            if !told {
                let under_way = self.under_way.load(Ordering::Relaxed);
                self.watch.event(&Event::Draining { under_way });
            }
        }
    }

    /// Waits, and says so when it takes long enough to wonder.
    pub(super) fn wait(&self, cause: Wait, pause: Duration) {
        if pause >= Duration::from_secs(1) {
            self.watch.event(&Event::Waiting { cause, pause });
        }
        self.order.pace.rest(pause);
    }

    /// Asks for queued work until it is done or the time is over. When the target has once been too
    /// slow, later work is asked for only once: it waits behind what is not done yet. Whoever is not
    /// `patient` asks once, too.
    pub(super) fn follow(
        &self,
        ticket: String,
        people: target::Sent<'_>,
        patient: bool,
    ) -> Verdict {
        let confirm = self.channel.confirm();
        if confirm.by != ConfirmBy::Poll {
            return Verdict::Queued { ticket };
        }
        let until = Instant::now() + confirm.within;
        let mut pause = self.order.rules.pause;
        let pace = self.order.pace;
        loop {
            // What is under way is asked for once more, even when the user wants to stop.
            let _ = pace.turn();
            let reply = self.client.send(&self.channel.follow(&ticket), None);
            let mut asked = None;
            match &reply {
                Ok(reply) => pace.answered(reply.status, reply.retry_after),
                Err(_) => pace.failed(),
            }
            if let Ok(reply) = reply {
                asked = reply.retry_after;
                let progress = self.channel.judge_follow(answer(&reply), people);
                if let Progress::Done(verdict) = progress {
                    let verdict = sound(verdict, people.count());
                    // The work is under way whatever this answer was: sending it again would only do
                    // it twice, so what cannot be told is told by reading back.
                    return match verdict {
                        Verdict::Ambiguous { .. } | Verdict::Later { .. } => {
                            Verdict::Queued { ticket }
                        }
                        verdict => verdict,
                    };
                }
            }
            let wait = asked.unwrap_or(pause).max(pause);
            if !patient {
                return Verdict::Queued { ticket };
            }
            let late = Instant::now() + wait > until;
            if late || lock(&self.learnt).slow || pace.is_stopped() {
                lock(&self.learnt).slow |= late;
                return Verdict::Queued { ticket };
            }
            self.wait(Wait::Queue, wait);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
