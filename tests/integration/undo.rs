//! Undoing: what a run has changed comes back where nobody has touched it since, and nothing else is changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{Desk, Done, Import, until};
use crate::people::{emails, plain};
use crate::readback::{vome_page, vome_profile};
use crate::runs::runs;
use crate::schema::validate;
use crate::server::{Act, Server};

/// Who is there before anything is planned.
const BEFORE: &str = "\
First name,Last name,Email,Phone number,Gender,Date of birth
Adah,Larkspur,ada@example.org,+61 412 345 678,F,1990-01-02
Otis,Vale,otis@example.org,,,
Mia,Stone,mia@example.org,,,
";

/// Of whom two are there otherwise, one as she is, and one not at all.
const SHEET: &str = "\
First name,Last name,Email,Phone number,Gender,Date of birth
Ada,Larkspur,ada@example.org,+61 412 345 677,M,1991-01-02
Otis,Vale,otis@example.org,+61 412 345 679,,
Mia,Stone,mia@example.org,,,
Zoe,Reed,zoe@example.org,,,
Nobody,Bad,nobody,,,
";

const LEFT: &str = "input,row,left,key,id,fields,reason\n";

/// A desk whose sandbox has those who were there before.
fn desk() -> Desk {
    let push = Import::new("push --to sandbox --state state -q").text("before.csv", BEFORE);
    let desk = push.run().desk;
    std::fs::remove_dir_all(desk.path("state/runs")).unwrap();
    desk.write("people.csv", SHEET);
    desk
}

/// The same, with the sheet planned and sent.
fn sent() -> Desk {
    let desk = desk();
    let plan = Import::at(&desk, "plan people.csv --to sandbox --state state -o plan");
    plan.expect_code(1).run();
    let done = push(&desk, "plan", 1);
    assert!(done.stdout.contains("to take it back: upsheet undo plan\n"), "{}", done.stdout);
    desk
}

fn push(desk: &Desk, plan: &str, code: i32) -> Done {
    let push = Import::at(desk, &format!("push --plan {plan} --state state"));
    push.expect_code(code).run()
}

fn undo(desk: &Desk, args: &str, code: i32) -> Done {
    Import::at(desk, "undo --state state").args(args).expect_code(code).run()
}

/// All profiles of the sandbox.
fn profiles(desk: &Desk) -> Vec<Value> {
    let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    let mut rows = db.prepare("SELECT body FROM profile ORDER BY rowid").unwrap();
    let bodies = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
    bodies.map(|body| serde_json::from_str(&body.unwrap()).unwrap()).collect()
}

/// Changes one profile of the sandbox behind everybody's back.
fn behind(desk: &Desk, sql: &str) {
    let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
}

/// What is left alone, without the ids that the sandbox makes.
fn left(desk: &Desk, folder: &str) -> Vec<String> {
    let text = desk.read(format!("{folder}/left.csv"));
    let lines = text.strip_prefix(LEFT).unwrap().lines();
    let short = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{} {} {} {}", cells[1], cells[2], cells[3], cells[5])
    };
    lines.map(|line| short(line).trim().to_owned()).collect()
}

