//! `audit.fgb`: all that has a place as one FlatGeobuf layer.

use crate::error::Error;
use crate::export::shapefile::Coding;

use super::Format;
use super::layers::{layers, together};

pub const FORMAT: Format = Format {
    extension: "fgb",
    zh: "FlatGeobuf：有位置的对象及其结论，一个图层",
    en: "FlatGeobuf: what has a place, with its verdicts, as one layer",
    write: |reported, lang| one(reported.audit, "fgb", lang),
};

/// The one layer in a format that holds one.
///
/// # Errors
/// When the table engine fails, which would be a defect, or the format cannot hold it.
pub fn one(
    audit: &crate::audit::Audit,
    ending: &str,
    lang: crate::words::Lang,
) -> crate::error::Result<Vec<u8>> {
    let layer = together(&layers(audit, lang)?, lang);
    let files = crate::export::files(&[layer], ending, Coding::Utf8).map_err(Error::Refused)?;
    Ok(files.files.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default())
}
