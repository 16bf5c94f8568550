use super::*;
use crate::geometry::mutate::mutations;
use crate::geometry::wkt;
use crate::layer::Shapes;

fn layer(shapes: &[&str]) -> Grid {
    let mut grid = Grid::default();
    grid.push_row(["名称", "面积", "编码", "户数", "空"]);
    for row in 0..shapes.len() {
        grid.push_row(["幸福里", "12.5", "007", &row.to_string(), ""]);
    }
    let read = |text: &&str| (!text.is_empty()).then(|| wkt::read(text).expect("WKT").1);
    let all = std::iter::once(None).chain(shapes.iter().map(read)).collect();
    grid.shapes = Some(Shapes { all, claim: Claim::Epsg(4490), faults: vec![] });
    grid
}

fn opened(bytes: &[u8]) -> Opened {
    Opened { name: "a.fgb".into(), bytes: bytes.to_vec(), ..Opened::default() }
}

fn again(grid: &Grid) -> Grid {
    let bytes = write_flatgeobuf("小区", grid, Some(4490));
    assert!(recognises(&bytes));
    read(&opened(&bytes)).expect("reads").remove(0)
}

fn texts(grid: &Grid) -> Vec<String> {
    let shapes = grid.shapes.as_ref().expect("shapes");
    assert!(shapes.faults.is_empty(), "{:?}", shapes.faults);
    let text = |shape: &Option<_>| shape.as_ref().map(wkt::write).unwrap_or_default();
    shapes.all[1..].iter().map(text).collect()
}

#[test]
fn what_is_written_reads_back_the_same() {
    for shapes in [
        &["POINT(116.39 39.9)", "", "POINT(1 2)"][..],
        &["LINESTRING(1 2,3 4)", "LINESTRING(5 6,7 8)"],
        &["POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))", "POLYGON((0 0,1 0,1 1,0 0))"],
        &["MULTIPOINT((1 2),(3 4))", "MULTIPOINT((5 6))"],
        &["MULTILINESTRING((1 2,3 4),(5 6,7 8))", "MULTILINESTRING((1 2,3 4))"],
        &["MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))"],
        &["GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))"],
        &["", "POINT(1 2)", "POLYGON((0 0,1 0,1 1,0 0))", "MULTILINESTRING((1 2,3 4),(5 6,7 8))"],
        &["", ""],
        &[],
    ] {
        let grid = layer(shapes);
        let back = again(&grid);
        assert_eq!(texts(&back), shapes);
        assert_eq!(back.rows(), grid.rows());
        let row = |grid: &Grid, row| {
            (0..5).map(|column| grid.cell(row, column).to_owned()).collect::<Vec<_>>()
        };
        (0..grid.rows()).for_each(|index| assert_eq!(row(&back, index), row(&grid, index)));
        assert_eq!(back.shapes.expect("shapes").claim, Claim::Epsg(4490));
    }
}

#[test]
fn single_and_multiple_parts_share_a_file() {
    let back = again(&layer(&["POLYGON((0 0,1 0,1 1,0 0))", "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"]));
    let multi = "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))";
    assert_eq!(texts(&back), [multi, multi]);
}

#[test]
fn a_collection_is_written_as_what_it_holds() {
    let polygons = "GEOMETRYCOLLECTION(POLYGON((0 0,1 0,1 1,0 0)),POLYGON((0 0,1 0,1 1,0 0)))";
    assert!(texts(&again(&layer(&[polygons])))[0].starts_with("MULTIPOLYGON("));
    let mixed = "GEOMETRYCOLLECTION(POINT(1 2),POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1)))";
    assert_eq!(texts(&again(&layer(&[mixed]))), [mixed]);
}

#[test]
fn a_file_cut_off_keeps_its_whole_features() {
    let bytes = write_flatgeobuf("x", &layer(&["POINT(1 2)"; 3]), None);
    for cut in 1..60 {
        let grid = read(&opened(&bytes[..bytes.len() - cut])).expect("reads").remove(0);
        assert_eq!(grid.rows(), 3, "{cut}");
        assert!(grid.notes[0].en.contains("ends within feature 3"), "{:?}", grid.notes);
    }
}

