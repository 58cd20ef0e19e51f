//! One request as it was received and what was decided about it, free of any server's types that
//! a rule would not need.

use std::borrow::Cow;
use std::io::Read as _;

use axum::body::Bytes;
use axum::extract::Query;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::log::Visit;
use super::store::hexadecimal;
use super::{BODY_LIMIT, Tally};

/// The media type of plain JSON.
const JSON: &str = "application/json";
/// What is said of a body above the limit.
const LARGE: &str = "the body is larger than 16 MB";

/// A request, read to its end.
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Path and query as they were sent.
    pub(crate) line: String,
    pub(crate) query: Vec<(String, String)>,
    /// When it came, which is the time of all its effects.
    pub(crate) at: String,
    /// What a fault plan had to do with it, where there is one.
    pub(crate) visit: Visit,
    headers: HeaderMap,
    body: Result<Bytes, StatusCode>,
    /// What is decided about in the place of the body that was received.
    altered: Option<Bytes>,
}

/// Why a body cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

/// What goes back, and what it did.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// Null for an answer without a body.
    pub(crate) body: Value,
    pub(crate) header: Option<(HeaderName, String)>,
    /// The media type of the body.
    pub(crate) media: &'static str,
    /// What was decided, for the log; never anybody's data.
    pub(crate) effect: String,
    pub(crate) tally: Tally,
    /// How many records the call carried, for the log.
    pub(crate) records: usize,
    /// A batch that is to be worked off after the answer.
    pub(crate) queue: Option<String>,
}

/// Why the way to an answer ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(Box<Reply>),
    Store(rusqlite::Error),
}

impl Call {
    pub(crate) fn new(
        method: Method,
        uri: &Uri,
        headers: HeaderMap,
        body: Result<Bytes, StatusCode>,
    ) -> Self {
        let line = uri.path_and_query().map_or_else(String::new, ToString::to_string);
        // A query that cannot be decoded is kept as one odd name, which every list then refuses.
        let query = Query::<Vec<(String, String)>>::try_from_uri(uri).map_or_else(
            |_| vec![(uri.query().unwrap_or_default().to_owned(), String::new())],
            |Query(pairs)| pairs,
        );
        let (path, at, visit) = (uri.path().to_owned(), now(), Visit::whole(body.is_ok()));
        Self { method, path, line, query, at, visit, headers, body, altered: None }
    }

    /// The body as it was received, as far as it is JSON.
    pub(crate) fn received(&self) -> Option<Value> {
        serde_json::from_slice(&self.plain_body().ok()?).ok()
    }

    /// Has something else decided about than what was received.
    pub(crate) fn alter(&mut self, body: &Value) {
        self.altered = Some(body.to_string().into());
    }

