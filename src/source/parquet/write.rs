//! Writes GeoParquet: tables of any length, one group of rows after the other.

use std::io::Write;
use std::sync::Arc;

use geo::{BoundingRect, Rect};
use geo_types::Geometry;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde_json::json;

use crate::geometry::wkb;
use crate::words::Words;

use super::super::Read;
use super::super::outgoing::srs::Srs;
use super::super::outgoing::{Cells, OutLayer, joined, kind_name};

/// The bytes of a GeoParquet file with one layer; without geometry, of a plain Parquet file.
///
/// # Errors
/// When the layer's columns differ in length or two have one name.
pub fn write(layer: &OutLayer) -> Read<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes, layer)?;
    writer.append(layer)?;
    writer.finish()?;
    Ok(bytes)
}

/// Writes a layer in parts, so that it never is in memory as a whole.
pub struct Writer<W: Write + Send> {
    file: SerializedFileWriter<W>,
    geometry: Option<String>,
    srs: Option<Srs>,
    kinds: Vec<&'static str>,
    bounds: Option<Rect<f64>>,
}

impl<W: Write + Send> Writer<W> {
    /// Starts a file with the columns of `layer`; its rows are not written yet.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn new(sink: W, layer: &OutLayer) -> Read<Writer<W>> {
        let geometry = layer.shapes.as_ref().map(|_| layer.free_name("geometry"));
        let file = schema(layer, geometry.as_deref())
            .and_then(|schema| {
                let level = ZstdLevel::try_new(3)?;
                let properties = WriterProperties::builder()
                    .set_compression(Compression::ZSTD(level))
                    .set_created_by("facility-audit".to_owned())
                    .build();
                SerializedFileWriter::new(sink, Arc::new(schema), Arc::new(properties))
            })
            .map_err(|error| failed(&error))?;
        let srs = layer.srs.clone();
        Ok(Writer { file, geometry, srs, kinds: Vec::new(), bounds: None })
    }

    /// Appends the rows of a part, which has the same columns, as one group of rows.
    ///
    /// # Errors
    /// When its columns are others, or the file cannot be written to.
    pub fn append(&mut self, part: &OutLayer) -> Read<()> {
        part.rows()?;
        self.learn(part);
        self.append_group(part).map_err(|error| failed(&error))
    }

    /// Ends the file and gives back what it was written to.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn finish(mut self) -> Read<W> {
        if let Some(text) = self.description() {
            self.file.append_key_value_metadata(KeyValue::new("geo".to_owned(), text));
        }
        self.file.into_inner().map_err(|error| failed(&error))
    }

    /// Keeps what the description of the geometry needs.
    fn learn(&mut self, part: &OutLayer) {
        for geometry in part.shapes.iter().flatten().flatten() {
            let kind = kind_name(geometry);
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
            let bounds: Option<Rect<f64>> = geometry.bounding_rect();
            self.bounds = match (self.bounds, bounds) {
                (Some(a), Some(b)) => Some(joined(a, b)),
                (a, b) => a.or(b),
            };
        }
    }

    fn append_group(&mut self, part: &OutLayer) -> Result<()> {
        let mut group = self.file.next_row_group()?;
        if let Some(shapes) = &part.shapes {
            let bytes = |geometry: &Geometry<f64>| ByteArray::from(wkb::write(geometry));
            column::<ByteArrayType, _>(&mut group, shapes, bytes)?;
        }
        for field in &part.fields {
            match &field.cells {
                Cells::Text(cells) => {
                    let bytes = |text: &String| ByteArray::from(text.as_str());
                    column::<ByteArrayType, _>(&mut group, cells, bytes)?;
                }
                Cells::Real(cells) => column::<DoubleType, _>(&mut group, cells, |cell| *cell)?,
                Cells::Integer(cells) => column::<Int64Type, _>(&mut group, cells, |cell| *cell)?,
                Cells::Flag(cells) => column::<BoolType, _>(&mut group, cells, |cell| *cell)?,
            }
        }
        group.close().map(|_| ())
    }

    /// The "geo" entry of GeoParquet.
    fn description(&self) -> Option<String> {
        let column = self.geometry.as_ref()?;
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        let crs = self.srs.as_ref().map(|srs| &srs.projjson);
        let mut about = json!({"encoding": "WKB", "geometry_types": kinds, "crs": crs});
        if let Some(bounds) = self.bounds {
            let (min, max) = (bounds.min(), bounds.max());
            about["bbox"] = json!([min.x, min.y, max.x, max.y]);
        }
        let geo = json!({
            "version": "1.0.0", "primary_column": column, "columns": {column: about},
        });
        Some(geo.to_string())
    }
}

/// Writes the next column of a group; the crate errs when its type is another.
fn column<T: DataType, C>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    cells: &[Option<C>],
    value: impl Fn(&C) -> T::T,
) -> Result<()> {
    let Some(mut writer) = group.next_column()? else {
        return Err(ParquetError::General("the part has more columns than the file".to_owned()));
    };
    let levels: Vec<i16> = cells.iter().map(|cell| i16::from(cell.is_some())).collect();
    let values: Vec<T::T> = cells.iter().flatten().map(value).collect();
    let Some(typed) = T::get_column_writer_mut(writer.untyped()) else {
        return Err(ParquetError::General("the part has a column of another type".to_owned()));
    };
    typed.write_batch(&values, Some(&levels), None)?;
    writer.close()
}

fn schema(layer: &OutLayer, geometry: Option<&str>) -> Result<Type> {
    let mut columns = Vec::with_capacity(layer.fields.len() + 1);
    if let Some(name) = geometry {
        columns.push(leaf(name, Physical::BYTE_ARRAY, None)?);
    }
    for field in &layer.fields {
        let (physical, logical) = match field.cells {
            Cells::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Cells::Real(_) => (Physical::DOUBLE, None),
            Cells::Integer(_) => (Physical::INT64, None),
            Cells::Flag(_) => (Physical::BOOLEAN, None),
        };
        columns.push(leaf(&field.name, physical, logical)?);
    }
    Type::group_type_builder("schema").with_fields(columns).build()
}

fn leaf(name: &str, physical: Physical, logical: Option<LogicalType>) -> Result<Arc<Type>> {
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map(Arc::new)
}

fn failed(error: &ParquetError) -> Words {
    Words::new(
        format!("Parquet 写出失败：{error}"),
        format!("the Parquet file cannot be written: {error}"),
    )
}
