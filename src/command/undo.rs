//! `undo`: a plan that brings back what a run has changed, wherever it is still as it was sent.
//!
//! A run that looked everybody up before it sent them has kept what there was (`plan::before`): for each person the
//! `Reversal`, which would bring that back. Everybody of it is looked for once more, and by what the target has now
//! `decide` says who gets the reversal: who still shows what was sent. `requests` writes these into the folder of a
//! new plan, and `left` names whoever was made, or was edited since, and is left alone. The plan is shown, sent and
//! carried on with as any other.

mod decide;
mod left;
mod requests;

use std::path::{Path, PathBuf};

use self::left::{Counts, Why};
use self::requests::UndoneRun;
use super::looking::Looking;
use super::plan::{Forecast, LeftCount, Told, Undoes, before, draw, look};
use super::rerun::{Chosen, SetUp, Surroundings, Which, name_of, purged, set_up};
use super::staging::{LOCK, RECIPE, kept_rules, not_begun, planned, whole};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{About, Journal, Leg, ObjectLock, Overrides, Phase, Run, RunLock, Runs};
use crate::private;
use crate::progress::{Progress, Voice};
use crate::target::{self, Operation};
use crate::visible::visible;
use crate::writer::pace::Pace;

/// What `undo` does.
#[derive(Debug)]
pub struct Undo {
    /// Which run.
    pub which: Which,
    /// The folder of the plan; one among those of the runs where none is named.
    pub folder: Option<PathBuf>,
    /// Whether it is shown as JSON.
    pub json: bool,
    /// Whether values are shown beside the names of fields.
    pub show_values: bool,
    /// Whether nothing is said beside JSON.
    pub quiet: bool,
    /// Says lines on standard error, and how far it is.
    pub voice: Voice,
    /// What the target is set up with.
    pub around: Surroundings,
    /// The day on which the plan is made, for its name.
    pub today: jiff::civil::Date,
}

/// Plans to bring back what a run has changed, and says what that would do.
///
/// # Errors
/// When there is no such run, nothing is known of the time before it, somebody else is at it, or not everybody
/// could be looked for: nothing is kept then.
pub fn undo(plan: &Undo) -> Result<ExitStatus> {
    let chosen = plan.which.find()?;
    let _its = RunLock::take(&chosen.folder)?;
    let journal = Journal::open(&chosen.folder)?;
    let before = open_before(&chosen, &journal)?;
    if let Some(folder) = plan.folder.as_deref().filter(|folder| is_within(folder, &chosen.folder))
    {
        return Err(Error::usage(
            format!("{folder:?} lies in the folder of the run that is undone"),
            "name another one with -o",
        ));
    }
    let (about, set_up) = set_up_undo(plan, &chosen, journal.about())?;
    let watch = Progress::new(&plan.voice);
    let target = set_up.target.as_ref();
    let pace = Pace::new(target.interval(), &plan.around.stop).watched(&watch);
    let looking = Looking {
        target,
        client: &set_up.client,
        pace: &pace,
        attempts: set_up.job.recipe.sending.attempts,
        watch: &watch,
    };
    let mut undone = UndoneRun { chosen: &chosen, journal: &journal, before, target };
    let found = look(&undone.wanted()?, &looking)?;

    let state = about.state.clone().unwrap_or_else(|| chosen.state.clone());
    let mut run = match &plan.folder {
        Some(folder) => Run::at(folder)?,
        None => Runs::new(&plan.which.state).create(plan.today)?,
    };
    let _own = RunLock::take(run.path())?;
    run.claim()?;
    let written = undone.write_requests(&found, run.path())?;
    let about = About {
        valid: written.people,
        skipped: about.rows.saturating_sub(written.people),
        rules: copy_rules(&chosen.folder, run.path())?,
        ..about
    };
    let entries = planned(&written.entries);
    let journal = Journal::create(run.path(), &about, &entries).map_err(not_begun)?;
    let _alone = ObjectLock::take(&state, &about.object, run.id())?;
    let forecast = Forecast { folder: run.path(), journal: &journal, target };
    let drawn = draw(&forecast, &found)?;
    run.keep();
    let told = Told {
        about: &about,
        id: run.id(),
        name: name_of(run.path(), plan.which.state_is_usual.then_some(&plan.which.state)),
        target,
        drawn: &drawn,
        folder: run.path(),
        afterwards: 0,
        batches: entries.len(),
        requests: found.requests,
        show_values: plan.show_values,
        undoes: Some(Undoes {
            run: &chosen.name,
            left: left_counts(written.left),
            table: left::path(run.path()),
        }),
    };
    told.tell(plan.json, plan.quiet)?;
    Ok(if told.is_doubtful() { ExitStatus::Findings } else { ExitStatus::Good })
}

