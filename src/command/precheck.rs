//! What is asked of the target before anybody is sent: whether it knows the words that people are sent
//! afterwards, and whose their ids are.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;

use super::Shown;
use crate::error::{Error, Result};
use crate::journal::{Journal, Leg, Outcome};
use crate::readback::Order;
use crate::readback::precheck::Claims;
use crate::report::counted;
use crate::target::Target;
use crate::visible::visible;
use crate::writer::after::{Asking, read, unknown_words, words_of};
use crate::writer::deliver::people_of;
use crate::writer::files;

/// A planned run of which nothing was sent.
pub(super) struct Precheck<'a> {
    /// Its folder.
    pub(super) folder: &'a Path,
    /// Its journal.
    pub(super) journal: &'a Journal,
    /// The target.
    pub(super) target: &'a dyn Target,
    /// By what means it is asked.
    pub(super) asking: Asking<'a>,
    /// Who says what was found.
    pub(super) shown: &'a Shown,
    /// Whether to say only what is wrong.
    pub(super) quiet: bool,
}

impl Precheck<'_> {
    /// Stops the run for words that the target would lose, and puts those down as refused who have an
    /// id of another profile. Gives how many these are.
    ///
    /// # Errors
    /// [`Error::Guard`] for the words; when a file of the run or the journal cannot be used, and when
    /// the user stops it.
    pub(super) fn run(&self) -> Result<u64> {
        self.words()?;
        self.claims()
    }

    fn words(&self) -> Result<()> {
        let Some(afterwards) = self.target.afterwards() else { return Ok(()) };
        let mut used = BTreeSet::new();
        for after in files::afterwards(self.folder)?.values() {
            let asides = read(self.folder, after)?;
            used.extend(words_of(afterwards, asides.iter().flatten()));
        }
        let words = unknown_words(afterwards, &self.asking, &used)?;
        let [what, _] = afterwards.what();
        if let Some(warning) = words.settle(self.target.kind().title, what)? {
            self.shown.line(&format!("warning: {}", visible(&warning)));
        }
        Ok(())
    }

    fn claims(&self) -> Result<u64> {
        let Some(mut claims) = Claims::of(self.target) else { return Ok(0) };
        let plan = self.journal.plan()?;
        let mut all = 0;
        for file in &plan {
            for person in people_of(self.folder, file)? {
                // It was cut out of JSON that we wrote.
                let sent: Json = serde_json::from_str(person.get()).unwrap_or_default();
                claims.add(all, &sent);
                all += 1;
            }
        }
        let lookups = claims.lookups();
        if lookups == 0 {
            return Ok(0);
        }
        if !self.quiet {
            let lookups = counted(lookups as u64, "look-up", "look-ups");
            self.shown.line(&format!(
                "asking whose the identities of the input are: {lookups} at the most"
            ));
        }
        let Asking { client, pace, attempts } = self.asking;
        let order = Order { wanted: &[], cache: None, pace, attempts, progress: &|_, _| {} };
        let checked = claims.ask(client, &order)?;
        if checked.interrupted {
            return Err(Error::Interrupted);
        }
        if let Some(doubt) = &checked.doubt {
            let whom = match checked.unknown {
                0 => "anybody".to_owned(),
                some => counted(some as u64, "person", "people"),
            };
            self.shown.line(&format!(
                "warning: it was not learned whose the identities of {whom} are, and all are sent \
                 whose identities were not found with others: {}",
                visible(doubt)
            ));
        }
        let mut conflicts = checked.conflicts.iter().peekable();
        let mut first = 0;
        for file in &plan {
            let end = first + file.places.len();
            let mut refused = Vec::new();
            while let Some((place, why)) = conflicts.next_if(|(place, _)| *place < end) {
                refused.push((place - first, Outcome::Refused(format!("not sent: {why}"))));
            }
            if !refused.is_empty() {
                self.journal.note(Leg::People, file.number, &refused)?;
            }
            first = end;
        }
        Ok(checked.conflicts.len() as u64)
    }
}
