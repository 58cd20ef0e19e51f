//! What happens while people are sent, for whoever shows or counts it. Events hold rows, counts and
//! codes, never a cell's text.

use std::time::Duration;

/// One thing that happened. Requests are numbered as their payload files are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Sending begins.
    Began {
        /// Requests that are planned and not yet settled.
        requests: u64,
        /// People in them who have no outcome yet.
        people: u64,
        /// Where the run stands: what an earlier process settled counts here, and not above.
        standing: Standing,
    },
    /// A request goes out.
    Sent {
        /// The number of its payload file.
        batch: u32,
        /// How many people are in it.
        people: usize,
        /// Which attempt it is, from 1.
        attempt: u32,
    },
    /// A request was answered, or will not be.
    Answered {
        /// The number of its payload file.
        batch: u32,
        /// The HTTP status, where there was an answer.
        status: Option<u16>,
        /// What the answer means, in a word of the journal.
        class: &'static str,
        /// How long it took.
        took: Duration,
    },
    /// Nothing is sent for a while.
    Waiting {
        /// Why.
        cause: Wait,
        /// For how long at most.
        pause: Duration,
    },
    /// So many people whose outcome no answer told are about to be read back.
    ReadingBack {
        /// How many.
        people: usize,
    },
    /// A planned request has been settled; the counts are those of the whole run.
    Settled {
        /// The number of its payload file.
        batch: u32,
        /// Where the run stands.
        standing: Standing,
    },
    /// The user wants to stop; what is under way is finished first.
    Draining {
        /// Requests that are under way.
        under_way: usize,
    },
    /// Something that a person should read, in one line.
    Note(&'a str),
    /// Sending has ended.
    Ended {
        /// Where the run stands.
        standing: Standing,
    },
}

/// Why nothing is sent for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// The target asked for patience (429 or 503).
    Throttled,
    /// A request failed and is to be sent again.
    Retry,
    /// The target has failed so often that it is only asked now and then.
    Breaker,
    /// Queued work is not done yet.
    Queue,
    /// A creation that nobody answered may yet have its effect, and must not have it twice.
    Late,
}

impl Wait {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Retry => "retry",
            Self::Breaker => "breaker",
            Self::Queue => "queue",
            Self::Late => "late",
        }
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Requests of the plan that are settled, whenever that was.
    pub requests: u64,
    /// Requests of the plan.
    pub of_requests: u64,
    /// People who have landed.
    pub accepted: u64,
    /// People whom the target refused.
    pub refused: u64,
    /// People who were sent and whose outcome was not learned.
    pub unknown: u64,
    /// People who were not sent.
    pub not_sent: u64,
    /// Requests that were sent again.
    pub retries: u64,
}

/// Takes what happens, from several threads.
pub trait Watch: Sync {
    /// Takes one event. It must not wait for long, and cannot fail.
    fn event(&self, event: &Event<'_>);
}
