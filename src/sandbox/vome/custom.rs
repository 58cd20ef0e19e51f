//! The values of custom fields: which field one is for, what a type takes, and how it is shown.

use serde_json::{Value, json};

use super::super::rule::{self, Fault};
use super::super::store::identify;
use super::super::variants::{
    Encoding, FieldBy, FieldTypeForm, MultiSelect, NumberForm, SingleSelect, SingleShown,
    UnknownField, UnknownOption, Vome,
};
use super::definition::{FieldKind, FieldOption, Known, id_of, option_id};

/// The value of one custom field; an empty id or name was not sent.
#[derive(Debug)]
pub(super) struct Custom {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) value: Value,
}

/// All fields, and which of them were changed by a call.
pub(super) struct Fields {
    pub(super) all: Vec<Known>,
    pub(super) changed: Vec<String>,
}

impl Fields {
    pub(super) fn get(&self, id: &str) -> Option<&Known> {
        self.all.iter().find(|known| known.id == id)
    }

    fn position(&self, custom: &Custom, by: FieldBy) -> Option<usize> {
        let by_id = || {
            let id = custom.id.as_str();
            self.all.iter().position(|known| !id.is_empty() && known.id == id)
        };
        let by_name = || {
            let name = custom.name.to_lowercase();
            let same = |known: &Known| known.name.to_lowercase() == name;
            self.all.iter().position(|known| !name.is_empty() && same(known))
        };
        match by {
            FieldBy::Id => by_id(),
            FieldBy::Name => by_name(),
            FieldBy::IdFirst => {
                if custom.id.is_empty() {
                    by_name()
                } else {
                    by_id()
                }
            }
            FieldBy::NameFirst => {
                if custom.name.is_empty() {
                    by_id()
                } else {
                    by_name()
                }
            }
        }
    }

    /// Makes the field that a value names; gives its place.
    fn create(&mut self, custom: &Custom, by: FieldBy) -> usize {
        let by_name = matches!(by, FieldBy::Name | FieldBy::NameFirst);
        let named = custom.id.is_empty() || by_name && !custom.name.is_empty();
        let id = if named { id_of(&custom.name) } else { custom.id.clone() };
        if let Some(place) = self.all.iter().position(|known| known.id == id) {
            // It was given another name since.
            return place;
        }
        self.changed.push(id.clone());
        let name = custom.name.clone();
        self.all.push(Known { id, name, kind: None, is_active: true, options: Vec::new() });
        self.all.len() - 1
    }

    /// Gives a value the id of its field and the form in which it is kept; false when it is to be
    /// passed over.
    ///
    /// In life an administrator makes the fields first; here a field exists once it is used, unless
    /// the variants say otherwise.
    pub(super) fn resolve(&mut self, custom: &mut Custom, rules: &Vome) -> Result<bool, Fault> {
        let lacking = match rules.field_by {
            FieldBy::Id if custom.id.is_empty() => Some("custom_field_id"),
            FieldBy::Name if custom.name.is_empty() => Some("custom_field_name"),
            _ => None,
        };
        if let Some(name) = lacking {
            return Err(Fault::missing().under(name));
        }
        let place = match (self.position(custom, rules.field_by), rules.unknown_field) {
            (Some(place), _) => place,
            (None, UnknownField::Ignored) => return Ok(false),
            (None, UnknownField::Refused) => {
                return Err(Fault::invalid("is not a custom field").under("custom_field_id"));
            }
            (None, UnknownField::Created) => self.create(custom, rules.field_by),
        };
        let Some(known) = self.all.get_mut(place) else { return Ok(false) };
        if known.name.is_empty() && !custom.name.is_empty() {
            known.name.clone_from(&custom.name);
            self.changed.push(known.id.clone());
        }
        custom.id.clone_from(&known.id);
        let before = known.options.len();
        let kept = keep(known, &custom.value, rules)
            .map_err(|fault| fault.under("custom_field_user_value"))?;
        if known.options.len() > before {
            self.changed.push(known.id.clone());
        }
        let Some(kept) = kept else { return Ok(false) };
        custom.value = kept;
        Ok(true)
    }
}

