//! An answer that says of each person of a request what became of it, or whom it refuses.

use std::time::Duration;

use super::next::Next;
use super::send::Open;
use super::work::Work;
use super::{Deliver, Halt, Step, Stopped, all};
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
    ) -> Step<Vec<Next>> {
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
            return Ok(Next::halves(chosen));
        }
        let weigh = refused.first().filter(|_| told_apart).map(|why| Next::Weigh {
            others: rest.clone(),
            refused: refused.len(),
            why: (*why).clone(),
        });
        Ok([Next::Send(rest)].into_iter().chain(weigh).collect())
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
    ) -> Step<Vec<Next>> {
        let mut told = Told { changes: work.unchanged(chosen), ..Told::default() };
        for (place, judged) in judged.into_iter().enumerate() {
            self.tell(work, &mut told, place, judged);
        }
        let Told { changes, mut again, unknown, refused, in_doubt, doubtful, exists, because } =
            told;
        let settled = changes.iter().any(|(_, outcome)| outcome.is_settled());
        self.conclude(work, open, (Class::Partial, because.as_deref()), &changes)?;
        if let Some(why) = refused.first() {
            self.hopeless(refused.len(), why)?;
        }
        let mut next = self.look_first(work, &in_doubt)?;
        if let Some(why) = exists {
            if self.channel.repeatable() {
                let doubtful: Vec<(usize, String)> =
                    doubtful.into_iter().map(|place| (place, why.clone())).collect();
                next.extend(self.look_first(work, &doubtful)?);
            } else {
                let absent = self.look(work, &doubtful, &why, Duration::ZERO)?.absent;
                // It is not the person who is there, but somebody else who has something of theirs.
                self.note(work, &all(&absent, &Outcome::Refused(why)))?;
            }
        }
        let Some(why) = because else { return Ok(next) };
        if !again.is_empty() {
            // It could not take more than it did: all requests are held back.
            self.order.pace.throttled(None);
        }
        again.extend(self.to_send_again(work, chosen, unknown, &why)?);
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        if !settled && work.among(chosen, Outcome::is_settled).is_empty() {
            work.held_back += 1;
            if work.held_back >= self.order.rules.attempts {
                return self.gave_up(work, why, true).map(|()| Vec::new());
            }
        }
        if again.is_empty() {
            return Ok(next);
        }
        again.sort_unstable();
        self.wait(Wait::Retry, self.pause_after(work.held_back));
        next.push(Next::Again(again));
        Ok(next)
    }

    /// Notes what an answer says of the person at this place of a request.
    fn tell(&self, work: &mut Work<'_>, told: &mut Told, place: usize, judged: Judged) {
        let Some((person, outcome)) = told.changes.get_mut(place) else { return };
        match judged {
            Judged::Landed => {
                self.welcome(work);
                *outcome = Outcome::Accepted;
            }
            // An earlier attempt may have landed, of which this refusal says nothing.
            Judged::Refused(why) if self.may_have_landed(work, *person) => {
                told.in_doubt.push((*person, why.clone()));
                *outcome = Outcome::Unknown(why);
            }
            Judged::Refused(why) => {
                told.refused.push(why.clone());
                *outcome = Outcome::Refused(why);
            }
            // Such as those of an earlier push: nothing is wrong with the requests.
            Judged::Exists(why) => {
                self.welcome(work);
                if matches!(outcome, Outcome::Unknown(_)) {
                    told.doubtful.push(*person);
                    told.exists.get_or_insert(why);
                } else {
                    *outcome = Outcome::Refused(why);
                }
            }
            Judged::Later(why) => {
                told.again.push(*person);
                told.because.get_or_insert(why);
            }
            Judged::Unknown(why) => {
                *outcome = Outcome::Unknown(why.clone());
                work.sent_in_doubt(&[*person]);
                told.unknown.push(*person);
                told.because.get_or_insert(why);
            }
        }
    }

    /// Those of unknown outcome who may be sent again: all of an update, where something is known of others; else
    /// whom the target has not settled, or does not have, when it was looked into.
    fn to_send_again(
        &self,
        work: &mut Work<'_>,
        chosen: &[usize],
        unknown: Vec<usize>,
        why: &str,
    ) -> Step<Vec<usize>> {
        if !self.is_careful() && unknown.len() < chosen.len() {
            return Ok(unknown);
        }
        if unknown.is_empty() {
            return Ok(Vec::new());
        }
        let left = self.look(work, &unknown, why, self.order.rules.pause)?;
        Ok(if self.channel.repeatable() && !self.channel.invites() {
            work.among(&unknown, |outcome| !outcome.is_settled())
        } else {
            left.absent
        })
    }
}

/// What an answer says of each person of a request.
#[derive(Default)]
struct Told {
    /// Everybody, with the outcome as it is then.
    changes: Vec<(usize, Outcome)>,
    /// Those whom the target put off.
    again: Vec<usize>,
    /// Those of whom it cannot say what became.
    unknown: Vec<usize>,
    /// Why it refused the others.
    refused: Vec<String>,
    /// Those whom it refuses, and whom an earlier attempt may have landed, each with the reason.
    in_doubt: Vec<(usize, String)>,
    /// Those who are there already, it may be because an earlier attempt has landed.
    doubtful: Vec<usize>,
    /// What it said of the first of them.
    exists: Option<String>,
    /// Why somebody is without an outcome.
    because: Option<String>,
}
