//! What comes from outside of program and server: other processes, changed files, signals, closed pipes,
//! full disks and clocks: F12 to F16.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use serde_json::Value;

use super::Fault;
use super::judge::{Verdict, judge};
use super::process::{Kill, LIMIT, Ran, program, run};
use super::rig::{Case, KEY, Left, set_up};
use crate::common::{Import, Running, scrub, until};

/// With how many cases each.
pub(super) static FAULTS: &[Fault] = &[
    Fault { number: "F12", title: "two processes, one run or target", cases: 5, run: two },
    Fault { number: "F13", title: "a file changed before the resume", cases: 6, run: changed },
    Fault { number: "F14", title: "signals and closed pipes", cases: 10, run: signal },
    Fault { number: "F15", title: "full disks and taken names", cases: 6, run: disk },
    Fault { number: "F16", title: "clocks that jump", cases: 4, run: clock },
];

const PUSH: &str = "push people.csv --yes --recipe recipe.toml --state state --format json";
const RESUME: &str = "resume --last --yes --state state --format json";

/// A run under way, and what went otherwise than it should.
struct Scene {
    case: Case,
    left: Left,
    wrong: Vec<String>,
}

impl Scene {
    fn new(case: Case) -> Self {
        let left = set_up(&case);
        Self { case, left, wrong: Vec::new() }
    }

    fn hold(&mut self, so: bool, what: impl FnOnce() -> String) {
        if !so {
            self.wrong.push(what());
        }
    }

    fn env(&self) -> Vec<(&'static str, OsString)> {
        let [_, variable, _] = self.case.to.words();
        vec![(variable, KEY.into())]
    }

    /// The program as a person starts it.
    fn import(&self, args: &str) -> Import {
        let [_, variable, _] = self.case.to.words();
        Import::at(&self.left.desk, args).env(variable, KEY)
    }

    /// Runs the program to its end, or until the sandbox has met so many requests.
    fn run(&mut self, args: &str, kill: Option<i64>) -> Ran {
        let kill = kill.map_or(Kill::Never, |count| Kill::Requests(count, Duration::ZERO));
        let hour = (kill, LIMIT);
        let ran = run(&self.left.desk, &program(), args, &self.env(), hour, || self.left.met());
        self.left.kills += u64::from(ran.code.is_none());
        ran
    }

    /// Waits until the sandbox has met so many requests.
    fn met(&self, count: i64) {
        until("the sandbox has met some requests", || self.left.met() >= count);
    }

    fn expect(&mut self, ran: &Ran, codes: &[i32], words: &str) {
        // Lines may be broken anywhere.
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let said = [&ran.stderr, &ran.stdout].iter().any(|out| plain(out).contains(&plain(words)));
        self.hold(ran.code.is_some_and(|code| codes.contains(&code)) && said, || {
            format!(
                "{} ended with {:?}, not {codes:?} and {words:?}: {}",
                ran.line, ran.code, ran.stderr
            )
        });
    }

    /// Carries on until the run has come to its end, and judges all of it.
    fn end(mut self) -> Verdict {
        self.left.all(&self.case);
        self.judged()
    }

    fn judged(mut self) -> Verdict {
        self.left.find_run();
        self.left.rig.settle();
        let mut verdict = judge(&self.case, &self.left);
        verdict.faults += 1;
        verdict.wrong.append(&mut self.wrong);
        verdict
    }
}

/// A run of a dozen requests that takes its time.
fn slow(seed: u64, ms: u32) -> Case {
    let mut case = Case::new(seed);
    (case.people, case.batch) = (120, 10);
    case.sending = case.sending.replace("2s", "20s") + "concurrency = 1\n";
    let [.., path] = case.to.words();
    case.plan = format!(
        "[[fault]]\non = \"write\"\npath = \"{path}\"\nkind = \"stall\"\nwhere = \"answer\"\nms = {ms}\n"
    );
    case
}

fn code_of(mut running: Running) -> i32 {
    running.wait_for_code()
}

