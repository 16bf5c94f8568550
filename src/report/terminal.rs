//! The summary a user reads first.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::check::CHECKS;
use crate::inventory::{DoubtKind, Reason};
use crate::origin::Source;
use crate::quantity::{Interval, percent};
use crate::standard::Force;
use crate::tally::Tally;
use crate::words::{Lang, counted};

use super::{Grid, Heading, finding, name, reading};

/// How many findings of one requirement the screen shows; the rest are in the run folder.
const SHOWN: usize = 10;

/// The whole summary, ending in a line break.
pub fn summary(audit: &Audit, heading: &Heading, lang: Lang) -> String {
    let mut text = title(audit, heading, lang);
    text += &accounts(audit, lang);
    text += &results(audit, lang);
    text += &tenure(audit, lang);
    text += &published(audit, heading, lang);
    text += &findings(audit, lang);
    text += &basis(audit, lang);
    text
}

fn title(audit: &Audit, heading: &Heading, lang: Lang) -> String {
    let place = match (&heading.place_name, audit.question.place.level()) {
        (Some(name), 0) => name.clone(),
        (Some(name), _) => match lang {
            Lang::Zh => format!("{name}（{}）", audit.question.place),
            Lang::En => format!("{name} ({})", audit.question.place),
        },
        (None, 0) => lang.pick("地点未声明", "place not declared").to_owned(),
        (None, _) => audit.question.place.to_string(),
    };
    let day = audit.question.day;
    format!(
        "facility-audit {} · {} · {place} · {} {day}\n",
        env!("CARGO_PKG_VERSION"),
        heading.name,
        lang.pick("核查日", "as of"),
    )
}

fn section(zh: &str, en: &str, lang: Lang) -> String {
    format!("\n{}\n", lang.pick(zh, en))
}

/// The ledger of counts: what came in, what became of it, and how it was understood.
fn accounts(audit: &Audit, lang: Lang) -> String {
    let (sources, accounts) = (&audit.inventory.sources, &audit.inventory.accounts);
    let mut text = format!("\n{}\n", reading::counts(sources, accounts, lang));
    let headings = match lang {
        Lang::Zh => ["来源", "读入", "使用", "未关联", "搁置", "搁置原因"],
        Lang::En => ["source", "rows", "used", "unlinked", "set aside", "why"],
    };
    let mut grid = Grid::new(headings).right(1..5);
    for (number, (source, account)) in sources.iter().zip(accounts).enumerate() {
        if source.beside.is_some() {
            continue;
        }
        let mut reasons: Vec<Reason> = account.set_aside.iter().map(|one| one.reason).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let why: Vec<String> = reasons
            .into_iter()
            .map(|reason| {
                let count = account.set_aside_for(reason);
                format!("{} {count}", reason.words().in_lang(lang))
            })
            .collect();
        let beside =
            |other: &&Source| other.beside == Some(number as u32) && other.table != source.table;
        let mut also: Vec<&str> =
            sources.iter().filter(beside).map(|other| other.table.as_str()).collect();
        also.dedup();
        let also: String = also.iter().map(|table| format!(" + {table}")).collect();
        grid.row([
            format!("{}{also}", source.label()),
            account.read.to_string(),
            account.used.to_string(),
            account.unlinked.len().to_string(),
            account.set_aside.len().to_string(),
            why.join(lang.pick("，", ", ")),
        ]);
    }
    text += &grid.lines();
    text += &understood(audit, lang);
    text
}

