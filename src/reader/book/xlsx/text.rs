//! What stands inside tags and between them: attributes, entities, and characters that XML cannot hold.

use encoding_rs::Encoding;
use memchr::{memchr, memchr2, memmem};

use super::xml::Fault;

/// The encoding that the declaration names.
pub(super) fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = head.strip_prefix(b"<?xml")?;
    let end = memmem::find(head, b"?>")?;
    let mut attributes = Attributes(head.get(..end)?);
    let named = attributes.find_map(|one| one.ok().filter(|(name, _)| *name == b"encoding"))?;
    Encoding::for_label(named.1)
}

/// The attributes of an element, by name and value as they stand in the file.
#[derive(Clone, Debug)]
pub(crate) struct Attributes<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let pair = split(rest);
        self.0 = pair.map_or(&[], |(_, _, rest)| rest);
        let pair = pair.map(|(name, value, _)| (name, value));
        Some(
            pair.ok_or_else(|| Fault::broken("its XML has an attribute without a value in quotes")),
        )
    }
}

impl<'a> Attributes<'a> {
    /// The value of one attribute; the name is that without a prefix.
    pub(crate) fn get(mut self, name: &[u8]) -> Result<Option<&'a [u8]>, Fault> {
        self.find(|one| one.as_ref().map_or(true, |(other, _)| *other == name))
            .transpose()
            .map(|found| found.map(|(_, value)| value))
    }

    /// The value of one attribute as text.
    pub(crate) fn text(self, name: &[u8]) -> Result<Option<String>, Fault> {
        let Some(raw) = self.get(name)? else { return Ok(None) };
        let mut text = String::new();
        decode(raw, &mut text)?;
        Ok(Some(text))
    }

    /// Whether an attribute is set to true.
    pub(crate) fn flag(self, name: &[u8]) -> Result<bool, Fault> {
        Ok(self
            .get(name)?
            .is_some_and(|value| matches!(value.trim_ascii(), b"1" | b"true" | b"on")))
    }
}

/// The first attribute and what stands behind it.
fn split(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let equals = text.iter().position(|&byte| byte == b'=')?;
    let (name, rest) = text.split_at_checked(equals)?;
    let (quote, rest) = rest.get(1..)?.trim_ascii_start().split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let end = rest.iter().position(|byte| byte == quote)?;
    Some((name.trim_ascii_end(), rest.get(..end)?, rest.get(end + 1..)?))
}

/// Bytes as text.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes)
        .map_err(|_| Fault::broken("one of its parts holds bytes that are not text"))
}

/// Appends text with its entities resolved and its line ends as XML has them.
pub(crate) fn decode(raw: &[u8], out: &mut String) -> Result<(), Fault> {
    let mut rest = utf8(raw)?;
    while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        if let Some(behind) = behind.strip_prefix('\r') {
            out.push('\n');
            rest = behind.strip_prefix('\n').unwrap_or(behind);
            continue;
        }
        let end = memchr(b';', behind.as_bytes()).filter(|&end| end <= 32);
        let entity = end.and_then(|end| behind.get(1..end));
        let Some(c) = entity.and_then(resolve) else {
            let shown: String = behind.chars().take(end.unwrap_or(8) + 1).collect();
            return Err(Fault::Broken(format!("its XML uses {shown}, which stands for nothing")));
        };
        out.push(c);
        rest = end.and_then(|end| behind.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(())
}

/// The character that an entity stands for: one of five names, or a number.
fn resolve(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = entity.strip_prefix('#')?;
            let (digits, base) = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16),
                None => (digits, 10),
            };
            let plain = digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
            let code = u32::from_str_radix(digits, base).ok().filter(|&code| code > 0 && plain)?;
            char::from_u32(code)?
        }
    })
}

/// Appends text in which Excel wrote characters that XML cannot hold as `_x000D_`.
pub(super) fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    // One byte is found faster than two, and is rare enough.
    while let Some(at) = memchr(b'_', rest.as_bytes()) {
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let Some((unit, mut next)) = escaped(behind) else {
            out.push('_');
            rest = behind.get(1..).unwrap_or_default();
            continue;
        };
        let mut units = vec![unit];
        if (0xd800..0xdc00).contains(&unit)
            && let Some((low @ 0xdc00..0xe000, behind)) = escaped(next)
        {
            units.push(low);
            next = behind;
        }
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        rest = next;
    }
    out.push_str(rest);
}

/// The code unit that `_xHHHH_` stands for, and what stands behind it.
fn escaped(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| plain)?;
    Some((unit, text.get(6..)?.strip_prefix('_')?))
}
