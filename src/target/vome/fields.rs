//! What Vome takes: its table of fields, in the order of its payload, and what the settings make of it.

use std::borrow::Cow;

use super::custom::{Catalogue, PREFIX};
use super::settings::{Match, Phone, Settings};
use crate::mapping::{Unmade, words};
use crate::record::{Beside, Choice, DateForm, Field, Kind, Need, PhoneForm, Slot, Value, Words};
use crate::spelling::normalise;
use crate::target::{Operation, genders};

pub(super) const WRITE: &str = "Vome \"Write Operations\"";
pub(super) const CREATE: &str = "Vome \"Create profiles\"";
pub(super) const PROFILE: &str = "Vome \"The Profile object\"";
pub(super) const FORMAT: &str = "Vome help centre, formatting an import";

const fn code(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Integer(value)), label: Cow::Borrowed(label), words }
}

const GENDERS: &[Choice] = &[
    code(0, "Male", genders::MALE),
    code(1, "Female", genders::FEMALE),
    code(2, "Other", genders::OTHER),
    code(3, "Rather not say", genders::WITHHELD),
];

const OCCUPATIONS: &[Choice] = &[
    code(
        0,
        "Student",
        &["etudiant", "etudiante", "pupil", "highschoolstudent", "universitystudent", "eleve"],
    ),
    code(
        1,
        "Professional",
        &["professionnel", "professionnelle", "employed", "working", "employe", "employee"],
    ),
    code(2, "Retiree", &["retired", "retraite", "retraitee", "pensioner"]),
    code(3, "Other", &["autre"]),
];

