//! What is sent so that a profile shows again what it showed before people were sent: the [`Reversal`].
//!
//! It is a person of the fields that sending changes, with the values that the profile showed before. The target
//! makes it ([`Directory::select`], in its `restore.rs`), in the form in which it is sent values
//! ([`super::sendable`]), and it is held against the profile as anything that was sent ([`super::same`]).

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

impl Reversal {
    /// The reversal of what sending a person does to a profile.
    ///
    /// What a target makes of it is held against the profile in the same way as a reading back holds what was
    /// sent: a field that would not be as it was is lost, and is not sent.
    pub(crate) fn of(
        directory: &dyn Directory,
        sent: &Json,
        before: &Json,
        changed: &[Difference],
    ) -> Self {
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
            let Selection { person, mut fields } =
                directory.select(sent, before, &wanted, Values::Shown);
            fields.dedup();
            if fields.is_empty() || directory.wanted(&person) != directory.wanted(sent) {
                break;
            }
            let wrong = directory.differences(&person, before);
            let asked = wanted.len();
            wanted.retain(|name| {
                fields.iter().any(|kept| kept == name)
                    && !wrong.iter().any(|one| one.field == *name)
            });
            if wrong.is_empty() {
                return Self { lost: lose(&fields), person, fields, id };
            }
            if wanted.len() == asked {
                break;
            }
        }
        Self { lost: lose(&[]), id, ..Self::default() }
    }
}

/// Whose values a person gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Those that the profile shows.
    Shown,
    /// Those that were sent.
    Sent,
}

/// A person of some fields of one as sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// The person.
    pub person: Json,
    /// Those of the fields that are in it.
    pub fields: Vec<String>,
}

/// The value of a field, where that is wanted and has one; the field counts as selected then.
pub(crate) fn selected(
    wanted: &[&str],
    selected: &mut Vec<String>,
    field: String,
    value: Option<Json>,
) -> Option<Json> {
    let value = value.filter(|_| wanted.contains(&field.as_str()))?;
    selected.push(field);
    Some(value)
}
