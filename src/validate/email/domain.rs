//! The part behind the @: what can be a domain of mail, and its one form for comparing.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::Refusal;

/// The longest domain, and the longest of its labels (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// Judges a domain. Gives back its form in ASCII.
pub(super) fn check(domain: &str) -> Result<Cow<'_, str>, Refusal> {
    if domain.starts_with('[') || domain.parse::<std::net::IpAddr>().is_ok() {
        return Err("an IP address stands behind the @".into());
    }
    if domain.ends_with('.') || domain.starts_with('.') {
        return Err("a dot stands at the edge of the domain".into());
    }
    if domain.contains("..") {
        return Err("two dots stand together".into());
    }
    if !domain.contains('.') && domain.is_ascii() {
        return Err("the domain has no dot".into());
    }
    if let Some(c) = replaced(domain) {
        return Err(format!("the character {c:?} stands for another one in a domain").into());
    }
    if let Some(c) = domain.chars().find(|&c| !is_domain_char(c)) {
        return Err(format!("the character {c:?} cannot stand in a domain").into());
    }
    let ascii = ascii(domain).ok_or("the domain cannot exist")?;
    let Some((_, ending)) = ascii.rsplit_once('.') else {
        return Err("the domain has no dot".into());
    };
    let letters = ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    if ending.len() < 2 || !(letters || ending.starts_with("xn--")) {
        return Err(format!("no domain ends in .{ending}").into());
    }
    Ok(ascii)
}

/// The domain in ASCII, lower case (UTS #46 with STD3 rules), or nothing if no such domain can be.
pub(super) fn ascii(domain: &str) -> Option<Cow<'_, str>> {
    if is_simple(domain) {
        let small = !domain.bytes().any(|byte| byte.is_ascii_uppercase());
        return Some(if small { domain.into() } else { domain.to_ascii_lowercase().into() });
    }
    idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3)
        .ok()
        .filter(|ascii| ascii.len() <= LONGEST && ascii.split('.').all(fits))
        .map(|ascii| Cow::Owned(ascii.into_owned()))
}

/// Whether a domain is of letters, digits and hyphens of ASCII in labels that say nothing else: in ASCII it
/// is what it is, in small letters.
pub(super) fn is_simple(domain: &str) -> bool {
    domain.len() <= LONGEST
        && domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
        && domain.split('.').all(|label| fits(label) && !looks_encoded(label))
}

fn fits(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

/// Whether the third and fourth character are hyphens, as in an A-label.
fn looks_encoded(label: &str) -> bool {
    label.as_bytes().get(2..4) == Some(b"--")
}

/// Whether a character may stand in a domain: letters, marks and digits, and the few signs that some
/// languages need (RFC 5892, sections 2.1 and 2.7). Symbols may not, though browsers resolve some.
fn is_domain_char(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '.' | '-')
        || !c.is_ascii()
            && (is_combining_mark(c)
                || matches!(
                    c,
                    '\u{b7}'
                        | '\u{375}'
                        | '\u{5f3}'
                        | '\u{5f4}'
                        | '\u{200c}'
                        | '\u{200d}'
                        | '\u{30fb}'
                ))
}

/// The first character that a domain does not keep but has another one in its place, such as a letter
/// of full width. Capital letters and composed accents are the same character to every reader.
fn replaced(domain: &str) -> Option<char> {
    if domain.is_ascii() {
        return None;
    }
    domain.chars().find(|&c| {
        let mut text = [0; 4];
        let lower: String = c.encode_utf8(&mut text).to_lowercase().nfc().collect();
        !c.is_ascii() && lower.nfkc().ne(lower.chars())
            || matches!(c, '\u{3002}' | '\u{ff0e}' | '\u{ff61}')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_simple_domain_is_what_the_standard_makes_of_it(
            domain in "[a-zA-Z0-9-]{0,5}(\\.[a-zA-Z0-9-]{1,6}){0,3}(\\.(COM|xn--P1ai|x))?",
        ) {
            if is_simple(&domain) {
                let made = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3);
                proptest::prop_assert_eq!(made.ok(), ascii(&domain));
            }
        }
    }
}
