//! What the values of a whole column prove together: the order of dates, the length of ids, the zeros
//! that some of them have lost. One value alone proves none of it.
//!
//! [`Evidence`] is gathered from the first rows of every column in use, and from the whole file for
//! the columns that these leave open. [`Nature`] is what follows from it.

use super::damage::{self, System};
use super::postcode::{self, Postcodes};
use super::{Rules, Use, date};
use crate::mapping::words;
use crate::recipe::DateOrder;
use crate::record::{Field, Kind};
use crate::row::{Cell, CellKind, Location, Rows};

/// A column of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnOf {
    /// The input.
    pub input: u16,
    /// The column, from 0.
    pub column: usize,
    /// What its values are looked at for.
    look: Look,
}

/// What the values of a column are looked at for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Dates,
    Phones,
    Text,
}

/// A row, and the value in it that proves something.
type Proof = (Location, String);

/// Numbers of more digits are counted as if they had so many.
const WIDEST: usize = 24;

/// How many digits the numbers of a column have.
#[derive(Clone, Debug, Default)]
struct Widths {
    /// Numbers without a zero in front, by how many digits they have.
    plain: [u64; WIDEST],
    /// Those of them that are text although the column has number cells.
    text: [u64; WIDEST],
    /// Numbers with a zero in front, the first of each length, and how many there are.
    zeros: [Option<Proof>; WIDEST],
    zero_led: [u64; WIDEST],
}

