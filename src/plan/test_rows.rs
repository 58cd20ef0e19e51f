//! The test rows of the recipe, judged by the columns of the files before anybody else is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::mapping::{Schema, call_name, column_named};
use crate::reader::Input;
use crate::recipe::{Expected, Form, Recipe, TestRow, Word};
use crate::record::{Record, Value};
use crate::row::{CellKind, Location, Row, Rows};
use crate::spelling::nearest;
use crate::validate::Rules;

/// Judges every test row by the columns of every input that has all columns of the row.
///
/// # Errors
/// [`Error::Recipe`] at the first test row that no input has the columns for, or that does not give
/// what it must.
pub(super) fn run(recipe: &Recipe, inputs: &[Input], schema: &Schema, rules: &Rules) -> Result<()> {
    let mut failed = Vec::new();
    for test in &recipe.tests {
        let mut missing = None;
        let mut tried = false;
        for (index, input) in (0_u16..).zip(inputs) {
            match Trial::new(test, index, input) {
                Ok(row) => {
                    tried = true;
                    failed.extend(judge(recipe, test, &row, (schema, rules)));
                }
                Err(word) => missing = missing.or(Some((word, input))),
            }
        }
        if let (false, Some((word, input))) = (tried, missing) {
            failed.push(no_column(recipe, test, word, input));
        }
    }
    let more = failed.len().saturating_sub(1);
    let Some(first) = failed.into_iter().next() else { return Ok(()) };
    Err(match first {
        Error::Recipe { mut message, text, span, help } => {
            if more > 0 {
                let _ = write!(message, "\nand {more} more of {} fail", recipe.tests.len());
            }
            Error::Recipe { message, text, span, help }
        }
        other => other,
    })
}

/// A test row in the columns of one input.
struct Trial {
    rows: Rows,
    /// The columns whose cells the test row names.
    named: Vec<usize>,
    input: u16,
}

impl Trial {
    /// Puts the cells of a test row in their places; the error is a header that the input lacks.
    fn new<'t>(test: &'t TestRow, index: u16, input: &Input) -> Result<Self, &'t Word> {
        let cells = cells(test, input)?;
        let mut rows = Rows::default();
        for cell in &cells {
            push(*cell, &mut rows);
        }
        rows.end_row(Location { input: index, ..Location::default() });
        let named = cells.iter().enumerate().filter(|(_, cell)| cell.is_some());
        Ok(Self { rows, named: named.map(|(column, _)| column).collect(), input: index })
    }

    /// Whether a value says something of the mapping: one that a cell clears does so only where the test
    /// row names the cell, else each test row would have to list every column under `blank = "clear"`.
    fn counts(&self, slot: usize, value: Value<'_>, rules: &Rules) -> bool {
        value != Value::Null
            || rules.columns_for(self.input, slot).any(|column| self.named.contains(&column))
    }
}

/// The cells of a test row by column; the error is a header that the input lacks.
fn cells<'t>(test: &'t TestRow, input: &Input) -> Result<Vec<Option<&'t Word>>, &'t Word> {
    let mut cells: Vec<Option<&Word>> = vec![None; input.headers.len()];
    for (header, cell) in &test.cells {
        let column = column_named(&input.headers, &input.header_parts, &header.text);
        let place = column.and_then(|column| cells.get_mut(column));
        *place.ok_or(header)? = Some(cell);
    }
    Ok(cells)
}

/// Appends a cell as a workbook has it.
fn push(cell: Option<&Word>, rows: &mut Rows) {
    let Some(cell) = cell else { return rows.push_cell("", CellKind::Text) };
    match cell.form {
        Form::Text => rows.push_cell(&cell.text, CellKind::Text),
        Form::Number => rows.push_cell(&cell.text, CellKind::Number),
        Form::Bool => rows.push_cell(&cell.text.to_uppercase(), CellKind::Bool),
        Form::Date => rows.push_cell(&cell.text, CellKind::Date),
    }
}

