//! The header of a table and its records, as slices of the file.
//!
//! Nothing is allocated by what the header claims: fields and records are counted in the bytes
//! that are there.

use std::ops::Range;

use crate::source::bytes::{u16_le, u32_le};

/// One field as the header describes it.
#[derive(Debug)]
pub struct Field<'a> {
    /// The bytes of its name, up to the first NUL.
    pub name: &'a [u8],
    /// Whether the name fills all the bytes a name may have.
    pub name_is_full: bool,
    /// The letter of its type.
    pub kind: u8,
    /// Where in a record its bytes are.
    pub range: Range<usize>,
}

/// One text as it lies in the file.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The row it stands in; 0 is the row of field names.
    pub row: usize,
    /// The bytes of its field's name.
    pub field: &'a [u8],
    /// Its bytes without padding.
    pub bytes: &'a [u8],
    /// Whether it reaches the end of its field, and so may have been cut there.
    pub is_full: bool,
}

/// A table's fields and records.
#[derive(Debug)]
pub struct Records<'a> {
    /// The fields that have at least one byte in a record.
    pub fields: Vec<Field<'a>>,
    /// How many fields have none.
    pub empty_fields: usize,
    /// The bytes of all whole records, and how many they are each.
    data: &'a [u8],
    length: usize,
    /// How many records the header counts.
    pub declared: usize,
    /// The byte that may name the encoding.
    pub language: u8,
    /// Whether numbers are stored the way of dBase 7: big-endian, in an order that sorts.
    pub sorted_numbers: bool,
    /// Whether the lengths of the fields add up to the length of a record.
    pub lengths_agree: bool,
}

impl<'a> Records<'a> {
    /// Finds fields and records; none when no field has any bytes.
    pub fn find(bytes: &'a [u8]) -> Option<Records<'a>> {
        let declared = u32_le(bytes, 4)? as usize;
        let header_length = u16_le(bytes, 8)? as usize;
        let stated_length = u16_le(bytes, 10)? as usize;
        let language = *bytes.get(29)?;
        // dBase 7 has longer descriptors; its version number is also that of some dBase IV files.
        let layout = if bytes[0] & 7 == 4
            && header_length >= 69
            && (header_length - 69).is_multiple_of(48)
        {
            Layout { start: 68, size: 48, name: 32, length: 33 }
        } else {
            Layout { start: 32, size: 32, name: 11, length: 16 }
        };
        let descriptors = layout.descriptors(bytes, header_length);
        let least = layout.start + descriptors.len() * layout.size + 1;
        let start = if header_length >= least { header_length } else { least };
        let lengths = layout.lengths(&descriptors, stated_length);
        let sum: usize = 1 + lengths.iter().sum::<usize>();
        let length = if stated_length == 0 { sum } else { stated_length };
        let fields = layout.fields(&descriptors, &lengths, length);
        if fields.is_empty() {
            return None;
        }
        Some(Records {
            empty_fields: descriptors.len() - fields.len(),
            fields,
            data: whole_records(bytes.get(start..).unwrap_or(&[]), length, declared),
            length,
            declared,
            language,
            sorted_numbers: layout.size == 48,
            lengths_agree: length == sum,
        })
    }

    /// All whole records, deleted ones included.
    pub fn all(&self) -> impl Iterator<Item = &'a [u8]> {
        self.data.chunks_exact(self.length)
    }

    /// The records that are not deleted, each with its row.
    pub fn live(&self) -> impl Iterator<Item = (usize, &'a [u8])> {
        let live = self.all().filter(|record| !is_deleted(record));
        live.enumerate().map(|(index, record)| (index + 1, record))
    }