    /// The value of a header, when it is there and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The part of a link before the path, as the client wrote it.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header(HOST.as_str()).unwrap_or("127.0.0.1"))
    }

    /// Path and query for the log: what a query may say of a person is left out of it.
    pub(crate) fn discreet_line(&self) -> String {
        let Some((path, _)) = self.line.split_once('?') else { return self.line.clone() };
        let by_identity = self.query.iter().any(|(name, _)| name == "identity[handle]");
        let path = match path.rsplit_once('/') {
            Some((before, _)) if by_identity => format!("{before}/…"),
            _ => path.to_owned(),
        };
        let shown = |(name, value): &(String, String)| {
            let plain = ["page", "limit", "page[number]", "page[size]", "startIndex", "count"]
                .contains(&name.as_str());
            format!("{name}={}", if plain && value.len() < 20 { value } else { "…" })
        };
        let query: Vec<String> = self.query.iter().map(shown).collect();
        format!("{path}?{}", query.join("&"))
    }

    /// The SHA-256 of the body in hexadecimal, when there is one.
    pub(crate) fn body_sha256(&self) -> Option<String> {
        let body = self.body.as_ref().ok().filter(|body| !body.is_empty())?;
        Some(hexadecimal(body))
    }

    /// How many bytes of body were taken in.
    pub(crate) fn body_bytes(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }

    /// The body as JSON: strictly, since a client that sends the documents' `//` comments is wrong.
    pub(crate) fn json(&self) -> Result<Value, Unreadable> {
        self.json_as(JSON)
    }

    /// The body as it was before it was compressed; what it becomes is bounded as what comes is.
    fn plain_body(&self) -> Result<Cow<'_, [u8]>, Unreadable> {
        let body = self.bytes()?;
        let encoding = self.header(CONTENT_ENCODING.as_str()).unwrap_or("identity");
        if encoding.eq_ignore_ascii_case("identity") {
            return Ok(Cow::Borrowed(body));
        }
        if !encoding.eq_ignore_ascii_case("gzip") {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Unreadable { status, message: "send it plain or with gzip".into() });
        }
        let mut plain = Vec::new();
        let most = BODY_LIMIT as u64;
        flate2::read::MultiGzDecoder::new(body.as_ref())
            .take(most + 1)
            .read_to_end(&mut plain)
            .map_err(|cause| Unreadable {
                status: StatusCode::BAD_REQUEST,
                message: format!("the body is no gzip: {cause}"),
            })?;
        if plain.len() > BODY_LIMIT {
            return Err(Unreadable {
                status: StatusCode::PAYLOAD_TOO_LARGE,
                message: LARGE.into(),
            });
        }
        Ok(Cow::Owned(plain))
    }

    /// The bytes that came.
    fn bytes(&self) -> Result<&Bytes, Unreadable> {
        self.body.as_ref().map_err(|status| Unreadable {
            status: *status,
            message: if *status == StatusCode::PAYLOAD_TOO_LARGE {
                LARGE.into()
            } else {
                "the body ended early".into()
            },
        })
    }

    /// The same under another media type.
    pub(crate) fn json_as(&self, media: &str) -> Result<Value, Unreadable> {
        let body = self.plain_body()?;
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case(media) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Unreadable { status, message: format!("send {media}") });
        }
        let body = self.altered.as_deref().unwrap_or(&body);
        serde_json::from_slice(body).map_err(|cause| Unreadable {
            status: StatusCode::BAD_REQUEST,
            message: format!("the body is not JSON: {cause}"),
        })
    }
}

/// Now, in the form Vome writes its times (Vome "The Profile object", `created_at`).
pub(crate) fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

impl Reply {
    pub(crate) fn new(status: StatusCode, body: Value, effect: impl Into<String>) -> Self {
        let effect = effect.into();
        let tally = Tally::default();
        Self { status, body, header: None, media: JSON, effect, tally, records: 0, queue: None }
    }

    pub(crate) fn with_media(mut self, media: &'static str) -> Self {
        self.media = media;
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: String) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(crate) fn with_tally(mut self, tally: Tally) -> Self {
        self.tally = tally;
        self
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let json = [(CONTENT_TYPE, HeaderValue::from_static(self.media))];
        let mut response = match self.body {
            Value::Null => self.status.into_response(),
            body => (self.status, json, body.to_string()).into_response(),
        };
        if let Some((name, value)) = self.header
            && let Ok(value) = HeaderValue::try_from(value)
        {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Reply> for Stop {
    fn from(reply: Reply) -> Self {
        Self::Refused(Box::new(reply))
    }
}

impl From<rusqlite::Error> for Stop {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Store(cause)
    }
}

impl Stop {
    /// A refusal is an answer like any other; only a failing store is not.
    pub(crate) fn settle(outcome: Result<Reply, Self>) -> rusqlite::Result<Reply> {
        match outcome {
            Ok(reply) => Ok(reply),
            Err(Self::Refused(reply)) => Ok(*reply),
            Err(Self::Store(cause)) => Err(cause),
        }
    }
}
