//! Who may import whom. The table is ordered from the bottom up: a room may use only rooms that
//! stand above it in the table, and of those only the ones that its line names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::repository;

/// Each room of `src/`, and the rooms that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    // Every room may come to a point at which it can be told to die.
    ("failpoint", &["error"]),
    ("row", &[]),
    ("spelling", &[]),
    ("visible", &[]),
    ("private", &[]),
    ("staged", &[]),
    // A server that shares nothing with the client that it tests.
    ("sandbox", &[]),
    ("finding", &["row"]),
    ("mojibake", &["finding", "row"]),
    ("returned", &["finding", "row"]),
    ("record", &[]),
    ("example", &["record", "spelling"]),
    ("recipe", &["error", "spelling", "visible"]),
    ("layout", &["record"]),
    (
        "mapping",
        &["error", "mojibake", "recipe", "record", "returned", "row", "spelling", "visible"],
    ),
    ("unique", &["error", "row"]),
    ("batch", &["layout", "row"]),
    (
        "reader",
        &[
            "error", "example", "finding", "mapping", "mojibake", "returned", "row", "spelling",
            "visible",
        ],
    ),
    (
        "validate",
        &[
            "example", "finding", "layout", "mapping", "mojibake", "reader", "recipe", "record",
            "returned", "row", "spelling", "unique",
        ],
    ),
    ("baseline", &["error", "finding", "row", "staged"]),
    ("cause", &["finding", "recipe", "record", "row", "spelling", "validate"]),
    (
        "target",
        &["batch", "error", "layout", "mapping", "recipe", "record", "spelling", "validate"],
    ),
    ("lock", &["error", "recipe", "spelling", "staged", "target", "visible"]),
    ("journal", &["error", "failpoint", "private", "row"]),
    ("writer", &["batch", "error", "failpoint", "journal", "private", "row", "target"]),
    ("readback", &["batch", "error", "target", "writer"]),
    ("probe", &["error", "target", "visible", "writer"]),
    ("patch", &["error", "reader", "row"]),
    (
        "report",
        &[
            "baseline", "cause", "error", "finding", "journal", "mapping", "patch", "reader",
            "returned", "row", "validate", "visible",
        ],
    ),
    (
        "fix",
        &[
            "error", "finding", "patch", "reader", "report", "row", "spelling", "validate",
            "visible",
        ],
    ),
    ("progress", &["report", "visible", "writer"]),
    (
        "results",
        &[
            "error",
            "failpoint",
            "finding",
            "journal",
            "private",
            "reader",
            "report",
            "row",
            "validate",
        ],
    ),
    (
        "admit",
        &[
            "baseline", "batch", "cause", "error", "finding", "recipe", "record", "report",
            "returned", "row", "unique", "validate", "writer",
        ],
    ),
    (
        "run",
        &[
            "admit", "baseline", "batch", "error", "reader", "recipe", "report", "row", "unique",
            "validate", "writer",
        ],
    ),
    ("pins", &["error", "reader", "recipe", "visible"]),
    (
        "plan",
        &[
            "baseline", "error", "finding", "layout", "lock", "mapping", "pins", "reader",
            "recipe", "record", "report", "row", "run", "spelling", "target", "validate",
        ],
    ),
    (
        "template",
        &[
            "error", "example", "mapping", "plan", "record", "row", "spelling", "target",
            "validate", "visible",
        ],
    ),
    (
        "command",
        &[
            "batch",
            "error",
            "failpoint",
            "finding",
            "fix",
            "journal",
            "lock",
            "mapping",
            "mojibake",
            "pins",
            "plan",
            "private",
            "probe",
            "progress",
            "readback",
            "reader",
            "recipe",
            "record",
            "report",
            "results",
            "row",
            "run",
            "sandbox",
            "spelling",
            "staged",
            "target",
            "template",
            "visible",
            "writer",
        ],
    ),
    (
        "cli",
        &[
            "command",
            "error",
            "failpoint",
            "finding",
            "journal",
            "lock",
            "plan",
            "progress",
            "reader",
            "recipe",
            "report",
            "results",
            "row",
            "target",
            "template",
            "unique",
            "validate",
            "visible",
        ],
    ),
];

/// The longest a source file may be, without its tests.
const LONGEST: usize = 700;

/// Every Rust file below `src/` that is not for tests alone.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![repository("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap();
            if stem == "tests" || stem == "properties" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The lines of a source outside its test module, with their numbers.
