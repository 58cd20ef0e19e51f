//! Each fault of the sandbox met over a real connection, and that its record tells the truth of it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{Shutdown, TcpStream};

use serde_json::json;

use crate::common::{Desk, Import, until};
use crate::people::{emails, plain};
use crate::rig::{Rig, key, read, vome};

const UPSERT: &str = "PUT /api/profiles/bulk-upsert/";
const BATCH: &str = "POST /api/v3/profiles/batch.json";
const KEY: &str = "sandbox";

/// The record of all requests but for sizes and times: one line each.
const RECORD: &str = "SELECT coalesce(fault, '-') || ' | ' || received || ' ' || applied || ' '
    || status || ' | ' || coalesce(shown, '-') || ' ' || sent FROM request ORDER BY seq";

/// Each kind of fault as its own lines of the plan, what the client meets, and what the record says: received,
/// applied and status, then what was shown and how much of it.
const MET: &[(&str, &str, &str)] = &[
    (
        "kind = \"status\"\nstatus = 503\nretry_after = \"seconds:2\"",
        "503 json 2",
        "status 503 before | whole 0 503 | 503 whole",
    ),
    (
        "kind = \"status\"\nstatus = 500\nwhen = \"after\"",
        "500 json",
        "status 500 after | whole 1 200 | 500 whole",
    ),
    ("kind = \"reset\"\nwhen = \"before\"", "reset", "reset before | whole 0 0 | - none"),
    (
        "kind = \"close\"\nwhen = \"before\"\nbytes = 10",
        "end",
        "close before 10 | part 0 0 | - none",
    ),
    ("kind = \"reset\"\nwhen = \"after\"", "reset", "reset after | whole 1 200 | - none"),
    (
        "kind = \"close\"\nwhen = \"mid-head\"",
        "part of a head, end",
        "close mid-head | whole 1 200 | 200 cut",
    ),
    (
        "kind = \"reset\"\nwhen = \"mid-head\"\nbytes = 1",
        "part of a head, reset",
        "reset mid-head 1 | whole 1 200 | 200 cut",
    ),
    (
        "kind = \"reset\"\nwhen = \"head\"",
        "200 0 of 77, reset",
        "reset head | whole 1 200 | 200 cut",
    ),
    (
        "kind = \"close\"\nwhen = \"body\"\nbytes = 5",
        "200 5 of 77, end",
        "close body 5 | whole 1 200 | 200 cut",
    ),
    (
        "kind = \"close\"\nwhen = \"body\"",
        "200 38 of 77, end",
        "close body | whole 1 200 | 200 cut",
    ),
    (
        "kind = \"stall\"\nwhere = \"answer\"\nms = 30",
        "200 json",
        "stall answer 30 ms | whole 1 200 | 200 whole",
    ),
    (
        "kind = \"stall\"\nwhere = \"request\"\nms = 30",
        "200 json",
        "stall request 30 ms | whole 1 200 | 200 whole",
    ),
    ("kind = \"drip\"\nms = 1", "200 json", "drip 1 ms | whole 1 200 | 200 whole"),
    ("kind = \"truncate\"", "200 no json", "truncate | whole 1 200 | 200 whole"),
    ("kind = \"wrong-count\"", "200 json", "wrong-count | whole 1 200 | 200 whole"),
    ("kind = \"wrong-ids\"", "200 json", "wrong-ids in vain | whole 1 200 | 200 whole"),
    ("kind = \"html\"", "200 html", "html | whole 1 200 | 200 whole"),
    ("kind = \"huge\"", "200 52 MB", "huge | whole 1 200 | 200 whole"),
    ("kind = \"bomb\"", "200 gzip", "bomb | whole 1 200 | 200 whole"),
    ("kind = \"empty\"", "200 empty", "empty | whole 1 200 | 200 whole"),
    ("kind = \"duplicate-answer\"", "200 and more", "duplicate-answer | whole 1 200 | 200 whole"),
    ("kind = \"expire\"\nnext = \"other\"", "401 json", "expire | whole 0 401 | 401 whole"),
];

/// The requests that were applied and are over.
const LATE: &str = "SELECT count(*) FROM request WHERE applied AND sent = 'none'";

