//! From the coordinates of a file to degrees and back.
//!
//! Between CGCS2000 and WGS 84 nothing is shifted, as is usual: the motion of the plates since 2000
//! has parted them by less than a metre, and no layer says of which year its WGS 84 is.

use geo::{Coord, Geometry, MapCoords};
use proj4rs::Proj;
use proj4rs::transform::transform;

use crate::words::Words;

use super::definition::utm_meridian;
use super::gcj02::{bd09_to_gcj02, gcj02_to_bd09, gcj02_to_wgs84, wgs84_to_gcj02};
use super::{Crs, Zone};

/// A coordinate system made ready for many points.
///
/// Some four million points a second and core; it can be shared between threads.
#[derive(Debug, Clone)]
pub struct Transformer {
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    /// Degrees stay as they are.
    Degrees,
    Gcj02,
    Bd09,
    /// Both as the projection library has them; the file holds degrees if `geographic`.
    Computed(Box<Computed>),
}

#[derive(Debug, Clone)]
struct Computed {
    file: Proj,
    degrees: Proj,
    geographic: bool,
}

impl Transformer {
    /// Makes a coordinate system ready.
    pub fn new(crs: &Crs) -> Transformer {
        let way = match crs {
            Crs::Cgcs2000 | Crs::Wgs84 => Way::Degrees,
            Crs::Gcj02 => Way::Gcj02,
            Crs::Bd09 => Way::Bd09,
            _ => {
                let definition = crs.definition().expect("all but map services have a definition");
                let computed = Computed::new(&definition, crs.is_geographic())
                    .expect("our definitions are tested, those of users are tried when read");
                Way::Computed(Box::new(computed))
            }
        };
        Transformer { way }
    }

    /// Degrees east and north of a point of the file; nothing where the system has no such point.
    pub fn to_lonlat(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let (lon, lat) = match &self.way {
            Way::Degrees => (x, y),
            Way::Gcj02 => gcj02_to_wgs84(x, y),
            Way::Bd09 => {
                let (lon, lat) = bd09_to_gcj02(x, y);
                gcj02_to_wgs84(lon, lat)
            }
            Way::Computed(computed) => computed.to_lonlat(x, y)?,
        };
        are_degrees(lon, lat).then_some((lon, lat))
    }

    /// A point of the file from degrees east and north.
    pub fn from_lonlat(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        if !are_degrees(lon, lat) {
            return None;
        }
        let (x, y) = match &self.way {
            Way::Degrees => (lon, lat),
            Way::Gcj02 => wgs84_to_gcj02(lon, lat),
            Way::Bd09 => {
                let (lon, lat) = wgs84_to_gcj02(lon, lat);
                gcj02_to_bd09(lon, lat)
            }
            Way::Computed(computed) => computed.of_lonlat(lon, lat)?,
        };
        (x.is_finite() && y.is_finite()).then_some((x, y))
    }

    /// Degrees of many points, in their order.
    pub fn points_to_lonlat(&self, points: &[Coord<f64>]) -> Vec<Option<Coord<f64>>> {
        points.iter().map(|&point| pair(self.to_lonlat(point.x, point.y))).collect()
    }

    /// A geometry in degrees; nothing if one of its points has none.
    pub fn geometry_to_lonlat(&self, geometry: &Geometry<f64>) -> Option<Geometry<f64>> {
        map(geometry, |point| pair(self.to_lonlat(point.x, point.y)))
    }

    /// A geometry in the coordinates of the file from one in degrees.
    pub fn geometry_from_lonlat(&self, geometry: &Geometry<f64>) -> Option<Geometry<f64>> {
        map(geometry, |point| pair(self.from_lonlat(point.x, point.y)))
    }
}

fn pair(point: Option<(f64, f64)>) -> Option<Coord<f64>> {
    point.map(|(x, y)| Coord { x, y })
}

/// A rectangle is no rectangle after a projection, so it becomes a polygon.
fn map(
    geometry: &Geometry<f64>,
    point: impl Fn(Coord<f64>) -> Option<Coord<f64>> + Copy,
) -> Option<Geometry<f64>> {
    let mapped = |geometry: &Geometry<f64>| geometry.try_map_coords(|at| point(at).ok_or(())).ok();
    match geometry {
        Geometry::Rect(rect) => mapped(&Geometry::Polygon(rect.to_polygon())),
        other => mapped(other),
    }
}

/// Whether two numbers can be a longitude and a latitude.
fn are_degrees(lon: f64, lat: f64) -> bool {
    lon.abs() <= 180.0 && lat.abs() <= 90.0
}

