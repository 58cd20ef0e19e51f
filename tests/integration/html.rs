//! The report for the browser, in a real browser: what it says, how it is used, and that nothing of the
//! data ever runs.

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use crate::browser::{Browser, DOWN, END, ENTER, HOME, PAGE_DOWN, UP, address, hostile, is_name};
use crate::common::{Desk, Import, repository, until};

/// The page of a check, with what the JSON report says of the same check.
fn page_of(desk: &Desk, arguments: &str, code: i32) -> Value {
    let run = Import::at(desk, "check").args(arguments).args("--format json --report page.html");
    run.expect_code(code).run().json()
}

/// Checks the page of three files that have findings of every severity.
fn three(desk: &Desk) -> Value {
    let files = ["values/members.csv", "causes/members.csv", "faulty/volunteers.xlsx"];
    for file in files {
        desk.fixture(file);
    }
    page_of(desk, &files.join(" "), 1)
}

const PLACES: &str =
    "return [...document.querySelectorAll('#rows .place strong')].map((one) => one.textContent)";
pub(crate) const COUNT: &str = "return document.getElementById('count').textContent";

/// Sets a control as a person would, and tells the page.
pub(crate) const SET: &str =
    "const control = document.getElementById(arguments[0]); control.value = arguments[1];
    control.dispatchEvent(new Event('input', {bubbles: true}));
    control.dispatchEvent(new Event('change', {bubbles: true}));";

fn findings<'a>(report: &'a Value, of: impl Fn(&Value) -> bool + 'a) -> Vec<&'a Value> {
    report["findings"].as_array().unwrap().iter().filter(move |one| of(one)).collect()
}

/// Waits until the page says that so many of so many are listed.
fn until_listed(browser: &Browser, some: usize, all: usize) {
    browser.until(&format!("{COUNT} === '{some} of {all} findings'"));
}

