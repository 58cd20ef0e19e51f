//! A key is taken from where it is safe, and is never seen again.

use crate::common::{Desk, Import};
use crate::people::plain;
use crate::server::{Act, Server};

const CANARY: &str = "canary-3f9a-key";

/// Fails when the key stands in anything that was printed or written.
fn assert_unseen(desk: &Desk, output: [&str; 2], except: &[&str]) {
    for text in output {
        assert!(!text.contains(CANARY), "the key is printed: {text}");
    }
    for file in desk.files("") {
        let bytes = std::fs::read(desk.path(&file)).unwrap();
        let seen = bytes.windows(CANARY.len()).any(|part| part == CANARY.as_bytes());
        assert!(!seen || except.contains(&file.as_str()), "the key stands in {file}");
    }
}

#[test]
fn the_key_is_never_printed_or_written() {
    // Servers that take everything, refuse the key, refuse the people, or vanish.
    let acts: [(i32, Box<dyn Fn() -> Act + Send + Sync>); 4] = [
        (0, Box::new(Act::fine)),
        (4, Box::new(|| Act::json(401, "{}"))),
        (1, Box::new(|| Act::json(400, "{}"))),
        (6, Box::new(|| Act::Drop)),
    ];
    for (code, act) in acts {
        let server = Server::start(move |_, _| act());
        let push =
            Import::new("push --yes --state state --report all.json").text("p.csv", plain(2));
        let push = push.recipe(&server.vome(1)).env("VOME_API_KEY", CANARY);
        let done = push.expect_code(code).run();
        assert!(server.seen().iter().all(|seen| seen.header("API-KEY") == CANARY));
        assert_unseen(&done.desk, [&done.stdout, &done.stderr], &[]);
    }
}

#[test]
#[cfg(unix)]
fn a_key_file_that_others_can_read_is_refused() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start(|_, _| Act::fine());
    let desk = Desk::new();
    let key = desk.write("recipes/key", format!("{CANARY}\n"));
    // A path in a recipe is relative to the recipe.
    let recipe = format!("{}api_key_file = \"key\"\n", server.vome(5));
    desk.write("recipes/vome.toml", recipe);
    let push = || {
        let push = Import::at(&desk, "push --yes --state state --recipe recipes/vome.toml");
        push.text("people.csv", plain(1))
    };
    for mode in [0o644, 0o640, 0o604] {
        set_permissions(&key, Permissions::from_mode(mode)).unwrap();
        let done = push().expect_code(4).run();
        done.says("key").says("chmod 600");
        assert_unseen(&desk, [&done.stdout, &done.stderr], &["recipes/key"]);
    }
    assert!(server.seen().is_empty());
    set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    let done = push().run();
    assert_eq!(server.seen()[0].header("API-KEY"), CANARY, "without the line break");
    assert_unseen(&desk, [&done.stdout, &done.stderr], &["recipes/key"]);
    std::fs::remove_file(&key).unwrap();
    push().expect_code(4).run().says("api_key_file");
}

#[test]
fn the_environment_wins_over_the_key_file_and_a_bad_key_is_refused() {
    let server = Server::start(|_, _| Act::fine());
    let push = || {
        let recipe = format!("{}api_key_file = \"missing\"\n", server.vome(5));
        Import::new("push --yes --state state").text("people.csv", plain(1)).recipe(&recipe)
    };
    push().env("VOME_API_KEY", CANARY).run();
    assert_eq!(server.seen().len(), 1);
    for bad in [format!("{CANARY} two"), format!("{CANARY}\nX: y"), " ".to_owned()] {
        let done = push().env("VOME_API_KEY", bad).expect_code(4).run();
        assert_unseen(&done.desk, [&done.stdout, &done.stderr], &[]);
    }
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn a_recipe_that_holds_a_key_is_not_repeated() {
    let recipe = format!("[vome]\napi_key = \"{CANARY}\"\n");
    let check = Import::new("check").text("people.csv", plain(1)).recipe(&recipe);
    let done = check.expect_code(2).run();
    done.says("api_key_file");
    assert_unseen(&done.desk, [&done.stdout, &done.stderr], &["recipe.toml"]);
}

#[test]
#[cfg(unix)]
fn run_folders_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let server = Server::start(|_, _| Act::fine());
    let push = Import::new("push --yes --state state").text("people.csv", plain(1));
    let done = push.recipe(&server.vome(5)).env("VOME_API_KEY", "k").run();
    let mode = std::fs::metadata(done.desk.run_folder()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "others can read people's data: {mode:o}");
}
