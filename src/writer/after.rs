//! What people are sent once their profiles have landed: the words in it are asked for before anything
//! leaves, and the batches go out when the ids of the profiles are known.
//!
//! Two calls: [`unknown_words`] before anybody is sent, [`send`] at the end. What `send` repeats it may
//! repeat: where a target's second request is not additive, an outcome that is not known stays so.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::api::{Client, Failure, Reply};
use super::files::After;
use super::pace::{Pace, Turn};
use super::retry::{Attempts, Cause};
use crate::batch::hex;
use crate::error::{Error, Result};
use crate::target::afterwards::Known;
use crate::target::directory::Unread;
use crate::target::{Afterwards, Answer, Progress, Verdict};

/// After so many were refused one by one, and none was taken, the request itself is at fault.
const HOPELESS: usize = 8;

/// The longest pause between two looks at queued work.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// By what means.
#[derive(Debug)]
pub struct Means<'a, 'p> {
    /// The client of the target.
    pub client: &'a Client,
    /// The rhythm of its requests.
    pub pace: &'a mut Pace<'p>,
    /// Attempts of one request.
    pub attempts: u32,
    /// The pause before queued work is asked for; it doubles up to half a minute.
    pub pause: Duration,
    /// For how long queued work is followed; not at all where this is nothing.
    pub within: Duration,
}

/// Somebody whose profile has landed.
#[derive(Debug)]
pub struct Person {
    /// Their place among those of the caller.
    pub place: usize,
    /// The target's id of the profile.
    pub id: String,
    /// What was kept apart when they were sent.
    pub aside: Box<RawValue>,
}

/// What became of what one person was sent afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// The target says that it has it.
    Yes,
    /// The target refused it, in these words.
    Refused(String),
    /// It was sent and the outcome was not learned.
    Unknown(String),
    /// It was not sent.
    NotSent,
}

/// Why it ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By the user.
    Interrupted,
    /// No such request can succeed.
    Stopped {
        /// The target's words.
        why: String,
        /// What to do.
        help: String,
    },
    /// The target did not answer, or asked for patience too often.
    GaveUp(String),
}

/// What the account says of the words in what comes afterwards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Those that it does not have.
    pub missing: Vec<String>,
    /// Those of which it was not learned, and why.
    pub unlearned: Option<(Vec<String>, String)>,
}

/// Words that a message shows; it counts the others.
const SHOWN: usize = 10;

fn shown(words: &[String]) -> String {
    let names: Vec<String> = words.iter().take(SHOWN).map(|word| format!("{word:?}")).collect();
    match words.len().saturating_sub(SHOWN) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

impl Words {
    /// What this means for a run that has sent nothing yet: a warning, where it was not learned of some
    /// words whether the account has them. `what` is one of what comes afterwards: `status`.
    ///
    /// # Errors
    /// [`Error::Guard`] when the account lacks one: it would be lost without a word.
    pub fn settle(&self, title: &str, what: &str) -> Result<Option<String>> {
        if !self.missing.is_empty() {
            return Err(Error::Guard {
                message: format!("{title} has no {what} {}", shown(&self.missing)),
                help: format!(
                    "it would be ignored without a word: make it in {title}, correct the sheet, or \
                     leave its column out. Nothing was sent"
                ),
            });
        }
        Ok(self.unlearned.as_ref().map(|(words, why)| {
            format!(
                "whether {title} has each {what} that is sent was not learned, and one that it lacks \
                 it ignores without a word: {} ({why})",
                shown(words)
            )
        }))
    }
}

/// The words in what people are sent afterwards, to be asked for by [`unknown_words`].
pub fn words_of<'a>(
    afterwards: &dyn Afterwards,
    asides: impl Iterator<Item = &'a Box<RawValue>>,
) -> BTreeSet<String> {
    asides.flat_map(|aside| afterwards.words(aside)).collect()
}

/// What the people of a payload are sent afterwards, by their places in it.
///
/// # Errors
/// When the file cannot be read, or is not as it was written.
pub fn read(folder: &Path, after: &After) -> Result<Vec<Option<Box<RawValue>>>> {
    let path = folder.join(&after.file);
    let failed = |source| Error::Output { path: path.clone(), action: "read", source };
    let bytes = std::fs::read(&path).map_err(failed)?;
    let list = serde_json::from_slice(&bytes).ok();
    list.filter(|_| hex(&Sha256::digest(&bytes)) == after.sha256).ok_or_else(|| {
        failed(std::io::Error::new(
            std::io::ErrorKind::InvalidData,
            "the file was changed after it was written",
        ))
    })
}

