//! Values a hundred or ten thousand times as large or small as the rest of their column: a unit
//! mistaken, most often 万㎡ for ㎡ or 万元 for 元.

use crate::inventory::{Account, Doubt, DoubtKind, Kind};
use crate::layer::Grid;
use crate::origin::column_letters;
use crate::quantity::number;
use crate::words::Words;

use super::Mapped;

/// Fewer values than this show no rule.
const LEAST: usize = 6;

/// How far beyond the middle three fifths of the others a value must lie.
const BEYOND: f64 = 10.0;

/// Columns whose middle three fifths differ by more than this hold things of all sizes.
const MOST_SPREAD: f64 = 30.0;

/// Tells the values of a column that fit the others only when multiplied or divided.
pub fn outliers(mapped: &Mapped, grid: &Grid, values: &[(u32, f64)], account: &mut Account) {
    let kind = mapped.column.kind;
    let storeys = mapped.column.unit.as_deref() == Some("storeys");
    if !matches!(kind, Kind::Area | Kind::Money | Kind::Count) || storeys || values.len() < LEAST {
        return;
    }
    let mut sorted: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    for &(row, value) in values {
        let Some(times) = times(value, &sorted) else { continue };
        account.doubts.push(doubt(mapped, grid, row, value, times));
    }
}

/// How many times too large a value is, or below 1 too small.
fn times(value: f64, sorted: &[f64]) -> Option<f64> {
    let at = sorted.partition_point(|other| *other < value);
    let others = |share: f64| {
        // The value itself does not count among the others.
        let index = ((sorted.len() - 2) as f64 * share).round() as usize;
        sorted[if index >= at { index + 1 } else { index }]
    };
    let (low, middle, high) = (others(0.2), others(0.5), others(0.8));
    if high > low * MOST_SPREAD {
        return None;
    }
    if value <= high * BEYOND && value * BEYOND >= low {
        return None;
    }
    let fits = |times: &&f64| {
        let meant = value / **times;
        (low / 3.0..=high * 3.0).contains(&meant)
    };
    let far = |times: &f64| ((value / times) / middle).ln().abs();
    let all = [100.0, 10_000.0, 0.01, 0.0001];
    all.iter().filter(fits).min_by(|a, b| far(a).total_cmp(&far(b))).copied()
}

fn doubt(mapped: &Mapped, grid: &Grid, row: u32, value: f64, times: f64) -> Doubt {
    let sheet = grid.sheet.as_deref().map_or(String::new(), |sheet| format!("{sheet}!"));
    let cell = format!("{sheet}{}{row}", column_letters(mapped.index as u32));
    let shown = number(value / mapped.reading.factor, 2);
    let (zh, en, by) = match times >= 1.0 {
        true => ("大", "large", times),
        false => ("小", "small", 1.0 / times),
    };
    let by = number(by, 0);
    Doubt {
        kind: DoubtKind::Outlier,
        row,
        field: mapped.column.name.clone(),
        found: Some(value),
        expected: Some(value / times),
        says: None,
        code: None,
        words: Words::new(
            format!("{cell} 的 {shown} 比同列其他数{zh}约 {by} 倍，疑为单位写错"),
            format!(
                "{cell}: {shown} is about {by} times as {en} as the rest of its column; perhaps its unit is wrong"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[f64]) -> Vec<(f64, f64)> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        values.iter().filter_map(|value| Some((*value, times(*value, &sorted)?))).collect()
    }

    #[test]
    fn a_mistaken_unit_is_seen_among_its_like() {
        let plain = [320.0, 410.0, 280.0, 505.0, 350.0, 600.0, 295.0];
        assert_eq!(found(&plain), []);
        let with = |odd: f64| [plain.to_vec(), vec![odd]].concat();
        assert_eq!(found(&with(0.0380)), [(0.0380, 0.0001)]);
        assert_eq!(found(&with(3.8)), [(3.8, 0.01)]);
        assert_eq!(found(&with(38_000.0)), [(38_000.0, 100.0)]);
        assert_eq!(found(&with(3_800_000.0)), [(3_800_000.0, 10_000.0)]);
        assert_eq!(found(&with(2_400.0)), [], "large, and no mistake of a unit");
    }

    #[test]
    fn a_column_of_all_sizes_has_no_outliers() {
        assert_eq!(found(&[10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0, 50.0]), []);
    }
}
