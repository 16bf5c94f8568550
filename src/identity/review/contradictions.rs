//! Decisions that cannot all be right.
//!
//! If A is B and B is C, then A is C: what was decided of A and C must not deny it. Nothing is a
//! part of itself, nor of its own part, by however many steps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Decision, Verdict};
use crate::identity::reasons::Side;
use crate::words::Words;

/// Decisions that cannot all be right; the chain is of ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contradiction {
    /// One pair was decided in two ways.
    TwoVerdicts {
        /// The table.
        table: String,
        /// The pair.
        pair: [String; 2],
    },
    /// The ends of a chain of equals were decided to be different.
    SameAndDifferent {
        /// The table.
        table: String,
        /// Each is the same as the next.
        chain: Vec<String>,
    },
    /// The ends of a chain of equals were decided to be whole and part.
    SameAndPhase {
        /// The table.
        table: String,
        /// Each is the same as the next.
        chain: Vec<String>,
    },
    /// Something would be a part of itself.
    PhaseCycle {
        /// The table.
        table: String,
        /// Each is a part of the next, and the last of the first; equals are named once.
        chain: Vec<String>,
    },
}

impl Contradiction {
    /// The contradiction in words.
    pub fn words(&self) -> Words {
        let ends = |chain: &[String]| {
            let end = |id: Option<&String>| id.cloned().unwrap_or_default();
            (end(chain.first()), end(chain.last()))
        };
        match self {
            Contradiction::TwoVerdicts { table, pair: [a, b] } => Words::new(
                format!("{table}：{a} 与 {b} 有两个不同的决定"),
                format!("{table}: two different decisions about {a} and {b}"),
            ),
            Contradiction::SameAndDifferent { table, chain } => {
                let (a, b) = ends(chain);
                let chain = chain.join(" = ");
                Words::new(
                    format!("{table}：按决定 {chain}，但又决定 {a} 与 {b} 不同"),
                    format!("{table}: decided {chain}, and yet that {a} and {b} are different"),
                )
            }
            Contradiction::SameAndPhase { table, chain } => {
                let (a, b) = ends(chain);
                let chain = chain.join(" = ");
                Words::new(
                    format!("{table}：按决定 {chain}，但又决定 {a} 与 {b} 是整体与分期"),
                    format!(
                        "{table}: decided {chain}, and yet that {a} and {b} are whole and phase"
                    ),
                )
            }
            Contradiction::PhaseCycle { table, chain } => {
                let chain = chain.join(" < ");
                let (zh, en) = ("分期关系成环", "phases go round in a circle");
                Words::new(format!("{table}：{zh}：{chain}"), format!("{table}: {en}: {chain}"))
            }
        }
    }
}

/// All contradictions among decisions, in an order that does not depend on theirs.
pub fn contradictions(decisions: &[Decision]) -> Vec<Contradiction> {
    let mut tables: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions {
        tables.entry(&decision.table).or_default().push(decision);
    }
    let mut found = BTreeSet::new();
    for (table, decisions) in tables {
        two_verdicts(table, &decisions, &mut found);
        let equals = Equals::of(&decisions);
        for decision in &decisions {
            let (a, b) = (decision.a.id.as_str(), decision.b.id.as_str());
            let Some(chain) = equals.chain(a.min(b), a.max(b)) else { continue };
            let table = table.to_owned();
            // A pair decided twice is told as such.
            match decision.verdict {
                _ if chain.len() == 2 && a != b => {}
                Verdict::Same => {}
                Verdict::Different => {
                    found.insert(Contradiction::SameAndDifferent { table, chain });
                }
                Verdict::PhaseOf { .. } => {
                    found.insert(Contradiction::SameAndPhase { table, chain });
                }
            }
        }
        found.extend(cycles(table, &decisions, &equals));
    }
    found.into_iter().collect()
}

fn two_verdicts(table: &str, decisions: &[&Decision], found: &mut BTreeSet<Contradiction>) {
    let mut known: BTreeMap<[&str; 2], Verdict> = BTreeMap::new();
    for decision in decisions {
        let (a, b) = (decision.a.id.as_str(), decision.b.id.as_str());
        let (pair, verdict) = match a <= b {
            true => ([a, b], decision.verdict),
            false => ([b, a], decision.verdict.turned()),
        };
        if *known.entry(pair).or_insert(verdict) != verdict {
            let (table, pair) = (table.to_owned(), pair.map(str::to_owned));
            found.insert(Contradiction::TwoVerdicts { table, pair });
        }
    }
}

/// Which ids were decided to be the same.
struct Equals<'d> {
    next: BTreeMap<&'d str, BTreeSet<&'d str>>,
    /// Each id's least equal.
    least: BTreeMap<&'d str, &'d str>,
}

