//! `sandbox`: the loopback stand-in of the APIs, on its own.

use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;

use super::{print, print_json, tell};
use crate::error::{Error, ExitStatus, Result};
pub use crate::sandbox::Variants;
use crate::sandbox::faults::Faults;
use crate::sandbox::variants::Unusable;
use crate::sandbox::{Options, Sandbox};

/// The key and token that the sandbox takes unless told otherwise. They protect nothing.
pub const KEY: &str = "sandbox";

/// What `sandbox` does.
#[derive(Clone, Debug)]
pub struct Serve {
    /// The port; 0 takes any.
    pub port: u16,
    /// The data folder.
    pub data: PathBuf,
    /// The key and token that it takes.
    pub key: String,
    /// How it behaves where the documents leave that open.
    pub variants: Variants,
    /// Whether it says where it listens as one JSON object.
    pub json: bool,
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// How the sandbox is to behave: the files first, then what is said one by one.
///
/// # Errors
/// When a file cannot be used, or there is no such variant or value.
pub fn variants(
    file: Option<&Path>,
    fields: Option<&Path>,
    settings: &[String],
) -> Result<Variants> {
    let wrong =
        |error: Unusable| Error::usage(error.to_string(), "docs/sandbox.md explains each variant");
    let mut variants = match file {
        Some(file) => Variants::read(file).map_err(wrong)?,
        None => Variants::default(),
    };
    if let Some(file) = fields {
        variants.fields = Variants::read_fields(file).map_err(wrong)?;
    }
    for setting in settings {
        variants.set(setting).map_err(wrong)?;
    }
    Ok(variants)
}

/// The same with what goes wrong on the way, by a plan; without a seed, by a random one.
///
/// # Errors
/// When the file is no fault plan.
pub fn with_faults(variants: Variants, file: &Path, seed: Option<u32>) -> Result<Variants> {
    let seed = seed.unwrap_or_else(random);
    let faults = Faults::read(file, seed).map_err(|error| {
        Error::usage(error.to_string(), "docs/sandbox.md explains each kind of fault")
    })?;
    Ok(Variants { faults: Some(faults), ..variants })
}

/// A number that is another one each time.
fn random() -> u32 {
    let hash = RandomState::new().hash_one(std::process::id());
    u32::try_from(hash >> 32).unwrap_or(0)
}

/// Starts a sandbox.
///
/// # Errors
/// When the port is taken or the folder cannot be used.
pub(super) fn start(port: u16, data: &Path, key: &str, variants: Variants) -> Result<Sandbox> {
    if let Some(faults) = &variants.faults {
        let plural = if faults.count() == 1 { "" } else { "s" };
        tell(&format!(
            "the sandbox follows a plan of {} fault{plural}; --seed {} gives the same ones again",
            faults.count(),
            faults.seed()
        ));
    }
    Sandbox::start(Options {
        port,
        data: data.to_owned(),
        vome_key: key.to_owned(),
        omneo_token: key.to_owned(),
        variants,
    })
    .map_err(|error| {
        let cause = std::error::Error::source(&error);
        let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
        Error::Sandbox { why: format!("{error}{cause}") }
    })
}

/// Serves until the user stops it.
///
/// # Errors
/// When the port is taken or the folder cannot be used.
pub fn sandbox(plan: &Serve) -> Result<ExitStatus> {
    let sandbox = start(plan.port, &plan.data, &plan.key, plan.variants.clone())?;
    let seed = plan.variants.faults.as_ref().map(Faults::seed);
    if plan.json {
        print_json(&as_json(&sandbox, &plan.key, seed))?;
    } else {
        print(&as_lines(&sandbox, &plan.key))?;
    }
    tell("listening on this machine only; Ctrl-C stops it");
    while !plan.stop.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let tally = sandbox.tally();
    tell(&format!(
        "{} requests: {} people created, {} updated, {} unchanged, {} refused",
        tally.requests, tally.created, tally.updated, tally.unchanged, tally.refused
    ));
    Ok(ExitStatus::Good)
}

/// Where it listens, for a person who copies it into a recipe.
fn as_lines(sandbox: &Sandbox, key: &str) -> String {
    format!(
        "vome   base_url = \"{}\"   VOME_API_KEY={key}\nomneo  base_url = \"{}\"   \
         OMNEO_TOKEN={key}\nscim   base_url = \"{}\"   SCIM_TOKEN={key}\nstore  {}\n",
        sandbox.vome_url(),
        sandbox.omneo_url(),
        sandbox.scim_url(),
        sandbox.store().display()
    )
}

/// The same in one line, for a program that waits for it.
fn as_json(sandbox: &Sandbox, key: &str, seed: Option<u32>) -> String {
    let mut place = json!({
        "version": 1,
        "vome": {"base_url": sandbox.vome_url(), "VOME_API_KEY": key},
        "omneo": {"base_url": sandbox.omneo_url(), "OMNEO_TOKEN": key},
        "scim": {"base_url": sandbox.scim_url(), "SCIM_TOKEN": key},
        "store": sandbox.store().display().to_string(),
    });
    if let (Some(seed), Some(map)) = (seed, place.as_object_mut()) {
        map.insert("seed".to_owned(), json!(seed));
    }
    format!("{place}\n")
}
