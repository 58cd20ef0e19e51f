//! The straight line: chunks are read one ahead, judged in parallel, and admitted in file order.
//!
//! Three kinds of threads, none of which waits in the pool: one reads, the pool judges, and the
//! caller's own admits (uniqueness, batches, reports, writing). The output is the same on any
//! number of threads, because only the caller's thread decides anything, in file order.

use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::time::Instant;

use crate::batch::{Batcher, Frame, Limits};
use crate::error::{Error, Result};
use crate::finding::{self, Code, Finding, Severity};
use crate::reader::{self, Input};
use crate::recipe::OnDuplicate;
use crate::record::Record;
use crate::report::{self, Head, Report, Summary};
use crate::row::{Chunk, Location, Row, Rows};
use crate::unique::{Fingerprint, Keys};
use crate::validate::{ColumnOf, Evidence, Fate, Judged, Outcome, Rules, duplicate};
use crate::writer::Writer;

/// Chunks between the reader and the pool.
const AHEAD: usize = 2;

/// What a run does with people, beside judging them.
#[derive(Debug)]
pub struct Settings<'a> {
    /// The threads that judge.
    pub pool: &'a rayon::ThreadPool,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// How much a request may hold.
    pub limits: Limits,
    /// What stands around the people in it.
    pub frame: Frame,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Reads, judges, admits and writes everything, and gives the summary. The reports have begun and
/// got every row, but are not ended: the caller does that when all is known.
///
/// # Errors
/// When an input cannot be read to its end, or a report or request cannot be written.
pub fn run(
    inputs: &mut [Input],
    rules: &Rules,
    settings: &Settings<'_>,
    head: &Head,
    reports: &mut [Box<dyn Report>],
    writer: &mut dyn Writer,
) -> Result<Summary> {
    let started = Instant::now();
    for report in reports.iter_mut() {
        report.begin(head)?;
    }
    let pool = settings.pool;
    let groups = match settings.on_duplicate {
        OnDuplicate::Reject | OnDuplicate::First => Groups::default(),
        OnDuplicate::Last | OnDuplicate::Merge => find_groups(inputs, rules, pool)?,
    };
    let mut admit = Admit {
        rules,
        on_duplicate: settings.on_duplicate,
        names: inputs.iter().map(|input| input.facts.file_name()).collect(),
        keys: rules.unique().map(|_| Keys::default()).collect(),
        groups: &groups,
        merging: BTreeMap::new(),
        batcher: Batcher::new(settings.limits, settings.frame.clone()),
        summary: Summary { people: vec![0; inputs.len()], ..Summary::default() },
        reports,
        writer,
    };
    for finding in &head.notes {
        admit.summary.add(finding);
        for report in admit.reports.iter_mut() {
            report.note(finding)?;
        }
    }
    let merge = settings.on_duplicate == OnDuplicate::Merge;
    judge_all(inputs, rules, pool, &|key| merge && groups.is_shared(key), &mut |judged| {
        if settings.stop.load(Ordering::Relaxed) {
            return Err(Error::Interrupted);
        }
        admit.chunk(judged)
    })?;
    for (input, sheet) in (0_u16..).zip(&head.sheets) {
        if admit.summary.people.get(usize::from(input)) == Some(&0) {
            let facts = &sheet.facts;
            let line = facts.header_line.unwrap_or(0);
            let at = Location { input, row: facts.header_row, line, byte: 0 };
            let message = "there is a header row, but nobody under it: nothing to import";
            let finding = Finding::new(&finding::NO_PEOPLE, at, message)
                .help("check that the right file and sheet were given");
            admit.summary.add(&finding);
            for report in admit.reports.iter_mut() {
                report.note(&finding)?;
            }
        }
    }
    if let Some(batch) = admit.batcher.close() {
        admit.writer.batch(batch)?;
    }
    let mut summary = admit.summary;
    summary.sort();
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// A pool of so many threads; 0 is one for each processor.
///
/// # Errors
/// [`Error::Usage`] when the system does not give so many.
pub fn pool(threads: usize) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|index| format!("judge-{index}"))
        .build()
        .map_err(|error| {
            Error::usage(format!("cannot start the threads: {error}"), "use fewer --threads")
        })
}

/// Looks through whole columns of dates for values that prove in which order their parts stand.
///
/// # Errors
/// When an input cannot be read to its end.
pub fn prove_dates(
    inputs: &mut [Input],
    rules: &Rules,
    columns: &[ColumnOf],
    pool: &rayon::ThreadPool,
) -> Result<Vec<Evidence>> {
    let mut all = vec![Evidence::default(); columns.len()];
    over_chunks(inputs, rules, pool, &|rows| Rules::evidence(&rows, columns), &mut |found| {
        for (evidence, later) in all.iter_mut().zip(found) {
            evidence.add(later);
        }
        Ok(())
    })?;
    Ok(all)
}

