//! Headers that people write for the fields that profile systems share, in normalised form.
//!
//! English and French, and what German programs call the same fields. `sure` words mean the field whatever else the sheet has; `maybe` words mean
//! it only when no other column says so more clearly.

use crate::record::Words;

/// A given name.
pub const FIRST_NAME: Words = Words {
    sure: &[
        "firstname",
        "givenname",
        "givennames",
        "firstnames",
        "forename",
        "forenames",
        "fname",
        "namefirst",
        "prenom",
        "prenoms",
        "first",
        "given",
        "preferredfirstname",
        "vorname",
        "vornamen",
        "rufname",
    ],
    maybe: &["christianname", "preferredname", "nickname"],
};
/// A family name.
pub const LAST_NAME: Words = Words {
    sure: &[
        "lastname",
        "surname",
        "familyname",
        "lname",
        "namelast",
        "nomdefamille",
        "nomfamille",
        "last",
        "secondname",
        "sn",
        "nachname",
        "familienname",
        "zuname",
    ],
    maybe: &["nom", "family", "familynames"],
};
/// First and last name in one cell.
pub const FULL_NAME: Words = Words {
    sure: &[
        "fullname",
        "completename",
        "nomcomplet",
        "nometprenom",
        "prenometnom",
        "nomprenom",
        "prenomnom",
        "contactname",
        "displayname",
        "volunteername",
        "membername",
        "customername",
        "firstandlastname",
        "firstlastname",
        "namefirstlast",
    ],
    maybe: &["name", "volunteer", "member", "person", "customer", "participant", "attendee"],
};
/// An e-mail address.
pub const EMAIL: Words = Words {
    sure: &[
        "email",
        "emailaddress",
        "mail",
        "mailaddress",
        "courriel",
        "adressecourriel",
        "adresseemail",
        "adressemail",
        "adresseelectronique",
        "adressedecourriel",
        "emailadress",
        "emailaddr",
        "primaryemail",
        "emailprimary",
        "email1",
        "email1value",
        "email1address",
        "emailaddress1",
        "workemail",
        "personalemail",
        "contactemail",
        "emailwork",
        "emailhome",
        "useremail",
        "volunteeremail",
        "customeremail",
        "memberemail",
        "youremail",
        "youremailaddress",
        "mel",
        "emails",
        "emailadresse",
        "mailadresse",
    ],
    maybe: &[
        "username",
        "userprincipalname",
        "login",
        "email2",
        "email2value",
        "secondaryemail",
        "alternateemail",
        "emailother",
        "loginemail",
    ],
};
/// A mobile phone number.
pub const MOBILE_PHONE: Words = Words {
    sure: &[
        "mobile",
        "mobilephone",
        "mobilenumber",
        "mobilephonenumber",
        "mobileno",
        "cell",
        "cellphone",
        "cellnumber",
        "cellphonenumber",
        "portable",
        "telephoneportable",
        "telportable",
        "telmobile",
        "telephonemobile",
        "cellulaire",
        "telephonecellulaire",
        "mobiletel",
        "phonemobile",
        "gsm",
        "smsphone",
        "sms",
        "handphone",
        "mobiletelephone",
        "handy",
        "handynummer",
        "mobil",
        "mobilnummer",
        "mobiltelefon",
    ],
    maybe: &[
        "phone",
        "phonenumber",
        "phoneno",
        "telephone",
        "telephonenumber",
        "tel",
        "telno",
        "numerodetelephone",
        "numtel",
        "notelephone",
        "phone1",
        "phone1value",
        "primaryphone",
        "contactnumber",
        "contactphone",
        "whatsapp",
        "telefon",
        "telefonnummer",
        "whatsappnumber",
    ],
};
/// A phone number where the target does not tell mobiles apart.
pub const PHONE: Words = Words {
    sure: &[
        "phone",
        "phonenumber",
        "phoneno",
        "telephone",
        "telephonenumber",
        "tel",
        "telno",
        "numerodetelephone",
        "numtel",
        "notelephone",
        "phone1",
        "phone1value",
        "primaryphone",
        "contactnumber",
        "contactphone",
        "mobile",
        "mobilephone",
        "mobilenumber",
        "mobilephonenumber",
        "mobileno",
        "cell",
        "cellphone",
        "cellnumber",
        "cellphonenumber",
        "portable",
        "telephoneportable",
        "telportable",
        "cellulaire",
        "gsm",
        "telefon",
        "telefonnummer",
        "handy",
        "handynummer",
        "mobil",
        "mobilnummer",
        "mobiltelefon",
    ],
    maybe: &["homephone", "workphone", "businessphone", "phonehome", "phonework"],
};
/// A second phone number.
pub const SECONDARY_PHONE: Words = Words {
    sure: &[
        "secondaryphone",
        "phone2",
        "phone2value",
        "otherphone",
        "alternatephone",
        "altphone",
        "homephone",
        "workphone",
        "businessphone",
        "landline",
        "phonehome",
        "phonework",
        "hometelephone",
        "homenumber",
        "worknumber",
        "telephonefixe",
        "telfixe",
        "fixe",
        "secondphone",
        "dayphone",
        "eveningphone",
    ],
    maybe: &["phone", "phonenumber", "telephone", "tel", "telephonenumber", "telefon"],
};
/// The day a person was born.
pub const BIRTH_DATE: Words = Words {
    sure: &[
        "dateofbirth",
        "dob",
        "birthdate",
        "birthday",
        "datedenaissance",
        "datenaissance",
        "naissance",
        "ddn",
        "borndate",
        "bdate",
        "bday",
        "birth",
        "dateborn",
        "anniversaire",
        "neele",
        "nele",
        "geburtsdatum",
        "geburtstag",
    ],
    maybe: &["born"],
};
/// Gender.
pub const GENDER: Words = Words { sure: &["gender", "sex", "sexe", "genre"], maybe: &[] };
/// A postal address in one cell.
pub const ADDRESS: Words = Words {
    sure: &[
        "address",
        "fulladdress",
        "homeaddress",
        "postaladdress",
        "mailingaddress",
        "adresse",
        "adressecomplete",
        "adressepostale",
        "streetaddress",
        "address1formatted",
    ],
    maybe: &["street", "rue", "addressline1", "address1"],
};
/// What a person does.
pub const OCCUPATION: Words =
    Words { sure: &["occupation", "profession", "jobtitle", "job", "metier"], maybe: &["role"] };
