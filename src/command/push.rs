//! `push`: builds the payloads into a run folder, asks, sends, and says what became of everybody.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::build::{about, open_reports};
use super::fields::guard::{Shipment, guard};
use super::{Shown, account, end, judge, tell, tell_forbidden};
use crate::error::{Error, ExitStatus, Result};
use crate::plan::{Job, Opened};
use crate::readback::Reader;
use crate::recipe::Sending;
use crate::report::Summary;
use crate::results::kept::{self, Keeper};
use crate::row::Location;
use crate::sandbox::{Sandbox, Variants};
use crate::target::{ConfirmBy, Operation, Target};
use crate::visible::visible;
use crate::writer::api::Client;
use crate::writer::deliver::{Delivered, Order, Outcome, Stopped, Tally, Watch, deliver};
use crate::writer::files::{Entry, Folder};
use crate::writer::pace::Pace;

/// Attempts of one request.
const ATTEMPTS: u32 = 5;

/// What `push` does.
#[derive(Clone, Debug)]
pub struct Push {
    /// The people.
    pub job: Job,
    /// How results are shown.
    pub shown: Shown,
    /// Where run folders lie.
    pub state: PathBuf,
    /// The data folder of the sandbox, when it stands in for the target.
    pub sandbox: Option<PathBuf>,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// How it is sent.
    pub sending: Sending,
    /// How many invitations the user expects.
    pub expect_invites: Option<u64>,
    /// Whether to say how far it is.
    pub quiet: bool,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
}

/// Sends everybody who can be sent.
///
/// # Errors
/// When nothing could be sent: the input, the credentials, the target or a guard is in the way.
pub fn push(plan: &Push) -> Result<ExitStatus> {
    let started = Instant::now();
    let mut job = plan.job.clone();
    let sandbox = account::stand_in(plan.sandbox.as_deref(), &plan.variants)?;
    if let Some(sandbox) = &sandbox {
        job.overrides.base_url = sandbox.url_of(job.target_id());
    }
    let target = job.target()?;
    let placed = |error| job.recipe.at(&[job.target_id(), "base_url"], error);
    let base = target.base_url().map_err(placed)?;
    let secret = account::secret(target.as_ref(), sandbox.as_ref(), plan.environment)?;
    let client = account::client(target.as_ref(), &secret).map_err(placed)?;
    let mut reports = plan.shown.open(&job)?;
    let mut opened = job.open()?;
    let run = new_run(&plan.state, plan.job.today)?;
    let mut folder = Folder::create(run.path(), false, true)?;
    let rejects = open_reports(&folder, &opened, &mut reports)?;
    reports.push(Box::new(Keeper::new(folder.subfolder(kept::FOLDER)?)));
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut folder)?;
    // The rows are on the disk before anything is sent.
    if let Some(mut keeper) = reports.pop() {
        keeper.end(&summary)?;
    }
    if summary.is_forbidden() {
        end(&mut reports, &summary)?;
        tell_forbidden(&summary, "nothing was sent");
        return Ok(ExitStatus::Findings);
    }
    if summary.counts.rejected == 0 {
        rejects.iter().try_for_each(|name| folder.discard(name))?;
    }
    let entries = folder.finish(&about(&opened))?;
    let looked = if sandbox.is_none() && !entries.is_empty() {
        let shipment = Shipment { folder: run.path(), requests: &entries };
        guard(&job, &opened, &client, &shipment, plan.quiet)?
    } else {
        None
    };
    confirm(plan, &opened, &summary, &base, entries.len())?;
    if let Some(looked) = looked {
        let interval = opened.target.interval();
        Pace::new(interval, &plan.job.stop).rest(interval.saturating_sub(looked.elapsed()));
    }
    // Until here nothing was sent, so nothing of the run had to be kept.
    let run = run.keep();
    let (delivered, refused) = send(plan, &opened, &client, &run, &entries)?;
    summary.delivery = Some(delivered.tally);
    summary.refused = refused;
    summary.seconds = started.elapsed().as_secs_f64();
    let target = opened.target.as_ref();
    summary.next.extend(last_words(plan, target, &delivered, sandbox.as_ref(), &run));
    end(&mut reports, &summary)?;
    finish(delivered, &summary)
}

