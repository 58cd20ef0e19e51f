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

#[cfg(test)]
mod tests {
    use std::borrow::Cow;
    use std::sync::Arc;

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
            shows_family: &|name| Some(name.contains(',')),
            makings: &Makings { list: Vec::new(), recipe: &Recipe::default() },
        };
        let (mapping, problem) = propose(&mut schema, &choices, &sheet)?;
        let mapping = problem.map_or(Ok(mapping), Err)?;
        Ok(mapping.columns.iter().map(|column| field_in(&schema, column)).collect())
    }

    /// The name of the field that a column is for.
    fn field_in(schema: &Schema, column: &Column) -> String {
        match &column.role {
            Role::Field(index) => schema.field(*index).unwrap().name.to_string(),
            Role::FullName { .. } => FULL_NAME.to_owned(),
            Role::Source | Role::Unused(_) => "-".to_owned(),
        }
    }

    /// The same where nothing was made.
    fn field_of(column: &Column) -> String {
        field_in(&schema(), column)
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
            shows_family: &|name| Some(name.contains(',')),
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
        assert!(help.contains("--map 'Nom et prénom=full_name:family_first'"), "{help}");
    }

    #[test]
    fn a_name_beside_a_kind_of_name_is_both_where_it_holds_both() {
        let fields = |columns: &[&[&str]]| -> Vec<String> {
            let mail: &[&str] = &["Email", ADDRESSES[0], ADDRESSES[1]];
            let mut all = columns.to_vec();
            all.push(mail);
            let (decided, ..) = decide(&all);
            let told = |column: &Column| match column.role {
                Role::FullName { order, .. } => format!("full {order:?}"),
                Role::Unused(_) => {
                    format!("- {}", column.suggestion.as_deref().unwrap_or_default())
                }
                _ => field_of(column),
            };
            decided.iter().take(columns.len()).map(told).collect()
        };
        let both = ["Ada Larkspur", "Otis Vale"];
        let turned = ["Larkspur Ada", "Vale Otis"];
        let signed = ["Larkspur, Ada", "Vale, Otis"];
        let (given, family) = (["Ada", "Otis"], ["de la Larkspur", "van Vale"]);
        let first: &[&str] = &["First name", given[0], given[1]];
        let is = |header: &'static str, values: [&'static str; 2], field: &str| {
            assert_eq!(fields(&[&[header, values[0], values[1]]]), [field], "{header}");
        };
        is("Name and surname", both, "full GivenFirst");
        is("Name Surname", both, "full GivenFirst");
        is("Name & last name", both, "full GivenFirst");
        is("Name and surname", given, "last_name");
        is("Surname and name", turned, "- full_name:family_first");
        is("Surname and name", signed, "full Shown");
        is("Surname, name", given, "last_name");
        is("Name, first name", turned, "- full_name:family_first");
        is("Name (surname)", family, "last_name");
        // Beside the other one it is both only where it holds that, too.
        let one: &[&str] = &["Name: surname", family[0], family[1]];
        assert_eq!(fields(&[first, one]), ["first_name", "last_name"]);
        let whole: &[&str] = &["Name and surname", both[0], both[1]];
        assert_eq!(fields(&[first, whole]), ["first_name", "- full_name"]);
        // What is called a name beside full names is a part of them where it is one word.
        let given: &[&str] = &["Jm\u{e9}no", given[0], given[1]];
        let full: &[&str] = &["P\u{159}\u{ed}jmen\u{ed} a jm\u{e9}no", turned[0], turned[1]];
        assert_eq!(fields(&[given, full]), ["- full_name", "- full_name:family_first"]);
        let family: &[&str] = &["\u{59d3}", "\u{7530}\u{4e2d}", "\u{9234}\u{6728}"];
        let name: &[&str] = &["\u{540d}\u{524d}", "\u{592a}\u{90ce}", "\u{82b1}\u{5b50}"];
        assert_eq!(fields(&[family, name]), ["last_name", "first_name"]);
    }

    #[test]
    fn columns_of_somebody_else_give_way_to_those_of_the_person() {
        let fields = |headers: &[&str], rows: &[&[&str]]| -> Vec<String> {
            let column = |at: usize| {
                let cells = rows.iter().map(move |row| row[at]);
                [headers[at]].into_iter().chain(cells).collect::<Vec<&str>>()
            };
            let columns: Vec<Vec<&str>> = (0..headers.len()).map(column).collect();
            let columns: Vec<&[&str]> = columns.iter().map(Vec::as_slice).collect();
            decide(&columns).0.iter().map(field_of).collect()
        };
        let [a, b, _] = ADDRESSES;
        for (headers, rows, expected) in [
            // A column with a word of its own in brackets is no better for being fuller.
            (
                &["First name", "Last name", "E-mail", "E-mail (old)"][..],
                [&["Ada", "Larkspur", "", a][..], &["Otis", "Vale", b, a]],
                &["first_name", "last_name", "email", "-"][..],
            ),
            (
                &[
                    "\u{59d3}",
                    "\u{540d}",
                    "\u{30e1}\u{30fc}\u{30eb}\u{ff08}\u{4fdd}\u{8b77}\u{8005}\u{ff09}",
                    "\u{30e1}\u{30fc}\u{30eb}",
                ],
                [&["x", "y", a, ""], &["x", "z", b, b]],
                &["last_name", "first_name", "-", "email"],
            ),
            // What somebody is called by is no given name beside the whole one.
            (
                &["Full name", "Nickname", "Email"],
                [&["Ada Larkspur", "Addy", a], &["Otis Vale", "Oz", b]],
                &["full_name", "-", "email"],
            ),
            (
                &["Name", "Preferred name", "Email"],
                [&["Ada Larkspur", "Addy", a], &["Otis Vale", "Oz", b]],
                &["full_name", "-", "email"],
            ),
            // A family name may be of two words; and a column with a note may be the one that people filled in.
            (
                &["Nom", "Pr\u{e9}nom", "Email", "E-mail (verified)"],
                [&["Garc\u{ed}a M\u{e1}rquez", "Ada", "", a], &["de la Tour", "Otis", "", b]],
                &["last_name", "first_name", "-", "email"],
            ),
            // Whole names of others are no family names.
            (
                &["First name", "Contact name", "Email"],
                [&["Ada", "Otis Vale", a], &["Zoe", "Ida Fern", b]],
                &["first_name", "-", "email"],
            ),
            // What a form did not ask stays blank.
            (
                &["First name", "Last name", "Name", "Email"],
                [&["", "", "Ada Larkspur", a], &["", "", "Otis Vale", b]],
                &["-", "-", "full_name", "email"],
            ),
            (
                &[
                    "Booking First Name",
                    "Booking Last Name",
                    "Ticket Data: First Name",
                    "Ticket Data: Last Name",
                ],
                [&["Bob", "Ray", "Ada", "Larkspur"], &["Bob", "Ray", "Otis", "Vale"]],
                &["-", "-", "first_name", "last_name"],
            ),
            (
                &["Personalnr.", "First name", "Last name", "Email"],
                [&["30123456", "Ada", "Larkspur", a], &["30123457", "Otis", "Vale", b]],
                &["-", "first_name", "last_name", "email"],
            ),
        ] {
            assert_eq!(fields(headers, &rows), expected, "{headers:?}");
        }
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
