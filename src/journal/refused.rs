//! Why something was not written into the journal.

/// Why something was not written.
#[derive(Debug)]
pub(super) enum Fault {
    /// It makes no sense; nothing of it was written.
    Refused(String),
    /// The database failed.
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

/// What is not as this program writes it.
pub(super) fn strange(what: &str) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(what.to_owned().into())
}
