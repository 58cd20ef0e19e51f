//! Plans: what sending would do with everybody, and that just this is sent, or nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::common::{Desk, Done, Import, until};
use crate::people::{email, emails, plain};
use crate::readback::{vome_page, vome_profile};
use crate::runs::{listed, runs};
use crate::schema::validate;
use crate::server::{Act, Server};

const KEY: &str = "plan-key";

/// Four people, of whom the sandbox has one as she is, two otherwise, and one not at all.
const SHEET: &str = "\
First name,Last name,Email,Phone number,Gender
Ada,Larkspur,ada@example.org,+61 412 345 678,
Otis,Vale,otis@example.org,+61 412 345 679,
Mia,Stone,mia@example.org,,
Zoe,Reed,zoe@example.org,,
Nobody,Bad,nobody,,
";

/// A desk whose sandbox has the first three of the sheet, two of them with other values.
fn desk() -> Desk {
    let before = "\
First name,Last name,Email,Phone number,Gender
Adah,Larkspur,ada@example.org,+61 412 345 678,
Otis,Vale,otis@example.org,,
Mia,Stone,mia@example.org,,
";
    let push = Import::new("push --to sandbox --state state -q").text("before.csv", before);
    let desk = push.run().desk;
    std::fs::remove_dir_all(desk.path("state/runs")).unwrap();
    desk.write("people.csv", SHEET);
    desk
}

fn plan(desk: &Desk, args: &str, code: i32) -> Done {
    let plan = Import::at(desk, "plan people.csv --to sandbox --state state").args(args);
    plan.expect_code(code).run()
}

fn push(desk: &Desk, args: &str, code: i32) -> Done {
    Import::at(desk, "push --plan plan --state state").args(args).expect_code(code).run()
}

/// The profile of an address in the sandbox.
fn profile(desk: &Desk, email: &str) -> Option<Value> {
    let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    let like = format!("%{email}%");
    let mut rows = db.prepare("SELECT body FROM profile WHERE body LIKE ?1").unwrap();
    let mut found = rows.query_map([like], |row| row.get::<_, String>(0)).unwrap();
    let body = found.next()?.unwrap();
    Some(serde_json::from_str(&body).unwrap())
}

/// Changes the profiles of the sandbox behind everybody's back.
fn behind(desk: &Desk, sql: &str) {
    let db = Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    assert_eq!(db.execute(sql, []).unwrap(), 1, "{sql}");
}

const PLANNED: &str = "\
input,row,action,field,before,after,reason
people.csv,2,update,first_name,Adah,Ada,
people.csv,3,update,phone_number,,+61412345679,
people.csv,4,unchanged,,,,
people.csv,5,create,,,,
";

