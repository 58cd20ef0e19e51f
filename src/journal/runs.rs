//! The folders of runs: where they lie, how they are called, and which there are.

use std::cmp::Reverse;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::locks::RUN as LOCK;
use super::schema::CUT_OFF;
use super::{About, FILE, Leg, Phase, RunLock, Tally, View};
use crate::error::{Error, Result};
use crate::private::{self, Made};

/// All runs below a state folder.
#[derive(Clone, Debug)]
pub struct Runs {
    folder: PathBuf,
}

/// The folder of a new run. What is in it is removed when this is dropped before [`Run::keep`].
#[derive(Debug)]
pub struct Run {
    path: PathBuf,
    id: String,
    /// What is removed when the run goes.
    goes: Goes,
    /// The folders of the user's own that were made for it: its own, and those above it that were missing.
    made: Made,
}

/// What goes with a run that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goes {
    /// Nothing: it is kept, or the folder is not ours yet.
    Nothing,
    /// What is in the folder, which is the user's own.
    Inside,
    /// The folder.
    Folder,
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
    /// Where it stands, or why that cannot be read. Nothing when it was cut off before its journal was
    /// written, which is before anything is sent.
    pub standing: Result<Option<Standing>>,
}

/// Where a run stands, as its journal says it.
#[derive(Clone, Debug, PartialEq)]
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
        private::folder(&self.folder).map_err(output(&self.folder, "create"))?;
        for _ in 0..TRIES {
            let id = format!("{today}-{}", letters());
            let path = self.folder.join(&id);
            match private::new_folder(&path) {
                Ok(()) => {
                    let run = Run { path, id, goes: Goes::Folder, made: Made::default() };
                    private::sync(&self.folder).map_err(output(&self.folder, "write into"))?;
                    return Ok(run);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(output(&path, "create")(error)),
            }
        }
        Err(output(&self.folder, "write into")(io::ErrorKind::AlreadyExists.into()))
    }

    /// The folder of a run by its id, by the unambiguous beginning of its id, or by its path.
    ///
    /// # Errors
    /// When there is none or more than one, with the nearest names; when it was cut off before it had a
    /// journal.
    pub fn find(&self, word: &str) -> Result<PathBuf> {
        let path = self.find_any(word)?;
        if path.join(FILE).exists() { Ok(path) } else { Err(unbegun(&path)) }
    }

    /// The same, also of a run that was cut off before it had a journal.
    ///
    /// # Errors
    /// When there is none or more than one, with the nearest names.
    pub fn find_any(&self, word: &str) -> Result<PathBuf> {
        let ids = self.ids()?;
        if ids.iter().any(|id| id == word) {
            return Ok(self.folder.join(word));
        }
        let path = Path::new(word);
        if path.join(FILE).is_file() || (path.is_dir() && is_id(&name_of(path))) {
            return Ok(path.to_owned());
        }
        let begun: Vec<&String> =
            ids.iter().filter(|id| !word.is_empty() && id.starts_with(word)).collect();
        match begun[..] {
            [one] => Ok(self.folder.join(one)),
            [] => Err(Error::usage(format!("there is no run {word:?}"), nearest(&ids, word))),
            _ => Err(Error::usage(
                format!("{} runs begin with {word:?}", begun.len()),
                format!("add a letter: {}", listed_few(&begun)),
            )),
        }
    }

    /// The folder of the newest run.
    ///
    /// # Errors
    /// When there is none, or it was cut off before it had a journal: an older one is not meant.
    pub fn last(&self) -> Result<PathBuf> {
        let paths = self.ids()?.into_iter().map(|id| self.folder.join(id));
        let newest = paths.max_by_key(|path| (began(path), path.clone()));
        let newest = newest.ok_or_else(|| {
            let folder = self.folder.display();
            Error::usage("there is no run yet", format!("`upsheet push` makes them, in {folder}"))
        })?;
        if newest.join(FILE).exists() { Ok(newest) } else { Err(unbegun(&newest)) }
    }

    /// Where they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All runs, the newest first.
    ///
    /// # Errors
    /// When the folder of the runs cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>> {
        let mut paths: Vec<(i64, String)> =
            self.ids()?.into_iter().map(|id| (began(&self.folder.join(&id)), id)).collect();
        paths.sort_unstable_by_key(|run| Reverse(run.clone()));
        Ok(paths.into_iter().map(|(_, id)| Listed::read(self.folder.join(id))).collect())
    }

    /// At most so many runs, those that were used last, the last one first.
    ///
    /// # Errors
    /// When the folder of the runs cannot be read.
    pub fn latest(&self, most: usize) -> Result<Vec<Listed>> {
        // By the file, so that no more journals are opened than are asked for.
        let used = |id: &String| {
            let data = fs::metadata(self.folder.join(id).join(FILE));
            data.and_then(|data| data.modified()).unwrap_or(UNIX_EPOCH)
        };
        let mut ids = self.ids()?;
        ids.sort_by_cached_key(|id| Reverse(used(id)));
        ids.truncate(most);
        Ok(ids.into_iter().map(|id| Listed::read(self.folder.join(id))).collect())
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
            let name = name_of(&path);
            if path.join(FILE).is_file() || (is_id(&name) && path.is_dir()) {
                ids.push(name);
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }
}

