//! One placemark: its columns and its geometry.

use super::element::Element;
use super::geometry;
use crate::source::features::FeatureTable;

/// Elements of a placemark that become columns of the same name.
const OWN: [&str; 4] = ["name", "description", "address", "phoneNumber"];

/// The column of the path of folders.
const FOLDER: &str = "folder";

/// Adds a placemark to the table.
pub(super) fn push(placemark: &Element, folder: &str, table: &mut FeatureTable) {
    let mut properties: Vec<(String, &str)> = Vec::new();
    for name in OWN {
        if let Some(child) = placemark.child(name) {
            properties.push((name.to_owned(), child.text.trim()));
        }
    }
    if !folder.is_empty() {
        properties.push((FOLDER.to_owned(), folder));
    }
    for data in placemark.children.iter().filter(|child| child.name == "ExtendedData") {
        extended(data, &mut properties);
    }
    // The id of a placemark names the element, not the thing: programs number them through.
    table.push(None, &properties, geometry::read(placemark));
}

/// Extended data: `Data`, `SimpleData` of a schema, or elements of another language.
fn extended<'e>(data: &'e Element, properties: &mut Vec<(String, &'e str)>) {
    for child in &data.children {
        match (child.name.as_str(), &child.label) {
            ("SchemaData", _) => extended(child, properties),
            ("Data", Some(label)) => {
                let value = child.child("value").map_or("", |value| value.text.trim());
                properties.push((beside_own(label), value));
            }
            ("SimpleData", Some(label)) => properties.push((beside_own(label), child.text.trim())),
            (name, _) => properties.push((beside_own(name), child.text.trim())),
        }
    }
}

/// A column of extended data must not be mixed with the element of the same name.
fn beside_own(label: &str) -> String {
    if OWN.contains(&label) || label == FOLDER { format!("{label}_2") } else { label.to_owned() }
}
