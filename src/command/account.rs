//! The account that a verb talks to: its key, the client that has it, the sandbox that may stand in
//! for it, and the question before anything is sent there.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::sandbox;
use crate::error::{Error, Result};
use crate::recipe::Sending;
use crate::sandbox::{Sandbox, Variants};
use crate::target::{Credential, Target};
use crate::writer::api::{Client, Options, Secret};

/// The pause before queued work is looked at again: that of a target far away, and of one on this
/// machine.
const PAUSE: Duration = Duration::from_secs(2);
const SHORT_PAUSE: Duration = Duration::from_millis(20);
/// How often it is looked whether somebody who was asked wants to stop.
const LOOK: Duration = Duration::from_millis(50);

/// The sandbox that stands in for the account, where a data folder for one is named.
pub(super) fn stand_in(data: Option<&Path>, variants: &Variants) -> Result<Option<Sandbox>> {
    data.map(|data| sandbox::start(0, data, sandbox::KEY, variants.clone())).transpose()
}

/// The account's key, or that of the sandbox.
pub(super) fn secret(
    target: &dyn Target,
    sandbox: Option<&Sandbox>,
    environment: fn(&str) -> Option<String>,
) -> Result<Secret> {
    match sandbox {
        Some(_) => Secret::new(sandbox::KEY, "the sandbox"),
        None => find(&target.credential(), environment),
    }
}

/// The client for a target, as `[sending]` of the recipe has it.
pub(super) fn client(target: &dyn Target, secret: &Secret, sending: &Sending) -> Result<Client> {
    let Sending { timeout, gzip, ca_file, .. } = sending;
    let options = Options { timeout: *timeout, gzip: *gzip, ca_file: ca_file.clone() };
    let client = Client::new(&target.base_url()?, &target.credential(), secret, &options)?;
    Ok(client.speaking(target.media_type()))
}

/// How long to wait before queued work is looked at again.
pub(super) fn pause(client: &Client) -> Duration {
    if client.is_loopback() { SHORT_PAUSE } else { PAUSE }
}

/// Asks whoever sits at the terminal; where nobody does, the answer is no.
pub(super) fn yes(question: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    let _ = write!(io::stderr(), "{question}");
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

/// The same where a signal to stop is only noted: whoever gives it has answered, too.
///
/// # Errors
/// [`Error::Interrupted`] when there was a signal.
pub(super) fn yes_unless(stop: &AtomicBool, question: &'static str) -> Result<bool> {
    let (answer, answered) = sync_channel(1);
    // It waits for a line, signal or not; the end of the process is its end.
    std::thread::spawn(move || answer.send(yes(question)));
    loop {
        match answered.recv_timeout(LOOK) {
            _ if stop.load(Ordering::SeqCst) => return Err(Error::Interrupted),
            Ok(said) => return Ok(said),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(false),
        }
    }
}

/// The secret: from the environment, from a file that only its owner can read, or from a prompt.
fn find(credential: &Credential, environment: fn(&str) -> Option<String>) -> Result<Secret> {
    let variable = credential.variable;
    if let Some(value) = environment(variable) {
        return Secret::new(&value, &format!("the environment variable {variable}"));
    }
    if let Some(file) = &credential.file {
        check_mode(file)?;
        let text = std::fs::read_to_string(file).map_err(|source| Error::Credential {
            message: format!("cannot read the key file {file:?}: {source}"),
            help: "check api_key_file in the recipe".to_owned(),
        })?;
        return Secret::new(&text, &format!("the file {}", file.display()));
    }
    if io::stdin().is_terminal() {
        let typed = rpassword::prompt_password(format!("{variable}: ")).map_err(|source| {
            if source.kind() == io::ErrorKind::Interrupted {
                return Error::Interrupted;
            }
            Error::Credential {
                message: format!("cannot ask for the key: {source}"),
                help: format!("set {variable}"),
            }
        })?;
        return Secret::new(&typed, "the prompt");
    }
    Err(Error::Credential {
        message: format!("there is no key: {variable} is not set"),
        help: format!(
            "set {variable}, or name a file of mode 0600 with api_key_file in the recipe; to try \
             things out, use --to sandbox, or the address of a running `upsheet sandbox` as base_url"
        ),
    })
}

#[cfg(unix)]
fn check_mode(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(meta) = std::fs::metadata(file) else { return Ok(()) };
    if meta.permissions().mode().trailing_zeros() >= 6 {
        return Ok(());
    }
    Err(Error::Credential {
        message: format!("the key file {file:?} can be read by others"),
        help: format!("chmod 600 {}", file.display()),
    })
}

#[cfg(not(unix))]
fn check_mode(_file: &Path) -> Result<()> {
    Ok(())
}
