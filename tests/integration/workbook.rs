//! Workbooks, made from rows: a zip archive of five stored parts, nothing compressed.

use std::fmt::Write as _;

const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="People" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    ),
];

/// The XML of a sheet that holds the records of a CSV as text.
pub(crate) fn sheet_xml(csv: &str) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet \
         xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
    );
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv.as_bytes());
    for (row, record) in (1..).zip(reader.records()) {
        write!(xml, "<row r=\"{row}\">").unwrap();
        for (letter, cell) in ('A'..='Z').zip(&record.unwrap()) {
            if cell.is_empty() {
                continue;
            }
            let text = cell.replace('&', "&amp;").replace('<', "&lt;");
            write!(
                xml,
                "<c r=\"{letter}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
            )
            .unwrap();
        }
        xml.push_str("</row>");
    }
    xml.push_str("</sheetData></worksheet>");
    xml
}

/// A workbook of one sheet with this XML.
pub(crate) fn workbook(sheet: &str) -> Vec<u8> {
    workbook_of(sheet, &[])
}

/// A workbook of one sheet with this XML, and with properties of its own in front of the sheets.
pub(crate) fn workbook_with(properties: &str, sheet: &str) -> Vec<u8> {
    let name = "xl/workbook.xml";
    let (_, usual) = PARTS.into_iter().find(|(part, _)| *part == name).unwrap();
    let own = usual.replace("<sheets>", &format!("{properties}<sheets>"));
    workbook_of(sheet, &[(name, &own)])
}

/// A workbook of one sheet with this XML, and with other parts beside the usual ones or in their
/// place.
pub(crate) fn workbook_of(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut directory = Vec::new();
    let usual = PARTS.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    let parts = usual.chain([("xl/worksheets/sheet1.xml", sheet)]).chain(more.iter().copied());
    let mut count = 0_u16;
    for (name, text) in parts {
        count += 1;
        let start = u32::try_from(archive.len()).unwrap();
        let size = u32::try_from(text.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        // Version, flags, method 0 (stored), a time, checksum, sizes, lengths of name and extra.
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
        head.extend(crc32(text.as_bytes()).to_le_bytes());
        head.extend(size);
        head.extend(size);
        head.extend(length);
        head.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&head);
        archive.extend(name.as_bytes());
        archive.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(head);
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = u32::try_from(archive.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend(count.to_le_bytes());
    archive.extend(count.to_le_bytes());
    archive.extend(size);
    archive.extend(start);
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256_u32)
        .map(|byte| {
            (0..8).fold(byte, |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
        })
        .collect();
    let step = |crc: u32, byte: &u8| crc >> 8 ^ table[usize::from(crc.to_le_bytes()[0] ^ byte)];
    !bytes.iter().fold(u32::MAX, step)
}
