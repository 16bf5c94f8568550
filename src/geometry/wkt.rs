//! Well-known text, with PostGIS's `SRID=4490;` in front where there is one.
//!
//! Z and M are passed over. Letters may be small or large, white space is free, both ways of
//! writing a multipoint are read, and collections nest to a limit.

mod write;

use geo_types::{
    Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon,
    Point, Polygon,
};

use crate::words::Words;

pub use write::write;

const DEEPEST: usize = 32;

/// Reads one geometry and the number of its reference system, where EWKT states one.
///
/// `POINT EMPTY` becomes a multipoint without members: there is no empty point in [`geo_types`].
///
/// # Errors
/// What was found at which character, and what would be read.
pub fn read(text: &str) -> Result<(Option<u32>, Geometry<f64>), Words> {
    let mut reader = Reader { text, at: 0 };
    let srid = reader.srid()?;
    let geometry = reader.geometry(0)?;
    match reader.peek() {
        None => Ok((srid, geometry)),
        Some(_) => Err(reader.refused("文本结束", "the end of the text")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Part<T> = Result<T, Words>;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next character after white space, which is passed over.
    fn peek(&mut self) -> Option<char> {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn expect(&mut self, wanted: char) -> Part<()> {
        let found = self.take(wanted);
        found
            .then_some(())
            .ok_or_else(|| self.refused(&format!("“{wanted}”"), &format!("\"{wanted}\"")))
    }

    fn refused(&self, zh: &str, en: &str) -> Words {
        let place = self.text[..self.at].chars().count() + 1;
        let found: String = self.rest().chars().take(16).collect();
        Words::new(
            format!("WKT 第 {place} 个字符处是“{found}”，应为{zh}"),
            format!("WKT: found \"{found}\" at character {place}, expected {en}"),
        )
    }

    /// The letters that come next, in capitals; digits belong to no keyword.
    fn keyword(&mut self) -> String {
        self.peek();
        let letters = |c: &char| c.is_ascii_alphabetic();
        let word: String = self.rest().chars().take_while(letters).collect();
        self.at += word.len();
        word.to_ascii_uppercase()
    }

    fn srid(&mut self) -> Part<Option<u32>> {
        let start = self.at;
        if self.keyword() != "SRID" {
            self.at = start;
            return Ok(None);
        }
        self.expect('=')?;
        self.peek();
        let digits =
            self.rest().len() - self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number = self.rest()[..digits].parse::<u32>();
        let srid =
            number.map_err(|_| self.refused("坐标系编号，如 4490", "a number such as 4490"))?;
        self.at += digits;
        self.expect(';')?;
        Ok(Some(srid).filter(|&srid| srid != 0))
    }

    fn geometry(&mut self, depth: usize) -> Part<Geometry<f64>> {
        const KINDS: &str = "POINT、LINESTRING、POLYGON、MULTIPOINT、MULTILINESTRING、MULTIPOLYGON、GEOMETRYCOLLECTION";
        if depth > DEEPEST {
            return Err(Words::new(
                format!("WKT 的集合嵌套超过 {DEEPEST} 层"),
                format!("WKT: collections are nested more than {DEEPEST} deep"),
            ));
        }
        self.peek();
        let start = self.at;
        let word = self.keyword();
        let kind = word.trim_end_matches('M').trim_end_matches('Z');
        if kind.len() == word.len() {
            self.pass_dimensions();
        }
        Ok(match kind {
            "POINT" => match self.listed(Self::coord)?.as_slice() {
                [] => MultiPoint(vec![]).into(),
                [coord] => Point(*coord).into(),
                _ => return Err(self.refused("只有一个位置的 POINT", "a POINT of one position")),
            },
            "LINESTRING" | "LINEARRING" => self.line()?.into(),
            "POLYGON" => self.polygon()?.into(),
            "MULTIPOINT" => {
                MultiPoint(self.listed(Self::member_point)?.into_iter().flatten().collect()).into()
            }
            "MULTILINESTRING" => MultiLineString(self.listed(Self::line)?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.listed(Self::polygon)?).into(),
            "GEOMETRYCOLLECTION" => {
                let members = self.listed(|reader| reader.geometry(depth + 1))?;
                Geometry::GeometryCollection(GeometryCollection(members))
            }
            _ => {
                self.at = start;
                return Err(self.refused(KINDS, &KINDS.replace('、', ", ")));
            }
        })
    }

    /// `Z`, `M` or `ZM` as a word of its own.
    fn pass_dimensions(&mut self) {
        let start = self.at;
        if !matches!(self.keyword().as_str(), "Z" | "M" | "ZM") {
            self.at = start;
        }
    }

    /// `EMPTY`, or items in brackets with commas between them.
    fn listed<T>(&mut self, mut item: impl FnMut(&mut Self) -> Part<T>) -> Part<Vec<T>> {
        let mut items = Vec::new();
        if !self.take('(') {
            return match self.keyword().as_str() {
                "EMPTY" => Ok(items),
                _ => Err(self.refused("“(”或 EMPTY", "\"(\" or EMPTY")),
            };
        }
        loop {
            items.push(item(self)?);
            if !self.take(',') {
                self.expect(')')?;
                return Ok(items);
            }
        }
    }

    fn line(&mut self) -> Part<LineString<f64>> {
        self.listed(Self::coord).map(LineString)
    }

    fn polygon(&mut self) -> Part<Polygon<f64>> {
        let mut rings = self.listed(Self::line)?.into_iter();
        let outer = rings.next().unwrap_or(LineString(vec![]));
        Ok(Polygon::new(outer, rings.collect()))
    }

    /// A member of a multipoint: with brackets, without, or empty.
    fn member_point(&mut self) -> Part<Option<Point<f64>>> {
        match self.peek() {
            Some('(' | 'E' | 'e') => Ok(self.listed(Self::coord)?.first().copied().map(Point)),
            _ => Ok(Some(Point(self.coord()?))),
        }
    }

    /// Two to four numbers, of which the first two count.
    fn coord(&mut self) -> Part<Coord<f64>> {
        let coord = Coord { x: self.number()?, y: self.number()? };
        for _ in 0..2 {
            if !matches!(self.peek(), Some(',' | ')') | None) {
                self.number()?;
            }
        }
        Ok(coord)
    }

    fn number(&mut self) -> Part<f64> {
        self.peek();
        let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let rest = self.rest();
        let word = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        // What PostGIS prints for numbers that are none; they are refused with their geometry.
        let number = word.parse::<f64>();
        let number =
            number.map_err(|_| self.refused("数，如 116.39", "a number such as 116.39"))?;
        self.at += word.len();
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::mutate::mutations;

    fn again(text: &str) -> String {
        let (_, geometry) = read(text).unwrap_or_else(|words| panic!("{text}: {words}"));
        write(&geometry)
    }

    #[test]
    fn what_is_read_is_written_the_same() {
        for text in [
            "POINT(116.39 39.9)",
            "POINT(-0.5 1e-9)",
            "LINESTRING(1 2,3 4)",
            "LINESTRING EMPTY",
            "POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))",
            "POLYGON EMPTY",
            "MULTIPOINT((1 2),(3 4))",
            "MULTILINESTRING((1 2,3 4),EMPTY)",
            "MULTIPOLYGON(((0 0,1 0,1 1,0 0)),EMPTY)",
            "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
        ] {
            assert_eq!(again(text), text.replace("1e-9", "0.000000001"), "{text}");
        }
    }

    #[test]
    fn free_spellings_mean_the_same() {
        for (text, plain) in [
            (" point ( 1   2 ) ", "POINT(1 2)"),
            ("POINT Z (1 2 3)", "POINT(1 2)"),
            ("PointZM(1 2 3 4)", "POINT(1 2)"),
            ("POINT M(1 2 3)", "POINT(1 2)"),
            ("POINT(1 2 3)", "POINT(1 2)"),
            ("POINT ZM EMPTY", "MULTIPOINT EMPTY"),
            ("MULTIPOINT(1 2, 3 4)", "MULTIPOINT((1 2),(3 4))"),
            ("MULTIPOINT Z((1 2 9), EMPTY)", "MULTIPOINT((1 2))"),
            ("linearring(0 0,1 0,1 1,0 0)", "LINESTRING(0 0,1 0,1 1,0 0)"),
            ("POLYGON((0 0,1 0,1 1))", "POLYGON((0 0,1 0,1 1,0 0))"),
        ] {
            assert_eq!(again(text), plain, "{text}");
        }
    }

    #[test]
    fn the_reference_system_in_front_is_given_back() {
        let srid = |text| read(text).expect("reads").0;
        assert_eq!(srid("SRID=4490;POINT(116 39)"), Some(4490));
        assert_eq!(srid("srid=0; POINT(116 39)"), None);
        assert_eq!(srid("POINT(116 39)"), None);
    }

    #[test]
    fn what_cannot_be_read_says_where_and_what_would_be() {
        for (text, part) in [
            ("POINT(116,39)", "found \",39)\" at character 10, expected a number such as 116.39"),
            ("CURVEPOLYGON((0 0,1 1))", "expected POINT, LINESTRING"),
            ("POINT(1 2", "expected \")\""),
            ("POINT(1 2) x", "expected the end of the text"),
            ("POINT(1 2,3 4)", "a POINT of one position"),
            ("SRID=x;POINT(1 2)", "a number such as 4490"),
            ("幸福里", "found \"幸福里\" at character 1"),
            ("", "expected POINT"),
        ] {
            let words = read(text).expect_err(text);
            assert!(words.en.contains(part), "{text}: {words}");
        }
        let deep = "GEOMETRYCOLLECTION(".repeat(100_000);
        assert!(read(&deep).expect_err("refused").en.contains("nested"));
    }

    #[test]
    fn damaged_text_never_panics() {
        let text = "SRID=4490;GEOMETRYCOLLECTION Z(POINT(1 2 3),POLYGON((0 0,1 0,1 1,0 0)),MULTIPOINT(1 2,(3 4)))";
        for damaged in mutations(text.as_bytes(), 5000) {
            let damaged = String::from_utf8_lossy(&damaged);
            if let Ok((_, geometry)) = read(&damaged) {
                let written = write(&geometry);
                assert!(read(&written).is_ok(), "{damaged}: {written}");
            }
        }
    }
}
