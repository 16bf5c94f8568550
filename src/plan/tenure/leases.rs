//! When leases end.

use std::collections::BTreeMap;

use crate::day::{Day, PartialDay};
use crate::quantity::Interval;

use super::rooms::Room;

/// When leases end, by quarter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ends {
    /// Before the day: they stay rented, and are flagged.
    Before,
    /// Perhaps before the day, as far as the day is known.
    PerhapsBefore,
    /// In a quarter of a year.
    Quarter(i16, u8),
    /// In a year; the quarter is not known.
    Year(i16),
    /// Nobody knows.
    Unknown,
    /// They have not begun.
    NotBegun,
}

/// The leases that end at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaseEnd {
    /// When.
    pub ends: Ends,
    /// The rooms, by position.
    pub rooms: Vec<usize>,
    /// What they cost in a year.
    pub rent: Interval,
    /// Their area.
    pub area: Interval,
}

/// When the leases of rented rooms end, in the order of time.
pub fn lease_ends(rooms: &[Room], day: Day) -> Vec<LeaseEnd> {
    let mut by: BTreeMap<Ends, Vec<usize>> = BTreeMap::new();
    for (at, room) in rooms.iter().enumerate() {
        let (surely, maybe) = room.rented();
        let coming = room.held == super::rooms::Held::Rented && room.begun == Some(false);
        if coming {
            by.entry(Ends::NotBegun).or_default().push(at);
        } else if surely || (maybe && room.held == super::rooms::Held::Rented) {
            by.entry(ends(room.ends, day)).or_default().push(at);
        }
    }
    by.into_iter()
        .map(|(ends, at)| LeaseEnd {
            rent: Interval::sum(at.iter().map(|room| rooms[*room].rent)),
            area: Interval::sum(at.iter().map(|room| rooms[*room].area)),
            ends,
            rooms: at,
        })
        .collect()
}

/// When a lease ends; it runs to the end of its last day.
fn ends(last: Option<PartialDay>, day: Day) -> Ends {
    let Some(last) = last else { return Ends::Unknown };
    let quarter = |day: Day| (day.month() as u8 - 1) / 3 + 1;
    if last.last() < day {
        Ends::Before
    } else if last.first() < day && last.last() > day && last.first() != last.last() {
        Ends::PerhapsBefore
    } else if quarter(last.first()) == quarter(last.last()) {
        Ends::Quarter(last.last().year(), quarter(last.last()))
    } else {
        Ends::Year(last.last().year())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_runs_to_the_end_of_its_last_day() {
        let day: Day = "2023-06-30".parse().expect("a day");
        let at = |text: &str| ends(PartialDay::parse(text), day);
        assert_eq!(at("2023-06-29"), Ends::Before);
        assert_eq!(at("2023-06-30"), Ends::Quarter(2023, 2));
        assert_eq!(at("2024-12"), Ends::Quarter(2024, 4));
        assert_eq!(at("2023"), Ends::PerhapsBefore);
        assert_eq!(at("2025"), Ends::Year(2025));
        assert_eq!(ends(None, day), Ends::Unknown);
    }
}
