//! The folders of runs: where they lie, how they are called, and which there are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{About, Leg, Phase, RunLock, Tally, View};
use crate::error::{Error, Result};

/// All runs below a state folder.
#[derive(Clone, Debug)]
pub struct Runs {
    folder: PathBuf,
}

/// The folder of a new run. It is removed when this is dropped before [`Run::keep`].
#[derive(Debug)]
pub struct Run {
    path: PathBuf,
    id: String,
    kept: bool,
}

/// A run that there is.
#[derive(Debug)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its folder.
    pub path: PathBuf,
    /// Whether a process is using it now.
    pub held: bool,
    /// Where it stands, or why that cannot be read.
    pub standing: Result<Standing>,
}

/// Where a run stands, as its journal says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it was asked to do.
    pub about: About,
    /// How far it has come.
    pub phase: Phase,
    /// Why it is there.
    pub why: Option<String>,
    /// The counts of people.
    pub tally: Tally,
    /// The counts of what is sent when the ids are known.
    pub after: Tally,
}

fn output(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action, source }
}

impl Runs {
    /// The runs below a state folder, which need not be there yet.
    pub fn new(state: &Path) -> Self {
        Self { folder: state.join("runs") }
    }

    /// Makes the folder of a new run: `<date>-<6 letters or digits>`, for its owner only.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(&self, today: jiff::civil::Date) -> Result<Run> {
        fs::create_dir_all(&self.folder).map_err(output(&self.folder, "create"))?;
        let folder = tempfile::Builder::new()
            .prefix(&format!("{today}-"))
            .rand_bytes(6)
            .tempdir_in(&self.folder)
            .map_err(output(&self.folder, "write into"))?;
        let path = folder.keep();
        let id = name_of(&path);
        Ok(Run { path, id, kept: false })
    }

    /// The folder of a run by its id, by the unambiguous beginning of its id, or by its path.
    ///
    /// # Errors
    /// When there is none or more than one, with the nearest names.
    pub fn find(&self, word: &str) -> Result<PathBuf> {
        let path = Path::new(word);
        if path.join(super::FILE).is_file() {
            return Ok(path.to_owned());
        }
        let ids = self.ids()?;
        match &ids.iter().filter(|id| id.starts_with(word)).collect::<Vec<_>>()[..] {
            [one] => Ok(self.folder.join(one)),
            _ => {
                Err(Error::usage(format!("there is no run {word:?}"), "`upsheet runs` lists them"))
            }
        }
    }

    /// The folder of the newest run.
    ///
    /// # Errors
    /// When there is none.
    pub fn last(&self) -> Result<PathBuf> {
        let newest = self.list()?.into_iter().next();
        newest
            .map(|run| run.path)
            .ok_or_else(|| Error::usage("there is no run", "`upsheet push` makes one"))
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// When the folder of the runs cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>> {
        let mut runs: Vec<Listed> =
            self.ids()?.into_iter().map(|id| listed(self.folder.join(&id), id)).collect();
        runs.sort_by_key(|run| {
            let began = run.standing.as_ref().map_or(i64::MIN, |standing| standing.about.began);
            std::cmp::Reverse((began, run.id.clone()))
        });
        Ok(runs)
    }

    fn ids(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(output(&self.folder, "read")(error)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let path = entry.map_err(output(&self.folder, "read"))?.path();
            if path.join(super::FILE).is_file() {
                ids.push(name_of(&path));
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn listed(path: PathBuf, id: String) -> Listed {
    let held = RunLock::is_held(&path);
    let standing = View::open(&path).and_then(|view| {
        let (phase, why) = view.phase()?;
        let (tally, after) = (view.tally(Leg::People)?, view.tally(Leg::After)?);
        Ok(Standing { about: view.about().clone(), phase, why, tally, after })
    });
    Listed { id, path, held, standing }
}

impl Run {
    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its id, as it is called in messages and on the command line.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keeps the folder from now on.
    pub fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.kept {
            // Failing to clean up must not hide the reason for giving up.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
