//! The command line and the environment, and nothing else that knows them: arguments become a plan.

mod account;
mod args;
mod files;
mod fix;
mod flags;
mod job;
mod rerun;
mod send;
mod shown;
mod value;

use std::ffi::OsString;
use std::fmt;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{CommandFactory as _, FromArgMatches as _};
use clap_complete::Shell;
use miette::{Diagnostic, LabeledSpan, SourceCode};

use self::args::{Cli, Verb};
use self::job::said;
use self::shown::colors;
use self::value::{ColorArg, TableArg};
use crate::command::build::{Build, build};
use crate::command::check::{Check, check};
use crate::command::explain::{Explain, explain};
use crate::command::fields::{Fields, fields};
use crate::command::fix::{Fix, fix};
use crate::command::inspect::{Inspect, inspect};
use crate::command::plan::{MakePlan, make_plan};
use crate::command::probe::{Probe, probe};
use crate::command::purge::{Purge, purge};
use crate::command::push::{Push, push};
use crate::command::results::{Results, results};
use crate::command::resume::{Resume, resume};
use crate::command::rows::{Rows, rows};
use crate::command::runs::{Runs, runs};
use crate::command::sandbox::{self, Serve};
use crate::command::targets::{Form as TableForm, Targets, targets};
use crate::command::template::{Template, template};
use crate::command::undo::{Undo, undo};
use crate::command::verify::{Verify, verify};
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint;
use crate::journal;
use crate::progress::Voice;
use crate::visible::harmless;

/// What the command line means.
#[derive(Debug)]
pub enum Plan {
    /// `check`
    Check(Box<Check>),
    /// `fix`
    Fix(Box<Fix>),
    /// `build`
    Build(Box<Build>),
    /// `plan`
    Plan(Box<MakePlan>),
    /// `push`
    Push(Box<Push>),
    /// `resume`
    Resume(Box<Resume>),
    /// `results`
    Results(Box<Results>),
    /// `runs`
    Runs(Runs),
    /// `undo`
    Undo(Box<Undo>),
    /// `verify`
    Verify(Box<Verify>),
    /// `purge`
    Purge(Purge),
    /// `probe`
    Probe(Box<Probe>),
    /// `rows`
    Rows(Box<Rows>),
    /// `inspect`
    Inspect(Box<Inspect>),
    /// `fields`
    Fields(Box<Fields>),
    /// `sandbox`
    Sandbox(Box<Serve>),
    /// `explain`
    Explain(Explain),
    /// `targets`
    Targets(Targets),
    /// `template`
    Template(Box<Template>),
    /// `completions`
    Completions(Shell),
}

/// What became of the command line.
#[derive(Debug)]
pub enum Parsed {
    /// Something to do.
    Plan(Plan),
    /// Help or a usage error was printed; the exit code.
    Printed(u8),
}

impl Plan {
    /// Does what was asked for.
    ///
    /// # Errors
    /// What stops the run.
    pub fn run(self) -> Result<ExitStatus> {
        match self {
            Self::Check(plan) => check(&plan),
            Self::Fix(plan) => fix(&plan),
            Self::Build(plan) => build(&plan),
            Self::Plan(plan) => make_plan(&plan),
            Self::Push(plan) => push(&plan),
            Self::Resume(plan) => resume(&plan),
            Self::Results(plan) => results(&plan),
            Self::Runs(plan) => runs(&plan),
            Self::Undo(plan) => undo(&plan),
            Self::Verify(plan) => verify(&plan),
            Self::Purge(plan) => purge(&plan),
            Self::Probe(plan) => probe(&plan),
            Self::Rows(plan) => rows(&plan),
            Self::Inspect(plan) => inspect(&plan),
            Self::Fields(plan) => fields(&plan),
            Self::Sandbox(plan) => sandbox::sandbox(&plan),
            Self::Explain(plan) => explain(&plan),
            Self::Targets(plan) => targets(&plan),
            Self::Template(plan) => template(&plan),
            Self::Completions(shell) => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "upsheet", &mut script);
                // A closed pipe has had enough of the script.
                let _ = std::io::stdout().write_all(&script);
                Ok(ExitStatus::Good)
            }
        }
    }
}

/// What was typed, as the verbs take it.
fn typed(args: Vec<OsString>) -> Result<Cli, clap::Error> {
    let command = send::apart_from_plans(Cli::command());
    let mut matches = command.try_get_matches_from(args)?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut Cli::command()))
}

/// Reads the command line.
///
/// # Errors
/// When an argument or the recipe cannot be what was meant.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Parsed> {
    let args: Vec<OsString> = args.into_iter().collect();
    let said = said(&args);
    let harmful = args.iter().map(|arg| arg.to_string_lossy()).any(|arg| harmless(&arg) != arg);
    let cli = match typed(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Good };
            // A closed pipe has had enough of the help.
            let _ = if harmful && error.use_stderr() {
                // An error repeats what was typed, or what a script put there.
                writeln!(std::io::stderr(), "{}", harmless(error.render().to_string().trim_end()))
            } else {
                error.print()
            };
            return Ok(Parsed::Printed(code.code()));
        }
    };
    // In debug builds only: how it is tried what a kill, a mistake or a failing disk does to a run.
    failpoint::arm(variable)?;
    if cfg!(debug_assertions)
        && let Some(text) = variable("UPSHEET_JOURNAL_FAIL")
    {
        journal::faults::arm(&text)?;
    }
    cli.verb.plan(said).map(Parsed::Plan)
}