/// How the process ends, by what became of everybody.
fn finish(delivered: Delivered, summary: &Summary) -> Result<ExitStatus> {
    let Tally { refused, unknown, not_sent, .. } = delivered.tally;
    match delivered.stopped {
        Some(Stopped::Error(error)) => Err(error),
        Some(Stopped::Interrupted) => Ok(ExitStatus::Interrupted),
        _ if unknown + not_sent > 0 => Ok(ExitStatus::PartWay),
        _ if refused > 0 || summary.fails() => Ok(ExitStatus::Findings),
        _ => Ok(ExitStatus::Good),
    }
}

/// A new folder for this run, for its owner only: it holds people's data. It goes when it is
/// dropped, unless it is kept.
fn new_run(state: &Path, today: jiff::civil::Date) -> Result<tempfile::TempDir> {
    let runs = state.join("runs");
    let failed = |source| Error::Output { path: runs.clone(), action: "create a run in", source };
    std::fs::create_dir_all(&runs).map_err(failed)?;
    let prefix = format!("{today}-");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).rand_bytes(6);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    builder.tempdir_in(&runs).map_err(failed)
}

/// Says what will happen and asks. Nothing is sent before the answer.
fn confirm(
    plan: &Push,
    opened: &Opened,
    summary: &Summary,
    base: &str,
    batches: usize,
) -> Result<()> {
    let target = &opened.target;
    let counts = summary.counts;
    if target.invites() && counts.valid > 0 && plan.expect_invites != Some(counts.valid) {
        return Err(Error::Guard {
            message: format!(
                "{} would mail an invitation to each of {} people",
                target.kind().title,
                counts.valid
            ),
            help: format!(
                "if that is wanted, add --expect-invites {}; else set enabled = false under \
                 [{}.invite] in the recipe. Nothing was sent",
                counts.valid,
                target.kind().id
            ),
        });
    }
    if plan.yes || plan.sandbox.is_some() || counts.valid == 0 {
        return Ok(());
    }
    let no = || Error::Guard {
        message: "nothing was sent, because nobody said yes".to_owned(),
        help: "answer y, or add --yes where nobody can answer".to_owned(),
    };
    tell(&format!(
        "{} people ready, {} left out\n  target        {}, {}, {}\n  side effects  {}\n  sends         \
         {batches} request{}",
        counts.valid,
        counts.rejected + counts.skipped,
        target.kind().title,
        visible(&target.action()),
        base,
        target.side_effects(),
        if batches == 1 { "" } else { "s" },
    ));
    if account::yes("Send them? [y/N] ") { Ok(()) } else { Err(no()) }
}

fn send(
    plan: &Push,
    opened: &Opened,
    client: &Client,
    run: &Path,
    entries: &[Entry],
) -> Result<(Delivered, Vec<(Location, String)>)> {
    let order = Order {
        folder: run,
        entries,
        stop: &plan.job.stop,
        attempts: ATTEMPTS,
        pause: account::pause(client),
    };
    let path = run.join("outcomes.csv");
    let file = File::create(&path).map_err(|source| Error::Output {
        path: path.clone(),
        action: "write",
        source,
    })?;
    let mut ledger = Ledger {
        out: csv::Writer::from_writer(BufWriter::new(file)),
        path,
        refused: Vec::new(),
        progress: (!plan.quiet).then(Instant::now),
    };
    ledger.write(["input", "row", "payload", "outcome", "reason"])?;
    let target = opened.target.as_ref();
    let mut reader = Reader::new(target, client, &plan.job.stop, ATTEMPTS);
    let delivered = deliver(target, client, &order, &mut reader, &mut ledger)?;
    let path = ledger.path.clone();
    ledger.out.flush().map_err(|source| Error::Output { path, action: "write", source })?;
    Ok((delivered, ledger.refused))
}

/// How many refusals the report shows; all of them stand in `outcomes.csv`.
const SHOWN: usize = 5;

/// Writes one line for each person who was ready: `outcomes.csv` in the run folder. It holds rows
/// and reasons, no cells.
struct Ledger {
    out: csv::Writer<BufWriter<File>>,
    path: PathBuf,
    /// The first people whom the target refused.
    refused: Vec<(Location, String)>,
    /// When progress was last shown; nothing to show when quiet.
    progress: Option<Instant>,
}

