//! All integration tests in one binary: each further one would link the table engine again.

mod checks;
mod command_line;
mod demo;
mod formats;
mod forms;
mod guide;
mod invariants;
mod layers;
mod messy;
mod metamorphic;
mod methods;
mod office;
mod packs;
mod planning;
mod published;
mod reports;
mod resolution;
mod runs;
mod schemas;
mod scores;
mod senders;
mod shape;
mod support;
mod towns;
mod traps;
