//! Small shapefiles for tests, put together byte by byte so that they can be wrong in any way.

use crate::layer::Grid;
use crate::source::Opened;

/// A ring, as its points.
pub type Ring = Vec<(f64, f64)>;

/// A table: each field with its name, type and width, each record with its cells.
pub fn dbf(language: u8, fields: &[(&[u8], u8, u8)], records: &[&[&[u8]]]) -> Vec<u8> {
    let length: usize = 1 + fields.iter().map(|field| field.2 as usize).sum::<usize>();
    let mut bytes = vec![3, 95, 7, 26];
    bytes.extend((records.len() as u32).to_le_bytes());
    bytes.extend((32 + 32 * fields.len() as u16 + 1).to_le_bytes());
    bytes.extend((length as u16).to_le_bytes());
    bytes.resize(32, 0);
    bytes[29] = language;
    for (name, kind, width) in fields {
        let mut field = [0; 32];
        field[..name.len()].copy_from_slice(name);
        (field[11], field[16]) = (*kind, *width);
        bytes.extend(field);
    }
    bytes.push(0x0D);
    for record in records {
        bytes.push(b' ');
        for (cell, (.., width)) in record.iter().zip(fields) {
            let end = bytes.len() + *width as usize;
            bytes.extend(*cell);
            bytes.resize(end, b' ');
        }
    }
    bytes.push(0x1A);
    bytes
}

/// Marks a record of a table as deleted, counted from 0.
pub fn delete(dbf: &mut [u8], record: usize) {
    let start = u16::from_le_bytes([dbf[8], dbf[9]]) as usize;
    let length = u16::from_le_bytes([dbf[10], dbf[11]]) as usize;
    dbf[start + record * length] = b'*';
}

/// A table with one text field.
pub fn names(language: u8, field: &[u8], cells: &[&[u8]]) -> Vec<u8> {
    let records: Vec<Vec<&[u8]>> = cells.iter().map(|cell| vec![*cell]).collect();
    let records: Vec<&[&[u8]]> = records.iter().map(Vec::as_slice).collect();
    dbf(language, &[(field, b'C', 20)], &records)
}

/// The `.shp` and the `.shx` of some contents.
pub fn shp(contents: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    let mut header = 9994u32.to_be_bytes().to_vec();
    header.resize(100, 0);
    header[28..32].copy_from_slice(&1000u32.to_le_bytes());
    let (mut shp, mut shx) = (header.clone(), header);
    for (number, content) in (1u32..).zip(contents) {
        let words = (content.len() as u32 / 2).to_be_bytes();
        shx.extend((shp.len() as u32 / 2).to_be_bytes());
        shx.extend(words);
        shp.extend(number.to_be_bytes());
        shp.extend(words);
        shp.extend(content);
    }
    for bytes in [&mut shp, &mut shx] {
        let words = (bytes.len() as u32 / 2).to_be_bytes();
        bytes[24..28].copy_from_slice(&words);
    }
    (shp, shx)
}

/// A point of some type, with what follows its coordinates.
pub fn point(kind: u32, x: f64, y: f64, more: &[f64]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    [x, y].iter().chain(more).for_each(|value| bytes.extend(value.to_le_bytes()));
    bytes
}

/// A shape with parts, of some type.
pub fn parts(kind: u32, parts: &[Ring]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend([0; 32]);
    bytes.extend((parts.len() as u32).to_le_bytes());
    let count: usize = parts.iter().map(Vec::len).sum();
    bytes.extend((count as u32).to_le_bytes());
    let mut start = 0;
    for part in parts {
        bytes.extend((start as u32).to_le_bytes());
        start += part.len();
    }
    for (x, y) in parts.iter().flatten() {
        bytes.extend(x.to_le_bytes());
        bytes.extend(y.to_le_bytes());
    }
    bytes
}

/// A square, clockwise as the format has its outer rings.
pub fn square(x: f64, y: f64, size: f64) -> Ring {
    vec![(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]
}

/// The same ring the other way round.
pub fn turned(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

/// Files that have been opened, each with its ending; the `.shp` first.
pub fn opened(shp: &[u8], parts: &[(&str, &[u8])]) -> Opened {
    let part = |(ending, bytes): &(&str, &[u8])| ((*ending).to_owned(), bytes.to_vec());
    Opened {
        name: "小区.shp".to_owned(),
        bytes: shp.to_vec(),
        parts: parts.iter().map(part).collect(),
        encoding: None,
    }
}

/// All rows of a grid.
pub fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    let row = |row| (0..grid.columns()).map(|column| grid.cell(row, column)).collect();
    (0..grid.rows()).map(row).collect()
}

/// The Chinese notes of a grid as one text.
pub fn notes(grid: &Grid) -> String {
    grid.notes.iter().map(|note| note.zh.as_str()).collect::<Vec<_>>().join("\n")
}
