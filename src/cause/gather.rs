//! Counts findings under their causes while the rows go by.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::key::Key;
use super::words::Words;
use super::{Cause, FIRST, Place, RUNS, Run};
use crate::finding::{self, Finding, Remedies, Severity};
use crate::row::{Location, Row, Rows};
use crate::validate::Rules;

/// How many rejected rows of an input are kept, to see where their values are.
const KEPT: usize = 64;

/// A cause while its findings come in.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) cause: Cause,
    /// The field that its column fills.
    pub(super) field: Option<Cow<'static, str>>,
    pub(super) words: Words,
    /// For each remedy: the findings that it would clear, and the people.
    pub(super) tried: [(u64, u64); Remedies::MOST],
    /// The last row that has it.
    last: Option<Location>,
    /// Whether that row is in a run that is not listed.
    unlisted: bool,
}

/// Causes, found while the rows go by.
#[derive(Debug)]
pub struct Causes<'a> {
    pub(super) rules: &'a Rules,
    pub(super) gathered: Vec<Gathered>,
    index: BTreeMap<Key, usize>,
    /// The causes of the row at hand, each with what would clear all of its errors in the row.
    touched: Vec<(usize, Option<Remedies>)>,
    /// The row before.
    previous: Option<Location>,
    /// The first rejected rows of each input.
    pub(super) samples: Vec<Rows>,
}

impl<'a> Causes<'a> {
    /// Nothing found yet.
    pub fn new(rules: &'a Rules) -> Self {
        Self {
            rules,
            gathered: Vec::new(),
            index: BTreeMap::new(),
            touched: Vec::new(),
            previous: None,
            samples: Vec::new(),
        }
    }

    /// Takes in a finding about an input as a whole.
    pub fn note(&mut self, finding: &Finding) {
        let at = self.cause_of(finding);
        self.touched.clear();
        self.count(at, finding, None);
    }

    /// Takes in a row without findings: it ends what goes from row to row.
    pub fn pass(&mut self, at: Location) {
        self.previous = Some(at);
    }

    /// Takes in a row with all of its findings.
    pub fn row(&mut self, row: Row<'_>, findings: &[Finding]) {
        let previous = self.previous.replace(row.at);
        self.touched.clear();
        // What is said of the cells of a shifted row follows from the shift.
        let is_shift = |finding: &&Finding| finding.code == &finding::ROW_SHIFTED;
        let shift = findings.iter().find(is_shift).map(|head| self.cause_of(head));
        let mut errors = false;
        for finding in findings {
            let at = shift.unwrap_or_else(|| self.cause_of(finding));
            self.count(at, finding, previous);
            errors |= finding.severity == Severity::Error;
        }
        if errors {
            self.clear();
            self.keep(row);
        }
    }

    /// Counts a row that is rejected: whom the cure of its causes would make ready.
    fn clear(&mut self) {
        let touched = &self.touched;
        let errors = || touched.iter().filter_map(|&(at, spared)| Some((at, spared?)));
        let sole = errors().count() == 1;
        let spared = errors().map(|(_, spared)| spared).reduce(Remedies::and).unwrap_or_default();
        let any = !spared.is_empty();
        for (at, _) in errors() {
            let Some(gathered) = self.gathered.get_mut(at) else { continue };
            gathered.cause.clears += u64::from(sole);
            for (number, (_, people)) in gathered.tried.iter_mut().enumerate().filter(|_| any) {
                *people += u64::from(spared.has(number));
            }
        }
    }

    fn keep(&mut self, row: Row<'_>) {
        let input = usize::from(row.at.input);
        if self.samples.len() <= input {
            self.samples.resize_with(input + 1, Rows::default);
        }
        if let Some(rows) = self.samples.get_mut(input).filter(|rows| rows.len() < KEPT) {
            rows.push_row(&row);
        }
    }

    /// The cause that a finding belongs to, by its place in `gathered`.
    fn cause_of(&mut self, finding: &Finding) -> usize {
        let key = Key::of(finding);
        if let Some(&at) = self.index.get(&key) {
            return at;
        }
        let message = key.message(finding);
        let at = self.gathered.len();
        self.gathered.push(Gathered::new(finding, message));
        self.index.insert(key, at);
        at
    }

    fn count(&mut self, at: usize, finding: &Finding, previous: Option<Location>) {
        let is_error = finding.severity == Severity::Error;
        let mut again = false;
        match self.touched.iter_mut().find(|(other, _)| *other == at) {
            Some((_, spared)) => {
                again = true;
                if is_error {
                    *spared = Some(spared.map_or(finding.remedies, |it| it.and(finding.remedies)));
                }
            }
            None => self.touched.push((at, is_error.then_some(finding.remedies))),
        }
        let Some(gathered) = self.gathered.get_mut(at) else { return };
        gathered.cause.count += 1;
        gathered.words.count(finding);
        if !finding.remedies.is_empty() {
            for (number, (findings, _)) in gathered.tried.iter_mut().enumerate() {
                *findings += u64::from(finding.remedies.has(number));
            }
        }
        if !again {
            gathered.row(finding.at, previous);
        }
    }

    /// The causes in the order in which they are read: new ones before known ones, errors first, the
    /// largest first. `people` is how many rows each input has.
    pub fn finish(self, people: &[u64]) -> Vec<Cause> {
        let (rules, samples) = (self.rules, self.samples);
        let finished = self.gathered.into_iter().map(|gathered| {
            let input = usize::from(gathered.cause.input);
            let people = people.get(input).copied().unwrap_or(0);
            gathered.finish(rules, samples.get(input), people)
        });
        let mut causes: Vec<Cause> = finished.collect();
        causes.sort_by(|a, b| {
            let order = |cause: &Cause| {
                (cause.known, cause.severity, Reverse(cause.rows), cause.input, cause.column)
            };
            order(a)
                .cmp(&order(b))
                .then_with(|| (a.code.id, &a.message).cmp(&(b.code.id, &b.message)))
        });
        causes
    }
}

impl Gathered {
    fn new(finding: &Finding, message: Cow<'static, str>) -> Self {
        Self {
            cause: Cause {
                code: finding.code,
                severity: finding.severity,
                input: finding.at.input,
                column: finding.column,
                known: finding.known,
                count: 0,
                rows: 0,
                clears: 0,
                message,
                first: Vec::new(),
                runs: Vec::new(),
                beyond: 0,
                words: Vec::new(),
                other_words: 0,
                cure: None,
            },
            field: finding.field.clone(),
            words: Words::default(),
            tried: Default::default(),
            last: None,
            unlisted: false,
        }
    }

    /// Counts a row; `previous` is the row that was read before it.
    fn row(&mut self, at: Location, previous: Option<Location>) {
        let place: Place = (at.row, at.line);
        self.cause.rows += 1;
        if self.cause.first.len() < FIRST {
            self.cause.first.push(place);
        }
        if self.cause.code == &finding::ROW_SHIFTED {
            let goes_on = self.last.is_some() && self.last == previous;
            self.unlisted = if goes_on { self.unlisted } else { self.cause.runs.len() == RUNS };
            match self.cause.runs.last_mut() {
                _ if self.unlisted => self.cause.beyond += 1,
                Some(run) if goes_on => run.to = place,
                _ => self.cause.runs.push(Run { from: place, to: place }),
            }
        }
        self.last = Some(at);
    }
}
