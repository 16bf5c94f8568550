//! Text in records: UTF-16 or its lower bytes in the newer files, a code page in the older.

use encoding_rs::{Encoding, GB18030, WINDOWS_1252};

use super::records::Record;
use crate::source::bytes::{u16_le, u32_le};

/// How text is written.
#[derive(Debug, Clone, Copy)]
pub enum Text {
    /// In Unicode, since Excel 97.
    Unicode,
    /// In a code page.
    Bytes(&'static Encoding),
}

/// How long the length of a text is.
#[derive(Debug, Clone, Copy)]
pub enum Count {
    /// One byte.
    Short,
    /// Two bytes.
    Long,
}

impl Text {
    /// The encoding of a number of a code page; Chinese for those that are unknown.
    pub fn of_code_page(number: u16) -> Text {
        let label = match number {
            950 => "big5",
            932 => "shift_jis",
            949 => "euc-kr",
            874 => "windows-874",
            10_000 | 0x8000 => "macintosh",
            0x8001 => "windows-1252",
            1250..=1258 => return Text::Bytes(windows(number)),
            65_001 => "utf-8",
            _ => "gb18030",
        };
        Text::Bytes(Encoding::for_label(label.as_bytes()).unwrap_or(GB18030))
    }

    /// The name of a code page, for the reader of the table.
    pub fn named(self) -> Option<String> {
        match self {
            Text::Unicode => None,
            Text::Bytes(encoding) => Some(encoding.name().to_owned()),
        }
    }

    /// A text that begins with its length; what is cut off is left out.
    pub fn read(self, data: &[u8], count: Count) -> Option<String> {
        let (length, start) = match count {
            Count::Short => (usize::from(*data.first()?), 1),
            Count::Long => (usize::from(u16_le(data, 0)?), 2),
        };
        match self {
            Text::Unicode => {
                let wide = data.get(start)? & 1 != 0;
                let rest = data.get(start + 1..)?;
                let length = length.saturating_mul(if wide { 2 } else { 1 }).min(rest.len());
                Some(unicode(&rest[..length], wide))
            }
            Text::Bytes(encoding) => {
                let rest = data.get(start..)?;
                let bytes = &rest[..length.min(rest.len())];
                Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
            }
        }
    }
}

fn windows(number: u16) -> &'static Encoding {
    Encoding::for_label(format!("windows-{number}").as_bytes()).unwrap_or(WINDOWS_1252)
}

fn unicode(bytes: &[u8], wide: bool) -> String {
    let mut text = String::new();
    push(&mut text, bytes, wide, &mut None);
    text
}

/// Appends characters; `half` holds the first unit of a pair that the record cut in two.
fn push(text: &mut String, bytes: &[u8], wide: bool, half: &mut Option<u16>) {
    if !wide {
        text.extend(bytes.iter().map(|byte| char::from(*byte)));
        return;
    }
    let units = bytes.chunks_exact(2).filter_map(|two| u16_le(two, 0));
    let mut units: Vec<u16> = half.take().into_iter().chain(units).collect();
    if let Some(last @ 0xD800..=0xDBFF) = units.last().copied() {
        *half = Some(last);
        units.pop();
    }
    text.extend(char::decode_utf16(units).map(|one| one.unwrap_or('\u{FFFD}')));
}

/// The table of strings that cells refer to by number, as far as it is whole.
pub fn table(record: &Record<'_>) -> Vec<String> {
    let mut pieces = Pieces { data: record.data.get(8..).unwrap_or_default(), more: &record.more };
    let mut strings = Vec::new();
    while let Some(text) = pieces.text() {
        strings.push(text);
    }
    strings
}

/// The bytes of a record and of those that continue it.
struct Pieces<'s> {
    data: &'s [u8],
    more: &'s [&'s [u8]],
}

impl<'s> Pieces<'s> {
    /// Goes to the next record once this one is used up.
    fn fill(&mut self) -> Option<()> {
        while self.data.is_empty() {
            (self.data, self.more) = self.more.split_first().map(|(one, more)| (*one, more))?;
        }
        Some(())
    }

    fn take(&mut self, count: usize) -> Option<&'s [u8]> {
        self.fill()?;
        let (taken, rest) = self.data.split_at_checked(count)?;
        self.data = rest;
        Some(taken)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.fill()?;
            let here = count.min(self.data.len());
            self.data = &self.data[here..];
            count -= here;
        }
        Some(())
    }

    /// A string with its length; what belongs to its look and sound is passed over.
    fn text(&mut self) -> Option<String> {
        let head = self.take(3)?;
        let (mut left, flags) = (usize::from(u16_le(head, 0)?), head[2]);
        let runs = if flags & 8 != 0 { usize::from(u16_le(self.take(2)?, 0)?) } else { 0 };
        let sound = if flags & 4 != 0 { u32_le(self.take(4)?, 0)? as usize } else { 0 };
        let (mut wide, mut text, mut half) = (flags & 1 != 0, String::new(), None);
        while left > 0 {
            // A record that continues the characters says anew how wide they are.
            if self.data.is_empty() {
                self.fill()?;
                wide = self.take(1)?[0] & 1 != 0;
            }
            let width = if wide { 2 } else { 1 };
            let here = left.min(self.data.len() / width);
            if here == 0 {
                return None;
            }
            push(&mut text, self.take(here * width)?, wide, &mut half);
            left -= here;
        }
        self.skip(runs * 4)?;
        self.skip(sound)?;
        Some(text)
    }
}
