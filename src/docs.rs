//! The pages of this project: its design, its words, and how to write packs and projects.

#[doc = include_str!("docs/design.md")]
pub mod design {}

#[doc = include_str!("docs/glossary.md")]
pub mod glossary {}

#[doc = include_str!("docs/packs.md")]
pub mod packs {}

#[doc = include_str!("docs/forms.md")]
pub mod forms {}

#[doc = include_str!("docs/projects.md")]
pub mod projects {}

#[doc = include_str!("docs/guide.md")]
pub mod guide {}

#[doc = include_str!("docs/ranking.md")]
pub mod ranking {}

#[doc = include_str!("docs/ledgers.md")]
pub mod ledgers {}

/// One page per check.
pub mod checks {
    #[doc = include_str!("docs/checks/threshold.md")]
    pub mod threshold {}

    #[doc = include_str!("docs/checks/synchrony.md")]
    pub mod synchrony {}

    #[doc = include_str!("docs/checks/handover.md")]
    pub mod handover {}

    #[doc = include_str!("docs/checks/tenure.md")]
    pub mod tenure {}

    #[doc = include_str!("docs/checks/headcount.md")]
    pub mod headcount {}

    #[doc = include_str!("docs/checks/coverage.md")]
    pub mod coverage {}

    #[doc = include_str!("docs/checks/data_quality.md")]
    pub mod data_quality {}
}
