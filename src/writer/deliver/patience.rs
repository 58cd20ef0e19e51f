//! How long a delivery bears with a target that does not answer, and whose fault it is when the attempts of
//! a request are used up: that of the request, when others are answered meanwhile, and else that of the
//! target.
//!
//! A target that is down takes nobody, however many files are tried. So a request whose attempts are used
//! up puts its file back to the end of the line, and the next one is tried after a pause that grows while
//! nothing is answered. When the target is at work again, those who were put back are sent like any
//! other whose outcome is not known; when it stays silent for too long, the run is given up. One that has
//! never answered this run is rather the wrong one than in an outage: the first request says so.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::work::Work;
use super::{Deliver, Halt, LONGEST_PAUSE, Step, Stopped, lock};

/// What was heard of those who were sent.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Answers that helped.
    answers: u64,
    /// When the last of them came.
    last: Option<Instant>,
    /// When the first request was sent that had none since, but not before that.
    quiet: Option<Instant>,
    /// Files that were put back since.
    put_back: u32,
}

impl Deliver<'_> {
    /// A request was answered: the target is at work.
    pub(super) fn heard(&self) {
        self.order.pace.succeeded();
        let heard = &mut lock(&self.learnt).heard;
        heard.answers += 1;
        heard.last = Some(Instant::now());
        heard.quiet = None;
        heard.put_back = 0;
    }

    /// A request that was sent then had no answer that helps.
    pub(super) fn heard_nothing(&self, began: Instant) {
        let heard = &mut lock(&self.learnt).heard;
        let since = heard.last.map_or(began, |last| last.max(began));
        heard.quiet.get_or_insert(since);
    }

    /// How many requests were answered, for a file that is put back.
    pub(super) fn answers(&self) -> u64 {
        lock(&self.learnt).heard.answers
    }

    fn quiet(&self) -> Option<Duration> {
        lock(&self.learnt).heard.quiet.map(|since| since.elapsed())
    }

    /// Whether nothing was answered for so long that no further attempt is made. Where the rules bear with
    /// no silence at all, the attempts of the one request count.
    pub(super) fn is_over(&self) -> bool {
        let most = self.order.rules.give_up_after;
        !most.is_zero() && self.quiet().is_some_and(|quiet| quiet >= most)
    }

    /// What is done when the attempts of a request are used up; `seen` where the target was read from
    /// since. It is the fault of the request, and the others go on, when others were answered since its file
    /// was put back, or when there are no others and the target lets itself be read.
    pub(super) fn gave_up(&self, work: &Work<'_>, why: String, seen: bool) -> Step {
        if self.order.pace.is_stopped() {
            return Err(Halt::Run(Stopped::Interrupted));
        }
        let never = {
            let learnt = lock(&self.learnt);
            !learnt.welcomed && learnt.heard.answers == 0
        };
        let over = self.quiet().unwrap_or_default() >= self.order.rules.give_up_after;
        if over || (never && !seen) {
            return Err(Halt::Run(Stopped::GaveUp(why)));
        }
        // The first time nobody can tell: what was answered meanwhile may be of before or after an outage.
        let Some(then) = work.put_back else { return Err(Halt::File) };
        let alone = self.waiting.load(Ordering::Relaxed) + self.slots.waiting() == 0;
        if self.answers() > then || (alone && seen) {
            return Ok(());
        }
        Err(Halt::File)
    }

    /// The pause before the next file, after one was put back.
    pub(super) fn pause_after_put_back(&self) -> Duration {
        let heard = &mut lock(&self.learnt).heard;
        heard.put_back += 1;
        self.pause_after(heard.put_back)
    }

    /// The pause after so many failures in a row.
    pub(super) fn pause_after(&self, failures: u32) -> Duration {
        (self.order.rules.pause * (1 << failures.min(4))).min(LONGEST_PAUSE)
    }
}
