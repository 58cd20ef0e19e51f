//! The HTTP client: time limits, no redirects, no retries of its own, answers read whole or not at
//! all, and a secret that cannot be printed.

use std::fmt;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use reqwest::blocking::{Client as Http, Response};
use reqwest::header::{
    ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
};

use super::retry::{http_date, retry_after};
use crate::error::{Error, Result};
use crate::target::{Credential, Method, Request};

/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 16 * 1024 * 1024;

/// A key or token. It has no way to be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

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
        Ok(Self(text.to_owned()))
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

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection: nothing was sent.
    NotSent(String),
    /// The request may have arrived; its answer did not, or not whole.
    Unanswered(String),
}

impl Failure {
    /// The reason in words.
    pub fn why(&self) -> &str {
        match self {
            Self::NotSent(why) | Self::Unanswered(why) => why,
        }
    }
}

/// A client of one API.
#[derive(Debug)]
pub struct Client {
    http: Http,
    base: String,
    loopback: bool,
    media: &'static str,
}

impl Client {
    /// A client for the API at `base`, known to it by `secret`.
    ///
    /// # Errors
    /// [`Error::Usage`] when the address is no https address (plain http goes to this machine
    /// only), [`Error::Credential`] when the secret cannot stand in a header.
    pub fn new(base: &str, credential: &Credential, secret: &Secret) -> Result<Self> {
        let base = base.trim_end_matches('/').to_owned();
        let loopback = check_address(&base)?;
        let mut headers = HeaderMap::new();
        let mut value = HeaderValue::from_str(&format!("{}{}", credential.prefix, secret.0))
            .map_err(|_| Error::Credential {
                message: "the key has characters that cannot stand in a header".to_owned(),
                help: "copy it again, without quotes, spaces or line breaks inside".to_owned(),
            })?;
        value.set_sensitive(true);
        headers.insert(HeaderName::from_static(lower(credential.header)), value);
        // The provider is handed over, not installed: a process default belongs to the program
        // that uses this library.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = tls(provider, loopback)?;
        let mut builder = Http::builder()
            .tls_backend_preconfigured(tls)
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(1))
            .pool_idle_timeout(Duration::from_secs(20))
            .https_only(!loopback)
            .user_agent(concat!("upsheet/", env!("CARGO_PKG_VERSION")));
        if loopback {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|error| Error::Unreachable {
            title: "the API",
            url: base.clone(),
            why: causes(&error),
        })?;
        Ok(Self { http, base, loopback, media: "application/json" })
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
        if let Some(body) = body {
            call = call.body(body);
        }
        let response = call.send().map_err(|error| {
            if error.is_connect() || error.is_builder() {
                Failure::NotSent(causes(&error))
            } else {
                Failure::Unanswered(causes(&error))
            }
        })?;
        read(response)
    }
}

fn read(response: Response) -> Result<Reply, Failure> {
    let status = response.status().as_u16();
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    // By the target's own clock where it tells the time: that of this machine may be wrong.
    let now = header(DATE).and_then(http_date).unwrap_or_else(jiff::Timestamp::now);
    let after = header(RETRY_AFTER).and_then(|value| retry_after(value, now));
    let limits = limits(response.headers());
    let mut body = Vec::new();
    response
        .take(LARGEST_ANSWER + 1)
        .read_to_end(&mut body)
        .map_err(|error| Failure::Unanswered(format!("the answer broke off: {error}")))?;
    if body.len() as u64 > LARGEST_ANSWER {
        return Err(Failure::Unanswered("the answer is larger than 16 MiB".to_owned()));
    }
    Ok(Reply { status, retry_after: after, limits, body })
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

/// Whether the address is on this machine. Elsewhere it must be https.
fn check_address(base: &str) -> Result<bool> {
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
        "https" => Ok(false),
        "http" if loopback => Ok(true),
        "http" => wrong(format!("{base:?} would send people's data unencrypted")),
        _ => wrong(format!("{base:?} is no address of an API")),
    }
}

/// TLS 1.2 or newer with the roots that this machine trusts; on loopback, where no TLS is spoken,
/// with none, so that a machine without a store of roots can use the sandbox.
fn tls(
    provider: Arc<rustls::crypto::CryptoProvider>,
    loopback: bool,
) -> Result<rustls::ClientConfig> {
    use rustls_platform_verifier::BuilderVerifierExt as _;
    let failed = |error: rustls::Error| Error::Unreachable {
        title: "the API",
        url: "https".to_owned(),
        why: error.to_string(),
    };
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    if loopback {
        let none = rustls::RootCertStore::empty();
        return Ok(builder.with_root_certificates(none).with_no_client_auth());
    }
    Ok(builder.with_platform_verifier().map_err(failed)?.with_no_client_auth())
}

/// Header names of targets, in the lower case that the header type asks of constants.
fn lower(header: &'static str) -> &'static str {
    match header {
        "API-KEY" => "api-key",
        "Authorization" => "authorization",
        other => other,
    }
}

/// An error with all its causes in one line, without the address that it repeats.
fn causes(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        let line = inner.to_string();
        if !text.contains(&line) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&line);
        }
        cause = inner.source();
    }
    if error.is_timeout() && !text.contains("time") {
        text.push_str(" (timed out)");
    }
    if text.is_empty() { error.to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_goes_to_this_machine_only() {
        for (address, expected) in [
            ("http://127.0.0.1:8080", Some(true)),
            ("http://localhost", Some(true)),
            ("http://[::1]:3", Some(true)),
            ("https://api.example.org", Some(false)),
            ("http://api.example.org", None),
            ("ftp://127.0.0.1", None),
            ("http://127.0.0.1.example.org", None),
            ("https://user:word@api.example.org", None),
            ("api.example.org", None),
        ] {
            assert_eq!(check_address(address).ok(), expected, "{address}");
        }
    }

    #[test]
    fn headers_of_limits_are_kept_and_no_others() {
        let mut headers = HeaderMap::new();
        for name in ["ratelimit-policy", "x-ratelimit-remaining", "x-rate-limit", "set-cookie"] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static("1"));
        }
        let names: Vec<String> = limits(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["ratelimit-policy", "x-ratelimit-remaining", "x-rate-limit"]);
    }

    #[test]
    fn a_secret_cannot_be_printed() {
        let secret = Secret::new(" s3cr3t\n", "VOME_API_KEY").unwrap();
        assert!(!format!("{secret:?}").contains("s3cr3t"));
        for bad in ["", "  ", "two words", "tab\tbed", "ümlaut"] {
            let error = Secret::new(bad, "VOME_API_KEY").unwrap_err();
            assert!(!error.to_string().contains("two"), "the error repeats the key");
        }
    }
}
