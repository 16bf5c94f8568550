//! The page from an audit: headline, map, verdicts, stages, renting, ranking, findings, what it rests on.

use std::collections::{BTreeSet, HashMap};

use crate::audit::Audit;
use crate::check::CHECKS;
use crate::error::Result;
use crate::quantity::{number, percent};
use crate::standard::Force;
use crate::tally::Tally;
use crate::words::Lang;

use super::super::classes::class;
use super::super::paper::{Paper, Part, Said, shares};
use super::super::{Reported, stages};
use super::charts;
use super::map::map;
use super::places::Places;
use super::view::{Block, Card, Cell, Head, Page, Row, Section, Table, shown};

/// So many rows of a table are on the page.
pub const ROWS: usize = 500;
/// So many estates have their stages on the page.
pub const ESTATES: usize = 200;

/// The whole page.
pub fn page(reported: &Reported<'_>, lang: Lang) -> Result<Page> {
    let audit = reported.audit;
    let places = Places::of(audit, reported.heading)?;
    let mut sections = Vec::new();
    if let Some(map) = map(audit, lang)? {
        sections.push(Section {
            id: "map".to_owned(),
            title: lang.pick("地图", "Map").to_owned(),
            notes: vec![lang.pick("点选图形即筛选下面的结论；滚轮或双指缩放，拖动平移", "click a shape to see its findings below; scroll or pinch to zoom, drag to move").to_owned()],
            blocks: vec![Block::Map(map)],
        });
    }
    sections.push(verdicts(audit, &places, lang));
    sections.extend(published(reported, lang)?);
    sections.extend(matrices(audit, lang));
    sections.extend(renting(reported, lang));
    sections.extend(ranked(reported, lang));
    sections.push(super::findings::findings(audit, &places, lang)?);
    sections.push(super::basis::basis(audit, lang));
    let heading = reported.heading;
    let place = heading.place_name.as_deref().unwrap_or(&heading.name);
    let day = audit.question.day;
    Ok(Page {
        lang: lang.pick("zh", "en"),
        title: match lang {
            Lang::Zh => format!("{place} 社区用房与配套设施核查"),
            Lang::En => format!("{place}: audit of community premises and facilities"),
        },
        subtitle: format!("{} · {} {day}", heading.name, lang.pick("核查日", "as of")),
        made_by: format!("facility-audit {}", env!("CARGO_PKG_VERSION")),
        cards: cards(audit, lang),
        sections,
    })
}

fn cards(audit: &Audit, lang: Lang) -> Vec<Card> {
    let mut cards = Vec::new();
    // What the audit is about comes first: rooms of communities, then what estates owe.
    let rank = |tally: &&Tally| {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        match (requirement.subject, requirement.measure.check) {
            ("community", "threshold") => 0,
            (_, "handover") => 1,
            (_, "threshold") => 2,
            _ => 3,
        }
    };
    let mut tallies: Vec<&Tally> = audit.tallies.iter().collect();
    tallies.sort_by_key(rank);
    for tally in tallies {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let shown =
            ["threshold", "handover", "coverage", "headcount"].contains(&requirement.measure.check);
        if requirement.force == Force::Indicator
            || !shown
            || tally.denominator() == 0
            || cards.len() >= 6
        {
            continue;
        }
        let (met, all, unknown) = (tally.met, tally.denominator(), tally.unknown);
        cards.push(Card {
            label: requirement.words.in_lang(lang).to_owned(),
            value: tally.rate().map_or("—".to_owned(), shares),
            note: match lang {
                Lang::Zh => format!("达标 {met} / {all}，无法核查 {unknown}"),
                Lang::En => format!("{met} of {all} met, {unknown} unknown"),
            },
            tone: if tally.not_met > 0 {
                "bad"
            } else if unknown > 0 {
                "open"
            } else {
                "good"
            },
        });
    }
    if let Some(share) = audit.rented_share() {
        let count = audit.tenure.communities;
        cards.push(Card {
            label: lang.pick("租赁率", "rented share").to_owned(),
            value: shares(share),
            note: match lang {
                Lang::Zh => format!("租赁且无自有用房 ÷ 全部 {count} 个社区"),
                Lang::En => format!("rent and own nothing, of all {count} communities"),
            },
            tone: "plain",
        });
    }
    cards
}

