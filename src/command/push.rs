//! `push`: builds the payloads into a run folder, asks, sends, and says what became of everybody.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use super::build::{REPORTS, about as manifest};
use super::earlier::unfinished;
use super::fields::guard::{Shipment, guard, keep_distance};
use super::precheck::Precheck;
use super::rerun::name_of;
use super::sending::Ready;
use super::{Shown, Whole, account, end, judge, status, tell_forbidden};
use crate::batch::hex;
use crate::error::{Error, ExitStatus, Result};
use crate::failpoint::{Point, Way, hit, is_broken};
use crate::journal::{About, InputPrint, Journal, ObjectLock, Overrides, Planned, RunLock, Runs};
use crate::plan::{Job, Opened};
use crate::private;
use crate::progress::Progress;
use crate::recipe::Sending;
use crate::report::{self, Summary, counted};
use crate::results::kept::{self, Keeper};
use crate::sandbox::Variants;
use crate::visible::visible;
use crate::writer::after::Asking;
use crate::writer::files::{Entry, Folder};
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
    /// How many invitations the user expects.
    pub expect_invites: Option<u64>,
    /// Whether to say nothing beside the report.
    pub quiet: bool,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
}

/// The names under which a run folder keeps the recipe and the lock file by which it was planned.
pub(super) const RECIPE: &str = "recipe.toml";
pub(super) const LOCK: &str = "upsheet.lock";

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
    let client = account::client(target.as_ref(), &secret, &plan.sending).map_err(placed)?;
    let mut reports = plan.shown.open(&job)?;
    let mut opened = job.open()?;
    let prints = prints(&opened);
    let runs = Runs::new(&plan.state);
    let mut run = runs.create(plan.job.today)?;
    let _own = RunLock::take(run.path())?;
    let mut folder = Folder::create(run.path(), true, true)?;
    for (stem, ending, form) in REPORTS {
        if let Some(kind) = report::find(form) {
            reports
                .push(Box::new(Whole::open(&run.path().join(format!("{stem}.{ending}")), kind)?));
        }
    }
    reports.push(Box::new(Keeper::new(folder.subfolder(kept::FOLDER)?)));
    let mut summary = judge(&mut opened, &plan.job, &mut reports, &mut folder)?;
    // The rows are on the disk before anything is sent.
    if let Some(mut keeper) = reports.pop() {
        keeper.end(&summary)?;
    }
    if summary.is_forbidden() {
        end(&mut reports, &summary)?;
        tell_forbidden(&summary, "nothing was sent");
        return Ok(status(&summary));
    }
    let entries = folder.finish(&manifest(&opened))?;
    make_last(run.path())?;
    let object = object(&base, job.target_id(), plan.sandbox.as_deref());
    let about = About {
        inputs: prints
            .and_then(|taken| taken.join().ok())
            .unwrap_or_else(|| print_all(&paths(&opened)))?,
        ..about(plan, &opened, &summary, (&base, &object))
    };
    keep_rules(run.path(), &job)?;
    hit(Point::BeforeJournal);
    let journal = Journal::create(run.path(), &about, &planned(&entries)).map_err(not_begun)?;
    hit(Point::AfterJournal);
    let _alone = ObjectLock::take(&plan.state, &object, run.id())?;
    let looked = if sandbox.is_none() && !entries.is_empty() {
        let files: Vec<&str> = entries.iter().map(|entry| entry.file.as_str()).collect();
        let shipment = Shipment { folder: run.path(), files: &files, fields: &about.fields };
        guard(&job, opened.target.as_ref(), &client, &shipment, plan.quiet)?
    } else {
        None
    };
    let watch = Progress::new(&plan.shown.voice);
    let interval = opened.target.interval();
    let pace = Pace::new(interval, &plan.job.stop).watched(&watch);
    keep_distance(&pace, interval, looked);
    let check = Precheck {
        folder: run.path(),
        journal: &journal,
        target: opened.target.as_ref(),
        asking: Asking { client: &client, pace: &pace, attempts: plan.sending.attempts },
        shown: &plan.shown,
        quiet: plan.quiet,
    };
    let conflicts = check.run()?;
    let earlier = unfinished(&runs, run.id(), &about, plan.state_is_usual)?;
    let asks = !(plan.yes || plan.sandbox.is_some());
    if let Some(earlier) = earlier.filter(|_| summary.counts.valid > 0 && (asks || !plan.quiet)) {
        plan.shown.line(&earlier);
    }
    confirm(plan, &opened, &summary, &base, (entries.len(), conflicts))?;
    // Until here nothing was sent, so nothing of the run had to be kept.
    run.keep();
    hit(Point::Keeping);
    let ready = Ready {
        folder: run.path(),
        name: name_of(run.path(), plan.state_is_usual.then_some(&plan.state)),
        journal: &journal,
        target: opened.target.as_ref(),
        client: &client,
        sending: &plan.sending,
        resend_unknown: false,
        pace: &pace,
        watch: &watch,
    };
    let ended =
        ready.carry_out(&plan.shown, &mut reports, (&mut summary, started), sandbox.as_ref());
    let is_broken_off = matches!(ended, Err(Error::PartWay { .. }));
    if summary.counts.rejected == 0 && !is_broken_off {
        for table in opened.head.tables().0 {
            let path = run.path().join(table.file("rejects", "csv"));
            let removed = std::fs::remove_file(&path);
            removed.map_err(|source| {
                ready.part_way(Error::Output { path, action: "remove", source })
            })?;
        }
    }
    ended
}

