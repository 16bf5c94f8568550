//! How alike two subjects are, and why; never whether they are one.
//!
//! The names give a first score and a ceiling: letters that are alike are worth little by
//! themselves, and two names that say they are two things (一号院 and 二号院, 一期 and 二期) stay
//! apart whatever else agrees. What else is known then moves the score within these bounds.

use crate::quantity::Interval;
use crate::words::Words;

use super::evidence::{Facts, weigh};
use super::names::Name;
use super::parts::{Standing, standing};
use super::reasons::{Reason, Side};
use super::spelling::{APART, Tie, tie};

/// What is known of one thing on a list; all but its name may be missing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Subject {
    /// Its own name, then its aliases.
    pub names: Vec<String>,
    /// The code or the name of its administrative division.
    pub place: Option<String>,
    /// Its street.
    pub street: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// Its developer.
    pub developer: Option<String>,
    /// The unified social credit code of its developer.
    pub developer_code: Option<String>,
    /// Its floor area in m².
    pub area: Option<Interval>,
    /// Its households.
    pub households: Option<Interval>,
    /// Longitude and latitude in degrees.
    pub point: Option<(f64, f64)>,
}

impl Subject {
    /// A subject of which the name is known.
    pub fn named(name: impl Into<String>) -> Subject {
        Subject { names: vec![name.into()], ..Subject::default() }
    }
}

/// What two subjects may be to each other: a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// One thing by two names.
    Same,
    /// One is a phase or another part of the other; the side that is the whole.
    PhaseOf(Side),
    /// Two things.
    Apart,
}

impl Relation {
    /// The relation in words.
    pub fn words(self) -> Words {
        match self {
            Relation::Same => Words::new("同一", "same"),
            Relation::PhaseOf(Side::A) => {
                Words::new("分期（甲为整体）", "phase (the first is the whole)")
            }
            Relation::PhaseOf(Side::B) => {
                Words::new("分期（乙为整体）", "phase (the second is the whole)")
            }
            Relation::Apart => Words::new("不同", "different"),
        }
    }
}

/// How sure a suggestion is, in steps a person can use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Not worth a look.
    None,
    /// A coincidence as likely as not.
    Low,
    /// To be looked at.
    Medium,
    /// Most likely so.
    High,
}

/// How alike two subjects are.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// From 0 to 1.
    pub score: f64,
    /// What is suggested.
    pub relation: Relation,
    /// What speaks for it and against it.
    pub reasons: Vec<Reason>,
}

/// The least score worth a person's look.
pub const WORTH_A_LOOK: f64 = 0.3;

impl Likeness {
    /// The step the score lies in.
    pub fn band(&self) -> Band {
        match self.score {
            _ if self.relation == Relation::Apart => Band::None,
            score if score >= 0.8 => Band::High,
            score if score >= 0.5 => Band::Medium,
            _ => Band::Low,
        }
    }

    /// The reasons as one text.
    pub fn words(&self) -> Words {
        let words: Vec<Words> = self.reasons.iter().map(Reason::words).collect();
        Words::join(&words)
    }
}

/// How alike two subjects are; nothing when nothing ties them.
///
/// ```
/// use facility_audit::identity::{Band, Relation, Side, Subject, compare};
/// let like = |a, b| compare(&Subject::named(a), &Subject::named(b)).expect("alike");
/// assert_eq!(like("幸福里", "幸福里小区").band(), Band::High);
/// assert_eq!(like("幸福里", "幸福里一期").relation, Relation::PhaseOf(Side::A));
/// assert_eq!(like("幸福里二期", "幸福里一期").relation, Relation::Apart);
/// assert_eq!(like("万科城", "万客城").band(), Band::Low);
/// ```
pub fn compare(a: &Subject, b: &Subject) -> Option<Likeness> {
    Profile::of(a).compare(&Profile::of(b))
}

/// A subject with its names taken apart, to be compared with many.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub own: Name,
    /// Aliases and former names.
    pub others: Vec<Listed>,
    pub facts: Facts,
}