impl Computed {
    fn new(definition: &str, geographic: bool) -> Result<Computed, proj4rs::errors::Error> {
        Ok(Computed {
            file: Proj::from_proj_string(definition)?,
            degrees: Proj::from_proj_string("+proj=longlat +datum=WGS84")?,
            geographic,
        })
    }

    fn to_lonlat(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let point = if self.geographic { (x.to_radians(), y.to_radians()) } else { (x, y) };
        let (lon, lat) = moved(&self.file, &self.degrees, point)?;
        Some((lon.to_degrees(), lat.to_degrees()))
    }

    fn of_lonlat(&self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let point = (lon.to_radians(), lat.to_radians());
        let (x, y) = moved(&self.degrees, &self.file, point)?;
        Some(if self.geographic { (x.to_degrees(), y.to_degrees()) } else { (x, y) })
    }
}

fn moved(from: &Proj, to: &Proj, mut point: (f64, f64)) -> Option<(f64, f64)> {
    transform(from, to, &mut point).ok()?;
    Some(point)
}

/// Why a definition cannot be used for places in China, if so: it is tried there once.
pub(super) fn unusable(definition: &str, geographic: bool) -> Option<Words> {
    let computed = match Computed::new(definition, geographic) {
        Ok(computed) => computed,
        Err(error) => return Some(Words::same(error.to_string())),
    };
    let there = computed.of_lonlat(105.0, 35.0).filter(|(x, y)| x.is_finite() && y.is_finite());
    let back = there.and_then(|(x, y)| computed.to_lonlat(x, y));
    let returns = back.is_some_and(|(lon, lat)| (lon - 105.0).hypot(lat - 35.0) < 1e-6);
    (!returns).then(|| {
        Words::new("105°E 35°N 不能往返换算", "105°E 35°N cannot be computed there and back")
    })
}

/// The projection library's text for a zone.
pub(super) fn zone_definition(zone: Zone) -> String {
    format!(
        "+proj=tmerc +lat_0=0 +lon_0={} +k=1 +x_0={} +y_0=0 +ellps=GRS80 +units=m",
        zone.central_meridian(),
        zone.false_easting()
    )
}

/// The projection library's text for a northern UTM zone.
pub(super) fn utm_definition(zone: u8) -> String {
    let meridian = utm_meridian(zone);
    format!(
        "+proj=tmerc +lat_0=0 +lon_0={meridian} +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84 +units=m"
    )
}

#[cfg(test)]
mod tests {
    use geo::{Rect, point, polygon};

    use super::*;

    fn epsg(code: u32) -> Crs {
        Crs::of_epsg(code).expect("supported")
    }

    fn explicit(definition: &str) -> Transformer {
        Transformer::new(&Crs::of_text(definition).expect("explicit"))
    }

    /// Every supported projected code at three places, as PROJ computes them.
    fn reference() -> impl Iterator<Item = [f64; 5]> {
        let lines = include_str!("reference.csv").lines();
        lines.filter(|line| line.starts_with(|first: char| first.is_ascii_digit())).map(|line| {
            let cells: Vec<f64> =
                line.split(',').map(|cell| cell.parse().expect("a number")).collect();
            cells.try_into().expect("five cells")
        })
    }

    #[test]
    fn every_code_agrees_with_proj_to_a_thousandth_of_a_millimetre() {
        let mut codes = std::collections::BTreeSet::new();
        for [code, lon, lat, x, y] in reference() {
            let transformer = Transformer::new(&epsg(code as u32));
            let (found_x, found_y) = transformer.from_lonlat(lon, lat).expect("a point");
            assert!((found_x - x).hypot(found_y - y) < 1e-6, "{code} {lon} {lat}");
            let (found_lon, found_lat) = transformer.to_lonlat(x, y).expect("degrees");
            assert!((found_lon - lon).hypot(found_lat - lat) < 2e-11, "{code} {x} {y}");
            codes.insert(code as u32);
        }
        let expected: Vec<u32> =
            [3857].into_iter().chain(4491..=4554).chain(32643..=32653).collect();
        assert_eq!(codes.into_iter().collect::<Vec<u32>>(), expected);
    }

    #[test]
    fn a_point_returns_to_a_thousandth_of_a_millimetre() {
        for zone in Zone::all() {
            let transformer = Transformer::new(&Crs::GaussKruger(zone));
            for step in 0..63 {
                let offset = f64::from(step % 9) - 4.0;
                let (lon, lat) =
                    (zone.central_meridian() + offset, 4.1 + f64::from(step / 9) * 8.0);
                let (x, y) = transformer.from_lonlat(lon, lat).expect("a point");
                let (back_lon, back_lat) = transformer.to_lonlat(x, y).expect("degrees");
                let (again_x, again_y) =
                    transformer.from_lonlat(back_lon, back_lat).expect("a point");
                assert!((x - again_x).hypot(y - again_y) < 1e-6, "{zone:?} {lon} {lat}");
            }
        }
    }

