//! Unique values beside the match key: each belongs to the person whose row had it first.

use crate::error::Result;
use crate::row::Location;
use crate::unique::{Budget, Fingerprint, Keys};
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
    pub(super) fn of(rules: &Rules, budget: &Budget) -> Vec<Self> {
        (1..rules.keys()).map(|_| Self::within(budget)).collect()
    }

    /// None yet, in tables of a budget.
    pub(super) fn within(budget: &Budget) -> Self {
        Self { first: Keys::within(budget), owners: Keys::within(budget) }
    }

    /// Claims a value for the person of a row. Gives back the row of another person who had it
    /// before.
    pub(super) fn claim(
        &mut self,
        value: Fingerprint,
        person: Option<Fingerprint>,
        at: Location,
    ) -> Result<Option<Location>> {
        let owner = person.map(|person| value.with(person));
        let Some(first) = self.first.insert(value, at)? else {
            if let Some(owner) = owner {
                self.owners.insert(owner, at)?;
            }
            return Ok(None);
        };
        let is_own = owner.map(|owner| self.owners.get(owner)).transpose()?.flatten().is_some();
        Ok((!is_own).then_some(first))
    }
}
