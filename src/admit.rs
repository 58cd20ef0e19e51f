//! What needs the rows in file order: keys that two rows share, counts, requests, reports.
//!
//! Two questions are asked of a row's keys. The match key names a person: what several rows of one
//! person mean is the user's choice (`--on-duplicate`). Every other unique value belongs to the
//! person whose row had it first, whatever became of that row, so that the answer does not depend
//! on which rows are sent. A value that is refused and yet reads as another row's is told as well, but
//! costs no row.

mod claims;
mod groups;
mod likely;
mod merge;
mod places;

pub(crate) use self::groups::Groups;

use self::claims::Claims;
use self::likely::Likely;
use self::merge::Merging;
use self::places::Places;
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
use crate::validate::{Fate, Judged, Outcome, Prints, Reading, Rules, duplicate};
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

/// What the keys of a row mean for it.
#[derive(Default)]
struct Decided {
    findings: Vec<Finding>,
    /// The JSON of a person who was put together from several rows.
    merged: Option<Vec<u8>>,
    /// Keys that another person had before, with the row.
    clashes: Vec<(usize, Location)>,
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
            places: Places::new(head),
            keys: Keys::default(),
            claims: Claims::of(rules),
            readings: (0..rules.keys()).map(|_| Keys::default()).collect(),
            likely: Likely::default(),
            groups,
            ended: Ended::default(),
            merging: Merging::default(),
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
        let mut readings = judged.readings.as_slice();
        let mut off = std::mem::take(&mut judged.off).into_iter().peekable();
        let mut all = std::mem::take(&mut judged.findings);
        let (mut json, mut found) = (0, 0);
        let per_row = self.rules.keys();
        let plain = self.is_plain(&judged);
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            if plain
                && outcome.fate == Fate::Ready
                && outcome.findings_end == found
                && off.peek().is_none_or(|(of, _)| *of != index)
                && let Some(&[Some(key)]) = judged.keys.get(index..=index)
                && self.readings.first().is_none_or(|readings| readings.get(key).is_none())
                && self.keys.insert(key, row.at).is_none()
            {
                let person = judged.json.get(json..outcome.json_end).unwrap_or_default();
                json = outcome.json_end;
                self.count(row.at);
                self.causes.row(row, &[]);
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
            let findings = all.get_mut(found..outcome.findings_end).unwrap_or_default();
            (json, found) = (outcome.json_end, outcome.findings_end);
            while let Some((_, code)) = off.next_if(|(of, _)| *of == index) {
                if !self.ended.0.contains(&row.at.input) {
                    turn_off(&mut self.summary.turned_off, code);
                }
            }
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

    fn row(&mut self, told: Told<'_>, person: &[u8], findings: &mut [Finding]) -> Result<()> {
        let (row, mut fate) = (told.row, told.outcome.fate);
        let first_below = !self.ended.0.contains(&row.at.input);
        if self.ended.by(row, fate) {
            // What begins the other table is told once; what follows in it is not read.
            return if first_below { self.notes(findings) } else { Ok(()) };
        }
        let mut decided = Decided::default();
        if fate != Fate::Skipped {
            fate = self.check_keys(told, &mut decided);
            let turned_off = &mut self.summary.turned_off;
            self.rules.weigh(&mut decided.findings, 0, &mut |code| turn_off(turned_off, code));
            if decided.findings.iter().any(|finding| finding.severity == Severity::Error) {
                fate = Fate::Rejected;
            }
        }
        self.count(row.at);
        match fate {
            Fate::Ready => self.send(decided.merged.as_deref().unwrap_or(person), row.at)?,
            Fate::Rejected => self.summary.counts.rejected += 1,
            Fate::Skipped | Fate::NextTable => self.summary.counts.skipped += 1,
        }
        let more = decided.findings;
        if findings.is_empty() && more.is_empty() {
            self.causes.row(row, &[]);
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
        let field = self.rules.key(0);
        let column = field.and_then(|(field, _)| self.rules.column(row.at.input, &field.name));
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
    fn check_keys(&mut self, told: Told<'_>, decided: &mut Decided) -> Fate {
        let (row, prints) = (told.row, told.likely);
        let key = told.keys.first().copied().flatten();
        self.check_readings(&told, decided);
        let fate = self.check_exact(told, decided);
        if let Some(prints) = prints {
            let known = decided.clashes.iter().map(|&(_, first)| first).collect();
            let means = (self.rules, &self.places);
            self.likely.see(means, row, (key, prints), known, &mut decided.findings);
        }
        fate
    }

    /// Tells where a refused value reads as another row's, or another row's as this one's.
    fn check_readings(&mut self, told: &Told<'_>, decided: &mut Decided) {
        for reading in told.readings {
            let known = self.known(reading.key, reading.print);
            // A row that is yet to come tells of this one itself.
            let known = known.filter(|known| before(*known, told.row.at));
            let Some(readings) = self.readings.get_mut(reading.key) else { continue };
            let earlier = readings.insert(reading.print, told.row.at);
            if let Some(first) = known.or(earlier) {
                let place = self.places.name(told.row.at, first);
                let message = format!("it is refused, and reads as the value on {place}");
                let code = &finding::DUPLICATE_REFUSED;
                decided.findings.push(self.about_key(code, told.row, reading.key, message));
            }
        }
        for (index, readings) in self.readings.iter().enumerate() {
            if readings.is_empty() {
                continue;
            }
            let key = told.keys.get(index).copied().flatten();
            if let Some(first) = key.and_then(|key| readings.get(key)) {
                let place = self.places.name(told.row.at, first);
                let message = format!("the value on {place} is refused, and reads as this one");
                let code = &finding::DUPLICATE_REFUSED;
                decided.findings.push(self.about_key(code, told.row, index, message));
            }
        }
    }

    /// The row that has a key, of the rows before or, where the last row decides, of all rows.
    fn known(&self, index: usize, key: Fingerprint) -> Option<Location> {
        match (index.checked_sub(1), self.on_duplicate) {
            (Some(other), _) => self.claims.get(other)?.first.get(key),
            (None, OnDuplicate::Reject | OnDuplicate::First) => self.keys.get(key),
            (None, OnDuplicate::Last | OnDuplicate::Merge) => self.groups.last.get(key),
        }
    }

    fn check_exact(&mut self, told: Told<'_>, decided: &mut Decided) -> Fate {
        let (row, mut fate) = (told.row, told.outcome.fate);
        let [key, others @ ..] = told.keys else { return fate };
        for (index, value) in (1..).zip(others) {
            let claims = self.claims.get_mut(index - 1).zip(*value);
            if let Some(first) =
                claims.and_then(|(claims, value)| claims.claim(value, *key, row.at))
            {
                decided.findings.push(self.clash(&finding::DUPLICATE, row, index, first));
                decided.clashes.push((index, first));
                fate = Fate::Rejected;
            }
        }
        let Some(key) = *key else { return self.check_conflict(row, None, fate, decided) };
        if !decided.clashes.is_empty() {
            fate = self.check_conflict(row, Some(key), fate, decided);
        }
        let other = match self.on_duplicate {
            OnDuplicate::Reject => {
                if let Some(first) = self.keys.insert(key, row.at) {
                    decided.findings.push(self.clash(&finding::DUPLICATE, row, 0, first));
                    decided.clashes.push((0, first));
                    return Fate::Rejected;
                }
                None
            }
            _ if fate != Fate::Ready => None,
            OnDuplicate::First => self.keys.insert(key, row.at),
            OnDuplicate::Last => self.groups.last.get(key).filter(|last| !same(*last, row.at)),
            OnDuplicate::Merge => match told.record {
                Some(record) => return self.join(key, row, record, decided),
                None => None,
            },
        };
        match other {
            Some(kept) => {
                decided.findings.push(self.clash(&finding::DUPLICATE_SKIPPED, row, 0, kept));
                decided.clashes.push((0, kept));
                Fate::Skipped
            }
            None => fate,
        }
    }

    /// Tells where the keys of a row are those of several others: then none of them can say whose row
    /// it is.
    fn check_conflict(
        &self,
        row: Row<'_>,
        key: Option<Fingerprint>,
        fate: Fate,
        decided: &mut Decided,
    ) -> Fate {
        let known = key.and_then(|key| self.known(0, key)).filter(|known| !same(*known, row.at));
        let owners: Vec<(usize, Location)> =
            known.map(|known| (0, known)).into_iter().chain(decided.clashes.clone()).collect();
        let Some((&(_, first), rest)) = owners.split_first() else { return fate };
        if rest.iter().all(|(_, other)| same(*other, first)) {
            return fate;
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
        Fate::Rejected
    }

    /// Joins a row into the person that it belongs to. The last row of the person carries all.
    fn join(
        &mut self,
        key: Fingerprint,
        row: Row<'_>,
        record: Record<'static>,
        decided: &mut Decided,
    ) -> Fate {
        let last = self.groups.last.get(key).unwrap_or(row.at);
        let means = (self.rules, &self.places);
        let findings = &mut decided.findings;
        match self.merging.join(means, (key, row), record, last, findings) {
            Some(person) => {
                let mut json = Vec::new();
                self.rules.write(&person, &mut json);
                decided.merged = Some(json);
                Fate::Ready
            }
            None => Fate::Skipped,
        }
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
