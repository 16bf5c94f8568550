//! The bytes of one cell become text.
//!
//! Numbers keep the text they have; binary ones are written so that they read back as the same
//! number. Dates are `YYYY-MM-DD`. What is null is the empty text.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding};
use jiff::Span;
use jiff::civil::Date;

use crate::source::bytes::{f64_le, i64_le, u32_be, u32_le, u64_be};

use super::records::unpadded;

/// What is wrong with a cell, beside its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Asterisks: the number did not fit its field.
    Overflow,
    /// Neither a day of the calendar nor blank.
    NoDate,
    /// Neither yes nor no nor blank.
    NoFlag,
    /// An infinite number or none at all.
    NoNumber,
    /// Half a character at the end was taken off.
    HalfCharacter,
    /// Bytes that the encoding the user named has no characters for.
    NoText,
    /// A text kept in another file, or bytes of no known meaning.
    NotRead,
}

/// A cell's text, and what is wrong with it.
pub type Cell<'a> = (Cow<'a, str>, Option<Trouble>);

/// Reads the cell of a field of this type.
pub fn cell<'a>(
    kind: u8,
    raw: &'a [u8],
    encoding: &'static Encoding,
    sorted_numbers: bool,
) -> Cell<'a> {
    match (kind, raw.len()) {
        (b'N' | b'F', _) => number(raw, encoding),
        (b'D', _) => date(raw),
        (b'L', _) => flag(raw),
        (b'I' | b'+', 4) => integer(raw, sorted_numbers),
        (b'B', 8) => float(f64_le(raw, 0)),
        (b'O', 8) if sorted_numbers => float(sorted_float(raw)),
        (b'O', 8) => float(f64_le(raw, 0)),
        (b'Y', 8) => (currency(raw).into(), None),
        (b'T' | b'@', 8) => moment(raw),
        (b'M' | b'B' | b'G' | b'P' | b'W' | b'0' | b'I' | b'+' | b'O' | b'Y' | b'T' | b'@', _) => {
            not_read(raw)
        }
        _ => text(raw, encoding),
    }
}

/// Decodes strictly; half a character at the very end is left off, and said so.
pub fn decode<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<(Cow<'a, str>, bool)> {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Some((text, false));
    }
    // A decoder that is not told of the end keeps an unfinished character to itself.
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len())?;
    let mut text = String::with_capacity(room);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, false);
    (result == DecoderResult::InputEmpty).then_some((Cow::Owned(text), true))
}

fn text<'a>(raw: &'a [u8], encoding: &'static Encoding) -> Cell<'a> {
    match decode(encoding, unpadded(raw)) {
        Some((text, false)) => (text, None),
        Some((text, true)) => (text, Some(Trouble::HalfCharacter)),
        None => (Cow::Borrowed(""), Some(Trouble::NoText)),
    }
}

/// The text between blanks and NULs, where it is ASCII.
fn ascii(raw: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(raw).ok().filter(|text| text.is_ascii())?;
    Some(text.trim_matches(|c: char| c == '\0' || c.is_ascii_whitespace()))
}

fn number<'a>(raw: &'a [u8], encoding: &'static Encoding) -> Cell<'a> {
    match ascii(raw) {
        Some(stars) if stars.contains('*') => (Cow::Borrowed(""), Some(Trouble::Overflow)),
        Some(number) => (Cow::Borrowed(number), None),
        None => text(raw, encoding),
    }
}

fn date(raw: &[u8]) -> Cell<'_> {
    let text = ascii(raw).unwrap_or("?");
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | '/' | '.')).collect();
    if digits.bytes().all(|digit| matches!(digit, b'0' | b' ')) {
        return (Cow::Borrowed(""), None);
    }
    let day = Some(&digits).filter(|digits| digits.len() == 8).and_then(|digits| {
        let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..)?);
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
    });
    match day.filter(|day| day.year() > 0) {
        Some(day) => (day.to_string().into(), None),
        None => (Cow::Borrowed(""), Some(Trouble::NoDate)),
    }
}

