//! Faults of the server and the network, and kills at random times: F1, F4 to F11, F17 and F18.

use std::fmt::Write as _;
use std::time::Duration;

use super::Fault;
use super::judge::{Verdict, judged};
use super::rig::{Case, Mode, To};
use crate::people::Dice;

/// With how many cases each, as the standard has it.
pub(super) static FAULTS: &[Fault] = &[
    fault("F1", "kill -9 at a random time", 60, |seed| judged(&killed(seed))),
    fault("F4", "429 with Retry-After", 12, |seed| judged(&throttled(seed))),
    fault("F5", "5xx before the effect", 12, |seed| judged(&refused(seed))),
    fault("F6", "5xx and resets behind the effect", 24, |seed| judged(&ambiguous(seed))),
    fault("F7", "connections that end", 24, |seed| judged(&cut(seed))),
    fault("F8", "slow answers, slow reading", 8, |seed| judged(&slow(seed))),
    fault("F9", "answers that are none", 12, |seed| judged(&wrong(seed))),
    fault("F10", "rows refused, requests too large", 12, |seed| judged(&partial(seed))),
    fault("F11", "the key expires", 3, |seed| judged(&expired(seed))),
    fault("F17", "all of it mixed, with kills", 20, |seed| judged(&mixed(seed))),
    fault("F18", "creations without a key", 20, |seed| judged(&created(seed))),
];

const fn fault(
    number: &'static str,
    title: &'static str,
    cases: u64,
    run: fn(u64) -> Verdict,
) -> Fault {
    Fault { number, title, cases, run }
}

/// One of a few, in turn.
fn turn<T: Copy>(all: &[T], number: u64) -> T {
    all[usize::try_from(number).unwrap() % all.len()]
}

const ALL: [To; 4] = [To::Vome, To::Omneo, To::Scim, To::VomeCreate];

/// A case whose seed is mixed with the number of its fault, so that no two faults have the same sheets.
fn case(fault: u64, seed: u64) -> Case {
    Case::new(fault * 1_000_000 + seed)
}

fn mode(number: u64) -> Mode {
    if number.is_multiple_of(2) { Mode::Liveness } else { Mode::Safety }
}

impl Case {
    /// Adds a fault of the requests that carry people. In liveness it ends after some of them.
    fn fault(&mut self, share: f64, lines: &str) {
        let [.., path] = self.to.words();
        let until = match self.mode {
            Mode::Liveness => format!("until = {}\n", self.requests() + 4),
            Mode::Safety => String::new(),
        };
        write!(
            self.plan,
            "[[fault]]\non = \"write\"\npath = \"{path}\"\nshare = {share}\n{until}{lines}\n"
        )
        .unwrap();
    }
}

/// F1: kills, uniform over the run, and nothing else.
fn killed(seed: u64) -> Case {
    let mut case = case(1, seed);
    let mut dice = Dice(case.seed);
    case.kills = 1 + u32::try_from(dice.roll(5)).unwrap();
    case.to = turn(&[To::Vome, To::Omneo, To::Vome, To::Scim, To::Vome, To::VomeCreate], seed);
    (case.people, case.batch) = (1_000, 25);
    if seed % 40 == 20 {
        (case.people, case.batch, case.to) = (20_000, 500, To::Vome);
        case.span = Duration::from_secs(3);
    }
    case
}

/// F4: patience asked for in each way, of few and of many requests.
fn throttled(seed: u64) -> Case {
    let mut case = case(4, seed);
    let after = turn(&["seconds:1", "date:1", "absent", "absurd"], seed);
    let share = turn(&[0.05, 0.2, 0.5], seed / 4);
    case.to = turn(&ALL, seed + seed / 4);
    // Each of them costs a second or more, so that the more often it comes, the fewer requests there are.
    (case.people, case.batch) = turn(&[(300, 10), (300, 25), (150, 50)], seed / 4);
    "attempts = 6\ngive_up_after = \"30s\"\ntimeout = \"5s\"\nconcurrency = 3\n"
        .clone_into(&mut case.sending);
    if after == "absurd" {
        // Whoever asks for a million years is given ten minutes, which nobody has here.
        case.patience = Duration::from_secs(6);
    }
    if seed % 4 == 2 {
        case.rate = 20;
        case.sending = case.sending.replace("concurrency = 3", "concurrency = 1");
    }
    case.fault(share, &format!("kind = \"status\"\nstatus = 429\nretry_after = \"{after}\""));
    case
}

