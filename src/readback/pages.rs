//! Everybody's profile, page by page, for those who look at all of them and keep none.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use super::store::{Settled, Store, Way};
use super::{Found, Listing, Order, People, Reading, Short};
use crate::error::Result;
use crate::target::Target;
use crate::target::directory::{Asked, Page};
use crate::writer::api::Client;
use crate::writer::pace::Pace;

/// How far a listing was read.
#[derive(Debug)]
pub struct Listed {
    /// Pages that were read.
    pub pages: u64,
    /// Why it ended before the end, if nobody but the target or the user ended it.
    pub ended: Option<Short>,
    /// Why somebody who was not on a page may be there all the same.
    pub gap: Option<String>,
}

/// Shows `each` page with its number, from 1, until there are no more or it has seen enough.
///
/// # Errors
/// When no temporary file can be made.
pub fn pages(
    target: &dyn Target,
    client: &Client,
    stop: &AtomicBool,
    attempts: u32,
    each: &mut dyn FnMut(&Page, u64) -> ControlFlow<()>,
) -> Result<Listed> {
    let (directory, pace) = (target.directory(), Pace::new(target.interval(), stop));
    let order = Order { wanted: &[], cache: None, pace: &pace, attempts, progress: &|_, _| () };
    let found = Found {
        people: People::default(),
        store: Store::unnamed()?,
        way: Way::Pages,
        ended: None,
        requests: 0,
        carried_on: 0,
        gap: None,
    };
    let mut reading = Reading { directory, client, order: &order, found, asked: 0 };
    let mut listing = Listing::default();
    while !listing.is_over() {
        let number = listing.page.number + 1;
        let page = match reading.ask(&directory.page(number), None, Asked::Page(number)) {
            Ok(page) => page,
            Err(short) => return Ok(Listed { pages: number - 1, ended: Some(short), gap: None }),
        };
        let ids = page.profiles.iter().map(|profile| reading.print(profile)).collect();
        // Nobody is looked for by a key here.
        listing.turn(Settled { number, last: page.last, total: page.total, ids, keyed: true });
        if !listing.repeats && each(&page, number).is_break() {
            return Ok(Listed { pages: number, ended: None, gap: None });
        }
    }
    Ok(Listed { pages: listing.page.number, ended: None, gap: listing.gap() })
}
