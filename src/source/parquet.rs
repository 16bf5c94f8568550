//! Parquet and GeoParquet: a table by columns, read column after column as text.
//!
//! The crate that decodes the pages trusts some of the sizes in their headers, so those are checked
//! first, and a panic in it is caught here.

mod cells;
mod column;
mod delta;
mod fields;
mod geo;
mod pages;
mod sizes;
mod write;

pub use write::{Writer, write};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::layer::Grid;
use crate::words::Words;

use super::{Format, Opened, Read};

const MAGIC: &[u8; 4] = b"PAR1";

/// The bytes of the end: the length of the footer and the magic.
const TAIL: usize = 8;

/// More cells than this are refused before memory is asked for.
const MOST_CELLS: usize = 500_000_000;

/// The format, for the list of all.
pub const FORMAT: Format =
    Format { name: "parquet", extensions: &["parquet", "geoparquet"], recognises, read };

/// Whether the bytes are a Parquet file.
pub fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC) || bytes.starts_with(b"PARE")
}

/// Reads the table; its geometry, if any, is beside the cells.
///
/// # Errors
/// When the file is damaged, encrypted, compressed in a way that is not read, or holds geometry in
/// another encoding than well-known binary.
pub fn read(opened: &Opened) -> Read<Vec<Grid>> {
    let guarded = std::panic::AssertUnwindSafe(|| read_table(opened));
    std::panic::catch_unwind(guarded)
        .unwrap_or_else(|_| Err(broken(&opened.name, &"a page cannot be decoded")))
        .map(|grid| vec![grid])
}

fn read_table(opened: &Opened) -> Read<Grid> {
    let name = &opened.name;
    check_ends(name, &opened.bytes)?;
    let failed = |error: ParquetError| broken(name, &error);
    let bytes = Bytes::copy_from_slice(&opened.bytes);
    let file = SerializedFileReader::new(bytes).map_err(failed)?;
    let rows = check_rows(name, &file)?;
    check_compression(name, &file)?;
    let table = fields::Table::of(name, file.metadata().file_metadata())?;
    sizes::check(&opened.bytes, file.metadata(), &table).map_err(failed)?;
    column::read(&file, table, rows).map_err(failed)
}

/// Checks what stands at both ends before the footer is parsed.
fn check_ends(name: &str, bytes: &[u8]) -> Read<()> {
    if bytes.starts_with(b"PARE") || bytes.ends_with(b"PARE") {
        return Err(Words::new(
            format!("{name}：Parquet 文件已加密；请导出为不加密的文件"),
            format!("{name}: the Parquet file is encrypted; export it without encryption"),
        ));
    }
    let long_enough = bytes.len() >= MAGIC.len() + TAIL;
    let tail = bytes.len().checked_sub(TAIL).and_then(|start| bytes[start..].first_chunk::<4>());
    let footer = tail.map(|length| u32::from_le_bytes(*length) as usize);
    let fits =
        footer.is_some_and(|footer| footer <= bytes.len().saturating_sub(TAIL + MAGIC.len()));
    if long_enough && fits && bytes.starts_with(MAGIC) && bytes.ends_with(MAGIC) {
        return Ok(());
    }
    Err(broken(name, &"the end of the file is missing"))
}

/// The number of rows; the footer states it twice.
fn check_rows(name: &str, file: &SerializedFileReader<Bytes>) -> Read<usize> {
    let metadata = file.metadata();
    let groups = metadata.row_groups().iter();
    let sum = groups
        .map(|group| usize::try_from(group.num_rows()).ok())
        .try_fold(0usize, |sum, rows| sum.checked_add(rows?));
    let stated = usize::try_from(metadata.file_metadata().num_rows()).ok();
    let rows = sum
        .filter(|_| sum == stated)
        .ok_or_else(|| broken(name, &"the row groups do not add up to the number of rows"))?;
    let columns = metadata.file_metadata().schema_descr().num_columns();
    if rows.saturating_mul(columns.max(1)) > MOST_CELLS {
        return Err(Words::new(
            format!(
                "{name}：{rows} 行 × {columns} 列太多；至多可读 5 亿个单元格，请去掉不用的列或分区县导出"
            ),
            format!(
                "{name}: {rows} rows × {columns} columns are too many; 500 million cells can be read: leave out columns or export district by district"
            ),
        ));
    }
    Ok(rows)
}

/// Names a compression that this build does not read.
fn check_compression(name: &str, file: &SerializedFileReader<Bytes>) -> Read<()> {
    use parquet::basic::CompressionCodec as Codec;
    let chunks = file.metadata().row_groups().iter().flat_map(|group| group.columns());
    for chunk in chunks {
        let codec = chunk.compression_codec();
        if matches!(codec, Codec::BROTLI | Codec::LZO) {
            return Err(Words::new(
                format!("{name}：不支持 {codec:?} 压缩；请以 snappy、zstd、gzip、lz4 或不压缩导出"),
                format!(
                    "{name}: {codec:?} compression is not read; export with snappy, zstd, gzip, lz4 or none"
                ),
            ));
        }
    }
    Ok(())
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> Words {
    Words::new(
        format!("{name}：Parquet 文件已损坏或不完整（{error}）；请重新导出或重新拷贝"),
        format!(
            "{name}: the Parquet file is damaged or cut off ({error}); export or copy it again"
        ),
    )
}

#[cfg(test)]
mod tests;
