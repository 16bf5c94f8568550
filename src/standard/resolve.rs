//! Which requirements speak, for a place and a day.
//!
//! On each topic the most local text in force speaks as a whole and displaces the wider ones; at
//! the same level the later one does. What was displaced, and why a text stays silent, is kept.

use std::collections::BTreeSet;

use crate::day::Day;
use crate::place::Place;
use crate::words::Words;

use super::model::{Evidence, Pack, Requirement, Status};

/// What was found for one place and day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolution {
    /// The requirements that speak, as indices into the packs.
    pub speaking: Vec<Spoken>,
    /// The requirements a nearer or later text displaces.
    pub displaced: Vec<Displaced>,
}

/// A requirement that speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spoken {
    /// The pack's index.
    pub pack: usize,
    /// The requirement's index in it.
    pub requirement: usize,
}

/// A requirement that would speak if another text did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Displaced {
    /// The displaced requirement.
    pub what: Spoken,
    /// The index of the pack that speaks instead.
    pub by: usize,
    /// Whether both are of the same level, so that the later one was taken.
    pub same_level: bool,
}

/// Why a text does not speak at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// It holds elsewhere.
    Elsewhere,
    /// It was not yet in force.
    NotYet,
    /// It was no longer in force.
    NoLonger,
    /// Its first day is not known, and it was not named.
    NoStartDay,
    /// It is a draft, and was not named.
    Draft,
    /// Its content is not verified, and it was not named.
    Unverified,
}

impl Silence {
    /// The reason, for readers.
    pub fn words(self) -> Words {
        match self {
            Silence::Elsewhere => Words::new("不适用于本地", "holds elsewhere"),
            Silence::NotYet => Words::new("当日尚未施行", "not yet in force that day"),
            Silence::NoLonger => Words::new("当日已失效", "no longer in force that day"),
            Silence::NoStartDay => Words::new(
                "施行日未载明，须在项目中点名",
                "start day not stated: name it in the project to use it",
            ),
            Silence::Draft => Words::new(
                "征求意见稿，须在项目中点名",
                "a draft: name it in the project to use it",
            ),
            Silence::Unverified => Words::new(
                "内容未核实，须在项目中点名",
                "unverified: name it in the project to use it",
            ),
        }
    }
}

impl Pack {
    /// Why the text does not speak for a place on a day, if it does not.
    ///
    /// `named` says that the project asks for it; it can then lack a start day, be a draft or be
    /// unverified, but it still speaks only for its own place and days.
    pub fn silence(&self, place: &Place, day: Day, named: bool) -> Option<Silence> {
        if !self.place.contains(place) {
            return Some(Silence::Elsewhere);
        }
        let issued = self.issued.map(|issued| issued.first());
        if self.from.or(issued).is_some_and(|from| day < from) {
            return Some(Silence::NotYet);
        }
        if self.until.is_some_and(|until| day > until) {
            return Some(Silence::NoLonger);
        }
        if named {
            return None;
        }
        match (self.status, self.evidence, self.from) {
            (Status::Draft, ..) => Some(Silence::Draft),
            (Status::Repealed, _, _) if self.until.is_none() => Some(Silence::NoLonger),
            (_, Evidence::Unverified, _) => Some(Silence::Unverified),
            (_, _, None) => Some(Silence::NoStartDay),
            _ => None,
        }
    }
}

/// Chooses the requirements that speak for subjects in `place` on `day`.
///
/// A requirement that `adds` stands beside the others on its topic. Different kinds of subject are
/// different topics: a rule for estates does not displace one for communities.
pub fn resolve(packs: &[Pack], place: &Place, day: Day, named: &BTreeSet<String>) -> Resolution {
    let all = packs.iter().enumerate().flat_map(|(index, pack)| {
        let count = pack.requirements.len();
        (0..count).map(move |requirement| Spoken { pack: index, requirement })
    });
    resolve_among(packs, &all.collect::<Vec<_>>(), place, &|_| day, named)
}

