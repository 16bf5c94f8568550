//! Tables as CSV: for spreadsheets (with BOM), and as the snapshot a run folder keeps.

use polars::prelude::*;

use crate::error::{Error, Result};

use super::Format;

pub const FORMAT: Format = Format {
    extension: "csv",
    zh: "全部结论，一行一条（UTF-8 带 BOM，Excel 可直接打开）",
    en: "all assessments, one a row (UTF-8 with BOM, opens in Excel)",
    write: |reported, _| {
        let text = write_frame(&reported.audit.assessed.assessments)?;
        Ok(["\u{feff}".as_bytes(), text.as_bytes()].concat())
    },
};

/// A UTF-8 text in GB 18030, without the mark that only UTF-8 has.
///
/// ```
/// assert_eq!(facility_audit::report::gb18030("\u{feff}社区".as_bytes()), [0xC9, 0xE7, 0xC7, 0xF8]);
/// ```
pub fn gb18030(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    encoding_rs::GB18030.encode(text).0.into_owned()
}

/// A table as CSV: unknown cells empty, no upper end as `inf`.
///
/// # Errors
/// When a column is of a type the tables of this program do not use.
pub fn write_frame(frame: &DataFrame) -> Result<String> {
    let mut bytes = Vec::new();
    write_frame_to(frame, &mut bytes)?;
    Ok(String::from_utf8(bytes).expect("text goes in, text comes out"))
}

/// Writes a table as CSV, row by row: a large one is never in memory as text.
///
/// # Errors
/// When a column is of a type the tables of this program do not use, or `sink` fails.
pub fn write_frame_to(frame: &DataFrame, sink: impl std::io::Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(sink);
    let failed = |error: csv::Error| Error::refused(error.to_string(), error.to_string());
    let columns = frame.columns().iter().map(Cells::of).collect::<PolarsResult<Vec<_>>>()?;
    writer
        .write_record(frame.columns().iter().map(|column| column.name().as_str()))
        .map_err(failed)?;
    let mut text = String::new();
    for row in 0..frame.height() {
        for column in &columns {
            text.clear();
            column.put(row, &mut text);
            writer.write_field(&text).map_err(failed)?;
        }
        writer.write_record(None::<&[u8]>).map_err(failed)?;
    }
    writer.flush().map_err(|error| Error::refused(error.to_string(), error.to_string()))
}

