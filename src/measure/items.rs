//! The items of published tables, and the rates made of them.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::quantity::Unit;
use crate::words::Words;

/// One kind of figure a published table prints.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its code: `rented_area`.
    pub item: String,
    unit: String,
    zh: String,
    en: String,
}

/// One figure over another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// Its code: `mean_area`.
    pub item: String,
    /// The item above the line.
    pub numerator: String,
    /// The item below the line.
    pub denominator: String,
    /// Per how many of the denominator.
    pub per: f64,
    unit: String,
    zh: String,
    en: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rate: Vec<Rate>,
    item: Vec<Item>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        toml::from_str(include_str!("rates.toml"))
            .expect("the rates are part of the program and tested")
    })
}

/// All rates.
pub fn rates() -> &'static [Rate] {
    &known().rate
}

/// The name of an item or rate in both languages; a free item is its own name.
pub fn item_words(item: &str) -> Words {
    let listed = known().item.iter().find(|known| known.item == item);
    let rate = || rates().iter().find(|rate| rate.item == item);
    match (listed, rate()) {
        (Some(known), _) => Words::new(&known.zh, &known.en),
        (None, Some(rate)) => rate.words(),
        (None, None) => Words::same(item),
    }
}

/// The unit of a known item or rate.
pub fn item_unit(item: &str) -> Option<Unit> {
    let listed = known().item.iter().find(|known| known.item == item).map(|known| &known.unit);
    let rate = rates().iter().find(|rate| rate.item == item).map(|rate| &rate.unit);
    Unit::of(listed.or(rate)?)
}

impl Rate {
    /// Its name in both languages.
    pub fn words(&self) -> Words {
        Words::new(&self.zh, &self.en)
    }

    /// Its unit.
    pub fn unit(&self) -> Unit {
        Unit::of(&self.unit).expect("rates name units that exist; tested")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rate_is_made_of_known_items() {
        for rate in rates() {
            assert!(item_unit(&rate.numerator).is_some(), "{}", rate.item);
            assert!(item_unit(&rate.denominator).is_some(), "{}", rate.item);
            assert!(Unit::of(&rate.unit).is_some(), "{}", rate.item);
        }
        assert!(known().item.iter().all(|item| Unit::of(&item.unit).is_some()));
    }
}
