//! SARIF: valid by the schema of its makers, at the right line and column, and known again in later runs.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::common::{Desk, Import, repository};
use crate::schema::validate_sarif;

/// The report of a run, held against its schema.
fn sarif(import: Import) -> Value {
    let log = import.args("--format sarif").run().json();
    validate_sarif(&log);
    log
}

fn results(log: &Value) -> &[Value] {
    log["runs"][0]["results"].as_array().unwrap()
}

/// What stands in a region of a text, counted in units of UTF-16.
fn cut(text: &str, region: &Value) -> String {
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (first, last) = (number("startLine"), number("endLine"));
    let mut units: Vec<u16> = lines[first - 1..last].join("\n").encode_utf16().collect();
    let before = lines[first - 1..last - 1].iter().map(|line| line.encode_utf16().count() + 1);
    units.truncate(before.sum::<usize>() + number("endColumn") - 1);
    String::from_utf16(&units[number("startColumn") - 1..]).unwrap()
}

#[test]
fn logs_are_valid_and_say_what_the_json_report_says() {
    for (files, flags, code) in [
        (vec!["faulty/volunteers.csv"], "--date-order dmy", 1),
        (vec!["faulty/volunteers.xlsx"], "", 1),
        (vec!["causes/members.csv", "loyalty/members.csv"], "--to omneo", 1),
        (vec!["dialects/ragged.csv"], "", 1),
        (vec!["broken/bad-utf8.csv"], "", 1),
        (vec!["damage/members.csv"], "--to omneo", 1),
    ] {
        let desk = Desk::new();
        let run = |form: &str| {
            let check = Import::at(&desk, "check --format").arg(form).args(flags);
            files.iter().fold(check, |check, file| check.file(file)).expect_code(code)
        };
        let report = run("json").run().json();
        let log = run("sarif").run().json();
        validate_sarif(&log);
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(results(&log).len(), findings.len(), "{files:?}");
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        for (result, finding) in results(&log).iter().zip(findings) {
            assert_eq!(result["ruleId"], finding["code"]);
            let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[rule]["id"], finding["code"]);
            let level = match finding["severity"].as_str().unwrap() {
                "fix" | "info" => "note",
                same => same,
            };
            assert_eq!(result["level"], level);
            let place = &result["locations"][0]["physicalLocation"];
            let input = usize::try_from(finding["input"].as_u64().unwrap()).unwrap();
            assert_eq!(place["artifactLocation"]["uri"], files[input]);
            let line = place["region"]["startLine"].as_u64().unwrap();
            match (finding["line"].as_u64(), finding["row"].as_u64()) {
                (Some(first), _) => assert!(line >= first, "{result}"),
                // A workbook has rows for lines, and what is about all of it stands on its first.
                (None, row) => assert_eq!(line, row.unwrap_or(1).max(1), "{result}"),
            }
            if !finding["sheet"].is_null() && !finding["cell"].is_null() {
                let name = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                let cell = finding["cell"].as_str().unwrap();
                assert!(name.as_str().unwrap().ends_with(&format!("!{cell}")), "{name}");
            }
        }
        assert_eq!(log["runs"][0]["properties"]["counts"], report["counts"]);
        assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], code);
    }
}

#[test]
fn a_region_is_the_cell_with_its_quotes() {
    let sheet = "First name;Last name;E-mail;Note\n\
                 \"Zoë 😀\";\"O;Neil\";\"zoe@example,org\";x\n\
                 \"Ada\nMay\";Vale;\"ada \"\"x\"\" @example\";\ty\n\
                 Otis;Vale;;z\n\
                 Cy;Vale;cy@@example.org\n";
    let log = sarif(Import::new("check").text("people.csv", sheet).expect_code(1));
    let mut seen = Vec::new();
    for result in results(&log).iter().filter(|one| one["properties"]["field"] == "email") {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        seen.push((region["startLine"].as_u64().unwrap(), cut(sheet, region)));
    }
    seen.dedup();
    let expected = [
        (2, "\"zoe@example,org\""),
        // The row begins on line 3, the cell stands on line 4.
        (4, "\"ada \"\"x\"\" @example\""),
        (5, ""),
        (6, "cy@@example.org"),
    ];
    assert_eq!(seen, expected.map(|(line, cell)| (line, cell.to_owned())));
}

