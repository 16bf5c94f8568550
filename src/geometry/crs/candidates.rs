//! Which systems a layer without a usable claim can have, each with its evidence.
//!
//! The digits say what kind of number it is; where they leave several zones open, only the overlap
//! with another layer decides. Nothing here chooses: the caller shows the list.

use geo::Rect;

use crate::words::Words;

use super::extent::{Extent, Range};
use super::{Crs, Transformer, Width, Zone};

/// A system that a layer can have.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The system.
    pub crs: Crs,
    /// Whether x and y must be exchanged first.
    pub swapped: bool,
    /// The share of the layer's extent that lies on other layers; nothing where there are none.
    pub overlap: Option<f64>,
    /// What speaks for it.
    pub why: Words,
}

/// The systems that fit the extent of a layer in the numbers of its file, best first.
///
/// `others` are the extents of layers whose place is known, in degrees. Among equal overlaps
/// (within one per cent) the commoner kind of system comes first. Of the 6-degree and the 3-degree
/// zone that have the same coordinates only the 3-degree one is named. GCJ-02 and BD-09 are never
/// among them: no extent shows a shift of half a kilometre.
pub fn candidates(extent: Rect<f64>, others: &[Rect<f64>]) -> Vec<Candidate> {
    let extent = Extent::of(extent);
    if !extent.is_finite() {
        return Vec::new();
    }
    let mut found = fitting(extent, false, others);
    found.extend(fitting(extent.swapped(), true, others));
    let rank = |candidate: &Candidate| {
        let per_cent = candidate.overlap.map_or(0, |share| (share * 100.0).round() as i64);
        (-per_cent, candidate.swapped, commonness(&candidate.crs))
    };
    found.sort_by_key(rank);
    found
}

/// How soon a system comes among equals.
fn commonness(crs: &Crs) -> u8 {
    match crs {
        Crs::GaussKruger(zone) if zone.width() == Width::Three => 1,
        Crs::Utm(_) => 2,
        Crs::WebMercator => 3,
        Crs::GaussKruger(_) => 4,
        _ => 0,
    }
}

fn fitting(extent: Extent, swapped: bool, others: &[Rect<f64>]) -> Vec<Candidate> {
    let mut all = Vec::new();
    for (crs, why) in by_digits(extent) {
        let Some(degrees) = extent.to_lonlat(&Transformer::new(&crs)) else {
            continue;
        };
        if degrees.lies_in_china() {
            let overlap = (!others.is_empty()).then(|| share_on(degrees, others));
            let why = if swapped { with_swap(&crs, &why) } else { why };
            all.push(Candidate { crs, swapped, overlap, why });
        }
    }
    all
}

fn with_swap(crs: &Crs, why: &Words) -> Words {
    let (zh, en) =
        if crs.is_geographic() { ("纬度", "latitude") } else { ("北坐标", "northing") };
    Words::new(
        format!("x、y 颠倒（文件的 x 是{zh}）；对调后 {}", why.zh),
        format!("x and y are swapped (the file's x is the {en}); exchanged, {}", why.en),
    )
}

/// What kinds of numbers these are, before asking where they lie.
fn by_digits(extent: Extent) -> Vec<(Crs, Words)> {
    let mut all = Vec::new();
    if extent.lies_in_china() {
        all.push((Crs::Cgcs2000, degrees_words(extent)));
        return all;
    }
    if !extent.y.is_northing() {
        // Web Mercator's northings reach further than those of any zone.
        all.extend(web_mercator(extent));
        return all;
    }
    if let Some(zone) = extent.x.zone().filter(|_| extent.x.is_within_zone()) {
        all.push((Crs::GaussKruger(zone), prefix_words(extent.x, zone)));
    }
    if extent.x.is_plain_easting() {
        let plain = Zone::all().filter(|zone| zone.width() == Width::Three && !zone.is_prefixed());
        all.extend(plain.map(|zone| (Crs::GaussKruger(zone), plain_words(extent.x, zone))));
        all.extend((43..=53).map(|zone| (Crs::Utm(zone), utm_words(extent.x))));
    }
    all.extend(web_mercator(extent));
    all
}

impl Range {
    /// Whether eastings with a zone's number keep to the width of a zone: 6 degrees at the equator
    /// reach 334 km to each side of the central meridian.
    fn is_within_zone(self) -> bool {
        let offset = |value: f64| value.rem_euclid(1e6);
        Range { low: offset(self.low), high: offset(self.high) }.lies_within(100_000.0, 900_000.0)
    }
}

