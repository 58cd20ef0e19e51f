//! How many digits the numbers of a column have, and what that says of zeros in front of them.

use crate::row::{CellKind, Location};

/// Ids, keys and numbers that are written with zeros in front, all of one length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zeros {
    /// How many digits all of them have.
    pub(super) width: usize,
    /// How many zeros one of them may have lost.
    pub(super) most: usize,
    /// The row and the value that prove it.
    pub(super) row: u32,
    pub(super) value: String,
    /// Whether only number cells can have lost any.
    pub(super) number_cells: bool,
}

/// A row, and the value in it that proves something.
pub(super) type Proof = (Location, String);

/// Numbers of more digits are counted as if they had so many.
const WIDEST: usize = 24;

/// How many digits the numbers of a column have.
#[derive(Clone, Debug, Default)]
pub(super) struct Widths {
    /// Numbers without a zero in front, by how many digits they have.
    plain: [u64; WIDEST],
    /// Those of them that are text although the column has number cells.
    text: [u64; WIDEST],
    /// Numbers with a zero in front, the first of each length, and how many there are.
    zeros: [Option<Proof>; WIDEST],
    zero_led: [u64; WIDEST],
}

impl Widths {
    /// Counts a number.
    pub(super) fn see(&mut self, at: Location, digits: &str, kind: CellKind) {
        let width = digits.len().min(WIDEST - 1);
        let is_zero_led = digits.starts_with('0') && digits.len() > 1;
        let count = if is_zero_led { &mut self.zero_led } else { &mut self.plain };
        bump(count, width);
        if is_zero_led {
            if let Some(place) = self.zeros.get_mut(width)
                && place.is_none()
            {
                *place = Some((at, digits.to_owned()));
            }
        } else if kind == CellKind::Text {
            bump(&mut self.text, width);
        }
    }

    /// Adds what later rows say.
    pub(super) fn add(&mut self, later: Self) {
        sum(&mut self.plain, later.plain);
        sum(&mut self.text, later.text);
        sum(&mut self.zero_led, later.zero_led);
        for (mine, theirs) in self.zeros.iter_mut().zip(later.zeros) {
            *mine = mine.take().or(theirs);
        }
    }

    fn of(&self, width: usize) -> u64 {
        at(&self.plain, width) + at(&self.zero_led, width)
    }

    fn total(&self) -> u64 {
        self.plain.iter().chain(&self.zero_led).sum()
    }

    /// The length that most of the numbers have, when at least two in three have it.
    pub(super) fn usual(&self) -> Option<usize> {
        let width = (1..WIDEST).max_by_key(|&width| (self.of(width), width))?;
        (self.of(width) * 3 >= self.total() * 2 && self.total() > 0).then_some(width)
    }

    /// Numbers without a zero in front that are up to `most` digits shorter than this.
    pub(super) fn shorter(&self, width: usize, most: usize) -> u64 {
        (1..=most).filter_map(|less| width.checked_sub(less)).map(|it| at(&self.plain, it)).sum()
    }

    /// How many numbers of this length have a zero in front.
    pub(super) fn zero_led(&self, width: usize) -> u64 {
        at(&self.zero_led, width)
    }

    /// Whether at least half of the numbers have this length, and none has more.
    pub(super) fn are_mostly(&self, width: usize) -> bool {
        let longer: u64 = (width + 1..WIDEST).map(|longer| self.of(longer)).sum();
        longer == 0 && self.of(width) * 2 >= self.total()
    }

    /// Whether some numbers are text.
    pub(super) fn has_text(&self) -> bool {
        self.text.iter().any(|&count| count > 0)
    }

    /// The length of numbers that are written with their zeros, and of which some have lost them. In
    /// a text file any shorter number may have; in a workbook only number cells.
    pub(super) fn with_zeros(&self, least: usize, number_cells: bool) -> Option<Zeros> {
        let width = self.usual().filter(|&width| width >= least)?;
        let (row, value) = self.zeros.get(width)?.clone()?;
        let one_length = (1..WIDEST).all(|other| {
            let zeros = other == width || at(&self.zero_led, other) == 0;
            let length = other <= width && other + 2 >= width || self.of(other) == 0;
            let cells = other >= width || !number_cells || at(&self.text, other) == 0;
            zeros && length && cells
        });
        one_length.then_some(Zeros { width, most: 2, row: row.row, value, number_cells })
    }

