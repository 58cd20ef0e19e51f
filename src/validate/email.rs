//! One documented policy for e-mail addresses.
//!
//! The `validator` crate decides first (the HTML form's rule, RFC 5321 lengths). On top of it we
//! refuse what a profile system cannot mail to or would not find again: a domain without a dot,
//! dots at the edges of the local part or doubled, IP addresses, an ending of digits, domains that
//! IDNA (UTS #46, STD3) does not take, more than 254 bytes (RFC 3696, erratum 1690).

use std::borrow::Cow;

use validator::ValidateEmail as _;

/// Why an address is refused, in words, and what was perhaps meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: Cow<'static, str>,
    pub(super) suggestion: Option<String>,
}

impl Fault {
    fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self { message: message.into(), suggestion: None }
    }

    /// With a suggestion that [`check`] still has to hold against the rules.
    fn with(message: impl Into<Cow<'static, str>>, suggestion: String) -> Self {
        Self { message: message.into(), suggestion: Some(suggestion) }
    }
}

/// Judges one address, trimmed before.
pub(super) fn check(address: &str) -> Result<(), Fault> {
    if is_plain(address.as_bytes()) {
        return Ok(());
    }
    check_closely(address).map_err(|mut fault| {
        // What is suggested must be an address itself.
        fault.suggestion = fault.suggestion.filter(|address| check_closely(address).is_ok());
        fault
    })
}

/// Whether an address is of the plainest form, which nearly every address has: then every rule
/// below holds, that of the `validator` crate included (a test holds them against each other), and
/// none needs to be asked.
fn is_plain(address: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', address) else { return false };
    let (local, domain) = (address.get(..at), address.get(at + 1..));
    let (Some(local), Some(domain)) = (local, domain) else { return false };
    if local.is_empty() || local.len() > 64 || domain.len() > 180 {
        return false;
    }
    let mut before = b'.';
    for &byte in local {
        let dot = byte == b'.' && before != b'.';
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+') || dot) {
            return false;
        }
        before = byte;
    }
    if before == b'.' {
        return false;
    }
    let (mut label, mut ending_is_letters, mut dots) = (0, true, 0);
    let mut before = b'.';
    for &byte in domain {
        match byte {
            b'.' if label > 0 && before != b'-' => {
                (label, ending_is_letters) = (0, true);
                dots += 1;
            }
            // A third and fourth hyphen would make it an encoded label, real or false.
            b'-' if label > 0 && label != 2 => {
                label += 1;
                ending_is_letters = false;
            }
            _ if byte.is_ascii_alphanumeric() => {
                label += 1;
                ending_is_letters &= byte.is_ascii_alphabetic();
            }
            _ => return false,
        }
        before = byte;
    }
    dots > 0 && (2..=63).contains(&label) && ending_is_letters && longest_label(domain) <= 63
}

fn longest_label(domain: &[u8]) -> usize {
    domain.split(|byte| *byte == b'.').map(<[u8]>::len).max().unwrap_or(0)
}

fn check_closely(address: &str) -> Result<(), Fault> {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Err(match address.rsplit_once(" at ") {
            Some((local, domain)) => Fault::with("the @ is missing", format!("{local}@{domain}")),
            None => Fault::new("the @ is missing"),
        });
    };
    if local.is_empty() {
        return Err(Fault::new("nothing stands before the @"));
    }
    if domain.is_empty() {
        return Err(Fault::new("nothing stands behind the @"));
    }
    if local.contains('@') {
        return Err(Fault::with("it has more than one @", address.replace("@@", "@")));
    }
    if address.chars().any(char::is_whitespace) {
        let joined = address.split_whitespace().collect();
        return Err(Fault::with("it has a space inside", joined));
    }
    if domain.contains(',') || local.contains(',') {
        let mended = address.replace(',', ".");
        return Err(Fault::with("a comma stands where a dot belongs", mended));
    }
    check_local(local, address)?;
    check_domain(domain, address)?;
    if address.len() > 254 {
        return Err(Fault::new("it is longer than 254 characters"));
    }
    if !address.validate_email() {
        return Err(Fault::new(match address.chars().find(|c| !is_address_char(*c)) {
            Some(c) => format!("the character {c:?} cannot stand in an address"),
            None => "it does not have the form of an address".to_owned(),
        }));
    }
    Ok(())
}

