//! Which column holds which field: resolved once for each input, before the first row is judged.
//!
//! What the user says (`--map`, the recipe) comes first; then the field's own name; then the words
//! that people use for it. A required field without a column stops the run and shows the headers.

pub mod derived;
pub mod words;

use std::fmt::Write as _;
use std::ops::Range;

use self::derived::{Derived, Makings};
use crate::error::{Error, Result};
use crate::mojibake;
use crate::record::{Field, Kind, Need, Words};
use crate::row::{Rows, letters};
use crate::spelling::{nearest, normalise};
use crate::visible::visible;

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

    /// The index of a field, which a custom one gets when it is first named.
    pub fn find_or_make(&mut self, name: &str) -> Option<usize> {
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
    /// Its values go, in parts or with others, into what the recipe makes of them.
    Source,
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
    /// What the recipe makes beside them, in the order in which it is made.
    pub derived: Vec<Derived>,
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
    /// What the recipe makes beside the columns.
    pub makings: &'a Makings<'a>,
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
            let message = format!("two columns are mapped to `{}`", choice.field);
            let help =
                "keep one of them; map the other to another field, or to `-` to leave it out";
            return Err(choice.refuse(sheet, message, help.to_owned()));
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
    let mut mapping = Mapping {
        columns: columns
            .into_iter()
            .zip(sheet.headers)
            .map(|(decided, header)| {
                let (role, why) = decided.unwrap_or_else(|| (unused(schema, sheet, header), ""));
                Column { header: header.trim().to_owned(), role, why, proof: None }
            })
            .collect(),
        derived: Vec::new(),
    };
    derived::place(schema, sheet, &mut mapping)?;
    check_required(schema, sheet, &mapping)?;
    Ok(mapping)
}

