//! When two addresses are one mailbox: the form in which they are compared.
//!
//! | what | how it compares | source |
//! |---|---|---|
//! | domain | as IDNA ASCII (A-labels), lower case | RFC 5321 section 2.4, UTS #46 |
//! | part before the @ | composed (NFC), without regard to case, letter by letter | RFC 6532 section 3.1; every large provider ignores case, though RFC 5321 section 2.4 leaves it open |
//! | dots and `+tag` before the @ | they count: whether they matter is the provider's affair | [`variant`] leaves them out, for warnings by choice |
//! | letters that only look alike, `ß` and `ss`, `ı` and `i` | they are different | Unicode, `CaseFolding.txt`: only simple foldings, and none that makes ASCII of another letter |

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;

use super::domain;
use crate::validate::eights;

/// The address as a key: two cells name one mailbox when their keys are equal.
pub(in crate::validate) fn key(address: &str) -> Cow<'_, str> {
    if eights::all(address.as_bytes(), eights::are_folded) {
        return Cow::Borrowed(address);
    }
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Cow::Owned(folded(address));
    };
    if local.is_ascii() && domain::is_simple(domain) {
        return Cow::Owned(address.to_ascii_lowercase());
    }
    let ascii = domain::ascii(domain).unwrap_or_else(|| Cow::Owned(domain.to_lowercase()));
    Cow::Owned(format!("{}@{ascii}", folded(local)))
}

fn folded(local: &str) -> String {
    if local.is_ascii() {
        return local.to_ascii_lowercase();
    }
    // Folding can leave a letter and an accent apart that compose.
    local.nfc().map(fold).nfc().collect()
}

/// A letter without regard to case. Only letters that fold to one letter do, and none folds to ASCII
/// from outside it: a dotless i is not an i.
fn fold(c: char) -> char {
    let upper = only(c.to_uppercase()).unwrap_or(c);
    match only(upper.to_lowercase()) {
        Some(folded) if folded.is_ascii() == c.is_ascii() => folded,
        _ => c,
    }
}

/// The one letter, if it is one.
fn only(mut letters: impl Iterator<Item = char>) -> Option<char> {
    letters.next().filter(|_| letters.next().is_none())
}

/// The key without what one person may write at will: the tag behind a plus sign, and at Gmail the
/// dots and the second name of the domain. Equal variants are likely, not certainly, one mailbox.
pub(in crate::validate) fn variant(key: &str) -> Cow<'_, str> {
    let Some((local, domain)) = key.rsplit_once('@') else { return Cow::Borrowed(key) };
    let gmail = matches!(domain, "gmail.com" | "googlemail.com");
    let plain = match local.split_once('+') {
        Some((plain, _)) if !plain.is_empty() => plain,
        _ => local,
    };
    if !gmail {
        if plain.len() == local.len() {
            return Cow::Borrowed(key);
        }
        return Cow::Owned(format!("{plain}@{domain}"));
    }
    Cow::Owned(format!("{}@gmail.com", plain.replace('.', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_mailbox_are_equal_and_others_are_not() {
        for (a, b, same) in [
            ("ADA@Example.ORG", "ada@example.org", true),
            ("a@BÜCHER.example", "a@xn--bcher-kva.example", true),
            ("a@bücher.example", "a@bu\u{308}cher.example", true),
            ("José@example.org", "jose\u{301}@example.org", true),
            ("ΣΑΣ@example.org", "σας@example.org", true),
            ("ΔΈΛΤΑ@example.org", "δέλτα@example.org", true),
            ("I@example.org", "i@example.org", true),
            ("ı@example.org", "i@example.org", false),
            ("İ@example.org", "i@example.org", false),
            ("ſ@example.org", "s@example.org", false),
            ("straße@example.org", "strasse@example.org", false),
            ("a@straße.example", "a@strasse.example", false),
            ("josé@example.org", "jose@example.org", false),
            ("a.b@example.org", "ab@example.org", false),
            ("a.b@gmail.com", "ab@gmail.com", false),
            ("a+x@example.org", "a@example.org", false),
            ("a@example.org", "a@example.net", false),
        ] {
            assert_eq!(key(a) == key(b), same, "{a} {b}");
        }
    }

    #[test]
    fn variants_are_those_of_the_provider() {
        for (key, expected) in [
            ("ada@example.org", "ada@example.org"),
            ("a.da@example.org", "a.da@example.org"),
            ("ada+club@example.org", "ada@example.org"),
            ("+ada@example.org", "+ada@example.org"),
            ("a.d.a+x@gmail.com", "ada@gmail.com"),
            ("ada@googlemail.com", "ada@gmail.com"),
            ("nobody", "nobody"),
        ] {
            assert_eq!(variant(key), expected, "{key}");
        }
    }
}
