//! What a value may look like, as tables of fields; both targets state their documents with these.

use serde_json::{Map, Value};

use super::variants::Encoding;

/// A key of a JSON object.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    form: Form,
    required: bool,
}

/// The form of a value. `null` has every form; only a required field refuses it.
pub(crate) enum Form {
    Any,
    Text,
    Email,
    /// Any text without letters.
    Phone,
    /// A phone number with its country code: `+61412323123`.
    Mobile,
    Url,
    /// Exactly so many ASCII letters.
    Letters(usize),
    /// A whole number between the two, both included.
    Integer(i64, i64),
    /// The same, or one written as a string; which of them is for the target to say.
    Code(i64, i64),
    Boolean,
    /// A boolean, or one of the words `true` and `false`.
    BooleanWord,
    /// `YYYY-MM-DD`, a day that exists.
    Date,
    /// A date and time with its zone.
    Moment,
    OneOf(&'static [&'static str]),
    /// A list of texts, none of them empty.
    Texts,
    /// Exactly two numbers, each as such or as a text; which of them is for the target to say.
    Coordinates,
    /// An object or a list, whatever it holds.
    Loose,
    Object(&'static [Field]),
    List(&'static [Field]),
}

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Missing,
    Invalid,
    Conflict,
    NotFound,
}

/// Why something is refused, and where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: Kind,
    /// `volunteers_data[3].profile_data.email`; empty for the whole.
    pub(crate) path: String,
    /// Reads on after the name of the field: `must be a string`.
    pub(crate) message: String,
}

/// A field that may be left out.
pub(crate) const fn optional(name: &'static str, form: Form) -> Field {
    Field { name, form, required: false }
}

/// A field that must be there, not null and not blank.
pub(crate) const fn required(name: &'static str, form: Form) -> Field {
    Field { name, form, required: true }
}

impl Fault {
    pub(crate) fn missing() -> Self {
        Self { kind: Kind::Missing, path: String::new(), message: "is required".into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { kind: Kind::Invalid, path: String::new(), message: message.into() }
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self { kind: Kind::Conflict, path: String::new(), message: message.into() }
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, path: String::new(), message: message.into() }
    }

    /// The same fault, seen from the object that holds the field `name`.
    ///
    /// A path is built on the way out, so that good people cost no allocation.
    pub(crate) fn under(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }

    /// The same fault, seen from the list that holds the entry.
    pub(crate) fn at(mut self, index: usize) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("[{index}]{dot}{}", self.path);
        self
    }
}

/// Checks that a value is an object with these fields and no others.
pub(crate) fn object<'v>(
    value: &'v Value,
    fields: &[Field],
) -> Result<&'v Map<String, Value>, Fault> {
    let map = value.as_object().ok_or_else(|| Fault::invalid("must be an object"))?;
    for name in map.keys() {
        if !fields.iter().any(|field| field.name == name) {
            return Err(Fault::invalid("is not a known field").under(name));
        }
    }
    for field in fields {
        let value = map.get(field.name).unwrap_or(&Value::Null);
        if field.required && is_blank(value) {
            return Err(Fault::missing().under(field.name));
        }
        check(value, &field.form).map_err(|fault| fault.under(field.name))?;
    }
    Ok(map)
}

/// Checks that a value is a list whose entries are objects with these fields.
fn list(value: &Value, fields: &[Field]) -> Result<(), Fault> {
    for (index, entry) in array(value)?.iter().enumerate() {
        object(entry, fields).map_err(|fault| fault.at(index))?;
    }
    Ok(())
}

/// Removes the keys that are not among the fields, at any depth.
pub(crate) fn prune(value: &mut Value, fields: &[Field]) {
    let Some(map) = value.as_object_mut() else { return };
    map.retain(|name, _| fields.iter().any(|field| field.name == name));
    for field in fields {
        match (map.get_mut(field.name), &field.form) {
            (Some(value), Form::Object(fields)) => prune(value, fields),
            (Some(Value::Array(entries)), Form::List(fields)) => {
                for entry in entries {
                    prune(entry, fields);
                }
            }
            _ => {}
        }
    }
}

/// Removes the keys whose value is to be dropped, at any depth of objects.
pub(crate) fn drop_keys(value: &mut Value, drop: &impl Fn(&Value) -> bool) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !drop(value));
            for value in map.values_mut() {
                drop_keys(value, drop);
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                drop_keys(entry, drop);
            }
        }
        _ => {}
    }
}

impl Encoding {
    /// Whether a value is written in the way that is taken.
    pub(crate) fn check(self, value: &Value) -> Result<(), Fault> {
        match (self, value.is_string()) {
            (Self::Native, true) => Err(Fault::invalid("must not be a string")),
            (Self::String, false) => Err(Fault::invalid("must be a string")),
            _ => Ok(()),
        }
    }
}

