//! What `push` and `resume` share: from a planned run to everybody's outcome, and what is said of it.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Write as _};
use std::path::Path;
use std::time::Instant;

use super::afterwards::Second;
use super::plan::before;
use super::rerun::id_of;
use super::{Shown, account, end};
use crate::batch::Frame;
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint::{Point, hit};
use crate::journal::{Journal, Leg, Outcome, Phase, State, Tally};
use crate::readback::Reader;
use crate::recipe::Sending;
use crate::report::mask::{LOST, STOPPED};
use crate::report::{self, Added, Report, Run, Summary};
use crate::results::kept;
use crate::row::Location;
use crate::sandbox::Sandbox;
use crate::target::{ConfirmBy, Operation, Target};
use crate::visible::visible;
use crate::writer::api::Client;
use crate::writer::deliver::{Delivered, Order, People, Rules, Stopped, deliver};
use crate::writer::pace::Pace;
use crate::writer::watch::Watch;

/// What became of everybody.
pub(super) struct Sent {
    /// How sending ended, and the counts of people.
    delivered: Delivered,
    /// The counts of what people are sent once they have landed.
    after: Tally,
}

impl Sent {
    /// How many outcomes are not known.
    fn open(&self) -> u64 {
        [self.delivered.tally, self.after].iter().map(|tally| tally.unknown + tally.not_sent).sum()
    }
}

/// A planned run that may be sent: nobody else is sending it, or to the same place.
pub(super) struct Ready<'a> {
    /// Its folder.
    pub(super) folder: &'a Path,
    /// The word by which it is resumed: its id, or where it lies.
    pub(super) name: String,
    /// Its journal.
    pub(super) journal: &'a Journal,
    /// The target, set up as when it was planned.
    pub(super) target: &'a dyn Target,
    /// A client that has the key.
    pub(super) client: &'a Client,
    /// How it is sent.
    pub(super) sending: &'a Sending,
    /// Whether those of unknown outcome may be sent again, however long ago that was.
    pub(super) resend_unknown: bool,
    /// The rhythm of its requests.
    pub(super) pace: &'a Pace<'a>,
    /// Who shows how far it is.
    pub(super) watch: &'a dyn Watch,
}

