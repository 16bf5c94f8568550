//! `brief.docx`: one page for leaders: the headline, a table by district, who lags, what is asked.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use minijinja::{AutoEscape, Environment, context};
use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::quantity::{Interval, Unit};
use crate::standard::{Comparison, Force};
use crate::tally::Tally;
use crate::words::Lang;

use super::classes::all_short;
use super::html::Places;
use super::paper::{shares, ten_thousand};
use super::{Format, Reported};

pub const FORMAT: Format = Format {
    extension: "docx",
    zh: "领导简报：一页，各区县数、率、排名，落后者，请示事项",
    en: "a one-page brief for leaders: numbers and rates by district, who lags, what is asked",
    write: |reported, lang| pack(&brief(reported, lang)?),
};

/// So many districts stand in the table, and so many subjects are named.
const DISTRICTS: usize = 11;
const NAMED: usize = 6;

/// What the page says.
#[derive(Debug, Serialize)]
struct Brief {
    lang: &'static str,
    title: String,
    subtitle: String,
    lead: Vec<String>,
    table: Option<Table>,
    problems: List,
    asks: List,
    note: String,
    made_by: String,
    date: String,
}

#[derive(Debug, Serialize)]
struct Table {
    caption: String,
    heads: Vec<String>,
    numeric: Vec<bool>,
    rows: Vec<Vec<String>>,
    total: bool,
}

#[derive(Debug, Serialize)]
struct List {
    title: String,
    lines: Vec<String>,
}

/// The requirement the page is about: on the area of communities' rooms, else the one with the most
/// that is not met.
fn leading(audit: &Audit) -> Option<&Tally> {
    let demanded = |tally: &&Tally| {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        requirement.force != Force::Indicator
            && requirement.measure.check != "data_quality"
            && tally.denominator() > 0
    };
    let of_rooms = |tally: &&Tally| {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        requirement.subject == "community" && requirement.measure.check == "threshold"
    };
    let all = || audit.tallies.iter().filter(demanded);
    all().find(of_rooms).or_else(|| all().max_by_key(|tally| tally.not_met))
}

fn brief(reported: &Reported<'_>, lang: Lang) -> Result<Brief> {
    let audit = reported.audit;
    let heading = reported.heading;
    let place = heading.place_name.as_deref().unwrap_or(&heading.name);
    let day = audit.question.day.to_string();
    let places = Places::of(audit, heading)?;
    let lead = leading(audit);
    Ok(Brief {
        lang: lang.pick("zh", "en"),
        title: match lang {
            Lang::Zh => format!("{place}社区用房与配套设施核查简报"),
            Lang::En => format!("{place}: community premises and facilities in brief"),
        },
        subtitle: match lang {
            Lang::Zh => format!("核查日 {day}"),
            Lang::En => format!("as of {day}"),
        },
        lead: headline(reported, lead, lang)?,
        table: lead.map(|lead| table(audit, lead, &places, lang)),
        problems: List {
            title: lang.pick("缺口最大的", "Who lacks most").to_owned(),
            lines: lead.map_or(Vec::new(), |lead| laggards(audit, lead, &places, lang)),
        },
        asks: List {
            title: lang.pick("建议", "What is asked").to_owned(),
            lines: asks(reported, lead, lang)?,
        },
        note: basis(audit, lead, lang),
        made_by: format!("facility-audit {}", env!("CARGO_PKG_VERSION")),
        date: day,
    })
}

