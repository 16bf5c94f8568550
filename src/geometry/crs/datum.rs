//! Which datum a definition names, and which of them can be used without further parameters.

use crate::words::Words;

/// The datum under a coordinate system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Datum {
    Cgcs2000,
    Wgs84,
    Beijing54,
    Xian80,
    NewBeijing,
    /// Another one, by the name that was given.
    Other(String),
}

/// Names as they are compared: full-width letters folded, only letters and digits, lower case.
pub(super) fn plain(name: &str) -> String {
    let letters = folded(name);
    letters.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Full-width letters, digits and signs as their usual forms.
pub(super) fn folded(text: &str) -> String {
    let fold = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    };
    text.chars().map(fold).collect()
}

/// Parts of the plain names of the datums that are known by name; the first that fits counts.
const NAMES: &[(&str, Datum)] = &[
    ("newbeijing", Datum::NewBeijing),
    ("新北京54", Datum::NewBeijing),
    ("beijing1954", Datum::Beijing54),
    ("beijing54", Datum::Beijing54),
    ("北京54", Datum::Beijing54),
    ("北京1954", Datum::Beijing54),
    ("1954年北京", Datum::Beijing54),
    ("54北京", Datum::Beijing54),
    ("xian1980", Datum::Xian80),
    ("xian80", Datum::Xian80),
    ("西安80", Datum::Xian80),
    ("西安1980", Datum::Xian80),
    ("1980西安", Datum::Xian80),
    ("1980年西安", Datum::Xian80),
    ("80西安", Datum::Xian80),
    ("cgcs2000", Datum::Cgcs2000),
    ("china2000", Datum::Cgcs2000),
    ("chinageodeticcoordinatesystem2000", Datum::Cgcs2000),
    ("chinesegeodeticcoordinatesystem2000", Datum::Cgcs2000),
    ("国家2000", Datum::Cgcs2000),
    ("2000国家大地", Datum::Cgcs2000),
    ("国家大地坐标系2000", Datum::Cgcs2000),
    ("中国2000", Datum::Cgcs2000),
    ("wgs1984", Datum::Wgs84),
    ("wgs84", Datum::Wgs84),
    ("worldgeodeticsystem1984", Datum::Wgs84),
];

/// An ellipsoid: semi-major axis in metres and inverse flattening (0 for a sphere).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ellipsoid {
    pub semi_major: f64,
    pub inverse_flattening: f64,
}

impl Ellipsoid {
    /// The datum that uses this ellipsoid in China.
    fn datum(self) -> Option<Datum> {
        let is = |semi_major: f64, inverse_flattening: f64| {
            (self.semi_major - semi_major).abs() < 0.1
                && (self.inverse_flattening - inverse_flattening).abs() < 1e-3
        };
        if is(6_378_245.0, 298.3) {
            Some(Datum::Beijing54)
        } else if is(6_378_140.0, 298.257) {
            Some(Datum::Xian80)
        } else if is(6_378_137.0, 298.257_222) {
            // CGCS2000 has 298.257222101 and WGS 84 298.257223563: the nearer one, halfway between.
            let nearer = self.inverse_flattening < 298.257_222_832;
            Some(if nearer { Datum::Cgcs2000 } else { Datum::Wgs84 })
        } else {
            None
        }
    }
}

/// Names of ellipsoids as proj strings have them.
pub(super) fn ellipsoid_named(name: &str) -> Option<Ellipsoid> {
    let (semi_major, inverse_flattening) = match plain(name).as_str() {
        "grs80" | "cgcs2000" => (6_378_137.0, 298.257_222_101),
        "wgs84" => (6_378_137.0, 298.257_223_563),
        "krass" => (6_378_245.0, 298.3),
        "iau76" | "xian1980" => (6_378_140.0, 298.257),
        _ => return None,
    };
    Some(Ellipsoid { semi_major, inverse_flattening })
}

impl Datum {
    /// The datum of a definition.
    ///
    /// A name that nobody gave (`Unknown based on GRS80 ellipsoid`) or that a wrong decoding has
    /// destroyed says nothing: then the ellipsoid decides, as every tool that wrote such a name
    /// lost it on the way.
    pub fn of(name: &str, ellipsoid_name: &str, ellipsoid: Option<Ellipsoid>) -> Datum {
        let by_ellipsoid = || ellipsoid.and_then(Ellipsoid::datum);
        if names_a_shift(name) {
            return Datum::Other(name.to_owned());
        }
        let is_lost = is_lost(name) || plain(ellipsoid_name).contains("cgcs2000");
        by_name(name)
            .or_else(|| is_lost.then(by_ellipsoid).flatten())
            .unwrap_or_else(|| Datum::Other(name.to_owned()))
    }

    /// The datum of an ellipsoid that stands alone.
    pub fn of_ellipsoid(ellipsoid: Option<Ellipsoid>) -> Option<Datum> {
        ellipsoid.and_then(Ellipsoid::datum)
    }

    /// The datum of an EPSG code that is refused.
    pub fn refused(code: u32) -> Option<Datum> {
        match code {
            4214 | 2401..=2442 | 21413..=21423 | 21453..=21463 => Some(Datum::Beijing54),
            4610 | 2327..=2390 => Some(Datum::Xian80),
            4555 | 4568..=4589 | 4652..=4656 | 4766..=4800 | 4812 | 4822 => Some(Datum::NewBeijing),
            _ => None,
        }
    }

    /// Whether its degrees are those of CGCS2000 as they stand.
    pub fn is_home(&self) -> bool {
        matches!(self, Datum::Cgcs2000 | Datum::Wgs84)
    }

