//! What a file really is, by its bytes and never by its name: a table that is read here, something
//! packed, or something else, which is refused by its own name with what to do instead.

use std::fs::File;
use std::io::Read as _;

use super::limits::Limits;
use super::{Origin, archive, ole};
use crate::error::{Error, Result};

/// A kind of file that is read, or unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An Office Open XML workbook of XML parts.
    Xlsx,
    /// An Office Open XML workbook of binary parts.
    Xlsb,
    /// A spreadsheet of the Open Document Format.
    Ods,
    /// A workbook of Excel 5 to 2003.
    Xls,
    /// Text, as far as its first bytes tell.
    Text,
    /// Compressed by gzip.
    Gzip,
    /// Compressed by Zstandard.
    Zstd,
    /// An archive of files.
    Zip,
}

/// Bytes that are looked at.
const HEAD: u64 = 4096;

const EXPORT: &str =
    "open it in the program that made it and export the table as XLSX, or as CSV in UTF-8";
const RESAVE: &str = "open it in a spreadsheet program and save it as XLSX";
const UNPACK: &str = "unpack it, and give the table in it; gz, zst and zip are unpacked here";
const PASSWORD: &str = "open it, save a copy without the password, and give that copy";
const NUMBERS: &str = "open it in Numbers and choose File > Export To > Excel, or CSV";

/// What a file is.
///
/// # Errors
/// When it is empty, cannot be read, or is something else than a table or something packed.
pub(in crate::reader) fn of(origin: &Origin, limits: &Limits) -> Result<Kind> {
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head).map_err(|source| origin.io(source))?;
    if head.is_empty() {
        return Err(Error::InputEmpty { path: origin.path.clone(), what: "it holds no bytes" });
    }
    if let Some((what, help)) = other(&head) {
        return Err(refuse(origin, what, help));
    }
    Ok(match head.as_slice() {
        [0x1f, 0x8b, ..] => Kind::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Kind::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => {
            in_zip(origin, &head, limits)?
        }
        head if head.starts_with(ole::MAGIC) => in_ole(origin)?,
        // The stream of an old workbook without its container.
        [9, 8, _, 0, 0, 5 | 6, 5, 0, ..] => Kind::Xls,
        _ => Kind::Text,
    })
}

fn refuse(origin: &Origin, why: impl Into<String>, help: &str) -> Error {
    Error::InputFormat { path: origin.path.clone(), why: why.into(), help: help.to_owned() }
}

/// What a file that begins like this is, when that is nothing that is read here; and the cure.
pub(in crate::reader) fn other(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const MAGIC: &[(&[u8], &str, &str)] = &[
        (b"\x89PNG", "it is a picture (PNG)", EXPORT),
        (b"\xff\xd8\xff", "it is a picture (JPEG)", EXPORT),
        (b"II*\0", "it is a picture (TIFF)", EXPORT),
        (b"MM\0*", "it is a picture (TIFF)", EXPORT),
        (b"%PDF-", "it is a PDF, which holds the look of a table and not the table", EXPORT),
        (b"%!PS-", "it is a page for a printer (PostScript)", EXPORT),
        (b"{\\rtf", "it is a text document (RTF)", EXPORT),
        (b"\x7fELF", "it is a program", EXPORT),
        (b"SQLite format 3\0", "it is a database (SQLite)", "export the table from it as CSV"),
        (b"\0\x01\0\0Standard", "it is a database (Access)", "export the table from it as XLSX"),
        (b"Obj\x01", "it is an Avro file", "write the table from it as CSV"),
        (b"\xfd7zXZ", "it is compressed (xz)", UNPACK),
        (b"7z\xbc\xaf\x27\x1c", "it is an archive (7z)", UNPACK),
        (b"Rar!\x1a", "it is an archive (RAR)", UNPACK),
        (b"\x04\x22\x4d\x18", "it is compressed (LZ4)", UNPACK),
        (b"\x09\0\x04\0", "it is a workbook of Excel 2", RESAVE),
        (b"\x09\x02\x06\0", "it is a workbook of Excel 3", RESAVE),
        (b"\x09\x04\x06\0", "it is a workbook of Excel 4", RESAVE),
        (b"ID;PWXL", "it is a SYLK file", RESAVE),
        (b"ID;PSCALC", "it is a SYLK file", RESAVE),
        (b"ID;PCALCOOO", "it is a SYLK file", RESAVE),
        (b"TABLE\r\n0,1\r\n", "it is a DIF file", RESAVE),
        (b"TABLE\n0,1\n", "it is a DIF file", RESAVE),
    ];
    // These are letters that a header may begin with; what follows them in the file is none.
    const LETTERS: &[(&[u8], &str, &str)] = &[
        (b"GIF8", "it is a picture (GIF)", EXPORT),
        (b"PAR1", "it is a Parquet file", "write the table from it as CSV"),
        (b"ARROW1", "it is an Arrow file", "write the table from it as CSV"),
        (b"$FL2", "it is an SPSS file", "save the table from it as XLSX or CSV"),
        (b"BZh", "it is compressed (bzip2)", UNPACK),
        (b"MSCF", "it is an archive (CAB)", UNPACK),
        (b"!BDN", "it is a mailbox of Outlook", "export the contacts from Outlook as CSV"),
    ];
    let begins = |(magic, ..): &&(&[u8], &str, &str)| head.starts_with(magic);
    let no_text = |byte: &u8| matches!(byte, 0..=8 | 14..=31);
    let known = MAGIC.iter().find(begins).or_else(|| {
        let found = LETTERS.iter().find(begins)?;
        head.iter().take(256).any(no_text).then_some(found)
    });
    if let Some((_, what, help)) = known {
        return Some((what, help));
    }
    match (head.get(..4), head.get(4..8), head.get(8..12)) {
        (Some(b"RIFF"), _, Some(b"WEBP")) => return Some(("it is a picture (WebP)", EXPORT)),
        (_, Some(b"ftyp"), Some(b"heic" | b"heix" | b"mif1" | b"avif")) => {
            return Some(("it is a picture (HEIC)", EXPORT));
        }
        _ => {}
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(("it is an archive (tar)", UNPACK));
    }
    marked_up(head)
}