fn number(count: usize) -> i64 {
    count.try_into().unwrap()
}

#[test]
fn each_fault_is_met_and_the_record_tells_what_was_done() {
    let mut plan = String::new();
    for (number, (lines, ..)) in (1..).zip(MET) {
        write!(plan, "[[fault]]\non = \"write\"\nnumbers = [{number}]\n{lines}\n").unwrap();
    }
    let rig = Rig::start(&Desk::new(), &plan, 1, "");
    let mut met = Vec::new();
    let mut expected = Vec::new();
    let mut created = Vec::new();
    for (number, (lines, words, record)) in (1..).zip(MET) {
        let name = format!("p{number:02}");
        let came = rig.send(UPSERT, KEY, &vome(&[&name]));
        met.push(format!("{}: {}", lines.replace('\n', ", "), came.words()));
        expected.push((
            format!("{}: {words}", lines.replace('\n', ", ")),
            format!("{number} {record}"),
        ));
        if record.contains(" 1 200 ") {
            created.push(format!("{name}@example.org"));
        }
        if lines.contains("wrong-count") {
            assert_eq!(came.json()["created"], 2, "one was sent");
        }
    }
    rig.settle();
    let (words, records): (Vec<_>, Vec<_>) = expected.into_iter().unzip();
    assert_eq!(met, words);
    assert_eq!(rig.all::<String>(RECORD), records);
    assert_eq!(rig.emails(), created);
    assert_eq!(rig.counts(), [number(created.len()), 0, 0]);

    // Who was called applied is there, and the others are not: sent again, each is one or the other.
    for number in 1..=MET.len() {
        let name = format!("p{number:02}");
        assert_eq!(rig.send(UPSERT, KEY, &vome(&[&name])).words(), "200 json");
    }
    rig.settle();
    assert_eq!(rig.counts(), [number(MET.len()), 0, number(created.len())]);
    let times = rig.applied();
    assert_eq!(times[&key("p01@example.org")], 1);
    assert_eq!(times[&key("p02@example.org")], 2);
    // How much of a cut request came in.
    let cut = "SELECT body_bytes FROM request WHERE received = 'part'";
    assert_eq!(rig.all::<i64>(cut), [10]);
    let cut = "SELECT sent_bytes FROM request WHERE fault LIKE '%mid-head 1'";
    assert_eq!(rig.all::<i64>(cut), [1]);
    assert_eq!(rig.one::<i64>("SELECT seed FROM serving"), 1);
}

#[test]
fn the_same_seed_gives_the_same_faults() {
    let plan = "[[fault]]\nshare = 0.3\nkind = \"status\"\nstatus = 429\nretry_after = \"absurd\"\n\
        [[fault]]\nshare = 0.3\nkind = \"close\"\nwhen = \"after\"\n\
        [[fault]]\nkind = \"partial\"\npeople = 0.3\n";
    let record = |seed: u32| {
        let rig = Rig::start(&Desk::new(), plan, seed, "--variant vome.bad_row=row_named");
        for number in 0..30 {
            let names = [format!("a{number}"), format!("b{number}")];
            rig.send(UPSERT, KEY, &vome(&[&names[0], &names[1]]));
        }
        rig.settle();
        let mut record: Vec<String> = rig.all(RECORD);
        record.extend(rig.all::<String>("SELECT people FROM request ORDER BY seq"));
        (record, rig.emails())
    };
    let first = record(7);
    assert_eq!(first, record(7));
    assert_ne!(first, record(8));
    for part in ["status 429 before", "close after", "partial", "- |"] {
        assert!(first.0.iter().any(|line| line.contains(part)), "nobody met {part}: {first:?}");
    }
}

