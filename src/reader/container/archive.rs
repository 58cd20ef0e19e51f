//! Zip archives, opened within bounds: workbooks are zip archives of parts, and tables are sent in
//! them.

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::inflate::TooMuch;
use super::limits::Limits;
use super::{Origin, too_much};
use crate::error::Result;

/// An opened archive.
pub(in crate::reader) type Archive = ZipArchive<BufReader<File>>;

/// Bytes at the end of a file among which the archive says how many members it has: 22 and a comment
/// of up to 65,535, with the longer form of big archives in front of them.
const TAIL: u64 = 22 + 65_535 + 76;

/// Opens an archive; nothing when it is damaged or cut off.
///
/// # Errors
/// When it has more members than it may.
pub(in crate::reader) fn open(origin: &Origin, limits: &Limits) -> Result<Option<Archive>> {
    let mut file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let members = claimed(&mut file).map_err(|source| origin.io(source))?;
    if members > limits.members {
        let why = format!("its archive has {members} members, more than any table or workbook");
        return Err(too_much(origin, &TooMuch { why, setting: "members" }));
    }
    Ok(ZipArchive::new(BufReader::with_capacity(64 * 1024, file)).ok())
}

/// How many members the archive says it has. The library makes room for each, so it must not be
/// asked first.
fn claimed(file: &mut File) -> std::io::Result<u64> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    file.rewind()?;
    let number = |magic: &[u8], at: usize, width: usize| {
        let place = memchr::memmem::rfind(&tail, magic)?;
        let bytes = tail.get(place + at..place + at + width)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let short = number(b"PK\x05\x06", 10, 2).unwrap_or(0);
    let long = number(b"PK\x06\x06", 32, 8).filter(|_| short == 0xffff);
    Ok(long.unwrap_or(short))
}

/// Why a member cannot be read, in words that go on from its name.
pub(in crate::reader) fn trouble(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(what) if *what == ZipError::PASSWORD_REQUIRED => {
            "is protected by a password".to_owned()
        }
        ZipError::CompressionMethodNotSupported(number) => {
            format!("is packed by a method that is not read here ({})", method(*number))
        }
        ZipError::UnsupportedArchive(_) => "is packed in a way that is not read here".to_owned(),
        _ => "is damaged or cut off".to_owned(),
    }
}

/// The name of a method of packing, by its number in APPNOTE.TXT.
fn method(number: u16) -> String {
    let name = match number {
        1 => "shrink",
        2..=5 => "reduce",
        6 => "implode",
        9 => "deflate64",
        12 => "bzip2",
        14 => "LZMA",
        93 => "zstd",
        95 => "xz",
        98 => "PPMd",
        99 => "AES encryption",
        _ => return format!("number {number}"),
    };
    name.to_owned()
}
