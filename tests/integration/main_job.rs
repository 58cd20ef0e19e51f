//! The main job: a workbook to Vome and a CSV to Omneo, twice each, and what the store then holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use serde_json::Value;

use crate::common::{Desk, Import, repository};

/// What the sandbox holds of one target: e-mail address to person, in the order of arrival.
fn store(desk: &Desk, target: &str) -> Vec<(String, Value)> {
    let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
    let sql = "SELECT body FROM profile WHERE target = ?1 ORDER BY seq";
    let mut statement = db.prepare(sql).unwrap();
    let bodies = statement.query_map([target], |row| row.get::<_, String>(0)).unwrap();
    let people = bodies.map(|body| {
        let body: Value = serde_json::from_str(&body.unwrap()).unwrap();
        let email = body["profile_data"]["email"].as_str().or(body["email"].as_str()).unwrap();
        (email.to_owned(), body)
    });
    people.collect()
}

/// Pushes to a sandbox whose data stay on the desk, and gives the report.
fn push(desk: &Desk, more: &str) -> Value {
    let push = Import::at(desk, "push --to sandbox --state state --sandbox-data data");
    push.args("--format json").args(more).run().json()
}

/// The addresses in the payloads of the newest run, in the order in which they are sent.
fn sent(desk: &Desk, key: &str) -> Vec<String> {
    let folder = desk.runs().pop().unwrap();
    let manifest = desk.json(folder.join("manifest.json"));
    let mut emails = Vec::new();
    for entry in manifest["files"].as_array().unwrap() {
        let body = desk.json(folder.join(entry["file"].as_str().unwrap()));
        for person in body[key].as_array().unwrap() {
            let email = person["profile_data"]["email"].as_str().or(person["email"].as_str());
            emails.push(email.unwrap().to_owned());
        }
    }
    emails
}

/// A cell's address without what the truth file says was planted around it.
fn bare(cell: &str) -> String {
    let hidden = |c: char| c.is_whitespace() || c == '\u{200b}';
    cell.trim_matches(hidden).trim_start_matches("mailto:").to_owned()
}

/// The column under a header of the workbook, read without our own reader.
fn workbook_column(path: &Path, header: &str) -> Vec<String> {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let range = workbook.worksheet_range("Volunteers").unwrap();
    let column = range.rows().next().unwrap().iter().position(|cell| *cell == *header).unwrap();
    range
        .rows()
        .skip(1)
        .map(|row| row.get(column).map_or_else(String::new, Data::to_string))
        .collect()
}

#[test]
fn a_thousand_volunteers_reach_vome_once() {
    let desk = Desk::new();
    desk.fixture("spring-intake/volunteers.xlsx");
    let report = push(&desk, "spring-intake/volunteers.xlsx");
    assert_eq!(report["counts"]["rows"], 1000);
    assert_eq!(report["counts"]["valid"], 1000);
    assert_eq!(report["delivery"]["accepted"], 1000);

    let path = repository("fixtures/spring-intake/volunteers.xlsx");
    let expected: Vec<String> =
        workbook_column(&path, "E-mail").iter().map(|cell| bare(cell)).collect();
    assert_eq!(expected.len(), 1000);
    assert_eq!(sent(&desk, "volunteers_data"), expected, "payloads are in the order of the file");
    let people = store(&desk, "vome");
    assert_eq!(people.len(), expected.len());
    let landed: BTreeSet<&String> = people.iter().map(|(email, _)| email).collect();
    assert!(landed == expected.iter().collect(), "the store holds others");

    let people: BTreeMap<String, Value> = people.into_iter().collect();
    let karl = &people["k.pinewood@northgate.example"];
    assert_eq!(
        *karl,
        serde_json::json!({
            "profile_data": {
                "first_name": "Karl", "last_name": "Pinewood",
                "email": "k.pinewood@northgate.example", "date_of_birth": "1949-06-11",
                "gender": 1, "address": "243 Long Meadow, Québec, QC G1R 3V0",
            },
            "emergency_contact": {
                "name": "Wendell Stonefield", "relationship": "Spouse",
                "phone_number": "+13675550180",
            },
        })
    );
    let anita = &people["anita.birch@example.com"];
    assert_eq!(anita["profile_data"]["date_of_birth"], "2005-03-15");
    assert_eq!(anita["occupation_info"]["occupation"], 1, "Professional");
    assert_eq!(anita["occupation_info"]["occupation_institution_name"], "Northgate Clinic");
    let last_names = workbook_column(&path, "Last Name");
    for (row, (email, last_name)) in expected.iter().zip(&last_names).enumerate() {
        let plain = last_name.replace('\u{a0}', " ");
        let plain: Vec<&str> = plain.split_whitespace().collect();
        assert_eq!(people[email]["profile_data"]["last_name"], plain.join(" "), "row {}", row + 2);
    }
}

