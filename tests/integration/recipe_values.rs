//! What the recipe says of values: what it makes, which words it knows, what blanks mean.

use serde_json::{Value, json};

use crate::common::{Desk, Import, counts, found, repository};
use crate::people::plain;

/// The people of the one payload of a build.
fn people(recipe: &str, sheet: &str) -> Vec<Value> {
    let build = Import::new("build -o out").text("people.csv", sheet).recipe(recipe);
    let payload = build.run().desk.json("out/payloads/00001.json");
    payload["volunteers_data"].as_array().unwrap().clone()
}

/// The only person of a build: the values of the profile.
fn person(recipe: &str, sheet: &str) -> Value {
    let people = people(recipe, sheet);
    assert_eq!(people.len(), 1);
    people[0]["profile_data"].clone()
}

/// A report of `check`, with the code that it must end with.
fn report(recipe: &str, sheet: &str, code: i32) -> Value {
    let check = Import::new("check --format json").text("people.csv", sheet).recipe(recipe);
    check.expect_code(code).run().json()
}

/// What is said where a recipe is refused.
fn refused(recipe: &str, sheet: &str, parts: &[&str]) {
    let check = Import::new("check").text("people.csv", sheet).recipe(recipe);
    let done = check.expect_code(2).run();
    for part in parts {
        done.says(part);
    }
    assert_eq!(done.stdout, "", "nobody is judged by a recipe that is refused");
}

#[test]
fn the_example_of_the_documentation_is_a_recipe_that_works() {
    let Ok(page) = std::fs::read_to_string(repository("docs/recipe.md")) else { return };
    let desk = Desk::new();
    let recipe = std::fs::read_to_string(desk.fixture("recipes/whole.toml")).unwrap();
    assert!(page.contains(&format!("```toml\n{recipe}```\n")), "the page shows another recipe");
    let build = Import::at(&desk, "build -o out --recipe recipes/whole.toml");
    build.file("recipes/whole.csv").expect_code(1).run();
    let report = desk.json("out/report.json");
    assert_eq!(counts(&report), [4, 3, 1, 0]);
    assert_eq!(found(&report), [(4, "value-other"), (5, "required-missing"), (5, "value-split")]);
    let payload = desk.json("out/payloads/00001.json");
    let people = payload["volunteers_data"].as_array().unwrap();
    assert_eq!(people[0]["profile_data"]["email"], "eloise.obrien@example.org");
    assert_eq!(people[0]["profile_data"]["address"], "1 rue A, 69001, Lyon");
    assert_eq!(people[1]["profile_data"]["email"], "otis@example.org");
    assert_eq!(people[1]["profile_data"]["phone_number"], Value::Null);
    assert_eq!(people[1]["occupation_info"]["occupation"], 0);
    assert_eq!(people[2]["profile_data"]["phone_number"], Value::Null);
    assert_eq!(people[2]["profile_data"]["gender"], 3);
    assert_eq!(people[2]["profile_data"]["address"], "75001, Paris");
}

#[test]
fn a_template_makes_the_key_and_two_people_may_not_share_it() {
    let recipe = "[fields]\nemail = \"{First|initial|lower}.{Last|lower}@example.org\"\n";
    let sheet = "First,Last\nAda,Larkspur\nAnne,Larkspur\nOtis,\n";
    let report = report(recipe, sheet, 1);
    assert_eq!(counts(&report), [3, 1, 2, 0]);
    assert_eq!(found(&report), [(3, "duplicate"), (4, "required-missing")]);
    assert_eq!(report["findings"][0]["value"], "a.larkspur@example.org");
    assert_eq!(report["findings"][0]["field"], "email");
    let made = json!([{"field": "email", "how": "template of \"First\", \"Last\""}]);
    assert_eq!(report["inputs"][0]["made"], made);
}

#[test]
fn what_is_made_is_judged_as_a_cell_is() {
    let recipe = "[fields]\nemail = \"{Login}@example,org\"\nphone_number = \"{Tel}\"\n";
    let sheet = "First,Last,Login,Tel\nAda,Larkspur,ada,12\n";
    let report = report(recipe, sheet, 1);
    let findings = report["findings"].as_array().unwrap();
    let seen: Vec<_> = findings.iter().map(|one| (&one["code"], &one["column"])).collect();
    assert_eq!(
        seen,
        [(&json!("email-syntax"), &json!("Login")), (&json!("phone-syntax"), &json!("Tel"))]
    );
}

