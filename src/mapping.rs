//! Which column holds which field: resolved once for each input, before the first row is judged.
//!
//! What the user says (`--map`, the recipe) comes first; then what the headers say, as far as the
//! values do not speak against it; then what the values say alone. Of two columns for one field the
//! better one is taken for a reason that is shown; where there is none, nobody is chosen: a required
//! field stops the run, another one stays empty with a warning.

mod assign;
mod candidates;
mod choice;
mod column;
mod content;
pub mod derived;
mod full_name;
mod header;
mod labels;
mod left_open;
mod phrases;
mod required;
mod rivals;
mod schema;
mod shape;
mod shifted;
#[cfg(test)]
mod tests;
mod vocabulary;
pub mod words;

use self::assign::Assignment;
pub use self::choice::{Choice, call_name, column_named, flag_name, full_names};
use self::choice::{find_column, named_role};
pub use self::column::{Column, Confidence, Mapping, NO_FIELD, OURS, Open, Role};
use self::derived::Makings;
pub use self::full_name::{FULL_NAME, NameOrder, full_name, said_first};
pub use self::header::date_order;
pub use self::labels::beside_phone_label;
pub use self::phrases::{is_about_others, is_of_names, is_usual, meaning_of, says_full_name};
use self::required::check_required;
pub use self::schema::{Check, Make, Schema, Unmade};
use crate::error::{Error, Result};
use crate::record::Field;
use crate::returned;
use crate::row::Rows;

/// What [`propose`] looks at.
#[derive(Clone, Copy)]
pub struct Sheet<'a> {
    /// How messages name the input.
    pub name: &'a str,
    /// The row of the header, as a spreadsheet counts.
    pub header_row: u32,
    /// The headers, as read.
    pub headers: &'a [String],
    /// For each column of a header of several rows, what stands in the single rows.
    pub parts: &'a [Vec<String>],
    /// The first rows of the input.
    pub sample: &'a Rows,
    /// Columns that are used only where a choice names them: hidden ones, by `--hidden skip`.
    pub left_out: &'a [usize],
    /// Whether `text` is one of the words of a choice field, the recipe's words included.
    pub knows_word: &'a dyn Fn(&Field, &str) -> bool,
    /// Whether a full name itself shows which part of it is the family name; nothing where it tells nothing
    /// of how names stand.
    pub shows_family: &'a dyn Fn(&str) -> Option<bool>,
    /// What the recipe makes beside the columns.
    pub makings: &'a Makings<'a>,
}

/// Decides for every column what it is for; beside it, what stops the run: a required field that has
/// no column, or several of which nothing tells which one is meant.
///
/// # Errors
/// [`Error::Mapping`] when a choice names a column or field that is not there, or when two choices
/// name one field.
pub fn propose(
    schema: &mut Schema,
    choices: &[Choice],
    sheet: &Sheet<'_>,
) -> Result<(Mapping, Option<Error>)> {
    let mut decided: Vec<Option<Decision>> = vec![None; sheet.headers.len()];
    let flagged = by_choices(schema, choices, sheet, &mut decided)?;
    // A column that flags give one field is not split.
    let makings = sheet.makings.without_parts_of(&flagged, sheet);
    let sheet = &Sheet { makings: &makings, ..*sheet };
    for (place, _) in
        decided.iter_mut().zip(sheet.headers).filter(|(_, header)| is_ours(sheet, header))
    {
        *place = Some(Decision::unused(OURS));
    }
    for &index in sheet.left_out {
        if let Some(place @ None) = decided.get_mut(index) {
            *place = Some(Decision::unused("hidden, and left out by --hidden skip"));
        }
    }
    if sheet.header_row > 0 {
        by_own_names(schema, sheet, &mut decided);
    }
    let mut assignment = Assignment::new(schema, sheet, decided);
    assignment.by_headers();
    assignment.by_values();
    assignment.headers_against_values();
    let (mut mapping, question) = assignment.finish();
    derived::place(schema, sheet, &mut mapping)?;
    let problem = question.or_else(|| check_required(schema, sheet, &mapping).err());
    if problem.is_some() {
        // Where people need names, that says it too.
        mapping.unordered.clear();
    }
    Ok((mapping, problem))
}

