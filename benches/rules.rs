//! What each rule costs, in nanoseconds a row: `cargo bench --bench rules`.
//!
//! Every line judges the same number of rows with one column through the same door as a run, so the
//! first line, a plain text, is what any cell costs; the others add the rule that they name. Values
//! are such as good sheets have. The quick looks are measured on a row as wide as a real one.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed step is a failed benchmark, and its table is its output"
)]

use std::borrow::Cow;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use upsheet::layout::{Around, Layout};
use upsheet::mapping::{Column, Mapping, Role, Schema, Unmade};
use upsheet::recipe::{Blank, DateOrder};
use upsheet::record::{Choice, DateForm, Field, Kind, MomentForm, PhoneForm, Slot, Value};
use upsheet::row::{CellKind, Location, Rows};
use upsheet::unique::Fingerprinter;
use upsheet::validate::{Rules, Settings, Taught, phone};

const ROWS: u32 = 20_000;
/// Each line is the least of so many rounds: what the machine does beside it only ever adds.
const ROUNDS: usize = 15;

const CHOICES: &[Choice] = &[
    Choice {
        value: Slot::Plain(Value::Integer(0)),
        label: Cow::Borrowed("Male"),
        words: &["m", "man"],
    },
    Choice {
        value: Slot::Plain(Value::Integer(1)),
        label: Cow::Borrowed("Female"),
        words: &["f", "woman"],
    },
];

/// One line of the table: a rule, the field that has it, and the values that it reads.
struct Case {
    what: &'static str,
    field: Field,
    values: fn(u32) -> String,
}

fn case(what: &'static str, kind: Kind, values: fn(u32) -> String) -> Case {
    Case { what, field: Field::new("it", kind, "it"), values }
}

fn cases() -> Vec<Case> {
    let text = || Kind::Text;
    let iso = || Kind::Date(DateForm::Iso);
    let name = |row: u32| ["Ada", "Otis", "Petra", "Karl", "Mona"][row as usize % 5].to_owned();
    vec![
        case("a cell of plain text", text(), |row| format!("Rowan Court {row}")),
        case("text with accents (normal form, mojibake)", text(), |row| {
            format!("Allée Núñez {row}")
        }),
        case("text with double spaces (cleaning)", text(), |row| format!("Rowan  Court {row}")),
        case("text with & (letters as codes)", text(), |row| format!("Bed & Breakfast {row}")),
        case("text with = in front (damage)", text(), |row| format!("=\"{row:06}\"")),
        Case {
            what: "an id (damage of a column of codes)",
            field: Field::new("it", text(), "it").code(),
            values: |row| format!("A{row:07}"),
        },
        Case {
            what: "a unique id (fingerprint)",
            field: Field::new("it", text(), "it").unique(),
            values: |row| format!("Rowan Court {row}"),
        },
        case("e-mail", Kind::Email, |row| format!("ada{row}@example.org")),
        Case {
            what: "e-mail, unique (fingerprint of its key)",
            field: Field::new("it", Kind::Email, "it").unique(),
            values: |row| format!("ada{row}@example.org"),
        },
        case("name", Kind::Name, name),
        case("name with accents", Kind::Name, |row| format!("Zoë Núñez {row}")),
        case("phone as digits", Kind::Phone(PhoneForm::Digits), |row| {
            format!("+1 514 555 {:04}", row % 10_000)
        }),
        case("phone, E.164, international", Kind::Phone(PhoneForm::E164), |row| {
            format!("+61 491 57{} {:03}", row % 8, row % 1000)
        }),
        case("phone, E.164, national", Kind::Phone(PhoneForm::E164), |row| {
            format!("0491 57{} {:03}", row % 8, row % 1000)
        }),
        case("date, YYYY-MM-DD", iso(), |row| {
            format!("19{:02}-05-{:02}", row % 90 + 10, row % 28 + 1)
        }),
        case("date of numbers", iso(), |row| {
            format!("{:02}/05/19{:02}", row % 28 + 1, row % 90 + 10)
        }),
        case("date with a time", iso(), |row| {
            format!("19{:02}-05-{:02} 00:00:00", row % 90 + 10, row % 28 + 1)
        }),
        case("date with its month in letters", iso(), |row| {
            format!("{} May 19{:02}", row % 28 + 1, row % 90 + 10)
        }),
        case("moment", Kind::Moment(MomentForm::Utc), |row| {
            format!("2024-05-{:02}T09:30:00Z", row % 28 + 1)
        }),
        case("choice", Kind::Choice(Cow::Borrowed(CHOICES)), |row| {
            ["Male", "f"][row as usize % 2].to_owned()
        }),
        case("yes or no", Kind::Bool, |row| ["yes", "FALSE"][row as usize % 2].to_owned()),
        case("whole number", Kind::Integer, |row| row.to_string()),
        case("number with a fraction", Kind::Decimal, |row| format!("{row}.25")),
        case("choices", Kind::Choices(Cow::Borrowed(CHOICES)), |_| "Male; f".to_owned()),
        case("words", Kind::Words, |row| format!("vip; news; w{row}")),
        case("web address", Kind::Url, |row| format!("https://example.org/{row}")),
        case("currency", Kind::Currency, |row| ["AUD", "eur"][row as usize % 2].to_owned()),
    ]
}

fn rules(field: Field) -> Rules {
    let schema = Schema::new(vec![field], Arc::new(|_| Err(Unmade::Unknown)));
    let column = Column { role: Role::Field(0), ..Column::unmapped("It") };
    let settings = Settings {
        today: jiff::civil::date(2026, 11, 22),
        date_order: Some(DateOrder::Dmy),
        zone: None,
        region: phone::region("AU"),
        blank: Blank::Keep,
        likely: false,
    };
    let layout = |fields: &[Field]| Layout::new(fields.iter(), &|_| Around::default());
    let mapping = Mapping { columns: vec![column], ..Mapping::default() };
    Rules::new(&schema, &[mapping], &Taught::default(), "it", settings, &layout)
}

fn rows(values: fn(u32) -> String) -> Rows {
    let mut rows = Rows::default();
    for row in 0..ROWS {
        rows.push_cell(&values(row), CellKind::Text);
        rows.end_row(Location { input: 0, row: row + 2, line: row + 2, byte: 0 });
    }
    rows
}

/// Nanoseconds a row: the least of several rounds.
fn measure<T>(mut prepare: impl FnMut() -> T, mut work: impl FnMut(T)) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..ROUNDS {
        let input = prepare();
        let started = Instant::now();
        work(input);
        least = least.min(started.elapsed().as_secs_f64());
    }
    least * 1e9 / f64::from(ROWS)
}

fn main() {
    println!("| rule | ns/row |");
    println!("|---|---:|");
    let mut plain = None;
    for case in cases() {
        let rules = rules(case.field);
        let rows = rows(case.values);
        let cost = measure(
            || rows.clone(),
            |rows| {
                black_box(rules.judge(rows, &|_| false));
            },
        );
        let plain = *plain.get_or_insert(cost);
        println!("| {} | {cost:.0} ({:+.0}) |", case.what, cost - plain);
    }
    let keys: Vec<String> = (0..ROWS).map(|row| format!("ada{row}@example.org")).collect();
    let fingerprinter = Fingerprinter::default();
    let cost = measure(
        || (),
        |()| {
            for key in &keys {
                black_box(fingerprinter.of(key.as_bytes()));
            }
        },
    );
    println!("| a fingerprint alone | {cost:.0} |");
}
