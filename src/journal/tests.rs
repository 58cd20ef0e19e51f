//! What a journal holds after everything that can befall it.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn plan(sizes: &[u32]) -> Vec<Planned> {
    let mut row = 1;
    let files = (1..).zip(sizes).map(|(number, &size)| {
        let places = (0..size).map(|_| {
            row += 1;
            Location { input: 0, row, line: row + 1, byte: u64::from(row) * 70 }
        });
        let file = format!("payloads/{number:05}.json");
        Planned { number, file, sha256: format!("{number:064}"), places: places.collect() }
    });
    files.collect()
}

fn about() -> About {
    About {
        target: "scim".to_owned(),
        object: "https://example.org/Users".to_owned(),
        inputs: vec![InputPrint { name: "people.csv".to_owned(), ..InputPrint::default() }],
        began: 1_700_000_000_000,
        ..About::default()
    }
}

fn request(leg: Leg, batch: u32, people: &[usize]) -> Begin<'_> {
    Begin { leg, batch, people, bytes: 100, sha256: "ab".repeat(32), number: 1 }
}

fn answer(class: Class, outcomes: &[(usize, Outcome)]) -> End<'_> {
    End { status: Some(200), class, why: Some("as the target says"), outcomes }
}

fn outcomes(journal: &Journal, batch: u32) -> Vec<Outcome> {
    journal.people(batch).unwrap().into_iter().map(|person| person.state.outcome).collect()
}

fn why(error: Error) -> String {
    assert_eq!(error.status(), crate::error::ExitStatus::PartWay);
    match error {
        Error::Journal { why, .. } => why,
        Error::OtherVersion { form, ours, .. } => format!("form {form}, ours {ours}"),
        other => panic!("{other:?}"),
    }
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn everybody_is_planned_and_nobody_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let plan = plan(&[3, 2]);
    let journal = Journal::create(folder.path(), &about(), &plan).unwrap();
    assert_eq!(journal.plan().unwrap(), plan);
    assert_eq!(journal.about(), &about());
    assert_eq!(journal.phase().unwrap(), (Phase::Planned, None));
    let none = Tally { not_sent: 5, ..Tally::default() };
    assert_eq!(journal.tally(Leg::People), none);
    assert_eq!(journal.tally(Leg::After), Tally::default());
    // One thread alone hands on the same.
    let journal = journal.alone(true);
    let mut seen = Vec::new();
    journal
        .each(&mut |batch, places, state| {
            seen.extend((0..).zip(places).map(|(place, at)| (batch, place, *at)));
            assert_eq!((&state.outcome, state.since), (&Outcome::NotSent, None));
            Ok(())
        })
        .unwrap();
    let expected: Vec<_> = plan
        .iter()
        .flat_map(|file| (0..).zip(file.places.iter()).map(|(place, at)| (file.number, place, at)))
        .collect();
    assert_eq!(seen, expected);
    #[cfg(unix)]
    for ending in ["", "-wal", "-shm"] {
        let path = folder.path().join(format!("{FILE}{ending}"));
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
    drop(journal);
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, [FILE], "a journal that is closed is one file");
    assert_eq!(
        why(Journal::create(folder.path(), &about(), &plan).unwrap_err()),
        "File exists (os error 17)"
    );
}

