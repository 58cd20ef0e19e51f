//! Which column holds which field: resolved once for each input, before the first row is judged.
//!
//! What the user says (`--map`, the recipe) comes first; then what the headers say, as far as the
//! values do not speak against it; then what the values say alone. Of two columns for one field the
//! better one is taken for a reason that is shown; where there is none, nobody is chosen: a required
//! field stops the run, another one stays empty with a warning.

mod assign;
mod candidates;
mod choice;
mod content;
pub mod derived;
mod header;
mod phrases;
mod required;
mod rivals;
mod shifted;
mod vocabulary;
pub mod words;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use self::assign::Assignment;
pub use self::choice::column_named;
use self::choice::{find_column, named_role};
use self::derived::{Derived, Makings};
pub use self::header::date_order;
pub use self::phrases::{is_of_names, is_usual, meaning_of, says_full_name};
use self::required::check_required;
use crate::error::{Error, Result};
use crate::record::Field;
use crate::returned;
use crate::row::{Rows, letters};
use crate::spelling::normalise;

/// The fields of a run: those of the target's table and the custom ones that a mapping named.
/// A field's index stays the same for the whole run.
#[derive(Clone)]
pub struct Schema {
    fields: Vec<Field>,
    make: Make,
}

/// Makes the field that a name means which no table holds.
pub type Make = Arc<dyn Fn(&str) -> Result<Field, Unmade> + Send + Sync>;

/// Says why a field that was made from its name is none all the same.
pub type Check = Arc<dyn Fn(&Field) -> Result<(), Unmade> + Send + Sync>;

/// Why there is no field of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmade {
    /// The target knows no such name.
    Unknown,
    /// The target knows it and cannot be sent it.
    Refused {
        /// Why not, as a sentence that follows "`NAME` cannot be imported: ".
        why: String,
        /// What to do.
        help: String,
    },
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schema").field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Schema {
    /// The schema of a target: its table, and how it makes other fields from their names.
    pub fn new(fields: Vec<Field>, make: Make) -> Self {
        Self { fields, make }
    }

    /// The same schema, in which a field outside the table must also pass a check.
    #[must_use]
    pub fn checked(self, check: Check) -> Self {
        let make = self.make;
        let checked: Make = Arc::new(move |name| {
            let field = make(name)?;
            check(&field).map(|()| field)
        });
        Self { fields: self.fields, make: checked }
    }

    /// All fields so far.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field with an index that this schema gave out.
    pub fn field(&self, index: usize) -> Option<&Field> {
        self.fields.get(index)
    }

    /// The index of a field of the table or one made before, by its name or the one that it has in
    /// every target.
    pub fn find(&self, name: &str) -> Option<usize> {
        let named = self.fields.iter().position(|field| field.name == name);
        named.or_else(|| self.fields.iter().position(|field| field.is(name)))
    }

    /// The index of a field, which one outside the table gets when it is first named.
    ///
    /// # Errors
    /// [`Unmade`] when there is none.
    pub fn find_or_make(&mut self, name: &str) -> Result<usize, Unmade> {
        if let Some(index) = self.find(name) {
            return Ok(index);
        }
        let made = (self.make)(name)?;
        // Two spellings may make one field.
        Ok(self.find(&made.name).unwrap_or_else(|| {
            self.fields.push(made);
            self.fields.len() - 1
        }))
    }
}

/// The name of the field that a cell with first and last name has.
pub const FULL_NAME: &str = "full_name";

/// Why a column is not used that nothing speaks for.
pub const NO_FIELD: &str = "no field of that name";

/// Why a column is not used that an earlier check added.
pub const OURS: &str = "ours, from an earlier check";

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
    /// Its values go, in parts or with others, into what the recipe makes of them.
    Source,
    /// It is not used, and why.
    Unused(String),
}

/// How sure it is what a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// The user said so.
    Stated,
    /// The header says it, and the values do not speak against it.
    Certain,
    /// The header or the values say it, and might mean something else.
    Likely,
    /// The best guess; a person should look.
    Weak,
}

impl Confidence {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Weak => "weak",
        }
    }
}

/// One column of an input, and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The header, trimmed.
    pub header: String,
    /// What it is for.
    pub role: Role,
    /// Why, in a few words: "named by --map", "header", …
    pub why: String,
    /// How sure that is; nothing where it is not used.
    pub confidence: Option<Confidence>,
    /// The field that it could be used for with `--map`, where it is not used.
    pub suggestion: Option<String>,
    /// Words of its first rows that its choice field does not know.
    pub unknown: Vec<String>,
    /// What its values prove about reading them, such as the order of dates.
    pub proof: Option<String>,
}

