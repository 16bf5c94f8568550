//! The `.dbf`: each field gets the width its cells need.

use jiff::civil::Date;

use crate::source::Read;
use crate::words::Words;

use super::{Coding, Field, Kind, not_encodable};

/// The widest text that every program reads.
const WIDEST_TEXT: usize = 254;

/// The widest number, and its most decimals: what GDAL writes for any number, and all read.
const WIDEST_NUMBER: usize = 24;
const MOST_DECIMALS: usize = 15;

/// dBase counts fields in a byte.
const MOST_FIELDS: usize = 255;

/// A field, how its cells are written, and the cells.
#[derive(Debug)]
pub struct Column<'a> {
    field: &'a Field,
    name: Vec<u8>,
    coding: Coding,
    width: usize,
    decimals: usize,
}

impl<'a> Column<'a> {
    /// Looks at all cells of a field: what they need, and whether they can be written.
    pub fn plan(
        file: &str,
        field: &'a Field,
        short: &str,
        rows: usize,
        coding: Coding,
        notes: &mut Vec<Words>,
    ) -> Read<Column<'a>> {
        let name = coding.encode(short).unwrap_or_default();
        let mut column = Column { field, name, coding, width: 1, decimals: 0 };
        for row in 0..rows {
            column.check(file, row)?;
        }
        match field.kind {
            Kind::Text => column.fit_texts(rows, notes),
            Kind::Number => column.fit_numbers(file, rows, notes)?,
            Kind::Flag => {}
            Kind::Date => column.width = 8,
        }
        Ok(column)
    }

    fn text(&self, row: usize) -> &'a str {
        self.field.cells.get(row).trim()
    }

    fn check(&self, file: &str, row: usize) -> Read<()> {
        let text = self.text(row);
        let place_zh = || format!("{file}：第 {} 行字段“{}”", row + 1, self.field.name);
        let place_en = || format!("{file}: row {}, field `{}`", row + 1, self.field.name);
        let wrong = |zh: &str, en: &str| {
            Words::new(
                format!("{}：“{text}”不是{zh}", place_zh()),
                format!("{}: `{text}` is not {en}", place_en()),
            )
        };
        let sound = match self.field.kind {
            Kind::Text => {
                let encoded = self.coding.encode(text).map(|_| ());
                return encoded.map_err(|missing| not_encodable(place_zh(), place_en(), missing));
            }
            _ if text.is_empty() => return Ok(()),
            Kind::Number => decimal(text).map(|_| ()).ok_or(("十进制数", "a decimal number")),
            Kind::Flag => {
                flag(text).map(|_| ()).ok_or(("是否值（true 或 false）", "true or false"))
            }
            Kind::Date => {
                date(text).map(|_| ()).ok_or(("日期（YYYY-MM-DD）", "a date (YYYY-MM-DD)"))
            }
        };
        sound.map_err(|(zh, en)| wrong(zh, en))
    }

    fn fit_texts(&mut self, rows: usize, notes: &mut Vec<Words>) {
        let mut cut = Vec::new();
        for row in 0..rows {
            let text = self.text(row);
            let kept = self.coding.cut(text, WIDEST_TEXT);
            if kept.len() < text.len() {
                cut.push(row + 1);
            }
            self.width = self.width.max(self.coding.encode(kept).map_or(0, |bytes| bytes.len()));
        }
        if let Some(first) = cut.first() {
            let (name, count) = (&self.field.name, cut.len());
            notes.push(Words::new(
                format!("字段“{name}”有 {count} 格超过 {WIDEST_TEXT} 字节，已截断，首个在第 {first} 行"),
                format!("field `{name}`: longer than {WIDEST_TEXT} bytes, cut; cells: {count}, first row: {first}"),
            ));
        }
    }

    /// Gives up decimals until the widest number fits; digits before the point cannot be given up.
    fn fit_numbers(&mut self, file: &str, rows: usize, notes: &mut Vec<Words>) -> Read<()> {
        let numbers = || (0..rows).filter_map(|row| Some((row, decimal(self.text(row))?)));
        let wanted = numbers().map(|(_, number)| decimals(&number)).max().unwrap_or(0);
        let mut kept = wanted.min(MOST_DECIMALS);
        let width = loop {
            let lengths = numbers().map(|(row, number)| (rounded(&number, kept).len(), row));
            let (width, row) = lengths.max().unwrap_or((1, 0));
            if width <= WIDEST_NUMBER {
                break width;
            }
            if kept == 0 {
                let (name, row) = (&self.field.name, row + 1);
                return Err(Words::new(
                    format!(
                        "{file}：第 {row} 行字段“{name}”的数超过 {WIDEST_NUMBER} 位；请按文字导出"
                    ),
                    format!(
                        "{file}: row {row}, field `{name}`: the number has more than {WIDEST_NUMBER} digits; export it as text"
                    ),
                ));
            }
            kept -= kept.min(width - WIDEST_NUMBER);
        };
        let lossy: Vec<usize> = numbers()
            .filter(|(_, number)| decimals(number) > kept)
            .map(|(row, _)| row + 1)
            .collect();
        if let Some(first) = lossy.first() {
            let (name, count) = (&self.field.name, lossy.len());
            notes.push(Words::new(
                format!("字段“{name}”有 {count} 格舍入到 {kept} 位小数，首个在第 {first} 行"),
                format!(
                    "field `{name}`: rounded to {kept} decimals; cells: {count}, first row: {first}"
                ),
            ));
        }
        (self.width, self.decimals) = (width.max(1), kept);
        Ok(())
    }

    /// The bytes of a cell, as wide as the field.
    fn put(&self, row: usize, out: &mut Vec<u8>) {
        let text = self.text(row);
        let bytes = match self.field.kind {
            Kind::Text => {
                self.coding.encode(self.coding.cut(text, WIDEST_TEXT)).unwrap_or_default()
            }
            Kind::Number => decimal(text)
                .map(|number| format!("{:>1$}", rounded(&number, self.decimals), self.width))
                .unwrap_or_default()
                .into(),
            Kind::Flag => {
                flag(text).map(|flag| vec![if flag { b'T' } else { b'F' }]).unwrap_or_default()
            }
            Kind::Date => date(text).map(|_| text.replace('-', "")).unwrap_or_default().into(),
        };
        let end = out.len() + self.width;
        // A NUL ends a text for those who read it.
        out.extend(bytes.iter().take(self.width).map(|byte| if *byte == 0 { b' ' } else { *byte }));
        out.resize(end, b' ');
    }

    fn descriptor(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for (to, from) in bytes.iter_mut().take(10).zip(&self.name) {
            *to = *from;
        }
        bytes[11] = match self.field.kind {
            Kind::Text => b'C',
            Kind::Number => b'N',
            Kind::Flag => b'L',
            Kind::Date => b'D',
        };
        bytes[16] = self.width as u8;
        bytes[17] = self.decimals as u8;
        bytes
    }
}

