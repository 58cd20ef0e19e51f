//! Which columns a sheet to fill in has, and what stands over them.

use super::{Cells, Column};
use crate::error::{Error, Result};
use crate::example;
use crate::mapping::words::{is_code, is_postcode};
use crate::plan::form::{Form, Use};
use crate::record::{Beside, Field, Kind, Need};
use crate::spelling::{nearest, normalise};
use crate::target::describe;
use crate::validate::{COUNTRIES, CURRENCIES};

/// Which fields get a column, beside those that everybody needs and those that the recipe names.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// Those that sheets of people mostly have: fields that have words of their own for headers.
    Usual,
    /// Every field.
    All,
    /// These, by name; `addresses.*` stands for all whose names begin so.
    Named(Vec<String>),
}

/// What stands behind the header of a column in which everybody needs a value.
const MARK: &str = " *";

/// Tells for headers over a row which fields they mean for certain.
pub type Certain<'a> = dyn Fn(&[String], &[String]) -> Result<Vec<Option<usize>>> + 'a;

/// The columns of a sheet.
///
/// # Errors
/// When a name is that of no field, or no header means a field for certain.
pub fn columns(form: &Form, chosen: &Chosen, certain: &Certain<'_>) -> Result<Vec<Column>> {
    let mut drafts: Vec<Draft> = form.named.iter().map(|named| Draft::named(form, named)).collect();
    for place in fields(form, chosen)? {
        drafts.extend(Draft::of_field(form, place));
    }
    drafts.sort_by_key(|draft| draft.rank);
    loop {
        let headers: Vec<String> = drafts.iter().map(|draft| draft.column.header.clone()).collect();
        let example: Vec<String> =
            drafts.iter().map(|draft| draft.column.example.clone()).collect();
        let found = certain(&headers, &example)?;
        let mut changed = false;
        let mut unsure = None;
        for (draft, found) in drafts.iter_mut().zip(found) {
            if draft.place.is_some() && found != draft.place {
                let next = draft.next();
                changed |= next;
                unsure = unsure.or((!next).then(|| draft.name()));
            }
        }
        match unsure {
            _ if changed => {}
            None => break,
            Some(name) => {
                let message = format!("no header means `{name}` without the help of a recipe");
                let help =
                    format!("name its column in the recipe: [columns] \"HEADER\" = \"{name}\"");
                return Err(Error::usage(message, help));
            }
        }
    }
    Ok(drafts.into_iter().map(|draft| draft.column).collect())
}

/// The fields that get a column, in the order of the target.
fn fields(form: &Form, chosen: &Chosen) -> Result<Vec<usize>> {
    let fields = form.schema.fields();
    let mut named = Vec::new();
    if let Chosen::Named(names) = chosen {
        for name in names {
            let begins = name.strip_suffix('*');
            let is_meant = |field: &Field| match begins {
                Some(begins) => field.name.starts_with(begins),
                None => field.name == name.as_str(),
            };
            let before = named.len();
            named
                .extend((0..fields.len()).filter(|&place| fields.get(place).is_some_and(is_meant)));
            if named.len() == before {
                return Err(no_field(name, fields));
            }
        }
    }
    let is_covered = |field: &Field| {
        let names = matches!(field.name.as_ref(), "first_name" | "last_name");
        names && form.named.iter().any(|(_, purpose)| matches!(purpose, Use::FullName { .. }))
    };
    let wanted = |place: usize, field: &Field| {
        let needed = field.need == Need::Required || field.name == form.match_field;
        let has_column = form.named.iter().any(|(_, purpose)| *purpose == Use::Field(place));
        let taken = has_column || form.made.contains(&place) || is_covered(field);
        let usual = match chosen {
            Chosen::All => true,
            Chosen::Named(_) => named.contains(&place),
            Chosen::Usual => field.need == Need::Wanted || is_usual(field),
        };
        !taken && (needed || usual || form.needed.contains(&place))
    };
    Ok(fields
        .iter()
        .enumerate()
        .filter(|(place, field)| wanted(*place, field))
        .map(|it| it.0)
        .collect())
}

