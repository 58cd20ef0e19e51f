//! What is left of people after a purge: nothing.

use std::fs;
use std::path::Path;

use crate::common::{Desk, Done, Import};
use crate::people::{email, plain};
use crate::runs::{listed, runs, state};
use crate::server::{Act, Server};

const KEY: &str = "purge-key";
/// What stands in the sheet, and what the target said of somebody.
const PLANTED: [&str; 5] =
    ["Larkspurplanted", "p1@example.org", "p2@example.org", "plantedreason", "Notesplanted"];

fn purge(desk: &Desk, args: &str, code: i32) -> Done {
    Import::at(desk, "purge --state state").args(args).expect_code(code).run()
}

/// Which of the planted words stand in which file, wherever in its bytes.
fn found(desk: &Desk) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for name in desk.files("state/runs") {
        let bytes = fs::read(desk.path(&name)).unwrap();
        for word in PLANTED {
            let is_there = |part: &[u8]| part.eq_ignore_ascii_case(word.as_bytes());
            if bytes.windows(word.len()).any(is_there) {
                found.push((name.clone(), word));
            }
        }
    }
    found
}

/// A run of which one person was refused, one left unsent by us, and everything was asked for that lays
/// files into its folder.
fn desk() -> (Desk, Server) {
    let bad = email(2);
    let server = Server::start(move |seen, _| {
        if seen.line.starts_with("GET") {
            return Act::json(500, "{}");
        }
        match seen.emails().iter().position(|one| *one == bad) {
            Some(place) => Act::json(
                400,
                &format!(
                    r#"{{"error":{{"type":"invalid_request_error","code":"invalid_field",
                    "message":"plantedreason of {bad}","param":"volunteers_data[{place}].profile_data.email"}}}}"#
                ),
            ),
            None => Act::fine(),
        }
    });
    let sheet = plain(6).replace("Larkspur", "Larkspurplanted");
    let sheet = format!("{sheet}Notesplanted,Larkspurplanted,nobody\n");
    let push = Import::new("push --yes --state state -q").text("people.csv", sheet);
    let recipe = format!("# p1@example.org\n{}", server.vome(3));
    let desk = push.recipe(&recipe).env("VOME_API_KEY", KEY).expect_code(1).run().desk;
    Import::at(&desk, "results --last --state state").run();
    // It is stopped by the target, which leaves what was read.
    let verify = Import::at(&desk, "verify --last --state state").env("VOME_API_KEY", KEY);
    verify.expect_code(4).run();
    (desk, server)
}

