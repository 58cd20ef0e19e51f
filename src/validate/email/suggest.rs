//! What an address that is refused was perhaps meant to be: written otherwise, or mistyped.
//!
//! Each step takes away one kind of disorder, the surest first, and the first text that the policy
//! takes is the suggestion: so it changes as little as it must, and is an address itself.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::doubt::is_ending;
use super::lists::{GLUED, TRIAL};
use super::{content, is_good, key};

/// The address that was perhaps meant, if one is near at hand.
pub(super) fn suggestion(text: &str) -> Option<String> {
    let unadorned = unadorned(text);
    if is_good(&unadorned) {
        return Some(unadorned);
    }
    let steps: [fn(&str) -> String; 6] =
        [spelled_out, dotted, joined, parted, plain_signs, plain_letters];
    let mut text = unadorned;
    for step in steps {
        text = step(&text);
        if is_good(&text) {
            return Some(text).filter(|text| ends_well(text));
        }
    }
    let (local, domain) = text.rsplit_once('@')?;
    let glued = GLUED.iter().find(|(glued, _)| glued.eq_ignore_ascii_case(domain))?;
    Some(format!("{local}@{}", glued.1)).filter(|text| is_good(text))
}

/// Whether the ending of an address is one that there is. What was made of several words would else
/// end in any of them.
fn ends_well(address: &str) -> bool {
    let last = address.rsplit_once('.').map_or("", |(_, last)| last).to_lowercase();
    is_ending(&last) || TRIAL.contains(&last.as_str()) || !last.is_ascii()
}

/// The key of the mailbox that a refused text names without a doubt: whatever is wrong is how the
/// address is written, not what it is. Nothing where there is no one address.
pub(in crate::validate) fn reading(text: &str) -> Option<String> {
    let text = unadorned(text);
    let (local, domain) = text.split_once('@')?;
    let whole = !local.is_empty() && !domain.is_empty() && !domain.contains('@');
    (whole && !text.contains(char::is_whitespace)).then(|| key(&text).into_owned())
}

/// The same mailbox without what only surrounds it: full width, wrappers, remarks in brackets (RFC
/// 5322 comments), signs behind it, needless quotes, a final dot.
fn unadorned(text: &str) -> String {
    let narrow: String = text.chars().map(narrow).collect();
    let composed: String = narrow.nfc().collect();
    let mut text = Cow::Borrowed(composed.trim());
    if let Some(inner) = content::unwrapped(&text) {
        text = Cow::Owned(inner.to_owned());
    }
    let inner = without_remarks(&text).unwrap_or(&text);
    // A title in front, such as `E-mail: ada@example.org`.
    let inner = inner.rsplit_once(": ").map_or(inner, |(_, rest)| rest);
    let sign = |c: char| {
        c.is_whitespace() || matches!(c, ';' | ',' | '.' | ':' | '!' | '?' | '/' | '\\' | '|')
    };
    let begin = |c: char| sign(c) && c != '.';
    let inner = inner.trim_start_matches(begin).trim_end_matches(|c| sign(c) || c == '@');
    match inner.rsplit_once('@') {
        Some((local, domain)) => format!("{}@{domain}", unquoted(local)),
        None => inner.to_owned(),
    }
}

/// The one address beside remarks in brackets, or in brackets behind words. Letters on both sides of
/// a bracket may be parts of one word, and then nothing is certain.
fn without_remarks(text: &str) -> Option<&str> {
    let mut outside = Vec::new();
    let mut inside = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        let opens = matches!(c, '<' | '(' | '[' | '{');
        if opens || matches!(c, '>' | ')' | ']' | '}') {
            if depth == 0 { &mut outside } else { &mut inside }.push(text.get(start..at)?);
            depth = if opens { depth + 1 } else { depth.checked_sub(1)? };
            start = at + c.len_utf8();
        }
    }
    outside.push(text.get(start..).filter(|_| depth == 0)?);
    outside.retain(|piece| !piece.trim().is_empty());
    if let [one] = outside.as_slice()
        && is_good(one.trim())
    {
        return Some(one.trim());
    }
    let words = outside.iter().all(|piece| !piece.contains('@'));
    let mut addresses = inside.iter().map(|piece| piece.trim()).filter(|piece| is_good(piece));
    addresses.next().filter(|_| words && addresses.next().is_none())
}

