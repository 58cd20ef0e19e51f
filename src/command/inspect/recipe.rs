//! Recipes that `inspect` writes: a new one with everything that was found about a file, and the pins
//! of one that is there.
//!
//! A new recipe says what a run without one would do, line by line with the reason, so that it can be
//! read, corrected and kept. What is not used, or not known, stands in it as a comment.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

use super::{About, tell, why};
use crate::error::{Error, Result};
use crate::finding;
use crate::mapping::{Role, call_name, full_name};
use crate::pins;
use crate::plan::Job;
use crate::reader::{HeaderRows, Hidden};
use crate::recipe::{DateOrder, OnDuplicate, quoted};
use crate::record::{Field, Kind, Need};
use crate::row::{Area, letters};
use crate::staged::{Readers, Staged};
use crate::target;
use crate::visible::visible;

/// Words that are written down for one field; there are more where a column is of free text.
const WORDS: usize = 40;

/// Refuses what cannot be written down, before any file is read.
pub(super) fn check(job: &Job, path: &Path) -> Result<()> {
    if let Some(used) = &job.recipe.path {
        return Err(Error::usage(
            format!("--write-recipe begins a new recipe, but {} is in use", used.display()),
            "edit that one; or move it away, and run inspect again",
        ));
    }
    if path.exists() {
        return Err(exists(path));
    }
    if job.files.len() != 1 {
        // What stands behind the flag, with a space between, is a file to look at.
        let named = job.files.iter().find(|file| file.extension().is_some_and(|end| end == "toml"));
        let help = named.map_or_else(
            || "name one file".to_owned(),
            |name| {
                format!("the recipe's name goes with the flag: --write-recipe={}", name.display())
            },
        );
        return Err(Error::usage("--write-recipe writes down one file", help));
    }
    Ok(())
}

fn exists(path: &Path) -> Error {
    Error::usage(
        format!("{} is there already, and is not overwritten", path.display()),
        "name another file with --write-recipe=PATH, or move it away",
    )
}

/// Writes a recipe where none is.
pub(super) fn write_new(path: &Path, text: &str) -> Result<()> {
    let failed = |source| Error::Output { path: path.to_owned(), action: "write", source };
    let file = temporary(path, text).map_err(failed)?;
    file.name().map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => failed(source),
    })
}

/// A file beside the path that holds the text, to get its name when it is whole.
fn temporary(path: &Path, text: &str) -> io::Result<Staged> {
    let mut file = Staged::begin(path, ".tmp", Readers::Everybody)?;
    file.write_all(text.as_bytes())?;
    Ok(file)
}

/// Writes into a recipe how the one file of the job is read.
pub(super) fn pin(job: &Job, recipe: &Path, dates: Vec<Vec<(String, DateOrder)>>) -> Result<()> {
    let inputs = job.open_inputs()?;
    let [input] = inputs.as_slice() else {
        return Err(Error::usage("--pin writes down how one file is read", "name one file"));
    };
    let failed = |source| Error::Output { path: recipe.to_owned(), action: "write", source };
    let before = match std::fs::read_to_string(recipe) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        read => read.map_err(failed)?,
    };
    let pins = pins::of(input, dates.into_iter().next().unwrap_or_default());
    let after = pins::written(&before, &pins).ok_or_else(|| {
        Error::usage(
            format!("the pins of {} cannot be replaced without touching something else", recipe.display()),
            "take them out of it where they stand (`pins.… =`, `pins = {…}`), and run inspect --pin again",
        )
    })?;
    replace(recipe, &after)?;
    tell(&format!("pinned in {}", recipe.display()));
    Ok(())
}

/// Gives a recipe another text, whole or not at all.
pub(in crate::command) fn replace(recipe: &Path, text: &str) -> Result<()> {
    let failed = |source| Error::Output { path: recipe.to_owned(), action: "write", source };
    let file = temporary(recipe, text).map_err(failed)?;
    if let Ok(meta) = std::fs::metadata(recipe) {
        file.file().set_permissions(meta.permissions()).map_err(failed)?;
    }
    file.replace().map_err(failed)
}

