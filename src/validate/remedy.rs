//! What a user could say that would spare values their findings: tried on every value that has some,
//! by the very rules that found fault with it, before anybody is told that it helps.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::column::{ColumnOf, Evidence, Look};
use super::person::{JudgeRow, Recent};
use super::phone::{self, Region};
use super::{Rules, Use, country};
use crate::finding::{Finding, Remedies, Severity};
use crate::recipe::DateOrder;
use crate::record::{Kind, PhoneForm, Record};
use crate::row::{Cell, Row, Rows};
use crate::spelling::normalise;

/// Something that a user could say about the values of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// The column of an input that holds people's countries.
    RegionColumn(u16, usize),
    /// The country of national phone numbers.
    Region(Region),
    /// The order of numeric dates.
    DateOrder(DateOrder),
}

impl Remedy {
    /// The flag that says it.
    pub fn flag(self, rules: &Rules) -> String {
        match self {
            Self::RegionColumn(input, column) => {
                let header = u16::try_from(column).ok().and_then(|it| rules.header(input, it));
                format!("--region-column '{}'", header.unwrap_or_default().replace('\'', r"'\''"))
            }
            Self::Region(region) => format!("--default-region {}", region.as_region_str()),
            Self::DateOrder(order) => format!("--date-order {}", order.word()),
        }
    }
}

/// A remedy with the rules as they would be.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    remedy: Remedy,
    rules: Rules,
    /// Columns with values that would be wrong then.
    not_for: Vec<(u16, usize)>,
}

/// What is tried on values that were refused.
#[derive(Clone, Debug, Default)]
pub(super) struct Trials {
    /// Orders of dates.
    orders: Vec<Trial>,
    /// What the file says of countries; nothing where no country would help.
    clues: Option<Clues>,
    /// Countries, found out when the first phone number is refused: the numbering plans of all
    /// countries take more time and memory than many a file.
    regions: OnceLock<Vec<Trial>>,
}

/// What the first rows say of countries.
#[derive(Clone, Debug, Default)]
struct Clues {
    /// Codes of countries, with how often something points to each.
    signs: BTreeMap<String, u64>,
    /// Phone numbers in international form.
    whole: Vec<String>,
    /// National ones.
    national: Vec<String>,
    /// Columns, each with its input, that hold countries by their headers and some of their values.
    columns: Vec<(u16, usize)>,
}

/// Countries that the file itself points to: so many are tried.
const REGIONS: usize = 4;
/// Numbers looked at when the file points to no country.
const LOOKED_AT: usize = 200;
/// The fewest numbers that can point to a country by their form alone.
const ENOUGH: usize = 5;

/// Countries that people's lists mostly are of, the likeliest first.
const COUNTRIES: &[&str] = &[
    "AU", "NZ", "US", "CA", "GB", "IE", "FR", "BE", "CH", "LU", "DE", "AT", "NL", "ES", "IT", "PT",
    "SE", "NO", "DK", "FI", "PL", "IN", "SG", "ZA",
];