    /// All texts that are more than ASCII: field names first, then cells row by row.
    pub fn texts(&self) -> impl Iterator<Item = Text<'a>> {
        let names = self.fields.iter().map(|field| Text {
            row: 0,
            field: field.name,
            bytes: field.name,
            is_full: field.name_is_full,
        });
        let cells = self.live().flat_map(|(row, record)| {
            self.fields.iter().filter(|field| is_text(field.kind)).map(move |field| {
                let raw = record.get(field.range.clone()).unwrap_or(&[]);
                let bytes = unpadded(raw);
                Text { row, field: field.name, bytes, is_full: bytes.len() == raw.len() }
            })
        });
        names.chain(cells).filter(|text| !text.bytes.is_ascii())
    }
}

/// Whether a record is marked as deleted.
pub fn is_deleted(record: &[u8]) -> bool {
    record.first() == Some(&b'*')
}

/// Whether cells of this type are text, and so show its encoding. A type nobody knows is read as
/// text too, but may be anything.
fn is_text(kind: u8) -> bool {
    matches!(kind, b'C' | b'V')
}

/// A cell's bytes up to the first NUL, without the blanks that fill the field.
pub fn unpadded(raw: &[u8]) -> &[u8] {
    raw.split(|&byte| byte == 0).next().unwrap_or(&[]).trim_ascii_end()
}

/// Whole records: as many as there are bytes for. Beyond the header's count only what begins like
/// a record is one, because the end may hold the end mark or leftovers.
fn whole_records(data: &[u8], length: usize, declared: usize) -> &[u8] {
    let begins_well = |record: &[u8]| matches!(record.first(), Some(b' ' | b'*'));
    let records = data.chunks_exact(length).enumerate();
    let count =
        records.take_while(|(index, record)| *index < declared || begins_well(record)).count();
    &data[..count * length]
}

/// Where things are in a header.
struct Layout {
    start: usize,
    size: usize,
    name: usize,
    length: usize,
}

impl Layout {
    /// The descriptors up to the end mark, the stated end of the header, or the end of the file.
    fn descriptors<'a>(&self, bytes: &'a [u8], header_length: usize) -> Vec<&'a [u8]> {
        let stated = (self.start + self.size..=bytes.len()).contains(&header_length);
        let end = if stated { header_length } else { bytes.len() };
        let area = bytes.get(self.start..end).unwrap_or(&[]);
        area.chunks_exact(self.size).take_while(|descriptor| descriptor[0] != 0x0D).collect()
    }

    /// The length of each field. FoxPro keeps the high byte of a long text field's length where
    /// others keep its decimals, or a stray value: believed only if the record is that long.
    fn lengths(&self, descriptors: &[&[u8]], stated: usize) -> Vec<usize> {
        let low = |descriptor: &&[u8]| descriptor[self.length] as usize;
        let long = |descriptor: &&[u8]| {
            let high = if descriptor[self.name] == b'C' { descriptor[self.length + 1] } else { 0 };
            low(descriptor) + 256 * high as usize
        };
        let short_lengths: Vec<usize> = descriptors.iter().map(low).collect();
        let long_lengths: Vec<usize> = descriptors.iter().map(long).collect();
        let long_fits = 1 + long_lengths.iter().sum::<usize>() == stated;
        if long_fits { long_lengths } else { short_lengths }
    }

    /// The fields that have bytes inside a record. The others would only cost memory: a small file
    /// can claim two thousand of them for each of a million records.
    fn fields<'a>(
        &self,
        descriptors: &[&'a [u8]],
        lengths: &[usize],
        record_length: usize,
    ) -> Vec<Field<'a>> {
        let mut fields = Vec::new();
        let mut at = 1;
        for (descriptor, length) in descriptors.iter().zip(lengths) {
            let name = unpadded(&descriptor[..self.name]);
            let range = at.min(record_length)..(at + length).min(record_length);
            at += length;
            if range.is_empty() {
                continue;
            }
            // The last byte of a name is by the book a NUL, but some writers use it.
            let name_is_full = name.len() + 1 >= self.name;
            fields.push(Field { name, name_is_full, kind: descriptor[self.name], range });
        }
        fields
    }
}
