//! Ledgers of rooms: a row may tell of the community as well, of rooms of several tenures, and of parts
//! of an area.

use std::collections::BTreeSet;

use crate::inventory::Value;
use crate::layer::Grid;
use crate::quantity::Interval;

use super::headings::{Heading, code_of, column_of};
use super::matching::{fed, matched};
use super::title::Title;
use super::wide::{column, declared};
use super::{Mapped, Mapping};

/// Columns that only a list of rooms has; its area is told by its heading.
const ROOM: &[&str] = &[
    "tenure",
    "title_state",
    "title_holder",
    "title_certificate",
    "building_status",
    "acquisition",
    "acquired_on",
    "office_area",
    "activity_area",
    "ground_floor_area",
    "outdoor_area",
    "storey",
    "use_state",
    "annual_rent",
    "lease_from",
    "lease_to",
    "lease_term",
    "purchase_price",
];

/// Columns that a row of rooms says of its community as well.
const OF_COMMUNITY: &[&str] = &["name", "place", "street"];

/// Widens the area of rooms that a column of offices gives where another column gives that of
/// activities, and says whether it did: the first may be all, or leave the other out.
pub fn office_or_all(mapping: &Mapping, values: &mut [Value]) -> bool {
    let heading = |field: &str| {
        let mapped = mapping.columns.iter().find(|mapped| mapped.column.name == field)?;
        Some((mapping.at(field)?, mapped.heading.as_str()))
    };
    let (Some((area, of_offices)), Some((activity, of_activities))) =
        (heading("area"), heading("activity_area"))
    else {
        return false;
    };
    if !of_offices.contains("办公") || of_activities.contains("其中") {
        return false;
    }
    let (Value::Number { bounds: offices, .. }, Value::Number { bounds: others, .. }) =
        (&values[area], &values[activity])
    else {
        return false;
    };
    if others.high <= 0.0 {
        return false;
    }
    let bounds = Interval::between(offices.low, offices.high + others.high);
    values[area] = Value::Number { stated: None, bounds };
    true
}

/// The mapping; where rows tell of a room and of its community, the row is a room, and what it says
/// of the community is read beside it.
pub fn rooms(grid: &Grid, first: Mapping, title: &Title) -> Vec<Mapping> {
    // A layer draws one kind of thing.
    if grid.is_layer() {
        return vec![first];
    }
    let header = first.header.clone();
    let mut communities =
        matched(grid, declared("communities"), &header, title, &BTreeSet::new()).mapping;
    let is_room = first.columns.iter().any(|mapped| match mapped.column.name.as_str() {
        // A bare area may be that of the community, and so may a total.
        "area" => {
            let bare = ["面积", "area"].contains(&mapped.words.as_str());
            !bare && !communities.fed().any(|index| index == mapped.index)
        }
        name => ROOM.contains(&name),
    });
    let community = first.index_of("community");
    let taken: BTreeSet<usize> = first.fed().collect();
    let named = first.index_of("name").is_some();
    communities.columns.retain(|mapped| {
        let name = mapped.column.name.as_str();
        // Where the room has a name of its own, a founding day may be the room's.
        if named && name == "founded_on" {
            return false;
        }
        OF_COMMUNITY.contains(&name) || (name != "id" && !taken.contains(&mapped.index))
    });
    let tells = |mapped: &Mapped| !OF_COMMUNITY.contains(&mapped.column.name.as_str());
    // Where a row names an estate, what it tells may be the estate's.
    let both = is_room
        && first.index_of("estate").is_none()
        && community.is_some()
        && communities.index_of("name") == community
        && communities.columns.iter().any(tells);
    let mut all = by_tenure(grid, first, title);
    if both {
        all.push(communities);
    }
    all
}

/// Where areas stand in a column for each tenure (自有面积, 租赁面积), each of them is a room.
fn by_tenure(grid: &Grid, first: Mapping, title: &Title) -> Vec<Mapping> {
    let header = &first.header;
    let mut areas: Vec<(String, Mapped)> = Vec::new();
    for index in 0..header.columns() {
        let Some((code, area)) = area_of_tenure(grid, &first, title, index) else { continue };
        if areas.iter().all(|(other, _)| *other != code) {
            areas.push((code, area));
        }
    }
    if areas.len() < 2 {
        return vec![first];
    }
    let tenure = column(first.table, "tenure");
    let taken: BTreeSet<usize> = areas.iter().map(|(_, mapped)| mapped.index).collect();
    let one = |(code, area): &(String, Mapped)| {
        let mut room = first.clone();
        room.columns.retain(|mapped| {
            let name = mapped.column.name.as_str();
            // Rents and leases are those of the rented room.
            let of_lease = name == "annual_rent" || name.starts_with("lease_");
            !taken.contains(&mapped.index)
                && !["area", "tenure"].contains(&name)
                && (!of_lease || code == RENTED)
        });
        room.columns.push(area.clone());
        room.set.push((tenure, code.clone()));
        room
    };
    areas.iter().map(one).collect()
}

