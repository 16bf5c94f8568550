//! One table of a GeoPackage as a grid.

use std::borrow::Cow;
use std::fmt::Write as _;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::layer::{Grid, TextColumn};
use crate::words::Words;

use super::super::Read;
use super::super::shape_column::ShapeColumn;
use super::contents::Listed;
use super::{blob, broken, quoted};

/// How many rows and how much text a file may give; a damaged one can repeat its pages for ever.
#[derive(Debug)]
pub struct Budget {
    rows: usize,
    cells: usize,
    text: usize,
}

impl Budget {
    /// What a file of this size can hold at the very most.
    pub fn for_size(bytes: usize) -> Budget {
        // A row takes four bytes at least; a number of eight bytes some twenty digits.
        // A blank cell takes a byte, but none when its column was added after the row.
        Budget {
            rows: bytes / 2 + 1_000,
            cells: bytes.saturating_mul(8) + 64_000_000,
            text: bytes.saturating_mul(64) + 1_000_000,
        }
    }

    fn spend(&mut self, rows: usize, cells: usize, text: usize) -> Option<()> {
        self.rows = self.rows.checked_sub(rows)?;
        self.cells = self.cells.checked_sub(cells)?;
        self.text = self.text.checked_sub(text)?;
        Some(())
    }
}

/// Reads a table; its geometry column is beside the cells.
pub fn read(
    connection: &Connection,
    name: &str,
    layer: &Listed,
    budget: &mut Budget,
) -> Read<Grid> {
    let failed =
        |error: &dyn std::fmt::Display| broken(&format!("{name} / {}", layer.table), error);
    let mut table = Table::new(connection, layer).map_err(|error| failed(&error))?;
    let names: Vec<String> = table.fields.iter().map(|field| quoted(&field.name)).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), quoted(&layer.table));
    let mut statement = connection.prepare(&sql).map_err(|error| failed(&error))?;
    let mut rows = statement.query([]).map_err(|error| failed(&error))?;
    while let Some(row) = rows.next().map_err(|error| failed(&error))? {
        let text = table.push(row).map_err(|error| failed(&error))?;
        budget
            .spend(1, names.len(), text)
            .ok_or_else(|| failed(&"more rows than the file can hold"))?;
    }
    Ok(table.finish(layer))
}

struct Table {
    fields: Vec<Field>,
    shapes: Option<ShapeColumn>,
    layer_srs: i64,
    other_srs: usize,
    buffer: String,
}

struct Field {
    name: String,
    kind: FieldKind,
    cells: TextColumn,
    blobs: usize,
    no_utf8: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum FieldKind {
    Geometry,
    Flag,
    Other,
}

impl Table {
    fn new(connection: &Connection, layer: &Listed) -> rusqlite::Result<Table> {
        let geometry = layer.geometry.as_ref();
        let mut statement = connection.prepare(
            "SELECT name, upper(coalesce(type, '')) FROM pragma_table_xinfo(?1) WHERE hidden <> 1",
        )?;
        let fields = statement
            .query_map([&layer.table], |row| {
                let (name, declared): (String, String) = (row.get(0)?, row.get(1)?);
                let is_geometry =
                    geometry.is_some_and(|(column, _)| column.eq_ignore_ascii_case(&name));
                let kind = match declared.as_str() {
                    _ if is_geometry => FieldKind::Geometry,
                    "BOOLEAN" => FieldKind::Flag,
                    _ => FieldKind::Other,
                };
                Ok(Field::new(name, kind))
            })?
            .collect::<rusqlite::Result<Vec<Field>>>()?;
        let has_geometry = fields.iter().any(|field| field.kind == FieldKind::Geometry);
        Ok(Table {
            fields,
            shapes: has_geometry.then(ShapeColumn::default),
            layer_srs: geometry.map_or(0, |(_, srs_id)| *srs_id),
            other_srs: 0,
            buffer: String::new(),
        })
    }

