//! SHA-256 of the bodies of many requests at once.
//!
//! One text cannot be hashed faster than its rounds follow each other. Several texts of about one length can,
//! each in a lane of the processor's widest registers. Where the processor has no such registers, or too few
//! texts are to be hashed together, each is hashed by itself, by the library; that is also what tests hold
//! the lanes against.

#[cfg(target_arch = "x86_64")]
mod lanes;

use sha2::{Digest as _, Sha256};

use super::Body;

/// SHA-256 of a text.
type Digest = [u8; 32];

/// SHA-256 of a body.
pub(super) fn digest(body: &Body) -> Digest {
    let mut hash = Sha256::new();
    body.pieces().for_each(|piece| hash.update(piece));
    hash.finalize().into()
}

/// SHA-256 of each body, in their order.
pub(super) fn digests<'a>(bodies: impl Iterator<Item = &'a Body>) -> Vec<Digest> {
    let bodies: Vec<&Body> = bodies.collect();
    let each = |bodies: &[&Body]| bodies.iter().map(|body| digest(body)).collect();
    #[cfg(target_arch = "x86_64")]
    if let Some(processor) = fearless_simd::Level::new().as_avx512() {
        let some = bodies.chunks(lanes::LANES);
        return some
            .flat_map(|some| lanes::digests(processor, some).unwrap_or_else(|| each(some)))
            .collect();
    }
    each(&bodies)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    /// A body of the bytes that a number makes, in pieces of these lengths.
    fn body(seed: u8, pieces: &[usize]) -> Body {
        let mut body = Body::default();
        for (index, &len) in pieces.iter().enumerate() {
            let byte = |at: usize| (at * 31 + index * 7 + usize::from(seed)).to_le_bytes()[0];
            let text = Arc::new((0..=len).map(byte).collect::<Vec<u8>>());
            body.push(&text, 1..len + 1);
        }
        body
    }

    fn same(bodies: &[Body]) {
        let each: Vec<Digest> =
            bodies.iter().map(|body| Sha256::digest(body.to_vec()).into()).collect();
        assert!(digests(bodies.iter()) == each);
        #[cfg(target_arch = "x86_64")]
        if let Some(processor) = fearless_simd::Level::new().as_avx512() {
            for (bodies, each) in bodies.chunks(16).zip(each.chunks(16)) {
                let bodies: Vec<&Body> = bodies.iter().collect();
                let together = lanes::digests(processor, &bodies);
                assert!(together.is_none_or(|together| together == each));
            }
        }
    }

    #[test]
    fn texts_of_every_length_around_the_edges_of_blocks_hash_as_by_themselves() {
        for most in 0..200 {
            let bodies: Vec<Body> =
                (0..16).map(|lane| body(lane, &[most + usize::from(lane % 3)])).collect();
            same(&bodies);
        }
        same(&[]);
        // Those tests say nothing where texts of one length are not hashed together.
        #[cfg(target_arch = "x86_64")]
        if let Some(processor) = fearless_simd::Level::new().as_avx512() {
            let (one, other) = (body(1, &[99, 5]), body(2, &[104]));
            let together = |bodies: &[&Body]| lanes::digests(processor, bodies).is_some();
            assert!(together(&[&one; 16]) && together(&[&other; 12]));
            assert!(!together(&[&one; 8]) && !together(&[]));
        }
    }

    proptest! {
        #[test]
        fn texts_in_any_pieces_hash_as_by_themselves(
            pieces in prop::collection::vec(prop::collection::vec(0_usize..150, 8..12), 0..40),
        ) {
            let bodies: Vec<Body> =
                pieces.iter().zip(0..).map(|(pieces, seed)| body(seed, pieces)).collect();
            same(&bodies);
        }
    }
}
