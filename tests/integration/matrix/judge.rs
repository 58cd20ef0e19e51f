//! The judge of a case: invariants I1 to I10, from the record of the sandbox and the journal of the run.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;
use upsheet::journal::{Class, Leg, Outcome, Tried, View};

use super::process::{Kill, LIMIT, Ran, program, run};
use super::rig::{CELL, Case, KEY, Left, Mode, drive};
use crate::rig::key;

/// The most memory that a process may take, in kilobytes: a build without optimisation, with room.
const MOST_KB: u64 = 160 * 1024;
/// How many of a kind are named in a message.
const NAMED: usize = 5;

/// What a case came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) kills: u64,
    /// Requests that met a fault, from the record of the sandbox.
    pub(crate) faults: u64,
    pub(crate) resumes: u64,
    pub(crate) rows: u64,
    /// Rows that were called landed, or should have landed, and are not there as they were sent.
    pub(crate) lost: u64,
    /// People who were taken in once more without a reason.
    pub(crate) doubled: u64,
    pub(crate) peak_kb: u64,
    /// Every invariant that does not hold.
    pub(crate) wrong: Vec<String>,
}

impl Verdict {
    /// Of a case that came to no verdict.
    pub(crate) fn failed(why: String) -> Self {
        Self { wrong: vec![why], ..Self::default() }
    }

    fn blame(&mut self, invariant: &str, what: &str, whom: &[String]) {
        if !whom.is_empty() {
            let named: Vec<&str> = whom.iter().take(NAMED).map(String::as_str).collect();
            self.wrong.push(format!("{invariant}: {} {what}: {}", whom.len(), named.join(", ")));
        }
    }

    fn hold(&mut self, so: bool, invariant: &str, what: impl FnOnce() -> String) {
        if !so {
            self.wrong.push(format!("{invariant}: {}", what()));
        }
    }
}

/// Runs a case and judges it.
pub(crate) fn judged(case: &Case) -> Verdict {
    judge(case, &drive(case))
}

/// A request as the sandbox has recorded it.
struct Seen {
    applied: bool,
    /// Each with whether a fault had them refused.
    people: Vec<(String, bool)>,
}

/// All that is known of a case.
struct Known<'a> {
    case: &'a Case,
    left: &'a Left,
    /// What the sandbox holds, by address: first and last name.
    store: BTreeMap<String, [String; 2]>,
    seen: Vec<Seen>,
    /// What the journal says of everybody, by address.
    told: BTreeMap<String, Outcome>,
    /// The people of each payload file.
    batches: BTreeMap<u32, Vec<String>>,
    tried: Vec<Tried>,
}

/// Holds what a case left behind to every invariant.
pub(crate) fn judge(case: &Case, left: &Left) -> Verdict {
    let mut verdict = Verdict {
        kills: left.kills,
        resumes: left.resumes,
        rows: left.sheet.rows.len() as u64,
        peak_kb: left.ran.iter().map(|ran| ran.peak_kb).max().unwrap_or(0),
        wrong: left.wrong.clone(),
        ..Verdict::default()
    };
    let sql =
        format!("SELECT count(*) FROM request WHERE fault IS NOT NULL AND seq > {}", left.seeded);
    verdict.faults = u64::try_from(left.rig.one::<i64>(&sql)).unwrap();
    let Ok(view) = View::open(&left.run) else {
        verdict.wrong.push("there is no journal to judge by".to_owned());
        return verdict;
    };
    let known = Known::gather(case, left, &view);
    known.keys_and_values(&mut verdict);
    known.nothing_is_claimed_in_vain(&mut verdict);
    known.nobody_is_sent_again(&mut verdict);
    known.everything_adds_up(&view, &mut verdict);
    known.nothing_is_told(&mut verdict);
    known.measured(&mut verdict);
    if !verdict.wrong.is_empty() {
        verdict.wrong.push(format!("{:?} {:?}, plan:\n{}", case.to, case.mode, case.plan));
        for ran in &left.ran {
            let said: Vec<&str> = ran.stderr.lines().rev().take(3).collect();
            verdict.wrong.push(format!("{:?} of {}: {}", ran.code, ran.line, said.join(" / ")));
        }
    }
    verdict
}

