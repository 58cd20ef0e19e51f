//! `check`: validation only.

use super::{Shown, end, judge, status};
use crate::error::{ExitStatus, Result};
use crate::plan::Job;
use crate::writer::Nowhere;

/// What `check` does.
#[derive(Clone, Debug)]
pub struct Check {
    /// The people.
    pub job: Job,
    /// How results are shown.
    pub shown: Shown,
}

/// Judges every row and says what was found.
///
/// # Errors
/// When the inputs cannot be read or a report cannot be written.
pub fn check(plan: &Check) -> Result<ExitStatus> {
    let mut reports = plan.shown.open(&plan.job)?;
    let mut opened = plan.job.open()?;
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut Nowhere)?;
    summary.next.extend(plan.job.cured_line(&summary).map(|line| format!("next: {line}")));
    if summary.counts.valid > 0 && !summary.is_forbidden() {
        summary.next.extend(plan.job.push_line().map(|line| format!("next: {line}")));
    }
    end(&mut reports, &summary)?;
    Ok(status(&summary))
}
