//! Test rows of the recipe: they run before everybody else and stop the run when they fail.

use crate::common::{Desk, Import};

const SHEET: &str = "First,Last,Email,Sex\nAda,Vale,ada@example.org,F\n";

const TEST: &str = "\
[columns]
\"Sex\" = \"gender\"
[[tests]]
name = \"Ada\"
row = { First = \"Ada\", Last = \"Vale\", Email = \"ada@example.org\", Sex = \"f\" }
gives = { first_name = \"Ada\", last_name = \"Vale\", email = \"ada@example.org\", gender = 1 }
[[tests]]
row = { First = \"Ada\", Last = \"Vale\", Email = \"ada@\" }
rejects = [\"email-syntax\"]
";

#[test]
fn test_rows_that_hold_are_silent() {
    for verb in ["check", "build -o out", "inspect", "push --to sandbox --yes --state state"] {
        Import::new(verb).text("people.csv", SHEET).recipe(TEST).run();
    }
}

#[test]
fn a_renamed_header_fails_the_test_rows_that_name_it() {
    let sheet = SHEET.replace("Email", "E-mail address");
    for verb in ["check", "build -o out", "push --to sandbox --yes --state state"] {
        let run = Import::new(verb).text("people.csv", &sheet).recipe(TEST).expect_code(2);
        let done = run.run();
        done.says("test \"Ada\": people.csv has no column \"Email\"").says("recipe.toml:5:39");
        done.says("\"E-mail address\"").says("1 more of 2 fail");
        assert_eq!(done.stdout, "");
        assert!(done.desk.files("out").is_empty());
    }
    // It is shown beside the columns, for whoever puts the recipe right.
    let inspect = Import::new("inspect").text("people.csv", &sheet).recipe(TEST);
    let done = inspect.expect_code(2).run();
    done.says("has no column \"Email\"");
    assert!(done.stdout.contains("E-mail address  email"), "{}", done.stdout);
}

#[test]
fn expected_and_got_stand_side_by_side() {
    for (from, to, parts) in [
        (
            "Sex = \"f\"",
            "Sex = \"m\"",
            vec!["gives something else", "gender 1 0", "recipe.toml:6:1"],
        ),
        (", gender = 1", "", vec!["gender – 1"]),
        ("gender = 1", "gender = \"1\"", vec!["gender \"1\" 1"]),
        ("email = \"ada", "email = \"eve", vec!["\"eve@example.org\" \"ada@example.org\""]),
        (
            "Last = \"Vale\", Email = \"ada@example.org\"",
            "Email = \"ada@example.org\"",
            vec!["is rejected", "required-missing: last_name is blank (`last_name`)"],
        ),
        (
            "rejects = [\"email-syntax\"]",
            "rejects = [\"row-long\"]",
            vec![
                "test row 2 is rejected for other reasons",
                "expected row-long got email-syntax",
                "recipe.toml:9:1",
            ],
        ),
        (
            "Email = \"ada@\"",
            "Email = \"ada@example.org\"",
            vec!["test row 2 is not rejected", "email = \"ada@example.org\""],
        ),
    ] {
        let recipe = TEST.replacen(from, to, 1);
        assert_ne!(recipe, TEST, "{from}");
        let check = Import::new("check").text("people.csv", SHEET).recipe(&recipe);
        let done = check.expect_code(2).run();
        for part in parts {
            done.says(part);
        }
    }
}

#[test]
fn a_test_row_is_complete_or_refused() {
    for (test, parts) in [
        ("gives = {}", ["no row", "row = {"]),
        ("row = {}", ["what must come of it", "gives ="]),
        ("row = {}\ngives = {}\nrejects = []", ["or is rejected", "keep one"]),
        ("row = {}\ngives = { emial = 1 }", ["no field `emial`", "`email`"]),
        ("row = {}\nrejects = [\"email-sintax\"]", ["no code \"email-sintax\"", "email-syntax"]),
        ("row = {}\ngivs = {}", ["no key `givs`", "`gives`"]),
        ("row = { First = [1] }\ngives = {}", ["one value", "in quotes"]),
    ] {
        let recipe = format!("[[tests]]\n{test}\n");
        let check = Import::new("check").text("people.csv", SHEET).recipe(&recipe);
        let done = check.expect_code(2).run();
        for part in parts {
            done.says(part);
        }
    }
}

#[test]
fn of_several_files_one_must_have_the_columns() {
    let desk = Desk::new();
    desk.write("other.csv", "Given name,Surname,E-mail\nOtis,Vale,otis@example.org\n");
    let recipe = TEST.replace("[columns]\n\"Sex\" = \"gender\"\n", "");
    let check = Import::at(&desk, "check other.csv").text("people.csv", SHEET).recipe(&recipe);
    check.run();
}

#[test]
fn columns_of_a_test_row_go_by_their_letters_too() {
    let sheet = "First,Last,Email,Tel,Tel\nAda,Vale,ada@example.org,1,+33 6 12 34 56 78\n";
    let test = "[columns]\nE = \"phone_number\"\n[[tests]]\nrow = { First = \"A\", B = \"B\", Email = \"a@b.org\", \
                E = \"+33 6 12 34 56 78\" }\ngives = { first_name = \"A\", last_name = \"B\", email = \"a@b.org\", \
                phone_number = \"+33612345678\" }\n";
    Import::new("check").text("people.csv", sheet).recipe(test).run();
}

#[test]
fn what_is_cleared_counts_where_the_test_row_names_the_cell() {
    let row = "First = \"A\", Last = \"B\", Email = \"a@b.org\"";
    let gives = "gives = { first_name = \"A\", last_name = \"B\", email = \"a@b.org\" }";
    let policy = "[policy]\nblank = \"clear\"\n[columns]\n\"Sex\" = \"gender\"\n[[tests]]\n";
    let check = |test: &str, code| {
        let recipe = format!("{policy}{test}\n");
        let check = Import::new("check").text("people.csv", SHEET).recipe(&recipe);
        check.expect_code(code).run()
    };
    check(&format!("row = {{ {row} }}\n{gives}"), 0);
    check(&format!("row = {{ {row}, Sex = \"\" }}\n{gives}"), 2).says("gender – null");
    check(&format!("row = {{ {row}, Sex = \"\" }}\n{gives}\nclears = [\"gender\"]"), 0);
    check(&format!("row = {{ {row}, Sex = \"M\" }}\n{gives}\nclears = [\"gender\"]"), 2)
        .says("gender null 0");
}

#[test]
fn what_other_rows_prove_does_not_count_for_a_test_row() {
    let sheet = "First,Last,Email,DOB\nAda,Vale,a@example.org,31/05/1988\n";
    let recipe = "[[tests]]\nrow = { First = \"A\", Last = \"B\", Email = \"a@b.org\", \
                  DOB = \"03/04/1990\" }\nrejects = [\"date-ambiguous\"]\n";
    Import::new("check").text("people.csv", sheet).recipe(recipe).run();
    let recipe = "[policy]\ndate_order = \"dmy\"\n[[tests]]\nrow = { First = \"A\", Last = \"B\", \
                  Email = \"a@b.org\", DOB = \"03/04/1990\" }\ngives = { first_name = \"A\", \
                  last_name = \"B\", email = \"a@b.org\", date_of_birth = 1990-04-03 }\n";
    Import::new("check").text("people.csv", sheet).recipe(recipe).run();
}