#[test]
fn after_a_purge_no_byte_of_the_folder_holds_a_name_an_address_or_a_reason() {
    let (desk, _server) = desk();
    let folder = desk.run_folder();
    let leavings =
        [".tmpAb12Cd", ".upsheet-partial-x1/payloads/00001.json", "rejects.2-people.csv"];
    for name in leavings {
        desk.write(folder.join(name).to_str().unwrap(), "p1@example.org");
    }
    let before = found(&desk);
    for word in PLANTED {
        assert!(before.iter().any(|(_, one)| *one == word), "{word} is nowhere: {before:?}");
    }
    assert!(before.iter().any(|(name, _)| name.ends_with("journal.sqlite")), "{before:?}");
    let said = purge(&desk, folder.file_name().unwrap().to_str().unwrap(), 5);
    said.says("nobody said yes");
    assert_eq!(found(&desk), before, "nobody said yes");
    let done = purge(&desk, "2 --yes", 0);
    done.says("people's data is taken away for good");
    assert!(done.stdout.ends_with("  purged\n"), "{}", done.stdout);
    assert_eq!(found(&desk), []);
    let left = desk.files(folder.to_str().unwrap());
    let left: Vec<&str> = left.iter().map(|name| name.rsplit('/').next().unwrap()).collect();
    assert_eq!(left, ["journal.sqlite", "run.lock"]);
    // That it was done is still told.
    let text = runs(&desk).stdout;
    assert!(text.contains("  purged\n") && text.contains("people.csv"), "{text}");
    assert!(
        text.contains("7 rows: 5 accepted, 1 rejected by the target, 1 rejected by us"),
        "{text}"
    );
    assert_eq!(listed(&desk)[0]["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    for (verb, code) in [("resume", 5), ("verify", 5), ("results", 5)] {
        let done = Import::at(&desk, verb).args("--last --state state").expect_code(code).run();
        done.says("purged");
    }
    assert_eq!(purge(&desk, "2 --yes", 0).stdout, "nothing to purge\n");
}

#[test]
fn a_purge_that_was_cut_off_is_told_and_repeated() {
    let (desk, _server) = desk();
    let folder = desk.run_folder();
    purge(&desk, "2 --yes", 0);
    desk.write(folder.join("rows/1.csv").to_str().unwrap(), "Larkspurplanted");
    assert_eq!(state(&desk), "purged_in_part");
    let text = runs(&desk).stdout;
    assert!(text.contains("purged in part: files of it are left\n"), "{text}");
    let (_, command) = text.split_once("finish it: upsheet ").unwrap();
    Import::at(&desk, command.lines().next().unwrap()).arg("--yes").run();
    assert_eq!((state(&desk).as_str(), found(&desk)), ("purged", vec![]));
}

#[test]
fn what_is_not_finished_is_only_purged_by_force() {
    let server = Server::start(|_, _| Act::json(500, "{}"));
    let push = Import::new("push --yes --state state -q").text("people.csv", plain(4));
    let push = push.recipe(&server.vome(2)).env("VOME_API_KEY", KEY);
    let desk = push.expect_code(6).run().desk;
    // Whoever looks into a database may leave files beside it.
    let files = || {
        let files = desk.files("state/runs").into_iter();
        files.filter(|name| !name.contains("sqlite-")).collect::<Vec<String>>()
    };
    let before = files();
    purge(&desk, "2 --yes", 5).says("could not be resumed any more").says("add --force");
    purge(&desk, "--older-than 0h --yes", 0).says("--force purges it");
    assert_eq!((files(), state(&desk).as_str()), (before, "stopped"));
    purge(&desk, "2 --yes --force", 0).says("IT CANNOT BE RESUMED");
    assert_eq!(state(&desk), "purged");
}

#[test]
fn only_runs_of_the_age_are_purged() {
    let desk = Desk::new();
    Import::at(&desk, "push --to sandbox --state state -q").text("p.csv", plain(1)).run();
    assert_eq!(purge(&desk, "--older-than 1h --yes", 0).stdout, "nothing to purge\n");
    assert_eq!(state(&desk), "finished");
    purge(&desk, "--older-than 0h --yes", 0);
    assert_eq!(state(&desk), "purged");
    for wrong in ["30", "d", "3x", "-1d", "99999999w"] {
        Import::at(&desk, "purge --older-than").arg(wrong).expect_code(2).run();
    }
    Import::at(&desk, "purge").expect_code(2).run();
}

#[test]
#[cfg(unix)]
fn nothing_outside_of_the_folder_is_touched_through_a_link() {
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    Import::at(&desk, "push --to sandbox --state state -q").text("p.csv", plain(1)).run();
    let folder = desk.run_folder();
    let precious = desk.write("precious/letter.txt", "dear");
    fs::remove_dir_all(folder.join("payloads")).unwrap();
    symlink(desk.path("precious"), folder.join("payloads")).unwrap();
    fs::remove_file(folder.join("report.json")).unwrap();
    symlink(&precious, folder.join("report.json")).unwrap();
    symlink(desk.path("precious"), folder.join("rows/elsewhere")).unwrap();
    desk.write(folder.join("my notes.txt").to_str().unwrap(), "mine");
    let done = purge(&desk, "2 --yes", 0);
    assert!(done.stdout.contains("left alone, because upsheet did not make it: my notes.txt"));
    assert_eq!(desk.read("precious/letter.txt"), "dear");
    assert!(fs::symlink_metadata(folder.join("payloads")).is_err());
    // A journal, a lock or a whole folder that is a link is not followed either.
    let real = desk.path("elsewhere");
    let id = folder.file_name().unwrap();
    fs::rename(&folder, &real).unwrap();
    symlink(&real, &folder).unwrap();
    let before = fs::read(real.join("journal.sqlite")).unwrap();
    purge(&desk, "2 --yes --force", 5).says("is a link");
    purge(&desk, "--older-than 0h --yes --force", 0).says("is left alone");
    fs::remove_file(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    symlink(real.join("journal.sqlite"), folder.join("journal.sqlite")).unwrap();
    purge(&desk, id.to_str().unwrap(), 5).says("is a link");
    assert_eq!(fs::read(real.join("journal.sqlite")).unwrap(), before);
    assert!(Path::new(&precious).exists());
}