/// How often another name is tried.
const TRIES: u32 = 16;

/// Six letters and digits that nobody mistakes for each other.
fn letters() -> String {
    const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    // Seeded by the system's own random numbers.
    let mut left = RandomState::new().build_hasher().finish();
    let mut letters = String::new();
    for _ in 0..6 {
        let place = usize::try_from(left % ALPHABET.len() as u64).unwrap_or(0);
        letters.extend(ALPHABET.get(place).map(|&letter| char::from(letter)));
        left /= ALPHABET.len() as u64;
    }
    letters
}

/// What a run is called: the name of its folder.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// When a run began, in Unix milliseconds: by its journal, or by its folder.
fn began(path: &Path) -> i64 {
    if let Ok(view) = View::open(path) {
        return view.about().began;
    }
    let changed = fs::metadata(path).and_then(|data| data.modified()).ok();
    let age = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    age.and_then(|age| i64::try_from(age.as_millis()).ok()).unwrap_or(0)
}

/// The runs whose names are most like a word.
fn nearest(ids: &[String], word: &str) -> String {
    if ids.is_empty() {
        return "there are no runs yet; `upsheet push` makes them".to_owned();
    }
    let mut ids: Vec<&String> = ids.iter().rev().collect();
    ids.sort_by_key(|id| strsim::osa_distance(id, word));
    format!("`upsheet runs` lists them; the nearest: {}", listed_few(&ids))
}

/// The first few of some names.
fn listed_few(ids: &[&String]) -> String {
    let few: Vec<&str> = ids.iter().take(3).map(|id| id.as_str()).collect();
    let more = if ids.len() > few.len() { ", …" } else { "" };
    format!("{}{more}", few.join(", "))
}

impl Listed {
    /// The run in a folder.
    pub fn read(path: PathBuf) -> Self {
        let (id, held) = (name_of(&path), RunLock::is_held(&path));
        let standing = standing(&path);
        Self { id, path, held, standing }
    }

    /// When it began, in Unix milliseconds: by its journal, or by its folder.
    pub fn began(&self) -> i64 {
        match &self.standing {
            Ok(Some(standing)) => standing.about.began,
            _ => began(&self.path),
        }
    }
}

/// Where a run stands; nothing when it has no journal yet.
fn standing(path: &Path) -> Result<Option<Standing>> {
    if !path.join(FILE).exists() {
        return Ok(None);
    }
    let view = match View::open(path) {
        Err(Error::Journal { why, .. }) if why == CUT_OFF => return Ok(None),
        other => other?,
    };
    let (phase, why) = view.phase()?;
    let (tally, after) = (view.tally(Leg::People)?, view.tally(Leg::After)?);
    Ok(Some(Standing { about: view.about().clone(), phase, why, tally, after }))
}

/// Whether a folder is named as [`Runs::create`] names them.
fn is_id(name: &str) -> bool {
    let Some((date, letters)) = name.rsplit_once('-') else { return false };
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    date.parse::<jiff::civil::Date>().is_ok() && letters.len() == 6 && letters.bytes().all(plain)
}

/// A run without a journal cannot be gone on with.
fn unbegun(path: &Path) -> Error {
    let name = name_of(path);
    if RunLock::is_held(path) {
        return Error::Guard {
            message: format!("the run {name} is only being prepared by another upsheet"),
            help: "wait until it is sending; `upsheet runs` shows how far it is".to_owned(),
        };
    }
    Error::Guard {
        message: format!("the run {name} was stopped before anything was sent, and has no journal"),
        help: format!("push the file again; `upsheet purge {name}` takes away what is left of it"),
    }
}

