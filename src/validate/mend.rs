//! What a spreadsheet did to a value, undone where nothing is guessed, refused where digits are gone.
//!
//! `damage.rs` knows the forms, `column.rs` what the column proves; here both become findings. A repair
//! says what it put in place of what, and why. A loss says what to ask the owner of the file.

use std::borrow::Cow;

use jiff::civil::Date;

use super::cell::Place;
use super::column::{Days, Nature, Tails};
use super::damage::{self, System, Takes};
use super::home::Home;
use super::person::JudgeRow;
use super::phone;
use crate::finding::{self, Code, Finding};
use crate::record::Kind;
use crate::row::{Cell, CellKind, letters};

type Mended<T> = Result<T, Box<Finding>>;

impl<'a> JudgeRow<'a, '_> {
    /// What a column is, as far as its values prove it.
    pub(super) fn nature(&self, column: Option<u16>) -> Option<&'a Nature> {
        self.sheet.natures.get(usize::from(column?))
    }

    /// The quick look that every cell gets: whether [`Self::mend`] has anything to look at.
    #[inline]
    pub(super) fn may_be_damaged(&self, place: Place<'_, '_>, text: &str) -> bool {
        let Place { field, column, cell: Cell { kind, .. } } = place;
        let odd = match field.kind {
            Kind::Phone(_) => {
                let bytes = text.as_bytes();
                kind == CellKind::Date
                    || bytes.first().is_some_and(u8::is_ascii_alphanumeric)
                    || bytes.iter().any(|byte| byte | 0x20 == b'e')
            }
            Kind::Text => {
                kind == CellKind::Number || self.nature(column).is_some_and(Nature::is_watched)
            }
            Kind::Integer => true,
            Kind::Name => kind == CellKind::Date || damage::is_odd_name(text),
            _ => false,
        };
        odd || damage::is_odd(text)
    }

    /// The cell as its field takes it, where its number format shows zeros or signs that its number
    /// has not: what is shown, which is told, or the number itself for fields that are about numbers.
    pub(super) fn as_shown(&mut self, place: Place<'_, 'a>) -> Cell<'a> {
        let Place { field, column, cell } = place;
        let Some(number) = self.stored(column) else { return cell };
        match field.kind {
            Kind::Integer | Kind::Bool | Kind::Decimal => Cell { text: number, ..cell },
            // The recipe may know the word that is shown.
            Kind::Choice(_) | Kind::Choices(_) => cell,
            _ => {
                let after = cell.text;
                let message =
                    format!("read as {after:?}, which is what the number format of its cell shows");
                let code = &finding::NUMBER_PADDED;
                let finding = self.finding(code, column, field, number, message);
                self.findings.push(finding.fix(after, true));
                cell
            }
        }
    }

    /// The number of a cell whose text is what its number format shows.
    pub(super) fn stored(&self, column: Option<u16>) -> Option<&'a str> {
        self.row.stored(usize::from(column?))
    }

    /// The value as it was before a spreadsheet or an export changed it; nothing where it was a word
    /// for nothing.
    #[cold]
    pub(super) fn mend(
        &mut self,
        place: Place<'_, 'a>,
        text: Cow<'a, str>,
    ) -> Mended<Option<Cow<'a, str>>> {
        let Place { field, column, .. } = place;
        let mut text = text;
        if damage::is_odd(&text) {
            match self.unwrap(place, text)? {
                Some(inner) => text = inner,
                None => return Ok(None),
            }
        }
        match field.kind {
            Kind::Phone(_) => self.mend_phone(place, text).map(Some),
            // Its number format shows it whole, so no column and no country has to prove more.
            Kind::Text if self.stored(column).is_some() => Ok(Some(text)),
            Kind::Text => self.mend_text(place, text).map(Some),
            Kind::Integer => Ok(Some(self.mend_integer(place, text))),
            Kind::Name => self.mend_name(place, text),
            _ => Ok(Some(text)),
        }
    }

    /// No name is a date, or a number in exponent form, and none has quotation marks around all of it.
    fn mend_name(
        &mut self,
        place: Place<'_, 'a>,
        text: Cow<'a, str>,
    ) -> Mended<Option<Cow<'a, str>>> {
        if text.starts_with('#') {
            let message = "a # stands in front of it, as in front of a line that is not to be read";
            let help = "take the # out if the person is meant, else take the row out";
            return Err(self.lost(&finding::NAME_MARKED, place, message, help.to_owned()));
        }
        let help = || ask(place.column, "format", "type the name again");
        if place.cell.kind == CellKind::Date || damage::is_date_for_name(&text) {
            let message =
                "it is a date: a spreadsheet made one of the name, or the column holds dates";
            return Err(self.lost(&finding::VALUE_AS_DATE, place, message, help()));
        }
        if damage::exponent(&text).is_some_and(|form| form.by_program) {
            let message =
                "it is a number in exponent form: a spreadsheet made one of what stood there";
            return Err(self.lost(&finding::DIGITS_LOST, place, message, help()));
        }
        let Some(inner) = damage::unquoted(&text).map(str::to_owned) else { return Ok(Some(text)) };
        let message = format!("read as {inner:?}: the quotation marks around it are no part of it");
        let finding = self.about(&finding::TEXT_UNWRAPPED, place, message);
        self.findings.push(finding.fix(&inner, true));
        Ok(Some(Cow::Owned(inner)))
    }

    /// Errors, wrappers and words for nothing: they look the same in every column.
    fn unwrap(&mut self, place: Place<'_, 'a>, text: Cow<'a, str>) -> Mended<Option<Cow<'a, str>>> {
        if damage::is_error(&text) {
            let message = if text.starts_with("##") {
                "the column was too narrow for its number, and only signs are left"
            } else {
                "the cell holds an error, not a value"
            };
            let help = ask(place.column, "correct or widen", "export it again");
            return Err(self.lost(&finding::CELL_ERROR, place, message, help));
        }
        let is_code = place.field.code || self.nature(place.column).is_some_and(|it| it.code);
        let takes = match place.field.kind {
            Kind::Name => Takes::Names,
            Kind::Text if is_code => Takes::Form,
            Kind::Text | Kind::Choice(_) | Kind::Choices(_) | Kind::Words => Takes::Words,
            _ => Takes::Form,
        };
        let marked = || damage::unmarked(&text).filter(|_| takes == Takes::Form);
        let text = match damage::unwrapped(&text).or_else(marked).map(str::to_owned) {
            Some(inner) => {
                let message = format!("read as {inner:?}: the rest only says that it is text");
                let finding = self.about(&finding::TEXT_UNWRAPPED, place, message);
                self.findings.push(finding.fix(&inner, true));
                Cow::Owned(inner)
            }
            None => text,
        };
        if damage::is_nothing(&text, takes) {
            let message =
                format!("read as blank: a program wrote {text:?} for a value that is not there");
            let finding = self.about(&finding::BLANK_WORD, place, message);
            self.findings.push(finding.fix("", true));
            return Ok(None);
        }
        Ok((!text.is_empty()).then_some(text))
    }

    fn mend_phone(&mut self, place: Place<'_, 'a>, text: Cow<'a, str>) -> Mended<Cow<'a, str>> {
        let nature = self.nature(place.column);
        let foreign = nature.is_some_and(|nature| nature.foreign_dates);
        if place.cell.kind == CellKind::Date || foreign && damage::is_date(&text) {
            let message =
                "it is a date: a spreadsheet made one of the number, or the row has shifted";
            let help = ask(place.column, "format", "type the number again");
            return Err(self.lost(&finding::PHONE_NUMBER_DAMAGED, place, message, help));
        }
        let mut text = text;
        if let Some(form) = damage::exponent(&text) {
            let Some(digits) = form.digits.filter(|digits| digits.len() <= damage::KEPT) else {
                let message = lost_digits(form.shown, form.of);
                let help = ask(place.column, "format", "fetch the numbers from their source again");
                return Err(self.lost(&finding::PHONE_NUMBER_DAMAGED, place, message, help));
            };
            text = self.rewrite(place, digits, "the exponent form shows all of its digits");
        } else if let Some(whole) = damage::whole_number(&text).filter(|whole| whole.len() > 3) {
            let whole = whole.to_owned();
            text = self.rewrite(place, whole, "a program wrote it as a decimal number");
        }
        if !text.starts_with(|c: char| c.is_ascii_digit() && c != '0') {
            return Ok(text);
        }
        // Where the country is known, its own plan proves more than any column.
        let home = self.home();
        let Home::Of(region, trunk_zero) = home else {
            if self.stored(place.column).is_some() {
                return Ok(text);
            }
            if let Some((after, why)) = nature.and_then(|nature| proven_zeros(nature, place, &text))
            {
                return Ok(self.restore_zeros(place, after, &why));
            }
            // North America has ten digits and no zero in front; shorter numbers may have lost one.
            if place.cell.kind == CellKind::Number && matches!(text.len(), 8 | 9) {
                let message =
                    "the cell is a number, and a spreadsheet drops the zero in front of one";
                let finding = self.about(&finding::ZEROS_DOUBTFUL, place, message);
                let help = "name the country with --default-region, such as --default-region AU";
                self.findings.push(finding.help(help));
            }
            return Ok(text);
        };
        if trunk_zero && let Some(after) = phone::with_trunk_zero(&text, region) {
            if let Some(other) = phone::with_plus(&text, region) {
                let message = format!(
                    "read as {after:?}, a national number that lost its zero; with the code of its country in front \
                     it is {other}"
                );
                let finding = self.about(&finding::ZEROS_DOUBTFUL, place, message);
                let help = "write it with 0 in front, or with + and the code of its country";
                let finding = finding.help(help).fix(&after, true).readings(vec![other.into()]);
                self.findings.push(finding);
                return Ok(Cow::Owned(after));
            }
            let why = format!("national numbers of {} begin with 0", region.as_region_str());
            return Ok(self.restore_zeros(place, after, &why));
        }
        Ok(text)
    }

    fn mend_text(&mut self, place: Place<'_, 'a>, text: Cow<'a, str>) -> Mended<Cow<'a, str>> {
        if place.cell.kind == CellKind::Number
            && let Some(short) = damage::without_tail(&text)
        {
            return Ok(self.rewrite(place, short, "a spreadsheet shows 15 digits of it"));
        }
        let Some(nature) = self.nature(place.column) else { return Ok(text) };
        if nature.cut.is_some_and(|cut| text.len() >= cut && text.chars().count() == cut) {
            let message =
                "it has exactly 255 characters, as others of its column, and none has more";
            let finding = self.about(&finding::TEXT_CUT, place, message);
            let help = "ask the owner for an export that does not cut text off, such as XLSX";
            self.findings.push(finding.help(help));
        }
        if nature.foreign_dates && (place.cell.kind == CellKind::Date || damage::is_date(&text)) {
            let message =
                "it is a date among ids: a spreadsheet made one of the id, or the row has shifted";
            let help = ask(place.column, "format", "type the value again");
            return Err(self.lost(&finding::VALUE_AS_DATE, place, message, help));
        }
        if !nature.digits && !nature.code && place.cell.kind != CellKind::Number {
            return Ok(text);
        }
        self.mend_digits(place, nature, text)
    }

    /// A value of a column of ids, codes or digits.
    fn mend_digits(
        &mut self,
        place: Place<'_, 'a>,
        nature: &Nature,
        text: Cow<'a, str>,
    ) -> Mended<Cow<'a, str>> {
        if let Some(form) = damage::exponent(&text) {
            return self.mend_exponent(place, nature, text, form);
        }
        let mut text = text;
        if let Some(whole) = damage::whole_number(&text).filter(|_| nature.code) {
            let whole = whole.to_owned();
            text = self.rewrite(place, whole, "a program wrote it as a decimal number");
        } else if nature.code
            && nature.digits
            && let Some(digits) = damage::grouped(&text, &[',', ' '])
        {
            text = self.rewrite(place, digits, "a program put signs between its thousands");
        }
        if !damage::is_digits(&text) {
            return Ok(text);
        }
        if text.len() > damage::KEPT {
            self.judge_long(place, nature, &text)?;
            return Ok(text);
        }
        if let Some((after, why)) = proven_zeros(nature, place, &text) {
            return Ok(self.restore_zeros(place, after, &why));
        }
        if let Some(postcodes) = nature.postcodes
            && let Some(after) = postcodes.restore(&text)
        {
            let why = format!("postcodes of {} have {} digits", postcodes.country, postcodes.width);
            return Ok(self.restore_zeros(place, after, &why));
        }
        let width = nature.expected_width.filter(|width| text.len() < *width);
        if let Some(width) = width.filter(|_| !text.starts_with('0')) {
            let message = format!("it has {} digits, most of its column {width}", text.len());
            let finding = self.about(&finding::ZEROS_DOUBTFUL, place, message);
            let help = ask(place.column, "format", "look whether zeros are missing in front");
            self.findings.push(finding.help(help));
        }
        Ok(text)
    }

    /// An exponent form among digits shows all of them or has lost some. Among codes only what a
    /// program wrote is one: `12E3` is a code.
    fn mend_exponent(
        &mut self,
        place: Place<'_, 'a>,
        nature: &Nature,
        text: Cow<'a, str>,
        form: damage::Exponent,
    ) -> Mended<Cow<'a, str>> {
        let fits = |digits: &String| {
            digits.len() <= damage::KEPT && nature.width.is_none_or(|width| width == digits.len())
        };
        let is_number = place.cell.kind == CellKind::Number;
        let certain = is_number || form.by_program || text.contains(['.', ',']) && nature.digits;
        match form.digits.filter(fits) {
            Some(digits) if nature.digits => {
                Ok(self.rewrite(place, digits, "the exponent form shows all of its digits"))
            }
            _ if certain && (is_number || nature.digits || nature.code) => {
                let message = lost_digits(form.shown, form.of);
                let help = ask(place.column, "format", "fetch the values from their source again");
                Err(self.lost(&finding::DIGITS_LOST, place, message, help))
            }
            _ if nature.digits => {
                let message =
                    "the other values of its column are digits; it may have been a longer number";
                let finding = self.about(&finding::NUMBER_DOUBTFUL, place, message);
                let help = ask(place.column, "format", "compare the value with its source");
                self.findings.push(finding.help(help));
                Ok(text)
            }
            _ => Ok(text),
        }
    }

    /// A spreadsheet keeps 15 digits of a number and writes zeros for the others.
    fn judge_long(&mut self, place: Place<'_, 'a>, nature: &Nature, digits: &str) -> Mended<()> {
        let tail = damage::zero_tail(digits);
        let is_number = place.cell.kind == CellKind::Number;
        // Chance puts three zeros behind one number in a thousand, and one behind each tenth.
        let lost = tail > 2
            || is_number && (tail > 0 || damage::is_beyond_doubles(digits))
            || tail > 0 && nature.tails == Tails::Lost;
        let help = || ask(place.column, "format", "fetch the values from their source again");
        if lost {
            let message = format!("of its {} digits a spreadsheet has kept 15", digits.len());
            return Err(self.lost(&finding::DIGITS_LOST, place, message, help()));
        }
        if tail > 0 && nature.tails == Tails::Doubtful {
            let message =
                "it ends in zeros behind its fifteenth digit, as numbers cut by a spreadsheet do";
            let finding = self.about(&finding::NUMBER_DOUBTFUL, place, message);
            self.findings.push(finding.help(help()));
        }
        Ok(())
    }

    fn mend_integer(&mut self, place: Place<'_, 'a>, text: Cow<'a, str>) -> Cow<'a, str> {
        let exact = damage::exponent(&text).and_then(|form| form.digits);
        match exact.filter(|digits| digits.len() <= damage::KEPT).or_else(|| damage::amount(&text))
        {
            Some(after) => self.rewrite(place, after, "it is a whole number"),
            None => text,
        }
    }

    /// The day that a number stands for; nothing where it is no day number. The number alone proves
    /// nothing.
    #[cold]
    pub(super) fn mend_date(&mut self, place: Place<'_, '_>, text: &str) -> Mended<Option<Date>> {
        let Place { column, .. } = place;
        let Some(number) = damage::day_number(text) else { return Ok(None) };
        let days = self.nature(column).map(|nature| &nature.days);
        let Some(Days::Proven { system, certain, why }) = days else {
            let from_1900 = System::From1900.day(number).map(|day| day.to_string());
            let message = format!(
                "it may be the day number of {}, but nothing in the column proves it",
                from_1900.unwrap_or_default()
            );
            let help = ask_for_dates(column);
            return Err(self.lost(&finding::DATE_SERIAL_UNPROVEN, place, message, help));
        };
        let Some(day) = system.day(number) else { return Ok(None) };
        let after = day.to_string();
        let word = system.word();
        let finding = if *certain {
            let message = format!("read as {after}, a day number of the {word} system: {why}");
            self.about(&finding::DATE_SERIAL, place, message)
        } else {
            let other = System::From1904.day(number).map(|day| day.to_string()).unwrap_or_default();
            let message = format!(
                "read as {after}, a day number of the {word} system; in the 1904 system it is {other}"
            );
            let finding = self.about(&finding::DATE_SERIAL_SYSTEM, place, message);
            finding.help(ask_for_dates(column)).readings(vec![other.into()])
        };
        self.findings.push(finding.fix(&after, true));
        Ok(Some(day))
    }

    /// Says that the digits of a date have their zero in front again.
    #[cold]
    pub(super) fn restore_zero_of_date(&mut self, place: Place<'_, '_>, after: &str) {
        let message =
            format!("read as {after:?}: a spreadsheet drops the zero in front of a number");
        let finding = self.about(&finding::ZEROS_RESTORED, place, message);
        self.findings.push(finding.fix(after, true));
    }

    /// Puts a number in place of the way in which a program wrote it.
    fn rewrite(&mut self, place: Place<'_, 'a>, after: String, why: &str) -> Cow<'a, str> {
        let message = format!("read as {after:?}: {why}");
        let finding = self.about(&finding::NUMBER_REPAIRED, place, message);
        self.findings.push(finding.fix(&after, true));
        Cow::Owned(after)
    }

    /// Puts zeros back in front. Whatever proves them ends here: the column, the plan of a country.
    /// What a number format shows has them already (see [`Self::as_shown`]).
    fn restore_zeros(&mut self, place: Place<'_, 'a>, after: String, why: &str) -> Cow<'a, str> {
        let message = format!("read as {after:?}: {why}");
        let finding = self.about(&finding::ZEROS_RESTORED, place, message);
        self.findings.push(finding.fix(&after, true));
        Cow::Owned(after)
    }

    fn lost(
        &self,
        code: &'static Code,
        place: Place<'_, '_>,
        message: impl Into<Cow<'static, str>>,
        help: String,
    ) -> Box<Finding> {
        Box::new(self.about(code, place, message).help(help))
    }
}

