//! What holds of a delivery whatever a target answers, however often it is stopped or killed: nobody counts
//! as accepted who has not landed, nobody who counts is sent again, a creation creates nobody twice, and
//! the counts add up. At last, when the target behaves, everybody has an outcome.
//!
//! A case is a number. It decides who is in the run, what each request meets, and where the run is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::*;
use crate::journal::{About, Leg};
use crate::recipe::Recipe;
use crate::row::Location;
use crate::target::{
    Answer, Confirm, ConfirmBy, Credential, Judged, Method, Named, Overrides, Progress, Request,
    Sent, Target, Verdict,
};
use crate::writer::api::{Options, Secret};

const CASES: u64 = 200;
/// Most of a case is waiting, so that many go at once.
const AT_ONCE: u64 = 16;

/// A number that looks like chance, made of others.
fn chance(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |sum, part| {
        let mixed = (sum ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) ^ (mixed >> 32)
    })
}

/// A target and the truth about it, and whoever speaks to it.
struct World {
    seed: u64,
    /// Whether it makes profiles, so that a second time makes a second one.
    creates: bool,
    /// Whether nothing goes wrong any more.
    calm: AtomicBool,
    /// Whether whoever speaks to it may be killed.
    mortal: AtomicBool,
    /// Whom it refuses, always.
    bad: BTreeSet<u64>,
    /// The payload file and the place of each person.
    homes: BTreeMap<u64, (u32, usize)>,
    journal: Mutex<Option<Arc<Journal>>>,
    stop: AtomicBool,
    truth: Mutex<Truth>,
    target: Box<dyn Target>,
}

#[derive(Default)]
struct Truth {
    /// How often each person has landed.
    landed: BTreeMap<u64, u32>,
    /// How often each was sent.
    sent: BTreeMap<u64, u64>,
    /// Whoever was shown otherwise than sent, or stood in a request of which it was told how many have landed and not
    /// who: a refusal of those counts.
    unclear: BTreeSet<u64>,
    /// Whoever was said to have landed, by an answer or a look.
    told: BTreeSet<u64>,
    looks: u64,
    verdicts: u64,
    complaints: Vec<String>,
    last: Option<Standing>,
}

impl World {
    fn complain(&self, what: String) {
        lock(&self.truth).complaints.push(what);
    }

    fn land(&self, people: impl IntoIterator<Item = u64>) {
        let mut truth = lock(&self.truth);
        for id in people.into_iter().filter(|id| !self.bad.contains(id)) {
            let times = truth.landed.entry(id).or_default();
            *times += 1;
            if self.creates && *times > 1 {
                truth.complaints.push(format!("{id} was created twice"));
            }
        }
    }

    fn has(&self, id: u64) -> bool {
        lock(&self.truth).landed.contains_key(&id)
    }

    /// A request has come, with everybody in it under way by the journal.
    fn received(&self, people: &[u64]) {
        let journal = lock(&self.journal).clone();
        for &id in people {
            let (batch, place) = self.homes[&id];
            let known = journal.as_ref().map(|journal| journal.people(batch).unwrap());
            let outcome = known.map(|known| known[place].state.outcome.clone());
            if outcome.is_some_and(|outcome| outcome != Outcome::InFlight) {
                self.complain(format!("{id} was sent and is not under way"));
            }
            let mut truth = lock(&self.truth);
            if truth.told.contains(&id) {
                truth.complaints.push(format!("{id} was sent again"));
            }
            *truth.sent.entry(id).or_default() += 1;
        }
        if people.iter().collect::<BTreeSet<_>>().len() < people.len() {
            self.complain(format!("somebody stands twice in a request: {people:?}"));
        }
    }

    /// What the target does with people when all is well, in one of the forms of a verdict.
    fn fair(&self, people: &[u64], dice: u64) -> Json {
        let bad: Vec<usize> =
            (0..people.len()).filter(|&place| self.bad.contains(&people[place])).collect();
        let each = || {
            let judged =
                people.iter().map(|id| if self.bad.contains(id) { "refused" } else { "landed" });
            json!({ "each": judged.collect::<Vec<_>>() })
        };
        if bad.len() < people.len() && dice.is_multiple_of(2) || bad.is_empty() {
            self.land(people.iter().copied());
            return match (bad.is_empty(), dice / 2 % 3) {
                (true, 0 | 1) => json!({ "is": "accepted" }),
                (false, 0) => json!({ "partial": bad }),
                (false, 1) => {
                    lock(&self.truth).unclear.extend(people);
                    json!({ "unsorted": people.len() - bad.len() })
                }
                _ => each(),
            };
        }
        match dice / 2 % 2 {
            0 => json!({ "refused": bad }),
            _ => json!({ "refused": [] }),
        }
    }

