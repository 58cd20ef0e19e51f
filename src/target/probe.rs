//! Questions that only a live account can answer: what is asked, by which requests, and what the
//! answers mean.
//!
//! Nothing here sends or waits: [`crate::probe`] does. A question is a function of what was heard so
//! far, which gives the next request or what was learned, so that every answer of an API is a row of
//! a test table. Requests that write go to one profile, the user's own, with the values that it has.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;

use super::directory::{Asked, Directory, Unread};
use super::{Answer, Method, Request, excerpt};

/// One question.
#[derive(Debug)]
pub struct Question {
    /// Its word for `--only`; it never changes.
    pub id: &'static str,
    /// The question in plain words.
    pub asks: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// The settings that it decides, by their names in the recipe; none where it only informs.
    pub decides: &'static [&'static str],
    /// What it sends at most.
    pub sends: Sends,
    /// Whether nothing of it can be asked without a profile of the user's own.
    pub person: bool,
    /// How to find out where it cannot be told.
    pub by_hand: &'static str,
}

/// How many requests of each kind a question makes at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sends {
    /// Requests that read.
    pub reads: u8,
    /// Requests to an endpoint that writes, of a form that can change nobody.
    pub harmless: u8,
    /// Writes of the user's own profile, with its own values.
    pub own: u8,
}

impl Sends {
    /// In words.
    pub fn words(self) -> String {
        let many = |count: u8, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("up to {count} {more}")),
        };
        let parts = [
            many(self.reads, "request that reads", "requests that read"),
            many(
                self.harmless,
                "request that can change nobody",
                "requests that can change nobody",
            ),
            many(self.own, "write of your profile", "writes of your profile"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { "nothing".to_owned() } else { parts.join(", ") }
    }
}

/// Whom a request can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touch {
    /// It reads.
    Nobody,
    /// It goes to an endpoint that writes, and is of a form that can change nobody.
    Harmless,
    /// The user's own profile, which it gives the values that it has.
    Own,
}

/// One request of a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// How and where.
    pub request: Request,
    /// The body.
    pub body: Option<Json>,
    /// Whom it can change.
    pub touch: Touch,
    /// Whether to pause before it, because what it asks about is under way.
    pub pause: bool,
    /// Whether 401 and 403 are answers to the question, and not the end of all.
    pub may_be_denied: bool,
}

impl Call {
    /// A reading.
    pub fn read(path: impl Into<String>) -> Self {
        Self {
            request: Request { method: Method::Get, path: path.into() },
            body: None,
            touch: Touch::Nobody,
            pause: false,
            may_be_denied: false,
        }
    }

    /// A request with a body.
    pub fn write(request: Request, body: Json, touch: Touch) -> Self {
        Self { request, body: Some(body), touch, pause: false, may_be_denied: false }
    }
}

/// What was heard to one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The status.
    pub status: u16,
    /// The body, whole.
    pub body: Vec<u8>,
    /// Whether the user's profile was otherwise afterwards; only after a request that can change it,
    /// and only where it could be read.
    pub changed: Option<bool>,
}

impl Heard {
    /// In the form in which targets judge answers.
    pub fn answer(&self) -> Answer<'_> {
        Answer { status: self.status, retry_after: None, body: &self.body }
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Status and words, for people.
    pub fn words(&self) -> String {
        excerpt(self.answer())
    }

    /// Whether it is a success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether nothing takes such a request at that address.
    pub fn is_absent(&self) -> bool {
        matches!(self.status, 300..=399 | 404 | 405 | 501)
    }
}

/// What is known when a question is asked.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The user's own profile, as the target shows it.
    pub person: Option<&'a Json>,
    /// What was learned before, by question.
    pub learned: &'a BTreeMap<&'static str, Learned>,
    /// What the headers of answers said of limits.
    pub limits: &'a BTreeMap<String, String>,
    /// How often the target asked for patience, and for how long at most.
    pub patience: (u64, Option<Duration>),
}

/// A setting of the recipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The section and the keys below it, with dots between them.
    pub name: &'static str,
    /// The value.
    pub value: toml::Value,
}

/// What was learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// The answer, or why it cannot be told.
    pub answer: Result<String, String>,
    /// The settings that follow.
    pub settings: Vec<Setting>,
    /// A word for other questions.
    pub mark: &'static str,
    /// What it rests on.
    pub evidence: Vec<String>,
}

