//! `push`: builds the payloads into a run folder, asks, sends, and says what became of everybody.

use std::path::PathBuf;
use std::time::Instant;

use super::earlier::unfinished;
use super::looking::Looking;
use super::plan::{There, before};
use super::rerun::name_of;
use super::sending::Ready;
use super::staging::{Stage, Staged, drop_empty_rejects, stage};
use super::{Shown, account};
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint::{Point, hit};
use crate::journal::Runs;
use crate::plan::Job;
use crate::progress::Progress;
use crate::recipe::Sending;
use crate::report::counted;
use crate::sandbox::Variants;
use crate::visible::visible;
use crate::writer::pace::Pace;

/// What `push` does.
#[derive(Clone, Debug)]
pub struct Push {
    /// The people.
    pub job: Job,
    /// How results are shown.
    pub shown: Shown,
    /// Where run folders lie.
    pub state: PathBuf,
    /// Whether that is where they lie when nobody says.
    pub state_is_usual: bool,
    /// The data folder of the sandbox, when it stands in for the target.
    pub sandbox: Option<PathBuf>,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// How it is sent.
    pub sending: Sending,
    /// Who is looked up before anybody is sent.
    pub look_up: LookUp,
    /// How many invitations the user expects.
    pub expect_invites: Option<u64>,
    /// Whether to say nothing beside the report.
    pub quiet: bool,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
}

/// Who is looked up at the target before anybody is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LookUp {
    /// Nobody, beyond what the guards of a push ask for.
    #[default]
    Nobody,
    /// Everybody, and what there is of them is kept, so that the run can be undone.
    Everybody,
}

/// Sends everybody who can be sent.
///
/// # Errors
/// When nothing could be sent: the input, the credentials, the target or a guard is in the way.
pub fn push(plan: &Push) -> Result<ExitStatus> {
    let started = Instant::now();
    let make = |runs: &Runs| runs.create(plan.job.today);
    let mut staged = match stage(plan, make, false)? {
        Stage::Ready(staged) => staged,
        Stage::Forbidden(status) => return Ok(status),
    };
    let watch = Progress::new(&plan.shown.voice);
    let pace = Pace::new(staged.opened.target.interval(), &plan.job.stop).watched(&watch);
    let conflicts = staged.ask(plan, &pace)?;
    let runs = Runs::new(&plan.state);
    let earlier = unfinished(&runs, staged.run.id(), &staged.about, plan.state_is_usual)?;
    let asks = !(plan.yes || plan.sandbox.is_some());
    let valid = staged.summary.counts.valid;
    if let Some(earlier) = earlier.filter(|_| valid > 0 && (asks || !plan.quiet)) {
        plan.shown.line(&earlier);
    }
    let there = look_up(plan, &staged, (&pace, &watch))?;
    confirm(plan, &staged, conflicts, there.unchanged())?;
    there.note(&staged.journal)?;
    // Until here nothing was sent, so nothing of the run had to be kept.
    staged.run.keep();
    hit(Point::Keeping);
    let Staged { run, journal, opened, client, reports, summary, sandbox, .. } = &mut *staged;
    let ready = Ready {
        folder: run.path(),
        name: name_of(run.path(), plan.state_is_usual.then_some(&plan.state)),
        journal,
        target: opened.target.as_ref(),
        client,
        sending: &plan.sending,
        resend_unknown: false,
        pace: &pace,
        watch: &watch,
    };
    let ended = ready.carry_out(&plan.shown, reports, (summary, started), sandbox.as_ref());
    if !matches!(ended, Err(Error::PartWay { .. })) {
        drop_empty_rejects(run.path(), &opened.head, summary)
            .map_err(|error| ready.part_way(error))?;
    }
    ended
}

/// Looks everybody up, where that is asked for, and keeps what there is of them. Gives those who are there with
/// every value, and are not sent.
fn look_up(plan: &Push, staged: &Staged, (pace, watch): (&Pace<'_>, &Progress)) -> Result<There> {
    if plan.look_up == LookUp::Nobody || staged.summary.counts.valid == 0 {
        return Ok(There::default());
    }
    let looking = Looking {
        target: staged.opened.target.as_ref(),
        client: &staged.client,
        pace,
        attempts: plan.sending.attempts,
        watch,
    };
    let there = before::keep(staged.run.path(), &staged.journal, &looking)?;
    there.tell(&looking, "with every value");
    Ok(there)
}

/// Says what will happen and asks. Nothing is sent before the answer.
fn confirm(plan: &Push, staged: &Staged, conflicts: u64, there: u64) -> Result<()> {
    let target = &staged.opened.target;
    let counts = staged.summary.counts;
    let batches = staged.requests();
    let sent = counts.valid - conflicts - there;
    if target.invites() && sent > 0 && plan.expect_invites != Some(sent) {
        return Err(Error::Guard {
            message: format!(
                "{} would mail an invitation to each of {} people",
                target.kind().title,
                sent
            ),
            help: format!(
                "if that is wanted, add --expect-invites {}; else set enabled = false under \
                 [{}.invite] in the recipe. Nothing was sent",
                sent,
                target.kind().id
            ),
        });
    }
    if plan.yes || plan.sandbox.is_some() || counts.valid == 0 {
        return Ok(());
    }
    plan.shown.line(&format!(
        "{} ready, {} left out{}\n  target        {}, {}, {}\n  side effects  {}\n  sends         \
         {batches} request{}{}",
        counted(sent, "person", "people"),
        counts.rejected + counts.skipped,
        match conflicts {
            0 => String::new(),
            some => format!(", {some} not sent because an identity is of another profile"),
        },
        target.kind().title,
        visible(&target.action()),
        staged.base,
        target.side_effects(),
        if batches == 1 { "" } else { "s" },
        if plan.sending.canary && sent > 1 {
            ", and the first person alone beforehand"
        } else {
            ""
        },
    ));
    if account::yes_unless(&plan.job.stop, "Send them? [y/N] ")? { Ok(()) } else { Err(refused()) }
}

/// Nobody said yes.
pub(super) fn refused() -> Error {
    Error::Guard {
        message: "nothing was sent, because nobody said yes".to_owned(),
        help: "answer y, or add --yes where nobody can answer".to_owned(),
    }
}