impl Run {
    /// A run in a folder of the user's own, which need not be there yet. It is ours when it is
    /// [claimed](Self::claim).
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn at(path: &Path) -> Result<Self> {
        let made = Made::folder(path).map_err(output(path, "create"))?;
        let run = Self { path: path.to_owned(), id: name_of(path), goes: Goes::Nothing, made };
        // Before anything is put into it, be it a lock.
        run.check_empty()?;
        Ok(run)
    }

    fn check_empty(&self) -> Result<()> {
        if inside(&self.path).map_err(output(&self.path, "open"))?.is_empty() {
            return Ok(());
        }
        Err(Error::Guard {
            message: format!("the folder {:?} is not empty", self.path),
            help: "name one that is new or empty".to_owned(),
        })
    }

    /// Makes the folder ours, for the process that has the run's lock.
    ///
    /// # Errors
    /// [`Error::Guard`] when somebody else's files are in it.
    pub fn claim(&mut self) -> Result<()> {
        if self.goes == Goes::Nothing {
            self.check_empty()?;
            self.goes = Goes::Inside;
        }
        Ok(())
    }

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
        self.goes = Goes::Nothing;
        self.made.keep();
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Failing to clean up must not hide the reason for giving up.
        match self.goes {
            Goes::Nothing => {}
            Goes::Folder => drop(fs::remove_dir_all(&self.path)),
            Goes::Inside => {
                let lock = self.path.join(LOCK);
                for path in inside(&self.path).into_iter().flatten().chain([lock]) {
                    let folder = fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
                    drop(if folder { fs::remove_dir_all(&path) } else { fs::remove_file(&path) });
                }
            }
        }
    }
}

