//! `[sending]`: how a run is sent, whichever target it goes to.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use super::Recipe;
use super::source::Source;
use crate::error::Result;

/// `[sending]`, with what holds where the recipe says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Attempts of one request.
    pub attempts: u32,
    /// The run stops part-way when nothing was answered for so long; zero is at the first request
    /// whose attempts are used up.
    pub give_up_after: Duration,
    /// Requests that are under way at once.
    pub concurrency: usize,
    /// Whether the first request of a run carries one person.
    pub canary: bool,
    /// How long after it was first sent a request whose outcome is not known may be sent again.
    pub resend_window: Duration,
    /// How long one request may take, from the connection to the end of the answer.
    pub timeout: Duration,
    /// Whether bodies are compressed.
    pub gzip: bool,
    /// Certificates of authorities that are trusted beside those of this machine, from the folder of
    /// the recipe on.
    pub ca_file: Option<PathBuf>,
}

impl Default for Sending {
    fn default() -> Self {
        Self {
            attempts: 8,
            give_up_after: Duration::from_mins(15),
            concurrency: 4,
            canary: true,
            resend_window: Duration::from_hours(24),
            timeout: Duration::from_mins(1),
            gzip: false,
            ca_file: None,
        }
    }
}

impl Sending {
    /// How many requests may be under way at once.
    pub const CONCURRENCY: RangeInclusive<i64> = 1..=16;
}

/// The section as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    attempts: Option<Spanned<i64>>,
    give_up_after: Option<Spanned<Time>>,
    concurrency: Option<Spanned<i64>>,
    canary: Option<bool>,
    resend_window: Option<Spanned<Time>>,
    timeout: Option<Spanned<Time>>,
    gzip: Option<bool>,
    ca_file: Option<PathBuf>,
}

/// A stretch of time as it is written.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a time such as \"30s\", \"15m\" or \"24h\"")]
enum Time {
    Text(String),
}

/// Reads `[sending]`.
pub(super) fn read(
    recipe: &mut Recipe,
    source: &Source,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    let written: Written = source.read(value)?;
    let usual = Sending::default();
    let number = |key, said: Option<Spanned<i64>>, within| match said {
        Some(said) => number(source, key, &said, within).map(Some),
        None => Ok(None),
    };
    let time = |key, said: Option<Spanned<Time>>, within| match said {
        Some(said) => time(source, key, &said, within).map(Some),
        None => Ok(None),
    };
    let day = Duration::from_hours(24);
    recipe.sending = Sending {
        attempts: number("attempts", written.attempts, 1..=20)?.unwrap_or(usual.attempts),
        give_up_after: time("give_up_after", written.give_up_after, (Duration::ZERO, day))?
            .unwrap_or(usual.give_up_after),
        concurrency: number("concurrency", written.concurrency, Sending::CONCURRENCY)?
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(usual.concurrency),
        canary: written.canary.unwrap_or(usual.canary),
        resend_window: time("resend_window", written.resend_window, (Duration::ZERO, day * 365))?
            .unwrap_or(usual.resend_window),
        timeout: time(
            "timeout",
            written.timeout,
            (Duration::from_secs(1), Duration::from_mins(10)),
        )?
        .unwrap_or(usual.timeout),
        gzip: written.gzip.unwrap_or(usual.gzip),
        ca_file: written.ca_file.map(|file| match recipe.path.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(file),
            None => file,
        }),
    };
    Ok(())
}

/// A whole number within bounds.
fn number(
    source: &Source,
    key: &str,
    said: &Spanned<i64>,
    within: RangeInclusive<i64>,
) -> Result<u32> {
    let number = u32::try_from(*said.get_ref()).ok();
    number.filter(|_| within.contains(said.get_ref())).ok_or_else(|| {
        let (least, most) = (within.start(), within.end());
        source.error(
            format!("`{key}` cannot be {}", said.get_ref()),
            said.span(),
            Some(format!("write a number from {least} to {most}")),
        )
    })
}

/// A stretch of time within bounds.
fn time(
    source: &Source,
    key: &str,
    said: &Spanned<Time>,
    (least, most): (Duration, Duration),
) -> Result<Duration> {
    let Time::Text(text) = said.get_ref();
    let wrong =
        |help: String| source.error(format!("`{key}` cannot be {text:?}"), said.span(), Some(help));
    let time = duration(text).ok_or_else(|| wrong("write it as 30s, 15m or 24h".to_owned()))?;
    if time < least || time > most {
        let (least, most) = (in_words(least), in_words(most));
        return Err(wrong(format!("it can be from {least} to {most}")));
    }
    Ok(time)
}

/// `30s`, `15m` or `24h`.
fn duration(text: &str) -> Option<Duration> {
    let [digits @ .., unit] = text.as_bytes() else { return None };
    let seconds: u64 = match unit {
        b's' => 1,
        b'm' => 60,
        b'h' => 3600,
        _ => return None,
    };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    number.checked_mul(seconds).map(Duration::from_secs)
}

/// A bound as it would be written.
fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        _ if seconds >= 3600 => format!("{}h", seconds / 3600),
        _ if seconds >= 60 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