impl Ledger {
    fn write<const N: usize>(&mut self, record: [&str; N]) -> Result<()> {
        self.out.write_record(record).map_err(|error| Error::Output {
            path: self.path.clone(),
            action: "write",
            source: std::io::Error::other(error),
        })
    }
}

impl Watch for Ledger {
    fn outcome(&mut self, batch: &Entry, at: Location, outcome: &Outcome) -> Result<()> {
        let queued;
        let (word, reason) = match outcome {
            Outcome::Accepted => ("accepted", ""),
            Outcome::Refused(why) => {
                if self.refused.len() < SHOWN {
                    self.refused.push((at, why.clone()));
                }
                ("rejected by the target", why.as_str())
            }
            Outcome::Unknown(why) => ("unknown", why.as_str()),
            Outcome::Queued { ticket, why } => {
                let name =
                    ticket.as_ref().map(|ticket| format!(" as {ticket}")).unwrap_or_default();
                queued = format!("queued{name}, unverified: {why}");
                ("unknown", queued.as_str())
            }
            Outcome::NotSent => ("not sent", ""),
        };
        let (input, row) = (at.input.to_string(), at.row.to_string());
        self.write([&input, &row, &batch.file, word, &visible(reason)])
    }

    fn reading_back(&mut self, people: usize) {
        if self.progress.is_some() {
            tell(&format!("  reading back {people} people whose outcome no answer told"));
        }
    }

    fn progress(&mut self, done: usize, of: usize, tally: &Tally) {
        // A run that is killed leaves what was settled; a full disk is told at the next outcome.
        let _ = self.out.flush();
        let Some(last) = &mut self.progress else { return };
        if last.elapsed() >= Duration::from_secs(2) {
            *last = Instant::now();
            tell(&format!(
                "  {done} of {of} requests, {} people accepted, {} refused, {} sent again",
                tally.accepted, tally.refused, tally.retries
            ));
        }
    }
}

/// Whether the same people can be sent again.
fn again(target: &dyn Target, unknown: u64) -> String {
    let action = visible(&target.action());
    match target.operation() {
        Operation::Upsert | Operation::Update => {
            let article = if action.starts_with(['u', 'U']) { "An" } else { "A" };
            format!("{article} {action} can safely be sent again")
        }
        // Who is there already is left alone, in the vendor's words; who is not is made.
        Operation::Create if unknown > 0 => format!(
            "A {action} whose outcome is not known may have made people: look for those that outcomes.csv \
             calls unknown before you send it again"
        ),
        Operation::Create => {
            format!("A {action} leaves those alone who exist by now; send it again")
        }
    }
}

/// The lines under the balance: where things lie, and what to do next.
fn last_words(
    plan: &Push,
    target: &dyn Target,
    delivered: &Delivered,
    sandbox: Option<&Sandbox>,
    run: &Path,
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
    lines.push(format!("run folder: {} (payloads, outcomes.csv, report.json)", run.display()));
    let why = match &delivered.stopped {
        Some(Stopped::GaveUp(why)) => Some(format!("stopped part-way: {}", visible(why))),
        Some(Stopped::Interrupted) => Some("stopped at your wish".to_owned()),
        Some(Stopped::Error(_)) => Some("stopped by an error".to_owned()),
        None if delivered.tally.unknown > 0 => Some("some outcomes were not learned".to_owned()),
        None => None,
    };
    let unverified = delivered.tally.unverified;
    if unverified > 0 {
        let are = match unverified {
            1 => "1 person is".to_owned(),
            many => format!("{many} people are"),
        };
        let why = match target.confirm().by {
            ConfirmBy::None => "as the recipe's `confirm` has it",
            _ => "in the time of `follow_for`",
        };
        lines.push(format!(
            "{are} queued, unverified: taken by the target, and what became of it was not learned, {why}. \
             The ids of the batches stand in outcomes.csv"
        ));
    }
    if let Some(why) = why {
        let line = plan.job.push_line().map(|line| format!(": {line}")).unwrap_or_default();
        let again = again(target, delivered.tally.unknown);
        lines.push(format!("{why}; nothing is lost. {again}{line}"));
    }
    lines
}
