use super::*;
use crate::geometry::mutate::mutations;
use crate::geometry::wkt;
use encoding_rs::GB18030;

fn opened(bytes: impl AsRef<[u8]>) -> Opened {
    Opened { name: "a.geojson".into(), bytes: bytes.as_ref().to_vec(), ..Opened::default() }
}

fn grid(bytes: impl AsRef<[u8]>) -> Grid {
    assert!(recognises(bytes.as_ref()));
    read(&opened(bytes)).expect("reads").remove(0)
}

fn point(name: &str) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"名称":"{name}"}},"geometry":{{"type":"Point","coordinates":[116.5,39.5]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n"))
}

fn names(grid: &Grid) -> Vec<&str> {
    (1..grid.rows()).map(|row| grid.cell(row, 0)).collect()
}

#[test]
fn every_outermost_form_gives_rows() {
    let feature = point("幸福里");
    let geometry = r#"{"type":"Point","coordinates":[1,2]}"#;
    let collected = format!(r#"{{"type":"GeometryCollection","geometries":[{geometry}]}}"#);
    for (text, rows) in [
        (collection(&[feature.clone(), feature.clone()]), 2),
        (collection(&[]), 0),
        (feature, 1),
        (geometry.to_owned(), 1),
        (collected, 1),
    ] {
        let grid = grid(format!("\u{feff} \n{text}\n"));
        assert_eq!((grid.rows(), grid.notes.len()), (rows + 1, 0), "{text}");
        let shapes = grid.shapes.expect("shapes");
        assert_eq!(shapes.claim, Claim::Text("OGC:CRS84".into()));
        assert_eq!(shapes.all.iter().flatten().count(), rows);
        assert!(shapes.all[0].is_none());
    }
}

#[test]
fn gbk_is_read_and_said() {
    let grid = grid(GB18030.encode(&collection(&[point("幸福里")])).0);
    assert_eq!(names(&grid), ["幸福里"]);
    assert!(grid.notes[0].zh.contains("不是 UTF-8"), "{:?}", grid.notes);
}

#[test]
fn the_old_crs_member_is_what_the_file_claims() {
    for (crs, claim) in [
        (
            r#"{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}"#,
            Claim::Epsg(4490),
        ),
        (r#"{"type":"EPSG","properties":{"code":4527}}"#, Claim::Epsg(4527)),
        (r#"{"type":"name","properties":{"name":"CGCS2000"}}"#, Claim::Text("CGCS2000".into())),
        ("null", Claim::None),
    ] {
        for text in [
            format!(r#"{{"crs":{crs},"type":"FeatureCollection","features":[]}}"#),
            format!(r#"{{"type":"FeatureCollection","features":[],"crs":{crs}}}"#),
        ] {
            assert_eq!(grid(text).shapes.expect("shapes").claim, claim, "{crs}");
        }
    }
}

#[test]
fn a_damaged_feature_costs_only_itself() {
    let damages: [fn(&str) -> String; 7] = [
        |text| text.replace("\"properties\":", "\"properties\""),
        |text| text.replacen("\"乙\"", "\"乙", 1),
        |text| text[..text.len() - 1].to_owned(),
        |text| text.replacen("}", "", 1),
        |text| text.replacen("{\"名称\"", "\"名称\"", 1),
        |text| text.replace("[116.5,39.5]", "[116.5,39..5]"),
        |text| text[..40].to_owned() + "\0\0\0\0",
    ];
    for (index, damage) in damages.iter().enumerate() {
        let text = collection(&[point("甲"), damage(&point("乙")), point("丙"), point("丁")]);
        let grid = grid(text);
        assert_eq!(names(&grid), ["甲", "丙", "丁"], "damage {index}");
        assert_eq!(grid.notes.len(), 1, "{:?}", grid.notes);
        let note = &grid.notes[0].en;
        assert!(note.contains("after feature 1") && note.contains("byte "), "{note}");
    }
}

#[test]
fn a_text_that_does_not_end_costs_no_other_feature() {
    let last = |name: &str| {
        format!(r#"{{"type":"Feature","geometry":null,"properties":{{"名称":"{name}"}}}}"#)
    };
    let text = collection(&[last("甲"), last("乙").replace("乙\"", "乙"), last("丙"), last("丁")]);
    let grid = grid(text);
    assert_eq!((names(&grid), grid.notes.len()), (vec!["甲", "丙", "丁"], 1));
}

#[test]
fn a_bad_byte_costs_only_its_feature() {
    let mut bytes = collection(&[point("甲"), point("乙"), point("丙")]).into_bytes();
    let at = bytes.windows(3).position(|three| three == "乙".as_bytes()).expect("is there");
    bytes[at] = 0xFF;
    let grid = grid(bytes);
    assert_eq!(names(&grid), ["甲", "丙"]);
    assert!(grid.notes[0].en.contains(&format!("byte {at} ")), "{:?}", grid.notes);
}

#[test]
fn a_file_cut_off_keeps_its_whole_features() {
    let text = collection(&[point("甲"), point("乙"), point("丙")]);
    for cut in 2..100 {
        let grid = grid(&text.as_bytes()[..text.len() - cut]);
        assert_eq!(names(&grid)[..2], ["甲", "乙"], "{cut}");
        assert!(
            grid.notes[0].en.contains("the rest of the file cannot be read"),
            "{:?}",
            grid.notes
        );
    }
}

#[test]
fn what_is_not_valid_from_the_start_names_line_and_column() {
    let words = |text: &str| read(&opened(text)).expect_err("refused").en;
    let text = "{\n \"type\": \"FeatureCollection\",\n \"features\" [] }";
    assert!(words(text).contains("a.geojson: ") && words(text).contains("(line 3, column 13)"));
    assert!(words("").contains("the file ends at byte 0"));
    let cut = r#"{"type":"FeatureCollection","features":[{"type":"Feature","prop"#;
    assert!(words(cut).contains("not one whole feature"), "{}", words(cut));
}

#[test]
fn relatives_of_geojson_are_named() {
    for (text, part) in [
        (r#"{"type":"Topology","objects":{},"arcs":[]}"#, "TopoJSON"),
        (
            r#"{"geometryType":"esriGeometryPoint","features":[{"attributes":{"a":1}}]}"#,
            "ArcGIS JSON",
        ),
        (r#"{"type":"Other","coordinates":1}"#, "its type is \"Other\""),
    ] {
        assert!(recognises(text.as_bytes()), "{text}");
        let words = read(&opened(text)).expect_err("refused").en;
        assert!(words.contains(part), "{words}");
    }
}

#[test]
fn other_json_is_not_claimed() {
    for text in [r#"{"a":1}"#, "[1,2]", "a,b\n1,2", "", "{", r#"{"type":"point"}"#] {
        assert!(!recognises(text.as_bytes()), "{text}");
    }
}

#[test]
fn a_geometry_beyond_bounds_is_a_fault_and_its_row_stays() {
    let bad = point("乙").replace("39.5", "1e999");
    let grid = grid(collection(&[point("甲"), bad]));
    let shapes = grid.shapes.as_ref().expect("shapes");
    assert_eq!(names(&grid), ["甲", "乙"]);
    assert!(shapes.all[1].is_some() && shapes.all[2].is_none());
    assert_eq!(shapes.faults[0].0, 2);
}

#[test]
fn strangers_among_the_features_are_set_aside() {
    let grid = grid(collection(&[point("甲"), "null".into(), "{\"a\":1}".into(), point("乙")]));
    assert_eq!(names(&grid), ["甲", "乙"]);
    assert_eq!(grid.notes.len(), 2);
}

#[test]
fn damaged_files_never_panic_and_keep_what_is_whole() {
    let text = collection(&[point("甲"), point("乙"), point("丙")]);
    for damaged in mutations(text.as_bytes(), 20_000) {
        recognises(&damaged);
        if let Ok(grids) = read(&opened(&damaged)) {
            let shapes = grids[0].shapes.as_ref().expect("shapes");
            assert_eq!(shapes.all.len(), grids[0].rows());
            shapes.all.iter().flatten().for_each(|shape| drop(wkt::write(shape)));
        }
    }
}

#[test]
fn much_damage_is_counted_and_takes_linear_time() {
    let bad = r#"{"type":"Feature","properties":{"a" 1}"#.to_owned();
    let features: Vec<String> = std::iter::repeat_n(bad, 50_000).chain([point("甲")]).collect();
    let grid = grid(collection(&features));
    assert_eq!((grid.rows(), grid.notes.len()), (2, 11));
    assert!(grid.notes[10].en.contains("49990 more"));
}
