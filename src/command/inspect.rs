//! `inspect`: what was read and why, and what its columns are for.

mod damage;

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::NamedTempFile;

use super::{print, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::finding::Finding;
use crate::mapping::{Column, Role};
use crate::pins;
use crate::plan::{Job, notes};
use crate::reader::{Decision, Guess};
use crate::recipe::DateOrder;
use crate::report::{Head, Sheet};
use crate::row::letters;
use crate::visible::visible;

/// What `inspect` does.
#[derive(Clone, Debug)]
pub struct Inspect {
    /// The inputs and how to read them.
    pub job: Job,
    /// Whether to write JSON.
    pub json: bool,
    /// The recipe into which it is written how the file is read.
    pub pin: Option<PathBuf>,
}

#[derive(Serialize)]
struct InspectV1<'a> {
    version: u32,
    inputs: Vec<InputV1<'a>>,
    problem: Option<String>,
}

#[derive(Serialize)]
struct InputV1<'a> {
    path: String,
    format: &'a str,
    unpacked: Option<&'a str>,
    encoding: Option<&'a str>,
    encoding_why: Option<&'a str>,
    encoding_evidence: Option<EvidenceV1<'a>>,
    delimiter: Option<&'a str>,
    quote: Option<char>,
    dialect_why: Option<&'a str>,
    sheet: Option<&'a str>,
    other_sheets: Vec<OtherV1<'a>>,
    tables: Vec<TableV1<'a>>,
    hidden_rows: Option<&'a str>,
    hidden_columns: Option<&'a str>,
    header_row: u32,
    decisions: Vec<DecisionV1>,
    notes: Vec<NoteV1<'a>>,
    columns: Vec<ColumnV1<'a>>,
    made: Vec<MadeV1<'a>>,
}

/// A value that the recipe makes.
#[derive(Serialize)]
struct MadeV1<'a> {
    field: &'a str,
    how: &'a str,
}

/// What was decided about reading, from which evidence, and how sure that is.
#[derive(Serialize)]
struct DecisionV1 {
    what: &'static str,
    value: String,
    why: String,
    confidence: &'static str,
}

/// What is to be said of the input as a whole.
#[derive(Serialize)]
struct NoteV1<'a> {
    code: &'a str,
    severity: &'a str,
    row: u32,
    message: &'a str,
    help: Option<&'a str>,
}

/// Why an encoding was guessed, and what came second.
#[derive(Serialize)]
struct EvidenceV1<'a> {
    confidence: &'a str,
    language: Option<&'a str>,
    reasons: &'a [String],
    words: &'a [String],
    runner_up: Option<RunnerUpV1<'a>>,
}

#[derive(Serialize)]
struct RunnerUpV1<'a> {
    encoding: &'a str,
    words: &'a [String],
    against: &'a str,
}

fn evidence(guess: &Guess) -> EvidenceV1<'_> {
    EvidenceV1 {
        confidence: guess.confidence,
        language: guess.language,
        reasons: &guess.reasons,
        words: &guess.words,
        runner_up: guess.other.as_ref().map(|other| RunnerUpV1 {
            encoding: other.encoding,
            words: &other.words,
            against: other.against,
        }),
    }
}

#[derive(Serialize)]
struct OtherV1<'a> {
    name: &'a str,
    hidden: bool,
}

#[derive(Serialize)]
struct TableV1<'a> {
    name: &'a str,
    sheet: &'a str,
    area: &'a str,
}

#[derive(Serialize)]
struct ColumnV1<'a> {
    index: usize,
    letter: String,
    header: &'a str,
    field: Option<&'a str>,
    why: &'a str,
    proof: Option<&'a str>,
    types: &'a damage::Types,
    formulas: u64,
    damage: &'a [damage::Damage],
}

