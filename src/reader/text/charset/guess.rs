//! The encoding of a text that does not say: every candidate is read and scored, and the evidence is
//! kept to be shown, with the one that came second.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use super::languages::Region;
use super::model::{self, Reading};
use super::narrow::quoted;
use super::{Codec, Coding};
use crate::error::Result;
use crate::reader::Origin;
use crate::reader::text::codec::PAGES;

/// Why a text is read in an encoding that nothing in it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guess {
    /// `high`, `fair` or `low`: how far the next best reading is behind.
    pub confidence: &'static str,
    /// The language that its letters are those of.
    pub language: Option<&'static str>,
    /// What else speaks for it, in a few words each.
    pub reasons: Vec<String>,
    /// Some of its words as they read.
    pub words: Vec<String>,
    /// The next best reading that gives other words.
    pub other: Option<Other>,
}

/// A reading that was not chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Other {
    /// The encoding.
    pub encoding: &'static str,
    /// The same words as they would read in it.
    pub words: Vec<String>,
    /// What speaks against it.
    pub against: &'static str,
}

impl Guess {
    /// The evidence in one line.
    pub(super) fn words(&self, encoding: &str) -> String {
        let mut line = format!("its letters fit {encoding}");
        // Writing to a String cannot fail.
        if let Some(language) = self.language {
            let _ = write!(line, " ({language})");
        }
        let _ = write!(line, ": {}", quoted(&self.words));
        if let Some(other) = self.other.as_ref().filter(|_| self.confidence != "high") {
            let words = quoted(&other.words);
            let _ = write!(line, "; in {} they would be {words}", other.encoding);
        }
        line
    }
}

/// Bytes in lines with letters beyond ASCII from which the encoding is guessed.
const EVIDENCE: usize = 48 * 1024;
/// Bytes of one line that are looked at.
const LONGEST: usize = 4 * 1024;
/// Bytes that are handed to the detector of the web's encodings.
const DETECTED: usize = 16 * 1024 * 1024;

/// Encodings of the web's list with one byte a letter, and what makes each less likely than the one
/// before anything is known of the text: few old programs write the later ones.
const WEB: &[(&str, f64, Region)] = &[
    ("windows-1252", 0.0, Region::West),
    ("windows-1250", 0.8, Region::Central),
    ("windows-1251", 0.8, Region::Own),
    ("windows-1253", 1.2, Region::Own),
    ("windows-1254", 1.2, Region::Turkey),
    ("windows-1255", 1.2, Region::Own),
    ("windows-1256", 1.2, Region::Own),
    ("windows-1257", 1.2, Region::Baltic),
    ("windows-1258", 2.5, Region::VietNam),
    ("windows-874", 1.5, Region::Own),
    ("iso-8859-15", 1.0, Region::West),
    ("iso-8859-2", 1.2, Region::Central),
    ("iso-8859-5", 1.5, Region::Own),
    ("iso-8859-7", 1.5, Region::Own),
    ("iso-8859-8", 2.0, Region::Own),
    ("iso-8859-6", 2.0, Region::Own),
    ("koi8-r", 1.2, Region::Own),
    ("koi8-u", 1.5, Region::Own),
    ("ibm866", 1.5, Region::Own),
    ("macintosh", 1.5, Region::West),
    ("x-mac-cyrillic", 2.0, Region::Own),
    ("iso-8859-3", 3.0, Region::South),
    ("iso-8859-4", 3.0, Region::Baltic),
    ("iso-8859-10", 3.5, Region::Baltic),
    ("iso-8859-13", 2.5, Region::Baltic),
    ("iso-8859-14", 4.0, Region::Celtic),
    ("iso-8859-16", 3.0, Region::Central),
];
/// The same for the code pages that we decode ourselves.
const OWN: &[(&str, f64, Region)] = &[
    ("IBM850", 1.5, Region::West),
    ("IBM437", 2.0, Region::West),
    ("IBM852", 2.0, Region::Central),
    ("IBM855", 3.0, Region::Own),
    ("IBM737", 3.0, Region::Own),
    ("IBM775", 3.0, Region::Baltic),
    ("IBM857", 2.5, Region::Turkey),
    ("IBM858", 3.0, Region::West),
    ("IBM862", 3.0, Region::Own),
    ("IBM865", 3.0, Region::West),
    ("IBM861", 4.0, Region::West),
    ("IBM860", 4.0, Region::West),
    ("IBM863", 4.0, Region::West),
    ("x-mac-ce", 2.5, Region::Central),
    ("x-mac-greek", 3.0, Region::Own),
    ("x-mac-turkish", 3.0, Region::Turkey),
    ("x-mac-croatian", 3.5, Region::Central),
    ("x-mac-romanian", 3.5, Region::Central),
    ("x-mac-icelandic", 3.5, Region::West),
];
/// Encodings with several bytes a letter.
const MULTI: &[&str] = &["shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"];

/// A candidate that was read.
struct Candidate {
    coding: Coding,
    text: String,
    reading: Reading,
    score: f64,
}

/// The encoding that the letters of a file are likeliest to be in, and the evidence.
pub(super) fn guess(origin: &Origin, start: usize) -> Result<(Coding, Guess)> {
    let sample = lines(origin, start, |line| !line.is_ascii())?;
    let (detected, bytes) = detect(origin, start)?;
    Ok(choose(&sample, detected, &bytes))
}

