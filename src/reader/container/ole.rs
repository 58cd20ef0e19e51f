//! OLE2 compound files, the container of the old Office formats: which streams there are at the top,
//! and the bytes of one of them.
//!
//! Every chain of sectors is walked with a bound, because in a damaged or hostile file it may lead
//! anywhere, or round in a circle.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};

use super::records::{u16_at, u32_at};

/// The first bytes of every compound file.
pub(in crate::reader) const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Numbers from here on are marks, not sectors.
const MARKS: u32 = 0xffff_fffa;
/// Bytes of one entry of the directory.
const ENTRY: usize = 128;
/// Entries of a directory; a workbook full of macros has some hundreds.
const MOST_ENTRIES: usize = 100_000;
/// Streams smaller than this lie in the small sectors.
const SMALL: u64 = 4096;

/// Why a container cannot be read, in words that go on from the file's name.
pub(in crate::reader) type Broken = &'static str;

const CUT_OFF: Broken = "its container is damaged or cut off";

/// A stream or folder of the container.
#[derive(Clone, Debug, Default)]
struct Entry {
    name: String,
    /// 1 folder, 2 stream, 5 the root.
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

/// An opened container.
pub(in crate::reader) struct Container {
    file: File,
    sectors: u32,
    shift: u32,
    fat: Vec<u32>,
    minifat: Vec<u32>,
    root: Entry,
    top: Vec<Entry>,
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + use<'_> {
    bytes.chunks_exact(4).map(|four| u32_at(four, 0))
}

impl Container {
    /// Reads the tables of the container and its directory.
    ///
    /// # Errors
    /// When it is damaged.
    pub(in crate::reader) fn open(mut file: File) -> Result<Self, Broken> {
        let mut header = [0; 512];
        file.read_exact(&mut header).map_err(|_| CUT_OFF)?;
        let shift = u32::from(u16_at(&header, 30));
        if !header.starts_with(MAGIC) || !matches!(shift, 9 | 12) {
            return Err(CUT_OFF);
        }
        let length = file.metadata().map_err(|_| CUT_OFF)?.len();
        let sectors = u32::try_from(length >> shift).unwrap_or(MARKS).min(MARKS);
        let none = Vec::new();
        let mut container = Self {
            file,
            sectors,
            shift,
            fat: none.clone(),
            minifat: none,
            root: Entry::default(),
            top: Vec::new(),
        };
        let tables = container.tables(&header)?;
        for sector in tables {
            let bytes = container.sector(sector)?;
            container.fat.extend(numbers(&bytes));
        }
        let entries = container.directory(u32_at(&header, 48))?;
        container.root = entries.first().cloned().ok_or(CUT_OFF)?;
        container.top = top(&entries);
        if u32_at(&header, 64) > 0 {
            let start = u32_at(&header, 60);
            let bytes = container.chain(start, u64::MAX)?;
            container.minifat = numbers(&bytes).collect();
        }
        Ok(container)
    }

    /// The sectors of the table of sectors: 109 in the header, the others in a chain of their own.
    fn tables(&mut self, header: &[u8]) -> Result<Vec<u32>, Broken> {
        let mut tables: Vec<u32> =
            numbers(header.get(76..).unwrap_or_default()).filter(|&id| id < MARKS).collect();
        let mut next = u32_at(header, 68);
        let mut steps = 0;
        while next < MARKS {
            steps += 1;
            if steps > self.sectors {
                return Err(CUT_OFF);
            }
            let bytes = self.sector(next)?;
            let mut ids: Vec<u32> = numbers(&bytes).collect();
            next = ids.pop().unwrap_or(MARKS);
            tables.extend(ids.into_iter().filter(|&id| id < MARKS));
            if tables.len() > self.sectors as usize {
                return Err(CUT_OFF);
            }
        }
        Ok(tables)
    }

    /// One sector; the last one of a file may be short.
    fn sector(&mut self, id: u32) -> Result<Vec<u8>, Broken> {
        let start = (u64::from(id) + 1) << self.shift;
        self.file.seek(SeekFrom::Start(start)).map_err(|_| CUT_OFF)?;
        let mut bytes = Vec::new();
        let read = (&mut self.file).take(1 << self.shift).read_to_end(&mut bytes);
        match read {
            Ok(1..) => {
                bytes.resize(1 << self.shift, 0);
                Ok(bytes)
            }
            _ => Err(CUT_OFF),
        }
    }

    /// The bytes of a chain of sectors, no more than `most`.
    fn chain(&mut self, start: u32, most: u64) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::new();
        let mut next = start;
        let mut steps = 0;
        while next < MARKS && (bytes.len() as u64) < most {
            steps += 1;
            if steps > self.sectors {
                return Err("its container runs in circles");
            }
            bytes.extend(self.sector(next)?);
            next = self.fat.get(next as usize).copied().ok_or(CUT_OFF)?;
        }
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Ok(bytes)
    }

    fn directory(&mut self, start: u32) -> Result<Vec<Entry>, Broken> {
        let bytes = self.chain(start, (MOST_ENTRIES * ENTRY) as u64)?;
        let long = self.shift == 12;
        Ok(bytes
            .chunks_exact(ENTRY)
            .map(|entry| {
                let letters = usize::from(u16_at(entry, 64)).saturating_sub(2) / 2;
                let units: Vec<u16> =
                    (0..letters.min(31)).map(|letter| u16_at(entry, letter * 2)).collect();
                let high = if long { u64::from(u32_at(entry, 124)) } else { 0 };
                Entry {
                    name: String::from_utf16_lossy(&units),
                    kind: entry.get(66).copied().unwrap_or(0),
                    left: u32_at(entry, 68),
                    right: u32_at(entry, 72),
                    child: u32_at(entry, 76),
                    start: u32_at(entry, 116),
                    size: u64::from(u32_at(entry, 120)) | high << 32,
                }
            })
            .collect())
    }