fn no_field(name: &str, fields: &[Field]) -> Error {
    let names = fields.iter().map(|field| field.name.as_ref());
    let help = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`upsheet targets` lists the fields; a custom field is named in the recipe first: \
                 [columns] \"HEADER\" = \"custom:NAME\""
            .to_owned(),
    };
    Error::usage(format!("there is no field `{name}`"), help)
}

/// Whether sheets of people mostly have a field: the account defined it, or it has words of its own for
/// headers; and it says nothing that another field says.
fn is_usual(field: &Field) -> bool {
    let twice = |beside: &Beside| matches!(beside, Beside::InsteadOf(_) | Beside::NotWith(_));
    let twice = field.beside.iter().any(twice);
    (field.label.is_some() || !field.words.sure.is_empty()) && !twice
}

/// A column whose header is still looked for.
struct Draft {
    column: Column,
    place: Option<usize>,
    /// Where it stands: what everybody needs comes first.
    rank: (u8, usize),
    /// Headers that may be tried, the next one last.
    others: Vec<String>,
}

impl Draft {
    fn of_field(form: &Form, place: usize) -> Option<Self> {
        let field = form.schema.field(place)?.clone();
        let required = field.need == Need::Required || field.name == form.match_field;
        let mark = if required { MARK } else { "" };
        let mut others = vec![format!("{}{mark}", field.name)];
        let phrases = field.words.sure.iter().rev();
        others.extend(phrases.map(|phrase| format!("{}{mark}", header(phrase))));
        let label = field.label.as_deref().map(str::to_owned);
        let called = [spoken(&field.name), label].into_iter().flatten();
        others.extend(called.map(|name| format!("{name}{mark}")));
        let first = others.pop()?;
        let rank = match field.need {
            _ if required => 0,
            Need::Wanted => 1,
            _ => 2,
        };
        let column = column(form, first, field, required);
        Some(Self { column, place: Some(place), rank: (rank, place), others })
    }

    /// A column as the recipe names it.
    fn named(form: &Form, (header, purpose): &(String, Use)) -> Self {
        let field = match purpose {
            Use::Field(place) => form.schema.field(*place),
            _ => None,
        };
        let (example, takes) = match purpose {
            Use::FullName { family_first: false } => (example::FULL_NAME, "first and last name"),
            Use::FullName { family_first: true } => {
                (example::FULL_NAME_TURNED, "last and first name, with a comma between them")
            }
            Use::Source => (example::TEXT, "what the recipe makes a value of"),
            _ => ("", "anything: it is not imported, says the recipe"),
        };
        let required = matches!(purpose, Use::FullName { .. })
            || field.is_some_and(|field| {
                field.need == Need::Required || field.name == form.match_field
            });
        // A header is found again by what it says, so the mark changes nothing.
        let marked = required && !normalise(header).is_empty();
        let header = if marked { format!("{header}{MARK}") } else { header.clone() };
        let (place, rank) = match purpose {
            Use::Field(place) => (Some(*place), if required { 0 } else { 2 }),
            Use::FullName { .. } => (None, 0),
            Use::Source => (None, 3),
            Use::Nothing => (None, 4),
        };
        let column = match field {
            Some(field) => column(form, header, field.clone(), required),
            None => Column {
                header,
                field: None,
                required,
                example: example.to_owned(),
                takes: takes.to_owned(),
                rules: Vec::new(),
                source: "",
                cells: Cells::General,
            },
        };
        Self { column, place, rank: (rank, place.unwrap_or(usize::MAX)), others: Vec::new() }
    }

    /// Takes the next header, if there is one; else the last one over a blank, because a value of the
    /// example may be what speaks against it.
    fn next(&mut self) -> bool {
        if let Some(next) = self.others.pop() {
            self.column.header = next;
            return true;
        }
        !std::mem::take(&mut self.column.example).is_empty()
    }

    fn name(&self) -> String {
        let field = self.column.field.as_ref();
        field.map_or_else(String::new, |field| field.name.to_string())
    }
}

fn column(form: &Form, header: String, field: Field, required: bool) -> Column {
    let key = field.name == form.match_field;
    Column {
        cells: cells(&header, &field, key),
        header,
        required,
        example: example::value(&field, key).into_owned(),
        takes: describe::takes(&field),
        rules: describe::rules(&field, key),
        source: field.source,
        field: Some(field),
    }
}

