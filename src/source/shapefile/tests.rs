use geo::Area;
use geo_types::Geometry;

use super::sample::*;
use super::*;
use crate::layer::Claim;

fn grid(shp: &[u8], parts: &[(&str, &[u8])]) -> Grid {
    let mut grids = read(&opened(shp, parts)).expect("reads");
    assert_eq!(grids.len(), 1);
    grids.remove(0)
}

fn shapes(grid: &Grid) -> &Shapes {
    grid.shapes.as_ref().expect("shapes")
}

/// The x of each point, none where there is no geometry; the row of headings left off.
fn places(grid: &Grid) -> Vec<Option<f64>> {
    let x = |geometry: &Option<Geometry<f64>>| match geometry {
        Some(Geometry::Point(point)) => Some(point.x()),
        _ => None,
    };
    shapes(grid).all[1..].iter().map(x).collect()
}

fn points(count: u32) -> (Vec<u8>, Vec<u8>) {
    let contents: Vec<Vec<u8>> = (1..=count).map(|x| point(1, f64::from(x), 0.0, &[])).collect();
    shp(&contents)
}

fn ids(count: usize) -> Vec<u8> {
    let all = ["1", "2", "3", "4", "5"].map(str::as_bytes);
    names(0, b"ID", &all[..count])
}

#[test]
fn shapes_stand_beside_their_records() {
    let (shp, shx) = points(2);
    assert!(recognises(&shp) && !recognises(&shp[..31]) && !recognises(b"PK\x03\x04"));
    let prj = "\u{feff}GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\"]\r\n";
    let grid = grid(&shp, &[("dbf", &ids(2)), ("shx", &shx), ("prj", prj.as_bytes())]);
    assert_eq!(rows(&grid), [["ID"], ["1"], ["2"]]);
    assert_eq!(places(&grid), [Some(1.0), Some(2.0)]);
    let text = "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\"]";
    assert_eq!(shapes(&grid).claim, Claim::Text(text.to_owned()));
    assert_eq!(shapes(&grid).all.len(), grid.rows());
    assert_eq!(grid.encoding.as_deref(), Some("ASCII"));
    assert_eq!(grid.notes.len(), 1, "{}", notes(&grid));
}

#[test]
fn a_deleted_record_takes_its_own_shape_with_it() {
    let (shp, shx) = points(4);
    let mut dbf = ids(4);
    delete(&mut dbf, 1);
    let grid = grid(&shp, &[("dbf", &dbf), ("shx", &shx)]);
    assert_eq!(rows(&grid), [["ID"], ["1"], ["3"], ["4"]]);
    assert_eq!(places(&grid), [Some(1.0), Some(3.0), Some(4.0)]);
    assert!(notes(&grid).contains("标记为已删除的记录 1 条"));
}

#[test]
fn a_null_shape_keeps_its_values() {
    let (shp, shx) = shp(&[point(1, 1.0, 0.0, &[]), vec![0; 4], point(1, 3.0, 0.0, &[])]);
    let grid = grid(&shp, &[("dbf", &ids(3)), ("shx", &shx)]);
    assert_eq!(places(&grid), [Some(1.0), None, Some(3.0)]);
    assert!(shapes(&grid).faults.is_empty());
    assert!(notes(&grid).contains("空图形（属性保留）1 个，首个在第 2 行"));
}

#[test]
fn a_damaged_shape_is_a_fault_of_its_row_alone() {
    let mut counts_too_much = parts(5, &[square(0.0, 0.0, 1.0)]);
    counts_too_much[36..40].copy_from_slice(&u32::MAX.to_le_bytes());
    let (shp, shx) = shp(&[
        point(1, f64::NAN, 0.0, &[]),
        point(1, 2e9, 0.0, &[]),
        counts_too_much,
        vec![31, 0, 0, 0],
        point(1, 5.0, 0.0, &[]),
    ]);
    let grid = grid(&shp, &[("dbf", &ids(5)), ("shx", &shx)]);
    assert_eq!(places(&grid), [None, None, None, None, Some(5.0)]);
    let rows: Vec<usize> = shapes(&grid).faults.iter().map(|fault| fault.0).collect();
    assert_eq!(rows, [1, 2, 3, 4]);
    assert_eq!(grid.cell(3, 0), "3");
    assert!(shapes(&grid).faults[3].1.en.contains("MultiPatch"));
}

#[test]
fn without_an_index_the_records_are_walked() {
    let (shp, _) = points(3);
    let grid = grid(&shp, &[("dbf", &ids(3))]);
    assert_eq!(places(&grid), [Some(1.0), Some(2.0), Some(3.0)]);
    assert_eq!(grid.notes.len(), 1, "{}", notes(&grid));
}

#[test]
fn the_order_of_the_index_counts_not_that_of_the_file() {
    // The first shape has grown and was appended; what is left of it lies in its old place.
    let (mut bytes, mut shx) = points(3);
    let grown = parts(3, &[vec![(1.0, 0.0), (2.0, 0.0)]]);
    let start = bytes.len() as u32;
    bytes.extend(1u32.to_be_bytes());
    bytes.extend((grown.len() as u32 / 2).to_be_bytes());
    bytes.extend(&grown);
    shx[100..104].copy_from_slice(&(start / 2).to_be_bytes());
    shx[104..108].copy_from_slice(&(grown.len() as u32 / 2).to_be_bytes());
    for parts in [&[("dbf", &ids(3)[..]), ("shx", &shx)][..], &[("dbf", &ids(3)[..])]] {
        let grid = grid(&bytes, parts);
        assert!(matches!(shapes(&grid).all[1], Some(Geometry::LineString(_))));
        assert_eq!(places(&grid), [None, Some(2.0), Some(3.0)]);
        assert_eq!(grid.notes.len(), 1, "{}", notes(&grid));
    }
}

