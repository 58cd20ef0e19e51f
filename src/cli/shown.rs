//! How results are shown: reports, colours, progress.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::value::{ColorArg, ProgressArg};
use super::variable;
use crate::command::Shown;
use crate::error::{Error, Result};
use crate::progress::{Form as ProgressForm, Voice};
use crate::report::mask::Mask;
use crate::report::{self, Style};

#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct ShownArgs {
    /// The report on standard output [default: text]
    #[arg(long, value_name = "FORM", value_parser = forms(), ignore_case = true)]
    pub(super) format: Option<String>,
    /// A further report; the form follows the ending: .xlsx (your workbook back), .html, .csv (rejected
    /// rows), .json, .jsonl, .sarif, .xml (JUnit), .md, .txt (repeatable)
    #[arg(long, value_name = "PATH")]
    pub(super) report: Vec<PathBuf>,
    /// Replace every value of the files in these reports, so that they can be shared: the same value by
    /// the same token, under a key that is thrown away
    #[arg(long)]
    pub(super) mask: bool,
    /// No report on standard output, unless --format asks for one
    #[arg(short, long)]
    pub(super) quiet: bool,
    /// Colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, value_name = "WHEN")]
    pub(super) color: ColorArg,
}

/// What is shown while people are sent.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct ProgressArgs {
    /// What is shown on standard error while people are sent; nothing with --quiet
    #[arg(long, value_enum, default_value_t = ProgressArg::Auto, value_name = "FORM")]
    pub(super) progress: ProgressArg,
}

/// The same of the verbs that send.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(super) struct SendProgressArgs {
    #[command(flatten)]
    progress: ProgressArgs,
    /// Say of each request when it goes out and what was answered: lines for a log, in place of the bar
    #[arg(short, long, conflicts_with = "quiet")]
    verbose: bool,
}

/// The forms that standard output may get.
fn forms() -> PossibleValuesParser {
    let kinds = report::ALL.iter().filter(|kind| kind.to_stdout);
    let value = |kind: &&report::Kind| clap::builder::PossibleValue::new(kind.id).help(kind.about);
    PossibleValuesParser::new(kinds.map(value))
}

/// The reports that are asked for.
pub(super) fn shown(args: &ShownArgs) -> Result<Shown> {
    let mut reports = Vec::new();
    for path in &args.report {
        let kind = report::for_path(path).ok_or_else(|| {
            let endings = report::ALL.iter().filter_map(|kind| kind.ending);
            let endings: Vec<String> = endings.map(|ending| format!(".{ending}")).collect();
            Error::usage(
                format!("the form of the report {path:?} is not known by its ending"),
                format!("use one of {}", endings.join(", ")),
            )
        })?;
        reports.push((path.clone(), kind));
    }
    let style = style(args.color);
    let format = match &args.format {
        Some(form) => report::find(&form.to_ascii_lowercase()),
        None if args.quiet => None,
        None => report::find("text"),
    };
    let mask = args.mask.then(Mask::default);
    let all = format.iter().copied().chain(reports.iter().map(|(_, kind)| *kind));
    if let Some(kind) = all.filter(|_| mask.is_some()).find(|kind| !kind.shareable) {
        let shareable = report::ALL.iter().filter(|kind| kind.shareable);
        let shareable: Vec<&str> = shareable.map(|kind| kind.id).collect();
        return Err(Error::usage(
            format!(
                "--mask leaves no values, and a report in the form {} is {}",
                kind.id, kind.about
            ),
            format!("leave --mask out, or take one of {}", shareable.join(", ")),
        ));
    }
    Ok(Shown { format, reports, mask, style, voice: Voice::default() })
}

/// How a page on standard output looks.
pub(super) fn style(color: ColorArg) -> Style {
    let terminal = std::io::stdout().is_terminal();
    Style { color: colors(color, terminal), width: width(terminal), ascii: is_ascii() }
}

/// Columns of the terminal: as the environment says, else as the terminal says itself; 0 where there is
/// none.
fn width(terminal: bool) -> usize {
    let said = variable("COLUMNS").and_then(|text| text.parse().ok()).filter(|width| *width > 0);
    let own = || {
        let size = terminal.then(|| console::Term::stdout().size_checked()).flatten();
        size.map_or(0, |(_, columns)| usize::from(columns))
    };
    said.unwrap_or_else(own)
}

/// Whether the locale says that text is not UTF-8. Where it says nothing, it is: terminals are today.
fn is_ascii() -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    let Some(locale) = locale else { return false };
    let locale = locale.to_ascii_lowercase();
    match locale.split_once('.') {
        None => matches!(locale.as_str(), "c" | "posix"),
        Some((_, set)) => !matches!(set.split('@').next(), Some("utf-8" | "utf8")),
    }
}

/// The form of progress on standard error; lines where each request is told. A bar needs a terminal that can
/// move its cursor.
fn progress(
    ProgressArgs { progress }: &ProgressArgs,
    quiet: bool,
    each: bool,
    color: ColorArg,
) -> ProgressForm {
    let terminal = std::io::stderr().is_terminal()
        && variable("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
    let in_ci = || variable("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    let bar = || ProgressForm::Bar { color: colors(color, true) };
    match progress {
        _ if quiet => ProgressForm::None,
        ProgressArg::Auto if terminal && !in_ci() && !each => bar(),
        ProgressArg::Bar if terminal && !each => bar(),
        ProgressArg::Auto | ProgressArg::Bar | ProgressArg::Plain => ProgressForm::Plain { each },
        ProgressArg::Json => ProgressForm::Json,
        ProgressArg::None => ProgressForm::None,
    }
}

/// A voice in the form that was asked for.
pub(super) fn voice(args: &ProgressArgs, quiet: bool) -> Voice {
    Voice::new(progress(args, quiet, false, ColorArg::Auto))
}

/// The same of a verb that sends, and has a report.
pub(super) fn shown_voice(args: &SendProgressArgs, shown: &ShownArgs) -> Voice {
    Voice::new(progress(&args.progress, shown.quiet, args.verbose, shown.color))
}

/// Whether there are colours, on a terminal or not.
pub(super) fn colors(when: ColorArg, terminal: bool) -> bool {
    match when {
        ColorArg::Always => true,
        ColorArg::Never => false,
        ColorArg::Auto => terminal && variable("NO_COLOR").is_none_or(|value| value.is_empty()),
    }
}
