//! The form of dates that a header names: "(dd/mm/yyyy)".

use crate::recipe::DateOrder;

/// The order of dates that a header names: `Date of birth (dd/mm/yyyy)`.
pub fn date_order(header: &str) -> Option<DateOrder> {
    without_date_form(header).1
}

/// A header without the form of dates that it names, and the order of that form.
pub(super) fn without_date_form(text: &str) -> (String, Option<DateOrder>) {
    let mut rest = String::with_capacity(text.len());
    let mut order = None;
    // A form is three runs of letters with signs between them: dd/mm/yyyy, JJ-MM-AAAA, TT.MM.JJJJ.
    let is_form = |c: char| c.is_alphabetic() || matches!(c, '/' | '-' | '.');
    for piece in text.split_inclusive(|c: char| !is_form(c)) {
        let word = piece.trim_end_matches(|c: char| !is_form(c));
        match order_of(word.trim_matches(['/', '-', '.'])) {
            Some(found) if order.is_none() => {
                order = Some(found);
                rest.push_str(piece.get(word.len()..).unwrap_or_default());
            }
            _ => rest.push_str(piece),
        }
    }
    (rest, order)
}

pub(super) fn order_of(form: &str) -> Option<DateOrder> {
    // Nearly all words have no such signs in them.
    if form.matches(['/', '-', '.']).count() != 2 {
        return None;
    }
    let parts: Vec<String> = form.split(['/', '-', '.']).map(str::to_lowercase).collect();
    let [first, second, third] = parts.as_slice() else { return None };
    let is = |part: &str, forms: &[&str]| forms.contains(&part);
    let day = |part: &str| is(part, &["d", "dd", "j", "jj", "t", "tt", "day", "jour", "tag"]);
    let month = |part: &str| is(part, &["m", "mm", "mmm", "month", "mois", "monat"]);
    let year = |part: &str| {
        is(part, &["y", "yy", "yyyy", "aa", "aaaa", "an", "jj", "jjjj", "year", "année", "jahr"])
    };
    if day(first) && month(second) && year(third) {
        Some(DateOrder::Dmy)
    } else if month(first) && day(second) && year(third) {
        Some(DateOrder::Mdy)
    } else if year(first) && month(second) && day(third) {
        Some(DateOrder::Ymd)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_may_name_the_order_of_its_dates() {
        for (header, order) in [
            ("Date of birth (dd/mm/yyyy)", Some(DateOrder::Dmy)),
            ("DOB mm-dd-yy", Some(DateOrder::Mdy)),
            ("Naissance (JJ/MM/AAAA)", Some(DateOrder::Dmy)),
            ("Geburtsdatum TT.MM.JJJJ", Some(DateOrder::Dmy)),
            ("Birth date [YYYY-MM-DD]", Some(DateOrder::Ymd)),
            ("Birthday (day/month/year)", Some(DateOrder::Dmy)),
            ("Date of birth", None),
            ("d-m", None),
            ("Day of month and year", None),
        ] {
            assert_eq!(date_order(header), order, "{header}");
        }
    }
}