#[test]
fn what_was_changed_comes_back_and_what_was_made_is_named() {
    let before = profiles(&desk());
    let desk = sent();
    let during = profiles(&desk);
    // Neither the sheet nor what is in it is needed any more.
    std::fs::remove_file(desk.path("people.csv")).unwrap();
    let text = undo(&desk, "plan -o undo", 1).stdout;
    assert_eq!(profiles(&desk), during, "nothing was sent");
    for line in [
        "plan undo: undoes run plan, 2 people for Vome (sandbox), update by email, looked for in 1 request\n",
        "  update               2\n",
        "  left alone, or in part, each with the reason in left.csv of the plan\n",
        "  made                 1  the run has made the profile; upsheet deletes nobody\n",
        "  phone_number          0         1         1\n",
        "  row 2 of people.csv: update: date_of_birth, first_name, gender, phone_number\n",
        "nothing was sent. To send it: upsheet push --plan undo\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    assert!(!text.contains("Adah") && !text.contains("412"), "values: {text}");
    assert_eq!(left(&desk, "undo"), ["5 made zoe@example.org"]);
    #[cfg(unix)]
    for name in ["before.jsonl", "left.csv", "plan.csv"] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(desk.path("undo").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let done = push(&desk, "undo", 0);
    assert!(done.stdout.contains("0 people created, 2 updated"), "{}", done.stdout);
    let after = profiles(&desk);
    assert_eq!(after[..3], before, "as if nothing had been");
    assert_eq!(after[3]["profile_data"]["first_name"], "Zoe");
    // The rows say what became of each.
    let results = Import::at(&desk, "results undo --state state").run().stdout;
    assert!(results.contains("  success              2\n"), "{results}");
    assert!(results.contains("  skipped              3\n"), "{results}");
    let success = desk.read("undo/results/success.csv");
    assert!(success.contains("otis@example.org") && !success.contains("Otis"), "{success}");
    let skipped = desk.read("undo/results/skipped.csv");
    assert!(skipped.contains("left alone: the run has made the profile"), "{skipped}");
    // A second time there is nothing to do, and what was undone can be done again.
    let text = undo(&desk, "plan -o again", 1).stdout;
    assert!(text.contains("\nnothing is to be sent\n"), "{text}");
    let back = ["2 back ada@example.org", "3 back otis@example.org", "5 made zoe@example.org"];
    assert_eq!(left(&desk, "again"), back);
    undo(&desk, "undo -o redo", 0);
    push(&desk, "redo", 0);
    assert_eq!(profiles(&desk), during);
}

#[test]
fn whoever_was_edited_since_is_left_alone_with_the_fields() {
    let desk = sent();
    // One who has another name since; one who has another name, which the run had not changed.
    behind(
        &desk,
        "UPDATE profile SET body = replace(body, '\"Ada\"', '\"Ida\"') WHERE body LIKE '%ada@%'",
    );
    behind(
        &desk,
        "UPDATE profile SET body = replace(body, 'Otis', 'Odo') WHERE body LIKE '%otis@%'",
    );
    let json = undo(&desk, "plan -o undo --format json", 1).json();
    validate("plan.v1", &json);
    assert_eq!(json["update"], 1);
    assert_eq!(json["undoes"]["run"], "plan");
    assert_eq!(json["undoes"]["left"], json!({"edited": 1, "made": 1}));
    assert_eq!(json["undoes"]["table"], "undo/left.csv");
    assert_eq!(
        left(&desk, "undo"),
        ["2 edited ada@example.org first_name", "5 made zoe@example.org"]
    );
    push(&desk, "undo", 0);
    let after = profiles(&desk);
    assert_eq!(after[0]["profile_data"]["first_name"], "Ida");
    assert_eq!(after[0]["profile_data"]["phone_number"], "+61412345677", "nothing of her");
    assert_eq!(after[1]["profile_data"]["first_name"], "Odo");
    assert_eq!(after[1]["profile_data"].get("phone_number"), None, "what the run had changed");
}

#[test]
fn a_field_that_somebody_has_put_right_already_is_no_edit() {
    let desk = sent();
    behind(
        &desk,
        "UPDATE profile SET body = replace(body, '\"Ada\"', '\"Adah\"') WHERE body LIKE '%ada@%'",
    );
    undo(&desk, "plan -o undo", 1);
    assert_eq!(left(&desk, "undo"), ["5 made zoe@example.org"]);
    let table = desk.read("undo/plan.csv");
    assert!(!table.contains("first_name") && table.contains("2,update,gender"), "{table}");
}

#[test]
fn whoever_is_gone_is_not_made_again() {
    let desk = sent();
    behind(&desk, "DELETE FROM profile WHERE body LIKE '%ada@%'");
    undo(&desk, "plan -o undo", 1);
    assert_eq!(left(&desk, "undo"), ["2 gone ada@example.org", "5 made zoe@example.org"]);
    // Nor where it happens between the plan and its sending.
    behind(&desk, "DELETE FROM profile WHERE body LIKE '%otis@%'");
    push(&desk, "undo", 5).says("1 person is not at Vome as when the plan was made");
    let done = Import::at(&desk, "resume undo --state state --as-planned").expect_code(1).run();
    assert!(done.stdout.contains("0 people created, 0 updated"), "{}", done.stdout);
    assert_eq!(profiles(&desk).len(), 2);
}

#[test]
fn what_was_not_planned_or_not_sent_cannot_be_undone() {
    let desk = desk();
    Import::at(&desk, "push people.csv --to sandbox --state state -q").expect_code(1).run();
    undo(&desk, "--last", 5).says("kept nothing of what there was before it").says("--keep-before");
    let plan = Import::at(&desk, "plan people.csv --to sandbox --state state -o plan");
    plan.expect_code(1).run();
    undo(&desk, "plan", 5).says("nobody of run plan was sent");
    push(&desk, "plan", 1);
    Import::at(&desk, "purge plan --state state --yes").run();
    assert!(!desk.path("plan/before.jsonl").exists(), "it holds people's values");
    undo(&desk, "plan", 5).says("was purged");
}

#[test]
fn what_is_kept_of_before_is_read_as_it_was_written_or_not_at_all() {
    let desk = sent();
    let kept = desk.read("plan/before.jsonl");
    let (first, rest) = kept.split_once('\n').unwrap();
    let (second, rest) = rest.split_once('\n').unwrap();
    for damaged in [
        "\"made\"\n".to_owned(),
        format!("{kept}\"same\"\n"),
        format!("{second}\n{first}\n{rest}"),
        kept.replace("changed", "charged"),
    ] {
        desk.write("plan/before.jsonl", damaged);
        undo(&desk, "plan -o undo", 3).says("before.jsonl").says("was changed after the run");
        assert!(!desk.path("undo").exists());
    }
    desk.write("plan/before.jsonl", kept);
    undo(&desk, "plan -o plan/undo", 2).says("lies in the folder of the run");
    undo(&desk, "plan -o state", 5).says("is not empty");
    assert!(!desk.path("state/run.lock").exists(), "a folder of the user's stays as it was");
    desk.write("plan/recipe.toml", "[vome]\nrate = 2\n");
    undo(&desk, "plan -o undo", 5).says("recipe");
}

#[test]
fn of_a_run_that_was_stopped_part_way_only_what_has_landed_is_undone() {
    let before = profiles(&desk());
    let desk = desk();
    let plan =
        Import::at(&desk, "plan people.csv --to sandbox --state state -o plan --batch-size 1");
    plan.expect_code(1).run();
    desk.write(
        "faults.toml",
        "[[fault]]\non = \"write\"\nfrom = 2\nkind = \"status\"\nstatus = 401\n",
    );
    let push =
        Import::at(&desk, "push --plan plan --state state --faults faults.toml --concurrency 1");
    push.expect_code(4).run();
    let changed = profiles(&desk).iter().zip(&before).filter(|(now, then)| now != then).count();
    assert_eq!((changed, profiles(&desk).len()), (1, 3));
    let text = undo(&desk, "plan -o undo", 0).stdout;
    assert!(text.contains("undoes run plan, 1 person for"), "{text}");
    assert_eq!(left(&desk, "undo"), [""; 0]);
    self::push(&desk, "undo", 0);
    assert_eq!(profiles(&desk), before);
    let text = runs(&desk).stdout;
    assert!(!text.contains("undoes"), "it lies elsewhere: {text}");
}

#[test]
fn of_those_who_are_sent_later_it_is_looked_again_what_there_was() {
    let plan = |desk: &Desk| {
        let plan = "plan people.csv --to sandbox --state state -o plan --batch-size 1";
        Import::at(desk, plan).expect_code(1).run();
        desk.write(
            "faults.toml",
            "[[fault]]\non = \"write\"\nfrom = 2\nkind = \"status\"\nstatus = 401\n",
        );
        let push = "push --plan plan --state state --faults faults.toml --concurrency 1";
        Import::at(desk, push).expect_code(4).run();
        // Meanwhile somebody enters a number for Otis, and makes Zoe.
        let otis = "UPDATE profile SET body = json_set(body, '$.profile_data.phone_number', '+61477777777')
            WHERE body LIKE '%otis@%'";
        behind(desk, otis);
        desk.write("zoe.csv", "First name,Last name,Email\nZoë,Reed,zoe@example.org\n");
        Import::at(desk, "push zoe.csv --to sandbox --state state -q").run();
    };
    let desk = desk();
    plan(&desk);
    Import::at(&desk, "resume plan --state state").expect_code(1).run();
    undo(&desk, "plan -o undo", 0);
    push(&desk, "undo", 0);
    let after = profiles(&desk);
    assert_eq!(after[1]["profile_data"]["phone_number"], "+61477777777", "what there was then");
    assert_eq!(after[3]["profile_data"]["first_name"], "Zoë", "and she was not made by the run");
    // Who is sent without a look is sent over what nobody knows.
    let desk = self::desk();
    plan(&desk);
    Import::at(&desk, "resume plan --state state --as-planned").expect_code(1).run();
    undo(&desk, "plan -o undo", 1);
    assert_eq!(left(&desk, "undo"), ["3 untold otis@example.org", "5 untold zoe@example.org"]);
}

#[test]
fn the_rest_of_a_run_that_was_undone_is_not_sent() {
    let desk = desk();
    let plan = "plan people.csv --to sandbox --state state -o plan --batch-size 1";
    Import::at(&desk, plan).expect_code(1).run();
    desk.write(
        "faults.toml",
        "[[fault]]\non = \"write\"\nfrom = 2\nkind = \"status\"\nstatus = 401\n",
    );
    let push = "push --plan plan --state state --faults faults.toml --concurrency 1";
    Import::at(&desk, push).expect_code(4).run();
    undo(&desk, "plan -o undo", 0);
    self::push(&desk, "undo", 0);
    let undone = profiles(&desk);
    let resume = |args: &str, code| {
        Import::at(&desk, "resume plan --state state").args(args).expect_code(code).run()
    };
    resume("", 5).says("run plan was undone, by undo").says("--as-planned");
    assert_eq!(profiles(&desk), undone);
    resume("--as-planned", 1);
    assert_ne!(profiles(&desk), undone);
}

#[test]
fn a_run_that_invited_people_is_undone_without_inviting_anybody() {
    let desk = desk();
    let recipe = "[vome.invite]\nenabled = true\nlanguage = \"EN\"\n";
    let push = "push people.csv --to sandbox --state state --keep-before --expect-invites 3";
    let push = Import::at(&desk, push).recipe(recipe).expect_code(1).run();
    push.says("1 person is at Vome with every value, and not sent");
    let text = undo(&desk, "--last -o undo", 1).stdout;
    assert!(text.contains("side effects: none: nobody is mailed\n"), "{text}");
    self::push(&desk, "undo", 0);
    assert_eq!(profiles(&desk)[..3], profiles(&self::desk()));
}

#[test]
fn another_profile_that_has_the_key_now_is_left_alone() {
    let desk = sent();
    behind(&desk, "UPDATE profile SET id = 'another' WHERE body LIKE '%ada@%'");
    undo(&desk, "plan -o undo", 1);
    assert_eq!(left(&desk, "undo"), ["2 another ada@example.org", "5 made zoe@example.org"]);
}

#[test]
fn a_field_that_the_target_does_not_show_is_not_cleared() {
    let profile = |name: &str| {
        let mut one = vome_profile("ada@example.org");
        one["profile_details"]["first_name"] = name.into();
        Act::json(200, &json!({"count": 1, "next": null, "results": [one]}).to_string())
    };
    let landed = Arc::new(AtomicBool::new(false));
    let has_landed = Arc::clone(&landed);
    let server = Server::start(move |seen, _| {
        if !seen.line.starts_with("GET") {
            return Act::fine();
        }
        profile(if has_landed.load(Ordering::SeqCst) { "Ada" } else { "Adah" })
    });
    let sheet =
        "First name,Last name,Email,Medical information\nAda,Larkspur,ada@example.org,Nuts\n";
    let push = Import::new("push --state state --yes --keep-before").text("people.csv", sheet);
    let push = push.recipe(&server.vome(5)).env("VOME_API_KEY", "undo-key").run();
    landed.store(true, Ordering::SeqCst);
    let undo = Import::at(&push.desk, "undo --last --state state -o undo");
    undo.env("VOME_API_KEY", "undo-key").expect_code(1).run();
    let lost = left(&push.desk, "undo").join("\n");
    assert!(
        lost.starts_with("2 lost ada@example.org ") && lost.contains("medical_information"),
        "{lost}"
    );
    let payload = push.desk.read("undo/payloads/00001.json");
    assert!(payload.contains("\"Adah\"") && !payload.contains("medical"), "{payload}");
}

#[test]
fn an_undoing_that_was_killed_is_carried_on_with() {
    let desk = sent();
    undo(&desk, "plan", 1);
    let text = runs(&desk).stdout;
    assert!(
        text.contains("a plan: nothing was sent\n") && text.contains(", undoes run /"),
        "{text}"
    );
    let send = text.split("send it: upsheet ").nth(1).unwrap().lines().next().unwrap().to_owned();
    desk.write("faults.toml", "[[fault]]\non = \"write\"\nnumbers = [1]\nkind = \"stall\"\nwhere = \"answer\"\nms = 60000\n");
    let mut push = Import::at(&desk, &send).args("--state state --faults faults.toml").start();
    until("it is sent", || {
        let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
        let stalled = "SELECT count(*) FROM request WHERE applied AND fault IS NOT NULL";
        db.query_row(stalled, [], |row| row.get::<_, i64>(0)).unwrap_or(0) > 0
    });
    push.signal("KILL");
    push.wait_for_signal();
    Import::at(&desk, &send.replace("push --plan", "resume")).args("--state state").run();
    assert_eq!(profiles(&desk)[..3], profiles(&self::desk()));
}

#[test]
fn nothing_is_kept_where_the_target_does_not_say_whom_it_has() {
    let server = Server::start(|seen, _| {
        if seen.line.starts_with("GET") { vome_page(&[], seen) } else { Act::fine() }
    });
    let plan = Import::new("plan --state state -o plan").text("people.csv", plain(3));
    let plan = plan.recipe(&server.vome(5)).env("VOME_API_KEY", "undo-key").run();
    let push = Import::at(&plan.desk, "push --plan plan --state state --yes");
    push.env("VOME_API_KEY", "undo-key").run();
    let undo = |code| {
        let undo = Import::at(&plan.desk, "undo plan --state state -o undo");
        undo.env("VOME_API_KEY", "undo-key").expect_code(code).run()
    };
    drop(server);
    undo(4).says("Nothing was sent");
    assert!(!plan.desk.path("undo").exists());
}

#[test]
fn a_push_keeps_what_there_was_where_it_is_asked_to() {
    let desk = desk();
    let before = profiles(&desk);
    let push = || Import::at(&desk, "push people.csv --to sandbox --state state --keep-before");
    let done = push().expect_code(1).run();
    done.says("looking for 4 people at Vome");
    assert!(done.stdout.contains("to take it back: upsheet undo state/runs/"), "{}", done.stdout);
    undo(&desk, "--last -o undo", 1);
    self::push(&desk, "undo", 0);
    assert_eq!(profiles(&desk)[..3], before);
    Import::at(&desk, "push --plan undo --keep-before --state state").expect_code(2).run();
}

#[test]
fn what_is_to_be_kept_is_kept_before_anything_is_sent_also_after_a_kill() {
    let open = Arc::new(AtomicBool::new(false));
    let is_open = Arc::clone(&open);
    let server = Server::start(move |seen, _| match seen.line.starts_with("GET") {
        true if is_open.load(Ordering::SeqCst) => vome_page(&emails(0..2), seen),
        true => Act::Silence,
        false => Act::fine(),
    });
    let push = Import::new("push --state state --yes --keep-before").text("people.csv", plain(3));
    let mut push = push.recipe(&server.vome(5)).env("VOME_API_KEY", "undo-key").start();
    until("it looks", || !server.seen().is_empty());
    push.signal("KILL");
    push.wait_for_signal();
    let desk = push.desk();
    open.store(true, Ordering::SeqCst);
    let resume = Import::at(desk, "resume --last --state state --yes");
    resume.env("VOME_API_KEY", "undo-key").run();
    let kept = std::fs::read_to_string(desk.run_folder().join("before.jsonl")).unwrap();
    assert_eq!(kept.lines().count(), 3, "{kept}");
    let first = server.seen().iter().position(|seen| !seen.line.starts_with("GET")).unwrap();
    assert!(first > 1, "everybody was looked up first");
}

/// Plans and sends a sheet over one that was sent before, and undoes that; gives the lines of what is left.
fn there_and_back(recipe: &str, before: &str, sheet: impl Fn(&Desk) -> String) -> Vec<String> {
    let first = Import::new("push --to sandbox --state state -q").text("people.csv", before);
    let desk = first.recipe(recipe).run().desk;
    let then = shown(&desk);
    desk.write("people.csv", sheet(&desk));
    let recipe = recipe.replace("operation = \"create\"", "operation = \"update\"");
    desk.write("recipe.toml", recipe);
    let plan = "plan people.csv --to sandbox --recipe recipe.toml --state state -o plan";
    Import::at(&desk, plan).run();
    push(&desk, "plan", 0);
    assert_ne!(shown(&desk), then);
    undo(&desk, "plan -o undo", 1);
    push(&desk, "undo", 0);
    let left = left(&desk, "undo");
    if left.iter().all(|line| !line.contains(" lost ")) {
        assert_eq!(shown(&desk), then);
    }
    left
}

/// The bodies of all profiles of the sandbox, without what it puts into them itself.
fn shown(desk: &Desk) -> Vec<Value> {
    let mut all = profiles(desk);
    for one in all.iter_mut().filter_map(Value::as_object_mut) {
        one.retain(|name, value| name != "updated_at" && name != "statuses" && !value.is_null());
    }
    all
}

#[test]
fn what_omneo_has_of_one_value_comes_back_and_statuses_stay() {
    let recipe =
        "target = \"omneo\"\n[columns]\n\"Status\" = \"statuses\"\n\"Company\" = \"company\"\n";
    let head = "First name,Last name,Email,Mobile phone,Birth date,Company,Status\n";
    let before = format!("{head}Ada,Larkspur,ada@example.org,+61412345678,1990-01-02,Roses,\n");
    let sheet = format!("{head}Ida,Larkspur,ada@example.org,+61412345679,1991-03-04,Ferns,vip\n");
    let left = there_and_back(recipe, &before, |_| sheet.clone());
    assert_eq!(left, ["2 afterwards ada@example.org"]);
}

#[test]
fn what_a_scim_server_has_comes_back_but_for_lists() {
    let recipe = "target = \"scim\"\n[scim]\noperation = \"create\"\n";
    let before =
        "First name,Last name,userName,Title,Work email\nAda,Larkspur,ada,Dr,ada@example.org\n";
    let left = there_and_back(recipe, before, |desk| {
        let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
        let id: String = db.query_row("SELECT id FROM profile", [], |row| row.get(0)).unwrap();
        format!("id,First name,Last name,Title,Work email\n{id},Ida,Lark,,ida@example.org\n")
    });
    assert_eq!(left.len(), 1);
    assert!(left[0].starts_with("2 lost ") && left[0].ends_with(" emails.work"), "{left:?}");
}
