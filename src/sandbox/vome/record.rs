//! What a Vome write may carry, and what it changes in a profile. No I/O.

use serde_json::{Map, Value, json};

use super::super::rule::{self, Fault, Field, Form, optional, required};
use super::super::store::Aliases;
use super::super::variants::{
    Blank, CoordinatesKey, Null, Omitted, Phone, Strictness, UniqueKey, Vome,
};
use super::custom::Custom;

/// The checked settings of a bulk write.
pub(super) struct Envelope<'v> {
    pub(super) identifier: Identifier,
    pub(super) invite: bool,
    pub(super) language: &'v str,
    pub(super) message: Option<&'v str>,
    pub(super) records: &'v [Value],
}

/// By what a record finds its profile (Vome "Write Operations").
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Identifier {
    Email,
    Id,
    /// The id of the custom field of the type "Unique ID".
    Custom(String),
}

/// One record whose values all have the right form.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) email: Option<String>,
    pub(super) id: Option<String>,
    pub(super) custom: Vec<Custom>,
    sections: Map<String, Value>,
}

const CUSTOM: &str = "custom_field_data";
const CUSTOM_VALUE: &str = "custom_field_user_value";
/// The name under which coordinates are kept.
pub(super) const COORDINATES: &str = "address_coordinates";

/// Vome "Create profiles" and "Write Operations", which agree on all of a record.
const RECORD: &[Field] = &[
    optional(
        "emergency_contact",
        Form::Object(&[
            optional("name", Form::Text),
            optional("phone_number", Form::Phone),
            optional("relationship", Form::Text),
        ]),
    ),
    optional(
        "medical_information",
        Form::Object(&[
            optional("description", Form::Text),
            optional("has_medical_info", Form::BooleanWord),
        ]),
    ),
    optional(
        "occupation_info",
        Form::Object(&[
            optional("occupation", Form::Code(0, 3)),
            optional("occupation_institution_name", Form::Text),
        ]),
    ),
    required(
        "profile_data",
        Form::Object(&[
            optional("id", Form::Text),
            optional("first_name", Form::Text),
            optional("last_name", Form::Text),
            optional("email", Form::Email),
            optional("phone_number", Form::Phone),
            optional("date_of_birth", Form::Date),
            optional("gender", Form::Code(0, 3)),
            optional("gender_text", Form::Text),
            optional("address", Form::Text),
            optional("address_coordinates", Form::Coordinates),
            optional("latitude_longitude", Form::Coordinates),
        ]),
    ),
    optional(
        CUSTOM,
        Form::List(&[
            optional("custom_field_id", Form::Text),
            optional("custom_field_name", Form::Text),
            optional("custom_field_user_value", Form::Any),
        ]),
    ),
];

const UNIQUE: &[Field] = &[
    optional("identifier_type", Form::Integer(0, 2)),
    optional("unique_custom_field", Form::Text),
    optional("unique_id", Form::Text),
];

/// The three that a profile cannot be without (Vome "Create profiles").
const NEEDED: [&str; 3] = ["first_name", "last_name", "email"];

impl Identifier {
    /// Where a record carries it.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Email => "profile_data.email",
            Self::Id => "profile_data.id",
            Self::Custom(_) => CUSTOM,
        }
    }

    /// The documents name the field's id `unique_id` in prose and `unique_custom_field` in their
    /// examples, so both are taken unless told otherwise (Vome "Write Operations").
    fn read(value: &Value, key: UniqueKey) -> Result<Self, Fault> {
        let map = rule::object(value, UNIQUE)?;
        let other = match key {
            UniqueKey::CustomField => "unique_id",
            UniqueKey::Id => "unique_custom_field",
            UniqueKey::Either => "",
        };
        let given = |name: &str| {
            let text = map.get(name).filter(|_| name != other)?.as_str()?;
            (!text.is_empty()).then_some(text)
        };
        match map.get("identifier_type").and_then(Value::as_i64) {
            Some(1) => Ok(Self::Id),
            Some(2) => match (given("unique_custom_field"), given("unique_id")) {
                (Some(one), Some(other)) if one != other => {
                    Err(Fault::invalid("is not the same as unique_custom_field").under("unique_id"))
                }
                (Some(field), _) | (None, Some(field)) => Ok(Self::Custom(field.to_owned())),
                (None, None) if key == UniqueKey::Id => Err(Fault::missing().under("unique_id")),
                (None, None) => Err(Fault::missing().under("unique_custom_field")),
            },
            _ => Ok(Self::Email),
        }
    }
}

