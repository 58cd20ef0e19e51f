//! `check`: validation only, and the plan of repairs.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{Shown, Whole, end, judge, refuse_input, status};
use crate::error::{Error, ExitStatus, Result};
use crate::fix;
use crate::plan::Job;
use crate::report::Sheet;
use crate::writer::Nowhere;

/// What `check` does.
#[derive(Clone, Debug)]
pub struct Check {
    /// The people.
    pub job: Job,
    /// How results are shown.
    pub shown: Shown,
    /// Where the plan of repairs goes, if it is asked for.
    pub fix_plan: Option<PathBuf>,
}

/// Judges every row and says what was found.
///
/// # Errors
/// When the inputs cannot be read or a report cannot be written.
pub fn check(plan: &Check) -> Result<ExitStatus> {
    let mut reports = plan.shown.open(&plan.job)?;
    let repairs = Rc::new(Cell::new(0));
    if let Some(path) = &plan.fix_plan {
        reports.push(Box::new(open_plan(path, plan, Rc::clone(&repairs))?));
    }
    let mut opened = plan.job.open()?;
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut Nowhere)?;
    summary.next.extend(plan.job.cured_line(&summary).map(|line| format!("next: {line}")));
    if summary.counts.valid > 0 && !summary.is_forbidden() {
        summary.next.extend(plan.job.push_line().map(|line| format!("next: {line}")));
    }
    if let Some(path) = plan.fix_plan.as_ref().filter(|_| repairs.get() > 0) {
        let sheets = &opened.head.sheets;
        let can = |sheet: &Sheet| fix::can_copy(&sheet.facts, &sheet.facts.path);
        summary.next.extend(match sheets.iter().try_for_each(can) {
            Ok(()) => plan.job.fix_line(path).map(|line| format!("next: {line}")),
            Err(error) => Some(format!("the plan is only to be read: {error}")),
        });
    }
    end(&mut reports, &summary)?;
    Ok(status(&summary))
}

/// Opens the plan of repairs, in no file that something else is in.
fn open_plan(path: &Path, plan: &Check, repairs: Rc<Cell<u64>>) -> Result<Whole> {
    refuse_input(path, plan.job.files.iter().map(PathBuf::as_path))?;
    if plan.shown.reports.iter().any(|(report, _)| report == path) {
        let message = format!("{path:?} cannot be a report and the plan of repairs");
        return Err(Error::usage(message, "name another file for one of them"));
    }
    Whole::made(path, &fix::KIND, |output| fix::plan(output, repairs))
}
