//! Audits community service centres and estate facilities against the rules of a Chinese place
//! and day, from the files people really have.
//!
//! > **Sources** are read into **layers**; a **mapping** turns layers into an **inventory**;
//! > **packs** of cited **requirements** are resolved for a place and a day; **measures** put
//! > numbers on the inventory; **checks** compare the two and state **assessments**; **tallies**
//! > roll them up into an **audit**; **reports** print it all.
//!
//! # Example
//!
//! Twenty-eight communities as a published document lists them:
//!
//! ```
//! use facility_audit::Project;
//! use facility_audit::quantity::percent;
//!
//! # fn main() -> facility_audit::Result<()> {
//! let project = Project::open("fixtures/towns/chuanhui-2007/project.toml")?;
//! let audit = project.audit()?;
//!
//! let area = audit.tally("chuanhui-2007-91/premises-300").expect("the text was named");
//! assert_eq!((area.met, area.not_met, area.unknown), (0, 7, 21));
//!
//! let rented = audit.rented_share().expect("there are communities");
//! assert_eq!((percent(rented.low), percent(rented.high)), ("14.3%".into(), "57.1%".into()));
//! # Ok(())
//! # }
//! ```

pub mod assessment;
pub mod audit;
pub mod check;
pub mod day;
pub mod docs;
pub mod document;
pub mod error;
pub mod export;
pub mod geometry;
pub mod identity;
pub mod inventory;
pub mod layer;
pub mod mapping;
pub mod measure;
pub mod origin;
pub mod place;
pub mod plan;
pub mod project;
pub mod quantity;
pub mod report;
pub mod schema;
pub mod source;
pub mod standard;
pub mod tally;
pub mod words;

pub use error::{Diagnostic, Error, Result};
pub use project::Project;
