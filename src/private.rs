//! Folders and files that hold people's data: made for their owner only, whatever the umask says, and never
//! through a link that somebody else has laid.

use std::fs::{DirBuilder, File};
use std::io;
use std::path::Path;

/// Makes a folder and those above it that are missing, each for its owner only. One that is there stays as
/// it is.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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
    #[cfg(unix)]
    #[test]
    fn what_is_made_is_for_its_owner_only_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        use super::*;

        let base = tempfile::tempdir().unwrap();
        let mode = |name: &str| {
            std::fs::metadata(base.path().join(name)).unwrap().permissions().mode() & 0o777
        };
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
}
