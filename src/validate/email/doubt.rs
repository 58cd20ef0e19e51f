//! Addresses that are addresses, and yet hardly the person's: of a role, of nobody, or with a slip in a
//! domain. All of it is told and nothing is changed.

use std::borrow::Cow;

use super::domain;
use super::lists::{
    COMMON, CUT_COM, DOMAINS, ENDINGS, INTERNAL, Kind, LOCALS, PROVIDERS, Provider, REAL, TRIAL,
    Word,
};
use super::plain::is_plain_domain;
use crate::validate::eights::Sieve;

/// What speaks against the part before the @, with the domain's help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Owner {
    /// Several people read the mailbox.
    Role,
    /// Nobody does: the address stands where none is known.
    Nobody,
}

/// What speaks against a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::validate) enum Doubt {
    /// It is one slip away from this one.
    Slip(String),
    /// No public domain has its ending.
    Ending(String),
    /// It is the name of an internal network.
    Internal(String),
    /// A word of it has letters of several alphabets that look alike.
    Lookalike,
    /// It says itself that it is none.
    Nobody,
}

/// The longest word of the lists.
const LONGEST: usize = 18;

/// Who owns an address, as far as its words tell.
pub(in crate::validate) fn owner(address: &str) -> Option<Owner> {
    let (local, domain) = address.split_once('@')?;
    owner_of(local, domain)
}

/// The same of an address that is taken apart.
pub(super) fn owner_of(local: &str, domain: &str) -> Option<Owner> {
    let mut buffer = [0; LONGEST];
    let (word, exact) = normal(local, &mut buffer)?;
    if !LISTED.may_have(word) {
        return None;
    }
    let behind = |kind| domain_word(domain) == Some(kind);
    match find(LOCALS, word)? {
        Word::Role if exact || word.ends_with(b"reply") => Some(Owner::Role),
        Word::Nobody => Some(Owner::Nobody),
        Word::Sample if behind(Word::Sample) || behind(Word::Nobody) => Some(Owner::Nobody),
        Word::Letters if behind(Word::Letters) => Some(Owner::Nobody),
        Word::Role | Word::Sample | Word::Letters => None,
    }
}

/// A word in the form of the lists, and whether it was in it already; nothing for longer ones.
fn normal<'a>(text: &str, buffer: &'a mut [u8; LONGEST]) -> Option<(&'a [u8], bool)> {
    // Longer texts can only become so short by losing many digits or dots.
    if text.len() > LONGEST {
        return None;
    }
    let mut length = 0;
    for byte in text.bytes() {
        if !matches!(byte, b'.' | b'-' | b'_') {
            *buffer.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
    }
    let letters = buffer.get(..length)?;
    let behind = letters.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let word = letters.get(..length - behind)?;
    Some((word, word.len() == text.len()))
}

/// For each beginning of three letters whether a word before the @ has it: few names do.
static BEGINNINGS: [u32; 26 * 26] = beginnings();

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn beginnings() -> [u32; 26 * 26] {
    let mut sets = [0; 26 * 26];
    let mut rest = LOCALS;
    while let [(word, _), tail @ ..] = rest {
        if let [first, second, third, ..] = word.as_bytes() {
            let pair = (*first - b'a') as usize * 26 + (*second - b'a') as usize;
            sets[pair] |= 1 << (*third - b'a');
        }
        rest = tail;
    }
    sets
}

/// A quick look at whether what stands before the @ may be one of the words. What does not begin with
/// three letters may always be one.
#[inline]
pub(super) fn may_be_owned(address: &[u8]) -> bool {
    let [first, second, third, ..] = address else { return true };
    let [first, second, third] =
        [first, second, third].map(|byte| usize::from((byte | 0x20).wrapping_sub(b'a')));
    if first.max(second).max(third) >= 26 {
        return true;
    }
    BEGINNINGS.get(first * 26 + second).is_some_and(|thirds| thirds >> third & 1 == 1)
}

/// A quick look at whether a word stands before the @ of those that are listed: names do not.
static LISTED: Sieve = listed();

const fn listed() -> Sieve {
    let mut sieve = Sieve::NONE;
    let mut rest = LOCALS;
    while let [(word, _), tail @ ..] = rest {
        sieve = sieve.with(word.as_bytes());
        rest = tail;
    }
    sieve
}

fn find(list: &[(&str, Word)], word: &[u8]) -> Option<Word> {
    let at = list.binary_search_by(|(other, _)| other.as_bytes().cmp(word)).ok()?;
    list.get(at).map(|&(_, kind)| kind)
}

fn domain_word(domain: &str) -> Option<Word> {
    let mut buffer = [0; LONGEST];
    let (first, _) = domain.split_once('.')?;
    find(DOMAINS, normal(first, &mut buffer)?.0)
}

/// What speaks against a domain that is none of a provider's and yet looks like it, or that cannot be
/// reached.
pub(in crate::validate) fn doubt(domain: &str) -> Option<Doubt> {
    // What passed the policy and is ASCII needs no more than small letters.
    let ascii = if domain.is_ascii() {
        Cow::Owned(domain.to_ascii_lowercase())
    } else {
        domain::ascii(domain)?
    };
    if !domain.is_ascii() && domain.split('.').any(mixes_alphabets) {
        return Some(Doubt::Lookalike);
    }
    let domain = ascii.as_ref();
    let (name, ending) = domain.split_once('.')?;
    let last = domain.rsplit_once('.')?.1;
    if !is_ending(last) {
        return unknown_ending(domain, last);
    }
    if domain_word(domain) == Some(Word::Nobody) {
        return Some(Doubt::Nobody);
    }
    if REAL.contains(&domain) {
        return None;
    }
    slip(name, ending).map(Doubt::Slip)
}

/// Whether a word has letters of several of the alphabets that look alike: Latin, Greek and Cyrillic
/// (UTS #39, mixed scripts).
fn mixes_alphabets(label: &str) -> bool {
    let of = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some(0),
        '\u{370}'..='\u{3ff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        _ => None,
    };
    let mut alphabets = label.chars().filter_map(of);
    let first = alphabets.next();
    alphabets.any(|other| Some(other) != first)
}

