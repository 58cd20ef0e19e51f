//! Reports for programs and for CI: each says what the JSON report says, holds any cell, and is read back
//! here as those who take it read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use crate::common::{Desk, Done, Import, counts};
use crate::schema::{load, validate};
use crate::server::{Act, Server};

/// Fixtures of every kind, with what ends their check.
const CASES: &[(&[&str], &str, i32)] = &[
    (&["faulty/volunteers.csv"], "--date-order dmy", 1),
    (&["faulty/volunteers.xlsx"], "", 1),
    (&["causes/members.csv", "loyalty/members.csv"], "--to omneo", 1),
    (&["faulty/volunteers.csv"], "--date-order dmy --on-duplicate first", 1),
    (&["spring-intake/volunteers.xlsx"], "", 0),
    (&["dialects/ragged.csv"], "", 1),
    (&["broken/header-only.csv"], "", 0),
];

/// The report of a check of these files in a form.
fn check(desk: &Desk, form: &str, (files, flags, code): (&[&str], &str, i32)) -> Done {
    let check = Import::at(desk, "check --format").arg(form).args(flags).expect_code(code);
    files.iter().fold(check, |check, file| check.file(file)).run()
}

/// A line for each cell that means something somewhere: to a terminal, to a spreadsheet, to XML, HTML and
/// Markdown, to those who read commands out of logs.
const HOSTILE: &[&str] = &[
    "::set-output name=x::y",
    "x\n::error::injected",
    "x\r\n::stop-commands::pause",
    "##[add-path]/tmp",
    "50%25%0A::error::x",
    "a,line=1,title=x",
    "]]><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</failure></testcase>",
    "&#x0;&lol;&amp;",
    "</details><h1>x",
    "| a | b |\n|---|---|",
    "`code` ``more`` ```",
    "@everyone and @octocat",
    "[x](https://evil.example) ![i](https://evil.example/i.png)",
    "https://evil.example www.evil.example x@evil.example",
    "#1 octo/cat#2 \\`",
    "{0} {{1}} [a](1)",
    "[[ATTACHMENT|/etc/passwd]]",
    "=HYPERLINK(\"https://evil.example\")",
    "\u{1}\u{8}\u{b}\u{c}\u{1b}[2J\u{7f}\u{85}\u{9b}31m",
    "\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}\u{e0041}",
    "\u{fffe}\u{ffff}\u{10ffff}",
    "\u{d7ff}\u{e000}e\u{301}",
];

/// People each of whose cells is hostile somewhere; every row is rejected for several reasons.
fn hostile() -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut sheet = format!("First name,Last name,E-mail,Gender,{}\n", quoted(HOSTILE[13]));
    for text in HOSTILE {
        let cell = quoted(text);
        writeln!(sheet, "{cell},{cell},{cell},{cell},{cell}").unwrap();
    }
    // A file that is mostly control characters is not taken for text at all.
    sheet + &"Bea,Bright,,Female,\n".repeat(20)
}

#[test]
fn json_lines_say_what_the_json_report_says() {
    let desk = Desk::new();
    for case in CASES {
        let report = check(&desk, "json", *case).json();
        assert_eq!(from_lines(&check(&desk, "jsonl", *case).stdout), report, "{case:?}");
    }
    desk.write("hostile.csv", hostile());
    let run = |form| Import::at(&desk, "check hostile.csv --format").arg(form).expect_code(1).run();
    assert_eq!(from_lines(&run("jsonl").stdout), run("json").json());
    let people = crate::people::plain(3);
    let push = |form: &str| {
        let desk = Desk::new();
        let push = Import::at(&desk, "push --to sandbox --state state --format").arg(form);
        push.text("people.csv", &people).run()
    };
    let (mut lines, mut report) = (from_lines(&push("jsonl").stdout), push("json").json());
    assert_eq!(lines["delivery"]["accepted"], 3);
    // Each run has a name of its own.
    (lines["run"], report["run"]) = (Value::Null, Value::Null);
    assert_eq!(lines, report);
}