fn flag(raw: &[u8]) -> Cell<'_> {
    match raw.trim_ascii() {
        b"T" | b"t" | b"Y" | b"y" => (Cow::Borrowed("true"), None),
        b"F" | b"f" | b"N" | b"n" => (Cow::Borrowed("false"), None),
        [] | [b'?' | 0, ..] => (Cow::Borrowed(""), None),
        _ => (Cow::Borrowed(""), Some(Trouble::NoFlag)),
    }
}

fn integer(raw: &[u8], sorted: bool) -> Cell<'_> {
    let bits = if sorted { u32_be(raw, 0).map(|bits| bits ^ 0x8000_0000) } else { u32_le(raw, 0) };
    match bits {
        Some(bits) => ((bits as i32).to_string().into(), None),
        None => not_read(raw),
    }
}

/// dBase 7 stores numbers so that their bytes sort as they do: the sign bit of a positive one and
/// all bits of a negative one are turned over; all zeros are null.
fn sorted_float(raw: &[u8]) -> Option<f64> {
    let bits = u64_be(raw, 0).filter(|bits| *bits != 0)?;
    let positive = bits >> 63 == 1;
    Some(f64::from_bits(if positive { bits ^ (1 << 63) } else { !bits }))
}

fn float(number: Option<f64>) -> Cell<'static> {
    match number {
        Some(number) if number.is_finite() => (number.to_string().into(), None),
        Some(_) => (Cow::Borrowed(""), Some(Trouble::NoNumber)),
        None => (Cow::Borrowed(""), None),
    }
}

/// Currency counts ten-thousandths, and keeps more digits than a float does.
fn currency(raw: &[u8]) -> String {
    let amount = i64_le(raw, 0).unwrap_or(0);
    let sign = if amount < 0 { "-" } else { "" };
    let (whole, part) = (amount.unsigned_abs() / 10_000, amount.unsigned_abs() % 10_000);
    let text = format!("{sign}{whole}.{part:04}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A Julian day number and milliseconds; FoxPro writes them little-endian, dBase 7 big-endian.
fn moment(raw: &[u8]) -> Cell<'_> {
    let read = |number: fn(&[u8], usize) -> Option<u32>| {
        let (day, milliseconds) = (number(raw, 0)?, number(raw, 4)?);
        julian(day).filter(|_| milliseconds < 86_400_000).map(|day| (day, milliseconds / 1000))
    };
    if raw.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return (Cow::Borrowed(""), None);
    }
    match read(u32_le).or_else(|| read(u32_be)) {
        Some((day, 0)) => (day.to_string().into(), None),
        Some((day, seconds)) => {
            let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
            (format!("{day}T{hour:02}:{minute:02}:{second:02}").into(), None)
        }
        None => (Cow::Borrowed(""), Some(Trouble::NoDate)),
    }
}

/// The day of a Julian day number, from the year 1 on.
fn julian(number: u32) -> Option<Date> {
    const OF_1970_01_01: i64 = 2_440_588;
    let span = Span::new().try_days(i64::from(number) - OF_1970_01_01).ok()?;
    Date::constant(1970, 1, 1).checked_add(span).ok().filter(|day| day.year() > 0)
}

