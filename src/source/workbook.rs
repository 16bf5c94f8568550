//! What the readers of office tables share: one way from a cell to its text, whatever the format.
//!
//! A reader opens its container ([`package`] or [`compound`](super::compound)), walks its cells and
//! puts each into a [`Sheet`], which bounds them, tells garbled text and becomes a grid. What a
//! number looks like on screen, and so whether it is a day, a month or a share, is a [`Look`].

mod address;
mod binary;
mod garbled;
mod look;
mod markup;
mod number;
mod package;
mod sheet;

pub(super) use address::{MOST_COLUMNS, MOST_ROWS, cell_of, range_of};
pub(super) use binary::{error_named, short_number};
pub(super) use look::{Look, MOST_STYLES, Precision, looks_of};
pub(super) use markup::{Xml, attribute, decoded, flag, push_text, xml};
pub(super) use number::day_of;
pub(super) use package::{Contents, Entry, Kind, Package, Part, kind_of};
pub(super) use sheet::{Book, Sheet};

#[cfg(test)]
pub(super) mod tests;

use crate::layer::Grid;
use crate::words::Words;

use super::{Opened, Read};

/// Reads a file so that a panic of a crate that decodes it becomes a refusal.
pub(super) fn guarded(file: &Opened, read: fn(&Opened) -> Read<Vec<Grid>>) -> Read<Vec<Grid>> {
    let work = std::panic::AssertUnwindSafe(|| read(file));
    std::panic::catch_unwind(work)
        .unwrap_or_else(|_| Err(broken(&file.name, &"a part cannot be decoded")))
}

/// A file that cannot be read, and what to do.
pub(super) fn broken(name: &str, error: &dyn std::fmt::Display) -> Words {
    Words::new(
        format!("{name}：文件无法读取：{error}；请在 Excel 或 WPS 中打开后另存为 .xlsx"),
        format!(
            "{name}: the file cannot be read: {error}; open it in Excel or WPS and save it as .xlsx"
        ),
    )
}

/// A file that nobody can read without its password, and what to do.
pub(super) fn locked(name: &str) -> Words {
    Words::new(
        format!("{name}：文件已加密；请在 Excel 或 WPS 中去掉密码后另存为 .xlsx"),
        format!(
            "{name}: the file is encrypted; remove the password in Excel or WPS and save it as .xlsx"
        ),
    )
}
