//! What the values of a whole column prove together: the order of dates, the length of ids, the zeros
//! that some of them have lost. One value alone proves none of it.
//!
//! [`Evidence`] is gathered from the first rows of every column in use, and from the whole file for
//! the columns that these leave open. [`Nature`] is what follows from it.

use jiff::civil::Date;

use super::damage::{self, System};
use super::postcode::{self, Postcodes};
use super::widths::{Proof, Widths, Zeros};
use super::{Rules, Use, date, example, order};
use crate::mapping::words;
use crate::reader::heads_another;
use crate::recipe::DateOrder;
use crate::record::{Field, Kind};
use crate::row::{Cell, CellKind, Location, Rows};
use crate::spelling::normalise;

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

impl Rules {
    /// The columns of an input whose values prove something together.
    pub fn columns_to_learn(&self, input: u16) -> Vec<ColumnOf> {
        let Some(sheet) = self.sheets.get(usize::from(input)) else { return Vec::new() };
        let look = |role: Use| match role {
            Use::Slot(slot) => match self.fields.get(slot)?.kind {
                Kind::Date(_) | Kind::Moment(_) => Some(Look::Dates),
                Kind::Phone(_) => Some(Look::Phones),
                Kind::Text => Some(Look::Text),
                Kind::Choice(_) => {
                    let words = self.words.get(slot)?;
                    words.have_two_letters_for_men().then_some(Look::Letters)
                }
                _ => None,
            },
            Use::FullName { .. } => None,
        };
        let columns = sheet.columns.iter();
        columns
            .filter_map(|&(column, role)| Some(ColumnOf { input, column, look: look(role)? }))
            .collect()
    }

    /// Whether the recipe says what `F` or `N` stands for.
    fn are_letters_said(&self, of: ColumnOf) -> bool {
        let sheet = self.sheets.get(usize::from(of.input));
        let role = sheet.and_then(|sheet| sheet.columns.iter().find(|(at, _)| *at == of.column));
        let Some((_, Use::Slot(slot))) = role else { return false };
        let words = self.words.get(*slot);
        words.is_some_and(|words| ["F", "f", "N", "n"].iter().any(|it| words.has_exactly(it)))
    }

    /// Whether 1 and 2 are codes of the target's own for genders, and nobody has said what they are here.
    fn are_codes_of_genders(&self, of: ColumnOf) -> bool {
        let sheet = self.sheets.get(usize::from(of.input));
        let role = sheet.and_then(|sheet| sheet.columns.iter().find(|(at, _)| *at == of.column));
        let Some((_, Use::Slot(slot))) = role else { return false };
        self.words.get(*slot).is_some_and(super::words::Words::have_own_digits)
    }

    /// What rows say about some columns, one answer for each column.
    pub fn evidence(&self, rows: &Rows, columns: &[ColumnOf]) -> Vec<Evidence> {
        let mut found = vec![Evidence::default(); columns.len()];
        for row in rows.iter().filter(|row| !row.is_hidden()) {
            let sheet = self.sheets.get(usize::from(row.at.input));
            if sheet.is_some_and(|sheet| heads_another(&sheet.headers, &row)) {
                let own = |of: &ColumnOf| of.input == row.at.input;
                for (_, evidence) in columns.iter().zip(&mut found).filter(|(of, _)| own(of)) {
                    evidence.ended = true;
                }
                break;
            }
            if sheet.is_some_and(|sheet| example::is_marked(sheet, &row)) {
                continue;
            }
            for (of, evidence) in columns.iter().zip(&mut found) {
                if of.input == row.at.input {
                    evidence.see(of.look, row.at, row.cell(of.column));
                }
            }
        }
        found
    }

    /// Whether the first rows leave something open that the whole column may prove.
    pub fn is_open(&self, of: ColumnOf, first: &Evidence) -> bool {
        let widths = &first.widths;
        match of.look {
            Look::Dates => {
                let any = first.either || first.day_first.is_some() || first.month_first.is_some();
                any && self.settings.date_order.is_none() || first.days > 0
            }
            Look::Phones => widths
                .with_trunk_zero(false)
                .is_some_and(|zeros| widths.shorter(zeros.width, zeros.most) > 0),
            Look::Text => {
                let code = self.is_code(of);
                let strangers = first.exponents > 0 && first.digits > 0;
                let dates = first.dates > 0 && first.digits + first.codes > first.dates;
                let zeros = widths.usual().is_some_and(|width| {
                    let led = widths.zero_led(width) > 0;
                    width >= least_width(code) && widths.shorter(width, 2) > 0 && (led || code)
                });
                let cut = first.cut > 0 && first.longer == 0;
                strangers || dates || zeros || cut || first.zero_tails > 0
            }
            // Sorted by gender, the first rows may show one letter alone.
            Look::Letters => {
                let any = matches!(first.genders, [0, one, two, 0] if one + two > 0);
                let alone = matches!(first.letters, [0, m, 0] if m > 0)
                    || matches!(first.letters, [0, 0, women] if women > 0);
                any || alone
            }
        }
    }

