//! The columns of real exports find their fields without any configuration: `exports.txt` has a block
//! for each system, with what each column is for in either target.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::Import;

/// One file of the table.
#[derive(Default)]
struct Export {
    title: String,
    /// Header, fields of Vome and Omneo, and values.
    columns: Vec<(String, [String; 2], Vec<String>)>,
    /// What the run stops with, for each target.
    stops: BTreeMap<String, String>,
}

/// Values that stand for three of a sort.
fn sort_of(word: &str) -> [&'static str; 3] {
    match word {
        "@first" => ["Ada", "Otis", "Zoe"],
        "@last" => ["Larkspur", "Vale", "Nunez"],
        "@full" => ["Ada Larkspur", "Otis Vale", "Zoe Nunez"],
        "@email" => ["ada@example.org", "otis@example.net", "zoe@example.com"],
        "@mobile" => ["+61 491 570 006", "+61 491 570 156", "+61 491 570 157"],
        "@birth" => ["1988-05-31", "1975-12-05", "2001-02-28"],
        "@gender" => ["F", "M", "F"],
        "@company" => ["Acme", "Blue Sky Ltd", "Plain Co"],
        "@job" => ["Welder", "Baker", "Nurse"],
        "@city" => ["Sydney", "Perth", "Hobart"],
        "@zip" => ["2000", "6000", "7000"],
        "@url" => ["https://example.org/a", "https://example.org/b", "https://example.org/c"],
        "@recent" => ["2024-03-01 10:00:00", "2024-03-02 11:00:00", "2024-03-03 12:00:00"],
        "@id" => ["a0B1", "a0B2", "a0B3"],
        _ => panic!("{word} is no sort of values"),
    }
}

fn exports() -> Vec<Export> {
    let mut exports: Vec<Export> = Vec::new();
    for line in include_str!("exports.txt").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            exports.push(Export { title: title.to_owned(), ..Export::default() });
        } else if let Some(stop) = line.strip_prefix("!! ") {
            let (target, words) = stop.split_once(": ").unwrap();
            exports.last_mut().unwrap().stops.insert(target.to_owned(), words.to_owned());
        } else if let (Some(export), Some((header, rest))) =
            (exports.last_mut(), line.split_once(" -> "))
        {
            let (fields, values) = rest.split_once(" |").unwrap();
            let (vome, omneo) = fields.split_once(", ").unwrap_or((fields, fields));
            let values: Vec<String> = match values.trim() {
                word if word.starts_with('@') => sort_of(word).map(str::to_owned).to_vec(),
                list => list.split(';').map(|value| value.trim().to_owned()).collect(),
            };
            let fields = [vome.to_owned(), omneo.to_owned()];
            export.columns.push((header.to_owned(), fields, values));
        }
    }
    exports
}

