//! XLSX workbooks, read cell by cell as text.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use crate::layer::{Grid, TextColumn};
use crate::words::Words;

use super::{Format, Opened, Read};

pub const FORMAT: Format = Format {
    name: "xlsx",
    extensions: &["xlsx", "xlsm"],
    recognises: |bytes| {
        let zip = bytes.starts_with(b"PK\x03\x04");
        zip && bytes.windows(3).any(|name| name == b"xl/")
    },
    read,
};

/// A workbook is refused when reading it would take more cells than this, blank ones counted to the
/// last used row of their column: a few bytes can claim a cell in the last row of every column.
const MOST_CELLS: usize = 64_000_000;

/// A column takes as much memory as so many cells, even a blank one.
const CELLS_OF_COLUMN: usize = 8;

fn read(file: &Opened) -> Read<Vec<Grid>> {
    // The crate that decodes the sheets may panic at a reference to a cell beyond all sheets.
    let guarded = std::panic::AssertUnwindSafe(|| read_book(file));
    std::panic::catch_unwind(guarded)
        .unwrap_or_else(|_| Err(broken(&file.name, &"a sheet cannot be decoded")))
}

fn broken(name: &str, error: &dyn std::fmt::Display) -> Words {
    Words::new(
        format!("{name}：工作簿无法读取：{error}；请在 Excel 或 WPS 中打开后另存为 .xlsx"),
        format!(
            "{name}: the workbook cannot be read: {error}; open it in Excel or WPS and save it as .xlsx"
        ),
    )
}

fn read_book(file: &Opened) -> Read<Vec<Grid>> {
    let (name, bytes) = (&file.name, &file.bytes);
    let damaged = |error: calamine::XlsxError| broken(name, &error);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut grids = Vec::new();
    let mut held = 0;
    for (sheet, hidden) in sheets {
        if hidden {
            grids.push(Grid::hidden(sheet));
            continue;
        }
        let mut cells = book.worksheet_cells_reader(&sheet).map_err(damaged)?;
        let mut columns: Vec<TextColumn> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            let (row, column) = (row as usize, column as usize);
            let text = text(cell.get_value());
            if text.is_empty() {
                continue;
            }
            held += (column + 1).saturating_sub(columns.len()) * CELLS_OF_COLUMN;
            held += (row + 1).saturating_sub(columns.get(column).map_or(0, TextColumn::len));
            if held > MOST_CELLS {
                return Err(too_large(name, &sheet));
            }
            if columns.len() <= column {
                columns.resize_with(column + 1, TextColumn::default);
            }
            columns[column].put(row, &text);
        }
        grids.push(Grid::from_columns(Some(sheet), columns));
    }
    Ok(grids)
}

fn too_large(name: &str, sheet: &str) -> Words {
    Words::new(
        format!(
            "{name}!{sheet}：到此工作表为止占用的单元格超过 {MOST_CELLS} 个；请删除末尾多余的行列后再试"
        ),
        format!(
            "{name}!{sheet}: with this sheet the workbook spans more than {MOST_CELLS} cells; delete stray rows and columns at its end"
        ),
    )
}

/// A cell's value as text: numbers in their shortest form, dates as ISO, errors as shown.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(moment) if moment.is_duration() => moment.as_f64().to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(name: &str, bytes: &[u8]) -> Read<Vec<Grid>> {
        read(&Opened { name: name.to_owned(), bytes: bytes.to_owned(), ..Opened::default() })
    }
    use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};

    fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("城东").expect("a name");
        fill(sheet);
        book.save_to_buffer().expect("saved")
    }

    #[test]
    fn cells_are_text_with_their_place() {
        let bytes = workbook(|sheet| {
            let date = CellFormat::new().set_num_format("yyyy-mm-dd");
            sheet.write(1, 1, "社区").expect("written");
            sheet.write(3, 1, "幸福里").expect("written");
            sheet.write(3, 2, 281.98).expect("written");
            sheet.write(3, 3, 3.0).expect("written");
            let day = ExcelDateTime::from_ymd(2021, 12, 27).expect("a day");
            sheet.write_with_format(3, 4, &day, &date).expect("written");
            sheet.write(3, 5, true).expect("written");
        });
        assert!((FORMAT.recognises)(&bytes));
        let grid = opened("台账.xlsx", &bytes).expect("reads").remove(0);
        assert_eq!(grid.sheet.as_deref(), Some("城东"));
        assert_eq!(grid.cell(1, 1), "社区");
        assert_eq!(grid.row_number(3), 4);
        let row: Vec<&str> = (0..grid.columns()).map(|column| grid.cell(3, column)).collect();
        assert_eq!(row, ["", "幸福里", "281.98", "3", "2021-12-27", "true"]);
    }

    #[test]
    fn a_sheet_that_claims_too_many_cells_is_refused() {
        let bytes = workbook(|sheet| {
            for column in 0..70 {
                sheet.write(1_048_575, column, 1).expect("written");
            }
        });
        let error = opened("大.xlsx", &bytes).expect_err("refused");
        assert!(error.zh.starts_with("大.xlsx!城东"));
    }

    #[test]
    fn a_damaged_workbook_says_what_to_do() {
        let mut bytes = workbook(|sheet| {
            sheet.write(0, 0, "x").expect("written");
        });
        bytes.truncate(bytes.len() / 2);
        let error = opened("坏.xlsx", &bytes).expect_err("refused");
        assert!(error.en.contains("save it as .xlsx"), "{error}");
    }

    /// A workbook whose one sheet holds this XML.
    fn of_sheet(rows: &str) -> Vec<u8> {
        use std::io::{Read as _, Write as _};
        let sound = workbook(|sheet| {
            sheet.write(0, 0, 1).expect("written");
        });
        let mut parts = zip::ZipArchive::new(Cursor::new(sound)).expect("an archive");
        let mut written = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for number in 0..parts.len() {
            let mut part = parts.by_index(number).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("read");
            if name == "xl/worksheets/sheet1.xml" {
                bytes =
                    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").into_bytes();
            }
            let options = zip::write::SimpleFileOptions::default();
            written.start_file(name, options).expect("started");
            written.write_all(&bytes).expect("written");
        }
        written.finish().expect("finished").into_inner()
    }

    #[test]
    fn cells_beyond_every_sheet_are_refused_and_take_no_memory() {
        for rows in [
            "<row><c r=\"ZZZZZ1\"><v>1</v></c></row>",
            "<row r=\"ormatsr\">",
            "<row r=\"99999999999\">",
        ] {
            let words = opened("远.xlsx", &of_sheet(rows)).expect_err("refused");
            assert!(words.zh.starts_with("远.xlsx"), "{rows}: {words}");
        }
    }

    #[test]
    fn the_cells_of_all_sheets_count_together() {
        let mut book = Workbook::new();
        for _ in 0..7 {
            let sheet = book.add_worksheet();
            for column in 0..10 {
                sheet.write(0, column, 1).expect("written");
                sheet.write(1_048_575, column, 1).expect("written");
            }
        }
        let bytes = book.save_to_buffer().expect("saved");
        let words = opened("多.xlsx", &bytes).expect_err("refused");
        assert!(words.zh.starts_with("多.xlsx!Sheet7"), "{words}");
    }
}
