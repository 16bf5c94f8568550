//! One record of a `.shp` becomes a geometry. Heights and measures are left where they are.
//!
//! Counts are checked against the length of the record before anything is allocated for them.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point};

use crate::geometry::bounds::FARTHEST;
use crate::source::bytes::{f64_le, u32_le};
use crate::words::Words;

use super::rings::assemble;

/// A geometry, and what kept it from being read or had to be mended.
#[derive(Debug, Default, PartialEq)]
pub struct Shape {
    /// None where the shape is null or could not be kept.
    pub geometry: Option<Geometry<f64>>,
    /// What was wrong, even if a geometry was kept.
    pub fault: Option<Words>,
}

impl<G: Into<Geometry<f64>>> From<G> for Shape {
    fn from(geometry: G) -> Shape {
        Shape { geometry: Some(geometry.into()), fault: None }
    }
}

/// Reads the content of one record; a null shape has neither geometry nor fault.
pub fn read(content: &[u8]) -> Shape {
    let shape = match u32_le(content, 0) {
        None | Some(0) => Ok(Shape::default()),
        Some(1 | 11 | 21) => points(content, 4, 1).map(|points| Point::from(points[0]).into()),
        Some(8 | 18 | 28) => multi_point(content),
        Some(3 | 13 | 23) => parts(content).and_then(lines),
        Some(5 | 15 | 25) => parts(content).and_then(polygons),
        Some(31) => Err(Words::new(
            "三维面片（MultiPatch）不能作为面读取，请导出为多边形",
            "a MultiPatch is not read as an area, export it as polygons",
        )),
        Some(kind) => Err(Words::new(
            format!("没有编号为 {kind} 的图形类型，记录已损坏"),
            format!("there is no shape type {kind}, the record is damaged"),
        )),
    };
    shape.unwrap_or_else(|fault| Shape { geometry: None, fault: Some(fault) })
}

fn damaged() -> Words {
    Words::new(
        "图形的部分数或点数与记录长度不符，记录已损坏",
        "the shape's counts of parts or points do not fit its record, which is damaged",
    )
}

/// As many points as the record has room for at this place, all of them finite.
fn points(content: &[u8], at: usize, count: usize) -> Result<Vec<Coord<f64>>, Words> {
    let length = count.checked_mul(16).ok_or_else(damaged)?;
    let bytes = content.get(at..).and_then(|rest| rest.get(..length)).ok_or_else(damaged)?;
    let pairs =
        bytes.chunks_exact(16).filter_map(|pair| Some((f64_le(pair, 0)?, f64_le(pair, 8)?)));
    let points: Vec<Coord<f64>> = pairs.map(Coord::from).collect();
    let is_place = |value: f64| value.abs() <= FARTHEST;
    match points.iter().find(|point| !(is_place(point.x) && is_place(point.y))) {
        None => Ok(points),
        Some(Coord { x, y }) => Err(Words::new(
            format!("坐标 {x}, {y} 不是有效位置（应为绝对值不超过 1e9 的数）"),
            format!("the coordinates {x}, {y} are no place (numbers up to 1e9 are)"),
        )),
    }
}

fn count(content: &[u8], at: usize) -> Result<usize, Words> {
    u32_le(content, at).map(|count| count as usize).ok_or_else(damaged)
}

fn multi_point(content: &[u8]) -> Result<Shape, Words> {
    match points(content, 40, count(content, 36)?)? {
        points if points.is_empty() => Err(empty()),
        points => Ok(MultiPoint::from(points).into()),
    }
}

fn empty() -> Words {
    Words::new("图形没有任何点", "the shape has no points")
}

/// The parts of a line or polygon, in the order of the file.
fn parts(content: &[u8]) -> Result<Vec<Vec<Coord<f64>>>, Words> {
    let (part_count, point_count) = (count(content, 36)?, count(content, 40)?);
    let length = part_count.checked_mul(4).ok_or_else(damaged)?;
    let starts = content.get(44..).and_then(|rest| rest.get(..length)).ok_or_else(damaged)?;
    let points = points(content, 44 + length, point_count)?;
    if points.is_empty() {
        return Err(empty());
    }
    let mut starts: Vec<usize> =
        starts.chunks_exact(4).filter_map(|start| u32_le(start, 0)).map(|at| at as usize).collect();
    starts.push(points.len());
    if starts[0] != 0 || !starts.is_sorted() {
        return Err(damaged());
    }
    Ok(starts.windows(2).map(|ends| points[ends[0]..ends[1]].to_vec()).collect())
}

fn lines(parts: Vec<Vec<Coord<f64>>>) -> Result<Shape, Words> {
    let all = parts.len();
    let is_line = |part: &Vec<Coord<f64>>| part.iter().any(|point| *point != part[0]);
    let mut kept: Vec<LineString<f64>> =
        parts.into_iter().filter(is_line).map(LineString::from).collect();
    let fault = (kept.len() < all).then(|| {
        let dropped = all - kept.len();
        Words::new(
            format!("线的 {all} 个部分中有 {dropped} 个没有长度，已略去"),
            format!("parts of the line without length, left out: {dropped} of {all}"),
        )
    });
    let geometry = match kept.len() {
        0 => None,
        1 => kept.pop().map(Geometry::from),
        _ => Some(MultiLineString(kept).into()),
    };
    Ok(Shape { geometry, fault })
}

fn polygons(parts: Vec<Vec<Coord<f64>>>) -> Result<Shape, Words> {
    let all = parts.len();
    let assembled = assemble(parts);
    let mut polygons = assembled.polygons;
    let odd = [
        (assembled.flat, "没有面积，已略去", "without area, left out"),
        (assembled.open, "没有闭合，已闭合", "that did not close, closed"),
        (assembled.repeated, "与另一环重合，已略去", "that repeat another, left out"),
        (
            assembled.crossing,
            "与另一环相交，内外按多数顶点判断",
            "that cross another, told inside from outside by most of their points",
        ),
    ];
    let odd = odd.into_iter().filter(|(count, ..)| *count > 0);
    let faults: Vec<Words> = odd
        .map(|(count, zh, en)| {
            Words::new(
                format!("{all} 个环中有 {count} 个{zh}"),
                format!("rings {en}: {count} of {all}"),
            )
        })
        .collect();
    let geometry = match polygons.len() {
        0 => None,
        1 => polygons.pop().map(Geometry::from),
        _ => Some(MultiPolygon(polygons).into()),
    };
    Ok(Shape { geometry, fault: (!faults.is_empty()).then(|| Words::join(&faults)) })
}
