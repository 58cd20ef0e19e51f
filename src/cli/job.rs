//! Which people are meant, and by which rules: what flags about files, reading, rules and passing come to, over
//! what the recipe says.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::Spanned;

use super::flags::{MOST_THREADS, PassArgs, ReadArgs, RuleArgs};
use super::value::{Deny, delimiter, encoding, header_row, hidden, quote, range};
use super::{stop_signal, variable};
use crate::error::Result;
use crate::finding::Denied;
use crate::lock::Lock;
use crate::plan::Job;
use crate::progress::Voice;
use crate::reader;
use crate::recipe::{Recipe, Said};
use crate::target::{Overrides, Purpose};

/// The arguments behind the verb that say who is imported and how, without those that say how the
/// result is shown.
pub(super) fn said(args: &[OsString]) -> Vec<String> {
    const SHOWN: [&str; 7] = [
        "--format",
        "--report",
        "--fix-plan",
        "--color",
        "--limit",
        "--progress",
        "--write-baseline",
    ];
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

/// The recipe: the one that is named, else the usual one if it is there.
pub(super) fn recipe(named: Option<&Path>) -> Result<Recipe> {
    let usual = Path::new("upsheet.toml");
    match named {
        Some(path) => Recipe::load(path),
        None if usual.is_file() => Recipe::load(usual),
        None => Ok(Recipe::default()),
    }
}

/// How files are read: flags over the recipe.
pub(super) fn reading(args: ReadArgs, recipe: &Recipe) -> Result<reader::Options> {
    let said = &recipe.reading;
    let text = |said: &Option<Spanned<Said>>| said.as_ref().map(|said| said.get_ref().to_string());
    let range = or_said(args.range, "range", said.range.as_ref(), recipe, range)?;
    Ok(reader::Options {
        sheet: args
            .sheet
            .or_else(|| text(&said.sheet))
            .or(range.as_ref().and_then(|range| range.sheet.clone())),
        range: range.map(|range| range.area),
        table: args.table.or_else(|| text(&said.table)),
        header_row: or_said(
            args.header_row,
            "header_row",
            said.header_row.as_ref(),
            recipe,
            header_row,
        )?,
        delimiter: or_said(
            args.delimiter,
            "delimiter",
            said.delimiter.as_ref(),
            recipe,
            delimiter,
        )?,
        quote: or_said(args.quote, "quote", said.quote.as_ref(), recipe, quote)?
            .map(|quote| quote.0),
        encoding: or_said(args.encoding, "encoding", said.encoding.as_ref(), recipe, encoding)?,
        hidden: or_said(args.hidden, "hidden", said.hidden.as_ref(), recipe, hidden)?
            .map_or(reader::Hidden::Include, Into::into),
        limits: recipe.section(reader::Limits::SECTION)?,
        ..reader::Options::default()
    })
}

/// What a flag says, else what the recipe says for it, read as the flag is.
fn or_said<T>(
    flag: Option<T>,
    key: &str,
    said: Option<&Spanned<Said>>,
    recipe: &Recipe,
    read: fn(&str) -> Result<T, String>,
) -> Result<Option<T>> {
    match (flag, said) {
        (Some(flag), _) => Ok(Some(flag)),
        (None, None) => Ok(None),
        (None, Some(said)) => read(&said.get_ref().to_string())
            .map(Some)
            .map_err(|why| recipe.refuse(key, said, &why)),
    }
}

/// The job of `build`, whose requests go into files.
pub(super) fn files_job(
    files: Vec<PathBuf>,
    read: ReadArgs,
    rule: RuleArgs,
    said: Vec<String>,
) -> Result<Job> {
    let mut job = job(files, read, rule, said, &Voice::default())?.0;
    job.overrides.purpose = Purpose::Files;
    Ok(job)
}

/// The job with what decides whether it passes.
pub(super) fn passing(mut job: Job, args: PassArgs) -> Job {
    for deny in args.deny {
        match deny {
            Deny::Warnings => job.denied.warnings = true,
            Deny::Code(code) => job.denied.codes.push(code),
        }
    }
    job.max_errors = args.max_errors;
    job.baseline = args.baseline;
    job.write_baseline = args.write_baseline;
    job
}

/// The threads that are asked for; 0 is one for each processor. Where no flag says it, the variable does by which programs
/// with the same library for threads are told.
fn threads(flag: u16) -> usize {
    let most = usize::from(MOST_THREADS);
    let said = || variable("RAYON_NUM_THREADS").and_then(|text| text.parse::<usize>().ok());
    if flag > 0 { usize::from(flag) } else { said().unwrap_or(0).min(most) }
}

/// The job, and whether the sandbox stands in for the target.
pub(super) fn job(
    files: Vec<PathBuf>,
    read: ReadArgs,
    rule: RuleArgs,
    said: Vec<String>,
    voice: &Voice,
) -> Result<(Job, bool)> {
    let recipe = recipe(rule.recipe.path.as_deref())?;
    let lock = Lock::find(rule.lock.as_deref(), recipe.path.as_deref())?;
    let to_sandbox = rule.to.as_deref() == Some("sandbox");
    let job = Job {
        files,
        reading: reading(read, &recipe)?,
        recipe,
        map: rule.map,
        target: rule.to.filter(|_| !to_sandbox),
        overrides: Overrides {
            operation: rule.operation.map(Into::into),
            matched_by: rule.matched_by,
            batch_size: rule.batch_size,
            ..Overrides::default()
        },
        on_duplicate: rule.on_duplicate.map(Into::into),
        warn_likely: rule.warn_likely,
        date_order: rule.date_order.map(Into::into),
        region: rule.default_region,
        denied: Denied::default(),
        baseline: None,
        write_baseline: None,
        region_column: rule.region_column.clone(),
        threads: threads(rule.threads),
        memory: rule.memory,
        today: jiff::Zoned::now().date(),
        said,
        stop: stop_signal(voice),
        ..Job::default()
    }
    .with_lock(lock);
    // A wrong recipe or batch size is told before any file is opened.
    job.target()?;
    job.severities()?;
    Ok((job, to_sandbox))
}
