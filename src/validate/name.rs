//! Names: Unicode as it is; only what is plainly no name, or more than one, is doubted.

mod split;

use std::borrow::Cow;

pub(super) use split::{shows_family, split};
use unicode_normalization::char::decompose_compatible;

use super::damage;
use super::eights::{self, Sieve};
use crate::finding::{self, Code};

/// Words that stand where a name is not known, normalised, in order.
#[rustfmt::skip]
const STAND_INS: &[&str] = &[
    "aaa", "abc", "abcd", "anonimo", "anonym", "anonyme", "anonymous", "apellido", "asdf", "azerty",
    "beispiel", "blank", "bogus", "deleted", "desconocido", "dummy", "ejemplo", "essai", "example",
    "exemple", "fake", "firstname", "foobar", "inconnu", "inconnue", "keinname", "lastname",
    "mustermann", "na", "nachname", "name", "nichtbekannt", "nil", "nom", "nombre", "noname",
    "none", "nonrenseigne", "notapplicable", "notavailable", "notprovided", "null", "nvt",
    "onbekend", "prenom", "prova", "prueba", "qwerty", "sansnom", "sconosciuto", "sinnombre",
    "surname", "tba", "tbc", "tbd", "test", "tester", "testing", "unbekannt", "undefined",
    "unknown", "vorname", "xx", "xxx", "xxxx", "xyz",
];

/// Titles and forms of address that stand in front of names, normalised, in order.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "dhr", "doctor", "dott", "dr", "drs", "frau", "herr", "lady", "lord", "madame", "mevr",
    "mevrouw", "miss", "mlle", "mme", "monsieur", "mr", "mrs", "ms", "mx", "prof", "professor",
    "rev", "senor", "senora", "sig", "sir", "sr", "sra", "srta",
];

/// The longest of these words is shorter.
const ROOM: usize = 16;

/// The letters and digits of a text, small and without accents, if they are ASCII and few.
#[derive(Clone, Copy)]
struct Skeleton {
    letters: [u8; ROOM],
    length: usize,
}

impl Skeleton {
    fn of(text: &str) -> Option<Self> {
        let mut skeleton = Self { letters: [0; ROOM], length: 0 };
        let mut fits = true;
        for c in text.chars() {
            if c.is_ascii() {
                fits &= skeleton.push(c);
            } else {
                decompose_compatible(c, |part| fits &= skeleton.push(part));
            }
            if !fits {
                return None;
            }
        }
        Some(skeleton)
    }

    fn push(&mut self, c: char) -> bool {
        // Nearly every letter with an accent falls apart into one of ASCII and one of these marks.
        if matches!(c, '\u{300}'..='\u{344}') || !c.is_alphanumeric() {
            return true;
        }
        match self.letters.get_mut(self.length) {
            Some(place) if c.is_ascii() => {
                *place = c.to_ascii_lowercase() as u8;
                self.length += 1;
                true
            }
            _ => false,
        }
    }

    fn word(&self) -> &str {
        let letters = self.letters.get(..self.length).unwrap_or_default();
        std::str::from_utf8(letters).unwrap_or("")
    }

    /// Whether it is one of the words of a list.
    fn is_of(&self, words: &[&str]) -> bool {
        SIEVE.may_have(self.word().as_bytes()) && words.binary_search(&self.word()).is_ok()
    }
}

/// A quick look at whether a word of ASCII letters and digits may be in one of the lists.
static SIEVE: Sieve = sieve(&[STAND_INS, TITLES]);

#[expect(clippy::indexing_slicing, reason = "the compiler works it out, and would say so")]
const fn sieve(lists: &[&[&str]]) -> Sieve {
    let mut sieve = Sieve::NONE;
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            sieve = sieve.with(lists[list][at].as_bytes());
            at += 1;
        }
        list += 1;
    }
    sieve
}

/// Longer than this is more than a name. The longest that registers of persons take is 100 and less.
const LONGEST: usize = 100;

/// What is to be said of a text in place of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    pub(super) code: &'static Code,
    pub(super) message: Cow<'static, str>,
}

