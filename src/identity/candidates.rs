//! The pairs of a long list that are worth a person's look, without comparing all with all.
//!
//! Two subjects are compared when they share a key: a stem, a listed name, a stem with one
//! character left out, a developer with the same parts, an address, or most of their bigrams. A key
//! that very many share (花园) says little; it is divided by place, and only neighbours in a sorted
//! order are compared in what is still too large, so that the cost grows with the list and not with
//! its square.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::likeness::{Likeness, Profile, Relation, Subject};
use super::numerals::skeleton;
use super::reasons::Reason;

/// More subjects than this under one key are divided by place.
const LARGE: usize = 48;
/// In what is still large, each is compared with so many that follow.
const WINDOW: usize = 8;
/// A bigram more subjects of one city share than this ties nobody.
const COMMON: usize = 96;

/// All pairs worth a person's look, the most alike first, then in the order of the list.
///
/// Each pair is given once, the lower index first. Two subjects whose names are the same letter by
/// letter are left out, unless they lie in different places: those are found without this.
///
/// ```
/// use facility_audit::identity::{Subject, candidates};
/// let list = ["幸福里", "万科城", "幸福里小区", "解放路一号院", "解放路二号院"].map(Subject::named);
/// let pairs: Vec<(usize, usize)> = candidates(&list).iter().map(|(a, b, _)| (*a, *b)).collect();
/// assert_eq!(pairs, [(0, 2)]);
/// ```
pub fn candidates(subjects: &[Subject]) -> Vec<(usize, usize, Likeness)> {
    let profiles: Vec<Profile> = subjects.iter().map(Profile::of).collect();
    let plain: Vec<String> = subjects.iter().map(plain).collect();
    let cities: Vec<u64> = profiles.iter().map(city).collect();
    let mut pairs = Pairs::of(&profiles, &cities, &plain);
    let mut found = Vec::new();
    for a in 0..profiles.len() {
        for b in pairs.of_one(a) {
            let Some(likeness) = profiles[a].compare(&profiles[b]) else { continue };
            let elsewhere =
                || likeness.reasons.iter().any(|one| matches!(one, Reason::DifferentPlaces(..)));
            if likeness.relation != Relation::Apart && (plain[a] != plain[b] || elsewhere()) {
                found.push((a, b, likeness));
            }
        }
    }
    found.sort_by(|(a, b, one), (c, d, other)| {
        other.score.total_cmp(&one.score).then_with(|| (a, b).cmp(&(c, d)))
    });
    found
}

/// An own name without white space.
fn plain(subject: &Subject) -> String {
    let own = subject.names.first().map_or("", String::as_str);
    own.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The city of a subject: the first four digits of its code, else all that is written; 0 for none.
fn city(profile: &Profile) -> u64 {
    let Some(place) = &profile.facts.place else { return 0 };
    let digits = place.bytes().all(|byte| byte.is_ascii_digit());
    let text = if digits { &place[..place.len().min(4)] } else { place.as_str() };
    hash(&("city", text))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Who is to be compared with whom.
struct Pairs {
    /// For each subject, those after it that share a key.
    partners: Vec<Vec<u32>>,
    /// For each subject, its bigrams in its city.
    bigrams: Vec<Vec<u64>>,
    /// Who has a bigram in a city, in order; only where they are not too many.
    having: HashMap<u64, Vec<u32>>,
}

impl Pairs {
    fn of(profiles: &[Profile], cities: &[u64], plain: &[String]) -> Pairs {
        let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(profiles.len() * 8);
        for (at, profile) in profiles.iter().enumerate() {
            keyed.extend(keys(profile).into_iter().map(|key| (key, at as u32)));
        }
        keyed.sort_unstable();
        keyed.dedup();
        let mut pairs = Pairs {
            partners: vec![Vec::new(); profiles.len()],
            bigrams: Vec::with_capacity(profiles.len()),
            having: HashMap::new(),
        };
        let place = |at: u32| (cities[at as usize], profiles[at as usize].facts.place.as_deref());
        for block in keyed.chunk_by(|one, other| one.0 == other.0) {
            let mut members: Vec<u32> = block.iter().map(|(_, at)| *at).collect();
            if members.len() > LARGE {
                members.sort_by_key(|at| (place(*at), &plain[*at as usize], *at));
                let by_city = |one: &u32, other: &u32| place(*one).0 == place(*other).0;
                members.chunk_by(by_city).for_each(|city| pairs.divide(city, &place));
            } else {
                pairs.all(&members);
            }
        }
        for (at, profile) in profiles.iter().enumerate() {
            let mut own: Vec<u64> =
                bigrams(&profile.own.stem).map(|two| hash(&(cities[at], two))).collect();
            own.sort_unstable();
            own.dedup();
            for key in &own {
                pairs.having.entry(*key).or_default().push(at as u32);
            }
            pairs.bigrams.push(own);
        }
        pairs.having.retain(|_, having| (2..=COMMON).contains(&having.len()));
        pairs
    }

    /// A block of one city that is too large is divided by place, then compared by neighbours.
    fn divide<'p>(&mut self, members: &[u32], place: &impl Fn(u32) -> (u64, Option<&'p str>)) {
        if members.len() <= LARGE {
            return self.all(members);
        }
        for here in members.chunk_by(|one, other| place(*one) == place(*other)) {
            if here.len() <= LARGE {
                self.all(here);
                continue;
            }
            for (at, one) in here.iter().enumerate() {
                for other in here[at + 1..].iter().take(WINDOW) {
                    self.pair(*one, *other);
                }
            }
        }
    }

    fn all(&mut self, members: &[u32]) {
        for (at, one) in members.iter().enumerate() {
            for other in &members[at + 1..] {
                self.pair(*one, *other);
            }
        }
    }

    fn pair(&mut self, one: u32, other: u32) {
        self.partners[one.min(other) as usize].push(one.max(other));
    }

    /// Those after one subject that it is to be compared with, each once.
    fn of_one(&mut self, at: usize) -> Vec<usize> {
        let mut partners = std::mem::take(&mut self.partners[at]);
        let mut sharing: Vec<u32> = Vec::new();
        for key in &self.bigrams[at] {
            if let Some(having) = self.having.get(key) {
                let after = having.partition_point(|other| *other as usize <= at);
                sharing.extend(&having[after..]);
            }
        }
        sharing.sort_unstable();
        for same in sharing.chunk_by(|one, other| one == other) {
            let fewer = self.bigrams[at].len().min(self.bigrams[same[0] as usize].len());
            if 2 * same.len() >= fewer {
                partners.push(same[0]);
            }
        }
        partners.sort_unstable();
        partners.dedup();
        partners.into_iter().map(|other| other as usize).collect()
    }
}

