//! Cells and areas of a sheet by their addresses. Rows count from 1, columns from 0.

/// A sheet has no more rows.
pub(super) const MOST_ROWS: u32 = 1_048_576;

/// A sheet has no more columns.
pub(super) const MOST_COLUMNS: u32 = 16_384;

/// The letters of a column.
pub(super) fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'A' + (left % 26) as u8));
        left /= 26;
    }
    letters.iter().rev().collect()
}

/// The row and the column of an address such as `$F$17`.
pub(super) fn cell(address: &str) -> Option<(u32, u32)> {
    let address = address.trim().replace('$', "");
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = address.split_at(digits);
    let mut column: u32 = 0;
    for letter in letters.chars().filter(|_| letters.len() <= 3) {
        let place = letter.to_ascii_uppercase();
        let value = u32::from(place).wrapping_sub(u32::from('A')) + 1;
        column = column * 26 + Some(value).filter(|_| place.is_ascii_uppercase())?;
    }
    let row: u32 = row.parse().ok()?;
    let column = column.checked_sub(1)?;
    ((1..=MOST_ROWS).contains(&row) && column < MOST_COLUMNS).then_some((row, column))
}

/// Cells from one corner to the other, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub top: u32,
    pub left: u32,
    pub bottom: u32,
    pub right: u32,
}

impl Area {
    /// The area of a reference such as `A3:H100`, or of one cell.
    pub fn of(reference: &str) -> Option<Area> {
        let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
        let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
        (top <= bottom && left <= right).then_some(Area { top, left, bottom, right })
    }

    /// Whether a cell is in it.
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column)
    }

    /// The reference, with `$` before each part if it is `fixed`.
    pub fn reference(&self, fixed: bool) -> String {
        let sign = if fixed { "$" } else { "" };
        let corner = |row: u32, column: u32| format!("{sign}{}{sign}{row}", letters(column));
        let (first, last) = (corner(self.top, self.left), corner(self.bottom, self.right));
        if first == last { first } else { format!("{first}:{last}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
            assert_eq!(cell(&format!("${name}$7")), Some((7, column)));
        }
        assert_eq!(letters(MOST_COLUMNS - 1), "XFD");
        for wrong in ["", "7", "F", "XFE1", "A0", "A1048577", "ZZZZZ1", "啊1", "A1B", "F-1"] {
            assert_eq!(cell(wrong), None, "{wrong}");
        }
        let area = Area::of("$A$3:H100").expect("an area");
        assert_eq!(
            (area.reference(false), area.reference(true)),
            ("A3:H100".into(), "$A$3:$H$100".into())
        );
        assert!(area.holds(100, 7) && !area.holds(2, 0) && Area::of("B2:A1").is_none());
    }
}
