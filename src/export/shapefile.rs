//! A table with shapes becomes a shapefile: `.shp`, `.shx`, `.dbf`, `.cpg` and `.prj`.
//!
//! A dBase table keeps ten bytes of a field's name: three Chinese characters in UTF-8, five in GBK.
//! Names are cut between characters and made unique, and a dictionary gives the full ones. Nothing
//! is lost without a word: a character outside GBK is an error, a text that is cut is counted.

mod cells;
mod names;
mod shapes;
#[cfg(test)]
mod tests;

use encoding_rs::{Encoding, GBK, UTF_8};
use geo_types::Geometry;

use crate::layer::TextColumn;
use crate::source::Read;
use crate::words::Words;

use cells::Column;

/// The encoding of names and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Coding {
    /// UTF-8, which current programs read.
    #[default]
    Utf8,
    /// GBK, for ArcGIS up to 10.2 and programs that follow it.
    Gbk,
}

/// What the cells of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Decimal numbers.
    Number,
    /// `true`, `false` or blank.
    Flag,
    /// `YYYY-MM-DD` or blank.
    Date,
}

/// One field and its cells.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its full name.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
    /// One cell per feature; missing ones at the end are blank.
    pub cells: TextColumn,
}

/// Features of one family: points, lines or polygons.
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// Their fields.
    pub fields: Vec<Field>,
    /// One per feature, in the coordinates to be written.
    pub geometries: Vec<Option<Geometry<f64>>>,
    /// The text of the `.prj`.
    pub projection: Option<String>,
}

/// The bytes of each file, and what was changed on the way.
#[derive(Debug, Clone, Default)]
pub struct Shapefile {
    /// Each file's ending and bytes; there is no `prj` where the projection is not known.
    pub files: Vec<(&'static str, Vec<u8>)>,
    /// The name of each field in the file, and its full name.
    pub dictionary: Vec<(String, String)>,
    /// Texts that were cut and numbers that were rounded.
    pub notes: Vec<Words>,
}

/// Writes features; the name is for messages.
///
/// # Errors
/// When a cell is not of its field's kind or not in the encoding, when a geometry is of another
/// family than the others or has no finite coordinates, and when a file would be too large; each
/// names its row.
pub fn write(name: &str, features: &Features, coding: Coding) -> Read<Shapefile> {
    let rows = features.geometries.len();
    // A table has at least one field.
    let numbers = [numbers(rows)];
    let fields = if features.fields.is_empty() { &numbers } else { features.fields.as_slice() };
    let short = names::shortened(name, fields, coding)?;
    let mut notes = Vec::new();
    let mut columns = Vec::new();
    for (field, short) in fields.iter().zip(&short) {
        columns.push(Column::plan(name, field, short, rows, coding, &mut notes)?);
    }
    let (shp, shx) = shapes::write(name, &features.geometries)?;
    let mut files = vec![("shp", shp), ("shx", shx)];
    files.push(("dbf", cells::write(name, &columns, rows, coding)?));
    files.push(("cpg", coding.label().into()));
    files.extend(features.projection.as_ref().map(|text| ("prj", text.as_bytes().to_vec())));
    let full = fields.iter().map(|field| field.name.clone());
    Ok(Shapefile { files, dictionary: short.into_iter().zip(full).collect(), notes })
}

fn numbers(rows: usize) -> Field {
    let mut cells = TextColumn::default();
    for row in 0..rows {
        cells.push(&row.to_string());
    }
    Field { name: "FID".to_owned(), kind: Kind::Number, cells }
}

impl Coding {
    fn encoding(self) -> &'static Encoding {
        match self {
            Coding::Utf8 => UTF_8,
            Coding::Gbk => GBK,
        }
    }

    fn label(self) -> &'static str {
        self.encoding().name()
    }

    /// ArcGIS looks at this byte before the `.cpg`; none of its values means UTF-8.
    fn language_byte(self) -> u8 {
        match self {
            Coding::Utf8 => 0,
            Coding::Gbk => 0x4D,
        }
    }

    /// Encodes a text, or gives the first character the encoding lacks.
    fn encode(self, text: &str) -> Result<Vec<u8>, char> {
        let lacks = |text: &str| self.encoding().encode(text).2;
        if lacks(text) {
            let missing = text.chars().find(|c| lacks(c.encode_utf8(&mut [0; 4])));
            return Err(missing.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(self.encoding().encode(text).0.into_owned())
    }

    /// The longest beginning of a text that takes at most so many bytes.
    fn cut(self, text: &str, most: usize) -> &str {
        let mut length = 0;
        for (at, character) in text.char_indices() {
            length += self.encoding().encode(character.encode_utf8(&mut [0; 4])).0.len();
            if length > most {
                return &text[..at];
            }
        }
        text
    }
}

fn not_encodable(place_zh: String, place_en: String, missing: char) -> Words {
    let code = u32::from(missing);
    Words::new(
        format!("{place_zh}：“{missing}”（U+{code:04X}）不在 GBK 中；请改用 UTF-8 导出"),
        format!("{place_en}: `{missing}` (U+{code:04X}) is not in GBK; export as UTF-8"),
    )
}
