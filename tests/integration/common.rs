//! A desk with files on it, and the program run there as a person would run it.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long one run may take, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(90);

/// A file of the repository.
pub(crate) fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A fixture's JSON.
pub(crate) fn fixture_json(name: &str) -> Value {
    let path = repository("fixtures").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// Tries each of these, a few at a time: for cases that mostly wait.
pub(crate) fn together<T: Sync>(cases: &[T], each: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    each(case);
                }
            });
        }
    });
}

/// A temporary folder in which runs share their files and their state.
#[derive(Clone)]
pub(crate) struct Desk(Arc<TempDir>);

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("upsheet-test-").tempdir().unwrap();
        fs::create_dir(folder.path().join("tmp")).unwrap();
        Self(Arc::new(folder))
    }

    /// A path on the desk.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(name)
    }

    /// Puts a file on the desk.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Puts a copy of a fixture on the desk, under the same name.
    pub(crate) fn fixture(&self, name: &str) -> PathBuf {
        self.write(name, fs::read(repository("fixtures").join(name)).unwrap())
    }

    pub(crate) fn read(&self, name: impl AsRef<Path>) -> String {
        let path = self.path(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn json(&self, name: impl AsRef<Path>) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// Every file below a folder of the desk, by its path from the desk, in order.
    pub(crate) fn files(&self, below: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(folder) else { continue };
            for entry in entries {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.0.path()).unwrap();
                    files.push(name.to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }

    /// The folders of the runs on this desk, the oldest first.
    pub(crate) fn runs(&self) -> Vec<PathBuf> {
        let mut runs: Vec<PathBuf> = match fs::read_dir(self.path("state/runs")) {
            Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        runs.sort_by_key(|path| fs::metadata(path).unwrap().modified().unwrap());
        runs
    }

    /// The folder of the only run.
    pub(crate) fn run_folder(&self) -> PathBuf {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "one run, not {runs:?}");
        runs[0].clone()
    }

    /// What the only run wrote down of everybody: row, outcome, reason.
    pub(crate) fn outcomes(&self) -> Vec<(u32, String, String)> {
        let mut reader = csv::Reader::from_path(self.run_folder().join("outcomes.csv")).unwrap();
        let records = reader.records().map(|record| {
            let record = record.unwrap();
            (record[1].parse().unwrap(), record[3].to_owned(), record[4].to_owned())
        });
        records.collect()
    }
}

/// What is done with standard output.
enum Out {
    /// It is read to its end.
    All,
    /// So many bytes are read, then the pipe is closed.
    First(usize),
}

/// One run of the program: `Import::new("check").file("faulty/volunteers.xlsx").run()`.
pub(crate) struct Import {
    desk: Desk,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    stdin: Vec<u8>,
    stdin_stays_open: bool,
    out: Out,
    code: i32,
}

impl Import {
    /// A run on a desk of its own.
    pub(crate) fn new(verb: &str) -> Self {
        Self::at(&Desk::new(), verb)
    }

    /// A run on a desk where others ran before.
    pub(crate) fn at(desk: &Desk, verb: &str) -> Self {
        Self {
            desk: desk.clone(),
            args: verb.split_whitespace().map(OsString::from).collect(),
            env: Vec::new(),
            stdin: Vec::new(),
            stdin_stays_open: false,
            out: Out::All,
            code: 0,
        }
    }

    /// Puts a fixture on the desk and names it as an argument.
    pub(crate) fn file(self, fixture: &str) -> Self {
        self.desk.fixture(fixture);
        self.arg(fixture)
    }

    /// Puts a file with this content on the desk and names it as an argument.
    pub(crate) fn text(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.desk.write(name, content);
        self.arg(name)
    }

    /// Puts a recipe on the desk and names it with `--recipe`.
    pub(crate) fn recipe(self, content: &str) -> Self {
        self.desk.write("recipe.toml", content);
        self.args("--recipe recipe.toml")
    }

    pub(crate) fn arg(mut self, arg: impl Into<OsString>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Adds arguments that hold no spaces.
    pub(crate) fn args(mut self, args: &str) -> Self {
        self.args.extend(args.split_whitespace().map(OsString::from));
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.env.push((name, value.into()));
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// Standard input goes on until [`Running::close_stdin`].
    pub(crate) fn stdin_stays_open(mut self) -> Self {
        self.stdin_stays_open = true;
        self
    }

    /// Reads so many bytes of standard output, then closes the pipe, as `head -c` does.
    pub(crate) fn read_only(mut self, bytes: usize) -> Self {
        self.out = Out::First(bytes);
        self
    }

    pub(crate) fn expect_code(mut self, code: i32) -> Self {
        self.code = code;
        self
    }

    /// Runs to the end; fails when the exit code is another than expected.
    pub(crate) fn run(self) -> Done {
        self.start().finish()
    }

    /// Starts, and leaves the rest to the caller.
    pub(crate) fn start(self) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_upsheet"));
        command.args(&self.args);
        self.launch(command)
    }

    /// Runs a line of shell; `"$0" "$@"` is `upsheet` in it with what it is given.
    pub(crate) fn shell(self, line: &str) -> Running {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).arg(env!("CARGO_BIN_EXE_upsheet")).args(&self.args);
        self.launch(command)
    }

    fn launch(self, mut command: Command) -> Running {
        let line = format!("{command:?}");
        let mut child = scrub(&mut command, &self.desk)
            .envs(self.env)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let stdout = match self.out {
            Out::All => drain(stdout),
            Out::First(bytes) => drain(stdout.take(bytes as u64)),
        };
        let said = Arc::new(Mutex::new(Vec::new()));
        let stderr = listen(child.stderr.take().unwrap(), Arc::clone(&said));
        let mut stdin = child.stdin.take();
        if let Some(pipe) = &mut stdin {
            // Who fails early does not read on; the exit code tells.
            let _ = pipe.write_all(&self.stdin);
        }
        if !self.stdin_stays_open {
            stdin = None;
        }
        let desk = self.desk;
        let child = Alive(child);
        Running {
            child,
            stdin,
            stdout,
            stderr,
            said,
            desk,
            line,
            code: self.code,
            began: Instant::now(),
        }
    }
}

/// Nothing of the caller's environment reaches the program, except how many threads it may use.
#[expect(clippy::disallowed_methods, reason = "a second CI pass sets RAYON_NUM_THREADS")]
pub(crate) fn scrub<'a>(command: &'a mut Command, desk: &Desk) -> &'a mut Command {
    let kept = ["PATH", "RAYON_NUM_THREADS", "LLVM_PROFILE_FILE", "SYSTEMROOT"];
    let kept: Vec<_> =
        kept.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect();
    command
        .current_dir(desk.path(""))
        .env_clear()
        .envs(kept)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .env("HOME", desk.path("home"))
        .env("XDG_STATE_HOME", desk.path("xdg-state"))
        .env("TMPDIR", desk.path("tmp"))
}

