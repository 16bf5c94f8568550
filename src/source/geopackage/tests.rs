use geo_types::{Geometry, MultiPolygon, point, polygon};

use super::*;
use crate::layer::Claim;
use crate::source::outgoing::srs::Srs;
use crate::source::outgoing::{Cells, OutField, OutLayer};

fn opened(bytes: Vec<u8>) -> Opened {
    Opened { name: "结果.gpkg".into(), bytes, ..Opened::default() }
}

fn fixture(name: &str) -> Opened {
    let path = format!("{}/fixtures/formats/database/{name}", env!("CARGO_MANIFEST_DIR"));
    Opened {
        name: name.into(),
        bytes: std::fs::read(path).expect("a fixture"),
        ..Opened::default()
    }
}

/// A database from SQL, as a file would hold it.
fn database(sql: &str) -> Opened {
    let mut connection = Connection::open_in_memory().expect("opens");
    connection.execute_batch(sql).expect("runs");
    opened(connection.serialize("main").expect("serialises").to_vec())
}

fn square(x: f64, y: f64) -> geo_types::Polygon<f64> {
    polygon![(x: x, y: y), (x: x + 1., y: y), (x: x + 1., y: y + 1.), (x: x, y: y)]
}

fn field(name: &str, alias: &str, cells: Cells) -> OutField {
    OutField { name: name.into(), alias: Some(alias.into()), cells }
}

fn layers() -> Vec<OutLayer> {
    let estates = OutLayer {
        name: "小区".into(),
        title: "小区与其设施".into(),
        fields: vec![
            field("name", "小区名称", Cells::Text(vec![Some("幸福里\"一期\"".into()), None, None])),
            field("area", "面积", Cells::Real(vec![Some(0.1 + 0.2), Some(1200.0), None])),
            field("households", "户数", Cells::Integer(vec![Some(i64::MAX), Some(-3), None])),
            field("old", "老旧", Cells::Flag(vec![Some(true), Some(false), None])),
            field("fid", "编号", Cells::Text(vec![Some("001".into()), None, None])),
        ],
        shapes: Some(vec![
            Some(square(39_512_000., 3_380_000.).into()),
            Some(MultiPolygon(vec![square(39_512_010., 3_380_000.)]).into()),
            None,
        ]),
        srs: Srs::of_epsg(4527),
        style: Some("<qgis/>".into()),
        sld: None,
    };
    let places = OutLayer {
        name: "错误点".into(),
        shapes: Some(vec![Some(point!(x: 114.3, y: 30.5).into())]),
        srs: Some(Srs::cgcs2000()),
        ..OutLayer::default()
    };
    let list = OutLayer {
        name: "关联表".into(),
        fields: vec![field("key", "键", Cells::Text(vec![Some("甲".into())]))],
        ..OutLayer::default()
    };
    vec![estates, places, list]
}

fn written() -> Vec<u8> {
    write(&layers(), jiff::Timestamp::UNIX_EPOCH).expect("writes")
}

fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    (0..grid.rows())
        .map(|row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect())
        .collect()
}

#[test]
fn what_was_written_comes_back() {
    let grids = read(&opened(written())).expect("reads");
    let names: Vec<&str> = grids.iter().filter_map(|grid| grid.sheet.as_deref()).collect();
    assert_eq!(names, ["小区", "错误点", "关联表"]);
    let estates = &grids[0];
    assert_eq!(
        rows(estates),
        [
            ["fid_", "name", "area", "households", "old", "fid"],
            ["1", "幸福里\"一期\"", "0.30000000000000004", "9223372036854775807", "true", "001"],
            ["2", "", "1200", "-3", "false", ""],
            ["3", "", "", "", "", ""],
        ]
    );
    let shapes = estates.shapes.as_ref().expect("a layer");
    let multi = |polygon| Some(Geometry::from(MultiPolygon(vec![polygon])));
    let first = multi(square(39_512_000., 3_380_000.));
    assert_eq!(shapes.all, [None, first, multi(square(39_512_010., 3_380_000.)), None]);
    assert_eq!(shapes.claim, Claim::Epsg(4527));
    assert!(estates.notes[0].zh.contains("name = 小区名称"));
    assert_eq!(grids[1].shapes.as_ref().expect("a layer").claim, Claim::Epsg(4490));
    assert!(grids[2].shapes.is_none());
}

