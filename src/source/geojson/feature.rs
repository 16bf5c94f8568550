//! One feature of GeoJSON: its properties as text, its geometry.

use std::borrow::Cow;

use super::geometry;
use super::scan::{Broken, Scan, compact, is_no_number};
use crate::source::features::{About, FeatureTable, Shape};
use crate::words::Words;

/// A feature as its text has it.
#[derive(Debug, Default)]
pub(crate) struct Feature<'a> {
    id: Option<Cow<'a, str>>,
    properties: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    shape: Shape,
    kind: Cow<'a, str>,
    /// Whether there are properties or a geometry, as a feature has them.
    like_a_feature: bool,
    strange_properties: bool,
    no_numbers: usize,
}

/// Reads a feature, or a geometry that stands in its place.
///
/// # Errors
/// Where the text stops being JSON.
pub(crate) fn read<'a>(scan: &mut Scan<'a>) -> Result<Feature<'a>, Broken> {
    let start = scan.at();
    let mut feature = Feature::default();
    scan.object(|scan, key| {
        match &*key {
            "type" if scan.peek() == Some(b'"') => feature.kind = scan.string()?,
            "id" => feature.id = Some(feature.cell(scan)?).filter(|id| !id.is_empty()),
            "geometry" => {
                feature.shape = geometry::read(scan)?;
                feature.like_a_feature = true;
            }
            "properties" => {
                feature.read_properties(scan)?;
                feature.like_a_feature = true;
            }
            _ => drop(scan.skip()?),
        }
        Ok(())
    })?;
    if is_geometry(&feature.kind) {
        let mut again = scan.clone();
        again.go_to(start);
        feature = Feature { shape: geometry::read(&mut again)?, ..Feature::default() };
        feature.like_a_feature = true;
    }
    Ok(feature)
}

/// Whether a `type` names a geometry.
pub(crate) fn is_geometry(kind: &str) -> bool {
    let plain = kind.trim_start_matches("Multi");
    matches!(plain, "Point" | "LineString" | "Polygon") || kind == "GeometryCollection"
}

impl<'a> Feature<'a> {
    /// Whether it is a feature: some files forget its type.
    pub(crate) fn is_one(&self) -> bool {
        self.kind == "Feature" || (self.like_a_feature && self.kind.is_empty())
    }

    /// Adds the feature to the table, with what must be said of it.
    pub(crate) fn push_to(self, table: &mut FeatureTable) {
        table.push(self.id.as_deref(), &self.properties, self.shape);
        let row = table.len();
        if self.strange_properties {
            table.note(About::Stranger, || {
                Words::new(
                    format!("第 {row} 个要素的 properties 不是对象，未读取"),
                    format!("the properties of feature {row} are no object and were not read"),
                )
            });
        }
        if self.no_numbers > 0 {
            let count = self.no_numbers;
            table.note(About::NoNumber, || {
                Words::new(
                    format!("第 {row} 个要素的属性值有 NaN 或 Infinity（{count} 个），按空白读取"),
                    format!("feature {row} has NaN or Infinity among its properties ({count}), read as blank"),
                )
            });
        }
    }

    fn read_properties(&mut self, scan: &mut Scan<'a>) -> Result<(), Broken> {
        if scan.peek() != Some(b'{') {
            let raw = scan.skip()?;
            self.strange_properties = raw != b"null";
            return Ok(());
        }
        self.properties.clear();
        scan.object(|scan, key| {
            let cell = self.cell(scan)?;
            self.properties.push((key, cell));
            Ok(())
        })
    }

    /// The text of a value: numbers as they are written, arrays and objects as compact JSON.
    fn cell(&mut self, scan: &mut Scan<'a>) -> Result<Cow<'a, str>, Broken> {
        match scan.peek() {
            Some(b'"') => scan.string(),
            Some(b'{' | b'[') => scan.skip().map(|raw| compact(raw).into()),
            _ => match scan.scalar()? {
                "null" => Ok("".into()),
                word if is_no_number(word) => {
                    self.no_numbers += 1;
                    Ok("".into())
                }
                word => Ok(word.into()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(text: &str) -> Feature<'_> {
        read(&mut Scan::new(text.as_bytes(), 0)).expect("sound JSON")
    }

    #[test]
    fn properties_become_text_without_loss() {
        let text = r#"{"type":"Feature","id":7,"properties":{"整":12345678901234567890,"小":91.60,"空":null,
            "真":true,"表":[1, {"a": " b "}],"码":"007","非":NaN},"geometry":null}"#;
        let feature = feature(text);
        let cells: Vec<&str> = feature.properties.iter().map(|(_, cell)| &**cell).collect();
        assert_eq!(
            cells,
            ["12345678901234567890", "91.60", "", "true", r#"[1,{"a":" b "}]"#, "007", ""]
        );
        assert_eq!((feature.id.as_deref(), feature.no_numbers), (Some("7"), 1));
    }

    #[test]
    fn a_feature_may_lack_its_type_but_not_everything() {
        assert!(feature(r#"{"properties":{},"geometry":null}"#).is_one());
        assert!(feature(r#"{"type":"Point","coordinates":[1,2]}"#).is_one());
        assert!(!feature(r#"{"a":1}"#).is_one());
        assert!(!feature(r#"{"type":"FeatureCollection","features":[],"properties":{}}"#).is_one());
    }
}
