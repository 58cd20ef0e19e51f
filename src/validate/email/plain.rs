//! The plainest form of an address, which nearly every address has: then every rule of the policy holds,
//! that of the `validator` crate included (a test holds them against each other), and none needs to be
//! asked.

use super::doubt::{Known, may_be_owned, owner_of};

/// What a byte is before the @.
const LETTER: u8 = 1;
const DOT: u8 = 2;
const AT: u8 = 4;
const OTHER: u8 = 8;

/// What each byte is before the @.
const BEFORE: [u8; 256] = before();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn before() -> [u8; 256] {
    let mut classes = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'_' | b'-' | b'+' => LETTER,
            b'.' => DOT,
            b'@' => AT,
            _ if byte.is_ascii_alphanumeric() => LETTER,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
}

/// Whether an address is of the plainest form.
pub(in crate::validate) fn is_plain(address: &[u8]) -> bool {
    let domain = local_end(address).and_then(|at| address.get(at + 1..));
    domain.is_some_and(is_plain_domain)
}

/// Whether an address is of the plainest form, and nothing speaks against it: it is no role's and
/// nobody's, and its domain is no slip.
#[inline]
pub(in crate::validate) fn is_fine(address: &str, known: &mut Known) -> bool {
    let Some(at) = local_end(address.as_bytes()) else { return false };
    let Some((local, domain)) = address.get(..at).zip(address.get(at + 1..)) else { return false };
    known.is_fine(domain)
        && (!may_be_owned(address.as_bytes()) || owner_of(local, domain).is_none())
}

/// Where the @ stands, if what stands before it is plain.
#[inline]
fn local_end(address: &[u8]) -> Option<usize> {
    // A dot may stand neither in front nor behind another, nor before the @.
    let (mut last, mut odd) = (DOT, 0);
    let mut bytes = address.iter().enumerate();
    // What is odd is kept for the end: where dots stand nobody can foresee, a branch would cost more.
    loop {
        let (at, &byte) = bytes.next()?;
        let class = BEFORE.get(usize::from(byte)).copied().unwrap_or(OTHER);
        if class == AT {
            return (at <= 64 && odd == 0 && last != DOT).then_some(at);
        }
        odd |= class & OTHER | class & last & DOT;
        last = class;
    }
}

/// Whether a domain is of the plainest form.
pub(super) fn is_plain_domain(domain: &[u8]) -> bool {
    if domain.len() > 180 {
        return false;
    }
    let (mut label, mut ending_is_letters, mut dots) = (0, true, 0);
    let mut before = b'.';
    for &byte in domain {
        match byte {
            b'.' if label > 0 && before != b'-' => {
                (label, ending_is_letters) = (0, true);
                dots += 1;
            }
            // A third and fourth hyphen would make it an encoded label, real or false.
            b'-' if label > 0 && label != 2 => {
                label += 1;
                ending_is_letters = false;
            }
            _ if byte.is_ascii_alphanumeric() => {
                label += 1;
                ending_is_letters &= byte.is_ascii_alphabetic();
            }
            _ => return false,
        }
        before = byte;
    }
    dots > 0 && (2..=63).contains(&label) && ending_is_letters && longest_label(domain) <= 63
}

fn longest_label(domain: &[u8]) -> usize {
    domain.split(|byte| *byte == b'.').map(<[u8]>::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::doubt::{doubt, owner};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: ProptestConfig::default().cases * 64,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn nothing_speaks_against_what_is_fine(
            local in "((info|test|no-reply|John.Doe|a|hr|x1|none|mail)[0-9._-]{0,3}|[a-zA-Z0-9._+@-]{0,20})",
            domain in "(test|gmail|gmial|none|Example|a|x--y|mail.x|localhost)(\\.(com|con|org|invalid|lan|test|1))?",
        ) {
            let address = format!("{local}@{domain}");
            let mut known = Known::default();
            let fine = is_plain(address.as_bytes())
                && owner(&address).is_none()
                && doubt(&domain).is_none();
            if is_fine(&address, &mut known) {
                prop_assert!(fine, "{}", address);
            }
            // What is remembered of the domain says the same.
            let _ = is_plain(address.as_bytes()).then(|| known.doubt(&address));
            if is_fine(&address, &mut known) {
                prop_assert!(fine, "{}", address);
            }
        }
    }
}