/// The form in which a value is kept: what the type of the field takes.
fn keep(field: &mut Known, value: &Value, rules: &Vome) -> Result<Option<Value>, Fault> {
    let Some(kind) = field.kind else { return Ok(Some(value.clone())) };
    if matches!(kind, FieldKind::Attachment | FieldKind::Formula) {
        return Err(Fault::invalid("is of a field that cannot be written"));
    }
    if value.is_null() {
        return Ok(Some(Value::Null));
    }
    let text = || value.as_str().ok_or_else(|| Fault::invalid("must be a string"));
    let fits = |good: bool, message: &str| {
        if good { Ok(Some(value.clone())) } else { Err(Fault::invalid(message)) }
    };
    match kind {
        FieldKind::General | FieldKind::Address => text().map(|text| Some(json!(text))),
        FieldKind::Number => number(value, rules.number).map(Some),
        FieldKind::SingleSelection => single(field, value, rules),
        FieldKind::MultipleSelection => multiple(field, value, rules),
        FieldKind::DateTime => {
            let good = text()?.parse::<jiff::Timestamp>().is_ok();
            fits(good, "must be a date and time such as 2024-09-19T17:35:35Z")
        }
        FieldKind::Email => fits(rule::is_email(text()?), "must be an e-mail address"),
        FieldKind::Url => fits(rule::is_url(text()?), "must be a web address"),
        FieldKind::UniqueId => {
            let id = text()?.trim();
            if id.is_empty() { Err(Fault::missing()) } else { Ok(Some(json!(id))) }
        }
        FieldKind::Boolean => boolean(value, rules.boolean).map(Some),
        FieldKind::Date => {
            fits(rule::date(text()?).is_some(), "must be a date in the form YYYY-MM-DD")
        }
        FieldKind::Attachment | FieldKind::Formula => Ok(None),
    }
}

/// Whether an encoding allows a value that is a string, or one that is not.
fn allowed(encoding: Encoding, is_string: bool) -> bool {
    match encoding {
        Encoding::Native => !is_string,
        Encoding::String => is_string,
        Encoding::Either => true,
    }
}

