//! What an earlier reading leaves is used when it is of the same thing, and only as far as it is whole.

use serde_json::json;

use super::*;

const DAY: Duration = Duration::from_hours(24);

fn header() -> Header {
    Header {
        version: 1,
        target: "vome".to_owned(),
        base_url: "https://api.example.org".to_owned(),
        matched_by: "email".to_owned(),
        page_size: 100,
        wanted: "ab".to_owned(),
        way: Way::Pages,
        began: 1_000_000,
    }
}

fn profile(key: &str) -> Line {
    Line::Profile { key: key.to_owned(), id: u64::MAX, profile: json!({"email": key, "n": 1.5}) }
}

fn page(number: u64) -> Line {
    Line::Page(Settled {
        number,
        last: false,
        total: Some(300),
        ids: vec![1, u64::MAX],
        keyed: true,
    })
}

/// A file of two pages, the second of which has one person.
fn written(path: &Path) {
    let mut store = Store::open(path).unwrap();
    assert_eq!(store.carry_on(&header(), DAY, |_, _| panic!("it is new")).unwrap(), None);
    store.begin(&header()).unwrap();
    store.settle(&page(1)).unwrap();
    store.add(&profile("ada@example.org"));
    store.settle(&page(2)).unwrap();
}

fn carried(path: &Path, header: &Header, fresh: Duration) -> Option<Vec<Line>> {
    let mut store = Store::open(path).unwrap();
    let mut lines = Vec::new();
    let way = store.carry_on(header, fresh, |line, place| {
        lines.push((line, place));
    });
    for (line, place) in &lines {
        if let Line::Profile { profile, .. } = line {
            assert_eq!(store.profile(*place).unwrap(), *profile, "it lies where it was said to");
        }
    }
    way.unwrap().map(|_| lines.into_iter().map(|(line, _)| line).collect())
}

#[test]
fn what_was_settled_is_carried_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("readback.jsonl");
    written(&path);
    let all = vec![page(1), profile("ada@example.org"), page(2)];
    assert_eq!(carried(&path, &header(), DAY), Some(all.clone()));
    let later = Header { began: 1_000_000 + 3600, ..header() };
    assert_eq!(carried(&path, &later, DAY), Some(all));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds people's data");
    }
}

#[test]
fn a_reading_of_something_else_or_of_long_ago_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("readback.jsonl");
    for other in [
        Header { target: "omneo".to_owned(), ..header() },
        Header { base_url: "https://other.example.org".to_owned(), ..header() },
        Header { matched_by: "id".to_owned(), ..header() },
        Header { page_size: 50, ..header() },
        Header { wanted: "cd".to_owned(), ..header() },
        Header { version: 2, ..header() },
        Header { began: 1_000_000 + 86_401, ..header() },
        Header { began: 999_999, ..header() },
    ] {
        written(&path);
        assert_eq!(carried(&path, &other, DAY), None, "{other:?}");
        assert_eq!(std::fs::metadata(&path).unwrap().len(), 0, "nothing of it is left");
    }
    for text in ["", "\n", "{}\n", "no json", "{\"version\":1"] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(carried(&path, &header(), DAY), None, "{text:?}");
    }
}

#[test]
fn a_torn_end_is_left_off_at_any_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("readback.jsonl");
    written(&path);
    let whole = std::fs::read(&path).unwrap();
    let ends: Vec<usize> =
        (0..whole.len()).filter(|&at| whole[at] == b'\n').map(|at| at + 1).collect();
    let [header_end, first_page, _, second_page] = ends[..] else { panic!("four lines") };
    for cut in 0..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let expected = match cut {
            _ if cut < header_end => None,
            _ if cut < first_page => Some(vec![]),
            _ if cut < second_page => Some(vec![page(1)]),
            _ => unreachable!(),
        };
        assert_eq!(carried(&path, &header(), DAY), expected, "cut at {cut}");
        let mut store = Store::open(&path).unwrap();
        if store.carry_on(&header(), DAY, |_, _| {}).unwrap().is_none() {
            store.begin(&header()).unwrap();
        }
        store.add(&profile("ida@example.org"));
        store.settle(&page(3)).unwrap();
        let lines = carried(&path, &header(), DAY).unwrap();
        assert_eq!(lines[lines.len() - 2..], [profile("ida@example.org"), page(3)], "cut at {cut}");
    }
    let mut changed = whole.clone();
    changed[first_page + 3] = b'#';
    std::fs::write(&path, &changed).unwrap();
    assert_eq!(carried(&path, &header(), DAY), Some(vec![page(1)]), "a damaged line ends it");
}
