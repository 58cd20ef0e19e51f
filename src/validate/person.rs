//! One row: every value by the rules of its kind, all findings at once.

use std::borrow::Cow;

use super::clean::{Inner, clean};
use super::{Rules, Sheet, Use, date, email, name, phone};
use crate::finding::{self, Checked, Code, Finding, Rejection, Severity};
use crate::mapping::FULL_NAME;
use crate::mojibake;
use crate::recipe::Blank;
use crate::record::{Field, Kind, Need, Record, Slot, Value};
use crate::row::{Cell, CellKind, Mark, Quotes, Row};
use crate::spelling::{nearest, normalise};

/// What findings about a cell with first and last name call it.
static NAME_IN_FULL: Field = Field::new(FULL_NAME, Kind::Name, FULL_NAME);

/// What words of choice columns meant a moment ago: sheets repeat few words.
#[derive(Debug, Default)]
pub(super) struct Recent<'a> {
    words: Vec<(usize, &'a str, Slot<'static>)>,
    /// Mail domains, with the provider of which each may be a slip.
    domains: Vec<(&'a str, Option<&'static str>)>,
}

/// How many words are remembered.
const RECENT: usize = 24;

/// One row being judged.
pub(super) struct JudgeRow<'a, 'b> {
    pub(super) rules: &'a Rules,
    pub(super) sheet: &'a Sheet,
    pub(super) row: Row<'a>,
    /// Findings that do not reject the row.
    pub(super) findings: &'b mut Vec<Finding>,
    pub(super) recent: &'b mut Recent<'a>,
}

