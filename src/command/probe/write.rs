//! The answers as lines of the recipe, each with what it rests on.

use std::io::ErrorKind;
use std::path::Path;

use super::{Lines, Probe};
use crate::command::inspect::recipe::replace;
use crate::error::{Error, Result};
use crate::probe::Outcome;
use crate::recipe::Recipe;
use crate::recipe::edit::{Change, Edit};
use crate::visible::visible;

/// The first word of the comments, by which a later probe knows its own lines.
const BY: &str = "probe";

/// One setting that was learned, and what became of it in the recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The question that it answers.
    pub(super) question: &'static str,
    /// Its name, `vome.page_size`.
    pub(super) name: &'static str,
    /// Its value as TOML.
    pub(super) value: String,
    /// The line below the header of the section.
    pub(super) text: String,
    /// What became of it.
    pub(super) fate: Fate,
}

/// What becomes of a setting in the recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is a line more.
    Added,
    /// It takes the place of another value.
    Replaced(String),
    /// The recipe says so.
    Same,
    /// The user wrote something else, which stays.
    Held(String),
    /// The recipe has no place for it.
    NoPlace,
}

impl Fate {
    /// A word for programs.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Replaced(_) => "replaced",
            Self::Same => "same",
            Self::Held(_) => "held",
            Self::NoPlace => "no_place",
        }
    }
}

/// The lines of what was learned. Where that is wanted, the recipe has them afterwards.
pub(super) fn written(plan: &Probe, outcome: &Outcome) -> Result<Lines> {
    let before = match &plan.write {
        Some(path) => read(path)?,
        None => plan.recipe.text().to_owned(),
    };
    let mut text = before.clone();
    let mut lines = Vec::new();
    for asked in &outcome.asked {
        let Ok(learned) = &asked.fate else { continue };
        let evidence = learned.evidence.last().map(|last| plain(plan, last));
        let id = asked.question.id;
        let why = match evidence {
            Some(evidence) => format!("{}: {id}: {evidence}", plan.today),
            None => format!("{}: {id}", plan.today),
        };
        for setting in &learned.settings {
            let path: Vec<&str> = setting.name.split('.').collect();
            let change =
                Change { path: &path, value: &setting.value, by: BY, why: &why, force: plan.force };
            let fate = match change.make(&text) {
                Edit::Written { text: after, before } => {
                    text = after;
                    before.map_or(Fate::Added, Fate::Replaced)
                }
                Edit::Same => Fate::Same,
                Edit::Held { said } => Fate::Held(visible(&said)),
                Edit::NoPlace => Fate::NoPlace,
            };
            lines.push(Line {
                question: id,
                name: setting.name,
                value: setting.value.to_string(),
                text: change.line(),
                fate,
            });
        }
    }
    if let Some(path) = plan.write.as_deref().filter(|_| text != before) {
        // What could not be read again is not written.
        Recipe::parse(text.clone(), &path.display().to_string())?;
        replace(path, &text)?;
    }
    Ok(lines)
}

/// Evidence that may stand in a file: in one line, and without the user's address.
pub(super) fn plain(plan: &Probe, evidence: &str) -> String {
    let evidence = match &plan.person {
        Some(email) => evidence.replace(email.trim(), "<your address>"),
        None => evidence.to_owned(),
    };
    visible(&evidence)
}

fn read(path: &Path) -> Result<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read.map_err(|source| Error::RecipeIo { path: path.to_owned(), source }),
    }
}
