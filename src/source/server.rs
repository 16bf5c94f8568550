//! Layers that are tables or queries of a database server, named like a file:
//! `postgresql://user@host/database#table`.

use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::layer::Grid;

use super::{Read, ReadFile, sha256};

const SCHEMES: [&str; 2] = ["postgresql://", "postgres://"];

/// Whether a path names a table of a server and no file.
pub fn is_server(path: &Path) -> bool {
    let text = path.to_string_lossy();
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

/// How an input is named to a reader: without user and password.
pub fn shown(file: &Path) -> String {
    if !is_server(file) {
        return file.display().to_string();
    }
    let text = file.to_string_lossy();
    text.split_once('#').map_or("postgis".to_owned(), |(_, wanted)| format!("postgis:{wanted}"))
}

/// The path of an input: below a folder, unless it is a table of a server.
pub fn located(folder: &Path, file: &Path) -> PathBuf {
    if is_server(file) { file.to_owned() } else { folder.join(file) }
}

/// Reads a table or query of a server. What it is called holds neither user nor password.
///
/// # Errors
/// When no table is named, the server cannot be reached or refuses, or this program was built
/// without it.
pub fn read(path: &Path) -> Result<ReadFile> {
    let text = path.to_string_lossy();
    let Some((connection, wanted)) = text.split_once('#') else {
        return Err(Error::refused(
            "数据库地址后面须写 #表名 或 #SELECT …：postgresql://用户@主机/库#表",
            "name a table or a SELECT after the address: postgresql://user@host/database#table",
        ));
    };
    let mut grid = table(connection, wanted).map_err(Error::Refused)?;
    let plain = wanted.chars().all(|c| c.is_alphanumeric() || "._".contains(c));
    let name = if plain { wanted.to_owned() } else { "query".to_owned() };
    grid.called = Some(name.clone());
    let content = sha256(content(&grid).as_bytes());
    Ok(ReadFile {
        name: format!("postgis:{name}"),
        sha256: content,
        format: "postgis",
        grids: vec![grid],
    })
}

/// All cells as one text: what identifies the content, as a file's bytes do.
fn content(grid: &Grid) -> String {
    let row = |row: usize| {
        let cells = (0..grid.columns()).map(|column| grid.cell(row, column));
        cells.collect::<Vec<_>>().join("\u{1f}")
    };
    let shape = |row: usize| {
        let all = grid.shapes.as_ref().map(|shapes| &shapes.all);
        let shape = all.and_then(|all| all.get(row)?.as_ref());
        shape.map_or(String::new(), crate::geometry::wkt::write)
    };
    let lines = (0..grid.rows()).map(|number| format!("{}\u{1f}{}", row(number), shape(number)));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(feature = "postgis")]
fn table(connection: &str, wanted: &str) -> Read<Grid> {
    super::postgis::read(connection, wanted)
}

#[cfg(not(feature = "postgis"))]
fn table(_: &str, _: &str) -> Read<Grid> {
    Err(crate::words::Words::new(
        "本程序编译时未包含 PostGIS；请用 cargo build --features postgis 编译，或先导出为 GeoPackage",
        "this program was built without PostGIS; build it with --features postgis, or export a GeoPackage first",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_a_server_is_no_file_below_a_folder() {
        let url = Path::new("postgresql://gis:secret@localhost/town#communities");
        assert_eq!(located(Path::new("a"), url), url);
        assert_eq!(located(Path::new("a"), Path::new("b.csv")), Path::new("a/b.csv"));
    }

    #[test]
    fn no_message_tells_the_password() {
        let refused = |text: &str| read(Path::new(text)).expect_err("refused").to_string();
        let url = "postgresql://gis:secret@localhost:1/town?connect_timeout=1#communities";
        assert!(!refused(url).contains("secret"));
        assert!(refused("postgresql://gis:secret@localhost/town").contains("name a table"));
    }
}
