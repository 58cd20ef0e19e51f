//! The one way in which lines get to standard error while a bar may be there: above it, whole.

use std::io::{self, Write as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::{Form, json};
use crate::visible::harmless;

/// Says lines on standard error: above the bar where there is one, as JSON where a program listens.
/// Its clones are one voice.
#[derive(Clone, Debug)]
pub struct Voice {
    form: Form,
    began: Instant,
    bar: Arc<Mutex<Option<ProgressBar>>>,
}

impl Default for Voice {
    fn default() -> Self {
        Self::new(Form::None)
    }
}

impl Voice {
    /// A voice for a program that shows its progress in this form.
    pub fn new(form: Form) -> Self {
        Self { form, began: Instant::now(), bar: Arc::default() }
    }

    /// Says a line for people, which may have several lines. That it cannot be said must not stop
    /// anything.
    pub fn line(&self, line: &str) {
        if self.form == Form::Json {
            return self.raw(&json::note(line, self.elapsed()));
        }
        let line = harmless(line);
        match &*held(&self.bar) {
            Some(bar) => bar.suspend(|| write(&line)),
            None => write(&line),
        }
    }

    /// Takes the bar off the terminal, for good. The process may end after it.
    pub fn clear(&self) {
        if let Some(bar) = held(&self.bar).take() {
            bar.finish_and_clear();
        }
    }

    /// The same before the process ends at once: whoever is blocked in writing is not waited for.
    pub fn clear_soon(&self) {
        let (done, wait) = mpsc::channel();
        let voice = self.clone();
        std::thread::spawn(move || {
            voice.clear();
            // The other end may have given up.
            let _ = done.send(());
        });
        // What is left on the terminal then is only the bar.
        let _ = wait.recv_timeout(Duration::from_millis(200));
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// How long the program has run.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Says a line as it is.
    pub(super) fn raw(&self, line: &str) {
        // One line after the other, also from several threads.
        let _one = held(&self.bar);
        write(line);
    }

    /// From now on lines are said above this bar.
    pub(super) fn show(&self, bar: ProgressBar) {
        *held(&self.bar) = Some(bar);
    }
}

fn write(line: &str) {
    // In one piece: others write to standard error as well.
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// What is behind a lock. Whoever died with it cannot have left it in halves: progress only counts.
pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