#[test]
fn the_page_says_what_the_json_says() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    let report = three(&desk);
    browser.open(&desk.path("page.html"), "");
    let tiles = browser.run(
        "return [...document.querySelectorAll('.counts dd')].map((one) => Number(one.textContent))",
        json!([]),
    );
    let counts = &report["counts"];
    let expected = ["rows", "valid", "rejected", "skipped"].map(|name| counts[name].clone());
    assert_eq!(tiles, json!(expected));
    let all = report["findings"].as_array().unwrap();
    assert_eq!(browser.text(COUNT), format!("All {} findings", all.len()));
    browser.run(SET, json!(["size", "250"]));
    browser.until("return document.querySelectorAll('#rows tr').length > 50");
    let shown = browser.run(
        "return [...document.querySelectorAll('#rows tr')].map((line) => [
            line.className, line.querySelector('.code').textContent,
            line.querySelector('.message').lastChild.textContent])",
        json!([]),
    );
    let expected: Vec<Value> =
        all.iter().map(|one| json!([one["severity"], one["code"], one["message"]])).collect();
    assert_eq!(shown, Value::Array(expected), "every finding, in the order of the files");
    // Each cause leads to as many findings as it counts.
    for (place, cause) in report["causes"].as_array().unwrap().iter().enumerate() {
        browser.run(SET, json!(["cause", (place + 1).to_string()]));
        until_listed(
            &browser,
            usize::try_from(cause["count"].as_u64().unwrap()).unwrap(),
            all.len(),
        );
    }
    // The five numbers of each column add up to the people of its file.
    let sums = browser.run(
        "return [...document.querySelectorAll('.columns tbody tr')].map((row) =>
            [...row.querySelectorAll('.number')].slice(1).reduce((sum, one) => sum + Number(one.textContent), 0))",
        json!([]),
    );
    let width = |input: usize| report["inputs"][input]["columns"].as_array().unwrap().len();
    let expected: Vec<u64> = [(0, 26), (1, 60), (2, 120)]
        .iter()
        .flat_map(|&(input, people)| vec![people; width(input)])
        .collect();
    assert_eq!(sums, json!(expected));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn findings_are_searched_filtered_and_linked() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    let report = three(&desk);
    let page = desk.path("page.html");
    let all = report["findings"].as_array().unwrap().len();
    browser.open(&page, "");
    // A search finds what stands in any text of a finding, whatever the case.
    browser.run(SET, json!(["q", "EXAMPLE,org comma"]));
    let told = |one: &Value, word: &str| one.to_string().to_lowercase().contains(word);
    let commas = findings(&report, |one| told(one, "example,org") && told(one, "comma")).len();
    assert!(commas > 0);
    until_listed(&browser, commas, all);
    browser.run(SET, json!(["q", "c7"]));
    browser.until("return location.hash === '#q=c7'");
    assert!(browser.text(COUNT).starts_with("1 of"));
    assert_eq!(browser.run(PLACES, json!([])), json!(["C7"]));
    browser.run("document.getElementById('clear').click()", json!([]));
    browser.until(&format!("{COUNT}.startsWith('All')"));
    assert_eq!(browser.text("return location.hash"), "");
    // Severities, columns and files.
    browser.run(
        "for (const box of document.querySelectorAll('[name=severity]')) if (box.value !== 'warning') box.click()",
        json!([]),
    );
    until_listed(&browser, findings(&report, |one| one["severity"] == "warning").len(), all);
    assert_eq!(browser.text("return location.hash"), "#severity=warning");
    browser.open(&page, "#input=3&column=3.C");
    let column = |one: &Value| one["input"] == 2 && one["column"] == "E-mail";
    until_listed(&browser, findings(&report, column).len(), all);
    // A view is what its address says, and a wrong address is no view.
    browser.open(&page, "#order=row-down&input=3&size=25&page=1");
    let last = findings(&report, |one| one["input"] == 2).pop().unwrap()["cell"].clone();
    assert_eq!(browser.run(PLACES, json!([]))[0], last);
    assert_eq!(browser.text("return document.getElementById('input').value"), "3");
    browser.open(&page, "#cause=999&column=%3Cb%3E&order=x&page=99999&size=-4&severity=error,x");
    until_listed(&browser, findings(&report, |one| one["severity"] == "error").len(), all);
    // The link of a cause.
    browser.open(&page, "");
    browser.run("document.querySelector('.show').click()", json!([]));
    let first = usize::try_from(report["causes"][0]["count"].as_u64().unwrap()).unwrap();
    until_listed(&browser, first, all);
    assert_eq!(browser.text("return document.activeElement.id"), "findings");
    browser.run(SET, json!(["q", "nobody has this"]));
    until_listed(&browser, 0, all);
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_page_is_used_by_keys() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    let report = three(&desk);
    browser.open(&desk.path("page.html"), "#size=25");
    let focus = "return document.activeElement.querySelector('.place strong')?.textContent ?? ''";
    browser.press(&['/']);
    assert_eq!(browser.text("return document.activeElement.id"), "q");
    browser.press(&['c', '7']);
    browser.until(&format!("{COUNT}.startsWith('1 of')"));
    browser.run("document.getElementById('clear').click()", json!([]));
    browser.until(&format!("{COUNT}.startsWith('All')"));
    let cell = |at: usize| {
        let one = &report["findings"][at];
        one["cell"].as_str().map_or_else(|| format!("row {}", one["row"]), str::to_owned)
    };
    browser.run("document.querySelector('#rows tr').focus()", json!([]));
    // Enter shows the row, as it stands in the file.
    browser.press(&[ENTER]);
    browser.until("return document.querySelector('.unfolded dd') !== null");
    let here = browser.text("return document.querySelector('.unfolded .here .value').textContent");
    assert_eq!(here, report["findings"][0]["value"].as_str().unwrap());
    browser.press(&[ENTER]);
    browser.until("return document.querySelector('.unfolded') === null");
    for (keys, at) in [
        (&[DOWN, DOWN][..], 2),
        (&[UP][..], 1),
        (&[END][..], 24),
        (&[DOWN][..], 25),
        (&[UP][..], 24),
        (&[HOME][..], 0),
        (&[PAGE_DOWN][..], 25),
    ] {
        browser.press(keys);
        assert_eq!(browser.text(focus), cell(at), "after {keys:?}");
    }
    // One line of the list is reached by the tabulator, and says its place among all.
    let index =
        "return [...document.querySelectorAll('#rows tr')].filter((one) => one.tabIndex === 0)
        .map((one) => one.getAttribute('aria-rowindex'))";
    assert_eq!(browser.run(index, json!([])), json!(["27"]));
    browser.run(SET, json!(["row", "20"]));
    let rows =
        report["findings"].as_array().unwrap().iter().map(|one| one["row"].as_u64().unwrap());
    let next = rows.filter(|row| *row >= 20).min().unwrap();
    assert!(browser.text(focus).ends_with(&next.to_string()), "it went to row {next}");
}

