use geo_types::{Geometry, point, polygon};

use super::*;
use crate::layer::Claim;
use crate::source::outgoing::srs::Srs;
use crate::source::outgoing::{Cells, OutField, OutLayer};

fn opened(bytes: Vec<u8>) -> Opened {
    Opened { name: "台账.parquet".into(), bytes, ..Opened::default() }
}

fn fixture(name: &str) -> Read<Grid> {
    let path = format!("{}/fixtures/formats/database/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a fixture");
    let opened = Opened { name: name.into(), bytes, ..Opened::default() };
    read(&opened).map(|mut grids| grids.remove(0))
}

fn field(name: &str, cells: Cells) -> OutField {
    OutField { name: name.into(), alias: None, cells }
}

fn layer() -> OutLayer {
    let square = polygon![(x: 114.3, y: 30.5), (x: 114.4, y: 30.5), (x: 114.4, y: 30.6), (x: 114.3, y: 30.5)];
    OutLayer {
        name: "小区".into(),
        fields: vec![
            field("名称", Cells::Text(vec![Some("幸福里".into()), None, Some(String::new())])),
            field("面积", Cells::Real(vec![Some(0.1 + 0.2), Some(1200.0), None])),
            field("户数", Cells::Integer(vec![Some(i64::MIN), None, Some(7)])),
            field("老旧", Cells::Flag(vec![Some(true), None, Some(false)])),
        ],
        shapes: Some(vec![Some(square.into()), None, Some(point!(x: 114.0, y: 30.0).into())]),
        srs: Some(Srs::cgcs2000()),
        ..OutLayer::default()
    }
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    (0..grid.rows())
        .map(|row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect())
        .collect()
}

#[test]
fn what_was_written_comes_back() {
    let bytes = write(&layer()).expect("writes");
    assert!(recognises(&bytes));
    let grid = read(&opened(bytes)).expect("reads").remove(0);
    assert_eq!(
        rows(&grid),
        [
            ["名称", "面积", "户数", "老旧"],
            ["幸福里", "0.30000000000000004", "-9223372036854775808", "true"],
            ["", "1200", "", ""],
            ["", "", "7", "false"],
        ]
    );
    let shapes = grid.shapes.expect("a layer");
    let mut expected: Vec<Option<Geometry<f64>>> = vec![None];
    expected.extend(layer().shapes.expect("a layer"));
    assert_eq!((shapes.all, shapes.claim), (expected, Claim::Epsg(4490)));
}

#[test]
fn a_layer_written_in_parts_is_one_table() {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, &layer()).expect("starts");
    for _ in 0..3 {
        writer.append(&layer()).expect("appends");
    }
    let other = OutLayer { fields: Vec::new(), ..layer() };
    writer.finish().expect("ends");
    let grid = read(&opened(bytes)).expect("reads").remove(0);
    assert_eq!((grid.rows(), grid.cell(7, 0), grid.cell(9, 2)), (10, "幸福里", "7"));
    let mut writer = Writer::new(Vec::new(), &layer()).expect("starts");
    assert!(writer.append(&other).is_err());
}

#[test]
fn a_table_without_rows_geometry_or_attributes_keeps_what_it_has() {
    let plain =
        OutLayer { fields: vec![field("a", Cells::Text(Vec::new()))], ..OutLayer::default() };
    let grid = read(&opened(write(&plain).expect("writes"))).expect("reads").remove(0);
    assert_eq!((rows(&grid), grid.shapes.is_none()), (vec![vec!["a"]], true));
    let places = OutLayer { fields: Vec::new(), srs: None, ..layer() };
    let grid = read(&opened(write(&places).expect("writes"))).expect("reads").remove(0);
    let shapes = grid.shapes.as_ref().expect("a layer");
    assert_eq!((grid.rows(), shapes.all.len(), shapes.claim.clone()), (4, 4, Claim::None));
}