/// The best of all candidates for a sample; `bytes` says which bytes occur in the whole file.
fn choose(sample: &[u8], detected: &'static Encoding, bytes: &[bool; 256]) -> (Coding, Guess) {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut add = |coding: Coding, region: Region, cost: f64| {
        let text = coding.text(sample);
        let reading = model::read(&text, region);
        let score = reading.score - cost;
        candidates.push(Candidate { coding, text, reading, score });
    };
    for (label, cost, region) in WEB {
        let Some(encoding) = Encoding::for_label(label.as_bytes()) else { continue };
        let help = if encoding == detected { 2.0 } else { 0.0 };
        let coding = Coding::Web(encoding);
        add(coding, *region, cost - help + holes(coding, bytes));
    }
    for (name, cost, region) in OWN {
        let Some(page) = PAGES.iter().find(|page| page.name == *name) else { continue };
        let coding = Coding::Own(Codec::Page(page));
        add(coding, *region, cost + holes(coding, bytes));
    }
    for label in MULTI {
        let Some(encoding) = Encoding::for_label(label.as_bytes()) else { continue };
        let found = encoding == detected || *label == "gb18030" && detected.name() == "GBK";
        add(Coding::Web(encoding), Region::Own, if found { 0.0 } else { 5.0 });
    }
    add(Coding::Own(Codec::Johab), Region::Own, 5.0);
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let Some(best) = candidates.first() else {
        return (Coding::Web(detected), Guess::default());
    };
    let other = candidates.iter().find(|other| other.text != best.text);
    let margin = other.map_or(f64::MAX, |other| best.score - other.score);
    let confidence = match margin {
        margin if margin >= 12.0 => "high",
        margin if margin >= 4.0 => "fair",
        _ => "low",
    };
    let mut reasons = Vec::new();
    if best.coding == Coding::Web(detected) {
        reasons.push("the detector of web browsers finds the same".to_owned());
    }
    let guess = Guess {
        confidence,
        language: best.reading.language,
        reasons,
        words: samples(&best.text),
        other: other.map(|other| Other {
            encoding: other.coding.name(),
            words: differing(&best.text, &other.text),
            against: other
                .reading
                .doubt
                .map_or("its letters are less usual", |doubt| doubt.words()),
        }),
    };
    (best.coding, guess)
}

/// What it costs that bytes of the file are no characters in an encoding of one byte a letter.
fn holes(coding: Coding, bytes: &[bool; 256]) -> f64 {
    (0x80..=u8::MAX)
        .filter(|byte| bytes.get(usize::from(*byte)) == Some(&true))
        .filter(|byte| {
            coding.text(&[*byte]).contains(|c| matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}'))
        })
        .map(|_| 8.0)
        .sum()
}

/// The first lines of a file that are as wanted, as many as are needed to judge it.
pub(super) fn lines(origin: &Origin, start: usize, wanted: fn(&[u8]) -> bool) -> Result<Vec<u8>> {
    let mut file = BufReader::new(File::open(origin.file()).map_err(|source| origin.io(source))?);
    let mut sample = Vec::new();
    let mut line = Vec::new();
    let mut skip = start;
    loop {
        line.clear();
        let mut piece = (&mut file).take(LONGEST as u64);
        let read = piece.read_until(b'\n', &mut line).map_err(|source| origin.io(source))?;
        let fresh = line.get(skip.min(read)..).unwrap_or_default();
        skip = 0;
        if wanted(fresh) {
            sample.extend_from_slice(fresh);
        }
        if read == 0 || sample.len() > EVIDENCE {
            return Ok(sample);
        }
    }
}

/// What the detector of the web's encodings finds, and which bytes occur.
fn detect(origin: &Origin, start: usize) -> Result<(&'static Encoding, Box<[bool; 256]>)> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut buffer = vec![0; 64 * 1024];
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut occurs = Box::new([false; 256]);
    let (mut seen, mut skip, mut done) = (0, start, false);
    loop {
        let read = file.read(&mut buffer).map_err(|source| origin.io(source))?;
        let bytes = buffer.get(skip.min(read)..read).unwrap_or_default();
        skip = 0;
        for byte in bytes {
            if let Some(occurs) = occurs.get_mut(usize::from(*byte)) {
                *occurs = true;
            }
        }
        let last = read == 0;
        if !done && (last || !bytes.is_ascii()) {
            done = last || seen > DETECTED;
            detector.feed(bytes, done);
            seen += bytes.len();
        }
        if last {
            return Ok((detector.guess(None, Utf8Detection::Deny), occurs));
        }
    }
}

/// How many sample words are shown, and how long each may be.
const SAMPLES: usize = 3;
const WORD: usize = 24;

/// Some words of a text with letters beyond ASCII.
pub(super) fn samples(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in tokens(text).filter(|word| !word.is_ascii()) {
        let word: String = word.chars().take(WORD).collect();
        if !words.contains(&word) {
            words.push(word);
        }
        if words.len() == SAMPLES {
            break;
        }
    }
    words
}

/// The same words in another reading; of texts of other lengths, its own first words.
fn differing(best: &str, other: &str) -> Vec<String> {
    let best: Vec<&str> = best.split(is_break).collect();
    let words: Vec<&str> = other.split(is_break).collect();
    if best.len() != words.len() {
        return samples(other);
    }
    let pairs = best.iter().zip(&words).filter(|(a, b)| a != b);
    let mut shown: Vec<String> = Vec::new();
    for (_, word) in pairs {
        let word: String = word.chars().take(WORD).collect();
        if !shown.contains(&word) {
            shown.push(word);
        }
        if shown.len() == SAMPLES {
            break;
        }
    }
    shown
}

fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_break).filter(|word| !word.is_empty())
}

fn is_break(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphanumeric()
}
