//! Countries: their codes by ISO 3166-1 and their names in four languages and in their own; what is no country any more
//! is told from what never was one.

mod list;
mod names;

use std::sync::LazyLock;

pub use self::names::NAMES as COUNTRIES;
use crate::spelling::{nearest, normalise};

/// Names and codes of three letters in order, each with its country's code of two letters.
static NAMES: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let mut names: Vec<(&str, &str)> = Vec::new();
    for &(code, _, own) in list::ALL {
        names.extend(own.iter().map(|name| (*name, code)));
    }
    names.sort_unstable();
    names
});

/// Why a text is no country.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was one; what became of it.
    Former(&'static str),
    /// Nobody knows it; the code of the one that may be meant.
    Unknown(Option<&'static str>),
}

/// The code of two letters of a country, from either code or a name.
pub(super) fn code(text: &str) -> Result<&'static str, Fault> {
    let text = text.trim();
    let upper = || text.to_ascii_uppercase();
    if text.len() == 2 && text.is_ascii() {
        let upper = upper();
        if let Ok(at) = list::ALL.binary_search_by_key(&upper.as_str(), |(code, ..)| code) {
            return list::ALL.get(at).map(|(code, ..)| *code).ok_or(Fault::Unknown(None));
        }
        if let Some((_, why)) = list::FORMER.iter().find(|(code, _)| *code == upper) {
            return Err(Fault::Former(why));
        }
    }
    if text.len() == 3 && text.is_ascii() {
        let upper = upper();
        if let Some((code, ..)) = list::ALL.iter().find(|(_, three, _)| *three == upper) {
            return Ok(code);
        }
    }
    let plain = normalise(text);
    if let Ok(at) = NAMES.binary_search_by_key(&plain.as_str(), |(name, _)| name) {
        return NAMES.get(at).map(|(_, code)| *code).ok_or(Fault::Unknown(None));
    }
    // `The Bahamas`, `the USA`.
    if let Some(rest) =
        text.get(..4).filter(|the| the.eq_ignore_ascii_case("the ")).and(text.get(4..))
        && let Ok(code) = code(rest)
    {
        return Ok(code);
    }
    let near = nearest(text, NAMES.iter().map(|(name, _)| *name)).filter(|_| plain.len() > 3);
    let code = near.and_then(|near| NAMES.iter().find(|(name, _)| *name == near));
    Err(Fault::Unknown(code.map(|(_, code)| *code)))
}

/// The country whose cars have this sign, of those with one letter that German sheets of neighbours are full of
/// (distinguishing signs of vehicles in international traffic, UN Convention on Road Traffic). It says a country only
/// where a column says that it holds some.
pub(super) fn of_cars(text: &str) -> Option<&'static str> {
    const SIGNS: &[(&str, &str)] = &[
        ("A", "AT"),
        ("B", "BE"),
        ("D", "DE"),
        ("E", "ES"),
        ("F", "FR"),
        ("FL", "LI"),
        ("H", "HU"),
        ("I", "IT"),
        ("L", "LU"),
        ("P", "PT"),
    ];
    let sign = SIGNS.iter().find(|(sign, _)| sign.eq_ignore_ascii_case(text.trim()));
    sign.map(|(_, code)| *code)
}

/// Whether a header, normalised, says that its column holds the country codes of phone numbers.
pub(super) fn is_code_header(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "callingcode",
        "countrycallingcode",
        "countrydialcode",
        "dialcode",
        "dialingcode",
        "diallingcode",
        "indicatif",
        "indicatifpays",
        "indicatiftelephonique",
        "internationalprefix",
        "landervorwahl",
        "landesvorwahl",
        "mobilecountrycode",
        "phonecode",
        "phonecountrycode",
        "phoneprefix",
        "prefijotelefonico",
        "prefissointernazionale",
    ];
    WORDS.binary_search(&plain).is_ok()
}

/// Whether a header, normalised, says that its column holds countries.
pub(super) fn is_header(plain: &str) -> bool {
    const WORDS: &[&str] = &[
        "addresscountry",
        "billingcountry",
        "codepays",
        "country",
        "countrycode",
        "countryiso",
        "countryname",
        "countryofresidence",
        "countryregion",
        "homecountry",
        "isocountry",
        "land",
        "landcode",
        "mailingcountry",
        "nation",
        "pais",
        "pays",
        "paysderesidence",
        "phonecountry",
        "residencecountry",
        "shippingcountry",
        "staat",
        "usercountry",
    ];
    WORDS.contains(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_in_order() {
        assert_eq!(list::ALL.len(), 249, "the countries of ISO 3166-1");
        assert!(list::ALL.is_sorted_by(|a, b| a.0 < b.0));
        let mut threes: Vec<&str> = list::ALL.iter().map(|(_, three, _)| *three).collect();
        threes.sort_unstable();
        threes.dedup();
        assert_eq!(threes.len(), 249);
        for (two, three, names) in list::ALL {
            assert!(two.len() == 2 && three.len() == 3 && !names.is_empty(), "{two}");
            for name in *names {
                assert_eq!(normalise(name), *name, "{two}");
            }
            assert!(!list::FORMER.iter().any(|(former, _)| former == two), "{two}");
        }
        assert!(NAMES.windows(2).all(|pair| pair[0].0 != pair[1].0), "a name stands twice");
        assert!(list::FORMER.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn countries_are_known_by_codes_and_names() {
        for (text, expected) in [
            ("AU", "AU"),
            ("gb", "GB"),
            ("DEU", "DE"),
            ("Germany", "DE"),
            ("Allemagne", "DE"),
            ("Deutschland", "DE"),
            ("Alemania", "DE"),
            ("États-Unis", "US"),
            ("U.S.A.", "US"),
            ("UK", "GB"),
            ("Côte d’Ivoire", "CI"),
            ("Österreich", "AT"),
            ("the netherlands", "NL"),
            ("The USA", "US"),
            ("Korea, Republic of", "KR"),
            ("Congo, The Democratic Republic of the", "CD"),
            ("Holy See (Vatican City State)", "VA"),
            ("Kingdom of Norway", "NO"),
            ("Hrvatska", "HR"),
            ("Ελλάδα", "GR"),
            ("Україна", "UA"),
            ("日本", "JP"),
            ("مصر", "EG"),
        ] {
            assert_eq!(code(text), Ok(expected), "{text}");
        }
        assert!(matches!(code("YU"), Err(Fault::Former(_))));
        assert_eq!(code("Germny"), Err(Fault::Unknown(Some("DE"))));
        for unknown in ["Narnia", "Congo", "Korea", "XX", "", "12", "zz"] {
            assert!(matches!(code(unknown), Err(Fault::Unknown(_))), "{unknown}");
        }
    }

    #[test]
    fn signs_of_cars_are_those_of_neighbours() {
        let known = |text| of_cars(text).and_then(|country| code(country).ok());
        assert_eq!((known("D"), known(" a "), known("FL")), (Some("DE"), Some("AT"), Some("LI")));
        assert_eq!((known("X"), known(""), known("CH")), (None, None, None));
        assert!(is_code_header("phonecountrycode") && !is_code_header("country"));
    }

    proptest::proptest! {
        #[test]
        fn a_code_is_its_own_code(text in "\\PC{0,20}") {
            if let Ok(two) = code(&text) {
                proptest::prop_assert_eq!(code(two), Ok(two));
            }
        }
    }
}