/// How cells were understood, and what is doubtful in the sheets themselves.
fn understood(audit: &Audit, lang: Lang) -> String {
    let (sources, accounts) = (&audit.inventory.sources, &audit.inventory.accounts);
    let lines = reading::all_understood(sources, accounts, lang);
    let mut text = String::new();
    let mut list = |heading: &str, lines: &[String]| {
        if lines.is_empty() {
            return;
        }
        let _ = writeln!(text, "{heading}{}", lang.pick("：", ":"));
        for line in lines.iter().take(2 * SHOWN) {
            let _ = writeln!(text, "  {line}");
        }
        if lines.len() > 2 * SHOWN {
            let rest = lines.len() - 2 * SHOWN;
            let more = match lang {
                Lang::Zh => format!("  …… 另有 {rest} 条，见 inspect 或 manifest.json"),
                Lang::En => format!("  … and {rest} more: see inspect or manifest.json"),
            };
            let _ = writeln!(text, "{more}");
        }
    };
    list(lang.pick("换算与理解，请确认", "Converted or understood, please confirm"), &lines);
    for kind in DoubtKind::ALL {
        list(kind.heading().in_lang(lang), &reading::doubts(sources, accounts, kind, lang));
    }
    text
}

/// One line per requirement, grouped by check.
fn results(audit: &Audit, lang: Lang) -> String {
    let mut text = String::new();
    for check in CHECKS {
        let of_check = |tally: &&Tally| {
            let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
            requirement.measure.check == check.name && requirement.force != Force::Indicator
        };
        let tallies: Vec<&Tally> = audit.tallies.iter().filter(of_check).collect();
        let sound = tallies.iter().all(|tally| tally.not_met + tally.unknown == 0);
        if tallies.is_empty() || (check.name == "data_quality" && sound) {
            if !tallies.is_empty() {
                let count = tallies.iter().map(|tally| tally.met).sum::<usize>();
                text += &section(
                    &format!("数据质量：{count} 项检查全部通过"),
                    &format!("Data quality: all {count} checks passed"),
                    lang,
                );
            }
            continue;
        }
        text += &section(check.zh, check.en, lang);
        text += &tallied(audit, &tallies, lang).lines();
        text += &why_unknown(audit, &tallies, lang);
    }
    text
}

