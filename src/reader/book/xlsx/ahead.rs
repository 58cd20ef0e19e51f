//! Inflating a step ahead of whoever reads, on a thread of its own: for a large part it costs as much as
//! reading what comes out.

use std::io::{ErrorKind, Read, Result};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Bytes that are handed over at once.
const PIECE: usize = 256 * 1024;
/// Pieces that there are; they are used again and again.
const PIECES: usize = 3;

/// Bytes that have come out, as many as there are.
type Piece = (Vec<u8>, usize);

/// Runs `work` on what comes out of `member`.
///
/// # Errors
/// When there is no thread to be had.
pub(super) fn read<T>(
    member: impl Read + Send,
    work: impl FnOnce(&mut dyn Read) -> T,
) -> Result<T> {
    let (full, pieces) = sync_channel(PIECES);
    let (spent, empty) = sync_channel(PIECES);
    std::thread::scope(|scope| {
        let inflate = move || inflate(member, &full, &empty);
        std::thread::Builder::new().name("inflate".to_owned()).spawn_scoped(scope, inflate)?;
        // Owned here, so that whoever has read enough ends the thread as well.
        let mut ahead = Ahead { pieces, spent, piece: Vec::new(), at: 0, end: 0 };
        Ok(work(&mut ahead))
    })
}

/// Fills pieces until the end, an error, or until nobody wants more.
fn inflate(mut member: impl Read, full: &SyncSender<Result<Piece>>, empty: &Receiver<Vec<u8>>) {
    for number in 0_usize.. {
        let piece = if number < PIECES { Ok(vec![0; PIECE]) } else { empty.recv() };
        let Ok(mut piece) = piece else { return };
        let (length, end) = fill(&mut member, &mut piece);
        if length > 0 && full.send(Ok((piece, length))).is_err() {
            return;
        }
        match end {
            None => {}
            Some(Ok(())) => return,
            Some(Err(error)) => {
                // Nobody may be waiting for it any more.
                let _ = full.send(Err(error));
                return;
            }
        }
    }
}

/// Fills a piece; gives back how far, and how the member ended if it did.
fn fill(member: &mut impl Read, piece: &mut [u8]) -> (usize, Option<Result<()>>) {
    let mut length = 0;
    while let Some(room) = piece.get_mut(length..).filter(|room| !room.is_empty()) {
        match member.read(room) {
            Ok(0) => return (length, Some(Ok(()))),
            Ok(read) => length += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return (length, Some(Err(error))),
        }
    }
    (length, None)
}

/// The end of the line at which pieces are read.
struct Ahead {
    pieces: Receiver<Result<Piece>>,
    spent: SyncSender<Vec<u8>>,
    piece: Vec<u8>,
    /// What of the piece is still to be read.
    at: usize,
    end: usize,
}

impl Read for Ahead {
    fn read(&mut self, room: &mut [u8]) -> Result<usize> {
        if self.at == self.end {
            let spent = std::mem::take(&mut self.piece);
            if !spent.is_empty() {
                // Where all has come out, no piece is needed any more.
                let _ = self.spent.send(spent);
            }
            // The thread is gone: it was the end, or it has been said why not.
            let Ok(piece) = self.pieces.recv() else { return Ok(0) };
            (self.piece, self.end) = piece?;
            self.at = 0;
        }
        let read = self.piece.get(self.at..self.end).unwrap_or_default().read(room)?;
        self.at += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Error;

    use super::*;

    /// Gives its bytes a few at a time, and then its error.
    struct Drip(Vec<u8>, usize, Option<Error>);

    impl Read for Drip {
        fn read(&mut self, room: &mut [u8]) -> Result<usize> {
            let rest = &self.0[self.1..];
            if rest.is_empty() {
                return self.2.take().map_or(Ok(0), Err);
            }
            let count = room.len().min(rest.len()).min(1 + self.1 % 70_001);
            room[..count].copy_from_slice(&rest[..count]);
            self.1 += count;
            Ok(count)
        }
    }

    #[test]
    fn what_comes_out_is_what_would_have_come_out_here() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 7 * PIECE + 3] {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let mut out = Vec::new();
            let read = read(Drip(bytes.clone(), 0, None), |ahead| ahead.read_to_end(&mut out));
            assert_eq!((read.unwrap().unwrap(), out == bytes), (length, true));
        }
    }

    #[test]
    fn an_error_comes_behind_the_bytes_in_front_of_it() {
        let drip = Drip(vec![7; PIECE + 9], 0, Some(Error::other("damaged")));
        let mut out = Vec::new();
        let read = read(drip, |ahead| ahead.read_to_end(&mut out)).unwrap();
        assert_eq!(read.unwrap_err().to_string(), "damaged");
        assert_eq!(out.len(), PIECE + 9);
    }

    #[test]
    fn whoever_has_enough_need_not_read_on() {
        let endless = std::io::repeat(b'x');
        let mut few = [0; 9];
        read(endless, |ahead| ahead.read_exact(&mut few)).unwrap().unwrap();
        assert_eq!(few, [b'x'; 9]);
    }
}
