//! `[columns]`: which field a column is for.

use toml::Spanned;
use toml::de::DeValue;

use super::source::Source;
use crate::error::Result;

/// Reads `[columns]`: headers and fields, in the order of the file.
pub(super) fn read(source: &Source, value: Spanned<DeValue<'_>>) -> Result<Vec<(String, String)>> {
    // The table keeps the order of the file only through the spans of its keys.
    let mut columns = Vec::new();
    let span = value.span();
    let DeValue::Table(table) = value.into_inner() else {
        return Err(source.error(
            "[columns] is not a table".to_owned(),
            span,
            Some("write it as [columns] with lines \"HEADER\" = \"FIELD\"".to_owned()),
        ));
    };
    for (key, value) in table {
        let field: String = source.read(value)?;
        columns.push((key.span().start, key.get_ref().to_string(), field));
    }
    columns.sort();
    Ok(columns.into_iter().map(|(_, header, field)| (header, field)).collect())
}
