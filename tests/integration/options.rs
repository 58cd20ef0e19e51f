//! Where people come from and how a sheet is understood: several files, standard input, sheets,
//! header rows, columns, dates.

use serde_json::json;

use crate::common::{Import, counts, found};
use crate::people::plain;

#[test]
fn several_files_are_one_run() {
    let check = Import::new("check --format json").text("a.csv", plain(3));
    let report = check.text("b.csv", plain(4)).expect_code(1).run().json();
    assert_eq!(counts(&report), [7, 4, 3, 0], "uniqueness goes through all files");
    let inputs: Vec<_> =
        report["inputs"].as_array().unwrap().iter().map(|one| &one["path"]).collect();
    assert_eq!(inputs, ["a.csv", "b.csv"]);
    for finding in report["findings"].as_array().unwrap() {
        assert_eq!(finding["input"], 1);
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("a.csv"), "the other file is named: {message}");
    }
}

#[test]
fn several_files_may_have_different_columns() {
    let build = Import::new("build -o out")
        .text("a.csv", plain(2))
        .text("b.csv", "E-mail;Given name;Surname;Phone\nb@example.org;Bo;Birch;+1 514 555 0101\n");
    let body = build.run().desk.json("out/payloads/00001.json");
    let people = body["volunteers_data"].as_array().unwrap();
    assert_eq!(people.len(), 3);
    assert_eq!(people[2]["profile_data"]["phone_number"], "+15145550101");
    assert_eq!(people[2]["profile_data"]["last_name"], "Birch");
}

#[test]
fn a_dash_is_standard_input() {
    let report = Import::new("check - --format json").stdin(plain(5)).run();
    assert_eq!(counts(&report.json()), [5, 5, 0, 0]);
    assert_eq!(report.json()["inputs"][0]["path"], "-");
    assert_eq!(report.desk.files("tmp"), [""; 0], "a copy of the input is left behind");
    let workbook = std::fs::read(crate::common::repository("fixtures/faulty/volunteers.xlsx"));
    let rows = Import::new("rows - --limit 1").stdin(workbook.unwrap()).run();
    assert!(rows.stdout.starts_with("First Name,"), "{}", rows.stdout);
    Import::new("check - -").stdin(plain(5)).expect_code(2).run();
    Import::new("check -").stdin("").expect_code(3).run();
}

