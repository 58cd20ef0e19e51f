//! What Omneo takes: its table of fields, in the order of its payload.
//!
//! Lists of objects stand here with their first entry; `made.rs` makes the others of it, and leaves
//! out or changes what the settings decide.

use std::borrow::Cow;

use super::choices::{GENDERS, MONTHS, TYPES};
use crate::mapping::words;
use crate::record::{Beside, DateForm, Field, JsonForm, Kind, MomentForm, PhoneForm, Words};

pub(super) const BATCH: &str = "Omneo \"Batch Profiles\"";
pub(super) const OVERVIEW: &str = "Omneo \"Profiles API overview\"";
pub(super) const CORE: &str = "Omneo \"Core fields\"";
pub(super) const ADDRESSES: &str = "Omneo \"Addresses\"";
pub(super) const COMMS: &str = "Omneo \"Comms preferences\"";
pub(super) const TAGS: &str = "Omneo \"Tags\"";
pub(super) const STATUSES: &str = "Omneo \"Statuses\"";
pub(super) const IDENTITIES: &str = "Omneo \"Identities\"";
pub(super) const CUSTOM: &str = "Omneo \"Custom attributes\"";
pub(super) const LOCAL: &str = "Omneo \"Localisation\"";
pub(super) const ROLES: &str = "Omneo \"Roles and permissions\"";
/// Not a page, but generated from the vendor's own description of the API.
pub(super) const CLIENT: &str = "types of Omneo's public client";

/// An address is sent whole or not at all ("No partial addresses").
const WHOLE: &[Beside] = &[
    Beside::Needs(".address_line_1"),
    Beside::Needs(".city"),
    Beside::Needs(".postcode"),
    Beside::Needs(".country"),
];
/// The client's types want the state as well, the page does not.
const FIRST_LINE: &[Beside] = &[
    Beside::Needs(".address_line_1"),
    Beside::Needs(".city"),
    Beside::Needs(".postcode"),
    Beside::Needs(".country"),
    Beside::Wants(".state"),
];
const DEFAULT: &[Beside] = &[
    Beside::Needs(".address_line_1"),
    Beside::Needs(".city"),
    Beside::Needs(".postcode"),
    Beside::Needs(".country"),
    Beside::OneOfList,
];
const DATE: &[Beside] = &[Beside::Needs(".date"), Beside::Needs(".name"), Beside::Needs(".handle")];
const SCHEDULE: &[Beside] = &[
    Beside::Needs(".date"),
    Beside::Needs(".name"),
    Beside::Needs(".handle"),
    Beside::OnlyWith { other: ".is_recurring", codes: Cow::Borrowed(&[1]) },
];
const LINK: &[Beside] = &[
    Beside::Needs(".profile_id"),
    Beside::Needs("...date"),
    Beside::Needs("...name"),
    Beside::Needs("...handle"),
];
const IDENTITY: &[Beside] = &[Beside::Needs(".handle"), Beside::Needs(".identifier")];
const REGION: &[Beside] = &[
    Beside::Needs(".region_id"),
    Beside::Needs(".handle"),
    Beside::NotWith("region_id"),
    Beside::NotWith("region_handle"),
];
const ORGANISATION: &[Beside] = &[Beside::Needs(".id")];

/// A field whose name is its path.
const fn own(name: &'static str, kind: Kind) -> Field {
    Field::new(name, kind, name)
}