/// Shows every decision about the inputs. A mapping that cannot be made is shown as a problem
/// behind what was read.
///
/// # Errors
/// When an input cannot be read.
pub fn inspect(plan: &Inspect) -> Result<ExitStatus> {
    // What is pinned is held against the file behind what was found out about it.
    let mut job = plan.job.clone();
    let pins = job.recipe.pins.take();
    let mut dates = Vec::new();
    let mut drifted = Ok(());
    let (head, seen, problem) = match job.open_to_look() {
        Ok((opened, tested)) => {
            let seen = damage::look(&opened);
            for (index, input) in (0_u16..).zip(&opened.inputs) {
                dates.push(opened.rules.date_orders(index));
                if let (None, Some(pins)) = (&plan.pin, &pins) {
                    drifted = drifted.and(pins::check(pins, input));
                    let orders = dates.last().map(Vec::as_slice).unwrap_or_default();
                    drifted = drifted.and(pins::check_dates(pins, input, orders));
                }
            }
            (opened.head, seen, tested.err())
        }
        Err(error @ (Error::Mapping { .. } | Error::Recipe { .. })) => {
            if let (None, Some(pins)) = (&plan.pin, &pins) {
                drifted = job.open_inputs()?.iter().try_for_each(|input| pins::check(pins, input));
            }
            let (head, seen) = unmapped(&job)?;
            (head, seen, Some(error))
        }
        Err(error) => return Err(error),
    };
    let about: Vec<About<'_>> = (0_u16..)
        .zip(head.sheets.iter().zip(seen))
        .map(|(index, (sheet, seen))| {
            let own = head.notes.iter().filter(|note| note.at.input == index);
            About { sheet, notes: own.cloned().collect(), seen }
        })
        .collect();
    if plan.json {
        let form = InspectV1 {
            version: 1,
            inputs: about.iter().map(input).collect(),
            problem: problem.as_ref().map(ToString::to_string),
        };
        let text = serde_json::to_string_pretty(&form)
            .map_err(|error| crate::report::failed(error.into()))?;
        print(&text)?;
        print("\n")?;
    } else {
        let mut page = String::new();
        for about in &about {
            describe(about, &mut page);
            damage::describe(&about.seen.0, about.seen.1, &mut page);
        }
        print(&page)?;
    }
    if let Some(recipe) = &plan.pin {
        pin(&job, recipe, dates)?;
    }
    drifted?;
    match problem {
        Some(error) => Err(error),
        None => Ok(ExitStatus::Good),
    }
}

/// Writes into a recipe how the one file of the job is read.
fn pin(job: &Job, recipe: &Path, dates: Vec<Vec<(String, DateOrder)>>) -> Result<()> {
    let inputs = job.open_inputs()?;
    let [input] = inputs.as_slice() else {
        return Err(Error::usage("--pin writes down how one file is read", "name one file"));
    };
    let failed = |source| Error::Output { path: recipe.to_owned(), action: "write", source };
    let before = match std::fs::read_to_string(recipe) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(failed)?,
    };
    let after =
        pins::written(&before, &pins::of(input, dates.into_iter().next().unwrap_or_default()));
    let folder = recipe.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failed)?;
    file.write_all(after.as_bytes()).map_err(failed)?;
    if let Ok(meta) = std::fs::metadata(recipe) {
        file.as_file().set_permissions(meta.permissions()).map_err(failed)?;
    }
    file.persist(recipe).map_err(|error| failed(error.error))?;
    tell(&format!("pinned in {}", recipe.display()));
    Ok(())
}

/// The inputs as read, without fields for their columns.
fn unmapped(job: &Job) -> Result<(Head, Vec<damage::Columns>)> {
    let inputs = job.open_inputs()?;
    let notes = notes(&inputs);
    let seen = inputs.iter().map(damage::types).collect();
    let sheets = inputs
        .iter()
        .map(|input| {
            let columns: Vec<Column> = input
                .headers
                .iter()
                .map(|header| Column {
                    header: header.trim().to_owned(),
                    role: Role::Unused("not mapped".to_owned()),
                    why: "",
                    proof: None,
                })
                .collect();
            let fields = vec![None; columns.len()];
            let mapping = crate::mapping::Mapping { columns, ..Default::default() };
            Sheet { facts: input.facts.clone(), mapping, fields, made: Vec::new() }
        })
        .collect();
    Ok((Head { sheets, notes, ..Head::default() }, seen))
}

fn why(column: &Column) -> &str {
    match &column.role {
        Role::Unused(reason) => reason,
        _ => column.why,
    }
}

/// All that is shown of one input.
struct About<'a> {
    sheet: &'a Sheet,
    notes: Vec<Finding>,
    seen: damage::Columns,
}

