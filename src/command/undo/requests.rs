//! The requests that undo a run, written into the folder of a new plan: with the rows of the people in them, and
//! the table of who is left alone.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::decide::{Decided, Decision, Sent, decide};
use super::left::{Counts, LeftLine, LeftTable, Why};
use super::undone_by;
use crate::batch::{self, Batch, Batcher};
use crate::command::build::words;
use crate::command::people::people;
use crate::command::plan::before::{self, Before};
use crate::command::rerun::Chosen;
use crate::command::staging::make_last;
use crate::error::Result;
use crate::journal::{Journal, Outcome, Person};
use crate::readback::Found;
use crate::results::kept::{self, KeyRow};
use crate::target::Target;
use crate::target::directory::Wanted;
use crate::writer::Writer as _;
use crate::writer::files::{About as Manifest, Entry, Folder};

/// The run that is undone.
pub(super) struct UndoneRun<'a> {
    pub(super) chosen: &'a Chosen,
    pub(super) journal: &'a Journal,
    pub(super) before: before::Reader,
    pub(super) target: &'a dyn Target,
}

/// What was written.
pub(super) struct Written {
    /// The payload files.
    pub(super) entries: Vec<Entry>,
    /// How many people are in them.
    pub(super) people: u64,
    /// How many are left alone for each reason.
    pub(super) left: Counts,
}

impl UndoneRun<'_> {
    /// Whom to look for: everybody of whom something may have come.
    ///
    /// # Errors
    /// When a payload file or the journal cannot be read.
    pub(super) fn wanted(&self) -> Result<Vec<Wanted>> {
        let mut wanted = Vec::new();
        for file in self.journal.plan()? {
            for (person, sent) in people(&self.chosen.folder, self.journal, &file)? {
                if may_have_come(&person.state.outcome) {
                    wanted.extend(self.target.directory().wanted(&sent));
                }
            }
        }
        Ok(wanted)
    }

    /// Writes the requests that bring back what can be brought back into the folder of a new run, with the rows,
    /// and who is left alone.
    ///
    /// # Errors
    /// When something of either run cannot be read or written, or what was kept is not of these people.
    pub(super) fn write_requests(&mut self, found: &Found, run: &Path) -> Result<Written> {
        let directory = self.target.directory();
        let mut requests = Requests::create(run, self)?;
        let is_undone = undone_by(&self.chosen.folder).is_some();
        for file in self.journal.plan()? {
            for (person, sent) in people(&self.chosen.folder, self.journal, &file)? {
                let before = self.before.next()?;
                if !may_have_come(&person.state.outcome) {
                    continue;
                }
                self.check_is_of(&before, &person, &sent)?;
                let is_accepted = person.state.outcome == Outcome::Accepted;
                let sent = Sent { json: &sent, is_accepted, is_undone };
                let decided = decide(directory, found, &sent, &before)?;
                // Of those who are there as planned nothing is sent; of others it is not known what was.
                let is_untouched = before == Before::Same && is_accepted;
                requests.add_afterwards(&person, &decided)?;
                if !is_untouched {
                    requests.add(&person, decided)?;
                }
            }
        }
        self.before.end()?;
        requests.finish(run, self)
    }

    /// Refuses what was kept of somebody else than the person.
    fn check_is_of(&self, before: &Before, person: &Person, sent: &Json) -> Result<()> {
        let directory = self.target.directory();
        match before {
            Before::Changed(reversal)
                if !reversal.fields.is_empty()
                    && directory.wanted(&reversal.person) != directory.wanted(sent) =>
            {
                Err(self.before.damaged(format!("row {} is another person", person.at.row)))
            }
            _ => Ok(()),
        }
    }
}

/// A row of an input.
type Row = (u16, u32);

/// The requests while they are written.
struct Requests {
    folder: Folder,
    batcher: Batcher,
    left: LeftTable,
    /// Everybody whom the run may have changed: their rows, why they are left alone, if they are, and their keys.
    rows: Vec<(Row, Option<Why>, Box<str>)>,
    /// How many people are sent.
    people: u64,
}

impl Requests {
    fn create(run: &Path, of: &UndoneRun<'_>) -> Result<Self> {
        let folder = Folder::create(run, true, true)?;
        let batcher = Batcher::new(of.target.limits(), of.target.frame()).without_asides();
        let left = LeftTable::create(run, &of.journal.about().inputs)?;
        Ok(Self { folder, batcher, left, rows: Vec::new(), people: 0 })
    }

    /// Puts down that something was sent to a person afterwards, which stays.
    fn add_afterwards(&mut self, person: &Person, decided: &Decided) -> Result<()> {
        if !person.state.after.as_ref().is_some_and(may_have_come) {
            return Ok(());
        }
        self.left.add(&LeftLine { at: person.at, why: Why::Afterwards, decided, fields: &[] })
    }

    /// Does with a person what was decided.
    fn add(&mut self, person: &Person, decided: Decided) -> Result<()> {
        let at = person.at;
        let left = match &decided.decision {
            Decision::Restore { lost, .. } if lost.is_empty() => None,
            Decision::Restore { lost, .. } | Decision::Lost(lost) => Some((Why::Lost, lost)),
            Decision::Leave(why, fields) => Some((*why, fields)),
        };
        if let Some((why, fields)) = left {
            self.left.add(&LeftLine { at, why, decided: &decided, fields })?;
        }
        let left_alone = match &decided.decision {
            Decision::Restore { person, .. } => {
                self.people += 1;
                let json = Arc::new(format!(",{person}").into_bytes());
                let batch = self.batcher.push(&batch::Person::only(&json), &at);
                self.write(batch)?;
                None
            }
            Decision::Lost(_) | Decision::Leave(..) => left.map(|(why, _)| why),
        };
        self.rows.push(((at.input, at.row), left_alone, decided.key.into_boxed_str()));
        Ok(())
    }

    fn write(&mut self, batch: Option<Batch>) -> Result<()> {
        batch.map_or(Ok(()), |batch| self.folder.batch(batch))
    }

    fn finish(mut self, run: &Path, of: &UndoneRun<'_>) -> Result<Written> {
        let last = self.batcher.close();
        self.write(last)?;
        self.rows.sort_unstable_by_key(|(row, ..)| *row);
        self.keep_rows(of)?;
        let inputs = of.journal.about().inputs.iter();
        let entries = self.folder.finish(&Manifest {
            target: of.target.kind().id.to_owned(),
            request: words(&of.target.request()),
            after: None,
            inputs: inputs.map(|input| input.path.display().to_string()).collect(),
        })?;
        make_last(run)?;
        Ok(Written { entries, people: self.people, left: self.left.finish()? })
    }

    /// Keeps the rows of the run by their keys, with what becomes of each now: their cells hold what is taken back.
    fn keep_rows(&self, of: &UndoneRun<'_>) -> Result<()> {
        let path = self.folder.subfolder(kept::FOLDER)?;
        kept::keep_keys(&of.chosen.folder, &path, of.target.match_field(), &mut |at| {
            let place = self.rows.binary_search_by_key(&(at.input, at.row), |(row, ..)| *row);
            match place.ok().and_then(|place| self.rows.get(place)) {
                Some((_, why, key)) => KeyRow { left_out: why.map(Why::meant), key },
                None => KeyRow { left_out: Some("the run has changed nothing of it"), key: "" },
            }
        })
    }
}

/// Whether something may have come of what was sent.
fn may_have_come(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::NotSent | Outcome::Refused(_))
}
