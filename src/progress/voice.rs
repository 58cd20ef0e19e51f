//! The one way in which lines get to standard error while a bar may be there: above it, whole.

use std::io::{self, Write as _};
use std::sync::mpsc::{self, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::{Form, json};
use crate::visible::harmless;

/// How many lines wait at most for whoever reads them.
const MOST_WAITING: usize = 8_192;

/// How long a line for people, or the end, waits until it is read.
const PATIENCE: Duration = Duration::from_secs(1);

/// Says lines on standard error: above the bar where there is one, as JSON where a program listens.
/// Its clones are one voice.
#[derive(Clone, Debug)]
pub struct Voice {
    form: Form,
    began: Instant,
    bar: Arc<Mutex<Option<ProgressBar>>>,
    queue: Arc<Mutex<Option<Queue>>>,
}

/// What waits to be said while people are sent: a pipe that nobody reads must not keep them waiting. What
/// does not fit is left out, and counted.
#[derive(Debug)]
struct Queue {
    items: SyncSender<Item>,
    missed: u64,
}

#[derive(Debug)]
enum Item {
    Line(String),
    /// Tells that everything before it was said.
    Mark(SyncSender<()>),
}

impl Queue {
    fn start() -> io::Result<Self> {
        let (items, taken) = sync_channel(MOST_WAITING);
        let say = move || {
            for item in taken {
                match item {
                    Item::Line(line) => write(&line),
                    // Whoever asked may have given up.
                    Item::Mark(done) => drop(done.try_send(())),
                }
            }
        };
        std::thread::Builder::new().name("progress".to_owned()).spawn(say)?;
        Ok(Self { items, missed: 0 })
    }

    fn put(&mut self, line: &str) {
        self.missed += u64::from(self.items.try_send(Item::Line(line.to_owned())).is_err());
    }
}

impl Default for Voice {
    fn default() -> Self {
        Self::new(Form::None)
    }
}

impl Voice {
    /// A voice for a program that shows its progress in this form.
    pub fn new(form: Form) -> Self {
        Self { form, began: Instant::now(), bar: Arc::default(), queue: Arc::default() }
    }

    /// Says a line for people, which may have several lines. That it cannot be said must not stop
    /// anything.
    pub fn line(&self, line: &str) {
        self.say(line);
        self.wait();
    }

    /// The same without waiting until it is read.
    pub(super) fn say(&self, line: &str) {
        if self.form == Form::Json {
            return self.raw(&json::note(line, self.elapsed()));
        }
        let line = harmless(line);
        match &*held(&self.bar) {
            Some(bar) => bar.suspend(|| write(&line)),
            None => self.put(&line),
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
        self.put(line);
    }

    fn put(&self, line: &str) {
        match &mut *held(&self.queue) {
            Some(queue) => queue.put(line),
            None => write(line),
        }
    }

    /// Waits until everything was said, unless nobody reads it.
    fn wait(&self) {
        let items = held(&self.queue).as_ref().map(|queue| queue.items.clone());
        let (done, wait) = sync_channel(1);
        if items.is_some_and(|items| items.try_send(Item::Mark(done)).is_ok()) {
            let _ = wait.recv_timeout(PATIENCE);
        }
    }

    /// From now on nobody waits until a line of progress is read.
    pub(super) fn begin(&self) {
        // Without a thread each line is said at once.
        *held(&self.queue) = Queue::start().ok();
    }

    /// Takes [`begin`](Self::begin) back, when everything was said or nobody reads it.
    pub(super) fn end(&self) {
        let missed = held(&self.queue).as_ref().map_or(0, |queue| queue.missed);
        if missed > 0 {
            self.say(&format!("{missed} lines of progress were left out: nobody read them"));
        }
        self.wait();
        *held(&self.queue) = None;
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