/// F5: each status, in front of the effect.
fn refused(seed: u64) -> Case {
    let mut case = case(5, seed);
    let status = turn(&[500, 502, 503, 504], seed);
    (case.to, case.mode) = (turn(&ALL, seed / 4), mode(seed / 2));
    case.fault(0.2, &format!("kind = \"status\"\nstatus = {status}"));
    case
}

/// F6: each status and a reset, behind the effect.
fn ambiguous(seed: u64) -> Case {
    let mut case = case(6, seed);
    (case.to, case.mode) = (turn(&ALL, seed / 3), mode(seed / 12));
    let kind = turn(
        &[
            "kind = \"status\"\nstatus = 500\nwhen = \"after\"",
            "kind = \"status\"\nstatus = 504\nwhen = \"after\"",
            "kind = \"reset\"\nwhen = \"after\"",
        ],
        seed,
    );
    case.fault(0.2, kind);
    if case.to == To::VomeCreate {
        late(&mut case, seed);
    }
    case
}

/// F7: RST and FIN in each place.
fn cut(seed: u64) -> Case {
    let mut case = case(7, seed);
    (case.to, case.mode) = (turn(&ALL, seed / 6), mode(seed));
    let how = turn(&["reset", "close"], seed + seed / 12);
    let place = turn(
        &[
            "\"before\"",
            "\"before\"\nbytes = 700",
            "\"mid-head\"",
            "\"mid-head\"\nbytes = 1",
            "\"head\"",
            "\"body\"",
            "\"body\"\nbytes = 7",
            "\"after\"",
        ],
        seed,
    );
    case.fault(0.25, &format!("kind = \"{how}\"\nwhen = {place}"));
    case
}

/// F8: whatever takes longer than a request may, and whatever only nearly does.
fn slow(seed: u64) -> Case {
    let mut case = case(8, seed);
    case.sending = case.sending.replace("2s", "1s");
    (case.people, case.batch) = (200, 40);
    case.to = turn(&[To::Vome, To::Omneo, To::Scim], seed);
    let [.., path] = case.to.words();
    let lines = turn(
        &[
            "kind = \"drip\"\nms = 40",
            "kind = \"stall\"\nwhere = \"accept\"\nms = 1300",
            "kind = \"stall\"\nwhere = \"request\"\nms = 1300",
            "kind = \"stall\"\nwhere = \"answer\"\nms = 1300",
            "kind = \"drip\"\nms = 1",
            "kind = \"refuse\"\nms = 300",
            "kind = \"stall\"\nwhere = \"request\"\nms = 400",
            "kind = \"stall\"\nwhere = \"answer\"\nms = 400",
        ],
        seed,
    );
    if lines.contains("stall") && lines.contains("request") {
        // More than what fits between the two, so that the client cannot write on.
        (case.people, case.batch) = (2_000, 1_000);
        case.to = To::Vome;
    }
    let about = if lines.contains("accept") || lines.contains("refuse") {
        String::new()
    } else {
        format!("on = \"write\"\npath = \"{path}\"\n")
    };
    let number = 2 + u64::from(about.is_empty());
    case.plan = format!("[[fault]]\n{about}numbers = [{number}]\n{lines}\n");
    case
}

/// F9: successes that say nothing that could be believed.
fn wrong(seed: u64) -> Case {
    let mut case = case(9, seed);
    case.people = 150;
    case.mode = mode(seed / 2);
    case.to = turn(&[To::Vome, To::Omneo, To::Scim, To::Vome, To::VomeCreate], seed / 2);
    let kind = turn(
        &[
            "truncate",
            "wrong-count",
            "wrong-ids",
            "html",
            "huge",
            "bomb",
            "empty",
            "duplicate-answer",
        ],
        seed,
    );
    case.fault(0.25, &format!("kind = \"{kind}\""));
    case
}

