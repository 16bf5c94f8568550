//! Well-known binary: the plain form, PostGIS's EWKB with its reference system, and ISO's Z and M.
//!
//! Z and M are passed over. Every count is checked against the bytes that are left before anything
//! is allocated, and collections nest to a limit.

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::words::Words;

const DEEPEST: usize = 32;

/// Reads one geometry and the number of its reference system, where EWKB states one.
///
/// `POINT EMPTY` becomes a multipoint without members: there is no empty point in [`geo_types`].
///
/// # Errors
/// The byte at which the data is damaged or of a kind that is not read.
///
/// ```text
/// 01 01000000 0000000000405D40 0000000000804340   a point at 117, 39
/// ```
pub fn read(bytes: &[u8]) -> Result<(Option<u32>, Geometry<f64>), Words> {
    let mut reader = Reader { bytes, at: 0 };
    let (head, geometry) = reader.geometry(0)?;
    if reader.at < bytes.len() {
        let left = bytes.len() - reader.at;
        return Err(Words::new(
            format!("WKB 在几何之后还多出 {left} 个字节"),
            format!("WKB: {left} bytes are left over after the geometry"),
        ));
    }
    Ok((head.srid.filter(|&srid| srid != 0), geometry))
}

/// Reads WKB written as hexadecimal digits, as PostGIS puts it into text columns.
///
/// # Errors
/// As [`read`], and when the text is not hexadecimal.
pub fn read_hex(text: &str) -> Result<(Option<u32>, Geometry<f64>), Words> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let bytes: Option<Vec<u8>> = text
        .trim()
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    let bytes = bytes.ok_or_else(|| {
        Words::new(
            "不是成对的十六进制数字，不能作为 WKB 读取",
            "not pairs of hexadecimal digits, so no WKB",
        )
    })?;
    read(&bytes)
}

/// Writes a geometry as ISO WKB: two dimensions, little endian.
pub fn write(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut out = Vec::new();
    write_geometry(&mut out, geometry);
    out
}

struct Head {
    kind: u32,
    /// Numbers per position: two to four.
    dimensions: usize,
    little: bool,
    srid: Option<u32>,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Words> {
        let piece = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>());
        let piece = piece.ok_or_else(|| {
            Words::new(
                format!("WKB 在第 {} 个字节处中断", self.bytes.len()),
                format!("WKB ends too early, after {} bytes", self.bytes.len()),
            )
        })?;
        self.at += N;
        Ok(*piece)
    }

    fn number(&mut self, little: bool) -> Result<u32, Words> {
        let bytes = self.take::<4>()?;
        Ok(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn head(&mut self) -> Result<Head, Words> {
        let start = self.at;
        let little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            [other] => {
                return Err(Words::new(
                    format!("WKB 字节 {start} 处的字节序标记是 {other}，应为 0 或 1"),
                    format!("WKB: the byte order mark at byte {start} is {other}, not 0 or 1"),
                ));
            }
        };
        let code = self.number(little)?;
        let plain = code & 0x0FFF_FFFF;
        let (thousands, kind) = (plain / 1000, plain % 1000);
        if thousands > 3 {
            return Err(unknown_kind(start, plain));
        }
        let z = code & 0x8000_0000 != 0 || thousands % 2 == 1;
        let m = code & 0x4000_0000 != 0 || thousands >= 2;
        let srid = if code & 0x2000_0000 != 0 { Some(self.number(little)?) } else { None };
        Ok(Head { kind, dimensions: 2 + usize::from(z) + usize::from(m), little, srid })
    }

    /// A count of things that take at least so many bytes each.
    fn count(&mut self, head: &Head, least: usize) -> Result<usize, Words> {
        let start = self.at;
        let count = self.number(head.little)? as usize;
        let room = (self.bytes.len() - self.at) / least;
        if count > room {
            return Err(Words::new(
                format!("WKB 字节 {start} 处声明 {count} 个部分，余下的字节最多容纳 {room} 个"),
                format!("WKB: byte {start} announces {count} parts, but there is room for {room}"),
            ));
        }
        Ok(count)
    }

    fn coord(&mut self, head: &Head) -> Result<Coord<f64>, Words> {
        let mut numbers = [0.0; 2];
        for index in 0..head.dimensions {
            let bytes = self.take::<8>()?;
            let number =
                if head.little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) };
            if let Some(place) = numbers.get_mut(index) {
                *place = number;
            }
        }
        Ok(Coord { x: numbers[0], y: numbers[1] })
    }

    fn line(&mut self, head: &Head) -> Result<LineString<f64>, Words> {
        let count = self.count(head, 8 * head.dimensions)?;
        let coords: Result<Vec<_>, Words> = (0..count).map(|_| self.coord(head)).collect();
        Ok(LineString(coords?))
    }

    fn polygon(&mut self, head: &Head) -> Result<Polygon<f64>, Words> {
        let count = self.count(head, 4)?;
        if count == 0 {
            return Ok(Polygon::empty());
        }
        let outer = self.line(head)?;
        let holes: Result<Vec<_>, Words> = (1..count).map(|_| self.line(head)).collect();
        Ok(Polygon::new(outer, holes?))
    }

    fn geometry(&mut self, depth: usize) -> Result<(Head, Geometry<f64>), Words> {
        let start = self.at;
        if depth > DEEPEST {
            return Err(Words::new(
                format!("WKB 的集合嵌套超过 {DEEPEST} 层"),
                format!("WKB: collections are nested more than {DEEPEST} deep"),
            ));
        }
        let head = self.head()?;
        let geometry = match head.kind {
            1 => match self.coord(&head)? {
                Coord { x, y } if x.is_nan() && y.is_nan() => MultiPoint(vec![]).into(),
                coord => Point(coord).into(),
            },
            2 => self.line(&head)?.into(),
            3 => self.polygon(&head)?.into(),
            4 => MultiPoint(self.members(&head, depth, points)?).into(),
            5 => MultiLineString(self.members(&head, depth, lines)?).into(),
            6 => MultiPolygon(self.members(&head, depth, polygons)?).into(),
            7 => {
                let members = self.members(&head, depth, |any| Some(vec![any]))?;
                Geometry::GeometryCollection(GeometryCollection(members))
            }
            other => return Err(unknown_kind(start, other)),
        };
        Ok((head, geometry))
    }

    /// The members of a multi-geometry; grown as they are read, never by their count.
    fn members<T>(
        &mut self,
        head: &Head,
        depth: usize,
        as_member: fn(Geometry<f64>) -> Option<Vec<T>>,
    ) -> Result<Vec<T>, Words> {
        let count = self.count(head, 9)?;
        let mut members = Vec::new();
        for _ in 0..count {
            let start = self.at;
            let (_, geometry) = self.geometry(depth + 1)?;
            members.extend(as_member(geometry).ok_or_else(|| {
                Words::new(
                    format!("WKB 字节 {start} 处的成员类型与所属的复合几何不符"),
                    format!(
                        "WKB: the member at byte {start} is of another type than its multi-geometry"
                    ),
                )
            })?);
        }
        Ok(members)
    }
}