    /// Whether there is a stream or folder of this name at the top.
    pub(in crate::reader) fn has(&self, name: &str) -> bool {
        self.top.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// How many bytes a stream at the top says it has.
    pub(in crate::reader) fn size(&self, name: &str) -> Option<u64> {
        let found = self.top.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        (found.kind == 2).then_some(found.size)
    }

    /// The bytes of a stream at the top.
    ///
    /// # Errors
    /// When there is none of this name, or the container is damaged.
    pub(in crate::reader) fn stream(&mut self, name: &str) -> Result<Vec<u8>, Broken> {
        let found = self.top.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let found = found.cloned().ok_or(CUT_OFF)?;
        if found.size >= SMALL {
            return self.chain(found.start, found.size);
        }
        // Some writers count the small sectors up to the last byte that is used.
        let whole = self.chain(self.root.start, self.root.size.next_multiple_of(64))?;
        let mut bytes = Vec::new();
        let mut next = found.start;
        while next < MARKS && (bytes.len() as u64) < found.size {
            let start = next as usize * 64;
            bytes.extend_from_slice(whole.get(start..start + 64).ok_or(CUT_OFF)?);
            next = self.minifat.get(next as usize).copied().ok_or(CUT_OFF)?;
        }
        bytes.truncate(usize::try_from(found.size).unwrap_or(usize::MAX));
        Ok(bytes)
    }
}

/// The entries at the top: a tree below the root's child. What lies in folders belongs to embedded
/// documents and macros.
fn top(entries: &[Entry]) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut open = vec![entries.first().map_or(MARKS, |root| root.child)];
    while let Some(id) = open.pop() {
        // A tree that visits more entries than there are runs in circles.
        if found.len() > entries.len() {
            break;
        }
        if let Some(entry) = entries.get(id as usize).filter(|_| id < MARKS) {
            found.push(entry.clone());
            open.extend([entry.left, entry.right]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const FREE: u32 = 0xffff_ffff;
    const END: u32 = 0xffff_fffe;

    fn sector(numbers: &[u32], fill: u32) -> Vec<u8> {
        let filled = numbers.iter().copied().chain(std::iter::repeat(fill)).take(128);
        filled.flat_map(u32::to_le_bytes).collect()
    }

    fn entry(name: &str, kind: u8, child: u32, start: u32, size: u32) -> Vec<u8> {
        let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let length = u16::try_from(entry.len() + 2).unwrap();
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([FREE, FREE, child].into_iter().flat_map(u32::to_le_bytes));
        entry.resize(116, 0);
        entry.extend([start, size, 0].into_iter().flat_map(u32::to_le_bytes));
        entry
    }

    /// A container of sectors: 0 lists the tables, 1 is the table, 2 the directory, 3 on the stream.
    fn container(lists: &[u32], table: &[u32]) -> Result<Vec<u8>, Broken> {
        let mut header = MAGIC.to_vec();
        header.resize(30, 0);
        header.extend(9_u16.to_le_bytes());
        header.resize(48, 0);
        // The directory; small sectors: none; further tables: sector 0.
        let places = [2, 0, 4096, END, 0, 0, 1];
        header.extend(places.into_iter().flat_map(u32::to_le_bytes));
        header.extend(sector(&[], FREE));
        header.truncate(512);
        let root = entry("Root Entry", 5, 1, END, 0);
        let directory = [root, entry("Workbook", 2, FREE, 3, 4096)].concat();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&header).unwrap();
        file.write_all(&sector(lists, FREE)).unwrap();
        file.write_all(&sector(table, FREE)).unwrap();
        file.write_all(&directory).unwrap();
        file.write_all(&vec![0; 512 - directory.len()]).unwrap();
        file.write_all(&(0..4096_u32).map(|byte| byte.to_le_bytes()[0]).collect::<Vec<_>>())
            .unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut container = Container::open(file)?;
        assert_eq!((container.size("workbook"), container.size("Book")), (Some(4096), None));
        container.stream("Workbook")
    }

    #[test]
    fn tables_that_the_header_has_no_room_for_are_found() {
        let mut lists = vec![FREE; 128];
        (lists[0], lists[127]) = (1, END);
        let table = [END, END, END, 4, 5, 6, 7, 8, 9, 10, END];
        let stream = container(&lists, &table).unwrap();
        assert_eq!(stream.len(), 4096);
        assert_eq!(stream[300], 300_u32.to_le_bytes()[0]);
    }

    #[test]
    fn chains_that_lead_nowhere_or_round_are_refused() {
        let mut lists = vec![FREE; 128];
        (lists[0], lists[127]) = (1, END);
        for (table, part) in
            [(&[END, END, END, 4, 5, 500][..], "damaged"), (&[END, END, 2][..], "circles")]
        {
            let why = container(&lists, table).unwrap_err();
            assert!(why.contains(part), "{why} lacks {part}");
        }
        lists[127] = 0;
        assert!(container(&lists, &[]).is_err(), "a list of tables that goes on in itself");
    }
}
