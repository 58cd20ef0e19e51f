//! What Omneo has and a batch is not sent: computed properties, what only single calls take, and what
//! the settings leave out; each by its name, with the reason and what to write instead.

use std::borrow::Cow;

use super::fields::{COMMS, FIELDS};
use super::settings::{Consent, RegionStyle, Settings, StatusesMode, TagsMode};
use crate::mapping::Unmade;
use crate::record::Field;

/// Why a field of the table cannot be sent by these settings.
pub(super) fn refused(field: &Field, settings: &Settings) -> Option<Unmade> {
    let name = field.name.as_ref();
    let consent = name.ends_with("_consent_updated_at");
    Some(match name {
        "tags" if settings.tags_mode == TagsMode::Refuse => refuse(
            "whether a batch adds tags to those that a person has, or takes these away, is not \
             documented; an update does take them away (Omneo \"Tags\")",
            "if the sheet has all tags of each person: tags_mode = \"replace\" in [omneo]"
                .to_owned(),
        ),
        "statuses" if settings.statuses_mode == StatusesMode::Refuse => refuse(
            "the recipe refuses them: whether a batch adds statuses to those that a person has, or takes these away, is not \
             documented; an update does take them away, and a status that Omneo does not know it \
             ignores without a word (Omneo \"Statuses\")",
            "leave out statuses_mode = \"refuse\" in [omneo], and they are added; if the sheet has all \
             statuses of each person: statuses_mode = \"batch\""
                .to_owned(),
        ),
        _ if consent && !settings.consent_is_customer_act => refuse(
            "the time of a consent is that at which the customer acted, and not sent for migrations \
             or corrections (Omneo \"Comms preferences\")",
            "if these times are such: consent_is_customer_act = true in [omneo]".to_owned(),
        ),
        _ if consent && name.contains('.') && settings.consent != Consent::Both => refuse(
            "times of consent go to one place, the other one is not sent beside it",
            format!(
                "write {}, or consent = \"both\" in [omneo]",
                name.rsplit('.').next().unwrap_or(name)
            ),
        ),
        _ if name.starts_with("regions.") && settings.region_style == RegionStyle::Single => {
            refuse(
                "the recipe's region_style has one region for each person",
                "write region_id or region_handle".to_owned(),
            )
        }
        _ if name.starts_with("region_") && settings.region_style == RegionStyle::List => refuse(
            "the recipe's region_style has regions as a list",
            "write regions.1.region_id and regions.1.handle".to_owned(),
        ),
        _ => return None,
    })
}

/// Why a property that Omneo shows or takes elsewhere is not sent in a batch.
pub(super) fn not_taken(name: &str) -> Option<Unmade> {
    const COMPUTED: &[&str] = &[
        "tier",
        "tier_handle",
        "birth_days",
        "birth_days_past",
        "next_birthday",
        "created_at",
        "updated_at",
        "deleted_at",
    ];
    let read_only = "Omneo makes it itself (Omneo \"Profiles API overview\", read-only)";
    let one = |help: &str| Some(refuse(read_only, help.to_owned()));
    match name {
        "id" => one("people are matched by email, or by an identity: match_criteria in [omneo]"),
        "external_id" => {
            one("it is the primary identity's; write identities.HANDLE for an id of yours")
        }
        "full_name" => {
            one("write first_name and last_name; a column with both is split: full_name")
        }
        "joined_location" | "preferred_location" => Some(refuse(
            read_only,
            format!("write {name}_id, {name}_external_id or {name}_external_code"),
        )),
        "address" => one("write addresses.1.address_line_1, .city, .postcode and .country"),
        _ if name.starts_with("mobile_phone_") => {
            one("write mobile_phone, with + and country code")
        }
        _ if COMPUTED.contains(&name) => one("leave the column out"),
        _ if name.starts_with("custom:") => Some(refuse(
            "what a tenant of Omneo defines for itself has a namespace and a handle",
            "write custom_attributes.NAMESPACE.HANDLE".to_owned(),
        )),
        "is_primary" => one("Omneo says itself which identity is the primary one"),
        _ => comms_only(name),
    }
}

/// Preferences that only a call of their own takes, one for each person.
fn comms_only(name: &str) -> Option<Unmade> {
    let rest =
        name.strip_prefix("comms_attributes.").or_else(|| name.strip_prefix("attributes.comms."));
    let plain = rest.unwrap_or(name);
    let ends = [
        "_optout",
        "_promo",
        "_benefits",
        "_discover",
        "_reminders",
        "_account",
        "_bookings",
        "_feedback",
        "_location",
        "_service",
        "_verification",
        "_bounced",
    ];
    let channels = ["email_", "sms_", "push_", "phone_", "post_"];
    let channel = channels.iter().any(|channel| plain.starts_with(channel));
    let is_pref = channel && ends.iter().any(|end| plain.ends_with(end));
    let terms = plain.starts_with("terms_accepted");
    (is_pref || terms || rest.is_some()).then(|| {
        refuse(
            "a batch does not take it, only a call for each single profile does (types of Omneo's \
             public client)",
            format!(
                "a batch takes email_promo, sms_promo, email_benefits and email_bounced ({COMMS})"
            ),
        )
    })
}

/// The name of a field for that of a property in the API.
pub(super) fn alias(name: &str) -> Cow<'_, str> {
    let short = name
        .strip_prefix("comms_attributes.")
        .filter(|rest| FIELDS.iter().any(|field| field.name == *rest && field.path == name));
    Cow::Borrowed(match name {
        "birth_day" => "birth_date.day",
        "birth_month" => "birth_date.month",
        "birth_year" => "birth_date.year",
        "region" => "region_handle",
        _ => short.unwrap_or(name),
    })
}

pub(super) fn refuse(why: &str, help: String) -> Unmade {
    Unmade::Refused { why: why.to_owned(), help }
}