/// A journal that cannot be made stops a run of which nothing is left to carry on with.
fn not_begun(error: Error) -> Error {
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
fn whole(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

fn planned(entries: &[Entry]) -> Vec<Planned> {
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
fn make_last(folder: &Path) -> Result<()> {
    let folders = ["payloads", "after", "."].map(|name| folder.join(name));
    folders.iter().filter(|folder| folder.is_dir()).try_for_each(|path| {
        let path = path.clone();
        private::sync(&path).map_err(|source| Error::Output { path, action: "write into", source })
    })
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
        Some(lock) => {
            let text = std::fs::read(&lock.path)
                .map_err(|source| Error::LockIo { path: lock.path.clone(), source })?;
            keep(LOCK, &text)
        }
        None => Ok(()),
    }
}

/// Says what will happen and asks. Nothing is sent before the answer.
fn confirm(
    plan: &Push,
    opened: &Opened,
    summary: &Summary,
    base: &str,
    (batches, conflicts): (usize, u64),
) -> Result<()> {
    let target = &opened.target;
    let counts = summary.counts;
    let invited = counts.valid - conflicts;
    if target.invites() && invited > 0 && plan.expect_invites != Some(invited) {
        return Err(Error::Guard {
            message: format!(
                "{} would mail an invitation to each of {} people",
                target.kind().title,
                invited
            ),
            help: format!(
                "if that is wanted, add --expect-invites {}; else set enabled = false under \
                 [{}.invite] in the recipe. Nothing was sent",
                invited,
                target.kind().id
            ),
        });
    }
    if plan.yes || plan.sandbox.is_some() || counts.valid == 0 {
        return Ok(());
    }
    plan.shown.line(&format!(
        "{} ready, {} left out{}\n  target        {}, {}, {}\n  side effects  {}\n  sends         \
         {batches} request{}",
        counted(counts.valid - conflicts, "person", "people"),
        counts.rejected + counts.skipped,
        match conflicts {
            0 => String::new(),
            some => format!(", {some} not sent because an identity is of another profile"),
        },
        target.kind().title,
        visible(&target.action()),
        base,
        target.side_effects(),
        if batches == 1 { "" } else { "s" },
    ));
    if account::yes("Send them? [y/N] ") { Ok(()) } else { Err(refused()) }
}

/// Nobody said yes.
pub(super) fn refused() -> Error {
    Error::Guard {
        message: "nothing was sent, because nobody said yes".to_owned(),
        help: "answer y, or add --yes where nobody can answer".to_owned(),
    }
}
