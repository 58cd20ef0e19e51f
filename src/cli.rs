//! The command line and the environment, and nothing else that knows them: arguments become a plan.

use std::ffi::OsString;
use std::fmt;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::command::Shown;
use crate::command::build::{Build, build};
use crate::command::check::{Check, check};
use crate::command::explain::explain;
use crate::command::inspect::{Inspect, inspect};
use crate::command::push::{Push, push};
use crate::command::rows::{Form, Rows, rows};
use crate::command::sandbox::{self, Serve};
use crate::command::targets::targets;
use crate::error::{Error, ExitStatus, Result};
use crate::plan::Job;
use crate::reader;
use crate::recipe::{DateOrder, OnDuplicate, Recipe};
use crate::report::{self, Style};
use crate::target::{Overrides, Purpose};
use crate::validate::phone::{Region, region};
use crate::visible::harmless;

const AFTER: &str = "\
Exit codes: 0 every row is good or has landed; 1 rows were rejected; 2 usage, recipe or mapping;
3 the input could not be read; 4 target, key or network; 5 stopped by a guard; 6 stopped part-way;
130 interrupted.

Try it without an account:  upsheet push people.xlsx --to sandbox";

/// Imports people from spreadsheets into profile systems
///
/// Reads CSV and XLSX files, checks every row, and turns the good ones into bulk upserts: as files
/// (build), or sent straight to the API (push). Nothing leaves this machine except to the target
/// that you name.
#[derive(Debug, Parser)]
#[command(name = "upsheet", version, after_help = AFTER, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Check every row and report what is wrong; nothing is written or sent
    #[command(after_help = "\
Examples:
  upsheet check people.xlsx
  upsheet check people.csv --map 'Contact=email' --report problems.csv
  upsheet check a.csv b.csv --format json")]
    Check(CheckArgs),
    /// Write payload files, a manifest, a report and the rejected rows
    #[command(after_help = "\
The folder gets payloads/00001.json …, manifest.json (file, sha256, rows, profiles), report.json,
and rejects.csv when rows were rejected. It is written whole or not at all.

Example:
  upsheet build people.xlsx --to omneo -o out")]
    Build(BuildArgs),
    /// Send everybody who can be sent, and say what became of each
    #[command(after_help = "\
The key comes from VOME_API_KEY or OMNEO_TOKEN, from the file that api_key_file in the recipe
names (mode 0600), or from a prompt; never from the command line. Every person ends as exactly one
of: accepted, rejected by us, rejected by the target, unknown, not sent.