#[test]
fn equal_layers_give_equal_bytes() {
    assert!(recognises(&written()));
    assert_eq!(written(), written());
}

#[test]
fn names_of_the_format_itself_are_refused_for_layers() {
    for name in ["", "gpkg_contents", "RTREE_x", "layer_styles"] {
        let layer = OutLayer { name: name.into(), ..OutLayer::default() };
        assert!(write(&[layer], jiff::Timestamp::UNIX_EPOCH).is_err(), "{name}");
    }
    let twice = [layers().remove(2), layers().remove(2)];
    assert!(write(&twice, jiff::Timestamp::UNIX_EPOCH).is_err());
}

#[test]
fn a_file_written_by_gdal_is_read() {
    let grids = read(&fixture("gdal.gpkg")).expect("reads");
    assert_eq!(
        rows(&grids[0]),
        [
            ["fid", "名称", "户数", "面积", "老旧", "建成", "核查"],
            ["1", "幸福里一期", "1200", "91.6", "true", "1998-04-05", "2023-04-05T00:00:00.000"],
            ["2", "和平小区", "", "0.30000000000000004", "false", "", ""],
            ["3", "", "0", "", "", "2023-12-31", "2023-04-05T13:14:15.500"],
            ["4", "光谷花园", "87", "12345678.9", "true", "1970-01-01", "1999-12-31T23:59:59.000"],
        ]
    );
    let shapes = grids[0].shapes.as_ref().expect("a layer");
    assert_eq!((shapes.claim.clone(), shapes.faults.len()), (Claim::Epsg(4490), 0));
    assert!(matches!(shapes.all[1], Some(Geometry::Polygon(_))));
    assert!(matches!(shapes.all[2], Some(Geometry::MultiPolygon(_))));
    assert_eq!((shapes.all[3].clone(), shapes.all[4].clone()), (None, None));
    let points = grids[1].shapes.as_ref().expect("a layer");
    assert_eq!(points.claim, Claim::Epsg(4527));
    assert_eq!(points.all[1], Some(point!(x: 39_512_345.5, y: 3_384_000.25).into()));
    assert_eq!(rows(&grids[2])[1], ["1", "001", "3"]);
    assert_eq!(grids[3].shapes.as_ref().expect("a layer").claim, Claim::None);
}

#[test]
fn a_file_in_wal_mode_is_read_with_a_warning() {
    let mut bytes = written();
    bytes[18..20].copy_from_slice(&[2, 2]);
    let grids = read(&opened(bytes)).expect("reads");
    assert_eq!(grids.len(), 3);
    assert!(grids[0].notes.iter().any(|note| note.zh.contains("WAL")));
}

#[test]
fn a_plain_database_is_told_what_would_be_read() {
    let words = read(&database("CREATE TABLE a (b)")).expect_err("no GeoPackage");
    assert!(words.zh.contains("不是 GeoPackage") && words.zh.contains("CSV"), "{words}");
}

const SMALL: &str = "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id);
    CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id, definition);
    INSERT INTO gpkg_geometry_columns VALUES ('A', 'Geom', 7);";