    /// The ellipsoid's name in a proj string.
    pub fn ellipsoid(&self) -> &'static str {
        match self {
            Datum::Cgcs2000 | Datum::Other(_) => "GRS80",
            Datum::Wgs84 => "WGS84",
            Datum::Beijing54 | Datum::NewBeijing => "krass",
            Datum::Xian80 => "IAU76",
        }
    }

    fn words(&self) -> Words {
        match self {
            Datum::Cgcs2000 => Words::same("CGCS2000"),
            Datum::Wgs84 => Words::same("WGS 84"),
            Datum::Beijing54 => Words::new("1954 年北京坐标系", "Beijing 1954"),
            Datum::Xian80 => Words::new("1980 西安坐标系", "Xi'an 1980"),
            Datum::NewBeijing => Words::new("新 1954 年北京坐标系", "New Beijing"),
            Datum::Other(name) => {
                Words::new(format!("未知的大地基准“{name}”"), format!("an unknown datum “{name}”"))
            }
        }
    }

    /// Why a definition on this datum is refused, and the proj string to give instead.
    pub fn refusal(&self, what: &str, proj: Option<&str>) -> Words {
        let sample = format!(
            "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +ellps={}",
            self.ellipsoid()
        );
        let mut proj = proj.unwrap_or(&sample).to_owned();
        if !proj.contains("+towgs84=") {
            proj.push_str(" +towgs84=dx,dy,dz,rx,ry,rz,s");
        }
        let datum = self.words();
        Words::new(
            format!(
                "{what}：{}与 CGCS2000 之间的转换参数各地不同，需要明确给出参数：带 +towgs84 的 proj 字符串，如“{proj}”；或先转换到 CGCS2000",
                datum.zh
            ),
            format!(
                "{what}: the shift from {} to CGCS2000 differs from place to place and needs explicit parameters: a proj string with +towgs84 such as “{proj}”, or coordinates already converted to CGCS2000",
                datum.en
            ),
        )
    }
}

fn by_name(name: &str) -> Option<Datum> {
    let name = plain(name);
    NAMES.iter().find(|(part, _)| name.contains(part)).map(|(_, datum)| datum.clone())
}

/// GDAL names a datum after its shift where the notation has no place for one; GRS80 under such a
/// name is not CGCS2000.
fn names_a_shift(name: &str) -> bool {
    let name = plain(name);
    let numbers = name.split_once("towgs84").map_or("", |(_, numbers)| numbers);
    let is_grs80 = name.contains("grs1980") || name.contains("grs80");
    is_grs80 && numbers.contains(|digit: char| ('1'..='9').contains(&digit))
}

fn is_lost(name: &str) -> bool {
    let letters = plain(name);
    let nameless = ["", "d", "datum", "custom", "userdefined", "duserdefined"];
    nameless.contains(&letters.as_str())
        || ["unknown", "unnamed", "notspecified", "undefined"]
            .iter()
            .any(|word| letters.strip_prefix('d').unwrap_or(&letters).starts_with(word))
        || name.contains('?')
        || !name.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRS80: Ellipsoid =
        Ellipsoid { semi_major: 6_378_137.0, inverse_flattening: 298.257_222_101 };

    #[test]
    fn a_datum_is_known_by_any_of_its_names() {
        for name in ["D_China_2000", "China 2000", "China_2000", "CGCS2000", "国家大地坐标系2000"]
        {
            assert_eq!(Datum::of(name, "", None), Datum::Cgcs2000, "{name}");
        }
        for name in ["D_WGS_1984", "World Geodetic System 1984 ensemble"] {
            assert_eq!(Datum::of(name, "", None), Datum::Wgs84, "{name}");
        }
        assert_eq!(Datum::of("D_Beijing_1954", "", Some(GRS80)), Datum::Beijing54);
        assert_eq!(Datum::of("Xian 1980", "", Some(GRS80)), Datum::Xian80);
        assert_eq!(Datum::of("New Beijing", "", None), Datum::NewBeijing);
    }

    #[test]
    fn the_ellipsoid_decides_only_where_the_name_is_lost() {
        let krass = ellipsoid_named("krass");
        for name in ["D_\u{fffd}\u{fffd}2000", "D_???", "Unknown based on GRS 1980 ellipsoid", ""] {
            assert_eq!(Datum::of(name, "", Some(GRS80)), Datum::Cgcs2000, "{name}");
            assert_eq!(Datum::of(name, "", krass), Datum::Beijing54, "{name}");
        }
        assert_eq!(Datum::of("D_Geo", "CGCS2000", Some(GRS80)), Datum::Cgcs2000);
        let local = "Unknown based on GRS 1980 ellipsoid using towgs84=15,0,0,0,0,0,0";
        assert_eq!(Datum::of(local, "", Some(GRS80)), Datum::Other(local.to_owned()));
        let other = Datum::of("D_North_American_1983", "GRS_1980", Some(GRS80));
        assert_eq!(other, Datum::Other("D_North_American_1983".to_owned()));
    }

    #[test]
    fn a_shortened_flattening_still_names_one_of_the_two_ellipsoids() {
        let datum = |inverse_flattening| {
            Datum::of_ellipsoid(Some(Ellipsoid { semi_major: 6_378_137.0, inverse_flattening }))
        };
        assert_eq!(datum(298.257_222), Some(Datum::Cgcs2000));
        assert_eq!(datum(298.257_224), Some(Datum::Wgs84));
        assert_eq!(datum(0.0), None);
    }

    #[test]
    fn a_refusal_says_what_to_give() {
        let words = Datum::Beijing54.refusal("EPSG:2437", None);
        assert!(words.en.contains("needs explicit parameters"), "{words}");
        assert!(words.zh.contains("+ellps=krass +towgs84=dx,dy,dz"), "{}", words.zh);
    }
}
