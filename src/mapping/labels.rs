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

/// Whether people and programs put a word beside phone numbers, whatever its case.
pub fn is_phone_label(word: &str) -> bool {
    LABELS.contains(&word.to_lowercase().as_str())
}
