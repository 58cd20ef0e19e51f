//! A real browser without a window, driven over loopback by the protocol that all browsers speak
//! (`WebDriver`), with a client as small as the tests need.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::repository;

/// How long anything in the browser may take, on the slowest machine.
const LIMIT: Duration = Duration::from_mins(4);

/// Keys that are no letters, as the protocol calls them.
pub(crate) const ENTER: char = '\u{e007}';
pub(crate) const HOME: char = '\u{e011}';
pub(crate) const END: char = '\u{e010}';
pub(crate) const PAGE_DOWN: char = '\u{e00f}';
pub(crate) const UP: char = '\u{e013}';
pub(crate) const DOWN: char = '\u{e015}';

/// One browser with one page.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    /// Its own profile, so that nothing of an earlier one is there.
    profile: TempDir,
}

impl Browser {
    /// Starts one; nothing where none is installed, unless nothing may be skipped.
    #[expect(clippy::print_stderr, reason = "a test that looks at nothing says so")]
    #[expect(clippy::disallowed_methods, reason = "the gate says that nothing may be skipped")]
    pub(crate) fn start() -> Option<Self> {
        let driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut driver) = driver else {
            let must = std::env::var_os("UPSHEET_SKIP_NOTHING").is_some();
            assert!(!must, "chromedriver is not installed, and nothing may be skipped");
            eprintln!("skipped: there is no chromedriver here");
            return None;
        };
        let port = port_of(&mut driver);
        let profile = tempfile::Builder::new().prefix("upsheet-browser-").tempdir().unwrap();
        let mut browser = Self { driver, port, session: String::new(), profile };
        browser.begin();
        Some(browser)
    }

    fn begin(&mut self) {
        let folder = format!("--user-data-dir={}", self.profile.path().display());
        let args = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1280,1000",
            &folder,
        ];
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": args},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "unhandledPromptBehavior": "ignore",
            "timeouts": {"script": 240_000, "pageLoad": 240_000},
        }}});
        let begun = self.request("POST", "/session", &wanted);
        self.session = format!("/session/{}", begun["sessionId"].as_str().unwrap());
    }

    /// One request to the driver; fails with its words where it says no.
    fn request(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.ask(method, path, body).unwrap();
        answer.unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// One request to the driver, and whether it says yes.
    fn ask(&self, method: &str, path: &str, body: &Value) -> io::Result<Result<Value, Value>> {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let mut line = TcpStream::connect(("127.0.0.1", self.port))?;
        line.set_read_timeout(Some(LIMIT))?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        line.write_all((head + &body).as_bytes())?;
        let mut answer = BufReader::new(line);
        let (mut status, mut length) = (String::new(), 0);
        answer.read_line(&mut status)?;
        loop {
            let mut header = String::new();
            answer.read_line(&mut header)?;
            if header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut bytes = vec![0; length];
        answer.read_exact(&mut bytes)?;
        let mut value: Value = serde_json::from_slice(&bytes)?;
        let value = value["value"].take();
        Ok(if status.contains(" 200 ") { Ok(value) } else { Err(value) })
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.request("POST", &format!("{}{path}", self.session), body)
    }

    /// Opens a file, with what stands behind its name in the address, and waits until it is ready.
    pub(crate) fn open(&self, file: &Path, fragment: &str) {
        // The same file under another fragment would not be opened anew.
        self.post("/url", &json!({"url": "about:blank"}));
        self.post("/url", &json!({"url": format!("{}{fragment}", address(file))}));
        self.until("return document.documentElement.dataset.ready === 'yes'");
    }

    /// What a script gives; its arguments are `arguments[0]` and so on.
    pub(crate) fn run(&self, script: &str, arguments: Value) -> Value {
        let mut body = json!({"script": script});
        body["args"] = arguments;
        self.post("/execute/sync", &body)
    }

    /// What a script gives that takes no arguments, as text.
    pub(crate) fn text(&self, script: &str) -> String {
        let value = self.run(script, json!([]));
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    }

    /// Waits until a script says yes.
    pub(crate) fn until(&self, script: &str) {
        let began = Instant::now();
        while self.run(script, json!([])) != true {
            assert!(began.elapsed() < LIMIT, "waited too long until {script}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses keys, one after the other.
    pub(crate) fn press(&self, keys: &[char]) {
        let strokes: Vec<Value> = keys
            .iter()
            .flat_map(|key| ["keyDown", "keyUp"].map(|kind| json!({"type": kind, "value": key})))
            .collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// What only this browser can do, by its own protocol.
    pub(crate) fn command(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// A picture of what is seen: PNG in Base64.
    pub(crate) fn picture(&self) -> String {
        let picture = self.request("GET", &format!("{}/screenshot", self.session), &Value::Null);
        picture.as_str().unwrap().to_owned()
    }

    /// What a picture shows: how many colours, and the share of the one that there is most of, in percent.
    pub(crate) fn colours(&self, picture: &str) -> (u64, u64) {
        self.post("/url", &json!({"url": "about:blank"}));
        let script = "const done = arguments[1]; const image = new Image(); image.onload = () => {
            const canvas = document.createElement('canvas');
            canvas.width = image.width; canvas.height = image.height;
            const brush = canvas.getContext('2d'); brush.drawImage(image, 0, 0);
            const dots = new Uint32Array(brush.getImageData(0, 0, image.width, image.height).data.buffer);
            const counts = new Map(); for (const dot of dots) counts.set(dot, (counts.get(dot) ?? 0) + 1);
            done([counts.size, Math.floor(100 * Math.max(...counts.values()) / dots.length)]);
          }; image.src = 'data:image/png;base64,' + arguments[0];";
        let seen = self.post("/execute/async", &json!({"script": script, "args": [picture]}));
        (seen[0].as_u64().unwrap(), seen[1].as_u64().unwrap())
    }

    /// The page on paper: a PDF in Base64.
    pub(crate) fn print(&self) -> String {
        self.post("/print", &json!({"background": true})).as_str().unwrap().to_owned()
    }

    /// Whether a dialog is open.
    pub(crate) fn has_dialog(&self) -> bool {
        let text = self.ask("GET", &format!("{}/alert/text", self.session), &Value::Null);
        text.unwrap().is_ok()
    }

    /// What the browser has complained of since it was last asked: errors, and what a policy forbade.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "browser"}));
        let lines = log.as_array().unwrap().iter();
        lines.map(|line| line["message"].as_str().unwrap().to_owned()).collect()
    }

    /// The addresses that the browser has asked for since it was last asked, other than empty pages.
    pub(crate) fn requests(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({"type": "performance"}));
        let events = log.as_array().unwrap().iter().filter_map(|line| {
            let event: Value = serde_json::from_str(line["message"].as_str()?).ok()?;
            let event = &event["message"];
            let asks = event["method"] == "Network.requestWillBeSent";
            asks.then(|| event["params"]["request"]["url"].as_str().unwrap().to_owned())
        });
        events.filter(|url| !url.starts_with("about:")).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser when the session ends, and only then.
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", &self.session, &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The address of a file, as a person gives it to a browser.
pub(crate) fn address(file: &Path) -> String {
    let mut url = String::from("file://");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(char::from(*byte));
            }
            byte => write!(url, "%{byte:02X}").unwrap(),
        }
    }
    url
}

/// The port on which a driver says that it listens.
fn port_of(driver: &mut Child) -> u16 {
    let mut said = BufReader::new(driver.stdout.take().unwrap());
    loop {
        let mut line = String::new();
        assert!(said.read_line(&mut line).unwrap() > 0, "chromedriver ended at once");
        let told = line.trim_end().rsplit_once("on port ").map(|(_, port)| port);
        let port = told.and_then(|port| port.trim_end_matches('.').parse().ok());
        // At first it repeats that it may choose one.
        let port = port.filter(|port| *port > 0);
        if let Some(port) = port {
            // It says more later, and would stop if nobody listened.
            std::thread::spawn(move || io::copy(&mut said, &mut io::sink()));
            return port;
        }
    }
}

/// The hostile texts of the fixtures, and one that is longer than a cell of a spreadsheet may be.
pub(crate) fn hostile() -> Vec<String> {
    let file = repository("fixtures/hostile/cells.json");
    let mut texts: Vec<String> = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    texts.push("<b>".repeat(100_000 / 3));
    texts
}

/// A text that may be the name of a file.
pub(crate) fn is_name(text: &str) -> bool {
    let name: &OsStr = text.as_ref();
    name.len() < 200 && !text.contains(['/', '\0'])
}