    /// Takes over what a column proves, and says it in a few words. `dates_1904` says whether the
    /// workbook counts its days from 1904; nothing where the file does not tell.
    pub fn learn(
        &mut self,
        of: ColumnOf,
        evidence: &Evidence,
        dates_1904: Option<bool>,
    ) -> Option<String> {
        let mut nature = Nature::default();
        let mut proofs = Vec::new();
        match of.look {
            Look::Dates => {
                let field = self.field_of(of);
                nature.order = evidence.order().map(|(order, _)| order);
                proofs
                    .extend(order::proof(evidence).filter(|_| self.settings.date_order.is_none()));
                nature.days = self.days(field, evidence, dates_1904);
                if let (Days::Proven { system, why, .. }, true) = (&nature.days, evidence.days > 0)
                {
                    proofs.push(format!("numbers are days of the {} system: {why}", system.word()));
                }
            }
            Look::Phones => {
                nature.zeros = evidence.widths.with_trunk_zero(evidence.numbers > 0);
                nature.foreign_dates = evidence.dates * 3 <= evidence.filled;
                proofs.extend(self.home_proof(of));
            }
            Look::Text => {
                nature.code = self.is_code(of);
                self.learn_text(of, evidence, &mut nature);
            }
            Look::Letters => {
                let is_open = matches!(evidence.letters, [h, m, 0] if h > 0 && m > 0);
                let are_digits = matches!(evidence.genders, [0, one, two, 0] if one > 0 && two > 0)
                    && self.are_codes_of_genders(of);
                let is_dutch = || self.headers_of(of).any(|it| normalise(it).contains("geslacht"));
                nature.letters = match evidence.letters {
                    [_, _, 0] if is_dutch() => Letters::Dutch,
                    _ if is_open => Letters::Open,
                    [0, 0, women]
                        if evidence.letters_nf[0] > 0
                            && women == evidence.letters_nf[1]
                            && women > 0
                            && !self.are_letters_said(of) =>
                    {
                        Letters::Hungarian
                    }
                    _ if are_digits => Letters::Digits,
                    _ => Letters::Usual,
                };
            }
        }
        if let Some(zeros) = &nature.zeros {
            let Zeros { width, row, value, .. } = zeros;
            proofs.push(format!("{width} digits with their zeros, proven by row {row}: {value}"));
        }
        let sheet = self.sheets.get_mut(usize::from(of.input))?;
        if sheet.natures.len() <= of.column {
            sheet.natures.resize(of.column + 1, Nature::default());
        }
        if let Some(place) = sheet.natures.get_mut(of.column) {
            *place = nature;
        }
        (!proofs.is_empty()).then(|| proofs.join("; "))
    }

    fn learn_text(&self, of: ColumnOf, evidence: &Evidence, nature: &mut Nature) {
        let number_cells = evidence.numbers > 0;
        nature.digits = evidence.is_made_of_digits();
        nature.foreign_dates = evidence.has_foreign_dates(nature.code);
        nature.cut = (evidence.cut > 1 && evidence.longer == 0).then_some(damage::CUT);
        let most = evidence.zero_tails * 2 > evidence.long;
        nature.tails = match evidence.zero_tails {
            4.. if most => Tails::Lost,
            1.. if most => Tails::Doubtful,
            _ => Tails::Usual,
        };
        nature.width = evidence.widths.usual();
        if !nature.digits {
            return;
        }
        nature.zeros = evidence.widths.with_zeros(least_width(nature.code), number_cells);
        let is_postcode = self.headers_of(of).any(words::is_postcode);
        let plan = self.settings.region.and_then(postcode::of).filter(|_| is_postcode);
        nature.postcodes = plan.filter(|plan| evidence.widths.are_mostly(plan.width));
        // Ids that count up have any length; a column in which text and numbers mix was text once.
        let mixed = number_cells && evidence.widths.has_text();
        let asked = is_postcode && nature.width >= Some(4) || nature.code && mixed;
        nature.expected_width = nature.width.filter(|_| asked);
    }

    /// Whether numbers in a column of dates are days.
    fn days(&self, field: Option<&Field>, evidence: &Evidence, dates_1904: Option<bool>) -> Days {
        let Some(field) = field else { return Days::Unproven };
        let today = self.settings.today;
        let likely = |system: System| {
            let latest = system.day(evidence.latest_day);
            !field.born || latest.is_some_and(|latest| latest <= today)
        };
        let why = if let Some((at, value)) = &evidence.first_date_cell
            && evidence.date_cells * 2 >= evidence.filled
        {
            format!("row {} is a date cell: {value}", at.row)
        } else if evidence.filled > 2
            && evidence.days == evidence.filled
            && likely(System::From1900)
        {
            format!("all {} values are day numbers", evidence.filled)
        } else {
            return Days::Unproven;
        };
        match dates_1904 {
            Some(true) => Days::Proven { system: System::From1904, certain: true, why },
            Some(false) => Days::Proven { system: System::From1900, certain: true, why },
            None => {
                let certain = !likely(System::From1904);
                Days::Proven { system: System::From1900, certain, why }
            }
        }
    }

    /// Whether the header of a column, or the name of its field, says that it holds ids or codes.
    fn is_code(&self, of: ColumnOf) -> bool {
        self.headers_of(of).any(words::is_code) || self.field_of(of).is_some_and(|field| field.code)
    }

    pub(super) fn headers_of(&self, of: ColumnOf) -> impl Iterator<Item = &str> {
        let sheet = self.sheets.get(usize::from(of.input));
        let header = sheet.and_then(|sheet| sheet.headers.get(of.column)).map(String::as_str);
        let field = self.field_of(of).and_then(|field| field.name.strip_prefix("custom:"));
        header.into_iter().chain(field)
    }

    fn field_of(&self, of: ColumnOf) -> Option<&Field> {
        self.filled_by(of.input, u16::try_from(of.column).ok()?)
    }
}

/// The fewest digits that make a length: ids of three digits are usual, other numbers are too short
/// to tell.
fn least_width(code: bool) -> usize {
    if code { 3 } else { 4 }
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
