//! The HTTP client: time limits, no redirects, no retries of its own, answers read whole or not at
//! all, and a secret that cannot be printed.
//!
//! It speaks HTTP/1.1 only, one request at a time on a connection: which of several requests on one HTTP/2
//! connection a server has worked on when the connection ends is one more thing not to know. A proxy that
//! `HTTPS_PROXY` or `ALL_PROXY` names (and `NO_PROXY` does not except) is asked for a tunnel, through which
//! TLS with the target is spoken as without it; to this machine there is no proxy.
//!
//! Callers wait for their answer; the waiting inside is tokio's, because only there one clock can bound a
//! whole request, another the silence in its answer.

mod failure;
#[cfg(test)]
mod tests;
mod tls;

use std::fmt;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderName,
    HeaderValue, RETRY_AFTER,
};
use tokio::runtime::{Handle, Runtime};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::retry::{http_date, retry_after};
use crate::error::{Error, Result};
use crate::failpoint::{Point, hit};
use crate::target::{Credential, Method, Request};
pub use failure::Failure;
use failure::causes;

/// How many headers an answer may have; all of them together at most some 400 kB, which is hyper's limit.
const MOST_HEADERS: usize = 100;

/// How long a text is that can be told from other words as a key.
const SHORTEST_KEY: usize = 12;

/// How a client is to behave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long a request may take, from connecting to the last byte of its answer.
    pub timeout: Duration,
    /// Whether bodies are sent compressed, which a target has to know of.
    pub gzip: bool,
    /// A PEM file with authorities that are trusted beside those of this machine.
    pub ca_file: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self { timeout: Duration::from_mins(1), gzip: false, ca_file: None }
    }
}

/// Limits that nobody sets, but tests.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// For a connection, TLS included.
    connect: Duration,
    /// For the silence in an answer that has begun.
    idle: Duration,
    /// For the bytes of an answer. None is compressed, so that they are as many as they become.
    answer: usize,
}

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    idle: Duration::from_secs(30),
    answer: 16 * 1024 * 1024,
};

/// A key or token. It has no way to be printed, and its memory is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a secret, without the white space around it.
    ///
    /// # Errors
    /// [`Error::Credential`] when it is empty or cannot stand in a header.
    pub fn new(text: &str, origin: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() || text.bytes().any(|byte| !(0x21..0x7f).contains(&byte)) {
            return Err(Error::Credential {
                message: format!("the key in {origin} is empty or has characters that no key has"),
                help: "copy it again, without quotes, spaces or line breaks inside".to_owned(),
            });
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The `Retry-After` header, read.
    pub retry_after: Option<Duration>,
    /// What its headers say of limits: the name in lower case, and the value.
    pub limits: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A client of one API. Several threads may send through it at once.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    threads: Threads,
    base: String,
    loopback: bool,
    media: &'static str,
    options: Options,
    limits: Limits,
    secret: Secret,
}

/// The thread that minds the connections. When it is let go nobody waits for it: it may be asking for the
/// address of a name that nobody knows.
#[derive(Debug)]
struct Threads(Option<Runtime>, Handle);

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Threads {
    fn start() -> std::io::Result<Self> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).thread_name("http").enable_all().build()?;
        let handle = runtime.handle().clone();
        Ok(Self(Some(runtime), handle))
    }
}

impl Client {
    /// A client for the API at `base`, known to it by `secret`.
    ///
    /// # Errors
    /// [`Error::Usage`] when the address is no https address (plain http goes to this machine
    /// only) or the file of certificates cannot be used, [`Error::Credential`] when the secret cannot
    /// stand in a header.
    pub fn new(
        base: &str,
        credential: &Credential,
        secret: &Secret,
        options: &Options,
    ) -> Result<Self> {
        Self::within(base, credential, secret, options, LIMITS)
    }

    fn within(
        base: &str,
        credential: &Credential,
        secret: &Secret,
        options: &Options,
        limits: Limits,
    ) -> Result<Self> {
        let base = base.trim_end_matches('/').to_owned();
        let address = check_address(&base)?;
        let mut headers = HeaderMap::new();
        let text = Zeroizing::new(format!("{}{}", credential.prefix, *secret.0));
        let mut value = HeaderValue::from_str(&text).map_err(|_| Error::Credential {
            message: "the key has characters that cannot stand in a header".to_owned(),
            help: "copy it again, without quotes, spaces or line breaks inside".to_owned(),
        })?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(lower(credential.header)), value);
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::config(address.tls, options.ca_file.as_deref())?)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(limits.connect.min(options.timeout / 2))
            .pool_idle_timeout(Duration::from_secs(20))
            .http1_only()
            .http1_max_headers(MOST_HEADERS)
            .https_only(address.tls)
            .user_agent(concat!("upsheet/", env!("CARGO_PKG_VERSION")));
        if address.loopback {
            builder = builder.no_proxy();
        }
        let unreachable = |why| Error::Unreachable { title: "the API", url: base.clone(), why };
        let http = builder.build().map_err(|error| unreachable(causes(&error)))?;
        let threads = Threads::start().map_err(|error| unreachable(error.to_string()))?;
        let media = "application/json";
        let (loopback, options) = (address.loopback, options.clone());
        let secret = secret.clone();
        Ok(Self { http, threads, base, loopback, media, options, limits, secret })
    }

    /// The same with bodies of another media type than plain JSON.
    #[must_use]
    pub fn speaking(mut self, media: &'static str) -> Self {
        self.media = media;
        self
    }

    /// Whether the API is on this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Sends one request and reads its answer whole.
    ///
    /// # Errors
    /// [`Failure`], which tells whether anything was sent.
    pub fn send(&self, request: &Request, body: Option<Vec<u8>>) -> Result<Reply, Failure> {
        let url = format!("{}{}", self.base, request.path);
        let mut call = match request.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
            Method::Put => self.http.put(url),
        };
        call = call.header(ACCEPT, self.media).header(CONTENT_TYPE, self.media);
        match body {
            Some(body) if self.options.gzip => {
                let packed = pack(&body).map_err(|error| Failure::NotSent(error.to_string()))?;
                call = call.header(CONTENT_ENCODING, "gzip").body(packed);
            }
            Some(body) => call = call.body(body),
            None => {}
        }
        let whole = self.options.timeout;
        let Threads(_, handle) = &self.threads;
        handle.block_on(async {
            match timeout(whole, exchange(call, self.limits)).await {
                Ok(reply) => reply.map(|reply| self.without_key(reply)),
                Err(_) => Err(Failure::Unanswered(format!(
                    "no whole answer within {whole:?} (timed out)"
                ))),
            }
        })
    }
}