/// What Vome takes, in the order of its payload.
pub(super) static FIELDS: &[Field] = &[
    Field::new("emergency_contact_name", Kind::Text, "emergency_contact.name")
        .words(Words {
            sure: &[
                "emergency contact name",
                "emergency contact",
                "emergency contact full name",
                "personne à contacter",
                "personne à prévenir",
            ],
            maybe: &[],
        })
        .source(CREATE, ""),
    Field::new(
        "emergency_contact_phone",
        Kind::Phone(PhoneForm::Digits),
        "emergency_contact.phone_number",
    )
    .words(Words {
        sure: &["emergency contact mobile", "emergency contact phone", "primary emergency phone"],
        maybe: &["home emergency phone", "work emergency phone"],
    })
    .beside(&[Beside::Wants("emergency_contact_name")])
    .source(CREATE, ""),
    Field::new("emergency_contact_relationship", Kind::Text, "emergency_contact.relationship")
        .words(Words { sure: &["emergency contact relationship"], maybe: &["relationship"] })
        .source(CREATE, ""),
    Field::new("medical_information", Kind::Text, "medical_information.description")
        .words(Words {
            sure: &[
                "medical information",
                "medical conditions",
                "medical notes",
                "medical description",
                "allergies",
                "medical conditions allergies",
                "medical allergies",
            ],
            maybe: &[],
        })
        .beside(&[Beside::OnlyWith { other: "has_medical_info", codes: Cow::Borrowed(&[1]) }])
        .denies()
        .source(
            CREATE,
            "has_medical_info is sent as true beside it; none, n/a and the like are blanks",
        ),
    Field::new("has_medical_info", Kind::Bool, "medical_information.has_medical_info")
        .words(Words { sure: &["has medical information"], maybe: &[] })
        .source(CREATE, "derived from medical_information when not mapped"),
    Field::new(
        "occupation",
        Kind::Choice(Cow::Borrowed(OCCUPATIONS)),
        "occupation_info.occupation",
    )
    .words(words::OCCUPATION)
    .source(PROFILE, "a code 0-3; words are understood"),
    Field::new(
        "occupation_institution_name",
        Kind::Text,
        "occupation_info.occupation_institution_name",
    )
    .words(words::COMPANY)
    .beside(&[Beside::OnlyWith { other: "occupation", codes: Cow::Borrowed(&[0, 1]) }])
    .source(PROFILE, "only applicable to students and professionals"),
    Field::new("id", Kind::Text, "profile_data.id")
        .words(Words {
            sure: &["vome id", "vome profile id", "profile id", "vome user id", "id vome"],
            maybe: &[],
        })
        .unique()
        .code()
        .source(WRITE, "the Vome ID; used with match = \"id\", or when a column is named for it"),
    Field::new("first_name", Kind::Name, "profile_data.first_name")
        .words(words::FIRST_NAME)
        .required()
        .source(CREATE, ""),
    Field::new("last_name", Kind::Name, "profile_data.last_name")
        .words(words::LAST_NAME)
        .required()
        .source(CREATE, ""),
    Field::new("email", Kind::Email, "profile_data.email")
        .words(words::EMAIL)
        .required()
        .unique()
        .source(WRITE, "the username in Vome, and the match key"),
    Field::new("phone_number", Kind::Phone(PhoneForm::Digits), "profile_data.phone_number")
        .words(words::PHONE)
        .source(FORMAT, "digits, with a leading + if there is one; 7 to 15 of them"),
    Field::new("date_of_birth", Kind::Date(DateForm::Iso), "profile_data.date_of_birth")
        .words(words::BIRTH_DATE)
        .born()
        .source(PROFILE, "not in the future, not before 1900"),
    Field::new("gender", Kind::Choice(Cow::Borrowed(GENDERS)), "profile_data.gender")
        .words(words::GENDER)
        .source(PROFILE, "a code 0-3; words are understood"),
    Field::new("gender_text", Kind::Text, "profile_data.gender_text")
        .words(Words {
            sure: &[
                "gender text",
                "=gender (other)",
                "=gender description",
                "=self-described gender",
            ],
            maybe: &[],
        })
        .beside(&[Beside::OnlyWith { other: "gender", codes: Cow::Borrowed(&[2]) }])
        .source(FORMAT, "only with the gender Other; off unless gender_text = true"),
    Field::new("address", Kind::Text, "profile_data.address")
        .words(words::ADDRESS)
        .source(CREATE, "one text"),
    Field::new("address_coordinates", Kind::Coordinates, "profile_data.address_coordinates")
        .words(Words {
            sure: &["coordinates", "address coordinates", "=latitude longitude", "=lat/long"],
            maybe: &[],
        })
        .source(CREATE, "latitude and longitude in one cell"),
    Field::new("latitude", Kind::Decimal, "profile_data.address_coordinates.1")
        .words(Words { sure: &["=latitude", "=lat"], maybe: &[] })
        .range(-90, 90)
        .beside(PLACE_LATITUDE)
        .source(CREATE, "the first of address_coordinates"),
    Field::new("longitude", Kind::Decimal, "profile_data.address_coordinates.2")
        .words(Words { sure: &["=longitude", "=long", "=lng", "=lon"], maybe: &[] })
        .range(-180, 180)
        .beside(PLACE_LONGITUDE)
        .source(CREATE, "the second of address_coordinates"),
];

const PLACE_LATITUDE: &[Beside] =
    &[Beside::InsteadOf("address_coordinates"), Beside::Needs("longitude")];
const PLACE_LONGITUDE: &[Beside] =
    &[Beside::InsteadOf("address_coordinates"), Beside::Needs("latitude")];

/// What profiles show and nobody can send, with the reason.
const SHOWN_ONLY: &[(&[&str], &str)] = &[
    (&["age"], "Vome calculates it from the date of birth"),
    (
        &["logged_hours", "completed_shifts", "most_recent_shift", "is_offline", "is_following"],
        "Vome keeps it itself",
    ),
    (
        &[
            "skills",
            "languages",
            "profile_tags",
            "tags",
            "opportunities",
            "profile_image",
            "profile_picture",
        ],
        "the documents show it in profiles, and no way to write it",
    ),
];

