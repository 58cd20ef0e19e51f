//! What needs the rows in file order: keys that two rows share, counts, requests, reports.
//!
//! Two questions are asked of a row's keys. The match key names a person: what several rows of one
//! person mean is the user's choice (`--on-duplicate`). Every other unique value belongs to the
//! person whose row had it first, whatever became of that row, so that the answer does not depend
//! on which rows are sent. A value that is refused and yet reads as another row's is told as well, but
//! costs no row.

mod claims;
mod decide;
mod groups;
mod likely;
mod merge;
mod places;

pub(crate) use self::groups::Groups;

use self::claims::Claims;
use self::decide::Decided;
use self::likely::Likely;
use self::merge::Merging;
use self::places::Places;
use crate::batch::Batcher;
use crate::error::Result;
use crate::finding::{self, Finding};
use crate::recipe::OnDuplicate;
use crate::record::Record;
use crate::report::{self, Head, Report, Summary};
use crate::row::{Location, Row};
use crate::unique::{Fingerprint, Keys};
use crate::validate::{Fate, Judged, Outcome, Prints, Reading, Rules};
use crate::writer::Writer;

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

/// The keys of one outcome of a chunk.
fn keys_of(judged: &Judged, index: usize, per_row: usize) -> &[Option<Fingerprint>] {
    judged.keys.get(index * per_row..(index + 1) * per_row).unwrap_or_default()
}

/// What is known of one judged row.
struct Told<'a> {
    row: Row<'a>,
    outcome: Outcome,
    keys: &'a [Option<Fingerprint>],
    readings: &'a [Reading],
    likely: Option<&'a Prints>,
    record: Option<Record<'static>>,
}

/// What needs the rows in file order.
pub(crate) struct Admit<'a> {
    rules: &'a Rules,
    on_duplicate: OnDuplicate,
    places: Places,
    /// Match keys seen so far.
    keys: Keys,
    /// Other unique values seen so far.
    claims: Vec<Claims>,
    /// What refused values read as, for each key.
    readings: Vec<Keys>,
    likely: Likely,
    groups: &'a Groups,
    /// Inputs whose table has ended because another one began.
    ended: Ended,
    /// People of several rows, joined so far.
    merging: Merging,
    batcher: Batcher,
    summary: Summary,
    reports: &'a mut [Box<dyn Report>],
    writer: &'a mut dyn Writer,
}

impl<'a> Admit<'a> {
    /// Nothing taken in yet.
    pub(crate) fn new(
        rules: &'a Rules,
        on_duplicate: OnDuplicate,
        head: &Head,
        groups: &'a Groups,
        batcher: Batcher,
        reports: &'a mut [Box<dyn Report>],
        writer: &'a mut dyn Writer,
    ) -> Self {
        Self {
            rules,
            on_duplicate,
            places: Places::new(head),
            keys: Keys::default(),
            claims: Claims::of(rules),
            readings: (0..rules.keys()).map(|_| Keys::default()).collect(),
            likely: Likely::default(),
            groups,
            ended: Ended::default(),
            merging: Merging::default(),
            batcher,
            summary: Summary { people: vec![0; head.sheets.len()], ..Summary::default() },
            reports,
            writer,
        }
    }

    /// Takes in what was found about the inputs as a whole.
    pub(crate) fn notes(&mut self, notes: &[Finding]) -> Result<()> {
        for finding in notes {
            self.summary.add(finding);
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
        self.summary.sort();
        Ok(self.summary)
    }
}

impl Admit<'_> {
    /// Takes in a chunk.
    pub(crate) fn chunk(&mut self, mut judged: Judged) -> Result<()> {
        let mut records = std::mem::take(&mut judged.records).into_iter().peekable();
        let mut readings = judged.readings.as_slice();
        let (mut json, mut found) = (0, 0);
        let per_row = self.rules.keys();
        let plain = self.is_plain(&judged);
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            if plain
                && outcome.fate == Fate::Ready
                && outcome.findings_end == found
                && let Some(&[Some(key)]) = judged.keys.get(index..=index)
                && self.readings.first().is_none_or(|readings| readings.get(key).is_none())
                && self.keys.insert(key, row.at).is_none()
            {
                let person = judged.json.get(json..outcome.json_end).unwrap_or_default();
                json = outcome.json_end;
                self.count(row.at);
                self.send(person, row.at)?;
                continue;
            }
            let own = readings.partition_point(|reading| reading.outcome <= index);
            let (mine, later) = readings.split_at(own);
            readings = later;
            let told = Told {
                row,
                outcome: *outcome,
                keys: keys_of(&judged, index, per_row),
                readings: mine,
                likely: judged.likely.get(index),
                record: records.next_if(|(of, _)| *of == index).map(|(_, record)| record),
            };
            let person = judged.json.get(json..outcome.json_end).unwrap_or_default();
            let findings = judged.findings.get(found..outcome.findings_end).unwrap_or_default();
            (json, found) = (outcome.json_end, outcome.findings_end);
            self.row(told, person, findings)?;
        }
        Ok(())
    }

    /// Whether a good row of a chunk has nothing to be asked but whether its one key is new. Nearly all
    /// have not, and then the table of keys is all that a row waits for.
    fn is_plain(&self, judged: &Judged) -> bool {
        self.on_duplicate == OnDuplicate::Reject
            && self.rules.keys() == 1
            && self.ended.0.is_empty()
            && judged.likely.is_empty()
            && judged.outcomes.iter().all(|outcome| outcome.fate != Fate::NextTable)
    }

    fn count(&mut self, at: Location) {
        self.summary.counts.rows += 1;
        if let Some(people) = self.summary.people.get_mut(usize::from(at.input)) {
            *people += 1;
        }
    }

    fn send(&mut self, person: &[u8], at: Location) -> Result<()> {
        self.summary.counts.valid += 1;
        match self.batcher.push(person, at) {
            Some(batch) => self.writer.batch(batch),
            None => Ok(()),
        }
    }

    fn row(&mut self, told: Told<'_>, person: &[u8], findings: &[Finding]) -> Result<()> {
        let (row, mut fate) = (told.row, told.outcome.fate);
        let first_below = !self.ended.0.contains(&row.at.input);
        if self.ended.by(row, fate) {
            // What begins the other table is told once; what follows in it is not read.
            return if first_below { self.notes(findings) } else { Ok(()) };
        }
        let mut decided = Decided::default();
        if fate != Fate::Skipped {
            fate = self.check_keys(told, &mut decided);
        }
        self.count(row.at);
        match fate {
            Fate::Ready => self.send(decided.merged.as_deref().unwrap_or(person), row.at)?,
            Fate::Rejected => self.summary.counts.rejected += 1,
            Fate::Skipped | Fate::NextTable => self.summary.counts.skipped += 1,
        }
        let more = decided.findings;
        if findings.is_empty() && more.is_empty() {
            return Ok(());
        }
        let all: Vec<Finding>;
        let findings = if more.is_empty() {
            findings
        } else {
            all = findings.iter().cloned().chain(more).collect();
            &all
        };
        for finding in findings {
            self.summary.add(finding);
        }
        for report in self.reports.iter_mut() {
            report.row(report::Judged { row, fate, findings })?;
        }
        Ok(())
    }
}
