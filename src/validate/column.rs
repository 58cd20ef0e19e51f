//! What the values of a whole column prove together: the order of dates, the length of ids, the zeros
//! that some of them have lost. One value alone proves none of it.
//!
//! [`Evidence`] is gathered from the first rows of every column in use, and from the whole file for
//! the columns that these leave open. [`Nature`] is what follows from it.

mod learn;

use jiff::civil::Date;

use super::damage::{self, System};
use super::date;
use super::postcode::Postcodes;
use super::widths::{Proof, Widths, Zeros};
use crate::recipe::DateOrder;
use crate::row::{Cell, CellKind, Location};

/// A column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnOf {
    /// The input.
    pub input: u16,
    /// The column, from 0.
    pub column: usize,
    /// What its values are looked at for.
    pub(super) look: Look,
}

/// What the values of a column are looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Dates,
    Phones,
    Text,
    /// Letters for genders.
    Letters,
}

/// What was seen in a column.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// A date that only day first can be.
    pub day_first: Option<(Location, String)>,
    /// A date that only month first can be.
    pub month_first: Option<(Location, String)>,
    /// Whether some date can be read either way.
    pub(super) either: bool,
    /// Cells that hold a value: no blanks, no errors, no words for nothing.
    filled: u64,
    /// Number cells, and cells that are dates in the workbook.
    numbers: u64,
    date_cells: u64,
    first_date_cell: Option<Proof>,
    /// Day numbers, and the latest of them.
    days: u64,
    latest_day: u32,
    /// Values that are digits, codes (one word with a digit in it), dates.
    digits: u64,
    codes: u64,
    dates: u64,
    exponents: u64,
    widths: Widths,
    /// Numbers of more than 15 digits, and those that end in zeros behind the fifteenth.
    long: u64,
    zero_tails: u64,
    /// Texts as long as old programs let them be, and longer ones.
    cut: u64,
    longer: u64,
    /// Letters for genders: `H`, `M`, and those that only women have.
    letters: [u64; 3],
    /// Date cells with a day of up to 12 that is not its month too, and with a later one.
    cells_by_day: [u64; 2],
    /// Dates in texts whose order is told by themselves, and by which it is not.
    texts_by_day: [u64; 2],
    /// How often `N` stands for one, and `F`.
    letters_nf: [u64; 2],
    /// Digits for genders: 0, 1 and 2, and others.
    genders: [u64; 4],
    /// Whether the table has ended, because another one begins below it.
    ended: bool,
}

impl Evidence {
    /// Adds what later rows say.
    pub fn add(&mut self, later: Self) {
        if self.ended {
            return;
        }
        self.ended = later.ended;
        self.day_first = self.day_first.take().or(later.day_first);
        self.month_first = self.month_first.take().or(later.month_first);
        self.first_date_cell = self.first_date_cell.take().or(later.first_date_cell);
        self.either |= later.either;
        self.latest_day = self.latest_day.max(later.latest_day);
        self.widths.add(later.widths);
        for (mine, theirs) in [
            (&mut self.filled, later.filled),
            (&mut self.numbers, later.numbers),
            (&mut self.date_cells, later.date_cells),
            (&mut self.days, later.days),
            (&mut self.digits, later.digits),
            (&mut self.codes, later.codes),
            (&mut self.dates, later.dates),
            (&mut self.exponents, later.exponents),
            (&mut self.long, later.long),
            (&mut self.zero_tails, later.zero_tails),
            (&mut self.cut, later.cut),
            (&mut self.longer, later.longer),
        ] {
            *mine += theirs;
        }
        for (mine, theirs) in self.cells_by_day.iter_mut().zip(later.cells_by_day) {
            *mine += theirs;
        }
        for (mine, theirs) in self.letters_nf.iter_mut().zip(later.letters_nf) {
            *mine += theirs;
        }
        for (mine, theirs) in self.texts_by_day.iter_mut().zip(later.texts_by_day) {
            *mine += theirs;
        }
        for (mine, theirs) in self.genders.iter_mut().zip(later.genders) {
            *mine += theirs;
        }
        for (mine, theirs) in self.letters.iter_mut().zip(later.letters) {
            *mine += theirs;
        }
    }

    /// The order of dates that is proven, with the row and the value that prove it. Nothing when no
    /// value proves one, or when values prove both.
    pub fn order(&self) -> Option<(DateOrder, &(Location, String))> {
        match (&self.day_first, &self.month_first) {
            (Some(proof), None) => Some((DateOrder::Dmy, proof)),
            (None, Some(proof)) => Some((DateOrder::Mdy, proof)),
            _ => None,
        }
    }

    /// Whether a spreadsheet has made dates of those texts that it could read, with day and month in each other's
    /// places: what it could not read has a day behind the twelfth, and what it could has none. So many that it is no
    /// chance.
    pub(super) fn is_turned(&self) -> bool {
        let ([early, later], [told, open]) = (self.cells_by_day, self.texts_by_day);
        early >= 5 && later == 0 && told >= 3 && open == 0
    }

