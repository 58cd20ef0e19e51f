//! One case: a sheet, a sandbox with a plan of faults, a push, kills, resumes, and what all of that
//! left behind.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use upsheet::journal::View;

use super::process::{Kill, LIMIT, Ran, program, run};
use super::tls::Tls;
use crate::common::{Desk, until};
use crate::people::Dice;
use crate::rig::Rig;

/// The key that the sandbox takes. It must stand nowhere.
pub(crate) const KEY: &str = "canary-key-51c0";
/// What every last name begins with. It must not stand where no cells may.
pub(crate) const CELL: &str = "Quaggar";

/// To whom people are sent, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    /// An upsert by e-mail address; some are there already, with other names.
    Vome,
    /// A creation without a key that would make a second one harmless.
    VomeCreate,
    /// An upsert into a queue.
    Omneo,
    /// A creation in bulk, that tells of each.
    Scim,
}

impl To {
    /// Its id in recipes, the variable of its key, and the path of the requests that carry people.
    pub(crate) fn words(self) -> [&'static str; 3] {
        match self {
            Self::Vome => ["vome", "VOME_API_KEY", "/api/profiles/bulk-upsert/"],
            Self::VomeCreate => ["vome", "VOME_API_KEY", "/api/profiles/bulk-create/"],
            Self::Omneo => ["omneo", "OMNEO_TOKEN", "/api/v3/profiles/batch"],
            Self::Scim => ["scim", "SCIM_TOKEN", "/scim/v2/Bulk"],
        }
    }

    /// Whether a second request could make somebody twice.
    pub(crate) fn creates(self) -> bool {
        matches!(self, Self::VomeCreate | Self::Scim)
    }
}

/// How long the faults go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Throughout: the run may end before its end, and nothing may be claimed that is not so.
    Safety,
    /// They stop, and then the run must come to its end.
    Liveness,
}

/// One case of the matrix.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) seed: u64,
    pub(crate) people: u32,
    /// People in a request.
    pub(crate) batch: u32,
    pub(crate) to: To,
    pub(crate) mode: Mode,
    /// The plan of the sandbox.
    pub(crate) plan: String,
    /// Arguments of the sandbox, such as its variants.
    pub(crate) sandbox: String,
    /// How often it is killed.
    pub(crate) kills: u32,
    /// Within what time of a process a kill by the clock falls.
    pub(crate) span: Duration,
    /// A process that takes longer is killed too: it may have been asked to wait for very long.
    pub(crate) patience: Duration,
    /// Lines of `[sending]`.
    pub(crate) sending: String,
    /// Requests a second; 0 for no limit.
    pub(crate) rate: u32,
    /// The key that is used after the first process was refused.
    pub(crate) next_key: Option<&'static str>,
    /// The program that is put to the test.
    pub(crate) program: PathBuf,
    /// Variables that push and resume see.
    pub(crate) env: Vec<(&'static str, OsString)>,
    /// Variables that only the first process sees.
    pub(crate) first_env: Vec<(&'static str, OsString)>,
    /// When the first process is killed, where that is not by chance.
    pub(super) first_kill: Kill,
}

impl Case {
    /// A case without faults: some hundred people for Vome.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            people: 300,
            batch: 25,
            to: To::Vome,
            mode: Mode::Liveness,
            plan: String::new(),
            sandbox: String::new(),
            kills: 0,
            span: Duration::from_millis(500),
            patience: LIMIT,
            sending: "attempts = 4\ngive_up_after = \"0s\"\ntimeout = \"2s\"\n".to_owned(),
            rate: 0,
            next_key: None,
            program: program(),
            env: Vec::new(),
            first_env: Vec::new(),
            first_kill: Kill::Never,
        }
    }

    /// How many requests everybody takes, if nothing goes wrong.
    pub(crate) fn requests(&self) -> u32 {
        self.people.div_ceil(self.batch)
    }
}

/// Who is on the sheet.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) text: String,
    /// Whoever can be sent: address to first and last name.
    pub(crate) valid: BTreeMap<String, [String; 2]>,
    /// Addresses that are none.
    pub(crate) invalid: Vec<String>,
    /// The address of each row, from the first below the header.
    pub(crate) rows: Vec<String>,
}