/// Whether a folder, which need not be there yet, is another one or lies in it.
fn is_within(folder: &Path, other: &Path) -> bool {
    let other = whole(other);
    let there = folder.ancestors().find(|one| one.exists() || one.as_os_str().is_empty());
    let there = there.map(|one| if one.as_os_str().is_empty() { Path::new(".") } else { one });
    there.is_some_and(|there| whole(there).starts_with(other))
}

/// Who is left alone, as a plan tells it.
fn left_counts(counts: Counts) -> Vec<LeftCount> {
    let all = Why::ALL.into_iter().zip(counts).filter(|(_, times)| *times > 0);
    let told = |(why, times): (Why, u64)| LeftCount {
        word: why.word(),
        meant: why.meant(),
        times,
        stays: why.stays(),
    };
    all.map(told).collect()
}

/// What the run knows of the time before it.
fn open_before(chosen: &Chosen, journal: &Journal) -> Result<before::Reader> {
    let name = &chosen.name;
    match journal.phase()?.0 {
        Phase::Purged => return Err(purged(name, "what there was before it")),
        Phase::Planned => {
            return Err(nobody(name));
        }
        Phase::Sending | Phase::Stopped | Phase::Finished => {}
    }
    let about = journal.about();
    let tally = journal.tally(Leg::People);
    if about.valid == 0 || tally.not_sent + tally.refused == tally.people() {
        return Err(nobody(name));
    }
    if !about.rules.is_empty() && kept_rules(&chosen.folder)? != about.rules {
        return Err(Error::Guard {
            message: format!(
                "the recipe or the lock file in the folder of the run {name} was changed"
            ),
            help: "put back what it was planned by. Nothing was sent".to_owned(),
        });
    }
    before::Reader::open(&chosen.folder)?.ok_or_else(|| Error::Guard {
        message: format!("run {name} kept nothing of what there was before it"),
        help: "only a plan that was sent (upsheet push --plan) and a push with --keep-before can be undone: both \
               look everybody up first. Nothing was sent"
            .to_owned(),
    })
}

fn nobody(name: &str) -> Error {
    Error::Guard {
        message: format!("nobody of run {name} was sent"),
        help: "there is nothing to undo".to_owned(),
    }
}

/// What is known of the run, turned to the plan that undoes it, and its target. Where the target has an operation
/// that makes nobody, it is that one: a profile that somebody has deleted since is not to come back in part.
fn set_up_undo(plan: &Undo, chosen: &Chosen, of: &About) -> Result<(About, SetUp)> {
    let undoes = Some(whole(&chosen.folder));
    let about = About { undoes, keeps_before: false, ..of.clone() };
    let about = if target::find(&of.target)?.updates_alone {
        let operation = Operation::Update.word().to_owned();
        let overrides = Overrides { operation: Some(operation.clone()), ..about.overrides };
        About { operation, overrides, ..about }
    } else {
        about
    };
    let set_up = set_up(chosen, &about, &plan.around)?;
    let frame = set_up.target.frame();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let about = About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        began: jiff::Timestamp::now().as_millisecond(),
        plan: true,
        words: vec!["undo".to_owned(), chosen.name.clone()],
        frame_head: text(frame.head),
        frame_tail: text(frame.tail),
        fails: Some(0),
        rejected: 0,
        ..about
    };
    Ok((about, set_up))
}

/// Copies what the target was set up by, and gives its print.
fn copy_rules(from: &Path, to: &Path) -> Result<String> {
    for name in [RECIPE, LOCK] {
        let path = to.join(name);
        match std::fs::read(from.join(name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && name == LOCK => {}
            read => {
                let written = read.and_then(|text| {
                    std::io::Write::write_all(&mut private::new_file(&path)?, &text)
                });
                written.map_err(|source| Error::Output { path, action: "write", source })?;
            }
        }
    }
    kept_rules(to)
}

/// The name of the file in the folder of a run that says by which plan it was undone.
const UNDONE: &str = "undone";

/// Puts down in the folder of a run, where that is still there, by which plan it is being undone.
///
/// # Errors
/// When it cannot be written.
pub(super) fn mark(folder: &Path, by: &str) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let path = folder.join(UNDONE);
    let written = std::fs::write(&path, format!("{by}\n"));
    written.map_err(|source| Error::Output { path, action: "write", source })
}

/// By which plan a run was undone, if it was.
pub(super) fn undone_by(folder: &Path) -> Option<String> {
    let by = std::fs::read_to_string(folder.join(UNDONE)).ok()?;
    Some(visible(by.trim()))
}
