//! What a definition says, whatever its notation, and the system that it amounts to.

use crate::words::Words;

use super::datum::{Datum, plain};
use super::{Crs, Explicit, Width, Zone};

/// The content of WKT or PROJJSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definition {
    pub name: String,
    /// The code that the definition claims for itself in the EPSG dataset.
    pub code: Option<u32>,
    pub datum: Datum,
    /// A shift to WGS 84 that the definition brings along, if it shifts at all.
    pub towgs84: Option<String>,
    /// Nothing for degrees.
    pub projection: Option<Projection>,
}

/// A projection and its values: metres, degrees, and ratios.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Projection {
    pub method: Method,
    pub central_meridian: f64,
    pub latitude_of_origin: f64,
    pub scale: f64,
    pub false_easting: f64,
    pub false_northing: f64,
    /// Of conic projections.
    pub parallels: [f64; 2],
    /// How many metres one unit of the coordinates is.
    pub to_metre: f64,
}

impl Projection {
    pub fn new(method: Method) -> Projection {
        Projection {
            method,
            central_meridian: 0.0,
            latitude_of_origin: 0.0,
            scale: 1.0,
            false_easting: 0.0,
            false_northing: 0.0,
            parallels: [0.0; 2],
            to_metre: 1.0,
        }
    }
}

/// How a plane is laid on the ellipsoid.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Method {
    TransverseMercator,
    WebMercator,
    Albers,
    LambertConic,
    /// One that only a proj string can name.
    Other(String),
}

impl Method {
    /// The method of a name in WKT or PROJJSON.
    pub fn named(name: &str) -> Method {
        match plain(name).as_str() {
            "transversemercator" | "gausskruger" => Method::TransverseMercator,
            "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => Method::WebMercator,
            "albers" | "albersequalarea" | "albersconicequalarea" => Method::Albers,
            "lambertconformalconic" | "lambertconformalconic2sp" | "lambertconicconformal2sp" => {
                Method::LambertConic
            }
            _ => Method::Other(name.to_owned()),
        }
    }
}

impl Projection {
    /// Takes a parameter by its name in WKT or PROJJSON; false if the name means nothing here.
    pub fn set(&mut self, name: &str, value: f64) -> bool {
        let place = match plain(name).as_str() {
            "centralmeridian"
            | "longitudeofnaturalorigin"
            | "longitudeoffalseorigin"
            | "longitudeofcenter"
            | "longitudeoforigin" => &mut self.central_meridian,
            "latitudeoforigin"
            | "latitudeofnaturalorigin"
            | "latitudeoffalseorigin"
            | "latitudeofcenter" => &mut self.latitude_of_origin,
            "scalefactor" | "scalefactoratnaturalorigin" => &mut self.scale,
            "falseeasting" | "eastingatfalseorigin" => &mut self.false_easting,
            "falsenorthing" | "northingatfalseorigin" => &mut self.false_northing,
            "standardparallel1" | "latitudeof1ststandardparallel" => &mut self.parallels[0],
            "standardparallel2" | "latitudeof2ndstandardparallel" => &mut self.parallels[1],
            // The sphere of ESRI's Web Mercator: 0 is the usual one.
            _ => return value == 0.0,
        };
        *place = value;
        true
    }

    /// The proj string, if the method has one here.
    fn proj(&self, datum: &Datum) -> Option<String> {
        let (method, own) = match self.method {
            Method::TransverseMercator => ("tmerc", format!("+k={}", self.scale)),
            Method::Albers => ("aea", self.both_parallels()),
            Method::LambertConic => ("lcc", self.both_parallels()),
            Method::WebMercator | Method::Other(_) => return None,
        };
        let unit = match self.to_metre {
            1.0 => "+units=m".to_owned(),
            other => format!("+to_meter={other}"),
        };
        Some(format!(
            "+proj={method} +lat_0={} +lon_0={} {own} +x_0={} +y_0={} +ellps={} {unit}",
            self.latitude_of_origin,
            self.central_meridian,
            self.false_easting,
            self.false_northing,
            datum.ellipsoid(),
        ))
    }

    fn both_parallels(&self) -> String {
        format!("+lat_1={} +lat_2={}", self.parallels[0], self.parallels[1])
    }