/// Puts the lines together to the one object, each held against its schema.
fn from_lines(text: &str) -> Value {
    let mut report = json!({ "version": 1, "findings": [], "causes": [] });
    let count = text.lines().count();
    for (index, line) in text.lines().enumerate() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        validate("report-line.v1", &line);
        let kind = line.as_object_mut().unwrap().remove("type").unwrap();
        let kind = kind.as_str().unwrap();
        assert_eq!(index == 0, kind == "head", "the head is the first line");
        assert_eq!(index + 1 == count, kind == "summary", "the summary is the last");
        match kind {
            "head" => report["inputs"] = line["inputs"].take(),
            "finding" => report["findings"].as_array_mut().unwrap().push(line),
            "cause" => report["causes"].as_array_mut().unwrap().push(line),
            _ => report.as_object_mut().unwrap().extend(line.as_object().unwrap().clone()),
        }
    }
    validate("report.v1", &report);
    report
}

#[test]
fn both_schemas_are_of_one_form() {
    let (report, line) = (load("report.v1"), load("report-line.v1"));
    let keys = |schema: &Value| -> BTreeMap<String, Value> {
        let all = schema["properties"].as_object().unwrap().clone().into_iter();
        all.filter(|(name, _)| name != "type").collect()
    };
    for name in ["finding", "cause"] {
        let own = &line["$defs"][format!("{name}_line")];
        assert_eq!(keys(own), keys(&report["$defs"][name]), "{name}");
    }
    for name in ["input", "column", "severity", "count", "row"] {
        assert_eq!(line["$defs"][name], report["$defs"][name], "{name}");
    }
    let mut all = keys(&line["$defs"]["head_line"]);
    all.extend(keys(&line["$defs"]["summary_line"]));
    let mut whole = keys(&report);
    whole.retain(|name, _| name != "findings" && name != "causes");
    assert_eq!(all, whole);
}

/// An element of XML with its attributes, its text and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    inner: Vec<Self>,
}

impl Element {
    fn number(&self, name: &str) -> usize {
        self.attributes[name].parse().unwrap()
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.inner.iter().filter(move |one| one.name == name)
    }
}

/// Which elements and attributes Jenkins, GitLab and GitHub's readers of `JUnit` XML know, and what must be
/// there.
const KNOWN: &[(&str, &[&str], &[&str])] = &[
    ("testsuites", &["name", "tests", "failures", "errors"], &["skipped", "time"]),
    ("testsuite", &["name", "tests", "failures", "errors", "skipped"], &["time"]),
    ("testcase", &["classname", "name"], &["file", "line", "time"]),
    ("failure", &["message", "type"], &[]),
    ("skipped", &["message"], &[]),
    ("system-out", &[], &[]),
];

/// Reads `JUnit` XML; fails where it is no XML 1.0, where something in it is not known, or where the counts
/// are not those of the tests.
fn junit(text: &str) -> Element {
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_char), "a character that XML 1.0 does not have");
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Decl(_) => assert_eq!(open.len(), 1),
            Event::Start(tag) => open.push(element(&tag)),
            Event::Empty(tag) => open.last_mut().unwrap().inner.push(element(&tag)),
            Event::End(_) => {
                let own = open.pop().unwrap();
                open.last_mut().unwrap().inner.push(own);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text),
            Event::GeneralRef(name) => {
                let c = match name.resolve_char_ref().unwrap() {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_xml_entity(&name).unwrap().to_owned(),
                };
                assert!(c.chars().all(is_char), "{c:?}");
                open.last_mut().unwrap().text.push_str(&c);
            }
            other => panic!("{other:?}"),
        }
    }
    let [root] = &mut open[..] else { panic!("something is not closed") };
    let root = root.inner.pop().unwrap();
    assert_eq!(root.name, "testsuites");
    let mut all = [0; 3];
    let mut names = std::collections::BTreeSet::new();
    for suite in root.named("testsuite") {
        let cases: Vec<&Element> = suite.named("testcase").collect();
        let with = |name: &str| cases.iter().filter(|case| case.named(name).count() == 1).count();
        let counts = [cases.len(), with("failure"), with("skipped")];
        assert_eq!(["tests", "failures", "skipped"].map(|name| suite.number(name)), counts);
        for (sum, count) in all.iter_mut().zip(counts) {
            *sum += count;
        }
        for case in cases {
            // GitLab drops a test that is called as another.
            let name = (&case.attributes["classname"], &case.attributes["name"]);
            assert!(names.insert(name), "{name:?} stands twice");
        }
    }
    assert_eq!(["tests", "failures", "skipped"].map(|name| root.number(name)), all);
    root
}

