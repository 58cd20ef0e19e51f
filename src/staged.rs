//! A file that gets its name when it is whole.
//!
//! Until then it lies beside its place under a name of its own, which is gone with it: an error or a kill leaves what
//! was there as it was. Whoever makes one says what a person is told when that fails.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Whom a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Its owner only: it shows people's values.
    Owner,
    /// Whom the umask lets read it: it shows nobody's.
    Everybody,
}

/// The file while it is written.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    file: NamedTempFile,
}

impl Staged {
    /// Begins the file of a path, in its folder, under a name that begins with `prefix`.
    ///
    /// # Errors
    /// When no file can be made there; the name that it would have had only for a while is not in it.
    pub fn begin(path: &Path, prefix: &str, readers: Readers) -> io::Result<Self> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(prefix);
        #[cfg(unix)]
        if readers == Readers::Everybody {
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder.unwrap_or(Path::new(".")));
        let file = file.map_err(|source| without_name(&source))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// The path that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path that it has until then.
    pub fn place(&self) -> &Path {
        self.file.path()
    }

    /// The file itself.
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    /// Gives it its name, in place of what has it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn replace(self) -> io::Result<()> {
        self.file.persist(&self.path).map(|_| ()).map_err(|error| error.error)
    }

    /// Gives it its name, which nothing has.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] when something has it; when the system refuses.
    pub fn name(self) -> io::Result<()> {
        self.file.persist_noclobber(&self.path).map(|_| ()).map_err(|error| error.error)
    }
}

/// Why no file can be made in a folder, without its name.
fn without_name(source: &io::Error) -> io::Error {
    match source.kind() {
        io::ErrorKind::NotFound => io::Error::new(source.kind(), "there is no such folder"),
        kind => kind.into(),
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let names = || {
            let all = fs::read_dir(folder.path()).unwrap();
            let mut names: Vec<_> = all.map(|one| one.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let written = |text: &str| {
            let mut staged = Staged::begin(&path, ".upsheet-test-", Readers::Owner).unwrap();
            staged.write_all(text.as_bytes()).unwrap();
            assert!(staged.place().to_string_lossy().contains(".upsheet-test-"));
            staged
        };
        drop(written("given up"));
        assert!(names().is_empty(), "what is given up leaves nothing");
        written("one").name().unwrap();
        assert_eq!(written("two").name().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        written("three").replace().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(), ["out.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn what_shows_values_is_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let mode = |readers| {
            let staged = Staged::begin(&folder.path().join("a"), "b", readers).unwrap();
            staged.file().metadata().unwrap().permissions().mode() & 0o777
        };
        // What the umask of whoever tests lets through.
        let plain = File::create(folder.path().join("plain")).unwrap();
        let plain = plain.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(Readers::Owner), 0o600 & plain);
        assert_eq!(mode(Readers::Everybody), plain);
    }
}
