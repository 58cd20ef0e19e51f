//! What SCIM takes: its table of fields, in the order of its payload, and the names it refuses.

use crate::mapping::{Unmade, words};
use crate::record::{Field, Kind, PhoneForm, Words};

/// The schema of every user (RFC 7643 section 4.1).
pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// The extension for people of an organisation (RFC 7643 section 4.3).
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The path of an attribute of the enterprise extension, whose URN has a dot of its own.
macro_rules! enterprise {
    ($attribute:literal) => {
        concat!("urn:ietf:params:scim:schemas:extension:enterprise:2\\.0:User.", $attribute)
    };
}

const CORE: &str = "RFC 7643 section 4.1.1";
const MULTIPLE: &str = "RFC 7643 section 4.1.2";
const EXTENSION: &str = "RFC 7643 section 4.3";
const COMMON: &str = "RFC 7643 section 3.1";

const fn sure(sure: &'static [&'static str]) -> Words {
    Words { sure, maybe: &[] }
}

/// What people log in with.
const LOGIN: Words = sure(&["login", "=user principal name", "=user name user principal name"]);

/// The e-mail address at work, or the only one.
const EMAIL: Words = Words { sure: &["email", "primary email|work email"], maybe: &["login"] };

/// The id that the server gave a person, by which updates find it.
pub(super) const ID: Field = Field::new("id", Kind::Text, "")
    .words(sure(&["scim id"]))
    .code()
    .required()
    .unique()
    .source(COMMON, "given by the server; RFC 7644 section 3.5: updates go to /Users/ID");

