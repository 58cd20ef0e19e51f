//! The variants of SCIM, each with a try that meets it.

use super::scim::{operation, user};
use super::variants::{Case, case, case_with, last_of, say};
use super::*;

/// A bulk request of so many new users.
fn many(bench: &Bench, people: usize) -> String {
    let operations: Vec<Value> =
        (1..=people).map(|n| operation(n, &user(&format!("u{n}")))).collect();
    let answer = bench.bulk(&operations);
    let listed = bench.scim("GET /scim/v2/Users", &Value::Null);
    let ids: Vec<&str> = answer.body["Operations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["bulkId"].as_str().unwrap())
        .collect();
    format!("{} ids=[{}] users={}", say(&answer), ids.join(","), listed.body["totalResults"])
}

/// A page of the users there are, when there are five.
fn page(bench: &Bench, query: &str) -> String {
    many(bench, 5);
    let answer = bench.scim(&format!("GET /scim/v2/Users{query}"), &Value::Null);
    let shown = answer.body["Resources"].as_array().map_or(0, Vec::len);
    format!("{} shown={shown}", answer.status)
}

/// A change of a part of a user.
fn change(bench: &Bench) -> String {
    bench.bulk(&[operation(1, &user("ada"))]);
    let users = bench.scim("GET /scim/v2/Users", &Value::Null);
    let id = users.body["Resources"][0]["id"].as_str().unwrap();
    let data = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"title": "x"}}]});
    let path = format!("/Users/{id}");
    say(&bench.bulk(&[json!({"method": "PATCH", "path": path, "bulkId": "1", "data": data})]))
}

fn often(bench: &Bench) -> String {
    last_of(3, || bench.scim("GET /scim/v2/Users", &Value::Null))
}

fn slowly(bench: &Bench) -> String {
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(bench.scim("GET /scim/v2/Users", &Value::Null).status.to_string());
        std::thread::sleep(Duration::from_millis(20));
    }
    told.join(" ")
}

/// A window that no slow machine runs out of.
const LONG: &[&str] = &["scim.rate_window_ms=600000"];
const LIMITED: &[&str] = &["scim.rate_limit=2", "scim.rate_window_ms=600000"];

pub(super) const SCIM: &[Case] = &[
    case("scim.bulk=absent", |b| many(b, 1), "501 {"),
    case("scim.patch=absent", change, "\"status\":\"501\""),
    case("scim.work=deferred", |b| many(b, 1), "202 null ids=[] users=1"),
    case("scim.order=reversed", |b| many(b, 2), "ids=[2,1]"),
    case("scim.status_form=number", |b| many(b, 1), "\"status\":201"),
    case("scim.status_form=object", |b| many(b, 1), "\"status\":{\"code\":201}"),
    case("scim.strain=later", |b| many(b, 4), "\"status\":\"429\""),
    case("scim.strain=fails", |b| many(b, 4), "\"status\":\"500\""),
    case("scim.strain=silent", |b| many(b, 4), "ids=[1,2,4] users=4"),
    case("scim.most_operations=2", |b| many(b, 3), "413 {"),
    case("scim.most_bytes=20", |b| many(b, 1), "413 {"),
    case("scim.page_cap=2", |b| page(b, "?count=5"), "200 shown=2"),
    case("scim.page_default=3", |b| page(b, ""), "200 shown=3"),
    case_with(&["scim.page_cap=2"], "scim.over_cap=refused", |b| page(b, "?count=5"), "400 shown"),
    case_with(LONG, "scim.rate_limit=2", often, "429 come back"),
    case_with(LIMITED, "scim.rate_window_ms=1", slowly, "200 200 200"),
    case_with(LIMITED, "scim.retry_after=none", often, "429 come back: never"),
    case_with(LIMITED, "scim.retry_after=date", often, " gmt"),
];
