//! `resume`: carries on with a run that ended before its end, or was killed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::fields::guard::{Shipment, guard, keep_distance};
use super::looking::Looking;
use super::plan::{Held, hold, is_plan};
use super::precheck::Precheck;
use super::purge::clear_halves;
use super::push::refused;
use super::rerun::{Again, SetUp, Which, purged, set_up};
use super::sending::Ready;
use super::staging::print;
use super::{Shown, account};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{About, InputPrint, Journal, Leg, ObjectLock, Phase, RunLock};
use crate::progress::Progress;
use crate::recipe::Sending;
use crate::report::{Counts, Head, Summary, counted};
use crate::sandbox::Variants;
use crate::target::Target;
use crate::visible::visible;
use crate::writer::after::Asking;
use crate::writer::pace::Pace;

/// What `resume` does.
#[derive(Clone, Debug)]
pub struct Resume {
    /// Which run.
    pub which: Which,
    /// How results are shown.
    pub shown: Shown,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// Whether what was planned is sent though a file is not what it was.
    pub as_planned: bool,
    /// Whether those of unknown outcome are sent again, however long ago they were sent.
    pub resend_unknown: bool,
    /// How many invitations the user expects, where nobody was sent yet.
    pub expect_invites: Option<u64>,
    /// Requests that may be under way at once, where it is not what the push had.
    pub concurrency: Option<usize>,
    /// Requests a second, where it is not the rate of the push.
    pub rate: Option<f64>,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Sends everybody of a run who has no outcome yet.
///
/// # Errors
/// When there is no such run, somebody else is at it, its files are not what they were, or nothing can be
/// sent.
pub fn resume(plan: &Resume) -> Result<ExitStatus> {
    let started = Instant::now();
    let chosen = plan.which.find()?;
    let _own = RunLock::take(&chosen.folder)?;
    clear_halves(&chosen.folder);
    let journal = Journal::open(&chosen.folder)?;
    let about = journal.about();
    let (phase, _) = journal.phase()?;
    if phase == Phase::Purged {
        return Err(purged(&chosen.name, "whom it would send"));
    }
    if !plan.as_planned {
        check_inputs(about, &chosen.name)?;
    }
    let again = Again {
        variants: &plan.variants,
        rate: plan.rate,
        environment: plan.environment,
        stop: &plan.stop,
    };
    let SetUp { sandbox, job, target, client } = set_up(&chosen, about, &again)?;
    let _alone = ObjectLock::take(&chosen.state, &about.object, &chosen.id)?;
    let said = job.recipe.sending.clone();
    let concurrency = plan.concurrency.or(about.overrides.concurrency);
    let sending = Sending { concurrency: concurrency.unwrap_or(said.concurrency), ..said };
    let watch = Progress::new(&plan.shown.voice);
    let pace = Pace::new(target.interval(), &plan.stop).watched(&watch);
    if phase != Phase::Finished && sandbox.is_none() && !plan.as_planned {
        // The account may have become another one since, or nobody had looked yet.
        let planned = journal.plan()?;
        let files: Vec<&str> = planned.iter().map(|one| one.file.as_str()).collect();
        let shipment = Shipment { folder: &chosen.folder, files: &files, fields: &about.fields };
        let looked = guard(&job, target.as_ref(), &client, &shipment, false)
            .map_err(|error| otherwise(error, &chosen.name))?;
        keep_distance(&pace, target.interval(), looked);
    }
    if phase == Phase::Planned {
        // It may have been killed before all was asked; what was found is in the journal else.
        let check = Precheck {
            folder: &chosen.folder,
            journal: &journal,
            target: target.as_ref(),
            asking: Asking { client: &client, pace: &pace, attempts: sending.attempts },
            shown: &plan.shown,
            quiet: false,
        };
        check.run()?;
        let held = if is_plan(&chosen.folder) && !plan.as_planned {
            let looking = Looking {
                target: target.as_ref(),
                client: &client,
                pace: &pace,
                attempts: sending.attempts,
                watch: &watch,
            };
            Some(hold((&chosen.folder, &chosen.name), &journal, &looking)?)
        } else {
            None
        };
        let planned = Unsent { about, left: journal.tally(Leg::People)?.not_sent, held };
        planned.confirm(plan, &chosen.name, target.as_ref(), sandbox.is_some())?;
    }
    let ready = Ready {
        folder: &chosen.folder,
        name: chosen.name.clone(),
        journal: &journal,
        target: target.as_ref(),
        client: &client,
        sending: &sending,
        resend_unknown: plan.resend_unknown,
        pace: &pace,
        watch: &watch,
    };
    let mut reports = plan.shown.open(&job)?;
    let head = Head { target: target.kind().title, ..Head::default() };
    for report in &mut reports {
        report.begin(&head)?;
    }
    let mut summary = Summary {
        counts: Counts {
            rows: about.rows,
            valid: about.valid,
            rejected: about.rejected,
            skipped: about.skipped,
        },
        // Who was rejected when it was planned fails the run now as then.
        stopped: about.fails.unwrap_or(about.rejected),
        ..Summary::default()
    };
    if phase == Phase::Finished {
        summary
            .next
            .push(format!("run {} was finished already: nobody was left to send", ready.name));
    }
    ready.carry_out(&plan.shown, &mut reports, (&mut summary, started), sandbox.as_ref())
}

/// Refuses to carry on when a file is not what it was: what the user expects to be sent may not be what
/// was planned.
fn check_inputs(about: &About, name: &str) -> Result<()> {
    for input in about.inputs.iter().filter(|input| !input.stdin) {
        // One that was moved or deleted has not changed; nothing of it is needed any more.
        let Ok(now) = print(&input.path) else { continue };
        let InputPrint { bytes, sha256, .. } = &now;
        if (*bytes, sha256) == (input.bytes, &input.sha256) {
            continue;
        }
        return Err(Error::Guard {
            message: format!(
                "{} is not what it was when run {name} was planned",
                visible(&input.path.display().to_string())
            ),
            help: format!(
                "to send the rest as it was planned: upsheet resume {name} --as-planned; to send what \
                 the file holds now, push it: an upsert of people who have landed changes only what \
                 differs. Nothing was sent"
            ),
        });
    }
    Ok(())
}

/// Says what to do where the account is not what it was when the run was planned.
fn otherwise(error: Error, name: &str) -> Error {
    match error {
        Error::Guard { message, .. } => Error::Guard {
            message,
            help: format!(
                "the run was planned for the fields as they were. Renew the lock (upsheet fields) and push \
                 the file again: an upsert of people who have landed changes only what differs; or, to \
                 send the rest all the same: upsheet resume {name} --as-planned. Nothing was sent"
            ),
        },
        other => other,
    }
}

/// A run of which nobody was sent.
struct Unsent<'a> {
    about: &'a About,
    /// How many people would be sent.
    left: u64,
    /// What was found when it was held against the target, if it is a plan.
    held: Option<Held>,
}