#[test]
fn a_value_of_several_columns_is_refused_with_their_names() {
    let recipe = "[fields]\nemail = \"{First} {Last}@example.org\"\n";
    let report = report(recipe, "First,Last\nAda,Larkspur\n", 1);
    let finding = &report["findings"][0];
    assert_eq!(finding["code"], "email-syntax");
    assert_eq!(finding["value"], "Ada Larkspur@example.org");
    assert!(finding["message"].as_str().unwrap().contains("\"First\", \"Last\""), "{finding}");
}

#[test]
fn what_is_wrong_with_a_cell_is_told_once() {
    let recipe = "[fields]\nemail = \"{First}@example.org\"\naddress = \"{Street}, {Street}\"\n";
    let sheet = "First,Last,Street\n#REF!,Larkspur,#REF!\n";
    let report = report(recipe, sheet, 1);
    assert_eq!(found(&report), [(2, "cell-error"), (2, "cell-error")]);
}

#[test]
fn a_value_may_be_made_only_where_the_cell_is_blank() {
    let recipe =
        "[fields.email]\ntemplate = \"{first_name|lower}@example.org\"\nwhen = \"blank\"\n";
    let sheet = "First,Last,Email\nAda,Larkspur,own@example.org\nOtis,Vale,\nIda,Fern,ida@\n";
    let report = report(recipe, sheet, 1);
    assert_eq!(found(&report), [(4, "email-syntax")]);
    let sheet = "First,Last,Email\nAda,Larkspur,own@example.org\nOtis,Vale,\n";
    let people = people(recipe, sheet);
    assert_eq!(people[0]["profile_data"]["email"], "own@example.org");
    assert_eq!(people[1]["profile_data"]["email"], "otis@example.org");
}

#[test]
fn a_column_under_a_field_that_is_made_is_not_used() {
    let recipe = "[fields]\naddress = \"{Street} {Town}\"\n";
    let sheet = "First,Last,Email,Street,Town,Address\nAda,Vale,a@example.org,1 Elm,Ley,old\n";
    assert_eq!(person(recipe, sheet)["address"], "1 Elm Ley");
    let check = Import::new("check").text("people.csv", sheet).recipe(recipe);
    let done = check.run();
    assert!(done.stdout.contains("template of \"Street\", \"Town\" → address"), "{}", done.stdout);
    assert!(done.stdout.contains("\"Address\" (the recipe makes `address`"), "{}", done.stdout);
}

#[test]
fn blank_parts_of_a_join_leave_nothing_behind() {
    let recipe = "[fields.address]\njoin = [\"A\", \"B\", \"C\"]\nwith = \", \"\n";
    let head = "First,Last,Email,A,B,C\nAda,Vale,a@example.org,";
    for (cells, expected) in [("1,2,3", "1, 2, 3"), ("1,,3", "1, 3"), (",,3", "3"), (",2, ", "2")] {
        assert_eq!(person(recipe, &format!("{head}{cells}\n"))["address"], expected);
    }
    assert!(person(recipe, &format!("{head},,\n")).get("address").is_none());
    let clear = format!("{recipe}blank = \"clear\"\n");
    assert_eq!(person(&clear, &format!("{head},,\n"))["address"], Value::Null);
}

#[test]
fn each_field_has_its_own_policy_for_blanks() {
    let sheet = "First,Last,Email,Phone,Gender,Address\nAda,Vale,a@example.org,,,\n";
    let recipe = "[columns]\n\"Phone\" = { field = \"phone_number\", blank = \"clear\" }\n";
    let ada = person(recipe, sheet);
    assert_eq!(ada.get("phone_number"), Some(&Value::Null));
    assert_eq!(ada.get("gender"), None);
    let recipe = "[fields.gender]\nblank = \"keep\"\n[policy]\nblank = \"clear\"\n";
    let ada = person(recipe, sheet);
    assert_eq!(ada.get("phone_number"), Some(&Value::Null));
    assert_eq!(ada.get("gender"), None);
}

