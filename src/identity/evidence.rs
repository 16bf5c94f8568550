//! What else is known of two subjects, for and against their being one thing.
//!
//! Every fact has a weight: a fact for takes its share of the doubt away, a fact against takes its
//! share of the score. What one ledger leaves blank says nothing.

use crate::quantity::Interval;

use super::fold::fold;
use super::lexicon::lexicon;
use super::likeness::Subject;
use super::names::Name;
use super::reasons::{Reason, Side};

/// The facts of a subject, ready to be compared.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub place: Option<String>,
    street: Option<String>,
    pub address: Option<String>,
    developer: Option<String>,
    pub developer_code: Option<String>,
    area: Option<Interval>,
    households: Option<Interval>,
    point: Option<(f64, f64)>,
    /// The administrative words of its own name.
    named_places: Vec<String>,
}

impl Facts {
    pub fn of(subject: &Subject, name: &Name) -> Facts {
        let text = |text: &Option<String>| {
            text.as_deref().map(fold).filter(|text| text.chars().count() > 1)
        };
        let known = |one: &Option<Interval>| {
            one.filter(|one| one.low > 0.0 && one.low <= one.high && one.low.is_finite())
        };
        let code =
            |code: &String| code.len() >= 8 && code.chars().all(|c| c.is_ascii_alphanumeric());
        let on_earth = |(x, y): &(f64, f64)| x.abs() <= 180.0 && y.abs() <= 90.0;
        Facts {
            place: text(&subject.place),
            street: text(&subject.street).map(|street| bare_street(&street)),
            address: text(&subject.address).map(|address| bare_address(&address)),
            developer: text(&subject.developer).map(|developer| bare_company(&developer)),
            developer_code: text(&subject.developer_code).filter(code),
            area: known(&subject.area),
            households: known(&subject.households),
            point: subject.point.filter(on_earth),
            named_places: name.places.clone(),
        }
    }

    /// Whether a text is the beginning of something known of the subject besides its name.
    pub fn knows(&self, text: &str) -> bool {
        let all = [&self.place, &self.street, &self.address, &self.developer];
        let told = all.into_iter().flatten().any(|known| known.contains(text));
        told || self.named_places.iter().any(|place| place.starts_with(text))
    }
}

/// One fact and its weight, from 0 to 1.
pub(super) struct Fact {
    pub reason: Reason,
    pub weight: f64,
}

/// All that is known of two subjects besides their names; `whole` is the side that is the whole of
/// the other, by their names.
pub(super) fn weigh(a: &Facts, b: &Facts, whole: Option<Side>) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |weight: f64, reason: Reason| facts.push(Fact { reason, weight });
    if let Some((weight, one, other)) = different_places(a, b) {
        add(weight, Reason::DifferentPlaces(one, other));
    }
    if let (Some(one), Some(other)) = (&a.street, &b.street) {
        if one == other {
            add(0.06, Reason::SameStreet(one.clone()));
        } else if !one.contains(other) && !other.contains(one) {
            add(0.35, Reason::DifferentStreets(one.clone(), other.clone()));
        }
    }
    if let (Some(one), Some(other)) = (&a.address, &b.address) {
        if one == other {
            let exact = one.chars().any(|c| c.is_ascii_digit());
            add(if exact { 0.45 } else { 0.1 }, Reason::SameAddress(one.clone()));
        } else if !one.contains(other) && !other.contains(one) {
            add(0.15, Reason::DifferentAddresses(one.clone(), other.clone()));
        }
    }
    developers(a, b, whole, &mut add);
    let households = (a.households, b.households);
    let (same, differ) = (Reason::SameHouseholds as fn(f64) -> Reason, Reason::HouseholdsDiffer);
    sizes(households, whole, 10.0, same, differ, &mut add);
    let areas = (a.area, b.area);
    let (same, differ) = (Reason::SameArea as fn(f64) -> Reason, Reason::AreasDiffer);
    sizes(areas, whole, 10.0, same, differ, &mut add);
    if let (Some(one), Some(other)) = (a.point, b.point) {
        let metres = distance(one, other);
        match metres {
            ..=100.0 => add(0.35, Reason::Near(metres)),
            ..=300.0 => add(0.15, Reason::Near(metres)),
            5000.0.. => add(0.65, Reason::Far(metres)),
            2000.0.. => add(0.3, Reason::Far(metres)),
            _ => {}
        }
    }
    facts
}

fn developers(a: &Facts, b: &Facts, whole: Option<Side>, add: &mut impl FnMut(f64, Reason)) {
    // The phases of an estate are often built by companies founded for them.
    let against = if whole.is_some() { 0.08 } else { 0.3 };
    match (&a.developer_code, &b.developer_code) {
        (Some(one), Some(other)) if one == other => {
            add(0.25, Reason::SameDeveloperCode(one.to_uppercase()));
        }
        (Some(one), Some(other)) => {
            let (one, other) = (one.to_uppercase(), other.to_uppercase());
            add(against, Reason::DifferentDeveloperCodes(one, other));
        }
        _ => {
            let (Some(one), Some(other)) = (&a.developer, &b.developer) else { return };
            if one == other {
                add(0.2, Reason::SameDeveloper(one.clone()));
            } else if !one.contains(other) && !other.contains(one) {
                add(against / 2.0, Reason::DifferentDevelopers(one.clone(), other.clone()));
            }
        }
    }
}

