//! dBase tables, as they lie beside shapefiles: their cells become text.
//!
//! ```text
//! header: 32 bytes, then 32 per field, then 0x0D    records: ' ' or '*', then the fields side by side
//! ```
//!
//! The encoding is decided from evidence, numbers keep their digits, a deleted record
//! keeps its place so that shapes stay in step, and whole records beyond the header's count are read.

mod code_page;
mod encoding;
mod notes;
mod records;
mod value;

use crate::layer::TextColumn;
use crate::source::Read;
use crate::words::Words;

use notes::Troubles;
use records::{Records, is_deleted};

/// A table that has been read.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// One per field: its name in row 0, then its cells of the records that are not deleted.
    pub columns: Vec<TextColumn>,
    /// For each record of the file whether it is marked as deleted.
    pub deleted: Vec<bool>,
    /// How many records the header counts.
    pub declared: usize,
    /// How the text was decoded.
    pub encoding: String,
    /// What a reader must know of how the table was read.
    pub notes: Vec<Words>,
}

/// Reads a table; the name is for messages.
///
/// # Errors
/// When there is no header with fields, when the user names an encoding that is not known or not
/// that of the text, or when no encoding can be told.
pub fn read(name: &str, bytes: &[u8], cpg: Option<&[u8]>, encoding: Option<&str>) -> Read<Table> {
    let records = Records::find(bytes).ok_or_else(|| no_header(name))?;
    let decision = encoding::decide(name, &records, cpg, encoding)?;
    let mut table = Table {
        deleted: records.all().map(is_deleted).collect(),
        declared: records.declared,
        encoding: decision.name.to_owned(),
        notes: vec![decision.reason],
        ..Table::default()
    };
    let names = notes::names(&records, decision.encoding);
    table.notes.extend(notes::of_names(&names));
    table.notes.extend(notes::of_layout(&records));
    let mut troubles = Troubles::default();
    for (index, field) in records.fields.iter().enumerate() {
        let mut column = TextColumn::default();
        column.push(&names[index].text);
        for (row, record) in records.live() {
            let raw = record.get(field.range.clone()).unwrap_or(&[]);
            let (text, trouble) =
                value::cell(field.kind, raw, decision.encoding, records.sorted_numbers);
            column.push(&text);
            if let Some(trouble) = trouble {
                troubles.count(index, trouble, row);
            }
        }
        table.columns.push(column);
    }
    table.notes.extend(troubles.notes(&names));
    Ok(table)
}

