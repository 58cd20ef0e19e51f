use std::borrow::Cow;
use std::sync::Arc;

use super::*;
use crate::recipe::Recipe;
use crate::record::Kind;
use crate::row::{CellKind, Location};

fn make(name: &str) -> Result<Field, Unmade> {
    let label = name.strip_prefix("custom:").ok_or(Unmade::Unknown)?.to_owned();
    Ok(Field { name: format!("custom:{label}").into(), ..Field::new("", Kind::Text, "custom.1") })
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
        sample.end_row(Location { row: u32::try_from(row).unwrap() + 1, ..Location::default() });
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
    let [a, b, c] = ["ada.larkspur@example.org", "otis.vale@example.org", "zoe.nunez@example.org"];
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
