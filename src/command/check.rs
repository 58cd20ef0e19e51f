//! `check`: validation only, and the plan of repairs.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::presuming::presuming;
use super::{Shown, Whole, end, judge, refuse_input, status};
use crate::error::{Error, ExitStatus, Result};
use crate::fix::{self, Counts};
use crate::plan::{Job, Opened};
use crate::writer::Nowhere;

/// How a plan of repairs is called where nobody has named it.
const USUAL: &str = "fixes.csv";

/// Endings under which a program does not open a CSV.
const WORKBOOKS: [&str; 5] = ["xlsx", "xlsm", "xlsb", "xls", "ods"];

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
    if let Some(path) = &plan.fix_plan {
        refuse(path, plan)?;
    }
    presuming(&plan.job, &plan.shown, |job| judge_all(&Check { job, ..plan.clone() }))
}

fn judge_all(plan: &Check) -> Result<ExitStatus> {
    let mut reports = plan.shown.open(&plan.job)?;
    let repairs = Counts::default();
    match &plan.fix_plan {
        Some(path) => reports.push(Box::new(open_plan(path, Rc::clone(&repairs))?)),
        // They are counted, so that it can be said that there are some.
        None => reports.push(fix::count(Rc::clone(&repairs))),
    }
    let mut opened = plan.job.open()?;
    opened.rules.leave_unwritten();
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut Nowhere)?;
    let mut next: Vec<String> = plan.job.cured_line(&summary).into_iter().collect();
    next.extend(repairs_lines(plan, &opened, &repairs.borrow()));
    if summary.counts.valid > 0 && !summary.is_forbidden() {
        next.extend(plan.job.push_line());
    }
    summary.next.extend(next.iter().map(|line| format!("next: {line}")));
    summary.next.extend(only_to_be_read(plan, &opened, &repairs.borrow()));
    end(&mut reports, &summary)?;
    Ok(status(&summary))
}

/// The lines that lead to the repairs: to their plan, or from the plan to the copies.
fn repairs_lines(plan: &Check, opened: &Opened, repairs: &[u64]) -> Vec<String> {
    let mut lines = Vec::new();
    let with_repairs = opened.inputs.iter().zip(repairs).filter(|(_, count)| **count > 0);
    for (input, _) in with_repairs.filter(|(input, _)| input.facts.path.as_os_str() != "-") {
        let Some(copy) = fix::name_of_copy(&input.facts) else { continue };
        match &plan.fix_plan {
            Some(path) => lines.push(plan.job.fix_line(&input.facts.path, path, &copy)),
            // Of values that are not to be shown there is no plan.
            None if plan.shown.mask.is_some() => {}
            None => lines.extend(plan.job.fix_plan_line(Path::new(USUAL))),
        }
    }
    lines.dedup();
    lines
}

/// Why a plan that was asked for cannot be made true in a file.
fn only_to_be_read(plan: &Check, opened: &Opened, repairs: &[u64]) -> Option<String> {
    plan.fix_plan.as_ref()?;
    let mut files = opened.inputs.iter().zip(repairs).filter(|(_, count)| **count > 0);
    let why = files.find_map(|(input, _)| {
        let facts = &input.facts;
        fix::can_copy(facts, &facts.path).err().filter(|_| fix::name_of_copy(facts).is_none())
    })?;
    Some(format!("the plan is only to be read: {why}"))
}

/// Refuses what cannot be a plan of repairs, before anything is read.
fn refuse(path: &Path, plan: &Check) -> Result<()> {
    refuse_input(path, plan.job.files.iter().map(PathBuf::as_path))?;
    if plan.shown.reports.iter().any(|(report, _)| report == path) {
        let message = format!("{path:?} cannot be a report and the plan of repairs");
        return Err(Error::usage(message, "name another file for one of them"));
    }
    if plan.shown.mask.is_some() {
        let message = "--mask leaves no values, and the plan of repairs is made of them";
        return Err(Error::usage(message, "leave out --mask or --fix-plan"));
    }
    if path.as_os_str() == "-" {
        let message = "the plan of repairs does not go to standard output";
        return Err(Error::usage(message, format!("name a file, such as --fix-plan {USUAL}")));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    if ending.is_some_and(|ending| WORKBOOKS.contains(&ending.as_str())) {
        let message = format!("the plan of repairs is a CSV, and {path:?} would be no workbook");
        return Err(Error::usage(message, "name it .csv; spreadsheet programs open that"));
    }
    if fix::is_answered(path) {
        let message = format!("{path:?} is a plan with answers, which would be lost");
        return Err(Error::usage(
            message,
            "name another file for the new plan, or delete that one",
        ));
    }
    Ok(())
}

/// Opens the plan of repairs.
fn open_plan(path: &Path, repairs: Counts) -> Result<Whole> {
    Whole::made(path, &fix::KIND, |output| fix::plan(output, repairs))
}