impl<'a> Known<'a> {
    fn gather(case: &'a Case, left: &'a Left, view: &View) -> Self {
        let mut told = BTreeMap::new();
        let mut batches: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        view.each(&mut |batch, places, state| {
            // The header is the first row.
            let emails = places.iter().map(|at| left.sheet.rows[at.row as usize - 2].clone());
            let emails: Vec<String> = emails.collect();
            told.extend(emails.iter().map(|email| (email.clone(), state.outcome.clone())));
            batches.entry(batch).or_default().extend(emails);
            Ok(())
        })
        .unwrap();
        let db = Connection::open(left.desk.path("data/sandbox.sqlite")).unwrap();
        Self {
            case,
            left,
            store: stored(&db, case),
            seen: seen(&db, left.seeded),
            told,
            batches,
            tried: view.attempts(None, usize::MAX).unwrap(),
        }
    }

    fn is_finished(&self) -> bool {
        matches!(self.left.ran.last().and_then(|ran| ran.code), Some(0 | 1))
    }

    fn those(&self, is: impl Fn(&Outcome) -> bool) -> BTreeSet<&String> {
        self.told.iter().filter(|(_, outcome)| is(outcome)).map(|(email, _)| email).collect()
    }

    /// Whom faults have had refused, by their keys.
    fn spoiled(&self) -> BTreeSet<String> {
        let people = self.seen.iter().flat_map(|seen| &seen.people);
        people.filter(|(_, spoiled)| *spoiled).map(|(person, _)| person.clone()).collect()
    }

    /// Whether everything of a person is there.
    fn is_there(&self, email: &str) -> bool {
        self.store.get(email) == self.left.sheet.valid.get(email)
    }

    /// I1, I2, I3: whom the sandbox holds, with what, and how they came to be.
    fn keys_and_values(&self, verdict: &mut Verdict) {
        let valid = &self.left.sheet.valid;
        let extra: Vec<String> =
            self.store.keys().filter(|email| !valid.contains_key(*email)).cloned().collect();
        verdict.blame("I1", "are there whom nobody sent", &extra);
        let refused = self.those(|outcome| matches!(outcome, Outcome::Refused(_)));
        let spoiled = self.spoiled();
        let unjust: Vec<String> = refused
            .iter()
            .filter(|email| !spoiled.contains(&key(email)))
            .map(ToString::to_string)
            .collect();
        verdict.blame("I1", "are called refused whom nobody refused", &unjust);
        if self.case.mode == Mode::Liveness {
            verdict.hold(self.is_finished(), "liveness", || {
                "the faults are over, and the run does not come to its end".to_owned()
            });
        }
        if self.is_finished() {
            let missing: Vec<String> = valid
                .keys()
                .filter(|email| !refused.contains(email) && !self.is_there(email))
                .cloned()
                .collect();
            verdict.lost = missing.len() as u64;
            verdict.blame("I1, I2", "are not there as they were sent", &missing);
        }
        let [creates, ..] = self.left.rig.counts();
        let there = i64::try_from(self.store.len()).unwrap();
        verdict.hold(creates == there, "I3", || {
            format!("{creates} people were made, and {there} are there")
        });
    }

    /// I4: whoever is called landed is there as sent, and whoever is called not sent or refused is not.
    fn nothing_is_claimed_in_vain(&self, verdict: &mut Verdict) {
        let accepted = self.those(|outcome| *outcome == Outcome::Accepted);
        let absent: Vec<String> = accepted
            .iter()
            .filter(|email| !self.is_there(email))
            .map(ToString::to_string)
            .collect();
        verdict.lost = verdict.lost.max(absent.len() as u64);
        verdict.blame("I4", "are called landed and are not there as they were sent", &absent);
        let denied =
            self.those(|outcome| matches!(outcome, Outcome::NotSent | Outcome::Refused(_)));
        let there: Vec<String> =
            denied.iter().filter(|email| self.is_there(email)).map(ToString::to_string).collect();
        verdict.blame("I4", "are called not sent or refused and are there", &there);
        if self.is_finished() {
            let open = self.those(|outcome| !outcome.is_settled());
            verdict.hold(open.is_empty(), "I4", || {
                format!("{} are open in a run that calls itself finished", open.len())
            });
        }
    }