    /// Appends a row and gives the bytes of text in it.
    fn push(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<usize> {
        let mut text = 0;
        for (index, field) in self.fields.iter_mut().enumerate() {
            let value = row.get_ref(index)?;
            match (&mut self.shapes, field.kind) {
                (Some(shapes), FieldKind::Geometry) => {
                    self.other_srs += usize::from(!push_shape(shapes, value, self.layer_srs));
                }
                _ => text += field.push(value, &mut self.buffer),
            }
        }
        Ok(text)
    }

    fn finish(self, layer: &Listed) -> Grid {
        let mut notes = layer.notes.clone();
        if self.other_srs > 0 {
            notes.push(other_srs(self.other_srs, self.layer_srs));
        }
        notes.extend(self.fields.iter().flat_map(Field::notes));
        let cells = |field: Field| (field.kind != FieldKind::Geometry).then_some(field.cells);
        let columns = self.fields.into_iter().filter_map(cells).collect();
        let mut grid = Grid::from_columns(Some(layer.table.clone()), columns);
        grid.shapes = self.shapes.map(|shapes| shapes.finish(layer.claim.clone()));
        // A layer without attributes still has its rows.
        for _ in grid.rows()..grid.shapes.as_ref().map_or(0, |shapes| shapes.all.len()) {
            grid.push_row([]);
        }
        grid.notes = notes;
        grid
    }
}

/// Appends a geometry; false when it names another reference system than its layer.
fn push_shape(shapes: &mut ShapeColumn, value: ValueRef<'_>, layer_srs: i64) -> bool {
    let ValueRef::Blob(bytes) = value else {
        shapes.push_none();
        return true;
    };
    match blob::parse(bytes) {
        Err(words) => shapes.push_fault(words),
        Ok(blob::Blob { srs_id, wkb }) => {
            match wkb {
                Some(wkb) => {
                    shapes.push_wkb(wkb);
                }
                None => shapes.push_none(),
            }
            return i64::from(srs_id) == layer_srs || srs_id <= 0;
        }
    }
    true
}

impl Field {
    fn new(name: String, kind: FieldKind) -> Field {
        let mut cells = TextColumn::default();
        cells.push(&name);
        Field { name, kind, cells, blobs: 0, no_utf8: 0 }
    }

    /// Appends a cell and gives the bytes of its text.
    fn push(&mut self, value: ValueRef<'_>, buffer: &mut String) -> usize {
        buffer.clear();
        let text: Cow<'_, str> = match value {
            ValueRef::Null => "".into(),
            ValueRef::Integer(0) if self.kind == FieldKind::Flag => "false".into(),
            ValueRef::Integer(1) if self.kind == FieldKind::Flag => "true".into(),
            ValueRef::Integer(number) => number_text(buffer, number),
            ValueRef::Real(number) => number_text(buffer, number),
            ValueRef::Text(bytes) => self.text(bytes),
            ValueRef::Blob(_) => {
                self.blobs += 1;
                "".into()
            }
        };
        self.cells.push(&text);
        text.len()
    }

    /// Text is UTF-8 by the standard; some exporters write GBK all the same.
    fn text<'b>(&mut self, bytes: &'b [u8]) -> Cow<'b, str> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return text.into();
        }
        self.no_utf8 += 1;
        let (text, damaged) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
        if damaged { String::from_utf8_lossy(bytes) } else { text }
    }

    fn notes(&self) -> Vec<Words> {
        let (name, blobs, texts) = (&self.name, self.blobs, self.no_utf8);
        let mut notes = Vec::new();
        if blobs > 0 {
            notes.push(Words::new(
                format!("字段 {name}：{blobs} 个二进制单元格按空白读入"),
                format!("field {name}: {blobs} binary cells were read as blanks"),
            ));
        }
        if texts > 0 {
            notes.push(Words::new(
                format!("字段 {name}：{texts} 个单元格的文字不是 UTF-8，按 GB18030 读入，请核对"),
                format!("field {name}: the text of {texts} cells is not UTF-8 and was read as GB18030; please check it"),
            ));
        }
        notes
    }
}

fn number_text<'b>(buffer: &'b mut String, number: impl std::fmt::Display) -> Cow<'b, str> {
    write!(buffer, "{number}").expect("a string takes any text");
    buffer.as_str().into()
}

fn other_srs(count: usize, layer_srs: i64) -> Words {
    Words::new(
        format!("{count} 个几何的坐标系编号与图层（{layer_srs}）不同，按图层的坐标系读入"),
        format!(
            "{count} geometries name another reference system than the layer ({layer_srs}), whose system is used"
        ),
    )
}
