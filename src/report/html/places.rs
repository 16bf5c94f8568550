//! Which district a subject lies in.

use std::collections::HashMap;

use crate::assessment::Assessment;
use crate::audit::Audit;
use crate::error::Result;
use crate::inventory::subject_table;
use crate::report::Heading;

/// Which district a subject lies in, by the place its row names.
pub struct Places {
    of: HashMap<(&'static str, String), String>,
}

impl Places {
    /// Reads the places of all tables.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn of(audit: &Audit, heading: &Heading) -> Result<Places> {
        let named = heading.names_of_places(audit)?;
        let name_of = |place: &str| -> String {
            // A code says its district by its first six digits; a name is a name.
            let is_code = place.bytes().all(|byte| byte.is_ascii_digit());
            let district = place.get(..6).filter(|_| is_code).unwrap_or(place);
            let found = named.get(district).or(named.get(place));
            found.map_or(district, String::as_str).to_owned()
        };
        let mut of = HashMap::new();
        for kind in ["community", "estate", "premises", "facility", "phase", "building"] {
            let Some(table) = subject_table(kind) else { continue };
            let frame = audit.inventory.table(&table.name);
            let (Some(_), Some(_)) = (table.column("place"), table.column("id")) else { continue };
            let (ids, places) = (frame.column("id")?.str()?, frame.column("place")?.str()?);
            for (id, place) in ids.iter().zip(places.iter()) {
                let (Some(id), Some(place)) = (id, place) else { continue };
                of.insert((kind, id.to_owned()), name_of(place));
            }
        }
        for code in audit.inventory.table("divisions").column("code")?.str()?.iter().flatten() {
            of.insert(("division", code.to_owned()), name_of(code));
        }
        // A facility, phase or building lies where its estate does.
        for kind in ["facility", "phase", "building"] {
            let Some(table) = subject_table(kind) else { continue };
            let frame = audit.inventory.table(&table.name);
            let (ids, estates) = (frame.column("id")?.str()?, frame.column("estate_id")?.str()?);
            for (id, estate) in ids.iter().zip(estates.iter()) {
                let (Some(id), Some(estate)) = (id, estate) else { continue };
                let place = of.get(&("estate", estate.to_owned())).cloned();
                if let (Some(place), false) = (place, of.contains_key(&(kind, id.to_owned()))) {
                    of.insert((kind, id.to_owned()), place);
                }
            }
        }
        Ok(Places { of })
    }

    /// The district's name; empty when it is not known.
    pub fn name(&self, one: &Assessment) -> &str {
        const KINDS: [&str; 7] =
            ["community", "estate", "premises", "facility", "phase", "building", "division"];
        let kind = KINDS.into_iter().find(|kind| *kind == one.subject_kind);
        let found = kind.and_then(|kind| self.of.get(&(kind, one.subject.clone())));
        found.map_or("", String::as_str)
    }
}