impl Ready<'_> {
    /// Sends everybody who has no outcome yet, then what they are sent once they have landed, and says in
    /// the journal how it ended.
    ///
    /// # Errors
    /// When the journal cannot be used; what the target or the network does is told in [`Delivered`].
    fn send(&self) -> Result<Sent> {
        // What was read back before says nothing of whom this sends.
        super::verify::forget(self.folder)?;
        let second = Second::of(self)?;
        self.journal.set_phase(Phase::Sending, None)?;
        let about = self.journal.about();
        let frame = Frame {
            head: about.frame_head.clone().into_bytes(),
            tail: about.frame_tail.clone().into_bytes(),
            each: None,
        };
        let rules = Rules {
            attempts: self.sending.attempts,
            give_up_after: self.sending.give_up_after,
            concurrency: self.sending.concurrency,
            canary: self.sending.canary,
            resend_window: self.sending.resend_window,
            resend_unknown: self.resend_unknown,
            late: self.sending.timeout,
            pause: account::pause(self.client),
        };
        let order =
            Order { folder: self.folder, journal: self.journal, frame, pace: self.pace, rules };
        let mut reader = Reader::new(self.target, self.client, self.pace, self.sending.attempts);
        let people = People(self.target);
        let mut delivered = deliver(&people, self.client, &order, &mut reader, self.watch)?;
        hit(Point::Sent);
        if let (Some(second), None) = (&second, &delivered.stopped) {
            match second.send(self, rules) {
                Ok(Some(added)) => {
                    delivered.stopped = added.stopped;
                    delivered.stale += added.stale;
                }
                Ok(None) => {}
                Err(error) => delivered.stopped = Some(Stopped::Broken(error)),
            }
        }
        let after = self.journal.afterwards()?;
        delivered.tally.retries += after.retries;
        let mut sent = Sent { delivered, after };
        let (phase, why) = match &sent.delivered.stopped {
            // It cannot say so any more, and need not: a run without an end can be resumed.
            Some(Stopped::Broken(_)) => return Ok(sent),
            Some(Stopped::Interrupted) => (Phase::Stopped, Some("by the user".to_owned())),
            Some(Stopped::Error(error)) => (Phase::Stopped, Some(error.to_string())),
            Some(Stopped::GaveUp(why)) => (Phase::Stopped, Some(why.clone())),
            None if sent.open() > 0 => {
                (Phase::Stopped, Some("not everybody's outcome is known".to_owned()))
            }
            None => (Phase::Finished, None),
        };
        if let Err(error) = self.journal.set_phase(phase, why.as_deref()) {
            // What became of everybody is still told.
            sent.delivered.stopped.get_or_insert(Stopped::Broken(error));
        }
        Ok(sent)
    }

    /// Sends everybody who has no outcome yet, and says in all forms what became of them.
    ///
    /// # Errors
    /// [`Error::PartWay`] when a file or the journal of the run is in the way, now that it has begun; what
    /// the target says to all of it.
    pub(super) fn carry_out(
        &self,
        shown: &Shown,
        reports: &mut [Box<dyn Report>],
        (summary, began): (&mut Summary, Instant),
        sandbox: Option<&Sandbox>,
    ) -> Result<ExitStatus> {
        let mut words = Vec::new();
        let mut all = || {
            let sent = self.send()?;
            words = self.last_words(&sent, sandbox);
            self.tell(&sent, summary)?;
            renew(self.folder, summary)?;
            summary.seconds = began.elapsed().as_secs_f64();
            let rejected = summary.counts.rejected;
            let failed = failed(&self.name, &sent.delivered.tally, rejected);
            // What an undoing could not bring back stands in its table, and is no row to be put right.
            summary.next.extend(failed.filter(|_| !summary.undoes));
            summary.next.extend(words.iter().cloned());
            let told = end(reports, summary);
            let status = finish(sent, summary)?;
            match (told, status) {
                // How the run stands is worth more than that it could not be told.
                (Err(error), ExitStatus::PartWay | ExitStatus::Interrupted) => {
                    shown.line(&error.to_string());
                    Ok(status)
                }
                (told, status) => told.map(|()| status),
            }
        };
        let ended = all().map_err(|error| self.part_way(error));
        // Only the report for people says how to go on, and the error that stands for it.
        if !matches!(ended, Err(Error::PartWay { .. })) && !shown.is_for_people() {
            for line in words.iter().filter(|line| line.contains("upsheet resume ")) {
                shown.line(line);
            }
        }
        ended
    }

    /// What is in the way of a run that has begun does not end it: it can be resumed.
    pub(super) fn part_way(&self, error: Error) -> Error {
        match error {
            Error::Output { .. }
            | Error::Payload { .. }
            | Error::Journal { .. }
            | Error::Kept { .. } => {
                Error::PartWay { why: error.to_string(), run: self.name.clone() }
            }
            other => other,
        }
    }

    /// Puts what became of everybody into the summary and into `outcomes.csv`.
    ///
    /// # Errors
    /// When the journal cannot be read, or the file cannot be written.
    fn tell(&self, sent: &Sent, summary: &mut Summary) -> Result<()> {
        let open = sent.delivered.stopped.is_some() || sent.open() > 0;
        let resume = open.then_some(self.name.as_str());
        balance(summary, (self.folder, resume), self.target, [sent.delivered.tally, sent.after]);
        summary.refused = outcomes(self.journal, self.folder, adds(self.target))?;
        Ok(())
    }

    /// The lines under the balance: where things lie, and what to do next.
    fn last_words(&self, sent: &Sent, sandbox: Option<&Sandbox>) -> Vec<String> {
        let delivered = &sent.delivered;
        let mut lines = Vec::new();
        if let Some(sandbox) = sandbox {
            let tally = sandbox.tally();
            lines.push(format!(
                "sandbox: {} people created, {} updated, {} unchanged, {} refused, in {}",
                tally.created,
                tally.updated,
                tally.unchanged,
                tally.refused,
                sandbox.store().display()
            ));
        }
        lines.push(format!("run folder: {}", self.folder.display()));
        if before::Reader::is_there(self.folder) && delivered.tally.accepted > 0 {
            lines.push(format!("to take it back: upsheet undo {}", self.name));
        }
        let unverified = delivered.tally.unverified;
        if unverified > 0 {
            let are = match unverified {
                1 => "1 person is".to_owned(),
                many => format!("{many} people are"),
            };
            let why = match self.target.confirm().by {
                ConfirmBy::None => "as the recipe's `confirm` has it",
                _ => "in the time of `follow_for`",
            };
            lines.push(format!(
                "{are} queued, unverified: taken by the target, and what became of it was not learned, \
                 {why}. The ids of the batches stand in outcomes.csv; to look again later: upsheet \
                 verify {}",
                self.name
            ));
        }
        if delivered.stale > 0 {
            lines.push(format!(
                "{} of unknown outcome were first sent longer ago than `resend_window`: what they have \
                 at the target may have been changed since, so that nobody is sent again unasked. To \
                 see what the target has of them: upsheet verify {name}; to send them again: upsheet \
                 resume {name} --resend-unknown",
                match delivered.stale {
                    1 => "1 person".to_owned(),
                    many => format!("{many} people"),
                },
                name = self.name
            ));
        }
        let why = match &delivered.stopped {
            Some(Stopped::GaveUp(why)) => Some(format!("{STOPPED}{}", visible(why))),
            Some(Stopped::Interrupted) => Some("stopped at your wish".to_owned()),
            Some(Stopped::Error(_) | Stopped::Broken(_)) => Some("stopped by an error".to_owned()),
            None if delivered.tally.unknown + delivered.tally.not_sent > 0 => {
                Some("not everybody's outcome is known".to_owned())
            }
            None if sent.open() > 0 => {
                let what = adds(self.target).unwrap_or_default();
                Some(format!("not everybody is known to have got their {what}"))
            }
            None => None,
        };
        if let Some(why) = why {
            let again = again(self.target, delivered.tally.unknown);
            lines.push(format!("{why}{LOST}{again} Carry on: upsheet resume {}", self.name));
        }
        lines
    }
}

