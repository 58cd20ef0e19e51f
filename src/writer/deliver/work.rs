//! One payload file under way: what is sent for each of its people, and what is known of each.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::iter::repeat_n;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::slot::Slot;
use super::{Channel, Order};
use crate::batch::{Limits, hex};
use crate::error::{Error, Result};
use crate::journal::{Alike, Leg, Outcome, Planned, State};
use crate::target::Group;

/// A payload file under way.
pub(super) struct Work<'a> {
    entry: &'a Planned,
    /// The body with everybody, where its file is just that and nobody in it is settled.
    whole: Option<Arc<Vec<u8>>>,
    /// What is sent for each, where there is something to send: taken out of the whole when it is asked
    /// for, which most requests never do.
    people: OnceCell<Vec<Option<Box<RawValue>>>>,
    /// The outcome of each, as the journal has it; nothing of those whom the channel does not concern.
    pub(super) outcomes: Vec<Option<Outcome>>,
    /// For whom there is nothing to send, and why.
    pub(super) lacking: Vec<(usize, String)>,
    /// Whether somebody was left out of it.
    left_out: bool,
    /// When the first attempt of unknown outcome of each was made, in Unix milliseconds.
    since: Vec<Option<i64>>,
    /// Those who were looked for since they were last sent.
    looked: BTreeSet<usize>,
    /// Those whom an attempt may have landed, and for whom nobody has looked since.
    in_doubt: BTreeSet<usize>,
    /// How often the target had answered when this file was put back, if it was.
    pub(super) put_back: Option<u64>,
    /// What the worker has of the slots, where there are several workers.
    pub(super) slot: Option<&'a Slot<'a>>,
    /// How often in a row a request that may not simply be sent again had no answer.
    pub(super) held_back: u32,
}

impl<'a> Work<'a> {
    /// Reads the file and what the journal knows of its people.
    pub(super) fn open(
        order: &Order<'_>,
        channel: &dyn Channel,
        entry: &'a Planned,
    ) -> Result<Self> {
        Self::with(order, channel, entry, &order.journal.states(entry.number)?)
    }

    /// Reads a file of whose people it is known that all are as not sent.
    pub(super) fn fresh(
        order: &Order<'_>,
        channel: &dyn Channel,
        entry: &'a Planned,
    ) -> Result<Self> {
        let outcome = Outcome::NotSent;
        let state = State { outcome, since: None, after: None, after_since: None };
        Self::with(order, channel, entry, &[Alike { people: entry.places.len(), state }])
    }

    fn with(
        order: &Order<'_>,
        channel: &dyn Channel,
        entry: &'a Planned,
        states: &[Alike],
    ) -> Result<Self> {
        let leg = channel.leg();
        let (mut since, mut outcomes) = (Vec::new(), Vec::new());
        for Alike { people, state } in states {
            since.extend(repeat_n(state.since_in(leg), *people));
            outcomes.extend(repeat_n(state.in_leg(leg).cloned(), *people));
        }
        let open = |outcome: &Option<Outcome>| outcome.as_ref().is_some_and(|it| !it.is_settled());
        let chosen: Vec<usize> =
            (0..outcomes.len()).filter(|&place| outcomes.get(place).is_some_and(open)).collect();
        let mut whole = None;
        if chosen.len() == outcomes.len() {
            whole = channel.whole(order.folder, entry)?.filter(|body| order.frame.is_around(body));
        }
        let people = OnceCell::new();
        let mut lacking = Vec::new();
        if whole.is_none() {
            let bodies = channel.bodies(order.folder, entry, &chosen)?;
            let mut each: Vec<Option<Box<RawValue>>> = outcomes.iter().map(|_| None).collect();
            for (place, body) in chosen.into_iter().zip(bodies) {
                match (body, each.get_mut(place)) {
                    (Ok(body), Some(person)) => *person = Some(body),
                    (Err(why), _) => lacking.push((place, why)),
                    (Ok(_), None) => {}
                }
            }
            let _ = people.set(each);
        }
        let looked = BTreeSet::new();
        let of_earlier = |outcome: &Option<Outcome>| {
            matches!(outcome, Some(Outcome::Unknown(_) | Outcome::InFlight))
        };
        let in_doubt = (0..outcomes.len()).filter(|at| outcomes.get(*at).is_some_and(of_earlier));
        let in_doubt = in_doubt.collect();
        Ok(Self {
            entry,
            whole: whole.map(Arc::new),
            people,
            outcomes,
            lacking,
            left_out: false,
            since,
            looked,
            in_doubt,
            put_back: None,
            slot: None,
            held_back: 0,
        })
    }

