//! The bar on a terminal: one line, drawn ten times a second from what is known of the course.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::course::Course;
use super::voice::{Voice, held};
use super::words::{line, stays};
use crate::writer::watch::Event;

/// The width of a terminal that does not say it.
const USUAL: usize = 80;

/// Draws the bar from the first event to the last.
#[derive(Debug)]
pub(super) struct Bar {
    voice: Voice,
    color: bool,
    course: Arc<Mutex<Course>>,
}

impl Bar {
    pub(super) fn new(voice: &Voice, color: bool) -> Self {
        Self { voice: voice.clone(), color, course: Arc::default() }
    }

    pub(super) fn event(&self, event: &Event<'_>, at: Duration) {
        held(&self.course).take(event, at);
        match event {
            Event::Began { .. } => self.voice.show(self.drawn()),
            Event::Ended { .. } => self.voice.clear(),
            event => {
                if let Some(line) = stays(event) {
                    self.voice.line(&line);
                }
            }
        }
    }

    /// The bar as it is drawn: its own thread asks for the line, so that time goes on in it while
    /// nothing happens.
    fn drawn(&self) -> ProgressBar {
        let (voice, color) = (self.voice.clone(), self.color);
        let course = Arc::clone(&self.course);
        let term = Term::stderr();
        let write = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let width = term.size_checked().map_or(USUAL, |(_, columns)| usize::from(columns));
            // A line that fills the last column would begin another one on some terminals.
            let width = width.saturating_sub(1);
            let text = line(&held(&course), voice.elapsed(), width, color);
            // Nobody can be told.
            let _ = out.write_str(&text);
        };
        let style = ProgressStyle::with_template("{line}")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("line", write);
        let bar =
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
        bar.enable_steady_tick(Duration::from_millis(100));
        bar
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.voice.clear();
    }
}
