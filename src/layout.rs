//! How a record becomes JSON: a plan made once from the fields in use, followed for every person.
//!
//! A field's path says where its value goes: `profile_data.email` is a key in an object,
//! `addresses.1.city` a key in the first object of a list, `identities.@pos.identifier` one in the object
//! of a list that is called so among us only; a dot that belongs to a key is written `\.`. Containers open
//! when their first value comes and close behind their last; what has no value leaves no trace.

use std::collections::BTreeMap;
use std::io::Write as _;

use crate::record::{DateForm, Field, Kind, Record, Value, is_entry};

/// Stands behind a person's object where another one follows it, and behind that one: what is sent apart
/// from the person ([`Around::aside`]). No JSON has this byte as it is (RFC 8259 section 7; RFC 7464 puts
/// it between texts).
pub const ASIDE: u8 = 0x1e;

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
    /// The slot whose own value makes `after` needless.
    unless: Option<usize>,
    /// Whether it is an entry of a list of plain values, and not a part of one.
    in_list: bool,
    /// Keys of day, month and year where a date is written as three numbers.
    parts: Option<[&'static str; 3]>,
    written: Written,
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
    /// Leaves of what is sent apart from the person.
    aside: Vec<Leaf>,
    /// Whether a value that clears its field is left out.
    leaves_out_nulls: bool,
}

/// Constants that a target writes around the value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// JSON between the field's key and its value.
    pub before: String,
    /// JSON behind its value.
    pub after: String,
    /// The field with whose value, where it has one, `after` is left out.
    pub unless: Option<&'static str>,
    /// JSON at the beginning of the object that holds the value, with the comma behind it.
    pub opening: String,
    /// The same for other containers around it: their paths and what they begin with.
    pub containers: Vec<(String, String)>,
    /// How the value itself is written.
    pub written: Written,
    /// Whether it is sent apart from the person, in an object of its own behind it.
    pub aside: bool,
}

/// How a value is written, where its kind leaves a choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Written {
    /// As JSON has it: numbers, booleans and lists as such.
    #[default]
    Native,
    /// Numbers and booleans as text.
    Text,
    /// A list as one text, with this between its entries.
    Joined(String),
    /// The entries of a list, which are numbers, without quotes.
    Numbers,
    /// A day or moment by a format of `strftime`.
    Format(String),
    /// A code by its name: pairs of both, in the order of the codes.
    Named(&'static [(&'static str, &'static str)]),
    /// Text with this in front of it.
    Behind(String),
    /// Text as the last part of a path behind this: what has a meaning in a path is percent-encoded
    /// (RFC 3986 section 2.1).
    InPath(String),
}

