//! Published rates over the years, with the years that are missing left as gaps.

use std::collections::BTreeMap;

use crate::measure::Rated;

/// One rate of one place over its periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The rate's item.
    pub item: &'static str,
    /// The place.
    pub place: Option<String>,
    /// The part of the place.
    pub part: Option<String>,
    /// The periods in order; years between the first and the last that no figure covers are gaps.
    pub points: Vec<Point>,
}

/// One period of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// The period.
    pub period: String,
    /// The rate, or nothing for a gap: a gap is not filled.
    pub rate: Option<Rated>,
}

/// Arranges computed rates by place and period. Rows of grand totals are no period.
pub fn series(rates: &[Rated]) -> Vec<Series> {
    let mut by_place: BTreeMap<_, Vec<&Rated>> = BTreeMap::new();
    for rate in rates.iter().filter(|rate| !rate.numerator.in_total_row) {
        let figure = &rate.numerator;
        by_place
            .entry((rate.item, figure.place.clone(), figure.part.clone()))
            .or_default()
            .push(rate);
    }
    by_place
        .into_iter()
        .map(|((item, place, part), rates)| Series { item, place, part, points: points(&rates) })
        .collect()
}

fn points(rates: &[&Rated]) -> Vec<Point> {
    let year = |rate: &Rated| {
        let period = rate.numerator.period.as_deref()?;
        period.trim_end_matches(['年', '度']).parse::<i32>().ok()
    };
    let by_year: BTreeMap<i32, &Rated> =
        rates.iter().filter_map(|rate| Some((year(rate)?, *rate))).collect();
    let (Some(first), Some(last)) = (by_year.keys().next(), by_year.keys().next_back()) else {
        let undated = rates.iter().map(|rate| Point {
            period: rate.numerator.period.clone().unwrap_or_default(),
            rate: Some((*rate).clone()),
        });
        return undated.collect();
    };
    (*first..=*last)
        .map(|year| Point {
            period: year.to_string(),
            rate: by_year.get(&year).map(|rate| (*rate).clone()),
        })
        .collect()
}
