//! `targets`: each target's fields with their rules and where these stand, and the settings of its section
//! in the recipe; the page of the documentation is made of the same tables.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::{print, print_json};
use crate::error::{ExitStatus, Result};
use crate::recipe::Recipe;
use crate::record::{Field, Kind, Need, Value};
use crate::target::setting::plain;
use crate::target::{ALL, Kind as TargetKind, Overrides, Setting, describe, find};

/// What `targets` shows.
#[derive(Clone, Debug)]
pub struct Targets {
    /// Of one target; of all where none is named.
    pub target: Option<String>,
    /// How.
    pub form: Form,
}

/// The forms of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A page for people.
    Text,
    /// One JSON object, as its schema in `schemas/` describes it.
    Json,
    /// The page of the documentation.
    Markdown,
}

/// A target with the fields that it takes unasked, and the field by which it finds people.
struct Table {
    kind: &'static TargetKind,
    fields: Vec<Field>,
    key: String,
}

/// Prints the field table of one target, or of all.
///
/// # Errors
/// When there is no such target.
pub fn targets(plan: &Targets) -> Result<ExitStatus> {
    let kinds = match &plan.target {
        Some(id) => vec![find(id)?],
        None => ALL.to_vec(),
    };
    let tables = kinds.into_iter().map(table).collect::<Result<Vec<Table>>>()?;
    match plan.form {
        Form::Text => print(&text(&tables))?,
        Form::Json => {
            let all: Vec<Json> = tables.iter().map(to_json).collect();
            print_json(&format!("{:#}\n", json!({ "version": 1, "targets": all })))?;
        }
        Form::Markdown => print(&markdown(&tables))?,
    }
    Ok(ExitStatus::Good)
}

fn table(kind: &'static TargetKind) -> Result<Table> {
    let target = (kind.configure)(&Recipe::default(), &Overrides::default())?;
    let mut schema = target.schema();
    for name in kind.fields.iter().map(|field| &*field.name).chain(kind.defined.iter().copied()) {
        // What only a setting opens is shown as it is then.
        let _ = schema.find_or_make(name);
    }
    let mut fields = schema.fields().to_vec();
    let closed = kind.fields.iter().filter(|field| schema.find(&field.name).is_none());
    fields.extend(closed.cloned());
    let key = target.match_field().to_owned();
    Ok(Table { kind, fields, key })
}

impl Table {
    /// What must hold for a field, and the words of a choice with their codes.
    fn rules(&self, field: &Field) -> Vec<String> {
        let mut rules = describe::rules(field, field.name == self.key);
        let choices = describe::choices(field);
        if !choices.is_empty() {
            rules.push(format!("one of {}", choices.join(", ")));
        }
        rules
    }
}

fn text(tables: &[Table]) -> String {
    let mut pages = Vec::new();
    for table in tables {
        let mut page = format!("{} ({})\n\n", table.kind.title, table.kind.id);
        let widest = table.fields.iter().map(|field| field.name.len()).max().unwrap_or(0);
        for field in &table.fields {
            let rules = table.rules(field);
            let rules = if rules.is_empty() { "-".to_owned() } else { rules.join("; ") };
            // Writing to a String cannot fail.
            let _ = writeln!(
                page,
                "  {:widest$}  {:9}  {rules}  {}",
                field.name,
                field.kind.word(),
                field.source
            );
        }
        page.push_str(&settings_text(table.kind));
        pages.push(page);
    }
    pages.join("\n")
}

/// The settings of a section, each with what it decides below it.
fn settings_text(kind: &TargetKind) -> String {
    let mut page = format!(
        "\n  settings under [{}] in the recipe (docs/{}.md has the sections that are named)\n\n",
        kind.id, kind.id
    );
    let widest = kind.settings.iter().map(|setting| setting.name.len()).max().unwrap_or(0);
    for Setting { name, default, says, source } in kind.settings {
        let (default, says) = (plain(default), plain(says));
        let _ = writeln!(page, "  {name:widest$}  {default}  {says}  {source}");
    }
    page
}

