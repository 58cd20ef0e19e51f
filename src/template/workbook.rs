//! The sheet as a workbook: formats, lists to choose from, and what goes into a column as a note on its
//! header and beside every cell.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, IgnoreError, Note, Workbook,
    Worksheet, XlsxError,
};

use super::{Cells, Column, Sheet};
use crate::error::{Error, Result};
use crate::example;

/// The last row of a sheet, from 0.
const LAST: u32 = 1_048_575;
/// How long Excel lets the words of a list, and a message, be.
const MOST: usize = 255;
/// What the mark and the place of a column say already.
const NEEDS: [&str; 2] = ["required", "wanted"];
const DAY: &str = "yyyy-mm-dd";
/// The number of the format that every spreadsheet program has for text.
const TEXT: u8 = 49;

/// Makes it.
pub(super) fn make(sheet: &Sheet) -> Result<Vec<u8>> {
    build(sheet).map_err(|error| {
        let message = format!("the sheet cannot be written as a workbook: {error}");
        Error::usage(message, "take --format csv, or fewer columns with --fields")
    })
}

fn build(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let date = sheet.made;
    let made = ExcelDateTime::from_ymd(
        u16::try_from(date.year()).unwrap_or(1900),
        u8::try_from(date.month()).unwrap_or(1),
        u8::try_from(date.day()).unwrap_or(1),
    )?;
    let title = format!("People for {}", sheet.target);
    book.set_properties(
        &DocProperties::new().set_title(title).set_author("upsheet").set_creation_datetime(&made),
    );
    let mut lists = Lists::default();
    let people = book.add_worksheet();
    people.set_name("People")?;
    people.set_freeze_panes(1, 0)?;
    people.set_landscape();
    people.set_default_note_author("upsheet");
    for (place, column) in (0_u16..).zip(&sheet.columns) {
        write_column(people, place, column, &mut lists)?;
    }
    people.set_row_height(0, 32)?;
    if !lists.columns.is_empty() {
        lists.write(book.add_worksheet())?;
    }
    book.save_to_buffer()
}

fn write_column(
    people: &mut Worksheet,
    place: u16,
    column: &Column,
    lists: &mut Lists,
) -> Result<(), XlsxError> {
    let format = cell_format(&column.cells);
    let example = format.clone().set_italic().set_font_color(Color::RGB(0x76_76_76));
    people.set_column_format(place, &format)?;
    let widest = column.header.chars().count().max(column.example.chars().count());
    people
        .set_column_width(place, f64::from(u8::try_from(widest + 3).unwrap_or(60).clamp(12, 44)))?;
    people.write_with_format(0, place, column.header.as_str(), &header_format(column.required))?;
    people.insert_note(0, place, &note(column))?;
    match &column.cells {
        _ if column.example.is_empty() => {}
        Cells::Day => {
            let day = ExcelDateTime::parse_from_str(&column.example)?;
            people.write_with_format(1, place, &day, &example)?;
        }
        Cells::Whole(_) if column.example.parse::<i32>().is_ok() => {
            let number = column.example.parse::<i32>().unwrap_or_default();
            people.write_with_format(1, place, number, &example)?;
        }
        _ => {
            people.write_with_format(1, place, column.example.as_str(), &example)?;
        }
    }
    if matches!(column.cells, Cells::Text | Cells::OneOf(_) | Cells::Near(_)) {
        people.ignore_error_range(1, place, LAST, place, IgnoreError::NumberStoredAsText)?;
    }
    people.add_data_validation(1, place, LAST, place, &validation(column, lists)?)?;
    Ok(())
}

fn cell_format(cells: &Cells) -> Format {
    match cells {
        // A word such as `1-2` would become a day.
        Cells::Text | Cells::OneOf(_) | Cells::Near(_) => Format::new().set_num_format_index(TEXT),
        Cells::Day => Format::new().set_num_format(DAY),
        Cells::Whole(_) => Format::new().set_num_format("0"),
        Cells::General => Format::new(),
    }
}

fn header_format(required: bool) -> Format {
    let (paper, ink) = if required { (0x1F_4E_79, 0xFF_FF_FF) } else { (0xDD_E8_F3, 0x1F_2A_36) };
    Format::new()
        .set_bold()
        .set_background_color(Color::RGB(paper))
        .set_font_color(Color::RGB(ink))
        .set_border_bottom(FormatBorder::Thin)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
}

/// What goes in, the rules, and who says so.
fn note(column: &Column) -> Note {
    let mut lines = Vec::new();
    if column.required {
        lines.push("Everybody needs a value here.".to_owned());
    }
    lines.push(format!("What goes in: {}.", column.takes));
    let rules: Vec<&str> =
        column.rules.iter().map(String::as_str).filter(|rule| !NEEDS.contains(rule)).collect();
    if !rules.is_empty() {
        lines.push(format!("Rules: {}.", rules.join("; ")));
    }
    if !column.source.is_empty() {
        lines.push(format!("Source: {}.", column.source));
    }
    if let Some(field) = &column.field {
        lines.push(format!("Field: {}", field.name));
    }
    // About forty letters go into a line of a note this wide.
    let rows: usize = lines.iter().map(|line| line.chars().count() / 40 + 1).sum();
    let height = u32::try_from(rows * 16 + 16).unwrap_or(160).clamp(64, 400);
    Note::new(lines.join("\n")).set_width(280).set_height(height).add_author_prefix(false)
}

