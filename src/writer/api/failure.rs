//! Why there is no answer, and whether anything may have been sent: the line between what may always be
//! sent again and what may have landed.
//!
//! `Failure::NotSent` is claimed only of what is certain: no connection came about, so that not one byte of
//! a request can have left. Everything later is ambiguous, however likely it is that nothing landed.
//!
//! | what happened | how it is told | failure |
//! |---|---|---|
//! | the address cannot be asked for | the request could not be built | not sent |
//! | the name is not known | connecting failed (DNS) | not sent |
//! | nobody listens there | connecting failed (TCP) | not sent |
//! | a certificate that is not trusted, or for another name; no TLS at all; a version below 1.2 | connecting failed (TLS) | not sent |
//! | no connection, TLS included, in its time | connecting failed (timeout) | not sent |
//! | a proxy that refuses the tunnel | connecting failed (tunnel) | not sent |
//! | a kept connection that was found closed before a byte was written | nothing: hyper has the whole request back and takes a new connection, to which this table applies anew | – |
//! | the connection was closed or reset while the request was written | sending failed | unanswered |
//! | the connection was closed or reset before the answer | sending failed | unanswered |
//! | a server that takes our handshake and then refuses us (TLS 1.3) | sending failed | unanswered |
//! | an answer that is no HTTP, or has too long a head | sending failed | unanswered |
//! | no whole answer in the time of the request | our clock | unanswered |
//! | an answer that stops arriving | our clock | unanswered |
//! | an answer that ends before its announced end | reading failed | unanswered |
//! | an answer that is too large, or encoded though we asked for none | our rule | unanswered |
//!
//! A request that is given up while it still connects could be either, so the time for connecting is never
//! more than half of the whole. Early data of TLS 1.3, which would leave before the handshake ends, is off.

use std::error::Error as _;

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

    /// What an error of sending proves.
    pub(super) fn of_sending(error: &reqwest::Error) -> Self {
        if error.is_connect() || error.is_builder() {
            Self::NotSent(causes(error))
        } else {
            Self::Unanswered(causes(error))
        }
    }
}

/// An error with all its causes in one line, without the address that it repeats.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
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
