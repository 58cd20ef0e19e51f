//! What Omneo takes: its table of fields, in the order of its payload.

use std::borrow::Cow;

use crate::mapping::words;
use crate::record::{Beside, Choice, DateForm, Field, Kind, PhoneForm, Slot, Value, Words};

pub(super) const BATCH: &str = "Omneo \"Batch Profiles\"";
pub(super) const OVERVIEW: &str = "Omneo \"Profiles API overview\"";
pub(super) const CORE: &str = "Omneo \"Core fields\"";
pub(super) const ADDRESSES: &str = "Omneo \"Addresses\"";
pub(super) const COMMS: &str = "Omneo \"Comms preferences\"";

const fn word(word: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Text(word)), label: Cow::Borrowed(word), words }
}

const GENDERS: &[Choice] = &[
    word("female", &["f", "woman", "girl", "femme", "feminin", "fille", "she", "w"]),
    word("male", &["m", "man", "boy", "h", "homme", "masculin", "garcon", "he"]),
    word(
        "withheld",
        &[
            "prefernottosay",
            "prefernotsay",
            "rathernotsay",
            "prefersnottosay",
            "undisclosed",
            "prefernottoanswer",
            "nepasrepondre",
            "decline",
            "declinetoanswer",
            "notspecified",
        ],
    ),
    word(
        "other",
        &["o", "nonbinary", "nb", "x", "autre", "nonbinaire", "diverse", "genderfluid", "they"],
    ),
];

const TYPES: &[Choice] = &[
    word("temporary", &[]),
    word("pending", &[]),
    word("active", &[]),
    word("dependant", &[]),
    word("incomplete", &[]),
];

const fn month(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Integer(value)), label: Cow::Borrowed(label), words }
}

/// Months by number and by name.
const MONTHS: &[Choice] = &[
    month(1, "January", &["01", "jan", "janvier", "janv", "januar", "enero"]),
    month(2, "February", &["02", "feb", "fevrier", "fev", "februar", "febrero"]),
    month(3, "March", &["03", "mar", "mars", "marz", "marzo"]),
    month(4, "April", &["04", "apr", "avril", "avr", "abril"]),
    month(5, "May", &["05", "mai", "mayo"]),
    month(6, "June", &["06", "jun", "juin", "juni", "junio"]),
    month(7, "July", &["07", "jul", "juillet", "juil", "juli", "julio"]),
    month(8, "August", &["08", "aug", "aout", "agosto"]),
    month(9, "September", &["09", "sep", "sept", "septembre", "septiembre"]),
    month(10, "October", &["oct", "octobre", "oktober", "octubre"]),
    month(11, "November", &["nov", "novembre", "noviembre"]),
    month(12, "December", &["dec", "decembre", "dezember", "diciembre"]),
];

/// An address is sent whole or not at all ("No partial addresses").
const WHOLE: &[Beside] = &[
    Beside::Needs("addresses.1.address_line_1"),
    Beside::Needs("addresses.1.city"),
    Beside::Needs("addresses.1.postcode"),
    Beside::Needs("addresses.1.country"),
];

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
        .source(OVERVIEW, "deleted and system are refused"),
    Field::new("joined_at", Kind::Moment, "joined_at")
        .words(Words {
            sure: &["joined", "join date", "joined date", "member since", "signup date"],
            maybe: &[],
        })
        .source(BATCH, "RFC 3339; a date alone is midnight UTC"),
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
        .words(Words { sure: &["dayofbirth", "jourdenaissance"], maybe: &[] })
        .range(1, 31)
        .beside(&[
            Beside::InsteadOf("birth_date"),
            Beside::Needs("birth_date.month"),
            Beside::DayOf { month: "birth_date.month", year: "birth_date.year" },
        ])
        .source(OVERVIEW, "with its month, where birth_date is not mapped"),
    Field::new("birth_date.month", Kind::Choice(Cow::Borrowed(MONTHS)), "birth_month")
        .words(Words { sure: &["birthmonth", "monthofbirth", "moisdenaissance"], maybe: &[] })
        .beside(&[Beside::InsteadOf("birth_date"), Beside::Needs("birth_date.day")])
        .source(OVERVIEW, "with its day, where birth_date is not mapped"),
    Field::new("birth_date.year", Kind::Integer, "birth_year")
        .words(Words {
            sure: &["birthyear", "yearofbirth", "anneedenaissance", "geburtsjahr"],
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
    Field::new("joined_location_external_id", Kind::Text, "joined_location_external_id")
        .code()
        .source(BATCH, "the location must exist"),
    Field::new("preferred_location_external_id", Kind::Text, "preferred_location_external_id")
        .code()
        .source(BATCH, "the location must exist"),
    Field::new("addresses.1.address_line_1", Kind::Text, "addresses.1.address_line_1")
        .beside(WHOLE)
        .source(ADDRESSES, "only with city, postcode and country; mapped by --map alone"),
    Field::new("addresses.1.address_line_2", Kind::Text, "addresses.1.address_line_2")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.city", Kind::Text, "addresses.1.city")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.state", Kind::Text, "addresses.1.state")
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.postcode", Kind::Text, "addresses.1.postcode")
        .code()
        .beside(WHOLE)
        .source(ADDRESSES, "beside a whole address"),
    Field::new("addresses.1.country", Kind::Country, "addresses.1.country")
        .beside(WHOLE)
        .source(ADDRESSES, "a code of ISO 3166-1; names are understood"),
    Field::new("email_promo", Kind::Bool, "comms_attributes.email_promo")
        .source(COMMS, "whether the person takes advertising by e-mail"),
    Field::new("sms_promo", Kind::Bool, "comms_attributes.sms_promo")
        .source(COMMS, "whether the person takes advertising by SMS"),
    Field::new("email_benefits", Kind::Bool, "comms_attributes.email_benefits").source(COMMS, ""),
    Field::new(
        "email_consent_updated_at",
        Kind::Moment,
        "comms_attributes.email_consent_updated_at",
    )
    .beside(&[Beside::Needs("email_promo")])
    .source(COMMS, "when the person said so; only with email_promo, never for corrections"),
    Field::new("sms_consent_updated_at", Kind::Moment, "comms_attributes.sms_consent_updated_at")
        .beside(&[Beside::Needs("sms_promo")])
        .source(COMMS, "when the person said so; only with sms_promo, never for corrections"),
];
