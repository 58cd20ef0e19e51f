//! `plan`: makes everything ready that `push` would send, compares it with what the target has, and says
//! what sending would do with everybody. Nothing is sent.
//!
//! A plan is a run of which nothing was sent. `forecast` says what sending would do with everybody, `table` writes
//! that down, and `before` what would undo it. When the plan is sent, `hold` holds the table against the target
//! once more, and whoever is `there` already with every value is left alone.

pub(super) mod before;
mod forecast;
mod hold;
mod show;
mod table;
mod there;

pub(super) use self::forecast::Forecast;
pub(super) use self::hold::hold;
pub(super) use self::show::{LeftCount, Told, Undoes};
pub(super) use self::table::names;
pub(super) use self::there::There;

use std::path::{Path, PathBuf};

use self::before::Before;
use self::forecast::Counts;
use self::table::NewTable;
use super::end;
use super::looking::Looking;
use super::push::Push;
use super::rerun::name_of;
use super::staging::{Stage, drop_empty_rejects, stage};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{Run, Runs};
use crate::progress::Progress;
use crate::readback::{Found, Short};
use crate::target::directory::Wanted;
use crate::writer::pace::Pace;

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
        undoes: None,
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
    there: There,
}

/// Writes what sending would do with everybody into the folder of the plan, and what would undo it.
///
/// # Errors
/// When a file of the plan, the journal or what was found cannot be read or written.
pub(super) fn draw(forecast: &Forecast<'_>, found: &Found) -> Result<Drawn> {
    let mut before = before::Writer::create(forecast.folder)?;
    let mut table = NewTable::create(forecast.folder, &forecast.journal.about().inputs)?;
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

/// Whether the plan in the folder of a run was finished.
pub(super) fn is_finished(folder: &Path) -> bool {
    table::path(folder).is_file()
}
