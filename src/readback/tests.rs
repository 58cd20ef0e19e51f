//! When a listing has shown everybody, and when it has not.

use super::*;

fn page(number: u64, last: bool, total: Option<u64>, ids: &[u64]) -> Settled {
    Settled { number, last, total, ids: ids.to_vec() }
}

#[test]
fn nobody_is_absent_from_a_listing_that_did_not_show_everybody() {
    let five = Some(5);
    for (pages, over, gap, why) in [
        (vec![page(1, false, five, &[1, 2]), page(2, true, five, &[3, 4, 5])], true, false, "whole"),
        (vec![page(1, false, five, &[1, 2]), page(2, true, five, &[3, 4])], true, true, "one short"),
        (
            vec![page(1, false, five, &[1, 2]), page(2, true, Some(6), &[2, 3, 4, 5, 6])],
            true,
            false,
            "somebody joined and moved the seam",
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
        (vec![page(1, false, None, &[1, 2]), page(2, true, None, &[])], true, false, "no count"),
        (vec![page(1, false, None, &[1, 2])], false, false, "there is more"),
        (vec![page(1, true, Some(0), &[])], true, false, "nobody at all"),
    ] {
        let mut listing = Listing::default();
        for page in pages {
            listing.turn(page);
        }
        assert_eq!((listing.is_over(), listing.gap().is_some()), (over, gap), "{why}");
    }
}