/// A column in the type it has.
enum Cells<'c> {
    Text(&'c StringChunked),
    Flag(&'c BooleanChunked),
    Count(&'c UInt32Chunked),
    Year(&'c Int32Chunked),
    Number(&'c Float64Chunked),
}

impl Cells<'_> {
    fn of(column: &Column) -> PolarsResult<Cells<'_>> {
        Ok(match column.dtype() {
            DataType::String => Cells::Text(column.str()?),
            DataType::Boolean => Cells::Flag(column.bool()?),
            DataType::UInt32 => Cells::Count(column.u32()?),
            DataType::Int32 => Cells::Year(column.i32()?),
            DataType::Float64 => Cells::Number(column.f64()?),
            other => polars_bail!(InvalidOperation: "no CSV form for {other:?}"),
        })
    }

    /// Appends the text of a cell; nothing for one that is not known.
    fn put(&self, row: usize, text: &mut String) {
        use std::fmt::Write;
        // Writing to a text cannot fail.
        let _ = match self {
            Cells::Text(cells) => {
                if let Some(cell) = cells.get(row) {
                    guard(cell, text);
                }
                Ok(())
            }
            Cells::Flag(cells) => cells.get(row).map_or(Ok(()), |cell| write!(text, "{cell}")),
            Cells::Count(cells) => cells.get(row).map_or(Ok(()), |cell| write!(text, "{cell}")),
            Cells::Year(cells) => cells.get(row).map_or(Ok(()), |cell| write!(text, "{cell}")),
            Cells::Number(cells) => cells.get(row).map_or(Ok(()), |cell| write!(text, "{cell}")),
        };
    }
}

/// A text a spreadsheet would take for a formula gets an apostrophe before it, as does one that
/// begins with an apostrophe, so that reading takes away just what writing added.
fn guard(cell: &str, text: &mut String) {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        text.push('\'');
    }
    text.push_str(cell);
}

fn unguarded(text: String) -> String {
    text.strip_prefix('\'').map(str::to_owned).unwrap_or(text)
}

/// Reads a table back; `columns` names its columns and their types, in order.
///
/// # Errors
/// [`Error::Refused`] naming the file, row and column of a cell that does not fit.
pub fn read_frame(file: &str, text: &str, columns: &[(String, DataType)]) -> Result<DataFrame> {
    let broken = |what: String| {
        Error::refused(
            format!("{file}：快照已损坏：{what}"),
            format!("{file}: the snapshot is damaged: {what}"),
        )
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|error| broken(error.to_string()))?;
    if headings.iter().ne(columns.iter().map(|(name, _)| name.as_str())) {
        return Err(broken("its columns are not those of this version".to_owned()));
    }
    let mut cells: Vec<Vec<Option<String>>> = vec![Vec::new(); columns.len()];
    for record in reader.records() {
        let record = record.map_err(|error| broken(error.to_string()))?;
        for (column, cell) in cells.iter_mut().zip(record.iter()) {
            column.push((!cell.is_empty()).then(|| cell.to_owned()));
        }
    }
    let height = cells.first().map_or(0, Vec::len);
    let mut read = Vec::new();
    for ((name, kind), cells) in columns.iter().zip(cells) {
        let bad = |row: usize| broken(format!("row {}, column {name}", row + 2));
        let name = PlSmallStr::from(name.as_str());
        read.push(match kind {
            DataType::Float64 => Column::new(name, parsed::<f64>(cells).map_err(bad)?),
            DataType::UInt32 => Column::new(name, parsed::<u32>(cells).map_err(bad)?),
            DataType::Int32 => Column::new(name, parsed::<i32>(cells).map_err(bad)?),
            DataType::Boolean => Column::new(name, parsed::<bool>(cells).map_err(bad)?),
            _ => Column::new(
                name,
                cells.into_iter().map(|cell| cell.map(unguarded)).collect::<Vec<_>>(),
            ),
        });
    }
    Ok(DataFrame::new(height, read)?)
}

fn parsed<T: std::str::FromStr>(cells: Vec<Option<String>>) -> Result<Vec<Option<T>>, usize> {
    let read = |(row, cell): (usize, Option<String>)| match cell {
        Some(text) => text.parse().map(Some).map_err(|_| row),
        None => Ok(None),
    };
    cells.into_iter().enumerate().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_as_it_was() {
        let frame = df!(
            "text" => [Some("甲,\"乙\"\n"), None],
            "number" => [Some(f64::INFINITY), Some(0.1)],
            "count" => [Some(3u32), None],
            "flag" => [Some(true), None],
        )
        .expect("a frame");
        let columns: Vec<(String, DataType)> = frame
            .columns()
            .iter()
            .map(|column| (column.name().to_string(), column.dtype().clone()))
            .collect();
        let text = write_frame(&frame).expect("written");
        let back = read_frame("t.csv", &text, &columns).expect("read");
        assert!(back.equals_missing(&frame), "{text}");
    }

    #[test]
    fn a_cell_that_looks_like_a_formula_is_text() {
        let frame =
            df!("名称" => ["=cmd()", "'甲", "乙"], "差" => [-3.5, 0.0, 1.0]).expect("a frame");
        let text = write_frame(&frame).expect("written");
        assert_eq!(text, "名称,差\n'=cmd(),-3.5\n''甲,0\n乙,1\n");
        let columns = [("名称".to_owned(), DataType::String), ("差".to_owned(), DataType::Float64)];
        assert!(read_frame("t.csv", &text, &columns).expect("read").equals(&frame));
    }

    #[test]
    fn a_damaged_snapshot_names_the_cell() {
        let columns = [("n".to_owned(), DataType::Float64)];
        let error = read_frame("t.csv", "n\n1\nx\n", &columns).expect_err("damaged");
        assert!(error.words().en.contains("row 3, column n"), "{error}");
    }
}
