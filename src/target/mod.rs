//! Profile systems: what they take, how a request is made, and what an answer means.
//!
//! A target does no input or output. It is a table of fields, a frame for bodies, and two judges of
//! answers, so that every ambiguous answer of an API is a table test.

pub mod afterwards;
pub mod definition;
pub mod describe;
pub mod directory;
mod genders;
pub mod harvest;
pub mod omneo;
pub mod owners;
pub mod probe;
#[cfg(test)]
mod properties;
pub mod scim;
pub mod setting;
pub mod vome;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

pub use self::afterwards::Afterwards;
pub use self::definition::{Choosable, Definition, Type};
pub use self::directory::Directory;
pub use self::harvest::{Custom, Harvest};
pub use self::owners::Owners;
pub use self::setting::Setting;
use crate::batch::{Frame, Limits};
use crate::error::{Error, Result};
use crate::layout::Around;
use crate::mapping::Schema;
use crate::recipe::Recipe;
use crate::record::Field;
use crate::spelling::nearest;

/// What requests are made for, which decides how large they are where nobody says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To be sent by us, in calls that no server chokes on.
    #[default]
    Sending,
    /// To be kept in files and sent by other means, of which fewer are handier.
    Files,
}

/// What a request does with people who exist or do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// Makes those who are new and leaves others alone.
    Create,
    /// Changes those who exist and makes nobody.
    Update,
    /// Makes those who are new and changes those who are not.
    #[default]
    Upsert,
}

impl Operation {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Upsert => "upsert",
        }
    }
}

/// What the command line says over the recipe.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--operation`.
    pub operation: Option<Operation>,
    /// `--match`: by what the target finds people.
    pub matched_by: Option<String>,
    /// `--batch-size`: people in a request.
    pub batch_size: Option<usize>,
    /// `--rate`: requests a second.
    pub rate: Option<f64>,
    /// What the requests are made for.
    pub purpose: Purpose,
    /// Whether nobody is invited, whatever the recipe says: nobody is to be made.
    pub invites_nobody: bool,
    /// Where the API is, when the sandbox stands in for it.
    pub base_url: Option<String>,
    /// The custom fields of the account, as they were found there.
    pub definitions: Vec<Definition>,
}

impl Overrides {
    /// Puts what was said in the place of the settings that say where the API is and how often it may be asked. A
    /// stand-in may be asked as often as anybody likes.
    fn reach<U: From<String>>(&self, base_url: &mut U, rate: &mut f64) {
        if let Some(url) = &self.base_url {
            *base_url = url.clone().into();
            *rate = 0.0;
        }
        if let Some(said) = self.rate {
            *rate = said;
        }
    }
}

/// How a setting writes the key that `--match` names.
pub type WrittenKey = fn(&str) -> &str;

/// A target as it can be chosen: before a recipe has set it up.
pub struct Kind {
    /// The word for `--to` and the recipe's section.
    pub id: &'static str,
    /// Its name in messages.
    pub title: &'static str,
    /// Whether an operation that makes nobody finds people by the keys of one that does.
    pub updates_alone: bool,
    /// Its table of fields, in the order of the payload.
    pub fields: &'static [Field],
    /// Names that stand for fields which a recipe or an account defines, for tables: `custom:NAME`.
    pub defined: &'static [&'static str],
    /// The settings of its section in the recipe.
    pub settings: &'static [Setting],
    /// The setting that says what `--match` does, and how it writes what that names; nothing where the operation
    /// decides by what people are found.
    pub matched_by: Option<(&'static str, WrittenKey)>,
    /// Sets it up from the recipe.
    pub configure: fn(&Recipe, &Overrides) -> Result<Box<dyn Target>>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kind").field(&self.id).finish()
    }
}

/// Every target. To add one: its file, its `mod` line, its line here.
pub static ALL: &[&Kind] = &[&vome::KIND, &omneo::KIND, &scim::KIND];

/// The target with this id.
///
/// # Errors
/// [`Error::Usage`] when there is none.
pub fn find(id: &str) -> Result<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.id == id).ok_or_else(|| {
        let ids: Vec<&str> = ALL.iter().map(|kind| kind.id).collect();
        let near = nearest(id, ids.iter().copied());
        let near = near.map_or_else(String::new, |near| format!("did you mean {near}? "));
        Error::usage(
            format!("there is no target {id:?}"),
            format!("{near}the targets are {}; --to sandbox rehearses", ids.join(", ")),
        )
    })
}

/// How a request asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

/// One request without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// How.
    pub method: Method,
    /// Where, behind the base URL.
    pub path: String,
}

/// How a target knows who we are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The environment variable that holds the secret.
    pub variable: &'static str,
    /// The file that holds it instead, from the recipe; mode 0600.
    pub file: Option<PathBuf>,
    /// The header that carries it.
    pub header: &'static str,
    /// What stands before it in the header.
    pub prefix: &'static str,
}