#[test]
fn a_damaged_feature_costs_only_itself() {
    let bytes = write_flatgeobuf("x", &layer(&["POINT(1 2)"; 3]), None);
    let size = (bytes.len()
        - 12
        - u32::from_le_bytes([bytes[8], bytes[9], bytes[10], bytes[11]]) as usize)
        / 3;
    let mut damaged = bytes.clone();
    let second = bytes.len() - 2 * size;
    damaged[second + 4..second + size].fill(0xFF);
    let grid = read(&opened(&damaged)).expect("reads").remove(0);
    assert_eq!((grid.rows(), grid.cell(2, 3)), (3, "2"));
    assert!(grid.notes[0].en.contains("feature 2"), "{:?}", grid.notes);
}

#[test]
fn sizes_beyond_the_file_are_refused() {
    let mut bytes = write_flatgeobuf("x", &layer(&["POINT(1 2)"]), None);
    bytes[8..12].fill(0xFF);
    let words = read(&opened(&bytes)).expect_err("refused");
    assert!(words.en.contains("the header is longer than the file"), "{words}");
    bytes[3] = 9;
    assert!(read(&opened(&bytes)).expect_err("refused").en.contains("version 9"));
    assert!(read(&opened(b"fgb\x03fgb\0")).is_err());
    assert!(!recognises(b"fgb\x03fg") && !recognises(b"PK\x03\x04...."));
}

/// A feature whose parts all point to the same part, level above level.
fn unfolding(levels: usize, parts: usize) -> Vec<u8> {
    use ::flatgeobuf::{FeatureArgs, GeometryArgs, GeometryType};
    let mut out = write_flatgeobuf("x", &layer(&["POINT(1 2)", "MULTIPOINT((1 2),(3 4))"]), None);
    let mut builder = flatbuffers::FlatBufferBuilder::new();
    let xy = Some(builder.create_vector(&vec![1.0f64; 2000]));
    let type_ = GeometryType::MultiPoint;
    let args = GeometryArgs { xy, type_, ..GeometryArgs::default() };
    let mut geometry = ::flatgeobuf::Geometry::create(&mut builder, &args);
    for _ in 0..levels {
        let parts = Some(builder.create_vector(&vec![geometry; parts]));
        let args = GeometryArgs {
            parts,
            type_: GeometryType::GeometryCollection,
            ..GeometryArgs::default()
        };
        geometry = ::flatgeobuf::Geometry::create(&mut builder, &args);
    }
    let args = FeatureArgs { geometry: Some(geometry), ..FeatureArgs::default() };
    let feature = Feature::create(&mut builder, &args);
    builder.finish_size_prefixed(feature, None);
    out.extend(builder.finished_data());
    // The count of features is not checked against what is there when it is unknown.
    let count = out.windows(8).position(|window| window == 2u64.to_le_bytes()).expect("a count");
    out[count] = 0;
    out
}

#[test]
fn parts_that_unfold_without_end_are_damage() {
    for (levels, parts) in [(1, 5000), (20, 100), (60, 2)] {
        let grid = read(&opened(&unfolding(levels, parts))).expect("reads").remove(0);
        assert_eq!(grid.rows(), 3);
        assert!(grid.notes[0].en.contains("feature 3"), "{:?}", grid.notes);
    }
    assert_eq!(read(&opened(&unfolding(1, 2))).expect("reads")[0].rows(), 4);
}

#[test]
fn damaged_files_never_panic() {
    for shapes in
        [&["POINT(1 2)", "POLYGON((0 0,1 0,1 1,0 0))"][..], &["MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"]]
    {
        let bytes = write_flatgeobuf("x", &layer(shapes), Some(4490));
        for damaged in mutations(&bytes, 20_000) {
            // Without the net under `read`, so that a panic would show.
            if let Ok(grid) = read_file(&damaged) {
                assert_eq!(grid.shapes.as_ref().expect("shapes").all.len(), grid.rows());
            }
        }
    }
}
