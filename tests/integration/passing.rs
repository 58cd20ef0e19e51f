//! What makes a run fail: severities of the recipe, `--deny`, `--baseline`.

use serde_json::{Value, json};

use crate::common::{Desk, Import, counts, found};
use crate::schema::validate;

const HEADER: &str = "First Name,Last Name,Email,Phone,Date of Birth\n";
const GOOD: &str = "Ada,Lovelace,ada@example.org,0491 570 006,1990-01-02\n";
const ROLE: &str = "Bo,Bloom,info@example.org,0491 570 110,1990-01-02\n";
const ROLE_TOO: &str = "Cy,Young,office@example.net,0491 570 313,1990-01-02\n";
const NO_DATE: &str = "Di,Prince,di@example.org,0491 570 737,1990-02-31\n";
const NO_ADDRESS: &str = "Ed,Norton,ed@example,0491 570 156,1990-01-02\n";

fn people(rows: &[&str]) -> String {
    HEADER.to_owned() + &rows.concat()
}

fn report(import: Import) -> Value {
    let report = import.run().json();
    validate("report.v1", &report);
    report
}

fn check(rows: &[&str]) -> Import {
    Import::new("check --format json").text("people.csv", people(rows))
}

#[test]
fn a_warning_that_is_raised_rejects_its_row() {
    let recipe = "[severity]\nemail-role = \"error\"\n";
    let judged = report(check(&[GOOD, ROLE]).recipe(recipe).expect_code(1));
    assert_eq!(counts(&judged), [2, 1, 1, 0]);
    assert_eq!(judged["findings"][0]["severity"], "error");
    let build = Import::new("build --format json -o out").text("people.csv", people(&[GOOD, ROLE]));
    let built = build.recipe(recipe).expect_code(1).run();
    assert_eq!(built.json(), judged, "build finds what check finds");
    assert!(built.desk.read("out/rejects.csv").contains("info@example.org"));
    assert!(!built.desk.read("out/payloads/00001.json").contains("info@example.org"));
}

#[test]
fn a_repair_can_be_raised() {
    let trimmed = "Ada,Lovelace,ada@example.org ,0491 570 006,1990-01-02\n";
    let recipe = "[severity]\ntext-repaired = \"error\"\n";
    let judged = report(check(&[trimmed.replace("ada@", "\u{200b}ada@").as_str()]).expect_code(0));
    assert_eq!(judged["findings"][0]["severity"], "fix");
    let row = trimmed.replace("ada@", "\u{200b}ada@");
    let judged = report(check(&[&row]).recipe(recipe).expect_code(1));
    assert_eq!(counts(&judged), [1, 0, 1, 0]);
}