fn element(tag: &quick_xml::events::BytesStart<'_>) -> Element {
    let name = tag.name().as_ref().to_owned();
    let (_, must, may) =
        KNOWN.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("{name:?}"));
    let attributes: BTreeMap<String, String> = tag
        .attributes()
        .map(|attribute| {
            let attribute = attribute.unwrap();
            let value = quick_xml::escape::unescape(&attribute.value).unwrap();
            (attribute.key.as_ref().to_owned(), value.into_owned())
        })
        .collect();
    for key in attributes.keys() {
        assert!(must.contains(&key.as_str()) || may.contains(&key.as_str()), "{name} {key}");
    }
    assert!(must.iter().all(|key| attributes.contains_key(*key)), "{name} {attributes:?}");
    Element { name, attributes, ..Element::default() }
}

#[test]
fn each_rejected_row_is_a_failed_test() {
    let desk = Desk::new();
    for case in CASES {
        let report = check(&desk, "json", *case).json();
        let root = junit(&check(&desk, "junit", *case).stdout);
        let [_, _, rejected, skipped] =
            counts(&report).map(|count| usize::try_from(count).unwrap());
        assert_eq!(root.number("failures"), rejected, "{case:?}");
        assert_eq!(root.number("skipped"), skipped, "{case:?}");
        assert_eq!(root.named("testsuite").count(), case.0.len());
        // Every message stands somewhere.
        let texts: Vec<&str> = root
            .named("testsuite")
            .flat_map(|suite| suite.named("testcase"))
            .flat_map(|test| &test.inner)
            .map(|inner| inner.text.as_str())
            .collect();
        for finding in report["findings"].as_array().unwrap() {
            let message = finding["message"].as_str().unwrap();
            let place = finding["cell"]
                .as_str()
                .map_or_else(|| format!("row {}", finding["row"]), str::to_owned);
            let told = texts.iter().any(|text| text.contains(message) && text.contains(&place));
            assert!(told, "{finding}");
        }
    }
}

#[test]
fn a_test_leads_to_the_line() {
    let desk = Desk::new();
    let root = junit(&check(&desk, "junit", CASES[0]).stdout);
    let suite = root.named("testsuite").next().unwrap();
    let test = suite.named("testcase").find(|test| test.attributes["name"] == "row 16").unwrap();
    assert_eq!(test.attributes["file"], "faulty/volunteers.csv");
    assert_eq!(test.attributes["line"], "18", "an address over two lines stands above");
    assert_eq!(test.inner[0].attributes["type"], "date-impossible");
    let others = suite.named("testcase").last().unwrap();
    assert_eq!(others.attributes["name"], "101 other people are ready");
}

#[test]
fn a_run_that_findings_forbid_fails_in_junit_too() {
    let sheet = "First,Last,Email\nAda,Vale,info@example.org\n";
    let denied = Import::new("check --format junit --deny warnings").text("people.csv", sheet);
    let root = junit(&denied.expect_code(1).run().stdout);
    assert_eq!(root.number("failures"), 1);
    let passes = Import::new("check --format junit").text("people.csv", sheet).run();
    let root = junit(&passes.stdout);
    assert_eq!(root.number("failures"), 0);
    let suite = root.named("testsuite").next().unwrap();
    let test = suite.named("testcase").next().unwrap();
    assert!(test.inner[0].text.contains("[email-role]"), "{test:?}");
}

