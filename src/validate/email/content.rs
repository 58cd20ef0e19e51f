//! What stands in a cell that should hold one address: the address, one inside something else, or
//! several.

use std::borrow::Cow;

use super::key::key;

/// What stands in a cell that should hold one address.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::validate) enum Content<'a> {
    /// The address, as it is.
    Bare,
    /// The address inside a link, a display name or quotes.
    Wrapped(Cow<'a, str>),
    /// More than one address.
    Several,
}

/// How many wrappers are taken off: a link in angle brackets behind a name in quotes has three.
const LAYERS: usize = 4;

/// Looks for `mailto:`, `Name <address>`, quotes, and lists.
pub(in crate::validate) fn content(text: &str) -> Content<'_> {
    let (pieces, least): (Vec<&str>, usize) =
        match memchr::memchr_iter(b'@', text.as_bytes()).count() {
            0 => return Content::Bare,
            count => match link(text) {
                Some(parts) => {
                    // What a page is asked for is no address of a person.
                    let is_asked = |piece: &&str| {
                        piece.split('@').next().is_some_and(|local| local.contains(['?', '=']))
                    };
                    (parts.into_iter().flat_map(pieces).filter(|it| !is_asked(it)).collect(), 1)
                }
                None if count > 1 => (pieces(text).collect(), 2),
                None => (Vec::new(), 1),
            },
        };
    let mut keys = pieces.iter().map(|piece| key(piece));
    let first = keys.next();
    if keys.any(|key| Some(key) != first) {
        return Content::Several;
    }
    if let Some(piece) = pieces.first().filter(|_| pieces.len() >= least) {
        return Content::Wrapped(Cow::Borrowed(piece));
    }
    match unwrapped(text) {
        Some(inner) => Content::Wrapped(Cow::Borrowed(inner)),
        None => Content::Bare,
    }
}

/// The parts of a link as Access writes it, `shown#target#place#tip#`, in this order. The number signs in front of an @
/// are those of the address. Whoever types an address into a field of links gets a web page for a target; the address of
/// any other page is none of a person.
fn link(text: &str) -> Option<[&str; 4]> {
    const SCHEMES: [&str; 3] = ["mailto:", "http://", "https://"];
    let scheme_of = |target: &str| {
        SCHEMES.into_iter().find(|scheme| {
            target.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme))
        })
    };
    let (at, scheme) = memchr::memchr_iter(b'#', text.as_bytes())
        .find_map(|at| Some((at, scheme_of(text.get(at + 1..)?)?)))?;
    let (shown, rest) = (text.get(..at)?, text.get(at + 1..)?);
    let sign = rest.find('@').filter(|_| scheme == "mailto:").unwrap_or(0);
    let end = rest.get(sign..)?.find('#').map_or(rest.len(), |end| sign + end);
    let (target, behind) = rest.split_at_checked(end)?;
    let host = target.get(scheme.len()..)?.trim_end_matches('/');
    let is_page = scheme != "mailto:" && host.contains(['/', '?', '=']);
    let mut others = behind.splitn(3, '#').skip(1);
    let mut other = || others.next().unwrap_or("");
    Some([shown, if is_page { "" } else { target }, other(), other()])
}

/// The pieces of a cell that have something on both sides of an @.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let apart = |c: char| {
        c.is_whitespace()
            || matches!(c, ';' | ',' | '/' | '|' | '&' | '<' | '>' | '(' | ')' | '[' | ']' | '"')
    };
    let is_address = |piece: &&str| {
        let sides = piece.split_once('@');
        sides.is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
    };
    text.split(apart).map(|piece| without_scheme(piece).unwrap_or(piece)).filter(is_address)
}

/// What is inside all wrappers, if there is one.
pub(super) fn unwrapped(text: &str) -> Option<&str> {
    let mut inner = None;
    for _ in 0..LAYERS {
        match layer(inner.unwrap_or(text)) {
            Some(next) => inner = Some(next),
            None => break,
        }
    }
    inner.filter(|inner| inner.contains('@'))
}

