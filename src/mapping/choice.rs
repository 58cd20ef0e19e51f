//! What the user says about columns: which column is meant, and for which field; and how a column is called so that
//! the user can say it.

use std::ops::Range;

use super::column::LEFT_OUT;
use super::required::headers_line;
use super::{FULL_NAME, NameOrder, Role, Schema, Sheet, Unmade, full_name, said_first};
use crate::error::{Error, Result};
use crate::returned::REASON;
use crate::row::letters;
use crate::spelling::{nearest, normalise};

/// A decision of the user about one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The header, or a column letter.
    pub header: String,
    /// The field's name, or `-` for "do not use this column".
    pub field: String,
    /// Who said so: `--map` or the recipe.
    pub by: &'static str,
    /// Where the recipe says so.
    pub span: Option<Range<usize>>,
}

impl Choice {
    /// The error for a choice that cannot be followed, at its place in the recipe if it has one.
    pub(super) fn refuse(&self, sheet: &Sheet<'_>, message: String, help: String) -> Error {
        match &self.span {
            Some(span) => sheet.makings.recipe.error(message, span.clone(), Some(help)),
            None => Error::Mapping { message, help },
        }
    }
}

/// The letter by which a column may be named. In a file of rejected people none is: there stands one column more than
/// in the sheet that they came from, of which a recipe or a command speaks.
fn letter(headers: &[String], column: usize) -> Option<String> {
    (!has_reasons(headers)).then(|| letters(column))
}

fn has_reasons(headers: &[String]) -> bool {
    headers.first().is_some_and(|header| header == REASON)
}

/// The column that a name means: by its header, or by its letter. `parts` are the rows of each header of
/// several.
pub fn column_named(headers: &[String], parts: &[Vec<String>], name: &str) -> Option<usize> {
    let named = |index: &usize| letter(headers, *index).is_some_and(|own| own == name.trim());
    let by_letter = || (0..headers.len()).find(named);
    column_headed(headers, parts, name).or_else(by_letter)
}

/// The column with a header: to the letter, or normalised, or in one row of several.
pub(super) fn column_headed(
    headers: &[String],
    parts: &[Vec<String>],
    name: &str,
) -> Option<usize> {
    let wanted = name.trim();
    let plain = normalise(wanted);
    headers
        .iter()
        .position(|header| header.trim() == wanted)
        .or_else(|| {
            headers.iter().position(|header| !plain.is_empty() && normalise(header) == plain)
        })
        .or_else(|| {
            // One row of a header of several is enough where no other column says the same.
            let says = |parts: &Vec<String>| parts.iter().any(|part| normalise(part) == plain);
            let mut columns = parts.iter().enumerate().filter(|(_, parts)| says(parts));
            let only = columns.next().filter(|_| !plain.is_empty())?.0;
            columns.next().is_none().then_some(only)
        })
}

/// The column that a choice names: by its header, or by its letter.
pub(super) fn find_column(choice: &Choice, sheet: &Sheet<'_>) -> Result<usize> {
    let wanted = choice.header.trim();
    column_named(sheet.headers, sheet.parts, wanted).ok_or_else(|| {
        let near = nearest(wanted, sheet.headers.iter().map(String::as_str));
        let does = match choice.field.as_str() {
            "-" => "names".to_owned(),
            field => format!("maps to `{field}`"),
        };
        let message = format!(
            "{} has no column {wanted:?}, which {} {does}\n{}",
            sheet.name,
            choice.by,
            headers_line(sheet)
        );
        let is_letter = (0..sheet.headers.len()).any(|index| letters(index) == wanted);
        let help = match near {
            _ if is_letter && has_reasons(sheet.headers) => format!(
                "beside the column {REASON:?} letters are not those of the sheet that the people came \
                 from: take that column out of the file, or name a header"
            ),
            Some(near) => format!("did you mean {:?}?", near.trim()),
            None => "name a header of the sheet, or a column letter".to_owned(),
        };
        choice.refuse(sheet, message, help)
    })
}

/// What a choice makes of its column.
pub(super) fn named_role(
    schema: &mut Schema,
    choice: &Choice,
    sheet: &Sheet<'_>,
    column: Option<usize>,
) -> Result<Role> {
    if choice.field == "-" {
        return Ok(Role::Unused(format!("{LEFT_OUT} {}", choice.by)));
    }
    if let Some(said) = full_name(&choice.field)
        && schema.find(FULL_NAME).is_none()
        && let (Some(first), Some(last)) = (schema.find("first_name"), schema.find("last_name"))
    {
        let header = column.and_then(|column| sheet.headers.get(column)).map_or("", String::as_str);
        let order = said.unwrap_or_else(|| NameOrder::under(header));
        return Ok(Role::FullName { first, last, order });
    }
    schema.find_or_make(&choice.field).map(Role::Field).map_err(|why| {
        if let Unmade::Refused { why, help } = why {
            let message = format!(
                "`{}`, to which {} maps column {:?} of {}, cannot be imported: {why}",
                choice.field, choice.by, choice.header, sheet.name
            );
            return choice.refuse(sheet, message, help);
        }
        let names = schema.fields().iter().map(|field| field.name.as_ref());
        let help = match nearest(&choice.field, names) {
            _ if choice.field.starts_with(FULL_NAME) && schema.find(FULL_NAME).is_none() => {
                full_names()
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => "`upsheet targets` lists the fields, and how fields of your own are named"
                .to_owned(),
        };
        let message = format!(
            "the target has no field `{}`, to which {} maps column {:?} of {}",
            choice.field, choice.by, choice.header, sheet.name
        );
        choice.refuse(sheet, message, help)
    })
}

/// How columns of full names are said, for somebody who said it otherwise.
pub fn full_names() -> String {
    let [family, given] = said_first();
    format!("a column with first and last name is `{FULL_NAME}`, `{family}` or `{given}`")
}

/// How a column is called so that no other is meant: its header, or its letter where it has none or
/// another column has the same. Nothing where neither will do.
pub fn call_name(headers: &[String], column: usize) -> Option<String> {
    let header = headers.get(column).map_or("", |header| header.trim());
    let called = |name: &str| headers.iter().filter(|other| other.trim() == name).count();
    if !normalise(header).is_empty() && called(header) == 1 && !header.contains(char::is_control) {
        return Some(header.to_owned());
    }
    let letter = letter(headers, column)?;
    let taken = headers.iter().any(|other| normalise(other) == normalise(&letter));
    (!taken).then_some(letter)
}

/// A column as `--map` takes it from a shell.
pub fn flag_name(headers: &[String], column: usize) -> String {
    let name = call_name(headers, column).filter(|name| !name.contains(['=', '\'']));
    let header = || headers.get(column).map_or_else(String::new, |header| header.trim().to_owned());
    name.or_else(|| letter(headers, column)).unwrap_or_else(header)
}
