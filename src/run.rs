//! The straight line: chunks are read, judged in parallel, and admitted in file order.
//!
//! The output is the same on any number of threads, because only the caller's thread decides anything, in file
//! order (uniqueness, batches, reports). Which thread does what else stands in `run/threads.rs`; one more writes
//! requests, unless one alone judges.

mod along;
mod apart;
mod threads;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

pub use self::threads::Judges;
use self::threads::{Means, over_chunks};
use crate::admit::{Admit, Groups, tables};
use crate::baseline::Gate;
use crate::batch::{Batcher, Frame, Limits};
use crate::error::Result;
use crate::reader::Input;
use crate::recipe::OnDuplicate;
use crate::report::{Head, Report, Summary};
use crate::unique::Budget;
use crate::validate::{ColumnOf, Evidence, Judged, Rules};
use crate::writer::Writer;
use crate::writer::beside::beside;

/// What a run does with people, beside judging them.
#[derive(Debug)]
pub struct Settings<'a> {
    /// The threads that judge.
    pub judges: &'a Judges,
    /// What happens to rows with the same key.
    pub on_duplicate: OnDuplicate,
    /// How much memory the tables of keys may take together; all that they need where nothing is said.
    pub memory: Option<u64>,
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
    (head, gate): (&Head, &mut Gate),
    reports: &mut [Box<dyn Report>],
    writer: &mut dyn Writer,
) -> Result<Summary> {
    let started = Instant::now();
    for report in reports.iter_mut() {
        report.begin(head)?;
    }
    let budget = Budget::new(settings.memory, tables(rules), writer.folder());
    let mut groups = Groups::new(rules, &budget);
    let alone = settings.judges.are_one() || writer.folder().is_none();
    let means = |shared| Means { judges: settings.judges, shared, stop: &settings.stop };
    if matches!(settings.on_duplicate, OnDuplicate::Last | OnDuplicate::Merge) {
        let learn = &mut |judged: Judged| groups.learn(&judged);
        over_chunks(inputs, means(false), &|rows| rules.judge(rows, &|_| false), learn)?;
    }
    let batcher = || Batcher::new(settings.limits, settings.frame.clone());
    let batcher = || if rules.have_asides() { batcher() } else { batcher().without_asides() };
    let batcher = rules.are_written().then(batcher);
    let known = (&groups, &budget);
    let merge = settings.on_duplicate == OnDuplicate::Merge;
    let keep = |key| merge && groups.is_shared(key);
    let line = |writer: &mut dyn Writer| {
        let mut admit =
            Admit::new(rules, settings.on_duplicate, (head, gate), known, batcher, reports, writer);
        admit.notes(&head.notes)?;
        let take = &mut |judged| admit.chunk(judged);
        over_chunks(inputs, means(!alone), &|rows| rules.judge(rows, &keep), take)?;
        admit.finish(head)
    };
    let mut summary = if alone { line(writer) } else { beside(writer, line) }?;
    summary.seconds = started.elapsed().as_secs_f64();
    Ok(summary)
}

/// Looks through whole columns for what their values prove together.
///
/// # Errors
/// When an input cannot be read to its end.
pub fn gather(
    inputs: &mut [Input],
    rules: &Rules,
    columns: &[ColumnOf],
    judges: &Judges,
    stop: &AtomicBool,
) -> Result<Vec<Evidence>> {
    let mut all = vec![Evidence::default(); columns.len()];
    let means = Means { judges, shared: false, stop };
    over_chunks(inputs, means, &|rows| rules.evidence(&rows, columns), &mut |found| {
        for (evidence, later) in all.iter_mut().zip(found) {
            evidence.add(later);
        }
        Ok(())
    })?;
    Ok(all)
}