#[test]
fn a_plan_says_what_sending_would_do_and_sends_nothing() {
    let desk = desk();
    let text = plan(&desk, "-o plan", 1).stdout;
    assert!(text.contains("4 people for Vome (sandbox), upsert by email"), "{text}");
    for line in [
        "  create               1  nobody has the key\n",
        "  update               2\n",
        "  unchanged            1  not sent: every value is there\n",
        "  left out: 1 rejected, 0 skipped, with the reasons in rejects.csv of the plan\n",
        "  first_name           0         1         0\n",
        "  phone_number         1         0         0\n",
        "  row 2 of people.csv: update: first_name\n",
        "nothing was sent. To send it: upsheet push --plan plan\n",
    ] {
        assert!(text.contains(line), "{line:?} in {text}");
    }
    assert!(!text.contains("Adah") && !text.contains("412"), "values: {text}");
    assert_eq!(desk.read("plan/plan.csv"), PLANNED);
    assert!(desk.read("plan/rejects.csv").contains("Nobody"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        for (name, expected) in [("plan", 0o700), ("plan/plan.csv", 0o600)] {
            let mode = std::fs::metadata(desk.path(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, expected, "{name}");
        }
    }
    assert!(profile(&desk, "zoe@").is_none(), "nothing was sent");
    assert_eq!(profile(&desk, "ada@").unwrap()["profile_data"]["first_name"], "Adah");
    let values = plan(&desk, "--show-values", 1).stdout;
    assert!(values.contains("first_name from \"Adah\" to \"Ada\""), "{values}");
    assert!(values.contains("phone_number from nothing to \"+61412345679\""), "{values}");
    plan(&desk, "-o plan", 5);
    assert_eq!(desk.read("plan/plan.csv"), PLANNED, "a folder that holds something is left alone");
}

#[test]
fn a_plan_without_a_folder_is_a_run_and_has_a_form_for_programs() {
    let desk = desk();
    let json = plan(&desk, "--format json", 1).json();
    validate("plan.v1", &json);
    let expected = [
        ("people", 4),
        ("create", 1),
        ("update", 2),
        ("unchanged", 1),
        ("untold", 0),
        ("rejected", 1),
        ("invites", 0),
    ];
    for (name, count) in expected {
        assert_eq!(json[name], count, "{name}");
    }
    assert_eq!(
        json["fields"],
        json!([{"field": "first_name", "set": 0, "changed": 1, "cleared": 0},
            {"field": "phone_number", "set": 1, "changed": 0, "cleared": 0}])
    );
    assert_eq!(listed(&desk)[0]["state"], "planned");
    let text = runs(&desk).stdout;
    assert!(text.contains("  a plan: nothing was sent\n"), "{text}");
    assert!(text.contains("  send it: upsheet push --plan state/runs/"), "{text}");
    let send = json["send"].as_str().unwrap().strip_prefix("upsheet ").unwrap().to_owned();
    Import::at(&desk, &send).args("--state state").expect_code(1).run();
    assert_eq!(listed(&desk)[0]["state"], "finished");
    Import::at(&desk, "verify --last --state state").run();
}

#[test]
fn a_plan_is_sent_as_it_is_and_nobody_who_is_there_as_planned() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    let done = push(&desk, "", 1);
    done.says("1 person is at Vome as planned, and not sent");
    assert!(
        done.stdout.contains("sandbox: 1 people created, 2 updated, 0 unchanged"),
        "{}",
        done.stdout
    );
    assert_eq!(profile(&desk, "ada@").unwrap()["profile_data"]["first_name"], "Ada");
    assert!(profile(&desk, "zoe@").is_some());
    let outcomes = desk.read("plan/outcomes.csv");
    assert_eq!(outcomes.matches(",accepted,").count(), 4, "{outcomes}");
    // All is there now: nothing is left to plan, and sending it again sends nothing.
    let text = plan(&desk, "", 1).stdout;
    assert!(text.contains("  unchanged            4  "), "{text}");
    assert!(text.contains("\nnothing is to be sent\n"), "{text}");
    let again = push(&desk, "", 1);
    assert!(
        again.stdout.contains("was finished already: nobody was left to send"),
        "{}",
        again.stdout
    );
}

#[test]
fn a_plan_is_not_sent_where_the_target_or_a_file_is_not_as_it_was() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    behind(
        &desk,
        "UPDATE profile SET body = replace(body, 'Adah', 'Beryl') WHERE body LIKE '%ada@%'",
    );
    behind(&desk, "DELETE FROM profile WHERE body LIKE '%mia@%'");
    push(&desk, "", 5)
        .says("2 people are not at Vome as when the plan was made")
        .says("row 2 of people.csv (now: update), row 4 of people.csv (now: create)")
        .says("upsheet resume plan --as-planned");
    assert!(profile(&desk, "zoe@").is_none(), "nothing was sent");
    desk.write("people.csv", SHEET.replace("Zoe", "Zoë"));
    push(&desk, "", 5).says("is not what it was when run plan was planned");
    assert!(profile(&desk, "zoe@").is_none(), "nothing was sent");
    // Whoever wants it all the same gets what was planned, whole.
    let done = Import::at(&desk, "resume plan --state state --as-planned").expect_code(1).run();
    assert!(done.stdout.contains("2 people created, 2 updated"), "{}", done.stdout);
    assert_eq!(profile(&desk, "zoe@").unwrap()["profile_data"]["first_name"], "Zoe");
}

