//! A layer as it is written: columns with types, geometry beside them, and what its coordinates are.

pub mod srs;

use geo_types::{Geometry, MultiLineString, MultiPoint, MultiPolygon, Rect};

use crate::words::Words;

use self::srs::Srs;

/// A layer to be written to a file.
#[derive(Debug, Clone, Default)]
pub struct OutLayer {
    /// Its name: the table's name in a GeoPackage.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// Its columns; all as long as `shapes`.
    pub fields: Vec<OutField>,
    /// Its geometry, one per row; a table without geometry has none.
    pub shapes: Option<Vec<Option<Geometry<f64>>>>,
    /// What its coordinates are, where that is known.
    pub srs: Option<Srs>,
    /// A QGIS style for it, as QML.
    pub style: Option<String>,
    /// A style for other programs, as SLD.
    pub sld: Option<String>,
}

/// A column to be written.
#[derive(Debug, Clone)]
pub struct OutField {
    /// Its name in the file.
    pub name: String,
    /// What a person calls it: the Chinese heading.
    pub alias: Option<String>,
    /// Its cells.
    pub cells: Cells,
}

/// The cells of a column to be written, of one type; what is not known is `None`.
#[derive(Debug, Clone, PartialEq)]
pub enum Cells {
    /// Texts.
    Text(Vec<Option<String>>),
    /// Numbers.
    Real(Vec<Option<f64>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Yes or no.
    Flag(Vec<Option<bool>>),
}

impl Cells {
    /// How many cells there are.
    pub fn len(&self) -> usize {
        match self {
            Cells::Text(cells) => cells.len(),
            Cells::Real(cells) => cells.len(),
            Cells::Integer(cells) => cells.len(),
            Cells::Flag(cells) => cells.len(),
        }
    }

    /// A cell as text; blank where nothing is known.
    pub fn text(&self, row: usize) -> String {
        match self {
            Cells::Text(cells) => cells[row].clone().unwrap_or_default(),
            Cells::Real(cells) => cells[row].map_or(String::new(), |cell| cell.to_string()),
            Cells::Integer(cells) => cells[row].map_or(String::new(), |cell| cell.to_string()),
            Cells::Flag(cells) => cells[row].map_or(String::new(), |cell| cell.to_string()),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl OutLayer {
    /// How many rows there are.
    ///
    /// # Errors
    /// When the columns differ in length or two have one name.
    pub fn rows(&self) -> Result<usize, Words> {
        let shapes = self.shapes.as_ref().map(Vec::len);
        let rows = shapes.or(self.fields.first().map(|field| field.cells.len())).unwrap_or(0);
        if let Some(field) = self.fields.iter().find(|field| field.cells.len() != rows) {
            let (layer, name, found) = (&self.name, &field.name, field.cells.len());
            return Err(Words::new(
                format!("图层 {layer}：字段 {name} 有 {found} 行，应为 {rows} 行"),
                format!("layer {layer}: field {name} has {found} rows, not {rows}"),
            ));
        }
        let mut names: Vec<String> =
            self.fields.iter().map(|field| field.name.to_ascii_lowercase()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(Words::new(
                format!("图层 {}：两个字段同名：{}", self.name, pair[0]),
                format!("layer {}: two fields are both called {}", self.name, pair[0]),
            )),
            None => Ok(rows),
        }
    }

    /// A name for a column of the format's own that no field has.
    pub fn free_name(&self, wanted: &str) -> String {
        let taken = |name: &str| self.fields.iter().any(|f| f.name.eq_ignore_ascii_case(name));
        let mut name = wanted.to_owned();
        while taken(&name) {
            name.push('_');
        }
        name
    }
}

/// The kind of a geometry, as formats name it.
pub fn kind_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

/// The bounds of both.
pub fn joined(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    let (a_min, a_max, b_min, b_max) = (a.min(), a.max(), b.min(), b.max());
    Rect::new(
        (a_min.x.min(b_min.x), a_min.y.min(b_min.y)),
        (a_max.x.max(b_max.x), a_max.y.max(b_max.y)),
    )
}

/// A geometry of one part as one of many parts: a layer of a GIS holds one kind.
pub fn as_multi(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Point(point) => MultiPoint(vec![point]).into(),
        Geometry::Line(line) => MultiLineString(vec![line.into()]).into(),
        Geometry::LineString(line) => MultiLineString(vec![line]).into(),
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]).into(),
        Geometry::Rect(rect) => MultiPolygon(vec![rect.to_polygon()]).into(),
        Geometry::Triangle(triangle) => MultiPolygon(vec![triangle.to_polygon()]).into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, rows: usize) -> OutField {
        OutField { name: name.into(), alias: None, cells: Cells::Real(vec![None; rows]) }
    }

    #[test]
    fn columns_of_unequal_length_or_equal_name_are_refused() {
        let layer = |fields| OutLayer { name: "小区".into(), fields, ..OutLayer::default() };
        assert_eq!(layer(vec![field("a", 2), field("b", 2)]).rows(), Ok(2));
        let words = layer(vec![field("a", 2), field("b", 3)]).rows().expect_err("unequal");
        assert_eq!(words.en, "layer 小区: field b has 3 rows, not 2");
        assert!(layer(vec![field("a", 2), field("A", 2)]).rows().is_err());
    }

    #[test]
    fn the_format_s_own_columns_give_way_to_fields() {
        let layer = OutLayer { fields: vec![field("FID", 0)], ..OutLayer::default() };
        assert_eq!(
            (layer.free_name("fid"), layer.free_name("geom")),
            ("fid_".into(), "geom".into())
        );
    }
}
