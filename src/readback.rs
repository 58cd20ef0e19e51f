//! Reading back: which profiles a target has for the match keys of a file.
//!
//! [`fetch`] is the one way in which anybody asks for people ([`pages()`] shows everybody). It takes
//! the way that needs fewer requests (all profiles page by page, or each key by itself), keeps to the
//! target's interval and to what it asks for, stops when the user wants it to, and carries on from the
//! file of an earlier reading. Memory holds the keys that are wanted and where the profiles lie that
//! match one; the profiles themselves lie in a file, and those that match nobody are dropped.
//!
//! Nobody is said to be absent unless that is certain: a listing that broke off, that repeats itself,
//! that shows fewer profiles than it counts, or from which people were removed meanwhile leaves those
//! who were not met unknown.

mod ids;
mod listing;
mod pages;
pub mod precheck;
mod settle;
mod store;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

pub use self::ids::{Landed, profile_id};
use self::listing::Listing;
pub use self::pages::{Listed, pages};
pub use self::settle::Reader;
pub use self::store::Way;
use self::store::{Header, Line, Place, Settled, Store};
use crate::batch::hex;
use crate::error::Result;
use crate::target::directory::{Asked, Directory, Key, Page, Unread, Wanted};
use crate::target::{Answer, Request, Target};
use crate::writer::api::Client;
use crate::writer::pace::{Pace, Turn};
use crate::writer::retry::{Attempts, Cause};

/// What is to be read.
pub struct Order<'a> {
    /// Whom to look for.
    pub wanted: &'a [Wanted],
    /// The file that keeps what was read, and how old what it holds may be; without one nothing is
    /// kept.
    pub cache: Option<(&'a Path, Duration)>,
    /// The rhythm of requests, of all who ask this target.
    pub pace: &'a Pace<'a>,
    /// Attempts of one request.
    pub attempts: u32,
    /// Is told, after each request, how many are done and how many there will be, where that is known.
    pub progress: &'a dyn Fn(u64, Option<u64>),
}

/// What the target has for a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// No profile.
    Absent,
    /// One.
    One(Json),
    /// Several, so that the key does not tell them apart.
    Several(Vec<Json>),
    /// It was not learned, for this reason.
    Unknown(String),
}

/// Why a reading ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Short {
    /// The user wanted it to.
    Interrupted,
    /// The key is not taken, or may not read.
    Denied(String),
    /// The target did not answer, or asked for patience too often.
    GaveUp(String),
    /// What it answers is no answer to what was asked.
    Wrong(String),
}

impl Short {
    /// The reason in words.
    pub fn why(&self) -> String {
        match self {
            Self::Interrupted => "the reading was stopped".to_owned(),
            Self::Denied(why) => format!("the key may not read profiles ({why})"),
            Self::GaveUp(why) | Self::Wrong(why) => why.clone(),
        }
    }
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    people: People,
    store: Store,
    /// In what way it was read.
    pub way: Way,
    /// Why it ended early, if it did.
    pub ended: Option<Short>,
    /// Requests that were made.
    pub requests: u64,
    /// Pages or keys that an earlier reading had settled.
    pub carried_on: u64,
    /// Why those who were not met are not known to be absent.
    gap: Option<String>,
}

/// What is known of each key.
#[derive(Debug, Default)]
struct People(BTreeMap<Key, Person>);

/// What is known of one key.
#[derive(Debug, Default)]
struct Person {
    /// Prints of the ids of its profiles, and where these lie.
    profiles: Vec<(u64, Place)>,
    /// The answer for this key was read whole.
    told: bool,
    /// Why it cannot be told.
    why: Option<String>,
}

impl Found {
    /// What the target has for a key.
    ///
    /// # Errors
    /// When the file of the profiles cannot be read.
    pub fn look(&self, key: &Key) -> Result<Seen> {
        let Some(person) = self.people.0.get(key) else {
            return Ok(Seen::Unknown("nobody looked for this key".to_owned()));
        };
        let profiles = person.profiles.iter().map(|(_, place)| self.store.profile(*place));
        let mut profiles: Vec<Json> = profiles.collect::<Result<_>>()?;
        Ok(match (profiles.len(), &person.why, &self.gap) {
            (0, Some(why), _) => Seen::Unknown(why.clone()),
            (0, None, Some(why)) if !person.told => Seen::Unknown(why.clone()),
            (0, ..) => Seen::Absent,
            (1, ..) => profiles.pop().map_or(Seen::Absent, Seen::One),
            _ => Seen::Several(profiles),
        })
    }
}

/// After so many keys that are answered wrongly, and none rightly, keys cannot be asked for.
const HOPELESS: u64 = 8;

/// Reads the profiles of everybody who is wanted.
///
/// # Errors
/// Only when the file of the profiles cannot be used; what the target or the network does is told in
/// [`Found`].
pub fn fetch(target: &dyn Target, client: &Client, order: &Order<'_>) -> Result<Found> {
    fetch_by(target.directory(), target, client, order)
}

