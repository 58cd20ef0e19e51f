//! What holds of every text that is near an address, tried on thousands of made ones.

use std::borrow::Cow;

use proptest::prelude::*;
use validator::ValidateEmail as _;

use super::doubt::doubt;
use super::*;
use crate::validate::clean::{Inner, clean};

/// Sixteen times the usual number of cases, which `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 16, failure_persistence: None, ..usual }
}

/// As many as it takes to meet the rare neighbours of a plain address.
fn many() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 400, failure_persistence: None, ..usual }
}

/// Pieces that addresses are made of, the usual ones several times, and those that spoil them.
const PIECES: &[&str] = &[
    "a",
    "b",
    "Z",
    "x1",
    "ada",
    "Example",
    "org",
    "co",
    "9",
    "42",
    "a",
    "lark",
    "Q",
    "mail",
    "t",
    "7up",
    ".",
    ".",
    ".",
    ".",
    "-",
    "_",
    "+",
    "--",
    "'",
    "xn--",
    "xn--bcher-kva",
    "é",
    "e\u{301}",
    "ß",
    "İ",
    "ı",
    "Σ",
    "ς",
    "ſ",
    "用",
    "ａ",
    "．",
    "。",
    "ﬁ",
    "©",
    " ",
    ",",
    ";",
    "\"",
    "(",
    ")",
    "<",
    ">",
    "@",
    "＠",
    "\u{200b}",
    "\\",
    ":",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm",
];

const ENDINGS: &[&str] = &["", ".org", ".com", ".co.uk", ".ORG", ".1", ".x", ".", "org", ".рф"];

/// Something like an address.
fn near_address() -> impl Strategy<Value = String> {
    prop::collection::vec(any::<u8>(), 1..12).prop_map(|numbers| {
        let mut text = String::new();
        let (first, rest) = numbers.split_first().unwrap();
        let at = usize::from(*first) % (rest.len() + 1);
        for (place, &number) in rest.iter().enumerate() {
            if place == at {
                text.push('@');
            }
            // Half of the pieces are of the usual ones.
            let among = if number % 2 == 0 { 20 } else { PIECES.len() };
            text.push_str(PIECES[usize::from(number) / 2 % among]);
        }
        text.push_str(ENDINGS[usize::from(*first) % ENDINGS.len()]);
        text
    })
}

/// An address of plain pieces, as most are.
fn address() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9]{1,8}([._+-][a-zA-Z0-9]{1,8}){0,3}@[a-zA-Z0-9]{1,10}([.-][a-zA-Z0-9]{1,10}){0,3}\\.[a-zA-Z]{2,6}"
}

/// The texts with the letters of the given places in the other case.
fn other_case(text: &str, places: u64) -> String {
    let change = |(place, c): (usize, char)| {
        let turned =
            if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
        if places >> (place % 64) & 1 == 1 { turned } else { c }
    };
    text.chars().enumerate().map(change).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_suggestion_is_an_address_and_never_what_was_refused(text in near_address()) {
        if let Err(Fault { suggestion: Some(suggestion), .. }) = check(&text) {
            prop_assert_eq!(check_closely(&suggestion), Ok(()));
            prop_assert_ne!(suggestion, text);
        }
    }

    #[test]
    fn what_a_wrapper_holds_is_found_again(address in address(), which in 0..6_usize) {
        let wrapped = match which {
            0 => format!("mailto:{address}"),
            1 => format!("<{address}>"),
            2 => format!("\"Lark, Ada\" <{address}>"),
            3 => format!("'{address}'"),
            4 => format!("{address} <mailto:{address}>"),
            _ => format!("MAILTO:{address}?subject=x"),
        };
        prop_assert_eq!(content(&wrapped), Content::Wrapped(Cow::Borrowed(&address)));
        prop_assert_eq!(content(&address), Content::Bare);
    }

    #[test]
    fn making_a_key_twice_changes_nothing(text in prop_oneof![near_address(), ".{0,30}"]) {
        let once = key(&text).into_owned();
        prop_assert_eq!(key(&once), once.as_str());
        let plain = variant(&once);
        prop_assert_eq!(variant(&plain), plain.as_ref());
    }

    #[test]
    fn cleaning_twice_changes_nothing(text in ".{0,30}") {
        let once = clean(&text, Inner::OneLine).text.into_owned();
        let again = clean(&once, Inner::OneLine);
        prop_assert_eq!(again.text.as_ref(), once.as_str());
        prop_assert!(!again.repaired);
    }

    #[test]
    fn spellings_of_one_mailbox_have_one_key(
        local in "[a-zA-Zéßüñçωλжя0-9]{1,10}",
        name in "[a-zA-Züéñжя]{1,8}",
        places in any::<u64>(),
    ) {
        use unicode_normalization::UnicodeNormalization as _;
        let address = format!("{local}@{name}.example");
        let of = key(&address).into_owned();
        let ascii = idna::domain_to_ascii(&format!("{name}.example")).unwrap();
        for spelling in [
            other_case(&address, places),
            address.to_lowercase(),
            // There is no capital letter for it that folds back.
            if local.contains('ß') { address.clone() } else { address.to_uppercase() },
            address.nfd().collect(),
            format!("{local}@{ascii}"),
        ] {
            prop_assert_eq!(key(&spelling), of.as_str(), "{}", spelling);
        }
        prop_assert_eq!(reading(&address), Some(of));
    }

    #[test]
    fn one_other_letter_is_another_mailbox(address in address(), place in any::<usize>()) {
        let mut bytes = address.clone().into_bytes();
        let place = place % bytes.len();
        prop_assume!(bytes[place].is_ascii_alphanumeric());
        bytes[place] = if bytes[place] == b'q' { b'z' } else { b'q' };
        let other = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(key(&address) == key(&other), address.eq_ignore_ascii_case(&other));
    }

    #[test]
    fn doubting_never_fails(text in near_address()) {
        let _ = owner(&text);
        if let Some(Doubt::Slip(meant)) = text.rsplit_once('@').and_then(|(_, domain)| doubt(domain)) {
            prop_assert_eq!(doubt(&meant), None, "what is suggested is beyond doubt");
        }
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn the_fast_path_takes_only_what_the_whole_policy_takes(
        text in near_address(),
    ) {
        let closely = check_closely(&text);
        if is_plain(text.as_bytes()) {
            prop_assert_eq!(&closely, &Ok(()));
        }
        if closely.is_ok() {
            prop_assert!(text.validate_email(), "what `validator` refuses is refused");
        }
        prop_assert_eq!(is_good(&text), closely.is_ok());
    }
}