/// A number as digits without exponent; none if the text is no finite number.
fn decimal(text: &str) -> Option<String> {
    let text = text.trim_start_matches('+');
    let number: f64 = text.parse().ok().filter(|number: &f64| number.is_finite())?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    Some(if is_plain { text.to_owned() } else { number.to_string() })
}

fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

fn rounded(number: &str, kept: usize) -> String {
    match number.parse::<f64>() {
        Ok(value) if decimals(number) > kept => format!("{value:.kept$}"),
        _ => number.to_owned(),
    }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "是" => Some(true),
        "false" | "否" => Some(false),
        _ => None,
    }
}

fn date(text: &str) -> Option<Date> {
    let day: Date = text.parse().ok()?;
    // The parser takes other forms of a day too, and times.
    (day.to_string() == text).then_some(day)
}

/// The whole table; the name is for messages.
pub fn write(file: &str, columns: &[Column<'_>], rows: usize, coding: Coding) -> Read<Vec<u8>> {
    let record = 1 + columns.iter().map(|column| column.width).sum::<usize>();
    let fits = columns.len() <= MOST_FIELDS;
    let (Ok(record_length), Ok(count), true) = (u16::try_from(record), u32::try_from(rows), fits)
    else {
        let fields = columns.len();
        return Err(Words::new(
            format!(
                "{file}：{fields} 个字段、每条 {record} 字节、{rows} 条，超出 .dbf 的限度（{MOST_FIELDS} 个、65535 字节）；请少导出几个字段，或用 GeoPackage"
            ),
            format!(
                "{file}: {fields} fields, {record} bytes per record and {rows} records are more than a .dbf holds ({MOST_FIELDS} fields, 65535 bytes); export fewer fields, or a GeoPackage"
            ),
        ));
    };
    let header_length = (32 + 32 * columns.len() + 1) as u16;
    // The day of writing is fixed, as it is with GDAL: the same features give the same bytes.
    let mut out = vec![3, 95, 7, 26];
    out.extend(count.to_le_bytes());
    out.extend(header_length.to_le_bytes());
    out.extend(record_length.to_le_bytes());
    out.resize(32, 0);
    out[29] = coding.language_byte();
    for column in columns {
        out.extend(column.descriptor());
    }
    out.push(0x0D);
    for row in 0..rows {
        out.push(b' ');
        for column in columns {
            column.put(row, &mut out);
        }
    }
    out.push(0x1A);
    Ok(out)
}
