//! The variants of Omneo, each with a try that meets it.

#![expect(clippy::needless_pass_by_value, reason = "a case reads better with the value itself")]

use super::variants::{Case, case, case_with, last_of, say};
use super::*;

fn post(bench: &Bench, path: &str, profiles: &[Value]) -> Answer {
    let body = json!({"match_criteria": "email", "profiles": profiles});
    bench.omneo(&format!("POST /api/v3{path}"), &body)
}

/// Sends a batch, waits for it a little, and gives its report and all profiles.
fn landed(bench: &Bench, profiles: &[Value]) -> String {
    let answer = post(bench, "/profiles/batch.json", profiles);
    let id = match &answer.body["data"]["batch_id"] {
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let began = Instant::now();
    let mut report = say(&bench.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null));
    while report.contains("\"pending\"") && began.elapsed() < Duration::from_millis(400) {
        std::thread::sleep(Duration::from_millis(5));
        report = say(&bench.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null));
    }
    format!("{} report {report} profiles {}", say(&answer), list(bench, ""))
}

fn list(bench: &Bench, query: &str) -> String {
    let answer = bench.omneo(&format!("GET /api/v3/profiles{query}"), &Value::Null);
    let shown = answer.body["data"].as_array().map_or(0, Vec::len);
    format!("shown={shown} {}", say(&answer))
}

fn ann() -> Value {
    json!({"email": "ann@example.org", "first_name": "ann", "mobile_phone": "+61412323123",
        "identities": [{"handle": "pos", "identifier": "1"}]})
}

/// One profile with one property.
fn with(bench: &Bench, name: &str, value: Value) -> String {
    landed(bench, &[json!({"email": "ann@example.org", name: value})])
}

/// A property, and then another value of it.
fn then(bench: &Bench, name: &str, first: Value, second: Value) -> String {
    with(bench, name, first);
    with(bench, name, second)
}

/// A good profile and one with a gender that there is not.
fn mixed(bench: &Bench) -> String {
    landed(bench, &[ann(), json!({"email": "bob@example.org", "gender": "none"})])
}

fn order(bench: &Bench) -> String {
    let report =
        bench.batch("email", &[ann(), json!({"email": "bob@example.org", "gender": "none"})]);
    let Some(items) = report["items"].as_array() else { return "no items".to_owned() };
    let words: Vec<&str> = items.iter().map(|item| item["status"].as_str().unwrap()).collect();
    format!("[{}]", words.join(","))
}

fn external(bench: &Bench) -> String {
    let item = &bench.batch("email", &[ann()])["items"][0];
    format!("{item} same={}", item["external_id"] == item["entity_id"])
}

fn address(bench: &Bench, state: &Value, country: &str) -> String {
    let address = json!({"address_line_1": "1 High St", "city": "Perth", "postcode": "6000",
        "country": country, "state": state, "meta": {"a": "b"}});
    with(bench, "addresses", json!([address]))
}

fn attribute(bench: &Bench, kind: &str, value: Value) -> String {
    let entry = json!({"namespace": "n", "handle": "h", "type": kind, "value": value});
    with(bench, "custom_attributes", json!([entry]))
}

fn born(bench: &Bench, day: Value) -> String {
    landed(bench, &[json!({"email": "ann@example.org", "birth_day": day, "birth_month": day})])
}

fn clash(bench: &Bench, name: &str) -> String {
    landed(bench, &[ann()]);
    let mut other = json!({"email": "bob@example.org"});
    other[name] = ann()[name].clone();
    landed(bench, &[other])
}

fn add_status(bench: &Bench) -> String {
    let id = bench.batch("email", &[ann()])["items"][0]["entity_id"].clone();
    let body = json!({"profiles": [{"profile_id": id, "statuses": ["vip"]}]});
    say(&bench.omneo("POST /api/v3/profile/status/batch.json", &body))
}

/// The batch of statuses, a while later.
fn never_added(bench: &Bench) -> String {
    let id = bench.batch("email", &[ann()])["items"][0]["entity_id"].clone();
    let body = json!({"profiles": [{"profile_id": id, "statuses": ["vip"]}]});
    let answer = bench.omneo("POST /api/v3/profile/status/batch.json", &body);
    std::thread::sleep(Duration::from_millis(200));
    let id = answer.body["data"]["batch_id"].as_str().unwrap();
    say(&bench.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null))
}

fn list_statuses(bench: &Bench) -> String {
    say(&bench.omneo("GET /api/v3/statuses?filter[handle]=gold", &Value::Null))
}

