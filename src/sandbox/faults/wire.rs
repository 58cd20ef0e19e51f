//! HTTP/1.1 on a connection whose every byte we decide about.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::super::BODY_LIMIT;

/// The longest head that is read.
const HEAD_LIMIT: usize = 64 * 1024;
/// The most that is read at once.
const PART: usize = 16 * 1024;
/// How long the other side has to take notice of an orderly end.
const PARTING: Duration = Duration::from_secs(1);

/// A connection, and what was read from it beyond what was asked for.
pub(super) struct Wire {
    stream: TcpStream,
    held: Vec<u8>,
}

/// The head of a request.
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    length: Length,
    /// Whether the client wants no more on this connection.
    pub(super) last: bool,
}

#[derive(Clone, Copy)]
enum Length {
    Known(usize),
    Chunked,
}

/// What comes instead of a head.
pub(super) enum NoHead {
    /// The connection has ended, as it may between two requests.
    Ended,
    /// Something that is no head.
    Bad,
}

/// A body as far as it was read.
pub(super) struct Body {
    /// What came, or the status that refuses it.
    pub(super) bytes: Result<Bytes, StatusCode>,
    /// Whether that is all of it.
    pub(super) whole: bool,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> Self {
        // A byte that is sent is to leave; without that, all is only a little later.
        let _ = stream.set_nodelay(true);
        Self { stream, held: Vec::new() }
    }

    /// The head of the next request.
    pub(super) async fn head(&mut self) -> Result<Head, NoHead> {
        let end = loop {
            if let Some(end) = self.held.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            if self.held.len() > HEAD_LIMIT {
                return Err(NoHead::Bad);
            }
            match self.more(usize::MAX).await {
                Ok(0) | Err(_) if self.held.is_empty() => return Err(NoHead::Ended),
                Ok(0) | Err(_) => return Err(NoHead::Bad),
                Ok(_) => {}
            }
        };
        let bytes: Vec<u8> = self.held.drain(..end).collect();
        let head = parse(&bytes).ok_or(NoHead::Bad)?;
        if head.headers.contains_key(EXPECT) {
            // Who is gone by now is met at the next read.
            let _ = self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await;
        }
        Ok(head)
    }

    /// The body behind a head, or no more than so many bytes of it.
    pub(super) async fn body(&mut self, head: &Head, most: Option<usize>) -> Body {
        let most = most.unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        let read = match head.length {
            Length::Known(length) if length > BODY_LIMIT => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Length::Known(length) => {
                let came = self.take(&mut bytes, length.min(most)).await;
                Ok(came && bytes.len() == length)
            }
            Length::Chunked => self.chunks(&mut bytes, most).await,
        };
        match read {
            Ok(whole) => Body { bytes: Ok(bytes.into()), whole },
            Err(status) => Body { bytes: Err(status), whole: false },
        }
    }

    /// Chunks until the last one, or until there are so many bytes.
    async fn chunks(&mut self, bytes: &mut Vec<u8>, most: usize) -> Result<bool, StatusCode> {
        loop {
            let Some(line) = self.line().await else { return Ok(false) };
            let digits = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(digits, 16).map_err(|_| StatusCode::BAD_REQUEST)?;
            if size > BODY_LIMIT || bytes.len() + size > BODY_LIMIT {
                return Err(StatusCode::PAYLOAD_TOO_LARGE);
            }
            if size == 0 {
                // Trailers are read and forgotten.
                loop {
                    match self.line().await {
                        Some(line) if line.is_empty() => return Ok(true),
                        Some(_) => {}
                        None => return Ok(false),
                    }
                }
            }
            let part = size.min(most.saturating_sub(bytes.len()));
            if !self.take(bytes, part).await || part < size {
                return Ok(false);
            }
            if self.line().await.is_none() {
                return Ok(false);
            }
        }
    }

    /// A line without its end; nothing when the connection ends first.
    async fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.held.windows(2).position(|two| two == b"\r\n") {
                let line: Vec<u8> = self.held.drain(..end + 2).take(end).collect();
                return String::from_utf8(line).ok();
            }
            if self.held.len() > HEAD_LIMIT || self.more(usize::MAX).await.ok()? == 0 {
                return None;
            }
        }
    }

    /// Takes so many bytes; false when fewer came.
    async fn take(&mut self, into: &mut Vec<u8>, count: usize) -> bool {
        let mut left = count;
        loop {
            let part = left.min(self.held.len());
            into.extend(self.held.drain(..part));
            left -= part;
            if left == 0 {
                return true;
            }
            if !matches!(self.more(left).await, Ok(1..)) {
                return false;
            }
        }
    }

    /// Reads on, no further than so many bytes: what is not read stays with the system, and may
    /// hold the sender up.
    async fn more(&mut self, most: usize) -> io::Result<usize> {
        let mut bytes = vec![0; most.min(PART)];
        let count = self.stream.read(&mut bytes).await?;
        self.held.extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    /// Lets time pass; false when the other side has gone meanwhile. A client that ends its own
    /// half and reads on would look gone; those that are met here do not.
    pub(super) async fn wait(&self, pause: Duration) -> bool {
        let until = Instant::now() + pause;
        match timeout(pause, self.stream.peek(&mut [0])).await {
            Err(_) => true,
            Ok(Ok(1..)) => {
                tokio::time::sleep_until(until).await;
                true
            }
            Ok(Ok(0) | Err(_)) => false,
        }
    }

    /// Sends bytes, and gives how many the system has taken.
    pub(super) async fn send(&mut self, bytes: &[u8]) -> usize {
        let mut sent = 0;
        while let Some(rest) = bytes.get(sent..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest).await {
                Ok(0) | Err(_) => break,
                Ok(count) => sent += count,
            }
        }
        sent
    }

    /// The same, one byte after the other with a pause before each.
    pub(super) async fn drip(&mut self, bytes: &[u8], pause: Duration) -> usize {
        let mut sent = 0;
        for byte in bytes {
            if !self.wait(pause).await || self.send(&[*byte]).await == 0 {
                break;
            }
            sent += 1;
        }
        sent
    }

    /// Ends the connection with RST.
    pub(super) fn reset(self) {
        // Where that cannot be, the end is an orderly one.
        let _ = self.stream.set_zero_linger();
    }

    /// Ends the connection with FIN, and lets the other side take notice: bytes that nobody has
    /// read would turn the FIN into a RST.
    pub(super) async fn close(mut self) {
        if self.stream.shutdown().await.is_err() {
            return;
        }
        let drained = async {
            self.held.clear();
            while matches!(self.more(usize::MAX).await, Ok(1..)) {
                self.held.clear();
            }
        };
        let _ = timeout(PARTING, drained).await;
    }
}

/// Lets time pass where there is nobody to watch.
pub(super) async fn pause(ms: u64) {
    sleep(Duration::from_millis(ms)).await;
}

fn parse(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, uri, version) = (words.next()?, words.next()?, words.next()?);
    let old = match version {
        "HTTP/1.1" => false,
        "HTTP/1.0" => true,
        _ => return None,
    };
    let mut headers = HeaderMap::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    let says = |name: HeaderName, word: &str| {
        let text = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        text.split(',').any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let length = if says(TRANSFER_ENCODING, "chunked") {
        Length::Chunked
    } else {
        let stated = headers.get(CONTENT_LENGTH).map(|value| value.to_str().ok()?.parse().ok());
        Length::Known(stated.unwrap_or(Some(0))?)
    };
    let last = old || says(CONNECTION, "close");
    Some(Head { method: method.parse().ok()?, uri: uri.parse().ok()?, headers, length, last })
}
