//! `plan`: makes everything ready that `push` would send, compares it with what the target has, and says
//! what sending would do with everybody. Nothing is sent.
//!
//! A plan is a run of which nothing was sent, with a table of what would be done. `hold` holds that
//! table against the target once more, when the plan is sent.

pub(super) mod before;
pub(super) mod draft;
mod forecast;
mod show;
mod table;

pub(super) use self::forecast::Forecast;
pub(super) use self::show::{LeftAlone, Told, Undone};
pub(super) use self::table::names;

use std::path::{Path, PathBuf};

use self::before::{Before, Befores};
use self::forecast::{Action, Case, Counts};
use self::table::{Table, Then};
use super::end;
use super::looking::Looking;
use super::push::Push;
use super::rerun::name_of;
use super::staging::{Stage, drop_empty_rejects, kept_rules, stage};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{Journal, Leg, Outcome, Person, Run, Runs};
use crate::progress::Progress;
use crate::readback::{Found, Short};
use crate::report::counted;
use crate::target::Target;
use crate::target::directory::Wanted;
use crate::writer::pace::Pace;
use crate::writer::watch::Event;

/// What `plan` does.
#[derive(Clone, Debug)]
pub struct MakePlan {
    /// What would be pushed, and how.
    pub push: Push,
    /// The folder of the plan; one among those of the runs where none is named.
    pub folder: Option<PathBuf>,
    /// Whether it is shown as JSON.
    pub json: bool,
    /// Whether values are shown beside the names of fields.
    pub show_values: bool,
}

/// Plans what `push` would send, and says what that would do.
///
/// # Errors
/// When the input, the credentials, the target or a guard is in the way, or not everybody could be looked for:
/// nothing is kept then.
pub fn make_plan(plan: &MakePlan) -> Result<ExitStatus> {
    let MakePlan { push, folder, .. } = plan;
    let make = |runs: &Runs| match folder {
        Some(folder) => Run::at(folder),
        None => runs.create(push.job.today),
    };
    let mut staged = match stage(push, make, true)? {
        Stage::Ready(staged) => staged,
        Stage::Forbidden(status) => return Ok(status),
    };
    let watch = Progress::new(&push.shown.voice);
    let target = staged.opened.target.as_ref();
    let pace = Pace::new(target.interval(), &push.job.stop).watched(&watch);
    staged.ask(push, &pace)?;
    let looking = Looking {
        target,
        client: &staged.client,
        pace: &pace,
        attempts: push.sending.attempts,
        watch: &watch,
    };
    let forecast = Forecast { folder: staged.run.path(), journal: &staged.journal, target };
    let found = look(&forecast.wanted()?, &looking)?;
    let drawn = draw(&forecast, &found)?;
    let afterwards = forecast.afterwards()?;
    end(&mut staged.reports, &staged.summary)?;
    drop_empty_rejects(staged.run.path(), &staged.opened.head, &staged.summary)?;
    staged.run.keep();
    let folder = staged.run.path();
    let told = Told {
        about: &staged.about,
        id: staged.run.id(),
        name: name_of(folder, push.state_is_usual.then_some(&push.state)),
        target: staged.opened.target.as_ref(),
        drawn: &drawn,
        folder,
        afterwards,
        batches: staged.requests(),
        requests: found.requests,
        show_values: plan.show_values,
        undone: None,
    };
    told.tell(plan.json, push.quiet)?;
    Ok(if told.is_doubtful() || staged.summary.fails() {
        ExitStatus::Findings
    } else {
        ExitStatus::Good
    })
}

/// Looks for everybody who is wanted; all of them, or nobody.
///
/// # Errors
/// When not everybody could be looked for.
pub(super) fn look(wanted: &[Wanted], looking: &Looking<'_>) -> Result<Found> {
    let found = looking.look(wanted, None)?;
    match &found.ended {
        None => Ok(found),
        Some(Short::Interrupted) => Err(Error::Interrupted),
        Some(short) => Err(Error::TargetRefused {
            title: looking.target.kind().title,
            why: short.why(),
            help: match short {
                Short::Denied(_) => "check the key and what it may read",
                _ => "try again later",
            }
            .to_owned()
                + ". Nothing was sent",
        }),
    }
}