#[test]
fn a_word_clears_what_may_be_cleared() {
    let recipe = "[policy]\nclear_word = \"#N/A\"\n[fields.gender]\ndefault = 1\n";
    let sheet = "First,Last,Email,Phone,Gender,Address\nAda,Vale,a@example.org,#N/A, #N/A ,n/a\n";
    let ada = person(recipe, sheet);
    assert_eq!(ada.get("phone_number"), Some(&Value::Null));
    assert_eq!(ada.get("gender"), Some(&Value::Null), "a default is no answer to clearing");
    let report = report(recipe, "First,Last,Email\n#N/A,Vale,#N/A\n", 1);
    assert_eq!(found(&report), [(2, "clear-refused"), (2, "clear-refused")]);
    // Without the word it is what it is: the error of a formula.
    let report = self::report("[policy]\n", "First,Last,Email\n#N/A,Vale,a@example.org\n", 1);
    assert_eq!(found(&report), [(2, "cell-error")]);
}

#[test]
fn words_of_any_field_stand_for_values_and_blanks() {
    let recipe = "[columns]\n\"Blood\" = \"custom:Blood type\"\n[values.\"custom:Blood type\"]\n\
                  \"A+\" = \"A positive\"\n\"A-\" = \"A negative\"\n\"inconnu\" = \"\"\n\
                  [values.date_of_birth]\n\"unbekannt\" = \"\"\n[values.phone_number]\n\
                  \"Büro\" = \"+33 1 23 45 67 89\"\n";
    let sheet = "First,Last,Email,Blood,DOB,Phone\nAda,Vale,a@example.org,A-,Unbekannt,buro\n";
    let ada = people(recipe, sheet).remove(0);
    assert!(ada.to_string().contains("A negative"), "{ada}");
    assert_eq!(ada["profile_data"]["phone_number"], "+33123456789");
    assert_eq!(ada["profile_data"].get("date_of_birth"), None);
    let ada = people(recipe, "First,Last,Email,Blood\nAda,Vale,a@example.org,INCONNU\n").remove(0);
    assert!(!ada.to_string().contains("Blood"), "{ada}");
}

#[test]
fn words_that_nobody_knows_have_a_value_by_choice_and_are_told() {
    let recipe = "[values.gender]\n\"*\" = 3\n[values.date_of_birth]\n\"*\" = \"\"\n";
    let sheet = "First,Last,Email,Gender,DOB\nAda,Vale,a@example.org,Dragon,soon\n\
                 Otis,Vale,o@example.org,male,1990-05-31\n";
    let report = report(recipe, sheet, 0);
    assert_eq!(found(&report), [(2, "value-other"), (2, "value-other")]);
    let fix = json!({"before": "Dragon", "after": "3", "applied": true});
    assert_eq!(report["findings"][0]["fix"], fix);
    let people = people(recipe, sheet);
    assert_eq!(people[0]["profile_data"]["gender"], 3);
    assert_eq!(people[0]["profile_data"].get("date_of_birth"), None);
    assert_eq!(people[1]["profile_data"]["gender"], 0);
    assert_eq!(people[1]["profile_data"]["date_of_birth"], "1990-05-31");
}

#[test]
fn a_column_is_split_only_where_that_is_certain() {
    let recipe = "[columns]\n\"Name\" = { split = \",\", into = [\"last_name\", \"first_name\", \
                  \"-\"] }\n";
    let sheet = "Name,Email\n\"Vale, Ada , Dr\",a@example.org\n\"Vale, Otis\",o@example.org\n";
    let report = report(recipe, sheet, 1);
    assert_eq!(found(&report), [(3, "value-split")]);
    let ada = person(recipe, "Name,Email\n\"Vale, Ada , Dr\",a@example.org\n");
    assert_eq!((&ada["first_name"], &ada["last_name"]), (&json!("Ada"), &json!("Vale")));
}

