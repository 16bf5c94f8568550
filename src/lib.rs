//! test
pub mod words;
pub mod error;
pub mod origin;
pub mod quantity;
pub mod day;
pub mod place;
pub mod document;
pub mod layer;
pub mod source;
pub mod inventory;
pub mod mapping;
pub mod measure;
pub mod standard;
pub mod assessment;
pub mod check;
pub mod tally;
pub mod audit;
