//! The names that people, Python, iconv and browsers have for encodings.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Codec, Coding};
use crate::reader::text::codec::PAGES;

/// Names that the web's list lacks, without their punctuation, and what they are there.
const WEB: &[(&str, &str)] = &[
    ("utf8sig", "utf-8"),
    ("utf8bom", "utf-8"),
    ("u8", "utf-8"),
    ("65001", "utf-8"),
    ("ucs2", "utf-16le"),
    ("ucs2le", "utf-16le"),
    ("ucs2be", "utf-16be"),
    ("1200", "utf-16le"),
    ("1201", "utf-16be"),
    ("ansi", "windows-1252"),
    ("latin", "windows-1252"),
    ("roman", "macintosh"),
    ("macroman", "macintosh"),
    ("mac", "macintosh"),
    ("10000", "macintosh"),
    ("maccyrillic", "x-mac-cyrillic"),
    ("macukrainian", "x-mac-cyrillic"),
    ("10007", "x-mac-cyrillic"),
    ("866", "ibm866"),
    ("20866", "koi8-r"),
    ("21866", "koi8-u"),
    ("932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("mskanji", "shift_jis"),
    ("sjis", "shift_jis"),
    ("eucjp", "euc-jp"),
    ("ujis", "euc-jp"),
    ("949", "euc-kr"),
    ("ms949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("51949", "euc-kr"),
    ("euckr", "euc-kr"),
    ("936", "gbk"),
    ("ms936", "gbk"),
    ("euccn", "gbk"),
    ("54936", "gb18030"),
    ("950", "big5"),
    ("ms950", "big5"),
    ("big5hkscs", "big5"),
    ("tis620", "windows-874"),
    ("thai", "windows-874"),
    ("cyrillic", "iso-8859-5"),
    ("iso2022jp", "iso-2022-jp"),
];

/// Names of encodings that we decode ourselves; those of the code pages hold their numbers.
const OWN: &[(&str, Codec)] = &[
    ("utf32le", Codec::Utf32Le),
    ("ucs4le", Codec::Utf32Le),
    ("utf32be", Codec::Utf32Be),
    ("ucs4be", Codec::Utf32Be),
    ("ucs4", Codec::Utf32Be),
    ("utf7", Codec::Utf7),
    ("unicode11utf7", Codec::Utf7),
    ("johab", Codec::Johab),
    ("cp1361", Codec::Johab),
    ("ms1361", Codec::Johab),
    ("1361", Codec::Johab),
    ("iso2022kr", Codec::Iso2022Kr),
    ("csiso2022kr", Codec::Iso2022Kr),
    ("hz", Codec::Hz),
    ("hzgb", Codec::Hz),
    ("hzgb2312", Codec::Hz),
];

/// Names of code pages of our own that do not hold their numbers.
const PAGE: &[(&str, &str)] = &[
    ("macce", "x-mac-ce"),
    ("maclatin2", "x-mac-ce"),
    ("maccentraleurope", "x-mac-ce"),
    ("maccentraleuropean", "x-mac-ce"),
    ("10029", "x-mac-ce"),
    ("macgreek", "x-mac-greek"),
    ("10006", "x-mac-greek"),
    ("macturkish", "x-mac-turkish"),
    ("10081", "x-mac-turkish"),
    ("maccroatian", "x-mac-croatian"),
    ("10082", "x-mac-croatian"),
    ("maciceland", "x-mac-icelandic"),
    ("macicelandic", "x-mac-icelandic"),
    ("10079", "x-mac-icelandic"),
    ("macromanian", "x-mac-romanian"),
    ("macromania", "x-mac-romanian"),
    ("10010", "x-mac-romanian"),
    ("roman8", "hp-roman8"),
    ("hproman8", "hp-roman8"),
    ("kz1048", "KZ-1048"),
    ("rk1048", "KZ-1048"),
    ("ebcdic", "IBM037"),
    ("ebcdiccpus", "IBM037"),
    ("ebcdicint", "IBM500"),
    ("dos", "IBM850"),
    ("oem", "IBM850"),
];

/// The encoding of a name. Where the name leaves the order of bytes open, the mark decides.
pub(super) fn coding(label: &str, head: &[u8]) -> Option<Coding> {
    let label = label.trim().to_lowercase();
    let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    match plain.as_str() {
        "utf16" | "utf16n" => {
            let marked = Encoding::for_bom(head).map(|(found, _)| found);
            let wide = marked.filter(|found| *found != UTF_8);
            return Some(Coding::Web(
                wide.or_else(|| super::wide::utf16(head)).unwrap_or(UTF_16LE),
            ));
        }
        "utf32" => {
            let found = super::wide::utf32(head).map_or(Codec::Utf32Le, |(codec, _)| codec);
            return Some(Coding::Own(found));
        }
        "utf16le" => return Some(Coding::Web(UTF_16LE)),
        "utf16be" => return Some(Coding::Web(UTF_16BE)),
        _ => {}
    }
    if let Some((_, codec)) = OWN.iter().find(|(name, _)| *name == plain) {
        return Some(Coding::Own(*codec));
    }
    // `cp850`, `ibm850`, `dos-850`, `x-mac-greek`: what stands before the number or name is custom.
    let bare = [
        "windows",
        "cswindows",
        "cspc",
        "xcp",
        "cp",
        "csibm",
        "ibm",
        "dos",
        "oem",
        "win",
        "ms",
        "x",
    ]
    .iter()
    .find_map(|prefix| plain.strip_prefix(prefix).filter(|bare| !bare.is_empty()))
    .unwrap_or(&plain);
    let page = |wanted: &str| {
        PAGES.iter().find(|page| page.name == wanted).map(|page| Coding::Own(Codec::Page(page)))
    };
    let spellings = [plain.as_str(), bare];
    let of = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(name, _)| spellings.contains(name));
        found.map(|(_, known)| *known)
    };
    if let Some(found) = of(PAGE).and_then(page) {
        return Some(found);
    }
    let number = format!("IBM{:0>3}", bare.trim_start_matches('0'));
    if let Some(found) = bare.parse::<u16>().ok().and_then(|_| page(&number)) {
        return Some(found);
    }
    if let Some(known) = of(WEB) {
        return Encoding::for_label(known.as_bytes()).map(Coding::Web);
    }
    let windows =
        bare.parse::<u16>().ok().filter(|page| (1250..=1258).contains(page) || *page == 874);
    let hyphens = windows.map(|page| format!("windows-{page}"));
    let iso = plain.strip_prefix("iso8859").or_else(|| plain.strip_prefix("8859"));
    let iso = iso.map(|part| format!("iso-8859-{part}"));
    [Some(label.clone()), Some(label.replace('_', "-")), hyphens, iso, Some(plain.clone())]
        .into_iter()
        .flatten()
        .find_map(|name| Encoding::for_label(name.as_bytes()))
        .map(Coding::Web)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_name_is_known() {
        for (label, name) in [
            ("cp1252", "windows-1252"),
            ("Latin-1", "windows-1252"),
            ("ISO8859-15", "ISO-8859-15"),
            ("cp932", "Shift_JIS"),
            ("MS949", "EUC-KR"),
            ("CP850", "IBM850"),
            ("ibm-437", "IBM437"),
            ("850", "IBM850"),
            ("csIBM866", "IBM866"),
            ("mac_roman", "macintosh"),
            ("x-mac-ce", "x-mac-ce"),
            ("mac_latin2", "x-mac-ce"),
            ("cp037", "IBM037"),
            ("EBCDIC-INT", "IBM500"),
            ("utf_16_le", "UTF-16LE"),
            ("UTF8", "UTF-8"),
            ("cp65001", "UTF-8"),
            ("johab", "Johab"),
            ("HZ-GB-2312", "HZ"),
            ("koi8_r", "KOI8-R"),
            ("Windows-1251", "windows-1251"),
            ("big5-hkscs", "Big5"),
            ("tis-620", "windows-874"),
        ] {
            assert_eq!(coding(label, b"").map(Coding::name), Some(name), "{label}");
        }
        for label in ["", "utf-99", "cp", "windows", "cp9999", "klingon"] {
            assert_eq!(coding(label, b""), None, "{label}");
        }
        assert_eq!(coding("utf-16", b"\xfe\xffa").map(Coding::name), Some("UTF-16BE"));
        assert_eq!(coding("utf-32", b"\0\0\xfe\xff").map(Coding::name), Some("UTF-32BE"));
        for page in PAGES {
            assert_eq!(coding(page.name, b""), Some(Coding::Own(Codec::Page(page))));
        }
    }
}