/// F12: while one process is held in the middle of a run, others come.
fn two(seed: u64) -> Verdict {
    let mut scene = Scene::new(slow(12_000_000 + seed, 40));
    let kind = seed % 5;
    let mut first = PUSH;
    if matches!(kind, 0 | 3) {
        scene.run(PUSH, Some(2));
        first = RESUME;
    }
    let before = scene.left.met();
    let held = scene.import(first).start();
    scene.met(before + 2);
    held.signal("STOP");
    scene.left.rig.settle();
    let before = scene.left.met();
    let (others, kills): (&[&str], bool) = match kind {
        0 | 1 => (&[RESUME], false),
        2 => (&[PUSH, RESUME], true),
        3 => (&[PUSH], false),
        _ => (&[PUSH, RESUME, PUSH], false),
    };
    for args in others {
        let ran = scene.run(args, None);
        scene.expect(&ran, &[5], "");
    }
    let after = scene.left.met();
    scene.hold(after == before, || format!("{} requests of others came", after - before));
    if kills {
        held.signal("KILL");
        drop(held);
        scene.left.kills += 1;
    } else {
        held.signal("CONT");
        let code = code_of(held);
        scene.hold(matches!(code, 0 | 1), || format!("the first process ended with {code}"));
    }
    let runs = scene.left.desk.runs().len();
    scene.hold(runs == 1, || format!("{runs} folders of runs are there"));
    scene.end()
}

/// F13: between kill and resume a file is another one.
fn changed(seed: u64) -> Verdict {
    let mut scene = Scene::new(slow(13_000_000 + seed, 20));
    scene.run(PUSH, Some(3));
    scene.left.rig.settle();
    scene.left.find_run();
    let desk = scene.left.desk.clone();
    let before = scene.left.met();
    let text = scene.left.sheet.text.clone();
    let payload = scene.left.run.join("payloads/00010.json");
    match seed % 6 {
        0 => drop(desk.write("people.csv", format!("{text}Ada,Quaggarx,new@example.org\n"))),
        1 => drop(desk.write("people.csv", &text[..text.len() / 2])),
        2 => drop(desk.write("people.csv", text.replace("q7@", "x7@"))),
        3 => fs::remove_file(desk.path("people.csv")).unwrap(),
        4 => {
            let bytes = fs::read(&payload).unwrap();
            fs::write(&payload, [&bytes[..bytes.len() - 3], b" }\n"].concat()).unwrap();
            let ran = scene.run(RESUME, None);
            scene.expect(&ran, &[6], "upsheet resume");
            fs::write(&payload, bytes).unwrap();
        }
        _ => {
            let recipe = desk.read("recipe.toml").replace("batch_size = 10", "batch_size = 7");
            desk.write("recipe.toml", format!("{recipe}operation = \"create\"\n"));
        }
    }
    if seed % 6 < 3 {
        let ran = scene.run(RESUME, None);
        scene.expect(&ran, &[5], "--as-planned");
        let after = scene.left.met();
        scene.hold(after == before, || format!("{} requests were sent", after - before));
        let ran = scene.run(&format!("{RESUME} --as-planned"), None);
        scene.expect(&ran, &[0, 1], "");
        scene.left.ran.push(ran);
        scene.left.resumes += 1;
        return scene.judged();
    }
    scene.end()
}