    /// What a request meets: a status and a body, or nothing.
    fn meet(&self, people: &[u64]) -> Option<(u16, Json)> {
        self.received(people);
        let times = lock(&self.truth).sent[&people[0]];
        let dice = chance(&[self.seed, 1, people[0], people.len() as u64, times]);
        let (kind, dice) = (dice % 32, dice / 32);
        let fair = |world: &Self| world.fair(people, dice / 2);
        let effect = |world: &Self| {
            if dice.is_multiple_of(2) {
                world.land(people.iter().copied());
            }
        };
        if self.calm.load(Ordering::Relaxed) || kind < 14 {
            return Some((200, fair(self)));
        }
        match kind {
            14..=16 => {
                effect(self);
                None
            }
            17 | 18 => {
                effect(self);
                Some((500, json!({})))
            }
            19 | 20 => {
                effect(self);
                Some((200, json!({ "is": "nonsense" })))
            }
            21 => Some((429, json!({}))),
            22 if people.len() > 1 => Some((413, json!({}))),
            23 => Some((401, json!({}))),
            // Whoever was refused behind a queue stays unverified for good.
            24..=26 if people.iter().any(|id| self.bad.contains(id)) => Some((200, fair(self))),
            24 | 25 => {
                self.land(people.iter().copied());
                Some((200, json!({ "queued": people })))
            }
            26 => {
                self.land(people.iter().copied());
                Some((200, json!({ "is": "taken" })))
            }
            27 => {
                self.stop.store(true, Ordering::Relaxed);
                Some((200, fair(self)))
            }
            28 => Some((200, json!({ "is": "too many" }))),
            _ => {
                let judged = people.iter().map(|id| match chance(&[dice, *id]) % 5 {
                    _ if self.bad.contains(id) => "refused",
                    // An earlier attempt has landed, of which this refusal says nothing.
                    0 | 1 if self.has(*id) && !self.creates && !self.is_unclear(*id) => "refused",
                    0 => "later",
                    1 => "unknown",
                    2 => {
                        self.land([*id]);
                        "unknown"
                    }
                    _ => {
                        self.land([*id]);
                        "landed"
                    }
                });
                Some((200, json!({ "each": judged.collect::<Vec<_>>() })))
            }
        }
    }

    fn is_unclear(&self, id: u64) -> bool {
        lock(&self.truth).unclear.contains(&id)
    }

    fn told(&self, people: impl IntoIterator<Item = u64>) {
        for id in people {
            if !self.has(id) {
                self.complain(format!("{id} was read as landed and has not"));
            }
            lock(&self.truth).told.insert(id);
        }
    }

    /// An answer is read, and the process is killed before it can keep what it says; where one thread
    /// sends, because others would finish their requests.
    fn die_perhaps(&self) {
        let verdicts = {
            let mut truth = lock(&self.truth);
            truth.verdicts += 1;
            truth.verdicts
        };
        let is_due = chance(&[self.seed, 2, verdicts]).is_multiple_of(24);
        if is_due && self.mortal.load(Ordering::Relaxed) {
            resume_unwind(Box::new("killed"));
        }
    }

    fn read(&self, answer: &Answer<'_>, people: &[u64]) -> Verdict {
        let why = || "it says so".to_owned();
        match answer.status {
            413 => return Verdict::TooLarge,
            429 => return Verdict::Later { after: Some(Duration::ZERO), why: why() },
            401 => return Verdict::Stop { why: why(), help: String::new() },
            500 => return Verdict::Ambiguous { why: why() },
            _ => {}
        }
        let body: Json = serde_json::from_slice(answer.body).unwrap();
        let places = |name: &str| -> Option<Vec<usize>> {
            serde_json::from_value(body.get(name)?.clone()).ok()
        };
        if let Some(places) = places("refused") {
            let named = |place| Named { place, why: why(), exists: false };
            let named = places.into_iter().map(named).collect();
            return Verdict::Refused { why: why(), exists: false, named };
        }
        if let Some(places) = places("partial") {
            let fine = people.iter().enumerate().filter(|(place, _)| !places.contains(place));
            self.told(fine.map(|(_, id)| *id));
            return Verdict::Partial {
                refused: places.into_iter().map(|place| (place, why())).collect(),
            };
        }
        if let Some(landed) = body.get("unsorted").and_then(Json::as_u64) {
            return Verdict::Unsorted { why: why(), landed: usize::try_from(landed).unwrap() };
        }
        if body.get("queued").is_some() {
            let ticket = format!("{}-{}", people[0], people.len());
            return Verdict::Queued { ticket };
        }
        if let Some(each) = body.get("each").and_then(Json::as_array) {
            let landed = people.iter().zip(each).filter(|(_, word)| *word == "landed");
            self.told(landed.map(|(id, _)| *id));
            let judged = each.iter().map(|word| match word.as_str().unwrap() {
                "landed" => Judged::Landed,
                "refused" => Judged::Refused(why()),
                "later" => Judged::Later(why()),
                _ => Judged::Unknown(why()),
            });
            return Verdict::Each(judged.collect());
        }
        match body.get("is").and_then(Json::as_str) {
            Some("accepted") => {
                self.told(people.iter().copied());
                Verdict::Accepted
            }
            Some("taken") => Verdict::Taken,
            Some("too many") => Verdict::Each(vec![Judged::Landed; people.len() + 1]),
            _ => Verdict::Ambiguous { why: why() },
        }
    }

