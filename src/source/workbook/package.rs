//! Zip containers of office files: which format one is, and its parts, unpacked within bounds.

use std::collections::BTreeMap;
use std::io::{Cursor, Error as IoError, Read as IoRead};

use zip::ZipArchive;

use super::broken;
use super::markup::{attribute, xml};
use crate::source::{Opened, Read};

/// A sheet as the workbook lists it.
pub struct Entry {
    pub name: String,
    pub is_hidden: bool,
    /// The id of the link to its part.
    pub link: String,
}

/// What the workbook says of itself.
#[derive(Default)]
pub struct Contents {
    pub sheets: Vec<Entry>,
    pub since_1904: bool,
}

/// Parts may unpack to so many times the file's size, and always to the second figure, but never to
/// more than the third: a small archive can hold endless text.
const MOST_TIMES: u64 = 200;
const ALWAYS: u64 = 64 << 20;
const NEVER: u64 = 2 << 30;

/// The formats an office container can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A workbook of XML parts.
    Xlsx,
    /// A workbook of binary parts.
    Xlsb,
    /// A sheet of OpenDocument.
    Ods,
    /// A document of Word.
    Docx,
}

/// Tells the format by the names of the parts; of a damaged archive by names that stand in it.
pub fn kind_of(bytes: &[u8]) -> Option<Kind> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return kind_of_damaged(bytes);
    };
    let names: Vec<String> = archive.file_names_raw().map(tidy).collect();
    let any = |start: &str| names.iter().any(|name| name.starts_with(start));
    if any("xl/workbook.bin") {
        return Some(Kind::Xlsb);
    }
    // A document may hold a workbook as one of its parts, but never unpacked.
    if any("word/") {
        return Some(Kind::Docx);
    }
    if any("xl/") {
        return Some(Kind::Xlsx);
    }
    let position = |wanted: &str| names.iter().position(|name| name == wanted);
    let mut kind = String::new();
    let part = archive.by_index(position("mimetype")?).ok()?;
    part.take(100).read_to_string(&mut kind).ok()?;
    let is_sheet = kind.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet");
    (is_sheet && position("content.xml").is_some()).then_some(Kind::Ods)
}

fn kind_of_damaged(bytes: &[u8]) -> Option<Kind> {
    let marks: [(&[u8], Kind); 4] = [
        (b"xl/workbook.bin", Kind::Xlsb),
        (b"word/document.xml", Kind::Docx),
        (b"xl/", Kind::Xlsx),
        (b"opendocument.spreadsheet", Kind::Ods),
    ];
    let holds = |mark: &[u8]| bytes.windows(mark.len()).any(|window| window == mark);
    marks.into_iter().find(|(mark, _)| holds(mark)).map(|(_, kind)| kind)
}

/// A name as parts are looked up by: some writers differ in case or slashes.
fn tidy(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
    name.trim_start_matches('/').to_owned()
}

/// An opened container.
pub struct Package<'f> {
    file: &'f str,
    archive: ZipArchive<Cursor<&'f [u8]>>,
    places: BTreeMap<String, usize>,
    left: u64,
}

/// One link of a part to another.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// What it is: the last word of its type, such as `worksheet`.
    pub kind: String,
    /// The name of the other part.
    pub target: String,
}

impl<'f> Package<'f> {
    /// Opens a container.
    ///
    /// # Errors
    /// When it is no archive.
    pub fn open(file: &'f Opened) -> Read<Package<'f>> {
        let archive = ZipArchive::new(Cursor::new(file.bytes.as_slice()))
            .map_err(|error| broken(&file.name, &error))?;
        let names: Vec<String> = archive.file_names_raw().map(tidy).collect();
        let places = names.into_iter().enumerate().map(|(index, name)| (name, index)).collect();
        let size = file.bytes.len() as u64;
        let left = size.saturating_mul(MOST_TIMES).clamp(ALWAYS, NEVER);
        Ok(Package { file: &file.name, archive, places, left })
    }

    /// A part as a stream of bytes, none if there is no part of that name.
    ///
    /// # Errors
    /// When it is packed in an unknown way, or encrypted.
    pub fn part(&mut self, name: &str) -> Read<Option<Part<'_>>> {
        let Some(&index) = self.places.get(&tidy(name.as_bytes())) else {
            return Ok(None);
        };
        let inner = self.archive.by_index(index).map_err(|error| broken(self.file, &error))?;
        Ok(Some(Part { inner: Box::new(inner), left: &mut self.left }))
    }

