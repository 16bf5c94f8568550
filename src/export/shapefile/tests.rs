use std::collections::BTreeMap;

use geo_types::{
    GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, Rect, coord,
    line_string, polygon,
};

use super::*;
use crate::layer::{Claim, Grid};
use crate::source::shapefile::sample::rows;
use crate::source::{Opened, shapefile};

fn field(name: &str, kind: Kind, cells: &[&str]) -> Field {
    let mut column = TextColumn::default();
    cells.iter().for_each(|cell| column.push(cell));
    Field { name: name.to_owned(), kind, cells: column }
}

fn point(x: f64) -> Option<Geometry<f64>> {
    Some(Point::new(x, 1.0).into())
}

fn read_back(written: &Shapefile) -> Grid {
    let mut parts: BTreeMap<String, Vec<u8>> =
        written.files.iter().map(|(ending, bytes)| ((*ending).to_owned(), bytes.clone())).collect();
    let bytes = parts.remove("shp").expect("a .shp");
    let opened = Opened { name: "a.shp".to_owned(), bytes, parts, encoding: None };
    shapefile::read(&opened).expect("reads").remove(0)
}

fn shapes(grid: &Grid) -> Vec<Option<Geometry<f64>>> {
    let shapes = grid.shapes.as_ref().expect("shapes");
    assert!(shapes.faults.is_empty(), "{:?}", shapes.faults);
    shapes.all[1..].to_vec()
}

fn refused(features: &Features, coding: Coding) -> String {
    write("a.shp", features, coding).expect_err("refused").zh
}

#[test]
fn what_is_written_reads_back() {
    let features = Features {
        fields: vec![
            field("小区名称", Kind::Text, &["幸福里", "", "平安里（南区）"]),
            field("应移交面积", Kind::Number, &["91.60", "-12345678.905", ""]),
            field("应移交套数", Kind::Number, &["2", "10", ""]),
            field("已移交", Kind::Flag, &["true", "", "false"]),
            field("建成日期", Kind::Date, &["2019-12-31", "", "2024-02-29"]),
        ],
        geometries: vec![point(1.0), None, point(3.0)],
        projection: Some("GEOGCS[\"国家2000\"]".to_owned()),
    };
    for (coding, names) in [
        (Coding::Utf8, ["小区名", "应移交", "应移交1", "已移交", "建成日"]),
        (Coding::Gbk, ["小区名称", "应移交面积", "应移交套数", "已移交", "建成日期"]),
    ] {
        let written = write("a.shp", &features, coding).expect("written");
        assert!(written.notes.is_empty());
        let short: Vec<&str> = written.dictionary.iter().map(|(short, _)| short.as_str()).collect();
        assert_eq!(short, names);
        assert_eq!(written.dictionary[2].1, "应移交套数");
        let grid = read_back(&written);
        let rows = rows(&grid);
        assert_eq!(rows[0], names);
        assert_eq!(rows[1], ["幸福里", "91.60", "2", "true", "2019-12-31"]);
        assert_eq!(rows[2], ["", "-12345678.905", "10", "", ""]);
        assert_eq!(rows[3], ["平安里（南区）", "", "", "false", "2024-02-29"]);
        assert_eq!(shapes(&grid), features.geometries);
        let claim = &grid.shapes.as_ref().expect("shapes").claim;
        assert_eq!(*claim, Claim::Text("GEOGCS[\"国家2000\"]".to_owned()));
        assert_eq!(grid.notes.len(), 2, "{:?}", grid.notes);
    }
}

#[test]
fn every_family_of_geometry_is_written() {
    let with_hole = polygon!(
        exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 0., y: 9.)],
        interiors: [[(x: 1., y: 1.), (x: 1., y: 2.), (x: 2., y: 2.), (x: 2., y: 1.)]],
    );
    let far = Rect::new(coord! { x: 20., y: 20. }, coord! { x: 21., y: 21. }).to_polygon();
    let several = MultiPolygon(vec![with_hole.clone(), far]);
    let line = line_string![(x: 0., y: 0.), (x: 1., y: 1.)];
    let families: [Vec<Geometry<f64>>; 3] = [
        vec![with_hole.into(), several.into()],
        vec![line.clone().into(), geo_types::MultiLineString(vec![line.clone(), line]).into()],
        vec![MultiPoint(vec![Point::new(0., 0.), Point::new(1., 1.)]).into()],
    ];
    for family in families {
        let geometries: Vec<_> = family.into_iter().map(Some).collect();
        let features = Features { geometries: geometries.clone(), ..Features::default() };
        let grid = read_back(&write("a.shp", &features, Coding::Utf8).expect("written"));
        let found = shapes(&grid);
        assert_eq!(found.len(), geometries.len());
        for (found, wanted) in found.iter().zip(&geometries) {
            use geo::{Area, CoordsIter};
            let (found, wanted) = (found.as_ref().expect("kept"), wanted.as_ref().expect("given"));
            assert_eq!(found.coords_count(), wanted.coords_count());
            assert_eq!(found.unsigned_area(), wanted.unsigned_area());
        }
        assert_eq!(rows(&grid)[..2], [["FID"], ["0"]]);
    }
}

