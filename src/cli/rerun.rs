//! The verbs about runs that were made earlier: what may be typed to carry on with them, list, sort, verify
//! and purge them, and what that comes to.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::args::{SendArgs, VariantArgs};
use super::shown::{ProgressArgs, SendProgressArgs, ShownArgs, shown, shown_voice, voice};
use super::value::{FormatArg, age, part, rate, result_forms};
use super::{stop_signal, variable};
use crate::command::Shown;
use crate::command::purge::Purge;
use crate::command::rerun::Which;
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

Exit codes: 0 everybody has landed; 1 somebody differs or is missing; 2 usage; 4 the key, the target or \
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
pub(super) struct RunArgs {
    /// The run: its id, the beginning of it, or its folder; `upsheet runs` lists them
    #[arg(value_name = "RUN|--last", required_unless_present = "last")]
    pub(super) run: Option<String>,
    /// The run that was begun last
    #[arg(long, conflicts_with = "run")]
    pub(super) last: bool,
    /// Where run folders lie [default: the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct ResultsArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// The folder for the files [default: results/ in the folder of the run]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,
    /// The form
    #[arg(long, value_name = "FORM", value_parser = result_forms(), default_value = "csv", ignore_case = true)]
    pub(super) format: String,
    /// Write these only, such as failed,unknown
    #[arg(long, value_name = "PARTS", value_delimiter = ',', value_parser = part())]
    pub(super) only: Vec<String>,
    /// Replace files of these names in the folder
    #[arg(long)]
    pub(super) force: bool,
}

#[derive(Args, Debug)]
pub(super) struct ResumeArgs {
    #[command(flatten)]
    pub(super) run: RunArgs,
    /// Do not ask before sending, where the run ended before it was asked
    #[arg(short, long)]
    pub(super) yes: bool,
    /// Send what was planned although a file, or the custom fields of the account, have changed since
    #[arg(long)]
    pub(super) as_planned: bool,
    /// Send those of unknown outcome again, however long ago they were first sent
    #[arg(long)]
    pub(super) resend_unknown: bool,
    /// How many people will be mailed an invitation, where nobody was sent yet
    #[arg(long, value_name = "N")]
    pub(super) expect_invites: Option<u64>,
    #[command(flatten)]
    pub(super) sending: SendArgs,
    #[command(flatten)]
    pub(super) variant: VariantArgs,
    #[command(flatten)]
    pub(super) shown: ShownArgs,
    #[command(flatten)]
    pub(super) progress: SendProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct RunsArgs {
    /// Where run folders lie [default: the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Show all, and not only the newest 20
    #[arg(long)]
    all: bool,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
}

#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    run: RunArgs,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    /// Write a CSV of everybody: input, row, verdict, fields, reason
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Show what was sent and what is there, beside the names of fields
    #[arg(long)]
    show_values: bool,
    /// Say nothing beside the result
    #[arg(short, long)]
    quiet: bool,
    /// Requests a second or a minute at most, such as 2, 2/s or 30/m; 0 for no limit [default: the
    /// recipe's, else the target's]
    #[arg(long, value_name = "N/s", value_parser = rate)]
    rate: Option<f64>,
    #[command(flatten)]
    variant: VariantArgs,
    #[command(flatten)]
    progress: ProgressArgs,
}

#[derive(Args, Debug)]
pub(super) struct UndoArgs {
    #[command(flatten)]
    run: RunArgs,
    /// The folder of the plan, new or empty [default: one in the folder of the runs]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    /// Show the values of before and after, beside the names of fields
    #[arg(long)]
    show_values: bool,
    /// Print nothing, unless --format asks for JSON
    #[arg(short, long)]
    quiet: bool,
    /// Requests a second or a minute at most, such as 2, 2/s or 30/m; 0 for no limit [default: the
    /// recipe's, else the target's]
    #[arg(long, value_name = "N/s", value_parser = rate)]
    rate: Option<f64>,
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
    /// Where run folders lie [default: the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

/// Which run is meant.
pub(super) fn which(args: RunArgs) -> Result<Which> {
    let state_is_usual = args.state.is_none();
    Ok(Which { run: args.run, state: super::state(args.state)?, state_is_usual })
}

/// What `resume` carries on with.
pub(super) fn resumed(args: ResumeArgs) -> Result<Resume> {
    let voice = shown_voice(&args.progress, &args.shown);
    let stop = stop_signal(&voice);
    Ok(Resume {
        which: which(args.run)?,
        shown: Shown { voice, ..shown(&args.shown)? },
        variants: args.variant.read()?,
        yes: args.yes,
        as_planned: args.as_planned,
        resend_unknown: args.resend_unknown,
        expect_invites: args.expect_invites,
        meant: Meant::Rest,
        concurrency: args.sending.concurrency.map(usize::from),
        rate: args.sending.rate,
        environment: variable,
        stop,
    })
}

/// The results of a run: which run, which of them, and where to.
pub(super) fn results_plan(args: ResultsArgs) -> Result<Results> {
    let named = |part: &Part| args.only.iter().any(|word| word == part.word());
    let only = Part::ALL.into_iter().filter(|part| args.only.is_empty() || named(part));
    let parts = only.collect();
    let form = crate::results::find(&args.format.to_ascii_lowercase()).ok_or_else(|| {
        Error::usage(format!("there is no form {:?}", args.format), "take csv, xlsx or json")
    })?;
    Ok(Results {
        run: args.run.run,
        state: super::state(args.run.state)?,
        output: args.output,
        form,
        parts,
        force: args.force,
    })
}

impl RunsArgs {
    /// What `runs` shows.
    pub(super) fn plan(self) -> Result<Runs> {
        Ok(Runs {
            state_is_usual: self.state.is_none(),
            state: super::state(self.state)?,
            all: self.all,
            json: matches!(self.format, FormatArg::Json),
        })
    }
}

impl VerifyArgs {
    /// What `verify` reads back.
    pub(super) fn plan(self) -> Result<Verify> {
        let voice = voice(&self.progress, self.quiet);
        Ok(Verify {
            which: which(self.run)?,
            json: matches!(self.format, FormatArg::Json),
            output: self.output,
            show_values: self.show_values,
            variants: self.variant.read()?,
            rate: self.rate,
            environment: variable,
            stop: stop_signal(&voice),
            voice,
        })
    }
}

impl UndoArgs {
    /// What `undo` plans.
    pub(super) fn plan(self) -> Result<Undo> {
        let voice = voice(&self.progress, self.quiet);
        Ok(Undo {
            which: which(self.run)?,
            folder: self.output,
            json: matches!(self.format, FormatArg::Json),
            show_values: self.show_values,
            quiet: self.quiet,
            variants: self.variant.read()?,
            rate: self.rate,
            today: jiff::Zoned::now().date(),
            environment: variable,
            stop: stop_signal(&voice),
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
            state_is_usual: self.state.is_none(),
            state: super::state(self.state)?,
        })
    }
}
