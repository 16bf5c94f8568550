//! Zipped shapefiles: every set of shapefile parts in an archive is read as if it were unpacked.
//!
//! Names are UTF-8 where the archive says so or where they prove to be; else GBK, which Windows
//! writes in China. What an archive claims of its sizes is held against it while it is unpacked.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use encoding_rs::GB18030;
use zip::ZipArchive;

use crate::layer::Grid;
use crate::source::{Format, Opened, Read, shapefile};
use crate::words::Words;

/// All parts together may take this many bytes, unpacked.
const MOST_BYTES: u64 = 4 << 30;

/// The parts of a shapefile that are unpacked; an archive may hold much else.
const PARTS: [&str; 5] = ["shp", "shx", "dbf", "prj", "cpg"];

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The format, for the list of all.
pub const FORMAT: Format = Format { name: "zipped", extensions: &["zip"], recognises, read };

/// Whether these bytes are an archive with a `.shp` in it, which no workbook has.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| !sets(&archive).is_empty())
}

/// Reads every shapefile of the archive; each grid is named like its `.shp`.
///
/// # Errors
/// When the archive is damaged, encrypted or too large, when it holds no `.shp`, and when one of its
/// shapefiles cannot be read.
pub fn read(opened: &Opened) -> Read<Vec<Grid>> {
    read_within(opened, MOST_BYTES)
}

fn read_within(opened: &Opened, most_bytes: u64) -> Read<Vec<Grid>> {
    let name = &opened.name;
    let mut archive = ZipArchive::new(Cursor::new(opened.bytes.as_slice())).map_err(|error| {
        Words::new(
            format!("{name}：压缩包无法打开：{error}；请重新压缩，或解压后读取 .shp"),
            format!("{name}: the archive cannot be opened: {error}; zip it again, or unpack it and read the .shp"),
        )
    })?;
    let sets = sets(&archive);
    if sets.is_empty() {
        return Err(Words::new(
            format!("{name}：压缩包中没有 .shp；应含 .shp 及同名的 .dbf、.shx、.prj"),
            format!(
                "{name}: no .shp in the archive; a .shp with its .dbf, .shx and .prj is accepted"
            ),
        ));
    }
    let mut unpacking = Unpacking { name, left: most_bytes, most: most_bytes };
    let mut grids = Vec::new();
    for set in sets {
        let member = unpacking.set(&mut archive, &set, opened.encoding.clone())?;
        for mut grid in shapefile::read(&member)? {
            grid.sheet = Some(set.name.clone());
            grids.push(grid);
        }
    }
    Ok(grids)
}

/// The members of an archive that make one shapefile.
struct Set {
    /// The name of its `.shp` without ending, with its folders if another has the same.
    name: String,
    /// The place of each part in the archive, by ending in lower case.
    parts: BTreeMap<String, usize>,
}

/// All shapefiles of an archive in its order. Endings and names may differ in case.
fn sets(archive: &Archive<'_>) -> Vec<Set> {
    let mut parts: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let mut stems = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { continue };
        let says_utf8 = entry.flags().as_u16() & 0x0800 != 0;
        let path = path(entry.name_raw(), says_utf8);
        let Some((stem, ending)) = part_of_path(&path) else { continue };
        let set = parts.entry(stem.to_lowercase()).or_default();
        if !set.contains_key(&ending) {
            set.insert(ending.clone(), index);
            if ending == "shp" {
                stems.push(stem.to_owned());
            }
        }
    }
    let file = |stem: &str| stem.rsplit('/').next().unwrap_or(stem).to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for stem in &stems {
        *counts.entry(file(stem)).or_default() += 1;
    }
    let set = |stem: String| {
        let is_alone = counts.get(&file(&stem)) == Some(&1);
        Set {
            parts: parts.remove(&stem.to_lowercase()).unwrap_or_default(),
            name: if is_alone { file(&stem) } else { stem },
        }
    };
    stems.into_iter().map(set).collect()
}

