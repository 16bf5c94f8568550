//! The pairs worked out anew, with every answer given before.

use std::collections::{HashMap, HashSet};

use super::{Review, ReviewRow};

/// The fresh pairs with earlier decisions and notes; then the decided pairs that are no longer
/// candidates, marked so.
///
/// Pairs nobody decided or noted anything about are dropped once they are no longer candidates.
///
/// ```
/// use facility_audit::identity::{Review, merge};
/// assert_eq!(merge(&Review::default(), Vec::new()), Review::default());
/// ```
pub fn merge(previous: &Review, fresh: Vec<ReviewRow>) -> Review {
    let mut earlier: HashMap<_, &ReviewRow> = HashMap::new();
    for row in previous.pairs.iter().filter(|row| answered(row)) {
        // Of two rows about one pair, the last decision is the one in force.
        let known = earlier.entry(row.key()).or_insert(row);
        if row.decision.is_some() || known.decision.is_none() {
            *known = row;
        }
    }
    let mut current = HashSet::new();
    let mut pairs = Vec::with_capacity(fresh.len());
    for mut row in fresh {
        if !current.insert(row.key()) {
            continue;
        }
        if let Some(known) = earlier.get(&row.key()) {
            let turned = known.a.id != row.a.id;
            let decision = known.decision.map(|one| if turned { one.turned() } else { one });
            row.decision = decision.or(row.decision);
            row.note = known.note.clone();
        }
        pairs.push(row);
    }
    let mut kept = HashSet::new();
    for row in previous.pairs.iter().filter(|row| answered(row)) {
        let key = row.key();
        if !current.contains(&key) && kept.insert(key) {
            pairs.push(ReviewRow { gone: true, ..earlier[&row.key()].clone() });
        }
    }
    Review { pairs }
}

fn answered(row: &ReviewRow) -> bool {
    row.decision.is_some() || !row.note.is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::super::{Side, Verdict};
    use super::*;

    #[test]
    fn decisions_stay_and_new_pairs_are_undecided() {
        let mut old = row("1", "2", Some(Verdict::Same));
        old.note = "已核".into();
        let previous = Review { pairs: vec![old, row("5", "6", None)] };
        let merged = merge(&previous, vec![row("3", "4", None), row("1", "2", None)]);
        let decisions: Vec<_> = merged.pairs.iter().map(|row| row.decision).collect();
        assert_eq!(decisions, [None, Some(Verdict::Same)]);
        assert_eq!(merged.pairs[1].note, "已核");
    }

    #[test]
    fn a_decision_follows_its_pair_when_the_two_change_places() {
        let whole = Side::A;
        let previous = Review { pairs: vec![row("1", "2", Some(Verdict::PhaseOf { whole }))] };
        let merged = merge(&previous, vec![row("2", "1", None)]);
        assert_eq!(merged.pairs[0].decision, Some(Verdict::PhaseOf { whole: Side::B }));
    }

    #[test]
    fn a_decided_pair_that_is_gone_is_kept_at_the_end_until_it_comes_back() {
        let previous = Review { pairs: vec![row("1", "2", Some(Verdict::Different))] };
        let merged = merge(&previous, vec![row("3", "4", None)]);
        assert_eq!(merged.pairs.len(), 2);
        assert!(merged.pairs[1].gone);
        assert_eq!(merge(&merged, vec![row("3", "4", None)]), merged);
        let back = merge(&merged, vec![row("1", "2", None)]);
        assert_eq!(back.pairs.len(), 1);
        assert!(!back.pairs[0].gone);
    }
}