/// What an answer to a request means for the people in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of them have landed, and the answer says so.
    Accepted,
    /// The target took the request and will work on it; its ticket tells how it went.
    Queued {
        /// The target's id for the work.
        ticket: String,
    },
    /// The target took the request and will work on it, and nothing is given by which that can be
    /// followed.
    Taken,
    /// None of them has landed, for a reason that lies in the people.
    Refused {
        /// The target's words.
        why: String,
        /// Whether they say that the target has somebody of them already: it would have taken others.
        exists: bool,
        /// Those who are at fault, each place once, when the answer says who; the others are to be
        /// sent again. Nobody, where it does not say.
        named: Vec<Named>,
    },
    /// Some have landed and some were refused, and the answer does not say who.
    Unsorted {
        /// The target's words.
        why: String,
        /// How many have landed; at least one was refused.
        landed: usize,
    },
    /// Some have landed and some were refused; one reason for each that was.
    Partial {
        /// Places in the request and the target's words.
        refused: Vec<(usize, String)>,
    },
    /// The answer says of each of them what became of it, in the order sent.
    Each(Vec<Judged>),
    /// The request was too large and nothing of it was taken.
    TooLarge,
    /// Nothing was done; ask again, not before this time.
    Later {
        /// What `Retry-After` says.
        after: Option<Duration>,
        /// The target's words.
        why: String,
    },
    /// It cannot be told whether anything has landed.
    Ambiguous {
        /// What came instead of an answer.
        why: String,
    },
    /// No request of this run can succeed: credentials, address, rights.
    Stop {
        /// The target's words.
        why: String,
        /// What to do.
        help: String,
    },
}

/// Somebody whom the refusal of a whole request names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The place in the request.
    pub place: usize,
    /// The target's words.
    pub why: String,
    /// Whether they say that the target has the person already.
    pub exists: bool,
}

/// What an answer says of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// Landed.
    Landed,
    /// Refused, in these words, for a reason that lies in the person.
    Refused(String),
    /// Refused, in these words, because the target has the person already: it would have taken others.
    Exists(String),
    /// Not taken up, in these words; to be sent again.
    Later(String),
    /// It cannot be told; in these words.
    Unknown(String),
}

/// What an answer to a question about queued work means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is still under way.
    Pending,
    /// It is done.
    Done(Verdict),
}

/// How it is learned what became of people whom a target has taken into a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ConfirmBy {
    /// The target is asked how the work goes; where it does not say, people are read back.
    #[default]
    Poll,
    /// People are read back.
    ReadBack,
    /// Not at all: they stay queued and unverified.
    None,
}

/// By what means, and for how long, queued work is followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Confirm {
    /// The means.
    pub by: ConfirmBy,
    /// How long.
    pub within: Duration,
}

/// An answer as it came over the wire.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, read.
    pub retry_after: Option<Duration>,
    /// The body, whole.
    pub body: &'a [u8],
}

/// The people of one request. Most answers are understood by their number alone, so that they are taken
/// apart only when somebody asks for them.
pub trait Group {
    /// How many they are.
    fn count(&self) -> usize;

    /// Each as it was sent.
    fn people(&self) -> Vec<&RawValue>;
}

impl Group for Vec<&RawValue> {
    fn count(&self) -> usize {
        self.len()
    }

    fn people(&self) -> Vec<&RawValue> {
        self.clone()
    }
}

/// The people of a request, as it was sent.
pub type Sent<'a> = &'a dyn Group;

/// A target that is set up. Pure: no method waits, reads or writes.
pub trait Target: Send + Sync + fmt::Debug {
    /// Which target this is.
    fn kind(&self) -> &'static Kind;

    /// The fields that it takes.
    fn schema(&self) -> Schema;

    /// Stops where requests cannot be made of what is known so far. Reading from the target needs less.
    ///
    /// # Errors
    /// When the recipe or the account must say something more, or contradict each other.
    fn check_ready(&self) -> Result<()> {
        Ok(())
    }

