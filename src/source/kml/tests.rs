use std::io::Write as _;

use super::*;
use crate::geometry::mutate::mutations;
use crate::geometry::wkt;
use encoding_rs::GB18030;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>全区</name>"#;

fn opened(bytes: impl AsRef<[u8]>) -> Opened {
    Opened { name: "a.kml".into(), bytes: bytes.as_ref().to_vec(), ..Opened::default() }
}

fn document(inside: &str) -> String {
    format!("{HEAD}{inside}</Document></kml>")
}

fn grid(text: &str) -> Grid {
    assert!(recognises(text.as_bytes()));
    read(&opened(text)).expect("reads").remove(0)
}

fn point(name: &str) -> String {
    format!(
        "<Placemark><name>{name}</name><Point><coordinates>116.5,39.5,0</coordinates></Point></Placemark>"
    )
}

fn column<'g>(grid: &'g Grid, name: &str) -> Vec<&'g str> {
    let index = (0..grid.columns()).find(|&column| grid.cell(0, column) == name);
    let index = index.unwrap_or_else(|| panic!("a column {name}"));
    (1..grid.rows()).map(|row| grid.cell(row, index)).collect()
}

#[test]
fn placemarks_have_their_data_in_columns_and_their_folders_in_a_path() {
    let grid = grid(&document(
        r##"<Folder><name>设施</name><Folder><name>养老</name><Placemark id="p1"><name> 甲 </name>
        <description><![CDATA[<b>在建</b> & 待验]]></description><ExtendedData><Data name="面积"><value>120</value></Data>
        <Data name="name"><value>别名</value></Data><SchemaData schemaUrl="#s"><SimpleData name="楼层">2</SimpleData></SchemaData>
        </ExtendedData></Placemark></Folder></Folder><Placemark><name>乙&amp;丙&#x4E00; A & B &nbsp;</name></Placemark>"##,
    ));
    assert_eq!(column(&grid, "name"), ["甲", "乙&丙一 A & B &nbsp;"]);
    assert_eq!(column(&grid, "description")[0], "<b>在建</b> & 待验");
    assert_eq!(column(&grid, "folder"), ["设施/养老", ""]);
    assert_eq!((column(&grid, "面积")[0], column(&grid, "楼层")[0]), ("120", "2"));
    assert_eq!(column(&grid, "name_2")[0], "别名");
    assert_eq!(grid.shapes.expect("shapes").claim, Claim::Epsg(4326));
}

#[test]
fn every_kind_of_geometry_is_read() {
    let ring =
        |coords: &str| format!("<LinearRing><coordinates>{coords}</coordinates></LinearRing>");
    let square = ring("0,0 4,0 4,4 0,0");
    let polygon = format!(
        "<Polygon><outerBoundaryIs>{square}</outerBoundaryIs><innerBoundaryIs>{}</innerBoundaryIs></Polygon>",
        ring("1,1,9 2,1,9 2,2,9 1,1,9")
    );
    let line = "<LineString><coordinates>1,2 3,4</coordinates></LineString>";
    let dot = "<Point><coordinates>1,2</coordinates></Point>";
    for (text, expected) in [
        (dot.to_owned(), "POINT(1 2)"),
        (line.to_owned(), "LINESTRING(1 2,3 4)"),
        (square.clone(), "LINESTRING(0 0,4 0,4 4,0 0)"),
        (polygon.clone(), "POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))"),
        (
            format!("<MultiGeometry>{dot}<MultiGeometry>{dot}</MultiGeometry></MultiGeometry>"),
            "MULTIPOINT((1 2),(1 2))",
        ),
        (
            format!("<MultiGeometry>{line}{line}</MultiGeometry>"),
            "MULTILINESTRING((1 2,3 4),(1 2,3 4))",
        ),
        (format!("{dot}{line}"), "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(1 2,3 4))"),
    ] {
        let grid = grid(&document(&format!("<Placemark>{text}</Placemark>")));
        let shapes = grid.shapes.expect("shapes");
        assert_eq!(wkt::write(shapes.all[1].as_ref().expect("kept")), expected);
        assert!(shapes.faults.is_empty());
    }
    let both = format!("<Placemark><MultiGeometry>{polygon}{polygon}</MultiGeometry></Placemark>");
    let shapes = grid(&document(&both)).shapes.expect("shapes");
    assert!(wkt::write(shapes.all[1].as_ref().expect("kept")).starts_with("MULTIPOLYGON"));
}

#[test]
fn a_geometry_that_cannot_be_read_is_a_fault_and_its_row_stays() {
    let text = ["116.5", "116.5,1e300", ""].map(|coordinates| {
        format!("<Placemark><Point><coordinates>{coordinates}</coordinates></Point></Placemark>")
    });
    let track = "<Placemark><gx:Track><gx:coord>1 2 3</gx:coord></gx:Track></Placemark>";
    let grid = grid(&document(&(text.concat() + track + "<Placemark/>")));
    let shapes = grid.shapes.as_ref().expect("shapes");
    assert_eq!((grid.rows(), shapes.all.iter().flatten().count()), (6, 0));
    assert_eq!(shapes.faults.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1, 2, 3, 4]);
}