fn search_id(bench: &Bench) -> String {
    bench.batch("email", &[ann()]);
    let body = json!({"type": "pos", "id": "1"});
    say(&bench.omneo("POST /api/v3/profiles/search-id", &body))
}

fn search_identity(bench: &Bench) -> String {
    bench.batch("email", &[ann()]);
    say(&bench.omneo("GET /api/v3/identities/search?handle=pos&identifier=1", &Value::Null))
}

fn available(bench: &Bench) -> String {
    bench.batch("email", &[ann()]);
    let body = json!({"email": "ann@example.org"});
    say(&bench.omneo("POST /api/v3/profiles/availability", &body))
}

fn many(bench: &Bench, query: &str) -> String {
    let people: Vec<Value> =
        (0..20).map(|n| json!({"email": format!("p{n}@example.org")})).collect();
    bench.batch("email", &people);
    list(bench, query)
}

fn rights(bench: &Bench) -> String {
    let wrote = post(bench, "/profiles/batch.json", &[ann()]).status;
    format!("write {wrote}, list {}", bench.omneo("GET /api/v3/profiles", &Value::Null).status)
}

fn often(bench: &Bench) -> String {
    last_of(3, || bench.omneo("GET /api/v3/profiles", &Value::Null))
}

fn slowly(bench: &Bench) -> String {
    let first = bench.omneo("GET /api/v3/profiles", &Value::Null).status;
    std::thread::sleep(Duration::from_millis(20));
    format!("{first} {}", bench.omneo("GET /api/v3/profiles", &Value::Null).status)
}

/// A window that no slow machine runs out of.
const LONG: &[&str] = &["omneo.rate_window_ms=600000"];
const LIMITED: &[&str] = &["omneo.rate_limit=1", "omneo.rate_window_ms=600000"];
const VIP: &[&str] = &["omneo.known_statuses=vip"];
const FAILED: &str = "\"status\":\"failed\"";