/// A part of a paper as a table.
pub fn table(id: &str, part: &Part, lang: Lang) -> Table {
    let numeric = |column: usize| {
        let cells = || part.rows.iter().filter_map(|row| row.get(column));
        let is_text =
            |cell: &Said| matches!(cell, Said::Text(_) | Said::Subject(..) | Said::Nothing);
        cells().any(|cell| !is_text(cell))
            && cells().all(|cell| !is_text(cell) || *cell == Said::Nothing)
    };
    let head = |(at, text): (usize, &String)| Head { text: text.clone(), numeric: numeric(at) };
    let cell = |said: &Said| Cell {
        text: shown(&said.print(lang)),
        sort: match said {
            Said::Number(value, _) | Said::Share(value) => Some(*value),
            Said::Range(range, _) | Said::Shares(range) => Some(range.low),
            Said::Text(_) | Said::Subject(..) | Said::Nothing => None,
        },
        class: "",
        subject: matches!(said, Said::Subject(..)),
    };
    let about = |row: &[Said]| {
        let subject = row.iter().find_map(|said| match said {
            Said::Subject(kind, id, _) => Some(format!("{kind}:{id}")),
            _ => None,
        });
        subject.unwrap_or_default()
    };
    Table {
        id: id.to_owned(),
        caption: part.name.clone(),
        heads: part.headings.iter().enumerate().map(head).collect(),
        rows: part
            .rows
            .iter()
            .take(ROWS)
            .map(|row| Row { about: about(row), cells: row.iter().map(cell).collect() })
            .collect(),
        total: part.rows.len(),
    }
}

fn verdicts(audit: &Audit, places: &Places, lang: Lang) -> Section {
    let heads = match lang {
        Lang::Zh => [
            "核查",
            "要求",
            "达标",
            "不达标",
            "不适用",
            "无法核查",
            "达标率",
            "可核查者中",
            "缺口合计",
            "依据",
        ],
        Lang::En => [
            "check",
            "requirement",
            "met",
            "not met",
            "not applicable",
            "unknown",
            "rate met",
            "of checkable",
            "short in all",
            "text",
        ],
    };
    let mut part = Part::new(lang.pick("各项要求", "Requirements"), heads, ROWS);
    for check in CHECKS {
        for tally in &audit.tallies {
            let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            if requirement.measure.check != check.name || requirement.force == Force::Indicator {
                continue;
            }
            part.row([
                Said::text(lang.pick(check.zh, check.en)),
                Said::text(requirement.words.in_lang(lang)),
                Said::count(tally.met),
                Said::count(tally.not_met),
                Said::count(tally.not_applicable),
                Said::count(tally.unknown),
                Said::any(tally.rate(), Said::Shares),
                Said::any(tally.of_checkable(), Said::Share),
                Said::any(tally.short_in_all(), |(unit, all)| Said::text(unit.print(all, lang))),
                Said::text(pack.number.clone().unwrap_or_else(|| pack.id.clone())),
            ]);
        }
    }
    let mut blocks = vec![Block::Table(table("requirements", &part, lang))];
    blocks.extend(charts::rates(audit, places, lang).map(Block::Chart));
    blocks.extend(charts::shortfalls(audit, lang).map(Block::Chart));
    Section {
        id: "verdicts".to_owned(),
        title: lang.pick("结论", "Verdicts").to_owned(),
        notes: vec![lang.pick("达标率是区间：下限只数确定达标的，上限把无法核查的都算进去", "a rate is a range: its lower end counts what surely meets, its upper end adds what cannot be checked").to_owned()],
        blocks,
    }
}

/// The estates of whose facilities a rule on timing speaks.
fn timed(audit: &Audit) -> Option<BTreeSet<String>> {
    let frame = audit.inventory.table("facilities");
    let (ids, estates) =
        (frame.column("id").ok()?.str().ok()?, frame.column("estate_id").ok()?.str().ok()?);
    let of: HashMap<&str, &str> =
        ids.iter().zip(estates.iter()).filter_map(|(id, estate)| Some((id?, estate?))).collect();
    let rules: BTreeSet<String> = audit
        .tallies
        .iter()
        .filter(|tally| {
            let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            requirement.timing.as_ref().is_some_and(|timing| !timing.stages.is_empty())
        })
        .map(Tally::name)
        .collect();
    let judged = audit.assessments.iter().filter(|one| one.subject_kind == "facility");
    let judged = judged.filter(|one| rules.contains(&format!("{}/{}", one.pack, one.requirement)));
    Some(
        judged
            .filter_map(|one| of.get(one.subject.as_str()).map(|estate| (*estate).to_owned()))
            .collect(),
    )
}

