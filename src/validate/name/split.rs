//! Given and family name out of one text, only where it is certain which is which: anything else would be sent as a
//! guess.

mod eastern;

use self::eastern::{by_custom, is_eastern, is_form};
use super::{Skeleton, TITLES, is_title, sieve, title};
use crate::mapping::NameOrder;
use crate::validate::eights::{self, Sieve};

/// Words in lower case that begin family names and nothing else.
const PARTICLES: &[&str] = &[
    "al", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos",
    "du", "el", "het", "ibn", "la", "las", "le", "les", "los", "op", "ten", "ter", "van", "vom",
    "von", "y", "zu", "zum", "zur",
];

/// Those of them that somebody is called too.
const ALSO_GIVEN: &[&str] = &[
    "al", "bin", "da", "das", "del", "della", "den", "der", "des", "di", "do", "du", "el", "het",
    "la", "le", "les", "ten", "van", "von", "y", "zu",
];

/// Words that begin family names and that nobody is called alone, with a capital: `Mc Donald` and `St. John` have no
/// given name.
const NEVER_GIVEN: &[&str] = &["mc", "st", "st.", "ste", "ste.", "Ní", "Ó", "'t", "’t"];

/// Words beside names that are none, besides titles: degrees, what tells father from son, what says of whom the name
/// is, and what a company is. Normalised, in order. What may as well be initials (J. D.) is not among it.
#[rustfmt::skip]
const NO_NAMES: &[&str] = &[
    "1st", "2nd", "3rd", "4th", "5th", "bsc", "corp", "cpa", "dds", "deceased", "decede",
    "decedee", "dphil", "dvm", "esq", "gmbh", "ii", "iii", "inc", "iv", "jnr", "jr", "llc", "llp",
    "ltd", "ltda", "mba", "md", "mph", "msc", "pharmd", "phd", "plc", "psyd", "pty", "rn", "sarl",
    "snr", "srl", "verstorben",
];

/// Given and family name of a full name, where it has exactly one of each and it is certain which is which: `Ada
/// Lovelace`, `Lovelace, Ada`, `Ludwig van Beethoven` or `山田 太郎`. `order` says how names stand that do not show it.
pub(in crate::validate) fn split(text: &str, order: NameOrder) -> Option<(&str, &str)> {
    let plain = if order == NameOrder::GivenFirst { plain(text) } else { None };
    plain.or_else(|| closely(text, order))
}

/// Whether a full name itself shows which part of it is the family name; nothing where it tells nothing of how other
/// names stand, because it has not two parts, or a family name of two letters in capitals that may be initials.
pub(in crate::validate) fn shows_family(text: &str) -> Option<bool> {
    if text.contains(',') || split(text, NameOrder::Shown).is_some() {
        return Some(true);
    }
    let has_parts = |order| split(text, order).is_some();
    let is_told = has_parts(NameOrder::GivenFirst) || has_parts(NameOrder::FamilyFirst);
    let first = text.split(' ').next().unwrap_or(text);
    let may_show = is_capital(first) && text.contains(char::is_lowercase);
    (is_told && !may_show).then_some(false)
}

/// A quick look at whether a word of letters may be one of the lists here.
static SIEVE: Sieve = sieve(&[TITLES, NO_NAMES, PARTICLES, NEVER_GIVEN]);

/// Two words of ASCII letters that are none of the lists, the first of which has capitals in front alone, as nearly
/// every name of two words is: what no closer look would part otherwise.
#[inline]
fn plain(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr(b' ', text.as_bytes())?;
    let (given, family) = (text.get(..at)?, text.get(at + 1..)?);
    let is_plain = |word: &str| {
        let word = word.as_bytes();
        word.len() > 1 && eights::all(word, eights::are_letters) && !SIEVE.may_have(word)
    };
    let is_small = given.bytes().skip(1).all(|byte| byte.is_ascii_lowercase());
    (is_small && is_plain(given) && is_plain(family)).then_some((given, family))
}

fn closely(text: &str, order: NameOrder) -> Option<(&str, &str)> {
    let (given, family) = parts(text, order)?;
    // A colon within a name cuts it short: C:son.
    let is_one = !text.contains(BETWEEN) && !text.contains(": ") && !text.ends_with(':');
    let is_certain = is_one && given.contains(char::is_alphabetic) && is_name_of_family(family);
    is_certain.then_some((given, family))
}

/// What stands between the names of several people, or beside one, and not within a name.
const BETWEEN: &[char] = &[
    '&', '/', '(', ')', '+', ';', '[', ']', '{', '}', '<', '>', '|', '=', '＆', '／', '（', '）',
    '＋', '；', '：', '，', '、', '،', '؛',
];