fn web_mercator(extent: Extent) -> Option<(Crs, Words)> {
    let is_web = extent.x.lies_within(8_126_000.0, 15_140_000.0)
        && extent.y.lies_within(334_000.0, 7_170_000.0);
    let (x, y) = (extent.x.shown(), extent.y.shown());
    let why = Words::new(
        format!("x 为 {x}、y 为 {y}，在 Web 墨卡托的中国范围之内"),
        format!("x is {x} and y is {y}, which is where Web Mercator has China"),
    );
    is_web.then_some((Crs::WebMercator, why))
}

fn degrees_words(extent: Extent) -> Words {
    let (x, y) = (extent.x.shown(), extent.y.shown());
    Words::new(
        format!(
            "x 为 {x}、y 为 {y}，是中国的经纬度（CGCS2000 与 WGS 84 视为相同）；来自高德、百度等地图的，须另行声明 GCJ-02 或 BD-09"
        ),
        format!(
            "x is {x} and y is {y}, which are degrees of China (CGCS2000 and WGS 84 count as the same); if a Chinese map service gave them, GCJ-02 or BD-09 must be declared"
        ),
    )
}

fn prefix_words(x: Range, zone: Zone) -> Words {
    let (range, number) = (x.shown(), zone.number());
    let width = if zone.width() == Width::Three { 3 } else { 6 };
    Words::new(
        format!("x 为 {range}，8 位且以 {number} 开头：{width}°带第 {number} 带，带带号"),
        format!(
            "x is {range}, eight digits that begin with {number}: {width}-degree zone {number}, with its number"
        ),
    )
}

fn plain_words(x: Range, zone: Zone) -> Words {
    let (range, meridian) = (x.shown(), zone.central_meridian());
    Words::new(
        format!("x 为 {range}，6 位、不带带号：任何中央经线都可能，{meridian}°E 只能由重叠证实"),
        format!(
            "x is {range}, six digits without a zone number: any central meridian is possible, only overlap can confirm {meridian}°E"
        ),
    )
}

fn utm_words(x: Range) -> Words {
    let range = x.shown();
    Words::new(
        format!(
            "x 为 {range}，6 位：也可能是 UTM，与同一中央经线的高斯—克吕格只差万分之四（北坐标约 1–2 km）"
        ),
        format!(
            "x is {range}, six digits: UTM is possible, too; it differs from Gauss–Krüger on the same meridian by 0.04 % only (1–2 km to the north)"
        ),
    )
}

/// The share of an extent that other extents cover together.
fn share_on(extent: Extent, others: &[Rect<f64>]) -> f64 {
    // A metre around every extent, so that a single point has an area, too.
    const MARGIN: f64 = 1e-5;
    let wider = |range: Range| Range { low: range.low - MARGIN, high: range.high + MARGIN };
    let (x, y) = (wider(extent.x), wider(extent.y));
    let clipped = others.iter().map(|other| Extent::of(*other)).filter_map(|other| {
        Some(Extent { x: overlap(wider(other.x), x)?, y: overlap(wider(other.y), y)? })
    });
    let clipped: Vec<Extent> = clipped.collect();
    let mut edges: Vec<f64> = clipped.iter().flat_map(|one| [one.x.low, one.x.high]).collect();
    edges.sort_by(f64::total_cmp);
    let covered: f64 = edges
        .windows(2)
        .map(|strip| {
            let spanning =
                clipped.iter().filter(|one| one.x.low <= strip[0] && strip[1] <= one.x.high);
            (strip[1] - strip[0]) * joint_length(spanning.map(|one| one.y).collect())
        })
        .fold(0.0, |sum, area| sum + area);
    let whole = (x.high - x.low) * (y.high - y.low);
    (covered / whole).clamp(0.0, 1.0)
}

fn overlap(a: Range, b: Range) -> Option<Range> {
    let both = Range { low: a.low.max(b.low), high: a.high.min(b.high) };
    (both.low < both.high).then_some(both)
}

