//! Currencies: the codes of ISO 4217, the names and signs that mean one of them alone, and codes of money
//! that is no more.

use crate::spelling::{nearest, normalise};

/// Codes of money in use (ISO 4217, list one, of January 2026), with funds and units of account.
/// Precious metals and the codes for tests and for no currency are left out.
#[rustfmt::skip]
pub static CODES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF",
    "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF",
    "CHW", "CLF", "CLP", "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD",
    "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD",
    "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES",
    "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD",
    "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR",
    "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN",
    "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD",
    "TWD", "TZS", "UAH", "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV",
    "WST", "XAD", "XAF", "XCD", "XCG", "XDR", "XOF", "XPF", "XSU", "XUA", "YER", "ZAR", "ZMW", "ZWG",
];

/// Codes of money that is no more, and what took its place.
#[rustfmt::skip]
static FORMER: &[(&str, &str)] = &[
    ("ANG", "XCG"), ("ATS", "EUR"), ("BEF", "EUR"), ("BGN", "EUR"), ("BYR", "BYN"), ("CUC", "CUP"),
    ("CYP", "EUR"), ("DEM", "EUR"), ("EEK", "EUR"), ("ESP", "EUR"), ("FIM", "EUR"), ("FRF", "EUR"),
    ("GRD", "EUR"), ("HRK", "EUR"), ("IEP", "EUR"), ("ITL", "EUR"), ("LTL", "EUR"), ("LUF", "EUR"),
    ("LVL", "EUR"), ("MRO", "MRU"), ("MTL", "EUR"), ("NLG", "EUR"), ("PTE", "EUR"), ("ROL", "RON"),
    ("RUR", "RUB"), ("SIT", "EUR"), ("SKK", "EUR"), ("SLL", "SLE"), ("STD", "STN"), ("TRL", "TRY"),
    ("VEF", "VES"), ("ZMK", "ZMW"), ("ZWL", "ZWG"),
];

/// Names that mean one currency alone, normalised, in order. `Dollar` and `Franc` mean many.
#[rustfmt::skip]
static NAMES: &[(&str, &str)] = &[
    ("australiandollar", "AUD"), ("australiandollars", "AUD"), ("australischerdollar", "AUD"),
    ("baht", "THB"), ("brazilianreal", "BRL"), ("britishpound", "GBP"), ("britishpounds", "GBP"),
    ("canadiandollar", "CAD"), ("canadiandollars", "CAD"), ("danishkrone", "DKK"),
    ("dolaramericano", "USD"), ("dolarestadounidense", "USD"), ("dollaramericain", "USD"),
    ("dollaraustralien", "AUD"), ("dollarcanadien", "CAD"), ("dollarneozelandais", "NZD"),
    ("euro", "EUR"), ("euros", "EUR"), ("forint", "HUF"), ("francssuisses", "CHF"),
    ("francsuisse", "CHF"), ("hongkongdollar", "HKD"), ("hryvnia", "UAH"), ("indianrupee", "INR"),
    ("japaneseyen", "JPY"), ("kanadischerdollar", "CAD"), ("libraesterlina", "GBP"),
    ("livresterling", "GBP"), ("mexicanpeso", "MXN"), ("newzealanddollar", "NZD"),
    ("newzealanddollars", "NZD"), ("norwegiankrone", "NOK"), ("pesomexicano", "MXN"),
    ("pfundsterling", "GBP"), ("poundsterling", "GBP"), ("renminbi", "CNY"), ("ringgit", "MYR"),
    ("schweizerfranken", "CHF"), ("singaporedollar", "SGD"), ("southafricanrand", "ZAR"),
    ("swedishkrona", "SEK"), ("swissfranc", "CHF"), ("swissfrancs", "CHF"), ("usdollar", "USD"),
    ("usdollars", "USD"), ("yen", "JPY"), ("yuan", "CNY"), ("zloty", "PLN"), ("złoty", "PLN"),
];

