//! How far the inputs are read: from that and the keys so far follows how many keys are to come.

use crate::row::Location;

/// Where each input ends, in bytes from the beginning of the first.
#[derive(Debug)]
pub(super) struct Ahead {
    ends: Vec<u64>,
}

impl Ahead {
    /// Of inputs of so many bytes; nothing is known ahead where those of one of them are not.
    pub(super) fn new(inputs: impl Iterator<Item = Option<u64>>) -> Self {
        let mut all = 0_u64;
        let ends = inputs.map(|bytes| {
            all = all.saturating_add(bytes?);
            Some(all)
        });
        Self { ends: ends.collect::<Option<_>>().unwrap_or_default() }
    }

    /// How many bytes stand before a row, and how many there are.
    pub(super) fn read(&self, at: Location) -> Option<(u64, u64)> {
        let input = usize::from(at.input);
        let all = *self.ends.last()?;
        let before = input.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        Some((before?.saturating_add(at.byte), all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_counted_through_all_inputs() {
        let ahead = |bytes: &[Option<u64>]| Ahead::new(bytes.iter().copied());
        let at = |input, byte| Location { input, byte, ..Location::default() };
        let both = ahead(&[Some(100), Some(300)]);
        assert_eq!(both.read(at(0, 50)), Some((50, 400)));
        assert_eq!(both.read(at(1, 50)), Some((150, 400)));
        assert_eq!(ahead(&[Some(100), None]).read(at(0, 50)), None);
        assert_eq!(ahead(&[]).read(at(0, 50)), None);
    }
}
