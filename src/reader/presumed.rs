//! What is taken for true of an input by its first part, so that it need not be read twice.
//!
//! Whether a text is UTF-8 is certain at its end only. Whoever can do its work over may read it as UTF-8 from
//! the beginning when the first part of it is: reading ends with an error where it turns out otherwise.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether encodings may be presumed, and whether one of a run is, and not certain yet.
#[derive(Clone, Debug, Default)]
pub struct Presumed(Option<Arc<AtomicBool>>);

impl Presumed {
    /// They may be, for one run that can be done over.
    pub fn allowed() -> Self {
        Self(Some(Arc::default()))
    }

    /// Whether they may be.
    pub(super) fn is_allowed(&self) -> bool {
        self.0.is_some()
    }

    /// Something is presumed.
    pub(super) fn begin(&self) {
        self.set(true);
    }

    /// Nothing is presumed any more: all inputs are certain.
    pub fn end(&self) {
        self.set(false);
    }

    /// Whether what a run has found rests on something that is not certain.
    pub fn is_open(&self) -> bool {
        self.0.as_ref().is_some_and(|open| open.load(Ordering::Relaxed))
    }

    fn set(&self, open: bool) {
        if let Some(flag) = &self.0 {
            flag.store(open, Ordering::Relaxed);
        }
    }
}
