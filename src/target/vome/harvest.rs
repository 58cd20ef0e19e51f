//! The fields that an organisation defined for itself, as Vome's profiles show them.
//!
//! Source: Vome "The Profile object", custom fields array. No request for the definitions alone is
//! documented. The page's prose and its example disagree about types of values (a field type is "a
//! string" and is shown as a number), so every spelling is read; what is in no known form is passed over and
//! counted, and nothing is made up for it.

use serde_json::{Map, Value as Json};

use crate::target::harvest::{Harvest, Sighting};
use crate::target::{Choosable, Definition, Type, directory};

/// Takes the custom fields that one profile shows.
pub(super) fn harvest(profile: &Json, into: &mut Harvest) {
    into.profiles += 1;
    let entries = match profile.get("custom_fields") {
        Some(Json::Array(entries)) => entries,
        // A profile may have none.
        None | Some(Json::Null) if profile.is_object() => return,
        _ => {
            into.passed_over += 1;
            return;
        }
    };
    for entry in entries {
        let field = entry.get("custom_field").and_then(Json::as_object);
        match field {
            Some(field) => into.see(sighting(field, entry.get("custom_field_value"))),
            None => into.passed_over += 1,
        }
    }
}

fn sighting(field: &Map<String, Json>, value: Option<&Json>) -> Sighting {
    let shown = field.get("field_type").filter(|shown| !shown.is_null());
    let of = shown.and_then(type_of);
    let mut seen = Sighting {
        id: field.get("id").and_then(word),
        name: field.get("name").and_then(word),
        of,
        strange: shown.filter(|_| of.is_none()).map(as_shown),
        active: field.get("is_active").and_then(flag),
        filled: value.is_some_and(is_filled),
        ..Sighting::default()
    };
    if !of.is_some_and(Type::is_selection) {
        return seen;
    }
    match field.get("options") {
        Some(Json::Array(options)) => {
            seen.all_options = true;
            seen.options.extend(options.iter().filter_map(option));
        }
        // What somebody chose is an option, though perhaps not the only one.
        _ => seen.options.extend(chosen(value).filter_map(option)),
    }
    seen
}

/// The values of a selection that are options with an id; a text alone may be anything.
fn chosen(value: Option<&Json>) -> impl Iterator<Item = &Json> {
    let values = match value {
        Some(Json::Array(values)) => values.as_slice(),
        Some(value) => std::slice::from_ref(value),
        None => &[],
    };
    let options = values.iter().filter_map(|value| value.get("value"));
    options.filter(|option| option.get("id").is_some())
}

/// An option with the place that it says to have; nothing when it has no text.
fn option(shown: &Json) -> Option<(Option<u64>, Choosable)> {
    match shown {
        Json::Object(option) => {
            let value = word(option.get("value")?)?;
            let id = option.get("id").and_then(word);
            Some((option.get("order").and_then(whole), Choosable { id, value }))
        }
        other => Some((None, Choosable { id: None, value: word(other)? })),
    }
}

/// The type that a code from 0 to 12 or a word means.
fn type_of(shown: &Json) -> Option<Type> {
    let code = |code: u64| Type::ALL.get(usize::try_from(code).ok()?).copied();
    match shown {
        Json::Number(_) => whole(shown).and_then(code),
        Json::String(text) => match text.trim().parse() {
            Ok(number) => code(number),
            Err(_) => type_named(text),
        },
        _ => None,
    }
}

/// The type of a name in any spelling: "MULTIPLE SELECTION", "Multi-Select", "Multiple selection
/// field".
fn type_named(text: &str) -> Option<Type> {
    let letters: String =
        text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let name = ["field", "type"]
        .iter()
        .fold(letters.as_str(), |name, word| name.strip_suffix(word).unwrap_or(name));
    Some(match name {
        "general" | "text" => Type::General,
        "number" | "numeric" => Type::Number,
        "singleselection" | "singleselect" => Type::SingleSelection,
        "multipleselection" | "multipleselect" | "multiselection" | "multiselect" => {
            Type::MultipleSelection
        }
        "datetime" | "dateandtime" => Type::DateTime,
        "email" => Type::Email,
        "attachment" | "file" => Type::Attachment,
        "url" => Type::Url,
        "address" => Type::Address,
        "uniqueid" | "uniqueidentifier" => Type::UniqueId,
        "boolean" | "bool" => Type::Boolean,
        "formula" => Type::Formula,
        "date" => Type::Date,
        _ => return None,
    })
}