fn is_address_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-@".contains(c)
}

fn check_local(local: &str, address: &str) -> Result<(), Fault> {
    if local.len() > 64 {
        return Err(Fault::new("the part before the @ is longer than 64 characters"));
    }
    if local.starts_with('.') || local.ends_with('.') {
        let mended = address.replacen(local, local.trim_matches('.'), 1);
        return Err(Fault::with("a dot stands at the edge of the part before the @", mended));
    }
    if local.contains("..") {
        return Err(Fault::with("two dots stand together", address.replacen("..", ".", 1)));
    }
    if local.starts_with('"') {
        return Err(Fault::new("the part before the @ is quoted, which profile systems refuse"));
    }
    if local.starts_with('\'') {
        let mended = address.replace('\'', "");
        return Err(Fault::with("an apostrophe stands in front, as spreadsheets leave it", mended));
    }
    if let Some(c) = local.chars().find(|c| !c.is_ascii()) {
        return Err(Fault::new(format!(
            "the letter {c:?} before the @ cannot be mailed to by most systems"
        )));
    }
    Ok(())
}

fn check_domain(domain: &str, address: &str) -> Result<(), Fault> {
    if domain.starts_with('[') || domain.parse::<std::net::IpAddr>().is_ok() {
        return Err(Fault::new("an IP address stands behind the @"));
    }
    if domain.ends_with('.') || domain.starts_with('.') {
        let mended =
            format!("{}@{}", address.split('@').next().unwrap_or(""), domain.trim_matches('.'));
        return Err(Fault::with("a dot stands at the edge of the domain", mended));
    }
    if domain.contains("..") {
        return Err(Fault::with("two dots stand together", address.replacen("..", ".", 1)));
    }
    if !domain.contains('.') && domain.is_ascii() {
        return Err(Fault::new("the domain has no dot"));
    }
    let ascii = ascii_domain(domain).ok_or_else(|| {
        match domain.chars().find(|c| !(c.is_alphanumeric() || matches!(c, '.' | '-'))) {
            Some(c) => Fault::new(format!("the character {c:?} cannot stand in a domain")),
            None => Fault::new("the domain cannot exist"),
        }
    })?;
    let Some((_, ending)) = ascii.rsplit_once('.') else {
        return Err(Fault::new("the domain has no dot"));
    };
    if ending.len() < 2
        || !(ending.bytes().all(|b| b.is_ascii_alphabetic()) || ending.starts_with("xn--"))
    {
        return Err(Fault::new(format!("no domain ends in .{ending}")));
    }
    Ok(())
}

/// The domain in ASCII, lower case (UTS #46 with STD3 rules), or nothing if no such domain can be.
fn ascii_domain(domain: &str) -> Option<Cow<'_, str>> {
    let simple = domain.len() <= 253
        && domain
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-');
    if simple {
        let labels = domain.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.as_bytes().get(2..4) != Some(b"--")
        });
        if labels {
            return Some(Cow::Borrowed(domain));
        }
    }
    idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3)
        .ok()
        .filter(|ascii| {
            ascii.len() <= 253
                && ascii.split('.').all(|label| {
                    (1..=63).contains(&label.len())
                        && !label.starts_with('-')
                        && !label.ends_with('-')
                })
        })
        .map(|ascii| Cow::Owned(ascii.into_owned()))
}

/// The address as a key: two cells name one mailbox when their keys are equal. Lower case, the
/// domain as IDNA ASCII. Dots and plus signs stay: whether they matter is the provider's affair.
pub(super) fn key(address: &str) -> Cow<'_, str> {
    if address.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
        return Cow::Borrowed(address);
    }
    match address.rsplit_once('@') {
        Some((local, domain)) => {
            let domain = ascii_domain(domain).unwrap_or(Cow::Borrowed(domain));
            Cow::Owned(format!("{}@{}", local.to_lowercase(), domain.to_lowercase()))
        }
        None => Cow::Owned(address.to_lowercase()),
    }
}

/// What stands in a cell that should hold one address.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// The address, as it is.
    Bare,
    /// The address inside a link or a display name.
    Wrapped(&'a str),
    /// More than one address.
    Several,
}

