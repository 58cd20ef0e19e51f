//! Kills at named points, a disk that fails under the journal, and programs that are wrong on purpose: F2,
//! F3, and the proof that the judge would notice.

use std::time::Duration;

use upsheet::failpoint::{Point, Way};

use super::Fault;
use super::judge::{Verdict, judge, judged};
use super::process::{Kill, LIMIT, program, run};
use super::rig::{Case, To, drive};

/// With how many cases each.
pub(super) static FAULTS: &[Fault] = &[
    Fault { number: "F2", title: "killed at a named point", cases: POINTS, run: at_point },
    Fault { number: "F3", title: "the journal fails at operation N", cases: 60, run: journal },
];

/// How often each point is come to before the process dies there.
const HITS: &[(Point, &[u64])] = &[
    (Point::Payload, &[1, 2, 12]),
    (Point::BeforeRename, &[1, 2, 3]),
    (Point::AfterRename, &[1, 2, 3]),
    (Point::BeforeJournal, &[1]),
    (Point::InJournal, &[1]),
    (Point::AfterJournal, &[1]),
    (Point::Keeping, &[1]),
    (Point::BeforeBegin, &[1, 2, 9]),
    (Point::AfterBegin, &[1, 2, 9]),
    (Point::Head, &[1, 2, 9]),
    (Point::Answer, &[1, 2, 9]),
    (Point::BeforeEnd, &[1, 2, 9]),
    (Point::AfterEnd, &[1, 2, 9]),
    (Point::BeforeNote, &[1, 2, 3]),
    (Point::Sent, &[1]),
    (Point::InOutcomes, &[1]),
    (Point::BeforeReport, &[1, 2]),
    (Point::AfterReport, &[1, 2]),
    (Point::BeforeResult, &[1, 2]),
];

/// Requests whose body has left and whose answer has not begun, as the sandbox says it.
const SENT: [u64; 3] = [1, 2, 9];

const POINTS: u64 = 45;

#[test]
fn every_point_is_in_the_matrix() {
    let points: Vec<Point> = HITS.iter().map(|(point, _)| *point).collect();
    assert_eq!(points, Point::ALL);
    let cases = HITS.iter().map(|(_, hits)| hits.len()).sum::<usize>() + SENT.len();
    assert_eq!(cases as u64, POINTS);
}

fn to(seed: u64) -> To {
    [To::Vome, To::VomeCreate, To::Omneo, To::Scim][usize::try_from(seed % 4).unwrap()]
}

/// F2: the process dies at a point, and another one carries on.
fn at_point(seed: u64) -> Verdict {
    let number = usize::try_from(seed % POINTS).unwrap();
    let mut case = Case::new(2_000_000 + seed);
    // In each run of all of them every point meets another target.
    case.to = to(seed / 3 + seed / POINTS);
    let mut hits = HITS.iter().flat_map(|(point, hits)| hits.iter().map(|hit| (*point, *hit)));
    let Some((point, hit)) = hits.nth(number) else {
        let request = SENT[number + SENT.len() - usize::try_from(POINTS).unwrap()];
        let [.., path] = case.to.words();
        case.plan = format!(
            "[[fault]]\non = \"write\"\npath = \"{path}\"\nnumbers = [{request}]\nkind = \"stall\"\n\
             where = \"answer\"\nms = 1500\n"
        );
        case.sending.push_str("concurrency = 1\n");
        case.first_kill =
            Kill::Requests(i64::try_from(request).unwrap(), Duration::from_millis(40));
        return died(judged(&case), "the first process was not killed");
    };
    let armed = format!("{}:{hit}", point.word());
    match point {
        // Only what is looked for is noted: creations, when no answer came.
        Point::BeforeNote => {
            case.to = To::VomeCreate;
            let [.., path] = case.to.words();
            case.plan = format!(
                "[[fault]]\non = \"write\"\npath = \"{path}\"\nshare = 0.5\nuntil = 16\n\
                 kind = \"reset\"\nwhen = \"after\"\n"
            );
        }
        Point::BeforeResult => return at_result(&case, &armed),
        _ => {}
    }
    case.first_env.push(("UPSHEET_FAIL_POINT", armed.clone().into()));
    died(judged(&case), &format!("{armed} was not come to"))
}

fn died(mut verdict: Verdict, otherwise: &str) -> Verdict {
    if verdict.kills == 0 {
        verdict.wrong.push(otherwise.to_owned());
    }
    verdict
}

