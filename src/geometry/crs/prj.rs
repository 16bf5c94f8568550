//! The text of a `.prj` file, as ESRI's software writes it.

use super::Crs;
use super::definition::utm_meridian;

const CGCS2000: &str = concat!(
    r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000","#,
    r#"SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],"#,
    r#"UNIT["Degree",0.0174532925199433]]"#
);

const WGS84: &str = concat!(
    r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],"#,
    r#"PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#
);

const WEB_MERCATOR: [(&str, &str); 5] = [
    ("False_Easting", "0.0"),
    ("False_Northing", "0.0"),
    ("Central_Meridian", "0.0"),
    ("Standard_Parallel_1", "0.0"),
    ("Auxiliary_Sphere_Type", "0.0"),
];

/// The text, for the systems that other software knows by name.
pub(super) fn write(crs: &Crs) -> Option<String> {
    match crs {
        Crs::Cgcs2000 => Some(CGCS2000.to_owned()),
        Crs::Wgs84 => Some(WGS84.to_owned()),
        Crs::GaussKruger(zone) => {
            let (easting, meridian) = (zone.false_easting(), zone.central_meridian());
            let parameters = transverse(easting, meridian, "1.0");
            Some(projected(&zone.esri_name(), CGCS2000, "Gauss_Kruger", &parameters))
        }
        Crs::Utm(zone) => {
            let parameters = transverse(500_000.0, utm_meridian(*zone), "0.9996");
            let name = format!("WGS_1984_UTM_Zone_{zone}N");
            Some(projected(&name, WGS84, "Transverse_Mercator", &parameters))
        }
        Crs::WebMercator => {
            let parameters = WEB_MERCATOR.map(|(name, value)| (name, value.to_owned()));
            let name = "WGS_1984_Web_Mercator_Auxiliary_Sphere";
            Some(projected(name, WGS84, "Mercator_Auxiliary_Sphere", &parameters))
        }
        Crs::Gcj02 | Crs::Bd09 | Crs::Explicit(_) => None,
    }
}

fn transverse(easting: f64, meridian: f64, scale: &str) -> [(&'static str, String); 5] {
    [
        ("False_Easting", format!("{easting:.1}")),
        ("False_Northing", "0.0".to_owned()),
        ("Central_Meridian", format!("{meridian:.1}")),
        ("Scale_Factor", scale.to_owned()),
        ("Latitude_Of_Origin", "0.0".to_owned()),
    ]
}

fn projected(name: &str, degrees: &str, method: &str, parameters: &[(&str, String)]) -> String {
    let each = parameters.iter().map(|(name, value)| format!("PARAMETER[\"{name}\",{value}]"));
    let parameters = each.collect::<Vec<String>>().join(",");
    format!(
        "PROJCS[\"{name}\",{degrees},PROJECTION[\"{method}\"],{parameters},UNIT[\"Meter\",1.0]]"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_esri_writes() {
        // PROJ 9.5.1, EPSG:4527 as WKT1_ESRI.
        let expected = r#"PROJCS["CGCS2000_3_Degree_GK_Zone_39",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",39500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",117.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        assert_eq!(Crs::of_epsg(4527).ok().and_then(|crs| crs.prj()).as_deref(), Some(expected));
    }

    #[test]
    fn every_text_is_read_back_as_its_code() {
        for code in (4490..=4554).chain([4326, 3857]).chain(32643..=32653) {
            let crs = Crs::of_epsg(code).expect("supported");
            let text = crs.prj().expect("a text");
            assert_eq!(Crs::of_text(&text), Ok(crs), "{text}");
        }
        assert_eq!(Crs::Gcj02.prj(), None);
    }
}
