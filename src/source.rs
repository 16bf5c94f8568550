//! Files become grids of text cells; nothing is interpreted here.
//!
//! A file's format is found by its content first and its name second. Each format is one file in
//! this folder and one entry in [`FORMATS`].

mod csv;
mod encoding;
mod xlsx;

use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::layer::Grid;

/// A file format that can be read.
#[derive(Debug)]
pub struct Format {
    /// A short name: `csv`, `xlsx`.
    pub name: &'static str,
    /// Usual file name endings, in lower case.
    pub extensions: &'static [&'static str],
    /// Whether these bytes are of this format, as far as content can tell.
    pub recognises: fn(&[u8]) -> bool,
    /// Reads all tables of the file; the name is for messages.
    pub read: fn(&str, &[u8]) -> Result<Vec<Grid>>,
}

/// All formats, the more specific before the more general.
pub const FORMATS: &[&Format] = &[&xlsx::FORMAT, &csv::FORMAT];

/// A file that has been read: its grids and what identifies its content.
#[derive(Debug, Clone)]
pub struct ReadFile {
    /// The file's name without folders.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The format it was read as.
    pub format: &'static str,
    /// Its tables, in order.
    pub grids: Vec<Grid>,
}

/// Reads a file of any known format.
///
/// # Errors
/// [`Error::Read`] when the disk fails; [`Error::Refused`] when the content is of no known format
/// or is damaged, naming what would be accepted.
pub fn read(path: &Path) -> Result<ReadFile> {
    let bytes = std::fs::read(path).map_err(Error::read(path))?;
    let name = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    refuse_known_strangers(&name, &bytes)?;
    let format = FORMATS
        .iter()
        .find(|format| (format.recognises)(&bytes))
        .ok_or_else(|| unknown_format(&name))?;
    Ok(ReadFile {
        sha256: sha256(&bytes),
        format: format.name,
        grids: (format.read)(&name, &bytes)?,
        name,
    })
}

/// SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Formats users do hold but that cannot be read: say what helps instead of failing on a byte.
fn refuse_known_strangers(name: &str, bytes: &[u8]) -> Result<()> {
    let compound = bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]);
    let pdf = bytes.starts_with(b"%PDF");
    if compound {
        Err(Error::refused(
            format!(
                "{name}：这是 Office 97–2003 文件（或加密的工作簿），本版本不能读取；请在 Excel 或 WPS 中去掉密码并另存为 .xlsx"
            ),
            format!(
                "{name}: an Office 97–2003 file (or an encrypted workbook), which this version does not read; remove any password and save it as .xlsx in Excel or WPS"
            ),
        ))
    } else if pdf {
        Err(Error::refused(
            format!("{name}：这是 PDF；请索取原始表格（.xlsx 或 .csv）"),
            format!("{name}: a PDF; ask for the table behind it (.xlsx or .csv)"),
        ))
    } else {
        Ok(())
    }
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
            .filter(|stem| stem != "encoding")
            .collect();
        files.sort();
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
            read(&path).expect_err("refused").words().en
        };
        assert!(refused(&[0xD0, 0xCF, 0x11, 0xE0, 1]).contains("save it as .xlsx"));
        assert!(refused(b"%PDF-1.7").contains("ask for the table"));
        assert!(refused(&[0, 1, 2, 0xFF]).contains("accepted: .xlsx, .xlsm, .csv"));
    }
}