/// F10: people refused in each way that a target has, and requests in halves down to one person.
fn partial(seed: u64) -> Case {
    let mut case = case(10, seed);
    (case.people, case.batch) = (120, 20);
    let (to, variant) = turn(
        &[
            (To::Vome, "vome.bad_row=call"),
            (To::Vome, "vome.bad_row=call_unnamed"),
            (To::Vome, "vome.bad_row=row_named"),
            (To::Vome, "vome.bad_row=row_unnamed"),
            (To::Omneo, "omneo.bad_row=item"),
            (To::Omneo, "omneo.bad_row=call"),
        ],
        seed,
    );
    case.to = to;
    case.sandbox = format!("--variant {variant}");
    let [.., path] = case.to.words();
    if seed >= 6 {
        let above = turn(&[1, 3, 7], seed);
        let lines = format!("kind = \"too-large\"\nabove = {above}\n");
        write!(case.plan, "[[fault]]\non = \"write\"\npath = \"{path}\"\n{lines}").unwrap();
    }
    write!(
        case.plan,
        "[[fault]]\non = \"write\"\npath = \"{path}\"\nkind = \"partial\"\npeople = 0.05\n"
    )
    .unwrap();
    case
}

/// F11: from some request on the key is refused, until another one comes.
fn expired(seed: u64) -> Case {
    let mut case = case(11, seed);
    case.to = turn(&ALL, seed);
    case.next_key = Some("canary-next-9be2");
    let from = 2 + seed * 3;
    case.plan =
        format!("[[fault]]\nfrom = {from}\nkind = \"expire\"\nnext = \"canary-next-9be2\"\n");
    case
}

/// What a mixture is made of.
const MIXED: &[&str] = &[
    "kind = \"status\"\nstatus = 500",
    "kind = \"status\"\nstatus = 503\nretry_after = \"seconds:0\"",
    "kind = \"status\"\nstatus = 502\nwhen = \"after\"",
    "kind = \"status\"\nstatus = 504\nwhen = \"after\"",
    "kind = \"reset\"\nwhen = \"before\"",
    "kind = \"reset\"\nwhen = \"before\"\nbytes = 900",
    "kind = \"reset\"\nwhen = \"after\"",
    "kind = \"close\"\nwhen = \"mid-head\"",
    "kind = \"close\"\nwhen = \"head\"",
    "kind = \"reset\"\nwhen = \"body\"",
    "kind = \"stall\"\nwhere = \"answer\"\nms = 60",
    "kind = \"drip\"\nms = 1",
    "kind = \"truncate\"",
    "kind = \"html\"",
    "kind = \"empty\"",
    "kind = \"wrong-count\"",
    "kind = \"duplicate-answer\"",
];

fn mixture(case: &mut Case, dice: &mut Dice) {
    for _ in 0..3 + dice.roll(3) {
        let lines = turn(MIXED, dice.roll(MIXED.len() as u64));
        let share = turn(&[0.03, 0.06, 0.1], dice.roll(3));
        case.fault(share, lines);
    }
}

/// F17: several faults at once, and kills.
fn mixed(seed: u64) -> Case {
    let mut case = case(17, seed);
    let mut dice = Dice(case.seed);
    (case.to, case.mode) = (turn(&ALL, seed), mode(seed / 2));
    (case.people, case.batch) = (500, 25);
    case.kills = u32::try_from(dice.roll(4)).unwrap();
    mixture(&mut case, &mut dice);
    if seed.is_multiple_of(5) {
        case.sending.push_str("gzip = true\n");
    }
    case
}

/// A creation that is not answered, and has its effect when it was looked for already.
fn late(case: &mut Case, number: u64) {
    case.sending = case.sending.replace("2s", "1s");
    let [.., path] = case.to.words();
    let answer = turn(&["answer = \"stall\"\nms = 1400", "answer = \"reset\"\nms = 500"], number);
    let lines = format!("numbers = [4]\nkind = \"late\"\n{answer}");
    let others = std::mem::take(&mut case.plan);
    // In front of the others: the first fault that takes a request is what happens.
    case.plan = format!("[[fault]]\non = \"write\"\npath = \"{path}\"\n{lines}\n{others}");
}

/// F18: the same for creations, behind whose effect most is lost.
fn created(seed: u64) -> Case {
    let mut case = case(18, seed);
    let mut dice = Dice(case.seed);
    (case.to, case.mode) = (To::VomeCreate, mode(seed));
    case.kills = u32::try_from(dice.roll(3)).unwrap();
    case.fault(0.1, "kind = \"reset\"\nwhen = \"after\"");
    case.fault(0.1, "kind = \"status\"\nstatus = 504\nwhen = \"after\"");
    if seed.is_multiple_of(3) {
        mixture(&mut case, &mut dice);
    }
    if seed % 5 == 1 {
        // It is given up while the server has it, and has its effect later.
        late(&mut case, seed / 5);
    }
    case
}
