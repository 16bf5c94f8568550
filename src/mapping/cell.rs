//! One cell's text becomes a value of its column's kind, or is found unreadable.
//!
//! Numbers keep what the text says about their precision: `约1200` is an interval, `500余` reaches
//! up to the next hundred, `近300` lies below, `300以上` has no upper end, `1200/1150` could be
//! either. Values, none, and unknown are kept apart: `0` is a value, `无` is none, `/` means "not
//! applicable" only where the column says so.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::inventory::{Blank, Column, Kind, Value};
use crate::layer::Grid;
use crate::quantity::{Interval, without_noise};
use crate::words::Words;

use super::date::date;
use super::headings::{category, code_of, names_categories};

/// How cells are read: what the project declares, with the defaults that hold otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What a blank cell means.
    pub blank: Blank,
    /// What one of the stated number is in the unit of the column.
    pub factor: f64,
    /// How far `约` reaches to both sides, as a share of the number.
    pub about: f64,
    /// Whether numbers of days count from 1904.
    pub since_1904: bool,
}

impl Reading {
    /// How the cells of a column are read in a grid, unless its heading or the project says more.
    pub fn of(column: &Column, grid: &Grid) -> Reading {
        Reading { since_1904: grid.since_1904, ..Reading::plain(column) }
    }

    /// How texts of a column are read wherever they stand.
    pub fn plain(column: &Column) -> Reading {
        Reading { blank: column.blank, factor: 1.0, about: ABOUT, since_1904: false }
    }
}

/// The decimals a number is written with: 2 for `91.60`.
pub fn decimals(text: &str) -> usize {
    let folded = folded(text);
    let digits: &str = folded.split_once('.').map_or("", |(_, fraction)| fraction);
    digits.chars().take_while(char::is_ascii_digit).count()
}

/// `约` reaches this far to both sides unless the project says otherwise; printed with every run.
pub const ABOUT: f64 = 0.05;

/// The units of one kind of quantity, as ledgers write them, and their factors.
pub fn units(kind: Kind) -> &'static BTreeMap<String, f64> {
    static UNITS: OnceLock<BTreeMap<String, BTreeMap<String, f64>>> = OnceLock::new();
    static NONE: BTreeMap<String, f64> = BTreeMap::new();
    let all = UNITS.get_or_init(|| {
        toml::from_str(include_str!("units.toml"))
            .expect("the units are part of the program and tested")
    });
    let name = match kind {
        Kind::Area => "area",
        Kind::Length => "length",
        Kind::Money => "money",
        Kind::Count => "count",
        Kind::Share => "share",
        Kind::Number => "number",
        _ => return &NONE,
    };
    all.get(name).unwrap_or(&NONE)
}

/// Text as it is compared: compatibility forms folded, white space gone, lower case.
pub fn folded(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && *c != '\u{feff}';
    // Most cells are in this form already; to find that out is cheaper than to make it.
    let plain = text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes;
    let text: String = match plain {
        true => text.chars().filter(kept).collect(),
        false => text.nfkc().filter(kept).collect(),
    };
    text.trim_start_matches('\'').to_lowercase()
}

/// What a cell's text means for a column.
///
/// # Errors
/// What would have been accepted, in both languages, when the text is none of it.
pub fn value(text: &str, column: &Column, reading: &Reading) -> Result<Value, Words> {
    let folded = folded(text);
    match folded.as_str() {
        "" => return Ok(blank(reading.blank)),
        "不详" | "不明" | "未知" | "待核" | "待核实" | "待定" | "待查" | "unknown" | "?" =>
        {
            return Ok(Value::Unknown);
        }
        "/" | "-" | "--" | "—" | "——" | "–" | "\\" => {
            let applies = reading.blank != Blank::NotApplicable;
            return Ok(if applies { Value::Unknown } else { Value::NotApplicable });
        }
        // What a spreadsheet shows where a formula failed, and a formula that was never worked out.
        text if is_error(text) => {
            return Err(Words::new(
                "值；公式出错或未计算的，请在表格软件中重算并保存",
                "a value; open the workbook, let it calculate and save it",
            ));
        }
        _ => {}
    }
    let none = matches!(folded.as_str(), "无" | "没有" | "none");
    match column.kind {
        Kind::Code => match code_of(column, &folded) {
            Some(code) => Ok(Value::Text(code)),
            None => Err(accepted_codes(column)),
        },
        Kind::Flag => match code_of(column, &folded).as_deref() {
            Some("true") => Ok(Value::Flag(true)),
            Some("false") => Ok(Value::Flag(false)),
            _ if none => Ok(Value::Flag(false)),
            _ => Err(Words::new("是/否、有/无、√/×", "是/否, yes/no, true/false")),
        },
        _ if none => Ok(Value::None),
        Kind::Year => {
            let year = folded.trim_end_matches('年').parse().ok();
            year.filter(|year| (1900..=2200).contains(year))
                .map(Value::Year)
                .ok_or_else(|| Words::new("年份，如 2019", "a year such as 2019"))
        }
        Kind::Date => {
            let found = date(text, reading.since_1904);
            found.map(|(date, _)| Value::Date(date)).ok_or_else(|| {
                Words::new(
                    "日期，如 2023-04-05、2023.4.5、2023年4月",
                    "a date such as 2023-04-05, 2023.4.5 or 2023年4月",
                )
            })
        }
        kind if kind.is_quantity() => Some(text)
            .filter(|text| is_one_number(text))
            .and_then(|_| number(&folded, kind, reading))
            .ok_or_else(|| {
                Words::new(
                    "数，如 1200、约1200、500余、1.2万",
                    "a number such as 1200, 约1200, 500余 or 1.2万",
                )
            }),
        Kind::Ref if names_categories(column) => Ok(Value::Text(category(text))),
        Kind::Refs if names_categories(column) => {
            let each = text.split(['、', ';', '；', ',', '，']).map(category);
            let named: Vec<String> = each.filter(|name| !name.is_empty()).collect();
            Ok(Value::Text(named.join("、")))
        }
        _ => Ok(Value::Text(text.trim().to_owned())),
    }
}

