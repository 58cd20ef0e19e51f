//! Who had a key before, through the whole line and on several threads, held against a plain map.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use upsheet::error::Result;
use upsheet::finding::{self, Finding};
use upsheet::plan::Job;
use upsheet::recipe::OnDuplicate;
use upsheet::report::{Head, Judged, Report, Summary};
use upsheet::run::{Settings, run};
use upsheet::writer::Nowhere;

/// One row: a mailbox in one of its spellings, a mobile phone, and whether a third cell is wrong.
#[derive(Clone, Debug)]
struct Person {
    mailbox: Option<(u8, usize)>,
    mobile: Option<u8>,
    bad: bool,
}

fn person() -> impl Strategy<Value = Person> {
    let mailbox = prop::option::weighted(0.95, (0..12_u8, 0..4_usize));
    let mobile = prop::option::weighted(0.3, 0..6_u8);
    (mailbox, mobile, prop::bool::weighted(0.1)).prop_map(|(mailbox, mobile, bad)| Person {
        mailbox,
        mobile,
        bad,
    })
}

/// The files of a run.
fn files() -> impl Strategy<Value = Vec<Vec<Person>>> {
    prop::collection::vec(prop::collection::vec(person(), 1..12), 1..6)
}

fn sheet(people: &[Person]) -> String {
    let mut text = "First name,Last name,Email,Mobile,Birth date\n".to_owned();
    for person in people {
        let address = person.mailbox.map_or_else(String::new, |(mailbox, spelling)| {
            let name = char::from(b'a' + mailbox);
            let upper = name.to_ascii_uppercase();
            [
                format!("{name}x@b\u{fc}cher.example"),
                format!("{upper}X@B\u{dc}CHER.example"),
                format!("{name}X@xn--bcher-kva.example"),
                format!("  {name}x@bu\u{308}cher.EXAMPLE "),
            ][spelling]
                .clone()
        });
        let mobile =
            person.mobile.map_or_else(String::new, |mobile| format!("+61 491 570 {mobile:03}"));
        let born = if person.bad { "1990-02-30" } else { "" };
        writeln!(text, "Ada,Lark,{address},{mobile},{born}").unwrap();
    }
    text
}

/// Of each row that has a duplicate: its place, the key and the row that is named.
type Duplicates = Vec<(u16, u32, String, String)>;

/// The rows that must be told, by plain maps from values to places.
fn naive(files: &[Vec<Person>], policy: OnDuplicate) -> Duplicates {
    let mut first: BTreeMap<u8, (u16, u32)> = BTreeMap::new();
    let mut mobiles: BTreeMap<u8, ((u16, u32), Option<u8>)> = BTreeMap::new();
    let mut told = Vec::new();
    for (input, people) in (0_u16..).zip(files) {
        for (row, person) in (2_u32..).zip(people) {
            let name = |(file, row): (u16, u32)| {
                let other = if file == input { String::new() } else { format!(" of {file}.csv") };
                format!("row {row}{other}")
            };
            let mailbox = person.mailbox.map(|(mailbox, _)| mailbox);
            let mut good = !person.bad && mailbox.is_some();
            if let Some(mobile) = person.mobile {
                match mobiles.get(&mobile) {
                    None => {
                        mobiles.insert(mobile, ((input, row), mailbox));
                    }
                    Some(&(_, owner)) if owner.is_some() && owner == mailbox => {}
                    Some(&(place, _)) => {
                        good = false;
                        told.push((input, row, "mobile_phone".to_owned(), name(place)));
                    }
                }
            }
            let Some(mailbox) = mailbox else { continue };
            if policy == OnDuplicate::First && !good {
                continue;
            }
            match first.get(&mailbox) {
                None => {
                    first.insert(mailbox, (input, row));
                }
                Some(&place) => told.push((input, row, "email".to_owned(), name(place))),
            }
        }
    }
    told
}

/// Takes down what is told of duplicates.
struct Told(std::rc::Rc<std::cell::RefCell<Duplicates>>);

impl Report for Told {
    fn begin(&mut self, _head: &Head) -> Result<()> {
        Ok(())
    }

    fn note(&mut self, _finding: &Finding) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, judged: Judged<'_>) -> Result<()> {
        for finding in judged.findings {
            if [finding::DUPLICATE.id, finding::DUPLICATE_SKIPPED.id].contains(&finding.code.id) {
                let words = finding.message.split("row ").nth(1).unwrap();
                let end = words.find(" has").or_else(|| words.find(',')).unwrap();
                let field = finding.field.clone().unwrap().into_owned();
                let named = format!("row {}", &words[..end]);
                self.0.borrow_mut().push((finding.at.input, finding.at.row, field, named));
            }
        }
        Ok(())
    }

    fn end(&mut self, _summary: &Summary) -> Result<()> {
        Ok(())
    }
}

fn found(
    files: &[Vec<Person>],
    policy: OnDuplicate,
    threads: usize,
    memory: Option<u64>,
) -> (Duplicates, u64) {
    let folder = tempfile::tempdir().unwrap();
    let paths = files.iter().enumerate().map(|(index, people)| {
        let path = folder.path().join(format!("{index}.csv"));
        std::fs::write(&path, sheet(people)).unwrap();
        path
    });
    let job = Job {
        files: paths.collect(),
        target: Some("omneo".to_owned()),
        today: jiff::civil::date(2026, 11, 22),
        threads,
        ..Job::default()
    };
    let mut opened = job.open().unwrap();
    let told = std::rc::Rc::default();
    let mut reports: Vec<Box<dyn Report>> = vec![Box::new(Told(std::rc::Rc::clone(&told)))];
    let settings = Settings {
        judges: &opened.judges,
        on_duplicate: policy,
        memory,
        limits: opened.target.limits(),
        frame: opened.target.frame(),
        stop: std::sync::Arc::default(),
    };
    let summary = run(
        &mut opened.inputs,
        &opened.rules,
        &settings,
        (&opened.head, &mut opened.gate),
        &mut reports,
        &mut Nowhere,
    )
    .unwrap();
    let told = told.take();
    (told, summary.counts.valid)
}

/// Twice the usual number of cases, which `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 2, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_duplicate_is_told_with_its_first_row_and_nothing_else_is(
        files in files(),
        first in any::<bool>(),
        threads in 1..4_usize,
        memory in prop::option::of(0..1_000_u64),
    ) {
        let policy = if first { OnDuplicate::First } else { OnDuplicate::Reject };
        let (told, valid) = found(&files, policy, threads, memory);
        prop_assert_eq!(&told, &naive(&files, policy));
        let bad = |(input, row): (u16, u32)| {
            let person = &files[usize::from(input)][usize::try_from(row - 2).unwrap()];
            person.bad || person.mailbox.is_none()
        };
        let rows = (0_u16..).zip(&files).flat_map(|(input, people)| {
            (2_u32..).take(people.len()).map(move |row| (input, row))
        });
        let left = rows.filter(|&(input, row)| {
            !bad((input, row)) && !told.iter().any(|one| (one.0, one.1) == (input, row))
        });
        prop_assert_eq!(u64::try_from(left.count()).unwrap(), valid, "who is left is sent");
    }
}