impl<'a> JudgeRow<'a, '_> {
    /// Fills the record; an error is a row that is left out, with all its reasons.
    pub(super) fn judge(&mut self, record: &mut Record<'a>) -> Checked<()> {
        let mut errors = Vec::new();
        self.judge_width(&mut errors);
        self.judge_quotes(&mut errors);
        let sheet = self.sheet;
        for &(column, role) in &sheet.columns {
            let cell = self.row.cell(column);
            let place = u16::try_from(column).ok();
            if self.row.has_mark(column, Mark::Merged) {
                let message = "the value is that of the merged cell that reaches over this row";
                self.findings.push(
                    Finding::new(&finding::CELL_MERGED, self.row.at, message)
                        .column(place)
                        .fix(cell.text, true),
                );
            }
            let checked = match role {
                Use::Slot(slot) => self.judge_cell(slot, place, cell, record),
                Use::FullName { first, last } => {
                    self.judge_full_name([first, last], place, cell, record)
                }
            };
            if let Err(finding) = checked {
                errors.push(*finding);
            }
        }
        for &(slot, column) in &sheet.required {
            let missing = matches!(record.get(slot), None | Some(Value::Null));
            if missing
                && !errors.iter().any(|error| error.column == column && column.is_some())
                && let Some(field) = self.rules.fields.get(slot)
            {
                if field.need == Need::Wanted {
                    let message = format!("{} is blank", field.name);
                    let code = &finding::WANTED_MISSING;
                    let finding = self.finding(code, column, field, "", message);
                    self.findings.push(finding);
                    continue;
                }
                errors.push(self.finding(
                    &finding::REQUIRED_MISSING,
                    column,
                    field,
                    "",
                    format!("{} is blank", field.name),
                ));
            }
        }
        self.judge_together(record);
        if errors.is_empty() { Ok(()) } else { Err(Rejection(errors)) }
    }

    pub(super) fn finding(
        &self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        value: &str,
        message: impl Into<Cow<'static, str>>,
    ) -> Finding {
        Finding::new(code, self.row.at, message)
            .column(column)
            .field(field.name.clone())
            .value(value)
    }

    /// Quotes of a text file should open and close around whole cells.
    fn judge_quotes(&mut self, errors: &mut Vec<Finding>) {
        match self.row.quotes() {
            None => {}
            Some(Quotes::Open) => errors.push(
                Finding::new(
                    &finding::QUOTE_OPEN,
                    self.row.at,
                    "a quote opens in this row and is never closed",
                )
                .help("close the quote, or double it if it is part of the text"),
            ),
            Some(Quotes::Stray) => self.findings.push(Finding::new(
                &finding::QUOTE_STRAY,
                self.row.at,
                "a quote stands inside a cell and was taken as text",
            )),
        }
    }

    /// Rows of a text file should be as wide as the header.
    fn judge_width(&mut self, errors: &mut Vec<Finding>) {
        let (width, header) = (self.row.len(), self.sheet.headers.len());
        if width > header {
            let extra = (header..width).find(|&column| !self.row.cell(column).is_blank());
            if let Some(column) = extra {
                errors.push(
                    Finding::new(
                        &finding::ROW_LONG,
                        self.row.at,
                        format!("the row has {width} cells, the header {header}"),
                    )
                    .column(u16::try_from(column).ok())
                    .value(self.row.cell(column).text)
                    .help("quote the cell that holds the delimiter"),
                );
            }
        } else if width < header && self.row.at.line > 0 {
            self.findings.push(Finding::new(
                &finding::ROW_SHORT,
                self.row.at,
                format!("the row has {width} cells, the header {header}"),
            ));
        }
    }

    #[inline]
    pub(super) fn judge_cell(
        &mut self,
        slot: usize,
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let Some(field) = self.rules.fields.get(slot) else { return Ok(()) };
        self.whole(cell, column, field)?;
        let cell = self.as_shown(field, column, cell);
        let inner = if matches!(field.kind, Kind::Text) { Inner::Lines } else { Inner::OneLine };
        let cleaned = clean(cell.text, inner);
        if cleaned.text.is_empty() {
            self.judge_blank(slot, field, column, record);
            return Ok(());
        }
        if cleaned.hidden && !matches!(field.kind, Kind::Text) {
            return Err(self.hidden(column, field, cell, &cleaned.text));
        }
        self.unharmed(column, field, cell)?;
        if cleaned.repaired {
            self.repaired(&finding::TEXT_REPAIRED, column, field, cell.text, &cleaned.text);
        }
        let meaning = self.meaning(slot, cell.text, &cleaned.text).or_else(|| {
            let number = self.stored(column).filter(|_| matches!(field.kind, Kind::Choice(_)))?;
            self.meaning(slot, number, number)
        });
        if let Some(meaning) = meaning {
            record.set(slot, meaning);
            return Ok(());
        }
        let mut text = cleaned.text;
        if self.may_be_damaged(field, column, cell.kind, &text) {
            let Some(mended) = self.mend(field, column, cell, text)? else {
                self.judge_blank(slot, field, column, record);
                return Ok(());
            };
            text = mended;
        }
        let value = self.judge_value(field, column, cell, text)?;
        record.set(slot, value);
        Ok(())
    }

    fn judge_blank(
        &self,
        slot: usize,
        field: &Field,
        column: Option<u16>,
        record: &mut Record<'a>,
    ) {
        // Only a cell that is there can be blank on purpose: a row that was cut off clears
        // nothing. Rows of a workbook simply end with their last filled cell.
        let exists = self.row.at.line == 0
            || column.is_some_and(|column| usize::from(column) < self.row.len());
        let clear = self.rules.settings.blank == Blank::Clear && exists;
        if clear && field.need == Need::Optional {
            record.set(slot, Slot::Plain(Value::Null));
        }
    }

    /// A value that people and systems match by must not change under their eyes.
    fn hidden(
        &self,
        column: Option<u16>,
        field: &Field,
        cell: Cell<'_>,
        without: &str,
    ) -> Box<Finding> {
        let message = "characters that nobody sees stand inside the value";
        let finding = self.finding(&finding::TEXT_HIDDEN, column, field, cell.text, message);
        Box::new(finding.help(format!("without them it reads {without:?}")).fix(without, false))
    }

    pub(super) fn repaired(
        &mut self,
        code: &'static Code,
        column: Option<u16>,
        field: &Field,
        before: &str,
        after: &str,
    ) {
        let message = format!("read as {after:?}");
        let finding = self.finding(code, column, field, before, message).fix(after, true);
        self.findings.push(finding);
    }

    /// Refuses text that was read in a wrong encoding, and names what else was left of letters.
    fn unharmed(
        &mut self,
        column: Option<u16>,
        field: &Field,
        cell: Cell<'_>,
    ) -> Result<(), Box<Finding>> {
        let Some(wreck) = mojibake::wreck(cell.text) else { return Ok(()) };
        let is_error = wreck.code.severity == Severity::Error;
        if !is_error && matches!(field.kind, Kind::Url) {
            return Ok(());
        }
        let finding =
            wreck.finding(self.row.at, cell.text).column(column).field(field.name.clone());
        if is_error {
            return Err(Box::new(finding));
        }
        self.findings.push(finding);
        Ok(())
    }

    /// Refuses cells that have no value: errors of formulas, bytes that are no text.
    fn whole(
        &self,
        cell: Cell<'_>,
        column: Option<u16>,
        field: &Field,
    ) -> Result<(), Box<Finding>> {
        let no_result =
            column.is_some_and(|column| self.row.has_mark(usize::from(column), Mark::NoResult));
        let (code, message) = match cell.kind {
            _ if no_result => {
                let message = "the cell holds a formula whose result is not stored";
                let finding = self.finding(&finding::FORMULA_NO_RESULT, column, field, "", message);
                let help = "open the file in a spreadsheet program and save it there";
                return Err(Box::new(finding.help(help)));
            }
            CellKind::Error => (&finding::CELL_ERROR, "the cell holds an error, not a value"),
            CellKind::Damaged => {
                (&finding::CELL_DAMAGED, "some bytes are not text in the file's encoding")
            }
            _ => return Ok(()),
        };
        let mut finding = self.finding(code, column, field, cell.text, message);
        let reading = column.and_then(|column| self.row.reading(usize::from(column)));
        if let Some(reading) = reading {
            finding = finding.help(mojibake::as_windows(reading)).fix(reading, false);
        }
        Err(Box::new(finding))
    }

    fn judge_value(
        &mut self,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let fail = |code, message: Cow<'static, str>| {
            Box::new(self.finding(code, column, field, cell.text, message))
        };
        match field.kind {
            Kind::Text => Ok(plain(text)),
            Kind::Name => {
                if let Some(message) = name::doubt(&text) {
                    let code = &finding::NAME_PLACEHOLDER;
                    let finding = self.finding(code, column, field, cell.text, message);
                    self.findings.push(finding);
                }
                Ok(plain(text))
            }
            Kind::Email => self.judge_email(field, column, cell, text),
            Kind::Phone(form) => match phone::write(&text, form, self.rules.settings.region) {
                Ok(written) if written.number == text => Ok(plain(text)),
                Ok(written) => {
                    if let Some(extension) = written.extension {
                        let message = format!("sent without its extension {extension}");
                        let code = &finding::PHONE_EXTENSION;
                        let finding = self.finding(code, column, field, cell.text, message);
                        self.findings.push(finding.fix(&written.number, true));
                    }
                    Ok(Slot::Made(written.number.into()))
                }
                Err(phone::Fault::Invalid(message)) => Err(fail(&finding::PHONE_INVALID, message)),
                Err(phone::Fault::Syntax(message)) => Err(fail(&finding::PHONE_SYNTAX, message)),
                Err(phone::Fault::NoCountry) => Err(Box::new(
                    fail(&finding::PHONE_NO_COUNTRY, "the number has no country code".into()).help(
                        "name the country with --default-region, such as --default-region AU",
                    ),
                )),
            },
            Kind::Date(_) => self.judge_date(field, column, cell, &text),
            Kind::Moment => self.judge_moment(field, column, cell, &text),
            Kind::Choice(choices) => {
                let labels: Vec<&str> = choices.iter().map(|choice| choice.label).collect();
                let near = nearest(&text, labels.iter().copied());
                let mut finding = *fail(
                    &finding::CHOICE_UNKNOWN,
                    format!("it is none of {}", labels.join(", ")).into(),
                );
                finding = match near {
                    Some(near) => finding.help(format!("did you mean {near}?")).fix(near, false),
                    None => finding.help(format!(
                        "teach the word in the recipe, under [values.{}]",
                        field.name
                    )),
                };
                Err(Box::new(finding))
            }
            Kind::Integer => match text.parse::<i64>() {
                Ok(number) => Ok(Slot::Plain(Value::Integer(number))),
                Err(_) => Err(fail(&finding::NUMBER_SYNTAX, "it is no whole number".into())),
            },
            Kind::Bool => match yes_or_no(&text) {
                Some(yes) => Ok(Slot::Plain(Value::Bool(yes))),
                None => Err(fail(&finding::BOOL_SYNTAX, "it says neither yes nor no".into())),
            },
            Kind::Url => {
                let known = ["http://", "https://"];
                let lower = text.to_lowercase();
                if known
                    .iter()
                    .any(|scheme| lower.starts_with(scheme) && lower.len() > scheme.len() + 2)
                    && !text.contains(char::is_whitespace)
                {
                    Ok(plain(text))
                } else {
                    Err(fail(&finding::URL_SYNTAX, "it is no http(s) address".into()))
                }
            }
            Kind::Currency => {
                if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                    Ok(Slot::Made(text.to_ascii_uppercase().into()))
                } else {
                    Err(fail(&finding::CURRENCY_UNKNOWN, "it is no currency code".into()))
                }
            }
        }
    }

    /// What a word of this field means, by the target's table or by the recipe.
    fn meaning(&mut self, slot: usize, raw: &'a str, text: &str) -> Option<Slot<'a>> {
        let meanings = self.rules.meanings.get(slot)?;
        if meanings.is_empty() {
            return None;
        }
        let known = self.recent.words.iter().find(|(of, word, _)| *of == slot && *word == raw);
        if let Some((_, _, meaning)) = known {
            return Some(meaning.clone());
        }
        let found = meanings.get(&normalise(text))?;
        if self.recent.words.len() < RECENT {
            self.recent.words.push((slot, raw, found.clone()));
        }
        Some(found.clone())
    }

    fn judge_email(
        &mut self,
        field: &'a Field,
        column: Option<u16>,
        cell: Cell<'a>,
        text: Cow<'a, str>,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let text = match email::content(&text) {
            email::Content::Bare => text,
            email::Content::Several => {
                return Err(Box::new(
                    self.finding(
                        &finding::EMAIL_SEVERAL,
                        column,
                        field,
                        cell.text,
                        "the cell holds more than one address",
                    )
                    .help("keep one address in the cell"),
                ));
            }
            email::Content::Wrapped(inner) => {
                let inner = inner.to_owned();
                if email::check(&inner).is_ok() {
                    self.repaired(&finding::EMAIL_REPAIRED, column, field, cell.text, &inner);
                }
                Cow::Owned(inner)
            }
        };
        if let Err(fault) = email::check(&text) {
            let mut finding =
                self.finding(&finding::EMAIL_SYNTAX, column, field, cell.text, fault.message);
            if let Some(suggestion) = fault.suggestion {
                finding =
                    finding.help(format!("did you mean {suggestion}?")).fix(&suggestion, false);
            }
            return Err(Box::new(finding));
        }
        if email::is_role(&text) {
            let finding = self.finding(
                &finding::EMAIL_ROLE,
                column,
                field,
                cell.text,
                "the mailbox belongs to a role, not to one person",
            );
            self.findings.push(finding);
        }
        if let Some(provider) = self.slip(cell.text, &text) {
            let local = text.rsplit_once('@').map_or("", |(local, _)| local);
            let suggestion = format!("{local}@{provider}");
            let finding = self
                .finding(
                    &finding::EMAIL_TYPO,
                    column,
                    field,
                    cell.text,
                    format!("the domain is one slip away from {provider}"),
                )
                .help(format!("did you mean {suggestion}? It is sent as it stands"))
                .fix(&suggestion, false);
            self.findings.push(finding);
        }
        Ok(plain(text))
    }

    fn slip(&mut self, raw: &'a str, address: &str) -> Option<&'static str> {
        let domain = address.rsplit_once('@')?.1;
        if let Some((_, slip)) = self.recent.domains.iter().find(|(known, _)| *known == domain) {
            return *slip;
        }
        let slip = email::slip_of(domain);
        // Only a domain that stands in the file as it is can be remembered without a copy.
        if let Some(own) =
            raw.trim().rsplit_once('@').map(|(_, own)| own).filter(|own| *own == domain)
            && self.recent.domains.len() < RECENT
        {
            self.recent.domains.push((own, slip));
        }
        slip
    }

    fn judge_date(
        &mut self,
        field: &Field,
        column: Option<u16>,
        cell: Cell<'_>,
        text: &str,
    ) -> Result<Slot<'a>, Box<Finding>> {
        let settings = &self.rules.settings;
        let here = self.nature(column).and_then(|nature| nature.order);
        let read = match date::read(text, settings.date_order.or(here), settings.today) {
            Err(date::Fault::Syntax(message)) => {
                match self.mend_date(field, column, cell, text)? {
                    Some(date) => Ok(date::Read { date, completed: false }),
                    None => Err(date::Fault::Syntax(message)),
                }
            }
            read => read,
        };
        let fail = |code, message: Cow<'static, str>| {
            Box::new(self.finding(code, column, field, cell.text, message))
        };
        let read = match read {
            Ok(read) => read,
            Err(date::Fault::Syntax(message)) => {
                return Err(Box::new(
                    fail(&finding::DATE_SYNTAX, message).help("write it as YYYY-MM-DD"),
                ));
            }
            Err(date::Fault::Impossible(message)) => {
                return Err(fail(&finding::DATE_IMPOSSIBLE, message));
            }
            Err(date::Fault::Ambiguous) => {
                return Err(Box::new(
                    fail(&finding::DATE_AMBIGUOUS, "day and month can be read either way".into())
                        .help("say which with --date-order dmy or --date-order mdy"),
                ));
            }
        };
        let date = read.date;
        if field.born && date > settings.today {
            return Err(fail(&finding::DATE_RANGE, "the date lies in the future".into()));
        }
        if field.born && date.year() < 1900 {
            return Err(fail(&finding::DATE_RANGE, "the date lies before 1900".into()));
        }
        if read.completed {
            let after = date.to_string();
            let code = &finding::DATE_CENTURY;
            let finding = self.finding(code, column, field, cell.text, format!("read as {after}"));
            self.findings.push(finding.fix(&after, true));
        }
        Ok(Slot::Plain(Value::Date(date)))
    }

    /// Splits a full name where it has exactly one given and one family name.
    fn judge_full_name(
        &mut self,
        [first, last]: [usize; 2],
        column: Option<u16>,
        cell: Cell<'a>,
        record: &mut Record<'a>,
    ) -> Result<(), Box<Finding>> {
        let field = &NAME_IN_FULL;
        self.whole(cell, column, field)?;
        let cleaned = clean(cell.text, Inner::OneLine);
        if cleaned.text.is_empty() {
            return Err(Box::new(self.finding(
                &finding::REQUIRED_MISSING,
                column,
                field,
                cell.text,
                "the name is blank",
            )));
        }
        if cleaned.hidden {
            return Err(self.hidden(column, field, cell, &cleaned.text));
        }
        self.unharmed(column, field, cell)?;
        if cleaned.repaired {
            let finding = self
                .finding(
                    &finding::TEXT_REPAIRED,
                    column,
                    field,
                    cell.text,
                    format!("read as {:?}", cleaned.text),
                )
                .fix(&cleaned.text, true);
            self.findings.push(finding);
        }
        let Some(text) = self.mend(field, column, cell, cleaned.text)? else { return Ok(()) };
        let Some((given, family)) = name::split(&text) else {
            return Err(Box::new(
                self.finding(
                    &finding::NAME_SPLIT,
                    column,
                    field,
                    cell.text,
                    "it is not exactly one given name and one family name",
                )
                .help("give first and last name a column each"),
            ));
        };
        record.set(first, Slot::Made(given.into()));
        record.set(last, Slot::Made(family.into()));
        Ok(())
    }

    /// Fields that apply only together with a value of another one.
    fn judge_together(&mut self, record: &Record<'_>) {
        let fields = &self.rules.fields;
        for (slot, field) in fields.iter().enumerate() {
            let Some((other, codes)) = field.only_with else { continue };
            let Some(text) = record.text(slot) else { continue };
            let partner = fields.iter().position(|field| field.name == other);
            let Some(Value::Integer(code)) = partner.and_then(|partner| record.get(partner)) else {
                continue;
            };
            if !codes.contains(&code) {
                let column = self.rules.column(self.row.at.input, &field.name);
                let message = format!("`{}` does not apply with this `{other}`", field.name);
                let code = &finding::FIELD_UNSUITED;
                let finding = self.finding(code, column, field, text, message);
                self.findings.push(finding);
            }
        }
    }
}

fn plain(text: Cow<'_, str>) -> Slot<'_> {
    match text {
        Cow::Borrowed(text) => Slot::Plain(Value::Text(text)),
        Cow::Owned(text) => Slot::Made(text.into()),
    }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match normalise(text).as_str() {
        "true" | "yes" | "y" | "1" | "oui" | "o" | "vrai" | "x" | "on" => Some(true),
        "false" | "no" | "n" | "0" | "non" | "faux" | "off" => Some(false),
        _ => None,
    }
}
