//! `results`: the rows of a run in files, by what became of them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{print, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{Phase, RunLock, Runs, View};
use crate::report::counted;
use crate::results::{Counts, Form, Part, Place, Sorter, kept, part_of};

/// The folder of results in a run folder.
const FOLDER: &str = "results";

/// What `results` does.
#[derive(Debug)]
pub struct Results {
    /// The run: its id, the beginning of its id, or its folder; the newest where nobody says.
    pub run: Option<String>,
    /// Where run folders lie.
    pub state: PathBuf,
    /// Where the files go; into the run folder where nobody says.
    pub output: Option<PathBuf>,
    /// In which form.
    pub form: &'static Form,
    /// Which of them.
    pub parts: Vec<Part>,
    /// Whether files of these names may be replaced.
    pub force: bool,
}

/// Writes the result files of a run and says what is in them.
///
/// # Errors
/// When there is no such run, it keeps no rows, or the files cannot be written.
pub fn results(plan: &Results) -> Result<ExitStatus> {
    let runs = Runs::new(&plan.state);
    let run = match &plan.run {
        Some(word) => runs.find(word)?,
        None => runs.last()?,
    };
    let view = View::open(&run)?;
    let (phase, _) = view.phase()?;
    if !kept::is_kept(&run) {
        return Err(no_rows(&run, phase));
    }
    if RunLock::is_held(&run) {
        tell("the run is still being sent: the files say how it stands now");
    }
    let usual = run.join(FOLDER);
    // What lies in the run folder is ours and may be older than the last resume.
    let replace = plan.force || plan.output.is_none();
    let folder = plan.output.as_ref().unwrap_or(&usual);
    let mut place = Place::new(folder, replace)?;
    let mut sorter = Sorter::new(&run, plan.form, &plan.parts, &mut place)?;
    view.each(&mut |_, places, state| {
        let (part, reason) = part_of(state);
        places.iter().try_for_each(|at| sorter.outcome(*at, part, &reason))
    })?;
    let counts = sorter.finish()?;
    let files = place.commit()?;
    print(&page(plan, &counts, &files))?;
    Ok(ExitStatus::Good)
}

fn no_rows(run: &Path, phase: Phase) -> Error {
    let of = |why| format!("there are no results of the run {}: {why}", run.display());
    if phase == Phase::Purged {
        return Error::Guard {
            message: of("its rows were purged"),
            help: "only `upsheet runs` still tells of it".to_owned(),
        };
    }
    Error::usage(of("its folder holds no rows"), "the folder was changed after the run")
}

/// What is told of the files: how many rows are in each, and which belong together.
fn page(plan: &Results, counts: &Counts, files: &[PathBuf]) -> String {
    let rows: u64 = counts.iter().sum();
    let mut text = format!("{} read\n", counted(rows, "row was", "rows were"));
    // Writing to a String cannot fail.
    for (part, count) in Part::ALL.iter().zip(counts) {
        let left = if plan.parts.contains(part) { "" } else { "  (not asked for)" };
        let _ = writeln!(text, "  {:12} {count:>9}{left}", part.word());
    }
    text.push('\n');
    for file in files {
        let _ = writeln!(text, "{}", file.display());
    }
    text
}
