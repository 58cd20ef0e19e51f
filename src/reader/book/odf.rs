//! What the cells of the Open Document Format mean: a type, a value and a text for each, which do not
//! always agree.

use super::cells::is_key;
use crate::row::CellKind;

/// The value of a cell.
#[derive(Debug, PartialEq)]
pub(super) enum Value {
    /// A number.
    Number(f64),
    /// What is shown of a number whose format puts zeros in front or parts its digits, and the number.
    Padded(String, f64),
    /// Text, a date or an error, as it will be validated.
    Text(String, CellKind),
    /// A boolean.
    Bool(bool),
}

/// What a cell means by its type, its value and its text.
pub(super) fn meaning(
    kind: &str,
    error: bool,
    value: Option<String>,
    text: String,
) -> Option<Value> {
    let numeric = matches!(kind, "float" | "percentage" | "currency");
    // Older programs write an error as the number 0 that reads like an error.
    if error || numeric && is_error(&text) {
        let text = if text.is_empty() { value.unwrap_or_default() } else { text };
        return Some(Value::Text(text, CellKind::Error));
    }
    let said = value.unwrap_or_else(|| text.clone());
    let value = match kind {
        _ if said.is_empty() => return None,
        "float" | "percentage" | "currency" => match said.trim().parse::<f64>() {
            Ok(number) if kind == "float" && is_padded(number, text.trim()) => {
                Value::Padded(text.trim().to_owned(), number)
            }
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Text(text, CellKind::Text),
        },
        "date" => Value::Text(date(&said), CellKind::Date),
        "time" => Value::Text(time(&said).unwrap_or(said), CellKind::Date),
        "boolean" => Value::Bool(said.eq_ignore_ascii_case("true")),
        _ => Value::Text(said, CellKind::Text),
    };
    Some(value)
}

/// Whether a text shows a number with zeros in front, or in parts. Cells come with the text that is
/// shown, so their formats need not be known; signs between thousands are none of a key.
fn is_padded(number: f64, text: &str) -> bool {
    let key = |c: char| c.is_ascii_digit() || " -()/+".contains(c);
    if !is_key(number) || !text.chars().all(key) {
        return false;
    }
    let shown: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = number.to_string();
    let inner = text.trim_matches(|c: char| !c.is_ascii_digit());
    let zeros = shown.len() > digits.len();
    let parted = inner.contains(['-', '(', ')', '/']);
    (zeros || parted) && shown.trim_start_matches('0') == digits.trim_start_matches('0')
}

fn is_error(text: &str) -> bool {
    text.starts_with("Err:")
        || text == "#N/A"
        || text.starts_with('#') && text.ends_with(['!', '?'])
}

/// A date without a time of day that says nothing, and without fractions of a second.
fn date(said: &str) -> String {
    let Some((day, time)) = said.split_once('T') else { return said.to_owned() };
    let time = time.split(['.', ',']).next().unwrap_or_default();
    if time == "00:00:00" { day.to_owned() } else { format!("{day}T{time}") }
}

/// A duration such as `PT09H30M00S`, as a clock shows it.
fn time(said: &str) -> Option<String> {
    let mut rest = said.strip_prefix("PT")?;
    let mut parts = [0_u32; 3];
    for (part, unit) in parts.iter_mut().zip(['H', 'M', 'S']) {
        if let Some((number, behind)) = rest.split_once(unit) {
            let whole = number.split(['.', ',']).next()?;
            *part = whole.parse().ok()?;
            rest = behind;
        }
    }
    let [hours, minutes, seconds] = parts;
    rest.is_empty().then(|| format!("{hours:02}:{minutes:02}:{seconds:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_mean_what_their_type_says() {
        let text = |text: &str, kind| Some(Value::Text(text.to_owned(), kind));
        for (kind, value, shown, expected) in [
            ("float", Some("36"), "36.00", Some(Value::Number(36.0))),
            ("percentage", Some("0.5"), "50%", Some(Value::Number(0.5))),
            ("float", Some("42"), "00042", Some(Value::Padded("00042".to_owned(), 42.0))),
            ("float", Some("0"), "000", Some(Value::Padded("000".to_owned(), 0.0))),
            ("float", Some("1234"), "012-34", Some(Value::Padded("012-34".to_owned(), 1234.0))),
            ("float", Some("1234"), "12-34", Some(Value::Padded("12-34".to_owned(), 1234.0))),
            ("float", Some("1234"), "1 234", Some(Value::Number(1234.0))),
            ("float", Some("1234"), "+1234", Some(Value::Number(1234.0))),
            ("float", Some("0"), "-", Some(Value::Number(0.0))),
            ("float", Some("0"), "0", Some(Value::Number(0.0))),
            ("float", Some("-7"), "-007", Some(Value::Number(-7.0))),
            ("float", Some("42"), "00043", Some(Value::Number(42.0))),
            ("currency", Some("42"), "00042", Some(Value::Number(42.0))),
            ("float", Some("0"), "#DIV/0!", text("#DIV/0!", CellKind::Error)),
            ("float", Some("x"), "x", text("x", CellKind::Text)),
            ("date", Some("1990-01-31"), "31/01/90", text("1990-01-31", CellKind::Date)),
            ("date", Some("1990-01-31T00:00:00"), "", text("1990-01-31", CellKind::Date)),
            (
                "date",
                Some("1990-01-31T09:30:00.500"),
                "",
                text("1990-01-31T09:30:00", CellKind::Date),
            ),
            ("time", Some("PT36H05M00.5S"), "", text("36:05:00", CellKind::Date)),
            ("boolean", Some("true"), "WAHR", Some(Value::Bool(true))),
            ("string", None, "Ada", text("Ada", CellKind::Text)),
            ("string", Some("Ada"), "shown", text("Ada", CellKind::Text)),
            ("", None, "", None),
            ("string", None, "", None),
        ] {
            let value = value.map(str::to_owned);
            assert_eq!(meaning(kind, false, value, shown.to_owned()), expected, "{kind} {shown}");
        }
        let lost = meaning("string", true, Some(String::new()), "#N/A".to_owned());
        assert_eq!(lost, text("#N/A", CellKind::Error));
    }
}