impl Sheet {
    /// So many rows, one in fifty of them without a usable address.
    pub(crate) fn of(seed: u64, people: u32) -> Self {
        let mut dice = Dice(seed);
        let mut sheet = Self { text: "First name,Last name,Email\n".to_owned(), ..Self::default() };
        for number in 0..people {
            let first =
                ["Ada", "Otis", "Mina", "Juno", "Zoë"][usize::try_from(dice.roll(5)).unwrap()];
            let valid = dice.roll(50) != 0;
            let last = if valid { format!("{CELL}{}", letters(number)) } else { "Holm".to_owned() };
            let email =
                if valid { format!("q{number}@example.org") } else { format!("nobody{number}") };
            writeln!(sheet.text, "{first},{last},{email}").unwrap();
            sheet.rows.push(email.clone());
            if valid {
                sheet.valid.insert(email, [first.to_owned(), last]);
            } else {
                sheet.invalid.push(email);
            }
        }
        sheet
    }
}

/// A number in letters, since names have no digits.
fn letters(number: u32) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

/// What a case left behind.
pub(crate) struct Left {
    pub(crate) desk: Desk,
    pub(crate) sheet: Sheet,
    pub(crate) rig: Rig,
    /// What is in front of it, where that speaks TLS.
    _tls: Option<Tls>,
    /// The processes that were run, in their order.
    pub(super) ran: Vec<Ran>,
    pub(crate) kills: u64,
    pub(crate) resumes: u64,
    /// The folder of the run.
    pub(crate) run: PathBuf,
    /// The number of the last request before the first process.
    pub(crate) seeded: i64,
    /// What went wrong on the way.
    pub(crate) wrong: Vec<String>,
}

/// Runs a case: a push, and resumes until it has come to its end or there is no hope of that.
pub(crate) fn drive(case: &Case) -> Left {
    let mut left = set_up(case);
    left.all(case);
    if case.plan.contains("kind = \"late\"") {
        // Requests are numbered when they come and on record when they have their effect.
        left.rig.send("GET /api/profiles/?page=1&limit=1", KEY, "");
        let missing = "SELECT max(number) - count(DISTINCT number) FROM request WHERE number > 0";
        until("every request has had its effect", || left.rig.one::<i64>(missing) == 0);
    }
    left.rig.settle();
    left
}

/// Makes everything ready for the first process of a case.
pub(super) fn set_up(case: &Case) -> Left {
    let desk = Desk::new();
    let sheet = Sheet::of(case.seed, case.people);
    desk.write("people.csv", &sheet.text);
    let seed = u32::try_from(case.seed % 1_000_000).unwrap();
    let rig = Rig::start(&desk, &case.plan, seed, &format!("--key {KEY} {}", case.sandbox));
    let [target, ..] = case.to.words();
    let mut url = rig.place()[target]["base_url"].as_str().unwrap().to_owned();
    let mut sending = case.sending.clone();
    // A third of the cases goes through TLS.
    let tls = (case.seed % 3 == 2).then(|| Tls::start(rig.address()));
    if let Some(tls) = &tls {
        url = tls.in_front_of(&url);
        writeln!(sending, "ca_file = {:?}", Tls::authority()).unwrap();
    }
    let create = if case.to == To::VomeCreate { "operation = \"create\"\n" } else { "" };
    desk.write(
        "recipe.toml",
        format!(
            "target = \"{target}\"\n[sending]\n{sending}[{target}]\nbase_url = {url:?}\nrate = {}\n\
             batch_size = {}\n{create}",
            case.rate, case.batch
        ),
    );
    if case.to == To::Vome {
        earlier(&rig, &sheet);
    }
    Left {
        _tls: tls,
        seeded: rig.one("SELECT coalesce(max(seq), 0) FROM request"),
        desk,
        sheet,
        rig,
        ran: Vec::new(),
        kills: 0,
        resumes: 0,
        run: PathBuf::new(),
        wrong: Vec::new(),
    }
}

