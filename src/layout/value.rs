//! How one value is written as JSON.
//!
//! Nearly all values are texts without anything to escape: these are copied as they are.

use std::borrow::Cow;

use jiff::civil::Date;

use super::{Written, escape};
use crate::record::Value;

/// Writes a value in one of its forms.
#[inline]
pub(super) fn write(value: Value<'_>, written: &Written, out: &mut Vec<u8>) {
    match (value, written) {
        (Value::Text(text), Written::Native) => write_text(text, out),
        _ => write_form(value, written, out),
    }
}

fn write_form(value: Value<'_>, written: &Written, out: &mut Vec<u8>) {
    match (written, value) {
        (Written::Numbers, Value::List(list)) => {
            write_list(list, out, |entry, out| out.extend_from_slice(entry.as_bytes()));
        }
        (Written::Text, Value::Json(text)) => write_text(text, out),
        (Written::Text, Value::Integer(_) | Value::Bool(_)) => {
            out.push(b'"');
            write_native(value, out);
            out.push(b'"');
        }
        (Written::Joined(between), Value::List(list)) => {
            let entries = list.iter().enumerate();
            let parts = entries.flat_map(|(index, entry)| {
                [if index > 0 { between.as_str() } else { "" }, entry.as_ref()]
            });
            write_texts(parts, out);
        }
        (Written::Behind(front), Value::Text(text)) => write_texts([front.as_str(), text], out),
        (Written::InPath(front), _) if value != Value::Null => {
            write_texts([front.as_str(), &escape(&value.to_string())], out);
        }
        (Written::Named(names), Value::Text(code)) => {
            let place = names.binary_search_by(|(own, _)| (*own).cmp(code)).ok();
            let name = place.and_then(|place| names.get(place)).map_or(code, |(_, name)| *name);
            write_text(name, out);
        }
        (Written::Format(format), Value::Date(date)) => {
            write_text(&date.strftime(format).to_string(), out);
        }
        (Written::Format(format), Value::Text(text)) => {
            let moment = text.parse::<jiff::Timestamp>().ok();
            let text = moment.map_or(Cow::Borrowed(text), |moment| {
                Cow::Owned(moment.strftime(format).to_string())
            });
            write_text(&text, out);
        }
        _ => write_native(value, out),
    }
}

/// Writes a date as three numbers with their keys, or its absence as three nulls.
pub(super) fn write_parts(
    value: Value<'_>,
    [day, month, year]: &[Vec<u8>; 3],
    quoted: bool,
    out: &mut Vec<u8>,
) {
    let Value::Date(date) = value else {
        for key in [day, month, year] {
            out.extend_from_slice(key);
            out.extend_from_slice(b"null");
        }
        return;
    };
    let numbers = [i64::from(date.day()), i64::from(date.month()), i64::from(date.year())];
    for (key, number) in [day, month, year].into_iter().zip(numbers) {
        out.extend_from_slice(key);
        if quoted {
            out.push(b'"');
        }
        write_integer(number, out);
        if quoted {
            out.push(b'"');
        }
    }
}

fn write_native(value: Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Text(text) => write_text(text, out),
        Value::Integer(number) => write_integer(number, out),
        Value::Bool(yes) => out.extend_from_slice(if yes { b"true" } else { b"false" }),
        Value::Date(date) => write_date(date, out),
        Value::List(list) => write_list(list, out, write_text),
        Value::Json(text) => out.extend_from_slice(text.as_bytes()),
        Value::Null => out.extend_from_slice(b"null"),
    }
}

fn write_list(list: &[Box<str>], out: &mut Vec<u8>, entry: impl Fn(&str, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, text) in list.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        entry(text, out);
    }
    out.push(b']');
}

fn write_integer(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut rest = number.unsigned_abs();
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        used += 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

/// Writes a day as ISO 8601 has it.
fn write_date(date: Date, out: &mut Vec<u8>) {
    let two = |number: i16| {
        let number = u8::try_from(number).unwrap_or(0);
        [b'0' + number / 10, b'0' + number % 10]
    };
    let mut text = *b"\"____-__-__\"";
    let (year, month, day) = (date.year(), date.month().into(), date.day().into());
    for (at, number) in [(1, year / 100), (3, year % 100), (6, month), (9, day)] {
        if let Some(digits) = text.get_mut(at..at + 2) {
            digits.copy_from_slice(&two(number));
        }
    }
    out.extend_from_slice(&text);
}

/// Writes a text in quotes.
#[inline]
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    end_text(text.as_bytes(), out);
}

/// Writes the rest of a text in quotes, whose opening quote is written already.
///
/// It is looked at and copied in one go, eight bytes at a time: what is copied too much, or turns out to be in need of
/// escaping, is taken back.
#[inline]
pub(super) fn end_text(text: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let (eights, rest) = text.as_chunks();
    let mut is_plain = true;
    for eight in eights {
        is_plain &= !has_special(*eight);
        out.extend_from_slice(eight);
    }
    // The last eight bytes have those that are left over at their end.
    let left_over = match text.last_chunk() {
        Some(last) => u64::from_le_bytes(*last) >> 1 >> (63 - rest.len() * 8),
        None => word_of(rest),
    };
    // No text ends with nothing: spaces, which are plain, stand behind what is looked at.
    let spaces = u64::from_le_bytes([b' '; 8]) << (rest.len() * 8);
    is_plain &= !has_special((left_over | spaces).to_le_bytes());
    if !is_plain {
        out.truncate(start);
        write_escaped(text, out);
        out.push(b'"');
        return;
    }
    let quote = u64::from(b'"') << (rest.len() * 8);
    out.extend_from_slice(&(left_over | quote).to_le_bytes());
    out.truncate(start + text.len() + 1);
}