#[test]
fn a_request_is_in_flight_until_its_end_and_the_first_unknown_attempt_is_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[3])).unwrap();
    let attempt = journal.begin(&request(Leg::People, 1, &[0, 1, 2])).unwrap();
    assert_eq!(outcomes(&journal, 1), vec![Outcome::InFlight; 3]);
    assert_eq!(journal.tally(Leg::People).unknown, 3);
    let refused = Outcome::Refused("no such place: example.org".to_owned());
    let unknown = Outcome::Unknown("no answer".to_owned());
    let ends = [(0, Outcome::Accepted), (1, refused.clone()), (2, unknown.clone())];
    journal.end(attempt, &answer(Class::Partial, &ends)).unwrap();
    assert_eq!(outcomes(&journal, 1), [Outcome::Accepted, refused, unknown]);
    let people = journal.people(1).unwrap();
    let [landed, sent_back, lost] = [0, 1, 2].map(|place: usize| people[place].state.since);
    assert_eq!((landed, sent_back), (None, None));
    let first = lost.expect("of whom nothing is known, it is known since when");
    std::thread::sleep(std::time::Duration::from_millis(3));
    assert_eq!(journal.doubtful(Leg::People, 1).unwrap(), [], "who is unknown was answered");
    let again = Begin { number: 2, ..request(Leg::People, 1, &[2]) };
    let attempt = journal.begin(&again).unwrap();
    let doubtful = journal.doubtful(Leg::People, 1).unwrap();
    assert_eq!((doubtful[0].people.as_slice(), doubtful[0].status), (&[2][..], None));
    assert!(doubtful[0].at > first, "the last attempt counts, not the first");
    assert_eq!(journal.doubtful(Leg::People, 2).unwrap(), []);
    assert_eq!(journal.people(1).unwrap()[2].state.since, Some(first));
    let queued = Outcome::Queued { ticket: Some("t-9".to_owned()), why: "waits".to_owned() };
    journal.end(attempt, &answer(Class::Queued, &[(2, queued.clone())])).unwrap();
    assert_eq!(journal.people(1).unwrap()[2].state.outcome, queued);
    assert_eq!(journal.people(1).unwrap()[2].state.since, Some(first));
    let tally =
        Tally { accepted: 1, refused: 1, unknown: 1, unverified: 1, not_sent: 0, retries: 1 };
    assert_eq!(journal.tally(Leg::People), tally);
    journal.note(Leg::People, 1, &[(2, Outcome::Accepted)]).unwrap();
    assert_eq!(journal.people(1).unwrap()[2].state.since, None);

    let after = journal.begin(&request(Leg::After, 1, &[0])).unwrap();
    assert_eq!(journal.people(1).unwrap()[0].state.after, Some(Outcome::InFlight));
    assert_eq!(journal.people(1).unwrap()[0].state.outcome, Outcome::Accepted, "another thing");
    journal.end(after, &answer(Class::Accepted, &[(0, Outcome::Accepted)])).unwrap();
    assert_eq!(journal.tally(Leg::After), Tally { accepted: 1, ..Tally::default() });

    // Of whom has not landed, what comes afterwards is of no matter yet.
    let after = [(0, Outcome::Accepted), (1, Outcome::NotSent), (2, Outcome::NotSent)];
    journal.note(Leg::After, 1, &after).unwrap();
    let landed = Tally { accepted: 1, not_sent: 1, ..Tally::default() };
    assert_eq!(journal.afterwards().unwrap(), landed, "the second was refused");

    let tried = journal.attempts(None, 10).unwrap();
    assert_eq!(
        tried.iter().map(|one| one.people.clone()).collect::<Vec<_>>(),
        [vec![0, 1, 2], vec![2], vec![0]]
    );
    let ended = tried[0].ended.as_ref().unwrap();
    assert_eq!((ended.class, ended.status), (Class::Partial, Some(200)));
    assert_eq!(ended.why.as_deref(), Some("as the target says"));
    assert_eq!(journal.attempts(Some(tried[0].attempt), 1).unwrap(), tried[1..2]);
}

