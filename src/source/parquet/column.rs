//! One column after the other, straight into the columns of a grid.

use bytes::Bytes;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{DataType, Int96};
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::layer::{Grid, TextColumn};
use crate::words::Words;

use super::super::shape_column::ShapeColumn;
use super::cells::{self, Value};
use super::fields::{Field, Kind, Table};
use super::pages::Vetted;

/// How many rows are decoded at a time.
const BATCH: usize = 8_192;

/// More text than this is refused: a small file can repeat one long text millions of times.
const MOST_TEXT: usize = 8 << 30;

type File = SerializedFileReader<Bytes>;

/// Reads all columns of a table.
pub fn read(file: &File, table: Table, rows: usize) -> Result<Grid> {
    let mut notes = table.notes;
    let mut columns = Vec::with_capacity(table.fields.len());
    let mut text_left = MOST_TEXT;
    for field in &table.fields {
        let mut column = Column::new(field);
        each(file, field.leaf, &mut |value| column.push(value, &mut text_left))?;
        notes.extend(column.notes(field));
        columns.push(column.cells);
    }
    let shapes = table.shapes.map(|leaf| shapes(file, leaf)).transpose()?;
    let mut grid = Grid::from_columns(None, columns);
    if grid.columns() == 0 {
        // A layer without attributes still has its rows.
        (0..=rows).for_each(|_| grid.push_row([]));
    }
    grid.shapes = shapes.map(|shapes| shapes.finish(table.claim));
    grid.notes = notes;
    Ok(grid)
}

struct Column {
    cells: TextColumn,
    kind: Kind,
    buffer: String,
    unread: usize,
    no_utf8: usize,
}

impl Column {
    fn new(field: &Field) -> Column {
        let mut cells = TextColumn::default();
        cells.push(&field.name);
        Column { cells, kind: field.kind, buffer: String::new(), unread: 0, no_utf8: 0 }
    }

    fn push(&mut self, value: Option<Value<'_>>, text_left: &mut usize) -> Result<()> {
        self.buffer.clear();
        match value {
            None => {}
            // Most text is sound and needs no copy before the one into the column.
            Some(Value::Bytes(bytes)) if matches!(self.kind, Kind::Text | Kind::Bytes) => {
                if let Ok(text) = std::str::from_utf8(bytes) {
                    spend(text_left, text.len())?;
                    self.cells.push(text);
                    return Ok(());
                }
                self.other_text(bytes);
            }
            Some(value) => self.other_value(value),
        }
        spend(text_left, self.buffer.len())?;
        self.cells.push(&self.buffer);
        Ok(())
    }

    fn other_value(&mut self, value: Value<'_>) {
        if cells::write(&mut self.buffer, value, self.kind).is_none() {
            self.buffer.clear();
            self.unread += 1;
        }
    }

    /// Text is UTF-8 by the standard; bytes that are not are GBK text or no text at all.
    fn other_text(&mut self, bytes: &[u8]) {
        let (text, damaged) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
        if damaged || self.kind == Kind::Bytes {
            self.unread += 1;
        } else {
            self.no_utf8 += 1;
            self.buffer.push_str(&text);
        }
    }

    fn notes(&self, field: &Field) -> Vec<Words> {
        let (name, unread, no_utf8) = (&field.name, self.unread, self.no_utf8);
        let mut notes = Vec::new();
        if unread > 0 {
            notes.push(Words::new(
                format!("列 {name}：{unread} 个值无法写成文字，按空白读入"),
                format!("column {name}: {unread} values have no text and were read as blanks"),
            ));
        }
        if no_utf8 > 0 {
            notes.push(Words::new(
                format!("列 {name}：{no_utf8} 个单元格的文字不是 UTF-8，按 GB18030 读入，请核对"),
                format!("column {name}: the text of {no_utf8} cells is not UTF-8 and was read as GB18030; please check it"),
            ));
        }
        notes
    }
}

fn spend(text_left: &mut usize, length: usize) -> Result<()> {
    *text_left = text_left
        .checked_sub(length)
        .ok_or_else(|| ParquetError::General("more than 8 GiB of text".to_owned()))?;
    Ok(())
}

fn shapes(file: &File, leaf: usize) -> Result<ShapeColumn> {
    let mut shapes = ShapeColumn::default();
    each(file, leaf, &mut |value| {
        match value {
            Some(Value::Bytes(bytes)) => {
                shapes.push_wkb(bytes);
            }
            _ => shapes.push_none(),
        }
        Ok(())
    })?;
    Ok(shapes)
}

type Take<'t> = dyn FnMut(Option<Value<'_>>) -> Result<()> + 't;

/// Gives all values of a column in the order of the rows.
fn each(file: &File, leaf: usize, take: &mut Take<'_>) -> Result<()> {
    for group in 0..file.num_row_groups() {
        let group = file.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows())?;
        let column = group.metadata().schema_descr().column(leaf);
        let most = column.max_def_level();
        let pages = Vetted::new(group.get_column_page_reader(leaf)?, rows, most > 0);
        match get_column_reader(column, Box::new(pages)) {
            ColumnReader::BoolColumnReader(reader) => {
                typed(reader, most, rows, |flag| Value::Flag(*flag), take)
            }
            ColumnReader::Int32ColumnReader(reader) => {
                typed(reader, most, rows, |number| Value::Short(*number), take)
            }
            ColumnReader::Int64ColumnReader(reader) => {
                typed(reader, most, rows, |number| Value::Long(*number), take)
            }
            ColumnReader::Int96ColumnReader(reader) => typed(reader, most, rows, old_moment, take),
            ColumnReader::FloatColumnReader(reader) => {
                typed(reader, most, rows, |number| Value::Single(*number), take)
            }
            ColumnReader::DoubleColumnReader(reader) => {
                typed(reader, most, rows, |number| Value::Double(*number), take)
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                typed(reader, most, rows, |bytes| Value::Bytes(bytes.data()), take)
            }
            ColumnReader::FixedLenByteArrayColumnReader(reader) => {
                typed(reader, most, rows, |bytes| Value::Bytes(bytes.data()), take)
            }
        }?;
    }
    Ok(())
}

fn old_moment(value: &Int96) -> Value<'_> {
    let [low, high, day] = [value.data()[0], value.data()[1], value.data()[2]];
    Value::Old((u64::from(high) << 32 | u64::from(low)) as i64, day)
}

fn typed<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    most: i16,
    rows: usize,
    value: impl for<'v> Fn(&'v T::T) -> Value<'v>,
    take: &mut Take<'_>,
) -> Result<()> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < rows {
        levels.clear();
        values.clear();
        let wanted = BATCH.min(rows - done);
        let (read, ..) = reader.read_records(wanted, Some(&mut levels), None, &mut values)?;
        if read == 0 {
            return Err(ParquetError::General("a column has fewer rows than its group".to_owned()));
        }
        if most == 0 {
            values.iter().try_for_each(|found| take(Some(value(found))))?;
        } else {
            let mut values = values.iter();
            for level in &levels {
                let found = if *level == most { values.next() } else { None };
                take(found.map(&value))?;
            }
        }
        done += read;
    }
    Ok(())
}