fn check(value: &Value, form: &Form) -> Result<(), Fault> {
    if value.is_null() {
        return Ok(());
    }
    match form {
        Form::Any => Ok(()),
        Form::Text => text(value).map(|_| ()),
        Form::Email => is(is_email(text(value)?), "must be an e-mail address"),
        Form::Phone => {
            is(!text(value)?.chars().any(char::is_alphabetic), "must be a phone number, no letters")
        }
        Form::Mobile => {
            is(is_mobile(text(value)?), "must be a phone number in the form +61412323123")
        }
        Form::Url => is(is_url(text(value)?), "must be a web address"),
        Form::Letters(count) => {
            let text = text(value)?;
            let fits = text.len() == *count && text.bytes().all(|byte| byte.is_ascii_alphabetic());
            is(fits, &format!("must be {count} letters"))
        }
        Form::Integer(least, most) => {
            let number = value.as_i64().ok_or_else(|| Fault::invalid("must be an integer"))?;
            let fits = (*least..=*most).contains(&number);
            is(fits, &format!("must be between {least} and {most}"))
        }
        Form::Code(least, most) => {
            let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
            let number = number.ok_or_else(|| Fault::invalid("must be an integer"))?;
            let fits = (*least..=*most).contains(&number);
            is(fits, &format!("must be between {least} and {most}"))
        }
        Form::Boolean => is(value.is_boolean(), "must be true or false"),
        Form::BooleanWord => {
            let word = matches!(value.as_str(), Some("true" | "false"));
            is(value.is_boolean() || word, "must be true or false")
        }
        Form::Date => is(date(text(value)?).is_some(), "must be a date in the form YYYY-MM-DD"),
        Form::Moment => {
            let good = text(value)?.parse::<jiff::Timestamp>().is_ok();
            is(good, "must be a date and time such as 2023-11-07T05:31:56Z")
        }
        Form::OneOf(words) => {
            is(words.contains(&text(value)?), &format!("must be one of {}", words.join(", ")))
        }
        Form::Texts => {
            for (index, entry) in array(value)?.iter().enumerate() {
                let text = text(entry).map_err(|fault| fault.at(index))?;
                is(!text.trim().is_empty(), "must not be empty")
                    .map_err(|fault| fault.at(index))?;
            }
            Ok(())
        }
        Form::Coordinates => {
            let pair = array(value)?;
            let number = |entry: &Value| {
                entry.is_number() || entry.as_str().is_some_and(|text| text.parse::<f64>().is_ok())
            };
            is(pair.len() == 2 && pair.iter().all(number), "must be two numbers")
        }
        Form::Loose => is(value.is_object() || value.is_array(), "must be an object or a list"),
        Form::Object(fields) => object(value, fields).map(|_| ()),
        Form::List(fields) => list(value, fields),
    }
}

/// The day that a text of the form `YYYY-MM-DD` means.
pub(crate) fn date(text: &str) -> Option<jiff::civil::Date> {
    let dashed = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    if dashed { text.parse().ok() } else { None }
}

/// Null, and a text of nothing but spaces, say nothing.
pub(crate) fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn is(good: bool, message: &str) -> Result<(), Fault> {
    if good { Ok(()) } else { Err(Fault::invalid(message)) }
}

fn text(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| Fault::invalid("must be a string"))
}

fn array(value: &Value) -> Result<&Vec<Value>, Fault> {
    value.as_array().ok_or_else(|| Fault::invalid("must be a list"))
}

/// `@` and a dot-suffix, no spaces (Vome help centre; the format is all that is checked).
pub(crate) fn is_email(text: &str) -> bool {
    let text = text.trim();
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let suffix = domain
        .rsplit_once('.')
        .is_some_and(|(host, end)| !host.is_empty() && !host.starts_with('.') && !end.is_empty());
    !name.is_empty() && !name.contains('@') && suffix && !text.contains(char::is_whitespace)
}

/// A web address, as far as its scheme tells.
pub(crate) fn is_url(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
}

