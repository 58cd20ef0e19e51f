//! The fault matrix: the real program is killed, lied to and cut off, case after case, and after the
//! last resume a judge asks the sandbox and the journal whether anybody was lost or sent twice.
//!
//! A case is told by its fault and its seed, and a failing one prints the command that runs it alone.
//! `UPSHEET_MATRIX` says what runs: nothing, a tenth of the cases; `ci`, all; `F7`, those of one fault;
//! `F7 seed=3`, that one. `UPSHEET_MATRIX_SCALE=10` runs ten times as many, with seeds of their own, and
//! `UPSHEET_MATRIX_REPORT=FILE` keeps the table as JSON.

mod blame;
mod judge;
mod outside;
mod points;
mod process;
mod rig;
mod server;
mod table;
mod tls;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use self::judge::Verdict;
use self::table::Table;

/// A fault of the matrix: how many cases the standard wants, and what makes and judges one from a seed.
pub(crate) struct Fault {
    /// Its number in the standard.
    pub(crate) number: &'static str,
    /// What it is, for the table.
    pub(crate) title: &'static str,
    /// How many cases a run of CI has.
    pub(crate) cases: u64,
    /// Runs the case of a seed. Seeds count from 0; a fault with kinds takes them in turn.
    pub(crate) run: fn(u64) -> Verdict,
}

/// All of them, in the order of the standard.
static FAULTS: &[&[Fault]] = &[server::FAULTS, points::FAULTS, outside::FAULTS];

/// How many cases are under way at once: most of their time is spent waiting.
const AT_ONCE: usize = 3;

/// One case that is to be run.
type Planned = (&'static Fault, u64);

#[test]
fn no_fault_loses_anybody_or_sends_anybody_twice() {
    let planned = planned();
    let next = AtomicUsize::new(0);
    let table = Mutex::new(Table::default());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some((fault, seed)) = planned.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let began = Instant::now();
                    let verdict = catch_unwind(AssertUnwindSafe(|| (fault.run)(*seed)))
                        .unwrap_or_else(|panic| Verdict::failed(words(panic.as_ref())));
                    table.lock().unwrap().add(fault, *seed, &verdict, began.elapsed());
                }
            });
        }
    });
    let table = table.into_inner().unwrap();
    if let Some(path) = setting("UPSHEET_MATRIX_REPORT") {
        std::fs::write(path, table.json()).unwrap();
    }
    let page = table.page();
    assert!(table.is_green(), "\n{page}");
    say(&page);
}

/// The cases that were asked for, those of all faults mixed, so that the waits of one fall into the
/// work of others.
fn planned() -> Vec<Planned> {
    let asked = setting("UPSHEET_MATRIX").unwrap_or_default();
    let mut words = asked.split_whitespace();
    let first = words.next().unwrap_or_default();
    let seed = words.next().map(|word| {
        let seed = word.strip_prefix("seed=").expect("UPSHEET_MATRIX='F7 seed=3'");
        seed.parse::<u64>().expect("a seed is a number")
    });
    let scale = setting("UPSHEET_MATRIX_SCALE");
    let scale = scale.map_or(1, |text| text.parse::<u64>().expect("a scale is a number"));
    let all = FAULTS.iter().copied().flatten();
    let chosen: Vec<&Fault> = match first {
        "" | "ci" => all.collect(),
        number => all.filter(|fault| fault.number == number).collect(),
    };
    assert!(!chosen.is_empty(), "there is no fault {first}");
    if let Some(seed) = seed {
        return chosen.into_iter().map(|fault| (fault, seed)).collect();
    }
    let mut planned = Vec::new();
    for fault in chosen {
        let cases = fault.cases * scale;
        if first.is_empty() && scale == 1 {
            // Those that are left out in one place are run in the next one, not always the last.
            let few = cases.div_ceil(10);
            planned.extend((0..few).map(|case| (case * cases / few, (fault, case * cases / few))));
        } else {
            planned.extend((0..cases).map(|case| (case, (fault, case))));
        }
    }
    planned.sort_by_key(|(order, _)| *order);
    planned.into_iter().map(|(_, case)| case).collect()
}

#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says how many")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::print_stderr, reason = "the table is what the test is run for")]
fn say(text: &str) {
    eprintln!("{text}");
}

/// What a panic says.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}