#[test]
fn points_and_several_points_share_a_file_other_families_do_not() {
    let several = MultiPoint(vec![Point::new(0., 0.), Point::new(1., 1.)]);
    let geometries = vec![point(1.0), Some(several.into())];
    let written = write("a.shp", &Features { geometries, ..Features::default() }, Coding::Utf8);
    assert_eq!(shapes(&read_back(&written.expect("written"))).iter().flatten().count(), 2);
    let line: Geometry<f64> = line_string![(x: 0., y: 0.), (x: 1., y: 1.)].into();
    let nothing = Geometry::GeometryCollection(GeometryCollection::default());
    for other in [line, nothing] {
        let geometries = vec![point(1.0), Some(other)];
        let error = refused(&Features { geometries, ..Features::default() }, Coding::Utf8);
        assert!(error.starts_with("a.shp：第 2 行的几何"), "{error}");
    }
    let empty: Geometry<f64> = Polygon::new(LineString(vec![]), vec![]).into();
    let geometries = vec![Some(empty)];
    let written = write("a.shp", &Features { geometries, ..Features::default() }, Coding::Utf8);
    assert_eq!(shapes(&read_back(&written.expect("written"))), [None]);
}

#[test]
fn a_character_outside_gbk_names_its_cell() {
    let features = Features {
        fields: vec![field("姓名", Kind::Text, &["王", "𠮷野"])],
        geometries: vec![None, None],
        projection: None,
    };
    let error = refused(&features, Coding::Gbk);
    assert_eq!(error, "a.shp：第 2 行字段“姓名”：“𠮷”（U+20BB7）不在 GBK 中；请改用 UTF-8 导出");
    let written = write("a.shp", &features, Coding::Utf8).expect("written");
    assert_eq!(rows(&read_back(&written))[2], ["𠮷野"]);
    assert!(written.files.iter().all(|(ending, _)| *ending != "prj"));
}

#[test]
fn a_cell_of_another_kind_names_itself() {
    for (kind, cell) in [
        (Kind::Number, "约80"),
        (Kind::Number, "inf"),
        (Kind::Number, "1,200"),
        (Kind::Flag, "也许"),
        (Kind::Date, "2023-02-29"),
        (Kind::Date, "20230228"),
        (Kind::Date, "2023-02-28T10:00"),
    ] {
        let fields = vec![field("列", kind, &[cell])];
        let features = Features { fields, geometries: vec![None], projection: None };
        let error = refused(&features, Coding::Utf8);
        assert!(error.starts_with(&format!("a.shp：第 1 行字段“列”：“{cell}”不是")), "{error}");
    }
}

#[test]
fn a_text_that_is_too_long_is_cut_between_characters_and_counted() {
    let long = "幸".repeat(100);
    let fields = vec![field("备注", Kind::Text, &["短", &long, &long])];
    let features = Features { fields, geometries: vec![None; 3], projection: None };
    for (coding, kept, notes) in [(Coding::Utf8, 84, 1), (Coding::Gbk, 100, 0)] {
        let written = write("a.shp", &features, coding).expect("written");
        assert_eq!(read_back(&written).cell(2, 0).chars().count(), kept);
        assert_eq!(written.notes.len(), notes);
    }
    let written = write("a.shp", &features, Coding::Utf8).expect("written");
    assert_eq!(written.notes[0].zh, "字段“备注”有 2 格超过 254 字节，已截断，首个在第 2 行");
}

#[test]
fn numbers_keep_their_digits_as_far_as_a_field_holds_them() {
    let cells =
        ["0.1", "12345678901234567890", "1e3", "+5", "-0.30000000000000004", "1064199.2382736481"];
    let fields = vec![field("数", Kind::Number, &cells)];
    let features = Features { fields, geometries: vec![None; 6], projection: None };
    let written = write("a.shp", &features, Coding::Utf8).expect("written");
    let grid = read_back(&written);
    let found: Vec<&str> = (1..=6).map(|row| grid.cell(row, 0)).collect();
    assert_eq!(found[..4], ["0.1", "12345678901234567890", "1000", "5"]);
    let precise = ["-0.30000000000000004", "1064199.2382736481"];
    let fields = vec![field("数", Kind::Number, &precise)];
    let features = Features { fields, geometries: vec![None; 2], projection: None };
    let written = write("a.shp", &features, Coding::Utf8).expect("written");
    let grid = read_back(&written);
    assert_eq!([grid.cell(1, 0), grid.cell(2, 0)], ["-0.300000000000000", "1064199.2382736481"]);
    assert_eq!(written.notes[0].zh, "字段“数”有 1 格舍入到 15 位小数，首个在第 1 行");
    let fields = vec![field("数", Kind::Number, &["1e30"])];
    let features = Features { fields, geometries: vec![None], projection: None };
    assert!(refused(&features, Coding::Utf8).contains("超过 24 位"));
}

#[test]
fn more_fields_than_a_table_holds_are_refused() {
    let fields = (0..256).map(|number| field(&format!("F{number}"), Kind::Flag, &[])).collect();
    let features = Features { fields, geometries: vec![None], projection: None };
    assert!(refused(&features, Coding::Utf8).contains("256 个字段"));
}
