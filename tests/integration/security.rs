//! The list of `docs/security.md`, where it takes the whole program: the key, people's data, proxies, modes.

use std::fmt::Write as _;
use std::fs;

use crate::common::{Desk, Import, repository};
use crate::people::plain;
use crate::server::{Act, Server, closed_port};

const CANARY: &str = "canary-93b5-of-the-key";
const VERBS: [&str; 3] = ["push people.csv --yes --state state", "fields", "probe --yes"];

/// So that nobody waits long for a server that will not answer.
const BRIEF: &str = "[sending]\nattempts = 2\ngive_up_after = \"0s\"\n";

/// Fails when a text stands in anything that was printed, or in a file other than these.
fn assert_nowhere(text: &str, desk: &Desk, output: [&str; 2], except: &[&str]) {
    for printed in output {
        assert!(!printed.contains(text), "{text} is printed: {printed}");
    }
    for file in desk.files("") {
        let bytes = fs::read(desk.path(&file)).unwrap();
        let seen = bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!seen || except.contains(&file.as_str()), "{text} stands in {file}");
    }
}

/// Runs a verb that has a key, told as loudly as may be, and looks for the key everywhere.
fn run_with_key(verb: &str, base: &str, in_file: bool) {
    let desk = Desk::new();
    desk.write("people.csv", plain(2));
    let mut recipe = format!("{BRIEF}[vome]\nbase_url = \"{base}\"\nrate = 0\n");
    let mut run = Import::at(&desk, verb)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "full")
        .env("SSL_CERT_FILE", repository("fixtures/tls/ca.pem"));
    if in_file {
        private(&desk.write("key", CANARY));
        recipe.push_str("api_key_file = \"key\"\n");
    } else {
        run = run.env("VOME_API_KEY", CANARY);
    }
    // Under the name that every verb looks for.
    desk.write("upsheet.toml", recipe);
    let done = run.start().finish_with_any_code();
    assert_nowhere(CANARY, &desk, [&done.stdout, &done.stderr], &["key"]);
}

#[cfg(unix)]
fn private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_path: &std::path::Path) {}

