//! What a profile in an Omneo batch may carry. No I/O.

use serde_json::{Map, Value};

use super::super::rule::{self, Fault, Field, Form, optional, required};
use super::super::variants::{
    Country, CustomTypes, Encoding, MetaAs, NameCase, Null, Omneo, RegionNeeds, Required,
    Strictness,
};

/// The match criterion that is not the handle of an identity (Omneo "Batch Profiles").
const BY_EMAIL: &str = "email";

/// A profile whose values all have the right form.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) body: Map<String, Value>,
    pub(super) email: String,
    pub(super) find: Find,
}

/// By what the profile finds the one that is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Find {
    Email,
    Identity { handle: String, identifier: String },
}

/// The parts of a birthday.
pub(super) const BIRTHDAY: [&str; 3] = ["birth_day", "birth_month", "birth_year"];

/// Properties that Omneo computes itself (Omneo "Profiles API overview", READ-ONLY).
const READ_ONLY: [&str; 19] = [
    "id",
    "external_id",
    "full_name",
    "mobile_phone_country",
    "mobile_phone_national",
    "mobile_phone_national_prefix",
    "mobile_phone_e164",
    "joined_location",
    "preferred_location",
    "tier_handle",
    "tier",
    "birth_date",
    "birth_days",
    "birth_days_past",
    "next_birthday",
    "address",
    "created_at",
    "updated_at",
    "deleted_at",
];

/// Omneo "Batch Profiles" (the request), with the rules of "Profiles API overview".
const PROFILE: &[Field] = &[
    optional("first_name", Form::Text),
    optional("last_name", Form::Text),
    // Not marked as required in a batch; the vendor's client types say so (see O9 of our notes).
    required("email", Form::Email),
    optional("title", Form::Text),
    optional("gender", Form::OneOf(&["male", "female", "withheld", "other"])),
    optional("currency", Form::Letters(3)),
    optional(
        "profile_type",
        // Four on the overview page, the others in the vendor's client types.
        Form::OneOf(&[
            "temporary",
            "pending",
            "active",
            "deleted",
            "dependant",
            "incomplete",
            "system",
        ]),
    ),
    optional("joined_at", Form::Moment),
    optional("mobile_phone", Form::Mobile),
    optional("secondary_phone", Form::Text),
    optional("birth_day", Form::Code(1, 31)),
    optional("birth_month", Form::Code(1, 12)),
    optional("birth_year", Form::Code(1, 9999)),
    optional("company", Form::Text),
    optional("occupation", Form::Text),
    optional("avatar_url", Form::Url),
    optional("joined_location_id", Form::Integer(1, i64::MAX)),
    optional("joined_location_external_id", Form::Text),
    optional("joined_location_external_code", Form::Text),
    optional("preferred_location_id", Form::Integer(1, i64::MAX)),
    optional("preferred_location_external_id", Form::Text),
    optional("preferred_location_external_code", Form::Text),
    optional("tags", Form::Texts),
    optional("identities", Form::List(IDENTITY)),
    optional("custom_attributes", Form::List(CUSTOM)),
    optional("dates_attributes", Form::List(DATE)),
    optional("statuses", Form::Texts),
    optional("addresses", Form::List(ADDRESS)),
    optional("comms_attributes", Form::Object(COMMS)),
    optional("region_id", Form::Integer(1, i64::MAX)),
    optional("region", Form::Text),
    optional("region_country", Form::Text),
    optional("region_state", Form::Text),
    optional("regions", Form::List(REGION)),
    optional("organisations", Form::List(ORGANISATION)),
    optional(
        "attributes",
        Form::Object(&[
            optional("comms", Form::Object(CONSENT)),
            optional("appearance", Form::Loose),
        ]),
    ),
];

const IDENTITY: &[Field] = &[
    required("handle", Form::Text),
    required("identifier", Form::Text),
    optional("is_active", Form::Boolean),
];

/// The first six types are those of the vendor's client, the others those of its guide; which of
/// the two lists holds is for the variants to say.
const CUSTOM: &[Field] = &[
    required("namespace", Form::Text),
    required("handle", Form::Text),
    required("type", Form::Text),
    optional("value", Form::Any),
];

