//! The records of a binary part.

use std::io::{BufReader, Read as _};

use crate::source::Read;
use crate::source::bytes::{u16_le, u32_le};
use crate::source::workbook::{Part, broken};

/// The records of one part, one after the other.
pub struct Records<'p> {
    file: &'p str,
    part: BufReader<Part<'p>>,
    data: Vec<u8>,
}

impl<'p> Records<'p> {
    /// The records of a part.
    pub fn new(file: &'p str, part: Part<'p>) -> Records<'p> {
        Records { file, part: BufReader::new(part), data: Vec::new() }
    }

    /// The next record, what it is and its bytes; none at the end of the part.
    ///
    /// # Errors
    /// When the part is cut off or too large.
    pub fn next(&mut self) -> Read<Option<(u32, &[u8])>> {
        let Some(kind) = self.number(2)? else { return Ok(None) };
        let cut = || broken(self.file, &"a part is cut off");
        let length = self.number(4)?.ok_or_else(|| broken(self.file, &"a part is cut off"))?;
        self.data.clear();
        let mut data = self.part.by_ref().take(u64::from(length));
        data.read_to_end(&mut self.data).map_err(|error| broken(self.file, &error))?;
        if self.data.len() as u64 != u64::from(length) {
            return Err(cut());
        }
        Ok(Some((kind, &self.data)))
    }

    /// A number of seven bits a byte, the lowest first; the kind of a record keeps its marks.
    fn number(&mut self, most: usize) -> Read<Option<u32>> {
        let mut number = 0;
        for at in 0..most {
            let mut byte = [0];
            let count = self.part.read(&mut byte).map_err(|error| broken(self.file, &error))?;
            if count == 0 {
                return Ok(None);
            }
            let (byte, is_kind) = (u32::from(byte[0]), most == 2);
            number |= if is_kind { byte << (8 * at) } else { (byte & 0x7F) << (7 * at) };
            if byte & 0x80 == 0 {
                break;
            }
        }
        Ok(Some(number))
    }
}

/// A text that begins with its length in characters, and where it ends.
pub fn wide(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = u32_le(data, at)?;
    // A text that is not there.
    if length == u32::MAX {
        return Some((String::new(), at + 4));
    }
    let end = (at + 4).checked_add((length as usize).checked_mul(2)?)?;
    let units = data.get(at + 4..end)?.chunks_exact(2).filter_map(|two| u16_le(two, 0));
    let text = char::decode_utf16(units).map(|one| one.unwrap_or('\u{FFFD}')).collect();
    Some((text, end))
}
