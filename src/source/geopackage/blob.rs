//! The header that a GeoPackage puts before the well-known binary of a geometry.

use geo::BoundingRect;
use geo_types::Geometry;

use crate::geometry::wkb;
use crate::words::Words;

/// A geometry as a cell holds it.
#[derive(Debug, PartialEq)]
pub struct Blob<'b> {
    /// The key of its reference system in this file.
    pub srs_id: i32,
    /// Its well-known binary; none for an empty geometry.
    pub wkb: Option<&'b [u8]>,
}

/// Takes the header off.
///
/// # Errors
/// When the bytes are no geometry of a GeoPackage.
pub fn parse(bytes: &[u8]) -> Result<Blob<'_>, Words> {
    let Some(([b'G', b'P', _version, flags], rest)) = bytes.split_first_chunk::<4>() else {
        return Err(no_geometry());
    };
    let (srs, rest) = rest.split_first_chunk::<4>().ok_or_else(no_geometry)?;
    let little = flags & 1 == 1;
    let srs_id = if little { i32::from_le_bytes(*srs) } else { i32::from_be_bytes(*srs) };
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(no_geometry()),
    };
    if flags & 0b10_0000 != 0 {
        return Err(extended());
    }
    let wkb = rest.get(envelope..).ok_or_else(no_geometry)?;
    let empty = flags & 0b1_0000 != 0;
    Ok(Blob { srs_id, wkb: (!empty).then_some(wkb) })
}

/// A geometry as a cell holds it, with its envelope unless it is a point.
pub fn write(geometry: &Geometry<f64>, srs_id: i32) -> Vec<u8> {
    let bounds = geometry.bounding_rect();
    let is_point = matches!(geometry, Geometry::Point(_));
    let envelope = bounds.filter(|_| !is_point);
    let flags = 1 | u8::from(envelope.is_some()) << 1 | u8::from(bounds.is_none()) << 4;
    let mut out = vec![b'G', b'P', 0, flags];
    out.extend(srs_id.to_le_bytes());
    if let Some(envelope) = envelope {
        let (min, max) = (envelope.min(), envelope.max());
        for number in [min.x, max.x, min.y, max.y] {
            out.extend(number.to_le_bytes());
        }
    }
    out.extend(wkb::write(geometry));
    out
}

fn no_geometry() -> Words {
    Words::new(
        "单元格不是 GeoPackage 几何（应以 GP 开头）",
        "the cell is no GeoPackage geometry (it would begin with GP)",
    )
}

fn extended() -> Words {
    Words::new(
        "几何为 GeoPackage 扩展类型，无法读取；请转为点、线、面",
        "the geometry is of an extended GeoPackage type, which cannot be read; points, lines and polygons can",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, point};

    fn header(flags: u8, srs: [u8; 4], envelope: usize) -> Vec<u8> {
        [b"GP\0".as_slice(), &[flags], &srs, &vec![0; envelope], b"wkb"].concat()
    }

    #[test]
    fn every_envelope_and_both_byte_orders_are_skipped() {
        for (code, length) in [(0, 0), (1, 32), (2, 48), (3, 48), (4, 64)] {
            let little = header(code << 1 | 1, [0x8A, 0x11, 0, 0], length);
            let big = header(code << 1, [0, 0, 0x11, 0x8A], length);
            for bytes in [little, big] {
                assert_eq!(parse(&bytes), Ok(Blob { srs_id: 4490, wkb: Some(b"wkb") }));
            }
        }
    }

    #[test]
    fn an_empty_geometry_has_no_bytes() {
        let empty = header(0b1_0001, [0; 4], 0);
        assert_eq!(parse(&empty), Ok(Blob { srs_id: 0, wkb: None }));
        let empty = write(&geo_types::LineString::<f64>(Vec::new()).into(), 4490);
        assert_eq!(parse(&empty), Ok(Blob { srs_id: 4490, wkb: None }));
    }

    #[test]
    fn what_is_no_geometry_is_refused() {
        assert!(parse(b"").is_err());
        assert!(parse(b"GP\0").is_err());
        assert!(parse(&header(5 << 1, [0; 4], 64)).is_err());
        assert!(parse(&header(1 << 1, [0; 4], 20)).is_err());
        assert!(parse(&header(0b10_0001, [0; 4], 0)).expect_err("extended").zh.contains("扩展"));
        assert!(parse(&wkb::write(&point!(x: 1., y: 2.).into())).is_err());
    }

    #[test]
    fn a_geometry_comes_back_as_it_was() {
        for geometry in [
            Geometry::from(point!(x: 114.3, y: 30.5)),
            line_string![(x: 1., y: 2.), (x: 3., y: 4.)].into(),
        ] {
            let bytes = write(&geometry, 4490);
            let blob = parse(&bytes).expect("its own header");
            let wkb = blob.wkb.expect("not empty");
            assert_eq!(wkb::read(wkb), Ok((None, geometry)));
        }
    }
}
