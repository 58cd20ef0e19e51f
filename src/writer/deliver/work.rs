//! One payload file under way: what is sent for each of its people, and what is known of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

use super::{Channel, Order};
use crate::batch::{Limits, hex};
use crate::error::{Error, Result};
use crate::journal::{Leg, Outcome, Planned};

/// A payload file under way.
pub(super) struct Work<'a> {
    entry: &'a Planned,
    /// What is sent for each, where there is something to send.
    people: Vec<Option<Box<RawValue>>>,
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
    /// How often the target had answered when this file was put back, if it was.
    pub(super) put_back: Option<u64>,
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
        let leg = channel.leg();
        let known = order.journal.people(entry.number)?;
        let since = known.iter().map(|one| one.since_in(leg)).collect();
        let outcomes: Vec<Option<Outcome>> =
            known.iter().map(|one| one.in_leg(leg).cloned()).collect();
        let open = |outcome: &Option<Outcome>| outcome.as_ref().is_some_and(|it| !it.is_settled());
        let chosen: Vec<usize> =
            (0..outcomes.len()).filter(|&place| outcomes.get(place).is_some_and(open)).collect();
        let bodies = channel.bodies(order.folder, entry, &chosen)?;
        let mut people: Vec<Option<Box<RawValue>>> = outcomes.iter().map(|_| None).collect();
        let mut lacking = Vec::new();
        for (place, body) in chosen.into_iter().zip(bodies) {
            match (body, people.get_mut(place)) {
                (Ok(body), Some(person)) => *person = Some(body),
                (Err(why), _) => lacking.push((place, why)),
                (Ok(_), None) => {}
            }
        }
        let looked = BTreeSet::new();
        Ok(Self {
            entry,
            people,
            outcomes,
            lacking,
            left_out: false,
            since,
            looked,
            put_back: None,
            held_back: 0,
        })
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
        self.people.get(place)?.as_deref()
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

    /// What is known of these people now, to be given back to them when a request did nothing.
    pub(super) fn unchanged(&self, chosen: &[usize]) -> Vec<(usize, Outcome)> {
        let of = |&place: &usize| self.outcome(place).map(|outcome| (place, outcome.clone()));
        chosen.iter().filter_map(of).collect()
    }

    /// These people were looked for, and what was found is known.
    pub(super) fn looked(&mut self, chosen: impl IntoIterator<Item = usize>) {
        self.looked.extend(chosen);
    }

    /// These people were sent, and may have landed by it.
    pub(super) fn sent_in_doubt(&mut self, chosen: &[usize]) {
        for place in chosen {
            self.looked.remove(place);
        }
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
    let path = folder.join(&entry.file);
    let failed = |source| Error::Output { path: path.clone(), action: "read", source };
    let bytes = lasting(&path).map_err(failed)?;
    let damaged = || {
        failed(io::Error::new(
            io::ErrorKind::InvalidData,
            "the payload file was changed after it was written",
        ))
    };
    if hex(&Sha256::digest(&bytes)) != entry.sha256 {
        return Err(damaged());
    }
    let body: BTreeMap<String, Member> = serde_json::from_slice(&bytes).map_err(|_| damaged())?;
    let people = body.into_values().find_map(|member| match member {
        Member::List(people) if people.len() == entry.places.len() => Some(people),
        _ => None,
    });
    people.ok_or_else(damaged)
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

    #[test]
    fn people_are_parted_by_what_a_request_may_hold() {
        let entry =
            Planned { number: 1, file: String::new(), sha256: String::new(), places: Vec::new() };
        let body = |length: usize| RawValue::from_string("7".repeat(length)).ok();
        let work = Work {
            entry: &entry,
            people: [9, 9, 9, 60, 9].map(body).into(),
            outcomes: vec![Some(Outcome::NotSent); 5],
            lacking: Vec::new(),
            left_out: false,
            since: Vec::new(),
            looked: BTreeSet::new(),
            put_back: None,
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
