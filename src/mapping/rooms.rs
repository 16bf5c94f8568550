//! Ledgers with a row for each community, or each of its rooms, that tells of both.

use std::collections::BTreeSet;

use crate::layer::Grid;

use super::matching::matched;
use super::title::Title;
use super::wide::declared;
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

/// The mapping; where rows tell of a room and of its community, the row is a room, and what it says
/// of the community is read beside it.
pub fn rooms(grid: &Grid, first: Mapping, title: &Title) -> Vec<Mapping> {
    // A layer draws one kind of thing.
    if grid.is_layer() {
        return vec![first];
    }
    let header = first.header.clone();
    let of = |name: &str| matched(grid, declared(name), &header, title, &BTreeSet::new()).mapping;
    let (premises, mut communities) = (of("premises"), of("communities"));
    let is_room = premises.columns.iter().any(|mapped| match mapped.column.name.as_str() {
        // A bare area may be that of the community, and so may a total.
        "area" => {
            let bare = ["面积", "area"].contains(&mapped.words.as_str());
            !bare && !communities.fed().any(|index| index == mapped.index)
        }
        name => ROOM.contains(&name),
    });
    let community = premises.index_of("community");
    let taken: BTreeSet<usize> = premises.fed().collect();
    communities.columns.retain(|mapped| {
        let name = mapped.column.name.as_str();
        OF_COMMUNITY.contains(&name) || (name != "id" && !taken.contains(&mapped.index))
    });
    let tells = |mapped: &Mapped| !OF_COMMUNITY.contains(&mapped.column.name.as_str());
    let both = is_room
        && community.is_some()
        && communities.index_of("name") == community
        && communities.columns.iter().any(tells);
    if both { vec![premises, communities] } else { vec![first] }
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
        let rooms = grid(&[&["社区名称", "用房面积"], &["甲社区", "300"]]);
        assert_eq!(shown(&rooms), ["premises community:0 area:1"]);
    }
}