    /// How many people there are.
    fn people(&self) -> u64 {
        self.homes.len() as u64
    }
}

fn id(person: &RawValue) -> u64 {
    let person: Json = serde_json::from_str(person.get()).unwrap();
    person["id"].as_u64().unwrap()
}

fn ids(sent: Sent<'_>) -> Vec<u64> {
    sent.people().into_iter().map(id).collect()
}

impl Channel for World {
    fn leg(&self) -> Leg {
        Leg::People
    }

    fn target(&self) -> &dyn Target {
        self.target.as_ref()
    }

    fn bodies(&self, folder: &Path, file: &Planned, chosen: &[usize]) -> Result<Vec<Body>> {
        People(self.target()).bodies(folder, file, chosen)
    }

    fn whole(&self, folder: &Path, file: &Planned) -> Result<Option<Vec<u8>>> {
        People(self.target()).whole(folder, file)
    }

    fn limits(&self) -> Option<crate::batch::Limits> {
        // Such as what is sent afterwards has.
        self.seed.is_multiple_of(3).then_some(crate::batch::Limits { rows: 4, bytes: 10_000 })
    }

    fn request(&self) -> Request {
        Request { method: Method::Post, path: format!("/{}", self.seed) }
    }

    fn judge(&self, answer: Answer<'_>, sent: Sent<'_>) -> Verdict {
        self.die_perhaps();
        self.read(&answer, &ids(sent))
    }

    fn follow(&self, ticket: &str) -> Request {
        Request { method: Method::Get, path: format!("/{}/{ticket}", self.seed) }
    }

    fn judge_follow(&self, answer: Answer<'_>, sent: Sent<'_>) -> Progress {
        self.die_perhaps();
        let people = ids(sent);
        let verdicts = lock(&self.truth).verdicts;
        match chance(&[self.seed, 3, people[0], verdicts]) % 4 {
            _ if answer.status != 200 => Progress::Pending,
            0 => Progress::Pending,
            1 => Progress::Done(Verdict::Ambiguous { why: "no state".to_owned() }),
            _ => {
                let judged = people.iter().map(|id| {
                    if self.bad.contains(id) {
                        Judged::Refused("it is bad".to_owned())
                    } else {
                        Judged::Landed
                    }
                });
                self.told(people.iter().copied().filter(|id| !self.bad.contains(id)));
                Progress::Done(Verdict::Each(judged.collect()))
            }
        }
    }

    fn repeatable(&self) -> bool {
        !self.creates
    }

    fn invites(&self) -> bool {
        self.seed.is_multiple_of(5)
    }

    fn confirm(&self) -> Confirm {
        let by = if self.seed.is_multiple_of(7) { ConfirmBy::ReadBack } else { ConfirmBy::Poll };
        Confirm { by, within: Duration::from_millis(20) }
    }

    fn reads_back(&self) -> bool {
        true
    }
}

/// Looks at the truth, and cannot always.
struct Eyes<'a>(&'a World, BTreeSet<u64>);

impl Settle for Eyes<'_> {
    fn want(&mut self, person: &RawValue) {
        self.1.insert(id(person));
    }

    fn fetch(&mut self) -> Result<()> {
        Ok(())
    }

    fn fate(&mut self, person: &RawValue) -> Result<Fate> {
        let Self(world, wanted) = self;
        let id = id(person);
        if !wanted.contains(&id) {
            world.complain(format!("{id} was not wanted"));
        }
        let looks = {
            let mut truth = lock(&world.truth);
            truth.looks += 1;
            truth.looks
        };
        let dice = chance(&[world.seed, 4, looks]) % 8;
        let calm = world.calm.load(Ordering::Relaxed);
        Ok(match (world.has(id), dice) {
            (_, 0) if !calm => Fate::Unknown("not to be read".to_owned()),
            (true, 1) if !calm => {
                lock(&world.truth).unclear.insert(id);
                Fate::Differs(vec!["name".to_owned()])
            }
            (true, _) => {
                world.told([id]);
                Fate::AsSent
            }
            (false, _) => Fate::Absent,
        })
    }
}

