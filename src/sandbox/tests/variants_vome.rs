//! The variants of Vome, each with a try that meets it.

#![expect(clippy::needless_pass_by_value, reason = "a case reads better with the value itself")]

use super::variants::{Case, case, case_with, last_of, say};
use super::*;

/// One write of one record under a key.
fn write(bench: &Bench, line: &str, key: &str, record: Value) -> String {
    let identifier = json!({"identifier_type": 0});
    say(&bench.vome(line, &frame(key, &identifier, &[record])))
}

fn create(bench: &Bench, key: &str) -> String {
    write(bench, &format!("POST {CREATE}"), key, person("a"))
}

fn update(bench: &Bench, key: &str) -> String {
    write(bench, &format!("PUT {UPDATE}"), key, person("a"))
}

fn upsert(bench: &Bench, key: &str) -> String {
    write(bench, &format!("PUT {UPSERT}"), key, person("a"))
}

/// A person with one value somewhere.
fn having(name: &str, pointer: &[&str; 2], value: Value) -> Value {
    let mut record = person(name);
    record[pointer[0]][pointer[1]] = value;
    record
}

fn custom(name: &str, field: &str, value: Value) -> Value {
    let mut record = person(name);
    record["custom_field_data"] =
        json!([{"custom_field_name": field, "custom_field_user_value": value}]);
    record
}

fn list(bench: &Bench) -> String {
    say(&bench.vome("GET /api/profiles/", &Value::Null))
}

/// What an upsert says, and what is there afterwards.
fn landed(bench: &Bench, records: &[Value]) -> String {
    let said = say(&bench.upsert(records));
    format!("{said}; {}", list(bench))
}

fn one(bench: &Bench, part: &str, name: &str, value: Value) -> String {
    landed(bench, &[having("a", &[part, name], value)])
}

fn profile(bench: &Bench, name: &str, value: Value) -> String {
    one(bench, "profile_data", name, value)
}

fn field(bench: &Bench, name: &str, value: Value) -> String {
    landed(bench, &[custom("a", name, value)])
}

/// Sets a value and then another; gives what is there afterwards.
fn then(bench: &Bench, first: Value, second: Value) -> String {
    bench.upsert(&[first]);
    landed(bench, &[second])
}

fn three(bench: &Bench) -> String {
    let mut bad = person("bad");
    bad["profile_data"]["email"] = json!("nobody");
    say(&bench.upsert(&[person("a"), bad, person("b")]))
}

fn nobody(bench: &Bench) -> String {
    say(&bench.vome(&format!("PUT {UPDATE}"), &volunteers(&[person("nobody")])))
}

fn by_field(bench: &Bench, key: &str) -> String {
    let mut record = person("a");
    record["custom_field_data"] =
        json!([{"custom_field_id": "crm", "custom_field_user_value": "1"}]);
    let identifier = json!({"identifier_type": 2, key: "crm"});
    let body = frame("volunteers_data", &identifier, &[record]);
    say(&bench.vome(&format!("PUT {UPSERT}"), &body))
}

fn endpoints(bench: &Bench) -> String {
    let put = say(&bench.upsert(&[person("a")]));
    let post = write(bench, &format!("POST {CREATE}"), "volunteers_data", person("b"));
    format!("put {put}, post {post}")
}

fn chosen_id(bench: &Bench) -> String {
    let record = having("a", &["profile_data", "id"], json!("chosen"));
    let said = bench.vome(&format!("POST {CREATE}"), &users(&[record])).status;
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    format!("{said} chosen={}", list["results"][0]["id"] == "chosen")
}

/// A value for one field by its id and for another by its name.
fn torn(bench: &Bench) -> String {
    let mut record = person("a");
    record["custom_field_data"] = json!([{
        "custom_field_id": "notes", "custom_field_name": "Hours", "custom_field_user_value": "5",
    }]);
    landed(bench, &[record])
}

