//! Three rows of one person, and what becomes of them under each policy.

use serde_json::Value;

use crate::common::{Desk, Import, counts, found};

/// Rows 2, 4 and 6 are one person; of these, row 4 is invalid. Rows 3 and 5 are others.
const SHEET: &str = "\
First name,Last name,Email,Phone,Address
Ada,Larkspur,ada@example.org,+1 514 555 0101,1 Rowan Court
Otis,Vale,otis@example.org,,
Ada,Larkspur,ADA@example.org,call me,2 Long Meadow
Zoe,Nunez,zoe@example.org,,
Ada M.,Larkspur,Ada@Example.org,+1 514 555 0199,
";

/// What was sent (address, first name, phone, street) and the report.
fn build(policy: &str, sheet: &str) -> (Vec<[String; 4]>, Value) {
    let desk = Desk::new();
    let build = Import::at(&desk, "build -o out --format json").text("people.csv", sheet);
    let report = build.args("--on-duplicate").arg(policy).expect_code(1).run().json();
    let mut sent = Vec::new();
    for file in desk.files("out/payloads") {
        for person in desk.json(file)["volunteers_data"].as_array().unwrap() {
            let text = |key: &str| person["profile_data"][key].as_str().unwrap_or("").to_owned();
            sent.push(["email", "first_name", "phone_number", "address"].map(text));
        }
    }
    (sent, report)
}

fn emails(sent: &[[String; 4]]) -> Vec<&str> {
    sent.iter().map(|person| person[0].as_str()).collect()
}

#[test]
fn reject_keeps_the_first_row_and_rejects_the_later_ones() {
    let (sent, report) = build("reject", SHEET);
    assert_eq!(emails(&sent), ["ada@example.org", "otis@example.org", "zoe@example.org"]);
    assert_eq!(sent[0][3], "1 Rowan Court");
    assert_eq!(counts(&report), [5, 3, 2, 0]);
    let found = found(&report);
    assert!(found.contains(&(4, "duplicate")), "{found:?}");
    assert!(found.contains(&(4, "phone-syntax")), "all findings of a row at once: {found:?}");
    assert!(found.contains(&(6, "duplicate")), "{found:?}");
    let message = report["findings"].as_array().unwrap().last().unwrap();
    assert!(message["message"].as_str().unwrap().contains("row 2"), "{message}");
    assert_eq!(message["cell"], "C6");
}

#[test]
fn reject_is_what_happens_unless_told() {
    let check = Import::new("check --format json").text("people.csv", SHEET).expect_code(1);
    assert_eq!(counts(&check.run().json()), [5, 3, 2, 0]);
}

#[test]
fn first_keeps_the_first_good_row_and_skips_the_others() {
    let (sent, report) = build("first", SHEET);
    assert_eq!(emails(&sent), ["ada@example.org", "otis@example.org", "zoe@example.org"]);
    assert_eq!(counts(&report), [5, 3, 1, 1]);
    assert_eq!(found(&report), [(4, "phone-syntax"), (6, "duplicate-skipped")]);
}

#[test]
fn first_passes_over_a_row_that_cannot_be_sent() {
    let sheet = SHEET.replace("+1 514 555 0101", "none");
    let (sent, report) = build("first", &sheet);
    assert_eq!(emails(&sent), ["otis@example.org", "zoe@example.org", "Ada@Example.org"]);
    assert_eq!(counts(&report), [5, 3, 2, 0]);
}

#[test]
fn last_keeps_the_last_good_row_and_skips_the_others() {
    let (sent, report) = build("last", SHEET);
    assert_eq!(emails(&sent), ["otis@example.org", "zoe@example.org", "Ada@Example.org"]);
    assert_eq!(sent[2][1], "Ada M.");
    assert_eq!(sent[2][3], "", "nothing of the first row is taken over");
    assert_eq!(counts(&report), [5, 3, 1, 1]);
    assert_eq!(found(&report), [(2, "duplicate-skipped"), (4, "phone-syntax")]);
}

