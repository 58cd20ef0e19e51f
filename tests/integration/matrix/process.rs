//! The program as a child that is watched, and killed when its hour has come.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::{Desk, scrub};

/// How long one process may take, on the slowest machine.
pub(super) const LIMIT: Duration = Duration::from_mins(2);

/// The program that the tests were built with.
pub(super) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_upsheet"))
}

/// When a process is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kill {
    /// It ends by itself.
    Never,
    /// So long after its start.
    After(Duration),
    /// So long after the sandbox has met so many requests.
    Requests(i64, Duration),
}

/// What a process left behind.
#[derive(Debug)]
pub(super) struct Ran {
    /// Its words, for messages.
    pub(super) line: String,
    /// How it ended; none when it was killed.
    pub(super) code: Option<i32>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    /// The most memory that it ever had, in kilobytes, as it was last seen; 0 where that cannot be told.
    pub(super) peak_kb: u64,
}

/// A child that does not outlive its case.
struct Alive(Child);

impl Drop for Alive {
    fn drop(&mut self) {
        // Mostly it has ended long ago.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the program to its end, or until it is killed with SIGKILL, when its hour has come or it takes
/// longer than anybody has patience for. `met` tells how many requests the
/// sandbox has met.
pub(super) fn run(
    desk: &Desk,
    program: &Path,
    args: &str,
    env: &[(&'static str, OsString)],
    (kill, patience): (Kill, Duration),
    met: impl Fn() -> i64,
) -> Ran {
    let number = (1..1_000).find(|number| !desk.path(format!("out-{number}")).exists()).unwrap();
    let out = |kind: &str| desk.path(format!("{kind}-{number}"));
    let mut command = Command::new(program);
    command.args(args.split_whitespace());
    scrub(&mut command, desk)
        .envs(env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(File::create(out("out")).unwrap())
        .stderr(File::create(out("err")).unwrap());
    let began = Instant::now();
    let mut child = Alive(command.spawn().unwrap());
    let mut peak_kb = 0;
    let mut due = None;
    let status = loop {
        if let Some(status) = child.0.try_wait().unwrap() {
            break status;
        }
        peak_kb = peak_kb.max(peak_of(child.0.id()));
        let now = began.elapsed();
        assert!(now < LIMIT, "{args} did not end within {LIMIT:?}");
        due = due.or_else(|| match kill {
            Kill::Never => None,
            Kill::After(time) => Some(time),
            Kill::Requests(count, time) => (met() >= count).then(|| now + time),
        });
        if now >= due.unwrap_or(patience) {
            child.0.kill().unwrap();
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let read = |kind: &str| String::from_utf8(std::fs::read(out(kind)).unwrap()).unwrap();
    let (stdout, stderr) = (read("out"), read("err"));
    assert!(!stderr.contains("panicked"), "{args}: a panic: {stderr}");
    Ran { line: args.to_owned(), code: status.code(), stdout, stderr, peak_kb }
}

/// The peak of a living process's memory.
fn peak_of(process: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok()).unwrap_or(0)
}
