//! What headers say for the fields that profile systems share, as phrases.
//!
//! A phrase is compared by what its words mean, in any order and without words that say nothing, so
//! that "email address" stands for "Votre adresse e-mail *" as well (`vocabulary.rs` has the words).
//! `sure` phrases mean the field whatever else the sheet has; `maybe` phrases mean it only when no
//! other column says so more clearly. Both are in order of preference; phrases between `|` are alike,
//! and `=` marks one that counts only as it is spelt.

use crate::record::Words;

/// A given name.
pub const FIRST_NAME: Words = Words {
    sure: &["first name", "preferred first name", "=1st name"],
    maybe: &["nickname", "=preferred name", "=ad"],
};
/// A family name.
pub const LAST_NAME: Words = Words {
    sure: &["last name", "family name", "nom d'usage"],
    maybe: &["=family", "=second name", "=family names", "=2nd name"],
};
/// First and last name in one cell.
pub const FULL_NAME: Words = Words {
    sure: &["full name", "first last", "nom et prenom", "display name"],
    maybe: &["=volunteer", "=member", "=person", "=customer", "=participant", "=attendee"],
};
/// An e-mail address.
pub const EMAIL: Words = Words {
    sure: &["email", "primary email", "home email|work email"],
    maybe: &["secondary email", "further email", "login"],
};
/// A mobile phone number.
pub const MOBILE_PHONE: Words = Words {
    sure: &["mobile", "primary mobile", "home mobile|work mobile"],
    maybe: &["phone", "primary phone", "whatsapp"],
};
/// A phone number where the target does not tell mobiles apart.
pub const PHONE: Words = Words {
    sure: &["mobile", "primary mobile", "home mobile|work mobile", "phone", "primary phone"],
    maybe: &[
        "home phone",
        "landline",
        "work phone",
        "secondary phone|secondary mobile",
        "whatsapp",
    ],
};
/// A second phone number.
pub const SECONDARY_PHONE: Words = Words {
    sure: &[
        "secondary phone",
        "secondary mobile",
        "home phone",
        "landline",
        "work phone",
        "day phone",
        "evening phone",
    ],
    maybe: &["phone", "primary phone", "further phone"],
};
/// The day a person was born.
pub const BIRTH_DATE: Words = Words {
    sure: &[
        "date of birth",
        "=born date",
        "=date born",
        "né le",
        "=geboren am",
        "=geb. am",
        "=f. nacimiento",
        "=f. nac.",
        "=fec. nac.",
    ],
    maybe: &["born"],
};
/// Gender.
pub const GENDER: Words = Words { sure: &["gender", "gender identity"], maybe: &[] };
/// A postal address in one cell.
pub const ADDRESS: Words = Words {
    sure: &[
        "full address",
        "address",
        "home address",
        "postal address",
        "street address",
        "primary full address",
    ],
    maybe: &[
        "primary address",
        "address line",
        "address line 1",
        "home street address",
        "street",
        "home street",
        "postal street",
    ],
};
/// What a person does.
pub const OCCUPATION: Words = Words {
    sure: &["occupation", "job title", "job", "company title", "primary company title"],
    maybe: &["title", "position"],
};
/// Where a person works or studies.
pub const COMPANY: Words = Words {
    sure: &[
        "company",
        "company name",
        "primary company name",
        "=business",
        "=business name",
        "work company",
    ],
    maybe: &[
        "institution",
        "school",
        "university",
        "institution name",
        "school name",
        "university name",
        "default address company",
    ],
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