    /// Whether nobody in it was ever sent.
    pub(super) fn is_fresh(&self) -> bool {
        self.outcomes.iter().flatten().all(|outcome| *outcome == Outcome::NotSent)
    }

    /// Waits until a request of it may be under way.
    pub(super) fn take_slot(&self) {
        if let Some(slot) = self.slot {
            slot.take();
        }
    }

    /// Its request has been answered, and settled.
    pub(super) fn leave_slot(&self) {
        if let Some(slot) = self.slot {
            slot.leave();
        }
    }

    /// Leaves people out, whose outcomes stay as they are.
    pub(super) fn leave_out(&mut self, people: &[(usize, Outcome)]) {
        for (place, _) in people {
            if let Some(outcome) = self.outcomes.get_mut(*place) {
                *outcome = None;
                self.left_out = true;
            }
        }
    }

    /// What is sent for the person at this place.
    pub(super) fn person(&self, place: usize) -> Option<&RawValue> {
        self.people().get(place)?.as_deref()
    }

    fn people(&self) -> &[Option<Box<RawValue>>] {
        self.people.get_or_init(|| {
            let whole = self.whole.as_deref().and_then(|body| apart(body, self.entry.places.len()));
            whole.unwrap_or_default().into_iter().map(Some).collect()
        })
    }

    /// The body with these people, and its SHA-256 in hexadecimal. The file's own, where that is what it
    /// holds: it was held against its digest when it was read.
    ///
    /// # Errors
    /// When there is nothing to send for one of them.
    pub(super) fn body(
        &self,
        order: &Order<'_>,
        chosen: &[usize],
    ) -> Result<(Arc<Vec<u8>>, String)> {
        if let Some(whole) = &self.whole
            && chosen.iter().copied().eq(0..self.outcomes.len())
        {
            return Ok((Arc::clone(whole), self.entry.sha256.clone()));
        }
        let people = self.sent(chosen);
        if people.len() != chosen.len() {
            return Err(damaged(&order.folder.join(&self.entry.file)));
        }
        let body = order.frame.splice(people.iter().map(|person| person.get().as_bytes()));
        let digest = hex(&Sha256::digest(&body));
        Ok((Arc::new(body), digest))
    }

    /// What is known of the person at this place.
    pub(super) fn outcome(&self, place: usize) -> Option<&Outcome> {
        self.outcomes.get(place)?.as_ref()
    }

    /// The chosen people in portions that each fit into a request.
    pub(super) fn portions(
        &self,
        chosen: &[usize],
        limits: Limits,
        frame: usize,
    ) -> Vec<Vec<usize>> {
        let mut portions: Vec<Vec<usize>> = Vec::new();
        let mut bytes = 0;
        for &place in chosen {
            let own = self.person(place).map_or(0, |person| person.get().len()) + 1;
            match portions.last_mut() {
                Some(last) if last.len() < limits.rows && bytes + own <= limits.bytes => {
                    last.push(place);
                    bytes += own;
                }
                _ => {
                    portions.push(vec![place]);
                    bytes = frame + own;
                }
            }
        }
        portions
    }

    /// The number of the file.
    pub(super) fn number(&self) -> u32 {
        self.entry.number
    }

    /// Whether everybody in it has landed or was refused.
    pub(super) fn is_settled(&self) -> bool {
        !self.left_out && self.outcomes.iter().flatten().all(Outcome::is_settled)
    }

    /// The places of people with such an outcome.
    pub(super) fn those(&self, is: impl Fn(&Outcome) -> bool) -> Vec<usize> {
        let outcomes = self.outcomes.iter().enumerate();
        let those = outcomes.filter(|(_, outcome)| outcome.as_ref().is_some_and(&is));
        those.map(|(place, _)| place).collect()
    }

    /// The same among a few.
    pub(super) fn among(&self, chosen: &[usize], is: impl Fn(&Outcome) -> bool) -> Vec<usize> {
        let of = |place: &usize| self.outcome(*place).is_some_and(&is);
        chosen.iter().copied().filter(of).collect()
    }

    /// Queued people by their tickets, each as they were sent together.
    pub(super) fn tickets(&self) -> Vec<(String, Vec<usize>)> {
        let mut tickets: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (place, outcome) in self.outcomes.iter().enumerate() {
            if let Some(Outcome::Queued { ticket: Some(ticket), .. }) = outcome {
                tickets.entry(ticket).or_default().push(place);
            }
        }
        tickets.into_iter().map(|(ticket, chosen)| (ticket.to_owned(), chosen)).collect()
    }

