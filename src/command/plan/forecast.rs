//! What sending a planned run would do with everybody, by what the target has of them now.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use crate::command::people::people;
use crate::error::Result;
use crate::journal::{Journal, Outcome, Person, Planned};
use crate::readback::{Found, Seen};
use crate::target::directory::{Difference, Wanted, is_nothing};
use crate::target::{Operation, Target};
use crate::writer::files::afterwards;

/// What sending would do with a person.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// Nobody has the key: a profile is made.
    Create,
    /// Somebody has it, and these fields get other values.
    Update(Vec<Difference>),
    /// Somebody has it, with every value that would be sent.
    Unchanged,
    /// Somebody has it, and only those who are new are to be made.
    Exists,
    /// Nobody has it, and only those who are there are to be updated.
    Absent,
    /// It cannot be told, for this reason.
    Untold(String),
    /// The person is not to be sent, for this reason.
    NotSent(String),
}

impl Action {
    /// Every action in a word, in the order in which they are told.
    pub(super) const WORDS: [&'static str; 7] =
        ["create", "update", "unchanged", "exists", "absent", "untold", "not sent"];

    /// Which of the words it is.
    pub(super) fn place(&self) -> usize {
        match self {
            Self::Create => 0,
            Self::Update(_) => 1,
            Self::Unchanged => 2,
            Self::Exists => 3,
            Self::Absent => 4,
            Self::Untold(_) => 5,
            Self::NotSent(_) => 6,
        }
    }

    /// Its word.
    pub(super) fn word(&self) -> &'static str {
        Self::WORDS.get(self.place()).copied().unwrap_or_default()
    }

    /// The fields that would get other values.
    pub(super) fn differences(&self) -> &[Difference] {
        match self {
            Self::Update(differences) => differences,
            _ => &[],
        }
    }

    /// Why nothing may come of sending the person, where that is not plain.
    pub(super) fn reason(&self) -> Cow<'_, str> {
        match self {
            Self::Create | Self::Update(_) | Self::Unchanged => "".into(),
            Self::Exists => {
                "somebody has the key, and a creation makes only those who are new".into()
            }
            Self::Absent => "nobody has the key, and an update makes nobody".into(),
            Self::Untold(why) | Self::NotSent(why) => why.into(),
        }
    }
}

/// What becomes of one field of people who are updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// It had no value and gets one.
    pub(super) set: u64,
    /// It had another.
    pub(super) changed: u64,
    /// It loses its value.
    pub(super) cleared: u64,
}

/// The counts of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// How many people each action is for, as in [`Action::WORDS`].
    pub(super) actions: [u64; 7],
    /// What becomes of fields, by name.
    pub(super) fields: BTreeMap<String, Changes>,
}

impl Counts {
    /// Counts one person more.
    pub(super) fn add(&mut self, action: &Action) {
        if let Some(count) = self.actions.get_mut(action.place()) {
            *count += 1;
        }
        for difference in action.differences() {
            // Looked up first: there are few fields and many people.
            if !self.fields.contains_key(&difference.field) {
                self.fields.insert(difference.field.clone(), Changes::default());
            }
            let Some(changes) = self.fields.get_mut(&difference.field) else { continue };
            match (is_nothing(&difference.sent), difference.found.as_ref().is_none_or(is_nothing)) {
                (true, _) => changes.cleared += 1,
                (false, true) => changes.set += 1,
                (false, false) => changes.changed += 1,
            }
        }
    }

    /// How many people would be sent.
    pub(super) fn sent(&self) -> u64 {
        let [create, update, _, exists, absent, untold, _] = self.actions;
        create + update + exists + absent + untold
    }

    /// Of how many it is not certain that sending them does what the file asks for.
    pub(super) fn in_doubt(&self) -> u64 {
        let [_, _, _, exists, absent, untold, not_sent] = self.actions;
        exists + absent + untold + not_sent
    }
}

/// A run of which everything is planned and nothing was sent.
pub(in crate::command) struct Forecast<'a> {
    /// Its folder.
    pub(in crate::command) folder: &'a Path,
    /// Its journal.
    pub(in crate::command) journal: &'a Journal,
    /// Where it would be sent.
    pub(in crate::command) target: &'a dyn Target,
}

/// A person of the plan, with what would be sent.
type Ready = (Person, Json);

/// What would be done with one person.
pub(super) struct Case<'a> {
    /// The payload file that they are in.
    pub(super) file: &'a Planned,
    /// Who they are.
    pub(super) person: &'a Person,
    /// What would be sent.
    pub(super) sent: &'a Json,
    /// What that would do.
    pub(super) action: Action,
    /// The profile that would be updated, as it is now.
    pub(super) found: Option<Json>,
}

