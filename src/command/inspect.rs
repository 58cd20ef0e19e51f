//! `inspect`: what was read and why, and what its columns are for.

mod damage;

use std::fmt::Write as _;

use serde::Serialize;

use super::print;
use crate::error::{Error, ExitStatus, Result};
use crate::mapping::{Column, Role};
use crate::plan::Job;
use crate::report::Sheet;
use crate::row::letters;
use crate::visible::visible;

/// What `inspect` does.
#[derive(Clone, Debug)]
pub struct Inspect {
    /// The inputs and how to read them.
    pub job: Job,
    /// Whether to write JSON.
    pub json: bool,
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
    encoding: Option<&'a str>,
    encoding_why: Option<&'a str>,
    delimiter: Option<char>,
    quote: Option<char>,
    dialect_why: Option<&'a str>,
    sheet: Option<&'a str>,
    other_sheets: Vec<OtherV1<'a>>,
    header_row: u32,
    columns: Vec<ColumnV1<'a>>,
}

#[derive(Serialize)]
struct OtherV1<'a> {
    name: &'a str,
    hidden: bool,
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
    damage: &'a [damage::Damage],
}

/// Shows every decision about the inputs. A mapping that cannot be made is shown as a problem
/// behind what was read.
///
/// # Errors
/// When an input cannot be read.
pub fn inspect(plan: &Inspect) -> Result<ExitStatus> {
    let (sheets, seen, problem) = match plan.job.open() {
        Ok(opened) => {
            let seen = damage::look(&opened);
            (opened.head.sheets, seen, None)
        }
        Err(error @ Error::Mapping { .. }) => {
            let (sheets, seen) = unmapped(&plan.job)?;
            (sheets, seen, Some(error))
        }
        Err(error) => return Err(error),
    };
    if plan.json {
        let form = InspectV1 {
            version: 1,
            inputs: sheets.iter().zip(&seen).map(|(sheet, seen)| input(sheet, seen)).collect(),
            problem: problem.as_ref().map(ToString::to_string),
        };
        let text = serde_json::to_string_pretty(&form)
            .map_err(|error| crate::report::failed(error.into()))?;
        print(&text)?;
        print("\n")?;
    } else {
        let mut page = String::new();
        for (sheet, (columns, rows)) in sheets.iter().zip(&seen) {
            describe(sheet, &mut page);
            damage::describe(columns, *rows, &mut page);
        }
        print(&page)?;
    }
    match problem {
        Some(error) => Err(error),
        None => Ok(ExitStatus::Good),
    }
}

/// The inputs as read, without fields for their columns.
fn unmapped(job: &Job) -> Result<(Vec<Sheet>, Vec<damage::Columns>)> {
    let inputs = job.open_inputs()?;
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
            let mapping = crate::mapping::Mapping { columns };
            Sheet { facts: input.facts.clone(), mapping, fields }
        })
        .collect();
    Ok((sheets, seen))
}

fn why(column: &Column) -> &str {
    match &column.role {
        Role::Unused(reason) => reason,
        _ => column.why,
    }
}

fn input<'a>(sheet: &'a Sheet, (seen, _): &'a damage::Columns) -> InputV1<'a> {
    let facts = &sheet.facts;
    let text = facts.encoding.is_some();
    InputV1 {
        path: facts.path.display().to_string(),
        format: facts.format,
        encoding: facts.encoding,
        encoding_why: text.then_some(facts.encoding_why.as_str()),
        delimiter: facts.delimiter,
        quote: facts.quote,
        dialect_why: text.then_some(facts.dialect_why.as_str()),
        sheet: facts.sheet.as_deref(),
        other_sheets: facts
            .other_sheets
            .iter()
            .map(|(name, hidden)| OtherV1 { name, hidden: *hidden })
            .collect(),
        header_row: facts.header_row,
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
                damage: &seen.damage,
            })
            .collect(),
    }
}

fn describe(sheet: &Sheet, page: &mut String) {
    let facts = &sheet.facts;
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{}", visible(&facts.path.display().to_string()));
    let _ = writeln!(page, "  format      {}", facts.format);
    if let (Some(encoding), Some(delimiter)) = (facts.encoding, facts.delimiter) {
        let _ = writeln!(page, "  encoding    {encoding} ({})", facts.encoding_why);
        let _ = writeln!(page, "  delimiter   {delimiter:?} ({})", facts.dialect_why);
        let quote = facts.quote.map_or("none".to_owned(), |quote| format!("{quote:?}"));
        let _ = writeln!(page, "  quote       {quote}");
    }
    if let Some(name) = &facts.sheet {
        let _ = writeln!(page, "  sheet       \"{}\"", visible(name));
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
    }
    let _ = writeln!(page, "  header      row {}", facts.header_row);
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
}
