//! `verify`: reads back everybody of a run who was sent, and says of each whether the target has what
//! was sent.

mod show;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value as Json;

use self::show::{Table, Told};
use super::looking::Looking;
use super::rerun::{Chosen, SetUp, Surroundings, Which, purged, set_up};
use super::sending::tell_again;
use super::{print, print_json, refuse_input};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{Journal, Leg, Outcome, Person, Phase, Planned, RunLock};
use crate::progress::{Progress, Voice};
use crate::readback::{Found, Seen, Short};
use crate::row::Location;
use crate::target::Target;
use crate::target::directory::{Difference, Wanted};
use crate::writer::deliver::{Fate, in_words, people_of};
use crate::writer::pace::Pace;

/// The name of the file in a run folder that keeps a reading that was stopped.
const KEPT: &str = "readback.jsonl";
/// How old what it holds may be, to be carried on from.
const FRESH: Duration = Duration::from_hours(1);

/// What `verify` does.
#[derive(Debug)]
pub struct Verify {
    /// Which run.
    pub which: Which,
    /// Whether it is shown as JSON.
    pub json: bool,
    /// A CSV file of everybody.
    pub output: Option<PathBuf>,
    /// Whether values are shown beside the names of fields.
    pub show_values: bool,
    /// Says lines on standard error, and how far it is.
    pub voice: Voice,
    /// What the target is set up with.
    pub around: Surroundings,
}

/// What a reading says of a person who was sent.
#[derive(Clone, Debug, PartialEq)]
enum Verdict {
    /// Every field is there as it was sent.
    Landed,
    /// Somebody has the key, but these fields are otherwise.
    Differs(Vec<Difference>),
    /// Nobody has the key.
    Missing,
    /// It cannot be told.
    Untold(String),
}

