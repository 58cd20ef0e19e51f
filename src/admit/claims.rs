//! Unique values beside the match key: each belongs to the person whose row had it first.

use crate::row::Location;
use crate::unique::{Fingerprint, Keys};
use crate::validate::Rules;

/// Unique values beside the match key, with the persons who had them first.
#[derive(Debug, Default)]
pub(super) struct Claims {
    pub(super) first: Keys,
    /// Values together with the match keys of their owners.
    owners: Keys,
}

impl Claims {
    /// The claims of every key but the match key, in the order of a row's keys.
    pub(super) fn of(rules: &Rules) -> Vec<Self> {
        (1..rules.keys()).map(|_| Self::default()).collect()
    }

    /// Claims a value for the person of a row. Gives back the row of another person who had it
    /// before.
    pub(super) fn claim(
        &mut self,
        value: Fingerprint,
        person: Option<Fingerprint>,
        at: Location,
    ) -> Option<Location> {
        let owner = person.map(|person| value.with(person));
        match self.first.get(value) {
            None => {
                self.first.insert(value, at);
                if let Some(owner) = owner {
                    self.owners.insert(owner, at);
                }
                None
            }
            first => first.filter(|_| owner.is_none_or(|owner| self.owners.get(owner).is_none())),
        }
    }
}