impl Column {
    /// A column of which nothing was decided.
    pub fn unmapped(header: &str) -> Self {
        Self {
            header: header.trim().to_owned(),
            role: Role::Unused("not mapped".to_owned()),
            why: String::new(),
            confidence: None,
            suggestion: None,
            unknown: Vec::new(),
            proof: None,
        }
    }
}

/// What could not be decided, and does not stop the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// The first of the columns that it is about.
    pub column: usize,
    /// The field that got none of them.
    pub field: String,
    /// What is open.
    pub message: String,
    /// How to decide it.
    pub help: String,
}

/// The columns of one input, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// One for each column.
    pub columns: Vec<Column>,
    /// Columns with a part of family names that is left out of them.
    pub parts: Vec<Open>,
    /// What the recipe makes beside them, in the order in which it is made.
    pub derived: Vec<Derived>,
    /// What could not be decided.
    pub open: Vec<Open>,
    /// Where headers seem not to stand over their values.
    pub shifted: Vec<Open>,
}

impl Mapping {
    /// The column that fills a field.
    pub fn column_of(&self, field: usize) -> Option<usize> {
        self.columns.iter().position(|column| match column.role {
            Role::Field(index) => index == field,
            Role::FullName { first, last } => first == field || last == field,
            Role::Source | Role::Unused(_) => false,
        })
    }

