//! Printed totals of a ledger against the sums of their rows.

use crate::inventory::{Account, Doubt, DoubtKind, Value};
use crate::origin::column_letters;
use crate::quantity::{Interval, number};
use crate::words::Words;

use super::cell::{self, decimals};
use super::merged::{Cells, From};
use super::rows::Row;
use super::{Mapped, Mapping};

/// Compares every printed total of the columns that add up, and tells those that differ.
///
/// 小计 totals the rows above it up to the total before; 合计 and 总计 all rows of the sheet, or
/// those of their group where several stand in it.
pub fn totals(mapping: &Mapping, cells: &Cells<'_>, kinds: &[Row], account: &mut Account) {
    if !kinds.iter().any(|kind| matches!(kind, Row::Total(_))) {
        return;
    }
    for mapped in mapping.columns.iter().filter(|mapped| adds_up(mapped)) {
        for (at, words) in totals_of(kinds) {
            let row = mapping.header.last + 1 + at;
            let text = cells.grid.cell(row, mapped.index);
            let printed = match cell::value(text, mapped.column, &mapped.reading) {
                Ok(Value::Number { stated: Some(printed), .. }) => printed,
                _ => continue,
            };
            let step = 0.5 * 10f64.powi(-(decimals(text) as i32)) * mapped.reading.factor;
            let tolerance = step + 1e-9 * printed.abs();
            let agrees =
                |sum: &Interval| (sum.low - tolerance..=sum.high + tolerance).contains(&printed);
            let sums: Option<Vec<Interval>> = scopes(kinds, at, words)
                .into_iter()
                .map(|rows| sum(mapping, mapped, cells, kinds, rows))
                .collect();
            let Some(sums) = sums.filter(|sums| !sums.is_empty()) else { continue };
            if sums.iter().any(agrees) {
                continue;
            }
            account.doubts.push(doubt(cells, mapped, row, printed, sums[0]));
        }
    }
}

/// Whether the numbers of a column can be added.
fn adds_up(mapped: &Mapped) -> bool {
    let adds = mapped.column.unit().is_some_and(|unit| unit.adds_up());
    let each = ["storeys", "m", "ratio"];
    mapped.column.kind.is_quantity()
        && adds
        && mapped.column.unit.as_deref().is_some_and(|unit| !each.contains(&unit))
}

/// The rows of totals; means are none.
fn totals_of(kinds: &[Row]) -> impl Iterator<Item = (usize, &str)> {
    kinds.iter().enumerate().filter_map(|(at, kind)| match kind {
        Row::Total(words) if !words.contains("平均") && !words.contains("average") => {
            Some((at, words.as_str()))
        }
        _ => None,
    })
}

fn is_part(words: &str) -> bool {
    words.contains("小计") || words.contains("subtotal")
}

/// The rows a total may be of, the likeliest first.
fn scopes(kinds: &[Row], at: usize, words: &str) -> Vec<std::ops::Range<usize>> {
    let ends =
        |kind: &Row| matches!(kind, Row::Total(_) | Row::Aside(crate::inventory::Reason::Band));
    let above = kinds[..at].iter().rposition(ends).map_or(0, |end| end + 1)..at;
    let below =
        at + 1..kinds[at + 1..].iter().position(ends).map_or(kinds.len(), |end| at + 1 + end);
    let all = 0..kinds.len();
    let holds = |range: &std::ops::Range<usize>| kinds[range.clone()].contains(&Row::Data);
    let whole = totals_of(kinds).filter(|(_, words)| !is_part(words)).count();
    let mut scopes = match is_part(words) {
        true => vec![above, below],
        false if whole == 1 => vec![all, 0..at, at + 1..kinds.len()],
        false => vec![above, all, 0..at, below],
    };
    scopes.retain(holds);
    scopes
}

/// The sum of what is written in some rows; nothing when a cell of them cannot be read.
fn sum(
    mapping: &Mapping,
    mapped: &Mapped,
    cells: &Cells<'_>,
    kinds: &[Row],
    rows: std::ops::Range<usize>,
) -> Option<Interval> {
    let mut sum = Interval::exactly(0.0);
    for at in rows.filter(|&at| kinds[at] == Row::Data) {
        let row = mapping.header.last + 1 + at;
        let (text, from) = cells.text(row, mapped.index);
        // A number for several rows stands once.
        let again = matches!(from, From::Merged(top, _) if top < row);
        if text.is_empty() || again {
            continue;
        }
        match cell::value(text, mapped.column, &mapped.reading).ok()? {
            Value::Number { bounds, .. } => {
                sum = Interval::between(sum.low + bounds.low, sum.high + bounds.high);
            }
            Value::Unknown => return None,
            _ => {}
        }
    }
    Some(sum)
}

fn doubt(cells: &Cells<'_>, mapped: &Mapped, row: usize, printed: f64, sum: Interval) -> Doubt {
    let sheet = cells.grid.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet}!"));
    let letters = column_letters(mapped.index as u32);
    let cell = format!("{sheet}{letters}{}", cells.grid.row_number(row));
    let factor = mapped.reading.factor;
    let shown = |value: f64| number(value / factor, 2);
    let (low, high) = (sum.low, sum.high);
    let summed = if low == high { shown(low) } else { format!("{}–{}", shown(low), shown(high)) };
    let least = if printed > high { printed - high } else { low - printed };
    let (printed_text, difference) = (shown(printed), shown(least.abs()));
    Doubt {
        kind: DoubtKind::Total,
        row: cells.grid.row_number(row),
        field: mapped.column.name.clone(),
        found: Some(printed),
        expected: (low == high).then_some(low),
        says: None,
        code: None,
        words: Words::new(
            format!("{cell} 写 {printed_text}，逐行相加 {summed}，差 {difference}"),
            format!("{cell} says {printed_text}, its rows add up to {summed}: {difference} apart"),
        ),
    }
}
