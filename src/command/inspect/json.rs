//! The frozen JSON form of `inspect`, version 1: `schemas/inspect.v1.schema.json`.

use serde::Serialize;

use super::{About, damage, why};
use crate::error::{Error, Result};
use crate::mapping::Confidence;
use crate::reader::{Decision, Guess};
use crate::report;
use crate::row::letters;

/// What is known of the inputs as JSON, with what stops the run.
pub(super) fn text(about: &[About<'_>], problem: Option<&Error>) -> Result<String> {
    let form = InspectV1 {
        version: 1,
        inputs: about.iter().map(input).collect(),
        problem: problem.map(ToString::to_string),
    };
    serde_json::to_string_pretty(&form).map_err(|error| report::failed(error.into()))
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
    confidence: Option<&'a str>,
    suggestion: Option<&'a str>,
    proof: Option<&'a str>,
    types: &'a damage::Types,
    formulas: u64,
    damage: &'a [damage::Damage],
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
                confidence: column.confidence.map(Confidence::word),
                suggestion: column.suggestion.as_deref(),
                proof: column.proof.as_deref(),
                types: &seen.types,
                formulas: seen.formulas,
                damage: &seen.damage,
            })
            .collect(),
        made: sheet.made.iter().map(|(how, field)| MadeV1 { field, how }).collect(),
    }
}