    /// The same for phone numbers: those in national form begin with a zero, all of one length.
    pub(super) fn with_trunk_zero(&self, number_cells: bool) -> Option<Zeros> {
        let width = (1..WIDEST).max_by_key(|&width| at(&self.zero_led, width))?;
        let (row, value) = self.zeros.get(width)?.clone()?;
        let zero_led = at(&self.zero_led, width);
        let one_length = self.zero_led.iter().sum::<u64>() == zero_led;
        let shorter = at(&self.plain, width.checked_sub(1)?);
        let agrees = at(&self.plain, width) == 0 && zero_led > 1 && zero_led >= shorter;
        (one_length && agrees).then_some(Zeros {
            width,
            most: 1,
            row: row.row,
            value,
            number_cells,
        })
    }
}

fn at(counts: &[u64; WIDEST], width: usize) -> u64 {
    counts.get(width).copied().unwrap_or(0)
}

fn bump(counts: &mut [u64; WIDEST], width: usize) {
    if let Some(count) = counts.get_mut(width) {
        *count += 1;
    }
}

fn sum(mine: &mut [u64; WIDEST], theirs: [u64; WIDEST]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widths(texts: &[&str], numbers: &[&str]) -> Widths {
        let mut widths = Widths::default();
        for (kind, cells) in [(CellKind::Text, texts), (CellKind::Number, numbers)] {
            for (row, cell) in (2..).zip(cells) {
                widths.see(Location { row, ..Location::default() }, cell, kind);
            }
        }
        widths
    }

    #[test]
    fn zeros_are_proven_by_values_of_one_length_that_have_them() {
        for (texts, numbers, proven) in [
            // A text file: any shorter number may have lost some.
            (vec!["01234", "20000", "30000", "40000", "3456", "678"], vec![], Some("01234")),
            // Nothing begins with a zero.
            (vec!["12345", "20000", "30000", "3456"], vec![], None),
            // Another zero-led length, a longer number, a number too short.
            (vec!["01234", "20000", "30000", "0345"], vec![], None),
            (vec!["01234", "20000", "30000", "345678"], vec![], None),
            (vec!["01234", "20000", "30000", "34"], vec![], None),
            // Too many lengths to speak of one.
            (vec!["01234", "2000", "3000", "34567"], vec![], None),
            // A workbook: what is text has lost nothing.
            (vec!["01234", "00345"], vec!["20000", "3456"], Some("01234")),
            (vec!["01234", "00345", "4567"], vec!["20000", "3456"], None),
        ] {
            let zeros = widths(&texts, &numbers).with_zeros(3, !numbers.is_empty());
            assert_eq!(zeros.map(|zeros| zeros.value).as_deref(), proven, "{texts:?} {numbers:?}");
        }
        assert!(widths(&["012", "123", "23"], &[]).with_zeros(4, false).is_none());
    }

    #[test]
    fn phone_numbers_lose_one_zero_where_all_national_ones_begin_with_it() {
        for (numbers, proven) in [
            (vec!["0491570006", "0491570110", "491570156"], true),
            (vec!["0491570006", "0491570110", "491570156", "61491570157"], true),
            // One number alone, most numbers without, another length, the same length without.
            (vec!["0491570006", "491570156"], false),
            (vec!["0491570006", "0491570110", "491570156", "491570157", "491570158"], false),
            (vec!["0491570006", "0491570110", "049157011", "491570156"], false),
            (vec!["0491570006", "0491570110", "2125550123", "491570156"], false),
        ] {
            let zeros = widths(&numbers, &[]).with_trunk_zero(false);
            assert_eq!(zeros.is_some(), proven, "{numbers:?}");
        }
    }

    #[test]
    fn parts_of_a_column_say_together_what_the_whole_says() {
        let all = ["01234", "20000", "3456", "00012", "99999"];
        let whole = widths(&all, &[]);
        for cut in 0..=all.len() {
            let (first, last) = all.split_at(cut);
            let mut sum = widths(first, &[]);
            sum.add(widths(last, &[]));
            assert_eq!((sum.plain, sum.zero_led), (whole.plain, whole.zero_led));
            assert_eq!(sum.usual(), whole.usual());
        }
    }
}