/// Checks everything around the records; `key` is the name of their array.
pub(super) fn envelope<'v>(
    body: &'v Value,
    key: &str,
    rules: &Vome,
) -> Result<Envelope<'v>, Fault> {
    let map = body.as_object().ok_or_else(|| Fault::invalid("the body must be an object"))?;
    // First, since a wrong key is the mistake that the documents invite.
    let records = map.get(key).ok_or_else(|| Fault::missing().under(key))?;
    for name in map.keys().filter(|_| rules.unknown_key == Strictness::Refused) {
        let known =
            ["unique_identifier", "invite_user_to_vome", "invite_language", "invite_message"];
        if name != key && !known.contains(&name.as_str()) {
            return Err(Fault::invalid("is not a known field").under(name));
        }
    }
    let records = records
        .as_array()
        .filter(|records| !records.is_empty())
        .ok_or_else(|| Fault::invalid("must be a list with at least one record").under(key))?;
    let identifier =
        map.get("unique_identifier").ok_or_else(|| Fault::missing().under("unique_identifier"))?;
    let identifier = Identifier::read(identifier, rules.unique_key)
        .map_err(|fault| fault.under("unique_identifier"))?;
    // It decides whether people get an e-mail, so it is never taken for granted.
    let invite = match map.get("invite_user_to_vome") {
        None => return Err(Fault::missing().under("invite_user_to_vome")),
        Some(Value::Null) => false,
        Some(Value::Bool(invite)) => *invite,
        Some(_) => {
            let fault = Fault::invalid("must be true, false or null");
            return Err(fault.under("invite_user_to_vome"));
        }
    };
    let language = match map.get("invite_language") {
        None | Some(Value::Null) => "EN",
        Some(Value::String(language)) if ["EN", "FR"].contains(&language.as_str()) => language,
        Some(_) => return Err(Fault::invalid("must be EN or FR").under("invite_language")),
    };
    let message = match map.get("invite_message") {
        None | Some(Value::Null) => None,
        Some(Value::String(message)) => Some(message.as_str()),
        Some(_) => return Err(Fault::invalid("must be a string").under("invite_message")),
    };
    Ok(Envelope { identifier, invite, language, message, records })
}

