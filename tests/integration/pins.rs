//! What a recipe decides about reading, and what it holds later files to.

use crate::common::{Desk, Import, counts, found};

const MAY: &str = "First;Last;Email\nAda;Larkspur;ada@example.org\nOtis;Vale;otis@example.net\n";

/// A desk with a recipe that pins the sheet of May.
fn pinned() -> Desk {
    let desk = Desk::new();
    desk.write("upsheet.toml", "# ours\ntarget = \"omneo\"\n\n[omneo]\nbatch_size = 10 # few\n");
    Import::at(&desk, "inspect --pin").text("may.csv", MAY).run().says("pinned in upsheet.toml");
    desk
}

#[test]
fn a_file_like_the_pinned_one_passes() {
    let desk = pinned();
    let recipe = desk.read("upsheet.toml");
    assert!(recipe.starts_with("# ours\ntarget = \"omneo\"\n\n[omneo]\nbatch_size = 10 # few\n"));
    assert!(recipe.contains("delimiter = \";\""), "{recipe}");
    assert!(recipe.contains("columns = [\"First\", \"Last\", \"Email\"]"), "{recipe}");
    let june = "First;Last;Email\nCy;Twombly;cy@example.org\n";
    let report = Import::at(&desk, "check --format json").text("june.csv", june).run().json();
    assert_eq!(counts(&report), [1, 1, 0, 0]);
    Import::at(&desk, "inspect").arg("june.csv").run();
}

#[test]
fn a_file_that_reads_otherwise_stops_with_what_changed() {
    let desk = pinned();
    let june = "List of June\n\nFirst,Last,Mail,Shirt\nCy,Twombly,cy@example.org,L\n";
    for verb in ["check", "inspect", "build -o out", "push --yes --to sandbox --state state"] {
        let run = Import::at(&desk, verb).text("june.csv", june).expect_code(5).run();
        run.says("june.csv is not read as the recipe pins it")
            .says("delimiter: \",\" (")
            .says("pinned is \";\"")
            .says("header: \"3\"")
            .says("columns that are gone: \"Email\"")
            .says("columns that are new: \"Mail\", \"Shirt\"")
            .says("upsheet inspect june.csv --pin");
    }
    assert!(desk.files("out").is_empty() && desk.runs().is_empty(), "nothing was written");
    // Pinned anew, it passes, and the pins stand in the recipe once.
    Import::at(&desk, "inspect --pin").arg("june.csv").run();
    Import::at(&desk, "check").arg("june.csv").run();
    assert_eq!(desk.read("upsheet.toml").matches("[pins]").count(), 1);
    Import::at(&desk, "check").arg("may.csv").expect_code(5).run();
}

#[test]
fn what_a_flag_says_is_not_held_against_the_pins() {
    let desk = pinned();
    let sheet = "First|Last|Email\nCy|Twombly|cy@example.org\n";
    let named = Import::at(&desk, "check --delimiter |").text("june.csv", sheet);
    named.run();
    Import::at(&desk, "check").arg("june.csv").expect_code(5).run();
}

#[test]
fn a_recipe_says_how_files_are_read() {
    let sheet = "x\nFirst|Last|Email\nCy|'Twom|bly'|cy@example.org\n";
    let recipe = "target = \"omneo\"\n[reading]\ndelimiter = \"|\"\nquote = \"'\"\nheader_row = 2\nencoding = \"utf-8\"\n";
    let report =
        Import::new("check --format json").text("a.csv", sheet).recipe(recipe).run().json();
    assert_eq!(counts(&report), [1, 1, 0, 0]);
    assert_eq!(report["inputs"][0]["quote"], "'");
    // A flag wins over it.
    let run = Import::new("check --header-row 3").text("a.csv", sheet).recipe(recipe);
    run.expect_code(2).run().says("no column for `email`");
    for (wrong, message) in [
        ("header_row = \"x\"", "`header_row` cannot be x"),
        ("delimiter = \"\"", "`delimiter` cannot be"),
        ("range = \"3:9\"", "write it as B3:F200"),
        ("shet = \"x\"", "unknown field `shet`"),
    ] {
        let recipe = format!("target = \"omneo\"\n[reading]\n{wrong}\n");
        let run = Import::new("check").text("a.csv", sheet).recipe(&recipe).expect_code(2).run();
        run.says(message).says("recipe.toml:3");
    }
}

#[test]
fn one_file_is_pinned_at_a_time() {
    let run =
        Import::new("inspect --pin").text("a.csv", MAY).text("b.csv", MAY).expect_code(2).run();
    run.says("name one file");
    let desk = Desk::new();
    desk.write("folder/x", "");
    let run = Import::at(&desk, "inspect --pin --to omneo").text("a.csv", MAY).run();
    assert!(run.desk.read("upsheet.toml").starts_with("[pins]"));
}

