//! Compressed inputs: unpacked once into a temporary file, within bounds, and then looked at anew.

use std::fs::File;
use std::io::{BufRead, BufReader, Chain, Cursor, Error as IoError, ErrorKind, Read, Write as _};

use flate2::bufread::GzDecoder;
use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use tempfile::NamedTempFile;
use zip::result::ZipError;

use super::inflate::{Measured, TooMuch};
use super::kind::{self, Kind};
use super::limits::Limits;
use super::{Origin, archive, too_much};
use crate::error::{Error, Result};
use crate::visible::visible;

/// How many wrappings are taken off.
const DEEPEST: usize = 3;
/// Members of an archive that are looked into for the table, and that a refusal names.
const LOOKED_INTO: usize = 200;
const NAMED: usize = 5;

const AGAIN: &str = "download it again, or ask for it again";

/// Takes the wrappings off a file. Gives back where its content lies, what that is, and in what it
/// was wrapped.
///
/// # Errors
/// When a wrapping is damaged or goes beyond its bounds, and when its content is no table.
pub(in crate::reader) fn unpack(
    mut origin: Origin,
    limits: &Limits,
) -> Result<(Origin, Kind, Option<String>)> {
    let mut layers: Vec<String> = Vec::new();
    loop {
        let kind = kind::of(&origin, limits).map_err(|error| inside(error, &layers))?;
        if !matches!(kind, Kind::Gzip | Kind::Zstd | Kind::Zip) {
            let unpacked = (!layers.is_empty()).then(|| layers.join(", then "));
            return Ok((origin, kind, unpacked));
        }
        if layers.len() == DEEPEST {
            let why = format!("it is packed more than {DEEPEST} times over");
            return Err(refuse(&origin, why, "unpack it, and give the table in it"));
        }
        let (content, layer) = match kind {
            Kind::Gzip => (gzip(&origin, limits)?, "gzip".to_owned()),
            Kind::Zstd => (zstd(&origin, limits)?, "zstd".to_owned()),
            _ => zip(&origin, limits)?,
        };
        layers.push(layer);
        origin = Origin { path: origin.path, index: origin.index, spool: Some(content.into()) };
    }
}

/// An error about the content of an archive, which says so.
fn inside(error: Error, layers: &[String]) -> Error {
    match error {
        Error::InputFormat { path, why, help } if !layers.is_empty() => {
            let layers = visible(&layers.join(", then "));
            Error::InputFormat { path, why: format!("unpacked from {layers}, {why}"), help }
        }
        other => other,
    }
}

fn refuse(origin: &Origin, why: impl Into<String>, help: impl Into<String>) -> Error {
    Error::InputFormat { path: origin.path.clone(), why: why.into(), help: help.into() }
}

/// Writes what comes out of a decoder into a temporary file.
fn spool(origin: &Origin, mut from: impl Read, what: &str) -> Result<NamedTempFile> {
    let mut to = NamedTempFile::new().map_err(|source| origin.io(source))?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(undecoded(origin, &error, what)),
        };
        let bytes = buffer.get(..read).unwrap_or_default();
        to.write_all(bytes).map_err(|source| origin.io(source))?;
    }
    to.flush().map_err(|source| origin.io(source))?;
    Ok(to)
}

/// Why a decoder stopped.
fn undecoded(origin: &Origin, error: &IoError, what: &str) -> Error {
    if let Some(much) = TooMuch::behind(error) {
        return too_much(origin, much);
    }
    // How a member is packed is asked when its first byte is.
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>()) {
        return sealed(origin, what, error);
    }
    let window =
        |error: &FrameDecoderError| matches!(error, FrameDecoderError::WindowSizeTooBig { .. });
    let wide = error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(window);
    if wide {
        let why =
            format!("{what} is packed with a window of more than 128 MiB (--long or --ultra)");
        return refuse(origin, why, "unpack it, and give the table in it");
    }
    let how = match error.kind() {
        ErrorKind::UnexpectedEof => "is cut off",
        _ => "is damaged or cut off",
    };
    refuse(origin, format!("{what} {how}"), AGAIN)
}

fn packed(origin: &Origin) -> Result<(BufReader<File>, u64)> {
    let file = File::open(origin.file()).map_err(|source| origin.io(source))?;
    let length = file.metadata().map_err(|source| origin.io(source))?.len();
    Ok((BufReader::with_capacity(64 * 1024, file), length))
}