fn only_id(bench: &Bench) -> String {
    let mut record = person("a");
    record["custom_field_data"] =
        json!([{"custom_field_id": "notes", "custom_field_user_value": "5"}]);
    landed(bench, &[record])
}

fn size(bench: &Bench) -> String {
    bench.upsert(&[custom("a", "Size", json!("M"))]);
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    format!("value={}", list["results"][0]["custom_fields"][0]["custom_field_value"]["value"])
}

fn page(bench: &Bench, query: &str) -> String {
    let people: Vec<Value> = (0..7).map(|n| person(&format!("p{n}"))).collect();
    bench.upsert(&people);
    let answer = bench.vome(&format!("GET /api/profiles/{query}"), &Value::Null);
    let shown = answer.body["results"].as_array().map_or(0, Vec::len);
    let links = json!([answer.body["next"], answer.body["previous"]]);
    format!("{} shown={shown} {links}", answer.status)
}

fn rights(bench: &Bench) -> String {
    let wrote = bench.upsert(&[person("a")]).status;
    format!("write {wrote}, list {}", bench.vome("GET /api/profiles/", &Value::Null).status)
}

fn often(bench: &Bench) -> String {
    last_of(3, || bench.vome("GET /api/profiles/", &Value::Null))
}

fn slowly(bench: &Bench) -> String {
    let first = bench.vome("GET /api/profiles/", &Value::Null).status;
    std::thread::sleep(Duration::from_millis(20));
    format!("{first} {}", bench.vome("GET /api/profiles/", &Value::Null).status)
}

/// A window that no slow machine runs out of.
const LONG: &[&str] = &["vome.rate_window_ms=600000"];
const LIMITED: &[&str] = &["vome.rate_limit=1", "vome.rate_window_ms=600000"];