    fn see(&mut self, look: Look, at: Location, cell: Cell<'_>) {
        let text = cell.text.trim();
        let odd = damage::is_odd(text);
        let nothing =
            odd && (damage::is_error(text) || damage::is_nothing(text, damage::Takes::Form));
        if text.is_empty() || nothing || matches!(cell.kind, CellKind::Error | CellKind::Damaged) {
            return;
        }
        self.filled += 1;
        self.numbers += u64::from(cell.kind == CellKind::Number);
        if cell.kind == CellKind::Date {
            self.date_cells += 1;
            self.dates += 1;
            self.first_date_cell.get_or_insert_with(|| (at, text.to_owned()));
            if let (Look::Dates, Some(day)) =
                (look, text.get(..10).and_then(|day| day.parse::<Date>().ok()))
            {
                let [early, later] = &mut self.cells_by_day;
                *early += u64::from(day.day() <= 12 && day.day() != day.month());
                *later += u64::from(day.day() > 12);
            }
        }
        match look {
            Look::Dates => self.see_date(at, text),
            Look::Phones => self.see_phone(at, text, cell.kind),
            Look::Text => self.see_text(at, text, cell.kind),
            Look::Letters => self.see_letter(text),
        }
    }

    fn see_letter(&mut self, text: &str) {
        self.letters_nf[0] += u64::from(matches!(text, "N" | "n"));
        self.letters_nf[1] += u64::from(matches!(text, "F" | "f"));
        let [h, m, women] = &mut self.letters;
        match text {
            "H" | "h" | "V" | "v" => *h += 1,
            "M" | "m" => *m += 1,
            "F" | "f" | "K" | "k" | "W" | "w" => *women += 1,
            "N" | "n" => {}
            "0" => self.genders[0] += 1,
            "1" => self.genders[1] += 1,
            "2" => self.genders[2] += 1,
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => self.genders[3] += 1,
            _ => {
                let is_woman = ["vrouw", "vrouwelijk", "frau"];
                *women += u64::from(is_woman.iter().any(|it| text.eq_ignore_ascii_case(it)));
                let is_man = ["hombre", "homem", "varon", "varón"]
                    .iter()
                    .any(|it| text.eq_ignore_ascii_case(it));
                *h += u64::from(is_man);
            }
        }
    }

    fn see_date(&mut self, at: Location, text: &str) {
        if let Some(day) = damage::day_number(text) {
            self.days += 1;
            self.latest_day = self.latest_day.max(day);
        }
        let place = match date::sign(text) {
            Some(date::Sign::DayFirst) => &mut self.day_first,
            Some(date::Sign::MonthFirst) => &mut self.month_first,
            Some(date::Sign::Either) => {
                self.either = true;
                self.texts_by_day[1] += 1;
                return;
            }
            None => return,
        };
        self.texts_by_day[0] += 1;
        place.get_or_insert_with(|| (at, text.to_owned()));
    }

    fn see_phone(&mut self, at: Location, text: &str, kind: CellKind) {
        if kind == CellKind::Date {
            return;
        }
        let plain: String = text.chars().filter(|&c| !super::phone::is_separator(c)).collect();
        if damage::is_digits(&plain) && !plain.starts_with("00") {
            self.widths.see(at, &plain, kind);
        }
        self.dates += u64::from(damage::is_date(text));
    }

    fn see_text(&mut self, at: Location, text: &str, kind: CellKind) {
        if text.len() >= damage::CUT {
            let length = text.chars().count();
            self.cut += u64::from(length == damage::CUT);
            self.longer += u64::from(length > damage::CUT);
        }
        if kind == CellKind::Date {
            return;
        }
        let digits = damage::whole_number(text).unwrap_or(text);
        if damage::is_digits(digits) {
            self.digits += 1;
            if digits.len() > damage::KEPT {
                self.long += 1;
                self.zero_tails += u64::from(damage::zero_tail(digits) > 0);
            } else {
                self.widths.see(at, digits, kind);
            }
        } else if damage::exponent(text).is_some() {
            self.exponents += 1;
        } else if damage::is_date(text) {
            self.dates += 1;
        } else if text.len() <= 40
            && !text.contains(char::is_whitespace)
            && text.bytes().any(|byte| byte.is_ascii_digit())
        {
            self.codes += 1;
        }
    }

    /// Values that are neither dates nor numbers in exponent form: those that the others may be like.
    fn sound(&self) -> u64 {
        self.filled.saturating_sub(self.dates + self.exponents)
    }

    fn is_made_of_digits(&self) -> bool {
        self.digits >= 3 && self.digits * 10 >= self.sound() * 9
    }

    /// Whether dates are strangers among ids: fewer than one in three, and nearly all others codes.
    fn has_foreign_dates(&self, code: bool) -> bool {
        let ids = self.digits + self.codes;
        let share = if code { 5 } else { 9 };
        self.dates * 3 < self.filled && ids >= 3 && ids * 10 >= (self.filled - self.dates) * share
    }
}

