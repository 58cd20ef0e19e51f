//! What the keys of a row mean for it, in the light of all rows before: it is new, another row's, or nobody
//! can say whose.

use super::{Admit, Told};
use crate::error::Result;
use crate::finding::{self, Code, Finding, Severity};
use crate::recipe::OnDuplicate;
use crate::record::Record;
use crate::row::{Location, Row};
use crate::unique::Fingerprint;
use crate::validate::{Fate, duplicate};

/// What the keys of a row mean for it.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) findings: Vec<Finding>,
    /// The JSON of a person who was put together from several rows.
    pub(super) merged: Option<Vec<u8>>,
    /// Keys that another person had before, with the row.
    clashes: Vec<(usize, Location)>,
}

impl Admit<'_> {
    /// Decides what the keys of a row mean for it, in the light of all rows before.
    pub(super) fn check_keys(&mut self, told: Told<'_>, decided: &mut Decided) -> Result<Fate> {
        let (row, prints) = (told.row, told.likely);
        let key = told.keys.first().copied().flatten();
        self.check_readings(&told, decided)?;
        let fate = self.check_exact(told, decided)?;
        if let Some(prints) = prints {
            let known = decided.clashes.iter().map(|&(_, first)| first).collect();
            let means = (self.rules, &self.places);
            self.likely.see(means, row, (key, prints), known, &mut decided.findings)?;
        }
        Ok(fate)
    }

    /// Tells where a refused value reads as another row's, or another row's as this one's.
    fn check_readings(&mut self, told: &Told<'_>, decided: &mut Decided) -> Result<()> {
        for reading in told.readings {
            let known = self.known(reading.key, reading.print)?;
            // A row that is yet to come tells of this one itself.
            let known = known.filter(|known| before(*known, told.row.at));
            let Some(readings) = self.readings.get_mut(reading.key) else { continue };
            let earlier = readings.insert(reading.print, told.row.at)?;
            if let Some(first) = known.or(earlier) {
                let place = self.places.name(told.row.at, first);
                let message = format!("it is refused, and reads as the value on {place}");
                let code = &finding::DUPLICATE_REFUSED;
                decided.findings.push(self.about_key(code, told.row, reading.key, message));
            }
        }
        for (index, readings) in self.readings.iter().enumerate() {
            let Some(key) = told.keys.get(index).copied().flatten() else { continue };
            if let Some(first) = readings.get(key)? {
                let place = self.places.name(told.row.at, first);
                let message = format!("the value on {place} is refused, and reads as this one");
                let code = &finding::DUPLICATE_REFUSED;
                decided.findings.push(self.about_key(code, told.row, index, message));
            }
        }
        Ok(())
    }

    /// The row that has a key, of the rows before or, where the last row decides, of all rows.
    fn known(&self, index: usize, key: Fingerprint) -> Result<Option<Location>> {
        match (index.checked_sub(1), self.on_duplicate) {
            (Some(other), _) => match self.claims.get(other) {
                Some(claims) => claims.first.get(key),
                None => Ok(None),
            },
            (None, OnDuplicate::Reject | OnDuplicate::First) => self.keys.get(key),
            (None, OnDuplicate::Last | OnDuplicate::Merge) => self.groups.last.get(key),
        }
    }

    fn check_exact(&mut self, told: Told<'_>, decided: &mut Decided) -> Result<Fate> {
        let (row, mut fate) = (told.row, told.outcome.fate);
        let [key, others @ ..] = told.keys else { return Ok(fate) };
        for (index, value) in (1..).zip(others) {
            let claims = self.claims.get_mut(index - 1).zip(*value);
            let Some((claims, value)) = claims else { continue };
            if let Some(first) = claims.claim(value, *key, row.at)? {
                decided.findings.push(self.clash(&finding::DUPLICATE, row, index, first));
                decided.clashes.push((index, first));
                fate = Fate::Rejected;
            }
        }
        let Some(key) = *key else { return self.check_conflict(row, None, fate, decided) };
        if !decided.clashes.is_empty() {
            fate = self.check_conflict(row, Some(key), fate, decided)?;
        }
        let other = match self.on_duplicate {
            OnDuplicate::Reject => {
                if let Some(first) = self.keys.insert(key, row.at)? {
                    decided.findings.push(self.clash(&finding::DUPLICATE, row, 0, first));
                    decided.clashes.push((0, first));
                    return Ok(Fate::Rejected);
                }
                None
            }
            _ if fate != Fate::Ready => None,
            OnDuplicate::First => self.keys.insert(key, row.at)?,
            OnDuplicate::Last => self.groups.last.get(key)?.filter(|last| !same(*last, row.at)),
            OnDuplicate::Merge => match told.record {
                Some(record) => return self.join(key, row, record, decided),
                None => None,
            },
        };
        let Some(kept) = other else { return Ok(fate) };
        decided.findings.push(self.clash(&finding::DUPLICATE_SKIPPED, row, 0, kept));
        decided.clashes.push((0, kept));
        Ok(Fate::Skipped)
    }

    /// Tells where the keys of a row are those of several others: then none of them can say whose row
    /// it is.
    fn check_conflict(
        &self,
        row: Row<'_>,
        key: Option<Fingerprint>,
        fate: Fate,
        decided: &mut Decided,
    ) -> Result<Fate> {
        let known = key.map(|key| self.known(0, key)).transpose()?.flatten();
        let known = known.filter(|known| !same(*known, row.at));
        let owners: Vec<(usize, Location)> =
            known.map(|known| (0, known)).into_iter().chain(decided.clashes.clone()).collect();
        let Some((&(_, first), rest)) = owners.split_first() else { return Ok(fate) };
        if rest.iter().all(|(_, other)| same(*other, first)) {
            return Ok(fate);
        }
        let parts: Vec<String> = owners
            .iter()
            .filter_map(|&(index, place)| {
                let (_, name) = self.rules.key(index)?;
                Some(format!("its {name} is that of {}", self.places.name(row.at, place)))
            })
            .collect();
        let message = parts.join(", ");
        decided.findings.push(Finding::new(&finding::DUPLICATE_CONFLICT, row.at, message));
        Ok(Fate::Rejected)
    }

    /// Joins a row into the person that it belongs to. The last row of the person carries all.
    fn join(
        &mut self,
        key: Fingerprint,
        row: Row<'_>,
        record: Record<'static>,
        decided: &mut Decided,
    ) -> Result<Fate> {
        let last = self.groups.last.get(key)?.unwrap_or(row.at);
        let means = (self.rules, &self.places);
        let findings = &mut decided.findings;
        Ok(match self.merging.join(means, (key, row), record, last, findings) {
            Some(mut person) => {
                for (field, (code, message)) in self.rules.settle_together(&mut person) {
                    let message = format!("of the rows put together, {message}");
                    let finding = Finding::new(code, row.at, message).field(field.name.clone());
                    decided.findings.push(finding);
                }
                let mut json = Vec::new();
                self.rules.write(&person, &mut json);
                decided.merged = Some(json);
                Fate::Ready
            }
            None => Fate::Skipped,
        })
    }

    fn clash(&self, code: &'static Code, row: Row<'_>, key: usize, other: Location) -> Finding {
        let place = self.places.name(row.at, other);
        let message = if code.severity == Severity::Error {
            format!("the same value stands on {place}, which had it first")
        } else {
            format!("left out, because {place} has the same value and is the one kept")
        };
        let finding = self.about_key(code, row, key, message);
        if key == 0 {
            return finding;
        }
        // Whose the value is does not depend on --on-duplicate.
        finding.help("correct the value of one of the rows, or remove that row")
    }

    fn about_key(&self, code: &'static Code, row: Row<'_>, key: usize, message: String) -> Finding {
        let Some((field, _)) = self.rules.key(key) else {
            return Finding::new(code, row.at, message);
        };
        let column = self.rules.column(row.at.input, &field.name);
        let value = self.rules.text_of(row, field);
        duplicate(code, row.at, column, field, &value, message)
    }
}

/// Whether a place stands before another one.
fn before(a: Location, b: Location) -> bool {
    (a.input, a.row) < (b.input, b.row)
}

/// Whether two places are one row; a remembered place has no line.
fn same(a: Location, b: Location) -> bool {
    (a.input, a.row) == (b.input, b.row)
}
