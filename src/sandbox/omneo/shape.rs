//! The properties of a profile in an Omneo batch, as tables.

use super::super::rule::{Field, Form, optional, required};

/// Properties that Omneo computes itself (Omneo "Profiles API overview", READ-ONLY).
pub(super) const READ_ONLY: [&str; 19] = [
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
pub(super) const PROFILE: &[Field] = &[
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
