//! Whether the pages of a target's list have shown everybody: only then is somebody who was not met
//! known to be absent.

use std::collections::BTreeSet;

use super::store::Settled;

/// How far a listing has been read, and whether it can be trusted to have shown everybody.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// The page that was read last.
    pub(super) page: Settled,
    /// How many profiles there are in all, as was said last.
    pub(super) total: Option<u64>,
    /// Prints of the profiles shown so far: a list without an order may show some twice, and others never.
    shown: BTreeSet<u64>,
    /// Whether a profile had a key.
    keyed: bool,
    /// The page that was read last is the one before it once more.
    pub(super) repeats: bool,
    /// People were removed while the pages were read, so that others slipped through.
    shrunk: bool,
}

impl Listing {
    /// Takes the next page in.
    pub(super) fn turn(&mut self, page: Settled) {
        let before = &self.page;
        self.repeats = before.number > 0 && !page.ids.is_empty() && page.ids == before.ids;
        self.shrunk |= page.total.is_some() && page.total < self.total;
        self.total = page.total.or(self.total);
        self.shown.extend(&page.ids);
        self.keyed |= page.keyed;
        self.page = page;
    }

    /// Whether there is nothing behind the last page.
    pub(super) fn is_over(&self) -> bool {
        self.page.last || self.repeats
    }

    /// Why somebody who was not met may be there all the same.
    pub(super) fn gap(&self) -> Option<String> {
        let shown = self.shown.len() as u64;
        match self.total {
            Some(total) if shown < total => {
                Some(format!("the target counts {total} profiles and showed {shown}"))
            }
            None if self.repeats => {
                Some("the target shows the same page again and again".to_owned())
            }
            _ if shown > 0 && !self.keyed => {
                Some("the target shows its profiles without what people are found by".to_owned())
            }
            _ if self.shrunk => Some("people were removed while the pages were read".to_owned()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u64, last: bool, total: Option<u64>, ids: &[u64]) -> Settled {
        Settled { number, last, total, ids: ids.to_vec(), keyed: true }
    }

    #[test]
    fn nobody_is_absent_from_a_listing_that_did_not_show_everybody() {
        let five = Some(5);
        for (pages, over, gap, why) in [
            (
                vec![page(1, false, five, &[1, 2]), page(2, true, five, &[3, 4, 5])],
                true,
                false,
                "whole",
            ),
            (
                vec![page(1, false, five, &[1, 2]), page(2, true, five, &[3, 4])],
                true,
                true,
                "one short",
            ),
            (
                vec![page(1, false, five, &[1, 2]), page(2, true, Some(6), &[2, 3, 4, 5, 6])],
                true,
                false,
                "somebody joined and moved the seam",
            ),
            (
                vec![
                    page(1, false, five, &[1, 2]),
                    page(2, false, five, &[3, 4]),
                    page(3, true, five, &[2]),
                ],
                true,
                true,
                "one of the first page again in place of the last",
            ),
            (
                vec![page(1, false, five, &[1, 2]), page(2, true, Some(4), &[4, 5])],
                true,
                true,
                "somebody left, and another slipped through",
            ),
            (
                vec![page(1, false, five, &[1, 2]), page(2, false, five, &[1, 2])],
                true,
                true,
                "the same page again, and more are counted",
            ),
            (
                vec![page(1, false, Some(2), &[1, 2]), page(2, false, Some(2), &[1, 2])],
                true,
                false,
                "the same page again, and no more are counted",
            ),
            (
                vec![page(1, false, None, &[1, 2]), page(2, false, None, &[1, 2])],
                true,
                true,
                "the same page again, and nothing is counted",
            ),
            (
                vec![page(1, false, None, &[1, 2]), page(2, true, None, &[])],
                true,
                false,
                "no count",
            ),
            (vec![page(1, false, None, &[1, 2])], false, false, "there is more"),
            (
                vec![page(1, false, five, &[1, 2]), page(2, true, None, &[])],
                true,
                true,
                "it ended before its count, with a page that was not there any more",
            ),
            (vec![page(1, true, Some(0), &[])], true, false, "nobody at all"),
        ] {
            let mut listing = Listing::default();
            for page in pages {
                listing.turn(page);
            }
            assert_eq!((listing.is_over(), listing.gap().is_some()), (over, gap), "{why}");
        }
        let mut listing = Listing::default();
        listing.turn(Settled { keyed: false, ..page(1, true, Some(2), &[1, 2]) });
        assert!(listing.gap().unwrap().contains("without what people are found by"));
    }
}
