//! Geometry: coordinate systems, the forms shapes are written in, areas, lengths and distances, what
//! is wrong with a shape, overlaps and gaps, joins by place.
//!
//! Once a layer is on the map, coordinates are longitude and latitude in degrees on the ellipsoid
//! of CGCS2000, x east, y north. Whatever needs a plane is done in a [`Frame`](frame::Frame) of
//! metres around the place itself.

pub mod area;
pub mod bounds;
pub mod crs;
pub mod distance;
pub mod extent;
pub mod frame;
pub mod gaps;
pub mod join;
pub mod overlap;
pub mod parts;
pub mod repair;
pub mod validity;
pub mod wkb;
pub mod wkt;

mod contacts;
mod locator;
#[cfg(test)]
pub(crate) mod mutate;
mod planar;