/// What stands in a plan, in short.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    counts: Counts,
    first: show::First,
    /// Who is there with every value.
    there: Held,
}

/// Writes what sending would do with everybody into the folder of the plan, and what would undo it.
///
/// # Errors
/// When a file of the plan, the journal or what was found cannot be read or written.
pub(super) fn draw(forecast: &Forecast<'_>, found: &Found) -> Result<Drawn> {
    let mut before = before::Writing::create(forecast.folder)?;
    let mut table = Table::create(forecast.folder, &forecast.journal.about().inputs)?;
    let mut drawn = Drawn::default();
    let directory = forecast.target.directory();
    forecast.each(found, &mut |case| {
        drawn.counts.add(&case.action);
        drawn.first.add(case.person.at, &case.action);
        drawn.there.add(case);
        before.add(&Before::of(case, directory))?;
        table.add(case.person, &case.action)
    })?;
    before.finish()?;
    // A plan with a table is whole.
    table.finish()?;
    Ok(drawn)
}

/// Looks everybody of a run up who is to be sent, and keeps what there is of them, as a plan does. Gives those
/// who are there with every value, and need not be sent.
///
/// # Errors
/// When not everybody could be looked for, or it cannot be kept.
pub(super) fn keep_before(folder: &Path, journal: &Journal, looking: &Looking<'_>) -> Result<Held> {
    let forecast = Forecast { folder, journal, target: looking.target };
    let found = look(&forecast.wanted()?, looking)?;
    Ok(draw(&forecast, &found)?.there)
}

/// Keeps anew what there is of those whom a run has not sent yet: what was kept of them may be old. Where nobody
/// looks, or the target does not say, it is not known any more what there was before they are sent.
///
/// # Errors
/// When the user stops it, or what is kept cannot be read or written.
pub(super) fn renew_before(
    (folder, journal, target): (&Path, &Journal, &dyn Target),
    looking: Option<&Looking<'_>>,
) -> Result<()> {
    let Some(mut kept) = Befores::open(folder)? else { return Ok(()) };
    let forecast = Forecast { folder, journal, target };
    let is_open = |person: &Person| person.state.outcome == Outcome::NotSent;
    let wanted = forecast.wanted_of(&is_open)?;
    if wanted.is_empty() {
        return Ok(());
    }
    let found = match looking.map(|looking| look(&wanted, looking)).transpose() {
        Err(Error::TargetRefused { .. } | Error::Unreachable { .. }) => None,
        found => found?,
    };
    let mut renewed = before::Writing::create(folder)?;
    forecast.each_ready(&mut |file, people| {
        people.iter().try_for_each(|(person, sent)| {
            let before = kept.next()?;
            let before = match &found {
                _ if !is_open(person) => before,
                None => Before::Untold,
                Some(found) => {
                    let (action, found) = forecast.action(found, person, sent)?;
                    Before::of(&Case { file, person, sent, action, found }, target.directory())
                }
            };
            renewed.add(&before)
        })
    })?;
    kept.end()?;
    renewed.finish()
}

/// Whether the plan in the folder of a run was finished.
pub(super) fn is_finished(folder: &Path) -> bool {
    table::path(folder).is_file()
}

/// Who was found to be there with every value.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Who is there as planned and need not be sent: places, by the numbers of payload files.
    unchanged: Vec<(u32, Vec<(usize, Outcome)>)>,
}

impl Held {
    /// Takes a person in, where they are there with every value. Who was put down before a kill is not put
    /// down, or counted, once more.
    fn add(&mut self, Case { file, person, action, .. }: &Case<'_>) {
        if *action != Action::Unchanged || person.state.outcome != Outcome::NotSent {
            return;
        }
        match self.unchanged.last_mut().filter(|(number, _)| *number == file.number) {
            Some((_, people)) => people.push((person.place, Outcome::Accepted)),
            None => {
                self.unchanged.push((file.number, vec![(person.place, Outcome::Accepted)]));
            }
        }
    }

