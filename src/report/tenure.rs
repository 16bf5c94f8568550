//! Rented against owned as a report: shares with their denominators, costs, leases, years, targets.

mod purchase;
mod years;

use crate::assessment::Outcome;
use crate::audit::Audit;
use crate::inventory::table;
use crate::plan::{Ends, LeaseEnd, Level, PlaceTenure, Tenures};
use crate::quantity::Interval;
use crate::tally::Housing;
use crate::words::{Lang, Words};

use super::Heading;
use super::paper::{Paper, Part, Said, shares};

/// How many rows of a part a screen shows.
const SHOWN: usize = 40;

/// The whole report.
pub fn tenure(audit: &Audit, found: &Tenures, heading: &Heading, lang: Lang) -> Paper {
    let place = heading.place_name.as_deref().unwrap_or(&heading.name);
    let what = lang.pick("租赁与自有", "Rented and owned");
    let day = audit.question.day;
    Paper {
        title: format!("{what} · {place} · {} {day}", lang.pick("核查日", "as of")),
        parts: vec![
            summary(found, lang),
            places(found, lang),
            communities(found, lang),
            compliance(found, lang),
            with_and_without(found, lang),
            leases(found, lang),
            purchase::purchases(found, lang),
            years::years(found, lang),
            years::past(found, lang),
            years::published(audit, lang),
            years::targets(found, lang),
            differences(found, lang),
        ],
    }
}

fn whole(found: &Tenures) -> &PlaceTenure {
    &found.places[0]
}

/// A range of money in ×10,000 yuan.
fn wan(yuan: Interval) -> Said {
    Said::Range(Interval::between(yuan.low / 10_000.0, yuan.high / 10_000.0), 2)
}

fn site_share(place: &PlaceTenure) -> Option<Interval> {
    let all = place.sums.sites as f64;
    let (low, high) = place.sums.rented_sites;
    (all > 0.0).then(|| Interval::between(low as f64 / all, high as f64 / all))
}

fn said(share: Option<Interval>) -> String {
    share.map_or("—".to_owned(), shares)
}

fn summary(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(lang.pick("租赁率", "Rented share"), [] as [&str; 0], 1);
    let all = whole(found);
    let tally = &all.tally;
    let (count, sites) = (tally.communities, all.sums.sites);
    let (by_count, any) = (said(tally.rented_share()), said(tally.any_rented_share()));
    let (by_site, by_area) = (said(site_share(all)), said(all.sums.by_area));
    let rent = wan(all.sums.rent).print(lang);
    let (without, rented) = all.sums.without_rent;
    match lang {
        Lang::Zh => {
            part.note(format!("按社区 {by_count}：租赁且无自有用房的社区 ÷ 全部 {count} 个社区（含无用房者；核查日尚未成立的不计）"));
            part.note(format!("按社区 {any}：有任何租赁用房的社区 ÷ 全部 {count} 个社区"));
            part.note(format!(
                "按处 {by_site}：租赁的用房 ÷ 全部 {sites} 处用房（共用的计一次；尚未起租的不计）"
            ));
            part.note(format!(
                "按面积 {by_area}：租赁面积 ÷ 用房面积合计（面积不明或非建筑面积的按不明计）"
            ));
            part.note(format!("年租金 {rent} 万元（{rented} 处租赁用房，其中 {without} 处租金不明）；各地租金按占全部租金的比例另列"));
        }
        Lang::En => {
            part.note(format!("by communities {by_count}: those that rent and own nothing, of all {count} (those without premises included, those not yet founded not)"));
            part.note(format!("by communities {any}: those that rent anything, of all {count}"));
            part.note(format!("by sites {by_site}: rented ones, of all {sites} (a shared one once; leases not begun not counted)"));
            part.note(format!("by area {by_area}: rented area, of all floor area (an area that is unknown, or on another basis, counts as unknown)"));
            part.note(format!("rent {rent} ×10,000 yuan a year ({rented} rented rooms, {without} of them without a known rent); the part each place pays of it stands below"));
        }
    }
    let classes: Vec<String> = Housing::ALL
        .iter()
        .map(|how| format!("{} {}", how.words().in_lang(lang), tally.of_kind(*how)))
        .collect();
    part.note(classes.join(" · "));
    part
}

fn level_name(level: &Level, lang: Lang) -> String {
    match level {
        Level::All => lang.pick("全部", "all").to_owned(),
        Level::Community => lang.pick("社区", "community").to_owned(),
        Level::Division(code) => {
            let levels = table("divisions").and_then(|table| table.column("level"));
            levels.map_or(code.clone(), |column| column.code_name(code, lang).to_owned())
        }
    }
}

fn per_m2(place: &PlaceTenure) -> Said {
    Said::any(place.sums.per_m2, |(rent, _)| Said::Range(rent, 1))
}