/// The same by another directory than that of the match key.
fn fetch_by(
    directory: &dyn Directory,
    target: &dyn Target,
    client: &Client,
    order: &Order<'_>,
) -> Result<Found> {
    let mut store = match order.cache {
        Some((path, _)) => Store::open(path)?,
        None => Store::unnamed()?,
    };
    let keys = order.wanted.iter().map(|wanted| (wanted.key.clone(), Person::default()));
    let mut people = People(keys.collect());
    let header = Header {
        version: 1,
        target: target.kind().id.to_owned(),
        base_url: target.base_url()?,
        matched_by: directory.matched_by(),
        page_size: directory.page_size(),
        wanted: digest(&people),
        way: Way::Pages,
        began: jiff::Timestamp::now().as_second(),
    };
    let (mut listing, mut carried_on, mut way) = (Listing::default(), 0, None);
    if let Some((_, fresh)) = order.cache {
        way = store.carry_on(&header, fresh, |line, place| match line {
            Line::Profile { key, id, .. } => people.met(&key, id, place),
            Line::Page(page) => {
                carried_on += 1;
                listing.turn(page);
            }
            Line::Key { key, why } => {
                carried_on += 1;
                people.tell(&key, why);
            }
        })?;
    }
    let nobody = people.0.is_empty();
    let found =
        Found { people, store, way: Way::Pages, ended: None, requests: 0, carried_on, gap: None };
    if nobody {
        return Ok(found);
    }
    let mut reading = Reading { directory, client, order, found, asked: 0 };
    let way = match way {
        Some(way) => way,
        None => reading.begin(header, &mut listing)?,
    };
    reading.found.way = way;
    if reading.found.ended.is_none() {
        match way {
            Way::Pages => reading.pages(&mut listing)?,
            Way::Keys => reading.keys()?,
        }
    }
    let mut found = reading.found;
    let short = found.ended.as_ref().map(Short::why);
    found.gap = match way {
        Way::Pages => short.or_else(|| listing.gap()),
        Way::Keys => short,
    };
    Ok(found)
}

impl People {
    fn met(&mut self, key: &str, id: u64, place: Place) {
        let Some(person) = Key::exact(key).and_then(|key| self.0.get_mut(&key)) else { return };
        match person.profiles.iter_mut().find(|(other, _)| *other == id) {
            // The later sight of one profile is the newer one.
            Some(seen) => seen.1 = place,
            None => person.profiles.push((id, place)),
        }
    }

    fn tell(&mut self, key: &str, why: Option<String>) {
        let Some(person) = Key::exact(key).and_then(|key| self.0.get_mut(&key)) else { return };
        person.told = why.is_none();
        person.why = why;
    }
}

struct Reading<'a> {
    directory: &'a dyn Directory,
    client: &'a Client,
    order: &'a Order<'a>,
    found: Found,
    /// Requests that were asked for, each counted once, however often it was sent.
    asked: u64,
}

