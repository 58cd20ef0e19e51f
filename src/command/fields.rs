//! `fields`: reads the custom fields of an account out of its profiles and keeps them in the lock file.
//!
//! Tools that do the like call it discover (Singer, Airbyte), describe (Salesforce) or pull (Prisma).
//! Here verbs that show something are called after it, as `rows` and `targets` are, and "custom fields"
//! is what the people who use it call it.

mod gather;
pub(super) mod guard;
mod show;

use self::gather::gather;
use self::show::Page;
use super::{account, print, print_json, tell};
use crate::error::{Error, ExitStatus, Result};
use crate::lock::{Lock, Unseen, changes, renewed};
use crate::plan::Job;
use crate::target::{Custom, Target};

/// What `fields` does.
#[derive(Clone, Debug)]
pub struct Fields {
    /// The target and the recipe; no files.
    pub job: Job,
    /// Where the lock lies or will lie, and what it says if it is there.
    pub lock: Lock,
    /// What becomes of the lock.
    pub purpose: Purpose,
    /// What becomes of fields that no profile shows.
    pub unseen: Unseen,
    /// Whether the page is one JSON object.
    pub json: bool,
    /// Whether to say how far it is.
    pub quiet: bool,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
}

/// What the fields are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To write the lock.
    Write,
    /// To see whether the lock still holds.
    Check,
}

/// Reads all profiles, says what is otherwise than the lock has it, and writes the lock anew.
///
/// # Errors
/// When the profiles cannot be read, or the lock cannot be written.
pub fn fields(plan: &Fields) -> Result<ExitStatus> {
    let target = plan.job.target()?;
    let (id, title) = (target.kind().id, target.kind().title);
    let custom = custom_of(target.as_ref())?;
    let old = plan.lock.account(id);
    if plan.purpose == Purpose::Check && old.is_none() {
        return Err(Error::usage(
            format!("there is nothing about {title} in the lock file {:?}", plan.lock.path),
            format!("write it: {}", plan.job.fields_line(None)),
        ));
    }
    let placed = |error| plan.job.recipe.at(&[id, "base_url"], error);
    let base = target.base_url().map_err(placed)?;
    let secret = account::secret(target.as_ref(), None, plan.environment)?;
    let client =
        account::client(target.as_ref(), &secret, &plan.job.recipe.sending).map_err(placed)?;
    let mut progress = gather::Progress::new(plan.quiet, "reading the custom fields of", title);
    let stop = &plan.job.stop;
    let gathered = gather(target.as_ref(), &client, stop, &custom, &mut |harvest, pages| {
        progress.tell(harvest, pages, None);
        false
    })?;
    // What was read elsewhere says nothing about this account.
    let before = old.filter(|account| account.base_url == base);
    let harvest = &gathered.harvest;
    let changes = before.map(|account| changes(&account.fields, &harvest.fields()));
    let unseen = if gathered.gap.is_some() { Unseen::Untouched } else { plan.unseen };
    let now = renewed(before, harvest, &base, plan.job.today, unseen);
    let page = Page {
        title,
        id,
        old,
        changes: changes.as_deref(),
        now: &now,
        gathered: &gathered,
        lock: &plan.lock.path,
        next_line: plan.job.fields_line(None),
        purpose: plan.purpose,
    };
    let drifted = page.has_drifted();
    if plan.purpose == Purpose::Write {
        let mut lock = plan.lock.clone();
        lock.accounts.insert(id.to_owned(), now.clone());
        lock.write()?;
    }
    if plan.json {
        print_json(&page.json())?;
    } else {
        print(&page.text())?;
    }
    if let Some(gap) = &gathered.gap {
        tell(&format!(
            "warning: not everybody was seen: {gap}. Fields that were not seen are left as they were; \
             run it again"
        ));
    }
    let stopped = plan.purpose == Purpose::Check && drifted;
    Ok(if stopped { ExitStatus::Guard } else { ExitStatus::Good })
}

/// How a target's profiles show custom fields.
fn custom_of(target: &dyn Target) -> Result<Custom> {
    target.custom().ok_or_else(|| {
        let title = target.kind().title;
        Error::usage(
            format!("{title} shows no definitions of custom fields"),
            format!(
                "upsheet targets {} says how its own attributes are named in a mapping",
                target.kind().id
            ),
        )
    })
}
