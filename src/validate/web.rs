//! Web addresses: http and https with a host that there can be; what lacks its beginning is proposed.

/// Why a text is no web address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: &'static str,
    /// What may be meant.
    pub(super) suggestion: Option<String>,
}

/// Longer addresses are cut off or refused by browsers and servers.
const LONGEST: usize = 2048;

/// Beginnings with which a link runs a program, shows a file or carries its own content.
const UNSAFE: &[&str] =
    &["javascript:", "vbscript:", "data:", "file:", "blob:", "about:", "chrome:", "ms-"];

/// Whether a text is an http(s) address.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    let fault = |message| Err(Fault { message, suggestion: None });
    if text.contains(char::is_whitespace) {
        return fault("it has a space in it");
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '"' | '<' | '>' | '\\' | '`')) {
        return fault("it has a character in it that no web address has");
    }
    if text.len() > LONGEST {
        return fault("it has more than 2048 characters");
    }
    let lower = text.get(..text.len().min(12)).unwrap_or(text).to_ascii_lowercase();
    let Some(rest) = ["http://", "https://"].iter().find_map(|scheme| {
        let begins = lower.starts_with(scheme);
        text.get(scheme.len()..).filter(|_| begins)
    }) else {
        return Err(without_scheme(text, &lower));
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    if host.contains('@') {
        return fault("it has a user name before its host");
    }
    if is_host(host) { Ok(()) } else { fault("its host is none that there can be") }
}

fn without_scheme(text: &str, lower: &str) -> Fault {
    if UNSAFE.iter().any(|scheme| lower.starts_with(scheme)) {
        return Fault {
            message: "it is no link to a page but could run or read something",
            suggestion: None,
        };
    }
    let slips =
        ["http:/", "https:/", "http//", "https//", "ttps://", "ttp://", "htp://", "htps://"];
    let plain = slips
        .iter()
        .find_map(|slip| text.get(slip.len()..).filter(|_| lower.starts_with(slip)))
        .unwrap_or(text)
        .trim_start_matches('/');
    let suggestion = format!("https://{plain}");
    // What has a scheme of its own (ftp, mailto) is no web page under another one.
    let own = lower.contains(':') && !plain.split(['/', '?']).next().is_some_and(is_host);
    let whole = !own && !plain.contains('@') && check(&suggestion).is_ok();
    Fault { message: "it is no http(s) address", suggestion: whole.then_some(suggestion) }
}

/// A name with a dot, or an address in numbers, with or without a port.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if let Some(inner) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return port_fits && inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let Ok(ascii) = idna::domain_to_ascii(name) else { return false };
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !label.is_empty() && label.len() < 64 && label.bytes().all(plain) && !label.starts_with('-')
    };
    let dotted = ascii.strip_suffix('.').unwrap_or(&ascii);
    let labels = dotted.contains('.') && dotted.split('.').all(label);
    let last = dotted.rsplit('.').next().unwrap_or("");
    let number = last.bytes().all(|byte| byte.is_ascii_digit());
    let real = if number { dotted.parse::<std::net::Ipv4Addr>().is_ok() } else { last.len() > 1 };
    port_fits && labels && real && dotted.len() < 254
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_are_judged() {
        for good in [
            "https://example.org",
            "http://example.org/a?b=c#d",
            "HTTPS://Example.org:8080/",
            "https://münchen.example/é",
            "https://192.0.2.1/x",
            "https://[2001:db8::1]/",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, suggestion) in [
            ("www.example.org", Some("https://www.example.org")),
            ("example.org/me", Some("https://example.org/me")),
            ("example.org:8080/me", Some("https://example.org:8080/me")),
            ("http:/example.org", Some("https://example.org")),
            ("//example.org", Some("https://example.org")),
            ("htps://example.org", Some("https://example.org")),
            ("ada@example.org", None),
            ("mailto:ada@example.org", None),
            ("ftp://example.org", None),
            ("javascript:alert(1)", None),
            ("JAVASCRIPT:alert(1)", None),
            ("data:text/html,x", None),
            ("https://", None),
            ("https://localhost", None),
            ("https://exa mple.org", None),
            ("https://example.org/<b>", None),
            ("https://u:p@example.org", None),
            ("https://-a.example", None),
            ("https://1.2.3", None),
            ("https://example.org:0", None),
            ("nowhere", None),
            ("", None),
        ] {
            let fault = check(bad).unwrap_err();
            assert_eq!(fault.suggestion.as_deref(), suggestion, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_proposed_is_good(text in "[a-z:/.@é ?]{0,24}") {
            if let Err(Fault { suggestion: Some(suggestion), .. }) = check(&text) {
                proptest::prop_assert_eq!(check(&suggestion), Ok(()));
            }
        }
    }
}
