//! `audit.json`: the tallies, and every finding that is not met or unknown, for other programs.

pub mod rank;
pub mod tenure;
pub mod v1;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::check::{CHECKS, Debt, Split};
use crate::error::Result;
use crate::measure::chain::Chained;
use crate::measure::{Figure, item_words};
use crate::quantity::Interval;
use crate::standard::{Pack, Requirement};
use crate::words::Words;

use super::evidence::{Cell, Evidence};
use super::sentence::{cure, finding};
use super::{Format, Heading};

pub const FORMAT: Format = Format {
    extension: "json",
    zh: "统计与全部不达标、无法核查的结论（结构见 schemas/audit.v1.json）",
    en: "tallies, and every finding not met or unknown (see schemas/audit.v1.json)",
    write: |reported, _| audit_json(reported.audit, reported.heading),
};

/// The audit as JSON, ending in a line break.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn audit_json(audit: &Audit, heading: &Heading) -> Result<Vec<u8>> {
    let mut text =
        serde_json::to_string_pretty(&build(audit, heading)?).expect("plain data is JSON");
    text.push('\n');
    Ok(text.into_bytes())
}

fn build(audit: &Audit, heading: &Heading) -> Result<v1::Audit> {
    Ok(v1::Audit {
        schema: v1::SCHEMA.to_owned(),
        tool: tool(),
        project: heading.name.clone(),
        place: place(audit, heading),
        as_of: audit.question.day.to_string(),
        declarations: audit.declarations.iter().map(text).collect(),
        inputs: inputs(audit),
        standards: standards(audit),
        gave_way: gave_way(audit),
        tallies: tallies(audit),
        tenure: housing(audit),
        rates: rates(audit),
        attrition: attrition(audit),
        findings: findings(audit)?,
    })
}

fn tool() -> v1::Tool {
    v1::Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn place(audit: &Audit, heading: &Heading) -> v1::Place {
    let place = &audit.question.place;
    v1::Place {
        code: (place.level() > 0).then(|| place.to_string()),
        name: heading.place_name.clone(),
    }
}

fn text(words: &Words) -> v1::Text {
    v1::Text { zh: words.zh.clone(), en: words.en.clone() }
}

fn range(value: Interval) -> v1::Range {
    v1::Range { low: value.low, high: value.high.is_finite().then_some(value.high) }
}

fn inputs(audit: &Audit) -> Vec<v1::Input> {
    let all = audit.inventory.sources.iter().zip(&audit.inventory.accounts);
    all.map(|(source, account)| v1::Input {
        file: source.file.clone(),
        sheet: source.sheet.clone(),
        table: source.table.clone(),
        sha256: source.sha256.clone(),
        read: account.read,
        used: account.used,
        unlinked: account.unlinked.iter().map(|row| source.cell("", *row)).collect(),
        set_aside: account
            .set_aside
            .iter()
            .map(|one| v1::SetAside { row: source.cell("", one.row), why: text(&one.words) })
            .collect(),
    })
    .collect()
}

fn standards(audit: &Audit) -> Vec<v1::Standard> {
    let spoke = |pack: &&Pack| audit.tallies.iter().any(|tally| tally.pack == pack.id);
    let packs = audit.library.packs().iter().filter(spoke);
    packs
        .map(|pack| v1::Standard {
            id: pack.id.clone(),
            title: pack.title.clone(),
            number: pack.number.clone(),
            issuer: pack.issuer.clone(),
            place: pack.place.to_string(),
            status: pack.status.code().to_owned(),
            issued: pack.issued.map(|day| day.to_string()),
            from: pack.from.map(|day| day.to_string()),
            until: pack.until.map(|day| day.to_string()),
            checked: pack.checked.map(|day| day.to_string()),
            evidence: pack.evidence.code().to_owned(),
            named: audit.question.named.contains(&pack.id),
            sha256: pack.sha256.clone(),
        })
        .collect()
}

fn gave_way(audit: &Audit) -> Vec<v1::GaveWay> {
    let packs = audit.library.packs();
    let all = audit.assessed.displaced.iter();
    all.map(|one| {
        let what = &packs[one.displaced.what.pack];
        let rule = &what.requirements[one.displaced.what.requirement];
        v1::GaveWay {
            requirement: format!("{}/{}", what.id, rule.id),
            to: packs[one.displaced.by].id.clone(),
            same_level: one.displaced.same_level,
            looser_for: one.looser_for,
        }
    })
    .collect()
}

fn tallies(audit: &Audit) -> Vec<v1::Tally> {
    let in_order = CHECKS.iter().flat_map(|check| {
        audit.tallies.iter().filter(move |tally| {
            let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            requirement.measure.check == check.name
        })
    });
    in_order
        .map(|tally| {
            let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            v1::Tally {
                requirement: tally.name(),
                check: requirement.measure.check.to_owned(),
                name: text(&requirement.words),
                demands: text(&requirement.sentence()),
                clause: requirement.clause.clone(),
                force: requirement.force.code().to_owned(),
                met: tally.met,
                not_met: tally.not_met,
                not_applicable: tally.not_applicable,
                unknown: tally.unknown,
                rate: tally.rate().map(range),
                of_checkable: tally.of_checkable(),
                shortfall: tally.unit.map(|_| range(tally.shortfall)),
                unit: tally.unit.map(|unit| unit.code.to_owned()),
            }
        })
        .collect()
}

fn housing(audit: &Audit) -> Option<v1::Tenure> {
    let tenure = &audit.tenure;
    Some(v1::Tenure {
        communities: tenure.communities,
        own: tenure.own,
        rented: tenure.rented,
        borrowed: tenure.borrowed,
        shared: tenure.shared,
        none: tenure.none,
        unknown: tenure.unknown,
        rented_share: range(tenure.rented_share()?),
        any_rented_share: range(tenure.any_rented_share()?),
    })
}

fn rates(audit: &Audit) -> Vec<v1::Rate> {
    let figure = |figure: &Figure| v1::Figure {
        item: text(&item_words(&figure.item)),
        value: range(figure.value),
        unit: figure.unit.map(|unit| unit.code.to_owned()),
        cell: audit.inventory.sources[figure.source as usize].cell(&figure.item, figure.row),
    };
    let points = audit
        .series
        .iter()
        .flat_map(|series| series.points.iter().map(move |point| (series, point)));
    points
        .map(|(series, point)| v1::Rate {
            item: series.item.to_owned(),
            name: text(&item_words(series.item)),
            place: series.place.clone(),
            part: series.part.clone(),
            period: point.period.clone(),
            value: point.rate.as_ref().map(|rate| range(rate.value)),
            unit: crate::measure::item_unit(series.item).map(|unit| unit.code.to_owned()),
            numerator: point.rate.as_ref().map(|rate| figure(&rate.numerator)),
            denominator: point.rate.as_ref().map(|rate| figure(&rate.denominator)),
            printed: point.rate.as_ref().and_then(|rate| rate.printed.as_ref()?.stated),
        })
        .collect()
}

fn attrition(audit: &Audit) -> Vec<v1::Attrition> {
    let all = audit.attrition.iter();
    all.map(|one| v1::Attrition {
        division: one.division.clone(),
        period: one.period.clone(),
        recruited: range(one.recruited),
        left: range(one.left),
        rate: one.rate(),
        cell: audit.inventory.sources[one.source as usize].cell("left", one.row),
    })
    .collect()
}

/// Every finding that is not met or unknown, with the cells it rests on.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn findings(audit: &Audit) -> Result<Vec<v1::Finding>> {
    let mut findings = Vec::new();
    for tally in &audit.tallies {
        let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let open = audit.assessments.iter().filter(|one| {
            let of_it = one.pack == tally.pack && one.requirement == tally.requirement;
            of_it && matches!(one.outcome, Outcome::NotMet | Outcome::Unknown)
        });
        let open: Vec<&Assessment> = open.collect();
        if open.is_empty() {
            continue;
        }
        let subjects: Vec<&str> = open.iter().map(|one| one.subject.as_str()).collect();
        let evidence = Evidence::of(audit, requirement, Some(&subjects))?;
        for one in open {
            findings.push(finding_v1(audit, one, pack, requirement, &evidence.cells(one)));
        }
    }
    Ok(findings)
}