/// Collects what comes where others can see it at once.
fn listen(mut pipe: impl Read + Send + 'static, said: Arc<Mutex<Vec<u8>>>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut bytes = [0; 1024];
        loop {
            match pipe.read(&mut bytes).unwrap() {
                0 => return,
                count => said.lock().unwrap().extend(&bytes[..count]),
            }
        }
    })
}

fn drain(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// A child that does not outlive its test.
struct Alive(Child);

impl Drop for Alive {
    fn drop(&mut self) {
        // Mostly it has ended long ago.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program under way.
pub(crate) struct Running {
    child: Alive,
    stdin: Option<std::process::ChildStdin>,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<()>,
    said: Arc<Mutex<Vec<u8>>>,
    desk: Desk,
    line: String,
    code: i32,
    began: Instant,
}

impl Running {
    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.0.id()
    }

    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Sends a signal, as `kill -INT` does.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.0.id().to_string();
        let sent = Command::new("kill").args([format!("-{name}"), pid]).status().unwrap();
        assert!(sent.success(), "kill -{name} failed");
    }

    /// Waits until standard error says this.
    pub(crate) fn until_it_says(&self, part: &str) {
        until(part, || String::from_utf8_lossy(&self.said.lock().unwrap()).contains(part));
    }

    pub(crate) fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end, be it by a signal.
    pub(crate) fn wait_for_status(&mut self) -> ExitStatus {
        self.wait()
    }

    /// Waits for the end and gives the exit code, whatever it is.
    pub(crate) fn wait_for_code(&mut self) -> i32 {
        self.wait().code().expect("it ended by itself")
    }

    /// Waits for the end by a signal, which leaves no exit code.
    pub(crate) fn wait_for_signal(&mut self) {
        assert_eq!(self.wait().code(), None, "it ended by itself");
    }

    /// Waits for the end, whatever the exit code is.
    pub(crate) fn finish_with_any_code(mut self) -> Done {
        self.code = self.wait_for_code();
        self.finish()
    }

    /// Waits for the end; fails when the exit code is another than expected, or it takes too long.
    pub(crate) fn finish(mut self) -> Done {
        let status = self.wait();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        let stdout = text(self.stdout.join().unwrap());
        self.stderr.join().unwrap();
        let stderr = text(std::mem::take(&mut self.said.lock().unwrap()));
        let code = status.code();
        assert!(
            code == Some(self.code),
            "{} ended with {status}, not {}\n--- stdout\n{stdout}\n--- stderr\n{stderr}",
            self.line,
            self.code,
        );
        assert!(!stderr.contains("panicked"), "a panic: {stderr}");
        Done { code: self.code, stdout, stderr, desk: self.desk, took: self.began.elapsed() }
    }

    fn wait(&mut self) -> ExitStatus {
        loop {
            if let Some(status) = self.child.0.try_wait().unwrap() {
                return status;
            }
            let waited = self.began.elapsed();
            assert!(waited < LIMIT, "{} did not end within {LIMIT:?}", self.line);
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

/// What a run left behind.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) desk: Desk,
    pub(crate) took: Duration,
}

impl Done {
    /// Standard output as one JSON value and nothing else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("stdout is no JSON: {error}\n{}", self.stdout))
    }

    /// Fails unless standard error says this, wherever its lines are broken.
    pub(crate) fn says(&self, part: &str) -> &Self {
        let plain =
            |text: &str| text.replace('│', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            plain(&self.stderr).contains(&plain(part)),
            "stderr lacks {part:?}:\n{}",
            self.stderr
        );
        self
    }
}

/// Waits until something is so.
pub(crate) fn until(what: &str, so: impl Fn() -> bool) {
    let began = Instant::now();
    while !so() {
        assert!(began.elapsed() < LIMIT, "waited too long until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The counts of a report, after a check that they add up: rows, valid, rejected, skipped.
pub(crate) fn counts(report: &Value) -> [u64; 4] {
    let count = |name: &str| report["counts"][name].as_u64().unwrap();
    let counts = ["rows", "valid", "rejected", "skipped"].map(count);
    assert_eq!(counts[0], counts[1] + counts[2] + counts[3], "the counts do not add up");
    counts
}

/// The findings of a report as (row, code), in the order in which they stand.
pub(crate) fn found(report: &Value) -> Vec<(u64, &str)> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|one| (one["row"].as_u64().unwrap(), one["code"].as_str().unwrap())).collect()
}