const DATE: &[Field] = &[
    required("date", Form::Date),
    required("name", Form::Text),
    required("handle", Form::Text),
    optional("is_recurring", Form::Boolean),
    optional("recurring_schedule", Form::Text),
    optional("meta", Form::Loose),
    optional("note", Form::Text),
    optional("description", Form::Text),
    optional("relationship", Form::Text),
    optional("role", Form::Text),
    optional(
        "links",
        Form::List(&[
            required("profile_id", Form::Text),
            optional("relationship", Form::Text),
            optional("role", Form::Text),
        ]),
    ),
];

/// The required four: Omneo "Addresses" guide.
const ADDRESS: &[Field] = &[
    required("address_line_1", Form::Text),
    required("city", Form::Text),
    required("postcode", Form::Text),
    required("country", Form::Text),
    optional("address_line_2", Form::Text),
    optional("address_line_3", Form::Text),
    optional("company", Form::Text),
    optional("state", Form::Text),
    optional("notes", Form::Text),
    optional("is_default", Form::Boolean),
    optional("external_id", Form::Text),
    optional("meta", Form::Loose),
    optional("iso", Form::Text),
    optional("iso_state", Form::Text),
];

const COMMS: &[Field] = &[
    optional("sms_promo", Form::Boolean),
    optional("email_promo", Form::Boolean),
    optional("email_bounced", Form::Boolean),
    optional("email_benefits", Form::Boolean),
    optional("email_consent_updated_at", Form::Moment),
    optional("sms_consent_updated_at", Form::Moment),
];

const CONSENT: &[Field] = &[
    optional("email_consent_updated_at", Form::Moment),
    optional("sms_consent_updated_at", Form::Moment),
];

const REGION: &[Field] = &[
    optional("region_id", Form::Integer(1, i64::MAX)),
    optional("handle", Form::Text),
    optional("is_active", Form::Boolean),
    optional("country", Form::Text),
    optional("state", Form::Text),
];

const ORGANISATION: &[Field] = &[
    required("id", Form::Integer(1, i64::MAX)),
    optional("role_definition_id", Form::Integer(1, i64::MAX)),
    optional("expires_at", Form::Moment),
    optional("is_active", Form::Boolean),
];

/// Checks one profile of a batch.
pub(super) fn read(value: &Value, criteria: &str, rules: &Omneo) -> Result<Sent, Fault> {
    let mut value = value.clone();
    if let Some(map) = value.as_object_mut() {
        for name in READ_ONLY {
            if map.contains_key(name) && rules.read_only == Strictness::Refused {
                return Err(Fault::invalid("is read-only").under(name));
            }
            map.remove(name);
        }
    }
    if rules.unknown_key == Strictness::Ignored {
        rule::prune(&mut value, PROFILE);
    }
    if rules.null == Null::Ignored {
        rule::drop_keys(&mut value, &Value::is_null);
    }
    let mut body = rule::object(&value, PROFILE)?.clone();
    check_names(&mut body, rules)?;
    check_birthday(&mut body, rules)?;
    check_lists(&body, rules)?;
    check_tenant(&mut body, rules)?;
    let email = body.get("email").and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let find = if criteria == BY_EMAIL {
        Find::Email
    } else {
        let identity = entries(&body, "identities").find_map(|entry| {
            let (handle, identifier) = identity(entry)?;
            let (handle, identifier) = (handle.to_owned(), identifier.to_owned());
            (handle == criteria).then_some(Find::Identity { handle, identifier })
        });
        let lacking = format!("must hold one with the handle {criteria}, which is matched by");
        identity.ok_or_else(|| Fault::invalid(lacking).under("identities"))?
    };
    Ok(Sent { body, email, find })
}

fn check_names(body: &mut Map<String, Value>, rules: &Omneo) -> Result<(), Fault> {
    for name in ["first_name", "last_name"] {
        let given = body.get_mut(name).filter(|value| !rule::is_blank(value));
        match (given, rules.name_case) {
            (None, _) if rules.required == Required::EmailAndNames => {
                return Err(Fault::missing().under(name));
            }
            (Some(value), NameCase::Title) => {
                *value = title(value.as_str().unwrap_or_default()).into();
            }
            _ => {}
        }
    }
    Ok(())
}