/// Domains that were looked at a moment ago: sheets repeat them.
#[derive(Debug, Default)]
pub(in crate::validate) struct Known {
    places: Vec<Option<Domain>>,
}

/// What is known of a domain.
#[derive(Clone, Debug)]
struct Domain {
    name: Box<str>,
    doubt: Option<Doubt>,
    /// Whether it is of the plainest form, and nothing speaks against it.
    fine: bool,
}

impl Known {
    /// How many are remembered; each has one place, and the last one that wants it has it.
    const PLACES: usize = 256;

    /// What speaks against the domain of an address that passed the policy.
    pub(in crate::validate) fn doubt(&mut self, address: &str) -> Option<Doubt> {
        let domain = address.rsplit_once('@')?.1;
        match self.find(domain) {
            Some(known) => known.doubt.clone(),
            None => self.learn(domain).doubt,
        }
    }

    /// Whether a domain is of the plainest form, and nothing speaks against it.
    #[inline]
    pub(super) fn is_fine(&mut self, domain: &str) -> bool {
        match self.find(domain) {
            Some(known) => known.fine,
            None => is_plain_domain(domain.as_bytes()) && self.learn(domain).fine,
        }
    }

    #[inline]
    fn find(&self, domain: &str) -> Option<&Domain> {
        let known = self.places.get(Self::place(domain))?.as_ref();
        known.filter(|known| *known.name == *domain)
    }

    #[cold]
    fn learn(&mut self, domain: &str) -> Domain {
        let doubt = doubt(domain);
        let fine = doubt.is_none() && is_plain_domain(domain.as_bytes());
        let known = Domain { name: domain.into(), doubt, fine };
        self.places.resize(Self::PLACES, None);
        if let Some(place) = self.places.get_mut(Self::place(domain)) {
            *place = Some(known.clone());
        }
        known
    }

