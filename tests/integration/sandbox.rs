//! The sandbox as a verb: what it prints, how it is told to behave, and what a push to it meets.

use crate::common::{Desk, Import};
use crate::people::plain;

#[test]
fn a_variant_that_there_is_not_is_a_usage_error_that_lists_what_there_is() {
    for verb in ["sandbox", "push people.csv --to sandbox --state state"] {
        let wrong = |args: &str| {
            let desk = Desk::new();
            desk.write("people.csv", plain(1));
            desk.write("wrong.toml", "[vome]\nbadrow = 1\n");
            desk.write("fields.toml", "[[fields]]\nname = \"Size\"\ntype = \"selection\"\n");
            desk.write("empty.toml", "");
            Import::at(&desk, verb).args(args).expect_code(2).run()
        };
        wrong("--variant vome.badrow=call").says("no variant `vome.badrow`").says("vome.bad_row");
        wrong("--variant vome.bad_row=rows").says("call, call_unnamed, row_named");
        wrong("--variant vome.bad_row").says("key=value");
        wrong("--variant vome.page_cap=0").says("`vome.page_cap` cannot be `0`");
        wrong("--variants-file wrong.toml").says("unknown field `badrow`").says("wrong.toml");
        wrong("--variants-file none.toml").says("cannot read `none.toml`");
        wrong("--fields fields.toml").says("single_selection");
        wrong("--fields empty.toml").says("no [[fields]]");
    }
}

#[test]
fn a_push_to_the_sandbox_meets_the_variants_that_it_was_given() {
    let push = |args: &str| {
        let push = Import::new("push --to sandbox --state state -q").text("people.csv", plain(2));
        push.args(args)
    };
    push("").run();
    let refused = push("--variant vome.upsert_key=users_data").expect_code(1).run();
    assert!(refused.desk.outcomes()[0].2.contains("users_data is required"), "not the key");
    let gone = push("--variant vome.upsert=absent").expect_code(4).run();
    gone.says("there is no such path");
    // The last word counts, also over a file.
    let desk = Desk::new();
    desk.write("variants.toml", "[vome]\nupsert_key = \"user_data\"\n");
    desk.write("people.csv", plain(2));
    let run = Import::at(&desk, "push people.csv --to sandbox --state state -q");
    run.args("--variants-file variants.toml --variant vome.upsert_key=any").run();
}

#[cfg(unix)]
#[test]
fn a_sandbox_says_in_one_line_where_it_listens_and_keeps_its_fields() {
    let desk = Desk::new();
    desk.write("fields.toml", "[[fields]]\nname = \"Size\"\ntype = 2\noptions = [\"S\", \"M\"]\n");
    desk.write("people.csv", "First name,Last name,E-mail,Size\nAda,Vale,ada@example.org,M\n");
    let program = env!("CARGO_BIN_EXE_upsheet");
    let serve = |args: &str| {
        let line =
            format!("exec '{program}' sandbox --data data --format json {args} > place.json");
        let running = Import::at(&desk, "").shell(&line);
        running.until_it_says("listening");
        (running, desk.json("place.json"))
    };
    let size = || -> (i64, String) {
        let db = rusqlite::Connection::open(desk.path("data/sandbox.sqlite")).unwrap();
        let sql = "SELECT kind, name FROM custom_field";
        db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    };
    let (running, place) = serve("--fields fields.toml");
    let recipe = format!("[vome]\nbase_url = {}\nrate = 0\n", place["vome"]["base_url"]);
    let push = || {
        let push = Import::at(&desk, "push people.csv --yes --state state -q").recipe(&recipe);
        push.args("--map Size=custom:Size").env("VOME_API_KEY", "sandbox")
    };
    push().run();
    desk.write("people.csv", "First name,Last name,E-mail,Size\nOtis,Vale,otis@example.org,XXL\n");
    push().expect_code(1).run();
    let outcomes = desk.read(desk.runs().last().unwrap().join("outcomes.csv"));
    assert!(outcomes.contains("is not an option of the field"), "{outcomes}");
    running.signal("INT");
    running.finish().says("1 people created").says("1 refused");
    assert_eq!(size(), (2, "Size".to_owned()));

    // Without a file the fields stay, with another one they are those of the file.
    let (running, _) = serve("");
    running.signal("INT");
    running.finish();
    assert_eq!(size(), (2, "Size".to_owned()));
    desk.write("fields.toml", "[[fields]]\nname = \"T-shirt\"\n");
    let (running, _) = serve("--fields fields.toml");
    running.signal("INT");
    running.finish();
    assert_eq!(size(), (0, "T-shirt".to_owned()));
}