fn places(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("各地", "By place"),
        match lang {
            Lang::Zh => [
                "层级",
                "地区",
                "社区",
                "租赁且无自有",
                "不明",
                "租赁率",
                "有租赁的",
                "用房处数",
                "租赁处数",
                "按处",
                "租赁面积（㎡）",
                "按面积",
                "年租金（万元）",
                "占全部租金",
                "元/㎡·年",
                "元/户·年",
            ],
            Lang::En => [
                "level",
                "place",
                "communities",
                "rent only",
                "unknown",
                "rented share",
                "rent anything",
                "sites",
                "rented sites",
                "by sites",
                "rented m²",
                "by area",
                "rent (×10,000 yuan)",
                "of all rent",
                "yuan/m² a year",
                "yuan/household a year",
            ],
        },
        SHOWN,
    );
    part.note(lang.pick(
        "元/㎡ 只用租金和建筑面积都已知的租赁用房；元/户 的户数是确有租赁用房的社区的户数",
        "yuan/m²: over rented rooms whose rent and floor area are both known; yuan/household: over the households of the communities that surely rent a room",
    ));
    for place in found.places.iter().filter(|place| place.level != Level::Community) {
        let tally = &place.tally;
        let (low, high) = place.sums.rented_sites;
        part.row([
            Said::text(level_name(&place.level, lang)),
            Said::text(&place.label),
            Said::count(tally.communities),
            Said::count(tally.rented),
            Said::count(tally.rented_at_most - tally.rented),
            Said::any(tally.rented_share(), Said::Shares),
            Said::any(tally.any_rented_share(), Said::Shares),
            Said::count(place.sums.sites),
            Said::Range(Interval::between(low as f64, high as f64), 0),
            Said::any(site_share(place), Said::Shares),
            Said::Range(place.sums.rented_area, 2),
            Said::any(place.sums.by_area, Said::Shares),
            wan(place.sums.rent),
            Said::any(place.part_of_rent, Said::Shares),
            per_m2(place),
            Said::any(place.per_household, |rent| Said::Range(rent, 1)),
        ]);
    }
    part
}

fn communities(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("租赁的社区", "Communities that rent"),
        match lang {
            Lang::Zh => [
                "社区",
                "用房",
                "用房处数",
                "租赁处数",
                "租赁面积（㎡）",
                "按面积",
                "年租金（万元）",
                "占全部租金",
                "元/㎡·年",
                "户数",
                "元/户·年",
            ],
            Lang::En => [
                "community",
                "housed by",
                "sites",
                "rented sites",
                "rented m²",
                "by area",
                "rent (×10,000 yuan)",
                "of all rent",
                "yuan/m² a year",
                "households",
                "yuan/household a year",
            ],
        },
        SHOWN,
    );
    let perhaps = found.housed.iter().filter(|one| one.rents_any.1 && !one.rents_any.0);
    let perhaps: Vec<&str> = perhaps.map(|one| found.label(&one.community)).collect();
    if !perhaps.is_empty() {
        let names = perhaps.join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("权属不明、可能租赁而不列的 {} 个：{names}", perhaps.len()),
            Lang::En => {
                format!("{} of unknown tenure may rent and are not listed: {names}", perhaps.len())
            }
        });
    }
    for one in found.housed.iter().filter(|one| one.rents_any.0) {
        let Some(place) = found.places.iter().find(|place| place.id == one.community) else {
            continue;
        };
        let (low, high) = place.sums.rented_sites;
        part.row([
            Said::subject("community", &one.community, &place.label),
            Said::text(one.how.words().in_lang(lang)),
            Said::count(place.sums.sites),
            Said::Range(Interval::between(low as f64, high as f64), 0),
            Said::Range(place.sums.rented_area, 2),
            Said::any(place.sums.by_area, Said::Shares),
            wan(place.sums.rent),
            Said::any(place.part_of_rent, Said::Shares),
            per_m2(place),
            Said::Range(place.households, 0),
            Said::any(place.per_household, |rent| Said::Range(rent, 1)),
        ]);
    }
    part
}

fn compliance(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("达标与租赁", "Compliance by tenure"),
        match lang {
            Lang::Zh => ["要求", "社区的用房", "达标", "不达标", "无法核查", "达标率"],
            Lang::En => {
                ["requirement", "communities housed by", "met", "not met", "unknown", "rate met"]
            }
        },
        SHOWN,
    );
    for test in &found.tests {
        for (housing, [met, not_met, unknown]) in &test.by_housing {
            let all = (met + not_met + unknown) as f64;
            let rate = Interval::between(*met as f64 / all, (met + unknown) as f64 / all);
            part.row([
                Said::text(test.words.in_lang(lang)),
                Said::text(housing.words().in_lang(lang)),
                Said::count(*met),
                Said::count(*not_met),
                Said::count(*unknown),
                Said::Shares(rate),
            ]);
        }
    }
    part
}

