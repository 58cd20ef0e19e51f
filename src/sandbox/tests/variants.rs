//! Each variant is seen to change an answer: what a case tries goes to a sandbox without the
//! variant and to one with it, and only the second may say what the case expects.

use std::collections::BTreeSet;

use super::super::variants::{Key, Variants};
use super::variants_omneo::OMNEO;
use super::variants_scim::SCIM;
use super::variants_vome::VOME;
use super::*;

/// The custom fields that these sandboxes have.
const FIELDS: &str = r#"
fields = [
    { id = "notes", name = "Notes" },
    { id = "hours", name = "Hours", type = "number" },
    { id = "size", name = "Size", type = "single_selection", options = ["S", "M"] },
    { id = "colours", name = "Colours", type = "multiple_selection", options = ["Red", "Blue"] },
    { id = "waiver", name = "Waiver", type = "boolean" },
    { id = "crm", name = "CRM ID", type = "unique_id" },
]
"#;

/// One variant, and a try that meets it.
pub(super) struct Case {
    /// What both sandboxes are told.
    pub(super) both: &'static [&'static str],
    /// What the second one is told besides.
    pub(super) setting: &'static str,
    /// Tries something and gives what came of it as text.
    pub(super) attempt: fn(&Bench) -> String,
    /// What only the second one says.
    pub(super) shows: &'static str,
}

pub(super) const fn case(
    setting: &'static str,
    attempt: fn(&Bench) -> String,
    shows: &'static str,
) -> Case {
    Case { both: &[], setting, attempt, shows }
}

pub(super) const fn case_with(
    both: &'static [&'static str],
    setting: &'static str,
    attempt: fn(&Bench) -> String,
    shows: &'static str,
) -> Case {
    Case { both, setting, attempt, shows }
}

/// The status and the body of an answer.
pub(super) fn say(answer: &Answer) -> String {
    format!("{} {}", answer.status, answer.body)
}

/// `Retry-After` of the last of so many requests, with its status.
pub(super) fn last_of(count: u64, ask: impl Fn() -> Answer) -> String {
    let mut last = ask();
    for _ in 1..count {
        last = ask();
    }
    let mut lines = last.head.lines();
    let told = lines.find_map(|line| line.strip_prefix("retry-after: ")).unwrap_or("never");
    format!("{} come back: {told}", last.status)
}

fn with(settings: &[&str]) -> Variants {
    let mut variants: Variants = toml::from_str(FIELDS).unwrap();
    for setting in settings {
        variants.set(setting).unwrap();
    }
    variants
}

fn hold(cases: &[Case]) {
    for case in cases {
        let Case { both, setting, attempt, shows } = case;
        // The ids in an answer are of chance, so one of them may well have three digits that are a status.
        assert!(shows.parse::<u16>().is_err(), "{setting}: {shows:?} may be a part of an id");
        let plain = attempt(&bench_with(with(both)));
        let varied = attempt(&bench_with(with(&[both, &[*setting][..]].concat())));
        assert!(varied.contains(shows), "{setting}: no {shows:?} in {varied}");
        assert!(!plain.contains(shows), "{setting}: {shows:?} without it too, in {plain}");
    }
}

#[test]
fn every_variant_of_vome_changes_an_answer() {
    hold(VOME);
}

#[test]
fn every_variant_of_omneo_changes_an_answer() {
    hold(OMNEO);
}

#[test]
fn every_variant_of_scim_changes_an_answer() {
    hold(SCIM);
}