#[test]
fn an_error_about_a_value_can_be_lowered_where_the_person_can_go_without() {
    let recipe = "[severity]\ndate-impossible = \"warning\"\n";
    let desk = Desk::new();
    let build = Import::at(&desk, "build --format json -o out").recipe(recipe);
    let judged = report(build.text("people.csv", people(&[GOOD, NO_DATE])));
    assert_eq!(counts(&judged), [2, 2, 0, 0]);
    let finding = &judged["findings"][0];
    assert_eq!(finding["severity"], "warning");
    assert!(finding["message"].as_str().unwrap().contains("without it"), "{finding}");
    let payload = desk.read("out/payloads/00001.json");
    assert!(payload.contains("di@example.org") && !payload.contains("1990-02"), "{payload}");
    // A cell that is an error in a required field leaves nothing to send.
    let recipe = "[severity]\ncell-error = \"warning\"\n";
    let wreck = "#N/A,Lovelace,ada@example.org,#N/A,1990-01-02\n";
    let judged = report(check(&[wreck]).recipe(recipe).expect_code(1));
    let severities: Vec<&str> = judged["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["severity"].as_str().unwrap())
        .collect();
    assert_eq!(severities.iter().filter(|word| **word == "warning").count(), 1, "{judged}");
    assert_eq!(counts(&judged), [1, 0, 1, 0]);
}

#[test]
fn what_is_turned_off_is_counted() {
    let recipe = "[severity]\n\"email-role\" = \"off\"\n";
    let judged = report(check(&[GOOD, ROLE, ROLE_TOO]).recipe(recipe));
    assert_eq!(judged["findings"], json!([]));
    assert_eq!(judged["turned_off"], json!([{"code": "email-role", "count": 2}]));
    let page = Import::new("check").text("people.csv", people(&[ROLE])).recipe(recipe).run();
    let line = "· 1 finding is turned off by the recipe: email-role 1";
    assert!(page.stdout.contains(line), "{}", page.stdout);
}

#[test]
fn what_cannot_be_decided_is_told_at_its_place() {
    for (line, what, help) in [
        (
            "email-syntax = \"warning\"",
            "`email-syntax` cannot be \"warning\"",
            "nothing true to send",
        ),
        (
            "required-missing = \"off\"",
            "`required-missing` cannot be \"off\"",
            "cannot be sent at all",
        ),
        ("date-impossible = \"off\"", "cannot be \"off\"", "must be told"),
        ("text-repaired = \"info\"", "cannot be \"info\"", "not be lowered"),
        ("duplicate = \"warning\"", "cannot be \"warning\"", "--on-duplicate decides"),
        ("email-role = \"fatal\"", "cannot be \"fatal\"", "say error, warning, info or off"),
        ("email-roles = \"off\"", "there is no finding `email-roles`", "did you mean email-role?"),
        ("email-role = 1", "the recipe is wrong", "invalid type"),
    ] {
        let check = check(&[GOOD]).recipe(&format!("[severity]\n{line}\n")).expect_code(2);
        check.run().says(what).says(help).says("recipe.toml:2");
    }
}

#[test]
fn an_error_about_the_input_stops_what_would_be_sent() {
    let text = people(&["Zoé,Lovelace,ada@example.org,0491 570 006,1990-01-02\n"]);
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let recipe = "[severity]\nencoding-guessed = \"error\"\n";
    let build = Import::new("build -o out").text("people.csv", latin).recipe(recipe);
    let built = build.expect_code(1).run();
    built.says("nothing was written: 1 finding about the input, an error in the recipe");
    assert!(built.stdout.contains("✗ nobody is to be imported, for 1 reason"), "{}", built.stdout);
    assert!(built.desk.files("out").is_empty());
}

#[test]
fn denied_warnings_fail_the_run_and_reject_nobody() {
    let judged = report(check(&[GOOD, ROLE]).args("--deny warnings").expect_code(1));
    assert_eq!((counts(&judged), &judged["denied"]), ([2, 2, 0, 0], &json!(1)));
    report(check(&[GOOD]).args("--deny warnings"));
    report(check(&[ROLE]).args("--deny email-typo"));
    report(check(&[ROLE]).args("--deny email-typo --deny email-role").expect_code(1));
    // What is denied by name is not turned off.
    let recipe = "[severity]\nemail-role = \"off\"\n";
    report(check(&[ROLE]).recipe(recipe).args("--deny email-role").expect_code(1));
    report(check(&[ROLE]).recipe(recipe).args("--deny warnings"));
    let refused = check(&[ROLE]).args("--deny email-rule").expect_code(2).run();
    refused.says("did you mean email-role?");
}

#[test]
fn nothing_is_written_or_sent_with_denied_findings() {
    let built =
        Import::new("build -o out --deny warnings").text("people.csv", people(&[GOOD, ROLE]));
    let built = built.expect_code(1).run();
    built.says("nothing was written: 1 finding denied by --deny");
    assert!(built.stdout.contains("✗ 1 finding is denied by --deny"), "{}", built.stdout);
    assert!(built.desk.files("out").is_empty());
    let push = "push --to sandbox --state state --deny warnings --report report.json";
    let pushed = Import::new(push).text("people.csv", people(&[GOOD, ROLE])).expect_code(1).run();
    pushed.says("nothing was sent: 1 finding denied by --deny");
    assert!(pushed.desk.runs().is_empty(), "no run is kept");
    assert_eq!(pushed.desk.json("report.json")["delivery"], Value::Null);
}

#[test]
fn too_many_rejected_rows_stop_what_would_be_sent() {
    let rows = people(&[GOOD, NO_DATE, NO_ADDRESS]);
    let verb = |line: &str| Import::new(line).text("people.csv", &rows);
    for allowed in ["2", "3"] {
        verb("check").args("--max-errors").arg(allowed).expect_code(1).run();
    }
    let checked = verb("check --max-errors 1").expect_code(5).run();
    let said = "2 people are rejected, more than the 1 that --max-errors allows";
    assert!(checked.stdout.contains(said), "{}", checked.stdout);
    assert!(checked.stdout.contains("2  rejected"), "the report is whole: {}", checked.stdout);
    assert!(!checked.stdout.contains("upsheet push"), "{}", checked.stdout);
    let built = verb("build --max-errors 1 -o out").expect_code(5).run();
    built.says("nothing was written: 2 people are rejected");
    assert!(!built.desk.path("out/payloads").exists());
    let pushed = verb("push --to sandbox --state state --max-errors 1").expect_code(5).run();
    pushed.says("nothing was sent: 2 people are rejected");
    assert!(pushed.desk.runs().is_empty(), "nothing is left");
    // What a baseline accepts is not too much.
    let known = verb("check --write-baseline known.json").run();
    let again = Import::at(&known.desk, "check people.csv --baseline known.json --max-errors 0");
    again.run();
}

#[test]
fn a_baseline_accepts_what_is_known_wherever_it_stands() {
    let desk = Desk::new();
    let old = people(&[GOOD, ROLE, NO_DATE, NO_ADDRESS]);
    let write = "check --format json --deny warnings --write-baseline base.json";
    let written = report(Import::at(&desk, write).text("old.csv", &old));
    assert_eq!(counts(&written), [4, 2, 2, 0], "the rows stay rejected");
    let text = desk.read("base.json");
    for part in ["example", "Norton", "1990-02", "0491", "info"] {
        assert!(!text.contains(part), "{part} in {text}");
    }
    // Rows were inserted, moved and removed; one is new.
    let new = people(&[ROLE_TOO, NO_ADDRESS, GOOD, ROLE]);
    let with = "check --format json --deny warnings --baseline base.json";
    let judged = report(Import::at(&desk, with).text("new.csv", &new).expect_code(1));
    assert_eq!((&judged["baseline"]["known"], &judged["baseline"]["gone"]), (&json!(2), &json!(1)));
    assert_eq!(judged["denied"], 1);
    let known: Vec<bool> = judged["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["known"].as_bool().unwrap())
        .collect();
    assert_eq!((found(&judged).len(), known), (3, vec![false, true, true]));
    let causes = judged["causes"].as_array().unwrap();
    assert_eq!(causes[0]["known"], false);
    assert_eq!(causes.iter().filter(|one| one["known"] == true).count(), 2);
    // The page folds what is known.
    let page = Import::at(&desk, "check --baseline base.json").text("new.csv", &new).run().stdout;
    assert!(page.contains("· 2 known findings, accepted by the baseline of 20"), "{page}");
    assert!(page.contains("; 1 person stays left out by them"), "{page}");
    assert!(page.contains("· 1 finding of it is gone: write the baseline anew"), "{page}");
    assert!(
        page.contains("✓ 3 people can be imported") && !page.contains("email-syntax"),
        "{page}"
    );
}

#[test]
fn a_baseline_is_the_same_file_for_the_same_findings() {
    let desk = Desk::new();
    for (name, rows) in [("a", [GOOD, ROLE, NO_DATE]), ("b", [NO_DATE, ROLE, GOOD])] {
        let write = format!("check --format json --write-baseline {name}.json");
        report(Import::at(&desk, &write).text(&format!("{name}.csv"), people(&rows)));
    }
    assert_eq!(desk.read("a.json"), desk.read("b.json"));
    assert_eq!(desk.json("a.json")["version"], 1);
}

#[test]
fn the_run_that_writes_a_baseline_shows_all_of_it() {
    let write = "check --write-baseline base.json";
    let page = Import::new(write).text("p.csv", people(&[GOOD, NO_DATE, NO_ADDRESS])).run().stdout;
    assert!(page.contains("✗ 2 people cannot be imported, for 2 reasons"), "{page}");
    assert!(page.contains("baseline: base.json, 2 findings"), "{page}");
    assert!(!page.contains("known"), "{page}");
}

#[test]
fn a_push_with_a_baseline_sends_the_good_and_ends_well() {
    let desk = Desk::new();
    let text = people(&[GOOD, NO_DATE]);
    report(Import::at(&desk, "check --format json --write-baseline b.json").text("p.csv", &text));
    let push = "push --format json --to sandbox --state state --baseline b.json";
    let pushed = report(Import::at(&desk, push).text("p.csv", &text));
    assert_eq!(pushed["delivery"]["accepted"], 1);
    assert_eq!(counts(&pushed), [2, 1, 1, 0], "nothing bad is ever sent");
}

#[test]
fn what_is_no_baseline_is_told_before_anything_is_read() {
    let desk = Desk::new();
    desk.write("broken.json", "{\"version\": 7}");
    let check = |flag: &str| Import::at(&desk, "check nowhere.csv").args(flag).expect_code(2).run();
    check("--baseline none.json").says("cannot read the baseline").says("--write-baseline FILE");
    check("--baseline broken.json").says("it has the form 7, this program knows 1");
    let own = Import::at(&desk, "check --write-baseline a.csv").text("a.csv", people(&[GOOD]));
    own.expect_code(2).run().says("would replace an input");
    assert_eq!(desk.read("a.csv"), people(&[GOOD]));
}