#[test]
fn an_index_of_another_file_is_not_followed() {
    let (shp, mut shx) = points(3);
    shx[112..116].copy_from_slice(&60u32.to_be_bytes());
    let grid = grid(&shp, &[("dbf", &ids(3)), ("shx", &shx)]);
    assert_eq!(places(&grid), [Some(1.0), Some(2.0), Some(3.0)]);
    assert!(notes(&grid).contains(".shx 与 .shp 不符"));
}

#[test]
fn an_index_that_was_cut_off_hides_no_shapes() {
    let (mut bytes, shx) = points(3);
    let three = [Some(1.0), Some(2.0), Some(3.0)];
    for end in [40, 100, 108, 120] {
        let grid = grid(&bytes, &[("dbf", &ids(3)), ("shx", &shx[..end])]);
        assert_eq!(places(&grid), three, "{end}");
        assert!(notes(&grid).contains(".shx 与 .shp 不符"));
    }
    // Some programs number from 0, or do not number at all.
    for record in 0..3 {
        let at = 100 + record * 28;
        bytes[at..at + 4].copy_from_slice(&(record as u32).to_be_bytes());
    }
    for end in [100, 124] {
        let grid = grid(&bytes, &[("dbf", &ids(3)), ("shx", &shx[..end])]);
        assert_eq!(places(&grid), three, "{end}");
    }
}

#[test]
fn a_file_that_was_cut_off_gives_what_it_still_has() {
    let (shp, shx) = points(5);
    let cut = &shp[..shp.len() - 30];
    let grid = grid(cut, &[("dbf", &ids(5)), ("shx", &shx)]);
    assert_eq!(places(&grid), [Some(1.0), Some(2.0), Some(3.0), None, None]);
    let notes = notes(&grid);
    assert!(
        notes.contains(
            "完整图形 3 个（.shp），索引所列 5 个（.shx），表头所记 5 条、实有 5 条（.dbf）"
        ),
        "{notes}"
    );
    assert!(notes.contains("缺图形的行（属性保留）2 个，首个在第 4 行"), "{notes}");
    assert!(notes.contains("末尾有 26 字节不是完整图形"), "{notes}");
}

#[test]
fn a_table_that_was_cut_off_leaves_shapes_without_values() {
    let (shp, shx) = points(3);
    let dbf = ids(3);
    let grid = grid(&shp, &[("dbf", &dbf[..dbf.len() - 5]), ("shx", &shx)]);
    assert_eq!(rows(&grid), [["ID"], ["1"], ["2"], [""]]);
    assert_eq!(places(&grid), [Some(1.0), Some(2.0), Some(3.0)]);
    assert!(notes(&grid).contains("表头所记 3 条、实有 2 条"));
}

#[test]
fn records_beyond_the_shapes_are_kept_without_geometry() {
    let (shp, shx) = points(1);
    let mut dbf = ids(3);
    dbf[4] = 1;
    let grid = grid(&shp, &[("dbf", &dbf), ("shx", &shx)]);
    assert_eq!(rows(&grid), [["ID"], ["1"], ["2"], ["3"]]);
    assert_eq!(places(&grid), [Some(1.0), None, None]);
    assert!(notes(&grid).contains("表头所记 1 条、实有 3 条"));
}

#[test]
fn without_a_table_shapes_are_numbered() {
    let (shp, shx) = points(2);
    let grid = grid(&shp, &[("shx", &shx)]);
    assert_eq!(rows(&grid), [["FID"], ["0"], ["1"]]);
    assert_eq!(grid.encoding, None);
    assert!(notes(&grid).contains("没有 .dbf"));
}

#[test]
fn heights_and_measures_are_left_off() {
    let ring = square(0.0, 0.0, 2.0);
    let with_z = |kind| [parts(kind, std::slice::from_ref(&ring)), vec![0; 16 + 5 * 8]].concat();
    let (shp, shx) = shp(&[
        with_z(15),
        with_z(25),
        point(11, 1.0, 2.0, &[9.0, 0.0]),
        point(21, 1.0, 2.0, &[9.0]),
    ]);
    let grid = grid(&shp, &[("dbf", &ids(4)), ("shx", &shx)]);
    let areas: Vec<f64> = shapes(&grid).all[1..3].iter().flatten().map(Area::signed_area).collect();
    assert_eq!(areas, [4.0, 4.0]);
    assert_eq!(places(&grid)[2..], [Some(1.0), Some(1.0)]);
    assert!(shapes(&grid).faults.is_empty());
}

#[test]
fn a_projection_in_gbk_is_read_all_the_same() {
    let (shp, _) = points(1);
    let (prj, ..) = GB18030.encode("PROJCS[\"国家2000\"]");
    let grid = grid(&shp, &[("prj", &prj)]);
    assert_eq!(shapes(&grid).claim, Claim::Text("PROJCS[\"国家2000\"]".to_owned()));
    let blank = self::grid(&shp, &[("prj", b" \r\n")]);
    assert_eq!(shapes(&blank).claim, Claim::None);
}

#[test]
fn what_is_no_shapefile_says_so() {
    let error = read(&opened(b"abc", &[])).expect_err("refused");
    assert!(error.zh.starts_with("小区.shp：不是 .shp"));
}
