//! Keys that two rows share: several at once, refused ones, those that the recipe adds, and what only
//! looks like one person.

use std::fmt::Write as _;

use serde_json::Value;

use crate::common::{Desk, Import, counts, found};

const M1: &str = "+61491570006";
const M2: &str = "+61491570156";

fn messages<'a>(report: &'a Value, code: &str) -> Vec<(u64, &'a str)> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|one| one["code"] == code)
        .map(|one| (one["row"].as_u64().unwrap(), one["message"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_row_with_the_keys_of_two_people_is_told_so_under_every_policy() {
    let sheet = format!(
        "First name,Last name,Email,Mobile\nAda,A,ada@example.org,{M1}\nBo,B,bo@example.org,{M2}\n\
         Cy,C,cy@example.org,\nX,Y,Ada@example.org,{M2}\n"
    );
    for policy in ["reject", "first", "last", "merge"] {
        let check = Import::new("check --to omneo --format json").text("people.csv", &sheet);
        let report = check.args("--on-duplicate").arg(policy).expect_code(1).run().json();
        assert_eq!(counts(&report), [4, 3, 1, 0], "{policy}");
        assert_eq!(
            messages(&report, "duplicate-conflict"),
            [(5, "its email is that of row 2, its mobile_phone is that of row 3")],
            "{policy}"
        );
    }
}

#[test]
fn keys_of_one_other_person_are_no_conflict() {
    let sheet = format!(
        "First name,Last name,Email,Mobile\nAda,A,ada@example.org,{M1}\nAda,A,ada@example.org,{M1}\n\
         Bo,B,bo@example.org,{M1}\n"
    );
    let check = Import::new("check --to omneo --format json").text("people.csv", sheet);
    let report = check.expect_code(1).run().json();
    assert_eq!(found(&report), [(3, "duplicate"), (4, "duplicate")]);
}

#[test]
fn a_refused_address_that_reads_as_another_is_told_and_costs_the_good_row_nothing() {
    let sheet = "First name,Last name,Email\nAda,A,\"\"\"ada\"\"@example.org\"\nAda,A,ada@example.org\n\
                 Bo,B,bo@example.org\nBo,B,bo@example.org (home)\nCy,C,cyé@example.org\n\
                 Cy,C,CYE\u{301}@example.org\nDi,D,n/a\nEd,E,n/a\nFe,F,fe@example.org\nFe,F,fé@example.org\n";
    for policy in ["reject", "first", "last", "merge"] {
        let check = Import::new("check --format json").text("people.csv", sheet);
        let report = check.args("--on-duplicate").arg(policy).expect_code(1).run().json();
        assert_eq!(
            messages(&report, "duplicate-refused"),
            [
                (3, "the value on row 2 is refused, and reads as this one"),
                (5, "it is refused, and reads as the value on row 4"),
                (7, "it is refused, and reads as the value on row 6"),
            ],
            "{policy}"
        );
        assert_eq!(counts(&report), [10, 3, 7, 0], "{policy}");
    }
}

/// Members of two clubs; each club counts its own members.
const CLUBS: &str = "\
First name,Last name,Email,Club,Member no
Ada,Lark,ada@example.org,North,A07
Bo,Ash,bo@example.org,South,A07
Cy,Elm,cy@example.org,North,A08
Di,Oak,di@example.org,North, A07
Ed,Fir,ed@example.org,North,a07
Fe,Yew,fe@example.org,,A07
";

fn clubs(unique: &str) -> Import {
    let columns = "[columns]\nClub = \"custom:Club\"\n\"Member no\" = \"custom:Member no\"\n";
    let recipe = format!("{columns}[policy]\nunique = {unique}\n");
    Import::new("check --format json").text("people.csv", CLUBS).recipe(&recipe)
}

#[test]
fn a_recipe_can_make_a_field_unique() {
    let report = clubs("[\"custom:Member no\"]").expect_code(1).run().json();
    assert_eq!(found(&report), [(3, "duplicate"), (5, "duplicate"), (7, "duplicate")]);
    let first = &report["findings"][0];
    assert_eq!((&first["field"], &first["cell"]), (&"custom:Member no".into(), &"E3".into()));
    assert_eq!(first["message"], "the same value stands on row 2, which had it first");
}

#[test]
fn a_recipe_can_make_several_fields_unique_together() {
    let unique = "[[\"custom:Club\", \"custom:Member no\"]]";
    let report = clubs(unique).expect_code(1).run().json();
    assert_eq!(
        found(&report),
        [(5, "duplicate")],
        "case counts, and a row that lacks one of them has no key"
    );
    assert_eq!(report["findings"][0]["field"], "custom:Member no");
}

#[test]
fn a_unique_field_without_a_column_stops_the_run() {
    let done = clubs("[\"custom:Membre no\"]").expect_code(2).run();
    done.says("custom:Membre no").says("no column fills it").says("[policy]");
}

#[test]
fn keys_are_compared_over_all_files_and_the_first_row_is_named() {
    let header = "First name,Last name,Email,Mobile\n";
    let check = Import::new("check --to omneo --format json")
        .text("old.csv", format!("{header}Ada,A,ada@b\u{fc}cher.example,{M1}\n"))
        .text(
            "new.csv",
            format!(
                "{header}Bo,B,bo@example.org,\nAda,A,ADA@xn--bcher-kva.example,\n\
                 Cy,C,cy@example.org,+61 491 570 006\n"
            ),
        );
    let report = check.expect_code(1).run().json();
    let place = "the same value stands on row 2 of old.csv, which had it first";
    assert_eq!(messages(&report, "duplicate"), [(3, place), (4, place)]);
}

const FAMILY: &str = "\
First name,Last name,Email,Phone,Birth date
Ada,Lark,ada.lark@gmail.com,+1 514 555 0101,1990-04-01
Ada,Lark,adalark+club@googlemail.com,,
Otis,Vale,otis@example.org,+1 514 555 0102,1980-01-02
vale,OTIS,o.vale@example.org,,1980-01-02
Zoe,Vale,zoe@example.org,+1 (514) 555-0102,2005-06-07
Kim,Vale,otis@example.org,,
Otis,Vale,otis+x@example.org,+1 514 555 0102,1980-01-02
Zoe,Nunez,zoe@example.net,,1980-01-02
";

#[test]
fn people_who_are_likely_one_are_told_by_choice() {
    let check = || Import::new("check --format json").text("people.csv", FAMILY).expect_code(1);
    let report = check().run().json();
    assert_eq!(found(&report), [(7, "duplicate")], "nothing is told unless it is asked for");

    let report = check().args("--warn-likely").run().json();
    assert_eq!(counts(&report), [8, 7, 1, 0], "nobody is left out for it");
    let expected = [
        (3, "likely-same-address", "but for a tag or dots, it is the address on row 2"),
        (5, "likely-same-person", "the same name and day of birth stand on row 4"),
        (6, "likely-same-phone", "the same number and family name stand on row 4"),
        (7, "likely-shared-mailbox", "another name stands beside this address on row 4"),
        (8, "likely-same-address", "but for a tag or dots, it is the address on row 4"),
    ];
    for (row, code, message) in expected {
        assert_eq!(
            messages(&report, code).into_iter().find(|(at, _)| *at == row),
            Some((row, message)),
            "{report}"
        );
    }
    let likely = found(&report).into_iter().filter(|(_, code)| code.starts_with("likely"));
    assert_eq!(likely.count(), expected.len(), "each pair of rows once");

    let recipe = "[policy]\nlikely = \"warn\"\n";
    assert_eq!(check().recipe(recipe).run().json()["findings"], report["findings"]);
}

#[test]
fn what_is_told_of_likely_people_does_not_depend_on_threads_or_policy() {
    let desk = Desk::new();
    let mut sheet = "First name,Last name,Email,Phone,Birth date\n".to_owned();
    for row in 0..30_000_u32 {
        let (family, day) = (row % 97, row % 28 + 1);
        writeln!(
            sheet,
            "Ada,Lark{family},a{}+{row}@example.org,+1514555{:04},1990-04-{day:02}",
            row % 8_000,
            row % 9_000
        )
        .unwrap();
    }
    desk.write("people.csv", &sheet);
    for policy in ["reject", "merge"] {
        let run = |threads: &str| {
            let check = Import::at(&desk, "check people.csv --warn-likely --format json");
            check.args("--on-duplicate").arg(policy).args("--threads").arg(threads).run().stdout
        };
        let one = run("1");
        assert!(one == run("4"), "{policy}: the report depends on the number of threads");
        assert!(one.matches("likely-same-person").count() > 20_000);
    }
}
