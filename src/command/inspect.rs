//! `inspect`: what was read and why, and what its columns are for.

mod damage;
mod json;
mod page;
pub(super) mod recipe;

use std::path::PathBuf;

use super::{print, print_json, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::finding::Finding;
use crate::mapping::{Column, Mapping, Role};
use crate::pins;
use crate::plan::{Job, notes};
use crate::reader::Input;
use crate::report::{Head, Sheet};

/// What `inspect` does.
#[derive(Clone, Debug)]
pub struct Inspect {
    /// The inputs and how to read them.
    pub job: Job,
    /// Whether to write JSON.
    pub json: bool,
    /// The recipe into which it is written how the file is read.
    pub pin: Option<PathBuf>,
    /// The recipe that is written anew, with everything that was found.
    pub write_recipe: Option<PathBuf>,
}

/// Shows every decision about the inputs. A mapping that cannot be made is shown as a problem
/// behind what was read.
///
/// # Errors
/// When an input cannot be read.
pub fn inspect(plan: &Inspect) -> Result<ExitStatus> {
    if let Some(path) = &plan.write_recipe {
        recipe::check(&plan.job, path)?;
    }
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
        print_json(&(json::text(&about, problem.as_ref())? + "\n"))?;
    } else {
        let mut page = String::new();
        for about in &about {
            page::describe(about, &mut page);
            damage::describe(&about.seen.0, about.seen.1, &mut page);
        }
        print(&page)?;
    }
    if let Some(path) = &plan.write_recipe {
        let text = recipe::text(&job, &about, &dates)?;
        recipe::write_new(path, &text)?;
        tell(&format!("written to {}: look through it, then use it with check", path.display()));
    }
    // A recipe that is wrong is mended first.
    let sound = !matches!(problem, Some(Error::Recipe { .. }));
    if let Some(path) = plan.pin.as_ref().filter(|_| sound) {
        recipe::pin(&job, path, dates)?;
    }
    drifted?;
    match problem {
        Some(error) => Err(error),
        None => Ok(ExitStatus::Good),
    }
}

/// The inputs as read, with what was found for their columns; where columns are wrongly named,
/// without fields.
fn unmapped(job: &Job) -> Result<(Head, Vec<damage::Columns>)> {
    let inputs = job.open_inputs()?;
    let seen = inputs.iter().map(damage::types).collect();
    let (sheets, notes) = match job.proposed(&inputs) {
        Ok(proposed) => proposed,
        Err(Error::Mapping { .. } | Error::Recipe { .. }) => {
            let bare = |input: &Input| {
                let columns: Vec<Column> =
                    input.headers.iter().map(|header| Column::unmapped(header)).collect();
                let fields = vec![None; columns.len()];
                let mapping = Mapping { columns, ..Mapping::default() };
                Sheet { facts: input.facts.clone(), mapping, fields, ..Sheet::default() }
            };
            (inputs.iter().map(bare).collect(), notes(&inputs))
        }
        Err(error) => return Err(error),
    };
    Ok((Head { sheets, notes, ..Head::default() }, seen))
}

fn why(column: &Column) -> &str {
    match &column.role {
        Role::Unused(reason) => reason,
        _ => &column.why,
    }
}

/// All that is shown of one input.
struct About<'a> {
    sheet: &'a Sheet,
    notes: Vec<Finding>,
    seen: damage::Columns,
}
