//! Why a layer's numbers contradict the system it is said to have.

use geo::Rect;

use crate::words::Words;

use super::extent::{Extent, Range};
use super::{Crs, Transformer, Zone};

/// What is wrong with the extent of a layer under a system, the most telling reason first.
pub(super) fn find(crs: &Crs, extent: Rect<f64>) -> Option<Words> {
    let extent = Extent::of(extent);
    if !extent.is_finite() {
        return Some(Words::new(
            "坐标范围含有不是数的值".to_owned(),
            "the extent holds values that are not numbers".to_owned(),
        ));
    }
    let by_digits = match crs {
        _ if crs.is_geographic() => degrees_problem(extent, crs),
        _ if is_degrees(extent) => Some(contradicts(
            extent,
            crs,
            "应为米，数值却是度；若为经纬度，应为 EPSG:4490",
            "metres are expected but the numbers are degrees; for degrees accept EPSG:4490",
        )),
        Crs::GaussKruger(zone) => zone_problem(extent, crs, *zone),
        Crs::Utm(_) => plain_problem(extent, crs, None),
        _ => None,
    };
    by_digits.or_else(|| place_problem(extent, crs))
}

/// Whether numbers are degrees of China in either order: too small for metres there.
fn is_degrees(extent: Extent) -> bool {
    extent.lies_in_china() || extent.swapped().lies_in_china()
}

fn contradicts(extent: Extent, crs: &Crs, zh: &str, en: &str) -> Words {
    let (x, y, system) = (extent.x.shown(), extent.y.shown(), crs.words());
    Words::new(
        format!("x 为 {x}、y 为 {y}，与“{}”不符：{zh}", system.zh),
        format!("x is {x} and y is {y}, which contradicts “{}”: {en}", system.en),
    )
}

fn degrees_problem(extent: Extent, crs: &Crs) -> Option<Words> {
    if extent.swapped().lies_in_china() && !extent.lies_in_china() {
        return Some(contradicts(
            extent,
            crs,
            "x、y 颠倒：x 应为经度，y 应为纬度",
            "x and y are swapped: x must be the longitude, y the latitude",
        ));
    }
    if extent.are_small() {
        return None;
    }
    let hint = extent.x.zone().or_else(|| extent.y.zone());
    let (zh, en) = match hint {
        Some(zone) => (
            format!("应为度，数值却是米；带号 {} 对应 EPSG:{}", zone.number(), zone.epsg()),
            format!(
                "degrees are expected but the numbers are metres; zone number {} means EPSG:{}",
                zone.number(),
                zone.epsg()
            ),
        ),
        None => (
            "应为度，数值却是米".to_owned(),
            "degrees are expected but the numbers are metres".to_owned(),
        ),
    };
    Some(contradicts(extent, crs, &zh, &en))
}

fn zone_problem(extent: Extent, crs: &Crs, zone: Zone) -> Option<Words> {
    if !zone.is_prefixed() {
        return plain_problem(extent, crs, Some(zone));
    }
    if let Some(found) = extent.x.zone() {
        return (found != zone).then(|| other_zone(extent, crs, zone, found));
    }
    if extent.y.zone().is_some() && extent.x.is_northing() {
        return Some(axes_swapped(extent, crs));
    }
    let (plain, number) = (zone.with_prefix(false).epsg(), zone.number());
    if extent.x.is_plain_easting() {
        return Some(contradicts(
            extent,
            crs,
            &format!("东坐标没有带号 {number}；不带带号应为 EPSG:{plain}"),
            &format!("the easting lacks the zone number {number}; without it accept EPSG:{plain}"),
        ));
    }
    Some(no_easting(extent, crs, zone.false_easting()))
}

fn other_zone(extent: Extent, crs: &Crs, zone: Zone, found: Zone) -> Words {
    let (wanted, number, code) = (zone.number(), found.number(), found.epsg());
    contradicts(
        extent,
        crs,
        &format!("东坐标的带号是 {number}，不是 {wanted}；{number} 带应为 EPSG:{code}"),
        &format!(
            "the easting begins with zone number {number}, not {wanted}; zone {number} is EPSG:{code}"
        ),
    )
}

/// Eastings of at most six digits are expected.
fn plain_problem(extent: Extent, crs: &Crs, zone: Option<Zone>) -> Option<Words> {
    if extent.x.is_plain_easting() {
        return None;
    }
    let is_easting = |range: Range| range.is_plain_easting() || range.zone().is_some();
    if is_easting(extent.y) && extent.x.is_northing() {
        return Some(axes_swapped(extent, crs));
    }
    let Some(found) = extent.x.zone() else {
        return Some(no_easting(extent, crs, 500_000.0));
    };
    let (number, code) = (found.number(), found.epsg());
    let same = zone.is_none_or(|zone| zone.with_prefix(true) == found);
    let (zh, en) = if same {
        ("", "")
    } else {
        ("（中央经线也不同）", " (another central meridian, too)")
    };
    Some(contradicts(
        extent,
        crs,
        &format!("东坐标带有带号 {number}，应为 EPSG:{code}{zh}"),
        &format!("the easting begins with zone number {number}, which is EPSG:{code}{en}"),
    ))
}

