//! How two names stand to each other, by their text alone.

use super::lexicon::lexicon;
use super::names::{Kind, Name};
use super::parts::{Standing, standing, text};
use super::reasons::{Reason, Side};

/// What two names say: how much they are worth, at most, with whatever else speaks for them.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    pub score: f64,
    /// What no evidence lifts the score above.
    pub ceiling: f64,
    pub whole: Option<Side>,
    /// Whether the names themselves say that these are two things.
    pub apart: bool,
    pub reasons: Vec<Reason>,
}

impl Tie {
    fn of(score: f64, ceiling: f64, reason: Reason) -> Tie {
        Tie { score, ceiling, whole: None, apart: false, reasons: vec![reason] }
    }

    fn apart(reason: Reason) -> Tie {
        Tie { score: 0.1, ceiling: APART, whole: None, apart: true, reasons: vec![reason] }
    }

    fn bend(&mut self, factor: f64, reason: Reason) {
        self.score *= factor;
        self.reasons.push(reason);
    }
}

/// The highest score of two names that are surely not one thing.
pub(super) const APART: f64 = 0.2;

/// The highest score of two names that are alike by their letters only, whatever speaks for them.
const LETTERS: f64 = 0.8;

/// What ties two names; nothing when they are strangers.
pub(super) fn tie(a: &Name, b: &Name) -> Option<Tie> {
    let mut tie = stems(a, b)?;
    if tie.apart {
        return Some(tie);
    }
    kinds(a, b, &mut tie);
    parts(a, b, &mut tie);
    if let ([first, ..], [second, ..]) = (a.remarks.as_slice(), b.remarks.as_slice())
        && a.remarks != b.remarks
    {
        tie.bend(0.6, Reason::DifferentRemarks(first.clone(), second.clone()));
    }
    Some(tie)
}

fn stems(a: &Name, b: &Name) -> Option<Tie> {
    let numbers = || Reason::DifferentNumber(a.numbers.join("、"), b.numbers.join("、"));
    if a.skeleton == b.skeleton {
        return Some(if a.numbers == b.numbers { same(a, b) } else { Tie::apart(numbers()) });
    }
    if let Some(tie) = suffixes(a, b) {
        return Some(tie);
    }
    let mut tie = letters(a, b)?;
    if !a.numbers.is_empty() && !b.numbers.is_empty() && a.numbers != b.numbers {
        tie = Tie::apart(numbers());
    }
    Some(tie)
}

/// Two names of one stem and one suffix, if any.
fn same(a: &Name, b: &Name) -> Tie {
    let short = a.own().chars().count() < 2;
    if a.folded == b.folded || (a.generic == b.generic && a.own() == b.own() && a.parts == b.parts)
    {
        return Tie::of(if short { 0.8 } else { 0.96 }, 1.0, Reason::SameName);
    }
    let generic = |name: &Name| {
        let words: Vec<&str> = name.generic.iter().rev().map(String::as_str).collect();
        if words.is_empty() { "—".to_owned() } else { words.concat() }
    };
    if a.generic == b.generic && a.parts == b.parts {
        return Tie::of(0.93, 1.0, Reason::SameName); // 一号院, 1号院
    }
    if a.generic == b.generic {
        return Tie::of(if short { 0.6 } else { 0.93 }, 1.0, Reason::SameStem(a.own()));
    }
    let score = match a.own().chars().count() {
        0 | 1 => 0.6,
        2 => 0.86,
        _ => 0.92,
    };
    Tie::of(score, 1.0, Reason::OtherSuffix(generic(a), generic(b)))
}

/// Two names of one stem with different suffixes, or with a suffix on one side.
fn suffixes(a: &Name, b: &Name) -> Option<Tie> {
    if a.stem != b.stem {
        return None;
    }
    let by_length = |two: f64, three: f64, more: f64| match a.stem_length {
        0..=2 => two,
        3 => three,
        _ => more,
    };
    match (&a.flavour, &b.flavour) {
        (Some(one), Some(other)) => {
            let reason = Reason::DifferentSuffixes(one.clone(), other.clone());
            Some(Tie::of(by_length(0.3, 0.36, 0.45), 0.75, reason))
        }
        (Some(one), None) | (None, Some(one)) => {
            Some(Tie::of(by_length(0.5, 0.64, 0.74), 0.9, Reason::OneSuffix(one.clone())))
        }
        (None, None) => None,
    }
}

/// Two stems that are alike by their letters.
fn letters(a: &Name, b: &Name) -> Option<Tie> {
    let (one, other) = (chars(&a.own()), chars(&b.own()));
    let (short, long) = (one.len().min(other.len()), one.len().max(other.len()));
    if short < 2 || long > 40 {
        return None;
    }
    let differing: Vec<usize> = (0..short).filter(|at| one[*at] != other[*at]).collect();
    if one.len() == other.len() {
        match *differing.as_slice() {
            [at] => return one_differs(at, one[at], other[at], a, b),
            [at, next]
                if next == at + 1
                    && one[at] == other[next]
                    && one[next] == other[at]
                    && short >= 3 =>
            {
                return Some(Tie::of(0.5, LETTERS, Reason::Transposed));
            }
            _ => {}
        }
    }
    if short < long
        && let Some(tie) = within(&one, &other)
    {
        return Some(tie);
    }
    if long == short + 1 && short >= 3 {
        let (longer, side) = if one.len() > short { (&one, Side::A) } else { (&other, Side::B) };
        let shorter = if side == Side::A { &other } else { &one };
        let at = (0..short).find(|at| longer[*at] != shorter[*at]).unwrap_or(short);
        if longer[at + 1..] == shorter[at..] {
            return Some(more(side, longer[at], LETTERS));
        }
    }
    let share = strsim::normalized_levenshtein(&a.own(), &b.own());
    // What is distinctive of a name stands at its beginning: 东方路27号院, 黄河路27号院.
    let begins = one[0] == other[0] || one[1] == other[1];
    let enough = share >= 0.7 && short >= 5 && begins;
    enough.then(|| Tie::of(0.55 * share, LETTERS, Reason::SimilarSpelling(share)))
}

