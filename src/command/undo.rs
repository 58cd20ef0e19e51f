//! `undo`: a plan that brings back what a run has changed, wherever it is still as it was sent.
//!
//! A run that was sent as a plan knows what there was before. Everybody of it is looked for, and whoever shows
//! what was sent gets a person in a new plan who brings the values of before back. Whoever was made, or was
//! edited since, is left alone and named. The plan is shown, sent and carried on with as any other.

mod left;
mod weigh;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value as Json;

use self::left::{Counts, Left, Lefts, Why};
use self::weigh::{Sent, Verdict, weigh};
use super::build::words;
use super::looking::Looking;
use super::plan::before::{Before, Befores};
use super::plan::{Forecast, LeftAlone, Told, Undone, draw, look};
use super::rerun::{Again, Chosen, SetUp, Which, name_of, purged, set_up};
use super::staging::{LOCK, RECIPE, kept_rules, make_last, not_begun, planned, whole};
use crate::batch::{self, Batch, Batcher};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{
    About, Journal, Leg, ObjectLock, Outcome, Overrides, Person, Phase, Planned, Run, RunLock, Runs,
};
use crate::private;
use crate::progress::{Progress, Voice};
use crate::readback::Found;
use crate::results::kept::{self, Instead};
use crate::sandbox::Variants;
use crate::target::directory::Wanted;
use crate::target::{self, Operation, Target};
use crate::visible::visible;
use crate::writer::Writer as _;
use crate::writer::deliver::people_of;
use crate::writer::files::{About as Manifest, Entry, Folder};
use crate::writer::pace::Pace;