fn lines(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let mut kept = Vec::new();
    let mut lines = (1..).zip(text.lines());
    while let Some((number, line)) = lines.next() {
        if line != "#[cfg(test)]" {
            kept.push((number, line.to_owned()));
            continue;
        }
        // rustfmt puts the brace that closes a module of the file's level at the line's beginning.
        if lines.next().is_some_and(|(_, line)| line.ends_with('{')) {
            lines.by_ref().find(|(_, line)| *line == "}");
        }
    }
    kept
}

/// The room that a file belongs to: the first part of its path below `src/`.
fn room(path: &Path) -> String {
    let below = path.strip_prefix(repository("src")).unwrap();
    let first = below.components().next().unwrap();
    Path::new(first.as_os_str()).file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The rooms that a line of code names.
fn named(line: &str) -> Vec<String> {
    let code = line.split("//").next().unwrap();
    let uses = code.match_indices("crate::").filter(|(at, _)| {
        let before = code[..*at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$')
    });
    let names = uses.map(|(at, word)| {
        let rest = &code[at + word.len()..];
        rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '{').collect()
    });
    names.collect()
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for path in sources() {
        let room = room(&path);
        if room == "main" || room == "lib" {
            continue;
        }
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("the room {room} is not in the table"));
        let shown = path.strip_prefix(repository("")).unwrap().display();
        let at_the_top = path.parent() == Some(&repository("src"))
            || path.file_name().is_some_and(|name| name == "mod.rs");
        for (number, line) in lines(&path) {
            for other in named(&line) {
                if other != room && !allowed.contains(&other.as_str()) {
                    wrong.push(format!("{shown}:{number}: {room} may not use {other}: {line}"));
                }
            }
            if at_the_top && line.trim_start().starts_with("use super::") {
                wrong.push(format!("{shown}:{number}: name the room, from the crate: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_architecture_says_the_same() {
    let text = fs::read_to_string(repository("ARCHITECTURE.md")).unwrap();
    let (_, table) = text.split_once("| room | its sentence | may import |\n").unwrap();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let mut rooms: Vec<&str> = Vec::new();
    for row in rows {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [room, _, imports] = cells[..] else { panic!("not three cells: {row}") };
        // The names in backticks; what stands in brackets says what of a room is meant.
        let names = |cell: &str| {
            let outside: String = cell.split(['(', ')']).step_by(2).collect();
            outside.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
        };
        let room = room.trim_matches(['|', ' ', '`', '/']);
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).expect(room);
        for other in names(imports) {
            let above = rooms.contains(&other.as_str());
            assert!(room == "command" || above, "{room} may import {other}, which is not above it");
        }
        // The verbs use what they need.
        if room != "command" {
            let mut said = names(imports);
            said.sort_unstable();
            assert_eq!(said, *allowed, "{room}");
        }
        rooms.push(room);
    }
    assert_eq!(rooms.len(), ROOMS.len(), "a room has no row");
}

#[test]
fn the_table_is_in_order_and_names_every_room() {
    for (index, (room, allowed)) in ROOMS.iter().enumerate() {
        for other in *allowed {
            let place = ROOMS.iter().position(|(name, _)| name == other);
            assert!(place.is_some_and(|place| place < index), "{room} may use {other}, above it");
        }
    }
    let text = fs::read_to_string(repository("src/lib.rs")).unwrap();
    let mut declared: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut listed: Vec<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    declared.sort_unstable();
    listed.sort_unstable();
    assert_eq!(declared, listed);
    assert!(!text.contains("\nmod "), "every room is public");
    let users: Vec<&str> = ROOMS
        .iter()
        .filter(|(_, allowed)| allowed.contains(&"sandbox"))
        .map(|(room, _)| *room)
        .collect();
    assert_eq!(users, ["command"], "only a verb starts the sandbox");
}

#[test]
fn the_environment_and_clap_are_known_to_the_command_line_only() {
    for path in sources() {
        for (number, line) in lines(&path) {
            let code = line.split("//").next().unwrap().to_owned();
            let foreign = code.contains("clap::") || code.contains("env::var");
            let known = room(&path) == "cli" || !foreign;
            assert!(known, "{}:{number}: {line}", path.display());
        }
    }
}

#[test]
fn no_file_is_too_long() {
    for path in sources() {
        let count = lines(&path).len();
        assert!(count <= LONGEST, "{} has {count} lines without its tests", path.display());
    }
    assert!(
        lines(&repository("src/main.rs")).len() < 60,
        "main.rs parses, runs and gives the code"
    );
}

#[test]
fn every_file_begins_with_why_it_exists() {
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} has no first sentence", path.display());
    }
}