fn headline(reported: &Reported<'_>, lead: Option<&Tally>, lang: Lang) -> Result<Vec<String>> {
    let audit = reported.audit;
    let mut lines = Vec::new();
    if let Some(tally) = lead {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let name = requirement.words.in_lang(lang);
        let (all, met, not_met, unknown) =
            (tally.denominator(), tally.met, tally.not_met, tally.unknown);
        let rate = tally.rate().map_or("—".to_owned(), shares);
        let short = tally.short_in_all().map_or(String::new(), |(unit, all)| {
            let all = unit.said(all, lang);
            lang.pick(&format!("，缺口合计 {all}"), &format!(", short in all {all}")).to_owned()
        });
        lines.push(match lang {
            Lang::Zh => format!("{name}：应核 {all} 个，达标 {met} 个，不达标 {not_met} 个，无法核查 {unknown} 个，达标率 {rate}{short}。"),
            Lang::En => format!("{name}: of {all}, {met} meet it, {not_met} do not, {unknown} cannot be checked; rate {rate}{short}."),
        });
    }
    if let Some(share) = audit.rented_share() {
        let (count, rented) = (audit.tenure.communities, audit.tenure.rented);
        let rent = reported.tenures.as_ref().and_then(|found| found.places.first());
        let rent = rent.map_or(Interval::UNKNOWN, |all| all.sums.rent);
        let least = if rent.is_exact() { "" } else { lang.pick("至少 ", "at least ") };
        let rent = match (rent.low > 0.0, rent.high > 0.0, lang) {
            (false, false, _) => String::new(),
            (false, true, Lang::Zh) => "，年租金不明".to_owned(),
            (false, true, Lang::En) => "; their rents are not known".to_owned(),
            (true, _, Lang::Zh) => format!("，年租金 {least}{} 万元", ten_thousand(rent.low)),
            (true, _, Lang::En) => {
                format!("; rent {least}{} ×10,000 yuan a year", ten_thousand(rent.low))
            }
        };
        let share = shares(share);
        lines.push(match lang {
            Lang::Zh => format!("租赁率 {share}：{count} 个社区中确定租赁且无自有用房的 {rented} 个{rent}。"),
            Lang::En => format!("Rented share {share}: of {count} communities {rented} surely rent and own nothing{rent}."),
        });
    }
    let short = all_short(audit)?;
    if short.total() > 0.0 {
        let all = area(short.total(), lang);
        let [planning, construction, handover, misuse] = short.sums.map(|sum| area(sum, lang));
        let unsplit = match (short.unsplit > 0.0, lang) {
            (false, _) => String::new(),
            (true, Lang::Zh) => format!("，类别不明 {}", area(short.unsplit, lang)),
            (true, Lang::En) => format!(", class not known {}", area(short.unsplit, lang)),
        };
        lines.push(match lang {
            Lang::Zh => format!("配套设施确定不到位 {all}：规划 {planning}，建设 {construction}，移交 {handover}，使用 {misuse}{unsplit}。"),
            Lang::En => format!("Facilities surely not in place {all}: not planned {planning}, not built {construction}, not handed over {handover}, not properly used {misuse}{unsplit}."),
        });
    }
    if lead.is_none() {
        lines.extend(published(reported, lang)?);
    }
    Ok(lines)
}

fn area(value: f64, lang: Lang) -> String {
    Unit::of("m2").expect("areas have a unit").print(Interval::exactly(value), lang)
}

/// What is told where nothing is demanded of anybody: published figures, and how they hold.
fn published(reported: &Reported<'_>, lang: Lang) -> Result<Vec<String>> {
    let audit = reported.audit;
    let names = reported.heading.names_of_places(audit)?;
    let checked = |tally: &&Tally| {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        requirement.measure.check == "data_quality" && tally.denominator() > 0
    };
    let line = |tally: &Tally| {
        let name = audit.requirement(&tally.pack, &tally.requirement).1.words.in_lang(lang);
        let (met, not_met, unknown) = (tally.met, tally.not_met, tally.unknown);
        match lang {
            Lang::Zh => format!("{name}：相符 {met}，不符 {not_met}，无法核查 {unknown}。"),
            Lang::En => {
                format!("{name}: {met} hold, {not_met} do not, {unknown} cannot be checked.")
            }
        }
    };
    let last = |series: &crate::tally::Series| {
        let point = series.points.iter().rev().find(|point| point.rate.is_some())?;
        let value = super::published::value(series, point.rate.as_ref()?.value, lang);
        let (name, period) = (super::published::name(series, &names, lang), &point.period);
        Some(match lang {
            Lang::Zh => format!("{name}：{period} 为 {value}。"),
            Lang::En => format!("{name}: {value} in {period}."),
        })
    };
    let rates = audit.series.iter().filter_map(last).take(NAMED);
    Ok(rates.chain(audit.tallies.iter().filter(checked).map(line)).collect())
}

