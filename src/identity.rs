//! Which names of two or more lists may be the same thing: a score and reasons, never a decision.
//!
//! Ledgers call one estate 幸福里, 幸福里小区 and 幸福里一期; two that are not the same are called 万科城
//! and 万客城. Names are taken apart ([`Name`]), compared by what they mean and by what else is known
//! ([`compare`]), pairs worth a look are found in long lists ([`candidates`]), and a person decides
//! in a [`Review`] file that a second run keeps.
//!
//! ```
//! use facility_audit::identity::{Party, Review, ReviewRow, Subject, candidates};
//!
//! let names = ["幸福里小区", "万科城", "幸福里一期"];
//! let list = names.map(Subject::named);
//! let party = |at: usize| Party { id: at.to_string(), name: names[at].into(), ..Party::default() };
//! let rows = candidates(&list).into_iter().map(|(a, b, likeness)| {
//!     ReviewRow::asked("estates", party(a), party(b), &likeness)
//! });
//! let review = Review { pairs: rows.collect() };
//! assert!(review.csv().contains("estates,0,幸福里小区,,2,幸福里一期,,分期（甲为整体）"));
//! ```

mod body;
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
mod prefixes;
mod reasons;
mod remarks;
mod review;
mod spelling;

pub use candidates::candidates;
pub use likeness::{Band, Likeness, Relation, Subject, WORTH_A_LOOK, compare};
pub use names::{Kind, Name};
pub use parts::{Axis, Mark, Parts};
pub use reasons::{Reason, Side};
pub use review::{
    Contradiction, Decision, Party, Review, ReviewRow, Unreadable, Verdict, contradictions, merge,
};