fn not_read(raw: &[u8]) -> Cell<'_> {
    let blank = raw.iter().all(|byte| matches!(byte, 0 | b' ' | b'0'));
    (Cow::Borrowed(""), (!blank).then_some(Trouble::NotRead))
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, UTF_8};

    fn read(kind: u8, raw: &[u8]) -> (String, Option<Trouble>) {
        let (text, trouble) = cell(kind, raw, UTF_8, false);
        (text.into_owned(), trouble)
    }

    fn sorted(kind: u8, raw: &[u8]) -> String {
        cell(kind, raw, UTF_8, true).0.into_owned()
    }

    #[test]
    fn numbers_keep_their_text() {
        assert_eq!(read(b'N', b"   91.60"), ("91.60".into(), None));
        assert_eq!(read(b'F', b" 3.14159265358979 "), ("3.14159265358979".into(), None));
        assert_eq!(read(b'F', b" 1.234567890000e+07"), ("1.234567890000e+07".into(), None));
        assert_eq!(read(b'N', b"   \0\0"), (String::new(), None));
        assert_eq!(read(b'N', b"*****"), (String::new(), Some(Trouble::Overflow)));
    }

    #[test]
    fn a_date_is_a_day_of_the_calendar_or_nothing() {
        assert_eq!(read(b'D', b"20240229"), ("2024-02-29".into(), None));
        for blank in [b"00000000", b"        ", b"\0\0\0\0\0\0\0\0", b"0       "] {
            assert_eq!(read(b'D', blank), (String::new(), None));
        }
        for wrong in [b"20230229", b"20231301", b"20230400", b"2023    ", b"\xC4\xEA\xD4\xC21234"] {
            assert_eq!(read(b'D', wrong), (String::new(), Some(Trouble::NoDate)));
        }
    }

    #[test]
    fn flags_are_true_false_or_nothing() {
        let all: Vec<String> =
            [b"T", b"y", b"F", b"n", b"?", b" "].map(|raw| read(b'L', raw).0).into();
        assert_eq!(all, ["true", "true", "false", "false", "", ""]);
        assert_eq!(read(b'L', b"X").1, Some(Trouble::NoFlag));
    }

    #[test]
    fn binary_numbers_read_back_as_the_same_number() {
        assert_eq!(read(b'I', &(-7i32).to_le_bytes()).0, "-7");
        assert_eq!(read(b'B', &12_345_678.901_f64.to_le_bytes()).0, "12345678.901");
        assert_eq!(read(b'B', &f64::NAN.to_le_bytes()).1, Some(Trouble::NoNumber));
        assert_eq!(read(b'Y', &(-12_345_678_901_234_500i64).to_le_bytes()).0, "-1234567890123.45");
        assert_eq!(read(b'Y', &i64::MIN.to_le_bytes()).0, "-922337203685477.5808");
        assert_eq!(sorted(b'I', &[0x7F, 0xFF, 0xFF, 0xF9]), "-7");
        for number in [2.5f64, -2.5] {
            let bits = number.to_bits();
            let stored = if number > 0.0 { bits ^ (1 << 63) } else { !bits };
            assert_eq!(sorted(b'O', &stored.to_be_bytes()), number.to_string());
        }
        assert_eq!(sorted(b'O', &[0; 8]), "");
    }

    #[test]
    fn a_moment_has_a_day_and_a_time_of_day() {
        let stored =
            |day: u32, milliseconds: u32| [day.to_le_bytes(), milliseconds.to_le_bytes()].concat();
        assert_eq!(read(b'T', &stored(2_460_040, 0)).0, "2023-04-05");
        assert_eq!(read(b'@', &stored(2_460_040, 45_296_000)).0, "2023-04-05T12:34:56");
        assert_eq!(read(b'T', &[0; 8]), (String::new(), None));
        assert_eq!(read(b'T', &[0xFF; 8]).1, Some(Trouble::NoDate));
    }

    #[test]
    fn half_a_character_at_the_end_is_taken_off() {
        assert_eq!(read(b'C', "社区".as_bytes()), ("社区".into(), None));
        assert_eq!(
            read(b'C', &"社区".as_bytes()[..5]),
            ("社".into(), Some(Trouble::HalfCharacter))
        );
        let (gbk, ..) = GB18030.encode("幸福");
        let (text, trouble) = cell(b'C', &gbk[..3], GB18030, false);
        assert_eq!((text.as_ref(), trouble), ("幸", Some(Trouble::HalfCharacter)));
        assert_eq!(read(b'C', b"\xE7\xA4 \xBE").1, Some(Trouble::NoText));
    }

    #[test]
    fn a_memo_is_named_as_not_read_only_where_there_is_one() {
        assert_eq!(read(b'M', b"        12").1, Some(Trouble::NotRead));
        assert_eq!(read(b'M', b"          ").1, None);
        assert_eq!(read(b'M', &[0; 4]).1, None);
    }
}
