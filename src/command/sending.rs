//! What `push` and `resume` share: from a planned run to everybody's outcome, and what is said of it.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use super::account;
use crate::batch::Frame;
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{Journal, Outcome, Phase, Tally};
use crate::readback::Reader;
use crate::recipe::Sending;
use crate::report::Summary;
use crate::row::Location;
use crate::sandbox::Sandbox;
use crate::target::{ConfirmBy, Operation, Target};
use crate::visible::visible;
use crate::writer::api::Client;
use crate::writer::deliver::{Delivered, Order, Rules, Stopped, deliver};
use crate::writer::pace::Pace;
use crate::writer::watch::Watch;

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
    /// Set when the user wants to stop.
    pub(super) stop: &'a AtomicBool,
    /// Who shows how far it is.
    pub(super) watch: &'a dyn Watch,
}

impl Ready<'_> {
    /// Sends everybody who has no outcome yet, and says in the journal how it ended.
    ///
    /// # Errors
    /// When the journal cannot be used; what the target or the network does is told in [`Delivered`].
    pub(super) fn send(&self) -> Result<Delivered> {
        // What was read back before says nothing of whom this sends.
        super::verify::forget(self.folder)?;
        self.journal.set_phase(Phase::Sending, None)?;
        let pace = Pace::new(self.target.interval(), self.stop).watched(self.watch);
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
            pause: account::pause(self.client),
        };
        let order = Order { folder: self.folder, journal: self.journal, frame, pace: &pace, rules };
        let mut reader = Reader::new(self.target, self.client, &pace, self.sending.attempts);
        let mut delivered = deliver(self.target, self.client, &order, &mut reader, self.watch)?;
        let Tally { unknown, not_sent, .. } = delivered.tally;
        let (phase, why) = match &delivered.stopped {
            // It cannot say so any more, and need not: a run without an end can be resumed.
            Some(Stopped::Broken(_)) => return Ok(delivered),
            Some(Stopped::Interrupted) => (Phase::Stopped, Some("by the user".to_owned())),
            Some(Stopped::Error(error)) => (Phase::Stopped, Some(error.to_string())),
            Some(Stopped::GaveUp(why)) => (Phase::Stopped, Some(why.clone())),
            None if unknown + not_sent > 0 => {
                (Phase::Stopped, Some("not everybody's outcome is known".to_owned()))
            }
            None => (Phase::Finished, None),
        };
        if let Err(error) = self.journal.set_phase(phase, why.as_deref()) {
            // What became of everybody is still told.
            delivered.stopped.get_or_insert(Stopped::Broken(error));
        }
        Ok(delivered)
    }

    /// Puts what became of everybody into the summary and into `outcomes.csv`.
    ///
    /// # Errors
    /// When the journal cannot be read, or the file cannot be written.
    pub(super) fn tell(&self, delivered: &Delivered, summary: &mut Summary) -> Result<()> {
        summary.delivery = Some(delivered.tally);
        summary.refused = outcomes(self.journal, self.folder)?;
        Ok(())
    }

    /// The lines under the balance: where things lie, and what to do next.
    pub(super) fn last_words(
        &self,
        delivered: &Delivered,
        sandbox: Option<&Sandbox>,
    ) -> Vec<String> {
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
            Some(Stopped::GaveUp(why)) => Some(format!("stopped part-way: {}", visible(why))),
            Some(Stopped::Interrupted) => Some("stopped at your wish".to_owned()),
            Some(Stopped::Error(_) | Stopped::Broken(_)) => Some("stopped by an error".to_owned()),
            None if delivered.tally.unknown + delivered.tally.not_sent > 0 => {
                Some("not everybody's outcome is known".to_owned())
            }
            None => None,
        };
        if let Some(why) = why {
            let again = again(self.target, delivered.tally.unknown);
            lines.push(format!(
                "{why}; nothing is lost. {again} Carry on: upsheet resume {}",
                self.name
            ));
        }
        lines
    }
}

/// How the process ends, by what became of everybody.
///
/// # Errors
/// What no person could cure.
pub(super) fn finish(delivered: Delivered, summary: &Summary) -> Result<ExitStatus> {
    let Tally { refused, unknown, not_sent, .. } = delivered.tally;
    match delivered.stopped {
        Some(Stopped::Error(error)) => Err(error),
        Some(Stopped::Broken(error)) => Err(broken(error)),
        Some(Stopped::Interrupted) => Ok(ExitStatus::Interrupted),
        _ if unknown + not_sent > 0 => Ok(ExitStatus::PartWay),
        _ if refused > 0 || summary.fails() => Ok(ExitStatus::Findings),
        _ => Ok(ExitStatus::Good),
    }
}

/// An error in the middle of a run is one of a run that can be resumed, whatever it is about.
fn broken(error: Error) -> Error {
    match error {
        Error::Output { path, action, source } => {
            Error::Journal { path, why: format!("cannot {action} it: {source}") }
        }
        other => other,
    }
}

/// What a second request does to those whose outcome is not known.
fn again(target: &dyn Target, unknown: u64) -> String {
    let action = visible(&target.action());
    match target.operation() {
        _ if unknown == 0 => "Nobody who has landed is sent again.".to_owned(),
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

/// How many refusals the report shows; all of them stand in `outcomes.csv`.
const SHOWN: usize = 5;

/// Writes one line for each person who was ready: `outcomes.csv` in the run folder, with rows and
/// reasons and without cells. Gives the first people whom the target refused.
pub(super) fn outcomes(journal: &Journal, folder: &Path) -> Result<Vec<(Location, String)>> {
    let path = folder.join("outcomes.csv");
    let failed = |source| Error::Output { path: path.clone(), action: "write", source };
    let staged = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut out = csv::Writer::from_writer(BufWriter::new(staged.as_file()));
    let mut refused = Vec::new();
    write(&mut out, &path, ["input", "row", "payload", "outcome", "reason"])?;
    journal.each(&mut |batch, person| {
        let queued;
        let (word, reason) = match &person.outcome {
            Outcome::Accepted => ("accepted", ""),
            Outcome::Refused(why) => {
                if refused.len() < SHOWN {
                    refused.push((person.at, why.clone()));
                }
                ("rejected by the target", why.as_str())
            }
            Outcome::Unknown(why) => ("unknown", why.as_str()),
            Outcome::InFlight => ("unknown", "upsheet was stopped while the request was under way"),
            Outcome::Queued { ticket, why } => {
                let name =
                    ticket.as_ref().map(|ticket| format!(" as {ticket}")).unwrap_or_default();
                queued = format!("queued{name}, unverified: {why}");
                ("unknown", queued.as_str())
            }
            Outcome::NotSent => ("not sent", ""),
        };
        let (input, row) = (person.at.input.to_string(), person.at.row.to_string());
        let file = format!("payloads/{batch:05}.json");
        write(&mut out, &path, [&input, &row, &file, word, &visible(reason)])
    })?;
    out.flush().map_err(failed)?;
    drop(out);
    staged.persist(&path).map_err(|error| failed(error.error))?;
    Ok(refused)
}

fn write<const N: usize>(
    out: &mut csv::Writer<BufWriter<&File>>,
    path: &Path,
    record: [&str; N],
) -> Result<()> {
    out.write_record(record).map_err(|error| Error::Output {
        path: PathBuf::from(path),
        action: "write",
        source: std::io::Error::other(error),
    })
}