/// The keys of a subject; two that share one are compared.
fn keys(profile: &Profile) -> Vec<u64> {
    let mut keys = Vec::new();
    let (stem, numbers) = skeleton(&profile.own.stem);
    keys.push(hash(&("stem", &stem, &numbers)));
    for other in &profile.others {
        let (stem, numbers) = skeleton(&other.name.stem);
        keys.push(hash(&("stem", &stem, &numbers)));
    }
    let own: Vec<char> = profile.own.skeleton.chars().collect();
    if (3..=16).contains(&own.len()) {
        let numbers = &profile.own.numbers;
        keys.push(hash(&("left out", &own, numbers)));
        let mut sorted = own.clone();
        sorted.sort_unstable();
        keys.push(hash(&("sorted", &sorted, numbers)));
        for at in (0..own.len()).filter(|at| own[*at] != '#') {
            let mut rest = own.clone();
            rest[at] = '?';
            keys.push(hash(&("other", &rest, numbers)));
            rest.remove(at);
            if own.len() > 3 {
                keys.push(hash(&("left out", &rest, numbers)));
            }
        }
    }
    if let Some(code) = &profile.facts.developer_code {
        keys.push(hash(&("developer", code, &profile.own.parts)));
    }
    if let Some(address) = &profile.facts.address {
        keys.push(hash(&("address", address, profile.facts.place.as_deref())));
    }
    keys
}

fn bigrams(stem: &str) -> impl Iterator<Item = (char, char)> {
    stem.chars().zip(stem.chars().skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(names: &[&str]) -> Vec<(usize, usize)> {
        let list: Vec<Subject> = names.iter().map(|name| Subject::named(*name)).collect();
        candidates(&list).into_iter().map(|(a, b, _)| (a, b)).collect()
    }

    #[test]
    fn each_sort_of_likeness_is_found_without_comparing_all() {
        for (one, other) in [
            ("幸福里", "幸福里小区"),
            ("幸福里", "幸福里一期"),
            ("万科城", "万客城"),
            ("幸福里小区", "胜利小区（原幸福里）"),
            ("恒大绿洲", "济南恒大绿洲"),
            ("恒大绿州家园", "恒大绿洲家园"),
            ("阳光一百国际", "阳光100国际"),
            ("锦绣江南春色", "锦绣江南色春"),
        ] {
            assert_eq!(pairs(&[one, "别的名字", other]), [(0, 2)], "{one} {other}");
        }
    }

    #[test]
    fn equal_names_are_found_without_this_unless_they_lie_in_different_places() {
        assert!(pairs(&["幸福里", "幸福里", "幸 福里"]).is_empty());
        let at = |place: &str| Subject {
            place: Some(place.to_owned()),
            ..Subject::named("幸福里小区")
        };
        assert!(candidates(&[at("370102"), at("370102")]).is_empty());
        assert_eq!(candidates(&[at("370102"), at("370103")]).len(), 1);
    }

    #[test]
    fn a_name_that_thousands_bear_costs_no_square() {
        let list: Vec<Subject> =
            (0..20_000).map(|at| Subject::named(format!("幸福小区{}期", at % 9 + 1))).collect();
        assert!(candidates(&list).len() < 20_000 * WINDOW);
    }

    #[test]
    fn two_names_for_one_estate_are_found_by_its_developer_and_address() {
        let one = |name: &str| Subject {
            developer_code: Some("91370100MA3C00000X".into()),
            address: Some("和平路12号".into()),
            ..Subject::named(name)
        };
        assert_eq!(candidates(&[one("翡翠湾"), one("和平路旧改项目")]).len(), 1);
        assert!(candidates(&[one("翡翠湾一期"), one("和平路旧改项目二期")]).is_empty());
    }
}