/// Puts every fifth of the people there beforehand, with another last name.
fn earlier(rig: &Rig, sheet: &Sheet) {
    let person = |(email, [first, _]): (&String, &[String; 2])| {
        format!(
            r#"{{"profile_data":{{"first_name":"{first}","last_name":"Earlier","email":"{email}"}}}}"#
        )
    };
    let people: Vec<String> = sheet.valid.iter().step_by(5).map(person).collect();
    let body = format!(
        r#"{{"unique_identifier":{{"identifier_type":0,"unique_custom_field":""}},"invite_user_to_vome":false,"users_data":[{}]}}"#,
        people.join(",")
    );
    // Only faults of connections can meet it.
    for _ in 0..20 {
        let came = rig.send("POST /api/profiles/bulk-create/", KEY, &body);
        if came.bytes.starts_with(b"HTTP/1.1 200") {
            return;
        }
    }
    panic!("nobody could be put there beforehand");
}

impl Left {
    /// Pushes, and resumes until the run has come to its end or there is no hope of that.
    pub(super) fn all(&mut self, case: &Case) {
        let mut dice = Dice(case.seed ^ 0x6b69_6c6c);
        let mut key = KEY;
        let tries = match case.mode {
            Mode::Safety => case.kills + 2,
            Mode::Liveness => case.kills + 12,
        };
        for number in 0..tries {
            let kill = if number < case.kills { hour(case, &mut dice) } else { Kill::Never };
            let kill = if number == 0 && kill == Kill::Never { case.first_kill } else { kill };
            let planned = self.find_run();
            let args = if planned {
                self.resumes += 1;
                "resume --last --yes --state state --format json"
            } else {
                if number > 0 && self.met() > 0 {
                    self.wrong.push("people were sent by a run without a journal".to_owned());
                }
                "push people.csv --yes --recipe recipe.toml --state state --format json"
            };
            let [_, variable, _] = case.to.words();
            let mut env = case.env.clone();
            env.push((variable, key.into()));
            if number == 0 {
                env.extend(case.first_env.iter().cloned());
            }
            // A kill must not wait for requests that are not to come.
            let db = self.store();
            let before = requests(&db, self.seeded);
            let ran = run(&self.desk, &case.program, args, &env, (kill, case.patience), || {
                requests(&db, self.seeded) - before
            });
            let code = ran.code;
            self.ran.push(ran);
            match code {
                None => self.kills += 1,
                Some(0 | 1) => break,
                Some(6 | 130) => {}
                Some(4) => key = case.next_key.unwrap_or(key),
                Some(_) => {
                    let ran = self.ran.last().unwrap();
                    let (line, stderr) = (&ran.line, &ran.stderr);
                    self.wrong.push(format!("{line} ended with {code:?}: {stderr}"));
                    break;
                }
            }
        }
        if !self.find_run() {
            self.wrong.push("there is no run".to_owned());
        }
    }

    /// Looks for the newest run with a journal.
    pub(super) fn find_run(&mut self) -> bool {
        let runs = self.desk.runs();
        let whole = runs.into_iter().rev().find(|run| View::open(run).is_ok());
        let found = whole.is_some();
        self.run = whole.unwrap_or_default();
        found
    }

    fn store(&self) -> Connection {
        let path = self.desk.path("data/sandbox.sqlite");
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        db.busy_timeout(Duration::from_secs(20)).unwrap();
        db
    }

    /// How many requests the sandbox has met.
    pub(super) fn met(&self) -> i64 {
        requests(&self.store(), self.seeded)
    }
}

fn requests(db: &Connection, behind: i64) -> i64 {
    db.query_row("SELECT count(*) FROM request WHERE seq > ?1", [behind], |row| row.get(0)).unwrap()
}

/// When the next process is killed: by the clock, or when the sandbox has met some requests.
fn hour(case: &Case, dice: &mut Dice) -> Kill {
    let micros = |dice: &mut Dice, most: Duration| {
        Duration::from_micros(dice.roll(u64::try_from(most.as_micros()).unwrap().max(1)))
    };
    if dice.roll(3) == 0 {
        return Kill::After(micros(dice, case.span));
    }
    let part = u64::from(case.requests() / (case.kills + 1)).max(1);
    let count = i64::try_from(dice.roll(part * 2)).unwrap();
    Kill::Requests(count, micros(dice, Duration::from_millis(12)))
}
