//! Custom fields that were defined beforehand, and what becomes of them when the file changes.

use super::super::variants::Variants;
use super::*;

const ALL: &str = r#"
[[fields]]
name = "General"
[[fields]]
name = "Number"
type = 1
[[fields]]
id = "size"
name = "Size"
type = "single_selection"
options = ["S", { id = "opt-m", value = "M", order = 7 }]
[[fields]]
name = "Colours"
type = "multiple_selection"
options = ["Red", "Blue"]
[[fields]]
name = "Seen"
type = "date_time"
[[fields]]
name = "Other mail"
type = "email"
[[fields]]
name = "Scan"
type = "attachment"
[[fields]]
name = "Page"
type = "url"
[[fields]]
name = "Second home"
type = "address"
[[fields]]
id = "crm"
name = "CRM ID"
type = "unique_id"
is_active = false
[[fields]]
name = "Waiver"
type = "boolean"
[[fields]]
name = "Score"
type = "formula"
[[fields]]
name = "Since"
type = "date"
"#;

fn fields(text: &str) -> Variants {
    toml::from_str(text).unwrap()
}

fn record(name: &str, values: &[(&str, Value)]) -> Value {
    let mut record = person(name);
    record["custom_field_data"] = values
        .iter()
        .map(|(name, value)| json!({"custom_field_name": name, "custom_field_user_value": value}))
        .collect();
    record
}

/// The custom fields of the first person, by their names.
fn shown(bench: &Bench) -> Vec<(String, Value)> {
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    let entries = list["results"][0]["custom_fields"].as_array().unwrap();
    let pair =
        |entry: &Value| (entry["custom_field"]["name"].as_str().unwrap().to_owned(), entry.clone());
    entries.iter().map(pair).collect()
}

#[test]
fn every_type_is_written_and_read_back_in_its_shape() {
    let bench = bench_with(fields(ALL));
    let sent = [
        ("General", json!("x")),
        ("Number", json!("12.5")),
        ("size", json!("M")),
        ("Colours", json!(["Blue", "Red"])),
        ("Seen", json!("2024-09-19T17:35:35Z")),
        ("Other mail", json!("a@b.co")),
        ("Page", json!("https://example.org")),
        ("Second home", json!("7 Elm")),
        ("CRM ID", json!("0017")),
        ("Waiver", json!(false)),
        ("Since", json!("2024-02-29")),
    ];
    assert_eq!(bench.upsert(&[record("a", &sent)]).status, 200);
    let shown = shown(&bench);
    let types: Vec<i64> = shown
        .iter()
        .map(|(_, entry)| entry["custom_field"]["field_type"].as_i64().unwrap())
        .collect();
    assert_eq!(types, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12]);
    let of = |name: &str| &shown.iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(
        of("Size")["custom_field_value"]["value"],
        json!({"id": "opt-m", "value": "M", "order": 7})
    );
    assert_eq!(of("Size")["custom_field"]["options"][0]["order"], 1);
    assert_eq!(of("Colours")["custom_field_value"][0]["value"]["value"], "Blue");
    assert_eq!(of("Waiver")["custom_field_value"]["value"], false);
    assert_eq!(of("CRM ID")["custom_field"]["is_active"], false);
    for name in ["Scan", "Score"] {
        let answer = bench.upsert(&[record("a", &[(name, json!("x"))])]);
        let param = "volunteers_data[0].custom_field_data[0].custom_field_user_value";
        assert_eq!((answer.status, &answer.body["error"]["param"]), (400, &json!(param)));
    }
}

#[test]
fn a_unique_id_belongs_to_one_person_and_finds_them() {
    let bench = bench_with(fields(ALL));
    assert_eq!(bench.upsert(&[record("a", &[("CRM ID", json!("1"))])]).status, 200);
    let clash = bench.upsert(&[record("b", &[("CRM ID", json!("1"))])]);
    assert_eq!((clash.status, &clash.body["error"]["code"]), (409, &json!("conflict")));
    // The entry only names the field, the identifier has its id.
    let found = |id: &str| {
        let identifier = json!({"identifier_type": 2, "unique_custom_field": id});
        let record = record("c", &[("CRM ID", json!("1"))]);
        bench.vome(&format!("PUT {UPSERT}"), &frame("volunteers_data", &identifier, &[record]))
    };
    assert_eq!(found("crm").body["updated"], 1);
    let other = found("size");
    assert_eq!(other.body["error"]["param"], "unique_identifier.unique_custom_field");
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    assert_eq!(
        (&list["count"], &list["results"][0]["profile_details"]["email"]),
        (&json!(1), &json!("c@example.org"))
    );
}

#[test]
fn the_file_of_a_later_start_renames_retypes_and_deletes() {
    let mut bench = bench_with(fields(
        "[[fields]]\nid = \"s\"\nname = \"Size\"\ntype = 2\noptions = [\"S\", \"M\"]\n\
         [[fields]]\nid = \"n\"\nname = \"Note\"\n[[fields]]\nid = \"g\"\nname = \"Gone\"\n",
    ));
    bench.upsert(&[record(
        "a",
        &[("Size", json!("M")), ("Note", json!("x")), ("Gone", json!("y"))],
    )]);
    let names =
        |bench: &Bench| -> Vec<String> { shown(bench).into_iter().map(|(name, _)| name).collect() };
    let again = |bench: &mut Bench, text: &str| {
        let folder = bench.folder.path().to_owned();
        drop(std::mem::replace(&mut bench.sandbox, start(&folder.join("elsewhere"))));
        bench.sandbox = start_with(&folder, fields(text));
    };
    again(&mut bench, "");
    assert_eq!(names(&bench), ["Size", "Note", "Gone"], "no file changes nothing");
    again(
        &mut bench,
        "[[fields]]\nid = \"n\"\nname = \"Remark\"\n[[fields]]\nid = \"s\"\nname = \"Size\"\ntype = 0\n",
    );
    assert_eq!(names(&bench), ["Remark", "Size"]);
    let size = &shown(&bench)[1].1;
    assert_eq!(
        (&size["custom_field"]["field_type"], &size["custom_field_value"]["value"]),
        (&json!(0), &json!("M"))
    );
    // The old name is a field that comes to be by being used; the renamed one is found by its id.
    let mut record = record("a", &[("Note", json!("z"))]);
    bench.upsert(&[record.clone()]);
    assert_eq!(names(&bench), ["Remark", "Size", "Note"]);
    record["custom_field_data"] =
        json!([{"custom_field_id": "n", "custom_field_user_value": "new"}]);
    bench.upsert(&[record]);
    assert_eq!(shown(&bench)[0].1["custom_field_value"]["value"], "new");
}

#[test]
fn a_record_that_fails_alone_takes_its_new_fields_with_it() {
    let mut variants = Variants::default();
    variants.set("vome.bad_row=row_named").unwrap();
    let bench = bench_with(variants);
    let mut bad = record("bad", &[("Fresh", json!("x"))]);
    bad["profile_data"].as_object_mut().unwrap().remove("last_name");
    let answer = bench.upsert(&[record("a", &[("Kept", json!("x"))]), bad, person("c")]);
    assert_eq!((answer.status, &answer.body["created"]), (200, &json!(2)), "{answer:?}");
    let error = &answer.body["errors"][0];
    assert_eq!((&error["index"], &error["code"]), (&json!(1), &json!("missing_field")));
    assert_eq!(error["param"], "volunteers_data[1].profile_data.last_name");
    assert_eq!(bench.query::<String>("SELECT group_concat(name) FROM custom_field"), "Kept");
    assert_eq!(bench.sandbox.tally().refused, 1);
}
