//! Which column holds which field: resolved once for each input, before the first row is judged.
//!
//! What the user says (`--map`, the recipe) comes first; then the field's own name; then the words
//! that people use for it. A required field without a column stops the run and shows the headers.

mod assign;
mod choice;
mod content;
mod header;
mod required;
pub mod words;

use self::assign::assign_by_header;
use self::choice::{find_column, named_role};
use self::header::likeness;
use self::required::check_required;
use crate::error::{Error, Result};
use crate::record::Field;
use crate::row::Rows;
use crate::spelling::normalise;

/// The fields of a run: those of the target's table and the custom ones that a mapping named.
/// A field's index stays the same for the whole run.
#[derive(Clone, Debug)]
pub struct Schema {
    fields: Vec<Field>,
    custom: fn(&str) -> Option<Field>,
}

impl Schema {
    /// The schema of a target: its table, and how it makes a custom field from a name.
    pub fn new(table: &[Field], custom: fn(&str) -> Option<Field>) -> Self {
        Self { fields: table.to_vec(), custom }
    }

    /// All fields so far.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field with an index that this schema gave out.
    pub fn field(&self, index: usize) -> Option<&Field> {
        self.fields.get(index)
    }

    /// The index of a field of the table or one made before.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    fn find_or_make(&mut self, name: &str) -> Option<usize> {
        self.find(name).or_else(|| {
            let made = (self.custom)(name)?;
            // Two spellings may make one field.
            self.find(&made.name).or_else(|| {
                self.fields.push(made);
                Some(self.fields.len() - 1)
            })
        })
    }
}

/// The name of the field that a cell with first and last name has.
pub const FULL_NAME: &str = "full_name";

/// What a column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Its values go into a field of the schema.
    Field(usize),
    /// Its values are split into the fields of first and last name.
    FullName {
        /// The field of the given name.
        first: usize,
        /// The field of the family name.
        last: usize,
    },
    /// It is not used, and why.
    Unused(String),
}

/// One column of an input, and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header, trimmed.
    pub header: String,
    /// What it is for.
    pub role: Role,
    /// Why, in a few words: "named by --map", "header", …
    pub why: &'static str,
    /// What its values prove about reading them, such as the order of dates.
    pub proof: Option<String>,
}

/// The columns of one input, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// One for each column.
    pub columns: Vec<Column>,
}

impl Mapping {
    /// The column that fills a field.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.columns.iter().position(|column| match column.role {
            Role::Field(index) => index == field,
            Role::FullName { first, last } => first == field || last == field,
            Role::Unused(_) => false,
        })
    }
}

/// A decision of the user about one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The header, or a column letter.
    pub header: String,
    /// The field's name, or `-` for "do not use this column".
    pub field: String,
    /// Who said so: `--map` or the recipe.
    pub by: &'static str,
}

/// What [`resolve`] looks at.
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
}

