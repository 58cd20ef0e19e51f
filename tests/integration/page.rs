//! The page for the browser where things are not as usual: after a push, after a correction, masked, cut
//! off, with very many files or columns, on paper, and for those who have only the page.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::browser::{Browser, address};
use crate::common::{Desk, Import};
use crate::html::{COUNT, SET};
use crate::server::{Act, Server};

const TILES: &str = "return [...document.querySelectorAll('.counts div')].map((one) =>
    `${one.querySelector('dd').textContent} ${one.querySelector('dt').lastChild.textContent}`)";
const OUTCOME: &str = "return document.querySelector('section.outcome').innerText";

/// Two people whose addresses have a comma for a dot, and one who is well.
const THREE: &str = "\
First name,Last name,Email
Ada,Vale,ada@example,org
Bo,Wick,bo@example.org
";

fn page_of(desk: &Desk, arguments: &str, code: i32) {
    Import::at(desk, arguments).args("-q --report page.html").expect_code(code).run();
}

#[test]
fn a_search_has_as_many_words_as_are_typed() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    let words: Vec<String> = (0..70).map(|word| format!("zw{word}z")).collect();
    let all = words.join(" ");
    desk.write("people.csv", format!("First name,Last name,Email\nAda,Vale,{all}\nBo,Wick,x\n"));
    page_of(&desk, "check people.csv", 1);
    browser.open(&desk.path("page.html"), "");
    browser.run(SET, json!(["q", all]));
    browser.until(&format!("{COUNT}.startsWith('1 of')"));
    for query in [format!("nowhere {all}"), format!("{all} nowhere")] {
        browser.run(SET, json!(["q", all]));
        browser.until(&format!("{COUNT}.startsWith('1 of')"));
        browser.run(SET, json!(["q", query]));
        browser.until(&format!("{COUNT}.startsWith('0 of')"));
    }
}

#[test]
fn every_code_on_the_page_is_explained_on_it() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    desk.fixture("values/members.csv");
    let check = Import::at(&desk, "check values/members.csv --format json --report page.html");
    let report = check.expect_code(1).run().json();
    browser.open(&desk.path("page.html"), "");
    for cause in report["causes"].as_array().unwrap() {
        let code = cause["code"].as_str().unwrap();
        let said = browser.run(
            "return document.getElementById(`code-${arguments[0]}`)?.textContent ?? ''",
            json!([code]),
        );
        let said = said.as_str().unwrap();
        let known = upsheet::finding::Code::find(code).unwrap();
        for part in [known.explanation, known.example, known.cure] {
            assert!(said.contains(part), "{code} lacks {part:?}: {said}");
        }
    }
    // From a finding, a link leads to what its code means, by keys as well.
    browser.run("document.querySelector('#rows .why').click()", json!([]));
    browser.until("return document.activeElement.closest('details')?.open === true");
    let code = browser.text("return document.activeElement.querySelector('code').textContent");
    assert_eq!(code, browser.text("return document.querySelector('#rows .why').textContent"));
    // The same address opened anew leads there, too.
    browser.open(&desk.path("page.html"), &format!("#code-{code}"));
    assert_eq!(
        browser.text("return document.activeElement.closest('details').id"),
        format!("code-{code}")
    );
}

#[test]
fn on_paper_nothing_is_folded() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    desk.fixture("values/members.csv");
    page_of(&desk, "check values/members.csv", 1);
    browser.open(&desk.path("page.html"), "");
    let open = "return [...document.querySelectorAll('details')].filter((one) => one.open).length";
    assert_eq!(browser.text(open), "0");
    browser.run("dispatchEvent(new Event('beforeprint'))", json!([]));
    let all = browser.text("return document.querySelectorAll('details').length");
    assert_ne!(all, "0");
    assert_eq!(browser.text(open), all);
    browser.run("dispatchEvent(new Event('afterprint'))", json!([]));
    assert_eq!(browser.text(open), "0", "the screen is as it was");
}

#[test]
fn a_page_that_is_cut_off_says_so() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    desk.fixture("values/members.csv");
    page_of(&desk, "check values/members.csv", 1);
    let whole = desk.read("page.html");
    // A byte of a block that was lost on the way.
    let at = whole.find("class=\"data findings\">").unwrap() + 40;
    desk.write("page.html", format!("{}{}", &whole[..at], &whole[at + 9..]));
    browser.command("Page.navigate", &json!({"url": address(&desk.path("page.html"))}));
    browser.until(
        "return document.getElementById('state')?.textContent.includes('make the report again')",
    );
    // What ends in front of the page itself shows that it is not whole without any script.
    let end = whole.find("<body>").unwrap() + 2_000;
    desk.write("page.html", &whole[..end]);
    browser.command("Page.navigate", &json!({"url": address(&desk.path("page.html"))}));
    browser.until(
        "return document.readyState === 'complete' && document.title.includes('members.csv')",
    );
    let said = browser.text("return document.body.innerText");
    assert!(said.contains("the file is not whole: make"), "{said}");
    desk.write("page.html", whole);
    browser.open(&desk.path("page.html"), "");
    let said = browser.text("return document.body.innerText");
    assert!(!said.contains("the file is not whole: make"), "{said}");
}

