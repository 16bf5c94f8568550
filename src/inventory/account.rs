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
    /// Cells that were understood in a way a reader should know of, by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub understood: Vec<Understood>,
    /// What the numbers themselves make doubtful, and what a remark says against its row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
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
    /// It repeats the headings, or numbers the columns.
    Header,
    /// It gives the weights of the columns.
    Weights,
    /// It only names a group of rows.
    Band,
    /// It says nothing of what is read here beside other things.
    Nothing,
    /// It belongs to another table that stands below on the same sheet.
    Beyond,
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
            Reason::Header => Words::new("重复表头", "repeated headings"),
            Reason::Weights => Words::new("权重行", "weights"),
            Reason::Band => Words::new("分组标题", "group titles"),
            Reason::Nothing => Words::new("无此内容", "nothing of this"),
            Reason::Beyond => Words::new("另一段表", "of another table"),
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

/// Cells of one field that were understood in one way, which is no plain reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Understood {
    /// The field.
    pub field: String,
    /// How.
    pub how: How,
    /// How many cells.
    pub count: usize,
    /// The first row of them.
    pub first: u32,
    /// The last row of them.
    pub last: u32,
    /// What the first of them says.
    pub sample: String,
}

/// A way of understanding a cell that a reader should know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By the unit of the heading or the title.
    UnitOfHeading,
    /// By a unit in the cell itself.
    UnitOfCell,
    /// A date without its day.
    Month,
    /// A date of which only the year is known.
    Year,
    /// A date written as a spreadsheet's number of days.
    Serial,
    /// A date with two digits for its year.
    ShortYear,
    /// The end or the beginning of a year, taken as its last or first month.
    YearEnd,
    /// A number with 约, 余, 近, 以上 and the like.
    Approximate,
    /// Two numbers, of which it is one or between which it lies.
    Between,
    /// By the cell above it that it is merged with.
    Merged,
    /// By the cell above it, in a file that knows no merged cells.
    Filled,
    /// One number for several rows together.
    Together,
    /// Characters of full width, separators or an apostrophe left out.
    Tidied,
    /// An identifier that a spreadsheet has rounded.
    LostDigits,
    /// One row for several buildings.
    Expanded,
    /// As the corrections say.
    Corrected,
    /// An area of offices beside one of activities: all of the area, or without the other.
    OfficeOrAll,
}

impl How {
    /// What was done.
    pub fn words(self) -> Words {
        match self {
            How::UnitOfHeading => Words::new("按表头单位换算", "converted by the heading's unit"),
            How::UnitOfCell => Words::new("按单元格单位换算", "converted by the cell's own unit"),
            How::Month => Words::new("缺日，按年月理解", "without a day, known to the month"),
            How::Year => Words::new("只有年份，按年理解", "only a year, known to the year"),
            How::Serial => {
                Words::new("像日期序列号，按日期理解", "looks like a date serial, read as a date")
            }
            How::ShortYear => {
                Words::new("两位年份，按年在前理解", "a year of two digits, read first")
            }
            How::YearEnd => Words::new(
                "年底、年初，按该月理解",
                "the end or beginning of a year, read as that month",
            ),
            How::Approximate => Words::new("约数，按区间理解", "approximate, read as a range"),
            How::Between => Words::new("两个数，按其间理解", "two numbers, read as between them"),
            How::Merged => {
                Words::new("合并单元格，按首格填充", "merged cells, filled from the first")
            }
            How::Filled => Words::new("空白按上一行填充", "blank, filled from the row above"),
            How::Together => Words::new(
                "几行合写一个数，各行只知不超过它",
                "one number for several rows: each has at most that",
            ),
            How::Tidied => {
                Words::new("全角、分隔符等已规整", "full-width characters or separators tidied")
            }
            How::LostDigits => Words::new(
                "编号被表格软件改成科学计数，可能已丢位",
                "an identifier rounded by a spreadsheet; digits may be lost",
            ),
            How::Expanded => Words::new("楼栋范围已展开", "a range of buildings, taken apart"),
            How::Corrected => Words::new("按更正清单改读", "read as the corrections say"),
            How::OfficeOrAll => Words::new(
                "办公面积可能是全部，也可能不含另列的活动面积，按其间理解",
                "the area of offices may be all or leave out the activity area beside it, read as between them",
            ),
        }
    }
}

/// Something that the numbers of a sheet, or a remark in it, make doubtful.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Doubt {
    /// What kind.
    pub kind: DoubtKind,
    /// The spreadsheet row.
    pub row: u32,
    /// The field.
    pub field: String,
    /// What stands there, as a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<f64>,
    /// What was to be expected: the sum of the rows, or the value a hundred times as small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// What the cell in doubt says, for remarks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The code that a remark proposes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What a reader is told.
    pub words: Words,
}

/// What makes a value doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoubtKind {
    /// A printed total is not the sum of its rows.
    Total,
    /// A value is a hundred or ten thousand times as large or small as the others.
    Outlier,
    /// A remark says otherwise than its row, or what the row leaves open.
    Remark,
}

impl Account {
    /// Counts one more cell that was understood in some way.
    pub fn understand(&mut self, field: &str, how: How, row: u32, text: &str) {
        let known = self.understood.iter_mut().find(|one| one.field == field && one.how == how);
        match known {
            Some(known) => {
                known.count += 1;
                known.first = known.first.min(row);
                known.last = known.last.max(row);
            }
            None => self.understood.push(Understood {
                field: field.to_owned(),
                how,
                count: 1,
                first: row,
                last: row,
                sample: text.to_owned(),
            }),
        }
    }

    /// The doubts of one kind.
    pub fn doubts_of(&self, kind: DoubtKind) -> impl Iterator<Item = &Doubt> {
        self.doubts.iter().filter(move |doubt| doubt.kind == kind)
    }

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

/// The headings of a list of corrections, which a run proposes and a person decides.
pub const CORRECTION_HEADINGS: [&str; 6] = ["出处", "字段", "原文", "改为", "理由", "决定"];
