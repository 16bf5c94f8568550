//! CSV and other delimited text: comma, tab or semicolon, told by the first lines.

use crate::layer::Grid;
use crate::words::Words;

use super::encoding::decode;
use super::{Format, Opened, Read};

pub const FORMAT: Format = Format {
    name: "csv",
    extensions: &["csv", "tsv", "txt"],
    recognises: |bytes| {
        let utf16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        utf16 || !bytes.iter().take(4096).any(|&byte| byte == 0)
    },
    read,
};

/// A table is refused when blank cells would take most of the memory: one long line at the end makes
/// all lines before it as long. So many cells are always allowed, and so many per written one.
const CELLS: usize = 64_000_000;
const CELLS_PER_WRITTEN: usize = 8;

fn read(file: &Opened) -> Read<Vec<Grid>> {
    let name = &file.name;
    let decoded = decode(&file.bytes).map_err(|(line, sample)| {
        Words::new(
            format!("{name}：第 {line} 行既不是 UTF-8 也不是 GB18030（字节：{sample}）；请另存为 UTF-8 的 CSV"),
            format!("{name}: line {line} is neither UTF-8 nor GB18030 (bytes: {sample}); save the file as UTF-8 CSV"),
        )
    })?;
    let mut grid = Grid::default();
    grid.encoding = Some(decoded.encoding.to_owned());
    // Without a final line break the last record would not count its line.
    let mut text = decoded.text;
    if !text.ends_with('\n') {
        text.to_mut().push('\n');
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut written = 0usize;
    loop {
        let more = reader.read_record(&mut record).map_err(|error| {
            Words::new(
                format!("{name}：CSV 读取失败：{error}"),
                format!("{name}: the CSV cannot be read: {error}"),
            )
        })?;
        if !more {
            return Ok(vec![grid]);
        }
        for _ in 0..blank_lines_before(&record, reader.position().line()) {
            grid.push_row([""]);
        }
        written += record.len();
        let columns = grid.columns().max(record.len());
        let allowed = CELLS.max(written.saturating_mul(CELLS_PER_WRITTEN));
        if (grid.rows() + 1).saturating_mul(columns) > allowed {
            return Err(too_blank(name, grid.rows() + 1, columns));
        }
        grid.push_row(record.iter());
    }
}

fn too_blank(name: &str, row: usize, columns: usize) -> Words {
    Words::new(
        format!(
            "{name}：到第 {row} 行已有 {columns} 列，其中绝大多数是空白；请删去多余的分隔符后再试"
        ),
        format!(
            "{name}: up to row {row} there are {columns} columns, nearly all of them blank; delete stray separators"
        ),
    )
}

/// The csv crate skips blank lines, a spreadsheet does not: keep its row numbers.
fn blank_lines_before(record: &csv::StringRecord, line_after: u64) -> u64 {
    let line_before = record.position().map_or(line_after, csv::Position::line);
    let inside: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
    line_after.saturating_sub(line_before + 1 + inside as u64)
}

/// The separator that stands most often in the first lines; a comma when none does.
fn delimiter(text: &str) -> u8 {
    let count = |separator: u8| -> usize {
        let lines = text.lines().take(20);
        lines.map(|line| line.bytes().filter(|&byte| byte == separator).count()).sum()
    };
    let candidates = [b';', b'\t', b','];
    candidates.into_iter().max_by_key(|&separator| count(separator)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(name: &str, bytes: &[u8]) -> Read<Vec<Grid>> {
        read(&Opened { name: name.to_owned(), bytes: bytes.to_owned(), ..Opened::default() })
    }

    fn grid(text: &str) -> Grid {
        opened("a.csv", text.as_bytes()).expect("reads").remove(0)
    }

    #[test]
    fn row_numbers_are_those_a_spreadsheet_shows() {
        let grid = grid("社区,备注\n\n甲,\"两\n行\"\n\n乙,");
        let rows: Vec<(u32, &str)> =
            (0..grid.rows()).map(|row| (grid.row_number(row), grid.cell(row, 0))).collect();
        assert_eq!(rows, [(1, "社区"), (2, ""), (3, "甲"), (4, ""), (5, "乙")]);
        assert_eq!(grid.cell(2, 1), "两\n行");
    }

    #[test]
    fn the_separator_is_told_by_the_first_lines() {
        for text in ["a,b\n1,2\n", "题\na\tb\n1\t2\n", "a;b\n1;2\n"] {
            let grid = grid(text);
            assert_eq!((grid.columns(), grid.cell(grid.rows() - 1, 1)), (2, "2"), "{text:?}");
        }
        assert_eq!(grid("只有一列\n1\n").columns(), 1);
    }

    #[test]
    fn an_undecodable_file_names_its_line() {
        let error = opened("台账.csv", b"a\n\xFF\xFF\n").expect_err("refused");
        assert!(error.zh.starts_with("台账.csv：第 2 行"));
    }

    #[test]
    fn a_small_file_that_spans_many_blank_cells_is_refused() {
        let wide = ",".repeat(9_000) + "1\n";
        let error = opened("宽.csv", format!("{wide}{}{wide}", "\"\"\n".repeat(9_000)).as_bytes());
        let words = error.expect_err("refused");
        assert!(words.zh.starts_with("宽.csv：到第 ") && words.zh.contains("9001 列"), "{words}");
    }
}
