//! What is to be done with one person of a run that is undone, by what the target shows of them now.

use serde_json::Value as Json;

use super::left::Why;
use crate::command::plan::before::Before;
use crate::error::Result;
use crate::readback::{Found, Seen};
use crate::target::directory::{Directory, Reversal, Wanted};

/// What is to be done, and by what the person is found in the target.
#[derive(Debug, PartialEq)]
pub(super) struct Weighed {
    /// What is to be done.
    pub(super) verdict: Verdict,
    /// The match key, as it was sent.
    pub(super) key: String,
    /// The target's id of the profile, where there is one profile.
    pub(super) id: Option<String>,
}

/// What is to be done with a person.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// The fields that the run has changed are as it sent them: this person brings back what was there.
    Restore {
        /// The person to be sent.
        person: Json,
        /// The fields that cannot be brought back.
        lost: Vec<String>,
    },
    /// Everything is as it was sent, and nothing of it can be brought back.
    Lost(Vec<String>),
    /// Nothing is done, for this reason, which lies in these fields where it lies in any.
    Left(Why, Vec<String>),
}

/// Weighs a person as sent, of whom a plan knows what there was before.
///
/// # Errors
/// When what was found cannot be read.
pub(super) fn weigh(
    directory: &dyn Directory,
    found: &Found,
    sent: &Json,
    before: &Before,
) -> Result<Weighed> {
    let Some(Wanted { key, spelling }) = directory.wanted(sent) else {
        let verdict = Verdict::Left(Why::Untold, Vec::new());
        return Ok(Weighed { verdict, key: String::new(), id: None });
    };
    let left = |why| Verdict::Left(why, Vec::new());
    let mut id = None;
    let verdict = match (found.look(&key)?, before) {
        (Seen::Absent, _) => left(Why::Gone),
        (Seen::One(profile), before) => {
            id = directory.id(&profile);
            match before {
                Before::Made => left(Why::Made),
                Before::Changed(reversal) => held(directory, sent, &profile, reversal),
                Before::Same | Before::Untold => left(Why::Untold),
            }
        }
        (Seen::Several(_) | Seen::Unknown(_), _) => left(Why::Untold),
    };
    Ok(Weighed { verdict, key: spelling.into(), id })
}

/// Holds a profile against what was sent and against what there was before. A field that shows either counts
/// as untouched; only those that the run has changed count at all.
fn held(directory: &dyn Directory, sent: &Json, now: &Json, reversal: &Reversal) -> Verdict {
    let Reversal { person, fields, lost } = reversal;
    let names = |person: &Json| -> Vec<String> {
        directory.differences(person, now).into_iter().map(|one| one.field).collect()
    };
    let not_as_sent = names(sent);
    let not_as_before = if fields.is_empty() { Vec::new() } else { names(person) };
    let is_edited = |field: &&String| {
        not_as_sent.contains(field) && (lost.contains(field) || not_as_before.contains(field))
    };
    let edited: Vec<String> = fields.iter().chain(lost).filter(is_edited).cloned().collect();
    if !edited.is_empty() {
        return Verdict::Left(Why::Edited, edited);
    }
    if not_as_before.is_empty() {
        return match lost.as_slice() {
            [] => Verdict::Left(Why::Back, Vec::new()),
            lost => Verdict::Lost(lost.to_vec()),
        };
    }
    Verdict::Restore { person: person.clone(), lost: lost.clone() }
}