fn parts(text: &str, order: NameOrder) -> Option<(&str, &str)> {
    let is_eastern = !text.is_ascii() && text.contains(is_eastern);
    if let Some((family, given)) = text.split_once(',') {
        let (family, given) = (family.trim(), given.trim());
        let is_given = is_one_word(given)
            && !given.contains(',')
            && !is_no_name(given)
            && !begins_family(given, family);
        let is_form = is_eastern && is_form(family, given);
        return (is_family(family) && is_given && !is_form).then_some((given, family));
    }
    let is_said = order == NameOrder::FamilyFirst;
    if is_eastern {
        return by_custom(text).or_else(|| is_said.then(|| eastern::as_said(text)).flatten());
    }
    if let Some(parts) = by_capitals(text) {
        return Some(parts);
    }
    match order {
        NameOrder::GivenFirst => given_first(text),
        NameOrder::Shown => None,
        NameOrder::FamilyFirst => family_first(text),
    }
}

/// Given and family name in this order.
fn given_first(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once(' ')?;
    // Nobody has a degree in front: these are initials, and many people in Bangladesh are called MD.
    let is_given = is_one_word(first) && !is_titled(first) && !begins_family(first, rest);
    // `AKM Rahman` and `ORR Ann`, `LaVERNE Vale` and `DeLUCA Maria`, `JO Brown` and `LI Wei`.
    let may_be_family =
        || Three::of(first) == Some(Three::Unsure) || is_half_capital(first) || is_syllable(first);
    let is_unsure = is_usual(rest) && may_be_family();
    (is_given && !is_unsure && is_family(rest)).then_some((first, rest))
}

/// Given and family name in the other order.
fn family_first(text: &str) -> Option<(&str, &str)> {
    let (family, given) = text.rsplit_once(' ')?;
    let is_given = is_one_word(given) && !is_no_name(given) && !begins_family(given, family);
    // What begins family names may be half of one here, whose other half would be taken for the given name.
    let is_half =
        PARTICLES.iter().chain(FRONTS).chain(HALVES).any(|word| word.eq_ignore_ascii_case(family));
    // `Ada LARKSPUR`: whoever says so says one thing, the capitals another. `Smith JP` has initials.
    let initials = capitals(given) < 4 && !given.contains(is_vowel);
    let is_against = is_usual(family) && (is_capital(given) && !initials || is_half_capital(given));
    let is_certain = is_given && !is_half && !is_against && !is_titled(family);
    (is_certain && is_family(family)).then_some((given, family))
}

/// Whether a text begins with a form of address, in place of a name: `Dr Lovelace`.
fn is_titled(first: &str) -> bool {
    !is_initials(first) && (title(first).is_some() || is_title(first))
}

/// Given and family name where the family name is in capitals and stands first, as in `DUPONT Jean-Pierre`,
/// `McDONALD Ann` and `van DYCK Anna`. Capitals behind several given names may be a degree. Two letters may be those
/// of given names: `JP Dupont`.
fn by_capitals(text: &str) -> Option<(&str, &str)> {
    let words = || text.split(' ');
    let small =
        words().take_while(|word| PARTICLES.contains(word) || FRONTS.contains(word)).count();
    let in_capitals = words().skip(small).take_while(|word| is_capital(word));
    let family = words().take(small + in_capitals.count());
    let length = family.clone().map(|word| word.len() + 1).sum::<usize>();
    let is_long = |word: &str| match Three::of(word) {
        Some(three) => three == Three::Name,
        None => is_capital(word) && capitals(word) > 2,
    };
    let is_name = family.clone().any(is_long);
    let title = family.clone().any(is_title);
    let given = text.get(length..)?;
    let is_given = |word: &str| is_usual(word) && !is_capital(word) && !is_no_name(word);
    let is_whole = !given.is_empty() && given.split(' ').all(is_given);
    let family = text.get(..length.checked_sub(1)?)?;
    // `CHAS. Smith` is a given name that is cut short.
    (is_name && !title && is_whole && !family.ends_with('.')).then_some((given, family))
}

/// Words before family names that are not in capitals where these are, besides particles.
const FRONTS: &[&str] = &["Mac", "Mc", "Ní", "Ó"];
/// The same as parts of words: `McDONALD`, `d'ARC`.
const FRONTS_OF_WORDS: &[&str] = &["Mac", "Mc", "d'", "d’", "l'", "l’"];
/// What else begins family names, and somebody may be called.
const HALVES: &[&str] =
    &["abd", "abdul", "abu", "ben", "o", "saint", "san", "santa", "st", "st.", "ste", "ste."];

/// What a word of three capitals is: they may be initials.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Three {
    /// It can be spoken as a name is: ROY, LEE, ABE.
    Name,
    /// Not so well, as AKM, and as ORR, which is a name.
    Unsure,
    /// It cannot be: JRR.
    Initials,
}

impl Three {
    /// Nothing of a word that is not three capitals of ASCII.
    fn of(word: &str) -> Option<Self> {
        let [a, b, c] = *word.as_bytes() else { return None };
        let are_capitals = [a, b, c].iter().all(u8::is_ascii_uppercase);
        let vowels = [a, b, c].map(|letter| is_vowel(char::from(letter)));
        are_capitals.then_some(match vowels {
            [false, false, false] => Self::Initials,
            [_, true, _] | [true, false, true] => Self::Name,
            _ => Self::Unsure,
        })
    }
}

