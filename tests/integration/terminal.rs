//! Nothing that is printed can move the cursor, colour the page, turn a line round or hide in it
//! (CWE-150), wherever it came from: a file, its name, a header, a recipe, an argument, a server.

use std::fs;

use crate::common::{Desk, Done, Import};
use crate::people::plain;
use crate::server::{Act, Server};
use crate::workbook::{sheet_xml, workbook_with};

/// Control characters of every kind, sequences that terminals obey, signs that turn text round or are
/// not seen, and line ends of other kinds.
const HOSTILE: &[&str] = &[
    "\u{1}",
    "\u{7}",
    "\u{8}",
    "\u{c}",
    "\u{1b}[2J",
    "\u{1b}[31m",
    "\u{1b}]0;t\u{7}",
    "\u{1b}]8;;example.org\u{1b}\\",
    "\u{1b}c",
    "\u{7f}",
    "\u{85}",
    "\u{9b}2J",
    "\u{9d}0;t\u{9c}",
    "\u{200b}",
    "\u{200f}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{e0041}",
    "\r",
    "\t",
];

/// All of them in one text.
pub(crate) fn hostile() -> String {
    HOSTILE.concat()
}

/// The characters of an output that may not be there.
fn raw(text: &str) -> Vec<char> {
    let is_raw = |c: &char| match c {
        '\n' => false,
        c => {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
                || matches!(c, '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        }
    };
    text.chars().filter(is_raw).collect()
}

/// Runs, and fails when anything raw comes out; gives what was said.
pub(crate) fn clean(what: &str, run: Import) -> Done {
    let done = run.start().finish_with_any_code();
    for (name, text) in [("stdout", &done.stdout), ("stderr", &done.stderr)] {
        let found = raw(text);
        assert!(found.is_empty(), "{what}: {found:?} on {name}:\n{text:?}");
    }
    assert!(!done.stdout.is_empty() || !done.stderr.is_empty(), "{what}: nothing was said at all");
    done
}

/// A sheet of people with hostile headers and cells, one good person among them.
fn sheet() -> String {
    let bad = hostile();
    // A file that is mostly control characters is not taken for text at all.
    let people = "Bea,Bright,,1988-05-31,,\n".repeat(100);
    format!(
        "\"First name\",Surname,\"E-mail\",\"Date of birth\",\"Gender\",\"Odd{bad}\"\n\
         Ada,Bright,ada@example.org,1988-05-31,,\"{bad}\"\n\
         \"B{bad}o\",\"{bad}\",\"b{bad}@example.org\",\"{bad}\",\"{bad}\",x\n\
         Cy,Doe,\"ada@example.org\",\"31/31/{bad}\",\"{bad}\",x\n{people}"
    )
}

#[test]
fn files_with_hostile_names_headers_and_cells() {
    let desk = Desk::new();
    let bad = hostile();
    let csv = format!("people{bad}.csv");
    let book = format!("people{bad}.xlsx");
    desk.write(&csv, sheet());
    desk.write(
        &book,
        workbook_with("", &sheet_xml(&plain(3).replace("First", "First\u{202e}\u{85}"))),
    );
    for file in [&csv, &book] {
        for verb in [
            "check",
            "check --format json",
            "check --deny warnings --warn-likely --on-duplicate merge",
            "check --format json --to omneo",
            "check --format jsonl",
            "check --format sarif",
            "check --format junit",
            "check --format github",
            "check --format markdown",
            "check --to scim",
            "check --mask --deny warnings",
            "inspect",
            "inspect --format json",
            "rows --format json",
            "rows --format jsonl",
            "push --to sandbox --state state --progress plain",
            "push --to sandbox --state state --progress json --format json",
        ] {
            let done = clean(verb, Import::at(&desk, verb).arg(file));
            // As a person reads it, as JSON has it, in a reference.
            let forms = [r"\u{202e}", r"\u202e", "%E2%80%AE"];
            let shown = forms.iter().any(|form| done.stdout.contains(form));
            // Commands name an input where something was found in it.
            let shown = shown || (verb.ends_with("github") && !done.stdout.contains("::"));
            assert!(shown, "{verb} shows nothing of it:\n{}\n{}", done.stdout, done.stderr);
        }
        let out = format!("out{bad}{}", file.len());
        clean("build", Import::at(&desk, "build").arg(file).arg("-o").arg(&out));
        clean("build again", Import::at(&desk, "build").arg(file).arg("-o").arg(&out));
        let recipe = format!("--write-recipe=new{bad}{}.toml", file.len());
        clean("inspect", Import::at(&desk, "inspect --pin").arg(file).arg(recipe));
        for name in ["r.txt", "r.json", "r.jsonl", "r.sarif", "r.xml", "r.md"] {
            let name = format!("{bad}{name}");
            let check = Import::at(&desk, "check").arg(file).arg("--report").arg(&name);
            clean("check --report", check);
            let written = desk.read(&name);
            assert!(raw(&written).is_empty(), "{name:?}: {written:?}");
        }
        let baseline = format!("{bad}baseline");
        for flag in ["--write-baseline", "--baseline"] {
            clean(flag, Import::at(&desk, "check").arg(file).arg(flag).arg(&baseline));
        }
    }
    clean("two files", Import::at(&desk, "check").arg(&csv).arg(&book));
}

#[test]
fn places_with_hostile_names() {
    let desk = Desk::new();
    let bad = hostile();
    desk.write("people.csv", plain(3));
    let state = format!("state{bad}");
    let push = Import::at(&desk, "push people.csv --to sandbox --state").arg(&state);
    assert!(clean("push", push).stdout.contains("run folder"));
    for name in ["x.csv", "x.xlsx", "x.odd"] {
        let name = format!("{bad}{name}");
        clean("template", Import::at(&desk, "template --to vome -o").arg(&name));
        clean("template", Import::at(&desk, "template --to vome -o").arg(&name));
    }
    for verb in ["check", "rows", "inspect", "push --to sandbox --state state"] {
        let missing = format!("missing{bad}.csv");
        clean(verb, Import::at(&desk, verb).arg(&missing));
        desk.write(&format!("empty{bad}.csv"), "");
        clean(verb, Import::at(&desk, verb).arg(format!("empty{bad}.csv")));
        fs::create_dir_all(desk.path(format!("folder{bad}"))).unwrap();
        clean(verb, Import::at(&desk, verb).arg(format!("folder{bad}")));
    }
}

#[test]
fn arguments_that_hold_sequences() {
    let desk = Desk::new();
    let bad = hostile();
    desk.write("people.csv", plain(3));
    let mut shown = 0;
    for verb in [
        "",
        "check people.csv --to",
        "check people.csv --format",
        "check people.csv --deny",
        "check people.csv --map",
        "check people.csv --sheet",
        "check people.csv --range",
        "check people.csv --encoding",
        "check people.csv --default-region",
        "check people.csv --region-column",
        "check people.csv --match",
        "check people.csv --recipe",
        "check people.csv --lock",
        "check people.csv --report",
        "check people.csv --baseline",
        "check people.csv --threads",
        "explain",
        "targets",
        "probe --to",
        "probe --only",
        "fields --to",
        "template --to",
        "template --fields",
        "template --format",
        "sandbox --variant",
        "sandbox --fields",
        "sandbox --port",
        "completions",
        "push people.csv --to sandbox --progress",
        "push people.csv --to sandbox --variant",
    ] {
        let done = clean(verb, Import::at(&desk, verb).arg(&bad));
        shown += usize::from(done.stderr.contains(r"\u{202e}"));
        clean(verb, Import::at(&desk, verb).arg(format!("--x{bad}")));
    }
    assert!(shown >= 20, "only {shown} errors quote the argument");
    let map = format!("Odd{bad}=email");
    clean("--map", Import::at(&desk, "check people.csv --map").arg(map));
    let map = format!("E-mail={bad}");
    clean("--map", Import::at(&desk, "check people.csv --map").arg(map));
}

#[test]
fn recipes_and_locks_that_hold_sequences() {
    let desk = Desk::new();
    // TOML takes most of it in comments, and the rest is an error of its own, which quotes the line.
    let bad = hostile();
    let soft: String = bad.chars().filter(|c| !c.is_control() || "\t".contains(*c)).collect();
    desk.write("people.csv", plain(3));
    let quoted = toml::Value::String(bad.clone()).to_string();
    let mut shown = 0;
    for (index, recipe) in [
        format!("# {bad}\nnonsense = 1\n"),
        format!("nonsense = 1 # {soft}\n"),
        format!("target = {quoted}\n"),
        format!("target = 'vome' # {bad}\n[vome]\nrate = 'x'\n"),
        format!("[columns]\n'{soft}' = 'email' # {soft}\n"),
        format!("[columns]\n{quoted} = {quoted}\n"),
        format!("[values]\nfirst_name = {quoted}\n"),
        format!("[values]\ngender = {quoted}\n"),
        format!("[fields.{quoted}]\nx = 1\n"),
        format!("[vome]\nbase_url = {quoted}\n"),
        format!("[vome]\nbase_url = 'http://127.0.0.1:9'\nextra{soft} = 1\n"),
        format!("[vome.invite]\nenabled = 'x' # {soft}\n"),
        format!("[severity]\n{quoted} = 'error'\n"),
        format!("region = {quoted}\nencoding = {quoted}\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("r{index}{bad}.toml");
        desk.write(&name, recipe);
        for verb in ["check people.csv", "inspect people.csv", "template -o t.csv --force"] {
            let done = clean(verb, Import::at(&desk, verb).arg("--recipe").arg(&name));
            shown +=
                usize::from(done.stderr.contains(r"\u{202e}") || done.stderr.contains('\u{fffd}'));
        }
        clean("probe", Import::at(&desk, "probe --dry-run").arg("--recipe").arg(&name));
    }
    assert!(shown >= 20, "only {shown} errors quote what they are about");
    for lock in [
        format!("version = 1 # {bad}\n"),
        format!("version = 2 # {soft}\n"),
        format!("version = 1\n[vome]\nbase_url = {quoted}\nread_on = 'x'\nprofiles = 2\n"),
        format!(
            "version = 1\n[vome]\nbase_url = {quoted}\nread_on = \"2026-11-26\"\nprofiles = 2\n\
             [[vome.fields]]\nid = {quoted}\nname = {quoted}\ntype = \"odd\" # {soft}\n"
        ),
    ] {
        let name = format!("lock{bad}");
        desk.write(&name, lock);
        clean("lock", Import::at(&desk, "check people.csv --lock").arg(&name));
        clean("fields", Import::at(&desk, "fields --check --lock").arg(&name));
    }
}

#[test]
fn servers_that_answer_with_sequences() {
    let bad = hostile();
    let quoted = serde_json::to_string(&bad).unwrap();
    let answers = [
        (400, format!("{{\"message\":{quoted}}}")),
        (
            400,
            format!(
                "{{\"error\":{quoted},\"errors\":[{{\"email\":{quoted},\"message\":{quoted}}}]}}"
            ),
        ),
        (401, format!("{{\"message\":{quoted}}}")),
        (403, format!("<html>{bad}</html>")),
        (404, bad.clone()),
        (422, format!("{{\"errors\":[{{\"row\":0,\"message\":{quoted}}}]}}")),
        (200, format!("{{\"message\":{quoted},\"errors\":[{quoted}]}}")),
        (200, bad.clone()),
        (503, format!("{{\"message\":{quoted}}}")),
    ];
    let mut shown = 0;
    for (status, body) in answers {
        let what = format!("{status} {body:?}");
        let server = Server::start(move |_, _| Act::json(status, &body));
        for (recipe, key) in [(server.vome(3), "VOME_API_KEY"), (server.omneo(3), "OMNEO_TOKEN")] {
            let desk = Desk::new();
            desk.write("people.csv", plain(3));
            desk.write("recipe.toml", recipe);
            for verb in [
                "push people.csv --yes --state state",
                "push people.csv --yes --state state --format json --progress json",
                "fields",
                "fields --format json --check",
                "probe --yes --only key",
                "probe --yes --only key --format json",
            ] {
                let run = Import::at(&desk, verb).args("--recipe recipe.toml").env(key, "k");
                let done = clean(&format!("{verb}: {what}"), run);
                let said = done.stdout + &done.stderr;
                shown += usize::from(said.contains(r"\u{202e}") || said.contains(r"\u202e"));
            }
        }
    }
    assert!(shown >= 20, "only {shown} answers were repeated");
}

/// A terminal gets even the data of `rows` so that it can be looked at; a pipe gets it as it is.
#[test]
fn rows_are_data_to_a_pipe_and_harmless_on_a_terminal() {
    let desk = Desk::new();
    desk.write("people.csv", sheet());
    let piped = Import::at(&desk, "rows people.csv").run();
    assert!(piped.stdout.contains(&hostile()), "the data is as it was read: {:?}", piped.stdout);
    let Some(sent) = crate::progress::whole_terminal(&desk, 200, "rows people.csv") else { return };
    let found: Vec<char> = raw(&sent.replace("\r\n", "\n"));
    assert!(found.is_empty(), "{found:?} in {sent:?}");
    assert!(sent.contains("\\u{1b}[2J") && sent.contains("\\u{202e}"), "{sent:?}");
}

#[test]
fn the_page_fits_the_terminal_and_uses_the_signs_that_it_has() {
    for width in ["50", "70", "100"] {
        let check = |locale: &str| {
            let check = Import::new("check").file("faulty/volunteers.xlsx").expect_code(1);
            check.env("COLUMNS", width).env("LC_ALL", locale).run().stdout
        };
        let page = check("en_AU.UTF-8");
        assert!(page.contains("✗ 19 people") && page.contains("│ Last Name"), "{page}");
        let plain = check("C");
        assert!(plain.contains("x 19 people") && plain.is_ascii(), "{plain}");
        for line in page.lines().chain(plain.lines()).filter(|line| !line.contains("next: ")) {
            assert!(line.chars().count() <= width.parse().unwrap(), "{width}: {line}");
        }
    }
}
