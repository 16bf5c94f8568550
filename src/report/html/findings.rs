//! The findings of the page: what is not met first, then what cannot be told.

use std::collections::{BTreeSet, HashMap};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::standard::Force;
use crate::tally::Tally;
use crate::words::Lang;

use super::super::classes::class;
use super::super::evidence::Evidence;
use super::super::explain::details;
use super::super::sentence::{cure, finding, name};
use super::places::Places;
use super::view::{Block, Finding, Findings, Section, shown};

/// So many findings are on the page; all are in the workbook.
pub const FINDINGS: usize = 1_000;

/// What a row or finding is tied to on the map.
fn about(one: &Assessment, estates: &HashMap<String, String>) -> String {
    match one.subject_kind.as_str() {
        "community" | "estate" => format!("{}:{}", one.subject_kind, one.subject),
        "facility" => {
            estates.get(&one.subject).map_or(String::new(), |estate| format!("estate:{estate}"))
        }
        _ => String::new(),
    }
}

fn estates_of_facilities(audit: &Audit) -> Result<HashMap<String, String>> {
    let frame = audit.inventory.table("facilities");
    let (ids, estates) = (frame.column("id")?.str()?, frame.column("estate_id")?.str()?);
    let pairs = ids.iter().zip(estates.iter());
    Ok(pairs.filter_map(|(id, estate)| Some((id?.to_owned(), estate?.to_owned()))).collect())
}

/// The section of findings.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn findings(audit: &Audit, places: &Places, lang: Lang) -> Result<Section> {
    let estates = estates_of_facilities(audit)?;
    let mut rows = Vec::new();
    let (mut requirements, mut districts) = (Vec::new(), BTreeSet::new());
    let mut total = 0;
    // What is not met comes first, then what cannot be told; of each requirement the worst.
    for outcome in [Outcome::NotMet, Outcome::Unknown] {
        let demanded = audit.tallies.iter().filter(|tally| {
            let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            requirement.force != Force::Indicator
        });
        let of_each: Vec<(&Tally, Vec<&Assessment>)> = demanded
            .map(|tally| {
                let is_it = |one: &&Assessment| {
                    one.outcome == outcome
                        && one.pack == tally.pack
                        && one.requirement == tally.requirement
                };
                let mut open: Vec<&Assessment> = audit.assessments.iter().filter(is_it).collect();
                open.sort_by(|a, b| a.worst_first(b));
                (tally, open)
            })
            .collect();
        let counts: Vec<usize> = of_each.iter().map(|(_, open)| open.len()).collect();
        total += counts.iter().sum::<usize>();
        let rooms = shared_out(FINDINGS.saturating_sub(rows.len()), &counts);
        for ((tally, open), room) in of_each.iter().zip(rooms).filter(|(_, room)| *room > 0) {
            let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            let open = &open[..room];
            let subjects: Vec<&str> = open.iter().map(|one| one.subject.as_str()).collect();
            let evidence = Evidence::of(audit, requirement, Some(&subjects))?;
            let rule = requirement.words.in_lang(lang).to_owned();
            if !requirements.contains(&rule) {
                requirements.push(rule.clone());
            }
            for one in open {
                let place = places.name(one).to_owned();
                if !place.is_empty() {
                    districts.insert(place.clone());
                }
                let lines = details(audit, one, (pack, requirement), &evidence, lang);
                rows.push(Finding {
                    key: one.key.clone(),
                    about: about(one, &estates),
                    class: class(one.outcome),
                    outcome: one.outcome.words().in_lang(lang).to_owned(),
                    requirement: rule.clone(),
                    place,
                    subject: shown(&name(one, lang)),
                    sentence: finding(one, requirement).in_lang(lang).to_owned(),
                    cure: cure(one, requirement)
                        .map_or(String::new(), |words| words.in_lang(lang).to_owned()),
                    lines: lines
                        .into_iter()
                        .map(|(label, line)| (label.to_owned(), line))
                        .collect(),
                });
            }
        }
    }
    let shown = rows.len();
    let note = match (total > shown, lang) {
        (true, Lang::Zh) => {
            format!(
                "共 {total} 条，页面列 {shown} 条，各项要求最严重的在前；全部在 ledger.xlsx 与 audit.json"
            )
        }
        (true, Lang::En) => format!(
            "{total} in all, {shown} are shown, the worst of each requirement; all are in ledger.xlsx and audit.json"
        ),
        (false, Lang::Zh) => format!("共 {total} 条，全部列出"),
        (false, Lang::En) => format!("{total} in all, all are shown"),
    };
    Ok(Section {
        id: "findings".to_owned(),
        title: lang.pick("不达标与无法核查的结论", "Findings: not met, and unknown").to_owned(),
        notes: vec![note],
        blocks: vec![Block::Findings(Findings {
            total,
            requirements,
            places: districts.into_iter().collect(),
            rows,
        })],
    })
}

/// So much of each count that all together have room: small ones whole, large ones alike.
fn shared_out(room: usize, counts: &[usize]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_by_key(|&at| counts[at]);
    let (mut left, mut shares) = (room, vec![0; counts.len()]);
    for (done, at) in order.into_iter().enumerate() {
        shares[at] = counts[at].min(left / (counts.len() - done));
        left -= shares[at];
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_requirement_crowds_out_the_others() {
        assert_eq!(shared_out(1000, &[12, 30, 0]), [12, 30, 0]);
        assert_eq!(shared_out(1000, &[5000, 12, 700]), [494, 12, 494]);
        assert_eq!(shared_out(0, &[5, 5]), [0, 0]);
        assert_eq!(shared_out(7, &[]), Vec::<usize>::new());
    }
}
