//! Which columns of a file are read, and as what.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::file::metadata::FileMetaData;
use parquet::schema::types::ColumnDescriptor;

use crate::layer::Claim;
use crate::words::Words;

use super::super::Read;
use super::geo::Geo;

/// The columns of a file that are read.
#[derive(Debug)]
pub struct Table {
    /// The columns of attributes.
    pub fields: Vec<Field>,
    /// The column of geometry, counted among all columns of the file.
    pub shapes: Option<usize>,
    /// What its coordinates are.
    pub claim: Claim,
    /// What must be known of how it is read.
    pub notes: Vec<Words>,
}

/// A column of attributes.
#[derive(Debug)]
pub struct Field {
    /// Its place among all columns of the file.
    pub leaf: usize,
    /// Its name; the names of the structures around it come first.
    pub name: String,
    /// How its values become text.
    pub kind: Kind,
}

/// How the values of a column become text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// As they are: numbers, yes and no.
    Plain,
    /// Whole numbers whose sign bit counts.
    Unsigned,
    /// Whole numbers with so many decimals.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// The time of a day, in so many parts of a second.
    Time(i64),
    /// Parts of a second since 1970; whether they count from midnight in Greenwich.
    Moment {
        /// How many make a second.
        per_second: i64,
        /// Whether the time is that of Greenwich.
        utc: bool,
    },
    /// Text.
    Text,
    /// Bytes that may be text.
    Bytes,
    /// A universally unique identifier.
    Uuid,
}

impl Table {
    /// What to read of a file.
    pub fn of(name: &str, file: &FileMetaData) -> Read<Table> {
        let geo = Geo::of(name, file)?;
        let mut table =
            Table { fields: Vec::new(), shapes: None, claim: Claim::None, notes: Vec::new() };
        let mut left_out = Vec::new();
        for (leaf, column) in file.schema_descr().columns().iter().enumerate() {
            let parts = column.path().parts();
            let root = parts.first().map_or("", String::as_str);
            let binary = column.physical_type() == Type::BYTE_ARRAY && column.max_rep_level() == 0;
            if parts.len() == 1 && geo.column.as_deref() == Some(root) && binary {
                table.shapes = Some(leaf);
            } else if geo.others.iter().any(|other| other == root) {
                left_out.push(root.to_owned());
            } else {
                match kind(column) {
                    Some(kind) => table.fields.push(Field { leaf, name: parts.join("."), kind }),
                    None => left_out.push(parts.join(".")),
                }
            }
        }
        if let (Some(column), None) = (&geo.column, table.shapes) {
            table.notes.push(no_such_column(column));
        } else {
            table.claim = geo.claim;
        }
        table.note_columns(left_out);
        Ok(table)
    }

    /// The places of all columns that are read.
    pub fn leaves(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().map(|field| field.leaf).chain(self.shapes)
    }

    fn note_columns(&mut self, mut left_out: Vec<String>) {
        left_out.dedup();
        if !left_out.is_empty() {
            let list = |separator| left_out.join(separator);
            self.notes.push(Words::new(
                format!("未读的列（列表、嵌套、二进制或其他几何）：{}", list("，")),
                format!(
                    "columns not read (lists, nested, binary or further geometry): {}",
                    list(", ")
                ),
            ));
        }
        let utc = |field: &&Field| matches!(field.kind, Kind::Moment { utc: true, .. });
        let moved: Vec<&str> =
            self.fields.iter().filter(utc).map(|field| field.name.as_str()).collect();
        if !moved.is_empty() {
            self.notes.push(Words::new(
                format!("以世界时存储的时刻按北京时间读入：{}", moved.join("，")),
                format!("moments kept in UTC are read as Beijing time: {}", moved.join(", ")),
            ));
        }
    }
}

/// How a column is read; none when it is not.
fn kind(column: &ColumnDescriptor) -> Option<Kind> {
    if column.max_rep_level() > 0 {
        return None;
    }
    match column.physical_type() {
        Type::BOOLEAN | Type::FLOAT | Type::DOUBLE => Some(Kind::Plain),
        Type::INT32 | Type::INT64 => whole(column),
        Type::INT96 => Some(Kind::Moment { per_second: 1_000_000_000, utc: false }),
        Type::BYTE_ARRAY => bytes(column),
        Type::FIXED_LEN_BYTE_ARRAY => match column.logical_type_ref() {
            Some(LogicalType::Uuid) => Some(Kind::Uuid),
            _ => decimal(column),
        },
    }
}

fn whole(column: &ColumnDescriptor) -> Option<Kind> {
    let moment = |per_second, utc| Kind::Moment { per_second, utc };
    let by_type = match column.logical_type_ref() {
        Some(LogicalType::Date) => Some(Kind::Date),
        Some(LogicalType::Time(time)) => Some(Kind::Time(per_second(&time.unit)?)),
        Some(LogicalType::Timestamp(time)) => {
            Some(moment(per_second(&time.unit)?, time.is_adjusted_to_u_t_c))
        }
        Some(LogicalType::Integer(integer)) if !integer.is_signed => Some(Kind::Unsigned),
        _ => None,
    };
    // Old writers leave the first description out and do not say which midnight they mean.
    let by_old_type = || match column.converted_type() {
        ConvertedType::DATE => Some(Kind::Date),
        ConvertedType::TIME_MILLIS => Some(Kind::Time(1_000)),
        ConvertedType::TIME_MICROS => Some(Kind::Time(1_000_000)),
        ConvertedType::TIMESTAMP_MILLIS => Some(moment(1_000, false)),
        ConvertedType::TIMESTAMP_MICROS => Some(moment(1_000_000, false)),
        ConvertedType::UINT_8
        | ConvertedType::UINT_16
        | ConvertedType::UINT_32
        | ConvertedType::UINT_64 => Some(Kind::Unsigned),
        _ => None,
    };
    by_type.or_else(|| decimal(column)).or_else(by_old_type).or(Some(Kind::Plain))
}

fn bytes(column: &ColumnDescriptor) -> Option<Kind> {
    match column.logical_type_ref() {
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json) => Some(Kind::Text),
        Some(LogicalType::Decimal(_)) => decimal(column),
        Some(LogicalType::Bson | LogicalType::Variant(_)) => None,
        _ => match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Some(Kind::Text),
            ConvertedType::BSON => None,
            ConvertedType::DECIMAL => decimal(column),
            _ => Some(Kind::Bytes),
        },
    }
}

fn decimal(column: &ColumnDescriptor) -> Option<Kind> {
    let scale = match column.logical_type_ref() {
        Some(LogicalType::Decimal(decimal)) => decimal.scale,
        _ if column.converted_type() == ConvertedType::DECIMAL => column.type_scale(),
        _ => return None,
    };
    // The type holds at most 38 digits in the 16 bytes that are read.
    u32::try_from(scale).ok().filter(|scale| *scale <= 38).map(Kind::Decimal)
}

fn per_second(unit: &TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::MILLIS => Some(1_000),
        TimeUnit::MICROS => Some(1_000_000),
        TimeUnit::NANOS => Some(1_000_000_000),
    }
}

fn no_such_column(column: &str) -> Words {
    Words::new(
        format!("声明的几何列 {column} 不存在或不是二进制列，只读属性"),
        format!(
            "the declared geometry column {column} is absent or not binary: only attributes are read"
        ),
    )
}