#[test]
fn a_prefix_makes_no_difference() {
    let text = document(&point("甲")).replace("</", "</kml:").replace('<', "<kml:");
    let text = text.replace("<kml:/kml:", "</kml:").replace("<kml:?", "<?");
    assert_eq!(column(&grid(&text), "name"), ["甲"]);
}

#[test]
fn gbk_is_read_whatever_the_file_declares() {
    for declared in ["UTF-8", "GBK", "gb2312"] {
        let text = document(&point("幸福里")).replace("UTF-8", declared);
        let grid = read(&opened(GB18030.encode(&text).0)).expect("reads").remove(0);
        assert_eq!(column(&grid, "name"), ["幸福里"]);
        assert!(grid.notes[0].zh.contains("不是 UTF-8"));
        let declared_wrongly = read(&opened(text)).expect("reads").remove(0);
        assert_eq!(column(&declared_wrongly, "name"), ["幸福里"]);
    }
}

#[test]
fn damage_costs_only_its_placemark() {
    let damages: [fn(&str) -> String; 6] = [
        |text| text.replace("</name>", ""),
        |text| text.replace("</Placemark>", ""),
        |text| text.replace("<Point>", "<Point"),
        |text| text.replace("</Point>", "</Pint>"),
        |text| text.replace("<name>", "<name><![CDATA["),
        |text| text.replace("</coordinates>", "</coordinates"),
    ];
    for (index, damage) in damages.iter().enumerate() {
        let inside = [point("甲"), damage(&point("乙")), point("丙")].concat();
        let grid = grid(&document(&inside));
        assert_eq!(column(&grid, "name"), ["甲", "丙"], "damage {index}");
        assert!(grid.notes[0].en.starts_with("damage after placemark 1"), "{:?}", grid.notes);
    }
}

#[test]
fn a_file_cut_off_keeps_its_whole_placemarks() {
    let text = document(&[point("甲"), point("乙")].concat());
    for cut in 2..80 {
        let bytes = &text.as_bytes()[..text.len() - cut];
        let grid = read(&opened(bytes)).expect("reads").remove(0);
        assert_eq!(column(&grid, "name")[0], "甲");
        assert!(grid.notes[0].en.contains("the rest cannot be read"), "{:?}", grid.notes);
    }
    let words = read(&opened(&text.as_bytes()[..HEAD.len() + 20])).expect_err("refused");
    assert!(words.en.starts_with("a.kml: not one whole placemark"), "{words}");
    assert!(read(&opened("")).is_err());
}

#[test]
fn entities_are_never_expanded() {
    let bomb = r#"<!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>"#;
    let text = document(&point("&b;")).replace("<kml ", &format!("{bomb}<kml "));
    assert_eq!(column(&grid(&text), "name"), ["&b;"]);
    let deep = format!("<Placemark>{}</Placemark>", "<MultiGeometry>".repeat(100_000));
    let grid = grid(&document(&(point("甲") + &deep + &point("乙"))));
    assert_eq!(column(&grid, "name"), ["甲", "乙"]);
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        writer.write_all(text.as_bytes()).expect("writes");
    }
    writer.finish().expect("finishes").into_inner()
}

#[test]
fn the_main_document_of_an_archive_is_read() {
    let (first, main) = (document(&point("甲")), document(&point("乙")));
    let bytes = archive(&[("files/a.kml", &first), ("doc.kml", &main), ("icon.png", "x")]);
    assert!(recognises_kmz(&bytes));
    let grid = read_kmz(&opened(&bytes)).expect("reads").remove(0);
    assert_eq!(column(&grid, "name"), ["乙"]);
    assert!(grid.notes[0].en.contains("2 KML documents"));
    assert!(!recognises_kmz(&archive(&[("a.kml", &first), ("a.shp", "")])));
    assert!(read_kmz(&opened(archive(&[("a.txt", "")]))).is_err());
}

#[test]
fn damaged_files_never_panic() {
    let inside = format!("<Folder><name>x</name>{}{}</Folder>", point("甲"), point("乙&amp;&#20;"));
    let text = document(&inside);
    for damaged in mutations(text.as_bytes(), 10_000) {
        recognises(&damaged);
        if let Ok(grids) = read(&opened(&damaged)) {
            assert_eq!(grids[0].shapes.as_ref().expect("shapes").all.len(), grids[0].rows());
        }
    }
    let bytes = archive(&[("doc.kml", &text)]);
    for damaged in mutations(&bytes, 5000) {
        recognises_kmz(&damaged);
        drop(read_kmz(&opened(&damaged)));
    }
}
