//! Many places of rows in a few bytes each, for those who must remember a place for every person of a run.

use super::Location;

/// Places of rows, in the order in which they were given. A row that stands right behind the one before
/// takes four or five bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    count: usize,
    /// What each of its numbers adds to that of the place before, in seven bits a byte, the lowest first.
    bytes: Vec<u8>,
    /// The place that was given last.
    last: Location,
}

impl Places {
    /// Appends a place.
    pub fn push(&mut self, at: Location) {
        for (before, now) in numbers(self.last).into_iter().zip(numbers(at)) {
            write(&mut self.bytes, zigzag(now.wrapping_sub(before)));
        }
        self.count += 1;
        self.last = at;
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The places.
    pub fn iter(&self) -> impl Iterator<Item = Location> {
        let mut rest = self.bytes.as_slice();
        let mut last = Location::default();
        std::iter::from_fn(move || {
            last = next(&mut rest, last)?;
            Some(last)
        })
    }

    /// The bytes from which [`Places::of_bytes`] makes them again.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// So many places out of their bytes; nothing where these are not whole.
    pub fn of_bytes(count: usize, bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut last = Location::default();
        for _ in 0..count {
            last = next(&mut rest, last)?;
        }
        rest.is_empty().then(|| Self { count, bytes: bytes.to_vec(), last })
    }
}

impl FromIterator<Location> for Places {
    fn from_iter<I: IntoIterator<Item = Location>>(places: I) -> Self {
        let mut all = Self::default();
        places.into_iter().for_each(|at| all.push(at));
        all
    }
}

fn numbers(at: Location) -> [u64; 4] {
    [at.input.into(), at.row.into(), at.line.into(), at.byte]
}

/// The place behind another one.
fn next(rest: &mut &[u8], last: Location) -> Option<Location> {
    let mut now = numbers(last);
    for number in &mut now {
        *number = number.wrapping_add(unzigzag(read(rest)?));
    }
    let [input, row, line, byte] = now;
    let (input, row, line) = (input.try_into().ok()?, row.try_into().ok()?, line.try_into().ok()?);
    Some(Location { input, row, line, byte })
}

/// Numbers near zero, on both sides of it, as small ones.
fn zigzag(number: u64) -> u64 {
    let signed = number.cast_signed();
    ((signed << 1) ^ (signed >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> u64 {
    (number >> 1) ^ (number & 1).wrapping_neg()
}

fn write(bytes: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

fn read(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn place() -> impl Strategy<Value = Location> {
        let number = |most: u64| prop_oneof![0..9_u64, 0..1_000_u64, most - 3..=most, 0..=most];
        let small = (number(u16::MAX.into()), number(u32::MAX.into()), number(u32::MAX.into()));
        (small, number(u64::MAX)).prop_map(|((input, row, line), byte)| Location {
            input: input.try_into().unwrap(),
            row: row.try_into().unwrap(),
            line: line.try_into().unwrap(),
            byte,
        })
    }

    proptest! {
        #[test]
        fn places_come_back_as_they_were(given in proptest::collection::vec(place(), 0..20)) {
            let places: Places = given.iter().copied().collect();
            prop_assert_eq!(places.len(), given.len());
            prop_assert!(places.iter().eq(given.iter().copied()));
            let bytes = places.as_bytes();
            prop_assert_eq!(Places::of_bytes(given.len(), bytes), Some(places.clone()));
            prop_assert_eq!(Places::of_bytes(given.len() + 1, bytes), None);
            if let Some(cut) = bytes.split_last().map(|(_, cut)| cut) {
                prop_assert_eq!(Places::of_bytes(given.len(), cut), None);
            }
        }

        #[test]
        fn no_bytes_are_too_strange(count in 0..9_usize, bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(places) = Places::of_bytes(count, &bytes) {
                prop_assert_eq!(places.iter().count(), count);
            }
        }
    }

    #[test]
    fn rows_that_follow_each_other_take_few_bytes() {
        let row = |row: u32| Location { input: 1, row, line: row, byte: u64::from(row) * 166 };
        let places: Places = (2..502).map(row).collect();
        assert!(places.as_bytes().len() < 500 * 5 + 9, "{}", places.as_bytes().len());
    }
}
