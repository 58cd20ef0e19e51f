//! Who may send: one process for a run, one run for an object of a target. Both are locks of the
//! kernel, which a process that is killed does not keep.

use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::private;

/// The name of the file in a run's folder that is locked.
pub(super) const RUN: &str = "run.lock";

/// How often a lock is tried, and the pause between: whoever asks whether it is held has it for an
/// instant.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(5);

/// The lock of a run. It is free when this is dropped or the process ends.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

fn output(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action, source }
}

fn open(path: &Path) -> Result<File> {
    let mut options = File::options();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(output(path, "write"))
}

/// Takes the lock of a file, or says that somebody has it.
fn take(file: &File, path: &Path) -> Result<bool> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            Err(TryLockError::Error(source)) => return Err(output(path, "lock")(source)),
        }
    }
    Ok(false)
}

impl RunLock {
    /// Takes the lock of a run.
    ///
    /// # Errors
    /// When another process has it, with the run's name.
    pub fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(RUN);
        let file = open(&path)?;
        if take(&file, &path)? {
            return Ok(Self { _file: file });
        }
        let name = super::runs::name_of(folder);
        Err(Error::Guard {
            message: format!("the run {name} is in use by another upsheet"),
            help: "wait until it ends; `upsheet runs` shows how far it is".to_owned(),
        })
    }

    /// Whether a process has the lock of a run now.
    ///
    /// To ask, the lock is taken for an instant, together with others who ask.
    pub fn is_held(folder: &Path) -> bool {
        let Ok(file) = File::open(folder.join(RUN)) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }
}

/// The lock of an object of a target. It is free when this is dropped or the process ends.
#[derive(Debug)]
pub struct ObjectLock {
    _file: File,
}

impl ObjectLock {
    /// Takes the lock of an object for a run.
    ///
    /// # Errors
    /// When another run has it, with that run's name.
    pub fn take(state: &Path, object: &str, run_id: &str) -> Result<Self> {
        let folder = state.join("locks");
        private::folder(&folder).map_err(output(&folder, "create"))?;
        let mut name = String::new();
        for byte in Sha256::digest(object.as_bytes()).iter().take(16) {
            // Writing into a text cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        let path = folder.join(name);
        let mut file = open(&path)?;
        if take(&file, &path)? {
            file.set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(run_id.as_bytes()))
                .map_err(output(&path, "write"))?;
            return Ok(Self { _file: file });
        }
        let mut other = String::new();
        // It is only for the message; whoever has the lock may be about to write it.
        let _ = (&file).take(100).read_to_string(&mut other);
        let other = match other.as_str() {
            "" => "another run".to_owned(),
            id => format!("run {id:?}"),
        };
        Err(Error::Guard {
            message: format!("{other} is sending to the same target"),
            help: "two runs at once could undo each other's changes; wait until it ends (`upsheet \
                   runs` shows how far it is)"
                .to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn refused(result: Result<impl std::fmt::Debug>) -> String {
        let error = result.unwrap_err();
        assert_eq!(error.status(), crate::error::ExitStatus::Guard);
        error.to_string()
    }

    #[test]
    fn a_run_has_one_process() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("2026-01-02-abc234");
        std::fs::create_dir(&folder).unwrap();
        assert!(!RunLock::is_held(&folder));
        let lock = RunLock::take(&folder).unwrap();
        assert!(RunLock::is_held(&folder));
        let told = refused(RunLock::take(&folder));
        assert_eq!(told, "the run 2026-01-02-abc234 is in use by another upsheet");
        drop(lock);
        assert!(!RunLock::is_held(&folder));
        drop(RunLock::take(&folder).unwrap());
        // Whoever only asks does not keep anybody out.
        let asking = File::open(folder.join(RUN)).unwrap();
        asking.try_lock_shared().unwrap();
        let asks = std::thread::spawn(move || {
            std::thread::sleep(PAUSE);
            drop(asking);
        });
        RunLock::take(&folder).unwrap();
        asks.join().unwrap();
    }

    #[test]
    fn an_object_has_one_run_and_its_lock_says_which() {
        let state = tempfile::tempdir().unwrap();
        let (one, other) = ("https://example.org/Users", "https://example.org/v2/Users");
        let lock = ObjectLock::take(state.path(), one, "2026-01-02-abc234").unwrap();
        let _other = ObjectLock::take(state.path(), other, "2026-01-02-xyz234").unwrap();
        let told = refused(ObjectLock::take(state.path(), one, "2026-01-02-qqq222"));
        assert_eq!(told, "run \"2026-01-02-abc234\" is sending to the same target");
        drop(lock);
        ObjectLock::take(state.path(), one, "x").unwrap();
    }

    #[test]
    #[cfg(unix)]
    fn a_process_that_is_killed_keeps_no_lock() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join(RUN);
        std::fs::write(&path, "").unwrap();
        // The lock goes with the open file, which the child gets as its standard input.
        let file = File::options().write(true).read(true).open(&path).unwrap();
        file.lock().unwrap();
        let mut child = Command::new("sleep").arg("600").stdin(Stdio::from(file)).spawn().unwrap();
        assert!(RunLock::is_held(base.path()));
        child.kill().unwrap();
        child.wait().unwrap();
        RunLock::take(base.path()).unwrap();
    }
}
