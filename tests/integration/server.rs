//! A real server that does what it is told to, good or bad, and remembers what it was sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and path: `PUT /api/profiles/bulk-upsert/`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// A request with this line and nothing else.
    pub(crate) fn of(line: &str) -> Self {
        Self { line: line.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// The e-mail addresses in the body, in order, whichever target it is for.
    pub(crate) fn emails(&self) -> Vec<String> {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let people = body["volunteers_data"].as_array().or(body["profiles"].as_array());
        let emails = people.into_iter().flatten().map(|person| {
            let email = person["profile_data"]["email"].as_str().or(person["email"].as_str());
            email.unwrap_or_default().to_owned()
        });
        emails.collect()
    }
}

/// What the server does with a request.
pub(crate) enum Act {
    /// Answers with a status, lines of head, and a body.
    Answer(u16, String, String),
    /// Announces more bytes than it sends, then closes the connection.
    BreakOff(u16, String),
    /// Closes the connection without a word.
    Drop,
    /// Says nothing for as long as the server lives.
    Silence,
}

impl Act {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::Answer(status, String::new(), body.to_owned())
    }

    /// What Vome answers when all is well.
    pub(crate) fn fine() -> Self {
        // It knows nothing of the people in a request, and so counts none.
        Self::json(200, r#"{"message":"done"}"#)
    }
}

type Script = dyn Fn(&Seen, usize) -> Act + Send + Sync;

/// The server; it ends when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    seen: Mutex<Vec<Seen>>,
    over: AtomicBool,
    script: Box<Script>,
}

impl Server {
    /// Serves on loopback; `script` gets each request and its number, from 0.
    pub(crate) fn start(script: impl Fn(&Seen, usize) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            over: AtomicBool::new(false),
            script: Box::new(script),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.over.load(Ordering::Relaxed) {
                    return;
                }
                let serving = Arc::clone(&serving);
                std::thread::spawn(move || serve(&stream.unwrap(), &serving));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// A recipe that sends Vome's people here, so many in a request, without pauses.
    pub(crate) fn vome(&self, batch: usize) -> String {
        let url = self.url();
        format!("{SENDING}[vome]\nbase_url = \"{url}\"\nrate = 0\nbatch_size = {batch}\n")
    }

    /// The same for Omneo.
    pub(crate) fn omneo(&self, batch: usize) -> String {
        let url = self.url();
        format!(
            "target = \"omneo\"\n{SENDING}[omneo]\nbase_url = \"{url}\"\nrate = 0\nbatch_size = {batch}\n"
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

/// One request after the other, the first with everybody in it, and an early end when none is answered:
/// by what a scripted server is told.
pub(crate) const SENDING: &str =
    "[sending]\nconcurrency = 1\ncanary = false\ngive_up_after = \"0s\"\nattempts = 5\n";

/// A port on which nobody listens.
pub(crate) fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn serve(stream: &TcpStream, shared: &Shared) {
    let mut reader = BufReader::new(stream);
    while let Some(seen) = read(&mut reader) {
        let number = {
            let mut all = shared.seen.lock().unwrap();
            all.push(seen.clone());
            all.len() - 1
        };
        let sent = match (shared.script)(&seen, number) {
            Act::Answer(status, head, body) => answer(stream, status, &head, body.len(), &body),
            Act::BreakOff(status, body) => {
                let _ = answer(stream, status, "", body.len() + 100, &body);
                return;
            }
            Act::Drop => return,
            Act::Silence => {
                while !shared.over.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                return;
            }
        };
        if sent.is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Seen> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let mut seen = Seen { line, headers, body: Vec::new() };
    let length = seen.header("content-length").parse().unwrap_or(0);
    seen.body.resize(length, 0);
    reader.read_exact(&mut seen.body).ok()?;
    Some(seen)
}

fn answer(
    mut stream: &TcpStream,
    status: u16,
    head: &str,
    length: usize,
    body: &str,
) -> std::io::Result<()> {
    let text = format!(
        "HTTP/1.1 {status} Some Reason\r\nContent-Length: {length}\r\n\
         Content-Type: application/json\r\n{head}\r\n{body}"
    );
    stream.write_all(text.as_bytes())
}
