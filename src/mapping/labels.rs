//! Words beside phone numbers, by which a cell says that it holds one.

/// Words that people and programs put beside a number, in small letters, in order.
const LABELS: &[&str] = &[
    "c",
    "casa",
    "cel",
    "cell",
    "celular",
    "fijo",
    "fixe",
    "gsm",
    "h",
    "handy",
    "home",
    "m",
    "mob",
    "mobil",
    "mobil-nr",
    "mobile",
    "mov",
    "movil",
    "móvil",
    "natel",
    "office",
    "p",
    "ph",
    "phone",
    "portable",
    "privat",
    "t",
    "tel",
    "telefon",
    "telefone",
    "telefono",
    "telephone",
    "teléfono",
    "tlf",
    "téléphone",
    "tél",
    "w",
    "whatsapp",
    "work",
    "моб",
    "тел",
];

/// The number that stands beside labels such as `Tel.`, `m:` or `(mobile)`, or in a link to it; nothing where there is
/// none of these.
pub fn beside_phone_label(text: &str) -> Option<&str> {
    let bare = behind_label(text);
    before_label(bare.unwrap_or(text)).or(bare)
}

fn behind_label(text: &str) -> Option<&str> {
    if !text.starts_with(char::is_alphabetic) {
        return None;
    }
    let end = text.find(|c: char| !c.is_alphabetic() && c != '-')?;
    let (label, rest) = text.split_at_checked(end)?;
    let number = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.'));
    let marked = number.len() < rest.len();
    (begins(number) && marked && is_label(label)).then_some(number)
}

fn before_label(text: &str) -> Option<&str> {
    let inner = text.trim_end_matches([')', ']', '.', ' ']);
    if !begins(text) || !inner.ends_with(char::is_alphabetic) {
        return None;
    }
    let label = inner.rsplit(|c: char| !c.is_alphabetic()).next()?;
    let rest = inner.strip_suffix(label)?;
    let number = rest.trim_end_matches(['(', '[', ' ', '-', ':', ',']);
    let ends = number.ends_with(|c: char| c.is_ascii_digit()) && number.len() < rest.len();
    (begins(number) && ends && is_label(label)).then_some(number)
}

/// Whether a text begins as numbers do.
fn begins(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))
}

/// Whether people and programs put a word beside phone numbers, whatever its case.
fn is_label(word: &str) -> bool {
    if word.is_ascii() {
        return LABELS.iter().any(|label| label.eq_ignore_ascii_case(word));
    }
    let lower = || word.chars().flat_map(char::to_lowercase);
    LABELS.iter().any(|label| label.chars().eq(lower()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_beside_their_labels() {
        for (text, number) in [
            ("Mob: 0491 570 006", Some("0491 570 006")),
            ("Tel. +61 491 570 006", Some("+61 491 570 006")),
            ("m 0491", Some("0491")),
            ("Tel.: +61 491 570 006", Some("+61 491 570 006")),
            ("TÉL. 01 99 00 01 04", Some("01 99 00 01 04")),
            ("tel:+61-491-570-006", Some("+61-491-570-006")),
            ("Tel:\u{a0}0491 570 006", Some("0491 570 006")),
            ("0491 570 006 (mobile)", Some("0491 570 006")),
            ("+61 491 570 006 - WhatsApp", Some("+61 491 570 006")),
            ("(02) 5550 0000 h.", Some("(02) 5550 0000")),
            ("Mob: 0491 570 006 (m)", Some("0491 570 006")),
            ("0491 570 006 (mother)", None),
            ("0491 570 006x", None),
            ("0491 570 006m", None),
            ("(mobile)", None),
            ("Fax: 0491 570 006", None),
            ("x12", None),
            ("M", None),
        ] {
            assert_eq!(beside_phone_label(text), number, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_rules_of_labels(text in "\\PC{0,20}|[MTé]{0,2}[ .:(]{0,2}[0-9 +(]{0,6}[ )(]{0,2}[mé]{0,2}") {
            if let Some(number) = beside_phone_label(&text) {
                proptest::prop_assert!(begins(number) && text.contains(number));
            }
        }
    }
}
