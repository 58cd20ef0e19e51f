//! Given and family name out of one text, only where it is certain which is which: anything else would be sent as a
//! guess.

use super::{Skeleton, TITLES, is_title, sieve, title};
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
/// Lovelace`, `Lovelace, Ada`, `Ludwig van Beethoven` or `山田 太郎`.
pub(in crate::validate) fn split(text: &str) -> Option<(&str, &str)> {
    plain(text).or_else(|| closely(text))
}

/// The same where the family name is said to stand first: only where the text itself shows which it is, by a comma, by
/// capitals in front or by being of East Asia.
pub(in crate::validate) fn split_shown(text: &str) -> Option<(&str, &str)> {
    let is_shown = text.contains(',') || text.contains(is_eastern) || by_capitals(text).is_some();
    is_shown.then(|| closely(text)).flatten()
}

/// A quick look at whether a word of letters may be one of the lists here.
static SIEVE: Sieve = sieve(&[TITLES, NO_NAMES, PARTICLES]);

/// Two words of ASCII letters that are none of the lists, the first of which is not in capitals, as nearly every name
/// of two words is: what no closer look would part otherwise.
#[inline]
fn plain(text: &str) -> Option<(&str, &str)> {
    let at = memchr::memchr(b' ', text.as_bytes())?;
    let (given, family) = (text.get(..at)?, text.get(at + 1..)?);
    let is_plain = |word: &str| {
        let word = word.as_bytes();
        word.len() > 1 && eights::all(word, eights::are_letters) && !SIEVE.may_have(word)
    };
    let is_small = given.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase);
    (is_small && is_plain(given) && is_plain(family)).then_some((given, family))
}

