//! How a delivery goes, as far as events have told: what every form of progress is made of.

use std::collections::BTreeMap;
use std::time::Duration;

use super::rate::Rate;
use crate::writer::watch::{Event, Standing, Wait};

/// What is known of a delivery.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    /// When sending began.
    pub(super) began: Duration,
    pub(super) standing: Standing,
    /// Whether the user wants to stop.
    pub(super) draining: bool,
    /// People who are being read back.
    pub(super) reading_back: Option<usize>,
    /// Why requests were sent again in this process, and how often.
    pub(super) causes: BTreeMap<String, u64>,
    pub(super) rate: Rate,
    /// Why nothing is sent, and until when.
    wait: Option<(Wait, Duration)>,
    /// The last answer to each request that is not settled, where it was no success.
    failed: BTreeMap<u32, Option<u16>>,
}

impl Course {
    pub(super) fn take(&mut self, event: &Event<'_>, at: Duration) {
        match *event {
            Event::Began { standing, .. } => {
                *self = Self { began: at, standing, ..Self::default() };
                self.rate.begin(at);
            }
            Event::Sent { batch, attempt, .. } => {
                self.wait = None;
                self.reading_back = None;
                self.rate.resume(at);
                let failed = self.failed.remove(&batch);
                if let Some(status) = failed.filter(|_| attempt > 1) {
                    let cause = status.map_or("no answer".to_owned(), |code| code.to_string());
                    *self.causes.entry(cause).or_default() += 1;
                }
            }
            Event::Answered { batch, status, .. } => {
                if status.is_none_or(|status| !(200..300).contains(&status)) {
                    self.failed.insert(batch, status);
                }
            }
            Event::Waiting { cause, pause } => {
                self.wait = Some((cause, at + pause));
                self.rate.pause(at, pause);
            }
            Event::ReadingBack { people } => self.reading_back = Some(people),
            Event::Settled { batch, standing } => {
                self.reading_back = None;
                self.failed.remove(&batch);
                self.standing = standing;
                self.rate.settle(at);
            }
            Event::Draining { .. } => self.draining = true,
            Event::Note(_) => {}
            Event::Ended { standing } => {
                self.standing = standing;
                self.wait = None;
                self.reading_back = None;
            }
        }
    }

    /// Why nothing is sent now, and for how long still.
    pub(super) fn wait(&self, at: Duration) -> Option<(Wait, Duration)> {
        let (cause, until) = self.wait?;
        let pause = until.saturating_sub(at);
        (!pause.is_zero()).then_some((cause, pause))
    }

    /// How long the rest will take.
    pub(super) fn left(&self, at: Duration) -> Option<Duration> {
        let Standing { requests, of_requests, .. } = self.standing;
        let rest = of_requests.saturating_sub(requests);
        if rest == 0 { None } else { self.rate.left(rest, at) }
    }
}