fn no_column(recipe: &Recipe, test: &TestRow, header: &Word, input: &Input) -> Error {
    let message = format!("{}: {} has no column {:?}", test.name, input.facts.name(), header.text);
    let headers = input.headers.iter().map(String::as_str);
    let help = match nearest(&header.text, headers) {
        Some(near) => format!(
            "did you mean {:?}? If the column was renamed, put the test row and [columns] right",
            near.trim()
        ),
        None => "put the test row right, or the header of the file".to_owned(),
    };
    recipe.error(message, header.span.clone(), Some(help))
}

/// Judges one test row; the error when something else comes of it.
fn judge(
    recipe: &Recipe,
    test: &TestRow,
    trial: &Trial,
    (schema, rules): (&Schema, &Rules),
) -> Option<Error> {
    let got = rules.judge_alone(trial.rows.get(0)?);
    let wrong = match (&test.expected, &got) {
        (Expected::Person { gives, clears }, Ok(record)) => {
            let named = |word: &Word| {
                let field = schema.known(&word.text).and_then(|field| schema.field(field));
                field.map_or_else(|| word.text.clone(), |field| field.name.to_string())
            };
            let given = gives.iter().map(|(field, value)| (named(field), wanted(value)));
            let cleared = clears.iter().map(|field| (named(field), "null".to_owned()));
            let expected: Vec<(String, String)> = given.chain(cleared).collect();
            let lines = differences(&expected, &values(trial, record, rules));
            (!lines.is_empty())
                .then(|| format!("{} gives something else", test.name) + &table(&lines))
        }
        (Expected::Person { .. }, Err(findings)) => {
            Some(format!("{} is rejected{}", test.name, reasons(findings)))
        }
        (Expected::Rejected(codes), Ok(record)) => {
            let codes: Vec<&str> = codes.iter().map(|code| code.text.as_str()).collect();
            let values = values(trial, record, rules);
            let person: Vec<String> =
                values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
            Some(format!(
                "{} is not rejected\n  expected  {}\n  got       {}",
                test.name,
                codes.join(", "),
                person.join(", ")
            ))
        }
        (Expected::Rejected(codes), Err(findings)) => {
            let expected: BTreeSet<&str> = codes.iter().map(|code| code.text.as_str()).collect();
            let got: BTreeSet<&str> = findings.iter().map(|finding| finding.code.id).collect();
            (expected != got).then(|| {
                let expected: Vec<&str> = expected.into_iter().collect();
                format!(
                    "{} is rejected for other reasons\n  expected  {}{}",
                    test.name,
                    expected.join(", "),
                    reasons(findings)
                )
            })
        }
    }?;
    let help = "put the recipe right; or the test row, if it says what is wanted no longer";
    Some(recipe.error(wrong, test.span.clone(), Some(help.to_owned())))
}

/// The text of a test row that a row of an input passes; nothing where it would be rejected.
pub(super) fn written(name: &str, input: &Input, row: Row<'_>, rules: &Rules) -> Option<String> {
    let record = rules.judge_alone(row).ok()?;
    let cells: Vec<(String, &str)> = (0..input.headers.len())
        .map(|column| (column, row.cell(column).text))
        .filter(|(_, cell)| !cell.trim().is_empty())
        .filter_map(|(column, cell)| Some((call_name(&input.headers, column)?, cell)))
        .collect();
    let cells: Vec<(&str, &str)> =
        cells.iter().map(|(name, cell)| (name.as_str(), *cell)).collect();
    let gives: Vec<(&str, Word)> = rules
        .fields()
        .iter()
        .enumerate()
        .filter_map(|(slot, field)| {
            let value = record.get(slot)?;
            let form = match value {
                Value::Text(_) | Value::Date(_) | Value::List(_) | Value::Json(_) => Form::Text,
                Value::Integer(_) => Form::Number,
                Value::Bool(_) => Form::Bool,
                Value::Null => return None,
            };
            Some((field.name.as_ref(), Word { text: value.to_string(), form, span: 0..0 }))
        })
        .collect();
    Some(TestRow::written(name, &cells, &gives))
}

