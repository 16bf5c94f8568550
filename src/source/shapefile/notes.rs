//! What a reader must know of how a shapefile was read: what was lost, left out or does not agree.

use crate::source::dbf::Table;
use crate::words::Words;

use super::records::Records;

/// Where the files do not agree about how many shapes there are.
pub fn of_counts(records: &Records<'_>, table: Option<&Table>) -> Vec<Words> {
    let mut notes = Vec::new();
    let (known, whole) = (records.contents.len(), records.whole());
    let listed_agrees = records.listed.is_none_or(|listed| listed == known);
    let table_agrees =
        table.is_none_or(|table| table.declared == known && table.deleted.len() == known);
    if whole < known || !listed_agrees || !table_agrees {
        let (mut zh, mut en) =
            (format!("完整图形 {whole} 个（.shp）"), format!("whole in the .shp {whole}"));
        if let Some(listed) = records.listed {
            zh += &format!("，索引所列 {listed} 个（.shx）");
            en += &format!(", listed in the .shx {listed}");
        }
        if let Some(table) = table {
            let (declared, found) = (table.declared, table.deleted.len());
            zh += &format!("，表头所记 {declared} 条、实有 {found} 条（.dbf）");
            en += &format!(", in the .dbf {declared} by its header and {found} found");
        }
        notes.push(Words::new(
            format!("图形与记录的数目不一致：{zh}；全部保留，缺记录的行字段为空；请向提供者索取完整文件"),
            format!("shapes and records differ in number: {en}; all are kept, rows without a record have no values; ask for the complete files"),
        ));
    }
    if records.left_over > 0 {
        notes.push(Words::new(
            format!(".shp 末尾有 {} 字节不是完整图形，未读；文件可能被截断", records.left_over),
            format!("bytes at the end of the .shp that are no whole shape, not read: {}; the file may be cut off", records.left_over),
        ));
    }
    if records.is_index_wrong {
        notes.push(Words::new(
            ".shx 与 .shp 不符，未采用；图形按 .shp 中的顺序读取",
            "the .shx does not fit the .shp and was not used; shapes were read as the .shp has them",
        ));
    }
    notes
}

/// Rows without a geometry where nothing is damaged.
#[derive(Debug, Default)]
pub struct Gaps {
    /// Those whose shape says that there is none.
    pub null: Vec<usize>,
    /// Those whose shape the file does not have.
    pub lost: Vec<usize>,
}

/// Rows that were left out, have no geometry, or have no values.
pub fn of_rows(gaps: &Gaps, table: &Table, is_missing: bool) -> Vec<Words> {
    let mut notes = Vec::new();
    let deleted = table.deleted.iter().filter(|is_deleted| **is_deleted).count();
    if deleted > 0 {
        notes.push(Words::new(
            format!("标记为已删除的记录 {deleted} 条，连同其图形略去"),
            format!("records marked as deleted, left out with their shapes: {deleted}"),
        ));
    }
    for (rows, zh, en) in [
        (&gaps.null, "空图形（属性保留）", "null shapes (their values kept)"),
        (&gaps.lost, "缺图形的行（属性保留）", "rows whose shape is lost (their values kept)"),
    ] {
        if let Some(first) = rows.first() {
            let count = rows.len();
            notes.push(Words::new(
                format!("{zh}{count} 个，首个在第 {first} 行"),
                format!("{en}: {count}, first row: {first}"),
            ));
        }
    }
    if is_missing {
        notes.push(Words::new(
            "没有 .dbf，只读图形；列 FID 为图形序号，从 0 起；如需属性请补上同名 .dbf",
            "there is no .dbf, only shapes were read; the column FID numbers them from 0; add the .dbf of the same name for their values",
        ));
    }
    notes
}
