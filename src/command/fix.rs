//! `fix`: makes the repairs that a person has accepted, in a copy of the file.

mod show;

use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use self::show::Made;
use super::{is_same, print, print_json};
use crate::error::{Error, ExitStatus, Result};
use crate::fix::{self, Accepted, State, Survey, survey};
use crate::reader::{self, Input, Options};
use crate::row::letters;
use crate::staged::{Readers, Staged};
use crate::visible::visible;

/// What `fix` does.
#[derive(Clone, Debug)]
pub struct Fix {
    /// The file.
    pub file: PathBuf,
    /// The plan.
    pub plan: PathBuf,
    /// The copy.
    pub output: PathBuf,
    /// Whether a copy that is there is replaced.
    pub force: bool,
    /// Whether lines that do not go with the file are passed over.
    pub skip_stale: bool,
    /// How the file is read.
    pub reading: Options,
    /// The flags that say how it is read, as they are typed.
    pub flags: Vec<String>,
    /// Whether the report is JSON.
    pub json: bool,
}

/// How many stale lines an error names.
const NAMED: usize = 10;

/// Writes the copy, and says what was changed in it.
///
/// # Errors
/// When the plan or the file cannot be read, they do not go together, or the copy cannot be written.
pub fn fix(plan: &Fix) -> Result<ExitStatus> {
    refuse(plan)?;
    let accepted = Accepted::read(&plan.plan, &plan.file)?;
    let mut reading = plan.reading.clone();
    let mut input = open(plan, &accepted, &mut reading)?;
    let found = survey(&mut input, &accepted)?;
    let stale = found.stale();
    let made = Made { plan, facts: &input.facts, accepted: &accepted, survey: &found };
    if stale > 0 && !plan.skip_stale {
        if plan.json {
            print_json(&made.json(false)?)?;
        }
        return Err(too_old(plan, &found));
    }
    let report = if plan.json { made.json(true)? } else { made.text() };
    copy(plan, &mut input, &found, &accepted, &reading)?;
    if plan.json {
        print_json(&report)?;
    } else {
        print(&report)?;
    }
    let bound = found.count(|state| *state == State::Bound);
    Ok(if stale + bound > 0 { ExitStatus::Findings } else { ExitStatus::Good })
}

/// Refuses a copy that would take the place of what it is made of.
fn refuse(plan: &Fix) -> Result<()> {
    let output = &plan.output;
    if output.as_os_str() == "-" {
        return Err(Error::usage("the copy does not go to standard output", "name a file with -o"));
    }
    for (path, what) in [(&plan.file, "the file itself"), (&plan.plan, "the plan")] {
        if is_same(path, output) {
            let message = format!("the copy {output:?} would replace {what}");
            return Err(Error::usage(message, "name another file with -o"));
        }
    }
    if output.is_dir() {
        return Err(failed(output, io::ErrorKind::IsADirectory.into()));
    }
    if output.exists() && !plan.force {
        return Err(there_already(output));
    }
    Ok(())
}

fn there_already(output: &Path) -> Error {
    let help = "name another file with -o, or add --force to replace it";
    Error::usage(format!("{output:?} is there already"), help)
}

fn failed(output: &Path, source: io::Error) -> Error {
    Error::Output { path: output.to_owned(), action: "write", source }
}

/// Opens the file as it was checked: on the sheet that the plan names, unless the user names one.
fn open(plan: &Fix, accepted: &Accepted, reading: &mut Options) -> Result<Input> {
    if reading.sheet.is_none() {
        reading.sheet = accepted.sheet()?.map(str::to_owned);
    }
    let input = reader::open(&plan.file, 0, reading)?;
    fix::can_copy(&input.facts, &plan.output)?;
    Ok(input)
}

/// The error for a plan that was made of another state of the file.
fn too_old(plan: &Fix, survey: &Survey<'_>) -> Error {
    let stale = || {
        survey.lines().filter_map(|(line, state)| match state {
            State::Stale(found) => Some((line, found)),
            _ => None,
        })
    };
    let said: Vec<String> = stale()
        .take(NAMED)
        .map(|(line, found)| {
            let cell = format!("{}{}", letters(line.column), line.row);
            let before = visible(survey.before(line));
            match found {
                Some(found) => {
                    format!("line {}: {cell} holds {:?}, not {before:?}", line.at, visible(found))
                }
                None => format!("line {}: there is no {cell} in the table", line.at),
            }
        })
        .collect();
    let more = stale().count() - said.len();
    let more = if more > 0 { format!("\n… and {more} more") } else { String::new() };
    Error::Guard {
        message: format!(
            "the plan does not go with {:?}; nothing was written\n{}{more}",
            plan.file,
            said.join("\n")
        ),
        help: "check the file again with --fix-plan for a new plan; with --skip-stale the other lines \
               are applied"
            .to_owned(),
    }
}

/// Writes the copy beside its place, reads it again, and gives it its name when every accepted line holds.
fn copy(
    plan: &Fix,
    input: &mut Input,
    found: &Survey<'_>,
    accepted: &Accepted,
    reading: &Options,
) -> Result<()> {
    let output = &plan.output;
    let file = Staged::begin(output, ".upsheet-fix-", Readers::Owner)
        .map_err(|source| failed(output, source))?;
    let mut out = BufWriter::new(file.file());
    let named = |error| match error {
        Error::Output { source, .. } => failed(output, source),
        other => other,
    };
    fix::copy(input, &reading.limits, &found.edits(), output, &mut out).map_err(named)?;
    out.flush().map_err(|source| failed(output, source))?;
    drop(out);
    let mut again = reader::open(file.place(), 0, reading)?;
    let after = survey(&mut again, accepted)?;
    let held = |survey: &Survey<'_>| survey.count(|state| *state == State::Already);
    let changed = found.count(|state| *state == State::Changes);
    if held(&after) != held(found) + changed {
        return Err(read_otherwise(plan, input, &again));
    }
    // Whoever may read the file may read its copy.
    if let Ok(about) = fs::metadata(&plan.file)
        && about.is_file()
    {
        fs::set_permissions(file.place(), about.permissions())
            .map_err(|source| failed(output, source))?;
    }
    if plan.force {
        return file.replace().map_err(|source| failed(output, source));
    }
    file.name().map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => there_already(output),
        _ => failed(output, source),
    })
}

/// The error for a copy that would be read in another way than the file, so that its cells would not hold
/// what they are to hold.
fn read_otherwise(plan: &Fix, input: &Input, again: &Input) -> Error {
    let decisions = |input: &Input| input.facts.decisions();
    let changed: Vec<String> = decisions(input)
        .iter()
        .zip(decisions(again))
        .filter(|(before, now)| before.value != now.value)
        .map(|(before, now)| format!("{} {} instead of {}", now.what, now.value, before.value))
        .collect();
    let what = if changed.is_empty() { "in another way".to_owned() } else { changed.join(", ") };
    Error::Guard {
        message: format!(
            "with these repairs the copy of {:?} would be read {what}; nothing was written",
            plan.file
        ),
        help: "say how the file is read, with --encoding, --delimiter, --quote or --header-row, here and \
               whenever the copy is read"
            .to_owned(),
    }
}
