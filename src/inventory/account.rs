//! The ledger of counts: every row that came in is used, used but unlinked, or set aside.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::words::Words;

/// What became of the rows of one source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Account {
    /// Rows below the headings.
    pub read: usize,
    /// Rows that are in the inventory and tied to what they belong to.
    pub used: usize,
    /// Rows that are in the inventory but belong to nothing that is known.
    pub unlinked: Vec<u32>,
    /// Rows that are not in the inventory.
    pub set_aside: Vec<SetAside>,
    /// Cells that could not be understood; their values count as unknown.
    pub unreadable: Vec<BadCell>,
}

/// One row that was not used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAside {
    /// The spreadsheet row.
    pub row: u32,
    /// Why.
    pub reason: Reason,
    /// Why, for the reader.
    pub words: Words,
}

/// Why a row was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// All its cells are blank.
    Blank,
    /// It is a total of other rows.
    Total,
    /// It is a line below the table.
    Footer,
    /// A cell that must be there is blank.
    Incomplete,
    /// It repeats another row.
    Duplicate,
    /// It names the same thing as another row and says otherwise.
    Conflict,
}

impl Reason {
    /// The reason as a heading of a count.
    pub fn words(self) -> Words {
        match self {
            Reason::Blank => Words::new("空行", "blank"),
            Reason::Total => Words::new("合计行", "total rows"),
            Reason::Footer => Words::new("表尾说明", "footers"),
            Reason::Incomplete => Words::new("缺必填项", "incomplete"),
            Reason::Duplicate => Words::new("重复行", "duplicates"),
            Reason::Conflict => Words::new("同名冲突", "conflicts"),
        }
    }
}

/// One cell that could not be understood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BadCell {
    /// The spreadsheet row.
    pub row: u32,
    /// The field it was read for.
    pub field: String,
    /// What it says.
    pub found: String,
    /// What would have been accepted.
    pub accepted: Words,
}

impl Account {
    /// How many rows were set aside for one reason.
    pub fn set_aside_for(&self, reason: Reason) -> usize {
        self.set_aside.iter().filter(|one| one.reason == reason).count()
    }

    /// Checks that nothing was lost: read = used + unlinked + set aside.
    ///
    /// # Errors
    /// [`Error::Refused`] naming the input, if a row was lost or counted twice: a defect.
    pub fn check(&self, label: &str) -> Result<()> {
        let accounted = self.used + self.unlinked.len() + self.set_aside.len();
        if self.read == accounted {
            return Ok(());
        }
        let read = self.read;
        Err(Error::refused(
            format!("内部错误：{label} 读入 {read} 行，但只交代了 {accounted} 行"),
            format!("internal: {label}: {read} rows read, {accounted} accounted for"),
        ))
    }
}
