//! Tests of [`Layout`] as a whole: paths, containers, constants and the forms of values.

use jiff::civil::date;

use super::*;
use crate::record::Slot;

fn write(fields: &[Field], values: &[(usize, Value<'_>)]) -> String {
    let layout = Layout::new(fields.iter(), &|field| {
        if field.name == "custom" {
            let before = "{\"name\":\"x\",\"value\":".to_owned();
            Around { before, after: "}".to_owned(), ..Around::default() }
        } else {
            Around::default()
        }
    });
    let text = written(&layout, fields.len(), values);
    serde_json::from_str::<serde_json::Value>(&text).unwrap();
    text
}

/// What a layout makes of a record with so many slots, some of which have values.
fn written(layout: &Layout, slots: usize, values: &[(usize, Value<'_>)]) -> String {
    let mut record = Record::new(slots);
    for &(slot, value) in values {
        record.set(slot, Slot::Plain(value));
    }
    let mut out = Vec::new();
    layout.write(&record, &mut out);
    String::from_utf8(out).unwrap()
}

#[test]
fn paths_nest_and_absent_values_leave_no_trace() {
    let parts = DateForm::Parts(["d", "m", "y"]);
    let fields = [
        Field::new("id", Kind::Text, "id"),
        Field::new("name", Kind::Text, "a.name"),
        Field::new("age", Kind::Integer, "a.b.age"),
        Field::new("city1", Kind::Text, "places.1.city"),
        Field::new("zip1", Kind::Text, "places.1.zip"),
        Field::new("city2", Kind::Text, "places.2.city"),
        Field::new("custom", Kind::Text, "custom_field_data.1"),
        Field::new("born", Kind::Date(parts), "born"),
        Field::new("on", Kind::Date(DateForm::Iso), "on"),
    ];
    let text = Value::Text;
    for (values, expected) in [
        (vec![], "{}"),
        (vec![(0, text("é\"\n"))], r#"{"id":"é\"\n"}"#),
        (vec![(1, text("n")), (2, Value::Integer(-3))], r#"{"a":{"name":"n","b":{"age":-3}}}"#),
        (
            vec![(2, Value::Null), (8, Value::Date(date(90, 1, 2)))],
            r#"{"a":{"b":{"age":null}},"on":"0090-01-02"}"#,
        ),
        (
            vec![(3, text("c")), (4, text("z")), (5, text("d"))],
            r#"{"places":[{"city":"c","zip":"z"},{"city":"d"}]}"#,
        ),
        (
            vec![(5, text("d")), (6, text("v"))],
            r#"{"places":[{"city":"d"}],"custom_field_data":[{"name":"x","value":"v"}]}"#,
        ),
        (
            vec![(0, Value::Bool(true)), (7, Value::Date(date(1990, 5, 31)))],
            r#"{"id":true,"d":31,"m":5,"y":1990}"#,
        ),
        (vec![(7, Value::Null)], r#"{"d":null,"m":null,"y":null}"#),
    ] {
        assert_eq!(write(&fields, &values), expected);
    }
}

#[test]
fn what_belongs_together_is_written_together_whatever_the_order_of_the_fields() {
    let fields = [
        Field::new("zip2", Kind::Text, "places.2.zip"),
        Field::new("id", Kind::Text, "ids.@a.value"),
        Field::new("city1", Kind::Text, "places.1.city"),
        Field::new("name", Kind::Text, "name"),
        Field::new("on", Kind::Text, "ids.@a.on"),
    ];
    let layout = Layout::new(fields.iter(), &|field| Around {
        opening: if field.path.starts_with("ids") { "\"of\":\"pos\"," } else { "" }.to_owned(),
        ..Around::default()
    });
    let write = |slots: &[usize]| {
        let values: Vec<_> = slots.iter().map(|&slot| (slot, Value::Text("x"))).collect();
        written(&layout, fields.len(), &values)
    };
    assert_eq!(
        write(&[0, 1, 2, 3, 4]),
        r#"{"places":[{"city":"x"},{"zip":"x"}],"ids":[{"of":"pos","value":"x","on":"x"}],"name":"x"}"#
    );
    assert_eq!(write(&[4]), r#"{"ids":[{"of":"pos","on":"x"}]}"#);
    assert_eq!(write(&[]), "{}");
}

#[test]
fn what_is_sent_apart_stands_in_an_object_of_its_own() {
    let fields = [
        Field::new("words", Kind::Words, "words"),
        Field::new("name", Kind::Text, "name"),
        Field::new("more", Kind::Text, "a.more"),
    ];
    let layout = Layout::new(fields.iter(), &|field| Around {
        aside: field.name != "name",
        ..Around::default()
    });
    let words: Vec<Box<str>> = vec!["v\u{1e}p".into()];
    for (values, expected) in [
        (vec![], "{}"),
        (vec![(1, Value::Text("n"))], r#"{"name":"n"}"#),
        (
            vec![(0, Value::List(&words)), (1, Value::Text("n"))],
            "{\"name\":\"n\"}\u{1e}{\"words\":[\"v\\u001ep\"]}\u{1e}",
        ),
        (
            vec![(0, Value::List(&[])), (2, Value::Text("m"))],
            "{}\u{1e}{\"words\":[],\"a\":{\"more\":\"m\"}}\u{1e}",
        ),
    ] {
        assert_eq!(written(&layout, fields.len(), &values), expected);
    }
}

#[test]
fn a_list_without_a_value_is_cleared_as_a_whole_and_constants_give_way_to_values() {
    let fields = [
        Field::new("note", Kind::Text, "a.note"),
        Field::new("flag", Kind::Bool, "a.flag"),
        Field::new("north", Kind::Decimal, "a.place.1"),
        Field::new("east", Kind::Decimal, "a.place.2"),
        Field::new("last", Kind::Text, "b"),
    ];
    let layout = Layout::new(fields.iter(), &|field| Around {
        after: if field.name == "note" { ",\"flag\":true" } else { "" }.to_owned(),
        unless: Some("flag"),
        ..Around::default()
    });
    let (x, no) = (Value::Text("x"), Value::Bool(false));
    for (values, expected) in [
        (vec![(0, x)], r#"{"a":{"note":"x","flag":true}}"#),
        (vec![(0, x), (1, no)], r#"{"a":{"note":"x","flag":false}}"#),
        (vec![(0, x), (1, Value::Null)], r#"{"a":{"note":"x","flag":true}}"#),
        (vec![(0, Value::Null), (1, Value::Null)], r#"{"a":{"note":null,"flag":null}}"#),
        (vec![(0, x), (1, Value::Null), (4, x)], r#"{"a":{"note":"x","flag":true},"b":"x"}"#),
        (vec![(0, Value::Null)], r#"{"a":{"note":null}}"#),
        (vec![(2, Value::Null), (3, Value::Null)], r#"{"a":{"place":null}}"#),
        (vec![(3, Value::Null), (4, x)], r#"{"a":{"place":null},"b":"x"}"#),
        (
            vec![(0, x), (2, Value::Null), (3, Value::Null), (4, x)],
            r#"{"a":{"note":"x","flag":true,"place":null},"b":"x"}"#,
        ),
        (vec![(2, x), (3, Value::Null)], r#"{"a":{"place":["x",null]}}"#),
    ] {
        assert_eq!(written(&layout, fields.len(), &values), expected);
    }
    let layout = layout.of_new_people();
    for (values, expected) in [
        (vec![(0, Value::Null), (4, x)], r#"{"b":"x"}"#),
        (vec![(0, x), (1, Value::Null)], r#"{"a":{"note":"x","flag":true}}"#),
        (vec![(2, Value::Null), (3, Value::Null)], "{}"),
    ] {
        assert_eq!(written(&layout, fields.len(), &values), expected);
    }
}

#[test]
fn containers_begin_as_they_are_told_and_keys_hold_dots() {
    let fields = [
        Field::new("user", Kind::Text, "data.user"),
        Field::new("unit", Kind::Text, "data.urn:x:2\\.0:User.unit"),
    ];
    let layout = Layout::new(fields.iter(), &|_| Around {
        containers: vec![("data".to_owned(), "\"schemas\":[1],".to_owned())],
        ..Around::default()
    });
    let write = |slots: &[usize]| {
        let values: Vec<_> = slots.iter().map(|&slot| (slot, Value::Text("x"))).collect();
        written(&layout, fields.len(), &values)
    };
    assert_eq!(
        write(&[0, 1]),
        r#"{"data":{"schemas":[1],"user":"x","urn:x:2.0:User":{"unit":"x"}}}"#
    );
    assert_eq!(write(&[1]), r#"{"data":{"schemas":[1],"urn:x:2.0:User":{"unit":"x"}}}"#);
}

#[test]
fn values_are_written_as_the_target_wants_them() {
    let texts: Vec<Box<str>> = ["a\"", "b"].map(Into::into).to_vec();
    let numbers: Vec<Box<str>> = ["42.1", "-71"].map(Into::into).to_vec();
    let format = |format: &str| Written::Format(format.to_owned());
    for (value, written, expected) in [
        (Value::Integer(3), Written::Native, "3"),
        (Value::Integer(3), Written::Text, "\"3\""),
        (Value::Bool(true), Written::Text, "\"true\""),
        (Value::Json("1.5"), Written::Native, "1.5"),
        (Value::Json("1.5"), Written::Text, "\"1.5\""),
        (Value::List(&texts), Written::Native, r#"["a\"","b"]"#),
        (Value::List(&texts), Written::Joined("; ".to_owned()), r#""a\"; b""#),
        (Value::List(&numbers), Written::Native, r#"["42.1","-71"]"#),
        (Value::List(&numbers), Written::Numbers, "[42.1,-71]"),
        (Value::List(&[]), Written::Native, "[]"),
        (Value::Date(date(1990, 5, 31)), Written::Text, "\"1990-05-31\""),
        (Value::Date(date(1990, 5, 31)), format("%d/%m/%Y"), "\"31/05/1990\""),
        (Value::Text("2024-09-19T17:35:35Z"), format("%Y-%m-%d %H:%M"), "\"2024-09-19 17:35\""),
        (
            Value::Text("NZ"),
            Written::Named(&[("AU", "Australia"), ("NZ", "New Zealand")]),
            "\"New Zealand\"",
        ),
        (Value::Text("XX"), Written::Named(&[("AU", "Australia")]), "\"XX\""),
        (Value::Text("+61491570006"), Written::Behind("tel:".to_owned()), "\"tel:+61491570006\""),
        (Value::Text("a b/é"), Written::InPath("/U/".to_owned()), "\"/U/a%20b%2F%C3%A9\""),
        (Value::Null, Written::Text, "null"),
        (Value::Null, Written::Joined(",".to_owned()), "null"),
    ] {
        let mut out = Vec::new();
        value::write(value, &written, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{value:?} {written:?}");
    }
}

#[test]
fn addresses_hold_nothing_that_means_something_in_them() {
    assert_eq!(escape("a+b&c=d e/é@x.org"), "a%2Bb%26c%3Dd%20e%2F%C3%A9%40x.org");
    assert_eq!(escape("A-z_0.9~"), "A-z_0.9~");
}

proptest::proptest! {
    #[test]
    fn what_stands_before_a_value_does_not_depend_on_which_leaf_was_written_last(
        values in proptest::collection::vec(0..5_u8, 9),
    ) {
        let paths = [
            "id", "a.name", "a.b.age", "a.place.1", "a.place.2", "places.1.city", "places.1.zip",
            "places.2.city", "last",
        ];
        let field = |path: &'static str| Field::new(path, Kind::Text, path);
        let own = paths.map(field);
        // The same with a leaf behind each that never has a value, so that none follows another.
        let parted: Vec<Field> = paths
            .into_iter()
            .flat_map(|path| {
                let (container, last) = path.rsplit_once('.').unwrap_or(("", path));
                let entry = if is_entry(last) { "@" } else { "" };
                let blank = format!("{container}.{entry}blank{last}");
                let blank = blank.trim_start_matches('.').to_owned();
                [field(path), Field { path: blank.into(), ..Field::new("blank", Kind::Text, "") }]
            })
            .collect();
        let write = |fields: &[Field], step: usize| {
            let layout = Layout::new(fields.iter(), &|_| Around::default());
            let mut record = Record::new(fields.len());
            for (place, value) in values.iter().enumerate() {
                let value = match value {
                    0 => continue,
                    1 => Value::Null,
                    2 => Value::Text("x"),
                    3 => Value::Integer(-7),
                    _ => Value::Bool(true),
                };
                record.set(place * step, Slot::Plain(value));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            serde_json::from_slice::<serde_json::Value>(&out).unwrap();
            String::from_utf8(out).unwrap()
        };
        proptest::prop_assert_eq!(write(&own, 1), write(&parted, 2));
    }
}
