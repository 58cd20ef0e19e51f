//! What the columns of an input are, learned from the evidence of their values.

use super::{ColumnOf, Days, Evidence, Letters, Look, Nature, Tails};
use crate::mapping::words;
use crate::reader::heads_another;
use crate::record::{Field, Kind};
use crate::row::Rows;
use crate::spelling::normalise;
use crate::validate::damage::{self, System};
use crate::validate::widths::Zeros;
use crate::validate::words::Words;
use crate::validate::{Rules, Use, example, order, postcode};

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
        let is_said = |words: &Words| ["F", "f", "N", "n"].iter().any(|it| words.has_exactly(it));
        self.words_of(of).is_some_and(is_said)
    }

    /// Whether 1 and 2 are codes of the target's own for genders, and nobody has said what they are here.
    fn are_codes_of_genders(&self, of: ColumnOf) -> bool {
        self.words_of(of).is_some_and(Words::have_own_digits)
    }

    /// The words of the field that a column fills.
    fn words_of(&self, of: ColumnOf) -> Option<&Words> {
        let sheet = self.sheets.get(usize::from(of.input))?;
        let (_, role) = sheet.columns.iter().find(|(at, _)| *at == of.column)?;
        let Use::Slot(slot) = role else { return None };
        self.words.get(*slot)
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

    pub(in crate::validate) fn headers_of(&self, of: ColumnOf) -> impl Iterator<Item = &str> {
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
