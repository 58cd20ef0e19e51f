//! What needs the rows in file order: keys that two rows share, counts, requests, reports.
//!
//! Two questions are asked of a row's keys. The match key names a person: what several rows of one
//! person mean is the user's choice (`--on-duplicate`). Every other unique value belongs to the
//! person whose row had it first, whatever became of that row, so that the answer does not depend
//! on which rows are sent. A value that is refused and yet reads as another row's is told as well, but
//! costs no row.

mod ahead;
mod claims;
mod decide;
mod groups;
mod likely;
mod merge;
mod places;

use std::sync::Arc;

pub(crate) use self::groups::Groups;

use self::ahead::Ahead;
use self::claims::Claims;
use self::decide::Decided;
use self::likely::Likely;
use self::merge::Merging;
use self::places::Places;
use crate::baseline::{Gate, Passage};
use crate::batch::{Batcher, Person};
use crate::cause::Causes;
use crate::error::Result;
use crate::finding::{self, Code, Finding, Severity};
use crate::recipe::OnDuplicate;
use crate::record::Record;
use crate::report::{self, Head, Report, Sheet, Summary};
use crate::returned::Comparison;
use crate::row::{Location, Row};
use crate::unique::{Budget, Fingerprint, Keys, Sifted};
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

/// Rows whose keys are looked at together before they are asked for one by one.
const TOGETHER: usize = 64;

/// How many tables of keys there are.
pub(crate) fn tables(rules: &Rules) -> usize {
    // Of each key one for refused values and, of the others, two each here and in the pass before; five of
    // likely people; two of groups; that of the match key.
    let keys = rules.keys();
    keys + keys.saturating_sub(1) * 4 + 5 + 2 + 1
}

/// The keys of each row from one on that comes first of `TOGETHER`, by their number in the row.
fn keys_ahead(
    judged: &Judged,
    index: usize,
    per_row: usize,
    number: usize,
) -> impl Iterator<Item = Fingerprint> + '_ {
    let end = judged.keys.len().min((index + TOGETHER) * per_row);
    let keys = judged.keys.get(index * per_row..end).unwrap_or_default();
    keys.iter().skip(number).step_by(per_row.max(1)).filter_map(|key| *key)
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
    ahead: Ahead,
    /// Match keys seen so far.
    keys: Keys,
    /// Other unique values seen so far.
    claims: Vec<Claims>,
    /// What refused values read as, for each key.
    readings: Vec<Sifted>,
    likely: Likely,
    groups: &'a Groups,
    /// Inputs whose table has ended because another one began.
    ended: Ended,
    /// People of several rows, joined so far.
    merging: Merging,
    /// Fills requests; nothing where nobody takes them.
    batcher: Option<Batcher>,
    gate: &'a mut Gate,
    causes: Causes<'a>,
    summary: Summary,
    reports: &'a mut [Box<dyn Report>],
    /// Whether somebody takes every row.
    all_rows: bool,
    /// What inputs that were checked before are held against.
    returned: Vec<Option<Comparison>>,
    writer: &'a mut dyn Writer,
}