#[test]
fn a_mistake_in_the_recipe_is_told_with_its_place_and_a_cure() {
    for (recipe, parts) in [
        ("[fields]\nemial = \"x\"\n", ["recipe.toml:2:1", "no field `emial`", "`email`"]),
        ("[columns]\n\"Email\" = \"emial\"\n", ["recipe.toml:2:11", "`emial`", "`email`"]),
        ("[columns]\n\"Emial\" = \"email\"\n", ["recipe.toml:2:1", "\"Emial\"", "\"Email\""]),
        ("[fields]\ngender = 9\n", ["recipe.toml:2:10", "none of Male", "0 Male"]),
        ("[fields]\ngender = \"Femal\"\n", ["recipe.toml:2:10", "\"Femal\"", "\"Female\""]),
        ("[fields]\ndate_of_birth = 1890-01-01\n", ["recipe.toml:2:17", "1900", "date-range"]),
        ("[fields]\nemail = \"a@example.org\"\n", ["recipe.toml:2:9", "same", "template"]),
        ("[fields]\naddress = \"{Adress\"\n", ["recipe.toml:2:12", "never closed", "{{"]),
        ("[fields]\naddress = \"a {Email|uper}\"\n", ["recipe.toml:2:21", "`uper`", "`upper`"]),
        ("[fields]\naddress = \"{Emial}\"\n", ["recipe.toml:2:13", "\"Emial\"", "\"Email\""]),
        ("[fields]\naddress = '{\"Last\"} {gender}'\n", ["recipe.toml:2:22", "`gender`", "header"]),
        ("[fields]\naddress = \"{address}\"\n", ["recipe.toml:2:13", "itself", "another"]),
        (
            "[fields]\naddress = \"{gender}\"\ngender = 1\n",
            ["recipe.toml:2:13", "further down", "above"],
        ),
        (
            "[columns]\n\"Email\" = \"email\"\n[fields]\nemail = \"{First}@example.org\"\n",
            ["recipe.toml:4:9", "two sources", "when = \"blank\""],
        ),
        (
            "[fields.address]\njoin = [\"First\"]\nconstant = \"x\"\n",
            ["recipe.toml:3:1", "two sources", "keep one"],
        ),
        (
            "[fields.address]\njoin = [\"First\"]\nwiht = \"x\"\n",
            ["recipe.toml:3:1", "no key `wiht`", "`with`"],
        ),
        ("[fields.email]\nblank = \"clear\"\n", ["recipe.toml:2:9", "cannot be cleared", "keep"]),
        (
            "[fields.gender]\nblank = \"clear\"\ndefault = 1\n",
            ["recipe.toml:2:9", "clear and be filled", "default"],
        ),
        ("[values.gender]\n\"x\" = 7\n", ["recipe.toml:2:7", "none of Male", "0 Male"]),
        ("[values.date_of_birth]\n\"x\" = \"soon\"\n", ["recipe.toml:2:7", "soon", "YYYY"]),
        ("[policy]\nclear_word = \" \"\n", ["recipe.toml:2:14", "blank", "blank = \"clear\""]),
        (
            "[columns]\n\"Last\" = { split = \" \", into = [\"gender\"] }\n",
            ["recipe.toml:2:12", "two parts", "each part"],
        ),
        (
            "[columns]\n\"Last\" = { split = \" \", into = [\"gender\", \"gender\"] }\n",
            ["recipe.toml:2:1", "two sources", "keep one"],
        ),
        (
            "[columns]\n\"Lost\" = { split = \" \", into = [\"gender\", \"-\"] }\n",
            ["recipe.toml:2:1", "\"Lost\"", "\"Last\""],
        ),
        (
            "[columns]\n\"Last\" = { blank = \"clear\" }\n",
            ["recipe.toml:2:1", "no field", "field ="],
        ),
        ("[policy]\nunique = [\"custom:No\"]\n", ["recipe.toml:2:11", "no column", "[columns]"]),
        ("[policy]\nunique = [[\"emial\"]]\n", ["recipe.toml:2:11", "`emial`", "`email`"]),
        (
            "[policy]\nunique = [\"custom:No\"]\n[fields]\n\"custom:No\" = \"1\"\n",
            ["recipe.toml:2:11", "same for everybody", "constant"],
        ),
        (
            "[phones]\nregion_column = \"Lnd\"\n",
            ["recipe.toml:2:17", "no column \"Lnd\"", "column letter"],
        ),
    ] {
        refused(recipe, "First,Last,Email\nAda,Vale,a@example.org\n", &parts);
    }
}