pub(super) const OMNEO: &[Case] = &[
    case("omneo.batch_path=batch.json", |b| say(&post(b, "/profiles/batch", &[ann()])), "404 {"),
    case("omneo.batch_path=batch", |b| say(&post(b, "/profiles/batch.json", &[ann()])), "404 {"),
    case("omneo.success_status=200", |b| say(&post(b, "/profiles/batch", &[ann()])), "200 {"),
    case("omneo.batch_id=number", |b| landed(b, &[ann()]), "\"batch_id\":1"),
    case("omneo.batch_id=absent", |b| landed(b, &[ann()]), "202 {\"data\":{\"message\""),
    case("omneo.queue_ms=60000", |b| landed(b, &[ann()]), "\"status\":\"pending\""),
    case("omneo.most_rows=1", |b| say(&post(b, "/profiles/batch", &[ann(), ann()])), "422 {"),
    case("omneo.most_bytes=20", |b| say(&post(b, "/profiles/batch", &[ann()])), "413 {"),
    case("omneo.mixed_status=failed", mixed, "\"status\":\"failed\",\"success_count\":1"),
    case("omneo.batches=absent", |b| landed(b, &[ann()]), "report 404"),
    case("omneo.batches=forbidden", |b| landed(b, &[ann()]), "report 403"),
    case("omneo.batches=pending", |b| landed(b, &[ann()]), "\"status\":\"pending\""),
    case("omneo.items=reversed", order, "[failed,success]"),
    case("omneo.items=failed_only", order, "[failed]"),
    case("omneo.items=absent", order, "no items"),
    case("omneo.counts=string", |b| landed(b, &[ann()]), "\"total_count\":\"1\""),
    case("omneo.item_external_id=email", external, "\"external_id\":\"ann@example.org\""),
    case("omneo.item_external_id=profile_id", external, "same=true"),
    case("omneo.item_external_id=nothing", external, "\"external_id\":null"),
    case("omneo.item_error=map", mixed, "\"error\":{\"gender\":["),
    case("omneo.bad_row=call", mixed, "422 {\"errors\":{\"profiles.1.gender\":["),
    case("omneo.read_only=ignored", |b| with(b, "full_name", json!("Ann Lee")), "shown=1"),
    case("omneo.unknown_key=ignored", |b| with(b, "nickname", json!("x")), "shown=1"),
    case("omneo.required=email_and_names", |b| landed(b, &[ann()]), FAILED),
    case("omneo.null=ignored", |b| then(b, "title", json!("Dr"), json!(null)), "\"title\":\"Dr\""),
    case("omneo.tags=add", |b| then(b, "tags", json!(["a"]), json!(["b"])), "[\"a\",\"b\"]"),
    case(
        "omneo.statuses=add",
        |b| then(b, "statuses", json!(["a"]), json!(["b"])),
        "[\"a\",\"b\"]",
    ),
    case(
        "omneo.known_statuses=vip, staff",
        |b| with(b, "statuses", json!(["gold", "vip"])),
        "\"statuses\":[\"vip\"]",
    ),
    case_with(
        VIP,
        "omneo.unknown_status=refused",
        |b| with(b, "statuses", json!(["gold"])),
        FAILED,
    ),
    case(
        "omneo.mobile_clash=secondary",
        |b| clash(b, "mobile_phone"),
        "\"secondary_phone\":\"+61412323123\"",
    ),
    case(
        "omneo.identity_clash=routes",
        |b| clash(b, "identities"),
        "\"email\":\"bob@example.org\"",
    ),
    case("omneo.name_case=title", |b| landed(b, &[ann()]), "\"first_name\":\"Ann\""),
    case("omneo.gender_shown=upper", |b| with(b, "gender", json!("female")), "\"FEMALE\""),
    case("omneo.birth=string", |b| born(b, json!(3)), FAILED),
    case("omneo.birth=either", |b| born(b, json!("3")), "\"birth_day\":3"),
    case("omneo.birth_shown=string", |b| born(b, json!(3)), "\"birth_day\":\"3\""),
    case(
        "omneo.email_match=sensitive",
        |b| {
            landed(b, &[json!({"email": "ann@example.org"})]);
            landed(b, &[json!({"email": "ANN@example.org"})])
        },
        "shown=2",
    ),
    case("omneo.meta_as=list", |b| address(b, &json!("WA"), "AU"), FAILED),
    case(
        "omneo.meta_as=object",
        |b| with(b, "attributes", json!({"appearance": ["tall"]})),
        FAILED,
    ),
    case("omneo.custom_types=page", |b| attribute(b, "select", json!("a")), "shown=1"),
    case("omneo.custom_value=string", |b| attribute(b, "integer", json!(4)), FAILED),
    case("omneo.custom_value=either", |b| attribute(b, "integer", json!("4")), "shown=1"),
    case("omneo.known_custom=n:other", |b| attribute(b, "integer", json!(4)), FAILED),
    case("omneo.state_required=true", |b| address(b, &json!(null), "AU"), FAILED),
    case("omneo.country=alpha2", |b| address(b, &json!("WA"), "Australia"), FAILED),
    case("omneo.region_needs=both", |b| with(b, "regions", json!([{"handle": "apac"}])), FAILED),
    case("omneo.currencies=AUD", |b| with(b, "currency", json!("EUR")), FAILED),
    case("omneo.locations=7", |b| with(b, "joined_location_id", json!(8)), FAILED),
    case("omneo.organisations=7", |b| with(b, "organisations", json!([{"id": 8}])), FAILED),
    case(
        "omneo.times=iso",
        |b| with(b, "joined_at", json!("2023-11-07T05:31:56+10:00")),
        "\"joined_at\":\"2023-11-06T19:31:56Z\"",
    ),
    case("omneo.status_batch=absent", add_status, "404 {"),
    case("omneo.status_batch=pending", never_added, "\"status\":\"pending\""),
    case_with(VIP, "omneo.status_list=all", list_statuses, "[{\"handle\":\"vip\"}]"),
    case("omneo.status_list=absent", list_statuses, "404 {"),
    case("omneo.status_list=forbidden", list_statuses, "403 {"),
    case("omneo.search_id=absent", search_id, "404 {"),
    case("omneo.identity_search=absent", search_identity, "404 {"),
    case("omneo.availability=absent", available, "404 {"),
    case("omneo.available_when=prose", available, "\"available\":true"),
    case("omneo.page_cap=5", |b| many(b, "?page[size]=6"), "422 {"),
    case("omneo.page_default=2", |b| many(b, ""), "shown=2 "),
    case("omneo.over_cap=capped", |b| many(b, "?page[size]=101"), "200 {"),
    case("omneo.rights=read", rights, "write 403, list 200"),
    case("omneo.rights=none", rights, "write 403, list 403"),
    case_with(LONG, "omneo.rate_limit=2", often, "429 come back"),
    case_with(LIMITED, "omneo.rate_window_ms=1", slowly, "200 200"),
    case_with(LIMITED, "omneo.retry_after=none", often, "429 come back: never"),
    case_with(LIMITED, "omneo.retry_after=date", often, " gmt"),
];
