//! Runs for people and for programs.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::super::plan::is_finished;
use super::super::rerun::id_of;
use super::{Page, Shown, State};
use crate::report::{counted, grouped};
use crate::visible::visible;

/// From so many bytes on the way to get rid of them is named.
const MUCH: u64 = 100 * 1024 * 1024;

impl Page<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let folder = visible(&self.folder.display().to_string());
        // Writing to a String cannot fail.
        if self.runs.is_empty() {
            let _ = writeln!(text, "there is no run in {folder}; `upsheet push` makes them");
            return text;
        }
        for run in &self.runs {
            let _ = writeln!(text, "{}", run.text());
        }
        if self.more > 0 {
            let _ =
                writeln!(text, "… {} more, older; --all shows them\n", grouped_count(self.more));
        }
        let count = counted(number(self.runs.len() + self.more), "run takes", "runs take");
        let _ = write!(text, "{count} {} in {folder}", in_words(self.bytes));
        if self.bytes >= MUCH {
            text.push_str(
                "; to take people's data out of old ones: upsheet purge --older-than 30d",
            );
        }
        text.push('\n');
        text
    }

    pub(super) fn json(&self) -> String {
        let page = V1 {
            version: 1,
            folder: self.folder.display().to_string(),
            bytes: self.bytes,
            more: self.more,
            runs: self.runs.iter().map(Shown::json).collect(),
        };
        // Our own form holds nothing that JSON cannot.
        let mut text = serde_json::to_string_pretty(&page).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// What an input was called; one that has no name is called what it was.
fn named(name: &str) -> String {
    if name == "-" { "standard input".to_owned() } else { visible(name) }
}

impl Shown<'_> {
    fn text(&self) -> String {
        let mut text = format!("{}  {}\n", visible(&self.run.id), self.in_words());
        if let Some(standing) = self.standing {
            let about = &standing.about;
            let names: Vec<String> = about.inputs.iter().map(|input| named(&input.name)).collect();
            let sandbox = if about.sandbox.is_some() { " (sandbox)" } else { "" };
            let of = match &about.undoes {
                Some(folder) => format!("undoes run {}", self.other(folder)),
                None => names.join(", "),
            };
            let _ = writeln!(
                text,
                "  {}, {}{sandbox}, {} by {}, {of}",
                when(about.began).unwrap_or_default(),
                visible(&about.title),
                visible(&about.operation),
                visible(&about.match_key),
            );
            let _ = writeln!(text, "  {}", self.counts());
        }
        if let Some(next) = self.next() {
            let _ = writeln!(text, "  {next}");
        }
        text
    }

    /// Another run: its id where it lies beside this one, else its folder.
    fn other(&self, folder: &Path) -> String {
        let beside =
            folder.parent() == self.run.path.canonicalize().ok().as_deref().and_then(Path::parent);
        visible(&if beside { id_of(folder) } else { folder.display().to_string() })
    }

    fn in_words(&self) -> String {
        let why = |words: &str| match self.standing.and_then(|standing| standing.why.as_ref()) {
            Some(why) => format!("{words}: {}", visible(why)),
            None => words.to_owned(),
        };
        let words = match self.state {
            State::Plan if is_finished(&self.run.path) => "a plan: nothing was sent",
            State::Plan => "a plan that was not finished: nothing was sent",
            State::NotBegun | State::Planned => "not begun: nothing was sent",
            State::Preparing => "being prepared now by another process: nothing was sent yet",
            State::Sending => "being sent now by another process",
            State::Killed => "interrupted: its process was killed while it was sending",
            State::Stopped if self.run.held => {
                "in use now by another process, was stopped part-way"
            }
            State::Stopped => return why("stopped part-way"),
            State::Finished => "finished",
            State::Purged => "purged",
            State::PurgedInPart => "purged in part: files of it are left",
            State::Unreadable => {
                return match &self.run.standing {
                    Err(error) => visible(&error.to_string()),
                    Ok(_) => String::new(),
                };
            }
        };
        words.to_owned()
    }

    fn counts(&self) -> String {
        let Some(standing) = self.standing else { return String::new() };
        let (about, tally, after) = (&standing.about, &standing.tally, &standing.after);
        let parts = [
            (tally.accepted, "accepted"),
            (tally.refused, "rejected by the target"),
            (tally.unknown, "unknown"),
            (tally.not_sent, "not sent"),
            (about.rejected, "rejected by us"),
            (about.skipped, "left out"),
            (after.refused, "refused what is sent afterwards"),
            (after.unknown, "unknown in what is sent afterwards"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let parts: Vec<String> =
            parts.map(|(count, what)| format!("{} {what}", grouped(*count))).collect();
        let rows = counted(about.rows, "row", "rows");
        if parts.is_empty() { rows } else { format!("{rows}: {}", parts.join(", ")) }
    }

    /// What is typed next.
    fn next(&self) -> Option<String> {
        match self.state {
            State::NotBegun => Some(format!(
                "push the file again; to take away what is left: upsheet purge {}",
                self.name
            )),
            State::PurgedInPart => Some(format!("finish it: upsheet purge {}", self.name)),
            State::Plan => Some(match self.resume() {
                Some(command) => format!("send it: {command}"),
                None => {
                    format!("plan the files again; to take it away: upsheet purge {}", self.name)
                }
            }),
            _ => self.resume().map(|command| format!("carry on: {command}")),
        }
    }

    fn resume(&self) -> Option<String> {
        if self.state == State::Plan {
            return is_finished(&self.run.path)
                .then(|| format!("upsheet push --plan {}", self.name));
        }
        let open = self.state.is_unfinished() && !self.run.held;
        open.then(|| format!("upsheet resume {}", self.name))
    }

    fn json(&self) -> V1Run<'_> {
        let about = self.standing.map(|standing| &standing.about);
        V1Run {
            id: &self.run.id,
            path: self.run.path.display().to_string(),
            state: self.state.word(),
            in_use: self.run.held,
            why: match (&self.run.standing, self.standing) {
                (Err(error), _) => Some(error.to_string()),
                (_, standing) => standing.and_then(|standing| standing.why.clone()),
            },
            began: about.and_then(|about| {
                Some(jiff::Timestamp::from_millisecond(about.began).ok()?.to_string())
            }),
            target: about.map(|about| about.target.as_str()),
            base_url: about.map(|about| about.base_url.as_str()),
            operation: about.map(|about| about.operation.as_str()),
            match_key: about.map(|about| about.match_key.as_str()),
            sandbox: about
                .and_then(|about| about.sandbox.as_ref())
                .map(|data| data.display().to_string()),
            inputs: about.into_iter().flat_map(|about| &about.inputs).map(V1Input::of).collect(),
            counts: self.standing.map(|standing| {
                let (about, tally) = (&standing.about, &standing.tally);
                V1Counts {
                    rows: about.rows,
                    valid: about.valid,
                    rejected: about.rejected,
                    skipped: about.skipped,
                    accepted: tally.accepted,
                    rejected_by_target: tally.refused,
                    unknown: tally.unknown,
                    unverified: tally.unverified,
                    not_sent: tally.not_sent,
                }
            }),
            bytes: self.bytes,
            resume: self.resume(),
        }
    }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::NotBegun => "not_begun",
            Self::Preparing => "preparing",
            Self::Planned | Self::Plan => "planned",
            Self::Sending => "sending",
            Self::Killed => "killed",
            Self::Stopped => "stopped",
            Self::Finished => "finished",
            Self::Purged => "purged",
            Self::PurgedInPart => "purged_in_part",
            Self::Unreadable => "unreadable",
        }
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn grouped_count(count: usize) -> String {
    grouped(number(count))
}

/// A time as the clock on the wall shows it.
fn when(millisecond: i64) -> Option<String> {
    let time = jiff::Timestamp::from_millisecond(millisecond).ok()?;
    let here = time.to_zoned(jiff::tz::TimeZone::system());
    Some(here.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A size for people: `312 kB`, `4.2 MB`.
pub(in crate::command) fn in_words(bytes: u64) -> String {
    let mut tenths = bytes.saturating_mul(10) / 1000;
    let mut units = ["kB", "MB", "GB", "TB"].into_iter();
    let mut unit = units.next().unwrap_or_default();
    for next in units {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1000;
        unit = next;
    }
    match tenths {
        0..100 => format!("{}.{} {unit}", tenths / 10, tenths % 10),
        _ => format!("{} {unit}", grouped(tenths / 10)),
    }
}

#[derive(Serialize)]
struct V1<'a> {
    version: u32,
    folder: String,
    bytes: u64,
    more: usize,
    runs: Vec<V1Run<'a>>,
}

#[derive(Serialize)]
struct V1Run<'a> {
    id: &'a str,
    path: String,
    state: &'static str,
    in_use: bool,
    why: Option<String>,
    began: Option<String>,
    target: Option<&'a str>,
    base_url: Option<&'a str>,
    operation: Option<&'a str>,
    match_key: Option<&'a str>,
    sandbox: Option<String>,
    inputs: Vec<V1Input<'a>>,
    counts: Option<V1Counts>,
    bytes: u64,
    resume: Option<String>,
}

#[derive(Serialize)]
struct V1Input<'a> {
    name: &'a str,
    path: String,
    bytes: u64,
    sha256: &'a str,
    stdin: bool,
}

impl<'a> V1Input<'a> {
    fn of(input: &'a crate::journal::InputPrint) -> Self {
        Self {
            name: &input.name,
            path: input.path.display().to_string(),
            bytes: input.bytes,
            sha256: &input.sha256,
            stdin: input.stdin,
        }
    }
}

#[derive(Serialize)]
struct V1Counts {
    rows: u64,
    valid: u64,
    rejected: u64,
    skipped: u64,
    accepted: u64,
    rejected_by_target: u64,
    unknown: u64,
    unverified: u64,
    not_sent: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        let read = [0, 999, 1500, 12_345, 999_999, 4_200_000, 73_000_000_000].map(in_words);
        assert_eq!(read, ["0.0 kB", "0.9 kB", "1.5 kB", "12 kB", "999 kB", "4.2 MB", "73 GB"]);
    }
}
