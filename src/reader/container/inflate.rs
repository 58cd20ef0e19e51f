//! Reading what unpacks to more than it is: every byte counted as it comes out, and refused before
//! it costs anything.

use std::io::{Error, Read};

use super::limits::{Limits, raise};

/// A bound that was passed: why the file is refused, and the name of the setting that raises it.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(crate) struct TooMuch {
    /// In words that go on from the file's name.
    pub(in crate::reader) why: String,
    /// As the recipe calls it.
    pub(in crate::reader) setting: &'static str,
}

impl TooMuch {
    /// What to do about it.
    pub(in crate::reader) fn help(&self) -> String {
        raise(self.setting)
    }

    /// The bound behind an error of reading, if there is one.
    pub(in crate::reader) fn behind(error: &Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

/// Bytes that may come out of a compressed file whatever their ratio.
const FREE: u64 = 64 << 20;

/// Bounds on the bytes that come out of a decoder.
pub(in crate::reader) struct Measured<R> {
    inner: R,
    out: u64,
    most: u64,
    setting: &'static str,
    /// How many bytes may come out between two marks, and how many have since the last one.
    stretch: Option<(u64, u64)>,
}

impl<R: Read> Measured<R> {
    /// No more than `most` bytes, a bound of this name.
    pub(in crate::reader) fn new(inner: R, most: u64, setting: &'static str) -> Self {
        Self { inner, out: 0, most, setting, stretch: None }
    }

    /// What a compressed file of `packed` bytes may become.
    pub(in crate::reader) fn unpacked(inner: R, packed: u64, limits: &Limits) -> Self {
        let by_ratio = packed.saturating_mul(limits.unpacked_ratio).max(FREE);
        if by_ratio < limits.unpacked() {
            Self::new(inner, by_ratio, "unpacked_ratio")
        } else {
            Self::new(inner, limits.unpacked(), "unpacked_mib")
        }
    }

    /// No more than `longest` bytes between two calls of [`Self::mark`], which its taker makes
    /// behind each thing that it holds in memory whole.
    pub(in crate::reader) fn between_marks(mut self, longest: u64) -> Self {
        self.stretch = Some((longest, 0));
        self
    }

    /// What came so far is no longer held in memory.
    pub(in crate::reader) fn mark(&mut self) {
        if let Some((_, stretch)) = &mut self.stretch {
            *stretch = 0;
        }
    }
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        if self.out > self.most {
            let why = match self.setting {
                "unpacked_ratio" => {
                    "it unpacks to hundreds of times its size, as no table does".to_owned()
                }
                _ => format!("it unpacks to more than {} MiB", self.most >> 20),
            };
            return Err(Error::other(TooMuch { why, setting: self.setting }));
        }
        if let Some((longest, stretch)) = &mut self.stretch {
            *stretch += read as u64;
            if *stretch > *longest {
                let why = "one of its cells is longer than a spreadsheet allows".to_owned();
                return Err(Error::other(TooMuch { why, setting: "cell_bytes" }));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(result: std::io::Result<u64>) -> Option<&'static str> {
        result.err().map(|error| TooMuch::behind(&error).unwrap().setting)
    }

    #[test]
    fn what_comes_out_is_bounded_whatever_was_claimed() {
        let drain = |packed: u64, out: u64| {
            let limits = Limits { unpacked_mib: 256, ..Limits::default() };
            let mut measured = Measured::unpacked(std::io::repeat(b'a').take(out), packed, &limits);
            setting(std::io::copy(&mut measured, &mut std::io::sink()))
        };
        assert_eq!(drain(1_000, FREE), None);
        assert_eq!(drain(1_000, FREE + 1), Some("unpacked_ratio"));
        assert_eq!(drain(1_000_000, FREE + 1), None);
        assert_eq!(drain(10_000_000, (256 << 20) + 1), Some("unpacked_mib"));
    }

    #[test]
    fn what_is_held_at_once_is_bounded() {
        let mut measured =
            Measured::new(std::io::repeat(b'a'), u64::MAX, "unpacked_mib").between_marks(10);
        let mut buffer = [0; 8];
        for _ in 0..5 {
            assert_eq!(measured.read(&mut buffer).unwrap(), 8);
            measured.mark();
        }
        assert_eq!(measured.read(&mut buffer).unwrap(), 8);
        let error = measured.read(&mut buffer).unwrap_err();
        assert_eq!(TooMuch::behind(&error).unwrap().setting, "cell_bytes");
    }
}