/// A workflow command: its word, its properties, its message.
type Command = (String, BTreeMap<String, String>, String);

/// A command as the runner of GitHub Actions reads it: word, properties, message.
fn command(line: &str) -> Command {
    let plain = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":");
        text.replace("%2C", ",").replace("%25", "%")
    };
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once("::").unwrap();
    let (word, properties) = head.split_once(' ').unwrap();
    let properties = properties.split(',').map(|one| {
        let (name, value) = one.split_once('=').unwrap();
        (name.to_owned(), plain(value))
    });
    (word.to_owned(), properties.collect(), plain(message))
}

/// The annotations of a page, and its closing line.
fn annotations(page: &str) -> (Vec<Command>, &str) {
    let lines: Vec<&str> = page.lines().collect();
    let (last, commands) = lines.split_last().unwrap();
    assert!(last.starts_with("upsheet: "), "{last}");
    let commands: Vec<_> = commands.iter().map(|line| command(line)).collect();
    for (word, properties, message) in &commands {
        assert!(matches!(word.as_str(), "error" | "warning" | "notice"), "{word}");
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert!(properties.keys().all(|name| known.contains(&name.as_str())), "{properties:?}");
        assert!(!message.is_empty());
    }
    (commands, last)
}

#[test]
fn annotations_name_causes_first_and_then_every_finding() {
    let desk = Desk::new();
    for case in CASES {
        let report = check(&desk, "json", *case).json();
        let done = check(&desk, "github", *case);
        let (commands, last) = annotations(&done.stdout);
        let causes = report["causes"].as_array().unwrap();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(commands.len(), causes.len() + findings.len(), "{case:?}");
        for ((word, properties, message), cause) in commands.iter().zip(causes) {
            assert!(message.starts_with(cause["message"].as_str().unwrap()), "{message}");
            assert!(properties["title"].ends_with(cause["code"].as_str().unwrap()));
            assert_eq!(word == "error", cause["severity"] == "error");
        }
        for ((_, properties, message), finding) in commands.iter().skip(causes.len()).zip(findings)
        {
            assert_eq!(properties["title"], finding["code"].as_str().unwrap());
            assert!(message.contains(finding["message"].as_str().unwrap()), "{message}");
            let input = usize::try_from(finding["input"].as_u64().unwrap()).unwrap();
            assert_eq!(properties["file"], case.0[input]);
            // A workbook has rows for lines.
            let has_place = !finding["line"].is_null() || finding["row"] != 0;
            assert_eq!(properties.contains_key("line"), has_place);
        }
        assert!(last.contains(" = "), "{last}");
    }
}

/// A page in Markdown without what stands in code, as GitHub reads it: a span ends at as many backticks
/// as it began with.
fn outside_code(page: &str) -> String {
    let mut rest = String::new();
    let mut inside_block: Option<String> = None;
    for line in page.lines() {
        if let Some(fence) = &inside_block {
            if line == fence {
                inside_block = None;
            }
            continue;
        }
        if line.starts_with("```") && line.ends_with("text") {
            inside_block = Some(line.trim_end_matches("text").to_owned());
            continue;
        }
        let mut left = line;
        while let Some(start) = left.find('`') {
            rest.push_str(&left[..start]);
            let behind = left[start..].trim_start_matches('`');
            let fence = &left[start..left.len() - behind.len()];
            let mut at = 0;
            let end = loop {
                let next = at + behind[at..].find('`').unwrap_or_else(|| panic!("open: {line}"));
                let run = behind[next..].len() - behind[next..].trim_start_matches('`').len();
                if run == fence.len() {
                    break next;
                }
                at = next + run;
            };
            // A bar in code ends a cell of a table, unless it is escaped.
            let code = &behind[..end];
            assert!(!line.starts_with('|') || !code.replace("\\|", "").contains('|'), "{line}");
            left = &behind[end + fence.len()..];
        }
        rest.push_str(left);
        rest.push('\n');
    }
    assert!(inside_block.is_none(), "a block is not closed");
    rest
}