fn number(value: &Value, encoding: Encoding) -> Result<Value, Fault> {
    let number = match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let plain = |text: &String| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        [whole, part]
            .iter()
            .all(|half| !half.is_empty() && half.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let number = number.filter(plain).filter(|_| allowed(encoding, value.is_string()));
    number.map(|text| json!(text)).ok_or_else(|| match encoding {
        Encoding::Native => Fault::invalid("must be a number"),
        Encoding::String => Fault::invalid("must be a number written as a string"),
        Encoding::Either => Fault::invalid("must be a number, as such or as a string"),
    })
}

fn boolean(value: &Value, encoding: Encoding) -> Result<Value, Fault> {
    let meant = match value {
        Value::Bool(meant) => Some(*meant),
        Value::String(word) if word == "true" => Some(true),
        Value::String(word) if word == "false" => Some(false),
        _ => None,
    };
    let meant = meant.filter(|_| allowed(encoding, value.is_string()));
    meant.map(|meant| json!(meant)).ok_or_else(|| match encoding {
        Encoding::String => Fault::invalid("must be \"true\" or \"false\""),
        _ => Fault::invalid("must be true or false"),
    })
}

/// What an option does: some text of the field's, nothing, or a fault.
fn option(
    field: &mut Known,
    sent: &str,
    by_id: bool,
    rules: &Vome,
) -> Result<Option<String>, Fault> {
    let same = |option: &&FieldOption| if by_id { option.id == sent } else { option.value == sent };
    if let Some(found) = field.options.iter().find(same) {
        return Ok(Some(found.value.clone()));
    }
    match rules.unknown_option {
        UnknownOption::Created if !by_id && !sent.trim().is_empty() => {
            let order = field.options.iter().map(|option| option.order).max().unwrap_or(0) + 1;
            let id = option_id(&field.id, sent);
            field.options.push(FieldOption { id, value: sent.to_owned(), order });
            Ok(Some(sent.to_owned()))
        }
        UnknownOption::Ignored => Ok(None),
        _ => Err(Fault::invalid("is not an option of the field")),
    }
}

fn single(field: &mut Known, value: &Value, rules: &Vome) -> Result<Option<Value>, Fault> {
    let sent = value.as_str().ok_or_else(|| Fault::invalid("must be a string"))?;
    let by_id = rules.single_select == SingleSelect::OptionId;
    Ok(option(field, sent, by_id, rules)?.map(|text| json!([text])))
}

fn multiple(field: &mut Known, value: &Value, rules: &Vome) -> Result<Option<Value>, Fault> {
    let sent: Vec<&str> = match (rules.multi_select, value) {
        (MultiSelect::Joined, Value::String(text)) => {
            let parts = text.split(&rules.multi_separator).map(str::trim);
            parts.filter(|part| !part.is_empty()).collect()
        }
        (MultiSelect::List | MultiSelect::OptionIds, Value::Array(parts)) => {
            let texts = parts.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
            texts.ok_or_else(|| Fault::invalid("must be a list of strings"))?
        }
        (MultiSelect::Joined, _) => return Err(Fault::invalid("must be one joined string")),
        _ => return Err(Fault::invalid("must be a list of strings")),
    };
    let by_id = rules.multi_select == MultiSelect::OptionIds;
    let mut kept: Vec<String> = Vec::new();
    for (index, part) in sent.into_iter().enumerate() {
        let part = option(field, part, by_id, rules).map_err(|fault| fault.at(index))?;
        kept.extend(part.filter(|part| !kept.contains(part)));
    }
    Ok(Some(json!(kept)))
}

/// A field of a person as the list shows it; none when there is nothing to show.
///
/// A field without a type tells it from the value.
pub(super) fn show(
    person: &str,
    field: &Known,
    entry: Option<&Value>,
    rules: &Vome,
) -> Option<Value> {
    let value = entry.and_then(|entry| entry.get("value")).unwrap_or(&Value::Null);
    let value_id = |part: &str| identify(&[person, &field.id, part]);
    let options = options(field, value);
    let chosen = |text: &Value| {
        let option = options.iter().find(|option| Some(option.value.as_str()) == text.as_str())?;
        Some(json!({"id": value_id(&option.value), "value": shown_option(option, rules)}))
    };
    let kind = field.kind.unwrap_or(match value {
        Value::Array(_) => FieldKind::MultipleSelection,
        Value::Bool(_) => FieldKind::Boolean,
        _ => FieldKind::General,
    });
    let texts = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    let shown = match kind {
        _ if entry.is_none() => Value::Null,
        FieldKind::MultipleSelection => texts.iter().filter_map(chosen).collect(),
        FieldKind::SingleSelection => {
            let text = texts.first()?;
            let whole = chosen(text)?;
            match rules.single_shown {
                SingleShown::Object => whole,
                SingleShown::Text => json!({"id": value_id("value"), "value": text}),
            }
        }
        _ => {
            let joined = value.as_array().map(|texts| {
                let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
                json!(texts.join(", "))
            });
            json!({"id": value_id("value"), "value": joined.as_ref().unwrap_or(value)})
        }
    };
    Some(json!({
        "id": value_id("link"),
        "custom_field": definition(field, kind, &options, rules),
        "created_at": entry.and_then(|entry| entry.get("at")),
        "custom_field_value": shown,
    }))
}

/// The options of a field; one without a type has those of the value.
fn options(field: &Known, value: &Value) -> Vec<FieldOption> {
    match (field.kind, value) {
        (None, Value::Array(parts)) => {
            let texts = parts
                .iter()
                .map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned));
            (1..)
                .zip(texts)
                .map(|(order, value)| FieldOption {
                    id: option_id(&field.id, &value),
                    value,
                    order,
                })
                .collect()
        }
        _ => field.options.clone(),
    }
}

fn shown_option(option: &FieldOption, rules: &Vome) -> Value {
    let order = match rules.option_order {
        NumberForm::Number => json!(option.order),
        NumberForm::String => json!(option.order.to_string()),
    };
    json!({"id": option.id, "value": option.value, "order": order})
}

