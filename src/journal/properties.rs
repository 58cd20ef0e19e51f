//! What holds of a journal after anything that threads may do to it: it says what a plain list says.

use std::path::Path;

use proptest::prelude::*;

use super::*;

const SIZES: [usize; 3] = [4, 1, 3];

/// The usual number of cases, which `PROPTEST_CASES` says: each syncs files.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

#[derive(Clone, Debug)]
enum Step {
    Begin { leg: Leg, batch: u32, people: Vec<usize>, number: u32 },
    End { which: prop::sample::Index, ends: Vec<Outcome>, class: Class },
    Note { leg: Leg, batch: u32, ends: Vec<(usize, Outcome)> },
    Phase(Phase, Option<String>),
    Reopen,
}

fn any_leg() -> impl Strategy<Value = Leg> {
    prop_oneof![3 => Just(Leg::People), 1 => Just(Leg::After)]
}

fn any_end() -> impl Strategy<Value = Outcome> {
    let why = "[a-c]{0,2}|ö'\"\u{1b}";
    prop_oneof![
        1 => Just(Outcome::NotSent),
        3 => Just(Outcome::Accepted),
        1 => why.prop_map(Outcome::Refused),
        1 => why.prop_map(Outcome::Unknown),
        1 => (prop::option::of("[a-c]"), why).prop_map(|(ticket, why)| Outcome::Queued { ticket, why }),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let batch = 1..=4_u32;
    let people = prop::collection::btree_set(0..5_usize, 1..5)
        .prop_map(|places| places.into_iter().collect::<Vec<_>>());
    let class = prop::sample::select(vec![Class::Accepted, Class::Ambiguous, Class::TooLarge]);
    let phase = prop::sample::select(vec![Phase::Sending, Phase::Stopped, Phase::Finished]);
    prop_oneof![
        6 => (any_leg(), batch.clone(), people, 1..4_u32)
            .prop_map(|(leg, batch, people, number)| Step::Begin { leg, batch, people, number }),
        6 => (any::<prop::sample::Index>(), prop::collection::vec(any_end(), 0..5), class)
            .prop_map(|(which, ends, class)| Step::End { which, ends, class }),
        3 => (any_leg(), batch, prop::collection::vec((0..5_usize, any_end()), 0..4))
            .prop_map(|(leg, batch, ends)| Step::Note { leg, batch, ends }),
        1 => (phase, prop::option::of("[a-z ]{0,9}")).prop_map(|(phase, why)| Step::Phase(phase, why)),
        1 => Just(Step::Reopen),
    ]
}

/// A person in the list: what became of both things, and whether it is known since when it is not.
#[derive(Clone, Debug, PartialEq)]
struct Listed {
    outcome: Outcome,
    since: bool,
    after: Option<Outcome>,
    after_since: bool,
}

#[derive(Debug)]
struct Model {
    people: Vec<Vec<Listed>>,
    /// Requests that were begun, and whether each is open.
    attempts: Vec<(Attempt, Leg, u32, Vec<usize>, bool)>,
    retries: [u64; 2],
    phase: (Phase, Option<String>),
}

impl Model {
    fn person(&mut self, batch: u32, place: usize) -> Option<&mut Listed> {
        self.people.get_mut(batch as usize - 1)?.get_mut(place)
    }

    fn give(&mut self, leg: Leg, batch: u32, ends: &[(usize, Outcome)]) {
        for (place, outcome) in ends {
            let person = self.person(batch, *place).unwrap();
            let known = outcome.is_settled() || *outcome == Outcome::NotSent;
            match leg {
                Leg::People => {
                    person.outcome = outcome.clone();
                    person.since &= !known;
                }
                Leg::After => {
                    person.after = Some(outcome.clone());
                    person.after_since &= !known;
                }
            }
        }
    }

    fn tally(&self, leg: Leg) -> Tally {
        let mut tally = Tally { retries: self.retries[leg as usize], ..Tally::default() };
        for person in self.people.iter().flatten() {
            match leg {
                Leg::People => tally.add(&person.outcome, 1),
                Leg::After => person.after.iter().for_each(|outcome| tally.add(outcome, 1)),
            }
        }
        tally
    }

    /// Does a step to both, and compares whether they took it.
    fn step(&mut self, journal: &Journal, step: Step) {
        match step {
            Step::Begin { leg, batch, people, number } => {
                let known = people.iter().all(|&place| {
                    self.person(batch, place).is_some_and(|person| match leg {
                        Leg::People => person.outcome != Outcome::Accepted,
                        Leg::After => person.after != Some(Outcome::Accepted),
                    })
                });
                let sha256 = "00".repeat(32);
                let begin = Begin { leg, batch, people: &people, bytes: 9, sha256, number };
                let begun = journal.begin(&begin);
                assert_eq!(begun.is_ok(), known, "{begin:?} {begun:?}");
                let Ok(attempt) = begun else { return };
                for &place in &people {
                    let person = self.person(batch, place).unwrap();
                    match leg {
                        Leg::People => {
                            (person.outcome, person.since) = (Outcome::InFlight, true);
                        }
                        Leg::After => {
                            (person.after, person.after_since) = (Some(Outcome::InFlight), true);
                        }
                    }
                }
                self.retries[leg as usize] += u64::from(number > 1);
                self.attempts.push((attempt, leg, batch, people, true));
            }
            Step::End { which, ends, class } => {
                if self.attempts.is_empty() {
                    return;
                }
                let which = which.index(self.attempts.len());
                let (attempt, leg, batch, people, open) = self.attempts[which].clone();
                let ends: Vec<(usize, Outcome)> = people.into_iter().zip(ends).collect();
                let end = End { status: None, class, why: None, outcomes: &ends };
                assert_eq!(journal.end(attempt, &end).is_ok(), open);
                if open {
                    self.attempts[which].4 = false;
                    self.give(leg, batch, &ends);
                }
            }
            Step::Note { leg, batch, ends } => {
                let known = ends.iter().all(|(place, _)| self.person(batch, *place).is_some());
                assert_eq!(journal.note(leg, batch, &ends).is_ok(), known);
                if known {
                    self.give(leg, batch, &ends);
                }
            }
            Step::Phase(phase, why) => {
                journal.set_phase(phase, why.as_deref()).unwrap();
                self.phase = (phase, why);
            }
            Step::Reopen => {}
        }
    }

    fn compare(&self, journal: &Journal) {
        for (batch, people) in (1..).zip(&self.people) {
            let found = journal.people(batch).unwrap().into_iter().map(|person| Listed {
                outcome: person.state.outcome,
                since: person.state.since.is_some(),
                after: person.state.after,
                after_since: person.state.after_since.is_some(),
            });
            assert_eq!(found.collect::<Vec<_>>(), *people);
        }
        for leg in [Leg::People, Leg::After] {
            assert_eq!(journal.tally(leg), self.tally(leg));
        }
        assert_eq!(journal.phase().unwrap(), self.phase);
        let tried = journal.attempts(None, usize::MAX).unwrap();
        let tried = tried
            .into_iter()
            .map(|one| (one.attempt, one.leg, one.batch, one.people, one.ended.is_none()));
        assert_eq!(tried.collect::<Vec<_>>(), self.attempts);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_journal_says_what_a_list_says(steps in prop::collection::vec(any_step(), 1..24)) {
        // In memory where there is such a place: what is proved here is not the disk.
        let memory = Path::new("/dev/shm");
        let folder = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir()).unwrap();
        let plan: Vec<Planned> = (1..)
            .zip(SIZES)
            .map(|(number, size)| Planned {
                number,
                file: String::new(),
                sha256: String::new(),
                places: std::iter::repeat_n(Location::default(), size).collect(),
            })
            .collect();
        let nobody =
            Listed { outcome: Outcome::NotSent, since: false, after: None, after_since: false };
        let mut model = Model {
            people: SIZES.iter().map(|&size| vec![nobody.clone(); size]).collect(),
            attempts: Vec::new(),
            retries: [0, 0],
            phase: (Phase::Planned, None),
        };
        let mut journal = Journal::create(folder.path(), &About::default(), &plan).unwrap();
        for step in steps {
            if matches!(step, Step::Reopen) {
                drop(journal);
                journal = Journal::open(folder.path()).unwrap();
            }
            model.step(&journal, step);
            model.compare(&journal);
        }
    }
}