/// Checks one record. Which fields its custom values are for is not decided here.
pub(super) fn read(value: &Value, rules: &Vome) -> Result<Record, Fault> {
    let mut value = value.clone();
    prepare(&mut value, rules)?;
    let mut sections = rule::object(&value, RECORD)?.clone();
    let custom = read_custom(sections.remove(CUSTOM).unwrap_or_default())
        .map_err(|fault| fault.under(CUSTOM))?;
    let profile = sections.get("profile_data").and_then(Value::as_object);
    let given = |name: &str| {
        let text = profile?.get(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    for name in NEEDED {
        if profile.and_then(|profile| profile.get(name)).is_some() && given(name).is_none() {
            return Err(Fault::missing().under(name).under("profile_data"));
        }
    }
    let (email, id) = (given("email"), given("id"));
    check_encodings(&mut sections, rules)?;
    Ok(Record { email, id, custom, sections })
}

/// Removes what the variants pass over, and refuses what they refuse.
fn prepare(value: &mut Value, rules: &Vome) -> Result<(), Fault> {
    let strict = rules.unknown_key == Strictness::Refused;
    if !strict {
        rule::prune(value, RECORD);
    }
    if let Some(profile) = value.get_mut("profile_data").and_then(Value::as_object_mut) {
        let other = match rules.coordinates_key {
            CoordinatesKey::Address => "latitude_longitude",
            CoordinatesKey::Latitude => "address_coordinates",
        };
        for (name, known) in [("gender_text", rules.gender_text), (other, false)] {
            if !known && profile.remove(name).is_some() && strict {
                return Err(Fault::invalid("is not a known field")
                    .under(name)
                    .under("profile_data"));
            }
        }
    }
    if rules.null == Null::Ignored {
        rule::drop_keys(value, &Value::is_null);
    }
    match rules.blank {
        Blank::Stored => {}
        Blank::Clears => clear_blanks(value),
        Blank::Ignored => rule::drop_keys(value, &rule::is_blank),
        Blank::Refused => refuse_blanks(value)?,
    }
    if (rules.null, rules.blank) != (Null::Clears, Blank::Stored)
        && let Some(entries) = value.get_mut(CUSTOM).and_then(Value::as_array_mut)
    {
        // An entry whose value was passed over is passed over.
        entries.retain(|entry| entry.get(CUSTOM_VALUE).is_some());
    }
    Ok(())
}

fn clear_blanks(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for value in map.values_mut() {
                clear_blanks(value);
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                clear_blanks(entry);
            }
        }
        value => {
            if rule::is_blank(value) {
                *value = Value::Null;
            }
        }
    }
}

fn refuse_blanks(value: &Value) -> Result<(), Fault> {
    match value {
        Value::Object(map) => map
            .iter()
            .try_for_each(|(name, value)| refuse_blanks(value).map_err(|fault| fault.under(name))),
        Value::Array(entries) => entries
            .iter()
            .enumerate()
            .try_for_each(|(index, entry)| refuse_blanks(entry).map_err(|fault| fault.at(index))),
        Value::String(text) if text.trim().is_empty() => Err(Fault::invalid("must not be blank")),
        _ => Ok(()),
    }
}

/// Checks that values which can be written in more than one way are written in one that is taken,
/// and brings them into the one in which they are kept.
fn check_encodings(sections: &mut Map<String, Value>, rules: &Vome) -> Result<(), Fault> {
    let encoded = [
        ("occupation_info", "occupation", rules.code),
        ("profile_data", "gender", rules.code),
        ("medical_information", "has_medical_info", rules.medical_flag),
    ];
    for (section, name, encoding) in encoded {
        let Some(map) = sections.get_mut(section).and_then(Value::as_object_mut) else { continue };
        let Some(value) = map.get_mut(name).filter(|value| !value.is_null()) else { continue };
        encoding.check(value).map_err(|fault| fault.under(name).under(section))?;
        if let Some(text) = value.as_str() {
            *value = match text.parse::<i64>() {
                Ok(code) => code.into(),
                // Written as a word, read as a boolean (Vome "The Profile object").
                Err(_) => (text == "true").into(),
            };
        }
    }
    let Some(profile) = sections.get_mut("profile_data").and_then(Value::as_object_mut) else {
        return Ok(());
    };
    let key = match rules.coordinates_key {
        CoordinatesKey::Address => COORDINATES,
        CoordinatesKey::Latitude => "latitude_longitude",
    };
    if let Some(mut pair) = profile.remove(key) {
        for part in pair.as_array_mut().into_iter().flatten() {
            let placed = |fault: Fault| fault.under(key).under("profile_data");
            rules.coordinates_as.check(part).map_err(placed)?;
            *part = part.as_str().map_or_else(|| part.to_string(), str::to_owned).into();
        }
        profile.insert(COORDINATES.into(), pair);
    }
    let phone = profile.get("phone_number").and_then(Value::as_str).unwrap_or_default();
    if rules.phone == Phone::Digits && !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        let fault = Fault::invalid("must be digits alone");
        return Err(fault.under("phone_number").under("profile_data"));
    }
    Ok(())
}

