//! Reading people back, told as it goes: what `verify` and `plan` share.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::journal::About;
use crate::readback::{Found, Order, fetch};
use crate::report::counted;
use crate::target::Target;
use crate::target::directory::Wanted;
use crate::visible::visible;
use crate::writer::api::Client;
use crate::writer::pace::Pace;
use crate::writer::watch::{Event, Watch};

/// Between two lines that say how far the reading is.
const EVERY: Duration = Duration::from_secs(10);

/// By what means people are looked for.
pub(super) struct Looking<'a> {
    /// Where.
    pub(super) target: &'a dyn Target,
    /// A client that has the key.
    pub(super) client: &'a Client,
    /// The rhythm of requests.
    pub(super) pace: &'a Pace<'a>,
    /// Attempts of one request.
    pub(super) attempts: u32,
    /// Is told how far it is.
    pub(super) watch: &'a dyn Watch,
}

/// Where people were looked for, by which key, and in how many requests.
pub(super) fn looked_for(about: &About, requests: u64) -> String {
    let sandbox = if about.sandbox.is_some() { " (sandbox)" } else { "" };
    format!(
        "{}{sandbox}, {} by {}, looked for in {}",
        visible(&about.title),
        visible(&about.operation),
        visible(&about.match_key),
        counted(requests, "request", "requests")
    )
}

impl Looking<'_> {
    /// Reads the profiles of everybody who is wanted; with a file that keeps what was read, and how old
    /// that may be, from where an earlier reading was stopped.
    ///
    /// # Errors
    /// When the file cannot be used.
    pub(super) fn look(
        &self,
        wanted: &[Wanted],
        cache: Option<(&Path, Duration)>,
    ) -> Result<Found> {
        let people = counted(u64::try_from(wanted.len()).unwrap_or(u64::MAX), "person", "people");
        self.watch
            .event(&Event::Note(&format!("looking for {people} at {}", self.target.kind().title)));
        let said = Cell::new(Instant::now());
        let progress = |done: u64, of: Option<u64>| {
            if said.get().elapsed() >= EVERY {
                said.set(Instant::now());
                let of = of.map_or_else(String::new, |of| format!(" of {of}"));
                self.watch.event(&Event::Note(&format!("looked for: {done}{of} requests")));
            }
        };
        let Self { pace, attempts, .. } = *self;
        let order = Order { wanted, cache, pace, attempts, progress: &progress };
        let found = fetch(self.target, self.client, &order)?;
        if found.carried_on > 0 {
            self.watch.event(&Event::Note("carried on from a reading that was stopped"));
        }
        Ok(found)
    }
}
