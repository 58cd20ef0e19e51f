//! `purge`: takes people's data out of the folders of runs. What stays is the journal without anybody's
//! words, so that `runs` still tells that it was done, and when.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::rerun::{id_of, name_of};
use super::runs::{State, in_words, size};
use super::{account, print, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{FILE, Journal, Listed, RunLock, Runs};
use crate::report::counted;
use crate::visible::visible;

/// What `purge` does.
#[derive(Debug)]
pub struct Purge {
    /// The runs: their ids, the beginnings of these, or their folders. All where an age is named and no
    /// run.
    pub runs: Vec<String>,
    /// Only those that began longer ago than this.
    pub older_than: Option<Duration>,
    /// Whether runs may be purged that could still be gone on with.
    pub force: bool,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// Where run folders lie.
    pub state: PathBuf,
    /// Whether that is where they lie when nobody says.
    pub state_is_usual: bool,
}

/// What a run folder has beside its journal and its lock.
const PARTS: &[&str] = &[
    "payloads",
    "after",
    "rows",
    "results",
    "manifest.json",
    "report.json",
    "rejects.csv",
    "outcomes.csv",
    "plan.csv",
    "before.jsonl",
    "left.csv",
    "undone",
    "recipe.toml",
    "upsheet.lock",
    "readback.jsonl",
    ".upsheet.lock",
];
/// How further tables of the rejected begin.
const REJECTS: &str = "rejects.";
/// How that begins which a process that was killed leaves of a file that had no name yet.
const HALVES: [&str; 2] = [".upsheet-", ".tmp"];
/// The journal, what the database lays beside it, and the lock.
const KEPT: &[&str] =
    &[FILE, "journal.sqlite-wal", "journal.sqlite-shm", "journal.sqlite-journal", "run.lock"];

/// A run that is to be purged, with its lock.
struct Doomed {
    run: Listed,
    state: State,
    name: String,
    _lock: RunLock,
}

/// Takes people's data out of runs.
///
/// # Errors
/// When a run is not there, is in use, or could still be gone on with; when nobody says yes; when
/// something cannot be removed.
pub fn purge(plan: &Purge) -> Result<ExitStatus> {
    let mut doomed = Vec::new();
    for run in chosen(plan)? {
        if let Some(run) = take(plan, run)? {
            doomed.push(run);
        }
    }
    if doomed.is_empty() {
        print("nothing to purge\n")?;
        return Ok(ExitStatus::Good);
    }
    tell(&announced(&doomed));
    if !plan.yes && !account::yes("Take it away? [y/N] ") {
        return Err(Error::Guard {
            message: "nothing was taken away, because nobody said yes".to_owned(),
            help: "answer y, or add --yes where nobody can answer".to_owned(),
        });
    }
    let mut text = String::new();
    for run in &doomed {
        let strange = run.purge()?;
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  purged", visible(&run.run.id));
        if !strange.is_empty() {
            let _ = writeln!(
                text,
                "  left alone, because upsheet did not make it: {}",
                visible(&strange.join(", "))
            );
        }
    }
    print(&text)?;
    Ok(ExitStatus::Good)
}

/// The runs that were named, or all of them, of the age that was named.
fn chosen(plan: &Purge) -> Result<Vec<Listed>> {
    let runs = Runs::new(&plan.state);
    let mut listed = Vec::new();
    if plan.runs.is_empty() {
        listed = runs.list()?;
    }
    let mut seen: Vec<PathBuf> = Vec::new();
    for word in &plan.runs {
        let path = runs.find_any(word)?;
        let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
        if !seen.contains(&whole) {
            seen.push(whole);
            listed.push(Listed::read(path));
        }
    }
    let now = jiff::Timestamp::now().as_millisecond();
    let is_old = |run: &Listed| match plan.older_than {
        None => true,
        Some(age) => {
            let since = u64::try_from(now.saturating_sub(run.began())).unwrap_or(0);
            Duration::from_millis(since) > age
        }
    };
    listed.retain(is_old);
    Ok(listed)
}

/// Takes the lock of a run and looks at it again. Gives nothing where there is nothing to do; a run that
/// was not named and may not be purged is told.
fn take(plan: &Purge, run: Listed) -> Result<Option<Doomed>> {
    let name = name_of(&run.path, plan.state_is_usual.then_some(&plan.state));
    let named = !plan.runs.is_empty();
    if let Some(link) = link_in(&run.path) {
        let message = format!("{} is a link", visible(&link.display().to_string()));
        let help = "upsheet made no link there, and takes nothing away behind one".to_owned();
        if named {
            return Err(Error::Guard { message, help });
        }
        tell(&format!("{name} is left alone: {message}"));
        return Ok(None);
    }
    let lock = match RunLock::take(&run.path) {
        Ok(lock) => lock,
        Err(error) if named => return Err(error),
        Err(error) => {
            tell(&format!("{error}; it is left alone"));
            return Ok(None);
        }
    };
    // By now it may stand elsewhere. That we hold it ourselves says nothing.
    let run = Listed { held: false, ..Listed::read(run.path) };
    let state = State::of(&run);
    let why = match state {
        State::Purged => return Ok(None),
        State::Unreadable => "its journal cannot be read; all of the run would be taken away",
        _ if state.is_unfinished() => "it is not finished, and could not be resumed any more",
        _ => "",
    };
    if !why.is_empty() && !plan.force {
        if !named {
            tell(&format!("{name} is left alone: {why}; --force purges it"));
            return Ok(None);
        }
        return Err(Error::Guard {
            message: format!("run {name} is not purged: {why}"),
            help: format!(
                "upsheet resume {name} goes on with it; to purge it all the same, add --force. Nothing \
                 was taken away"
            ),
        });
    }
    Ok(Some(Doomed { run, state, name, _lock: lock }))
}

/// A link where a run has a file that is written to, or its folder.
fn link_in(folder: &Path) -> Option<PathBuf> {
    let is_link = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|data| data.is_symlink());
    let files = KEPT.iter().map(|name| folder.join(name));
    std::iter::once(folder.to_owned()).chain(files).find(is_link)
}