fn more(side: Side, c: char, ceiling: f64) -> Tie {
    let telling = lexicon().is_contrast(c) || c.is_ascii_alphanumeric();
    Tie::of(if telling { 0.26 } else { 0.4 }, ceiling, Reason::OneCharacterMore(side, c))
}

fn one_differs(at: usize, one: char, other: char, a: &Name, b: &Name) -> Option<Tie> {
    let latin = one.is_ascii_alphanumeric() && other.is_ascii_alphanumeric();
    if lexicon().contrast(one, other) || latin {
        return Some(Tie::apart(Reason::Contrast(one, other)));
    }
    let own = a.stem_length.min(b.stem_length);
    // 翡翠华庭, 翡翠华廷: the slip is in the suffix.
    let length = if at < own { own } else { a.own().chars().count() };
    let score = match length {
        0..=2 if a.flavour.is_none() => return None, // 金地, 金城
        0..=2 => 0.28,
        3 => 0.42,
        4 => 0.48,
        _ => 0.54,
    };
    Some(Tie::of(score, LETTERS, Reason::OneCharacterDiffers(one, other)))
}

/// One name within the other, at its beginning or its end.
fn within(one: &[char], other: &[char]) -> Option<Tie> {
    let side = if one.len() > other.len() { Side::A } else { Side::B };
    let (long, short) = if side == Side::A { (one, other) } else { (other, one) };
    let extra = long.len() - short.len();
    let (more_of, at_end) = match () {
        () if long.ends_with(short) => (&long[..extra], true),
        () if long.starts_with(short) => (&long[short.len()..], false),
        () => return None,
    };
    if extra == 1 && short.len() >= 3 {
        return Some(more(side, more_of[0], LETTERS));
    }
    let text: String = more_of.iter().collect();
    if !at_end && short.len() >= 3 && lexicon().is_word(&text) {
        return Some(Tie::of(0.6, 0.9, Reason::OneSuffix(text))); // 阳光家园, 阳光家园安置房
    }
    let score = match (at_end, short.len(), extra) {
        (_, 0..=1, _) => return None,
        (true, 2, 2..=4) => 0.25,
        (true, 3, 2..=4) => 0.4,
        (true, 4.., 2..=4) => 0.5,
        (false, 3, 1..=4) => 0.26,
        (false, 4.., 1..=4) => 0.34,
        _ => 0.12,
    };
    Some(Tie::of(score, LETTERS, Reason::Within(side, text)))
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

fn kinds(a: &Name, b: &Name, tie: &mut Tie) {
    let (Some(one), Some(other)) = (&a.kind, &b.kind) else {
        let kind = a.kind.as_ref().or(b.kind.as_ref());
        if let Some(Kind::Facility(_)) = kind {
            let words = |name: &Name| name.generic.first().cloned().unwrap_or_else(|| "—".into());
            tie.bend(0.4, Reason::OtherKind(words(a), words(b)));
        }
        return;
    };
    if one == other {
        return;
    }
    let words = |name: &Name| name.generic.first().cloned().unwrap_or_default();
    let factor = match (one.min(other), one.max(other)) {
        (Kind::Estate, Kind::Community) => Some(0.85),
        (Kind::Community, Kind::Village) => Some(0.8),
        (Kind::Estate, Kind::Village) => Some(0.6),
        (Kind::Street, Kind::Town) => Some(0.8),
        _ => None,
    };
    match factor {
        Some(factor) => tie.bend(factor, Reason::OtherKind(words(a), words(b))),
        None => {
            tie.bend(0.2, Reason::DifferentKinds(words(a), words(b)));
            tie.ceiling = APART;
            tie.apart = true;
        }
    }
}

fn parts(a: &Name, b: &Name, tie: &mut Tie) {
    let standing = standing(&a.parts, &b.parts);
    if standing == Standing::Same {
        return;
    }
    let (one, other) = (text(&a.parts), text(&b.parts));
    match standing {
        Standing::Same => {}
        Standing::AWider => {
            tie.whole = Some(Side::A);
            tie.bend(0.93, Reason::PartOf(Side::B, other));
        }
        Standing::BWider => {
            tie.whole = Some(Side::B);
            tie.bend(0.93, Reason::PartOf(Side::A, one));
        }
        Standing::Overlap => tie.bend(0.6, Reason::OverlappingParts(one, other)),
        Standing::OtherWord => tie.bend(0.65, Reason::UnlikeParts(one, other)),
        Standing::Unlike => tie.bend(0.35, Reason::UnlikeParts(one, other)),
        Standing::Different => {
            tie.bend(0.15, Reason::DifferentParts(one, other));
            tie.ceiling = APART;
            tie.apart = true;
        }
    }
}