#[test]
fn what_makes_no_sense_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[2])).unwrap();
    let attempt = journal.begin(&request(Leg::People, 1, &[0])).unwrap();
    let landed = [(0, Outcome::Accepted)];
    journal.end(attempt, &answer(Class::Accepted, &landed)).unwrap();
    let before = (journal.people(1).unwrap(), journal.attempts(None, 9).unwrap());
    let refusals = [
        journal.begin(&request(Leg::People, 1, &[1, 0])).map(drop),
        journal.begin(&request(Leg::People, 1, &[1, 2])).map(drop),
        journal.begin(&request(Leg::People, 2, &[0])).map(drop),
        journal.end(attempt, &answer(Class::Accepted, &landed)),
        journal.note(Leg::People, 1, &[(1, Outcome::Accepted), (7, Outcome::Accepted)]),
    ];
    let whys: Vec<String> = refusals.into_iter().map(|result| why(result.unwrap_err())).collect();
    assert_eq!(
        whys,
        [
            "person 0 of request 1 has landed already and is not sent again",
            "request 1 has no person 2",
            "request 2 has no person 0",
            "attempt 1 is not under way",
            "request 1 has no person 7",
        ]
    );
    assert_eq!((journal.people(1).unwrap(), journal.attempts(None, 9).unwrap()), before);
    assert_eq!(journal.tally(Leg::People).not_sent, 1);
    journal.note(Leg::People, 1, &[(1, Outcome::Accepted)]).expect("it goes on after a refusal");
}

/// Copies the files of a journal that is open, which is what a kill leaves.
fn killed(from: &Path) -> tempfile::TempDir {
    let to = tempfile::tempdir().unwrap();
    for ending in ["", "-wal"] {
        let name = format!("{FILE}{ending}");
        fs::copy(from.join(&name), to.path().join(&name)).unwrap();
    }
    to
}

#[test]
fn whoever_is_in_flight_stays_so_through_an_end_of_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[2, 1])).unwrap();
    journal.set_phase(Phase::Sending, None).unwrap();
    journal.begin(&request(Leg::People, 1, &[1])).unwrap();
    journal.note(Leg::People, 2, &[(0, Outcome::Refused("no".to_owned()))]).unwrap();
    let killed = killed(folder.path());
    let expected = (outcomes(&journal, 1), outcomes(&journal, 2), journal.tally(Leg::People));
    drop(journal);
    for folder in [folder.path(), killed.path()] {
        for copy in [false, true] {
            let view = if copy { View::of_copy(folder.join(FILE)) } else { View::open(folder) };
            let view = view.unwrap();
            assert_eq!(view.people(1).unwrap()[1].state.outcome, Outcome::InFlight);
            assert_eq!(view.tally(Leg::People).unwrap(), expected.2);
        }
        let journal = Journal::open(folder).unwrap();
        assert_eq!(journal.phase().unwrap(), (Phase::Sending, None));
        let found = (outcomes(&journal, 1), outcomes(&journal, 2));
        assert_eq!(found, (expected.0.clone(), expected.1.clone()));
        assert_eq!(journal.tally(Leg::People), expected.2);
        assert!(journal.attempts(None, 9).unwrap()[0].ended.is_none());
        journal.begin(&request(Leg::People, 1, &[1])).expect("it can be sent again");
    }
}

#[test]
fn several_threads_send_at_once_and_each_finds_its_own_kept() {
    let folder = tempfile::tempdir().unwrap();
    let sizes = [7; 24];
    let journal = Journal::create(folder.path(), &about(), &plan(&sizes)).unwrap();
    let next = AtomicUsize::new(1);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let batch = u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
                    if batch > 24 {
                        break;
                    }
                    let people: Vec<usize> = (0..7).collect();
                    let attempt = journal.begin(&request(Leg::People, batch, &people)).unwrap();
                    assert_eq!(outcomes(&journal, batch), vec![Outcome::InFlight; 7]);
                    let ends: Vec<_> = people
                        .iter()
                        .map(|&one| (one, Outcome::Refused(format!("not {batch}"))))
                        .collect();
                    journal.end(attempt, &answer(Class::Refused, &ends)).unwrap();
                    assert_eq!(outcomes(&journal, batch)[6], ends[6].1);
                }
            });
        }
    });
    let tally = Tally { refused: 24 * 7, ..Tally::default() };
    assert_eq!(journal.tally(Leg::People), tally);
    drop(journal);
    let view = View::open(folder.path()).unwrap();
    assert_eq!(view.tally(Leg::People).unwrap(), tally);
    view.each(&mut |batch, _, state| {
        assert_eq!(state.outcome, Outcome::Refused(format!("not {batch}")));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_look_sees_one_instant_while_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[1, 1])).unwrap();
    let view = View::open(folder.path()).unwrap();
    let mut seen = Vec::new();
    view.each(&mut |batch, _, state| {
        journal.note(Leg::People, 3 - batch, &[(0, Outcome::Accepted)])?;
        seen.push(state.outcome.clone());
        Ok(())
    })
    .unwrap();
    assert_eq!(seen, [Outcome::NotSent, Outcome::NotSent]);
    assert_eq!(view.tally(Leg::People).unwrap().accepted, 2, "the next look sees it");
}

