//! What needs the rows in file order: keys that two rows share, counts, requests, reports.
//!
//! Two questions are asked of a row's keys. The match key names a person: what several rows of one
//! person mean is the user's choice (`--on-duplicate`). Every other unique value belongs to the
//! person whose row had it first, whatever became of that row, so that the answer does not depend
//! on which rows are sent.

use std::collections::BTreeMap;

use crate::baseline::{Gate, Passage};
use crate::batch::Batcher;
use crate::cause::Causes;
use crate::error::Result;
use crate::finding::{self, Code, Finding, Severity};
use crate::recipe::OnDuplicate;
use crate::record::Record;
use crate::report::{self, Head, Report, Summary};
use crate::row::{Location, Row};
use crate::unique::{Fingerprint, Keys};
use crate::validate::{Fate, Judged, Outcome, Rules, duplicate};
use crate::writer::Writer;

/// Unique values beside the match key, with the persons who had them first.
#[derive(Debug, Default)]
struct Claims {
    first: Keys,
    /// Values together with the match keys of their owners.
    owners: Keys,
}

impl Claims {
    /// Claims a value for the person of a row. Gives back the row of another person who had it
    /// before.
    fn claim(
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

/// Inputs whose table has ended because another one began below it.
#[derive(Debug, Default)]
struct Ended(Vec<u16>);

impl Ended {
    /// Whether a row stands below the table of its input, or ends it.
    fn by(&mut self, row: Row<'_>, fate: Fate) -> bool {
        if self.0.contains(&row.at.input) {
            return true;
        }
        if fate == Fate::NextTable {
            self.0.push(row.at.input);
        }
        fate == Fate::NextTable
    }
}

/// The claims of every unique field but the match key, in the order of a row's keys.
fn claims(rules: &Rules) -> Vec<Claims> {
    rules.unique().skip(1).map(|_| Claims::default()).collect()
}

/// The keys of one outcome of a chunk.
fn keys_of(judged: &Judged, index: usize, per_row: usize) -> &[Option<Fingerprint>] {
    judged.keys.get(index * per_row..(index + 1) * per_row).unwrap_or_default()
}

/// Which rows share a match key: found by a pass of its own where the last row decides.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// The last good row of each key.
    last: Keys,
    /// Keys of more than one good row, as a table of the second row of each.
    shared: Keys,
    claims: Vec<Claims>,
    ended: Ended,
}

impl Groups {
    /// Nothing known yet.
    pub(crate) fn new(rules: &Rules) -> Self {
        Self { claims: claims(rules), ..Self::default() }
    }

    /// Whether more than one good row has the key.
    pub(crate) fn is_shared(&self, key: Fingerprint) -> bool {
        self.shared.get(key).is_some()
    }

    /// Takes in a chunk of the first pass.
    pub(crate) fn learn(&mut self, judged: &Judged) {
        let per_row = self.claims.len() + 1;
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            if self.ended.by(row, outcome.fate) || outcome.fate == Fate::Skipped {
                continue;
            }
            let [key, others @ ..] = keys_of(judged, index, per_row) else { continue };
            let mut good = outcome.fate == Fate::Ready;
            for (claims, value) in self.claims.iter_mut().zip(others) {
                good &= value.and_then(|value| claims.claim(value, *key, row.at)).is_none();
            }
            if let (true, Some(key)) = (good, *key) {
                if self.last.get(key).is_some() {
                    self.shared.insert(key, row.at);
                }
                self.last.replace(key, row.at);
            }
        }
    }
}

/// What needs the rows in file order.
pub(crate) struct Admit<'a> {
    rules: &'a Rules,
    on_duplicate: OnDuplicate,
    names: Vec<String>,
    /// Match keys seen so far.
    keys: Keys,
    /// Other unique values seen so far.
    claims: Vec<Claims>,
    groups: &'a Groups,
    /// Inputs whose table has ended because another one began.
    ended: Ended,
    /// People of several rows, joined so far.
    merging: BTreeMap<Fingerprint, Record<'static>>,
    batcher: Batcher,
    gate: &'a mut Gate,
    causes: Causes<'a>,
    summary: Summary,
    reports: &'a mut [Box<dyn Report>],
    writer: &'a mut dyn Writer,
}