/// Looks for `mailto:`, `Name <address>`, and lists.
pub(super) fn content(text: &str) -> Content<'_> {
    let at_signs = memchr::memchr_iter(b'@', text.as_bytes()).count();
    if at_signs == 0 {
        return Content::Bare;
    }
    if at_signs > 1 {
        let pieces = text
            .split(|c: char| matches!(c, ';' | ',' | '/' | '|' | '&') || c.is_whitespace())
            .filter(|piece| piece.contains('@'));
        if pieces.count() > 1 {
            return Content::Several;
        }
    }
    if let Some(rest) = text.get(..7).filter(|head| head.eq_ignore_ascii_case("mailto:")) {
        return Content::Wrapped(text.get(rest.len()..).unwrap_or_default().trim());
    }
    if let Some(inner) = text.strip_suffix('>').and_then(|rest| Some(rest.rsplit_once('<')?.1)) {
        return Content::Wrapped(inner.trim());
    }
    Content::Bare
}

/// Mailboxes that belong to a role (RFC 2142 and custom).
const ROLES: &[&str] = &[
    "abuse",
    "accounts",
    "admin",
    "administration",
    "administrator",
    "bonjour",
    "bookings",
    "contact",
    "enquiries",
    "enquiry",
    "events",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "inquiries",
    "jobs",
    "mail",
    "mailbox",
    "marketing",
    "membership",
    "no-reply",
    "noreply",
    "office",
    "postmaster",
    "reception",
    "sales",
    "secretariat",
    "secretary",
    "security",
    "staff",
    "support",
    "team",
    "volunteer",
    "volunteers",
    "webmaster",
];

/// Whether the local part is that of a role.
pub(super) fn is_role(address: &str) -> bool {
    let Some((local, _)) = address.split_once('@') else { return false };
    let mut lower = [0_u8; 16];
    let Some(lower) = lower.get_mut(..local.len()) else { return false };
    lower.copy_from_slice(local.as_bytes());
    lower.make_ascii_lowercase();
    ROLES.binary_search_by(|role| role.as_bytes().cmp(lower)).is_ok()
}

/// Mail providers that very many people use, in order. A domain that is listed is never a slip.
const PROVIDERS: &[&str] = &[
    "aol.com",
    "att.net",
    "bigpond.com",
    "bluewin.ch",
    "btinternet.com",
    "comcast.net",
    "email.com",
    "fastmail.com",
    "free.fr",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.ca",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "live.ca",
    "live.co.uk",
    "live.com",
    "live.fr",
    "mac.com",
    "mail.com",
    "me.com",
    "msn.com",
    "neuf.fr",
    "optusnet.com.au",
    "orange.fr",
    "outlook.com",
    "outlook.com.au",
    "outlook.de",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "rocketmail.com",
    "sfr.fr",
    "shaw.ca",
    "sky.com",
    "sympatico.ca",
    "t-online.de",
    "telus.net",
    "verizon.net",
    "videotron.ca",
    "wanadoo.fr",
    "web.de",
    "xtra.co.nz",
    "yahoo.ca",
    "yahoo.co.in",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.au",
    "yahoo.de",
    "yahoo.fr",
    "ymail.com",
];

