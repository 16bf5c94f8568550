//! Compound files, the containers of Office 97–2003: their streams by name.
//!
//! Every chain of sectors is followed no further than the file has sectors, so that neither a loop
//! nor a false length takes more memory than the file itself.

use super::bytes::{u16_le, u32_le};

const MAGIC: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Sector numbers from here on mark ends and gaps.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// Streams shorter than this lie in the small sectors of one larger stream.
const SMALL: usize = 4096;
const SMALL_SECTOR: usize = 64;

/// A directory entry.
struct Entry {
    name: String,
    is_stream: bool,
    neighbours: [u32; 2],
    child: u32,
    start: u32,
    length: usize,
}

/// An opened compound file.
pub struct Compound<'f> {
    bytes: &'f [u8],
    sector: usize,
    /// The sector that follows each.
    next: Vec<u32>,
    next_small: Vec<u32>,
    small: Vec<u8>,
    entries: Vec<Entry>,
}

/// Whether some bytes begin like a compound file.
pub fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC[..4])
}

impl<'f> Compound<'f> {
    /// Opens a file; none when it is no compound file or its directory is damaged.
    pub fn open(bytes: &'f [u8]) -> Option<Compound<'f>> {
        let shift = u16_le(bytes, 30)?;
        if !bytes.starts_with(MAGIC) || !matches!(shift, 9 | 12) {
            return None;
        }
        let mut file = Compound {
            bytes,
            sector: 1 << shift,
            next: Vec::new(),
            next_small: Vec::new(),
            small: Vec::new(),
            entries: Vec::new(),
        };
        file.next = file.table()?;
        let directory = file.chain(u32_le(bytes, 48)?, usize::MAX);
        file.entries = directory.chunks_exact(128).filter_map(entry).collect();
        let root = file.entries.first()?;
        let (start, length) = (root.start, root.length);
        file.small = file.chain(start, length);
        let table = file.chain(u32_le(bytes, 60)?, usize::MAX);
        file.next_small = numbers(&table).collect();
        Some(file)
    }

    /// The names of the streams that lie in no folder.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.top().into_iter().map(|at| self.entries[at].name.as_str())
    }

