//! Where parts meet: made values with severities, joined rows with rules across fields, recipes with
//! flags.

use serde_json::{Value, json};

use crate::common::{Desk, Import, counts, found};

/// The people of a build, as the target would get them.
fn built(import: Import, list: &str, code: i32) -> Vec<Value> {
    let done = import.expect_code(code).run();
    let body = done.desk.json("out/payloads/00001.json");
    body[list].as_array().unwrap().clone()
}

fn omneo(sheet: &str, recipe: &str) -> Import {
    Import::new("build -o out --to omneo").text("people.csv", sheet).recipe(recipe)
}

#[test]
fn a_lowered_error_of_a_part_lets_nobody_go_without_a_required_field() {
    let recipe = "[fields.email]\ntemplate = \"{Mobile}@x.example.org\"\n[severity]\nphone-syntax = \"warning\"\n";
    let sheet = "First name,Last name,Mobile\nAda,Lark,+61491570006\nCid,Vane,abc\n";
    let people = built(omneo(sheet, recipe), "profiles", 1);
    assert_eq!(people.len(), 1, "{people:?}");
    let check = Import::new("check --to omneo --format json").text("people.csv", sheet);
    let report = check.recipe(recipe).expect_code(1).run().json();
    assert!(found(&report).contains(&(3, "required-missing")), "{:?}", found(&report));
}

#[test]
fn half_a_value_is_no_value_when_its_error_is_lowered() {
    let recipe = "[columns]\nDay = \"birth_date.day\"\nMonth = \"birth_date.month\"\nYear = \"birth_date.year\"\n[severity]\ndate-impossible = \"warning\"\n";
    let sheet = "First name,Last name,Email,Day,Month,Year\nAda,Lark,a@example.org,31,2,1990\n";
    let people = built(omneo(sheet, recipe), "profiles", 0);
    assert!(!people[0].to_string().contains("birth_"), "{}", people[0]);

    let recipe = "[fields]\naddress = { join = [\"Rue\", \"Phone\", \"Ville\"], with = \", \" }\n[severity]\nphone-syntax = \"warning\"\n";
    let sheet =
        "First name,Last name,Email,Rue,Phone,Ville\nAda,Lark,a@example.org,1 rue A,call me,Lyon\n";
    let build = Import::new("build -o out").text("people.csv", sheet).recipe(recipe);
    let people = built(build, "volunteers_data", 0);
    assert_eq!(people[0]["profile_data"].get("address"), None, "{}", people[0]);
}

#[test]
fn rows_that_are_nobody_stay_nobody_when_the_recipe_makes_what_people_need() {
    let recipe = "[fields.email]\ntemplate = \"{First name|ascii|lower}.{Last name|ascii|lower}@example.org\"\n";
    let sheet = "First name,Last name,Notes\nAda,Lark,x\nFirst name,Last name,Notes\nOtis,Vale,y\n";
    let check = Import::new("check --format json").text("people.csv", sheet).recipe(recipe);
    let report = check.run().json();
    assert_eq!(counts(&report), [3, 2, 0, 1]);
    assert_eq!(found(&report), [(3, "row-header")]);
}

#[test]
fn joined_rows_are_looked_at_together() {
    let recipe = "[columns]\nDay = \"birth_date.day\"\nMonth = \"birth_date.month\"\nYear = \"birth_date.year\"\nBorn = \"birth_date\"\n";
    let sheet = "First name,Last name,Email,Born,Day,Month,Year\n\
                 Ada,Lark,a@example.org,1990-01-20,,,\nAda,Lark,a@example.org,,5,3,1980\n";
    let import = omneo(sheet, recipe).args("--on-duplicate merge");
    let done = import.run();
    let text = done.desk.read("out/payloads/00001.json");
    assert_eq!(text.matches("birth_day").count(), 1, "{text}");
    let report = done.desk.json("out/report.json");
    assert!(found(&report).contains(&(3, "field-twice")), "{:?}", found(&report));
}

#[test]
fn two_rows_that_are_alike_are_never_an_error() {
    let recipe = "[severity]\nlikely-shared-mailbox = \"error\"\n";
    let check = Import::new("check").text("people.csv", "First,Last,Email\nA,B,c@example.org\n");
    check.recipe(recipe).expect_code(2).run().says("neither of the two rows is wrong by itself");
}

#[test]
fn a_column_is_mapped_once_and_a_baseline_replaces_no_other_file() {
    let desk = Desk::new();
    let sheet = "First,Last,Email,Notes\nAda,Lark,a@example.org,x\n";
    let check = Import::at(&desk, "check --map D=custom:A --map Notes=custom:B");
    check.text("people.csv", sheet).expect_code(2).run().says("is mapped twice");
    desk.write("notes.txt", "my notes\n");
    let check = Import::at(&desk, "check people.csv --write-baseline notes.txt");
    check.expect_code(2).run().says("which is none");
    assert_eq!(desk.read("notes.txt"), "my notes\n");
}

