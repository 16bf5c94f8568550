//! The Gauss–Krüger zones of CGCS2000: EPSG:4491–4554 from one rule.

use crate::words::Words;

/// How many degrees of longitude a zone spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Three degrees: surveys of towns.
    Three,
    /// Six degrees: maps of small scale.
    Six,
}

/// One Gauss–Krüger zone of CGCS2000, with or without the zone's number before the easting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias = "高斯—克吕格投影带")]
pub struct Zone {
    width: Width,
    number: u8,
    prefixed: bool,
}

/// The first zone, the last zone and the code of the first, by width and prefix.
const BLOCKS: [(Width, bool, u8, u8, u32); 4] = [
    (Width::Six, true, 13, 23, 4491),
    (Width::Six, false, 13, 23, 4502),
    (Width::Three, true, 25, 45, 4513),
    (Width::Three, false, 25, 45, 4534),
];

impl Zone {
    /// The zone with this number, if China has it: 13–23 of six degrees, 25–45 of three.
    pub fn new(width: Width, number: u8, prefixed: bool) -> Option<Zone> {
        let zone = Zone { width, number, prefixed };
        zone.block().map(|_| zone)
    }

    /// The zone of an EPSG code.
    pub fn of_epsg(code: u32) -> Option<Zone> {
        Zone::all().find(|zone| zone.epsg() == code)
    }

    /// The zone whose number stands before an easting: the numbers of both widths differ.
    pub fn of_prefix(number: u8) -> Option<Zone> {
        let three = Zone::new(Width::Three, number, true);
        three.or_else(|| Zone::new(Width::Six, number, true))
    }

    /// All 64 zones, by code.
    pub fn all() -> impl Iterator<Item = Zone> {
        BLOCKS.into_iter().flat_map(|(width, prefixed, first, last, _)| {
            (first..=last).map(move |number| Zone { width, number, prefixed })
        })
    }

    fn block(self) -> Option<(u8, u32)> {
        let block = BLOCKS.into_iter().find(|&(width, prefixed, first, last, _)| {
            let within = (first..=last).contains(&self.number);
            width == self.width && prefixed == self.prefixed && within
        })?;
        Some((block.2, block.4))
    }

    /// The EPSG code.
    pub fn epsg(self) -> u32 {
        let (first, code) = self.block().expect("a zone is only made within a block");
        code + u32::from(self.number - first)
    }

    /// How many degrees the zone spans.
    pub fn width(self) -> Width {
        self.width
    }

    /// The zone's number.
    pub fn number(self) -> u8 {
        self.number
    }

    /// Whether eastings begin with the zone's number: eight digits instead of six.
    pub fn is_prefixed(self) -> bool {
        self.prefixed
    }

    /// The same zone with or without its number before the easting.
    pub fn with_prefix(self, prefixed: bool) -> Zone {
        Zone { prefixed, ..self }
    }

    /// The longitude of the central meridian, in degrees.
    pub fn central_meridian(self) -> f64 {
        match self.width {
            Width::Three => 3.0 * f64::from(self.number),
            Width::Six => 6.0 * f64::from(self.number) - 3.0,
        }
    }

    /// The easting of the central meridian, in metres.
    pub fn false_easting(self) -> f64 {
        let prefix = if self.prefixed { f64::from(self.number) * 1e6 } else { 0.0 };
        prefix + 500_000.0
    }

    /// The name that ESRI's software writes.
    pub fn esri_name(self) -> String {
        let width = if self.width == Width::Three { "3_Degree_GK" } else { "GK" };
        if self.prefixed {
            format!("CGCS2000_{width}_Zone_{}", self.number)
        } else {
            format!("CGCS2000_{width}_CM_{}E", self.central_meridian())
        }
    }

    /// The name in the EPSG dataset.
    pub fn epsg_name(self) -> String {
        let width = if self.width == Width::Three { "3-degree " } else { "" };
        if self.prefixed {
            format!("CGCS2000 / {width}Gauss-Kruger zone {}", self.number)
        } else {
            format!("CGCS2000 / {width}Gauss-Kruger CM {}E", self.central_meridian())
        }
    }

    /// What a reader needs to know of it.
    pub fn words(self) -> Words {
        let width = if self.width == Width::Three { 3 } else { 6 };
        let (code, number, meridian) = (self.epsg(), self.number, self.central_meridian());
        if self.prefixed {
            Words::new(
                format!("CGCS2000 {width}°带第 {number} 带，东坐标带带号（EPSG:{code}）"),
                format!(
                    "CGCS2000 {width}-degree zone {number}, zone number before the easting (EPSG:{code})"
                ),
            )
        } else {
            Words::new(
                format!(
                    "CGCS2000 {width}°带，中央经线 {meridian}°E，东坐标不带带号（EPSG:{code}）"
                ),
                format!(
                    "CGCS2000 {width}-degree zone of {meridian}°E, no zone number before the easting (EPSG:{code})"
                ),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_gives_the_codes_of_the_epsg_dataset() {
        let ends = [
            (4491, 13, 75.0, 13_500_000.0),
            (4501, 23, 135.0, 23_500_000.0),
            (4502, 13, 75.0, 500_000.0),
            (4512, 23, 135.0, 500_000.0),
            (4513, 25, 75.0, 25_500_000.0),
            (4527, 39, 117.0, 39_500_000.0),
            (4533, 45, 135.0, 45_500_000.0),
            (4534, 25, 75.0, 500_000.0),
            (4548, 39, 117.0, 500_000.0),
            (4554, 45, 135.0, 500_000.0),
        ];
        for (code, number, meridian, easting) in ends {
            let zone = Zone::of_epsg(code).expect("a zone");
            let found = (zone.number(), zone.central_meridian(), zone.false_easting());
            assert_eq!(found, (number, meridian, easting), "{code}");
        }
        let codes: Vec<u32> = Zone::all().map(Zone::epsg).collect();
        assert_eq!(codes, (4491..=4554).collect::<Vec<u32>>());
    }

    #[test]
    fn a_number_before_the_easting_belongs_to_one_width() {
        assert_eq!(Zone::of_prefix(39).map(Zone::epsg), Some(4527));
        assert_eq!(Zone::of_prefix(20).map(Zone::epsg), Some(4498));
        for outside in [0, 12, 24, 46, 255] {
            assert_eq!(Zone::of_prefix(outside), None, "{outside}");
        }
    }

    #[test]
    fn zones_carry_the_names_other_software_writes() {
        let names = |code| Zone::of_epsg(code).map(|zone| (zone.esri_name(), zone.epsg_name()));
        let expected = |esri: &str, epsg: &str| Some((esri.to_owned(), epsg.to_owned()));
        assert_eq!(
            names(4527),
            expected("CGCS2000_3_Degree_GK_Zone_39", "CGCS2000 / 3-degree Gauss-Kruger zone 39")
        );
        assert_eq!(names(4509), expected("CGCS2000_GK_CM_117E", "CGCS2000 / Gauss-Kruger CM 117E"));
    }
}
