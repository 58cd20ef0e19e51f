//! `--mask`: no report of a run shows a value of the files, whatever was found in them.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use upsheet::report::{self, Kind};

use crate::common::{Desk, Done, Import, together};
use crate::server::{Act, Server};

/// Fixtures in which much is found; each with more arguments.
static FILES: &[(&str, &str)] = &[
    ("causes/members.csv", ""),
    ("causes/members.csv", "--date-order dmy --on-duplicate merge"),
    ("damage/members.csv", "--to omneo --default-region AU"),
    ("dialects/ragged.csv", ""),
    ("formats/people.xls", ""),
    ("formats/western.csv", "--warn-likely"),
    ("odd.csv", "--to omneo --on-duplicate first"),
    ("odd.csv", "--to omneo --warn-likely"),
    ("omneo/members.csv", "--to omneo"),
    ("faulty/volunteers.xlsx", "--warn-likely"),
    ("faulty/volunteers.xlsx", "--on-duplicate merge"),
    ("loyalty/members.csv", "--to omneo"),
    ("spring-intake/volunteers.xlsx", "--default-region AU"),
    ("values/members.csv", "--to omneo"),
];

/// One row for each of many things that can be wrong, for the fields of Omneo.
const ODD: &str = "\
First name,Last name,Email,Mobile,Birth date,Currency,Avatar URL,Email promo,Joined at,Gender
Zoquerina,Quillfeather,\"zoq@example,org\",+61 412 997,05/07/1987,doubloons,www.zoq.example,sometimes,teatime,Wyvern
\"Bertil & Quenna\",Zwackelmann,\"bq@example.org; qb@example.org\",0412 997 664,31/02/1987,,,,,
ZoÃ«lle,K?rlsson,zoelle@gmial.com,\"0491 570 006 / 0491 570 156\",2998-03-04,,,,,
Ren&eacute;e,Vexbridge,noemail@example.org,phone me,shortly,,,,,
An\u{200b}nelise,Wexworth,annelise@exаmple.org,Mob: +61 491 570 157,31/07/87,,,,,
Jos\u{fffd},Yarrowby,info@yarrowby.example,6.1412E+10,,,,,,
anne.w@example.org,Pr Xanadu,\"anne.w@fileserver.local\",,,,,,,
Quentinia,Ellsworthy,mailto:quentinia@example.org,+61 2 5550 1234 ext. 12,,,,,,
Quentinia,Ellsworthy,QUENTINIA@example.org,,,,,,,
\"quux\",Ottoline,\"\"\"quux\"\"@example.org\",,,,,,,
";

/// The forms that can be shared.
fn shareable() -> impl Iterator<Item = &'static Kind> {
    report::ALL.iter().copied().filter(|kind| kind.shareable)
}

/// All of these forms of a masked check, in one text each.
fn masked(desk: &Desk, file: &str, args: &str) -> Vec<(&'static str, String)> {
    let check = || Import::at(desk, "check --mask").arg(file).args(args);
    let mut texts = Vec::new();
    for kind in shareable() {
        if kind.to_stdout {
            let done = check().args(&format!("--format {}", kind.id)).start();
            texts.push((kind.id, done.finish_with_any_code().stdout));
        }
        if let Some(ending) = kind.ending {
            let name = format!("masked.{ending}");
            check().args(&format!("-q --report {name}")).start().finish_with_any_code();
            texts.push((kind.id, desk.read(&name)));
        }
    }
    texts
}

/// The text with what is packed in it (Base64 of deflated text, as in the page for the browser) unpacked:
/// else a short value would stand in it by chance, and one that is really there would not be seen.
fn unpacked(text: &str) -> String {
    let is_packed = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_packed) {
        let (before, from) = rest.split_at(start);
        let (word, behind) = from.split_at(from.find(|c| !is_packed(c)).unwrap_or(from.len()));
        plain += before;
        plain += &inflated(word).unwrap_or_else(|| word.to_owned());
        rest = behind;
    }
    plain + rest
}

