//! Where result files are put: under a temporary name first, and under their own when all of them are
//! whole and on the disk.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::failpoint::{Point, hit};
use crate::private::{self, Made};

fn output(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Output { path, action, source }
}

/// A folder that gets files, all or none. They are for their owner only.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    /// Whether files of these names may be replaced.
    replace: bool,
    files: Vec<(PathBuf, NamedTempFile)>,
    /// The folders that were made for them; they go behind the files.
    made: Made,
}

impl Place {
    /// Takes a folder, which is made if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(folder: &Path, replace: bool) -> Result<Self> {
        let made = Made::folder(folder).map_err(output(folder, "create"))?;
        Ok(Self { folder: folder.to_owned(), replace, files: Vec::new(), made })
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens a file that will have this name.
    ///
    /// # Errors
    /// When there is one and it may not be replaced, or it cannot be written.
    pub(super) fn file(&mut self, name: &str) -> Result<(PathBuf, File)> {
        let path = self.folder.join(name);
        if !self.replace && path.symlink_metadata().is_ok() {
            return Err(taken(&path));
        }
        let file = tempfile::Builder::new()
            .prefix(".upsheet-results-")
            .tempfile_in(&self.folder)
            .map_err(output(&self.folder, "write into"))?;
        let out = file.as_file().try_clone().map_err(output(&self.folder, "write into"))?;
        self.files.push((path.clone(), file));
        Ok((path, out))
    }

    /// Gives the files their names, when all of them are on the disk.
    ///
    /// # Errors
    /// When a name has been taken, or the disk refuses; no file is named then that replaces nothing.
    pub fn commit(mut self) -> Result<Vec<PathBuf>> {
        for (path, file) in &self.files {
            file.as_file().sync_all().map_err(output(path, "write"))?;
        }
        let mut named: Vec<PathBuf> = Vec::new();
        // Those of them that had no forerunners.
        let mut new: Vec<PathBuf> = Vec::new();
        for (path, file) in std::mem::take(&mut self.files) {
            hit(Point::BeforeResult);
            let is_new = !self.replace || path.symlink_metadata().is_err();
            let done =
                if self.replace { file.persist(&path) } else { file.persist_noclobber(&path) };
            if let Err(error) = done {
                for path in &new {
                    let _ = fs::remove_file(path);
                }
                let is_taken = error.error.kind() == io::ErrorKind::AlreadyExists;
                return Err(if is_taken && !self.replace {
                    taken(&path)
                } else {
                    output(&path, "write")(error.error)
                });
            }
            if is_new {
                new.push(path.clone());
            }
            named.push(path);
        }
        self.made.keep();
        // The names are to outlast a power cut, too.
        private::sync(&self.folder).map_err(output(&self.folder, "write into"))?;
        Ok(named)
    }
}

fn taken(path: &Path) -> Error {
    Error::Guard {
        message: format!("there is a file {path:?} already; nothing was written"),
        help: "name another folder with -o, or add --force to replace the result files in it"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn write(place: &mut Place, name: &str) -> Result<()> {
        let (_, mut file) = place.file(name)?;
        file.write_all(name.as_bytes()).unwrap();
        Ok(())
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn files_come_all_or_none_and_replace_nothing_unasked() {
        let base = tempfile::tempdir().unwrap();
        let folder = base.path().join("a/results");
        let mut place = Place::new(&folder, false).unwrap();
        write(&mut place, "failed.csv").unwrap();
        drop(place);
        assert!(!folder.exists(), "what was given up leaves nothing");
        assert!(names(base.path()).is_empty(), "nor above it");

        let mut place = Place::new(&folder, false).unwrap();
        write(&mut place, "failed.csv").unwrap();
        write(&mut place, "success.csv").unwrap();
        place.commit().unwrap();
        assert_eq!(names(&folder), ["failed.csv", "success.csv"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!([mode(&folder), mode(&folder.join("failed.csv"))], [0o700, 0o600]);
        }

        fs::write(folder.join("failed.csv"), "mine").unwrap();
        let mut place = Place::new(&folder, false).unwrap();
        assert!(matches!(write(&mut place, "failed.csv"), Err(Error::Guard { .. })));
        drop(place);
        // A name that is taken while the files are written.
        let mut place = Place::new(&folder, false).unwrap();
        write(&mut place, "a.csv").unwrap();
        write(&mut place, "b.csv").unwrap();
        fs::write(folder.join("b.csv"), "mine").unwrap();
        assert!(matches!(place.commit(), Err(Error::Guard { .. })));
        assert_eq!(names(&folder), ["b.csv", "failed.csv", "success.csv"]);
        for mine in ["b.csv", "failed.csv"] {
            assert_eq!(fs::read_to_string(folder.join(mine)).unwrap(), "mine");
        }
        let mut place = Place::new(&folder, true).unwrap();
        write(&mut place, "failed.csv").unwrap();
        place.commit().unwrap();
        assert_eq!(fs::read_to_string(folder.join("failed.csv")).unwrap(), "failed.csv");

        // Nor does one come alone where another cannot replace what is in its place.
        fs::create_dir_all(folder.join("z.csv/mine")).unwrap();
        let mut place = Place::new(&folder, true).unwrap();
        write(&mut place, "new.csv").unwrap();
        write(&mut place, "success.csv").unwrap();
        write(&mut place, "z.csv").unwrap();
        assert!(place.commit().is_err());
        assert_eq!(names(&folder), ["b.csv", "failed.csv", "success.csv", "z.csv"]);
    }
}