fn cells(header: &str, field: &Field, key: bool) -> Cells {
    match field.kind {
        _ if key && !matches!(field.kind, Kind::Email) => Cells::Text,
        Kind::Choice(_) => Cells::OneOf(describe::labels(field)),
        Kind::Bool => Cells::OneOf(vec!["yes".to_owned(), "no".to_owned()]),
        Kind::Currency => Cells::OneOf(CURRENCIES.iter().map(|code| (*code).to_owned()).collect()),
        Kind::Country => Cells::Near(countries()),
        Kind::Date(_) => Cells::Day,
        Kind::Integer => Cells::Whole(field.range),
        Kind::Phone(_) | Kind::Moment(_) | Kind::Coordinates | Kind::Json(_) => Cells::Text,
        Kind::Text if field.code || is_code(header) || is_postcode(header) => Cells::Text,
        Kind::Text if field.name.starts_with("custom") => Cells::Text,
        _ => Cells::General,
    }
}

/// The names of countries in English, as they are looked up in a list.
fn countries() -> Vec<String> {
    let mut names: Vec<String> = COUNTRIES.iter().map(|(_, name)| (*name).to_owned()).collect();
    names.sort_by_cached_key(|name| normalise(name));
    names
}

/// The name of a field in words: "Date of birth", "Addresses 1 city". Nothing where it holds a word that
/// somebody else chose.
fn spoken(name: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
    name.chars().all(is_plain).then(|| header(&name.replace(['_', '.'], " ")))
}

/// A phrase as a header: `=date born` is "Date born", `email` "E-mail".
fn header(phrase: &str) -> String {
    let first = phrase.split('|').next().unwrap_or_default().trim_start_matches('=');
    let words = first.split(' ').map(|word| match word {
        "email" => "e-mail",
        "id" => "ID",
        "sms" => "SMS",
        "url" => "URL",
        word => word,
    });
    let text = words.collect::<Vec<_>>().join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::mapping::{Schema, Unmade};
    use crate::record::Words;

    fn form() -> Form {
        let words = Words { sure: &["=wanted", "second|other"], maybe: &[] };
        let fields = vec![
            Field::new("note.1", Kind::Text, "note").words(words),
            Field::new("email", Kind::Email, "email").required(),
            Field { label: Some("Größe".into()), ..Field::new("custom:9", Kind::Text, "c") },
        ];
        Form {
            schema: Schema::new(fields, Arc::new(|_| Err(Unmade::Unknown))),
            match_field: "email".to_owned(),
            named: Vec::new(),
            needed: Vec::new(),
            made: Vec::new(),
        }
    }

    /// The headers that are taken when only these are understood.
    fn headers(understood: &[&str], blank: bool) -> Result<Vec<String>> {
        let certain = |headers: &[String], row: &[String]| -> Result<Vec<Option<usize>>> {
            let place = |(header, cell): (&String, &String)| match header.as_str() {
                "E-mail *" => Some(1),
                "Größe" => Some(2),
                header => {
                    (understood.contains(&header) && (!blank || cell.is_empty())).then_some(0)
                }
            };
            Ok(headers.iter().zip(row).map(place).collect())
        };
        let columns = columns(&form(), &Chosen::Usual, &certain)?;
        Ok(columns.into_iter().map(|column| column.header).collect())
    }

    #[test]
    fn the_first_header_that_is_understood_for_certain_is_taken() {
        for (understood, expected) in [
            (&["Note 1", "Wanted"][..], "Note 1"),
            (&["Wanted", "Second"], "Wanted"),
            (&["Second", "note.1"], "Second"),
            (&["note.1"], "note.1"),
        ] {
            let expected = ["E-mail *", expected, "Größe"];
            assert_eq!(headers(understood, false).unwrap(), expected);
        }
        // Where a value speaks against every header, the column has none.
        assert_eq!(headers(&["note.1"], true).unwrap(), ["E-mail *", "note.1", "Größe"]);
        assert!(headers(&[], false).is_err());
    }
}
