//! `--format json`: one object, nothing else, of the published form, with counts that add up.

use serde_json::Value;

use crate::common::{Desk, Import, counts};
use crate::schema::validate;

fn report(import: Import) -> Value {
    let done = import.run();
    let report = done.json();
    validate("report.v1", &report);
    counts(&report);
    assert_eq!(report["version"], 1);
    report
}

#[test]
fn the_reports_of_check_and_build_are_of_the_published_form() {
    for (file, flags, code) in [
        ("spring-intake/volunteers.xlsx", "", 0),
        ("loyalty/members.csv", "--to omneo", 0),
        ("faulty/volunteers.xlsx", "", 1),
        ("faulty/volunteers.csv", "--date-order dmy", 1),
        ("faulty/volunteers.csv", "--on-duplicate merge", 1),
        ("faulty/volunteers.csv", "--on-duplicate last", 1),
        ("dialects/ragged.csv", "", 1),
        ("dialects/tab.tsv", "--to omneo", 0),
        ("broken/bad-utf8.csv", "", 1),
    ] {
        let check = Import::new("check --format json").file(file).args(flags).expect_code(code);
        let checked = report(check);
        assert!(checked["delivery"].is_null(), "check sends nothing");
        let build = Import::new("build --format json -o out --report more.json").file(file);
        let done = build.args(flags).expect_code(code).run();
        assert_eq!(done.json(), checked, "{file}: build finds what check finds");
        assert_eq!(done.desk.json("more.json"), checked);
        assert_eq!(done.desk.json("out/report.json"), checked);
    }
}

#[test]
fn the_report_of_push_is_of_the_published_form() {
    let push = Import::new("push --to sandbox --state state --format json");
    let pushed = report(push.file("faulty/volunteers.xlsx").expect_code(1));
    assert_eq!(pushed["delivery"]["accepted"], pushed["counts"]["valid"]);
}

#[test]
fn causes_sum_the_findings_up() {
    let check = Import::new("check --format json").file("faulty/volunteers.xlsx").expect_code(1);
    let report = report(check);
    let findings = report["findings"].as_array().unwrap();
    let mut counted = 0;
    for cause in report["causes"].as_array().unwrap() {
        let same: Vec<u64> = findings
            .iter()
            .filter(|one| one["code"] == cause["code"] && one["column"] == cause["column"])
            .map(|one| one["row"].as_u64().unwrap())
            .collect();
        assert_eq!(cause["count"], same.len(), "{cause}");
        let first: Vec<u64> = serde_json::from_value(cause["first"].clone()).unwrap();
        assert!(same.starts_with(&first), "{cause}");
        counted += same.len();
    }
    assert_eq!(counted, findings.len(), "every finding has a cause");
}

#[test]
fn rows_and_inspect_are_of_their_published_forms() {
    for file in [
        "faulty/volunteers.xlsx",
        "faulty/volunteers.csv",
        "dialects/ragged.csv",
        "broken/header-only.csv",
    ] {
        let rows = Import::new("rows --format json").file(file).run().json();
        validate("rows.v1", &rows);
        let inspect = Import::new("inspect --format json").file(file).run().json();
        validate("inspect.v1", &inspect);
    }
    let several = Import::new("inspect --format json").file("dialects/comma.csv");
    let several = several.file("spring-intake/volunteers.xlsx").run().json();
    validate("inspect.v1", &several);
    assert_eq!(several["inputs"].as_array().unwrap().len(), 2);
    let broken = Import::new("inspect --format json").file("broken/no-email-column.csv");
    validate("inspect.v1", &broken.expect_code(2).run().json());
}

#[test]
fn lines_of_rows_are_entries_of_rows() {
    let desk = Desk::new();
    let form = |form: &str| {
        Import::at(&desk, "rows --format").arg(form).file("faulty/volunteers.csv").run()
    };
    let lines: Vec<Value> =
        form("jsonl").stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(form("json").json()["rows"], Value::from(lines));
}

#[test]
fn a_finding_says_where_what_and_what_to_do() {
    let check = Import::new("check --format json").file("faulty/volunteers.xlsx").expect_code(1);
    let report = report(check);
    let finding = &report["findings"][0];
    assert_eq!(finding["cell"], "C7");
    assert_eq!(finding["sheet"], "Volunteers");
    assert_eq!(finding["column"], "E-mail");
    assert_eq!(finding["field"], "email");
    assert_eq!(finding["value"], "wendell.brook@example,org");
    assert_eq!(finding["fix"]["after"], "wendell.brook@example.org");
    assert_eq!(finding["fix"]["applied"], false);
}