/// Signs that mean one currency alone. `$`, `£` and `¥` mean several.
#[rustfmt::skip]
static SIGNS: &[(&str, &str)] = &[
    ("€", "EUR"), ("US$", "USD"), ("A$", "AUD"), ("AU$", "AUD"), ("C$", "CAD"), ("CA$", "CAD"),
    ("NZ$", "NZD"), ("HK$", "HKD"), ("S$", "SGD"), ("SG$", "SGD"), ("R$", "BRL"), ("NT$", "TWD"),
    ("₹", "INR"), ("₺", "TRY"), ("₽", "RUB"), ("₴", "UAH"), ("₪", "ILS"), ("₫", "VND"), ("฿", "THB"),
    ("₦", "NGN"), ("₸", "KZT"), ("₾", "GEL"), ("₼", "AZN"), ("zł", "PLN"), ("Kč", "CZK"),
];

/// Names of the money of several countries.
#[rustfmt::skip]
const SEVERAL: &[&str] = &[
    "crown", "crowns", "dinar", "dollar", "dollars", "franc", "franken", "francs", "krone", "krona",
    "peso", "pesos", "pound", "pounds", "rupee", "rupees", "shilling",
];

/// Why a text is no currency.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It was money once; the code of what took its place.
    Former(&'static str),
    /// Several currencies are called so.
    Several,
    /// Nobody knows it; the code that may be meant.
    Unknown(Option<&'static str>),
}

/// The code of a currency, from the code, a name or a sign.
pub(super) fn code(text: &str) -> Result<&'static str, Fault> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    if let Ok(at) = CODES.binary_search(&upper.as_str()) {
        return CODES.get(at).copied().ok_or(Fault::Unknown(None));
    }
    if let Some((_, now)) = FORMER.iter().find(|(code, _)| *code == upper) {
        return Err(Fault::Former(now));
    }
    if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| *sign == text) {
        return Ok(code);
    }
    let plain = normalise(text);
    if let Ok(at) = NAMES.binary_search_by_key(&plain.as_str(), |(name, _)| name) {
        return NAMES.get(at).map(|(_, code)| *code).ok_or(Fault::Unknown(None));
    }
    if matches!(text, "$" | "£" | "¥" | "kr" | "Fr." | "Rs") || SEVERAL.contains(&plain.as_str())
    {
        return Err(Fault::Several);
    }
    let near = nearest(text, NAMES.iter().map(|(name, _)| *name)).filter(|_| plain.len() > 3);
    let code = near.and_then(|near| NAMES.iter().find(|(name, _)| *name == near));
    Err(Fault::Unknown(code.map(|(_, code)| *code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_in_order_and_agree() {
        assert!(CODES.is_sorted_by(|a, b| a < b));
        assert_eq!(CODES.len(), 168, "list one without metals and codes for tests");
        assert!(FORMER.is_sorted_by(|a, b| a.0 < b.0));
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        for (name, code) in NAMES {
            assert_eq!(normalise(name), *name);
            assert!(CODES.contains(code), "{name}");
        }
        for (former, now) in FORMER {
            assert!(CODES.contains(now) && !CODES.contains(former), "{former}");
        }
        for (_, code) in SIGNS {
            assert!(CODES.contains(code), "{code}");
        }
    }

    #[test]
    fn currencies_are_known_by_code_name_and_sign() {
        for (text, expected) in [
            ("AUD", "AUD"),
            ("eur", "EUR"),
            ("Euro", "EUR"),
            ("€", "EUR"),
            ("A$", "AUD"),
            ("US dollars", "USD"),
            ("Livre sterling", "GBP"),
        ] {
            assert_eq!(code(text), Ok(expected), "{text}");
        }
        assert_eq!(code("DEM"), Err(Fault::Former("EUR")));
        for several in ["$", "£", "Dollars", "francs"] {
            assert_eq!(code(several), Err(Fault::Several), "{several}");
        }
        assert_eq!(code("Eurro"), Err(Fault::Unknown(Some("EUR"))));
        for unknown in ["XYZ", "money", "", "12", "XXX"] {
            assert!(matches!(code(unknown), Err(Fault::Unknown(_))), "{unknown}");
        }
    }
}
