//! Every property of the batch's documented body against the shapes in which profiles are shown.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A profile in the body of "Batch Profiles", with a value for each key.
pub(in crate::target::omneo) fn sent() -> Json {
    json!({
        "first_name": "ada", "last_name": "van Larkspur", "email": "Ada@example.org",
        "title": "Dr", "gender": "withheld", "currency": "AUD", "profile_type": "active",
        "joined_at": "2021-01-27T00:00:00Z", "mobile_phone": "+61412323123",
        "secondary_phone": "+61412323124", "birth_day": 1, "birth_month": 5, "birth_year": 1990,
        "company": "Larkspur Pty", "occupation": "gardener", "avatar_url": "https://example.org/a.png",
        "joined_location_id": 12, "preferred_location_external_id": "L-9",
        "tags": ["vip", "loves roses"],
        "identities": [{"handle": "shopify", "identifier": "77", "is_active": true}],
        "custom_attributes": [
            {"namespace": "garden", "handle": "plots", "type": "integer", "value": 3},
            {"namespace": "garden", "handle": "tools", "type": "json", "value": {"rake": [1, 2]}},
        ],
        "dates_attributes": [{"date": "2019-06-01", "name": "Wedding", "handle": "wedding",
            "is_recurring": true}],
        "statuses": ["member"],
        "addresses": [{"address_line_1": "1 Hill St", "city": "Perth", "postcode": "0600",
            "state": "WA", "country": "AU", "is_default": true}],
        "comms_attributes": {"email_promo": true, "sms_promo": false,
            "email_consent_updated_at": "2023-01-01T00:00:00Z"},
        "region": "anz",
        "regions": [{"region_id": 4, "handle": "anz", "country": "AU"}],
        "organisations": [{"id": 8, "role_definition_id": 2}],
        "attributes": {"appearance": {"size_shoe": "42"}},
        "meta": {"source": "fair"}
    })
}

/// The same person as Omneo shows profiles.
pub(in crate::target::omneo) fn shown() -> Json {
    json!({
        "id": "8d7c", "external_id": "77", "full_name": "Ada Van Larkspur",
        "first_name": "Ada", "last_name": "Van Larkspur", "email": "ada@example.org",
        "title": "Dr", "gender": "WITHELD", "currency": "AUD", "profile_type": "active",
        "joined_at": "2021-01-27 00:00:00", "mobile_phone": "0412323123",
        "mobile_phone_e164": "+61412323123", "secondary_phone": "+61412323124",
        "birth_day": "1", "birth_month": "5", "birth_year": "1990", "birth_date": "1990-05-01",
        "company": "Larkspur Pty", "occupation": "gardener", "avatar_url": "https://example.org/a.png",
        "joined_location": {"id": 12, "name": "Perth"}, "preferred_location_external_id": "L-9",
        "tags": [{"id": 1, "handle": "loves-roses"}, {"id": 2, "handle": "vip"}],
        "identities": [{"id": 4, "handle": "pos", "identifier": "1"},
            {"id": 5, "handle": "shopify", "identifier": "77", "is_active": 1, "is_primary": true}],
        "custom_attributes": [
            {"id": 1, "namespace": "garden", "handle": "plots", "type": "integer", "value": "3"},
            {"id": 2, "namespace": "garden", "handle": "tools", "type": "json",
                "value": "{\"rake\":[1,2]}"},
        ],
        "statuses": [{"handle": "member"}, {"handle": "staff"}],
        "addresses": [
            {"id": 1, "address_line_1": "9 Dale Rd", "city": "Cork", "postcode": "T12",
                "country": "Ireland"},
            {"id": 2, "address_line_1": "1 Hill St", "city": "Perth", "postcode": "0600",
                "state": "WA", "country": "Australia", "is_default": 1}],
        "attributes": {
            "comms": {"email_promo": 1, "sms_promo": null,
                "email_consent_updated_at": "2023-01-01 00:00:00"},
            "appearance": {"size_shoe": "42", "eye_colour": "green"},
            "dates": [{"id": 3, "date": "2019-06-01 00:00:00", "name": "Wedding",
                "handle": "wedding", "is_recurring": true, "links": []}],
        },
        "region": {"id": 4, "handle": "anz"},
        "regions": [{"id": 1, "region_id": 4, "handle": "anz", "country": "AU", "is_active": true}],
        "organisations": [{"id": 8, "role_definition_id": 2, "name": "Guild"}],
        "meta": {"source": "fair", "more": 1}
    })
}