/// Asks which of these words the account does not have, one request for each that no answer has
/// named yet. The first that gets no answer ends it: the others would not get one either.
///
/// # Errors
/// [`Ended::Interrupted`] when the user wants to stop.
pub fn unknown_words(
    afterwards: &dyn Afterwards,
    means: &mut Means<'_, '_>,
    used: &BTreeSet<String>,
) -> Result<Words, Ended> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut words = Words::default();
    for (index, word) in used.iter().enumerate() {
        if known.contains(word) {
            continue;
        }
        match means.ask(afterwards, word) {
            Ok(Known::Words(found)) => {
                known.extend(found);
                if !known.contains(word) {
                    words.missing.push(word.clone());
                }
            }
            Ok(Known::Partly(found)) => {
                known.extend(found);
                let why = "the account has more words than it shows in one answer".to_owned();
                words.unlearned.get_or_insert((Vec::new(), why)).0.push(word.clone());
            }
            Err(Ended::Interrupted) => return Err(Ended::Interrupted),
            Err(Ended::Stopped { why, .. } | Ended::GaveUp(why)) => {
                let rest = used.iter().skip(index).filter(|word| !known.contains(*word)).cloned();
                words.unlearned.get_or_insert((Vec::new(), why)).0.extend(rest);
                break;
            }
        }
    }
    // A later answer may have named a word that an earlier one could not tell of.
    if let Some((unlearned, _)) = &mut words.unlearned {
        unlearned.retain(|word| !known.contains(word));
    }
    words.unlearned = words.unlearned.filter(|(unlearned, _)| !unlearned.is_empty());
    Ok(words)
}

/// Sends what people are sent afterwards, and tells of each what became of it. Gives why it ended
/// before its end, if it did; of everybody then left it is told that they were not sent anything.
///
/// # Errors
/// When `tell` cannot record an outcome.
pub fn send(
    afterwards: &dyn Afterwards,
    means: &mut Means<'_, '_>,
    people: &[Person],
    tell: &mut dyn FnMut(usize, Added) -> Result<()>,
) -> Result<Option<Ended>> {
    let entries: Vec<Box<RawValue>> =
        people.iter().map(|person| afterwards.entry(&person.id, &person.aside)).collect();
    let added = vec![None; people.len()];
    let mut sending = Sending { afterwards, means, entries, added, welcomed: false, refused: 0 };
    let mut told = 0;
    let mut ended = None;
    for range in sending.requests() {
        let end = range.end;
        let chosen: Vec<usize> = range.collect();
        ended = sending.settle(&chosen);
        for (person, added) in people.iter().zip(&mut sending.added).take(end).skip(told) {
            tell(person.place, added.take().unwrap_or(Added::NotSent))?;
        }
        told = end;
        if ended.is_some() {
            break;
        }
    }
    for person in people.iter().skip(told) {
        tell(person.place, Added::NotSent)?;
    }
    Ok(ended)
}

fn answer(reply: &Reply) -> Answer<'_> {
    Answer { status: reply.status, retry_after: reply.retry_after, body: &reply.body }
}

impl Means<'_, '_> {
    fn trials(&self) -> Attempts {
        Attempts::new(self.attempts, u64::from(std::process::id()))
    }

    /// Waits for the next attempt; nothing when there have been enough, or the user wants to stop.
    fn again(&self, attempts: &mut Attempts, cause: Cause) -> Option<()> {
        let pause = attempts.pause(cause).filter(|_| !self.pace.is_stopped())?;
        self.pace.rest(pause);
        Some(())
    }