#[test]
fn last_passes_over_a_row_that_cannot_be_sent() {
    let sheet = SHEET.replace("+1 514 555 0199", "none");
    let (sent, report) = build("last", &sheet);
    assert_eq!(emails(&sent), ["ada@example.org", "otis@example.org", "zoe@example.org"]);
    assert_eq!(counts(&report), [5, 3, 2, 0]);
}

#[test]
fn merge_joins_the_good_rows_and_says_how() {
    let (sent, report) = build("merge", SHEET);
    assert_eq!(emails(&sent), ["otis@example.org", "zoe@example.org", "Ada@Example.org"]);
    assert_eq!(
        sent[2],
        ["Ada@Example.org", "Ada M.", "+15145550199", "1 Rowan Court"],
        "later values win, blanks replace nothing, the invalid row adds nothing"
    );
    assert_eq!(counts(&report), [5, 3, 1, 1]);
    let found = found(&report);
    assert!(found.contains(&(2, "duplicate-merged")), "{found:?}");
    assert!(found.contains(&(4, "phone-syntax")), "{found:?}");
    let said = |row: u64| -> Vec<[&str; 3]> {
        let findings = report["findings"].as_array().unwrap().iter();
        let of_row = findings.filter(|one| one["row"] == row);
        of_row
            .map(|one| ["code", "field", "message"].map(|key| one[key].as_str().unwrap()))
            .collect()
    };
    assert_eq!(said(2), [["duplicate-merged", "email", "joined into row 6"]]);
    let replaced = "duplicate-replaced";
    assert_eq!(
        said(6),
        [
            [replaced, "first_name", "\"Ada\" of row 2 → \"Ada M.\""],
            [replaced, "email", "\"ada@example.org\" of row 2 → \"Ada@Example.org\""],
            [replaced, "phone_number", "\"+15145550101\" of row 2 → \"+15145550199\""],
            ["duplicate-filled", "address", "blank here → \"1 Rowan Court\" of row 2"],
            [
                "duplicate-joined",
                "email",
                "put together with row 2: 3 values replaced, 1 blank filled"
            ],
        ]
    );
    let filled = report["findings"].as_array().unwrap().iter();
    let filled = filled.clone().find(|one| one["code"] == "duplicate-filled").unwrap();
    assert_eq!(filled["cell"], "E6");
    assert_eq!(
        filled["fix"],
        serde_json::json!({"before": "", "after": "1 Rowan Court", "applied": true})
    );
}

#[test]
fn a_merge_of_many_rows_says_which_row_each_value_was_of() {
    let sheet = "\
First name,Last name,Email,Gender,Birth date,Address
Ada,Lark,ada@example.org,F,1990-04-01,
Ada,Lark,ada@example.org,,,
Ada,Lark,ada@example.org,M,,1 Rowan Court
Ada,Lark,ada@example.org,,,
Ada,Lark,ada@example.org,,1990-04-02,
";
    let merge = || Import::new("check --on-duplicate merge").text("people.csv", sheet);
    let report = merge().args("--format json").run().json();
    assert_eq!(counts(&report), [5, 1, 0, 4]);
    let findings = report["findings"].as_array().unwrap().iter();
    let messages: Vec<String> = findings
        .filter(|one| one["code"] != "duplicate-merged")
        .map(|one| {
            format!("{} {}", one["cell"].as_str().unwrap(), one["message"].as_str().unwrap())
        })
        .collect();
    assert_eq!(
        messages,
        [
            "D4 \"Female\" of row 2 → \"Male\"",
            "E6 \"1990-04-01\" of row 2 → \"1990-04-02\"",
            "D6 blank here → \"Male\" of row 4",
            "F6 blank here → \"1 Rowan Court\" of row 4",
            "C6 put together with row 2, row 3, row 4 and 1 more: 1 value replaced, 2 blanks filled",
        ]
    );
    let page = merge().run().stdout;
    for line in [
        "1 person was put together from several rows",
        "row 4 of people.csv  joined into row 6",
        "gender: \"Female\" of row 2 → \"Male\"",
        "address: blank here → \"1 Rowan Court\" of row 4",
    ] {
        assert!(page.contains(line), "{page}");
    }
}