/// What Omneo takes, in the order of its payload.
pub(super) static FIELDS: &[Field] = &[
    Field::new("first_name", Kind::Name, "first_name")
        .words(words::FIRST_NAME)
        .wanted()
        .source(CORE, "Omneo writes Unknown when it creates somebody without"),
    Field::new("last_name", Kind::Name, "last_name")
        .words(words::LAST_NAME)
        .wanted()
        .source(CORE, "Omneo writes Unknown when it creates somebody without"),
    Field::new("email", Kind::Email, "email")
        .words(words::EMAIL)
        .required()
        .unique()
        .source(OVERVIEW, "the match key; unique over all profiles"),
    Field::new("title", Kind::Text, "title")
        .words(Words { sure: &["salutation", "name salutation", "title"], maybe: &[] })
        .source(OVERVIEW, ""),
    Field::new("gender", Kind::Choice(Cow::Borrowed(GENDERS)), "gender")
        .words(words::GENDER)
        .source(OVERVIEW, "lower case"),
    Field::new("currency", Kind::Currency, "currency")
        .words(Words { sure: &["currency", "currency code", "devise"], maybe: &[] })
        .source(OVERVIEW, "must be configured in the tenant"),
    Field::new("profile_type", Kind::Choice(Cow::Borrowed(TYPES)), "profile_type")
        .guarded(&[
            ("deleted", "allow_types = [\"deleted\"] in [omneo]"),
            ("system", "allow_types = [\"system\"] in [omneo]"),
        ])
        .source(OVERVIEW, "deleted and system only where allow_types says so"),
    Field::new("joined_at", Kind::Moment(MomentForm::Utc), "joined_at")
        .words(Words {
            sure: &["joined", "join date", "joined date", "member since", "signup date"],
            maybe: &[],
        })
        .source(BATCH, "RFC 3339"),
    Field::new("mobile_phone", Kind::Phone(PhoneForm::E164), "mobile_phone")
        .words(words::MOBILE_PHONE)
        .unique()
        .source(OVERVIEW, "E.164; unique over all profiles"),
    Field::new("secondary_phone", Kind::Phone(PhoneForm::E164), "secondary_phone")
        .words(words::SECONDARY_PHONE)
        .source(CORE, "E.164"),
    Field::new(
        "birth_date",
        Kind::Date(DateForm::Parts(["birth_day", "birth_month", "birth_year"])),
        "birth_date",
    )
    .words(words::BIRTH_DATE)
    .born()
    .source(OVERVIEW, "sent as birth_day, birth_month and birth_year"),
    Field::new("birth_date.day", Kind::Integer, "birth_day")
        .words(Words { sure: &["dayofbirth", "jourdenaissance"], maybe: &["day birth"] })
        .range(1, 31)
        .beside(&[
            Beside::InsteadOf("birth_date"),
            Beside::Needs("birth_date.month"),
            Beside::DayOf { month: "birth_date.month", year: "birth_date.year" },
        ])
        .source(OVERVIEW, "with its month, where birth_date is not mapped"),
    Field::new("birth_date.month", Kind::Choice(Cow::Borrowed(MONTHS)), "birth_month")
        .words(Words {
            sure: &["birthmonth", "monthofbirth", "moisdenaissance", "month birth"],
            maybe: &[],
        })
        .beside(&[Beside::InsteadOf("birth_date"), Beside::Needs("birth_date.day")])
        .source(OVERVIEW, "with its day, where birth_date is not mapped"),
    Field::new("birth_date.year", Kind::Integer, "birth_year")
        .words(Words {
            sure: &["birthyear", "yearofbirth", "anneedenaissance", "geburtsjahr", "year birth"],
            maybe: &[],
        })
        .born()
        .beside(&[Beside::InsteadOf("birth_date"), Beside::Wants("birth_date.month")])
        .source(OVERVIEW, "optional beside day and month"),
    Field::new("company", Kind::Text, "company").words(words::COMPANY).source(OVERVIEW, ""),
    Field::new("occupation", Kind::Text, "occupation")
        .words(words::OCCUPATION)
        .source(OVERVIEW, ""),
    Field::new("avatar_url", Kind::Url, "avatar_url")
        .words(Words {
            sure: &["avatar", "profile picture", "photo url", "picture url"],
            maybe: &[],
        })
        .source(OVERVIEW, ""),
    own("joined_location_id", Kind::Integer)
        .range(1, i64::MAX)
        .source(BATCH, "the location must exist; one of its three names"),
    own("joined_location_external_id", Kind::Text)
        .code()
        .beside(&[Beside::NotWith("joined_location_id")])
        .source(BATCH, "the location must exist; one of its three names"),
    own("joined_location_external_code", Kind::Text)
        .code()
        .beside(&[
            Beside::NotWith("joined_location_id"),
            Beside::NotWith("joined_location_external_id"),
        ])
        .source(BATCH, "the location must exist; one of its three names"),
    own("preferred_location_id", Kind::Integer)
        .range(1, i64::MAX)
        .source(BATCH, "the location must exist; one of its three names"),
    own("preferred_location_external_id", Kind::Text)
        .code()
        .beside(&[Beside::NotWith("preferred_location_id")])
        .source(BATCH, "the location must exist; one of its three names"),
    own("preferred_location_external_code", Kind::Text)
        .code()
        .beside(&[
            Beside::NotWith("preferred_location_id"),
            Beside::NotWith("preferred_location_external_id"),
        ])
        .source(BATCH, "the location must exist; one of its three names"),
    own("tags", Kind::Words)
        .dashed()
        .source(TAGS, "only with tags_mode = \"replace\": all tags of the person"),
    own("identities.1.handle", Kind::Text)
        .code()
        .beside(IDENTITY)
        .source(IDENTITIES, "or identities.HANDLE for a column of one handle"),
    own("identities.1.identifier", Kind::Text)
        .code()
        .unique_with(".handle")
        .beside(IDENTITY)
        .source(IDENTITIES, "unique over all profiles, with its handle"),
    own("identities.1.is_active", Kind::Bool).beside(IDENTITY).source(BATCH, ""),
    own("dates_attributes.1.date", Kind::Date(DateForm::Iso))
        .beside(DATE)
        .source(BATCH, "with name and handle"),
    own("dates_attributes.1.name", Kind::Text).beside(DATE).source(BATCH, "with date and handle"),
    own("dates_attributes.1.handle", Kind::Text)
        .code()
        .beside(DATE)
        .source(BATCH, "with date and name"),
    own("dates_attributes.1.is_recurring", Kind::Bool).beside(DATE).source(BATCH, ""),
    own("dates_attributes.1.recurring_schedule", Kind::Text)
        .beside(SCHEDULE)
        .source(BATCH, "its words are not documented; the client's tests say Yearly"),
    own("dates_attributes.1.meta", Kind::Json(JsonForm::Object))
        .beside(DATE)
        .source(CLIENT, "an object; a list with meta_as = \"list\""),
    own("dates_attributes.1.note", Kind::Text).beside(DATE).source(BATCH, ""),
    own("dates_attributes.1.description", Kind::Text).beside(DATE).source(BATCH, ""),
    own("dates_attributes.1.relationship", Kind::Text).beside(DATE).source(BATCH, ""),
    own("dates_attributes.1.role", Kind::Text).beside(DATE).source(BATCH, ""),
    own("dates_attributes.1.links.1.profile_id", Kind::Text)
        .code()
        .beside(LINK)
        .source(BATCH, "the id of another profile"),
    own("dates_attributes.1.links.1.relationship", Kind::Text).beside(LINK).source(BATCH, ""),
    own("dates_attributes.1.links.1.role", Kind::Text).beside(LINK).source(BATCH, ""),
    own("statuses", Kind::Words)
        .source(STATUSES, "added once the profiles have landed; those that the tenant has"),
    own("addresses.1.address_line_1", Kind::Text)
        .beside(FIRST_LINE)
        .source(ADDRESSES, "only with city, postcode and country; mapped by --map alone"),
    own("addresses.1.city", Kind::Text).beside(WHOLE).source(ADDRESSES, "beside a whole address"),
    own("addresses.1.postcode", Kind::Text)
        .code()
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    own("addresses.1.country", Kind::Country)
        .beside(WHOLE)
        .source(ADDRESSES, "a code of ISO 3166-1; names are understood"),
    own("addresses.1.address_line_2", Kind::Text)
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    own("addresses.1.address_line_3", Kind::Text)
        .beside(WHOLE)
        .source(BATCH, "beside a whole address"),
    own("addresses.1.company", Kind::Text).beside(WHOLE).source(BATCH, "beside a whole address"),
    own("addresses.1.state", Kind::Text)
        .beside(WHOLE)
        .source(CLIENT, "beside a whole address; wanted"),
    own("addresses.1.notes", Kind::Text).beside(WHOLE).source(BATCH, "beside a whole address"),
    own("addresses.1.is_default", Kind::Bool)
        .beside(DEFAULT)
        .source(ADDRESSES, "one address of a person at most"),
    own("addresses.1.external_id", Kind::Text)
        .code()
        .beside(WHOLE)
        .source(BATCH, "beside a whole address"),
    own("addresses.1.meta", Kind::Json(JsonForm::Object))
        .beside(WHOLE)
        .source(CLIENT, "an object; a list with meta_as = \"list\""),
    own("addresses.1.iso", Kind::Text)
        .code()
        .beside(WHOLE)
        .source(BATCH, "what it means is not documented"),
    own("addresses.1.iso_state", Kind::Text)
        .code()
        .beside(WHOLE)
        .source(BATCH, "what it means is not documented"),
    Field::new("sms_promo", Kind::Bool, "comms_attributes.sms_promo")
        .source(COMMS, "whether the person takes advertising by SMS"),
    Field::new("email_promo", Kind::Bool, "comms_attributes.email_promo")
        .source(COMMS, "whether the person takes advertising by e-mail"),
    Field::new("email_bounced", Kind::Bool, "comms_attributes.email_bounced")
        .source(BATCH, "whether mail to the address came back"),
    Field::new("email_benefits", Kind::Bool, "comms_attributes.email_benefits").source(COMMS, ""),
    Field::new(
        "email_consent_updated_at",
        Kind::Moment(MomentForm::Utc),
        "comms_attributes.email_consent_updated_at",
    )
    .beside(&[Beside::Needs("email_promo")])
    .source(COMMS, "only with consent_is_customer_act = true, and with email_promo"),
    Field::new(
        "sms_consent_updated_at",
        Kind::Moment(MomentForm::Utc),
        "comms_attributes.sms_consent_updated_at",
    )
    .beside(&[Beside::Needs("sms_promo")])
    .source(COMMS, "only with consent_is_customer_act = true, and with sms_promo"),
    own("region_id", Kind::Integer).range(1, i64::MAX).source(BATCH, "the region must exist"),
    Field::new("region_handle", Kind::Text, "region")
        .code()
        .beside(&[Beside::NotWith("region_id")])
        .source(BATCH, "sent as region; that it is the handle is inferred"),
    own("region_country", Kind::Text).source(LOCAL, "as the tenant writes it"),
    own("region_state", Kind::Text).source(LOCAL, "as the tenant writes it"),
    own("regions.1.region_id", Kind::Integer)
        .range(1, i64::MAX)
        .beside(REGION)
        .source(CLIENT, "with its handle"),
    own("regions.1.handle", Kind::Text).code().beside(REGION).source(CLIENT, "with its region_id"),
    own("regions.1.is_active", Kind::Bool).beside(REGION).source(BATCH, ""),
    own("regions.1.country", Kind::Text).beside(REGION).source(LOCAL, "as the tenant writes it"),
    own("regions.1.state", Kind::Text).beside(REGION).source(LOCAL, "as the tenant writes it"),
    own("organisations.1.id", Kind::Integer)
        .range(1, i64::MAX)
        .beside(ORGANISATION)
        .source(ROLES, "the organisation must exist"),
    own("organisations.1.role_definition_id", Kind::Integer)
        .range(1, i64::MAX)
        .beside(ORGANISATION)
        .source(ROLES, "the role must exist"),
    own("organisations.1.expires_at", Kind::Moment(MomentForm::Utc))
        .beside(ORGANISATION)
        .source(BATCH, ""),
    own("organisations.1.is_active", Kind::Bool).beside(ORGANISATION).source(BATCH, ""),
    own("attributes.comms.email_consent_updated_at", Kind::Moment(MomentForm::Utc))
        .beside(&[Beside::Needs("email_promo")])
        .source(BATCH, "only with consent = \"both\""),
    own("attributes.comms.sms_consent_updated_at", Kind::Moment(MomentForm::Utc))
        .beside(&[Beside::Needs("sms_promo")])
        .source(BATCH, "only with consent = \"both\""),
    own("attributes.appearance", Kind::Json(JsonForm::Object))
        .source(CLIENT, "an object, or attributes.appearance.KEY for a column of each key"),
];
