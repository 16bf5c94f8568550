//! The weights of a ranking: how far each moves, and what experts said.

use crate::plan::{Compared, Ranking, Turn, convention};
use crate::words::Lang;

use super::super::paper::{Part, Said};
use super::{SHOWN, WEIGHTS, weigh_words};

fn turn(ranking: &Ranking, turn: &Turn, lang: Lang) -> String {
    let names = |all: &[usize]| -> String {
        let label = |row: &usize| ranking.candidates[ranking.order[*row]].subject.label.as_str();
        all.iter().map(label).collect::<Vec<_>>().join(lang.pick("、", ", "))
    };
    let (enters, leaves) = (names(&turn.enters), names(&turn.leaves));
    match lang {
        Lang::Zh => format!("{enters} 进，{leaves} 出"),
        Lang::En => format!("{enters} in, {leaves} out"),
    }
}

pub fn weights(ranking: &Ranking, lang: Lang) -> Part {
    let mut headings: Vec<String> = vec![lang.pick("指标", "indicator").to_owned()];
    if ranking.weights.sets.len() > 1 {
        headings.extend(
            ranking.weights.sets.iter().map(|(code, _)| weigh_words(code).in_lang(lang).to_owned()),
        );
    }
    headings.extend(
        match lang {
            Lang::Zh => ["权重", "不低于", "不高于", "低于则", "高于则"],
            Lang::En => ["weight", "no less than", "no more than", "below it", "above it"],
        }
        .map(str::to_owned),
    );
    let mut part =
        Part::new(lang.pick("权重与可变范围", "Weights and how far they move"), headings, SHOWN);
    let top = ranking.stability.as_ref().map_or(ranking.sheet.top, |one| one.top);
    if ranking.order.len() <= top {
        part.note(lang.pick(
            "已排序的都在前列之内，权重怎样变都不变",
            "all that are ranked are among the first, whatever the weights",
        ));
    } else {
        part.note(match lang {
        Lang::Zh => format!("只改一项权重、其余不变，在下列范围内前 {top} 名不变"),
        Lang::En => format!("one weight changed and the others as they are: the first {top} stay the same within these bounds"),
    });
    }
    for (at, indicator) in ranking.sheet.indicators.iter().enumerate() {
        let mut row = vec![Said::text(indicator.words.in_lang(lang))];
        if ranking.weights.sets.len() > 1 {
            row.extend(ranking.weights.sets.iter().map(|(_, set)| Said::Number(set[at], WEIGHTS)));
        }
        row.push(Said::Number(ranking.weights.used[at], WEIGHTS));
        let moves = ranking.stability.as_ref().map(|all| &all.moves[at]);
        let (below, above) =
            (moves.and_then(|one| one.below.as_ref()), moves.and_then(|one| one.above.as_ref()));
        row.push(Said::Number(below.map_or(0.0, |turn| turn.weight), WEIGHTS));
        row.push(above.map_or_else(
            || Said::text(lang.pick("不限", "no limit")),
            |turn| Said::Number(turn.weight, WEIGHTS),
        ));
        row.push(Said::any(below, |one| Said::text(turn(ranking, one, lang))));
        row.push(Said::any(above, |one| Said::text(turn(ranking, one, lang))));
        part.row(row);
    }
    part
}

pub fn experts(ranking: &Ranking, lang: Lang) -> Part {
    let mut headings = vec![
        lang.pick("专家", "expert").to_owned(),
        lang.pick("最大特征根", "eigenvalue").to_owned(),
        "CI".to_owned(),
        "CR".to_owned(),
    ];
    headings.extend(ranking.sheet.indicators.iter().map(|one| one.words.in_lang(lang).to_owned()));
    let mut part = Part::new(lang.pick("专家判断", "Experts"), headings, SHOWN);
    let row = |name: &str, compared: &Compared| {
        let own = [
            Said::text(name),
            Said::Number(compared.eigenvalue, 4),
            Said::Number(compared.index, 4),
            Said::Number(compared.ratio, 4),
        ];
        let weights = compared.weights.iter().map(|weight| Said::Share(*weight));
        own.into_iter().chain(weights).collect::<Vec<_>>()
    };
    for (name, compared) in &ranking.weights.experts {
        part.rows.push(row(name, compared));
    }
    if let Some(group) = &ranking.weights.group {
        let together = lang.pick("合并（几何平均）", "together (geometric mean)");
        part.rows.push(row(together, group));
        part.note(match lang {
            Lang::Zh => {
                format!("一致性比率 CR 不超过 {}；{}", convention().limit, convention().source)
            }
            Lang::En => {
                format!("consistency ratio at most {}; {}", convention().limit, convention().source)
            }
        });
    }
    part
}
