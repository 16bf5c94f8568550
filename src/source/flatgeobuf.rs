//! FlatGeobuf: its columns, its features, its reference system.
//!
//! Every size the file states is compared with the bytes that are there before the `flatgeobuf`
//! crate sees them; each feature is verified by itself, so that a damaged one costs only itself.

mod geometry;
mod properties;
mod write;

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::flatgeobuf::{
    Feature, Header, size_prefixed_root_as_feature_with_opts,
    size_prefixed_root_as_header_with_opts,
};
use flatbuffers::VerifierOptions;

use super::features::{About, FeatureTable, Shape, claim_of_name};
use super::{Format, Opened, Read};
use crate::layer::{Claim, Grid};
use crate::words::Words;

use properties::Column;

pub use write::write_flatgeobuf;

/// The format, for the list of all.
pub const FORMAT: Format = Format { name: "flatgeobuf", extensions: &["fgb"], recognises, read };

/// Whether the bytes are FlatGeobuf.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.len() >= MAGIC && &bytes[..3] == b"fgb" && &bytes[4..7] == b"fgb"
}

/// Reads all features: row 0 holds the names of the columns, row i is the i-th sound feature.
///
/// # Errors
/// When the header is damaged, or no feature is sound.
pub fn read(file: &Opened) -> Read<Vec<Grid>> {
    // The crate is meant to verify what it reads; should it panic all the same, the file is at
    // fault and not the audit.
    let outcome = catch_unwind(AssertUnwindSafe(|| read_file(&file.bytes)));
    let outcome = outcome.unwrap_or_else(|_| {
        Err(Words::new("内容损坏，无法读取", "the content is damaged and cannot be read"))
    });
    outcome.map(|grid| vec![grid]).map_err(|why| {
        let name = &file.name;
        Words::new(
            format!("{name}：{}；请从原软件重新导出", why.zh),
            format!("{name}: {}; export the file again", why.en),
        )
    })
}

const MAGIC: usize = 8;
const NEWEST_VERSION: u8 = 3;
/// A node of the index: four bounds and an offset.
const NODE: u64 = 40;

fn read_file(bytes: &[u8]) -> Read<Grid> {
    if bytes.get(3).is_some_and(|version| *version > NEWEST_VERSION) {
        return Err(Words::new(
            format!("FlatGeobuf 版本 {} 高于可读取的版本 {NEWEST_VERSION}", bytes[3]),
            format!(
                "FlatGeobuf version {} is newer than {NEWEST_VERSION}, the last that is read",
                bytes[3]
            ),
        ));
    }
    let head = prefixed(bytes, MAGIC).ok_or_else(|| {
        Words::new("文件头声明的长度超出文件", "the header is longer than the file")
    })?;
    let header =
        size_prefixed_root_as_header_with_opts(&limits(head.len()), head).map_err(|error| {
            let error = first_line(&error);
            Words::new(format!("文件头损坏：{error}"), format!("the header is damaged: {error}"))
        })?;
    let columns = properties::columns(header.columns());
    let mut table = FeatureTable::default();
    for column in &columns {
        table.column(column.name);
    }
    match features_start(&header, bytes.len(), MAGIC + head.len()) {
        Some(start) => read_features(bytes, start, &header, &columns, &mut table),
        None => table.note(About::Damage, || {
            Words::new(
                "文件在索引处中断，没有要素",
                "the file ends within its index and has no features",
            )
        }),
    }
    match table.first_damage() {
        Some(why) if table.len() == 0 => Err(why.clone()),
        _ => Ok(table.into_grid(claim(&header), None)),
    }
}

/// How far a table of so many bytes may unfold: its parts may point to the same bytes again and
/// again, which no honest writer does.
fn limits(size: usize) -> VerifierOptions {
    VerifierOptions {
        max_depth: 64,
        max_tables: 16 + size / 4,
        max_apparent_size: 4096 + 16 * size,
        ..VerifierOptions::default()
    }
}

/// The crate's messages go on with a trace of the tables passed through.
fn first_line(error: &impl ToString) -> String {
    error.to_string().lines().next().unwrap_or("").trim_end_matches('.').to_owned()
}