/// The same for the verb that writes the result files: a second one writes all of them.
fn at_result(case: &Case, armed: &str) -> Verdict {
    let mut left = drive(case);
    let env = [("UPSHEET_FAIL_POINT", armed.into())];
    let args = "results --last --state state";
    let killed = run(&left.desk, &program(), args, &env, (Kill::Never, LIMIT), || 0);
    let again = run(&left.desk, &program(), args, &[], (Kill::Never, LIMIT), || 0);
    left.kills += u64::from(killed.code.is_none());
    let mut verdict = died(judge(case, &left), &format!("{armed} was not come to"));
    let files = left.run.join("results");
    let rows: usize = std::fs::read_dir(&files)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
        .filter(|path| !path.file_name().unwrap().to_string_lossy().starts_with('.'))
        .map(|path| csv::Reader::from_path(path).unwrap().records().count())
        .sum();
    if again.code != Some(0) || rows != left.sheet.rows.len() {
        verdict.wrong.push(format!("`results` after a kill: {rows} rows, {:?}", again.code));
    }
    verdict
}

/// F3: the N-th operation of the journal fails, and perhaps each after it, for N = 1 until none is left to
/// fail.
fn journal(seed: u64) -> Verdict {
    let mut case = Case::new(3_000_000 + seed);
    (case.people, case.batch) = (100, 20);
    case.to = to(seed / 6);
    case.sending.push_str("concurrency = 1\n");
    let kind = ["eio", "enospc", "short"][usize::try_from((seed + seed / 3) % 3).unwrap()];
    let sticky = if seed.is_multiple_of(2) { "" } else { ":sticky" };
    let operation = seed + 1;
    let fault = format!("{operation}{sticky}:{kind}");
    case.first_env.push(("UPSHEET_JOURNAL_FAIL", fault.clone().into()));
    let left = drive(&case);
    let mut verdict = judge(&case, &left);
    let first = &left.ran[0];
    let failed = first.stderr.contains("the journal");
    match first.code {
        Some(6) if failed && first.stderr.contains("upsheet resume") => verdict.faults += 1,
        Some(0 | 1) if !failed && operation > 20 => {}
        code => verdict.wrong.push(format!("{fault}: it ended with {code:?}: {}", first.stderr)),
    }
    if operation == 60 && failed {
        verdict.wrong.push("there are operations that were never made to fail".to_owned());
    }
    verdict
}

/// The smallest case in which a way of being wrong shows.
fn revealing(way: Way) -> Case {
    let mut case = Case::new(90_000_000 + way as u64);
    (case.people, case.batch) = (110, 20);
    let [.., path] = case.to.words();
    let about = format!("[[fault]]\non = \"write\"\npath = \"{path}\"\n");
    match way {
        Way::DoneBeforeAnswer => {
            case.first_env.push(("UPSHEET_FAIL_POINT", "after-begin:3".into()));
        }
        Way::NoInFlight => {
            case.to = To::VomeCreate;
            case.first_env.push(("UPSHEET_FAIL_POINT", "head:3".into()));
        }
        Way::OtherPeople => {
            case.plan = format!("{about}numbers = [2]\nkind = \"status\"\nstatus = 503\n");
        }
        Way::ResendAccepted | Way::DropLast => {}
        Way::AnySuccess => {
            case.sandbox.push_str("--variant vome.bad_row=row_named");
            case.plan = format!("{about}kind = \"partial\"\npeople = 0.1\n");
        }
        Way::SplitTwice => case.plan = format!("{about}kind = \"too-large\"\nabove = 7\n"),
        Way::SwallowRefusals => {
            case.plan = format!("{about}kind = \"partial\"\npeople = 0.1\n");
        }
    }
    case
}

#[test]
fn the_judge_notices_every_way_of_being_wrong() {
    let mut missed = Vec::new();
    for way in Way::ALL {
        let sound = judged(&revealing(way));
        assert_eq!(sound.wrong, [""; 0], "{way:?}: the case itself is red");
        let mut case = revealing(way);
        case.env.push(("UPSHEET_BROKEN", way.word().into()));
        let broken = judged(&case);
        if !broken.wrong.iter().any(|wrong| wrong.starts_with('I')) {
            missed.push((way, broken));
        }
    }
    assert!(missed.is_empty(), "these would go unnoticed: {missed:#?}");
}
