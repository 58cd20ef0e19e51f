//! Whose the ids of people are, asked before anybody is sent: who has an id that another profile of the
//! target has is told, and better not sent.
//!
//! [`Claims`] takes people in, and says how many look-ups it will be; [`Claims::ask`] makes them by
//! the ways of reading back, with its rhythm, its attempts and its file to carry on from.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Found, Order, Seen, Short, Way, fetch_by};
use crate::error::Result;
use crate::target::directory::{Asked, Key, Unread, Wanted};
use crate::target::{Answer, Owners, Request, Target};
use crate::writer::api::Client;
use crate::writer::pace::Turn;

/// The ids that people have beside their match key.
pub struct Claims<'a> {
    target: &'a dyn Target,
    owners: &'a dyn Owners,
    people: Vec<Claim>,
    wanted: BTreeMap<Key, Wanted>,
}

impl std::fmt::Debug for Claims<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Claims").field("people", &self.people.len()).finish_non_exhaustive()
    }
}

/// One person with at least one id.
#[derive(Debug)]
struct Claim {
    place: usize,
    /// By what the target will match the person.
    own: Option<Key>,
    ids: Vec<Key>,
}

/// What was learned.
#[derive(Debug, Default)]
pub struct Checked {
    /// People, by their places, with an id of another profile: not to be sent, for this reason.
    pub conflicts: Vec<(usize, String)>,
    /// People of whom it was not learned.
    pub unknown: usize,
    /// Why it was not learned of them, or why what was learned is in doubt.
    pub doubt: Option<String>,
    /// Whether the user stopped it.
    pub interrupted: bool,
    /// Requests that were made.
    pub requests: u64,
}

impl<'a> Claims<'a> {
    /// Nobody's yet; nothing where the target is not to be asked.
    pub fn of(target: &'a dyn Target) -> Option<Self> {
        let owners = target.owners()?;
        Some(Self { target, owners, people: Vec::new(), wanted: BTreeMap::new() })
    }

    /// Takes in a person as sent, whom the caller knows by `place`.
    pub fn add(&mut self, place: usize, sent: &Json) {
        let ids = self.owners.claims(sent);
        if ids.is_empty() {
            return;
        }
        let own = self.target.directory().wanted(sent).map(|own| own.key);
        let keys = ids.iter().map(|id| id.key.clone()).collect();
        self.people.push(Claim { place, own, ids: keys });
        for id in ids {
            self.wanted.entry(id.key.clone()).or_insert(id);
        }
    }

    /// How many look-ups there will be at the most; fewer where all profiles fit on fewer pages.
    pub fn lookups(&self) -> usize {
        self.wanted.len()
    }

    /// Asks whose all of these ids are. The order's own `wanted` is not used.
    ///
    /// # Errors
    /// Only when the file of the profiles cannot be used.
    pub fn ask(&self, client: &Client, order: &Order<'_>) -> Result<Checked> {
        let mut checked = Checked::default();
        if self.people.is_empty() {
            return Ok(checked);
        }
        let wanted: Vec<Wanted> = self.wanted.values().cloned().collect();
        let order = Order { wanted: &wanted, ..*order };
        let found = fetch_by(self.owners, self.target, client, &order)?;
        checked.requests = found.requests;
        checked.interrupted = found.ended == Some(Short::Interrupted);
        let mut met = false;
        for claim in &self.people {
            let mut unknown = None;
            let mut conflict = None;
            for id in &claim.ids {
                match found.look(id)? {
                    Seen::Absent => {}
                    Seen::One(profile) => {
                        met = true;
                        if self.is_another(claim, &profile) {
                            conflict = conflict.or_else(|| Some(self.taken(id, &[profile])));
                        }
                    }
                    Seen::Several(profiles) => {
                        met = true;
                        conflict = conflict.or_else(|| Some(self.taken(id, &profiles)));
                    }
                    Seen::Unknown(why) => unknown = unknown.or(Some(why)),
                }
            }
            match (conflict, unknown) {
                (Some(why), _) => checked.conflicts.push((claim.place, why)),
                (None, Some(why)) => {
                    checked.unknown += 1;
                    checked.doubt.get_or_insert(why);
                }
                (None, None) => {}
            }
        }
        if found.way == Way::Keys && !met && checked.doubt.is_none() {
            checked.doubt = self.doubt(client, &order, &found);
        }
        Ok(checked)
    }

    /// Whether the target will match the person with another profile than this one.
    fn is_another(&self, claim: &Claim, profile: &Json) -> bool {
        let keys = self.target.directory().keys(profile);
        claim.own.as_ref().is_none_or(|own| !keys.contains(own))
    }

    /// The reason for one who is not sent. It names the profile by the target's id and shows nothing of
    /// it.
    fn taken(&self, id: &Key, profiles: &[Json]) -> String {
        let shown = self.wanted.get(id).map(|id| self.owners.show(id)).unwrap_or_default();
        match profiles {
            [one] => match self.owners.id(one) {
                Some(owner) => format!("identity {shown} belongs to another profile ({owner})"),
                None => format!("identity {shown} belongs to another profile"),
            },
            many => format!("identity {shown} belongs to {} profiles", many.len()),
        }
    }

    /// Why it means nothing that none of the ids was found: a target that cannot be asked for ids answers as
    /// one that has nobody. It is asked for the first profile that it lists.
    fn doubt(&self, client: &Client, order: &Order<'_>, found: &Found) -> Option<String> {
        let owners = self.owners;
        let pace = order.pace;
        if found.requests > 0 {
            pace.count();
        }
        let ask = |request: &Request, body, asked| {
            if pace.turn() == Turn::Stopped {
                return Err("it was stopped before that".to_owned());
            }
            let reply = client.send(request, body).map_err(|failure| {
                pace.failed();
                failure.why().to_owned()
            })?;
            pace.answered(reply.status, reply.retry_after);
            let answer =
                Answer { status: reply.status, retry_after: reply.retry_after, body: &reply.body };
            owners.read(answer, asked).map_err(|unread| match unread {
                Unread::Denied(why)
                | Unread::Failed(why)
                | Unread::Wrong(why)
                | Unread::Later { why, .. } => why,
            })
        };
        let unproven = |why: String| {
            Some(format!("whether the target can be asked for identities was not learned: {why}"))
        };
        let page = match ask(&owners.page(1), None, Asked::Page(1)) {
            Ok(page) => page,
            Err(why) => return unproven(why),
        };
        // Where there is nobody, nobody has an id.
        let proof = owners.proof(page.profiles.first()?)?;
        let request = owners.ask(&proof).into_iter().next()?;
        match ask(&request, owners.body(&proof), Asked::Key) {
            Ok(page) if page.profiles.iter().any(|one| owners.keys(one).contains(&proof.key)) => None,
            Ok(_) => Some(
                "the target cannot be asked for identities: it does not even find a profile that it lists"
                    .to_owned(),
            ),
            Err(why) => unproven(why),
        }
    }
}