impl<'d> Equals<'d> {
    fn of(decisions: &[&'d Decision]) -> Equals<'d> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for decision in decisions.iter().filter(|one| one.verdict == Verdict::Same) {
            let (a, b) = (decision.a.id.as_str(), decision.b.id.as_str());
            next.entry(a).or_default().insert(b);
            next.entry(b).or_default().insert(a);
        }
        let mut least: BTreeMap<&str, &str> = BTreeMap::new();
        for start in next.keys() {
            let mut queue = VecDeque::from([*start]);
            while let Some(id) = queue.pop_front() {
                if !least.contains_key(id) {
                    least.insert(id, start);
                    queue.extend(&next[id]);
                }
            }
        }
        Equals { next, least }
    }

    fn of_one(&self, id: &'d str) -> &'d str {
        self.least.get(id).copied().unwrap_or(id)
    }

    /// The shortest chain of equals from one id to another.
    fn chain(&self, from: &'d str, to: &'d str) -> Option<Vec<String>> {
        if self.of_one(from) != self.of_one(to) {
            return None;
        }
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::from([(from, from)]);
        let mut queue = VecDeque::from([from]);
        while let Some(id) = queue.pop_front().filter(|_| !came_from.contains_key(to)) {
            for other in self.next.get(id).into_iter().flatten() {
                came_from.entry(other).or_insert_with(|| {
                    queue.push_back(other);
                    id
                });
            }
        }
        let mut chain = vec![to.to_owned()];
        let mut at = to;
        while at != from {
            at = came_from.get(at)?;
            chain.push(at.to_owned());
        }
        chain.reverse();
        Some(chain)
    }
}

/// The circles of parts, each once, beginning with its least id.
fn cycles(table: &str, decisions: &[&Decision], equals: &Equals) -> BTreeSet<Contradiction> {
    let mut wholes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for decision in decisions {
        let Verdict::PhaseOf { whole } = decision.verdict else { continue };
        let (a, b) = (equals.of_one(&decision.a.id), equals.of_one(&decision.b.id));
        let (part, whole) = if whole == Side::A { (b, a) } else { (a, b) };
        if part != whole {
            wholes.entry(part).or_default().insert(whole);
        }
    }
    let mut found = BTreeSet::new();
    for start in wholes.keys() {
        // The shortest way back to where it began.
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([*start]);
        while let Some(id) = queue.pop_front().filter(|_| !came_from.contains_key(start)) {
            for whole in wholes.get(id).into_iter().flatten() {
                came_from.entry(whole).or_insert_with(|| {
                    queue.push_back(whole);
                    id
                });
            }
        }
        let mut chain = Vec::new();
        let mut at = came_from.get(start).copied();
        while let Some(id) = at {
            chain.push(id.to_owned());
            at = if id == *start { None } else { came_from.get(id).copied() };
        }
        chain.reverse();
        if let Some(least) = (0..chain.len()).min_by_key(|at| &chain[*at]) {
            chain.rotate_left(least);
            found.insert(Contradiction::PhaseCycle { table: table.to_owned(), chain });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::Review;
    use super::super::tests::row;
    use super::*;

    fn found(rows: &[(&str, &str, Verdict)]) -> Vec<String> {
        let pairs = rows.iter().map(|(a, b, verdict)| row(a, b, Some(*verdict))).collect();
        let found = contradictions(&Review { pairs }.decisions());
        found.iter().map(|one| one.words().en).collect()
    }

    const A_WHOLE: Verdict = Verdict::PhaseOf { whole: Side::A };
    const B_WHOLE: Verdict = Verdict::PhaseOf { whole: Side::B };

    #[test]
    fn decisions_that_agree_are_silent() {
        let same = Verdict::Same;
        let rows = [("1", "2", same), ("2", "3", same), ("3", "1", same), ("1", "4", A_WHOLE)];
        assert!(found(&rows).is_empty());
        assert!(found(&[("1", "2", A_WHOLE), ("2", "1", B_WHOLE)]).is_empty());
        assert!(found(&[("1", "2", A_WHOLE), ("2", "3", A_WHOLE), ("1", "3", A_WHOLE)]).is_empty());
    }

    #[test]
    fn equals_of_equals_are_not_different() {
        let rows =
            [("1", "2", Verdict::Same), ("2", "3", Verdict::Same), ("3", "1", Verdict::Different)];
        let told = "estates: decided 1 = 2 = 3, and yet that 1 and 3 are different";
        assert_eq!(found(&rows), [told]);
        let rows = [("1", "2", Verdict::Same), ("2", "3", Verdict::Same), ("1", "3", A_WHOLE)];
        assert_eq!(found(&rows).len(), 1);
    }

    #[test]
    fn nothing_is_a_part_of_its_part() {
        let rows = [("1", "2", A_WHOLE), ("2", "3", A_WHOLE), ("3", "1", A_WHOLE)];
        assert_eq!(found(&rows), ["estates: phases go round in a circle: 1 < 3 < 2"]);
        let rows = [("1", "2", A_WHOLE), ("2", "3", Verdict::Same), ("3", "1", A_WHOLE)];
        assert_eq!(found(&rows).len(), 1);
    }

    #[test]
    fn a_pair_has_one_verdict() {
        let rows = [("1", "2", Verdict::Same), ("2", "1", Verdict::Different)];
        assert_eq!(found(&rows), ["estates: two different decisions about 1 and 2"]);
    }
}