/// The file that a block stands for.
fn file(export: &Export) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(export.columns.iter().map(|(header, ..)| header)).unwrap();
    for row in 0..3 {
        let cells = export.columns.iter().map(|(.., values)| values.get(row).map_or("", |v| v));
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn the_columns_of_real_exports_find_their_fields() {
    let exports = exports();
    assert!(exports.len() >= 40, "{} blocks", exports.len());
    let mut wrong = Vec::new();
    for export in &exports {
        for (place, target) in ["vome", "omneo"].into_iter().enumerate() {
            let title = format!("{} for {target}", export.title);
            let stop = export.stops.get(target);
            let inspect = Import::new("inspect --format json --to")
                .arg(target)
                .text("people.csv", file(export))
                .expect_code(if stop.is_some() { 2 } else { 0 })
                .run();
            if let Some(words) = stop {
                inspect.says(words);
            }
            let input = inspect.json()["inputs"][0].clone();
            assert_eq!(input["header_row"], 1, "{title}");
            for (index, (header, fields, _)) in export.columns.iter().enumerate() {
                let column = &input["columns"][index];
                let found = column["field"].as_str().unwrap_or("-");
                let expected = fields[place].as_str();
                if found != expected {
                    let why = &column["why"];
                    wrong.push(format!("{title}: {header:?} is {found}, not {expected}: {why}"));
                }
                let sure = &column["confidence"];
                assert_eq!(sure.is_null(), found == "-", "{title}: {header:?} is {sure}");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A file with something of everything: two phones, a hint for dates, words that are not known.
const MANY: &str = "First Name,Last Name,E-mail 1 - Value,E-mail 2 - Value,Phone,Phone,\
    DOB (dd/mm/yyyy),Gender,T-shirt size,Emial,\"Say \"\"hi\"\"\",\n\
    Ada,Larkspur,ada@example.org,,0491570006,0491570110,05/06/1988,Femme,M,,a,x\n\
    Otis,Vale,otis@example.org,,0491570156,0491570157,01/02/1990,Licorne,L,,b,y\n\
    Zoe,Nunez,zoe@example.org,z@example.com,0491570158,0491570159,07/08/1975,X,S,,c,z\n";

#[test]
fn a_written_recipe_says_what_the_bare_run_does() {
    let plain = "Name;Mail\nAda Larkspur;ada@example.org\n";
    for (content, target, code) in [(MANY, "vome", 1), (MANY, "omneo", 1), (plain, "vome", 0)] {
        let build = |import: Import| {
            let done = import.arg("--to").arg(target).expect_code(code).run();
            let files = done.desk.files("out/payloads");
            let payloads: Vec<String> = files.iter().map(|file| done.desk.read(file)).collect();
            (payloads, done.desk.json("out/report.json")["findings"].clone())
        };
        let bare = build(Import::new("build -o out").text("people.csv", content));
        let inspect = Import::new("inspect --write-recipe=ours.toml --to").arg(target);
        let inspect = inspect.text("people.csv", content).run();
        let recipe = inspect.says("written to ours.toml").desk.read("ours.toml");
        let held = Import::new("build -o out").text("people.csv", content).recipe(&recipe);
        assert_eq!(build(held), bare, "{recipe}");
    }
}

#[test]
fn a_written_recipe_can_be_corrected_line_by_line() {
    let inspect = Import::new("inspect --write-recipe").text("people.csv", MANY).run();
    let recipe = inspect.desk.read("upsheet.toml");
    for part in [
        "target = \"vome\"",
        "\"E-mail 1 - Value\" = \"email\"",
        "# certain: header",
        "# \"F\" = \"phone_number\"",
        "# \"T-shirt size\" = \"custom:T-shirt size\"",
        "# \"Emial\" = \"email\"",
        "# \"Say \\\"hi\\\"\" = ",
        "# date_order = \"dmy\"",
        "# [values.gender]",
        "# \"Licorne\" = ",
        "blank = \"keep\"",
    ] {
        assert!(recipe.contains(part), "{recipe} lacks {part}");
    }
    let corrected = recipe
        .replace("# \"F\" = \"phone_number\"", "\"F\" = \"phone_number\"")
        .replace("# \"T-shirt size\"", "\"T-shirt size\"")
        .replace("# [values.gender]", "[values.gender]")
        .replace("# \"Licorne\" = \"…\"", "\"Licorne\" = \"Other\"");
    let build = Import::new("build -o out").text("people.csv", MANY).recipe(&corrected).run();
    let person = build.desk.json("out/payloads/00001.json")["volunteers_data"][1].clone();
    assert_eq!(person["profile_data"]["phone_number"], "0491570157");
    assert_eq!(person["profile_data"]["gender"], 2);
    assert_eq!(person["custom_field_data"][0]["custom_field_user_value"], "L");
}

#[test]
fn a_recipe_that_is_there_is_not_overwritten() {
    // What the command line said is in force.
    let sheet = "First,Last,Email,Phone,ID\nAda,Vale,a@example.org,0491570156,7\n";
    let said =
        "inspect --map Phone=- --map ID=id --operation update --match id --write-recipe=said.toml";
    let desk = Import::new(said).text("people.csv", sheet).run().desk;
    let build = Import::at(&desk, "build people.csv --recipe said.toml -o out -q");
    build.run();
    let payload = desk.read("out/payloads/00001.json");
    assert!(payload.contains("\"id\":\"7\"") && !payload.contains("phone_number"), "{payload}");
    assert!(desk.read("out/manifest.json").contains("bulk-update"));
    let inspect = || Import::new("inspect --write-recipe=mine.toml").text("people.csv", MANY);
    let first = inspect().run();
    let before = first.desk.read("mine.toml");
    let parted = Import::at(&first.desk, "inspect --write-recipe other.toml people.csv");
    parted.expect_code(2).run().says("--write-recipe=other.toml");
    let again = Import::at(&first.desk, "inspect --write-recipe=mine.toml people.csv");
    again.expect_code(2).run().says("mine.toml is there already").says("--write-recipe=PATH");
    assert_eq!(first.desk.read("mine.toml"), before);
    let used =
        Import::at(&first.desk, "inspect --write-recipe=new.toml --recipe mine.toml people.csv");
    used.expect_code(2).run().says("mine.toml is in use");
    let two = Import::new("inspect --write-recipe").text("a.csv", MANY).text("b.csv", MANY);
    two.expect_code(2).run().says("name one file");
}

#[test]
fn a_recipe_is_written_with_its_gaps_where_a_field_has_no_column() {
    let sheet = "First name,Last name,Nothing\nAda,Larkspur,x\n";
    let inspect = Import::new("inspect --write-recipe --pin").text("people.csv", sheet);
    let desk = inspect.expect_code(2).run().says("no column for `email`").desk.clone();
    let recipe = desk.read("upsheet.toml");
    for part in ["# \"COLUMN\" = \"email\"", "\"First name\" = \"first_name\"", "[pins]"] {
        assert!(recipe.contains(part), "{recipe} lacks {part}");
    }
    let flags = "inspect --write-recipe --delimiter ; --header-row 2 --on-duplicate last";
    let said =
        Import::new(flags).text("people.csv", "x\nName;Mail\nAda Vale;a@example.org\n").run();
    let recipe = said.desk.read("upsheet.toml");
    for part in ["delimiter = \";\"", "header_row = \"2\"", "on_duplicate = \"last\""] {
        assert!(recipe.contains(part), "{recipe} lacks {part}");
    }
}

#[test]
fn what_is_less_than_certain_is_shown_as_such() {
    let sheet = "First,Last,Where to write\nAda,Larkspur,ada@example.org\n";
    let page = Import::new("check").text("people.csv", sheet).run().stdout;
    let shown = "Where to write → email (likely: 100 % of its values are addresses)";
    assert!(page.split_whitespace().collect::<Vec<_>>().join(" ").contains(shown), "{page}");
    assert!(page.contains("First → first_name · Last → last_name"), "{page}");
    let report = Import::new("check --format json").text("people.csv", sheet).run().json();
    let column = |index: usize| report["inputs"][0]["columns"][index].clone();
    assert_eq!(column(0)["confidence"], "certain");
    assert_eq!(column(2)["confidence"], "likely");
    assert_eq!(column(0)["suggestion"], Value::Null);
}

#[test]
fn a_header_decides_the_order_of_dates_that_prove_none() {
    let sheet = "First,Last,Email,Born on (dd/mm/yyyy)\nAda,Larkspur,ada@example.org,05/06/1988\n";
    let sheet = sheet.replace("Born on", "Date of birth");
    let build = Import::new("build -o out").text("people.csv", &sheet).run();
    let body = build.desk.json("out/payloads/00001.json");
    assert_eq!(body["volunteers_data"][0]["profile_data"]["date_of_birth"], "1988-06-05");
    // Where a date proves another order, one of the two is wrong, and nobody knows which.
    let proven = sheet + "Otis,Vale,otis@example.org,06/23/1988\n";
    let check = Import::new("check --format json").text("people.csv", proven).expect_code(1);
    let report = check.run().json();
    let found = report["findings"].as_array().unwrap();
    let found: Vec<&str> = found.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(found, ["date-order-mixed", "date-ambiguous"]);
    let said = report["findings"][0]["message"].as_str().unwrap();
    assert!(said.contains("says day first") && said.contains("month first, proven by"), "{said}");
}