#[test]
fn the_reference_system_is_looked_up_not_guessed() {
    let claim = |row: &str| {
        let sql = format!(
            "{SMALL} INSERT INTO gpkg_contents VALUES ('a', 'features'); CREATE TABLE a (geom, n);
             INSERT INTO gpkg_spatial_ref_sys VALUES ({row});"
        );
        let grid = read(&database(&sql)).expect("reads").remove(0);
        grid.shapes.expect("a layer").claim
    };
    assert_eq!(claim("7, 'epsg', 4547, 'x'"), Claim::Epsg(4547));
    assert_eq!(claim("7, 'NONE', 7, 'PROJCS[\"武汉\"]'"), Claim::Text("PROJCS[\"武汉\"]".into()));
    assert_eq!(claim("7, 'NONE', 7, 'undefined'"), Claim::None);
    assert_eq!(claim("8, 'EPSG', 4490, 'x'"), Claim::None);
}

#[test]
fn what_cannot_be_kept_is_a_fault_or_a_note() {
    let sql = format!(
        "{SMALL} INSERT INTO gpkg_contents VALUES ('a', 'features'), ('gone', 'attributes');
         CREATE TABLE a (名称 TEXT, geom, n BLOB, twice AS (名称 || 名称));
         INSERT INTO a VALUES (CAST(x'C9E7C7F8' AS TEXT), x'00', x'01'), ('乙', NULL, NULL);"
    );
    let grid = read(&database(&sql)).expect("reads").remove(0);
    assert_eq!(rows(&grid)[1][..2], ["社区", ""]);
    assert_eq!(rows(&grid)[2], ["乙", "", "乙乙"]);
    let shapes = grid.shapes.as_ref().expect("a layer");
    assert_eq!(shapes.faults.len(), 1);
    assert_eq!(shapes.faults[0].0, 1);
    let notes: Vec<&str> = grid.notes.iter().map(|note| note.zh.as_str()).collect();
    for part in ["gone", "二进制", "GB18030", "坐标系编号 7"] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }
}

#[test]
fn a_layer_of_geometry_alone_keeps_its_rows() {
    let sql = format!(
        "{SMALL} INSERT INTO gpkg_contents VALUES ('a', 'features'); CREATE TABLE a (geom);
         INSERT INTO a VALUES (NULL), (NULL);"
    );
    let grid = read(&database(&sql)).expect("reads").remove(0);
    assert_eq!((grid.rows(), grid.columns()), (3, 0));
}

#[test]
fn a_view_without_end_is_stopped() {
    let endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r";
    for view in [endless.to_owned(), format!("SELECT n FROM ({endless}) WHERE n < 0")] {
        let sql = format!(
            "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
             INSERT INTO gpkg_contents VALUES ('v', 'attributes'); CREATE VIEW v AS {view};"
        );
        assert!(read(&database(&sql)).is_err());
    }
}

#[test]
fn a_damaged_file_is_refused_or_read_but_never_a_panic() {
    let sound = written();
    let read_quietly = |bytes: Vec<u8>| match read_database(&opened(bytes)) {
        Ok(grids) => assert!(!grids.is_empty()),
        Err(words) => assert!(words.zh.starts_with("结果.gpkg")),
    };
    for length in [0, 15, 16, 99, 100, 512, 4096, 5000, sound.len() / 2, sound.len() - 1] {
        read_quietly(sound[..length].to_vec());
    }
    // A small generator of places and bytes, so that a failure can be repeated.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for _ in 0..400 {
        let mut bytes = sound.clone();
        for _ in 0..4 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let place = (state >> 33) as usize % bytes.len();
            bytes[place] = (state >> 24) as u8;
        }
        read_quietly(bytes);
    }
}

#[test]
fn columns_added_after_the_rows_cannot_claim_more_cells_than_the_file_allows() {
    let added: String =
        (0..1_900).map(|n| format!("ALTER TABLE t ADD COLUMN c{n} TEXT;")).collect();
    let sql = format!(
        "CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT);
         INSERT INTO gpkg_contents VALUES ('t', 'attributes'); CREATE TABLE t (a INTEGER);
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
         INSERT INTO t SELECT i FROM n; {added}"
    );
    let words = read(&database(&sql)).expect_err("refused");
    assert!(words.zh.starts_with("结果.gpkg"), "{words}");
}
