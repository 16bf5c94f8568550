//! Calendar days, and dates of which only the month or the year is known.

use std::fmt;

use jiff::civil::Date;

/// A calendar day.
pub type Day = Date;

/// How much of a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// The day.
    Day,
    /// The month.
    Month,
    /// The year.
    Year,
}

impl Precision {
    /// The code used in tables.
    pub fn code(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Year => "year",
        }
    }
}

/// A date as a text states it: perhaps without its day, or without its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialDay {
    first: Day,
    precision: Precision,
}

impl PartialDay {
    /// A date known to the day.
    pub fn day(day: Day) -> PartialDay {
        PartialDay { first: day, precision: Precision::Day }
    }

    /// Reads `2023-04-05`, `2023.4.5`, `2023/4/5`, `2023年4月5日` and the same without day or month.
    ///
    /// ```
    /// use facility_audit::day::PartialDay;
    /// assert_eq!(PartialDay::parse("2019年6月").unwrap().to_string(), "2019-06");
    /// assert_eq!(PartialDay::parse("2023.4.5").unwrap().to_string(), "2023-04-05");
    /// assert!(PartialDay::parse("23/4").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<PartialDay> {
        let text = text.trim();
        let date = text.split_once([' ', 'T']).map_or(text, |(date, _)| date);
        let plain: String = date
            .chars()
            .map(|c| match c {
                '年' | '月' | '.' | '/' => '-',
                other => other,
            })
            .collect();
        let plain = plain.trim_end_matches(['日', '号', '-']);
        let mut parts = plain.split('-').map(str::trim);
        let year: i16 = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
        let month: Option<i8> = parts.next().map(str::parse).transpose().ok()?;
        let day: Option<i8> = parts.next().map(str::parse).transpose().ok()?;
        if parts.next().is_some() || !(1900..=2200).contains(&year) {
            return None;
        }
        let precision = match (month, day) {
            (_, Some(_)) => Precision::Day,
            (Some(_), None) => Precision::Month,
            (None, None) => Precision::Year,
        };
        Some(PartialDay {
            first: Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?,
            precision,
        })
    }

    /// The earliest day it could be.
    pub fn first(self) -> Day {
        self.first
    }

    /// The latest day it could be.
    pub fn last(self) -> Day {
        match self.precision {
            Precision::Day => self.first,
            Precision::Month => self.first.last_of_month(),
            Precision::Year => self.first.last_of_year(),
        }
    }

    /// How much of it is known.
    pub fn precision(self) -> Precision {
        self.precision
    }
}

impl fmt::Display for PartialDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.first.to_string();
        let shown = match self.precision {
            Precision::Day => text.len(),
            Precision::Month => text.len() - 3,
            Precision::Year => text.len() - 6,
        };
        f.write_str(&text[..shown])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str) -> Option<(String, String)> {
        let date = PartialDay::parse(text)?;
        Some((date.first().to_string(), date.last().to_string()))
    }

    #[test]
    fn a_month_could_be_any_of_its_days() {
        let days = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(span("2024年2月"), days("2024-02-01", "2024-02-29"));
        assert_eq!(span("2021"), days("2021-01-01", "2021-12-31"));
        assert_eq!(span("2021-12-27 00:00:00"), days("2021-12-27", "2021-12-27"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2021-13", "2021-02-30", "120", "2021-1-1-1", "二〇二一年", "45761"] {
            assert_eq!(span(text), None, "{text}");
        }
    }
}