    /// The people at these places, as they are sent.
    pub(super) fn sent(&self, chosen: &[usize]) -> Vec<&RawValue> {
        chosen.iter().filter_map(|&place| self.person(place)).collect()
    }

    /// The same, to be taken apart by whoever needs more than their number.
    pub(super) fn group<'s>(&'s self, chosen: &'s [usize]) -> Chosen<'s> {
        Chosen { work: self, chosen }
    }

    /// What is known of these people now, to be given back to them when a request did nothing.
    pub(super) fn unchanged(&self, chosen: &[usize]) -> Vec<(usize, Outcome)> {
        let of = |&place: &usize| self.outcome(place).map(|outcome| (place, outcome.clone()));
        chosen.iter().filter_map(of).collect()
    }

    /// These people were looked for, and what was found is known.
    pub(super) fn looked(&mut self, chosen: impl IntoIterator<Item = usize>) {
        for place in chosen {
            self.in_doubt.remove(&place);
            self.looked.insert(place);
        }
    }

    /// These people were sent, and may have landed by it.
    pub(super) fn sent_in_doubt(&mut self, chosen: &[usize]) {
        for place in chosen {
            self.looked.remove(place);
            self.in_doubt.insert(*place);
        }
    }

    /// Whether an earlier attempt may have landed the person at this place, and nobody has looked since: a refusal of
    /// this one says nothing of that.
    pub(super) fn is_in_doubt(&self, place: usize) -> bool {
        self.in_doubt.contains(&place)
    }

    /// Whether somebody has looked for the person at this place since it was sent last.
    pub(super) fn is_looked_for(&self, place: usize) -> bool {
        self.looked.contains(&place)
    }

    /// Why it is not known whether an earlier request with some of these has landed, if nobody has
    /// looked since.
    pub(super) fn doubt(&self, chosen: &[usize]) -> Option<String> {
        let doubted = self
            .among(chosen, |outcome| matches!(outcome, Outcome::Unknown(_) | Outcome::InFlight));
        let unseen = doubted.iter().any(|place| !self.looked.contains(place));
        unseen.then(|| self.why(&doubted))
    }

    /// These people as they were last sent together, so that each request has the bytes that it had.
    pub(super) fn as_sent(
        &self,
        order: &Order<'_>,
        leg: Leg,
        chosen: &[usize],
    ) -> Result<Vec<Vec<usize>>> {
        let mut left: BTreeSet<usize> = chosen.iter().copied().collect();
        let mut groups = Vec::new();
        for request in order.journal.together(leg, self.number())?.into_iter().rev() {
            let group: Vec<usize> =
                request.into_iter().filter(|place| left.remove(place)).collect();
            if !group.is_empty() {
                groups.push(group);
            }
        }
        groups.reverse();
        if !left.is_empty() {
            groups.push(left.into_iter().collect());
        }
        Ok(groups)
    }

    /// Everybody who was in the last request that all of these were in, in the order sent, each as sent; these alone
    /// where there was none, or somebody of it cannot be told any more.
    pub(super) fn sent_with(
        &self,
        order: &Order<'_>,
        channel: &dyn Channel,
        chosen: &[usize],
    ) -> Result<Vec<(usize, Box<RawValue>)>> {
        let together = order.journal.together(channel.leg(), self.number())?;
        let had_all = |request: &&Vec<usize>| chosen.iter().all(|place| request.contains(place));
        if let Some(whole) = together.iter().rev().find(had_all)
            && whole.len() > chosen.len()
        {
            let bodies = channel.bodies(order.folder, self.entry, whole)?;
            let each = whole.iter().zip(bodies).map(|(&place, body)| Some((place, body.ok()?)));
            if let Some(each) = each.collect() {
                return Ok(each);
            }
        }
        let own = |&place: &usize| Some((place, self.person(place)?.to_owned()));
        Ok(chosen.iter().filter_map(own).collect())
    }

    /// Why the outcome of these people is not known.
    pub(super) fn why(&self, chosen: &[usize]) -> String {
        let told = chosen.iter().find_map(|&place| match self.outcome(place) {
            Some(Outcome::Unknown(why)) => Some(why.clone()),
            _ => None,
        });
        told.unwrap_or_else(|| "upsheet was stopped while the request was under way".to_owned())
    }

    /// Whether the first attempt of unknown outcome of one of these was made longer ago than this.
    pub(super) fn is_older_than(&self, chosen: &[usize], window: Duration) -> bool {
        let since = chosen.iter().filter_map(|&place| self.since.get(place).copied().flatten());
        let Some(since) = since.min() else { return false };
        age(since) > window
    }
}