/// Less than eight bytes as the lowest ones of a word, without a branch for each.
#[inline]
fn word_of(few: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (few.first_chunk(), few.last_chunk()) {
        let behind = u64::from(u32::from_le_bytes(*last)) << ((few.len() - 4) * 8);
        return u64::from(u32::from_le_bytes(*first)) | behind;
    }
    let at = |place: usize| few.get(place).map_or(0, |byte| u64::from(*byte) << (place * 8));
    at(0) | at(1) | at(2)
}

/// Writes one text of several parts.
fn write_texts<'a>(parts: impl IntoIterator<Item = &'a str>, out: &mut Vec<u8>) {
    out.push(b'"');
    for part in parts {
        write_unquoted(part.as_bytes(), out);
    }
    out.push(b'"');
}

#[inline]
fn write_unquoted(part: &[u8], out: &mut Vec<u8>) {
    if is_plain(part) {
        out.extend_from_slice(part);
    } else {
        write_escaped(part, out);
    }
}

/// Whether a byte cannot stand in a text of JSON as it is (RFC 8259 section 7).
fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Whether a text has no byte that must be escaped, told eight bytes at a time.
fn is_plain(text: &[u8]) -> bool {
    match text.last_chunk() {
        // The last eight cover what the eights before them leave over.
        Some(last) => {
            let (eights, _) = text.as_chunks();
            eights.iter().all(|eight| !has_special(*eight)) && !has_special(*last)
        }
        None => !text.iter().any(|byte| is_special(*byte)),
    }
}

/// Whether one of eight bytes is special: the highest bit of a byte of the sum is set for each that is,
/// as far as the lowest of them; whatever it sets above that one changes no answer.
fn has_special(eight: [u8; 8]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = ONES << 7;
    let bytes = u64::from_le_bytes(eight);
    let is_below = |bytes: u64, least: u64| bytes.wrapping_sub(ONES * least) & !bytes;
    let is = |byte: u8| is_below(bytes ^ (ONES * u64::from(byte)), 1);
    (is_below(bytes, 0x20) | is(b'"') | is(b'\\')) & HIGHEST != 0
}

/// Writes a text that has bytes to be escaped, in the shortest form of each.
fn write_escaped(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| is_special(*byte)) {
        let Some((run, [special, behind @ ..])) = rest.split_at_checked(at) else { break };
        out.extend_from_slice(run);
        match special {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            control => {
                let digit = |half: u8| DIGITS.get(usize::from(half)).copied().unwrap_or(b'0');
                let (high, low) = (digit(control >> 4), digit(control & 0x0f));
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', high, low]);
            }
        }
        rest = behind;
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod properties {
    use proptest::prelude::*;

    use super::*;

    fn written(value: Value<'_>) -> String {
        let mut out = Vec::new();
        write(value, &Written::Native, &mut out);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_writes_them(text in any::<String>(), plain in "[ -~]{0,40}") {
            for text in [&text, &plain, &format!("{plain}{text}")] {
                prop_assert_eq!(written(Value::Text(text)), serde_json::to_string(text).unwrap());
            }
        }

        #[test]
        fn a_byte_to_be_escaped_is_found_wherever_it_stands(
            around in proptest::collection::vec(0x20_u8..=0x7f, 0..40),
            (at, byte) in (any::<prop::sample::Index>(), 0_u8..=0x7f),
        ) {
            let mut bytes = around;
            bytes.insert(at.index(bytes.len() + 1), byte);
            let plain = !bytes.iter().any(|byte| is_special(*byte));
            prop_assert_eq!(is_plain(&bytes), plain);
            let text = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(written(Value::Text(&text)), serde_json::to_string(&text).unwrap());
        }

        #[test]
        fn numbers_and_days_are_written_as_they_print(
            number in any::<i64>(),
            (year, month, day) in (0_i16..=9999, 1_i8..=12, 1_i8..=28),
        ) {
            prop_assert_eq!(written(Value::Integer(number)), number.to_string());
            let date = Date::new(year, month, day).unwrap();
            prop_assert_eq!(written(Value::Date(date)), format!("\"{date}\""));
        }

        #[test]
        fn texts_of_several_parts_are_one_text(
            (front, text) in (any::<String>(), any::<String>()),
            list in proptest::collection::vec(any::<String>(), 0..4),
        ) {
            let list: Vec<Box<str>> = list.into_iter().map(Into::into).collect();
            let joined = serde_json::to_string(&list.join(&front)).unwrap();
            for (value, form, expected) in [
                (Value::List(&list), Written::Joined(front.clone()), joined),
                (
                    Value::Text(&text),
                    Written::Behind(front.clone()),
                    serde_json::to_string(&format!("{front}{text}")).unwrap(),
                ),
                (Value::List(&list), Written::Native, serde_json::to_string(&list).unwrap()),
            ] {
                let mut out = Vec::new();
                write(value, &form, &mut out);
                prop_assert_eq!(String::from_utf8(out).unwrap(), expected);
            }
        }
    }

    #[test]
    fn the_least_and_the_largest_numbers_are_written_whole() {
        for number in [0, 9, 10, -1, i64::MIN, i64::MAX] {
            assert_eq!(written(Value::Integer(number)), number.to_string());
        }
    }
}
