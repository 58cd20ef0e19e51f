//! Folders and files that hold people's data: made for their owner only, whatever the umask says, and never
//! through a link that somebody else has laid.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder and those above it that are missing, each for its owner only and there after a loss of power. One
/// that is there stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().unwrap_or(Path::new(""));
    if !parent.as_os_str().is_empty() {
        folder(parent)?;
    }
    match new_folder(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(error),
        // A folder that may be written to and not read cannot be synced.
        Ok(()) => match sync(parent) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            synced => synced,
        },
    }
}

/// Makes a folder that is not there yet, in one that is.
///
/// # Errors
/// When something has its name, or it cannot be made.
pub fn new_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The folders that were made for something, its own first. They go with it when it is given up: this is what
/// happens unless they are kept.
#[derive(Debug, Default)]
pub struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder as [`folder`] does.
    ///
    /// # Errors
    /// When it cannot be made; none of those above it is there then that was not before.
    pub fn folder(path: &Path) -> io::Result<Self> {
        let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let made = Self(path.ancestors().take_while(missing).map(Path::to_owned).collect());
        folder(path)?;
        Ok(made)
    }

    /// Leaves them where they are.
    pub fn keep(&mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in &self.0 {
            // What somebody else has put into one meanwhile keeps it, and those above it.
            if fs::remove_dir(path).is_err_and(|error| error.kind() != io::ErrorKind::NotFound) {
                return;
            }
        }
    }
}

/// Makes a file that is not there yet, also not as a link.
///
/// # Errors
/// When something has its name, or it cannot be made.
pub fn new_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the names in a folder last, also through a loss of power. Elsewhere than on Unix, folders cannot be
/// synced.
///
/// # Errors
/// When the system cannot promise it.
pub fn sync(folder: &Path) -> io::Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_is_made_is_for_its_owner_only_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let base = tempfile::tempdir().unwrap();
        let mode =
            |name: &str| fs::metadata(base.path().join(name)).unwrap().permissions().mode() & 0o777;
        folder(&base.path().join("a/b")).unwrap();
        folder(&base.path().join("a/b")).unwrap();
        assert_eq!((mode("a"), mode("a/b")), (0o700, 0o700));
        new_file(&base.path().join("a/file")).unwrap();
        assert_eq!(mode("a/file"), 0o600);
        symlink(base.path().join("elsewhere"), base.path().join("link")).unwrap();
        for taken in ["a/file", "link"] {
            let error = new_file(&base.path().join(taken)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "{taken}");
        }
        assert!(!base.path().join("elsewhere").exists());
    }

    #[test]
    fn folders_that_were_made_go_unless_they_are_kept() {
        let base = tempfile::tempdir().unwrap();
        let there = |name: &str| base.path().join(name).exists();
        fs::create_dir(base.path().join("a")).unwrap();
        let made = || Made::folder(&base.path().join("a/b/c")).unwrap();
        drop(made());
        assert!(there("a") && !there("a/b"));
        let kept = made();
        fs::write(base.path().join("a/b/mine"), "").unwrap();
        drop(kept);
        assert!(there("a/b") && !there("a/b/c"));
        made().keep();
        assert!(there("a/b/c"));
        fs::write(base.path().join("file"), "").unwrap();
        Made::folder(&base.path().join("file/x/y")).unwrap_err();
        // The second one is in the way of nothing that the first one made.
        fs::create_dir(base.path().join("d")).unwrap();
        fs::write(base.path().join("d/e"), "").unwrap();
        Made::folder(&base.path().join("d/e")).unwrap_err();
        assert!(there("d/e"));
    }
}