/// What numbers in a column of dates are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Days {
    /// Nobody knows.
    #[default]
    Unproven,
    /// Days, for a reason, counted from one of the two beginnings. `certain` is false where the other
    /// beginning gives days that are as likely.
    Proven { system: System, certain: bool, why: String },
}

/// What a value that lost digits looks like in this column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tails {
    /// Zeros behind the fifteenth digit say nothing.
    #[default]
    Usual,
    /// They stand in most long numbers, of which there are few.
    Doubtful,
    /// They stand in so many of the long numbers that chance is out of the question.
    Lost,
}

/// What letters for genders mean in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Letters {
    /// What they mean everywhere.
    #[default]
    Usual,
    /// `M` is no man for certain: men are `H` or `V`, or `Hombre`, and no letter of women stands beside both.
    Open,
    /// `V` is a woman beside `M`, as the header is Dutch.
    Dutch,
    /// `F` is no woman for certain: `N` stands beside it, as for women in Hungarian, and no `M`.
    Hungarian,
    /// `1` and `2` are all digits that there are: the target's own codes, or those of ISO 5218.
    Digits,
}

/// What a column is, as far as its values prove it.
#[derive(Clone, Debug, Default)]
pub(super) struct Nature {
    /// The order of its dates.
    pub(super) order: Option<DateOrder>,
    /// Whether its header says that it holds ids or codes.
    pub(super) code: bool,
    /// Whether nearly all of its values are digits.
    pub(super) digits: bool,
    /// The length that most of its numbers have, and the same where a shorter one is worth a question.
    pub(super) width: Option<usize>,
    pub(super) expected_width: Option<usize>,
    /// The zeros that its values prove.
    pub(super) zeros: Option<Zeros>,
    /// The postcodes that it holds, when the country is known.
    pub(super) postcodes: Option<Postcodes>,
    /// Whether dates do not belong into it.
    pub(super) foreign_dates: bool,
    /// Its day numbers.
    pub(super) days: Days,
    /// Its long numbers.
    pub(super) tails: Tails,
    /// The length at which its longest texts were cut off.
    pub(super) cut: Option<usize>,
    /// What its letters for genders mean.
    pub(super) letters: Letters,
}

impl Nature {
    /// Whether its text is more than prose, so that every value is looked at.
    pub(super) fn is_watched(&self) -> bool {
        self.code || self.digits || self.foreign_dates || self.cut.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(look: Look, cells: &[(CellKind, &str)], first_row: u32) -> Evidence {
        let mut evidence = Evidence::default();
        for (row, &(kind, text)) in (first_row..).zip(cells) {
            evidence.see(look, Location { row, ..Location::default() }, Cell { text, kind });
        }
        evidence
    }

    #[test]
    fn parts_of_a_column_prove_together_what_the_whole_proves() {
        let cells = [
            "0491570006",
            "491570110",
            "31/05/1988",
            "05/31/1988",
            "03/04/1990",
            "29251",
            "NULL",
            "6.1412E+10",
            "5-Mar",
            "00123",
            "12345678901234500000",
            "#N/A",
            "",
            "some prose",
            "A-7",
        ]
        .map(|text| (CellKind::Text, text));
        let long = "x".repeat(255);
        let more = [
            (CellKind::Number, "12"),
            (CellKind::Date, "1990-05-31"),
            (CellKind::Error, "#N/A"),
            (CellKind::Text, long.as_str()),
        ];
        let cells: Vec<(CellKind, &str)> = cells.into_iter().chain(more).collect();
        for look in [Look::Dates, Look::Phones, Look::Text] {
            let whole = evidence(look, &cells, 2);
            for cut in 0..=cells.len() {
                let (first, last) = cells.split_at(cut);
                let mut sum = evidence(look, first, 2);
                sum.add(evidence(look, last, 2 + u32::try_from(cut).unwrap()));
                assert_eq!(format!("{sum:?}"), format!("{whole:?}"), "{look:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn dates_are_strangers_only_among_ids() {
        let of = |texts: &[&str], code| {
            let cells: Vec<_> = texts.iter().map(|&text| (CellKind::Text, text)).collect();
            evidence(Look::Text, &cells, 2).has_foreign_dates(code)
        };
        assert!(of(&["3-4", "5-6", "7-8", "5-Mar"], false));
        assert!(of(&["3-4", "5-6", "7-8"], false), "a later row may hold the first");
        assert!(of(&["A 1", "5-6", "7-8", "B2", "C 3", "1-Jan"], true));
        assert!(!of(&["A 1", "5-6", "7-8", "B2", "C 3", "1-Jan"], false));
        assert!(!of(&["3-4", "5-6", "5-Mar"], true), "too few to tell");
        assert!(!of(&["3-4", "5-6", "7-8", "5-Mar", "6-Mar"], false), "too many dates");
        assert!(!of(&["mornings", "weekends", "5-Mar", "never"], false));
    }
}
