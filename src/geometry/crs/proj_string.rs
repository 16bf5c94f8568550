//! Proj strings: the way to give parameters that no code stands for.

use crate::words::Words;

use super::datum::{Datum, Ellipsoid, ellipsoid_named};
use super::definition::{Method, Projection};
use super::{Crs, Explicit};

/// Whether a text looks like a proj string.
pub(super) fn is_proj(text: &str) -> bool {
    text.starts_with('+') || text.starts_with("proj=")
}

/// Reads a proj string: a supported system where the values are its own, else explicit parameters.
///
/// # Errors
/// A parameter is damaged or needs a file, or an old datum comes without `+towgs84`.
pub(super) fn read(text: &str) -> Result<Crs, Words> {
    let parameters = Parameters::parse(text)?;
    if let Some(code) = parameters.get("init") {
        return Crs::named(code);
    }
    if let Some(grids) = parameters.get("nadgrids").filter(|grids| *grids != "@null") {
        return Err(refused(
            text,
            &format!("改正格网 {grids} 不支持，请用 +towgs84"),
            &format!("shift grids ({grids}) are not supported, use +towgs84"),
        ));
    }
    let geographic = match parameters.get("proj") {
        None => return Err(refused(text, "缺少 +proj", "+proj is missing")),
        Some("geocent" | "cart") => {
            return Err(refused(text, "地心坐标不是平面坐标", "geocentric is not a map"));
        }
        Some(name) => name == "longlat",
    };
    let is_shifted = parameters.is_shifted(text)?;
    let datum = parameters.datum();
    if !is_shifted && let Some(crs) = known(&parameters, datum.as_ref(), geographic)? {
        return Ok(crs);
    }
    if !["datum", "ellps", "a", "R"].iter().any(|key| parameters.get(key).is_some()) {
        return Err(refused(
            text,
            "缺少椭球，如 +ellps=GRS80（CGCS2000）",
            "the ellipsoid is missing, such as +ellps=GRS80 (CGCS2000)",
        ));
    }
    let has_datum = parameters.get("datum").is_some() || datum.as_ref().is_some_and(Datum::is_home);
    // `+towgs84=0,0,0` on an old ellipsoid is a statement by whoever wrote it.
    if !is_shifted && !has_datum && parameters.get("towgs84").is_none() {
        let other = Datum::Other(parameters.get("ellps").unwrap_or("ellipsoid").to_owned());
        let datum = datum.unwrap_or(other);
        return Err(datum.refusal(&parameters.text(), Some(&parameters.text())));
    }
    Explicit::new(parameters.text(), geographic).map(Crs::Explicit)
}

fn refused(text: &str, zh: &str, en: &str) -> Words {
    Words::new(format!("proj 字符串“{text}”：{zh}"), format!("proj string “{text}”: {en}"))
}