/// Districts by number, rate and rank: ranked on the lower end of the rate.
fn table(audit: &Audit, lead: &Tally, places: &Places, lang: Lang) -> Table {
    let heads = match lang {
        Lang::Zh => ["区县", "应核", "达标", "不达标", "无法核查", "达标率", "排名"],
        Lang::En => ["district", "all", "met", "not met", "unknown", "rate met", "rank"],
    };
    let mut by: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for one in of(audit, lead) {
        let at = match one.outcome {
            Outcome::Met => 0,
            Outcome::NotMet => 1,
            Outcome::Unknown => 2,
            Outcome::NotApplicable => continue,
        };
        by.entry(places.name(one)).or_default()[at] += 1;
    }
    let rate = |counts: &[usize; 3]| counts[0] as f64 / counts.iter().sum::<usize>().max(1) as f64;
    let mut rows: Vec<(&str, [usize; 3])> = by.into_iter().collect();
    rows.sort_by(|a, b| rate(&b.1).total_cmp(&rate(&a.1)).then(a.0.cmp(b.0)));
    let line = |name: String, counts: &[usize; 3], rank: String| {
        let all: usize = counts.iter().sum();
        let high = (counts[0] + counts[2]) as f64 / all.max(1) as f64;
        let range = Interval::between(rate(counts), high);
        vec![
            name,
            all.to_string(),
            counts[0].to_string(),
            counts[1].to_string(),
            counts[2].to_string(),
            shares(range),
            rank,
        ]
    };
    let mut lines = Vec::new();
    let mut rank = 0;
    // Where there is no room for all, the middle is left out: who is last matters most.
    let left_out = rows.len().saturating_sub(DISTRICTS);
    let gap = DISTRICTS / 2..DISTRICTS / 2 + left_out;
    for (at, (name, counts)) in rows.iter().enumerate() {
        let equal = at > 0 && (rate(&rows[at - 1].1) - rate(counts)).abs() < 1e-12;
        rank = if equal { rank } else { at + 1 };
        if at == gap.start && left_out > 0 {
            let sum = added(rows[gap.clone()].iter().map(|(_, counts)| counts));
            let others = match lang {
                Lang::Zh => format!("其余 {left_out} 个区县"),
                Lang::En => format!("{left_out} others"),
            };
            lines.push(line(others, &sum, String::new()));
        }
        if gap.contains(&at) {
            continue;
        }
        let name = if name.is_empty() { lang.pick("地区不明", "not known") } else { name };
        lines.push(line(name.to_owned(), counts, rank.to_string()));
    }
    let total = rows.len() > 1;
    if total {
        let sum = added(rows.iter().map(|(_, counts)| counts));
        lines.push(line(lang.pick("合计", "total").to_owned(), &sum, String::new()));
    }
    let name = audit.requirement(&lead.pack, &lead.requirement).1.words.in_lang(lang);
    Table {
        caption: match lang {
            Lang::Zh => format!("{name}：各区县（按达标率下限排名）"),
            Lang::En => format!("{name}: by district (ranked on the lower end of the rate)"),
        },
        heads: heads.map(str::to_owned).into(),
        numeric: vec![false, true, true, true, true, true, true],
        rows: lines,
        total,
    }
}

fn added<'a>(all: impl Iterator<Item = &'a [usize; 3]>) -> [usize; 3] {
    all.fold([0; 3], |mut sum, counts| {
        sum.iter_mut().zip(counts).for_each(|(sum, more)| *sum += more);
        sum
    })
}

fn of<'a>(audit: &'a Audit, lead: &'a Tally) -> impl Iterator<Item = &'a Assessment> {
    let is_it =
        move |one: &&Assessment| one.pack == lead.pack && one.requirement == lead.requirement;
    audit.assessments.iter().filter(is_it)
}

fn laggards(audit: &Audit, lead: &Tally, places: &Places, lang: Lang) -> Vec<String> {
    let (_, requirement) = audit.requirement(&lead.pack, &lead.requirement);
    let mut short: Vec<&Assessment> =
        of(audit, lead).filter(|one| one.outcome == Outcome::NotMet).collect();
    short.sort_by(|a, b| b.shortfall.low.total_cmp(&a.shortfall.low).then(a.label.cmp(&b.label)));
    let line = |one: &&Assessment| {
        let unit = one.unit.unwrap_or(Unit { code: "", zh: "", en: "", decimals: 2, scale: 1 });
        let (gap, has) = (unit.said(one.shortfall, lang), unit.said(one.measured, lang));
        let label: String = one.label.chars().take(60).collect();
        let district = match places.name(one) {
            "" => String::new(),
            name => match lang {
                Lang::Zh => format!("（{name}）"),
                Lang::En => format!(" ({name})"),
            },
        };
        let measure = requirement.measure.words();
        let measure = measure.in_lang(lang);
        match (requirement.comparison, lang) {
            (Comparison::AtLeast, Lang::Zh) => format!("{label}{district}：现有 {has}，缺 {gap}"),
            (Comparison::AtLeast, Lang::En) => {
                format!("{label}{district}: has {has}, short by {gap}")
            }
            (_, Lang::Zh) => format!("{label}{district}：{measure} {has}"),
            (_, Lang::En) => format!("{label}{district}: {measure} {has}"),
        }
    };
    short.iter().take(NAMED).map(line).collect()
}