/// What a word of Base64 holds, if that is deflated text.
fn inflated(word: &str) -> Option<String> {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = word.trim_end_matches('=').bytes();
    let digits: Vec<u32> = digits
        .map(|byte| (0..).zip(letters).find(|(_, letter)| **letter == byte).map(|(at, _)| at))
        .collect::<Option<_>>()?;
    let mut bytes = Vec::new();
    for four in digits.chunks(4) {
        let bits = (0..4).fold(0, |bits, at| bits << 6 | four.get(at).copied().unwrap_or(0));
        bytes.extend([16, 8, 0].map(|by| (bits >> by & 255) as u8).iter().take(four.len() - 1));
    }
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(bytes.as_slice()).read_to_string(&mut text).ok()?;
    (!text.is_empty()).then_some(text)
}

#[test]
fn what_is_packed_is_seen() {
    let desk = Desk::new();
    let file = desk.fixture("faulty/volunteers.xlsx");
    let page = Import::at(&desk, "check --format html").arg(&file).expect_code(1).run().stdout;
    assert!(!page.contains("wendell.brook@example,org"));
    assert!(unpacked(&page).contains("wendell.brook@example,org"));
}

/// The values of a file that are worth a look: of three characters and more, and nothing that a token, a
/// number or a date of ours could hold by chance.
fn values(desk: &Desk, file: &str) -> BTreeSet<String> {
    let done = Import::at(desk, "rows --format json").arg(file).start().finish_with_any_code();
    let rows = done.json()["rows"].as_array().unwrap().clone();
    let cells = rows.iter().skip(1).flat_map(|row| row["cells"].as_array().unwrap().clone());
    cells
        .map(|cell| cell.as_str().unwrap().trim().to_owned())
        .filter(|cell| cell.chars().count() >= 3)
        .filter(|cell| cell.len() >= 8 || !cell.chars().all(|c| c.is_ascii_hexdigit()))
        .collect()
}

/// Words that reports have of their own: those of the catalogue and of the targets, of the headers and
/// of reports about a sheet in which nothing is found.
fn own_words(desk: &Desk, file: &str) -> String {
    let mut words = file.to_owned();
    words += &Import::new("explain --format json").run().stdout;
    words += &Import::new("targets --format json").run().stdout;
    let rows = Import::at(desk, "rows --limit 1 --format json").arg(file).start();
    words += &rows.finish_with_any_code().stdout;
    let plain = Desk::new();
    plain.write("plain.csv", "First name,Last name,Email\nQq,Qq,qq@example.org\n");
    for (_, text) in masked(&plain, "plain.csv", "") {
        words += &text;
    }
    words.to_lowercase()
}

#[test]
fn a_masked_page_leads_to_no_report_with_values() {
    let desk = Desk::new();
    let file = desk.fixture("faulty/volunteers.xlsx");
    let check = |args: &str| {
        let check = Import::at(&desk, "check").arg(&file).args(args).expect_code(1);
        check.run().stdout
    };
    let more = "… 14 more: --report problems";
    let said = check("");
    assert!(said.contains(&format!("{more}.xlsx gives them all back in your own sheet")), "{said}");
    let said = check("--mask");
    assert!(said.contains(&format!("{more}.html lists them all")), "{said}");
    assert!(!said.contains("problems.xlsx"), "--mask refuses it: {said}");
}

#[test]
fn no_masked_report_shows_a_value_of_the_file() {
    let codes = std::sync::Mutex::new(BTreeSet::new());
    let unmasked = AtomicUsize::new(0);
    together(FILES, |&(fixture, args)| {
        let desk = Desk::new();
        let name = Path::new(fixture).file_name().unwrap().to_str().unwrap();
        let file = match fixture {
            "odd.csv" => desk.write(fixture, ODD),
            _ => desk.fixture(fixture),
        };
        let file = file.to_str().unwrap();
        let own = own_words(&desk, file);
        let values = values(&desk, file);
        let values: Vec<&String> =
            values.iter().filter(|value| !own.contains(&value.to_lowercase())).collect();
        assert!(values.len() >= 3, "{name} has only {} values", values.len());
        let plain = Import::at(&desk, "check --format json").arg(file).args(args).start();
        let plain = plain.finish_with_any_code();
        let shown = values.iter().filter(|value| plain.stdout.contains(value.as_str())).count();
        unmasked.fetch_add(shown, Ordering::Relaxed);
        let plain = plain.json();
        for finding in plain["findings"].as_array().unwrap() {
            codes.lock().unwrap().insert(finding["code"].as_str().unwrap().to_owned());
        }
        for (form, text) in masked(&desk, file, args) {
            assert!(!text.is_empty(), "{name} as {form}");
            let text = unpacked(&text);
            for value in &values {
                assert!(!text.contains(value.as_str()), "{name} as {form} shows {value:?}");
            }
        }
    });
    let unmasked = unmasked.into_inner();
    assert!(unmasked >= 100, "reports without a mask show only {unmasked} values");
    let codes = codes.into_inner().unwrap();
    assert!(codes.len() >= 50, "only {} kinds of findings: {codes:#?}", codes.len());
}

