//! What the verbs about an earlier run share: which run is meant, by which word it is called again, and its
//! target, set up as it was when the run was planned.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::account;
use super::staging::{LOCK, RECIPE};
use crate::error::{Error, Result};
use crate::journal::{About, Runs};
use crate::lock::Lock;
use crate::plan::{Job, shell_word};
use crate::recipe::Recipe;
use crate::sandbox::{Sandbox, Variants};
use crate::target::{Operation, Overrides, Target};
use crate::visible::visible;
use crate::writer::api::Client;

/// Which run is meant.
#[derive(Clone, Debug)]
pub struct Which {
    /// Its id, the beginning of it or its folder; the last one where none is named.
    pub run: Option<String>,
    /// Where run folders lie.
    pub state: PathBuf,
    /// Whether that is where they lie when nobody says.
    pub state_is_usual: bool,
}

/// The run that was meant.
#[derive(Debug)]
pub(super) struct Chosen {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// Its id.
    pub(super) id: String,
    /// The word by which it is found when the next command is typed.
    pub(super) name: String,
    /// The state folder in which it lies.
    pub(super) state: PathBuf,
}

impl Which {
    /// Finds the run.
    ///
    /// # Errors
    /// When there is none, with the nearest names, or nothing of it was ever sent.
    pub(super) fn find(&self) -> Result<Chosen> {
        let runs = Runs::new(&self.state);
        let folder = match &self.run {
            Some(word) => runs.find(word)?,
            None => runs.last()?,
        };
        Ok(Chosen {
            id: id_of(&folder),
            name: name_of(&folder, self.state_is_usual.then_some(&self.state)),
            // Whoever names a folder may mean one of another state folder, with its own locks.
            state: state_of(&folder).unwrap_or_else(|| self.state.clone()),
            folder,
        })
    }
}

/// The id of a run: the name of its folder.
pub(super) fn id_of(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// The word by which a run is found when the next command is typed: its id where it lies in the usual
/// state folder, else its folder.
pub(super) fn name_of(folder: &Path, usual: Option<&PathBuf>) -> String {
    if usual.is_some_and(|state| folder.parent() == Some(Runs::new(state).folder())) {
        return visible(&id_of(folder));
    }
    visible(&shell_word(&folder.display().to_string()))
}

fn state_of(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let runs = folder.parent()?;
    (runs.file_name()? == "runs").then(|| runs.parent().map(Path::to_owned))?
}

/// What is said of the target when it is set up again, beside what the run keeps.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// How the sandbox behaves where the documents leave that open.
    pub variants: Variants,
    /// Requests a second, where another rate is wanted than that of the push.
    pub rate: Option<f64>,
    /// Looks up an environment variable.
    pub environment: fn(&str) -> Option<String>,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// The target of a run, set up again.
pub(super) struct SetUp {
    /// What stands in for it, where the run went to the sandbox.
    pub(super) sandbox: Option<Sandbox>,
    /// The recipe and what was said over it.
    pub(super) job: Job,
    /// The target.
    pub(super) target: Box<dyn Target>,
    /// A client that has the key.
    pub(super) client: Client,
}

/// Sets the target up as it was when the run was planned.
///
/// # Errors
/// When that is not possible any more, or it would be another target, or there is no key.
pub(super) fn set_up(chosen: &Chosen, about: &About, around: &Surroundings) -> Result<SetUp> {
    if let Some(data) = about.sandbox.as_deref().filter(|data| !data.is_dir()) {
        return Err(Error::Guard {
            message: format!(
                "run {} went to the sandbox, whose data is gone: {}",
                chosen.name,
                visible(&data.display().to_string())
            ),
            help: "push the file again".to_owned(),
        });
    }
    let sandbox = account::stand_in(about.sandbox.as_deref(), &around.variants)?;
    let mut job = job(&chosen.folder, about, around)?;
    if let Some(sandbox) = &sandbox {
        job.overrides.base_url = sandbox.url_of(&about.target);
    }
    let target = job.target()?;
    check_target(about, target.as_ref(), sandbox.is_some(), &chosen.name)?;
    let secret = account::secret(target.as_ref(), sandbox.as_ref(), around.environment)?;
    let client = account::client(target.as_ref(), &secret, &job.recipe.sending)?;
    Ok(SetUp { sandbox, job, target, client })
}

/// What the target is set up by: the recipe and the lock file as they were when the run was planned.
fn job(folder: &Path, about: &About, around: &Surroundings) -> Result<Job> {
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
            rate: around.rate.or(about.overrides.rate),
            invites_nobody: about.undoes.is_some(),
            ..Overrides::default()
        },
        stop: Arc::clone(&around.stop),
        ..Job::default()
    };
    Ok(job.with_lock(lock))
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

/// A run of which nothing is kept any more but that it was.
pub(super) fn purged(name: &str, what: &str) -> Error {
    Error::Guard {
        message: format!("run {name} was purged: {what} is not kept any more"),
        help: "push the file again".to_owned(),
    }
}