#[test]
fn no_verb_shows_or_keeps_the_key_whatever_comes_back() {
    type Script = fn() -> Act;
    let acts: [Script; 5] = [
        || Act::json(401, &format!(r#"{{"message":"no such key: {CANARY}"}}"#)),
        || Act::json(403, &format!(r#"{{"error":{{"message":"{CANARY}"}}}}"#)),
        || Act::Answer(302, "Location: https://elsewhere.example.org/\r\n".into(), String::new()),
        || Act::json(200, "<html>"),
        || Act::json(404, "{}"),
    ];
    for verb in VERBS {
        for (number, act) in acts.iter().enumerate() {
            let act = *act;
            let server = Server::start(move |_, _| act());
            run_with_key(verb, &server.url(), number % 2 == 0);
            let seen = server.seen();
            assert!(!seen.is_empty(), "{verb} asked nobody");
            assert!(seen.iter().all(|seen| seen.header("API-KEY") == CANARY), "{verb}");
        }
    }
}

#[test]
fn no_verb_shows_or_keeps_the_key_when_nobody_answers() {
    let server = Server::start(|_, _| Act::Drop);
    // They mostly wait, so they wait together.
    std::thread::scope(|scope| {
        for verb in VERBS {
            // A port where nobody listens, a server without TLS, and one that hangs up.
            let closed = format!("http://127.0.0.1:{}", closed_port());
            let secure = server.url().replace("http:", "https:");
            for (base, in_file) in [(closed, false), (secure, true), (server.url(), false)] {
                scope.spawn(move || run_with_key(verb, &base, in_file));
            }
        }
    });
    let server = Server::start(|_, _| Act::json(500, CANARY));
    run_with_key(VERBS[0], &server.url(), true);
}

#[test]
fn a_proxy_is_asked_for_a_tunnel_and_told_nothing() {
    let proxy = Server::start(|_, _| Act::json(407, "{}"));
    let desk = Desk::new();
    desk.write("people.csv", plain(1));
    let vome = "[vome]\nbase_url = \"https://api.example.org\"\nrate = 0\n";
    desk.write("upsheet.toml", format!("{BRIEF}{vome}"));
    let push = Import::at(&desk, VERBS[0])
        .env("VOME_API_KEY", CANARY)
        .env("HTTPS_PROXY", proxy.url())
        .env("SSL_CERT_FILE", repository("fixtures/tls/ca.pem"));
    push.expect_code(4).run();
    let seen = proxy.seen();
    assert!(!seen.is_empty(), "the proxy was not asked");
    for seen in seen {
        assert_eq!(seen.line, "CONNECT api.example.org:443");
        assert_eq!((seen.header("API-KEY"), seen.body.len()), ("", 0));
    }
}

#[test]
fn to_this_machine_there_is_no_proxy() {
    let server = Server::start(|_, _| Act::fine());
    let closed = format!("http://127.0.0.1:{}", closed_port());
    let mut push = Import::new("push --yes --state state").text("p.csv", plain(1));
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        push = push.env(name, &closed);
    }
    push.recipe(&server.vome(5)).env("VOME_API_KEY", "k").run();
    assert_eq!(server.seen().len(), 1);
}

#[test]
fn what_a_refusal_says_of_people_is_kept_in_the_run_and_not_told_while_it_runs() {
    // It repeats the first address of each request, and refuses everybody.
    let server = Server::start(|seen, _| {
        let who = seen.emails().first().cloned().unwrap_or_default();
        Act::json(400, &format!(r#"{{"message":"{who} is not welcome"}}"#))
    });
    let push = Import::new("push --yes --state state").text("p.csv", plain(3));
    let push = push.recipe(&server.vome(5)).env("VOME_API_KEY", "k");
    let done = push.expect_code(1).run();
    assert!(!done.stderr.contains("@example.org"), "{}", done.stderr);
    assert!(done.stdout.contains("is not welcome"), "the report says why: {}", done.stdout);
}

#[test]
fn people_are_left_out_of_what_is_told_while_a_run_goes_on() {
    let rows = "First name,Last name,Email\nAda,Larkspur,ada.larkspur@example\nOtis,Vale,\n";
    for (verb, code) in [("check", 1), ("build -o out", 1), ("push --to sandbox --state state", 1)]
    {
        let done = Import::new(verb).text("p.csv", rows).args("-q").expect_code(code).run();
        for word in ["Larkspur", "ada.larkspur", "Otis"] {
            assert!(!done.stderr.contains(word), "{verb} tells of {word}: {}", done.stderr);
        }
    }
}

#[cfg(unix)]
#[test]
fn what_holds_peoples_data_is_for_its_owner_under_any_umask() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.write("people.csv", format!("{}Otis,Vale,nobody\n", plain(3)));
    let program = env!("CARGO_BIN_EXE_upsheet");
    let lines = [
        "check people.csv --report checked.json --report checked.csv",
        "build people.csv -o out",
        "build people.csv -o out --force",
        "push people.csv --to sandbox --state state --report pushed.json",
    ];
    for line in lines {
        let line = format!("umask 000; exec '{program}' {line}");
        Import::at(&desk, "").expect_code(1).shell(&line).finish();
    }
    let mut found: Vec<String> = ["out", "state"].iter().flat_map(|at| desk.files(at)).collect();
    for name in ["manifest.json", "report.json", "rejects.csv", "00001.json", "sandbox.sqlite"] {
        assert!(found.iter().any(|file| file.ends_with(name)), "no {name} in {found:?}");
    }
    // The folders that they lie in, up to the desk.
    let folders: Vec<String> = found
        .iter()
        .flat_map(|file| std::path::Path::new(file).ancestors().skip(1))
        .map(|path| path.to_str().unwrap().to_owned())
        .filter(|path| !path.is_empty())
        .collect();
    found.extend(folders);
    found.extend(["checked.json", "checked.csv", "pushed.json"].map(str::to_owned));
    for path in found {
        let mode = fs::metadata(desk.path(&path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "others can use {path}: {mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn no_report_is_written_through_a_link() {
    let desk = Desk::new();
    desk.write("people.csv", "First name,Last name,Email\nAda,Larkspur,nobody\n");
    desk.write("precious.txt", "mine\n");
    for link in ["report.csv", "out/rejects.csv", "out/manifest.json"] {
        fs::create_dir_all(desk.path(link).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(desk.path("precious.txt"), desk.path(link)).unwrap();
    }
    Import::at(&desk, "check people.csv --report report.csv").expect_code(1).run();
    Import::at(&desk, "build people.csv -o out --force").expect_code(1).run();
    assert_eq!(desk.read("precious.txt"), "mine\n");
    assert!(desk.read("report.csv").contains("Larkspur"));
    assert!(desk.read("out/rejects.csv").contains("Larkspur"));
}

#[test]
fn cells_that_are_formulas_are_harmless_in_a_file_to_reload_and_come_back() {
    // Without an address each is rejected; the cells are what OWASP's page names, and what it must spare.
    let cells =
        ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "＝1", "\"\"=x", " =x", "a;=1+1"];
    let mut sheet = String::from("First name,Last name,Email,Phone\n");
    for cell in cells {
        writeln!(sheet, "\"{cell}\",Vale,nobody,+49 151 5550100").unwrap();
    }
    let desk = Desk::new();
    let rows = |file: &str| {
        let shown = Import::at(&desk, "rows --format json").arg(file).run().json();
        let shown = shown["rows"].as_array().unwrap().iter().skip(1);
        let cells = shown.map(|row| row["cells"].as_array().unwrap().clone());
        cells.map(|row| row[row.len() - 4..].to_vec()).collect::<Vec<_>>()
    };
    let check =
        Import::at(&desk, "check --map Email=email --report again.csv").text("people.csv", &sheet);
    check.expect_code(1).run();
    let text = desk.read("again.csv");
    let mut table = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut count = 0;
    for record in table.records() {
        let record = record.unwrap();
        count += 1;
        assert_eq!(&record[4], "+49 151 5550100", "a phone stays one");
        let first = record[1].trim_start_matches([' ', '"']).chars().next().unwrap();
        assert!(!"=+-@＝".contains(first), "{record:?}");
    }
    assert_eq!(count, cells.len());
    assert!(text.lines().all(|line| line.starts_with('"')), "every cell is quoted: {text}");
    assert_eq!(rows("again.csv"), rows("people.csv"), "nothing is lost on the way");
}

#[test]
fn a_name_of_a_field_is_no_formula_in_a_sheet_to_fill_in() {
    let desk = Desk::new();
    let name = "=HYPERLINK(A1)";
    let lock = format!(
        "version = 1\n\n[vome]\nbase_url = \"https://api.vomevolunteer.com\"\nread_on = \"2026-11-26\"\n\
         profiles = 1\n\n[[vome.fields]]\nid = \"f-1\"\nname = \"{name}\"\ntype = \"general\"\nprofiles = 1\n"
    );
    desk.write("upsheet.lock", lock);
    let template = "template --to vome --fields";
    let field = format!("custom:{name}");
    let csv = Import::at(&desk, template).arg(&field).args("-o -").run().stdout;
    let mut table =
        csv::ReaderBuilder::new().from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let headers = table.headers().unwrap().clone();
    let header = headers.iter().find(|header| header.contains("HYPERLINK")).expect("the field");
    assert!(!header.starts_with('='), "{header}");
    // It is the same field when it comes back.
    let headers: Vec<&str> = headers.iter().collect();
    let row: Vec<&str> = headers
        .iter()
        .map(|header| if header.contains("mail") { "ada@example.org" } else { "Ada" })
        .collect();
    let sheet = format!("{}\n{}\n", headers.join(","), row.join(","));
    let build = Import::at(&desk, "build --to vome -o out").text("people.csv", sheet).run();
    assert!(build.desk.read("out/payloads/00001.json").contains("f-1"));
}

#[test]
fn every_test_that_the_page_on_security_names_is_there() {
    let page = fs::read_to_string(repository("docs/security.md")).unwrap();
    let mut code = String::new();
    let mut folders = vec![repository("src"), repository("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut named = 0;
    for line in page.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").collect();
        let tests = cells.last().unwrap().split('`').skip(1).step_by(2);
        let before = named;
        for test in tests {
            named += 1;
            let found = code.contains(&format!("\nfn {test}("))
                || code.contains(&format!("\n    fn {test}("))
                || code.contains(&format!("\n        fn {test}("));
            assert!(found, "there is no test {test}");
        }
        assert!(named > before, "no test proves {line}");
    }
    assert!(named > 30, "the table is not found: {named}");
}
