//! Cells by their addresses, as a spreadsheet shows them: `C5`, `A1:D1`.

use crate::layer::Merge;

/// No sheet has more rows.
pub const MOST_ROWS: usize = 1_048_576;

/// No sheet has more columns.
pub const MOST_COLUMNS: usize = 16_384;

/// Row and column from 0 of an address such as `C5` or `$C$5`; none beyond the largest sheet.
pub fn cell_of(address: &str) -> Option<(usize, usize)> {
    let (mut row, mut column, mut digits) = (0usize, 0usize, false);
    for byte in address.bytes().filter(|byte| *byte != b'$') {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' if !digits => {
                column = column * 26 + usize::from(byte.to_ascii_uppercase() - b'A') + 1;
            }
            b'0'..=b'9' if column > 0 => {
                digits = true;
                row = row * 10 + usize::from(byte - b'0');
            }
            _ => return None,
        }
        if column > MOST_COLUMNS || row > MOST_ROWS {
            return None;
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

/// The cells of an address such as `A1:D1`.
pub fn range_of(address: &str) -> Option<Merge> {
    let (first, last) = address.split_once(':')?;
    let ((top, left), (bottom, right)) = (cell_of(first)?, cell_of(last)?);
    Some(Merge { top, left, bottom, right })
}

/// The address of a cell.
pub fn address(row: usize, column: usize) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        // A remainder by 26 fits in a byte.
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    let letters: String = letters.iter().rev().collect();
    format!("{letters}{}", row + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_both_ways() {
        for (text, place) in [
            ("A1", (0, 0)),
            ("Z9", (8, 25)),
            ("AA10", (9, 26)),
            ("XFD1048576", (1_048_575, 16_383)),
        ] {
            assert_eq!(cell_of(text), Some(place), "{text}");
            assert_eq!(address(place.0, place.1), text);
        }
        assert_eq!(cell_of("$c$5"), Some((4, 2)));
        assert_eq!(range_of("A1:D2"), Some(Merge { top: 0, left: 0, bottom: 1, right: 3 }));
    }

    #[test]
    fn addresses_beyond_every_sheet_are_none() {
        for text in ["XFE1", "A1048577", "A0", "5", "A", "", "A-1", "ZZZZZZZZZZZZZZZZ1", "1A"] {
            assert_eq!(cell_of(text), None, "{text}");
        }
    }
}
