//! GeoJSON: a collection of features, one feature, or a geometry alone.
//!
//! The features are walked in the bytes of the file one by one: what is damaged is set aside with
//! its place, and reading goes on at the next feature.

mod document;
pub(super) mod feature;
pub(super) mod geometry;
pub(super) mod scan;

use super::features::{About, FeatureTable};
use super::text::{Text, decode};
use super::{Format, Opened, Read, geojsonl};
use crate::layer::{Claim, Grid};
use crate::words::Words;

use document::Document;
use scan::{Broken, Scan};

/// The format, for the list of all.
pub const FORMAT: Format =
    Format { name: "geojson", extensions: &["geojson", "json"], recognises, read };

/// Whether the bytes are GeoJSON, or a relative of it that is refused with advice.
pub fn recognises(bytes: &[u8]) -> bool {
    const MARKS: [&str; 8] = [
        "\"FeatureCollection\"",
        "\"Feature\"",
        "\"features\"",
        "\"coordinates\"",
        "\"geometries\"",
        "\"geometry\"",
        "\"Topology\"",
        "\"esriGeometry",
    ];
    // Without the zeros UTF-16 looks like ASCII.
    let head: Vec<u8> = bytes.iter().take(65_536).copied().filter(|byte| *byte != 0).collect();
    let head = String::from_utf8_lossy(&head);
    let text = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    text.starts_with('{')
        && MARKS.iter().any(|mark| text.contains(mark))
        && !geojsonl::recognises(bytes)
}

/// Reads all features: row 0 holds the names of the properties, row i is feature i.
///
/// # Errors
/// When there is no whole feature before the damage, with its place in the file.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    let text = decode(file, None)?;
    let mut table = FeatureTable::default();
    if let Some(note) = &text.note {
        table.note(About::File, || note.clone());
    }
    let mut claim = None;
    let outcome = document::read(&text, &mut table, &mut claim);
    let claim = claim.unwrap_or_else(default_claim);
    let name = &file.name;
    match outcome {
        Err(broken) if table.len() == 0 => Err(nothing_read(name, &not_json(&text, broken))),
        Err(broken) => {
            let before = table.len();
            table.note(About::Damage, || rest_lost(&text, broken, before));
            Ok(vec![table.into_grid(claim, Some(text.encoding))])
        }
        Ok(Document::Features) if table.len() == 0 && table.first_damage().is_some() => {
            Err(nothing_read(name, table.first_damage().unwrap_or(&Words::default())))
        }
        Ok(Document::Features) => Ok(vec![table.into_grid(claim, Some(text.encoding))]),
        Ok(Document::Stranger(what)) => Err(Words::new(
            format!("{name}：{}；可读取 GeoJSON（FeatureCollection、Feature 或几何）", what.zh),
            format!(
                "{name}: {}; GeoJSON is read (a FeatureCollection, a Feature or a geometry)",
                what.en
            ),
        )),
    }
}

/// What holds by RFC 7946 where the file says nothing.
pub(super) fn default_claim() -> Claim {
    Claim::Text("OGC:CRS84".to_owned())
}

/// Reads the feature at a place and adds it; what is none is set aside.
pub(super) fn take_feature(
    scan: &mut Scan<'_>,
    text: &Text<'_>,
    table: &mut FeatureTable,
) -> Result<(), Broken> {
    scan.peek();
    let start = scan.at();
    if scan.peek() == Some(b'{') {
        let feature = feature::read(scan)?;
        if feature.is_one() {
            feature.push_to(table);
            return Ok(());
        }
    } else {
        scan.skip()?;
    }
    let after = table.len();
    table.note(About::Stranger, || {
        let place = text.place(start);
        Words::new(
            format!("第 {after} 个要素之后，{}处的内容不是要素，已略过", place.zh),
            format!(
                "after feature {after}, what stands at {} is no feature and was left out",
                place.en
            ),
        )
    });
    Ok(())
}

/// What was found and what was expected at the place where the text stops being JSON.
pub(super) fn not_json(text: &Text<'_>, broken: Broken) -> Words {
    let place = text.place(broken.at);
    let rest = text.bytes.get(broken.at..).unwrap_or(&[]);
    let found = shown(&rest[..rest.len().min(48)]);
    let (zh, en) = broken.wanted;
    if rest.is_empty() {
        return Words::new(
            format!("{}处文件中断，应有{zh}", place.zh),
            format!("the file ends at {} where {en} was expected", place.en),
        );
    }
    Words::new(
        format!("{}处是“{found}”，应为{zh}", place.zh),
        format!("found \"{found}\" at {}, expected {en}", place.en),
    )
}

/// The start of some text on one line; bytes that are no text as hexadecimal digits.
fn shown(bytes: &[u8]) -> String {
    let chunk = bytes.utf8_chunks().next();
    let (sound, bad) = chunk.map_or(("", &[][..]), |chunk| (chunk.valid(), chunk.invalid()));
    if sound.is_empty() {
        let bytes: Vec<String> = bad.iter().map(|byte| format!("{byte:02X}")).collect();
        return bytes.join(" ");
    }
    match sound.lines().next().unwrap_or("").trim_end() {
        "" => "\\n".to_owned(),
        line => line.chars().take(12).collect(),
    }
}

fn rest_lost(text: &Text<'_>, broken: Broken, before: usize) -> Words {
    let words = not_json(text, broken);
    Words::new(
        format!("文件的其余部分无法读取：{}；此前的 {before} 个要素已读取", words.zh),
        format!(
            "the rest of the file cannot be read: {}; the {before} features before were",
            words.en
        ),
    )
}

fn nothing_read(name: &str, words: &Words) -> Words {
    Words::new(
        format!("{name}：没有读到一个完整的要素：{}", words.zh),
        format!("{name}: not one whole feature was read: {}", words.en),
    )
}

#[cfg(test)]
mod tests;