#[test]
fn a_page_in_markdown_has_the_counts_the_causes_and_the_cases() {
    let desk = Desk::new();
    for case in CASES {
        let report = check(&desk, "json", *case).json();
        let page = check(&desk, "markdown", *case).stdout;
        assert!(page.len() < 65_536);
        let [rows, valid, rejected, skipped] = counts(&report);
        let counts = |page: &str| {
            let row = page.lines().filter(|line| line.starts_with('|')).nth(2).unwrap().to_owned();
            row.replace(',', "")
        };
        assert_eq!(counts(&page), format!("| {rows} | {valid} | {rejected} | {skipped} |"));
        for cause in report["causes"].as_array().unwrap() {
            assert!(page.contains(&format!("`{}`", cause["message"].as_str().unwrap())), "{cause}");
        }
        // Tables have as many cells in each row as in their head.
        let mut width = 0;
        for line in outside_code(&page).lines() {
            let bars = line.matches('|').count();
            if bars > 0 && width > 0 {
                assert_eq!(bars, width, "{line}");
            }
            width = bars;
        }
    }
}

#[test]
fn a_page_in_markdown_stays_short_and_says_what_is_left_out() {
    let long = "`|w".repeat(60);
    let mut check = Import::new("check --format markdown").expect_code(1);
    for file in 0..60 {
        let mut sheet = String::from("First,Last,Email\n");
        for row in 0..10 {
            writeln!(sheet, "{long},Vale,nobody{file}.{row}@@|{long}").unwrap();
        }
        check = check.text(&format!("people-{file}-{}.csv", "`".repeat(100)), sheet);
    }
    let page = check.run().stdout;
    assert!(page.len() < 65_536, "{}", page.len());
    let rest = "`--report report.json` has all of them";
    let left_out: Vec<&str> = page.lines().filter(|line| line.contains(rest)).collect();
    assert_eq!(left_out.len(), 3, "{left_out:?}");
    for (line, what) in left_out.iter().zip(["lines about the inputs", "causes", "errors"]) {
        assert!(line.starts_with("… ") && line.contains(what), "{line}");
    }
    outside_code(&page);
}

#[test]
fn hostile_cells_mean_nothing_anywhere() {
    let desk = Desk::new();
    let name = "pe,op:le%25 @x #1 `y`.csv";
    desk.write(name, hostile());
    let run = |form: &str| {
        let check = Import::at(&desk, "check --format").arg(form).arg(name).expect_code(1);
        crate::terminal::clean(form, check).stdout
    };
    let report: Value = serde_json::from_str(&run("json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let rejected = usize::try_from(counts(&report)[2]).unwrap();
    assert!(rejected > HOSTILE.len() && findings.len() > rejected, "{report}");

    let xml = run("junit");
    let root = junit(&xml);
    assert_eq!(root.number("failures"), rejected);
    // Between tags GitLab and Jenkins would lead to a file.
    assert!(!xml.replace("=\"[[", "").contains("[[ATTACHMENT"), "{xml}");

    let page = run("github");
    let (commands, _) = annotations(&page);
    assert_eq!(commands.len(), report["causes"].as_array().unwrap().len() + findings.len());
    assert!(commands.iter().all(|(_, properties, _)| properties["file"] == name));

    let page = outside_code(&run("markdown"));
    for mark in ["@", "http", "www.", "](", "<img", "<script", "<h1", "octo", "#1", "\\"] {
        assert!(!page.contains(mark), "{mark} stands outside of code:\n{page}");
    }
    assert_eq!(page.matches("<details>").count(), 1);
    assert_eq!(page.matches("</details>").count(), 1);

    let log: Value = serde_json::from_str(&run("sarif")).unwrap();
    crate::schema::validate_sarif(&log);
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), findings.len());
    from_lines(&run("jsonl"));
}

