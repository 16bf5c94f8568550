//! How a cell was understood, where that is no plain reading: a reader is told.

use crate::day::Precision;
use crate::inventory::{Column, How, Kind, Value};

use super::Reading;
use super::cell::folded;
use super::date::{DateForm, date};

/// What was done to understand a cell, if anything.
pub fn understood(text: &str, column: &Column, reading: &Reading, value: &Value) -> Option<How> {
    match value {
        Value::Number { stated, bounds } => {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            if plain && reading.factor == 1.0 {
                return None;
            }
            let exact = bounds.is_exact();
            match stated {
                None if !exact => Some(How::Between),
                Some(_) if !exact => Some(How::Approximate),
                stated => number(text, reading, stated.unwrap_or(bounds.low)),
            }
        }
        // A period is often a year; that is all there is to know of it.
        Value::Date(_) if column.name == "period" => None,
        Value::Date(_) => dated(text, reading),
        Value::Text(_) if is_identifier(column) && lost_digits(text) => Some(How::LostDigits),
        _ => None,
    }
}

fn number(text: &str, reading: &Reading, value: f64) -> Option<How> {
    let folded = folded(text);
    let digits = folded.replace(',', "");
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let bare: f64 = digits[..end].parse().ok()?;
    let same = |factor: f64| (bare * factor - value).abs() <= 1e-9 * value.abs();
    if end < digits.len() && !digits[end..].starts_with('e') && !same(1.0) && value != bare {
        return Some(How::UnitOfCell);
    }
    if reading.factor != 1.0 && same(reading.factor) {
        return Some(How::UnitOfHeading);
    }
    let tidied = |c: char| ('０'..='９').contains(&c) || "，．\u{a0}\u{3000}'".contains(c);
    text.contains(tidied).then_some(How::Tidied)
}

fn dated(text: &str, reading: &Reading) -> Option<How> {
    let (day, form) = date(text, reading.since_1904)?;
    match form {
        DateForm::Serial => Some(How::Serial),
        DateForm::ShortYear => Some(How::ShortYear),
        DateForm::End => Some(How::YearEnd),
        DateForm::Full => match day.precision() {
            Precision::Day => None,
            Precision::Month => Some(How::Month),
            Precision::Year => Some(How::Year),
        },
    }
}

/// Columns whose texts are numbers that name something.
fn is_identifier(column: &Column) -> bool {
    let named = ["_code", "_certificate", "parcel", "document"];
    matches!(column.kind, Kind::Id | Kind::Place)
        || named.iter().any(|ending| column.name.ends_with(ending))
}

/// `3.71402E+17`: what a spreadsheet makes of a long number.
fn lost_digits(text: &str) -> bool {
    let text = folded(text);
    let Some((digits, power)) = text.split_once("e+") else { return false };
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '.');
    !digits.is_empty() && plain(digits) && power.parse::<u32>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::table;
    use crate::mapping::read_cell;

    fn how(table_name: &str, field: &str, text: &str, factor: f64) -> Option<How> {
        let column = table(table_name).and_then(|table| table.column(field)).expect("declared");
        let reading = Reading { factor, ..Reading::plain(column) };
        let value = read_cell(text, column, &reading).expect("readable");
        understood(text, column, &reading, &value)
    }

    #[test]
    fn a_reader_is_told_how_a_cell_was_understood() {
        for (text, factor, expected) in [
            ("1200", 1.0, None),
            ("1,200", 1.0, None),
            ("1200㎡", 1.0, None),
            ("1200 平方米", 1.0, None),
            ("3亩", 1.0, Some(How::UnitOfCell)),
            ("3", 2000.0 / 3.0, Some(How::UnitOfHeading)),
            ("3亩", 10_000.0, Some(How::UnitOfCell)),
            ("约1200", 1.0, Some(How::Approximate)),
            ("1200/1150", 1.0, Some(How::Between)),
            ("１２００", 1.0, Some(How::Tidied)),
        ] {
            assert_eq!(how("premises", "area", text, factor), expected, "{text} × {factor}");
        }
        assert_eq!(how("premises", "annual_rent", "5000/月", 1.0), Some(How::UnitOfCell));
        assert_eq!(how("premises", "lease_to", "2024年底", 1.0), Some(How::YearEnd));
        assert_eq!(how("premises", "lease_to", "2023.4", 1.0), Some(How::Month));
        assert_eq!(how("premises", "title_certificate", "3.71402E+17", 1.0), Some(How::LostDigits));
        assert_eq!(how("premises", "name", "A区3e+2", 1.0), None);
    }
}
