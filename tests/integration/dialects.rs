//! The same five people, written in different ways, are read as the same five people.

use serde_json::Value;

use crate::common::Import;
use crate::schema::validate;

const PEOPLE: [[&str; 6]; 6] = [
    ["First name", "Last name", "Email", "Phone", "Date of birth", "Notes"],
    [
        "Ada",
        "Larkspur",
        "ada.larkspur@example.org",
        "+1 514 555 0101",
        "1988-05-31",
        "Prefers mornings, not Mondays",
    ],
    [
        "Zoë",
        "Núñez",
        "zoe.nunez@example.com",
        "+1 416 555 0102",
        "1994-11-02",
        "Has a van; drives on Saturdays",
    ],
    ["Otis", "Vale", "otis.vale@example.net", "+44 20 7946 0103", "1979-01-23", ""],
    [
        "さくら",
        "森",
        "sakura.mori@riverside.example",
        "+33 1 99 00 01 04",
        "2001-08-17",
        "Asked about the \"front desk\"",
    ],
    ["Petra", "Ó Briain", "petra.obriain@post.test", "+61 491 570 006", "1965-03-09", "No stairs"],
];

/// Row and line of each row, and its cells.
fn rows(name: &str) -> (Vec<(u64, u64)>, Vec<Vec<String>>) {
    let json = Import::new("rows --format json").file(&format!("dialects/{name}")).run().json();
    validate("rows.v1", &json);
    let number = |row: &Value, key: &str| row[key].as_u64().unwrap();
    let rows = json["rows"].as_array().unwrap();
    let places = rows.iter().map(|row| (number(row, "row"), number(row, "line"))).collect();
    let cells = rows.iter().map(|row| serde_json::from_value(row["cells"].clone()).unwrap());
    (places, cells.collect())
}

#[test]
fn delimiters_marks_and_line_ends_make_no_difference() {
    for name in ["comma.csv", "semicolon.csv", "tab.tsv", "pipe.txt", "bom.csv", "crlf.csv"] {
        let (places, cells) = rows(name);
        assert_eq!(cells, PEOPLE, "{name}");
        assert_eq!(places, [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6)], "{name}");
    }
}

#[test]
fn blank_lines_are_no_rows_but_they_count() {
    let (places, cells) = rows("blank-lines.csv");
    assert_eq!(cells, PEOPLE);
    assert_eq!(places, [(1, 1), (2, 2), (4, 4), (7, 7), (8, 8), (9, 9)]);
}

#[test]
fn line_breaks_in_quotes_belong_to_the_cell() {
    let (places, cells) = rows("quoted-line-breaks.csv");
    let notes = [
        "Notes",
        "Prefers mornings\nnot Mondays",
        "Says \"yes\",\nthen \"no\"",
        "One\n\nblank line inside",
        "",
        "Ends with a break\n",
    ];
    for ((row, expected), note) in cells.iter().zip(PEOPLE).zip(notes) {
        assert_eq!(row[..5], expected[..5]);
        assert_eq!(row[5], note);
    }
    assert_eq!(places, [(1, 1), (2, 2), (3, 4), (4, 6), (5, 9), (6, 10)]);
}

#[test]
fn a_sheet_of_one_column_has_no_delimiter_to_find() {
    let (_, cells) = rows("one-column.csv");
    for (row, expected) in cells.iter().zip(PEOPLE) {
        assert_eq!(*row, [expected[2]]);
    }
}

#[test]
fn ragged_rows_are_shown_as_they_are_and_reported() {
    let (places, cells) = rows("ragged.csv");
    assert_eq!(places.len(), 6);
    let widths: Vec<usize> = cells.iter().map(Vec::len).collect();
    assert_eq!(widths, [6, 6, 4, 6, 7, 6]);
    for (row, expected) in cells.iter().zip(PEOPLE) {
        assert_eq!(row[..4], expected[..4]);
    }
    let check = Import::new("check --format json").file("dialects/ragged.csv");
    let report = check.expect_code(1).run().json();
    assert_eq!(crate::common::found(&report), [(3, "row-short"), (5, "row-long")]);
}

#[test]
fn a_quote_inside_a_bare_cell_is_text() {
    let (places, mut cells) = rows("stray-quote.csv");
    assert_eq!(cells[3][5], "Needs a 5\" nail");
    cells[3][5].clear();
    assert_eq!(cells, PEOPLE);
    assert_eq!(places[5], (6, 6));
}

#[test]
fn the_three_forms_of_rows_say_the_same() {
    let form = |form: &str| {
        Import::new("rows --format").arg(form).file("dialects/quoted-line-breaks.csv").run().stdout
    };
    let (_, cells) = rows("quoted-line-breaks.csv");
    let lines: Vec<Vec<String>> = form("jsonl")
        .lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            serde_json::from_value(row["cells"].clone()).unwrap()
        })
        .collect();
    assert_eq!(lines, cells);
    let text = form("csv");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let records: Vec<Vec<String>> =
        reader.records().map(|one| one.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(records, cells);
}

#[test]
fn what_the_user_says_about_the_form_wins() {
    let text = "Email;'First name'|Last name\n";
    let rows = |flags: &str| {
        let rows = Import::new("rows --format json").text("odd.csv", text).args(flags).run().json();
        rows["rows"][0]["cells"].clone()
    };
    let two = serde_json::json!(["Email;'First name'", "Last name"]);
    assert_eq!(rows("--delimiter |"), two);
    assert_eq!(rows("--delimiter pipe"), two);
    let three = serde_json::json!(["Email", "First name|Last name"]);
    assert_eq!(rows("--delimiter semicolon --quote '"), three.clone());
    let latin = "Email,Prénom\n".chars().map(|c| u8::try_from(u32::from(c)).unwrap());
    let rows = Import::new("rows --encoding windows-1252 --format json")
        .text("latin.csv", latin.collect::<Vec<u8>>())
        .run()
        .json();
    assert_eq!(rows["rows"][0]["cells"], serde_json::json!(["Email", "Prénom"]));
}

#[test]
fn a_limit_counts_rows_behind_the_header() {
    let rows = Import::new("rows --limit 2 --format jsonl").file("dialects/comma.csv").run();
    assert_eq!(rows.stdout.lines().count(), 3);
}