#[test]
fn a_table_that_somebody_has_changed_is_no_plan_any_more() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    for (table, word) in [
        (PLANNED.replace("create", "unchanged"), "1 person is not at Vome"),
        (PLANNED.replace("people.csv,4,unchanged,,,,\n", ""), "1 person is not at Vome"),
        (format!("{PLANNED}people.csv,6,create,,,,\n"), "the table of the plan is not as"),
        (format!("{PLANNED}people.csv,5,update,city,,x,\n"), "1 person is not at Vome"),
        (String::new(), "4 people are not at Vome"),
    ] {
        desk.write("plan/plan.csv", table);
        push(&desk, "", 5).says(word);
    }
    desk.write("plan/plan.csv", PLANNED);
    push(&desk, "", 1);
}

#[test]
fn those_whom_the_operation_leaves_alone_are_told() {
    let desk = desk();
    let text = plan(&desk, "--operation update", 1).stdout;
    assert!(text.contains("  absent               1  not there: "), "{text}");
    assert!(text.contains("row 5 of people.csv: absent: nobody has the key"), "{text}");
    let send = text.split("upsheet ").last().unwrap().trim();
    let sent = Import::at(&desk, send).args("--state state").expect_code(1).run().stdout;
    assert!(sent.contains("  × row 5 of people.csv: "), "{sent}");
    // Nobody is rejected here: that somebody is there already is worth the code by itself.
    desk.write("people.csv", SHEET.split("Nobody").next().unwrap());
    plan(&desk, "", 0);
    let json = plan(&desk, "--operation create --format json", 1).json();
    validate("plan.v1", &json);
    assert_eq!((&json["create"], &json["exists"]), (&1.into(), &3.into()));
}

#[test]
fn of_whom_it_cannot_be_told_that_is_said() {
    let server = Server::start(|_, _| {
        let mut other = vome_profile(&email(1));
        other["id"] = "another".into();
        let people = [vome_profile(&email(0)), vome_profile(&email(1)), other];
        Act::json(200, &json!({"count": 3, "next": null, "results": people}).to_string())
    });
    let plan = Import::new("plan --state state -o plan").text("people.csv", plain(3));
    let plan = plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).expect_code(1).run();
    let text = &plan.stdout;
    assert!(text.contains("row 3 of people.csv: untold: 2 profiles have their key\n"), "{text}");
    assert!(server.seen().iter().all(|seen| seen.line.starts_with("GET")), "nothing was sent");
}

#[test]
fn where_the_target_does_not_say_whom_it_has_nothing_is_kept() {
    let server = Server::start(|_, _| Act::json(403, "{}"));
    for folder in ["", "-o plan"] {
        let plan = Import::new("plan --state state").args(folder).text("people.csv", plain(3));
        let plan = plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).expect_code(4).run();
        plan.says("the key may not read profiles").says("Nothing was sent");
        assert!(plan.desk.runs().is_empty() && !plan.desk.path("plan").exists());
    }
    // A folder that was there stays, as empty as it was.
    let desk = Desk::new();
    std::fs::create_dir(desk.path("mine")).unwrap();
    let plan = Import::at(&desk, "plan --state state -o mine").text("people.csv", plain(3));
    plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).expect_code(4).run();
    assert_eq!(std::fs::read_dir(desk.path("mine")).unwrap().count(), 0);
}

#[test]
fn a_plan_counts_the_invitations_and_they_are_expected_by_their_number() {
    let open = Arc::new(AtomicBool::new(false));
    let may = Arc::clone(&open);
    let server = Server::start(move |seen, _| match seen.line.starts_with("GET") {
        true => vome_page(&emails(0..2), seen),
        false if may.load(Ordering::SeqCst) => Act::fine(),
        false => Act::json(500, "{}"),
    });
    let recipe = format!("{}[vome.invite]\nenabled = true\n", server.vome(5));
    let plan = Import::new("plan --state state -o plan").text("people.csv", plain(5));
    let plan = plan.recipe(&recipe).env("VOME_API_KEY", KEY).run();
    let text = &plan.stdout;
    let effects = "side effects: Vome may mail an invitation to 3 people (3 are new to it)\n";
    assert!(text.contains(effects), "{text}");
    assert!(text.contains("upsheet push --plan plan --expect-invites 3\n"), "{text}");
    let push = |args: &str, code| {
        let push = Import::at(&plan.desk, "push --plan plan --state state --yes").args(args);
        push.env("VOME_API_KEY", KEY).expect_code(code).run()
    };
    push("", 5).says("--expect-invites 3");
    push("--expect-invites 5", 5).says("would mail an invitation to each of 3 people");
    // What was planned is sent whole only with the number of all of them.
    let resume = |args: &str| {
        let resume = Import::at(&plan.desk, "resume plan --state state --yes --as-planned");
        resume.args(args).env("VOME_API_KEY", KEY).expect_code(5).run()
    };
    resume("").says("upsheet resume plan --as-planned --expect-invites 5");
    resume("--expect-invites 3");
    open.store(true, Ordering::SeqCst);
    push("--expect-invites 3", 0);
    let sent: Vec<String> = server.seen().iter().flat_map(crate::server::Seen::emails).collect();
    assert_eq!(sent, emails(2..5), "those alone who are new");
}