/// What `undo` does.
#[derive(Debug)]
pub struct Undo {
    /// Which run.
    pub which: Which,
    /// The folder of the plan; one among those of the runs where none is named.
    pub folder: Option<PathBuf>,
    /// Whether it is shown as JSON.
    pub json: bool,
    /// Whether values are shown beside the names of fields.
    pub show_values: bool,
    /// Whether nothing is said beside JSON.
    pub quiet: bool,
    /// Says lines on standard error, and how far it is.
    pub voice: Voice,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Requests a second.
    pub rate: Option<f64>,
    /// The day on which the plan is made, for its name.
    pub today: jiff::civil::Date,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Plans to bring back what a run has changed, and says what that would do.
///
/// # Errors
/// When there is no such run, nothing is known of the time before it, somebody else is at it, or not everybody
/// could be looked for: nothing is kept then.
pub fn undo(plan: &Undo) -> Result<ExitStatus> {
    let chosen = plan.which.find()?;
    let _its = RunLock::take(&chosen.folder)?;
    let journal = Journal::open(&chosen.folder)?;
    let before = open_before(&chosen, &journal)?;
    if let Some(folder) = plan.folder.as_deref().filter(|folder| is_within(folder, &chosen.folder))
    {
        return Err(Error::usage(
            format!("{folder:?} lies in the folder of the run that is undone"),
            "name another one with -o",
        ));
    }
    let (about, set_up) = turned(plan, &chosen, journal.about())?;
    let watch = Progress::new(&plan.voice);
    let target = set_up.target.as_ref();
    let pace = Pace::new(target.interval(), &plan.stop).watched(&watch);
    let looking = Looking {
        target,
        client: &set_up.client,
        pace: &pace,
        attempts: set_up.job.recipe.sending.attempts,
        watch: &watch,
    };
    let mut earlier = Earlier { chosen: &chosen, journal: &journal, before, target };
    let found = look(&earlier.wanted()?, &looking)?;

    let state = about.state.clone().unwrap_or_else(|| chosen.state.clone());
    let mut run = match &plan.folder {
        Some(folder) => Run::at(folder)?,
        None => Runs::new(&plan.which.state).create(plan.today)?,
    };
    let _own = RunLock::take(run.path())?;
    run.claim()?;
    let reverse = earlier.reverse(&found, run.path())?;
    let about = About {
        valid: reverse.people,
        skipped: about.rows.saturating_sub(reverse.people),
        rules: copy_rules(&chosen.folder, run.path())?,
        ..about
    };
    let entries = planned(&reverse.entries);
    let journal = Journal::create(run.path(), &about, &entries).map_err(not_begun)?;
    let _alone = ObjectLock::take(&state, &about.object, run.id())?;
    let forecast = Forecast { folder: run.path(), journal: &journal, target };
    let drawn = draw(&forecast, &found)?;
    run.keep();
    let told = Told {
        about: &about,
        id: run.id(),
        name: name_of(run.path(), plan.which.state_is_usual.then_some(&plan.which.state)),
        target,
        drawn: &drawn,
        folder: run.path(),
        afterwards: 0,
        batches: entries.len(),
        requests: found.requests,
        show_values: plan.show_values,
        undone: Some(Undone {
            run: &chosen.name,
            left: left_alone(reverse.left),
            table: left::path(run.path()),
        }),
    };
    told.tell(plan.json, plan.quiet)?;
    Ok(if told.is_doubtful() { ExitStatus::Findings } else { ExitStatus::Good })
}

/// Whether a folder, which need not be there yet, is another one or lies in it.
fn is_within(folder: &Path, other: &Path) -> bool {
    let other = whole(other);
    let there = folder.ancestors().find(|one| one.exists() || one.as_os_str().is_empty());
    let there = there.map(|one| if one.as_os_str().is_empty() { Path::new(".") } else { one });
    there.is_some_and(|there| whole(there).starts_with(other))
}

/// Who is left alone, as a plan tells it.
fn left_alone(counts: Counts) -> Vec<LeftAlone> {
    let all = Why::ALL.into_iter().zip(counts).filter(|(_, times)| *times > 0);
    let told = |(why, times): (Why, u64)| LeftAlone {
        word: why.word(),
        meant: why.meant(),
        times,
        stays: why.stays(),
    };
    all.map(told).collect()
}

/// What the run knows of the time before it.
fn open_before(chosen: &Chosen, journal: &Journal) -> Result<Befores> {
    let name = &chosen.name;
    match journal.phase()?.0 {
        Phase::Purged => return Err(purged(name, "what there was before it")),
        Phase::Planned => {
            return Err(nobody(name));
        }
        Phase::Sending | Phase::Stopped | Phase::Finished => {}
    }
    let about = journal.about();
    let tally = journal.tally(Leg::People)?;
    if about.valid == 0 || tally.not_sent + tally.refused == tally.people() {
        return Err(nobody(name));
    }
    if !about.rules.is_empty() && kept_rules(&chosen.folder)? != about.rules {
        return Err(Error::Guard {
            message: format!(
                "the recipe or the lock file in the folder of the run {name} was changed"
            ),
            help: "put back what it was planned by. Nothing was sent".to_owned(),
        });
    }
    Befores::open(&chosen.folder)?.ok_or_else(|| Error::Guard {
        message: format!("run {name} kept nothing of what there was before it"),
        help: "only a plan that was sent (upsheet push --plan) and a push with --keep-before can be undone: both \
               look everybody up first. Nothing was sent"
            .to_owned(),
    })
}

fn nobody(name: &str) -> Error {
    Error::Guard {
        message: format!("nobody of run {name} was sent"),
        help: "there is nothing to undo".to_owned(),
    }
}

/// What is known of the run, turned to the plan that undoes it, and its target. Where the target has an operation
/// that makes nobody, it is that one: a profile that somebody has deleted since is not to come back in part.
fn turned(plan: &Undo, chosen: &Chosen, of: &About) -> Result<(About, SetUp)> {
    let again = Again {
        variants: &plan.variants,
        rate: plan.rate,
        environment: plan.environment,
        stop: &plan.stop,
    };
    let undoes = Some(whole(&chosen.folder));
    let about = About { undoes, keeps_before: false, ..of.clone() };
    let about = if target::find(&of.target)?.updates_alone {
        let operation = Operation::Update.word().to_owned();
        let overrides = Overrides { operation: Some(operation.clone()), ..about.overrides };
        About { operation, overrides, ..about }
    } else {
        about
    };
    let set_up = set_up(chosen, &about, &again)?;
    let frame = set_up.target.frame();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let about = About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        began: jiff::Timestamp::now().as_millisecond(),
        plan: true,
        words: vec!["undo".to_owned(), chosen.name.clone()],
        frame_head: text(frame.head),
        frame_tail: text(frame.tail),
        fails: Some(0),
        rejected: 0,
        ..about
    };
    Ok((about, set_up))
}

/// Copies what the target was set up by, and gives its print.
fn copy_rules(from: &Path, to: &Path) -> Result<String> {
    for name in [RECIPE, LOCK] {
        let path = to.join(name);
        match std::fs::read(from.join(name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && name == LOCK => {}
            read => {
                let written = read.and_then(|text| {
                    std::io::Write::write_all(&mut private::new_file(&path)?, &text)
                });
                written.map_err(|source| Error::Output { path, action: "write", source })?;
            }
        }
    }
    kept_rules(to)
}

/// The run that is undone.
struct Earlier<'a> {
    chosen: &'a Chosen,
    journal: &'a Journal,
    before: Befores,
    target: &'a dyn Target,
}

/// A row of an input.
type Row = (u16, u32);

/// What undoes it.
struct Reverse {
    entries: Vec<Entry>,
    /// How many people are in it.
    people: u64,
    /// How many are left alone for each reason.
    left: Counts,
}

