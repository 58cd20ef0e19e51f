//! `resume`: carries on with a run that ended before its end, or was killed.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::push::{LOCK, RECIPE, failed, print, refused};
use super::sending::{Ready, finish};
use super::{Shown, account, end};
use crate::error::{Error, ExitStatus, Result};
use crate::journal::{About, InputPrint, Journal, ObjectLock, Phase, RunLock, Runs};
use crate::lock::Lock;
use crate::plan::Job;
use crate::progress::Progress;
use crate::recipe::{Recipe, Sending};
use crate::report::{Counts, Head, Summary, counted};
use crate::sandbox::Variants;
use crate::target::{Operation, Overrides, Target};
use crate::visible::visible;

/// What `resume` does.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the command line")]
pub struct Resume {
    /// The run, by its id, the beginning of it or its folder; the last one where none is named.
    pub run: Option<String>,
    /// How results are shown.
    pub shown: Shown,
    /// Where run folders lie.
    pub state: PathBuf,
    /// Whether that is where they lie when nobody says.
    pub state_is_usual: bool,
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Whether the user has said yes beforehand.
    pub yes: bool,
    /// Whether what was planned is sent though a file is not what it was.
    pub as_planned: bool,
    /// Whether those of unknown outcome are sent again, however long ago they were sent.
    pub resend_unknown: bool,
    /// Requests that may be under way at once.
    pub concurrency: Option<usize>,
    /// Requests a second.
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
    let runs = Runs::new(&plan.state);
    let folder = match &plan.run {
        Some(word) => runs.find(word)?,
        None => runs.last()?,
    };
    let _own = RunLock::take(&folder)?;
    let journal = Journal::open(&folder)?;
    let about = journal.about();
    let (phase, _) = journal.phase()?;
    let name = name_by(plan, &folder);
    if phase == Phase::Purged {
        return Err(Error::Guard {
            message: format!("run {name} was purged: whom it would send is not kept any more"),
            help: "push the file again".to_owned(),
        });
    }
    if !plan.as_planned {
        check_inputs(about, &name)?;
    }
    let sandbox = account::stand_in(about.sandbox.as_deref(), &plan.variants)?;
    let mut job = job(plan, &folder, about)?;
    if let Some(sandbox) = &sandbox {
        job.overrides.base_url = sandbox.url_of(&about.target);
    }
    let target = job.target()?;
    check_target(about, target.as_ref(), sandbox.is_some(), &name)?;
    let secret = account::secret(target.as_ref(), sandbox.as_ref(), plan.environment)?;
    let client = account::client(target.as_ref(), &secret, &job.recipe.sending)?;
    let _alone = ObjectLock::take(&plan.state, &about.object, &name_of(&folder))?;
    if phase == Phase::Planned {
        confirm(plan, about, target.as_ref(), sandbox.is_some())?;
    }
    let said = job.recipe.sending.clone();
    let sending = Sending { concurrency: plan.concurrency.unwrap_or(said.concurrency), ..said };
    let ready = Ready {
        folder: &folder,
        name,
        journal: &journal,
        target: target.as_ref(),
        client: &client,
        sending: &sending,
        resend_unknown: plan.resend_unknown,
        stop: &plan.stop,
        watch: &Progress::new(&plan.shown.voice),
    };
    let mut reports = plan.shown.open(&job)?;
    let head = Head { sheets: Vec::new(), notes: Vec::new(), target: target.kind().title };
    for report in &mut reports {
        report.begin(&head)?;
    }
    let delivered = ready.send()?;
    let mut summary = Summary {
        counts: Counts {
            rows: about.rows,
            valid: about.valid,
            rejected: about.rejected,
            skipped: about.skipped,
        },
        // Who was rejected when it was planned fails the run now as then.
        stopped: about.rejected,
        ..Summary::default()
    };
    ready.tell(&delivered, &mut summary)?;
    summary.seconds = started.elapsed().as_secs_f64();
    if phase == Phase::Finished {
        summary
            .next
            .push(format!("run {} was finished already: nobody was left to send", ready.name));
    }
    summary.next.extend(failed(&ready.name, &delivered.tally, summary.counts.rejected));
    summary.next.extend(ready.last_words(&delivered, sandbox.as_ref()));
    end(&mut reports, &summary)?;
    finish(delivered, &summary)
}

/// The word by which the run is resumed once more: an id is not enough where it lies elsewhere than usual.
fn name_by(plan: &Resume, folder: &Path) -> String {
    match &plan.run {
        Some(word) if plan.state_is_usual || Path::new(word).is_dir() => word.clone(),
        None if plan.state_is_usual => name_of(folder),
        _ => visible(&folder.display().to_string()),
    }
}

fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// What the target is set up by: the recipe and the lock file as they were when the run was planned.
fn job(plan: &Resume, folder: &Path, about: &About) -> Result<Job> {
    let path = folder.join(RECIPE);
    let text = std::fs::read_to_string(&path)
        .map_err(|source| Error::RecipeIo { path: path.clone(), source })?;
    let said = about.recipe.as_deref().unwrap_or(&path);
    let recipe = Recipe::parse(text, &said.display().to_string())?;
    let lock = folder.join(LOCK);
    let lock = if lock.exists() { Some(Lock::load(&lock)?) } else { None };
    let words = [Operation::Create, Operation::Update, Operation::Upsert];
    let operation = |word: &String| words.into_iter().find(|one| one.word() == word);
    let job = Job {
        recipe,
        target: Some(about.target.clone()),
        overrides: Overrides {
            operation: about.overrides.operation.as_ref().and_then(operation),
            matched_by: about.overrides.matched_by.clone(),
            batch_size: about.overrides.batch_size,
            rate: plan.rate,
            ..Overrides::default()
        },
        stop: Arc::clone(&plan.stop),
        ..Job::default()
    };
    Ok(job.with_lock(lock))
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

/// Refuses to carry on with other requests than those that were planned.
fn check_target(about: &About, target: &dyn Target, in_sandbox: bool, name: &str) -> Result<()> {
    let base = target.base_url()?;
    let what = if !in_sandbox && base != about.base_url {
        format!("{base} and not {}", about.base_url)
    } else if target.operation().word() != about.operation
        || target.match_field() != about.match_key
    {
        format!("{} and not {} by {}", target.action(), about.operation, about.match_key)
    } else {
        return Ok(());
    };
    Err(Error::Guard {
        message: format!("run {name} would go on as {}", visible(&what)),
        help: "push the file again".to_owned(),
    })
}

/// Asks, where the run was killed before the answer.
fn confirm(plan: &Resume, about: &About, target: &dyn Target, in_sandbox: bool) -> Result<()> {
    if target.invites() {
        return Err(Error::Guard {
            message: "the run was stopped before the number of invitations was confirmed"
                .to_owned(),
            help: "push the file again, with --expect-invites".to_owned(),
        });
    }
    if plan.yes || in_sandbox || about.valid == 0 {
        return Ok(());
    }
    plan.shown.line(&format!(
        "{} ready, {} left out\n  target        {}, {}, {}\n  side effects  {}",
        counted(about.valid, "person", "people"),
        about.rejected + about.skipped,
        target.kind().title,
        visible(&target.action()),
        visible(&about.base_url),
        target.side_effects(),
    ));
    if account::yes("Send them? [y/N] ") { Ok(()) } else { Err(refused()) }
}
