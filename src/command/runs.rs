//! `runs`: which pushes there were, how far each of them came, and what is typed to go on with it.

mod show;

use std::fs;
use std::path::{Path, PathBuf};

pub(super) use self::show::in_words;
use super::purge::leftovers;
use super::rerun::name_of;
use super::{print, print_json};
use crate::error::{ExitStatus, Result};
use crate::journal::{Listed, Phase, Runs as Folders, Standing};

/// How many runs are shown unless all are asked for.
const FEW: usize = 20;

/// What `runs` does.
#[derive(Debug)]
pub struct Runs {
    /// Where run folders lie.
    pub state: PathBuf,
    /// Whether that is where they lie when nobody says.
    pub state_is_usual: bool,
    /// Whether all are shown, and not only the newest.
    pub all: bool,
    /// Whether they are shown as JSON.
    pub json: bool,
}

/// Where a run stands, in a word of the JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It was stopped or killed before it had a journal.
    NotBegun,
    /// Another process makes its requests, or waits for the answer to its question.
    Preparing,
    /// All is planned, and it was stopped before the first request.
    Planned,
    /// It is a plan, of which nothing was sent.
    Plan,
    /// Another process sends it.
    Sending,
    /// The process that sent it was killed.
    Killed,
    /// It ended before its end.
    Stopped,
    /// Everybody was sent.
    Finished,
    /// Its people were taken out of it.
    Purged,
    /// That was begun and not finished.
    PurgedInPart,
    /// Its journal cannot be read.
    Unreadable,
}

impl State {
    /// Where a run stands.
    pub(super) fn of(run: &Listed) -> Self {
        let standing = match &run.standing {
            Err(_) => return Self::Unreadable,
            Ok(None) if run.held => return Self::Preparing,
            Ok(None) => return Self::NotBegun,
            Ok(Some(standing)) => standing,
        };
        match (standing.phase, run.held) {
            (Phase::Planned, true) => Self::Preparing,
            (Phase::Planned, false) if standing.about.plan => Self::Plan,
            (Phase::Planned, false) => Self::Planned,
            (Phase::Sending, true) => Self::Sending,
            (Phase::Sending, false) => Self::Killed,
            // Whoever holds it reads it back, or is about to send the rest.
            (Phase::Stopped, _) => Self::Stopped,
            (Phase::Finished, _) => Self::Finished,
            (Phase::Purged, _) if leftovers(&run.path).is_empty() => Self::Purged,
            (Phase::Purged, _) => Self::PurgedInPart,
        }
    }

    /// Whether `resume` goes on with it.
    pub(super) fn is_unfinished(self) -> bool {
        matches!(self, Self::Planned | Self::Killed | Self::Stopped)
    }
}

/// A run as it is shown.
struct Shown<'a> {
    run: &'a Listed,
    state: State,
    standing: Option<&'a Standing>,
    /// The word by which the next command finds it.
    name: String,
    bytes: u64,
}

/// Everything that is shown.
struct Page<'a> {
    folder: &'a Path,
    runs: Vec<Shown<'a>>,
    /// Older runs that are not shown.
    more: usize,
    /// What all of them take.
    bytes: u64,
}

/// Lists the runs, the newest first.
///
/// # Errors
/// When the folder of the runs cannot be read. A run whose journal cannot be read is listed with the
/// reason.
pub fn runs(plan: &Runs) -> Result<ExitStatus> {
    let folders = Folders::new(&plan.state);
    let listed = folders.list()?;
    let usual = plan.state_is_usual.then_some(&plan.state);
    let sizes: Vec<u64> = listed.iter().map(|run| size(&run.path)).collect();
    let shown = if plan.all { listed.len() } else { FEW };
    let runs = listed.iter().zip(&sizes).take(shown).map(|(run, &bytes)| Shown {
        state: State::of(run),
        standing: run.standing.as_ref().ok().and_then(Option::as_ref),
        name: name_of(&run.path, usual),
        bytes,
        run,
    });
    let page = Page {
        folder: folders.folder(),
        runs: runs.collect(),
        more: listed.len().saturating_sub(shown),
        bytes: sizes.iter().sum(),
    };
    if plan.json {
        print_json(&page.json())?;
    } else {
        print(&page.text())?;
    }
    Ok(ExitStatus::Good)
}

/// How many bytes the files below a folder hold. What cannot be looked at is not counted, and no link
/// is followed.
pub(super) fn size(path: &Path) -> u64 {
    let Ok(data) = fs::symlink_metadata(path) else { return 0 };
    if !data.is_dir() {
        return data.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}