impl<'a> Admit<'a> {
    /// Nothing taken in yet.
    pub(crate) fn new(
        rules: &'a Rules,
        on_duplicate: OnDuplicate,
        (head, gate): (&Head, &'a mut Gate),
        groups: &'a Groups,
        batcher: Batcher,
        reports: &'a mut [Box<dyn Report>],
        writer: &'a mut dyn Writer,
    ) -> Self {
        Self {
            rules,
            on_duplicate,
            names: head.sheets.iter().map(|sheet| sheet.facts.file_name()).collect(),
            keys: Keys::default(),
            claims: claims(rules),
            groups,
            ended: Ended::default(),
            merging: BTreeMap::new(),
            batcher,
            gate,
            causes: Causes::new(rules),
            summary: Summary { people: vec![0; head.sheets.len()], ..Summary::default() },
            reports,
            writer,
        }
    }

    /// Takes in what was found about the inputs as a whole.
    pub(crate) fn notes(&mut self, notes: &[Finding]) -> Result<()> {
        let mut notes = notes.to_vec();
        let turned_off = &mut self.summary.turned_off;
        self.rules.weigh(&mut notes, 0, &mut |code| turn_off(turned_off, code));
        for finding in &mut notes {
            let column = self.column(finding);
            let passage = self.gate.pass(finding, &column, "");
            finding.known = passage == Passage::Known;
            if passage == Passage::Stopped {
                let is_error = finding.severity == Severity::Error;
                self.summary.faults += u64::from(is_error);
                self.summary.denied += u64::from(!is_error);
            }
            self.causes.note(finding);
            for report in self.reports.iter_mut() {
                report.note(finding)?;
            }
        }
        Ok(())
    }

    /// Closes the last request and gives the summary.
    pub(crate) fn finish(mut self, head: &Head) -> Result<Summary> {
        let empty: Vec<Finding> = (0_u16..)
            .zip(&head.sheets)
            .filter(|(input, _)| self.summary.people.get(usize::from(*input)) == Some(&0))
            .map(|(input, sheet)| {
                let facts = &sheet.facts;
                let line = facts.header_line.unwrap_or(0);
                let at = Location { input, row: facts.header_row.max(1), line, byte: 0 };
                let message = "there is a header row, but nobody under it: nothing to import";
                Finding::new(&finding::NO_PEOPLE, at, message)
                    .help("check that the right file and sheet were given")
            })
            .collect();
        self.notes(&empty)?;
        if let Some(batch) = self.batcher.close() {
            self.writer.batch(batch)?;
        }
        self.summary.turned_off.sort_by_key(|(code, _)| code.id);
        self.summary.baseline = self.gate.accepted();
        self.summary.causes = self.causes.finish(&self.summary.people);
        Ok(self.summary)
    }
}

impl Admit<'_> {
    /// Takes in a chunk.
    pub(crate) fn chunk(&mut self, mut judged: Judged) -> Result<()> {
        let mut records = std::mem::take(&mut judged.records).into_iter().peekable();
        let mut off = std::mem::take(&mut judged.off).into_iter().peekable();
        let mut all = std::mem::take(&mut judged.findings);
        let (mut json, mut found) = (0, 0);
        let per_row = self.claims.len() + 1;
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            let keys = keys_of(&judged, index, per_row);
            let person = judged.json.get(json..outcome.json_end).unwrap_or_default();
            let findings = all.get_mut(found..outcome.findings_end).unwrap_or_default();
            (json, found) = (outcome.json_end, outcome.findings_end);
            let record = records.next_if(|(of, _)| *of == index).map(|(_, record)| record);
            while let Some((_, code)) = off.next_if(|(of, _)| *of == index) {
                if !self.ended.0.contains(&row.at.input) {
                    turn_off(&mut self.summary.turned_off, code);
                }
            }
            self.row(row, *outcome, keys, person, findings, record)?;
        }
        Ok(())
    }

    fn row(
        &mut self,
        row: Row<'_>,
        outcome: Outcome,
        keys: &[Option<Fingerprint>],
        person: &[u8],
        findings: &mut [Finding],
        record: Option<Record<'static>>,
    ) -> Result<()> {
        let first_below = !self.ended.0.contains(&row.at.input);
        if self.ended.by(row, outcome.fate) {
            // What begins the other table is told once; what follows in it is not read.
            return if first_below { self.notes(findings) } else { Ok(()) };
        }
        let mut more = Vec::new();
        let mut merged = None;
        let mut fate = outcome.fate;
        if fate != Fate::Skipped {
            fate = self.check_keys(row, fate, keys, record, &mut more, &mut merged);
            if !more.is_empty() {
                let turned_off = &mut self.summary.turned_off;
                self.rules.weigh(&mut more, 0, &mut |code| turn_off(turned_off, code));
                if more.iter().any(|finding| finding.severity == Severity::Error) {
                    fate = Fate::Rejected;
                }
            }
        }
        self.summary.counts.rows += 1;
        if let Some(people) = self.summary.people.get_mut(usize::from(row.at.input)) {
            *people += 1;
        }
        match fate {
            Fate::Ready => {
                self.summary.counts.valid += 1;
                let closed = self.batcher.push(merged.as_deref().unwrap_or(person), row.at);
                if let Some(batch) = closed {
                    self.writer.batch(batch)?;
                }
            }
            Fate::Rejected => self.summary.counts.rejected += 1,
            Fate::Skipped | Fate::NextTable => self.summary.counts.skipped += 1,
        }
        if findings.is_empty() && more.is_empty() {
            self.causes.pass(row.at);
            return Ok(());
        }
        let mut all: Vec<Finding>;
        let findings = if more.is_empty() {
            findings
        } else {
            all = findings.iter().cloned().chain(more).collect();
            &mut all
        };
        self.pass(row, fate, findings);
        self.causes.row(row, findings);
        for report in self.reports.iter_mut() {
            report.row(report::Judged { row, fate, findings })?;
        }
        Ok(())
    }

    /// Lets the findings of a row through the gate, and marks those that a baseline accepts.
    fn pass(&mut self, row: Row<'_>, fate: Fate, findings: &mut [Finding]) {
        let person = if self.gate.asks_who() { self.person(row) } else { String::new() };
        let (mut anew, mut stopped) = (false, false);
        for finding in findings {
            let column = if self.gate.asks_who() { self.column(finding) } else { String::new() };
            let passage = self.gate.pass(finding, &column, &person);
            finding.known = passage == Passage::Known;
            let is_error = finding.severity == Severity::Error;
            anew |= is_error && !finding.known;
            if passage == Passage::Stopped {
                stopped |= is_error;
                self.summary.denied += u64::from(!is_error);
            }
        }
        self.summary.rejected_anew += u64::from(anew && fate == Fate::Rejected);
        self.summary.stopped += u64::from(stopped && fate == Fate::Rejected);
    }

    /// What tells a row from others, wherever it stands: its match key as it is written, or all of its
    /// cells where that is blank.
    fn person(&self, row: Row<'_>) -> String {
        let field = self.rules.unique().next();
        let column = field.and_then(|field| self.rules.column(row.at.input, &field.name));
        let key = column.map_or("", |column| row.cell(usize::from(column)).text.trim());
        if !key.is_empty() {
            return key.to_lowercase();
        }
        let cells: Vec<&str> = row.cells().map(|cell| cell.text.trim()).collect();
        cells.join("\u{1f}").to_lowercase()
    }

    /// The header over a finding.
    fn column(&self, finding: &Finding) -> String {
        let header = |column| self.rules.header(finding.at.input, column);
        finding.column.and_then(header).unwrap_or_default().to_owned()
    }

    /// Decides what the keys of a row mean for it, in the light of all rows before.
    fn check_keys(
        &mut self,
        row: Row<'_>,
        fate: Fate,
        keys: &[Option<Fingerprint>],
        record: Option<Record<'static>>,
        findings: &mut Vec<Finding>,
        merged: &mut Option<Vec<u8>>,
    ) -> Fate {
        let mut fate = fate;
        let [key, others @ ..] = keys else { return fate };
        for (index, value) in others.iter().enumerate() {
            let claims = self.claims.get_mut(index).zip(*value);
            if let Some(first) =
                claims.and_then(|(claims, value)| claims.claim(value, *key, row.at))
            {
                findings.push(self.clash(&finding::DUPLICATE, row, index + 1, first));
                fate = Fate::Rejected;
            }
        }
        let Some(key) = *key else { return fate };
        let other = match self.on_duplicate {
            OnDuplicate::Reject => {
                if let Some(first) = self.keys.insert(key, row.at) {
                    findings.push(self.clash(&finding::DUPLICATE, row, 0, first));
                    return Fate::Rejected;
                }
                None
            }
            _ if fate != Fate::Ready => None,
            OnDuplicate::First => self.keys.insert(key, row.at),
            OnDuplicate::Last => self.groups.last.get(key).filter(|last| !same(*last, row.at)),
            OnDuplicate::Merge => match record {
                Some(record) => return self.join(key, row, record, findings, merged),
                None => None,
            },
        };
        match other {
            Some(kept) => {
                findings.push(self.clash(&finding::DUPLICATE_SKIPPED, row, 0, kept));
                Fate::Skipped
            }
            None => fate,
        }
    }

    /// Joins a row into the person that it belongs to. The last row of the person carries all.
    fn join(
        &mut self,
        key: Fingerprint,
        row: Row<'_>,
        record: Record<'static>,
        findings: &mut Vec<Finding>,
        merged: &mut Option<Vec<u8>>,
    ) -> Fate {
        let differ = if let Some(person) = self.merging.get_mut(&key) {
            person.overlay(record)
        } else {
            self.merging.insert(key, record);
            Vec::new()
        };
        let last = self.groups.last.get(key).unwrap_or(row.at);
        let changed: Vec<&str> = differ
            .iter()
            .filter_map(|&slot| Some(self.rules.fields().get(slot)?.name.as_ref()))
            .collect();
        let said = if changed.is_empty() {
            String::new()
        } else {
            format!("; its values replace earlier ones in {}", changed.join(", "))
        };
        if same(last, row.at) {
            if let Some(person) = self.merging.remove(&key) {
                let mut json = Vec::new();
                self.rules.write(&person, &mut json);
                *merged = Some(json);
            }
            if !changed.is_empty() {
                let message = format!("earlier rows of this person were joined into it{said}");
                let code = &finding::DUPLICATE_JOINED;
                findings.push(self.about_key(code, row, 0, message));
            }
            return Fate::Ready;
        }
        let message = format!("joined into {}{said}", self.place(row.at, last));
        findings.push(self.about_key(&finding::DUPLICATE_MERGED, row, 0, message));
        Fate::Skipped
    }

    fn clash(&self, code: &'static Code, row: Row<'_>, key: usize, other: Location) -> Finding {
        let place = self.place(row.at, other);
        let message = if code.severity == Severity::Error {
            format!("the same value stands on {place}, which had it first")
        } else {
            format!("left out, because {place} has the same value and is the one kept")
        };
        self.about_key(code, row, key, message)
    }

    fn about_key(&self, code: &'static Code, row: Row<'_>, key: usize, message: String) -> Finding {
        let Some(field) = self.rules.unique().nth(key) else {
            return Finding::new(code, row.at, message);
        };
        let column = self.rules.column(row.at.input, &field.name);
        let value = column.map_or("", |column| row.cell(usize::from(column)).text);
        duplicate(code, row.at, column, field, value, message)
    }

    fn place(&self, here: Location, there: Location) -> String {
        match self.names.get(usize::from(there.input)) {
            Some(name) if here.input != there.input => format!("row {} of {name}", there.row),
            _ => format!("row {}", there.row),
        }
    }
}

/// Counts a finding of a kind that is turned off.
fn turn_off(turned_off: &mut Vec<(&'static Code, u64)>, code: &'static Code) {
    match turned_off.iter_mut().find(|(known, _)| *known == code) {
        Some((_, count)) => *count += 1,
        None => turned_off.push((code, 1)),
    }
}

/// Whether two places are one row; a remembered place has no line.
fn same(a: Location, b: Location) -> bool {
    (a.input, a.row) == (b.input, b.row)
}
