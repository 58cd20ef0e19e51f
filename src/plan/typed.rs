//! Command lines that a person types next: words as a shell takes them, and which of the flags that were
//! typed belong to the next command too.

use std::path::Path;

/// The flags that say how files are read, which `fix` takes as `check` does.
const READING: [&str; 9] = [
    "--sheet",
    "--range",
    "--table",
    "--header-row",
    "--delimiter",
    "--quote",
    "--encoding",
    "--hidden",
    "--recipe",
];

/// Those of the words that were typed that say how files are read, as a shell takes them.
pub(crate) fn reading_flags(said: &[String]) -> Vec<String> {
    let mut words = said.iter().take_while(|word| *word != "--");
    let mut flags = Vec::new();
    while let Some(word) = words.next() {
        let (name, has_value) = match word.split_once('=') {
            Some((name, _)) => (name, true),
            None => (word.as_str(), false),
        };
        if READING.contains(&name) {
            flags.push(shell_word(word));
            if !has_value {
                flags.extend(words.next().map(|value| shell_word(value)));
            }
        }
    }
    flags
}

/// Words without the flags that others take the place of; `--map` may stand there several times.
pub(super) fn without_flags(words: &[String], others: &[String]) -> Vec<String> {
    let mut left = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let name = word.split('=').next().unwrap_or_default();
        let replaced = name.starts_with("--")
            && name != "--map"
            && others.iter().any(|other| other.split(' ').next() == Some(name));
        if !replaced {
            left.push(word.clone());
        } else if !word.contains('=') {
            words.next();
        }
    }
    left
}

/// Words as a shell takes them, and flags behind them; before `--`, behind which there are only files.
pub(super) fn with_flags(words: &[String], flags: &[String]) -> String {
    let ends = words.iter().position(|word| word == "--").unwrap_or(words.len());
    let (before, files) = words.split_at_checked(ends).unwrap_or((words, &[]));
    let before = before.iter().map(|word| shell_word(word));
    let files = files.iter().map(|word| shell_word(word));
    before.chain(flags.iter().cloned()).chain(files).collect::<Vec<String>>().join(" ")
}

/// Words as a shell takes them.
pub(super) fn shell_words(words: &[String]) -> String {
    with_flags(words, &[])
}

/// A word as a shell takes it.
pub(crate) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./+@%:,=".contains(c);
    if word.chars().all(plain) && !word.is_empty() {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// A file as a shell takes it, and no program takes it for a flag.
pub(crate) fn file_word(path: &Path) -> String {
    match path.display().to_string() {
        name if name.starts_with('-') => shell_word(&format!("./{name}")),
        name => shell_word(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_that_cures_takes_the_place_of_one_that_was_given() {
        let said = ["a.csv", "--date-order", "dmy", "--map", "A=email", "--default-region=AU"];
        let said = said.map(str::to_owned);
        let cures = ["--date-order mdy", "--default-region NZ", "--map 'B=x'"].map(str::to_owned);
        assert_eq!(without_flags(&said, &cures), ["a.csv", "--map", "A=email"]);
    }

    #[test]
    fn words_are_quoted_for_the_shell_where_they_must_be() {
        let words = ["my people.csv", "--map", "E-mail=email", "it's", ""].map(str::to_owned);
        assert_eq!(shell_words(&words), r"'my people.csv' --map E-mail=email 'it'\''s' ''");
    }

    #[test]
    fn flags_stand_before_the_dashes_that_end_them() {
        let said = ["--deny", "email-typo", "--", "-odd.csv"].map(str::to_owned);
        let line = with_flags(&said, &["--date-order dmy".to_owned()]);
        assert_eq!(line, "--deny email-typo --date-order dmy -- -odd.csv");
        assert_eq!(with_flags(&["a.csv".to_owned()], &["--to vome".to_owned()]), "a.csv --to vome");
    }

    #[test]
    fn the_copy_is_read_as_the_file_was() {
        let said =
            "a.csv --encoding cp437 --to omneo --delimiter=| --deny x -- --sheet b".split(' ');
        let said: Vec<String> = said.map(str::to_owned).collect();
        assert_eq!(reading_flags(&said), ["--encoding", "cp437", "'--delimiter=|'"]);
        assert_eq!(file_word(Path::new("-a.csv")), "./-a.csv");
        assert_eq!(file_word(Path::new("my a.csv")), "'my a.csv'");
    }
}
