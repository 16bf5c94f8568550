//! Coordinates in the columns of a plain table: longitude and latitude, x and y, both in one cell,
//! or whole geometries as text.
//!
//! Nothing is put right here. What looks exchanged is said, so that somebody decides.

mod degrees;
mod headings;

use geo_types::{Geometry, Point};

use super::geojson;
use super::geojson::scan::Scan;
use crate::geometry::bounds::kept;
use crate::geometry::{wkb, wkt};
use crate::layer::{Claim, Grid, Shapes};
use crate::words::Words;

use degrees::{Axis, degrees};
use headings::Columns;

/// The geometry that a table's own columns give, one per row; nothing when no columns look like
/// coordinates.
///
/// The claim is none, but for the number that EWKT or EWKB states.
pub fn points_of(grid: &Grid, header: usize) -> Option<Shapes> {
    if header >= grid.rows() {
        return None;
    }
    let names: Vec<&str> = (0..grid.columns()).map(|column| grid.cell(header, column)).collect();
    let table = Table { grid, header };
    headings::candidates(&names).into_iter().find_map(|columns| match columns {
        Columns::Geometry(column) => table.written(column),
        Columns::Degrees { east, north, others } => {
            let mut shapes = table.pairs([east, north], [Axis::East, Axis::North], false)?;
            if others {
                let words = several(names[east], names[north]);
                shapes.faults.insert(0, (header, words));
            }
            Some(shapes)
        }
        Columns::Plain { x, y } => table.pairs([x, y], [Axis::Plain, Axis::Plain], true),
        Columns::Together(column) => table.together(column),
    })
}

struct Table<'g> {
    grid: &'g Grid,
    header: usize,
}

/// What one row gives: a geometry, nothing because nothing was written, or why not.
type Found = Result<Option<Geometry<f64>>, Words>;

impl Table<'_> {
    fn rows(&self) -> std::ops::Range<usize> {
        self.header + 1..self.grid.rows()
    }

    fn shapes(&self, mut found: impl FnMut(usize) -> Found) -> Shapes {
        let mut shapes = Shapes { all: vec![None; self.header + 1], ..Shapes::default() };
        for row in self.rows() {
            let outcome = found(row).and_then(|geometry| geometry.map(kept).transpose());
            shapes.all.push(outcome.unwrap_or_else(|words| {
                shapes.faults.push((row, words));
                None
            }));
        }
        shapes
    }

    /// WKT, hexadecimal WKB or GeoJSON in one column; only if the first that is written is one.
    fn written(&self, column: usize) -> Option<Shapes> {
        let cell = |row| self.grid.cell(row, column);
        let first = self.rows().map(cell).find(|cell| !cell.is_empty())?;
        geometry_of(first).ok()?;
        let mut claims = Vec::new();
        let mut shapes = self.shapes(|row| {
            if cell(row).is_empty() {
                return Ok(None);
            }
            let (srid, geometry) = geometry_of(cell(row))?;
            claims.push((row, srid));
            Ok(geometry)
        });
        let stated = claims.first().and_then(|(_, srid)| *srid);
        shapes.claim = stated.map_or(Claim::None, Claim::Epsg);
        if let Some((row, _)) = claims.iter().find(|(_, srid)| *srid != stated) {
            shapes.faults.push((*row, mixed_systems(cell(*row))));
        }
        Some(shapes)
    }

    /// Two columns; of `x` and `y` only if they hold numbers at all.
    fn pairs(&self, columns: [usize; 2], axes: [Axis; 2], must_read: bool) -> Option<Shapes> {
        let cells = |row| columns.map(|column| self.grid.cell(row, column));
        if self.rows().all(|row| cells(row) == ["", ""]) {
            return None;
        }
        let shapes = self.shapes(|row| point(cells(row), axes));
        let read = shapes.all.iter().any(Option::is_some);
        (read || !must_read).then(|| self.with_suspicions(shapes, must_read))
    }

    /// `116.39,39.9` in one column, if the first that is written is such.
    fn together(&self, column: usize) -> Option<Shapes> {
        let cell = |row| self.grid.cell(row, column);
        let first = self.rows().map(cell).find(|cell| !cell.is_empty())?;
        let axes = [Axis::East, Axis::North];
        point(split(first)?, axes).ok()?;
        let shapes = self.shapes(|row| match split(cell(row)) {
            _ if cell(row).is_empty() => Ok(None),
            Some(cells) => point(cells, axes),
            None => Err(no_pair(cell(row))),
        });
        Some(self.with_suspicions(shapes, false))
    }

    /// Says once, with the first row and how many there are, that coordinates look exchanged.
    fn with_suspicions(&self, mut shapes: Shapes, plain: bool) -> Shapes {
        let points = |test: fn(Point<f64>) -> bool| -> Vec<usize> {
            let all = shapes.all.iter().enumerate();
            all.filter(|(_, shape)| matches!(shape, Some(Geometry::Point(point)) if test(*point)))
                .map(|(row, _)| row)
                .collect()
        };
        let swapped = points(looks_swapped);
        let northing = if plain { points(looks_like_survey) } else { Vec::new() };
        if let Some(&row) = swapped.first() {
            shapes.faults.push((row, swapped_words(swapped.len())));
        }
        if let Some(&row) = northing.first() {
            shapes.faults.push((row, survey_words(northing.len())));
        }
        shapes
    }
}