impl Record {
    /// The value that finds the profile; none when the record does not carry it. Which fields the
    /// custom values are for has been decided.
    pub(super) fn key(
        &self,
        identifier: &Identifier,
        email_key: impl Fn(&str) -> String,
    ) -> Option<String> {
        match identifier {
            Identifier::Email => self.email.as_deref().map(email_key),
            Identifier::Id => self.id.clone(),
            Identifier::Custom(field) => {
                let custom = self.custom.iter().find(|custom| custom.id == *field);
                custom.and_then(|custom| plain(&custom.value))
            }
        }
    }

    /// Whether a profile could be made of it.
    pub(super) fn is_complete(&self) -> Result<(), Fault> {
        let profile = self.sections.get("profile_data");
        for name in NEEDED {
            if profile.and_then(|profile| profile.get(name)).is_none_or(rule::is_blank) {
                return Err(Fault::missing().under(name).under("profile_data"));
            }
        }
        Ok(())
    }
}

fn read_custom(entries: Value) -> Result<Vec<Custom>, Fault> {
    let Value::Array(entries) = entries else { return Ok(Vec::new()) };
    let mut all: Vec<Custom> = Vec::with_capacity(entries.len());
    for (index, mut entry) in entries.into_iter().enumerate() {
        let given = |name| {
            let text = entry.get(name).and_then(Value::as_str).unwrap_or_default();
            text.trim().to_owned()
        };
        let (id, name) = (given("custom_field_id"), given("custom_field_name"));
        if id.is_empty() && name.is_empty() {
            return Err(Fault::missing().under("custom_field_id").at(index));
        }
        let Some(value) = entry.get_mut("custom_field_user_value").map(Value::take) else {
            return Err(Fault::missing().under("custom_field_user_value").at(index));
        };
        let again = |other: &Custom| {
            if id.is_empty() { other.name == name } else { other.id == id }
        };
        if all.iter().any(again) {
            return Err(Fault::invalid("names a field that an earlier entry names").at(index));
        }
        all.push(Custom { id, name, value });
    }
    Ok(all)
}

/// Merges the keys that are present; null clears. The documents do not say what becomes of the
/// others, so the variants do.
pub(super) fn merge(body: &mut Map<String, Value>, record: &Record, at: &str, omitted: Omitted) {
    if omitted == Omitted::Cleared {
        let profile = body.remove("profile_data");
        body.clear();
        if let Some(Value::Object(mut profile)) = profile {
            profile.retain(|name, _| NEEDED.contains(&name.as_str()));
            body.insert("profile_data".into(), profile.into());
        }
    }
    for (section, values) in &record.sections {
        match values {
            Value::Object(values) => change(body, section, |kept| merge_section(kept, values)),
            _ => drop(body.remove(section)),
        }
    }
    if record.custom.is_empty() {
        return;
    }
    change(body, CUSTOM, |kept| {
        for Custom { id, value, .. } in &record.custom {
            if value.is_null() {
                kept.remove(id);
            } else {
                let since = kept.get(id).and_then(|entry| entry.get("at")).cloned();
                let since = since.unwrap_or_else(|| at.into());
                kept.insert(id.clone(), json!({"at": since, "value": value}));
            }
        }
    });
}

fn merge_section(kept: &mut Map<String, Value>, values: &Map<String, Value>) {
    for (name, value) in values {
        let value = match (name.as_str(), value) {
            // It finds a profile and is no part of it.
            ("id", _) => continue,
            (_, Value::Null) => {
                kept.remove(name);
                continue;
            }
            ("email", Value::String(text)) => text.trim().into(),
            (_, value) => value.clone(),
        };
        kept.insert(name.clone(), value);
    }
}

/// Changes the object under a name, which need not be there yet.
fn change(body: &mut Map<String, Value>, name: &str, edit: impl FnOnce(&mut Map<String, Value>)) {
    let mut map = match body.remove(name) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    edit(&mut map);
    body.insert(name.to_owned(), map.into());
}

