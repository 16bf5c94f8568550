//! Values of a column as the text of cells.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::fields::Kind;

/// A value as the file holds it.
#[derive(Debug, Clone, Copy)]
pub enum Value<'v> {
    /// Yes or no.
    Flag(bool),
    /// A whole number of 32 bits.
    Short(i32),
    /// A whole number of 64 bits.
    Long(i64),
    /// The old form of a moment: nanoseconds of a day, and the Julian day.
    Old(i64, u32),
    /// A number of single precision.
    Single(f32),
    /// A number of double precision.
    Double(f64),
    /// Bytes.
    Bytes(&'v [u8]),
}

/// China keeps one time.
const BEIJING: Offset = jiff::tz::offset(8);

/// Writes a value as the text of a cell; none when it has none.
pub fn write(cell: &mut String, value: Value<'_>, kind: Kind) -> Option<()> {
    match (value, kind) {
        (Value::Short(number), Kind::Unsigned) => put(cell, number as u32),
        (Value::Long(number), Kind::Unsigned) => put(cell, number as u64),
        (Value::Short(number), _) => whole(cell, i64::from(number), kind),
        (Value::Long(number), _) => whole(cell, number, kind),
        (Value::Flag(flag), _) => put(cell, flag),
        (Value::Single(number), _) => put(cell, number),
        (Value::Double(number), _) => put(cell, number),
        (Value::Old(nanoseconds, day), _) => old_moment(cell, nanoseconds, day),
        (Value::Bytes(bytes), Kind::Decimal(scale)) => decimal(cell, big_endian(bytes)?, scale),
        (Value::Bytes(bytes), Kind::Uuid) => uuid(cell, bytes),
        (Value::Bytes(bytes), _) => put(cell, std::str::from_utf8(bytes).ok()?),
    }
}

fn put(cell: &mut String, value: impl std::fmt::Display) -> Option<()> {
    write!(cell, "{value}").ok()
}

fn whole(cell: &mut String, number: i64, kind: Kind) -> Option<()> {
    match kind {
        Kind::Decimal(scale) => decimal(cell, i128::from(number), scale),
        Kind::Date => moment(cell, number.checked_mul(86_400)?, 0, 1, false),
        Kind::Time(per_second) => {
            clock(cell, number.div_euclid(per_second), number.rem_euclid(per_second), per_second)
        }
        Kind::Moment { per_second, utc } => {
            let seconds = number.div_euclid(per_second);
            moment(cell, seconds, number.rem_euclid(per_second), per_second, utc)
        }
        _ => put(cell, number),
    }
}

/// A day, with the time unless it is midnight.
fn moment(
    cell: &mut String,
    seconds: i64,
    fraction: i64,
    per_second: i64,
    utc: bool,
) -> Option<()> {
    let offset = if utc { BEIJING } else { Offset::UTC };
    let moment = offset.to_datetime(Timestamp::from_second(seconds).ok()?);
    put(cell, moment.date())?;
    let of_day = (seconds + i64::from(offset.seconds())).rem_euclid(86_400);
    if of_day == 0 && fraction == 0 {
        return Some(());
    }
    cell.push(' ');
    clock(cell, of_day, fraction, per_second)
}

fn clock(cell: &mut String, seconds: i64, fraction: i64, per_second: i64) -> Option<()> {
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    write!(cell, "{hour:02}:{minute:02}:{second:02}").ok()?;
    if fraction != 0 {
        let digits = per_second.ilog10() as usize;
        let text = format!("{fraction:0digits$}");
        write!(cell, ".{}", text.trim_end_matches('0')).ok()?;
    }
    Some(())
}

/// The old form counts days as astronomers do.
fn old_moment(cell: &mut String, nanoseconds: i64, day: u32) -> Option<()> {
    const UNIX_EPOCH: i64 = 2_440_588;
    let days = i64::from(day) - UNIX_EPOCH;
    let seconds = days * 86_400 + nanoseconds.div_euclid(1_000_000_000);
    moment(cell, seconds, nanoseconds.rem_euclid(1_000_000_000), 1_000_000_000, false)
}