/// A character of full width as the ASCII character that it stands for, and the dots of East Asia.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xff01 + u32::from('!')).unwrap_or(c)
        }
        '\u{fe6b}' => '@',
        '\u{3002}' | '\u{ff61}' | '\u{fe52}' => '.',
        c => c,
    }
}

/// A part before the @ without quotes that it does not need (RFC 5321, section 4.1.2).
fn unquoted(local: &str) -> Cow<'_, str> {
    let inner = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inner) = inner.filter(|inner| !inner.is_empty()) else { return local.into() };
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        let Some(c) = (if c == '\\' { chars.next() } else { Some(c) }) else { return local.into() };
        plain.push(c);
    }
    let atom = |c: char| !c.is_whitespace() && !"\"(),:;<>@[\\]".contains(c);
    if plain.chars().all(atom) { plain.into() } else { local.into() }
}

/// With the signs that were written as words.
fn spelled_out(text: &str) -> String {
    let mut text = text.to_owned();
    for (word, sign) in
        [("at", "@"), ("arobase", "@"), ("arroba", "@"), ("dot", "."), ("point", ".")]
    {
        if !text.to_ascii_lowercase().contains(word) {
            continue;
        }
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), (" ", " ")] {
            let written = format!("{open}{word}{close}");
            text = replaced(&text, &written, sign);
        }
    }
    for written in ["[.]", "(.)", "[@]", "(@)"] {
        let sign = if written.contains('@') { "@" } else { "." };
        text = text.replace(written, sign);
    }
    closed_up(&text)
}

/// Replaces a text of ASCII in any case, where at most one @ comes out of it.
fn replaced(text: &str, written: &str, sign: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if sign == "@" && (text.contains('@') || lower.matches(written).count() != 1) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (at, _) in lower.match_indices(written) {
        out.push_str(text.get(end..at).unwrap_or_default());
        out.push_str(sign);
        end = at + written.len();
    }
    out.push_str(text.get(end..).unwrap_or_default());
    out
}

/// Without the spaces beside an @ or a dot. A space between letters may stand for anything.
fn closed_up(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let joins = out.ends_with(['@', '.']) || word.starts_with(['@', '.']);
        if !out.is_empty() && !joins {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// With dots where commas stand, and without signs that stand twice or at an edge.
fn dotted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c == ',' { '.' } else { c };
        if !(matches!(c, '.' | '@') && out.ends_with(c)) {
            out.push(c);
        }
    }
    let Some((local, domain)) = out.rsplit_once('@') else { return out };
    format!("{}@{}", local.trim_matches('.'), domain.trim_matches('.'))
}

/// Without a space inside the domain, as a line break leaves it.
fn joined(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else { return text.to_owned() };
    match domain.split_once(' ') {
        // Where no dot would be left, the space stands for it.
        Some((front, back)) if domain.contains('.') => format!("{local}@{front}{back}"),
        _ => text.to_owned(),
    }
}

/// With a dot for the one space inside the domain.
fn parted(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else { return text.to_owned() };
    match domain.split_once(' ') {
        Some((front, back)) => format!("{local}@{front}.{back}"),
        None => text.to_owned(),
    }
}

/// With the signs of ASCII for those that word processors put in their place.
fn plain_signs(text: &str) -> String {
    let plain = |c| match c {
        '\u{2018}' | '\u{2019}' | '\u{b4}' | '\u{2032}' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2024}' | '\u{b7}' => '.',
        c => c,
    };
    text.chars().map(plain).collect()
}