fn point([x, y]: [&str; 2], axes: [Axis; 2]) -> Found {
    match (x, y) {
        ("", "") => Ok(None),
        ("", _) | (_, "") => Err(Words::new(
            format!("坐标只填了一半：“{x}”“{y}”"),
            format!("only one of both coordinates is filled in: \"{x}\", \"{y}\""),
        )),
        _ => {
            let read =
                |text: &str, axis: Axis| degrees(text, axis).ok_or_else(|| unreadable(text, axis));
            Ok(Some(Point::new(read(x, axes[0])?, read(y, axes[1])?).into()))
        }
    }
}

fn geometry_of(text: &str) -> Result<(Option<u32>, Option<Geometry<f64>>), Words> {
    let written = text.as_bytes();
    if text.starts_with('{') {
        let outcome = geojson::geometry::read(&mut Scan::new(written, 0));
        let broken = |_| Words::new("GeoJSON 几何不完整", "the GeoJSON geometry is broken");
        let shape = outcome.map_err(broken)?;
        return match (shape.geometry, shape.fault) {
            (None, Some(words)) => Err(words),
            (geometry, _) => Ok((None, geometry)),
        };
    }
    let hexadecimal = written.len() >= 10 && written.iter().all(u8::is_ascii_hexdigit);
    let read = if hexadecimal { wkb::read_hex(text) } else { wkt::read(text) };
    read.map(|(srid, geometry)| (srid, Some(geometry)))
}

fn split(cell: &str) -> Option<[&str; 2]> {
    let separator = |c: char| matches!(c, ',' | '，' | ';' | '；' | '、') || c.is_whitespace();
    let mut parts = cell.split(separator).filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(x), Some(y), None) => Some([x, y]),
        _ => None,
    }
}

/// Within China neither can be: no latitude lies above 54 degrees, no longitude below.
fn looks_swapped(point: Point<f64>) -> bool {
    (54.0..180.0).contains(&point.y()) && (3.0..54.0).contains(&point.x())
}

/// In surveying X is the northing; of seven digits in China, while the easting has six or eight.
fn looks_like_survey(point: Point<f64>) -> bool {
    let easting = (1e5..1e6).contains(&point.y()) || (1.3e7..4.6e7).contains(&point.y());
    (1.8e6..6.2e6).contains(&point.x()) && easting
}

fn unreadable(text: &str, axis: Axis) -> Words {
    let (zh, en) = match axis {
        Axis::East => ("经度", "longitude"),
        Axis::North => ("纬度", "latitude"),
        Axis::Plain => ("坐标", "coordinate"),
    };
    let example = if axis == Axis::North {
        "39.9、39°54′20″、39.9N"
    } else {
        "116.39、116°23′29″、116.39E"
    };
    Words::new(
        format!("{zh}“{text}”无法读取；可接受 {example}"),
        format!("cannot read the {en} \"{text}\"; accepted: {}", example.replace('、', ", ")),
    )
}

fn no_pair(text: &str) -> Words {
    Words::new(
        format!("坐标“{text}”无法读取；可接受“116.39,39.9”"),
        format!("cannot read the coordinates \"{text}\"; accepted: \"116.39,39.9\""),
    )
}

fn several(east: &str, north: &str) -> Words {
    Words::new(
        format!("表中有多组坐标列，采用“{east}”和“{north}”"),
        format!("there are several columns of coordinates; \"{east}\" and \"{north}\" are used"),
    )
}

fn mixed_systems(cell: &str) -> Words {
    let start: String = cell.chars().take(24).collect();
    Words::new(
        format!("几何“{start}…”声明的坐标系与前面的行不同"),
        format!("the geometry \"{start}…\" states another reference system than the rows before"),
    )
}

fn swapped_words(count: usize) -> Words {
    Words::new(
        format!("共 {count} 行的经纬度像是互换了（经度 3–54，纬度大于 54）；未作改动，请核对列名"),
        format!(
            "in {count} rows longitude and latitude look exchanged (longitude 3–54, latitude above 54); nothing was changed, check the headings"
        ),
    )
}

fn survey_words(count: usize) -> Words {
    Words::new(
        format!("共 {count} 行的 x 像是测量中的北坐标（7 位）、y 像是东坐标；未作改动，请核对列名"),
        format!(
            "in {count} rows x looks like the northing of a survey (seven digits) and y like the easting; nothing was changed, check the headings"
        ),
    )
}

#[cfg(test)]
mod tests;
