//! How the profiles of a target are read back: the requests, what their answers mean, whose profile it
//! is, and in what it differs from what was sent.
//!
//! Nothing here reads or waits: [`crate::readback`] asks. What a target's documents say of its
//! reading stands in its `read.rs`, as a table.

pub(crate) mod reversal;
pub(crate) mod same;
pub(crate) mod sendable;

use std::fmt;
use std::time::Duration;

use serde_json::Value as Json;

pub use self::reversal::{Reversal, Selection, Values};
pub(crate) use self::same::is_nothing;
use super::{Answer, Request, excerpt};
pub(crate) use crate::layout::escape;
use crate::record::Field;
use crate::validate;

/// A match key in the form in which keys are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// The key of an e-mail address: two spellings of one mailbox have one key.
    pub fn email(text: &str) -> Option<Self> {
        Self::exact(&validate::mailbox(text.trim()))
    }

    /// The key of an id: trimmed, its case counts.
    pub fn exact(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.into()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The match key.
    pub key: Key,
    /// The key as it was sent, which is how a target is asked for it.
    pub spelling: Box<str>,
}

impl Wanted {
    /// Whoever has this e-mail address.
    pub fn email(text: &str) -> Option<Self> {
        Some(Self { key: Key::email(text)?, spelling: text.trim().into() })
    }

    /// Whoever has this id.
    pub fn exact(text: &str) -> Option<Self> {
        Some(Self { key: Key::exact(text)?, spelling: text.trim().into() })
    }
}

/// What an answer was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The page of this number, from 1.
    Page(u64),
    /// Whoever has a certain key.
    Key,
}

/// One page of profiles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The profiles, as the target shows them.
    pub profiles: Vec<Json>,
    /// Whether there is none behind it.
    pub last: bool,
    /// How many profiles there are in all, where the answer says.
    pub total: Option<u64>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The key is not taken, or lacks the right to read.
    Denied(String),
    /// Ask again, not before this time.
    Later {
        /// What `Retry-After` says.
        after: Option<Duration>,
        /// The target's words.
        why: String,
    },
    /// The target failed; it may do better when it is asked again.
    Failed(String),
    /// It would say the same again: a wrong path, or an answer of a form that nobody knows.
    Wrong(String),
}

/// One field of a profile that is not as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The field, by the target's own name for it.
    pub field: String,
    /// What was sent.
    pub sent: Json,
    /// What the profile shows in its place, if anything.
    pub found: Option<Json>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.found.as_ref().unwrap_or(&Json::Null);
        write!(f, "{} was sent as {} and is {found}", self.field, self.sent)
    }
}

/// How a target's profiles are read. Pure: no method waits, reads or writes.
pub trait Directory {
    /// By what profiles are matched, in a word or two that never change: `email`.
    fn matched_by(&self) -> String;

    /// How many profiles a page holds.
    fn page_size(&self) -> u64;

    /// The request for a page, from 1.
    fn page(&self, number: u64) -> Request;

    /// The requests that ask for one key, in the order in which they are tried until one finds
    /// somebody; none where the API cannot be asked that.
    fn ask(&self, wanted: &Wanted) -> Vec<Request>;

    /// The body of such a request, where it has one.
    fn body(&self, wanted: &Wanted) -> Option<Vec<u8>> {
        let _ = wanted;
        None
    }

