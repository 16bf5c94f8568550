//! Which coordinates can be kept: a number that is none, or far beyond the earth, spoils every
//! later computation, so it stops at the reader.

use geo::CoordsIter;
use geo_types::{Coord, Geometry};

use crate::words::Words;

/// No coordinate of any system in use, in degrees or metres, is farther from zero than this.
pub const FARTHEST: f64 = 1e9;

/// The geometry itself, where it has coordinates and all of them are numbers within bounds.
///
/// # Errors
/// Which coordinate cannot be kept, or that there is none.
pub fn kept(geometry: Geometry<f64>) -> Result<Geometry<f64>, Words> {
    let mut empty = true;
    let bad =
        geometry.coords_iter().inspect(|_| empty = false).find(|coord| !within_bounds(*coord));
    if empty {
        return Err(Words::new("几何为空，没有坐标", "the geometry is empty: no coordinates"));
    }
    match bad {
        None => Ok(geometry),
        Some(Coord { x, y }) => Err(Words::new(
            format!("坐标（{x}，{y}）不是有限的数或超出 ±1e9，几何不予采用"),
            format!(
                "the coordinate ({x}, {y}) is no finite number within ±1e9; the geometry is not kept"
            ),
        )),
    }
}

fn within_bounds(coord: Coord<f64>) -> bool {
    // NaN compares as false.
    coord.x.abs() <= FARTHEST && coord.y.abs() <= FARTHEST
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPoint, Point};

    #[test]
    fn what_is_no_place_is_not_kept() {
        for bad in [f64::NAN, f64::INFINITY, -1e10, 1e300] {
            assert!(kept(Point::new(1.0, bad).into()).is_err(), "{bad}");
        }
        assert!(kept(MultiPoint::<f64>(vec![]).into()).is_err());
        assert!(kept(Point::new(39_512_345.6, 3_412_345.0).into()).is_ok());
    }
}