/// Text in a language of its own, in whatever encoding of two bytes or one.
fn marked_up(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let plain: Vec<u8> = head.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&plain).to_lowercase();
    let text = text.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if begins(&["<?xml", "<!--", "<workbook", "<office:document"]) || begins(&["<!doctype"]) {
        return Some(if has(&["<html", "<!doctype html"]) {
            ("it is a web page (HTML), whatever its name says", RESAVE)
        } else if has(&["urn:schemas-microsoft-com:office:spreadsheet", "excel.sheet"]) {
            ("it is a spreadsheet in the XML of Excel 2003", RESAVE)
        } else if has(&["opendocument"]) {
            ("it is a flat OpenDocument file (.fods)", RESAVE)
        } else {
            ("it is XML", EXPORT)
        });
    }
    if begins(&["<html", "<head", "<meta", "<body", "<table", "<style"]) {
        return Some(("it is a web page (HTML), whatever its name says", RESAVE));
    }
    if begins(&["mime-version:"]) && has(&["multipart/related", "text/html"]) {
        return Some(("it is a web page (MHTML), whatever its name says", RESAVE));
    }
    if begins(&["begin:vcard"]) {
        let cure = "open it in an address book and export the contacts as CSV";
        return Some(("it is address cards (vCard)", cure));
    }
    if begins(&["begin:vcalendar"]) {
        return Some(("it is a calendar (iCalendar)", EXPORT));
    }
    if begins(&["dn:"]) || begins(&["version: 1"]) && has(&["\ndn:"]) {
        return Some(("it is a directory (LDIF)", "export the people from the directory as CSV"));
    }
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    let json = matches!(
        (signs.next(), signs.next(), signs.next()),
        (Some('{'), Some('"'), _) | (Some('['), Some('{'), Some('"' | '}'))
    );
    if json && has(&["docs.google.com"]) {
        let cure = "open it in Google Sheets and choose File > Download > Microsoft Excel";
        return Some(("it is a link to a Google sheet, not the sheet", cure));
    }
    json.then_some(("it is JSON", "write the list of people in it as CSV"))
}

