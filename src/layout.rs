//! How a record becomes JSON: a plan made once from the fields in use, followed for every person.
//!
//! A field's path says where its value goes: `profile_data.email` is a key in an object,
//! `addresses.1.city` a key in the first object of a list. Containers open when their first value
//! comes and close behind their last; what has no value leaves no trace.

use std::io::Write as _;

use crate::record::{DateForm, Field, Kind, Record, Value};

/// One value's way into the payload.
#[derive(Clone, Debug)]
struct Leaf {
    /// The slot of the record.
    slot: usize,
    /// The containers around it, outermost first.
    containers: Vec<Container>,
    /// What is written before and behind the value: its key, and constants that go with it.
    before: Vec<u8>,
    after: Vec<u8>,
    /// Keys of day, month and year where a date is written as three numbers.
    parts: Option<[&'static str; 3]>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Container {
    /// Its name on the way from the root: equal names at equal depth are one container.
    name: String,
    /// `"key":{`, `"key":[`, `{`, …
    open: Vec<u8>,
    close: u8,
}

/// The plan for one run: the order of the leaves is that of the slots.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    leaves: Vec<Leaf>,
}

/// Constants that a target writes around the value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// JSON between the field's key and its value.
    pub before: String,
    /// JSON behind its value.
    pub after: String,
}

impl Layout {
    /// Plans for the fields in use, in the order of their slots. Fields of one container must stand
    /// together. `around` gives the constants of a field.
    pub fn new<'a>(
        fields: impl Iterator<Item = &'a Field>,
        around: &dyn Fn(&Field) -> Around,
    ) -> Self {
        let leaves = fields.enumerate().map(|(slot, field)| leaf(slot, field, &around(field)));
        Self { leaves: leaves.collect() }
    }

    /// Appends the record as one JSON object.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut open: &[Container] = &[];
        for leaf in &self.leaves {
            let Some(value) = record.get(leaf.slot) else { continue };
            let shared = open.iter().zip(&leaf.containers).take_while(|(a, b)| a.name == b.name);
            let shared = shared.count();
            close(open, shared, out);
            separate(out);
            for container in leaf.containers.iter().skip(shared) {
                out.extend_from_slice(&container.open);
            }
            open = &leaf.containers;
            match (leaf.parts, value) {
                (Some([day, month, year]), Value::Date(date)) => {
                    // Writing to a Vec cannot fail.
                    let _ = write!(
                        out,
                        "\"{day}\":{},\"{month}\":{},\"{year}\":{}",
                        date.day(),
                        date.month(),
                        date.year()
                    );
                }
                (Some([day, month, year]), _) => {
                    let _ = write!(out, "\"{day}\":null,\"{month}\":null,\"{year}\":null");
                }
                (None, value) => {
                    out.extend_from_slice(&leaf.before);
                    write_value(value, out);
                    // A constant goes with a value, not with its absence.
                    if value != Value::Null || leaf.after == b"}" {
                        out.extend_from_slice(&leaf.after);
                    }
                }
            }
        }
        close(open, 0, out);
        out.push(b'}');
    }
}

fn leaf(slot: usize, field: &Field, around: &Around) -> Leaf {
    let mut containers: Vec<Container> = Vec::new();
    let mut name = String::new();
    let segments: Vec<&str> = field.path.split('.').collect();
    let is_index = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
    let mut before = Vec::new();
    for (depth, segment) in segments.iter().enumerate() {
        name.push('.');
        name.push_str(segment);
        let key = if is_index(segment) { String::new() } else { format!("\"{segment}\":") };
        match segments.get(depth + 1) {
            Some(next) => {
                let (bracket, close) = if is_index(next) { ('[', b']') } else { ('{', b'}') };
                let open = format!("{key}{bracket}").into_bytes();
                containers.push(Container { name: name.clone(), open, close });
            }
            None => before.extend_from_slice(key.as_bytes()),
        }
    }
    before.extend_from_slice(around.before.as_bytes());
    let parts = match field.kind {
        Kind::Date(DateForm::Parts(keys)) => Some(keys),
        _ => None,
    };
    Leaf { slot, containers, before, after: around.after.clone().into_bytes(), parts }
}

fn close(open: &[Container], down_to: usize, out: &mut Vec<u8>) {
    for container in open.iter().skip(down_to).rev() {
        out.push(container.close);
    }
}

/// A comma, unless the value is the first of its container.
fn separate(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

fn write_value(value: Value<'_>, out: &mut Vec<u8>) {
    // Writing to a Vec cannot fail, and these values have no form that JSON cannot hold.
    let _ = match value {
        Value::Text(text) => serde_json::to_writer(out, text).map_err(std::io::Error::from),
        Value::Integer(number) => write!(out, "{number}"),
        Value::Bool(yes) => write!(out, "{yes}"),
        Value::Date(date) => {
            let two = |number: i8| {
                let number = u8::try_from(number).unwrap_or(0);
                [b'0' + number / 10, b'0' + number % 10]
            };
            let century = i8::try_from(date.year() / 100).unwrap_or(0);
            let year = i8::try_from(date.year() % 100).unwrap_or(0);
            out.push(b'"');
            out.extend_from_slice(&two(century));
            out.extend_from_slice(&two(year));
            out.push(b'-');
            out.extend_from_slice(&two(date.month()));
            out.push(b'-');
            out.extend_from_slice(&two(date.day()));
            out.push(b'"');
            Ok(())
        }
        Value::Null => write!(out, "null"),
    };
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::record::Slot;

    fn write(fields: &[Field], values: &[(usize, Value<'_>)]) -> String {
        let layout = Layout::new(fields.iter(), &|field| {
            if field.name == "custom" {
                Around { before: "{\"name\":\"x\",\"value\":".to_owned(), after: "}".to_owned() }
            } else {
                Around::default()
            }
        });
        let mut record = Record::new(fields.len());
        for &(slot, value) in values {
            record.set(slot, Slot::Plain(value));
        }
        let mut out = Vec::new();
        layout.write(&record, &mut out);
        serde_json::from_slice::<serde_json::Value>(&out).unwrap();
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
}