/// Why subjects could not be checked, with how many each reason holds for.
fn why_unknown(audit: &Audit, tallies: &[&Tally], lang: Lang) -> String {
    let mut text = String::new();
    for tally in tallies.iter().filter(|tally| tally.unknown > 0) {
        let (_, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
        let open = audit.assessments.iter().filter(|one| {
            (&one.pack, &one.requirement) == (&tally.pack, &tally.requirement)
                && one.outcome == Outcome::Unknown
        });
        for because in open.filter_map(|one| one.because) {
            // How many rows each is about differs; the number behind is that of subjects.
            *reasons.entry(because.words(None).in_lang(lang).to_owned()).or_default() += 1;
        }
        let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let reasons: Vec<String> =
            reasons.into_iter().map(|(words, count)| format!("{words} {count}")).collect();
        if !reasons.is_empty() {
            let _ = writeln!(
                text,
                "  {} {} {}{}{}",
                requirement.words.in_lang(lang),
                lang.pick("无法核查", "unknown"),
                tally.unknown,
                lang.pick("：", ": "),
                reasons.join(lang.pick("；", "; "))
            );
        }
    }
    text
}

fn tallied(audit: &Audit, tallies: &[&Tally], lang: Lang) -> Grid {
    let outcomes = Outcome::ALL.map(Outcome::words);
    let mut headings = vec![lang.pick("要求", "requirement")];
    headings.extend(outcomes.iter().map(|words| words.in_lang(lang)));
    headings.extend(match lang {
        Lang::Zh => ["达标率", "可核查者中", "缺口合计", "依据"],
        Lang::En => ["rate met", "of checkable", "short in all", "text"],
    });
    let mut grid = Grid::new(headings).right(1..8);
    for tally in tallies {
        let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let shortfall = tally.short_in_all();
        let shortfall = shortfall.map_or("—".to_owned(), |(unit, all)| unit.print(all, lang));
        grid.row([
            requirement.words.in_lang(lang).to_owned(),
            tally.met.to_string(),
            tally.not_met.to_string(),
            tally.not_applicable.to_string(),
            tally.unknown.to_string(),
            range(tally.rate()),
            tally.of_checkable().map_or("—".to_owned(), percent),
            shortfall,
            pack.number.clone().unwrap_or_else(|| pack.id.clone()),
        ]);
    }
    grid
}

/// A share as percentages: one when it is known, else from and to.
fn range(share: Option<Interval>) -> String {
    match share {
        None => "—".to_owned(),
        Some(share) if share.is_exact() => percent(share.low),
        Some(share) => format!("{}–{}", percent(share.low), percent(share.high)),
    }
}

fn tenure(audit: &Audit, lang: Lang) -> String {
    let tenure = &audit.tenure;
    if tenure.communities == 0 {
        return String::new();
    }
    let classes = [
        (lang.pick("自有或有使用权", "own or right of use"), tenure.own),
        (lang.pick("租赁", "rent"), tenure.rented),
        (lang.pick("仅借用", "only borrow"), tenure.borrowed),
        (lang.pick("仅共用", "only share"), tenure.shared),
        (lang.pick("无用房", "none"), tenure.none),
        (lang.pick("不明", "unknown"), tenure.unknown),
    ];
    let classes: Vec<String> =
        classes.iter().map(|(name, count)| format!("{name} {count}")).collect();
    let count = tenure.communities;
    let share = range(tenure.rented_share());
    let any = range(tenure.any_rented_share());
    let mut text = match lang {
        Lang::Zh => format!(
            "\n租赁率 {share}（按社区：租赁且无自有用房的社区 ÷ 全部 {count} 个社区，含无用房者）\n"
        ),
        Lang::En => format!(
            "\nRented share {share} (by communities: those that rent and own nothing, of all {count}, those without premises included)\n"
        ),
    };
    let _ = writeln!(text, "  {}", classes.join(" · "));
    let _ = writeln!(
        text,
        "  {} {any}",
        lang.pick("有任何租赁用房的社区占", "communities with any rented premises:")
    );
    let counted = audit.assessments.iter().filter(|one| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        let tenure = requirement.measure.check == "tenure" && requirement.force == Force::Indicator;
        tenure && one.outcome == Outcome::NotMet
    });
    let mut names: Vec<(Option<u32>, Option<u32>, &str)> =
        counted.map(|one| (one.source, one.row, one.label.as_str())).collect();
    names.sort_unstable();
    if !names.is_empty() {
        let shown: Vec<&str> = names.iter().take(SHOWN).map(|(.., name)| *name).collect();
        let more = if names.len() > SHOWN { "……" } else { "" };
        let separator = lang.pick("、", ", ");
        let _ = writeln!(
            text,
            "  {}{}{more}",
            lang.pick("租赁的有：", "those that rent: "),
            shown.join(separator)
        );
    }
    text
}

/// Rates of published figures, and of people who left.
fn published(audit: &Audit, heading: &Heading, lang: Lang) -> String {
    let mut text = String::new();
    let names = heading.names_of_places(audit).unwrap_or_default(); // without names, codes
    for part in super::published::rates(audit, &names, lang) {
        let mut grid = Grid::new(part.headings.iter().map(String::as_str)).right([1, 3]);
        for row in &part.rows {
            grid.row(row.iter().map(|cell| cell.print(lang)));
        }
        let _ = write!(text, "\n{}\n{}", part.name, grid.lines());
    }
    for line in super::published::attrition(audit, lang) {
        let _ = writeln!(text, "\n{line}");
    }
    text
}