impl Reading<'_> {
    /// Chooses the way, and begins the file. The first page tells how many there are; what it shows is
    /// not read twice.
    fn begin(&mut self, mut header: Header, listing: &mut Listing) -> Result<Way> {
        let wanted = self.order.wanted;
        let askable = wanted.iter().all(|one| !self.directory.ask(one).is_empty());
        if askable && wanted.len() == 1 {
            header.way = Way::Keys;
            self.found.store.begin(&header)?;
            return Ok(Way::Keys);
        }
        let page = match self.ask(&self.directory.page(1), None, Asked::Page(1)) {
            Ok(page) => page,
            Err(short) => {
                self.found.ended = Some(short);
                return Ok(Way::Pages);
            }
        };
        let size = (page.profiles.len() as u64).max(1);
        let left = match page.total {
            _ if page.last => 0,
            Some(total) => total.div_ceil(size).saturating_sub(1),
            None => u64::MAX,
        };
        header.way = if askable && (wanted.len() as u64) < left { Way::Keys } else { Way::Pages };
        self.found.store.begin(&header)?;
        if header.way == Way::Pages {
            self.keep(1, page, listing)?;
        }
        Ok(header.way)
    }

    /// Reads page after page, from where the listing stands.
    fn pages(&mut self, listing: &mut Listing) -> Result<()> {
        while !listing.is_over() {
            let number = listing.page.number + 1;
            match self.ask(&self.directory.page(number), None, Asked::Page(number)) {
                Ok(page) => self.keep(number, page, listing)?,
                Err(short) => {
                    self.found.ended = Some(short);
                    return Ok(());
                }
            }
            let size = (listing.page.ids.len() as u64).max(1);
            let of = listing.total.map(|total| total.div_ceil(size));
            (self.order.progress)(self.asked, of);
        }
        Ok(())
    }

    /// Keeps those of a page who are wanted.
    fn keep(&mut self, number: u64, page: Page, listing: &mut Listing) -> Result<()> {
        let mut ids = Vec::with_capacity(page.profiles.len());
        let mut keyed = false;
        for profile in page.profiles {
            let id = self.print(&profile);
            ids.push(id);
            let keys = self.directory.keys(&profile);
            keyed |= !keys.is_empty() || !self.directory.has_each_a_key();
            self.add(id, &profile, &keys);
        }
        let settled = Settled { number, last: page.last, total: page.total, ids, keyed };
        self.found.store.settle(&Line::Page(settled.clone()))?;
        listing.turn(settled);
        Ok(())
    }

    fn add(&mut self, id: u64, profile: &Json, keys: &[Key]) {
        let wanted: Vec<&Key> =
            keys.iter().filter(|key| self.found.people.0.contains_key(*key)).collect();
        for key in wanted {
            let key = key.as_str().to_owned();
            let line = Line::Profile { key, id, profile: profile.clone() };
            let place = self.found.store.add(&line);
            if let Line::Profile { key, .. } = line {
                self.found.people.met(&key, id, place);
            }
        }
    }

    /// Asks for each key that is not settled.
    fn keys(&mut self) -> Result<()> {
        let mut wrong = 0;
        let mut right = self.found.carried_on;
        let many = self.order.wanted.len() as u64;
        for wanted in self.order.wanted {
            let known = self.found.people.0.get(&wanted.key);
            if known.is_none_or(|person| person.told || person.why.is_some()) {
                continue;
            }
            let why = match self.one(wanted) {
                Ok(why) => why,
                Err(Short::Wrong(why)) => {
                    wrong += 1;
                    if right == 0 && wrong >= HOPELESS {
                        self.found.ended = Some(Short::Wrong(why));
                        return Ok(());
                    }
                    Some(why)
                }
                Err(short) => {
                    self.found.ended = Some(short);
                    return Ok(());
                }
            };
            right += u64::from(why.is_none());
            let key = wanted.key.as_str().to_owned();
            self.found.people.tell(&key, why.clone());
            self.found.store.settle(&Line::Key { key, why })?;
            (self.order.progress)(self.asked, Some(many.max(self.asked)));
        }
        Ok(())
    }

    /// Asks for one key. Gives the reason when the answer does not settle it.
    fn one(&mut self, wanted: &Wanted) -> Result<Option<String>, Short> {
        let mut others = false;
        let body = self.directory.body(wanted);
        for request in self.directory.ask(wanted) {
            let page = self.ask(&request, body.as_deref(), Asked::Key)?;
            others |= !page.last;
            let mut met = false;
            for profile in page.profiles {
                let keys = self.directory.keys(&profile);
                if keys.contains(&wanted.key) {
                    met = true;
                    let id = self.print(&profile);
                    self.add(id, &profile, std::slice::from_ref(&wanted.key));
                }
            }
            if met {
                return Ok(None);
            }
        }
        Ok(others.then(|| "the target answers with other people than the one asked for".to_owned()))
    }

    /// What stands for a profile: its id, or all of it where it has none.
    fn print(&self, profile: &Json) -> u64 {
        let text = self.directory.id(profile).unwrap_or_else(|| profile.to_string());
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().take(8).fold(0, |print, byte| print << 8 | u64::from(*byte))
    }

    /// Sends one request until it is answered or there have been enough attempts.
    fn ask(&mut self, request: &Request, body: Option<&[u8]>, asked: Asked) -> Result<Page, Short> {
        self.asked += 1;
        let seed = u64::from(std::process::id()).wrapping_add(self.asked);
        let mut attempts = Attempts::new(self.order.attempts, seed);
        loop {
            if self.order.pace.turn() == Turn::Stopped {
                return Err(Short::Interrupted);
            }
            attempts.made();
            self.found.requests += 1;
            let (cause, why) = match self.client.send(request, body.map(<[u8]>::to_vec)) {
                Ok(reply) => {
                    self.order.pace.answered(reply.status, reply.retry_after);
                    let answer = Answer {
                        status: reply.status,
                        retry_after: reply.retry_after,
                        body: &reply.body,
                    };
                    match self.directory.read(answer, asked) {
                        Ok(page) => return Ok(page),
                        Err(Unread::Denied(why)) => return Err(Short::Denied(why)),
                        Err(Unread::Wrong(why)) => return Err(Short::Wrong(why)),
                        Err(Unread::Later { after, why }) => (Cause::Throttled(after), why),
                        Err(Unread::Failed(why)) => (Cause::Transient, why),
                    }
                }
                Err(failure) => {
                    self.order.pace.failed();
                    (Cause::Transient, failure.why().to_owned())
                }
            };
            match attempts.pause(cause) {
                Some(pause) => self.order.pace.rest(pause),
                None => return Err(Short::GaveUp(why)),
            }
        }
    }
}

/// A digest of the keys, in order.
fn digest(people: &People) -> String {
    let mut hash = Sha256::new();
    for key in people.0.keys() {
        hash.update(key.as_str().as_bytes());
        hash.update([0]);
    }
    hex(&hash.finalize())
}