/// The same among some requirements, each on a day of its own: a requirement that is judged on one
/// of its subject's dates speaks when its text was in force that day.
pub fn resolve_among(
    packs: &[Pack],
    among: &[Spoken],
    place: &Place,
    day: &dyn Fn(&Requirement) -> Day,
    named: &BTreeSet<String>,
) -> Resolution {
    let mut resolution = Resolution::default();
    let candidates: Vec<(Spoken, &Pack, &Requirement)> = among
        .iter()
        .map(|&spoken| {
            let pack = &packs[spoken.pack];
            (spoken, pack, &pack.requirements[spoken.requirement])
        })
        .filter(|(_, pack, requirement)| {
            pack.silence(place, day(requirement), named.contains(&pack.id)).is_none()
        })
        .collect();
    // A text the project asks for by name speaks before others of its level, dated or not.
    let rank = |pack: &Pack| {
        let asked = named.contains(&pack.id);
        (pack.place.level(), asked, pack.from, pack.issued.map(|day| day.last()))
    };
    for (spoken, pack, requirement) in &candidates {
        let rivals = candidates.iter().filter(|(_, _, other)| {
            other.topic == requirement.topic && other.subject == requirement.subject && !other.adds
        });
        // Of equals the one whose id sorts last is taken, so the order of files decides nothing.
        let nearest = rivals.max_by_key(|(_, rival, _)| (rank(rival), rival.id.clone()));
        match nearest {
            Some((other, rival, _)) if !requirement.adds && other.pack != spoken.pack => {
                resolution.displaced.push(Displaced {
                    what: *spoken,
                    by: other.pack,
                    same_level: rival.place.level() == pack.place.level(),
                });
            }
            _ => resolution.speaking.push(*spoken),
        }
    }
    resolution
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::parse;

    fn pack(id: &str, place: &str, more: &str) -> Pack {
        let text = format!(
            "id = \"{id}\"\nnumber = \"{id}\"\nissuer = \"某\"\nplace = \"{place}\"\nstatus = \"in_force\"\n\
             evidence = \"secondary\"\n{more}\n[[require]]\nid = \"a\"\nzh = \"面积\"\nen = \"area\"\n\
             topic = \"area\"\nsubject = \"community\"\nmeasure = \"area\"\nround = \"none\"\nforce = \"shall\"\n\
             debtor = \"government\"\nat_least = {{ fixed = 1 }}\n"
        );
        parse(id, &text).expect("a pack")
    }

    fn speaking(packs: &[Pack], day: &str, named: &[&str]) -> Vec<String> {
        let place = Place::parse("370102").expect("a code");
        let named = named.iter().map(|id| (*id).to_owned()).collect();
        let resolution = resolve(packs, &place, day.parse().expect("a day"), &named);
        let ids = resolution.speaking.iter().map(|spoken| packs[spoken.pack].id.clone());
        ids.collect()
    }

    #[test]
    fn the_most_local_text_in_force_displaces_the_wider() {
        let packs = [
            pack("nation", "CN", "from = 2010-01-01"),
            pack("city", "370100", "from = 2017-10-01"),
            pack("elsewhere", "320000", "from = 2000-01-01"),
        ];
        assert_eq!(speaking(&packs, "2016-01-01", &[]), ["nation"]);
        assert_eq!(speaking(&packs, "2018-01-01", &[]), ["city"]);
    }

    #[test]
    fn at_the_same_level_the_later_text_speaks() {
        let mut packs = vec![
            pack("new", "370100", "from = 2021-10-07"),
            pack("old", "370100", "from = 2016-01-01"),
        ];
        assert_eq!(speaking(&packs, "2022-01-01", &[]), ["new"]);
        packs.reverse();
        assert_eq!(speaking(&packs, "2022-01-01", &[]), ["new"]);
        assert_eq!(speaking(&packs, "2020-01-01", &[]), ["old"]);
    }

    #[test]
    fn a_text_without_start_day_speaks_only_when_named() {
        let packs = [pack("undated", "370100", "")];
        assert!(speaking(&packs, "2018-01-01", &[]).is_empty());
        assert_eq!(speaking(&packs, "2018-01-01", &["undated"]), ["undated"]);
    }

    #[test]
    fn a_named_text_speaks_before_a_dated_one_of_its_level() {
        let packs = [pack("dated", "370100", "from = 2017-10-01"), pack("undated", "370100", "")];
        assert_eq!(speaking(&packs, "2018-01-01", &["undated"]), ["undated"]);
    }

    #[test]
    fn naming_a_text_does_not_move_it_to_another_place_or_day() {
        let packs = [
            pack("elsewhere", "320000", "from = 2000-01-01"),
            pack("ended", "370100", "from = 2000-01-01\nuntil = 2010-12-31"),
        ];
        assert!(speaking(&packs, "2018-01-01", &["elsewhere", "ended"]).is_empty());
    }
}