#[test]
fn no_variant_and_no_word_of_one_is_untried() {
    let tried: BTreeSet<&str> =
        VOME.iter().chain(OMNEO).chain(SCIM).map(|case| case.setting).collect();
    let names: BTreeSet<&str> =
        tried.iter().map(|setting| setting.split_once('=').unwrap().0).collect();
    let defaults = toml::Table::try_from(Variants::default()).unwrap();
    let default = |key: &Key| {
        let (part, name) = key.name.split_once('.').unwrap();
        match &defaults[part][name] {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    };
    let mut untried = Vec::new();
    for key in Variants::keys() {
        if !names.contains(key.name) {
            untried.push(key.name.to_owned());
        }
        for (value, _) in key.values.iter().filter(|(value, _)| !value.starts_with('<')) {
            let setting = format!("{}={value}", key.name);
            if *value != default(key) && !tried.contains(setting.as_str()) {
                untried.push(setting);
            }
        }
    }
    assert_eq!(untried, Vec::<String>::new());
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the switch that writes snapshots writes the page too"
)]
fn the_tables_of_the_page_are_current() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sandbox.md");
    for (name, table) in
        [("variants", crate::sandbox::variants::table()), ("faults", faults::table())]
    {
        let text = std::fs::read_to_string(&page).unwrap();
        let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
        let (before, rest) = text.split_once(&begin).unwrap();
        let (shown, after) = rest.split_once(&end).unwrap();
        let rewrite = std::env::var_os("INSTA_UPDATE").is_some_and(|word| word == "always");
        if shown != table && rewrite {
            std::fs::write(&page, format!("{before}{begin}{table}{end}{after}")).unwrap();
        } else {
            assert_eq!(shown, table, "docs/sandbox.md; INSTA_UPDATE=always writes it");
        }
    }
}

#[test]
fn the_keys_are_those_of_the_structs() {
    let table = toml::Table::try_from(Variants::default()).unwrap();
    let mut fields = Vec::new();
    for (part, keys) in &table {
        fields.extend(keys.as_table().unwrap().keys().map(|key| format!("{part}.{key}")));
    }
    let mut keys: Vec<&str> = Variants::keys().map(|key| key.name).collect();
    keys.sort_unstable();
    fields.sort();
    assert_eq!(keys, fields);
}

#[test]
fn a_setting_that_there_is_not_is_refused_with_what_there_is() {
    for (setting, words) in [
        ("vome.bad_row", &["key=value"][..]),
        ("vome.badrow=call", &["no variant `vome.badrow`; did you mean `vome.bad_row`?"]),
        ("weather=fine", &["no variant `weather`", "vome.bad_row", "omneo.retry_after"]),
        ("bad_row=call", &["no variant `bad_row`"]),
        ("vome.bad_row=rows", &["`vome.bad_row` cannot be `rows`", "call_unnamed, row_named"]),
        ("vome.page_cap=many", &["cannot be `many`", "<number>"]),
        ("vome.page_cap=0", &["cannot be `0`"]),
        ("vome.page_cap=-1", &["cannot be `-1`"]),
        ("vome.success_status=404", &["cannot be `404`"]),
        ("vome.gender_text=yes", &["true, false"]),
        ("vome.multi_separator= ", &["<text>"]),
    ] {
        let mut variants = Variants::default();
        let why = variants.set(setting).unwrap_err().to_string();
        for word in words {
            assert!(why.contains(word), "{setting}: {why}");
        }
        assert_eq!(variants, Variants::default(), "{setting}");
    }
}

#[test]
fn a_file_of_variants_is_read_and_a_wrong_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("v.toml");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Variants::read(&path).map_err(|error| error.to_string())
    };
    let text = "[vome]\nbad_row = \"row_named\"\n[omneo]\nknown_statuses = [\"vip\"]\n[[fields]]\nname = \"x\"\n";
    let variants = read(text).unwrap();
    assert_eq!(variants.vome.bad_row, crate::sandbox::variants::BadRow::RowNamed);
    assert_eq!((variants.omneo.known_statuses.len(), variants.fields.len()), (1, 1));
    for (text, word) in [
        ("[vome]\nbadrow = 1\n", "unknown field `badrow`, expected one of `create_key`"),
        ("[vome]\nbad_row = \"row\"\n", "expected one of `call`"),
        ("[other]\n", "unknown field `other`"),
        ("[vome]\nsuccess_status = 404\n", "vome.success_status = 404"),
        ("[[fields]]\nname = \"x\"\ntype = \"text\"\n", "date_time"),
    ] {
        let why = read(text).unwrap_err();
        assert!(why.contains(word) && why.contains("v.toml"), "{text}: {why}");
    }
    let fields = |text: &str| {
        std::fs::write(&path, text).unwrap();
        Variants::read_fields(&path).map_err(|error| error.to_string())
    };
    assert_eq!(fields("[[fields]]\nname = \"x\"\n").unwrap().len(), 1);
    assert!(fields("").unwrap_err().contains("no [[fields]]"));
    assert!(fields(text).unwrap_err().contains("alone"));
}