fn points(geometry: Geometry<f64>) -> Option<Vec<Point<f64>>> {
    match geometry {
        Geometry::Point(point) => Some(vec![point]),
        Geometry::MultiPoint(points) if points.0.is_empty() => Some(vec![]),
        _ => None,
    }
}

fn lines(geometry: Geometry<f64>) -> Option<Vec<LineString<f64>>> {
    LineString::try_from(geometry).ok().map(|line| vec![line])
}

fn polygons(geometry: Geometry<f64>) -> Option<Vec<Polygon<f64>>> {
    Polygon::try_from(geometry).ok().map(|polygon| vec![polygon])
}

fn unknown_kind(start: usize, kind: u32) -> Words {
    let name = match kind % 1000 {
        8 => "CircularString",
        9 => "CompoundCurve",
        10 => "CurvePolygon",
        11 => "MultiCurve",
        12 => "MultiSurface",
        15 => "PolyhedralSurface",
        16 => "TIN",
        17 => "Triangle",
        _ => "?",
    };
    Words::new(
        format!(
            "WKB 字节 {start} 处的几何类型 {kind}（{name}）不能读取；可读取点、线、面及其复合，曲线请先转为折线"
        ),
        format!(
            "WKB: geometry type {kind} ({name}) at byte {start} is not read; points, lines, polygons and collections of them are; turn curves into lines first"
        ),
    )
}

fn write_geometry(out: &mut Vec<u8>, geometry: &Geometry<f64>) {
    match geometry {
        Geometry::Point(point) => {
            head(out, 1);
            write_coord(out, point.0);
        }
        Geometry::Line(line) => write_geometry(out, &LineString(vec![line.start, line.end]).into()),
        Geometry::LineString(line) => {
            head(out, 2);
            write_line(out, line);
        }
        Geometry::Polygon(polygon) => write_polygon(out, polygon),
        Geometry::Rect(rect) => write_polygon(out, &rect.to_polygon()),
        Geometry::Triangle(triangle) => write_polygon(out, &triangle.to_polygon()),
        Geometry::MultiPoint(points) => {
            head(out, 4);
            count(out, points.0.len());
            points.0.iter().for_each(|point| write_geometry(out, &(*point).into()));
        }
        Geometry::MultiLineString(lines) => {
            head(out, 5);
            count(out, lines.0.len());
            for line in &lines.0 {
                head(out, 2);
                write_line(out, line);
            }
        }
        Geometry::MultiPolygon(polygons) => {
            head(out, 6);
            count(out, polygons.0.len());
            polygons.0.iter().for_each(|polygon| write_polygon(out, polygon));
        }
        Geometry::GeometryCollection(members) => {
            head(out, 7);
            count(out, members.0.len());
            members.0.iter().for_each(|member| write_geometry(out, member));
        }
    }
}

fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend(kind.to_le_bytes());
}

fn count(out: &mut Vec<u8>, count: usize) {
    let count = u32::try_from(count).expect("four thousand million parts do not fit into memory");
    out.extend(count.to_le_bytes());
}

fn write_coord(out: &mut Vec<u8>, coord: Coord<f64>) {
    out.extend(coord.x.to_le_bytes());
    out.extend(coord.y.to_le_bytes());
}

fn write_line(out: &mut Vec<u8>, line: &LineString<f64>) {
    count(out, line.0.len());
    line.0.iter().for_each(|coord| write_coord(out, *coord));
}

fn write_polygon(out: &mut Vec<u8>, polygon: &Polygon<f64>) {
    head(out, 3);
    if polygon.exterior().0.is_empty() {
        return count(out, 0);
    }
    count(out, 1 + polygon.interiors().len());
    write_line(out, polygon.exterior());
    polygon.interiors().iter().for_each(|ring| write_line(out, ring));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::mutate::mutations;
    use crate::geometry::wkt;

    const SHAPES: [&str; 9] = [
        "POINT(116.39 39.9)",
        "LINESTRING(1 2,3 4.5)",
        "POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))",
        "POLYGON EMPTY",
        "MULTIPOINT((1 2),(3 4))",
        "MULTILINESTRING((1 2,3 4),(5 6,7 8))",
        "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))",
        "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION(LINESTRING(1 2,3 4)))",
        "GEOMETRYCOLLECTION EMPTY",
    ];

    fn text(hex: &str) -> (Option<u32>, String) {
        let (srid, geometry) = read_hex(hex).expect("reads");
        (srid, wkt::write(&geometry))
    }

    #[test]
    fn what_is_written_reads_back_the_same() {
        for shape in SHAPES {
            let geometry = wkt::read(shape).expect("reads").1;
            assert_eq!(read(&write(&geometry)).expect("reads").1, geometry, "{shape}");
        }
    }

    #[test]
    fn both_byte_orders_and_all_spellings_of_z_and_m_are_read() {
        let point = (None, "POINT(117 39)".to_owned());
        for hex in [
            "01010000000000000000405D400000000000804340",
            "0000000001405D4000000000004043800000000000",
            // EWKB Z; ISO Z, M and ZM.
            "01010000800000000000405D400000000000804340000000000000F03F",
            "01E90300000000000000405D400000000000804340000000000000F03F",
            "01D10700000000000000405D400000000000804340000000000000F03F",
            "01B90B00000000000000405D400000000000804340000000000000F03F000000000000F03F",
        ] {
            assert_eq!(text(hex), point, "{hex}");
        }
        let with_srid = text("01010000208A1100000000000000405D400000000000804340");
        assert_eq!(with_srid, (Some(4490), "POINT(117 39)".to_owned()));
    }

    #[test]
    fn an_empty_point_has_no_coordinates() {
        let empty = text("0101000000000000000000F87F000000000000F87F");
        assert_eq!(empty.1, "MULTIPOINT EMPTY");
    }

    #[test]
    fn counts_beyond_the_data_are_refused_before_anything_is_allocated() {
        for hex in ["0102000000FFFFFFFF", "0103000000FFFFFFFF", "0107000000FFFFFFFF"] {
            let words = read_hex(hex).expect_err("refused");
            assert!(words.en.contains("announces 4294967295 parts"), "{words}");
        }
        let mut nested = Vec::new();
        for _ in 0..5000 {
            head(&mut nested, 7);
            count(&mut nested, 1);
        }
        assert!(
            read(&[nested, vec![0; 50_000]].concat()).expect_err("refused").en.contains("nested")
        );
    }

    #[test]
    fn curves_and_leftovers_are_named() {
        assert!(read_hex("010A00000000000000").expect_err("refused").en.contains("CurvePolygon"));
        let long = "01010000000000000000405D40000000000080434000";
        assert!(read_hex(long).expect_err("refused").en.contains("left over"));
        assert!(read_hex("01zz").is_err() && read_hex("010").is_err() && read_hex("").is_err());
    }

    #[test]
    fn damaged_data_never_panics() {
        for shape in SHAPES {
            let bytes = write(&wkt::read(shape).expect("reads").1);
            for damaged in mutations(&bytes, 2000) {
                if let Ok((_, geometry)) = read(&damaged) {
                    let again = read(&write(&geometry));
                    assert!(again.is_ok(), "{again:?}");
                }
            }
        }
    }
}
