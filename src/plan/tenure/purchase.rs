//! Rent against purchase: the year in which what was paid in rent reaches the price.

use std::collections::BTreeMap;

use polars::prelude::Float64Chunked;

use crate::audit::Audit;
use crate::error::Result;
use crate::quantity::Interval;

use super::Terms;
use super::rooms::Room;

/// Rent against purchase for one rented room.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchase {
    /// The room, by position.
    pub room: usize,
    /// The price of a m², and where it is from.
    pub price: Price,
    /// What as much area would cost, in yuan.
    pub cost: f64,
    /// The rent of the first year, in yuan.
    pub rent: f64,
    /// The year in which rent reaches the price, under the terms.
    pub even: Option<u32>,
    /// What all rents within the years are worth today, in yuan: buying for less pays.
    pub worth: f64,
    /// The same under other terms.
    pub others: Vec<(Changed, Option<u32>)>,
}

/// What is changed, and to what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Changed {
    /// The discount rate.
    Rate(f64),
    /// The growth of rents.
    Growth(f64),
    /// The price of a m², as a factor.
    Price(f64),
}

/// The price of a m².
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// In yuan.
    pub yuan: f64,
    /// Where it is from.
    pub from: Origin,
    /// The cells of the offers it is from.
    pub cells: Vec<String>,
}

/// Where a price is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The project says it.
    Stated,
    /// The mean of the offers in the community.
    Community,
    /// The median of the offers in the district.
    District,
    /// The median of all offers.
    All,
}

/// One candidate for purchase with its price of a m².
struct Offer {
    community: Option<String>,
    place: Option<String>,
    price: f64,
    cell: String,
}

/// The first year at whose start what was paid in rent, discounted to today, reaches the price.
///
/// Rents are paid at the start of each year: after `n` payments Σ rent·(1+growth)^t/(1+rate)^t over
/// t = 0 … n−1. Nothing when that does not happen within `most` years.
///
/// ```
/// use facility_audit::plan::break_even;
/// assert_eq!(break_even(100.0, 10.0, 0.0, 0.0, 40), Some(10));
/// assert_eq!(break_even(100.0, 1.0, 0.05, 0.0, 40), None);
/// ```
pub fn break_even(price: f64, rent: f64, rate: f64, growth: f64, most: u32) -> Option<u32> {
    let step = (1.0 + growth) / (1.0 + rate);
    let (mut paid, mut next) = (0.0, rent);
    for year in 1..=most {
        paid += next;
        next *= step;
        if paid >= price - 1e-6 {
            return Some(year);
        }
    }
    None
}

/// What all rents within `years` are worth today.
pub fn present_value(rent: f64, rate: f64, growth: f64, years: u32) -> f64 {
    let step = (1.0 + growth) / (1.0 + rate);
    (0..years).map(|year| rent * step.powi(year as i32)).sum()
}

/// Compares rent and purchase for every rented room whose rent and floor area are known; also gives
/// the rooms that cannot be compared, by position.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn purchases(
    audit: &Audit,
    rooms: &[Room],
    terms: &Terms,
    places: &BTreeMap<String, String>,
) -> Result<(Vec<Purchase>, Vec<usize>)> {
    let offers = offers(audit)?;
    let (mut all, mut not) = (Vec::new(), Vec::new());
    for (at, room) in rooms.iter().enumerate().filter(|(_, room)| room.rented().0) {
        let price = price(&offers, room, terms, places);
        let known = |value: Interval| (value.is_exact() && value.low > 0.0).then_some(value.low);
        let (Some(rent), Some(area), Some(price)) = (known(room.rent), known(room.area), price)
        else {
            not.push(at);
            continue;
        };
        let cost = price.yuan * area;
        let even = |rate: f64, growth: f64, factor: f64| {
            break_even(cost * factor, rent, rate, growth, terms.years)
        };
        let (rate, growth) = (terms.discount_rate, terms.rent_growth);
        let (by_rate, by_growth, by_price) = terms.sensitivity;
        let changed = [
            Changed::Rate(rate - by_rate),
            Changed::Rate(rate + by_rate),
            Changed::Growth(growth - by_growth),
            Changed::Growth(growth + by_growth),
            Changed::Price(1.0 - by_price),
            Changed::Price(1.0 + by_price),
        ];
        let others = changed.map(|changed| {
            let even = match changed {
                Changed::Rate(rate) => even(rate, growth, 1.0),
                Changed::Growth(growth) => even(rate, growth, 1.0),
                Changed::Price(factor) => even(rate, growth, factor),
            };
            (changed, even)
        });
        all.push(Purchase {
            room: at,
            price,
            cost,
            rent,
            even: even(rate, growth, 1.0),
            worth: present_value(rent, rate, growth, terms.years),
            others: others.to_vec(),
        });
    }
    Ok((all, not))
}

