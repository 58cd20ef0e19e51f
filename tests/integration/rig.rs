//! A sandbox as a process of its own, with a fault plan, and the questions that a judge has for its store.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::common::{Desk, Import, Running, until};

/// How long a connection may say nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// A sandbox under way; it ends when it is dropped.
pub(crate) struct Rig {
    desk: Desk,
    place: Value,
    _running: Running,
}

/// What came back on a connection, and how that ended.
pub(crate) struct Came {
    pub(crate) bytes: Vec<u8>,
    pub(crate) reset: bool,
}

impl Rig {
    /// Starts a sandbox on a desk, with a plan and the seed of its dice.
    pub(crate) fn start(desk: &Desk, plan: &str, seed: u32, args: &str) -> Self {
        desk.write("plan.toml", plan);
        let program = env!("CARGO_BIN_EXE_upsheet");
        let line = format!(
            "exec '{program}' sandbox --data data --format json --faults plan.toml --seed {seed} \
             {args} > place.json"
        );
        let running = Import::at(desk, "").shell(&line);
        running.until_it_says("listening");
        Self { desk: desk.clone(), place: desk.json("place.json"), _running: running }
    }

    /// What it said of itself.
    pub(crate) fn place(&self) -> &Value {
        &self.place
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let url = self.place["vome"]["base_url"].as_str().unwrap();
        url.trim_start_matches("http://").parse().unwrap()
    }

    /// A recipe that sends people of a target here, so many in a request, without pauses.
    pub(crate) fn recipe(&self, target: &str, batch: usize) -> String {
        let url = &self.place[target]["base_url"];
        format!(
            "target = \"{target}\"\n[{target}]\nbase_url = {url}\nrate = 0\nbatch_size = {batch}\n"
        )
    }

    /// One request on a connection of its own, and all that comes back.
    pub(crate) fn send(&self, line: &str, key: &str, body: &str) -> Came {
        let to = self.address();
        let mut stream = TcpStream::connect(to).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {to}\r\nAPI-KEY: {key}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        // A server that ends the connection early may not take all of it.
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
        read(&mut stream)
    }

    fn db(&self) -> Connection {
        let path = self.desk.path("data/sandbox.sqlite");
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        db.busy_timeout(PATIENCE).unwrap();
        db
    }

    /// The only value that a question has.
    pub(crate) fn one<T: FromSql>(&self, sql: &str) -> T {
        self.db().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The first column of all rows.
    pub(crate) fn all<T: FromSql>(&self, sql: &str) -> Vec<T> {
        let db = self.db();
        let mut statement = db.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// Waits until all requests have been answered or given up, and all batches are worked off.
    pub(crate) fn settle(&self) {
        let waiting = "SELECT (SELECT count(*) FROM request WHERE sent IS NULL)
            + (SELECT count(*) FROM batch WHERE status = 'pending')";
        until("the sandbox has done its work", || self.one::<i64>(waiting) == 0);
    }

    /// Creates, updates and replays of all requests.
    pub(crate) fn counts(&self) -> [i64; 3] {
        ["creates", "updates", "replays"]
            .map(|name| self.one(&format!("SELECT {name} FROM counts")))
    }

    /// The e-mail addresses of the profiles, in their order.
    pub(crate) fn emails(&self) -> Vec<String> {
        self.all("SELECT email_key FROM profile ORDER BY email_key")
    }

    /// How often each person was in a request that was taken in, by their key.
    pub(crate) fn applied(&self) -> BTreeMap<String, u32> {
        let mut people = BTreeMap::new();
        for line in self.all::<String>("SELECT people FROM request WHERE applied") {
            for person in line.split_whitespace() {
                *people.entry(person.trim_end_matches('!').to_owned()).or_default() += 1;
            }
        }
        people
    }

    /// The most requests that were received within any second.
    pub(crate) fn busiest_second(&self) -> usize {
        let sql =
            "SELECT unixepoch(at, 'subsec') FROM request WHERE received <> 'none' ORDER BY seq";
        let mut times: Vec<f64> = self.all(sql);
        times.sort_by(f64::total_cmp);
        let within = |(index, start): (usize, &f64)| {
            times[index..].iter().take_while(|time| **time < start + 1.0).count()
        };
        times.iter().enumerate().map(within).max().unwrap_or(0)
    }
}

/// By what the record of the sandbox knows a person: its page says so.
pub(crate) fn key(email: &str) -> String {
    let digest = Sha256::digest(email.to_lowercase().as_bytes());
    let first = digest[..8].iter().fold(0_u64, |key, byte| key << 8 | u64::from(*byte));
    format!("{first:016x}")
}

/// A request of people for Vome.
pub(crate) fn vome(people: &[&str]) -> String {
    let person = |name: &&str| {
        format!(
            r#"{{"profile_data":{{"first_name":"{name}","last_name":"Vale","email":"{name}@example.org"}}}}"#
        )
    };
    let people: Vec<String> = people.iter().map(person).collect();
    format!(
        r#"{{"unique_identifier":{{"identifier_type":0,"unique_custom_field":""}},"invite_user_to_vome":false,"volunteers_data":[{}]}}"#,
        people.join(",")
    )
}

/// Reads until the other side ends the connection, one way or the other.
pub(crate) fn read(stream: &mut TcpStream) -> Came {
    let mut bytes = Vec::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Came { bytes, reset: false },
            Ok(count) => bytes.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                return Came { bytes, reset: true };
            }
            Err(error) => panic!("nothing came for {PATIENCE:?}: {error}"),
        }
    }
}

impl Came {
    /// The answer in a few words: its status and what kind of body it has, and how it broke off.
    pub(crate) fn words(&self) -> String {
        let end = if self.reset { "reset" } else { "end" };
        let Some(head) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            return match self.bytes.len() {
                0 => end.to_owned(),
                _ => format!("part of a head, {end}"),
            };
        };
        let (head, body) = self.bytes.split_at(head + 4);
        let head = String::from_utf8(head.to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap();
        let header = |name: &str| {
            let found = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
            found.map(str::to_owned)
        };
        let length: usize = header("content-length").unwrap().parse().unwrap();
        let kind = match body.len() {
            0 if length == 0 => "empty".to_owned(),
            count if count == length && header("content-encoding").is_some() => "gzip".to_owned(),
            count if count < length => format!("{count} of {length}, {end}"),
            count if count > length => "and more".to_owned(),
            count if count > 1_000_000 => format!("{} MB", count / 1_000_000),
            _ if serde_json::from_slice::<Value>(body).is_ok() => "json".to_owned(),
            _ if body.starts_with(b"<") => "html".to_owned(),
            _ => "no json".to_owned(),
        };
        let later = header("retry-after").map_or_else(String::new, |later| format!(" {later}"));
        format!("{status} {kind}{later}")
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        let head = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        serde_json::from_slice(&self.bytes[head + 4..]).unwrap()
    }
}