/// The fields under these settings: which are needed, which codes they have, how they are written.
pub(super) fn table(settings: &Settings, catalogue: &Catalogue) -> Vec<Field> {
    let is_listed = |field: &&Field| match field.name.as_ref() {
        "id" => settings.matched_by == Match::Id,
        "gender_text" => settings.gender_text,
        _ => true,
    };
    let mut fields: Vec<Field> =
        FIELDS.iter().filter(is_listed).map(|field| under(field.clone(), settings)).collect();
    let custom = catalogue.fields(settings, &fields);
    fields.extend(custom);
    fields
}

/// One field under these settings.
fn under(mut field: Field, settings: &Settings) -> Field {
    let is_key = match settings.matched_by {
        Match::Email => field.name == "email",
        Match::Id => field.name == "id",
        Match::Custom(_) => false,
    };
    if is_key {
        field.need = Need::Required;
    } else if settings.operation == Operation::Update {
        // Whom it is about is known by the key; what is not sent stays as it is.
        field.kept = field.need == Need::Required;
        field.need = Need::Optional;
    }
    if matches!(field.kind, Kind::Phone(_)) {
        field.kind = Kind::Phone(match settings.phone {
            Phone::Digits => PhoneForm::Digits,
            Phone::E164 => PhoneForm::E164,
            Phone::AsIs => PhoneForm::AsIs,
        });
    }
    let only_with = |other, codes: Vec<i64>| {
        Cow::Owned(vec![Beside::OnlyWith { other, codes: Cow::Owned(codes) }])
    };
    match field.name.as_ref() {
        "gender" => recode(&mut field.kind, settings.gender_map.codes()),
        "occupation" => recode(&mut field.kind, settings.occupation_map.codes()),
        "gender_text" => field.beside = only_with("gender", vec![settings.gender_map.other]),
        "occupation_institution_name" => {
            field.beside = only_with("occupation", settings.institution_codes());
        }
        "address_coordinates" | "latitude" | "longitude" => {
            let path = field.path.replace("address_coordinates", &settings.coordinates_key);
            field.path = path.into();
        }
        _ => {}
    }
    field
}

/// Gives the choices of a field, in their order, other codes.
fn recode(kind: &mut Kind, codes: [i64; 4]) {
    if let Kind::Choice(choices) = kind
        && (0..).zip(codes).any(|(place, code): (i64, i64)| place != code)
    {
        let pairs = choices.iter().zip(codes);
        let recoded = pairs.map(|(choice, code)| Choice {
            value: Slot::Plain(Value::Integer(code)),
            ..choice.clone()
        });
        *kind = Kind::Choice(recoded.collect());
    }
}

/// The word of a gender or an occupation for its code, as it is sent.
pub(super) fn label(
    field: &str,
    sent: &serde_json::Value,
    settings: &Settings,
) -> Option<Cow<'static, str>> {
    let code = sent.as_i64().or_else(|| sent.as_str()?.parse().ok())?;
    let (choice, _) = coded(field, settings).find(|(_, own)| *own == code)?;
    Some(choice.label.clone())
}

/// The code of a gender or an occupation that is shown in words.
pub(super) fn code_of(field: &str, shown: &str, settings: &Settings) -> Option<i64> {
    let is_shown = |choice: &Choice| normalise(&choice.label) == normalise(shown);
    coded(field, settings).find(|(choice, _)| is_shown(choice)).map(|(_, code)| code)
}

/// The choices of a gender or an occupation, each with the code that it is sent as; none of other fields.
fn coded(field: &str, settings: &Settings) -> impl Iterator<Item = (&'static Choice, i64)> {
    let (choices, codes): (&[Choice], _) = match field {
        "gender" => (GENDERS, settings.gender_map.codes()),
        "occupation" => (OCCUPATIONS, settings.occupation_map.codes()),
        _ => (&[], [0; 4]),
    };
    choices.iter().zip(codes)
}