/// Some of the people of a payload file.
pub(super) struct Chosen<'s> {
    work: &'s Work<'s>,
    chosen: &'s [usize],
}

impl Group for Chosen<'_> {
    fn count(&self) -> usize {
        self.chosen.len()
    }

    fn people(&self) -> Vec<&RawValue> {
        self.work.sent(self.chosen)
    }
}

/// How long ago a time of the journal was.
pub(super) fn age(at: i64) -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    // A clock that was put back makes an attempt of the future: that is not long ago.
    now.saturating_sub(Duration::from_millis(u64::try_from(at).unwrap_or(0)))
}

/// What stands in a file of the run. Whoever is sent must be there to be sent again, also after a loss of
/// power.
pub(in crate::writer) fn lasting(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    file.sync_all()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The people of a payload file, each as it stands there.
///
/// # Errors
/// When the file is not there, or not as it was planned.
pub fn read(folder: &Path, entry: &Planned) -> Result<Vec<Box<RawValue>>> {
    let bytes = verified(folder, entry)?;
    apart(&bytes, entry.places.len()).ok_or_else(|| damaged(&folder.join(&entry.file)))
}

/// A payload file, as it was planned.
///
/// # Errors
/// When the file is not there, or was changed.
pub(super) fn verified(folder: &Path, entry: &Planned) -> Result<Vec<u8>> {
    let path = folder.join(&entry.file);
    let bytes = lasting(&path).map_err(failed(&path))?;
    if hex(&Sha256::digest(&bytes)) == entry.sha256 { Ok(bytes) } else { Err(damaged(&path)) }
}

/// Why a file with what is to be sent cannot be read.
pub(in crate::writer) fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    |source| match source.kind() {
        io::ErrorKind::NotFound => Error::Payload { path: path.to_owned(), what: "is gone" },
        _ => Error::Output { path: path.to_owned(), action: "read", source },
    }
}

/// A file with what is to be sent is not as it was written.
pub(in crate::writer) fn damaged(path: &Path) -> Error {
    Error::Payload { path: path.to_owned(), what: "was changed after it was planned" }
}

/// The people of a payload, who are so many.
fn apart(bytes: &[u8], people: usize) -> Option<Vec<Box<RawValue>>> {
    let body: BTreeMap<String, Member> = serde_json::from_slice(bytes).ok()?;
    body.into_values().find_map(|member| match member {
        Member::List(list) if list.len() == people => Some(list),
        _ => None,
    })
}

/// A member of a payload, read in one pass: only of a list is more needed than that it is there.
enum Member {
    List(Vec<Box<RawValue>>),
    Other,
}

impl<'de> Deserialize<'de> for Member {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Look)
    }
}

struct Look;

impl<'de> Visitor<'de> for Look {
    type Value = Member;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Member, A::Error> {
        let mut people = Vec::new();
        while let Some(person) = list.next_element()? {
            people.push(person);
        }
        Ok(Member::List(people))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Member, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Member::Other)
    }

    fn visit_str<E>(self, _text: &str) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_bool<E>(self, _yes: bool) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_i64<E>(self, _number: i64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_u64<E>(self, _number: u64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Member, E> {
        Ok(Member::Other)
    }

    fn visit_unit<E>(self) -> Result<Member, E> {
        Ok(Member::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Places;

    #[test]
    fn people_are_parted_by_what_a_request_may_hold() {
        let entry = Planned {
            number: 1,
            file: String::new(),
            sha256: String::new(),
            places: Places::default(),
        };
        let body = |length: usize| RawValue::from_string("7".repeat(length)).ok();
        let work = Work {
            entry: &entry,
            whole: None,
            people: OnceCell::from(Vec::from([9, 9, 9, 60, 9].map(body))),
            outcomes: vec![Some(Outcome::NotSent); 5],
            lacking: Vec::new(),
            left_out: false,
            since: Vec::new(),
            looked: BTreeSet::new(),
            in_doubt: BTreeSet::new(),
            put_back: None,
            slot: None,
            held_back: 0,
        };
        let portions = |rows, bytes| work.portions(&[0, 1, 2, 3, 4], Limits { rows, bytes }, 10);
        assert_eq!(portions(9, 999), [vec![0, 1, 2, 3, 4]]);
        assert_eq!(portions(2, 999), [vec![0, 1], vec![2, 3], vec![4]]);
        // Ten for the frame and ten for each; whoever is larger alone still makes a request.
        assert_eq!(portions(9, 30), [vec![0, 1], vec![2], vec![3], vec![4]]);
        assert_eq!(portions(9, 29), [vec![0], vec![1], vec![2], vec![3], vec![4]]);
    }
}
