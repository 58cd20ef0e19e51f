//! The text of a chunk: put together cell by cell, or taken over as it was read.

use std::fmt;
use std::sync::Arc;

use yoke::Yoke;

/// The text of a chunk.
#[derive(Clone, Default)]
pub(crate) struct Text {
    /// What was put together, where nothing was taken over.
    made: String,
    /// Bytes of a file that were found to be text.
    read: Option<Yoke<&'static str, Arc<Vec<u8>>>>,
}

impl Text {
    /// Takes bytes over as they are, or gives them back where they are not UTF-8. The standard library, which
    /// alone makes a `String` of them, takes several times as long to tell.
    pub(crate) fn read(bytes: Vec<u8>) -> Result<Self, Arc<Vec<u8>>> {
        let bytes = Arc::new(bytes);
        match Yoke::try_attach_to_cart(Arc::clone(&bytes), |it| simdutf8::basic::from_utf8(it)) {
            Ok(text) => Ok(Self { made: String::new(), read: Some(text) }),
            Err(_) => Err(bytes),
        }
    }

    /// The text, to be gone on with.
    #[inline]
    pub(super) fn made(&mut self) -> &mut String {
        if let Some(text) = self.read.take() {
            self.made = (*text.get()).to_owned();
        }
        &mut self.made
    }
}

impl std::ops::Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        match &self.read {
            Some(text) => text.get(),
            None => &self.made,
        }
    }
}

impl From<String> for Text {
    fn from(made: String) -> Self {
        Self { made, read: None }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_the_same_text_and_can_be_gone_on_with() {
        for bytes in ["", "Ada", "Zoë,Ulm\n"] {
            let read = Text::read(bytes.into()).unwrap();
            let mut copy = read.clone();
            copy.made().push('!');
            assert_eq!((&*read, &*copy), (bytes, format!("{bytes}!").as_str()));
            assert_eq!(format!("{read:?}"), format!("{bytes:?}"));
        }
        assert_eq!(*Text::read(b"Jos\xe9".to_vec()).unwrap_err(), b"Jos\xe9");
        let mut text = Text::default();
        text.made().push('a');
        assert_eq!(&*text, "a");
    }
}