/// The system of the values, if they say nothing beyond one that is supported.
fn known(
    parameters: &Parameters,
    datum: Option<&Datum>,
    geographic: bool,
) -> Result<Option<Crs>, Words> {
    const UNDERSTOOD: &[&str] = &[
        "proj", "lat_0", "lon_0", "k", "k_0", "x_0", "y_0", "ellps", "datum", "units", "towgs84",
        "a", "b", "rf", "f", "zone", "nadgrids", "lat_ts",
    ];
    let is_plain = parameters.all.iter().all(|(key, _)| UNDERSTOOD.contains(&key.as_str()));
    let is_metre = parameters.get("units").is_none_or(|unit| unit == "m" || geographic);
    if !is_plain || !is_metre {
        return Ok(None);
    }
    let number = |key: &str, otherwise: f64| parameters.number(key, otherwise);
    let is_sphere = number("a", 0.0)? == 6_378_137.0 && number("b", 0.0)? == 6_378_137.0;
    let is_web = parameters.get("proj") == Some("merc") && is_sphere;
    let mut projection = Projection::new(match parameters.get("proj") {
        _ if is_web => Method::WebMercator,
        Some("webmerc") => Method::WebMercator,
        Some("tmerc" | "etmerc") => Method::TransverseMercator,
        Some("utm") => {
            let zone = parameters.get("zone").and_then(|zone| zone.parse().ok());
            let zone = zone.filter(|zone| (43..=53).contains(zone) && datum == Some(&Datum::Wgs84));
            return Ok(zone.map(Crs::Utm));
        }
        _ if geographic => {
            return Ok(match datum {
                Some(Datum::Wgs84) => Some(Crs::Wgs84),
                Some(Datum::Cgcs2000) => Some(Crs::Cgcs2000),
                _ => None,
            });
        }
        _ => return Ok(None),
    });
    projection.central_meridian = number("lon_0", 0.0)?;
    projection.latitude_of_origin = number("lat_0", 0.0)?;
    projection.scale = number("k_0", number("k", 1.0)?)?;
    projection.false_easting = number("x_0", 0.0)?;
    projection.false_northing = number("y_0", 0.0)?;
    let is_origin = number("lat_ts", 0.0)? == 0.0 && projection.scale == 1.0;
    if projection.method == Method::WebMercator && !is_origin {
        return Ok(None);
    }
    Ok(projection.standard(datum.unwrap_or(&Datum::Wgs84), ""))
}

/// `+key=value` in the order given; words that only programs use are dropped.
struct Parameters {
    all: Vec<(String, String)>,
}

impl Parameters {
    fn parse(text: &str) -> Result<Parameters, Words> {
        let mut all = Vec::new();
        for token in text.split_whitespace() {
            let token = token.strip_prefix('+').unwrap_or(token);
            let (key, value) = token.split_once('=').unwrap_or((token, ""));
            let is_key =
                !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            let is_value = value.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '+');
            if !is_key || !is_value {
                return Err(refused(
                    text,
                    &format!("看不懂“{token}”，应为 +名称=值"),
                    &format!("“{token}” is not understood, +name=value is expected"),
                ));
            }
            // All four spellings are in use; the projection library knows two.
            let is_degrees = key == "proj" && matches!(value, "lonlat" | "latlon" | "latlong");
            let value = if is_degrees { "longlat" } else { value };
            if !matches!(key, "no_defs" | "type" | "wktext" | "over") {
                all.push((key.to_owned(), value.to_owned()));
            }
        }
        Ok(Parameters { all })
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.all.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    fn text(&self) -> String {
        let each = self.all.iter().map(|(key, value)| match value.as_str() {
            "" => format!("+{key}"),
            value => format!("+{key}={value}"),
        });
        each.collect::<Vec<String>>().join(" ")
    }

