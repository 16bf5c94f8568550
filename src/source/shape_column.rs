//! The geometry of a layer as it is read, row after row.

use geo::CoordsIter;
use geo_types::Geometry;

use crate::geometry::{bounds, wkb};
use crate::layer::{Claim, Shapes};
use crate::words::Words;

/// Collects the geometry of a layer; a geometry that cannot be kept leaves a fault.
#[derive(Debug)]
pub struct ShapeColumn {
    shapes: Shapes,
}

impl Default for ShapeColumn {
    fn default() -> ShapeColumn {
        // The row of headings has no geometry.
        ShapeColumn { shapes: Shapes { all: vec![None], ..Shapes::default() } }
    }
}

impl ShapeColumn {
    /// Appends the geometry of the next row from well-known binary and gives the SRID in it.
    pub fn push_wkb(&mut self, bytes: &[u8]) -> Option<u32> {
        match wkb::read(bytes) {
            Ok((srid, geometry)) => {
                self.push(geometry);
                srid
            }
            Err(words) => {
                self.push_fault(words);
                None
            }
        }
    }

    /// Appends the geometry of the next row.
    pub fn push(&mut self, geometry: Geometry<f64>) {
        match kept(geometry) {
            Ok(geometry) => self.shapes.all.push(geometry),
            Err(words) => self.push_fault(words),
        }
    }

    /// Appends a row without geometry.
    pub fn push_none(&mut self) {
        self.shapes.all.push(None);
    }

    /// Appends a row whose geometry cannot be kept.
    pub fn push_fault(&mut self, words: Words) {
        self.shapes.faults.push((self.shapes.all.len(), words));
        self.shapes.all.push(None);
    }

    /// The geometry of all rows.
    pub fn finish(self, claim: Claim) -> Shapes {
        Shapes { claim, ..self.shapes }
    }
}

/// The geometry unless it is empty; an error when a coordinate is no place.
fn kept(geometry: Geometry<f64>) -> Result<Option<Geometry<f64>>, Words> {
    // An empty point has no other form in well-known binary.
    if let Geometry::Point(point) = geometry
        && point.x().is_nan()
        && point.y().is_nan()
    {
        return Ok(None);
    }
    let empty = geometry.coords_iter().next().is_none();
    if empty { Ok(None) } else { bounds::kept(geometry).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, point};

    #[test]
    fn a_geometry_that_cannot_be_kept_leaves_its_row_and_a_fault() {
        let mut column = ShapeColumn::default();
        column.push(point!(x: 114.3, y: 30.5).into());
        column.push(line_string![(x: 0., y: f64::INFINITY), (x: 1., y: 1.)].into());
        column.push(point!(x: 2e9, y: 0.).into());
        column.push_wkb(&[1, 2]);
        column.push_none();
        let shapes = column.finish(Claim::Epsg(4490));
        assert_eq!(shapes.all.len(), 6);
        assert!(shapes.all[1].is_some());
        let rows: Vec<usize> = shapes.faults.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, [2, 3, 4]);
    }

    #[test]
    fn an_empty_geometry_is_none_without_a_fault() {
        let mut column = ShapeColumn::default();
        column.push(point!(x: f64::NAN, y: f64::NAN).into());
        column.push(geo_types::LineString::<f64>(Vec::new()).into());
        let shapes = column.finish(Claim::None);
        assert_eq!((shapes.all, shapes.faults), (vec![None, None, None], Vec::new()));
    }
}
