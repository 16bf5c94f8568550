//! Places by their administrative code.
//!
//! GB/T 2260 gives six digits: two for the province, two for the city, two for the county;
//! streets and communities extend it to nine and twelve. A code contains another when it is its
//! beginning, once trailing zeros that stand for "the whole" are dropped.

use std::fmt;

/// An administrative area; the country when it has no digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    digits: String,
}

impl Place {
    /// The whole country.
    pub fn nation() -> Place {
        Place::default()
    }

    /// Reads `CN` or a code of 2, 4, 6, 9 or 12 digits; `370100` and `3701` are the same place.
    ///
    /// ```
    /// use facility_audit::place::Place;
    /// let jinan = Place::parse("370100").unwrap();
    /// assert!(Place::parse("37").unwrap().contains(&jinan));
    /// assert!(Place::nation().contains(&jinan));
    /// assert!(Place::parse("3701 济南").is_none());
    /// ```
    pub fn parse(code: &str) -> Option<Place> {
        if code == "CN" {
            return Some(Place::nation());
        }
        let known_length = matches!(code.len(), 2 | 4 | 6 | 9 | 12);
        if !known_length || !code.bytes().all(|byte| byte.is_ascii_digit()) || code.starts_with('0')
        {
            return None;
        }
        let mut digits = code;
        for (length, zeros) in [(12, 3), (9, 3), (6, 2), (4, 2)] {
            if digits.len() == length && digits.ends_with(&"0".repeat(zeros)) {
                digits = &digits[..length - zeros];
            }
        }
        Some(Place { digits: digits.to_owned() })
    }

    /// Whether `other` lies in this place or is it.
    pub fn contains(&self, other: &Place) -> bool {
        other.digits.starts_with(&self.digits)
    }

    /// The place itself and every wider one, the nation last.
    pub fn ancestors(&self) -> impl Iterator<Item = Place> {
        let all = [12, 9, 6, 4, 2, 0].into_iter().filter(|length| *length <= self.digits.len());
        all.map(|length| Place { digits: self.digits[..length].to_owned() })
    }

    /// 0 for the nation, then 1 province, 2 city, 3 county, 4 street, 5 community.
    pub fn level(&self) -> u8 {
        match self.digits.len() {
            0 => 0,
            1..=2 => 1,
            3..=4 => 2,
            5..=6 => 3,
            7..=9 => 4,
            _ => 5,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.digits.len() {
            0 => f.write_str("CN"),
            1..=6 => write!(f, "{:0<6}", self.digits),
            7..=9 => write!(f, "{:0<9}", self.digits),
            _ => f.write_str(&self.digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str) -> Place {
        Place::parse(code).expect("a code")
    }

    #[test]
    fn a_county_lies_in_its_city_and_not_in_the_next() {
        assert!(place("411600").contains(&place("411602")));
        assert!(!place("411700").contains(&place("411602")));
        assert!(!place("411602").contains(&place("411600")));
    }

    #[test]
    fn codes_print_in_their_usual_length() {
        let shown: Vec<String> = ["CN", "41", "4116", "411602", "411602001", "411602001000"]
            .into_iter()
            .map(|code| place(code).to_string())
            .collect();
        assert_eq!(shown, ["CN", "410000", "411600", "411602", "411602001", "411602001"]);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for code in ["", "1", "411", "41160", "济南", "011602"] {
            assert_eq!(Place::parse(code), None, "{code}");
        }
    }
}
