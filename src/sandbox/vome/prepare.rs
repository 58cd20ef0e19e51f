//! What is done to a record before and after it is checked, so that the variants hold: what they
//! pass over is taken out, and what can be written in two ways is brought into one.

use serde_json::{Map, Value};

use super::super::rule::{self, Fault};
use super::super::variants::{Blank, CoordinatesKey, Null, Phone, Strictness, Vome};
use super::record::{COORDINATES, CUSTOM, CUSTOM_VALUE, RECORD};

/// Removes what the variants pass over, and refuses what they refuse.
pub(super) fn prepare(value: &mut Value, rules: &Vome) -> Result<(), Fault> {
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
pub(super) fn check_encodings(
    sections: &mut Map<String, Value>,
    rules: &Vome,
) -> Result<(), Fault> {
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