/// What a zip archive is: a workbook, a document, or an archive.
fn in_zip(origin: &Origin, head: &[u8], limits: &Limits) -> Result<Kind> {
    let Some(mut archive) = archive::open(origin, limits)? else {
        // The first member of a cut archive still tells what it was.
        let text = String::from_utf8_lossy(head);
        if ["[Content_Types].xml", "_rels/", "xl/", "docProps/"]
            .iter()
            .any(|part| text.contains(part))
        {
            return Ok(Kind::Xlsx);
        }
        return Err(refuse(
            origin,
            "it is a zip archive that is damaged or cut off",
            "download it again, or ask for it again",
        ));
    };
    let names: Vec<String> =
        archive.file_names().flatten().map(|name| name.replace('\\', "/").to_lowercase()).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    let below = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    if has("mimetype") {
        let mut kind = String::new();
        if let Ok(member) = archive.by_name("mimetype") {
            // One that cannot be read names nothing.
            let _ = member.take(200).read_to_string(&mut kind);
        }
        let kind = kind.trim().strip_prefix("application/").unwrap_or_default();
        return match kind.strip_prefix("vnd.oasis.opendocument.") {
            Some("spreadsheet" | "spreadsheet-template") => Ok(Kind::Ods),
            Some(other) => {
                let why = format!("it is another kind of OpenDocument file ({other:?})");
                Err(refuse(origin, why, EXPORT))
            }
            None if kind == "vnd.sun.xml.calc" => {
                Err(refuse(origin, "it is a spreadsheet of OpenOffice 1 (.sxc)", RESAVE))
            }
            None if kind == "epub+zip" => Err(refuse(origin, "it is a book (EPUB)", EXPORT)),
            None => Ok(Kind::Zip),
        };
    }
    if has("xl/workbook.xml") {
        return Ok(Kind::Xlsx);
    }
    if names.iter().any(|name| has_ending(name, "bin") && name.starts_with("xl/workbook")) {
        return Ok(Kind::Xlsb);
    }
    if below("xl/") {
        return Ok(Kind::Xlsx);
    }
    if below("word/") {
        return Err(refuse(origin, "it is a text document of Word", EXPORT));
    }
    if below("ppt/") {
        return Err(refuse(origin, "it is a presentation of PowerPoint", EXPORT));
    }
    if below("index/tables/") {
        return Err(refuse(origin, "it is a spreadsheet of Apple Numbers", NUMBERS));
    }
    if has("index.zip") || names.iter().any(|name| has_ending(name, "iwa")) {
        return Err(refuse(origin, "it is a document of Apple Numbers, Pages or Keynote", NUMBERS));
    }
    if has("content.xml") && has("meta-inf/manifest.xml") {
        return Ok(Kind::Ods);
    }
    Ok(if has("[content_types].xml") { Kind::Xlsx } else { Kind::Zip })
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, found)| found.eq_ignore_ascii_case(ending))
}

/// What a compound file is: an old workbook, a new one behind a password, or a document.
fn in_ole(origin: &Origin) -> Result<Kind> {
    const OTHER: &[(&str, &str, &str)] = &[
        ("EncryptedPackage", "it is protected by a password", PASSWORD),
        ("WordDocument", "it is a text document of Word", EXPORT),
        ("PowerPoint Document", "it is a presentation of PowerPoint", EXPORT),
        ("__properties_version1.0", "it is a message of Outlook", EXPORT),
        ("VisioDocument", "it is a drawing of Visio", EXPORT),
        ("WksSSWorkBook", "it is a spreadsheet of Works", RESAVE),
    ];
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let container = ole::Container::open(file)
        .map_err(|why| refuse(origin, why, "download it again, or ask for it again"))?;
    if container.size("Workbook").or(container.size("Book")).is_some() {
        return Ok(Kind::Xls);
    }
    match OTHER.iter().find(|(stream, ..)| container.has(stream)) {
        Some((_, why, help)) => Err(refuse(origin, *why, help)),
        None => Err(refuse(origin, "it is an old Office file without a workbook in it", EXPORT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_table_has_a_name() {
        let utf16: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (head, part) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "PNG"),
            (b"%PDF-1.7", "PDF"),
            (b"SQLite format 3\0", "SQLite"),
            (b"PAR1\x15\x04", "Parquet"),
            (b"BZh91AY&SY\x08\x01", "bzip2"),
            (b"\n <!DOCTYPE html>\n<html>", "HTML"),
            (b"\xef\xbb\xbf<table border=1>", "HTML"),
            (&utf16, "HTML"),
            (b"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>", "Excel 2003"),
            (b"<?xml version=\"1.0\"?><people/>", "XML"),
            (b"[\n  {\"email\": 1}]", "JSON"),
            (b"{\"url\": \"https://docs.google.com/open?id=1\"}", "Google"),
            (b"BEGIN:VCARD\r\nVERSION:3.0", "vCard"),
            (b"version: 1\n\ndn: cn=Ada", "LDIF"),
            (b"ID;PCALCOOO32\n", "SYLK"),
            (b"TABLE\r\n0,1\r\n", "DIF"),
            (b"TABLE\n0,1\n", "DIF"),
        ] {
            let (what, help) = other(head).unwrap_or_else(|| panic!("{part}"));
            assert!(what.contains(part), "{what} lacks {part}");
            assert!(!help.is_empty());
        }
    }

    #[test]
    fn tables_are_not_taken_for_something_else() {
        for head in [
            &b"ID;Phone;Name\n1;2;3"[..],
            b"[Name],[E-mail]\n",
            b"{name},{email}\n",
            b"<Name>,<Email>\n",
            b"\"[\",x\n",
            b"PK,name\n",
            b"dnr,version\n",
            b"version,dn\n",
            b"GIF89a,PDF\n",
            b"PAR1,PAR2\n",
            b"BZh,MSCF\n",
        ] {
            assert_eq!(other(head), None, "{}", String::from_utf8_lossy(head));
        }
    }
}
