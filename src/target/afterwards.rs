//! What people are sent once their profiles have landed, because it needs the target's own ids: the
//! request, its body, what its answers mean, and what has to be known before anything is sent.
//!
//! Pure, as all of a target is; [`crate::writer::after`] is how a delivery sends it.

use serde_json::value::RawValue;

use super::directory::Unread;
use super::{Answer, Progress, Request, Sent, Verdict};
use crate::batch::{Frame, Limits};

/// A second request about people who have landed.
pub trait Afterwards: Sync {
    /// What it brings them, one of it and several: `status`, `statuses`.
    fn what(&self) -> [&'static str; 2];

    /// The request that carries a batch.
    fn request(&self) -> Request;

    /// What stands around the entries in its body.
    fn frame(&self) -> Frame;

    /// How much it may hold.
    fn limits(&self) -> Limits;

    /// The entry of one person: the target's id of the profile, and what was kept apart when the person
    /// was sent ([`crate::layout::Around::aside`]).
    fn entry(&self, id: &str, aside: &RawValue) -> Box<RawValue>;

    /// What an answer to that request means for the entries in it.
    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict;

    /// The request that asks how queued work went.
    fn follow(&self, ticket: &str) -> Request;

    /// What an answer to that request means.
    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress;

    /// Whether the request may be sent again when its outcome is unknown.
    fn repeatable(&self) -> bool;

    /// The words in what was kept apart that the account must know, or they would be lost.
    fn words(&self, aside: &RawValue) -> Vec<String>;

    /// The request that asks whether the account knows a word.
    fn ask(&self, word: &str) -> Request;

    /// What an answer to it says.
    ///
    /// # Errors
    /// [`Unread`], which says whether asking again is of any use.
    fn read(&self, answer: Answer<'_>, word: &str) -> Result<Known, Unread>;
}

/// What an account says of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has these words, and the one that was asked for is among them or is not there.
    Words(Vec<String>),
    /// It lists words without the one that was asked for, and has more than it lists.
    Partly(Vec<String>),
}