#[test]
fn after_a_push_five_counts_add_up_to_the_people() {
    let Some(browser) = Browser::start() else { return };
    let server = Server::start(|seen, _| {
        let place = seen.emails().iter().position(|one| one == "no@example.org");
        match place {
            Some(place) => Act::json(
                400,
                &format!(
                    r#"{{"error":{{"type":"invalid_request_error","code":"invalid_field",
                    "message":"no <b>such</b> mailbox","param":"volunteers_data[{place}].profile_data.email"}}}}"#
                ),
            ),
            None => Act::fine(),
        }
    });
    let desk = Desk::new();
    let recipe = server.vome(10);
    let people = "First name,Last name,Email\nAda,Vale,ada@example.org\nBo,Wick,no@example.org\nCy,Roe,nobody\n";
    desk.write("people.csv", people);
    let push = Import::at(&desk, "push people.csv --yes --state state -q --report page.html");
    push.env("VOME_API_KEY", "key").recipe(&recipe).expect_code(1).run();
    browser.open(&desk.path("page.html"), "");
    let tiles = browser.run(TILES, json!([]));
    let expected = [
        "3 people",
        "1 accepted",
        "1 rejected by us",
        "1 rejected by Vome",
        "0 unknown",
        "0 not sent",
    ];
    assert_eq!(tiles, json!(expected));
    let said = browser.text(OUTCOME);
    assert!(said.contains("1 person was refused by Vome"), "{said}");
    assert!(said.contains("no <b>such</b> mailbox"), "{said}");
}

#[test]
fn a_page_of_a_run_that_went_on_has_no_lists_of_a_file() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    desk.write("people.csv", "First name,Last name,Email\nAda,Vale,ada@example.org\n");
    Import::at(&desk, "push people.csv --to sandbox --state state -q").run();
    Import::at(&desk, "resume --last --state state -q --report page.html").run();
    browser.open(&desk.path("page.html"), "");
    assert_eq!(browser.text("return document.title"), "upsheet report");
    let said = browser.text("return document.body.innerText");
    let tiles = browser.run(TILES, json!([]));
    assert_eq!(tiles[1], "1 accepted", "{tiles}");
    for part in ["Causes", "Nothing was found", "Findings", "Columns"] {
        assert!(!said.contains(part), "{part}: {said}");
    }
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn a_masked_report_says_that_it_is_masked() {
    let desk = Desk::new();
    desk.write("people.csv", THREE);
    for name in ["page.html", "page.md", "page.txt"] {
        for (flag, is_said) in [("--mask", true), ("", false)] {
            let name = format!("{}{name}", flag.trim_start_matches('-'));
            let check = Import::at(&desk, "check people.csv -q").args(flag);
            check.args(&format!("--report {name}")).expect_code(1).run();
            let said = desk.read(&name);
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(said.contains("masked: no value of the file"), is_said, "{name} {flag}");
        }
    }
    assert!(desk.read("page.html").contains("This file holds people"));
}

#[test]
fn what_came_back_is_told_on_the_page() {
    let desk = Desk::new();
    desk.write("people.csv", THREE);
    Import::at(&desk, "check people.csv -q --report people.checked.xlsx").expect_code(1).run();
    Import::at(&desk, "check people.checked.xlsx --report page.html").expect_code(1).run();
    let page = desk.read("page.html");
    assert!(page.contains("people.checked.xlsx was checked before: 2 rows as they were"), "{page}");
    assert!(page.contains("nothing else changed"));
}

#[test]
fn many_files_and_columns_are_folded_and_long_words_stay_on_the_page() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    let mut sheet = format!("First name,Last name,Email,{}", "H".repeat(10_000));
    for column in 0..496 {
        write!(sheet, ",c{column}").unwrap();
    }
    write!(sheet, "\nAda,מרים,מרים@example,{}\n", "v,".repeat(496)).unwrap();
    desk.write("wide.csv", sheet);
    let mut files = String::new();
    for number in 0..30 {
        let name = format!("{number:02}-{}.csv", "n".repeat(150));
        desk.write(
            &name,
            format!("First name,Last name,Email\nAda,Vale,ada{number}@example.org\n"),
        );
        write!(files, " {name}").unwrap();
    }
    page_of(&desk, &format!("check wide.csv{files}"), 1);
    browser.open(&desk.path("page.html"), "");
    let more =
        "return [...document.querySelectorAll('details > summary')].map((one) => one.textContent)";
    let more = browser.run(more, json!([]));
    let has = |what: &str| more.as_array().unwrap().iter().any(|one| one == &Value::from(what));
    assert!(has("23 more files"), "{more}");
    assert!(has("497 more columns, not used and without findings"), "{more}");
    assert_eq!(browser.text("return document.title").matches(".csv").count(), 1);
    // 320 dots wide is what 1280 are at 400 %.
    let size = json!({"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": false});
    browser.command("Emulation.setDeviceMetricsOverride", &size);
    browser
        .run("for (const one of document.querySelectorAll('details')) one.open = true", json!([]));
    let over = browser.run("return document.documentElement.scrollWidth - innerWidth", json!([]));
    assert!(over.as_i64().unwrap() <= 0, "the page is moved sideways by {over}");
}

#[test]
fn bars_are_seen_in_the_colours_of_the_system_and_nothing_moves_where_it_should_not() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    desk.fixture("values/members.csv");
    page_of(&desk, "check values/members.csv", 1);
    browser.open(&desk.path("page.html"), "");
    let features = json!({"features": [
        {"name": "forced-colors", "value": "active"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]});
    browser.command("Emulation.setEmulatedMedia", &features);
    let fills = browser.run(
        "return [...new Set([...document.querySelectorAll('.columns rect')].map((one) => getComputedStyle(one).fill))]",
        json!([]),
    );
    assert!(fills.as_array().unwrap().len() > 2, "the shares of a bar look alike: {fills}");
    let list = "return getComputedStyle(document.getElementById('list')).transitionDuration";
    assert_eq!(browser.text(list), "0s");
}
