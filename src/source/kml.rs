//! KML and KMZ: placemarks with their names, descriptions, extended data and geometry.
//!
//! Entities beyond the five of XML are never expanded. What is damaged is set aside with its place,
//! and reading goes on at the next placemark.

mod archive;
mod document;
mod element;
mod geometry;
mod placemark;

use super::features::{About, FeatureTable};
use super::text::{Text, decode};
use super::{Format, Opened, Read};
use crate::layer::{Claim, Grid};
use crate::words::Words;

pub use archive::{read_kmz, recognises_kmz};

/// The format, for the list of all.
pub const FORMAT: Format =
    Format { name: "kml", extensions: &["kml", "kmz"], recognises: is_either, read: read_either };

fn is_either(bytes: &[u8]) -> bool {
    recognises(bytes) || recognises_kmz(bytes)
}

fn read_either(file: &Opened) -> Read<Vec<Grid>> {
    if recognises_kmz(&file.bytes) { read_kmz(file) } else { read(file) }
}

/// Whether the bytes are KML.
pub fn recognises(bytes: &[u8]) -> bool {
    // Without the zeros UTF-16 looks like ASCII.
    let head: Vec<u8> = bytes.iter().take(8192).copied().filter(|byte| *byte != 0).collect();
    let head = String::from_utf8_lossy(&head);
    let text = head.trim_start_matches(['\u{feff}', '\u{fffd}']).trim_start();
    let marks = ["<kml", ":kml", "/kml/2."];
    text.starts_with('<') && marks.iter().any(|mark| text.contains(mark))
}

/// Reads all placemarks: row 0 holds the names of the columns, row i is placemark i.
///
/// # Errors
/// When there is no whole placemark before the damage, with its place in the file.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    read_noting(file, None)
}

fn read_noting(file: &Opened, note: Option<Words>) -> Read<Vec<Grid>> {
    let declared = declared_encoding(&file.bytes);
    let text = decode(file, declared.as_deref())?;
    let mut table = FeatureTable::default();
    for note in text.note.iter().chain(&note) {
        table.note(About::File, || note.clone());
    }
    let sound = String::from_utf8_lossy(&text.bytes);
    note_bad_bytes(&text, &mut table);
    document::read(&sound, &text, &mut table);
    match table.first_damage() {
        Some(why) if table.len() == 0 => Err(Words::new(
            format!("{}：没有读到一个完整的地标（Placemark）：{}", file.name, why.zh),
            format!("{}: not one whole placemark was read: {}", file.name, why.en),
        )),
        _ => Ok(vec![table.into_grid(Claim::Epsg(4326), Some(text.encoding))]),
    }
}

/// Bytes that are not text are shown as U+FFFD: what an element is would be lost without them.
fn note_bad_bytes(text: &Text<'_>, table: &mut FeatureTable) {
    if let Err(error) = std::str::from_utf8(&text.bytes) {
        table.note(About::File, || {
            let place = text.place(error.valid_up_to());
            Words::new(
                format!("{}起有损坏的字节，不能译成文字的以“\u{FFFD}”代替", place.zh),
                format!(
                    "damaged bytes from {} on; what is no text is shown as \"\u{FFFD}\"",
                    place.en
                ),
            )
        });
    }
}

/// What the XML declaration says of the encoding.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.split("?>").next().filter(|head| head.contains("<?xml"))?;
    let value = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

#[cfg(test)]
mod tests;
