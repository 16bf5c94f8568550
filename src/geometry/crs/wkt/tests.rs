use super::*;
use crate::geometry::crs::Crs;

const DEGREES: &str = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;

/// WKT 2 of PROJ 9.5.1 for EPSG:4527, with its usage left out.
const WKT2: &str = r#"PROJCRS["CGCS2000 / 3-degree Gauss-Kruger zone 39",BASEGEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4490]],CONVERSION["3-degree Gauss-Kruger zone 39",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude of natural origin",117,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale factor at natural origin",1,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False easting",39500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",0,LENGTHUNIT["metre",1],ID["EPSG",8807]]],CS[Cartesian,2],AXIS["northing (X)",north,ORDER[1],LENGTHUNIT["metre",1]],AXIS["easting (Y)",east,ORDER[2],LENGTHUNIT["metre",1]],ID["EPSG",4527]]"#;

/// The `.prj` of a zone as ESRI's software writes it.
fn esri(method: &str, easting: f64, meridian: f64, scale: f64) -> String {
    format!(
        r#"PROJCS["any",{DEGREES},PROJECTION["{method}"],PARAMETER["False_Easting",{easting:.1}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
    )
}

fn crs(text: &str) -> Crs {
    let definition = read(text).unwrap_or_else(|words| panic!("{text}: {words}"));
    definition.crs().unwrap_or_else(|words| panic!("{text}: {words}"))
}

fn code(text: &str) -> Option<u32> {
    crs(text).authority()
}

fn refusal(text: &str) -> String {
    read(text).and_then(|definition| definition.crs()).expect_err("refused").en
}

#[test]
fn a_prj_of_any_zone_is_matched_by_its_values() {
    for method in ["Gauss_Kruger", "Transverse_Mercator", "Transverse Mercator"] {
        assert_eq!(code(&esri(method, 39_500_000.0, 117.0, 1.0)), Some(4527), "{method}");
        assert_eq!(code(&esri(method, 20_500_000.0, 117.0, 1.0)), Some(4498), "{method}");
        assert_eq!(code(&esri(method, 500_000.0, 120.0, 1.0)), Some(4549), "{method}");
    }
    assert_eq!(code(DEGREES), Some(4490));
}

#[test]
fn the_other_notations_of_the_same_zone_are_read_alike() {
    let plain = esri("Gauss_Kruger", 39_500_000.0, 117.0, 1.0);
    let spaced = plain.replace(',', " ,\r\n\t");
    let round = plain.replace('[', "(").replace(']', ")");
    let lower = plain.replace("PARAMETER", "Parameter").replace("PROJCS", "projcs");
    let exponent = plain.replace("39500000.0", "3.95E+7");
    let height = format!("{plain},VERTCS[\"x\"]");
    let compound = format!("COMPD_CS[\"x\",{plain},VERT_CS[\"y\",VERT_DATUM[\"z\",2005]]]");
    for text in [&spaced, &round, &lower, &exponent, &height, &compound, WKT2] {
        assert_eq!(code(text), Some(4527), "{text}");
    }
}

#[test]
fn a_mangled_name_is_no_obstacle() {
    let zone = esri("Gauss_Kruger", 39_500_000.0, 117.0, 1.0);
    for name in ["D_国家2000", "D_\u{fffd}\u{fffd}[2000", "¹ú¼Ò´óµØ", "D_??2000", "\"\"quoted\"\"?"]
    {
        assert_eq!(code(&zone.replace("D_China_2000", name)), Some(4527), "{name}");
    }
}

#[test]
fn utm_and_web_mercator_are_known() {
    let utm = esri("Transverse_Mercator", 500_000.0, 117.0, 0.9996)
        .replace("D_China_2000", "D_WGS_1984")
        .replace("298.257222101", "298.257223563");
    assert_eq!(code(&utm), Some(32650));
    let web = Crs::WebMercator.prj().expect("text");
    assert_eq!(code(&web), Some(3857));
    let gdal = web
        .replace("Mercator_Auxiliary_Sphere\"]", "Mercator_1SP\"]")
        .replace("UNIT[\"Meter\",1.0]]", "UNIT[\"metre\",1],AUTHORITY[\"EPSG\",\"3857\"]]");
    assert_eq!(code(&gdal), Some(3857));
    let ensemble = r#"GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["World Geodetic System 1984 (Transit)"],ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]],ENSEMBLEACCURACY[2.0]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],CS[ellipsoidal,2],AXIS["geodetic latitude (Lat)",north,ORDER[1],ANGLEUNIT["degree",0.0174532925199433]],AXIS["geodetic longitude (Lon)",east,ORDER[2],ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]]"#;
    assert_eq!(code(ensemble), Some(4326));
}

#[test]
fn a_system_of_the_town_keeps_its_parameters() {
    let town = crs(&esri("Gauss_Kruger", 500_000.0, 117.25, 1.0));
    let (x, y) = town.from_lonlat(117.25, 36.5).expect("a point");
    let (zone_x, zone_y) =
        Crs::of_epsg(4548).expect("supported").from_lonlat(117.0, 36.5).expect("a point");
    assert!((x - zone_x).hypot(y - zone_y) < 1e-6, "{x} {y}");
    let kilometres =
        esri("Gauss_Kruger", 500.0, 117.0, 1.0).replace("\"Meter\",1.0", "\"km\",1000.0");
    let (x, y) = crs(&kilometres).from_lonlat(117.0, 36.5).expect("a point");
    assert!((x - zone_x / 1000.0).hypot(y - zone_y / 1000.0) < 1e-9, "{x} {y}");
}

