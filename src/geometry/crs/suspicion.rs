//! Whether points that are called plain degrees are those of a map service.

use crate::words::Words;

use super::{Crs, Transformer};

/// Points that fit a place known to be right much better after a shift is taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// The system that fits best: GCJ-02 or BD-09.
    pub system: Crs,
    /// How many points were tried.
    pub points: usize,
    /// The share of them that fits as given.
    pub given: f64,
    /// The share that fits if they are GCJ-02.
    pub gcj02: f64,
    /// The share that fits if they are BD-09.
    pub bd09: f64,
}

/// How many more points must fit after the shift than chance explains, in standard deviations.
const DEVIATIONS: f64 = 3.0;
/// And how large a share of all points they must be.
const CLEARLY: f64 = 0.1;

/// Tries points (longitude, latitude) against a place: whether `fits` holds for each, by its number, as
/// given, and after GCJ-02 or BD-09 is taken back.
///
/// Gives a suspicion where the shift is clearly better: the points that it gains outnumber those
/// that it loses by three standard deviations of their sum, so at least ten, and by a tenth of all
/// points. `fits` must tell places half a kilometre apart: inside one's own estate or near a known
/// point, not inside the city.
pub fn suspect(points: &[(f64, f64)], fits: &dyn Fn(usize, f64, f64) -> bool) -> Option<Suspicion> {
    let given: Vec<bool> =
        points.iter().enumerate().map(|(number, &(lon, lat))| fits(number, lon, lat)).collect();
    let after = |crs: &Crs| -> Vec<bool> {
        let transformer = Transformer::new(crs);
        let moved = points.iter().map(|&(lon, lat)| transformer.to_lonlat(lon, lat));
        let fits = |(number, place): (usize, Option<(f64, f64)>)| {
            place.is_some_and(|(lon, lat)| fits(number, lon, lat))
        };
        moved.enumerate().map(fits).collect()
    };
    let (gcj02, bd09) = (after(&Crs::Gcj02), after(&Crs::Bd09));
    let (system, best) =
        if count(&bd09) > count(&gcj02) { (Crs::Bd09, &bd09) } else { (Crs::Gcj02, &gcj02) };
    let share = |hits: &[bool]| count(hits) as f64 / points.len() as f64;
    is_clear(&given, best).then(|| Suspicion {
        system,
        points: points.len(),
        given: share(&given),
        gcj02: share(&gcj02),
        bd09: share(&bd09),
    })
}

fn count(hits: &[bool]) -> usize {
    hits.iter().filter(|&&hit| hit).count()
}

/// The sign test on the points for which the shift makes a difference.
fn is_clear(given: &[bool], shifted: &[bool]) -> bool {
    let both = given.iter().zip(shifted);
    let gained = both.clone().filter(|(before, after)| !**before && **after).count() as f64;
    let lost = both.filter(|(before, after)| **before && !**after).count() as f64;
    let more = gained - lost;
    more > DEVIATIONS * (gained + lost).sqrt() && more >= CLEARLY * given.len() as f64
}

impl Suspicion {
    /// What a reader should know and do.
    pub fn words(&self) -> Words {
        let (points, name) = (self.points, self.system.words());
        let percent = |share: f64| format!("{:.1}", share * 100.0);
        let (given, gcj02, bd09) = (percent(self.given), percent(self.gcj02), percent(self.bd09));
        let code = if self.system == Crs::Bd09 { "BD-09" } else { "GCJ-02" };
        Words::new(
            format!(
                "{points} 个点疑似 {}：按原样吻合 {given} %，按 GCJ-02 反算吻合 {gcj02} %，按 BD-09 反算吻合 {bd09} %；确认后请声明坐标系 {code}",
                name.zh
            ),
            format!(
                "{points} points look like {}: {given} % fit as given, {gcj02} % if taken as GCJ-02, {bd09} % if taken as BD-09; if so, declare the system {code}",
                name.en
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forty centres on a grid of 2 km, each known to 100 m.
    fn centres() -> Vec<(f64, f64)> {
        let place =
            |index: u32| (116.9 + f64::from(index % 8) * 0.02, 36.6 + f64::from(index / 8) * 0.02);
        (0..40).map(place).collect()
    }

    fn is_near(_: usize, lon: f64, lat: f64) -> bool {
        centres().iter().any(|&(x, y)| ((lon - x) * 89_000.0).hypot((lat - y) * 111_000.0) < 100.0)
    }

    fn taken_as(crs: &Crs) -> Vec<(f64, f64)> {
        let shift = |&(lon, lat): &(f64, f64)| crs.from_lonlat(lon, lat).expect("in China");
        centres().iter().map(shift).collect()
    }

    #[test]
    fn points_of_a_map_service_are_told_apart() {
        for crs in [Crs::Gcj02, Crs::Bd09] {
            let suspicion = suspect(&taken_as(&crs), &is_near).expect("a suspicion");
            assert_eq!((&suspicion.system, suspicion.points), (&crs, 40));
            assert!(suspicion.given < 0.1, "{suspicion:?}");
            let best = suspicion.gcj02.max(suspicion.bd09);
            assert_eq!(best, 1.0, "{suspicion:?}");
            assert!(suspicion.words().zh.contains("100.0 %"), "{}", suspicion.words().zh);
        }
    }

    #[test]
    fn points_that_are_right_raise_no_suspicion() {
        assert_eq!(suspect(&centres(), &is_near), None);
        assert_eq!(suspect(&[], &is_near), None);
    }

    #[test]
    fn a_few_points_or_a_place_too_large_show_nothing() {
        let few = &taken_as(&Crs::Gcj02)[..8];
        assert_eq!(suspect(few, &is_near), None);
        assert_eq!(suspect(&taken_as(&Crs::Gcj02), &|_, _, _| true), None);
        assert_eq!(suspect(&taken_as(&Crs::Gcj02), &|_, _, _| false), None);
    }

    #[test]
    fn a_gain_must_outweigh_the_loss() {
        let some = |hits: usize| (0..100).map(|index| index < hits).collect::<Vec<bool>>();
        assert!(is_clear(&some(20), &some(60)));
        assert!(!is_clear(&some(50), &some(58)), "eight points are chance");
        let turned: Vec<bool> = some(50).iter().map(|hit| !hit).collect();
        assert!(!is_clear(&some(50), &turned), "as many lost as gained");
        assert!(!is_clear(&[false, true], &[true, false]));
    }
}
