//! Standards are data: one legal text is one TOML file, with its citation and its worked cases.

mod amount;
mod debtor;
mod library;
mod lint;
mod model;
mod parse;
mod remedy;
mod resolve;
mod select;
mod worked;

pub use amount::{Amount, Band, Base, Count, SqlEnds, Step};
pub use debtor::Debtor;
pub use library::Library;
pub use lint::{Remark, STALE_AFTER, lint};
pub use model::{
    Comparison, Evidence, Force, Pack, Recoverable, Requirement, Status, base_columns,
};
pub(crate) use parse::titled;
pub use parse::{GEOMETRY, conditions, parse};
pub use remedy::{Act, Money, Remedy};
pub use resolve::{Displaced, Resolution, Silence, Spoken, resolve, resolve_among};
pub use select::{Condition, Test, all};
pub use worked::{Case, Expectation, GivenRow};

/// A pack to start from, with every key explained; `ID` and `PLACE` are to be filled in.
pub fn scaffold(id: &str, place: &str) -> String {
    let text = include_str!("standard/scaffold.toml");
    text.replacen("\"ID\" ", &format!("{id:?} "), 1).replacen(
        "\"PLACE\" ",
        &format!("{place:?} "),
        1,
    )
}