fn in_place(chained: &Chained) -> v1::InPlace {
    let chain = &chained.chain;
    let [planning, construction, handover, misuse] = chain.classes.map(range);
    let owed =
        |(who, much): (&str, Interval)| v1::Owed { debtor: who.to_owned(), area: range(much) };
    v1::InPlace {
        due: range(chain.due),
        due_from: text(&chain.from.words()),
        planning,
        construction,
        handover,
        misuse,
        government: range(chain.government),
        states: chained.states.iter().map(|state| state.code().to_owned()).collect(),
        debts: chain.debts(chained.use_by).into_iter().map(owed).collect(),
    }
}

fn split(split: &Split) -> v1::Split {
    let debt = |debt: &Debt| v1::FacilityDebt {
        facility: debt.facility.clone(),
        area: range(debt.area),
        developer_extinct: debt.extinct,
    };
    v1::Split {
        recoverable: range(split.recoverable),
        government: range(split.government),
        estates_owe: range(split.estates_owe),
        debts: split.debts.iter().map(debt).collect(),
    }
}

fn finding_v1(
    audit: &Audit,
    one: &Assessment,
    pack: &Pack,
    requirement: &Requirement,
    cells: &[&Cell],
) -> v1::Finding {
    let chained = audit.owing.chain(&one.pack, &one.requirement, &one.subject);
    let cost = chained.map_or(Interval::UNKNOWN, |chained| chained.construction_cost);
    let remedies = match one.outcome {
        Outcome::NotMet => requirement.remedies.as_slice(),
        _ => &[],
    };
    v1::Finding {
        key: one.key.clone(),
        facts: one.facts.clone(),
        subject: v1::Subject {
            kind: one.subject_kind.clone(),
            id: one.subject.clone(),
            name: one.label.clone(),
        },
        facet: one.facet.clone(),
        requirement: format!("{}/{}", one.pack, one.requirement),
        citation: v1::Text {
            zh: format!(
                "{}，{}",
                pack.citation(crate::words::Lang::Zh),
                requirement.clause_words().zh
            ),
            en: format!(
                "{}, {}",
                pack.citation(crate::words::Lang::En),
                requirement.clause_words().en
            ),
        },
        outcome: one.outcome,
        because: one.because.map(|because| because.code().to_owned()),
        measured: range(one.measured),
        required: range(one.required),
        shortfall: range(one.shortfall),
        unit: one.unit.map(|unit| unit.code.to_owned()),
        force: requirement.force.code().to_owned(),
        debtor: one.debtor.clone(),
        sentence: text(&finding(one, requirement)),
        cure: cure(one, requirement).as_ref().map(text),
        in_place: chained.map(in_place),
        split: audit.owing.split(one).map(split),
        remedies: remedies
            .iter()
            .map(|remedy| v1::Remedy {
                act: remedy.act.code().to_owned(),
                words: text(&remedy.words(one.shortfall, cost)),
                yuan: remedy.money(one.shortfall, cost).map(range),
            })
            .collect(),
        cells: cells
            .iter()
            .map(|cell| v1::Cell {
                address: cell.address.clone(),
                name: text(&cell.name),
                value: text(&cell.value),
            })
            .collect(),
    }
}