/// The field of a name that the table does not list.
pub(super) fn make(
    name: &str,
    settings: &Settings,
    catalogue: &Catalogue,
) -> Result<Field, Unmade> {
    let name = name.trim();
    if name.starts_with(PREFIX) {
        return catalogue.make(name, settings);
    }
    let refused =
        |why: &str, help: &str| Err(Unmade::Refused { why: why.to_owned(), help: help.to_owned() });
    if let Some((_, why)) = SHOWN_ONLY.iter().find(|(names, _)| names.contains(&name)) {
        return refused(why, "leave the column out, or map it to a custom field: custom:NAME");
    }
    let listed = FIELDS.iter().find(|field| field.name == name).cloned();
    match listed {
        Some(_) if name == "gender_text" => refused(
            "no write example of the documents has it",
            "if Vome is known to take it, set gender_text = true under [vome]",
        ),
        Some(_) if name == "id" && !settings.sends_profile_id() => refused(
            "a create makes the id itself",
            "leave the column out, or set send_profile_id = true under [vome]",
        ),
        Some(field) => Ok(under(field, settings)),
        None => Err(Unmade::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table_of(recipe: &str) -> Vec<Field> {
        let settings: Settings = toml::from_str(recipe).unwrap();
        let catalogue = Catalogue::new(&settings, &[]);
        table(&settings, &catalogue)
    }

    fn names(fields: &[Field], test: impl Fn(&Field) -> bool) -> Vec<String> {
        fields.iter().filter(|field| test(field)).map(|field| field.name.to_string()).collect()
    }

    #[test]
    fn what_is_needed_follows_from_operation_and_key() {
        let required = |field: &Field| field.need == Need::Required;
        let all = ["first_name", "last_name", "email"];
        for (recipe, needed, unique) in [
            ("", &all[..], &["email"][..]),
            ("operation = \"create\"", &all, &["email"]),
            ("operation = \"update\"", &["email"], &["email"]),
            ("operation = \"update\"\nmatch = \"id\"", &["id"], &["id", "email"]),
            ("match = \"id\"", &["id", "first_name", "last_name", "email"], &["id", "email"]),
            (
                "operation = \"update\"\nmatch = \"custom:Badge no\"",
                &["custom:Badge no"],
                &["email", "custom:Badge no"],
            ),
        ] {
            let fields = table_of(recipe);
            assert_eq!(names(&fields, required), needed, "{recipe}");
            assert_eq!(names(&fields, |field| field.unique), unique, "{recipe}");
        }
    }

    #[test]
    fn codes_phones_and_coordinates_follow_the_settings() {
        let fields = table_of(
            "phone = \"e164\"\ncoordinates_key = \"latitude_longitude\"\ngender_text = true\n\
             institution_codes = [1, 2]\n[gender_map]\nmale = 1\nfemale = 0\nother = 7\n",
        );
        let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
        assert!(matches!(field("phone_number").kind, Kind::Phone(PhoneForm::E164)));
        assert_eq!(field("longitude").path, "profile_data.latitude_longitude.2");
        let Kind::Choice(genders) = &field("gender").kind else { panic!() };
        assert_eq!(genders[1].value, Slot::Plain(Value::Integer(0)));
        assert_eq!(genders[1].label, "Female");
        let with = |other, codes: &'static [i64]| Beside::OnlyWith { other, codes: codes.into() };
        assert_eq!(field("gender_text").beside.as_ref(), [with("gender", &[7])]);
        let institution = field("occupation_institution_name");
        assert_eq!(institution.beside.as_ref(), [with("occupation", &[1, 2])]);
    }

    #[test]
    fn names_that_cannot_be_sent_are_refused_with_the_reason() {
        let create: Settings = toml::from_str("operation = \"create\"").unwrap();
        let upsert = Settings::default();
        let none = Catalogue::default();
        for (name, settings, part) in [
            ("age", &upsert, "date of birth"),
            ("skills", &upsert, "no way to write"),
            ("gender_text", &upsert, "no write example"),
            ("id", &create, "makes the id itself"),
        ] {
            let Err(Unmade::Refused { why, .. }) = make(name, settings, &none) else {
                panic!("{name}")
            };
            assert!(why.contains(part), "{why}");
        }
        assert!(make("id", &upsert, &none).unwrap().unique);
        assert!(matches!(make("shoe size", &upsert, &none), Err(Unmade::Unknown)));
    }
}