fn asks(reported: &Reported<'_>, lead: Option<&Tally>, lang: Lang) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let audit = reported.audit;
    if let Some(lead) = lead.filter(|lead| lead.unknown > 0) {
        let unknown = lead.unknown;
        lines.push(match lang {
            Lang::Zh => format!("限期补齐 {unknown} 个无法核查对象的数据，再行认定"),
            Lang::En => format!(
                "have the data of the {unknown} that cannot be checked completed, then judge them"
            ),
        });
    }
    let handover = all_short(audit)?.sums[2];
    if handover > 0.0 {
        let area = area(handover, lang);
        lines.push(match lang {
            Lang::Zh => format!("督促建设单位移交已建成的 {area}"),
            Lang::En => format!("have developers hand over the {area} that are built"),
        });
    }
    let ended = reported.tenures.iter().flat_map(|found| &found.leases);
    let ended: usize =
        ended.filter(|one| one.ends == crate::plan::Ends::Before).map(|one| one.rooms.len()).sum();
    if ended > 0 {
        lines.push(match lang {
            Lang::Zh => format!("处理租约已到期的用房 {ended} 处"),
            Lang::En => format!("settle the {ended} rooms whose leases have run out"),
        });
    }
    if let Some(ranking) = &reported.ranking {
        let chosen = ranking.chosen.choices.iter().filter(|choice| choice.is_chosen()).count();
        lines.push(match lang {
            Lang::Zh => format!("按评分细则，拟先实施 {chosen} 个（见排序）"),
            Lang::En => format!("by the score sheet {chosen} come first (see the ranking)"),
        });
    }
    Ok(lines)
}

fn basis(audit: &Audit, lead: Option<&Tally>, lang: Lang) -> String {
    let citation = lead.map_or(String::new(), |lead| {
        let (pack, requirement) = audit.requirement(&lead.pack, &lead.requirement);
        lang.pick("依据：", " By: ").to_owned() + &pack.cited(requirement, lang)
    });
    if lead.is_none() && audit.rented_share().is_none() {
        return String::new();
    }
    match lang {
        Lang::Zh => format!(
            "口径：达标率为区间，下限只数确定达标的，上限把无法核查的都算达标；租赁率按社区，分母为全部社区。{citation}"
        ),
        Lang::En => format!(
            "A rate is a range: its lower end counts what surely meets, its upper end adds what cannot be checked; the rented share is of all communities.{citation}"
        ),
    }
}

/// The parts of the file: where each stands, and its text or template.
const PARTS: &[(&str, &str)] = &[
    ("[Content_Types].xml", include_str!("docx/content_types.xml")),
    ("_rels/.rels", include_str!("docx/rels.xml")),
    ("docProps/core.xml", include_str!("docx/core.xml")),
    ("word/document.xml", include_str!("docx/document.xml")),
    ("word/_rels/document.xml.rels", include_str!("docx/document_rels.xml")),
    ("word/styles.xml", include_str!("docx/styles.xml")),
    ("word/settings.xml", include_str!("docx/settings.xml")),
    ("word/footer.xml", include_str!("docx/footer.xml")),
];

/// Characters that XML does not know become blanks, in every text.
fn cleaned(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let known = |c: char| !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
            // One page holds no text without end.
            let kept = text.chars().map(|c| if known(c) { c } else { ' ' }).take(400);
            Value::String(kept.collect())
        }
        Value::Array(all) => all.into_iter().map(cleaned).collect(),
        Value::Object(all) => all.into_iter().map(|(key, value)| (key, cleaned(value))).collect(),
        other => other,
    }
}

/// The page as a Word document; equal content gives equal bytes.
fn pack(brief: &Brief) -> Result<Vec<u8>> {
    let failed =
        |why: String| Error::refused(format!("brief.docx：{why}"), format!("brief.docx: {why}"));
    let view = cleaned(serde_json::to_value(brief).expect("plain data is JSON"));
    let view = minijinja::Value::from(minijinja::value::Serde(view));
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (path, template) in PARTS {
        let text = environment
            .render_str(template, context! { brief => view.clone() })
            .map_err(|error| failed(format!("{error:#}")))?;
        zip.start_file(*path, options).map_err(|error| failed(error.to_string()))?;
        zip.write_all(text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let done = zip.finish().map_err(|error| failed(error.to_string()))?;
    Ok(done.into_inner())
}