    #[test]
    fn explicit_parameters_give_what_proj_gives() {
        // PROJ 9.5.1, to +proj=longlat +datum=WGS84.
        let seven = explicit(
            "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=krass \
             +towgs84=15.8,-154.4,-82.3,0.1,-0.2,0.3,4.5 +units=m",
        );
        let (lon, lat) = seven.to_lonlat(500123.456, 4060000.789).expect("degrees");
        assert!((lon - 117.002136960382).hypot(lat - 36.670561967592) < 1e-9, "{lon} {lat}");
        let three = explicit("+proj=longlat +ellps=krass +towgs84=15.8,-154.4,-82.3 +no_defs");
        let (lon, lat) = three.to_lonlat(117.0, 36.5).expect("degrees");
        assert!((lon - 117.000625272715).hypot(lat - 36.500202972671) < 1e-9, "{lon} {lat}");
        // The way back lacks the height that the shift gave, as in PROJ: under a millimetre.
        let (lon, lat) = three.from_lonlat(lon, lat).expect("degrees");
        assert!((lon - 117.0).hypot(lat - 36.5) < 1e-8, "{lon} {lat}");
    }

    #[test]
    fn degrees_of_cgcs2000_and_wgs84_are_the_same() {
        for code in [4490, 4326, 4480, 4979] {
            let transformer = Transformer::new(&epsg(code));
            assert_eq!(transformer.to_lonlat(117.0, 36.7), Some((117.0, 36.7)), "{code}");
        }
    }

    #[test]
    fn points_of_map_services_are_moved_back() {
        let gcj02 = Transformer::new(&Crs::Gcj02);
        let (lon, lat) = gcj02.to_lonlat(116.41024449916938, 39.91640428150164).expect("degrees");
        assert!((lon - 116.404).hypot(lat - 39.915) < 1e-9);
        for crs in [Crs::Gcj02, Crs::Bd09] {
            let transformer = Transformer::new(&crs);
            let (x, y) = transformer.from_lonlat(116.404, 39.915).expect("a point");
            let (lon, lat) = transformer.to_lonlat(x, y).expect("degrees");
            assert!((lon - 116.404).hypot(lat - 39.915) < 1e-9, "{crs:?}");
        }
    }

    #[test]
    fn what_is_no_place_has_no_degrees() {
        let zone = Transformer::new(&epsg(4527));
        for (x, y) in
            [(512_345.0, 4e6), (f64::NAN, 4e6), (39_500_000.0, f64::INFINITY), (1e300, 1e300)]
        {
            assert_eq!(zone.to_lonlat(x, y), None, "{x} {y}");
        }
        let degrees = Transformer::new(&Crs::Cgcs2000);
        assert_eq!(degrees.to_lonlat(39_500_000.0, 4_060_000.0), None);
        assert_eq!(degrees.to_lonlat(f64::NAN, 4.0), None);
        assert_eq!(zone.from_lonlat(117.0, 91.0), None);
    }

    #[test]
    fn a_geometry_is_converted_whole_or_not_at_all() {
        let zone = Transformer::new(&epsg(4548));
        let plot: Geometry<f64> = polygon![
            (x: 500_000.0, y: 4_060_000.0), (x: 500_100.0, y: 4_060_000.0), (x: 500_100.0, y: 4_060_100.0),
        ]
        .into();
        let degrees = zone.geometry_to_lonlat(&plot).expect("degrees");
        let Geometry::Polygon(ring) = zone.geometry_from_lonlat(&degrees).expect("metres") else {
            panic!("still a polygon");
        };
        let corner = ring.exterior().0[1];
        assert!((corner.x - 500_100.0).hypot(corner.y - 4_060_000.0) < 1e-6);
        assert_eq!(zone.geometry_to_lonlat(&point!(x: f64::NAN, y: 1.0).into()), None);
        let rect = Rect::new((500_000.0, 4_060_000.0), (500_100.0, 4_060_100.0));
        let turned = zone.geometry_to_lonlat(&rect.into()).expect("degrees");
        assert!(matches!(turned, Geometry::Polygon(_)));
        let points = zone.points_to_lonlat(&[rect.min(), (f64::NAN, 0.0).into()]);
        assert!(points[0].is_some() && points[1].is_none());
    }

    #[test]
    fn a_transformer_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Transformer>();
    }
}