/// Reads every input and hands on its judged chunks in file order.
fn judge_all(
    inputs: &mut [Input],
    rules: &Rules,
    pool: &rayon::ThreadPool,
    keep: &(dyn Fn(Fingerprint) -> bool + Sync),
    take: &mut dyn FnMut(Judged) -> Result<()>,
) -> Result<()> {
    over_chunks(inputs, rules, pool, &|rows| rules.judge(rows, keep), take)
}

/// Reads every input, works on its chunks in the pool and hands on the results in file order.
fn over_chunks<T: Send>(
    inputs: &mut [Input],
    rules: &Rules,
    pool: &rayon::ThreadPool,
    work: &(dyn Fn(Rows) -> T + Sync),
    take: &mut dyn FnMut(T) -> Result<()>,
) -> Result<()> {
    let (sender, chunks) = sync_channel::<Result<Chunk>>(AHEAD);
    let depth = pool.current_num_threads() + 1;
    std::thread::scope(|scope| {
        // Owned here, so that giving up drops it and the reader, waiting to send, gives up too.
        let chunks = chunks;
        scope.spawn(move || read_all(inputs, &sender));
        // The scope of the pool is run in place: this thread may wait, those of the pool do not.
        pool.in_place_scope(|tasks| {
            let mut flight: VecDeque<Receiver<T>> = VecDeque::with_capacity(depth);
            let mut reading = true;
            loop {
                while reading && flight.len() < depth {
                    let chunk = match next(&chunks, flight.is_empty()) {
                        Next::Chunk(chunk) => chunk?,
                        Next::NotYet => break,
                        Next::End => {
                            reading = false;
                            break;
                        }
                    };
                    let (done, result) = sync_channel(1);
                    flight.push_back(result);
                    tasks.spawn(move |_| {
                        // Whoever waits for it may have given up.
                        let _ = done.send(work(parse(chunk, rules)));
                    });
                }
                match flight.pop_front() {
                    // A task that panics takes the scope down; there is nothing to hand on.
                    Some(result) => match result.recv() {
                        Ok(result) => take(result)?,
                        Err(_) => return Ok(()),
                    },
                    None if reading => {}
                    None => return Ok(()),
                }
            }
        })
    })
}

enum Next {
    Chunk(Result<Chunk>),
    NotYet,
    End,
}

/// The next chunk; waits for it only when there is nothing else to do.
fn next(chunks: &Receiver<Result<Chunk>>, wait: bool) -> Next {
    if wait {
        return chunks.recv().map_or(Next::End, Next::Chunk);
    }
    match chunks.try_recv() {
        Ok(chunk) => Next::Chunk(chunk),
        Err(TryRecvError::Empty) => Next::NotYet,
        Err(TryRecvError::Disconnected) => Next::End,
    }
}