/// What goes and what stays.
fn announced(doomed: &[Doomed]) -> String {
    let mut text = String::new();
    for one in doomed {
        let lost = match one.state {
            State::NotBegun | State::Plan => "nothing of it was sent: all of it goes",
            State::Unreadable => "its journal cannot be read: all of it goes",
            state if state.is_unfinished() => "not finished: IT CANNOT BE RESUMED afterwards",
            _ => "payloads, rows, reports, results, reasons and the copy of the recipe go",
        };
        let size = in_words(size(&one.run.path));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {size}, {lost}", one.name);
    }
    let count = |some: usize| u64::try_from(some).unwrap_or(u64::MAX);
    let whole = doomed.iter().filter(|one| one.goes_whole()).count();
    let _ = write!(
        text,
        "{}: people's data is taken away for good.",
        counted(count(doomed.len()), "run", "runs")
    );
    let left = doomed.len() - whole;
    if left > 0 {
        let of = if whole > 0 {
            format!(" Of {}, counts,", counted(count(left), "run", "runs"))
        } else {
            " Counts,".to_owned()
        };
        let _ = write!(
            text,
            "{of} times, digests and the names of files stay, and `upsheet runs` still tells of it."
        );
    }
    text
}

impl Doomed {
    /// Whether nothing of it stays.
    fn goes_whole(&self) -> bool {
        matches!(self.state, State::NotBegun | State::Plan | State::Unreadable)
    }

    /// Takes its people away. Gives the names of what is not ours. It can be done again when it was cut
    /// off: the journal says first that the run is purged, so that nobody goes on with half of it.
    fn purge(&self) -> Result<Vec<String>> {
        let folder = &self.run.path;
        let whole = self.goes_whole();
        if !whole {
            Journal::open(folder)?.purge()?;
        }
        for path in leftovers(folder) {
            remove(&path)?;
        }
        if whole {
            for name in KEPT {
                remove(&folder.join(name))?;
            }
        }
        let strange = names(folder).into_iter().filter(|name| !KEPT.contains(&name.as_str()));
        let strange: Vec<String> = strange.collect();
        if whole && strange.is_empty() {
            fs::remove_dir(folder).map_err(failed(folder))?;
        } else if cfg!(unix) {
            let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(failed(folder))?;
        }
        Ok(strange)
    }
}

/// What a run folder holds of people beside its journal.
pub(super) fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let ours = |name: &String| {
        PARTS.contains(&name.as_str()) || name.starts_with(REJECTS) || is_half(name)
    };
    names(folder).into_iter().filter(ours).map(|name| folder.join(name)).collect()
}

fn is_half(name: &str) -> bool {
    HALVES.iter().any(|begin| name.starts_with(begin))
}

/// Clears away what a process that was killed left half-written; whoever calls it has the run to itself.
pub(super) fn clear_halves(folder: &Path) {
    for half in names(folder).into_iter().filter(|name| is_half(name)) {
        // What cannot be removed is in nobody's way until `purge` says so.
        let _ = fs::remove_file(folder.join(half));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| id_of(&entry.path())).collect();
    names.sort_unstable();
    names
}

/// Removes a file, a folder with all that is in it, or a link and not what it leads to.
fn remove(path: &Path) -> Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(failed(path)),
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action: "remove", source }
}
