//! What a GeoPackage lists: its layers, their geometry columns, their reference systems.

use rusqlite::{Connection, OptionalExtension};

use crate::layer::Claim;
use crate::words::Words;

use super::super::Read;
use super::broken;

/// A layer or table that the file lists.
#[derive(Debug)]
pub struct Listed {
    /// Its table.
    pub table: String,
    /// Its geometry column and the key of its reference system, for layers.
    pub geometry: Option<(String, i64)>,
    /// What it says its coordinates are.
    pub claim: Claim,
    /// What must be known of it.
    pub notes: Vec<Words>,
}

/// Tables of QGIS itself, which lists them beside the layers.
const OF_QGIS: [&str; 2] = ["layer_styles", "qgis_projects"];

/// All layers and tables in the order of the list.
pub fn layers(connection: &Connection, name: &str) -> Read<Vec<Listed>> {
    if !has_table(connection, "gpkg_contents").map_err(|error| broken(name, &error))? {
        return Err(no_geopackage(name));
    }
    let listed = listed(connection).map_err(|error| broken(name, &error))?;
    let wanted: Vec<&(String, String)> = listed
        .iter()
        .filter(|(table, kind)| {
            let data = matches!(kind.as_str(), "features" | "attributes" | "aspatial");
            data && !OF_QGIS.contains(&table.to_ascii_lowercase().as_str())
        })
        .collect();
    if wanted.is_empty() {
        return Err(no_layers(name, &listed));
    }
    let mut layers = Vec::with_capacity(wanted.len());
    let mut absent = Vec::new();
    for (table, kind) in wanted {
        match layer(connection, table, kind).map_err(|error| broken(name, &error))? {
            Some(layer) => layers.push(layer),
            None => absent.push(table.as_str()),
        }
    }
    match layers.first_mut() {
        None => return Err(no_layers(name, &[])),
        Some(first) if !absent.is_empty() => first.notes.push(absent_tables(&absent)),
        Some(_) => {}
    }
    Ok(layers)
}

fn has_table(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    let sql =
        "SELECT 1 FROM sqlite_master WHERE lower(name) = lower(?1) AND type IN ('table', 'view')";
    connection.query_row(sql, [table], |_| Ok(())).optional().map(|row| row.is_some())
}

fn listed(connection: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement =
        connection.prepare("SELECT table_name, lower(data_type) FROM gpkg_contents")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// A listed table; none when the database lacks it.
fn layer(connection: &Connection, table: &str, kind: &str) -> rusqlite::Result<Option<Listed>> {
    if !has_table(connection, table)? {
        return Ok(None);
    }
    let mut layer =
        Listed { table: table.to_owned(), geometry: None, claim: Claim::None, notes: Vec::new() };
    if kind == "features" {
        layer.geometry = geometry_column(connection, table)?;
        match &layer.geometry {
            Some((_, srs_id)) => {
                layer.claim = claim(connection, *srs_id, &mut layer.notes)?;
            }
            None => layer.notes.push(no_geometry_column(table)),
        }
    }
    layer.notes.extend(aliases(connection, table)?);
    Ok(Some(layer))
}

fn geometry_column(
    connection: &Connection,
    table: &str,
) -> rusqlite::Result<Option<(String, i64)>> {
    if !has_table(connection, "gpkg_geometry_columns")? {
        return Ok(None);
    }
    let sql = "SELECT column_name, CAST(srs_id AS INTEGER) FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)";
    connection.query_row(sql, [table], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

/// What a key of `gpkg_spatial_ref_sys` means; the key itself means nothing.
fn claim(connection: &Connection, srs_id: i64, notes: &mut Vec<Words>) -> rusqlite::Result<Claim> {
    if matches!(srs_id, -1 | 0) {
        return Ok(Claim::None);
    }
    let sql = "SELECT coalesce(organization, ''), CAST(coalesce(organization_coordsys_id, 0) AS INTEGER), coalesce(definition, '') FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(String, i64, String)> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    };
    let row = if has_table(connection, "gpkg_spatial_ref_sys")? {
        connection.query_row(sql, [srs_id], read).optional()?
    } else {
        None
    };
    let Some((organization, code, definition)) = row else {
        notes.push(Words::new(
            format!("坐标系编号 {srs_id} 不在 gpkg_spatial_ref_sys 中，视为没有声明坐标系"),
            format!(
                "the reference system {srs_id} is not in gpkg_spatial_ref_sys: taken as undeclared"
            ),
        ));
        return Ok(Claim::None);
    };
    let code = u32::try_from(code).ok().filter(|code| *code > 0);
    Ok(match code {
        Some(code) if organization.eq_ignore_ascii_case("EPSG") => Claim::Epsg(code),
        _ if says_nothing(&definition) => Claim::None,
        _ => Claim::Text(definition),
    })
}

/// GDAL writes a layer without a reference system as a system of its own called undefined.
fn says_nothing(definition: &str) -> bool {
    let definition = definition.trim().to_ascii_lowercase();
    matches!(definition.as_str(), "" | "undefined")
        || definition.starts_with("local_cs[\"undefined")
        || definition.starts_with("engcrs[\"undefined")
}

/// The aliases of fields, as one note: headings stay those of the table.
fn aliases(connection: &Connection, table: &str) -> rusqlite::Result<Option<Words>> {
    if !has_table(connection, "gpkg_data_columns")? {
        return Ok(None);
    }
    let sql = "SELECT column_name, coalesce(name, title) FROM gpkg_data_columns WHERE lower(table_name) = lower(?1) AND coalesce(name, title, column_name) <> column_name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([table], |row| {
        Ok(format!("{} = {}", row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let pairs = rows.collect::<rusqlite::Result<Vec<String>>>()?;
    let note = || {
        Words::new(
            format!("字段别名：{}", pairs.join("，")),
            format!("field aliases: {}", pairs.join(", ")),
        )
    };
    Ok((!pairs.is_empty()).then(note))
}

fn no_geometry_column(table: &str) -> Words {
    Words::new(
        format!("图层 {table} 没有登记几何列（gpkg_geometry_columns），只读属性"),
        format!(
            "layer {table} lists no geometry column (gpkg_geometry_columns): only its attributes are read"
        ),
    )
}

fn absent_tables(absent: &[&str]) -> Words {
    Words::new(
        format!("gpkg_contents 列出但不存在的表，未读：{}", absent.join("，")),
        format!("listed in gpkg_contents but absent, so not read: {}", absent.join(", ")),
    )
}

fn no_geopackage(name: &str) -> Words {
    Words::new(
        format!(
            "{name}：是 SQLite 数据库，但不是 GeoPackage（没有 gpkg_contents 表）；请用 QGIS 导出为 GeoPackage，或把表另存为 CSV、XLSX"
        ),
        format!(
            "{name}: an SQLite database but no GeoPackage (it has no table gpkg_contents); export its layers as GeoPackage, or its tables as CSV or XLSX"
        ),
    )
}

fn no_layers(name: &str, listed: &[(String, String)]) -> Words {
    let found: Vec<String> =
        listed.iter().map(|(table, kind)| format!("{table} ({kind})")).collect();
    let found = if found.is_empty() { "-".to_owned() } else { found.join(", ") };
    Words::new(
        format!(
            "{name}：GeoPackage 中没有矢量图层或属性表（只有：{found}）；需要 features 或 attributes 类型的表"
        ),
        format!(
            "{name}: the GeoPackage holds no vector layer and no table of attributes (only: {found}); a table of type features or attributes is needed"
        ),
    )
}