impl Forecast<'_> {
    /// How many people are sent something more once they have landed, which nobody can read back.
    ///
    /// # Errors
    /// When the manifest cannot be read.
    pub(super) fn afterwards(&self) -> Result<usize> {
        Ok(afterwards(self.folder)?.values().map(|after| after.profiles).sum())
    }

    /// Hands on everybody who was ready, a payload file at a time.
    pub(super) fn each_ready(
        &self,
        take: &mut dyn FnMut(&Planned, Vec<Ready>) -> Result<()>,
    ) -> Result<()> {
        for file in self.journal.plan()? {
            take(&file, people(self.folder, self.journal, &file)?)?;
        }
        Ok(())
    }

    /// Whom to look for at the target: everybody who is to be sent.
    ///
    /// # Errors
    /// When a payload file or the journal cannot be read.
    pub(super) fn wanted(&self) -> Result<Vec<Wanted>> {
        self.wanted_of(&|person| !matches!(person.state.outcome, Outcome::Refused(_)))
    }

    /// The same of some of the people.
    ///
    /// # Errors
    /// When a payload file or the journal cannot be read.
    pub(super) fn wanted_of(&self, is_one: &dyn Fn(&Person) -> bool) -> Result<Vec<Wanted>> {
        let mut wanted = Vec::new();
        self.each_ready(&mut |_, people| {
            let sent = people.iter().filter(|(person, _)| is_one(person));
            wanted.extend(sent.filter_map(|(_, sent)| self.target.directory().wanted(sent)));
            Ok(())
        })?;
        Ok(wanted)
    }

    /// Hands on, in file order, what would be done with everybody.
    ///
    /// # Errors
    /// When a payload file, the journal or what was found cannot be read.
    pub(super) fn each(
        &self,
        found: &Found,
        take: &mut dyn FnMut(&Case<'_>) -> Result<()>,
    ) -> Result<()> {
        self.each_ready(&mut |file, people| {
            people.iter().try_for_each(|(person, sent)| {
                let (action, found) = self.action(found, person, sent)?;
                take(&Case { file, person, sent, action, found })
            })
        })
    }

    /// What would be done with a person, and the profile that has the key, where it is one.
    pub(super) fn action(
        &self,
        found: &Found,
        person: &Person,
        sent: &Json,
    ) -> Result<(Action, Option<Json>)> {
        if let Outcome::Refused(why) = &person.state.outcome {
            let why = why.strip_prefix("not sent: ").unwrap_or(why);
            return Ok((Action::NotSent(why.to_owned()), None));
        }
        let directory = self.target.directory();
        let Some(wanted) = directory.wanted(sent) else {
            return Ok((Action::Untold("they have no key to be found by".to_owned()), None));
        };
        let operation = self.target.operation();
        let action = match (found.look(&wanted.key)?, operation) {
            (Seen::Absent, Operation::Update) => Action::Absent,
            (Seen::Absent, Operation::Create | Operation::Upsert) => Action::Create,
            (Seen::One(_), Operation::Create) => Action::Exists,
            (Seen::One(profile), Operation::Update | Operation::Upsert) => {
                let action = match directory.differences(sent, &profile) {
                    differences if differences.is_empty() => Action::Unchanged,
                    differences => Action::Update(differences),
                };
                return Ok((action, Some(profile)));
            }
            (Seen::Several(profiles), _) => {
                Action::Untold(format!("{} profiles have their key", profiles.len()))
            }
            (Seen::Unknown(why), _) => Action::Untold(why),
        };
        Ok((action, None))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_becomes_of_a_field_is_counted_by_what_it_had_and_gets() {
        let difference =
            |field: &str, sent, found| Difference { field: field.to_owned(), sent, found };
        let mut counts = Counts::default();
        counts.add(&Action::Update(vec![
            difference("a", json!("x"), None),
            difference("b", json!("x"), Some(json!("y"))),
            difference("c", json!(null), Some(json!("y"))),
        ]));
        counts.add(&Action::Update(vec![
            difference("a", json!("x"), Some(json!(""))),
            difference("b", json!(""), Some(json!("y"))),
            difference("c", json!([]), Some(json!(["y"]))),
        ]));
        counts.add(&Action::Create);
        counts.add(&Action::Untold("why".to_owned()));
        assert_eq!(counts.actions, [1, 2, 0, 0, 0, 1, 0]);
        assert_eq!((counts.sent(), counts.in_doubt()), (4, 1));
        let changes = |set, changed, cleared| Changes { set, changed, cleared };
        let fields = ["a", "b", "c"].map(str::to_owned);
        let expected = [changes(2, 0, 0), changes(0, 1, 1), changes(0, 0, 2)];
        assert_eq!(counts.fields, fields.into_iter().zip(expected).collect());
    }

    #[test]
    fn every_action_has_a_word_of_its_own() {
        let why = || "why".to_owned();
        let all = [
            Action::Create,
            Action::Update(Vec::new()),
            Action::Unchanged,
            Action::Exists,
            Action::Absent,
            Action::Untold(why()),
            Action::NotSent(why()),
        ];
        assert_eq!(all.each_ref().map(Action::word), Action::WORDS);
        let reasons = all.each_ref().map(|action| !action.reason().is_empty());
        assert_eq!(reasons, [false, false, false, true, true, true, true]);
    }
}