/// The custom values by which a profile can be found.
pub(super) fn aliases(body: &Map<String, Value>) -> Aliases {
    let custom = body.get(CUSTOM).and_then(Value::as_object);
    custom
        .into_iter()
        .flatten()
        .filter_map(|(id, entry)| Some((alias(id), plain(entry.get("value")?)?)))
        .collect()
}

/// The name under which the values of a custom field are found.
pub(super) fn alias(field: &str) -> String {
    format!("custom:{field}")
}

/// The custom values that can identify somebody: short texts and numbers.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
    .filter(|text| !text.is_empty() && text.len() <= 200)
}

#[cfg(test)]
mod tests {
    use super::super::super::rule::Kind;
    use super::super::super::store::email_key;
    use super::super::super::variants::EmailMatch;
    use super::*;

    fn lily() -> Value {
        json!({"profile_data": {"first_name": "Lily", "last_name": "Smith", "email": "l@s.org"}})
    }

    /// Lily with one value put where the pointer says.
    fn with(pointer: &str, value: Value) -> Value {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let mut record = lily();
        if !parent.is_empty() && record.pointer(parent).is_none() {
            record[parent.trim_start_matches('/')] = json!({});
        }
        record.pointer_mut(parent).unwrap()[name] = value;
        record
    }

    #[test]
    fn a_record_is_refused_at_the_place_that_is_wrong() {
        use Kind::{Invalid, Missing};
        let cases = [
            (json!([]), "", Invalid),
            (json!({}), "profile_data", Missing),
            (with("/profile_data", json!("Lily")), "profile_data", Invalid),
            (with("/nickname", json!("L")), "nickname", Invalid),
            (with("/profile_data/gender_text", json!("x")), "profile_data.gender_text", Invalid),
            (
                with("/profile_data/latitude_longitude", json!(["1", "2"])),
                "profile_data.latitude_longitude",
                Invalid,
            ),
            (with("/profile_data/email", json!("l at s")), "profile_data.email", Invalid),
            (with("/profile_data/email", json!(null)), "profile_data.email", Missing),
            (with("/profile_data/first_name", json!(" ")), "profile_data.first_name", Missing),
            (with("/profile_data/last_name", json!(7)), "profile_data.last_name", Invalid),
            (with("/profile_data/gender", json!("1")), "profile_data.gender", Invalid),
            (with("/profile_data/gender", json!(4)), "profile_data.gender", Invalid),
            (
                with("/profile_data/date_of_birth", json!("2023-02-30")),
                "profile_data.date_of_birth",
                Invalid,
            ),
            (
                with("/profile_data/phone_number", json!("call me")),
                "profile_data.phone_number",
                Invalid,
            ),
            (
                with("/profile_data/address_coordinates", json!([1.5, 2.5])),
                "profile_data.address_coordinates",
                Invalid,
            ),
            (with("/occupation_info/occupation", json!(9)), "occupation_info.occupation", Invalid),
            (
                with("/medical_information/has_medical_info", json!("yes")),
                "medical_information.has_medical_info",
                Invalid,
            ),
            (
                with("/custom_field_data", json!([{"custom_field_user_value": 1}])),
                "custom_field_data[0].custom_field_id",
                Missing,
            ),
            (
                with("/custom_field_data", json!([{"custom_field_id": "f"}])),
                "custom_field_data[0].custom_field_user_value",
                Missing,
            ),
            (
                with(
                    "/custom_field_data",
                    json!([
                        {"custom_field_id": "f", "custom_field_user_value": 1},
                        {"custom_field_id": "f", "custom_field_user_value": 2},
                    ]),
                ),
                "custom_field_data[1]",
                Invalid,
            ),
        ];
        assert!(read(&lily(), &Vome::default()).is_ok());
        for (record, path, kind) in cases {
            let fault = read(&record, &Vome::default()).unwrap_err();
            assert_eq!((fault.path.as_str(), fault.kind), (path, kind), "{record}");
        }
    }

