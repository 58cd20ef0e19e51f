//! How Vome shows a profile (Vome "The Profile object"), which is not how it takes one.

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::super::rule;
use super::super::store::Person;
use super::super::variants::{CoordinatesKey, FieldsListed, NumberForm, Vome};
use super::custom;
use super::definition::Known;
use super::record::COORDINATES;

/// A profile as the list shows it.
pub(super) fn profile(person: &Person, fields: &[Known], today: Date, rules: &Vome) -> Value {
    let section = |name: &str| person.body.get(name).and_then(Value::as_object);
    let text = |map: Option<&Map<String, Value>>, name: &str| {
        map.and_then(|map| map.get(name)).cloned().unwrap_or_else(|| json!(""))
    };
    let other = |map: Option<&Map<String, Value>>, name: &str| {
        map.and_then(|map| map.get(name)).cloned().unwrap_or_default()
    };
    let contact = section("emergency_contact");
    let medical = section("medical_information");
    let work = section("occupation_info");
    let profile = section("profile_data");
    let word = |name| text(profile, name).as_str().unwrap_or_default().to_owned();
    let full_name = format!("{} {}", word("first_name"), word("last_name"));
    let born = rule::date(&word("date_of_birth"));
    let code = |value: Value| match rules.code_shown {
        NumberForm::String if value.is_number() => json!(value.to_string()),
        _ => value,
    };
    let mut shown = json!({
        "id": person.id,
        "logged_hours": 0,
        "is_offline": true,
        "is_following": false,
        "emergency_contact": {
            "name": text(contact, "name"),
            "phone_number": text(contact, "phone_number"),
            "relationship": text(contact, "relationship"),
        },
        "medical_information": {
            "description": text(medical, "description"),
            "has_medical_info": other(medical, "has_medical_info") == json!(true),
        },
        "profile_details": {
            "first_name": text(profile, "first_name"),
            "last_name": text(profile, "last_name"),
            "full_name": full_name.trim(),
            "email": text(profile, "email"),
            "profile_image": null,
            "phone_number": text(profile, "phone_number"),
            "date_of_birth": other(profile, "date_of_birth"),
            "gender": code(other(profile, "gender")),
            "gender_text": text(profile, "gender_text"),
            "occupation": code(other(work, "occupation")),
            "occupation_institution_name": text(work, "occupation_institution_name"),
            "skills": [],
            "languages": [],
            "address": text(profile, "address"),
            "age": born.map(|born| age(born, today)),
        },
        "opportunities": [],
        "most_recent_shift": null,
        "completed_shifts": 0,
        "profile_tags": [],
        "custom_fields": customs(person, fields, rules),
    });
    // Written as `address_coordinates`, shown under another name in the documents' example.
    let key = match rules.coordinates_shown {
        CoordinatesKey::Address => COORDINATES,
        CoordinatesKey::Latitude => "latitude_longitude",
    };
    if let Some(details) = shown.get_mut("profile_details").and_then(Value::as_object_mut) {
        details.insert(key.into(), other(profile, COORDINATES));
    }
    shown
}

/// The custom fields in the order in which they were made.
fn customs(person: &Person, fields: &[Known], rules: &Vome) -> Vec<Value> {
    let kept = person.body.get("custom_field_data").and_then(Value::as_object);
    let shown = fields.iter().filter_map(|field| {
        let entry = kept.and_then(|kept| kept.get(&field.id));
        if entry.is_none() && rules.fields_listed == FieldsListed::Filled {
            return None;
        }
        custom::show(&person.id, field, entry, rules)
    });
    shown.collect()
}

fn age(born: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn age_turns_on_the_birthday() {
        let born = date(2004, 5, 3);
        assert_eq!(age(born, date(2024, 5, 2)), 19);
        assert_eq!(age(born, date(2024, 5, 3)), 20);
    }

    #[test]
    fn what_was_written_is_shown_in_the_documented_places() {
        let body = json!({
            "profile_data": {
                "first_name": "Sara", "last_name": "Fried", "email": "s@f.org",
                "date_of_birth": "2004-05-03", "gender": 1, "address_coordinates": ["1", "2"],
            },
            "occupation_info": {"occupation": 0},
            "custom_field_data": {
                "a": {"value": true, "at": "then"},
                "b": {"value": ["Blue", "Green"], "at": "then"},
            },
        });
        let person = Person {
            id: "p".into(),
            email_key: "s@f.org".into(),
            body: body.as_object().unwrap().clone(),
            created_at: "then".into(),
            updated_at: "then".into(),
        };
        let fields = [("a", "Waiver"), ("b", "Colours")].map(|(id, name)| Known {
            id: id.into(),
            name: name.into(),
            kind: None,
            is_active: true,
            options: Vec::new(),
        });
        let shown = profile(&person, &fields, date(2024, 9, 19), &Vome::default());
        for (pointer, expected) in [
            ("/profile_details/full_name", json!("Sara Fried")),
            ("/profile_details/gender", json!(1)),
            ("/profile_details/occupation", json!(0)),
            ("/profile_details/latitude_longitude/1", json!("2")),
            ("/profile_details/age", json!(20)),
            ("/profile_details/phone_number", json!("")),
            ("/medical_information/has_medical_info", json!(false)),
            ("/custom_fields/0/custom_field/name", json!("Waiver")),
            ("/custom_fields/0/custom_field/field_type", json!(10)),
            ("/custom_fields/0/custom_field_value/value", json!(true)),
            ("/custom_fields/1/custom_field/options/1/value", json!("Green")),
            ("/custom_fields/1/custom_field_value/1/value/value", json!("Green")),
        ] {
            assert_eq!(shown.pointer(pointer), Some(&expected), "{pointer}");
        }
    }
}