    /// The zone or named system with these values.
    ///
    /// Of the 6-degree and the 3-degree zone without a number before the easting, which have the
    /// same coordinates, `name` says which one is meant; if it does not, the 3-degree one.
    pub fn standard(&self, datum: &Datum, name: &str) -> Option<Crs> {
        if self.method == Method::WebMercator {
            let values = [self.central_meridian, self.false_easting, self.false_northing];
            return (values == [0.0; 3] && self.to_metre == 1.0).then_some(Crs::WebMercator);
        }
        let plain_origin = near(self.latitude_of_origin, 0.0) && near(self.false_northing, 0.0);
        let is_plain = plain_origin && self.to_metre == 1.0;
        if self.method != Method::TransverseMercator || !is_plain {
            return None;
        }
        if *datum == Datum::Cgcs2000 && near(self.scale, 1.0) {
            let zones = Zone::all().filter(|zone| {
                near(zone.central_meridian(), self.central_meridian)
                    && near(zone.false_easting(), self.false_easting)
            });
            let wanted = if is_six_degrees(name) { Width::Six } else { Width::Three };
            let mut zones: Vec<Zone> = zones.collect();
            zones.sort_by_key(|zone| zone.width() != wanted);
            return zones.first().copied().map(Crs::GaussKruger);
        }
        if *datum == Datum::Wgs84 && near(self.scale, 0.9996) && near(self.false_easting, 500_000.0)
        {
            let zone = (43..=53).find(|&zone| near(utm_meridian(zone), self.central_meridian));
            return zone.map(Crs::Utm);
        }
        None
    }
}

/// The numbers of a shift to WGS 84 as proj strings have them; a shift by nothing is none.
pub(super) fn shift_text(numbers: &[f64]) -> Option<String> {
    let texts: Vec<String> = numbers.iter().map(f64::to_string).collect();
    numbers.iter().any(|&number| number != 0.0).then(|| texts.join(","))
}

/// The central meridian of a UTM zone, in degrees.
pub(super) fn utm_meridian(zone: u8) -> f64 {
    6.0 * f64::from(zone) - 183.0
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * b.abs().max(1.0)
}

fn is_six_degrees(name: &str) -> bool {
    let name = plain(name);
    let named = ["cgcs2000gk", "cgcs2000gausskruger", "6degree", "6度带", "六度带"];
    named.iter().any(|part| name.contains(part))
}

impl Definition {
    /// The system that the definition amounts to.
    ///
    /// # Errors
    /// The datum needs parameters, the projection is not known, or the definition's own code means
    /// something else.
    pub fn crs(&self) -> Result<Crs, Words> {
        if let Some(service) = self.map_service() {
            return service;
        }
        let claimed = self.code.and_then(|code| Crs::of_epsg(code).ok());
        let found = match self.by_content() {
            Ok(found) => found,
            // A code says all; but a datum that the content names outweighs it.
            Err(words) => {
                let open = matches!(self.datum, Datum::Other(_)) || self.datum.is_home();
                return claimed.filter(|_| open && self.towgs84.is_none()).ok_or(words);
            }
        };
        match claimed {
            // The same numbers under a name of its own: EPSG:4548 and EPSG:4509, or degrees.
            Some(claimed)
                if claimed.definition() == found.definition()
                    || (claimed.is_geographic() && found.is_geographic()) =>
            {
                Ok(claimed)
            }
            Some(claimed) => Err(self.contradiction(&claimed, &found)),
            None => Ok(found),
        }
    }

    /// A definition that calls itself GCJ-02 or BD-09 declares it: only as degrees can it be used.
    fn map_service(&self) -> Option<Result<Crs, Words>> {
        let name = plain(&self.name);
        let parts = [("gcj02", Crs::Gcj02), ("bd09", Crs::Bd09)];
        let (_, crs) = parts.into_iter().find(|(part, _)| name.contains(part))?;
        let plane = || {
            Words::new(
                format!("{}：GCJ-02、BD-09 的平面坐标不支持；请导出经纬度", self.name),
                format!("{}: GCJ-02 and BD-09 are supported as degrees only", self.name),
            )
        };
        Some(if self.projection.is_none() { Ok(crs) } else { Err(plane()) })
    }

    fn by_content(&self) -> Result<Crs, Words> {
        let title = if self.name.is_empty() { "CRS" } else { &self.name };
        let proj = self.projection.as_ref().and_then(|projection| projection.proj(&self.datum));
        if !self.datum.is_home() || self.towgs84.is_some() {
            let degrees = || format!("+proj=longlat +ellps={}", self.datum.ellipsoid());
            let mut proj = match &self.projection {
                None => Some(degrees()),
                Some(_) => proj,
            };
            if let (Some(text), Some(shift)) = (&mut proj, &self.towgs84) {
                text.push_str(&format!(" +towgs84={shift}"));
            }
            return Err(self.datum.refusal(title, proj.as_deref()));
        }
        let Some(projection) = &self.projection else {
            return Ok(if self.datum == Datum::Wgs84 { Crs::Wgs84 } else { Crs::Cgcs2000 });
        };
        if let Some(crs) = projection.standard(&self.datum, &self.name) {
            return Ok(crs);
        }
        match proj {
            Some(proj) => Explicit::new(proj, false).map(Crs::Explicit),
            None => Err(unknown_method(title, &projection.method, &self.datum)),
        }
    }

