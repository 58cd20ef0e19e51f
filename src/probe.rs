//! Asks a live account what its documents leave open, question by question.
//!
//! What is asked and what it means is the target's affair ([`crate::target::probe`]); here it is
//! sent, at the target's interval, and watched over: the user's own profile is read before the first
//! request that could change it and after each, and at the first difference nothing more is written
//! but the values that it had.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use serde_json::Value as Json;

use crate::error::{Error, Result};
use crate::target::directory::{Asked as For, Key, Page};
use crate::target::probe::{Call, Heard, Known, Learned, Prober, Question, Setting, Step, Touch};
use crate::target::{Answer, Target, excerpt};
use crate::visible::visible;
use crate::writer::api::{Client, Failure, Reply};
use crate::writer::pace::{Pace, Turn};
use crate::writer::retry::{Attempts, Cause};

/// Sets the target up with what was learned so far.
pub type Configure<'a> = dyn Fn(&[Setting]) -> Result<Box<dyn Target>> + 'a;

/// What is to be asked, and by what means.
pub struct Order<'a> {
    /// The questions, in order.
    pub questions: &'a [&'static Question],
    /// The target with what was learned so far.
    pub configure: &'a Configure<'a>,
    /// A client for it.
    pub connect: &'a dyn Fn(&dyn Target) -> Result<Client>,
    /// The e-mail address of the user's own profile.
    pub person: Option<&'a str>,
    /// Asks whether the profile that was found is the one; an error is a no.
    pub approve: &'a dyn Fn(&str) -> Result<()>,
    /// Is told what is being done.
    pub progress: &'a dyn Fn(&str),
    /// Set when the user wants to stop.
    pub stop: &'a AtomicBool,
    /// Attempts of one request.
    pub attempts: u32,
    /// The pause before what is under way is looked at again.
    pub pause: Duration,
}

/// What became of one question.
#[derive(Debug)]
pub struct Asked {
    /// The question.
    pub question: &'static Question,
    /// What was learned, or why it was not asked.
    pub fate: Result<Learned, String>,
    /// The requests it took, with their repetitions.
    pub requests: u64,
}

/// The user's profile was otherwise after a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The question that was being asked.
    pub by: &'static str,
    /// What was otherwise.
    pub differences: Vec<String>,
    /// Whether it is as it was again.
    pub restored: bool,
}

/// Why the asking ended early.
#[derive(Debug)]
pub enum Ended {
    /// The user wanted it to.
    Interrupted,
    /// Nothing more can be asked.
    Error(Error),
}

/// What was learned.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Every question.
    pub asked: Vec<Asked>,
    /// Requests in all.
    pub requests: u64,
    /// Whether the user's profile was changed.
    pub changed: Option<Changed>,
    /// Why it ended early, if it did.
    pub ended: Option<Ended>,
}

/// Why there is no answer to one request.
enum Halt {
    /// None came; other questions may do better.
    Silent(String),
    /// Nothing more can be asked.
    End(Ended),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::End(Ended::Error(error))
    }
}

/// Asks everything.
///
/// # Errors
/// When it cannot begin; what goes wrong later is told in [`Outcome`].
pub fn ask(order: &Order<'_>) -> Result<Outcome> {
    let target = (order.configure)(&[])?;
    let client = (order.connect)(target.as_ref())?;
    let mut run = Run {
        order,
        base: target.base_url()?,
        pace: Pace::new(target.interval(), order.stop),
        target,
        client,
        own: Own::NotLooked,
        found: Vec::new(),
        learned: BTreeMap::new(),
        limits: BTreeMap::new(),
        patience: (0, None),
        outcome: Outcome::default(),
    };
    for question in order.questions.iter().copied() {
        let before = run.outcome.requests;
        let fate = run.fate(question);
        if let Ok(learned) = &fate {
            run.take_in(question, learned);
        }
        let requests = run.outcome.requests - before;
        run.outcome.asked.push(Asked { question, fate, requests });
    }
    Ok(run.outcome)
}

/// The user's own profile.
enum Own {
    NotLooked,
    NotGiven,
    Found {
        /// As it was before anything was sent.
        before: Box<Json>,
        /// The page on which it stood.
        page: u64,
    },
}

struct Run<'a> {
    order: &'a Order<'a>,
    target: Box<dyn Target>,
    base: String,
    client: Client,
    pace: Pace<'a>,
    own: Own,
    found: Vec<Setting>,
    learned: BTreeMap<&'static str, Learned>,
    limits: BTreeMap<String, String>,
    patience: (u64, Option<Duration>),
    outcome: Outcome,
}