#[test]
fn conic_projections_of_the_nation_are_read() {
    // Values of PROJ 9.5.1 for both.
    let conic = |method: &str, first: f64, second: f64| {
        crs(&format!(
            r#"PROJCS["x",{DEGREES},PROJECTION["{method}"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",105.0],PARAMETER["Standard_Parallel_1",{first}],PARAMETER["Standard_Parallel_2",{second}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        ))
    };
    let (x, y) = conic("Albers", 25.0, 47.0).from_lonlat(117.0, 36.5).expect("a point");
    assert!((x - 1_052_870.614332).hypot(y - 3_968_019.509754) < 1e-3, "{x} {y}");
    let lambert = conic("Lambert_Conformal_Conic", 30.0, 62.0);
    let (x, y) = lambert.from_lonlat(117.0, 36.5).expect("a point");
    assert!((x - 1_045_074.504116).hypot(y - 4_498_956.018795) < 1e-3, "{x} {y}");
}

#[test]
fn old_datums_are_refused_by_name_with_the_string_to_give() {
    let zone = esri("Gauss_Kruger", 500_000.0, 120.0, 1.0);
    let beijing = zone
        .replace("D_China_2000", "D_Beijing_1954")
        .replace("6378137.0,298.257222101", "6378245.0,298.3");
    let words = refusal(&beijing);
    assert!(words.contains("Beijing 1954") && words.contains("+lon_0=120"), "{words}");
    let xian = zone
        .replace("D_China_2000", "D_Xian_1980")
        .replace("6378137.0,298.257222101", "6378140.0,298.257");
    assert!(refusal(&xian).contains("Xi'an 1980"));
    let shifted = beijing.replace("298.3]", "298.3],TOWGS84[15.8,-154.4,-82.3,0,0,0,0]");
    assert!(refusal(&shifted).contains("+towgs84=15.8,-154.4,-82.3,0,0,0,0"));
    let lost = beijing.replace("D_Beijing_1954", "D_\u{fffd}\u{fffd}");
    assert!(refusal(&lost).contains("Beijing 1954"), "the ellipsoid tells");
    let american =
        zone.replace("D_China_2000", "D_North_American_1983").replace("CGCS2000", "GRS_1980");
    assert!(refusal(&american).contains("D_North_American_1983"));
}

#[test]
fn a_bound_shift_is_never_dropped() {
    let bound = format!(
        r#"BOUNDCRS[SOURCECRS[{WKT2}],TARGETCRS[{DEGREES}],ABRIDGEDTRANSFORMATION["x",METHOD["y"],PARAMETER["X-axis translation",15.8],PARAMETER["Y-axis translation",0],PARAMETER["Z-axis translation",0],PARAMETER["X-axis rotation",0],PARAMETER["Y-axis rotation",0],PARAMETER["Z-axis rotation",0],PARAMETER["Scale difference",1.0000045]]]"#
    );
    assert!(refusal(&bound).contains("+towgs84=15.8,0,0,0,0,0,4.5"), "{}", refusal(&bound));
    let by_nothing = bound.replace("15.8", "0").replace("1.0000045", "1");
    assert_eq!(code(&by_nothing), Some(4527));
}

#[test]
fn a_code_that_contradicts_the_values_is_told() {
    let wrong = WKT2.replace("ID[\"EPSG\",4527]", "ID[\"EPSG\",4548]");
    let words = refusal(&wrong);
    assert!(words.contains("EPSG:4548") && words.contains("EPSG:4527"), "{words}");
}

#[test]
fn what_is_no_map_system_is_told() {
    let geocentric = r#"GEODCRS["x",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101]],CS[Cartesian,3],AXIS["(X)",geocentricX]]"#;
    let grads = DEGREES.replace("0.0174532925199433", "0.0157079632679489");
    let paris = DEGREES.replace("\"Greenwich\",0.0", "\"Paris\",2.33");
    for text in [geocentric, &grads, &paris, "LOCAL_CS[\"x\"]", "VERT_CS[\"x\",1]", "PROJCS[\"x\"]"]
    {
        assert!(refusal(text).contains("declare"), "{text}");
    }
}

#[test]
fn damaged_text_is_refused_and_nothing_overflows() {
    let whole = esri("Gauss_Kruger", 39_500_000.0, 117.0, 1.0);
    for cut in (0..whole.len()).filter(|&cut| whole.is_char_boundary(cut)) {
        assert!(read(&whole[..cut]).is_err(), "{cut}");
    }
    let deep = "A[".repeat(500_000);
    let open = format!("PROJCS[\"{}", "x".repeat(100_000));
    for text in ["", "[", "A[]", "A[,]", "A[\"", "PROJCS[[", "😀[\"\"]", &deep, &open] {
        assert!(read(text).is_err());
    }
}