/// The worst findings of each requirement, what is short before what is unknown.
fn findings(audit: &Audit, lang: Lang) -> String {
    let mut text = String::new();
    for tally in &audit.tallies {
        let (pack, requirement) = audit.requirement(&tally.pack, &tally.requirement);
        let of_it =
            |one: &&Assessment| (&one.pack, &one.requirement) == (&tally.pack, &tally.requirement);
        let mut open: Vec<&Assessment> = audit
            .assessments
            .iter()
            .filter(of_it)
            .filter(|one| matches!(one.outcome, Outcome::NotMet | Outcome::Unknown))
            .collect();
        if open.is_empty() || requirement.force == Force::Indicator {
            continue;
        }
        open.sort_by(|a, b| a.worst_first(b));
        let number = pack.number.as_deref().unwrap_or(&pack.id);
        let _ = writeln!(text, "\n{} · {number}", requirement.words.in_lang(lang));
        for one in open.iter().take(SHOWN) {
            let _ = writeln!(
                text,
                "  {}  {}",
                name(one, lang),
                finding(one, requirement).in_lang(lang)
            );
        }
        if open.len() > SHOWN {
            let rest = open.len() - SHOWN;
            let _ = writeln!(
                text,
                "  {}",
                lang.pick(
                    &format!("…… 另有 {rest} 条，用 explain 或各报告查看"),
                    &format!("… and {rest} more, in the reports, or by explain"),
                )
            );
        }
    }
    text
}

/// The texts that spoke, those that did not, and what was declared.
fn basis(audit: &Audit, lang: Lang) -> String {
    let mut text = section("依据与声明", "Basis", lang);
    let mut spoke: Vec<&str> = audit.tallies.iter().map(|tally| tally.pack.as_str()).collect();
    spoke.dedup();
    for id in spoke {
        let pack = audit.library.get(id).expect("a tally's pack is in the library");
        let evidence = pack.evidence.words();
        let (citation, days, status) =
            (pack.citation(lang), pack.validity(lang), pack.status.words());
        let _ = match lang {
            Lang::Zh => writeln!(text, "  {citation}（{}，{days}；{}）", status.zh, evidence.zh),
            Lang::En => writeln!(text, "  {citation}: {}, {days}; {}", status.en, evidence.en),
        };
    }
    for one in &audit.assessed.displaced {
        let (displaced, packs) = (one.displaced, audit.library.packs());
        let (what, by) = (&packs[displaced.what.pack], &packs[displaced.by]);
        let rule = &what.requirements[displaced.what.requirement].words;
        let (from, to) = (what.citation(lang), by.citation(lang));
        let count = one.looser_for;
        let (looser_zh, looser_en) = match count {
            0 => (String::new(), String::new()),
            _ => (
                format!("；后者对 {count} 个对象的要求更低，与上位规定不一致"),
                format!(
                    "; the latter asks for less of {}, against the wider duty",
                    counted(count, "subject")
                ),
            ),
        };
        let _ = match lang {
            Lang::Zh => writeln!(text, "  {from}“{}”让位于 {to}{looser_zh}", rule.zh),
            Lang::En => writeln!(text, "  {from} ({}) gives way to {to}{looser_en}", rule.en),
        };
    }
    for pack in audit.library.packs() {
        let named = audit.question.named.contains(&pack.id);
        // A text about estates is not missed where no estate was read.
        let read = |kind: &str| {
            let table = crate::inventory::subject_table(kind);
            table.is_some_and(|table| audit.inventory.table(&table.name).height() > 0)
        };
        if !named && !pack.requirements.iter().any(|rule| read(rule.subject)) {
            continue;
        }
        let silence = pack.silence(&audit.question.place, audit.question.day, named);
        // A text that ended before the audit may still speak for subjects of its own time.
        let speaks = audit.assessments.iter().any(|one| one.pack == pack.id);
        let could = silence.filter(|_| !speaks);
        let could = could.filter(|why| named || *why != crate::standard::Silence::Elsewhere);
        if let Some(why) = could {
            let _ = writeln!(
                text,
                "  {}{}{}",
                pack.citation(lang),
                lang.pick("：未采用，", ": not used, "),
                why.words().in_lang(lang)
            );
        }
    }
    for declaration in &audit.declarations {
        let _ = writeln!(text, "  {}", declaration.in_lang(lang));
    }
    text
}