impl<'a> Admit<'a> {
    /// Nothing taken in yet.
    pub(crate) fn new(
        rules: &'a Rules,
        on_duplicate: OnDuplicate,
        (head, gate): (&Head, &'a mut Gate),
        (groups, budget): (&'a Groups, &Budget),
        batcher: Option<Batcher>,
        reports: &'a mut [Box<dyn Report>],
        writer: &'a mut dyn Writer,
    ) -> Self {
        Self {
            rules,
            on_duplicate,
            places: Places::new(head),
            ahead: Ahead::new(head.sheets.iter().map(|sheet| sheet.facts.bytes)),
            keys: Keys::within(budget),
            claims: Claims::of(rules, budget),
            readings: (0..rules.keys()).map(|_| Sifted::within(budget)).collect(),
            likely: Likely::within(budget),
            groups,
            ended: Ended::default(),
            merging: Merging::default(),
            batcher,
            gate,
            causes: Causes::new(rules),
            summary: Summary { people: vec![0; head.sheets.len()], ..Summary::default() },
            all_rows: reports.iter().any(|report| report.takes_all())
                || head.sheets.iter().any(Sheet::has_records),
            returned: (0..).zip(&head.sheets).map(|(at, sheet)| sheet.comparison(at)).collect(),
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
        if let Some(batch) = self.batcher.as_mut().and_then(Batcher::close) {
            self.writer.batch(batch)?;
        }
        self.summary.turned_off.sort_by_key(|(code, _)| code.id);
        self.summary.baseline = self.gate.accepted();
        let returned = self.returned.into_iter().flatten();
        self.summary.returned = returned.map(Comparison::finish).collect();
        self.summary.causes = self.causes.finish(&self.summary.people);
        Ok(self.summary)
    }
}

impl Admit<'_> {
    /// Takes in a chunk.
    pub(crate) fn chunk(&mut self, mut judged: Judged) -> Result<()> {
        let mut records = std::mem::take(&mut judged.records).into_iter().peekable();
        let mut readings = judged.readings.as_slice();
        let mut off = std::mem::take(&mut judged.off).into_iter().peekable();
        let mut all = std::mem::take(&mut judged.findings);
        let written = Arc::new(std::mem::take(&mut judged.json));
        let (mut json, mut found) = (0, 0);
        let per_row = self.rules.keys();
        let plain = self.is_plain(&judged);
        self.foresee(&judged);
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(at) = judged.rows.at(outcome.row) else { continue };
            if index.is_multiple_of(TOGETHER) {
                self.warm(&judged, index);
            }
            if plain
                && outcome.fate == Fate::Ready
                && outcome.findings_end == found
                && off.peek().is_none_or(|(of, _)| *of != index)
                && let Some(&[Some(key)]) = judged.keys.get(index..=index)
                && self.is_new(key, *at)?
            {
                let person = Person::new(&written, json..outcome.json_end);
                json = outcome.json_end;
                self.count(at.input);
                self.causes.pass(*at);
                if self.all_rows
                    && let Some(row) = judged.rows.get(outcome.row)
                {
                    self.hand_on(row, Fate::Ready)?;
                }
                self.send(&person, at)?;
                continue;
            }
            let Some(row) = judged.rows.get(outcome.row) else { continue };
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
            let person = Person::new(&written, json..outcome.json_end);
            let findings = all.get_mut(found..outcome.findings_end).unwrap_or_default();
            (json, found) = (outcome.json_end, outcome.findings_end);
            while let Some((_, code)) = off.next_if(|(of, _)| *of == index) {
                if !self.ended.0.contains(&row.at.input) {
                    turn_off(&mut self.summary.turned_off, code);
                }
            }
            self.row(told, &person, findings)?;
        }
        Ok(())
    }

    /// Tells the tables of keys how many are to come, as far as the rows in front of a chunk tell.
    fn foresee(&mut self, judged: &Judged) {
        let Some((read, all)) = judged.rows.at(0).and_then(|at| self.ahead.read(*at)) else {
            return;
        };
        self.keys.foresee(read, all);
        self.claims.iter_mut().for_each(|claims| claims.first.foresee(read, all));
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

    /// Whether nobody had the one key of a row before, nor a value that reads as it. Then it is the row's.
    fn is_new(&mut self, key: Fingerprint, at: Location) -> Result<bool> {
        if let Some(readings) = self.readings.first()
            && readings.get(key)?.is_some()
        {
            return Ok(false);
        }
        Ok(self.keys.insert(key, at)?.is_none())
    }

    /// Looks in time at where the keys of the next rows would lie.
    fn warm(&self, judged: &Judged, index: usize) {
        let ahead = |number| keys_ahead(judged, index, self.rules.keys(), number);
        match self.on_duplicate {
            OnDuplicate::Reject | OnDuplicate::First => self.keys.warm(ahead(0)),
            OnDuplicate::Last | OnDuplicate::Merge => self.groups.last.warm(ahead(0)),
        }
        for (number, claims) in (1..).zip(&self.claims) {
            claims.first.warm(ahead(number));
        }
    }

    fn count(&mut self, input: u16) {
        self.summary.counts.rows += 1;
        if let Some(people) = self.summary.people.get_mut(usize::from(input)) {
            *people += 1;
        }
    }

    fn send(&mut self, person: &Person<'_>, at: &Location) -> Result<()> {
        self.summary.counts.valid += 1;
        match self.batcher.as_mut().and_then(|batcher| batcher.push(person, at)) {
            Some(batch) => self.writer.batch(batch),
            None => Ok(()),
        }
    }

    fn row(&mut self, told: Told<'_>, person: &Person<'_>, findings: &mut [Finding]) -> Result<()> {
        let (row, mut fate) = (told.row, told.outcome.fate);
        let first_below = !self.ended.0.contains(&row.at.input);
        if self.ended.by(row, fate) {
            // What begins the other table is told once; what follows in it is not read.
            return if first_below { self.notes(findings) } else { Ok(()) };
        }
        let mut decided = Decided::default();
        if fate != Fate::Skipped {
            fate = self.check_keys(told, &mut decided)?;
            if !decided.findings.is_empty() {
                let turned_off = &mut self.summary.turned_off;
                self.rules.weigh(&mut decided.findings, 0, &mut |code| turn_off(turned_off, code));
                if decided.findings.iter().any(|finding| finding.severity == Severity::Error) {
                    fate = Fate::Rejected;
                }
            }
        }
        self.count(row.at.input);
        match fate {
            Fate::Ready => {
                let merged = decided.merged.take().map(Arc::new);
                let merged = merged.as_ref().map(Person::only);
                self.send(merged.as_ref().unwrap_or(person), &row.at)?;
            }
            Fate::Rejected => self.summary.counts.rejected += 1,
            Fate::Skipped | Fate::NextTable => self.summary.counts.skipped += 1,
        }
        let more = decided.findings;
        if findings.is_empty() && more.is_empty() {
            self.causes.pass(row.at);
            return self.hand_on(row, fate);
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
        self.compare(row, findings);
        for report in self.reports.iter_mut() {
            report.row(report::Judged { row, fate, findings })?;
        }
        Ok(())
    }

    /// Hands a row in which nothing was found to those reports that take every row.
    fn hand_on(&mut self, row: Row<'_>, fate: Fate) -> Result<()> {
        self.compare(row, &[]);
        for report in self.reports.iter_mut().filter(|report| report.takes_all()) {
            report.row(report::Judged { row, fate, findings: &[] })?;
        }
        Ok(())
    }

    /// Holds a row of an input that was checked before against what was kept of it.
    fn compare(&mut self, row: Row<'_>, findings: &[Finding]) {
        let comparison = self.returned.get_mut(usize::from(row.at.input));
        if let Some(comparison) = comparison.and_then(Option::as_mut) {
            comparison.row(row, findings);
        }
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

    /// What tells a row from others.
    fn person(&self, row: Row<'_>) -> String {
        report::person(row, self.rules.match_column(row.at.input))
    }

    /// The header over a finding.
    fn column(&self, finding: &Finding) -> String {
        let header = |column| self.rules.header(finding.at.input, column);
        finding.column.and_then(header).unwrap_or_default().to_owned()
    }
}

/// Counts a finding of a kind that is turned off.
fn turn_off(turned_off: &mut Vec<(&'static Code, u64)>, code: &'static Code) {
    match turned_off.iter_mut().find(|(known, _)| *known == code) {
        Some((_, count)) => *count += 1,
        None => turned_off.push((code, 1)),
    }
}