impl Learned {
    /// An answer, resting on what was heard.
    pub fn told(answer: impl Into<String>, heard: &[Heard]) -> Self {
        Self {
            answer: Ok(answer.into()),
            settings: Vec::new(),
            mark: "",
            evidence: evidence(heard),
        }
    }

    /// No answer, for a reason.
    pub fn open(why: impl Into<String>, heard: &[Heard]) -> Self {
        Self { answer: Err(why.into()), settings: Vec::new(), mark: "", evidence: evidence(heard) }
    }

    /// With a setting.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl Into<toml::Value>) -> Self {
        self.settings.push(Setting { name, value: value.into() });
        self
    }

    /// With a word for other questions.
    #[must_use]
    pub fn marked(mut self, mark: &'static str) -> Self {
        self.mark = mark;
        self
    }
}

fn evidence(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(Heard::words).collect()
}

/// What to do next for a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Ask this.
    Ask(Box<Call>),
    /// Enough was heard.
    Done(Learned),
}

impl From<Call> for Step {
    fn from(call: Call) -> Self {
        Self::Ask(Box::new(call))
    }
}

impl From<Learned> for Step {
    fn from(learned: Learned) -> Self {
        Self::Done(learned)
    }
}

/// A target that can be asked. Pure: no method waits, reads or writes.
pub trait Prober {
    /// Every question, in the order in which they are asked.
    fn questions(&self) -> Vec<&'static Question>;

    /// What to do next for a question, by what was heard so far.
    fn step(&self, question: &'static str, known: &Known<'_>, heard: &[Heard]) -> Step;

    /// The request that finds whoever has an e-mail address; none where everybody must be read.
    fn find(&self, email: &str) -> Option<Request>;

    /// The e-mail address of a profile.
    fn email(&self, profile: &Json) -> Option<String>;

    /// A profile in a line, for its owner to recognise.
    fn show(&self, profile: &Json) -> String;

    /// A profile without what the target changes by itself, to be compared.
    fn state(&self, profile: &Json) -> Json;

    /// The writes that give a profile the values that it had, in the order in which they are tried.
    fn restore(&self, before: &Json) -> Vec<Call>;

    /// Whether a write is queued, so that it shows only some time after its answer.
    fn queues(&self) -> bool;

    /// What writing to a profile sets off beside the write; empty where it is nothing.
    fn side_effects(&self) -> &'static str;

    /// A profile that stands for the user's own when requests are shown and none is sent.
    fn sketch(&self, email: &str) -> Json;
}

/// So many profiles, in words.
pub(crate) fn profiles(count: u64) -> String {
    if count == 1 { "1 profile".to_owned() } else { format!("{count} profiles") }
}

/// The sizes of pages that are asked for, until one is given.
const SIZES: [u64; 4] = [100, 50, 20, 10];

/// The question how many profiles a page holds at most.
pub(crate) fn page_size(
    heard: &[Heard],
    directory: &dyn Directory,
    setting: &'static str,
    ask: impl Fn(u64) -> Call,
) -> Step {
    let next = SIZES.get(heard.len());
    let Some((last, asked)) = heard.last().zip(SIZES.get(heard.len().wrapping_sub(1))) else {
        return ask(SIZES[0]).into();
    };
    let page = match directory.read(last.answer(), Asked::Page(1)) {
        Ok(page) => page,
        Err(Unread::Wrong(_)) if (400..500).contains(&last.status) => match next {
            Some(size) => return ask(*size).into(),
            None => return Learned::open("pages of every size are refused", heard).into(),
        },
        Err(_) => return Learned::open("the page cannot be read", heard).into(),
    };
    let shown = page.profiles.len() as u64;
    let (value, answer) = match page.total {
        Some(total) if shown < *asked && shown < total && shown > 0 => {
            (shown, format!("{shown}: more are asked for and not given"))
        }
        _ if shown >= *asked && heard.len() == 1 => (*asked, format!("at least {asked}")),
        _ if heard.len() > 1 => (*asked, format!("{asked} are taken, more are refused")),
        _ => (
            *asked,
            format!(
                "{asked} may be asked for; there are only {shown}, so that a lower limit cannot show"
            ),
        ),
    };
    let mut learned = Learned::told(answer, &[]);
    let evidence = heard.iter().zip(SIZES).map(|(heard, size)| match heard.status {
        200 => format!("status 200 to a page of {size}: {}", profiles(shown)),
        _ => format!("a page of {size}: {}", heard.words()),
    });
    learned.evidence = evidence.collect();
    learned.set(setting, i64::try_from(value).unwrap_or(100)).into()
}

