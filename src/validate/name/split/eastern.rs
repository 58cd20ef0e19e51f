//! Names in letters of East Asia, where the family name stands first by custom.

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

pub(super) fn is_eastern(c: char) -> bool {
    is_own(c) || is_katakana(c)
}

/// Given and family name of one in letters of East Asia, where both are names of there: beside a word in another
/// script, or in katakana alone, nobody can tell in which order they stand.
pub(super) fn by_custom(text: &str) -> Option<(&str, &str)> {
    let (family, given) = text.split_once(' ')?;
    let is_name =
        |word: &str| word.contains(is_own) && word.chars().all(|c| is_own(c) || is_katakana(c));
    (is_name(family) && is_name(given) && !is_form(family, given)).then_some((given, family))
}

/// The same where the family name is said to stand first: also of those in katakana alone, and with a given name in
/// katakana or in another script. A name from elsewhere beside a family name of here may stand either way.
pub(super) fn as_said(text: &str) -> Option<(&str, &str)> {
    let (family, given) = text.split_once(' ')?;
    let is_of_here = |word: &str| word.chars().all(|c| is_own(c) || is_katakana(c));
    let is_kana = |word: &str| word.chars().all(is_katakana);
    let is_sure = is_of_here(family) && (family.contains(is_own) || is_kana(given));
    let is_one = !given.is_empty() && !given.contains(' ') && !is_form(family, given);
    (is_sure && is_one).then_some((given, family))
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
pub(super) fn is_form(family: &str, given: &str) -> bool {
    let is_body = |word: &str| BODIES.iter().any(|body| word.contains(body));
    // Given names have two syllables in Korea, and hardly ever three.
    let is_addressed = given.ends_with('님') && given.chars().count() > 2;
    is_body(family)
        || is_body(given)
        || is_addressed
        || FORMS_ALONE.contains(&given)
        || FORMS.iter().any(|form| given.ends_with(form))
}