    /// Where a domain has its place: by its length and by four bytes of each end.
    #[inline]
    fn place(domain: &str) -> usize {
        let bytes = domain.as_bytes();
        let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else { return 0 };
        let ends =
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
        let sum = ends.wrapping_add(bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(sum >> 56).unwrap_or_default() % Self::PLACES
    }
}

fn unknown_ending(domain: &str, last: &str) -> Option<Doubt> {
    if TRIAL.contains(&last) {
        return None;
    }
    if last == "invalid" {
        return Some(Doubt::Nobody);
    }
    if INTERNAL.contains(&last) {
        return Some(Doubt::Internal(last.to_owned()));
    }
    let Some(meant) = ending_meant(last) else { return Some(Doubt::Ending(last.to_owned())) };
    let front = domain.strip_suffix(last)?.trim_end_matches('.');
    // The name may have a slip of its own.
    let whole = front
        .rsplit_once('.')
        .is_none()
        .then(|| PROVIDERS.iter().find(|provider| provider.is_meant_by(front)))
        .flatten()
        .filter(|provider| provider.endings.contains(&meant.as_str()))
        .map(|provider| provider.name);
    Some(Doubt::Slip(format!("{}.{meant}", whole.unwrap_or(front))))
}

/// The ending that one that does not exist was perhaps meant to be.
pub(super) fn ending_meant(last: &str) -> Option<String> {
    let mut near = COMMON.iter().filter(|common| strsim::osa_distance(common, last) == 1);
    if let (Some(common), None) = (near.next(), near.next()) {
        return Some((*common).to_owned());
    }
    // `comau`, whose dot was forgotten.
    ["com", "co", "net", "org", "gov", "edu"].iter().find_map(|kind| {
        let country = last.strip_prefix(kind).filter(|country| country.len() == 2)?;
        is_ending(country).then(|| format!("{kind}.{country}"))
    })
}

/// Whether there are domains under an ending.
pub(super) fn is_ending(last: &str) -> bool {
    if let [first, second] = last.as_bytes() {
        let seconds = COUNTRIES.get(usize::from(first.wrapping_sub(b'a'))).copied();
        return second.is_ascii_lowercase()
            && seconds.is_some_and(|seconds| seconds >> (second - b'a') & 1 == 1);
    }
    if matches!(last, "com" | "org" | "net" | "edu") {
        return true;
    }
    let line = format!("\n{last}\n");
    ENDINGS.starts_with(line.trim_start())
        || memchr::memmem::find(ENDINGS.as_bytes(), line.as_bytes()).is_some()
}

/// The endings of two letters: for each first letter the set of second ones.
const COUNTRIES: [u32; 26] = countries();

const fn countries() -> [u32; 26] {
    let mut sets = [0; 26];
    let mut rest = ENDINGS.as_bytes();
    let mut begins = true;
    while let [first, tail @ ..] = rest {
        if let ([second, b'\n', ..], true) = (tail, begins)
            && *first != b'\n'
            && *second != b'\n'
        {
            let (row, column) = ((*first - b'a') as usize, *second - b'a');
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                sets[row] |= 1 << column;
            }
        }
        begins = *first == b'\n';
        rest = tail;
    }
    sets
}

/// The provider's domain that was perhaps meant.
fn slip(name: &str, ending: &str) -> Option<String> {
    let letters = letters_of(name);
    for provider in PROVIDERS {
        // A slip changes two letters of the alphabet at most; most names differ in more.
        if (letters_of(provider.name) ^ letters).count_ones() > 2 {
            continue;
        }
        let listed = provider.endings.contains(&ending);
        let first = provider.endings.first()?;
        let meant = if provider.name == name {
            match provider.kind {
                _ if listed => return None,
                Kind::Own => continue,
                Kind::Large if !CUT_COM.contains(&ending) => return None,
                Kind::Large | Kind::Alone => first,
            }
        } else if !provider.is_meant_by(name) {
            continue;
        } else if listed {
            ending
        } else if provider.kind != Kind::Own && CUT_COM.contains(&ending) {
            first
        } else {
            continue;
        };
        return Some(format!("{}.{meant}", provider.name));
    }
    None
}

/// The letters and signs that a name has, as a set.
const fn letters_of(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut set = 0;
    let mut rest = bytes;
    while let [byte, tail @ ..] = rest {
        set |= 1_u64 << (*byte & 63);
        rest = tail;
    }
    set
}

