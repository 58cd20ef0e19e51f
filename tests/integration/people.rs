//! Sheets of people, made from a seed.

use std::fmt::Write as _;

/// `SplitMix64`: small, and the same everywhere.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let sides = words.len() as u64;
        words[usize::try_from(self.roll(sides)).unwrap()]
    }
}

const FIRST: &[&str] = &["Ada", "Otis", "Zoë", "Karl", "Mona", "さくら", "Petra", "Anna Maria"];
const LAST: &[&str] = &["Larkspur", "Núñez", "Vale", "Ó Briain", "森", "Birch", "O'Neil", "Moss"];
const STREETS: &[&str] =
    &["Rowan Court", "Long Meadow", "Flat 3\nOld Ferry Road", "\"The Elms\", Mill Lane", "Post Rd"];

/// So many people for Vome: quotes, line breaks inside cells, blank lines, a fault or a second row
/// of the same person here and there.
pub(crate) fn sheet(seed: u64, count: u32) -> String {
    let mut dice = Dice(seed);
    let mut text =
        String::from("First name,Last name,E-mail,Mobile,Date of birth,Gender,Address\n");
    for number in 0..count {
        let number = if dice.roll(500) == 0 { number / 2 } else { number };
        let email = if dice.roll(300) == 0 { "nobody".to_owned() } else { email(number) };
        let phone = match dice.roll(4) {
            0 => String::new(),
            _ => format!("+1 514 555-01{:02}", dice.roll(100)),
        };
        let born = format!("{}-{:02}-{:02}", 1940 + dice.roll(60), 1 + dice.roll(12), 11);
        let street = format!("{} {}", number + 1, dice.pick(STREETS)).replace('"', "\"\"");
        let (first, last) = (dice.pick(FIRST), dice.pick(LAST));
        let gender = dice.pick(&["F", "M", "Other", ""]);
        writeln!(text, "{first},{last},{email},{phone},{born},{gender},\"{street}\"").unwrap();
        if dice.roll(1000) == 0 {
            text.push('\n');
        }
    }
    text
}

/// So many people with a name and an address: `p0@example.org`, `p1@example.org`, …
pub(crate) fn plain(count: u32) -> String {
    let mut text = String::from("First name,Last name,Email\n");
    for number in 0..count {
        writeln!(text, "Ada,Larkspur,{}", email(number)).unwrap();
    }
    text
}

pub(crate) fn email(number: u32) -> String {
    format!("p{number}@example.org")
}

/// The addresses of these people.
pub(crate) fn emails(numbers: impl IntoIterator<Item = u32>) -> Vec<String> {
    numbers.into_iter().map(email).collect()
}
