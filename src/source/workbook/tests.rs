//! The same ledger in every format gives the same grid.

use std::path::Path;

use crate::layer::{Grid, Merge};
use crate::source;

/// What the ledger of the fixtures holds; the sheet beside it is hidden.
const LEDGER: [[&str; 8]; 6] = [
    ["社区用房台账", "", "", "", "", "", "", ""],
    ["街道", "社区", "面积", "建成", "启用", "达标率", "编号", "备注"],
    ["城东街道", "幸福里", "281.98", "2023-06", "2023-04-05", "12.5%", "370112001001", "甲\n乙"],
    ["", "万科城", "-3", "2023", "2023-04-05", "57%", "371402199001011000", "true"],
    ["", "阳光 <A&B>", "0", "", "", "", "", "#REF!"],
    ["城西街道", "合计", "278.98", "", "", "", "", ""],
];

/// Holds a reading of the ledger against what it holds; LibreOffice makes a 1 of the truth value.
pub fn is_the_ledger(grids: &[Grid], truth: &str) {
    let grid = &grids[0];
    let mut ledger = LEDGER;
    ledger[3][7] = truth;
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    let rows: Vec<Vec<&str>> = (0..grid.rows()).map(row).collect();
    assert_eq!(rows, ledger);
    let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
    assert_eq!(grid.merges, [merge(0, 0, 0, 7), merge(2, 0, 4, 0)]);
    assert!(!grid.since_1904);
    if grids.len() > 1 {
        assert_eq!(grid.sheet.as_deref(), Some("城东"));
        let beside: Vec<_> = grids.iter().map(|one| (one.sheet.as_deref(), one.hidden)).collect();
        assert_eq!(beside, [(Some("城东"), false), (Some("底稿"), true)]);
        let notes: Vec<&str> = grid.notes.iter().map(|note| note.zh.as_str()).collect();
        assert_eq!(
            notes,
            [
                "城东!G4 等 1 格是超过 15 位的数字，第 15 位以后已丢失；编号请存为文本",
                "城东：有 1 行隐藏；照常读取"
            ]
        );
    }
}

#[test]
fn the_same_ledger_in_every_format_gives_the_same_grid() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats/office/readers");
    for (name, format) in [
        ("台账.xlsx", "xlsx"),
        ("台账.xls", "xls"),
        ("台账.xlsb", "xlsb"),
        ("台账.ods", "ods"),
        ("台账.et", "xls"),
        ("台账.docx", "docx"),
    ] {
        let file = source::read(&folder.join(name), None).expect(name);
        assert_eq!(file.format, format, "{name}");
        is_the_ledger(&file.grids, if format == "ods" { "1" } else { "true" });
    }
}