fn layer(text: &str) -> Option<&str> {
    if let Some(rest) = without_scheme(text) {
        return Some(rest);
    }
    if let Some(target) = text.strip_prefix('#').and_then(|rest| rest.strip_suffix('#'))
        && let Some(inner) = without_scheme(target)
    {
        return Some(inner);
    }
    if let Some((_, inner)) = text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
        return Some(inner.trim());
    }
    for (open, close) in [('\'', '\''), ('"', '"'), ('“', '”'), ('‘', '’'), ('«', '»'), ('`', '`')]
    {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) {
            return Some(inner.trim());
        }
    }
    // The apostrophe with which spreadsheets mark text, where an export let it out.
    text.strip_prefix('\'').filter(|rest| !rest.contains('\'')).map(str::trim)
}

/// What stands behind `mailto:` (RFC 6068), without the header fields of the message.
fn without_scheme(text: &str) -> Option<&str> {
    let scheme = text.get(..7).filter(|head| head.eq_ignore_ascii_case("mailto:"))?;
    let rest = text.get(scheme.len()..)?;
    Some(rest.split_once('?').map_or(rest, |(address, _)| address).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_and_several_addresses_are_told_apart() {
        let wrapped = |inner| Content::Wrapped(Cow::Borrowed(inner));
        for (text, expected) in [
            ("a@b.org", Content::Bare),
            ("nobody", Content::Bare),
            ("a@@b.org", Content::Bare),
            ("\"a\"@b.org", Content::Bare),
            ("\"a@b\"@c.org", Content::Bare),
            ("a@b.org (home)", Content::Bare),
            ("o'neil@b.org", Content::Bare),
            ("mailto:a@b.org", wrapped("a@b.org")),
            ("MailTo: a@b.org?subject=Hi", wrapped("a@b.org")),
            ("<a@b.org>", wrapped("a@b.org")),
            ("Ada L. <a@b.org>", wrapped("a@b.org")),
            ("\"L., Ada\" <mailto:a@b.org>", wrapped("a@b.org")),
            ("'a@b.org'", wrapped("a@b.org")),
            ("\"a@b.org\"", wrapped("a@b.org")),
            ("“a@b.org”", wrapped("a@b.org")),
            ("'a@b.org", wrapped("a@b.org")),
            ("a@b.org <mailto:a@b.org>", wrapped("a@b.org")),
            ("[A@b.org](mailto:a@b.org)", wrapped("A@b.org")),
            ("a@b.org#mailto:a@b.org#", wrapped("a@b.org")),
            ("a@b.org#http://a@b.org#", wrapped("a@b.org")),
            ("#mailto:a@b.org#", wrapped("a@b.org")),
            ("a@b.org#MAILTO:c@d.org#", Content::Several),
            ("#a#@b.org", Content::Bare),
            ("Ada#mailto:a@b.org#", wrapped("a@b.org")),
            ("Ada Lovelace#MAILTO:a@b.org?subject=Hi#", wrapped("a@b.org")),
            ("a@b.org#http://www.x.org#", wrapped("a@b.org")),
            ("a@b.org#https://www.x.org/?of=c@d.org#", wrapped("a@b.org")),
            ("a@b.org#mailto:a@b.org#sub#tip", wrapped("a@b.org")),
            ("a@b.org#mailto:a@b.org##write to a@b.org", wrapped("a@b.org")),
            ("a@b.org#mailto:a@b.org##write to c@d.org", Content::Several),
            ("Ada#mailto:o#neil@b.org##tip", wrapped("o#neil@b.org")),
            ("#mailto:o#neil@b.org#", wrapped("o#neil@b.org")),
            ("Ada#http://www.x.org/?of=c@d.org#", Content::Bare),
            ("Ada#http://www.x.org#", Content::Bare),
            ("http://x.org/?of=q@b.org#http://x.org/?of=q@b.org#", Content::Bare),
            ("Profile?id=q@b.org#http://x.org#", Content::Bare),
            ("a#b@c.org", Content::Bare),
            ("o#neil@b.org#mailto:o#neil@b.org#", wrapped("o#neil@b.org")),
            ("a@b.org; A@B.org", wrapped("a@b.org")),
            ("a@b.org; c@d.org", Content::Several),
            ("a@b.org\nc@d.org", Content::Several),
            ("a@b.org or c@d.org", Content::Several),
            ("A <a@b.org>, C <c@d.org>", Content::Several),
            ("\"x@y.org\" <a@b.org>", Content::Several),
        ] {
            assert_eq!(content(text), expected, "{text}");
        }
    }
}
