//! Sizes that the headers of pages declare, checked before any page is unpacked.
//!
//! A header is a structure of the compact Thrift protocol; only its two sizes are of interest.

use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::fields::Table;

/// A page up to this size may come from as few bytes as it likes.
const ROOMY: usize = 64 << 20;

/// A larger page must come from its size divided by this.
const RATIO: usize = 1000;

/// How deep structures may lie in each other.
const DEEPEST: usize = 8;

/// Checks all pages of the columns that will be read.
pub fn check(bytes: &[u8], metadata: &ParquetMetaData, table: &Table) -> Result<(), ParquetError> {
    for group in metadata.row_groups() {
        for index in table.leaves() {
            let chunk = group.columns().get(index).ok_or_else(bad_header)?;
            check_chunk(bytes, chunk)?;
        }
    }
    Ok(())
}

fn check_chunk(bytes: &[u8], chunk: &ColumnChunkMetaData) -> Result<(), ParquetError> {
    let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
    let range = usize::try_from(start).ok().zip(usize::try_from(chunk.compressed_size()).ok());
    let pages = range
        .and_then(|(start, length)| bytes.get(start..start.checked_add(length)?))
        .ok_or_else(|| bad("a column lies outside the file"))?;
    let mut rest = Cursor { bytes: pages };
    while !rest.bytes.is_empty() {
        let header = rest.header().ok_or_else(bad_header)?;
        rest.skip(header.compressed).ok_or_else(|| bad("a page is cut off"))?;
        if header.unpacked > ROOMY && header.unpacked / RATIO > header.compressed {
            return Err(bad("a page claims to unpack to far more than its bytes can hold"));
        }
    }
    Ok(())
}

fn bad(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}

fn bad_header() -> ParquetError {
    bad("the header of a page is damaged")
}

struct Header {
    unpacked: usize,
    compressed: usize,
}

struct Cursor<'b> {
    bytes: &'b [u8],
}

impl Cursor<'_> {
    /// The sizes in the header of a page: its fields 2 and 3.
    fn header(&mut self) -> Option<Header> {
        let (mut unpacked, mut compressed) = (None, None);
        let mut field = 0;
        loop {
            let kind = self.field(&mut field)?;
            match (kind, field) {
                (0, _) => break,
                (4..=6, 2) => unpacked = Some(self.signed()?),
                (4..=6, 3) => compressed = Some(self.signed()?),
                _ => self.value(kind, 0)?,
            }
        }
        let size = |number: Option<i64>| usize::try_from(number?).ok();
        Some(Header { unpacked: size(unpacked)?, compressed: size(compressed)? })
    }

    /// The type of the next field, and its number; type 0 ends a structure.
    fn field(&mut self, field: &mut i64) -> Option<u8> {
        let head = self.byte()?;
        let kind = head & 0xF;
        if kind != 0 {
            let step = i64::from(head >> 4);
            *field = if step == 0 { self.signed()? } else { field.checked_add(step)? };
        }
        Some(kind)
    }

    /// Skips a value.
    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1 | 2 => Some(()),
            3 => self.skip(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip(8),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.skip(length)
            }
            9 | 10 if depth < DEEPEST => self.list(depth + 1),
            12 if depth < DEEPEST => self.structure(depth + 1),
            _ => None,
        }
    }

    fn structure(&mut self, depth: usize) -> Option<()> {
        let mut field = 0;
        loop {
            match self.field(&mut field)? {
                0 => return Some(()),
                kind => self.value(kind, depth)?,
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        let head = self.byte()?;
        let (short, kind) = (u64::from(head >> 4), head & 0xF);
        let count = if short == 15 { self.varint()? } else { short };
        for _ in 0..count {
            // Alone in a list, a yes or no takes a byte.
            if matches!(kind, 1 | 2) { self.skip(1)? } else { self.value(kind, depth)? }
        }
        Some(())
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn skip(&mut self, length: usize) -> Option<()> {
        self.bytes = self.bytes.get(length..)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_sizes_are_found_among_other_fields() {
        // type = 0, sizes 300 and 20, a nested structure with a text, a flag and a list, the end.
        let header = [
            0x15, 0x00, 0x15, 0xD8, 0x04, 0x15, 0x28, 0x2C, 0x18, 0x02, b'a', b'b', 0x11, 0x19,
            0x25, 0x02, 0x04, 0x00, 0x00,
        ];
        let mut cursor = Cursor { bytes: &header };
        let sizes = cursor.header().map(|header| (header.unpacked, header.compressed));
        assert_eq!((sizes, cursor.bytes.len()), (Some((300, 20)), 0));
        for cut in 0..header.len() {
            assert!(Cursor { bytes: &header[..cut] }.header().is_none());
        }
    }

    #[test]
    fn structures_without_end_are_refused() {
        assert!(Cursor { bytes: &[0x1C; 1000] }.header().is_none());
        assert!(Cursor { bytes: &[0x19; 1000] }.header().is_none());
    }
}