impl Run<'_> {
    /// Asks one question, unless something is in the way.
    fn fate(&mut self, question: &'static Question) -> Result<Learned, String> {
        if let Some(ended) = &self.outcome.ended {
            return Err(match ended {
                Ended::Interrupted => "stopped at your wish".to_owned(),
                Ended::Error(error) => format!("stopped: {}", visible(&error.to_string())),
            });
        }
        if question.person || question.sends.own > 0 {
            if let Err(halt) = self.meet() {
                return Err(self.end(halt));
            }
            let missing = match (&self.own, &self.outcome.changed) {
                (Own::Found { .. }, None) => None,
                (Own::Found { .. }, Some(_)) => {
                    Some("your profile was changed by an earlier question")
                }
                _ => Some("it needs a profile of your own: --person EMAIL"),
            };
            if let Some(why) = missing.filter(|_| question.person) {
                return Err(why.to_owned());
            }
        }
        (self.order.progress)(question.asks);
        match self.one(question) {
            Ok(learned) => Ok(learned),
            Err(Halt::Silent(why)) => Ok(Learned::open(format!("no answer came: {why}"), &[])),
            Err(halt) => Err(self.end(halt)),
        }
    }

    fn end(&mut self, halt: Halt) -> String {
        match halt {
            Halt::Silent(why) => {
                let title = self.target.kind().title;
                let url = self.base.clone();
                let error = Error::Unreachable { title, url, why: why.clone() };
                self.outcome.ended = Some(Ended::Error(error));
                why
            }
            Halt::End(ended) => {
                let why = match &ended {
                    Ended::Interrupted => "stopped at your wish".to_owned(),
                    Ended::Error(error) => visible(&error.to_string()),
                };
                self.outcome.ended = Some(ended);
                why
            }
        }
    }

    /// Makes what was learned the ground of the questions behind.
    fn take_in(&mut self, question: &'static Question, learned: &Learned) {
        self.learned.insert(question.id, learned.clone());
        if learned.settings.is_empty() {
            return;
        }
        let mut found = self.found.clone();
        found.extend(learned.settings.iter().cloned());
        // What contradicts the recipe is told with the answer, and asked on without.
        let Ok(target) = (self.order.configure)(&found) else { return };
        let Ok(base) = target.base_url() else { return };
        if base != self.base {
            let Ok(client) = (self.order.connect)(target.as_ref()) else { return };
            (self.client, self.base) = (client, base);
        }
        (self.target, self.found) = (target, found);
        self.pace = Pace::new(self.target.interval(), self.order.stop);
        self.pace.count();
    }

    /// Asks one question until it is answered, and sees to the user's profile.
    fn one(&mut self, question: &'static Question) -> Result<Learned, Halt> {
        let mut heard: Vec<Heard> = Vec::new();
        let mut watch = false;
        let learned = loop {
            let call = match self.step(question, &heard) {
                Step::Done(learned) => break Ok(learned),
                Step::Ask(call) => call,
            };
            let own = call.touch == Touch::Own;
            if own && self.outcome.changed.is_some() {
                break Ok(Learned::open("stopped, because your profile was changed", &heard));
            }
            watch |= own;
            let mut one = match self.send(&call) {
                Ok(one) => one,
                Err(halt) => break Err(halt),
            };
            if own {
                // Queued work has done nothing yet.
                watch = self.target.prober().is_some_and(Prober::queues);
                one.changed = self.watch_over(question)?;
            }
            heard.push(one);
        };
        if watch {
            self.pace.rest(self.order.pause);
            self.watch_over(question)?;
        }
        learned
    }

    fn step(&self, question: &'static Question, heard: &[Heard]) -> Step {
        let person = match (&self.own, &self.outcome.changed) {
            (Own::Found { before, .. }, None) => Some(before.as_ref()),
            (Own::Found { before, .. }, Some(changed)) if changed.by == question.id => {
                Some(before.as_ref())
            }
            _ => None,
        };
        let known =
            Known { person, learned: &self.learned, limits: &self.limits, patience: self.patience };
        match self.target.prober() {
            Some(prober) => prober.step(question.id, &known, heard),
            None => Learned::open("this target cannot be asked", heard).into(),
        }
    }

    /// Finds the user's own profile, if one is named, and lets the user say that it is the one.
    fn meet(&mut self) -> Result<(), Halt> {
        let Own::NotLooked = self.own else { return Ok(()) };
        self.own = Own::NotGiven;
        let Some(email) = self.order.person else { return Ok(()) };
        (self.order.progress)("looking for your profile");
        let found = self.search(email, None)?;
        let title = self.target.kind().title;
        match <[_; 1]>::try_from(found) {
            Ok([(page, before)]) => {
                let shown = self.target.prober().map(|prober| prober.show(&before));
                (self.order.approve)(&visible(&shown.unwrap_or_default()))?;
                self.own = Own::Found { before: Box::new(before), page };
                Ok(())
            }
            Err(found) if found.is_empty() => Err(Error::usage(
                format!("{title} has no profile with the e-mail address {email:?}"),
                "make a profile of your own there, by hand, and name its address: nobody is created \
                 here, and only a profile that exists can be asked about",
            )
            .into()),
            Err(found) => Err(Error::usage(
                format!("{title} has {} profiles with the e-mail address {email:?}", found.len()),
                "name a profile that is the only one with its address",
            )
            .into()),
        }
    }

    /// The profiles with an e-mail address, each with its page; `near` is where one was before. With
    /// an address that is unique the first page that has it is enough.
    fn search(&mut self, email: &str, near: Option<u64>) -> Result<Vec<(u64, Json)>, Halt> {
        let (Some(key), Some(prober)) = (Key::email(email), self.target.prober()) else {
            return Ok(Vec::new());
        };
        if let Some(request) = prober.find(email) {
            let call = Call { request, ..Call::read("") };
            let page = self.page(&call, For::Key)?;
            return Ok(self.with(&key, 1, page));
        }
        if let Some(number) = near {
            let call = self.listing(number);
            let page = self.page(&call, For::Page(number))?;
            let found = self.with(&key, number, page);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        let mut number = 1;
        loop {
            let call = self.listing(number);
            let page = self.page(&call, For::Page(number))?;
            let (last, total) = (page.last, page.total);
            let found = self.with(&key, number, page);
            if last || !found.is_empty() {
                return Ok(found);
            }
            number += 1;
            let of = total.map_or(String::new(), |total| format!(" of {total} profiles"));
            (self.order.progress)(&format!("looking for your profile, page {number}{of}"));
        }
    }

    fn listing(&self, number: u64) -> Call {
        Call { request: self.target.directory().page(number), ..Call::read("") }
    }

    fn with(&self, key: &Key, number: u64, page: Page) -> Vec<(u64, Json)> {
        let Some(prober) = self.target.prober() else { return Vec::new() };
        let is = |profile: &Json| {
            prober.email(profile).and_then(|email| Key::email(&email)).as_ref() == Some(key)
        };
        page.profiles.into_iter().filter(is).map(|profile| (number, profile)).collect()
    }

    fn page(&mut self, call: &Call, asked: For) -> Result<Page, Halt> {
        let heard = self.send(call)?;
        self.target.directory().read(heard.answer(), asked).map_err(|_| {
            Halt::from(Error::TargetRefused {
                title: self.target.kind().title,
                why: visible(&heard.words()),
                help: "the profiles cannot be read, so that nothing is written either".to_owned(),
            })
        })
    }

    /// Reads the user's profile again and, if it is otherwise, gives it the values that it had.
    /// Whether it was otherwise; nothing where it could not be read.
    fn watch_over(&mut self, question: &'static Question) -> Result<Option<bool>, Halt> {
        let Some(differences) = self.differences()? else {
            let differences = vec!["it could not be read back".to_owned()];
            let by = question.id;
            self.outcome.changed.get_or_insert(Changed { by, differences, restored: false });
            return Ok(None);
        };
        if differences.is_empty() {
            return Ok(Some(false));
        }
        if self.outcome.changed.is_none() {
            let mut changed = Changed { by: question.id, differences, restored: false };
            self.outcome.changed = Some(changed.clone());
            changed.restored = self.restore()?;
            self.outcome.changed = Some(changed);
        }
        Ok(Some(true))
    }

    fn restore(&mut self) -> Result<bool, Halt> {
        let (Own::Found { before, .. }, Some(prober)) = (&self.own, self.target.prober()) else {
            return Ok(false);
        };
        let (calls, queues) = (prober.restore(before), prober.queues());
        (self.order.progress)("your profile was changed: giving it the values that it had");
        for call in calls {
            self.send(&call)?;
            // Queued work takes its time.
            let looks = if queues { 15 } else { 1 };
            for _ in 0..looks {
                if looks > 1 {
                    self.pace.rest(self.order.pause);
                }
                if self.differences()?.is_some_and(|differences| differences.is_empty()) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// In what the user's profile differs from what it was; nothing where it is not found.
    fn differences(&mut self) -> Result<Option<Vec<String>>, Halt> {
        let (Own::Found { before, page }, Some(email)) = (&self.own, self.order.person) else {
            return Ok(Some(Vec::new()));
        };
        let (before, near) = (before.as_ref().clone(), *page);
        let mut found = self.search(email, Some(near))?;
        let (Some((page, after)), true) = (found.pop(), found.is_empty()) else { return Ok(None) };
        if let Own::Found { page: known, .. } = &mut self.own {
            *known = page;
        }
        let Some(prober) = self.target.prober() else { return Ok(None) };
        let mut all = Vec::new();
        compare("", &prober.state(&before), &prober.state(&after), &mut all);
        Ok(Some(all))
    }

    /// Sends one request until it is answered or there have been enough attempts.
    fn send(&mut self, call: &Call) -> Result<Heard, Halt> {
        if call.pause {
            self.pace.rest(self.order.pause);
        }
        let body = call.body.as_ref().map(|body| body.to_string().into_bytes());
        let seed = u64::from(std::process::id()).wrapping_add(self.outcome.requests);
        let mut attempts = Attempts::new(self.order.attempts, seed);
        let reply = loop {
            if self.pace.turn() == Turn::Stopped {
                return Err(Halt::End(Ended::Interrupted));
            }
            attempts.made();
            self.outcome.requests += 1;
            let (cause, last) = match self.client.send(&call.request, body.clone()) {
                Ok(reply) => match self.cause(&reply) {
                    None => break reply,
                    Some(cause) => (cause, Ok(reply)),
                },
                Err(failure) => {
                    self.pace.failed();
                    (Cause::Transient, Err(failure))
                }
            };
            match (attempts.pause(cause), last) {
                (Some(pause), _) => self.pace.rest(pause),
                (None, Ok(reply)) if matches!(cause, Cause::Transient) => break reply,
                (None, Ok(_)) => {
                    return Err(Halt::Silent(
                        "the target asks for patience again and again".into(),
                    ));
                }
                (None, Err(Failure::Unanswered(why))) => return Err(Halt::Silent(why)),
                (None, Err(Failure::NotSent(why))) => {
                    let title = self.target.kind().title;
                    let url = self.base.clone();
                    return Err(Error::Unreachable { title, url, why }.into());
                }
            }
        };
        if matches!(reply.status, 401 | 403) && !call.may_be_denied {
            return Err(self.denied(&reply, call).into());
        }
        Ok(Heard { status: reply.status, body: reply.body, changed: None })
    }

    /// Why a request is to be sent again; nothing for an answer. What its headers say is remembered.
    fn cause(&mut self, reply: &Reply) -> Option<Cause> {
        for (name, value) in &reply.limits {
            self.limits.insert(name.clone(), visible(value));
        }
        let cause = Cause::of(reply.status, reply.retry_after);
        if let Some(Cause::Throttled(after)) = cause {
            self.patience.0 += 1;
            self.patience.1 = self.patience.1.max(after);
        }
        self.pace.answered(reply.status, reply.retry_after);
        cause
    }

    fn denied(&self, reply: &Reply, call: &Call) -> Error {
        let answer =
            Answer { status: reply.status, retry_after: None, body: reply.body.as_slice() };
        let help = match call.touch {
            Touch::Nobody => "check the key, its rights and that it has not expired",
            Touch::Harmless | Touch::Own => {
                "the key may read and not write; the questions that only read can be asked with --only"
            }
        };
        Error::TargetRefused {
            title: self.target.kind().title,
            why: visible(&excerpt(answer)),
            help: help.to_owned(),
        }
    }
}

/// Where two values differ, with both.
fn compare(path: &str, before: &Json, after: &Json, all: &mut Vec<String>) {
    match (before, after) {
        (Json::Object(a), Json::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let value = |map: &serde_json::Map<String, Json>| map.get(key).cloned();
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                compare(&path, &value(a).unwrap_or_default(), &value(b).unwrap_or_default(), all);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (place, (a, b)) in (1..).zip(a.iter().zip(b)) {
                compare(&format!("{path}.{place}"), a, b, all);
            }
        }
        _ if before == after => {}
        _ => all.push(visible(&format!("{path} was {before} and is {after}"))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_named_by_their_place() {
        let before = json!({"a": {"b": 1, "c": [1, 2]}, "d": "x", "e": null});
        for (after, expected) in [
            (before.clone(), vec![]),
            (json!({"a": {"b": 1, "c": [1, 3]}, "d": "x"}), vec!["a.c.2 was 2 and is 3"]),
            (
                json!({"a": {"b": "1", "c": [1]}, "d": "x", "e": 0}),
                vec!["a.b was 1 and is \"1\"", "a.c was [1,2] and is [1]", "e was null and is 0"],
            ),
        ] {
            let mut found = Vec::new();
            compare("", &before, &after, &mut found);
            assert_eq!(found, expected, "{after}");
        }
    }
}