/// The length that ranges cover together.
fn joint_length(mut ranges: Vec<Range>) -> f64 {
    ranges.sort_by(|a, b| a.low.total_cmp(&b.low));
    let mut reached = f64::NEG_INFINITY;
    let mut length = 0.0;
    for range in ranges {
        length += (range.high - range.low.max(reached)).max(0.0);
        reached = reached.max(range.high);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The extent of a city at 117°E 36.7°N in some system, and its degrees.
    fn city(code: u32) -> Rect<f64> {
        let crs = Crs::of_epsg(code).expect("supported");
        let corner = |lon, lat| crs.from_lonlat(lon, lat).expect("a point");
        Rect::new(corner(116.9, 36.6), corner(117.2, 36.8))
    }

    fn degrees() -> Rect<f64> {
        Rect::new((116.8, 36.5), (117.3, 36.9))
    }

    fn swapped(rect: Rect<f64>) -> Rect<f64> {
        Rect::new((rect.min().y, rect.min().x), (rect.max().y, rect.max().x))
    }

    fn best(extent: Rect<f64>, others: &[Rect<f64>]) -> (Option<u32>, bool, Option<f64>) {
        let all = candidates(extent, others);
        let first = all.first().expect("a candidate");
        let share = first.overlap.map(|share| (share * 1000.0).round() / 1000.0);
        (first.crs.authority(), first.swapped, share)
    }

    #[test]
    fn degrees_and_zone_numbers_are_known_by_their_digits() {
        for (code, found) in [(4490, 4490), (4527, 4527), (4498, 4498), (3857, 3857)] {
            assert_eq!(best(city(code), &[]), (Some(found), false, None), "{code}");
            assert_eq!(best(city(code), &[degrees()]), (Some(found), false, Some(1.0)), "{code}");
        }
        assert_eq!(candidates(city(4527), &[]).len(), 1);
    }

    #[test]
    fn exchanged_axes_are_found_and_said() {
        for code in [4490, 4527, 4548] {
            let (found, is_swapped, _) = best(swapped(city(code)), &[degrees()]);
            assert_eq!((found, is_swapped), (Some(code), true), "{code}");
        }
        let all = candidates(swapped(city(4527)), &[]);
        assert!(all[0].why.en.contains("swapped"), "{}", all[0].why);
    }

    #[test]
    fn without_a_zone_number_only_overlap_decides() {
        let alone = candidates(city(4548), &[]);
        assert_eq!(alone.len(), 21 + 11);
        assert!(alone.iter().all(|candidate| candidate.overlap.is_none()));
        let beside = candidates(city(4548), &[degrees()]);
        assert_eq!(beside.len(), 32, "those that do not overlap are shown, too");
        assert_eq!(beside[0].crs.authority(), Some(4548));
        assert_eq!(beside[1].crs.authority(), Some(32650));
        assert_eq!(beside[2].overlap, Some(0.0));
    }

    #[test]
    fn eastern_web_mercator_is_not_taken_for_a_western_zone() {
        let shanghai = |lon, lat| Crs::WebMercator.from_lonlat(lon, lat).expect("a point");
        let extent = Rect::new(shanghai(121.4, 31.1), shanghai(121.6, 31.3));
        let all = candidates(extent, &[]);
        let codes: Vec<Option<u32>> = all.iter().map(|one| one.crs.authority()).collect();
        assert_eq!(codes, [Some(3857), Some(4491)], "both are shown, the commoner first");
        let known = Rect::new((121.0, 31.0), (122.0, 31.5));
        assert_eq!(best(extent, &[known]), (Some(3857), false, Some(1.0)));
    }

    #[test]
    fn the_overlap_counts_each_place_once() {
        let half = Rect::new((116.9, 36.6), (117.05, 36.8));
        let quarter = Rect::new((116.9, 36.6), (117.05, 36.7));
        let (_, _, share) = best(city(4490), &[half, quarter, half]);
        assert!(share.is_some_and(|share| (share - 0.5).abs() < 0.001), "{share:?}");
        let far = Rect::new((100.0, 30.0), (101.0, 31.0));
        assert_eq!(best(city(4490), &[far]).2, Some(0.0));
        let point = Rect::new((117.0, 36.7), (117.0, 36.7));
        assert_eq!(best(point, &[degrees()]).2, Some(1.0));
    }

    #[test]
    fn numbers_of_no_kind_have_no_candidate() {
        for (x, y) in
            [((0.0, 100.0), (0.0, 100.0)), ((1e8, 1e9), (1e8, 1e9)), ((-5e5, 5e5), (0.0, 1.0))]
        {
            assert_eq!(candidates(Rect::new((x.0, y.0), (x.1, y.1)), &[]), [], "{x:?}");
        }
        assert!(candidates(Rect::new((f64::NAN, 0.0), (1.0, 1.0)), &[]).is_empty());
    }
}