#[test]
fn pushing_again_creates_nobody_twice() {
    let desk = Desk::new();
    desk.fixture("spring-intake/volunteers.xlsx");
    for expected in [
        "1000 people created, 0 updated, 0 unchanged",
        "0 people created, 0 updated, 1000 unchanged",
    ] {
        let push = Import::at(&desk, "push spring-intake/volunteers.xlsx --to sandbox");
        let done = push.args("--state state --sandbox-data data").run();
        assert!(done.stdout.contains(expected), "{}", done.stdout);
    }
    assert_eq!(store(&desk, "vome").len(), 1000);
    assert_eq!(desk.runs().len(), 2, "each push keeps its own run folder");
}

#[test]
fn six_hundred_members_reach_omneo_once() {
    let desk = Desk::new();
    desk.fixture("loyalty/members.csv");
    desk.fixture("recipes/omneo.toml");
    let files = "loyalty/members.csv --recipe recipes/omneo.toml";
    let report = push(&desk, files);
    assert_eq!(report["delivery"]["accepted"], 600);

    let mut reader = csv::Reader::from_path(repository("fixtures/loyalty/members.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let expected: Vec<String> = rows.iter().map(|row| bare(&row[0])).collect();
    assert_eq!(sent(&desk, "profiles"), expected);
    let people: BTreeMap<String, Value> = store(&desk, "omneo").into_iter().collect();
    let landed: BTreeSet<&String> = people.keys().collect();
    assert_eq!(landed, expected.iter().collect::<BTreeSet<_>>());
    for row in &rows {
        let person = &people[&bare(&row[0])];
        assert_eq!(person["first_name"], row[1], "{row:?}");
        assert_eq!(person["last_name"], row[2], "{row:?}");
        let digits: String = row[3].chars().filter(|c| *c == '+' || c.is_ascii_digit()).collect();
        assert_eq!(person["mobile_phone"].as_str().unwrap_or(""), digits, "{row:?}");
        let born = ["birth_year", "birth_month", "birth_day"].map(|part| person[part].as_u64());
        let born = match born {
            [Some(year), Some(month), Some(day)] => format!("{year:04}-{month:02}-{day:02}"),
            _ => String::new(),
        };
        assert_eq!(born, row[4], "{row:?}");
        assert_eq!(person["company"].as_str().unwrap_or(""), &row[6], "{row:?}");
    }

    let done =
        Import::at(&desk, "push --to sandbox --state state --sandbox-data data").args(files).run();
    assert!(done.stdout.contains("0 people created, 0 updated, 600 unchanged"), "{}", done.stdout);
    assert_eq!(store(&desk, "omneo").len(), 600);
}

#[test]
fn a_faulty_sheet_sends_its_good_rows_and_ends_with_1() {
    let desk = Desk::new();
    desk.fixture("faulty/volunteers.xlsx");
    let push = Import::at(&desk, "push --to sandbox --state state --sandbox-data data");
    let report = push.args("faulty/volunteers.xlsx --format json").expect_code(1).run().json();
    assert_eq!(report["counts"]["rejected"], 19);
    assert_eq!(report["delivery"]["accepted"], 101);
    assert_eq!(store(&desk, "vome").len(), 101);
    let run = desk.run_folder();
    assert!(run.join("rejects.csv").exists());
}

#[test]
#[cfg(target_os = "linux")]
fn without_state_runs_lie_in_the_state_folder_of_the_platform() {
    let desk = Desk::new();
    Import::at(&desk, "push --to sandbox").file("dialects/comma.csv").run();
    let files = desk.files("xdg-state");
    assert!(files.iter().any(|file| file.starts_with("xdg-state/upsheet/runs/")), "{files:?}");
}
