//! What is seen on standard error while people are sent: a bar on a real pseudo-terminal, plain lines
//! in a pipe, JSON on request.

use std::io::Write as _;
use std::process::Command;

use serde_json::Value;

use crate::common::{Desk, Done, Import};
use crate::people::plain;
use crate::schema;
use crate::server::{Act, Server};

/// Runs a line of shell on a pseudo-terminal, and prints all that the terminal was sent. When a line of the terminal holds the third argument, Ctrl-C
/// is typed.
const TERMINAL: &str = r#"
import fcntl, os, pty, struct, sys, termios
columns, key, line = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp("sh", ["sh", "-c", line])
seen, pressed = b"", not key
while True:
    try:
        more = os.read(terminal, 65536)
    except OSError:
        break
    if not more:
        break
    seen += more
    if not pressed and key in seen:
        pressed = True
        os.write(terminal, b"\x03")
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
"#;

fn has_python() -> bool {
    let found = Command::new("python3").args(["-c", "import pty, fcntl, termios"]).output();
    let found = found.is_ok_and(|output| output.status.success());
    if !found {
        let _ =
            writeln!(std::io::stderr(), "skipped: no python3 that could open a pseudo-terminal");
    }
    found
}

/// Runs `line` on a terminal of so many columns. Ctrl-C is typed when the terminal shows `key`, if that is
/// a text.
fn on_terminal(run: Import, desk: &Desk, columns: u32, key: &str, line: &str) -> Done {
    desk.write("terminal.py", TERMINAL);
    let program = env!("CARGO_BIN_EXE_upsheet");
    desk.write("line.sh", format!("exec '{program}' {line} > out.txt"));
    let line = format!("exec python3 terminal.py {columns} '{key}' 'exec sh line.sh'");
    run.env("TERM", "xterm-256color").shell(&line).finish()
}

/// What a terminal is sent on standard output and standard error together; nothing where there is no
/// python3.
pub(crate) fn whole_terminal(desk: &Desk, columns: u32, line: &str) -> Option<String> {
    if !has_python() {
        return None;
    }
    desk.write("terminal.py", TERMINAL);
    let program = env!("CARGO_BIN_EXE_upsheet");
    desk.write("line.sh", format!("exec '{program}' {line}"));
    let line = format!("exec python3 terminal.py {columns} '' 'exec sh line.sh'");
    Some(Import::at(desk, "").env("TERM", "xterm-256color").shell(&line).finish().stdout)
}

/// What a terminal was sent, with every sequence that a bar may use taken out; the test fails at any
/// other control character.
fn without_sequences(sent: &str) -> String {
    let mut text = String::new();
    let mut rest = sent;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\x1b' {
            assert!(!c.is_control() || "\r\n".contains(c), "{c:?} in {sent:?}");
            text.push(c);
            continue;
        }
        let body = rest.strip_prefix('[').unwrap_or_else(|| panic!("no CSI: {sent:?}"));
        let end = body.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        let sequence = &body[..=end];
        let is_own = ["2K", "K", "1A", "0A", "1B", "36m", "2m", "0m"].contains(&sequence);
        assert!(is_own, "the sequence {sequence:?} in {sent:?}");
        rest = &body[end + 1..];
    }
    text
}

#[test]
fn a_terminal_gets_a_bar_and_is_clean_afterwards() {
    if !has_python() {
        return;
    }
    // Long enough for a bar to be drawn.
    let server = Server::start(|_, _| {
        std::thread::sleep(std::time::Duration::from_millis(400));
        Act::fine()
    });
    let desk = Desk::new();
    desk.write("people.csv", plain(90));
    desk.write("recipe.toml", server.vome(30));
    for (columns, options, color) in
        [(100, "", false), (100, "--color always", true), (20, "", false), (0, "", false)]
    {
        let push = "push people.csv --recipe recipe.toml --yes --state state --progress bar";
        let run = Import::at(&desk, "").env("VOME_API_KEY", "k");
        let done = on_terminal(run, &desk, columns, "", &format!("{push} {options}"));
        let sent = done.stdout;
        let text = without_sequences(&sent);
        assert!(text.contains("/3"), "{columns}: {text:?}");
        assert_eq!(text.contains("sending  ━") || text.contains("sending  ─"), columns != 20);
        assert_eq!(sent.contains("\x1b[36m") || sent.contains("\x1b[2m"), color, "{sent:?}");
        let end = sent.rfind("/3").unwrap();
        assert!(sent[end..].ends_with("\x1b[2K"), "the bar was not taken away: {sent:?}");
        assert!(desk.read("out.txt").contains("90"), "the report is on standard output");
        let widest = text.split(['\r', '\n']).map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= if columns == 0 { 80 } else { columns as usize }, "{widest}: {text:?}");
    }
}

