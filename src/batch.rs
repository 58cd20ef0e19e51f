//! Full requests: people's JSON spliced together by count and by bytes, with stable ids.

mod body;
mod digest;

use std::ops::Range;
use std::sync::Arc;

pub use self::body::Body;
use crate::layout::ASIDE;
use crate::row::Location;

/// How much one request may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// People.
    pub rows: usize,
    /// Bytes of the whole body. One person who alone is larger still makes a request.
    pub bytes: usize,
}

/// What stands around the people in a request body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Up to and including the bracket that opens the list.
    pub head: Vec<u8>,
    /// From the bracket that closes it.
    pub tail: Vec<u8>,
    /// What each person's object begins with, where people are numbered.
    pub each: Option<Each>,
}

/// What a person's object begins with: constants around the number that the person has in the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Each {
    /// Up to the number.
    pub before: Vec<u8>,
    /// Behind it, with the comma to what follows.
    pub after: Vec<u8>,
}

impl Each {
    /// The object with its beginning; both have a comma in front.
    fn begin(&self, person: &[u8], number: u64) -> Vec<u8> {
        let rest = person.strip_prefix(b",{").unwrap_or(person);
        let number = number.to_string();
        [b",{", self.before.as_slice(), number.as_bytes(), &self.after, rest].concat()
    }
}

impl Frame {
    /// A body of these people, who have their beginnings already.
    pub fn splice<'a>(&self, people: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
        let mut body = self.head.clone();
        for (index, person) in people.enumerate() {
            if index > 0 {
                body.push(b',');
            }
            body.extend_from_slice(person);
        }
        body.extend_from_slice(&self.tail);
        body
    }

    /// Whether a body has this frame around its people.
    pub fn is_around(&self, body: &[u8]) -> bool {
        body.starts_with(&self.head) && body.ends_with(&self.tail)
    }
}

/// One request: its body and who is in it.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Its number, from 1.
    pub number: u32,
    /// The whole body.
    pub body: Body,
    /// The rows in it, in order.
    pub rows: Vec<Location>,
    /// What each of them is sent apart, afterwards, in the same order; of no length where nobody is.
    pub asides: Vec<Option<Box<[u8]>>>,
}

impl Batch {
    /// SHA-256 of the body, in hexadecimal: the same input and recipe give the same batches.
    pub fn sha256(&self) -> String {
        hex(&digest::digest(&self.body))
    }

    /// SHA-256 of the body of each batch, in their order: of many together in less time.
    pub fn sha256_of(batches: &[Self]) -> Vec<String> {
        let digests = digest::digests(batches.iter().map(|batch| &batch.body));
        digests.iter().map(|digest| hex(digest)).collect()
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A person's JSON, with a comma in front, where it lies among that of others.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    json: &'a Arc<Vec<u8>>,
    part: Range<usize>,
}

impl<'a> Person<'a> {
    /// The person in a part of some JSON.
    pub fn new(json: &'a Arc<Vec<u8>>, part: Range<usize>) -> Self {
        Self { json, part }
    }

    /// The only one in some JSON.
    pub fn only(json: &'a Arc<Vec<u8>>) -> Self {
        Self { json, part: 0..json.len() }
    }

    fn bytes(&self) -> &'a [u8] {
        self.json.get(self.part.clone()).unwrap_or_default()
    }

    /// The person alone, and what is sent apart, if anything is.
    fn parted(&self) -> (Self, Option<&'a [u8]>) {
        let both = self.bytes().strip_suffix(&[ASIDE]);
        let own = both.and_then(|both| both.iter().position(|&byte| byte == ASIDE));
        let Some((both, own)) = both.zip(own) else { return (self.clone(), None) };
        let person = Self { part: self.part.start..self.part.start + own, ..*self };
        (person, both.get(own + 1..))
    }
}

/// Collects people until a request is full.
#[derive(Debug)]
pub struct Batcher {
    limits: Limits,
    each: Option<Each>,
    head: Arc<Vec<u8>>,
    tail: Arc<Vec<u8>>,
    /// Whether some people may have something that is sent apart.
    has_asides: bool,
    body: Body,
    rows: Vec<Location>,
    asides: Vec<Option<Box<[u8]>>>,
    number: u32,
    people: u64,
}

impl Batcher {
    /// A batcher for one target.
    pub fn new(limits: Limits, frame: Frame) -> Self {
        Self {
            limits,
            each: frame.each,
            head: Arc::new(frame.head),
            tail: Arc::new(frame.tail),
            has_asides: true,
            body: Body::default(),
            rows: Vec::new(),
            asides: Vec::new(),
            number: 0,
            people: 0,
        }
    }

    /// One for people of whom nothing is sent apart: they are not looked through for it.
    #[must_use]
    pub fn without_asides(self) -> Self {
        Self { has_asides: false, ..self }
    }

    /// Adds a person. Gives back the request that had to be closed before, if one had.
    pub fn push(&mut self, person: &Person<'_>, at: &Location) -> Option<Batch> {
        self.people += 1;
        // Nearly all people stand as they are. Their parts are handed on one by one: the processor waits for
        // what was written in parts and is copied as a whole.
        if !self.has_asides && self.each.is_none() {
            return self.add(person.json, person.part.start..person.part.end, None, at);
        }
        let (person, aside) =
            if self.has_asides { person.parted() } else { (person.clone(), None) };
        let begin = |each: &Each| Arc::new(each.begin(person.bytes(), self.people));
        let begun = self.each.as_ref().map(begin);
        let Person { json, part } = begun.as_ref().map_or(person, Person::only);
        self.add(json, part, aside, at)
    }

