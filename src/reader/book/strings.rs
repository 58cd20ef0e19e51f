//! The table of strings of a workbook, which its cells name by number: one text and where each string
//! in it ends.

use super::inflate::TooMuch;
use super::limits::Limits;

/// Bytes that are free for the next string, which is seldom longer.
const ROOM: usize = 512 * 1024;

/// Strings, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    /// Appends a string.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.end();
    }

    /// The text, to which the next string is appended before [`Self::end`].
    pub(super) fn open(&mut self) -> &mut String {
        &mut self.text
    }

    /// Ends a string.
    pub(super) fn end(&mut self) {
        // A text that doubled where it grows would take twice its bound.
        if self.text.capacity() - self.text.len() < ROOM {
            self.text.reserve_exact((self.text.len() / 4).max(4 * ROOM));
        }
        if self.ends.len() == self.ends.capacity() {
            self.ends.reserve_exact((self.ends.len() / 4).max(ROOM / 4));
        }
        // What goes on behind 4 GiB is refused by `check`.
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    /// One string by its number; nothing where there is none.
    pub(super) fn get(&self, number: u32) -> Option<&str> {
        let start = match number.checked_sub(1) {
            Some(before) => *self.ends.get(before as usize)?,
            None => 0,
        };
        self.text.get(start as usize..*self.ends.get(number as usize)? as usize)
    }

    /// Looks at where some strings stand, which are asked for soon: what has to come from far away then comes
    /// for all of them at once, while each of them alone would be waited for.
    pub(super) fn warm(&self, numbers: impl Iterator<Item = u32>) {
        let mut all = 0;
        for number in numbers {
            let before = number.checked_sub(1).and_then(|before| self.ends.get(before as usize));
            let start = before.copied().unwrap_or_default();
            all ^= self.text.as_bytes().get(start as usize).copied().unwrap_or_default();
        }
        std::hint::black_box(all);
    }

    /// Refuses a table that takes more memory than it may.
    ///
    /// # Errors
    /// When it does.
    pub(super) fn check(&self, limits: &Limits) -> Result<(), TooMuch> {
        let bytes = self.text.len() + self.ends.len() * size_of::<u32>();
        if bytes as u64 > limits.strings() || self.text.len() > u32::MAX as usize {
            let most = limits.strings_mib.min(4095);
            let why = format!("its table of strings is larger than {most} MiB");
            return Err(TooMuch { why, setting: "strings_mib" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_by_their_numbers() {
        let mut strings = Strings::default();
        strings.push("Zoë");
        strings.push("");
        strings.open().push_str("Núñez");
        strings.end();
        let found: Vec<Option<&str>> = (0..4).map(|number| strings.get(number)).collect();
        assert_eq!(found, [Some("Zoë"), Some(""), Some("Núñez"), None]);
        assert!(strings.check(&Limits::default()).is_ok());
        assert!(strings.check(&Limits { strings_mib: 0, ..Limits::default() }).is_err());
    }
}
