//! `sandbox`: the loopback stand-in of both APIs, on its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::{print, tell};
use crate::error::{Error, ExitStatus, Result};
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
    /// Set when the user wants to stop.
    pub stop: Arc<AtomicBool>,
}

/// Starts a sandbox.
///
/// # Errors
/// When the port is taken or the folder cannot be used.
pub(super) fn start(port: u16, data: &std::path::Path, key: &str) -> Result<Sandbox> {
    Sandbox::start(Options {
        port,
        data: data.to_owned(),
        vome_key: key.to_owned(),
        omneo_token: key.to_owned(),
    })
    .map_err(|error| Error::Sandbox { why: error.to_string() })
}

/// Serves until the user stops it.
///
/// # Errors
/// When the port is taken or the folder cannot be used.
pub fn sandbox(plan: &Serve) -> Result<ExitStatus> {
    let sandbox = start(plan.port, &plan.data, &plan.key)?;
    let store = sandbox.store().display();
    print(&format!(
        "vome   base_url = \"{}\"   VOME_API_KEY={}\nomneo  base_url = \"{}\"   OMNEO_TOKEN={}\n\
         store  {store}\n",
        sandbox.vome_url(),
        plan.key,
        sandbox.omneo_url(),
        plan.key,
    ))?;
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