/// A decimal keeps its zeros: they tell how precisely it is known.
fn decimal(cell: &mut String, unscaled: i128, scale: u32) -> Option<()> {
    if scale == 0 {
        return put(cell, unscaled);
    }
    let power = 10u128.checked_pow(scale)?;
    let (whole, part) = (unscaled.unsigned_abs() / power, unscaled.unsigned_abs() % power);
    let sign = if unscaled < 0 { "-" } else { "" };
    let digits = scale as usize;
    write!(cell, "{sign}{whole}.{part:0digits$}").ok()
}

fn big_endian(bytes: &[u8]) -> Option<i128> {
    let negative = bytes.first()? & 0x80 != 0;
    let mut padded = [if negative { 0xFF } else { 0 }; 16];
    let start = padded.len().checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(i128::from_be_bytes(padded))
}

fn uuid(cell: &mut String, bytes: &[u8]) -> Option<()> {
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            cell.push('-');
        }
        write!(cell, "{byte:02x}").ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value<'_>, kind: Kind) -> Option<String> {
        let mut cell = String::new();
        write(&mut cell, value, kind)?;
        Some(cell)
    }

    #[test]
    fn numbers_keep_their_digits() {
        let shown = |value, kind| text(value, kind).unwrap_or_default();
        assert_eq!(shown(Value::Double(0.1 + 0.2), Kind::Plain), "0.30000000000000004");
        assert_eq!(shown(Value::Single(0.1), Kind::Plain), "0.1");
        assert_eq!(shown(Value::Short(-1), Kind::Unsigned), "4294967295");
        assert_eq!(shown(Value::Long(-1), Kind::Unsigned), "18446744073709551615");
        assert_eq!(shown(Value::Long(-1250), Kind::Decimal(2)), "-12.50");
        assert_eq!(shown(Value::Bytes(&[0xFF, 0x38]), Kind::Decimal(3)), "-0.200");
        assert_eq!(shown(Value::Bytes(&[4, 0xD2]), Kind::Decimal(0)), "1234");
        assert_eq!(text(Value::Bytes(&[1; 17]), Kind::Decimal(0)), None);
    }

    #[test]
    fn a_moment_at_midnight_is_a_day() {
        let milliseconds = |number, utc| {
            text(Value::Long(number), Kind::Moment { per_second: 1_000, utc }).unwrap_or_default()
        };
        assert_eq!(text(Value::Short(19_452), Kind::Date).as_deref(), Some("2023-04-05"));
        assert_eq!(text(Value::Short(-1), Kind::Date).as_deref(), Some("1969-12-31"));
        assert_eq!(milliseconds(1_680_652_800_000, false), "2023-04-05");
        assert_eq!(milliseconds(1_680_652_800_500, false), "2023-04-05 00:00:00.5");
        assert_eq!(milliseconds(-1, false), "1969-12-31 23:59:59.999");
        assert_eq!(milliseconds(1_680_624_000_000, true), "2023-04-05");
        assert_eq!(milliseconds(1_680_624_000_000, false), "2023-04-04 16:00:00");
        assert_eq!(milliseconds(i64::MAX, false), "");
        let old = text(Value::Old(3_600_000_000_000, 2_460_040), Kind::Plain);
        assert_eq!(old.as_deref(), Some("2023-04-05 01:00:00"));
        let clock = text(Value::Long(86_399_000_001), Kind::Time(1_000_000));
        assert_eq!(clock.as_deref(), Some("23:59:59.000001"));
    }

    #[test]
    fn an_identifier_is_written_in_groups() {
        let bytes: Vec<u8> = (0..16).collect();
        let shown = text(Value::Bytes(&bytes), Kind::Uuid);
        assert_eq!(shown.as_deref(), Some("00010203-0405-0607-0809-0a0b0c0d0e0f"));
    }
}
