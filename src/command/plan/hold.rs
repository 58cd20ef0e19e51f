//! A plan held against what it was made of before it is sent: its rules, its table, and what the target has now.

use std::path::Path;

use super::forecast::{Case, Forecast};
use super::table::{OldTable, names};
use super::there::There;
use super::{is_finished, look};
use crate::command::looking::Looking;
use crate::command::staging::kept_rules;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::report::counted;
use crate::target::Target;

/// How many of those are named who are not as the plan has them.
const NAMED: usize = 3;

/// Holds a plan against what it was made of: its rules, its table, and what the target has now.
///
/// # Errors
/// [`Error::Guard`] when the plan was not finished or its rules were changed, or somebody is not there as when
/// it was made; when not everybody could be looked for.
pub(in crate::command) fn hold(
    (folder, name): (&Path, &str),
    journal: &Journal,
    looking: &Looking<'_>,
) -> Result<There> {
    let about = journal.about();
    if !is_finished(folder) {
        return Err(not_sendable(format!("the plan {name} was not finished"), name));
    }
    if kept_rules(folder)? != about.rules {
        let what =
            format!("the recipe or the lock file in the folder of the plan {name} was changed");
        return Err(not_sendable(what, name));
    }
    let inputs = &about.inputs;
    let mut then = OldTable::open(folder, inputs)?;
    let forecast = Forecast { folder, journal, target: looking.target };
    let found = look(&forecast.wanted()?, looking)?;
    let names = names(inputs);
    let (mut moved, mut rows) = (0_u64, Vec::new());
    let mut there = There::default();
    forecast.each(&found, &mut |case| {
        let Case { person, action, .. } = case;
        if !then.agrees(person, action) {
            moved += 1;
            if rows.len() < NAMED {
                let name = names.get(usize::from(person.at.input)).map_or("", String::as_str);
                rows.push(format!("row {} of {name} (now: {})", person.at.row, action.word()));
            }
        }
        there.add(case);
        Ok(())
    })?;
    if moved > 0 || !then.is_at_end() {
        return Err(drifted(looking.target, name, moved, &rows));
    }
    Ok(there)
}

/// What is in the folder is no plan that could be sent.
fn not_sendable(message: String, name: &str) -> Error {
    Error::Guard {
        message,
        help: format!(
            "plan the files again; to send everybody as planned all the same, without a look at the target: upsheet \
             resume {name} --as-planned. Nothing was sent"
        ),
    }
}

/// The target is not what the plan was made for.
fn drifted(target: &dyn Target, name: &str, moved: u64, rows: &[String]) -> Error {
    let title = target.kind().title;
    let more = if moved > rows.len() as u64 { ", …" } else { "" };
    let message = match moved {
        0 => "the table of the plan is not as upsheet wrote it".to_owned(),
        1 => format!("1 person is not at {title} as when the plan was made: {}", rows.join(", ")),
        _ => format!(
            "{} are not at {title} as when the plan was made: {}{more}",
            counted(moved, "person", "people"),
            rows.join(", ")
        ),
    };
    Error::Guard {
        message,
        help: format!(
            "plan the files again, and look at what has changed; or, to send what was planned all the same: \
             upsheet resume {name} --as-planned. Nothing was sent"
        ),
    }
}
