//! The command line and the environment, and nothing else that knows them: arguments become a plan.

mod args;
mod fix;
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

use self::args::{Cli, FieldsArgs, ProbeArgs, TemplateArgs, Verb};
use self::job::{files_job, job, passing, reading, recipe, said};
use self::shown::{colors, shown};
use self::value::{ColorArg, FormArg, FormatArg, TableArg};
use crate::command::build::{Build, build};
use crate::command::check::{Check, check};
use crate::command::explain::{Explain, explain};
use crate::command::fields::{Fields, Purpose as FieldsPurpose, fields};
use crate::command::fix::{Fix, fix};
use crate::command::inspect::{Inspect, inspect};
use crate::command::plan::{MakePlan, make_plan};
use crate::command::probe::{Probe, probe};
use crate::command::purge::{Purge, purge};
use crate::command::push::{Push, push};
use crate::command::results::{Results, results};
use crate::command::resume::{Resume, resume};
use crate::command::rows::{Form, Rows, rows};
use crate::command::runs::{Runs, runs};
use crate::command::sandbox::{self, Serve};
use crate::command::targets::{Form as TableForm, Targets, targets};
use crate::command::template::{Template, template};
use crate::command::undo::{Undo, undo};
use crate::command::verify::{Verify, verify};
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint;
use crate::journal;
use crate::lock::{Lock, Unseen};
use crate::plan::Job;
use crate::progress::Voice;
use crate::reader;
use crate::template::Chosen;
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
    let plan = match cli.verb {
        Verb::Check(args) => {
            let job = passing(
                job(args.files, args.read, args.rule, said, &Voice::default())?.0,
                args.pass,
            );
            let fix_plan = args.fix_plan;
            Plan::Check(Box::new(Check { job, shown: shown(&args.shown)?, fix_plan }))
        }
        Verb::Fix(args) => Plan::Fix(Box::new(args.plan(&said)?)),
        Verb::Build(args) => Plan::Build(Box::new(Build {
            job: passing(files_job(args.files, args.read, args.rule, said)?, args.pass),
            shown: shown(&args.shown)?,
            folder: args.output,
            force: args.force,
        })),
        Verb::Plan(args) => Plan::Plan(Box::new(args.plan(said)?)),
        Verb::Push(args) => args.plan(said)?,
        Verb::Resume(args) => Plan::Resume(Box::new(rerun::resumed(args)?)),
        Verb::Results(args) => Plan::Results(Box::new(rerun::results_plan(args)?)),
        Verb::Runs(args) => Plan::Runs(args.plan()?),
        Verb::Undo(args) => Plan::Undo(Box::new(args.plan()?)),
        Verb::Verify(args) => Plan::Verify(Box::new(args.plan()?)),
        Verb::Purge(args) => Plan::Purge(args.plan()?),
        Verb::Rows(args) => Plan::Rows(Box::new(Rows {
            job: Job {
                files: vec![args.file],
                // `rows` shows what the file holds, not what it means.
                reading: reader::Options { as_stored: true, ..reading(args.read, &recipe(None)?)? },
                ..Job::default()
            },
            form: match args.format {
                FormArg::Json => Form::Json,
                FormArg::Jsonl => Form::Jsonl,
                FormArg::Csv => Form::Csv,
            },
            limit: args.limit,
        })),
        Verb::Inspect(args) => Plan::Inspect(Box::new(Inspect {
            // With both, the pins go into the new recipe.
            pin: args.pin.then(|| {
                let recipe = args.write_recipe.clone().or_else(|| args.rule.recipe.clone());
                recipe.unwrap_or_else(usual_recipe)
            }),
            write_recipe: args.write_recipe,
            job: job(args.files, args.read, args.rule, said, &Voice::default())?.0,
            json: matches!(args.format, FormatArg::Json),
        })),
        Verb::Fields(args) => Plan::Fields(Box::new(fields_plan(args)?)),
        Verb::Sandbox(args) => Plan::Sandbox(Box::new(Serve {
            port: args.port,
            data: match args.data {
                Some(data) => data,
                None => state_folder()?.join("sandbox"),
            },
            key: args.key,
            variants: args.variant.read()?,
            stop: stop_signal(&Voice::default()),
            json: matches!(args.format, FormatArg::Json),
        })),
        Verb::Probe(args) => Plan::Probe(Box::new(asked(args)?)),
        Verb::Explain { code, format } => {
            let style = shown::style(ColorArg::Never);
            Plan::Explain(Explain { code, form: table_form(format), style })
        }
        Verb::Targets { target, format } => {
            Plan::Targets(Targets { target, form: table_form(format) })
        }
        Verb::Template(args) => Plan::Template(Box::new(template_plan(args)?)),
        Verb::Completions { shell } => Plan::Completions(shell),
    };
    Ok(Parsed::Plan(plan))
}