/// A member's path, with `/` between folders.
fn path(raw: &[u8], says_utf8: bool) -> String {
    // Three bytes for one character do not come about in GBK by chance, two bytes may.
    let proves = |text: &&str| says_utf8 || text.chars().any(|c| c >= '\u{800}');
    let text = match std::str::from_utf8(raw).ok().filter(proves) {
        Some(text) => text.to_owned(),
        None => GB18030.decode_without_bom_handling(raw).0.into_owned(),
    };
    text.replace('\\', "/")
}

/// The path without its ending, and the ending, of a part of a shapefile. The companions that macOS
/// adds for its own use have the same endings and are none.
fn part_of_path(path: &str) -> Option<(&str, String)> {
    let (stem, ending) = path.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    let file = stem.rsplit('/').next().unwrap_or(stem);
    let is_companion = file.starts_with("._") || stem.starts_with("__MACOSX/");
    (PARTS.contains(&ending.as_str()) && !is_companion).then_some((stem, ending))
}

/// Takes members out of an archive, up to a number of bytes.
struct Unpacking<'a> {
    name: &'a str,
    left: u64,
    most: u64,
}

impl Unpacking<'_> {
    fn set(
        &mut self,
        archive: &mut Archive<'_>,
        set: &Set,
        encoding: Option<String>,
    ) -> Read<Opened> {
        let mut parts = BTreeMap::new();
        for (ending, index) in &set.parts {
            let member = format!("{}!{}.{ending}", self.name, set.name);
            parts.insert(ending.clone(), self.member(archive, *index, &member)?);
        }
        let bytes = parts.remove("shp").unwrap_or_default();
        Ok(Opened { name: format!("{}!{}.shp", self.name, set.name), bytes, parts, encoding })
    }

    fn member(&mut self, archive: &mut Archive<'_>, index: usize, name: &str) -> Read<Vec<u8>> {
        let damaged = |error: &dyn std::fmt::Display| {
            Words::new(
                format!("{name}：无法解开：{error}；请重新压缩（不加密），或解压后读取 .shp"),
                format!(
                    "{name}: cannot be unpacked: {error}; zip it again without a password, or unpack it and read the .shp"
                ),
            )
        };
        let member = archive.by_index(index).map_err(|error| damaged(&error))?;
        let declared = member.size();
        self.left = self.left.checked_sub(declared).ok_or_else(|| {
            let most = self.most >> 20;
            Words::new(
                format!("{name}：压缩包解开后超过 {most} MB；请解压后读取 .shp"),
                format!(
                    "{name}: the archive holds more than {most} MB; unpack it and read the .shp"
                ),
            )
        })?;
        let mut bytes = Vec::new();
        let one_more = declared.saturating_add(1);
        member.take(one_more).read_to_end(&mut bytes).map_err(|error| damaged(&error))?;
        if bytes.len() as u64 == declared {
            Ok(bytes)
        } else {
            Err(damaged(&format!("{} ≠ {declared}", bytes.len())))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use encoding_rs::GBK;
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;
    use crate::source::shapefile::sample::{names, point, rows, shp};

    /// An archive of these members; names are written as UTF-8.
    fn zipped(members: &[(&str, &[u8])]) -> Opened {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).expect("started");
            writer.write_all(bytes).expect("written");
        }
        let bytes = writer.finish().expect("finished").into_inner();
        Opened { name: "数据.zip".to_owned(), bytes, ..Opened::default() }
    }

    fn one_point(x: f64) -> Vec<u8> {
        shp(&[point(1, x, 0.0, &[])]).0
    }

    /// Puts the GBK bytes of a name in place of an ASCII one of the same length.
    fn renamed(mut archive: Opened, from: &str, to: &str) -> Opened {
        let to = GBK.encode(to).0;
        assert_eq!(from.len(), to.len());
        for start in 0..archive.bytes.len() - from.len() {
            if &archive.bytes[start..start + from.len()] == from.as_bytes() {
                archive.bytes[start..start + from.len()].copy_from_slice(&to);
            }
        }
        archive
    }

    #[test]
    fn each_shapefile_of_an_archive_is_a_grid_with_its_name() {
        let (a, b) = (names(0, b"ID", &[b"a"]), names(0, b"ID", &[b"b"]));
        let archive = zipped(&[
            ("说明.txt", b"-"),
            ("图层/小区.shp", &one_point(1.0)),
            ("图层/小区.dbf", &a),
            ("图层/小区.prj", b"GEOGCS[]"),
            ("B.SHP", &one_point(2.0)),
            ("b.Dbf", &b),
            ("__MACOSX/图层/._小区.shp", b"-"),
        ]);
        assert!(recognises(&archive.bytes));
        let grids = read(&archive).expect("reads");
        let found: Vec<_> = grids.iter().map(|grid| (grid.sheet.as_deref(), rows(grid))).collect();
        assert_eq!(
            found,
            [(Some("小区"), vec![vec!["ID"], vec!["a"]]), (Some("B"), vec![vec!["ID"], vec!["b"]]),]
        );
    }

    #[test]
    fn names_that_occur_twice_keep_their_folders() {
        let (a, b) = (one_point(1.0), one_point(2.0));
        let grids = read(&zipped(&[("东/小区.shp", &a), ("西/小区.shp", &b)])).expect("reads");
        let sheets: Vec<_> = grids.iter().filter_map(|grid| grid.sheet.as_deref()).collect();
        assert_eq!(sheets, ["东/小区", "西/小区"]);
    }

    #[test]
    fn names_in_gbk_are_read() {
        let table = names(0, b"ID", &[b"a"]);
        let archive = zipped(&[("abcdefgh.shp", &one_point(1.0)), ("abcdefgh.dbf", &table)]);
        let archive = renamed(archive, "abcdefgh", "社区边界");
        let grids = read(&archive).expect("reads");
        assert_eq!(grids[0].sheet.as_deref(), Some("社区边界"));
        assert_eq!(grids[0].cell(1, 0), "a");
    }

    #[test]
    fn an_archive_without_shapes_is_another_format() {
        let workbook = zipped(&[("[Content_Types].xml", b"-"), ("xl/workbook.xml", b"-")]);
        assert!(!recognises(&workbook.bytes));
        assert!(read(&workbook).expect_err("refused").zh.contains("没有 .shp"));
        assert!(!recognises(b"PK\x03\x04"));
        assert!(!recognises(b""));
    }

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_refused() {
        let shp = [one_point(1.0), vec![0; 3 << 20]].concat();
        let archive = zipped(&[("a.shp", &shp)]);
        assert!(archive.bytes.len() < 10_000);
        let error = read_within(&archive, 2 << 20).expect_err("refused").zh;
        assert!(error.contains("超过 2 MB"), "{error}");
        assert!(read_within(&archive, 4 << 20).is_ok());
    }

    #[test]
    fn a_member_that_holds_more_than_it_declares_is_refused() {
        let mut archive = zipped(&[("a.shp", &[one_point(1.0), vec![0; 100_000]].concat())]);
        let size = 100_128u32.to_le_bytes();
        let mut changed = 0;
        for start in 0..archive.bytes.len() - 4 {
            if archive.bytes[start..start + 4] == size {
                archive.bytes[start..start + 4].copy_from_slice(&500u32.to_le_bytes());
                changed += 1;
            }
        }
        assert!(changed >= 1);
        let error = read(&archive).expect_err("refused").zh;
        assert!(error.starts_with("数据.zip!a.shp：无法解开"), "{error}");
    }

    #[test]
    fn a_damaged_archive_is_refused_and_says_what_helps() {
        let whole = zipped(&[("a.shp", &one_point(1.0))]).bytes;
        for cut in 0..whole.len() {
            let opened = Opened { bytes: whole[..cut].to_vec(), ..Opened::default() };
            assert!(!recognises(&opened.bytes));
            assert!(read(&opened).expect_err("refused").en.contains("unpack"), "{cut}");
        }
        for at in 0..whole.len() {
            for change in [1, 0x80, 0xFF] {
                let mut bytes = whole.clone();
                bytes[at] ^= change;
                let _ = read(&Opened { bytes, ..Opened::default() });
            }
        }
    }
}
