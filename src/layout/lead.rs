//! What is written before a value, again and again: short, and of a length that only the run knows.

/// Bytes that the processor copies at once.
const START: usize = 32;

/// Some bytes whose first ones are copied with others that are taken back at once: a copy of always the same length
/// needs nobody to be called, and no branch.
#[derive(Clone, Debug, Default)]
pub(super) struct Lead {
    /// Zeros stand behind what is shorter.
    start: [u8; START],
    length: usize,
    /// What goes beyond.
    rest: Vec<u8>,
}

impl Lead {
    /// Of these bytes.
    pub(super) fn new(bytes: &[u8]) -> Self {
        let (first, rest) = bytes.split_at_checked(START).unwrap_or((bytes, &[]));
        let mut start = [0; START];
        start.iter_mut().zip(first).for_each(|(place, byte)| *place = *byte);
        Self { start, length: first.len(), rest: rest.to_vec() }
    }

    /// Appends them.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let end = out.len() + self.length;
        out.extend_from_slice(&self.start);
        out.truncate(end);
        if !self.rest.is_empty() {
            out.extend_from_slice(&self.rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_any_length_are_written_as_they_are() {
        for length in 0..100 {
            let bytes: Vec<u8> = (0..length).collect();
            let mut out = b"before".to_vec();
            Lead::new(&bytes).write(&mut out);
            assert_eq!(out, [b"before", bytes.as_slice()].concat());
        }
    }
}
