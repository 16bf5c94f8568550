//! What a reader must know of a table: odd names, an odd layout, and what was wrong with cells,
//! counted by field.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use crate::words::Words;

use super::records::Records;
use super::value::{Trouble, decode};

/// A field's name, and whether half a character was taken off its end.
pub struct Name {
    /// The name as far as it decodes.
    pub text: String,
    /// Whether half a character was taken off its end.
    pub is_cut: bool,
}

/// The names of all fields; one that does not decode keeps what does.
pub fn names(records: &Records<'_>, encoding: &'static Encoding) -> Vec<Name> {
    let name = |bytes| {
        let (text, is_cut) = decode(encoding, bytes)
            .unwrap_or_else(|| (encoding.decode_without_bom_handling(bytes).0, false));
        Name { text: text.trim().to_owned(), is_cut }
    };
    records.fields.iter().map(|field| name(field.name)).collect()
}

/// Names that were cut, and names that occur twice.
pub fn of_names(names: &[Name]) -> Vec<Words> {
    let mut notes = Vec::new();
    let cut: Vec<&str> =
        names.iter().filter(|name| name.is_cut).map(|name| name.text.as_str()).collect();
    if !cut.is_empty() {
        notes.push(Words::new(
            format!("字段名末尾的半个字符已去掉：{}", cut.join("、")),
            format!("half a character at the end of field names was taken off: {}", cut.join(", ")),
        ));
    }
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name.text.as_str()).or_insert(0) += 1;
    }
    let twice: Vec<&str> =
        counts.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect();
    if !twice.is_empty() {
        notes.push(Words::new(
            format!("字段名重复，各列均保留：{}", twice.join("、")),
            format!("field names that occur twice, all columns kept: {}", twice.join(", ")),
        ));
    }
    notes
}

/// Fields without bytes, and fields that do not add up to a record.
pub fn of_layout(records: &Records<'_>) -> Vec<Words> {
    let mut notes = Vec::new();
    if !records.lengths_agree {
        notes.push(Words::new(
            ".dbf 表头的记录长度与各字段长度之和不符，按记录长度读取；请核对末尾字段",
            "the .dbf header's record length is not the sum of its fields, the record length was used; check the last fields",
        ));
    }
    if records.empty_fields > 0 {
        notes.push(Words::new(
            format!("{} 个字段宽度为 0，未读", records.empty_fields),
            format!("fields without width, not read: {}", records.empty_fields),
        ));
    }
    notes
}

/// What was wrong with cells: how many of each field, and the first row.
#[derive(Default)]
pub struct Troubles {
    seen: BTreeMap<(usize, Trouble), (usize, usize)>,
}

impl Troubles {
    /// Counts a cell of a field.
    pub fn count(&mut self, field: usize, trouble: Trouble, row: usize) {
        self.seen.entry((field, trouble)).or_insert((0, row)).0 += 1;
    }

    /// One note for each kind of trouble in each field.
    pub fn notes(self, names: &[Name]) -> Vec<Words> {
        let note = |((field, trouble), (count, row)): ((usize, Trouble), (usize, usize))| {
            let name = names.get(field).map_or("", |name| name.text.as_str());
            let (zh, en) = described(trouble);
            Words::new(
                format!("字段“{name}”有 {count} 格{zh}，首个在第 {row} 行"),
                format!("field `{name}`: {en}; cells: {count}, first row: {row}"),
            )
        };
        self.seen.into_iter().map(note).collect()
    }
}

fn described(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Overflow => (
            "是星号（数超出字段宽度，原值已丢失），按空读",
            "asterisks (a number too wide for its field, lost when it was written), read as blank",
        ),
        Trouble::NoDate => {
            ("不是有效日期（应为 YYYYMMDD），按空读", "no date (YYYYMMDD), read as blank")
        }
        Trouble::NoFlag => ("不是是否值（应为 T 或 F），按空读", "no flag (T or F), read as blank"),
        Trouble::NoNumber => ("不是有限的数，按空读", "no finite number, read as blank"),
        Trouble::HalfCharacter => {
            ("末尾的半个字符已去掉", "half a character at the end, taken off")
        }
        Trouble::NoText => {
            ("含有所用编码没有的字节，按空读", "bytes outside the encoding, read as blank")
        }
        Trouble::NotRead => (
            "的内容在备注文件中或类型不明，未读",
            "kept in a memo file or of an unknown type, not read",
        ),
    }
}
