//! Profiles read page by page for the custom fields that they show, and how far that is.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::command::tell;
use crate::error::{Error, Result};
use crate::readback::{Short, pages};
use crate::target::{Custom, Harvest, Target};
use crate::visible::visible;
use crate::writer::api::Client;

/// Attempts of one request.
const ATTEMPTS: u32 = 5;

/// What the profiles showed.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) harvest: Harvest,
    /// Pages that were read.
    pub(super) pages: u64,
    /// Why some profiles may not have been on them.
    pub(super) gap: Option<String>,
}

/// How far the reading is: pages, and all profiles where the target counts them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Far {
    pub(super) pages: u64,
    pub(super) total: Option<u64>,
}

/// Reads pages until there are no more, or `enough` says that there have been.
///
/// # Errors
/// When they cannot be read, or the user wants to stop.
pub(super) fn gather(
    target: &dyn Target,
    client: &Client,
    stop: &AtomicBool,
    custom: &Custom,
    enough: &mut dyn FnMut(&Harvest, Far) -> bool,
) -> Result<Gathered> {
    let mut harvest = Harvest::default();
    let listed = pages(target, client, stop, ATTEMPTS, &mut |page, number| {
        page.profiles.iter().for_each(|profile| (custom.harvest)(profile, &mut harvest));
        if enough(&harvest, Far { pages: number, total: page.total }) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    let title = target.kind().title;
    match listed.ended {
        None => Ok(Gathered { harvest, pages: listed.pages, gap: listed.gap }),
        Some(Short::Interrupted) => Err(Error::Interrupted),
        Some(Short::Denied(why)) => Err(Error::TargetRefused {
            title,
            why: visible(&why),
            help: "check the key and its right to read profiles; nothing was sent".to_owned(),
        }),
        Some(Short::GaveUp(why)) => {
            let url = target.base_url().unwrap_or_default();
            Err(Error::Unreachable { title, url, why: visible(&why) })
        }
        Some(Short::Wrong(why)) => Err(Error::TargetRefused {
            title,
            why: visible(&why),
            help: "check base_url in the recipe; nothing was sent".to_owned(),
        }),
    }
}

/// Says now and then on standard error how far the reading is.
pub(super) struct Progress {
    last: Option<Instant>,
    what: String,
}

impl Progress {
    pub(super) fn new(quiet: bool, what: &str, title: &str) -> Self {
        Self { last: (!quiet).then(Instant::now), what: format!("{what} {title}") }
    }

    pub(super) fn tell(&mut self, harvest: &Harvest, far: Far, more: Option<&str>) {
        let Some(last) = self.last.as_mut().filter(|last| last.elapsed() >= SELDOM) else { return };
        *last = Instant::now();
        let of = far.total.map(|total| format!(" of {total}")).unwrap_or_default();
        let fields = match harvest.len() {
            1 => "1 field".to_owned(),
            count => format!("{count} fields"),
        };
        tell(&format!(
            "  {}: page {}, {}{of} profiles, {fields}{}",
            self.what,
            far.pages,
            harvest.profiles,
            more.unwrap_or_default()
        ));
    }
}

/// How often that is said.
const SELDOM: Duration = Duration::from_secs(2);