#[test]
fn a_merge_over_two_files_names_the_file() {
    let check = Import::new("check --on-duplicate merge --format json")
        .text("old.csv", "First name,Last name,Email\nAda,Lark,ada@example.org\n")
        .text("new.csv", "First name,Last name,Email\nAdah,Lark,ADA@example.org\n");
    let text = check.run().json().to_string();
    assert!(text.contains("\\\"Ada\\\" of row 2 of old.csv → \\\"Adah\\\""), "{text}");
    assert!(text.contains("joined into row 2 of new.csv"), "{text}");
}

#[test]
fn a_recipe_can_choose_the_policy_and_a_flag_overrides_it() {
    let recipe = "[policy]\non_duplicate = \"last\"\n";
    let check = || Import::new("check --format json").text("people.csv", SHEET).recipe(recipe);
    let report = check().expect_code(1).run().json();
    assert_eq!(counts(&report), [5, 3, 1, 1]);
    let report = check().args("--on-duplicate reject").expect_code(1).run().json();
    assert_eq!(counts(&report), [5, 3, 2, 0]);
}

#[test]
fn a_phone_that_must_be_unique_is_no_matter_of_policy() {
    let sheet = "First name,Last name,Email,Mobile\n\
                 Ada,Larkspur,ada@example.org,+61491570006\n\
                 Otis,Vale,otis@example.org,+61 491 570 006\n";
    for policy in ["reject", "first", "last", "merge"] {
        let check = Import::new("check --to omneo --format json").text("people.csv", sheet);
        let report = check.args("--on-duplicate").arg(policy).expect_code(1).run().json();
        assert_eq!(counts(&report), [2, 1, 1, 0], "{policy}");
        assert_eq!(report["findings"][0]["field"], "mobile_phone", "{policy}");
        assert_eq!(report["findings"][0]["row"], 3, "{policy}");
    }
}

/// Who was sent to Omneo (address and mobile) and the report.
fn build_omneo(policy: &str, rows: &str) -> (Vec<[String; 2]>, Value) {
    let desk = Desk::new();
    let sheet = format!("First name,Last name,Email,Mobile\n{rows}");
    let build = Import::at(&desk, "build --to omneo -o out --format json").text("m.csv", &sheet);
    let report = build.args("--on-duplicate").arg(policy).expect_code(1).run().json();
    let mut sent = Vec::new();
    for file in desk.files("out/payloads") {
        for person in desk.json(file)["profiles"].as_array().unwrap() {
            sent.push(
                ["email", "mobile_phone"].map(|key| person[key].as_str().unwrap_or("").to_owned()),
            );
        }
    }
    (sent, report)
}

const M1: &str = "+61491570006";
const M2: &str = "+61491570156";

#[test]
fn a_mobile_of_another_person_never_costs_somebody_all_of_their_rows() {
    let rows = format!(
        "Bo,B,bo@example.org,{M1}\nAda,A,ada@example.org,{M2}\nAda,A,ada@example.org,{M1}\n"
    );
    for policy in ["last", "merge", "first"] {
        let (sent, report) = build_omneo(policy, &rows);
        let expected = [["bo@example.org", M1], ["ada@example.org", M2]];
        assert_eq!(sent, expected, "{policy}: {report}");
        assert_eq!(counts(&report), [3, 2, 1, 0], "{policy}");
    }
}

#[test]
fn a_mobile_that_a_merged_person_brings_along_is_not_given_to_another() {
    let rows =
        format!("Ada,A,ada@example.org,{M1}\nAda,A,ada@example.org,\nBo,B,bo@example.org,{M1}\n");
    let (sent, report) = build_omneo("merge", &rows);
    assert_eq!(sent, [["ada@example.org", M1]]);
    assert_eq!(counts(&report), [3, 1, 1, 1]);
}

#[test]
fn one_person_may_repeat_their_own_mobile() {
    let rows = format!("Ada,A,ada@example.org,{M1}\nAda,A,ADA@example.org,{M1}\nX,Y,nobody,\n");
    let (sent, report) = build_omneo("last", &rows);
    assert_eq!(sent, [["ADA@example.org", M1]]);
    assert_eq!(counts(&report), [3, 1, 1, 1]);
}