fn axes_swapped(extent: Extent, crs: &Crs) -> Words {
    contradicts(
        extent,
        crs,
        "x、y 颠倒：x 应为东坐标，y 应为北坐标（测量上的 X 是北坐标）",
        "x and y are swapped: x must be the easting, y the northing (a surveyor's X is the northing)",
    )
}

fn no_easting(extent: Extent, crs: &Crs, false_easting: f64) -> Words {
    let (low, high) = (false_easting - 500_000.0, false_easting + 499_999.0);
    contradicts(
        extent,
        crs,
        &format!("东坐标应在 {low:.0}–{high:.0} 之间"),
        &format!("an easting between {low:.0} and {high:.0} is expected"),
    )
}

/// Everything a user of this tool maps lies in China.
fn place_problem(extent: Extent, crs: &Crs) -> Option<Words> {
    let Some(degrees) = extent.to_lonlat(&Transformer::new(crs)) else {
        return Some(contradicts(
            extent,
            crs,
            "换算不出经纬度",
            "these numbers have no longitude and latitude there",
        ));
    };
    if degrees.lies_in_china() {
        return None;
    }
    if crs.is_geographic() {
        return Some(contradicts(
            extent,
            crs,
            "超出中国范围（经度 73–136、纬度 3–54）",
            "this is outside China (longitude 73–136, latitude 3–54)",
        ));
    }
    let (lon, lat) = (degrees.x.shown(), degrees.y.shown());
    Some(contradicts(
        extent,
        crs,
        &format!("换算得经度 {lon}、纬度 {lat}，超出中国范围（73–136、3–54）"),
        &format!("they come to longitude {lon}, latitude {lat}, outside China (73–136, 3–54)"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(code: u32, x: (f64, f64), y: (f64, f64)) -> String {
        let crs = Crs::of_epsg(code).expect("supported");
        let words = crs.problems(Rect::new((x.0, y.0), (x.1, y.1)));
        words.map_or(String::new(), |words| words.en)
    }

    const NORTH: (f64, f64) = (4_050_000.0, 4_080_000.0);
    const ZONE_39: (f64, f64) = (39_490_000.0, 39_520_000.0);
    const PLAIN: (f64, f64) = (490_000.0, 520_000.0);
    const LON: (f64, f64) = (116.9, 117.2);
    const LAT: (f64, f64) = (36.6, 36.8);

    #[test]
    fn numbers_that_fit_their_system_raise_nothing() {
        let web = ((13_013_000.0, 13_046_000.0), (4_384_000.0, 4_412_000.0));
        for (code, x, y) in [
            (4527, ZONE_39, NORTH),
            (4548, PLAIN, NORTH),
            (32650, PLAIN, NORTH),
            (4498, (20_490_000.0, 20_520_000.0), NORTH),
            (4490, LON, LAT),
            (3857, web.0, web.1),
        ] {
            assert_eq!(problem(code, x, y), "", "{code}");
        }
    }

    #[test]
    fn the_zone_number_of_the_easting_must_be_the_zone() {
        let found = problem(4527, (38_490_000.0, 38_520_000.0), NORTH);
        assert!(found.contains("zone number 38, not 39; zone 38 is EPSG:4526"), "{found}");
        let found = problem(4527, PLAIN, NORTH);
        assert!(
            found.contains("lacks the zone number 39") && found.contains("EPSG:4548"),
            "{found}"
        );
        let found = problem(4548, ZONE_39, NORTH);
        assert!(found.contains("which is EPSG:4527") && !found.contains("another"), "{found}");
        let found = problem(4549, ZONE_39, NORTH);
        assert!(found.contains("which is EPSG:4527 (another central meridian"), "{found}");
        let mixed = problem(4527, (38_490_000.0, 39_520_000.0), NORTH);
        assert!(mixed.contains("between 39000000 and 39999999"), "{mixed}");
    }

    #[test]
    fn swapped_axes_are_told_in_metres_and_in_degrees() {
        for (code, easting) in [(4527, ZONE_39), (4548, PLAIN), (4548, ZONE_39), (32650, PLAIN)] {
            let found = problem(code, NORTH, easting);
            assert!(found.contains("x and y are swapped"), "{code}: {found}");
        }
        assert!(problem(4490, LAT, LON).contains("x and y are swapped"));
    }

    #[test]
    fn degrees_called_metres_and_metres_called_degrees_are_told() {
        for code in [4527, 4548, 3857, 32650] {
            assert!(problem(code, LON, LAT).contains("the numbers are degrees"), "{code}");
        }
        let found = problem(4490, ZONE_39, NORTH);
        assert!(
            found.contains("the numbers are metres; zone number 39 means EPSG:4527"),
            "{found}"
        );
        assert!(problem(4326, PLAIN, NORTH).contains("the numbers are metres"));
    }

    #[test]
    fn a_place_outside_china_is_told() {
        assert!(problem(4490, (0.0, 117.0), (0.0, 36.6)).contains("outside China"));
        assert!(problem(4548, PLAIN, (100_000.0, 4_060_000.0)).contains("outside China"));
        assert!(problem(3857, (0.0, 1000.0), (0.0, 1000.0)).contains("outside China"));
        let nowhere = Rect::new((f64::NAN, 0.0), (1.0, 1.0));
        assert!(Crs::Cgcs2000.problems(nowhere).is_some());
        let huge = problem(4548, PLAIN, (0.0, 1e300));
        assert!(!huge.is_empty());
    }
}
