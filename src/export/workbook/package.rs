//! The parts of a workbook's archive: some are read and changed, all others are copied as they are
//! packed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use encoding_rs::{UTF_16BE, UTF_16LE};
use zip::write::SimpleFileOptions;
use zip::{DateTime, ZipArchive, ZipWriter};

use crate::words::Words;

use super::unreadable;

/// The parts that are read may take this many bytes together, unpacked.
const MOST_BYTES: u64 = 512 << 20;

/// An archive whose parts can be read, and changed on the way out.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// The place of each part, by its path in lower case.
    places: BTreeMap<String, usize>,
    left: u64,
    changed: BTreeMap<usize, String>,
    added: BTreeMap<String, String>,
}

impl<'a> Package<'a> {
    /// Opens an archive.
    ///
    /// # Errors
    /// When the bytes are no archive, or one that claims more than it holds.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, Words> {
        if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(Words::new(
                "工作簿加了密码，或是 .xls 格式；请去掉密码，另存为 .xlsx 后再试",
                "the workbook has a password or is an .xls; take the password away, save it as .xlsx and try again",
            ));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
        let mut places = BTreeMap::new();
        let mut packed: u64 = 0;
        for index in 0..archive.len() {
            let part = archive.by_index_data(index).map_err(|error| unreadable(&error))?;
            packed = packed.saturating_add(part.compressed_size());
            let path = String::from_utf8_lossy(part.name_raw()).replace('\\', "/");
            places.entry(path.trim_start_matches('/').to_lowercase()).or_insert(index);
        }
        // Parts that share their bytes would make the copy larger than any memory.
        if packed > bytes.len() as u64 {
            return Err(unreadable(&"the parts of the archive overlap"));
        }
        let (changed, added) = (BTreeMap::new(), BTreeMap::new());
        Ok(Package { archive, places, left: MOST_BYTES, changed, added })
    }

    /// The text of a part; none when there is no such part.
    ///
    /// # Errors
    /// When it cannot be unpacked, is too large or is no text.
    pub fn text(&mut self, path: &str) -> Result<Option<String>, Words> {
        let Some(&index) = self.places.get(&path.to_lowercase()) else { return Ok(None) };
        let part = self.archive.by_index(index).map_err(|error| unreadable(&error))?;
        let declared = part.size();
        let Some(left) = self.left.checked_sub(declared) else {
            let most = MOST_BYTES >> 20;
            return Err(Words::new(
                format!("工作簿解开后超过 {most} MB；请删除多余的行列、工作表后再试"),
                format!(
                    "the workbook takes more than {most} MB unpacked; delete stray rows, columns and sheets and try again"
                ),
            ));
        };
        let mut bytes = Vec::new();
        part.take(declared + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        if bytes.len() as u64 != declared {
            return Err(unreadable(&format!("{path}: {} ≠ {declared}", bytes.len())));
        }
        self.left = left;
        decoded(bytes).map(Some)
    }

    /// Whether there is such a part.
    pub fn has(&self, path: &str) -> bool {
        self.places.contains_key(&path.to_lowercase()) || self.added.contains_key(path)
    }

    /// Puts another text in place of a part, or adds the part.
    pub fn put(&mut self, path: &str, text: String) {
        match self.places.get(&path.to_lowercase()) {
            Some(&index) => drop(self.changed.insert(index, text)),
            None => drop(self.added.insert(path.to_owned(), text)),
        }
    }

    /// The archive again: changed parts where they stood, new ones at the end, all others as they
    /// were packed.
    ///
    /// # Errors
    /// When a part cannot be copied.
    pub fn written(mut self) -> Result<Vec<u8>, Words> {
        let failed = |error: &dyn std::fmt::Display| unreadable(error);
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..self.archive.len() {
            let part = self.archive.by_index_raw(index).map_err(|error| failed(&error))?;
            match self.changed.get(&index) {
                None => out.raw_copy_file(part).map_err(|error| failed(&error))?,
                Some(text) => {
                    let name = part.name().map_err(|error| failed(&error))?.into_owned();
                    out.start_file(name, options).map_err(|error| failed(&error))?;
                    out.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
                }
            }
        }
        for (path, text) in &self.added {
            out.start_file(path, options).map_err(|error| failed(&error))?;
            out.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
        }
        Ok(out.finish().map_err(|error| failed(&error))?.into_inner())
    }
}

/// The bytes of a part as text: UTF-8, or UTF-16, which is written back as UTF-8.
fn decoded(bytes: Vec<u8>) -> Result<String, Words> {
    let utf16 = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] => Some(UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = utf16 {
        let text = encoding.decode_with_bom_removal(&bytes).0.into_owned();
        let end = text.find("?>").filter(|_| text.starts_with("<?xml")).map_or(0, |end| end + 2);
        return Ok(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{}", &text[end..]));
    }
    let text = String::from_utf8(bytes).map_err(|error| unreadable(&error.utf8_error()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_utf16_becomes_utf8() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>社</a>";
        let bytes = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes));
        let text = decoded(bytes.collect()).expect("text");
        assert_eq!(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>社</a>");
    }

    #[test]
    fn what_is_no_archive_is_refused_with_advice() {
        let open = |bytes| Package::open(bytes).map(|_| ()).expect_err("refused");
        assert!(open(b"PK\x03\x04 and no more").zh.contains("另存为"));
        assert!(open(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]).zh.contains("密码"));
    }

    #[test]
    fn a_part_that_claims_more_than_it_may_take_is_refused() {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        out.start_file("a.xml", SimpleFileOptions::default()).expect("started");
        out.write_all(&[b' '; 1000]).expect("written");
        let mut bytes = out.finish().expect("finished").into_inner();
        let claim = |bytes: &mut [u8], size: u32| {
            let entry =
                bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
            bytes[entry + 24..entry + 28].copy_from_slice(&size.to_le_bytes());
            Package::open(bytes).expect("opens").text("a.xml").expect_err("refused")
        };
        assert!(claim(&mut bytes, 0x7000_0000).zh.contains("512 MB"));
        assert!(claim(&mut bytes, 10).zh.contains("另存为"));
    }
}
