//! What rows on a map are told by: their verdict, what is not in place, their tenure.

use std::collections::{BTreeMap, HashMap};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::inventory::MapFault;
use crate::standard::Force;
use crate::words::Lang;

/// A class and what it means.
pub type Named = (&'static str, String);

/// What was demanded of each subject, by kind and id.
pub type Found<'a> = HashMap<(&'a str, &'a str), Vec<&'a Assessment>>;

/// What was demanded of each subject, and of the facilities of each estate; how its data are is another
/// matter, which colours nothing.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn outcomes(audit: &Audit) -> Result<Found<'_>> {
    let estates = estates_of(audit)?;
    let mut all: Found<'_> = HashMap::new();
    for one in &audit.assessments {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        if requirement.force == Force::Indicator || requirement.measure.check == "data_quality" {
            continue;
        }
        all.entry((&one.subject_kind, &one.subject)).or_default().push(one);
        let estate = estates.get(one.subject.as_str()).filter(|_| one.subject_kind == "facility");
        if let Some(estate) = estate {
            all.entry(("estate", estate)).or_default().push(one);
        }
    }
    Ok(all)
}

/// The estate that each facility is of.
fn estates_of(audit: &Audit) -> Result<HashMap<&str, &str>> {
    let facilities = audit.inventory.table("facilities");
    let (own, of) = (facilities.column("id")?.str()?, facilities.column("estate_id")?.str()?);
    Ok(own.iter().zip(of.iter()).filter_map(|(own, of)| own.zip(of)).collect())
}

/// The gravest outcome of a subject.
pub fn gravest(found: Option<&Vec<&Assessment>>) -> Outcome {
    let all = found.map_or(&[][..], Vec::as_slice);
    let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
    let worst = order.into_iter().find(|outcome| all.iter().any(|one| one.outcome == *outcome));
    worst.unwrap_or(Outcome::NotApplicable)
}

/// What is said of a subject in a few lines: each requirement with how many meet it, what is gravest first.
pub fn tip(audit: &Audit, found: Option<&Vec<&Assessment>>, lang: Lang) -> String {
    const LINES: usize = 6;
    let mut by: Vec<(&str, [usize; 3])> = Vec::new();
    for one in found.into_iter().flatten() {
        let at = match one.outcome {
            Outcome::NotMet => 0,
            Outcome::Unknown => 1,
            Outcome::Met => 2,
            Outcome::NotApplicable => continue,
        };
        let name = audit.requirement(&one.pack, &one.requirement).1.words.in_lang(lang);
        let known = by.iter().position(|(known, _)| *known == name).unwrap_or(by.len());
        if known == by.len() {
            by.push((name, [0; 3]));
        }
        by[known].1[at] += 1;
    }
    by.sort_by_key(|(_, counts)| counts.iter().position(|count| *count > 0));
    let outcomes = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
    let line = |(name, counts): &(&str, [usize; 3])| {
        let alone = counts.iter().sum::<usize>() == 1;
        let each = outcomes.iter().zip(counts).filter(|(_, count)| **count > 0);
        let each = each.map(|(outcome, count)| {
            let words = outcome.words();
            if alone {
                words.in_lang(lang).to_owned()
            } else {
                format!("{} {count}", words.in_lang(lang))
            }
        });
        let each = each.collect::<Vec<_>>().join(lang.pick("，", ", "));
        format!("{name}{}{each}", lang.pick("：", ": "))
    };
    let mut lines: Vec<String> = by.iter().take(LINES).map(line).collect();
    if by.len() > LINES {
        lines.push("…".to_owned());
    }
    lines.join("\n")
}

/// The class of an outcome, for colours.
pub fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not-met",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "na",
    }
}

/// The classes of verdicts.
pub fn outcome_names(lang: Lang) -> Vec<Named> {
    Outcome::ALL.iter().map(|one| (class(*one), one.words().in_lang(lang).to_owned())).collect()
}

/// What the facilities of an estate surely lack, by class.
#[derive(Debug, Clone, Copy, Default)]
pub struct Short {
    /// Planning, construction, handover, use: in m².
    pub sums: [f64; 4],
    /// What is surely lacking, though not in which class: in m².
    pub unsplit: f64,
    /// Whether some facility cannot be told.
    pub open: bool,
}

/// The classes of what is not in place.
pub const CLASSES: [&str; 4] = ["planning", "construction", "handover", "use"];

impl Short {
    /// All together.
    pub fn total(&self) -> f64 {
        self.sums.iter().sum::<f64>() + self.unsplit
    }

    /// The class that weighs most; nothing where nothing is surely lacking.
    fn class(&self) -> Option<&'static str> {
        let all = CLASSES.into_iter().zip(self.sums).chain([("short", self.unsplit)]);
        let most = all.fold(("", 0.0), |best, one| if one.1 > best.1 { one } else { best });
        (most.1 > 0.0).then_some(most.0)
    }

    fn add(&mut self, other: &Short) {
        self.sums.iter_mut().zip(other.sums).for_each(|(sum, more)| *sum += more);
        self.unsplit += other.unsplit;
        self.open |= other.open;
    }
}

