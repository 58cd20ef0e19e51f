//! What a person, a log or a program sees while people are sent: a bar, plain lines or JSON, all of
//! them on standard error and all from the same events.
//!
//! What is shown is made in `words`, `plain` and `json` out of events and a time that is handed in, so
//! that it can be tested without a clock; only `bar` and `voice` touch the terminal.

mod bar;
mod course;
mod json;
mod plain;
mod rate;
#[cfg(test)]
mod tests;
mod voice;
mod words;

use std::time::Duration;

use self::bar::Bar;
use self::plain::Log;
pub use self::voice::Voice;
use crate::writer::watch::{Event, Watch};

/// In which form progress is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A line that is drawn over and over, for a terminal.
    Bar {
        /// Whether it may be coloured.
        color: bool,
    },
    /// A line now and then, without any control character: for logs.
    Plain {
        /// Whether each request and each answer has its line, too.
        each: bool,
    },
    /// One JSON object a line for each event.
    Json,
    /// Nothing.
    #[default]
    None,
}

/// Shows what happens while people are sent. When it is dropped, nothing of it is left on the
/// terminal but the lines that were to stay.
#[derive(Debug)]
pub struct Progress {
    voice: Voice,
    show: Show,
}

#[derive(Debug)]
enum Show {
    Bar(Bar),
    Plain(Log),
    Json,
    None,
}

impl Progress {
    /// Shows progress in the form of this voice.
    pub fn new(voice: &Voice) -> Self {
        let show = match voice.form() {
            Form::Bar { color } => Show::Bar(Bar::new(voice, color)),
            Form::Plain { each } => Show::Plain(Log::start(voice, each)),
            Form::Json => Show::Json,
            Form::None => Show::None,
        };
        if matches!(show, Show::Plain(_) | Show::Json) {
            voice.begin();
        }
        Self { voice: voice.clone(), show }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // A thread that shows something has said its last.
        self.show = Show::None;
        self.voice.end();
    }
}

impl Watch for Progress {
    fn event(&self, event: &Event<'_>) {
        let at = self.voice.elapsed();
        match &self.show {
            Show::Bar(bar) => bar.event(event, at),
            Show::Plain(log) => log.event(event, at),
            Show::Json => self.voice.raw(&json::line(event, at)),
            Show::None => {}
        }
    }
}

/// A pause that is worth a word: shorter ones would only flicker.
const LONG: Duration = Duration::from_secs(2);
