//! UTF-32: found, and rewritten once as UTF-8, because the decoder of all other encodings, which
//! follows the web's list, does not have it.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};

use super::{Options, Origin};
use crate::error::Result;

/// In which order the four bytes of a character stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    /// The lowest byte first.
    Little,
    /// The highest byte first.
    Big,
}

impl Wide {
    /// The name of the encoding.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Little => "UTF-32LE",
            Self::Big => "UTF-32BE",
        }
    }
}

/// Whether a text is UTF-32, and why: by what the user says, by its mark, or by the zeros that all
/// but the rarest letters have in the higher two of their four bytes.
pub(super) fn find(head: &[u8], options: &Options) -> Option<(Wide, &'static str)> {
    let marked = if head.starts_with(&[0xff, 0xfe, 0, 0]) {
        Some(Wide::Little)
    } else if head.starts_with(&[0, 0, 0xfe, 0xff]) {
        Some(Wide::Big)
    } else {
        None
    };
    if let Some(label) = &options.encoding {
        let label = label.trim().to_lowercase().replace(['_', '-'], "");
        let named = match label.as_str() {
            "utf32le" => Wide::Little,
            "utf32be" => Wide::Big,
            "utf32" => marked.unwrap_or(Wide::Little),
            _ => return None,
        };
        return Some((named, "named by --encoding"));
    }
    if let Some(wide) = marked {
        return Some((wide, "byte-order mark"));
    }
    let letters = head.chunks_exact(4);
    let all = letters.len();
    let zeros = |first: usize| {
        letters.clone().filter(|four| four.get(first..first + 2) == Some(&[0, 0][..])).count()
    };
    if all < 4 {
        None
    } else if zeros(2) == all && zeros(0) == 0 {
        Some((Wide::Little, "two of every four bytes are zero"))
    } else if zeros(0) == all && zeros(2) == 0 {
        Some((Wide::Big, "two of every four bytes are zero"))
    } else {
        None
    }
}

/// Rewrites the text as UTF-8 in a temporary file. What is no character becomes a byte that is no
/// UTF-8, so that its cell is marked as damaged.
pub(super) fn rewrite(origin: Origin, wide: Wide) -> Result<Origin> {
    let io = |source| origin.io(source);
    let mut file = File::open(origin.file()).map_err(io)?;
    let spool = tempfile::NamedTempFile::new().map_err(io)?;
    let mut out = BufWriter::new(spool.as_file());
    let mut buffer = vec![0; 64 * 1024];
    let mut kept = 0;
    let mut first = true;
    loop {
        let read = file.read(buffer.get_mut(kept..).unwrap_or_default()).map_err(io)?;
        let bytes = buffer.get(..kept + read).unwrap_or_default();
        let fours = bytes.chunks_exact(4);
        let rest = fours.remainder().to_vec();
        for four in fours {
            let code = four.try_into().map_or(u32::MAX, |four| match wide {
                Wide::Little => u32::from_le_bytes(four),
                Wide::Big => u32::from_be_bytes(four),
            });
            let is_mark = std::mem::take(&mut first) && code == 0xfeff;
            match char::from_u32(code) {
                _ if is_mark => Ok(()),
                Some(c) => out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes()),
                None => out.write_all(&[0xff]),
            }
            .map_err(io)?;
        }
        kept = rest.len();
        if read == 0 {
            if kept > 0 {
                out.write_all(&[0xff]).map_err(io)?;
            }
            out.flush().map_err(io)?;
            break;
        }
        if let Some(front) = buffer.get_mut(..kept) {
            front.copy_from_slice(&rest);
        }
    }
    drop(out);
    Ok(Origin { path: origin.path, index: origin.index, spool: Some(spool.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(text: &str, wide: Wide) -> Vec<u8> {
        let bytes = |c: char| match wide {
            Wide::Little => u32::from(c).to_le_bytes(),
            Wide::Big => u32::from(c).to_be_bytes(),
        };
        text.chars().flat_map(bytes).collect()
    }

    #[test]
    fn it_is_found_and_rewritten() {
        let text = "name,email\nZoë 李,a@b.org\n";
        for wide in [Wide::Little, Wide::Big] {
            for mark in ["", "\u{feff}"] {
                let bytes = encode(&format!("{mark}{text}"), wide);
                assert_eq!(find(&bytes, &Options::default()).unwrap().0, wide);
                let mut spool = tempfile::NamedTempFile::new().unwrap();
                spool.write_all(&bytes).unwrap();
                let origin = Origin { path: "x.csv".into(), index: 0, spool: Some(spool.into()) };
                let plain = rewrite(origin, wide).unwrap();
                assert_eq!(std::fs::read_to_string(plain.file()).unwrap(), text);
            }
        }
        for other in [&b"name,email\n"[..], b"n\0a\0m\0e\0,\0e\0m\0a\0i\0l\0\n\0", b""] {
            assert_eq!(find(other, &Options::default()), None);
        }
    }
}