/// How to get the rows of those back who were rejected or refused.
fn failed(name: &str, tally: &Tally, rejected: u64) -> Option<String> {
    let help = || format!("who failed, to be put right: upsheet results {name} --only failed");
    (rejected + tally.refused > 0).then(help)
}

/// How the process ends, by what became of everybody.
///
/// # Errors
/// What no person could cure.
fn finish(sent: Sent, summary: &Summary) -> Result<ExitStatus> {
    let refused = sent.delivered.tally.refused + sent.after.refused;
    let open = sent.open();
    match sent.delivered.stopped {
        Some(Stopped::Error(error) | Stopped::Broken(error)) => Err(error),
        Some(Stopped::Interrupted) => Ok(ExitStatus::Interrupted),
        _ if open > 0 => Ok(ExitStatus::PartWay),
        _ if refused > 0 || summary.fails() => Ok(ExitStatus::Findings),
        _ => Ok(ExitStatus::Good),
    }
}

/// What a second request does to those whose outcome is not known.
fn again(target: &dyn Target, unknown: u64) -> String {
    let action = visible(&target.action());
    match target.operation() {
        _ if unknown == 0 => "Nobody who has landed is sent again.".to_owned(),
        _ if target.invites() => format!(
            "Another {action} would mail whom it finds once more: people are looked for before anybody \
             is sent again, and who is there otherwise than sent stays as they are."
        ),
        Operation::Upsert | Operation::Update => {
            let article = if action.starts_with(['u', 'U']) { "An" } else { "A" };
            format!("{article} {action} can safely be sent again.")
        }
        Operation::Create => format!(
            "A {action} whose outcome is not known may have made people: they are looked for before \
             anybody is sent again."
        ),
    }
}

/// The report of a run folder for programs.
const REPORT: &str = "report.json";
/// How many refusals the report shows; all of them stand in `outcomes.csv`.
const SHOWN: usize = 5;

/// What people are sent once they have landed, in a word.
fn adds(target: &dyn Target) -> Option<&'static str> {
    let [_, what] = target.afterwards()?.what();
    Some(what)
}

/// Puts into a summary where a run stands: its folder, the name by which it can be resumed if it can, and
/// the counts of people and of what they are sent once they have landed.
fn balance(
    summary: &mut Summary,
    (folder, resume): (&Path, Option<&str>),
    target: &dyn Target,
    [people, after]: [Tally; 2],
) {
    summary.run = Some(Run {
        id: id_of(folder),
        folder: folder.to_owned(),
        resume: resume.map(|name| format!("upsheet resume {name}")),
    });
    summary.delivery = Some(people);
    if let (Some(what), true) = (adds(target), after.people() > 0) {
        summary.added = Some(Added { what, tally: after });
    }
}

