//! What `fix` did, for people and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::Fix;
use crate::error::Result;
use crate::fix::{Accepted, State, Survey};
use crate::plan::{file_word, shell_word};
use crate::reader::Facts;
use crate::report::{self, counted, grouped};
use crate::row::letters;
use crate::visible::visible;

/// All that there is to say.
pub(super) struct Made<'a> {
    pub(super) plan: &'a Fix,
    pub(super) facts: &'a Facts,
    pub(super) accepted: &'a Accepted,
    pub(super) survey: &'a Survey<'a>,
}

#[derive(Serialize)]
struct FixV1<'a> {
    version: u8,
    input: InputV1<'a>,
    plan: String,
    output: Option<String>,
    counts: CountsV1,
    rules: Vec<RuleV1<'a>>,
    bound: Vec<String>,
    stale: Vec<StaleV1<'a>>,
}

#[derive(Serialize)]
struct InputV1<'a> {
    path: String,
    format: &'a str,
    sheet: Option<&'a str>,
}

#[derive(Serialize)]
struct CountsV1 {
    lines: u64,
    applied: u64,
    already: u64,
    bound: u64,
    stale: u64,
    replaced: u64,
    left: u64,
    other_files: u64,
}

#[derive(Serialize)]
struct RuleV1<'a> {
    rule: &'a str,
    applied: u64,
    already: u64,
}

#[derive(Serialize)]
struct StaleV1<'a> {
    line: u32,
    cell: String,
    before: &'a str,
    after: &'a str,
    found: Option<&'a str>,
}

impl Made<'_> {
    fn counts(&self) -> CountsV1 {
        CountsV1 {
            lines: self.accepted.all,
            applied: self.survey.count(|state| *state == State::Changes),
            already: self.survey.count(|state| *state == State::Already),
            bound: self.survey.count(|state| *state == State::Bound),
            stale: self.survey.stale(),
            replaced: self.accepted.replaced,
            left: self.accepted.left,
            other_files: self.accepted.others,
        }
    }

    /// For each rule, how many cells changed and how many were so already; the most first.
    fn rules(&self) -> Vec<RuleV1<'_>> {
        let mut rules: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (line, state) in self.survey.lines() {
            let (applied, already) = rules.entry(self.accepted.rule(line)).or_default();
            match state {
                State::Changes => *applied += 1,
                State::Already => *already += 1,
                State::Bound | State::Stale(_) => {}
            }
        }
        let made = |(rule, (applied, already))| RuleV1 { rule, applied, already };
        let mut rules: Vec<RuleV1<'_>> = rules.into_iter().map(made).collect();
        rules.retain(|rule| rule.applied + rule.already > 0);
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.applied));
        rules
    }

    /// The cells that cannot be changed where they are.
    fn bound(&self) -> impl Iterator<Item = String> {
        let bound = self.survey.lines().filter(|(_, state)| **state == State::Bound);
        bound.map(|(line, _)| format!("{}{}", letters(line.column), line.row))
    }

    /// The page for people.
    pub(super) fn text(&self) -> String {
        let counts = self.counts();
        let mut text = String::new();
        let output = visible(&self.plan.output.display().to_string());
        let _ = writeln!(text, "{output}: {} changed", counted(counts.applied, "cell", "cells"));
        for rule in self.rules().iter().filter(|rule| rule.applied > 0) {
            let word = if rule.rule.is_empty() { "without a rule" } else { rule.rule };
            let _ = writeln!(text, "  {:>9}  {}", grouped(rule.applied), visible(word));
        }
        let lines = |count| counted(count, "line", "lines");
        for (count, what) in [
            (counts.already, "held already"),
            (counts.replaced, "gave way to another value for the same cell"),
            (counts.stale, "passed over: the cell holds something else"),
            (counts.left, "not accepted"),
            (counts.other_files, "for other files"),
        ] {
            if count > 0 {
                let _ = writeln!(text, "{} {what}", lines(count));
            }
        }
        let bound: Vec<String> = self.bound().collect();
        if !bound.is_empty() {
            let _ = writeln!(
                text,
                "not changed, because a formula or a merged cell makes the value: {}",
                bound.join(", ")
            );
        }
        let _ = writeln!(text, "\nnext: {}", visible(&self.next_line()));
        text
    }

    /// The command line that checks the copy as the file was read. A sheet that the plan named is named to
    /// it, where another may be found.
    fn next_line(&self) -> String {
        let mut line = format!("upsheet check {}", file_word(&self.plan.output));
        for flag in &self.plan.flags {
            let _ = write!(line, " {flag}");
        }
        let several = self.facts.other_sheets.iter().any(|(_, hidden)| !hidden);
        let sheet = self.facts.sheet.as_ref().filter(|_| several);
        if let Some(sheet) = sheet.filter(|_| self.plan.reading.sheet.is_none()) {
            let _ = write!(line, " --sheet {}", shell_word(sheet));
        }
        line
    }

    /// The JSON; `written` says whether there is a copy.
    pub(super) fn json(&self, written: bool) -> Result<String> {
        let stale = self.survey.lines().filter_map(|(line, state)| match state {
            State::Stale(found) => Some(StaleV1 {
                line: line.at,
                cell: format!("{}{}", letters(line.column), line.row),
                before: self.accepted.before(line),
                after: self.accepted.after(line),
                found: found.as_deref(),
            }),
            _ => None,
        });
        let mut counts = self.counts();
        if !written {
            counts.applied = 0;
        }
        let rules = if written { self.rules() } else { Vec::new() };
        let fix = FixV1 {
            version: 1,
            input: InputV1 {
                path: self.plan.file.display().to_string(),
                format: self.facts.format,
                sheet: self.facts.sheet.as_deref(),
            },
            plan: self.plan.plan.display().to_string(),
            output: written.then(|| self.plan.output.display().to_string()),
            counts,
            rules,
            bound: self.bound().collect(),
            stale: stale.collect(),
        };
        let mut text =
            serde_json::to_string_pretty(&fix).map_err(|error| report::failed(error.into()))?;
        text.push('\n');
        Ok(text)
    }
}