#[test]
fn ctrl_c_is_told_above_the_bar() {
    if !has_python() {
        return;
    }
    let server = Server::start(|_, number| {
        if number > 1 {
            std::thread::sleep(std::time::Duration::from_millis(1500));
        }
        Act::fine()
    });
    let desk = Desk::new();
    desk.write("people.csv", plain(40));
    desk.write("recipe.toml", server.vome(4));
    let push = "push people.csv --recipe recipe.toml --yes --state state";
    let run = Import::at(&desk, "").env("VOME_API_KEY", "k").expect_code(130);
    let done = on_terminal(run, &desk, 90, " 2/10 batches", push);
    let text = without_sequences(&done.stdout);
    let said = text.split(['\r', '\n']).any(|line| line == "stopping; press again to stop now");
    assert!(said, "not on a line of its own: {text:?}");
    assert!(done.stdout.ends_with("\x1b[2K"), "{:?}", done.stdout);
    assert!(desk.read("out.txt").contains("not sent"));
}

#[test]
fn a_pipe_and_ci_get_plain_lines() {
    for (options, ci) in [("", ""), ("--progress bar", ""), ("--progress plain", "true")] {
        let push = Import::new("push --to sandbox --state state --batch-size 30")
            .text("people.csv", plain(90))
            .args(options)
            .env("CI", ci)
            .env("TERM", "xterm");
        let done = push.run();
        let lines: Vec<&str> = done.stderr.lines().collect();
        assert_eq!(lines[0], "  sending 3 batches, 90 people", "{options}");
        assert!(
            lines[1].starts_with("  sent 3/3 batches in ") && lines[1].ends_with("90 accepted")
        );
        assert!(!done.stderr.contains(|c: char| c.is_control() && c != '\n'));
    }
}

#[test]
fn json_is_one_event_a_line_as_the_schema_says_and_holds_no_cell() {
    let push = Import::new("push --to sandbox --state state --batch-size 30 --progress json")
        .text("people.csv", plain(90));
    let done = push.run();
    let events: Vec<Value> =
        done.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for event in &events {
        schema::validate("progress.v1", event);
    }
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names[0], "began");
    assert_eq!(names.iter().filter(|name| **name == "settled").count(), 3);
    assert_eq!(names.last(), Some(&"ended"));
    assert_eq!(events.last().unwrap()["standing"]["accepted"], 90);
    assert!(!done.stderr.contains('@'), "an address: {}", done.stderr);
}

#[test]
fn verbose_tells_each_request_and_its_answer() {
    let server = Server::start(|_, _| Act::fine());
    let desk = Desk::new();
    desk.write("people.csv", plain(5));
    desk.write("recipe.toml", server.vome(3));
    for options in ["-v", "--verbose --progress plain", "-v --progress bar"] {
        let push = "push people.csv --recipe recipe.toml --yes --state state";
        let push = Import::at(&desk, push).args(options).env("VOME_API_KEY", "k");
        let told = push.run().stderr;
        for line in
            ["batch 1: 3 people sent", "batch 1: 200, accepted, 0.", "batch 2: 2 people sent"]
        {
            assert!(told.contains(&format!("  {line}")), "{options}: {told}");
        }
        assert!(!told.contains('@'), "an address: {told}");
    }
    let both = Import::new("push --to sandbox -v -q").text("people.csv", plain(3)).expect_code(2);
    assert!(both.run().stderr.contains("cannot be used with"));
}

#[test]
fn quiet_and_none_are_silent() {
    for option in ["-q", "--quiet --progress json", "--progress none"] {
        let push = Import::new("push --to sandbox --state state").text("people.csv", plain(3));
        assert_eq!(push.args(option).run().stderr, "", "{option}");
    }
}