/// Gives columns what the user says that they are for. Where flags and the recipe say something of one
/// column or one field, the flags hold. Back come the columns of flags.
fn by_choices(
    schema: &mut Schema,
    choices: &[Choice],
    sheet: &Sheet<'_>,
    decided: &mut [Option<Decision>],
) -> Result<Vec<usize>> {
    let mut flagged: Vec<(usize, Role)> = Vec::new();
    let (flags, others): (Vec<_>, Vec<_>) = choices.iter().partition(|it| it.span.is_none());
    for choice in flags.into_iter().chain(others) {
        let column = find_column(choice, sheet);
        let role = named_role(schema, choice, sheet, column.as_ref().copied().ok());
        let is_said = |role: &Role| {
            let same = |(own, said): &(usize, Role)| {
                column.as_ref().is_ok_and(|column| column == own) || said.overlaps(role)
            };
            choice.span.is_some() && flagged.iter().any(same)
        };
        if role.as_ref().is_ok_and(is_said) {
            continue;
        }
        let (index, role) = (column?, role?);
        if sheet.headers.get(index).is_some_and(|header| is_ours(sheet, header)) {
            let message = format!(
                "column {:?} of {} is ours, from an earlier check",
                choice.header, sheet.name
            );
            let help =
                "name a column of people; what stands in this one is written anew by every check";
            return Err(choice.refuse(sheet, message, help.to_owned()));
        }
        let taken = decided.iter().flatten().any(|other| other.role.overlaps(&role));
        if taken {
            let message = format!("two columns are mapped to `{}`", choice.field);
            let help =
                "keep one of them; map the other to another field, or to `-` to leave it out";
            return Err(choice.refuse(sheet, message, help.to_owned()));
        }
        if decided.get(index).is_some_and(Option::is_some) {
            let message = format!("column {:?} is mapped twice", choice.header);
            let help = "keep one of the two; a column fills one field";
            return Err(choice.refuse(sheet, message, help.to_owned()));
        }
        if choice.span.is_none() {
            flagged.push((index, role.clone()));
        }
        if let Some(place) = decided.get_mut(index) {
            *place = Some(Decision::stated(role, choice.by));
        }
    }
    Ok(flagged.into_iter().map(|(column, _)| column).collect())
}

/// Whether an earlier check added a column with this header.
fn is_ours(sheet: &Sheet<'_>, header: &str) -> bool {
    sheet.header_row > 0 && returned::is_ours(header)
}

/// Gives a column whose header is the whole name of a field outside the table that field:
/// `addresses.2.city`, `custom:Shirt`. Nobody writes such a name and means something else.
fn by_own_names(schema: &mut Schema, sheet: &Sheet<'_>, decided: &mut [Option<Decision>]) {
    for (place, header) in decided.iter_mut().zip(sheet.headers) {
        let name = header.trim();
        if place.is_some() || !name.contains(['.', ':']) || schema.find(name).is_some() {
            continue;
        }
        let Ok(made) = schema.make(name) else { continue };
        // What the table has under another spelling is found by its phrases.
        let typed = name.strip_prefix(&*made.name).is_some_and(|rest| rest.starts_with(':'));
        if (made.name == name || typed) && schema.find(&made.name).is_none() {
            let role = schema.find_or_make(name).map(Role::Field);
            *place = role.ok().map(|role| Decision {
                role,
                why: "the field's own name".to_owned(),
                confidence: Some(Confidence::Certain),
            });
        }
    }
}

/// What was decided about a column.
#[derive(Clone, Debug)]
struct Decision {
    role: Role,
    why: String,
    confidence: Option<Confidence>,
}

impl Decision {
    fn stated(role: Role, by: &str) -> Self {
        let confidence = (!matches!(role, Role::Unused(_))).then_some(Confidence::Stated);
        Self { role, why: by.to_owned(), confidence }
    }

    fn unused(reason: impl Into<String>) -> Self {
        Self { role: Role::Unused(reason.into()), why: String::new(), confidence: None }
    }
}
