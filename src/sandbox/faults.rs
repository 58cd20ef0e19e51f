//! What goes wrong on the way to the sandbox and back, by a plan and a seed: the same seed and the
//! same order of requests give the same faults.
//!
//! A server with a plan does not answer through axum. A front of our own (`front`) reads each request off
//! its connection (`wire`), asks the plan what is to become of it (`plan`), has the call decided as ever
//! or not at all (`visit`), and sends the answer whole, late, altered (`answer`) or cut.

mod answer;
mod entry;
pub(super) mod front;
mod kind;
mod plan;
mod visit;
mod wire;

use std::path::Path;
use std::sync::Arc;

use plan::Plan;

pub use kind::table;

/// A fault plan with the seed of its dice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    plan: Arc<Plan>,
    text: Arc<str>,
    seed: u32,
}

/// Why a fault plan cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unusable {
    /// The file could not be read.
    #[error("cannot read `{path}`: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It does not say what it has to.
    #[error("`{path}` is not a fault plan: {why}")]
    Content {
        /// The file.
        path: String,
        /// What is wrong with it, and where.
        why: String,
    },
}

impl Faults {
    /// Reads a plan, in which `[[fault]]` may stand and nothing else.
    ///
    /// # Errors
    /// When the file cannot be read, or a fault in it cannot be.
    pub fn read(path: &Path, seed: u32) -> Result<Self, Unusable> {
        let name = || path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| Unusable::File { path: name(), source })?;
        Self::parse(&text, seed).map_err(|why| Unusable::Content { path: name(), why })
    }

    /// The same from the text of a plan; what is wrong with it is said with its line.
    pub(crate) fn parse(text: &str, seed: u32) -> Result<Self, String> {
        let plan = Arc::new(Plan::new(entry::read(text)?));
        Ok(Self { plan, text: text.into(), seed })
    }

    /// The seed of its dice.
    pub fn seed(&self) -> u32 {
        self.seed
    }

    /// The plan as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many faults it names.
    pub fn count(&self) -> usize {
        self.plan.count()
    }
}