/// Another name of a subject.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub name: Name,
    /// The same with the parts of the own name: to 幸福里一期 the alias 胜利小区 is 胜利小区一期.
    of_part: Name,
    /// Whether the own name lists it, and so means this part itself: 幸福里二期（原胜利小区）.
    within_name: bool,
}

impl Listed {
    fn of(text: &str, own: &Name, within_name: bool) -> Listed {
        let name = Name::parse(text);
        let mut of_part = name.clone();
        if of_part.parts.is_empty() {
            of_part.parts = own.parts.clone();
        }
        Listed { name, of_part, within_name }
    }

    /// The form to compare with another's name.
    fn against(&self, other: &Name) -> &Name {
        if self.within_name && other.parts.is_empty() { &self.name } else { &self.of_part }
    }
}

impl Profile {
    pub fn of(subject: &Subject) -> Profile {
        let mut names = subject.names.iter();
        let own = Name::parse(names.next().map_or("", String::as_str));
        let former = own.former.iter().map(|text| Listed::of(text, &own, true));
        let aliases = names.map(|text| Listed::of(text, &own, false));
        let mut others: Vec<Listed> = former.chain(aliases).collect();
        others.retain(|listed| !listed.name.stem.is_empty());
        Profile { facts: Facts::of(subject, &own), own, others }
    }

    pub fn compare(&self, other: &Profile) -> Option<Likeness> {
        let own = tie(&self.own, &other.own).map(|tie| self.known_before(other, tie));
        let tied = best(own, self.listed(other));
        let Some(tied) = tied else { return self.strangers(other) };
        Some(self.weighed(other, tied))
    }

    /// A name that is longer by a word of its own place or developer is hardly longer at all.
    fn known_before(&self, other: &Profile, mut tie: Tie) -> Tie {
        if let [Reason::Within(side, more)] = tie.reasons.as_slice()
            && tie.score >= 0.2
            && more.chars().count() >= 2
            && (self.facts.knows(more) || other.facts.knows(more))
        {
            tie.score = tie.score.max(0.72);
            tie.ceiling = 0.95;
            tie.reasons = vec![Reason::KnownBefore(*side, more.clone())];
        }
        tie
    }

    /// What ties them when one bears a name that the other lists.
    fn listed(&self, other: &Profile) -> Option<Tie> {
        let of = |own: &Name, listed: &Listed, side: Side| {
            let listed = listed.against(own);
            let mut tie = if side == Side::A { tie(own, listed) } else { tie(listed, own) }?;
            let close = !tie.apart && tie.score >= 0.7;
            tie.score *= 0.97;
            tie.reasons.retain(|reason| !matches!(reason, Reason::SameName));
            tie.reasons.insert(0, Reason::ListedAs(side, own.folded.clone()));
            close.then_some(tie)
        };
        let a = other.others.iter().filter_map(|listed| of(&self.own, listed, Side::A));
        let b = self.others.iter().filter_map(|listed| of(&other.own, listed, Side::B));
        let shared = self.others.iter().flat_map(|one| {
            other.others.iter().filter_map(move |two| {
                let (one, two) = (&one.of_part, &two.of_part);
                let mut tie = tie(one, two).filter(|tie| !tie.apart && tie.score >= 0.7)?;
                tie.score *= 0.8;
                tie.reasons = vec![Reason::SharedOtherName(one.own().max(two.own()))];
                Some(tie)
            })
        });
        a.chain(b).chain(shared).reduce(better)
    }

    /// Two subjects with nothing in common by their names, and much besides.
    fn strangers(&self, other: &Profile) -> Option<Likeness> {
        let shares = |one: &Option<String>, two: &Option<String>| one.is_some() && one == two;
        let (a, b) = (&self.facts, &other.facts);
        if !shares(&a.developer_code, &b.developer_code) && !shares(&a.address, &b.address) {
            return None;
        }
        let parts = standing(&self.own.parts, &other.own.parts);
        if matches!(parts, Standing::Different | Standing::Unlike)
            || self.own.kind_differs(&other.own)
        {
            return None;
        }
        let tie = Tie { score: 0.0, ceiling: 0.65, whole: None, apart: false, reasons: Vec::new() };
        let likeness = self.weighed(other, tie);
        (likeness.relation != Relation::Apart).then_some(likeness)
    }