/// Bytes with their length before them, the length included.
fn prefixed(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..)?;
    let size = u32::from_le_bytes(*rest.first_chunk()?) as usize;
    rest.get(..size.checked_add(4)?)
}

/// Where the features start: behind the index, which is not needed to read all of them.
fn features_start(header: &Header<'_>, length: usize, behind_header: usize) -> Option<usize> {
    let (mut level, node_size) = (header.features_count(), u64::from(header.index_node_size()));
    let mut nodes = 0u64;
    if level > 0 && node_size > 0 {
        nodes = level;
        // There is a root above the leaves even when there is one leaf.
        loop {
            level = level.div_ceil(node_size.max(2));
            nodes = nodes.checked_add(level)?;
            if level == 1 {
                break;
            }
        }
    }
    let start = usize::try_from(nodes.checked_mul(NODE)?).ok()?.checked_add(behind_header)?;
    (start <= length).then_some(start)
}

fn read_features(
    bytes: &[u8],
    start: usize,
    header: &Header<'_>,
    columns: &[Column<'_>],
    table: &mut FeatureTable,
) {
    let count = header.features_count();
    let (mut at, mut number) = (start, 0u64);
    // A count of zero means that the writer did not know it.
    while at < bytes.len() && (count == 0 || number < count) {
        number += 1;
        let Some(piece) = prefixed(bytes, at) else {
            table.note(About::Damage, || {
                Words::new(
                    format!("文件在第 {number} 个要素（字节 {at}）处中断，其余缺失"),
                    format!(
                        "the file ends within feature {number} (byte {at}); the rest is missing"
                    ),
                )
            });
            return;
        };
        let outcome = size_prefixed_root_as_feature_with_opts(&limits(piece.len()), piece)
            .map_err(|error| first_line(&error))
            .and_then(|feature| push_feature(&feature, header, columns, table));
        if let Err(why) = outcome {
            table.note(About::Damage, || {
                Words::new(
                    format!("第 {number} 个要素（字节 {at}）损坏，已略过：{why}"),
                    format!("feature {number} (byte {at}) is damaged and was left out: {why}"),
                )
            });
        }
        at += piece.len();
    }
    if number < count {
        table.note(About::Damage, || {
            Words::new(
                format!("文件头声明 {count} 个要素，文件中只有 {number} 个"),
                format!("the header announces {count} features, the file has {number}"),
            )
        });
    }
}

fn push_feature(
    feature: &Feature<'_>,
    header: &Header<'_>,
    columns: &[Column<'_>],
    table: &mut FeatureTable,
) -> Result<(), String> {
    let own = properties::columns(feature.columns());
    let columns = if own.is_empty() { columns } else { &own };
    let bytes = feature.properties().map_or(&[][..], |properties| properties.bytes());
    let cells = properties::read(bytes, columns).ok_or("bad properties")?;
    let shape = match feature.geometry() {
        None => Shape::default(),
        Some(geometry) => match geometry::read(&geometry, header.geometry_type()) {
            Ok(geometry) => Shape { geometry, fault: None },
            Err(words) => Shape::refused(words),
        },
    };
    table.push(None, &cells, shape);
    Ok(())
}

fn claim(header: &Header<'_>) -> Claim {
    let Some(crs) = header.crs() else {
        return Claim::None;
    };
    let org = crs.org().unwrap_or("EPSG");
    match (u32::try_from(crs.code()), crs.wkt(), crs.code_string()) {
        (Ok(code), ..) if code > 0 && org.eq_ignore_ascii_case("EPSG") => Claim::Epsg(code),
        (_, Some(wkt), _) if !wkt.is_empty() => Claim::Text(wkt.to_owned()),
        (_, _, Some(code)) if !code.is_empty() => claim_of_name(&format!("{org}:{code}")),
        (Ok(code), ..) if code > 0 => Claim::Text(format!("{org}:{code}")),
        _ => claim_of_name(crs.name().unwrap_or("")),
    }
}

#[cfg(test)]
mod tests;