    fn number(&self, key: &str, otherwise: f64) -> Result<f64, Words> {
        let Some(text) = self.get(key) else {
            return Ok(otherwise);
        };
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| {
            let whole = self.text();
            refused(
                &whole,
                &format!("+{key} 应为数，而不是“{text}”"),
                &format!("+{key} must be a number, not “{text}”"),
            )
        })
    }

    fn is_shifted(&self, text: &str) -> Result<bool, Words> {
        let Some(shift) = self.get("towgs84") else {
            return Ok(false);
        };
        let numbers: Vec<f64> = shift.split(',').filter_map(|part| part.parse().ok()).collect();
        let is_finite = numbers.iter().all(|number: &f64| number.is_finite());
        if !is_finite
            || numbers.len() != shift.split(',').count()
            || ![3, 7].contains(&numbers.len())
        {
            return Err(refused(
                text,
                "+towgs84 应为 3 个或 7 个数：dx,dy,dz（米）,rx,ry,rz（秒）,s（百万分之一）",
                "+towgs84 must be 3 or 7 numbers: dx,dy,dz (metres),rx,ry,rz (arc seconds),s (parts per million)",
            ));
        }
        Ok(numbers.iter().any(|&number| number != 0.0))
    }

    fn datum(&self) -> Option<Datum> {
        if let Some(name) = self.get("datum") {
            return (name == "WGS84").then_some(Datum::Wgs84);
        }
        let number = |key: &str| self.get(key).and_then(|text| text.parse::<f64>().ok());
        let by_axes = || {
            let semi_major = number("a")?;
            let by_minor = || {
                let semi_minor = number("b").filter(|b| *b != semi_major)?;
                Some(semi_major / (semi_major - semi_minor))
            };
            let inverse_flattening =
                number("rf").or_else(|| number("f").map(|f| 1.0 / f)).or_else(by_minor)?;
            Some(Ellipsoid { semi_major, inverse_flattening })
        };
        Datum::of_ellipsoid(self.get("ellps").and_then(ellipsoid_named).or_else(by_axes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<u32> {
        read(text).unwrap_or_else(|words| panic!("{text}: {words}")).authority()
    }

    #[test]
    fn a_string_with_the_values_of_a_code_is_that_code() {
        let gk = "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=39500000 +y_0=0 +ellps=GRS80 +units=m +no_defs";
        assert_eq!(code(gk), Some(4527));
        assert_eq!(code(&format!("{gk} +towgs84=0,0,0,0,0,0,0 +type=crs")), Some(4527));
        assert_eq!(code(&gk.replace("+ellps=GRS80", "+a=6378137 +rf=298.257222101")), Some(4527));
        assert_eq!(code("+proj=longlat +datum=WGS84 +no_defs"), Some(4326));
        assert_eq!(code("+proj=latlon +ellps=GRS80 +no_defs"), Some(4490));
        assert_eq!(code("+proj=utm +zone=50 +datum=WGS84 +units=m"), Some(32650));
        assert_eq!(code("+init=epsg:4527"), Some(4527));
        let web = "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs";
        assert_eq!(code(web), Some(3857));
    }

    #[test]
    fn an_old_datum_needs_its_shift() {
        let old = "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps=krass +units=m";
        let words = read(old).expect_err("refused");
        assert!(words.en.contains("Beijing 1954") && words.en.contains("+towgs84=dx"), "{words}");
        let shifted = read(&format!("{old} +towgs84=15.8,-154.4,-82.3")).expect("explicit");
        assert!(matches!(shifted, Crs::Explicit(_)));
        let stated = format!("{old} +towgs84=0,0,0");
        assert!(matches!(read(&stated), Ok(Crs::Explicit(_))), "said so on purpose");
        let xian = "+proj=longlat +a=6378140 +b=6356755.288157528 +no_defs";
        assert!(read(xian).expect_err("refused").zh.contains("西安"));
        assert!(read("+proj=longlat +ellps=bessel").is_err());
        assert!(read(&old.replace("krass", "GRS80").replace("117", "117.25")).is_ok());
    }

    #[test]
    fn other_projections_of_the_home_datum_are_taken_as_given() {
        let albers =
            read("+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +ellps=GRS80 +units=m");
        let crs = albers.expect("explicit");
        let (x, y) = crs.from_lonlat(117.0, 36.5).expect("a point");
        // PROJ 9.5.1 gives these.
        assert!((x - 1_052_870.614332).hypot(y - 3_968_019.509754) < 1e-3, "{x} {y}");
        assert!(!crs.is_geographic());
    }

    #[test]
    fn what_cannot_be_used_is_told() {
        for text in [
            "+proj=nonsense +ellps=GRS80",
            "+proj=tmerc +ellps=GRS80 +lon_0=abc",
            "+proj=tmerc +ellps=GRS80 +lon_0=1e999",
            "+proj=tmerc +ellps=krass +towgs84=1,2",
            "+proj=tmerc +ellps=krass +towgs84=1,2,x",
            "+proj=tmerc +ellps=krass +nadgrids=city.gsb",
            "+proj=geocent +ellps=GRS80",
            "+ellps=GRS80",
            "+proj=tmerc +lon_0=117",
            "+proj=\"tmerc +x",
            "+=1",
            "+",
            "+proj=tmerc +a=0 +b=0 +towgs84=1,1,1",
            "+proj=tmerc +lon_0=117 +x_0=inf +ellps=krass +towgs84=1,1,1",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