#[test]
fn a_written_recipe_keeps_the_country() {
    let desk = Desk::new();
    let sheet = "First,Last,Email,Mobile\nAda,Lark,a@example.org,0491 570 006\n";
    let inspect = "inspect --to omneo --default-region AU --write-recipe=r.toml";
    Import::at(&desk, inspect).text("people.csv", sheet).run();
    Import::at(&desk, "check people.csv --recipe r.toml").run();
    let wrong = desk.read("r.toml").replace("\"AU\"", "\"Oz\"");
    desk.write("r.toml", wrong);
    let check = Import::at(&desk, "check people.csv --recipe r.toml").expect_code(2);
    check.run().says("`default_region` cannot be \"Oz\"");
}

#[test]
fn a_column_of_countries_is_not_called_unused_and_may_be_missing_from_a_file() {
    let sheet = "First,Last,Email,Mobile,Country\nAda,Lark,a@example.org,0491 570 006,Australia\n";
    let desk = Desk::new();
    let inspect = Import::at(&desk, "inspect --to omneo --format json");
    let columns = inspect.text("people.csv", sheet).run().json()["inputs"][0]["columns"].clone();
    assert_eq!(columns[4]["why"], json!("each person's country, for phone numbers"));
    desk.write("others.csv", "First,Last,Email\nOtis,Vale,o@example.org\n");
    let both = "check people.csv others.csv --to omneo --region-column Country --format json";
    assert_eq!(counts(&Import::at(&desk, both).run().json()), [2, 2, 0, 0]);
}

#[test]
fn a_part_of_a_birthday_that_no_other_column_completes_is_left_out() {
    let sheet = "First,Last,Email,Birth month\nAda,Lark,a@example.org,May\n";
    let check = Import::new("check --to omneo --format json").text("people.csv", sheet);
    let report = check.run().json();
    assert_eq!(counts(&report), [1, 1, 0, 0]);
    assert_eq!(report["inputs"][0]["columns"][3]["field"], Value::Null);
}

#[test]
fn letters_that_look_alike_in_a_domain_are_told() {
    let sheet = "First,Last,Email\nAda,Lark,a@ex\u{430}mple.org\nOtis,Vale,o@\u{43f}\u{440}\u{438}\u{43c}\u{435}\u{440}.org\n";
    let check = Import::new("check --format json").text("people.csv", sheet);
    assert_eq!(found(&check.run().json()), [(2, "email-lookalike")]);
}

#[test]
fn a_word_for_nothing_is_refused_with_the_line_that_makes_it_a_blank() {
    let desk = Desk::new();
    let sheet = "First,Last,Email,Mobile\nAda,Lark,a@example.org,n/a\n";
    let check = Import::at(&desk, "check --format json").text("people.csv", sheet);
    let report = check.expect_code(1).run().json();
    let help = report["findings"][0]["help"].as_str().unwrap();
    assert!(help.ends_with("[values.phone_number] \"n/a\" = \"\""), "{help}");
    let recipe = "[values.phone_number]\n\"n/a\" = \"\"\n";
    Import::at(&desk, "check people.csv").recipe(recipe).run();
    let wrong = "[policy]\nlikly = \"warn\"\n";
    let check = Import::at(&desk, "check people.csv").recipe(wrong).expect_code(2);
    check.run().says("did you mean `likely`?");
}

#[test]
fn a_header_that_is_the_whole_name_of_a_field_is_that_field() {
    let sheet = "email,first_name,last_name,addresses.2.address_line_1,addresses.2.city,addresses.2.postcode,\
                 addresses.2.country,identities.pos,custom_attributes.shop.vip:boolean,addresses.0.city\n\
                 ada@example.org,Ada,Lark,1 Row,Perth,6000,AU,0012,yes,x\n";
    let build = Import::new("build -o out --to omneo").text("people.csv", sheet).run();
    let body = build.desk.read("out/payloads/00001.json");
    for part in [
        r#""addresses":[{"address_line_1":"1 Row","city":"Perth""#,
        r#""identities":[{"handle":"pos","identifier":"0012"}]"#,
        r#"{"namespace":"shop","handle":"vip","type":"boolean","value":true}"#,
    ] {
        assert!(body.contains(part), "{part} is not in {body}");
    }
}

#[test]
fn a_column_that_fits_its_own_field_is_no_better_place_for_another() {
    let recipe = "[[vome.custom_fields]]\nname = \"Birthday\"\ntype = \"date\"\n\
                  [[vome.custom_fields]]\nname = \"Started\"\ntype = \"date_time\"\n";
    let sheet = |headers: &str| {
        let rows = (1..5).map(|row| {
            format!("Ada,L{row},a{row}@example.org,199{row}-05-31,2024-01-10 09:3{row}\n")
        });
        format!("First Name,Last Name,Email,{headers}\n{}", rows.collect::<String>())
    };
    let check = |headers: &str| {
        Import::new("check --to vome --map D=custom:Birthday")
            .recipe(recipe)
            .text("people.csv", sheet(headers))
            .expect_code(1)
            .run()
            .stdout
    };
    let page = check("Born on,Started");
    assert!(page.contains("datetime-syntax"), "{page}");
    assert!(!page.contains("=custom:Started"), "{page}");
}