/// `#REF!` and the like, and what the readers of workbooks make of a formula without a result.
fn is_error(folded: &str) -> bool {
    const ERRORS: &[&str] =
        &["#ref!", "#n/a", "#name?", "#value!", "#div/0!", "#num!", "#null!", "#getting_data"];
    ERRORS.contains(&folded) || folded == "=(未计算)"
}

/// Whether a text can be one number: two numbers in one cell, or one with a superscript, are not.
/// Only the blanks that printers put between groups of three may stand between digits.
fn is_one_number(text: &str) -> bool {
    let chars: Vec<char> = text.trim().chars().collect();
    let is_digit = |c: char| c.nfkc().all(|c| c.is_ascii_digit());
    let raised = |c: char| matches!(c, '²' | '³' | '¹' | '⁰'..='⁹');
    let mut last_digit = None;
    for (index, &c) in chars.iter().enumerate() {
        if raised(c) {
            // `m²` is a unit, `300²` is not 3,002.
            if index > 0 && chars[index - 1].is_ascii_digit() {
                return false;
            }
        } else if is_digit(c) {
            let between = last_digit.map(|last: usize| &chars[last + 1..index]).unwrap_or(&[]);
            let blanks = !between.is_empty() && between.iter().all(|c| c.is_whitespace());
            let groups =
                between.len() == 1 && matches!(between[0], '\u{a0}' | '\u{2009}' | '\u{202f}');
            let following = chars[index..].iter().take_while(|c| is_digit(**c)).count();
            if blanks && !(groups && following == 3) {
                return false;
            }
            last_digit = Some(index);
        }
    }
    true
}

fn blank(meaning: Blank) -> Value {
    match meaning {
        Blank::Unknown => Value::Unknown,
        Blank::None => Value::None,
        Blank::NotApplicable => Value::NotApplicable,
    }
}

fn accepted_codes(column: &Column) -> Words {
    let list = |name: fn(&crate::inventory::Code) -> &str| {
        let names: Vec<&str> = column.values.iter().map(name).collect();
        names.join("、")
    };
    Words::new(list(|code| &code.zh), list(|code| &code.code))
}

/// Which way a word beside a number bends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bend {
    About,
    Over,
    Near,
    AtLeast,
    AtMost,
}

const BEFORE: &[(&str, Bend)] = &[
    ("大约", Bend::About),
    ("约", Bend::About),
    ("接近", Bend::Near),
    ("近", Bend::Near),
    ("不足", Bend::AtMost),
    ("不到", Bend::AtMost),
    ("超过", Bend::AtLeast),
    ("不少于", Bend::AtLeast),
];

const AFTER: &[(&str, Bend)] = &[
    ("左右", Bend::About),
    ("以上", Bend::AtLeast),
    ("以下", Bend::AtMost),
    ("余", Bend::Over),
    ("多", Bend::Over),
];

fn number(folded: &str, kind: Kind, reading: &Reading) -> Option<Value> {
    let units = units(kind);
    let mut rest = folded;
    let mut factor = None;
    let mut bend = None;
    if let Some((word, found)) = BEFORE.iter().find(|(word, _)| rest.starts_with(word)) {
        bend = Some(*found);
        rest = &rest[word.len()..];
    }
    // What follows the digits is a unit and a word, in either order: `500余户`, `500户以上`.
    loop {
        let bent = AFTER.iter().find(|(word, _)| rest.ends_with(word));
        let with_unit = units
            .iter()
            .filter(|(unit, _)| rest.ends_with(unit.as_str()))
            .max_by_key(|(unit, _)| unit.len());
        if let (Some((word, found)), None) = (bent, bend) {
            bend = Some(*found);
            rest = &rest[..rest.len() - word.len()];
        } else if let (Some((unit, found)), None) = (with_unit, factor) {
            factor = Some(*found);
            rest = &rest[..rest.len() - unit.len()];
        } else {
            break;
        }
    }
    let factor = factor.unwrap_or(reading.factor);
    for separator in ['/', '~', '-', '–', '—', '至'] {
        if let Some((first, second)) = rest.split_once(separator)
            && !first.is_empty()
        {
            let (first, second) = (decimal(first)?, decimal(second)?);
            let bounds = times(Interval::between(first.min(second), first.max(second)), factor);
            return bend.is_none().then_some(Value::Number { stated: None, bounds });
        }
    }
    let stated = decimal(rest)?;
    let bounds = match bend {
        None => Interval::exactly(stated),
        Some(Bend::About) => {
            Interval::between(stated * (1.0 - reading.about), stated * (1.0 + reading.about))
        }
        Some(Bend::Over) => Interval::between(stated, stated + last_digit_unit(rest)),
        Some(Bend::Near) => Interval::between((stated - last_digit_unit(rest)).max(0.0), stated),
        Some(Bend::AtLeast) => Interval::between(stated, f64::INFINITY),
        Some(Bend::AtMost) => Interval::between(0.0, stated),
    };
    if bend.is_none() && factor == 1.0 {
        return Some(Value::Number { stated: Some(stated), bounds }); // every digit as it is written
    }
    let bounds = times(bounds, factor);
    Some(Value::Number { stated: Some(without_noise(stated * factor)), bounds })
}

