//! The profile of the documents' example, read and compared, with each shape that the documents print.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::target::directory::Reversal;
use crate::target::vome::custom::Catalogue;
use crate::target::vome::settings::Settings;

fn vome() -> Vome {
    under("")
}

/// Vome with the settings of a recipe's `[vome]`.
fn under(settings: &str) -> Vome {
    let settings: Settings = toml::from_str(settings).unwrap();
    let catalogue = Catalogue::new(&settings, &[]).into();
    Vome { settings: settings.into(), catalogue, batch_size: 50 }
}

/// The example of "The Profile object", with its JSON repaired and its address spelled out.
fn shown() -> Json {
    json!({
        "id": "a9a1028f-93a6-401d-9867-1fe59aa2d830",
        "logged_hours": 55,
        "is_offline": true,
        "is_following": false,
        "emergency_contact": {
            "name": "Dana Lauren", "phone_number": "+15145555555", "relationship": "Sibling"
        },
        "medical_information": {
            "description": "I have allergies to peanuts", "has_medical_info": true
        },
        "profile_details": {
            "first_name": "Sara", "last_name": "Fried", "full_name": "Sara Fried",
            "email": "sara@example.org", "profile_image": "/media/x.jpg",
            "phone_number": "+15145555555", "date_of_birth": "2004-05-03", "gender": 0,
            "gender_text": "", "occupation": 2, "occupation_institution_name": "ABC Corporation",
            "skills": [{"id": "64fd9793", "skill_title": "Video Editing"}],
            "languages": [{"id": "64fd9793", "language_name": "French"}],
            "address": "1111 Marcus Avenue, New Hyde Park, NY, USA",
            "latitude_longitude": ["40.7567681", "-73.69960300000001"], "age": 26
        },
        "opportunities": [], "most_recent_shift": null, "completed_shifts": 0,
        "profile_tags": [{"id": "546c", "tag": {"id": "ec00", "tag_title": "Tag A"}}],
        "custom_fields": [
            {
                "id": "4ecc41e2",
                "custom_field": {"id": "b9e2d0f6", "name": "Custom Title - Boolean Field A",
                    "field_type": 10, "is_active": true},
                "created_at": "2024-09-19T17:35:35.210435Z",
                "custom_field_value": {"id": "50ffc051", "value": true}
            },
            {
                "id": "4c7aee40",
                "custom_field": {"id": "b46da1d3", "name": "Multi-Select (Colors)", "field_type": 3,
                    "is_active": true, "options": [
                        {"id": "41788791", "value": "Blue", "order": 1},
                        {"id": "aa6f4182", "value": "Green", "order": 2},
                        {"id": "ed50ba9a", "value": "Yellow", "order": 3}]},
                "custom_field_value": [
                    {"id": "73dea3c5", "value": {"id": "41788791", "value": "Blue", "order": 1}},
                    {"id": "535ae6f4", "value": {"id": "aa6f4182", "value": "Green", "order": 2}}]
            },
            custom_shown(9, "Member", &json!({"id": "1", "value": "007"})),
            custom_shown(1, "Hours", &json!({"id": "2", "value": "12.50"})),
            custom_shown(2, "T-shirt size",
                &json!({"id": "3", "value": {"id": "op-m", "value": "Medium", "order": "2"}})),
            custom_shown(4, "Last seen", &json!({"id": "4", "value": "2024-09-19T17:35:35Z"})),
            custom_shown(5, "Second mail", &json!({"id": "5", "value": "Sara@Example.org"})),
            custom_shown(12, "Since", &json!([{"id": "6", "value": "2020-01-02"}])),
            custom_shown(0, "Note", &json!({"id": "7", "value": "x, y"})),
        ]
    })
}

fn custom_shown(kind: u8, name: &str, value: &Json) -> Json {
    json!({"id": "link", "custom_field": {"id": format!("id-{name}"), "name": name,
        "field_type": kind.to_string(), "is_active": true}, "custom_field_value": value})
}

