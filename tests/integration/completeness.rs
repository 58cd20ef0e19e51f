//! What the lists promise, the binary keeps: every finding is explained, every target has its table,
//! every report its ending, every public form its schema.

use std::collections::BTreeSet;

use upsheet::{finding, report, target};

use crate::common::{Import, repository};

#[test]
fn every_finding_is_explained() {
    let listed = Import::new("explain").run().stdout;
    assert_eq!(listed.lines().count(), finding::ALL.len());
    for (line, code) in listed.lines().zip(finding::ALL) {
        assert!(line.starts_with(code.id), "{line}");
        assert!(line.contains(code.severity.word()), "{line}");
    }
    for code in finding::ALL {
        let page = Import::new("explain").arg(code.id).env("COLUMNS", "9999").run().stdout;
        for part in [code.id, code.title, code.explanation, code.example, code.cure] {
            assert!(page.contains(part), "explain {} lacks {part:?}", code.id);
        }
    }
    let wrong = Import::new("explain email-sintax").expect_code(2).run();
    wrong.says("email-syntax");
}

#[test]
fn every_target_has_a_table_of_its_fields() {
    let all = Import::new("targets").run().stdout;
    for kind in target::ALL {
        let page = Import::new("targets").arg(kind.id).run().stdout;
        assert!(page.contains(kind.title), "{page}");
        for field in kind.fields {
            let line =
                page.lines().find(|line| line.split_whitespace().next() == Some(&field.name));
            let line = line.unwrap_or_else(|| panic!("{} lacks {}", kind.id, field.name));
            assert!(line.contains(field.source), "{line}");
            assert!(!field.source.is_empty(), "{} does not say where it stands", field.name);
        }
        assert!(all.contains(page.trim_end()), "`targets` lacks the table of {}", kind.id);
        let check = Import::new("check --to").arg(kind.id).file("dialects/comma.csv").run();
        assert!(check.stdout.contains("5 people"), "{}", check.stdout);
    }
}

#[test]
fn every_report_has_an_ending_of_its_own() {
    let named = || report::ALL.iter().filter_map(|kind| kind.ending);
    let endings: BTreeSet<&str> = named().collect();
    assert_eq!(endings.len(), named().count());
    let mut check = Import::new("check").file("faulty/volunteers.xlsx").expect_code(1);
    for ending in named() {
        check = check.args("--report").arg(format!("report.{ending}"));
    }
    let done = check.run();
    for ending in named() {
        let path = done.desk.path(format!("report.{ending}"));
        assert!(std::fs::metadata(path).unwrap().len() > 0, "{ending}");
    }
}

#[test]
fn every_schema_is_named_on_a_page_and_holds_what_the_program_writes() {
    let all = |folder: &str, ending: &str| -> String {
        let files = std::fs::read_dir(repository(folder)).unwrap().map(|file| file.unwrap().path());
        let files = files.filter(|path| path.to_string_lossy().ends_with(ending));
        files.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    };
    let pages = all("docs", ".md");
    let tests = all("tests/integration", ".rs");
    for file in std::fs::read_dir(repository("schemas")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".schema.json").unwrap();
        let named =
            pages.contains(&format!("`{name}`")) || pages.contains(&format!("schemas/{file}"));
        assert!(named, "no page names {file}");
        assert!(tests.contains(&format!("validate(\"{name}\"")), "no test holds to {file}");
    }
}

#[test]
fn every_fixture_is_described() {
    let readme = std::fs::read_to_string(repository("fixtures/README.md")).unwrap();
    for folder in [
        "spring-intake",
        "loyalty",
        "directory",
        "faulty",
        "damage",
        "dialects",
        "broken",
        "recipes",
        "seeds",
        "formats",
        "unreadable",
        "omneo",
        "seeds",
        "schemas",
    ] {
        for entry in std::fs::read_dir(repository("fixtures").join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(readme.contains(&name), "fixtures/README.md lacks {folder}/{name}");
        }
    }
}
