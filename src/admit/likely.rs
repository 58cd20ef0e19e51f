//! Rows that are likely one person, or one mailbox of several people: told by choice, never acted on.
//!
//! Only fingerprints are kept, about 20 bytes for each row and likeness, and each row is held against the
//! first that had the same, so what is told does not depend on the number of threads.

use super::claims::Claims;
use super::places::Places;
use crate::error::Result;
use crate::finding::{self, Code, Finding};
use crate::row::{Location, Row};
use crate::unique::{Budget, Fingerprint, Keys};
use crate::validate::{Likeness, Prints, Rules, duplicate};

/// What the rows so far had.
#[derive(Debug, Default)]
pub(super) struct Likely {
    address: Keys,
    person: Keys,
    phone: Keys,
    /// Match keys with the names of those who had them.
    mailboxes: Claims,
}

impl Likely {
    /// Nothing seen yet, in tables of a budget.
    pub(super) fn within(budget: &Budget) -> Self {
        Self {
            address: Keys::within(budget),
            person: Keys::within(budget),
            phone: Keys::within(budget),
            mailboxes: Claims::within(budget),
        }
    }

    /// Takes in a row and tells what it has in common with earlier ones. `told` are the rows that
    /// are named in other findings about its keys.
    pub(super) fn see(
        &mut self,
        (rules, places): (&Rules, &Places),
        row: Row<'_>,
        (key, prints): (Option<Fingerprint>, &Prints),
        mut told: Vec<Location>,
        findings: &mut Vec<Finding>,
    ) -> Result<()> {
        let mut tell = |of: Likeness, code: &'static Code, first: Location, what: &str| {
            let message = format!("{what} {}", places.name(row.at, first));
            let Some(field) = rules.likeness(of) else { return };
            let column = rules.column(row.at.input, &field.name);
            let value = column.map_or("", |column| row.cell(usize::from(column)).text);
            findings.push(duplicate(code, row.at, column, field, value, message));
        };
        let [address, person, phone, name] = *prints;
        if let Some(key) = key {
            let before = self.mailboxes.first.get(key)?;
            let other = self.mailboxes.claim(key, name, row.at)?;
            if let (Some(first), Some(_)) = (other, name) {
                let what = "another name stands beside this address on";
                tell(Likeness::Name, &finding::LIKELY_SHARED, first, what);
            }
            told.extend(before);
        }
        for (print, seen, of, code, what) in [
            (
                address,
                &mut self.address,
                Likeness::Address,
                &finding::LIKELY_ADDRESS,
                "but for a tag or dots, it is the address on",
            ),
            (
                person,
                &mut self.person,
                Likeness::Person,
                &finding::LIKELY_PERSON,
                "the same name and day of birth stand on",
            ),
            (
                phone,
                &mut self.phone,
                Likeness::Phone,
                &finding::LIKELY_PHONE,
                "the same number and family name stand on",
            ),
        ] {
            let Some(print) = print else { continue };
            let Some(first) = seen.insert(print, row.at)? else { continue };
            // One word about each pair of rows is enough.
            let same = |other: &Location| (other.input, other.row) == (first.input, first.row);
            if !told.iter().any(same) {
                tell(of, code, first, what);
                told.push(first);
            }
        }
        Ok(())
    }
}