fn closely(text: &str) -> Option<(&str, &str)> {
    let (given, family) = parts(text)?;
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

fn parts(text: &str) -> Option<(&str, &str)> {
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
    if is_eastern {
        return by_custom(text);
    }
    if let Some(parts) = by_capitals(text) {
        return Some(parts);
    }
    let (first, rest) = text.split_once(' ')?;
    // `Dr Lovelace` has no given name. Nobody has a degree in front: these are initials, and many people in
    // Bangladesh are called MD.
    let is_titled = !is_initials(first) && (title(first).is_some() || is_title(first));
    let is_given = is_one_word(first) && !is_titled && !begins_family(first, rest);
    (is_given && is_family(rest)).then_some((first, rest))
}

/// Given and family name where the family name is in capitals and stands first, as in `DUPONT Jean-Pierre` and
/// `DE LA TOUR Marie`. Capitals behind the given name need no rule; behind several they may be a degree. Two
/// letters may be those of given names: `JP Dupont`.
fn by_capitals(text: &str) -> Option<(&str, &str)> {
    let is_capital = |word: &str| {
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        letters > 1 && !word.contains(char::is_lowercase) && !is_initials(word)
    };
    let words = || text.split(' ');
    let family = words().take_while(|word| is_capital(word));
    let length = family.clone().map(|word| word.len() + 1).sum::<usize>();
    let is_name = family.clone().any(|word| word.chars().filter(|c| c.is_uppercase()).count() > 2);
    let title = family.clone().any(is_title);
    let given = text.get(length..)?;
    let is_given = |word: &str| is_usual(word) && !is_no_name(word);
    let is_whole = !given.is_empty() && given.split(' ').all(is_given);
    let family = text.get(..length.checked_sub(1)?)?;
    // `CHAS. Smith` is a given name that is cut short.
    (is_name && !title && is_whole && !family.ends_with('.')).then_some((given, family))
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
    given.len() <= 5 && is_of(PARTICLES) && !is_given()
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
    let particles = before.split(' ').all(|word| word.is_empty() || PARTICLES.contains(&word));
    is_one_word(last) && particles
}

/// Katakana, in which the name of somebody from elsewhere is written, in the order that it has there.
fn is_katakana(c: char) -> bool {
    matches!(u32::from(c), 0x30a0..=0x30ff | 0xff66..=0xff9f)
}

/// Chinese characters, hiragana and Hangul: where the family name stands first.
fn is_own(c: char) -> bool {
    let number = u32::from(c);
    matches!(number, 0x3005..=0x3007 | 0x3040..=0x309f | 0x3400..=0x9fff | 0xac00..=0xd7a3)
        || matches!(number, 0xf900..=0xfaff | 0x20000..=0x3ffff)
}

fn is_eastern(c: char) -> bool {
    is_own(c) || is_katakana(c)
}

/// Given and family name of one in letters of East Asia, where both are names of there: beside a word in another
/// script, or in katakana alone, nobody can tell in which order they stand.
fn by_custom(text: &str) -> Option<(&str, &str)> {
    let (family, given) = text.split_once(' ')?;
    let is_name =
        |word: &str| word.contains(is_own) && word.chars().all(|c| is_own(c) || is_katakana(c));
    (is_name(family) && is_name(given) && !is_form(family, given)).then_some((given, family))
}

/// Forms of address and offices that stand behind a family name in place of the given one, or behind that.
const FORMS: &[&str] = &[
    "さま",
    "さん",
    "くん",
    "ちゃん",
    "先生",
    "先輩",
    "会長",
    "夫妻",
    "夫人",
    "女士",
    "小姐",
    "御中",
    "様",
    "樣",
    "氏",
    "殿",
    "社長",
    "老师",
    "老師",
    "課長",
    "部長",
    "선생",
    "씨",
    "여사",
];
/// Those that end given names too.
const FORMS_ALONE: &[&str] = &["君", "군", "양", "님"];
/// What companies and other bodies have in their names.
const BODIES: &[&str] = &["会社", "會社", "公司", "法人", "주식회사", "유한회사"];

/// Whether one of the two words of a name of East Asia is a form of address, or that of a company.
fn is_form(family: &str, given: &str) -> bool {
    let is_body = |word: &str| BODIES.iter().any(|body| word.contains(body));
    // Given names have two syllables in Korea, and hardly ever three.
    let is_addressed = given.ends_with('님') && given.chars().count() > 2;
    is_body(family)
        || is_body(given)
        || is_addressed
        || FORMS_ALONE.contains(&given)
        || FORMS.iter().any(|form| given.ends_with(form))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spelling::normalise;

    #[test]
    fn the_words_beside_names_are_in_order() {
        assert!(NO_NAMES.is_sorted_by(|a, b| a < b));
        assert!(NO_NAMES.iter().all(|word| normalise(word) == *word && !TITLES.contains(word)));
        assert!(ALSO_GIVEN.iter().all(|word| PARTICLES.contains(word)));
    }

    #[test]
    fn where_the_family_name_is_said_to_stand_first_each_name_shows_it() {
        for (text, split) in [
            ("Larkspur, Ada", Some(("Ada", "Larkspur"))),
            ("LARKSPUR Ada", Some(("Ada", "LARKSPUR"))),
            ("DE LA TOUR Marie", Some(("Marie", "DE LA TOUR"))),
            ("山田 太郎", Some(("太郎", "山田"))),
            ("김 민준", Some(("민준", "김"))),
            ("Larkspur Ada", None),
            ("LARKSPUR ADA", None),
            ("スミス ジョン", None),
            ("山田 Taro", None),
            ("山田太郎", None),
            ("Larkspur, Ada Maria", None),
            ("Larkspur", None),
        ] {
            assert_eq!(split_shown(text), split, "{text}");
        }
    }

    #[test]
    fn full_names_are_split_only_where_that_is_certain() {
        assert_eq!(split("Ada Lovelace"), Some(("Ada", "Lovelace")));
        assert_eq!(split("Lovelace, Ada"), Some(("Ada", "Lovelace")));
        assert_eq!(split("Tomás de la Cruz"), Some(("Tomás", "de la Cruz")));
        assert_eq!(split("de la Cruz, Tomás"), Some(("Tomás", "de la Cruz")));
        for initials in ["J.D.", "JD", "M.D.", "J.R.R."] {
            let name = format!("{initials} Vance");
            assert_eq!(split(&name), Some((initials, "Vance")));
        }
        // Where the family name stands first by custom.
        for (name, given, family) in [
            ("山田 太郎", "太郎", "山田"),
            ("김 철수", "철수", "김"),
            ("山﨑 太郎", "太郎", "山﨑"),
            ("𠮷田 太郎", "太郎", "𠮷田"),
            ("佐々木 〆子", "〆子", "佐々木"),
        ] {
            assert_eq!(split(name), Some((given, family)));
        }
        // Family names in capitals, wherever they stand.
        assert_eq!(split("DUPONT Jean-Pierre"), Some(("Jean-Pierre", "DUPONT")));
        assert_eq!(split("DE LA TOUR Marie"), Some(("Marie", "DE LA TOUR")));
        assert_eq!(split("LEFÈVRE Anne Marie"), Some(("Anne Marie", "LEFÈVRE")));
        assert_eq!(split("Léa MARTIN"), Some(("Léa", "MARTIN")));
        assert_eq!(split("ADA LOVELACE"), Some(("ADA", "LOVELACE")));
        assert_eq!(split("JP Dupont"), Some(("JP", "Dupont")));
        assert_eq!(split("DUPONT jean"), Some(("DUPONT", "jean")));
        // Words cut short are no initials, and initials are no family name.
        assert_eq!(split("ST. JOHN Mary"), Some(("Mary", "ST. JOHN")));
        assert_eq!(split("Mary ST. JOHN"), None);
        for (name, given, family) in [
            ("M.S. Dhoni", "M.S.", "Dhoni"),
            ("Ewing, J.R.", "J.R.", "Ewing"),
            ("J. Smith", "J.", "Smith"),
            ("J.-P. Sartre", "J.-P.", "Sartre"),
            // What elsewhere is a title, a numeral or a degree.
            ("Jon Lord", "Jon", "Lord"),
            ("JON LORD", "JON", "LORD"),
            ("Naomasa Ii", "Naomasa", "Ii"),
            ("Md Rahim", "Md", "Rahim"),
            ("Md. Rahim", "Md.", "Rahim"),
            ("MD. RAHIM", "MD.", "RAHIM"),
            ("md rahim", "md", "rahim"),
            ("RN Tagore", "RN", "Tagore"),
            ("IV Raman", "IV", "Raman"),
            ("Jr. Walker", "Jr.", "Walker"),
            ("Léon Mba", "Léon", "Mba"),
            ("Mba, Ana", "Ana", "Mba"),
            ("Joan Frau", "Joan", "Frau"),
            ("Frau, Joan", "Joan", "Frau"),
            ("Zeynep İnç", "Zeynep", "İnç"),
            ("Gomez, Lady", "Lady", "Gomez"),
            ("HANSEN Sig", "Sig", "HANSEN"),
            ("Sven C:son", "Sven", "C:son"),
            // Given names that are cut short.
            ("CHAS. Smith", "CHAS.", "Smith"),
            ("MST. Fatema", "MST.", "Fatema"),
            ("MD RAHIM", "MD", "RAHIM"),
            ("Rahim, Md", "Md", "Rahim"),
            // Those who are called as family names begin.
            ("Al Gore", "Al", "Gore"),
            ("Al de Vries", "Al", "de Vries"),
            ("Des O'Connor", "Des", "O'Connor"),
            ("Van Morrison", "Van", "Morrison"),
            ("le nguyen", "le", "nguyen"),
            ("Les Paul", "Les", "Paul"),
            ("LES PAUL", "LES", "PAUL"),
            ("Von Miller", "Von", "Miller"),
            ("Het Patel", "Het", "Patel"),
            ("Du Nguyen", "Du", "Nguyen"),
            ("ZHANG De", "De", "ZHANG"),
            ("Anna d'Arc", "Anna", "d'Arc"),
            // Names of East Asia that end as forms of address do, and those beside a comma.
            ("王 丽君", "丽君", "王"),
            ("정 예님", "예님", "정"),
            ("鵜殿 花子", "花子", "鵜殿"),
            ("김, 철수", "철수", "김"),
            ("Smith, マリア", "マリア", "Smith"),
        ] {
            assert_eq!(split(name), Some((given, family)));
        }
        for unsure in [
            "Ada",
            "Anna Maria van Dyck",
            "Dyck, Anna Maria",
            "SMITH, JOHN AND MARY",
            "Dyck, Ph.D.",
            "アンナ 山田",
            "ﾔﾏﾀﾞ ﾀﾛｳ",
            "Anna Maria Dyck, PhD",
            "Dyck, PhD",
            "Dyck, Jr.",
            "Dyck, Anna III",
            "Dyck, Dr.",
            "Dyck, Dr Anna",
            "Dyck, Anna and Maria",
            "Dyck, Anna & Maria",
            "Dyck, Anna (Maria)",
            "Van Dyck, Anna, Maria",
            "Anna Dyck, Ottawa",
            "アダ セッジ",
            "a,b,c",
            "",
            "Dr Lovelace",
            "DR LOVELACE Ada",
            "Ada Lovelace PHD",
            "Mr. Dyck",
            "Dupont, Mme",
            "Dupont, Miss",
            "Smith, 2nd",
            "Smith, -",
            "Smith, RN",
            "Smith, MD",
            "Smith, M.B.A.",
            "Smith, deceased",
            "Dupont, Décédée",
            "Smith, (Ada)",
            "Smith, Ada/Bob",
            "Dyck, van",
            "Acme, Inc.",
            "Acme, Ltd",
            "Acme GmbH",
            "Lovelace PhD",
            "Lovelace Jr.",
            "Lovelace MD",
            "Dupont Mme",
            "SMITH Jr",
            "SMITH Anne PhD",
            "DUPONT Mme",
            "DUPONT J.P.",
            "Smith J.",
            "Smith J",
            "Dupont -",
            "Jean –",
            "42 Smith",
            "de Gaulle",
            "de gaulle",
            "De Gaulle",
            "van Dyck",
            "Van der Berg",
            "Von der Berg",
            "Smith: Ada",
            "Smith, Frau",
            "Rossi, Sig.",
            "Ada&Bob Smith",
            "Ada/Bob Smith",
            "Smith; Ada",
            "Smith、 Ada",
            // Beside a word of another script nobody can tell the order.
            "金 David",
            "David 金",
            "マリア Smith",
            "三船 敏郎（俳優）",
            "山田 タロウ",
            "佐藤 様",
            "佐藤 さん",
            "佐藤 花子様",
            "佐藤 君",
            "佐藤 先生",
            "王 女士",
            "김 선생님",
            "김 철수님",
            "김 씨",
            "김 님",
            "佐藤, 様",
            "東京 株式会社",
            "有限会社 東京",
        ] {
            assert_eq!(split(unsure), None, "{unsure}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_names_are_split_as_a_closer_look_does(
            given in "[A-Za-z]{1,7}|[A-Z][a-z.é]{0,5}",
            family in "[A-Za-z]{1,7}|[A-Z][a-z.é]{0,5}",
            word in proptest::sample::select([TITLES, NO_NAMES, PARTICLES].concat()),
            which in 0..4,
        ) {
            let text = match which {
                0 => format!("{word} {family}"),
                1 => format!("{given} {word}"),
                2 => format!("{} {family}", word.to_uppercase()),
                _ => format!("{given} {family}"),
            };
            if let Some(parts) = plain(&text) {
                proptest::prop_assert_eq!(closely(&text), Some(parts), "{}", text);
            }
        }

        #[test]
        fn what_is_split_stands_in_the_text(text in "\\PC{0,40}|[A-Z]{0,3}[a-z.]{0,3}[ ,&/-]{1,2}[A-Z]{0,3}[a-z.]{0,3}") {
            if let Some((given, family)) = split(&text) {
                proptest::prop_assert!(text.contains(given) && text.contains(family));
                // One word each is split again as it was.
                if !family.contains([' ', ',']) && !given.contains([' ', ',']) && !is_no_name(given) {
                    let turned = format!("{family}, {given}");
                    proptest::prop_assert_eq!(split(&turned), Some((given, family)));
                }
            }
        }
    }
}