/// Two sheets of birthdays: one proves its order, one does not.
const PROVEN: &str = "First;Last;Email;Born\nAda;Larkspur;ada@example.org;31/05/1988\nOtis;Vale;otis@example.net;03/04/1990\n";
const OPEN: &str = "First;Last;Email;Born\nCy;Twombly;cy@example.org;05/06/1988\n";

#[test]
fn dates_that_prove_no_order_are_refused_once_for_the_column_or_take_the_pinned_one() {
    let desk = Desk::new();
    desk.write("upsheet.toml", "target = \"omneo\"\n");
    let check = |args: &str, code: i32| {
        let run = Import::at(&desk, "check --format json").text("june.csv", OPEN).args(args);
        run.expect_code(code).run().json()
    };
    let report = check("", 1);
    assert_eq!(found(&report), [(1, "date-order-open"), (2, "date-ambiguous")]);
    assert_eq!(report["findings"][0]["column"], "Born");
    assert_eq!(counts(&check("--date-order mdy", 0)), [1, 1, 0, 0]);
    Import::at(&desk, "inspect --pin").text("may.csv", PROVEN).run();
    assert!(desk.read("upsheet.toml").contains("[pins.dates]"), "{}", desk.read("upsheet.toml"));
    let report = check("", 0);
    assert_eq!(found(&report), []);
    assert_eq!(report["inputs"][0]["columns"][3]["proof"], "day first, as the recipe pins it");
    Import::at(&desk, "build -o out").arg("june.csv").run();
    let person = &desk.json("out/payloads/00001.json")["profiles"][0];
    assert_eq!((&person["birth_day"], &person["birth_month"]), (&5.into(), &6.into()));
    // Pinned anew, the recipe holds each section once.
    Import::at(&desk, "inspect --pin").arg("may.csv").run();
    assert_eq!(desk.read("upsheet.toml").matches("[pins").count(), 2);
}

#[test]
fn dates_in_another_order_than_the_pinned_one_stop_the_run() {
    let desk = Desk::new();
    desk.write("upsheet.toml", "target = \"omneo\"\n");
    Import::at(&desk, "inspect --pin").text("may.csv", PROVEN).run();
    let other = OPEN.replace("05/06/1988", "05/31/1988");
    for verb in ["check", "inspect"] {
        let run = Import::at(&desk, verb).text("june.csv", &other).expect_code(5).run();
        run.says("dates of \"Born\": mdy is proven, pinned is dmy");
    }
    let mixed = format!("{PROVEN}{}", "Cy;Twombly;cy@example.org;05/31/1988\n");
    let report = Import::at(&desk, "check --format json").text("june.csv", &mixed);
    let report = report.expect_code(1).run().json();
    assert!(found(&report).contains(&(1, "date-order-mixed")), "{report}");
}

#[test]
fn of_two_columns_with_one_header_each_has_its_own_order() {
    let desk = Desk::new();
    let recipe = "target = \"omneo\"\n[columns]\n\"D\" = \"birth_date\"\n\"E\" = \"joined_at\"\n";
    desk.write("upsheet.toml", recipe);
    let proven = "First,Last,Email,Day,Day\nAda,Vale,ada@example.org,31/05/1988,05/31/1990\n";
    Import::at(&desk, "inspect --pin").text("may.csv", proven).run();
    let pinned = desk.read("upsheet.toml");
    assert!(pinned.contains("\"D\" = \"dmy\"\n\"E\" = \"mdy\"\n"), "{pinned}");
    let open = proven.replace("31/05/1988,05/31/1990", "05/06/1988,05/06/1990");
    let report = Import::at(&desk, "check --format json").text("june.csv", &open).run().json();
    let columns = &report["inputs"][0]["columns"];
    assert_eq!(columns[3]["proof"], "day first, as the recipe pins it");
    assert_eq!(columns[4]["proof"], "month first, as the recipe pins it");
}

#[test]
fn rejected_people_of_a_pinned_sheet_are_held_to_its_columns_alone() {
    let desk = Desk::new();
    desk.write("upsheet.toml", "target = \"vome\"\n");
    let sheet = "First;Last;Email\nAda;Vale;ada@example.org\nBo;;bo@example.org\n";
    Import::at(&desk, "inspect --pin").text("may.csv", sheet).run();
    Import::at(&desk, "build -o out").arg("may.csv").expect_code(1).run();
    let fixed = desk.read("out/rejects.csv").replace("\"Bo\",\"\"", "Bo,Bell");
    Import::at(&desk, "build -o two").text("fixed.csv", &fixed).run();
    let other = fixed.replace("Email", "Mail");
    let drift = Import::at(&desk, "check").text("other.csv", &other).expect_code(5).run();
    drift.says("columns that are gone: \"Email\"");
}