#[test]
fn what_is_no_journal_is_told_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let both = || {
        let looked = why(View::open(folder.path()).unwrap_err());
        assert_eq!(why(Journal::open(folder.path()).unwrap_err()), looked);
        looked
    };
    assert_eq!(both(), "there is none");
    fs::write(&path, "email,name\nana@example.org,Ana\n".repeat(200)).unwrap();
    assert_eq!(both(), "it is no journal, or its begin is damaged");
    fs::write(&path, "").unwrap();
    let cut = "the run was cut off before everything was planned; nothing of it was sent";
    assert_eq!(both(), cut);

    fs::remove_file(&path).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE x (y)").unwrap();
    assert_eq!(both(), "it is a database, but no journal of upsheet");
    drop(other);

    fs::remove_file(&path).unwrap();
    drop(Journal::create(folder.path(), &about(), &plan(&[500])).unwrap());
    let whole = fs::read(&path).unwrap();
    let later = Connection::open(&path).unwrap();
    later.pragma_update(None, "user_version", 9).unwrap();
    drop(later);
    let told = "form 9, ours 3";
    assert_eq!(both(), told);

    // Torn at every kilobyte, and with bytes turned over: an error or a right answer, no panic.
    let read = || Journal::open(folder.path()).and_then(|it| Ok((it.plan()?, it.people(1)?)));
    fs::write(&path, &whole).unwrap();
    let all = read().unwrap();
    let mut failed = 0;
    for length in (0..whole.len()).step_by(1024) {
        let mut torn = whole[..length].to_vec();
        fs::write(&path, &torn).unwrap();
        match read() {
            Ok(read) => assert_eq!(read, all, "cut at {length}"),
            Err(_) => failed += 1,
        }
        torn = whole.clone();
        torn[length..].iter_mut().take(64).for_each(|byte| *byte = !*byte);
        fs::write(&path, &torn).unwrap();
        if let Ok(view) = View::open(folder.path()) {
            let _ = view.people(1);
            let _ = view.tally(Leg::People);
            let _ = view.plan();
        }
    }
    let pages = whole.len() / 4096;
    assert!(failed > (pages - 1) * 4, "only the empty end of the last page may be missing");
}

#[test]
fn people_who_are_missing_from_a_request_are_missed() {
    for damage in [
        "DELETE FROM people WHERE first = 2",
        "DELETE FROM people WHERE first = 3",
        "UPDATE people SET people = 2 WHERE first = 2",
        "UPDATE people SET people = 3 WHERE first = 3",
        "UPDATE people SET first = 1 WHERE first = 2",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::create(folder.path(), &about(), &plan(&[5])).unwrap();
        journal.note(Leg::People, 1, &[(2, Outcome::Accepted)]).unwrap();
        drop(journal);
        let connection = Connection::open(folder.path().join(FILE)).unwrap();
        assert_eq!(connection.execute(damage, []).unwrap(), 1, "{damage}");
        drop(connection);
        let told = why(Journal::open(folder.path()).unwrap().people(1).unwrap_err());
        assert!(told.contains("not those that were planned"), "{damage}: {told}");
    }
}