    #[test]
    fn an_envelope_is_refused_at_the_place_that_is_wrong() {
        let good = json!({
            "unique_identifier": {"identifier_type": 0, "unique_custom_field": ""},
            "invite_user_to_vome": false,
            "invite_language": "EN",
            "invite_message": null,
            "volunteers_data": [lily()],
        });
        assert!(envelope(&good, "volunteers_data", &Vome::default()).is_ok());
        assert_eq!(
            envelope(&good, "users_data", &Vome::default()).map(|_| ()).unwrap_err().path,
            "users_data"
        );
        let cases = [
            (
                "unique_identifier",
                json!({"identifier_type": 3}),
                "unique_identifier.identifier_type",
            ),
            (
                "unique_identifier",
                json!({"identifier_type": 2, "unique_custom_field": ""}),
                "unique_identifier.unique_custom_field",
            ),
            (
                "unique_identifier",
                json!({"identifier_type": 2, "unique_custom_field": "a", "unique_id": "b"}),
                "unique_identifier.unique_id",
            ),
            ("unique_identifier", json!({"by": 0}), "unique_identifier.by"),
            ("invite_user_to_vome", json!("false"), "invite_user_to_vome"),
            ("invite_language", json!("DE"), "invite_language"),
            ("invite_message", json!(1), "invite_message"),
            ("volunteers_data", json!([]), "volunteers_data"),
            ("volunteers_data", json!(null), "volunteers_data"),
            ("users_data", json!([]), "users_data"),
        ];
        for (name, value, path) in cases {
            let mut body = good.clone();
            body[name] = value;
            let fault =
                envelope(&body, "volunteers_data", &Vome::default()).map(|_| ()).unwrap_err();
            assert_eq!(fault.path, path, "{body}");
        }
        let mut silent = good;
        silent.as_object_mut().unwrap().remove("invite_user_to_vome");
        let fault = envelope(&silent, "volunteers_data", &Vome::default()).map(|_| ()).unwrap_err();
        assert_eq!((fault.path.as_str(), fault.kind), ("invite_user_to_vome", Kind::Missing));
    }

    #[test]
    fn each_identifier_has_its_key() {
        let record = json!({
            "profile_data": {"id": "v-1", "email": " Lily@S.org "},
            "custom_field_data": [{"custom_field_id": "f", "custom_field_user_value": 12}],
        });
        let key = |identifier| {
            let record = read(&record, &Vome::default()).unwrap();
            record.key(&identifier, |email| email_key(email, EmailMatch::Insensitive))
        };
        assert_eq!(key(Identifier::Email).as_deref(), Some("lily@s.org"));
        assert_eq!(key(Identifier::Id).as_deref(), Some("v-1"));
        assert_eq!(key(Identifier::Custom("f".into())).as_deref(), Some("12"));
        assert_eq!(key(Identifier::Custom("g".into())), None);
    }

    #[test]
    fn a_merge_keeps_what_is_not_sent_and_clears_what_is_null() {
        let first = json!({
            "profile_data": {"email": "l@s.org", "address": "7 Freedom Trail", "gender": 1},
            "medical_information": {"has_medical_info": "true"},
            "custom_field_data": [{"custom_field_id": "f", "custom_field_user_value": "x"}],
        });
        let second = json!({
            "profile_data": {"gender": null, "first_name": "Lily"},
            "custom_field_data": [{"custom_field_id": "f", "custom_field_user_value": null}],
        });
        let mut body = Map::new();
        merge(&mut body, &read(&first, &Vome::default()).unwrap(), "then", Omitted::Kept);
        assert_eq!(aliases(&body), Aliases::from([("custom:f".into(), "x".into())]));
        merge(&mut body, &read(&second, &Vome::default()).unwrap(), "now", Omitted::Kept);
        let expected = json!({
            "profile_data": {"email": "l@s.org", "address": "7 Freedom Trail", "first_name": "Lily"},
            "medical_information": {"has_medical_info": true},
            "custom_field_data": {},
        });
        assert_eq!(Value::Object(body), expected);
    }
}
