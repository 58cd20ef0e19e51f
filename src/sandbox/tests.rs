//! The sandbox as a client meets it: the real server, over a real connection.

mod fields;
mod omneo;
mod scim;
mod variants;
mod variants_omneo;
mod variants_scim;
mod variants_vome;
mod vome;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

const UPSERT: &str = "/api/profiles/bulk-upsert/";
const CREATE: &str = "/api/profiles/bulk-create/";
const UPDATE: &str = "/api/profiles/bulk-update/";
const BATCH: &str = "/api/v3/profiles/batch.json";

/// A sandbox with a folder of its own.
struct Bench {
    sandbox: Sandbox,
    folder: TempDir,
}

/// What came back.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Value,
}

fn start(folder: &Path) -> Sandbox {
    start_with(folder, Variants::default())
}

fn start_with(folder: &Path, variants: Variants) -> Sandbox {
    let (vome_key, omneo_token) = ("vome-key".into(), "omneo-token".into());
    let data = folder.join("data");
    Sandbox::start(Options { port: 0, data, vome_key, omneo_token, variants }).unwrap()
}

fn bench() -> Bench {
    bench_with(Variants::default())
}

fn bench_with(variants: Variants) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    Bench { sandbox: start_with(folder.path(), variants), folder }
}

/// One HTTP/1.1 request on a connection of its own.
fn send(to: SocketAddr, line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut head = format!("{line} HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n");
    for header in headers {
        head += header;
        head += "\r\n";
    }
    write!(head, "Content-Length: {}\r\n\r\n", body.len()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // A server that has said no already may not read on; its answer is what counts.
    let _ = stream.write_all(body);
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap() };
    Answer { status, head: head.to_lowercase(), body }
}

impl Bench {
    fn vome(&self, line: &str, body: &Value) -> Answer {
        let headers = ["API-KEY: vome-key", "Content-Type: application/json"];
        send(self.sandbox.address(), line, &headers, body.to_string().as_bytes())
    }

    fn omneo(&self, line: &str, body: &Value) -> Answer {
        let headers =
            ["Authorization: Bearer omneo-token", "Content-Type: application/json; charset=utf-8"];
        send(self.sandbox.address(), line, &headers, body.to_string().as_bytes())
    }

    fn upsert(&self, records: &[Value]) -> Answer {
        self.vome(&format!("PUT {UPSERT}"), &volunteers(records))
    }

    /// Sends a batch and waits until it is worked off.
    fn batch(&self, criteria: &str, profiles: &[Value]) -> Value {
        let body = json!({"match_criteria": criteria, "profiles": profiles});
        let answer = self.omneo(&format!("POST {BATCH}"), &body);
        assert_eq!(answer.status, 202, "{answer:?}");
        self.finished(answer.body["data"]["batch_id"].as_str().unwrap())
    }