fn gzip(origin: &Origin, limits: &Limits) -> Result<NamedTempFile> {
    let (file, length) = packed(origin)?;
    let members = Members { open: Some(GzDecoder::new(file)) };
    spool(origin, Measured::unpacked(members, length, limits), "its gzip stream")
}

/// The members of a gzip file, one behind the other: `cat a.gz b.gz` is a gzip file.
struct Members<R> {
    open: Option<GzDecoder<R>>,
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while let Some(open) = &mut self.open {
            let read = open.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.open.take().map(GzDecoder::into_inner) else { break };
            // Tapes and some programs fill the last block with zeros.
            skip_zeros(&mut rest)?;
            match rest.fill_buf()? {
                [] => break,
                [0x1f, ..] => self.open = Some(GzDecoder::new(rest)),
                _ => return Err(IoError::new(ErrorKind::InvalidData, "other bytes behind gzip")),
            }
        }
        Ok(0)
    }
}

fn skip_zeros(from: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let bytes = from.fill_buf()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let all = zeros == bytes.len();
        from.consume(zeros);
        if !all || zeros == 0 {
            return Ok(());
        }
    }
}

fn zstd(origin: &Origin, limits: &Limits) -> Result<NamedTempFile> {
    let (file, length) = packed(origin)?;
    let frames = Frames { between: Some(file), open: None };
    spool(origin, Measured::unpacked(frames, length, limits), "its zstd stream")
}

/// The frames of a zstd file, one behind the other, without those that are to be skipped.
struct Frames<R: Read> {
    between: Option<R>,
    open: Option<StreamingDecoder<Magic<R>, FrameDecoder>>,
}

/// A reader whose first four bytes were looked at.
type Magic<R> = Chain<Cursor<[u8; 4]>, R>;

impl<R: BufRead> Frames<R> {
    /// Opens the next frame; nothing happens behind the last one.
    fn next(&mut self) -> std::io::Result<()> {
        let Some(mut rest) = self.between.take() else { return Ok(()) };
        while !rest.fill_buf()?.is_empty() {
            let mut magic = [0; 4];
            rest.read_exact(&mut magic)?;
            if !matches!(magic, [0x50..=0x5f, 0x2a, 0x4d, 0x18]) {
                let frame = StreamingDecoder::new(Cursor::new(magic).chain(rest));
                self.open = Some(frame.map_err(IoError::other)?);
                break;
            }
            let mut length = [0; 4];
            rest.read_exact(&mut length)?;
            let length = u64::from(u32::from_le_bytes(length));
            std::io::copy(&mut (&mut rest).take(length), &mut std::io::sink())?;
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let Some(open) = &mut self.open else {
                self.next()?;
                if self.open.is_none() {
                    return Ok(0);
                }
                continue;
            };
            let read = open.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some((rest, decoder)) = self.open.take().map(StreamingDecoder::into_parts) else {
                return Ok(0);
            };
            // The decoder computes the checksum and leaves it to us to hold it against the file's.
            let said = decoder.get_checksum_from_data();
            if said.is_some() && said != decoder.get_calculated_checksum() {
                return Err(IoError::new(ErrorKind::InvalidData, "the checksum differs"));
            }
            self.between = Some(rest.into_inner().1);
        }
    }
}

/// The only table in an archive, and how to speak of it.
fn zip(origin: &Origin, limits: &Limits) -> Result<(NamedTempFile, String)> {
    let Some(mut archive) = archive::open(origin, limits)? else {
        return Err(refuse(origin, "its zip archive is damaged or cut off", AGAIN));
    };
    let mut tables: Vec<(usize, String)> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for index in 0..archive.len() {
        let Ok(member) = archive.by_index_raw(index) else { continue };
        let name = String::from_utf8_lossy(member.name_raw()).into_owned();
        let name = member.name().map_or(name, std::borrow::Cow::into_owned);
        if member.is_dir() || member.size() == 0 || is_by_product(&name) {
            continue;
        }
        drop(member);
        let mut head = Vec::new();
        if tables.len() + others.len() < LOOKED_INTO
            && let Ok(member) = archive.by_index(index)
        {
            // One that cannot be read is told when it is the one that is wanted.
            let _ = member.take(512).read_to_end(&mut head);
        }
        match kind::other(&head) {
            Some((what, _)) => {
                let what = what.trim_start_matches("it is ");
                others.push(format!("{} ({what})", visible(&name)));
            }
            None => tables.push((index, name)),
        }
    }
    match tables.as_slice() {
        [] if others.is_empty() => Err(Error::InputEmpty {
            path: origin.path.clone(),
            what: "its zip archive holds no file",
        }),
        [] => Err(refuse(
            origin,
            format!("its zip archive holds no table: {}", listed(&others)),
            "export the table as XLSX, or as CSV in UTF-8",
        )),
        [(index, name)] => {
            let what = format!("the member {:?} of its zip archive", visible(name));
            let member = archive.by_index(*index).map_err(|error| sealed(origin, &what, &error))?;
            let length = member.compressed_size();
            let content = spool(origin, Measured::unpacked(member, length, limits), &what)?;
            Ok((content, format!("zip, member {name}")))
        }
        tables => {
            let names: Vec<String> = tables.iter().map(|(_, name)| visible(name)).collect();
            let why = format!("its zip archive holds {} tables: {}", tables.len(), listed(&names));
            Err(refuse(
                origin,
                why,
                "unpack it, and give the table you mean; several may be given, one behind the other",
            ))
        }
    }
}