pub(super) const VOME: &[Case] = &[
    case("vome.create_key=volunteers_data", |b| create(b, "volunteers_data"), "200 {"),
    case("vome.create_key=user_data", |b| create(b, "user_data"), "200 {"),
    case("vome.create_key=any", |b| create(b, "user_data"), "200 {"),
    case("vome.update_key=users_data", |b| update(b, "users_data"), "200 {"),
    case("vome.update_key=user_data", |b| update(b, "user_data"), "200 {"),
    case("vome.update_key=any", |b| update(b, "users_data"), "200 {"),
    case("vome.upsert_key=users_data", |b| upsert(b, "users_data"), "200 {"),
    case("vome.upsert_key=user_data", |b| upsert(b, "user_data"), "200 {"),
    case("vome.upsert_key=any", |b| upsert(b, "user_data"), "200 {"),
    case("vome.wrong_key=ignored", |b| upsert(b, "users_data"), "200 {\"created\":0"),
    case("vome.unique_key=unique_custom_field", |b| by_field(b, "unique_id"), "400 {"),
    case("vome.unique_key=unique_id", |b| by_field(b, "unique_custom_field"), "400 {"),
    case("vome.upsert=post_bulk_create", endpoints, "post 200"),
    case("vome.upsert=absent", endpoints, "put 404"),
    case("vome.upsert=not_allowed", endpoints, "put 405"),
    case("vome.bad_row=call_unnamed", three, "\"message\":\"a record is not valid\",\"type\""),
    case("vome.bad_row=row_named", three, "\"errors\":[{\"code\":\"invalid_field\",\"index\":1"),
    case("vome.bad_row=row_unnamed", three, "\"failed\":1"),
    case("vome.bad_row=row_silent", three, "200 {\"created\":2,\"message\""),
    case("vome.param=dots", three, "\"param\":\"volunteers_data.1.profile_data.email\""),
    case("vome.param=field", three, "\"param\":\"email\""),
    case("vome.success_status=201", |b| upsert(b, "volunteers_data"), "201 {\"created\":1"),
    case("vome.success_body=message", |b| upsert(b, "volunteers_data"), "200 {\"message\""),
    case("vome.success_body=empty_object", |b| upsert(b, "volunteers_data"), "200 {}"),
    case("vome.success_body=rows", |b| upsert(b, "volunteers_data"), "\"results\":[{\"id\":\""),
    case("vome.success_body=empty", |b| upsert(b, "volunteers_data"), "200 null"),
    case("vome.most_rows=2", |b| say(&b.upsert(&[person("a"), person("b"), person("c")])), "413 {"),
    case_with(&["vome.most_rows=1"], "vome.too_many_status=400", three, "400 {"),
    case("vome.most_bytes=20", |b| upsert(b, "volunteers_data"), "413 {"),
    case("vome.unmatched=counted", nobody, "\"not_found\":1"),
    case("vome.unmatched=listed", nobody, "\"errors\":[{\"code\":\"not_found\",\"index\":0"),
    case("vome.unmatched=bad_row", nobody, "404 {"),
    case(
        "vome.existing=conflict",
        |b| {
            create(b, "users_data");
            create(b, "users_data")
        },
        "409 {",
    ),
    case(
        "vome.existing=refused",
        |b| {
            create(b, "users_data");
            create(b, "users_data")
        },
        "already exists",
    ),
    case("vome.twice=merged", |b| say(&b.upsert(&[person("a"), person("A")])), "200 {"),
    case("vome.create_id=ignored", chosen_id, "200 chosen=false"),
    case("vome.create_id=refused", chosen_id, "400 chosen"),
    case("vome.unknown_key=ignored", |b| profile(b, "nickname", json!("x")), "200 {\"created\":1"),
    case(
        "vome.gender_text=true",
        |b| profile(b, "gender_text", json!("x")),
        "\"gender_text\":\"x\"",
    ),
    case("vome.code=string", |b| profile(b, "gender", json!(1)), "400 {"),
    case("vome.code=either", |b| profile(b, "gender", json!("1")), "\"gender\":1"),
    case("vome.code_shown=string", |b| profile(b, "gender", json!(1)), "\"gender\":\"1\""),
    case(
        "vome.medical_flag=native",
        |b| one(b, "medical_information", "has_medical_info", json!("true")),
        "400 {",
    ),
    case(
        "vome.medical_flag=string",
        |b| one(b, "medical_information", "has_medical_info", json!(true)),
        "400 {",
    ),
    case(
        "vome.coordinates_key=latitude_longitude",
        |b| profile(b, "latitude_longitude", json!(["1", "2"])),
        "\"latitude_longitude\":[\"1\",\"2\"]",
    ),
    case(
        "vome.coordinates_shown=address_coordinates",
        |b| profile(b, "address_coordinates", json!(["1", "2"])),
        "\"address_coordinates\":[\"1\",\"2\"]",
    ),
    case(
        "vome.coordinates_as=native",
        |b| profile(b, "address_coordinates", json!([1.5, 2.5])),
        "[\"1.5\",\"2.5\"]",
    ),
    case(
        "vome.coordinates_as=either",
        |b| profile(b, "address_coordinates", json!([1.5, "2.5"])),
        "[\"1.5\",\"2.5\"]",
    ),
    case("vome.phone=digits", |b| profile(b, "phone_number", json!("+1 514")), "400 {"),
    case(
        "vome.email_match=sensitive",
        |b| {
            let shout = having("a", &["profile_data", "email"], json!("A@example.org"));
            then(b, person("a"), shout)
        },
        "\"count\":2",
    ),
    case(
        "vome.omitted=cleared",
        |b| then(b, having("a", &["profile_data", "address"], json!("7 Elm")), person("a")),
        "\"address\":\"\"",
    ),
    case(
        "vome.null=ignored",
        |b| {
            let with = |value| having("a", &["profile_data", "address"], value);
            then(b, with(json!("7 Elm")), with(json!(null)))
        },
        "\"address\":\"7 Elm\"",
    ),
    case(
        "vome.blank=clears",
        |b| then(b, custom("a", "Notes", json!("x")), custom("a", "Notes", json!(""))),
        "\"custom_fields\":[]",
    ),
    case(
        "vome.blank=ignored",
        |b| then(b, custom("a", "Notes", json!("x")), custom("a", "Notes", json!(""))),
        "\"value\":\"x\"",
    ),
    case(
        "vome.blank=refused",
        |b| then(b, custom("a", "Notes", json!("x")), custom("a", "Notes", json!(""))),
        "400 {",
    ),
    case("vome.field_by=name_first", torn, "\"name\":\"Hours\""),
    case("vome.field_by=id", |b| field(b, "Notes", json!("x")), "custom_field_id is required"),
    case("vome.field_by=name", only_id, "custom_field_name is required"),
    case("vome.unknown_field=ignored", |b| field(b, "Nope", json!("x")), "\"custom_fields\":[]"),
    case("vome.unknown_field=refused", |b| field(b, "Nope", json!("x")), "400 {"),
    case("vome.unknown_option=created", |b| field(b, "Size", json!("XXL")), "\"value\":\"XXL\""),
    case("vome.unknown_option=ignored", |b| field(b, "Size", json!("XXL")), "\"custom_fields\":[]"),
    case("vome.single_select=option_id", |b| field(b, "Size", json!("M")), "400 {"),
    case("vome.single_shown=text", size, "value=\"M\""),
    case(
        "vome.multi_select=joined",
        |b| field(b, "Colours", json!("Red, Blue")),
        "200 {\"created\":1",
    ),
    case("vome.multi_select=option_ids", |b| field(b, "Colours", json!(["Red"])), "400 {"),
    case_with(
        &["vome.multi_select=joined"],
        "vome.multi_separator=|",
        |b| field(b, "Colours", json!("Red|Blue")),
        "200 {\"created\":1",
    ),
    case("vome.boolean=string", |b| field(b, "Waiver", json!("true")), "\"value\":true"),
    case("vome.boolean=either", |b| field(b, "Waiver", json!("false")), "\"value\":false"),
    case("vome.number=native", |b| field(b, "Hours", json!("12")), "400 {"),
    case("vome.number=string", |b| field(b, "Hours", json!(12)), "400 {"),
    case("vome.field_type=digits", |b| field(b, "Size", json!("M")), "\"field_type\":\"2\""),
    case("vome.field_type=name", |b| field(b, "Size", json!("M")), "\"SINGLE SELECTION\""),
    case("vome.option_order=string", |b| field(b, "Size", json!("M")), "\"order\":\"1\""),
    case("vome.fields_listed=all", |b| landed(b, &[person("a")]), "\"custom_field_value\":null"),
    case("vome.page_cap=5", |b| page(b, "?limit=6"), "400 shown"),
    case("vome.page_default=2", |b| page(b, ""), "shown=2"),
    case("vome.past_the_end=empty", |b| page(b, "?page=9"), "200 shown=0"),
    case("vome.over_cap=capped", |b| page(b, "?limit=101"), "200 shown"),
    case(
        "vome.links=vendor",
        |b| page(b, "?limit=2"),
        "[\"http://api.vomevolunteer.com/api/profiles/?page=2",
    ),
    case("vome.links=odd", |b| page(b, "?limit=2"), "[null,\"http://api.vomevolunteer.com"),
    case("vome.rights=read", rights, "write 403, list 200"),
    case("vome.rights=none", rights, "write 403, list 403"),
    case_with(LONG, "vome.rate_limit=2", often, "429 come back"),
    case_with(LIMITED, "vome.rate_window_ms=1", slowly, "200 200"),
    case_with(LIMITED, "vome.retry_after=none", often, "429 come back: never"),
    case_with(LIMITED, "vome.retry_after=date", often, " gmt"),
];