impl Unsent<'_> {
    /// Says what will happen and asks.
    fn confirm(
        &self,
        plan: &Resume,
        name: &str,
        target: &dyn Target,
        in_sandbox: bool,
    ) -> Result<()> {
        let Self { about, left, held } = *self;
        let unchanged = held.map_or(0, |held| held.unchanged);
        if unchanged > 0 {
            let title = target.kind().title;
            let are = counted(unchanged, "person is", "people are");
            plan.shown.line(&format!("{are} at {title} as planned, and not sent"));
        }
        let invited = held.map_or(left, |held| held.created);
        if target.invites() && invited > 0 && plan.expect_invites != Some(invited) {
            return Err(Error::Guard {
                message: format!(
                    "{} would mail an invitation to {}",
                    target.kind().title,
                    counted(invited, "person", "people")
                ),
                help: format!(
                    "if that is wanted: upsheet push --plan {name} --expect-invites {invited}. Nothing was sent"
                ),
            });
        }
        if plan.yes || in_sandbox || left == 0 {
            return Ok(());
        }
        plan.shown.line(&format!(
            "{} ready, {} left out\n  target        {}, {}, {}\n  side effects  {}",
            counted(left, "person", "people"),
            about.rejected + about.skipped,
            target.kind().title,
            visible(&target.action()),
            visible(&about.base_url),
            target.side_effects(),
        ));
        if account::yes("Send them? [y/N] ") { Ok(()) } else { Err(refused()) }
    }
}
