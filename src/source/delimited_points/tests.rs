use super::*;

fn grid(rows: &[&[&str]]) -> Grid {
    let mut grid = Grid::default();
    rows.iter().for_each(|row| grid.push_row(row.iter().copied()));
    grid
}

fn texts(shapes: &Shapes) -> Vec<String> {
    shapes.all.iter().map(|shape| shape.as_ref().map(wkt::write).unwrap_or_default()).collect()
}

#[test]
fn each_row_has_its_point_and_the_rows_above_have_none() {
    let grid = grid(&[
        &["设施名录"],
        &["名称", "经度", "纬度"],
        &["甲", "116.39", "39.9"],
        &["乙", "116°30′", "39.5N"],
        &["丙", "", ""],
    ]);
    let shapes = points_of(&grid, 1).expect("points");
    assert_eq!(texts(&shapes), ["", "", "POINT(116.39 39.9)", "POINT(116.5 39.5)", ""]);
    assert_eq!((shapes.faults.len(), shapes.claim), (0, Claim::None));
}

#[test]
fn what_was_written_and_cannot_be_read_is_a_fault() {
    let grid = grid(&[
        &["lng", "lat"],
        &["116.39", "待核"],
        &["116.39", ""],
        &["1e300", "39"],
        &["116", "39"],
    ]);
    let shapes = points_of(&grid, 0).expect("points");
    assert_eq!(texts(&shapes), ["", "", "", "", "POINT(116 39)"]);
    assert_eq!(shapes.faults.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(shapes.faults[0].1.zh.contains("纬度“待核”无法读取；可接受 39.9"));
}

#[test]
fn exchanged_coordinates_are_said_once_and_left_alone() {
    let swapped =
        grid(&[&["经度", "纬度"], &["39.9", "116.39"], &["39.8", "116.3"], &["116", "39"]]);
    let shapes = points_of(&swapped, 0).expect("points");
    assert_eq!(texts(&shapes)[1], "POINT(39.9 116.39)");
    assert_eq!((shapes.faults.len(), shapes.faults[0].0), (1, 1));
    assert!(shapes.faults[0].1.en.contains("in 2 rows longitude and latitude look exchanged"));
    let survey = grid(&[&["X", "Y"], &["3412345.6", "39512345.6"]]);
    let shapes = points_of(&survey, 0).expect("points");
    assert_eq!(texts(&shapes)[1], "POINT(3412345.6 39512345.6)");
    assert!(shapes.faults[0].1.en.contains("northing"));
}

#[test]
fn x_and_y_count_only_without_longitude_and_latitude_and_with_numbers() {
    let both = grid(&[&["x", "y", "lon", "lat"], &["1", "2", "116", "39"]]);
    assert_eq!(texts(&points_of(&both, 0).expect("points"))[1], "POINT(116 39)");
    let other = grid(&[&["x", "y"], &["√", "有"]]);
    assert!(points_of(&other, 0).is_none());
}

#[test]
fn geometries_written_as_text_are_read() {
    let grid = grid(&[
        &["名称", "geometry"],
        &["甲", "SRID=4490;POINT(116.5 39.5)"],
        &["乙", ""],
        &["丙", "01010000208A1100000000000000405D400000000000804340"],
        &["丁", "POLYGON((0 0,1"],
        &["戊", r#"{"type":"Point","coordinates":[1,2]}"#],
    ]);
    let shapes = points_of(&grid, 0).expect("shapes");
    assert_eq!(texts(&shapes), ["", "POINT(116.5 39.5)", "", "POINT(117 39)", "", "POINT(1 2)"]);
    assert_eq!(shapes.claim, Claim::Epsg(4490));
    assert_eq!(shapes.faults.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [4, 5]);
    assert!(shapes.faults[1].1.en.contains("another reference system"));
}

#[test]
fn both_coordinates_may_stand_in_one_cell() {
    let rows = [&["location"][..], &["116.39,39.9"], &["116.3，39.8"], &["甲路1号"]];
    let shapes = points_of(&grid(&rows), 0).expect("points");
    assert_eq!(texts(&shapes), ["", "POINT(116.39 39.9)", "POINT(116.3 39.8)", ""]);
    assert_eq!(shapes.faults.len(), 1);
    assert!(points_of(&grid(&[&["location"], &["甲路1号"]]), 0).is_none());
}

#[test]
fn other_tables_have_no_points() {
    for rows in [
        &[&["名称", "面积"][..], &["甲", "1"]][..],
        &[&["lon", "lat"]],
        &[&["lon", "lat"], &["", ""]],
        &[&["geometry"], &["圆形"]],
        &[],
    ] {
        assert!(points_of(&grid(rows), 0).is_none(), "{rows:?}");
    }
    assert!(points_of(&grid(&[&["lon", "lat"]]), 7).is_none());
}
