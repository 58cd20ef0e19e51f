//! Who may send: one process for a run, one run for an object of a target. Both are locks of the
//! kernel, which a process that is killed does not keep.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// The lock of a run. It is free when this is dropped or the process ends.
#[derive(Debug)]
pub struct RunLock(File);

/// The name of the file in a run's folder that is locked.
const RUN: &str = "run.lock";

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

impl RunLock {
    /// Takes the lock of a run.
    ///
    /// # Errors
    /// When another process has it, with the run's name.
    pub fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(RUN);
        let file = open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy();
                Err(Error::Guard {
                    message: format!("the run {name} is in use by another upsheet"),
                    help: "wait until it ends; `upsheet runs` shows how far it is".to_owned(),
                })
            }
            Err(TryLockError::Error(source)) => Err(output(&path, "lock")(source)),
        }
    }

    /// Whether a process has the lock of a run now.
    pub fn is_held(folder: &Path) -> bool {
        let Ok(file) = File::open(folder.join(RUN)) else { return false };
        matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
    }
}

/// The lock of an object of a target. It is free when this is dropped or the process ends.
#[derive(Debug)]
pub struct ObjectLock(File);

impl ObjectLock {
    /// Takes the lock of an object for a run.
    ///
    /// # Errors
    /// When another run has it, with that run's name.
    pub fn take(state: &Path, object: &str, run_id: &str) -> Result<Self> {
        let folder = state.join("locks");
        fs::create_dir_all(&folder).map_err(output(&folder, "create"))?;
        let digest = Sha256::digest(object.as_bytes());
        let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let path = folder.join(name);
        let mut file = open(&path)?;
        match file.try_lock() {
            Ok(()) => {
                file.set_len(0)
                    .and_then(|()| file.rewind())
                    .and_then(|()| file.write_all(run_id.as_bytes()))
                    .map_err(output(&path, "write"))?;
                Ok(Self(file))
            }
            Err(TryLockError::WouldBlock) => {
                let mut other = String::new();
                let _ = file.read_to_string(&mut other);
                Err(Error::Guard {
                    message: format!("run {other} is sending to the same target"),
                    help: "wait until it ends".to_owned(),
                })
            }
            Err(TryLockError::Error(source)) => Err(output(&path, "lock")(source)),
        }
    }
}
