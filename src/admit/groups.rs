//! Which rows share a match key: found by a pass of its own where the last row decides.

use super::claims::Claims;
use super::{Ended, TOGETHER, keys_ahead, keys_of};
use crate::error::Result;
use crate::unique::{Budget, Fingerprint, Keys};
use crate::validate::{Fate, Judged, Rules};

/// Which rows share a match key: found by a pass of its own where the last row decides.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// The last good row of each key.
    pub(super) last: Keys,
    /// Keys of more than one good row, as a table of the second row of each.
    shared: Keys,
    claims: Vec<Claims>,
    ended: Ended,
}

impl Groups {
    /// Nothing known yet.
    pub(crate) fn new(rules: &Rules, budget: &Budget) -> Self {
        Self {
            last: Keys::within(budget),
            shared: Keys::within(budget),
            claims: Claims::of(rules, budget),
            ended: Ended::default(),
        }
    }

    /// Whether more than one good row has the key. Where that cannot be read again it may be so: a row that is
    /// joined to no other stays what it is, and the run ends when it comes to be asked whose it is.
    pub(crate) fn is_shared(&self, key: Fingerprint) -> bool {
        self.shared.get(key).map_or(true, |second| second.is_some())
    }

    /// Takes in a chunk of the first pass.
    pub(crate) fn learn(&mut self, judged: &Judged) -> Result<()> {
        let per_row = self.claims.len() + 1;
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            if index.is_multiple_of(TOGETHER) {
                self.last.warm(keys_ahead(judged, index, per_row, 0));
            }
            if self.ended.by(row, outcome.fate) || outcome.fate == Fate::Skipped {
                continue;
            }
            let [key, others @ ..] = keys_of(judged, index, per_row) else { continue };
            let mut good = outcome.fate == Fate::Ready;
            for (claims, value) in self.claims.iter_mut().zip(others) {
                let Some(value) = *value else { continue };
                good &= claims.claim(value, *key, row.at)?.is_none();
            }
            if let (true, Some(key)) = (good, *key) {
                if self.last.get(key)?.is_some() {
                    self.shared.insert(key, row.at)?;
                }
                self.last.replace(key, row.at)?;
            }
        }
        Ok(())
    }
}