impl Rules {
    /// Gets ready to try remedies. The samples are the first rows of the inputs; what the columns
    /// have proven says which orders of dates some of their values rule out.
    pub fn prepare_remedies(&mut self, samples: &[&Rows], learned: &[(ColumnOf, Evidence)]) {
        let mut orders = Vec::new();
        for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
            let dates = learned.iter().filter(|(of, _)| of.look == Look::Dates);
            let not_for: Vec<_> = dates
                .clone()
                .filter(|(_, evidence)| rules_out(evidence, order))
                .map(|(of, _)| (of.input, of.column))
                .collect();
            if dates.count() > not_for.len() && self.settings.date_order != Some(order) {
                let mut rules = self.without_trials();
                rules.settings.date_order = Some(order);
                orders.push(Trial { remedy: Remedy::DateOrder(order), rules, not_for });
            }
        }
        self.trials = Trials { orders, clues: self.clues(samples), regions: OnceLock::new() };
    }

    fn without_trials(&self) -> Self {
        Self { trials: Trials::default(), ..self.clone() }
    }

    /// Everything that is tried, in the order of the numbers in [`Finding::remedies`].
    fn trials(&self) -> impl Iterator<Item = &Trial> {
        let regions = self.trials.regions.get().into_iter().flatten();
        self.trials.orders.iter().chain(regions)
    }

    /// Finds out which countries are worth trying, unless that is known.
    fn need_regions(&self) {
        self.trials.regions.get_or_init(|| {
            let room = Remedies::MOST.saturating_sub(self.trials.orders.len());
            let clues = self.trials.clues.as_ref();
            let columns = clues.map(|clues| clues.columns.clone()).unwrap_or_default();
            let by_column = columns.into_iter().map(|(input, column)| {
                let mut rules = self.without_trials();
                rules.set_country_column(input, column, &Rows::default());
                Trial { remedy: Remedy::RegionColumn(input, column), rules, not_for: Vec::new() }
            });
            let regions = clues.map(Clues::regions).unwrap_or_default();
            let of_all = regions.into_iter().map(|region| {
                let mut rules = self.without_trials();
                rules.settings.region = Some(region);
                Trial { remedy: Remedy::Region(region), rules, not_for: Vec::new() }
            });
            by_column.chain(of_all).take(room).collect()
        });
    }

    /// The remedy with a number of [`Finding::remedies`].
    pub fn remedy(&self, number: usize) -> Option<Remedy> {
        self.trials().nth(number).map(|trial| trial.remedy)
    }

    /// Whether the user said in which order dates stand.
    pub fn has_stated_order(&self) -> bool {
        self.settings.date_order.is_some()
    }

    /// Whether another order of dates is already proven for a column than the one given: the flag
    /// would then harm that column.
    pub fn proves_another_order(&self, order: DateOrder) -> bool {
        let natures = self.sheets.iter().flat_map(|sheet| &sheet.natures);
        natures.filter_map(|nature| nature.order).any(|proven| proven != order)
    }

    /// Notes at each finding about a value which remedies would have spared the value this finding.
    pub(super) fn try_remedies(&self, row: Row<'_>, findings: &mut [Finding], first: usize) {
        if self.trials.orders.is_empty() && self.trials.clues.is_none() {
            return;
        }
        for finding in findings.iter_mut().skip(first) {
            if finding.severity > Severity::Warning {
                continue;
            }
            let Some((slot, column)) = self.slot_of(finding) else { continue };
            let Some(kind) = self.fields.get(slot).map(|field| &field.kind) else { continue };
            // Neither a country nor an order helps what has hardly a digit.
            if finding.value.bytes().filter(u8::is_ascii_digit).count() < 4 {
                continue;
            }
            if let &Kind::Phone(form) = kind {
                if !self.may_be_national(row, (slot, column), finding, form) {
                    continue;
                }
                self.need_regions();
            }
            for (number, trial) in self.trials().enumerate() {
                let apt = match trial.remedy {
                    Remedy::RegionColumn(input, _) => {
                        input == row.at.input && matches!(kind, Kind::Phone(_))
                    }
                    Remedy::Region(region) => {
                        matches!(kind, Kind::Phone(_)) && !self.is_abroad(row, region)
                    }
                    Remedy::DateOrder(_) => matches!(kind, Kind::Date(_) | Kind::Moment(_)),
                };
                let allowed = !trial.not_for.contains(&(row.at.input, column));
                if apt && allowed && trial.rules.spares(row, slot, column, finding) {
                    finding.remedies.add(number);
                }
            }
        }
    }

    /// Whether the country of a phone number can have a say in a finding about it. The numbering plans
    /// of all countries are not looked into for one in which it has none.
    fn may_be_national(
        &self,
        row: Row<'_>,
        (slot, column): (usize, usize),
        finding: &Finding,
        form: PhoneForm,
    ) -> bool {
        let cell = row.cell(column);
        if form != PhoneForm::E164 && phone::is_beyond_plans(cell.text.trim()) {
            return false;
        }
        let mut recent = Recent::default();
        let tried = self.tried(row, (slot, finding.column), cell, &mut recent);
        // The row as a whole may have found what the cell alone has not.
        is_spared(tried, finding) || !recent.homes.is_empty()
    }

    /// Whether a column of countries says that a person is of another country.
    fn is_abroad(&self, row: Row<'_>, region: Region) -> bool {
        let clues = self.trials.clues.iter();
        let columns = clues.flat_map(|clues| &clues.columns).filter(|(of, _)| *of == row.at.input);
        columns
            .filter_map(|&(_, column)| country::code(row.cell(column).text.trim()).ok())
            .any(|code| !region.as_region_str().eq_ignore_ascii_case(code))
    }

    /// The slot that the column of a finding fills.
    fn slot_of(&self, finding: &Finding) -> Option<(usize, usize)> {
        let column = usize::from(finding.column?);
        let sheet = self.sheets.get(usize::from(finding.at.input))?;
        let of = sheet.columns.iter().find(|(other, _)| *other == column)?;
        match of.1 {
            Use::Slot(slot) => Some((slot, column)),
            Use::FullName { .. } => None,
        }
    }

    /// Whether these rules take the value without the finding.
    fn spares(&self, row: Row<'_>, slot: usize, column: usize, finding: &Finding) -> bool {
        is_spared(self.try_cell(row, (slot, finding.column), row.cell(column)), finding)
    }

    /// What the rules say of a cell as the value of a slot, apart from the rest of its row: whether it
    /// has a value, and what is odd about it. The column is the one whose proofs count.
    pub(super) fn try_cell(
        &self,
        row: Row<'_>,
        (slot, column): (usize, Option<u16>),
        cell: Cell<'_>,
    ) -> Tried {
        self.tried(row, (slot, column), cell, &mut Recent::default())
    }

    fn tried<'a>(
        &'a self,
        row: Row<'a>,
        (slot, column): (usize, Option<u16>),
        cell: Cell<'a>,
        recent: &mut Recent<'a>,
    ) -> Tried {
        let Some(sheet) = self.sheets.get(usize::from(row.at.input)) else {
            return Ok((false, Vec::new()));
        };
        let mut found = Vec::new();
        let mut record = Record::new(self.fields.len());
        JudgeRow {
            rules: self,
            sheet,
            row,
            plain: false,
            bare: false,
            findings: &mut found,
            recent,
        }
        .judge_cell(slot, column, cell, &mut record)?;
        Ok((record.get(slot).is_some(), found))
    }

    /// What the first rows say of the country of phone numbers; nothing where none is asked for.
    fn clues(&self, samples: &[&Rows]) -> Option<Clues> {
        if self.settings.region.is_some() {
            return None;
        }
        let mut clues = Clues::default();
        let mut phones = false;
        for ((input, sheet), rows) in (0_u16..).zip(&self.sheets).zip(samples) {
            let texts = |column: usize| rows.iter().map(move |row| row.cell(column).text.trim());
            for &(column, role) in &sheet.columns {
                let Use::Slot(slot) = role else { continue };
                match self.fields.get(slot).map(|field| &field.kind) {
                    Some(Kind::Email) => {
                        for code in texts(column).filter_map(ending) {
                            *clues.signs.entry(code).or_default() += 1;
                        }
                    }
                    Some(Kind::Phone(form)) => {
                        phones = true;
                        let is_whole = |text: &&str| text.starts_with(['+', '＋']);
                        let whole = texts(column).filter(is_whole);
                        clues.whole.extend(whole.take(LOOKED_AT).map(str::to_owned));
                        let national = texts(column)
                            .filter(|text| *form == PhoneForm::E164 && !text.is_empty())
                            .filter(|text| !is_whole(text));
                        clues.national.extend(national.take(LOOKED_AT).map(str::to_owned));
                    }
                    _ => {}
                }
            }
            let is_of_countries = |header: &String| country::is_header(&normalise(header));
            let headers = sheet.headers.iter().enumerate();
            for (column, _) in headers.filter(|(_, header)| is_of_countries(header)) {
                let codes: Vec<&str> =
                    texts(column).filter_map(|text| country::code(text).ok()).collect();
                if !codes.is_empty() && sheet.countries.is_none() {
                    clues.columns.push((input, column));
                }
                for code in codes {
                    *clues.signs.entry(code.to_owned()).or_default() += 1;
                }
            }
        }
        phones.then_some(clues)
    }
}

