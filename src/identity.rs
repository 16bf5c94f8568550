//! Identity.
mod candidates;
mod evidence;
mod fold;
#[cfg(test)]
mod labelled;
#[cfg(test)]
mod laws;
mod lexicon;
mod likeness;
mod names;
mod numerals;
mod parts;
mod reasons;
mod spelling;

pub use candidates::candidates;
pub use likeness::{Band, Likeness, Relation, Subject, WORTH_A_LOOK, compare};
pub use names::{Kind, Name};
pub use parts::{Axis, Mark, Parts};
pub use reasons::{Reason, Side};
