//! Numbers as text: what the formula bar shows of them, days as ISO dates.

use super::look::{Look, Precision};

/// The last day a spreadsheet knows, 9999-12-31.
const LAST: f64 = 2_958_466.0;

/// From this number on the digits do not all fit: a spreadsheet keeps 15 of them.
const TOO_LONG: f64 = 1e15;

/// A number as text, and whether it is so long that its last digits are lost.
pub fn number(value: f64, look: Look, since_1904: bool) -> (String, bool) {
    if let Look::Day(precision) = look
        && let Some(day) = iso(value, precision, since_1904)
    {
        return (day, false);
    }
    match look {
        Look::Percent => (format!("{}%", shown(value * 100.0)), false),
        Look::Digits(digits) if value >= 0.0 && value.fract() == 0.0 => {
            let digits = usize::from(digits);
            (format!("{:0>digits$}", shown(value)), value >= TOO_LONG)
        }
        Look::Plain | Look::Digits(_) | Look::Day(_) => (shown(value), value.abs() >= TOO_LONG),
    }
}

/// A number in 15 significant digits, which are all that a spreadsheet shows, without exponent.
fn shown(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
    // Zero has no sign.
    (rounded + 0.0).to_string()
}

/// The day of a serial number, as far as it is meant; none outside the calendar of spreadsheets,
/// whose 29 February 1900 never was.
pub fn iso(serial: f64, precision: Precision, since_1904: bool) -> Option<String> {
    // Times are kept to the millisecond: a day is not lost to the last bit of a fraction.
    let days = ((serial * 86_400_000.0).round() / 86_400_000.0).floor();
    let days = if since_1904 && serial >= 0.0 { days + 1462.0 } else { days };
    if !(1.0..LAST).contains(&days) || days == 60.0 {
        return None;
    }
    // Within the range above.
    let days = days as i64;
    // Days from 1970-01-01; before March 1900 the count lacks the day that never was.
    let (year, month, day) = civil(days - 25_569 + i64::from(days < 60));
    Some(match precision {
        Precision::Year => format!("{year:04}"),
        Precision::Month => format!("{year:04}-{month:02}"),
        Precision::Day => format!("{year:04}-{month:02}-{day:02}"),
    })
}

/// An ISO date without its time, as far as its format shows it.
pub fn day_of(text: &str, look: Look) -> &str {
    let date = text.split('T').next().unwrap_or(text);
    let length = match look {
        Look::Day(Precision::Year) => 4,
        Look::Day(Precision::Month) => 7,
        _ => date.len(),
    };
    date.get(..length).unwrap_or(date)
}

/// Year, month and day of a number of days since 1970-01-01, by Howard Hinnant's algorithm.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(value: f64) -> String {
        number(value, Look::Plain, false).0
    }

    #[test]
    fn a_number_that_names_something_keeps_its_zeros() {
        assert_eq!(Look::of_code("000000"), Look::Digits(6));
        assert_eq!(Look::of_code("0"), Look::Plain);
        assert_eq!(Look::of_code("0.00"), Look::Plain);
        assert_eq!(number(12.0, Look::Digits(6), false), ("000012".to_owned(), false));
        assert_eq!(number(1.5, Look::Digits(6), false).0, "1.5");
    }

    #[test]
    fn a_number_has_the_digits_a_spreadsheet_shows_and_no_exponent() {
        assert_eq!(plain(281.98), "281.98");
        assert_eq!(plain(3.0), "3");
        assert_eq!(plain(-0.0), "0");
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(1.5e-7), "0.00000015");
        assert_eq!(plain(13_812_345_678.0), "13812345678");
        assert_eq!(
            number(371_402_199_001_011_234.0, Look::Plain, false),
            ("371402199001011000".into(), true)
        );
    }

    #[test]
    fn a_share_keeps_its_sign_of_percent() {
        for (value, text) in [(0.125, "12.5%"), (0.57, "57%"), (1.0, "100%"), (0.0, "0%")] {
            assert_eq!(number(value, Look::Percent, false).0, text);
        }
    }

    #[test]
    fn days_are_those_of_the_calendar_the_workbook_counts_by() {
        let day = |serial| iso(serial, Precision::Day, false);
        assert_eq!(day(1.0).as_deref(), Some("1900-01-01"));
        assert_eq!(day(59.0).as_deref(), Some("1900-02-28"));
        assert_eq!(day(60.0), None);
        assert_eq!(day(61.0).as_deref(), Some("1900-03-01"));
        assert_eq!(day(45_021.75).as_deref(), Some("2023-04-05"));
        assert_eq!(day(45_021.999_999_999_99).as_deref(), Some("2023-04-06"));
        assert_eq!(day(2_958_465.0).as_deref(), Some("9999-12-31"));
        assert_eq!(iso(43_559.0, Precision::Day, true).as_deref(), Some("2023-04-05"));
        assert_eq!(iso(0.0, Precision::Day, true).as_deref(), Some("1904-01-01"));
        assert_eq!(iso(45_021.0, Precision::Month, false).as_deref(), Some("2023-04"));
        assert_eq!(day_of("2023-04-05T08:00:00", Look::Plain), "2023-04-05");
        assert_eq!(day_of("2023-04-05", Look::Day(Precision::Month)), "2023-04");
        assert_eq!(iso(45_021.0, Precision::Year, false).as_deref(), Some("2023"));
    }

    #[test]
    fn what_is_no_day_stays_a_number() {
        let look = Look::Day(Precision::Day);
        assert_eq!(number(0.5, look, false).0, "0.5");
        assert_eq!(number(-3.0, look, false).0, "-3");
        assert_eq!(number(2_958_466.0, look, false).0, "2958466");
        assert_eq!(number(f64::INFINITY, look, false).0, "inf");
    }
}
