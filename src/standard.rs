//! Standards are data: one legal text is one TOML file, with its citation and its worked cases.

mod amount;
mod library;
mod model;
mod parse;
mod resolve;
mod select;

pub use amount::{Amount, Band, Base, Count, Step};
pub use library::Library;
pub use model::{
    Case, Comparison, Debtor, Evidence, Expectation, Force, GivenRow, Pack, Requirement, Status,
    base_columns,
};
pub use parse::parse;
pub use resolve::{Displaced, Resolution, Silence, Spoken, resolve};
pub use select::{Condition, Test, all};
