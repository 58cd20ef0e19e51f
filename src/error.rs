//! What stops a run: each variant says where, what, and what to do about it.
//!
//! An [`Error`] is about the run and always ends it. What is wrong with a person's row is a
//! [`Finding`](crate::finding::Finding) and never does. The two do not mix.

use std::io;
use std::path::PathBuf;

use miette::{Diagnostic, NamedSource, SourceSpan};

/// The result of anything that may stop the run.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// How the process ends. The numbers are part of the command line's contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// Every row is good, or has landed.
    Good = 0,
    /// Rows were rejected, by us or by the target.
    Findings = 1,
    /// The command line, the recipe or the mapping is wrong.
    Usage = 2,
    /// The input could not be read.
    Unreadable = 3,
    /// The target, its credentials or the network failed.
    Target = 4,
    /// A guard stopped the run: a limit, a refused confirmation, a folder in use.
    Guard = 5,
    /// Stopped part-way; sending again is safe and carries on.
    PartWay = 6,
    /// Interrupted from the keyboard or by a signal.
    Interrupted = 130,
}

impl ExitStatus {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// Everything that stops a run.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum Error {
    /// An argument that cannot be what the user meant.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        #[help]
        help: Option<String>,
    },

    /// The input file is not there.
    #[error("there is no file {path:?}")]
    InputMissing {
        /// As given on the command line.
        path: PathBuf,
        /// The nearest name in the same folder, if there is one.
        #[help]
        help: String,
    },

    /// The input is a folder.
    #[error("{path:?} is a folder, not a file")]
    #[diagnostic(help("name the files in it, for example {}/*.csv", path.display()))]
    InputFolder {
        /// As given on the command line.
        path: PathBuf,
    },

    /// The operating system would not give us the bytes.
    #[error("cannot read {path:?}: {source}")]
    #[diagnostic(help("check that the file is still there and that you may read it"))]
    InputIo {
        /// As given on the command line.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },

    /// Nothing is in the input.
    #[error("{path:?} is empty: {what}")]
    #[diagnostic(help(
        "export the sheet again and check that it holds a header row and at least one person"
    ))]
    InputEmpty {
        /// As given on the command line.
        path: PathBuf,
        /// What was looked for and not found.
        what: &'static str,
    },

    /// Nothing is on the sheet that is read of a workbook with others.
    #[error("sheet {sheet:?} of {path:?} is empty")]
    SheetEmpty {
        /// As given on the command line.
        path: PathBuf,
        /// The name of the sheet.
        sheet: String,
        /// The other sheets.
        #[help]
        help: String,
    },

    /// The input is not a table at all, or not one that we read.
    #[error("{path:?} cannot be read as a spreadsheet: {why}")]
    InputFormat {
        /// As given on the command line.
        path: PathBuf,
        /// What it looks like instead.
        why: String,
        /// What to do.
        #[help]
        help: String,
    },

    /// The named sheet is not in the workbook.
    #[error("{path:?} has no sheet {wanted:?}")]
    SheetMissing {
        /// As given on the command line.
        path: PathBuf,
        /// What was asked for.
        wanted: String,
        /// The sheets there are.
        #[help]
        help: String,
    },

    /// The recipe could not be read.
    #[error("cannot read the recipe {path:?}: {source}")]
    #[diagnostic(help(
        "--recipe FILE names it; without the flag, upsheet.toml is used if present"
    ))]
    RecipeIo {
        /// As given on the command line.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },

    /// The recipe says something that it cannot say.
    #[error("{message}")]
    Recipe {
        /// What is wrong.
        message: String,
        /// The recipe's own text.
        #[source_code]
        text: NamedSource<String>,
        /// Where in it.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: Option<String>,
    },

    /// The lock file could not be read.
    #[error("cannot read the lock file {path:?}: {source}")]
    #[diagnostic(help(
        "`upsheet fields` writes it; --lock FILE names it, without the flag it is upsheet.lock \
              beside the recipe"
    ))]
    LockIo {
        /// As given on the command line, or the usual one.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },

    /// The lock file says something that it cannot say.
    #[error("{message}")]
    Lock {
        /// What is wrong.
        message: String,
        /// The file's own text.
        #[source_code]
        text: NamedSource<String>,
        /// Where in it.
        #[label("here")]
        span: SourceSpan,
        /// What to do.
        #[help]
        help: String,
    },

    /// A required field has no column, or a mapping names what is not there.
    #[error("{message}")]
    Mapping {
        /// What is wrong, with the headers that were found.
        message: String,
        /// The nearest match and the flag to use.
        #[help]
        help: String,
    },

    /// A file is not read as the recipe pins it.
    #[error("{name} is not read as the recipe pins it\n{changes}")]
    Drift {
        /// The file.
        name: String,
        /// What is otherwise, a line each.
        changes: String,
        /// How to go on.
        #[help]
        help: String,
    },

    /// What a run would send is not there as it was planned.
    #[error("{path:?} {what}")]
    #[diagnostic(help(
        "requests are sent as they were planned or not at all: put the file back as it was, or plan the people \
              anew"
    ))]
    Payload {
        /// The file in the folder of the run.
        path: PathBuf,
        /// What became of it.
        what: &'static str,
    },

    /// The output folder cannot be used.
    #[error("cannot {action} {path:?}: {source}")]
    #[diagnostic(help("choose another place, or check its permissions and free space"))]
    Output {
        /// Where.
        path: PathBuf,
        /// What was tried: "create", "write", …
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },

    /// What goes beyond `--memory` cannot be put aside.
    #[error("cannot keep what goes beyond --memory in {folder:?}: {source}")]
    #[diagnostic(help(
        "make room there, or give more --memory; without it, all keys stay in memory (about 20 bytes a row)"
    ))]
    Spill {
        /// The folder of the file.
        folder: PathBuf,
        /// The system's reason.
        source: io::Error,
    },

    /// The output folder already holds something.
    #[error("the output folder {path:?} is not empty")]
    #[diagnostic(help(
        "name a new folder, or add --force to replace the payloads, manifest, report and \
              rejects of an earlier run in it (other files are left alone)"
    ))]
    OutputNotEmpty {
        /// The folder.
        path: PathBuf,
    },

    /// Another run is writing there.
    #[error("the folder {path:?} is in use by another upsheet")]
    #[diagnostic(help("wait until it ends, or name another folder"))]
    OutputLocked {
        /// The folder.
        path: PathBuf,
    },

    /// A credential is missing or badly kept.
    #[error("{message}")]
    Credential {
        /// What is wrong; never holds the secret.
        message: String,
        /// What to do.
        #[help]
        help: String,
    },

    /// The target's address could not be reached at all; nothing was sent.
    #[error("cannot reach {title} at {url}: {why}")]
    #[diagnostic(help(
        "check the address (base_url in the recipe), the network and any proxy; nothing was sent"
    ))]
    Unreachable {
        /// The target's name.
        title: &'static str,
        /// The address without any secret.
        url: String,
        /// The cause.
        why: String,
    },

    /// The target refused in a way that no row can cure.
    #[error("{title} refused the request: {why}")]
    TargetRefused {
        /// The target's name.
        title: &'static str,
        /// The status and its message.
        why: String,
        /// What to do.
        #[help]
        help: String,
    },

    /// A limit or a missing confirmation stopped the run before anything was sent.
    #[error("{message}")]
    Guard {
        /// What stopped it.
        message: String,
        /// How to go on.
        #[help]
        help: String,
    },

    /// The journal of a run has a form that this version does not know.
    #[error(
        "the journal {path:?} is of another version of upsheet: its form is {form}, and ours is {ours}"
    )]
    #[diagnostic(help(
        "carry on with the version that began the run; nothing in its folder was changed"
    ))]
    OtherVersion {
        /// Where it lies.
        path: PathBuf,
        /// Its form.
        form: i32,
        /// The form of this version.
        ours: i32,
    },

    /// The journal of a run cannot be kept or read.
    #[error("the journal {path:?} failed: {why}")]
    #[diagnostic(help(
        "what it holds stays right; make room on the disk or check the folder, then `upsheet resume` \
              goes on from there"
    ))]
    Journal {
        /// Where it lies.
        path: PathBuf,
        /// The cause.
        why: String,
    },

    /// What was being sent cannot go on here, or its end cannot be written down, whatever the cause.
    #[error("{why}")]
    #[diagnostic(help(
        "the journal is right as it stands, and nobody who has landed is sent again; put the cause \
              right, then carry on:\nupsheet resume {run}"
    ))]
    PartWay {
        /// The cause.
        why: String,
        /// The word by which the run is resumed.
        run: String,
    },

    /// The rows that a run has kept, or what there was before it, are not as they were written.
    #[error("what the run has kept cannot be read: {path:?}: {why}")]
    #[diagnostic(help(
        "the folder of the run was changed after the run; its payloads and its journal are what is \
              left to look at"
    ))]
    Kept {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },

    /// The sandbox could not be started or used.
    #[error("the sandbox could not start: {why}")]
    #[diagnostic(help(
        "choose another --port, or another folder for its data: --data, with push --sandbox-data or \
              --state"
    ))]
    Sandbox {
        /// The cause.
        why: String,
    },

    /// The user interrupted a run that had sent nothing.
    #[error("interrupted; nothing was sent and nothing half-written is left")]
    Interrupted,

    /// stdout was closed before the data was out.
    #[error("the output was closed before everything was written")]
    #[diagnostic(help("let the reader of the pipe read to the end"))]
    StdoutClosed,
}