/// Whether a word is two capitals of ASCII that are spoken together, as family names of East Asia are and initials
/// mostly are not: LI, WU, and not JP.
fn is_syllable(word: &str) -> bool {
    let [a, b] = *word.as_bytes() else { return false };
    let [first, second] = [a, b].map(|letter| is_vowel(char::from(letter)));
    a.is_ascii_uppercase() && b.is_ascii_uppercase() && !first && second
}

fn is_vowel(c: char) -> bool {
    matches!(c.to_ascii_uppercase(), 'A' | 'E' | 'I' | 'O' | 'U' | 'Y') || !c.is_ascii()
}

/// Whether a word is in capitals, as family names are written to tell them from given ones.
fn is_capital(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_part = |part: &str| {
        let front = FRONTS_OF_WORDS.iter().find_map(|front| part.strip_prefix(front));
        let rest = front.filter(|rest| rest.starts_with(char::is_uppercase)).unwrap_or(part);
        !rest.contains(char::is_lowercase)
    };
    letters > 1 && word.split('-').all(is_part) && !is_initials(word)
}

/// Whether a word begins as names of both kinds do, and goes on in capitals: `DeLUCA`, `LaVERNE`.
fn is_half_capital(word: &str) -> bool {
    let rest =
        ["De", "Di", "Du", "Fitz", "La", "Le"].iter().find_map(|front| word.strip_prefix(front));
    rest.is_some_and(|rest| capitals(rest) > 1 && !rest.contains(char::is_lowercase))
}

fn capitals(word: &str) -> usize {
    word.chars().filter(|c| c.is_uppercase()).count()
}

/// Whether a word in place of a given name, behind the family name, is none: a title, or one of [`NO_NAMES`].
fn is_no_name(word: &str) -> bool {
    // Some are called as others are addressed.
    let is_name = matches!(word, "Doctor" | "Lady" | "Lord" | "Sig" | "Sir");
    let is_beside = || Skeleton::of(word).is_some_and(|skeleton| is_beside(word, &skeleton));
    !is_name && (title(word).is_some() || is_beside())
}

/// Whether what stands in place of a family name can be one.
fn is_name_of_family(family: &str) -> bool {
    let last = family.rsplit(' ').next().unwrap_or(family);
    let is_beside = Skeleton::of(last).is_some_and(|skeleton| {
        // Titles that are family names too.
        let is_name =
            matches!(skeleton.word(), "doctor" | "dott" | "frau" | "herr" | "lord" | "sir");
        !is_name && is_beside(last, &skeleton)
    });
    last.contains(char::is_alphabetic) && !is_initials(family) && !is_beside
}

fn is_beside(word: &str, skeleton: &Skeleton) -> bool {
    let found = skeleton.word();
    // With an accent it is another word, but for one: İnç is no Inc.
    let is_one = word.is_ascii() || found.starts_with("decede");
    let is_listed = is_one && (skeleton.is_of(TITLES) || NO_NAMES.binary_search(&found).is_ok());
    // Naomasa Ii, Md Rahim and Léon Mba are called so. With dots two letters are initials: M.D., J.R., M.S.
    let is_name = || {
        matches!(found, "ii" | "iv" | "mba" | "md") && is_usual(word)
            || found.len() == 2 && is_initials(word)
    };
    is_listed && !is_name()
}

/// Whether a word is letters that stand for names, `J.R.R.`: one, or several apart. `ST.` is a word cut short.
fn is_initials(word: &str) -> bool {
    let mut before = false;
    let mut letters = 0;
    for c in word.chars() {
        let letter = c.is_alphabetic();
        if letter && (before || is_eastern(c)) {
            return false;
        }
        letters += usize::from(letter);
        before = letter;
    }
    letters == 1 || letters > 1 && word.contains('.')
}

/// Whether what stands in place of a given name begins the family name: `de Gaulle`, `Van der Berg`. With a capital it
/// may be a given name where somebody is called so: `Van Morrison`.
fn begins_family(given: &str, family: &str) -> bool {
    let is_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(given));
    let is_small = |text: &str| text.starts_with(char::is_lowercase);
    let is_given = || {
        let goes_on = matches!(given, "Van" | "Von") && is_small(family);
        is_of(ALSO_GIVEN) && if is_small(given) { is_small(family) } else { !goes_on }
    };
    given.len() <= 5 && (is_of(NEVER_GIVEN) || is_of(PARTICLES) && !is_given())
}

/// Whether a word is written as names mostly are: a capital in front, and small letters.
fn is_usual(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase)
}

fn is_one_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// Whether a text is a family name of one word, with those in front of it that only ever begin one: `de la Cruz`.
fn is_family(text: &str) -> bool {
    let (before, last) = text.rsplit_once(' ').unwrap_or(("", text));
    let is_front = |word: &str| matches!(word, "" | "'t" | "’t" | "Mc" | "Ní" | "Ó");
    let particles = before.split(' ').all(|word| is_front(word) || PARTICLES.contains(&word));
    is_one_word(last) && particles
}

#[cfg(test)]
mod tests;
