//! Passing over an element with all that is in it.

use std::io::Read;

use memchr::memmem;

use super::{Fault, Token, Xml, cut_off};

impl<R: Read> Xml<R> {
    /// Passes over the rest of the element that was opened last, and its end.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        let depth = self.depth();
        while self.depth() >= depth {
            if self.advance()? == Token::End {
                return Err(cut_off());
            }
        }
        Ok(())
    }

    /// As [`Xml::skip`], for elements that hold much: what is in them is not read at all, but for
    /// comments and CDATA sections, in which the end of the element could be written.
    pub(in super::super) fn skip_fast(&mut self) -> Result<(), Fault> {
        if self.hollow {
            return self.skip();
        }
        let open = self.starts.last().copied().unwrap_or(0);
        let end = [b"</", self.names.get(open..).unwrap_or_default()].concat();
        loop {
            let window = self.window();
            let found = memmem::find(window, &end);
            let before = window.get(..found.unwrap_or(window.len())).unwrap_or_default();
            let (comment, instruction) = (memmem::find(before, b"<!"), memmem::find(before, b"<?"));
            if let Some(aside) = comment.into_iter().chain(instruction).min() {
                // Searching on from each of many would take long.
                self.at += aside;
                return self.skip_among_asides(&end);
            } else if let Some(found) = found {
                self.at += found;
                while self.window().len() <= end.len() && self.fill()? {}
                match self.window().get(end.len()) {
                    Some(b'>') => {
                        self.close(end.len() + 1);
                        return Ok(());
                    }
                    // The tag is written at length, or is another one's.
                    Some(byte) if byte.is_ascii_whitespace() => {
                        return self.tag().map(|_| ());
                    }
                    Some(_) => self.at += end.len(),
                    None => return Err(cut_off()),
                }
            } else {
                self.at = self.at.max((self.end + 1).saturating_sub(end.len()));
                if !self.fill()? {
                    return Err(cut_off());
                }
            }
        }
    }

    /// As [`Xml::skip_fast`] from a comment on, one tag at a time.
    fn skip_among_asides(&mut self, end: &[u8]) -> Result<(), Fault> {
        loop {
            self.at += self.find(0, b"<", true)?;
            while self.window().len() <= end.len() && self.fill()? {}
            let window = self.window();
            let behind = window.get(end.len()).copied().unwrap_or(0);
            if window.starts_with(end) && (behind == b'>' || behind.is_ascii_whitespace()) {
                return self.tag().map(|_| ());
            }
            if matches!(window.get(1), Some(b'!' | b'?')) {
                self.aside()?;
            } else {
                self.at += 1;
            }
        }
    }
}