fn fields(sent: &Json, profile: &Json) -> Vec<String> {
    differences(sent, profile).into_iter().map(|one| one.field).collect()
}

#[test]
fn a_profile_in_the_shapes_of_the_documents_is_what_was_sent() {
    assert_eq!(differences(&sent(), &shown()), []);
    assert_eq!(differences(&sent(), &sent()), [], "in the shape in which it was written, too");
}

/// Where something else may be sent than the example shows, and the field that differs then.
pub(in crate::target::omneo) fn otherwise() -> Vec<(&'static str, Json, &'static str)> {
    vec![
        ("/first_name", json!("ida"), "first_name"),
        ("/email", json!("ida@example.org"), "email"),
        ("/gender", json!("male"), "gender"),
        ("/currency", json!("NZD"), "currency"),
        ("/joined_at", json!("2021-01-27T10:00:00Z"), "joined_at"),
        ("/mobile_phone", json!("+61412323129"), "mobile_phone"),
        ("/birth_day", json!(2), "birth_date"),
        ("/company", json!("larkspur pty"), "company"),
        ("/joined_location_id", json!(13), "joined_location_id"),
        ("/preferred_location_external_id", json!("l-9"), "preferred_location_external_id"),
        ("/tags", json!(["vip", "VIP"]), "tags"),
        ("/identities/0/identifier", json!("78"), "identities.shopify"),
        ("/identities/0/is_active", json!(false), "identities.shopify"),
        ("/identities/0/handle", json!("klaviyo"), "identities.klaviyo"),
        ("/custom_attributes/0/value", json!(4), "custom_attributes.garden.plots"),
        ("/custom_attributes/1/value", json!({"rake": [2, 1]}), "custom_attributes.garden.tools"),
        ("/custom_attributes/1/handle", json!("Tools"), "custom_attributes.garden.Tools"),
        ("/dates_attributes/0/date", json!("2019-06-02"), "dates_attributes.1.date"),
        ("/statuses", json!(["member", "media"]), "statuses"),
        ("/addresses/0/city", json!("Albany"), "addresses.1.city"),
        ("/addresses/0/postcode", json!("600"), "addresses.1.postcode"),
        ("/addresses/0/country", json!("NZ"), "addresses.1.country"),
        ("/addresses/0/is_default", json!(false), "addresses.1.is_default"),
        ("/comms_attributes/email_promo", json!(false), "email_promo"),
        ("/comms_attributes/sms_promo", json!(true), "sms_promo"),
        (
            "/comms_attributes/email_consent_updated_at",
            json!("2022-01-01T00:00:00Z"),
            "email_consent_updated_at",
        ),
        ("/region", json!("emea"), "region_handle"),
        ("/regions/0/country", json!("NZ"), "regions.1"),
        ("/organisations/0/role_definition_id", json!(3), "organisations.1"),
        ("/attributes/appearance/size_shoe", json!("43"), "attributes.appearance.size_shoe"),
        ("/meta/source", json!("shop"), "meta"),
    ]
}

#[test]
fn each_field_that_is_otherwise_is_told_by_its_name_and_no_other() {
    for (pointer, value, expected) in otherwise() {
        let mut sent = sent();
        *sent.pointer_mut(pointer).unwrap() = value;
        assert_eq!(fields(&sent, &shown()), [expected], "{pointer}");
    }
}

#[test]
fn a_difference_says_what_was_sent_and_what_is_there() {
    let sent = json!({"birth_day": 2, "birth_month": 5, "birth_year": 1990, "company": "X",
        "addresses": [{"city": "Perth", "country": "NZ"}]});
    let told: Vec<String> = differences(&sent, &shown()).iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            r#"birth_date was sent as "1990-05-02" and is "1990-05-01""#,
            r#"addresses.1.country was sent as "NZ" and is "Australia""#,
            r#"company was sent as "X" and is "Larkspur Pty""#,
        ]
    );
}