#[test]
fn a_masked_report_says_the_same_in_tokens() {
    let desk = Desk::new();
    let people = "First name,Last name,Email\nAda,Lark,ada@example,org\nAda,Vale,bob@example.org\n";
    desk.write("people.csv", people.replace("ada@example,org", "\"ada@example,org\""));
    let check = |args: &str| -> Done {
        Import::at(&desk, "check people.csv --format json").args(args).expect_code(1).run()
    };
    let (plain, first, second) = (check("").json(), check("--mask").json(), check("--mask").json());
    for key in ["counts", "version", "denied"] {
        assert_eq!(plain[key], first[key]);
    }
    let value =
        |report: &serde_json::Value| report["findings"][0]["value"].as_str().unwrap().to_owned();
    assert_ne!(value(&first), value(&second), "each run has its own key");
    for key in ["code", "severity", "row", "line", "cell", "column", "field"] {
        assert_eq!(plain["findings"][0][key], first["findings"][0][key], "{key}");
    }
    crate::schema::validate("report.v1", &first);
    // On the page one value has one token, and the next command keeps the flag.
    let page = Import::at(&desk, "check people.csv --mask").expect_code(1).run().stdout;
    let token = page.split('‹').nth(1).unwrap().split('›').next().unwrap();
    assert_eq!(token.len(), 10, "{page}");
    assert!(page.contains("next: upsheet push people.csv --mask --to vome"), "{page}");
}

#[test]
fn what_is_to_be_loaded_again_is_not_masked() {
    let people = "First name,Last name,Email\nAda,Lark,ada@example.org\n";
    for kind in report::ALL.iter().filter(|kind| !kind.shareable) {
        let ending = kind.ending.expect("what is loaded again is a file");
        let report = format!("--mask --report back.{ending}");
        let check = Import::new("check").text("people.csv", people).args(&report);
        let done = check.expect_code(2).run();
        done.says("--mask leaves no values").says("take one of text, json");
        assert!(!done.desk.path(format!("back.{ending}")).exists());
    }
    let people = Import::new("check --mask --format rejects").text("people.csv", people);
    people.expect_code(2).run().says("leave --mask out");
}

#[test]
fn the_files_of_a_build_keep_their_values() {
    let desk = Desk::new();
    desk.write(
        "people.csv",
        "First name,Last name,Email\nAda,Lark,ada@example.org\nBob,Vale,bob\n",
    );
    let build = Import::at(&desk, "build people.csv -o out --mask").expect_code(1).run();
    assert!(!build.stdout.contains("bob"), "{}", build.stdout);
    assert!(desk.read("out/rejects.csv").contains("bob"));
    assert!(desk.read("out/report.json").contains("\"bob\""));
}

#[test]
fn words_of_the_target_are_masked_too() {
    let answer = r#"{"message":"ada@example.org is taken"}"#;
    let server = Server::start(move |_, _| Act::json(422, answer));
    let desk = Desk::new();
    desk.write("people.csv", "First name,Last name,Email\nAda,Lark,ada@example.org\n");
    let push = Import::at(&desk, "push people.csv --yes --mask --state state")
        .recipe(&server.vome(1))
        .env("VOME_API_KEY", "key");
    let done = push.start().finish_with_any_code();
    assert!(!done.stdout.contains("ada@"), "{}", done.stdout);
    assert!(desk.run_folder().exists(), "{}", done.stderr);
}

#[test]
fn quiet_leaves_a_report_that_is_asked_for() {
    let people = "First name,Last name,Email\nAda,Lark,ada@example.org\n";
    let check = |args: &str| Import::new("check").text("people.csv", people).args(args).run();
    assert_eq!(check("-q").stdout, "");
    assert_eq!(check("-q --format json").json()["counts"]["valid"], 1);
}
