//! `resume`: carries on with a run that ended before its end, or was killed.

use std::path::Path;
use std::time::Instant;

use super::fields::guard::{Shipment, guard, keep_distance};
use super::looking::Looking;
use super::plan::{There, before, hold};
use super::precheck::Precheck;
use super::purge::clear_halves;
use super::push::refused;
use super::rerun::{Chosen, SetUp, Surroundings, Which, purged, set_up};
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
    check(plan, about, phase, &chosen)?;
    let set_up = set_up(&chosen, about, &plan.around)?;
    // A plan may lie anywhere; the locks are where its maker had them.
    let state = about.state.as_ref().filter(|_| about.plan).unwrap_or(&chosen.state);
    let _alone = ObjectLock::take(state, &about.object, &chosen.id)?;
    let said = set_up.job.recipe.sending.clone();
    let concurrency = plan.concurrency.or(about.overrides.concurrency);
    let sending = Sending { concurrency: concurrency.unwrap_or(said.concurrency), ..said };
    let watch = Progress::new(&plan.shown.voice);
    let pace = Pace::new(set_up.target.interval(), &plan.around.stop).watched(&watch);
    let resumed = Resumed {
        plan,
        chosen: &chosen,
        journal: &journal,
        phase,
        set_up: &set_up,
        sending: &sending,
        pace: &pace,
        watch: &watch,
    };
    resumed.guard_fields()?;
    resumed.renew_before()?;
    if phase == Phase::Planned {
        resumed.settle_unsent()?;
    }
    if let Some(undone) = &about.undoes {
        mark(undone, &chosen.name)?;
    }
    resumed.carry_out(started)
}

/// Refuses to carry on with what is not meant, was undone, or is of files that are not what they were.
fn check(plan: &Resume, about: &About, phase: Phase, chosen: &Chosen) -> Result<()> {
    check_kind(plan, about, phase, &chosen.name)?;
    if !plan.as_planned && phase != Phase::Finished {
        check_not_undone(&chosen.folder, &chosen.name)?;
    }
    // Of a finished run nobody is left to be sent.
    if !plan.as_planned && about.undoes.is_none() && phase != Phase::Finished {
        check_inputs(about, &chosen.name)?;
    }
    Ok(())
}

/// A run that is carried on with.
struct Resumed<'a> {
    plan: &'a Resume,
    chosen: &'a Chosen,
    journal: &'a Journal,
    /// Where it stood.
    phase: Phase,
    set_up: &'a SetUp,
    sending: &'a Sending,
    pace: &'a Pace<'a>,
    watch: &'a Progress,
}

impl Resumed<'_> {
    fn target(&self) -> &dyn Target {
        self.set_up.target.as_ref()
    }

    fn looking(&self) -> Looking<'_> {
        Looking {
            target: self.target(),
            client: &self.set_up.client,
            pace: self.pace,
            attempts: self.sending.attempts,
            watch: self.watch,
        }
    }

    /// Looks whether the account still has the fields that the run was planned for: it may have become another one
    /// since, or nobody had looked yet.
    fn guard_fields(&self) -> Result<()> {
        let SetUp { sandbox, job, client, .. } = self.set_up;
        if self.phase == Phase::Finished || sandbox.is_some() || self.plan.as_planned {
            return Ok(());
        }
        let planned = self.journal.plan()?;
        let files: Vec<&str> = planned.iter().map(|one| one.file.as_str()).collect();
        let fields = &self.journal.about().fields;
        let shipment = Shipment { folder: &self.chosen.folder, files: &files, fields };
        let looked = guard(job, self.target(), client, &shipment, false)
            .map_err(|error| otherwise(error, &self.chosen.name))?;
        keep_distance(self.pace, self.target().interval(), looked);
        Ok(())
    }

    /// Keeps anew what there is of those who are sent now, where something was kept: it may be old.
    fn renew_before(&self) -> Result<()> {
        let as_planned = self.plan.as_planned;
        if self.phase == Phase::Finished || !as_planned && self.phase == Phase::Planned {
            return Ok(());
        }
        let looking = self.looking();
        let looking = Some(&looking).filter(|_| !as_planned);
        before::renew((&self.chosen.folder, self.journal, self.target()), looking)
    }

    /// Does for a run of which nobody was sent what comes before the sending: asks whose the ids are and who is there,
    /// and then the user.
    fn settle_unsent(&self) -> Result<()> {
        let Self { plan, chosen, journal, .. } = *self;
        let about = journal.about();
        // It may have been killed before all was asked; what was found is in the journal else.
        let attempts = self.sending.attempts;
        let check = Precheck {
            folder: &chosen.folder,
            journal,
            target: self.target(),
            asking: Asking { client: &self.set_up.client, pace: self.pace, attempts },
            shown: &plan.shown,
            quiet: false,
        };
        check.run()?;
        let looking = self.looking();
        let open = journal.tally(Leg::People).not_sent;
        let place = (chosen.folder.as_path(), chosen.name.as_str());
        let there = match (about.plan, about.keeps_before) {
            _ if plan.as_planned => There::default(),
            (true, _) => hold(place, journal, &looking)?,
            // What is kept was kept whole, or not at all; a while may have gone by since.
            (false, true) if open > 0 => before::keep(&chosen.folder, journal, &looking)?,
            (false, _) => There::default(),
        };
        there.tell(&looking, if about.plan { "as planned" } else { "with every value" });
        self.confirm(open.saturating_sub(there.unchanged()))?;
        there.note(journal)
    }

    /// Says what will happen and asks; so many people would be sent.
    fn confirm(&self, left: u64) -> Result<()> {
        let Self { plan, chosen: Chosen { name, .. }, .. } = *self;
        let (about, target) = (self.journal.about(), self.target());
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
        if plan.yes || self.set_up.sandbox.is_some() || left == 0 {
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
        let stop = &self.plan.around.stop;
        if account::yes_unless(stop, "Send them? [y/N] ")? { Ok(()) } else { Err(refused()) }
    }

    /// Sends who is left, and reports.
    fn carry_out(&self, started: Instant) -> Result<ExitStatus> {
        let Self { plan, chosen, journal, set_up, .. } = *self;
        let about = journal.about();
        let ready = Ready {
            folder: &chosen.folder,
            name: chosen.name.clone(),
            journal,
            target: self.target(),
            client: &set_up.client,
            sending: self.sending,
            resend_unknown: plan.resend_unknown,
            pace: self.pace,
            watch: self.watch,
        };
        let mut reports = plan.shown.open(&set_up.job)?;
        let earlier = about.inputs.iter().map(|input| input.name.clone()).collect();
        let title = self.target().kind().title;
        let head = Head { target: title, earlier, ..Head::default() };
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
        if self.phase == Phase::Finished {
            let name = &ready.name;
            let message = format!("run {name} was finished already: nobody was left to send");
            summary.next.push(message);
        }
        let sandbox = set_up.sandbox.as_ref();
        ready.carry_out(&plan.shown, &mut reports, (&mut summary, started), sandbox)
    }
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