fn times(bounds: Interval, factor: f64) -> Interval {
    bounds.times(factor).without_noise()
}

/// A plain decimal: digits, perhaps in groups of three, perhaps a fraction or an exponent.
fn decimal(text: &str) -> Option<f64> {
    let whole = text.split('.').next().unwrap_or("");
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let grouped = whole.contains(',');
    let sound =
        !grouped || ((1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3));
    let plain = text.replace(',', "");
    let shape = plain.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | '+' | '-'));
    let number: f64 = plain.parse().ok().filter(|_| sound && shape)?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// The unit of the last digit that is not zero: 100 for `500`, 0.1 for `2.5`.
fn last_digit_unit(text: &str) -> f64 {
    let plain = text.replace(',', "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        return 10f64.powi(-(fraction.len() as i32));
    }
    let zeros = whole.len() - whole.trim_end_matches('0').len();
    10f64.powi(zeros as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::table;

    fn read(table_name: &str, column: &str, text: &str) -> Result<Value, Words> {
        let column = table(table_name).and_then(|table| table.column(column)).expect("declared");
        value(text, column, &Reading::plain(column))
    }

    fn area(text: &str) -> (Option<f64>, f64, f64) {
        match read("premises", "area", text) {
            Ok(Value::Number { stated, bounds }) => (stated, bounds.low, bounds.high),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        for text in [
            "1200",
            "１２００",
            "1,200",
            " 1200 ",
            "'1200",
            "1200㎡",
            "1200 平方米",
            "1.2e3",
            "0.12万平方米",
        ] {
            let (stated, low, high) = area(text);
            assert_eq!(stated.map(f64::round), Some(1200.0), "{text}");
            assert!(low == high, "{text}");
        }
        assert_eq!(area("3亩").1.round(), 2000.0);
    }

    #[test]
    fn words_beside_a_number_bend_it() {
        assert_eq!(area("约1200"), (Some(1200.0), 1140.0, 1260.0));
        assert_eq!(area("500余"), (Some(500.0), 500.0, 600.0));
        assert_eq!(area("近300平方米"), (Some(300.0), 200.0, 300.0));
        assert_eq!(area("300㎡以上"), (Some(300.0), 300.0, f64::INFINITY));
        assert_eq!(area("不足80"), (Some(80.0), 0.0, 80.0));
        assert_eq!(area("1200/1150"), (None, 1150.0, 1200.0));
        assert_eq!(area("300-700"), (None, 300.0, 700.0));
    }

    #[test]
    fn value_none_and_unknown_are_kept_apart() {
        assert_eq!(area("0"), (Some(0.0), 0.0, 0.0));
        assert_eq!(read("premises", "area", "无"), Ok(Value::None));
        for text in ["", "不详", "待核", "/", "—"] {
            assert_eq!(read("premises", "area", text), Ok(Value::Unknown), "{text:?}");
        }
        assert_eq!(read("staff", "community", "/"), Ok(Value::NotApplicable));
    }

    #[test]
    fn a_code_is_read_from_the_words_ledgers_use() {
        assert_eq!(read("premises", "tenure", "租赁"), Ok(Value::Text("rented".into())));
        assert_eq!(read("premises", "tenure", "rented"), Ok(Value::Text("rented".into())));
        assert_eq!(read("premises", "tenure", "无"), Ok(Value::Text("none".into())));
        assert_eq!(read("premises", "below_ground", "否"), Ok(Value::Flag(false)));
    }

    #[test]
    fn what_cannot_be_read_says_what_is_accepted() {
        let words = read("premises", "area", "八十").expect_err("no number");
        assert!(words.zh.starts_with("数，如"));
        let words = read("premises", "tenure", "抵押").expect_err("no tenure");
        assert!(words.en.contains("rented"));
        for text in [
            "-5",
            "1.2.3",
            "NaN",
            "inf",
            "12岁",
            "281,98",
            "120、80",
            "1,2345",
            "1000\n500",
            "1000 1200",
            "20 30",
            "300²",
        ] {
            assert!(read("premises", "area", text).is_err(), "{text}");
        }
    }
}