impl Watch for World {
    fn event(&self, event: &Event<'_>) {
        let standing = match event {
            Event::Began { standing, .. } | Event::Settled { standing, .. } => standing,
            Event::Ended { standing } => {
                lock(&self.truth).last = Some(*standing);
                standing
            }
            _ => return,
        };
        let sum = standing.accepted + standing.refused + standing.unknown + standing.not_sent;
        if sum != self.people() || standing.requests > standing.of_requests {
            self.complain(format!("these do not add up: {standing:?}"));
        }
    }
}

/// All targets, by the number of the case.
type Worlds = Mutex<BTreeMap<u64, Arc<World>>>;

fn serve(stream: &TcpStream, worlds: &Worlds) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let Some((name, value)) = header.trim_end().split_once(": ") else { break };
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let seed = line.split(['/', ' ']).find_map(|part| part.parse().ok())?;
        let world = lock(worlds).get(&seed).cloned()?;
        let (status, body) = if line.starts_with("GET") {
            (200, json!({}))
        } else {
            let body: Json = serde_json::from_slice(&body).ok()?;
            let people = body["people"].as_array()?.iter();
            let people: Vec<u64> = people.filter_map(|person| person["id"].as_u64()).collect();
            world.meet(&people)?
        };
        let body = body.to_string();
        let head = format!("HTTP/1.1 {status} So\r\nContent-Length: {}\r\n\r\n", body.len());
        { stream }.write_all((head + &body).as_bytes()).ok()?;
    }
}

fn world(seed: u64, folder: &Path) -> (World, Vec<Planned>) {
    fs::create_dir(folder.join("payloads")).unwrap();
    let (mut plan, mut homes, mut bad) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    let mut next = 0;
    for number in 1..=u32::try_from(2 + chance(&[seed, 5]) % 5).unwrap() {
        let count = 1 + chance(&[seed, 6, u64::from(number)]) % 9;
        let people: Vec<Json> =
            (next..next + count).map(|id| json!({ "id": id, "name": "Ana" })).collect();
        for place in 0..count {
            homes.insert(next + place, (number, usize::try_from(place).unwrap()));
            if chance(&[seed, 7, next + place]).is_multiple_of(9) && bad.len() < 4 {
                bad.insert(next + place);
            }
        }
        let body = json!({ "people": people }).to_string();
        let file = format!("payloads/{number:05}.json");
        fs::write(folder.join(&file), &body).unwrap();
        let row = |row| Location { row: u32::try_from(row).unwrap(), ..Location::default() };
        let places = (next..next + count).map(row).collect();
        plan.push(Planned {
            number,
            file,
            sha256: crate::batch::hex(&Sha256::digest(&body)),
            places,
        });
        next += count;
    }
    let target = crate::target::find("vome").unwrap();
    let target = (target.configure)(&Recipe::default(), &Overrides::default()).unwrap();
    let world = World {
        seed,
        creates: chance(&[seed, 8]).is_multiple_of(2),
        calm: AtomicBool::new(false),
        mortal: AtomicBool::new(false),
        bad,
        homes,
        journal: Mutex::default(),
        stop: AtomicBool::new(false),
        truth: Mutex::default(),
        target,
    };
    (world, plan)
}

/// One delivery of a case. Nothing where it was killed.
fn once(world: &World, client: &Client, folder: &Path, turn: u64) -> Option<Delivered> {
    let journal = Arc::new(Journal::open(folder).unwrap());
    *lock(&world.journal) = Some(Arc::clone(&journal));
    world.stop.store(false, Ordering::Relaxed);
    let calm = world.calm.load(Ordering::Relaxed);
    let dice = |what| chance(&[world.seed, 9, turn, what]) % 2;
    let rules = Rules {
        late: Duration::ZERO,
        attempts: 3,
        give_up_after: Duration::from_millis(300 * dice(1)),
        concurrency: if dice(2) == 0 { 1 } else { 4 },
        canary: dice(3) == 0,
        resend_window: if dice(4) == 0 { Duration::ZERO } else { Duration::from_hours(1) },
        resend_unknown: calm,
        pause: Duration::from_millis(1),
    };
    world.mortal.store(rules.concurrency == 1 && !calm, Ordering::Relaxed);
    let pace = Pace::new(Duration::ZERO, &world.stop);
    let frame = Frame { head: b"{\"people\":[".into(), tail: b"]}".into(), each: None };
    let order = Order { folder, journal: &journal, frame, pace: &pace, rules };
    let mut eyes = Eyes(world, BTreeSet::new());
    let delivered =
        catch_unwind(AssertUnwindSafe(|| deliver(world, client, &order, &mut eyes, world)));
    *lock(&world.journal) = None;
    check(world, &journal, delivered.as_ref().ok().map(|delivered| delivered.as_ref().unwrap()));
    delivered.ok().map(Result::unwrap)
}