/// The recipe that says what was found about the one file of the job.
pub(super) fn text(
    job: &Job,
    about: &[About<'_>],
    dates: &[Vec<(String, DateOrder)>],
) -> Result<String> {
    let [about] = about else {
        return Err(Error::usage("--write-recipe writes down one file", "name one file"));
    };
    let target = job.target()?;
    let kind = target.kind();
    let name = visible(&about.sheet.facts.file_name());
    let mut text = format!(
        "# How {name} goes to {}: written by upsheet inspect --write-recipe.\n\
         # It says what a run without it does. Correct it, then use it: upsheet check FILE --recipe \
         THIS\n\
         # What stands behind a # is not in force; take the # away to use it.\n\n\
         target = {}\n",
        kind.title,
        quoted(kind.id)
    );
    columns(about, kind, &mut text);
    reading(job, &mut text);
    phones(job, &mut text);
    policy(job, about, dates.first().map_or(&[], Vec::as_slice), &mut text);
    values(about, kind.fields, &mut text);
    section(job, kind, &mut text);
    if target.base_url().is_err() {
        text.push_str("# base_url = \"https://…\"  # where its API is; push needs it\n");
    }
    if job.overrides.batch_size.is_some() {
        return Ok(text);
    }
    let size = target.limits().rows;
    let _ = writeln!(text, "# batch_size = {size}  # people in one request");
    Ok(text)
}

/// The section of the target, in force as far as the command line said something for it.
fn section(job: &Job, kind: &target::Kind, text: &mut String) {
    let id = kind.id;
    let overrides = &job.overrides;
    let mut lines = Vec::new();
    if let Some(operation) = overrides.operation {
        lines.push(format!("operation = {}", quoted(operation.word())));
    }
    if let Some((key, (setting, written))) = overrides.matched_by.as_ref().zip(kind.matched_by) {
        lines.push(format!("{setting} = {}", quoted(written(key))));
    }
    if let Some(size) = overrides.batch_size {
        lines.push(format!("batch_size = {size}"));
    }
    if lines.is_empty() {
        let _ = writeln!(text, "\n# [{id}]");
        return;
    }
    let _ = writeln!(text, "\n[{id}]  # as the command line said it");
    for line in lines {
        let _ = writeln!(text, "{line}");
    }
}

/// One line for each column; the fields that must have one and have none come last.
fn columns(about: &About<'_>, kind: &target::Kind, text: &mut String) {
    let id = kind.id;
    let _ = writeln!(
        text,
        "\n# \"header of the sheet\" = \"field\"; \"-\" leaves a column out; upsheet targets {id} lists \
         the fields.\n[columns]"
    );
    let columns = &about.sheet.mapping.columns;
    let headers: Vec<String> = columns.iter().map(|column| column.header.clone()).collect();
    let mut lines: Vec<(String, String)> = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        let field = about.sheet.fields.get(index).and_then(Option::as_deref);
        let reason = match column.confidence {
            Some(confidence) => format!("{}: {}", confidence.word(), why(column)),
            None if column.role == Role::Source => why(column).to_owned(),
            None => format!("not used: {}", why(column)),
        };
        let reason = match &column.proof {
            Some(proof) => format!("{reason}; {proof}"),
            None => reason,
        };
        let Some(name) = call_name(&headers, index) else {
            let line = format!("# column {} has no name of its own", letters(index));
            lines.push((line, reason));
            continue;
        };
        let line = match (&column.role, field) {
            (role, _) if role.is_left_out() => format!("{} = \"-\"", quoted(&name)),
            (Role::Unused(_), _) | (_, None) => {
                let field = column.suggestion.as_deref().unwrap_or("-");
                format!("# {} = {}", quoted(&name), quoted(field))
            }
            (_, Some(field)) => format!("{} = {}", quoted(&name), quoted(field)),
        };
        lines.push((line, reason));
    }
    for field in missing(about, kind.fields) {
        let line = format!("# \"COLUMN\" = {}", quoted(&field.name));
        lines.push((line, "required, and no column was found".to_owned()));
    }
    let widths = lines.iter().map(|(line, _)| line.chars().count()).filter(|width| *width <= 60);
    let widest = widths.max().unwrap_or(0);
    for (line, reason) in lines {
        let _ = writeln!(text, "{line:widest$}  # {}", visible(&reason));
    }
}

/// The required fields that no column fills.
fn missing<'a>(about: &About<'_>, fields: &'a [Field]) -> Vec<&'a Field> {
    let taken = |wanted: &Field| {
        let full = wanted.is("first_name") || wanted.is("last_name");
        let mut names = about.sheet.fields.iter().flatten();
        names.any(|name| *name == *wanted.name || full && full_name(name).is_some())
    };
    let stands_in = |wanted: &Field| fields.iter().any(|it| it.is(wanted.stand_in) && taken(it));
    let lacks = |field: &&Field| !taken(field) && !stands_in(field);
    fields.iter().filter(|field| field.need == Need::Required).filter(lacks).collect()
}

