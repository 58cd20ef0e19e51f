//! What `push` and `plan` share: from the files to a run of which everything is planned and nothing was
//! sent.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use sha2::{Digest as _, Sha256};

use super::build::{REPORTS, about as manifest};
use super::fields::guard::{Shipment, guard, keep_distance};
use super::precheck::Precheck;
use super::push::{LookUp, Push};
use super::{Whole, account, end, judge, status, tell_forbidden};
use crate::batch::hex;
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint::{Point, Way, hit, is_broken};
use crate::journal::{
    About, InputPrint, Journal, ObjectLock, Overrides, Planned, Run, RunLock, Runs,
};
use crate::plan::{Job, Opened};
use crate::private;
use crate::report::{self, Head, Report, Summary};
use crate::results::kept::{self, Keeper};
use crate::sandbox::Sandbox;
use crate::writer::after::Asking;
use crate::writer::api::Client;
use crate::writer::files::{Entry, Folder};
use crate::writer::pace::Pace;

/// The names under which a run folder keeps the recipe and the lock file by which it was planned.
pub(super) const RECIPE: &str = "recipe.toml";
pub(super) const LOCK: &str = "upsheet.lock";

/// A run of which everything is planned and nothing was sent. Its folder goes when this is dropped, unless
/// the run is kept.
pub(super) struct Staged {
    /// The recipe and what was said over it.
    job: Job,
    /// What was read, and the target that was set up.
    pub(super) opened: Opened,
    /// A client that has the key.
    pub(super) client: Client,
    /// Where the API is.
    pub(super) base: String,
    /// The counts of rows.
    pub(super) summary: Summary,
    /// The reports, which have got every row and are not ended.
    pub(super) reports: Vec<Box<dyn Report>>,
    /// How many requests there will be.
    entries: Vec<Entry>,
    /// The run as its journal has it.
    pub(super) about: About,
    /// Its journal.
    pub(super) journal: Journal,
    /// What stands in for the target, if anything does.
    pub(super) sandbox: Option<Sandbox>,
    _alone: ObjectLock,
    _own: RunLock,
    /// The folder.
    pub(super) run: Run,
}

/// What became of the files.
pub(super) enum Stage {
    /// Everything is planned.
    Ready(Box<Staged>),
    /// Something forbids to go on; it was told.
    Forbidden(ExitStatus),
}

/// Reads and judges everybody, and makes the requests in the folder of a new run.
///
/// # Errors
/// When the input, the credentials or the folder are in the way; nothing is left then.
pub(super) fn stage(
    plan: &Push,
    make: impl FnOnce(&Runs) -> Result<Run>,
    is_plan: bool,
) -> Result<Stage> {
    let mut job = plan.job.clone();
    let sandbox = account::stand_in(plan.sandbox.as_deref(), &plan.variants)?;
    if let Some(sandbox) = &sandbox {
        job.overrides.base_url = sandbox.url_of(job.target_id());
    }
    let target = job.target()?;
    let placed = |error| job.recipe.at(&[job.target_id(), "base_url"], error);
    let base = target.base_url().map_err(placed)?;
    let secret = account::secret(target.as_ref(), sandbox.as_ref(), plan.environment)?;
    let client = account::client(target.as_ref(), &secret, &plan.sending).map_err(placed)?;
    let mut reports = plan.shown.open(&job)?;
    let mut opened = job.open()?;
    let prints = prints(&opened);
    let mut run = make(&Runs::new(&plan.state))?;
    let own = RunLock::take(run.path())?;
    run.claim()?;
    let mut folder = Folder::create(run.path(), true, true)?;
    for (stem, ending, form) in REPORTS {
        if let Some(kind) = report::find(form) {
            reports
                .push(Box::new(Whole::open(&run.path().join(format!("{stem}.{ending}")), kind)?));
        }
    }
    reports.push(Box::new(Keeper::new(folder.subfolder(kept::FOLDER)?)));
    let summary = judge(&mut opened, &plan.job, &mut reports, &mut folder)?;
    // The rows are on the disk before anything is sent.
    if let Some(mut keeper) = reports.pop() {
        keeper.end(&summary)?;
    }
    if summary.is_forbidden() {
        end(&mut reports, &summary)?;
        tell_forbidden(&summary, if is_plan { "nothing was planned" } else { "nothing was sent" });
        return Ok(Stage::Forbidden(status(&summary)));
    }
    let entries = folder.finish(&manifest(&opened))?;
    make_last(run.path())?;
    let object = object(&base, job.target_id(), plan.sandbox.as_deref());
    let about = About {
        inputs: prints
            .and_then(|taken| taken.join().ok())
            .unwrap_or_else(|| print_all(&paths(&opened)))?,
        plan: is_plan,
        rules: rules(&job)?,
        ..about(plan, &opened, &summary, (&base, &object))
    };
    keep_rules(run.path(), &job)?;
    hit(Point::BeforeJournal);
    let journal = Journal::create(run.path(), &about, &planned(&entries)).map_err(not_begun)?;
    let journal = journal.alone(job.threads == 1);
    hit(Point::AfterJournal);
    let alone = ObjectLock::take(&plan.state, &object, run.id())?;
    Ok(Stage::Ready(Box::new(Staged {
        job,
        opened,
        client,
        base,
        summary,
        reports,
        entries,
        about,
        journal,
        sandbox,
        _alone: alone,
        _own: own,
        run,
    })))
}

