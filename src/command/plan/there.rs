//! Who was found to be at the target already with every value: they count as accepted, and are not sent.

use super::forecast::{Action, Case};
use crate::command::looking::Looking;
use crate::error::Result;
use crate::journal::{Journal, Leg, Outcome};
use crate::report::counted;
use crate::writer::watch::Event;

/// These people.
#[derive(Debug, Default)]
pub(in crate::command) struct There {
    /// Who is there as planned and need not be sent: places, by the numbers of payload files.
    unchanged: Vec<(u32, Vec<(usize, Outcome)>)>,
}

impl There {
    /// Takes a person in, where they are there with every value. Who was put down before a kill is not put
    /// down, or counted, once more.
    pub(super) fn add(&mut self, Case { file, person, action, .. }: &Case<'_>) {
        if *action != Action::Unchanged || person.state.outcome != Outcome::NotSent {
            return;
        }
        match self.unchanged.last_mut().filter(|(number, _)| *number == file.number) {
            Some((_, people)) => people.push((person.place, Outcome::Accepted)),
            None => {
                self.unchanged.push((file.number, vec![(person.place, Outcome::Accepted)]));
            }
        }
    }

    /// How many people are there as planned, and were not known to be.
    pub(in crate::command) fn unchanged(&self) -> u64 {
        self.unchanged.iter().map(|(_, people)| people.len() as u64).sum()
    }

    /// Says how many are not sent, and how they are there.
    pub(in crate::command) fn tell(&self, looking: &Looking<'_>, how: &str) {
        let there = self.unchanged();
        if there > 0 {
            let are = counted(there, "person is", "people are");
            let title = looking.target.kind().title;
            looking.watch.event(&Event::Note(&format!("{are} at {title} {how}, and not sent")));
        }
    }

    /// Puts down that those who are there as planned count as accepted, and are not sent.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub(in crate::command) fn note(&self, journal: &Journal) -> Result<()> {
        let mut files = self.unchanged.iter();
        files.try_for_each(|(number, people)| journal.note(Leg::People, *number, people))
    }
}