#[test]
fn a_default_replaces_nothing_of_another_row_of_the_same_person() {
    let recipe = "[fields.phone_number]\ndefault = \"+33 1 23 45 67 89\"\n\
                  [policy]\non_duplicate = \"merge\"\n";
    let sheet = "First,Last,Email,Phone\nAda,Vale,a@example.org,+33 6 12 34 56 78\n\
                 Ada,Vale,a@example.org,\n";
    assert_eq!(person(recipe, sheet)["phone_number"], "+33612345678");
}

#[test]
fn a_word_that_clears_clears_every_part_of_a_column() {
    let recipe = "[columns]\n\"Place\" = { split = \",\", into = [\"address\", \"custom:Land\"] }\n\
                  [policy]\nclear_word = \"#CLEAR\"\n";
    let people = people(recipe, "First,Last,Email,Place\nAda,Vale,a@example.org,#CLEAR\n");
    assert_eq!(people[0]["profile_data"]["address"], Value::Null);
    assert!(people[0].to_string().contains(r#""custom_field_user_value":null"#), "{}", people[0]);
}

#[test]
fn columns_without_a_header_go_by_their_letters() {
    let recipe = "[reading]\nheader_row = \"none\"\n[columns]\nA = \"first_name\"\nB = \"last_name\"\n\
                  [fields]\nemail = \"{A|lower}.{B|lower}@example.org\"\naddress = \"{C}\"\n\
                  [[tests]]\nrow = { A = \"Ida\", B = \"Fern\", C = \"1 Elm\" }\ngives = { first_name = \"Ida\", \
                  last_name = \"Fern\", email = \"ida.fern@example.org\", address = \"1 Elm\" }\n";
    let ada = person(recipe, "Ada,Vale,2 Elm\n");
    assert_eq!((&ada["email"], &ada["address"]), (&json!("ada.vale@example.org"), &json!("2 Elm")));
}

#[test]
fn what_is_odd_about_a_value_of_the_recipe_is_told_once() {
    let recipe = "[fields.last_name]\ndefault = \"n/a\"\n";
    let report = report(recipe, "First,Last,Email\nAda,,a@example.org\nOtis,,o@example.org\n", 0);
    assert_eq!(found(&report), [(1, "name-placeholder")]);
    assert_eq!(report["findings"][0]["field"], "last_name");
    assert_eq!(report["findings"][0]["value"], "n/a");
}

#[test]
fn a_flag_wins_over_what_the_recipe_makes() {
    let recipe = "[fields]\nemail = \"{First}@example.org\"\n";
    let build = Import::new("build -o out --map Contact=email").recipe(recipe);
    let build = build.text("people.csv", "First,Last,Contact\nAda,Vale,own@example.org\n");
    let payload = build.run().desk.json("out/payloads/00001.json");
    assert_eq!(payload["volunteers_data"][0]["profile_data"]["email"], "own@example.org");
}

#[test]
fn a_flag_wins_over_what_the_recipe_says_of_its_column_or_its_field() {
    let one = "[columns]\n\"Contact\" = \"custom:Old\"\n\"Place\" = { split = \",\", into = [\"address\", \
               \"custom:Land\"] }\n\"Who\" = \"full_name\"\n\"Gone\" = \"email\"\n";
    let sheet =
        "First,Last,Contact,Place,Who\nAda,Vale,own@example.org,\"Bern, CH\",Otis Larkspur\n";
    let flags =
        "build -o out --map C=email --map D=address --map First=first_name --map B=last_name";
    let build = Import::new(flags).recipe(one).text("people.csv", sheet);
    let payload = build.run().desk.json("out/payloads/00001.json");
    let profile = &payload["volunteers_data"][0]["profile_data"];
    assert_eq!(profile["email"], "own@example.org");
    assert_eq!(profile["address"], "Bern, CH");
    assert_eq!((&profile["first_name"], &profile["last_name"]), (&json!("Ada"), &json!("Vale")));
    assert!(!payload.to_string().contains("custom_field_data"), "{payload}");
}

/// A custom field with an id and options, as a recipe declares it.
const DAYS: &str = "[[vome.custom_fields]]\nname = \"Days\"\nid = \"12\"\ntype = \"multiple_selection\"\n\
                    options = [\"Mon\", \"Tue\", \"Other\"]\n";

#[test]
fn a_custom_field_goes_by_its_id_wherever_a_recipe_names_it() {
    let taken =
        format!("[columns]\n\"D\" = \"custom:12\"\n[fields]\n\"custom:days\" = \"Mon\"\n{DAYS}");
    let parts = ["recipe.toml:4:17", "two sources", "column \"D\""];
    refused(&taken, "First,Last,Email,D\nAda,Vale,a@example.org,Tue\n", &parts);
    let recipe = format!(
        "[policy]\nunique = [\"custom:12\"]\n[columns]\n\"D\" = \"custom:12\"\n[fields]\n\
         address = \"on {{custom:12}}\"\n[[tests]]\nrow = {{ First = \"A\", Last = \"B\", Email = \
         \"a@b.org\", D = \"Mon\" }}\ngives = {{ first_name = \"A\", last_name = \"B\", email = \"a@b.org\", \
         \"custom:12\" = \"Mon\", address = \"on Mon\" }}\n{DAYS}"
    );
    let sheet = "First,Last,Email,D\nAda,Vale,a@example.org,Tue\nOtis,Vale,o@example.org,tue\n";
    assert_eq!(found(&report(&recipe, sheet, 1)), [(3, "duplicate")]);
}

#[test]
fn of_several_options_only_those_that_nobody_knows_are_replaced() {
    let sheet = "First,Last,Email,Days\nAda,Vale,a@example.org,Mon; Wed; Tue\nOtis,Vale,o@example.org,Wed\n";
    let chosen = |other: &str| {
        let recipe = format!("[values.\"custom:Days\"]\n\"*\" = \"{other}\"\n{DAYS}");
        assert_eq!(found(&report(&recipe, sheet, 0)), [(2, "value-other"), (3, "value-other")]);
        let all = people(&recipe, sheet);
        let of = |person: &Value| person["custom_field_data"][0]["custom_field_user_value"].clone();
        all.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(chosen("Other"), [json!(["Mon", "Other", "Tue"]), json!(["Other"])]);
    assert_eq!(chosen(""), [json!(["Mon", "Tue"]), Value::Null]);
}

#[test]
fn a_word_that_clears_clears_what_is_made_of_its_cell_alone() {
    let recipe = "[policy]\nclear_word = \"#CLEAR\"\n[fields]\nphone_number = \"{Tel}\"\n\
                  address = { join = [\"Street\", \"City\"] }\n";
    let sheet = "First,Last,Email,Tel,Street,City\nAda,Vale,a@example.org,#CLEAR,#CLEAR,Bern\n\
                 Otis,Vale,o@example.org,,#CLEAR,\n";
    let people = people(recipe, sheet);
    let profile = |at: usize| people[at]["profile_data"].as_object().unwrap();
    assert_eq!(
        (&profile(0)["phone_number"], &profile(0)["address"]),
        (&Value::Null, &json!("Bern"))
    );
    assert_eq!((profile(1).get("phone_number"), &profile(1)["address"]), (None, &Value::Null));
}

#[test]
fn a_column_of_countries_counts_for_numbers_that_the_recipe_makes() {
    let recipe = "[vome]\nphone = \"e164\"\n[fields]\nphone_number = \"{Tel}\"\n[[tests]]\nrow = { First = \"A\", \
                  Last = \"B\", Email = \"a@b.org\", Tel = \"044 668 18 00\", Country = \"CH\" }\ngives = \
                  { first_name = \"A\", last_name = \"B\", email = \"a@b.org\", phone_number = \"+41446681800\" }\n";
    let sheet = "First,Last,Email,Tel,Country\nAda,Vale,a@example.org,044 668 18 00,Switzerland\n";
    assert_eq!(person(recipe, sheet)["phone_number"], "+41446681800");
}

#[test]
fn rows_without_a_recipe_are_as_they_were() {
    let report = report("target = \"vome\"\n", &plain(3), 0);
    assert_eq!(report["inputs"][0]["made"], json!([]));
}
