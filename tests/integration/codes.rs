//! `explain`: the catalogue as a page and as JSON, and that its examples are what they are called.

use upsheet::finding::{ALL, Code};

use crate::common::{Desk, Import, found, repository, together};
use crate::schema::validate;

#[test]
fn the_page_of_codes_is_current() {
    let page = Import::new("explain --format markdown").run().stdout;
    let kept = std::fs::read_to_string(repository("docs/codes.md")).unwrap_or_default();
    assert!(
        page == kept,
        "docs/codes.md is not current; write it anew:\n  \
         cargo run --quiet -- explain --format markdown > docs/codes.md"
    );
    for code in ALL {
        assert!(page.contains(&format!("\n### {}\n", code.id)), "{} has no anchor", code.id);
    }
}

#[test]
fn the_codes_as_json_are_of_the_published_form() {
    let all = Import::new("explain --format json").run().json();
    validate("codes.v1", &all);
    let ids: Vec<&str> = all["codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code["code"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ALL.iter().map(|code| code.id).collect::<Vec<_>>());
    let one = Import::new("explain email-role --format json").run().json();
    validate("codes.v1", &one);
    assert_eq!(one["codes"][0]["severities"].to_string(), r#"["warning","error","info","off"]"#);
    Import::new("explain email-rule --format json").expect_code(2).run().says("email-role");
}

/// Kinds of findings whose example is a cell, and the field that it stands in.
static EXAMPLES: &[(&str, &str, &str)] = &[
    ("email-syntax", "email", ""),
    ("email-several", "email", ""),
    ("email-repaired", "email", ""),
    ("email-role", "email", ""),
    ("email-placeholder", "email", ""),
    ("email-typo", "email", ""),
    ("email-lookalike", "email", ""),
    ("email-ending", "email", ""),
    ("phone-syntax", "mobile_phone", "--to omneo --default-region AU"),
    ("phone-no-country", "mobile_phone", "--to omneo"),
    ("phone-several", "mobile_phone", "--to omneo --default-region AU"),
    ("phone-repaired", "mobile_phone", "--to omneo --default-region AU"),
    ("phone-extension", "mobile_phone", "--to omneo"),
    ("phone-invalid", "mobile_phone", "--to omneo"),
    ("phone-damaged", "mobile_phone", "--to omneo --default-region AU"),
    ("text-unwrapped", "phone_number", "--default-region AU"),
    ("date-syntax", "date_of_birth", ""),
    ("date-impossible", "date_of_birth", "--date-order dmy"),
    ("date-ambiguous", "date_of_birth", ""),
    ("date-range", "date_of_birth", ""),
    ("date-century", "date_of_birth", "--date-order dmy"),
    ("date-weekday", "joined_at", "--to omneo"),
    ("choice-unknown", "gender", ""),
    ("blank-word", "date_of_birth", ""),
    ("number-syntax", "joined_location_id", "--to omneo"),
    ("number-range", "birth_date.day", "--to omneo"),
    ("bool-syntax", "email_promo", "--to omneo"),
    ("datetime-syntax", "joined_at", "--to omneo"),
    ("url-syntax", "avatar_url", "--to omneo"),
    ("currency-unknown", "currency", "--to omneo"),
    ("country-unknown", "addresses.1.country", "--to omneo"),
    ("words-dashed", "tags", "--to omneo"),
    ("text-repaired", "first_name", ""),
    ("text-hidden", "first_name", ""),
    ("text-mojibake", "first_name", ""),
    ("text-lost", "first_name", ""),
    ("text-escaped", "first_name", ""),
    ("text-holed", "first_name", ""),
    ("name-placeholder", "first_name", ""),
    ("name-address", "first_name", ""),
    ("name-several", "first_name", ""),
    ("name-title", "first_name", ""),
    ("name-quote", "first_name", ""),
    ("name-marked", "first_name", ""),
    ("name-split", "full_name", ""),
    ("clear-refused", "email", ""),
];

/// The cell of an example: without what becomes of it, and without the header that it stands under.
fn cell(code: &Code) -> (String, Option<&'static str>) {
    let (value, after) = match code.example.split_once(" → ") {
        Some((value, after)) => (value, Some(after)),
        None => (code.example, None),
    };
    let value = value.split_once(" under ").map_or(value, |(value, _)| value);
    // What nobody sees is written as an escape.
    (value.replace("\\u{a0}", "\u{a0}").replace("\\u{200b}", "\u{200b}"), after)
}

#[test]
fn the_examples_are_what_they_are_called() {
    together(EXAMPLES, |&(id, field, args)| {
        let code = Code::find(id).unwrap();
        let (value, after) = cell(code);
        let quoted = value.replace('"', "\"\"");
        let mut headers = vec!["First name", "Last name", "Email", "Odd"];
        let mut cells = vec!["Ada", "Lark", "ada@example.org", &quoted];
        // The column that the odd one stands for is not there beside it.
        let replaced: &[&str] = match field {
            "email" => &["Email"],
            "first_name" => &["First name"],
            "full_name" => &["First name", "Last name"],
            _ => &[],
        };
        for header in replaced {
            let at = headers.iter().position(|other| other == header).unwrap();
            headers.remove(at);
            cells.remove(at);
        }
        let text = format!("{}\n\"{}\"\n", headers.join(","), cells.join("\",\""));
        let desk = Desk::new();
        desk.write("people.csv", text);
        let recipe = match id {
            "clear-refused" => "[policy]\nclear_word = \"#CLEAR\"\n",
            "words-dashed" => "[omneo]\ntags_mode = \"replace\"\n",
            _ => "",
        };
        let report = Import::at(&desk, "check --format json people.csv")
            .recipe(recipe)
            .args(args)
            .args(&format!("--map Odd={field}"))
            .start()
            .finish_with_any_code()
            .json();
        let findings = report["findings"].as_array().unwrap();
        let one = findings.iter().find(|finding| finding["code"] == id);
        let Some(one) = one else { panic!("{id} is not found in {value:?}: {:?}", found(&report)) };
        if let Some(after) = after.filter(|after| *after != "blank") {
            assert_eq!(one["fix"]["after"], after, "{id}");
        }
    });
}
