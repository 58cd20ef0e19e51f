//! The country of each person's phone numbers: a column of the sheet says it row by row; where its cell
//! is blank, or no column does, `--default-region` holds.

use super::column::{ColumnOf, Look};
use super::person::JudgeRow;
use super::phone::{self, Region};
use super::{Make, Rules, Use, country};
use crate::record::Kind;
use crate::row::{Rows, letters};
use crate::spelling::normalise;

/// So many spellings of countries are remembered: there are 249, and people write them in several ways.
const MOST: usize = 1024;

/// Whose plan national numbers of a row follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// That of a country, and whether its national numbers begin with a zero.
    Of(Region, bool),
    /// Nobody says it.
    Open,
    /// The cell that should say it names no country.
    Unknown,
}

impl Home {
    fn of(region: Option<Region>) -> Self {
        region.map_or(Self::Open, |region| Self::Of(region, phone::has_trunk_zero(region)))
    }

    /// The country, if it is known.
    pub(super) fn region(self) -> Option<Region> {
        match self {
            Self::Of(region, _) => Some(region),
            Self::Open | Self::Unknown => None,
        }
    }
}

/// In which ways the cells of a column may name countries, besides by their names and codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways {
    /// By the signs that cars have: neighbours write them, and one of these is among them.
    cars: bool,
    /// By digits that are the country code of numbers: the header says so. Others may be any number.
    digits: bool,
}

impl Ways {
    fn of(header: &str, sample: &Rows, column: usize) -> Self {
        let cells = || sample.iter().map(|row| row.cell(column).text.trim());
        let is_sign = |text: &str| ["A", "CH", "D"].iter().any(|it| it.eq_ignore_ascii_case(text));
        let is_letter = |text: &&str| text.len() == 1;
        let all_are = cells().filter(is_letter).all(|text| country::of_cars(text).is_some());
        let cars = all_are && cells().any(is_sign);
        Self { cars, digits: country::is_code_header(&normalise(header)) }
    }

    /// The country that a cell names: by its name or code, or by the country code of its numbers (ITU-T E.164).
    fn region(self, text: &str) -> Option<Region> {
        self.named(text).and_then(phone::region).or_else(|| self.by_code(text))
    }

    /// Whether it names one.
    fn knows(self, text: &str) -> bool {
        self.named(text).is_some() || self.by_code(text).is_some()
    }

    fn named(self, text: &str) -> Option<&'static str> {
        country::code(text).ok().or_else(|| country::of_cars(text).filter(|_| self.cars))
    }

    fn by_code(self, text: &str) -> Option<Region> {
        let is_said = self.digits || text.starts_with('+') || text.starts_with("00");
        phone::of_country_code(text).filter(|_| is_said)
    }
}

impl<'a> JudgeRow<'a, '_> {
    /// Whose plan the phone numbers of this row follow.
    pub(super) fn home(&mut self) -> Home {
        let text = self.sheet.countries.map_or("", |column| self.row.cell(column).text);
        if let Some(home) = self.recent.homes.get(text) {
            return *home;
        }
        let plain = text.trim();
        let home = if plain.is_empty() {
            Home::of(self.rules.settings.region)
        } else {
            let region = self.sheet.country_ways.region(plain);
            region.map_or(Home::Unknown, |region| Home::of(Some(region)))
        };
        if self.recent.homes.len() < MOST {
            self.recent.homes.insert(text, home);
        }
        home
    }

    /// What stands in the column of countries, and its header.
    pub(super) fn said_home(&self) -> Option<(&'a str, &'a str)> {
        let column = self.sheet.countries?;
        let header = self.sheet.headers.get(column).map_or("", String::as_str);
        Some((self.row.cell(column).text.trim(), header))
    }
}

impl Rules {
    /// The column of an input that holds people's countries, or the country codes of their numbers: by its header,
    /// and because at least half of its values are some; with a number beside one that is none, nobody knows what to
    /// do. Nothing where no phone number asks for it, or two columns would do.
    pub fn country_column(&self, input: u16, sample: &Rows) -> Option<usize> {
        let sheet = self.sheets.get(usize::from(input))?;
        let makes_phone = |make: &Make| {
            let kind = self.fields.get(make.slot).map(|field| &field.kind);
            !make.columns.is_empty() && matches!(kind, Some(Kind::Phone(_)))
        };
        let has_column = || self.columns_to_learn(input).iter().any(|of| of.look == Look::Phones);
        if !sheet.made.iter().any(makes_phone) && !has_column() {
            return None;
        }
        let holds = |column: usize| {
            let header = sheet.headers.get(column).map_or("", String::as_str);
            let ways = Ways::of(header, sample, column);
            let cells = sample.iter().map(|row| row.cell(column).text.trim());
            let (mut filled, mut known) = (0_usize, 0_usize);
            for text in cells.filter(|text| !text.is_empty()) {
                filled += 1;
                known += usize::from(ways.knows(text));
            }
            filled > 0 && known * 2 >= filled
        };
        let named: Vec<(usize, String)> = sheet
            .headers
            .iter()
            .enumerate()
            .map(|(column, header)| (column, normalise(header)))
            .filter(|(_, plain)| country::is_header(plain) || country::is_code_header(plain))
            .filter(|(column, _)| holds(*column))
            .collect();
        // Where somebody lives may be another country than that of the number.
        let mut of_codes = named.iter().filter(|(_, plain)| country::is_code_header(plain));
        if let (Some((column, _)), None) = (of_codes.next(), of_codes.next()) {
            return Some(*column);
        }
        match named.as_slice() {
            [(column, _)] => Some(*column),
            several => {
                let plain = ["country", "countrycode", "pays", "land"];
                let of = |word: &&str| several.iter().find(|(_, header)| header == *word);
                plain.iter().find_map(of).map(|(column, _)| *column)
            }
        }
    }

    /// Takes each person's country from a column; the first rows show in which ways it names them.
    pub fn set_country_column(&mut self, input: u16, column: usize, sample: &Rows) {
        if let Some(sheet) = self.sheets.get_mut(usize::from(input)) {
            sheet.countries = Some(column);
            let header = sheet.headers.get(column).map_or("", String::as_str);
            sheet.country_ways = Ways::of(header, sample, column);
        }
    }

    /// Where the country of a column of phone numbers comes from, in words for the mapping.
    pub(super) fn home_proof(&self, of: ColumnOf) -> Option<String> {
        let sheet = self.sheets.get(usize::from(of.input))?;
        let column = sheet.countries?;
        let is_phone = sheet.columns.iter().any(|&(at, role)| {
            let Use::Slot(slot) = role else { return false };
            let kind = self.fields.get(slot).map(|field| &field.kind);
            at == of.column && matches!(kind, Some(Kind::Phone(_)))
        });
        let header = sheet.headers.get(column).map_or("", String::as_str);
        is_phone.then(|| format!("country from column {} {header:?}", letters(column)))
    }
}
