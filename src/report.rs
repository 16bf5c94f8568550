//! Reports print an audit: for the screen, for other programs, and one subject at a time.
//!
//! Each output file format is one file in this folder and one entry in [`FORMATS`]. A run folder
//! holds everything a later command needs to say the same again.

mod classes;
mod csv;
mod docx;
mod evidence;
mod explain;
mod fgb;
mod geojson;
mod gpkg;
mod html;
mod json;
mod layers;
mod paper;
mod parquet;
mod published;
mod ranking;
pub mod reading;
mod returned;
mod review;
mod rule_page;
mod run;
mod sarif;
mod sentence;
mod stages;
mod table;
mod template;
mod tenure;
mod terminal;
mod xlsx;
mod xml;

use std::collections::BTreeMap;
use std::path::Path;

pub use self::csv::{gb18030, read_frame, write_frame, write_frame_to};
pub use evidence::{Cell, Evidence};
pub use explain::explain;
pub use gpkg::geopackage;
pub use json::findings;
pub use json::rank::{Rank, rank_json};
pub use json::tenure::{Tenure, tenure_json};
pub use json::v1;
pub use paper::{Paper, Part, Said};
pub use ranking::{place, ranking};
pub use reading::stage_name;
pub use returned::{Returned, returned};
pub use review::{corrections, review};
pub use rule_page::rule_page;
pub use run::{Manifest, load, save};
pub use sentence::{cure, division, finding, name};
pub use stages::{in_place, matrix};
pub use table::Grid;
pub use template::{MARKER, sheet_name, template};
pub use tenure::tenure;
pub use terminal::summary;
pub use xlsx::{Columns, ledger};

use crate::audit::Audit;
use crate::error::{Error, Result};
use crate::plan::{Ranking, Tenures};
use crate::words::{Lang, Words};

/// What the reports say of a run beside its results.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The project's name.
    pub name: String,
    /// What the place is called.
    pub place_name: Option<String>,
}

impl Heading {
    /// What places are called, by their codes: the project's own, and the divisions that are listed.
    ///
    /// # Errors
    /// When the table engine fails, which would be a defect.
    pub fn names_of_places(&self, audit: &Audit) -> Result<BTreeMap<String, String>> {
        let divisions = audit.inventory.table("divisions");
        let (codes, names) = (divisions.column("code")?.str()?, divisions.column("name")?.str()?);
        let of_project =
            self.place_name.as_ref().map(|name| (audit.question.place.to_string(), name.clone()));
        let listed = codes.iter().zip(names.iter());
        let listed = listed.filter_map(|(code, name)| Some((code?.to_owned(), name?.to_owned())));
        Ok(of_project.into_iter().chain(listed).collect())
    }
}

/// An audit with all that stands beside it in a report.
#[derive(Debug)]
pub struct Reported<'a> {
    /// The audit.
    pub audit: &'a Audit,
    /// What is said of the run.
    pub heading: &'a Heading,
    /// Rented against owned.
    pub tenures: Option<Tenures>,
    /// The ranking by the project's score sheet.
    pub ranking: Option<Ranking>,
}

impl<'a> Reported<'a> {
    /// An audit alone.
    pub fn of(audit: &'a Audit, heading: &'a Heading) -> Reported<'a> {
        Reported { audit, heading, tenures: None, ranking: None }
    }
}

/// A file an audit can be written as.
#[derive(Debug)]
pub struct Format {
    /// The file's ending.
    pub extension: &'static str,
    /// What it holds.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// Its bytes.
    pub write: fn(&Reported<'_>, Lang) -> Result<Vec<u8>>,
}

/// All formats.
pub const FORMATS: &[&Format] = &[
    &json::FORMAT,
    &csv::FORMAT,
    &geojson::FORMAT,
    &html::FORMAT,
    &gpkg::FORMAT,
    &fgb::FORMAT,
    &parquet::FORMAT,
    &sarif::FORMAT,
    &xml::FORMAT,
    &xlsx::FORMAT,
    &docx::FORMAT,
];

/// Writes an audit to a file, in the format its ending names.
///
/// # Errors
/// [`Error::Refused`] for an unknown ending; [`Error::Write`] when the disk fails.
pub fn write(reported: &Reported<'_>, path: &Path, lang: Lang) -> Result<()> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let format = FORMATS.iter().find(|format| Some(format.extension) == extension.as_deref());
    let Some(format) = format else {
        let known: Vec<String> =
            FORMATS.iter().map(|format| format!(".{}", format.extension)).collect();
        let (path, known) = (path.display(), known.join(", "));
        return Err(Error::Refused(Words::new(
            format!("{path}：不认识的输出格式；可用：{known}"),
            format!("{path}: unknown output format; accepted: {known}"),
        )));
    };
    replace(path, &(format.write)(reported, lang)?)
}

/// A temporary file that others may read as the user's settings say, not only its owner.
fn temporary() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

/// Writes a file whole or not at all: to a temporary name beside it, then renamed.
///
/// # Errors
/// [`Error::Write`] when the disk fails.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    replace_with(path, |file| std::io::Write::write_all(file, bytes).map_err(Error::write(path)))
}

/// The same for what is written bit by bit.
///
/// # Errors
/// [`Error::Write`] when the disk fails, and whatever `write` gives.
pub fn replace_with(
    path: &Path,
    write: impl FnOnce(&mut std::io::BufWriter<&mut tempfile::NamedTempFile>) -> Result<()>,
) -> Result<()> {
    let folder =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(Error::write(folder))?;
    let mut file = temporary().tempfile_in(folder).map_err(Error::write(path))?;
    let mut buffered = std::io::BufWriter::with_capacity(1 << 20, &mut file);
    write(&mut buffered)?;
    std::io::Write::flush(&mut buffered).map_err(Error::write(path))?;
    drop(buffered);
    file.persist(path).map_err(|error| Error::write(path)(error.error))?;
    Ok(())
}
