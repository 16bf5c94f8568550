//! Wide ledgers: one row holds an estate, the facilities it owes, and the days of their stages.
//!
//! What a row is feeds the first mapping; beside it the same row feeds the estate it names, one
//! facility for each group of columns (`社区用房` above `应移交` and `已移交`), its phase, and one
//! event for each column of dates.

use std::collections::{BTreeMap, BTreeSet};

use crate::inventory::{Table, table};
use crate::layer::Grid;

use super::Mapping;
use super::cell::folded;
use super::date::is_date;
use super::header::Header;
use super::headings::{
    Heading, category_within, column_of, header_words, known_category, stage_of,
};
use super::matching::{Matched, fed, matched};
use super::merged::Cells;
use super::title::Title;
use super::{Mapped, Stage};

/// Columns that only a list of facilities has.
const FACILITY: &[&str] = &[
    "category",
    "due_contract",
    "due_plan",
    "due_stated",
    "accepted_area",
    "handed_over_area",
    "used_area",
    "misused_area",
    "handover_state",
    "build_state",
    "handover_due_on",
    "receiver",
];

/// Columns that a row of facilities says of its estate as well.
const SHARED: &[&str] = &["name", "place", "street", "community", "note"];

/// Columns of an estate that are those of a phase where each phase has a row.
const OF_PHASE: &[&str] = &[
    "households_planned",
    "households_delivered",
    "households_occupied",
    "residential_area",
    "residential_area_above_ground",
    "area_above_ground",
    "area_below_ground",
    "total_area",
    "built_on",
];

pub(super) fn declared(name: &str) -> &'static Table {
    table(name).unwrap_or_else(|| panic!("{name} is declared"))
}

/// A mapping, and all that is read beside it from the same rows.
pub fn beside(grid: &Grid, first: Mapping, title: &Title) -> Vec<Mapping> {
    match first.table.name.as_str() {
        "estates" | "facilities" => ledger(grid, first, title),
        "phases" | "buildings" => with_stages(grid, vec![first], title),
        "premises" => super::rooms::rooms(grid, first, title),
        _ => vec![first],
    }
}

/// A ledger of estates, of what they owe, or of both.
fn ledger(grid: &Grid, first: Mapping, title: &Title) -> Vec<Mapping> {
    let header = first.header.clone();
    let of = |name: &str, taken: &BTreeSet<usize>| {
        matched(grid, declared(name), &header, title, taken).mapping
    };
    let groups = groups(grid, &header, title);
    let grouped: BTreeSet<usize> =
        groups.values().flatten().map(|(_, mapped)| mapped.index).collect();
    let mut estates = of("estates", &grouped);
    let mut facilities = of("facilities", &grouped);
    let owes = FACILITY.iter().any(|field| facilities.index_of(field).is_some());
    let has_estate = facilities.index_of("estate").is_some();
    // With a column of classes each row is one facility.
    let row_is_facility = facilities.index_of("category").is_some() && has_estate;
    if !has_estate || (!owes && groups.is_empty()) {
        return with_stages(grid, with_phases(grid, vec![first], title), title);
    }
    let (own, other) = match row_is_facility {
        true => (&facilities, &mut estates),
        false => (&estates, &mut facilities),
    };
    let own: BTreeSet<usize> = own.fed().collect();
    let shared = |mapped: &Mapped| {
        let name = mapped.column.name.as_str();
        SHARED.contains(&name) || ["estate", "phase"].contains(&name)
    };
    let evidence = |mapped: &Mapped| FACILITY.contains(&mapped.column.name.as_str());
    other
        .columns
        .retain(|mapped| shared(mapped) || !own.contains(&mapped.index) || evidence(mapped));
    // What is a facility's alone is not the estate's, whatever it is called there.
    let facility_only: BTreeSet<usize> =
        facilities.columns.iter().filter(|one| evidence(one)).map(|one| one.index).collect();
    estates.columns.retain(|mapped| !facility_only.contains(&mapped.index));
    if estates.index_of("name").is_none() {
        return with_stages(grid, vec![facilities], title);
    }
    if row_is_facility {
        // The number of the row is the facility's.
        estates.columns.retain(|mapped| mapped.column.name != "id");
        let all = with_phases(grid, vec![facilities, estates], title);
        return with_stages(grid, all, title);
    }
    facilities.columns.retain(|mapped| mapped.column.name != "id");
    let mut all = vec![estates];
    // With one class, headings that name none are of that one; unless they say again what its own
    // headings say: then they are of all classes together.
    let only_one = groups.len() == 1;
    let says_again = groups
        .values()
        .flatten()
        .any(|(_, own)| facilities.columns.iter().any(|bare| bare.column.name == own.column.name));
    for (code, columns) in groups {
        let mut facility = facilities.clone();
        if !only_one || says_again {
            facility.columns.retain(|one| shared(one) && one.column.name != "note");
        }
        facility.columns.extend(columns.into_iter().map(|(_, mapped)| mapped));
        facility.set = vec![(column(facility.table, "category"), code)];
        all.push(facility);
    }
    if all.len() == 1 {
        let category = column(facilities.table, "category");
        facilities.set.extend(title.class.clone().map(|code| (category, code)));
        all.push(facilities);
    }
    with_stages(grid, with_phases(grid, all, title), title)
}