impl Error {
    /// A [`Error::Usage`] in one line.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: Some(help.into()) }
    }

    /// How the process ends for this error.
    pub fn status(&self) -> ExitStatus {
        match self {
            Self::Usage { .. }
            | Self::RecipeIo { .. }
            | Self::Recipe { .. }
            | Self::LockIo { .. }
            | Self::Lock { .. }
            | Self::Mapping { .. }
            | Self::Output { .. }
            | Self::Spill { .. } => ExitStatus::Usage,
            Self::InputMissing { .. }
            | Self::InputFolder { .. }
            | Self::InputIo { .. }
            | Self::InputEmpty { .. }
            | Self::SheetEmpty { .. }
            | Self::InputFormat { .. }
            | Self::SheetMissing { .. }
            | Self::Kept { .. } => ExitStatus::Unreadable,
            Self::Credential { .. }
            | Self::Unreachable { .. }
            | Self::TargetRefused { .. }
            | Self::Sandbox { .. } => ExitStatus::Target,
            Self::Interrupted => ExitStatus::Interrupted,
            Self::Journal { .. } | Self::OtherVersion { .. } | Self::PartWay { .. } => {
                ExitStatus::PartWay
            }
            Self::OutputNotEmpty { .. }
            | Self::OutputLocked { .. }
            | Self::Drift { .. }
            | Self::Payload { .. }
            | Self::Guard { .. }
            | Self::StdoutClosed => ExitStatus::Guard,
        }
    }
}

/// A message of the library that reads TOML, without the names that types have in a program.
pub(crate) fn in_words(message: &str) -> String {
    let Some((said, expected)) = message.rsplit_once(", expected ") else {
        return message.to_owned();
    };
    let expected = match expected {
        "u8" | "u32" | "u64" | "usize" | "u128" => "a whole number that is not negative",
        "i64" | "i32" => "a whole number",
        "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    format!("{said}, expected {expected}")
}
