//! One cell: its value and text, and how many cells it stands for.

use quick_xml::events::{BytesStart, Event};

use crate::source::Read;
use crate::source::workbook::{Look, MOST_COLUMNS, MOST_ROWS, Xml, attribute, broken, push_text};

/// What a cell holds.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Blank,
    /// A formula whose result the file does not hold.
    Formula,
    /// A text.
    Text(String),
    /// A number and how it is shown.
    Number(f64, Look),
    /// A date in ISO form, of which more may be written than is shown.
    Day(String),
}

/// A cell.
#[derive(Debug, Default)]
pub struct Cell {
    pub value: Value,
    pub style: Option<String>,
    /// How often it stands side by side.
    pub repeated: usize,
    /// How many rows and columns are merged into it.
    pub spanned: (usize, usize),
}

/// What the element of a cell says of its value.
#[derive(Default)]
struct Said {
    kind: String,
    value: String,
    is_formula: bool,
}

/// Reads on to the end of a cell that has just begun.
pub fn read(xml: &mut Xml<'_>, file: &str, start: &BytesStart<'static>) -> Read<Cell> {
    let mut cell = Cell { repeated: 1, spanned: (1, 1), ..Cell::default() };
    let mut said = Said::default();
    for one in start.attributes().with_checks(false).flatten() {
        // An older copy of what stands beside it.
        if one.key.as_ref().starts_with("calcext:") {
            continue;
        }
        let number = || one.value.trim().parse::<usize>().unwrap_or(1);
        match one.key.local_name().as_ref() {
            "value-type" => said.kind = one.value.into_owned(),
            "value" | "date-value" | "time-value" | "boolean-value" | "string-value" => {
                let name = one.key.local_name();
                said.value = attribute(start, name.as_ref()).unwrap_or_default().into_owned();
            }
            "formula" => said.is_formula = true,
            "style-name" => cell.style = Some(one.value.into_owned()),
            "number-columns-repeated" => cell.repeated = number().clamp(1, MOST_COLUMNS),
            "number-columns-spanned" => cell.spanned.1 = number().clamp(1, MOST_COLUMNS),
            "number-rows-spanned" => cell.spanned.0 = number().clamp(1, MOST_ROWS),
            _ => {}
        }
    }
    let text = text(xml, file)?;
    cell.value = value(said, text);
    Ok(cell)
}

fn value(said: Said, text: String) -> Value {
    let number = said.value.trim().parse::<f64>();
    match (said.kind.as_str(), number) {
        ("float" | "currency", Ok(number)) => Value::Number(number, Look::Plain),
        ("percentage", Ok(number)) => Value::Number(number, Look::Percent),
        ("date", _) if !said.value.is_empty() => Value::Day(said.value),
        ("time", _) => match of_day(&said.value) {
            Some(share) => Value::Number(share, Look::Plain),
            None => Value::Text(text),
        },
        ("boolean", _) => Value::Text(said.value),
        ("", _) if said.is_formula && text.is_empty() => Value::Formula,
        _ if !text.is_empty() => Value::Text(text),
        _ if !said.value.is_empty() => Value::Text(said.value),
        _ => Value::Blank,
    }
}

/// The share of a day that a duration such as `PT10H30M00S` is.
fn of_day(duration: &str) -> Option<f64> {
    let mut left = duration.trim().strip_prefix("PT")?;
    let mut seconds = 0.0;
    for (unit, length) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
        if let Some((number, rest)) = left.split_once(unit) {
            seconds += number.replace(',', ".").parse::<f64>().ok()? * length;
            left = rest;
        }
    }
    left.is_empty().then_some(seconds / 86_400.0)
}

/// The paragraphs of a cell, without remarks, drawings and the sound of characters.
fn text(xml: &mut Xml<'_>, file: &str) -> Read<String> {
    let (mut text, mut depth, mut skipped, mut paragraphs) = (String::new(), 0usize, None, 0);
    let mut inside = 0usize;
    loop {
        let event = xml.next()?;
        match &event {
            Event::Start(start) => {
                depth += 1;
                let name = start.local_name();
                let is_aside = matches!(name.as_ref(), "annotation" | "ruby-text")
                    || start.name().as_ref().starts_with("draw:");
                if skipped.is_none() && is_aside {
                    skipped = Some(depth);
                }
                if skipped.is_some() {
                    continue;
                }
                match name.as_ref() {
                    "p" | "h" => {
                        if paragraphs > 0 {
                            text.push('\n');
                        }
                        paragraphs += 1;
                        inside = depth;
                    }
                    "s" => {
                        let count = attribute(start, "c").and_then(|count| count.parse().ok());
                        text.push_str(&" ".repeat(count.unwrap_or(1).min(1000)));
                    }
                    "tab" => text.push('\t'),
                    "line-break" => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => {
                if skipped == Some(depth) {
                    skipped = None;
                }
                if inside == depth {
                    inside = 0;
                }
                depth -= 1;
            }
            Event::Eof => return Err(broken(file, &"a cell is cut off")),
            _ if skipped.is_none() && inside > 0 => {
                let mut piece = String::new();
                push_text(&mut piece, &event);
                push_spaced(&mut text, &piece);
            }
            _ => {}
        }
    }
}

/// Appends text in which any white space is one space; more is written in another way.
fn push_spaced(text: &mut String, piece: &str) {
    let mut after_space = false;
    for character in piece.chars() {
        let is_space = matches!(character, ' ' | '\t' | '\n' | '\r');
        if !is_space {
            text.push(character);
        } else if !after_space {
            text.push(' ');
        }
        after_space = is_space;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_share_of_a_day() {
        assert_eq!(of_day("PT12H00M00S"), Some(0.5));
        assert_eq!(of_day("PT36H"), Some(1.5));
        assert_eq!(of_day("PT00H00M43.2S"), Some(0.0005));
        assert_eq!(of_day("P1D"), None);
        assert_eq!(of_day("PT12X"), None);
    }
}
