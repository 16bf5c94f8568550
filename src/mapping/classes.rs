//! What is known of classes of facility beside their names.

use std::sync::OnceLock;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Classes {
    class: Vec<Class>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    id: String,
    owner: String,
    #[allow(dead_code, reason = "kept beside the fact, for its readers")]
    source: String,
}

/// Who owns a class of facility by law, as a code of `categories.owner`; none where it is the public,
/// or nothing is known.
pub fn owner_of(class: &str) -> Option<&'static str> {
    static CLASSES: OnceLock<Classes> = OnceLock::new();
    let all = CLASSES.get_or_init(|| {
        toml::from_str(include_str!("classes.toml"))
            .expect("the classes are part of the program and tested")
    });
    all.class.iter().find(|known| known.id == class).map(|known| known.owner.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::table;
    use crate::mapping::categories;

    #[test]
    fn every_class_and_owner_is_declared() {
        let owners = table("categories").and_then(|table| table.column("owner")).expect("declared");
        for class in categories() {
            if let Some(owner) = owner_of(class) {
                assert!(owners.values.iter().any(|one| one.code == owner), "{class}: {owner}");
            }
        }
        assert_eq!(owner_of("property-rooms"), Some("owners_in_common"));
        assert_eq!(owner_of("community-rooms"), None);
    }
}
