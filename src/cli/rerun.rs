//! The verbs about runs that were made earlier: what may be typed to carry on with them, list, sort, verify,
//! undo and purge them, and what that comes to.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use clap::Args;

use super::flags::{NewPlanArgs, PageArgs, RateArgs, SendArgs, StateArgs, VariantArgs};
use super::shown::{ProgressArgs, SendProgressArgs, ShownArgs, shown, shown_voice, voice};
use super::value::{age, part, result_forms};
use super::{stop_signal, variable};
use crate::command::Shown;
use crate::command::purge::Purge;
use crate::command::rerun::{Surroundings, Which};
use crate::command::results::Results;
use crate::command::resume::{Meant, Resume};
use crate::command::runs::Runs;
use crate::command::undo::Undo;
use crate::command::verify::Verify;
use crate::error::{Error, Result};
use crate::results::Part;

pub(super) const RUNS_HELP: &str = "\
What to type after a push that was killed: upsheet runs. It says of each run how far it came and, where \
something is left to send, the command that goes on with it.

Examples:
  upsheet runs
  upsheet runs --all --format json";

pub(super) const VERIFY_HELP: &str = "\
Everybody whom the target accepted, or of whom no answer told, is read back and compared field by field \
with what was sent. Nobody is sent anything. Those whose outcome was not known and who are found as sent \
count as accepted from then on. A reading that was stopped is carried on by the same command within an \
hour. The key is found as push finds it.

Exit codes: 0 everybody who was looked for has landed; 1 somebody differs or is missing; 2 usage; 4 the key, the target or \
the network; 5 the run is in use, was purged, or has sent nobody; 6 of somebody it could not be told; \
130 interrupted.

Examples:
  upsheet verify --last
  upsheet verify 2026-11-26-k3f9ab -o verify.csv";

pub(super) const PURGE_HELP: &str = "\
Taken away for good: payloads, rows, reports, rejects, results, what was read back, the copies of recipe \
and lock file, and all that the target said of people. Kept: counts, times, digests, and the names of \
files, so that `upsheet runs` still shows what was done. A purged run cannot be resumed, verified or \
sorted into results. Where nothing was sent, the whole folder goes. What was written elsewhere (-o, \
--report) and the data of the sandbox are not touched. A purge that was interrupted is repeated.

Examples:
  upsheet purge 2026-11-26-k3f9ab
  upsheet purge --older-than 30d --yes";

pub(super) const UNDO_HELP: &str = "\
A run that was sent as a plan (upsheet plan, then upsheet push --plan), or by a push with --keep-before, knows \
what there was before it. undo looks for everybody of the run, and makes a plan that brings the values of \
before back for those who still show what the run has sent. Whoever the run has made, or somebody has edited since, is left alone and named, \
with the target's id, in left.csv. Nothing is sent: the plan is looked at, and sent as any other. The key is \
found as push finds it.

Exit codes: 0 the plan brings everything back; 1 something of the run stays, see left.csv; 2 usage; 4 the key, \
the target or the network; 5 the run kept nothing, was purged, is in use, or has sent nobody; 130 interrupted.

Examples:
  upsheet undo 2026-11-26-k3f9ab -o undo
  upsheet push --plan undo";

/// A run that was made earlier.
#[derive(Args, Debug)]
struct RunArgs {
    /// The run: its id, the beginning of it, or its folder; `upsheet runs` lists them
    #[arg(value_name = "RUN|--last", required_unless_present = "last")]
    run: Option<String>,
    /// The run that was begun last
    #[arg(long, conflicts_with = "run")]
    last: bool,
    #[command(flatten)]
    state: StateArgs,
}

impl RunArgs {
    /// Which run is meant.
    fn which(self) -> Result<Which> {
        self.state.which(self.run)
    }
}

#[derive(Args, Debug)]
pub(super) struct ResultsArgs {
    #[command(flatten)]
    run: RunArgs,
    /// The folder for the files [default: results/ in the folder of the run]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The form
    #[arg(long, value_name = "FORM", value_parser = result_forms(), default_value = "csv", ignore_case = true)]
    format: String,
    /// Write these only, such as failed,unknown
    #[arg(long, value_name = "PARTS", value_delimiter = ',', value_parser = part())]
    only: Vec<String>,
    /// Replace files of these names in the folder
    #[arg(long)]
    force: bool,
}

