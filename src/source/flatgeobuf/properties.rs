//! The columns of FlatGeobuf and the values of a feature, as text.

use std::borrow::Cow;

use ::flatgeobuf::ColumnType;

/// A column as the header declares it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column<'a> {
    pub name: &'a str,
    kind: ColumnType,
}

/// The columns of a header or of a feature that has its own.
pub(super) fn columns<'a>(
    declared: Option<impl IntoIterator<Item = ::flatgeobuf::Column<'a>>>,
) -> Vec<Column<'a>> {
    let declared = declared.into_iter().flatten();
    declared.map(|column| Column { name: column.name(), kind: column.type_() }).collect()
}

/// The name and text of each value a feature has; nothing when they do not fit the columns.
pub(super) fn read<'a>(
    bytes: &'a [u8],
    columns: &[Column<'a>],
) -> Option<Vec<(&'a str, Cow<'a, str>)>> {
    let mut values = Values { rest: bytes };
    let mut cells = Vec::new();
    // Some writers leave one byte too many at the end.
    while values.rest.len() > 1 {
        let column = columns.get(usize::from(u16::from_le_bytes(values.take()?)))?;
        cells.push((column.name, values.text(column.kind)?));
    }
    Some(cells)
}

struct Values<'a> {
    rest: &'a [u8],
}

impl<'a> Values<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (piece, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*piece)
    }

    /// Bytes with their length before them.
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = u32::from_le_bytes(self.take()?) as usize;
        let (piece, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(piece)
    }

    fn text(&mut self, kind: ColumnType) -> Option<Cow<'a, str>> {
        let number = match kind {
            ColumnType::Byte => i8::from_le_bytes(self.take()?).to_string(),
            ColumnType::UByte => u8::from_le_bytes(self.take()?).to_string(),
            ColumnType::Bool => (self.take::<1>()? != [0]).to_string(),
            ColumnType::Short => i16::from_le_bytes(self.take()?).to_string(),
            ColumnType::UShort => u16::from_le_bytes(self.take()?).to_string(),
            ColumnType::Int => i32::from_le_bytes(self.take()?).to_string(),
            ColumnType::UInt => u32::from_le_bytes(self.take()?).to_string(),
            ColumnType::Long => i64::from_le_bytes(self.take()?).to_string(),
            ColumnType::ULong => u64::from_le_bytes(self.take()?).to_string(),
            ColumnType::Float => finite(f32::from_le_bytes(self.take()?)),
            ColumnType::Double => finite(f64::from_le_bytes(self.take()?)),
            ColumnType::Binary => hexadecimal(self.bytes()?),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime => {
                return std::str::from_utf8(self.bytes()?).ok().map(Cow::Borrowed);
            }
            _ => return None,
        };
        Some(Cow::Owned(number))
    }
}

/// A number in the fewest digits that read back the same; nothing for what is no number.
fn finite(number: impl Into<f64> + Copy + ToString) -> String {
    if number.into().is_finite() { number.to_string() } else { String::new() }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_every_kind_become_text() {
        let columns = [
            (ColumnType::Byte, &[0xFF][..], "-1"),
            (ColumnType::UByte, &[0xFF], "255"),
            (ColumnType::Bool, &[1], "true"),
            (ColumnType::Short, &[0xFE, 0xFF], "-2"),
            (ColumnType::UShort, &[1, 1], "257"),
            (ColumnType::Int, &(-3i32).to_le_bytes(), "-3"),
            (ColumnType::UInt, &3_000_000_000u32.to_le_bytes(), "3000000000"),
            (ColumnType::Long, &i64::MIN.to_le_bytes(), "-9223372036854775808"),
            (ColumnType::ULong, &u64::MAX.to_le_bytes(), "18446744073709551615"),
            (ColumnType::Float, &0.1f32.to_le_bytes(), "0.1"),
            (ColumnType::Double, &12345678.9f64.to_le_bytes(), "12345678.9"),
            (ColumnType::Double, &f64::NAN.to_le_bytes(), ""),
            (ColumnType::String, b"\x03\0\0\0\xE7\x94\xB2", "甲"),
            (ColumnType::Json, b"\x02\0\0\0{}", "{}"),
            (ColumnType::DateTime, b"\x04\0\0\x002024", "2024"),
            (ColumnType::Binary, b"\x02\0\0\0\x01\xAB", "01ab"),
        ];
        for (kind, value, expected) in columns {
            let bytes = [&[0, 0], value].concat();
            let cells = read(&bytes, &[Column { name: "a", kind }]).expect("reads");
            assert_eq!(cells, [("a", expected.into())]);
            assert!(read(&bytes[..bytes.len() - 1], &[Column { name: "a", kind }]).is_none());
            assert!(read(&bytes, &[]).is_none());
        }
    }
}
