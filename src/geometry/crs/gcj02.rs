//! GCJ-02 and BD-09: the shifted degrees of Chinese map services, and the way back.
//!
//! The forward formulas are the ones in public use since 2010. The inverses repeat the forward
//! formula until it returns the point that was given: what is left is under 0.1 mm, where the
//! usual one-step inverse leaves 1 to 2 m. How far the public formulas are from the ones that the
//! services use is not published. Points outside the box that the formulas treat as China are
//! returned unchanged.

use std::f64::consts::PI;

/// The semi-major axis of the Krasovsky ellipsoid, in metres.
const SEMI_MAJOR: f64 = 6_378_245.0;
/// The square of its eccentricity, as the formulas have it.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;
/// Half a turn in the unit of the waves of BD-09.
const WAVE: f64 = PI * 3000.0 / 180.0;
/// The inverses stop when the forward formula comes this close, in degrees: about 0.01 mm.
const TOLERANCE: f64 = 1e-10;
/// The inverses need about six steps anywhere in China.
const STEPS: usize = 30;

/// GCJ-02 degrees from WGS 84 degrees.
pub fn wgs84_to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    if is_shifted(lon, lat) { to_gcj02(lon, lat) } else { (lon, lat) }
}

/// WGS 84 degrees from GCJ-02 degrees, to under 0.1 mm of the forward formula.
pub fn gcj02_to_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if is_shifted(lon, lat) { invert(to_gcj02, lon, lat) } else { (lon, lat) }
}

/// BD-09 degrees from GCJ-02 degrees.
pub fn gcj02_to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    if is_shifted(lon, lat) { to_bd09(lon, lat) } else { (lon, lat) }
}

/// GCJ-02 degrees from BD-09 degrees, to under 0.1 mm of the forward formula.
pub fn bd09_to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    if is_shifted(lon, lat) { invert(to_bd09, lon, lat) } else { (lon, lat) }
}

/// The box that the formulas treat as China; not a number lies outside.
fn is_shifted(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

fn to_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let (east, north) = shift(x, y);
    let latitude = lat.to_radians();
    let sine = latitude.sin();
    let squared = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let along_meridian =
        SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / (squared * squared.sqrt()) * PI / 180.0;
    let along_parallel = SEMI_MAJOR / squared.sqrt() * latitude.cos() * PI / 180.0;
    (lon + east / along_parallel, lat + north / along_meridian)
}

/// The shift to the east and to the north, in metres.
fn shift(x: f64, y: f64) -> (f64, f64) {
    let wave = |length: f64, position: f64| (position / length * PI).sin();
    let common = 20.0 * wave(1.0, 6.0 * x) + 20.0 * wave(1.0, 2.0 * x);
    let root = x.abs().sqrt();
    let east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
    let east_waves =
        20.0 * wave(1.0, x) + 40.0 * wave(3.0, x) + 150.0 * wave(12.0, x) + 300.0 * wave(30.0, x);
    let north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
    let north_waves =
        20.0 * wave(1.0, y) + 40.0 * wave(3.0, y) + 160.0 * wave(12.0, y) + 320.0 * wave(30.0, y);
    (east + (common + east_waves) * 2.0 / 3.0, north + (common + north_waves) * 2.0 / 3.0)
}

fn to_bd09(lon: f64, lat: f64) -> (f64, f64) {
    let radius = lon.hypot(lat) + 0.000_02 * (lat * WAVE).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * WAVE).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

/// The point that a forward formula takes to the point given.
///
/// Both shifts change by less than two per cent of a step, so each round gains about two digits.
fn invert(forward: fn(f64, f64) -> (f64, f64), lon: f64, lat: f64) -> (f64, f64) {
    let (mut x, mut y) = (lon, lat);
    for _ in 0..STEPS {
        let (found_lon, found_lat) = forward(x, y);
        let (east, north) = (lon - found_lon, lat - found_lat);
        x += east;
        y += north;
        if east.abs().max(north.abs()) < TOLERANCE {
            break;
        }
    }
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Way = fn(f64, f64) -> (f64, f64);

    fn apart(a: (f64, f64), b: (f64, f64)) -> f64 {
        (a.0 - b.0).abs().max((a.1 - b.1).abs())
    }

    /// Longitude and latitude in WGS 84 and in GCJ-02, from the tests of eviltransform (Shanghai,
    /// Shenzhen, Beijing) and the manual of coordtransform (Tiananmen).
    const PUBLISHED: [[f64; 4]; 4] = [
        [121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
        [113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
        [116.377817, 39.911954, 116.38404722455657, 39.91334545536069],
        [116.404, 39.915, 116.41024449916938, 39.91640428150164],
    ];

    #[test]
    fn published_examples_come_out() {
        for [lon, lat, gcj_lon, gcj_lat] in PUBLISHED {
            assert!(apart(wgs84_to_gcj02(lon, lat), (gcj_lon, gcj_lat)) < 1e-12, "{lon}");
            assert!(apart(gcj02_to_wgs84(gcj_lon, gcj_lat), (lon, lat)) < 1e-10, "{lon}");
        }
        let bd09 = gcj02_to_bd09(116.404, 39.915);
        assert!(apart(bd09, (116.41036949371029, 39.92133699351021)) < 1e-12, "{bd09:?}");
        // The manual's inverse takes one step and is off by up to a metre.
        let gcj02 = bd09_to_gcj02(116.404, 39.915);
        assert!(apart(gcj02, (116.39762729119315, 39.90865673957631)) < 1e-5, "{gcj02:?}");
    }

    #[test]
    fn every_inverse_returns_to_the_point_anywhere_in_china() {
        let pairs: [(Way, Way); 2] =
            [(wgs84_to_gcj02, gcj02_to_wgs84), (gcj02_to_bd09, bd09_to_gcj02)];
        for step in 0..64 * 52 {
            let lon = 73.0 + f64::from(step % 64) * 0.9837;
            let lat = 3.0 + f64::from(step / 64) * 0.9731;
            for (forward, inverse) in pairs {
                let (there_lon, there_lat) = forward(lon, lat);
                let back = inverse(there_lon, there_lat);
                assert!(apart(back, (lon, lat)) < 1e-9, "{lon} {lat}: {back:?}");
                let (here_lon, here_lat) = inverse(lon, lat);
                let again = forward(here_lon, here_lat);
                assert!(apart(again, (lon, lat)) < 1e-9, "{lon} {lat}: {again:?}");
            }
        }
    }

    #[test]
    fn the_shift_is_tens_to_hundreds_of_metres() {
        for step in 0..60 * 48 {
            let (lon, lat) = (74.0 + f64::from(step % 60), 4.0 + f64::from(step / 60));
            let (gcj_lon, gcj_lat) = wgs84_to_gcj02(lon, lat);
            let east = (gcj_lon - lon) * 111_320.0 * lat.to_radians().cos();
            let metres = east.hypot((gcj_lat - lat) * 111_000.0);
            assert!((10.0..1200.0).contains(&metres), "{lon} {lat}: {metres}");
        }
    }

    #[test]
    fn places_abroad_and_numbers_that_are_none_stay_as_they_are() {
        let ways: [Way; 4] = [wgs84_to_gcj02, gcj02_to_wgs84, gcj02_to_bd09, bd09_to_gcj02];
        for way in ways {
            assert_eq!(way(-104.9903, 39.7392), (-104.9903, 39.7392));
            assert_eq!(way(139.6917, 35.6895), (139.6917, 35.6895));
            assert_eq!(way(f64::INFINITY, 30.0), (f64::INFINITY, 30.0));
            assert!(way(f64::NAN, 30.0).0.is_nan());
        }
    }
}
