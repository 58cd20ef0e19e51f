//! Where the bytes of an input are.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};

/// An input of the run: how the user named it, where its bytes are, which number it has.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As the user named it.
    pub path: PathBuf,
    /// Its number among the inputs, from 0.
    pub index: u16,
    /// The bytes, when they came from standard input or were compressed; removed when dropped.
    pub(super) spool: Option<Arc<tempfile::NamedTempFile>>,
}

impl Origin {
    /// Where the bytes lie.
    pub(crate) fn file(&self) -> &Path {
        self.spool.as_ref().map_or(&self.path, |spool| spool.path())
    }

    pub(crate) fn io(&self, source: std::io::Error) -> Error {
        Error::InputIo { path: self.path.clone(), source }
    }
}

/// Finds the bytes of an input; those of a pipe are kept, so that they can be read again.
///
/// # Errors
/// When there is no such file, it is a folder, or it cannot be read.
pub(super) fn locate(path: &Path, index: u16) -> Result<Origin> {
    if path.as_os_str() == "-" {
        return spool(path, index, &mut std::io::stdin().lock());
    }
    match std::fs::metadata(path) {
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::InputMissing { path: path.to_owned(), help: near_file(path) })
        }
        Err(source) => Err(Error::InputIo { path: path.to_owned(), source }),
        Ok(meta) if meta.is_dir() => Err(Error::InputFolder { path: path.to_owned() }),
        Ok(meta) if meta.is_file() => Ok(Origin { path: path.to_owned(), index, spool: None }),
        // A pipe can be read only once.
        Ok(_) => {
            let mut pipe = File::open(path)
                .map_err(|source| Error::InputIo { path: path.to_owned(), source })?;
            spool(path, index, &mut pipe)
        }
    }
}

/// Keeps what can be read only once in a temporary file, so that it can be read again.
fn spool(path: &Path, index: u16, from: &mut dyn std::io::Read) -> Result<Origin> {
    let failed = |source| Error::InputIo { path: path.to_owned(), source };
    let mut spool = tempfile::NamedTempFile::new().map_err(failed)?;
    std::io::copy(from, &mut spool).map_err(failed)?;
    Ok(Origin { path: path.to_owned(), index, spool: Some(Arc::new(spool)) })
}

fn near_file(path: &Path) -> String {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let wanted = path.file_name().unwrap_or_default().to_string_lossy();
    let names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
                // A link that leads nowhere has the name itself.
                .filter(|name| *name != wanted)
                .collect()
        })
        .unwrap_or_default();
    match crate::spelling::nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near:?} in the same folder?"),
        None if names.is_empty() => format!("{} holds no such file", folder.display()),
        None => "check the spelling; names with spaces need quotes".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_not_its_own_cure() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("people.csv");
        std::os::unix::fs::symlink("gone.csv", &link).unwrap();
        assert!(!super::near_file(&link).contains("did you mean"));
        std::fs::write(folder.path().join("peoples.csv"), "").unwrap();
        assert!(super::near_file(&link).contains("\"peoples.csv\""));
    }
}