fn to_json(table: &Table) -> Json {
    let field = |field: &Field| {
        let choices = match &field.kind {
            Kind::Choice(choices) | Kind::Choices(choices) => choices
                .iter()
                .map(|choice| {
                    let value = match choice.value.value() {
                        Value::Integer(number) => json!(number),
                        other => json!(other.to_string()),
                    };
                    json!({ "label": choice.label, "value": value })
                })
                .collect(),
            _ => Vec::new(),
        };
        json!({
            "name": field.name,
            "kind": field.kind.word(),
            "path": field.path,
            "need": match field.need {
                Need::Required => "required",
                Need::Wanted => "wanted",
                Need::Optional => "optional",
            },
            "unique": field.unique,
            "takes": describe::takes(field),
            "rules": describe::rules(field, field.name == table.key),
            "choices": choices,
            "source": field.source,
        })
    };
    let setting = |setting: &Setting| {
        let default = plain(setting.default);
        json!({
            "name": setting.name,
            "default": (default != NONE).then_some(default),
            "says": plain(setting.says),
            "source": setting.source,
        })
    };
    json!({
        "id": table.kind.id,
        "title": table.kind.title,
        "match_field": table.key,
        "fields": table.fields.iter().map(field).collect::<Vec<_>>(),
        "settings": table.kind.settings.iter().map(setting).collect::<Vec<_>>(),
    })
}

/// What stands for no default.
const NONE: &str = "–";

/// What stands above the tables.
const ABOVE: &str = "\
<!-- Made by `upsheet targets --format markdown`. A test fails when it is not current. -->

# What each target takes

One table of fields for each target, from which headers are found, values judged and sheets to fill in made. A
field's name is what `--map 'COLUMN=FIELD'` and the recipe call it. *Needed* is what a person cannot be
sent without, *wanted* what is worth a warning when it is blank; operation and match key of the recipe can
change both, and the table shows what holds without a recipe. The source is the document of the vendor
that the rule stands in. [recipe.md](recipe.md) says how custom fields are named, and
[email-and-keys.md](email-and-keys.md) what an address is.

Below the fields stand the settings of the target's section in the recipe; what one of them refers to by a
heading stands on the page of the target.
";

fn markdown(tables: &[Table]) -> String {
    let mut page = ABOVE.to_owned();
    for table in tables {
        let _ = write!(
            page,
            "\n## {} (`--to {}`)\n\nPeople are found by `{}`.\n\n\
             | field | kind | needed | what goes in, and what must hold | source |\n\
             |---|---|---|---|---|\n",
            table.kind.title, table.kind.id, table.key
        );
        for field in &table.fields {
            let needed = match field.need {
                Need::Required => "needed",
                Need::Wanted => "wanted",
                Need::Optional => "",
            };
            let choices = describe::choices(field);
            let takes = if choices.is_empty() {
                describe::takes(field)
            } else {
                format!("one of {}", choices.join(", "))
            };
            let rules = describe::rules(field, field.name == table.key);
            let rules = rules.into_iter().filter(|rule| rule != "required" && rule != "wanted");
            let said: Vec<String> = std::iter::once(takes).chain(rules).collect();
            let _ = writeln!(
                page,
                "| `{}` | {} | {needed} | {} | {} |",
                field.name,
                field.kind.word(),
                cell(&said.join("; ")),
                cell(field.source)
            );
        }
        let id = table.kind.id;
        let _ = write!(
            page,
            "\n### Settings under `[{id}]`\n\nSee [{id}.md]({id}.md).\n\n\
             | setting | default | what it decides | source |\n|---|---|---|---|\n"
        );
        for Setting { name, default, says, source } in table.kind.settings {
            let [default, says, source] = [default, says, source].map(|text| cell(text));
            let _ = writeln!(page, "| `{name}` | {default} | {says} | {source} |");
        }
    }
    page
}

/// A text as the cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