impl Clues {
    /// The countries whose numbers the national ones of the run may be, the likeliest first: those
    /// that the file points to, else the only one whose plan nearly all of them fit.
    fn regions(&self) -> Vec<Region> {
        let mut signs = self.signs.clone();
        for region in self.whole.iter().filter_map(|number| phone::country_of(number)) {
            *signs.entry(region.as_region_str().to_string()).or_default() += 1;
        }
        let (all, most) = (signs.values().sum::<u64>(), signs.values().max().copied());
        // Where the file points to several countries, no one of them is that of all numbers.
        if most.is_some_and(|most| most * 10 < all * 9) {
            return Vec::new();
        }
        let mut signs: Vec<(String, u64)> = signs.into_iter().collect();
        signs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut regions: Vec<Region> =
            signs.iter().filter_map(|(code, _)| phone::region(code)).take(REGIONS).collect();
        let national: Vec<&str> = self.national.iter().map(String::as_str).collect();
        regions.extend(only_fit(&national).filter(|region| !regions.contains(region)));
        regions
    }
}

/// What rules say of a cell alone: whether it has a value, and what is odd about it.
type Tried = Result<(bool, Vec<Finding>), Box<Finding>>;

/// Whether a cell has a value without the finding.
fn is_spared(tried: Tried, finding: &Finding) -> bool {
    tried.is_ok_and(|(is_filled, found)| {
        is_filled && found.iter().all(|other| other.code != finding.code)
    })
}