impl Staged {
    /// How many requests there will be.
    pub(super) fn requests(&self) -> usize {
        self.entries.len()
    }

    /// Asks the target all that must be known before anybody is sent. Gives how many people are not to be
    /// sent, because an id of theirs is of another profile.
    ///
    /// # Errors
    /// [`Error::Guard`] when custom fields or words are not what they were; when the target does not answer.
    pub(super) fn ask(&self, plan: &Push, pace: &Pace<'_>) -> Result<u64> {
        let target = self.opened.target.as_ref();
        let looked = if self.sandbox.is_none() && !self.entries.is_empty() {
            let files: Vec<&str> = self.entries.iter().map(|entry| entry.file.as_str()).collect();
            let folder = self.run.path();
            let shipment = Shipment { folder, files: &files, fields: &self.about.fields };
            guard(&self.job, target, &self.client, &shipment, plan.quiet)?
        } else {
            None
        };
        keep_distance(pace, target.interval(), looked);
        let check = Precheck {
            folder: self.run.path(),
            journal: &self.journal,
            target,
            asking: Asking { client: &self.client, pace, attempts: plan.sending.attempts },
            shown: &plan.shown,
            quiet: plan.quiet,
        };
        check.run()
    }
}

/// Takes the files of rejected rows out of the folder of a run where there are none.
///
/// # Errors
/// When one cannot be removed.
pub(super) fn drop_empty_rejects(folder: &Path, head: &Head, summary: &Summary) -> Result<()> {
    if summary.counts.rejected > 0 {
        return Ok(());
    }
    head.tables().0.iter().try_for_each(|table| {
        let path = folder.join(table.file("rejects", "csv"));
        let removed = std::fs::remove_file(&path);
        removed.map_err(|source| Error::Output { path, action: "remove", source })
    })
}

/// A journal that cannot be made stops a run of which nothing is left to carry on with.
pub(super) fn not_begun(error: Error) -> Error {
    match error {
        Error::Journal { path, why } => {
            Error::Output { path, action: "write", source: std::io::Error::other(why) }
        }
        other => other,
    }
}

/// What the lock of a target is about: the account, as far as we can tell one from another.
fn object(base: &str, target: &str, sandbox: Option<&Path>) -> String {
    match sandbox {
        Some(data) => format!("{target} sandbox {}", whole(data).display()),
        None => format!("{target} {}", base.trim_end_matches('/')),
    }
}

/// A path that means the same wherever the process is started.
pub(super) fn whole(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

pub(super) fn planned(entries: &[Entry]) -> Vec<Planned> {
    let planned = |(number, entry): (u32, &Entry)| Planned {
        number,
        file: entry.file.clone(),
        sha256: entry.sha256.clone(),
        places: entry.places.clone(),
    };
    let mut entries = entries;
    if let [first, .., last] = entries
        && last.profiles < first.profiles
        && is_broken(Way::DropLast)
    {
        entries = entries.split_last().map_or(entries, |(_, before)| before);
    }
    (1..).zip(entries).map(planned).collect()
}

/// What a later process must know to carry on with the run.
fn about(plan: &Push, opened: &Opened, summary: &Summary, (base, object): (&str, &str)) -> About {
    let target = opened.target.as_ref();
    let frame = target.frame();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let overrides = &plan.job.overrides;
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        began: jiff::Timestamp::now().as_millisecond(),
        target: target.kind().id.to_owned(),
        title: target.kind().title.to_owned(),
        base_url: base.to_owned(),
        object: object.to_owned(),
        operation: target.operation().word().to_owned(),
        match_key: target.match_field().to_owned(),
        sandbox: plan.sandbox.as_deref().map(whole),
        state: Some(whole(&plan.state)),
        keeps_before: plan.look_up == LookUp::Everybody,
        words: plan.job.said.clone(),
        recipe: plan.job.recipe.path.as_deref().map(whole),
        overrides: Overrides {
            operation: overrides.operation.map(|operation| operation.word().to_owned()),
            matched_by: overrides.matched_by.clone(),
            batch_size: overrides.batch_size,
            rate: overrides.rate,
            concurrency: said_concurrency(plan),
        },
        fields: opened.rules.fields().iter().map(|field| field.name.to_string()).collect(),
        frame_head: text(frame.head),
        frame_tail: text(frame.tail),
        rows: summary.counts.rows,
        valid: summary.counts.valid,
        rejected: summary.counts.rejected,
        fails: Some(summary.stopped),
        skipped: summary.counts.skipped,
        ..About::default()
    }
}