impl Layout {
    /// Plans for the fields in use, in the order of their slots, but for those of one container, which
    /// are written together, lists by their numbers. `around` gives the constants of a field.
    pub fn new<'a>(
        fields: impl Iterator<Item = &'a Field>,
        around: &dyn Fn(&Field) -> Around,
    ) -> Self {
        let fields: Vec<&Field> = fields.collect();
        let places = places(&fields);
        let (mut own, mut apart) = (Vec::new(), Vec::new());
        let leaves =
            places.into_iter().zip(fields.iter().enumerate()).map(|(place, (slot, field))| {
                let around = around(field);
                let (other, aside) = (around.unless, around.aside);
                let unless = fields.iter().position(|field| Some(field.name.as_ref()) == other);
                (aside, place, Leaf { unless, ..leaf(slot, field, around) })
            });
        for (aside, place, leaf) in leaves {
            let leaves: &mut Vec<(Vec<usize>, Leaf)> = if aside { &mut apart } else { &mut own };
            leaves.push((place, leaf));
        }
        let [leaves, aside] = [own, apart].map(|mut leaves| {
            leaves.sort_by(|(a, _), (b, _)| a.cmp(b));
            leaves.into_iter().map(|(_, leaf)| leaf).collect()
        });
        Self { leaves, aside, leaves_out_nulls: false }
    }

    /// For people who are not there yet: they have nothing that could be cleared.
    #[must_use]
    pub fn of_new_people(self) -> Self {
        Self { leaves_out_nulls: true, ..self }
    }

    /// What is written of a slot.
    fn value<'r>(&self, record: &'r Record<'_>, slot: usize) -> Option<Value<'r>> {
        record.get(slot).filter(|value| !self.leaves_out_nulls || *value != Value::Null)
    }

    /// Appends the record as one JSON object; where it has something that is sent apart, as two, with
    /// [`ASIDE`] behind each.
    pub fn write(&self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.write_leaves(&self.leaves, record, out);
        if self.aside.iter().any(|leaf| self.value(record, leaf.slot).is_some()) {
            out.push(ASIDE);
            self.write_leaves(&self.aside, record, out);
            out.push(ASIDE);
        }
    }

    fn write_leaves(&self, leaves: &[Leaf], record: &Record<'_>, out: &mut Vec<u8>) {
        out.push(b'{');
        let mut open: &[Container] = &[];
        for leaf in leaves {
            let Some(value) = self.value(record, leaf.slot) else { continue };
            let shared = open.iter().zip(&leaf.containers).take_while(|(a, b)| a.name == b.name);
            let shared = shared.count();
            if value == Value::Null && leaf.in_list && is_cleared(leaves, record, leaf) {
                // A list of nulls is no empty list: the first entry clears the whole.
                if let Some((list, outer)) = leaf.containers.split_last()
                    && is_first(leaves, record, leaf)
                {
                    let shared = shared.min(outer.len());
                    close(open, shared, out);
                    separate(out);
                    for container in outer.iter().skip(shared) {
                        out.extend_from_slice(&container.open);
                    }
                    out.extend_from_slice(list.open.strip_suffix(b"[").unwrap_or(&list.open));
                    out.extend_from_slice(b"null");
                    open = outer;
                }
                continue;
            }
            close(open, shared, out);
            separate(out);
            for container in leaf.containers.iter().skip(shared) {
                out.extend_from_slice(&container.open);
            }
            open = &leaf.containers;
            match (leaf.parts, value) {
                (Some([day, month, year]), Value::Date(date)) => {
                    let quote = if leaf.written == Written::Text { "\"" } else { "" };
                    // Writing to a Vec cannot fail.
                    let _ = write!(
                        out,
                        "\"{day}\":{quote}{}{quote},\"{month}\":{quote}{}{quote},\"{year}\":{quote}{}{quote}",
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
                    write_value(value, &leaf.written, out);
                    // A constant goes with a value, not with its absence.
                    let own = leaf.unless.and_then(|slot| self.value(record, slot));
                    if own.is_none() && (value != Value::Null || leaf.after == b"}") {
                        out.extend_from_slice(&leaf.after);
                    }
                }
            }
        }
        close(open, 0, out);
        out.push(b'}');
    }
}

/// Whether no entry of the list around a leaf has a value.
fn is_cleared(leaves: &[Leaf], record: &Record<'_>, leaf: &Leaf) -> bool {
    let mut values = beside(leaves, leaf).filter_map(|other| record.get(other.slot));
    values.all(|value| value == Value::Null)
}

/// Whether a leaf is the first of its list that the record has.
fn is_first(leaves: &[Leaf], record: &Record<'_>, leaf: &Leaf) -> bool {
    let first = beside(leaves, leaf).find(|other| record.get(other.slot).is_some());
    first.is_some_and(|first| first.slot == leaf.slot)
}

/// The leaves of the list around a leaf.
fn beside<'l>(leaves: &'l [Leaf], leaf: &'l Leaf) -> impl Iterator<Item = &'l Leaf> {
    leaves.iter().filter(|other| other.containers == leaf.containers)
}

/// Where each field stands in the payload: for each part of its path the number that it is, or when
/// its container was first named.
fn places(fields: &[&Field]) -> Vec<Vec<usize>> {
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut all = Vec::with_capacity(fields.len());
    for field in fields {
        let mut own = Vec::new();
        for (prefix, last) in segments(&field.path) {
            let count = named.len();
            let first = *named.entry(prefix).or_insert(count);
            own.push(last.parse().unwrap_or(first));
        }
        all.push(own);
    }
    all
}

