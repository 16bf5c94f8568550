//! Dates as ledgers write them: `2023.4.5`, `2023年4月`, `23/4`, `2024年底`, `20230405`, 45017.

use jiff::ToSpan;

use crate::day::{Day, PartialDay, Precision};

use super::cell::folded;

/// How a date was understood that is not written in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateForm {
    /// In full.
    Full,
    /// A number of days, as spreadsheets count them.
    Serial,
    /// Two digits for the year.
    ShortYear,
    /// The end of a year or month, of which only that is known.
    End,
}

/// The date a cell's text says, and how it was understood.
pub fn date(text: &str, since_1904: bool) -> Option<(PartialDay, DateForm)> {
    // A time of day is left out: no rule asks for it.
    let day = text.trim().split_once([' ', 'T']).filter(|(_, time)| time.contains(':'));
    let text = folded(day.map_or(text, |(day, _)| day));
    if let Some(date) = serial(&text, since_1904) {
        return Some((date, DateForm::Serial));
    }
    if let Some(date) = digits(&text) {
        return Some((date, DateForm::Full));
    }
    if let Some(date) = PartialDay::parse(&text) {
        return Some((date, DateForm::Full));
    }
    if let Some(date) = end_of(&text) {
        return Some((date, DateForm::End));
    }
    short_year(&text).map(|date| (date, DateForm::ShortYear))
}

/// Whether a text is surely a date: `2023.4.5` is, `45017` and `23.4` may be areas.
pub fn is_date(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let text = folded(text);
    let may_be_number = text.chars().all(plain) && text.matches('.').count() < 2;
    let written = text.len() == 8 && !text.contains('.');
    (!may_be_number || written) && date(&text, false).is_some()
}

/// A number of days since the epoch of spreadsheets, for the years 1954 to 2099.
fn serial(text: &str, since_1904: bool) -> Option<PartialDay> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let plain = whole.len() == 5 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let days: i64 = plain.then(|| whole.parse().ok()).flatten()?;
    // Excel takes 1900 for a leap year: from March 1900 on its days count from 1899-12-30.
    let epoch = match since_1904 {
        true => Day::new(1904, 1, 1).ok()?,
        false => Day::new(1899, 12, 30).ok()?,
    };
    let day = epoch.checked_add(days.days()).ok()?;
    (1954..2100).contains(&day.year()).then(|| PartialDay::day(day))
}

/// `20230405` and `202304`.
fn digits(text: &str) -> Option<PartialDay> {
    if !text.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let written = match text.len() {
        8 => format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]),
        6 => format!("{}-{}", &text[..4], &text[4..]),
        _ => return None,
    };
    PartialDay::parse(&written)
}

/// `2024年底`, `2024年12月底`, `2023年末`: a month, or the month of the end of the year; `2024年初`
/// is its first month.
fn end_of(text: &str) -> Option<PartialDay> {
    let cut = |ends: &[&str]| ends.iter().find_map(|end| text.strip_suffix(end)).map(str::to_owned);
    if let Some(rest) = cut(&["年底", "年末", "年终"]) {
        return PartialDay::parse(&format!("{}-12", year(&rest)?));
    }
    if let Some(rest) = cut(&["年初"]) {
        return PartialDay::parse(&format!("{}-01", year(&rest)?));
    }
    let rest = cut(&["底", "末", "初", "上旬", "中旬", "下旬", "前", "左右"])?;
    let date = PartialDay::parse(&rest).or_else(|| short_year(&rest))?;
    let vague = date.precision() == Precision::Month;
    vague.then_some(date)
}

/// A year of four digits, or of two.
fn year(text: &str) -> Option<String> {
    let number: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(text.to_owned()),
        2 => Some(full_year(number).to_string()),
        _ => None,
    }
}

/// Two digits mean a year from 1950 to 2049.
fn full_year(short: i16) -> i16 {
    if short < 50 { 2000 + short } else { 1900 + short }
}

/// `23/4`, `23.4.5`, `23年4月5日`: the year first, as everywhere in China.
fn short_year(text: &str) -> Option<PartialDay> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (short, rest) = text.split_at(end);
    let separated = rest.starts_with(['年', '.', '/', '-']);
    let short: i16 = (short.len() == 2 && separated).then(|| short.parse().ok()).flatten()?;
    let date = PartialDay::parse(&format!("{}{rest}", full_year(short)))?;
    (date.precision() != Precision::Year).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_with_what_is_known_of_it() {
        for (text, meant, form) in [
            ("2023.4.5", "2023-04-05", DateForm::Full),
            ("2023年4月", "2023-04", DateForm::Full),
            ("2023年4月5日", "2023-04-05", DateForm::Full),
            ("２０２３／４／５", "2023-04-05", DateForm::Full),
            ("2023", "2023", DateForm::Full),
            ("2023-04-05 00:00:00", "2023-04-05", DateForm::Full),
            ("20230405", "2023-04-05", DateForm::Full),
            ("202304", "2023-04", DateForm::Full),
            ("23/4", "2023-04", DateForm::ShortYear),
            ("98.11.2", "1998-11-02", DateForm::ShortYear),
            ("23年4月", "2023-04", DateForm::ShortYear),
            ("2024年底", "2024-12", DateForm::End),
            ("24年底", "2024-12", DateForm::End),
            ("2024年初", "2024-01", DateForm::End),
            ("2024年6月底", "2024-06", DateForm::End),
            ("45017", "2023-04-01", DateForm::Serial),
            ("45017.5", "2023-04-01", DateForm::Serial),
        ] {
            let found = date(text, false).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.0.to_string().as_str(), found.1), (meant, form), "{text}");
        }
        let (day, _) = date("43555", true).expect("a serial of 1904");
        assert_eq!(day.to_string(), "2023-04-01");
    }

    #[test]
    fn what_is_no_date_is_none() {
        assert!(is_date("2023.4.5") && is_date("20230405") && is_date("23/4"));
        assert!(!is_date("23.4") && !is_date("45017") && !is_date("2023"), "each may be an area");
        for text in [
            "",
            "120",
            "1200",
            "99999",
            "125.5",
            "4/5/2023",
            "2021-13",
            "已办",
            "近期",
            "23",
            "2023年底前后",
        ] {
            assert_eq!(date(text, false), None, "{text}");
        }
    }
}