    fn weighed(&self, other: &Profile, tie: Tie) -> Likeness {
        let facts = weigh(&self.facts, &other.facts, tie.whole);
        let mut score = tie.score;
        let against = |fact: &&super::evidence::Fact| fact.reason.is_against();
        for fact in facts.iter().filter(|fact| !against(fact)) {
            score = 1.0 - (1.0 - score) * (1.0 - fact.weight);
        }
        score = score.min(tie.ceiling);
        for fact in facts.iter().filter(against) {
            score *= 1.0 - fact.weight;
        }
        let relation = match tie.whole {
            _ if tie.apart || score < WORTH_A_LOOK => Relation::Apart,
            Some(side) => Relation::PhaseOf(side),
            None => Relation::Same,
        };
        let mut reasons = tie.reasons;
        reasons.extend(facts.into_iter().map(|fact| fact.reason));
        Likeness { score: score.clamp(0.0, 1.0), relation, reasons }
    }
}

/// The better of what own names and listed names say. Own names that say they are two things are
/// heard, and so are those that say one is a part of the other.
fn best(own: Option<Tie>, listed: Option<Tie>) -> Option<Tie> {
    match (own, listed) {
        (Some(own), Some(mut listed)) if own.apart => {
            let named = matches!(listed.reasons.first(), Some(Reason::ListedAs(..)));
            if !named || listed.whole.is_some() {
                return Some(own);
            }
            listed.score = (listed.score * 0.7).max(APART);
            listed.reasons.extend(own.reasons.into_iter().filter(Reason::is_against));
            Some(listed)
        }
        (Some(own), Some(_)) if own.whole.is_some() && own.score >= 0.7 => Some(own),
        (Some(own), Some(listed)) => Some(better(own, listed)),
        (own, listed) => own.or(listed),
    }
}

/// The tie of the higher score; of equals one that does not depend on their order.
fn better(one: Tie, other: Tie) -> Tie {
    let rank = |tie: &Tie| (tie.score, tie.whole.is_none(), tie.ceiling);
    if rank(&other).partial_cmp(&rank(&one)) == Some(std::cmp::Ordering::Greater) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(names: &[&str]) -> Subject {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        Subject { names, ..Subject::default() }
    }

    fn relation(a: &[&str], b: &[&str]) -> Relation {
        compare(&listing(a), &listing(b)).map_or(Relation::Apart, |found| found.relation)
    }

    #[test]
    fn an_alias_names_the_part_that_bears_it() {
        let whole = Relation::PhaseOf(Side::B);
        assert_eq!(relation(&["幸福里一期", "胜利小区"], &["胜利小区二期"]), Relation::Apart);
        assert_eq!(relation(&["幸福里一期", "胜利小区"], &["胜利小区一期"]), Relation::Same);
        assert_eq!(relation(&["幸福里一期", "胜利小区"], &["胜利小区"]), whole);
        assert_eq!(relation(&["幸福里二期（原胜利小区）"], &["胜利小区"]), Relation::Same);
    }

    #[test]
    fn phases_that_share_an_alias_stay_apart() {
        let (one, two) = (["幸福里一期", "幸福里"], ["幸福里二期", "幸福里"]);
        assert_eq!(relation(&one, &two), Relation::Apart);
        assert_eq!(relation(&one, &["幸福里"]), Relation::PhaseOf(Side::B));
        assert_eq!(relation(&["一号院", "幸福里"], &["二号院", "幸福里"]), Relation::Apart);
    }

    #[test]
    fn every_reason_speaks_both_languages() {
        let found = compare(&Subject::named("金地花园一期"), &Subject::named("金地广场二期"));
        let words = found.expect("alike").words();
        assert_eq!(words.zh, "后缀不同（花园／广场）；分期或分区不同（1期／2期）");
        assert_eq!(
            words.en,
            "different suffixes (花园 / 广场); different phases or zones (1期 / 2期)"
        );
    }
}