/// Where a person works or studies.
pub const COMPANY: Words = Words {
    sure: &[
        "company",
        "companyname",
        "organization",
        "organisation",
        "organizationname",
        "organisationname",
        "employer",
        "entreprise",
        "societe",
        "employeur",
        "organization1name",
        "business",
        "businessname",
    ],
    maybe: &["institution", "school", "university", "ecole", "universite"],
};

/// The words of a header, in lower case: `MemberNo` has two.
fn header_words(header: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in header.chars() {
        let begins = !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase();
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a header says that its values are ids or codes: neither numbers to count with nor prose.
pub fn is_code(header: &str) -> bool {
    const ENDS: &[&str] = &[
        "account",
        "badge",
        "barcode",
        "card",
        "carte",
        "code",
        "codes",
        "id",
        "identifiant",
        "identifier",
        "ids",
        "key",
        "no",
        "nr",
        "num",
        "number",
        "numero",
        "numéro",
        "ref",
        "reference",
        "référence",
        "sku",
        "uid",
        "uuid",
    ];
    const BEGINNINGS: &[&str] =
        &["code", "id", "identifiant", "no", "num", "numero", "numéro", "n"];
    let words = header_words(header);
    let is =
        |word: Option<&String>, list: &[&str]| word.is_some_and(|word| list.contains(&&**word));
    // "Number of children" counts; "No" alone says no.
    let counts = words.iter().any(|word| matches!(word.as_str(), "of" | "de" | "d"));
    let alone = words.len() == 1 && words.iter().any(|word| matches!(word.as_str(), "no" | "key"));
    let named = is(words.last(), ENDS) || words.len() > 1 && is(words.first(), BEGINNINGS);
    named && !alone && (!counts || !is(words.first(), &["number", "no"])) || is_postcode(header)
}

/// Whether a header says that its values are postcodes.
pub fn is_postcode(header: &str) -> bool {
    const WORDS: &[&str] = &[
        "postcode",
        "zip",
        "zipcode",
        "postalcode",
        "codepostal",
        "postnummer",
        "postleitzahl",
        "plz",
        "cap",
        "eircode",
    ];
    let words = header_words(header);
    let pairs = words.windows(2).map(<[String]>::concat);
    words.iter().cloned().chain(pairs).any(|word| WORDS.contains(&word.as_str()))
        || words.iter().any(|word| word == "cp") && words.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_codes_from_counts() {
        for code in [
            "ID",
            "MemberNo",
            "Membership number",
            "Postcode",
            "Zip Code",
            "Code postal",
            "CP",
            "N° de membre",
            "salesforce_id",
            "Card",
            "Staff ID #",
            "Numéro de membre",
        ] {
            assert!(is_code(code), "{code}");
        }
        for other in [
            "Number of children",
            "No",
            "Notes",
            "Address",
            "Casino",
            "Paid",
            "Kids",
            "Idea",
            "Nombre d'enfants",
            "T-shirt size",
            "Key",
            "",
        ] {
            assert!(!is_code(other), "{other}");
        }
        assert!(is_postcode("Home post code") && !is_postcode("Code"));
    }
}