/// A text or a number as text, trimmed; nothing when it is empty or something else.
fn word(shown: &Json) -> Option<String> {
    directory::word(Some(shown))
}

fn whole(shown: &Json) -> Option<u64> {
    directory::count(Some(shown))
}

fn flag(shown: &Json) -> Option<bool> {
    match shown {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A type as it is shown, for a message: a word or a number, else what kind of JSON it is.
fn as_shown(shown: &Json) -> String {
    let long = word(shown).unwrap_or_else(|| "no word and no number".to_owned());
    long.chars().take(40).collect()
}

/// Whether there is a value: not null, not empty, and if it is an object or a list, something in it.
fn is_filled(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::String(text) => !text.trim().is_empty(),
        Json::Array(values) => values.iter().any(is_filled),
        Json::Object(value) => value.get("value").is_some_and(is_filled),
        Json::Bool(_) | Json::Number(_) => true,
    }
}

/// Whether a person as sent chooses an option: by its id or its text, alone, in a list, or in a joined
/// text. Source of the form: Vome "Create profiles", `custom_field_data`.
pub(super) fn sends(person: &Json, field: &Definition, option: &Choosable) -> bool {
    let entries = person.get("custom_field_data").and_then(Json::as_array);
    let named = |entry: &Json, key: &str, expected: Option<&str>| {
        expected.is_some() && entry.get(key).and_then(Json::as_str) == expected
    };
    entries.into_iter().flatten().any(|entry| {
        let ours = named(entry, "custom_field_id", field.id.as_deref())
            || named(entry, "custom_field_name", Some(&field.name));
        ours && entry.get("custom_field_user_value").is_some_and(|value| chooses(value, option))
    })
}

fn chooses(value: &Json, option: &Choosable) -> bool {
    match value {
        Json::Array(values) => values.iter().any(|value| chooses(value, option)),
        Json::String(text) => {
            let is = |part: &str| part == option.value || Some(part) == option.id.as_deref();
            // What joins several texts is a setting; a sign that no option has begins the next.
            is(text) || text.split([',', ';', '|', '\n']).any(|part| is(part.trim()))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::target::harvest::Found;

    fn gather(profiles: &[Json]) -> Harvest {
        let mut into = Harvest::default();
        for profile in profiles {
            harvest(profile, &mut into);
        }
        into
    }

    fn profile(fields: impl Into<Json>) -> Json {
        json!({"id": "p", "custom_fields": fields.into()})
    }

    /// A profile with one field, which has a value.
    fn one(field: impl Into<Json>) -> Json {
        let value = json!({"id": "v", "value": "x"});
        profile(json!([
            {"id": "link", "custom_field": field.into(), "custom_field_value": value}
        ]))
    }

    fn option(id: &str, value: &str) -> Choosable {
        Choosable { id: Some(id.to_owned()), value: value.to_owned() }
    }

    #[test]
    fn the_example_of_the_document_is_read() {
        // "The Profile object" without what is no JSON in it: comments, commas.
        let page = profile(json!([
            {
                "id": "4ecc41e2-bb20-458c-986c-472da2208f0b",
                "custom_field": {
                    "id": "b9e2d0f6-11df-434e-a5db-66bf770b3373",
                    "name": "Custom Title - Boolean Field A",
                    "field_type": 10,
                    "is_active": true
                },
                "created_at": "2024-09-19T17:35:35.210435Z",
                "custom_field_value": {"id": "50ffc051-4db3-444c-a477-1bfd5052b157", "value": true}
            },
            {
                "id": "4c7aee40-ae20-4021-a18f-ca8e6e915f0a",
                "custom_field": {
                    "id": "b46da1d3-40bd-4e67-b560-abe937ae3064",
                    "name": "Multi-Select (Colors)",
                    "field_type": 3,
                    "is_active": true,
                    "options": [
                        {"id": "41788791-32a0-455b-83a4-1c33262b324a", "value": "Blue", "order": 1},
                        {"id": "aa6f4182-3236-4225-8597-46eed1775d10", "value": "Green", "order": 2},
                        {"id": "ed50ba9a-05cf-418b-b990-d19e5d7907ed", "value": "Yellow", "order": 3}
                    ]
                },
                "custom_field_value": [
                    {"id": "73dea3c5-0f53-4c70-8925-106cb8493a21", "value":
                        {"id": "41788791-32a0-455b-83a4-1c33262b324a", "value": "Blue", "order": 1}},
                    {"id": "535ae6f4-99e4-4e56-b991-0017273a15ba", "value":
                        {"id": "aa6f4182-3236-4225-8597-46eed1775d10", "value": "Green", "order": 2}}
                ]
            }
        ]));
        let harvest = gather(&[page]);
        let found = |id: &str, name: &str, of, options: Vec<Choosable>| Found {
            all_options: !options.is_empty(),
            definition: Definition { id: Some(id.to_owned()), name: name.to_owned(), of, options },
            strange: None,
            active: true,
            profiles: 1,
        };
        assert_eq!(
            harvest.fields(),
            [
                found(
                    "b9e2d0f6-11df-434e-a5db-66bf770b3373",
                    "Custom Title - Boolean Field A",
                    Type::Boolean,
                    Vec::new()
                ),
                found(
                    "b46da1d3-40bd-4e67-b560-abe937ae3064",
                    "Multi-Select (Colors)",
                    Type::MultipleSelection,
                    vec![
                        option("41788791-32a0-455b-83a4-1c33262b324a", "Blue"),
                        option("aa6f4182-3236-4225-8597-46eed1775d10", "Green"),
                        option("ed50ba9a-05cf-418b-b990-d19e5d7907ed", "Yellow"),
                    ]
                ),
            ]
        );
        assert_eq!((harvest.profiles, harvest.passed_over), (1, 0));
    }

    #[test]
    fn a_type_is_known_in_every_spelling() {
        for (shown, expected) in [
            (json!(0), Some(Type::General)),
            (json!("0"), Some(Type::General)),
            (json!(" 12 "), Some(Type::Date)),
            (json!(12), Some(Type::Date)),
            (json!("GENERAL"), Some(Type::General)),
            (json!("Number"), Some(Type::Number)),
            (json!("SINGLE SELECTION"), Some(Type::SingleSelection)),
            (json!("single_select"), Some(Type::SingleSelection)),
            (json!("Multiple selection field"), Some(Type::MultipleSelection)),
            (json!("Multi-Select"), Some(Type::MultipleSelection)),
            (json!("DATE & TIME"), Some(Type::DateTime)),
            (json!("Date and time"), Some(Type::DateTime)),
            (json!("E-mail"), Some(Type::Email)),
            (json!("ATTACHMENT"), Some(Type::Attachment)),
            (json!("url"), Some(Type::Url)),
            (json!("Address"), Some(Type::Address)),
            (json!("UNIQUE_ID"), Some(Type::UniqueId)),
            (json!("Boolean field"), Some(Type::Boolean)),
            (json!("formula"), Some(Type::Formula)),
            (json!("DATE"), Some(Type::Date)),
            (json!(13), None),
            (json!(-1), None),
            (json!(2.5), None),
            (json!("13"), None),
            (json!("colour"), None),
            (json!(""), None),
            (json!(true), None),
            (json!([2]), None),
        ] {
            assert_eq!(type_of(&shown), expected, "{shown}");
        }
    }

    #[test]
    fn stray_shapes_are_read_as_far_as_they_go_and_the_rest_is_counted() {
        let selection = |options: Json| {
            one(json!({"id": "f", "name": "F", "field_type": 2, "options": options}))
        };
        for (profiles, names, passed_over, why) in [
            (vec![json!({"id": "p"})], vec![], 0, "no custom fields at all"),
            (vec![json!({"custom_fields": null})], vec![], 0, "none"),
            (vec![json!({"custom_fields": {}})], vec![], 1, "no list"),
            (vec![json!(null), json!(3), json!("x"), json!([])], vec![], 4, "no profiles"),
            (vec![profile(json!([null, 1, "x", [], {}]))], vec![], 5, "no entries"),
            (vec![profile(json!([{"custom_field": "id"}]))], vec![], 1, "no definition"),
            (vec![one(json!({"field_type": 1}))], vec![], 1, "neither id nor name"),
            (vec![one(json!({"id": "f", "field_type": 1}))], vec![], 0, "an id without a name"),
            (vec![one(json!({"name": "F"})), one(json!({"name": "F"}))], vec!["F"], 0, "no id"),
            (vec![one(json!({"id": 7, "name": 8}))], vec!["8"], 0, "numbers"),
            (vec![one(json!({"id": "f", "name": " F "}))], vec!["F"], 0, "white space"),
            (vec![selection(json!(null))], vec!["F"], 0, "options are null"),
            (vec![selection(json!("S"))], vec!["F"], 0, "options are a text"),
        ] {
            let harvest = gather(&profiles);
            let found: Vec<String> =
                harvest.fields().into_iter().map(|found| found.definition.name).collect();
            assert_eq!(
                (found, harvest.passed_over),
                (names.into_iter().map(str::to_owned).collect(), passed_over),
                "{why}"
            );
            assert_eq!(harvest.profiles, profiles.len() as u64, "{why}");
        }
    }

    #[test]
    fn the_options_are_those_of_all_profiles_in_their_order() {
        let with = |options: Json| {
            one(json!({"id": "f", "name": "F", "field_type": "2", "options": options}))
        };
        let harvest = gather(&[
            with(json!([{"id": "m", "value": "M", "order": "2"}, {"value": "", "id": "e"}, null])),
            with(
                json!([{"id": "l", "value": "L", "order": 3}, {"id": "s", "value": "S", "order": 1}, "XL"]),
            ),
            with(json!([{"id": "m", "value": "Medium", "order": 2}])),
        ]);
        let [found] = harvest.fields().try_into().unwrap();
        let xl = Choosable { id: None, value: "XL".to_owned() };
        let expected = [option("s", "S"), option("m", "Medium"), option("l", "L"), xl];
        assert_eq!(found.definition.options, expected);
        assert!(found.all_options);
        assert_eq!(found.profiles, 3);
    }

    #[test]
    fn what_was_chosen_is_an_option_where_the_options_are_not_shown() {
        let with = |kind: Json, value: Json| {
            profile(
                json!([{"custom_field": {"id": "f", "name": "F", "field_type": kind}, "custom_field_value": value}]),
            )
        };
        let chosen = json!([{"value": {"id": "s", "value": "S"}}, {"value": "a word of somebody"}]);
        let [found] = gather(&[with(json!(3), chosen.clone())]).fields().try_into().unwrap();
        assert_eq!(found.definition.options, [option("s", "S")]);
        assert!(!found.all_options, "nobody says that these are all");
        for (kind, value) in [(json!(0), chosen), (json!(3), json!({"value": "words"}))] {
            let [found] = gather(&[with(kind, value)]).fields().try_into().unwrap();
            assert_eq!(found.definition.options, [], "a value of a person is no option");
        }
    }

    #[test]
    fn only_profiles_with_a_value_count() {
        let with = |value: Json| {
            profile(
                json!([{"custom_field": {"id": "f", "name": "F"}, "custom_field_value": value}]),
            )
        };
        for (value, expected) in [
            (json!(null), 0),
            (json!([]), 0),
            (json!({"id": "v", "value": null}), 0),
            (json!({"id": "v", "value": " "}), 0),
            (json!({"id": "v", "value": false}), 1),
            (json!({"id": "v", "value": 0}), 1),
            (json!([{"value": {"id": "o", "value": "S"}}]), 1),
            (json!("x"), 1),
        ] {
            let [found] = gather(&[with(value.clone())]).fields().try_into().unwrap();
            assert_eq!(found.profiles, expected, "{value}");
        }
    }

    #[test]
    fn a_type_that_nobody_knows_is_named_and_not_guessed() {
        let strange = |kind: Json| {
            let [found] = gather(&[one(json!({"id": "f", "name": "F", "field_type": kind}))])
                .fields()
                .try_into()
                .unwrap();
            found.strange
        };
        assert_eq!(strange(json!(13)).as_deref(), Some("13"));
        assert_eq!(strange(json!("Signature")).as_deref(), Some("Signature"));
        assert_eq!(strange(json!(null)).as_deref(), Some(""));
        assert_eq!(strange(json!({})).as_deref(), Some("no word and no number"));
        let later = [json!(13), json!(2)]
            .map(|kind| one(json!({"id": "f", "name": "F", "field_type": kind})));
        let [found] = gather(&later).fields().try_into().unwrap();
        assert_eq!((found.strange, found.definition.of), (None, Type::SingleSelection));
    }

    #[test]
    fn an_option_is_found_in_what_is_sent_however_it_is_written() {
        let field = Definition {
            id: Some("f".to_owned()),
            name: "Size".to_owned(),
            of: Type::MultipleSelection,
            options: Vec::new(),
        };
        let person = |entry: Json| json!({"profile_data": {}, "custom_field_data": [{"custom_field_name": "Other", "custom_field_user_value": "M"}, entry]});
        for (entry, expected) in [
            (json!({"custom_field_name": "Size", "custom_field_user_value": "M"}), true),
            (json!({"custom_field_id": "f", "custom_field_user_value": ["S", "M"]}), true),
            (json!({"custom_field_id": "f", "custom_field_user_value": ["id-m"]}), true),
            (json!({"custom_field_id": "f", "custom_field_user_value": "S, M"}), true),
            (json!({"custom_field_id": "f", "custom_field_user_value": ["S", "XM"]}), false),
            (json!({"custom_field_id": "g", "custom_field_user_value": ["M"]}), false),
            (json!({"custom_field_id": "f"}), false),
        ] {
            assert_eq!(
                sends(&person(entry.clone()), &field, &option("id-m", "M")),
                expected,
                "{entry}"
            );
        }
        assert!(!sends(&json!([]), &field, &option("id-m", "M")));
    }

    /// JSON in which the keys of the documents are likely.
    fn any_json() -> impl Strategy<Value = Json> {
        let key = prop::sample::select(vec![
            "custom_fields",
            "custom_field",
            "custom_field_value",
            "id",
            "name",
            "field_type",
            "is_active",
            "options",
            "value",
            "order",
        ]);
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            (0_i64..15).prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            "[a-c2-3 ]{0,3}".prop_map(Json::from),
        ];
        leaf.prop_recursive(6, 64, 6, move |inner| {
            let entries = prop::collection::vec((key.clone(), inner.clone()), 0..6);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Json::from),
                entries.prop_map(|entries| {
                    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
                }),
            ]
        })
    }

    /// Every text and number in a JSON value, as a word.
    fn words(json: &Json, into: &mut Vec<String>) {
        into.extend(word(json));
        match json {
            Json::Array(values) => values.iter().for_each(|value| words(value, into)),
            Json::Object(map) => map.values().for_each(|value| words(value, into)),
            _ => {}
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_json_is_survived_and_nothing_is_made_up(
            entries in prop::collection::vec(any_json(), 0..5),
            fields in prop::collection::vec(any_json(), 0..5),
            stray in any_json(),
        ) {
            let nested: Vec<Json> = fields.into_iter().zip(entries.iter().cloned().chain([Json::Null]))
                .map(|(field, value)| json!({"custom_field": field, "custom_field_value": value})).collect();
            let profiles = [profile(Json::from(entries)), profile(Json::from(nested)), stray];
            let harvest = gather(&profiles);
            let mut there = Vec::new();
            for profile in &profiles {
                words(profile, &mut there);
            }
            for Found { definition, profiles, .. } in harvest.fields() {
                prop_assert!(!definition.name.is_empty() && there.contains(&definition.name));
                prop_assert!(definition.id.iter().all(|id| there.contains(id)));
                prop_assert!(definition.options.is_empty() || definition.of.is_selection());
                prop_assert!(definition.options.iter().all(|option| there.contains(&option.value)));
                prop_assert!(profiles <= 10);
            }
            prop_assert_eq!(harvest.profiles, 3);
        }
    }
}