    /// I6: nobody is sent again behind the commit of their acceptance, and the sandbox has taken nobody
    /// in more often than there were attempts of unknown outcome, and once.
    fn nobody_is_sent_again(&self, verdict: &mut Verdict) {
        let spoiled = self.spoiled();
        let mut settled: BTreeMap<&String, i64> = BTreeMap::new();
        let mut allowed: BTreeMap<String, u64> = BTreeMap::new();
        let mut again = BTreeSet::new();
        let told_apart = self.case.sandbox.contains("row_named");
        for tried in self.tried.iter().filter(|tried| tried.leg == Leg::People) {
            // Of a queue that took only some, and does not say whom, nobody's outcome is known.
            let emails: Vec<&String> = tried
                .people
                .iter()
                .filter_map(|place| self.batches[&tried.batch].get(*place))
                .collect();
            let unsorted = emails.iter().any(|email| spoiled.contains(&key(email)));
            for email in emails {
                if settled.get(email).is_some_and(|at| tried.began >= *at) {
                    again.insert(email.clone());
                }
                let class = tried.ended.as_ref().map(|ended| ended.class);
                let taken = match class {
                    Some(Class::Accepted) => true,
                    Some(Class::Partial) if told_apart => self.told[email] == Outcome::Accepted,
                    _ => false,
                };
                if let (true, Some(ended)) = (taken, &tried.ended) {
                    settled.insert(email, ended.at + 1);
                }
                // Whatever ended with an answer that settled them is no reason for another attempt.
                let open = matches!(class, None | Some(Class::Ambiguous | Class::Partial));
                if open || class == Some(Class::Queued) && unsorted {
                    *allowed.entry(key(email)).or_default() += 1;
                }
            }
        }
        let again: Vec<String> = again.into_iter().collect();
        verdict.blame("I6", "were sent again behind their acceptance", &again);
        let mut applied: BTreeMap<&String, u64> = BTreeMap::new();
        for (person, spoiled) in
            self.seen.iter().filter(|seen| seen.applied).flat_map(|seen| &seen.people)
        {
            if !spoiled {
                *applied.entry(person).or_default() += 1;
            }
        }
        let doubled: Vec<String> = applied
            .iter()
            .filter(|(person, times)| {
                let reasons = allowed.get(**person).copied().unwrap_or(0);
                let most = if self.case.to.creates() { 1 } else { 1 + reasons };
                **times > most
            })
            .map(|(person, times)| format!("{person} {times} times"))
            .collect();
        verdict.doubled = again.len().max(doubled.len()) as u64;
        verdict.blame("I3, I6", "were taken in more often than there is a reason for", &doubled);
    }

    /// I5 and I7: the counts of journal, report and result files, and who stands in the files.
    fn everything_adds_up(&self, view: &View, verdict: &mut Verdict) {
        let rows = self.left.sheet.rows.len() as u64;
        let tally = view.tally(Leg::People).unwrap();
        let rejected = self.left.sheet.invalid.len() as u64;
        let sum = tally.people() + rejected;
        verdict.hold(sum == rows, "I5", || format!("the journal tells of {sum} of {rows} rows"));
        if let Some(ran) =
            self.left.ran.last().filter(|ran| matches!(ran.code, Some(0 | 1 | 6 | 130)))
        {
            let report: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
            let count = |path: &str| report.pointer(path).and_then(Value::as_u64);
            let said = [
                count("/counts/rows"),
                count("/counts/rejected"),
                count("/delivery/accepted"),
                count("/delivery/rejected_by_target"),
                count("/delivery/unknown"),
                count("/delivery/not_sent"),
            ];
            let true_ones =
                [rows, rejected, tally.accepted, tally.refused, tally.unknown, tally.not_sent];
            verdict.hold(said == true_ones.map(Some), "I5", || {
                format!("the report says {said:?}, and {true_ones:?} is so")
            });
        }
        let ran = self.results();
        verdict.hold(ran.code == Some(0), "I7", || {
            format!("`results` ended with {:?}: {}", ran.code, ran.stderr)
        });
        let mut counts = [0; 5];
        let mut people: Vec<String> = Vec::new();
        let parts = ["success", "failed", "unprocessed", "unknown", "skipped"];
        for (part, count) in parts.iter().zip(&mut counts) {
            let path = self.left.desk.path(format!("results/{part}.csv"));
            let Ok(mut reader) = csv::Reader::from_path(path) else { continue };
            for record in reader.records() {
                match record {
                    Ok(record) => {
                        *count += 1;
                        people.push(record[3].to_owned());
                    }
                    Err(error) => verdict.wrong.push(format!("I7: {part}.csv: {error}")),
                }
            }
        }
        let true_ones =
            [tally.accepted, tally.refused + rejected, tally.not_sent, tally.unknown, 0];
        verdict.hold(counts == true_ones, "I7", || {
            format!("the files have {counts:?} rows, and {true_ones:?} is so")
        });
        people.sort();
        let mut all = self.left.sheet.rows.clone();
        all.sort();
        verdict.hold(people == all, "I7", || "the files do not have every row once".to_owned());
    }