#[test]
fn people_whom_the_plan_refuses_are_always_the_same_and_marked() {
    let plan = "[[fault]]\nkind = \"partial\"\npeople = 0.4\n\
        [[fault]]\nkind = \"too-large\"\nabove = 8\n[[fault]]\nkind = \"html\"\nnumbers = [2]\n";
    let desk = Desk::new();
    let rig = Rig::start(&desk, plan, 3, "--variant vome.bad_row=row_named");
    let names: Vec<String> = (0..8).map(|number| format!("p{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let first = rig.send(UPSERT, KEY, &vome(&names)).json();
    let second = rig.send(UPSERT, KEY, &vome(&names));
    assert_eq!(second.words(), "200 html", "other faults come on top");
    let many: Vec<&str> = names.iter().chain(&["p8"]).copied().collect();
    assert_eq!(rig.send(UPSERT, KEY, &vome(&many)).words(), "413 json");
    rig.settle();
    let people = rig.all::<String>("SELECT people FROM request ORDER BY seq");
    assert_eq!(people[0], people[1]);
    let marked =
        |name: &&&str| people[0].contains(&format!("{}!", key(&format!("{name}@example.org"))));
    let refused: Vec<&&str> = names.iter().filter(marked).collect();
    assert!((1..8).contains(&refused.len()), "{people:?}");
    let landed: Vec<String> = names
        .iter()
        .filter(|name| !refused.contains(name))
        .map(|name| format!("{name}@example.org"))
        .collect();
    assert_eq!(rig.emails(), landed);
    assert_eq!(first["errors"].as_array().unwrap().len(), refused.len());
    assert_eq!(rig.counts(), [number(landed.len()), 0, number(landed.len())]);
    let faults = rig.all::<String>("SELECT fault FROM request ORDER BY seq");
    assert_eq!(faults, ["1 partial", "1 partial; 3 html", "1 partial; 2 too-large 8"]);
}

#[test]
fn batches_of_omneo_get_wrong_answers_too() {
    let plan = "[[fault]]\npath = \"/api/v3/profiles/batch\"\nnumbers = [1]\nkind = \"wrong-ids\"\n\
        [[fault]]\npath = \"/api/v3/batches/\"\nnumbers = [1]\nkind = \"wrong-count\"\n\
        [[fault]]\npath = \"/api/v3/batches/\"\nnumbers = [2]\nkind = \"wrong-ids\"\n\
        [[fault]]\non = \"read\"\npath = \"/api/v3/batches/\"\nfrom = 3\nkind = \"truncate\"\n";
    let rig = Rig::start(&Desk::new(), plan, 1, "");
    let body = json!({"match_criteria": "email", "profiles": [{"email": "ada@example.org"}]});
    let answer = rig.send(BATCH, KEY, &body.to_string()).json();
    rig.settle();
    let id: String = rig.one("SELECT batch FROM request");
    assert_eq!(answer["data"]["batch_id"], format!("x{id}"));
    let line = format!("GET /api/v3/batches/{id}");
    let counted = rig.send(&line, KEY, "").json();
    assert_eq!(
        (&counted["data"]["total_count"], &counted["data"]["success_count"]),
        (&json!(2), &json!(2))
    );
    let named = rig.send(&line, KEY, "").json();
    assert_eq!(named["data"]["total_count"], 1);
    assert!(named["data"]["items"][0]["entity_id"].as_str().unwrap().starts_with('x'), "{named}");
    assert_eq!(rig.send(&line, KEY, "").words(), "200 no json");
    assert_eq!(rig.counts(), [1, 0, 0], "what a batch came to is counted");
}

#[test]
fn connections_are_refused_and_late() {
    let plan = "[[fault]]\nkind = \"refuse\"\nnumbers = [1]\n\
        [[fault]]\nkind = \"refuse\"\nnumbers = [2]\nms = 300\n\
        [[fault]]\nkind = \"stall\"\nwhere = \"accept\"\nms = 20\nnumbers = [3]\n";
    let rig = Rig::start(&Desk::new(), plan, 1, "");
    // A connection that is reset at once may be so before or after we notice that it was there.
    let connect = || TcpStream::connect(rig.address());
    if let Ok(mut stream) = connect() {
        assert_eq!(read(&mut stream).words(), "reset");
    }
    let lines = || rig.one::<i64>("SELECT count(*) FROM request WHERE sent = 'none'");
    until("the first is on record", || lines() == 1);
    drop(connect());
    until("the second is on record", || lines() == 2);
    until("somebody listens again", || connect().is_ok());
    // The one that was just made was the third, which is late and says nothing.
    let came = rig.send(UPSERT, KEY, &vome(&["ada"]));
    assert_eq!(came.words(), "200 json");
    assert!(String::from_utf8_lossy(&came.bytes).contains("connection: close"));
    rig.settle();
    let faults = rig
        .all::<String>("SELECT fault || ' ' || received FROM request WHERE fault LIKE '%refuse%'");
    assert_eq!(faults, ["1 refuse none", "2 refuse 300 ms none"]);
}

#[test]
fn an_effect_that_is_late_comes_whether_or_not_the_client_has_gone() {
    let plan = "[[fault]]\non = \"write\"\nnumbers = [1]\nkind = \"late\"\nanswer = \"reset\"\nms = 400\n\
        [[fault]]\non = \"write\"\nnumbers = [2]\nkind = \"late\"\nanswer = \"stall\"\nms = 50\n\
        [[fault]]\non = \"write\"\nnumbers = [3]\nkind = \"late\"\nanswer = \"stall\"\nms = 400\n";
    let rig = Rig::start(&Desk::new(), plan, 1, "");
    let ended = |number: i64| rig.one::<i64>(&format!("{LATE} AND number = {number}"));
    assert_eq!(rig.send(UPSERT, KEY, &vome(&["ada"])).words(), "reset");
    until("the first has had its effect", || ended(1) == 1);
    assert_eq!(rig.send(UPSERT, KEY, &vome(&["bo"])).words(), "end", "held until the effect");
    assert_eq!(ended(2), 1);
    // The third client hangs up while nothing is said.
    let mut stream = TcpStream::connect(rig.address()).unwrap();
    let body = vome(&["cy"]);
    let head = format!("{UPSERT} HTTP/1.1\r\nAPI-KEY: {KEY}\r\nContent-Length: {}", body.len());
    let json = "Content-Type: application/json";
    stream.write_all(format!("{head}\r\n{json}\r\n\r\n{body}").as_bytes()).unwrap();
    drop(stream);
    until("the third has had its effect", || ended(3) == 1);
    rig.settle();
    assert_eq!(rig.emails(), ["ada@example.org", "bo@example.org", "cy@example.org"]);
    let expected = [
        "1 late reset 400 ms | whole 1 200 | - none",
        "2 late stall 50 ms | whole 1 200 | - none",
        "3 late stall 400 ms | whole 1 200 | - none",
    ];
    assert_eq!(rig.all::<String>(RECORD), expected);
    let early = "SELECT count(*) FROM request WHERE fault LIKE '%400%'
        AND (julianday(ended_at) - julianday(at)) * 86400000 < 395";
    assert_eq!(rig.one::<i64>(early), 0, "the record says when each was applied");
}

#[test]
fn a_key_expires_and_the_next_one_is_taken() {
    let plan = "[[fault]]\nkind = \"expire\"\nfrom = 2\nnext = \"second\"\n\
        [[fault]]\nkind = \"status\"\nstatus = 500\nnumbers = [4]\n";
    let rig = Rig::start(&Desk::new(), plan, 1, "");
    let status = |key: &str| rig.send(UPSERT, key, &vome(&["ada"])).words();
    assert_eq!(status("sandbox"), "200 json");
    assert_eq!(status("sandbox"), "401 json");
    assert_eq!(status("second"), "200 json");
    assert_eq!(status("second"), "500 json", "another fault is still met");
    assert_eq!(status("sandbox"), "401 json");
    assert_eq!(status("third"), "401 json");
}

#[test]
fn a_request_that_breaks_off_is_on_record_and_changes_nothing() {
    let rig = Rig::start(&Desk::new(), "", 1, "");
    let mut stream = TcpStream::connect(rig.address()).unwrap();
    let head = "PUT /api/profiles/bulk-upsert/ HTTP/1.1\r\nAPI-KEY: sandbox\r\nContent-Length: 900\r\n\r\n";
    stream.write_all(format!("{head}{{\"volunteers_data\"").as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read(&mut stream).words(), "end");
    rig.settle();
    assert_eq!(rig.all::<String>(RECORD), ["- | part 0 0 | - none"]);
    assert_eq!(rig.one::<i64>("SELECT body_bytes FROM request"), 18);
}

#[test]
fn a_connection_goes_on_behind_a_body_in_chunks() {
    let rig = Rig::start(&Desk::new(), "[[fault]]\nnumbers = [9]\nkind = \"html\"\n", 1, "");
    let mut stream = TcpStream::connect(rig.address()).unwrap();
    let head = "PUT /api/profiles/bulk-upsert/ HTTP/1.1\r\nAPI-KEY: sandbox\r\n\
        Content-Type: application/json\r\n";
    let body = vome(&["ada"]);
    let (one, two) = body.split_at(20);
    let chunks = format!(
        "{head}Transfer-Encoding: chunked\r\n\r\n14\r\n{one}\r\n{:x};x=y\r\n{two}\r\n0\r\nA: b\r\n\r\n",
        two.len()
    );
    let plain = format!("{head}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(format!("{chunks}{plain}").as_bytes()).unwrap();
    let text = String::from_utf8(read(&mut stream).bytes).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 2, "{text}");
    rig.settle();
    assert_eq!(rig.counts(), [1, 0, 1]);
    let hashes = rig.all::<String>("SELECT DISTINCT body_sha256 FROM request");
    assert_eq!(hashes.len(), 1, "the same body, however it was sent");
}

#[test]
fn a_push_comes_through_what_it_may_send_again() {
    let plan = "[[fault]]\non = \"write\"\nshare = 0.15\nkind = \"status\"\nstatus = 503\n\
        [[fault]]\non = \"write\"\nshare = 0.15\nkind = \"reset\"\nwhen = \"after\"\n\
        [[fault]]\non = \"write\"\nshare = 0.1\nkind = \"close\"\nwhen = \"body\"\n";
    let desk = Desk::new();
    let rig = Rig::start(&desk, plan, 11, "");
    desk.write("people.csv", plain(60));
    let push = Import::at(&desk, "push people.csv --yes --state state -q");
    push.recipe(&rig.recipe("vome", 5)).env("VOME_API_KEY", KEY).run();
    rig.settle();
    let mut expected = emails(0..60);
    expected.sort();
    assert_eq!(rig.emails(), expected, "nobody is lost, and nobody is there who was not sent");
    let [creates, updates, replays] = rig.counts();
    assert_eq!((creates, updates), (60, 0));
    let lost = "SELECT sum(records) FROM request WHERE applied AND sent <> 'whole'";
    assert_eq!(rig.one::<i64>(lost), replays, "each replay is of a request without a whole answer");
    assert!(replays > 0, "this seed has met no reset behind the effect");
    for email in emails(0..60) {
        assert!(rig.applied()[&key(&email)] >= 1, "{email}");
    }
    assert!(rig.busiest_second() >= 1);
    assert_eq!(rig.place()["seed"], 11);
}

#[test]
fn a_push_to_the_sandbox_says_its_seed_and_meets_its_faults() {
    let plan = "[[fault]]\non = \"write\"\nnumbers = [1]\nkind = \"status\"\nstatus = 500\n";
    let desk = Desk::new();
    desk.write("plan.toml", plan);
    desk.write("people.csv", plain(2));
    let push =
        |args: &str| Import::at(&desk, "push people.csv --to sandbox --state state").args(args);
    push("--faults plan.toml --seed 5")
        .run()
        .says("a plan of 1 fault; --seed 5 gives the same ones");
    push("--faults plan.toml").run().says("--seed ");
    let db = rusqlite::Connection::open(desk.path("state/sandbox/sandbox.sqlite")).unwrap();
    let faults = "SELECT count(*) FROM request WHERE fault = '1 status 500 before'";
    assert_eq!(db.query_row(faults, [], |row| row.get::<_, i64>(0)).unwrap(), 2);

    desk.write("wrong.toml", "[[fault]]\nkind = \"html\"\n\n[[fault]]\nkind = \"hmtl\"\n");
    push("--faults wrong.toml").expect_code(2).run().says("line 5: there is no kind `hmtl`");
    push("--faults none.toml").expect_code(2).run().says("cannot read `none.toml`");
    push("--seed 5").expect_code(2).run().says("--faults");
    let real = Import::at(&desk, "push people.csv --to vome --yes --faults plan.toml");
    real.env("VOME_API_KEY", "k").expect_code(2).run().says("--to sandbox");
}
