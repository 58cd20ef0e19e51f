//! The help of every verb, as it stands in review, and the completions.

use crate::common::Import;

#[test]
fn the_help_of_every_verb_reads_as_it_was_reviewed() {
    let page = |verb: &str| Import::new(verb).args("--help").run().stdout;
    let first = page("");
    insta::assert_snapshot!("help", first);
    let verbs = first
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .take_while(|line| !line.is_empty())
        // Lines that go on are indented further.
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help");
    let mut known = 0;
    for verb in verbs {
        insta::assert_snapshot!(format!("help-{verb}"), page(verb));
        known += 1;
    }
    assert!(known >= 9, "only {known} verbs were found in the help");
}

#[test]
fn the_help_is_filled_at_any_width() {
    let page = |verb: &str, width: &str| {
        Import::new(verb).args("--help").env("COLUMNS", width).run().stdout
    };
    let mut seen = 0;
    for verb in
        ["", "build", "check", "fields", "fix", "probe", "purge", "push", "resume", "results"]
    {
        for width in [60, 80, 100] {
            let help = page(verb, &width.to_string());
            let lines: Vec<&str> = help.lines().collect();
            for (line, next) in lines.iter().zip(lines.iter().skip(1)) {
                let is_prose = |line: &str| !line.is_empty() && !line.starts_with(' ');
                if is_prose(line) && is_prose(next) {
                    assert!(line.chars().count() <= width, "{verb} at {width}: {line}");
                    let word = next.split(' ').next().unwrap();
                    let filled = line.chars().count() + 1 + word.chars().count() > width;
                    assert!(filled, "{verb} at {width}: {line:?} is broken before {word:?}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} lines of prose");
}

#[test]
fn the_help_names_every_exit_code() {
    let page = Import::new("--help").run().stdout.replace('\n', " ");
    for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "130 "] {
        assert!(page.contains(code), "the help lacks exit code {code}");
    }
}

#[test]
fn there_are_completions_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = Import::new("completions").arg(shell).run().stdout;
        for word in
            ["check", "build", "push", "inspect", "fix-plan", "mask", "report", "skip-stale"]
        {
            assert!(script.contains(word), "the completions for {shell} lack {word}");
        }
    }
    Import::new("completions csh").expect_code(2).run();
}

#[test]
fn the_version_is_that_of_the_package() {
    let done = Import::new("--version").run();
    assert_eq!(done.stdout, format!("upsheet {}\n", env!("CARGO_PKG_VERSION")));
}
