//! What lets a run pass: findings that a baseline accepts, and findings that are denied.
//!
//! A baseline says how many findings of each kind and field there are, with a mark for the row of
//! each. A mark is made of the kind, the field and the row's match key, not of a row number, so it
//! survives rows that come and go. It is cut to so few digits that about one stranger in a thousand
//! has a mark of the file too: no value can be had back from it, and a list of addresses that is
//! tried on it finds mostly strangers. One new finding in a thousand may be taken for a known one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::Hasher as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;

use crate::error::{Error, Result};
use crate::finding::{Code, Denied, Finding, Severity};
use crate::staged::{Readers, Staged};

/// The form of the file.
const VERSION: u32 = 1;
/// What the file says of itself to people who open it.
const ABOUT: &str = "Findings that are accepted, by kind and field. A mark is a few digits of a hash \
                     of kind, field and the row's match key; no value can be read from it.";
/// Of so many strangers one may share a mark with a finding of the file.
const STRANGERS: u128 = 1_024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileV1 {
    version: u32,
    about: String,
    /// The day.
    written: String,
    accepted: Vec<GroupV1>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupV1 {
    code: String,
    field: String,
    count: usize,
    /// With a space between two.
    marks: String,
}

/// Only the version, to tell a later form from a damaged file.
#[derive(Debug, Deserialize)]
struct Version {
    version: u32,
}

/// The hash of which a mark is the beginning.
pub(crate) fn hash(code: &str, field: &str, person: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    for part in [code, field, person] {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// How many hexadecimal digits the marks of so many findings have.
fn digits(count: usize) -> usize {
    (1..16).find(|&digits| 16_u128.pow(digits) >= count as u128 * STRANGERS).unwrap_or(16) as usize
}

/// The mark of a hash.
fn mark(hash: u64, digits: usize) -> u64 {
    hash >> (64 - 4 * digits.clamp(1, 16))
}

/// A baseline that was read.
#[derive(Debug)]
pub struct Baseline {
    /// The day on which it was written.
    pub written: String,
    /// By code, then by field.
    groups: BTreeMap<String, BTreeMap<String, Group>>,
}

#[derive(Debug)]
struct Group {
    digits: usize,
    /// How many findings with each mark are still to come.
    left: BTreeMap<u64, u64>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// [`Error::Usage`] when it is not there, or is none.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(|error| {
            let message = format!("cannot read the baseline {path:?}: {error}");
            Error::usage(message, "--write-baseline FILE writes one of today's findings")
        })?;
        let broken = |why: String| {
            let message = format!("{path:?} is no baseline: {why}");
            Error::usage(message, "write it anew with --write-baseline FILE")
        };
        let Version { version } =
            serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
        if version != VERSION {
            return Err(broken(format!("it has the form {version}, this program knows {VERSION}")));
        }
        let file: FileV1 =
            serde_json::from_slice(&text).map_err(|error| broken(error.to_string()))?;
        let mut groups: BTreeMap<String, BTreeMap<String, Group>> = BTreeMap::new();
        for GroupV1 { code, field, count, marks } in file.accepted {
            let mut group = Group { digits: digits(count), left: BTreeMap::new() };
            for word in marks.split_ascii_whitespace() {
                let mark =
                    u64::from_str_radix(word, 16).ok().filter(|_| word.len() == group.digits);
                let mark = mark.ok_or_else(|| broken(format!("{word:?} is no mark of {code}")))?;
                *group.left.entry(mark).or_default() += 1;
            }
            if group.left.values().sum::<u64>() != count as u64 {
                return Err(broken(format!("it does not have {count} marks of {code}")));
            }
            groups.entry(code).or_default().insert(field, group);
        }
        Ok(Self { written: file.written, groups })
    }

    /// Whether a finding was there when the baseline was written. Each mark is used up by its finding.
    fn accepts(&mut self, code: &str, field: &str, person: &str) -> bool {
        let fields = self.groups.get_mut(code);
        let Some(group) = fields.and_then(|fields| fields.get_mut(field)) else { return false };
        let mark = mark(hash(code, field, person), group.digits);
        match group.left.get_mut(&mark) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// How many findings of the baseline have not occurred.
    fn gone(&self) -> u64 {
        let groups = self.groups.values().flat_map(BTreeMap::values);
        groups.flat_map(|group| group.left.values()).sum()
    }
}

/// A baseline that is being made: eight bytes for each finding.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    hashes: BTreeMap<(&'static str, String), Vec<u64>>,
}