fn read_all(inputs: &mut [Input], sender: &SyncSender<Result<Chunk>>) {
    for input in inputs {
        let mut open = true;
        let read = input.read(&mut |chunk| {
            open = sender.send(Ok(chunk)).is_ok();
            if open { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        if let Err(error) = read {
            // Nobody listens any more when the run has ended for another reason.
            let _ = sender.send(Err(error));
            return;
        }
        if !open {
            return;
        }
    }
}

fn parse(chunk: Chunk, rules: &Rules) -> Rows {
    let input = match &chunk {
        Chunk::Text(block) => block.first.input,
        Chunk::Cells(rows) => rows.get(0).map_or(0, |row| row.at.input),
    };
    reader::parse(chunk, rules.header_row(input))
}

/// Which rows share a match key: found by a pass of its own where the last row decides.
#[derive(Debug, Default)]
struct Groups {
    /// The last good row of each key.
    last: Keys,
    /// Keys of more than one good row, as a table of the second row of each.
    shared: Keys,
}

impl Groups {
    fn is_shared(&self, key: Fingerprint) -> bool {
        self.shared.get(key).is_some()
    }
}

fn find_groups(inputs: &mut [Input], rules: &Rules, pool: &rayon::ThreadPool) -> Result<Groups> {
    let mut groups = Groups::default();
    let per_row = rules.unique().count();
    judge_all(inputs, rules, pool, &|_| false, &mut |judged| {
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let key = judged.keys.get(index * per_row).copied().flatten();
            let row = judged.rows.get(outcome.row);
            if let (Fate::Ready, Some(key), Some(row)) = (outcome.fate, key, row) {
                if groups.last.get(key).is_some() {
                    groups.shared.insert(key, row.at);
                }
                groups.last.replace(key, row.at);
            }
        }
        Ok(())
    })?;
    Ok(groups)
}

/// What needs the rows in file order.
struct Admit<'a> {
    rules: &'a Rules,
    on_duplicate: OnDuplicate,
    names: Vec<String>,
    /// Keys seen so far, for each unique field.
    keys: Vec<Keys>,
    groups: &'a Groups,
    /// People of several rows, joined so far.
    merging: BTreeMap<Fingerprint, Record<'static>>,
    batcher: Batcher,
    summary: Summary,
    reports: &'a mut [Box<dyn Report>],
    writer: &'a mut dyn Writer,
}

impl Admit<'_> {
    fn chunk(&mut self, mut judged: Judged) -> Result<()> {
        let mut records = std::mem::take(&mut judged.records).into_iter().peekable();
        let (mut json, mut found) = (0, 0);
        let per_row = self.keys.len();
        for (index, outcome) in judged.outcomes.iter().enumerate() {
            let Some(row) = judged.rows.get(outcome.row) else { continue };
            let keys = judged.keys.get(index * per_row..(index + 1) * per_row).unwrap_or_default();
            let person = judged.json.get(json..outcome.json_end).unwrap_or_default();
            let findings = judged.findings.get(found..outcome.findings_end).unwrap_or_default();
            (json, found) = (outcome.json_end, outcome.findings_end);
            let record = records.next_if(|(of, _)| *of == index).map(|(_, record)| record);
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
        findings: &[Finding],
        record: Option<Record<'static>>,
    ) -> Result<()> {
        let mut more = Vec::new();
        let mut merged = None;
        let mut fate = outcome.fate;
        if fate != Fate::Skipped {
            fate = self.check_keys(row, fate, keys, record, &mut more, &mut merged);
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
            Fate::Skipped => self.summary.counts.skipped += 1,
        }
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

    /// Decides what the keys of a row mean for it, in the light of all rows before.
    fn check_keys(
        &mut self,
        row: Row<'_>,
        fate: Fate,
        keys: &[Option<Fingerprint>],
        mut record: Option<Record<'static>>,
        findings: &mut Vec<Finding>,
        merged: &mut Option<Vec<u8>>,
    ) -> Fate {
        let mut fate = fate;
        for (index, key) in keys.iter().enumerate() {
            let Some(key) = *key else { continue };
            // The policy is about the key by which people are matched; other unique fields cannot
            // be shared whatever the policy is.
            let policy = if index == 0 { self.on_duplicate } else { OnDuplicate::Reject };
            match policy {
                OnDuplicate::Reject => {
                    // The second row of a merged person would clash with the first.
                    let same_person = index > 0 && fate == Fate::Skipped;
                    let first = self
                        .keys
                        .get_mut(index)
                        .and_then(|seen| if same_person { None } else { seen.insert(key, row.at) });
                    if let Some(first) = first {
                        findings.push(self.clash(&finding::DUPLICATE, row, index, first));
                        fate = Fate::Rejected;
                    }
                }
                OnDuplicate::First if fate == Fate::Ready => {
                    let first = self.keys.get_mut(index).and_then(|seen| seen.insert(key, row.at));
                    if let Some(first) = first {
                        findings.push(self.clash(&finding::DUPLICATE_SKIPPED, row, index, first));
                        fate = Fate::Skipped;
                    }
                }
                OnDuplicate::Last if fate == Fate::Ready => {
                    if let Some(last) =
                        self.groups.last.get(key).filter(|last| !same(*last, row.at))
                    {
                        findings.push(self.clash(&finding::DUPLICATE_SKIPPED, row, index, last));
                        fate = Fate::Skipped;
                    }
                }
                OnDuplicate::Merge if fate == Fate::Ready => {
                    if let Some(record) = record.take() {
                        fate = self.join(key, row, record, findings, merged);
                    }
                }
                OnDuplicate::First | OnDuplicate::Last | OnDuplicate::Merge => {}
            }
        }
        fate
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
                let code = &finding::DUPLICATE_MERGED;
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
            format!("the same value stands on {place}, which is kept")
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

/// Whether two places are one row; a remembered place has no line.
fn same(a: Location, b: Location) -> bool {
    (a.input, a.row) == (b.input, b.row)
}