/// The form of tables of our own.
fn table_form(form: TableArg) -> TableForm {
    match form {
        TableArg::Text => TableForm::Text,
        TableArg::Json => TableForm::Json,
        TableArg::Markdown => TableForm::Markdown,
    }
}

/// A sheet to fill in: the target and the recipe, and no files.
fn template_plan(args: TemplateArgs) -> Result<Template> {
    let recipe = recipe(args.target.recipe.as_deref())?;
    let job = Job {
        recipe,
        target: args.target.to.filter(|to| to != "sandbox"),
        today: jiff::Zoned::now().date(),
        ..Job::default()
    };
    let lock = Lock::find(args.target.lock.as_deref(), job.recipe.path.as_deref())?;
    let job = job.with_lock(lock);
    let names = args.fields.into_iter().map(|name| name.trim().to_owned());
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    Ok(Template {
        job,
        chosen: match (args.all, names.is_empty()) {
            (true, _) => Chosen::All,
            (false, true) => Chosen::Usual,
            (false, false) => Chosen::Named(names),
        },
        output: args.output,
        form: args.format.map(|form| form.to_ascii_lowercase()),
        force: args.force,
    })
}

/// Where run folders lie: as said, else where the platform keeps the state of programs.
fn state(said: Option<PathBuf>) -> Result<PathBuf> {
    said.map_or_else(state_folder, Ok)
}

/// What `probe` asks.
fn asked(args: ProbeArgs) -> Result<Probe> {
    let to_sandbox = args.to.as_deref() == Some("sandbox");
    let sandbox = match (to_sandbox, args.sandbox_data) {
        (false, _) => None,
        (true, Some(data)) => Some(data),
        (true, None) => Some(state_folder()?.join("sandbox")),
    };
    Ok(Probe {
        recipe: recipe(args.recipe.as_deref())?,
        target: args.to.filter(|_| !to_sandbox),
        sandbox,
        variants: args.variant.read()?,
        person: args.person,
        only: args.only,
        dry_run: args.dry_run,
        write: args.write.then(|| args.recipe.unwrap_or_else(usual_recipe)),
        force: args.force,
        yes: args.yes,
        json: matches!(args.format, FormatArg::Json),
        today: jiff::Zoned::now().date(),
        environment: variable,
        stop: stop_signal(&Voice::default()),
    })
}

/// The recipe that is used unasked.
fn usual_recipe() -> PathBuf {
    PathBuf::from("upsheet.toml")
}

fn fields_plan(args: FieldsArgs) -> Result<Fields> {
    if args.target.to.as_deref() == Some("sandbox") {
        return Err(Error::usage(
            "the sandbox is no account: what it holds goes with it",
            "to try things out, start `upsheet sandbox` and give its address as base_url in the recipe",
        ));
    }
    let recipe = recipe(args.target.recipe.as_deref())?;
    let path = Lock::place(args.target.lock.as_deref(), recipe.path.as_deref());
    let lock = if path.exists() { Lock::load(&path)? } else { Lock { path, ..Lock::default() } };
    let job = Job {
        recipe,
        target: args.target.to,
        today: jiff::Zoned::now().date(),
        stop: stop_signal(&Voice::default()),
        ..Job::default()
    };
    Ok(Fields {
        job: job.with_lock(Some(lock.clone())),
        lock,
        purpose: if args.check { FieldsPurpose::Check } else { FieldsPurpose::Write },
        unseen: if args.drop_unseen { Unseen::Dropped } else { Unseen::Kept },
        json: matches!(args.format, FormatArg::Json),
        quiet: args.quiet,
        environment: variable,
    })
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