impl Doubt {
    fn new(code: &'static Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Whether a text is letters, and none of the words, as nearly every name is: it costs one look.
#[inline]
pub(super) fn is_plain(text: &[u8]) -> bool {
    eights::all(text, eights::are_letters) && !SIEVE.may_have(text) && text.len() < LONGEST
}

/// Whether a quotation mark stands in a name, or beside it, that has no other: what a CSV left over, or a slip for
/// an apostrophe. Between letters of Hebrew it is a part of the word.
pub(super) fn has_lone_quote(text: &str) -> bool {
    if memchr::memchr(b'"', text.as_bytes()).is_none() {
        return false;
    }
    let is_letter = |c: char| matches!(c, '\u{5d0}'..='\u{5ea}' | '\u{fb1d}'..='\u{fb4f}');
    let is_hebrew = |c: Option<char>| c.is_some_and(is_letter);
    let is_point = |c: &char| matches!(c, '\u{591}'..='\u{5c7}');
    let quotes = text.match_indices('"').filter(|(at, _)| {
        let before = text.get(..*at).and_then(|before| before.chars().rev().find(|c| !is_point(c)));
        let behind = text.get(at + 1..).and_then(|behind| behind.chars().next());
        !(is_hebrew(before) && is_hebrew(behind))
    });
    let letters = text.chars().any(char::is_alphabetic);
    letters && quotes.count() % 2 == 1
}

/// Why a text is hardly a name. Never an error: people have the strangest names.
pub(super) fn doubt(text: &str) -> Option<Doubt> {
    if is_plain(text.as_bytes()) {
        return None;
    }
    if !text.chars().any(char::is_alphabetic) {
        let day = damage::day_number(text).and_then(|number| damage::System::From1900.day(number));
        let message: Cow<'static, str> = match day {
            Some(day) => {
                format!("there is no letter in it; as a day number of a spreadsheet it is {day}")
                    .into()
            }
            None => "there is no letter in it".into(),
        };
        return Some(Doubt::new(&finding::NAME_PLACEHOLDER, message));
    }
    if text == "\\N" {
        let message = "a database writes it for a value that is not there";
        return Some(Doubt::new(&finding::NAME_PLACEHOLDER, message));
    }
    if text != "Na" && Skeleton::of(text).is_some_and(|word| word.is_of(STAND_INS)) {
        let message = "it looks like a stand-in, not like a name";
        return Some(Doubt::new(&finding::NAME_PLACEHOLDER, message));
    }
    // One word with letters beyond ASCII is nothing of the kind.
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let is_word = !text.is_ascii() && text.bytes().all(is_letter);
    if let Some(doubt) = (!is_word).then(|| no_name_alone(text)).flatten() {
        return Some(doubt);
    }
    let length = text.chars().count();
    if length > LONGEST {
        return Some(Doubt::new(&finding::NAME_LONG, format!("it has {length} characters")));
    }
    None
}

/// What else a text is than one name.
fn no_name_alone(text: &str) -> Option<Doubt> {
    if is_address(text) {
        return Some(Doubt::new(&finding::NAME_ADDRESS, "it looks like an e-mail address"));
    }
    if let Some(word) = conjunction(text) {
        let message = format!("{word:?} stands between two names");
        return Some(Doubt::new(&finding::NAME_SEVERAL, message));
    }
    let title = title(text)?;
    Some(Doubt::new(&finding::NAME_TITLE, format!("it begins with the title {title:?}")))
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let glued = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
    glued(local) && glued(domain) && domain.contains('.')
}

/// What joins the names of two people. `y` and `e` are not among it: they stand within family names of
/// Spain and Portugal.
const JOINS: &[&str] = &["&", "+", "and", "et", "und", "og", "och"];

fn conjunction(text: &str) -> Option<&str> {
    let is_name = |name: &str| {
        let mut chars = name.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next().is_some()
    };
    let mut before = "";
    let mut words = text.split(' ').peekable();
    while let Some(word) = words.next() {
        let joins = word.len() <= 3 && JOINS.contains(&word);
        if joins && is_name(before) && words.peek().is_some_and(|next| is_name(next)) {
            return Some(word);
        }
        before = word;
    }
    None
}

fn is_title(word: &str) -> bool {
    Skeleton::of(word).is_some_and(|word| word.is_of(TITLES))
}

/// A title in front of a name, or alone in its place.
fn title(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once([' ', '.']).unwrap_or((text, ""));
    let named = rest.trim_start_matches(['.', ' ']).starts_with(char::is_alphabetic);
    // `Sir` and `Lord` are names too, and so is nearly every title of one word.
    let alone = rest.trim_matches(['.', ' ']).is_empty() && matches!(first, "Mr" | "Mrs" | "Dr");
    ((named || alone) && is_title(first)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::normalise;

    #[test]
    fn marks_that_accents_fall_apart_into_are_no_letters() {
        assert!(!('\u{300}'..='\u{344}').any(char::is_alphanumeric));
    }

    proptest::proptest! {
        #[test]
        fn one_word_with_letters_beyond_ascii_is_no_more_than_that(
            text in "(Mr|Dr|and|Sir|[A-Za-z]{0,3})[^\\x00-\\x7f][A-Za-zéÃ\u{a0}\u{2003}＠．]{0,6}(Mr|Dr|et)?",
        ) {
            assert_eq!(no_name_alone(&text), None, "{text:?}");
        }
    }

    #[test]
    fn stand_ins_are_doubted_and_names_are_not() {
        for list in [STAND_INS, TITLES] {
            assert!(list.is_sorted_by(|a, b| a < b));
            for word in list {
                assert!(
                    SIEVE.may_have(word.as_bytes())
                        && SIEVE.may_have(word.to_uppercase().as_bytes())
                );
                assert_eq!(normalise(word), *word);
            }
        }
        for odd in [
            "test",
            "N/A",
            "NULL",
            "\\N",
            "undefined",
            "12345",
            "-",
            "XXX",
            "Unbekannt",
            "Not provided",
        ] {
            assert_eq!(doubt(odd).unwrap().code.id, "name-placeholder", "{odd}");
        }
        for name in [
            "Ada",
            "李",
            "O'Brien",
            "X",
            "Na",
            "Null-Baker",
            "Nil Armstrong",
            "Sir",
            "Lady",
            "Lord",
            "García y Vega",
            "Ramalho e Silva",
            "Anna Maria",
            "J. R. R.",
            "Bo",
            "M. Jean",
            "Mx",
            "Drew",
            "Missy",
            "Van der Berg",
            "Et",
            "Und",
        ] {
            assert_eq!(doubt(name), None, "{name}");
        }
        for (text, code) in [
            ("ada@example.org", "name-address"),
            ("Ann & Bob", "name-several"),
            ("Ann and Bob", "name-several"),
            ("Anne et Marc", "name-several"),
            ("Mr John", "name-title"),
            ("Dr. Ada", "name-title"),
            ("Mme Dupont", "name-title"),
            ("Mrs", "name-title"),
            (&"Ada ".repeat(30), "name-long"),
            (&"a".repeat(101), "name-long"),
        ] {
            assert_eq!(doubt(text).unwrap().code.id, code, "{text}");
        }
    }

    #[test]
    fn a_quotation_mark_without_another_is_seen() {
        for name in
            ["William \"Bill\"", "\"Bill\"", "רמב\"ם", "רַמְבַּ\"ם", "ד\"ר כהן", "O'Brien", "\"", "Ada"]
        {
            assert!(!has_lone_quote(name), "{name}");
        }
        for name in ["Jo\"anna", "\"Bill", "Bill\"", "a\"b\"c\"", "ר\"a"] {
            assert!(has_lone_quote(name), "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_rules_of_names(text in "\\PC{0,40}") {
            let _ = doubt(&text);
        }

        #[test]
        fn a_skeleton_is_the_normalised_text(text in "[A-Za-zéÑ０Ⅷ 'ʼ.\\-1-9李]{0,18}") {
            let plain = normalise(&text);
            match Skeleton::of(&text) {
                Some(skeleton) => proptest::prop_assert_eq!(skeleton.word(), plain),
                None => proptest::prop_assert!(plain.len() > ROOM || !plain.is_ascii()),
            }
        }

        #[test]
        fn the_quick_look_at_names_hides_no_word(at in 0..(STAND_INS.len() + TITLES.len()), upper: u16) {
            let word = STAND_INS.iter().chain(TITLES).nth(at).unwrap();
            let mixed: String = (0..).zip(word.chars()).map(|(at, c)| {
                if upper >> at & 1 == 1 { c.to_ascii_uppercase() } else { c }
            }).collect();
            proptest::prop_assert!(SIEVE.may_have(mixed.as_bytes()), "{}", mixed);
        }
    }
}