#[test]
fn the_page_is_seen_and_heard_by_day_by_night_and_on_a_phone() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    three(&desk);
    browser.open(&desk.path("page.html"), "");
    browser.run("document.querySelector('.open button').click()", json!([]));
    browser.until("return document.querySelector('.unfolded dd') !== null");
    let accessible = include_str!("html/accessible.js");
    let ground = "return getComputedStyle(document.querySelector('section')).backgroundColor";
    let mut pictures = Vec::new();
    let mut grounds = Vec::new();
    for (scheme, width) in [("light", 1280), ("dark", 1280), ("dark", 390), ("light", 390)] {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        browser.command("Emulation.setEmulatedMedia", &json!({"features": [feature]}));
        let size = json!({"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": false});
        browser.command("Emulation.setDeviceMetricsOverride", &size);
        let wrong = browser.run(accessible, json!([]));
        assert_eq!(wrong, json!([]), "{scheme}, {width} wide");
        let over =
            browser.run("return document.documentElement.scrollWidth - innerWidth", json!([]));
        assert!(over.as_i64().unwrap() <= 0, "{width} wide, the page is moved sideways by {over}");
        grounds.push(browser.text(ground));
        pictures.push(browser.picture());
    }
    assert_ne!(grounds[0], grounds[1], "dark is dark");
    // The switch holds against the system.
    browser.run("document.querySelector('#theme button').click()", json!([]));
    assert_eq!(browser.text(ground), grounds[1]);
    for picture in &pictures {
        let (colours, most) = browser.colours(picture);
        assert!(colours > 50 && most < 97, "{colours} colours, {most} % of one");
    }
}

#[test]
fn the_page_goes_on_paper_and_without_its_script() {
    let Some(browser) = Browser::start() else { return };
    let desk = Desk::new();
    three(&desk);
    browser.open(&desk.path("page.html"), "#severity=warning");
    let paper = browser.print();
    assert!(paper.len() > 20_000, "the paper is blank");
    assert!(
        browser.text("return document.getElementById('paper').textContent").starts_with("7 of")
    );
    let off = json!({"value": true});
    browser.command("Emulation.setScriptExecutionDisabled", &off);
    browser.command("Page.navigate", &json!({"url": address(&desk.path("page.html"))}));
    // What runs no scripts answers none: whether the page is whole is asked in another way.
    let whole = || {
        let all = browser.command("DOM.getDocument", &json!({"depth": -1})).to_string();
        all.contains("FOOTER") && all.contains("noscript")
    };
    until("the page is there without its script", whole);
    browser.command("Emulation.setScriptExecutionDisabled", &json!({"value": false}));
    let said = browser.text("return document.body.innerText");
    let outcome = "35 people cannot be imported, for 14 reasons";
    for part in [outcome, "Causes", "rows are shifted", "Columns"] {
        assert!(said.contains(part), "without a script the page lacks {part:?}: {said}");
    }
    let note =
        "return document.querySelector('noscript p').textContent.includes('needs a script') &&
        !document.getElementById('app').checkVisibility()";
    assert_eq!(browser.text(note), "true");
}