#[test]
fn a_column_is_mapped_by_its_header_its_letter_or_left_out() {
    let sheet = "Given,Family,Contact,Phone\nAda,Larkspur,ada@example.org,call me\n";
    let check = || Import::new("check").text("people.csv", sheet);
    check().expect_code(1).run();
    let names = |import: Import| import.args("--map Given=first_name --map Family=last_name");
    names(check()).args("--map Contact=email --map Phone=-").run();
    names(check()).args("--map contact=email --map D=-").run();
    names(check()).args("--map C=email --map Phone=-").run();
    names(check()).args("--map C=email").expect_code(1).run();
    names(check()).args("--map Contact=email --map Phone=email").expect_code(2).run();
    let done = names(check()).args("--map Contract=email").expect_code(2).run();
    done.says("Contact");
    let custom = names(Import::new("build -o out").text("people.csv", sheet));
    let done = custom.args("--map C=email").arg("--map").arg("Phone=custom:How to call").run();
    let body = done.desk.json("out/payloads/00001.json").to_string();
    assert!(body.contains(r#""custom_field_name":"How to call""#), "{body}");
    assert!(body.contains(r#""custom_field_user_value":"call me""#), "{body}");
}

#[test]
fn a_sheet_is_chosen_by_name_or_number() {
    let rows = |flags: &str| {
        let rows = Import::new("rows --format json").file("spring-intake/volunteers.xlsx");
        rows.args(flags).run().json()["rows"].clone()
    };
    let first = rows("");
    assert_eq!(first.as_array().unwrap().len(), 1001);
    assert_eq!(rows("--sheet Volunteers"), first);
    assert_eq!(rows("--sheet 1"), first);
    assert_ne!(rows("--sheet Notes"), first);
    assert_eq!(rows("--sheet Notes"), rows("--sheet 2"));
    assert_eq!(rows("--sheet Old"), rows("--sheet 3"), "a hidden sheet can be asked for");
    let wrong = Import::new("rows --sheet Volunters").file("spring-intake/volunteers.xlsx");
    wrong.expect_code(3).run().says("Volunteers");
    let wrong = Import::new("rows --sheet 4").file("spring-intake/volunteers.xlsx");
    wrong.expect_code(3).run().says("Volunteers");
}

#[test]
fn a_header_further_down_is_found_by_its_row() {
    let sheet = format!("Spring intake,,\n\nprinted on Monday,,\n{}", plain(2));
    let check = Import::new("check --header-row 4 --format json").text("people.csv", &sheet);
    let report = check.run().json();
    assert_eq!(counts(&report), [2, 2, 0, 0]);
    assert_eq!(report["inputs"][0]["header_row"], 4);
    let rows = Import::new("rows --header-row 4 --format json").text("people.csv", &sheet);
    let rows = rows.run().json();
    assert_eq!(
        rows["rows"][0],
        json!({"row": 4, "line": 4, "cells": ["First name", "Last name", "Email"]})
    );
    assert_eq!(rows["rows"][1]["row"], 5);
    Import::new("check --header-row 0").text("people.csv", &sheet).expect_code(2).run();
    Import::new("check --header-row 40").text("people.csv", &sheet).expect_code(2).run().says("40");
}

#[test]
fn the_order_of_a_date_is_asked_for_and_never_guessed() {
    let sheet =
        "First name,Last name,Email,Date of birth\nAda,Larkspur,ada@example.org,05/06/1988\n";
    let check = Import::new("check --format json").text("people.csv", sheet).expect_code(1);
    let report = check.run().json();
    assert_eq!(found(&report), [(1, "date-order-open"), (2, "date-ambiguous")]);
    for (order, expected) in [("dmy", "1988-06-05"), ("mdy", "1988-05-06")] {
        let build = Import::new("build -o out --date-order").arg(order).text("people.csv", sheet);
        let body = build.run().desk.json("out/payloads/00001.json");
        assert_eq!(body["volunteers_data"][0]["profile_data"]["date_of_birth"], expected);
    }
}

#[test]
fn national_numbers_are_completed_only_when_their_country_is_named() {
    let sheet = "First name,Last name,Email,Mobile\nAda,Larkspur,ada@example.org,0491 570 006\n";
    let build = |flags: &str, code: i32| {
        let build = Import::new("build -o out --to omneo").text("people.csv", sheet).args(flags);
        build.expect_code(code).run().desk
    };
    let rejected = build("", 1);
    assert_eq!(found(&rejected.json("out/report.json")), [(2, "phone-no-country")]);
    let body = build("--default-region AU", 0).json("out/payloads/00001.json");
    assert_eq!(body["profiles"][0]["mobile_phone"], "+61491570006");
    Import::new("check --default-region Narnia").text("p.csv", sheet).expect_code(2).run();
}

#[test]
fn a_column_of_dates_proves_its_own_order() {
    let sheet = "First name,Last name,Email,Date of birth\n\
                 Ada,Larkspur,ada@example.org,05/06/1988\n\
                 Otis,Vale,otis@example.org,23/06/1988\n";
    let build = Import::new("build -o out").text("people.csv", sheet);
    let body = build.run().desk.json("out/payloads/00001.json");
    assert_eq!(body["volunteers_data"][0]["profile_data"]["date_of_birth"], "1988-06-05");
    let mixed = format!("{sheet}Zoe,Nunez,zoe@example.org,06/23/1988\n");
    let check = Import::new("check --format json").text("people.csv", mixed).expect_code(1);
    assert_eq!(
        found(&check.run().json()),
        [(1, "date-order-mixed"), (2, "date-ambiguous")],
        "a mixed column proves nothing"
    );
}

#[test]
fn inspect_tells_how_a_file_is_read_even_when_it_cannot_be_mapped() {
    let inspect = |name: &str, code: i32| {
        Import::new("inspect --format json").file(name).expect_code(code).run()
    };
    let good = inspect("dialects/semicolon.csv", 0).json();
    assert_eq!(good["inputs"][0]["delimiter"], ";");
    assert_eq!(good["inputs"][0]["columns"][2]["field"], "email");
    assert!(good["problem"].is_null());
    let bad = inspect("broken/no-email-column.csv", 2);
    assert_eq!(bad.json()["inputs"][0]["columns"][3]["header"], "Parent e-mail");
    assert!(bad.json()["problem"].is_string());
    let text = Import::new("inspect").file("spring-intake/volunteers.xlsx").run().stdout;
    for part in ["Volunteers", "Old", "hidden", "E-mail", "date_of_birth"] {
        assert!(text.contains(part), "inspect lacks {part}: {text}");
    }
}

#[test]
fn further_reports_follow_their_endings() {
    let check = Import::new("check --quiet --report a.json --report b.csv --report c.txt");
    let done = check.file("faulty/volunteers.xlsx").expect_code(1).run();
    assert_eq!(done.stdout, "", "--quiet leaves standard output alone");
    assert_eq!(counts(&done.desk.json("a.json")), [120, 101, 19, 0]);
    let rejects = csv::Reader::from_path(done.desk.path("b.csv")).unwrap().into_records().count();
    assert_eq!(rejects, 19);
    assert!(done.desk.read("c.txt").contains("19 people cannot be imported"));
}
