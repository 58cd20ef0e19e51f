//! Fields in words: what goes into one, and what must hold for it. The tables of `targets`, the pages of the
//! documentation and the notes of sheets to fill in say it alike.

use std::borrow::Cow;

use crate::record::{Beside, Choice, Field, JsonForm, Kind, MomentForm, Need, PhoneForm};

/// What goes into a field, for whoever fills it in.
pub fn takes(field: &Field) -> String {
    match &field.kind {
        Kind::Text if field.code => "an id or a code, letter by letter".to_owned(),
        Kind::Text => "any text".to_owned(),
        Kind::Name => "a name, or a part of one".to_owned(),
        Kind::Email => "one e-mail address".to_owned(),
        Kind::Phone(PhoneForm::E164) => {
            "a phone number with its country code, such as +61 491 570 006".to_owned()
        }
        Kind::Phone(PhoneForm::Digits) => {
            "a phone number, with its country code where it has one".to_owned()
        }
        Kind::Phone(PhoneForm::AsIs) => "a phone number, which is sent as it stands".to_owned(),
        Kind::Date(_) => "a day, written YYYY-MM-DD".to_owned(),
        Kind::Moment(MomentForm::Utc) => {
            "a day with a time, written YYYY-MM-DDThh:mm:ssZ; a day alone is its midnight"
                .to_owned()
        }
        Kind::Moment(MomentForm::OwnOffset) => {
            "a day with a time and its offset, which is kept, written YYYY-MM-DDThh:mm:ss+10:00; a \
             day alone is its midnight"
                .to_owned()
        }
        Kind::Choice(_) => format!("one of {}", labels(field).join(", ")),
        Kind::Choices(_) => {
            format!("one or more of {}, with a semicolon between them", labels(field).join(", "))
        }
        Kind::Words => "one or more words, with a semicolon between them".to_owned(),
        Kind::Integer => "a whole number".to_owned(),
        Kind::Decimal => "a number, perhaps with a fraction".to_owned(),
        Kind::Bool => "yes or no".to_owned(),
        Kind::Url => "a web address that begins with https:// or http://".to_owned(),
        Kind::Currency => "a currency, by its code of three letters (ISO 4217)".to_owned(),
        Kind::Country => "a country, by name or by its code (ISO 3166-1)".to_owned(),
        Kind::Coordinates => {
            "latitude and longitude in degrees, such as 51.5007, -0.1246".to_owned()
        }
        Kind::Json(JsonForm::Object) => "an object, written as JSON".to_owned(),
        Kind::Json(JsonForm::Array) => "a list, written as JSON".to_owned(),
        Kind::Json(JsonForm::Any) => "a value, written as JSON".to_owned(),
    }
}

/// The words of a choice, as a person picks them.
pub fn labels(field: &Field) -> Vec<String> {
    match &field.kind {
        Kind::Choice(choices) | Kind::Choices(choices) => {
            choices.iter().map(|choice| choice.label.to_string()).collect()
        }
        _ => Vec::new(),
    }
}

/// The words of a choice, each with what is sent for it where that is another.
pub fn choices(field: &Field) -> Vec<String> {
    let (Kind::Choice(choices) | Kind::Choices(choices)) = &field.kind else { return Vec::new() };
    let with_code = |choice: &Choice| {
        let code = choice.value.value().to_string();
        if choice.label == code { code } else { format!("{} ({code})", choice.label) }
    };
    choices.iter().map(with_code).collect()
}

/// What must hold for a field, beside what its kind says. `key` tells whether people are found by it.
pub fn rules(field: &Field, key: bool) -> Vec<String> {
    let mut rules = Vec::new();
    match field.need {
        Need::Required => rules.push("required".to_owned()),
        Need::Wanted => rules.push("wanted".to_owned()),
        Need::Optional => {}
    }
    if key {
        rules.push("people are found by it".to_owned());
    }
    if field.unique {
        rules.push("unique".to_owned());
    }
    if field.born && matches!(field.kind, Kind::Date(_)) {
        rules.push("not in the future, not before 1900".to_owned());
    }
    if let Some((least, most)) = field.range {
        rules.push(format!("{least} to {most}"));
    }
    let needs: Vec<Cow<'_, str>> =
        field.beside.iter().filter_map(|beside| needed(field, beside)).collect();
    if !needs.is_empty() {
        rules.push(format!("only with {}", needs.join(", ")));
    }
    rules.extend(field.beside.iter().filter_map(|other| beside(field, other)));
    let said = |rule: &String| field.note.contains(rule.as_str());
    rules.retain(|rule| !said(rule));
    if !field.note.is_empty() {
        rules.push(field.note.to_owned());
    }
    rules
}

/// Another field that a field cannot be without.
fn needed(field: &Field, beside: &Beside) -> Option<Cow<'static, str>> {
    match beside {
        Beside::Needs(other) => Some(field.names(other)).filter(|other| field.name != *other),
        _ => None,
    }
}

fn beside(field: &Field, beside: &Beside) -> Option<String> {
    match beside {
        Beside::OnlyWith { other, codes } => {
            let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
            Some(format!("only where {} is {}", field.names(other), codes.join(" or ")))
        }
        Beside::Wants(other) => Some(format!("best beside {}", field.names(other))),
        Beside::InsteadOf(other) | Beside::NotWith(other) => {
            Some(format!("not beside {}", field.names(other)))
        }
        Beside::OneOfList => Some("yes for one entry at most".to_owned()),
        Beside::Needs(_) | Beside::DayOf { .. } => None,
    }
}
