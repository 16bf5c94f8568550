//! The records of a stream, each with those that continue it.

use crate::source::bytes::u16_le;

/// The beginning of a workbook or sheet.
pub const BEGIN: u16 = 0x0809;
/// The end of a workbook or sheet.
pub const END: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;

/// A record.
#[derive(Debug)]
pub struct Record<'s> {
    /// What it is.
    pub kind: u16,
    /// Its bytes.
    pub data: &'s [u8],
    /// The bytes of the records that continue it.
    pub more: Vec<&'s [u8]>,
}

/// The records of a stream up to its end or to where it is cut off.
pub struct Records<'s> {
    stream: &'s [u8],
    at: usize,
}

impl<'s> Records<'s> {
    /// The records of a stream.
    pub fn new(stream: &'s [u8]) -> Records<'s> {
        Records { stream, at: 0 }
    }

    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let kind = u16_le(self.stream, self.at)?;
        let length = usize::from(u16_le(self.stream, self.at + 2)?);
        let data = self.stream.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some((kind, data))
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while u16_le(self.stream, self.at) == Some(CONTINUE) {
            let Some((_, data)) = self.one() else { break };
            more.push(data);
        }
        Some(Record { kind, data, more })
    }
}