#[test]
fn a_proposed_change_of_the_file_repairs_it() {
    let sheet =
        "First,Last,Email\nAda,\"Lark, jun.\",\"ada@example,org\"\nOtis,Vale,otis@example.net\n";
    let log = sarif(Import::new("check").text("people.csv", sheet).expect_code(1));
    let [result] = results(&log) else { panic!("{log}") };
    let change = &result["fixes"][0]["artifactChanges"][0];
    let replacement = &change["replacements"][0];
    let old = cut(sheet, &replacement["deletedRegion"]);
    assert_eq!(old, "\"ada@example,org\"");
    let new = replacement["insertedContent"]["text"].as_str().unwrap();
    let mended = sheet.replace(&old, new);
    assert!(results(&sarif(Import::new("check").text("people.csv", mended))).is_empty());
}

/// Applies the proposed changes of a log to a text in UTF-8, as an editor would.
fn applied(text: &str, log: &Value) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let place = |region: &Value, line: &str, column: &str| {
        let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
        let (line, column) = (number(line) - 1, number(column) - 1);
        let before: usize = lines[..line].iter().map(|line| line.len()).sum();
        let mut units = 0;
        let own = lines[line].char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units > column
        });
        before + own.map_or(lines[line].len(), |(at, _)| at)
    };
    let mut edits = std::collections::BTreeMap::new();
    for result in results(log).iter().filter(|result| !result["fixes"].is_null()) {
        let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        let region = &replacement["deletedRegion"];
        let from = place(region, "startLine", "startColumn");
        let to = place(region, "endLine", "endColumn");
        edits.insert(from, (to, replacement["insertedContent"]["text"].as_str().unwrap()));
    }
    let mut mended = text.to_owned();
    for (from, (to, new)) in edits.into_iter().rev() {
        mended.replace_range(from..to, new);
    }
    mended
}

#[test]
fn the_proposed_changes_are_those_of_fix_byte_by_byte() {
    let damage = std::fs::read_to_string(repository("fixtures/damage/members.csv")).unwrap();
    let quoted = "First,Last,Email,Note\r\n\
                  \"Ada \",\"Lark, jun.\",\"ada@example,org\",\"😀\r\nx\"\r\n\
                  Otis ,\"Vale \",otis@gmial.com,\"a \"\"b\"\"\"\r\n";
    for (sheet, flags) in [(damage.as_str(), "--to omneo"), (quoted, "")] {
        let desk = Desk::new();
        desk.write("people.csv", sheet);
        let check = || Import::at(&desk, "check people.csv").args(flags).expect_code(1);
        let log = sarif(check());
        check().args("--fix-plan plan.csv").run();
        // The first reading of each cell is the one that is proposed.
        let mut plan = csv::Reader::from_path(desk.path("plan.csv")).unwrap();
        let mut accepted = csv::Writer::from_path(desk.path("accepted.csv")).unwrap();
        accepted.write_record(plan.headers().unwrap()).unwrap();
        let cell = plan.headers().unwrap().iter().position(|name| name == "cell").unwrap();
        let mut cells = BTreeSet::new();
        for line in plan.records() {
            let line = line.unwrap();
            let word = if cells.insert(line[cell].to_owned()) { "yes" } else { "no" };
            accepted.write_record(std::iter::once(word).chain(line.iter().skip(1))).unwrap();
        }
        accepted.flush().unwrap();
        Import::at(&desk, "fix people.csv --plan accepted.csv -o mended.csv").run();
        let mended = desk.read("mended.csv");
        assert_ne!(mended, sheet);
        assert_eq!(applied(sheet, &log), mended);
    }
}

#[test]
fn nothing_is_proposed_for_bytes_that_the_file_does_not_hold() {
    let sheet = "First,Last,Email\nAda,Vale,\"ada@example,org\"\n";
    let piped = sarif(Import::new("check -").stdin(sheet).expect_code(1));
    let [result] = results(&piped) else { panic!("{piped}") };
    assert!(result["fixes"].is_null());
    let region = &result["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 10, "where it stands is told all the same");
}

#[test]
fn a_file_that_is_given_twice_is_one_artifact() {
    let desk = Desk::new();
    desk.write("people.csv", "First,Last,Email\nAda,Vale,ada@example\n");
    let log = sarif(Import::at(&desk, "check people.csv ./people.csv").expect_code(1));
    assert_eq!(log["runs"][0]["artifacts"].as_array().unwrap().len(), 1);
    for result in results(&log) {
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["index"], 0);
    }
}

#[test]
fn what_is_denied_is_told_about_the_run() {
    let sheet = "First,Last,Email\nAda,Vale,info@example.org\n";
    let check = Import::new("check --deny warnings").text("people.csv", sheet);
    let log = sarif(check.expect_code(1));
    let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert!(told["message"]["text"].as_str().unwrap().contains("denied by --deny"), "{told}");
}