fn sizes(
    (a, b): (Option<Interval>, Option<Interval>),
    whole: Option<Side>,
    least: f64,
    same: fn(f64) -> Reason,
    differ: fn(f64) -> Reason,
    add: &mut impl FnMut(f64, Reason),
) {
    let (Some(a), Some(b)) = (a, b) else { return };
    if let Some(side) = whole {
        let (whole, part) = if side == Side::A { (a, b) } else { (b, a) };
        if part.low > whole.high * 1.05 {
            add(0.35, Reason::PartLargerThanWhole(side.other()));
        }
        return;
    }
    if a.is_exact() && a == b && a.low >= least {
        return add(0.35, same(a.low));
    }
    let factor = if a.low > b.high { a.low / b.high } else { b.low / a.high };
    if factor.is_finite() && factor >= 1.3 {
        let weight = match factor {
            ..2.0 => 0.12,
            ..5.0 => 0.25,
            _ => 0.4,
        };
        add(weight, differ(factor));
    }
}

/// Whether two subjects lie in different places, how much that weighs, and which.
fn different_places(a: &Facts, b: &Facts) -> Option<(f64, String, String)> {
    if let (Some(one), Some(other)) = (&a.place, &b.place) {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if digits(one) && digits(other) {
            let (short, long) = (significant(one), significant(other));
            let shared = short.bytes().zip(long.bytes()).take_while(|(x, y)| x == y).count();
            if shared < short.len().min(long.len()) {
                let weight = if shared < 4 { 0.85 } else { 0.6 };
                return Some((weight, one.clone(), other.clone()));
            }
        } else if digits(one) == digits(other)
            && !one.contains(other.as_str())
            && !other.contains(one.as_str())
        {
            return Some((0.6, one.clone(), other.clone()));
        }
    }
    let level = |place: &str| place.chars().next_back();
    a.named_places.iter().find_map(|one| {
        let other = b.named_places.iter().find(|other| level(other) == level(one))?;
        (one != other).then(|| (0.6, one.clone(), other.clone()))
    })
}

/// A division's code without the zeros that stand for the whole.
fn significant(code: &str) -> &str {
    let mut code = code;
    for (length, kept) in [(12, 9), (9, 6), (6, 4), (4, 2)] {
        if code.len() == length && code[kept..].bytes().all(|byte| byte == b'0') {
            code = &code[..kept];
        }
    }
    code
}

fn bare_street(street: &str) -> String {
    let words = ["街道办事处", "街道办", "街道", "办事处", "街办"];
    let found = words.iter().find_map(|word| street.strip_suffix(word));
    found.filter(|rest| !rest.is_empty()).unwrap_or(street).to_owned()
}

/// An address without the places it begins with: one ledger writes them, another does not.
fn bare_address(address: &str) -> String {
    let name = Name::parse(address);
    let places: String = name.places.concat();
    address.strip_prefix(places.as_str()).unwrap_or(address).to_owned()
}

fn bare_company(developer: &str) -> String {
    let mut name = developer;
    for word in &lexicon().company {
        if let Some(rest) = name.strip_suffix(word.as_str())
            && rest.chars().count() >= 2
        {
            name = rest;
        }
    }
    name.to_owned()
}

/// Metres between two points given as longitude and latitude, on a sphere.
fn distance((x, y): (f64, f64), (u, v): (f64, f64)) -> f64 {
    let half = |a: f64, b: f64| ((b - a).to_radians() / 2.0).sin().powi(2);
    let h = half(y, v) + y.to_radians().cos() * v.to_radians().cos() * half(x, u);
    2.0 * 6_371_008.8 * h.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_lies_in_its_city_and_not_in_another() {
        let at = |place: &str| Facts { place: Some(place.to_owned()), ..Facts::default() };
        let weight = |a: &str, b: &str| different_places(&at(a), &at(b)).map(|found| found.0);
        assert_eq!(weight("370100", "370102"), None);
        assert_eq!(weight("370102", "370102001"), None);
        assert_eq!(weight("370102", "370103"), Some(0.6));
        assert_eq!(weight("370102", "410102"), Some(0.85));
        assert_eq!(weight("济南市历下区", "历下区"), None);
        assert_eq!(weight("历下区", "市中区"), Some(0.6));
        assert_eq!(weight("370102", "历下区"), None);
    }

    #[test]
    fn an_address_and_a_company_are_the_same_with_and_without_what_is_generic() {
        assert_eq!(bare_address("济南市历下区和平路12号"), "和平路12号");
        assert_eq!(bare_company("济南恒大置业有限公司"), bare_company("济南恒大"));
        assert_eq!(bare_street("解放路街道办事处"), bare_street("解放路街道"));
    }

    #[test]
    fn distances_are_in_metres() {
        let metres = distance((117.0, 36.65), (117.001, 36.65));
        assert!((metres - 89.2).abs() < 0.5, "{metres}");
    }
}