    /// How many people are there as planned, and were not known to be.
    pub(super) fn unchanged(&self) -> u64 {
        self.unchanged.iter().map(|(_, people)| people.len() as u64).sum()
    }

    /// Says how many are not sent, and how they are there.
    pub(super) fn tell(&self, looking: &Looking<'_>, how: &str) {
        let there = self.unchanged();
        if there > 0 {
            let are = counted(there, "person is", "people are");
            let title = looking.target.kind().title;
            looking.watch.event(&Event::Note(&format!("{are} at {title} {how}, and not sent")));
        }
    }

    /// Puts down that those who are there as planned count as accepted, and are not sent.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(super) fn note(&self, journal: &Journal) -> Result<()> {
        let mut files = self.unchanged.iter();
        files.try_for_each(|(number, people)| journal.note(Leg::People, *number, people))
    }
}

/// How many of those are named who are not as the plan has them.
const NAMED: usize = 3;

/// Holds a plan against what it was made of: its rules, its table, and what the target has now.
///
/// # Errors
/// [`Error::Guard`] when the plan was not finished or its rules were changed, or somebody is not there as when
/// it was made; when not everybody could be looked for.
pub(super) fn hold(
    (folder, name): (&Path, &str),
    journal: &Journal,
    looking: &Looking<'_>,
) -> Result<Held> {
    let about = journal.about();
    if !is_finished(folder) {
        return Err(not_sendable(format!("the plan {name} was not finished"), name));
    }
    if kept_rules(folder)? != about.rules {
        let what =
            format!("the recipe or the lock file in the folder of the plan {name} was changed");
        return Err(not_sendable(what, name));
    }
    let inputs = &about.inputs;
    let mut then = Then::open(folder, inputs)?;
    let forecast = Forecast { folder, journal, target: looking.target };
    let found = look(&forecast.wanted()?, looking)?;
    let names = names(inputs);
    let (mut moved, mut rows) = (0_u64, Vec::new());
    let mut held = Held::default();
    forecast.each(&found, &mut |case| {
        let Case { person, action, .. } = case;
        if !then.agrees(person, action) {
            moved += 1;
            if rows.len() < NAMED {
                let name = names.get(usize::from(person.at.input)).map_or("", String::as_str);
                rows.push(format!("row {} of {name} (now: {})", person.at.row, action.word()));
            }
        }
        held.add(case);
        Ok(())
    })?;
    if moved > 0 || !then.is_at_end() {
        return Err(drifted(looking.target, name, moved, &rows));
    }
    Ok(held)
}

/// What is in the folder is no plan that could be sent.
fn not_sendable(message: String, name: &str) -> Error {
    Error::Guard {
        message,
        help: format!(
            "plan the files again; to send everybody as planned all the same, without a look at the target: upsheet \
             resume {name} --as-planned. Nothing was sent"
        ),
    }
}

/// The target is not what the plan was made for.
fn drifted(target: &dyn Target, name: &str, moved: u64, rows: &[String]) -> Error {
    let title = target.kind().title;
    let more = if moved > rows.len() as u64 { ", …" } else { "" };
    let message = match moved {
        0 => "the table of the plan is not as upsheet wrote it".to_owned(),
        1 => format!("1 person is not at {title} as when the plan was made: {}", rows.join(", ")),
        _ => format!(
            "{} are not at {title} as when the plan was made: {}{more}",
            counted(moved, "person", "people"),
            rows.join(", ")
        ),
    };
    Error::Guard {
        message,
        help: format!(
            "plan the files again, and look at what has changed; or, to send what was planned all the same: \
             upsheet resume {name} --as-planned. Nothing was sent"
        ),
    }
}
