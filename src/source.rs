//! Files become grids of text cells; nothing is interpreted here.
//!
//! A file's format is found by its content first and its name second. Each format is one file in
//! this folder and one entry in [`FORMATS`].

mod bytes;
mod compound;
mod csv;
mod dbf;
mod delimited_points;
mod docx;
mod encoding;
mod entity;
mod features;
mod flatgeobuf;
mod geojson;
mod geojsonl;
mod geopackage;
mod kml;
mod ods;
pub mod outgoing;
mod parquet;
#[cfg(feature = "postgis")]
pub mod postgis;
mod server;
mod shape_column;
pub(crate) mod shapefile;
mod strangers;
mod text;
mod workbook;
mod xls;
mod xlsb;
mod xlsx;
mod zipped;

use std::collections::BTreeMap;
use std::path::Path;

pub use delimited_points::points_of;
pub use flatgeobuf::write_flatgeobuf;
pub use geopackage::write as write_geopackage;
pub use outgoing::srs::Srs;
pub use outgoing::{Cells, OutField, OutLayer};
pub use parquet::{Writer as ParquetWriter, write as write_parquet};
pub use server::{located, shown};

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::layer::Grid;
use crate::words::Words;

/// A file that has been opened: its bytes, and those of the files that belong to it.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// Its name without folders.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Files of the same name with another ending, by ending in lower case: `dbf`, `prj`, `cpg`.
    pub parts: BTreeMap<String, Vec<u8>>,
    /// The encoding of its text, where the user names it.
    pub encoding: Option<String>,
}

/// What a reader gives: its grids, or why there are none.
pub type Read<T> = std::result::Result<T, Words>;

/// A file format that can be read.
#[derive(Debug)]
pub struct Format {
    /// A short name: `csv`, `xlsx`.
    pub name: &'static str,
    /// Usual file name endings, in lower case.
    pub extensions: &'static [&'static str],
    /// Whether these bytes are of this format, as far as content can tell.
    pub recognises: fn(&[u8]) -> bool,
    /// Reads all tables of the file.
    pub read: fn(&Opened) -> Read<Vec<Grid>>,
}

/// All formats, the more specific before the more general.
pub const FORMATS: &[&Format] = &[
    &zipped::FORMAT,
    &kml::FORMAT,
    &xlsx::FORMAT,
    &xlsb::FORMAT,
    &xls::FORMAT,
    &ods::FORMAT,
    &docx::FORMAT,
    &shapefile::FORMAT,
    &geopackage::FORMAT,
    &parquet::FORMAT,
    &flatgeobuf::FORMAT,
    &geojsonl::FORMAT,
    &geojson::FORMAT,
    &csv::FORMAT,
];

/// A file that has been read: its grids and what identifies its content.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// The file's name without folders.
    pub name: String,
    /// SHA-256 of its bytes and of the files that belong to it, in hexadecimal.
    pub sha256: String,
    /// The format it was read as.
    pub format: &'static str,
    /// Its tables, in order.
    pub grids: Vec<Grid>,
}

/// Reads a file of any known format; `encoding` is that of its text, where the user names it.
///
/// # Errors
/// [`Error::Read`] when the disk fails; [`Error::Refused`] when the content is of no known format
/// or is damaged, naming what would be accepted.
pub fn read(path: &Path, encoding: Option<&str>) -> Result<ReadFile> {
    if server::is_server(path) {
        return server::read(path);
    }
    let opened = open(path, encoding)?;
    let format = FORMATS
        .iter()
        .find(|format| (format.recognises)(&opened.bytes))
        .ok_or_else(|| unknown_format(&opened.name))?;
    let mut grids = (format.read)(&opened).map_err(Error::Refused)?;
    for grid in grids.iter_mut().filter(|grid| grid.shapes.is_some()) {
        let stem = || path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        grid.called = grid.sheet.clone().or_else(stem);
    }
    Ok(ReadFile { sha256: hash(&opened), format: format.name, grids, name: opened.name })
}

/// Opens a file and the files that belong to it.
fn open(path: &Path, encoding: Option<&str>) -> Result<Opened> {
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    strangers::refuse_folder(path, &name)?;
    let bytes = std::fs::read(path).map_err(Error::read(path))?;
    strangers::refuse(&name, &bytes)?;
    let encoding = encoding.map(str::to_owned);
    let parts = if has_parts(path) { parts(path) } else { BTreeMap::new() };
    Ok(Opened { name, bytes, parts, encoding })
}

/// A shapefile is several files; other formats are one.
fn has_parts(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp"))
}

/// The files of the same name with another ending, whatever the case of either.
fn parts(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase());
    let mut found: Vec<std::path::PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|part| part.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()) == stem)
        .collect();
    // `A.DBF` beside `a.dbf`: the one that bears the name in the same case comes last and is kept.
    found.sort_by_key(|part| part.file_stem() == path.file_stem());
    let ending = |part: &Path| part.extension().map(|end| end.to_string_lossy().to_lowercase());
    let wanted = ["dbf", "shx", "prj", "cpg"];
    let read = |part: &std::path::PathBuf| {
        let ending = ending(part).filter(|ending| wanted.contains(&ending.as_str()))?;
        Some((ending, std::fs::read(part).ok()?))
    };
    found.iter().filter_map(read).collect()
}

/// What identifies the content of a file and of those that belong to it.
fn hash(opened: &Opened) -> String {
    if opened.parts.is_empty() {
        return sha256(&opened.bytes);
    }
    let mut digest = Sha256::new();
    digest.update(&opened.bytes);
    for (ending, bytes) in &opened.parts {
        digest.update(ending.as_bytes());
        digest.update(bytes);
    }
    hexadecimal(&digest.finalize())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn unknown_format(name: &str) -> Error {
    let known: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| format.extensions.iter().map(|extension| format!(".{extension}")))
        .collect();
    let known = known.join(", ");
    Error::refused(
        format!("{name}：内容不是可识别的格式；可读取：{known}"),
        format!("{name}: the content is of no known format; accepted: {known}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_registered_format_or_a_helper() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("readable").path())
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .filter(|stem| {
                ![
                    "bytes",
                    "compound",
                    "dbf",
                    "delimited_points",
                    "encoding",
                    "entity",
                    "features",
                    "outgoing",
                    "postgis",
                    "server",
                    "shape_column",
                    "strangers",
                    "text",
                    "workbook",
                ]
                .contains(&stem.as_str())
            })
            .collect();
        files.sort();
        files.dedup();
        let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        names.sort_unstable();
        assert_eq!(files, names);
    }

    #[test]
    fn a_stranger_is_told_what_would_be_accepted() {
        let folder = tempfile::tempdir().expect("a folder");
        let refused = |bytes: &[u8]| {
            let path = folder.path().join("a.dat");
            std::fs::write(&path, bytes).expect("written");
            read(&path, None).expect_err("refused").words().en
        };
        assert!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 1]).contains("save it as .xlsx"));
        assert!(refused(b"%PDF-1.7").contains("ask for the table"));
        assert!(refused(b"AC1032\0\0").contains("ogr2ogr"));
        assert!(refused(b"Version 300\nCharset").contains("ogr2ogr"));
        assert!(refused(&[0, 1, 2, 0xFF]).contains("accepted: .zip, .kml"));
    }
}