    /// Asks for one word until it is answered or there have been enough attempts.
    fn ask(&mut self, afterwards: &dyn Afterwards, word: &str) -> Result<Known, Ended> {
        let mut attempts = self.trials();
        loop {
            if self.pace.turn() == Turn::Stopped {
                return Err(Ended::Interrupted);
            }
            attempts.made();
            let (cause, why) = match self.client.send(&afterwards.ask(word), None) {
                Ok(reply) => match afterwards.read(answer(&reply), word) {
                    Ok(known) => return Ok(known),
                    Err(Unread::Denied(why) | Unread::Wrong(why)) => {
                        return Err(Ended::Stopped { why, help: String::new() });
                    }
                    Err(Unread::Later { after, why }) => (Cause::Throttled(after), why),
                    Err(Unread::Failed(why)) => (Cause::Transient, why),
                },
                Err(failure) => (Cause::Transient, failure.why().to_owned()),
            };
            if self.again(&mut attempts, cause).is_none() {
                return Err(self.gave_up(why));
            }
        }
    }

    fn gave_up(&self, why: String) -> Ended {
        if self.pace.is_stopped() { Ended::Interrupted } else { Ended::GaveUp(why) }
    }
}

/// Entries on their way.
struct Sending<'s, 'a, 'p> {
    afterwards: &'s dyn Afterwards,
    means: &'s mut Means<'a, 'p>,
    entries: Vec<Box<RawValue>>,
    added: Vec<Option<Added>>,
    /// Whether the target has taken anything.
    welcomed: bool,
    /// How many it has refused one by one.
    refused: usize,
}

