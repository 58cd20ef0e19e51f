//! What is sent so that a profile shows again what it showed before people were sent.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{Difference, Directory};

/// A person to be sent so that a profile shows again what it showed before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reversal {
    /// The person: the match key, and the fields as they were; null where nothing can be sent.
    pub person: Json,
    /// The fields that get their values back, by the target's names.
    pub fields: Vec<String>,
    /// The fields that were changed, and of which nobody knows how they could be written as they were.
    pub lost: Vec<String>,
    /// The target's own id of the profile.
    pub id: Option<String>,
}

/// Whose values a person gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Those that the profile shows.
    Shown,
    /// Those that were sent.
    Sent,
}

/// What a target makes of the fields that it is asked to restore.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restoring {
    /// The person.
    pub person: Json,
    /// Those of the fields that are in it.
    pub fields: Vec<String>,
}

/// The value of a field, where that is wanted and has one; the field counts as restored then.
pub(crate) fn kept(
    wanted: &[&str],
    restored: &mut Vec<String>,
    field: String,
    value: Option<Json>,
) -> Option<Json> {
    let value = value.filter(|_| wanted.contains(&field.as_str()))?;
    restored.push(field);
    Some(value)
}

/// The reversal of what sending a person does to a profile.
///
/// What a target makes of it is held against the profile in the same way as a reading back holds what was
/// sent: a field that would not be as it was is lost, and is not sent.
pub(crate) fn reversal(
    directory: &dyn Directory,
    sent: &Json,
    before: &Json,
    changed: &[Difference],
) -> Reversal {
    let mut all: Vec<&str> = changed.iter().map(|one| one.field.as_str()).collect();
    all.dedup();
    let mut wanted = all.clone();
    let id = directory.id(before);
    let lose = |kept: &[String]| {
        let lost = all.iter().filter(|name| !kept.iter().any(|kept| kept == *name));
        lost.map(|name| (*name).to_owned()).collect()
    };
    // What does not come out right is asked for no more, so that this ends.
    while !wanted.is_empty() {
        let Restoring { person, mut fields } =
            directory.restoring(sent, before, &wanted, Values::Shown);
        fields.dedup();
        if fields.is_empty() || directory.wanted(&person) != directory.wanted(sent) {
            break;
        }
        let wrong = directory.differences(&person, before);
        let asked = wanted.len();
        wanted.retain(|name| {
            fields.iter().any(|kept| kept == name) && !wrong.iter().any(|one| one.field == *name)
        });
        if wrong.is_empty() {
            return Reversal { lost: lose(&fields), person, fields, id };
        }
        if wanted.len() == asked {
            break;
        }
    }
    Reversal { lost: lose(&[]), id, ..Reversal::default() }
}
