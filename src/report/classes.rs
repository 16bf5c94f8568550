//! What rows on a map are told by: their verdict, what is not in place, their tenure.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::assessment::{Assessment, Outcome};
use crate::audit::Audit;
use crate::error::Result;
use crate::standard::Force;
use crate::words::Lang;

/// A class and what it means.
pub type Named = (&'static str, String);

/// What was demanded of each subject, by kind and id.
pub type Found<'a> = HashMap<(&'a str, &'a str), Vec<&'a Assessment>>;

/// What was demanded of each subject.
pub fn outcomes(audit: &Audit) -> Found<'_> {
    let mut all: Found<'_> = HashMap::new();
    for one in &audit.assessments {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        if requirement.force != Force::Indicator {
            all.entry((&one.subject_kind, &one.subject)).or_default().push(one);
        }
    }
    all
}

/// The gravest outcome of a subject.
pub fn gravest(found: Option<&Vec<&Assessment>>) -> Outcome {
    let all = found.map_or(&[][..], Vec::as_slice);
    let order = [Outcome::NotMet, Outcome::Unknown, Outcome::Met];
    let worst = order.into_iter().find(|outcome| all.iter().any(|one| one.outcome == *outcome));
    worst.unwrap_or(Outcome::NotApplicable)
}

/// What is said of a subject in a few lines.
pub fn tip(audit: &Audit, found: Option<&Vec<&Assessment>>, lang: Lang) -> String {
    let all = found.map_or(&[][..], Vec::as_slice);
    let said = all.iter().filter(|one| one.outcome != Outcome::NotApplicable).take(6).map(|one| {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        let (name, outcome) = (requirement.words.in_lang(lang), one.outcome.words());
        format!("{name}{}{}", lang.pick("：", ": "), outcome.in_lang(lang))
    });
    said.collect::<Vec<_>>().join("\n")
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
    /// Whether some facility cannot be told.
    pub open: bool,
}

/// The classes of what is not in place.
pub const CLASSES: [&str; 4] = ["planning", "construction", "handover", "use"];

impl Short {
    /// All together.
    pub fn total(&self) -> f64 {
        self.sums.iter().sum()
    }

    /// The class that weighs most; else whether anything is open.
    pub fn class(&self) -> &'static str {
        let most = self
            .sums
            .iter()
            .enumerate()
            .fold((0, 0.0), |best, (at, sum)| if *sum > best.1 { (at, *sum) } else { best });
        match (most.1 > 0.0, self.open) {
            (true, _) => CLASSES[most.0],
            (false, true) => "unknown",
            (false, false) => "met",
        }
    }
}

/// What each estate lacks, by its id; estates without facilities are not listed.
///
/// # Errors
/// When the table engine fails, which would be a defect.
pub fn estates_short(audit: &Audit) -> Result<BTreeMap<String, Short>> {
    let facilities = audit.inventory.table("facilities");
    let (own, of) = (facilities.column("id")?.str()?, facilities.column("estate_id")?.str()?);
    let mut estate_of: HashMap<&str, &str> = HashMap::new();
    for (facility, estate) in own.iter().zip(of.iter()) {
        if let (Some(facility), Some(estate)) = (facility, estate) {
            estate_of.insert(facility, estate);
        }
    }
    let mut short: BTreeMap<String, Short> = BTreeMap::new();
    // Another text on the same facility would count its area again.
    let mut seen: HashSet<&str> = HashSet::new();
    for one in audit.assessments.iter().filter(|one| one.subject_kind == "facility") {
        let (_, requirement) = audit.requirement(&one.pack, &one.requirement);
        // What is not due yet is not lacking.
        let asked = one.outcome != Outcome::NotApplicable;
        if requirement.measure.name != "not_in_place" || !asked || !seen.insert(&one.subject) {
            continue;
        }
        let chained = audit.owing.chain(&one.pack, &one.requirement, &one.subject);
        let (Some(chained), Some(estate)) = (chained, estate_of.get(one.subject.as_str())) else {
            continue;
        };
        let sum = short.entry((*estate).to_owned()).or_default();
        for (at, class) in chained.chain.classes.iter().enumerate() {
            sum.sums[at] += class.low;
        }
        sum.open |= one.outcome == Outcome::Unknown;
    }
    Ok(short)
}

/// The classes of estates.
pub fn estate_names(lang: Lang) -> Vec<Named> {
    vec![
        ("planning", lang.pick("规划不到位", "not planned").to_owned()),
        ("construction", lang.pick("建设不到位", "not built").to_owned()),
        ("handover", lang.pick("移交不到位", "not handed over").to_owned()),
        ("use", lang.pick("使用不到位", "not properly used").to_owned()),
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