    /// The bytes of a stream that lies in no folder.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let is_it = |entry: &Entry| entry.is_stream && entry.name.eq_ignore_ascii_case(name);
        let at = self.top().into_iter().find(|at| is_it(&self.entries[*at]))?;
        let entry = &self.entries[at];
        if entry.length < SMALL {
            Some(self.small_chain(entry.start, entry.length))
        } else {
            Some(self.chain(entry.start, entry.length))
        }
    }

    /// The entries of the root, by their places in the directory.
    fn top(&self) -> Vec<usize> {
        let mut seen = vec![false; self.entries.len()];
        let mut found = Vec::new();
        let mut left: Vec<u32> = self.entries.first().map(|root| root.child).into_iter().collect();
        while let Some(at) = left.pop() {
            let at = at as usize;
            if seen.get(at) == Some(&false) {
                seen[at] = true;
                found.push(at);
                left.extend(self.entries[at].neighbours);
            }
        }
        found.sort_unstable();
        found
    }

    /// The table of following sectors: its own sectors are listed in the header and beyond.
    fn table(&self) -> Option<Vec<u32>> {
        let mut sectors: Vec<u32> = numbers(self.bytes.get(76..512)?).collect();
        let (mut list, per_list) = (u32_le(self.bytes, 68)?, self.sector / 4 - 1);
        for _ in 0..self.bytes.len() / self.sector {
            let Some(more) = self.sector_at(list).filter(|_| list < NO_SECTOR) else { break };
            sectors.extend(numbers(more).take(per_list));
            list = u32_le(more, per_list * 4).unwrap_or(NO_SECTOR);
        }
        sectors.retain(|sector| *sector < NO_SECTOR);
        // No file has more of them than sectors.
        sectors.truncate(self.bytes.len() / self.sector + 1);
        let table = sectors.into_iter().flat_map(|sector| {
            let mut found: Vec<u32> = numbers(self.sector_at(sector).unwrap_or_default()).collect();
            found.resize(self.sector / 4, NO_SECTOR);
            found
        });
        Some(table.collect())
    }

    /// A sector's bytes, as many as the file has of it.
    fn sector_at(&self, number: u32) -> Option<&'f [u8]> {
        let start = (number as usize + 1).checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, start: u32, length: usize) -> Vec<u8> {
        let (mut found, mut at) = (Vec::new(), start);
        for _ in 0..=self.bytes.len() / self.sector {
            let Some(sector) = self.sector_at(at).filter(|_| at < NO_SECTOR) else { break };
            found.extend_from_slice(sector);
            if found.len() >= length {
                break;
            }
            at = self.next.get(at as usize).copied().unwrap_or(NO_SECTOR);
        }
        found.truncate(length);
        found
    }

    fn small_chain(&self, start: u32, length: usize) -> Vec<u8> {
        let (mut found, mut at) = (Vec::new(), start);
        for _ in 0..=self.small.len() / SMALL_SECTOR {
            let from = (at as usize).saturating_mul(SMALL_SECTOR);
            let to = from.saturating_add(SMALL_SECTOR).min(self.small.len());
            let Some(sector) = self.small.get(from..to) else { break };
            found.extend_from_slice(sector);
            if found.len() >= length {
                break;
            }
            at = self.next_small.get(at as usize).copied().unwrap_or(NO_SECTOR);
        }
        found.truncate(length);
        found
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|four| u32_le(four, 0))
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let units = (0..32).map_while(|at| u16_le(bytes, at * 2).filter(|unit| *unit != 0));
    Some(Entry {
        name: char::decode_utf16(units).map(|one| one.unwrap_or('\u{FFFD}')).collect(),
        is_stream: bytes.get(66) == Some(&2),
        neighbours: [u32_le(bytes, 68)?, u32_le(bytes, 72)?],
        child: u32_le(bytes, 76)?,
        start: u32_le(bytes, 116)?,
        // Lengths beyond four bytes are those of no office file.
        length: u32_le(bytes, 120)? as usize,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A compound file with these streams, each in sectors of its own.
    pub fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut sectors: Vec<[u8; 512]> = vec![[0; 512]; 2];
        let mut next = vec![0xFFFF_FFFD, 0xFFFF_FFFE];
        let mut directory = vec![named("Root Entry", 5, 1, 0xFFFF_FFFE, 0)];
        for (at, (name, content)) in streams.iter().enumerate() {
            let start = sectors.len() as u32;
            let mut content = content.to_vec();
            content.resize(content.len().max(SMALL).next_multiple_of(512), 0);
            for chunk in content.chunks(512) {
                sectors.push(chunk.try_into().expect("a whole sector"));
                next.push(sectors.len() as u32);
            }
            *next.last_mut().expect("there is one") = 0xFFFF_FFFE;
            let mut entry = named(name, 2, 0xFFFF_FFFF, start, content.len() as u32);
            let right = if at + 1 < streams.len() { at as u32 + 2 } else { 0xFFFF_FFFF };
            entry[72..76].copy_from_slice(&right.to_le_bytes());
            directory.push(entry);
        }
        directory.resize(4, [0; 128]);
        for (at, entry) in directory.iter().enumerate() {
            sectors[1][at * 128..][..128].copy_from_slice(entry);
        }
        next.resize(128, 0xFFFF_FFFF);
        for (at, sector) in next.iter().enumerate() {
            sectors[0][at * 4..][..4].copy_from_slice(&sector.to_le_bytes());
        }
        let mut header = vec![0; 512];
        header[..8].copy_from_slice(MAGIC);
        header[30] = 9;
        header[48] = 1;
        header[60..64].copy_from_slice(&[0xFE, 0xFF, 0xFF, 0xFF]);
        header[68..72].copy_from_slice(&[0xFE, 0xFF, 0xFF, 0xFF]);
        header[80..512].fill(0xFF);
        [header, sectors.concat()].concat()
    }

    fn named(name: &str, kind: u8, child: u32, start: u32, length: u32) -> [u8; 128] {
        let mut entry = [0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[at * 2..][..2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[66] = kind;
        entry[68..76].fill(0xFF);
        entry[76..80].copy_from_slice(&child.to_le_bytes());
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&length.to_le_bytes());
        entry
    }

    #[test]
    fn streams_are_found_by_name() {
        let long = vec![7; 5000];
        let bytes = compound(&[("Workbook", &long), ("其他", b"abc")]);
        let file = Compound::open(&bytes).expect("opens");
        assert_eq!(file.names().collect::<Vec<_>>(), ["Workbook", "其他"]);
        assert_eq!(file.stream("workbook").expect("there")[..5000], long);
        assert!(file.stream("其他").expect("there").starts_with(b"abc"));
        assert!(file.stream("Book").is_none());
    }

    #[test]
    fn damage_never_takes_more_memory_than_the_file_or_goes_on_for_ever() {
        let whole = compound(&[("Workbook", &vec![7; 5000])]);
        for at in 0..1024 {
            for value in [0, 1, 2, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] = value;
                let Some(file) = Compound::open(&bytes) else { continue };
                let stream = file.stream("Workbook").unwrap_or_default();
                assert!(stream.len() <= 2 * bytes.len());
            }
        }
        for cut in (0..whole.len()).step_by(50) {
            let _ = Compound::open(&whole[..cut]).map(|file| file.stream("Workbook"));
        }
    }
}