fn validation(column: &Column, lists: &mut Lists) -> Result<DataValidation, XlsxError> {
    let rule =
        DataValidation::new().ignore_blank(true).set_error_style(DataValidationErrorStyle::Stop);
    let rule = match &column.cells {
        Cells::OneOf(words) => choice(rule, &column.header, words, lists)?
            .set_error_title("Not in the list")?
            .set_error_message("Choose one of the words of the list.")?,
        // Who writes another word that means the same is not kept from it.
        Cells::Near(words) => choice(rule, &column.header, words, lists)?
            .set_error_style(DataValidationErrorStyle::Information)
            .set_error_title("Not in the list")?
            .set_error_message(format!("It has to be {}.", column.takes))?,
        Cells::Day => rule
            .allow_date(DataValidationRule::Between(
                &ExcelDateTime::from_ymd(1900, 1, 1)?,
                &ExcelDateTime::from_ymd(9999, 12, 31)?,
            ))
            .set_error_title("Not a day")?
            .set_error_message(format!(
                "Write the day so that it is taken for one, such as {}.",
                example::DAY
            ))?,
        Cells::Whole(Some((least, most))) => {
            let (from, to) = (i32::try_from(*least), i32::try_from(*most));
            let (from, to) = (from.unwrap_or(i32::MIN), to.unwrap_or(i32::MAX));
            rule.allow_whole_number(DataValidationRule::Between(from, to))
                .set_error_title("Not between the two")?
                .set_error_message(format!("Write a whole number from {from} to {to}."))?
        }
        Cells::General | Cells::Text | Cells::Whole(None) => rule.allow_any_value(),
    };
    let message = cut(&format!("{}{}", capital(&column.takes), rest(column)), MOST);
    rule.set_input_title(cut(&column.header, 32))?.set_input_message(message)
}

/// A list to choose from: in the cell itself where it holds the words, else on the sheet of lists.
fn choice(
    rule: DataValidation,
    header: &str,
    words: &[String],
    lists: &mut Lists,
) -> Result<DataValidation, XlsxError> {
    let inline = words.iter().map(|word| word.encode_utf16().count() + 1).sum::<usize>();
    // A comma would part a word in two.
    if inline <= MOST && !words.iter().any(|word| word.contains(',')) {
        return rule.allow_list_strings(words);
    }
    Ok(rule.allow_list_formula(Formula::new(lists.place(header, words))))
}

/// The rules behind what goes in.
fn rest(column: &Column) -> String {
    let rules: Vec<&str> =
        column.rules.iter().map(String::as_str).filter(|rule| *rule != "wanted").collect();
    if rules.is_empty() { ".".to_owned() } else { format!(". {}.", capital(&rules.join("; "))) }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A text of at most so many letters, as Excel counts them; what is left out is marked.
fn cut(text: &str, most: usize) -> String {
    if text.encode_utf16().count() <= most {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut length = 1;
    for letter in text.chars() {
        length += letter.len_utf16();
        if length > most {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

/// The words of long lists, a column of a second, hidden sheet for each.
#[derive(Default)]
struct Lists {
    columns: Vec<(String, Vec<String>)>,
}

impl Lists {
    /// Where the words will stand, as a formula.
    fn place(&mut self, header: &str, words: &[String]) -> String {
        let known = self.columns.iter().position(|(_, known)| known == words);
        let place = known.unwrap_or(self.columns.len());
        if known.is_none() {
            self.columns.push((header.to_owned(), words.to_vec()));
        }
        let letters = crate::row::letters(place);
        format!("='{}'!${letters}$2:${letters}${}", example::LISTS, words.len() + 1)
    }

    fn write(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_name(example::LISTS)?;
        sheet.set_hidden(true);
        sheet.set_freeze_panes(1, 0)?;
        let text = Format::new().set_num_format_index(TEXT);
        for (place, (header, words)) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(place, 28)?;
            sheet.write_with_format(0, place, header.as_str(), &header_format(false))?;
            for (row, word) in (1_u32..).zip(words) {
                sheet.write_with_format(row, place, word.as_str(), &text)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;

    fn part(book: &[u8], name: &str) -> String {
        let mut text = String::new();
        let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn lists_that_a_cell_cannot_hold_stand_on_a_sheet_of_their_own() {
        let column = |header: &str, words: &[&str]| Column {
            header: header.to_owned(),
            field: None,
            required: false,
            example: String::new(),
            takes: "one of many ".repeat(40),
            rules: Vec::new(),
            source: "",
            cells: Cells::OneOf(words.iter().map(|word| (*word).to_owned()).collect()),
        };
        let long = ["a word of thirty letters or so"; 9];
        let columns = vec![
            column("Short", &["S", "M"]),
            column("Long", &long),
            column("Comma", &["Red, dark", "Blue \"x\""]),
        ];
        let made = jiff::civil::date(2026, 11, 26);
        let book = make(&Sheet { target: "Test", made, columns }).unwrap();
        let people = part(&book, "xl/worksheets/sheet1.xml");
        for list in ["\"S,M\"", "'upsheet lists'!$A$2:$A$10", "'upsheet lists'!$B$2:$B$3"] {
            assert!(people.contains(&format!("<formula1>{list}</formula1>")), "{list} {people}");
        }
        assert!(part(&book, "xl/sharedStrings.xml").contains("Red, dark"));
        assert!(
            part(&book, "xl/workbook.xml")
                .contains("name=\"upsheet lists\" sheetId=\"2\" state=\"hidden\"")
        );
        // The same sheet is the same file.
        let again = |day| {
            let columns = vec![column("Short", &["S"])];
            make(&Sheet { target: "Test", made: day, columns }).unwrap()
        };
        assert_eq!(again(made), again(made));
    }

    #[test]
    fn texts_are_cut_as_excel_counts_them() {
        assert_eq!(cut("Gender", 32), "Gender");
        assert_eq!(cut("one two three", 9), "one two…");
        // A letter beyond the first plane counts twice.
        assert_eq!(cut("😀😀😀", 5), "😀😀…");
        assert_eq!(cut("😀😀😀", 6), "😀😀😀");
    }
}
