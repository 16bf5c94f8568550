//! Well-known text: the `.prj` of ESRI, the WKT 1 of OGC and GDAL, and WKT 2.
//!
//! A reader of our own, because the crate that turns WKT into proj strings drops the name of the
//! datum and the codes, loses parameters under keywords in lower case, and overflows the stack on
//! nested brackets.

use crate::words::Words;

use super::datum::{Datum, Ellipsoid, plain};
use super::definition::{Definition, Method, Projection, shift_text};

/// Real definitions nest seven deep.
const DEEPEST: usize = 32;
/// Degrees of one radian's worth of an angular unit.
const DEGREE: f64 = std::f64::consts::PI / 180.0;

/// Whether a text looks like WKT rather than a name.
pub(super) fn is_wkt(text: &str) -> bool {
    let keyword = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let opens = keyword.trim_start().starts_with(['[', '(']);
    opens && keyword.len() < text.len() && text.contains('"')
}

/// Reads a definition.
///
/// # Errors
/// The text is damaged, or is no system of two horizontal axes.
pub(super) fn read(text: &str) -> Result<Definition, Words> {
    let mut reader = Reader { rest: text.trim_start() };
    let root = reader.node(0).ok_or_else(|| damaged(text))?;
    let found = horizontal(&root).and_then(definition);
    let mut definition = found.ok_or_else(|| not_horizontal(&root))?;
    definition.towgs84 = definition.towgs84.or_else(|| bound_shift(&root));
    Ok(definition)
}

fn damaged(text: &str) -> Words {
    let start: String = text.chars().take(40).collect();
    Words::new(
        format!("坐标系文字无法读取（开头为“{start}”）；请声明坐标系，如 EPSG:4527"),
        format!(
            "the coordinate system's text cannot be read (it begins “{start}”); declare the system, such as EPSG:4527"
        ),
    )
}

fn not_horizontal(root: &Node) -> Words {
    let name = if root.name().is_empty() { &root.keyword } else { root.name() };
    Words::new(
        format!("“{name}”不是平面或经纬度坐标系，或缺少大地基准；请声明坐标系，如 EPSG:4527"),
        format!(
            "“{name}” is no projected or geographic system, or lacks its datum; declare the system, such as EPSG:4527"
        ),
    )
}

/// `KEYWORD["text", 1.5, word, CHILD[…]]`.
#[derive(Debug, Clone, PartialEq)]
struct Node {
    keyword: String,
    values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(f64),
    Word(String),
    Node(Node),
}

impl Node {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.values.iter().filter_map(|value| match value {
            Value::Node(node) => Some(node),
            _ => None,
        })
    }

    fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.nodes().find(|node| keywords.contains(&node.keyword.as_str()))
    }

    fn name(&self) -> &str {
        match self.values.first() {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.values.iter().filter_map(|value| match value {
            Value::Number(number) => Some(*number),
            _ => None,
        })
    }

    /// The unit of a value, or else what is given.
    fn unit(&self, keywords: &[&str], otherwise: f64) -> f64 {
        self.child(keywords).and_then(|unit| unit.numbers().next()).unwrap_or(otherwise)
    }

    /// The code that the system claims in the EPSG dataset.
    fn code(&self) -> Option<u32> {
        let id = self.child(&["AUTHORITY", "ID"])?;
        let code = match id.values.get(1)? {
            Value::Text(text) => text.trim().parse().ok()?,
            Value::Number(number) => *number as u32,
            _ => return None,
        };
        id.name().eq_ignore_ascii_case("EPSG").then_some(code)
    }
}

/// The part that lies in the plane: compound and bound systems hold it.
fn horizontal(node: &Node) -> Option<&Node> {
    match node.keyword.as_str() {
        "COMPD_CS" | "COMPOUNDCRS" | "BOUNDCRS" | "SOURCECRS" => node.nodes().find_map(horizontal),
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" | "GEOGCS" | "GEOGCRS" | "GEOGRAPHICCRS"
        | "GEODCRS" | "GEODETICCRS" => Some(node),
        _ => None,
    }
}

fn definition(node: &Node) -> Option<Definition> {
    let is_projected = node.keyword.starts_with("PROJ");
    let base = ["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS", "GEOGCRS", "GEODCRS"];
    let degrees = if is_projected { node.child(&base)? } else { node };
    let angles = ["UNIT", "ANGLEUNIT"];
    let axis_unit = degrees.child(&["AXIS"]).map_or(DEGREE, |axis| axis.unit(&angles, DEGREE));
    let angle = degrees.unit(&angles, axis_unit);
    let meridian = degrees.child(&["PRIMEM", "PRIMEMERIDIAN"]);
    let from_greenwich = meridian.and_then(|node| node.numbers().next()).unwrap_or(0.0);
    if (angle - DEGREE).abs() > 1e-9 || from_greenwich != 0.0 || is_geocentric(degrees) {
        return None;
    }
    let datum = degrees.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    Some(Definition {
        name: node.name().to_owned(),
        code: node.code(),
        datum: datum_of(datum),
        towgs84: datum.child(&["TOWGS84"]).or_else(|| degrees.child(&["TOWGS84"])).and_then(shift),
        projection: if is_projected { Some(projection(node)?) } else { None },
    })
}