/// With letters without accents before the @, and without those that only join others (`ﬁ`). Of ä, ö
/// and ü people make one letter or two, so they stay.
fn plain_letters(text: &str) -> String {
    let Some((local, domain)) = text.rsplit_once('@') else { return text.to_owned() };
    let mut plain = String::with_capacity(local.len());
    for c in local.nfkc() {
        match c {
            'ä' | 'ö' | 'ü' | 'Ä' | 'Ö' | 'Ü' => plain.push(c),
            c => plain.extend(c.nfkd().filter(|c| !is_combining_mark(*c))),
        }
    }
    format!("{plain}@{}", domain.nfkc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_suggested_where_it_is_near_at_hand() {
        for (text, expected) in [
            ("ada@example.org;", Some("ada@example.org")),
            ("ada@example.org,", Some("ada@example.org")),
            ("ada@example.org.", Some("ada@example.org")),
            ("ada@example.org (home)", Some("ada@example.org")),
            ("(home) ada@example.org", Some("ada@example.org")),
            ("Ada Lark (ada@example.org)", Some("ada@example.org")),
            ("<ada@example.org> !", Some("ada@example.org")),
            ("E-mail: ada@example.org", Some("ada@example.org")),
            ("\"ada\"@example.org", Some("ada@example.org")),
            ("\"a\\da\"@example.org", Some("ada@example.org")),
            ("\"ada l\"@example.org", None),
            ("ada＠example.org", Some("ada@example.org")),
            ("ada@example．org", Some("ada@example.org")),
            ("ada@example。org", Some("ada@example.org")),
            ("ada@ｅｘａｍｐｌｅ.org", Some("ada@example.org")),
            ("ada at example.org", Some("ada@example.org")),
            ("ada (at) example (dot) org", Some("ada@example.org")),
            ("ada[at]example[dot]org", Some("ada@example.org")),
            ("ada AT example DOT org", Some("ada@example.org")),
            ("ada(arobase)example.org", Some("ada@example.org")),
            ("ada@example[.]org", Some("ada@example.org")),
            ("ada@example[dot]org", Some("ada@example.org")),
            ("ada@example.org(home)", Some("ada@example.org")),
            ("\"Lark, A.\" <ada@example.org> (home)", Some("ada@example.org")),
            ("a[d]a@example.org", None),
            ("ada(l)lark@example.org", None),
            ("ada@example.org(", None),
            ("ada@example.org@", Some("ada@example.org")),
            ("ada@exam ple.org", Some("ada@example.org")),
            ("ada@example.org,02 5550 0032,1980-01-31,Acme", None),
            ("ada@example,com,au", Some("ada@example.com.au")),
            ("Meet Ada at the office at noon.", None),
            ("ada @ example.org", Some("ada@example.org")),
            ("ada. lark@example.org", Some("ada.lark@example.org")),
            ("ada@example. org", Some("ada@example.org")),
            ("ada@example org", Some("ada@example.org")),
            ("ada lark@example.org", None),
            ("ada@example,org", Some("ada@example.org")),
            ("ada,lark@example.org", Some("ada.lark@example.org")),
            ("ada@@example.org", Some("ada@example.org")),
            ("ada@example..org", Some("ada@example.org")),
            ("ada...lark@example.org", Some("ada.lark@example.org")),
            (".ada.@.example.org.", Some("ada@example.org")),
            ("o’brien@example.org", Some("o'brien@example.org")),
            ("ada–lark@example.org", Some("ada-lark@example.org")),
            ("josé@example.org", Some("jose@example.org")),
            ("oﬃce.ada@example.org", Some("office.ada@example.org")),
            ("ada@oﬃce.example", Some("ada@office.example")),
            ("müller@example.org", None),
            ("用户@example.org", None),
            ("ada@gmail", Some("ada@gmail.com")),
            ("ada@gmailcom", Some("ada@gmail.com")),
            ("ada@localhost", None),
            ("a@b@c.org", None),
            ("ada@[127.0.0.1]", None),
            ("@example.org", None),
            ("n/a", None),
            ("", None),
        ] {
            let found = suggestion(text);
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_refused_text_is_read_as_the_mailbox_that_it_names() {
        for (text, expected) in [
            ("\"Ada\"@Example.org", Some("ada@example.org")),
            ("ada@example.org.", Some("ada@example.org")),
            ("ada@example.org (home)", Some("ada@example.org")),
            ("ada＠example.org", Some("ada@example.org")),
            ("jose\u{301}@example.org", Some("josé@example.org")),
            ("ada@localhost", Some("ada@localhost")),
            (".ada@example.org", Some(".ada@example.org")),
            // Which address is meant would be a guess.
            ("ada@example,org", Some("ada@example,org")),
            ("ada lark@example.org", None),
            ("ada at example.org", None),
            ("a@b@c.org", None),
            ("a@b.org; c@d.org", None),
            ("n/a", None),
            ("ada@", None),
            ("", None),
        ] {
            assert_eq!(reading(text).as_deref(), expected, "{text}");
        }
    }
}
