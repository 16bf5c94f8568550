//! What holds for any texts at all.

use proptest::prelude::*;

use super::{Likeness, Name, Relation, Subject, candidates, compare};

/// Names of the sort that is met, made of pieces, so that pairs are often alike.
fn name() -> impl Strategy<Value = String> {
    let stem =
        prop::sample::select(vec!["幸福里", "万科城", "万客城", "和平路一号院", "金地", "八一"]);
    let middle = prop::sample::select(vec!["", "花园", "广场", "小区", "社区", "幼儿园"]);
    let part = prop::sample::select(vec![
        "",
        "一期",
        "二期",
        "1-2期",
        "A区",
        "东区",
        "1-10幢",
        "（原胜利小区）",
    ]);
    prop_oneof![
        4 => (stem, middle, part).prop_map(|(a, b, c)| format!("{a}{b}{c}")),
        1 => ".{0,12}",
        1 => "[一二三十0-9ivxa-c期区苑幢号楼#、\\-至（）原第东省市县小区社]{0,14}",
    ]
}

fn subject() -> impl Strategy<Value = Subject> {
    let place =
        prop::option::of(prop::sample::select(vec!["370102", "370103", "410102", "历下区", "3"]));
    let code = prop::option::of(Just("91370100MA3C00000X".to_owned()));
    let address =
        prop::option::of(prop::sample::select(vec!["和平路12号", "历下区和平路12号", "东"]));
    let point = prop::option::of((any::<f64>(), any::<f64>()));
    let households = prop::option::of((any::<f64>(), any::<f64>()));
    (prop::collection::vec(name(), 0..3), place, code, address, point, households).prop_map(
        |(names, place, developer_code, address, point, households)| Subject {
            names,
            place: place.map(str::to_owned),
            developer_code,
            address: address.map(str::to_owned),
            point,
            households: households.map(|(low, high)| crate::quantity::Interval::between(low, high)),
            ..Subject::default()
        },
    )
}

fn turned(relation: Relation) -> Relation {
    match relation {
        Relation::PhaseOf(side) => Relation::PhaseOf(side.other()),
        other => other,
    }
}

fn essence(found: Option<&Likeness>) -> Option<(u64, Relation, usize)> {
    found.map(|one| (one.score.to_bits(), one.relation, one.reasons.len()))
}

proptest! {
    #[test]
    fn any_text_is_taken_apart(text in "\\PC{0,40}", other in any::<String>()) {
        for text in [text, other] {
            let name = Name::parse(&text);
            prop_assert_eq!(Name::parse(&text), name);
        }
    }

    #[test]
    fn likeness_does_not_depend_on_who_comes_first(a in subject(), b in subject()) {
        let (one, other) = (compare(&a, &b), compare(&b, &a));
        let back = other.as_ref().map(|one| (one.score.to_bits(), turned(one.relation), one.reasons.len()));
        prop_assert_eq!(essence(one.as_ref()), back);
        if let Some(one) = one {
            prop_assert!((0.0..=1.0).contains(&one.score));
            prop_assert!(!one.words().zh.contains("NaN"));
        }
    }

    #[test]
    fn candidates_do_not_depend_on_the_order_of_the_list(list in prop::collection::vec(subject(), 0..8)) {
        let mut reversed = list.clone();
        reversed.reverse();
        let last = list.len().saturating_sub(1);
        let of = |found: Vec<(usize, usize, Likeness)>, back: bool| {
            let mut pairs: Vec<(usize, usize, u64)> = found
                .into_iter()
                .map(|(a, b, one)| if back { (last - b, last - a, one.score.to_bits()) } else { (a, b, one.score.to_bits()) })
                .collect();
            pairs.sort_unstable();
            pairs
        };
        prop_assert_eq!(of(candidates(&list), false), of(candidates(&reversed), true));
    }
}
