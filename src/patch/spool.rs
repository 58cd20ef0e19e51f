//! Changes that wait in a temporary file, so that memory does not grow with them.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};
use std::path::Path;

use super::{Change, Look, RowChanges};

/// Changes of rows, in order.
#[derive(Debug)]
pub(crate) struct Spool {
    out: BufWriter<File>,
}

impl Spool {
    /// An empty one in a folder; in the system's where none is named.
    ///
    /// # Errors
    /// When there can be no file.
    pub(crate) fn new(folder: Option<&Path>) -> io::Result<Self> {
        let file = match folder {
            Some(folder) => tempfile::tempfile_in(folder)?,
            None => tempfile::tempfile()?,
        };
        Ok(Self { out: BufWriter::new(file) })
    }

    /// Adds the changes of a row.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(crate) fn push(&mut self, changes: &RowChanges) -> io::Result<()> {
        self.number(changes.row)?;
        self.number(u32::try_from(changes.cells.len()).unwrap_or(u32::MAX))?;
        for cell in &changes.cells {
            self.number(cell.column)?;
            let look = cell.look.and_then(|look| Look::ALL.iter().position(|one| *one == look));
            let look = look.and_then(|look| u8::try_from(look + 1).ok()).unwrap_or(0);
            self.out.write_all(&[look, u8::from(cell.alike)])?;
            self.text(cell.text.as_deref())?;
            self.text(cell.note.as_deref())?;
        }
        Ok(())
    }

    fn number(&mut self, number: u32) -> io::Result<()> {
        self.out.write_all(&number.to_le_bytes())
    }

    /// A text by its length, one more than it has; 0 for none.
    fn text(&mut self, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else { return self.number(0) };
        let length = u32::try_from(text.len() + 1).map_err(io::Error::other)?;
        self.number(length)?;
        self.out.write_all(text.as_bytes())
    }

    /// Reads them from the first on.
    ///
    /// # Errors
    /// When they cannot be read again.
    pub(crate) fn read(&mut self) -> io::Result<Changes> {
        self.out.flush()?;
        let mut file = self.out.get_ref().try_clone()?;
        file.rewind()?;
        Ok(Changes { from: BufReader::new(file) })
    }
}

/// Changes as they are read again.
#[derive(Debug)]
pub(crate) struct Changes {
    from: BufReader<File>,
}

impl Changes {
    /// The changes of the next row.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(crate) fn next(&mut self) -> io::Result<Option<RowChanges>> {
        use io::BufRead as _;
        if self.from.fill_buf()?.is_empty() {
            return Ok(None);
        }
        let (row, count) = (self.number()?, self.number()?);
        let cells = (0..count).map(|_| {
            let column = self.number()?;
            let mut bytes = [0; 2];
            self.from.read_exact(&mut bytes)?;
            let [look, alike] = bytes;
            let look = usize::from(look).checked_sub(1).and_then(|at| Look::ALL.get(at)).copied();
            let (text, note) = (self.text()?, self.text()?);
            Ok(Change { column, text, look, note, alike: alike == 1 })
        });
        let cells = cells.collect::<io::Result<_>>()?;
        Ok(Some(RowChanges { row, cells }))
    }

    fn number(&mut self) -> io::Result<u32> {
        let mut bytes = [0; 4];
        self.from.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn text(&mut self) -> io::Result<Option<String>> {
        let Some(length) = self.number()?.checked_sub(1) else { return Ok(None) };
        let mut bytes = vec![0; length as usize];
        self.from.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map(Some).map_err(io::Error::other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_come_back_as_they_went_in() {
        let mut spool = Spool::new(None).unwrap();
        let rows: Vec<RowChanges> = (1..100)
            .map(|row| RowChanges {
                row,
                cells: (0..row % 4)
                    .map(|column| Change {
                        column,
                        text: (column == 1).then(|| "ä".repeat(row as usize)),
                        look: Look::ALL.get(column as usize).copied(),
                        note: (column == 2).then(String::new),
                        alike: column == 0,
                    })
                    .collect(),
            })
            .collect();
        for row in &rows {
            spool.push(row).unwrap();
        }
        for _ in 0..2 {
            let mut changes = spool.read().unwrap();
            let again = std::iter::from_fn(|| changes.next().unwrap());
            assert!(again.eq(rows.iter().cloned()));
        }
    }
}