/// F14: what a person, a terminal or a pipe does to a run.
fn signal(seed: u64) -> Verdict {
    let kind = seed % 10;
    let mut case = slow(14_000_000 + seed, if matches!(kind, 6..) { 0 } else { 40 });
    match kind {
        3 | 4 => {
            case.plan = case.plan.replace("ms = 40", "numbers = [4]\nms = 20000");
            case.sending = case.sending.replace("20s", "60s");
        }
        5 => {
            case.plan = case.plan.replace(
                "kind = \"stall\"\nwhere = \"answer\"\nms = 40",
                "numbers = [4]\nkind = \"status\"\nstatus = 429\nretry_after = \"seconds:60\"",
            );
        }
        9 => (case.people, case.batch) = (400, 1),
        _ => {}
    }
    let mut scene = Scene::new(case);
    match kind {
        0..=2 => {
            let running = scene.import(PUSH).start();
            scene.met(3);
            running.signal(["INT", "TERM", "HUP"][usize::try_from(kind).unwrap()]);
            let done = running.finish_with_any_code();
            let said = done.stderr.contains("upsheet resume");
            scene.hold(said, || format!("it names no way on: {}", done.stderr));
            let unknown = serde_json::from_str::<Value>(&done.stdout).unwrap_or_default();
            let unknown = unknown.pointer("/delivery/unknown").and_then(Value::as_u64);
            scene.hold(unknown == Some(0), || format!("it did not drain: {unknown:?}"));
            scene.hold(done.code == 130, || format!("it ended with {}", done.code));
        }
        3 | 4 => {
            let name = if kind == 3 { "INT" } else { "TERM" };
            let running = scene.import(PUSH).start();
            scene.met(4);
            running.signal(name);
            running.until_it_says("stopping");
            running.signal(name);
            let done = running.finish_with_any_code();
            scene.hold(done.code == 130, || format!("it ended with {}", done.code));
            scene.hold(done.took < Duration::from_secs(15), || "it waited".to_owned());
        }
        5 => {
            let running = scene.import(&format!("{PUSH} --progress json")).start();
            scene.met(4);
            running.until_it_says("\"waiting\"");
            running.signal("INT");
            let done = running.finish_with_any_code();
            scene.hold(done.code == 130, || format!("it ended with {}", done.code));
            scene.hold(done.took < Duration::from_secs(30), || "it waited".to_owned());
        }
        6 => {
            let code = code_of(scene.import(PUSH).read_only(0).start());
            scene.hold(matches!(code, 0 | 1), || format!("without stdout it ended with {code}"));
        }
        7 | 8 => {
            let closed = if kind == 7 { "2>&-" } else { ">&- 2>&-" };
            let line = format!("exec '{}' {PUSH} {closed}", program().display());
            let code = code_of(scene.import("").shell(&line));
            scene.hold(matches!(code, 0 | 1), || format!("with {closed} it ended with {code}"));
        }
        _ => unread(&mut scene),
    }
    if kind >= 6 {
        let open = scene.left.rig.counts()[0];
        scene.hold(open > 0, || "nobody was sent".to_owned());
    }
    scene.end()
}