/// What a write would have to hold for the example to be the outcome.
fn sent() -> Json {
    json!({
        "emergency_contact": {
            "name": "Dana Lauren", "phone_number": "+15145555555", "relationship": "Sibling"
        },
        "medical_information": {
            "description": "I have allergies to peanuts", "has_medical_info": "true"
        },
        "occupation_info": {"occupation": 2, "occupation_institution_name": "ABC Corporation"},
        "profile_data": {
            "first_name": "Sara", "last_name": "Fried", "email": "Sara@example.org",
            "phone_number": "+15145555555", "date_of_birth": "2004-05-03", "gender": 0,
            "address": "1111 Marcus Avenue, New Hyde Park, NY, USA",
            "address_coordinates": ["40.7567681", "-73.69960300000001"]
        },
        "custom_field_data": [
            {"custom_field_name": "Custom Title - Boolean Field A", "custom_field_user_value": true},
            {"custom_field_id": "b46da1d3", "custom_field_user_value": ["Green", "Blue"]},
            {"custom_field_name": "member", "custom_field_user_value": "007"},
            {"custom_field_name": "Hours", "custom_field_user_value": "12.5"},
            {"custom_field_name": "T-shirt size", "custom_field_user_value": "Medium"},
            {"custom_field_name": "Last seen", "custom_field_user_value": "2024-09-19T17:35:35Z"},
            {"custom_field_name": "Second mail", "custom_field_user_value": "sara@example.org"},
            {"custom_field_name": "Since", "custom_field_user_value": "2020-01-02"},
            {"custom_field_name": "Note", "custom_field_user_value": "x, y"},
        ]
    })
}

/// By a custom field of a name, without its id.
fn by_name(field: &str) -> By {
    By::Custom { field: field.to_owned(), id: None }
}

#[test]
fn the_settings_say_by_what_profiles_are_found() {
    assert_eq!(vome().by(), By::Email);
    assert_eq!(under("match = \"id\"").by(), By::Id);
    let by = under("match = \"custom:Member no\"\nmatch_field_id = \"7\"").by();
    assert_eq!(by, By::Custom { field: "Member no".to_owned(), id: Some("7".to_owned()) });
}

#[test]
fn a_field_of_the_same_name_is_not_the_one_that_people_are_matched_by() {
    let one = |id: &str, value: &str| {
        json!({"custom_field": {"id": id, "name": "Badge", "field_type": 9},
            "custom_field_value": {"id": "v", "value": value}})
    };
    let profile = json!({"custom_fields": [one("other", "7"), one("own", "8")]});
    let by = By::Custom { field: "Badge".to_owned(), id: Some("own".to_owned()) };
    assert_eq!(by.keys(&profile), [Key::exact("8").unwrap()]);
    let sent = |id: &str, value: &str| {
        json!({"custom_field_data": [{"custom_field_id": id, "custom_field_name": "Badge",
            "custom_field_user_value": value}]})
    };
    assert_eq!(fields(&sent("own", "8"), &profile), [""; 0]);
    assert_eq!(fields(&sent("own", "7"), &profile), ["custom:Badge"]);
}

fn fields(sent: &Json, profile: &Json) -> Vec<String> {
    vome().differences(sent, profile).into_iter().map(|one| one.field).collect()
}

#[test]
fn the_profile_of_the_documents_is_what_its_write_would_have_been() {
    assert_eq!(vome().differences(&sent(), &shown()), []);
}

