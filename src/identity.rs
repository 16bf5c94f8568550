//! Identity.
mod fold;
mod lexicon;
mod names;
mod numerals;
mod parts;

pub use names::{Kind, Name};
pub use parts::{Axis, Mark, Parts};
