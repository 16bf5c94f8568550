//! The geometry of a FlatGeobuf feature.

use ::flatgeobuf::{Geometry as Raw, GeometryType};
use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::words::Words;

const DEEPEST: usize = 32;

/// The geometry of a feature; none when it has no positions.
///
/// # Errors
/// Why it cannot be kept.
pub(super) fn read(raw: &Raw<'_>, declared: GeometryType) -> Result<Option<Geometry<f64>>, Words> {
    if raw.parts().is_none() && raw.xy().is_none_or(|xy| xy.is_empty()) {
        return Ok(None);
    }
    let kind = if declared == GeometryType::Unknown { raw.type_() } else { declared };
    geometry(raw, kind, 0).map(Some)
}

fn geometry(raw: &Raw<'_>, kind: GeometryType, depth: usize) -> Result<Geometry<f64>, Words> {
    if depth > DEEPEST {
        return Err(damaged());
    }
    Ok(match kind {
        GeometryType::Point => match positions(raw)?.first() {
            Some(coord) => Point(*coord).into(),
            None => MultiPoint(vec![]).into(),
        },
        GeometryType::MultiPoint => {
            MultiPoint(positions(raw)?.into_iter().map(Point).collect()).into()
        }
        GeometryType::LineString => LineString(positions(raw)?).into(),
        GeometryType::MultiLineString => MultiLineString(lines(raw)?).into(),
        GeometryType::Polygon => polygon(raw)?.into(),
        GeometryType::MultiPolygon => match raw.parts() {
            None => MultiPolygon(vec![polygon(raw)?]).into(),
            Some(parts) => {
                let polygons: Result<_, _> = parts.iter().map(|part| polygon(&part)).collect();
                MultiPolygon(polygons?).into()
            }
        },
        GeometryType::GeometryCollection => {
            let parts = raw.parts().into_iter().flatten();
            let members: Result<_, _> =
                parts.map(|part| geometry(&part, part.type_(), depth + 1)).collect();
            Geometry::GeometryCollection(GeometryCollection(members?))
        }
        other => {
            let name = other.variant_name().unwrap_or("?");
            return Err(Words::new(
                format!("几何类型 {name} 不能读取；可读取点、线、面及其复合，曲线请先转为折线"),
                format!(
                    "geometry type {name} is not read; points, lines, polygons and collections of them are; turn curves into lines first"
                ),
            ));
        }
    })
}

fn positions(raw: &Raw<'_>) -> Result<Vec<Coord<f64>>, Words> {
    let Some(xy) = raw.xy() else {
        return Ok(Vec::new());
    };
    let count = xy.len() / 2;
    Ok((0..count).map(|index| Coord { x: xy.get(2 * index), y: xy.get(2 * index + 1) }).collect())
}

/// The positions in pieces, by the number at which each piece ends; one piece where none is given.
fn lines(raw: &Raw<'_>) -> Result<Vec<LineString<f64>>, Words> {
    let all = positions(raw)?;
    let Some(ends) = raw.ends() else {
        return Ok(vec![LineString(all)]);
    };
    let mut start = 0;
    let mut lines = Vec::new();
    for end in ends {
        let end = end as usize;
        lines.push(LineString(all.get(start..end).ok_or_else(damaged)?.to_vec()));
        start = end;
    }
    Ok(lines)
}

fn polygon(raw: &Raw<'_>) -> Result<Polygon<f64>, Words> {
    let mut rings = lines(raw)?.into_iter();
    let outer = rings.next().unwrap_or(LineString(vec![]));
    Ok(Polygon::new(outer, rings.collect()))
}

fn damaged() -> Words {
    Words::new("几何数据损坏", "the geometry is damaged")
}
