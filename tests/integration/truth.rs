//! Every fault, repair and warning that was planted in the fixtures is found at its place, and
//! nothing else is.

use serde_json::Value;

use crate::common::{Import, counts, fixture_json};

/// Row, line, column letter, field and kind of what was planted and of what was found.
type Place = (u64, Option<u64>, String, String, String);

fn planted(truth: &str) -> Vec<(Place, String)> {
    let truth = fixture_json(truth);
    let mut places: Vec<(Place, String)> = truth
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("error").to_owned();
            let place = (
                one["row"].as_u64().unwrap(),
                one["line"].as_u64(),
                text("column"),
                text("field"),
                text("severity"),
            );
            (place, text("fault"))
        })
        .collect();
    places.sort();
    places
}

fn found(report: &Value, with_line: bool) -> Vec<(Place, String)> {
    let mut places: Vec<(Place, String)> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        // The hidden sheet of lists is no fault of a person.
        .filter(|one| one["code"] != "sheets-hidden")
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("").to_owned();
            let place = (
                one["row"].as_u64().unwrap(),
                one["line"].as_u64().filter(|_| with_line),
                text("cell").trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
                text("field"),
                text("severity"),
            );
            (place, text("code"))
        })
        .collect();
    places.sort();
    places
}

/// The code that each planted fault must get.
fn code(fault: &str) -> &'static str {
    match fault {
        "role-address" => "email-role",
        "stand-in" => "email-placeholder",
        "domain-typing-slip" | "ending-typing-slip" => "email-typo",
        "internal-network" | "unknown-ending" => "email-ending",
        "mailto-prefix" | "display-name" | "quotes-around" | "link-of-a-mail-program" => {
            "email-repaired"
        }
        "two-addresses" => "email-several",
        "hidden-character-inside" => "text-hidden",
        "trailing-no-break-space"
        | "trailing-zero-width-space"
        | "doubled-space-inside"
        | "no-break-space-inside" => "text-repaired",
        "email-comma-for-dot"
        | "email-without-at"
        | "email-double-dot"
        | "email-trailing-text"
        | "quoted-local-part"
        | "accent-before-the-at"
        | "address-literal"
        | "domain-without-dot"
        | "remark-in-brackets"
        | "trailing-sign"
        | "full-width-at"
        | "at-as-a-word" => "email-syntax",
        "email-duplicate" | "email-duplicate-other-case" => "duplicate",
        "email-missing" | "last-name-missing" | "first-name-only-whitespace" => "required-missing",
        "date-impossible" => "date-impossible",
        "date-in-the-future" => "date-range",
        "phone-with-letters" | "phone-too-short" => "phone-syntax",
        "gender-unknown" => "choice-unknown",
        "zero-lost" => "zeros-restored",
        "decimal-point" | "exponent-with-all-digits" => "number-repaired",
        "phone-in-exponent-form" => "phone-damaged",
        "id-in-exponent-form" | "id-cut-at-15-digits" => "digits-lost",
        "perhaps-an-exponent" => "number-doubtful",
        "id-became-a-date" => "value-as-date",
        "formula-around-text" | "apostrophe-in-front" => "text-unwrapped",
        "word-for-nothing" => "blank-word",
        "error-of-a-formula" | "column-too-narrow" => "cell-error",
        "day-number" => "date-serial-system",
        "two-people" => "name-several",
        "title" => "name-title",
        "address-for-a-name" => "name-address",
        "stand-in-name" => "name-placeholder",
        "note-for-a-name" => "name-long",
        "label-in-front" => "phone-repaired",
        "two-numbers" => "phone-several",
        "country-unknown" => "phone-no-country",
        "other-weekday" => "date-weekday",
        "month-of-two-languages" => "date-syntax",
        "money-of-many" => "currency-unknown",
        "no-scheme" => "url-syntax",
        "birthday-twice" => "field-twice",
        "consent-without-flag" | "birthday-without-month" => "field-incomplete",
        "day-beyond-31" => "number-range",
        "short-year" => "date-century",
        other => panic!("the fault {other:?} has no code here"),
    }
}