#[test]
fn cells_of_a_megabyte_do_not_swell_the_pages() {
    let desk = Desk::new();
    let long = "<@`|%x".repeat(170_000);
    let sheet = format!("First,Last,Email\n{long},Vale,{long}\nAda,{long},ada@example.org\n");
    desk.write("people.csv", sheet);
    for form in ["junit", "github", "markdown", "sarif"] {
        let check = Import::at(&desk, "check people.csv --format").arg(form);
        let page = check.expect_code(1).run().stdout;
        assert!(page.len() < 150_000, "{form}: {} bytes", page.len());
    }
}

#[test]
fn what_became_of_those_who_were_sent_is_told() {
    let server = Server::start(|seen, _| match seen.emails().first().map(String::as_str) {
        Some("p1@example.org") => Act::json(400, r#"{"error":{"message":"@octocat <no>"}}"#),
        _ => Act::fine(),
    });
    let desk = Desk::new();
    let mut push = Import::at(&desk, "push --yes --state state --format github");
    for name in ["r.jsonl", "r.xml", "r.md", "r.sarif"] {
        push = push.args("--report").arg(name);
    }
    let sheet = format!("{}Ada,Larkspur,nobody\n", crate::people::plain(3));
    let push = push.text("people.csv", sheet).recipe(&server.vome(1)).env("VOME_API_KEY", "k");
    let done = push.expect_code(1).run();
    let told =
        "4 people = 2 accepted + 1 rejected by us + 1 rejected by Vome + 0 unknown + 0 not sent";
    let (commands, last) = annotations(&done.stdout);
    assert!(last.contains(told), "{last}");
    let refused = commands.iter().find(|(_, own, _)| own["title"] == "refused by Vome").unwrap();
    assert_eq!(refused.1["line"], "3");
    let xml = desk.read("r.xml");
    let root = junit(&xml);
    assert!(xml.contains(told), "{xml}");
    let run = root.named("testsuite").find(|suite| suite.attributes["name"] == "the run").unwrap();
    assert_eq!(run.number("failures"), 2, "{run:?}");
    let page = desk.read("r.md");
    assert!(page.contains("| 4 | 2 | 1 | 1 | 0 | 0 |"), "{page}");
    assert!(page.contains("**✗ 1 person was refused by Vome**"), "{page}");
    assert!(!outside_code(&page).contains('@'), "{page}");
    let log = desk.json("r.sarif");
    crate::schema::validate_sarif(&log);
    let run = &log["runs"][0];
    assert_eq!(run["properties"]["delivery"]["rejected_by_target"], 1);
    let told = &run["invocations"][0]["toolExecutionNotifications"][1];
    assert_eq!(told["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(from_lines(&desk.read("r.jsonl"))["delivery"]["accepted"], 2);
}

#[test]
fn whoever_is_refused_beyond_the_first_is_told_to_be_in_the_outcomes() {
    let server = Server::start(|_, _| Act::json(400, r#"{"error":{"message":"no #1"}}"#));
    let recipe = server.vome(1);
    let desk = Desk::new();
    let forms = ["r.xml", "r.md", "r.sarif", "r.json"];
    let reported = |run: Import| {
        let run = forms.iter().fold(run, |run, name| run.args("--report").arg(*name));
        let done = run.args("--format github").env("VOME_API_KEY", "k").expect_code(1).run();
        let told = "7 people were refused by Vome; outcomes.csv names all of them";
        let (commands, _) = annotations(&done.stdout);
        assert!(commands.iter().any(|(_, _, message)| message == told), "{}", done.stdout);
        let root = junit(&desk.read("r.xml"));
        let run = root.named("testsuite").last().unwrap();
        assert_eq!(run.number("failures"), 6, "{run:?}");
        assert_eq!(run.named("testcase").next().unwrap().inner[0].text, told);
        assert!(desk.read("r.md").contains(&format!("**✗ {told}**")));
        let log = desk.json("r.sarif");
        crate::schema::validate_sarif(&log);
        let notes = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(notes.as_array().unwrap().len(), 6, "{notes}");
        assert_eq!(notes[0]["message"]["text"], told);
        validate("report.v1", &desk.json("r.json"));
        let name = run.named("testcase").nth(1).unwrap().attributes["name"].clone();
        (name, desk.read("r.md"), notes[1]["locations"].clone())
    };
    desk.write("people.csv", crate::people::plain(7));
    let push = Import::at(&desk, "push people.csv --yes --state state").recipe(&recipe);
    let (name, page, place) = reported(push);
    assert_eq!(name, "row 2 of people.csv at Vome");
    assert!(page.contains("- row 2 of `people.csv`: `"), "{page}");
    assert_eq!(place[0]["physicalLocation"]["region"]["startLine"], 2);
    // A run that is resumed reads no inputs.
    let resume = Import::at(&desk, "resume --state state").arg(desk.run_folder());
    let (name, page, place) = reported(resume);
    // The report that the run keeps was brought up to what is known by now.
    let kept = desk.json(desk.run_folder().join("report.json"));
    validate("report.v1", &kept);
    assert_eq!(kept["delivery"], desk.json("r.json")["delivery"]);
    assert_eq!(name, "row 2 at Vome");
    assert!(page.contains("- row 2: `"), "{page}");
    assert!(place.is_null(), "{place}");
}

#[test]
fn a_file_that_is_given_twice_is_two_classes_of_tests() {
    let desk = Desk::new();
    desk.write("people.csv", "First,Last,Email\nAda,Vale,ada@example\n");
    let check = Import::at(&desk, "check people.csv people.csv --format junit").expect_code(1);
    let root = junit(&check.run().stdout);
    let names: Vec<_> =
        root.named("testsuite").map(|suite| suite.attributes["name"].as_str()).collect();
    assert_eq!(names, ["people.csv", "people.csv (input 2)"]);
}

#[test]
fn what_a_baseline_accepts_is_told_apart() {
    let desk = Desk::new();
    desk.write("people.csv", "First,Last,Email\nAda,Vale,ada@example\n");
    Import::at(&desk, "check people.csv --write-baseline baseline.json").run();
    let run = |form: &str| {
        let check = Import::at(&desk, "check people.csv --baseline baseline.json --format");
        check.arg(form).run().stdout
    };
    let root = junit(&run("junit"));
    assert_eq!((root.number("failures"), root.number("skipped")), (0, 1));
    let page = run("github");
    let (commands, _) = annotations(&page);
    let [(word, properties, _)] = &commands[..] else { panic!("{page}") };
    assert_eq!(word, "notice");
    assert!(properties["title"].ends_with(", accepted by the baseline"));
    assert!(run("markdown").contains("1 known finding, accepted by the baseline of"));
}

#[test]
fn the_forms_read_as_they_were_reviewed() {
    let desk = Desk::new();
    let several: (&[&str], &str, i32) =
        (&["faulty/volunteers.csv", "spring-intake/volunteers.xlsx"], "--date-order dmy", 1);
    for form in ["jsonl", "junit", "github", "markdown"] {
        let page = check(&desk, form, several).stdout;
        // How long it took is not the same each time.
        let page = match page.find(" time=\"") {
            Some(start) => {
                let end = start + page[start..].find('>').unwrap();
                format!("{} time=\"TIME\"{}", &page[..start], &page[end..])
            }
            None => page,
        };
        insta::assert_snapshot!(format!("form-{form}"), page);
    }
}