/// A pipe that nobody reads, into which more is said than it holds.
fn unread(scene: &mut Scene) {
    let mut command = Command::new(program());
    command.args(format!("{PUSH} --progress json").split_whitespace());
    let mut child = scrub(&mut command, &scene.left.desk)
        .envs(scene.env())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if began.elapsed() > Duration::from_mins(1) {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let met = scene.left.met();
    scene.hold(matches!(code, Some(0 | 1)), || {
        format!("with a pipe that nobody reads it ended with {code:?} after {met} requests")
    });
}

/// F15: no room, or somebody else's name.
fn disk(seed: u64) -> Verdict {
    let kind = seed % 6;
    let mut case = slow(15_000_000 + seed, if kind == 4 { 30 } else { 0 });
    match kind {
        0 => case.batch = 120,
        1 | 2 => (case.people, case.batch) = (500, 10),
        _ => {}
    }
    let mut scene = Scene::new(case);
    let desk = scene.left.desk.clone();
    let line = |limit: u32, before: &str| {
        format!("{before} ulimit -f {limit}; exec '{}' {PUSH}", program().display())
    };
    match kind {
        0 => {
            let done = scene.import("").shell(&line(16, "trap '' XFSZ;")).finish_with_any_code();
            scene.hold(done.code == 2, || format!("it ended with {}: {}", done.code, done.stderr));
            let (met, runs) = (scene.left.met(), desk.runs().len());
            scene.hold((met, runs) == (0, 0), || format!("{met} requests, {runs} runs"));
        }
        1 => {
            let done = scene.import("").shell(&line(400, "trap '' XFSZ;")).finish_with_any_code();
            scene.hold(done.code == 6, || format!("it ended with {}: {}", done.code, done.stderr));
            scene.hold(scene.left.met() > 1, || {
                "nothing was sent before the disk was full".to_owned()
            });
            scene.hold(done.stderr.contains("upsheet resume"), || {
                format!("it names no way on: {}", done.stderr)
            });
        }
        // The signal that a full quota sends ends the process like a kill.
        2 => {
            let mut running = scene.import("").shell(&line(400, ""));
            let status = running.wait_for_status();
            scene.hold(status.code().is_none(), || format!("it ended with {status}"));
            scene.left.kills += 1;
        }
        3 | 5 => {
            desk.write("taken", "");
            let args = match kind {
                3 => PUSH.replace("--state state", "--state taken"),
                _ => format!("{PUSH} --report taken/report.html"),
            };
            let ran = scene.run(&args, None);
            scene.expect(&ran, &[2], "taken");
            let (met, runs) = (scene.left.met(), desk.runs().len());
            scene.hold((met, runs) == (0, 0), || format!("{met} requests, {runs} runs"));
        }
        _ => {
            let running = scene.import(PUSH).start();
            scene.met(2);
            let name = desk.run_folder().join("outcomes.csv");
            fs::create_dir(&name).unwrap();
            let done = running.finish_with_any_code();
            scene.hold(done.code == 6, || format!("it ended with {}: {}", done.code, done.stderr));
            scene.hold(done.stderr.contains("upsheet resume"), || {
                format!("it names no way on: {}", done.stderr)
            });
            fs::remove_dir(&name).unwrap();
        }
    }
    scene.end()
}

/// F16: the clock of the machine is put forward or back between kill and resume.
fn clock(seed: u64) -> Verdict {
    let kind = seed % 4;
    let mut case = slow(16_000_000 + seed, 0);
    if kind == 3 {
        case.plan = case.plan.replace(
            "kind = \"stall\"\nwhere = \"answer\"\nms = 0",
            "numbers = [2, 7]\nkind = \"status\"\nstatus = 429\nretry_after = \"date:1\"",
        );
        case.env.push(("TZ", "Asia/Kathmandu".into()));
    }
    let mut scene = Scene::new(case);
    let mut env = scene.env();
    // Nothing of the fourth request has left, so that a look can find nobody.
    env.push(("UPSHEET_FAIL_POINT", "after-begin:4".into()));
    env.push(("TZ", "America/St_Johns".into()));
    let killed = run(&scene.left.desk, &program(), PUSH, &env, (Kill::Never, LIMIT), || 0);
    scene.hold(killed.code.is_none(), || "the first process was not killed".to_owned());
    scene.left.kills += 1;
    scene.left.find_run();
    // As if the attempt had been made then, by a clock that was put back or forward since.
    let hours = [1, -1, -25, 0][usize::try_from(kind).unwrap()];
    put_back(&scene.left.run, hours);
    if kind == 2 {
        let ran = scene.run(RESUME, None);
        scene.expect(&ran, &[6], "--resend-unknown");
        let made = scene.left.rig.counts()[0];
        let ran = scene.run(&format!("{RESUME} --resend-unknown"), None);
        scene.expect(&ran, &[0, 1], "");
        let more = scene.left.rig.counts()[0] - made;
        scene.hold(more > 0, || "nobody was left to be sent".to_owned());
        scene.left.ran.push(ran);
        scene.left.resumes += 2;
        return scene.judged();
    }
    scene.end()
}

/// Changes when attempts of unknown outcome were begun.
fn put_back(run: &Path, hours: i64) {
    let db = Connection::open(run.join("journal.sqlite")).unwrap();
    let shift = hours * 3_600_000;
    let changed = db
        .execute("UPDATE people SET since = since + ?1 WHERE since IS NOT NULL", [shift])
        .unwrap();
    assert!(changed > 0, "nobody is in flight");
}