/// E.164: a plus, then 7 to 15 digits of which the first is not 0.
fn is_mobile(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_form_takes_the_good_and_refuses_the_bad() {
        const PART: &[Field] =
            &[required("name", Form::Text), optional("size", Form::Integer(1, 9))];
        let cases: &[(Form, &[Value], &[Value])] = &[
            (Form::Text, &[json!(""), json!("x")], &[json!(1), json!(["x"])]),
            (
                Form::Email,
                &[
                    json!("a@b.co"),
                    json!(" Lily.O'Neil+x@sub.domain.com "),
                    json!("zoë@exämple.de"),
                ],
                &[
                    json!("a@b"),
                    json!("a b@c.de"),
                    json!("@b.co"),
                    json!("a@b."),
                    json!("a@@b.co"),
                    json!("a@.co"),
                    json!(""),
                    json!(7),
                ],
            ),
            (
                Form::Phone,
                &[json!("555 5555"), json!("+1 (514) 555-5555")],
                &[json!("555 ext 5"), json!(5_555_555)],
            ),
            (
                Form::Mobile,
                &[json!("+61412323123")],
                &[json!("0412323123"), json!("+0412323123"), json!("+614 1232"), json!("+61")],
            ),
            (Form::Url, &[json!("https://a.example/x.png")], &[json!("a.example"), json!("")]),
            (Form::Letters(3), &[json!("AUD")], &[json!("AU"), json!("A$D"), json!("AUDX")]),
            (
                Form::Integer(0, 3),
                &[json!(0), json!(3)],
                &[json!(4), json!(-1), json!("1"), json!(1.0), json!(true)],
            ),
            (
                Form::Code(0, 3),
                &[json!(0), json!("3")],
                &[json!(4), json!("4"), json!("x"), json!(1.5)],
            ),
            (Form::Boolean, &[json!(true)], &[json!("true"), json!(1)]),
            (Form::BooleanWord, &[json!(false), json!("true")], &[json!("True"), json!("yes")]),
            (
                Form::Date,
                &[json!("1998-06-06"), json!("2024-02-29")],
                &[json!("2023-02-29"), json!("06/06/1998"), json!("1998-6-6"), json!("19980606")],
            ),
            (
                Form::Moment,
                &[json!("2023-11-07T05:31:56Z"), json!("2023-11-07T05:31:56.5+10:00")],
                &[json!("2023-11-07"), json!("2023-11-07T05:31:56"), json!("soon")],
            ),
            (Form::OneOf(&["male", "other"]), &[json!("male")], &[json!("Male"), json!("")]),
            (Form::Texts, &[json!([]), json!(["a"])], &[json!("a"), json!([""]), json!([1])]),
            (
                Form::Coordinates,
                &[json!(["42.1", "-71.4"]), json!([42.1, -71.4])],
                &[json!([true, false]), json!(["42.1"]), json!(["north", "west"])],
            ),
            (Form::Loose, &[json!({}), json!(["x"])], &[json!("x"), json!(1)]),
            (
                Form::Object(PART),
                &[json!({"name": "x"}), json!({"name": "x", "size": null})],
                &[json!({}), json!({"name": " "}), json!({"name": "x", "colour": 1}), json!([])],
            ),
            (Form::List(PART), &[json!([])], &[json!({}), json!([{"name": "x", "size": 0}])]),
        ];
        for (form, good, bad) in cases {
            assert_eq!(check(&Value::Null, form), Ok(()));
            for value in *good {
                assert_eq!(check(value, form), Ok(()), "{value}");
            }
            for value in *bad {
                assert!(check(value, form).is_err(), "{value}");
            }
        }
    }

    #[test]
    fn what_is_not_known_or_not_wanted_is_removed_at_any_depth() {
        const INNER: &[Field] = &[optional("name", Form::Text)];
        const OUTER: &[Field] =
            &[optional("one", Form::Object(INNER)), optional("rows", Form::List(INNER))];
        let mut value = json!({
            "x": 1, "one": {"name": null, "y": 2}, "rows": [{"name": "a", "z": 3}, {"name": null}],
        });
        prune(&mut value, OUTER);
        let expected = json!({"one": {"name": null}, "rows": [{"name": "a"}, {"name": null}]});
        assert_eq!(value, expected);
        drop_keys(&mut value, &Value::is_null);
        assert_eq!(value, json!({"one": {}, "rows": [{"name": "a"}, {}]}));
    }

    #[test]
    fn a_fault_names_the_way_to_it() {
        const INNER: &[Field] = &[required("name", Form::Text)];
        const OUTER: &[Field] = &[optional("rows", Form::List(INNER))];
        let fault = object(&json!({"rows": [{"name": "a"}, {"name": 1}]}), OUTER).unwrap_err();
        assert_eq!(fault, Fault::invalid("must be a string").under("name").at(1).under("rows"));
        assert_eq!(fault.path, "rows[1].name");
        let fault = object(&json!({"rows": [{}]}), OUTER).unwrap_err();
        assert_eq!((fault.kind, fault.path.as_str()), (Kind::Missing, "rows[0].name"));
    }
}