/// Why a member cannot be unpacked.
fn sealed(origin: &Origin, what: &str, error: &ZipError) -> Error {
    let why = archive::trouble(error);
    let cure = match why.as_str() {
        why if why.contains("password") => "unpack it with the password, and give the table in it",
        why if why.contains("method") => "unpack it, and give the table in it",
        _ => AGAIN,
    };
    refuse(origin, format!("{what} {why}"), cure)
}

/// Names for a message: the first few, and how many more there are.
fn listed(names: &[String]) -> String {
    let list = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

/// What systems put into archives on their own.
fn is_by_product(name: &str) -> bool {
    let path = name.replace('\\', "/");
    let file = path.rsplit('/').next().unwrap_or_default();
    path.ends_with('/')
        || path.split('/').any(|part| part == "__MACOSX")
        || file.starts_with("._")
        || ["", ".DS_Store", "Thumbs.db", "desktop.ini"]
            .iter()
            .any(|by| file.eq_ignore_ascii_case(by))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn gunzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Members { open: Some(GzDecoder::new(bytes)) }.read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn gzip_files_are_read_to_their_last_member() {
        let two = [gz(b"a,b\n"), gz(b""), gz(b"1,2\n")].concat();
        assert_eq!(gunzip(&two).unwrap(), b"a,b\n1,2\n");
        assert_eq!(gunzip(&[two.clone(), vec![0; 512]].concat()).unwrap(), b"a,b\n1,2\n");
        assert!(gunzip(&[two.clone(), b"and more".to_vec()].concat()).is_err());
        let cut = &two[..two.len() - 5];
        assert_eq!(gunzip(cut).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        let mut wrong = gz(b"a,b\n1,2\n");
        let crc = wrong.len() - 8;
        wrong[crc] ^= 1;
        assert!(gunzip(&wrong).is_err());
    }

    /// A frame of one stored block, with a checksum or without.
    fn frame(bytes: &[u8], checksum: Option<[u8; 4]>) -> Vec<u8> {
        let length = u32::try_from(bytes.len()).unwrap();
        let mut out = b"\x28\xb5\x2f\xfd".to_vec();
        out.push(if checksum.is_some() { 0xa4 } else { 0xa0 });
        out.extend(length.to_le_bytes());
        out.extend((length << 3 | 1).to_le_bytes().get(..3).unwrap());
        out.extend(bytes);
        out.extend(checksum.into_iter().flatten());
        out
    }

    fn unzstd(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Frames { between: Some(bytes), open: None }.read_to_end(&mut out).map(|_| out)
    }

    #[test]
    fn zstd_files_are_read_to_their_last_frame() {
        let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc";
        let two = [skipped, &frame(b"a,b\n", None)[..], skipped, &frame(b"1,2\n", None)].concat();
        assert_eq!(unzstd(&two).unwrap(), b"a,b\n1,2\n");
        assert!(unzstd(&two[..two.len() - 1]).is_err());
        assert!(unzstd(&frame(b"a,b\n", Some([0; 4]))).is_err(), "a wrong checksum");
        assert!(unzstd(&[&two[..], b"and more"].concat()).is_err());
    }

    #[test]
    fn what_systems_add_is_no_table() {
        for name in ["__MACOSX/._people.csv", "a/.DS_Store", "Thumbs.db", "folder/", "a\\._b.csv"] {
            assert!(is_by_product(name), "{name}");
        }
        for name in ["people.csv", "a/people.csv", "MACOSX.csv"] {
            assert!(!is_by_product(name), "{name}");
        }
    }
}
