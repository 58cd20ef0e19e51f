//! Postcodes of countries in which some begin with zeros: their length, and which numbers they are
//! when a spreadsheet has taken the zeros away.
//!
//! What is used is common knowledge of each country's system: the length of every postcode, and from
//! which to which number those with zeros in front reach (for Australia the blocks of its two
//! territories). A country is listed only if all of its postcodes are digits of one length.

use super::phone::Region;

/// How a country writes postcodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Postcodes {
    /// The country.
    pub(super) country: &'static str,
    /// Digits of every postcode.
    pub(super) width: usize,
    /// The numbers of those that begin with zeros, both ends included.
    zeros: &'static [(u32, u32)],
}

const fn country(country: &'static str, width: usize, zeros: &'static [(u32, u32)]) -> Postcodes {
    Postcodes { country, width, zeros }
}

static ALL: &[Postcodes] = &[
    country("AM", 4, &[(1, 999)]),
    // 02xx is in the Australian Capital Territory, 08xx and 09xx in the Northern Territory.
    country("AU", 4, &[(200, 299), (800, 999)]),
    // São Paulo and the towns around it.
    country("BR", 8, &[(1_000_000, 9_999_999)]),
    // Inner Mongolia, Shanxi and Hebei.
    country("CN", 6, &[(10_000, 79_999)]),
    // Antioquia and Atlántico.
    country("CO", 6, &[(50_000, 99_999)]),
    country("DE", 5, &[(1_000, 9_999)]),
    country("DK", 4, &[(800, 999)]),
    country("EC", 6, &[(10_000, 99_999)]),
    country("ES", 5, &[(1_000, 9_999)]),
    country("FI", 5, &[(100, 9_999)]),
    country("FR", 5, &[(1_000, 9_999)]),
    country("GE", 4, &[(100, 999)]),
    country("GT", 5, &[(1_000, 9_999)]),
    country("IT", 5, &[(10, 9_999)]),
    // 00 to 09 are the north.
    country("JP", 7, &[(10_000, 999_999)]),
    country("KR", 5, &[(1_000, 9_999)]),
    // 01 to 09 are provinces and the two largest cities.
    country("KZ", 6, &[(10_000, 99_999)]),
    country("LA", 5, &[(1_000, 9_999)]),
    // The districts of Colombo.
    country("LK", 5, &[(100, 1_500)]),
    country("MX", 5, &[(1_000, 9_999)]),
    country("MY", 5, &[(1_000, 9_999)]),
    country("NO", 4, &[(10, 999)]),
    country("NZ", 4, &[(110, 999)]),
    country("PE", 5, &[(1_000, 9_999)]),
    country("PR", 5, &[(601, 988)]),
    country("RO", 6, &[(10_000, 99_999)]),
    country("SG", 6, &[(10_000, 99_999)]),
    country("SK", 5, &[(1_000, 9_999)]),
    country("TR", 5, &[(1_000, 9_999)]),
    country("UA", 5, &[(1_000, 9_999)]),
    // The first is Holtsville, New York: 00501.
    country("US", 5, &[(501, 9_999)]),
    // Pretoria begins with 0001.
    country("ZA", 4, &[(1, 999)]),
];

/// The postcodes of a country, if it is listed.
pub(super) fn of(region: Region) -> Option<Postcodes> {
    ALL.iter().find(|postcodes| postcodes.country == &*region.as_region_str()).copied()
}

impl Postcodes {
    /// The postcode whose zeros a number has lost.
    pub(super) fn restore(&self, digits: &str) -> Option<String> {
        let number: u32 = digits.parse().ok()?;
        let fits = self.zeros.iter().any(|&(first, last)| (first..=last).contains(&number));
        (fits && digits.len() < self.width).then(|| format!("{number:0width$}", width = self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::super::phone::region;
    use super::*;

    #[test]
    fn zeros_come_back_only_where_the_country_has_them() {
        for (country, digits, expected) in [
            ("AU", "800", Some("0800")),
            ("AU", "3000", None),
            ("AU", "300", None),
            ("AU", "80", None),
            ("US", "2134", Some("02134")),
            ("US", "501", Some("00501")),
            ("US", "12", None),
            ("DE", "1067", Some("01067")),
            ("IT", "118", Some("00118")),
            ("NZ", "110", Some("0110")),
            ("KR", "6236", Some("06236")),
            ("BR", "1310100", Some("01310100")),
            ("ZA", "2", Some("0002")),
            ("SG", "18956", Some("018956")),
            ("RO", "10011", Some("010011")),
            ("CO", "11001", None),
            ("CN", "99999", None),
        ] {
            let postcodes = of(region(country).unwrap()).unwrap();
            assert_eq!(postcodes.restore(digits).as_deref(), expected, "{country} {digits}");
        }
        assert_eq!(of(region("GB").unwrap()), None);
        for postcodes in ALL {
            assert!(region(postcodes.country).is_some());
        }
    }
}