fn unused(schema: &Schema, sheet: &Sheet<'_>, header: &str) -> Role {
    let plain = normalise(header);
    let meant = schema
        .fields()
        .iter()
        .enumerate()
        .filter_map(|(index, field)| {
            Some((likeness(&plain, &field.name, field.words)?, index, field))
        })
        .min_by_key(|(strength, ..)| *strength);
    Role::Unused(match meant {
        _ if header.trim().is_empty() => "it has no header".to_owned(),
        Some((_, index, field)) if sheet.makings.replaces_column(index) => {
            format!("the recipe makes `{}` of something else", field.name)
        }
        Some((.., field)) => format!("another column is used for `{}`", field.name),
        None => "no field of that name".to_owned(),
    })
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

/// The column with a header: to the letter, or normalised, or in one row of several.
fn find_header(wanted: &str, sheet: &Sheet<'_>) -> Option<usize> {
    let wanted = wanted.trim();
    let plain = normalise(wanted);
    sheet
        .headers
        .iter()
        .position(|header| header.trim() == wanted)
        .or_else(|| {
            sheet.headers.iter().position(|header| !plain.is_empty() && normalise(header) == plain)
        })
        .or_else(|| {
            // One row of a header of several is enough where no other column says the same.
            let says = |parts: &Vec<String>| parts.iter().any(|part| normalise(part) == plain);
            let mut columns = sheet.parts.iter().enumerate().filter(|(_, parts)| says(parts));
            let only = columns.next().filter(|_| !plain.is_empty())?.0;
            columns.next().is_none().then_some(only)
        })
}

/// The column that a choice names: by its header, or by its letter.
fn find_column(choice: &Choice, sheet: &Sheet<'_>) -> Result<usize> {
    let wanted = choice.header.trim();
    find_header(wanted, sheet)
        .or_else(|| (0..sheet.headers.len()).find(|&index| letters(index) == wanted))
        .ok_or_else(|| {
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
            let help = match near {
                Some(near) => format!("did you mean {:?}?", near.trim()),
                None => "name a header of the sheet, or a column letter".to_owned(),
            };
            choice.refuse(sheet, message, help)
        })
}

fn named_role(schema: &mut Schema, choice: &Choice, sheet: &Sheet<'_>) -> Result<Role> {
    if choice.field == "-" {
        return Ok(Role::Unused(format!("left out by {}", choice.by)));
    }
    if choice.field == FULL_NAME
        && schema.find(FULL_NAME).is_none()
        && let (Some(first), Some(last)) = (schema.find("first_name"), schema.find("last_name"))
    {
        return Ok(Role::FullName { first, last });
    }
    schema.find_or_make(&choice.field).map(Role::Field).ok_or_else(|| {
        let names = schema.fields().iter().map(|field| field.name.as_ref());
        let help = match nearest(&choice.field, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`upsheet targets` lists the fields; custom fields are written custom:NAME"
                .to_owned(),
        };
        let message = format!(
            "the target has no field `{}`, to which {} maps column {:?} of {}",
            choice.field, choice.by, choice.header, sheet.name
        );
        choice.refuse(sheet, message, help)
    })
}

/// Pairs the columns that nobody named with the fields that nobody took, the clearest pairs first.
fn assign_by_header(
    schema: &Schema,
    sheet: &Sheet<'_>,
    columns: &mut [Option<(Role, &'static str)>],
) {
    let full_name = match (schema.find("first_name"), schema.find("last_name")) {
        (Some(first), Some(last)) if schema.find(FULL_NAME).is_none() => {
            Some(Role::FullName { first, last })
        }
        _ => None,
    };
    // (strength, column, place in the table) sorts the clearest pair first, and is deterministic.
    let mut pairs: Vec<(u8, usize, usize, Role)> = Vec::new();
    for (index, header) in sheet.headers.iter().enumerate() {
        let meant = mojibake::original(header);
        let plain = normalise(meant.as_ref().map_or(header.as_str(), |(meant, _)| meant));
        if plain.is_empty() {
            continue;
        }
        for (place, field) in schema.fields().iter().enumerate() {
            let parts = sheet.parts.get(index).into_iter().flatten();
            let by_part = parts
                .filter_map(|part| likeness(&normalise(part), &field.name, field.words))
                .map(|strength| strength.max(1));
            let strength = likeness(&plain, &field.name, field.words).into_iter().chain(by_part);
            if let Some(strength) = strength.min() {
                pairs.push((strength, index, place, Role::Field(place)));
            }
        }
        if let Some(role) = &full_name
            && let Some(strength) = likeness(&plain, FULL_NAME, words::FULL_NAME)
        {
            // A full name is the last resort: two columns of their own are always surer.
            pairs.push((strength + 3, index, usize::MAX, role.clone()));
        }
    }
    pairs.sort_by_key(|(strength, index, place, _)| (*strength, *place, *index));
    for (strength, index, _, role) in pairs {
        let free = columns.get(index).is_some_and(Option::is_none);
        let made = |field: usize| sheet.makings.replaces_column(field);
        let taken = columns.iter().flatten().any(|(other, _)| overlaps(other, &role))
            || fields_of(&role).into_iter().flatten().any(made);
        if !free {
            continue;
        }
        let decided = if taken {
            continue;
        } else if let Some(reason) = misfit(schema, sheet, index, &role) {
            (Role::Unused(reason), "content")
        } else {
            (role, if strength == 0 { "the field's name" } else { "header" })
        };
        if let Some(place) = columns.get_mut(index) {
            *place = Some(decided);
        }
    }
}

/// How clearly a normalised header means a field: 0 its name, 1 a sure word, 2 a possible word.
fn likeness(plain: &str, name: &str, words: Words) -> Option<u8> {
    if plain == normalise(name) {
        Some(0)
    } else if words.sure.contains(&plain) {
        Some(1)
    } else if words.maybe.contains(&plain) {
        Some(2)
    } else {
        None
    }
}

/// Why the content of a column speaks against a field that its header suggests: a column of job
/// titles is not a column of occupation codes, whatever its title.
fn misfit(schema: &Schema, sheet: &Sheet<'_>, column: usize, role: &Role) -> Option<String> {
    let Role::Field(index) = role else { return None };
    let field = schema.field(*index)?;
    if !matches!(field.kind, Kind::Choice(_)) {
        return None;
    }
    let mut known = 0_usize;
    let mut example = None;
    let mut filled = 0_usize;
    for row in sheet.sample.iter().filter(|row| !row.cell(column).is_blank()) {
        let cell = row.cell(column);
        filled += 1;
        let knows = |text: &str| (sheet.knows_word)(field, text);
        if knows(cell.text) || row.stored(column).is_some_and(knows) {
            known += 1;
        } else if example.is_none() {
            example = Some(cell.text);
        }
    }
    (filled > 0 && known * 2 < filled).then(|| {
        format!(
            "its values, such as {:?}, are not those of `{}`; teach them under [values.{}] in the \
             recipe",
            example.unwrap_or_default(),
            field.name,
            field.name
        )
    })
}

fn check_required(schema: &Schema, sheet: &Sheet<'_>, mapping: &Mapping) -> Result<()> {
    let missing: Vec<(usize, &Field)> = schema
        .fields()
        .iter()
        .enumerate()
        .filter(|(index, field)| {
            field.need == Need::Required
                && mapping.column_of(*index).is_none()
                && !mapping.makes(*index)
        })
        .collect();
    let Some((_, first)) = missing.first() else { return Ok(()) };
    let names: Vec<String> = missing.iter().map(|(_, field)| format!("`{}`", field.name)).collect();
    let free: Vec<(usize, &str)> = mapping
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| matches!(column.role, Role::Unused(_)) && !column.header.is_empty())
        .map(|(index, column)| (index, column.header.as_str()))
        .collect();
    let mut help = String::new();
    for (_, field) in &missing {
        if let Some((header, share)) = by_content(field, sheet, &free) {
            let _ = writeln!(
                help,
                "{header:?} holds addresses in {share} % of its rows: use it with --map \
                 '{header}={}'",
                field.name
            );
        } else if let Some(near) = nearest(&field.name, free.iter().map(|(_, header)| *header)) {
            let _ = writeln!(help, "if {near:?} is it: --map '{near}={}'", field.name);
        }
    }
    if help.is_empty() {
        let _ = write!(
            help,
            "name the column with --map 'COLUMN={}', or add it to the sheet; if the header is on \
             another row, say which with --header-row N",
            first.name
        );
    }
    Err(Error::Mapping {
        message: format!(
            "{} has no column for {}\n{}",
            sheet.name,
            names.join(" and "),
            headers_line(sheet)
        ),
        help: help.trim_end().to_owned(),
    })
}

/// The unused column whose content says that it is the field, with the share of its rows.
fn by_content<'a>(
    field: &Field,
    sheet: &Sheet<'_>,
    free: &[(usize, &'a str)],
) -> Option<(&'a str, usize)> {
    if !matches!(field.kind, Kind::Email) {
        return None;
    }
    free.iter()
        .filter_map(|&(index, header)| {
            let cells = sheet.sample.iter().map(|row| row.cell(index));
            let (mut filled, mut fit) = (0_usize, 0_usize);
            for cell in cells.filter(|cell| !cell.is_blank()) {
                filled += 1;
                fit += usize::from(cell.text.contains('@'));
            }
            let share = (fit * 100).checked_div(filled)?;
            (share >= 50).then_some((header, share))
        })
        .max_by_key(|(_, share)| *share)
}

fn headers_line(sheet: &Sheet<'_>) -> String {
    let headers: Vec<String> = sheet
        .headers
        .iter()
        .map(|header| header.trim())
        .filter(|header| !header.is_empty())
        .map(visible)
        .collect();
    let list = headers.join(", ");
    if sheet.header_row == 0 {
        return format!("its first row looks like a person, so its columns go by letters: {list}");
    }
    format!("the header on row {} has: {list}", sheet.header_row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;
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
        let mapping = resolve(&mut schema, &choices, &sheet)?;
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