Examples:
  upsheet push people.xlsx --to sandbox        try it on this machine
  upsheet push people.xlsx --to vome           asks before it sends")]
    Push(PushArgs),
    /// Print the table exactly as it was read, the header first
    Rows(RowsArgs),
    /// Show what was read and why, and what each column is for
    Inspect(InspectArgs),
    /// Run the loopback stand-in of both APIs
    Sandbox(SandboxArgs),
    /// Explain a finding, with an example and the cure
    Explain {
        /// The code, such as email-syntax; without one, all are listed
        code: Option<String>,
    },
    /// List the fields that a target takes, with their rules and sources
    Targets {
        /// vome or omneo; without one, all are listed
        target: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Reading")]
struct ReadArgs {
    /// The sheet of a workbook, by name or by number from 1 [default: the first visible one]
    #[arg(long, value_name = "NAME|N")]
    sheet: Option<String>,
    /// The row of the header, as a spreadsheet counts [default: the first that is not blank, or the first with known
    /// headers below a title]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    header_row: Option<u32>,
    /// The delimiter of a text file: a character, or tab, comma, semicolon, pipe [default: found]
    #[arg(long, value_name = "CHAR", value_parser = delimiter, allow_hyphen_values = true)]
    delimiter: Option<u8>,
    /// The quote of a text file, or none [default: found, nearly always "]
    #[arg(long, value_name = "CHAR|none", value_parser = quote)]
    quote: Option<Quote>,
    /// The encoding of a text file, such as windows-1252 [default: found]
    #[arg(long, value_name = "LABEL")]
    encoding: Option<String>,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Mapping and rules")]
struct RuleArgs {
    /// The target: vome, omneo, or sandbox [default: the recipe's, else vome]
    #[arg(long, value_name = "TARGET")]
    to: Option<String>,
    /// The recipe [default: upsheet.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    recipe: Option<PathBuf>,
    /// Use a column for a field: 'COLUMN=FIELD'; 'COLUMN=-' leaves it out (repeatable)
    #[arg(long, value_name = "COLUMN=FIELD", value_parser = pair)]
    map: Vec<(String, String)>,
    /// The order of numeric dates, where their own values do not show it
    #[arg(long, value_enum, value_name = "ORDER")]
    date_order: Option<OrderArg>,
    /// The country of phone numbers without a country code, as two letters such as AU
    #[arg(long, value_name = "CC", value_parser = country)]
    default_region: Option<Region>,
    /// Rows with the same key: reject the later ones as errors, keep the first or the last, or
    /// merge them into one person
    #[arg(long, value_enum, value_name = "POLICY")]
    on_duplicate: Option<DuplicateArg>,
    /// People in a request [default: the target's: 500; vome 50 where it is sent]
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,
    /// Threads that judge rows, at most 256 [default: one for each processor]
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(0..=256))]
    threads: u16,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
struct ShownArgs {
    /// The report on standard output
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    /// A further report; the form follows the ending: .json, .csv (rejected rows), .txt
    /// (repeatable)
    #[arg(long, value_name = "PATH")]
    report: Vec<PathBuf>,
    /// No report on standard output
    #[arg(short, long)]
    quiet: bool,
    /// Colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    color: ColorArg,
}

#[derive(Args, Debug)]
struct CheckArgs {
    /// The files, CSV or XLSX; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    shown: ShownArgs,
}

#[derive(Args, Debug)]
struct BuildArgs {
    /// The files, CSV or XLSX; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The output folder, new or empty
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    /// Replace the parts of an earlier run in the output folder
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    shown: ShownArgs,
}

#[derive(Args, Debug)]
struct PushArgs {
    /// The files, CSV or XLSX; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Do not ask before sending
    #[arg(short, long)]
    yes: bool,
    /// How many people will be mailed an invitation, when the recipe turns invitations on
    #[arg(long, value_name = "N")]
    expect_invites: Option<u64>,
    /// Where run folders lie [default: the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Where the sandbox keeps its data [default: sandbox/ in the folder of --state]
    #[arg(long, value_name = "DIR")]
    sandbox_data: Option<PathBuf>,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
    #[command(flatten)]
    shown: ShownArgs,
}

#[derive(Args, Debug)]
struct RowsArgs {
    /// The file; - is standard input
    file: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = FormArg::Csv)]
    format: FormArg,
    /// At most this many rows behind the header
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    #[command(flatten)]
    read: ReadArgs,
}

#[derive(Args, Debug)]
struct InspectArgs {
    /// The files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The form
    #[arg(long, value_enum, default_value_t = FormatArg::Text)]
    format: FormatArg,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rule: RuleArgs,
}

#[derive(Args, Debug)]
struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// The data folder [default: sandbox/ in the platform's folder for state]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The key and token that it takes; they protect nothing
    #[arg(long, default_value = sandbox::KEY, value_name = "WORD")]
    key: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    /// A page for people
    Text,
    /// One JSON object
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormArg {
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// CSV after RFC 4180
    Csv,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorArg {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderArg {
    /// Year, month, day
    Ymd,
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DuplicateArg {
    /// Keep the first, reject the later ones as errors
    Reject,
    /// Keep the first good one, skip the others
    First,
    /// Keep the last good one, skip the others
    Last,
    /// Join them: later values replace earlier ones, blanks replace nothing
    Merge,
}

#[derive(Clone, Copy, Debug)]
struct Quote(Option<u8>);

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        "space" => Ok(b' '),
        _ => one_byte(text),
    }
}

fn quote(text: &str) -> Result<Quote, String> {
    match text {
        "none" | "" => Ok(Quote(None)),
        _ => one_byte(text).map(|byte| Quote(Some(byte))),
    }
}

fn one_byte(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r') => Ok(*byte),
        _ => Err("give one ASCII character".to_owned()),
    }
}