fn reasons(findings: &[Finding]) -> String {
    findings.iter().fold(String::new(), |mut text, finding| {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  got       {}: {}", finding.code.id, finding.message);
        if let Some(field) = &finding.field {
            let _ = write!(text, " (`{field}`)");
        }
        text
    })
}

/// The values of a person that count, by field, as the target gets them.
fn values<'r>(trial: &Trial, record: &Record<'_>, rules: &'r Rules) -> Vec<(&'r str, String)> {
    let fields = rules.fields().iter().enumerate();
    fields
        .filter_map(|(slot, field)| {
            let value = record.get(slot).filter(|value| trial.counts(slot, *value, rules))?;
            Some((field.name.as_ref(), shown(value)))
        })
        .collect()
}

/// A value as JSON.
fn shown(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => format!("{text:?}"),
        Value::Date(date) => format!("\"{date}\""),
        Value::List(_) | Value::Json(_) => format!("{:?}", value.to_string()),
        other => other.to_string(),
    }
}

/// A value of the recipe as JSON.
fn wanted(word: &Word) -> String {
    match word.form {
        Form::Number | Form::Bool => word.text.clone(),
        Form::Text | Form::Date => format!("{:?}", word.text),
    }
}

/// Fields whose values are not as expected: field, expected, got.
fn differences(expected: &[(String, String)], got: &[(&str, String)]) -> Vec<[String; 3]> {
    let none = || "–".to_owned();
    let of = |field: &str| got.iter().find(|(name, _)| *name == field).map(|(_, value)| value);
    let mut lines = Vec::new();
    for (field, value) in expected {
        if of(field) != Some(value) {
            let got = of(field).cloned().unwrap_or_else(none);
            lines.push([field.clone(), value.clone(), got]);
        }
    }
    for (field, value) in got {
        if !expected.iter().any(|(name, _)| name == field) {
            lines.push([(*field).to_owned(), none(), value.clone()]);
        }
    }
    lines
}

/// Expected and got side by side.
fn table(lines: &[[String; 3]]) -> String {
    let head = ["field", "expected", "got"].map(str::to_owned);
    let width = |column: usize| {
        let texts = std::iter::once(&head).chain(lines);
        texts.filter_map(|line| Some(line.get(column)?.chars().count())).max().unwrap_or(0)
    };
    let (first, second) = (width(0), width(1));
    std::iter::once(&head).chain(lines).fold(String::new(), |mut text, [field, expected, got]| {
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {field:first$}  {expected:second$}  {got}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use crate::plan::Job;
    use crate::recipe::Recipe;

    #[test]
    fn a_row_that_is_written_as_a_test_row_passes() {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        let sheet = "First,Last,Email,DOB,\"Shoe \"\"size\"\"\",Gender\n\
                     Ada,O'Brien,ada@example.org,1990-05-31,7,F\nOtis,,otis@example.org,,,\n";
        file.write_all(sheet.as_bytes()).unwrap();
        let columns = "[columns]\n'Shoe \"size\"' = \"custom:Shoe\"\n";
        let recipe = Recipe::parse(columns.to_owned(), "upsheet.toml").unwrap();
        let files = vec![file.path().to_owned()];
        let today = jiff::civil::date(2026, 1, 1);
        let job = Job { files, recipe, today, threads: 1, ..Job::default() };
        let opened = job.open().unwrap();
        let sample = &opened.inputs[0].sample;
        let text = opened.test_row("of the \"first\"", sample.get(0).unwrap()).unwrap();
        assert!(text.contains("date_of_birth"), "{text}");
        assert!(opened.test_row("it would be rejected", sample.get(1).unwrap()).is_none());
        let recipe = Recipe::parse(format!("{columns}{text}"), "upsheet.toml").unwrap();
        assert_eq!(recipe.tests.len(), 1);
        Job { recipe, ..job }.open().unwrap();
    }
}