/// The parts of a path, each behind the path up to and with it. A dot behind a backslash parts nothing.
pub fn segments(path: &str) -> Vec<(&str, &str)> {
    let escaped = |at: &usize| path.get(..*at).is_some_and(|before| before.ends_with('\\'));
    let dots = path.match_indices('.').map(|(at, _)| at).filter(|at| !escaped(at));
    let mut start = 0;
    let mut all = Vec::new();
    for end in dots.chain([path.len()]) {
        all.extend(path.get(..end).zip(path.get(start..end)));
        start = end + 1;
    }
    all
}

fn leaf(slot: usize, field: &Field, around: Around) -> Leaf {
    let mut containers: Vec<Container> = Vec::new();
    let segments = segments(&field.path);
    let mut before = Vec::new();
    for (depth, (prefix, segment)) in segments.iter().enumerate() {
        let key = segment.replace("\\.", ".");
        let key = if is_entry(segment) { String::new() } else { format!("\"{key}\":") };
        match segments.get(depth + 1) {
            Some((_, next)) => {
                let (bracket, close) = if is_entry(next) { ('[', b']') } else { ('{', b'}') };
                let innermost = depth + 2 == segments.len() && bracket == '{';
                let mut open = format!("{key}{bracket}");
                let named = around.containers.iter().filter(|(path, _)| path == prefix);
                open.extend(named.map(|(_, opening)| opening.as_str()));
                open.push_str(if innermost { around.opening.as_str() } else { "" });
                let (name, open) = ((*prefix).to_owned(), open.into_bytes());
                containers.push(Container { name, open, close });
            }
            None => before.extend_from_slice(key.as_bytes()),
        }
    }
    before.extend_from_slice(around.before.as_bytes());
    let parts = match field.kind {
        Kind::Date(DateForm::Parts(keys)) => Some(keys),
        _ => None,
    };
    let in_list = before.is_empty() && containers.last().is_some_and(|list| list.close == b']');
    let Around { after, written, .. } = around;
    let after = after.into_bytes();
    Leaf { slot, containers, before, after, unless: None, in_list, parts, written }
}

fn close(open: &[Container], down_to: usize, out: &mut Vec<u8>) {
    for container in open.iter().skip(down_to).rev() {
        out.push(container.close);
    }
}

/// A comma, unless the value is the first of its container.
fn separate(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[' | b',')) {
        out.push(b',');
    }
}

fn write_value(value: Value<'_>, written: &Written, out: &mut Vec<u8>) {
    match written {
        Written::Native | Written::Numbers if !matches!(value, Value::List(_)) => {
            write_native(value, out);
        }
        _ if value == Value::Null => write_native(value, out),
        Written::Native => write_list(value, out, true),
        Written::Numbers => write_list(value, out, false),
        Written::Text => match value {
            Value::Text(_) | Value::Date(_) => write_native(value, out),
            Value::List(_) => write_list(value, out, true),
            _ => write_native(Value::Text(&value.to_string()), out),
        },
        Written::Named(names) => {
            let name = match value {
                Value::Text(code) => names.binary_search_by(|(own, _)| (*own).cmp(code)).ok(),
                _ => None,
            };
            let name = name.and_then(|place| names.get(place));
            write_native(name.map_or(value, |(_, name)| Value::Text(name)), out);
        }
        Written::Joined(between) => match value {
            Value::List(list) => write_native(Value::Text(&list.join(between)), out),
            _ => write_native(value, out),
        },
        Written::Behind(front) => match value {
            Value::Text(text) => write_native(Value::Text(&format!("{front}{text}")), out),
            _ => write_native(value, out),
        },
        Written::InPath(front) => {
            let text = format!("{front}{}", escape(&value.to_string()));
            write_native(Value::Text(&text), out);
        }
        Written::Format(format) => {
            let text = match value {
                Value::Date(date) => Some(date.strftime(format).to_string()),
                Value::Text(text) => {
                    let moment = text.parse::<jiff::Timestamp>().ok();
                    moment.map(|moment| moment.strftime(format).to_string())
                }
                _ => None,
            };
            match text {
                Some(text) => write_native(Value::Text(&text), out),
                None => write_native(value, out),
            }
        }
    }
}