/// Whether a value of the column can only be read in another order.
fn rules_out(evidence: &Evidence, order: DateOrder) -> bool {
    match order {
        DateOrder::Dmy => evidence.month_first.is_some(),
        DateOrder::Mdy => evidence.day_first.is_some(),
        DateOrder::Ymd => evidence.month_first.is_some() || evidence.day_first.is_some(),
    }
}

/// The country of an address by the ending of its domain.
fn ending(address: &str) -> Option<String> {
    let (_, ending) = address.rsplit_once('@')?.1.rsplit_once('.')?;
    // What companies all over the world use says nothing.
    let known = ending.len() == 2
        && ending.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !["co", "io", "me", "tv", "ai", "eu"].contains(&ending);
    let code = ending.to_ascii_uppercase();
    known.then(|| if code == "UK" { "GB".to_owned() } else { code })
}

/// The only country whose plan nearly all of these national numbers fit.
fn only_fit(numbers: &[&str]) -> Option<Region> {
    if numbers.len() < ENOUGH {
        return None;
    }
    // As people dial them: with the zero in front where the country has one, else without.
    let dialled = |text: &str, region: Region| {
        text.trim_start_matches('(').starts_with('0') == phone::has_trunk_zero(region)
            && phone::write(text, PhoneForm::E164, Some(region)).is_ok()
    };
    // A spreadsheet drops the zero in front of what is digits and nothing else.
    let lost_zero = |text: &str, region: Region| {
        text.bytes().all(|byte| byte.is_ascii_digit())
            && phone::has_trunk_zero(region)
            && phone::with_trunk_zero(text, region).is_some()
    };
    let count = |fits: &dyn Fn(&str) -> bool| numbers.iter().filter(|text| fits(text)).count();
    let regions = || COUNTRIES.iter().filter_map(|code| phone::region(code));
    // Of equals the first of the list: they have a plan in common, or are rivals.
    let best = regions().rev().max_by_key(|&region| count(&|text| dialled(text, region)))?;
    let fits_nearly_all = count(&|text| dialled(text, best)) * 10 >= numbers.len() * 9;
    let may_be = |region: Region| {
        count(&|text| dialled(text, region) || lost_zero(text, region)) * 2 > numbers.len()
    };
    let mut others = regions().filter(|&other| !phone::share_plan(best, other));
    (fits_nearly_all && !others.any(may_be)).then_some(best)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(region: Option<Region>) -> Option<String> {
        region.map(|region| region.as_region_str().to_string())
    }

    #[test]
    fn files_point_to_countries() {
        for (address, expected) in [
            ("ada@example.com.au", Some("AU")),
            ("ada@example.org", None),
            ("ada@example.co.uk", Some("GB")),
            ("ada@example.io", None),
            ("nobody.au", None),
        ] {
            assert_eq!(ending(address).as_deref(), expected, "{address}");
        }
        let clues = Clues {
            signs: [("XX".to_owned(), 1), ("AU".to_owned(), 20)].into(),
            whole: ["+61 491 570 006", "+61 491 570 110"].map(str::to_owned).to_vec(),
            ..Clues::default()
        };
        let regions: Vec<Option<String>> =
            clues.regions().into_iter().map(|region| code(Some(region))).collect();
        assert_eq!(regions, [Some("AU".to_owned())]);
        let both = Clues { signs: [("FR".to_owned(), 2), ("DE".to_owned(), 2)].into(), ..clues };
        assert_eq!(both.regions(), [], "no country is that of all");
    }

    #[test]
    fn numbers_alone_point_to_a_country_only_where_no_other_would_do() {
        let american = [
            "(212) 555-0123",
            "(212) 555-0199",
            "212-555-0142",
            "(646) 555-0123",
            "(212) 555-0100",
        ];
        assert_eq!(code(only_fit(&american)).as_deref(), Some("US"));
        let australian_or_german =
            ["0491 570 006", "0491 570 110", "(02) 5550 1234", "0491 570 313", "0491 570 737"];
        assert_eq!(code(only_fit(&australian_or_german)), None, "German plans are wide");
        let without_zeros = ["491570006", "491570110", "491570313", "491570737", "491570156"];
        let with_country =
            ["61491570006", "61491570110", "61491570313", "61491570737", "61491570156"];
        assert_eq!(code(only_fit(&with_country)), None, "they have a country already");
        assert_eq!(code(only_fit(&without_zeros)), None, "the zeros of many countries were lost");
        assert_eq!(code(only_fit(&["0491 570 006"])).as_deref(), None, "one number proves nothing");
        let nobodys = ["12345678", "87654321", "23456789", "34567890", "45678901"];
        assert_eq!(code(only_fit(&nobodys)).as_deref(), None);
    }
}
