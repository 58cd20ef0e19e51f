//! A header taken apart into the words that stand in it.

use crate::mapping::vocabulary::{Sense, sense, unmarked};

/// Takes away by what a shop for memberships calls every question that its user has made, with its number: "Champ
/// complémentaire 2 Téléphone", "Champ additionnel : Email".
pub(super) fn without_label(spoken: &mut Vec<String>) {
    const OWN: &[&str] = &["additionnel", "complementaire", "personnalise"];
    let [field, own, rest @ ..] = spoken.as_slice() else { return };
    if field != "champ" || !OWN.contains(&own.as_str()) {
        return;
    }
    let is_number = |word: &&String| word.bytes().all(|byte| byte.is_ascii_digit());
    let label = 2 + rest.iter().take_while(is_number).count();
    if label < spoken.len() {
        spoken.drain(..label);
    }
}

/// The text outside of brackets, and the text inside them.
pub(super) fn brackets(text: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' | '[' | '{' | '<' | '（' | '［' | '【' => {
                depth += 1;
                outside.push(' ');
                inside.push(' ');
            }
            ')' | ']' | '}' | '>' | '）' | '］' | '】' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.push(c),
            c => outside.push(c),
        }
    }
    (outside, inside)
}

/// The words of a text, without case and accents: `MemberNo` has two, `Email1` as well.
pub(super) fn split(text: &str) -> Vec<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Sort {
        Other,
        Lower,
        Upper,
        Digit,
    }
    let mut words = vec![String::new()];
    let mut before = Sort::Other;
    // An elision parts words; so does a plural in brackets, which comes in its own text.
    for c in unmarked(text).chars() {
        let sort = match c {
            c if c.is_numeric() => Sort::Digit,
            c if !c.is_alphanumeric() => Sort::Other,
            c if c.is_uppercase() => Sort::Upper,
            _ => Sort::Lower,
        };
        let begins = match (before, sort) {
            (Sort::Upper, Sort::Lower) => false,
            (before, sort) => before != sort,
        };
        if begins && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if sort != Sort::Other
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = sort;
    }
    words.retain(|word| !word.is_empty());
    join_letters(words)
}

/// Whether a text ends as one does of which more is to come: "Nom et", "Last,".
pub(in crate::mapping) fn goes_on(text: &str) -> bool {
    const ANDS: &[&str] =
        &["a", "and", "e", "en", "et", "i", "ja", "och", "og", "si", "und", "y", "и"];
    let last = split(text).pop();
    text.trim_end().ends_with(['&', '+', ',', '/'])
        || last.is_some_and(|last| ANDS.contains(&last.as_str()))
}

/// `E-mail` is one word, and so are `E-post`, `D.O.B.` and `N°`.
pub(super) fn join_letters(words: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(words.len());
    let mut letters = String::new();
    let flush = |letters: &mut String, joined: &mut Vec<String>| {
        if sense(letters).is_some_and(|sense| matches!(sense, Sense::Means(_))) {
            joined.push(std::mem::take(letters));
        } else {
            joined.extend(letters.drain(..).map(String::from));
        }
    };
    for word in words {
        let is_mail = ["mail", "post"].iter().any(|mail| word.starts_with(mail));
        if word == "mail" || word == "mails" || is_mail && letters.ends_with('e') {
            if letters.ends_with('e') {
                letters.pop();
            }
            flush(&mut letters, &mut joined);
            joined.push(if word == "mail" || word == "mails" {
                "email".to_owned()
            } else {
                format!("e{word}")
            });
        } else if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) {
            letters.push_str(&word);
        } else {
            flush(&mut letters, &mut joined);
            joined.push(word);
        }
    }
    flush(&mut letters, &mut joined);
    joined
}