/// How the file is read, as far as the command line said it: the rest is found out again.
fn reading(job: &Job, text: &mut String) {
    let options = &job.reading;
    let mut lines: Vec<(&str, String)> = Vec::new();
    let mut say = |key, value: Option<String>| lines.extend(value.map(|value| (key, value)));
    say("sheet", options.sheet.clone());
    say("range", options.range.map(range));
    say("table", options.table.clone());
    say(
        "header_row",
        options.header_row.map(|rows| match rows {
            HeaderRows::None => "none".to_owned(),
            HeaderRows::Rows { first, last } if first == last => first.to_string(),
            HeaderRows::Rows { first, last } => format!("{first}-{last}"),
        }),
    );
    say("delimiter", options.delimiter.clone());
    let quote = |quote: Option<u8>| quote.map_or("none".to_owned(), |c| char::from(c).to_string());
    say("quote", options.quote.map(quote));
    say("encoding", options.encoding.clone());
    say("hidden", (options.hidden == Hidden::Skip).then(|| "skip".to_owned()));
    if lines.is_empty() {
        return;
    }
    text.push_str("\n[reading]  # as the command line said it\n");
    for (key, value) in lines {
        let _ = writeln!(text, "{key} = {}", quoted(&value));
    }
}

/// A part of a sheet, as `--range` takes it.
fn range(area: Area) -> String {
    let column = |column: u32| letters(usize::try_from(column).unwrap_or_default());
    let open = area.bottom == u32::MAX;
    let top = if open && area.top == 1 { String::new() } else { area.top.to_string() };
    let bottom = if open { String::new() } else { area.bottom.to_string() };
    format!("{}{top}:{}{bottom}", column(area.left), column(area.right))
}

/// How phone numbers are read, as the command line said it.
fn phones(job: &Job, text: &mut String) {
    if job.region.is_none() && job.region_column.is_none() {
        return;
    }
    text.push_str("\n[phones]  # as the command line said it\n");
    if let Some(region) = job.region {
        let code = region.as_region_str().to_string();
        let _ = writeln!(text, "default_region = {}", quoted(&code));
    }
    if let Some(column) = &job.region_column {
        let _ = writeln!(text, "region_column = {}", quoted(column));
    }
}

fn policy(job: &Job, about: &About<'_>, dates: &[(String, DateOrder)], text: &mut String) {
    let on_duplicate = match job.on_duplicate.unwrap_or_default() {
        OnDuplicate::Reject => "reject",
        OnDuplicate::First => "first",
        OnDuplicate::Last => "last",
        OnDuplicate::Merge => "merge",
    };
    let _ = writeln!(
        text,
        "\n[policy]\n\
         blank = \"keep\"  # a blank cell leaves the target's value alone; \"clear\" empties it\n\
         on_duplicate = {}  # rows with the same key: reject the later ones, keep the first or the \
         last, or merge them",
        quoted(on_duplicate)
    );
    if job.warn_likely {
        text.push_str("likely = \"warn\"  # as --warn-likely says\n");
    }
    if let Some(order) = job.date_order {
        let order = order.word();
        let _ = writeln!(text, "date_order = {}  # as --date-order says", quoted(order));
        return;
    }
    for (header, order) in dates {
        let columns = &about.sheet.mapping.columns;
        let column = columns.iter().find(|column| column.header == *header);
        let proof = column.and_then(|column| column.proof.as_deref()).unwrap_or_default();
        let why = visible(&format!("column {header:?}: {proof}"));
        let _ = writeln!(text, "# date_order = {}  # {why}", quoted(order.word()));
    }
    let doubts = [&finding::DATE_ORDER_OPEN, &finding::DATE_ORDER_MIXED];
    for doubt in about.notes.iter().filter(|note| doubts.contains(&note.code)) {
        let message = visible(&doubt.message);
        let _ = writeln!(text, "# date_order = \"dmy\"  # or mdy, ymd; {message}");
    }
}

/// The words of choice columns that the target does not know, to be given their codes.
fn values(about: &About<'_>, fields: &[Field], text: &mut String) {
    for (index, column) in about.sheet.mapping.columns.iter().enumerate() {
        let own = about.sheet.fields.get(index).and_then(Option::as_deref);
        let Some(field) = own.or(column.suggestion.as_deref()) else { continue };
        if column.unknown.is_empty() {
            continue;
        }
        let header = visible(&column.header);
        let labels = fields.iter().find(|known| known.name == field).map_or(Vec::new(), labels);
        let _ = writeln!(
            text,
            "\n# Words of column \"{header}\" that are not known: say for each which it is of {}.\n\
             # [values.{field}]",
            labels.join(", ")
        );
        for word in column.unknown.iter().take(WORDS) {
            let _ = writeln!(text, "# {} = \"…\"", quoted(word));
        }
        if let Some(more @ 1..) = column.unknown.len().checked_sub(WORDS) {
            let _ = writeln!(text, "# … and {more} more");
        }
    }
}

/// What a choice field takes, by name.
fn labels(field: &Field) -> Vec<&str> {
    match &field.kind {
        Kind::Choice(choices) | Kind::Choices(choices) => {
            choices.iter().map(|choice| choice.label.as_ref()).collect()
        }
        _ => Vec::new(),
    }
}
