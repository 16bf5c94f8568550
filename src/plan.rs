//! Plans say what to do next: which communities or estates come first, and why.
//!
//! A city's [`ScoreSheet`] is data. [`rank`] takes its subjects through gates, points, quotas and the
//! budget, in this order, and says at each step why; it always says how stable the order is.

mod choice;
mod drawn;
mod method;
mod ranking;
mod reach;
mod scorer;
mod sheet;
mod stability;
mod tenure;
mod weights;

pub use choice::{Choice, Chosen, Money, QuotaState};
pub use drawn::{Drawn, Subject};
pub use method::{Better, Method, Vikor, topsis, vikor};
pub use ranking::{Candidate, Passed, Ranking, Reach, Standing, Threshold, rank};
pub(crate) use sheet::is_drawn;
pub use sheet::{
    Budget, Combine, Draw, Expert, Gate, Indicator, Points, Quota, ScoreSheet, Step, Take, Test,
    Weigh,
};
pub use stability::{Move, Stability, Turn};
pub use tenure::{
    Asked, Changed, Difference, Ends, Held, LeaseEnd, Level, Origin, Outlook, OwnArea, OwnTest,
    Past, PlaceTenure, Price, Purchase, Room, RoomYears, Sums, Target, Tenures, Terms, Trend,
    YearRent, YearSum, Years, break_even,
};
pub use weights::{
    Compared, Convention, SumNote, Weights, Worst, ahp, combined, convention, critic, entropy,
    together,
};