#[test]
fn a_plan_that_nobody_said_yes_to_is_held_against_the_target_again() {
    let gone = Arc::new(AtomicBool::new(false));
    let is_gone = Arc::clone(&gone);
    let server = Server::start(move |seen, _| match seen.line.starts_with("GET") {
        true if is_gone.load(Ordering::SeqCst) => vome_page(&[], seen),
        true => vome_page(&emails(0..2), seen),
        false => Act::fine(),
    });
    let plan = Import::new("plan --state state -o plan").text("people.csv", plain(5));
    let plan = plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).run();
    let push = |args: &str, code| {
        let push = Import::at(&plan.desk, "push --plan plan --state state").args(args);
        push.env("VOME_API_KEY", KEY).expect_code(code).run()
    };
    push("", 5).says("2 people are at Vome as planned, and not sent").says("nobody said yes");
    // Those two are known to be there, and are looked for once more all the same.
    gone.store(true, Ordering::SeqCst);
    push("--yes", 5).says("2 people are not at Vome as when the plan was made");
    assert!(server.seen().iter().all(|seen| seen.line.starts_with("GET")), "nothing was sent");
    gone.store(false, Ordering::SeqCst);
    push("--yes", 0);
    let sent: Vec<String> = server.seen().iter().flat_map(crate::server::Seen::emails).collect();
    assert_eq!(sent, emails(2..5));
}

#[test]
fn a_plan_that_was_killed_while_it_looked_is_not_sent() {
    let server = Server::start(|_, _| Act::Silence);
    let plan = Import::new("plan --state state").text("people.csv", plain(3));
    let mut plan = plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).start();
    until("it looks", || !server.seen().is_empty());
    plan.signal("KILL");
    plan.wait_for_signal();
    let desk = plan.desk().clone();
    let name = desk.run_folder();
    let name = name.file_name().unwrap().to_str().unwrap();
    assert!(runs(&desk).stdout.contains("  a plan that was not finished: nothing was sent\n"));
    for (args, says) in [
        (format!("push --plan {name} --yes"), "was not finished"),
        (format!("resume {name} --yes"), "was not finished"),
        ("resume --last --yes".to_owned(), "is a plan of which nothing was sent"),
        ("verify --last".to_owned(), "sends it"),
    ] {
        let again = Import::at(&desk, &args).args("--state state").env("VOME_API_KEY", KEY);
        again.expect_code(5).run().says(says);
    }
    assert!(server.seen().iter().all(|seen| seen.line.starts_with("GET")), "nothing was sent");
    // Nobody was sent: it goes whole, and need not be forced to.
    Import::at(&desk, &format!("purge {name} --yes --state state")).run();
    assert!(desk.runs().is_empty());
}

#[test]
fn a_plan_is_sent_only_by_the_rules_it_was_made_by_and_only_a_plan_is() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    desk.write("plan/recipe.toml", "[vome.invite]\nenabled = true\n");
    push(&desk, "", 5)
        .says("the recipe or the lock file in the folder of the plan plan was changed");
    desk.write("plan/recipe.toml", "");
    std::fs::remove_file(desk.path("plan/plan.csv")).unwrap();
    push(&desk, "", 5).says("the plan plan was not finished");
    assert!(profile(&desk, "zoe@").is_none(), "nothing was sent");
    Import::at(&desk, "push people.csv --to sandbox --state state -q").expect_code(1).run();
    let run = desk.run_folder();
    let run = run.file_name().unwrap().to_str().unwrap();
    let push = Import::at(&desk, &format!("push --plan {run} --state state"));
    push.expect_code(5).run().says("is no plan, but a run of upsheet push");
}

