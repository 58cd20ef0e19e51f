//! `probe` against sandboxes that answer differently: what it learns is right, the recipe that it
//! writes makes a push land everybody, and nobody is changed, created or invited by the asking.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde_json::Value;
use upsheet::sandbox::{Options, Sandbox, Variants};

use crate::common::{Desk, Done, Import, together};
use crate::schema::validate;
use crate::server::{Act, Server};

const ME: &str = "ada.probe@example.org";
const KEY: &str = "probe-key";

const FIELDS: &str = r#"
[[fields]]
id = "f-waiver"
name = "Waiver"
type = "boolean"
[[fields]]
id = "f-kids"
name = "Kids"
type = "number"
[[fields]]
id = "f-size"
name = "Size"
type = "single_selection"
options = [{ id = "o-s", value = "S" }, { id = "o-m", value = "M" }]
[[fields]]
id = "f-skills"
name = "Skills"
type = "multiple_selection"
options = [{ id = "o-cook", value = "Cook" }, { id = "o-drive", value = "Drive" }]
[[fields]]
id = "f-badge"
name = "Badge"
type = "unique_id"
"#;

const HEADER: &str =
    "First name,Last name,E-mail,Address,Gender,has_medical_info,Waiver,Kids,Size,Skills,Badge\n";

/// A sandbox with people in it, and the desk from which it is asked.
struct Account {
    desk: Desk,
    target: &'static str,
    sandbox: Sandbox,
}

fn start(desk: &Desk, variants: Variants) -> Sandbox {
    let (vome_key, omneo_token) = (KEY.to_owned(), KEY.to_owned());
    Sandbox::start(Options { port: 0, data: desk.path("data"), vome_key, omneo_token, variants })
        .unwrap()
}

impl Account {
    /// An account with the user's own profile and others, which then behaves as the variants say.
    fn new(target: &'static str, variants: &[&str], others: u32) -> Self {
        let desk = Desk::new();
        let usual = Variants::read(&desk.write("fields.toml", FIELDS)).unwrap();
        let sandbox = start(&desk, usual.clone());
        let mut account = Self { desk, target, sandbox };
        account.write_recipe("");
        let mut sheet = account.sheet(&[ME.to_owned()], 7);
        let emails: Vec<String> = (0..others).map(|n| format!("other{n}@example.org")).collect();
        let rows = account.sheet(&emails, 100);
        sheet.push_str(rows.split_once('\n').unwrap().1);
        account.push("seed.csv", &sheet, 0);
        let mut changed = usual;
        for variant in variants {
            changed.set(&format!("{target}.{variant}")).unwrap();
        }
        drop(account.sandbox);
        account.sandbox = start(&account.desk, changed);
        account.write_recipe("");
        account
    }

    fn url(&self) -> String {
        if self.target == "vome" { self.sandbox.vome_url() } else { self.sandbox.omneo_url() }
    }

    fn write_recipe(&self, more: &str) {
        let mut recipe = format!(
            "# mine\ntarget = \"{0}\"\n\n[{0}]\nbase_url = \"{1}\"  # where it is\nrate = 0\n{more}",
            self.target,
            self.url()
        );
        if self.target == "vome" {
            // What a recipe declares has the form of what the sandbox is told.
            recipe.push_str(&FIELDS.replace("[[fields]]", "[[vome.custom_fields]]"));
        } else {
            recipe.push_str("tags_mode = \"replace\"\n");
        }
        self.desk.write("upsheet.toml", recipe);
    }

    /// A sheet of people with a value for everything that is asked about.
    fn sheet(&self, emails: &[String], first: u32) -> String {
        let mut sheet = String::new();
        if self.target == "vome" {
            sheet.push_str(HEADER);
            for (number, email) in (first..).zip(emails) {
                let values = format!("{number} Rowan Court,F,yes,yes,2,M,Cook; Drive,B-{number}");
                writeln!(sheet, "Ada,Vale,{email},{values}").unwrap();
            }
        } else {
            sheet.push_str("First name,Last name,Email,Tags\n");
            for email in emails {
                writeln!(sheet, "Ada,Vale,{email},vip; local").unwrap();
            }
        }
        sheet
    }

    fn run(&self, verb: &str) -> Import {
        let key = if self.target == "vome" { "VOME_API_KEY" } else { "OMNEO_TOKEN" };
        Import::at(&self.desk, verb).env(key, KEY)
    }

    fn push(&self, name: &str, sheet: &str, code: i32) -> Done {
        self.desk.write(name, sheet);
        let push = self.run("push --yes --state state --format json").arg(name);
        push.expect_code(code).run()
    }

