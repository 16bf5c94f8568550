//! Renting by place: the whole, each division, each community.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::audit::Audit;
use crate::error::Result;
use crate::inventory::{high, low};
use crate::measure::{SUBJECT, members};
use crate::quantity::Interval;
use crate::tally::{Housed, TenureTally};

use super::rooms::{Room, Sums, part, renters, sums};

/// What a place is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// All that was read.
    All,
    /// A division, by the code of its level; empty when that is not known.
    Division(String),
    /// A community.
    Community,
}

/// How communities of one place are housed, and what renting costs there.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceTenure {
    /// What it is.
    pub level: Level,
    /// Its id; empty for all.
    pub id: String,
    /// Its name; empty for all.
    pub label: String,
    /// Its communities, by id.
    pub communities: BTreeSet<String>,
    /// How they are housed.
    pub tally: TenureTally,
    /// Their rooms added up.
    pub sums: Sums,
    /// The households of those that surely rent a room.
    pub households: Interval,
    /// Rent per household of theirs and year.
    pub per_household: Option<Interval>,
    /// The part of the whole rent that is paid here.
    pub part_of_rent: Option<Interval>,
}

/// The communities by name and households, and the district or other place of each.
#[derive(Debug, Default)]
pub struct Communities {
    /// Their names, by id.
    pub labels: HashMap<String, String>,
    /// Their households, by id.
    pub households: HashMap<String, Interval>,
    /// The code of the place each lies in, by id.
    pub places: BTreeMap<String, String>,
}

impl Communities {
    /// Reads the table of communities.
    ///
    /// # Errors
    /// When the engine fails, which would be a defect.
    pub fn of(audit: &Audit) -> Result<Communities> {
        let frame = audit.inventory.table("communities");
        let text = |name: &str| frame.column(name)?.str();
        let (ids, names, places) = (text("id")?, text("name")?, text("place")?);
        let number = |name: &str| frame.column(name)?.f64();
        let ends = (number(&low("households"))?, number(&high("households"))?);
        let mut found = Communities::default();
        for row in 0..frame.height() {
            let Some(id) = ids.get(row) else { continue };
            let id = id.to_owned();
            found.labels.insert(id.clone(), names.get(row).unwrap_or(&id).to_owned());
            let households = match (ends.0.get(row), ends.1.get(row)) {
                (Some(low), Some(high)) => Interval::between(low, high),
                _ => Interval::UNKNOWN,
            };
            found.households.insert(id.clone(), households);
            if let Some(place) = places.get(row) {
                found.places.insert(id, place.to_owned());
            }
        }
        Ok(found)
    }
}

/// Every place: all, the divisions that hold some of it, each community.
///
/// A room that several communities share counts once, in the place of the first.
///
/// # Errors
/// When the engine fails, which would be a defect.
pub fn places(
    audit: &Audit,
    rooms: &[Room],
    housed: &[Housed],
    communities: &Communities,
) -> Result<Vec<PlaceTenure>> {
    let founded: BTreeSet<String> = housed.iter().map(|one| one.community.clone()).collect();
    let mut groups: Vec<(Level, String, String, BTreeSet<String>)> =
        vec![(Level::All, String::new(), String::new(), founded.clone())];
    let members = members(&audit.inventory)?;
    let (subjects, within) =
        (members.column(SUBJECT)?.str()?, members.column("community_id")?.str()?);
    let mut of: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (subject, community) in subjects.iter().zip(within.iter()) {
        if let (Some(subject), Some(community)) = (subject, community)
            && founded.contains(community)
        {
            of.entry(subject).or_default().insert(community.to_owned());
        }
    }
    let divisions = audit.inventory.table("divisions");
    let text = |name: &str| divisions.column(name)?.str();
    let (codes, names, levels) = (text("code")?, text("name")?, text("level")?);
    for row in 0..divisions.height() {
        let Some(code) = codes.get(row) else { continue };
        let Some(own) = of.get(code) else { continue };
        // A division that holds everything would repeat the first line.
        if own.len() < founded.len() {
            let level = Level::Division(levels.get(row).unwrap_or_default().to_owned());
            let name = names.get(row).unwrap_or(code).to_owned();
            groups.push((level, code.to_owned(), name, own.clone()));
        }
    }
    for one in housed {
        let label = communities.labels.get(&one.community).unwrap_or(&one.community);
        let own = BTreeSet::from([one.community.clone()]);
        groups.push((Level::Community, one.community.clone(), label.clone(), own));
    }
    let mut by_home: HashMap<&str, Vec<&Room>> = HashMap::new();
    for room in rooms {
        by_home.entry(room.home.as_deref().unwrap_or_default()).or_default().push(room);
    }
    let by_id: HashMap<&str, &Housed> =
        housed.iter().map(|one| (one.community.as_str(), one)).collect();
    let renting = renters(rooms);
    let mut all: Vec<PlaceTenure> = Vec::with_capacity(groups.len());
    for (level, id, label, own) in groups {
        // A room nobody is known to use is somewhere in the whole.
        let nobodys = by_home.get("").filter(|_| level == Level::All);
        let here = own.iter().filter_map(|one| by_home.get(one.as_str())).chain(nobodys);
        let sums = sums(here.flatten().copied());
        let paying = own.iter().filter(|one| renting.contains(one.as_str()));
        let households = Interval::sum(
            paying.map(|one| communities.households.get(one).copied().unwrap_or(Interval::UNKNOWN)),
        );
        let rents = sums.rent.high > 0.0 && households.high > 0.0;
        let per_household = rents.then(|| over(sums.rent, households));
        all.push(PlaceTenure {
            tally: TenureTally::count(
                own.iter().filter_map(|one| by_id.get(one.as_str()).copied()),
            ),
            level,
            id,
            label,
            communities: own,
            sums,
            households,
            per_household,
            part_of_rent: None,
        });
    }
    let whole = all[0].sums.rent;
    for one in &mut all {
        let rest = Interval::between(
            (whole.low - one.sums.rent.low).max(0.0),
            if whole.high.is_finite() {
                (whole.high - one.sums.rent.high).max(0.0)
            } else {
                f64::INFINITY
            },
        );
        let rent = one.sums.rent;
        one.part_of_rent = (whole.high > 0.0)
            .then(|| Interval::between(part(rent.low, rest.high), part(rent.high, rest.low)));
    }
    Ok(all)
}

/// A quotient of two intervals.
fn over(above: Interval, below: Interval) -> Interval {
    let least = if below.high.is_finite() { above.low / below.high } else { 0.0 };
    let most = if below.low > 0.0 { above.high / below.low } else { f64::INFINITY };
    Interval::between(least, most)
}
