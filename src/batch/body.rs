//! The body of a request where its parts lie: people are hashed and written from the texts in which they
//! were judged, and not copied together before.

use std::io::{self, IoSlice, Write};
use std::ops::Range;
use std::sync::Arc;

/// Bytes of other people, and of room for them, that a body may keep in memory for its own before it takes
/// these out of the texts they lie in. Only where most people are left out, it comes to that.
const MOST: usize = 2 * 1024 * 1024;

/// The body of a request, in pieces.
#[derive(Clone, Debug, Default)]
pub struct Body {
    pieces: Vec<Piece>,
    len: usize,
    /// Bytes that the texts in which its pieces lie take in memory.
    held: usize,
}

/// A part of a text that others use too.
#[derive(Clone, Debug)]
struct Piece {
    text: Arc<Vec<u8>>,
    part: Range<usize>,
}

impl Body {
    /// Appends a part of a text. What lies behind the last part there is one piece with it.
    pub(super) fn push(&mut self, text: &Arc<Vec<u8>>, part: Range<usize>) {
        let is_new = self.pieces.last().is_none_or(|last| !Arc::ptr_eq(&last.text, text));
        if is_new {
            // At most once for each text, so that nobody is copied again and again.
            if self.held.saturating_sub(self.len) > MOST {
                *self = self.to_vec().into();
            }
            self.held += text.capacity();
        }
        self.len += part.len();
        match self.pieces.last_mut() {
            Some(last) if !is_new && last.part.end == part.start => last.part.end = part.end,
            _ => self.pieces.push(Piece { text: Arc::clone(text), part }),
        }
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its bytes, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.pieces.iter().filter_map(|piece| piece.text.get(piece.part.clone()))
    }

    /// Its bytes in one.
    pub fn to_vec(&self) -> Vec<u8> {
        self.pieces().collect::<Vec<_>>().concat()
    }

    /// Writes it, at once where the system takes it at once.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let mut pieces: Vec<IoSlice<'_>> = self.pieces().map(IoSlice::new).collect();
        let mut left = pieces.as_mut_slice();
        // What is empty is passed over.
        IoSlice::advance_slices(&mut left, 0);
        while !left.is_empty() {
            match out.write_vectored(left) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => IoSlice::advance_slices(&mut left, written),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        Self { pieces: vec![Piece { text: Arc::new(bytes), part: 0..len }], len, held: len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a few bytes at a time, and is interrupted in between.
    struct Slow(Vec<u8>, bool);

    impl Write for Slow {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let taken = bytes.len().min(3);
            self.0.extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn pieces_are_written_whole_and_in_order_however_little_is_taken() {
        let (a, b) = (Arc::new(b"0123456789".to_vec()), Arc::new(b"abc".to_vec()));
        let mut body = Body::default();
        for (text, part) in [(&b, 0..1), (&a, 2..4), (&a, 4..9), (&a, 0..1), (&b, 1..3)] {
            body.push(text, part);
        }
        assert_eq!((body.pieces().count(), body.len()), (4, 11));
        assert_eq!(body.to_vec(), b"a23456780bc");
        let mut out = Slow(Vec::new(), false);
        body.write(&mut out).unwrap();
        assert_eq!(out.0, body.to_vec());
        let mut out = Vec::new();
        body.write(&mut out).unwrap();
        assert_eq!(out, body.to_vec());
        let mut full: &mut [u8] = &mut [0; 4];
        assert!(body.write(&mut full).is_err());
        assert!(Body::default().is_empty() && Body::from(Vec::new()).is_empty());
        Body::from(Vec::new()).write(&mut Slow(Vec::new(), false)).unwrap();
    }

    #[test]
    fn a_few_people_of_many_texts_do_not_keep_these() {
        let room = |byte| {
            let mut text = Vec::with_capacity(MOST / 8);
            text.extend([byte; 9]);
            Arc::new(text)
        };
        let texts: Vec<_> = (0..40_u8).map(room).collect();
        let mut body = Body::default();
        for text in &texts {
            body.push(text, 1..3);
            body.push(text, 5..6);
        }
        assert_eq!(body.to_vec(), (0..40_u8).flat_map(|byte| [byte; 3]).collect::<Vec<_>>());
        let kept = texts.iter().filter(|text| Arc::strong_count(text) > 1).count();
        assert!(kept <= 10, "{kept}");
    }
}
