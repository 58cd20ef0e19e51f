//! What a delivery sends and how its answers are read: people, or what they are sent once they have
//! landed. One engine sends both.

use std::path::Path;

use serde_json::value::RawValue;

use super::work::{read, verified};
use crate::batch::Limits;
use crate::error::Result;
use crate::journal::{Leg, Planned};
use crate::target::{Answer, Confirm, Progress, Request, Sent, Target, Verdict};

/// What stands in a request for one person, or why there is nothing.
pub type Body = Result<Box<RawValue>, String>;

/// Something that is sent for the people of a run.
pub trait Channel: Sync {
    /// Which of the journal's legs it is.
    fn leg(&self) -> Leg;

    /// The target.
    fn target(&self) -> &dyn Target;

    /// What is sent for the chosen people of a payload file, in their order.
    ///
    /// # Errors
    /// When a file of the run cannot be read, or is not as it was written.
    fn bodies(&self, folder: &Path, file: &Planned, chosen: &[usize]) -> Result<Vec<Body>>;

    /// The body of a request with everybody of a payload file, where the file is just that.
    ///
    /// # Errors
    /// When the file cannot be read, or is not as it was written.
    fn whole(&self, folder: &Path, file: &Planned) -> Result<Option<Vec<u8>>>;

    /// How much one request may hold, where its payload file does not see to that.
    fn limits(&self) -> Option<Limits>;

    /// The request that carries them.
    fn request(&self) -> Request;

    /// What an answer to it means.
    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict;

    /// The request that asks how queued work went.
    fn follow(&self, ticket: &str) -> Request;

    /// What an answer to that means.
    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress;

    /// Whether it may be sent again when its outcome is not known.
    fn repeatable(&self) -> bool;

    /// Whether people are mailed because of it.
    fn invites(&self) -> bool;

    /// How it is learned what became of queued work.
    fn confirm(&self) -> Confirm;

    /// Whether reading people back tells what became of it. Where it does not, a run that is carried on
    /// sends again what is still queued.
    fn reads_back(&self) -> bool;
}

/// The people themselves.
#[derive(Debug)]
pub struct People<'a>(pub &'a dyn Target);

impl Channel for People<'_> {
    fn leg(&self) -> Leg {
        Leg::People
    }

    fn target(&self) -> &dyn Target {
        self.0
    }

    fn bodies(&self, folder: &Path, file: &Planned, chosen: &[usize]) -> Result<Vec<Body>> {
        let mut people: Vec<Option<Box<RawValue>>> =
            read(folder, file)?.into_iter().map(Some).collect();
        let body = |&place: &usize| {
            let person = people.get_mut(place).and_then(Option::take);
            person.ok_or_else(|| "the payload file has no such person".to_owned())
        };
        Ok(chosen.iter().map(body).collect())
    }

    fn whole(&self, folder: &Path, file: &Planned) -> Result<Option<Vec<u8>>> {
        verified(folder, file).map(Some)
    }

    fn limits(&self) -> Option<Limits> {
        None
    }

    fn request(&self) -> Request {
        self.0.request()
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        self.0.judge(answer, sent)
    }

    fn follow(&self, ticket: &str) -> Request {
        self.0.follow(ticket)
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        self.0.judge_follow(answer, sent)
    }

    fn repeatable(&self) -> bool {
        self.0.repeatable()
    }

    fn invites(&self) -> bool {
        self.0.invites()
    }

    fn confirm(&self) -> Confirm {
        self.0.confirm()
    }

    fn reads_back(&self) -> bool {
        true
    }
}