/// What the command said over the recipe of the requests that are under way at once.
fn said_concurrency(plan: &Push) -> Option<usize> {
    let said = plan.sending.concurrency;
    (said != plan.job.recipe.sending.concurrency).then_some(said)
}

fn paths(opened: &Opened) -> Vec<PathBuf> {
    opened.inputs.iter().map(|input| input.facts.path.clone()).collect()
}

/// Begins to take the prints of the inputs while their rows are judged, where they can be read twice.
fn prints(opened: &Opened) -> Option<JoinHandle<Result<Vec<InputPrint>>>> {
    let paths = paths(opened);
    let are_files = paths.iter().all(|path| path.is_file());
    are_files.then(|| std::thread::spawn(move || print_all(&paths)))
}

fn print_all(paths: &[PathBuf]) -> Result<Vec<InputPrint>> {
    paths.iter().map(|path| print(path)).collect()
}

/// By what an input is known again.
pub(super) fn print(path: &Path) -> Result<InputPrint> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    if path.as_os_str() == "-" {
        return Ok(InputPrint {
            path: path.to_owned(),
            name,
            stdin: true,
            ..InputPrint::default()
        });
    }
    let failed = |source| Error::InputIo { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 256 * 1024];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut block).map_err(failed)?;
        if read == 0 {
            break;
        }
        digest.update(block.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
    Ok(InputPrint { path: whole(path), name, bytes, sha256: hex(&digest.finalize()), stdin: false })
}

/// Makes the names of the payload files last; what stands in them is made to last before it is sent.
pub(super) fn make_last(folder: &Path) -> Result<()> {
    let folders = ["payloads", "after", "."].map(|name| folder.join(name));
    folders.iter().filter(|folder| folder.is_dir()).try_for_each(|path| {
        let path = path.clone();
        private::sync(&path).map_err(|source| Error::Output { path, action: "write into", source })
    })
}

/// The print of what the target is set up by.
fn rules(job: &Job) -> Result<String> {
    let lock = job.lock.as_ref().map(|lock| read_lock(&lock.path)).transpose()?;
    Ok(print_of_rules(job.recipe.text().as_bytes(), lock.as_deref()))
}

fn print_of_rules(recipe: &[u8], lock: Option<&[u8]>) -> String {
    let mut digest = Sha256::new();
    // Which of the two a byte is of counts as well.
    digest.update(Sha256::digest(recipe));
    digest.update(lock.map(Sha256::digest).unwrap_or_default());
    hex(&digest.finalize())
}

/// The print of the rules in the folder of a run.
///
/// # Errors
/// When the recipe cannot be read.
pub(super) fn kept_rules(folder: &Path) -> Result<String> {
    let recipe = folder.join(RECIPE);
    let text = std::fs::read(&recipe)
        .map_err(|source| Error::RecipeIo { path: recipe.clone(), source })?;
    let lock = Some(folder.join(LOCK)).filter(|lock| lock.exists());
    let lock = lock.as_deref().map(read_lock).transpose()?;
    Ok(print_of_rules(&text, lock.as_deref()))
}

fn read_lock(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::LockIo { path: path.to_owned(), source })
}

/// Keeps what the target was set up by beside the run.
fn keep_rules(folder: &Path, job: &Job) -> Result<()> {
    let keep = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        let written = private::new_file(&path).and_then(|mut file| file.write_all(text));
        written.map_err(|source| Error::Output { path, action: "write", source })
    };
    keep(RECIPE, job.recipe.text().as_bytes())?;
    match &job.lock {
        Some(lock) => keep(LOCK, &read_lock(&lock.path)?),
        None => Ok(()),
    }
}
