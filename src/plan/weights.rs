//! Where weights come from: given, compared in pairs, worked out of the data, or combined.

mod ahp;
mod data;

pub use ahp::{Compared, Convention, Worst, ahp, convention, most, together};
pub use data::{critic, entropy, scaled};

use super::sheet::Combine;

/// Several sets of weights as one: their products, or their means by share, adding up to 1.
///
/// By products an indicator that one set gives nothing weighs nothing; all of them may come to
/// nothing, and then there are no weights.
pub fn combined(sets: &[Vec<f64>], by: &Combine) -> Option<Vec<f64>> {
    let columns = sets.first()?.len();
    let shared = |set: &Vec<f64>| {
        let sum: f64 = set.iter().sum();
        (sum > 0.0).then(|| set.iter().map(|weight| weight / sum).collect::<Vec<f64>>())
    };
    let sets: Vec<Vec<f64>> = sets.iter().map(shared).collect::<Option<_>>()?;
    let joined: Vec<f64> = (0..columns)
        .map(|at| {
            let column = sets.iter().map(|set| set[at]);
            match by {
                Combine::Product => column.product(),
                Combine::Mean(shares) => column.zip(shares).map(|(one, share)| one * share).sum(),
            }
        })
        .collect();
    shared(&joined)
}

/// The weights of a ranking, and what they come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weights {
    /// As they are used.
    pub used: Vec<f64>,
    /// The sets they come from, by the codes of score sheets, each adding up to 100 but the given.
    pub sets: Vec<(&'static str, Vec<f64>)>,
    /// What each expert's comparisons say.
    pub experts: Vec<(String, Compared)>,
    /// What the experts say together.
    pub group: Option<Compared>,
    /// Where given weights do not add up to what they should.
    pub sum: Option<SumNote>,
}

/// Given weights that do not add up, and what that does to the order.
#[derive(Debug, Clone, PartialEq)]
pub struct SumNote {
    /// What they add up to.
    pub sum: f64,
    /// What they should add up to.
    pub expected: f64,
    /// Whether the order stays the same once they are scaled to add up.
    pub same_when_scaled: bool,
    /// For each indicator: who would come into the top places, were the difference added to its
    /// weight; nothing where its weight would become negative.
    pub if_added: Vec<Option<Vec<String>>>,
}