#[test]
fn a_date_of_birth_is_read_from_its_parts_or_from_the_date() {
    let day = |day| json!({"birth_day": day, "birth_month": 5});
    for (profile, good) in [
        (json!({"birth_day": 1, "birth_month": 5}), true),
        (json!({"birth_day": "01", "birth_month": "05"}), true),
        (json!({"birth_date": "1990-05-01"}), true),
        (json!({"birth_date": "1990-05-02"}), false),
        (json!({"birth_date": "Übermut und mehr"}), false),
        (json!({}), false),
    ] {
        assert_eq!(differences(&day(1), &profile).is_empty(), good, "{profile}");
    }
    assert_eq!(fields(&day(2), &json!({"birth_date": "1990-05-01"})), ["birth_date.day"]);
    assert_eq!(fields(&day(2), &json!({})), ["birth_date"]);
    let cleared = json!({"birth_day": null, "birth_month": null, "birth_year": null});
    assert_eq!(fields(&cleared, &json!({"birth_day": null})), [""; 0]);
    assert_eq!(fields(&cleared, &shown()), ["birth_date"]);
}

#[test]
fn custom_attributes_are_found_as_a_list_or_nested() {
    let sent = json!({"custom_attributes": [{"namespace": "garden", "handle": "plots",
        "type": "boolean", "value": true}]});
    for (profile, good) in [
        (json!({"custom_attributes": {"garden": {"plots": true}}}), true),
        (json!({"attributes": {"custom": {"garden": {"plots": "1"}}}}), true),
        (
            json!({"attributes": {"custom": [{"namespace": "garden", "handle": "plots", "value": 1}]}}),
            true,
        ),
        (json!({"custom_attributes": {"garden:plots": true}}), false),
        (json!({"custom_attributes": {"shed": {"plots": true}}}), false),
        (json!({"custom_attributes": null}), false),
    ] {
        assert_eq!(differences(&sent, &profile).is_empty(), good, "{profile}");
    }
}

#[test]
fn an_address_is_held_against_the_one_that_is_most_like_it() {
    let sent = json!({"addresses": [{"external_id": "home", "city": "Cork", "country": "IE"}]});
    assert_eq!(
        fields(&sent, &shown()),
        ["addresses.1.external_id"],
        "the address in Cork, which has no id"
    );
    let own = json!({"addresses": [{"external_id": "home", "city": "Perth", "country": "IE"},
        {"city": "Cork", "country": "IE"}]});
    assert_eq!(fields(&sent, &own), ["addresses.1.city"], "the one of the same id");
    let only = json!({"addresses": null, "address": {"external_id": "home", "city": "Cork",
        "country": "Irland", "iso": "ie"}});
    assert_eq!(fields(&sent, &only), [""; 0], "the default one, by its code");
    assert_eq!(fields(&sent, &json!({})).len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A profile shows any part of what was sent without a difference, and one change is one
    /// difference.
    #[test]
    fn one_change_is_one_difference(kept in prop::collection::vec(any::<bool>(), 40), place in 0..64_usize) {
        let mut kept = kept.into_iter();
        let mut sent = sent();
        sent.as_object_mut().unwrap().retain(|_, _| kept.next().unwrap_or(true));
        prop_assert_eq!(differences(&sent, &shown()), []);
        let mut values: Vec<&mut Json> = sent.as_object_mut().unwrap().values_mut().collect();
        let many = values.len();
        if many > 0 {
            match values.swap_remove(place % many) {
                Json::Array(list) => match list.first_mut() {
                    Some(Json::Object(map)) => {
                        let key = ["city", "date", "identifier", "value", "country", "role_definition_id"]
                            .into_iter().find(|key| map.contains_key(*key)).unwrap();
                        map.insert(key.to_owned(), json!(123_456));
                    }
                    _ => list.push(json!("one more")),
                },
                Json::Object(map) => {
                    let first = map.values_mut().next().unwrap();
                    *first = match &*first {
                        Json::Bool(yes) => json!(!yes),
                        Json::Object(_) => json!({"size_shoe": "7"}),
                        _ => json!("other"),
                    };
                }
                other => *other = json!("77"),
            }
            prop_assert_eq!(differences(&sent, &shown()).len(), 1, "{}", sent);
        }
    }
}