    /// Whether the recipe makes a value for a field, for everybody or for those who have none.
    pub fn makes(&self, field: usize) -> bool {
        self.derived.iter().any(|derived| derived.field == field)
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
    /// Where the recipe says so.
    pub span: Option<Range<usize>>,
}

impl Choice {
    /// The error for a choice that cannot be followed, at its place in the recipe if it has one.
    fn refuse(&self, sheet: &Sheet<'_>, message: String, help: String) -> Error {
        match &self.span {
            Some(span) => sheet.makings.recipe.error(message, span.clone(), Some(help)),
            None => Error::Mapping { message, help },
        }
    }
}

/// What [`propose`] looks at.
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
    let ours = |header: &String| sheet.header_row > 0 && returned::is_ours(header);
    for choice in choices {
        let index = find_column(choice, sheet)?;
        if sheet.headers.get(index).is_some_and(ours) {
            let message = format!(
                "column {:?} of {} is ours, from an earlier check",
                choice.header, sheet.name
            );
            let help =
                "name a column of people; what stands in this one is written anew by every check";
            return Err(choice.refuse(sheet, message, help.to_owned()));
        }
        let role = named_role(schema, choice, sheet)?;
        let taken = decided.iter().flatten().any(|other| overlaps(&other.role, &role));
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
        if let Some(place) = decided.get_mut(index) {
            *place = Some(Decision::stated(role, choice.by));
        }
    }
    for (place, _) in decided.iter_mut().zip(sheet.headers).filter(|(_, header)| ours(header)) {
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
    Ok((mapping, problem))
}

/// Gives a column whose header is the whole name of a field outside the table that field:
/// `addresses.2.city`, `custom:Shirt`. Nobody writes such a name and means something else.
fn by_own_names(schema: &mut Schema, sheet: &Sheet<'_>, decided: &mut [Option<Decision>]) {
    for (place, header) in decided.iter_mut().zip(sheet.headers) {
        let name = header.trim();
        if place.is_some() || !name.contains(['.', ':']) || schema.find(name).is_some() {
            continue;
        }
        let Ok(made) = (schema.make)(name) else { continue };
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

/// The fields that a column fills.
fn fields_of(role: &Role) -> [Option<usize>; 2] {
    match *role {
        Role::Field(index) => [Some(index), None],
        Role::FullName { first, last } => [Some(first), Some(last)],
        Role::Source | Role::Unused(_) => [None, None],
    }
}

fn overlaps(a: &Role, b: &Role) -> bool {
    let (a, b) = (fields_of(a), fields_of(b));
    a.iter().flatten().any(|index| b.contains(&Some(*index)))
}

/// How a column is called so that no other is meant: its header, or its letter where it has none or
/// another column has the same. Nothing where neither will do.
pub fn call_name(headers: &[String], column: usize) -> Option<String> {
    let header = headers.get(column).map_or("", |header| header.trim());
    let called = |name: &str| headers.iter().filter(|other| other.trim() == name).count();
    if !normalise(header).is_empty() && called(header) == 1 && !header.contains(char::is_control) {
        return Some(header.to_owned());
    }
    let letter = letters(column);
    let taken = headers.iter().any(|other| normalise(other) == normalise(&letter));
    (!taken).then_some(letter)
}

/// A column as `--map` takes it from a shell.
fn flag_name(headers: &[String], column: usize) -> String {
    let name = call_name(headers, column).filter(|name| !name.contains(['=', '\'']));
    name.unwrap_or_else(|| letters(column))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::recipe::Recipe;
    use crate::record::Kind;
    use crate::row::{CellKind, Location};

    fn make(name: &str) -> Result<Field, Unmade> {
        let label = name.strip_prefix("custom:").ok_or(Unmade::Unknown)?.to_owned();
        Ok(Field {
            name: format!("custom:{label}").into(),
            ..Field::new("", Kind::Text, "custom.1")
        })
    }

    fn schema() -> Schema {
        static TABLE: &[Field] = &[
            Field::new("first_name", Kind::Name, "first_name").words(words::FIRST_NAME).required(),
            Field::new("last_name", Kind::Name, "last_name").words(words::LAST_NAME).required(),
            Field::new("email", Kind::Email, "email").words(words::EMAIL).required().unique(),
            Field::new("mobile_phone", Kind::Text, "m").words(words::MOBILE_PHONE),
            Field::new("secondary_phone", Kind::Text, "s").words(words::SECONDARY_PHONE),
            Field::new("gender", Kind::Choice(Cow::Borrowed(&[])), "g").words(words::GENDER),
        ];
        Schema::new(TABLE.to_vec(), Arc::new(make))
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
                span: None,
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
            makings: &Makings { list: Vec::new(), recipe: &Recipe::default() },
        };
        let (mapping, problem) = propose(&mut schema, &choices, &sheet)?;
        let mapping = problem.map_or(Ok(mapping), Err)?;
        Ok(mapping
            .columns
            .iter()
            .map(|column| match &column.role {
                Role::Field(index) => schema.field(*index).unwrap().name.to_string(),
                Role::FullName { .. } => FULL_NAME.to_owned(),
                Role::Source | Role::Unused(_) => "-".to_owned(),
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
                vec!["Name", "Vorname", "Email", "", "Shoe"],
                vec!["last_name", "first_name", "email", "-", "-"],
            ),
            (vec!["Name", "Surname", "Email"], vec!["first_name", "last_name", "email"]),
            (vec!["Prénom et nom", "Email"], vec!["full_name", "email"]),
        ] {
            assert_eq!(map(&headers, &[], &[]).unwrap(), expected, "{headers:?}");
        }
    }

    /// Maps columns of values; each column begins with its header.
    fn decide(columns: &[&[&str]]) -> (Vec<Column>, Vec<Open>, Option<Error>) {
        let mut sample = Rows::default();
        for row in 1..columns[0].len() {
            for column in columns {
                sample.push_cell(column[row], CellKind::Text);
            }
            sample
                .end_row(Location { row: u32::try_from(row).unwrap() + 1, ..Location::default() });
        }
        let headers: Vec<String> = columns.iter().map(|column| column[0].to_owned()).collect();
        let sheet = Sheet {
            name: "people.csv",
            header_row: u32::from(headers[0] != "A"),
            headers: &headers,
            parts: &[],
            sample: &sample,
            left_out: &[],
            knows_word: &|_, word| word == "F",
            makings: &Makings { list: Vec::new(), recipe: &Recipe::default() },
        };
        let (mapping, problem) = propose(&mut schema(), &[], &sheet).unwrap();
        (mapping.columns, mapping.open, problem)
    }

    const FIRST: &[&str] = &["First name", "Ada", "Otis", "Zoe"];
    const LAST: &[&str] = &["Last name", "Larkspur", "Vale", "Nunez"];
    const ADDRESSES: [&str; 3] = ["ada@example.org", "otis@example.org", "zoe@example.org"];

    #[test]
    fn of_two_columns_the_better_one_is_taken_with_its_reason() {
        let [a, b, c] = ADDRESSES;
        let first: &[&str] = &["E-mail", a, b, c];
        for (second, why) in [
            (&["Email", "", "", ""], "\"Email\" (column D) is blank in the first 3 rows"),
            (&["Email", "x", "y", a], "100 % of its values are e-mail values, 33 % of"),
            (&["Email", "d@example.org", "", ""], "filled in 100 % of rows"),
            (&["Email", a, a, a], "its values differ from row to row"),
            (&["Email", a, b, c], "\"Email\" (column D) holds the same"),
        ] {
            let (columns, _, problem) = decide(&[FIRST, LAST, first, second]);
            assert!(problem.is_none(), "{second:?}: {problem:?}");
            assert_eq!(columns[2].confidence, Some(Confidence::Likely));
            assert!(columns[2].why.contains(why), "{} lacks {why}", columns[2].why);
            assert_eq!(columns[3].suggestion.as_deref(), Some("email"));
        }
    }

    #[test]
    fn where_nothing_tells_columns_apart_the_user_is_asked() {
        let [a, b, c] = ADDRESSES;
        let work: &[&str] = &["Work email", "d@example.net", "e@example.net", "f@example.net"];
        let home: &[&str] = &["Home email", a, b, c];
        let (columns, _, problem) = decide(&[FIRST, LAST, home, work]);
        let Some(Error::Mapping { message, help }) = problem else { panic!("{columns:?}") };
        for part in ["2 columns for `email`", "\"Work email\" (column D): filled in 100 %"] {
            assert!(message.contains(part), "{message} lacks {part}");
        }
        for part in ["--map 'Home email=email'", "--map 'Work email=email'"] {
            assert!(help.contains(part), "{help} lacks {part}");
        }
        // A field that may be empty stays so, with a warning.
        let mail: &[&str] = &["Email", a, b, c];
        let one: &[&str] = &["Mobile", "0491 570 006", "0491 570 156", "0491 570 157"];
        let two: &[&str] = &["Mobile", "0491 570 158", "0491 570 159", "0491 570 110"];
        let (columns, open, problem) = decide(&[FIRST, LAST, mail, one, two]);
        assert!(problem.is_none(), "{problem:?}");
        assert!(columns[3..].iter().all(|column| matches!(column.role, Role::Unused(_))));
        assert_eq!((open.len(), open[0].column), (1, 3));
        assert!(open[0].help.contains("--map 'D=mobile_phone'  or  --map 'E=mobile_phone'"));
    }

    #[test]
    fn values_find_their_fields_and_speak_against_headers() {
        let [a, b, c] = ADDRESSES;
        let role = |column: &[&str]| {
            let (columns, ..) = decide(&[FIRST, LAST, column]);
            columns[2].confidence.map(Confidence::word)
        };
        assert_eq!(role(&["Where to write", a, b, c]), Some("likely"));
        assert_eq!(role(&["", a, b, c]), Some("likely"));
        assert_eq!(role(&["Manager's email", a, b, c]), None);
        assert_eq!(role(&["Email", "yes", "no", "yes"]), None);
        assert_eq!(role(&["Email", a, "x", "y"]), Some("weak"));
        assert_eq!(role(&["Login", "ada", "otis", "zoe"]), None);
        assert_eq!(role(&["Login", a, b, c]), Some("likely"));
        assert_eq!(role(&["", "0491 570 158", "0491 570 159", "0491 570 110"]), Some("weak"));
        assert_eq!(role(&["Code", "0491570158", "0491570159", "0491570110"]), None);
    }

    #[test]
    fn a_full_name_with_the_family_name_first_needs_its_commas() {
        let [a, b, c] = ADDRESSES;
        let mail: &[&str] = &["Email", a, b, c];
        let (columns, _, problem) =
            decide(&[&["Last, First", "Larkspur, Ada", "Vale, Otis", "Nunez, Zoe"], mail]);
        assert!(problem.is_none() && matches!(columns[0].role, Role::FullName { .. }));
        let (columns, _, problem) =
            decide(&[&["Nom et prénom", "Larkspur Ada", "Vale Otis", "Nunez Zoe"], mail]);
        let Some(Error::Mapping { help, .. }) = problem else { panic!("{columns:?}") };
        assert!(help.contains("family name first"), "{help}");
        assert!(help.contains("--map 'Nom et prénom=full_name'"), "{help}");
    }

    #[test]
    fn without_headers_the_addresses_tell_which_columns_are_names() {
        let [a, b, c] =
            ["ada.larkspur@example.org", "otis.vale@example.org", "zoe.nunez@example.org"];
        let (columns, _, problem) = decide(&[
            &["A", a, b, c],
            &["B", "Ada", "Otis", "Zoe"],
            &["C", "Larkspur", "Vale", "Nunez"],
        ]);
        assert_eq!(columns[0].confidence, Some(Confidence::Likely));
        let Some(Error::Mapping { help, .. }) = problem else { panic!("{columns:?}") };
        for part in ["--map 'B=first_name'", "--map 'C=last_name'"] {
            assert!(help.contains(part), "{help} lacks {part}");
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
                vec!["first", "last", "Parent e-mail"],
                vec![],
                "has: first, last, Parent e-mail",
                "--map 'Parent e-mail=email'",
            ),
            (vec!["first", "Emial", "last"], vec![], "`email`", "--map 'Emial=email'"),
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