impl Sending<'_, '_, '_> {
    /// The entries of each request, by its limits.
    fn requests(&self) -> Vec<std::ops::Range<usize>> {
        let (limits, frame) = (self.afterwards.limits(), self.afterwards.frame());
        let empty = frame.head.len() + frame.tail.len();
        let (mut all, mut start, mut bytes) = (Vec::new(), 0, empty);
        for (place, entry) in self.entries.iter().enumerate() {
            let own = entry.get().len() + 1;
            if place > start && (place - start >= limits.rows || bytes + own > limits.bytes) {
                all.push(start..place);
                (start, bytes) = (place, empty);
            }
            bytes += own;
        }
        if start < self.entries.len() {
            all.push(start..self.entries.len());
        }
        all
    }

    fn mark(&mut self, chosen: &[usize], added: &Added) {
        self.welcomed |= *added == Added::Yes && !chosen.is_empty();
        for &one in chosen {
            if let Some(place) = self.added.get_mut(one) {
                *place = Some(added.clone());
            }
        }
    }

    /// Sends the chosen in one request, or in several when it is refused, until each has an outcome.
    fn settle(&mut self, chosen: &[usize]) -> Option<Ended> {
        let sent: Vec<Box<RawValue>> =
            chosen.iter().filter_map(|&one| self.entries.get(one).cloned()).collect();
        let sent: Vec<&RawValue> = sent.iter().map(AsRef::as_ref).collect();
        let verdict = match self.post(&sent) {
            Ok(verdict) => verdict,
            Err((unknown, ended)) => {
                if let Some(why) = unknown {
                    self.mark(chosen, &Added::Unknown(why));
                }
                return Some(ended);
            }
        };
        match verdict {
            Verdict::Accepted => self.mark(chosen, &Added::Yes),
            Verdict::Partial { refused } => {
                self.mark(chosen, &Added::Yes);
                for (place, why) in refused {
                    let one: Vec<usize> = chosen.get(place).copied().into_iter().collect();
                    self.mark(&one, &Added::Refused(why));
                }
            }
            Verdict::Refused { why, named, .. } => {
                if let [_] = chosen {
                    return self.refuse(chosen, &why);
                }
                let mut rest = chosen.to_vec();
                for one in &named {
                    let Some(&place) = chosen.get(one.place) else { continue };
                    rest.retain(|other| *other != place);
                    if let Some(ended) = self.refuse(&[place], &one.why) {
                        return Some(ended);
                    }
                }
                if rest.len() < chosen.len() {
                    return self.settle(&rest);
                }
                return self.halve(chosen);
            }
            Verdict::TooLarge | Verdict::Unsorted { .. } if chosen.len() > 1 => {
                // Whoever has it already is given it once more, which additive requests may.
                if matches!(verdict, Verdict::TooLarge) || self.afterwards.repeatable() {
                    return self.halve(chosen);
                }
                let why = "some were refused, and the target does not say who".to_owned();
                self.mark(chosen, &Added::Unknown(why));
            }
            Verdict::TooLarge => {
                return self.refuse(chosen, "the request is too large for the target");
            }
            Verdict::Unsorted { why, .. } => return self.refuse(chosen, &why),
            Verdict::Queued { ticket } => {
                let why = format!("queued as {ticket}, unverified: it was not done in time");
                self.mark(chosen, &Added::Unknown(why));
            }
            Verdict::Taken => {
                let why = "taken, and nothing was given to follow it by".to_owned();
                self.mark(chosen, &Added::Unknown(why));
            }
            Verdict::Ambiguous { why } | Verdict::Later { why, .. } => {
                self.mark(chosen, &Added::Unknown(why));
            }
            Verdict::Each(_) => {
                let why = "the answer has a form that is not known here".to_owned();
                self.mark(chosen, &Added::Unknown(why));
            }
            Verdict::Stop { why, help } => return Some(Ended::Stopped { why, help }),
        }
        None
    }

    /// Marks one as refused. When a target that has taken nothing yet refuses one after the other, the
    /// fault is hardly theirs.
    fn refuse(&mut self, chosen: &[usize], why: &str) -> Option<Ended> {
        self.mark(chosen, &Added::Refused(why.to_owned()));
        self.refused += chosen.len();
        (!self.welcomed && self.refused >= HOPELESS).then(|| Ended::Stopped {
            why: format!("it refused each of the first {}: {why}", self.refused),
            help: "the request as a whole seems wrong, not its entries; compare the recipe's settings \
                   with the target's documents"
                .to_owned(),
        })
    }

    /// Settles each half on its own.
    fn halve(&mut self, chosen: &[usize]) -> Option<Ended> {
        let (left, right) = chosen.split_at(chosen.len() / 2);
        self.settle(left).or_else(|| self.settle(right))
    }

    /// Sends one body until its outcome is known or there have been enough attempts. Where there is
    /// none, gives why it is not known if any attempt may have arrived, and why it ended.
    fn post(&mut self, sent: &[&RawValue]) -> Result<Verdict, (Option<String>, Ended)> {
        let frame = self.afterwards.frame();
        let body = frame.splice(sent.iter().map(|entry| entry.get().as_bytes()));
        let mut attempts = self.means.trials();
        let mut unknown: Option<String> = None;
        loop {
            if self.means.pace.turn() == Turn::Stopped {
                return Err((unknown, Ended::Interrupted));
            }
            attempts.made();
            let request = self.afterwards.request();
            let (cause, why, arrived) = match self.means.client.send(&request, Some(body.clone())) {
                Ok(reply) => match self.afterwards.judge(answer(&reply), sent) {
                    Verdict::Queued { ticket } => return Ok(self.follow(ticket, sent)),
                    Verdict::Later { after, why } => (Cause::Throttled(after), why, false),
                    // A success of another form would have it again.
                    Verdict::Ambiguous { why } if !(200..300).contains(&reply.status) => {
                        (Cause::Transient, why, true)
                    }
                    verdict => return Ok(verdict),
                },
                Err(Failure::NotSent(why)) => (Cause::Transient, why, false),
                Err(Failure::Unanswered(why)) => (Cause::Transient, why, true),
            };
            if arrived {
                unknown = Some(why.clone());
            }
            let done = arrived && !self.afterwards.repeatable();
            if done || self.means.again(&mut attempts, cause).is_none() {
                return Err((unknown, self.means.gave_up(why)));
            }
        }
    }

    /// Asks for queued work until it is done or the time is over.
    fn follow(&mut self, ticket: String, sent: &[&RawValue]) -> Verdict {
        let until = Instant::now() + self.means.within;
        let mut pause = self.means.pause;
        let request = self.afterwards.follow(&ticket);
        loop {
            if self.means.within.is_zero() {
                return Verdict::Queued { ticket };
            }
            let _ = self.means.pace.turn();
            let mut asked = None;
            if let Ok(reply) = self.means.client.send(&request, None) {
                asked = reply.retry_after;
                let progress = self.afterwards.judge_follow(answer(&reply), sent);
                if let Progress::Done(verdict) = progress {
                    return match verdict {
                        Verdict::Ambiguous { why } => {
                            Verdict::Ambiguous { why: format!("queued as {ticket}: {why}") }
                        }
                        verdict => verdict,
                    };
                }
            }
            let wait = asked.unwrap_or(pause).max(pause);
            if Instant::now() + wait > until || self.means.pace.is_stopped() {
                return Verdict::Queued { ticket };
            }
            self.means.pace.rest(wait);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}