#[test]
fn a_file_written_by_geopandas_is_read() {
    let grid = fixture("geopandas.parquet").expect("reads");
    assert_eq!(
        rows(&grid),
        [
            ["名称", "户数", "面积", "老旧", "建成", "核查"],
            ["幸福里一期", "1200", "91.6", "true", "1998-04-05", "2023-04-05"],
            ["和平小区", "", "0.30000000000000004", "false", "", ""],
            ["", "0", "", "", "2023-12-31", "2023-04-05 13:14:15.5"],
            ["光谷花园", "87", "12345678.9", "true", "1970-01-01", "1999-12-31 23:59:59"],
        ]
    );
    let shapes = grid.shapes.as_ref().expect("a layer");
    assert_eq!((shapes.claim.clone(), shapes.faults.len()), (Claim::Epsg(4490), 0));
    assert!(matches!(shapes.all[2], Some(Geometry::MultiPolygon(_))));
    assert_eq!((shapes.all[3].clone(), shapes.all[4].clone()), (None, None));
    let claim = |name| fixture(name).expect("reads").shapes.expect("a layer").claim;
    assert_eq!(claim("no_crs.parquet"), Claim::None);
    assert_eq!(claim("crs84.parquet"), Claim::Text("OGC:CRS84".into()));
    assert_eq!(claim("duckdb_typed.parquet"), Claim::Text("OGC:CRS84".into()));
    assert!(fixture("native.parquet").expect_err("native points").zh.contains("WKB"));
}

#[test]
fn every_type_becomes_text_in_both_forms_of_pages() {
    for name in ["types.parquet", "types_v2.parquet"] {
        let grid = fixture(name).expect("reads");
        let cells = |row| -> Vec<&str> {
            (0..grid.columns()).map(|column| grid.cell(row, column)).collect()
        };
        let headings =
            "短 无符号 单 小数 大小数 日 时 刻 世界时 纳秒 字典 是 名.primary 名.n 字节 大文本";
        assert_eq!(cells(0).join(" "), headings, "{name}");
        assert_eq!(
            cells(1).join("|"),
            "-3|18446744073709551615|0.1|12.50|-12345678901234567890.5|2023-04-05|08:30:01|2023-04-05|2023-04-05|2023-04-05|甲|true|幸福|1||长"
        );
        assert_eq!(cells(2).join("|"), "|0||||||2023-04-05 01:02:03.000004|||乙||||abc|");
        let notes: Vec<&str> = grid.notes.iter().map(|note| note.zh.as_str()).collect();
        assert!(notes[0].contains("列表.list.element，半"), "{notes:?}");
        assert!(notes[1].contains("世界时") && notes[2].contains("字节"), "{notes:?}");
    }
}

#[test]
fn files_of_other_writers_are_read() {
    let delta = fixture("delta.parquet").expect("reads");
    assert_eq!((delta.rows(), delta.cell(2999, 0)), (3001, "江岸区某街道第88社区"));
    assert_eq!(delta.cell(2999, 1), "2998");
    let duck = fixture("duckdb.parquet").expect("reads");
    assert_eq!((duck.cell(2, 1), duck.cell(2, 3), duck.cell(2, 4)), ("x1", "2023-04-05", "1.250"));
    assert_eq!((duck.cell(2, 2), duck.cell(2, 5).len()), ("0.3333333333333333", 36));
    let polars = fixture("polars.parquet").expect("reads");
    assert_eq!(rows(&polars)[1..], [["1", "甲", "2023-04-05"], ["", "", ""]]);
    assert_eq!(fixture("int96.parquet").expect("reads").cell(2, 0), "2023-04-05 01:02:03.000004");
    assert!(fixture("brotli.parquet").expect_err("brotli").en.contains("BROTLI"));
}

#[test]
fn a_file_without_its_end_is_refused() {
    let bytes = write(&layer()).expect("writes");
    for length in 0..bytes.len() {
        let words = read(&opened(bytes[..length].to_vec())).expect_err("cut off");
        assert!(words.zh.starts_with("台账.parquet"));
    }
    let mut huge = bytes.clone();
    let tail = huge.len() - TAIL;
    huge[tail..tail + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read(&opened(huge)).is_err());
}

#[test]
fn a_damaged_file_is_refused_or_read_but_never_a_panic() {
    let folder = format!("{}/fixtures/formats/database", env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![write(&layer()).expect("writes")];
    for name in ["types.parquet", "types_v2.parquet", "delta.parquet", "geopandas.parquet"] {
        files.push(std::fs::read(format!("{folder}/{name}")).expect("a fixture"));
    }
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for sound in &files {
        for _ in 0..300 {
            let mut bytes = sound.clone();
            for _ in 0..2 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let place = (state >> 33) as usize % bytes.len();
                bytes[place] = (state >> 24) as u8;
            }
            if let Err(words) = read(&opened(bytes)) {
                assert!(words.zh.starts_with("台账.parquet"));
            }
        }
    }
}
