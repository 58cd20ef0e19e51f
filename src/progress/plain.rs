//! Progress for logs: a line at the beginning, every ten seconds, at each long pause, and at the end.
//! No control characters, nothing that is drawn over.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use super::course::Course;
use super::voice::{Voice, held};
use super::words::{batches, left, reading_back, retries, span, speed, stays, waiting};
use crate::report::{counted, grouped};
use crate::writer::watch::{Event, Standing};

/// Between two lines that only say how far it is.
const EVERY: Duration = Duration::from_secs(10);

/// A pause that has a line of its own.
const LONG: Duration = Duration::from_secs(5);

/// Turns events into lines.
#[derive(Debug, Default)]
pub(super) struct Plain {
    course: Course,
    /// Whether each request and each answer is told.
    each: bool,
    /// When the last line was said, while sending goes on.
    said: Option<Duration>,
    /// Until when a pause was told.
    told: Duration,
    /// Whether there was nothing to send.
    idle: bool,
}

impl Plain {
    /// Tells each request and each answer, too.
    pub(super) fn of_each() -> Self {
        Self { each: true, ..Self::default() }
    }

    /// The line that this event is worth.
    pub(super) fn take(&mut self, event: &Event<'_>, at: Duration) -> Option<String> {
        self.course.take(event, at);
        let line = match event {
            Event::Began { requests: 0, .. } => {
                self.idle = true;
                None
            }
            Event::Began { requests, people, .. } => {
                let requests = counted(*requests, "batch", "batches");
                Some(format!("  sending {requests}, {}", counted(*people, "person", "people")))
            }
            Event::Waiting { cause, pause } if self.is_told(*pause, at) => {
                self.told = at + *pause;
                Some(format!("  {}", waiting(*cause, *pause)))
            }
            Event::Sent { .. } | Event::Answered { .. } if self.each => of_request(event),
            Event::Ended { .. } if self.idle => None,
            Event::Ended { standing } => Some(self.ended(standing, at)),
            Event::ReadingBack { people } => Some(format!("  {}", reading_back(*people))),
            event => stays(event),
        };
        if line.is_none() {
            return self.tick(at);
        }
        // How far it is does not stand in the lines of single requests.
        if matches!(event, Event::Sent { .. } | Event::Answered { .. }) {
            return line.into_iter().chain(self.tick(at)).reduce(|line, far| line + "\n" + &far);
        }
        self.said = (!matches!(event, Event::Ended { .. })).then_some(at);
        line
    }

    /// Whether a pause has a line of its own.
    fn is_told(&self, pause: Duration, at: Duration) -> bool {
        self.each || (pause >= LONG && at + pause > self.told + LONG)
    }

    /// The line that is due by now, if one is.
    pub(super) fn tick(&mut self, at: Duration) -> Option<String> {
        let due = self.said.is_some_and(|said| at.saturating_sub(said) >= EVERY);
        due.then(|| {
            self.said = Some(at);
            self.far(at)
        })
    }

    /// How far it is.
    fn far(&self, at: Duration) -> String {
        let course = &self.course;
        let standing = &course.standing;
        let mut parts = vec![batches(course), format!("{} accepted", grouped(standing.accepted))];
        parts.extend(others(standing));
        match course.wait(at).filter(|(_, pause)| *pause >= super::LONG) {
            Some((cause, pause)) => parts.push(waiting(cause, pause)),
            None => parts.extend([speed(course), left(course, at)].into_iter().flatten()),
        }
        parts.extend(retries(course));
        format!("  {}", parts.join(", "))
    }

    fn ended(&self, standing: &Standing, at: Duration) -> String {
        let mut parts = vec![
            format!("{} in {}", batches(&self.course), span(at.saturating_sub(self.course.began))),
            format!("{} accepted", grouped(standing.accepted)),
        ];
        parts.extend(others(standing));
        if standing.not_sent > 0 {
            parts.push(format!("{} not sent", grouped(standing.not_sent)));
        }
        parts.extend(retries(&self.course));
        format!("  sent {}", parts.join(", "))
    }
}

/// What is said of a request.
fn of_request(event: &Event<'_>) -> Option<String> {
    match event {
        Event::Sent { batch, people, attempt } => {
            let again = if *attempt > 1 { format!(" (attempt {attempt})") } else { String::new() };
            let people = counted(u64::try_from(*people).ok()?, "person", "people");
            Some(format!("  batch {batch}: {people} sent{again}"))
        }
        Event::Answered { batch, status, class, took } => {
            let answer = match status {
                Some(status) => format!("{status}, {class}"),
                None => (*class).to_owned(),
            };
            Some(format!("  batch {batch}: {answer}, {:.3} s", took.as_secs_f64()))
        }
        _ => None,
    }
}

/// Who was not accepted.
fn others(standing: &Standing) -> impl Iterator<Item = String> {
    [(standing.refused, "refused"), (standing.unknown, "unknown")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", grouped(count)))
}

/// Says these lines. A thread of its own asks for the line that is due, also while nothing happens: a
/// log that stands still looks dead.
#[derive(Debug)]
pub(super) struct Log {
    voice: Voice,
    plain: Arc<Mutex<Plain>>,
    ended: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    pub(super) fn start(voice: &Voice, each: bool) -> Self {
        let plain = if each { Plain::of_each() } else { Plain::default() };
        let plain = Arc::new(Mutex::new(plain));
        let (ended, wait) = mpsc::channel();
        let (of_thread, aloud) = (Arc::clone(&plain), voice.clone());
        let thread = std::thread::spawn(move || {
            while wait.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                let mut plain = held(&of_thread);
                if let Some(line) = plain.tick(aloud.elapsed()) {
                    aloud.say(&line);
                }
            }
        });
        Self { voice: voice.clone(), plain, ended: Some(ended), thread: Some(thread) }
    }

    pub(super) fn event(&self, event: &Event<'_>, at: Duration) {
        if let Some(line) = held(&self.plain).take(event, at) {
            self.voice.say(&line);
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.ended = None;
        if let Some(thread) = self.thread.take() {
            // It has nothing to tell any more, however it ended.
            let _ = thread.join();
        }
    }
}