    /// What an answer to such a request holds.
    ///
    /// # Errors
    /// [`Unread`], which says whether asking again is of any use.
    fn read(&self, answer: Answer<'_>, asked: Asked) -> Result<Page, Unread>;

    /// The match key of a person as sent.
    fn wanted(&self, sent: &Json) -> Option<Wanted>;

    /// The match keys of a profile as read; more than one where it has several ids of one kind.
    fn keys(&self, profile: &Json) -> Vec<Key>;

    /// Whether nobody can be without a match key, so that profiles that show none are shown in part.
    fn has_each_a_key(&self) -> bool {
        false
    }

    /// The target's own id of a profile.
    fn id(&self, profile: &Json) -> Option<String>;

    /// In what a profile differs from a person as sent. What was not sent is not compared.
    fn differences(&self, sent: &Json, profile: &Json) -> Vec<Difference>;

    /// A person of these fields of one as sent, and the key: with what a profile shows in place of what was sent,
    /// or with what was sent. A field that cannot be written as it is shown is left out.
    fn select(&self, sent: &Json, profile: &Json, fields: &[&str], values: Values) -> Selection {
        let _ = (sent, profile, fields, values);
        Selection::default()
    }
}

/// The JSON of an answer that succeeded.
///
/// Only 200 is a success of a reading. The statuses are those of RFC 9110 and RFC 6585.
pub(crate) fn open(answer: Answer<'_>) -> Result<Json, Unread> {
    match answer.status {
        200 => serde_json::from_slice(answer.body)
            .map_err(|_| Unread::Failed("a success without a readable body".to_owned())),
        401 | 403 => Err(Unread::Denied(excerpt(answer))),
        429 => Err(Unread::Later { after: answer.retry_after, why: excerpt(answer) }),
        503 if answer.retry_after.is_some() => {
            Err(Unread::Later { after: answer.retry_after, why: excerpt(answer) })
        }
        408 | 500..=599 => Err(Unread::Failed(excerpt(answer))),
        _ => Err(Unread::Wrong(excerpt(answer))),
    }
}

/// A count, which some documents print as a number and others as text.
pub(crate) fn count(value: Option<&Json>) -> Option<u64> {
    match value? {
        Json::Number(number) => number.as_u64(),
        Json::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The text of an id or a key, which may be a number.
pub(crate) fn word(value: Option<&Json>) -> Option<String> {
    match value? {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a page is the last, by what its answer says (targets may contradict themselves): `next`
/// is there and empty; or nobody is on the page; or the pages so far hold everybody, which counts
/// only for a page of the size that was asked for, because a target may hand out smaller ones.
pub(crate) fn is_last(page: &Page, next: Option<&Json>, number: u64, size: u64) -> bool {
    if page.profiles.is_empty() || next.is_some_and(is_nothing) {
        return true;
    }
    let whole = page.profiles.len() as u64 >= size;
    match page.total {
        Some(total) if whole || next.is_none() => number.saturating_mul(size) >= total,
        Some(_) => false,
        None => next.is_none() && !whole,
    }
}

/// The field's name for what stands at a path of the payload; the path itself where no field does.
pub(crate) fn name_of(fields: &[Field], path: &str) -> String {
    let field = fields.iter().find(|field| field.path == path);
    field.map_or_else(|| path.to_owned(), |field| field.name.clone().into_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_compare_as_the_uniqueness_of_a_file_does() {
        assert_eq!(Key::email(" ADA@Example.ORG "), Key::email("ada@example.org"));
        assert_eq!(Key::email("a@bücher.example"), Key::email("a@xn--bcher-kva.example"));
        assert_ne!(Key::exact("ab"), Key::exact("AB"));
        assert_eq!(Key::exact(" 007 ").unwrap().as_str(), "007");
        assert_eq!((Key::email("  "), Key::exact("")), (None, None));
        let wanted = Wanted::email(" Ada@Example.org").unwrap();
        assert_eq!(
            (wanted.key.as_str(), &*wanted.spelling),
            ("ada@example.org", "Ada@Example.org")
        );
    }

    #[test]
    fn an_answer_says_whether_asking_again_is_of_use() {
        let later = |after| Unread::Later { after, why: "status 429".to_owned() };
        let second = Some(Duration::from_secs(1));
        for (status, after, body, expected) in [
            (200, None, "{}", Ok(json!({}))),
            (200, None, "[]", Ok(json!([]))),
            (200, None, "<html>", Err(Unread::Failed("a success without a readable body".into()))),
            (200, None, "", Err(Unread::Failed("a success without a readable body".into()))),
            (204, None, "", Err(Unread::Wrong("status 204".into()))),
            (301, None, "", Err(Unread::Wrong("status 301".into()))),
            (401, None, "", Err(Unread::Denied("status 401".into()))),
            (403, None, "no", Err(Unread::Denied("status 403: no".into()))),
            (404, None, "", Err(Unread::Wrong("status 404".into()))),
            (408, None, "", Err(Unread::Failed("status 408".into()))),
            (422, None, "", Err(Unread::Wrong("status 422".into()))),
            (429, None, "", Err(later(None))),
            (429, second, "", Err(later(second))),
            (500, None, "", Err(Unread::Failed("status 500".into()))),
            (503, None, "", Err(Unread::Failed("status 503".into()))),
        ] {
            let answer = Answer { status, retry_after: after, body: body.as_bytes() };
            assert_eq!(open(answer), expected, "{status} {body}");
        }
        let answer = Answer { status: 503, retry_after: second, body: b"" };
        assert!(matches!(open(answer), Err(Unread::Later { .. })));
    }

    #[test]
    fn the_last_page_is_told_from_answers_that_contradict_themselves() {
        let url = json!("http://api.example.org/?page=2");
        let null = Json::Null;
        let many =
            |people: usize, total| Page { profiles: vec![json!({}); people], last: false, total };
        for (page, next, number, expected, why) in [
            (many(10, Some(25)), Some(&url), 1, false, "there are more"),
            (many(5, Some(25)), Some(&null), 3, true, "no page behind it"),
            (many(10, Some(791)), Some(&null), 20, true, "as in the documents' own example"),
            (many(0, Some(25)), Some(&url), 2, true, "nobody is on it"),
            (many(10, Some(20)), Some(&url), 2, true, "everybody has been shown"),
            (many(4, Some(20)), Some(&url), 2, false, "pages are smaller than asked for"),
            (many(10, None), Some(&url), 1, false, "no count, but a next page"),
            (many(10, None), None, 1, false, "neither count nor next"),
            (many(4, None), None, 1, true, "neither, and the page is not full"),
            (many(4, Some(4)), None, 1, true, "the count alone tells"),
            (many(10, Some(11)), None, 1, false, "the count alone tells"),
        ] {
            assert_eq!(is_last(&page, next, number, 10), expected, "{why}");
        }
    }
}
