//! What the matrix came to, fault by fault: a page to read and JSON to keep.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;

use super::Fault;
use super::judge::Verdict;

/// What the cases of one fault came to.
#[derive(Default)]
struct Line {
    title: &'static str,
    cases: u64,
    kills: u64,
    faults: u64,
    resumes: u64,
    rows: u64,
    lost: u64,
    doubled: u64,
    peak_kb: u64,
    seconds: f64,
    red: u64,
}

impl Line {
    fn take(&mut self, other: &Self) {
        self.cases += other.cases;
        self.kills += other.kills;
        self.faults += other.faults;
        self.resumes += other.resumes;
        self.rows += other.rows;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.peak_kb = self.peak_kb.max(other.peak_kb);
        self.seconds += other.seconds;
        self.red += other.red;
    }
}

/// The table, and the cases that failed.
#[derive(Default)]
pub(super) struct Table {
    lines: BTreeMap<u32, Line>,
    failed: Vec<String>,
}

impl Table {
    /// Counts a case.
    pub(super) fn add(&mut self, fault: &Fault, seed: u64, verdict: &Verdict, took: Duration) {
        let number = fault.number.trim_start_matches('F').parse().unwrap();
        let line = self.lines.entry(number).or_default();
        line.title = fault.title;
        line.take(&Line {
            title: fault.title,
            cases: 1,
            kills: verdict.kills,
            faults: verdict.faults,
            resumes: verdict.resumes,
            rows: verdict.rows,
            lost: verdict.lost,
            doubled: verdict.doubled,
            peak_kb: verdict.peak_kb,
            seconds: took.as_secs_f64(),
            red: u64::from(!verdict.wrong.is_empty()),
        });
        if verdict.wrong.is_empty() {
            return;
        }
        let mut text = format!(
            "{} with seed {seed}: UPSHEET_MATRIX='{} seed={seed}' cargo test --test integration \
             matrix -- --nocapture\n",
            fault.number, fault.number
        );
        for wrong in &verdict.wrong {
            writeln!(text, "  {}", wrong.replace('\n', "\n  ")).unwrap();
        }
        self.failed.push(text);
    }

    /// Whether nothing was wrong.
    pub(super) fn is_green(&self) -> bool {
        self.failed.is_empty()
    }

    fn whole(&self) -> Line {
        let mut whole = Line { title: "all", ..Line::default() };
        self.lines.values().for_each(|line| whole.take(line));
        whole
    }

    /// The page, with the failed cases under it.
    pub(super) fn page(&self) -> String {
        let mut page = String::from(
            "fault                                    cases kills faults resumes    rows lost doubled peak MB     s\n",
        );
        let whole = self.whole();
        let numbered = self.lines.iter().map(|(number, line)| (format!("F{number}"), line));
        for (name, line) in numbered.chain([(String::new(), &whole)]) {
            writeln!(
                page,
                "{name:4}{:36} {:5} {:5} {:6} {:7} {:7} {:4} {:7} {:7} {:5.1}",
                line.title,
                line.cases,
                line.kills,
                line.faults,
                line.resumes,
                line.rows,
                line.lost,
                line.doubled,
                line.peak_kb / 1024,
                line.seconds,
            )
            .unwrap();
        }
        for failed in &self.failed {
            write!(page, "\n{failed}").unwrap();
        }
        page
    }

    /// The same for programs.
    pub(super) fn json(&self) -> String {
        let line = |name: String, line: &Line| {
            json!({
                "fault": name, "title": line.title, "cases": line.cases, "failed": line.red,
                "kills": line.kills, "faults": line.faults, "resumes": line.resumes,
                "rows": line.rows, "rows_lost": line.lost, "rows_doubled": line.doubled,
                "peak_kb": line.peak_kb, "seconds": line.seconds,
            })
        };
        let lines: Vec<_> =
            self.lines.iter().map(|(number, one)| line(format!("F{number}"), one)).collect();
        let all = line("all".to_owned(), &self.whole());
        format!("{:#}\n", json!({"faults": lines, "all": all, "wrong": self.failed}))
    }
}
