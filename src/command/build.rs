//! `build`: payload files, for those who send them by other means.

use std::path::{Path, PathBuf};

use super::presuming::presuming;
use super::{Shown, end, judge, status, tell_forbidden};
use crate::error::{Error, ExitStatus, Result};
use crate::plan::{Job, Opened};
use crate::report::{self, Output, Report};
use crate::target::{Method, Request};
use crate::writer::files::{About, Folder, would_replace};

/// What `build` does.
#[derive(Clone, Debug)]
pub struct Build {
    /// The people.
    pub job: Job,
    /// How results are shown.
    pub shown: Shown,
    /// The output folder.
    pub folder: PathBuf,
    /// Whether parts of an earlier run in it may be replaced.
    pub force: bool,
}

/// The reports that every output folder has: name, ending and form.
pub(super) const REPORTS: [(&str, &str, &str); 2] =
    [("report", "json", "json"), ("rejects", "csv", "rejects")];

/// Writes the payload files of everybody who can be sent.
///
/// # Errors
/// When the inputs cannot be read or the folder cannot be written; nothing half-written is left.
pub fn build(plan: &Build) -> Result<ExitStatus> {
    refuse_other_than_folder(&plan.folder)?;
    presuming(&plan.job, &plan.shown, |job| write_all(&Build { job, ..plan.clone() }))
}

fn write_all(plan: &Build) -> Result<ExitStatus> {
    let mut reports = plan.shown.open(&plan.job)?;
    if let Some(input) = plan.job.files.iter().find(|file| would_replace(&plan.folder, file)) {
        let message = format!("the output folder would replace its own input {input:?}");
        return Err(Error::usage(message, "name another folder, or put the file elsewhere"));
    }
    let mut opened = plan.job.open()?;
    let mut folder = Folder::create(&plan.folder, plan.force, false)?;
    let rejects = open_reports(&folder, &opened, &mut reports)?;
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut folder)?;
    if summary.is_forbidden() {
        end(&mut reports, &summary)?;
        tell_forbidden(&summary, "nothing was written");
        return Ok(status(&summary));
    }
    summary.next.push(format!("payloads: {}", plan.folder.join("payloads").display()));
    end(&mut reports, &summary)?;
    close(reports);
    if summary.counts.rejected == 0 {
        rejects.iter().try_for_each(|name| folder.discard(name))?;
    }
    folder.finish(&about(&opened))?;
    Ok(status(&summary))
}

/// Payloads are several files: they go into a folder, and nowhere else.
fn refuse_other_than_folder(path: &Path) -> Result<()> {
    let help = "name a folder that is new or empty";
    if path.as_os_str() == "-" {
        let message = "payload files cannot be written to standard output";
        return Err(Error::usage(message, help));
    }
    if path.exists() && !path.is_dir() {
        let message = format!("the output {path:?} is a file, and payload files go into a folder");
        return Err(Error::usage(message, help));
    }
    Ok(())
}

/// Opens the reports of an output folder, and gives the names of those of rejected rows: inputs whose
/// headers differ have one each.
fn open_reports(
    folder: &Folder,
    opened: &Opened,
    reports: &mut Vec<Box<dyn Report>>,
) -> Result<Vec<String>> {
    let mut rejects = Vec::new();
    for (stem, ending, form) in REPORTS {
        let Some(kind) = report::find(form) else { continue };
        let name = format!("{stem}.{ending}");
        reports.push((kind.open)(Output::to_file(folder.part(&name)?, folder.path())));
        let Some(further) = kind.further else { continue };
        rejects.push(name);
        for (number, table) in opened.head.tables().0.iter().enumerate().skip(1) {
            let name = table.file(stem, ending);
            let output = Output::to_file(folder.part(&name)?, folder.path());
            reports.push((further.open)(output, number));
            rejects.push(name);
        }
    }
    Ok(rejects)
}

/// Closes the files of reports, so that they can be moved.
fn close(reports: Vec<Box<dyn Report>>) {
    drop(reports);
}

/// What the manifest says of a run.
pub(super) fn about(opened: &Opened) -> About {
    About {
        target: opened.target.kind().id.to_owned(),
        request: words(&opened.target.request()),
        after: opened.target.afterwards().map(|after| words(&after.request())),
        inputs: opened.inputs.iter().map(|input| input.facts.path.display().to_string()).collect(),
    }
}

/// Method and path of a request.
pub(super) fn words(request: &Request) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    };
    format!("{method} {}", request.path)
}