fn country(text: &str) -> Result<Region, String> {
    region(text.trim()).ok_or_else(|| "give an ISO 3166 code of two letters, such as AU".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.rsplit_once('=') {
        Some((column, field)) if !column.trim().is_empty() && !field.trim().is_empty() => {
            Ok((column.to_owned(), field.trim().to_owned()))
        }
        _ => Err("write it as 'COLUMN=FIELD'".to_owned()),
    }
}

/// What the command line means.
#[derive(Debug)]
pub enum Plan {
    /// `check`
    Check(Box<Check>),
    /// `build`
    Build(Box<Build>),
    /// `push`
    Push(Box<Push>),
    /// `rows`
    Rows(Box<Rows>),
    /// `inspect`
    Inspect(Box<Inspect>),
    /// `sandbox`
    Sandbox(Serve),
    /// `explain`
    Explain(Option<String>),
    /// `targets`
    Targets(Option<String>),
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
            Self::Build(plan) => build(&plan),
            Self::Push(plan) => push(&plan),
            Self::Rows(plan) => rows(&plan),
            Self::Inspect(plan) => inspect(&plan),
            Self::Sandbox(plan) => sandbox::sandbox(&plan),
            Self::Explain(code) => explain(code.as_deref()),
            Self::Targets(target) => targets(target.as_deref()),
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

/// Reads the command line.
///
/// # Errors
/// When an argument or the recipe cannot be what was meant.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Parsed> {
    let args: Vec<OsString> = args.into_iter().collect();
    let said = said(&args);
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitStatus::Usage } else { ExitStatus::Good };
            // A closed pipe has had enough of the help.
            let _ = error.print();
            return Ok(Parsed::Printed(code.code()));
        }
    };
    let plan = match cli.verb {
        Verb::Check(args) => {
            let job = job(args.files, args.read, args.rule, said)?.0;
            Plan::Check(Box::new(Check { job, shown: shown(&args.shown)? }))
        }
        Verb::Build(args) => Plan::Build(Box::new(Build {
            job: files_job(args.files, args.read, args.rule, said)?,
            shown: shown(&args.shown)?,
            folder: args.output,
            force: args.force,
        })),
        Verb::Push(args) => {
            let (job, to_sandbox) = job(args.files, args.read, args.rule, said)?;
            let state = match args.state {
                Some(state) => state,
                None => state_folder()?,
            };
            let data = args.sandbox_data.unwrap_or_else(|| state.join("sandbox"));
            Plan::Push(Box::new(Push {
                job,
                shown: shown(&args.shown)?,
                sandbox: to_sandbox.then_some(data),
                state,
                yes: args.yes,
                expect_invites: args.expect_invites,
                quiet: args.shown.quiet,
                environment: variable,
            }))
        }
        Verb::Rows(args) => Plan::Rows(Box::new(Rows {
            job: Job { files: vec![args.file], reading: reading(args.read), ..Job::default() },
            form: match args.format {
                FormArg::Json => Form::Json,
                FormArg::Jsonl => Form::Jsonl,
                FormArg::Csv => Form::Csv,
            },
            limit: args.limit,
        })),
        Verb::Inspect(args) => Plan::Inspect(Box::new(Inspect {
            job: job(args.files, args.read, args.rule, said)?.0,
            json: matches!(args.format, FormatArg::Json),
        })),
        Verb::Sandbox(args) => Plan::Sandbox(Serve {
            port: args.port,
            data: match args.data {
                Some(data) => data,
                None => state_folder()?.join("sandbox"),
            },
            key: args.key,
            stop: stop_signal(),
        }),
        Verb::Explain { code } => Plan::Explain(code),
        Verb::Targets { target } => Plan::Targets(target),
        Verb::Completions { shell } => Plan::Completions(shell),
    };
    Ok(Parsed::Plan(plan))
}

/// The arguments behind the verb that say who is imported and how, without those that say how the
/// result is shown.
fn said(args: &[OsString]) -> Vec<String> {
    const SHOWN: [&str; 4] = ["--format", "--report", "--color", "--limit"];
    let mut words = args.iter().skip(2).map(|word| word.to_string_lossy().into_owned());
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        if SHOWN.contains(&word.as_str()) {
            words.next();
        } else if word != "-q"
            && word != "--quiet"
            && !SHOWN.iter().any(|flag| word.starts_with(&format!("{flag}=")))
        {
            kept.push(word);
        }
    }
    kept
}