fn with_and_without(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("含租赁与不含租赁", "With and without rented rooms"),
        match lang {
            Lang::Zh => [
                "社区",
                "要求",
                "须有（㎡）",
                "按规定计入（㎡）",
                "不含租赁（㎡）",
                "面积结论",
                "不含租赁的结论",
                "权属",
            ],
            Lang::En => [
                "community",
                "requirement",
                "required m²",
                "counted m²",
                "without rented m²",
                "verdict on area",
                "without rented rooms",
                "tenure",
            ],
        },
        SHOWN,
    );
    part.note(lang.pick(
        "租赁用房按规定能否计入面积与权属是否自有是两件事：两个结论并列",
        "whether a rented room counts towards the area, and whether premises are owned, are two things: both verdicts stand",
    ));
    let outcome = |outcome: Outcome| Said::text(outcome.words().in_lang(lang));
    for test in &found.tests {
        for one in &test.communities {
            let housed = found.housed.iter().find(|housed| housed.community == one.community);
            let Some(housed) = housed.filter(|housed| housed.rents_any.0) else { continue };
            part.row([
                Said::subject("community", &one.community, found.label(&one.community)),
                Said::text(test.words.in_lang(lang)),
                Said::Range(one.required, 2),
                Said::Range(one.measured, 2),
                Said::Range(one.without, 2),
                outcome(one.outcome),
                outcome(one.outcome_without),
                Said::text(housed.how.words().in_lang(lang)),
            ]);
        }
    }
    let resting: usize = found
        .tests
        .iter()
        .flat_map(|test| &test.communities)
        .filter(|one| one.rests_on_rent())
        .count();
    if resting > 0 {
        part.note(match lang {
            Lang::Zh => format!("面积达标而不含租赁即不能确认达标的：{resting}"),
            Lang::En => format!("met on area, and not surely met without rented rooms: {resting}"),
        });
    }
    part
}

/// When leases end, in words.
pub fn ends_words(ends: &Ends) -> Words {
    match ends {
        Ends::Before => {
            Words::new("已到期（仍按租赁，须续签或退租）", "run out (still rented: renew or leave)")
        }
        Ends::PerhapsBefore => Words::new("可能已到期", "perhaps run out"),
        Ends::Quarter(year, quarter) => {
            Words::new(format!("{year} 年第 {quarter} 季度"), format!("{year} Q{quarter}"))
        }
        Ends::Year(year) => {
            Words::new(format!("{year} 年（季度不明）"), format!("{year}, quarter not known"))
        }
        Ends::Unknown => Words::new("到期日不明", "not known"),
        Ends::NotBegun => Words::new("尚未起租", "not begun"),
    }
}

fn rooms_of(found: &Tenures, one: &LeaseEnd, lang: Lang) -> String {
    let label = |at: &usize| {
        let room = &found.rooms[*at];
        format!("{}（{}）", room.label, room.lease_cell)
    };
    one.rooms.iter().map(label).collect::<Vec<_>>().join(lang.pick("、", ", "))
}

fn leases(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("租约到期", "Leases ending"),
        match lang {
            Lang::Zh => ["到期", "处数", "面积（㎡）", "年租金（万元）", "用房"],
            Lang::En => ["ends", "rooms", "m²", "rent (×10,000 yuan)", "which"],
        },
        SHOWN,
    );
    for one in &found.leases {
        part.row([
            Said::text(ends_words(&one.ends).in_lang(lang)),
            Said::count(one.rooms.len()),
            Said::Range(one.area, 2),
            wan(one.rent),
            Said::text(rooms_of(found, one, lang)),
        ]);
    }
    part
}

fn differences(found: &Tenures, lang: Lang) -> Part {
    let mut part = Part::new(
        lang.pick("租金两处不一致", "Two rents for one room"),
        match lang {
            Lang::Zh => ["用房", "年份", "历年租金（万元）", "单元格", "台账（万元）", "单元格 "],
            Lang::En => [
                "room",
                "year",
                "list of rents (×10,000 yuan)",
                "cell",
                "ledger (×10,000 yuan)",
                "cell ",
            ],
        },
        SHOWN,
    );
    if !found.years.not_rented.is_empty() {
        let each = found.years.not_rented.iter().map(|(label, cell)| format!("{label}（{cell}）"));
        let each = each.collect::<Vec<_>>().join(lang.pick("、", ", "));
        part.note(match lang {
            Lang::Zh => format!("历年租金中有、而台账权属没有写租赁的用房，请核对：{each}"),
            Lang::En => format!(
                "rooms with rents that the ledger does not call rented, please check: {each}"
            ),
        });
    }
    for (label, year, cells) in &found.years.twice {
        part.note(match lang {
            Lang::Zh => format!("{label} {year} 年有两个不同的租金，按其间至合计理解：{cells}"),
            Lang::En => format!("{label} has two rents of {year}, read as anything from the smaller to their sum: {cells}"),
        });
    }
    for one in &found.years.differences {
        part.row([
            Said::text(&one.label),
            Said::text(one.year.to_string()),
            wan(one.listed.0),
            Said::text(&one.listed.1),
            wan(one.ledger.0),
            Said::text(&one.ledger.1),
        ]);
    }
    part
}
