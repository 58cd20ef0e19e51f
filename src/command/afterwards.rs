//! The second leg of a run: what people are sent once they have landed, because it needs the ids of
//! their profiles.

use std::collections::BTreeMap;

use super::sending::Ready;
use crate::error::Result;
use crate::journal::{Leg, Outcome, Tally};
use crate::readback::{Landed, Reader};
use crate::report::counted;
use crate::target::Afterwards;
use crate::writer::after::{Additions, read};
use crate::writer::deliver::{Delivered, Order, Rules, Stopped, deliver, people_of};
use crate::writer::files::{self, After};
use crate::writer::watch::Event;

/// What a run has for people who have landed.
pub(super) struct Second<'a> {
    afterwards: &'a dyn Afterwards,
    files: BTreeMap<u32, After>,
}

impl<'a> Second<'a> {
    /// That of a run; nothing where all goes at once. Before anybody is sent the journal has everybody
    /// whom it concerns, so that nobody who lands is taken to have everything.
    ///
    /// # Errors
    /// When a file of the run cannot be read, or the journal cannot be used.
    pub(super) fn of(ready: &Ready<'a>) -> Result<Option<Self>> {
        let Some(afterwards) = ready.target.afterwards() else { return Ok(None) };
        let files = files::afterwards(ready.folder)?;
        for (number, after) in &files {
            let noted = ready.journal.states(*number)?;
            if noted.iter().any(|alike| alike.state.after.is_some()) {
                continue;
            }
            let asides = read(ready.folder, after)?;
            let concerned = asides.iter().enumerate().filter(|(_, aside)| aside.is_some());
            let outcomes: Vec<_> = concerned.map(|(place, _)| (place, Outcome::NotSent)).collect();
            ready.journal.note(Leg::After, *number, &outcomes)?;
        }
        Ok((!files.is_empty()).then_some(Self { afterwards, files }))
    }

    /// Sends it to those who have landed and do not have it yet. Where there is nobody, nothing is asked.
    ///
    /// # Errors
    /// When a file of the run or the journal cannot be read.
    pub(super) fn send(&self, ready: &Ready<'_>, rules: Rules) -> Result<Option<Delivered>> {
        let mut landed = Landed::of(ready.target);
        for file in ready.journal.plan()? {
            if !self.files.contains_key(&file.number) {
                continue;
            }
            let known = ready.journal.people(file.number)?;
            let is_open = |outcome: &Outcome| !outcome.is_settled();
            let open = known.iter().filter(|one| one.state.in_leg(Leg::After).is_some_and(is_open));
            let places: Vec<usize> = open.map(|one| one.place).collect();
            if places.is_empty() {
                continue;
            }
            let sent = people_of(ready.folder, &file)?;
            places.iter().filter_map(|&place| sent.get(place)).for_each(|one| landed.add(one));
        }
        if landed.people() == 0 {
            return Ok(None);
        }
        let [_, what] = self.afterwards.what();
        let people = counted(landed.people() as u64, "person", "people");
        let note = format!("to add {what}: reading back the ids of {people}");
        ready.watch.event(&Event::Note(&note));
        if landed.read(ready.client, ready.pace, rules.attempts)? {
            let (tally, stopped) = (Tally::default(), Some(Stopped::Interrupted));
            return Ok(Some(Delivered { tally, stopped, stale: 0 }));
        }
        let additions = Additions::new(ready.target, self.afterwards, &self.files, &mut landed);
        let order = Order {
            folder: ready.folder,
            journal: ready.journal,
            frame: self.afterwards.frame(),
            pace: ready.pace,
            rules: Rules { canary: false, ..rules },
        };
        let mut reader = Reader::new(ready.target, ready.client, ready.pace, rules.attempts);
        deliver(&additions, ready.client, &order, &mut reader, ready.watch).map(Some)
    }
}