/// The price of a m² for a room: stated, else of offers in its community, its district, or anywhere.
fn price(
    offers: &[Offer],
    room: &Room,
    terms: &Terms,
    places: &BTreeMap<String, String>,
) -> Option<Price> {
    if let Some(yuan) = terms.unit_price {
        return Some(Price { yuan, from: Origin::Stated, cells: Vec::new() });
    }
    let of = |is: &dyn Fn(&&Offer) -> bool| offers.iter().filter(is).collect::<Vec<_>>();
    let cells = |all: &[&Offer]| all.iter().map(|one| one.cell.clone()).collect();
    let here = of(&|one| one.community.is_some() && one.community == room.home);
    if !here.is_empty() {
        let yuan = here.iter().map(|one| one.price).sum::<f64>() / here.len() as f64;
        return Some(Price { yuan, from: Origin::Community, cells: cells(&here) });
    }
    // Codes of streets and communities begin with that of their district.
    let district = |code: &String| code.get(..6).unwrap_or(code).to_owned();
    let place = room.home.as_ref().and_then(|home| places.get(home)).map(district);
    let near = of(&|one| one.place.is_some() && one.place.as_ref().map(district) == place);
    if !near.is_empty() {
        let yuan = median(near.iter().map(|one| one.price).collect());
        return Some(Price { yuan, from: Origin::District, cells: cells(&near) });
    }
    let all = of(&|_| true);
    (!all.is_empty()).then(|| Price {
        yuan: median(all.iter().map(|one| one.price).collect()),
        from: Origin::All,
        cells: cells(&all),
    })
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    let middle = all.len() / 2;
    if all.len() % 2 == 1 { all[middle] } else { f64::midpoint(all[middle - 1], all[middle]) }
}

/// The offers for sale whose price of a m² of floor area is known exactly.
fn offers(audit: &Audit) -> Result<Vec<Offer>> {
    let frame = audit.inventory.table("offers");
    let text = |name: &str| frame.column(name)?.str();
    let number = |name: &str| frame.column(name)?.f64();
    let (communities, places) = (text("community_id")?, text("place")?);
    let (ways, bases) = (text("acquisition")?, text("area_basis")?);
    let (unit_prices, prices, areas) = (number("unit_price")?, number("price")?, number("area")?);
    let ends = (number("price_low")?, number("price_high")?);
    let unit_ends = (number("unit_price_low")?, number("unit_price_high")?);
    let (sources, rows) = (frame.column("_source")?.u32()?, frame.column("_row")?.u32()?);
    let mut all = Vec::new();
    for row in 0..frame.height() {
        if ways.get(row) != Some("purchased")
            || bases.get(row).is_some_and(|basis| basis != "floor")
        {
            continue;
        }
        let exact = |ends: &(&Float64Chunked, &Float64Chunked)| ends.0.get(row) == ends.1.get(row);
        let total = prices.get(row).filter(|_| exact(&ends));
        let by_total = total.zip(areas.get(row)).map(|(a, b)| a / b);
        let (price, field) = match unit_prices.get(row).filter(|_| exact(&unit_ends)) {
            Some(price) => (Some(price), "unit_price"),
            None => (by_total, "price"),
        };
        let Some(price) = price.filter(|price| price.is_finite()) else { continue };
        let source = sources.get(row).and_then(|at| audit.inventory.sources.get(at as usize));
        let cell = source.zip(rows.get(row)).map(|(source, row)| source.cell(field, row));
        all.push(Offer {
            community: communities.get(row).map(str::to_owned),
            place: places.get(row).map(str::to_owned),
            price,
            cell: cell.unwrap_or_default(),
        });
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounting_puts_the_year_off_and_growth_brings_it_near() {
        let plain = break_even(1_000_000.0, 60_000.0, 0.04, 0.02, 40);
        assert!(break_even(1_000_000.0, 60_000.0, 0.05, 0.02, 40) > plain);
        assert!(break_even(1_000_000.0, 60_000.0, 0.04, 0.03, 40) <= plain);
        // With equal rates every year counts the same: 1,000,000 / 60,000 = 16.7.
        assert_eq!(break_even(1_000_000.0, 60_000.0, 0.03, 0.03, 40), Some(17));
    }

    #[test]
    fn the_median_of_an_even_count_lies_between() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0]), 2.5);
    }
}