    /// The links of a part by their ids; those of the whole container for an empty name.
    ///
    /// # Errors
    /// When their list is damaged.
    pub fn links(&mut self, name: &str) -> Read<BTreeMap<String, Link>> {
        let (folder, base) = name.rsplit_once('/').unwrap_or(("", name));
        let slash = if folder.is_empty() { "" } else { "/" };
        let list = format!("{folder}{slash}_rels/{base}.rels");
        let file = self.file;
        let mut links = BTreeMap::new();
        let Some(part) = self.part(&list)? else {
            return Ok(links);
        };
        let mut xml = xml(file, part);
        loop {
            match xml.next()? {
                quick_xml::events::Event::Start(start)
                    if start.local_name().as_ref() == "Relationship" =>
                {
                    let of = |name| attribute(&start, name).unwrap_or_default();
                    let kind = of("Type").rsplit('/').next().unwrap_or_default().to_owned();
                    let target = resolved(folder, &of("Target"));
                    links.insert(of("Id").into_owned(), Link { kind, target });
                }
                quick_xml::events::Event::Eof => return Ok(links),
                _ => {}
            }
        }
    }

    /// The name of the main part: that which the container says, else the usual one.
    ///
    /// # Errors
    /// When the container's list of links is damaged.
    pub fn main_part(&mut self, usual: &str) -> Read<String> {
        let links = self.links("")?;
        let main = links.into_values().find(|link| link.kind == "officeDocument");
        Ok(main.map_or_else(|| usual.to_owned(), |link| link.target))
    }
}

/// A target relative to the folder of the part that links to it.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|piece| !piece.is_empty()).collect();
    for piece in target.split(['/', '\\']) {
        match piece {
            "" | "." => {}
            ".." => drop(path.pop()),
            piece => path.push(piece),
        }
    }
    path.join("/")
}

/// The bytes of a part; all parts together give no more than the package may hold.
pub struct Part<'p> {
    inner: Box<dyn IoRead + 'p>,
    left: &'p mut u64,
}

impl IoRead for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        *self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| IoError::other("it unpacks to far more than its size"))?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn zipped(parts: &[(&str, &[u8])]) -> Opened {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(*name, options).expect("started");
            writer.write_all(bytes).expect("written");
        }
        let bytes = writer.finish().expect("finished").into_inner();
        Opened { name: "a".into(), bytes, ..Opened::default() }
    }

    #[test]
    fn a_container_is_told_by_its_parts() {
        let kind = |parts: &[(&str, &[u8])]| kind_of(&zipped(parts).bytes);
        assert_eq!(kind(&[("xl/workbook.xml", b"-")]), Some(Kind::Xlsx));
        assert_eq!(kind(&[("XL\\Workbook.xml", b"-")]), Some(Kind::Xlsx));
        assert_eq!(kind(&[("xl/workbook.bin", b"-")]), Some(Kind::Xlsb));
        assert_eq!(kind(&[("word/document.xml", b"-")]), Some(Kind::Docx));
        let mime: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
        assert_eq!(kind(&[("mimetype", mime), ("content.xml", b"-")]), Some(Kind::Ods));
        let text: &[u8] = b"application/vnd.oasis.opendocument.text";
        assert_eq!(kind(&[("mimetype", text), ("content.xml", b"-")]), None);
        assert_eq!(kind(&[("a.txt", b"-")]), None);
        let whole = zipped(&[("xl/workbook.xml", b"-")]).bytes;
        assert_eq!(kind_of(&whole[..60]), Some(Kind::Xlsx));
    }

    #[test]
    fn links_are_found_from_the_folder_of_their_part() {
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "/xl/styles.xml"), "xl/styles.xml");
        assert_eq!(resolved("xl/worksheets", "../a\\./b.xml"), "xl/a/b.xml");
        assert_eq!(resolved("", "xl/workbook.xml"), "xl/workbook.xml");
    }

    #[test]
    fn a_part_that_unpacks_to_too_much_ends_in_an_error() {
        let file = zipped(&[("xl/a", &vec![0; 65 << 20])]);
        let mut package = Package::open(&file).expect("opens");
        let mut part = package.part("xl/a").expect("found").expect("there");
        let error = std::io::copy(&mut part, &mut std::io::sink()).expect_err("too much");
        assert!(error.to_string().contains("far more"));
    }
}
