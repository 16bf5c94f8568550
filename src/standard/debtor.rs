//! Who has to make good what is short.

use crate::words::Words;

use super::model::code_of;

/// Who has to make good what is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Debtor {
    /// The government.
    Government,
    /// The developer.
    Developer,
    /// Whoever received what was handed over.
    Receiver,
    /// The firm that manages the estate.
    PropertyFirm,
    /// Whoever supplied the data.
    Sender,
    /// Nobody: no text demands a level.
    Nobody,
}

impl Debtor {
    /// The codes used in packs.
    pub const CODES: &[(&'static str, Debtor)] = &[
        ("government", Debtor::Government),
        ("developer", Debtor::Developer),
        ("receiver", Debtor::Receiver),
        ("property_firm", Debtor::PropertyFirm),
        ("sender", Debtor::Sender),
        ("nobody", Debtor::Nobody),
    ];

    /// Its code.
    pub fn code(self) -> &'static str {
        code_of(Debtor::CODES, self)
    }

    /// The debtor with this code.
    pub fn of(code: &str) -> Option<Debtor> {
        Debtor::CODES.iter().find(|(known, _)| *known == code).map(|(_, debtor)| *debtor)
    }

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Debtor::Government => Words::new("政府", "government"),
            Debtor::Developer => Words::new("建设单位", "developer"),
            Debtor::Receiver => Words::new("接收单位", "receiver"),
            Debtor::PropertyFirm => Words::new("物业服务企业", "property firm"),
            Debtor::Sender => Words::new("填报单位", "sender of the data"),
            Debtor::Nobody => Words::new("无", "nobody"),
        }
    }
}