    fn probe(&self, args: &str, code: i32) -> Done {
        let probe = self.run("probe --yes --format json").args(args);
        let done = probe.expect_code(code).run();
        validate("probe.v1", &done.json());
        done
    }

    fn rows(&self, sql: &str) -> Vec<String> {
        let db = rusqlite::Connection::open(self.sandbox.store()).unwrap();
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    /// Everything that is kept of everybody, once no batch waits.
    fn people(&self) -> Vec<String> {
        let began = Instant::now();
        while !self.rows("SELECT id FROM batch WHERE status = 'pending'").is_empty() {
            assert!(began.elapsed() < Duration::from_secs(20), "a batch is still pending");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.rows(
            "SELECT json_array(target, id, email_key, body, updated_at) FROM profile ORDER BY id",
        )
    }

    fn invited(&self) -> usize {
        self.rows("SELECT email FROM invitation").len()
    }

    /// Probes with the user's own profile, and holds that nobody was touched.
    fn probe_untouched(&self, args: &str, code: i32) -> BTreeMap<String, Value> {
        let before = self.people();
        let done = self.probe(&format!("--person {ME} {args}"), code);
        assert_eq!(self.people(), before, "somebody is not as before\n{}", done.stdout);
        assert_eq!(self.invited(), 0, "somebody was invited");
        let told = done.json();
        assert_eq!(told["profile_changed"], Value::Null);
        by_question(&told)
    }

    /// Pushes five who are new and one who is not, who must all land.
    fn push_lands_everybody(&self) {
        let mut emails: Vec<String> = (0..5).map(|n| format!("new{n}@example.org")).collect();
        emails.push(ME.to_owned());
        let before = self.people().len();
        let sheet = self.sheet(&emails, 500);
        let done = self.push("new.csv", &sheet, 0);
        let report = done.json();
        assert_eq!(report["delivery"]["accepted"], 6, "{}", done.stdout);
        let people = self.people();
        assert_eq!(people.len(), before + 5);
        let new: Vec<&String> = people.iter().filter(|one| one.contains("new3@")).collect();
        assert_eq!(new.len(), 1);
        let wanted: &[&str] = match self.target {
            "vome" => &["Rowan Court", "Cook", "Drive", "B-503", "has_medical_info"],
            _ => &["vip", "local", "Vale"],
        };
        for part in wanted {
            assert!(new[0].contains(part), "{} lacks {part}", new[0]);
        }
        assert_eq!(self.invited(), 0);
    }
}

fn by_question(told: &Value) -> BTreeMap<String, Value> {
    let questions = told["questions"].as_array().unwrap().iter();
    questions.map(|one| (one["id"].as_str().unwrap().to_owned(), one.clone())).collect()
}

/// The value that a setting was found to have.
fn setting(told: &BTreeMap<String, Value>, name: &str) -> Option<String> {
    let settings = told.values().flat_map(|one| one["settings"].as_array().unwrap());
    let mut found = settings.filter(|setting| setting["name"] == name);
    Some(found.next()?["value"].as_str().unwrap().to_owned())
}

/// How the sandbox behaves, and what must be learned of it.
type Case = (&'static [&'static str], &'static [(&'static str, &'static str)]);

/// What was learned, a line each.
fn brief(told: &BTreeMap<String, Value>) -> String {
    let lines = told.iter().map(|(id, one)| {
        format!("{id}: {} {} {} {}", one["state"], one["answer"], one["reason"], one["heard"])
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_learned_of_vome_makes_a_push_land_everybody() {
    let cases: &[Case] = &[
        (
            &[],
            &[("vome.records_key.upsert", "\"volunteers_data\""), ("vome.counts", "\"matched\"")],
        ),
        (
            &["create_key=user_data", "update_key=user_data", "upsert_key=user_data"],
            &[
                ("vome.records_key.create", "\"user_data\""),
                ("vome.records_key.update", "\"user_data\""),
                ("vome.records_key.upsert", "\"user_data\""),
            ],
        ),
        (
            &["upsert_key=users_data", "wrong_key=ignored", "success_body=message"],
            &[("vome.records_key.upsert", "\"users_data\"")],
        ),
        (
            &["upsert=post_bulk_create"],
            &[
                ("vome.endpoints.upsert.method", "\"POST\""),
                ("vome.endpoints.upsert.path", "\"/api/profiles/bulk-create/\""),
            ],
        ),
        (&["success_body=empty"], &[("vome.empty_answer", "\"accepted\"")]),
        (
            &["success_status=201", "success_body=rows", "bad_row=row_named", "page_cap=20"],
            &[("vome.page_size", "20")],
        ),
        (
            &[
                "code=string",
                "medical_flag=string",
                "boolean=string",
                "number=native",
                "multi_select=joined",
                "single_select=option_id",
                "unique_key=unique_id",
            ],
            &[
                ("vome.enum_encoding", "\"string\""),
                ("vome.bool_encoding", "\"string\""),
                ("vome.custom_encoding.boolean", "\"string\""),
                ("vome.custom_encoding.number", "\"native\""),
                ("vome.custom_encoding.multiple_selection", "\"joined\""),
                ("vome.custom_encoding.separator", "\", \""),
                ("vome.custom_encoding.single_selection", "\"option_id\""),
                ("vome.unique_field_key", "\"unique_id\""),
            ],
        ),
        (
            &["multi_select=option_ids", "success_body=empty_object", "bad_row=call_unnamed"],
            &[("vome.custom_encoding.multiple_selection", "\"option_ids\"")],
        ),
        (
            &["bad_row=row_unnamed", "unmatched=counted", "code_shown=string", "field_type=name"],
            &[],
        ),
        (&["unmatched=bad_row", "twice=merged", "rate_limit=3", "rate_window_ms=100"], &[]),
    ];
    together(cases, |(variants, expected)| {
        let account = Account::new("vome", variants, 3);
        let told = account.probe_untouched("--write", 1);
        for (name, value) in *expected {
            let found = setting(&told, name);
            assert_eq!(found.as_deref(), Some(*value), "{variants:?}: {name}\n{}", brief(&told));
        }
        let open: Vec<&String> = told
            .iter()
            .filter(|(_, one)| one["state"] != "answered")
            .map(|(id, _)| id)
            .filter(|id| *id != "email-case" && *id != "rate")
            .collect();
        assert!(open.is_empty(), "{variants:?}: open: {open:?}\n{}", brief(&told));
        let recipe = account.desk.read("upsheet.toml");
        assert!(recipe.starts_with("# mine\n"), "{recipe}");
        assert!(recipe.contains("# where it is"), "{recipe}");
        assert!(!recipe.contains(ME), "the recipe holds an address");
        account.push_lands_everybody();
    });
}

#[test]
fn without_what_was_learned_such_a_push_would_land_nobody() {
    let account = Account::new("vome", &["upsert_key=user_data"], 0);
    let sheet = account.sheet(&["new@example.org".to_owned()], 500);
    account.push("new.csv", &sheet, 1);
}

#[test]
fn what_is_learned_of_omneo_makes_a_push_land_everybody() {
    let cases: &[Case] = &[
        (
            &[],
            &[
                ("omneo.batch_path", "\"/profiles/batch.json\""),
                ("omneo.confirm", "\"poll\""),
                ("omneo.items_in_order", "true"),
            ],
        ),
        (&["batch_path=batch", "batch_id=number"], &[("omneo.batch_path", "\"/profiles/batch\"")]),
        (&["batches=absent"], &[("omneo.confirm", "\"readback\"")]),
        (&["batches=forbidden"], &[("omneo.confirm", "\"readback\"")]),
        (&["batch_id=absent"], &[("omneo.confirm", "\"readback\"")]),
        (
            &["items=reversed", "counts=string", "success_status=200", "page_cap=20"],
            &[("omneo.items_in_order", "false"), ("omneo.page_size", "20")],
        ),
        (&["items=failed_only", "item_error=map"], &[("omneo.items_in_order", "false")]),
        (&["items=absent"], &[("omneo.items_in_order", "false")]),
        (&["bad_row=call", "email_match=sensitive"], &[]),
        (&["over_cap=capped", "page_cap=2"], &[("omneo.page_size", "2")]),
    ];
    together(cases, |(variants, expected)| {
        let account = Account::new("omneo", variants, 3);
        let told = account.probe_untouched("--write", 1);
        for (name, value) in *expected {
            let found = setting(&told, name);
            assert_eq!(found.as_deref(), Some(*value), "{variants:?}: {name}\n{}", brief(&told));
        }
        assert_eq!(told["tags"]["state"], "open", "adding and replacing cannot be told apart");
        assert_eq!(told["email-case"]["state"], "answered");
        account.push_lands_everybody();
    });
}

#[test]
fn where_bad_rows_are_left_out_in_silence_nothing_is_concluded_from_silence() {
    let account = Account::new("vome", &["bad_row=row_silent", "success_body=empty_object"], 0);
    let told = account.probe_untouched("", 1);
    assert_eq!(told["bad-row"]["answer"], "it is left out, and nothing says so");
    for id in ["omitted", "codes", "custom-boolean", "custom-multiple-selection"] {
        assert_eq!(told[id]["state"], "open", "{id}\n{}", brief(&told));
    }
}

#[test]
fn a_profile_that_lost_a_value_gets_it_back_and_nothing_more_is_written() {
    let account = Account::new("vome", &["omitted=cleared"], 2);
    let before = account.rows("SELECT body FROM profile ORDER BY id");
    let done = account.probe(&format!("--person {ME}"), 1);
    let told = done.json();
    assert_eq!(told["profile_changed"]["by"], "omitted");
    assert_eq!(told["profile_changed"]["restored"], true);
    let differences = told["profile_changed"]["differences"].to_string();
    assert!(differences.contains("address was"), "{differences}");
    let questions = by_question(&told);
    let answer = questions["omitted"]["answer"].as_str().unwrap();
    assert!(answer.starts_with("they are cleared"), "{answer}");
    assert_eq!(questions["answer"]["state"], "not_asked");
    assert_eq!(questions["rate"]["state"], "answered", "what sends nothing is still asked");
    // Times at which values came to be are made anew with them.
    let values = |rows: &[String]| -> Vec<Value> {
        let rows = rows.iter().map(|row| serde_json::from_str::<Value>(row).unwrap());
        rows.map(|mut row| {
            for field in row["custom_field_data"].as_object_mut().unwrap().values_mut() {
                field["at"] = Value::Null;
            }
            row
        })
        .collect()
    };
    let after = account.rows("SELECT body FROM profile ORDER BY id");
    assert_eq!(values(&before), values(&after));
}

#[test]
fn a_key_without_rights_ends_it_and_what_was_learned_stays() {
    for target in ["vome", "omneo"] {
        let account = Account::new(target, &["rights=read"], 0);
        let done = account.probe(&format!("--person {ME} --write"), 4);
        done.says("may read and not write");
        let told = by_question(&done.json());
        assert_eq!(told["page-size"]["state"], "answered");
        assert_eq!(told["rate"]["state"], "not_asked");
        assert!(account.desk.read("upsheet.toml").contains("page_size = 100  # probe "));
        // What only reads can be asked alone.
        account.probe("--only page-size", 0);
        let closed = Account::new(target, &["rights=none"], 0);
        closed.probe("", 4);
        let wrong = closed.run("probe --yes").env("VOME_API_KEY", "x").env("OMNEO_TOKEN", "x");
        wrong.expect_code(4).run();
    }
}

#[test]
fn nobody_is_asked_without_a_yes_and_a_rehearsal_sends_nothing() {
    for target in ["vome", "omneo"] {
        let account = Account::new(target, &[], 0);
        let requests = || account.rows("SELECT effect FROM request").len();
        let before = requests();
        let done = account.run("probe").args(&format!("--person {ME}")).expect_code(5).run();
        done.says("nobody said yes").says("nobody is created, nobody is invited");
        let key = if target == "vome" { "VOME_API_KEY" } else { "OMNEO_TOKEN" };
        let shown = Import::at(&account.desk, "probe --dry-run").run().stdout;
        assert!(!shown.contains(KEY), "the secret is shown");
        let line = if target == "vome" { "PUT http://127.0.0.1" } else { "POST http://127.0.0.1" };
        assert!(shown.contains(line), "{shown}");
        assert!(!shown.contains("\"invite_user_to_vome\":true"), "{shown}");
        assert_eq!(requests(), before, "something was sent");
        // Without a key there is nothing to ask with.
        Import::at(&account.desk, "probe --yes").env(key, "").expect_code(4).run();
        assert_eq!(requests(), before);
    }
}

#[test]
fn only_a_profile_that_is_there_is_written_to() {
    for target in ["vome", "omneo"] {
        let account = Account::new(target, &[], 2);
        let before = account.people();
        let done = account.probe("--person nobody.here@example.org", 2);
        done.says("has no profile with the e-mail address");
        assert_eq!(account.people(), before);
        let told = by_question(&account.probe("", 1).json());
        let writing = if target == "vome" { "answer" } else { "batch" };
        assert_eq!(told[writing]["state"], "not_asked");
        assert!(told[writing]["reason"].as_str().unwrap().contains("--person"));
        assert_eq!(told["page-size"]["state"], "answered");
        assert_eq!(account.people(), before);
    }
}

#[test]
fn what_the_user_wrote_stays_unless_that_is_asked_for() {
    let account = Account::new("vome", &["page_cap=20"], 0);
    account.write_recipe("page_size = 50  # my own\n");
    let told = by_question(&account.probe("--only page-size --write", 0).json());
    assert_eq!(told["page-size"]["settings"][0]["recipe"], "held");
    assert!(account.desk.read("upsheet.toml").contains("page_size = 50  # my own"));
    account.probe("--only page-size --write --force", 0);
    let recipe = account.desk.read("upsheet.toml");
    assert!(recipe.contains("page_size = 20  # probe "), "{recipe}");
    assert!(recipe.contains("before: my own"), "{recipe}");
    let again = by_question(&account.probe("--only page-size --write", 0).json());
    assert_eq!(again["page-size"]["settings"][0]["recipe"], "same");
    assert_eq!(account.desk.read("upsheet.toml"), recipe);
}

#[test]
fn an_address_without_its_path_is_found_out() {
    let account = Account::new("omneo", &[], 0);
    let url = account.url();
    let short = url.strip_suffix("/api/v3").unwrap();
    account.desk.write(
        "upsheet.toml",
        format!("target = \"omneo\"\n[omneo]\nbase_url = \"{short}\"\nrate = 0\n"),
    );
    let told = by_question(&account.probe("--only base-url,token --write --force", 0).json());
    assert_eq!(told["token"]["state"], "answered", "what is learned is used at once");
    assert_eq!(setting(&told, "omneo.base_url"), Some(format!("\"{url}\"")));
    let sheet = "First name,Last name,Email\nAda,Vale,new@example.org\n";
    let done = account.push("new.csv", sheet, 0);
    assert_eq!(done.json()["delivery"]["accepted"], 1);
}

#[test]
fn headers_that_speak_of_a_limit_are_read() {
    let server = Server::start(|_, _| {
        let head = "RateLimit-Policy: 30;w=60\r\nX-RateLimit-Remaining: 3\r\n";
        Act::Answer(200, head.into(), r#"{"count":0,"next":null,"results":[]}"#.into())
    });
    let probe = Import::new("probe --yes --format json --only key,rate");
    let recipe = server.vome(10);
    let done = probe.recipe(&recipe).env("VOME_API_KEY", KEY).run();
    let told = by_question(&done.json());
    assert_eq!(setting(&told, "vome.rate").as_deref(), Some("0.5"));
}

#[test]
fn an_account_that_is_not_there_is_no_answer() {
    let recipe = "[vome]\nbase_url = \"http://127.0.0.1:9\"\nrate = 0\n";
    let done = Import::new("probe --yes").recipe(recipe).env("VOME_API_KEY", KEY);
    done.expect_code(4).run().says("cannot reach Vome");
}

#[test]
fn questions_are_chosen_by_their_names_and_the_sandbox_answers_for_itself() {
    let wrong = Import::new("probe --only page-sise --yes").expect_code(2).run();
    wrong.says("did you mean page-size?");
    let wrong = Import::new("probe --to sandbox --write").expect_code(2).run();
    wrong.says("say nothing of your account");
    let page = Import::new("probe --to sandbox --only page-size").run().stdout;
    assert!(page.contains("✓ page-size"), "{page}");
    assert!(page.contains("the answers of the sandbox"), "{page}");
}

#[test]
fn what_cannot_be_given_back_is_named_and_nothing_more_is_written() {
    let account = Account::new("omneo", &["name_case=title"], 1);
    let db = rusqlite::Connection::open(account.sandbox.store()).unwrap();
    let sql =
        "UPDATE profile SET body = json_set(body, '$.first_name', 'ada') WHERE email_key = ?1";
    assert_eq!(db.execute(sql, [ME]).unwrap(), 1);
    let told = account.probe(&format!("--person {ME}"), 1).json();
    assert_eq!(told["profile_changed"]["by"], "batch");
    assert_eq!(told["profile_changed"]["restored"], false);
    let differences = told["profile_changed"]["differences"].to_string();
    assert!(differences.contains("first_name was"), "{differences}");
    let questions = by_question(&told);
    assert_eq!(questions["bad-item"]["state"], "not_asked");
    let page = account.run("probe --yes").args(&format!("--person {ME}")).expect_code(1).run();
    assert!(!page.stdout.contains("put them right by hand"), "it is as it was found this time");
}