    /// Adds a part of some JSON as a person, with what is sent apart.
    #[inline]
    fn add(
        &mut self,
        json: &Arc<Vec<u8>>,
        part: Range<usize>,
        aside: Option<&[u8]>,
        at: &Location,
    ) -> Option<Batch> {
        let grown = self.body.len() + part.len() + self.tail.len();
        let full = self.rows.len() >= self.limits.rows
            || (!self.rows.is_empty() && grown > self.limits.bytes);
        let closed = if full { self.close() } else { None };
        if self.rows.is_empty() {
            self.body.push(&self.head, 0..self.head.len());
            // No comma stands before the first person.
            self.body.push(json, part.start + 1..part.end);
        } else {
            self.body.push(json, part);
        }
        if let Some(aside) = aside {
            self.asides.resize(self.rows.len(), None);
            self.asides.push(Some(aside.into()));
        }
        self.rows.push(*at);
        closed
    }

    /// Closes the request that is being filled, if it holds anybody.
    pub fn close(&mut self) -> Option<Batch> {
        if self.rows.is_empty() {
            return None;
        }
        self.number += 1;
        self.body.push(&self.tail, 0..self.tail.len());
        let body = std::mem::take(&mut self.body);
        let rows = std::mem::take(&mut self.rows);
        let mut asides = std::mem::take(&mut self.asides);
        if !asides.is_empty() {
            asides.resize(rows.len(), None);
        }
        Some(Batch { number: self.number, body, rows, asides })
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn batches(sizes: &[usize], limits: Limits) -> Vec<(u32, usize, usize)> {
        let (head, tail) = (b"{\"p\":[".to_vec(), b"]}".to_vec());
        let frame = Frame { head, tail, each: None };
        let mut batcher = Batcher::new(limits, frame);
        let mut all = Vec::new();
        for (row, &size) in (2..).zip(sizes) {
            let person = format!("\"{}\"", "x".repeat(size - 2)).into_bytes();
            let person = Arc::new([b",", person.as_slice()].concat());
            let at = Location { row, ..Location::default() };
            all.extend(batcher.push(&Person::only(&person), &at));
        }
        all.extend(batcher.close());
        assert!(batcher.close().is_none());
        let rows: Vec<u32> = all.iter().flat_map(|b| &b.rows).map(|at| at.row).collect();
        assert!(rows.iter().copied().eq(2..2 + u32::try_from(sizes.len()).unwrap()));
        all.iter()
            .map(|batch| {
                let json: serde_json::Value = serde_json::from_slice(&batch.body.to_vec()).unwrap();
                assert_eq!(json["p"].as_array().unwrap().len(), batch.rows.len());
                (batch.number, batch.rows.len(), batch.body.len())
            })
            .collect()
    }

    #[test]
    fn requests_are_cut_by_count_and_by_bytes() {
        let limits = Limits { rows: 2, bytes: 1000 };
        assert_eq!(batches(&[], limits), []);
        assert_eq!(batches(&[10; 5], limits), [(1, 2, 29), (2, 2, 29), (3, 1, 18)]);
        let limits = Limits { rows: 500, bytes: 39 };
        assert_eq!(batches(&[10, 10, 10, 10], limits), [(1, 2, 29), (2, 2, 29)]);
        assert_eq!(batches(&[100, 10], limits), [(1, 1, 108), (2, 1, 18)], "the large one alone");
        assert_eq!(batches(&[10, 15, 10], limits)[0], (1, 2, 34));
        let exact = Limits { rows: 500, bytes: 29 };
        assert_eq!(batches(&[10, 10, 10], exact), [(1, 2, 29), (2, 1, 18)]);
    }

    #[test]
    fn what_is_sent_apart_is_cut_out_and_keeps_its_place() {
        let frame = Frame { head: b"[".to_vec(), tail: b"]".to_vec(), each: None };
        let mut batcher = Batcher::new(Limits { rows: 3, bytes: 1000 }, frame);
        let people = ["{}", "{\"a\":1}\u{1e}{\"s\":[]}\u{1e}", "{}", "{}", "{\"b\":2}"];
        let mut batches = Vec::new();
        for person in people {
            let person = Arc::new(format!(",{person}").into_bytes());
            batches.extend(batcher.push(&Person::only(&person), &Location::default()));
        }
        batches.extend(batcher.close());
        assert_eq!(batches[0].body.to_vec(), br#"[{},{"a":1},{}]"#);
        let asides = [None, Some(br#"{"s":[]}"#.as_slice().into()), None];
        assert_eq!(batches[0].asides, asides);
        assert_eq!(batches[1].body.to_vec(), br#"[{},{"b":2}]"#);
        assert!(batches[1].asides.is_empty(), "nobody of these has any");
    }

    #[test]
    fn numbered_people_keep_their_numbers_when_they_are_sent_again() {
        let each = Each { before: b"\"id\":\"".to_vec(), after: b"\",".to_vec() };
        let frame = Frame { head: b"[".to_vec(), tail: b"]".to_vec(), each: Some(each) };
        let limits = Limits { rows: 2, bytes: 1000 };
        let mut batcher = Batcher::new(limits, frame.clone());
        let mut bodies = Vec::new();
        let person = Arc::new(b",{\"a\":1}".to_vec());
        for _ in 0..3 {
            bodies.extend(batcher.push(&Person::only(&person), &Location::default()));
        }
        bodies.extend(batcher.close());
        let texts: Vec<String> =
            bodies.iter().map(|batch| String::from_utf8(batch.body.to_vec()).unwrap()).collect();
        assert_eq!(texts, [r#"[{"id":"1","a":1},{"id":"2","a":1}]"#, r#"[{"id":"3","a":1}]"#]);
        assert_eq!(
            frame.splice([br#"{"id":"2","a":1}"#.as_slice()].into_iter()),
            br#"[{"id":"2","a":1}]"#
        );
    }
}
