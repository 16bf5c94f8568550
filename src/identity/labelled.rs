//! Pairs judged by hand, against what the program says of them.

use crate::quantity::Interval;

use super::{Band, Relation, Side, Subject, candidates, compare};

struct Pair {
    line: String,
    a: Subject,
    b: Subject,
    relation: Relation,
    band: Band,
}

fn pairs() -> Vec<Pair> {
    let lines = include_str!("labelled.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(pair).collect()
}

fn pair(line: &str) -> Pair {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let (mut a, mut b) = (Subject::named(cells[0]), Subject::named(cells[1]));
    for fact in cells.get(4).into_iter().flat_map(|facts| facts.split(';')) {
        let (key, values) = fact.trim().split_once('=').expect("key=value");
        let (one, other) = values.split_once('/').unwrap_or((values, values));
        set(&mut a, key, one);
        set(&mut b, key, other);
    }
    let relation = match cells[2] {
        "same" => Relation::Same,
        "first-is-whole" => Relation::PhaseOf(Side::A),
        "second-is-whole" => Relation::PhaseOf(Side::B),
        "apart" => Relation::Apart,
        other => panic!("{line}: {other}"),
    };
    let band = match cells[3] {
        "high" => Band::High,
        "medium" => Band::Medium,
        "low" => Band::Low,
        "none" => Band::None,
        other => panic!("{line}: {other}"),
    };
    Pair { line: line.to_owned(), a, b, relation, band }
}

fn set(subject: &mut Subject, key: &str, value: &str) {
    let number = || value.parse().expect("a number");
    let text = Some(value.to_owned());
    match key {
        "place" => subject.place = text,
        "street" => subject.street = text,
        "address" => subject.address = text,
        "developer" => subject.developer = text,
        "developer_code" => subject.developer_code = text,
        "households" => subject.households = Some(Interval::exactly(number())),
        "point" => {
            let (x, y) = value.split_once(',').expect("lon,lat");
            subject.point = Some((x.parse().expect("lon"), y.parse().expect("lat")));
        }
        other => panic!("no fact {other}"),
    }
}

#[test]
fn the_program_judges_as_a_careful_inspector_would() {
    let mut wrong = Vec::new();
    let pairs = pairs();
    assert!(pairs.len() >= 150, "{}", pairs.len());
    for pair in &pairs {
        let found = compare(&pair.a, &pair.b);
        let relation = found.as_ref().map_or(Relation::Apart, |found| found.relation);
        let band = found.as_ref().map_or(Band::None, |found| found.band());
        if (relation, band) != (pair.relation, pair.band) {
            let score = found.as_ref().map_or(0.0, |found| found.score);
            let why = found.map(|found| found.words().zh).unwrap_or_default();
            wrong.push(format!("{}\n    {relation:?} {band:?} {score:.2} {why}", pair.line));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
}

#[test]
fn whatever_is_worth_a_look_is_found_among_all_others() {
    let pairs = pairs();
    for pair in pairs.iter().filter(|pair| pair.relation != Relation::Apart) {
        let found = candidates(&[pair.a.clone(), pair.b.clone()]);
        assert_eq!(found.len(), 1, "{}", pair.line);
    }
}

#[test]
fn letters_alone_never_outweigh_a_common_stem() {
    let score = |a: &str, b: &str| {
        compare(&Subject::named(a), &Subject::named(b)).map_or(0.0, |found| found.score)
    };
    assert!(score("万科城", "万客城") < score("幸福里", "幸福里小区"));
    assert!(score("锦绣江南春色", "锦秀江南春色") < 0.6);
}