impl Client {
    /// A refusal that repeats our key, as some do, repeats it no further: what it says is shown and kept.
    fn without_key(&self, mut reply: Reply) -> Reply {
        let key = self.secret.0.as_bytes();
        // The sandbox's key is a word that means nothing by itself.
        if (200..300).contains(&reply.status) || key.len() < SHORTEST_KEY {
            return reply;
        }
        let mut said = Vec::with_capacity(reply.body.len());
        let mut rest = reply.body.as_slice();
        while let Some((before, behind)) = memchr::memmem::find(rest, key)
            .and_then(|at| Some((rest.get(..at)?, rest.get(at + key.len()..)?)))
        {
            said.extend_from_slice(before);
            said.extend_from_slice(b"(the key)");
            rest = behind;
        }
        said.extend_from_slice(rest);
        reply.body = said;
        reply
    }
}

/// A body compressed; the same bytes give the same, for it holds neither a time nor a name.
fn pack(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(body)?;
    packer.finish()
}

/// One request and its answer.
async fn exchange(call: reqwest::RequestBuilder, limits: Limits) -> Result<Reply, Failure> {
    let response = call.send().await.map_err(|error| Failure::of_sending(&error))?;
    hit(Point::Head);
    let reply = read(response, limits).await;
    hit(Point::Answer);
    reply
}

async fn read(mut response: reqwest::Response, limits: Limits) -> Result<Reply, Failure> {
    let status = response.status().as_u16();
    let headers = response.headers();
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // By the target's own clock where it tells the time: that of this machine may be wrong.
    let now = header(DATE).and_then(http_date).unwrap_or_else(jiff::Timestamp::now);
    let after = header(RETRY_AFTER).and_then(|value| retry_after(value, now));
    let told = self::limits(headers);
    if headers.get_all(CONTENT_ENCODING).iter().any(|value| value != "identity") {
        let why = format!("the answer of status {status} is compressed, which was not asked for");
        return Err(Failure::Unanswered(why));
    }
    let mut body = Vec::new();
    loop {
        let chunk = timeout(limits.idle, response.chunk()).await.map_err(|_| {
            Failure::Unanswered(format!("the answer stopped for {:?} (timed out)", limits.idle))
        })?;
        let chunk = chunk.map_err(|error| {
            Failure::Unanswered(format!("the answer broke off: {}", causes(&error)))
        })?;
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > limits.answer {
            let most = limits.answer / (1024 * 1024);
            return Err(Failure::Unanswered(format!("the answer is larger than {most} MiB")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, retry_after: after, limits: told, body })
}

/// The headers that say how many requests may be made: those of the drafts of the IETF on "`RateLimit`
/// header fields for HTTP", and what many servers wrote before them.
fn limits(headers: &HeaderMap) -> Vec<(String, String)> {
    let is_limit = |name: &str| {
        ["ratelimit", "x-ratelimit", "x-rate-limit"].iter().any(|start| name.starts_with(start))
    };
    let found = headers.iter().filter(|(name, _)| is_limit(name.as_str()));
    found
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect()
}

/// What an address says of the way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Address {
    /// It is on this machine.
    loopback: bool,
    tls: bool,
}

/// Reads an address. Elsewhere than on this machine it must be https.
fn check_address(base: &str) -> Result<Address> {
    let wrong = |message: String| {
        Err(Error::usage(message, "write it as https://HOST; plain http goes to 127.0.0.1 only"))
    };
    let Ok(url) = reqwest::Url::parse(base) else {
        return wrong(format!("{base:?} is no address of an API"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("the address of the API holds a user name or password".to_owned());
    }
    let host = url.host_str().unwrap_or("").trim_matches(['[', ']']);
    let loopback = host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    match url.scheme() {
        "https" => Ok(Address { loopback, tls: true }),
        "http" if loopback => Ok(Address { loopback, tls: false }),
        "http" => wrong(format!("{base:?} would send people's data unencrypted")),
        _ => wrong(format!("{base:?} is no address of an API")),
    }
}

/// Header names of targets, in the lower case that the header type asks of constants.
fn lower(header: &'static str) -> &'static str {
    match header {
        "API-KEY" => "api-key",
        "Authorization" => "authorization",
        other => other,
    }
}