/// The class of an estate: what its facilities lack, else what is found of it.
pub fn estate_class(short: Option<&Short>, found: Option<&Vec<&Assessment>>) -> &'static str {
    match short {
        Some(short) => match (short.class(), short.open) {
            (Some(class), _) => class,
            (None, true) => "unknown",
            (None, false) => "met",
        },
        // Without facilities that are due, what is found of its areas is all there is.
        None => {
            let of_area = |one: &&&Assessment| one.unit.is_some_and(|unit| unit.code == "m2");
            let areas: Vec<&Assessment> =
                found.into_iter().flatten().filter(of_area).copied().collect();
            match gravest(Some(&areas)) {
                Outcome::NotMet => "short",
                Outcome::Unknown => "unknown",
                Outcome::Met => "met",
                Outcome::NotApplicable => "na",
            }
        }
    }
}

/// What each estate surely lacks, by its id; estates without facilities that are due are not listed.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn estates_short(audit: &Audit) -> Result<BTreeMap<String, Short>> {
    let estates = estates_of(audit)?;
    // Another text on the same facility would count its area again: the one that finds most counts.
    let mut by_facility: BTreeMap<&str, Short> = BTreeMap::new();
    for one in audit.assessments.iter().filter(|one| one.subject_kind == "facility") {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        // What is not due yet is not lacking.
        if requirement.measure.name != "not_in_place" || one.outcome == Outcome::NotApplicable {
            continue;
        }
        let mut short = Short { open: one.outcome == Outcome::Unknown, ..Short::default() };
        let chained = audit.owing.chain(&one.pack, &one.requirement, &one.subject);
        if let (Some(chained), Outcome::NotMet) = (chained, one.outcome) {
            for (sum, class) in short.sums.iter_mut().zip(&chained.chain.classes) {
                *sum = class.low;
            }
            short.unsplit = (one.shortfall.low - short.total()).max(0.0);
        }
        let known = by_facility.entry(&one.subject).or_insert(short);
        if short.total() > known.total() {
            *known = short;
        }
    }
    let mut all: BTreeMap<String, Short> = BTreeMap::new();
    for (facility, short) in by_facility {
        if let Some(estate) = estates.get(facility) {
            all.entry((*estate).to_owned()).or_default().add(&short);
        }
    }
    Ok(all)
}

/// What all estates surely lack.
pub fn all_short(audit: &Audit) -> Result<Short> {
    let mut all = Short::default();
    estates_short(audit)?.values().for_each(|short| all.add(short));
    Ok(all)
}

/// The classes of estates.
pub fn estate_names(lang: Lang) -> Vec<Named> {
    vec![
        ("planning", lang.pick("规划不到位", "not planned").to_owned()),
        ("construction", lang.pick("建设不到位", "not built").to_owned()),
        ("handover", lang.pick("移交不到位", "not handed over").to_owned()),
        ("use", lang.pick("使用不到位", "not properly used").to_owned()),
        ("short", lang.pick("不到位，类别不明", "not in place, class not known").to_owned()),
        ("unknown", Outcome::Unknown.words().in_lang(lang).to_owned()),
        ("met", lang.pick("到位", "in place").to_owned()),
        ("na", lang.pick("没有设施，或未到期", "no facilities, or not due yet").to_owned()),
    ]
}

/// The class of a tenure.
pub fn room_class(tenure: Option<&str>) -> &'static str {
    match tenure {
        None => "unknown",
        Some("rented") => "rented",
        Some("borrowed") => "borrowed",
        Some("shared") => "shared",
        Some(_) => "own",
    }
}

/// The classes of rooms.
pub fn room_names(lang: Lang) -> Vec<Named> {
    vec![
        ("own", lang.pick("自有或有使用权", "owned, or right of use").to_owned()),
        ("rented", lang.pick("租赁", "rented").to_owned()),
        ("borrowed", lang.pick("借用", "borrowed").to_owned()),
        ("shared", lang.pick("共用", "shared").to_owned()),
        ("unknown", lang.pick("权属不明", "tenure not known").to_owned()),
    ]
}

/// The community that each room is of: the first, where it serves several.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn homes(audit: &Audit) -> Result<HashMap<&str, &str>> {
    let uses = audit.inventory.uses();
    let (premises, of) = (uses.column("premises_id")?.str()?, uses.column("community_id")?.str()?);
    let mut homes = HashMap::new();
    for (premises, community) in premises.iter().zip(of.iter()) {
        if let (Some(premises), Some(community)) = (premises, community) {
            homes.entry(premises).or_insert(community);
        }
    }
    Ok(homes)
}

/// What the subjects of faults of the map are called.
pub struct FaultNames<'a> {
    audit: &'a Audit,
    labels: HashMap<&'static str, HashMap<&'a str, &'a str>>,
}

impl<'a> FaultNames<'a> {
    /// Reads the names of what lies on a map.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn of(audit: &'a Audit) -> Result<FaultNames<'a>> {
        let mut labels = HashMap::new();
        for name in ["communities", "estates", "premises", "facilities"] {
            let declared = crate::inventory::table(name).expect("declared");
            let frame = audit.inventory.table(name);
            let (ids, names) = (frame.column("id")?.str()?, frame.column(&declared.label)?.str()?);
            let both = ids.iter().zip(names.iter()).filter_map(|(id, name)| id.zip(name));
            labels.insert(name, both.collect());
        }
        Ok(FaultNames { audit, labels })
    }

    /// The name of what is at fault; its id where it has none.
    pub fn name(&self, fault: &MapFault) -> String {
        let source = self.audit.inventory.sources.get(fault.source as usize);
        let named = source.and_then(|source| self.labels.get(source.table.as_str()));
        let name = named.and_then(|named| named.get(fault.id.as_str()));
        name.map_or_else(|| fault.id.clone(), |name| (*name).to_owned())
    }
}