/// Decides for every column what it is for.
///
/// # Errors
/// [`Error::Mapping`] when a choice names a column or field that is not there, when two choices
/// name one field, or when a required field has no column.
pub fn resolve(schema: &mut Schema, choices: &[Choice], sheet: &Sheet<'_>) -> Result<Mapping> {
    let mut columns: Vec<Option<(Role, &'static str)>> = vec![None; sheet.headers.len()];
    for choice in choices {
        let index = find_column(choice, sheet)?;
        let role = named_role(schema, choice, sheet)?;
        let taken = columns.iter().flatten().any(|(other, _)| overlaps(other, &role));
        if taken {
            return Err(Error::Mapping {
                message: format!("two columns are mapped to `{}`", choice.field),
                help: "keep one of them; map the other to another field, or to `-` to leave it out"
                    .to_owned(),
            });
        }
        if let Some(place) = columns.get_mut(index) {
            *place = Some((role, choice.by));
        }
    }
    for &index in sheet.left_out {
        if let Some(place @ None) = columns.get_mut(index) {
            *place = Some((Role::Unused("hidden, and left out by --hidden skip".to_owned()), ""));
        }
    }
    assign_by_header(schema, sheet, &mut columns);
    let mapping = Mapping {
        columns: columns
            .into_iter()
            .zip(sheet.headers)
            .map(|(decided, header)| {
                let (role, why) = decided.unwrap_or_else(|| (unused(schema, header), ""));
                Column { header: header.trim().to_owned(), role, why, proof: None }
            })
            .collect(),
    };
    check_required(schema, sheet, &mapping)?;
    Ok(mapping)
}

fn unused(schema: &Schema, header: &str) -> Role {
    let plain = normalise(header);
    let meant = schema
        .fields()
        .iter()
        .filter_map(|field| Some((likeness(&plain, &field.name, field.words)?, field)))
        .min_by_key(|(strength, _)| *strength);
    Role::Unused(match meant {
        _ if header.trim().is_empty() => "it has no header".to_owned(),
        Some((_, field)) => format!("another column is used for `{}`", field.name),
        None => "no field of that name".to_owned(),
    })
}

fn overlaps(a: &Role, b: &Role) -> bool {
    let fields = |role: &Role| match *role {
        Role::Field(index) => [Some(index), None],
        Role::FullName { first, last } => [Some(first), Some(last)],
        Role::Unused(_) => [None, None],
    };
    let (a, b) = (fields(a), fields(b));
    a.iter().flatten().any(|index| b.contains(&Some(*index)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Kind;
    use crate::row::{CellKind, Location};

    fn custom(name: &str) -> Option<Field> {
        let label = name.strip_prefix("custom:")?.to_owned();
        Some(Field {
            name: format!("custom:{label}").into(),
            ..Field::new("", Kind::Text, "custom.1")
        })
    }

    fn schema() -> Schema {
        static TABLE: &[Field] = &[
            Field::new("first_name", Kind::Name, "first_name").words(words::FIRST_NAME).required(),
            Field::new("last_name", Kind::Name, "last_name").words(words::LAST_NAME).required(),
            Field::new("email", Kind::Email, "email").words(words::EMAIL).required(),
            Field::new("mobile_phone", Kind::Text, "m").words(words::MOBILE_PHONE),
            Field::new("secondary_phone", Kind::Text, "s").words(words::SECONDARY_PHONE),
            Field::new("gender", Kind::Choice(&[]), "g").words(words::GENDER),
        ];
        Schema::new(TABLE, custom)
    }

    fn map(headers: &[&str], row: &[&str], choices: &[(&str, &str)]) -> Result<Vec<String>> {
        let mut schema = schema();
        let mut sample = Rows::default();
        for cell in row {
            sample.push_cell(cell, CellKind::Text);
        }
        sample.end_row(Location::default());
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let choices: Vec<Choice> = choices
            .iter()
            .map(|(header, field)| Choice {
                header: (*header).to_owned(),
                field: (*field).to_owned(),
                by: "--map",
            })
            .collect();
        let sheet = Sheet {
            name: "people.csv",
            header_row: 1,
            headers: &headers,
            parts: &[],
            sample: &sample,
            left_out: &[],
            knows_word: &|_, word| word == "F",
        };
        let mapping = resolve(&mut schema, &choices, &sheet)?;
        Ok(mapping
            .columns
            .iter()
            .map(|column| match &column.role {
                Role::Field(index) => schema.field(*index).unwrap().name.to_string(),
                Role::FullName { .. } => FULL_NAME.to_owned(),
                Role::Unused(_) => "-".to_owned(),
            })
            .collect())
    }

    #[test]
    fn headers_find_their_fields() {
        for (headers, expected) in [
            (vec!["First Name", "SURNAME", "E-mail *"], vec!["first_name", "last_name", "email"]),
            (vec!["Prénom", "Nom", "Courriel"], vec!["first_name", "last_name", "email"]),
            (vec!["Name", "Email"], vec!["full_name", "email"]),
            (
                vec!["first", "last", "Mail", "Phone", "Mobile"],
                vec!["first_name", "last_name", "email", "secondary_phone", "mobile_phone"],
            ),
            (
                vec!["first", "last", "Mail", "Phone", "Name"],
                vec!["first_name", "last_name", "email", "mobile_phone", "-"],
            ),
            (
                vec!["first", "last", "Email", "E-Mail", "", "Shoe"],
                vec!["first_name", "last_name", "email", "-", "-", "-"],
            ),
        ] {
            assert_eq!(map(&headers, &[], &[]).unwrap(), expected, "{headers:?}");
        }
    }

    #[test]
    fn what_the_user_says_comes_first() {
        let headers = ["first", "last", "Email", "Contact", "Shirt"];
        let choices = [("contact", "email"), ("E", "custom:T-shirt size"), ("Email", "-")];
        assert_eq!(
            map(&headers, &[], &choices).unwrap(),
            ["first_name", "last_name", "-", "email", "custom:T-shirt size"]
        );
    }

    #[test]
    fn a_column_whose_values_speak_against_it_is_left_out() {
        let headers = ["first", "last", "email", "Gender"];
        assert_eq!(map(&headers, &["a", "b", "c", "F"], &[]).unwrap()[3], "gender");
        assert_eq!(map(&headers, &["a", "b", "c", "Welder"], &[]).unwrap()[3], "-");
    }

    #[test]
    fn mistakes_name_the_nearest_match() {
        for (headers, choices, message, help) in [
            (vec!["Given name", "last"], vec![], "`email`", "--map 'COLUMN=email'"),
            (
                vec!["first", "last", "Contact point"],
                vec![],
                "has: first, last, Contact point",
                "--map 'Contact point=email'",
            ),
            (vec!["first", "last", "email"], vec![("Emial", "email")], "\"Emial\"", "\"email\""),
            (vec!["first", "last", "email"], vec![("email", "emial")], "`emial`", "`email`"),
            (
                vec!["first", "last", "email", "x"],
                vec![("x", "email"), ("email", "email")],
                "two columns",
                "`-`",
            ),
        ] {
            let row = ["a", "b", "c@d.org", "e"];
            let Error::Mapping { message: got, help: cure } =
                map(&headers, &row, &choices).unwrap_err()
            else {
                panic!("{headers:?}")
            };
            assert!(got.contains(message), "{got} lacks {message}");
            assert!(cure.contains(help), "{cure} lacks {help}");
        }
    }
}
