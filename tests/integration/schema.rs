//! JSON held against the published schemas. Exactly the keywords that these use are known; any
//! other fails the test, so that no rule is passed over in silence.

use serde_json::Value;

use crate::common::repository;

/// Fails unless `value` is as `schemas/{name}.schema.json` says.
pub(crate) fn validate(name: &str, value: &Value) {
    let schema = load(name);
    let mut faults = Vec::new();
    check(&schema, &schema, value, "$", &mut faults);
    assert!(faults.is_empty(), "not a {name}:\n{}", faults.join("\n"));
}

pub(crate) fn load(name: &str) -> Value {
    let path = repository("schemas").join(format!("{name}.schema.json"));
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// Fails unless a log is as the schema of SARIF 2.1.0 says, which is that of its makers.
pub(crate) fn validate_sarif(log: &Value) {
    let path = repository("fixtures/schemas/sarif-2.1.0.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut faults = Vec::new();
    check(&schema, &schema, log, "$", &mut faults);
    assert!(faults.is_empty(), "no SARIF:\n{}", faults.join("\n"));
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let rules = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in rules {
        let mut demand = |good: bool, what: &str| {
            if !good {
                faults.push(format!("{at}: {what}: {value}"));
            }
        };
        match keyword.as_str() {
            "$schema" | "$id" | "$defs" | "definitions" | "title" | "description" | "default" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = root.pointer(pointer).expect("a $ref leads somewhere");
                check(root, target, value, at, faults);
            }
            "oneOf" | "anyOf" => {
                let fits = |one: &&Value| {
                    let mut faults = Vec::new();
                    check(root, one, value, at, &mut faults);
                    faults.is_empty()
                };
                let fitting = rule.as_array().unwrap().iter().filter(fits).count();
                let enough = fitting == 1 || (keyword == "anyOf" && fitting > 1);
                demand(enough, &format!("is like {fitting} of the choices, not one"));
            }
            "type" => {
                let allowed = match rule {
                    Value::Array(types) => types.iter().any(|one| is_of(value, one)),
                    one => is_of(value, one),
                };
                demand(allowed, &format!("is not of type {rule}"));
            }
            "const" => demand(value == rule, &format!("is not {rule}")),
            "enum" => demand(rule.as_array().unwrap().contains(value), "is none of the choices"),
            "minimum" => {
                let least = rule.as_f64().unwrap();
                demand(value.as_f64().is_none_or(|number| number >= least), "is too small");
            }
            "maximum" => {
                let most = rule.as_f64().unwrap();
                demand(value.as_f64().is_none_or(|number| number <= most), "is too large");
            }
            "uniqueItems" => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let twice = |(at, one): (usize, &Value)| list[..at].contains(one);
                let unique = rule == &Value::Bool(false) || !list.iter().enumerate().any(twice);
                demand(unique, "has an entry twice");
            }
            "format" => {
                let of_uri =
                    |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
                let good = match rule.as_str().unwrap() {
                    "uri" => |text: &str| text.contains(':'),
                    "uri-reference" => |_: &str| true,
                    other => panic!("the format {other:?} is not known to this validator"),
                };
                let fits = |text: &str| good(text) && text.chars().all(of_uri);
                demand(value.as_str().is_none_or(fits), "is no reference");
            }
            "minLength" => {
                let least = rule.as_u64().unwrap();
                demand(
                    value.as_str().is_none_or(|s| s.chars().count() as u64 >= least),
                    "is too short",
                );
            }
            "minItems" => {
                let least = rule.as_u64().unwrap();
                demand(
                    value.as_array().is_none_or(|list| list.len() as u64 >= least),
                    "is too short",
                );
            }
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                for name in names {
                    let there = value.as_object().is_none_or(|object| object.contains_key(name));
                    demand(there, &format!("lacks `{name}`"));
                }
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                let is_known = |name: &str| known.is_some_and(|known| known.contains_key(name));
                for (name, inner) in value.as_object().into_iter().flatten() {
                    match rule {
                        _ if is_known(name) => {}
                        Value::Bool(true) => {}
                        Value::Bool(false) => {
                            faults.push(format!("{at}: `{name}` is not known: {value}"));
                        }
                        rule => check(root, rule, inner, &format!("{at}.{name}"), faults),
                    }
                }
            }
            "properties" => {
                for (name, inner) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(name) {
                        check(root, inner, value, &format!("{at}.{name}"), faults);
                    }
                }
            }
            "items" => {
                for (index, entry) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, entry, &format!("{at}[{index}]"), faults);
                }
            }
            other => panic!("the keyword {other:?} is not known to this validator"),
        }
    }
}

fn is_of(value: &Value, kind: &Value) -> bool {
    match kind.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the type {other:?} is not known to this validator"),
    }
}

/// Every object of a schema says what it takes and refuses the rest.
#[test]
fn the_schemas_are_strict() {
    for name in
        ["report.v1", "report-line.v1", "rows.v1", "inspect.v1", "targets.v1", "progress.v1"]
    {
        let schema = load(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        strict(&schema, name);
    }
}

fn strict(schema: &Value, at: &str) {
    match schema {
        Value::Object(rules) => {
            if rules.get("properties").is_some_and(Value::is_object) && rules.contains_key("type") {
                assert_eq!(rules.get("additionalProperties"), Some(&Value::Bool(false)), "{at}");
            }
            for (name, inner) in rules {
                strict(inner, &format!("{at}.{name}"));
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| strict(inner, at)),
        _ => {}
    }
}

/// The validator itself can say no.
#[test]
fn what_breaks_a_schema_is_found() {
    let good =
        serde_json::json!({"version": 1, "rows": [{"row": 1, "cells": ["a"]}], "findings": []});
    validate("rows.v1", &good);
    let schema = load("rows.v1");
    for (pointer, bad) in [
        ("/version", serde_json::json!(2)),
        ("/rows", serde_json::json!({})),
        ("/rows/0", serde_json::json!({"row": 1})),
        ("/rows/0", serde_json::json!({"row": 0, "cells": []})),
        ("/rows/0", serde_json::json!({"row": 1, "cells": [], "more": 1})),
        ("/rows/0/cells", serde_json::json!([1])),
        ("/findings", serde_json::json!(null)),
    ] {
        let mut value = good.clone();
        *value.pointer_mut(pointer).unwrap() = bad;
        let mut faults = Vec::new();
        check(&schema, &schema, &value, "$", &mut faults);
        assert!(!faults.is_empty(), "{pointer} was not found: {value}");
    }
    let good = serde_json::json!({"version": 1, "event": "note", "text": "", "elapsed_ms": 1});
    validate("progress.v1", &good);
    let schema = load("progress.v1");
    for (key, bad) in [("event", "ended"), ("event", "else"), ("text", "1"), ("more", "x")] {
        let mut value = good.clone();
        value[key] = if key == "text" { 1.into() } else { bad.into() };
        let mut faults = Vec::new();
        check(&schema, &schema, &value, "$", &mut faults);
        assert!(!faults.is_empty(), "{key} {bad} was not found");
    }
}
