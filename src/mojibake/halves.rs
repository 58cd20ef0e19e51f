//! A quick look at whether a text can hold the halves of letters: nearly none can, and to undo each wrong
//! reading takes a hundred times as long.

use std::sync::LazyLock;

use super::BYTES;

/// For each character beyond ASCII the wrong readings, a bit each, in which it is the first byte of a letter
/// of UTF-8, and those in which it is a later one.
#[derive(Clone, Copy, Default)]
struct Parts {
    first: u8,
    later: u8,
}

/// The parts of characters below [`NEAR`], and those of others by character, in order.
struct Table {
    near: Vec<Parts>,
    far: Vec<(char, Parts)>,
}

/// Up to here all letters of the alphabets of Europe are looked up by their number.
const NEAR: usize = 0x500;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut all: Vec<(char, Parts)> = Vec::new();
    for (reading, bytes) in BYTES.iter().enumerate() {
        for &(c, byte) in bytes {
            let bit = 1_u8 << reading;
            let first = if byte >= 0xc2 { bit } else { 0 };
            let later = if byte < 0xc0 { bit } else { 0 };
            all.push((c, Parts { first, later }));
        }
    }
    all.sort_by_key(|(c, _)| *c);
    all.dedup_by(|(c, later), (known, parts)| {
        let same = c == known;
        if same {
            parts.first |= later.first;
            parts.later |= later.later;
        }
        same
    });
    let mut near = vec![Parts::default(); NEAR];
    for (c, parts) in &all {
        if let Some(place) = near.get_mut(*c as usize) {
            *place = *parts;
        }
    }
    let far = all.into_iter().filter(|(c, _)| *c as usize >= NEAR).collect();
    Table { near, far }
});

impl Table {
    fn parts(&self, c: char) -> Parts {
        if let Some(parts) = self.near.get(c as usize) {
            return *parts;
        }
        let at = self.far.binary_search_by_key(&c, |(c, _)| *c);
        at.ok().and_then(|at| self.far.get(at)).map_or_else(Parts::default, |(_, parts)| *parts)
    }
}

/// Whether a run of characters beyond ASCII can be a letter of UTF-8 that was read wrongly: its first two
/// are two of its bytes, or it begins with an `Ã`, whose second half may have been trimmed.
pub(super) fn may_begin(text: &str) -> bool {
    let table = &*TABLE;
    // The wrong readings in which the run before may be one: all bits where it is only beginning.
    let mut before: Option<u8> = None;
    for c in text.chars() {
        if c.is_ascii() {
            before = None;
            continue;
        }
        let parts = table.parts(c);
        match before {
            None if c == 'Ã' => return true,
            None => before = Some(parts.first),
            Some(first) if first & parts.later != 0 => return true,
            Some(_) => before = Some(0),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{MISTAKES, once};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: ProptestConfig::default().cases * 32,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn the_quick_look_hides_no_wrong_reading(
            text in "(\\PC{0,12}|[a-z ]{0,3}[À-ÿĀ-žА-яα-ω‘’“”–€]{1,4}[a-z ]{0,3}[Â-ô]?[\u{80}-¿]?[a-z]{0,2})",
            letters in "[a-z]{0,2}[à-žА-яα-ω漢字’–]{1,4}[a-z]{0,2}",
            mistake in 0..MISTAKES.len(),
        ) {
            // A text that was really read wrongly, beside any other.
            let table = &BYTES[mistake];
            let wrong: String = letters
                .bytes()
                .map(|byte| match table.iter().find(|(_, of)| byte >= 0x80 && *of == byte) {
                    Some((c, _)) => *c,
                    None => char::from(byte),
                })
                .collect();
            for text in [&text, &wrong] {
                if once(text).is_some() {
                    prop_assert!(may_begin(text), "{:?}", text);
                }
            }
        }
    }
}
