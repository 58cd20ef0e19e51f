//! What a run was asked to do: enough to set the same target up again and to tell whether the inputs
//! are still the same.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize, Serializer};

/// What a journal says of its run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// The version of the program that planned the run.
    pub version: String,
    /// When it began, in Unix milliseconds.
    pub began: i64,
    /// The target's id.
    pub target: String,
    /// The target's name for people.
    pub title: String,
    /// Where it is sent to.
    pub base_url: String,
    /// What the target lock is about: two runs with the same object may not send at once.
    pub object: String,
    /// The operation, in a word.
    pub operation: String,
    /// The match key, in a word.
    pub match_key: String,
    /// Where the sandbox keeps its data, when the run is sent to it.
    pub sandbox: Option<PathBuf>,
    /// The variants of the sandbox.
    pub variants: Vec<String>,
    /// The words of the command.
    pub words: Vec<String>,
    /// The recipe, as it was named.
    pub recipe: Option<PathBuf>,
    /// What the command said over the recipe.
    pub overrides: Overrides,
    /// What stands in front of the people in a request.
    pub frame_head: String,
    /// What stands behind them.
    pub frame_tail: String,
    /// Whether it is a plan, which is sent only when it has been held against the target.
    pub plan: bool,
    /// Whether everybody is looked up before they are sent, so that the run can be undone.
    pub keeps_before: bool,
    /// The folder of the run that it undoes, if it undoes one: its people are not read from the inputs then.
    pub undoes: Option<PathBuf>,
    /// SHA-256 of the recipe and the lock file that a plan keeps, in hexadecimal.
    pub rules: String,
    /// The state folder, whose locks keep two runs from sending to one place at once.
    pub state: Option<PathBuf>,
    /// The fields that columns or the recipe fill, by the target's names.
    pub fields: Vec<String>,
    /// The files that were read.
    pub inputs: Vec<InputPrint>,
    /// Rows that were read.
    pub rows: u64,
    /// Rows that are ready to be sent.
    pub valid: u64,
    /// Rows that were rejected.
    pub rejected: u64,
    /// Those of them that make the run fail, which are not those that a baseline accepts; all of them
    /// where nothing is said.
    pub fails: Option<u64>,
    /// Rows that were left out.
    pub skipped: u64,
}

/// What the command said over the recipe.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// The operation.
    pub operation: Option<String>,
    /// What people are matched by.
    pub matched_by: Option<String>,
    /// How many people go into a request.
    pub batch_size: Option<usize>,
    /// Requests a second.
    pub rate: Option<f64>,
    /// Requests that may be under way at once.
    pub concurrency: Option<usize>,
}

/// One input, by what it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InputPrint {
    /// Where it lay.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
    /// How it is called in messages.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Whether it came from standard input, and cannot be read again.
    pub stdin: bool,
}

/// A path as text: one that is none in Unicode is shown as far as it is.
fn as_text<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}
