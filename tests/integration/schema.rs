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

fn check(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let rules = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in rules {
        let mut demand = |good: bool, what: &str| {
            if !good {
                faults.push(format!("{at}: {what}: {value}"));
            }
        };
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let pointer = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = root.pointer(pointer).expect("a $ref leads somewhere");
                check(root, target, value, at, faults);
            }
            "oneOf" => {
                let fits = |one: &&Value| {
                    let mut faults = Vec::new();
                    check(root, one, value, at, &mut faults);
                    faults.is_empty()
                };
                let fitting = rule.as_array().unwrap().iter().filter(fits).count();
                demand(fitting == 1, &format!("is like {fitting} of the choices, not one"));
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
                let least = rule.as_i64().unwrap();
                demand(value.as_i64().is_none_or(|number| number >= least), "is too small");
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
                assert_eq!(rule, &Value::Bool(false), "only false is known here");
                let known = rules["properties"].as_object().unwrap();
                for name in value.as_object().into_iter().flatten().map(|(name, _)| name) {
                    demand(known.contains_key(name), &format!("`{name}` is not known"));
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
        "null" => value.is_null(),
        other => panic!("the type {other:?} is not known to this validator"),
    }
}

/// Every object of a schema says what it takes and refuses the rest.
#[test]
fn the_schemas_are_strict() {
    for name in ["report.v1", "rows.v1", "inspect.v1", "targets.v1", "progress.v1"] {
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
