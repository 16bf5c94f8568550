//! GeoPackage: an SQLite database with a list of its layers.
//!
//! The file is read from memory and never written to. A database may hold views and may be damaged
//! on purpose, so the work and the text that one file may cost are bounded by its size.

mod blob;
mod contents;
mod table;
mod write;

pub use write::write;

use std::io::Read as _;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::layer::Grid;
use crate::words::Words;

use super::{Format, Opened, Read};

const MAGIC: &[u8] = b"SQLite format 3\0";

/// The length of the header of a database; what is shorter is none.
const HEADER: usize = 100;

/// The format, for the list of all.
pub const FORMAT: Format = Format { name: "geopackage", extensions: &["gpkg"], recognises, read };

/// Whether the bytes are an SQLite database: [`read`] says so when it is no GeoPackage.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) && bytes.len() >= HEADER
}

/// Reads all layers and tables that the GeoPackage lists.
///
/// # Errors
/// When the database is damaged, or lists no layer.
pub fn read(opened: &Opened) -> Read<Vec<Grid>> {
    let guarded = std::panic::AssertUnwindSafe(|| read_database(opened));
    std::panic::catch_unwind(guarded)
        .unwrap_or_else(|_| Err(broken(&opened.name, &"the database library gave up")))
}

fn read_database(opened: &Opened) -> Read<Vec<Grid>> {
    let name = &opened.name;
    if !recognises(&opened.bytes) {
        return Err(broken(name, &"the header of the database is missing"));
    }
    let connection = open(&opened.bytes).map_err(|error| broken(name, &error))?;
    let layers = contents::layers(&connection, name)?;
    let mut budget = table::Budget::for_size(opened.bytes.len());
    let mut grids = Vec::with_capacity(layers.len());
    for layer in &layers {
        grids.push(table::read(&connection, name, layer, &mut budget)?);
    }
    if is_unfinished(&opened.bytes)
        && let Some(first) = grids.first_mut()
    {
        first.notes.push(unfinished(name));
    }
    Ok(grids)
}

/// Opens the bytes as a database that cannot be written to.
fn open(bytes: &[u8]) -> rusqlite::Result<Connection> {
    let mut header = [0; HEADER];
    header.copy_from_slice(&bytes[..HEADER]);
    // A database in memory has no write-ahead log; these two bytes say that it needs none.
    header[18..20].copy_from_slice(&[1, 1]);
    let mut connection = Connection::open_in_memory()?;
    let source = header.chain(&bytes[HEADER..]);
    connection.deserialize_read_exact("main", source, bytes.len(), true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    let longest = i32::try_from(bytes.len()).unwrap_or(i32::MAX).max(1_000_000);
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, longest)?;
    bound_work(&mut connection, bytes.len())?;
    Ok(connection)
}

/// Interrupts a query that costs far more than a file of this size can need: a view without end.
fn bound_work(connection: &mut Connection, size: usize) -> rusqlite::Result<()> {
    const STEP: i32 = 1_000_000;
    let mut steps_left = 50 + size / 1_000;
    connection.progress_handler(
        STEP,
        Some(move || {
            steps_left = steps_left.saturating_sub(1);
            steps_left == 0
        }),
    )
}

/// Whether the database was copied while a program had it open for writing.
fn is_unfinished(bytes: &[u8]) -> bool {
    bytes[18] == 2 || bytes[19] == 2
}

fn unfinished(name: &str) -> Words {
    Words::new(
        format!(
            "{name}：文件处于 WAL 模式，可能在打开时被拷贝；旁边 -wal 文件中的改动没有读到，请先关闭 QGIS 再拷贝"
        ),
        format!(
            "{name}: the file is in WAL mode and may have been copied while open; changes in a -wal file beside it were not read: close QGIS before copying"
        ),
    )
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> Words {
    Words::new(
        format!("{name}：数据库已损坏或不完整（{error}）；请用 QGIS 重新导出为 GeoPackage"),
        format!(
            "{name}: the database is damaged or cut off ({error}); export it again as GeoPackage, for example with QGIS"
        ),
    )
}

/// A name as SQL writes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests;