    /// The object that everybody is sent with, though nothing is in it.
    fn container(&self) -> Option<&'static str> {
        None
    }

    /// What a request does with people.
    fn operation(&self) -> Operation {
        Operation::Upsert
    }

    /// The same with the key by which they are found, in a few words: `upsert by e-mail address`.
    fn action(&self) -> String {
        let key = self.match_field();
        let key = if key == "email" { "e-mail address" } else { key };
        format!("{} by {key}", self.operation().word())
    }

    /// The field by which it finds people.
    fn match_field(&self) -> &str;

    /// Constants around a field's value, given the fields in use.
    fn around(&self, used: &[Field], field: &Field) -> Around;

    /// What stands around the people in a request body.
    fn frame(&self) -> Frame;

    /// How much one request may hold.
    fn limits(&self) -> Limits;

    /// Where the API is.
    ///
    /// # Errors
    /// [`Error::Usage`] when the recipe must say it and does not.
    fn base_url(&self) -> Result<String>;

    /// How it knows who we are.
    fn credential(&self) -> Credential;

    /// The least time between two requests.
    fn interval(&self) -> Duration;

    /// The media type of bodies.
    fn media_type(&self) -> &'static str {
        "application/json"
    }

    /// The request that carries a batch.
    fn request(&self) -> Request;

    /// What an answer to that request means for the people in it.
    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict;

    /// The request that asks how queued work went.
    fn follow(&self, ticket: &str) -> Request;

    /// What an answer to that request means.
    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress;

    /// The fields that an account defines for itself; nothing where its profiles show none.
    fn custom(&self) -> Option<Custom>;

    /// How its profiles are read back.
    fn directory(&self) -> &dyn Directory;

    /// What people are sent once their profiles have landed; nothing where all goes at once.
    fn afterwards(&self) -> Option<&dyn Afterwards> {
        None
    }

    /// How it is learned, before anything is sent, whose the ids of people are; nothing where they have
    /// none but the match key, or the recipe does without.
    fn owners(&self) -> Option<&dyn Owners> {
        None
    }

    /// How it is learned what became of queued work.
    fn confirm(&self) -> Confirm;

    /// Whether the request that carries a batch may be sent again when its outcome is unknown: an
    /// update by a key may, a creation may not.
    fn repeatable(&self) -> bool;

    /// What a push does beside storing people, in one line.
    fn side_effects(&self) -> String;

    /// Whether people are mailed because of a push.
    fn invites(&self) -> bool;

    /// What a live account can be asked; none where its documents leave nothing open.
    fn prober(&self) -> Option<&dyn probe::Prober> {
        None
    }
}

/// What every HTTP API means by a status that the target's own documents leave open.
pub(crate) fn judge_status(answer: Answer<'_>, why: String) -> Verdict {
    match answer.status {
        401 | 403 => Verdict::Stop {
            why,
            help: "check the key, its rights and that it has not expired".to_owned(),
        },
        300..=399 | 404 | 405 | 415 => Verdict::Stop {
            why,
            help: "check base_url and the endpoint in the recipe; redirects are never followed \
                   with a key or with people's data"
                .to_owned(),
        },
        413 => Verdict::TooLarge,
        429 => Verdict::Later { after: answer.retry_after, why },
        // Without a time to come back it may be any failure behind a gateway.
        503 if answer.retry_after.is_some() => Verdict::Later { after: answer.retry_after, why },
        400..=407 | 409..=499 => Verdict::Refused { why, exists: false, named: Vec::new() },
        _ => Verdict::Ambiguous { why },
    }
}

/// The beginning of an answer that has no known form, for a message.
pub(crate) fn excerpt(answer: Answer<'_>) -> String {
    let text = String::from_utf8_lossy(answer.body);
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = line.chars().take(200).collect();
    if short.is_empty() {
        format!("status {}", answer.status)
    } else {
        format!("status {}: {short}", answer.status)
    }
}

/// The settings that every target has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Common {
    /// People in a request.
    pub(crate) batch_size: usize,
    /// The most of them that the target takes.
    pub(crate) most: Option<usize>,
    /// Bytes in a request.
    pub(crate) batch_bytes: usize,
    /// Requests a second.
    pub(crate) rate: f64,
    /// Profiles on a page.
    pub(crate) page_size: u64,
}

impl Common {
    /// Refuses settings that no request could follow, each where the recipe says it.
    pub(crate) fn check(self, kind: &Kind, recipe: &Recipe, overrides: &Overrides) -> Result<()> {
        let (id, size, rate) = (kind.id, self.batch_size, self.rate);
        let refused =
            |key: &str, what, help: String| Err(recipe.at(&[id, key], Error::usage(what, help)));
        if size == 0 || self.most.is_some_and(|most| size > most) {
            let help = match self.most {
                Some(most) => format!("{} takes 1 to {most} people in a request", kind.title),
                None => "give at least 1".to_owned(),
            };
            let what = format!("a batch size of {size} cannot be sent");
            return match overrides.batch_size {
                Some(_) => Err(Error::usage(what, help)),
                None => refused("batch_size", what, help),
            };
        }
        if self.batch_bytes == 0 {
            let what = "a request of no bytes cannot be sent".to_owned();
            return refused("batch_bytes", what, "give a number such as 1048576".to_owned());
        }
        if !rate.is_finite() || rate < 0.0 {
            let what = format!("a rate of {rate} requests a second makes no sense");
            let help = "give a number such as 1 or 0.5; 0 means without limit".to_owned();
            return refused("rate", what, help);
        }
        if !(1..=100).contains(&self.page_size) {
            let what = format!("[{id}] page_size = {} cannot be asked for", self.page_size);
            return refused("page_size", what, "give 1 to 100 profiles a page".to_owned());
        }
        Ok(())
    }
}

/// The time between two requests at so many a second; none at 0.
pub(crate) fn interval(rate: f64) -> Duration {
    if rate > 0.0 { Duration::from_secs_f64(1.0 / rate.max(0.001)) } else { Duration::ZERO }
}

/// A path in a recipe is relative to the recipe.
pub(crate) fn beside_recipe(recipe: &Recipe, file: &std::path::Path) -> PathBuf {
    match recipe.path.as_ref().and_then(|path| path.parent()) {
        Some(folder) => folder.join(file),
        None => file.to_owned(),
    }
}