    fn contradiction(&self, claimed: &Crs, found: &Crs) -> Words {
        let (claimed, found) = (claimed.words(), found.words());
        let name = &self.name;
        Words::new(
            format!("{name}：坐标系代码是“{}”，参数却是“{}”；请声明其中之一", claimed.zh, found.zh),
            format!(
                "{name}: the code says “{}” but the parameters say “{}”; declare one of them",
                claimed.en, found.en
            ),
        )
    }
}

fn unknown_method(title: &str, method: &Method, datum: &Datum) -> Words {
    let method = match method {
        Method::Other(name) => name.as_str(),
        _ => "Mercator",
    };
    let ellipsoid = datum.ellipsoid();
    Words::new(
        format!(
            "{title}：不认识投影“{method}”，需要明确给出参数：proj 字符串，如“+proj=laea +lat_0=35 +lon_0=105 +ellps={ellipsoid} +units=m”"
        ),
        format!(
            "{title}: the projection “{method}” is not known and needs explicit parameters: a proj string such as “+proj=laea +lat_0=35 +lon_0=105 +ellps={ellipsoid} +units=m”"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(datum: Datum, code: Option<u32>, meridian: f64, easting: f64) -> Definition {
        let mut projection = Projection::new(Method::TransverseMercator);
        projection.central_meridian = meridian;
        projection.false_easting = easting;
        let name = "三度带".to_owned();
        Definition { name, code, datum, towgs84: None, projection: Some(projection) }
    }

    fn authority(definition: &Definition) -> Option<u32> {
        definition.crs().expect("known").authority()
    }

    #[test]
    fn meridian_and_easting_give_the_zone() {
        for (meridian, easting, code) in [
            (117.0, 39_500_000.0, 4527),
            (117.0, 20_500_000.0, 4498),
            (117.0, 500_000.0, 4548),
            (120.0, 500_000.0, 4549),
        ] {
            let found = definition(Datum::Cgcs2000, None, meridian, easting);
            assert_eq!(authority(&found), Some(code));
        }
        let mut six = definition(Datum::Cgcs2000, None, 117.0, 500_000.0);
        six.name = "CGCS2000_GK_CM_117E".to_owned();
        assert_eq!(authority(&six), Some(4509));
    }

    #[test]
    fn a_meridian_of_its_own_is_kept_with_its_parameters() {
        let local = definition(Datum::Cgcs2000, None, 117.25, 500_000.0);
        let crs = local.crs().expect("explicit");
        assert_eq!(crs.authority(), None);
        assert!(crs.definition().expect("text").contains("+lon_0=117.25"));
    }

    #[test]
    fn a_name_of_a_map_service_is_a_declaration() {
        let mut shifted = definition(Datum::Wgs84, None, 0.0, 0.0);
        shifted.name = "GCS_GCJ_02".to_owned();
        assert!(shifted.crs().expect_err("a plane").en.contains("degrees only"));
        shifted.projection = None;
        assert_eq!(shifted.crs(), Ok(Crs::Gcj02));
    }

    #[test]
    fn a_code_breaks_the_tie_and_a_contradiction_is_named() {
        let six = definition(Datum::Cgcs2000, Some(4509), 117.0, 500_000.0);
        assert_eq!(authority(&six), Some(4509));
        let mut degrees = definition(Datum::Wgs84, Some(4490), 0.0, 0.0);
        degrees.projection = None;
        assert_eq!(authority(&degrees), Some(4490));
        let wrong = definition(Datum::Cgcs2000, Some(4527), 120.0, 40_500_000.0);
        let words = wrong.crs().expect_err("contradiction");
        assert!(words.en.contains("EPSG:4527") && words.en.contains("EPSG:4528"), "{words}");
    }

    #[test]
    fn a_refused_datum_is_told_with_the_parameters_of_the_file() {
        let mut old = definition(Datum::Beijing54, Some(2437), 120.0, 500_000.0);
        let words = old.crs().expect_err("refused");
        assert!(words.en.contains("+lon_0=120") && words.en.contains("+towgs84=dx"), "{words}");
        old.towgs84 = Some("15.8,-154.4,-82.3,0,0,0,0".to_owned());
        assert!(old.crs().expect_err("refused").en.contains("+towgs84=15.8,-154.4"));
        old.code = Some(4549);
        assert!(old.crs().is_err(), "the datum outweighs the code");
    }

    #[test]
    fn an_unknown_projection_is_accepted_by_its_code_only() {
        let mut other = definition(Datum::Wgs84, None, 0.0, 0.0);
        other.projection = Some(Projection::new(Method::Other("Mercator_1SP".to_owned())));
        assert!(other.crs().expect_err("unknown").en.contains("Mercator_1SP"));
        other.code = Some(3857);
        assert_eq!(other.crs(), Ok(Crs::WebMercator));
    }
}