impl Earlier<'_> {
    /// Whom to look for: everybody of whom something may have come.
    fn wanted(&self) -> Result<Vec<Wanted>> {
        let mut wanted = Vec::new();
        for file in self.journal.plan()? {
            for (person, sent) in self.people(&file)? {
                if may_have_landed(&person) {
                    wanted.extend(self.target.directory().wanted(&sent));
                }
            }
        }
        Ok(wanted)
    }

    fn people(&self, file: &Planned) -> Result<Vec<(Person, Json)>> {
        let people = self.journal.people(file.number)?;
        let bodies = people_of(&self.chosen.folder, file)?;
        // They were cut out of JSON that we wrote.
        let bodies = bodies.iter().map(|body| serde_json::from_str(body.get()).unwrap_or_default());
        Ok(people.into_iter().zip(bodies).collect())
    }

    /// Writes the requests that bring back what can be brought back into the folder of a new run, with the rows,
    /// and who is left alone.
    fn reverse(&mut self, found: &Found, run: &Path) -> Result<Reverse> {
        let mut folder = Folder::create(run, true, true)?;
        let limits = self.target.limits();
        let mut batcher = Batcher::new(limits, self.target.frame()).without_asides();
        let mut left = Lefts::create(run, &self.journal.about().inputs)?;
        let mut rows = Vec::new();
        let is_undone = undone_by(&self.chosen.folder).is_some();
        let mut people = 0;
        for file in self.journal.plan()? {
            for (person, sent) in self.people(&file)? {
                let before = self.before.next()?;
                if !may_have_landed(&person) {
                    continue;
                }
                let directory = self.target.directory();
                if let Before::Changed(reversal) = &before
                    && !reversal.fields.is_empty()
                    && directory.wanted(&reversal.person) != directory.wanted(&sent)
                {
                    return Err(self
                        .before
                        .damaged(format!("row {} is another person", person.at.row)));
                }
                let is_accepted = person.state.outcome == Outcome::Accepted;
                let weighed = weigh(
                    directory,
                    found,
                    &Sent { json: &sent, is_accepted, is_undone },
                    &before,
                )?;
                let at = person.at;
                let mut leave =
                    |why, fields: &[String]| left.add(&Left { at, why, weighed: &weighed, fields });
                if person.state.after.as_ref().is_some_and(may_have) {
                    leave(Why::Afterwards, &[])?;
                }
                // Of those who are there as planned nothing is sent; of others it is not known what was.
                if before == Before::Same && is_accepted {
                    continue;
                }
                let why = match &weighed.verdict {
                    Verdict::Restore { person: reverse, lost } => {
                        if !lost.is_empty() {
                            leave(Why::Lost, lost)?;
                        }
                        people += 1;
                        let json = Arc::new(format!(",{reverse}").into_bytes());
                        write(&mut folder, batcher.push(&batch::Person::only(&json), &at))?;
                        None
                    }
                    Verdict::Lost(fields) => {
                        leave(Why::Lost, fields)?;
                        Some(Why::Lost)
                    }
                    Verdict::Left(why, fields) => {
                        leave(*why, fields)?;
                        Some(*why)
                    }
                };
                rows.push(((at.input, at.row), why, weighed.key.into_boxed_str()));
            }
        }
        self.before.end()?;
        write(&mut folder, batcher.close())?;
        rows.sort_unstable_by_key(|(row, ..)| *row);
        self.keep_rows(&folder, &rows)?;
        let entries = folder.finish(&Manifest {
            target: self.target.kind().id.to_owned(),
            request: words(&self.target.request()),
            after: None,
            inputs: self.inputs(),
        })?;
        make_last(run)?;
        Ok(Reverse { entries, people, left: left.finish()? })
    }

    fn inputs(&self) -> Vec<String> {
        let inputs = self.journal.about().inputs.iter();
        inputs.map(|input| input.path.display().to_string()).collect()
    }

    /// Keeps the rows of the run by their keys, with what becomes of each now: their cells hold what is taken back.
    fn keep_rows(&self, folder: &Folder, rows: &[(Row, Option<Why>, Box<str>)]) -> Result<()> {
        let path = folder.subfolder(kept::FOLDER)?;
        kept::instead(&self.chosen.folder, &path, self.target.match_field(), &mut |at| {
            let place = rows.binary_search_by_key(&(at.input, at.row), |(row, ..)| *row);
            match place.ok().and_then(|place| rows.get(place)) {
                Some((_, why, key)) => Instead { left_out: why.map(Why::meant), cell: key },
                None => Instead { left_out: Some("the run has changed nothing of it"), cell: "" },
            }
        })
    }
}

fn write(folder: &mut Folder, batch: Option<Batch>) -> Result<()> {
    batch.map_or(Ok(()), |batch| folder.batch(batch))
}

/// The name of the file in the folder of a run that says by which plan it was undone.
const UNDONE: &str = "undone";

/// Puts down in the folder of a run, where that is still there, by which plan it is being undone.
///
/// # Errors
/// When it cannot be written.
pub(super) fn mark(folder: &Path, by: &str) -> Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    let path = folder.join(UNDONE);
    let written = std::fs::write(&path, format!("{by}\n"));
    written.map_err(|source| Error::Output { path, action: "write", source })
}

/// By which plan a run was undone, if it was.
pub(super) fn undone_by(folder: &Path) -> Option<String> {
    let by = std::fs::read_to_string(folder.join(UNDONE)).ok()?;
    Some(visible(by.trim()))
}

fn may_have_landed(person: &Person) -> bool {
    may_have(&person.state.outcome)
}

fn may_have(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::NotSent | Outcome::Refused(_))
}
