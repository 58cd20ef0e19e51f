//! A text as a recipe: it is refused with a place inside it, or a small sheet is judged by it.

#![no_main]

use std::io::Write as _;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tempfile::NamedTempFile;
use upsheet::error::Error;
use upsheet::plan::Job;
use upsheet::recipe::Recipe;

const SHEET: &str = "\
First,Last,Email,Phone,Gender,DOB,Street,Town,Prénom,Courriel
Ada,Vale,ada@example.org,+33 6 12 34 56 78,F,1990-05-31,1 Elm,Ley,Éloïse,
李,O'Brien,,0491 570 006,Dragon,03/04/1990,,\"a, b\",#N/A,NULL
 , ,,,,,,,,
JosÃ©,X,two@example.org; three@example.org,6.1E+10,?,soon,#REF!,,{A},x
";

static FILE: LazyLock<NamedTempFile> = LazyLock::new(|| {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().expect("a temporary file");
    file.write_all(SHEET.as_bytes()).expect("room for it");
    file
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let judged = Recipe::parse(text.to_owned(), "upsheet.toml").and_then(|recipe| {
        let job = Job { files: vec![FILE.path().to_owned()], recipe, threads: 1, ..Job::default() };
        let opened = job.open()?;
        for input in &opened.inputs {
            let judged = opened.rules.judge(input.sample.clone(), &|_| true);
            assert!(judged.outcomes.len() <= input.sample.len());
        }
        Ok(())
    });
    if let Err(Error::Recipe { message, span, .. }) = judged {
        assert!(!message.is_empty());
        assert!(span.offset() + span.len() <= text.len() + 1, "{span:?}");
    }
});
