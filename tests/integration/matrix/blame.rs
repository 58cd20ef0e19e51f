//! That the judge is not asleep: each invariant, broken by hand behind a case that went well.

use rusqlite::Connection;
use upsheet::row::Places;

use super::judge::judge;
use super::rig::{CELL, Case, KEY, Left, drive};

/// What is broken, how the verdict on it begins, and how it is broken.
type Broken = (&'static str, &'static str, fn(&mut Case, &mut Left));

fn store(left: &Left, sql: &str) {
    let db = Connection::open(left.desk.path("data/sandbox.sqlite")).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
}

fn journal(left: &Left, sql: &str) {
    let db = Connection::open(left.run.join("journal.sqlite")).unwrap();
    assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
}

/// Takes the last person out of the plan of the second request.
fn plan_one_less(left: &Left) {
    let db = Connection::open(left.run.join("journal.sqlite")).unwrap();
    let (people, bytes): (usize, Vec<u8>) = db
        .query_row("SELECT people, places FROM batch WHERE number = 2", [], |row| {
            Ok((row.get::<_, u32>(0)? as usize, row.get(1)?))
        })
        .unwrap();
    let places = Places::of_bytes(people, &bytes).unwrap();
    let fewer: Places = places.iter().take(people - 1).collect();
    let planned = "UPDATE batch SET people = people - 1, places = ?1 WHERE number = 2";
    assert_eq!(db.execute(planned, [fewer.as_bytes()]).unwrap(), 1);
}

/// Gives one person of the second request another state than those have with whom it shares a line.
fn give_state(left: &Left, state: u8) {
    const REST: &str =
        "batch, reason, ticket, since, after_state, after_reason, after_ticket, after_since";
    journal(
        left,
        &format!(
            "INSERT INTO people ({REST}, first, people, state)
             SELECT {REST}, first + people - 1, 1, {state} FROM people
             WHERE batch = 2 AND first = 0 AND people > 1"
        ),
    );
    journal(left, "UPDATE people SET people = people - 1 WHERE batch = 2 AND first = 0");
}

const BROKEN: &[Broken] = &[
    ("somebody is lost", "I1, I2: 1 are not there", |_, left| {
        store(left, "DELETE FROM profile WHERE seq = (SELECT max(seq) FROM profile)");
    }),
    ("somebody is lost", "I4: 1 are called landed", |_, left| {
        store(left, "DELETE FROM profile WHERE seq = (SELECT max(seq) FROM profile)");
    }),
    ("somebody is there whom nobody sent", "I1: 1 are there whom nobody sent", |_, left| {
        store(
            left,
            "INSERT INTO profile (target, id, email_key, body, created_at, updated_at)
             VALUES ('vome', 'x', 'stranger@example.org', '{}', '', '')",
        );
    }),
    ("a value is another", "I1, I2: 1 are not there", |_, left| {
        store(left, "UPDATE profile SET body = replace(body, 'Quaggar', 'Holm') WHERE seq = 9");
    }),
    ("somebody was made twice", "I3: ", |_, left| {
        store(left, "UPDATE request SET created = created + 1 WHERE seq = 3");
    }),
    ("somebody who is there is called not sent", "I4: 1 are called not sent", |_, left| {
        give_state(left, 0);
    }),
    ("somebody is open in a run that is finished", "I4: 1 are open", |_, left| {
        give_state(left, 4);
    }),
    ("the journal has one person less", "I5: the journal tells", |_, left| {
        let last = "(SELECT max(first) FROM people WHERE batch = 2)";
        let less = "UPDATE people SET people = people - 1 WHERE batch = 2 AND first =";
        journal(left, &format!("{less} {last}"));
        // A request that lacks somebody who was planned is refused by the journal itself.
        plan_one_less(left);
    }),
    ("the report counts otherwise", "I5: the report says", |_, left| {
        let last = left.ran.last_mut().unwrap();
        last.stdout = last.stdout.replace("\"accepted\":", "\"accepted\":1");
    }),
    ("a request came twice", "I3, I6: ", |_, left| {
        store(
            left,
            "INSERT INTO request (at, method, path, body_bytes, status, effect, applied, people)
             SELECT at, method, path, body_bytes, status, effect, applied, people FROM request
             WHERE seq = (SELECT max(seq) FROM request)",
        );
    }),
    ("people were sent again", "I6: ", |_, left| {
        journal(
            left,
            "INSERT INTO attempt (leg, batch, people, bytes, sha256, number, began)
             SELECT leg, batch, people, bytes, sha256, 2, ended + 5 FROM attempt WHERE id = 2",
        );
    }),
    ("a row is in no file", "I7: the files", |_, left| {
        let path = left.run.join("rows/1.csv");
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        std::fs::write(path, lines[..lines.len() - 1].join("\n") + "\n").unwrap();
    }),
    ("the key is written", "I8: the key stands in state/log", |_, left| {
        left.desk.write("state/log", format!("sent with {KEY}\n"));
    }),
    ("a cell is printed", "I8: cells stand in err-9", |_, left| {
        left.desk.write("err-9", format!("{CELL}a has landed\n"));
    }),
    ("the rate is not kept", "I9: ", |case, _| case.rate = 1),
    ("too much memory", "I10: ", |_, left| left.ran[0].peak_kb = 1 << 20),
    ("a run does not end", "liveness: ", |_, left| left.ran.last_mut().unwrap().code = Some(6)),
];

#[test]
fn the_judge_sees_each_invariant_broken() {
    for (what, verdict, breaks) in BROKEN {
        let mut case = Case { people: 60, batch: 10, ..Case::new(0xb1a3e) };
        let mut left = drive(&case);
        breaks(&mut case, &mut left);
        let wrong = judge(&case, &left).wrong;
        assert!(wrong.iter().any(|one| one.starts_with(verdict)), "{what}: {wrong:#?}");
    }
    let case = Case { people: 60, batch: 10, ..Case::new(0xb1a3e) };
    assert_eq!(judge(&case, &drive(&case)).wrong, Vec::<String>::new(), "and whole it is green");
}