/// Holds what the journal says against the truth.
fn check(world: &World, journal: &Journal, delivered: Option<&Delivered>) {
    let mut counted = Tally::default();
    for file in journal.plan().unwrap() {
        for person in journal.people(file.number).unwrap() {
            let outcome = person.state.outcome;
            counted.add(&outcome, 1);
            let home = (file.number, person.place);
            let id = *world.homes.iter().find(|(_, other)| **other == home).unwrap().0;
            match outcome {
                Outcome::Accepted if !world.has(id) => {
                    world.complain(format!("{id} counts as accepted and has not landed"));
                }
                Outcome::Refused(_) if !world.bad.contains(&id) => {
                    world.complain(format!("{id} counts as refused and was not"));
                }
                Outcome::NotSent if world.has(id) => {
                    world.complain(format!("{id} has landed and counts as not sent"));
                }
                _ => {}
            }
        }
    }
    assert_eq!(counted.people(), world.people(), "case {}", world.seed);
    let without_retries = |tally: Tally| Tally { retries: 0, ..tally };
    let kept = journal.tally(Leg::People);
    assert_eq!(without_retries(kept), counted);
    let Some(delivered) = delivered else { return };
    assert_eq!(delivered.tally.retries, kept.retries, "case {}", world.seed);
    assert_eq!(without_retries(delivered.tally), counted, "case {}", world.seed);
    let last = lock(&world.truth).last.unwrap();
    assert_eq!(
        [last.accepted, last.refused, last.unknown, last.not_sent],
        [counted.accepted, counted.refused, counted.unknown, counted.not_sent],
        "case {}",
        world.seed
    );
}

/// Carries a case through. Gives how many deliveries of it were stopped or killed.
fn case(seed: u64, client: &Client, worlds: &Worlds) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let (world, plan) = world(seed, folder.path());
    let world = Arc::new(world);
    lock(worlds).insert(seed, Arc::clone(&world));
    drop(Journal::create(folder.path(), &About::default(), &plan).unwrap());
    let mut cut_off = 0;
    for turn in 0..3 {
        let ended = once(&world, client, folder.path(), turn);
        cut_off += u64::from(ended.is_none_or(|ended| ended.stopped.is_some()));
    }
    world.calm.store(true, Ordering::Relaxed);
    let ended = once(&world, client, folder.path(), 3).unwrap();
    lock(worlds).remove(&seed);
    assert!(ended.stopped.is_none(), "case {seed}: {ended:?}");
    let complaints = std::mem::take(&mut lock(&world.truth).complaints);
    assert_eq!(complaints, Vec::<String>::new(), "case {seed}");
    let bad = world.bad.len() as u64;
    let Tally { accepted, refused, unknown, not_sent, .. } = ended.tally;
    let expected = [world.people() - bad, bad, 0, 0];
    assert_eq!([accepted, refused, unknown, not_sent], expected, "case {seed}");
    cut_off
}

#[test]
fn whatever_is_answered_nobody_is_lost_and_nobody_sent_twice() {
    let worlds: Arc<Worlds> = Arc::default();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = Arc::clone(&worlds);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let worlds = Arc::clone(&serving);
            std::thread::spawn(move || serve(&stream.unwrap(), &worlds));
        }
    });
    let credential =
        Credential { variable: "VOME_API_KEY", file: None, header: "API-KEY", prefix: "" };
    let secret = Secret::new("canary-7c1d-key", "a test").unwrap();
    let client = Client::new(&url, &credential, &secret, &Options::default()).unwrap();
    let (next, cut_off) = (AtomicU64::new(1), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > CASES {
                        return;
                    }
                    cut_off.fetch_add(case(seed, &client, &worlds), Ordering::Relaxed);
                }
            });
        }
    });
    let cut_off = cut_off.into_inner();
    assert!(cut_off > CASES / 2, "only {cut_off} deliveries were cut off: that tries little");
}