const RENTED: &str = "rented";

/// The tenure whose area a column holds.
fn area_of_tenure(
    grid: &Grid,
    first: &Mapping,
    title: &Title,
    index: usize,
) -> Option<(String, Mapped)> {
    let tenure = column(first.table, "tenure");
    let path = first.header.path(index);
    let whole = Heading::of(path.last()?);
    let above =
        path.iter().rev().skip(1).find_map(|text| code_of(tenure, &Heading::of(text).words));
    // The group above names the tenure, or the heading begins with it.
    let starts = whole.words.char_indices().map(|(at, _)| at).skip(1).collect::<Vec<_>>();
    let split = |at: usize| Some((code_of(tenure, &whole.words[..at])?, &whole.words[at..]));
    let (code, rest) = match above {
        Some(code) => (code, whole.words.as_str()),
        None => starts.into_iter().rev().find_map(split)?,
    };
    let rest = Heading { words: rest.to_owned(), unit: whole.unit.clone() };
    let (area, _) = column_of(first.table, &rest).filter(|(column, _)| column.name == "area")?;
    Some((code, fed(grid, &first.header, title, index, area, &rest)?))
}

/// Whether a mapping is one of several that read a room for each tenure.
pub fn is_of_tenure(mapping: &Mapping, all: &[Mapping]) -> bool {
    let has = |one: &Mapping| {
        one.table.name == "premises" && one.set.iter().any(|(column, _)| column.name == "tenure")
    };
    has(mapping) && all.iter().filter(|one| has(one)).count() > 1
}

/// Reads a row as one room again where each tenure would have been one.
pub fn one_room(all: &mut Vec<Mapping>) {
    if !is_of_tenure(&all[0], all) {
        return;
    }
    let is_room = |one: &Mapping| one.table.name == "premises";
    all[0].set.retain(|(column, _)| column.name != "tenure");
    let mut at = 0;
    all.retain(|one| {
        at += 1;
        at == 1 || !is_room(one)
    });
}

/// An area of nothing in a column of a tenure says that there is no such room; where the area is not
/// known, there may be none.
pub fn perhaps_no_room(mapping: &Mapping, values: &mut [Value]) {
    let (Some(tenure), Some(area)) = (mapping.at("tenure"), mapping.at("area")) else { return };
    values[tenure] = match &values[area] {
        Value::None => Value::Text("none".to_owned()),
        Value::Number { bounds, .. } if *bounds == Interval::exactly(0.0) => {
            Value::Text("none".to_owned())
        }
        Value::Unknown => Value::Unknown,
        _ => return,
    };
}

#[cfg(test)]
mod tests {
    use super::super::wide::tests::{grid, shown};

    #[test]
    fn a_row_of_a_room_holds_its_community() {
        let both = grid(&[
            &["街道", "社区名称", "户数", "社区类型", "用房面积", "权属"],
            &["东街道", "甲社区", "1500", "城市社区", "300", "自有"],
        ]);
        assert_eq!(
            shown(&both),
            [
                "premises street:0 community:1 area:4 tenure:5",
                "communities street:0 name:1 households:2 kind:3",
            ]
        );
        let communities = grid(&[&["社区名称", "户数", "总面积"], &["甲社区", "1500", "300"]]);
        assert_eq!(shown(&communities), ["communities name:0 households:1 total_area:2"]);
        let bare = grid(&[&["社区名称", "户数", "面积"], &["甲社区", "1500", "300"]]);
        assert_eq!(shown(&bare).len(), 1, "{:?}", shown(&bare));
        let centres = grid(&[
            &["社区", "党群服务中心名称", "成立时间", "户数", "建筑面积"],
            &["甲社区", "甲中心", "2021.7", "680", "120"],
        ]);
        let found = shown(&centres).join("\n");
        assert!(found.contains("households:3") && !found.contains("founded_on"), "{found}");
        let estates = grid(&[
            &["社区", "小区名称", "户数", "社区用房面积"],
            &["甲社区", "胜利小区", "680", "120"],
        ]);
        let found = shown(&estates).join("\n");
        assert!(!found.contains("communities"), "{found}");
        let groups = grid(&[
            &["社区名称", "自有", "", "租赁", ""],
            &["", "处数", "面积（㎡）", "面积（㎡）", "年租金（万元）"],
            &["甲社区", "1", "300", "150", "3"],
        ]);
        assert_eq!(
            shown(&groups),
            [
                "premises tenure=owned community:0 area:2",
                "premises tenure=rented community:0 annual_rent:4 area:3",
            ]
        );
        let rooms = grid(&[&["社区名称", "用房面积"], &["甲社区", "300"]]);
        assert_eq!(shown(&rooms), ["premises community:0 area:1"]);
    }
}
