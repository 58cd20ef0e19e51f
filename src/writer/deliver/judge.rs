//! What is done about a verdict: outcomes go into the journal, and whoever it leaves open is sent on.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::next::Next;
use super::send::Open;
use super::work::Work;
use super::{Deliver, Halt, Step, Stopped, all};
use crate::error::Error;
use crate::failpoint::{Point, hit};
use crate::journal::{Class, End, Outcome};
use crate::target::{ConfirmBy, Named, Verdict};

impl Deliver<'_> {
    /// Closes an attempt with what it brought, durably; what came without one is only noted.
    pub(super) fn conclude(
        &self,
        work: &mut Work<'_>,
        open: Option<Open>,
        (class, why): (Class, Option<&str>),
        changes: &[(usize, Outcome)],
    ) -> Step {
        let Some(open) = open else { return self.note(work, changes) };
        let end = End { status: open.status, class, why, outcomes: changes };
        hit(Point::BeforeEnd);
        self.end(work.number(), open.attempt, &end)?;
        hit(Point::AfterEnd);
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        self.answered(work.number(), &open, class);
        self.count(work, changes);
        Ok(())
    }

    /// Does what a verdict asks for at once, and says what is to be done next.
    pub(super) fn judge(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Option<Open>,
        verdict: Verdict,
    ) -> Step<Vec<Next>> {
        match verdict {
            Verdict::Accepted => {
                self.welcome(work);
                let changes = all(chosen, &Outcome::Accepted);
                self.conclude(work, open, (Class::Accepted, None), &changes)?;
            }
            Verdict::Partial { refused } => return self.partial(work, chosen, open, &refused),
            Verdict::Each(judged) => return self.settle_each(work, chosen, open, judged),
            Verdict::Unsorted { why, landed } => {
                if landed > 0 {
                    self.welcome(work);
                }
                if let [_] = chosen {
                    return self.refuse(work, chosen, open, &why);
                }
                let changes = all(chosen, &Outcome::Unknown(why.clone()));
                self.conclude(work, open, (Class::Partial, Some(&why)), &changes)?;
                return self.sort(work, chosen, &why);
            }
            Verdict::Refused { why, exists, mut named } => {
                if let [_] = chosen {
                    named = vec![Named { place: 0, why: why.clone(), exists }];
                }
                return self.settle_named(work, chosen, open, &why, &named);
            }
            Verdict::TooLarge => {
                let why = "the request is too large for the target";
                if let [_] = chosen {
                    return self.refuse(work, chosen, open, why);
                }
                let changes = work.unchanged(chosen);
                self.conclude(work, open, (Class::TooLarge, None), &changes)?;
                return Ok(Next::halves(chosen));
            }
            // Nothing of this request was taken: what was known of its people before still holds.
            Verdict::Stop { why, help } => {
                let changes = work.unchanged(chosen);
                self.conclude(work, open, (Class::Stopped, Some(&why)), &changes)?;
                let title = self.channel.target().kind().title;
                return Err(Halt::Run(Stopped::Error(Error::TargetRefused { title, why, help })));
            }
            // Neither leaves `send` as a verdict.
            Verdict::Ambiguous { why } | Verdict::Later { why, .. } => {
                let changes = all(chosen, &Outcome::Unknown(why.clone()));
                self.conclude(work, open, (Class::Ambiguous, Some(&why)), &changes)?;
                self.gave_up(work, why, false)?;
            }
            Verdict::Queued { ticket } => {
                let why = match self.channel.confirm().by {
                    ConfirmBy::None => "not looked for, as the recipe says".to_owned(),
                    _ => "the target did not say what became of it".to_owned(),
                };
                let queued = Outcome::Queued { ticket: Some(ticket), why };
                self.conclude(work, open, (Class::Queued, None), &all(chosen, &queued))?;
            }
            Verdict::Taken => {
                let why = "the target gave no id to ask for".to_owned();
                let queued = Outcome::Queued { ticket: None, why };
                self.conclude(work, open, (Class::Queued, None), &all(chosen, &queued))?;
            }
        }
        Ok(Vec::new())
    }

    /// The one person of a request was refused.
    fn refuse(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Option<Open>,
        why: &str,
    ) -> Step<Vec<Next>> {
        let in_doubt = chosen.iter().filter(|place| self.may_have_landed(work, **place));
        let in_doubt: Vec<(usize, String)> =
            in_doubt.map(|place| (*place, why.to_owned())).collect();
        if !in_doubt.is_empty() {
            let changes = work.unchanged(chosen);
            self.conclude(work, open, (Class::Refused, Some(why)), &changes)?;
            return self.look_first(work, &in_doubt);
        }
        let changes = all(chosen, &Outcome::Refused(why.to_owned()));
        self.conclude(work, open, (Class::Refused, Some(why)), &changes)?;
        self.hopeless(chosen.len(), why).map(|()| Vec::new())
    }

    /// Some were refused, each with a reason; the others have landed.
    fn partial(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        open: Option<Open>,
        refused: &[(usize, String)],
    ) -> Step<Vec<Next>> {
        if refused.len() < chosen.len() {
            self.welcome(work);
        }
        let mut changes = all(chosen, &Outcome::Accepted);
        let mut in_doubt = Vec::new();
        for (place, why) in refused {
            let Some((person, outcome)) = changes.get_mut(*place) else { continue };
            if self.may_have_landed(work, *person) {
                in_doubt.push((*person, why.clone()));
                *outcome = Outcome::Unknown(why.clone());
            } else {
                *outcome = Outcome::Refused(why.clone());
            }
        }
        self.conclude(work, open, (Class::Partial, None), &changes)?;
        let told = refused.len() - in_doubt.len();
        if let Some((_, why)) = refused.first().filter(|_| told > 0) {
            self.hopeless(told, why)?;
        }
        self.look_first(work, &in_doubt)
    }

    /// Some have landed, and it is not known who. By a key the halves are simply sent again; where
    /// that would create somebody twice, or mail somebody twice, those who are found as sent are left
    /// out of it.
    fn sort(&self, work: &mut Work<'_>, chosen: &[usize], why: &str) -> Step<Vec<Next>> {
        if !self.is_careful() {
            return Ok(Next::halves(chosen));
        }
        let again = self.look(work, chosen, why, Duration::ZERO)?.absent;
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        if again.len() < chosen.len() {
            return Ok(vec![Next::Send(again)]);
        }
        Ok(Next::halves(&again))
    }
}