fn compare(truth: &str, report: &Value, with_line: bool) -> usize {
    let planted = planted(truth);
    let found = found(report, with_line);
    let places = |all: &[(Place, String)]| all.iter().map(|(at, _)| at.clone()).collect::<Vec<_>>();
    assert_eq!(places(&found), places(&planted), "{truth}");
    for ((at, fault), (_, found)) in planted.iter().zip(&found) {
        assert_eq!(found, code(fault), "{fault} at {at:?}");
    }
    planted.len()
}

#[test]
fn in_the_workbook_for_vome() {
    let report =
        Import::new("check --format json").file("spring-intake/volunteers.xlsx").run().json();
    assert_eq!(compare("spring-intake/truth.json", &report, false), 44);
    assert_eq!(counts(&report), [1000, 1000, 0, 0]);
}

#[test]
fn in_the_csv_for_omneo() {
    let check = Import::new("check --to omneo --format json").file("loyalty/members.csv");
    let report = check.run().json();
    assert_eq!(compare("loyalty/truth.json", &report, false), 5);
    assert_eq!(counts(&report), [600, 600, 0, 0]);
}

#[test]
fn in_the_faulty_workbook() {
    let check = Import::new("check --format json").file("faulty/volunteers.xlsx");
    let report = check.expect_code(1).run().json();
    assert_eq!(compare("faulty/truth.json", &report, false), 19);
    assert_eq!(counts(&report), [120, 101, 19, 0]);
    assert!(report["findings"].as_array().unwrap().iter().all(|one| one["line"].is_null()));
}

#[test]
fn in_the_faulty_csv_where_rows_and_lines_part_ways() {
    let check = Import::new("check --format json --date-order dmy").file("faulty/volunteers.csv");
    let report = check.expect_code(1).run().json();
    assert_eq!(compare("faulty/truth-csv.json", &report, true), 19);
    assert_eq!(counts(&report), [120, 101, 19, 0]);
}

#[test]
fn in_the_sheet_that_a_spreadsheet_damaged() {
    let check = ["Postcode", "Member no", "Notes"]
        .iter()
        .fold(Import::new("check --format json").file("damage/members.csv"), |check, column| {
            check.arg("--map").arg(format!("{column}=custom:{column}"))
        });
    let report = check.expect_code(1).run().json();
    assert_eq!(compare("damage/truth.json", &report, false), 40);
    assert_eq!(counts(&report), [24, 17, 7, 0]);
}

#[test]
fn in_the_sheet_of_addresses() {
    let check = Import::new("check --format json").file("addresses/people.csv");
    let report = check.expect_code(1).run().json();
    assert_eq!(compare("addresses/truth.json", &report, false), 24);
    assert_eq!(counts(&report), [31, 21, 10, 0]);
}

#[test]
fn what_a_refused_address_was_perhaps_meant_to_be_is_suggested_and_passes() {
    let check = Import::new("check --format json").file("addresses/people.csv");
    let report = check.expect_code(1).run().json();
    let findings = report["findings"].as_array().unwrap();
    let suggested = findings.iter().filter(|one| one["fix"]["applied"] == false);
    let suggested: Vec<&str> = suggested.map(|one| one["fix"]["after"].as_str().unwrap()).collect();
    assert_eq!(suggested.len(), 10, "{suggested:?}");
    let rows: Vec<String> =
        suggested.iter().map(|address| format!("Ada,Lark,{address}\n")).collect();
    let sheet = format!("First name,Last name,Email\n{}", rows.concat());
    let again = Import::new("check --format json").text("people.csv", sheet).run().json();
    assert_eq!(again["findings"], serde_json::json!([]));
}

#[test]
fn in_the_sheet_of_odd_values() {
    let check = Import::new("check --to omneo --format json --map").arg("Promo=email_promo");
    let check = check.arg("--map").arg("Promo at=email_consent_updated_at");
    let recipe = "[omneo]\nconsent_is_customer_act = true\n";
    let check = check.file("values/members.csv").recipe(recipe).expect_code(1);
    let report = check.run().json();
    assert_eq!(compare("values/truth.json", &report, false), 17);
    assert_eq!(counts(&report), [26, 18, 8, 0]);
}