impl Widths {
    fn see(&mut self, at: Location, digits: &str, kind: CellKind) {
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

    fn add(&mut self, later: Self) {
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
    fn usual(&self) -> Option<usize> {
        let width = (1..WIDEST).max_by_key(|&width| (self.of(width), width))?;
        (self.of(width) * 3 >= self.total() * 2 && self.total() > 0).then_some(width)
    }

    /// Numbers that are one or two digits shorter than this.
    fn shorter(&self, width: usize) -> u64 {
        (1..=2).filter_map(|less| width.checked_sub(less)).map(|less| at(&self.plain, less)).sum()
    }

    /// The length of numbers that are written with their zeros, and of which some have lost them. In
    /// a text file any shorter number may have; in a workbook only number cells.
    fn with_zeros(&self, least: usize, number_cells: bool) -> Option<Zeros> {
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
    fn with_trunk_zero(&self, number_cells: bool) -> Option<Zeros> {
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

/// What was seen in a column.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// A date that only day first can be.
    pub day_first: Option<(Location, String)>,
    /// A date that only month first can be.
    pub month_first: Option<(Location, String)>,
    /// Whether some date can be read either way.
    either: bool,
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
}

impl Evidence {
    /// Adds what later rows say.
    pub fn add(&mut self, later: Self) {
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

    fn see(&mut self, look: Look, at: Location, cell: Cell<'_>) {
        let text = cell.text.trim();
        let odd = damage::begins_oddly(text);
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
        }
        match look {
            Look::Dates => self.see_date(at, text),
            Look::Phones => self.see_phone(at, text, cell.kind),
            Look::Text => self.see_text(at, text, cell.kind),
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
                return;
            }
            None => return,
        };
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
            self.widths.see(at, digits, kind);
            if digits.len() > damage::KEPT {
                self.long += 1;
                self.zero_tails += u64::from(damage::zero_tail(digits) > 0);
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
        self.dates > 0
            && self.dates * 3 < self.filled
            && ids >= 3
            && ids * 10 >= (self.filled - self.dates) * share
    }
}

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

/// What a column is, as far as its values prove it.
#[derive(Clone, Debug, Default)]
pub(super) struct Nature {
    /// The order of its dates.
    pub(super) order: Option<DateOrder>,
    /// Whether its header says that it holds ids or codes.
    pub(super) code: bool,
    /// Whether nearly all of its values are digits.
    pub(super) digits: bool,
    /// The length that most of its numbers have, and whether a shorter one is worth a question.
    pub(super) width: Option<usize>,
    pub(super) ask_zeros: bool,
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
    /// Whether its longest texts were cut off.
    pub(super) cut: bool,
    /// Whether its text is more than prose, so that every value is looked at.
    pub(super) watched: bool,
}

impl Rules {
    /// The columns of an input whose values prove something together.
    pub fn columns_to_learn(&self, input: u16) -> Vec<ColumnOf> {
        let Some(sheet) = self.sheets.get(usize::from(input)) else { return Vec::new() };
        let look = |role: Use| match role {
            Use::Slot(slot) => match self.fields.get(slot)?.kind {
                Kind::Date(_) | Kind::Moment => Some(Look::Dates),
                Kind::Phone(_) => Some(Look::Phones),
                Kind::Text => Some(Look::Text),
                _ => None,
            },
            Use::FullName { .. } => None,
        };
        let columns = sheet.columns.iter();
        columns
            .filter_map(|&(column, role)| Some(ColumnOf { input, column, look: look(role)? }))
            .collect()
    }

    /// What rows say about some columns, one answer for each column.
    pub fn evidence(rows: &Rows, columns: &[ColumnOf]) -> Vec<Evidence> {
        let mut found = vec![Evidence::default(); columns.len()];
        for row in rows.iter() {
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
                .is_some_and(|zeros| at(&widths.plain, zeros.width - 1) > 0),
            Look::Text => {
                let code = self.is_code(of);
                let strangers = first.exponents > 0 && first.digits > 0;
                let dates = first.dates > 0 && first.digits + first.codes > first.dates;
                let zeros = widths.usual().is_some_and(|width| {
                    let led = at(&widths.zero_led, width) > 0;
                    width >= least_width(code) && widths.shorter(width) > 0 && (led || code)
                });
                let cut = first.cut > 0 && first.longer == 0;
                strangers || dates || zeros || cut || first.zero_tails > 0
            }
        }
    }

    /// Takes over what a column proves, and says it in a few words. `from_1904` says whether the
    /// workbook counts its days from 1904; nothing where the file does not tell.
    pub fn learn(
        &mut self,
        of: ColumnOf,
        evidence: &Evidence,
        from_1904: Option<bool>,
    ) -> Option<String> {
        let mut nature = Nature::default();
        let mut proofs = Vec::new();
        match of.look {
            Look::Dates => {
                let field = self.field_of(of);
                nature.order = evidence.order().map(|(order, _)| order);
                proofs.extend(order_proof(evidence).filter(|_| self.settings.date_order.is_none()));
                nature.days = self.days(field, evidence, from_1904);
                if let (Days::Proven { system, why, .. }, true) = (&nature.days, evidence.days > 0)
                {
                    proofs.push(format!("numbers are days of the {} system: {why}", system.word()));
                }
            }
            Look::Phones => {
                nature.zeros = evidence.widths.with_trunk_zero(evidence.numbers > 0);
                nature.foreign_dates = evidence.dates * 3 < evidence.filled;
            }
            Look::Text => {
                nature.code = self.is_code(of);
                self.learn_text(of, evidence, &mut nature);
                nature.watched = nature.code || nature.digits || nature.foreign_dates || nature.cut;
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
        nature.cut = evidence.cut > 1 && evidence.longer == 0;
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
        nature.postcodes = plan.filter(|plan| nature.width == Some(plan.width));
        // Ids that count up have any length; a column in which text and numbers mix was text once.
        let mixed = number_cells && evidence.widths.text.iter().sum::<u64>() > 0;
        nature.ask_zeros = is_postcode && nature.width >= Some(4) || nature.code && mixed;
    }

    /// Whether numbers in a column of dates are days.
    fn days(&self, field: Option<&Field>, evidence: &Evidence, from_1904: Option<bool>) -> Days {
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
        match from_1904 {
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

    fn headers_of(&self, of: ColumnOf) -> impl Iterator<Item = &str> {
        let sheet = self.sheets.get(usize::from(of.input));
        let header = sheet.and_then(|sheet| sheet.headers.get(of.column)).map(String::as_str);
        let field = self.field_of(of).and_then(|field| field.name.strip_prefix("custom:"));
        header.into_iter().chain(field)
    }

    fn field_of(&self, of: ColumnOf) -> Option<&Field> {
        let sheet = self.sheets.get(usize::from(of.input))?;
        sheet.columns.iter().find(|(column, _)| *column == of.column).and_then(|&(_, role)| {
            match role {
                Use::Slot(slot) => self.fields.get(slot),
                Use::FullName { .. } => None,
            }
        })
    }
}

/// The fewest digits that make a length: ids of three digits are usual, other numbers are too short
/// to tell.
fn least_width(code: bool) -> usize {
    if code { 3 } else { 4 }
}

fn order_proof(evidence: &Evidence) -> Option<String> {
    match (evidence.order(), &evidence.day_first, &evidence.month_first) {
        (Some((order, (at, value))), ..) => {
            let first = if order == DateOrder::Dmy { "day" } else { "month" };
            Some(format!("{first} first, proven by row {}: {value}", at.row))
        }
        (None, Some((day, _)), Some((month, _))) => {
            Some(format!("mixed: row {} has the day first, row {} the month", day.row, month.row))
        }
        _ if evidence.either => Some("no value shows whether day or month stands first".to_owned()),
        _ => None,
    }
}