/// Each word with a capital at its beginning and nowhere else.
fn title(name: &str) -> String {
    let words = name.split(' ').map(|word| {
        let mut letters = word.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + &letters.as_str().to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What holds of the entries of the lists, beyond the form of each value.
fn check_lists(body: &Map<String, Value>, rules: &Omneo) -> Result<(), Fault> {
    for (index, entry) in entries(body, "custom_attributes").enumerate() {
        check_custom(entry, rules).map_err(|fault| fault.at(index).under("custom_attributes"))?;
    }
    for (index, entry) in entries(body, "regions").enumerate() {
        let lacks = |name: &&str| entry.get(*name).is_none_or(rule::is_blank);
        let missing: Vec<&str> = ["region_id", "handle"].into_iter().filter(lacks).collect();
        if missing.len() == 2 || !missing.is_empty() && rules.region_needs == RegionNeeds::Both {
            let name = missing.first().copied().unwrap_or_default();
            return Err(Fault::missing().under(name).at(index).under("regions"));
        }
    }
    // "One default only" (Omneo "Addresses").
    let default = |entry: &&Value| entry.get("is_default") == Some(&Value::Bool(true));
    if entries(body, "addresses").filter(default).count() > 1 {
        return Err(Fault::invalid("must have one default only").under("addresses"));
    }
    for (index, entry) in entries(body, "addresses").enumerate() {
        let placed = |fault: Fault| fault.at(index).under("addresses");
        if rules.state_required && entry.get("state").is_none_or(rule::is_blank) {
            return Err(placed(Fault::missing().under("state")));
        }
        let country = entry.get("country").and_then(Value::as_str).unwrap_or_default();
        let two = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        if rules.country == Country::Alpha2 && !two {
            return Err(placed(Fault::invalid("must be a code of two letters").under("country")));
        }
        check_meta(entry.get("meta"), rules).map_err(|fault| placed(fault.under("meta")))?;
    }
    for (index, entry) in entries(body, "dates_attributes").enumerate() {
        check_meta(entry.get("meta"), rules)
            .map_err(|fault| fault.under("meta").at(index).under("dates_attributes"))?;
    }
    let appearance = body.get("attributes").and_then(|attributes| attributes.get("appearance"));
    check_meta(appearance, rules).map_err(|fault| fault.under("appearance").under("attributes"))
}

/// Two documents have two forms for what a tenant may fill as it likes.
fn check_meta(value: Option<&Value>, rules: &Omneo) -> Result<(), Fault> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Ok(()) };
    match rules.meta_as {
        MetaAs::Object if !value.is_object() => Err(Fault::invalid("must be an object")),
        MetaAs::List if !value.is_array() => Err(Fault::invalid("must be a list")),
        _ => Ok(()),
    }
}

/// What the tenant must have set up beforehand. An empty list of it stands for anything.
fn check_tenant(body: &mut Map<String, Value>, rules: &Omneo) -> Result<(), Fault> {
    let knows = |list: &[String], value: &Value| {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        list.is_empty() || value.is_null() || list.contains(&text)
    };
    let unknown = || Fault::invalid("is not one that the tenant has");
    let locations = ["id", "external_id", "external_code"];
    let names = ["joined_location", "preferred_location"];
    for name in names.iter().flat_map(|name| locations.map(|part| format!("{name}_{part}"))) {
        if body.get(&name).is_some_and(|value| !knows(&rules.locations, value)) {
            return Err(unknown().under(&name));
        }
    }
    if body.get("currency").is_some_and(|value| !knows(&rules.currencies, value)) {
        return Err(unknown().under("currency"));
    }
    for (index, entry) in entries(body, "organisations").enumerate() {
        if entry.get("id").is_some_and(|value| !knows(&rules.organisations, value)) {
            return Err(unknown().under("id").at(index).under("organisations"));
        }
    }
    let Some(statuses) = body.get_mut("statuses").and_then(Value::as_array_mut) else {
        return Ok(());
    };
    keep_known(statuses, rules)
}

/// "Unknown status handles are ignored" (Omneo "Statuses"), or refused by variant.
pub(super) fn keep_known(statuses: &mut Vec<Value>, rules: &Omneo) -> Result<(), Fault> {
    let known = |status: &Value| {
        let all = &rules.known_statuses;
        all.is_empty() || status.as_str().is_some_and(|status| all.iter().any(|one| one == status))
    };
    if let Some(index) = statuses.iter().position(|status| !known(status))
        && rules.unknown_status == Strictness::Refused
    {
        return Err(Fault::invalid("is not a status").at(index).under("statuses"));
    }
    statuses.retain(known);
    Ok(())
}

/// The entries of a list that may not be there.
pub(super) fn entries<'v>(
    body: &'v Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'v Value> {
    body.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The pair that names an identity.
pub(super) fn identity(entry: &Value) -> Option<(&str, &str)> {
    Some((entry.get("handle")?.as_str()?, entry.get("identifier")?.as_str()?))
}

/// The year is optional, day and month come together, and the day must exist (Omneo "Birthdays").
fn check_birthday(body: &mut Map<String, Value>, rules: &Omneo) -> Result<(), Fault> {
    for name in BIRTHDAY {
        if let Some(value) = body.get_mut(name).filter(|value| !value.is_null()) {
            rules.birth.check(value).map_err(|fault| fault.under(name))?;
            if let Some(number) = value.as_str().and_then(|text| text.parse::<i64>().ok()) {
                *value = number.into();
            }
        }
    }
    let part = |name: &str| body.get(name).and_then(Value::as_i64);
    match (part("birth_day"), part("birth_month")) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(Fault::missing().under("birth_month")),
        (None, Some(_)) => Err(Fault::missing().under("birth_day")),
        (Some(day), Some(month)) => {
            // Without a year, the 29th of February is a birthday.
            let year = part("birth_year").unwrap_or(2000);
            if rule::date(&format!("{year:04}-{month:02}-{day:02}")).is_some() {
                Ok(())
            } else {
                Err(Fault::invalid("must be a day that exists").under("birth_day"))
            }
        }
    }
}

fn check_custom(entry: &Value, rules: &Omneo) -> Result<(), Fault> {
    let given = |name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let (namespace, handle) = (given("namespace"), given("handle"));
    for (name, text) in [("namespace", namespace), ("handle", handle)] {
        // The two are joined by a colon in the path of the single attribute.
        if text.contains(':') {
            return Err(Fault::invalid("must not hold a colon").under(name));
        }
    }
    let known = &rules.known_custom;
    if !known.is_empty() && !known.contains(&format!("{namespace}:{handle}")) {
        return Err(Fault::invalid("is not a custom attribute of the tenant").under("handle"));
    }
    let kind = given("type");
    let types: &[&str] = match rules.custom_types {
        CustomTypes::Client => &["string", "integer", "float", "boolean", "json", "array"],
        CustomTypes::Page => &["string", "number", "boolean", "date", "select"],
    };
    if !types.contains(&kind) {
        let message = format!("must be one of {}", types.join(", "));
        return Err(Fault::invalid(message).under("type"));
    }
    let value = entry.get("value").unwrap_or(&Value::Null);
    let fits = value.is_null()
        || fits(value, kind) && rules.custom_value != Encoding::String
        || value.is_string() && (kind == "string" || rules.custom_value != Encoding::Native);
    if fits {
        Ok(())
    } else {
        Err(Fault::invalid(format!("must be of the type {kind}")).under("value"))
    }
}

/// Whether a value is of a type as JSON has it.
fn fits(value: &Value, kind: &str) -> bool {
    match kind {
        "string" | "select" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "float" | "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "date" => value.as_str().is_some_and(|text| rule::date(text).is_some()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_profile_is_refused_at_the_place_that_is_wrong() {
        let address = json!({
            "address_line_1": "1 High St", "city": "Perth", "postcode": "6000", "country": "AU",
        });
        let mut home = address.clone();
        home["is_default"] = json!(true);
        let custom = |kind: &str, value: Value| json!([{"namespace": "n", "handle": "h", "type": kind, "value": value}]);
        let good = [
            ("gender", json!(null)),
            ("gender", json!("withheld")),
            ("birth_year", json!(1990)),
            ("addresses", json!([address, home])),
            ("custom_attributes", custom("integer", json!(4))),
            ("custom_attributes", custom("float", json!(4))),
            ("custom_attributes", custom("json", json!({"a": 1}))),
            ("custom_attributes", custom("string", json!(null))),
            ("regions", json!([{"handle": "apac"}])),
            ("attributes", json!({"appearance": {"size_shoe": "9"}})),
            ("identities", json!([{"handle": "pos", "identifier": "7", "is_active": true}])),
        ];
        let bad = [
            ("email", json!(null), "email"),
            ("email", json!("nobody"), "email"),
            ("id", json!("x"), "id"),
            ("full_name", json!("x"), "full_name"),
            ("nickname", json!("x"), "nickname"),
            ("first_name", json!(1), "first_name"),
            ("gender", json!("Male"), "gender"),
            ("currency", json!("AU$"), "currency"),
            ("profile_type", json!("vip"), "profile_type"),
            ("joined_at", json!("2023-11-07"), "joined_at"),
            ("mobile_phone", json!("0412323123"), "mobile_phone"),
            ("birth_day", json!(3), "birth_month"),
            ("birth_month", json!("3"), "birth_month"),
            ("birth_month", json!(3), "birth_day"),
            ("tags", json!("vip"), "tags"),
            ("identities", json!([{"handle": "pos"}]), "identities[0].identifier"),
            ("identities", json!([{"handle": "pos", "identifier": 7}]), "identities[0].identifier"),
            ("addresses", json!([{"city": "Perth"}]), "addresses[0].address_line_1"),
            ("addresses", json!([home, home]), "addresses"),
            ("custom_attributes", custom("integer", json!("4")), "custom_attributes[0].value"),
            ("custom_attributes", custom("integer", json!(4.5)), "custom_attributes[0].value"),
            ("custom_attributes", custom("date", json!("x")), "custom_attributes[0].type"),
            ("comms_attributes", json!({"email_promo": "yes"}), "comms_attributes.email_promo"),
            ("dates_attributes", json!([{"date": "2023-12-25"}]), "dates_attributes[0].name"),
            ("regions", json!([{"country": "AU"}]), "regions[0].region_id"),
            ("organisations", json!([{"id": "1"}]), "organisations[0].id"),
        ];
        let with = |name: &str, value: &Value| {
            let mut profile = json!({"email": "a@b.co"});
            profile[name] = value.clone();
            profile
        };
        for (name, value) in good {
            assert!(
                read(&with(name, &value), "email", &Omneo::default()).is_ok(),
                "{name} {value}"
            );
        }
        for (name, value, path) in bad {
            assert_eq!(
                read(&with(name, &value), "email", &Omneo::default()).unwrap_err().path,
                path,
                "{value}"
            );
        }
        assert!(read(&json!("a@b.co"), "email", &Omneo::default()).is_err());
    }

    #[test]
    fn a_birthday_must_exist() {
        for (day, month, year, good) in [
            (29, 2, None, true),
            (29, 2, Some(2024), true),
            (29, 2, Some(2023), false),
            (31, 4, None, false),
        ] {
            let profile = json!({
                "email": "a@b.co", "birth_day": day, "birth_month": month, "birth_year": year,
            });
            assert_eq!(read(&profile, "email", &Omneo::default()).is_ok(), good, "{profile}");
        }
    }

    #[test]
    fn a_handle_as_criterion_wants_an_identity_with_it() {
        let identities = json!([
            {"handle": "shop", "identifier": "1"},
            {"handle": "pos", "identifier": "2"},
        ]);
        let profile = json!({"email": "a@b.co", "identities": identities});
        let find = |criteria| read(&profile, criteria, &Omneo::default()).map(|sent| sent.find);
        assert_eq!(find("email"), Ok(Find::Email));
        assert_eq!(
            find("pos"),
            Ok(Find::Identity { handle: "pos".into(), identifier: "2".into() })
        );
        assert_eq!(find("crm").unwrap_err().path, "identities");
    }
}
