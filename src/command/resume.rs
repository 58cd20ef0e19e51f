//! `resume`: carries on with a run that ended before its end, or was killed.

use std::path::Path;
use std::time::Instant;

use super::fields::guard::{Shipment, guard, keep_distance};
use super::looking::Looking;
use super::plan::{There, before, hold};
use super::precheck::Precheck;
use super::purge::clear_halves;
use super::push::refused;
use super::rerun::{SetUp, Surroundings, Which, purged, set_up};
use super::sending::Ready;
use super::staging::print;
use super::undo::{mark, undone_by};
use super::{Shown, account};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{About, InputPrint, Journal, Leg, ObjectLock, Phase, RunLock};
use crate::progress::Progress;
use crate::recipe::Sending;
use crate::report::{Counts, Head, Summary, counted};
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
    /// What the target is set up with.
    pub around: Surroundings,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// Whether what was planned is sent though a file is not what it was.
    pub as_planned: bool,
    /// Whether those of unknown outcome are sent again, however long ago they were sent.
    pub resend_unknown: bool,
    /// How many invitations the user expects, where nobody was sent yet.
    pub expect_invites: Option<u64>,
    /// What is meant to be sent.
    pub meant: Meant,
    /// Requests that may be under way at once, where it is not what the push had.
    pub concurrency: Option<usize>,
}

/// What is meant to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meant {
    /// The rest of a run, also of one of which nothing was sent.
    Rest,
    /// A plan, and nothing else.
    Plan,
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
    check_kind(plan, about, phase, &chosen.name)?;
    if !plan.as_planned && phase != Phase::Finished {
        check_not_undone(&chosen.folder, &chosen.name)?;
    }
    if !plan.as_planned && about.undoes.is_none() {
        check_inputs(about, &chosen.name)?;
    }
    let SetUp { sandbox, job, target, client } = set_up(&chosen, about, &plan.around)?;
    // A plan may lie anywhere; the locks are where its maker had them.
    let state = about.state.as_ref().filter(|_| about.plan).unwrap_or(&chosen.state);
    let _alone = ObjectLock::take(state, &about.object, &chosen.id)?;
    let said = job.recipe.sending.clone();
    let concurrency = plan.concurrency.or(about.overrides.concurrency);
    let sending = Sending { concurrency: concurrency.unwrap_or(said.concurrency), ..said };
    let watch = Progress::new(&plan.shown.voice);
    let pace = Pace::new(target.interval(), &plan.around.stop).watched(&watch);
    if phase != Phase::Finished && sandbox.is_none() && !plan.as_planned {
        // The account may have become another one since, or nobody had looked yet.
        let planned = journal.plan()?;
        let files: Vec<&str> = planned.iter().map(|one| one.file.as_str()).collect();
        let shipment = Shipment { folder: &chosen.folder, files: &files, fields: &about.fields };
        let looked = guard(&job, target.as_ref(), &client, &shipment, false)
            .map_err(|error| otherwise(error, &chosen.name))?;
        keep_distance(&pace, target.interval(), looked);
    }
    let looking = Looking {
        target: target.as_ref(),
        client: &client,
        pace: &pace,
        attempts: sending.attempts,
        watch: &watch,
    };
    // What was kept of those who are sent now may be old.
    if phase != Phase::Finished && (plan.as_planned || phase != Phase::Planned) {
        let looking = Some(&looking).filter(|_| !plan.as_planned);
        before::renew((&chosen.folder, &journal, target.as_ref()), looking)?;
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
        let open = journal.tally(Leg::People)?.not_sent;
        let place = (chosen.folder.as_path(), chosen.name.as_str());
        let there = match (about.plan, about.keeps_before) {
            _ if plan.as_planned => There::default(),
            (true, _) => hold(place, &journal, &looking)?,
            // What is kept was kept whole, or not at all; a while may have gone by since.
            (false, true) if open > 0 => before::keep(&chosen.folder, &journal, &looking)?,
            (false, _) => There::default(),
        };
        there.tell(&looking, if about.plan { "as planned" } else { "with every value" });
        let unsent = Unsent { about, left: open.saturating_sub(there.unchanged()) };
        unsent.confirm(plan, &chosen.name, target.as_ref(), sandbox.is_some())?;
        there.note(&journal)?;
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
    if let Some(undone) = &about.undoes {
        mark(undone, &chosen.name)?;
    }
    let mut reports = plan.shown.open(&job)?;
    let earlier = about.inputs.iter().map(|input| input.name.clone()).collect();
    let head = Head { target: target.kind().title, earlier, ..Head::default() };
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
        undoes: about.undoes.is_some(),
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

/// Refuses to send what is not meant: a plan only where one is asked for by its name, and nothing else where one
/// is asked for.
fn check_kind(plan: &Resume, about: &About, phase: Phase, name: &str) -> Result<()> {
    if plan.meant == Meant::Plan && !about.plan {
        return Err(Error::Guard {
            message: format!("{name} is no plan, but a run of upsheet push"),
            help: format!("upsheet resume {name} carries on with it"),
        });
    }
    if about.plan && phase == Phase::Planned && plan.which.run.is_none() {
        return Err(Error::Guard {
            message: format!("{name} was begun last, and is a plan of which nothing was sent"),
            help: format!(
                "upsheet push --plan {name} sends it; `upsheet runs` lists the others, with what carries on with them"
            ),
        });
    }
    Ok(())
}

/// Refuses to send the rest of a run that was undone: it would bring back what was taken back.
fn check_not_undone(folder: &Path, name: &str) -> Result<()> {
    let Some(by) = undone_by(folder) else { return Ok(()) };
    Err(Error::Guard {
        message: format!("run {name} was undone, by {by}"),
        help: format!(
            "to send its rest all the same: upsheet resume {name} --as-planned. Nothing was sent"
        ),
    })
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
        let Self { about, left } = *self;
        if target.invites() && left > 0 && plan.expect_invites != Some(left) {
            let command = if about.plan && !plan.as_planned { "push --plan" } else { "resume" };
            let as_planned = if plan.as_planned { " --as-planned" } else { "" };
            return Err(Error::Guard {
                message: format!(
                    "{} would mail an invitation to each of {}",
                    target.kind().title,
                    counted(left, "person", "people")
                ),
                help: format!(
                    "if that is wanted: upsheet {command} {name}{as_planned} --expect-invites {left}. Nothing \
                     was sent"
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
