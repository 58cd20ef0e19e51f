//! Workbooks with changed parts. The input is a script: which fixture, then changes to the bytes of
//! its parts, which are packed again, so that what is behind the archive is reached.

#![no_main]

mod reading;

use std::io::{Cursor, Read as _, Write as _};
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use upsheet::reader::Options;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// A file of the fixtures: the parts of an archive, or the bytes of what is none.
enum Seed {
    Parts(Vec<(String, Vec<u8>)>),
    Bytes(Vec<u8>),
}

static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures");
    let mut files = Vec::new();
    let mut folders = vec![std::path::PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
            if path.is_dir() {
                folders.push(path);
            } else if ["xlsx", "xlsm", "xlsb", "xls", "ods", "zip"].contains(&ending) {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|path| seed(std::fs::read(path).expect("a fixture"))).collect()
});

fn seed(bytes: Vec<u8>) -> Seed {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(&bytes)) else { return Seed::Bytes(bytes) };
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let Ok(mut part) = archive.by_index(index) else { continue };
        let Ok(name) = part.name().map(std::borrow::Cow::into_owned) else { continue };
        let mut content = Vec::new();
        // Large sheets say no more than small ones, and cost time.
        if part.by_ref().take(1 << 16).read_to_end(&mut content).is_ok() {
            parts.push((name, content));
        }
    }
    Seed::Parts(parts)
}

/// Pieces that damage takes the form of.
const PIECES: &[&[u8]] = &[
    b"",
    b"\0",
    b"<",
    b">",
    b"\"",
    b"&",
    b"&#x110000;",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"r=\"XFD1048576\"",
    b"r=\"A4294967296\"",
    b"<c r=\"A1\"><v>1e308</v></c>",
    b"t=\"s\"",
    b"t=\"inlineStr\"",
    b"hidden=\"1\"",
    b"uniqueCount=\"18446744073709551615\"",
    b"count=\"99999999999\"",
    b"ref=\"A1:XFD1048576\"",
    b"numFmtId=\"14\"",
    b"<f>1</f>",
    b"-1",
    b"99999999999999999999",
    b"\xff\xfe",
    b"</row>",
    b"<row>",
];

struct Script<'a>(&'a [u8]);

impl Script<'_> {
    fn number(&mut self, below: usize) -> usize {
        let (head, rest) = self.0.split_at(self.0.len().min(3));
        self.0 = rest;
        let number = head.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        if below == 0 { 0 } else { number % below }
    }

    fn change(&mut self, content: &mut Vec<u8>) {
        let at = self.number(content.len() + 1);
        let end = (at + self.number(64)).min(content.len());
        match self.number(4) {
            0 => drop(content.drain(at..end)),
            1 => {
                let piece = PIECES[self.number(PIECES.len())];
                content.splice(at..end, piece.iter().copied());
            }
            2 => {
                let copy: Vec<u8> = content[at..end].repeat(self.number(200) + 1);
                content.splice(at..at, copy);
            }
            _ => {
                if let Some(byte) = content.get_mut(at) {
                    *byte ^= 1 << self.number(8);
                }
            }
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let mut script = Script(bytes);
    let seed = &SEEDS[script.number(SEEDS.len())];
    match seed {
        Seed::Bytes(content) => {
            let mut content = content.clone();
            while !script.0.is_empty() {
                script.change(&mut content);
            }
            reading::read(&content, &Options::default());
        }
        Seed::Parts(parts) => {
            let mut parts = parts.clone();
            while !script.0.is_empty() {
                let index = script.number(parts.len());
                if let Some((_, content)) = parts.get_mut(index) {
                    script.change(content);
                }
            }
            let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
            for (name, content) in parts {
                // A name twice is refused by the writer, not by us.
                if archive.start_file(name, SimpleFileOptions::default()).is_ok() {
                    archive.write_all(&content).expect("room in memory");
                }
            }
            let archive = archive.finish().expect("an archive");
            reading::read(archive.get_ref(), &Options::default());
        }
    }
});
