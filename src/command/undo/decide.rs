//! What is to be done with one person of a run that is undone, by what the target shows of them now.

use serde_json::Value as Json;

use super::left::Why;
use crate::command::plan::before::Before;
use crate::error::Result;
use crate::readback::{Found, Seen};
use crate::target::directory::{Difference, Directory, Reversal, Values, Wanted, is_nothing};

/// What is to be done, and by what the person is found in the target.
#[derive(Debug, PartialEq)]
pub(super) struct Decided {
    /// What is to be done.
    pub(super) decision: Decision,
    /// The match key, as it was sent.
    pub(super) key: String,
    /// The target's id of the profile, where there is one profile.
    pub(super) id: Option<String>,
}

/// What is to be done with a person.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
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
    Leave(Why, Vec<String>),
}

/// A person of the run.
pub(super) struct Sent<'a> {
    /// What was sent.
    pub(super) json: &'a Json,
    /// Whether the target is known to have taken it.
    pub(super) is_accepted: bool,
    /// Whether it was taken back already.
    pub(super) is_undone: bool,
}

/// Decides about a person, of whom the run knows what there was before.
///
/// # Errors
/// When what was found cannot be read.
pub(super) fn decide(
    directory: &dyn Directory,
    found: &Found,
    sent: &Sent<'_>,
    before: &Before,
) -> Result<Decided> {
    let Some(Wanted { key, spelling }) = directory.wanted(sent.json) else {
        let decision = Decision::Leave(Why::Untold, Vec::new());
        return Ok(Decided { decision, key: String::new(), id: None });
    };
    let leave = |why| Decision::Leave(why, Vec::new());
    let mut id = None;
    let decision = match found.look(&key)? {
        // Nobody was there before, and nobody is.
        Seen::Absent if matches!(before, Before::Made) && !sent.is_accepted => leave(Why::Back),
        Seen::Absent => leave(Why::Gone),
        Seen::One(profile) => {
            id = directory.id(&profile);
            match before {
                Before::Made if sent.is_accepted => leave(Why::Made),
                Before::Changed(reversal) if reversal.id == id => {
                    by_profile(directory, sent, &profile, reversal)
                }
                Before::Changed(_) => leave(Why::Another),
                Before::Same | Before::Made | Before::Untold => leave(Why::Untold),
            }
        }
        Seen::Several(_) | Seen::Unknown(_) => leave(Why::Untold),
    };
    Ok(Decided { decision, key: spelling.into(), id })
}

/// Decides by the profile, held against what was sent and against what there was before. A field that shows either counts
/// as untouched; only those that the run has changed count at all.
fn by_profile(
    directory: &dyn Directory,
    sent: &Sent<'_>,
    now: &Json,
    reversal: &Reversal,
) -> Decision {
    let Reversal { person, fields, lost, .. } = reversal;
    let not_as_sent = directory.differences(sent.json, now);
    let not_as_before =
        if fields.is_empty() { Vec::new() } else { directory.differences(person, now) };
    let is_in =
        |all: &[Difference], field: &String| all.iter().any(|one| overlap(&one.field, field));
    let is_edited = |field: &&String| {
        is_in(&not_as_sent, field) && (lost.contains(field) || is_in(&not_as_before, field))
    };
    let edited: Vec<String> = fields.iter().chain(lost).filter(is_edited).cloned().collect();
    if !edited.is_empty() {
        return Decision::Leave(Why::Edited, edited);
    }
    // The target has taken a value and shows none: it may show none of this field at all.
    let is_hidden = |field: &&String| {
        let shows_none = |one: &Difference| one.found.as_ref().is_none_or(is_nothing);
        let unseen =
            not_as_sent.iter().find(|one| overlap(&one.field, field)).is_some_and(shows_none);
        sent.is_accepted && !sent.is_undone && unseen && !is_in(&not_as_before, field)
    };
    let hidden = fields.iter().filter(is_hidden);
    let lost: Vec<String> = lost.iter().chain(hidden).cloned().collect();
    if not_as_before.is_empty() {
        return match lost.as_slice() {
            [] => Decision::Leave(Why::Back, Vec::new()),
            _ => Decision::Lost(lost),
        };
    }
    // What is as it was before is not sent: the target may show nothing where there is something.
    let names: Vec<&str> = not_as_before.iter().map(|one| one.field.as_str()).collect();
    let person = directory.select(person, now, &names, Values::Sent).person;
    Decision::Restore { person, lost }
}

/// Whether two names are of one field, or one is a part of the other: `birth_date` and `birth_date.day`.
fn overlap(one: &str, other: &str) -> bool {
    let is_part = |whole: &str, part: &str| {
        part.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    is_part(one, other) || is_part(other, one)
}