#[test]
fn a_finding_is_known_again_wherever_its_row_stands() {
    let header = "First,Last,Email,Phone\n";
    let rows =
        ["Ada,Vale,ada@example.org,12\n", "Otis,Vale,otis@example,\n", "Cy,,cy@example.org,3\n"];
    let prints = |sheet: String| -> BTreeSet<String> {
        let log = sarif(Import::new("check").text("people.csv", sheet).expect_code(1));
        let all = results(&log).iter();
        let prints =
            all.map(|one| one["partialFingerprints"]["upsheetFinding/v1"].as_str().unwrap());
        prints.map(str::to_owned).collect()
    };
    let first = prints(format!("{header}{}", rows.concat()));
    assert!(first.len() >= 4, "{first:?}");
    let [ada, otis, cy] = rows;
    let good = "Bo,Bloom,bo@example.org,\n";
    assert_eq!(prints(format!("{header}{good}{cy}{good}{ada}{otis}").replacen(good, "", 1)), first);
    // Another cell of the row may change.
    let renamed = ada.replace("Vale", "Larkspur");
    assert_eq!(prints(format!("{header}{otis}{renamed}{cy}")), first);
    // What was put right is gone, and the others are the same.
    let mended = prints(format!("{header}{otis}{cy}"));
    assert!(mended.is_subset(&first) && mended.len() < first.len());
}

#[test]
fn what_a_baseline_accepts_is_told_apart() {
    let desk = Desk::new();
    desk.write("people.csv", "First,Last,Email\nAda,Vale,info@example.org\n");
    let baseline = "check people.csv --deny warnings --write-baseline baseline.json";
    Import::at(&desk, baseline).run();
    desk.write(
        "people.csv",
        "First,Last,Email\nBo,Vale,info@example.com\nAda,Vale,info@example.org\n",
    );
    let check = "check people.csv --deny warnings --baseline baseline.json";
    let log = sarif(Import::at(&desk, check).expect_code(1));
    let told: Vec<(&Value, &Value, bool)> = results(&log)
        .iter()
        .map(|one| (&one["level"], &one["baselineState"], one["suppressions"].is_array()))
        .collect();
    assert_eq!(
        told,
        [(&"warning".into(), &Value::Null, false), (&"note".into(), &"unchanged".into(), true)]
    );
    assert_eq!(log["runs"][0]["properties"]["baseline"]["known"], 1);
}

#[test]
fn other_peoples_words_are_no_links() {
    let sheet = "First,Last,Email\nAda,Vale,[x](https://evil.example)@example\n";
    let log = sarif(Import::new("check").text("peo ple#1.csv", sheet).expect_code(1));
    for result in results(&log) {
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.contains("](") || text.contains("\\]("), "{text}");
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(place, "peo%20ple%231.csv");
    }
}

#[test]
fn the_log_reads_as_it_was_reviewed() {
    let mut log = sarif(
        Import::new("check").file("faulty/volunteers.csv").expect_code(1).args("--date-order dmy"),
    );
    let driver = &mut log["runs"][0]["tool"]["driver"];
    let rules = driver["rules"].as_array().unwrap();
    assert_eq!(rules.len(), upsheet::finding::ALL.len());
    driver["rules"] = rules[..1].into();
    driver["version"] = "VERSION".into();
    driver["semanticVersion"] = "VERSION".into();
    let results = log["runs"][0]["results"].as_array().unwrap();
    log["runs"][0]["results"] = results[..3].into();
    insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&log).unwrap());
}

/// The schema is the one that is published, and the checker knows it well enough to say no.
#[test]
fn what_breaks_the_schema_of_sarif_is_found() {
    let good = sarif(
        Import::new("check").file("faulty/volunteers.csv").expect_code(1).args("--date-order dmy"),
    );
    for (pointer, bad) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/results/0/level", "fatal".into()),
        ("/runs/0/results/0/message", serde_json::json!({})),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", 0.into()),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri", "a b".into()),
        ("/runs/0/results/0/partialFingerprints", serde_json::json!({"x": 1})),
        ("/runs/0/invocations/0/executionSuccessful", Value::Null),
    ] {
        let mut log = good.clone();
        *log.pointer_mut(pointer).unwrap() = bad;
        let found = std::panic::catch_unwind(|| validate_sarif(&log));
        assert!(found.is_err(), "{pointer} was not found");
    }
    let readme = std::fs::read_to_string(repository("fixtures/README.md")).unwrap();
    assert!(readme.contains("sarif-2.1.0.schema.json"));
}