/// What is in the folder of a run beside its lock.
fn inside(path: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(path)?.map(|entry| Ok(entry?.path()));
    let paths: Vec<PathBuf> = paths.collect::<io::Result<_>>()?;
    Ok(paths.into_iter().filter(|path| name_of(path) != LOCK).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::Journal;

    fn run(runs: &Runs, id: &str, began: i64) {
        let folder = runs.folder.join(id);
        private::folder(&folder).unwrap();
        let about = About { began, ..About::default() };
        Journal::create(&folder, &about, &[]).unwrap();
    }

    fn id_of(path: &Path) -> String {
        name_of(path)
    }

    #[test]
    fn a_folder_that_is_named_otherwise_and_has_no_journal_is_no_run() {
        let base = tempfile::tempdir().unwrap();
        let runs = Runs::new(base.path());
        for name in ["notes", "2026-01-02", "2026-13-02-abc234", "2026-01-02-ABC234", "-abc234"] {
            private::folder(&runs.folder.join(name)).unwrap();
        }
        fs::write(runs.folder.join("2026-01-02-abc234"), "").unwrap();
        assert!(runs.list().unwrap().is_empty());
    }

    fn told(result: Result<PathBuf>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.status(), crate::error::ExitStatus::Usage);
        let Error::Usage { message, help } = error else { panic!("{error:?}") };
        format!("{message}: {}", help.unwrap())
    }

    #[test]
    fn folders_that_were_made_above_a_run_go_with_it() {
        let base = tempfile::tempdir().unwrap();
        let deep = base.path().join("a/b/c");
        let run = |path: &Path| {
            let mut run = Run::at(path).unwrap();
            run.claim().unwrap();
            fs::write(path.join("manifest.json"), "").unwrap();
            run
        };
        drop(run(&deep));
        assert!(!base.path().join("a").exists());
        private::folder(&base.path().join("a")).unwrap();
        drop(run(&deep));
        assert_eq!(fs::read_dir(base.path().join("a")).unwrap().count(), 0);
        let own = run(&deep);
        fs::write(base.path().join("a/b/note"), "").unwrap();
        drop(own);
        assert!(base.path().join("a/b/note").exists() && !deep.exists());
        let mut own = run(&deep);
        own.keep();
        drop(own);
        assert!(deep.join("manifest.json").exists());
    }

    #[test]
    fn a_run_is_gone_unless_it_is_kept() {
        let base = tempfile::tempdir().unwrap();
        let runs = Runs::new(&base.path().join("state"));
        assert!(runs.list().unwrap().is_empty());
        let today = jiff::civil::date(2026, 1, 2);
        let run = runs.create(today).unwrap();
        let (path, id) = (run.path().to_owned(), run.id().to_owned());
        assert!(id.starts_with("2026-01-02-") && id.len() == 17, "{id}");
        assert!(id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        #[cfg(unix)]
        for folder in [&path, &runs.folder, &base.path().join("state")] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o700, "{folder:?}");
        }
        drop(run);
        assert!(!path.exists());
        let mut run = runs.create(today).unwrap();
        run.keep();
        let path = run.path().to_owned();
        drop(run);
        assert!(path.exists());
        // It has no journal: it is listed, and cannot be gone on with.
        let told = |error: Error| {
            assert_eq!(error.status(), crate::error::ExitStatus::Guard);
            error.to_string()
        };
        for _ in 0..2 {
            let listed = runs.list().unwrap();
            assert_eq!(listed.len(), 1);
            assert!(matches!(listed[0].standing, Ok(None)), "{listed:?}");
            assert_eq!(runs.find_any(&id_of(&path)).unwrap(), path);
            if !path.join(FILE).exists() {
                let why = format!(
                    "the run {} was stopped before anything was sent, and has no journal",
                    id_of(&path)
                );
                assert_eq!(told(runs.find(&id_of(&path)).unwrap_err()), why);
                assert_eq!(told(runs.last().unwrap_err()), why);
            }
            // A journal without its tables is one that was cut off in the making.
            fs::write(path.join(FILE), "").unwrap();
        }
        let _lock = RunLock::take(&path).unwrap();
        fs::remove_file(path.join(FILE)).unwrap();
        let why = told(runs.last().unwrap_err());
        assert!(why.ends_with("is only being prepared by another upsheet"), "{why}");
    }

    #[test]
    fn a_run_is_found_by_its_name_its_beginning_or_its_folder() {
        let base = tempfile::tempdir().unwrap();
        let runs = Runs::new(base.path());
        assert_eq!(
            told(runs.find("2026")),
            "there is no run \"2026\": there are no runs yet; `upsheet push` makes them"
        );
        run(&runs, "2026-01-02-abc234", 5);
        run(&runs, "2026-01-02-abd234", 9);
        run(&runs, "2026-01-03-xyz234", 7);
        let first = runs.folder.join("2026-01-02-abc234");
        assert_eq!(runs.find("2026-01-02-abc234").unwrap(), first);
        assert_eq!(runs.find("2026-01-02-abc").unwrap(), first);
        assert_eq!(runs.find(first.to_str().unwrap()).unwrap(), first);
        assert_eq!(
            told(runs.find("2026-01-02-ab")),
            "2 runs begin with \"2026-01-02-ab\": add a letter: 2026-01-02-abc234, \
             2026-01-02-abd234"
        );
        let near = told(runs.find("2026-01-03-xzy234"));
        assert!(near.contains("the nearest: 2026-01-03-xyz234, "), "{near}");
        assert!(told(runs.find("")).starts_with("there is no run \"\""));
        assert_eq!(runs.last().unwrap(), runs.folder.join("2026-01-02-abd234"));
    }

    #[test]
    fn runs_are_listed_with_what_their_journals_say() {
        let base = tempfile::tempdir().unwrap();
        let runs = Runs::new(base.path());
        run(&runs, "2026-01-02-abc234", 5);
        run(&runs, "2026-01-02-abd234", 9);
        let _lock = RunLock::take(&runs.folder.join("2026-01-02-abc234")).unwrap();
        let torn = runs.folder.join("2026-01-03-xyz234");
        private::folder(&torn).unwrap();
        fs::write(torn.join(FILE), "x".repeat(900)).unwrap();
        assert_eq!(runs.latest(9).unwrap().len(), 3);
        let latest = runs.latest(1).unwrap();
        assert_eq!(latest.first().map(|run| run.id.as_str()), Some("2026-01-03-xyz234"));
        let listed = runs.list().unwrap();
        let phase = |run: &Listed| run.standing.as_ref().ok()?.as_ref().map(|it| it.phase);
        let seen: Vec<_> =
            listed.iter().map(|run| (run.id.as_str(), run.held, phase(run))).collect();
        assert_eq!(
            seen,
            [
                ("2026-01-03-xyz234", false, None),
                ("2026-01-02-abd234", false, Some(Phase::Planned)),
                ("2026-01-02-abc234", true, Some(Phase::Planned)),
            ]
        );
    }
}