    fn results(&self) -> Ran {
        let args = "results --last --state state -o results";
        run(&self.left.desk, &program(), args, &[], (Kill::Never, LIMIT), || 0)
    }

    /// I8: the key stands nowhere, and cells stand only where people are kept.
    fn nothing_is_told(&self, verdict: &mut Verdict) {
        let desk = &self.left.desk;
        for file in desk.files("") {
            let name = file.rsplit('/').next().unwrap();
            // What the sandbox was told, and says when it starts, has the key.
            if ["place.json", "plan.toml"].contains(&name) || file.starts_with("data/") {
                continue;
            }
            let bytes = std::fs::read(desk.path(&file)).unwrap();
            let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
            let secrets = [Some(KEY), self.case.next_key];
            if secrets.into_iter().flatten().any(has) {
                verdict.wrong.push(format!("I8: the key stands in {file}"));
            }
            let told = name.starts_with("out-")
                || name.starts_with("err-")
                || name.starts_with("journal.sqlite")
                || name == "outcomes.csv";
            if told && has(CELL) {
                verdict.wrong.push(format!("I8: cells stand in {file}"));
            }
        }
    }

    /// I9 and I10: the rate, and memory.
    fn measured(&self, verdict: &mut Verdict) {
        let rate = self.case.rate as usize;
        let busiest = self.left.rig.busiest_second();
        // A burst of one, and one that a slow machine has taken late.
        verdict.hold(rate == 0 || busiest <= rate + 2, "I9", || {
            format!("{busiest} requests came within a second, and {rate} may")
        });
        let peak = verdict.peak_kb;
        verdict.hold(peak <= MOST_KB, "I10", || format!("{peak} kB of memory at once"));
    }
}

/// What the sandbox holds of the target, by address.
fn stored(db: &Connection, case: &Case) -> BTreeMap<String, [String; 2]> {
    let [target, ..] = case.to.words();
    let mut statement =
        db.prepare("SELECT email_key, body FROM profile WHERE target = ?1").unwrap();
    let people = statement.query_map([target], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)));
    let names = [
        ["/profile_data/first_name", "/profile_data/last_name"],
        ["/first_name", "/last_name"],
        ["/name/givenName", "/name/familyName"],
    ];
    let name = |body: &Value, which: usize| {
        let found = names.iter().find_map(|places| body.pointer(places[which])?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let people = people.unwrap().map(|person| {
        let (email, body) = person.unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        (email, [name(&body, 0), name(&body, 1)])
    });
    people.collect()
}

/// The requests that carried people, in their order.
fn seen(db: &Connection, behind: i64) -> Vec<Seen> {
    let sql = "SELECT applied, people FROM request WHERE seq > ?1 AND people <> '' ORDER BY seq";
    let mut statement = db.prepare(sql).unwrap();
    let requests = statement.query_map([behind], |row| {
        let people: String = row.get(1)?;
        let people = people.split_whitespace().map(|person| {
            let plain = person.trim_end_matches('!');
            (plain.to_owned(), plain.len() < person.len())
        });
        Ok(Seen { applied: row.get(0)?, people: people.collect() })
    });
    requests.unwrap().map(Result::unwrap).collect()
}