impl Draft {
    /// An empty one, to be written to a path.
    pub fn new(path: PathBuf) -> Self {
        Self { path, hashes: BTreeMap::new() }
    }

    fn add(&mut self, code: &'static str, field: &str, person: &str) {
        let hash = hash(code, field, person);
        self.hashes.entry((code, field.to_owned())).or_default().push(hash);
    }

    /// The text of the file.
    fn text(self, today: Date) -> Result<String> {
        let accepted = self.hashes.into_iter().map(|((code, field), hashes)| {
            let digits = digits(hashes.len());
            let mut sorted: Vec<u64> = hashes.iter().map(|&hash| mark(hash, digits)).collect();
            sorted.sort_unstable();
            let mut marks = String::with_capacity(sorted.len() * (digits + 1));
            for mark in sorted {
                let space = if marks.is_empty() { "" } else { " " };
                // Writing to a String cannot fail.
                let _ = write!(marks, "{space}{mark:0digits$x}");
            }
            GroupV1 { code: code.to_owned(), field, count: hashes.len(), marks }
        });
        let file = FileV1 {
            version: VERSION,
            about: ABOUT.to_owned(),
            written: today.to_string(),
            accepted: accepted.collect(),
        };
        let mut text = serde_json::to_string_pretty(&file)
            .map_err(|error| Error::usage(format!("cannot write the baseline: {error}"), ""))?;
        text.push('\n');
        Ok(text)
    }

    /// Writes the file, whole or not at all. Gives a line about it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, today: Date) -> Result<String> {
        let path = self.path.clone();
        let count: usize = self.hashes.values().map(Vec::len).sum();
        let text = self.text(today)?;
        let failed = |source| Error::Output { path: path.clone(), action: "write", source };
        // It is shared with those who work on the same sheet.
        let mut file =
            Staged::begin(&path, ".upsheet-baseline-", Readers::Everybody).map_err(failed)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(failed)?;
        file.replace().map_err(failed)?;
        Ok(format!(
            "baseline: {}, {count} {}",
            path.display(),
            if count == 1 { "finding" } else { "findings" }
        ))
    }
}

/// What a baseline was to a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// The day on which it was written.
    pub written: String,
    /// Findings that it accepted.
    pub known: u64,
    /// Findings of it that did not occur.
    pub gone: u64,
}

/// What decides whether a run passes.
#[derive(Debug, Default)]
pub struct Gate {
    denied: Denied,
    baseline: Option<Baseline>,
    draft: Option<Draft>,
    known: u64,
}

/// What a finding is to the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It never makes a run fail.
    Free,
    /// It would, but a baseline accepts it.
    Known,
    /// It would, but it goes into the baseline that is being written.
    Recorded,
    /// It makes the run fail.
    Stopped,
}

impl Gate {
    /// A gate for `--deny`, `--baseline` and `--write-baseline`.
    pub fn new(denied: Denied, baseline: Option<Baseline>, draft: Option<Draft>) -> Self {
        Self { denied, baseline, draft, known: 0 }
    }

    /// The baseline that was made of the run, if one is to be written.
    pub fn take_draft(&mut self) -> Option<Draft> {
        self.draft.take()
    }

    /// Whether it has to be known whom a finding is about.
    pub fn asks_who(&self) -> bool {
        self.baseline.is_some() || self.draft.is_some()
    }