    /// The report of a batch, once it is worked off.
    fn finished(&self, id: &str) -> Value {
        let began = Instant::now();
        loop {
            let report = self.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null);
            assert_eq!(report.status, 200);
            if report.body["data"]["status"] != "pending" {
                return report.body["data"].clone();
            }
            assert!(began.elapsed() < Duration::from_secs(10), "still pending");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn query<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        let db = rusqlite::Connection::open(self.sandbox.store()).unwrap();
        db.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn person(name: &str) -> Value {
    let email = format!("{name}@example.org");
    json!({"profile_data": {"first_name": name, "last_name": "Smith", "email": email}})
}

fn frame(key: &str, identifier: &Value, records: &[Value]) -> Value {
    json!({
        "unique_identifier": identifier,
        "invite_user_to_vome": false,
        key: records,
    })
}

fn volunteers(records: &[Value]) -> Value {
    let identifier = json!({"identifier_type": 0, "unique_custom_field": ""});
    frame("volunteers_data", &identifier, records)
}

fn users(records: &[Value]) -> Value {
    frame("users_data", &json!({"identifier_type": 0}), records)
}

#[test]
fn only_the_right_key_opens() {
    let bench = bench();
    let to = bench.sandbox.address();
    for key in [&[][..], &["API-KEY: other"]] {
        let answer = send(to, "GET /api/profiles/", key, b"");
        assert_eq!(answer.status, 401);
        assert_eq!(answer.body["error"]["type"], "authentication_error");
    }
    for token in [&[][..], &["Authorization: Bearer other"], &["Authorization: omneo-token"]] {
        let answer = send(to, "GET /api/v3/profiles", token, b"");
        assert_eq!((answer.status, answer.body), (401, json!({"message": "Unauthenticated."})));
    }
    assert_eq!(bench.vome("GET /api/profiles/", &Value::Null).status, 200);
    assert_eq!(bench.omneo("GET /api/v3/profiles", &Value::Null).status, 200);
}

#[test]
fn wrong_paths_methods_types_and_sizes_are_refused() {
    let bench = bench();
    let vome = |line: &str| bench.vome(line, &users(&[person("a")]));
    let found = vome("GET /api/people/");
    assert_eq!(
        (found.status, &found.body["error"]["type"]),
        (404, &json!("invalid_request_error"))
    );
    let method = vome(&format!("PUT {CREATE}"));
    assert_eq!(method.status, 405);
    assert!(method.body["error"]["message"].is_string());
    assert!(method.head.contains("allow: post"));
    let moved = vome("GET /api/profiles?page=1");
    assert_eq!(moved.status, 301);
    assert!(moved.head.contains("location: /api/profiles/?page=1"));
    let moved = bench.vome("PUT /api/profiles/bulk-upsert", &volunteers(&[person("a")]));
    assert_eq!(moved.status, 301);

    assert_eq!(bench.omneo("GET /api/v3/people", &Value::Null).status, 404);
    assert_eq!(bench.omneo("GET /api/v3/profiles/nobody", &Value::Null).status, 404);
    assert_eq!(bench.omneo("GET /api/v3/batches/none", &Value::Null).status, 404);
    let method = bench.omneo(&format!("PUT {BATCH}"), &json!({}));
    assert_eq!(method.status, 405);
    assert!(method.body["message"].is_string());

    let to = bench.sandbox.address();
    let put = format!("PUT {UPSERT}");
    let plain = send(to, &put, &["API-KEY: vome-key", "Content-Type: text/plain"], b"{}");
    assert_eq!(plain.status, 415);
    let json = ["API-KEY: vome-key", "Content-Type: application/json"];
    for body in ["{\"a\": 1 // comment\n}", "{} {}", "{'a': 1}", ""] {
        let answer = send(to, &put, &json, body.as_bytes());
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["error"]["type"], "invalid_request_error");
    }
    assert_eq!(bench.sandbox.tally().created, 0);
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    let bench = bench();
    let headers = ["API-KEY: vome-key", "Content-Type: application/json"];
    let body = vec![b' '; BODY_LIMIT + 1];
    let answer = send(bench.sandbox.address(), &format!("PUT {UPSERT}"), &headers, &body);
    assert_eq!(answer.status, 413);
    assert_eq!(answer.body["error"]["message"], "the body is larger than 16 MB");
}

#[test]
fn people_and_unfinished_batches_outlive_a_stop() {
    let mut bench = bench();
    bench.upsert(&[person("a")]);
    let body = json!({"match_criteria": "email", "profiles": [{"email": "late@example.org"}]});
    let answer = bench.omneo(&format!("POST {BATCH}"), &body);
    let id = answer.body["data"]["batch_id"].as_str().unwrap().to_owned();
    // As if the stop had come before the batch's turn, whichever came first in truth.
    let store = bench.sandbox.store().to_owned();
    let folder = bench.folder.path().to_owned();
    drop(std::mem::replace(&mut bench.sandbox, start(&folder.join("elsewhere"))));
    let db = rusqlite::Connection::open(&store).unwrap();
    db.execute("DELETE FROM profile WHERE target = 'omneo'", []).unwrap();
    let sql = "UPDATE batch SET status = 'pending', sent = ?1";
    db.execute(sql, [body.to_string()]).unwrap();
    drop(db);

    bench.sandbox = start(&folder);
    let began = Instant::now();
    while bench.omneo(&format!("GET /api/v3/batches/{id}"), &Value::Null).body["data"]["status"]
        == "pending"
    {
        assert!(began.elapsed() < Duration::from_secs(10), "still pending");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(bench.sandbox.tally().created, 1);
    assert_eq!(bench.upsert(&[person("a")]).body["updated"], 1);
}

#[test]
fn every_request_is_logged() {
    let bench = bench();
    bench.upsert(&[person("a")]);
    bench.upsert(&[json!({"profile_data": {"email": "a@example.org", "gender": 9}})]);
    bench.vome("GET /nowhere?x=1", &Value::Null);
    let sql = "SELECT group_concat(method || ' ' || path || ' ' || status || ' ' || effect, '; ')
        FROM (SELECT * FROM request ORDER BY seq)";
    assert_eq!(
        bench.query::<String>(sql),
        "PUT /api/profiles/bulk-upsert/ 200 created 1, updated 0, unchanged 0, refused 0; \
         PUT /api/profiles/bulk-upsert/ 400 refused: volunteers_data[0].profile_data.gender \
         must be between 0 and 3; \
         GET /nowhere?x=… 404 refused: there is no such path"
    );
    assert_eq!(bench.query::<i64>("SELECT count(*) FROM request WHERE body_bytes > 100"), 2);
    assert_eq!(bench.query::<i64>("SELECT count(*) FROM request WHERE records = 1"), 2);
    assert_eq!(bench.sandbox.tally().requests, 3);
}

#[test]
fn the_log_knows_the_bytes_of_a_body_and_nobody_in_it() {
    let bench = bench();
    let mut bad = person("canary");
    bad["profile_data"]["gender"] = json!("canary");
    bad["custom_field_data"] =
        json!([{"custom_field_name": "Note", "custom_field_user_value": "canary"}]);
    let body = volunteers(&[bad]);
    bench.vome(&format!("PUT {UPSERT}"), &body);
    bench.batch("email", &[json!({"email": "canary@example.org", "gender": "canary"})]);
    bench.omneo("GET /api/v3/profiles?filter[email]=canary@example.org", &Value::Null);
    bench.omneo("GET /api/v3/profiles/canary?identity[handle]=pos", &Value::Null);
    bench.omneo("GET /api/v3/identities/search?handle=pos&identifier=canary", &Value::Null);
    bench.omneo("POST /api/v3/profiles/search-id", &json!({"type": "pos", "id": "canary"}));
    let sql = "SELECT group_concat(path || ' ' || effect, '; ') FROM request";
    let log = bench.query::<String>(sql);
    assert!(!log.contains("canary"), "{log}");
    assert!(log.contains("/api/v3/profiles?filter[email]=…"), "{log}");
    let sql = "SELECT body_sha256 FROM request ORDER BY seq LIMIT 1";
    let bytes = body.to_string();
    let mut expected = String::new();
    for byte in <sha2::Sha256 as sha2::Digest>::digest(bytes.as_bytes()) {
        write!(expected, "{byte:02x}").unwrap();
    }
    assert_eq!(bench.query::<String>(sql), expected);
}

#[test]
fn a_connection_takes_one_request_after_the_other() {
    let bench = bench();
    let to = bench.sandbox.address();
    let mut stream = TcpStream::connect(to).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answers = String::new();
    for expected in ["404", "200", "200"] {
        let path = if expected == "404" { "/nowhere" } else { "/api/profiles/" };
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {to}\r\nAPI-KEY: vome-key\r\n\r\n").unwrap();
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).unwrap();
        answers = String::from_utf8_lossy(&bytes[..count]).into_owned();
        assert!(answers.starts_with(&format!("HTTP/1.1 {expected}")), "{answers}");
    }
    assert!(!answers.to_lowercase().contains("connection: close"));
}

#[test]
fn a_store_of_an_earlier_version_gets_the_new_columns() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    let db = rusqlite::Connection::open(folder.path().join("data/sandbox.sqlite")).unwrap();
    db.execute_batch(
        "CREATE TABLE custom_field (id TEXT PRIMARY KEY, name TEXT NOT NULL);
         INSERT INTO custom_field VALUES ('f', 'Size');
         CREATE TABLE invitation (
             target TEXT NOT NULL, email TEXT NOT NULL, language TEXT NOT NULL, at TEXT NOT NULL
         );
         CREATE TABLE request (
             seq INTEGER PRIMARY KEY, at TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
             body_bytes INTEGER NOT NULL, status INTEGER NOT NULL, effect TEXT NOT NULL
         );",
    )
    .unwrap();
    drop(db);
    let bench = Bench { sandbox: start(folder.path()), folder };
    let mut record = person("a");
    record["custom_field_data"] =
        json!([{"custom_field_name": "size", "custom_field_user_value": "M"}]);
    let mut body = volunteers(&[record]);
    body["invite_user_to_vome"] = json!(true);
    body["invite_message"] = json!("<p>Hello</p>");
    assert_eq!(bench.vome(&format!("PUT {UPSERT}"), &body).status, 200);
    assert_eq!(bench.query::<String>("SELECT message FROM invitation"), "<p>Hello</p>");
    let list = bench.vome("GET /api/profiles/", &Value::Null).body;
    assert_eq!(list["results"][0]["custom_fields"][0]["custom_field"]["id"], "f");
}