#[test]
fn a_purge_leaves_counts_and_no_trace_of_what_was_said() {
    const SAID: &str = "ana.lopez@example.org is taken";
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[40])).unwrap();
    let people: Vec<usize> = (0..40).collect();
    let attempt = journal.begin(&request(Leg::People, 1, &people)).unwrap();
    let ends: Vec<_> = people
        .iter()
        .map(|&one| {
            if one % 2 == 0 {
                return (one, Outcome::Refused(format!("{SAID} {one}")));
            }
            let ticket = Some(format!("ticket-{one}"));
            (one, Outcome::Queued { ticket, why: SAID.to_owned() })
        })
        .collect();
    journal.end(attempt, &End { why: Some(SAID), ..answer(Class::Partial, &ends) }).unwrap();
    journal.set_phase(Phase::Stopped, Some(SAID)).unwrap();
    let tally = journal.tally(Leg::People);
    let holds = |text: &str| {
        ["", "-wal"].iter().any(|ending| {
            let bytes = fs::read(folder.path().join(format!("{FILE}{ending}")));
            bytes.is_ok_and(|bytes| bytes.windows(text.len()).any(|it| it == text.as_bytes()))
        })
    };
    assert!(holds(SAID) && holds("ticket-1"));
    journal.purge().unwrap();
    for said in [SAID, "ticket-", "ana.lopez"] {
        assert!(!holds(said), "{said}");
    }
    assert_eq!(journal.phase().unwrap(), (Phase::Purged, None));
    drop(journal);
    let view = View::open(folder.path()).unwrap();
    assert_eq!(view.tally(Leg::People).unwrap(), tally);
    assert_eq!(view.about().inputs[0].name, "people.csv");
    let gone = "the reason was purged".to_owned();
    assert_eq!(view.people(1).unwrap()[0].state.outcome, Outcome::Refused(gone.clone()));
    assert_eq!(
        view.people(1).unwrap()[1].state.outcome,
        Outcome::Queued { ticket: None, why: gone }
    );
    assert!(view.attempts(None, 9).unwrap()[0].ended.as_ref().unwrap().why.is_none());
}

/// Sends two requests, one after the other, as far as the journal lets it. Gives how many of its
/// calls have succeeded.
fn send(journal: &Journal) -> (usize, Option<Error>) {
    let mut kept = 0;
    for batch in [1, 2] {
        let done = journal.begin(&request(Leg::People, batch, &[0, 1])).and_then(|attempt| {
            kept += 1;
            let ends = [(0, Outcome::Accepted), (1, Outcome::Refused("no".to_owned()))];
            journal.end(attempt, &answer(Class::Partial, &ends))
        });
        match done {
            Ok(()) => kept += 1,
            Err(error) => return (kept, Some(error)),
        }
    }
    (kept, None)
}