    /// Lets a finding through or not. `person` tells the row from others, wherever it stands.
    pub fn pass(&mut self, finding: &Finding, column: &str, person: &str) -> Passage {
        let fails = finding.severity == Severity::Error || self.denied.takes(finding);
        // A warning is recorded too: tomorrow it may be denied.
        if !fails && finding.severity != Severity::Warning {
            return Passage::Free;
        }
        let Code { id, .. } = *finding.code;
        let field = finding.field.as_deref().unwrap_or(column);
        if let Some(draft) = &mut self.draft {
            draft.add(id, field, person);
        }
        if self.baseline.as_mut().is_some_and(|baseline| baseline.accepts(id, field, person)) {
            self.known += 1;
            return Passage::Known;
        }
        match fails {
            false => Passage::Free,
            true if self.draft.is_some() => Passage::Recorded,
            true => Passage::Stopped,
        }
    }

    /// What the baseline was to the run, if there is one.
    pub fn accepted(&self) -> Option<Accepted> {
        let baseline = self.baseline.as_ref()?;
        let written = baseline.written.clone();
        Some(Accepted { written, known: self.known, gone: baseline.gone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding;
    use crate::row::Location;

    fn at(row: u32) -> Location {
        Location { row, ..Location::default() }
    }

    fn role(row: u32) -> Finding {
        Finding::new(&finding::EMAIL_ROLE, at(row), "").field("email".into())
    }

    fn written(people: &[&str]) -> String {
        let mut draft = Draft::new(PathBuf::new());
        for person in people {
            draft.add("email-role", "email", person);
        }
        draft.text(Date::constant(2026, 11, 20)).unwrap()
    }

    fn loaded(text: &str) -> Result<Baseline> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("baseline.json");
        std::fs::write(&path, text).unwrap();
        Baseline::load(&path)
    }

    #[test]
    fn known_findings_pass_once_each_wherever_they_stand() {
        let text = written(&["a@example.org", "b@example.org", "b@example.org"]);
        let denied = Denied { warnings: true, codes: Vec::new() };
        let baseline = Some(loaded(&text).unwrap());
        let mut gate = Gate::new(denied, baseline, None);
        for (row, person, expected) in [
            (9, "b@example.org", Passage::Known),
            (2, "new@example.org", Passage::Stopped),
            (700, "b@example.org", Passage::Known),
            (701, "b@example.org", Passage::Stopped),
        ] {
            assert_eq!(gate.pass(&role(row), "E-mail", person), expected, "{row}");
        }
        let accepted = gate.accepted().unwrap();
        assert_eq!((accepted.known, accepted.gone), (2, 1));
        assert_eq!(accepted.written, "2026-11-20");
    }

    #[test]
    fn the_file_is_the_same_in_any_order_and_holds_nobody() {
        let text = written(&["ada@example.org", "bo@example.org"]);
        assert_eq!(text, written(&["bo@example.org", "ada@example.org"]));
        assert!(!text.contains("example"), "{text}");
        assert_eq!([0, 1, 4, 5, 37, 64, 65, 100_000].map(digits), [1, 3, 3, 4, 4, 4, 5, 7]);
    }

    #[test]
    fn marks_are_too_short_to_prove_who_somebody_is() {
        let people: Vec<String> = (0..1_000).map(|n| format!("person{n}@example.org")).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let mut baseline = loaded(&written(&people)).unwrap();
        let strangers = (0..20_000).map(|n| format!("other{n}@example.org"));
        let known = strangers.filter(|one| baseline.accepts("email-role", "email", one)).count();
        assert!((5..=40).contains(&known), "{known} strangers of 20,000 look known");
    }

    #[test]
    fn what_is_no_baseline_is_told_with_the_cure() {
        let good = written(&["ada@example.org"]);
        for (text, part) in [
            (String::new(), "EOF"),
            ("[]".to_owned(), "invalid"),
            ("{\"version\":2}".to_owned(), "has the form 2"),
            (good.replace("\"count\": 1", "\"count\": 2"), "2 marks"),
            (good.replace("email-role\"", "email-role\", \"x\": 1"), "unknown field"),
        ] {
            let Err(Error::Usage { message, help }) = loaded(&text) else { panic!("{text}") };
            assert!(message.contains(part), "{message}");
            assert!(help.unwrap().contains("--write-baseline"));
        }
        assert!(Baseline::load(Path::new("no/such/file")).is_err());
    }
}
