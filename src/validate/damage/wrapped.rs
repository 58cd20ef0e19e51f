//! What stands around a value: a formula that only says a text, an apostrophe, quotation marks.

/// What a formula that only says a text holds: `="0491570006"`, as CRMs write it for Excel.
pub(in crate::validate) fn unwrapped(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("=\"")?.strip_suffix('"')?;
    (!inner.contains('"')).then(|| inner.trim())
}

/// What stands behind the apostrophe with which Excel marks text, where an export let it out.
pub(in crate::validate) fn unmarked(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('\'')?;
    let number = rest.starts_with(|c: char| c.is_ascii_digit() || c == '+');
    (number && !rest.contains('\'')).then_some(rest)
}

/// What stands between two quotation marks that are around the whole of a name: an export has quoted it twice. Marks
/// within it, as around one of several words, are people's own.
pub(in crate::validate) fn unquoted(text: &str) -> Option<&str> {
    let inner = QUOTES.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inner.contains([*open, *close])).then_some(inner)
    });
    let of_names = |c: char| c.is_alphabetic() || c.is_whitespace() || "'’-.\u{301}".contains(c);
    let inner = inner.map(str::trim)?;
    (inner.starts_with(char::is_alphabetic) && inner.chars().all(of_names)).then_some(inner)
}

/// Quotation marks in pairs. Apostrophes are none of them: `'Ala'` is a name.
pub(super) const QUOTES: &[(char, char)] =
    &[('"', '"'), ('“', '”'), ('„', '“'), ('„', '”'), ('«', '»')];

#[cfg(test)]
mod tests {
    use super::super::is_odd_name;
    use super::*;

    #[test]
    fn wrappers_are_taken_off() {
        assert_eq!(unwrapped("=\"0491570006\""), Some("0491570006"));
        assert_eq!(unwrapped("=\"a\"&\"b\""), None);
        assert_eq!(unwrapped("=A1"), None);
        assert_eq!(unmarked("'0491570006"), Some("0491570006"));
        for other in ["'s-Hertogenbosch", "'90s'", "'", "O'Brien"] {
            assert_eq!(unmarked(other), None, "{other}");
        }
    }

    #[test]
    fn quotation_marks_around_a_whole_name_are_told_from_those_within_it() {
        for (text, inner) in [
            ("\"Ada\"", Some("Ada")),
            ("\" Ada Maria \"", Some("Ada Maria")),
            ("“Ada”", Some("Ada")),
            ("„Ada“", Some("Ada")),
            ("«Ada»", Some("Ada")),
            ("\"\"", None),
            ("\"=1+1\"", None),
            ("\"O'Brien-Smith Jr.\"", Some("O'Brien-Smith Jr.")),
            ("\"Bill\" \"Bob\"", None),
            ("\"Bill\" Robert", None),
            ("\"", None),
            ("\"Ada", None),
            ("'Ala'", None),
            ("Ada", None),
        ] {
            assert_eq!(unquoted(text), inner, "{text}");
            assert!(inner.is_none() || is_odd_name(text), "{text}");
        }
    }
}