#[derive(Args, Debug)]
pub(super) struct ResumeArgs {
    #[command(flatten)]
    run: RunArgs,
    /// Do not ask before sending, where the run ended before it was asked
    #[arg(short, long)]
    yes: bool,
    /// Send what was planned although a file, or the custom fields of the account, have changed since
    #[arg(long)]
    as_planned: bool,
    /// Send those of unknown outcome again, however long ago they were first sent
    #[arg(long)]
    resend_unknown: bool,
    /// How many people will be mailed an invitation, where nobody was sent yet
    #[arg(long, value_name = "N")]
    expect_invites: Option<u64>,
    #[command(flatten)]
    sending: SendArgs,
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    shown: ShownArgs,
    #[command(flatten)]
    progress: SendProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct RunsArgs {
    #[command(flatten)]
    state: StateArgs,
    /// Show all, and not only the newest 20
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    page: PageArgs,
    /// Write a CSV of everybody: input, row, verdict, fields, reason
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show what was sent and what is there, beside the names of fields
    #[arg(long)]
    show_values: bool,
    /// Say nothing beside the result
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    rate: RateArgs,
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    progress: ProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    run: RunArgs,
    #[command(flatten)]
    made: NewPlanArgs,
    #[command(flatten)]
    rate: RateArgs,
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    progress: ProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct PurgeArgs {
    /// The runs: their ids, the beginnings of these, or their folders; `upsheet runs` lists them
    #[arg(value_name = "RUN", required_unless_present = "older_than")]
    runs: Vec<String>,
    /// Those that began longer ago than this, such as 12h, 30d or 8w; of the runs that are named, or of
    /// all
    #[arg(long, value_name = "AGE", value_parser = age)]
    older_than: Option<Duration>,
    /// Purge also what is not finished: whoever was not sent cannot be sent by `resume` any more, and of
    /// whom the outcome is not known it is never learned
    #[arg(long)]
    force: bool,
    /// Do not ask before anything is taken away
    #[arg(short, long)]
    yes: bool,
    #[command(flatten)]
    state: StateArgs,
}

/// What the target of a run is set up with again.
pub(super) fn surroundings(
    variant: &VariantArgs,
    rate: Option<f64>,
    stop: Arc<AtomicBool>,
) -> Result<Surroundings> {
    Ok(Surroundings { variants: variant.read()?, rate, environment: variable, stop })
}

impl ResumeArgs {
    /// What `resume` carries on with.
    pub(super) fn plan(self) -> Result<Resume> {
        let voice = shown_voice(&self.progress, &self.shown);
        let stop = stop_signal(&voice);
        Ok(Resume {
            which: self.run.which()?,
            shown: Shown { voice, ..shown(&self.shown)? },
            around: surroundings(&self.variant, self.sending.rate.per_second, stop)?,
            yes: self.yes,
            as_planned: self.as_planned,
            resend_unknown: self.resend_unknown,
            expect_invites: self.expect_invites,
            meant: Meant::Rest,
            concurrency: self.sending.concurrency.map(usize::from),
        })
    }
}

impl ResultsArgs {
    /// The results of a run: which run, which of them, and where to.
    pub(super) fn plan(self) -> Result<Results> {
        let named = |part: &Part| self.only.iter().any(|word| word == part.word());
        let only = Part::ALL.into_iter().filter(|part| self.only.is_empty() || named(part));
        let parts = only.collect();
        let form = crate::results::find(&self.format.to_ascii_lowercase()).ok_or_else(|| {
            Error::usage(format!("there is no form {:?}", self.format), "take csv, xlsx or json")
        })?;
        Ok(Results {
            run: self.run.run,
            state: self.run.state.folder()?,
            output: self.output,
            form,
            parts,
            force: self.force,
        })
    }
}

impl RunsArgs {
    /// What `runs` shows.
    pub(super) fn plan(self) -> Result<Runs> {
        Ok(Runs {
            state_is_usual: self.state.is_usual(),
            state: self.state.folder()?,
            all: self.all,
            json: self.page.is_json(),
        })
    }
}

impl VerifyArgs {
    /// What `verify` reads back.
    pub(super) fn plan(self) -> Result<Verify> {
        let voice = voice(&self.progress, self.quiet);
        Ok(Verify {
            which: self.run.which()?,
            json: self.page.is_json(),
            output: self.output,
            show_values: self.show_values,
            around: surroundings(&self.variant, self.rate.per_second, stop_signal(&voice))?,
            voice,
        })
    }
}

impl UndoArgs {
    /// What `undo` plans.
    pub(super) fn plan(self) -> Result<Undo> {
        let made = self.made;
        let voice = voice(&self.progress, made.quiet);
        Ok(Undo {
            which: self.run.which()?,
            folder: made.output,
            json: made.page.is_json(),
            show_values: made.show_values,
            quiet: made.quiet,
            around: surroundings(&self.variant, self.rate.per_second, stop_signal(&voice))?,
            today: jiff::Zoned::now().date(),
            voice,
        })
    }
}

impl PurgeArgs {
    /// What `purge` takes away.
    pub(super) fn plan(self) -> Result<Purge> {
        Ok(Purge {
            runs: self.runs,
            older_than: self.older_than,
            force: self.force,
            yes: self.yes,
            state_is_usual: self.state.is_usual(),
            state: self.state.folder()?,
        })
    }
}