fn no_header(name: &str) -> Words {
    Words::new(
        format!(
            "{name}：.dbf 没有可识别的表头；请在 ArcGIS 或 QGIS 中重新导出，或删去 .dbf 只读图形"
        ),
        format!(
            "{name}: the .dbf has no header with fields; export it again from ArcGIS or QGIS, or remove the .dbf to read shapes only"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::shapefile::sample::{dbf, delete};

    fn table(bytes: &[u8]) -> Table {
        read("小区.shp", bytes, None, None).expect("reads")
    }

    fn columns(table: &Table) -> Vec<Vec<&str>> {
        table.columns.iter().map(|c| (0..c.len()).map(|row| c.get(row)).collect()).collect()
    }

    fn notes(table: &Table) -> String {
        table.notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn cells_are_text_below_their_field_names() {
        let table = table(&dbf(
            0,
            &[
                (b"ID", b'N', 4),
                ("面积".as_bytes(), b'F', 20),
                (b"BUILT", b'D', 8),
                (b"OK", b'L', 1),
            ],
            &[
                &[b"   1", b" 12345678.90", b"20191231", b"T"],
                &[b"0002", b"3.14159265358979", b"00000000", b"?"],
            ],
        ));
        assert_eq!(
            columns(&table),
            [
                ["ID", "1", "0002"],
                ["面积", "12345678.90", "3.14159265358979"],
                ["BUILT", "2019-12-31", ""],
                ["OK", "true", ""],
            ]
        );
        assert_eq!(table.encoding, "UTF-8");
        assert_eq!(table.notes.len(), 1, "{}", notes(&table));
    }

    #[test]
    fn a_deleted_record_keeps_its_place() {
        let mut bytes = dbf(0, &[(b"ID", b'N', 1)], &[&[b"1"], &[b"2"], &[b"3"]]);
        delete(&mut bytes, 1);
        let table = table(&bytes);
        assert_eq!(columns(&table), [["ID", "1", "3"]]);
        assert_eq!(table.deleted, [false, true, false]);
    }

    #[test]
    fn what_is_wrong_with_cells_is_counted_by_field() {
        let mut bytes = dbf(
            0,
            &[(b"AREA", b'N', 3), (b"BUILT", b'D', 8), (b"NOTE", b'M', 10)],
            &[
                &[b"***", b"20231301", b"         7"],
                &[b"  1", b"20230101", b""],
                &[b"***", b"        ", b""],
                &[b"***", b"00000000", b"         9"],
            ],
        );
        delete(&mut bytes, 0);
        let table = table(&bytes);
        assert_eq!(columns(&table)[0], ["AREA", "1", "", ""]);
        let notes = notes(&table);
        assert!(notes.contains("字段“AREA”有 2 格是星号"), "{notes}");
        assert!(notes.contains("首个在第 2 行"), "{notes}");
        assert!(notes.contains("字段“NOTE”有 1 格的内容在备注文件中"), "{notes}");
        assert!(!notes.contains("BUILT"), "{notes}");
    }

    #[test]
    fn all_whole_records_are_read_whatever_the_header_counts() {
        let whole = dbf(0, &[(b"ID", b'N', 1)], &[&[b"1"], &[b"2"], &[b"3"]]);
        for (declared, end) in [(1, whole.len()), (9, whole.len()), (3, whole.len() - 1)] {
            let mut bytes = whole[..end].to_vec();
            bytes[4] = declared;
            let table = table(&bytes);
            assert_eq!(columns(&table), [["ID", "1", "2", "3"]]);
            assert_eq!(table.declared, declared as usize);
        }
        let cut = &whole[..whole.len() - 2];
        assert_eq!(columns(&table(cut)), [["ID", "1", "2"]]);
    }

    #[test]
    fn half_a_character_at_the_end_of_a_name_is_taken_off() {
        let bytes = dbf(
            0,
            &[(&"社区名称".as_bytes()[..10], b'C', 8)],
            &[&["幸福里".as_bytes().split_at(8).0]],
        );
        let table = table(&bytes);
        assert_eq!(columns(&table), [["社区名", "幸福"]]);
        let notes = notes(&table);
        assert!(notes.contains("字段名末尾的半个字符已去掉：社区名"), "{notes}");
        assert!(notes.contains("字段“社区名”有 1 格末尾的半个字符已去掉"), "{notes}");
    }

    #[test]
    fn the_record_length_counts_when_fields_do_not_add_up() {
        let mut bytes =
            dbf(0, &[(b"A", b'C', 2), (b"B", b'C', 2)], &[&[b"a1", b"b1"], &[b"a2", b"b2"]]);
        bytes[32 + 32 + 16] = 9;
        let table = table(&bytes);
        assert_eq!(columns(&table), [["A", "a1", "a2"], ["B", "b1", "b2"]]);
        assert!(notes(&table).contains("记录长度与各字段长度之和不符"));
    }

    #[test]
    fn a_field_without_bytes_costs_nothing() {
        let mut bytes = dbf(0, &[(b"A", b'C', 0), (b"B", b'C', 1)], &[&[b"", b"1"]]);
        bytes[32 + 11] = b'N';
        let table = table(&bytes);
        assert_eq!(columns(&table), [["B", "1"]]);
        assert!(notes(&table).contains("1 个字段宽度为 0"));
    }

    #[test]
    fn a_long_text_field_of_foxpro_is_read_whole() {
        let mut bytes = dbf(0, &[(b"A", b'C', 44), (b"B", b'C', 2)], &[]);
        bytes[32 + 17] = 1;
        bytes[10..12].copy_from_slice(&303u16.to_le_bytes());
        let end = bytes.len() - 1;
        bytes.splice(end.., [vec![b' '], vec![b'x'; 300], b"yz".to_vec()].concat());
        bytes[4] = 1;
        let table = table(&bytes);
        assert_eq!((table.columns[0].get(1).len(), table.columns[1].get(1)), (300, "yz"));
    }

    #[test]
    fn bytes_without_fields_are_refused() {
        for bytes in [&b""[..], &[3; 31], &[0; 64], &dbf(0, &[], &[])] {
            let error = read("小区.shp", bytes, None, None).expect_err("refused");
            assert!(error.zh.starts_with("小区.shp：.dbf 没有可识别的表头"));
        }
    }
}