pub(super) fn column(table: &'static Table, name: &str) -> &'static crate::inventory::Column {
    table.column(name).unwrap_or_else(|| panic!("{}.{name} is declared", table.name))
}

/// Columns of facilities by the class that the group above them names, or their own heading begins
/// with.
fn groups(grid: &Grid, header: &Header, title: &Title) -> BTreeMap<String, Vec<(usize, Mapped)>> {
    let facilities = declared("facilities");
    let mut groups: BTreeMap<String, Vec<(usize, Mapped)>> = BTreeMap::new();
    for index in 0..header.columns() {
        let path = header.path(index);
        let above = path.iter().enumerate().rev().skip(1);
        let class = |text: &str| known_category(&Heading::of(text).words);
        let group = above.into_iter().find_map(|(at, text)| Some((at, class(text)?)));
        let (code, readings) = match (group, path) {
            (Some((at, code)), _) => {
                let rest: Vec<String> = path
                    .iter()
                    .enumerate()
                    .filter(|(part, _)| *part != at)
                    .map(|(_, text)| text.clone())
                    .collect();
                // A unit beside the class holds for all columns of the group.
                let unit = Heading::of(&path[at]).unit;
                let mut readings = Header::readings_of(&rest);
                readings.iter_mut().for_each(|one| one.unit = one.unit.take().or(unit.clone()));
                (code, readings)
            }
            (None, [only]) => {
                let whole = Heading::of(only);
                let Some((code, rest)) = category_within(&whole.words) else { continue };
                let words = rest.trim_matches(['(', ')', '_', '-']).to_owned();
                (code, vec![Heading { words, unit: whole.unit.clone() }])
            }
            _ => continue,
        };
        let known = readings.iter().find_map(|heading| {
            let (column, _) = column_of(facilities, heading)?;
            fed(grid, header, title, index, column, heading)
        });
        let Some(mapped) = known else { continue };
        let column = mapped.column;
        if !FACILITY.contains(&column.name.as_str()) && !column.kind.is_quantity() {
            continue;
        }
        let group = groups.entry(code).or_default();
        if group.iter().all(|(_, other)| other.column.name != column.name) {
            group.push((index, mapped));
        }
    }
    let proves = |columns: &Vec<(usize, Mapped)>| {
        columns.iter().any(|(_, one)| FACILITY.contains(&one.column.name.as_str()))
    };
    groups.retain(|_, columns| proves(columns));
    groups
}

/// Adds the phases where a column tells them; what each phase has a row for is the phase's.
fn with_phases(grid: &Grid, mut all: Vec<Mapping>, title: &Title) -> Vec<Mapping> {
    let header = all[0].header.clone();
    let Some(estates) = all.iter().position(|one| one.table.name == "estates") else { return all };
    let plain = matched(grid, declared("phases"), &header, title, &BTreeSet::new()).mapping;
    let Some(number) = plain.index_of("number") else { return all };
    let mut phases = plain;
    let several = all[estates].index_of("name").is_some_and(|name| {
        let rows = header.last + 1..grid.rows();
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let cells = Cells::of(grid, &all[estates]);
        rows.into_iter().any(|row| {
            let text = |column: usize| folded(cells.text(row, column).0);
            let (name, number) = (text(name), text(number));
            let other = seen.insert(name.clone(), number.clone());
            !name.is_empty() && other.is_some_and(|other| other != number)
        })
    });
    let is_of_phase = |mapped: &Mapped| OF_PHASE.contains(&mapped.column.name.as_str());
    let moved: BTreeSet<usize> = all[estates]
        .columns
        .iter()
        .filter(|mapped| several && is_of_phase(mapped))
        .map(|mapped| mapped.index)
        .collect();
    phases.columns.retain(|mapped| {
        let names = ["estate", "number", "place"].contains(&mapped.column.name.as_str());
        names || moved.contains(&mapped.index)
    });
    if several {
        all[estates].columns.retain(|mapped| !is_of_phase(mapped));
    }
    all.push(phases);
    all
}

/// Adds one event for each column of dates.
fn with_stages(grid: &Grid, mut all: Vec<Mapping>, title: &Title) -> Vec<Mapping> {
    let header = all[0].header.clone();
    let mut stages: Vec<Stage> =
        (0..header.columns()).filter_map(|index| stage(grid, &header, index, &all)).collect();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for stage in &mut stages {
        let count = seen.entry(stage.stage.clone()).or_default();
        *count += 1;
        if *count > 1 {
            stage.key = format!("{}#{count}", stage.stage);
        }
    }
    if stages.is_empty() {
        return all;
    }
    let plain = matched(grid, declared("events"), &header, title, &BTreeSet::new()).mapping;
    let mut events = Mapping::of(plain.table, header);
    let wanted = ["estate", "place"];
    events.columns = plain
        .columns
        .into_iter()
        .filter(|one| wanted.contains(&one.column.name.as_str()))
        .collect();
    events.stages = stages;
    all.push(events);
    all
}

/// The explicit table of events: its own columns, or those of stages where it has none of its own.
pub fn stages_of(grid: &Grid, rows: Matched, title: &Title) -> Matched {
    if rows.mapping.index_of("stage").is_some() {
        return rows;
    }
    let header = &rows.mapping.header;
    let of = |name: &str| matched(grid, declared(name), header, title, &BTreeSet::new()).mapping;
    let named = [of("estates"), of("facilities")];
    let beside = named.into_iter().find_map(|one| {
        let all = self::beside(grid, one, title);
        all.into_iter().find(|one| !one.stages.is_empty())
    });
    match beside {
        Some(mut events) => {
            // Nothing is read beside it that an event could be tied to.
            events.stages.iter_mut().for_each(|stage| stage.of = None);
            Matched { mapping: events, ..rows }
        }
        None => rows,
    }
}

/// The stage whose days a column holds, and whose stage it is.
fn stage(grid: &Grid, header: &Header, index: usize, all: &[Mapping]) -> Option<Stage> {
    let path = parted(header.path(index));
    let class = |text: &String| known_category(&Heading::of(text).words);
    let group = path.iter().rev().skip(1).find_map(class);
    let words = header_words();
    // Whose days they are is no part of what the stage is called.
    let whose = |text: &String| {
        let text = folded(text);
        words.estate_groups.contains(&text) || words.facility_groups.contains(&text)
    };
    let last = path.len().saturating_sub(1);
    let says =
        |(at, text): &(usize, &String)| class(text).is_none() && (*at == last || !whose(text));
    let rest: Vec<String> =
        path.iter().enumerate().filter(says).map(|(_, text)| text.clone()).collect();
    let readings = Header::readings_of(&rest);
    let (code, heading) =
        readings.iter().find_map(|heading| Some((stage_of(heading)?, heading)))?;
    let dated = ["时间", "日期", "年月", "date"].iter().any(|end| heading.words.ends_with(end));
    // A word such as 备案 or 移交 may head flags and areas as well: the cells decide.
    if !dated && !holds_dates(grid, header, index) {
        return None;
    }
    let at = |name: &str| all.iter().position(|one| one.table.name == name);
    let within =
        |list: &[String]| path.iter().rev().skip(1).any(|text| list.contains(&folded(text)));
    let facility = match &group {
        Some(code) => all.iter().position(|one| one.set.iter().any(|(_, set)| set == code)),
        None => at("facilities"),
    };
    // Where each phase has rows of its own, the days of housing are those of the phase.
    let phases = at("phases");
    let estate = match phases.filter(|_| words.phase_stages.contains(&code)) {
        Some(phases) => Some(phases),
        None => at("estates"),
    };
    let own = Some(0);
    let of = if group.is_some() || within(&words.facility_groups) {
        facility.or(own)
    } else if within(&words.estate_groups) {
        estate.or(own)
    } else if words.facility_stages.contains(&code) {
        facility.or(own)
    } else if words.estate_stages.contains(&code) {
        estate.or(own)
    } else {
        own
    };
    let kind = of.and_then(|of| all[of].table.subject.as_deref()).unwrap_or("estate");
    let key = code.clone();
    Some(Stage { index, heading: header.text(index), stage: code, key, kind, of })
}

/// The path of a heading; in one row the group may stand before the stage: `住宅竣工验收时间`.
fn parted(path: &[String]) -> Vec<String> {
    let [only] = path else { return path.to_vec() };
    let text = folded(only);
    if stage_of(&Heading::of(&text)).is_some() {
        return path.to_vec();
    }
    let words = header_words();
    let groups = words.estate_groups.iter().chain(&words.facility_groups);
    let split = |group: &String| {
        let rest = text.strip_prefix(group.as_str())?.trim_start_matches(['的', '_', '-']);
        stage_of(&Heading::of(rest)).map(|_| vec![group.clone(), rest.to_owned()])
    };
    let longest = groups.filter_map(split).max_by_key(|parts| parts[0].len());
    longest.unwrap_or_else(|| path.to_vec())
}

/// Whether most cells of a column's first rows are dates.
fn holds_dates(grid: &Grid, header: &Header, index: usize) -> bool {
    let cells = (header.last + 1..grid.rows()).map(|row| grid.cell(row, index));
    let (mut dates, mut said) = (0, 0);
    for text in cells.filter(|text| !text.is_empty()).take(50) {
        said += 1;
        dates += usize::from(is_date(text));
    }
    dates * 2 > said
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::mapping::guess;

    pub(in crate::mapping) fn grid(rows: &[&[&str]]) -> Grid {
        let mut grid = Grid::default();
        for row in rows {
            grid.push_row(row.iter().copied());
        }
        grid
    }

    pub(in crate::mapping) fn shown(grid: &Grid) -> Vec<String> {
        let guess = guess(grid, None).expect("recognised");
        let one = |mapping: &Mapping| {
            let set = mapping.set.iter().map(|(column, code)| format!("{}={code}", column.name));
            let fed =
                mapping.columns.iter().map(|one| format!("{}:{}", one.column.name, one.index));
            let stages = mapping
                .stages
                .iter()
                .map(|one| format!("{}.{}:{}", one.kind, one.stage, one.index));
            let all: Vec<String> = set.chain(fed).chain(stages).collect();
            format!("{} {}", mapping.table.name, all.join(" "))
        };
        guess.mappings.iter().map(one).collect()
    }

    #[test]
    fn one_row_of_headings_may_name_whose_day_it_is() {
        let grid = grid(&[
            &[
                "小区名称",
                "设施类别",
                "移交面积",
                "住宅竣工验收",
                "设施竣工验收",
                "住宅交付时间",
                "配套设施的移交时间",
            ],
            &["甲小区", "社区用房", "300", "2019.5.1", "2019年4月", "2019.6.1", "2019.12.1"],
        ]);
        let found = shown(&grid).join("\n");
        for stage in [
            "estate.completion_acceptance:3",
            "facility.completion_acceptance",
            "estate.delivery:5",
            "facility.handover:6",
        ] {
            assert!(found.contains(stage), "{stage}: {found}");
        }
    }

    #[test]
    fn a_row_of_an_estate_holds_its_facility_and_its_days() {
        let grid = grid(&[
            &[
                "小区名称",
                "建设单位",
                "规划户数",
                "应移交面积",
                "移交面积",
                "移交时间",
                "出让合同日期",
            ],
            &["幸福里", "甲公司", "1400", "840", "512", "2019.6", "2016.3.11"],
        ]);
        assert_eq!(
            shown(&grid),
            [
                "estates name:0 developer:1 households_planned:2",
                "facilities estate:0 due_stated:3 handed_over_area:4",
                "events estate:0 facility.handover:5 estate.land_contract:6",
            ]
        );
    }

    #[test]
    fn groups_of_classes_are_facilities_of_their_own() {
        let grid = grid(&[
            &["小区名称", "社区用房", "", "养老服务用房", ""],
            &["", "应移交面积", "移交面积", "应移交面积", "移交时间"],
            &["幸福里", "840", "512", "300", "2019.6"],
        ]);
        assert_eq!(
            shown(&grid),
            [
                "estates name:0",
                "facilities category=community-rooms estate:0 due_stated:1 handed_over_area:2",
                "facilities category=elder-care estate:0 due_stated:3",
                "events estate:0 facility.handover:4",
            ]
        );
    }

    #[test]
    fn headings_without_a_class_are_of_the_one_that_is_named_or_of_all() {
        let own = ["小区名称", "应配建社区用房面积", "实际移交面积"];
        let own = grid(&[&own, &["幸福里", "840", "512"]]);
        assert_eq!(
            shown(&own)[1],
            "facilities category=community-rooms estate:0 handed_over_area:2 due_stated:1"
        );
        let all = ["小区名称", "应移交面积", "已移交面积", "社区用房移交面积"];
        let all = grid(&[&all, &["幸福里", "5000", "2000", "512"]]);
        assert_eq!(
            shown(&all)[1],
            "facilities category=community-rooms estate:0 handed_over_area:3"
        );
    }

    #[test]
    fn with_a_column_of_classes_each_row_is_a_facility() {
        let grid = grid(&[
            &["小区名称", "分期", "设施类别", "规划面积", "竣工验收时间", "小区户数"],
            &["幸福里", "一期", "社区用房", "840", "2019.6", "1400"],
        ]);
        let shown = shown(&grid);
        assert!(
            shown[0].starts_with("facilities estate:0 phase:1 category:2 due_plan:3"),
            "{shown:?}"
        );
        assert!(shown.iter().any(|one| one.starts_with("phases estate:0 number:1")), "{shown:?}");
        assert!(shown.last().is_some_and(|one| one.contains("facility.completion_acceptance:4")));
    }
}