#[test]
fn one_account_is_sent_to_by_one_run_at_a_time_wherever_a_plan_lies() {
    let server = Server::start(|seen, _| {
        if seen.line.starts_with("GET") { vome_page(&[], seen) } else { Act::Silence }
    });
    let recipe = server.vome(5);
    let plan = Import::new("plan --state state -o plan").text("people.csv", plain(3));
    let desk = plan.recipe(&recipe).env("VOME_API_KEY", KEY).run().desk;
    // As the plan says it: without --state.
    let push = Import::at(&desk, "push --plan plan --yes").env("VOME_API_KEY", KEY);
    let mut push = push.env("XDG_STATE_HOME", desk.path("elsewhere")).start();
    until("it sends", || server.seen().iter().any(|seen| !seen.line.starts_with("GET")));
    let other = Import::at(&desk, "push people.csv --recipe recipe.toml --state state --yes");
    other.env("VOME_API_KEY", KEY).expect_code(5).run();
    push.signal("KILL");
    push.wait_for_signal();
}

#[cfg(unix)]
#[test]
fn the_folder_of_the_user_stays_as_it_was_where_there_is_no_plan() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("real")).unwrap();
    std::os::unix::fs::symlink("real", desk.path("link")).unwrap();
    let server = Server::start(|_, _| Act::json(403, "{}"));
    let plan = Import::at(&desk, "plan --state state -o link").text("people.csv", plain(3));
    plan.recipe(&server.vome(5)).env("VOME_API_KEY", KEY).expect_code(4).run();
    assert!(std::fs::symlink_metadata(desk.path("link")).unwrap().is_symlink());
    assert_eq!(std::fs::read_dir(desk.path("real")).unwrap().count(), 0);
}

#[test]
fn a_plan_whose_requests_were_changed_is_not_sent() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    let payload = desk.path("plan/payloads/00001.json");
    let planned = std::fs::read(&payload).unwrap();
    let changed = String::from_utf8(planned.clone()).unwrap().replacen("Ada", "Eve", 1);
    std::fs::write(&payload, changed).unwrap();
    push(&desk, "", 5)
        .says("00001.json\" was changed after it was planned")
        .says("plan the people");
    std::fs::remove_file(&payload).unwrap();
    push(&desk, "", 5).says("00001.json\" is gone").says("plan the people");
    assert_eq!(profile(&desk, "zoe@"), None);
    std::fs::write(&payload, planned).unwrap();
    push(&desk, "", 1);
}

#[test]
fn a_plan_takes_no_files_and_no_rules() {
    let desk = desk();
    plan(&desk, "-o plan", 1);
    for args in ["people.csv", "--to vome", "--map a=b", "--header-row 2", "--max-errors 1"] {
        let said = push(&desk, args, 2).says("cannot be used with").stderr.clone();
        // The flag that was typed, and none of those that were not.
        let flag = args.split(' ').next().unwrap().replace("people.csv", "[FILE]...");
        assert_eq!(said.matches(&format!("'{flag}")).count(), 1, "{said}");
        assert!(!said.contains("--memory") && !said.contains("--sheet"), "{said}");
    }
    Import::at(&desk, "push --state state").expect_code(2).run().says("FILE");
    Import::at(&desk, "push --plan nowhere --state state")
        .expect_code(2)
        .run()
        .says("there is no run");
}

#[test]
fn what_omneo_is_sent_afterwards_is_told() {
    let sheet = "First name,Last name,Email,Status\nAda,Larkspur,ada@example.org,vip\n";
    let recipe = "target = \"omneo\"\n[columns]\n\"Status\" = \"statuses\"\n";
    let push = Import::new("push --to sandbox --state state -q").text("people.csv", sheet);
    let desk = push.recipe(recipe).run().desk;
    let text = plan(&desk, "--recipe recipe.toml", 0).stdout;
    assert!(text.contains("  unchanged            1  "), "{text}");
    assert!(
        text.contains("afterwards: the statuses of 1 person, which cannot be compared\n"),
        "{text}"
    );
    assert!(text.contains("To send it: upsheet push --plan "), "{text}");
}
