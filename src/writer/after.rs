//! What people are sent once their profiles have landed: the words in it are asked for before anything
//! leaves, and [`Additions`] is the [`Channel`] by which a delivery sends it when the ids of the profiles
//! are known.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::api::Client;
use super::deliver::{self, Body, Channel};
use super::files::After;
use super::pace::{Pace, Turn};
use super::retry::{Attempts, Cause};
use crate::batch::{Limits, hex};
use crate::error::{Error, Result};
use crate::journal::{Leg, Planned};
use crate::target::afterwards::Known;
use crate::target::directory::Unread;
use crate::target::{
    Afterwards, Answer, Confirm, ConfirmBy, Progress, Request, Sent, Target, Verdict,
};

/// Knows the target's own ids of people who have landed.
pub trait Ids: Send {
    /// The id of the profile that a person as sent has landed in, or why it is not to be had.
    ///
    /// # Errors
    /// When what was found cannot be read.
    fn id(&mut self, person: &RawValue) -> Result<Result<String, String>>;
}

/// What people are sent once they have landed, as something to be delivered.
pub struct Additions<'a> {
    target: &'a dyn Target,
    afterwards: &'a dyn Afterwards,
    files: &'a BTreeMap<u32, After>,
    ids: Mutex<&'a mut dyn Ids>,
}

impl fmt::Debug for Additions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Additions").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

impl<'a> Additions<'a> {
    /// Those of a run, by the numbers of its payload files.
    pub fn new(
        target: &'a dyn Target,
        afterwards: &'a dyn Afterwards,
        files: &'a BTreeMap<u32, After>,
        ids: &'a mut dyn Ids,
    ) -> Self {
        Self { target, afterwards, files, ids: Mutex::new(ids) }
    }
}

impl Channel for Additions<'_> {
    fn leg(&self) -> Leg {
        Leg::After
    }

    fn target(&self) -> &dyn Target {
        self.target
    }

    fn bodies(&self, folder: &Path, file: &Planned, chosen: &[usize]) -> Result<Vec<Body>> {
        let Some(after) = self.files.get(&file.number).filter(|_| !chosen.is_empty()) else {
            let nothing = || Err("nothing is kept for them in the run folder".to_owned());
            return Ok(chosen.iter().map(|_| nothing()).collect());
        };
        let people = deliver::people_of(folder, file)?;
        let asides = read(folder, after)?;
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let body = |&place: &usize| match (people.get(place), asides.get(place)) {
            (Some(person), Some(Some(aside))) => {
                Ok(ids.id(person)?.map(|id| self.afterwards.entry(&id, aside)))
            }
            _ => Ok(Err("nothing is kept for them in the run folder".to_owned())),
        };
        chosen.iter().map(body).collect()
    }

    fn whole(&self, _folder: &Path, _file: &Planned) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn limits(&self) -> Option<Limits> {
        Some(self.afterwards.limits())
    }

    fn request(&self) -> Request {
        self.afterwards.request()
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        self.afterwards.judge(answer, sent)
    }

    fn follow(&self, ticket: &str) -> Request {
        self.afterwards.follow(ticket)
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        self.afterwards.judge_follow(answer, sent)
    }

    fn repeatable(&self) -> bool {
        self.afterwards.repeatable()
    }

    fn invites(&self) -> bool {
        false
    }

    /// As that of people; where these are only read back, the work is asked for all the same.
    fn confirm(&self) -> Confirm {
        match self.target.confirm() {
            Confirm { by: ConfirmBy::ReadBack, within } => Confirm { by: ConfirmBy::Poll, within },
            confirm => confirm,
        }
    }

    fn reads_back(&self) -> bool {
        false
    }
}

/// By what means words are asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The client of the target.
    pub client: &'a Client,
    /// The rhythm of its requests.
    pub pace: &'a Pace<'a>,
    /// Attempts of one request.
    pub attempts: u32,
}

impl Asking<'_> {
    /// Asks for one word until it is answered or there have been enough attempts; then gives why it was
    /// not learned.
    fn ask(&self, afterwards: &dyn Afterwards, word: &str) -> Result<Result<Known, String>> {
        let mut attempts = Attempts::new(self.attempts, u64::from(std::process::id()));
        loop {
            if self.pace.turn() == Turn::Stopped {
                return Err(Error::Interrupted);
            }
            attempts.made();
            let (cause, why) = match self.client.send(&afterwards.ask(word), None) {
                Ok(reply) => {
                    self.pace.answered(reply.status, reply.retry_after);
                    let answer = Answer {
                        status: reply.status,
                        retry_after: reply.retry_after,
                        body: &reply.body,
                    };
                    match afterwards.read(answer, word) {
                        Ok(known) => return Ok(Ok(known)),
                        Err(Unread::Denied(why) | Unread::Wrong(why)) => return Ok(Err(why)),
                        Err(Unread::Later { after, why }) => (Cause::Throttled(after), why),
                        Err(Unread::Failed(why)) => (Cause::Transient, why),
                    }
                }
                Err(failure) => {
                    self.pace.failed();
                    (Cause::Transient, failure.why().to_owned())
                }
            };
            match attempts.pause(cause) {
                Some(pause) => self.pace.rest(pause),
                None => return Ok(Err(why)),
            }
        }
    }
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
    let bytes = deliver::lasting(&path).map_err(deliver::failed(&path))?;
    let list = serde_json::from_slice(&bytes).ok();
    list.filter(|_| hex(&Sha256::digest(&bytes)) == after.sha256)
        .ok_or_else(|| deliver::damaged(&path))
}

/// Asks which of these words the account does not have, one request for each that no answer has
/// named yet. The first that gets no answer ends it: the others would not get one either.
///
/// # Errors
/// [`Error::Interrupted`] when the user wants to stop.
pub fn unknown_words(
    afterwards: &dyn Afterwards,
    asking: &Asking<'_>,
    used: &BTreeSet<String>,
) -> Result<Words> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    let mut words = Words::default();
    for (index, word) in used.iter().enumerate() {
        if known.contains(word) {
            continue;
        }
        match asking.ask(afterwards, word)? {
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
            Err(why) => {
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