fn matrices(audit: &Audit, lang: Lang) -> Option<Section> {
    let frame = audit.inventory.table("estates");
    let (ids, names) =
        (frame.column("id").ok()?.str().ok()?, frame.column("name").ok()?.str().ok()?);
    let timed = timed(audit)?;
    let total = timed.len();
    let mut blocks = Vec::new();
    let listed =
        ids.iter().zip(names.iter()).filter(|(id, _)| id.is_some_and(|id| timed.contains(id)));
    for (id, name) in listed.take(ESTATES) {
        let Some(id) = id else { continue };
        let Some(matrix) = stages::stages(audit, id, lang) else { continue };
        let heads = matrix.headings.iter().map(|text| Head { text: text.clone(), numeric: false });
        let row = |(label, cells): &(String, Vec<stages::Said>)| {
            let own = Cell { text: label.clone(), sort: None, class: "", subject: false };
            let cells = cells.iter().map(|(text, outcome)| Cell {
                text: text.clone(),
                sort: None,
                class: outcome.map_or("", class),
                subject: false,
            });
            Row {
                about: format!("estate:{id}"),
                cells: std::iter::once(own).chain(cells).collect(),
            }
        };
        blocks.push(Block::Table(Table {
            id: format!("stages-{}", blocks.len()),
            caption: name.unwrap_or(id).to_owned(),
            heads: heads.collect(),
            rows: matrix.rows.iter().map(row).collect(),
            total: matrix.rows.len(),
        }));
    }
    let shown = blocks.len();
    (shown > 0).then(|| Section {
        id: "stages".to_owned(),
        title: lang.pick("各小区的同步阶段", "Stages of each estate").to_owned(),
        notes: if total > shown {
            vec![match lang {
                Lang::Zh => {
                    format!("页面只列前 {shown} 个小区，共 {total} 个；其余用 explain 查看")
                }
                Lang::En => format!(
                    "the first {shown} of {total} estates are shown; see the others with explain"
                ),
            }]
        } else {
            Vec::new()
        },
        blocks,
    })
}

/// The parts of a paper as blocks: notes first, each part a table.
fn parts(prefix: &str, paper: &Paper, lang: Lang) -> (Vec<String>, Vec<Block>) {
    let mut notes = Vec::new();
    let mut blocks = Vec::new();
    for (at, part) in paper.parts.iter().enumerate() {
        if part.rows.is_empty() {
            notes.extend(part.notes.iter().cloned());
            continue;
        }
        if part.shown > 0 {
            blocks.push(Block::Table(table(&format!("{prefix}-{at}"), part, lang)));
            if !part.notes.is_empty() {
                notes.extend(
                    part.notes
                        .iter()
                        .map(|note| format!("{}{}{note}", part.name, lang.pick("：", ": "))),
                );
            }
        }
    }
    (notes, blocks)
}

/// What was published: rates over the years, and people who left.
fn published(reported: &Reported<'_>, lang: Lang) -> Result<Option<Section>> {
    let audit = reported.audit;
    let names = reported.heading.names_of_places(audit)?;
    let rates = super::super::published::rates(audit, &names, lang);
    let notes = super::super::published::attrition(audit, lang);
    let mut blocks: Vec<Block> = charts::series(audit, &names, lang).map(Block::Chart).collect();
    let tables = rates.iter().enumerate();
    blocks.extend(
        tables.map(|(at, part)| Block::Table(table(&format!("published-{at}"), part, lang))),
    );
    Ok((!blocks.is_empty() || !notes.is_empty()).then(|| Section {
        id: "published".to_owned(),
        title: lang.pick("公布的比率", "Published rates").to_owned(),
        notes,
        blocks,
    }))
}

fn renting(reported: &Reported<'_>, lang: Lang) -> Option<Section> {
    let found = reported.tenures.as_ref().filter(|found| !found.housed.is_empty())?;
    let paper = super::super::tenure(reported.audit, found, reported.heading, lang);
    let (notes, tables) = parts("tenure", &paper, lang);
    let mut blocks: Vec<Block> =
        charts::renting(reported.audit, found, lang).into_iter().map(Block::Chart).collect();
    blocks.extend(tables);
    Some(Section {
        id: "tenure".to_owned(),
        title: lang.pick("租赁与自有", "Rented and owned").to_owned(),
        notes,
        blocks,
    })
}

fn ranked(reported: &Reported<'_>, lang: Lang) -> Option<Section> {
    let ranking = reported.ranking.as_ref()?;
    let paper = super::super::ranking(ranking, reported.heading, lang);
    let (notes, tables) = parts("ranking", &paper, lang);
    let mut blocks: Vec<Block> =
        charts::ranking(ranking, lang).into_iter().map(Block::Chart).collect();
    blocks.extend(tables);
    Some(Section {
        id: "ranking".to_owned(),
        title: lang.pick("排序", "Ranking").to_owned(),
        notes,
        blocks,
    })
}

/// A share for people, in a tip.
pub fn counted(count: usize, of: usize) -> String {
    let share = if of > 0 { percent(count as f64 / of as f64) } else { "—".to_owned() };
    format!("{} ({share})", number(count as f64, 0))
}