/// A text as one part of an address: everything but the letters, digits and signs that RFC 3986
/// section 2.3 leaves as they are is written by its bytes.
pub fn escape(text: &str) -> String {
    let mut part = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            part.push(char::from(byte));
        } else {
            part.push('%');
            for half in [byte >> 4, byte & 0x0f] {
                part.extend(
                    char::from_digit(u32::from(half), 16).map(|it| it.to_ascii_uppercase()),
                );
            }
        }
    }
    part
}

fn write_list(value: Value<'_>, out: &mut Vec<u8>, quoted: bool) {
    let Value::List(list) = value else { return };
    out.push(b'[');
    for (index, entry) in list.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        if quoted {
            write_native(Value::Text(entry), out);
        } else {
            write_native(Value::Json(entry), out);
        }
    }
    out.push(b']');
}

fn write_native(value: Value<'_>, out: &mut Vec<u8>) {
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
        Value::List(_) => {
            write_list(value, out, true);
            Ok(())
        }
        Value::Json(text) => {
            out.extend_from_slice(text.as_bytes());
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
                let before = "{\"name\":\"x\",\"value\":".to_owned();
                Around { before, after: "}".to_owned(), ..Around::default() }
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
            let mut record = Record::new(fields.len());
            for &slot in slots {
                record.set(slot, Slot::Plain(Value::Text("x")));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            String::from_utf8(out).unwrap()
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
            let mut record = Record::new(fields.len());
            for (slot, value) in values {
                record.set(slot, Slot::Plain(value));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
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
            (vec![(0, x), (1, Value::Null)], r#"{"a":{"note":"x","flag":null}}"#),
            (vec![(0, Value::Null)], r#"{"a":{"note":null}}"#),
            (vec![(2, Value::Null), (3, Value::Null)], r#"{"a":{"place":null}}"#),
            (vec![(3, Value::Null), (4, x)], r#"{"a":{"place":null},"b":"x"}"#),
            (
                vec![(0, x), (2, Value::Null), (3, Value::Null), (4, x)],
                r#"{"a":{"note":"x","flag":true,"place":null},"b":"x"}"#,
            ),
            (vec![(2, x), (3, Value::Null)], r#"{"a":{"place":["x",null]}}"#),
        ] {
            let mut record = Record::new(fields.len());
            for (slot, value) in values {
                record.set(slot, Slot::Plain(value));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
        let layout = layout.of_new_people();
        for (values, expected) in [
            (vec![(0, Value::Null), (4, x)], r#"{"b":"x"}"#),
            (vec![(0, x), (1, Value::Null)], r#"{"a":{"note":"x","flag":true}}"#),
            (vec![(2, Value::Null), (3, Value::Null)], "{}"),
        ] {
            let mut record = Record::new(fields.len());
            for (slot, value) in values {
                record.set(slot, Slot::Plain(value));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
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
            let mut record = Record::new(fields.len());
            for &slot in slots {
                record.set(slot, Slot::Plain(Value::Text("x")));
            }
            let mut out = Vec::new();
            layout.write(&record, &mut out);
            String::from_utf8(out).unwrap()
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
            (
                Value::Text("+61491570006"),
                Written::Behind("tel:".to_owned()),
                "\"tel:+61491570006\"",
            ),
            (Value::Text("a b/é"), Written::InPath("/U/".to_owned()), "\"/U/a%20b%2F%C3%A9\""),
            (Value::Null, Written::Text, "null"),
            (Value::Null, Written::Joined(",".to_owned()), "null"),
        ] {
            let mut out = Vec::new();
            write_value(value, &written, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{value:?} {written:?}");
        }
    }

    #[test]
    fn addresses_hold_nothing_that_means_something_in_them() {
        assert_eq!(escape("a+b&c=d e/é@x.org"), "a%2Bb%26c%3Dd%20e%2F%C3%A9%40x.org");
        assert_eq!(escape("A-z_0.9~"), "A-z_0.9~");
    }
}
