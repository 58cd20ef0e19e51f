//! What Vome takes: its table of fields, in the order of its payload.

use std::borrow::Cow;

use crate::mapping::words;
use crate::record::{Beside, Choice, DateForm, Field, Kind, PhoneForm, Slot, Value, Words};

pub(super) const WRITE: &str = "Vome \"Write Operations\"";
pub(super) const CREATE: &str = "Vome \"Create profiles\"";
pub(super) const PROFILE: &str = "Vome \"The Profile object\"";
pub(super) const FORMAT: &str = "Vome help centre, formatting an import";

const fn code(value: i64, label: &'static str, words: &'static [&'static str]) -> Choice {
    Choice { value: Slot::Plain(Value::Integer(value)), label: Cow::Borrowed(label), words }
}

const GENDERS: &[Choice] = &[
    code(0, "Male", &["m", "man", "boy", "h", "homme", "masculin", "garcon", "mr", "he"]),
    code(1, "Female", &["f", "woman", "girl", "femme", "feminin", "fille", "she", "w"]),
    code(
        2,
        "Other",
        &[
            "o",
            "nonbinary",
            "nb",
            "x",
            "autre",
            "nonbinaire",
            "diverse",
            "genderqueer",
            "genderfluid",
            "agender",
            "they",
            "nongendered",
        ],
    ),
    code(
        3,
        "Rather not say",
        &[
            "prefernottosay",
            "prefernotsay",
            "prefersnottosay",
            "prefernottoanswer",
            "withheld",
            "notsaid",
            "undisclosed",
            "nepasrepondre",
            "preferenepasrepondre",
            "jepreferenepasrepondre",
            "neveutpasrepondre",
            "decline",
            "declinetoanswer",
        ],
    ),
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
        .beside(&[Beside::OnlyWith { other: "has_medical_info", codes: &[1] }])
        .source(CREATE, "has_medical_info is sent as true beside it"),
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
    .beside(&[Beside::OnlyWith { other: "occupation", codes: &[0, 1] }])
    .source(PROFILE, "only applicable to students and professionals"),
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
    Field::new("address", Kind::Text, "profile_data.address")
        .words(words::ADDRESS)
        .source(CREATE, "one text"),
];