/// Where something else may be sent than the example shows, and the field that differs then.
fn otherwise() -> Vec<(&'static str, Json, &'static str)> {
    vec![
        ("/emergency_contact/name", json!("Dan"), "emergency_contact_name"),
        ("/emergency_contact/phone_number", json!("+1514"), "emergency_contact_phone"),
        ("/emergency_contact/relationship", json!(null), "emergency_contact_relationship"),
        ("/medical_information/description", json!(""), "medical_information"),
        ("/medical_information/has_medical_info", json!(false), "has_medical_info"),
        ("/occupation_info/occupation", json!(1), "occupation"),
        ("/occupation_info/occupation_institution_name", json!("X"), "occupation_institution_name"),
        ("/profile_data/first_name", json!("sara"), "first_name"),
        ("/profile_data/email", json!("x@example.org"), "email"),
        ("/profile_data/date_of_birth", json!("2004-05-04"), "date_of_birth"),
        ("/profile_data/gender", json!(1), "gender"),
        ("/profile_data/address", json!("1112 Marcus Avenue"), "address"),
        ("/profile_data/address_coordinates", json!(["40.7", "-73.6"]), "address_coordinates"),
        (
            "/custom_field_data/0/custom_field_user_value",
            json!(false),
            "custom:Custom Title - Boolean Field A",
        ),
        (
            "/custom_field_data/1/custom_field_user_value",
            json!(["Blue"]),
            "custom:Multi-Select (Colors)",
        ),
        (
            "/custom_field_data/1/custom_field_user_value",
            json!(["Blue", "Green", "Yellow"]),
            "custom:Multi-Select (Colors)",
        ),
        ("/custom_field_data/2/custom_field_user_value", json!("7"), "custom:member"),
        ("/custom_field_data/3/custom_field_user_value", json!("13"), "custom:Hours"),
        ("/custom_field_data/4/custom_field_user_value", json!("Large"), "custom:T-shirt size"),
        ("/custom_field_data/8/custom_field_user_value", json!("y, x"), "custom:Note"),
        ("/custom_field_data/8/custom_field_name", json!("Nowhere"), "custom:Nowhere"),
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
fn what_was_changed_is_written_as_it_was_with_the_key_and_nothing_else() {
    for (pointer, value, expected) in otherwise() {
        let mut sent = sent();
        *sent.pointer_mut(pointer).unwrap() = value;
        let vome = vome();
        let changed = vome.differences(&sent, &shown());
        let Reversal { person, fields, lost, .. } = Reversal::of(&vome, &sent, &shown(), &changed);
        if expected == "email" {
            // Whoever is found by it is another person then.
            assert_eq!((person, lost), (Json::Null, vec![expected.to_owned()]));
            continue;
        }
        assert_eq!(lost, [""; 0], "{pointer}");
        assert_eq!(fields, [expected], "{pointer}");
        let leaves = |section: &Json| match section {
            Json::Object(map) => map.len(),
            Json::Array(list) => list.len(),
            _ => 1,
        };
        let sections = person.as_object().unwrap();
        assert_eq!(sections.values().map(leaves).sum::<usize>(), 2, "{person}");
        assert_eq!(person["profile_data"]["email"], "Sara@example.org");
        assert_eq!(vome.differences(&person, &shown()), [], "{person}");
    }
}

#[test]
fn what_there_was_is_written_under_the_settings_by_which_it_was_sent() {
    let profile = shown();
    let key = |sent: &Json| {
        let mut sent = sent.clone();
        sent["profile_data"]["email"] = json!("sara@example.org");
        sent
    };
    let custom = |name: &str, value: Json| json!({"custom_field_data": [{"custom_field_name": name, "custom_field_user_value": value}]});
    let encoding = |lines: &str| format!("[custom_encoding]\n{lines}\n");
    let of_time = "date = \"%d/%m/%Y\"\ndate_time = \"%d/%m/%Y %H:%M:%S\"";
    let ids = "multiple_selection = \"option_ids\"\nsingle_selection = \"option_id\"";
    let colours = "Multi-Select (Colors)";
    let flag = "Custom Title - Boolean Field A";
    for (settings, sent, before) in [
        (String::new(), custom("Hours", json!("7")), json!("12.50")),
        (encoding("number = \"native\""), custom("Hours", json!(7)), json!(12.50)),
        (String::new(), custom(flag, json!(false)), json!(true)),
        (encoding("boolean = \"string\""), custom(flag, json!("false")), json!("true")),
        (String::new(), custom("T-shirt size", json!("Small")), json!("Medium")),
        (encoding(ids), custom("T-shirt size", json!("op-s")), json!("op-m")),
        (String::new(), custom(colours, json!(["Yellow"])), json!(["Blue", "Green"])),
        (encoding(ids), custom(colours, json!(["ed50ba9a"])), json!(["41788791", "aa6f4182"])),
        (
            encoding("multiple_selection = \"joined\"\nseparator = \" / \""),
            custom(colours, json!("Yellow")),
            json!("Blue / Green"),
        ),
        (String::new(), custom("Since", json!(null)), json!("2020-01-02")),
        (encoding(of_time), custom("Since", json!("03/01/2020")), json!("02/01/2020")),
        (
            encoding(of_time),
            custom("Last seen", json!("01/01/2024 00:00:00")),
            json!("19/09/2024 17:35:35"),
        ),
        (
            String::new(),
            custom("Last seen", json!("2024-01-01T00:00:00Z")),
            json!("2024-09-19T17:35:35Z"),
        ),
        (String::new(), custom("Member", json!("008")), json!("007")),
        (encoding("number = \"native\""), custom("Hours", json!(null)), json!(12.50)),
        // What there was not is cleared.
        (String::new(), custom("Nowhere", json!("x")), json!(null)),
    ] {
        let vome = under(&settings);
        let sent = key(&sent);
        let changed = vome.differences(&sent, &profile);
        let Reversal { person, lost, .. } = Reversal::of(&vome, &sent, &profile, &changed);
        assert_eq!(lost, [""; 0], "{settings} {sent}");
        let written = &person["custom_field_data"][0]["custom_field_user_value"];
        assert_eq!(written, &before, "{settings} {sent}");
    }
    for (settings, sent, shown, before) in [
        ("", json!({"gender": 0}), json!({"gender": "Female"}), json!({"gender": 1})),
        ("", json!({"gender": null}), json!({"gender": 1}), json!({"gender": 1})),
        (
            "enum_encoding = \"string\"",
            json!({"gender": null}),
            json!({"gender": 1}),
            json!({"gender": "1"}),
        ),
        (
            "coordinates_key = \"location\"\ncoordinates_as = \"numbers\"",
            json!({"location": [1.5, 2.5]}),
            json!({"address_coordinates": ["40.5", "-73.25"]}),
            json!({"location": [40.5, -73.25]}),
        ),
        (
            "coordinates_as = \"strings\"",
            json!({"address_coordinates": null}),
            json!({"address_coordinates": [40.5, -73.25]}),
            json!({"address_coordinates": ["40.5", "-73.25"]}),
        ),
        ("", json!({"phone_number": "+1514"}), json!({}), json!({"phone_number": null})),
        // Nobody can be without a name, so that it cannot be taken away.
        ("", json!({"first_name": "Sara"}), json!({}), json!({})),
        ("", json!({"gender": 0}), json!({"gender": {"of": 1}}), json!({})),
    ] {
        let vome = under(settings);
        let (sent, mut shown) =
            (key(&json!({"profile_data": sent})), json!({"profile_details": shown}));
        shown["profile_details"]["email"] = json!("sara@example.org");
        let changed = vome.differences(&sent, &shown);
        assert_eq!(changed.len(), 1, "{sent}");
        let reversal = Reversal::of(&vome, &sent, &shown, &changed);
        if before == json!({}) {
            assert_eq!((reversal.person, reversal.lost.len()), (Json::Null, 1), "{sent}");
        } else {
            assert_eq!(reversal.person, key(&json!({"profile_data": before})), "{sent}");
        }
    }
}

#[test]
fn what_a_form_would_cut_short_is_lost() {
    let encoding = |lines: &str| under(&format!("[custom_encoding]\n{lines}\n"));
    let no_seconds = encoding("date_time = \"%d/%m/%Y %H:%M\"");
    let no_year = encoding("date = \"%d/%m\"");
    let joined = encoding("multiple_selection = \"joined\"\nseparator = \",\"");
    let colours = json!([{"id": "1", "value": {"id": "c", "value": "Red,Blue"}}]);
    for (vome, shown, field, sent) in [
        (
            no_seconds,
            custom_shown(4, "Last seen", &json!("2024-09-19T17:35:35Z")),
            "Last seen",
            "01/01/2024 00:00",
        ),
        (no_year, custom_shown(12, "Since", &json!("2020-01-02")), "Since", "03/04"),
        (joined, custom_shown(3, "Colours", &colours), "Colours", "Green"),
    ] {
        let before =
            json!({"profile_details": {"email": "sara@example.org"}, "custom_fields": [shown]});
        let sent = json!({"profile_data": {"email": "sara@example.org"}, "custom_field_data": [
            {"custom_field_name": field, "custom_field_user_value": sent}]});
        let changed = vome.differences(&sent, &before);
        let Reversal { lost, .. } = Reversal::of(&vome, &sent, &before, &changed);
        assert_eq!(lost, [format!("custom:{field}")]);
    }
}

#[test]
fn what_was_sent_is_taken_over_field_by_field() {
    let fields = ["first_name", "custom:Hours"];
    let Selection { person, .. } = vome().select(&sent(), &shown(), &fields, Values::Sent);
    let expected = json!({
        "profile_data": {"first_name": "Sara", "email": "Sara@example.org"},
        "custom_field_data": [{"custom_field_name": "Hours", "custom_field_user_value": "12.5"}],
    });
    assert_eq!(person, expected);
}

#[test]
fn whoever_is_found_by_a_custom_field_is_sent_with_it() {
    let vome = under("match = \"custom:Member\"\nmatch_field_id = \"id-Member\"");
    let mut sent = sent();
    sent["profile_data"]["email"] = json!("other@example.org");
    sent["custom_field_data"][2]["custom_field_name"] = json!("Member");
    let changed = vome.differences(&sent, &shown());
    let Reversal { person, fields, lost, .. } = Reversal::of(&vome, &sent, &shown(), &changed);
    assert_eq!((fields, lost.len()), (vec!["email".to_owned()], 0));
    let expected = json!({
        "profile_data": {"email": "sara@example.org"},
        "custom_field_data": [{"custom_field_name": "Member", "custom_field_user_value": "007"}],
    });
    assert_eq!(person, expected);
}

#[test]
fn what_is_written_in_another_of_the_documented_ways_is_no_difference() {
    for (pointer, value) in [
        ("/profile_details/gender", json!("0")),
        ("/profile_details/occupation", json!("2")),
        ("/medical_information/has_medical_info", json!("true")),
        ("/profile_details/date_of_birth", json!("2004-05-03T00:00:00Z")),
        ("/profile_details/latitude_longitude", json!([40.756_768_1, -73.699_603])),
        ("/custom_fields/0/custom_field/field_type", json!("boolean")),
        ("/custom_fields/0/custom_field_value/value", json!("true")),
        ("/custom_fields/0/custom_field_value", json!([{"id": "x", "value": true}])),
        ("/custom_fields/1/custom_field_value", json!(["Blue", "Green"])),
        ("/custom_fields/4/custom_field_value", json!({"id": "x", "value": "Medium"})),
        ("/custom_fields/5/custom_field_value/value", json!("2024-09-19T17:35:35.210435Z")),
        ("/custom_fields/7/custom_field_value", json!({"id": "x", "value": "2020-01-02"})),
    ] {
        let mut shown = shown();
        *shown.pointer_mut(pointer).unwrap() = value;
        assert_eq!(vome().differences(&sent(), &shown), [], "{pointer}");
    }
    let mut moved = shown();
    let details = moved["profile_details"].as_object_mut().unwrap();
    let coordinates = details.remove("latitude_longitude").unwrap();
    details.insert("address_coordinates".to_owned(), coordinates);
    assert_eq!(vome().differences(&sent(), &moved), [], "the name that the prose uses");
    for (value, same) in [
        (json!("Green; blue"), true),
        (json!("Blue,Green"), true),
        (json!("Blue"), false),
        (json!(["41788791", "aa6f4182"]), true),
        (json!([]), false),
        (json!(null), false),
    ] {
        let mut sent = sent();
        sent["custom_field_data"][1]["custom_field_user_value"] = value.clone();
        assert_eq!(fields(&sent, &shown()).is_empty(), same, "{value}");
    }
}

#[test]
fn a_field_that_was_cleared_is_found_empty_or_not_at_all() {
    let sent = json!({
        "profile_data": {"phone_number": null},
        "custom_field_data": [
            {"custom_field_name": "Note", "custom_field_user_value": null},
            {"custom_field_name": "Never seen", "custom_field_user_value": null},
        ],
    });
    assert_eq!(fields(&sent, &shown()), ["custom:Note", "phone_number"]);
    for empty in [json!(null), json!(""), json!({"id": "7", "value": ""}), json!([])] {
        let mut profile = shown();
        profile["profile_details"]["phone_number"] = json!("");
        profile["custom_fields"][8]["custom_field_value"] = empty.clone();
        assert_eq!(fields(&sent, &profile), [""; 0], "{empty}");
    }
}

#[test]
fn people_and_profiles_have_the_key_by_which_they_are_matched() {
    let mut with_id = sent();
    with_id["profile_data"]["id"] = json!("a9a1028f-93a6-401d-9867-1fe59aa2d830");
    for (by, key) in [
        (By::Email, "sara@example.org"),
        (By::Id, "a9a1028f-93a6-401d-9867-1fe59aa2d830"),
        (by_name("Member"), "007"),
        (by_name("MEMBER"), "007"),
    ] {
        assert_eq!(by.wanted(&with_id).unwrap().key.as_str(), key, "{by:?}");
        assert_eq!(by.keys(&shown()), [Key::exact(key).unwrap()], "{by:?}");
    }
    assert_eq!(by_name("id-Member").keys(&shown()), [Key::exact("007").unwrap()]);
    assert_eq!(By::Email.wanted(&with_id).unwrap().spelling.as_ref(), "Sara@example.org");
    for by in [By::Email, By::Id, by_name("Member")] {
        assert_eq!(by.wanted(&json!({})), None);
        assert_eq!(by.keys(&json!({"profile_details": {"email": null}, "custom_fields": 3})), []);
    }
}

#[test]
fn pages_are_counted_and_their_links_are_not_followed() {
    assert_eq!(vome().page(3).path, "/api/profiles/?page=3&limit=100");
    let page = |status, number, body: Json| {
        let body = body.to_string();
        let answer = Answer { status, retry_after: None, body: body.as_bytes() };
        vome().read(answer, Asked::Page(number))
    };
    let url = "http://api.example.org/api/profiles/?page=79";
    for (status, number, body, expected) in [
        (200, 1, json!({"count": "791", "next": url, "results": [{}]}), Ok((1, false, Some(791)))),
        (
            200,
            20,
            json!({"count": 791, "next": null, "previous": url, "results": [{}]}),
            Ok((1, true, Some(791))),
        ),
        (200, 2, json!({"count": 791, "next": url, "results": []}), Ok((0, true, Some(791)))),
        (200, 1, json!([{"id": "1"}, 3, null]), Ok((1, true, None))),
        (404, 9, json!({"error": {"message": "no such page"}}), Ok((0, true, None))),
        (404, 1, json!(null), Err(Unread::Wrong("status 404: null".to_owned()))),
        (
            200,
            1,
            json!({"count": 3}),
            Err(Unread::Wrong("the answer holds no list of profiles".to_owned())),
        ),
    ] {
        let read = page(status, number, body.clone());
        let read = read.map(|page| (page.profiles.len(), page.last, page.total));
        assert_eq!(read, expected, "{status} {number} {body}");
    }
}

/// What each setting sends, and the same profile that shows it in the usual way.
#[test]
fn what_is_sent_under_a_setting_is_what_the_profile_shows_in_its_own_way() {
    let options = "[[custom_fields]]\nname = \"T-shirt size\"\nid = \"id-T-shirt size\"\n\
        type = \"single_selection\"\noptions = [{ id = \"op-m\", value = \"Medium\" }, \
        { id = \"op-l\", value = \"Large\" }]\n[[custom_fields]]\nname = \"Days\"\n\
        type = \"multiple_selection\"\noptions = [{ id = \"1\", value = \"Mon, early\" }, \
        { id = \"2\", value = \"Tue\" }, { id = \"3\", value = \"Mon\" }]\n";
    let days = |kind: Json, shown: Json| {
        json!({"custom_fields": [{"custom_field": {"name": "Days", "field_type": kind},
            "custom_field_value": shown}]})
    };
    let two = json!([{"id": "v1", "value": {"id": "1", "value": "Mon, early"}},
        {"id": "v2", "value": {"id": "2", "value": "Tue"}}]);
    let as_texts = json!([{"id": "v1", "value": "Mon, early"}, {"id": "v2", "value": "Tue"}]);
    let custom = |name: &str, value: Json| json!({"custom_field_data": [{"custom_field_name": name, "custom_field_user_value": value}]});
    let profile = |key: &str, value: Json| json!({"profile_data": {key: value}});
    let occupation = |value: Json| json!({"occupation_info": {"occupation": value}});
    let details = |key: &str, value: Json| json!({"profile_details": {key: value}});
    let joined = |separator: &str| {
        format!("[custom_encoding]\nmultiple_selection = \"joined\"\nseparator = \"{separator}\"\n")
    };
    let ids = "[custom_encoding]\nmultiple_selection = \"option_ids\"\n\
        single_selection = \"option_id\"\n";
    let of_time = "[custom_encoding]\ndate = \"%d/%m/%Y\"\ndate_time = \"%d/%m/%Y %H:%M\"\n";
    let own_offset = "[custom_encoding]\ndate_time = \"keep_offset\"\n";
    let place = "coordinates_key = \"location\"\ncoordinates_as = \"numbers\"\n";
    let swapped = "[gender_map]\nmale = 1\nfemale = 0\n";
    for (settings, sent, shown, wrong) in [
        // Genders and occupations, as codes and as words.
        (swapped, profile("gender", json!(0)), details("gender", json!("Female")), json!("Male")),
        ("", profile("gender", json!("3")), details("gender", json!("rather_not_say")), json!(2)),
        (
            "enum_encoding = \"string\"",
            profile("gender", json!("1")),
            details("gender", json!(1)),
            json!("0"),
        ),
        ("", occupation(json!(2)), details("occupation", json!("Retiree")), json!("Student")),
        // Where and how coordinates stand.
        (
            place,
            profile("location", json!([40.5, -73.25])),
            details("address_coordinates", json!(["40.5", "-73.25"])),
            json!(["40.5", "-73.26"]),
        ),
        (
            place,
            profile("location", json!([40.5, -73.25])),
            details("location", json!([40.5, -73.25])),
            json!([-73.25, 40.5]),
        ),
    ] {
        let target = under(settings);
        assert_eq!(target.differences(&sent, &shown), [], "{settings} {sent} {shown}");
        let mut other = shown.clone();
        let details = other["profile_details"].as_object_mut().unwrap();
        details.values_mut().for_each(|value| *value = wrong.clone());
        let differences = target.differences(&sent, &other);
        assert_eq!(differences.len(), 1, "{settings} {sent} {other}");
        let name = &differences[0].field;
        assert!(["gender", "occupation", "address_coordinates"].contains(&name.as_str()), "{name}");
    }
    let shown = shown();
    for (settings, sent, profile, same) in [
        (joined(", "), custom("Days", json!("Tue, Mon, early")), days(json!(3), two.clone()), true),
        (joined(", "), custom("Days", json!("Tue, Mon")), days(json!(3), two.clone()), false),
        (
            joined(" / "),
            custom("Days", json!("Mon, early / Tue")),
            days(json!(3), two.clone()),
            true,
        ),
        (
            joined(" / "),
            custom("Days", json!("Mon, early / Tue")),
            days(json!(null), two.clone()),
            true,
        ),
        (joined(" / "), custom("Days", json!("Tue")), days(json!(3), two.clone()), false),
        (
            joined(" / "),
            custom("Days", json!("Mon, early / Tue / Mon")),
            days(json!(3), two.clone()),
            false,
        ),
        (ids.to_owned(), custom("Days", json!(["2", "1"])), days(json!(3), as_texts.clone()), true),
        (ids.to_owned(), custom("Days", json!(["2", "1"])), days(json!(3), two.clone()), true),
        (ids.to_owned(), custom("Days", json!(["2", "3"])), days(json!(3), as_texts), false),
        (ids.to_owned(), custom("T-shirt size", json!("op-m")), shown.clone(), true),
        (ids.to_owned(), custom("T-shirt size", json!("op-l")), shown.clone(), false),
        (of_time.to_owned(), custom("Since", json!("02/01/2020")), shown.clone(), true),
        (of_time.to_owned(), custom("Since", json!("01/02/2020")), shown.clone(), false),
        (of_time.to_owned(), custom("Last seen", json!("19/09/2024 17:35")), shown.clone(), true),
        (of_time.to_owned(), custom("Last seen", json!("19/09/2024 17:36")), shown.clone(), false),
        (
            own_offset.to_owned(),
            custom("Last seen", json!("2024-09-20T03:35:35+10:00")),
            shown.clone(),
            true,
        ),
        (
            own_offset.to_owned(),
            custom("Last seen", json!("2024-09-19T17:35:35+10:00")),
            shown.clone(),
            false,
        ),
        (String::new(), custom("Hours", json!(12.5)), shown.clone(), true),
        (
            String::new(),
            custom("Custom Title - Boolean Field A", json!("true")),
            shown.clone(),
            true,
        ),
        (String::new(), custom("Custom Title - Boolean Field A", json!("false")), shown, false),
    ] {
        let target = under(&format!("{options}{settings}"));
        let differences = target.differences(&sent, &profile);
        assert_eq!(differences.is_empty(), same, "{settings} {sent} {differences:?}");
    }
}

/// Changes one leaf of a person as sent into something that it is not.
fn change(value: &mut Json) {
    *value = match &*value {
        Json::String(text) if text.parse::<f64>().is_ok() => json!("4711.5"),
        Json::String(text) if text.len() == 10 => json!("1999-09-09"),
        Json::String(text) if text.contains('T') && text.contains(':') => {
            json!("1999-09-09T00:00:00Z")
        }
        Json::String(text) if text == "true" => json!("false"),
        Json::Bool(yes) => json!(!yes),
        Json::Number(_) => json!(3),
        Json::Array(_) => json!(["1", "2"]),
        _ => json!("something else 99"),
    };
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A profile shows any part of what was sent without a difference, and one change is one
    /// difference.
    #[test]
    fn one_change_is_one_difference(kept in prop::collection::vec(any::<bool>(), 32), place in 0..32_usize) {
        let mut kept = kept.into_iter();
        let mut sent = sent();
        for section in sent.as_object_mut().unwrap().values_mut() {
            match section {
                Json::Array(list) => list.retain(|_| kept.next().unwrap_or(true)),
                Json::Object(map) => map.retain(|_, _| kept.next().unwrap_or(true)),
                _ => {}
            }
        }
        prop_assert_eq!(vome().differences(&sent, &shown()), []);
        let mut leaves: Vec<&mut Json> = Vec::new();
        for section in sent.as_object_mut().unwrap().values_mut() {
            match section {
                Json::Array(list) => leaves.extend(
                    list.iter_mut().map(|entry| &mut entry["custom_field_user_value"])),
                Json::Object(map) => leaves.extend(map.values_mut()),
                _ => {}
            }
        }
        let many = leaves.len();
        if many > 0 {
            change(leaves.swap_remove(place % many));
            prop_assert_eq!(vome().differences(&sent, &shown()).len(), 1, "{}", sent);
        }
    }
}
