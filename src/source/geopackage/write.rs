//! Writes layers as a GeoPackage 1.3 that QGIS and GDAL open with aliases, index and styles.

mod features;

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::words::Words;

use super::super::Read;
use super::super::outgoing::srs::Srs;
use super::super::outgoing::{Cells, OutLayer};
use super::quoted;

/// The bytes of a GeoPackage with these layers; equal input gives equal bytes.
///
/// # Errors
/// When a layer's columns differ in length, or two names are equal.
pub fn write(layers: &[OutLayer], when: Timestamp) -> Read<Vec<u8>> {
    for layer in layers {
        layer.rows()?;
        if is_reserved(&layer.name) {
            return Err(reserved(&layer.name));
        }
    }
    write_database(layers, when).map_err(|error| {
        Words::new(
            format!("GeoPackage 写出失败：{error}"),
            format!("the GeoPackage cannot be written: {error}"),
        )
    })
}

fn write_database(layers: &[OutLayer], when: Timestamp) -> rusqlite::Result<Vec<u8>> {
    let mut connection = Connection::open_in_memory()?;
    // GPKG in ASCII, and version 1.3.
    connection.execute_batch("PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;")?;
    let when = when.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string();
    let transaction = connection.transaction()?;
    transaction.execute_batch(include_str!("tables.sql"))?;
    for srs in systems(layers) {
        add_system(&transaction, srs)?;
    }
    for layer in layers {
        add_layer(&transaction, layer, &when)?;
    }
    add_styles(&transaction, layers, &when)?;
    transaction.commit()?;
    Ok(connection.serialize("main")?.to_vec())
}

/// The systems that the standard asks for, CGCS2000, and those of the layers; each once.
fn systems(layers: &[OutLayer]) -> Vec<Srs> {
    let mut systems = vec![Srs::wgs84(), Srs::cgcs2000()];
    for srs in layers.iter().filter_map(|layer| layer.srs.as_ref()) {
        if systems.iter().all(|known| known.epsg != srs.epsg) {
            systems.push(srs.clone());
        }
    }
    systems
}

fn add_system(connection: &Connection, srs: Srs) -> rusqlite::Result<()> {
    let sql = "INSERT INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, NULL)";
    connection.execute(sql, params![srs.name, srs.epsg, srs.wkt]).map(|_| ())
}

fn add_layer(connection: &Connection, layer: &OutLayer, when: &str) -> rusqlite::Result<()> {
    let id = layer.free_name("fid");
    let geometry = layer.shapes.as_ref().map(|_| layer.free_name("geom"));
    let shapes = features::Shapes::of(layer);
    let mut columns = vec![format!("{} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL", quoted(&id))];
    columns.extend(geometry.as_ref().map(|name| format!("{} {}", quoted(name), shapes.kind)));
    columns.extend(
        layer
            .fields
            .iter()
            .map(|field| format!("{} {}", quoted(&field.name), declared(&field.cells))),
    );
    let table = quoted(&layer.name);
    connection.execute_batch(&format!("CREATE TABLE {table} ({})", columns.join(", ")))?;
    list(connection, layer, &shapes, when)?;
    features::insert(connection, layer, &shapes, &id, geometry.as_deref())?;
    if let Some(geometry) = &geometry {
        let sql = "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)";
        connection.execute(sql, params![layer.name, geometry, shapes.kind, shapes.srs_id])?;
        features::index(connection, layer, &id, geometry)?;
    }
    add_aliases(connection, layer)
}

fn list(
    connection: &Connection,
    layer: &OutLayer,
    shapes: &features::Shapes,
    when: &str,
) -> rusqlite::Result<()> {
    let kind = if layer.shapes.is_some() { "features" } else { "attributes" };
    let bounds = shapes.bounds;
    connection
        .execute(
            "INSERT INTO gpkg_contents VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                layer.name,
                kind,
                layer.title,
                when,
                bounds.map(|bounds| bounds.min().x),
                bounds.map(|bounds| bounds.min().y),
                bounds.map(|bounds| bounds.max().x),
                bounds.map(|bounds| bounds.max().y),
                shapes.srs_id,
            ],
        )
        .map(|_| ())
}

fn add_aliases(connection: &Connection, layer: &OutLayer) -> rusqlite::Result<()> {
    // The name may stand once in a table; the title may repeat.
    let sql = "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?1, ?2, ?3, ?4)";
    let mut seen = std::collections::BTreeSet::new();
    for field in &layer.fields {
        let Some(alias) = &field.alias else { continue };
        let name = seen.insert(alias).then_some(alias);
        connection.execute(sql, params![layer.name, field.name, name, alias])?;
    }
    Ok(())
}

/// The table of styles, where QGIS looks for them.
fn add_styles(connection: &Connection, layers: &[OutLayer], when: &str) -> rusqlite::Result<()> {
    if layers.iter().all(|layer| layer.style.is_none()) {
        return Ok(());
    }
    connection.execute_batch(include_str!("styles.sql"))?;
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', ?1, 0)",
        [when],
    )?;
    for layer in layers {
        let Some(style) = &layer.style else { continue };
        // QGIS looks for the style of a table under an empty name.
        let geometry = layer.shapes.as_ref().map(|_| layer.free_name("geom")).unwrap_or_default();
        connection.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) VALUES ('', '', ?1, ?2, ?1, ?3, ?6, 1, ?4, '', NULL, ?5)",
            params![
                layer.name,
                geometry,
                style,
                layer.title,
                when,
                layer.sld.as_deref().unwrap_or_default()
            ],
        )?;
    }
    Ok(())
}

fn declared(cells: &Cells) -> &'static str {
    match cells {
        Cells::Text(_) => "TEXT",
        Cells::Real(_) => "REAL",
        Cells::Integer(_) => "INTEGER",
        Cells::Flag(_) => "BOOLEAN",
    }
}

/// Names that the format keeps for its own tables.
fn is_reserved(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let own = ["gpkg_", "sqlite_", "rtree_"].iter().any(|start| name.starts_with(start));
    own || name.is_empty() || name == "layer_styles"
}

fn reserved(name: &str) -> Words {
    Words::new(
        format!("图层名「{name}」为空或由 GeoPackage 保留；请换一个名称"),
        format!(
            "the layer's name \"{name}\" is blank or kept by GeoPackage for its own tables; choose another"
        ),
    )
}