#[test]
fn a_taken_port_is_said_and_a_stop_frees_it() {
    let bench = bench();
    let address = bench.sandbox.address();
    let again = |folder: &Path| {
        Sandbox::start(Options {
            port: address.port(),
            data: folder.join("again"),
            vome_key: String::new(),
            omneo_token: String::new(),
            variants: Variants::default(),
        })
    };
    let error = again(bench.folder.path()).unwrap_err();
    assert!(matches!(error, Error::Bind { address: told, .. } if told == address));
    // A client that keeps its connection open does not hold the stop up for long.
    let idle = TcpStream::connect(address).unwrap();
    let Bench { sandbox, folder } = bench;
    let began = Instant::now();
    drop(sandbox);
    assert!(began.elapsed() < Duration::from_secs(5));
    drop(idle);
    assert!(again(folder.path()).is_ok());
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_for_this_user_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = bench();
    let folder = bench.sandbox.store().parent().unwrap();
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    bench.upsert(&[person("ada")]);
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        files += 1;
    }
    assert!(files >= 2, "the store and its journal");
}

#[test]
fn a_compressed_body_is_taken_and_logged_as_it_came() {
    let gzip = |bytes: &[u8]| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    let bench = bench();
    let sent = |encoding: &str, body: &[u8]| {
        let encoding = format!("Content-Encoding: {encoding}");
        let headers = ["API-KEY: vome-key", "Content-Type: application/json", &encoding];
        send(bench.sandbox.address(), &format!("PUT {UPSERT}"), &headers, body).status
    };
    let body = volunteers(&[person("ada"), person("otis")]).to_string();
    let packed = gzip(body.as_bytes());
    assert_eq!(sent("gzip", &packed), 200);
    let count = |sql: &str| bench.query::<i64>(sql);
    assert_eq!(count("SELECT count(*) FROM profile"), 2);
    assert_eq!(count("SELECT body_bytes FROM request"), i64::try_from(packed.len()).unwrap());
    assert_eq!(sent("identity", body.as_bytes()), 200);

    assert_eq!(sent("gzip", body.as_bytes()), 400, "it says gzip and is none");
    assert_eq!(sent("gzip", &packed[..packed.len() - 9]), 400, "it ends early");
    assert_eq!(sent("br", &packed), 415);
    let bomb = gzip(&vec![b' '; BODY_LIMIT + 1]);
    assert!(bomb.len() < 200_000);
    assert_eq!(sent("gzip", &bomb), 413);
}
