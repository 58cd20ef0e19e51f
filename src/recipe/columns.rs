//! `[columns]`: which field a column is for, and what its blank cells mean.

use toml::Spanned;
use toml::de::DeValue;

use super::Recipe;
use super::fields::{FieldRule, Given, Made, blank};
use super::source::Source;
use super::word::Word;
use crate::error::Result;

/// Which field a column is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnRule {
    /// The header, or a column letter.
    pub header: Word,
    /// The field, or `-` for a column whose cells go into no field of their own.
    pub field: Word,
}

/// Reads `[columns]`. What it says of the values of a field stands with the rules of fields.
pub(super) fn read(
    recipe: &mut Recipe,
    source: &Source,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    for (header, value) in source.table(value, "[columns] with lines \"HEADER\" = \"FIELD\"")? {
        if matches!(value.get_ref(), DeValue::Table(_)) {
            long(recipe, source, header, value)?;
        } else {
            recipe.columns.push(ColumnRule { header, field: source.text(value)? });
        }
    }
    Ok(())
}

/// `"Phone" = { field = "mobile_phone", blank = "clear", default = "…" }` and
/// `"Place" = { split = ",", into = ["address", "custom:Country"] }`.
fn long(
    recipe: &mut Recipe,
    source: &Source,
    header: Word,
    value: Spanned<DeValue<'_>>,
) -> Result<()> {
    const KEYS: [&str; 5] = ["field", "blank", "default", "split", "into"];
    let mut rule = FieldRule::default();
    let (mut field, mut split, mut into) = (None, None, None);
    for (key, value) in source.table(value, "{ field = \"FIELD\" }")? {
        match key.text.as_str() {
            "field" => field = Some(source.text(value)?),
            "blank" => rule.blank = Some(blank(source, value)?),
            "default" => rule.default = Some(source.word(value)?),
            "split" => split = Some((key, source.list(value)?)),
            "into" => into = Some((key, source.list(value)?)),
            _ => return Err(source.unknown_key(&key, &KEYS)),
        }
    }
    let wrong = |word: &Word, message: &str, help: &str| {
        Err(source.error(message.to_owned(), word.span.clone(), Some(help.to_owned())))
    };
    match (field, split, into) {
        (Some(field), None, None) => {
            if rule.blank.is_some() || rule.default.is_some() {
                if field.text == "-" {
                    return wrong(&field, "a column that is left out has no rules", "name a field");
                }
                recipe.fields.push(FieldRule { field: field.clone(), ..rule });
            }
            recipe.columns.push(ColumnRule { header, field });
            Ok(())
        }
        (None, Some((key, by)), Some((_, into))) => {
            if rule.blank.is_some() || rule.default.is_some() {
                let help = "say it for each of the fields, under [fields.NAME]";
                return wrong(&key, "a column that is split has no one field", help);
            }
            if by.is_empty() || by.iter().any(|by| by.text.is_empty()) {
                let help = "name what stands between the parts: split = \",\" or [\",\", \";\"]";
                return wrong(&key, "nothing to split at", help);
            }
            if into.len() < 2 {
                let help = "name a field for each part, and \"-\" for one that is not used";
                return wrong(&key, "a split needs at least two parts", help);
            }
            let of = into.len();
            let by: Vec<String> = by.into_iter().map(|by| by.text).collect();
            for (place, field) in into.into_iter().enumerate() {
                if field.text != "-" {
                    let (column, by) = (header.clone(), by.clone());
                    let given = Some(Given::Made(Made::Split { column, by, place, of }));
                    recipe.fields.push(FieldRule { field, given, ..FieldRule::default() });
                }
            }
            let field = Word { text: "-".to_owned(), ..header.clone() };
            recipe.columns.push(ColumnRule { header, field });
            Ok(())
        }
        (Some(_), _, _) => {
            let help = "name the fields of the parts with into, and no other";
            wrong(&header, "a column is for one field, or split into several", help)
        }
        (None, None, None) => {
            wrong(&header, "the column has no field", "add field = \"FIELD\", or split and into")
        }
        (None, _, _) => {
            let help = "write { split = \",\", into = [\"FIELD\", \"FIELD\"] }";
            wrong(&header, "split and into belong together", help)
        }
    }
}
