//! `targets`: each target's fields with their rules and where these stand.

use std::fmt::Write as _;

use super::print;
use crate::error::{ExitStatus, Result};
use crate::record::{Field, Kind, Need};
use crate::target::{ALL, find};

/// Prints the field table of one target, or of all.
///
/// # Errors
/// When there is no such target.
pub fn targets(id: Option<&str>) -> Result<ExitStatus> {
    let kinds = match id {
        Some(id) => vec![find(id)?],
        None => ALL.to_vec(),
    };
    let mut page = String::new();
    for kind in kinds {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "{} ({})\n", kind.title, kind.id);
        let widest = kind.fields.iter().map(|field| field.name.len()).max().unwrap_or(0);
        for field in kind.fields {
            let line = format!(
                "  {:widest$}  {:9}  {}  {}",
                field.name,
                field.kind.word(),
                rules(field),
                field.source
            );
            let _ = writeln!(page, "{}", line.trim_end());
        }
        page.push('\n');
    }
    print(page.trim_end())?;
    print("\n")?;
    Ok(ExitStatus::Good)
}

/// What must hold for a field, in one line.
fn rules(field: &Field) -> String {
    let mut rules = Vec::new();
    match field.need {
        Need::Required => rules.push("required".to_owned()),
        Need::Wanted => rules.push("wanted".to_owned()),
        Need::Optional => {}
    }
    if field.unique {
        rules.push("unique".to_owned());
    }
    if let Kind::Choice(choices) | Kind::Choices(choices) = &field.kind {
        let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_ref()).collect();
        rules.push(labels.join(" | "));
    }
    if !field.note.is_empty() {
        rules.push(field.note.to_owned());
    }
    if rules.is_empty() { "-".to_owned() } else { rules.join("; ") }
}