/// A sheet in which the hostile texts stand wherever a text may stand.
fn hostile_sheet(texts: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header = vec!["First name", "Last name", "E-mail", "Mobile", "Date of birth"];
    let short: Vec<&String> = texts.iter().filter(|text| text.len() < 1000).collect();
    header.extend(short.iter().map(|text| text.as_str()));
    let width = header.len();
    writer.write_record(&header).unwrap();
    for text in texts {
        let row = (0..width).map(|at| if at < 6 { text.as_str() } else { "x" });
        writer.write_record(row).unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn nothing_of_the_data_ever_runs() {
    let Some(browser) = Browser::start() else { return };
    let texts = hostile();
    let desk = Desk::new();
    let mut names = vec!["people.csv".to_owned()];
    names.extend(
        texts.iter().filter(|text| is_name(text)).take(12).map(|name| format!("{name}.csv")),
    );
    for name in &names {
        fs::write(desk.path(name), hostile_sheet(&texts)).unwrap();
    }
    // A workbook has the name of its sheet as well.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("<svg onload='__ran=1'>&\"").unwrap();
    for (column, header) in (0..).zip(["First name", "Last name", "E-mail", texts[2].as_str()]) {
        sheet.write_string(0, column, header).unwrap();
        for (row, text) in (1..).zip(texts.iter().filter(|text| text.len() < 1000)) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    book.save(desk.path("book.xlsx")).unwrap();
    names.push("book.xlsx".to_owned());
    let mut run =
        Import::at(&desk, "check").args("--header-row 1 --format json --report page.html");
    for name in &names {
        run = run.arg(format!("./{name}"));
    }
    let report = run.expect_code(1).run().json();
    let page = desk.path("page.html");
    browser.complaints();
    browser.requests();
    browser.open(&page, "#size=250&q=window.__ran");
    browser.until("return document.querySelectorAll('#rows tr').length > 30");
    // Every part of the page is put to use.
    browser.run(
        "for (const button of document.querySelectorAll('#rows button')) button.click();
         for (const one of document.querySelectorAll('details')) one.open = true;
         for (const name of ['mouseover', 'focus', 'click']) {
             for (const one of document.querySelectorAll('#rows *')) {
                 if (one.tagName !== 'BUTTON') one.dispatchEvent(new Event(name, {bubbles: true}));
             }
         }",
        json!([]),
    );
    browser.until("return document.querySelectorAll('.unfolded dd').length > 200");
    let count = report["findings"].as_array().unwrap().len();
    for hash in ["#order=cause", "#order=column", "#input=2", "#severity=warning", "#cause=1"] {
        browser.run("location.hash = arguments[0]", json!([format!("{hash}&size=250")]));
        browser.until("return !document.getElementById('list').hasAttribute('aria-busy')");
    }
    browser.print();
    assert!(count > 500, "only {count} findings");
    let foreign = "return document.querySelectorAll(`img, iframe, object, embed, base, link, form form, math,
        a:not(.skip):not(.show):not(.why), svg:not(.bar):not(.balance), script:not(.data):not([type=module])`).length";
    assert_eq!(browser.text(foreign), "0", "elements that are none of ours");
    let handlers = "return [...document.querySelectorAll('*')].filter((one) =>
        [...one.attributes].some((attribute) => attribute.name.startsWith('on') || attribute.name === 'style')).length";
    assert_eq!(browser.text(handlers), "0", "attributes that are none of ours");
    assert_eq!(browser.text("return String(window.__ran)"), "undefined");
    assert!(!browser.has_dialog());
    assert_eq!(browser.complaints(), [""; 0], "nothing was even tried");
    let asked = browser.requests();
    assert!(!asked.is_empty() && asked.iter().all(|url| url.starts_with("file:")), "{asked:?}");
    // What cannot run is still read as it is.
    browser.open(&page, "#size=250&input=1&order=row");
    let values =
        "return [...document.querySelectorAll('#rows .value')].map((one) => one.textContent)";
    let values = browser.run(values, json!([])).to_string();
    for text in
        ["<script>window.__ran = 1</script>", "javascript:window.__ran = 9", "&lt;script&gt;window"]
    {
        let quoted = json!(text).to_string();
        assert!(values.contains(quoted.trim_matches('"')), "{text} is not shown: {values}");
    }
    let raw = fs::read_to_string(&page).unwrap();
    for (what, found) in [("U+202E", raw.contains('\u{202e}')), ("NUL", raw.contains('\0'))] {
        assert!(!found, "{what} stands in the file as it is");
    }
    let lower = raw.to_lowercase();
    for part in ["<img", "onerror=", "<script>", "<iframe", "<svg onload"] {
        assert!(!lower.contains(part), "{part} stands in the file");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "CI tries the full size")]
fn a_page_of_very_many_findings_loads_and_is_searched() {
    let Some(browser) = Browser::start() else { return };
    let full = std::env::var_os("UPSHEET_MATRIX").is_some_and(|which| which == "ci");
    let rows = if full { 125_000 } else { 12_500 };
    let desk = Desk::new();
    let mut sheet = String::from("First name,Last name,E-mail,Mobile,Date of birth\n");
    for row in 0..rows {
        let last = row % 97;
        writeln!(sheet, ",Byte{last},person.{row}@example,12 34 5x{row},1990-02-31").unwrap();
    }
    desk.write("people.csv", sheet);
    Import::at(&desk, "check people.csv -q --report page.html").expect_code(1).run();
    browser.open(&desk.path("page.html"), "");
    let all = rows * 4;
    let grouped = |count: usize| {
        let text = count.to_string();
        let (thousands, rest) = text.split_at(text.len() - 3);
        format!("{thousands},{rest}")
    };
    assert_eq!(browser.text(COUNT), format!("All {} findings", grouped(all)));
    let heap = browser.run("return performance.memory.usedJSHeapSize", json!([])).as_u64().unwrap();
    assert!(heap < 500_000_000, "{heap} bytes");
    browser.run(SET, json!(["q", "person.12345@example"]));
    browser.until(&format!("{COUNT}.startsWith('1 of')"));
    assert_eq!(browser.run(PLACES, json!([])), json!(["C12347"]));
    browser.run(SET, json!(["q", ""]));
    browser.until(&format!("{COUNT}.startsWith('All')"));
    browser.run("document.getElementById('last').click()", json!([]));
    let last = browser.run(PLACES, json!([])).as_array().unwrap().last().unwrap().clone();
    assert!(last.as_str().unwrap().ends_with(&(rows + 1).to_string()), "{last}");
    // A row is there for the last finding as for the first.
    browser.run("[...document.querySelectorAll('.open button')].pop().click()", json!([]));
    browser.until("return document.querySelector('.unfolded dd') !== null");
    let unfolded = browser.text("return document.querySelector('.unfolded').textContent");
    assert!(unfolded.contains(&format!("person.{}@example", rows - 1)), "{unfolded}");
    browser.run("dispatchEvent(new Event('beforeprint'))", json!([]));
    let paper = browser.text("return document.getElementById('paper').textContent");
    assert!(paper.contains("Here are the first 1,000; the file holds them all."), "{paper}");
    assert_eq!(browser.text("return document.querySelectorAll('#rows tr').length"), "1000");
}

#[test]
fn the_same_check_gives_the_same_page() {
    let pages = ["1", "2"].map(|threads| {
        let desk = Desk::new();
        desk.fixture("faulty/volunteers.csv");
        let run = Import::at(&desk, "check faulty/volunteers.csv -q --report page.html");
        run.env("RAYON_NUM_THREADS", threads).expect_code(1).run();
        desk.read("page.html")
    });
    assert!(pages[0] == pages[1]);
    assert!(pages[0].contains("default-src &#39;none&#39;"));
    let ours = fs::read_to_string(repository("src/report/html/script/page.js")).unwrap();
    assert!(pages[0].contains(&ours), "the script stands in the page as it is written");
}