/// Says in the folder of a run what is known of everybody by now: in `outcomes.csv` and in its report. Tells
/// whether of somebody something is still open.
///
/// # Errors
/// When the journal cannot be read, or a file cannot be written.
pub(super) fn tell_again(
    journal: &Journal,
    (folder, name): (&Path, &str),
    target: &dyn Target,
) -> Result<bool> {
    outcomes(journal, folder, adds(target))?;
    let (mut people, after) = (journal.tally(Leg::People), journal.afterwards()?);
    people.retries += after.retries;
    let open = [people, after].iter().any(|tally| tally.unknown + tally.not_sent > 0);
    let mut summary = Summary::default();
    balance(&mut summary, (folder, open.then_some(name)), target, [people, after]);
    renew(folder, &summary)?;
    Ok(open)
}

/// Writes one line for each person who was ready: `outcomes.csv` in the run folder, with rows and
/// reasons and without cells. Gives the first people whom the target refused.
fn outcomes(
    journal: &Journal,
    folder: &Path,
    adds: Option<&str>,
) -> Result<Vec<(Location, String)>> {
    let path = folder.join("outcomes.csv");
    let failed = |source| Error::Output { path: path.clone(), action: "write", source };
    let staged = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut out = BufWriter::with_capacity(256 * 1024, staged.as_file());
    let mut refused = Vec::new();
    out.write_all(b"input,row,payload,outcome,reason\n").map_err(failed)?;
    let (mut line, mut digits) = (Vec::new(), itoa::Buffer::new());
    journal.each(&mut |batch, places, state| {
        if let Outcome::Refused(why) = &state.outcome {
            let shown = SHOWN.saturating_sub(refused.len());
            refused.extend(places.iter().take(shown).map(|at| (*at, why.clone())));
        }
        let (word, mut reason) = in_words(&state.outcome);
        if let Some(lack) = adds.and_then(|what| lacks(state, what)) {
            reason = lack.into();
        }
        // What is the same of all of them, behind the row of each.
        let mut rest = format!(",payloads/{batch:05}.json,{word},").into_bytes();
        kept::cell(&mut rest, &visible(&reason));
        rest.push(b'\n');
        places.iter().try_for_each(|at| {
            line.clear();
            line.extend_from_slice(digits.format(at.input).as_bytes());
            line.push(b',');
            line.extend_from_slice(digits.format(at.row).as_bytes());
            line.extend_from_slice(&rest);
            out.write_all(&line).map_err(failed)
        })
    })?;
    hit(Point::InOutcomes);
    out.flush().map_err(failed)?;
    drop(out);
    staged.persist(&path).map_err(|error| failed(error.error))?;
    Ok(refused)
}

/// Brings the report in the folder of a run up to what is known by now. A new run has none yet, and one
/// that was killed while it was pushed never gets one.
fn renew(folder: &Path, summary: &Summary) -> Result<()> {
    let path = folder.join(REPORT);
    let failed = |source| Error::Output { path: path.clone(), action: "write", source };
    let old = match File::open(&path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    let staged = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    report::renew(BufReader::new(old), BufWriter::new(staged.as_file()), summary)?;
    staged.persist(&path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// What became of somebody in a word, and why.
fn in_words(outcome: &Outcome) -> (&'static str, Cow<'_, str>) {
    match outcome {
        Outcome::Accepted => ("accepted", "".into()),
        Outcome::Refused(why) => ("rejected by the target", why.into()),
        Outcome::Unknown(why) => ("unknown", why.into()),
        Outcome::InFlight => {
            ("unknown", "upsheet was stopped while the request was under way".into())
        }
        Outcome::Queued { ticket, why } => {
            let name = ticket.as_ref().map(|ticket| format!(" as {ticket}")).unwrap_or_default();
            ("unknown", format!("queued{name}, unverified: {why}").into())
        }
        Outcome::NotSent => ("not sent", "".into()),
    }
}

/// What somebody who has landed did not get afterwards, and why.
fn lacks(state: &State, what: &str) -> Option<String> {
    let outcome = state.in_leg(Leg::After)?;
    match in_words(outcome) {
        ("accepted", _) => None,
        ("unknown", why) => Some(format!("{what} not known to be added: {why}")),
        ("not sent", _) => Some(format!("{what} not added: not sent")),
        (_, why) => Some(format!("{what} not added: {why}")),
    }
}