fn input<'a>(About { sheet, notes, seen: (seen, _) }: &'a About<'a>) -> InputV1<'a> {
    let facts = &sheet.facts;
    let text = facts.encoding.is_some();
    InputV1 {
        path: facts.path.display().to_string(),
        format: facts.format,
        unpacked: facts.unpacked.as_deref(),
        encoding: facts.encoding,
        encoding_why: text.then_some(facts.encoding_why.as_str()),
        encoding_evidence: facts.encoding_guess.as_ref().map(evidence),
        delimiter: facts.delimiter.as_deref(),
        quote: facts.quote,
        dialect_why: text.then_some(facts.dialect_why.as_str()),
        sheet: facts.sheet.as_deref(),
        other_sheets: facts
            .other_sheets
            .iter()
            .map(|(name, hidden)| OtherV1 { name, hidden: *hidden })
            .collect(),
        tables: facts
            .tables
            .iter()
            .map(|(name, sheet, area)| TableV1 { name, sheet, area })
            .collect(),
        hidden_rows: facts.hidden_rows.as_deref(),
        hidden_columns: facts.hidden_columns.as_deref(),
        header_row: facts.header_row,
        decisions: facts
            .decisions()
            .into_iter()
            .map(|Decision { what, value, why, confidence }| DecisionV1 {
                what,
                value,
                why,
                confidence: confidence.word(),
            })
            .collect(),
        notes: notes
            .iter()
            .map(|note| NoteV1 {
                code: note.code.id,
                severity: note.severity.word(),
                row: note.at.row,
                message: &note.message,
                help: note.help.as_deref(),
            })
            .collect(),
        columns: sheet
            .mapping
            .columns
            .iter()
            .zip(&sheet.fields)
            .zip(seen)
            .enumerate()
            .map(|(index, ((column, field), seen))| ColumnV1 {
                index,
                letter: letters(index),
                header: &column.header,
                field: field.as_deref(),
                why: why(column),
                proof: column.proof.as_deref(),
                types: &seen.types,
                formulas: seen.formulas,
                damage: &seen.damage,
            })
            .collect(),
        made: sheet.made.iter().map(|(how, field)| MadeV1 { field, how }).collect(),
    }
}

/// What the next best reading has against it.
fn second(guess: &Guess) -> String {
    guess.other.as_ref().map_or_else(String::new, |other| {
        let words: Vec<String> =
            other.words.iter().map(|word| format!("\"{}\"", visible(word))).collect();
        format!("; next {}: {} ({})", other.encoding, words.join(", "), other.against)
    })
}

fn describe(About { sheet, notes, .. }: &About<'_>, page: &mut String) {
    let facts = &sheet.facts;
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{}", visible(&facts.path.display().to_string()));
    for Decision { what, value, why, confidence } in facts.decisions() {
        let shown = match what {
            "delimiter" | "quote" | "escape" if value != "none" => format!("{value:?}"),
            "sheet" => format!("\"{}\"", visible(&value)),
            "header" if value.contains('-') => format!("rows {value}"),
            "header" if value != "none" => format!("row {value}"),
            _ => visible(&value),
        };
        let _ = writeln!(page, "  {what:<11} {shown} ({}; {})", visible(&why), confidence.word());
        if let ("encoding", Some(guess)) = (what, &facts.encoding_guess) {
            let _ =
                writeln!(page, "              confidence {}{}", guess.confidence, second(guess));
        }
    }
    let others: Vec<String> = facts
        .other_sheets
        .iter()
        .map(|(name, hidden)| {
            format!("\"{}\"{}", visible(name), if *hidden { " (hidden)" } else { "" })
        })
        .collect();
    if !others.is_empty() {
        let _ = writeln!(page, "  not read    {}", others.join(", "));
    }
    for (name, sheet, area) in &facts.tables {
        let (name, sheet) = (visible(name), visible(sheet));
        let _ = writeln!(page, "  table       \"{name}\" on \"{sheet}\", {area}");
    }
    for (what, hidden) in [("rows", &facts.hidden_rows), ("columns", &facts.hidden_columns)] {
        if let Some(list) = hidden {
            let _ = writeln!(page, "  hidden      {what} {list}");
        }
    }
    for note in notes {
        let _ = writeln!(page, "  ! {}", visible(&note.message));
    }
    let headers = sheet.mapping.columns.iter().map(|column| column.header.chars().count());
    let widest = headers.max().unwrap_or(0).min(40);
    let names = sheet.fields.iter().flatten().map(|field| field.chars().count());
    let names = names.max().unwrap_or(0).max(1);
    for (index, (column, field)) in sheet.mapping.columns.iter().zip(&sheet.fields).enumerate() {
        let _ = writeln!(
            page,
            "    {:>3}  {:widest$}  {:names$}  {}",
            letters(index),
            visible(&column.header),
            field.as_deref().map_or("-".to_owned(), visible),
            visible(why(column))
        );
        if let Some(proof) = &column.proof {
            let _ = writeln!(page, "         {}", visible(proof));
        }
    }
    for (how, field) in &sheet.made {
        let _ = writeln!(page, "         {field} is made by the recipe: {}", visible(how));
    }
}