#[test]
fn a_disk_that_fails_at_any_operation_loses_nothing_that_was_kept() {
    for kind in ["eio", "enospc", "short"] {
        let mut n = 0;
        loop {
            n += 1;
            let folder = tempfile::tempdir().unwrap();
            drop(Journal::create(folder.path(), &about(), &plan(&[2, 2])).unwrap());
            let path = folder.path().join(FILE);
            let disk = Disk::failing(&path, &format!("{n}:{kind}"));
            let journal = Journal::start(path.clone(), schema::open(&path).unwrap(), Some(disk));
            let journal = journal.unwrap();
            let (kept, error) = send(&journal);
            let Some(error) = error else {
                assert_eq!((n, kept), (13, 4), "four calls with three operations each");
                break;
            };
            let said = why(error);
            let refused = why(journal.set_phase(Phase::Finished, None).unwrap_err());
            assert!(refused.contains(&said) && refused.starts_with("nothing more"), "{refused}");
            let told = journal.tally(Leg::People);
            let copy = killed(folder.path());
            drop(journal);
            // A sync that failed has written all the same.
            let written = if n % 3 == 0 { kept + 1 } else { kept };
            for folder in [folder.path(), copy.path()] {
                let journal = Journal::open(folder).unwrap();
                let ended = [Outcome::Accepted, Outcome::Refused("no".to_owned())];
                for (batch, calls) in [(1, written.min(2)), (2, written.saturating_sub(2))] {
                    let expected = match calls {
                        0 => vec![Outcome::NotSent; 2],
                        1 => vec![Outcome::InFlight; 2],
                        _ => ended.to_vec(),
                    };
                    assert_eq!(outcomes(&journal, batch), expected, "{n}:{kind}");
                }
                if written == kept {
                    assert_eq!(journal.tally(Leg::People), told, "{n}:{kind}");
                }
                for batch in [1, 2] {
                    let open: Vec<usize> = (0..2)
                        .filter(|&one| !outcomes(&journal, batch)[one].is_settled())
                        .collect();
                    if !open.is_empty() {
                        journal.begin(&request(Leg::People, batch, &open)).unwrap();
                    }
                }
            }
        }
    }
}

#[test]
fn a_full_disk_is_one_for_the_database_itself() {
    let folder = tempfile::tempdir().unwrap();
    drop(Journal::create(folder.path(), &about(), &plan(&[2, 2])).unwrap());
    let path = folder.path().join(FILE);
    let disk = Disk::failing(&path, "2:enospc");
    let journal = Journal::start(path.clone(), schema::open(&path).unwrap(), Some(disk)).unwrap();
    let (kept, error) = send(&journal);
    assert_eq!((kept, why(error.unwrap()).as_str()), (0, "database or disk is full"));
}

#[test]
fn without_a_log_the_journal_is_kept_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    drop(Journal::create(folder.path(), &about(), &plan(&[2, 2])).unwrap());
    let path = folder.path().join(FILE);
    let connection = schema::open(&path).unwrap();
    schema::keep_in_mode(&connection, &path, true).unwrap();
    let journal = Journal::start(path, connection, None).unwrap();
    let view = View::open(folder.path()).unwrap();
    assert_eq!(send(&journal).0, 4);
    assert_eq!(view.tally(Leg::People).unwrap().accepted, 2);
    assert!(!folder.path().join(format!("{FILE}-wal")).exists());
    journal.purge().unwrap();
}

#[test]
fn everybody_who_writes_at_once_gets_the_own_answer() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[1])).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..12 {
            let keeper = &journal.keeper;
            scope.spawn(move || {
                for number in 0..40 {
                    let own = thread * 1000 + number;
                    assert_eq!(keeper.write(Box::new(move |_, _| Ok(own))).unwrap(), own);
                }
            });
        }
    });
}

#[test]
fn whoever_ends_in_the_middle_leaves_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::create(folder.path(), &about(), &plan(&[1])).unwrap();
    let keeper = &journal.keeper;
    let middle = "whoever was writing it has ended in the middle";
    std::thread::scope(|scope| {
        let (begun, has_begun) = std::sync::mpsc::channel();
        let first = scope.spawn(move || {
            keeper.write(Box::new(move |_, _| {
                begun.send(()).unwrap();
                std::thread::sleep(std::time::Duration::from_millis(100));
                panic!("cut off");
            }))
        });
        has_begun.recv().unwrap();
        let others =
            [1, 2, 3].map(|own| scope.spawn(move || keeper.write(Box::new(move |_, _| Ok(own)))));
        assert!(first.join().is_err());
        for other in others {
            assert_eq!(why(other.join().unwrap().unwrap_err()), middle);
        }
    });
    assert_eq!(why(keeper.write(Box::new(|_, _| Ok(4))).unwrap_err()), middle);
}