/// What SCIM takes, in the order of its payload; paths are those of the schema.
pub(super) static FIELDS: &[Field] = &[
    Field::new("userName", Kind::Text, "userName")
        .words(LOGIN)
        .code()
        .caseless()
        .required()
        .unique()
        .stand_in("emails.work.value")
        .source(CORE, "what people log in with; unique, without regard to case"),
    Field::new("externalId", Kind::Text, "externalId")
        .words(sure(&["external id", "=object id"]))
        .code()
        .source(COMMON, "the id that your own system has for the person"),
    Field::new("name.formatted", Kind::Text, "name.formatted")
        .words(sure(&["name formatted"]))
        .source(CORE, "the whole name as it is shown"),
    Field::new("name.familyName", Kind::Name, "name.familyName")
        .alias("last_name")
        .words(words::LAST_NAME)
        .source(CORE, ""),
    Field::new("name.givenName", Kind::Name, "name.givenName")
        .alias("first_name")
        .words(words::FIRST_NAME)
        .source(CORE, ""),
    Field::new("name.middleName", Kind::Name, "name.middleName")
        .words(sure(&["middle name", "second given name"]))
        .source(CORE, ""),
    Field::new("name.honorificPrefix", Kind::Text, "name.honorificPrefix")
        .words(Words { sure: &["salutation", "name salutation"], maybe: &["title"] })
        .source(CORE, "Ms., Dr."),
    Field::new("name.honorificSuffix", Kind::Text, "name.honorificSuffix")
        .words(sure(&["suffix", "name suffix", "honorific suffix"]))
        .source(CORE, "III, PhD"),
    Field::new("displayName", Kind::Text, "displayName")
        .words(sure(&["display name", "=name display name"]))
        .source(CORE, "the name as it is shown to others"),
    Field::new("nickName", Kind::Text, "nickName")
        .words(sure(&["nickname"]))
        .source(CORE, "what people call the person"),
    Field::new("profileUrl", Kind::Url, "profileUrl")
        .words(sure(&["profile url", "profile link"]))
        .source(CORE, "a page about the person"),
    Field::new("title", Kind::Text, "title")
        .words(words::OCCUPATION)
        .source(CORE, "what the person does: Vice President"),
    Field::new("userType", Kind::Text, "userType")
        .words(sure(&["=user type", "=employee type", "=employment type"]))
        .source(CORE, "Contractor, Employee, Intern, Temp, External"),
    Field::new("preferredLanguage", Kind::Text, "preferredLanguage")
        .words(Words { sure: &["preferred language"], maybe: &["language"] })
        .code()
        .source(CORE, "a language tag: en-US"),
    Field::new("locale", Kind::Text, "locale")
        .words(sure(&["locale"]))
        .code()
        .source(CORE, "a language tag: en-US"),
    Field::new("timezone", Kind::Text, "timezone")
        .words(sure(&["timezone", "time zone"]))
        .source(CORE, "a name of the IANA database: Australia/Melbourne"),
    Field::new("active", Kind::Bool, "active")
        .words(sure(&["active", "=account enabled", "=is active", "aktiv", "actif"]))
        .source(CORE, "what it means is the server's affair; left out when not mapped"),
    Field::new("emails.work.value", Kind::Email, "emails.1.value")
        .alias("email")
        .words(EMAIL)
        .source(MULTIPLE, "the primary one, unless [scim] primary says home"),
    Field::new("emails.home.value", Kind::Email, "emails.2.value")
        .words(Words {
            sure: &["home email"],
            maybe: &["secondary email", "further email", "recovery email"],
        })
        .source(MULTIPLE, ""),
    Field::new("phoneNumbers.work.value", Kind::Phone(PhoneForm::E164), "phoneNumbers.1.value")
        .words(Words { sure: &["work phone", "phone", "primary phone"], maybe: &[] })
        .source(MULTIPLE, "E.164, or RFC 3966 with phone = \"tel\""),
    Field::new("phoneNumbers.mobile.value", Kind::Phone(PhoneForm::E164), "phoneNumbers.2.value")
        .words(sure(&["mobile", "primary mobile", "home mobile|work mobile"]))
        .source(MULTIPLE, ""),
    Field::new("phoneNumbers.home.value", Kind::Phone(PhoneForm::E164), "phoneNumbers.3.value")
        .words(sure(&["home phone", "landline"]))
        .source(MULTIPLE, ""),
    Field::new("photos.photo.value", Kind::Url, "photos.1.value")
        .words(sure(&["photo url", "picture url", "avatar url", "photo link"]))
        .source(MULTIPLE, "where the picture is, not the picture itself"),
    Field::new("addresses.work.formatted", Kind::Text, "addresses.1.formatted")
        .words(sure(&["full address", "postal address"]))
        .source(MULTIPLE, "the whole address as it is written on a letter"),
    Field::new("addresses.work.streetAddress", Kind::Text, "addresses.1.streetAddress")
        .words(sure(&["street address", "street", "work street address", "address line 1"]))
        .source(MULTIPLE, "street and number"),
    Field::new("addresses.work.locality", Kind::Text, "addresses.1.locality")
        .words(sure(&["city", "town", "work city", "locality", "suburb", "ville", "ort"]))
        .source(MULTIPLE, "city or town"),
    Field::new("addresses.work.region", Kind::Text, "addresses.1.region")
        .words(sure(&["state", "province", "state or province", "work state"]))
        .source(MULTIPLE, "state or province"),
    Field::new("addresses.work.postalCode", Kind::Text, "addresses.1.postalCode")
        .words(sure(&[
            "postal code",
            "postcode",
            "zip",
            "zip code",
            "zipcode",
            "zip or postal code",
            "code postal",
            "plz",
        ]))
        .code()
        .source(MULTIPLE, ""),
    Field::new("addresses.work.country", Kind::Country, "addresses.1.country")
        .words(sure(&["country", "country code", "country or region", "pays", "land"]))
        .source(MULTIPLE, "a code of ISO 3166-1; names are understood"),
    Field::new("employeeNumber", Kind::Text, enterprise!("employeeNumber"))
        .words(sure(&[
            "=employee number",
            "=employee id",
            "=employee no",
            "=staff number",
            "=staff id",
            "personnel number",
            "matricule",
        ]))
        .code()
        .source(EXTENSION, "the number that the organisation gave the person"),
    Field::new("costCenter", Kind::Text, enterprise!("costCenter"))
        .words(sure(&["cost center", "cost centre", "kostenstelle"]))
        .code()
        .source(EXTENSION, ""),
    Field::new("organization", Kind::Text, enterprise!("organization"))
        .words(words::COMPANY)
        .source(EXTENSION, ""),
    Field::new("division", Kind::Text, enterprise!("division"))
        .words(sure(&["division"]))
        .source(EXTENSION, ""),
    Field::new("department", Kind::Text, enterprise!("department"))
        .words(sure(&["department", "dept", "departement", "abteilung"]))
        .source(EXTENSION, ""),
    Field::new("manager.value", Kind::Text, enterprise!("manager.value"))
        .words(sure(&["=manager id"]))
        .code()
        .source(EXTENSION, "the server's id of the manager, not a name or an address"),
];

/// Names that mean something in SCIM and cannot be imported.
pub(super) fn refusal(name: &str) -> Option<Unmade> {
    let lower = name.to_lowercase();
    let head = lower.split('.').next().unwrap_or(&lower);
    let (why, help) = match head {
        "password" => (
            "a spreadsheet is no place for passwords, and nobody could say who has read it",
            "leave it out: people set their own, or log in through the identity provider",
        ),
        "id" => (
            "the server gives it (RFC 7643 section 3.1, read-only)",
            "an id of your own goes into externalId; to update people by the server's id, write \
             operation = \"update\" under [scim]",
        ),
        "meta" | "schemas" => (
            "the server keeps it (RFC 7643 section 3.1, read-only)",
            "leave it out; it follows from what is sent",
        ),
        "groups" => (
            "it is read-only: membership is changed at the group (RFC 7643 section 4.1.2)",
            "leave it out, and put people into groups at the server",
        ),
        "x509certificates" => ("certificates are not handed out by spreadsheet", "leave it out"),
        "manager" if lower != "manager.value" => (
            "the server fills it from the manager's own profile (RFC 7643 section 4.3)",
            "map the manager's id in the server to manager.value",
        ),
        _ => return None,
    };
    Some(Unmade::Refused { why: why.to_owned(), help: help.to_owned() })
}
