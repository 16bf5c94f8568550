//! The records of a `.shp`, found before any of them is read.
//!
//! The `.shx` says where each shape is, and is followed where it agrees with the record headers;
//! without it the headers are walked from one to the next. Every length is checked against the file.

use std::collections::BTreeSet;

use crate::source::bytes::u32_be;

/// Both files begin with a header of this many bytes.
pub const HEADER: usize = 100;

/// The bytes of each shape, and what was found on the way.
#[derive(Debug, Default)]
pub struct Records<'a> {
    /// One per shape, in the order of the table; none where the file has lost it.
    pub contents: Vec<Option<&'a [u8]>>,
    /// How many shapes the `.shx` lists.
    pub listed: Option<usize>,
    /// Whether there is a `.shx` that was not followed.
    pub is_index_wrong: bool,
    /// Bytes at the end that are no whole record.
    pub left_over: usize,
}

impl<'a> Records<'a> {
    /// Finds the records of a `.shp`; `expected` is how many the table beside it has.
    pub fn find(shp: &'a [u8], shx: Option<&[u8]>, expected: Option<usize>) -> Records<'a> {
        let walk = Walk::along(shp);
        let listed = shx.map(|shx| shx.len().saturating_sub(HEADER) / 8);
        let by_index = shx.and_then(|shx| by_index(shp, shx));
        // An index that was itself cut short hides shapes that the file still has.
        let by_index = by_index.filter(|contents| {
            expected == Some(contents.len()) || walk.highest() <= contents.len()
        });
        let is_index_wrong = listed.is_some() && by_index.is_none();
        // Beside a sound index, gaps between records are the leavings of an editor.
        let is_whole = by_index.as_ref().is_some_and(|all| all.iter().all(Option::is_some));
        let left_over = if is_whole { 0 } else { walk.left_over };
        let contents = by_index.unwrap_or_else(|| walk.in_order(expected));
        Records { contents, listed, is_index_wrong, left_over }
    }

    /// How many whole shapes there are.
    pub fn whole(&self) -> usize {
        self.contents.iter().flatten().count()
    }
}

/// The shapes the index points at, or none if it does not belong to this file: each entry must have
/// the length its record has, and together they must fit in the file.
fn by_index<'a>(shp: &'a [u8], shx: &[u8]) -> Option<Vec<Option<&'a [u8]>>> {
    let entries = shx.get(HEADER..)?.chunks_exact(8);
    let mut contents = Vec::new();
    let mut held = HEADER;
    for entry in entries {
        let (start, length) = (bytes_of(u32_be(entry, 0)?), bytes_of(u32_be(entry, 4)?));
        if start == 0 && length == 0 {
            // How some programs mark a shape that was removed.
            contents.push(Some(&shp[..0]));
            continue;
        }
        let content = record_at(shp, start);
        match content {
            _ if start < HEADER => return None,
            Some((_, stated, _)) if stated != length => return None,
            Some((_, _, Some(bytes))) => {
                held += 8 + bytes.len();
                contents.push(Some(bytes));
            }
            _ => contents.push(None),
        }
    }
    (held <= shp.len()).then_some(contents)
}

/// The number and length that a record header states, and the content if the file has all of it.
fn record_at(shp: &[u8], start: usize) -> Option<(usize, usize, Option<&[u8]>)> {
    let number = u32_be(shp, start)? as usize;
    let length = bytes_of(u32_be(shp, start.checked_add(4)?)?);
    let content = shp.get(start + 8..).and_then(|rest| rest.get(..length));
    Some((number, length, content))
}

/// Lengths and places are counted in words of two bytes.
fn bytes_of(words: u32) -> usize {
    (words as usize).saturating_mul(2)
}

/// The records one after the other, each with its number.
struct Walk<'a> {
    found: Vec<(usize, &'a [u8])>,
    left_over: usize,
}

impl<'a> Walk<'a> {
    fn along(shp: &'a [u8]) -> Walk<'a> {
        let mut found = Vec::new();
        let mut at = HEADER;
        while let Some((number, _, Some(content))) = record_at(shp, at) {
            // Each record has at least its type; zeros at the end of a file have not.
            if content.len() < 4 {
                break;
            }
            found.push((number, content));
            at += 8 + content.len();
        }
        Walk { found, left_over: shp.len().saturating_sub(at) }
    }

    /// The highest number. Numbers are 1, 2, 3 …; in a file that numbers otherwise each record is
    /// taken for a shape of its own.
    fn highest(&self) -> usize {
        let count = self.found.len();
        let is_sound = self.found.iter().all(|(number, _)| (1..=count).contains(number));
        let numbers = self.found.iter().map(|(number, _)| *number);
        if is_sound { numbers.max().unwrap_or(0) } else { count }
    }

    /// By number where the numbers are sound, else as they follow each other. Where there are as many
    /// numbers as the table has records, one that is missing leaves a gap, and of two that are equal
    /// the later counts: programs append a shape that has grown.
    fn in_order(self, expected: Option<usize>) -> Vec<Option<&'a [u8]>> {
        let highest = self.found.iter().map(|(number, _)| *number).max().unwrap_or(0);
        let distinct: BTreeSet<usize> = self.found.iter().map(|(number, _)| *number).collect();
        let complete = distinct.len() == self.found.len() && highest == self.found.len();
        if distinct.contains(&0) || !(complete || expected == Some(highest)) {
            return self.found.into_iter().map(|(_, content)| Some(content)).collect();
        }
        let mut contents = vec![None; highest];
        for (number, content) in self.found {
            contents[number - 1] = Some(content);
        }
        contents
    }
}