impl Provider {
    /// Whether a name is this one's with one slip. A name that only begins otherwise is another name:
    /// there are many mail companies between `amail` and `zmail`.
    fn is_meant_by(&self, name: &str) -> bool {
        if name == self.name || name.len().abs_diff(self.name.len()) > 1 {
            return name == self.name;
        }
        let ([mine, next, ..], [theirs, second, ..]) = (self.name.as_bytes(), name.as_bytes())
        else {
            return false;
        };
        let swapped = (mine, next) == (second, theirs);
        let lost = self.kind != Kind::Own && self.name.get(1..) == Some(name);
        (mine == theirs || swapped || lost) && strsim::osa_distance(self.name, name) == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_real_domains_are_left_alone() {
        for (domain, meant) in [
            ("gmial.com", "gmail.com"),
            ("gamil.com", "gmail.com"),
            ("gmal.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gnail.com", "gmail.com"),
            ("GMAI.COM", "gmail.com"),
            ("mgail.com", "gmail.com"),
            ("gmail.con", "gmail.com"),
            ("gmail.cm", "gmail.com"),
            ("gmail.co", "gmail.com"),
            ("gmail.comm", "gmail.com"),
            ("gmail.fr", "gmail.com"),
            ("gmail.co.uk", "gmail.com"),
            ("gmial.con", "gmail.com"),
            ("gmial.co", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("hotmail.con", "hotmail.com"),
            ("hotmal.fr", "hotmail.fr"),
            ("otmail.com", "hotmail.com"),
            ("yahooo.com", "yahoo.com"),
            ("yaho.co.uk", "yahoo.co.uk"),
            ("yahoo.co", "yahoo.com"),
            ("yahoo.cmo", "yahoo.com"),
            ("outlok.com", "outlook.com"),
            ("oultook.com", "outlook.com"),
            ("iclould.com", "icloud.com"),
            ("icloud.om", "icloud.com"),
            ("bigpnd.com", "bigpond.com"),
            ("wanado.fr", "wanadoo.fr"),
            ("example.con", "example.com"),
            ("example.ogr", "example.org"),
            ("mail.example.nte", "mail.example.net"),
            ("example.comau", "example.com.au"),
            ("example.couk", "example.co.uk"),
        ] {
            assert_eq!(doubt(domain), Some(Doubt::Slip(meant.to_owned())), "{domain}");
        }
        for domain in [
            "gmail.com",
            "mail.com",
            "email.com",
            "ymail.com",
            "qmail.com",
            "gail.com",
            "cloud.com",
            "gmx.co",
            "gmx.net",
            "live.com",
            "love.com",
            "yahoo.com",
            "yahoo.se",
            "yahoo.com.vn",
            "hotmail.be",
            "hotmail.co.uk",
            "outlook.ie",
            "live.nl",
            "verizon.com",
            "comcast.com",
            "orange.com",
            "proton.me",
            "me.com",
            "example.co",
            "example.cm",
            "example.cam",
            "example.ong",
            "example.pet",
            "example.museum",
            "bücher.de",
            "xn--bcher-kva.de",
            "пример.рф",
            "example.org",
            "acme.test",
            "riverside.example",
            "rodgers.com",
            "mall.com",
            "t-online.de",
            "hotmail.co.jp",
        ] {
            assert_eq!(doubt(domain), None, "{domain}");
        }
        for (domain, expected) in [
            ("example.tld", Doubt::Ending("tld".to_owned())),
            ("example.abcde", Doubt::Ending("abcde".to_owned())),
            ("fileserver.local", Doubt::Internal("local".to_owned())),
            ("corp.lan", Doubt::Internal("lan".to_owned())),
            ("anything.invalid", Doubt::Nobody),
            ("noemail.com", Doubt::Nobody),
            ("none.org", Doubt::Nobody),
        ] {
            assert_eq!(doubt(domain), Some(expected), "{domain}");
        }
    }

    #[test]
    fn mailboxes_of_roles_and_of_nobody_are_known() {
        for (address, expected) in [
            ("Info@example.org", Some(Owner::Role)),
            ("no-reply@example.org", Some(Owner::Role)),
            ("info2@example.org", None),
            ("ada@example.org", None),
            ("none@none.com", Some(Owner::Nobody)),
            ("no.email@example.org", Some(Owner::Nobody)),
            ("NoEmail23@gmail.com", Some(Owner::Nobody)),
            ("unknown@unknown.org", Some(Owner::Nobody)),
            ("test@test.com", Some(Owner::Nobody)),
            ("test1@example.com", Some(Owner::Nobody)),
            ("john.doe@example.com", Some(Owner::Nobody)),
            ("john.doe@gmail.com", None),
            ("test@gmail.com", None),
            ("a@a.com", Some(Owner::Nobody)),
            ("asdf@asdf.com", Some(Owner::Nobody)),
            ("a@example.org", None),
            ("smith@smith.com", None),
            ("12345678901234567890@example.org", None),
            ("@example.org", None),
        ] {
            assert_eq!(owner(address), expected, "{address}");
        }
    }
}