/// The question what the target says of its limits, which sends nothing.
pub(crate) fn throttle(known: &Known<'_>, setting: &'static str) -> Step {
    let (times, longest) = known.patience;
    let mut learned = match rate(known.limits) {
        Some((rate, why)) => Learned::told(why, &[]).set(setting, rate),
        None if known.limits.is_empty() && times == 0 => {
            Learned::told("no answer spoke of a limit, and none asked for patience", &[])
        }
        None => Learned::open("there is a limit, but the answers do not say of what time", &[]),
    };
    let seen = known.limits.iter().map(|(name, value)| format!("{name}: {value}"));
    learned.evidence = seen.collect();
    if times > 0 {
        let wait = longest.map_or(String::new(), |wait| format!(", for {} s", wait.as_secs()));
        learned.evidence.push(format!("patience was asked for {times} times{wait}"));
    }
    learned.into()
}

/// Requests a second, from headers that say how many in which time: `100;w=60`, as the drafts of the
/// IETF on "`RateLimit` header fields for HTTP" write it.
fn rate(limits: &BTreeMap<String, String>) -> Option<(f64, String)> {
    let number = |text: &str| text.trim().trim_matches('"').parse::<u32>().ok();
    let policy = |value: &str| {
        let mut parts = value.split(';').map(str::trim);
        let first = parts.next().and_then(number);
        let (mut quota, mut window) = (first, None);
        for part in parts {
            match part.split_once('=') {
                Some(("w", seconds)) => window = number(seconds),
                Some(("q", count)) => quota = number(count),
                _ => {}
            }
        }
        quota.zip(window).filter(|(quota, window)| *quota > 0 && *window > 0)
    };
    let policies = limits.values().flat_map(|value| value.split(','));
    let slowest = policies
        .filter_map(policy)
        .map(|(quota, window)| (f64::from(quota) / f64::from(window), quota, window))
        .min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (rate, quota, window) = slowest;
    // Rounded down, so that the limit is kept.
    let rate = ((rate * 100.0).floor() / 100.0).max(0.01);
    Some((rate, format!("{quota} requests in {window} seconds")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn limits_are_read_where_they_say_of_what_time() {
        for (pairs, expected) in [
            (&[("ratelimit-policy", "100;w=60")][..], Some(1.66)),
            (&[("ratelimit-policy", "\"default\";q=10;w=1, \"day\";q=8640;w=86400")], Some(0.1)),
            (&[("ratelimit-limit", "100, 100;w=50")], Some(2.0)),
            (&[("x-ratelimit-limit", "60"), ("x-ratelimit-remaining", "59")], None),
            (&[("ratelimit-policy", "0;w=60")], None),
            (&[("ratelimit-policy", "1;w=1000")], Some(0.01)),
        ] {
            assert_eq!(rate(&limits(pairs)).map(|(rate, _)| rate), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_limit_without_a_time_stays_open_and_none_is_an_answer() {
        let learned = BTreeMap::new();
        for (pairs, patience, told) in [
            (&[][..], (0, None), true),
            (&[("x-ratelimit-limit", "60")], (0, None), false),
            (&[], (2, Some(Duration::from_secs(3))), false),
            (&[("ratelimit-policy", "60;w=60")], (1, None), true),
        ] {
            let limits = limits(pairs);
            let known = Known { person: None, learned: &learned, limits: &limits, patience };
            let Step::Done(found) = throttle(&known, "vome.rate") else { panic!("it asks") };
            assert_eq!(found.answer.is_ok(), told, "{pairs:?} {patience:?}: {found:?}");
            assert_eq!(found.settings.is_empty(), !pairs.iter().any(|(_, v)| v.contains("w=")));
        }
    }

    #[test]
    fn what_is_sent_is_said() {
        let words = |reads, harmless, own| Sends { reads, harmless, own }.words();
        assert_eq!(words(1, 0, 0), "1 request that reads");
        assert_eq!(
            words(0, 3, 2),
            "up to 3 requests that can change nobody, up to 2 writes of your profile"
        );
        assert_eq!(words(0, 0, 0), "nothing");
    }
}