fn definition(field: &Known, kind: FieldKind, options: &[FieldOption], rules: &Vome) -> Value {
    let number = kind.number();
    let mut shown = json!({
        "id": field.id,
        "name": field.name,
        "field_type": match rules.field_type {
            FieldTypeForm::Number => json!(number),
            FieldTypeForm::Digits => json!(number.to_string()),
            FieldTypeForm::Name => json!(kind.title()),
        },
        "is_active": field.is_active,
    });
    if matches!(kind, FieldKind::SingleSelection | FieldKind::MultipleSelection)
        && let Some(map) = shown.as_object_mut()
    {
        let options: Value = options.iter().map(|option| shown_option(option, rules)).collect();
        map.insert("options".into(), options);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::super::super::variants::{Definition, Variants};
    use super::*;

    fn field(kind: FieldKind) -> Known {
        let options = ["S", "M"].map(|text| FieldOption {
            id: format!("id-{text}"),
            value: text.into(),
            order: 0,
        });
        (&Definition {
            id: "f".into(),
            name: "F".into(),
            kind,
            is_active: true,
            options: options.into(),
        })
            .into()
    }

    #[test]
    fn each_type_takes_the_good_and_refuses_the_bad() {
        use FieldKind::*;
        let cases: &[(FieldKind, &[Value], &[Value])] = &[
            (General, &[json!("x"), json!("")], &[json!(1), json!(true), json!(["x"])]),
            (
                Number,
                &[json!("12.5"), json!("-3"), json!(12.5)],
                &[json!("1,000"), json!("x"), json!("1e3"), json!("."), json!(true)],
            ),
            (SingleSelection, &[json!("S")], &[json!("s"), json!("L"), json!(["S"]), json!(1)]),
            (
                MultipleSelection,
                &[json!(["S", "M"]), json!([])],
                &[json!("S"), json!(["L"]), json!([1])],
            ),
            (DateTime, &[json!("2024-09-19T17:35:35Z")], &[json!("2024-09-19"), json!("soon")]),
            (Email, &[json!("a@b.co")], &[json!("a@b"), json!("")]),
            (Url, &[json!("https://example.org")], &[json!("example.org")]),
            (Address, &[json!("7 Freedom Trail")], &[json!(7)]),
            (UniqueId, &[json!("0017")], &[json!(17), json!(" ")]),
            (Boolean, &[json!(true)], &[json!("true"), json!("yes"), json!(1)]),
            (Date, &[json!("2024-02-29")], &[json!("2023-02-29"), json!("29/02/2024")]),
            (Attachment, &[], &[json!("x"), json!(null)]),
            (Formula, &[], &[json!("x"), json!(null)]),
        ];
        let rules = Variants::default().vome;
        for (kind, good, bad) in cases {
            for value in *good {
                assert!(keep(&mut field(*kind), value, &rules).is_ok(), "{kind:?} {value}");
            }
            for value in *bad {
                assert!(keep(&mut field(*kind), value, &rules).is_err(), "{kind:?} {value}");
            }
        }
    }

    #[test]
    fn what_is_kept_is_shown_in_the_documented_shapes() {
        let rules = Variants::default().vome;
        for (kind, sent, pointer, expected) in [
            (FieldKind::Boolean, json!(false), "/custom_field_value/value", json!(false)),
            (FieldKind::Number, json!(1.5), "/custom_field_value/value", json!("1.5")),
            (FieldKind::SingleSelection, json!("M"), "/custom_field_value/value/id", json!("id-M")),
            (
                FieldKind::MultipleSelection,
                json!(["M", "S"]),
                "/custom_field_value/1/value",
                json!({"id": "id-S", "value": "S", "order": 1}),
            ),
            (FieldKind::UniqueId, json!(" 007 "), "/custom_field/field_type", json!(9)),
        ] {
            let mut field = field(kind);
            let kept = keep(&mut field, &sent, &rules).unwrap();
            let shown = show("p", &field, Some(&json!({"value": kept})), &rules).unwrap();
            assert_eq!(shown.pointer(pointer), Some(&expected), "{shown}");
        }
    }

    #[test]
    fn a_field_that_was_given_another_type_shows_what_it_can() {
        let rules = Variants::default().vome;
        let chosen = json!({"value": ["S"]});
        let text = show("p", &field(FieldKind::General), Some(&chosen), &rules).unwrap();
        assert_eq!(text.pointer("/custom_field_value/value"), Some(&json!("S")));
        let word = json!({"value": "M"});
        let single = show("p", &field(FieldKind::SingleSelection), Some(&word), &rules).unwrap();
        assert_eq!(single.pointer("/custom_field_value/value/id"), Some(&json!("id-M")));
        let gone = json!({"value": "XXL"});
        assert!(show("p", &field(FieldKind::SingleSelection), Some(&gone), &rules).is_none());
    }
}