impl Verb {
    /// What is done for it; `said` is what was typed behind it.
    fn plan(self, said: Vec<String>) -> Result<Plan> {
        Ok(match self {
            Self::Template(args) => Plan::Template(Box::new(args.plan()?)),
            Self::Check(args) => Plan::Check(Box::new(args.plan(said)?)),
            Self::Fix(args) => Plan::Fix(Box::new(args.plan(&said)?)),
            Self::Build(args) => Plan::Build(Box::new(args.plan(said)?)),
            Self::Plan(args) => Plan::Plan(Box::new(args.plan(said)?)),
            Self::Push(args) => args.plan(said)?,
            Self::Resume(args) => Plan::Resume(Box::new(args.plan()?)),
            Self::Results(args) => Plan::Results(Box::new(args.plan()?)),
            Self::Runs(args) => Plan::Runs(args.plan()?),
            Self::Verify(args) => Plan::Verify(Box::new(args.plan()?)),
            Self::Undo(args) => Plan::Undo(Box::new(args.plan()?)),
            Self::Purge(args) => Plan::Purge(args.plan()?),
            Self::Probe(args) => Plan::Probe(Box::new(args.plan()?)),
            Self::Rows(args) => Plan::Rows(Box::new(args.plan()?)),
            Self::Inspect(args) => Plan::Inspect(Box::new(args.plan(said)?)),
            Self::Fields(args) => Plan::Fields(Box::new(args.plan()?)),
            Self::Sandbox(args) => Plan::Sandbox(Box::new(args.plan()?)),
            Self::Explain { code, format } => {
                let style = shown::style(ColorArg::Never);
                Plan::Explain(Explain { code, form: table_form(format), style })
            }
            Self::Targets { target, format } => {
                Plan::Targets(Targets { target, form: table_form(format) })
            }
            Self::Completions { shell } => Plan::Completions(shell),
        })
    }
}

/// The form of tables of our own.
fn table_form(form: TableArg) -> TableForm {
    match form {
        TableArg::Text => TableForm::Text,
        TableArg::Json => TableForm::Json,
        TableArg::Markdown => TableForm::Markdown,
    }
}

/// The recipe that is used unasked.
fn usual_recipe() -> PathBuf {
    PathBuf::from("upsheet.toml")
}

/// An environment variable, if it is set to text.
#[expect(clippy::disallowed_methods, reason = "this is the file that knows the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the platform keeps the state of programs.
fn state_folder() -> Result<PathBuf> {
    let folder = |name: &str| variable(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let found = if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_STATE_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/state")))
    };
    found.map(|state| state.join("upsheet")).ok_or_else(|| {
        Error::usage("there is no folder to keep the state of runs in", "name one with --state DIR")
    })
}

/// A flag that the first Ctrl-C, SIGTERM or closed terminal sets. The second ends the process.
fn stop_signal(voice: &Voice) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let voice = voice.clone();
    let handler = move || {
        if seen.swap(true, Ordering::SeqCst) {
            voice.clear_soon();
            quit();
        }
        // Whoever is blocked in writing to the terminal must not keep the second signal waiting.
        let voice = voice.clone();
        std::thread::spawn(move || voice.line("stopping; press again to stop now"));
    };
    // Without a handler the signal ends the process, which loses nothing either.
    let _ = ctrlc::set_handler(handler);
    stop
}

#[expect(clippy::exit, reason = "the user asked twice; what was promised holds at any instant")]
fn quit() -> ! {
    std::process::exit(i32::from(ExitStatus::Interrupted.code()))
}

/// Shows an error of the run on standard error.
pub fn show(report: &miette::Report) {
    let color = colors(ColorArg::Auto, std::io::stderr().is_terminal());
    let theme = if color {
        miette::GraphicalTheme::unicode()
    } else {
        miette::GraphicalTheme::unicode_nocolor()
    };
    let handler =
        miette::GraphicalReportHandler::new_themed(theme).with_width(100).without_cause_chain();
    let mut page = String::new();
    let report = Harmless(report.as_ref());
    if handler.render_report(&mut page, &report).is_err() {
        page = format!("{report}\n");
    }
    // There is nowhere left to say that standard error is closed.
    let _ = write!(std::io::stderr(), "{page}");
}

/// An error whose words cannot move the cursor: they repeat headers, file names and the target's
/// answers.
#[derive(Debug)]
struct Harmless<'a>(&'a dyn Diagnostic);

impl fmt::Display for Harmless<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(&self.0.to_string()))
    }
}

impl std::error::Error for Harmless<'_> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl Diagnostic for Harmless<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(harmless(&self.0.help()?.to_string())))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.0.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.0.labels()
    }
}