fn reading(args: ReadArgs) -> reader::Options {
    reader::Options {
        sheet: args.sheet,
        header_row: args.header_row,
        delimiter: args.delimiter,
        quote: args.quote.map(|quote| quote.0),
        encoding: args.encoding,
    }
}

/// The job of `build`, whose requests go into files.
fn files_job(
    files: Vec<PathBuf>,
    read: ReadArgs,
    rule: RuleArgs,
    said: Vec<String>,
) -> Result<Job> {
    let mut job = job(files, read, rule, said)?.0;
    job.overrides.purpose = Purpose::Files;
    Ok(job)
}

/// The job, and whether the sandbox stands in for the target.
fn job(
    files: Vec<PathBuf>,
    read: ReadArgs,
    rule: RuleArgs,
    said: Vec<String>,
) -> Result<(Job, bool)> {
    let recipe = if let Some(path) = &rule.recipe {
        Recipe::load(path)?
    } else {
        let usual = PathBuf::from("upsheet.toml");
        if usual.is_file() { Recipe::load(&usual)? } else { Recipe::default() }
    };
    let to_sandbox = rule.to.as_deref() == Some("sandbox");
    let job = Job {
        files,
        reading: reading(read),
        recipe,
        map: rule.map,
        target: rule.to.filter(|_| !to_sandbox),
        overrides: Overrides { batch_size: rule.batch_size, ..Overrides::default() },
        on_duplicate: rule.on_duplicate.map(|policy| match policy {
            DuplicateArg::Reject => OnDuplicate::Reject,
            DuplicateArg::First => OnDuplicate::First,
            DuplicateArg::Last => OnDuplicate::Last,
            DuplicateArg::Merge => OnDuplicate::Merge,
        }),
        date_order: rule.date_order.map(|order| match order {
            OrderArg::Ymd => DateOrder::Ymd,
            OrderArg::Dmy => DateOrder::Dmy,
            OrderArg::Mdy => DateOrder::Mdy,
        }),
        region: rule.default_region,
        threads: usize::from(rule.threads),
        today: jiff::Zoned::now().date(),
        said,
        stop: stop_signal(),
    };
    // A wrong recipe or batch size is told before any file is opened.
    job.target()?;
    Ok((job, to_sandbox))
}

fn shown(args: &ShownArgs) -> Result<Shown> {
    let id = match args.format {
        FormatArg::Text => "text",
        FormatArg::Json => "json",
    };
    let mut reports = Vec::new();
    for path in &args.report {
        let kind = report::for_path(path).ok_or_else(|| {
            let endings: Vec<String> =
                report::ALL.iter().map(|kind| format!(".{}", kind.ending)).collect();
            Error::usage(
                format!("the form of the report {path:?} is not known by its ending"),
                format!("use one of {}", endings.join(", ")),
            )
        })?;
        reports.push((path.clone(), kind));
    }
    let width = variable("COLUMNS").and_then(|text| text.parse().ok()).unwrap_or(0);
    let style = Style { color: colors(args.color, std::io::stdout().is_terminal()), width };
    let format = report::find(id).filter(|_| !args.quiet);
    Ok(Shown { format, reports, style })
}

fn colors(when: ColorArg, terminal: bool) -> bool {
    match when {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
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
fn stop_signal() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&stop);
    let handler = move || {
        if seen.swap(true, Ordering::SeqCst) {
            quit();
        }
        // The terminal may be gone; stopping matters more than saying so.
        let _ = writeln!(std::io::stderr(), "stopping; press again to stop now");
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
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(100);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn small_arguments_are_read() {
        assert_eq!(delimiter("tab"), Ok(b'\t'));
        assert_eq!(delimiter(";"), Ok(b';'));
        assert!(delimiter("ab").is_err());
        assert!(delimiter("é").is_err());
        assert_eq!(quote("none").unwrap().0, None);
        assert_eq!(quote("'").unwrap().0, Some(b'\''));
        assert_eq!(pair("a=b=email"), Ok(("a=b".to_owned(), "email".to_owned())));
        assert!(pair("email").is_err());
        assert!(pair("=email").is_err());
    }
}