/// A system of three lengths from the centre of the earth has no place on a map.
fn is_geocentric(node: &Node) -> bool {
    let axes = node.child(&["CS"]).and_then(|cs| cs.values.first());
    matches!(axes, Some(Value::Word(word)) if word.eq_ignore_ascii_case("Cartesian"))
}

fn datum_of(datum: &Node) -> Datum {
    let ellipsoid = datum.child(&["SPHEROID", "ELLIPSOID"]);
    let figure = ellipsoid.and_then(|node| {
        let mut numbers = node.numbers();
        Some(Ellipsoid { semi_major: numbers.next()?, inverse_flattening: numbers.next()? })
    });
    Datum::of(datum.name(), ellipsoid.map_or("", Node::name), figure)
}

fn shift(node: &Node) -> Option<String> {
    shift_text(&node.numbers().collect::<Vec<f64>>())
}

/// The shift of a bound system, whose seventh number is a ratio instead of parts per million.
fn bound_shift(root: &Node) -> Option<String> {
    let transformation = root.child(&["ABRIDGEDTRANSFORMATION"])?;
    let parameters = transformation.nodes().filter(|node| node.keyword == "PARAMETER");
    let mut numbers: Vec<f64> = parameters.filter_map(|node| node.numbers().next()).collect();
    if let Some(ratio) = numbers.get_mut(6) {
        *ratio = ((*ratio - 1.0) * 1e12).round() / 1e6;
    }
    shift_text(&numbers)
}

fn projection(node: &Node) -> Option<Projection> {
    // WKT 1 has the parameters beside the projection, WKT 2 beside the method in a conversion.
    let holder = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = Method::named(holder.child(&["PROJECTION", "METHOD"])?.name());
    let mut projection = Projection::new(method);
    let lengths = ["UNIT", "LENGTHUNIT"];
    let axis_unit = node.child(&["AXIS"]).map_or(1.0, |axis| axis.unit(&lengths, 1.0));
    projection.to_metre = node.unit(&lengths, axis_unit);
    let wkt1_length = if node.keyword == "PROJCS" { projection.to_metre } else { 1.0 };
    let mut unknown = None;
    for parameter in holder.nodes().filter(|node| node.keyword == "PARAMETER") {
        let value = parameter.numbers().next()?;
        let plain_name = plain(parameter.name());
        let is_length = plain_name.contains("easting") || plain_name.contains("northing");
        let unit = match is_length {
            true => parameter.unit(&lengths, wkt1_length),
            false => parameter.unit(&["ANGLEUNIT", "SCALEUNIT"], 1.0),
        };
        let is_angle = parameter.child(&["ANGLEUNIT"]).is_some();
        // Degrees times a rounded degree and divided by it again would not be the same degrees.
        let in_degrees = is_angle && (unit - DEGREE).abs() < 1e-9;
        let value = match (in_degrees, is_angle) {
            (true, _) => value,
            (false, true) => value * unit / DEGREE,
            (false, false) => value * unit,
        };
        if !projection.set(parameter.name(), value) {
            unknown = Some(parameter.name().to_owned());
        }
    }
    if let Some(name) = unknown {
        projection.method = Method::Other(name);
    }
    Some(projection)
}

/// Reads node by node; nothing on any text that is not WKT.
struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn node(&mut self, depth: usize) -> Option<Node> {
        let keyword = self.word()?.to_ascii_uppercase();
        self.values(keyword, depth)
    }

    fn word(&mut self) -> Option<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        (!word.is_empty()).then(|| word.to_owned())
    }

    fn takes(&mut self, signs: &[char]) -> bool {
        let stripped = self.rest.strip_prefix(signs);
        self.rest = stripped.unwrap_or(self.rest).trim_start();
        stripped.is_some()
    }

    fn values(&mut self, keyword: String, depth: usize) -> Option<Node> {
        if depth == DEEPEST || !self.takes(&['[', '(']) {
            return None;
        }
        let mut values = Vec::new();
        loop {
            values.push(self.value(depth)?);
            if self.takes(&[']', ')']) {
                return Some(Node { keyword, values });
            }
            if !self.takes(&[',']) {
                return None;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if self.rest.starts_with('"') {
            return self.text().map(Value::Text);
        }
        let word = self.word()?;
        if self.rest.starts_with(['[', '(']) {
            return self.values(word.to_ascii_uppercase(), depth + 1).map(Value::Node);
        }
        let number = word.parse().ok().filter(|number: &f64| number.is_finite());
        Some(number.map_or(Value::Word(word), Value::Number))
    }

    /// Text in quotes; a doubled quote is one quote of the text.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let (piece, rest) = self.rest.strip_prefix('"')?.split_once('"')?;
            text.push_str(piece);
            self.rest = rest;
            if !rest.starts_with('"') {
                self.rest = rest.trim_start();
                return Some(text);
            }
            text.push('"');
        }
    }
}

#[cfg(test)]
mod tests;
