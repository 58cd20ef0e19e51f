//! Texts that few cells or rows have beside what they hold.

/// Numbers as they are stored, where the text of their cells is another one, or what is kept of rows. They
/// lie end to end, as the texts do: a sheet of postcodes has one in every row.
#[derive(Clone, Debug, Default)]
pub(super) struct Stored {
    text: String,
    /// Index of each cell (or row) and the end of its number in `text`, in order.
    cells: Vec<(u32, u32)>,
}

impl Stored {
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(super) fn push(&mut self, index: usize, text: &str) {
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.cells.push((u32::try_from(index).unwrap_or(u32::MAX), end));
    }

    pub(super) fn get(&self, cell: u32) -> Option<&str> {
        let place = self.cells.binary_search_by_key(&cell, |(at, _)| *at).ok()?;
        let before = place.checked_sub(1).and_then(|before| self.cells.get(before));
        let start = before.map_or(0, |&(_, end)| end as usize);
        self.text.get(start..self.cells.get(place)?.1 as usize)
    }
}