impl Verdict {
    /// Every verdict in a word, in the order in which they are told.
    const WORDS: [&'static str; 4] = ["landed", "differs", "missing", "could not be told"];

    fn place(&self) -> usize {
        match self {
            Self::Landed => 0,
            Self::Differs(_) => 1,
            Self::Missing => 2,
            Self::Untold(_) => 3,
        }
    }

    fn fields(&self) -> Vec<&str> {
        match self {
            Self::Differs(differences) => {
                differences.iter().map(|one| one.field.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The reason, in the words of `push` and `resume`; with values where these are wanted.
    fn why(&self, values: bool) -> String {
        let fate = match self {
            Self::Landed => Fate::AsSent,
            Self::Differs(differences) if values => {
                let each: Vec<String> = differences.iter().map(ToString::to_string).collect();
                return format!("read back: {}", each.join("; "));
            }
            Self::Differs(_) => {
                Fate::Differs(self.fields().into_iter().map(String::from).collect())
            }
            Self::Missing => Fate::Absent,
            Self::Untold(why) => Fate::Unknown(why.clone()),
        };
        in_words(fate).unwrap_or_default()
    }
}

/// One person who was looked for.
#[derive(Clone, Debug)]
struct Case {
    at: Location,
    verdict: Verdict,
    /// Whether the journal said already that the person was accepted.
    was_accepted: bool,
}

/// What was learned of a run.
#[derive(Debug, Default)]
struct Learned {
    /// How many people have each verdict, as in [`Verdict::WORDS`].
    counts: [u64; 4],
    /// Everybody who is not as sent.
    cases: Vec<Case>,
    /// Whose outcome was not known and is now.
    accepted_now: u64,
}

/// Reads back everybody of a run who was sent.
///
/// # Errors
/// When there is no such run, somebody else is at it, the target cannot be set up or does not answer.
pub fn verify(plan: &Verify) -> Result<ExitStatus> {
    let chosen = plan.which.find()?;
    let _own = RunLock::take(&chosen.folder)?;
    let journal = Journal::open(&chosen.folder)?;
    let about = journal.about();
    match journal.phase()?.0 {
        Phase::Purged => return Err(purged(&chosen.name, "whom it sent")),
        Phase::Planned => return Err(unsent(&chosen, about.plan)),
        Phase::Sending | Phase::Stopped | Phase::Finished => {}
    }
    let mut table = None;
    if let Some(path) = &plan.output {
        refuse_input(path, about.inputs.iter().map(|input| input.path.as_path()))?;
        table = Some(Table::open(path, plan.show_values)?);
    }
    let set_up = set_up(&chosen, about, &plan.around)?;
    let run = Run { plan, chosen: &chosen, journal: &journal, set_up: &set_up };
    let found = run.read_back()?;
    let learned = run.learn(&found, table.as_mut())?;
    run.conclude(&found, &learned)?;
    if let Some(table) = table {
        table.finish()?;
    }
    let told = Told {
        about,
        name: &chosen.name,
        id: &chosen.id,
        tally: journal.tally(Leg::People),
        learned: &learned,
        requests: found.requests,
        output: plan.output.as_deref(),
        show_values: plan.show_values,
    };
    if plan.json {
        print_json(&told.json())?;
    } else {
        print(&told.text())?;
    }
    run.end(&found, &learned)
}

fn unsent(chosen: &Chosen, is_plan: bool) -> Error {
    Error::Guard {
        message: format!("nobody of run {} was sent yet", chosen.name),
        help: format!(
            "upsheet {} {} sends it",
            if is_plan { "push --plan" } else { "resume" },
            chosen.name
        ),
    }
}

/// Drops what an earlier reading has kept.
pub(super) fn forget(folder: &Path) -> Result<()> {
    let path = folder.join(KEPT);
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|source| Error::Output { path, action: "remove", source }),
    }
}

/// A person who was sent, with what was sent, or why that cannot be read any more.
type Sent = (Person, Result<Json, String>);

/// A run that is read back.
struct Run<'a> {
    plan: &'a Verify,
    chosen: &'a Chosen,
    journal: &'a Journal,
    set_up: &'a SetUp,
}

impl Run<'_> {
    fn target(&self) -> &dyn Target {
        self.set_up.target.as_ref()
    }

    /// Hands on everybody who was sent, with what was sent, a payload file at a time.
    fn each_sent(&self, take: &mut dyn FnMut(&Planned, Vec<Sent>) -> Result<()>) -> Result<()> {
        for file in self.journal.plan()? {
            let mut people = self.journal.people(file.number)?;
            people.retain(|person| was_sent(&person.state.outcome));
            if people.is_empty() {
                continue;
            }
            let sent = people_of(&self.chosen.folder, &file).map_err(|error| error.to_string());
            let with = people.into_iter().map(|person| {
                let sent = match &sent {
                    Ok(sent) => sent
                        .get(person.place)
                        .and_then(|one| serde_json::from_str(one.get()).ok())
                        .ok_or_else(|| "they do not stand in the payload file".to_owned()),
                    Err(why) => Err(why.clone()),
                };
                (person, sent)
            });
            take(&file, with.collect())?;
        }
        Ok(())
    }

    /// Reads everybody back. What was read is kept until all of it is.
    fn read_back(&self) -> Result<Found> {
        let mut wanted: Vec<Wanted> = Vec::new();
        self.each_sent(&mut |_, people| {
            let sent = people.iter().filter_map(|(_, sent)| sent.as_ref().ok());
            wanted.extend(sent.filter_map(|sent| self.target().directory().wanted(sent)));
            Ok(())
        })?;
        let watch = Progress::new(&self.plan.voice);
        let cache = self.chosen.folder.join(KEPT);
        let pace = Pace::new(self.target().interval(), &self.plan.around.stop).watched(&watch);
        let looking = Looking {
            target: self.target(),
            client: &self.set_up.client,
            pace: &pace,
            attempts: self.set_up.job.recipe.sending.attempts,
            watch: &watch,
        };
        looking.look(&wanted, Some((&cache, FRESH)))
    }

    /// Judges everybody, and tells the journal of those whose outcome was not known and is now.
    fn learn(&self, found: &Found, mut table: Option<&mut Table>) -> Result<Learned> {
        let mut learned = Learned::default();
        let inputs = &self.journal.about().inputs;
        self.each_sent(&mut |file, people| {
            let mut now = Vec::new();
            for (person, sent) in people {
                let was_accepted = person.state.outcome == Outcome::Accepted;
                let seen = self.seen(found, sent)?;
                if seen == Verdict::Landed && !was_accepted {
                    now.push((person.place, Outcome::Accepted));
                }
                let case = Case { at: person.at, verdict: whole(&person, seen), was_accepted };
                if let Some(table) = table.as_mut() {
                    table.row(inputs, &case)?;
                }
                if let Some(count) = learned.counts.get_mut(case.verdict.place()) {
                    *count += 1;
                }
                if case.verdict != Verdict::Landed {
                    learned.cases.push(case);
                }
            }
            learned.accepted_now += u64::try_from(now.len()).unwrap_or(u64::MAX);
            if now.is_empty() {
                return Ok(());
            }
            self.journal.note(Leg::People, file.number, &now)
        })?;
        Ok(learned)
    }

    fn seen(&self, found: &Found, sent: Result<Json, String>) -> Result<Verdict> {
        let sent = match sent {
            Ok(sent) => sent,
            Err(why) => return Ok(Verdict::Untold(why)),
        };
        let directory = self.target().directory();
        let Some(wanted) = directory.wanted(&sent) else {
            return Ok(Verdict::Untold("they have no key to be found by".to_owned()));
        };
        Ok(match found.look(&wanted.key)? {
            Seen::Absent => Verdict::Missing,
            Seen::One(profile) => match directory.differences(&sent, &profile) {
                differences if differences.is_empty() => Verdict::Landed,
                differences => Verdict::Differs(differences),
            },
            Seen::Several(profiles) => {
                Verdict::Untold(format!("{} profiles have their key", profiles.len()))
            }
            Seen::Unknown(why) => Verdict::Untold(why),
        })
    }

    /// Puts down where the run stands now that more is known.
    fn conclude(&self, found: &Found, learned: &Learned) -> Result<()> {
        if found.ended.is_none() {
            // It holds people's data, and a later reading is to show what is there then.
            forget(&self.chosen.folder)?;
        }
        if learned.accepted_now == 0 {
            return Ok(());
        }
        let Chosen { folder, name, .. } = self.chosen;
        // Those who are accepted now may not have had what is sent afterwards.
        let is_open = tell_again(self.journal, (folder, name), self.target())?;
        if is_open { Ok(()) } else { self.journal.set_phase(Phase::Finished, None) }
    }

    /// How the process ends.
    fn end(&self, found: &Found, learned: &Learned) -> Result<ExitStatus> {
        let carry_on = || {
            format!(
                "what was read is kept for an hour: upsheet verify {} carries on from there",
                self.chosen.name
            )
        };
        match &found.ended {
            Some(Short::Interrupted) => {
                self.plan.voice.line(&format!("stopped at your wish; {}", carry_on()));
                return Ok(ExitStatus::Interrupted);
            }
            Some(short) => {
                return Err(Error::TargetRefused {
                    title: self.target().kind().title,
                    why: short.why(),
                    help: match short {
                        Short::Denied(_) => "check the key and what it may read".to_owned(),
                        _ => carry_on(),
                    },
                });
            }
            None => {}
        }
        let [_, differs, missing, untold] = learned.counts;
        Ok(match (untold, differs + missing) {
            (1.., _) => ExitStatus::PartWay,
            (0, 1..) => ExitStatus::Findings,
            (0, 0) => ExitStatus::Good,
        })
    }
}

/// Whether something may have come of the person.
fn was_sent(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Accepted | Outcome::InFlight | Outcome::Unknown(_) | Outcome::Queued { .. } => {
            true
        }
        Outcome::NotSent | Outcome::Refused(_) => false,
    }
}

/// The verdict on all that is sent for a person: what is sent afterwards cannot be read back.
fn whole(person: &Person, seen: Verdict) -> Verdict {
    let why = match &person.state.after {
        None | Some(Outcome::Accepted) => return seen,
        Some(Outcome::Refused(why) | Outcome::Unknown(why) | Outcome::Queued { why, .. }) => {
            why.as_str()
        }
        Some(Outcome::InFlight) => "no answer was read",
        Some(Outcome::NotSent) => "it was not sent",
    };
    if seen != Verdict::Landed {
        return seen;
    }
    Verdict::Untold(format!("they are as sent, but of what is sent afterwards: {why}"))
}