/// The digits with the zeros that other values of the column prove, and the proof.
fn proven_zeros(nature: &Nature, place: Place<'_, '_>, digits: &str) -> Option<(String, String)> {
    let zeros = nature.zeros.as_ref()?;
    let lost = zeros.width.checked_sub(digits.len())?;
    let can = !zeros.number_cells || place.cell.kind == CellKind::Number;
    let fits = (1..=zeros.most).contains(&lost) && can && damage::is_digits(digits);
    let width = zeros.width;
    (fits && !digits.starts_with('0')).then(|| {
        let why = format!(
            "its column has {width} digits with their zeros, as row {}: {}",
            zeros.row, zeros.value
        );
        (format!("{digits:0>width$}"), why)
    })
}

fn lost_digits(shown: usize, of: usize) -> String {
    if shown < of {
        format!("a spreadsheet has kept {shown} of its {of} digits")
    } else {
        "a spreadsheet has made another number of it".to_owned()
    }
}

/// The sentence to send to the owner of the file.
fn ask(column: Option<u16>, what: &str, then: &str) -> String {
    let column =
        column.map_or_else(String::new, |column| format!(" {}", letters(usize::from(column))));
    let rest = match what {
        "format" => format!("format column{column} as text, {then}, and export again"),
        _ => format!("{what} column{column} and {then}"),
    };
    format!("ask the owner of the file: \"Please {rest}\"")
}

fn ask_for_dates(column: Option<u16>) -> String {
    let column =
        column.map_or_else(String::new, |column| format!(" {}", letters(usize::from(column))));
    format!(
        "ask the owner of the file: \"Please format column{column} as dates (YYYY-MM-DD) and export again\""
    )
}