/// The provider that a domain is one slip away from: one letter more, less, other or swapped.
pub(super) fn slip_of(domain: &str) -> Option<&'static str> {
    let domain = domain.to_lowercase();
    if domain.len() < 7 || PROVIDERS.binary_search(&domain.as_str()).is_ok() {
        return None;
    }
    PROVIDERS
        .iter()
        .copied()
        .filter(|provider| provider.len() >= 7 && provider.len().abs_diff(domain.len()) <= 1)
        .find(|provider| strsim::osa_distance(provider, &domain) == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_order_for_the_search() {
        assert!(ROLES.is_sorted());
        assert!(PROVIDERS.is_sorted());
    }

    #[test]
    fn addresses_are_judged() {
        for good in [
            "ada@example.org",
            "Ada.Lovelace+x@Sub.Example.CO.UK",
            "o'brien@example.com",
            "a@bücher.example",
            "a@xn--bcher-kva.example",
            "1@2.co",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, part, suggestion) in [
            ("ada", "@ is missing", None),
            ("ada at example.org", "@ is missing", Some("ada@example.org")),
            ("@example.org", "before", None),
            ("ada@", "behind", None),
            ("ada@@example.org", "more than one", Some("ada@example.org")),
            ("ada lovelace@example.org", "space", Some("adalovelace@example.org")),
            ("ada@example,org", "comma", Some("ada@example.org")),
            (".ada@example.org", "edge", Some("ada@example.org")),
            ("ada.@example.org", "edge", Some("ada@example.org")),
            ("a..b@example.org", "two dots", Some("a.b@example.org")),
            ("a@example..org", "two dots", Some("a@example.org")),
            ("ada@localhost", "no dot", None),
            ("ada@127.0.0.1", "IP", None),
            ("ada@[127.0.0.1]", "IP", None),
            ("ada@x[127.0.0.1]", "cannot stand", None),
            ("ada@example.123", ".123", None),
            ("ada@-example.com", "cannot exist", None),
            ("ada@exam_ple.com", "cannot stand", None),
            ("'ada'@example.org", "apostrophe", Some("ada@example.org")),
            ("\"a b\"@example.org", "space", None),
            ("用户@example.org", "cannot be mailed", None),
            ("ada@example.c", ".c", None),
            ("a(b)@example.org", "cannot stand", None),
        ] {
            let fault = check(bad).unwrap_err();
            assert!(fault.message.contains(part), "{bad}: {} lacks {part}", fault.message);
            assert_eq!(fault.suggestion.as_deref(), suggestion, "{bad}");
        }
        let long = format!("{}@example.org", "a".repeat(65));
        assert!(check(&long).is_err());
        assert_eq!(
            check("a@b@c").unwrap_err().suggestion,
            None,
            "no suggestion is better than none"
        );
        let long = format!("a@{}.org", vec!["b".repeat(60); 5].join("."));
        assert!(check(&long).is_err());
    }

    #[test]
    fn what_is_plain_passes_every_rule() {
        let parts = [
            "a", "Z9", ".", "-", "--", "_", "+", "example", "org", "co", "1", "x1", "é", "'",
            "xn--",
        ];
        let mut dice = 7_u64;
        let mut roll = |sides: usize| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            usize::try_from(dice >> 33).unwrap() % sides
        };
        let mut plain = 0;
        for _ in 0..100_000 {
            let mut address = String::new();
            for side in ["@", ".com", ""].iter().take(2 + roll(2)) {
                for _ in 0..=roll(4) {
                    address.push_str(parts[roll(parts.len())]);
                }
                address.push_str(side);
            }
            if is_plain(address.as_bytes()) {
                plain += 1;
                assert_eq!(check_closely(&address), Ok(()), "{address}");
                assert!(address.validate_email(), "{address}");
            }
        }
        assert!(plain > 500, "only {plain} of the addresses were plain");
        for plain in ["ada@example.org", "a.b+c_d-e@mail.example.co.uk", "A@B-1.example.COM"] {
            assert!(is_plain(plain.as_bytes()), "{plain}");
        }
    }

    #[test]
    fn keys_of_one_mailbox_are_equal() {
        assert_eq!(key("ADA@Example.ORG"), "ada@example.org");
        assert_eq!(key("a@BÜCHER.example"), key("a@xn--bcher-kva.example"));
        assert_ne!(key("a.b@example.org"), key("ab@example.org"));
    }

    #[test]
    fn wrapped_and_several_addresses_are_told_apart() {
        assert_eq!(content("a@b.org"), Content::Bare);
        assert_eq!(content("mailto:a@b.org"), Content::Wrapped("a@b.org"));
        assert_eq!(content("Ada L. <a@b.org>"), Content::Wrapped("a@b.org"));
        assert_eq!(content("a@b.org; c@d.org"), Content::Several);
        assert_eq!(content("a@@b.org"), Content::Bare);
        assert_eq!(content("nobody"), Content::Bare);
    }

    #[test]
    fn roles_and_slips_are_known() {
        assert!(is_role("Info@example.org"));
        assert!(!is_role("ada@example.org"));
        assert_eq!(slip_of("gmial.com"), Some("gmail.com"));
        assert_eq!(slip_of("hotmial.com"), Some("hotmail.com"));
        assert_eq!(slip_of("yahooo.com"), Some("yahoo.com"));
        assert_eq!(slip_of("gmail.com"), None);
        assert_eq!(slip_of("mail.com"), None);
        assert_eq!(slip_of("example.org"), None);
    }
}
